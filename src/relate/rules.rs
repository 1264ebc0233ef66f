//! Relations that the user's rules find.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::decide::{Candidate, Key, decide};
use crate::{
    document::{Document, Mention, Relation},
    schema::{MentionKind, Status},
    user::{Masked, Rules, TypeSet},
};

/// Adds the relations that rules find in the sentences of a document to those that it has.
///
/// The ends are mentions of any kind but relative pronouns, whose entities have a name somewhere in the document and
/// are of the types that the rule asks for. What a rule finds once more keeps what the model found out about it, with
/// the higher score, the sentence of the rule among its evidence, and the rule's status and trigger where it has them.
///
/// What the model found goes where it contradicts what rules state as fact with at least `min_score`, or says less of the
/// same two things; see [`decide`]. Two rules that contradict each other are both taken at their word.
pub fn relate_by_rules(doc: &mut Document, rules: &Rules, min_score: f32) {
    let mut is_named = vec![false; doc.entities.len()];
    for mention in doc.mentions.iter().filter(|mention| mention.kind == MentionKind::Name) {
        if let Some(named) = mention.entity.and_then(|id| is_named.get_mut(id.0 as usize)) {
            *named = true;
        }
    }
    let mut found: BTreeMap<Key, Relation> = BTreeMap::new();
    let mut sentences = doc.sentences.iter().map(|sentence| sentence.span).peekable();
    while let Some(first) = sentences.next() {
        // A name that goes on in the next sentence shows that the two are one, cut at a line break or a full stop.
        let (mut whole, mut evidence) = (first, vec![first]);
        while let Some(next) = sentences.next_if(|next| is_inside_mention(doc, next.start)) {
            whole.end = next.end;
            evidence.push(next);
        }
        let first = doc.mentions.partition_point(|mention| mention.span.start < whole.start);
        let count = doc.mentions[first..].partition_point(|mention| mention.span.start < whole.end);
        let inside = &doc.mentions[first..first + count];
        if inside.len() < 2 {
            continue;
        }
        let entity = |mention: &Mention| {
            let id = mention.entity.filter(|id| is_named.get(id.0 as usize) == Some(&true))?;
            Some((id, doc.entities.get(id.0 as usize)?.entity_type))
        };
        // Numbers of mentions are those of all in the sentence, whatever a rule asks for.
        let masked = |types: TypeSet, is_asked: &dyn Fn(&Mention) -> bool| {
            let asked = inside.iter().map(|mention| {
                let (_, entity_type) = entity(mention).filter(|_| is_asked(mention))?;
                types.contains(entity_type).then_some((mention.span, entity_type))
            });
            Masked::new(&doc.text, whole, asked)
        };
        let is_name = |mention: &Mention| mention.kind == MentionKind::Name;
        // A pattern may speak of "the firm" or "which" by their words, so they are words once, and mentions once.
        let mask = |types: TypeSet| {
            let mut ways = vec![masked(types, &is_name)];
            if inside.iter().any(|mention| !is_name(mention)) {
                ways.push(masked(types, &|mention| !is_relative(doc.slice(mention.span))));
            }
            ways
        };
        for relation in rules.relations(whole, mask) {
            let (Some((mut head, head_type)), Some((mut tail, tail_type))) =
                (inside.get(relation.head).and_then(entity), inside.get(relation.tail).and_then(entity))
            else {
                continue;
            };
            let relation_type = relation.relation_type;
            if head == tail || !relation_type.allows(head_type, tail_type) {
                continue;
            }
            if relation_type.info().symmetric && relation_type.allows(tail_type, head_type) && head > tail {
                std::mem::swap(&mut head, &mut tail);
            }
            let relation = Relation {
                head,
                relation_type,
                tail,
                score: relation.score,
                evidence: evidence.clone(),
                trigger: relation.trigger,
                date: None,
                place: None,
                by: None,
                status: relation.status,
            };
            match found.entry((head, tail, relation_type)) {
                Entry::Vacant(entry) => drop(entry.insert(relation)),
                Entry::Occupied(mut entry) => {
                    let mut other = relation;
                    // Of equals the earlier one.
                    if other.score > entry.get().score {
                        std::mem::swap(entry.get_mut(), &mut other);
                    }
                    add_evidence(entry.get_mut(), &other);
                }
            }
        }
    }
    if found.is_empty() {
        return;
    }
    let stays = not_contradicted(&doc.relations, &found, min_score);
    let of_model = std::mem::take(&mut doc.relations).into_iter().zip(stays);
    for (relation, _) in of_model.filter(|(_, stays)| *stays) {
        match found.entry((relation.head, relation.tail, relation.relation_type)) {
            Entry::Vacant(entry) => drop(entry.insert(relation)),
            Entry::Occupied(mut entry) => {
                let by_rule = std::mem::replace(entry.get_mut(), relation);
                let both = entry.get_mut();
                add_evidence(both, &by_rule);
                both.score = both.score.max(by_rule.score);
                both.status = by_rule.status.or(both.status);
                both.trigger = by_rule.trigger.or(both.trigger);
            }
        }
    }
    doc.relations = found.into_values().collect();
}

/// Which relations of the model hold together with what rules state as fact. What is denied or past contradicts nothing.
fn not_contradicted(of_model: &[Relation], by_rule: &BTreeMap<Key, Relation>, min_score: f32) -> Vec<bool> {
    let is_open = |relation: &Relation| !matches!(relation.status, Some(Status::Negated | Status::Former));
    let candidate = |relation: &Relation, margin: f32| Candidate {
        head: relation.head,
        relation_type: relation.relation_type,
        tail: relation.tail,
        score: relation.score,
        margin,
    };
    let facts = by_rule.values().filter(|relation| relation.status.is_none() && relation.score >= min_score);
    let mut candidates: Vec<Candidate> = facts.map(|relation| candidate(relation, f32::INFINITY)).collect();
    if candidates.is_empty() {
        return vec![true; of_model.len()];
    }
    let open = of_model.iter().filter(|relation| is_open(relation));
    candidates.extend(open.map(|relation| candidate(relation, relation.score)));
    let kept: BTreeSet<Key> =
        decide(candidates).iter().map(|kept| (kept.head, kept.tail, kept.relation_type)).collect();
    let stays = |relation: &Relation| {
        let key = (relation.head, relation.tail, relation.relation_type);
        !is_open(relation) || by_rule.contains_key(&key) || kept.contains(&key)
    };
    of_model.iter().map(stays).collect()
}

/// Whether a byte lies inside a mention that starts before it.
fn is_inside_mention(doc: &Document, offset: u32) -> bool {
    let next = doc.mentions.partition_point(|mention| mention.span.start < offset);
    next.checked_sub(1).is_some_and(|before| doc.mentions[before].span.end > offset)
}

/// Whether the words are a relative pronoun, which refers to what stands beside it.
fn is_relative(words: &str) -> bool {
    matches!(words, "who" | "whom" | "whose" | "which" | "that" | "where" | "when")
}

fn add_evidence(relation: &mut Relation, other: &Relation) {
    relation.evidence.extend(&other.evidence);
    relation.evidence.sort_unstable();
    relation.evidence.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Entity, EntityId, MentionId, Sentence, SentenceRole},
        schema::{EntityType, RelationType, Status},
        span::{ByteSpan, TokenSpan},
        user::{RelationRule, RuleSet},
    };

    /// A text with marked mentions, `[0 ORGANIZATION Brandvik]` or `[0 ORGANIZATION:n firm]` of entity 0, its sentences
    /// apart by `/`; then its relations as `head type tail, status, score, number of sentences`.
    fn check(marked: &str, before: &[Relation], rules: &[RelationRule], expected: &[&str]) {
        let mut doc = Document::new("d", "");
        let mut entities: BTreeMap<u32, Entity> = BTreeMap::new();
        for (index, part) in marked.split(['[', ']']).enumerate() {
            let start = doc.text.len();
            if index % 2 == 0 {
                doc.text.push_str(part);
                continue;
            }
            let [id, label, words]: [&str; 3] = part.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
            doc.text.push_str(words);
            let (label, kind) = match label.split_once(':') {
                Some((label, "n")) => (label, MentionKind::Nominal),
                Some((label, _)) => (label, MentionKind::Pronoun),
                None => (label, MentionKind::Name),
            };
            let (entity_type, id) = (EntityType::from_name(label).unwrap(), id.parse().unwrap());
            let entity = entities.entry(id).or_insert(Entity {
                entity_type,
                name: words.to_owned(),
                norm: None,
                link: None,
                mentions: Vec::new(),
            });
            entity.mentions.push(MentionId(doc.mentions.len() as u32));
            let (span, entity) = (ByteSpan::new(start, doc.text.len()), Some(EntityId(id)));
            doc.mentions.push(Mention { span, entity_type, kind, score: 1.0, entity, norm: None, link: None });
        }
        doc.entities = entities.into_values().collect();
        let mut start = 0;
        for sentence in doc.text.split_inclusive('/') {
            let (span, tokens) = (ByteSpan::new(start, start + sentence.len()), TokenSpan::new(0, 0));
            doc.sentences.push(Sentence { span, tokens, paragraph: 0, role: SentenceRole::Body });
            start += sentence.len();
        }
        doc.relations = before.to_vec();
        let rules = Rules::new(&RuleSet { relations: rules.to_vec(), ..RuleSet::default() }).unwrap();
        relate_by_rules(&mut doc, &rules, 0.3);
        let show = |relation: &Relation| {
            let name = |id: EntityId| doc.entities[id.0 as usize].name.as_str();
            let status = relation.status.map(|status| format!(" {}", status.name())).unwrap_or_default();
            let (head, tail, count) = (name(relation.head), name(relation.tail), relation.evidence.len());
            format!("{head} {} {tail}{status} {} {count}", relation.relation_type, relation.score)
        };
        assert_eq!(doc.relations.iter().map(show).collect::<Vec<_>>(), expected, "{marked}");
    }

    fn rule(relation_type: &str, pattern: &str, score: f32, status: Option<&str>) -> RelationRule {
        let (relation_type, pattern) = (relation_type.to_owned(), pattern.to_owned());
        RelationRule { relation_type, pattern, score: Some(score), status: status.map(str::to_owned) }
    }

    const OWNS: &str = "(?P<head>{ORGANIZATION})(?:, which)? owns (?P<tail>{WORK})";

    #[test]
    fn mentions_of_any_kind_stand_for_their_entities() {
        let owns = || [rule("owns", OWNS, 0.5, None)];
        let check = |marked: &str, expected: &[&str]| check(marked, &[], &owns(), expected);
        check("[0 ORGANIZATION Brandvik] owns [1 WORK Aurora].", &["Brandvik owns Aurora 0.5 1"]);
        check(
            "[0 ORGANIZATION Brandvik] met./ [0 ORGANIZATION:p It] owns [1 WORK Aurora].",
            &["Brandvik owns Aurora 0.5 1"],
        );
        check("[0 ORGANIZATION:n firm] owns [1 WORK Aurora].", &[]);
        check(
            "[0 ORGANIZATION Brandvik], [0 ORGANIZATION:p which] owns [1 WORK Aurora].",
            &["Brandvik owns Aurora 0.5 1"],
        );
        check("[0 ORGANIZATION Brandvik]/ owns [1 WORK Aurora].", &[]);
        check("[0 ORGANIZATION Brandvik] owns [1 WORK Aurora/ Dawn].", &["Brandvik owns Aurora/ Dawn 0.5 2"]);
    }

    #[test]
    fn what_is_found_twice_is_one_relation() {
        let text = "[0 ORGANIZATION Brandvik] owns [1 WORK Aurora]./ [0 ORGANIZATION Brandvik] owns [1 WORK Aurora]";
        let weak = rule("owns", OWNS, 0.4, Some("former"));
        let strong = rule("owns", OWNS, 0.6, None);
        check(text, &[], std::slice::from_ref(&weak), &["Brandvik owns Aurora former 0.4 2"]);
        check(text, &[], &[weak.clone(), strong.clone()], &["Brandvik owns Aurora 0.6 2"]);
        let of_model = Relation {
            head: EntityId(0),
            relation_type: RelationType::from_name("owns").unwrap(),
            tail: EntityId(1),
            score: 0.5,
            evidence: vec![ByteSpan::new(3, 4)],
            trigger: None,
            date: None,
            place: None,
            by: None,
            status: Some(Status::Possible),
        };
        let before = std::slice::from_ref(&of_model);
        check(text, before, &[weak], &["Brandvik owns Aurora former 0.5 3"]);
        check(text, before, &[strong], &["Brandvik owns Aurora possible 0.6 3"]);
        check(text, before, &[], &["Brandvik owns Aurora possible 0.5 1"]);
    }

    #[test]
    fn what_rules_state_outweighs_the_model() {
        let of_model = |head: u32, name: &str, tail: u32, status: Option<Status>| Relation {
            head: EntityId(head),
            relation_type: RelationType::from_name(name).unwrap(),
            tail: EntityId(tail),
            score: 0.9,
            evidence: vec![ByteSpan::new(0, 4)],
            trigger: None,
            date: None,
            place: None,
            by: None,
            status,
        };
        let text = "[0 PLACE Avon] lies in [1 PLACE Sered], not far from [2 PLACE Norden]";
        let lies = |score: f32, status: Option<&str>| {
            rule("located_in", "(?P<head>{PLACE}) lies in (?P<tail>{PLACE})", score, status)
        };
        let around =
            |status: Option<Status>| [of_model(1, "located_in", 2, None), of_model(2, "located_in", 0, status)];
        // A circle over the model's relations: the weakest of the model goes, whatever its score.
        let circle = ["Avon located_in Sered 0.5 1", "Sered located_in Norden 0.9 1"];
        check(text, &around(None), &[lies(0.5, None)], &circle);
        let all = |first: &'static str, last: &'static str| [first, "Sered located_in Norden 0.9 1", last];
        let (fact, of_model_last) = ("Avon located_in Sered 0.5 1", "Norden located_in Avon 0.9 1");
        check(
            text,
            &around(Some(Status::Former)),
            &[lies(0.5, None)],
            &all(fact, "Norden located_in Avon former 0.9 1"),
        );
        let possible = "Avon located_in Sered possible 0.5 1";
        check(text, &around(None), &[lies(0.5, Some("possible"))], &all(possible, of_model_last));
        // What is dropped later contradicts nothing.
        check(text, &around(None), &[lies(0.2, None)], &all("Avon located_in Sered 0.2 1", of_model_last));

        let born = "[0 PERSON Ada Quill], born in [1 PLACE Oslo], lives in [2 PLACE Avon]";
        let born_in = || rule("born_in", "(?P<head>{PERSON}), born in (?P<tail>{PLACE})", 0.5, None);
        let model = [of_model(0, "born_in", 2, None), of_model(0, "lives_in", 2, None)];
        check(born, &model, &[born_in()], &["Ada Quill born_in Oslo 0.5 1", "Ada Quill lives_in Avon 0.9 1"]);
        let denied = [of_model(0, "born_in", 2, Some(Status::Negated))];
        check(born, &denied, &[born_in()], &["Ada Quill born_in Oslo 0.5 1", "Ada Quill born_in Avon negated 0.9 1"]);

        let leads = "[0 PERSON Ada Quill] leads [1 ORGANIZATION Brandvik]";
        let head_of = rule("head_of", "(?P<head>{PERSON}) leads (?P<tail>{ORGANIZATION})", 0.5, None);
        check(leads, &[of_model(0, "works_for", 1, None)], &[head_of], &["Ada Quill head_of Brandvik 0.5 1"]);
    }

    #[test]
    fn rules_that_contradict_each_other_stand_side_by_side() {
        let part = |pattern: &str| rule("part_of", pattern, 0.5, None);
        check(
            "[0 ORGANIZATION Brandvik] heads [1 ORGANIZATION Norden]./ [0 ORGANIZATION Brandvik] is a unit of [1 ORGANIZATION Norden].",
            &[],
            &[
                part("(?P<tail>{ORGANIZATION}) heads (?P<head>{ORGANIZATION})"),
                part("(?P<head>{ORGANIZATION}) is a unit of (?P<tail>{ORGANIZATION})"),
            ],
            &["Brandvik part_of Norden 0.5 1", "Norden part_of Brandvik 0.5 1"],
        );
    }

    #[test]
    fn the_order_of_symmetric_ends_means_nothing() {
        let met = rule("met", "(?P<tail>{PERSON}) saw (?P<head>{PERSON})", 1.0, None);
        let text = "[0 PERSON Ada Quill] saw [1 PERSON Bo Lind]. [1 PERSON Lind] saw [0 PERSON Quill]";
        check(text, &[], &[met], &["Ada Quill met Bo Lind 1 1"]);
    }
}
