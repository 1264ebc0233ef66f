//! What can go wrong with an input.

use std::{error::Error, fmt, io};

/// An input that could not be read; the reader goes on with the next one.
///
/// Its text says what was tried, where, why it failed and what to do, such as
/// `cannot read docs/photo.txt: it holds binary data, leave it out or convert it to text`.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReadFault {
    path: String,
    line: Option<u64>,
    kind: ReadFaultKind,
    detail: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The kind of a [`ReadFault`], for programs that treat some of them in their own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ReadFaultKind {
    /// No file or folder has that name.
    NotFound,
    /// A glob or a folder that holds no file.
    NoMatch,
    /// A glob that cannot be understood.
    BadPattern,
    /// The system or a decompressor refused to go on.
    Unreadable,
    /// Nothing but white space.
    Empty,
    /// Not text.
    Binary,
    /// More bytes than the limit.
    TooLarge,
    /// A line of JSON Lines that is no object with a text.
    BadRecord,
}

impl ReadFault {
    pub(super) fn new(kind: ReadFaultKind, path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, kind, detail: detail.into(), source: None }
    }

    pub(super) fn unreadable(path: impl Into<String>, error: io::Error) -> Self {
        let kind =
            if error.kind() == io::ErrorKind::NotFound { ReadFaultKind::NotFound } else { ReadFaultKind::Unreadable };
        let detail = match error.kind() {
            io::ErrorKind::NotFound => "no file or folder has that name, check it".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied, check who may read it".to_owned(),
            io::ErrorKind::UnexpectedEof => "it ends too early, fetch it again".to_owned(),
            _ => format!("{error}; check that it is whole"),
        };
        Self { path: path.into(), line: None, kind, detail, source: Some(Box::new(error)) }
    }

    pub(super) fn with_line(mut self, line: Option<u64>) -> Self {
        self.line = line;
        self
    }

    pub(super) fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// The path as given, or found below a folder as given; `-` for standard input.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, counted from 1, if the input is JSON Lines.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// What kind of fault it is.
    #[must_use]
    pub fn kind(&self) -> ReadFaultKind {
        self.kind
    }
}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}", if self.path == "-" { "standard input" } else { &self.path })?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.detail)
    }
}

impl Error for ReadFault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
