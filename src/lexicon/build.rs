//! Packs the large tables under `data/lexicons/` into `lexicon.bin`.
//!
//! Layout: magic, number of sections, then for each its length, then a SHA-256 of all sections, then the sections one
//! after another. All numbers are little-endian. [`super::Lexicon`] reads it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::fold::fold;

/// First bytes of the file; the last one is the version.
pub(super) const MAGIC: &[u8; 8] = b"RELALEX\x02";
/// Sections in order: variants fst and groups, given names fst, cities fst, lists, records, name offsets, names.
pub(super) const SECTIONS: usize = 8;
/// Bytes of a city record: id, population, latitude and longitude in hundredths of a degree, country code, region.
pub(super) const CITY_BYTES: usize = 16;
/// Low bits of a packed list reference that hold its length.
pub(super) const LENGTH_BITS: u32 = 12;

/// What can be wrong with a table.
#[derive(Debug, thiserror::Error)]
#[error("{table} line {line}: {problem}")]
pub struct BuildError {
    table: &'static str,
    line: usize,
    problem: String,
}

/// Builds `lexicon.bin` from the texts of `name_variants.tsv`, `given_names.tsv` and `cities.tsv`.
///
/// # Errors
///
/// Says the table and line when a field is missing or is no number.
pub fn build(name_variants: &str, given_names: &str, cities: &str) -> Result<Vec<u8>, BuildError> {
    let mut groups: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (group, (_, row)) in (0u32..).zip(rows(name_variants)) {
        for form in row.split('|') {
            groups.entry(fold(form)).or_default().push(group);
        }
    }
    let (variants_fst, variants_lists) = pack_lists("name_variants.tsv", groups)?;

    let mut given: BTreeMap<String, u64> = BTreeMap::new();
    for (line, row) in rows(given_names) {
        let mut fields = Fields { table: "given_names.tsv", line, fields: row.split('\t') };
        let name = fold(fields.text()?);
        let male: u64 = fields.number()?;
        let female: u64 = fields.number()?;
        given.insert(name, male << 16 | female);
    }
    let given_fst = pack_map("given_names.tsv", given)?;

    let mut by_name: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let (mut records, mut offsets, mut names) = (Vec::new(), Vec::new(), Vec::new());
    // Rows come by falling population, so the lists do too.
    for (city, (line, row)) in (0u32..).zip(rows(cities)) {
        let mut fields = Fields { table: "cities.tsv", line, fields: row.split('\t') };
        let id: u32 = fields.number()?;
        let country = fields.text()?.as_bytes().to_vec();
        let population: u32 = fields.number()?;
        let latitude: f64 = fields.number()?;
        let longitude: f64 = fields.number()?;
        let name = fields.text()?;
        let alternates = fields.text()?;
        let region = fields.text()?;
        let &[first, second] = country.as_slice() else {
            return Err(fields.error("country code is not two letters"));
        };
        records.extend_from_slice(&id.to_le_bytes());
        records.extend_from_slice(&population.to_le_bytes());
        records.extend_from_slice(&((latitude * 100.0).round() as i16).to_le_bytes());
        records.extend_from_slice(&((longitude * 100.0).round() as i16).to_le_bytes());
        records.extend_from_slice(&[first, second]);
        let division = region.split_once('-').map_or("", |(_, division)| division);
        let packed = pack_division(division).ok_or_else(|| fields.error(format!("{region:?} is no region")))?;
        records.extend_from_slice(&packed.to_le_bytes());
        offsets.extend_from_slice(&(names.len() as u32).to_le_bytes());
        names.extend_from_slice(name.as_bytes());
        for key in std::iter::once(name).chain(alternates.split('|')).map(fold) {
            if !key.is_empty() {
                let list = by_name.entry(key).or_default();
                if list.last() != Some(&city) {
                    list.push(city);
                }
            }
        }
    }
    offsets.extend_from_slice(&(names.len() as u32).to_le_bytes());
    let (cities_fst, cities_lists) = pack_lists("cities.tsv", by_name)?;

    let sections: [Vec<u8>; SECTIONS] =
        [variants_fst, variants_lists, given_fst, cities_fst, cities_lists, records, offsets, names];
    let mut hash = Sha256::new();
    for section in &sections {
        hash.update(section);
    }
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&(SECTIONS as u32).to_le_bytes());
    for section in &sections {
        out.extend_from_slice(&(section.len() as u32).to_le_bytes());
    }
    out.extend_from_slice(&hash.finalize());
    for section in &sections {
        out.extend_from_slice(section);
    }
    Ok(out)
}

/// What a region's code has after the country's, as a number: up to three small letters or digits; 0 for none.
fn pack_division(division: &str) -> Option<u16> {
    if division.len() > 3 {
        return None;
    }
    division.bytes().try_fold(0u16, |packed, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0' + 1,
            b'a'..=b'z' => byte - b'a' + 11,
            _ => return None,
        };
        Some(packed * 37 + u16::from(digit))
    })
}

/// The opposite of [`pack_division`].
pub(super) fn unpack_division(mut packed: u16) -> String {
    let mut bytes = Vec::new();
    while packed > 0 {
        let digit = (packed % 37) as u8;
        bytes.push(if digit > 10 { b'a' + digit - 11 } else { b'0' + digit.max(1) - 1 });
        packed /= 37;
    }
    bytes.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// Lines with a number, without comments and empty ones.
pub(super) fn rows(table: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(table.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Each key's list, as an offset and a length, and the lists themselves.
fn pack_lists(table: &'static str, lists: BTreeMap<String, Vec<u32>>) -> Result<(Vec<u8>, Vec<u8>), BuildError> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut map = BTreeMap::new();
    for (key, list) in lists {
        let longest = (1usize << LENGTH_BITS) - 1;
        let list = list.get(..longest).unwrap_or(&list);
        map.insert(key, ((bytes.len() / 4) as u64) << LENGTH_BITS | list.len() as u64);
        for item in list {
            bytes.extend_from_slice(&item.to_le_bytes());
        }
    }
    Ok((pack_map(table, map)?, bytes))
}

fn pack_map(table: &'static str, map: BTreeMap<String, u64>) -> Result<Vec<u8>, BuildError> {
    let failed = |error: fst::Error| BuildError { table, line: 0, problem: error.to_string() };
    let mut builder = fst::MapBuilder::memory();
    for (key, value) in map {
        builder.insert(key, value).map_err(failed)?;
    }
    builder.into_inner().map_err(failed)
}

struct Fields<'a> {
    table: &'static str,
    line: usize,
    fields: std::str::Split<'a, char>,
}

impl<'a> Fields<'a> {
    fn error(&self, problem: impl Into<String>) -> BuildError {
        BuildError { table: self.table, line: self.line, problem: problem.into() }
    }

    fn text(&mut self) -> Result<&'a str, BuildError> {
        self.fields.next().ok_or_else(|| self.error("a field is missing"))
    }

    fn number<T: std::str::FromStr>(&mut self) -> Result<T, BuildError> {
        let text = self.text()?;
        text.parse().map_err(|_| self.error(format!("{text:?} is not a number")))
    }
}
