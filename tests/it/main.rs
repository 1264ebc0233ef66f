//! Integration tests: one binary, one link step.

mod export;
mod graph;
