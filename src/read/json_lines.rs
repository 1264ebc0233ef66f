//! Reads documents from JSON Lines, a line at a time.

use std::{
    fmt,
    io::{self, BufRead},
};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{FieldNames, compression::Source};

/// How many times the limit of a line is read through in search of its end before the rest is given up.
pub(super) const PATIENCE: u64 = 16;

/// What the fields of a line say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Fields {
    pub(super) text: Option<String>,
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) url: Option<String>,
    pub(super) source: Option<String>,
    /// Whether the line has annotations, as a document has that was written by this program.
    pub(super) annotated: bool,
}

/// What [`Lines::next_line`] found, or [`super::json_objects::Objects::next_object`], for which a line is an object.
pub(super) enum Line<'a> {
    /// A line without its end.
    Whole(&'a [u8]),
    /// A line over the limit; the next one can be read.
    TooLong,
    /// A line that does not seem to end; nothing more is read.
    Endless,
    /// Of JSON that is no JSON Lines: something else than an object; nothing more is read.
    Foreign,
    /// Likewise: a list or an object that has no end.
    Cut,
}

/// The lines of a stream, none of them kept.
pub(super) struct Lines {
    source: Source,
    buffer: Vec<u8>,
    limit: u64,
    /// Number of the last line, from 1.
    pub(super) number: u64,
    finished: bool,
}

impl Lines {
    pub(super) fn new(source: Source, limit: u64) -> Self {
        Self { source, buffer: Vec::new(), limit, number: 0, finished: false }
    }

    /// The next line; an error or an endless line is the last.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        if self.finished {
            return Ok(None);
        }
        self.buffer.clear();
        self.number += 1;
        let mut length = 0u64;
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.finished = true;
                    return Err(error);
                }
            };
            if chunk.is_empty() {
                self.finished = true;
                if length == 0 {
                    return Ok(None);
                }
                break;
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            length += part.len() as u64;
            if length <= self.limit {
                self.buffer.extend_from_slice(part);
            } else {
                // Nothing of an over-long line is kept.
                self.buffer = Vec::new();
            }
            let consumed = part.len() + usize::from(end.is_some());
            self.source.consume(consumed);
            if end.is_some() {
                break;
            }
            if length > self.limit.saturating_mul(PATIENCE) {
                self.finished = true;
                return Ok(Some(Line::Endless));
            }
        }
        if length > self.limit {
            return Ok(Some(Line::TooLong));
        }
        let line = self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer);
        let line = if self.number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        Ok(Some(Line::Whole(line)))
    }
}

/// Parses one line.
pub(super) fn parse(line: &str, names: &FieldNames) -> Result<Fields, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let fields = FieldsSeed(names).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(fields)
}

/// The line with each escaped half of a surrogate pair, which no text can hold, replaced by U+FFFD, and whether there was
/// any.
pub(super) fn mend_surrogates(line: &str) -> (String, bool) {
    let (mut mended, mut rest, mut any) = (String::with_capacity(line.len()), line, false);
    while let Some((plain, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        mended.push_str(plain);
        let length = match (code_unit(escape), escape.get(6..).and_then(code_unit)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                any = true;
                mended.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            (Some(_), _) => 6,
            // A backslash that is itself escaped starts nothing.
            (None, _) => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        mended.push_str(kept);
        rest = after;
    }
    mended.push_str(rest);
    (mended, any)
}

/// The UTF-16 code unit of an escape like `\ud83d` that a text starts with.
fn code_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

/// Whether a line is an object with a text.
pub(super) fn has_text(line: &str, text_field: &str) -> bool {
    let names = FieldNames { text: text_field.to_owned(), ..FieldNames::default() };
    parse(line, &names).is_ok_and(|fields| fields.text.is_some())
}

struct FieldsSeed<'a>(&'a FieldNames);

impl<'de> DeserializeSeed<'de> for FieldsSeed<'_> {
    type Value = Fields;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fields, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FieldsSeed<'_> {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        let names = self.0;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let key = key.as_ref();
            let slot = match key {
                _ if key == names.text => &mut fields.text,
                _ if key == names.id => &mut fields.id,
                _ if key == names.title => &mut fields.title,
                _ if key == names.date => &mut fields.date,
                _ if key == names.url => &mut fields.url,
                _ if key == names.source => &mut fields.source,
                _ => {
                    fields.annotated |= matches!(key, "mentions" | "entities");
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            // Other values than strings and numbers say nothing that a document can hold.
            let is_text = key == names.text;
            *slot = match map.next_value::<serde_json::Value>()? {
                serde_json::Value::String(value) => Some(value),
                serde_json::Value::Number(value) if !is_text => Some(value.to_string()),
                _ => None,
            };
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_fields() {
        let fields =
            parse(r#"{"text":"A\n\u00e9","id":7,"date":2019,"source":{"x":[1]},"tags":[{}]}"#, &FieldNames::default())
                .unwrap();
        assert_eq!(fields.text.as_deref(), Some("A\né"));
        assert_eq!(fields.id.as_deref(), Some("7"));
        assert_eq!(fields.date.as_deref(), Some("2019"));
        assert_eq!(fields.source, None);
        assert!(!fields.annotated);
        assert!(parse(r#"{"text":"A","mentions":[]}"#, &FieldNames::default()).unwrap().annotated);
        for broken in ["", "[]", "{", "{\"text\":\"a\"} {}", "null", "{\"text\":\"\\ud800\"}"] {
            assert!(parse(broken, &FieldNames::default()).is_err(), "{broken}");
        }
        assert!(!has_text("{\"text\":1}", "text"));
    }

    #[test]
    fn mends_halves_of_pairs() {
        fn check(line: &str, expected: Option<&str>) {
            let (mended, any) = mend_surrogates(line);
            assert_eq!(any.then_some(mended.as_str()), expected, "{line}");
            assert!(any || mended == line);
        }
        check(r#"{"text":"a"}"#, None);
        check(r#""\ud83d\ude00 \u00e9 \n""#, None);
        check(r#""\ud83d met""#, Some(r#""\ufffd met""#));
        check(r#""\uDE00\uD83D\uDE00""#, Some(r#""\ufffd\uD83D\uDE00""#));
        check(r#""\ud83d\ud83d\ude00""#, Some(r#""\ufffd\ud83d\ude00""#));
        check(r#""\\ud83d""#, None);
        check(r#""\ud8"#, None);
        check(r#""\ud83d"#, Some(r#""\ufffd"#));
        check("\\", None);
        check("\\é\\u+123", None);
    }

    #[test]
    fn bounds_lines() {
        let text = format!("one\r\n{}\ntwo", "x".repeat(50));
        let mut lines = Lines::new(Box::new(io::Cursor::new(text)), 10);
        assert!(matches!(lines.next_line().unwrap(), Some(Line::Whole(b"one"))));
        assert!(matches!(lines.next_line().unwrap(), Some(Line::TooLong)));
        assert!(matches!(lines.next_line().unwrap(), Some(Line::Whole(b"two"))));
        assert!(lines.next_line().unwrap().is_none());
        let mut endless = Lines::new(Box::new(io::BufReader::new(io::repeat(b'x'))), 1000);
        assert!(matches!(endless.next_line().unwrap(), Some(Line::Endless)));
        assert!(endless.next_line().unwrap().is_none());
    }
}
