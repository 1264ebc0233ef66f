//! Gives a name the same type throughout a document: one sense per discourse (Gale, Church and Yarowsky 1992).
//!
//! The tagger looks at one place at a time, and where that place says little it may take a person for a firm. The other
//! mentions of the name know better. A name that stays more likely wrong than right is dropped.

use std::collections::{HashMap, HashSet};

use crate::{
    document::{Document, Mention},
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

/// What all mentions of a name say of its type, in the order of [`TYPES`].
#[derive(Debug, Clone, Copy, Default)]
struct Votes {
    total: [f32; TYPES.len()],
    best: [f32; TYPES.len()],
}

/// Changes the type of unsure names: to the type that the other mentions of the same name have, or to PERSON if the
/// document surely names a person with that surname and is nowhere sure that the name means something else.
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
