//! Segmenting: text in, sentences out.
