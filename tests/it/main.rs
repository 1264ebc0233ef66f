//! Integration tests: one binary, one link step.

mod dates;
mod eval;
mod export;
mod graph;
mod lexicon;
mod read;
mod segment;
