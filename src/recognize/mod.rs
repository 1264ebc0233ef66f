//! Finds mentions and normalizes dates.
