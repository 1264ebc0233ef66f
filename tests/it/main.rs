//! Integration tests: one binary, one link step.

mod eval;
mod lexicon;
