//! Finds mentions, those that the user knows among them, and normalizes dates.

mod consistency;
pub mod dates;
mod known;
mod mend;
mod mentions;

pub use consistency::{drop_unlikely_names, harmonize_types};
pub use known::add_known;
pub use mentions::{TAG_COUNT, recognize};
