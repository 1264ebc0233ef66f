//! Finds mentions and normalizes dates.

mod consistency;
pub mod dates;
mod mentions;

pub use consistency::{drop_unlikely_names, harmonize_types};
pub use mentions::{TAG_COUNT, recognize};
