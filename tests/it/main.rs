//! Integration tests, in one binary so that they link once.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod cli;
mod tidy;
