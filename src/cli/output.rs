//! Where output goes: standard output, or a file that appears only when it is complete.

use std::{
    ffi::OsStr,
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

    /// The file or folder; of standard output, what leads to where it goes.
    pub fn path(&self) -> &Path {
        match self {
            Self::Stdout => Path::new("/dev/stdout"),
            Self::File(path) => path,
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

    /// Whether it is kept: a file or folder, there or to be made, and neither a stream nor a device.
    pub fn is_kept(&self) -> bool {
        let is_device = |metadata: fs::Metadata| !metadata.is_file() && !metadata.is_dir();
        matches!(self, Self::File(path) if !fs::metadata(path).is_ok_and(is_device))
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
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        remove_leftovers(&path, name);
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}.tmp", process::id()));
        let temporary = Temporary(path.with_file_name(temporary));
        let file = File::create(&temporary.0)?;
        // Tells other runs that it is no leftover. Where files cannot be locked, no run removes any.
        let _ = file.try_lock();
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
                // Open, and so locked, until it is in its place.
                let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
                // On the disk before the name points to it, so that a crash leaves the old file or the new one.
                file.sync_all()?;
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

/// Removes the temporary files of a file that interrupted runs left beside it.
fn remove_leftovers(path: &Path, name: &OsStr) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What cannot be listed or removed stays; nothing depends on it.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| is_temporary_of(&entry.file_name(), name)) {
        let is_file = entry.file_type().is_ok_and(|file_type| file_type.is_file());
        // A run that goes on holds the lock.
        if is_file && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a name is that of a temporary file of the file of another name: `.graph.json.1234.tmp` of `graph.json`.
fn is_temporary_of(candidate: &OsStr, name: &OsStr) -> bool {
    let number = candidate
        .as_encoded_bytes()
        .strip_prefix(b".")
        .and_then(|rest| rest.strip_prefix(name.as_encoded_bytes()))
        .and_then(|rest| rest.strip_prefix(b"."))
        .and_then(|rest| rest.strip_suffix(b".tmp"));
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
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
    fn leftovers_go_unless_somebody_writes_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("graph.json");
        let names = [".graph.json.1.tmp", ".graph.json.2.tmp", ".graph.json.x.tmp", ".graph.dot.2.tmp"];
        let paths = names.map(|name| folder.path().join(name));
        for path in &paths {
            fs::write(path, "half").unwrap();
        }
        let busy = File::open(&paths[0]).unwrap();
        busy.try_lock().unwrap();
        Target::new(&path).unwrap().open().unwrap().finish().unwrap();
        assert_eq!(paths.map(|path| path.exists()), [true, false, true, true]);
        assert!(path.exists());
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
