//! Files mapped into memory: the one safe door to a memory map.

use std::{fs::File, io, path::Path, sync::Arc};

use memmap2::Mmap;

/// The bytes of a file, read by the system as they are needed; copies share one map.
#[derive(Debug, Clone)]
pub struct MappedFile(Arc<Mmap>);

impl MappedFile {
    /// Maps a file for reading.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it cannot be read or mapped.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the map is read only; that nobody shortens or rewrites the file while it is open is what every
        // program that maps files relies on.
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Self(Arc::new(map)))
    }
}

impl AsRef<[u8]> for MappedFile {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
