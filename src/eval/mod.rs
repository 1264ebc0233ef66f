//! Scores predictions against gold documents.
