//! Gives a name the same type throughout a document: one sense per discourse (Gale, Church and Yarowsky 1992).
//!
//! The tagger looks at one place at a time, and where that place says little it may take a person for a firm. The other
//! mentions of the name know better. A name that stays more likely wrong than right is dropped.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{
    document::{Document, Mention},
    lexicon::{Lexicon, TitleClass, fold},
    schema::{EntityType, MentionKind},
};

/// Types that are mistaken for one another; a name may well be that of a city and of its football club, so a mention
/// changes its type only if it is unsure.
const TYPES: [EntityType; 3] = [EntityType::Person, EntityType::Organization, EntityType::Place];

/// A mention with at least this score keeps its type.
const SURE: f32 = 0.9;

/// Names with lower scores are wrong more often than not; of limits between 0.5 and 0.6 this one gives the best entities on
/// the development sets taken together.
const LIKELY: f32 = 0.55;

/// A mention with this score is one that the user knows, and keeps its type.
const KNOWN: f32 = 1.0;

/// A given name in so few lists is more likely the name of a firm, where there is one of that name.
const RARE: u32 = 4;

/// Folded words at the end of the names of firms that their short names go without.
const GENERAL_WORDS: [&str; 17] = [
    "associates",
    "bank",
    "capital",
    "company",
    "corporation",
    "group",
    "holding",
    "holdings",
    "industries",
    "insurance",
    "international",
    "investments",
    "partners",
    "securities",
    "shipping",
    "trading",
    "ventures",
];

/// What stands before a place and hardly before the short name of a firm.
const BEFORE_PLACES: [&str; 6] = ["across ", "in ", "In ", "near ", "the ", "The "];

/// What all mentions of a name say of its type, in the order of [`TYPES`].
#[derive(Debug, Clone, Copy, Default)]
struct Votes {
    total: [f32; TYPES.len()],
    best: [f32; TYPES.len()],
}

/// Changes the type of unsure names: to the type that the other mentions of the same name have, or to PERSON if the
/// document surely names a person with that surname and is nowhere sure that the name means something else. The short
/// name of a firm, sure or not, becomes an ORGANIZATION.
///
/// The score stays what it was: it tells how sure the tagger was of the name and its type.
pub fn harmonize_types(doc: &mut Document) {
    let text = &doc.text;
    let index_of = |mention: &Mention| {
        (mention.kind == MentionKind::Name)
            .then(|| TYPES.iter().position(|known| *known == mention.entity_type))
            .flatten()
    };
    let mut votes: HashMap<String, Votes> = HashMap::new();
    let mut surnames: HashMap<String, f32> = HashMap::new();
    for mention in &doc.mentions {
        let Some(index) = index_of(mention) else { continue };
        let name = name_of(text, mention);
        if let Some(surname) = surname_of(mention, &name) {
            let best = surnames.entry(surname.to_owned()).or_insert(0.0);
            *best = best.max(mention.score);
        }
        let votes = votes.entry(name).or_default();
        votes.total[index] += mention.score;
        votes.best[index] = votes.best[index].max(mention.score);
    }
    for mention in &mut doc.mentions {
        let Some(index) = index_of(mention).filter(|_| mention.score < SURE) else { continue };
        let name = name_of(text, mention);
        let Some(votes) = votes.get(&name) else { continue };
        // Of equal totals the mention's own type wins, then the first.
        let winner = (0..TYPES.len())
            .fold(index, |best, other| if votes.total[other] > votes.total[best] { other } else { best });
        if winner != index && votes.best[winner] > mention.score {
            mention.entity_type = TYPES[winner];
        } else if votes.best[index] < SURE && surnames.get(&name).is_some_and(|score| *score >= SURE) {
            mention.entity_type = EntityType::Person;
        }
    }
    name_firms(doc);
}

/// Gives the short names of firms the type of the long ones: "Vantorp" beside "Vantorp AB", unless somebody is called so.
fn name_firms(doc: &mut Document) {
    let firms = short_names(doc);
    if firms.is_empty() {
        return;
    }
    let text = &doc.text;
    for mention in &mut doc.mentions {
        let is_mistaken = matches!(mention.entity_type, EntityType::Person | EntityType::Place);
        if mention.kind != MentionKind::Name || !is_mistaken || mention.score >= KNOWN {
            continue;
        }
        let name = text.get(mention.span.range()).unwrap_or_default();
        let is_place = mention.entity_type == EntityType::Place && may_be_place(text, mention, name);
        if !name.contains(char::is_whitespace) && !is_place && firms.contains(&fold(name)) {
            mention.entity_type = EntityType::Organization;
        }
    }
}

/// The folded words that are the short name of one firm of a document, and nobody's.
fn short_names(doc: &Document) -> HashSet<String> {
    // By their first words, the names of bodies without what the short ones go without; and which had some of that.
    let mut names: HashMap<String, BTreeSet<String>> = HashMap::new();
    let mut firms: BTreeSet<String> = BTreeSet::new();
    let mut people: HashSet<String> = HashSet::new();
    for (index, mention) in doc.mentions.iter().enumerate() {
        if mention.kind != MentionKind::Name {
            continue;
        }
        let name = doc.slice(mention.span);
        let folded = fold(name);
        match mention.entity_type {
            EntityType::Organization if folded.contains(' ') => {
                let own = own_words(&folded);
                if own.len() < folded.len() {
                    firms.insert(own.to_owned());
                }
                names.entry(first_word(own).to_owned()).or_default().insert(own.to_owned());
            }
            EntityType::Person if name.contains(char::is_whitespace) || is_addressed(doc, index, mention) => {
                people.extend(folded.split(' ').map(str::to_owned));
                people.insert(folded);
            }
            _ => {}
        }
    }
    let is_given = |word: &str, rare: u32| {
        Lexicon::embedded().given_name_counts(word).is_some_and(|(male, female)| male + female > rare)
    };
    let mut short: HashSet<String> = HashSet::new();
    for own in &firms {
        let first = first_word(own);
        let is_only = names.get(first).is_some_and(|names| names.len() == 1);
        // "Marlin" is short for "Marlin Group", but not "Maria" for "Maria Group", nor "Carter" for "Carter Hale".
        for word in [own.as_str(), first] {
            let rare = if word.len() == own.len() { RARE } else { 0 };
            if is_only && !is_given(word, rare) && !people.contains(word) {
                short.insert(word.to_owned());
            }
        }
    }
    short
}

/// A folded name without the legal form and the general words at its end.
fn own_words(folded: &str) -> &str {
    let mut own = Lexicon::embedded().without_legal_form(folded);
    while let Some((head, _)) = own.rsplit_once(' ').filter(|(_, last)| GENERAL_WORDS.contains(last)) {
        own = head;
    }
    own
}

fn first_word(folded: &str) -> &str {
    folded.split(' ').next().unwrap_or_default()
}

/// Whether a title or a form of address stands before a name: "Mr Vantorp", "chairman Vantorp".
fn is_addressed(doc: &Document, index: usize, mention: &Mention) -> bool {
    let Some(before) = doc.text.get(..mention.span.start as usize).and_then(|before| before.strip_suffix(' ')) else {
        return false;
    };
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_honorific = Lexicon::embedded().title(word).is_some_and(|title| title.class == TitleClass::Honorific);
    let last = index.checked_sub(1).and_then(|last| doc.mentions.get(last));
    let is_titled =
        last.is_some_and(|last| last.entity_type == EntityType::Title && last.span.end as usize == before.len());
    (is_honorific && word.starts_with(char::is_uppercase)) || is_titled
}

/// Whether a name is that of a place that the lexicon knows, or stands where places do.
fn may_be_place(text: &str, mention: &Mention, name: &str) -> bool {
    let lexicon = Lexicon::embedded();
    let before = text.get(..mention.span.start as usize).unwrap_or_default();
    BEFORE_PLACES.iter().any(|words| before.ends_with(words))
        || lexicon.territory_by_name(name).is_some()
        // Of a dateline in capitals, too.
        || lexicon.cities(&name.to_lowercase()).next().is_some()
}

/// Takes out names that are more likely wrong than right, unless the same words are a likelier name elsewhere in the
/// document, or the surname of a person there.
pub fn drop_unlikely_names(doc: &mut Document) {
    let text = &doc.text;
    let mut likely: HashSet<String> = HashSet::new();
    for mention in doc.mentions.iter().filter(|mention| mention.kind == MentionKind::Name && mention.score >= LIKELY) {
        let name = name_of(text, mention);
        likely.extend(surname_of(mention, &name).map(str::to_owned));
        likely.insert(name);
    }
    doc.mentions.retain(|mention| mention.kind != MentionKind::Name || likely.contains(&name_of(text, mention)));
}

/// The words of a mention in lower case.
fn name_of(text: &str, mention: &Mention) -> String {
    text.get(mention.span.range()).unwrap_or_default().to_lowercase()
}

/// The last word of a person's name of several words.
fn surname_of<'a>(mention: &Mention, name: &'a str) -> Option<&'a str> {
    let (_, surname) = name.rsplit_once(char::is_whitespace)?;
    (mention.entity_type == EntityType::Person).then_some(surname)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::ByteSpan;

    /// A document of names with their types and scores.
    fn document(names: &[(&str, EntityType, f32)]) -> Document {
        let mut doc = Document::new("d", names.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join("; "));
        let mut at = 0;
        for &(name, entity_type, score) in names {
            let span = ByteSpan::new(at, at + name.len());
            at += name.len() + 2;
            doc.mentions.push(Mention {
                span,
                entity_type,
                kind: MentionKind::Name,
                score,
                entity: None,
                norm: None,
                link: None,
            });
        }
        doc
    }

    /// Names with their types and scores, and the types they end with.
    fn check(names: &[(&str, EntityType, f32)], expected: &[EntityType]) {
        let mut doc = document(names);
        harmonize_types(&mut doc);
        let found: Vec<_> = doc.mentions.iter().map(|mention| mention.entity_type).collect();
        assert_eq!(found, expected, "{names:?}");
    }

    #[test]
    fn unlikely_names_are_taken_out() {
        use EntityType::{Organization, Person};
        let check = |names: &[(&str, EntityType, f32)], expected: &[&str]| {
            let mut doc = document(names);
            drop_unlikely_names(&mut doc);
            let found: Vec<_> = doc.mentions.iter().map(|mention| doc.slice(mention.span)).collect();
            assert_eq!(found, expected);
        };
        check(&[("Aas", Person, 0.4), ("Ros", Person, 0.6)], &["Ros"]);
        check(&[("Vik", Organization, 0.45), ("VIK", Person, 0.8)], &["Vik", "VIK"]);
        check(&[("Jon Aas", Person, 0.9), ("Aas", Person, 0.4), ("Jon", Person, 0.4)], &["Jon Aas", "Aas"]);
        check(&[("Aas Bank", Organization, 0.9), ("Bank", Organization, 0.4)], &["Aas Bank"]);
        let mut doc = document(&[("Aas", Person, 0.4)]);
        doc.mentions[0].kind = MentionKind::Nominal;
        drop_unlikely_names(&mut doc);
        assert_eq!(doc.mentions.len(), 1, "only names are taken out");
    }

    #[test]
    fn unsure_names_follow_the_others() {
        use EntityType::{Date, Organization, Person, Place};
        check(&[("Aas", Organization, 0.5), ("Aas", Person, 0.9)], &[Person, Person]);
        check(&[("Aas", Organization, 0.95), ("Aas", Person, 0.99)], &[Organization, Person]);
        check(&[("AAS", Place, 0.6), ("Aas", Person, 0.5), ("Aas", Person, 0.7)], &[Person, Person, Person]);
        check(&[("Aas", Place, 0.6), ("Aas", Person, 0.6)], &[Place, Person]);
        check(&[("May", Date, 0.3), ("May", Person, 0.9)], &[Date, Person]);
    }

    #[test]
    fn short_names_of_firms_are_organizations() {
        use EntityType::{Organization, Person, Place};
        let org = |name| (name, Organization, 0.9);
        check(&[org("Vantorp AB"), ("Vantorp", Person, 0.97)], &[Organization, Organization]);
        check(&[("VANTORP", Place, 0.97), org("Vantorp Holdings Ltd")], &[Organization, Organization]);
        check(&[org("Marlin Group"), ("Marlin", Person, 0.9)], &[Organization, Organization]);
        check(&[org("Osterlund Vik LLP"), ("Osterlund", Person, 0.95)], &[Organization, Organization]);
        check(&[org("Al-Vantorp Bank"), ("Al-Vantorp", Person, 0.95)], &[Organization, Organization]);
        // Somebody has the name, several bodies start with it, or it is that of a place.
        check(
            &[org("Vantorp AB"), ("Vantorp", Person, 0.97), ("Bo Vantorp", Person, 0.5)],
            &[Organization, Person, Person],
        );
        check(
            &[org("Vantorp AB"), org("Vantorp Rail AB"), ("Vantorp", Person, 0.97)],
            &[Organization, Organization, Person],
        );
        check(
            &[org("Vantorp AB"), org("Vantorp Trust"), ("Vantorp", Person, 0.97)],
            &[Organization, Organization, Person],
        );
        check(&[org("Lisbon Bank"), ("Lisbon", Place, 0.8)], &[Organization, Place]);
        check(&[("TRURO", Place, 0.8), org("Truro Bank")], &[Place, Organization]);
        check(&[org("Maria Group"), ("Maria", Person, 0.9)], &[Organization, Person]);
        check(&[org("Carter Hale LLP"), ("Carter", Person, 0.9)], &[Organization, Person]);
        // No form and no general word, other words, or a name that the user knows.
        check(&[org("Vantorp Stadium"), ("Vantorp", Place, 0.95)], &[Organization, Place]);
        check(&[org("Rail Vantorp AB"), ("Vantorp", Person, 0.95)], &[Organization, Person]);
        check(&[org("Vantorp AB"), ("Vantorp", Person, 1.0)], &[Organization, Person]);
    }

    #[test]
    fn whoever_is_addressed_is_no_firm() {
        use EntityType::{Organization, Person, Place, Title};
        let check = |text: &str, names: &[(&str, EntityType)], expected: EntityType| {
            let mut doc = Document::new("d", text);
            let mut at = 0;
            for &(name, entity_type) in names {
                let start = at + text[at..].find(name).expect("it stands there");
                at = start + name.len();
                let (span, kind) = (ByteSpan::new(start, at), MentionKind::Name);
                doc.mentions.push(Mention {
                    span,
                    entity_type,
                    kind,
                    score: 0.9,
                    entity: None,
                    norm: None,
                    link: None,
                });
            }
            harmonize_types(&mut doc);
            assert_eq!(doc.mentions.last().map(|mention| mention.entity_type), Some(expected), "{text}");
        };
        let names = [("Vantorp AB", Organization), ("Vantorp", Person)];
        check("Vantorp AB won. Then Vantorp left.", &names, Organization);
        check("Vantorp AB won. Mr. Vantorp left.", &names, Person);
        let names = [("Vantorp AB", Organization), ("chairman", Title), ("Vantorp", Person)];
        check("Vantorp AB won. The chairman Vantorp left.", &names, Person);
        check("Vantorp AB won. The chairman said Vantorp left.", &names, Organization);
        let names = [("Vantorp AB", Organization), ("Vantorp", Place)];
        check("Vantorp AB won against Vantorp.", &names, Organization);
        check("Vantorp AB won in Vantorp.", &names, Place);
    }

    #[test]
    fn surnames_are_persons() {
        use EntityType::{Organization, Person, Place};
        check(&[("Jon Aas", Person, 0.95), ("Aas", Organization, 0.8)], &[Person, Person]);
        check(&[("Jon Aas", Person, 0.7), ("Aas", Organization, 0.8)], &[Person, Organization]);
        check(&[("Jon Aas", Person, 0.95), ("Aas", Place, 0.9)], &[Person, Place]);
        // A place of that name is meant elsewhere, and may be meant here.
        check(&[("Jon Aas", Person, 0.95), ("Aas", Place, 0.97), ("Aas", Place, 0.85)], &[Person, Place, Place]);
        check(&[("Jon Aas", Person, 0.95), ("Aas Bank", Organization, 0.8)], &[Person, Organization]);
    }
}
