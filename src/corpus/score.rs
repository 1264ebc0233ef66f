//! How likely two units are one thing.

use std::collections::BTreeSet;

use crate::{
    document::LinkReason,
    lexicon::{Lexicon, is_common_surname},
    names::{self, NameKey},
    schema::EntityType,
};

use super::{
    namesakes::{are_namesakes, are_of_two_countries, base},
    profile::{Context, Profile},
};

/// A unit with its name made ready for comparison.
#[derive(Debug, Clone)]
pub struct Prepared {
    profile: Profile,
    name: NameKey,
    /// Whether it is a person whose family name is in no list of names, and none of the commonest.
    is_rare: bool,
}

impl Prepared {
    /// Reads the name of a unit.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        let name = NameKey::new(profile.entity_type, profile.name());
        let family_name = name
            .person()
            .and_then(|person| if person.family_first { person.given.as_deref() } else { person.surname.as_deref() });
        let is_rare = family_name.is_some_and(|family_name| {
            !is_common_surname(family_name) && Lexicon::embedded().name_groups(family_name).next().is_none()
        });
        Self { profile, name, is_rare }
    }

    /// What names it in files.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.profile.key
    }

    /// What the documents tell of it.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The blocks in which it meets units that may be the same, in order.
    #[must_use]
    pub fn blocks(&self) -> Vec<String> {
        if !is_compared(self.profile.entity_type) {
            return Vec::new();
        }
        let mut blocks = self.name.blocks();
        blocks.push(base(&self.profile.key).to_owned());
        blocks.extend(self.profile.aliases.keys().cloned());
        // A place with a link meets what bears its name without one.
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    }
}

/// Whether names of a type are compared; titles are one for each wording, dates for each normal form.
#[must_use]
pub fn is_compared(entity_type: EntityType) -> bool {
    !matches!(entity_type.base(), EntityType::Title | EntityType::Date)
}

/// What speaks for two units being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairReason {
    /// Their names, by a rule of [`names`].
    Names(LinkReason),
    /// Documents use both names for one entity.
    Alias,
    /// Documents use a third name for either.
    SharedAlias,
    /// A person decided so.
    Decision,
}

impl PairReason {
    /// The name used in files, such as `spelling_variant` or `alias`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Names(reason) => reason.name(),
            Self::Alias => "alias",
            Self::SharedAlias => "shared_alias",
            Self::Decision => "decision",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let known = [Self::Alias, Self::SharedAlias, Self::Decision];
        let names = LinkReason::ALL.into_iter().map(Self::Names);
        known.into_iter().chain(names).find(|reason| reason.name() == name)
    }
}

/// A scored pair of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Log-odds of being one thing, in thousandths: whole numbers add up alike in any order.
    pub odds: i32,
    /// What speaks for it.
    pub reason: PairReason,
    /// Number of documents that use both names for one entity.
    pub alias_documents: u32,
    /// Features of context that both have.
    pub shared_context: u32,
}

impl Pair {
    /// What a person decided.
    #[must_use]
    pub fn decision() -> Self {
        Self { odds: Self::DECIDED, reason: PairReason::Decision, alias_documents: 0, shared_context: 0 }
    }

    /// Odds that nothing outweighs.
    pub const DECIDED: i32 = 1_000_000;

    /// The odds as a probability, 0 to 1.
    #[must_use]
    pub fn probability(&self) -> f32 {
        1.0 / (1.0 + (-(self.odds as f32) / 1000.0).exp())
    }
}

/// What a pair is judged by, one number for each weight.
pub type Features = [f32; FEATURES.len()];

/// The names of the features.
pub const FEATURES: [&str; 21] = [
    "any",
    "person: same name",
    "person: part of name",
    "person: spelling",
    "person: known alias",
    "organization: same name",
    "organization: part of name",
    "organization: spelling",
    "organization: known alias",
    "organization: acronym",
    "other: same name",
    "other: part of name",
    "other: spelling",
    "other: alias or acronym",
    "strength of the match of names",
    "rare name",
    "a document uses both names",
    "third name shared",
    "company and relations shared",
    "title shared",
    "no country shared",
];

/// Log-odds for each feature; see [`FEATURES`].
///
/// Fitted by `cargo bench --bench across -- --fit` to pairs of names whose identity is known, starting from [`PRIOR`].
pub const WEIGHTS: Features = [
    -0.26, // any
    2.33, -0.18, 0.96, -0.17, // person
    2.53, 0.14, 1.37, 2.15, -0.19, // organization
    2.07, -1.17, 0.44, 0.85,  // other
    0.31,  // strength of the match of names, for each tenth above 0.9
    0.97,  // rare name
    1.86,  // a document uses both names; for the logarithm of documents
    0.86,  // third name shared
    0.19,  // company and relations shared, for each of up to three
    0.60,  // title shared
    -1.15, // no country shared
];

/// Log-odds as they were set by hand, to which the fit is drawn where examples are few.
pub const PRIOR: Features = [
    -1.0, // any
    2.0, -0.2, 1.0, 0.2, // person
    2.0, -1.2, 0.8, 2.0, -0.6, // organization
    2.0, -0.8, 0.6, 1.2, // other
    0.35, 0.8, 3.0, 1.2, 0.9, 0.6, -1.0,
];

/// Pairs with lower odds, in thousandths, are not worth keeping: not even a person would join them.
const LEAST_ODDS: i32 = -3000;

/// Scores two units; nothing if nothing speaks for them, or something forbids that they are one.
#[must_use]
pub fn score(a: &Prepared, b: &Prepared, together: impl FnOnce() -> u32) -> Option<Pair> {
    let (features, reason) = features(a, b)?;
    let alias_documents = alias_documents(&a.profile, &b.profile);
    if forbids(a, b) || together() > alias_documents {
        return None;
    }
    let sum: f32 = features.iter().zip(&WEIGHTS).map(|(feature, weight)| feature * weight).sum();
    // Far below the precision of the sum, so that it is the same on every machine.
    let odds = (sum * 1000.0).round() as i32;
    let shared_context = shared(&a.profile, &b.profile, |_| true);
    (odds >= LEAST_ODDS).then_some(Pair { odds, reason, alias_documents, shared_context })
}

/// What keeps two units apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bar {
    /// They are of different types.
    Types,
    /// They are two things of one name.
    Namesakes,
    /// They are bodies of two countries.
    Countries,
    /// They have different links to a knowledge base.
    Links,
    /// Their dates of birth or death contradict each other.
    Dates,
    /// Their names contradict each other.
    Names,
    /// A document has them side by side, as two.
    Together,
    /// People parted them.
    Decision,
    /// The shorter name speaks about as much for another thing.
    Torn,
    /// All names of the one, and of the other, fit too badly.
    Others,
}

/// Whether two units cannot be one thing: other links, other dates of birth, names that contradict each other.
#[must_use]
pub fn forbids(a: &Prepared, b: &Prepared) -> bool {
    bar(a, b).is_some()
}

/// What forbids that two units are one thing.
pub(super) fn bar(a: &Prepared, b: &Prepared) -> Option<Bar> {
    let (left, right) = (&a.profile, &b.profile);
    if left.entity_type != right.entity_type {
        return Some(Bar::Types);
    }
    if are_namesakes(&left.key, &right.key) {
        return Some(Bar::Namesakes);
    }
    if are_of_two_countries(&left.key, &right.key) {
        return Some(Bar::Countries);
    }
    if matches!((&left.link, &right.link), (Some(left), Some(right)) if left != right) {
        return Some(Bar::Links);
    }
    if dates_differ(left, right) {
        return Some(Bar::Dates);
    }
    (alias_documents(left, right) == 0 && names::conflict(&a.name, &b.name)).then_some(Bar::Names)
}

/// What a pair is judged by, and the main reason; nothing if nothing speaks for it.
#[must_use]
pub fn features(a: &Prepared, b: &Prepared) -> Option<(Features, PairReason)> {
    let (left, right) = (&a.profile, &b.profile);
    if left.entity_type != right.entity_type || left.key == right.key {
        return None;
    }
    let found = names::compare(&a.name, &b.name);
    let alias = alias_documents(left, right);
    let third = left.aliases.keys().any(|key| right.aliases.contains_key(key));
    let mut features: Features = [0.0; FEATURES.len()];
    let mut set = |feature: usize, value: f32| {
        if let Some(slot) = features.get_mut(feature) {
            *slot = value;
        }
    };
    set(0, 1.0);
    if let Some(found) = found {
        set(feature_of(left.entity_type, found.reason), 1.0);
        set(14, (found.strength - 0.9) * 10.0);
        set(15, f32::from(u8::from(a.is_rare && b.is_rare)));
    }
    // Logarithms to the base of two, of one more than the number of documents; the same on every machine.
    let logarithms = [0.0, 1.0, 1.585, 2.0, 2.322, 2.585, 2.807];
    set(16, logarithms.get(alias as usize).copied().unwrap_or(3.0));
    set(17, f32::from(u8::from(third)));
    let company = shared(left, right, |class| matches!(class, Context::COMPANY | Context::RELATED));
    set(18, company.min(3) as f32);
    set(19, shared(left, right, |class| class == Context::TITLE).min(1) as f32);
    let has_country = |profile: &Profile| profile.context.iter().any(|feature| feature.class() == Context::COUNTRY);
    let no_country =
        has_country(left) && has_country(right) && shared(left, right, |class| class == Context::COUNTRY) == 0;
    set(20, f32::from(u8::from(no_country)));
    let reason = match found {
        _ if alias > 0 => PairReason::Alias,
        Some(found) => PairReason::Names(found.reason),
        None if third => PairReason::SharedAlias,
        None => return None,
    };
    Some((features, reason))
}

/// The place of a rule's feature.
fn feature_of(entity_type: EntityType, reason: LinkReason) -> usize {
    let kind = match reason {
        LinkReason::SameName | LinkReason::LegalForm | LinkReason::SameDate => 0,
        LinkReason::PartOfName => 1,
        LinkReason::SpellingVariant => 2,
        LinkReason::KnownAlias | LinkReason::Metonym | LinkReason::Speaker | LinkReason::Model => 3,
        LinkReason::Acronym => 4,
    };
    match entity_type.base() {
        EntityType::Person => 1 + kind.min(3),
        EntityType::Organization => 5 + kind,
        _ => 10 + kind.min(3),
    }
}

/// In how many documents one entity has the names of both.
fn alias_documents(a: &Profile, b: &Profile) -> u32 {
    let uses = |a: &Profile, b: &Profile| a.aliases.get(base(&b.key)).map_or(0, |(_, documents)| *documents);
    uses(a, b).saturating_add(uses(b, a))
}

/// Number of features of some classes that both have.
pub(super) fn shared(a: &Profile, b: &Profile, counts: impl Fn(u32) -> bool) -> u32 {
    let both = a.context.intersection(&b.context).filter(|feature| counts(feature.class())).count();
    u32::try_from(both).unwrap_or(u32::MAX)
}

/// Whether both have dates of one kind and none of the one's fits one of the other's: "1952" fits "1952-03-02".
fn dates_differ(a: &Profile, b: &Profile) -> bool {
    dates_contradict(&a.dates, &b.dates)
}

/// See [`Profile::dates`].
pub(super) fn dates_contradict(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let both = |kind: char| of_kind(a, kind).next().is_some() && of_kind(b, kind).next().is_some();
    let exact = ['b', 'd'].into_iter().any(|kind| {
        let fits = |x: &str| of_kind(b, kind).any(|y| x.starts_with(y) || y.starts_with(x));
        both(kind) && !of_kind(a, kind).any(fits)
    });
    exact || !both('b') && ages_contradict(a, b)
}

/// Years between two births that ages tell of, from which on they are two people's: ages are rounded, and documents are
/// read and dated later.
const OTHER_AGE: i32 = 5;

/// Whether all years of birth of one are far from all of another, where at least one of them has them from ages.
fn ages_contradict(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    fn years(dates: &BTreeSet<String>) -> impl Iterator<Item = i32> {
        let births = ['a', 'b'].into_iter().flat_map(|kind| of_kind(dates, kind));
        births.filter_map(|date| date.get(..4)?.parse().ok())
    }
    let far = |x: i32| years(b).all(|y| (x - y).abs() >= OTHER_AGE);
    years(a).next().is_some() && years(b).next().is_some() && years(a).all(far)
}

/// The dates of one kind.
fn of_kind(dates: &BTreeSet<String>, kind: char) -> impl Iterator<Item = &str> {
    dates.iter().filter_map(move |date| date.strip_prefix(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A person known by one name.
    fn person(name: &str) -> Prepared {
        let mut profile = Profile::new(&format!("PERSON\u{1f}name\u{1f}{}", name.to_lowercase()), EntityType::Person);
        profile.spellings.insert(name.to_owned(), 1);
        Prepared::new(profile)
    }

    #[test]
    fn names_of_very_many_are_not_rare() {
        for name in ["Maria Tarkin", "Maria Elena Vellacott"] {
            assert!(person(name).is_rare, "{name}");
        }
        for surname in ["Hernández", "Torres", "Patel", "Sharma", "Kumar", "Yılmaz", "Diallo", "Tanaka", "García"] {
            assert!(!person(&format!("Maria {surname}")).is_rare, "{surname}");
        }
        // The family name that stands first is what counts.
        let chinese = person("Xu Qingzhen");
        assert!(chinese.name.person().is_some_and(|person| person.family_first));
        assert!(!chinese.is_rare);
    }

    #[test]
    fn a_common_name_alone_joins_nobody() {
        let odds = |a: &str, b: &str| score(&person(a), &person(b), || 0).map(|pair| pair.odds);
        let rare = odds("Maria Elena Vellacott", "Maria Vellacott");
        let common = odds("Maria Elena Hernández", "Maria Hernández");
        assert!(rare > common && common.is_some_and(|odds| odds < 0), "{rare:?} {common:?}");
    }

    #[test]
    fn dates_fit_or_contradict() {
        let set = |dates: &str| -> BTreeSet<String> { dates.split_whitespace().map(str::to_owned).collect() };
        let check = |a: &str, b: &str, expected: bool| {
            assert_eq!(dates_contradict(&set(a), &set(b)), expected, "{a} {b}");
            assert_eq!(dates_contradict(&set(b), &set(a)), expected, "{b} {a}");
        };
        check("b1952", "b1952-03-02", false);
        check("b1952", "b1953", true);
        check("b1952 d2010", "b1952 d2011", true);
        check("b1952", "d2010", false);
        check("b1952 b1953", "b1953-01", false);
        check("", "b1952", false);
        // From ages, some years more or less.
        check("a1952", "a1954", false);
        check("a1952", "a1957", true);
        check("a1952", "b1956-03-02", false);
        check("a1952", "b1957-03-02", true);
        check("a1952 a1978", "a1980", false);
        check("a1952 b1980", "a1978 b1980-04", false);
        check("a1952 b1980", "a1952 b1981", true);
        check("a1952", "d1960", false);
        check("a1952", "", false);
    }
}
