//! Bodies that go by their kind alone, and the country whose they are: "Sudan's army" is not "Ethiopia's army".

use std::collections::{BTreeMap, BTreeSet};

use super::{Clusters, context::last_bytes};
use crate::{
    document::{Document, LinkReason, Mention},
    lexicon::{Lexicon, fold, fold::without_possessive},
    names::{self, NameKey, NameMatch},
    schema::{EntityType, MentionKind},
};

/// The words for a territory are so many at the most.
const MOST_WORDS: usize = 5;

/// So many bytes beside a body may tell its country.
const NEAR: usize = 80;

/// So many mentions before a body may name the country that its sentence is about.
const AHEAD: usize = 6;

/// How sure a name is of each of several bodies that it may stand for.
pub(super) const OF_SEVERAL: f32 = 0.7;

/// How sure two names are that say the same kind of body and the same country.
const OF_ONE: f32 = 0.95;

/// Words that may stand between a country and its body.
const BETWEEN: [&str; 24] = [
    "embattled",
    "federal",
    "highest",
    "independent",
    "influential",
    "interim",
    "main",
    "military",
    "national",
    "new",
    "own",
    "powerful",
    "provisional",
    "regular",
    "ruling",
    "secret",
    "small",
    "state",
    "top",
    "traditional",
    "transitional",
    "under-funded",
    "vast",
    "weak",
];

/// Nouns for bodies that every state has, without a name.
const STATE_BODIES: [&str; 20] = [
    "army",
    "bank",
    "cabinet",
    "commission",
    "court",
    "force",
    "forces",
    "government",
    "judiciary",
    "military",
    "ministry",
    "navy",
    "parliament",
    "police",
    "prosecutors",
    "regulator",
    "senate",
    "service",
    "services",
    "troops",
];

/// Of those, the ones that stand where they belong: "police in Kenya", but an army may be in another country.
const AT_HOME: [&str; 8] = ["bank", "court", "government", "judiciary", "ministry", "parliament", "police", "senate"];

/// Words that make a body no other country's, although not every one has it: "Constitutional Court", "Air Force".
const OF_A_KIND: [&str; 24] = [
    "air",
    "anti-corruption",
    "antitrust",
    "armed",
    "aviation",
    "border",
    "civil",
    "coast",
    "competition",
    "constitutional",
    "cricket",
    "election",
    "electoral",
    "football",
    "ground",
    "medical",
    "nuclear",
    "olympic",
    "prosecutor's",
    "prosecutors'",
    "reserve",
    "revenue",
    "statistics",
    "tax",
];

impl Clusters {
    /// Tells of which country each body without a name of its own is, if the text speaks of bodies of two countries.
    ///
    /// Those of a country get a name key of their own, so that they are no longer of one name with those of another.
    pub(super) fn tell_countries(&mut self, doc: &Document) {
        let mut generic: BTreeMap<usize, bool> = BTreeMap::new();
        let mut own_country: BTreeMap<usize, Option<(String, &'static str)>> = BTreeMap::new();
        let mut countries: Vec<Option<&'static str>> = vec![None; doc.mentions.len()];
        let mut outside = BTreeSet::new();
        for (id, mention) in doc.mentions.iter().enumerate() {
            if mention.entity_type.base() != EntityType::Organization {
                continue;
            }
            let words = doc.slice(mention.span);
            let Some(key) = self.key_of[id] else {
                countries[id] = if is_state_body(mention, words) { country_beside(doc, mention) } else { None };
                continue;
            };
            let own = own_country.entry(key).or_insert_with(|| body_of_country(words));
            if let Some((_, country)) = own {
                countries[id] = Some(country);
                continue;
            }
            let is_any = || is_any_countrys(words, self.keys[key].is_generic());
            if *generic.entry(key).or_insert_with(is_any)
                && let Some(country) = country_beside(doc, mention)
            {
                countries[id] = Some(country);
                outside.insert(id);
            }
        }
        let told: BTreeSet<&str> = countries.iter().flatten().copied().collect();
        if told.is_empty() {
            return;
        }
        self.tell_subjects(doc, &mut countries, &mut outside);
        let told: BTreeSet<&str> = countries.iter().flatten().copied().collect();
        if told.len() < 2 {
            return;
        }
        let mut parted: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for id in outside {
            let (Some(key), Some(country)) = (self.key_of[id], countries[id]) else { continue };
            let own = *parted.entry((key, country)).or_insert_with(|| {
                let body = self.keys[key].folded().to_owned();
                let own = self.new_key(key);
                self.bodies.of_kind.insert(own, (body, country));
                own
            });
            self.set_key(id, own);
        }
        for (key, own) in own_country {
            if let Some(own) = own {
                self.bodies.of_kind.insert(key, own);
            }
        }
        self.bodies.countries.clone_from(&countries);
        self.bodies.country_of = countries;
    }

    /// Makes a name of the first mention of each body that the text tells apart by its country and calls by a noun alone:
    /// that is the only name it has.
    pub(super) fn name_bodies(&self, doc: &mut Document, groups: &BTreeMap<usize, Vec<usize>>) {
        for group in groups.values() {
            let is_told = |id: &usize| self.bodies.country_of.get(*id).is_some_and(Option::is_some);
            let has_name = group.iter().any(|id| doc.mentions[*id].kind == MentionKind::Name);
            if let Some(mention) =
                group.first().filter(|id| !has_name && is_told(id)).and_then(|id| doc.mentions.get_mut(*id))
                && mention.kind == MentionKind::Nominal
            {
                mention.kind = MentionKind::Name;
            }
        }
    }

    /// Before a text says whose body it means, it may have been that of the country with which the sentence begins:
    /// "Pakistan went to the Supreme Court. India's Supreme Court ...".
    fn tell_subjects(&self, doc: &Document, countries: &mut [Option<&'static str>], outside: &mut BTreeSet<usize>) {
        let mut first_told: BTreeMap<usize, usize> = BTreeMap::new();
        for id in outside.iter().copied() {
            if let Some(key) = self.key_of[id] {
                first_told.entry(key).or_insert(id);
            }
        }
        for (id, country) in countries.iter_mut().enumerate() {
            let first = self.key_of[id].and_then(|key| first_told.get(&key));
            if first.is_some_and(|first| id < *first)
                && let Some(subject) = country_of_subject(doc, id)
            {
                *country = Some(subject);
                outside.insert(id);
            }
        }
    }

    /// Names that may stand for bodies of several countries.
    pub(super) fn names_of_several(&self, pairs: &[(usize, usize)]) -> BTreeSet<usize> {
        let mut countries: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        if self.bodies.of_kind.is_empty() {
            return BTreeSet::new();
        }
        for (a, b) in pairs.iter().copied() {
            for (bare, told) in [(a, b), (b, a)] {
                if let Some(country) = self.may_mean(bare, told) {
                    countries.entry(bare).or_default().insert(country);
                }
            }
        }
        countries.into_iter().filter(|(_, countries)| countries.len() > 1).map(|(bare, _)| bare).collect()
    }

    /// The country of a body that goes by its kind, if the first name says that kind alone.
    fn may_mean(&self, bare: usize, told: usize) -> Option<&'static str> {
        let (body, country) = self.bodies.of_kind.get(&told)?;
        let is_bare =
            self.keys[bare].entity_type() == self.keys[told].entity_type() && !self.bodies.of_kind.contains_key(&bare);
        (is_bare && self.keys[bare].folded() == body).then_some(*country)
    }

    /// What the countries of two names make of their match: nothing if they are two.
    pub(super) fn match_by_country(&self, a: usize, b: usize, found: NameMatch) -> Option<NameMatch> {
        match (self.bodies.of_kind.get(&a), self.bodies.of_kind.get(&b)) {
            (Some((_, left)), Some((_, right))) if left != right => None,
            (Some((left, _)), Some((right, _))) if left == right => {
                Some(NameMatch { reason: LinkReason::SameName, strength: OF_ONE })
            }
            _ => Some(found),
        }
    }

    /// The short and the long name of a pair, if the short one may stand for bodies of several countries.
    pub(super) fn one_of_several(&self, a: usize, b: usize, several: &BTreeSet<usize>) -> Option<(usize, usize)> {
        let is_one = |bare: usize, told: usize| several.contains(&bare) && self.may_mean(bare, told).is_some();
        [(a, b), (b, a)].into_iter().find(|(bare, told)| is_one(*bare, *told))
    }
}

/// Whether two codes are there, and are not one.
pub(super) fn differ(first: Option<&str>, second: Option<&str>) -> bool {
    matches!((first, second), (Some(first), Some(second)) if first != second)
}

/// Whether a noun stands for a body that every state has.
fn is_state_body(mention: &Mention, words: &str) -> bool {
    mention.kind == MentionKind::Nominal && ends_in(words, &STATE_BODIES)
}

fn ends_in(words: &str, list: &[&str]) -> bool {
    let last = words.split_whitespace().next_back().unwrap_or_default();
    list.contains(&last.to_lowercase().as_str())
}

/// Whether a name says what kind of body it is and not which, as names alone tell of some: also where it is written as a
/// plain noun.
fn is_any_countrys(name: &str, is_generic: bool) -> bool {
    let is_kind = |word: &&str| OF_A_KIND.contains(&word.to_lowercase().as_str());
    let is_plain = !name.contains(char::is_uppercase);
    is_generic
        || is_plain
        || name.split_whitespace().any(|word| is_kind(&word)) && {
            let rest: Vec<&str> = name.split_whitespace().filter(|word| !is_kind(word)).collect();
            is_kind_of_body(&rest.join(" "))
        }
}

fn is_kind_of_body(name: &str) -> bool {
    NameKey::new(EntityType::Organization, name).is_generic()
}

/// The kind of body and the country of a name that says these two and nothing else: "Algerian army", "army of Chad".
fn body_of_country(name: &str) -> Option<(String, &'static str)> {
    let words: Vec<&str> = name.split_whitespace().collect();
    // Mexico City has a police of its own.
    let is_town = |word: &&str| matches!(word.to_lowercase().as_str(), "city" | "town" | "county");
    let before = (1..words.len().min(MOST_WORDS + 1)).rev().find_map(|length| {
        let (place, body) = words.split_at_checked(length).filter(|(_, body)| !body.first().is_some_and(is_town))?;
        Some((body.join(" "), country_named(&place.join(" "), true)?))
    });
    let behind = || {
        let at = words.iter().rposition(|word| *word == "of").filter(|at| *at > 0)?;
        let (body, place) = words.split_at_checked(at)?;
        let place = place.get(1..).filter(|place| (1..=MOST_WORDS).contains(&place.len()))?;
        Some((body.join(" "), country_named(&place.join(" "), false)?))
    };
    let (body, country) = before.or_else(behind)?;
    is_any_countrys(&body, is_kind_of_body(&body)).then(|| (fold(&body), country))
}

/// The code of the territory that words in capitals name, or whose people they name if that is asked for.
fn country_named(words: &str, or_people: bool) -> Option<&'static str> {
    let bare = words.strip_prefix("the ").unwrap_or(words);
    if !bare.starts_with(char::is_uppercase) {
        return None;
    }
    let lexicon = Lexicon::embedded();
    let people = || if or_people { lexicon.territory_by_demonym(bare) } else { None };
    let code = lexicon.territory_by_name(bare).or_else(people)?.code;
    // Few tell the one from the other.
    Some(if code == "gb-eng" { "gb" } else { code })
}

/// The country that the words right before a body, or right behind it, say it belongs to.
fn country_beside(doc: &Document, mention: &Mention) -> Option<&'static str> {
    let words = doc.slice(mention.span);
    let before = last_bytes(doc.text.get(..mention.span.range().start)?, NEAR);
    let behind = first_bytes(doc.text.get(mention.span.range().end..)?, NEAR);
    let is_at_home = ends_in(words, &AT_HOME);
    country_before(before)
        .or_else(|| country_behind(behind, "of"))
        .or_else(|| country_of_clause(before))
        .or_else(|| if is_at_home { country_behind(behind, "in") } else { None })
}

/// The first bytes of a text, at most so many.
pub(super) fn first_bytes(text: &str, count: usize) -> &str {
    let mut to = text.len().min(count);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(..to).unwrap_or_default()
}

/// The words at the end of a text that stand in one line.
fn words_before(before: &str) -> Vec<&str> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.split([' ', '\u{a0}']).filter(|word| !word.is_empty()).collect()
}

/// The country of "Sudan's", "Malian", "US" at the end of a text, perhaps with an adjective behind it.
fn country_before(before: &str) -> Option<&'static str> {
    if !before.ends_with([' ', '\u{a0}']) {
        return None;
    }
    let mut words = words_before(before);
    for _ in 0..2 {
        words.pop_if(|word| BETWEEN.contains(word));
    }
    (1..=words.len().min(MOST_WORDS)).rev().find_map(|length| {
        let (rest, place) = words.split_at_checked(words.len() - length)?;
        let place = place.join(" ");
        let place = place.trim_start_matches(|c: char| !c.is_alphanumeric());
        let bare = without_possessive(place);
        if bare.len() < place.len() {
            return country_named(bare, false);
        }
        // A mark behind the word would end the phrase.
        let is_short = bare.chars().all(|c| c.is_uppercase() || c == '.');
        let is_whole = bare.ends_with(char::is_alphabetic) || is_short && bare.len() > 2;
        if !is_whole {
            return None;
        }
        let opens = rest.last().is_none_or(|word| matches!(*word, "the" | "The") || word.ends_with(['.', '”', '"']));
        let people = || Lexicon::embedded().territory_by_demonym(bare).and_then(|_| country_named(bare, true));
        // "He left Sudan police said" has no comma; "the Sudan army" has an article.
        if is_short || opens { country_named(bare, true) } else { people() }
    })
}

/// The country of "of Chad", "in the United States" at the start of a text.
fn country_behind(behind: &str, preposition: &str) -> Option<&'static str> {
    let rest = behind.strip_prefix(' ')?.strip_prefix(preposition)?.strip_prefix(' ')?;
    let line = rest.split('\n').next().unwrap_or_default();
    let words: Vec<&str> = line.split(' ').take(MOST_WORDS).collect();
    (1..=words.len()).rev().find_map(|length| {
        let place = words.get(..length)?.join(" ");
        let place = place.trim_end_matches(|c: char| ",.;:!?)”\"".contains(c));
        country_named(without_possessive(place), false)
    })
}

/// The country of "In Malawi, the" at the end of a text.
fn country_of_clause(before: &str) -> Option<&'static str> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = [" the ", " The ", " "].iter().find_map(|article| line.strip_suffix(article))?.strip_suffix(',')?;
    let at = [line.rfind("In "), line.rfind("in ")].into_iter().flatten().max()?;
    let opens = line.get(..at).is_some_and(|head| head.is_empty() || head.ends_with(' '));
    let place = line.get(at + "in ".len()..).filter(|place| opens && !place.contains(','))?;
    country_named(place, false)
}

/// The country with which the sentence of a mention begins, if it is the only one there.
fn country_of_subject(doc: &Document, id: usize) -> Option<&'static str> {
    let start = doc.mentions[id].span.range().start;
    let before = last_bytes(doc.text.get(..start)?, NEAR);
    let sentence = before.rsplit(['\n', '.', '!', '?', ';', ':']).next().unwrap_or_default();
    let from = start - sentence.trim_start().len();
    if sentence.len() == before.len() && start > before.len() {
        return None;
    }
    let near = doc.mentions.get(id.saturating_sub(AHEAD)..id).unwrap_or_default();
    let mut places = near.iter().filter(|other| {
        let named = other.kind == MentionKind::Name;
        other.span.range().start >= from && named && other.entity_type.base() == EntityType::Place
    });
    let subject = places.next().filter(|place| place.span.range().start == from)?;
    if places.any(|place| names::country(doc.slice(place.span)).is_some()) {
        return None;
    }
    names::country(doc.slice(subject.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::ByteSpan;

    #[test]
    fn countries_beside_bodies() {
        for (text, expected) in [
            ("Sudan's [army] left.", Some("sd")),
            ("South Sudan's [army] left.", Some("ss")),
            ("the Democratic Republic of Congo’s [army] left.", Some("cd")),
            ("the Netherlands' [parliament] met.", Some("nl")),
            ("Turkey's independent [central bank] said", Some("tr")),
            ("The Malian [army] said", Some("ml")),
            ("a North Korean state [bank] said", Some("kp")),
            ("a US [court] said", Some("us")),
            ("The [army] of Chad closed it.", Some("td")),
            ("the [Supreme Court] of the United States.", Some("us")),
            ("In Malawi, the [Supreme Court] sat.", Some("mw")),
            ("It fell, but in Malawi, the [Supreme Court] sat.", Some("mw")),
            ("the [police] in Kenya, who", Some("ke")),
            // An army may stand in another country; what stands apart from the body says nothing of it.
            ("the [army] in Mali lost men", None),
            ("He left Sudan. [Police] came.", None),
            ("He had left Sudan [police] said.", None),
            ("a Kenyan told [police] so", None),
            ("Kenya's president told [police] so", None),
            ("turkey's [army]", None),
            ("He met Jordan, the [army] said", None),
            ("Sudan's\n[army]", None),
            ("the [army] of ants", None),
            ("The [army]", None),
        ] {
            let (head, rest) = text.split_once('[').unwrap();
            let (body, tail) = rest.split_once(']').unwrap();
            let doc = Document::new("d", [head, body, tail].concat());
            let mention = Mention {
                span: ByteSpan::new(head.len(), head.len() + body.len()),
                entity_type: EntityType::Organization,
                kind: MentionKind::Name,
                score: 1.0,
                entity: None,
                norm: None,
                link: None,
            };
            assert_eq!(country_beside(&doc, &mention), expected, "{text}");
        }
    }

    #[test]
    fn bodies_with_their_country() {
        for (name, expected) in [
            ("Algerian army", Some(("army", "dz"))),
            ("army of Chad", Some(("army", "td"))),
            ("South African Constitutional Court", Some(("constitutional court", "za"))),
            ("army", None),
            ("Kenya Airways", None),
            ("Kansas City police", None),
            ("Bank of Ruritania", None),
            ("Shan Freedom Army", None),
        ] {
            let found = body_of_country(name);
            assert_eq!(found.as_ref().map(|(body, code)| (body.as_str(), *code)), expected, "{name}");
        }
    }
}
