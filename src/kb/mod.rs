//! A user's own knowledge base: one file made of a Wikidata dump, looked up by name.
//!
//! [`build`] reads a dump and writes the file, [`KnowledgeBase::open`] maps it into memory, and
//! [`KnowledgeBase::find`] gives the entities that bear a name. Which of them a text means is for the link stage to
//! decide.
//!
//! The file, all numbers little-endian:
//!
//! | bytes | content |
//! |---|---|
//! | 8 | magic `RELATAKB` |
//! | 4, 4 | version, number of sections |
//! | 4 × 40 | of each section its length and its checksum |
//! | 32 | SHA-256 of all that stands before |
//! | … | the sections one after another: names, lists, records, labels |
//!
//! A section's checksum is the SHA-256 of the SHA-256 of each MiB of it, so that many cores can check it.
//! *Names* is an automaton from folded names to 64 bits: an odd number holds one entry in its upper bits, an even one
//! the place (in entries) and length (low 8 bits of its upper 63) of a list. An *entry* is the number of a `Q` id, its
//! highest bit set where the name is only an alias; *lists* holds entries, the best known first. *Records* are of fixed
//! size and in order of their ids; *labels* are the usual names, which records point to.

mod build;
mod classes;
mod dump;

use std::{
    fmt, io,
    ops::Range,
    path::{Path, PathBuf},
};

use rayon::{iter::ParallelIterator, slice::ParallelSlice};
use sha2::{Digest, Sha256};

pub use build::{BuildError, BuildOptions, BuildReport, build};
use classes::{ORGANIZATION, PERSON, PLACE};

use crate::{lexicon::fold, nn::MappedFile, schema::EntityType};

const MAGIC: &[u8; 8] = b"RELATAKB";
const VERSION: u32 = 1;
const SECTIONS: usize = 4;
/// Length and checksum.
const SECTION_ENTRY: usize = 8 + 32;
const HEADER: usize = 16 + SECTIONS * SECTION_ENTRY;
/// Bytes of a record; [`Record`] tells what they are.
const RECORD: usize = 28;
/// Bytes of an entry of a list.
const ENTRY: usize = 4;
/// The bit of an entry that says that the name is an alias.
const ALIAS: u32 = 1 << 31;
/// The longest list; the least known bearers of a name beyond are left out.
const LONGEST_LIST: usize = 255;
/// Bytes that are hashed in one piece.
const BLOCK: usize = 1 << 20;
/// The coordinate of what has none.
const NOWHERE: i32 = i32::MIN;
/// Parts of a degree that are counted.
const PER_DEGREE: f64 = 10_000.0;

/// Why a knowledge base could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot load the knowledge base {}", path.display())]
pub struct KnowledgeBaseError {
    path: PathBuf,
    source: Problem,
}

impl KnowledgeBaseError {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it is not a knowledge base; make one with `relata kb build`")]
    Magic,
    #[error("its format is version {0}, this program reads {VERSION}; make it again with `relata kb build`")]
    Version(u32),
    #[error("its {0} damaged or cut off; make it again with `relata kb build`")]
    Damaged(&'static str),
}

/// An entity of a knowledge base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownEntity<'a> {
    /// Number of its Wikidata id: 42 for `Q42`.
    pub id: u32,
    /// Its usual name.
    pub label: &'a str,
    types: u8,
    /// How many pages of Wikipedia and its sisters are about it, a measure of how well known it is.
    pub sitelinks: u16,
    /// Number of the Wikidata id of its country, or of the first one.
    pub country: Option<u32>,
    /// Degrees north and east.
    pub coordinates: Option<(f32, f32)>,
    /// Year of birth; below 0 before our era.
    pub birth_year: Option<i16>,
}

impl KnownEntity<'_> {
    /// Whether it is of that type; it may be of several, as a museum is a place and a body.
    #[must_use]
    pub fn is(&self, entity_type: EntityType) -> bool {
        self.types & type_bit(entity_type) != 0
    }

    /// Its types.
    pub fn types(&self) -> impl Iterator<Item = EntityType> + use<> {
        let types = self.types;
        EntityType::ALL.into_iter().filter(move |entity_type| types & type_bit(*entity_type) != 0)
    }
}

fn type_bit(entity_type: EntityType) -> u8 {
    match entity_type {
        EntityType::Person => PERSON,
        EntityType::Organization => ORGANIZATION,
        EntityType::Place => PLACE,
        _ => 0,
    }
}

/// What a record holds, in this order.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Record {
    id: u32,
    label_start: u32,
    country: u32,
    north: i32,
    east: i32,
    sitelinks: u16,
    birth_year: i16,
    label_length: u16,
    types: u8,
}

impl Record {
    fn to_bytes(self) -> [u8; RECORD] {
        let mut bytes = [0; RECORD];
        bytes[0..4].copy_from_slice(&self.id.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.label_start.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.country.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.north.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.east.to_le_bytes());
        bytes[20..22].copy_from_slice(&self.sitelinks.to_le_bytes());
        bytes[22..24].copy_from_slice(&self.birth_year.to_le_bytes());
        bytes[24..26].copy_from_slice(&self.label_length.to_le_bytes());
        bytes[26] = self.types;
        bytes
    }

    fn from_bytes(bytes: &[u8; RECORD]) -> Self {
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        Self {
            id: word(0),
            label_start: word(4),
            country: word(8),
            north: word(12).cast_signed(),
            east: word(16).cast_signed(),
            sitelinks: half(20),
            birth_year: half(22).cast_signed(),
            label_length: half(24),
            types: bytes[26],
        }
    }
}

/// A part of a mapped file.
#[derive(Debug, Clone)]
struct Section {
    file: MappedFile,
    range: Range<usize>,
}

impl AsRef<[u8]> for Section {
    fn as_ref(&self) -> &[u8] {
        self.file.as_ref().get(self.range.clone()).unwrap_or_default()
    }
}

/// A knowledge base in a file; share it between threads by reference.
pub struct KnowledgeBase {
    names: fst::Map<Section>,
    lists: Section,
    records: Section,
    labels: Section,
    checksum: String,
}

impl KnowledgeBase {
    /// Maps a file that [`build`] wrote, and checks all of it.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is not a knowledge base, or is damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, KnowledgeBaseError> {
        let path = path.as_ref();
        MappedFile::open(path)
            .map_err(Problem::from)
            .and_then(Self::read)
            .map_err(|source| KnowledgeBaseError { path: path.to_owned(), source })
    }

    fn read(file: MappedFile) -> Result<Self, Problem> {
        let bytes = file.as_ref();
        if !bytes.starts_with(MAGIC) {
            return Err(Problem::Magic);
        }
        let header = || Problem::Damaged("header is");
        let (version, rest) = bytes[MAGIC.len()..].split_first_chunk::<4>().ok_or_else(header)?;
        let version = u32::from_le_bytes(*version);
        if version != VERSION {
            return Err(Problem::Version(version));
        }
        let (sections, _) = rest.split_first_chunk::<4>().ok_or_else(header)?;
        let (head, rest) = bytes.split_at_checked(HEADER).ok_or_else(header)?;
        let (checksum, body) = rest.split_first_chunk::<32>().ok_or_else(header)?;
        if u32::from_le_bytes(*sections) as usize != SECTIONS || Sha256::digest(head).as_slice() != checksum {
            return Err(header());
        }
        let mut ranges = Vec::with_capacity(SECTIONS);
        let mut start = bytes.len() - body.len();
        let (entries, _) = head[16..].as_chunks::<SECTION_ENTRY>();
        for (entry, what) in entries.iter().zip(["names are", "lists are", "records are", "labels are"]) {
            let damaged = || Problem::Damaged(what);
            let (length, expected) = entry.split_first_chunk::<8>().ok_or_else(damaged)?;
            let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| damaged())?;
            let range = start..start.checked_add(length).ok_or_else(damaged)?;
            let content = bytes.get(range.clone()).ok_or_else(damaged)?;
            if section_checksum(content).as_slice() != expected {
                return Err(damaged());
            }
            start = range.end;
            ranges.push(range);
        }
        if start != bytes.len() {
            return Err(Problem::Damaged("end is"));
        }
        let checksum = crate::hex::hex(checksum, 64);
        let section = |index: usize| Section { file: file.clone(), range: ranges.get(index).cloned().unwrap_or(0..0) };
        Ok(Self {
            names: fst::Map::new(section(0)).map_err(|_| Problem::Damaged("names are"))?,
            lists: section(1),
            records: section(2),
            labels: section(3),
            checksum,
        })
    }

    /// SHA-256 in hexadecimal digits, which tells one knowledge base from another.
    #[must_use]
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// How many entities are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.as_ref().len() / RECORD
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many names lead to them.
    #[must_use]
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// The entities that bear a name, the best known first, each with whether it is its label and not an alias.
    ///
    /// Case, accents and punctuation do not matter ([`fold()`]).
    pub fn find<'k>(&'k self, name: &str) -> impl Iterator<Item = (KnownEntity<'k>, bool)> + use<'k> {
        self.find_folded(&fold(name))
    }

    /// As [`KnowledgeBase::find`], of a name that is folded.
    pub fn find_folded<'k>(&'k self, folded: &str) -> impl Iterator<Item = (KnownEntity<'k>, bool)> + use<'k> {
        let value = self.names.get(folded).unwrap_or(0);
        let rest = value >> 1;
        let single = (value & 1 == 1).then_some(rest as u32);
        let start = usize::try_from(rest >> 8).unwrap_or(usize::MAX).saturating_mul(ENTRY);
        let length = if single.is_some() { 0 } else { (rest & 0xff) as usize * ENTRY };
        let list = self.lists.as_ref().get(start..start.saturating_add(length)).unwrap_or_default();
        let listed = list.as_chunks::<ENTRY>().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
        let entries = single.into_iter().chain(listed);
        entries.filter_map(|entry| Some((self.entity(entry & !ALIAS)?, entry & ALIAS == 0)))
    }

    /// The entity with that number, 42 for `Q42`.
    #[must_use]
    pub fn entity(&self, id: u32) -> Option<KnownEntity<'_>> {
        let (records, _) = self.records.as_ref().as_chunks::<RECORD>();
        let id_of = |bytes: &[u8; RECORD]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let record = records.get(records.binary_search_by_key(&id, id_of).ok()?)?;
        let record = Record::from_bytes(record);
        let start = record.label_start as usize;
        let label = self.labels.as_ref().get(start..start + usize::from(record.label_length)).unwrap_or_default();
        let degrees = |part: i32| (f64::from(part) / PER_DEGREE) as f32;
        Some(KnownEntity {
            id,
            label: std::str::from_utf8(label).unwrap_or_default(),
            types: record.types,
            sitelinks: record.sitelinks,
            country: (record.country != 0).then_some(record.country),
            coordinates: (record.north != NOWHERE).then(|| (degrees(record.north), degrees(record.east))),
            birth_year: (record.birth_year != 0).then_some(record.birth_year),
        })
    }
}

impl fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnowledgeBase").field("entities", &self.len()).finish_non_exhaustive()
    }
}

fn section_checksum(content: &[u8]) -> [u8; 32] {
    let blocks: Vec<[u8; 32]> = content.par_chunks(BLOCK).map(|block| Sha256::digest(block).into()).collect();
    Sha256::digest(blocks.as_flattened()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_as_they_were() {
        let record = Record {
            id: 42,
            label_start: 7,
            country: 183,
            north: -525_000,
            east: NOWHERE,
            sitelinks: 65_535,
            birth_year: -44,
            label_length: 12,
            types: PERSON | PLACE,
        };
        assert_eq!(Record::from_bytes(&record.to_bytes()), record);
    }

    #[test]
    fn public_types_can_be_shared() {
        fn check<T: Send + Sync>() {}
        check::<KnowledgeBase>();
        check::<KnowledgeBaseError>();
        check::<BuildError>();
    }
}
