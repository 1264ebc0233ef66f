//! The relation head: scores every relation type for ordered pairs of entities, and the qualifiers of stated relations.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    encoder::{Encoding, Window},
    features::{DISTANCES, MentionWords, PairFeatures, TYPES, closest_mentions, distance_bucket, pair_features},
    linear::{Linear, View, add, add_product, add_scaled, dot, gelu, multiply, products, raise, softmax, sum, tanh},
    weights::{ModelError, Precision, Weights},
};
use crate::schema::{EntityType, RelationType, Status};

/// The longest stretch of pieces between two ends that is pooled, and of words in which triggers are sought.
pub(super) const BETWEEN_LIMIT: usize = 64;
/// Number of arguments of a relation, in the order of the model: by, date, place.
pub const ARGUMENT_COUNT: usize = 3;
/// Who may state a relation, as far as statuses tell: nobody, its head, its tail, another entity.
pub const CLAIMANT_COUNT: usize = 4;
/// Number of statuses: fact and those of [`Status::ALL`].
pub const STATUS_COUNT: usize = 1 + Status::ALL.len();
/// Buckets of sentence ends.
const STOPS: usize = 5;
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
}

/// Entities with all that depends on one of them alone.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedEntities {
    vectors: Vec<f32>,
    head: Vec<f32>,
    tail: Vec<f32>,
    keys: Vec<f32>,
    /// Projection of every piece of the text, to be pooled between ends.
    between: Vec<f32>,
    /// Of every mention: what it adds as a closest mention, and its queries for triggers, as a head and as a tail.
    heads: MentionParts,
    tails: MentionParts,
    /// Of every word.
    trigger_keys: Vec<f32>,
    trigger_values: Vec<f32>,
}

/// What depends on single mentions, row after row.
#[derive(Debug, Clone, PartialEq)]
struct MentionParts {
    local: Vec<f32>,
    queries: Vec<f32>,
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
    queries: Vec<f32>,
}

/// Scores pairs of entities.
pub struct RelationHead {
    between: Linear,
    /// The part of the layer of heads that reads the entity.
    head: Linear,
    tail: Linear,
    /// The part of both layers that reads the context, the words between and the triggers.
    surroundings: Linear,
    /// The part of the layer of heads that reads the closest mention.
    local_head: Linear,
    local_tail: Linear,
    trigger_head: Linear,
    trigger_tail: Linear,
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
    query: Linear,
    key: Linear,
    argument_distance: Vec<f32>,
    none: Vec<f32>,
    claimants: Vec<[f32; CLAIMANT_COUNT]>,
    width: usize,
    pair: usize,
    block: usize,
    pooled: usize,
    argument: usize,
    trigger_heads: usize,
    trigger_reach: usize,
}

impl RelationHead {
    pub(super) fn new(weights: &Weights, precision: Precision) -> Result<Self, ModelError> {
        let width = weights.header.encoder.width;
        let sizes = &weights.header.sizes;
        let (pair, pooled, arguments) = (sizes.pair, sizes.between, sizes.argument * ARGUMENT_COUNT);
        let relations = RelationType::of_model().len();
        let name = |part: &str| format!("relation_head.{part}");
        let table = |part: &str, rows: usize, columns: usize| {
            weights.values(&name(&format!("{part}.weight")), &[rows, columns])
        };
        let linear = |part: &str, input: usize, output: usize| weights.linear(&name(part), input, output);

        let (queries, values) = (sizes.trigger_heads * sizes.trigger_key, sizes.trigger_heads * sizes.trigger_value);
        // Columns of the layers of both ends: entity, context, words between, triggers, closest mention.
        let columns = 3 * width + pooled + values;
        let (head, tail) = (table("head", pair, columns)?, table("tail", pair, columns)?);
        let entity_part = |matrix: &[f32], part: &str| {
            let rows: Vec<f32> = matrix.chunks_exact(columns).flat_map(|row| &row[..width]).copied().collect();
            let bias = weights.values(&name(&format!("{part}.bias")), &[pair])?;
            Ok(Linear::new(&rows, Some(bias), width, pair))
        };
        let local_part = |matrix: &[f32]| {
            let rows: Vec<f32> =
                matrix.chunks_exact(columns).flat_map(|row| &row[columns - width..]).copied().collect();
            Linear::new(&rows, None, width, pair)
        };
        // What is worked out for every pair counts in bytes, if it may.
        let of_pairs =
            |part: &str, input: usize, output: usize| weights.joined_linear(&[name(part)], input, output, precision);
        let surroundings = weights.linear_of_columns(
            &[name("head"), name("tail")],
            (columns, pair),
            width..columns - width,
            precision,
        )?;
        Ok(Self {
            between: linear("between", width, pooled)?,
            head: entity_part(&head, "head")?,
            tail: entity_part(&tail, "tail")?,
            surroundings,
            local_head: local_part(&head),
            local_tail: local_part(&tail),
            trigger_head: linear("trigger_head", width, queries)?,
            trigger_tail: linear("trigger_tail", width, queries)?,
            trigger_key: linear("trigger_key", width, queries)?,
            trigger_value: linear("trigger_value", width, values)?,
            head_place: table("head_place", 2 * DISTANCES, sizes.trigger_heads)?,
            tail_place: table("tail_place", 2 * DISTANCES, sizes.trigger_heads)?,
            head_type: table("head_type", TYPES, pair)?,
            tail_type: table("tail_type", TYPES, pair)?,
            head_distance: table("head_distance", 2 * DISTANCES, pair)?,
            tail_distance: table("tail_distance", 2 * DISTANCES, pair)?,
            head_stops: table("head_stops", STOPS, pair)?,
            tail_stops: table("tail_stops", STOPS, pair)?,
            bilinear: of_pairs("bilinear", pair * sizes.block, relations)?,
            hidden: of_pairs("hidden", 2 * pair, pair)?,
            linear: Linear::new(&table("linear", relations, pair)?, None, pair, relations),
            relation: table("relation", relations, pair)?,
            status_hidden: linear("status_hidden", 3 * pair, pair)?,
            status: linear("status", pair, STATUS_COUNT)?,
            query: linear("query", pair, arguments)?,
            key: linear("key", width, arguments)?,
            argument_distance: table("argument_distance", DISTANCES, ARGUMENT_COUNT)?,
            none: table("none", 1, arguments)?,
            claimants: weights.header.claimants.clone(),
            width,
            pair,
            block: sizes.block,
            pooled,
            argument: sizes.argument,
            trigger_heads: sizes.trigger_heads,
            trigger_reach: sizes.trigger_reach,
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
        let means: Vec<f32> = mentions.iter().flat_map(|mention| encoding.mean_state(&mention.words())).collect();
        let mut vectors = Vec::with_capacity(entities.len() * self.width);
        for entity in entities {
            let means = || entity.mentions.iter().map(|&mention| &means[mention * self.width..][..self.width]);
            for column in 0..self.width {
                let top = means().map(|mean| mean[column]).fold(f32::MIN, f32::max);
                let sum: f32 = means().map(|mean| (mean[column] - top).exp()).sum();
                vectors.push(if entity.mentions.is_empty() { 0.0 } else { top + sum.ln() });
            }
        }
        let (mut trigger_keys, mut trigger_values) = (Vec::new(), Vec::new());
        // Some words at a time, since a long text has many.
        for words in encoding.words().chunks(WORDS) {
            let mut rows = Vec::with_capacity(words.len() * self.width);
            for word in words {
                rows.extend_from_slice(encoding.state(word.pieces().start));
            }
            trigger_keys.extend(self.trigger_key.apply(&rows));
            trigger_values.extend(self.trigger_value.apply(&rows));
        }
        PreparedEntities {
            head: self.head.apply(&vectors),
            tail: self.tail.apply(&vectors),
            keys: self.key.apply(&vectors),
            between: self.between.apply(encoding.states()),
            heads: MentionParts { local: self.local_head.apply(&means), queries: self.trigger_head.apply(&means) },
            tails: MentionParts { local: self.local_tail.apply(&means), queries: self.trigger_tail.apply(&means) },
            trigger_keys,
            trigger_values,
            vectors,
        }
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
        let mut out = PairVectors::default();
        for (pairs, contexts) in pairs.chunks(BATCH).zip(contexts.chunks(BATCH * self.width)) {
            let columns = self.width + self.pooled + self.trigger_value.output();
            let mut rows = Vec::with_capacity(pairs.len() * columns);
            for (pair, context) in pairs.iter().zip(contexts.chunks_exact(self.width)) {
                rows.extend_from_slice(context);
                rows.extend(self.pool(&prepared.between, pair));
                rows.extend(self.triggers(prepared, mentions, pair));
            }
            let surroundings = self.surroundings.apply(&rows);
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
                            self.row(&prepared.head, pair.head),
                            self.row(&prepared.heads.local, pair.head_mention),
                            self.row(&self.head_type, head_type),
                            self.row(&self.head_distance, features.distance),
                            self.row(&self.head_stops, features.stops),
                        ],
                    ),
                    (
                        &mut out.tail,
                        [
                            tail,
                            self.row(&prepared.tail, pair.tail),
                            self.row(&prepared.tails.local, pair.tail_mention),
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
        let mut logits = Vec::new();
        for (head, tail) in pairs.head.chunks(BATCH * self.pair).zip(pairs.tail.chunks(BATCH * self.pair)) {
            // Within each block of columns, every number of the head times every number of the tail.
            let mut all_products = vec![0.0; head.len() * self.block];
            products(head, tail, self.block, &mut all_products);
            let mut hidden = self.hidden.apply(&self.join(&[head, tail]));
            gelu(&mut hidden);
            let mut batch = self.bilinear.apply(&all_products);
            add(&mut batch, &self.linear.apply(&hidden));
            logits.append(&mut batch);
        }
        logits
    }

    /// Qualifiers of stated relations, each given by the index of its pair and its type.
    #[must_use]
    pub fn qualifiers(&self, pairs: &PairVectors, stated: &[(usize, RelationType)]) -> Qualifiers {
        let mut rows = Vec::with_capacity(stated.len() * 3 * self.pair);
        for &(pair, relation) in stated {
            rows.extend_from_slice(self.row(&pairs.head, pair));
            rows.extend_from_slice(self.row(&pairs.tail, pair));
            rows.extend_from_slice(self.row(&self.relation, relation.index()));
        }
        let mut hidden = self.status_hidden.apply(&rows);
        gelu(&mut hidden);
        Qualifiers { status: self.status.apply(&hidden), queries: self.query.apply(&hidden) }
    }

    /// Logits `[ARGUMENT_COUNT x (1 + near)]` of the arguments of one stated relation; the first of each row is "none".
    /// `stated` is its index in the qualifiers, `near` are the entities that may be arguments, each with the bucket of the
    /// words between its nearest mention and the nearer end of the relation.
    #[must_use]
    pub fn argument_logits(
        &self,
        prepared: &PreparedEntities,
        qualifiers: &Qualifiers,
        stated: usize,
        near: &[(usize, usize)],
    ) -> Vec<f32> {
        let size = self.argument * ARGUMENT_COUNT;
        let scale = 1.0 / (self.argument as f32).sqrt();
        let queries = &qualifiers.queries[stated * size..(stated + 1) * size];
        let mut logits = Vec::with_capacity(ARGUMENT_COUNT * (1 + near.len()));
        for argument in 0..ARGUMENT_COUNT {
            let part = argument * self.argument..(argument + 1) * self.argument;
            logits.push(dot(&queries[part.clone()], &self.none[part.clone()]) * scale);
            for &(entity, distance) in near {
                let keys = &prepared.keys[entity * size..(entity + 1) * size];
                let score = dot(&queries[part.clone()], &keys[part.clone()]) * scale;
                logits.push(score + self.argument_distance[distance * ARGUMENT_COUNT + argument]);
            }
        }
        logits
    }

    /// What a status adds to the logits that nobody, the head, the tail, or another entity states a relation: what is denied
    /// is mostly denied by its head, and what is possible is said by another.
    #[must_use]
    pub fn claimants(&self, status: Option<Status>) -> [f32; CLAIMANT_COUNT] {
        let index = Status::ALL.into_iter().position(|other| Some(other) == status).map_or(0, |index| index + 1);
        self.claimants.get(index).copied().unwrap_or_default()
    }

    /// Row `index` of a row-major buffer of pair width. Indices come from the caller's own entities and pairs.
    fn row<'a>(&self, values: &'a [f32], index: usize) -> &'a [f32] {
        &values[index * self.pair..(index + 1) * self.pair]
    }

    /// Rows of pair width side by side.
    fn join(&self, parts: &[&[f32]]) -> Vec<f32> {
        let rows = parts.first().map_or(0, |part| part.len() / self.pair);
        let mut joined = Vec::with_capacity(rows * parts.len() * self.pair);
        for index in 0..rows {
            for part in parts {
                joined.extend_from_slice(self.row(part, index));
            }
        }
        joined
    }

    /// What the words near the closest mentions of a pair say, each head of attention weighting them by the product of
    /// what either mention looks for and of where the words stand.
    fn triggers(&self, prepared: &PreparedEntities, mentions: &[MentionWords], pair: &Pair) -> Vec<f32> {
        let (query_width, value_width) = (self.trigger_key.output(), self.trigger_value.output());
        let (key, value) = (query_width / self.trigger_heads, value_width / self.trigger_heads);
        let (head, tail) = (&mentions[pair.head_mention], &mentions[pair.tail_mention]);
        let mut query = prepared.heads.queries[pair.head_mention * query_width..][..query_width].to_vec();
        add(&mut query, &prepared.tails.queries[pair.tail_mention * query_width..][..query_width]);
        let scale = 1.0 / (key as f32).sqrt();

        let words: Vec<usize> =
            words_near(head, tail, self.trigger_reach, prepared.trigger_keys.len() / query_width).collect();
        let places: Vec<[usize; 2]> = words.iter().map(|&word| [place_of(head, word), place_of(tail, word)]).collect();
        let mut out = vec![0.0; value_width];
        for (index, out) in out.chunks_exact_mut(value).enumerate() {
            let query = &query[index * key..(index + 1) * key];
            let mut weights: Vec<f32> = words
                .iter()
                .zip(&places)
                .map(|(&word, [from_head, from_tail])| {
                    let place = self.head_place[from_head * self.trigger_heads + index]
                        + self.tail_place[from_tail * self.trigger_heads + index];
                    dot(query, &prepared.trigger_keys[word * query_width + index * key..][..key]) * scale + place
                })
                .collect();
            softmax(&mut weights);
            for (&word, weight) in words.iter().zip(weights) {
                let values = &prepared.trigger_values[word * value_width + index * value..][..value];
                add_scaled(out, values, weight);
            }
        }
        out
    }

    /// Column by column the largest number of the pieces between two ends; zeros if there are none or too many.
    fn pool(&self, between: &[f32], pair: &Pair) -> Vec<f32> {
        let range = &pair.features.between;
        if range.is_empty() || range.len() > BETWEEN_LIMIT {
            return vec![0.0; self.pooled];
        }
        let mut top = vec![f32::MIN; self.pooled];
        let rows = between.get(range.start * self.pooled..range.end * self.pooled).unwrap_or_default();
        for row in rows.chunks_exact(self.pooled) {
            raise(&mut top, row);
        }
        top
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
        for (index, pair) in pairs.iter().enumerate() {
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
            for batch in members.chunks(BATCH) {
                let mut weights = Vec::with_capacity(batch.len() * window.rows());
                for pair in batch.iter().map(|&member| &pairs[member]) {
                    weights.extend(product(attention.of(pair.head), attention.of(pair.tail), window.rows()));
                }
                let rows = self.weighted_states(window, &weights);
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
            let rows = self.weighted_states(window, &weights);
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
        contexts
    }

    /// States of a window weighted by each row of weights.
    fn weighted_states(&self, window: &Window, weights: &[f32]) -> Vec<f32> {
        let weights = View::new(weights, window.rows());
        let mut out = vec![0.0; weights.rows * self.width];
        if weights.rows > 0 {
            multiply(weights, window.states_view(), false, 1.0, &mut out);
        }
        out
    }
}

/// The words of a text of `count` words up to a reach before and after two mentions, and those between them if they are not
/// far apart.
fn words_near(a: &MentionWords, b: &MentionWords, reach: usize, count: usize) -> impl Iterator<Item = usize> {
    let near = |first: usize, last: usize| first.saturating_sub(reach)..(last + 1 + reach).min(count);
    let (left, right) = if (a.first, a.last) <= (b.first, b.last) { (a, b) } else { (b, a) };
    let (start, end) = (near(left.first, left.last), near(right.first, right.last));
    let apart = a.first.max(b.first) as isize - a.last.min(b.last) as isize;
    if apart <= BETWEEN_LIMIT as isize {
        // One range, in the form of two.
        (start.start..start.end.max(end.end)).chain(0..0)
    } else {
        // Nothing is seen twice, however far a model sees.
        start.clone().chain(end.start.max(start.end)..end.end)
    }
}

/// Row of the embedding of where a word stands from a mention: 0 inside it, [`DISTANCES`] more after it.
fn place_of(mention: &MentionWords, word: usize) -> usize {
    if word > mention.last {
        DISTANCES + distance_bucket(word - mention.last)
    } else {
        distance_bucket(mention.first.saturating_sub(word))
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
            let weights = product(attention.of(pair.head), attention.of(pair.tail), window.rows());
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
struct EntityAttention(BTreeMap<usize, Vec<f32>>);

impl EntityAttention {
    fn new(
        encoding: &Encoding,
        window: &Window,
        mentions: &[MentionWords],
        entities: &[EntityMentions],
        wanted: BTreeSet<usize>,
    ) -> Self {
        let mut asked = Vec::new();
        for entity in wanted {
            let here = entities[entity].mentions.iter().map(|&mention| &mentions[mention]);
            for mention in here.filter(|mention| holds(window, mention)) {
                let piece = encoding.pieces_of(&mention.words()).start;
                asked.extend(window.row(piece).map(|row| (entity, row)));
            }
        }
        let mut sums: BTreeMap<usize, Vec<f32>> = BTreeMap::new();
        // Some rows at a time, which bounds the memory; the rows of an entity stand together.
        for batch in asked.chunks(BATCH) {
            let rows: Vec<usize> = batch.iter().map(|(_, row)| *row).collect();
            let attention = window.attention(&rows);
            for (head, part) in attention.chunks_exact(batch.len() * window.rows()).enumerate() {
                let columns = head * window.rows()..(head + 1) * window.rows();
                for (&(entity, _), row) in batch.iter().zip(part.chunks_exact(window.rows())) {
                    let sum = sums.entry(entity).or_insert_with(|| vec![0.0; encoding.heads() * window.rows()]);
                    add(&mut sum[columns.clone()], row);
                }
            }
        }
        for members in asked.chunk_by(|(left, _), (right, _)| left == right) {
            let scale = 1.0 / members.len() as f32;
            for value in sums.get_mut(&members[0].0).into_iter().flatten() {
                *value *= scale;
            }
        }
        Self(sums)
    }

    /// The attention of an entity; empty if it has no mention in the window.
    fn of(&self, entity: usize) -> &[f32] {
        self.0.get(&entity).map_or(&[], Vec::as_slice)
    }
}

/// The product of the attention of two ends, summed over the heads and normed.
fn product(a: &[f32], b: &[f32], rows: usize) -> Vec<f32> {
    let mut weights = vec![0.0; rows];
    for (a, b) in a.chunks_exact(rows).zip(b.chunks_exact(rows)) {
        add_product(&mut weights, a, b);
    }
    norm(&mut weights);
    weights
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
    use std::ops::Range;

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
                let found: Vec<usize> = words_near(&mention(a.0, a.1), &mention(b.0, b.1), 3, 100).collect();
                assert_eq!(found, expected, "{a:?} {b:?}");
            }
        };
        check((1, 2), (5, 5), [0..9, 0..0]);
        check((10, 12), (76, 76), [7..80, 0..0]);
        check((10, 12), (77, 77), [7..16, 74..81]);
        check((96, 97), (99, 99), [93..100, 0..0]);
        check((10, 20), (12, 13), [7..24, 0..0]);
        let far: Vec<usize> = words_near(&mention(0, 0), &mention(70, 70), 50, 100).collect();
        assert_eq!(far, (0..100).collect::<Vec<_>>(), "each word once");
    }

    #[test]
    fn places_are_told_from_mentions() {
        let places = |word| place_of(&mention(10, 12), word);
        assert_eq!([places(10), places(11), places(12)], [0; 3]);
        assert_eq!([places(9), places(8), places(0)], [1, 2, distance_bucket(10)]);
        assert_eq!([places(13), places(14)], [DISTANCES + 1, DISTANCES + 2]);
    }
}
