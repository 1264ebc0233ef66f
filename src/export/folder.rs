//! Formats that are a folder of files.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Component, Path, PathBuf},
    process,
};

/// The list of what was written, in the folder itself.
const MANIFEST: &str = ".relata-files";

/// Where files are that are no part of what is written.
const SCRATCH: &str = ".relata-scratch";

/// A folder being written: its files are made beside it and moved there at the end.
pub(super) struct Folder {
    target: PathBuf,
    temporary: PathBuf,
    names: BTreeSet<String>,
}

impl Folder {
    /// Begins to write a folder, which need not exist.
    ///
    /// One that exists is written into if it is empty, or if an export made it; files of others in it stay.
    pub fn new(target: &Path) -> io::Result<Self> {
        if target.exists() {
            let is_known = target.join(MANIFEST).is_file();
            if !target.is_dir() {
                return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a file; name a folder"));
            }
            if !is_known && fs::read_dir(target)?.next().is_some() {
                let message = "the folder holds files that no export made; name a new or an empty one";
                return Err(io::Error::new(io::ErrorKind::DirectoryNotEmpty, message));
            }
        }
        let name = target.file_name().ok_or_else(|| io::Error::other("it has no name"))?.to_string_lossy();
        let temporary = target.with_file_name(format!(".{name}.{}.tmp", process::id()));
        fs::create_dir(&temporary)?;
        Ok(Self { target: target.to_owned(), temporary, names: BTreeSet::new() })
    }

    /// A new file; its name may have folders before it, separated by `/`.
    pub fn file(&mut self, name: &str) -> io::Result<BufWriter<File>> {
        let path = self.temporary.join(name);
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain || name == MANIFEST || name.starts_with(SCRATCH) {
            return Err(io::Error::new(io::ErrorKind::InvalidFilename, format!("{name:?} is no name for a file")));
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::create_new(path)?;
        self.names.insert(name.to_owned());
        Ok(BufWriter::new(file))
    }

    /// A place for files that are needed while others are written; it goes away with them.
    pub fn scratch(&self) -> io::Result<PathBuf> {
        let path = self.temporary.join(SCRATCH);
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Puts the files in their places, and removes those that an earlier export made and this one did not.
    pub fn finish(self) -> io::Result<()> {
        match fs::remove_dir_all(self.temporary.join(SCRATCH)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let old = fs::read_to_string(self.target.join(MANIFEST)).unwrap_or_default();
        let mut manifest = BufWriter::new(File::create_new(self.temporary.join(MANIFEST))?);
        for name in &self.names {
            writeln!(manifest, "{name}")?;
        }
        manifest.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        if !self.target.exists() {
            return fs::rename(&self.temporary, &self.target);
        }
        for name in old.lines().filter(|name| !self.names.contains(*name)) {
            if Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
                match fs::remove_file(self.target.join(name)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        for name in self.names.iter().map(String::as_str).chain([MANIFEST]) {
            let place = self.target.join(name);
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(self.temporary.join(name), place)?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Gone already where it became the folder itself.
        let _ = fs::remove_dir_all(&self.temporary);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(target: &Path, names: &[&str]) -> io::Result<()> {
        let mut folder = Folder::new(target)?;
        for name in names {
            folder.file(name)?.write_all(name.as_bytes())?;
        }
        folder.finish()
    }

    fn names(target: &Path) -> Vec<String> {
        let mut names: Vec<String> = walkdir::WalkDir::new(target)
            .into_iter()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().is_file() && entry.file_name() != MANIFEST)
            .map(|entry| entry.path().strip_prefix(target).unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_holds_what_the_last_export_wrote_and_what_others_put_there() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("out");
        write(&target, &["a.csv", "deep/b.csv"]).unwrap();
        fs::write(target.join("notes.txt"), "mine").unwrap();
        write(&target, &["a.csv", "c.csv"]).unwrap();
        assert_eq!(names(&target), ["a.csv", "c.csv", "notes.txt"]);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_others_made_is_not_written_into() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("notes.txt"), "mine").unwrap();
        assert_eq!(write(root.path(), &["a"]).unwrap_err().kind(), io::ErrorKind::DirectoryNotEmpty);
        assert!(write(&root.path().join("notes.txt"), &["a"]).is_err());
        for name in ["../a", "/a", "", ".relata-files", "a/../../b"] {
            let mut folder = Folder::new(&root.path().join("new")).unwrap();
            assert!(folder.file(name).is_err(), "{name}");
        }
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
