//! What the documents of a corpus tell about one name.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{lexicon, schema::EntityType};

/// Features of one class that a unit keeps.
const MAX_CONTEXT: usize = 128;

/// A trait of the company that an entity keeps in a document, hashed: features are compared and never read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context(u32);

impl Context {
    /// Another thing that the document names.
    pub const COMPANY: u32 = 0;
    /// A thing that stands in a relation with it.
    pub const RELATED: u32 = 1;
    /// A title that it holds.
    pub const TITLE: u32 = 2;
    /// A country that the document speaks of.
    pub const COUNTRY: u32 = 3;

    /// A feature of a class, one of the constants.
    #[must_use]
    pub fn new(class: u32, name: &str) -> Self {
        // FNV-1a: the same on every machine and in every version.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self((hash & 0x3fff_ffff) | (class << 30))
    }

    /// Its class.
    #[must_use]
    pub fn class(self) -> u32 {
        self.0 >> 30
    }

    /// As a number, to be stored.
    #[must_use]
    pub fn to_bits(self) -> u32 {
        self.0
    }

    /// From such a number.
    #[must_use]
    pub fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// A unit, and what its documents tell of it; sums and sets alone, so that the order of documents does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What names the unit in files: type, kind of key, and folded name or link, with separators.
    pub key: String,
    /// What it is.
    pub entity_type: EntityType,
    /// The spellings of its own name with the number of mentions.
    pub spellings: BTreeMap<String, u32>,
    /// Other names that documents prove for it, by key, with a spelling and the number of documents.
    pub aliases: BTreeMap<String, (String, u32)>,
    /// Identifier in a knowledge base.
    pub link: Option<String>,
    /// Dates that contradict each other if they differ: `b1952-03-02` of birth, `d2010` of death; and `a1952` of birth as an
    /// age tells it, which contradicts what is years off.
    pub dates: BTreeSet<String>,
    /// The company it keeps.
    pub context: BTreeSet<Context>,
    /// Its documents, by numbers that the caller chooses; in order.
    pub documents: Vec<u64>,
}

impl Profile {
    /// A unit that no document has yet.
    #[must_use]
    pub fn new(key: &str, entity_type: EntityType) -> Self {
        Self {
            key: key.to_owned(),
            entity_type,
            spellings: BTreeMap::new(),
            aliases: BTreeMap::new(),
            link: None,
            dates: BTreeSet::new(),
            context: BTreeSet::new(),
            documents: Vec::new(),
        }
    }

    /// The commonest spelling of its name; among equals one in capitals and small letters, then the first in order. A place
    /// is not cried out, however many datelines do.
    #[must_use]
    pub fn name(&self) -> &str {
        let spellings = self.spellings.iter().map(|(name, mentions)| (name.as_str(), u64::from(*mentions)));
        commonest(self.entity_type, spellings).unwrap_or_default()
    }

    /// Adds features of context.
    ///
    /// Of very many the smallest of each class are kept, a sample that does not depend on the order in which they come.
    pub fn add_context(&mut self, features: impl IntoIterator<Item = Context>) {
        self.context.extend(features);
        // Not at each call: what is too large now would be so later.
        if self.context.len() > 8 * MAX_CONTEXT {
            self.sample_context();
        }
    }

    /// Keeps the smallest features of each class; to be called when all have been added.
    pub fn sample_context(&mut self) {
        let mut kept = [0_usize; 4];
        self.context.retain(|feature| {
            let Some(count) = kept.get_mut(feature.class() as usize) else { return false };
            *count += 1;
            *count <= MAX_CONTEXT
        });
    }

    /// In how many documents both stand.
    #[must_use]
    pub fn documents_with(&self, other: &Profile) -> u32 {
        let (short, long) = if self.documents.len() <= other.documents.len() { (self, other) } else { (other, self) };
        let both = short.documents.iter().filter(|document| long.documents.binary_search(document).is_ok()).count();
        u32::try_from(both).unwrap_or(u32::MAX)
    }
}

/// The commonest of the spellings of one name, each with its mentions; see [`Profile::name`].
pub(crate) fn commonest<'a>(
    entity_type: EntityType,
    spellings: impl IntoIterator<Item = (&'a str, u64)>,
) -> Option<&'a str> {
    let rank = |(name, mentions): &(&'a str, u64)| {
        let is_cased = is_cased(entity_type, name);
        (entity_type.base() == EntityType::Place && is_cased, *mentions, is_cased, Reverse(*name))
    };
    spellings.into_iter().max_by_key(rank).map(|(name, _)| name)
}

/// Whether a name is written in capitals and small letters, as names are, and neither cried out nor without capitals.
///
/// Acronyms of bodies are all capitals, those of places have three letters at the most, since datelines cry out the rest;
/// and scripts that know but one kind of letters are as they are.
pub(crate) fn is_cased(entity_type: EntityType, name: &str) -> bool {
    let (has_capitals, has_small) = (name.chars().any(char::is_uppercase), name.chars().any(char::is_lowercase));
    let may_be_acronym = has_capitals
        && match entity_type.base() {
            EntityType::Person => false,
            EntityType::Place => name.chars().filter(|c| c.is_alphabetic()).count() <= 3,
            _ => true,
        };
    has_capitals == has_small || (may_be_acronym && lexicon::is_acronym(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_spelling_names_a_unit() {
        let mut profile = Profile::new("PERSON", EntityType::Person);
        assert_eq!(profile.name(), "");
        profile.spellings =
            [("Ana Costa", 2), ("ANA COSTA", 2), ("Ana COSTA", 1)].map(|(a, b)| (a.to_owned(), b)).into();
        assert_eq!(profile.name(), "Ana Costa", "names are not cried out");
        *profile.spellings.entry("ANA COSTA".to_owned()).or_default() += 1;
        assert_eq!(profile.name(), "ANA COSTA", "unless most are");
    }

    #[test]
    fn datelines_name_no_place() {
        let check = |entity_type, spellings: &[(&'static str, u64)], expected: &str| {
            assert_eq!(commonest(entity_type, spellings.iter().copied()), Some(expected), "{spellings:?}");
        };
        check(EntityType::Place, &[("RAMONA", 5), ("Ramona", 1)], "Ramona");
        check(EntityType::Place, &[("AVON", 5), ("Avon", 1)], "Avon");
        check(EntityType::Place, &[("U.S.", 5), ("u.s.", 1)], "U.S.");
        check(EntityType::Place, &[("RAMONA", 5)], "RAMONA");
        check(EntityType::Place, &[("Ramona", 1), ("Ramóna", 2)], "Ramóna");
        check(EntityType::Organization, &[("NORDBANK", 5), ("Nordbank", 1)], "NORDBANK");
    }

    #[test]
    fn acronyms_are_all_capitals() {
        let check = |entity_type, name: &str, expected: bool| {
            assert_eq!(is_cased(entity_type, name), expected, "{name:?}");
        };
        check(EntityType::Person, "Ana Costa", true);
        check(EntityType::Person, "ANA COSTA", false);
        check(EntityType::Person, "ana costa", false);
        check(EntityType::Person, "COSTA", false);
        check(EntityType::Person, "\u{905}\u{928}\u{93e}", true);
        check(EntityType::Organization, "NORDVIK SHIPPING", false);
        check(EntityType::Organization, "UNESCO", true);
        check(EntityType::Place, "U.S.", true);
        check(EntityType::Place, "UAE", true);
        check(EntityType::Place, "AVON", false);
    }

    #[test]
    fn the_sample_of_context_does_not_depend_on_the_order() {
        let features: Vec<Context> = (0..5000).map(|n| Context::new(n % 3, &n.to_string())).collect();
        let sample = |features: &mut dyn Iterator<Item = Context>| {
            let mut profile = Profile::new("PERSON", EntityType::Person);
            features.for_each(|feature| profile.add_context([feature]));
            profile.sample_context();
            profile.context
        };
        let forwards = sample(&mut features.iter().copied());
        assert_eq!(forwards, sample(&mut features.iter().rev().copied()));
        assert_eq!(forwards.len(), 3 * MAX_CONTEXT);
    }

    #[test]
    fn features_keep_their_class() {
        for class in 0..4 {
            let feature = Context::new(class, "ORGANIZATION nordbank");
            assert_eq!((feature.class(), Context::from_bits(feature.to_bits())), (class, feature));
        }
        assert_ne!(Context::new(0, "a"), Context::new(0, "b"));
    }
}
