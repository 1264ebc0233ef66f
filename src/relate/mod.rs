//! Finds relations between the entities of a document.
//!
//! Every pair of named entities that stand close enough anywhere in the document, whether in one sentence or in far
//! ones, is scored for every relation type that the schema allows between their types. What passes the type's
//! threshold is made consistent ([`decide`]), and gets its evidence and its qualifiers.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Document, Entity, EntityId, MentionId, Relation},
    lexicon::Lexicon,
    nn::{
        Encoding, EntityMentions, MentionWords, Model, Pair, PairVectors, PreparedEntities, STATUS_COUNT,
        SharedAttention, argument_mentions, pair_features, shared_attention, words_apart,
    },
    schema::{EntityType, MentionKind, RelationType, Status},
    span::ByteSpan,
    threads,
};

mod decide;
mod rules;

pub use decide::{Candidate, decide};
pub use rules::relate_by_rules;

/// Entities are paired if some of their mentions are at most so many words apart. It bounds the work by the length of the
/// document. Of the relations that were found farther apart on the development sets one in seven was right.
const REACH: usize = 150;

/// About so many pairs are scored at once, which bounds the memory.
const BATCH: usize = 1024;
/// A sentence of more bytes is quoted only in part.
const LONG_SENTENCE: usize = 1500;

/// A word that gets less of the shared attention is no trigger.
const TRIGGER_WEIGHT: f32 = 0.02;

/// Words that carry grammar, not meaning, and so trigger nothing.
const FUNCTION_WORDS: &[&str] = &[
    "about", "after", "against", "all", "also", "although", "among", "and", "any", "are", "because", "been", "before",
    "being", "between", "both", "but", "can", "could", "did", "does", "down", "during", "each", "for", "from", "had",
    "has", "have", "having", "her", "here", "hers", "him", "his", "how", "into", "its", "itself", "just", "may",
    "might", "more", "most", "not", "now", "off", "once", "only", "onto", "other", "our", "out", "over", "own", "per",
    "shall", "she", "should", "since", "some", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "though", "through", "too", "under", "until", "upon", "very", "was", "were",
    "what", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within",
    "without", "would", "yet", "you", "your",
];

/// Types whose tail is the country, not its people, wherever the document names the country: "the Iranian president, X"
/// is head of Iran.
const OF_COUNTRIES: &[&str] =
    &["based_in", "citizen_of", "head_of", "part_of", "represents", "spokesperson_for", "works_for"];

/// Types of the entities that may state, date and place a relation, in the order of the model.
const ARGUMENTS: [&[EntityType]; 3] = [
    &[EntityType::Person, EntityType::Organization, EntityType::Place, EntityType::Group],
    &[EntityType::Date],
    &[EntityType::Place],
];

/// Fills [`Document::relations`] from the entities and the encoded text.
pub fn relate(doc: &mut Document, model: &Model, encoding: &Encoding) {
    let scene = Scene::new(doc, encoding);
    let mut pairs = scene.pairs(encoding);
    if pairs.is_empty() {
        return;
    }
    let prepared = model.relation_head().prepare(encoding, &scene.mentions, &scene.entities);
    scene.keep_likely(model, &prepared, &mut pairs);
    let batches: Vec<&[Pair]> = batches(&pairs).collect();
    let likely = threads::map(&batches, |batch| scene.likely(model, encoding, &prepared, batch));
    let likely: Vec<Likely> = likely.into_iter().flatten().collect();
    let candidates = likely.iter().flat_map(|likely| &likely.candidates).copied().collect();
    let stated: Vec<(&Likely, Candidate)> = decide(candidates)
        .into_iter()
        .filter_map(|candidate| {
            let key = pair_key(scene.index_of(candidate.head)?, scene.index_of(candidate.tail)?);
            let index =
                likely.binary_search_by_key(&key, |likely| pair_key(likely.pair.head, likely.pair.tail)).ok()?;
            Some((&likely[index], candidate))
        })
        .collect();

    let mut relations = Vec::with_capacity(stated.len());
    for batch in stated.chunks(BATCH) {
        let answers = scene.qualify(model, encoding, &prepared, batch);
        let pairs: Vec<&Pair> = batch.iter().map(|(likely, _)| likely.pair).collect();
        let attention = shared_attention(encoding, &scene.mentions, &scene.entities, &pairs);
        for ((&(likely, candidate), answers), attention) in batch.iter().zip(answers).zip(&attention) {
            let evidence = scene.evidence(doc, likely.pair);
            let trigger = trigger(doc, encoding, attention, &evidence);
            relations.push(Relation {
                head: candidate.head,
                relation_type: candidate.relation_type,
                tail: candidate.tail,
                score: candidate.score,
                evidence,
                trigger,
                by: answers.arguments[0],
                date: answers.arguments[1],
                place: answers.arguments[2],
                status: if scene.is_untrue(doc, likely.pair) { Some(Status::Negated) } else { answers.status },
            });
        }
    }
    doc.relations = with_countries(&doc.entities, relations);
}

/// Order of pairs: both orders of two entities stand side by side.
fn pair_key(head: usize, tail: usize) -> (usize, usize, usize) {
    (head.min(tail), head.max(tail), head)
}

/// The entities of a pair, whatever their order.
fn both_ends(pair: &Pair) -> (usize, usize) {
    (pair.head.min(pair.tail), pair.head.max(pair.tail))
}

/// Pairs in batches of about [`BATCH`]; no batch parts both orders of two entities.
fn batches(pairs: &[Pair]) -> impl Iterator<Item = &[Pair]> {
    let mut left = pairs;
    std::iter::from_fn(move || {
        let mut size = BATCH.min(left.len());
        if (1..left.len()).contains(&size) && both_ends(&left[size - 1]) == both_ends(&left[size]) {
            size += 1;
        }
        let (batch, rest) = left.split_at(size);
        left = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

/// Puts countries in the place of their people where [`OF_COUNTRIES`] says so, and keeps the surest of relations that
/// have become equal. Sorted by head, tail and type.
fn with_countries(entities: &[Entity], mut relations: Vec<Relation>) -> Vec<Relation> {
    let lexicon = Lexicon::embedded();
    let ids = || entities.iter().zip(0u32..).map(|(entity, id)| (EntityId(id), entity));
    let mut countries: BTreeMap<&str, EntityId> = BTreeMap::new();
    for (id, entity) in ids().filter(|(_, entity)| entity.entity_type == EntityType::Place) {
        if let Some(territory) = lexicon.territory_by_name(&entity.name) {
            countries.entry(territory.code).or_insert(id);
        }
    }
    let peoples: BTreeMap<EntityId, EntityId> = ids()
        .filter(|(_, entity)| entity.entity_type == EntityType::Group)
        .filter_map(|(id, people)| Some((id, *countries.get(lexicon.territory_by_demonym(&people.name)?.code)?)))
        .collect();
    for relation in &mut relations {
        if OF_COUNTRIES.contains(&relation.relation_type.key())
            && let Some(country) = peoples.get(&relation.tail)
            && let Some(head) = entities.get(relation.head.0 as usize)
            && relation.relation_type.allows(head.entity_type, EntityType::Place)
        {
            relation.tail = *country;
        }
    }
    relations.sort_by_key(|relation| (relation.head, relation.tail, relation.relation_type));
    relations.dedup_by(|later, kept| {
        let equal = (later.head, later.tail, later.relation_type) == (kept.head, kept.tail, kept.relation_type);
        if equal && later.score > kept.score {
            std::mem::swap(later, kept);
        }
        equal
    });
    relations
}

/// What the model needs to know of a document's named entities.
struct Scene {
    /// All mentions of the named entities, in order.
    mentions: Vec<MentionWords>,
    /// Place of each of them in the document.
    spans: Vec<ByteSpan>,
    /// Entity of each of them.
    owners: Vec<usize>,
    /// Row of a table or list that each of them stands in, if it has something to relate itself.
    rows: Vec<Option<usize>>,
    entities: Vec<EntityMentions>,
    /// Document entity of each entity here; ascending.
    ids: Vec<EntityId>,
}

/// Answers about one relation.
struct Answers {
    /// Entities that state, date and place it.
    arguments: [Option<EntityId>; 3],
    status: Option<Status>,
}

/// A pair of which a relation is likely.
struct Likely<'a> {
    pair: &'a Pair,
    vectors: PairVectors,
    candidates: Vec<Candidate>,
}

impl Scene {
    fn new(doc: &Document, encoding: &Encoding) -> Self {
        let mut scene = Scene {
            mentions: Vec::new(),
            spans: Vec::new(),
            owners: Vec::new(),
            rows: Vec::new(),
            entities: Vec::new(),
            ids: Vec::new(),
        };
        let named: Vec<bool> = doc
            .entities
            .iter()
            .map(|entity| {
                let is_name = |id: &MentionId| {
                    doc.mentions.get(id.0 as usize).is_some_and(|mention| mention.kind == MentionKind::Name)
                };
                entity.mentions.iter().any(is_name)
            })
            .collect();
        let mut members: BTreeMap<EntityId, Vec<usize>> = BTreeMap::new();
        for mention in &doc.mentions {
            let Some(entity) = mention.entity.filter(|entity| named.get(entity.0 as usize) == Some(&true)) else {
                continue;
            };
            let words = encoding.words_in(mention.span);
            if words.is_empty() {
                continue;
            }
            members.entry(entity).or_default().push(scene.mentions.len());
            scene.mentions.push(MentionWords {
                first: words.start,
                last: words.end - 1,
                entity_type: mention.entity_type,
                kind: mention.kind,
            });
            scene.spans.push(mention.span);
            scene.owners.push(0);
        }
        for (id, mentions) in members {
            let Some(entity) = doc.entities.get(id.0 as usize) else { continue };
            for &mention in &mentions {
                scene.owners[mention] = scene.entities.len();
            }
            scene.entities.push(EntityMentions { entity_type: entity.entity_type, mentions });
            scene.ids.push(id);
        }
        scene.rows = scene.rows_of(doc);
        scene
    }

    /// Per mention, its row, where the row has two entities or more.
    fn rows_of(&self, doc: &Document) -> Vec<Option<usize>> {
        let is_row = rows(doc);
        let row_of = |span: &ByteSpan| {
            let paragraph = doc.paragraphs.partition_point(|paragraph| paragraph.end <= span.start);
            Some(paragraph).filter(|at| is_row.get(*at) == Some(&true))
        };
        let rows: Vec<Option<usize>> = self.spans.iter().map(row_of).collect();
        let mut entities: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (row, owner) in rows.iter().zip(&self.owners) {
            if let Some(row) = row {
                entities.entry(*row).or_default().insert(*owner);
            }
        }
        rows.into_iter()
            .map(|row| row.filter(|row| entities.get(row).is_some_and(|entities| entities.len() > 1)))
            .collect()
    }

    /// Whether two mentions stand in two rows, each of which says what it has to say.
    fn in_other_rows(&self, first: usize, second: usize) -> bool {
        matches!((self.rows[first], self.rows[second]), (Some(a), Some(b)) if a != b)
    }

    fn index_of(&self, id: EntityId) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// Ordered pairs of entities within reach that the schema lets be related, with their closest mentions; sorted by
    /// [`pair_key`].
    fn pairs(&self, encoding: &Encoding) -> Vec<Pair> {
        let related = allowed_types();
        // Of each pair the tail, and (words apart, head's mention, tail's mention); the smallest is the closest.
        let mut closest: BTreeMap<_, (usize, (usize, usize, usize))> = BTreeMap::new();
        for left in 0..self.mentions.len() {
            for right in left + 1..self.mentions.len() {
                let apart = words_apart(&self.mentions[left], &self.mentions[right]);
                if apart > REACH {
                    break;
                }
                if self.in_other_rows(left, right) {
                    continue;
                }
                for (head, tail) in [(left, right), (right, left)] {
                    let (a, b) = (self.owners[head], self.owners[tail]);
                    let types = (self.entities[a].entity_type, self.entities[b].entity_type);
                    if a == b || !related[types.0.index()][types.1.index()] {
                        continue;
                    }
                    let found = (apart, head, tail);
                    let (_, best) = closest.entry(pair_key(a, b)).or_insert((b, found));
                    *best = found.min(*best);
                }
            }
        }
        closest
            .into_iter()
            .map(|((.., head), (tail, (_, head_mention, tail_mention)))| Pair {
                head,
                tail,
                head_mention,
                tail_mention,
                features: pair_features(encoding, &self.mentions[head_mention], &self.mentions[tail_mention]),
            })
            .collect()
    }

    /// Drops the pairs that the model's gate finds unlikely in either order: most of a text's have nothing to do with each
    /// other, and reading their contexts takes most of the time of this stage.
    fn keep_likely(&self, model: &Model, prepared: &PreparedEntities, pairs: &mut Vec<Pair>) {
        let head = model.relation_head();
        let likely = |pair: &Pair| head.gate_score(prepared, &self.entities, pair).is_none_or(|score| score >= 0.0);
        *pairs = pairs
            .chunk_by(|a, b| both_ends(a) == both_ends(b))
            .filter(|orders| orders.iter().any(likely))
            .flatten()
            .cloned()
            .collect();
    }

    /// The pairs, of some among which are both orders of two entities, of which the model finds a relation likely.
    fn likely<'a>(
        &self,
        model: &Model,
        encoding: &Encoding,
        prepared: &PreparedEntities,
        pairs: &'a [Pair],
    ) -> Vec<Likely<'a>> {
        let mut likely = Vec::new();
        let head = model.relation_head();
        let vectors = head.pairs(encoding, &self.mentions, &self.entities, prepared, pairs);
        let logits = head.logits(&vectors);
        let relation_count = RelationType::of_model().len();
        // The log-odds from which a relation of each type is reported.
        let bars: Vec<f32> = RelationType::of_model()
            .map(|relation_type| {
                let threshold = model.threshold(relation_type).clamp(0.001, 0.999);
                (threshold / (1.0 - threshold)).ln()
            })
            .collect();
        for (index, pair) in pairs.iter().enumerate() {
            let (head_type, tail_type) = (self.entities[pair.head].entity_type, self.entities[pair.tail].entity_type);
            let beside = if pair.head < pair.tail { index + 1 } else { index.wrapping_sub(1) };
            let reverse = pairs.get(beside).filter(|other| (other.head, other.tail) == (pair.tail, pair.head));
            let mut candidates = Vec::new();
            let relation_types = RelationType::of_model().zip(&bars);
            for (relation_type, bar) in relation_types.filter(|(relation, _)| relation.allows(head_type, tail_type)) {
                let mut logit = logits[index * relation_count + relation_type.index()];
                if relation_type.info().symmetric && relation_type.allows(tail_type, head_type) && reverse.is_some() {
                    logit = (logit + logits[beside * relation_count + relation_type.index()]) / 2.0;
                }
                let margin = logit - bar;
                if margin >= 0.0 {
                    candidates.push(Candidate {
                        head: self.ids[pair.head],
                        relation_type,
                        tail: self.ids[pair.tail],
                        score: sigmoid(logit),
                        margin,
                    });
                }
            }
            if !candidates.is_empty() {
                likely.push(Likely { pair, vectors: head.of_pair(&vectors, index), candidates });
            }
        }
        likely
    }

    /// Sentences of the closest mentions of a pair, in order; of a very long one, the part around the mentions.
    fn evidence(&self, doc: &Document, pair: &Pair) -> Vec<ByteSpan> {
        let (head, tail) = (self.spans[pair.head_mention], self.spans[pair.tail_mention]);
        let sentence = |span: ByteSpan| doc.sentence_at(span.start).map_or(span, |at| doc.sentences[at].span);
        let both = ByteSpan::new(head.range().start.min(tail.range().start), head.range().end.max(tail.range().end));
        let (of_head, of_tail) = (sentence(head), sentence(tail));
        if of_head == of_tail && both.len() <= LONG_SENTENCE {
            return vec![clipped(&doc.text, of_head, both)];
        }
        let mut sentences = vec![clipped(&doc.text, of_head, head), clipped(&doc.text, of_tail, tail)];
        sentences.sort_unstable();
        sentences.dedup();
        sentences
    }

    /// Whether the sentence says outright that what it tells of a pair is not so: "it is untrue that Maria Keller owns
    /// Nordbank".
    fn is_untrue(&self, doc: &Document, pair: &Pair) -> bool {
        let (head, tail) = (self.spans[pair.head_mention], self.spans[pair.tail_mention]);
        let Some(sentence) = doc.sentence_at(head.start).map(|at| doc.sentences[at].span) else { return false };
        let part = |start: u32, end: u32| doc.text.get(start as usize..end as usize);
        match (part(sentence.start, head.start), part(head.end, tail.start)) {
            (Some(before), Some(between)) if sentence.contains(tail) => is_untrue(before, between),
            _ => false,
        }
    }

    /// Asks the model for the status and the arguments of stated relations.
    fn qualify(
        &self,
        model: &Model,
        encoding: &Encoding,
        prepared: &PreparedEntities,
        stated: &[(&Likely, Candidate)],
    ) -> Vec<Answers> {
        let head = model.relation_head();
        let asked = stated.iter().map(|(likely, candidate)| (&likely.vectors, candidate.relation_type));
        let qualifiers = head.qualifiers(asked);
        let mut answers = Vec::with_capacity(stated.len());
        for (number, pair) in stated.iter().map(|(likely, _)| likely.pair).enumerate() {
            let may_be =
                |entity: usize| ARGUMENTS.iter().any(|types| types.contains(&self.entities[entity].entity_type));
            let near = argument_mentions(encoding, &self.mentions, &self.owners, pair, may_be);
            let logits = head.argument_logits(prepared, &qualifiers, number, &near);
            let row = &qualifiers.status[number * STATUS_COUNT..][..STATUS_COUNT];
            let status = (1..STATUS_COUNT).fold(0, |best, class| if row[class] > row[best] { class } else { best });
            let status = status.checked_sub(1).and_then(|class| Status::ALL.get(class).copied());
            let arguments = std::array::from_fn(|argument| {
                let mut best = (logits.none[argument], None);
                for (&entity, logits) in &logits.entities {
                    // A relation is not dated or placed by its own ends; but one of them may well be who states it.
                    let fits = ARGUMENTS[argument].contains(&self.entities[entity].entity_type)
                        && (argument == 0 || ![pair.head, pair.tail].contains(&entity));
                    if fits && logits[argument] > best.0 {
                        best = (logits[argument], Some(self.ids[entity]));
                    }
                }
                best.1
            });
            answers.push(Answers { arguments, status });
        }
        answers
    }
}

/// The word of the evidence that both ends attend to most, if it is a word of meaning and stands out.
fn trigger(
    doc: &Document,
    encoding: &Encoding,
    attention: &SharedAttention,
    evidence: &[ByteSpan],
) -> Option<ByteSpan> {
    let mut best: Option<(f32, ByteSpan)> = None;
    for sentence in evidence {
        for word in encoding.words_in(*sentence) {
            let span = encoding.words()[word].span;
            let text = doc.slice(span);
            let meaning = text.len() >= 3 && text.chars().all(char::is_alphabetic) && !is_function_word(text);
            let named = doc.mentions.partition_point(|mention| mention.span.start <= span.start);
            let inside = named.checked_sub(1).is_some_and(|mention| doc.mentions[mention].span.contains(span));
            let weight = attention.of(word);
            if meaning && !inside && weight > best.map_or(TRIGGER_WEIGHT, |(weight, _)| weight) {
                best = Some((weight, span));
            }
        }
    }
    best.map(|(_, span)| span)
}

/// Whether any relation type joins a head type with a tail type.
fn allowed_types() -> Vec<Vec<bool>> {
    let count = EntityType::all().map(EntityType::index).max().map_or(0, |last| last + 1).max(EntityType::ALL.len());
    let mut allowed = vec![vec![false; count]; count];
    for relation in RelationType::of_model().map(RelationType::info) {
        for head in &relation.heads {
            relation.tails.iter().for_each(|tail| allowed[head.index()][tail.index()] = true);
        }
    }
    allowed
}

fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// What says that the clause behind it is not so.
const UNTRUE: [&str; 9] = [
    "not true that",
    "untrue that",
    "false that",
    "not the case that",
    "no truth in the claim that",
    "no truth to the claim that",
    "a lie that",
    "a myth that",
    "incorrect that",
];

/// Whether the clause that holds both ends of a relation is said not to be so, given what its sentence has before the head,
/// and between it and the tail. A comma or a quotation mark may lead out of the clause.
fn is_untrue(before: &str, between: &str) -> bool {
    let leads_out = |words: &str| words.contains([',', ';', ':', '"', '“', '”', '–', '—']);
    if leads_out(between) || !between.contains(char::is_alphabetic) {
        return false;
    }
    let before = before.to_lowercase();
    UNTRUE.iter().any(|phrase| {
        before.rsplit_once(phrase).is_some_and(|(lead, rest)| {
            let is_denied_itself = ["not ", "n't ", "never ", "hardly "].iter().any(|word| lead.ends_with(word));
            rest.starts_with(char::is_whitespace) && !leads_out(rest) && !is_denied_itself
        })
    })
}

/// Per paragraph: whether it is a row of a table or an entry of a list and no sentence.
fn rows(doc: &Document) -> Vec<bool> {
    let text = |at: usize| doc.paragraphs.get(at).map_or("", |span| doc.slice(*span));
    let is_entry = |at: usize| {
        let text = text(at);
        !text.is_empty() && !text.contains('\n') && !text.ends_with(['.', '!', '?', ':', ';', '"', '”', '…'])
    };
    let is_marked = |text: &str| {
        let number = text.trim_start_matches(|char: char| char.is_ascii_digit());
        text.contains(['|', '\t'])
            || text.contains("   ")
            || text.starts_with(['-', '–', '•', '*', '·'])
            || number.len() < text.len() && number.starts_with(['.', ')'])
    };
    // One line break, not two, between this paragraph and the next.
    let follows = |at: usize| {
        let (Some(one), Some(next)) = (doc.paragraphs.get(at), doc.paragraphs.get(at + 1)) else { return false };
        let between = doc.text.get(one.range().end..next.range().start).unwrap_or_default();
        between.matches('\n').count() == 1 && is_entry(at) && is_entry(at + 1)
    };
    (0..doc.paragraphs.len())
        .map(|at| is_entry(at) && (is_marked(text(at)) || follows(at) || at > 0 && follows(at - 1)))
        .collect()
}

/// A sentence, or of one that is too long to be read the words around what is said: a list without full stops would
/// else be quoted whole for each of its relations.
fn clipped(text: &str, sentence: ByteSpan, said: ByteSpan) -> ByteSpan {
    if sentence.len() <= LONG_SENTENCE.max(said.len()) {
        return sentence;
    }
    let margin = LONG_SENTENCE.saturating_sub(said.len()) / 2;
    let (sentence, said) = (sentence.range(), said.range());
    let (low, high) = (said.start.saturating_sub(margin).max(sentence.start), (said.end + margin).min(sentence.end));
    // Whole words only.
    let spaces = |range: std::ops::Range<usize>| {
        let bytes = text.as_bytes();
        range.filter(move |at| bytes.get(*at).is_some_and(u8::is_ascii_whitespace))
    };
    let start =
        if low == sentence.start { low } else { spaces(low..said.start).next().map_or(said.start, |at| at + 1) };
    let end = if high == sentence.end { high } else { spaces(said.end..high).next_back().unwrap_or(said.end) };
    ByteSpan::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_sorted() {
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(is_function_word("The") && is_function_word("between") && !is_function_word("married"));
    }

    #[test]
    fn countries_stand_for_their_people() {
        fn check(
            names: &[(EntityType, &str)],
            relations: &[(u32, &str, u32, f32)],
            expected: &[(u32, &str, u32, f32)],
        ) {
            let entities: Vec<Entity> = names
                .iter()
                .map(|&(entity_type, name)| Entity {
                    entity_type,
                    name: name.to_owned(),
                    norm: None,
                    link: None,
                    mentions: Vec::new(),
                })
                .collect();
            let relations = relations.iter().map(|&(head, name, tail, score)| Relation {
                head: EntityId(head),
                relation_type: RelationType::from_name(name).unwrap(),
                tail: EntityId(tail),
                score,
                evidence: Vec::new(),
                trigger: None,
                date: None,
                place: None,
                by: None,
                status: None,
            });
            let found: Vec<_> = with_countries(&entities, relations.collect())
                .iter()
                .map(|relation| (relation.head.0, relation.relation_type.name(), relation.tail.0, relation.score))
                .collect();
            assert_eq!(found, expected);
        }
        use EntityType::{Group, Person, Place};
        let names = [(Person, "Ana Roth"), (Group, "Danish"), (Place, "Denmark"), (Group, "Kurds")];
        check(&names, &[(0, "head_of", 1, 0.7)], &[(0, "head_of", 2, 0.7)]);
        check(&names, &[(0, "citizen_of", 1, 0.9), (0, "citizen_of", 2, 0.6)], &[(0, "citizen_of", 2, 0.9)]);
        check(&names, &[(0, "citizen_of", 1, 0.6), (0, "citizen_of", 2, 0.9)], &[(0, "citizen_of", 2, 0.9)]);
        check(
            &names,
            &[(0, "criticized", 1, 0.7), (0, "member_of", 3, 0.7)],
            &[(0, "criticized", 1, 0.7), (0, "member_of", 3, 0.7)],
        );
        check(&names[..2], &[(0, "head_of", 1, 0.7)], &[(0, "head_of", 1, 0.7)]);
    }

    #[test]
    fn types_of_countries_take_both_peoples_and_countries() {
        for name in OF_COUNTRIES {
            let relation = RelationType::from_name(name).unwrap();
            for tail in [EntityType::Group, EntityType::Place] {
                assert!(EntityType::ALL.into_iter().any(|head| relation.allows(head, tail)), "{name} {tail}");
            }
        }
    }

    #[test]
    fn clauses_that_are_said_not_to_be_so() {
        for (before, between, expected) in [
            ("It is not true that ", " owns ", true),
            ("It is untrue that the banker ", " killed ", true),
            ("Friends say it was a lie that ", " had met ", true),
            ("It is not a lie that ", " had met ", false),
            ("It is true that ", " owns ", false),
            ("It isn't false that ", " owns ", false),
            ("It is not true that he left, said ", ", who owns ", false),
            ("It is not true that ", ", said ", false),
            ("It is not true that ", " ", false),
            ("", " owns ", false),
        ] {
            assert_eq!(is_untrue(before, between), expected, "{before}A{between}B");
        }
    }

    #[test]
    fn rows_of_tables_and_lists() {
        let check = |text: &str, expected: &[bool]| {
            let mut doc = Document::new("d", text);
            let mut start = 0;
            for line in text.split('\n') {
                if !line.is_empty() {
                    doc.paragraphs.push(ByteSpan::new(start, start + line.len()));
                }
                start += line.len() + 1;
            }
            assert_eq!(rows(&doc), expected, "{text}");
        };
        check("Name | Role\n\nAda Quill | Chair\n\nShe left in May.", &[true, true, false]);
        check("Directors:\nAda Quill, chair\nBo Lind, clerk\nThey met.", &[false, true, true, false]);
        check("1. Ada Quill, Oslo\n\n2) Bo Lind, Bergen", &[true, true]);
        check("Ada Quill wins\n\nA clerk from Oslo has won.", &[false, false]);
        check("2019 was a good year\n\nfor Bo Lind", &[false, false]);
    }

    #[test]
    fn very_long_sentences_are_quoted_in_part() {
        let text = "word ".repeat(2000);
        let whole = ByteSpan::new(0, text.len());
        let part = clipped(&text, whole, ByteSpan::new(5000, 5004));
        assert!(part.contains(ByteSpan::new(5000, 5004)) && part.len() <= LONG_SENTENCE && part.len() > 1000);
        assert!(text[part.range()].starts_with("word ") && text[part.range()].ends_with("word"));
        assert_eq!(clipped(&text, whole, ByteSpan::new(0, 4)).start, 0);
        assert_eq!(clipped(&text, ByteSpan::new(0, 100), ByteSpan::new(5, 9)), ByteSpan::new(0, 100));
        // Without a blank there is only what is said.
        let text = "é".repeat(2000);
        assert_eq!(clipped(&text, ByteSpan::new(0, 4000), ByteSpan::new(2000, 2004)), ByteSpan::new(2000, 2004));
    }

    #[test]
    fn only_types_that_the_schema_joins_are_paired() {
        let allowed = allowed_types();
        assert!(allowed[EntityType::Person.index()][EntityType::Organization.index()]);
        assert!(!allowed[EntityType::Date.index()][EntityType::Title.index()]);
    }
}
