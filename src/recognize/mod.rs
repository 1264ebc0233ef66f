//! Finds mentions and normalizes dates.

pub mod dates;
