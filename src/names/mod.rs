//! Tells from two names alone whether they may be one thing, within a document or across documents.
//!
//! A [`NameKey`] is made once for each name; [`compare`] and [`conflict`] are then cheap for each pair. Both look at
//! the names and nothing else: whether a surname is ambiguous in the document is for the caller, who sees all pairs.
//! [`NameKey::blocks`] gives the keys under which names of one thing meet, so that not every pair has to be compared.

mod bylines;
mod organization;
mod party;
mod person;
mod place;
mod words;

use crate::{
    document::LinkReason,
    lexicon::{Lexicon, People, fold},
    schema::EntityType,
};

pub(crate) use bylines::bylines;
use organization::OrganizationName;
pub(crate) use organization::telling_form;
pub use party::party;
pub(crate) use party::party_of;
use person::PersonKey;
pub use person::{PersonName, person_parts};
pub(crate) use person::{is_suffix, is_surname_particle, is_title_or_given_name};
use place::PlaceName;
pub(crate) use words::syllables;
use words::{is_subsequence, number_of, same_bag, stem};

/// That two names may be one entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NameMatch {
    /// Why.
    pub reason: LinkReason,
    /// How sure the names alone make it, above 0 and at most 1.
    pub strength: f32,
}

impl NameMatch {
    fn new(reason: LinkReason, strength: f32) -> Option<Self> {
        Some(Self { reason, strength })
    }
}

/// A name made ready for comparison.
#[derive(Debug, Clone)]
pub struct NameKey {
    entity_type: EntityType,
    /// Folded text without article and possessive.
    folded: String,
    /// Years, ordinals, counts; sorted.
    numbers: Vec<u32>,
    detail: Detail,
}

#[derive(Debug, Clone)]
enum Detail {
    Person(Box<PersonKey>),
    Organization(Box<OrganizationName>),
    Place(Box<PlaceName>),
    Group { people: Option<People>, words: Vec<String> },
    Words { words: Vec<String>, acronym: Option<String>, initials: Vec<String> },
}

impl NameKey {
    /// Reads a name of a type; the text is the mention as it stands in the document.
    #[must_use]
    pub fn new(entity_type: EntityType, text: &str) -> Self {
        let lexicon = Lexicon::embedded();
        let text = without_own_acronym(entity_type, text);
        let folded = fold(text);
        let bare = without_articles(&folded);
        let mut numbers: Vec<u32> = bare.split(' ').filter_map(number_of).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let detail = match entity_type.base() {
            EntityType::Person => Detail::Person(Box::new(PersonKey::new(text, lexicon))),
            EntityType::Organization => Detail::Organization(Box::new(OrganizationName::new(text, bare, lexicon))),
            EntityType::Place => Detail::Place(Box::new(PlaceName::new(text, bare, lexicon))),
            EntityType::Group => {
                Detail::Group { people: lexicon.people(text), words: bare.split(' ').map(stem).collect() }
            }
            EntityType::Event | EntityType::Title | EntityType::Date | EntityType::Work | EntityType::Own(_) => {
                Detail::Words {
                    words: plain_words(bare),
                    acronym: words::acronym(text),
                    initials: words::initials(text),
                }
            }
        };
        Self { entity_type, folded: bare.to_owned(), numbers, detail }
    }

    /// The type of the entity.
    #[must_use]
    pub fn entity_type(&self) -> EntityType {
        self.entity_type
    }

    /// The name in lower case, without accents, punctuation, article and possessive.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The parts of a person's name; nothing for other types.
    #[must_use]
    pub fn person(&self) -> Option<&PersonName> {
        match &self.detail {
            Detail::Person(person) => Some(&person.name),
            _ => None,
        }
    }

    /// Whether the name says what kind of body it is and not which: "Supreme Court", "the police", "Second Brigade".
    #[must_use]
    pub fn is_generic(&self) -> bool {
        matches!(&self.detail, Detail::Organization(organization) if organization.is_generic())
    }

    /// Keys under which two names of one thing are likely to meet, the most telling first, each once.
    ///
    /// They find candidates and prove nothing: consonants of surnames, words that make a name its own, letters of
    /// acronyms. Names of different types share none.
    #[must_use]
    pub fn blocks(&self) -> Vec<String> {
        let mut parts = vec![format!("e {}", self.folded)];
        match &self.detail {
            Detail::Person(person) => person.blocks(&mut parts),
            Detail::Organization(organization) => organization.blocks(&mut parts),
            Detail::Place(place) => place.blocks(&mut parts),
            Detail::Group { people, words } => {
                parts.extend(people.map(|people| format!("n {}", people.id)));
                parts.extend(words.iter().map(|word| format!("w {word}")));
            }
            Detail::Words { words, acronym, initials } => {
                parts.extend(acronym.iter().chain(initials).map(|letters| format!("a {letters}")));
                parts.extend(words.iter().map(|word| format!("w {word}")));
            }
        }
        let mut blocks: Vec<String> = Vec::with_capacity(parts.len());
        for part in parts {
            let block = format!("{} {part}", self.entity_type.name());
            if !blocks.contains(&block) {
                blocks.push(block);
            }
        }
        blocks
    }
}

/// Whether two names may be one entity, why, and how sure that is; nothing if the names do not speak for it.
#[must_use]
pub fn compare(first: &NameKey, second: &NameKey) -> Option<NameMatch> {
    if first.entity_type != second.entity_type || first.folded.is_empty() || second.folded.is_empty() {
        return None;
    }
    match (&first.detail, &second.detail) {
        (Detail::Person(a), Detail::Person(b)) => person::compare(a, b),
        _ if first.folded == second.folded => NameMatch::new(LinkReason::SameName, 1.0),
        (Detail::Organization(a), Detail::Organization(b)) => {
            if numbers_differ(first, second) {
                None
            } else {
                organization::compare(a, b)
            }
        }
        (Detail::Place(a), Detail::Place(b)) => {
            if numbers_differ(first, second) {
                None
            } else {
                place::compare(a, b)
            }
        }
        (Detail::Group { people: a, words: left }, Detail::Group { people: b, words: right }) => {
            compare_groups(a.as_ref(), left, b.as_ref(), right)
        }
        (Detail::Words { .. }, Detail::Words { .. }) => match first.entity_type.base() {
            EntityType::Title => compare_titles(&first.detail, &second.detail),
            EntityType::Event | EntityType::Work if !numbers_differ(first, second) => {
                compare_words(&first.detail, &second.detail)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether two names speak against being one entity: other given names with one surname, other numbers, other places or
/// legal forms in otherwise equal names. Names that have nothing to do with each other are no conflict.
#[must_use]
pub fn conflict(first: &NameKey, second: &NameKey) -> bool {
    if first.entity_type != second.entity_type || first.folded == second.folded {
        return false;
    }
    match (&first.detail, &second.detail) {
        (Detail::Person(a), Detail::Person(b)) => person::conflict(a, b),
        (Detail::Organization(a), Detail::Organization(b)) => {
            numbers_differ(first, second) || organization::conflict(a, b)
        }
        (Detail::Place(a), Detail::Place(b)) => numbers_differ(first, second) || place::conflict(a, b),
        (Detail::Group { people: Some(a), .. }, Detail::Group { people: Some(b), .. }) => a.id != b.id,
        (Detail::Words { words: left, .. }, Detail::Words { words: right, .. }) => match first.entity_type.base() {
            // One entity for each wording.
            EntityType::Title => compare(first, second).is_none(),
            EntityType::Event | EntityType::Work => {
                numbers_differ(first, second)
                    || (left.len() > 1
                        && right.len() > 1
                        && left.iter().any(|word| right.contains(word))
                        && compare(first, second).is_none())
            }
            _ => false,
        },
        _ => false,
    }
}

/// Code of the territory whose government a capital or seat of government may stand for: `ru` for "the Kremlin".
#[must_use]
pub fn metonym_country(name: &str) -> Option<&'static str> {
    let lexicon = Lexicon::embedded();
    lexicon.territory_by_seat(name).or_else(|| lexicon.territory_by_capital(name)).map(|territory| territory.code)
}

/// Code of the country that a place name names: `us` for "United States".
#[must_use]
pub fn country(name: &str) -> Option<&'static str> {
    Lexicon::embedded().country_by_name(name).map(|territory| territory.code)
}

/// Whether a name is written as an acronym: `WHO`, `U.N.`, `AfD`.
#[must_use]
pub fn is_acronym(name: &str) -> bool {
    words::acronym(name).is_some()
}

/// A name as it is shown: white space runs and controls made single blanks, ends trimmed, and without soft hyphens, blanks
/// of no width, and the marks of quoted mail before a line in which it goes on.
pub(crate) fn tidy(name: &str) -> String {
    let is_mark = |word: &str| word.bytes().all(|byte| byte == b'>');
    // Not the joiners, which some scripts are spelled with.
    let seen: String = name.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')).collect();
    let words = seen.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !is_mark(word)).collect::<Vec<_>>().join(" ")
}

/// A name without its own acronym behind it: "Alliance for Change (AFC)".
fn without_own_acronym(entity_type: EntityType, text: &str) -> &str {
    let named = matches!(entity_type.base(), EntityType::Organization | EntityType::Event | EntityType::Work);
    let parts = text.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once('('));
    match parts {
        Some((long, short)) if named && !long.trim().is_empty() => {
            let letters = words::acronym(short.trim());
            if letters.is_some_and(|letters| words::initials(long).contains(&letters)) { long.trim_end() } else { text }
        }
        _ => text,
    }
}

fn without_articles(folded: &str) -> &str {
    let rest = folded.strip_prefix("the ").or_else(|| folded.strip_prefix("a ")).unwrap_or(folded);
    rest.trim()
}

fn numbers_differ(first: &NameKey, second: &NameKey) -> bool {
    !first.numbers.is_empty() && !second.numbers.is_empty() && first.numbers != second.numbers
}

/// Words that carry meaning, numbers in one form, plurals off.
fn plain_words(folded: &str) -> Vec<String> {
    folded
        .split(' ')
        .filter(|word| !words::is_small(word))
        .map(|word| number_of(word).map_or_else(|| stem(word), |number| number.to_string()))
        .collect()
}

fn compare_groups(a: Option<&People>, left: &[String], b: Option<&People>, right: &[String]) -> Option<NameMatch> {
    if let (Some(a), Some(b)) = (a, b) {
        // Adjective and noun are one entity, though their stems may differ: Danish, Danes.
        return if a.id == b.id { NameMatch::new(LinkReason::KnownAlias, 0.95) } else { None };
    }
    if left == right {
        return NameMatch::new(LinkReason::SameName, 0.95);
    }
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    let general = ["muslim", "arab", "christian", "community", "people", "minority", "tribe", "tribesmen", "group"];
    let rest_is_general = long.iter().filter(|word| !short.contains(word)).all(|word| general.contains(&word.as_str()));
    if is_subsequence(short, long) && rest_is_general && !short.iter().any(|word| general.contains(&word.as_str())) {
        return NameMatch::new(LinkReason::PartOfName, 0.7);
    }
    None
}

fn compare_titles(first: &Detail, second: &Detail) -> Option<NameMatch> {
    let (Detail::Words { words: a, .. }, Detail::Words { words: b, .. }) = (first, second) else { return None };
    if a == b { NameMatch::new(LinkReason::SameName, 0.95) } else { None }
}

/// Events and works: the same words in any order, an acronym, or a shortening.
fn compare_words(first: &Detail, second: &Detail) -> Option<NameMatch> {
    let (
        Detail::Words { words: a, acronym: acronym_a, initials: initials_a },
        Detail::Words { words: b, acronym: acronym_b, initials: initials_b },
    ) = (first, second)
    else {
        return None;
    };
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if same_bag(a, b) || a.concat() == b.concat() {
        return NameMatch::new(LinkReason::SameName, 0.95);
    }
    for (acronym, initials) in [(acronym_a, initials_b), (acronym_b, initials_a)] {
        if let Some(acronym) = acronym
            && acronym.len() >= 2
            && initials.contains(acronym)
        {
            return NameMatch::new(LinkReason::Acronym, 0.9);
        }
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.len() == long.len() || !is_subsequence(short, long) {
        return None;
    }
    let is_number = |word: &String| word.chars().all(|char| char.is_ascii_digit());
    if short.iter().all(is_number) {
        return None;
    }
    let rest_is = |test: &dyn Fn(&String) -> bool| long.iter().filter(|word| !short.contains(word)).all(test);
    let strength = if rest_is(&is_number) {
        0.85
    } else if rest_is(&|word| words::is_general_event_word(word))
        && !short.iter().any(|word| words::is_general_event_word(word))
    {
        // "Katrina" for "Hurricane Katrina".
        0.75
    } else if short.len() > 1 {
        0.7
    } else if short.iter().all(|word| words::is_general_event_word(word)) {
        0.45
    } else {
        0.55
    };
    NameMatch::new(LinkReason::PartOfName, strength)
}

#[cfg(test)]
mod tests;
