//! Sorting of more entries than memory holds: sorted runs in files beside the output, then a merge.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use rayon::slice::ParallelSliceMut;

const MAX_ENTRY: usize = 1 << 30;

/// Bytes of the buffer of each run that is merged.
const MERGE_BUFFER: usize = 64 << 10;

/// So many runs become one. All runs of several sorters are open at once, and some systems let a program have but 256
/// open files.
const MOST_RUNS: usize = 64;

/// A file for a while; it is removed with this value, or as soon as it is open where that is possible, so that not even
/// a run that is killed leaves it behind.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    pub(crate) file: File,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Scratch {
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".relata.{}.{number}.tmp", process::id()));
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path)?;
        if cfg!(unix) {
            fs::remove_file(&path)?;
        }
        Ok(Self { path, file })
    }
}

#[cfg(feature = "store")]
impl Scratch {
    /// Reads at a place, whatever the file's own position is, and moves that or not.
    pub(crate) fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(&self.file, buffer, at);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(&self.file, buffer, at);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if cfg!(not(unix)) {
            // A file that cannot be removed stays; nothing depends on it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Takes entries in any order and gives them back in the order of their bytes.
#[derive(Debug)]
pub(crate) struct Sorter {
    folder: PathBuf,
    /// Bytes that entries may take in memory.
    budget: usize,
    bytes: Vec<u8>,
    /// Start and length of each entry in `bytes`.
    places: Vec<(u32, u32)>,
    /// Fewer than [`MOST_RUNS`].
    runs: Vec<Scratch>,
    /// Runs that were made of [`MOST_RUNS`] each.
    merged: Vec<Scratch>,
}

impl Sorter {
    /// Entries are kept in memory up to the budget, and in files of the folder beyond.
    pub(crate) fn new(folder: &Path, budget: usize) -> Self {
        let budget = budget.min(u32::MAX as usize / 2);
        Self {
            folder: folder.to_owned(),
            budget,
            bytes: Vec::new(),
            places: Vec::new(),
            runs: Vec::new(),
            merged: Vec::new(),
        }
    }

    /// Takes an entry of at most 1 GiB.
    pub(crate) fn push(&mut self, entry: &[u8]) -> io::Result<()> {
        if entry.len() > MAX_ENTRY {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "an entry is too long to be sorted"));
        }
        let taken = self.bytes.len() + self.places.len() * size_of::<(u32, u32)>();
        if taken + entry.len() > self.budget && !self.places.is_empty() {
            self.spill()?;
        }
        // Budget and entry together are below what an u32 can count.
        self.places.push((self.bytes.len() as u32, entry.len() as u32));
        self.bytes.extend_from_slice(entry);
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let entry = |&(start, length): &(u32, u32)| &bytes[start as usize..start as usize + length as usize];
        // Entries that are equal are equal in every byte, so that it does not matter which comes first.
        self.places.par_sort_unstable_by(|one, other| entry(one).cmp(entry(other)));
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let mut run = RunWriter::new(&self.folder)?;
        for &(start, length) in &self.places {
            run.push(&self.bytes[start as usize..start as usize + length as usize])?;
        }
        self.runs.push(run.finish()?);
        self.bytes.clear();
        self.places.clear();
        if self.runs.len() >= MOST_RUNS {
            let mut merge = Merge::new(std::mem::take(&mut self.runs))?;
            let mut run = RunWriter::new(&self.folder)?;
            while let Some(entry) = merge.next()? {
                run.push(entry)?;
            }
            self.merged.push(run.finish()?);
        }
        Ok(())
    }

    /// All entries in order.
    pub(crate) fn finish(mut self) -> io::Result<Merge> {
        let is_in_memory = self.runs.is_empty() && self.merged.is_empty();
        if !is_in_memory && !self.places.is_empty() {
            self.spill()?;
            // What is merged needs little; give the rest back.
            self.bytes = Vec::new();
            self.places = Vec::new();
        }
        self.sort();
        self.merged.append(&mut self.runs);
        let mut merge = Merge::new(self.merged)?;
        merge.memory = (self.bytes, self.places.into_iter());
        Ok(merge)
    }
}

/// Writes sorted entries, each behind its length.
struct RunWriter(BufWriter<Scratch>);

impl RunWriter {
    fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self(BufWriter::with_capacity(MERGE_BUFFER, Scratch::new(folder)?)))
    }

    fn push(&mut self, entry: &[u8]) -> io::Result<()> {
        // No entry is longer than what an u32 can count.
        self.0.write_all(&(entry.len() as u32).to_le_bytes())?;
        self.0.write_all(entry)
    }

    /// The file, to be read from its start.
    fn finish(self) -> io::Result<Scratch> {
        let mut run = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        run.file.seek(SeekFrom::Start(0))?;
        Ok(run)
    }
}

struct Run(BufReader<Scratch>);

impl Read for Scratch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Sorted entries; either all are in memory or all in runs.
pub(crate) struct Merge {
    memory: (Vec<u8>, std::vec::IntoIter<(u32, u32)>),
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    current: Vec<u8>,
}

impl Merge {
    /// Of runs that stand at their start.
    fn new(runs: Vec<Scratch>) -> io::Result<Self> {
        let mut merge = Self {
            memory: (Vec::new(), Vec::new().into_iter()),
            runs: runs.into_iter().map(|run| Run(BufReader::with_capacity(MERGE_BUFFER, run))).collect(),
            heads: BinaryHeap::new(),
            current: Vec::new(),
        };
        for number in 0..merge.runs.len() {
            merge.refill(number, Vec::new())?;
        }
        Ok(merge)
    }

    /// The next entry; nothing at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        if self.runs.is_empty() {
            let (bytes, places) = &mut self.memory;
            return Ok(places.next().map(|(start, length)| &bytes[start as usize..start as usize + length as usize]));
        }
        let Some(Reverse((entry, number))) = self.heads.pop() else { return Ok(None) };
        let spare = std::mem::replace(&mut self.current, entry);
        self.refill(number, spare)?;
        Ok(Some(&self.current))
    }

    fn refill(&mut self, number: usize, mut entry: Vec<u8>) -> io::Result<()> {
        let Some(Run(reader)) = self.runs.get_mut(number) else { return Ok(()) };
        let mut length = [0; 4];
        match reader.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        entry.resize(u32::from_le_bytes(length) as usize, 0);
        reader.read_exact(&mut entry)?;
        self.heads.push(Reverse((entry, number)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_runs_the_order_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = 1u64;
        let entries: Vec<Vec<u8>> = (0..2000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state.to_be_bytes()[..(state >> 61) as usize].to_vec()
            })
            .collect();
        let mut expected = entries.clone();
        expected.sort();
        for budget in [0, 1, 100, 5000, 1 << 20] {
            let mut sorter = Sorter::new(folder.path(), budget);
            for entry in entries.iter().take(if budget < 100 { 50 } else { 2000 }) {
                sorter.push(entry).unwrap();
            }
            let mut merge = sorter.finish().unwrap();
            let mut found = Vec::new();
            while let Some(entry) = merge.next().unwrap() {
                found.push(entry.to_vec());
            }
            if budget < 100 {
                assert_eq!(found.len(), 50);
                assert!(found.is_sorted());
            } else {
                assert_eq!(found, expected, "{budget}");
            }
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "runs are removed");
    }

    #[test]
    fn few_runs_are_open_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(folder.path(), 0);
        for number in (0..1000_u32).rev() {
            sorter.push(&number.to_be_bytes()).unwrap();
            assert!(sorter.runs.len() + sorter.merged.len() < 2 * MOST_RUNS, "at {number}");
        }
        let mut merge = sorter.finish().unwrap();
        for number in 0..1000_u32 {
            assert_eq!(merge.next().unwrap(), Some(&number.to_be_bytes()[..]));
        }
        assert_eq!(merge.next().unwrap(), None);
    }
}
