//! The relation head: scores every relation type for ordered pairs of entities, and the qualifiers of stated relations.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    attention::Values,
    encoder::{Encoding, Window},
    features::{
        ArgumentMention, DISTANCES, MentionWords, PairFeatures, SENTENCES, TYPES, closest_mentions, pair_features,
        place_of,
    },
    gate::Gate,
    linear::{
        Linear, Rounded, Then, View, add, add_product, add_scores, add_weighted, gelu, multiply, products, raise,
        softmax, sum, tanh,
    },
    mix::Mix,
    weights::{ModelError, Precision, Weights},
};
use crate::schema::{EntityType, MentionKind, RelationType, Status};

/// The longest stretch of pieces between two ends that is pooled, and of words in which triggers are sought.
pub(super) const BETWEEN_LIMIT: usize = 64;
/// Number of arguments of a relation, in the order of the model: by, date, place.
pub const ARGUMENT_COUNT: usize = 3;
/// Number of statuses: fact and those of [`Status::ALL`].
pub const STATUS_COUNT: usize = 1 + Status::ALL.len();
/// Buckets of sentence ends.
pub(super) const STOPS: usize = 5;
/// Pairs that are scored at once, which bounds the memory.
const BATCH: usize = 64;
/// Words that are prepared at once.
const WORDS: usize = 512;

/// An entity as the relation head sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityMentions {
    /// Its type.
    pub entity_type: EntityType,
    /// Its mentions in order, as indices into the document's mentions; at least one.
    pub mentions: Vec<usize>,
}

/// An ordered pair of entities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Index of the head entity.
    pub head: usize,
    /// Index of the tail entity.
    pub tail: usize,
    /// The head's mention that is closest to the tail.
    pub head_mention: usize,
    /// The tail's mention that is closest to the head.
    pub tail_mention: usize,
    /// Its features.
    pub features: PairFeatures,
}

impl Pair {
    /// The pair of two entities, given by their indices; nothing if one has no mention.
    #[must_use]
    pub fn new(
        encoding: &Encoding,
        mentions: &[MentionWords],
        entities: &[EntityMentions],
        head: usize,
        tail: usize,
    ) -> Option<Self> {
        let members = |entity: usize| entities.get(entity).map(|entity| entity.mentions.as_slice());
        let (head_mention, tail_mention) = closest_mentions(mentions, members(head)?, members(tail)?)?;
        let features = pair_features(encoding, &mentions[head_mention], &mentions[tail_mention]);
        Some(Self { head, tail, head_mention, tail_mention, features })
    }

    /// Whether the other pair is this one in the other direction, with the same closest mentions.
    fn is_mirrored(&self, other: &Self) -> bool {
        (self.head, self.tail, self.head_mention, self.tail_mention)
            == (other.tail, other.head, other.tail_mention, other.head_mention)
    }
}

/// Entities with all that depends on one of them alone.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedEntities {
    vectors: Vec<f32>,
    /// What each adds as a head, and as a tail.
    ends: Vec<f32>,
    /// Projection of every piece of the text, to be pooled between ends.
    between: Vec<f32>,
    /// What each mention adds as a closest one, as a head and as a tail.
    local: Vec<f32>,
    /// Its queries for triggers, likewise.
    queries: Vec<f32>,
    /// What each mention is as an argument: numbers to add to those of a relation, and numbers to multiply them with.
    arguments: Vec<f32>,
    /// What the gate makes of each mention; nothing where there is no gate.
    gate: Vec<f32>,
    /// Column after column, each with a number for every word.
    trigger_keys: Vec<f32>,
    /// Row after row, one for every word.
    trigger_values: Vec<f32>,
    words: usize,
}

impl PreparedEntities {
    /// The entity vectors, row after row.
    #[must_use]
    pub fn vectors(&self) -> &[f32] {
        &self.vectors
    }
}

/// Both ends of pairs, row after row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PairVectors {
    /// The heads, each in the light of its tail.
    pub head: Vec<f32>,
    /// The tails, each in the light of its head.
    pub tail: Vec<f32>,
}

/// What the model makes of stated relations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Qualifiers {
    /// Logits of the statuses `[relations x STATUS_COUNT]`.
    pub status: Vec<f32>,
    /// What each relation wants of an argument, as [`PreparedEntities`] has it of mentions.
    queries: Vec<f32>,
    /// Logits of having no argument `[relations x ARGUMENT_COUNT]`.
    none: Vec<f32>,
}

/// Logits of the arguments of one relation: who states it, its date, its place.
#[derive(Debug, Clone, PartialEq)]
pub struct ArgumentLogits {
    /// That it has none.
    pub none: [f32; ARGUMENT_COUNT],
    /// That it is an entity, for each one near by, in order of the entities' indices.
    pub entities: BTreeMap<usize, [f32; ARGUMENT_COUNT]>,
}

/// Scores pairs of entities.
pub struct RelationHead {
    between: Linear,
    /// The part of the layers of heads and of tails, side by side, that reads the entity.
    entity: Linear,
    /// The part of both that reads the context, the words between and the triggers.
    surroundings: Linear,
    /// The part of both that reads the closest mention.
    local: Linear,
    /// The queries for triggers of heads and of tails, side by side.
    trigger: Linear,
    trigger_key: Linear,
    trigger_value: Linear,
    head_place: Vec<f32>,
    tail_place: Vec<f32>,
    head_type: Vec<f32>,
    tail_type: Vec<f32>,
    head_distance: Vec<f32>,
    tail_distance: Vec<f32>,
    head_stops: Vec<f32>,
    tail_stops: Vec<f32>,
    bilinear: Linear,
    hidden: Linear,
    linear: Linear,
    relation: Vec<f32>,
    status_hidden: Linear,
    status: Linear,
    argument_query: Linear,
    argument_mention: Linear,
    argument_place: Vec<f32>,
    argument_sentence: Vec<f32>,
    argument_kind: Vec<f32>,
    argument_role: Vec<f32>,
    argument_quotes: Vec<f32>,
    argument_score: Linear,
    argument_none: Linear,
    gate: Option<Gate>,
    mix: Option<Mix>,
    width: usize,
    pair: usize,
    block: usize,
    pooled: usize,
    argument: usize,
    trigger_heads: usize,
    trigger_reach: usize,
    /// How exactly states are weighted.
    precision: Precision,
}

impl RelationHead {
    pub(super) fn new(weights: &Weights, precision: Precision) -> Result<Self, ModelError> {
        let width = weights.header.encoder.width;
        let sizes = &weights.header.sizes;
        let (pair, pooled, argument) = (sizes.pair, sizes.between, sizes.argument);
        let relations = RelationType::of_model().len();
        let name = |part: &str| format!("relation_head.{part}");
        let table = |part: &str, rows: usize, columns: usize| {
            weights.values(&name(&format!("{part}.weight")), &[rows, columns])
        };
        let linear = |part: &str, input: usize, output: usize| weights.linear(&name(part), input, output);

        let (queries, values) = (sizes.trigger_heads * sizes.trigger_key, sizes.trigger_heads * sizes.trigger_value);
        // Columns of the layers of both ends: entity, context, words between, triggers, closest mention.
        let columns = 3 * width + pooled + values;
        // What is worked out for every pair or every word counts in bytes, if it may.
        let in_bytes =
            |part: &str, input: usize, output: usize| weights.joined_linear(&[name(part)], input, output, precision);
        let of_ends = |part: Range<usize>| {
            weights.linear_of_columns(&[name("head"), name("tail")], (columns, pair), part, precision)
        };
        Ok(Self {
            between: in_bytes("between", width, pooled)?,
            entity: of_ends(0..width)?,
            surroundings: of_ends(width..columns - width)?,
            local: of_ends(columns - width..columns)?,
            trigger: weights.joined_linear(&[name("trigger_head"), name("trigger_tail")], width, queries, precision)?,
            trigger_key: in_bytes("trigger_key", width, queries)?,
            trigger_value: in_bytes("trigger_value", width, values)?,
            head_place: table("head_place", 2 * DISTANCES, sizes.trigger_heads)?,
            tail_place: table("tail_place", 2 * DISTANCES, sizes.trigger_heads)?,
            head_type: table("head_type", TYPES, pair)?,
            tail_type: table("tail_type", TYPES, pair)?,
            head_distance: table("head_distance", 2 * DISTANCES, pair)?,
            tail_distance: table("tail_distance", 2 * DISTANCES, pair)?,
            head_stops: table("head_stops", STOPS, pair)?,
            tail_stops: table("tail_stops", STOPS, pair)?,
            bilinear: in_bytes("bilinear", pair * sizes.block, relations)?,
            hidden: in_bytes("hidden", 2 * pair, pair)?,
            linear: Linear::new(&table("linear", relations, pair)?, None, pair, relations),
            relation: table("relation", relations, pair)?,
            status_hidden: linear("status_hidden", 3 * pair, pair)?,
            status: linear("status", pair, STATUS_COUNT)?,
            argument_query: linear("argument_query", pair, 2 * argument)?,
            argument_mention: in_bytes("argument_mention", width, 2 * argument)?,
            argument_place: table("argument_place", 2 * DISTANCES, argument)?,
            argument_sentence: table("argument_sentence", 2 * SENTENCES + 1, argument)?,
            argument_kind: table("argument_kind", MentionKind::ALL.len(), argument)?,
            argument_role: table("argument_role", 3, argument)?,
            argument_quotes: table("argument_quotes", 4, argument)?,
            argument_score: linear("argument_score", argument, ARGUMENT_COUNT)?,
            argument_none: linear("argument_none", pair, ARGUMENT_COUNT)?,
            gate: Gate::new(weights, precision)?,
            mix: Mix::new(weights, precision)?,
            width,
            pair,
            block: sizes.block,
            pooled,
            argument,
            trigger_heads: sizes.trigger_heads,
            trigger_reach: sizes.trigger_reach,
            precision,
        })
    }

    /// Computes what depends on single entities: the log of the sum of the exponentials of their mentions' mean states.
    #[must_use]
    pub fn prepare(
        &self,
        encoding: &Encoding,
        mentions: &[MentionWords],
        entities: &[EntityMentions],
    ) -> PreparedEntities {
        let mut means: Vec<f32> = mentions.iter().flat_map(|mention| encoding.mean_state(&mention.words())).collect();
        let gate = self.gate.as_ref().map(|gate| gate.prepare(&means)).unwrap_or_default();
        if let Some(mix) = &self.mix {
            mix.add_to(&mut means, encoding, mentions, entities);
        }
        let mut vectors = Vec::with_capacity(entities.len() * self.width);
        for entity in entities {
            let means = || entity.mentions.iter().map(|&mention| &means[mention * self.width..][..self.width]);
            for column in 0..self.width {
                let top = means().map(|mean| mean[column]).fold(f32::MIN, f32::max);
                let sum: f32 = means().map(|mean| (mean[column] - top).exp()).sum();
                vectors.push(if entity.mentions.is_empty() { 0.0 } else { top + sum.ln() });
            }
        }
        let words = encoding.words().len();
        let mut trigger_keys = vec![0.0; words * self.trigger_key.output()];
        let mut trigger_values = Vec::with_capacity(words * self.trigger_value.output());
        // Some words at a time, since a long text has many.
        for (part, some) in encoding.words().chunks(WORDS).enumerate() {
            let mut rows = Vec::with_capacity(some.len() * self.width);
            for word in some {
                rows.extend_from_slice(encoding.state(word.pieces().start));
            }
            let keys = self.trigger_key.apply(&rows);
            for (column, numbers) in trigger_keys.chunks_exact_mut(words).enumerate() {
                let rows = keys.chunks_exact(self.trigger_key.output());
                for (number, row) in numbers[part * WORDS..].iter_mut().zip(rows) {
                    *number = row[column];
                }
            }
            trigger_values.extend(self.trigger_value.apply(&rows));
        }
        PreparedEntities {
            ends: self.entity.apply(&vectors),
            between: self.between.apply(encoding.states()),
            local: self.local.apply(&means),
            queries: self.trigger.apply(&means),
            arguments: self.argument_mention.apply(&means),
            gate,
            trigger_keys,
            trigger_values,
            words,
            vectors,
        }
    }

    /// The score by which a pair is let through to a closer look, from 0 on, before any context is read; nothing where the
    /// model has no gate, which means that all pairs are looked at.
    #[must_use]
    pub fn gate_score(&self, prepared: &PreparedEntities, entities: &[EntityMentions], pair: &Pair) -> Option<f32> {
        let gate = self.gate.as_ref()?;
        let type_of = |entity: usize| entities[entity].entity_type;
        Some(gate.score(&prepared.gate, pair, type_of(pair.head), type_of(pair.tail)))
    }

    /// Vectors of both ends of pairs. A pair comes out the same alone and among others.
    #[must_use]
    pub fn pairs(
        &self,
        encoding: &Encoding,
        mentions: &[MentionWords],
        entities: &[EntityMentions],
        prepared: &PreparedEntities,
        pairs: &[Pair],
    ) -> PairVectors {
        let contexts = self.contexts(encoding, mentions, entities, pairs);
        let ends = || Vec::with_capacity(pairs.len() * self.pair);
        let mut out = PairVectors { head: ends(), tail: ends() };
        // Room for a batch, used again for the next.
        let (mut rows, mut surroundings, mut rounded) = (Vec::new(), Vec::new(), Rounded::default());
        for (pairs, contexts) in pairs.chunks(BATCH).zip(contexts.chunks(BATCH * self.width)) {
            rows.clear();
            for (pair, context) in pairs.iter().zip(contexts.chunks_exact(self.width)) {
                rows.extend_from_slice(context);
                self.pool(&prepared.between, pair, &mut rows);
                self.triggers(prepared, mentions, pair, &mut rows);
            }
            surroundings.resize(pairs.len() * 2 * self.pair, 0.0);
            self.surroundings.apply_to(&rows, &mut surroundings, &mut rounded);
            for (pair, surroundings) in pairs.iter().zip(surroundings.chunks_exact(2 * self.pair)) {
                let (head, tail) = surroundings.split_at(self.pair);
                let features = &pair.features;
                let (head_type, tail_type) =
                    (entities[pair.head].entity_type.base().index(), entities[pair.tail].entity_type.base().index());
                for (out, parts) in [
                    (
                        &mut out.head,
                        [
                            head,
                            self.row(&prepared.ends, 2 * pair.head),
                            self.row(&prepared.local, 2 * pair.head_mention),
                            self.row(&self.head_type, head_type),
                            self.row(&self.head_distance, features.distance),
                            self.row(&self.head_stops, features.stops),
                        ],
                    ),
                    (
                        &mut out.tail,
                        [
                            tail,
                            self.row(&prepared.ends, 2 * pair.tail + 1),
                            self.row(&prepared.local, 2 * pair.tail_mention + 1),
                            self.row(&self.tail_type, tail_type),
                            self.row(&self.tail_distance, features.distance),
                            self.row(&self.tail_stops, features.stops),
                        ],
                    ),
                ] {
                    let start = out.len();
                    out.resize(start + self.pair, 0.0);
                    let end = &mut out[start..];
                    for part in parts {
                        add(end, part);
                    }
                    tanh(end);
                }
            }
        }
        out
    }

    /// Logits `[pairs x relation types]`, in the order of the schema.
    #[must_use]
    pub fn logits(&self, pairs: &PairVectors) -> Vec<f32> {
        let mut logits = vec![0.0; pairs.head.len() / self.pair * self.bilinear.output()];
        // Room for a batch, used again for the next.
        let (mut all_products, mut joined, mut hidden) = (Vec::new(), Vec::new(), Vec::new());
        let mut rounded = Rounded::default();
        let batches = pairs.head.chunks(BATCH * self.pair).zip(pairs.tail.chunks(BATCH * self.pair));
        for ((head, tail), logits) in batches.zip(logits.chunks_mut(BATCH * self.bilinear.output())) {
            // Within each block of columns, every number of the head times every number of the tail.
            all_products.resize(head.len() * self.block, 0.0);
            products(head, tail, self.block, &mut all_products);
            self.bilinear.apply_to(&all_products, logits, &mut rounded);
            joined.clear();
            for (head, tail) in head.chunks_exact(self.pair).zip(tail.chunks_exact(self.pair)) {
                joined.extend_from_slice(head);
                joined.extend_from_slice(tail);
            }
            hidden.resize(head.len(), 0.0);
            self.hidden.apply_then(&joined, Then::Gelu, &mut hidden, &mut rounded);
            self.linear.apply_then(&hidden, Then::Add, logits, &mut rounded);
        }
        logits
    }

    /// The vectors of one of several pairs, given by its index.
    #[must_use]
    pub fn of_pair(&self, pairs: &PairVectors, index: usize) -> PairVectors {
        PairVectors { head: self.row(&pairs.head, index).to_vec(), tail: self.row(&pairs.tail, index).to_vec() }
    }

    /// Qualifiers of stated relations, each given by the vectors of its pair ([`of_pair`](Self::of_pair)) and its type.
    #[must_use]
    pub fn qualifiers<'a>(&self, stated: impl Iterator<Item = (&'a PairVectors, RelationType)>) -> Qualifiers {
        let mut rows = Vec::new();
        for (pair, relation) in stated {
            rows.extend_from_slice(&pair.head);
            rows.extend_from_slice(&pair.tail);
            rows.extend_from_slice(self.row(&self.relation, relation.index()));
        }
        let mut hidden = self.status_hidden.apply(&rows);
        gelu(&mut hidden);
        Qualifiers {
            status: self.status.apply(&hidden),
            queries: self.argument_query.apply(&hidden),
            none: self.argument_none.apply(&hidden),
        }
    }

    /// Logits of the arguments of a stated relation, given by its index in the qualifiers. `near` are the mentions that may
    /// be arguments ([`argument_mentions`](super::features::argument_mentions)); an entity's logit is the log of the sum of
    /// the exponentials of its mentions' scores.
    #[must_use]
    pub fn argument_logits(
        &self,
        prepared: &PreparedEntities,
        qualifiers: &Qualifiers,
        stated: usize,
        near: &[ArgumentMention],
    ) -> ArgumentLogits {
        let size = self.argument;
        let (wanted, factors) = qualifiers.queries[stated * 2 * size..(stated + 1) * 2 * size].split_at(size);
        let mut rows = Vec::with_capacity(near.len() * size);
        for argument in near {
            let (own, own_factors) =
                prepared.arguments[argument.mention * 2 * size..(argument.mention + 1) * 2 * size].split_at(size);
            let start = rows.len();
            rows.extend(factors.iter().zip(own_factors).map(|(a, b)| a * b));
            let out = &mut rows[start..];
            add(out, wanted);
            add(out, own);
            for (table, index) in [
                (&self.argument_place, argument.place),
                (&self.argument_sentence, argument.sentence),
                (&self.argument_kind, argument.kind),
                (&self.argument_role, argument.role),
                (&self.argument_quotes, argument.quotes),
            ] {
                add(out, &table[index * size..(index + 1) * size]);
            }
        }
        gelu(&mut rows);
        let scores = self.argument_score.apply(&rows);
        let mut members: BTreeMap<usize, Vec<&[f32]>> = BTreeMap::new();
        for (argument, scores) in near.iter().zip(scores.chunks_exact(ARGUMENT_COUNT)) {
            members.entry(argument.entity).or_default().push(scores);
        }
        let sum = |scores: &[&[f32]], argument: usize| {
            let top = scores.iter().map(|row| row[argument]).fold(f32::MIN, f32::max);
            top + scores.iter().map(|row| (row[argument] - top).exp()).sum::<f32>().ln()
        };
        ArgumentLogits {
            none: std::array::from_fn(|argument| qualifiers.none[stated * ARGUMENT_COUNT + argument]),
            entities: members
                .into_iter()
                .map(|(entity, scores)| (entity, std::array::from_fn(|argument| sum(&scores, argument))))
                .collect(),
        }
    }

    /// Row `index` of a row-major buffer of pair width. Indices come from the caller's own entities and pairs.
    fn row<'a>(&self, values: &'a [f32], index: usize) -> &'a [f32] {
        &values[index * self.pair..(index + 1) * self.pair]
    }

    /// Appends what the words near the closest mentions of a pair say, each head of attention weighting them by the product
    /// of what either mention looks for and of where the words stand.
    fn triggers(&self, prepared: &PreparedEntities, mentions: &[MentionWords], pair: &Pair, rows: &mut Vec<f32>) {
        let (query_width, value_width) = (self.trigger_key.output(), self.trigger_value.output());
        let (key, value) = (query_width / self.trigger_heads, value_width / self.trigger_heads);
        let (head, tail) = (&mentions[pair.head_mention], &mentions[pair.tail_mention]);
        let mut query = prepared.queries[2 * pair.head_mention * query_width..][..query_width].to_vec();
        add(&mut query, &prepared.queries[(2 * pair.tail_mention + 1) * query_width..][..query_width]);
        let scale = 1.0 / (key as f32).sqrt();
        query.iter_mut().for_each(|number| *number *= scale);

        let near = words_near(head, tail, self.trigger_reach, prepared.words);
        let words = || near.iter().cloned().flatten();
        let places: Vec<[usize; 2]> = words().map(|word| [place_of(head, word), place_of(tail, word)]).collect();
        let mut weights = vec![0.0; places.len()];
        let start = rows.len();
        rows.resize(start + value_width, 0.0);
        let queries = query.chunks_exact(key).zip(prepared.trigger_keys.chunks_exact(key * prepared.words));
        for (index, ((query, keys), out)) in queries.zip(rows[start..].chunks_exact_mut(value)).enumerate() {
            for (weight, [from_head, from_tail]) in weights.iter_mut().zip(&places) {
                *weight = self.head_place[from_head * self.trigger_heads + index]
                    + self.tail_place[from_tail * self.trigger_heads + index];
            }
            let (left, right) = weights.split_at_mut(near[0].len());
            for (words, weights) in near.iter().zip([left, right]) {
                add_scores(query, (&keys[words.start..], prepared.words), weights);
            }
            softmax(&mut weights);
            let (left, right) = weights.split_at(near[0].len());
            for (words, weights) in near.iter().zip([left, right]) {
                let values =
                    prepared.trigger_values.get(words.start * value_width + index * value..).unwrap_or_default();
                add_weighted(weights, (values, value_width), out);
            }
        }
    }

    /// Appends, column by column, the largest number of the pieces between two ends; zeros if there are none or too many.
    fn pool(&self, between: &[f32], pair: &Pair, rows: &mut Vec<f32>) {
        let range = &pair.features.between;
        let start = rows.len();
        if range.is_empty() || range.len() > BETWEEN_LIMIT {
            rows.resize(start + self.pooled, 0.0);
            return;
        }
        rows.resize(start + self.pooled, f32::MIN);
        let between = between.get(range.start * self.pooled..range.end * self.pooled).unwrap_or_default();
        for row in between.chunks_exact(self.pooled) {
            raise(&mut rows[start..], row);
        }
    }

    /// Contexts of pairs `[pairs x width]`: the states of a window that holds both ends, weighted by the product of both
    /// ends' attention. Ends that no window holds together get the mean of the states that each attends to.
    fn contexts(
        &self,
        encoding: &Encoding,
        mentions: &[MentionWords],
        entities: &[EntityMentions],
        pairs: &[Pair],
    ) -> Vec<f32> {
        let windows = encoding.windows();
        let mut shared: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        // Entities that are looked at alone, by window.
        let mut alone: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut apart = Vec::new();
        // Pairs that are the one before them in the other direction, which has the same context.
        let mut mirrored = Vec::new();
        for (index, pair) in pairs.iter().enumerate() {
            if index.checked_sub(1).is_some_and(|before| pair.is_mirrored(&pairs[before])) {
                mirrored.push(index);
                continue;
            }
            match shared_window(encoding, mentions, entities, pair) {
                Some(window) => shared.entry(window).or_default().push(index),
                None => {
                    let home = |mention: usize| encoding.home_window(mentions[mention].first);
                    let places = [(home(pair.head_mention), pair.head), (home(pair.tail_mention), pair.tail)];
                    for (window, entity) in places {
                        alone.entry(window).or_default().insert(entity);
                    }
                    apart.push((index, places));
                }
            }
        }

        let mut contexts = vec![0.0; pairs.len() * self.width];
        for (&index, members) in &shared {
            let Some(window) = windows.get(index) else { continue };
            let ends = members.iter().flat_map(|&member| [pairs[member].head, pairs[member].tail]);
            let attention = EntityAttention::new(encoding, window, mentions, entities, ends.collect());
            let states = WindowStates::new(window, self.precision);
            for batch in members.chunks(BATCH) {
                let mut weights = Vec::with_capacity(batch.len() * window.rows());
                for pair in batch.iter().map(|&member| &pairs[member]) {
                    product(attention.of(pair.head), attention.of(pair.tail), window.rows(), &mut weights);
                }
                let rows = states.weighted(&weights);
                for (&member, row) in batch.iter().zip(rows.chunks_exact(self.width)) {
                    contexts[member * self.width..(member + 1) * self.width].copy_from_slice(row);
                }
            }
        }

        let mut own: BTreeMap<(usize, usize), Vec<f32>> = BTreeMap::new();
        for (&index, members) in &alone {
            let Some(window) = windows.get(index) else { continue };
            let attention = EntityAttention::new(encoding, window, mentions, entities, members.clone());
            let weights: Vec<f32> =
                members.iter().flat_map(|&entity| own_weights(attention.of(entity), window.rows())).collect();
            let rows = WindowStates::new(window, self.precision).weighted(&weights);
            for (&entity, row) in members.iter().zip(rows.chunks_exact(self.width)) {
                own.insert((index, entity), row.to_vec());
            }
        }
        for (index, places) in apart {
            let context = &mut contexts[index * self.width..(index + 1) * self.width];
            for place in places {
                add(context, own.get(&place).map(Vec::as_slice).unwrap_or_default());
            }
            for value in context {
                *value *= 0.5;
            }
        }
        for index in mirrored {
            contexts.copy_within((index - 1) * self.width..index * self.width, index * self.width);
        }
        contexts
    }
}

/// The states of a window, to be weighted.
struct WindowStates<'a> {
    window: &'a Window,
    /// In whole numbers; nothing if they are weighted in floating point.
    values: Option<Values>,
}

impl<'a> WindowStates<'a> {
    fn new(window: &'a Window, precision: Precision) -> Self {
        let states = window.states_view();
        let values = (precision == Precision::Int8 && Values::fit(states.rows)).then(|| {
            let mut values = Values::default();
            values.pack(states);
            values
        });
        Self { window, values }
    }

    /// The states weighted by each row of weights, which sum to one or are all zero.
    fn weighted(&self, weights: &[f32]) -> Vec<f32> {
        if let Some(values) = &self.values {
            return values.means(weights);
        }
        let (weights, states) = (View::new(weights, self.window.rows()), self.window.states_view());
        let mut out = vec![0.0; weights.rows * states.columns];
        if weights.rows > 0 {
            multiply(weights, states, false, 1.0, &mut out);
        }
        out
    }
}

/// The words of a text of `count` words up to a reach before and after two mentions, and those between them if they are not
/// far apart.
fn words_near(a: &MentionWords, b: &MentionWords, reach: usize, count: usize) -> [Range<usize>; 2] {
    let (left, right) = if (a.first, a.last) <= (b.first, b.last) { (a, b) } else { (b, a) };
    let (start, end) = (left.words_near(reach, count), right.words_near(reach, count));
    let apart = a.first.max(b.first) as isize - a.last.min(b.last) as isize;
    if apart <= BETWEEN_LIMIT as isize {
        // One range, in the form of two.
        let end = start.end.max(end.end);
        [start.start..end, end..end]
    } else {
        // Nothing is seen twice, however far a model sees.
        let right = end.start.max(start.end);
        [start, right..end.end.max(right)]
    }
}

/// How much both ends of a pair attend to each word: the weights of the localized context.
#[derive(Debug, Clone)]
pub struct SharedAttention<'a> {
    encoding: &'a Encoding,
    /// The window in which the pair is looked at, and the weights of its rows; nothing if no window holds the pair.
    window: Option<(&'a Window, Vec<f32>)>,
}

impl SharedAttention<'_> {
    /// The weight of a word, summed over its pieces; zero outside the window in which the pair is looked at.
    #[must_use]
    pub fn of(&self, word: usize) -> f32 {
        let Some((window, weights)) = &self.window else { return 0.0 };
        let pieces = self.encoding.pieces_of(&(word..word + 1));
        pieces.filter_map(|piece| window.row(piece)).map(|row| weights.get(row).copied().unwrap_or(0.0)).sum()
    }
}

/// The shared attention of each pair.
#[must_use]
pub fn shared_attention<'a>(
    encoding: &'a Encoding,
    mentions: &[MentionWords],
    entities: &[EntityMentions],
    pairs: &[&Pair],
) -> Vec<SharedAttention<'a>> {
    let mut out = vec![SharedAttention { encoding, window: None }; pairs.len()];
    let mut by_window: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, pair) in pairs.iter().enumerate() {
        if let Some(window) = shared_window(encoding, mentions, entities, pair) {
            by_window.entry(window).or_default().push(index);
        }
    }
    for (window, members) in by_window {
        let Some(window) = encoding.windows().get(window) else { continue };
        let ends = members.iter().flat_map(|&member| [pairs[member].head, pairs[member].tail]);
        let attention = EntityAttention::new(encoding, window, mentions, entities, ends.collect());
        for member in members {
            let pair = pairs[member];
            let mut weights = Vec::with_capacity(window.rows());
            product(attention.of(pair.head), attention.of(pair.tail), window.rows(), &mut weights);
            out[member].window = Some((window, weights));
        }
    }
    out
}

/// The window in which the closest mentions of a pair are looked at: the home of the left one if it holds both, else the
/// first that does, else the first that holds any mention of both.
fn shared_window(
    encoding: &Encoding,
    mentions: &[MentionWords],
    entities: &[EntityMentions],
    pair: &Pair,
) -> Option<usize> {
    let windows = encoding.windows();
    if windows.len() == 1 {
        return Some(0);
    }
    let holds = |window: &Window, mention: usize| holds(window, &mentions[mention]);
    let both = |window: &Window| holds(window, pair.head_mention) && holds(window, pair.tail_mention);
    let home = encoding.home_window(mentions[pair.head_mention].first.min(mentions[pair.tail_mention].first));
    if windows.get(home).is_some_and(both) {
        return Some(home);
    }
    let any = |window: &Window, entity: usize| entities[entity].mentions.iter().any(|&mention| holds(window, mention));
    windows
        .iter()
        .position(both)
        .or_else(|| windows.iter().position(|window| any(window, pair.head) && any(window, pair.tail)))
}

fn holds(window: &Window, mention: &MentionWords) -> bool {
    window.words.start <= mention.first && mention.last < window.words.end
}

/// The attention of entities in one window: `[heads x rows]`, the mean over the first pieces of their mentions there.
struct EntityAttention {
    /// Of each entity with a mention there the place among the attentions.
    places: BTreeMap<usize, usize>,
    /// One after the other.
    attentions: Vec<f32>,
    /// Numbers of one.
    size: usize,
}

impl EntityAttention {
    fn new(
        encoding: &Encoding,
        window: &Window,
        mentions: &[MentionWords],
        entities: &[EntityMentions],
        wanted: BTreeSet<usize>,
    ) -> Self {
        let mut places = BTreeMap::new();
        // Of each mention the place of its entity and its row.
        let mut asked = Vec::new();
        for entity in wanted {
            let here = entities[entity].mentions.iter().map(|&mention| &mentions[mention]);
            for mention in here.filter(|mention| holds(window, mention)) {
                let piece = encoding.pieces_of(&mention.words()).start;
                let next = places.len();
                asked.extend(window.row(piece).map(|row| (*places.entry(entity).or_insert(next), row)));
            }
        }
        let rows = window.rows();
        let size = encoding.heads() * rows;
        let mut attentions = vec![0.0; places.len() * size];
        let mut room = Vec::new();
        // Some rows at a time, which bounds the memory.
        for batch in asked.chunks(BATCH) {
            let asked: Vec<usize> = batch.iter().map(|(_, row)| *row).collect();
            for head in 0..encoding.heads() {
                window.attention(head, &asked, &mut room);
                for (&(place, _), row) in batch.iter().zip(room.chunks_exact(rows)) {
                    add(&mut attentions[place * size + head * rows..][..rows], row);
                }
            }
        }
        for members in asked.chunk_by(|(left, _), (right, _)| left == right) {
            let scale = 1.0 / members.len() as f32;
            for value in &mut attentions[members[0].0 * size..][..size] {
                *value *= scale;
            }
        }
        Self { places, attentions, size }
    }

    /// The attention of an entity; empty if it has no mention in the window.
    fn of(&self, entity: usize) -> &[f32] {
        self.places.get(&entity).map_or(&[], |place| &self.attentions[place * self.size..][..self.size])
    }
}

/// Appends the product of the attention of two ends, summed over the heads and normed.
fn product(a: &[f32], b: &[f32], rows: usize, weights: &mut Vec<f32>) {
    let start = weights.len();
    weights.resize(start + rows, 0.0);
    let weights = &mut weights[start..];
    for (a, b) in a.chunks_exact(rows).zip(b.chunks_exact(rows)) {
        add_product(weights, a, b);
    }
    norm(weights);
}

/// One attention, summed over the heads and normed.
fn own_weights(attention: &[f32], rows: usize) -> Vec<f32> {
    let mut weights = vec![0.0; rows];
    for attention in attention.chunks_exact(rows) {
        add(&mut weights, attention);
    }
    norm(&mut weights);
    weights
}

fn norm(weights: &mut [f32]) {
    let scale = 1.0 / (sum(weights) + 1e-12);
    for weight in weights {
        *weight *= scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::MentionKind;

    fn mention(first: usize, last: usize) -> MentionWords {
        MentionWords { first, last, entity_type: EntityType::Person, kind: MentionKind::Name }
    }

    #[test]
    fn triggers_are_sought_near_both_mentions() {
        let check = |a: (usize, usize), b: (usize, usize), expected: [Range<usize>; 2]| {
            let expected: Vec<usize> = expected.into_iter().flatten().collect();
            for (a, b) in [(a, b), (b, a)] {
                let near = words_near(&mention(a.0, a.1), &mention(b.0, b.1), 3, 100);
                let found: Vec<usize> = near.into_iter().flatten().collect();
                assert_eq!(found, expected, "{a:?} {b:?}");
            }
        };
        check((1, 2), (5, 5), [0..9, 0..0]);
        check((10, 12), (76, 76), [7..80, 0..0]);
        check((10, 12), (77, 77), [7..16, 74..81]);
        check((96, 97), (99, 99), [93..100, 0..0]);
        check((10, 20), (12, 13), [7..24, 0..0]);
        let near = words_near(&mention(0, 0), &mention(70, 70), 50, 100);
        let far: Vec<usize> = near.into_iter().flatten().collect();
        assert_eq!(far, (0..100).collect::<Vec<_>>(), "each word once");
    }
}
