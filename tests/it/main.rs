//! Integration tests, one binary.

mod dates;
