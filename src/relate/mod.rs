//! Finds relations between the entities of a document.
//!
//! Every pair of named entities that stand close enough anywhere in the document, whether in one sentence or in far
//! ones, is scored for every relation type that the schema allows between their types. What passes the type's
//! threshold is made consistent ([`decide`]), and gets its evidence and its qualifiers.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Document, Entity, EntityId, MentionId, Relation},
    lexicon::Lexicon,
    names::bylines,
    nn::{
        Encoding, EntityMentions, MentionWords, Model, Pair, PairVectors, PreparedEntities, STATUS_COUNT,
        SharedAttention, argument_mentions, pair_features, shared_attention, words_apart,
    },
    schema::{EntityType, MentionKind, RelationType, Status},
    span::ByteSpan,
    threads,
};

mod accusers;
mod clause;
mod countries;
mod decide;
mod records;
mod rules;
mod spouses;

use clause::{
    Clause, Verdict, is_first_since, is_next_stop, is_no_source, is_over, is_possessor_of_kin, is_taken_back, is_until,
};
pub use decide::{Candidate, decide};
use records::{Record, record_at};
pub use rules::relate_by_rules;

/// Entities are paired if some of their mentions are at most so many words apart. It bounds the work by the length of the
/// document. Of the relations that were found farther apart on the development sets one in seven was right.
const REACH: usize = 150;

/// About so many pairs are scored at once, which bounds the memory.
const BATCH: usize = 1024;
/// A sentence of more bytes is quoted only in part.
const LONG_SENTENCE: usize = 1500;

/// A line of more bytes is no headline.
const LONGEST_HEADLINE: usize = 200;

/// A line of more bytes does not say for whom somebody writes.
const LONGEST_CREDIT: usize = 80;

/// Those who stand before the colon of a headline because they report it, and not because it is about them.
const AGENCIES: [&str; 16] = [
    "AFP",
    "AP",
    "Associated Press",
    "BBC",
    "Bloomberg",
    "CNN",
    "FT",
    "Kremlin",
    "NYT",
    "Pentagon",
    "Reuters",
    "TASS",
    "WSJ",
    "White House",
    "Xinhua",
    "dpa",
];

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
    let records = records::records(doc);
    let scene = Scene::new(doc, &records, encoding);
    let mut pairs = scene.pairs(doc, encoding);
    if pairs.is_empty() {
        return;
    }
    let prepared = model.relation_head().prepare(encoding, &scene.mentions, &scene.entities);
    scene.keep_likely(model, &prepared, &mut pairs);
    let batches: Vec<&[Pair]> = batches(&pairs).collect();
    let likely = threads::map(&batches, |batch| scene.likely(doc, model, encoding, &prepared, batch));
    let likely: Vec<Likely> = likely.into_iter().flatten().collect();
    let candidates = likely.iter().flat_map(|likely| &likely.candidates).copied().collect();
    let candidates = scene.without_lives_of_others(doc, candidates);
    let candidates = countries::without_neighbours(doc, candidates);
    let candidates = spouses::without_other_spouses(doc, candidates);
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
            let answers = scene.told(doc, likely.pair, candidate.relation_type, &evidence, answers);
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
                status: answers.status,
            });
        }
    }
    scene.without_dates_of_others(&mut relations);
    accusers::drop_accusers(&mut relations);
    records::add_labelled(doc, &records, &mut relations);
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

/// Types that tell a life. Where a sentence tells it of one person, the model also finds it of the person of the sentence
/// beside, who as a rule is not meant.
const LIVES: &[&str] = &["born_in", "born_on", "died_in", "died_on", "educated_at"];

/// How somebody stands in the sentences that name a date, place or school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Not at all.
    Not,
    /// Only as the one whose kin is spoken of.
    Kin,
    /// As anybody does.
    Itself,
}

/// What the model needs to know of a document's named entities.
struct Scene {
    /// All mentions of the named entities, in order.
    mentions: Vec<MentionWords>,
    /// Place of each of them in the document.
    spans: Vec<ByteSpan>,
    /// Entity of each of them.
    owners: Vec<usize>,
    /// Record that each of them stands in, by its number and its kind.
    records: Vec<Option<(usize, usize)>>,
    /// Row of a table or list that each of them stands in, if it has something to relate itself.
    rows: Vec<Option<usize>>,
    /// The paragraph of each that says who wrote the text.
    bylines: Vec<Option<usize>>,
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
    fn new(doc: &Document, records: &[Record], encoding: &Encoding) -> Self {
        let mut scene = Scene {
            mentions: Vec::new(),
            spans: Vec::new(),
            owners: Vec::new(),
            records: Vec::new(),
            rows: Vec::new(),
            bylines: Vec::new(),
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
        let bylines = bylines(doc);
        for (at, mention) in doc.mentions.iter().enumerate() {
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
            let is_author = bylines.get(at) == Some(&true);
            scene.bylines.push(is_author.then(|| paragraph_at(doc, mention.span)));
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
        let kinds = records::kinds(records);
        let record_of = |span: &ByteSpan| record_at(records, *span).map(|record| (record, kinds[record]));
        scene.records = scene.spans.iter().map(record_of).collect();
        scene.rows = scene.rows_of(doc);
        scene
    }

    /// Per mention, its row, where the row has two entities or more, and is none of a record.
    fn rows_of(&self, doc: &Document) -> Vec<Option<usize>> {
        let is_row = rows(doc);
        let row_of = |(span, record): (&ByteSpan, &Option<_>)| {
            let paragraph = paragraph_at(doc, *span);
            Some(paragraph).filter(|at| record.is_none() && is_row.get(*at) == Some(&true))
        };
        let rows: Vec<Option<usize>> = self.spans.iter().zip(&self.records).map(row_of).collect();
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

    /// Whether two mentions stand in two rows, or two records of one kind, each of which says what it has to say, or one of
    /// them names who wrote the text and the other stands elsewhere.
    fn is_told_apart(&self, doc: &Document, first: usize, second: usize) -> bool {
        let in_other_records =
            matches!((self.records[first], self.records[second]), (Some(a), Some(b)) if a.0 != b.0 && a.1 == b.1);
        let in_other_rows = matches!((self.rows[first], self.rows[second]), (Some(a), Some(b)) if a != b);
        let is_elsewhere = |byline: Option<usize>, other: usize| {
            let place = paragraph_at(doc, self.spans[other]);
            byline.is_some_and(|paragraph| place != paragraph && !(place == paragraph + 1 && is_credit(doc, place)))
        };
        in_other_records
            || in_other_rows
            || is_elsewhere(self.bylines[first], second)
            || is_elsewhere(self.bylines[second], first)
    }

    fn index_of(&self, id: EntityId) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// Ordered pairs of entities within reach that the schema lets be related, with their closest mentions; sorted by
    /// [`pair_key`].
    fn pairs(&self, doc: &Document, encoding: &Encoding) -> Vec<Pair> {
        let related = allowed_types();
        // Of each pair the tail, and (words apart, head's mention, tail's mention); the smallest is the closest.
        let mut closest: BTreeMap<_, (usize, (usize, usize, usize))> = BTreeMap::new();
        for left in 0..self.mentions.len() {
            for right in left + 1..self.mentions.len() {
                let apart = words_apart(&self.mentions[left], &self.mentions[right]);
                if apart > REACH {
                    break;
                }
                if self.is_told_apart(doc, left, right) {
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
        doc: &Document,
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
            if !candidates.is_empty()
                && let Some(clause) = Clause::new(doc, self.spans[pair.head_mention], self.spans[pair.tail_mention])
            {
                candidates.retain_mut(|candidate| match clause.verdict(candidate.relation_type.key()) {
                    Verdict::Stays => true,
                    Verdict::Goes => false,
                    Verdict::Is(name) => match RelationType::from_name(name) {
                        Some(other) if other.allows(head_type, tail_type) => {
                            candidate.relation_type = other;
                            true
                        }
                        _ => false,
                    },
                });
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

    /// What the model answers about a relation, where the words do not tell otherwise.
    fn told(
        &self,
        doc: &Document,
        pair: &Pair,
        relation_type: RelationType,
        evidence: &[ByteSpan],
        found: Answers,
    ) -> Answers {
        let Answers { arguments: [mut by, mut date, mut place], mut status } = found;
        let clause = Clause::new(doc, self.spans[pair.head_mention], self.spans[pair.tail_mention]);
        if let Some(clause) = &clause {
            status = clause.status(relation_type.key(), status);
            let head = self.ids[pair.head];
            if by.is_none_or(|id| id == head) && clause.head_denies_doing(relation_type.key()) {
                (status, by) = (Some(Status::Negated), Some(head));
            }
        }
        if status == Some(Status::Negated) && self.is_disputed(doc, pair) {
            status = Some(Status::Possible);
            by = by.filter(|id| self.mentions_in(*id, &self.denials(doc, pair)).next().is_none());
        }
        date = date
            .filter(|id| relation_type.is_state() || !self.each_in(*id, evidence, |span| is_first_since(doc, span)));
        let behind = self.spans[pair.head_mention].end.max(self.spans[pair.tail_mention].end);
        if matches!(relation_type.key(), "cooperates_with" | "met") {
            place = place.filter(|id| !self.each_in(*id, evidence, |span| is_next_stop(doc, behind, span)));
        }
        if let Some(id) = date.filter(|_| status.is_none() && relation_type.is_state()) {
            if self.mentions_in(id, evidence).any(|span| is_over(doc, span)) {
                status = Some(Status::Former);
            } else if is_to_come(doc, id) && !self.mentions_in(id, evidence).any(|span| is_until(doc, span)) {
                status = Some(Status::Intended);
            }
        }
        if let Some(clause) = &clause {
            let said = by.is_some() && status.is_none();
            let sentence = doc.sentence_at(self.spans[pair.head_mention].start);
            if said && sentence.is_some_and(|at| is_taken_back(doc, at)) {
                status = Some(Status::Possible);
            }
            let is_behind = |id: EntityId| self.mentions_in(id, evidence).any(|span| span.start > behind);
            let accuses_itself =
                status == Some(Status::Possible) && by == Some(self.ids[pair.head]) && clause.is_accusation();
            by = by.filter(|id| !accuses_itself && (!clause.is_unanswered() || is_behind(*id)));
            by = by.or_else(|| self.source_of_headline(doc, pair));
        }
        by = by.filter(|id| {
            let is_place =
                doc.entities.get(id.0 as usize).is_some_and(|entity| entity.entity_type == EntityType::Place);
            let is_negated = status == Some(Status::Negated);
            !self.each_in(*id, evidence, |span| is_no_source(doc, span, is_place, is_negated))
        });
        Answers { arguments: [by, date, place], status }
    }

    /// Who states what a headline tells, before a colon or behind a dash: "Troops sent to Avon - Pentagon".
    fn source_of_headline(&self, doc: &Document, pair: &Pair) -> Option<EntityId> {
        let sentence = doc.sentences.get(doc.sentence_at(self.spans[pair.head_mention].start)?)?.span;
        let text = doc.slice(sentence).trim_end();
        if text.ends_with('.') || text.len() > LONGEST_HEADLINE {
            return None;
        }
        let end = sentence.start + u32::try_from(text.len()).ok()?;
        let first = self.spans.partition_point(|span| span.start < sentence.start);
        let count = self.spans[first..].partition_point(|span| span.start < sentence.end);
        let may_say = |at: usize, types: &[EntityType]| {
            let owner = self.owners[at];
            ![pair.head, pair.tail].contains(&owner) && types.contains(&self.entities[owner].entity_type)
        };
        let here = first..first + count;
        let leads = here.clone().next().filter(|at| {
            let span = self.spans[*at];
            let rest = doc.text.get(span.range().end..).unwrap_or_default();
            span.start == sentence.start
                && rest.starts_with(": ")
                && AGENCIES.contains(&doc.slice(span))
                && may_say(*at, &[EntityType::Organization, EntityType::Person])
        });
        let closes = here.last().filter(|at| {
            let span = self.spans[*at];
            let before = doc.text.get(sentence.range().start..span.range().start).unwrap_or_default();
            span.end == end
                && [" - ", " – ", " — ", ": "].iter().any(|mark| before.ends_with(mark))
                && may_say(*at, &[EntityType::Organization, EntityType::Person])
        });
        leads.or(closes).map(|at| self.ids[self.owners[at]])
    }

    /// Whether an entity stands in some sentences, and each of its mentions there is of a kind.
    fn each_in(&self, id: EntityId, sentences: &[ByteSpan], is_so: impl FnMut(ByteSpan) -> bool) -> bool {
        let mut there = self.mentions_in(id, sentences).peekable();
        there.peek().is_some() && there.all(is_so)
    }

    /// Takes from relations the dates and places that another of their type has in its own sentence: "Ada Quill met Bo Lind. In
    /// Oslo on Friday, Jon Aas met Ida Moe."
    fn without_dates_of_others(&self, relations: &mut [Relation]) {
        let stands_by =
            |relation: &Relation, argument: EntityId| self.mentions_in(argument, &relation.evidence).next().is_some();
        // Which relations have it in their own sentence.
        let mut owners: BTreeMap<(RelationType, EntityId), Vec<[EntityId; 2]>> = BTreeMap::new();
        for relation in relations.iter() {
            for argument in [relation.date, relation.place].into_iter().flatten() {
                if stands_by(relation, argument) {
                    let ends = owners.entry((relation.relation_type, argument)).or_default();
                    ends.push([relation.head, relation.tail]);
                }
            }
        }
        let is_of_another = |relation: &Relation, argument: EntityId| {
            // Two of one end may well tell of one thing.
            let is_apart = |ends: &[EntityId; 2]| ends.iter().all(|end| ![relation.head, relation.tail].contains(end));
            owners.get(&(relation.relation_type, argument)).is_some_and(|owners| owners.iter().any(is_apart))
                && !stands_by(relation, argument)
        };
        let others: Vec<[bool; 2]> = relations
            .iter()
            .map(|relation| [relation.date, relation.place].map(|id| id.is_some_and(|id| is_of_another(relation, id))))
            .collect();
        for (relation, [date, place]) in relations.iter_mut().zip(others) {
            relation.date = relation.date.filter(|_| !date);
            relation.place = relation.place.filter(|_| !place);
        }
    }

    /// The mentions of an entity that stand in some sentences.
    fn mentions_in<'a>(&'a self, id: EntityId, sentences: &'a [ByteSpan]) -> impl Iterator<Item = ByteSpan> + 'a {
        let mentions = self.index_of(id).map_or(&[][..], |entity| self.entities[entity].mentions.as_slice());
        sentences.iter().flat_map(move |sentence| {
            // Mentions are in order.
            let first = mentions.partition_point(|mention| self.spans[*mention].start < sentence.start);
            let there = mentions[first..].iter().map(|mention| self.spans[*mention]);
            there.take_while(|span| span.start < sentence.end)
        })
    }

    /// Sentences that have mentions of both of a pair, in order, but for very long ones.
    fn shared_sentences(&self, doc: &Document, pair: &Pair) -> Vec<ByteSpan> {
        let sentences = |entity: usize| -> BTreeSet<usize> {
            let mentions = self.entities[entity].mentions.iter();
            mentions.filter_map(|mention| doc.sentence_at(self.spans[*mention].start)).collect()
        };
        let (head, tail) = (sentences(pair.head), sentences(pair.tail));
        let shared = head.intersection(&tail).filter_map(|at| doc.sentences.get(*at)).map(|sentence| sentence.span);
        shared.filter(|sentence| sentence.len() <= LONG_SENTENCE).collect()
    }

    /// Those of them in which something is denied.
    fn denials(&self, doc: &Document, pair: &Pair) -> Vec<ByteSpan> {
        let mut sentences = self.shared_sentences(doc, pair);
        sentences.retain(|sentence| is_denial(doc.slice(*sentence)));
        sentences
    }

    /// Whether one sentence says of a pair what a later one denies.
    fn is_disputed(&self, doc: &Document, pair: &Pair) -> bool {
        let sentences = self.shared_sentences(doc, pair);
        let said = sentences.iter().position(|sentence| !has_negation(doc.slice(*sentence)));
        let denied = sentences.iter().rposition(|sentence| is_denial(doc.slice(*sentence)));
        said.is_some_and(|said| denied.is_some_and(|denied| said < denied))
    }

    /// Leaves out what sentences tell of others than those of whom the model has it: of somebody's kin, or of the one of two
    /// people who is named there.
    fn without_lives_of_others(&self, doc: &Document, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        let mentions = |id: EntityId| {
            let mentions = self.index_of(id).into_iter().flat_map(|entity| &self.entities[entity].mentions);
            mentions.map(|mention| self.spans[*mention])
        };
        // "Ada Quill was a harpist" tells it of her alone; "the harpist" may be anybody named before.
        let titles = candidates.iter().filter(|candidate| candidate.relation_type.key() == "holds_title");
        let titles: BTreeSet<EntityId> = titles.map(|candidate| candidate.tail).collect();
        let told_of_one: BTreeSet<EntityId> =
            titles.into_iter().filter(|title| mentions(*title).all(|span| is_predicate(doc, span))).collect();
        let is_life = |candidate: &Candidate| match candidate.relation_type.key() {
            "holds_title" => told_of_one.contains(&candidate.tail),
            name => LIVES.contains(&name),
        };
        if !candidates.iter().any(is_life) {
            return candidates;
        }
        // Numbers of the sentences that name a tail.
        let mut sentences: BTreeMap<EntityId, BTreeSet<usize>> = BTreeMap::new();
        // How each head stands beside the tail.
        let mut beside: BTreeMap<(EntityId, EntityId), Beside> = BTreeMap::new();
        for candidate in candidates.iter().filter(|candidate| is_life(candidate)) {
            let tails = sentences
                .entry(candidate.tail)
                .or_insert_with(|| mentions(candidate.tail).filter_map(|span| doc.sentence_at(span.start)).collect());
            beside.entry((candidate.head, candidate.tail)).or_insert_with(|| {
                let is_there = |span: &ByteSpan| doc.sentence_at(span.start).is_some_and(|at| tails.contains(&at));
                let mut there = mentions(candidate.head).filter(is_there).peekable();
                if there.peek().is_none() {
                    Beside::Not
                } else if there.all(|span| is_possessor_of_kin(doc, span)) {
                    Beside::Kin
                } else {
                    Beside::Itself
                }
            });
        }
        let of = |candidate: &Candidate| beside.get(&(candidate.head, candidate.tail)).copied();
        let told: BTreeSet<(RelationType, EntityId)> = candidates
            .iter()
            .filter(|candidate| is_life(candidate) && of(candidate) == Some(Beside::Itself))
            .map(|candidate| (candidate.relation_type, candidate.tail))
            .collect();
        candidates.retain(|candidate| match of(candidate).filter(|_| is_life(candidate)) {
            Some(Beside::Kin) => false,
            Some(Beside::Not) => !told.contains(&(candidate.relation_type, candidate.tail)),
            Some(Beside::Itself) | None => true,
        });
        candidates
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

/// Number of the paragraph in which a mention starts.
fn paragraph_at(doc: &Document, mention: ByteSpan) -> usize {
    doc.paragraphs.partition_point(|paragraph| paragraph.end <= mention.start)
}

/// Whether a paragraph below the name of who wrote the text may say for whom: "Science reporter, Harbour News".
fn is_credit(doc: &Document, paragraph: usize) -> bool {
    let text = doc.paragraphs.get(paragraph).map_or("", |span| doc.slice(*span));
    text.len() <= LONGEST_CREDIT && !text.ends_with(['.', '!', '?', ':', '"', '”'])
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

/// Whether a mention is what a verb says that somebody is: "was a harpist".
fn is_predicate(doc: &Document, mention: ByteSpan) -> bool {
    let before = doc.text.get(..mention.range().start).unwrap_or_default();
    [" was a ", " was an ", " is a ", " is an ", " became a ", " became an "]
        .iter()
        .any(|words| before.ends_with(words))
}

/// Whether the date of a relation lies ahead of the day on which the text was written.
fn is_to_come(doc: &Document, date: EntityId) -> bool {
    let norm = doc.entities.get(date.0 as usize).and_then(|entity| entity.norm.as_deref());
    let (Some(norm), Some(today)) = (norm, doc.date.as_deref()) else { return false };
    let start = norm.split('/').next().unwrap_or_default();
    let is_day = |date: &str| date.starts_with(|c: char| c.is_ascii_digit()) && date.len() >= 4;
    let today = today.get(..start.len().min(today.len())).unwrap_or(today);
    is_day(start) && is_day(today) && start.get(..today.len().min(start.len())).is_some_and(|start| start > today)
}

/// Whether a sentence denies something.
fn is_denial(sentence: &str) -> bool {
    sentence.split(|c: char| !c.is_alphabetic()).any(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "deny" | "denies" | "denied" | "denying" | "rejects" | "rejected" | "disputes" | "disputed"
        )
    })
}

/// Whether a sentence has a word that denies or negates.
fn has_negation(sentence: &str) -> bool {
    let negates = |word: &str| {
        let word = word.to_lowercase();
        matches!(word.as_str(), "no" | "not" | "never" | "none" | "nor" | "neither" | "nothing" | "cannot" | "without")
    };
    is_denial(sentence)
        || ["n't", "n’t"].iter().any(|word| sentence.contains(word))
        || sentence.split(|c: char| !c.is_alphabetic()).any(negates)
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
    fn what_a_verb_says_that_somebody_is() {
        for (text, expected) in
            [("Ada Quill was a harpist", true), ("Ada Quill met a harpist", false), ("harpist", false)]
        {
            let doc = Document::new("d", text);
            assert_eq!(is_predicate(&doc, ByteSpan::new(text.len() - 7, text.len())), expected, "{text}");
        }
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
    fn dates_that_lie_ahead() {
        for (norm, today, expected) in [
            ("2024-05", "2024-03-13", true),
            ("2024-03-14", "2024-03-13", true),
            ("2024-03-13", "2024-03-13", false),
            ("2024", "2024-03-13", false),
            ("2025", "2024-03-13", true),
            ("2024-03", "2024-03-13", false),
            ("2025/2026", "2024-03-13", true),
            ("2023/2026", "2024-03-13", false),
        ] {
            let mut doc = Document::new("d", "");
            doc.date = Some(today.to_owned());
            doc.entities.push(Entity {
                entity_type: EntityType::Date,
                name: norm.to_owned(),
                norm: Some(norm.to_owned()),
                link: None,
                mentions: Vec::new(),
            });
            assert_eq!(is_to_come(&doc, EntityId(0)), expected, "{norm}");
        }
    }

    #[test]
    fn lines_that_say_for_whom_somebody_writes() {
        for (line, expected) in
            [("Science reporter, Harbour News", true), ("A clerk has left.", false), (&"Avon ".repeat(20), false)]
        {
            let mut doc = Document::new("d", line);
            doc.paragraphs.push(ByteSpan::new(0, line.len()));
            assert_eq!(is_credit(&doc, 0), expected, "{line}");
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
