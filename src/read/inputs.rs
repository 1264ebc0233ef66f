//! From the inputs that a user names to the files behind them, in order.

use std::{
    collections::VecDeque,
    path::{Component, Path, PathBuf},
};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::{DirEntry, WalkDir};

use super::{
    Documents,
    fault::{ReadFault, ReadFaultKind},
};

/// A file to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// The files behind the inputs; folders are read one entry at a time.
pub(super) struct Inputs {
    named: VecDeque<PathBuf>,
    walk: Option<Walk>,
    filter: Option<Filter>,
}

/// Whether to read a file that was found; it is told too whether a glob names the file.
type Filter = Box<dyn FnMut(&Path, bool) -> bool + Send>;

struct Walk {
    entries: Box<dyn Iterator<Item = walkdir::Result<DirEntry>> + Send>,
    /// What was named, for the fault if nothing is found.
    named: String,
    pattern: Option<GlobMatcher>,
    found: bool,
}

impl Inputs {
    pub(super) fn new(named: VecDeque<PathBuf>) -> Self {
        Self { named, walk: None, filter: None }
    }

    fn step(&mut self) -> Option<Result<Input, ReadFault>> {
        let path = self.named.pop_front()?;
        if path.as_os_str() == "-" {
            return Some(Ok(Input::Stdin));
        }
        let shown = display(&path);
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                self.walk = Some(Walk { entries: folder(&path), named: shown, pattern: None, found: false });
                None
            }
            // Pipes and the like are welcome where they are named.
            Ok(_) => Some(Ok(Input::File(path))),
            Err(error) => {
                let pattern = path.to_str().filter(|pattern| pattern.contains(['*', '?', '[', '{']));
                let Some(pattern) = pattern else { return Some(Err(ReadFault::unreadable(shown, error))) };
                match glob(pattern) {
                    Ok(walk) => {
                        self.walk = Some(walk);
                        None
                    }
                    Err(error) => {
                        let detail = format!("the pattern is broken ({}), quote or correct it", error.kind());
                        Some(Err(ReadFault::new(ReadFaultKind::BadPattern, shown, detail).with_source(error)))
                    }
                }
            }
        }
    }
}

impl Iterator for Inputs {
    type Item = Result<Input, ReadFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(walk) = &mut self.walk {
                if let Some(item) = walk.step(&mut self.filter) {
                    return Some(item);
                }
                let (found, named) = (walk.found, std::mem::take(&mut walk.named));
                let detail = if walk.pattern.is_some() {
                    "no file matches the pattern, check it and the folder it starts from"
                } else {
                    "the folder holds no file to read, name another"
                };
                self.walk = None;
                if !found {
                    return Some(Err(ReadFault::new(ReadFaultKind::NoMatch, named, detail)));
                }
            } else if self.named.is_empty() {
                return None;
            } else if let Some(item) = self.step() {
                return Some(item);
            }
        }
    }
}

impl Documents {
    /// Reads, of the files that are found in folders and by globs, only those that a filter wants; a file that is named
    /// itself is always read.
    ///
    /// The filter is told too whether a glob names the file; if not, it lies in a folder that was named.
    ///
    /// # Example
    /// ```
    /// use std::path::Path;
    ///
    /// use relata::read::Reader;
    ///
    /// let is_note = |path: &Path, _| path.extension().is_some_and(|extension| extension == "md");
    /// let mut notes = Reader::new().read(["no/such/folder"]).with_filter(is_note);
    /// assert!(notes.next().unwrap().is_err());
    /// ```
    #[must_use]
    pub fn with_filter(mut self, filter: impl FnMut(&Path, bool) -> bool + Send + 'static) -> Self {
        self.inputs.filter = Some(Box::new(filter));
        self
    }
}

impl Walk {
    fn step(&mut self, filter: &mut Option<Filter>) -> Option<Result<Input, ReadFault>> {
        loop {
            let entry = match self.entries.next()? {
                Ok(entry) => entry,
                Err(error) => {
                    self.found = true;
                    return Some(Err(walk_fault(&self.named, error)));
                }
            };
            // Links were followed, so only real files and oddities such as sockets are left.
            if !entry.file_type().is_file() {
                continue;
            }
            // A folder that matches stands for all that is in it.
            let path = entry.path();
            let (is_named, matches) = match &self.pattern {
                Some(pattern) => {
                    let is_named = pattern.is_match(without_dot(path));
                    (is_named, is_named || without_dot(path).ancestors().any(|path| pattern.is_match(path)))
                }
                None => (false, true),
            };
            if matches && filter.as_mut().is_none_or(|filter| filter(path, is_named)) {
                self.found = true;
                return Some(Ok(Input::File(path.to_path_buf())));
            }
        }
    }
}

fn walk_fault(named: &str, error: walkdir::Error) -> ReadFault {
    let path = error.path().map_or_else(|| named.to_owned(), display);
    if let Some(ancestor) = error.loop_ancestor() {
        let detail = format!("the link leads back to {}, remove it", display(ancestor));
        return ReadFault::new(ReadFaultKind::Unreadable, path, detail).with_source(error);
    }
    ReadFault::unreadable(path, error.into())
}

/// All entries below a folder, sorted by name, hidden ones left out.
fn folder(path: &Path) -> Box<dyn Iterator<Item = walkdir::Result<DirEntry>> + Send> {
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name();
    Box::new(walk.into_iter().filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry)))
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Walks the folder that a pattern starts from, and of it only what the pattern can reach.
fn glob(pattern: &str) -> Result<Walk, globset::Error> {
    let matcher = |pattern: &str| Ok(GlobBuilder::new(pattern).literal_separator(true).build()?.compile_matcher());
    let clean = pattern.strip_prefix("./").unwrap_or(pattern);
    let whole = matcher(clean)?;
    let is_special = |part: &str| part.contains(['*', '?', '[', '{']);
    let parts: Vec<&str> = clean.split('/').collect();
    let literal = parts.iter().take_while(|part| !is_special(part)).count();
    let base = parts.get(..literal).unwrap_or_default().join("/");
    let base = if literal == 0 {
        PathBuf::from(".")
    } else if base.is_empty() {
        PathBuf::from("/")
    } else {
        PathBuf::from(base)
    };
    // The folders at each depth that the pattern goes through, up to a `**`; alternatives may hold slashes.
    let mut levels = Vec::new();
    if !clean.contains('{') {
        for end in literal + 1..=parts.len() {
            if parts.get(end - 1).is_some_and(|part| part.contains("**")) {
                break;
            }
            levels.push(matcher(&parts.get(..end).unwrap_or_default().join("/"))?);
        }
    }
    let names_hidden = parts.iter().skip(literal).any(|part| part.starts_with('.'));
    let walk = WalkDir::new(base).follow_links(true).sort_by_file_name().into_iter();
    let entries = walk.filter_entry(move |entry| {
        let Some(depth) = entry.depth().checked_sub(1) else { return true };
        (names_hidden || !is_hidden(entry))
            && levels.get(depth).is_none_or(|level| level.is_match(without_dot(entry.path())))
    });
    Ok(Walk { entries: Box::new(entries), named: pattern.to_owned(), pattern: Some(whole), found: false })
}

/// A path without `./` before it.
fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// A path as users write it: relative as given, with forward slashes, without `./` before it.
pub(super) fn display(path: &Path) -> String {
    let path = match without_dot(path) {
        // The folder that the program was started in.
        inner if inner.as_os_str().is_empty() => path,
        inner => inner,
    };
    if std::path::MAIN_SEPARATOR == '/' {
        return path.to_string_lossy().into_owned();
    }
    let mut shown = String::new();
    for component in path.components() {
        if !shown.is_empty() && !shown.ends_with('/') {
            shown.push('/');
        }
        match component {
            Component::RootDir => shown.push('/'),
            other => shown.push_str(&other.as_os_str().to_string_lossy()),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_they_are_written() {
        for (path, expected) in [
            ("a.txt", "a.txt"),
            ("./a/b.txt", "a/b.txt"),
            ("../a.txt", "../a.txt"),
            ("/a", "/a"),
            (".", "."),
            ("./.", "./."),
        ] {
            assert_eq!(display(Path::new(path)), expected);
        }
    }
}
