//! Cuts text into paragraphs, sentences and tokens.
