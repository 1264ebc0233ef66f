//! Reads documents from files, folders, archives and streams.
//!
//! [`Reader`] turns the inputs that a user names into [`Document`]s, one after the other, in the order of the inputs.
//! Inputs are files, folders (read recursively, sorted by name, hidden entries left out), globs, and `-` for standard input.
//! Plain text, Markdown, web pages and JSON Lines (or a list of objects) are understood, each also compressed with gzip,
//! zstd or bzip2; the format is told by the extension, else by the first bytes. What cannot be read is a [`ReadFault`] in
//! its place, and reading goes on. Where plain text, or a field of JSON Lines, is clearly HTML, its tags are left out and
//! its references to characters are read.
//!
//! Memory does not grow with the corpus: one document is held at a time, and JSON is read object by object.

mod compression;
mod date;
mod encoding;
mod fault;
mod format;
mod html;
mod inputs;
mod json_lines;
mod json_objects;
mod markdown;
mod markup;

use std::{
    collections::VecDeque,
    io::{self, BufRead, Cursor, Read},
    path::{Path, PathBuf},
};

use self::{
    compression::Source,
    encoding::Utf16Stream,
    inputs::{Input, Inputs},
    json_lines::{Line, Lines},
    json_objects::Objects,
};
pub use self::{
    date::normalize_date,
    fault::{ReadFault, ReadFaultKind},
    format::InputFormat,
};
use crate::document::Document;

/// Opens a file, or standard input for `-`, decompressed if it is gzip, zstd or bzip2.
///
/// # Errors
///
/// If there is no such file, it is a folder, or its first bytes cannot be read.
pub fn open_decompressed(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    if path == Path::new("-") {
        return compression::decompress(io::stdin(), "");
    }
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder; name the files in it"));
    }
    compression::open(path)
}

/// How much of an input is looked at to tell its format.
const HEAD: usize = 64 << 10;

/// The names of the fields in JSON Lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldNames {
    /// The text; every line must have it.
    pub text: String,
    /// The identifier, a string or a number.
    pub id: String,
    /// The headline.
    pub title: String,
    /// The date of publication.
    pub date: String,
    /// The address.
    pub url: String,
    /// The publisher.
    pub source: String,
}

impl Default for FieldNames {
    fn default() -> Self {
        let name = str::to_owned;
        Self {
            text: name("text"),
            id: name("id"),
            title: name("title"),
            date: name("date"),
            url: name("url"),
            source: name("source"),
        }
    }
}

/// How documents are read: a builder that makes an iterator of them.
///
/// # Example
/// ```
/// use relata::read::{InputFormat, Reader};
///
/// let lines = "{\"id\": \"a\", \"text\": \"Keller met Aas.\", \"date\": \"12 March 2019\"}\n{\"text\": 5}\n";
/// let mut documents = Reader::new().with_format(InputFormat::JsonLines).read_stream("news.jsonl", lines.as_bytes());
///
/// let document = documents.next().unwrap().unwrap();
/// assert_eq!((document.id.as_str(), document.date.as_deref()), ("a", Some("2019-03-12")));
/// let fault = documents.next().unwrap().unwrap_err();
/// assert_eq!((fault.path(), fault.line()), ("news.jsonl", Some(2)));
/// assert!(documents.next().is_none());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Reader {
    format: Option<InputFormat>,
    max_bytes: u64,
    fields: FieldNames,
}

impl Default for Reader {
    fn default() -> Self {
        Self { format: None, max_bytes: Self::DEFAULT_MAX_BYTES, fields: FieldNames::default() }
    }
}

impl Reader {
    /// The limit on the size of a document unless another is set: 4 MiB, which takes about 8 GB of memory.
    ///
    /// Memory goes by words and marks, of which prose has one in five bytes and a table of numbers one in two, so a document
    /// may have one for each [`Self::BYTES_A_WORD`] bytes of the limit and no more (65,536 always).
    pub const DEFAULT_MAX_BYTES: u64 = 4 << 20;

    /// How many bytes of the limit a word or mark counts as, at least.
    pub const BYTES_A_WORD: u64 = 4;

    /// A reader that guesses formats and takes documents of up to [`Self::DEFAULT_MAX_BYTES`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads every input in one format, whatever its extension says.
    ///
    /// # Example
    /// ```
    /// use relata::read::{InputFormat, Reader};
    ///
    /// let mut documents = Reader::new().with_format(InputFormat::Markdown).read_stream("note", "*Yes*".as_bytes());
    /// assert_eq!(documents.next().unwrap().unwrap().text, "Yes");
    /// ```
    pub fn with_format(mut self, format: InputFormat) -> Self {
        self.format = Some(format);
        self
    }

    /// Skips documents of more bytes, counted after decompression; never more than 4 GiB, which spans cannot count.
    ///
    /// # Example
    /// ```
    /// use relata::read::{ReadFaultKind, Reader};
    ///
    /// let mut documents = Reader::new().with_max_bytes(5).read_stream("note.txt", "too long".as_bytes());
    /// assert_eq!(documents.next().unwrap().unwrap_err().kind(), ReadFaultKind::TooLarge);
    /// ```
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes.min(u64::from(u32::MAX));
        self
    }

    /// Takes the fields of JSON Lines by other names.
    ///
    /// # Example
    /// ```
    /// use relata::read::{FieldNames, Reader};
    ///
    /// let fields = FieldNames { text: "body".to_owned(), ..FieldNames::default() };
    /// let mut documents = Reader::new().with_fields(fields).read_stream("-", "{\"body\": \"Yes.\"}".as_bytes());
    /// assert_eq!(documents.next().unwrap().unwrap().text, "Yes.");
    /// ```
    pub fn with_fields(mut self, fields: FieldNames) -> Self {
        self.fields = fields;
        self
    }

    /// Reads files, folders, globs and `-`, in this order.
    ///
    /// # Example
    /// ```
    /// use relata::read::Reader;
    ///
    /// for document in Reader::new().read(["no/such/file.txt"]) {
    ///     match document {
    ///         Ok(document) => println!("{}: {} bytes", document.id, document.text.len()),
    ///         Err(fault) => eprintln!("warning: {fault}"),
    ///     }
    /// }
    /// ```
    pub fn read<I>(&self, inputs: I) -> Documents
    where
        I: IntoIterator,
        I::Item: Into<PathBuf>,
    {
        let named: VecDeque<PathBuf> = inputs.into_iter().map(Into::into).collect();
        Documents { reader: self.clone(), inputs: Inputs::new(named), stream: None, lines: None }
    }

    /// Reads one stream; the path names it in ids and faults, and its extension tells the format.
    pub fn read_stream(&self, path: impl Into<String>, stream: impl Read + Send + 'static) -> Documents {
        let stream = Some((path.into(), Box::new(stream) as Box<dyn Read + Send>));
        Documents { reader: self.clone(), inputs: Inputs::new(VecDeque::new()), stream, lines: None }
    }

    /// A whole document from its bytes.
    fn document(&self, path: &str, bytes: Vec<u8>, format: InputFormat) -> Result<Document, ReadFault> {
        if bytes.starts_with(b"%PDF-") {
            return Err(binary(path));
        }
        let (text, warning) = encoding::decode(bytes, format == InputFormat::Html);
        check_text(path, &text)?;
        let mut doc = Document::new(path, "");
        let date;
        match format {
            InputFormat::Html => {
                let page = html::extract(&text);
                (doc.text, doc.title, date, doc.url, doc.source) =
                    (page.text, page.title, page.date, page.url, page.source);
            }
            InputFormat::Markdown => {
                let note = markdown::extract(&text);
                (doc.text, doc.title, date, doc.url, doc.source) =
                    (note.text, note.title, note.date, note.url, note.source);
            }
            InputFormat::Text | InputFormat::JsonLines => (doc.text, date) = (markup::without_markup(text), None),
        }
        check_text(path, &doc.text)?;
        check_words(path, &doc.text, self.max_bytes)?;
        doc.warnings.extend(warning);
        set_date(&mut doc, date);
        Ok(doc)
    }

    /// The document of one line of JSON Lines, or of one object of a list, as `what` says.
    fn line(&self, path: &str, number: u64, line: &[u8], what: &str) -> Option<Result<Document, ReadFault>> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let (line, warning) = match std::str::from_utf8(line) {
            Ok(line) => (std::borrow::Cow::Borrowed(line), None),
            Err(_) => {
                let (line, warning) = encoding::decode(line.to_vec(), false);
                (line.into(), warning)
            }
        };
        let mut warnings: Vec<String> = warning.into_iter().collect();
        let parsed = json_lines::parse(&line, &self.fields).or_else(|error| {
            let (mended, any) = json_lines::mend_surrogates(&line);
            let fields = if any { json_lines::parse(&mended, &self.fields)? } else { return Err(error) };
            warnings.push("halves of surrogate pairs, which are no characters, were replaced by U+FFFD".to_owned());
            Ok(fields)
        });
        let fields = match parsed {
            Ok(fields) => fields,
            Err(error) => {
                let detail = format!("the {what} is no JSON object ({error}), correct it");
                return Some(Err(ReadFault::new(ReadFaultKind::BadRecord, path, detail).with_source(error)));
            }
        };
        let Some(text) = fields.text else {
            let detail = format!("the {what} has no text in \"{}\", name the field that holds it", self.fields.text);
            return Some(Err(ReadFault::new(ReadFaultKind::BadRecord, path, detail)));
        };
        // The places of annotations are those in the text as it is.
        let text = if fields.annotated { text } else { markup::without_markup(text) };
        // A string of JSON is text by what it is, whatever characters it holds.
        if is_blank(&text) {
            return Some(Err(empty(path)));
        }
        if let Err(fault) = check_words(path, &text, self.max_bytes) {
            return Some(Err(fault));
        }
        let given = |field: Option<String>| field.filter(|value| !value.trim().is_empty());
        let mut doc = Document::new(given(fields.id).unwrap_or_else(|| format!("{path}:{number}")), text);
        (doc.title, doc.url, doc.source) = (given(fields.title), given(fields.url), given(fields.source));
        doc.title = doc.title.map(markup::without_markup);
        doc.warnings.extend(warnings);
        set_date(&mut doc, given(fields.date).map(|given| date::epoch_date(&given).unwrap_or(given)));
        Some(Ok(doc))
    }
}

/// The documents of a [`Reader`], in the order of its inputs; made by [`Reader::read`].
pub struct Documents {
    reader: Reader,
    inputs: Inputs,
    stream: Option<(String, Box<dyn Read + Send>)>,
    lines: Option<LinesOf>,
}

/// JSON that is being read.
struct LinesOf {
    path: String,
    records: Records,
    /// Whether any line held a document or a fault.
    any: bool,
}

impl Iterator for Documents {
    type Item = Result<Document, ReadFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(lines) = &mut self.lines {
                if let Some(item) = lines.next(&self.reader) {
                    return Some(item);
                }
                self.lines = None;
            }
            let (path, source) = match self.stream.take() {
                Some((path, stream)) => {
                    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
                    let source = compression::decompress(stream, &extension);
                    (path, source)
                }
                None => match self.inputs.next()? {
                    Ok(Input::Stdin) => ("-".to_owned(), compression::decompress(io::stdin(), "")),
                    Ok(Input::File(path)) => (inputs::display(&path), compression::open(&path)),
                    Err(fault) => return Some(Err(fault)),
                },
            };
            match source.and_then(|source| self.start(&path, source)) {
                Ok(Some(item)) => return Some(item),
                Ok(None) => {}
                Err(error) => return Some(Err(ReadFault::unreadable(path, error))),
            }
        }
    }
}

impl Documents {
    /// Starts an input: reads a whole document, or gets its lines ready.
    fn start(&mut self, path: &str, source: Source) -> io::Result<Option<Result<Document, ReadFault>>> {
        let limit = self.reader.max_bytes;
        let known = self.reader.format.or_else(|| InputFormat::from_path(path.as_ref()));
        let mut source = marked_utf16(source)?;
        let (format, has_objects) = match known {
            Some(InputFormat::JsonLines) => {
                let head;
                (head, source) = read_start(source)?;
                (InputFormat::JsonLines, json_objects::is_list(&head) == Some(true))
            }
            Some(format) => (format, false),
            None => {
                let head;
                (head, source) = read_head(source, limit)?;
                let is_json = || InputFormat::is_json(path.as_ref()) && json_objects::is_list_or_object(&head);
                match InputFormat::sniff(&head, &self.reader.fields.text) {
                    InputFormat::Text if json_objects::is_list(&head) == Some(true) || is_json() => {
                        (InputFormat::JsonLines, true)
                    }
                    format => (format, false),
                }
            }
        };
        if format == InputFormat::JsonLines {
            let records = if has_objects {
                Records::Objects(Objects::new(source, limit))
            } else {
                Records::Lines(Lines::new(source, limit))
            };
            self.lines = Some(LinesOf { path: path.to_owned(), records, any: false });
            return Ok(None);
        }
        let mut bytes = Vec::new();
        source.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            let detail = format!("it holds more than {limit} bytes, split it or raise the limit");
            return Ok(Some(Err(ReadFault::new(ReadFaultKind::TooLarge, path, detail))));
        }
        Ok(Some(self.reader.document(path, bytes, format)))
    }
}

/// The documents of one file of JSON: a line each, or an object each.
enum Records {
    Lines(Lines),
    Objects(Objects),
}

impl Records {
    /// What one of them is called, and what the file is.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Lines(_) => ("line", "JSON Lines"),
            Self::Objects(_) => ("object", "JSON"),
        }
    }

    /// The next one, with its number and the line that it begins in.
    fn next(&mut self) -> (u64, u64, io::Result<Option<Line<'_>>>) {
        match self {
            Self::Lines(lines) => {
                let number = lines.number + 1;
                (number, number, lines.next_line())
            }
            Self::Objects(objects) => {
                let number = objects.number + 1;
                let (line, found) = objects.next_object();
                (number, line, found)
            }
        }
    }
}

impl LinesOf {
    fn next(&mut self, reader: &Reader) -> Option<Result<Document, ReadFault>> {
        loop {
            let (what, language) = self.records.words();
            let (number, line, found) = self.records.next();
            let item = match found {
                Ok(Some(Line::Whole(record))) => reader.line(&self.path, number, record, what),
                Ok(Some(Line::TooLong)) => {
                    let detail =
                        format!("the {what} holds more than {} bytes, split it or raise the limit", reader.max_bytes);
                    Some(Err(ReadFault::new(ReadFaultKind::TooLarge, &self.path, detail)))
                }
                Ok(Some(Line::Endless)) => {
                    let detail = format!(
                        "the {what} does not end, the rest of the file is left out; check that it is {language}"
                    );
                    Some(Err(ReadFault::new(ReadFaultKind::TooLarge, &self.path, detail)))
                }
                Ok(Some(Line::Foreign)) => {
                    let detail = "it lists something else than objects, the rest of the file is left out; correct it";
                    let fault = ReadFault::new(ReadFaultKind::BadRecord, &self.path, detail);
                    Some(Err(fault.with_source(io::Error::from(io::ErrorKind::InvalidData))))
                }
                Ok(Some(Line::Cut)) => {
                    Some(Err(ReadFault::unreadable(&self.path, io::ErrorKind::UnexpectedEof.into())))
                }
                Ok(None) if self.any => return None,
                Ok(None) => {
                    self.any = true;
                    return Some(Err(empty(&self.path)));
                }
                Err(error) => Some(Err(ReadFault::unreadable(&self.path, error))),
            };
            if let Some(item) = item {
                self.any = true;
                return Some(item.map_err(|fault| fault.with_line(Some(line))));
            }
        }
    }
}

/// The first bytes of a source, enough to tell its format, and the source with them put back.
fn read_head(source: Source, limit: u64) -> io::Result<(Vec<u8>, Source)> {
    let line_limit = usize::try_from(limit).unwrap_or(usize::MAX).max(HEAD);
    peek(source, |head| {
        // Only a line that starts with a brace must be seen whole; then nothing after it is waited for.
        let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let braced = start.starts_with(b"{");
        head.len() >= if braced { line_limit } else { HEAD } || (braced && start.contains(&b'\n'))
    })
}

/// The first bytes of JSON Lines, no more than tell whether a list begins with them, and the source with them put back.
fn read_start(source: Source) -> io::Result<(Vec<u8>, Source)> {
    peek(source, |head| head.len() >= HEAD || json_objects::is_list(head).is_some())
}

/// The first bytes of a source, as many as are enough or all, and the source with them put back.
fn peek(mut source: Source, is_enough: impl Fn(&[u8]) -> bool) -> io::Result<(Vec<u8>, Source)> {
    let mut head = Vec::new();
    while !is_enough(&head) {
        let chunk = match source.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // The fault shows again when the source is read on; what came before it counts.
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        head.extend_from_slice(chunk);
        let length = chunk.len();
        source.consume(length);
    }
    let whole = Box::new(Cursor::new(head.clone()).chain(source));
    Ok((head, whole))
}

/// Converts a source that starts with the mark of UTF-16, so that its lines can be told apart.
fn marked_utf16(mut source: Source) -> io::Result<Source> {
    let mut mark = Vec::with_capacity(3);
    source.by_ref().take(3).read_to_end(&mut mark)?;
    let encoding = Utf16Stream::<Source>::detect(&mark);
    let source = Cursor::new(mark).chain(source);
    Ok(match encoding {
        Some(encoding) => Box::new(io::BufReader::new(Utf16Stream::new(source, encoding))),
        None => Box::new(source),
    })
}

fn binary(path: &str) -> ReadFault {
    ReadFault::new(ReadFaultKind::Binary, path, "it holds binary data, leave it out or convert it to text")
}

fn empty(path: &str) -> ReadFault {
    ReadFault::new(ReadFaultKind::Empty, path, "it holds no text, leave it out")
}

/// Faults for texts that hold nothing, or that are none.
fn check_text(path: &str, text: &str) -> Result<(), ReadFault> {
    let odd = |c: &char| (c.is_control() && !c.is_whitespace() && *c != '\u{1b}') || *c == '\u{fffd}';
    // One control character in thirty is more than any text has; a zero byte is one too many.
    if text.contains('\0') || text.chars().filter(odd).count() * 30 > text.len() {
        return Err(binary(path));
    }
    if is_blank(text) { Err(empty(path)) } else { Ok(()) }
}

/// So many words and marks do no harm, whatever the limit.
const FEW_WORDS: usize = 1 << 16;

/// A fault for a text of more words and marks than the limit lets through.
fn check_words(path: &str, text: &str, max_bytes: u64) -> Result<(), ReadFault> {
    let limit = usize::try_from(max_bytes / Reader::BYTES_A_WORD).unwrap_or(usize::MAX).max(FEW_WORDS);
    if text.len() <= limit || words_and_marks(text) <= limit {
        return Ok(());
    }
    let detail = format!("it holds more than {limit} words and marks, split it or raise the limit");
    Err(ReadFault::new(ReadFaultKind::TooLarge, path, detail))
}

/// How many words and marks a text has, about as the model counts them: a run of letters and digits is one, and so is any
/// other character that is not blank, and every one of a script without blanks.
fn words_and_marks(text: &str) -> usize {
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        let joins =
            c.is_alphanumeric() && !matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..);
        if !(c.is_whitespace() || joins && in_word) {
            count += 1;
        }
        in_word = joins;
    }
    count
}

/// Whether a text holds nothing that can be seen.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

/// Sets the date of a document: the one given, else the one its text starts with.
fn set_date(doc: &mut Document, given: Option<String>) {
    doc.date = match given {
        Some(given) => {
            let date = normalize_date(&given);
            let shown: String = given.chars().take(60).collect();
            let warning = match &date {
                None => Some(format!("cannot understand the date \"{shown}\"")),
                Some(year) if year.len() == 4 && starts_with_day_or_month(&given) => {
                    Some(format!("of the date \"{shown}\" only the year counts (either number may be the day)"))
                }
                Some(_) => None,
            };
            doc.warnings.extend(warning.map(|warning| format!("{warning}, write it as YYYY-MM-DD")));
            date
        }
        None => None,
    };
    if doc.date.is_none() {
        doc.date = date::leading_date(&doc.text);
    }
}

/// Whether a date starts as `06/05/2024` does, in which a day and a month stand in either order.
fn starts_with_day_or_month(given: &str) -> bool {
    let mut numbers = given.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).map(str::len);
    matches!([numbers.next(), numbers.next(), numbers.next()], [Some(1 | 2), Some(1 | 2), Some(4)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_sendable() {
        fn send<T: Send>() {}
        send::<Documents>();
        send::<Reader>();
        send::<ReadFault>();
        fn sync<T: Sync>() {}
        sync::<Reader>();
        sync::<ReadFault>();
    }
}
