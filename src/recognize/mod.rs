//! Finds mentions and normalizes dates.

pub mod dates;
mod mentions;

pub use mentions::{TAG_COUNT, recognize};
