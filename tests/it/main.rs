//! Integration tests: one binary, one link step.

mod dates;
mod eval;
mod lexicon;
mod read;
mod segment;
