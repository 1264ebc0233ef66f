//! Strings made safe for the formats they go into.

use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};

/// Text for XML and HTML, in content and in quoted attributes.
///
/// Characters that XML does not allow at all become blanks; there is no escape for them.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if is_xml(c) => escaped.push(c),
            _ => escaped.push(' '),
        }
    }
    escaped
}

/// Text without the characters that XML does not allow or that its readers change, which become blanks.
pub(super) fn xml_characters(text: &str) -> String {
    text.chars().map(|c| if is_xml(c) { c } else { ' ' }).collect()
}

/// Text for an attribute of XML, whose line ends and tabs readers turn into blanks.
pub(super) fn xml_attribute(text: &str) -> String {
    text.chars().map(|c| if is_xml(c) && !c.is_control() { c } else { ' ' }).collect()
}

fn is_xml(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// Text for a quoted string of DOT that Graphviz shows as it is.
///
/// Backslashes are doubled, as `\N` and `\G` would be replaced, and `&` is written as an entity, as Graphviz resolves
/// those in labels.
pub(super) fn dot(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '&' => escaped.push_str("&amp;"),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text as a JSON string that stays on its line whatever reads it: controls and line separators are escaped.
pub(super) fn one_line(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Segments of the path of an IRI: everything but unreserved characters and `/` is percent-encoded.
///
/// So are the dots of `.` and `..` within, which some readers resolve and others do not. The first segment joins what
/// stands before it and is none.
pub(super) fn iri_segments(text: &str) -> String {
    let encoded =
        percent(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/'));
    if !encoded.contains("/.") {
        return encoded;
    }
    let mut segments = encoded.split('/');
    let mut safe = segments.next().unwrap_or_default().to_owned();
    for segment in segments {
        safe.push('/');
        safe.push_str(match segment {
            "." => "%2E",
            ".." => "%2E%2E",
            other => other,
        });
    }
    safe
}

/// A whole IRI: only what no IRI may hold is percent-encoded.
pub(super) fn iri(text: &str) -> String {
    percent(text, |byte| {
        !byte.is_ascii_control()
            && !matches!(byte, b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
    })
}

fn percent(text: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii() && keep(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The start of a text, cut with an ellipsis after a number of characters; white space becomes single blanks.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    let mut short = String::new();
    let mut length = 0;
    for c in text.chars() {
        let blank = c.is_whitespace() || c.is_control();
        if blank && (short.is_empty() || short.ends_with(' ')) {
            continue;
        }
        if length >= limit {
            short.truncate(short.trim_end().len());
            short.push('…');
            return short;
        }
        short.push(if blank { ' ' } else { c });
        length += 1;
    }
    short.truncate(short.trim_end().len());
    short
}

/// Lines of about `width` characters, broken at blanks; a longer word is broken where the line ends.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
                continue;
            }
            _ => {}
        }
        let mut rest = word;
        while length > width {
            let (cut, _) = rest.char_indices().nth(width).unwrap_or((rest.len(), ' '));
            let (line, after) = rest.split_at(cut);
            lines.push(line.to_owned());
            rest = after;
            length -= width;
        }
        lines.push(rest.to_owned());
        room = width - length;
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// What names a script or a style in the policy of a page that allows it and no other.
pub(super) fn policy_source(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_name_texts_by_their_hashes() {
        // The SHA-256 of nothing.
        assert_eq!(policy_source(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn each_format_gets_its_escapes() {
        assert_eq!(xml("<a href=\"x\">'&\u{0}\u{1b}"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;  ");
        assert_eq!(dot("a\"b\\N\n&lt;\u{7}"), "a\\\"b\\\\N\\n&amp;lt; ");
        assert_eq!(one_line("a\"\n\r\u{2028}é"), "\"a\\\"\\n\\u000d\\u2028é\"");
        assert_eq!(iri_segments("docs/a b#1.txt"), "docs/a%20b%231.txt");
        assert_eq!(iri_segments("../a/./b/../.c/..d/..."), "../a/%2E/b/%2E%2E/.c/..d/...");
        assert_eq!(iri("https://example.org/a b<c>"), "https://example.org/a%20b%3Cc%3E");
    }

    #[test]
    fn labels_are_cut_and_wrapped() {
        assert_eq!(shorten("  a \n b  ", 9), "a b");
        assert_eq!(shorten("abc def", 4), "abc…");
        assert_eq!(shorten("", 4), "");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("éé éé", 2), ["éé", "éé"]);
    }
}
