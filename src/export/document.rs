//! JSON Lines of documents: what `extract` writes.

use std::io::{self, Write};

use crate::{document::Document, record::DocumentRecord};

/// Writes a document as one line of JSON, line end included; see [`DocumentRecord`] for its fields.
///
/// ```
/// use relata::{document::Document, export::write_document};
///
/// let mut lines = Vec::new();
/// write_document(&Document::new("a", "Rain\nfell."), &mut lines)?;
/// let line = String::from_utf8(lines).unwrap();
/// assert_eq!(line.lines().count(), 1);
/// assert!(line.contains(r#""text":"Rain\nfell.""#));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Fails if the writer fails.
pub fn write_document(doc: &Document, mut out: impl Write) -> io::Result<()> {
    // One call to the writer a line: parallel writers to one pipe do not mix within it, and a file needs no buffer.
    let mut line = serde_json::to_vec(&DocumentRecord::from(doc))?;
    line.push(b'\n');
    out.write_all(&line)
}
