//! Whose wife or husband somebody is, where the words right before a name say so.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::Candidate;
use crate::{
    document::{Document, EntityId, Mention},
    span::ByteSpan,
};

/// Words between whose spouse somebody is and the noun: "his late second wife".
const WORDS_BETWEEN: usize = 2;

/// So many mentions before a word are looked at for the one that it belongs to.
const MENTIONS_BEFORE: usize = 4;

/// Drops the marriages of others to those who are somebody's spouse by the words before their names, if the model has that
/// marriage too: "the child of Bo Lind and his wife, Signe" tells of one of Bo Lind.
pub(super) fn without_other_spouses(doc: &Document, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let marriages: BTreeSet<(EntityId, EntityId)> = candidates
        .iter()
        .filter(|candidate| is_marriage(candidate))
        .flat_map(|candidate| [(candidate.head, candidate.tail), (candidate.tail, candidate.head)])
        .collect();
    if marriages.len() < 4 {
        return candidates;
    }
    let mut spouses: BTreeMap<EntityId, BTreeSet<EntityId>> = BTreeMap::new();
    let people: BTreeSet<EntityId> = marriages.iter().map(|(person, _)| *person).collect();
    for person in people {
        let mentions = doc.entities.get(person.0 as usize).into_iter().flat_map(|entity| &entity.mentions);
        let mentions = mentions.filter_map(|id| doc.mentions.get(id.0 as usize));
        let named = mentions.filter_map(|mention| possessor(doc, mention.span));
        spouses.insert(person, named.filter(|spouse| marriages.contains(&(person, *spouse))).collect());
    }
    let of = |person: EntityId| spouses.get(&person).filter(|spouses| !spouses.is_empty());
    candidates.retain(|candidate| {
        let (a, b) = (candidate.head, candidate.tail);
        let is_named =
            of(a).is_some_and(|spouses| spouses.contains(&b)) || of(b).is_some_and(|spouses| spouses.contains(&a));
        !is_marriage(candidate) || is_named || of(a).is_none() && of(b).is_none()
    });
    candidates
}

fn is_marriage(candidate: &Candidate) -> bool {
    candidate.relation_type.key() == "spouse_of"
}

/// Whose wife or husband the words right before a mention say that it is: "his wife, Signe", "Bo Lind's late wife Signe".
fn possessor(doc: &Document, mention: ByteSpan) -> Option<EntityId> {
    let before = doc.text.get(..mention.range().start)?.strip_suffix(' ')?;
    let mut end = before.strip_suffix(',').unwrap_or(before).len();
    let mut words = before.get(..end)?.rsplit(' ');
    // A widow may have married again, and so may a former wife.
    let noun = words.next().filter(|noun| matches!(*noun, "wife" | "husband"))?;
    end = end.checked_sub(noun.len() + 1)?;
    for word in words.take(WORDS_BETWEEN + 1) {
        let span = ByteSpan::new(end - word.len(), end);
        let is_owner = |mention: &&Mention| match word.to_lowercase().as_str() {
            "his" | "her" => mention.span == span,
            lower if lower.ends_with("'s") => mention.span.range().end + "'s".len() == end,
            lower if lower.ends_with("’s") => mention.span.range().end + "’s".len() == end,
            _ => false,
        };
        let here = doc.mentions.partition_point(|other| other.span.range().start < end);
        let mut near = doc.mentions.iter().take(here).rev().take(MENTIONS_BEFORE);
        if let Some(owner) = near.find(is_owner) {
            return owner.entity;
        }
        if word.is_empty() || word == "former" || !word.chars().all(|c| c.is_lowercase() || c == '-') {
            return None;
        }
        end = end.checked_sub(word.len() + 1)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Entity, MentionId},
        schema::{EntityType, MentionKind, RelationType},
    };

    /// A text with `[number|words]` for a mention of that entity.
    fn marked(text: &str) -> Document {
        let mut doc = Document::new("d", "");
        let mut parts = text.split('[');
        doc.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (mention, rest) = part.split_once(']').expect("a closing bracket");
            let (entity, words) = mention.split_once('|').expect("a number");
            let (entity, start) = (entity.parse::<usize>().expect("a number"), doc.text.len());
            doc.text.push_str(words);
            let span = ByteSpan::new(start, doc.text.len());
            while doc.entities.len() <= entity {
                let (name, mentions) = (words.to_owned(), Vec::new());
                doc.entities.push(Entity { entity_type: EntityType::Person, name, norm: None, link: None, mentions });
            }
            doc.entities[entity].mentions.push(MentionId(u32::try_from(doc.mentions.len()).unwrap()));
            doc.mentions.push(Mention {
                span,
                entity_type: EntityType::Person,
                kind: if words.starts_with(char::is_uppercase) { MentionKind::Name } else { MentionKind::Pronoun },
                score: 0.9,
                entity: Some(EntityId(u32::try_from(entity).unwrap())),
                norm: None,
                link: None,
            });
            doc.text.push_str(rest);
        }
        doc
    }

    #[test]
    fn words_before_a_name_tell_whose_spouse_it_is() {
        for (text, expected) in [
            ("[0|Bo Lind] and [0|his] wife, [1|Signe]", Some(0)),
            ("[0|Bo Lind] and [0|his] late second wife [1|Signe]", Some(0)),
            ("[0|Bo Lind]'s wife, [1|Signe]", Some(0)),
            ("[0|Bo Lind]’s first wife, [1|Signe]", Some(0)),
            ("[0|Bo Lind]’s widow, [1|Signe]", None),
            ("[0|Bo Lind]’s former wife, [1|Signe]", None),
            ("[0|Bo Lind] and [0|his] sister, [1|Signe]", None),
            ("[0|Bo Lind] met the wife [1|Signe]", None),
            ("[0|Bo Lind] said his wives, [1|Signe]", None),
            ("[0|Bo Lind] and a wife. [1|Signe]", None),
            ("[0|Bo]wife [1|Signe]", None),
            ("wife, [0|Signe]", None),
        ] {
            let doc = marked(text);
            let span = doc.mentions.last().unwrap().span;
            assert_eq!(possessor(&doc, span), expected.map(EntityId), "{text}");
        }
    }

    #[test]
    fn marriages_of_others_go() {
        let check = |text: &str, given: &[(u32, u32)], expected: &[(u32, u32)]| {
            let spouse_of = RelationType::from_name("spouse_of").unwrap();
            let candidate = |(head, tail): &(u32, u32)| Candidate {
                head: EntityId(*head),
                relation_type: spouse_of,
                tail: EntityId(*tail),
                score: 0.9,
                margin: 1.0,
            };
            let kept = without_other_spouses(&marked(text), given.iter().map(candidate).collect());
            let kept: Vec<(u32, u32)> = kept.iter().map(|kept| (kept.head.0, kept.tail.0)).collect();
            assert_eq!(kept, expected, "{text}");
        };
        let child = "[0|Ada] was the child of [1|Bo Lind] and [1|his] wife, [2|Signe].";
        check(child, &[(0, 2), (1, 2)], &[(1, 2)]);
        // What the words say but not the model drops nothing, and of two marriages both are named.
        check(child, &[(0, 2), (0, 1)], &[(0, 2), (0, 1)]);
        let twice = "[0|Bo Lind] and [0|his] wife, [1|Signe], whose first husband, [2|Per], left. [1|Her] husband [2|Per] died.";
        check(twice, &[(0, 1), (1, 2), (0, 2)], &[(0, 1), (1, 2)]);
    }
}
