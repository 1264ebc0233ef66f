//! Integration tests, one binary.

mod nn;
