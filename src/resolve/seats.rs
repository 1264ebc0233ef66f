//! Capitals that act for their country, and those that do not.

use std::collections::BTreeMap;

use super::{Clusters, context::last_bytes, countries::first_bytes};
use crate::{
    document::{Document, LinkReason},
    lexicon::{Lexicon, TerritoryKind, fold},
    names::NameKey,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// So many bytes before and behind a capital tell whether it acts.
const NEAR: usize = 80;

/// Verbs of what a government says and does, and a town seldom.
const VERBS: [&str; 47] = [
    "accused",
    "accuses",
    "blamed",
    "blames",
    "condemned",
    "condemns",
    "criticised",
    "criticises",
    "criticized",
    "criticizes",
    "demanded",
    "demands",
    "denied",
    "denies",
    "denounced",
    "denounces",
    "deplored",
    "expelled",
    "expels",
    "insisted",
    "insists",
    "protested",
    "protests",
    "recalled",
    "recalls",
    "recognised",
    "recognized",
    "refused",
    "refuses",
    "rejected",
    "rejects",
    "responded",
    "retaliated",
    "said",
    "says",
    "summoned",
    "summons",
    "suspended",
    "threatened",
    "threatens",
    "urged",
    "urges",
    "vowed",
    "vows",
    "warned",
    "warns",
    "withdrew",
];

/// Words that may stand before such a verb.
const ADVERBS: [&str; 20] = [
    "again",
    "also",
    "angrily",
    "firmly",
    "flatly",
    "formally",
    "had",
    "has",
    "have",
    "immediately",
    "initially",
    "later",
    "now",
    "publicly",
    "quickly",
    "repeatedly",
    "still",
    "strongly",
    "swiftly",
    "then",
];

/// Verbs of which a government is the object, and what follows then.
const BLAMING: [&str; 18] = [
    "accuse",
    "accused",
    "accuses",
    "accusing",
    "blame",
    "blamed",
    "blames",
    "blaming",
    "pressed",
    "pressured",
    "urge",
    "urged",
    "urges",
    "urging",
    "warn",
    "warned",
    "warning",
    "warns",
];
const BLAMED_FOR: [&str; 7] = ["against", "for", "not", "of", "over", "that", "to"];

/// Words behind which a clause begins.
const OPENING: [&str; 20] = [
    "after", "although", "and", "as", "because", "before", "but", "if", "once", "said", "saying", "says", "since",
    "that", "though", "until", "when", "whether", "which", "while",
];

/// Prepositions of a place.
const AT: [&str; 14] = [
    "across", "around", "at", "from", "in", "inside", "into", "near", "of", "outside", "through", "to", "towards",
    "via",
];

/// Words in whose neighborhood a town speaks for itself.
const TOWNS: [&str; 5] = ["mayor", "city council", "city hall", "municipal", "borough"];

/// Capitals that stand for others as well: of the Union, of courts, of the United Nations.
const OF_OTHERS: [&str; 5] = ["brussels", "geneva", "hague", "the hague", "vienna"];

impl Clusters {
    /// Gives capitals that act a name key of their own, if the text names their country, and finds those that are no more
    /// than a place.
    pub(super) fn tell_seats(&mut self, doc: &Document) {
        let mut named: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (id, key) in self.key_of.iter().enumerate() {
            if let Some(country) = key.and_then(|key| self.country_of[key]) {
                named.entry(country).or_insert(id);
            }
        }
        let mut acting: BTreeMap<usize, usize> = BTreeMap::new();
        for (id, mention) in doc.mentions.iter().enumerate() {
            let Some(key) = self.key_of[id] else { continue };
            let Some(country) = self.seat_of[key].filter(|country| named.contains_key(country)) else { continue };
            let is_other = self.country_of[key].is_some() || self.datelines.contains(&key);
            if is_other || mention.entity_type != EntityType::Place {
                continue;
            }
            if is_of_one_country(doc.slice(mention.span), country) && acts(doc, mention.span) {
                let own = *acting.entry(key).or_insert_with(|| self.new_key(key));
                self.set_key(id, own);
            } else if is_emirate_of_company(doc, id, country) {
                self.seat_of[key] = None;
            }
        }
        // What is left of the name is a town if it is where something is.
        let mut left: BTreeMap<usize, usize> = BTreeMap::new();
        for (id, key) in self.key_of.iter().enumerate() {
            if let Some(key) = key.filter(|key| acting.contains_key(key)) {
                left.entry(key).or_insert(id);
            }
        }
        for (key, first) in left {
            if is_place_of_something(doc, doc.mentions[first].span) {
                self.seat_of[key] = None;
            }
        }
        self.bodies.acting.extend(acting.into_values());
    }

    /// Joins capitals that act with their country.
    pub(super) fn link_seats(&mut self) {
        let mut country: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (id, key) in self.key_of.iter().enumerate() {
            if let Some(code) = key.and_then(|key| self.country_of[key]) {
                country.entry(code).or_insert(id);
            }
        }
        for id in 0..self.key_of.len() {
            if let Some(key) = self.key_of[id].filter(|key| self.bodies.acting.contains(key))
                && let Some(of) = self.seat_of[key].and_then(|code| country.get(code)).copied()
            {
                self.join(id, of, LinkReason::Metonym, 0.9);
            }
        }
    }
}

/// Whether a name means the capital of that country alone: Victoria is a state of another, too.
fn is_of_one_country(name: &str, country: &str) -> bool {
    let mut territories = Lexicon::embedded().territories_by_name(name);
    !OF_OTHERS.contains(&fold(name).as_str())
        && territories.all(|territory| territory.code == country || territory.parent == Some(country))
}

/// Whether a capital has a company there and is a region of its own: "Abu Dhabi's ADNOC".
fn is_emirate_of_company(doc: &Document, id: usize, country: &str) -> bool {
    let (Some(seat), Some(company)) = (doc.mentions.get(id), doc.mentions.get(id + 1)) else { return false };
    let between = doc.text.get(seat.span.range().end..company.span.range().start);
    let is_body = company.kind == MentionKind::Name && company.entity_type.base() == EntityType::Organization;
    let is_region = || {
        let territory = Lexicon::embedded().territory_by_name(doc.slice(seat.span));
        territory.is_some_and(|of| of.kind == TerritoryKind::Region && of.parent == Some(country))
    };
    is_body
        && matches!(between, Some("'s " | "’s "))
        && is_region()
        && !NameKey::new(EntityType::Organization, doc.slice(company.span)).is_generic()
}

/// Whether a capital does what a government does: "Tokyo accused", "accused Beijing of".
fn acts(doc: &Document, span: ByteSpan) -> bool {
    let before = last_bytes(doc.text.get(..span.range().start).unwrap_or_default(), NEAR);
    let behind = first_bytes(doc.text.get(span.range().end..).unwrap_or_default(), NEAR);
    let is_object = || is_blamed(before, behind);
    (opens_clause(before) && verb_follows(behind) || is_object()) && !is_town(before) && !is_town(behind)
}

fn is_town(words: &str) -> bool {
    let words = words.to_lowercase();
    TOWNS.iter().any(|town| words.contains(town))
}

fn verb_follows(behind: &str) -> bool {
    let Some(rest) = behind.strip_prefix(' ') else { return false };
    let mut words = rest.split_whitespace().skip_while(|word| ADVERBS.contains(word)).peekable();
    // "Tokyo on Monday accused".
    if words.next_if_eq(&"on").is_some() && !words.next().is_some_and(is_day) {
        return false;
    }
    words.next().is_some_and(|word| VERBS.contains(&word.trim_end_matches(',')))
}

fn is_day(word: &str) -> bool {
    word.strip_suffix(',').unwrap_or(word).ends_with("day")
}

fn is_blamed(before: &str, behind: &str) -> bool {
    let verb = before.strip_suffix(' ').and_then(|words| words.rsplit([' ', '\n']).next());
    let next = behind.strip_prefix(' ').and_then(|words| words.split_whitespace().next());
    verb.is_some_and(|verb| BLAMING.contains(&verb)) && next.is_some_and(|next| BLAMED_FOR.contains(&next))
}

/// Whether a clause begins at the end of a text.
fn opens_clause(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = ["the ", "The "].iter().find_map(|article| line.strip_suffix(article)).unwrap_or(line);
    let head = line.trim_end_matches([' ', '\u{a0}', '“', '"', '‘']);
    if head.is_empty() || head.ends_with(['!', '?', ';', ':', '”', '–', '—']) || head.ends_with(" -") {
        return true;
    }
    let mut words = head.split_whitespace().rev();
    let last = words.next().unwrap_or_default();
    let is_plain = |word: &str| word.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
    match last.chars().next_back() {
        // Not an abbreviation.
        Some('.') => last.len() > 4 || is_plain(last),
        Some(',') => is_plain(last) || is_day(last),
        // "In Rome and Paris said" names two places.
        _ if last == "and" => words.next().is_some_and(is_plain),
        _ => OPENING.contains(&last),
    }
}

/// Whether a preposition of place stands before a name.
fn is_place_of_something(doc: &Document, span: ByteSpan) -> bool {
    let before = last_bytes(doc.text.get(..span.range().start).unwrap_or_default(), NEAR);
    let last = before.strip_suffix(' ').and_then(|words| words.rsplit([' ', '\n']).next()).unwrap_or_default();
    AT.contains(&last.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether what is marked acts.
    fn check(text: &str, expected: bool) {
        let (head, rest) = text.split_once('[').unwrap();
        let (name, tail) = rest.split_once(']').unwrap();
        let doc = Document::new("d", [head, name, tail].concat());
        assert_eq!(acts(&doc, ByteSpan::new(head.len(), head.len() + name.len())), expected, "{text}");
    }

    #[test]
    fn capitals_that_act() {
        check("[Tokyo] accused Ruritania of it.", true);
        check("It rained. [Tokyo] has repeatedly denied it.", true);
        check("[Tokyo] on Monday summoned the envoy.", true);
        check("On Monday, [Tokyo] rejected it.", true);
        check("It left after [Tokyo] warned of it.", true);
        check("Talks fail\n[Tokyo] accuses a firm", true);
        check("The [Kremlin] said so.", true);
        check("Ruritania accused [Tokyo] of it.", true);
        check("Ruritania urged [Tokyo] to leave.", true);
    }

    #[test]
    fn capitals_that_are_places() {
        check("Officials in [Tokyo] said so.", false);
        check("The mayor of [Tokyo] said so.", false);
        check("In Rome and [Paris] said a man", false);
        check("A man from Rome, [Paris] said", false);
        check("[Tokyo] shares fell.", false);
        check("[Tokyo] is large.", false);
        check("[Tokyo] said its mayor would pay.", false);
        check("He blamed [Tokyo] traffic.", false);
        check("She flew to St. [Tokyo] said", false);
        check("[Tokyo]'s envoy said", false);
    }

    #[test]
    fn capitals_that_are_of_others_as_well() {
        assert!(is_of_one_country("Washington", "us"));
        assert!(is_of_one_country("Tokyo", "jp"));
        assert!(!is_of_one_country("Brussels", "be"));
        assert!(!is_of_one_country("Victoria", "sc"));
    }
}
