//! Reads documents from JSON that is no JSON Lines: a list of objects, or objects over several lines.

use std::io::{self, BufRead};

use super::{
    compression::Source,
    json_lines::{Line, PATIENCE},
};

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The objects of a stream, none of them kept.
///
/// Brackets and commas between them are passed over, so that a list, several of them, and objects without one are read.
pub(super) struct Objects {
    source: Source,
    buffer: Vec<u8>,
    limit: u64,
    /// Number of the last object, from 1.
    pub(super) number: u64,
    /// The line that the last object begins in, or where something else was found, from 1.
    line: u64,
    /// The line that is being read.
    reached: u64,
    open_lists: u64,
    finished: bool,
}

/// What a scan came to; the object itself is in the buffer.
enum Found {
    Object,
    TooLong,
    Endless,
    Foreign,
    Cut,
}

impl Objects {
    pub(super) fn new(source: Source, limit: u64) -> Self {
        let (number, line, reached, open_lists) = (0, 1, 1, 0);
        Self { source, buffer: Vec::new(), limit, number, line, reached, open_lists, finished: false }
    }

    /// The next object, and the line that it begins in; an error or anything but an object is the last.
    pub(super) fn next_object(&mut self) -> (u64, io::Result<Option<Line<'_>>>) {
        let found = if self.finished { Ok(None) } else { self.scan() };
        if !matches!(found, Ok(Some(Found::Object | Found::TooLong))) {
            self.finished = true;
        }
        let line = |found| match found {
            Found::Object => Line::Whole(&self.buffer),
            Found::TooLong => Line::TooLong,
            Found::Endless => Line::Endless,
            Found::Foreign => Line::Foreign,
            Found::Cut => Line::Cut,
        };
        (self.line, found.map(|found| found.map(line)))
    }

    /// Reads to the end of the next object.
    fn scan(&mut self) -> io::Result<Option<Found>> {
        self.buffer.clear();
        let mut nesting = Nesting::default();
        let mut length = 0u64;
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.line = self.reached;
                    return Err(error);
                }
            };
            if chunk.is_empty() {
                self.line = self.reached;
                return Ok((nesting.depth > 0 || self.open_lists > 0).then_some(Found::Cut));
            }
            let (mut start, mut end) = (0, None);
            for (index, &byte) in chunk.iter().enumerate() {
                if nesting.depth > 0 {
                    self.reached += u64::from(byte == b'\n');
                    if nesting.ends_at(byte) {
                        end = Some(index + 1);
                        break;
                    }
                    continue;
                }
                match byte {
                    b'{' => {
                        (nesting.depth, start) = (1, index);
                        (self.number, self.line) = (self.number + 1, self.reached);
                    }
                    b'[' => self.open_lists += 1,
                    b']' => self.open_lists = self.open_lists.saturating_sub(1),
                    b'\n' => self.reached += 1,
                    b',' | b' ' | b'\t' | b'\r' => {}
                    _ if self.number == 0 && BYTE_ORDER_MARK.contains(&byte) => {}
                    _ => {
                        self.line = self.reached;
                        return Ok(Some(Found::Foreign));
                    }
                }
            }
            let consumed = end.unwrap_or(chunk.len());
            if nesting.depth > 0 || end.is_some() {
                let part = chunk.get(start..consumed).unwrap_or_default();
                length += part.len() as u64;
                if length <= self.limit {
                    self.buffer.extend_from_slice(part);
                } else {
                    // Nothing of an over-long object is kept.
                    self.buffer = Vec::new();
                }
            }
            self.source.consume(consumed);
            if end.is_some() {
                return Ok(Some(if length > self.limit { Found::TooLong } else { Found::Object }));
            }
            if length > self.limit.saturating_mul(PATIENCE) {
                return Ok(Some(Found::Endless));
            }
        }
    }
}

/// Where in an object a byte stands.
#[derive(Default)]
struct Nesting {
    /// How many braces are open.
    depth: u64,
    in_string: bool,
    is_escaped: bool,
}

impl Nesting {
    /// Takes the next byte of an object; whether it is the last one.
    fn ends_at(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' => self.depth += 1,
            b'}' => self.depth -= 1,
            _ => {}
        }
        self.depth == 0
    }
}

/// Whether a list of objects begins with these bytes; nothing if they are too few to tell.
pub(super) fn is_list(head: &[u8]) -> Option<bool> {
    let mut rest = head.strip_prefix(&BYTE_ORDER_MARK).unwrap_or(head);
    for mark in *b"[{\"" {
        match rest.trim_ascii_start().split_first() {
            None => return None,
            Some((first, after)) if *first == mark => rest = after,
            Some(_) => return Some(false),
        }
    }
    Some(true)
}

/// Whether JSON begins with these bytes, as a list or an object does.
pub(super) fn is_list_or_object(head: &[u8]) -> bool {
    let head = head.strip_prefix(&BYTE_ORDER_MARK).unwrap_or(head);
    matches!(head.trim_ascii_start().first(), Some(b'[' | b'{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in a text, each with its line.
    fn objects(text: &str, limit: u64) -> Vec<String> {
        // Few bytes at a time, so that objects lie across chunks.
        let source = io::BufReader::with_capacity(3, io::Cursor::new(text.to_owned().into_bytes()));
        let mut objects = Objects::new(Box::new(source), limit);
        let mut found = Vec::new();
        loop {
            let shown = match objects.next_object() {
                (_, Ok(None)) => return found,
                (line, Ok(Some(Line::Whole(bytes)))) => format!("{line} {}", String::from_utf8_lossy(bytes)),
                (line, Ok(Some(Line::TooLong))) => format!("{line} too long"),
                (line, Ok(Some(Line::Endless))) => format!("{line} endless"),
                (line, Ok(Some(Line::Foreign))) => format!("{line} foreign"),
                (line, Ok(Some(Line::Cut))) => format!("{line} cut"),
                (line, Err(error)) => format!("{line} {error}"),
            };
            found.push(shown);
        }
    }

    #[test]
    fn objects_are_told_apart() {
        let check = |text: &str, expected: &[&str]| assert_eq!(objects(text, 40), expected, "{text}");
        check(r#"[{"a":1},{"b":{"c":[{}]}}]"#, &[r#"1 {"a":1}"#, r#"1 {"b":{"c":[{}]}}"#]);
        check("[\n {\"a\":\n 1},\n\n {\"b\":2}\n]\n", &["2 {\"a\":\n 1}", "5 {\"b\":2}"]);
        check("{\n\"a\":1\n}\n{\n\"b\":2\n}", &["1 {\n\"a\":1\n}", "4 {\n\"b\":2\n}"]);
        // Braces and quotes within strings end nothing.
        check(r#"[{"a":"}\"}","b":"\\"}]"#, &[r#"1 {"a":"}\"}","b":"\\"}"#]);
        check("\u{feff}[{}]", &["1 {}"]);
        check("[]", &[]);
        check("[{},\n{\"a\"", &["1 {}", "2 cut"]);
        check("[{}", &["1 {}", "1 cut"]);
        check("[1, {}]", &["1 foreign"]);
        check("[{}\n, \"a\", {}]", &["1 {}", "2 foreign"]);
        check(&format!("[{{\"a\":\"{}\"}},{{}}]", "x".repeat(60)), &["1 too long", "1 {}"]);
        check(&format!("[{{\"a\":\"{}\"}},{{}}]", "x".repeat(900)), &["1 endless"]);
    }

    #[test]
    fn lists_are_told_by_their_start() {
        for (head, expected) in [
            ("[{\"a\"", Some(true)),
            ("\u{feff} [\n  {\r\n\t\"", Some(true)),
            ("{\"a\": 1}", Some(false)),
            ("[1, 2]", Some(false)),
            ("[{{template}}", Some(false)),
            ("[sic] he said", Some(false)),
            (" [ ", None),
            ("[{", None),
            ("", None),
        ] {
            assert_eq!(is_list(head.as_bytes()), expected, "{head:?}");
        }
    }
}
