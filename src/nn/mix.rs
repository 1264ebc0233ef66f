//! Mentions look at one another and at the words around them before relations are scored.

use std::ops::Range;

use super::{
    encoder::Encoding,
    features::{DISTANCES, MentionWords, TYPES, place_of},
    linear::{Linear, Norm, Rounded, Then, add, add_scores, add_weighted, softmax},
    relation::EntityMentions,
    weights::{MixSizes, ModelError, Precision, Weights},
};
use crate::schema::MentionKind;

/// Mentions that look at words at once, which bounds the memory.
const BATCH: usize = 256;
/// Words that mentions of a batch may see together.
const WORDS: usize = 2048;
/// As in the training program.
const EPSILON: f32 = 1e-5;

/// Layers of attention over mentions, of their own: each mention, told its type, its kind and which others are of its
/// entity, looks at the mentions and at the words near it, and what it finds is added to its mean state. It is what markers
/// around the mentions would bring (levitated ones, which the text does not see; Ye et al. 2022), without encoding the text
/// again.
pub(super) struct Mix {
    enter: Linear,
    types: Vec<f32>,
    kinds: Vec<f32>,
    layers: Vec<Layer>,
    norm: Norm,
    leave: Linear,
    sizes: MixSizes,
}

struct Layer {
    mention_norm: Norm,
    /// Queries, keys and values, side by side.
    mention: Linear,
    mention_output: Linear,
    mention_place: Vec<f32>,
    same: Vec<f32>,
    word_norm: Norm,
    query: Linear,
    /// Keys and values, side by side.
    word: Linear,
    word_output: Linear,
    word_place: Vec<f32>,
    inner_norm: Norm,
    inner: Linear,
    outer: Linear,
}

/// Numbers of several things to look at: keys column after column, values row after row.
struct Seen {
    keys: Vec<f32>,
    values: Vec<f32>,
    count: usize,
}

impl Seen {
    /// Of rows of `stride` numbers that end in a key and a value of `width` each.
    fn new(rows: &[f32], stride: usize, width: usize) -> Self {
        let count = rows.len() / stride;
        let mut keys = vec![0.0; count * width];
        let mut values = Vec::with_capacity(count * width);
        for (index, row) in rows.chunks_exact(stride).enumerate() {
            let (key, value) = row[stride - 2 * width..].split_at(width);
            for (column, &number) in key.iter().enumerate() {
                keys[column * count + index] = number;
            }
            values.extend_from_slice(value);
        }
        Self { keys, values, count }
    }
}

impl Mix {
    /// The layers of a weight file, if it has them.
    pub(super) fn new(weights: &Weights, precision: Precision) -> Result<Option<Self>, ModelError> {
        let Some(sizes) = weights.header.sizes.mix.clone() else { return Ok(None) };
        let (width, own) = (weights.header.encoder.width, sizes.width);
        let linear =
            |name: String, input: usize, output: usize| weights.joined_linear(&[name], input, output, precision);
        let table = |name: String, rows: usize, columns: usize| weights.values(&name, &[rows, columns]);
        let layer = |index: usize| {
            let name = |part: &str| format!("mix.layers.{index}.{part}");
            Ok(Layer {
                mention_norm: weights.norm(&name("mention_norm"), own, EPSILON)?,
                mention: linear(name("mention"), own, 3 * own)?,
                mention_output: linear(name("mention_output"), own, own)?,
                mention_place: table(name("mention_place.weight"), 2 * DISTANCES, sizes.heads)?,
                same: table(name("same.weight"), 2, sizes.heads)?,
                word_norm: weights.norm(&name("word_norm"), own, EPSILON)?,
                query: linear(name("query"), own, own)?,
                word: linear(name("word"), width, 2 * own)?,
                word_output: linear(name("word_output"), own, own)?,
                word_place: table(name("word_place.weight"), 2 * DISTANCES, sizes.heads)?,
                inner_norm: weights.norm(&name("inner_norm"), own, EPSILON)?,
                inner: linear(name("inner"), own, 3 * own)?,
                outer: linear(name("outer"), 3 * own, own)?,
            })
        };
        Ok(Some(Self {
            enter: linear("mix.enter".to_owned(), width, own)?,
            types: table("mix.types.weight".to_owned(), TYPES, own)?,
            kinds: table("mix.kinds.weight".to_owned(), MentionKind::ALL.len(), own)?,
            layers: (0..sizes.layers).map(layer).collect::<Result<_, ModelError>>()?,
            norm: weights.norm("mix.norm", own, EPSILON)?,
            leave: linear("mix.leave".to_owned(), own, width)?,
            sizes,
        }))
    }

    /// Adds to the mean states of all mentions, row after row, what each finds around it.
    pub(super) fn add_to(
        &self,
        means: &mut [f32],
        encoding: &Encoding,
        mentions: &[MentionWords],
        entities: &[EntityMentions],
    ) {
        // Everything is in the order of the text, so that what is near stands together.
        let mut order: Vec<usize> = (0..mentions.len()).collect();
        order.sort_by_key(|&mention| (mentions[mention].first, mentions[mention].last));
        let mut owners: Vec<Option<usize>> = vec![None; mentions.len()];
        for (index, entity) in entities.iter().enumerate() {
            for &mention in &entity.mentions {
                owners[mention] = Some(index);
            }
        }
        let owners: Vec<Option<usize>> = order.iter().map(|&mention| owners[mention]).collect();
        let width = encoding.width();
        let rows: Vec<f32> = order.iter().flat_map(|&mention| &means[mention * width..][..width]).copied().collect();
        let mut states = self.enter.apply(&rows);
        let own = self.sizes.width;
        for (state, &mention) in states.chunks_exact_mut(own).zip(&order) {
            let MentionWords { entity_type, kind, .. } = mentions[mention];
            add(state, &self.types[entity_type.base().index() * own..][..own]);
            add(state, &self.kinds[kind as usize * own..][..own]);
        }
        let mentions: Vec<MentionWords> = order.iter().map(|&mention| mentions[mention]).collect();
        let batches = batches(&mentions, self.sizes.words, encoding.words().len());
        for layer in &self.layers {
            self.look_at_mentions(layer, &mut states, &mentions, &owners);
            for (batch, words) in &batches {
                let states = &mut states[batch.start * own..batch.end * own];
                self.look_at_words(layer, states, &mentions[batch.clone()], encoding, words.clone());
            }
        }
        self.norm.apply(&mut states);
        for (found, &mention) in self.leave.apply(&states).chunks_exact(width).zip(&order) {
            add(&mut means[mention * width..][..width], found);
        }
    }

    /// The first part of a layer: what each mention finds in those near it, added to its state.
    fn look_at_mentions(&self, layer: &Layer, states: &mut [f32], mentions: &[MentionWords], owners: &[Option<usize>]) {
        let own = self.sizes.width;
        let mut normed = states.to_vec();
        layer.mention_norm.apply(&mut normed);
        let projected = layer.mention.apply(&normed);
        let seen = Seen::new(&projected, 3 * own, own);
        let longest = mentions.iter().map(|mention| mention.last - mention.first).max().unwrap_or(0);
        let mut mixed = vec![0.0; states.len()];
        let mut tables = Vec::new();
        for (index, (mention, mixed)) in mentions.iter().zip(mixed.chunks_exact_mut(own)).enumerate() {
            let earliest = mention.first.saturating_sub(self.sizes.mentions + longest);
            let near = mentions.partition_point(|other| other.first < earliest)
                ..mentions.partition_point(|other| other.first <= mention.last + self.sizes.mentions);
            tables.clear();
            tables.extend(near.clone().map(|other| {
                let there = &mentions[other];
                let is_same = other == index || (owners[other].is_some() && owners[other] == owners[index]);
                let apart = there.first.saturating_sub(mention.last).max(mention.first.saturating_sub(there.last));
                // Mentions that overlap are not apart.
                let nearest = if there.first > mention.last { there.first } else { there.last.min(mention.last) };
                let place = place_of(mention, nearest);
                (apart <= self.sizes.mentions).then_some([place, usize::from(is_same)])
            }));
            let bias = |other: usize, head: usize| match tables[other] {
                Some([place, same]) => {
                    layer.mention_place[place * self.sizes.heads + head] + layer.same[same * self.sizes.heads + head]
                }
                None => f32::MIN,
            };
            self.attend(&projected[index * 3 * own..][..own], &seen, near, bias, mixed);
        }
        layer.mention_output.apply_then(&mixed, Then::Add, states, &mut Rounded::default());
    }

    /// The rest of a layer for a batch of mentions: what each finds in the words near it, and what a hidden layer makes of
    /// that, added to its state. `words` are those that the batch sees.
    fn look_at_words(
        &self,
        layer: &Layer,
        states: &mut [f32],
        mentions: &[MentionWords],
        encoding: &Encoding,
        words: Range<usize>,
    ) {
        let own = self.sizes.width;
        let mut rows = Vec::with_capacity(words.len() * encoding.width());
        for word in &encoding.words()[words.clone()] {
            rows.extend_from_slice(encoding.state(word.pieces().start));
        }
        let seen = Seen::new(&layer.word.apply(&rows), 2 * own, own);
        let mut normed = states.to_vec();
        layer.word_norm.apply(&mut normed);
        let queries = layer.query.apply(&normed);
        let mut mixed = vec![0.0; states.len()];
        for ((mention, query), mixed) in mentions.iter().zip(queries.chunks_exact(own)).zip(mixed.chunks_exact_mut(own))
        {
            let near = mention.words_near(self.sizes.words, encoding.words().len());
            let places: Vec<usize> = near.clone().map(|word| place_of(mention, word)).collect();
            let near = near.start - words.start..near.end - words.start;
            let bias = |word: usize, head: usize| layer.word_place[places[word] * self.sizes.heads + head];
            self.attend(query, &seen, near, bias, mixed);
        }
        let mut rounded = Rounded::default();
        layer.word_output.apply_then(&mixed, Then::Add, states, &mut rounded);
        normed.copy_from_slice(states);
        layer.inner_norm.apply(&mut normed);
        let mut inner = vec![0.0; mentions.len() * layer.inner.output()];
        layer.inner.apply_then(&normed, Then::Gelu, &mut inner, &mut rounded);
        layer.outer.apply_then(&inner, Then::Add, states, &mut rounded);
    }

    /// Adds what a query finds among the things near it, head by head. `bias` gives what is added to the score of one of
    /// them, counted from the first that is near, by a head.
    fn attend(
        &self,
        query: &[f32],
        seen: &Seen,
        near: Range<usize>,
        bias: impl Fn(usize, usize) -> f32,
        mixed: &mut [f32],
    ) {
        let (own, size) = (self.sizes.width, self.sizes.width / self.sizes.heads);
        let scale = 1.0 / (size as f32).sqrt();
        let query: Vec<f32> = query.iter().map(|number| number * scale).collect();
        let mut weights = vec![0.0; near.len()];
        for (head, (query, mixed)) in query.chunks_exact(size).zip(mixed.chunks_exact_mut(size)).enumerate() {
            for (index, weight) in weights.iter_mut().enumerate() {
                *weight = bias(index, head);
            }
            let keys = &seen.keys[head * size * seen.count + near.start..];
            add_scores(query, (keys, seen.count), &mut weights);
            softmax(&mut weights);
            add_weighted(&weights, (&seen.values[near.start * own + head * size..], own), mixed);
        }
    }
}

/// Mentions, in the order of the text, that look at words together, and the words they see.
fn batches(mentions: &[MentionWords], reach: usize, count: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut out: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (index, mention) in mentions.iter().enumerate() {
        let near = mention.words_near(reach, count);
        if let Some((batch, words)) = out.last_mut()
            && batch.len() < BATCH
            && near.end.max(words.end) - words.start <= WORDS
        {
            batch.end = index + 1;
            words.end = words.end.max(near.end);
        } else {
            out.push((index..index + 1, near));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::EntityType;

    #[test]
    fn mentions_that_are_near_look_together() {
        let mention = |first: usize| MentionWords {
            first,
            last: first + 1,
            entity_type: EntityType::Person,
            kind: MentionKind::Name,
        };
        let at = |firsts: &[usize]| batches(&firsts.iter().map(|&first| mention(first)).collect::<Vec<_>>(), 64, 9000);
        assert_eq!(at(&[]), []);
        assert_eq!(at(&[3, 100]), [(0..2, 0..166)]);
        assert_eq!(at(&[3, 4000, 8990]), [(0..1, 0..69), (1..2, 3936..4066), (2..3, 8926..9000)]);
        let many: Vec<usize> = (0..BATCH + 1).collect();
        let found = at(&many);
        assert_eq!(found.iter().map(|(batch, _)| batch.clone()).collect::<Vec<_>>(), [0..BATCH, BATCH..BATCH + 1]);
    }
}
