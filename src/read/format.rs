//! The formats of input and how they are told apart.

use std::path::Path;

use super::{encoding, json_lines};

/// A format that documents are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum InputFormat {
    /// Plain text: one document, its text byte for byte unless it is clearly HTML, whose markup is left out.
    Text,
    /// Markdown: one document, without the markup.
    Markdown,
    /// A web page: its main text, title and date.
    Html,
    /// JSON Lines: one document a line. A list of objects, one document each, is read as well.
    JsonLines,
}

impl InputFormat {
    /// All formats.
    pub const ALL: [InputFormat; 4] = [Self::Text, Self::Markdown, Self::Html, Self::JsonLines];

    /// The name used on the command line, such as `jsonl`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::JsonLines => "jsonl",
        }
    }

    /// The extensions of files in this format, without a dot.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["txt", "text"],
            Self::Markdown => &["md", "markdown"],
            Self::Html => &["html", "htm", "xhtml"],
            Self::JsonLines => &["jsonl", "ndjson"],
        }
    }

    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
            Self::JsonLines => "application/jsonl",
        }
    }

    /// The format with that name or extension, in any letter case.
    ///
    /// # Example
    /// ```
    /// use relata::read::InputFormat;
    ///
    /// assert_eq!(InputFormat::from_name("ndjson"), Some(InputFormat::JsonLines));
    /// assert_eq!(InputFormat::from_name("pdf"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.name() == name || format.extensions().contains(&name.as_str()))
    }

    /// The format that a path's extension tells; `.gz`, `.zst` and `.bz2` after it are skipped.
    ///
    /// # Example
    /// ```
    /// use relata::read::InputFormat;
    ///
    /// assert_eq!(InputFormat::from_path("news/2020.jsonl.gz".as_ref()), Some(InputFormat::JsonLines));
    /// ```
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        if matches!(extension.as_str(), "gz" | "zst" | "bz2") {
            let inner = Path::new(path.file_stem()?);
            return Self::ALL.into_iter().find(|format| format.has_extension(inner));
        }
        Self::ALL.into_iter().find(|format| format.has_extension(path))
    }

    /// Whether a file is JSON by its name, which may be JSON Lines or not.
    pub(super) fn is_json(path: &Path) -> bool {
        let has =
            |path: &Path, known: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known));
        let inner =
            path.file_stem().map(Path::new).filter(|_| ["gz", "zst", "bz2"].iter().any(|known| has(path, known)));
        has(inner.unwrap_or(path), "json")
    }

    fn has_extension(self, path: &Path) -> bool {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        self.extensions().iter().any(|known| extension.eq_ignore_ascii_case(known))
    }

    /// The format that the first bytes suggest; plain text if nothing else fits.
    ///
    /// `head` holds at least the first line, if it starts with a brace.
    pub(super) fn sniff(head: &[u8], text_field: &str) -> Self {
        let (head, _) = encoding::decode(head.to_vec(), true);
        let mut head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if head.starts_with('{') {
            let line = head.lines().next().unwrap_or_default();
            return if json_lines::has_text(line, text_field) { Self::JsonLines } else { Self::Text };
        }
        // Declarations and comments may stand before the first tag of a page.
        while let Some(end) = match head {
            _ if head.starts_with("<?xml") => head.find("?>").map(|at| at + 2),
            _ if head.starts_with("<!--") => head.find("-->").map(|at| at + 3),
            _ => None,
        } {
            head = head.get(end..).unwrap_or_default().trim_start();
        }
        let starts = |tag: &str| head.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
        if starts("<!doctype html") || starts("<html") { Self::Html } else { Self::Text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sniffs_formats() {
        let check = |head: &str, expected: InputFormat| {
            assert_eq!(InputFormat::sniff(head.as_bytes(), "text"), expected, "{head}");
        };
        check("{\"text\": \"One.\"}\n{", InputFormat::JsonLines);
        check("\u{feff}\n {\"id\": 1, \"text\": \"One.\"}\r\n", InputFormat::JsonLines);
        check("{\"body\": \"One.\"}", InputFormat::Text);
        check("{curly} text", InputFormat::Text);
        check("<!DOCTYPE html><p>One", InputFormat::Html);
        check("<?xml version=\"1.0\"?>\n<!-- saved --> <HTML lang=en>", InputFormat::Html);
        check("<p>One", InputFormat::Text);
        check("", InputFormat::Text);
        assert_eq!(
            InputFormat::sniff(b"\xff\xfe{\0\"\0t\0e\0x\0t\0\"\0:\0\"\0a\0\"\0}\0", "text"),
            InputFormat::JsonLines
        );
    }

    #[test]
    fn knows_extensions() {
        let check =
            |path: &str, expected: Option<InputFormat>| assert_eq!(InputFormat::from_path(Path::new(path)), expected);
        check("a.txt", Some(InputFormat::Text));
        check("a/b.HTM", Some(InputFormat::Html));
        check("a.md.gz", Some(InputFormat::Markdown));
        check("a.ndjson.zst", Some(InputFormat::JsonLines));
        check("a.gz", None);
        check("README", None);
        check("a.json", None);
        let json = ["a.json", "b/A.JSON.gz", "a.jsonl", "json", "a.json.txt"]
            .map(|path| InputFormat::is_json(Path::new(path)));
        assert_eq!(json, [true, true, false, false, false]);
    }
}
