//! Decides which mentions are the same entity.
