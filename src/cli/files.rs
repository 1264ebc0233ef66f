//! The files that a run writes: none may be one that it reads, and of folders they are left out, as is what is no text.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fs::{self, Metadata},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Result, ensure};

use crate::read::InputFormat;

use super::{output::Target, store};

/// A longer extension is a part of a name.
const LONGEST_EXTENSION: usize = 10;

/// Kinds of files that are named before the rest becomes a number.
const MOST_KINDS: usize = 8;

/// Where a file or folder lies, whatever path leads to it.
#[derive(Debug, Clone)]
struct Place {
    path: PathBuf,
    /// Of what is there, the device and the number on it.
    id: Option<(u64, u64)>,
}

impl Place {
    /// The place of what a path leads to, or would if it were made; none of devices and pipes, which keep nothing.
    fn of(path: &Path) -> Option<Self> {
        match fs::metadata(path) {
            Ok(metadata) => {
                let keeps = metadata.is_file() || metadata.is_dir();
                let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
                keeps.then(|| Self { path, id: id(&metadata) })
            }
            Err(_) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                Some(Self { path: fs::canonicalize(folder).ok()?.join(path.file_name()?), id: None })
            }
        }
    }

    fn is(&self, other: &Self) -> bool {
        self.path == other.path || (self.id.is_some() && self.id == other.id)
    }

    /// Whether it is the other place, or the other one lies in it.
    fn covers(&self, other: &Self) -> bool {
        self.is(other) || other.path.starts_with(&self.path)
    }
}

#[cfg(unix)]
fn id(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn id(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// Whether two outputs are one file.
pub(super) fn are_one(one: &Target, other: &Target) -> bool {
    let places = (Place::of(one.path()), Place::of(other.path()));
    one == other || matches!(&places, (Some(one), Some(other)) if one.is(other))
}

/// The files and folders that a run writes.
#[derive(Debug, Clone)]
pub(super) struct Outputs(Vec<Place>);

impl Outputs {
    pub fn new<'t>(targets: impl IntoIterator<Item = &'t Target>) -> Self {
        Self(targets.into_iter().filter_map(|target| Place::of(target.path())).collect())
    }

    /// Makes sure that nothing is written that is also read, before any of it is.
    pub fn check<'p>(&self, inputs: impl IntoIterator<Item = &'p Path>) -> Result<()> {
        for input in inputs {
            let (path, shown) = match input.to_str() {
                Some("-") => (Path::new("/dev/stdin"), "standard input".to_owned()),
                _ => (input, input.display().to_string()),
            };
            let is_lost = path.exists() && self.have(path);
            ensure!(!is_lost, "{shown} is read in this run, which would write over it; name another output");
        }
        Ok(())
    }

    /// Whether a file is one of them, or lies in one of them.
    fn have(&self, path: &Path) -> bool {
        let covers = |place: &Place| self.0.iter().any(|output| output.covers(place));
        !self.0.is_empty() && Place::of(path).as_ref().is_some_and(covers)
    }

    /// Decides which files that are found in folders, or named by globs, are read; the others are counted.
    ///
    /// What is written, and graph files, never are; of those in folders, unless `any_kind` is read, only those whose
    /// extension is that of texts, or that have none.
    pub fn filter(self, any_kind: bool, left_out: LeftOut) -> impl FnMut(&Path, bool) -> bool + Send + use<> {
        move |path: &Path, is_named: bool| {
            let kind = if self.have(path) {
                Some("outputs of this run".to_owned())
            } else if store::is_graph_file(path) {
                Some("graph files".to_owned())
            } else if store::is_beside_graph_file(path) {
                // It goes with the graph file.
                return false;
            } else if any_kind || is_named {
                None
            } else {
                kind_of_no_text(path)
            };
            match kind {
                Some(kind) => {
                    left_out.count(kind);
                    false
                }
                None => true,
            }
        }
    }
}

/// The extension of a file that is none of texts; nothing if it is one of texts, or there is none.
fn kind_of_no_text(path: &Path) -> Option<String> {
    if InputFormat::from_path(path).is_some() {
        return None;
    }
    let extension = extension(path)?;
    if !matches!(extension.as_str(), "gz" | "zst" | "bz2") {
        return Some(format!(".{extension}"));
    }
    let inner = self::extension(Path::new(path.file_stem()?))?;
    Some(format!(".{inner}.{extension}"))
}

/// What stands behind the last dot of a name, in small letters, if it is no number and no word of the name.
fn extension(path: &Path) -> Option<String> {
    let extension = path.extension()?.to_str()?;
    let is_one = extension.len() <= LONGEST_EXTENSION
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.chars().any(|c| c.is_ascii_alphabetic());
    is_one.then(|| extension.to_ascii_lowercase())
}

/// How many files of which kinds were found in folders and not read.
#[derive(Debug, Clone, Default)]
pub(super) struct LeftOut(Arc<Mutex<BTreeMap<String, usize>>>);

impl LeftOut {
    fn count(&self, kind: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += 1;
    }

    /// The kinds, the commonest first, and how to have such files read; nothing if none was left out.
    pub fn told(&self) -> Option<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.is_empty() {
            return None;
        }
        let mut kinds: Vec<(&String, usize)> = counts.iter().map(|(kind, count)| (kind, *count)).collect();
        kinds.sort_by_key(|(kind, count)| (Reverse(*count), *kind));
        let mut shown: Vec<String> =
            kinds.iter().take(MOST_KINDS).map(|(kind, count)| format!("{kind} {count}")).collect();
        let others: usize = kinds.iter().skip(MOST_KINDS).map(|(_, count)| count).sum();
        if others > 0 {
            shown.push(format!("others {others}"));
        }
        let may_be_read = kinds.iter().any(|(kind, _)| kind.starts_with('.'));
        let advice = if may_be_read { "; to read such files, name them, or give --input-format" } else { "" };
        Some(format!("left out of folders: {}{advice}", shown.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_by_extension() {
        let check = |name: &str, expected: &str| {
            assert_eq!(kind_of_no_text(Path::new(name)).unwrap_or_default(), expected, "{name}");
        };
        for text in ["a.txt", "a.MD", "a.html.gz", "a.jsonl.zst", "README", "a.gz", "2024.03.11", "On Dr. Keller"] {
            check(text, "");
        }
        check("news/table.CSV", ".csv");
        check("a.txt.xz", ".xz");
        check("a.tar.gz", ".tar.gz");
        check("song.mp3", ".mp3");
        check("news.v2/README", "");
    }

    #[test]
    fn what_is_left_out_is_counted_by_kind() {
        let left_out = LeftOut::default();
        assert_eq!(left_out.told(), None);
        left_out.count("graph files".to_owned());
        assert_eq!(left_out.told().unwrap(), "left out of folders: graph files 1");
        for kind in [".xml", ".csv", ".xml"] {
            left_out.count(kind.to_owned());
        }
        let told = left_out.told().unwrap();
        assert!(told.starts_with("left out of folders: .xml 2, .csv 1, graph files 1; to read such files, "), "{told}");
        for number in 0..7 {
            left_out.count(format!(".x{number}"));
        }
        assert!(left_out.told().unwrap().contains(".x5 1, others 2; "), "{left_out:?}");
    }

    #[test]
    fn one_file_has_many_paths() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        let file = |name: &str| Target::File(here.join(name));
        fs::create_dir(here.join("deep")).unwrap();
        fs::write(here.join("a.txt"), "a").unwrap();
        assert!(are_one(&file("a.txt"), &file("deep/../a.txt")));
        assert!(are_one(&file("new.txt"), &file("deep/../new.txt")), "what is not there has a place too");
        assert!(!are_one(&file("a.txt"), &file("deep/a.txt")));
        let outputs = Outputs::new(&[file("a.txt"), file("deep")]);
        let check = |name: &str| outputs.check([here.join(name).as_path()]).is_ok();
        assert_eq!(["a.txt", "b.txt", "deep", "deep/a.txt", "."].map(check), [false, true, false, true, true]);
        fs::write(here.join("deep/a.txt"), "a").unwrap();
        assert!(!check("deep/a.txt"), "it lies in the folder that is written");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("a.txt", here.join("link")).unwrap();
            fs::hard_link(here.join("a.txt"), here.join("hard")).unwrap();
            assert!(!check("link") && !check("hard"));
            assert!(Place::of(Path::new("/dev/null")).is_none());
        }
    }
}
