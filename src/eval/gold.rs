//! Reads gold documents and predictions from files.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use thiserror::Error;

use crate::{eval::inline::parse_inline, record::DocumentRecord};

/// A gold file that cannot be read, with the place of the fault.
#[derive(Debug, Error)]
#[error("{path}{}: {message}", .line.map_or(String::new(), |line| format!(":{line}")))]
#[non_exhaustive]
pub struct GoldError {
    path: String,
    line: Option<usize>,
    message: String,
    source: Option<io::Error>,
}

impl GoldError {
    pub(super) fn at(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), message: message.into(), source: None }
    }

    fn file(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, message: message.into(), source: None }
    }

    fn io(path: &str, error: io::Error) -> Self {
        Self { path: path.to_owned(), line: None, message: format!("cannot read: {error}"), source: Some(error) }
    }

    /// The file, as it was named.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, counted from one, if the fault is in one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

/// Reads documents from a `.jsonl` (also `.ndjson`, `.json`) or inline `.gold` file, either also with `.gz`.
///
/// # Errors
///
/// If the file cannot be read, its name has another ending, or a line breaks the format.
pub fn read_gold(path: impl AsRef<Path>) -> Result<Vec<DocumentRecord>, GoldError> {
    let path = path.as_ref();
    let name = path.display().to_string();
    let lower = name.to_ascii_lowercase();
    let (inner, zipped) = lower.strip_suffix(".gz").map_or((lower.as_str(), false), |inner| (inner, true));
    let is_inline = inner.ends_with(".gold");
    if !is_inline && ![".jsonl", ".ndjson", ".json"].iter().any(|ending| inner.ends_with(ending)) {
        let message = "unknown ending: want .jsonl or .gold, plain or with .gz (unpack other compressions first)";
        return Err(GoldError::file(&name, message));
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        if zipped { MultiGzDecoder::new(file).read_to_end(&mut bytes) } else { file.read_to_end(&mut bytes) }
    });
    read.map_err(|error| GoldError::io(&name, error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        GoldError::at(&name, valid.iter().filter(|&&byte| byte == b'\n').count() + 1, "not UTF-8")
    })?;
    if is_inline { parse_inline(&name, &text) } else { parse_json_lines(&name, &text) }
}

/// Parses one document a line; blank lines are skipped. `name` is for messages.
///
/// # Errors
///
/// If a line is not a document record, or a mention lies outside its text.
pub fn parse_json_lines(name: &str, text: &str) -> Result<Vec<DocumentRecord>, GoldError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut records = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let record: DocumentRecord = serde_json::from_str(line)
            .map_err(|error| GoldError::at(name, index + 1, format!("not a document record: {error}")))?;
        for mention in &record.mentions {
            if record.text.get(mention.start as usize..mention.end as usize).is_none_or(str::is_empty) {
                let message = format!(
                    "mention {}..{} of document {:?} is not a stretch of its text (offsets are UTF-8 bytes)",
                    mention.start, mention.end, record.id
                );
                return Err(GoldError::at(name, index + 1, message));
            }
        }
        records.push(record);
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LINE: &str = r#"{"id":"a","text":"Élan met Jo","mentions":[{"start":0,"end":5,"type":"PERSON","entity":0},
        {"start":10,"end":12,"type":null}],"entities":[{"id":0,"type":"PERSON","key":"p1"}],"more":1}"#;

    fn one_line() -> String {
        LINE.replace('\n', " ")
    }

    #[test]
    fn files_are_read_by_ending() {
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("a.jsonl");
        std::fs::write(&plain, format!("\u{feff}{}\n\n{}\n", one_line(), one_line())).unwrap();
        let records = read_gold(&plain).unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0].mentions[1].entity, u32::MAX);

        let zipped = folder.path().join("a.JSONL.gz");
        let mut writer = flate2::write::GzEncoder::new(File::create(&zipped).unwrap(), flate2::Compression::fast());
        writer.write_all(one_line().as_bytes()).unwrap();
        writer.finish().unwrap();
        assert_eq!(read_gold(&zipped).unwrap(), records[..1]);

        let inline = folder.path().join("b.gold");
        std::fs::write(&inline, "## x | 2020 | t\n[p1 PERSON|Jo] ran.\n=\n").unwrap();
        assert_eq!(read_gold(&inline).unwrap()[0].text, "Jo ran.");

        let check = |name: &str, bytes: &[u8], line: Option<usize>, message: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let error = read_gold(&path).unwrap_err();
            assert_eq!(error.line(), line, "{error}");
            assert!(error.to_string().contains(message), "{error}");
            assert!(error.to_string().starts_with(error.path()));
        };
        check("c.xz", b"", None, "unknown ending");
        check("c.gz", b"", None, "unknown ending");
        check("c.jsonl.gz", b"no zip", None, "cannot read");
        check("c.jsonl", b"\n{}\n", Some(2), "missing field `id`");
        check("d.jsonl", b"{}\n\n\xff\n", Some(3), "not UTF-8");
        check("e.jsonl", one_line().replace("\"end\":5", "\"end\":1").as_bytes(), Some(1), "mention 0..1");
        assert!(read_gold(folder.path().join("none.jsonl")).unwrap_err().to_string().contains("cannot read"));
    }
}
