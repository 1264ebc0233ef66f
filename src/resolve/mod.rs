//! Decides which mentions are the same entity.

pub mod names;
