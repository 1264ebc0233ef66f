//! From a dump to the file.
//!
//! One thread reads lines, several take them apart, and what is kept goes through two external sorts: entities by id,
//! and names by their bytes, as an automaton wants them. So memory does not grow with the dump, and the file does not
//! depend on the order of the lines or the number of threads.

use std::{
    io::{self, BufRead, BufWriter, Read, Seek, SeekFrom, Write},
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use rayon::{
    ThreadPoolBuilder,
    iter::{IntoParallelRefIterator, ParallelIterator},
};
use sha2::{Digest, Sha256};

use super::{
    ALIAS, BLOCK, HEADER, LONGEST_LIST, MAGIC, NOWHERE, PER_DEGREE, RECORD, Record, SECTIONS, VERSION,
    classes::{ORGANIZATION, PERSON, PLACE},
    dump::{Item, Line, read_line},
    type_bit,
};
use crate::{
    lexicon::fold,
    schema::EntityType,
    sort::{Merge, Scratch, Sorter},
};

/// Bytes of lines that are taken apart in one piece.
const LINES: usize = 4 << 20;
/// The longest line that is read; the longest of Wikidata have some MB.
const LONGEST_LINE: usize = 64 << 20;
/// The longest folded name that is kept, in bytes.
const LONGEST_NAME: usize = 250;
/// The longest label that is kept, in bytes; a longer one is cut.
const LONGEST_LABEL: usize = 250;
/// The language of names that are the same in all languages.
const ANY_LANGUAGE: &str = "mul";

/// Why a knowledge base could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The dump cannot be read to its end; cut off or damaged, or an error of the disk.
    #[error("cannot read the dump after {lines} lines with {entities} entities that are wanted")]
    Read {
        /// Lines that were read before.
        lines: u64,
        /// Entities in them.
        entities: u64,
        /// What happened.
        source: io::Error,
    },
    /// The list of the dump has no end, or its last line is half a line.
    #[error("it is cut off after {lines} lines with {entities} entities that are wanted; fetch it again")]
    CutOff {
        /// Lines that were read.
        lines: u64,
        /// Entities in them.
        entities: u64,
    },
    /// No line holds an item.
    #[error("no item of Wikidata is in it; name a dump in JSON with one item a line")]
    NoItems,
    /// The output or a file for sorting cannot be written.
    #[error("cannot write the knowledge base")]
    Write(#[from] io::Error),
    /// No threads to work on.
    #[error("cannot start threads")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// What to take from a dump, and how.
#[derive(Debug, Clone)]
#[must_use]
pub struct BuildOptions {
    languages: Vec<String>,
    types: u8,
    threads: usize,
    sort_memory: usize,
    scratch: PathBuf,
}

impl BuildOptions {
    /// English names of people, organizations and places; files for sorting go to that folder and are removed at the
    /// end.
    pub fn new(scratch: impl Into<PathBuf>) -> Self {
        let languages = vec!["en".to_owned(), ANY_LANGUAGE.to_owned()];
        Self {
            languages,
            types: PERSON | ORGANIZATION | PLACE,
            threads: thread::available_parallelism().map_or(1, usize::from),
            sort_memory: 256 << 20,
            scratch: scratch.into(),
        }
    }

    /// Takes names in these languages, and those that are marked as the same in all; the first one that there is
    /// becomes the label.
    pub fn with_languages(mut self, languages: impl IntoIterator<Item = String>) -> Self {
        self.languages = Vec::new();
        for language in languages.into_iter().chain([ANY_LANGUAGE.to_owned()]) {
            if !self.languages.contains(&language) {
                self.languages.push(language);
            }
        }
        self
    }

    /// Takes entities of these types; others than people, organizations and places are not in the file.
    pub fn with_types(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.types = types.into_iter().fold(0, |types, entity_type| types | type_bit(entity_type));
        self
    }

    /// Works on that many threads, and one that reads.
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Sorts in that many bytes of memory, and in files beyond.
    pub fn with_sort_memory(mut self, bytes: usize) -> Self {
        self.sort_memory = bytes;
        self
    }
}

/// What a build did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BuildReport {
    /// Lines of the dump.
    pub lines: u64,
    /// Bytes of the dump, decompressed.
    pub bytes: u64,
    /// Lines that are no JSON, have another shape, or are too long.
    pub bad_lines: u64,
    /// Entities that were kept.
    pub entities: u64,
    /// Different names that lead to them.
    pub names: u64,
    /// Bytes of the file.
    pub size: u64,
}

/// Reads a dump, decompressed, and writes a knowledge base.
///
/// `progress` is told now and then how far it is.
///
/// # Errors
///
/// If the dump cannot be read to its end or has none, holds no item at all, or the file cannot be written. A line that is
/// no entity is no error: it is counted in [`BuildReport::bad_lines`].
pub fn build(
    dump: impl BufRead + Send,
    options: &BuildOptions,
    mut output: impl Write,
    mut progress: impl FnMut(&BuildReport),
) -> Result<BuildReport, BuildError> {
    let mut report = BuildReport::default();
    // Names are about three in four of all bytes.
    let mut entities = Sorter::new(&options.scratch, options.sort_memory / 4);
    let mut names = Sorter::new(&options.scratch, options.sort_memory / 4 * 3);
    let pool = ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    let seen = thread::scope(|scope| {
        let (sender, blocks) = sync_channel(options.threads);
        scope.spawn(move || send_lines(dump, &sender));
        take_in(&blocks, &pool, options, &mut entities, &mut names, &mut report, &mut progress)
    })?;
    if !seen.items {
        return Err(BuildError::NoItems);
    }
    if seen.starts_list && !seen.ends_list || seen.ends_badly {
        return Err(BuildError::CutOff { lines: report.lines, entities: report.entities });
    }
    let (entities, names) = pool.install(|| io::Result::Ok((entities.finish()?, names.finish()?)))?;

    let section = || SectionWriter::new(&options.scratch);
    let (mut records, mut labels) = (section()?, section()?);
    write_records(entities, &mut records, &mut labels, &mut report)?;
    let (mut automaton, mut lists) = (section()?, section()?);
    write_names(names, &mut automaton, &mut lists, &mut report)?;

    let mut sections = [automaton.finish()?, lists.finish()?, records.finish()?, labels.finish()?];
    let mut header = MAGIC.to_vec();
    header.extend_from_slice(&VERSION.to_le_bytes());
    header.extend_from_slice(&(SECTIONS as u32).to_le_bytes());
    for section in &sections {
        header.extend_from_slice(&section.length.to_le_bytes());
        header.extend_from_slice(&section.checksum);
    }
    debug_assert_eq!(header.len(), HEADER);
    let checksum = Sha256::digest(&header);
    header.extend_from_slice(&checksum);
    output.write_all(&header)?;
    report.size = header.len() as u64;
    for section in &mut sections {
        section.scratch.file.seek(SeekFrom::Start(0))?;
        report.size += io::copy(&mut section.scratch.file, &mut output)?;
    }
    output.flush()?;
    Ok(report)
}

/// Whole lines, at the end perhaps with an error.
struct Block {
    bytes: Vec<u8>,
    too_long: u64,
    /// What ended the dump before its end.
    fault: Option<io::Error>,
}

/// Cuts the dump into blocks of lines, on its own thread.
fn send_lines(mut dump: impl BufRead, blocks: &SyncSender<Block>) {
    loop {
        let mut block = Block { bytes: Vec::with_capacity(LINES + LINES / 8), too_long: 0, fault: None };
        let is_end = match fill(&mut dump, &mut block) {
            Ok(is_end) => is_end,
            Err(error) => {
                block.fault = Some(error);
                true
            }
        };
        // If nobody takes it, there was an error that is told there.
        if blocks.send(block).is_err() || is_end {
            return;
        }
    }
}

/// Fills a block; says whether the dump is at its end.
fn fill(dump: &mut impl BufRead, block: &mut Block) -> io::Result<bool> {
    while block.bytes.len() < LINES {
        let start = block.bytes.len();
        let length = dump.take(LONGEST_LINE as u64).read_until(b'\n', &mut block.bytes)?;
        if length == 0 {
            return Ok(true);
        }
        if length == LONGEST_LINE && block.bytes.last() != Some(&b'\n') {
            block.bytes.truncate(start);
            block.too_long += 1;
            dump.skip_until(b'\n')?;
        }
    }
    Ok(false)
}

/// What is kept of a block: entries for the two sorters, each with its length before it.
#[derive(Default)]
struct Kept {
    entities: Vec<u8>,
    names: Vec<u8>,
    report: BuildReport,
    seen: Seen,
}

/// What lines tell about whether they are a dump, and all of it.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    /// Some line holds an item, wanted or not.
    items: bool,
    /// The first line begins a list.
    starts_list: bool,
    /// Some line ends it.
    ends_list: bool,
    /// The last line is bad and has no end.
    ends_badly: bool,
}

fn take_in(
    blocks: &Receiver<Block>,
    pool: &rayon::ThreadPool,
    options: &BuildOptions,
    entities: &mut Sorter,
    names: &mut Sorter,
    report: &mut BuildReport,
    progress: &mut impl FnMut(&BuildReport),
) -> Result<Seen, BuildError> {
    let mut seen: Option<Seen> = None;
    while let Ok(first) = blocks.recv() {
        let mut batch = vec![first];
        batch.extend(blocks.try_iter().take(options.threads - 1));
        let kept: Vec<Kept> = pool.install(|| batch.par_iter().map(|block| keep(block, options)).collect());
        for (kept, block) in kept.iter().zip(batch) {
            report.lines += kept.report.lines;
            report.bytes += kept.report.bytes;
            report.bad_lines += kept.report.bad_lines;
            report.entities += kept.report.entities;
            // The last block is empty where the dump ends with a whole one.
            if !block.bytes.is_empty() {
                seen = Some(match seen {
                    None => kept.seen,
                    Some(before) => Seen {
                        items: before.items || kept.seen.items,
                        starts_list: before.starts_list,
                        ends_list: before.ends_list || kept.seen.ends_list,
                        ends_badly: kept.seen.ends_badly,
                    },
                });
            }
            pool.install(|| {
                entries(&kept.entities).try_for_each(|entry| entities.push(entry))?;
                entries(&kept.names).try_for_each(|entry| names.push(entry))
            })?;
            if let Some(source) = block.fault {
                return Err(BuildError::Read { lines: report.lines, entities: report.entities, source });
            }
        }
        progress(report);
    }
    Ok(seen.unwrap_or_default())
}

fn keep(block: &Block, options: &BuildOptions) -> Kept {
    let mut kept = Kept::default();
    kept.report.bad_lines = block.too_long;
    kept.report.lines = block.too_long;
    kept.report.bytes = block.bytes.len() as u64;
    // The last line of a dump that was cut off is half a line, and the fault is told anyway.
    let whole = match (&block.fault, block.bytes.iter().rposition(|byte| *byte == b'\n')) {
        (Some(_), end) => &block.bytes[..end.map_or(0, |end| end + 1)],
        (None, _) => block.bytes.as_slice(),
    };
    kept.seen.starts_list = whole.trim_ascii_start().starts_with(b"[");
    let mut folded = Vec::new();
    for line in whole.split_inclusive(|byte| *byte == b'\n') {
        kept.report.lines += 1;
        let read = read_line(line, &options.languages);
        let is_bad = matches!(read, Line::Bad);
        // Of a line that was cut off nothing is read, so that this is no bracket of an item.
        kept.seen.ends_list |= !is_bad && line.trim_ascii_end().ends_with(b"]");
        kept.seen.ends_badly = is_bad && !line.ends_with(b"\n");
        match read {
            Line::Item(item) => {
                kept.seen.items = true;
                keep_item(&item, options, &mut folded, &mut kept);
            }
            Line::Other => {}
            Line::Bad => kept.report.bad_lines += 1,
        }
    }
    kept
}

fn keep_item(item: &Item<'_>, options: &BuildOptions, folded: &mut Vec<(String, bool)>, kept: &mut Kept) {
    let types = item.types & options.types;
    let best_label = item.labels.iter().min_by_key(|(language, _)| *language).map(|(_, label)| label);
    let Some(label) = best_label.or(item.aliases.first()).filter(|label| types != 0 && !label.is_empty()) else {
        return;
    };
    folded.clear();
    folded.extend(item.labels.iter().map(|(_, label)| (fold(label), false)));
    folded.extend(item.aliases.iter().map(|alias| (fold(alias), true)));
    folded.retain(|(name, _)| !name.is_empty() && name.len() <= LONGEST_NAME);
    folded.sort_unstable();
    folded.dedup_by(|next, first| next.0 == first.0);
    let sitelinks = u16::try_from(item.sitelinks).unwrap_or(u16::MAX);
    for (name, is_alias) in folded.iter() {
        // Folded names hold no byte 0, so that names come in their own order, and of one name the best known first.
        let length = name.len() + 1 + 2 + 4 + 1;
        kept.names.extend_from_slice(&(length as u16).to_le_bytes());
        kept.names.extend_from_slice(name.as_bytes());
        kept.names.push(0);
        kept.names.extend_from_slice(&(u16::MAX - sitelinks).to_be_bytes());
        kept.names.extend_from_slice(&item.id.to_be_bytes());
        kept.names.push(u8::from(*is_alias));
    }
    let label = &label[..label.floor_char_boundary(LONGEST_LABEL)];
    let (north, east) = item.coordinates.map_or((NOWHERE, NOWHERE), |(north, east)| {
        ((north * PER_DEGREE).round() as i32, (east * PER_DEGREE).round() as i32)
    });
    let record = Record {
        id: item.id,
        label_start: 0,
        country: item.country.unwrap_or(0),
        north,
        east,
        sitelinks,
        birth_year: item.birth_year.unwrap_or(0),
        label_length: label.len() as u16,
        types,
    };
    kept.entities.extend_from_slice(&((4 + RECORD + label.len()) as u16).to_le_bytes());
    kept.entities.extend_from_slice(&item.id.to_be_bytes());
    kept.entities.extend_from_slice(&record.to_bytes());
    kept.entities.extend_from_slice(label.as_bytes());
    kept.report.entities += 1;
}

/// Entries that have their length before them.
fn entries(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        bytes = rest;
        Some(entry)
    })
}

fn write_records(
    mut entities: Merge,
    records: &mut SectionWriter,
    labels: &mut SectionWriter,
    report: &mut BuildReport,
) -> Result<(), BuildError> {
    report.entities = 0;
    let mut last = None;
    while let Some(entry) = entities.next()? {
        let Some((record, label)) = entry.get(4..).and_then(|entry| entry.split_first_chunk::<RECORD>()) else {
            continue;
        };
        let mut record = Record::from_bytes(record);
        // A dump that holds an item twice: the first one in order of bytes is as good as the other.
        if last.replace(record.id) == Some(record.id) {
            continue;
        }
        record.label_start = u32::try_from(labels.length)
            .map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, "the labels have more than 4 GiB"))?;
        labels.write_all(label)?;
        records.write_all(&record.to_bytes())?;
        report.entities += 1;
    }
    Ok(())
}

fn write_names(
    mut names: Merge,
    automaton: &mut SectionWriter,
    lists: &mut SectionWriter,
    report: &mut BuildReport,
) -> Result<(), BuildError> {
    let wrong = |error: fst::Error| match error {
        fst::Error::Io(error) => error,
        fst::Error::Fst(error) => io::Error::other(error),
    };
    let mut builder = fst::MapBuilder::new(automaton).map_err(wrong)?;
    let mut name: Vec<u8> = Vec::new();
    let mut list: Vec<u32> = Vec::new();
    let mut place = 0u64;
    let mut finish = |name: &[u8], list: &[u32], builder: &mut fst::MapBuilder<_>| -> io::Result<()> {
        let value = match list {
            [] => return Ok(()),
            [entry] => u64::from(*entry) << 1 | 1,
            _ => {
                for entry in list {
                    lists.write_all(&entry.to_le_bytes())?;
                }
                let value = (place << 8 | list.len() as u64) << 1;
                place += list.len() as u64;
                value
            }
        };
        report.names += 1;
        builder.insert(name, value).map_err(wrong)
    };
    while let Some(entry) = names.next()? {
        let Some((own, [_, _, a, b, c, d, is_alias])) = entry.split_last_chunk::<7>() else { continue };
        let own = own.strip_suffix(b"\0").unwrap_or(own);
        let id = u32::from_be_bytes([*a, *b, *c, *d]);
        if own != name.as_slice() {
            finish(&name, &list, &mut builder)?;
            list.clear();
            name.clear();
            name.extend_from_slice(own);
        }
        let is_new = list.iter().all(|other| other & !ALIAS != id);
        if is_new && list.len() < LONGEST_LIST {
            list.push(id | if *is_alias == 0 { 0 } else { ALIAS });
        }
    }
    finish(&name, &list, &mut builder)?;
    builder.finish().map_err(wrong)?;
    Ok(())
}

/// A section in a file of its own, with its checksum.
struct SectionWriter {
    writer: BufWriter<Scratch>,
    length: u64,
    block: Sha256,
    in_block: usize,
    blocks: Sha256,
}

struct Finished {
    scratch: Scratch,
    length: u64,
    checksum: [u8; 32],
}

impl SectionWriter {
    fn new(folder: &std::path::Path) -> io::Result<Self> {
        let writer = BufWriter::with_capacity(BLOCK, Scratch::new(folder)?);
        Ok(Self { writer, length: 0, block: Sha256::new(), in_block: 0, blocks: Sha256::new() })
    }

    fn finish(mut self) -> io::Result<Finished> {
        if self.in_block > 0 {
            self.blocks.update(self.block.finalize_reset());
        }
        let scratch = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Finished { scratch, length: self.length, checksum: self.blocks.finalize().into() })
    }
}

impl Write for SectionWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(BLOCK - self.in_block)];
        self.writer.write_all(bytes)?;
        self.block.update(bytes);
        self.in_block += bytes.len();
        self.length += bytes.len() as u64;
        if self.in_block == BLOCK {
            self.blocks.update(self.block.finalize_reset());
            self.in_block = 0;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
