//! Bytes in hexadecimal digits: checksums and identifiers.

use std::fmt::Write as _;

/// The first digits of some bytes, all of them if there are no more.
pub(crate) fn hex(bytes: &[u8], digits: usize) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(digits);
    text
}
