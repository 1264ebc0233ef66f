//! Integration tests: one binary, one link step.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod cli;
mod dates;
mod eval;
mod export;
mod graph;
mod lexicon;
mod nn;
mod read;
mod segment;
mod tidy;
