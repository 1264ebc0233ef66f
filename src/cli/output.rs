//! Where output goes: standard output, or a file that appears only when it is complete.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, Result, bail};

/// A place to write to, checked before any work is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Stdout,
    File(PathBuf),
}

impl Target {
    /// Standard output for `-`, else a file; an error if its folder does not exist or it is a folder itself.
    pub fn new(path: &Path) -> Result<Self> {
        if path != Path::new("-") && path.is_dir() {
            bail!("cannot write to {}: it is a folder; name a file in it", path.display());
        }
        Self::any(path)
    }

    /// A folder for several files, which may exist.
    pub fn folder(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            bail!("a folder of files cannot go to standard output");
        }
        // Without the slash at its end, so that its name is found.
        Self::any(&path.components().collect::<PathBuf>())
    }

    fn any(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stdout);
        }
        match path.parent() {
            None => bail!("cannot write to {:?}: name a file", path.display().to_string()),
            Some(folder) if folder.as_os_str().is_empty() || folder.is_dir() => Ok(Self::File(path.to_owned())),
            Some(folder) => {
                bail!("cannot write to {}: there is no folder {}; make it first", path.display(), folder.display())
            }
        }
    }

    /// The folder that it lies in; none for standard output.
    pub fn parent(&self) -> Option<PathBuf> {
        match self {
            Self::Stdout => None,
            Self::File(path) => {
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                Some(parent.map_or_else(|| PathBuf::from("."), Path::to_owned))
            }
        }
    }

    /// Begins to write.
    pub fn open(&self) -> Result<Output> {
        match self {
            Self::Stdout => Ok(Output::Stream(Box::new(BufWriter::new(io::stdout())))),
            Self::File(path) => Output::file(path).with_context(|| format!("cannot write to {}", path.display())),
        }
    }
}

/// An output being written; call [`Output::finish`], or a file is as it was before.
pub(super) enum Output {
    /// Written as it comes: standard output, devices and named pipes.
    Stream(Box<dyn Write + Send>),
    /// Written beside its final place and moved there at the end.
    Pending { writer: BufWriter<File>, temporary: Temporary, path: PathBuf },
}

impl Output {
    fn file(path: &Path) -> io::Result<Self> {
        // Through links, so that the file behind one is replaced and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let existing = fs::metadata(&path).ok();
        if existing.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            let device = File::options().write(true).open(&path)?;
            return Ok(Self::Stream(Box::new(BufWriter::new(device))));
        }
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().ok_or(io::ErrorKind::InvalidInput)?);
        name.push(format!(".{}.tmp", process::id()));
        let temporary = Temporary(path.with_file_name(name));
        let file = File::create(&temporary.0)?;
        if let Some(metadata) = existing {
            file.set_permissions(metadata.permissions())?;
        }
        Ok(Self::Pending { writer: BufWriter::new(file), temporary, path })
    }

    /// Writes what is left, and puts a file in its place.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Stream(mut writer) => writer.flush(),
            Self::Pending { writer, temporary, path } => {
                // On the disk before the name points to it, so that a crash leaves the old file or the new one.
                writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
                fs::rename(&temporary.0, path)
            }
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Stream(writer) => writer,
            Self::Pending { writer, .. } => writer,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}

/// A temporary file that goes away with this value, unless it was moved.
pub(super) struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the move there is nothing to remove, and the error says just that.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_appears_only_when_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("graph.json");
        fs::write(&path, "old").unwrap();
        let begin = || {
            let mut output = Target::new(&path).unwrap().open().unwrap();
            output.write_all(b"new").unwrap();
            output.flush().unwrap();
            output
        };
        drop(begin());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        begin().finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn places_are_checked_before_any_work() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Target::new(Path::new("-")).unwrap(), Target::Stdout);
        assert!(Target::new(Path::new("graph.json")).is_ok());
        for path in [folder.path().to_owned(), folder.path().join("no/graph.json"), PathBuf::new()] {
            assert!(Target::new(&path).is_err(), "{}", path.display());
        }
    }
}
