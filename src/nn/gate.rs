//! The gate before the relation head: says which pairs of entities are worth a closer look.

use super::{
    features::{DISTANCES, TYPES},
    linear::{Linear, dot_of_positive},
    relation::{Pair, STOPS},
    weights::{ModelError, Precision, Weights},
};
use crate::schema::EntityType;

/// Width of the hidden layer.
const HIDDEN: usize = 64;

/// Scores pairs by their closest mentions alone, before any context is read: one hidden layer over the states of both, their
/// types, and the sentence ends and words between them. `train/relata_train/gate.py` trains it.
pub(super) struct Gate {
    /// What mentions are as the left and as the right one of a pair.
    ends: Linear,
    types: Vec<f32>,
    distance: Vec<f32>,
    score: Vec<f32>,
    bias: f32,
}

impl Gate {
    /// The gate of a weight file, if it has one.
    pub(super) fn new(weights: &Weights, precision: Precision) -> Result<Option<Self>, ModelError> {
        if !weights.has("gate.ends.weight") {
            return Ok(None);
        }
        let width = weights.header.encoder.width;
        let [bias] = weights.values("gate.score.bias", &[1])?[..] else { return Ok(None) };
        Ok(Some(Self {
            ends: weights.joined_linear(&["gate.ends".to_owned()], width, 2 * HIDDEN, precision)?,
            types: weights.values("gate.types.weight", &[TYPES * TYPES * STOPS, HIDDEN])?,
            distance: weights.values("gate.distance.weight", &[DISTANCES, HIDDEN])?,
            score: weights.values("gate.score.weight", &[1, HIDDEN])?,
            bias,
        }))
    }

    /// What depends on single mentions; `means` are their mean states, row after row.
    pub(super) fn prepare(&self, means: &[f32]) -> Vec<f32> {
        self.ends.apply(means)
    }

    /// The score of a pair with entities of these types; it is worth a look from 0 on.
    pub(super) fn score(&self, prepared: &[f32], pair: &Pair, head: EntityType, tail: EntityType) -> f32 {
        let ends = [(pair.head_mention, head.base().index()), (pair.tail_mention, tail.base().index())];
        let [(left, left_type), (right, right_type)] = match pair.features.distance {
            head_first if head_first < DISTANCES => ends,
            _ => [ends[1], ends[0]],
        };
        let hidden = [
            (prepared, 2 * left),
            (prepared, 2 * right + 1),
            (&self.types[..], (left_type * TYPES + right_type) * STOPS + pair.features.stops),
            (&self.distance[..], pair.features.distance % DISTANCES),
        ];
        let rows = hidden.map(|(values, index)| &values[index * HIDDEN..(index + 1) * HIDDEN]);
        dot_of_positive(rows, &self.score) + self.bias
    }
}
