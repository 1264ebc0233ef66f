//! The coreference head: scores pairs of mentions.

use super::{
    encoder::Encoding,
    features::{CoreferenceFeatures, DISTANCES, MentionWords, TYPES},
    linear::{Linear, add, dot, gelu},
    weights::{ModelError, Weights},
};
use crate::schema::MentionKind;

/// Pairs that are scored at once, which bounds the memory.
const BATCH: usize = 256;

/// Scores an anaphor against an antecedent; the antecedent beats "new entity" when its score is above 0.
pub struct CoreferenceHead {
    project: Linear,
    antecedent: Linear,
    anaphor: Linear,
    product: Linear,
    mention_distance: Vec<f32>,
    word_distance: Vec<f32>,
    matching: Vec<f32>,
    types: Vec<f32>,
    kinds: Vec<f32>,
    score: Vec<f32>,
    score_bias: f32,
    calibration: [f32; 2],
    mention: usize,
    hidden: usize,
}

/// Mentions with all that depends on one of them alone.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedMentions {
    vectors: Vec<f32>,
    antecedents: Vec<f32>,
    anaphors: Vec<f32>,
}

impl PreparedMentions {
    /// The mention vectors, row after row.
    #[must_use]
    pub fn vectors(&self) -> &[f32] {
        &self.vectors
    }
}

impl CoreferenceHead {
    pub(super) fn new(weights: &Weights) -> Result<Self, ModelError> {
        let (mention, hidden) = (weights.header.sizes.mention, weights.header.sizes.coreference);
        let name = |part: &str| format!("coreference_head.{part}");
        let table = |part: &str, rows: usize| weights.values(&name(&format!("{part}.weight")), &[rows, hidden]);
        let product = weights.values(&name("product.weight"), &[hidden, mention])?;
        Ok(Self {
            project: weights.linear(&name("project"), 3 * weights.header.encoder.width, mention)?,
            antecedent: weights.linear(&name("antecedent"), mention, hidden)?,
            anaphor: weights.linear(&name("anaphor"), mention, hidden)?,
            product: Linear::new(&product, None, mention, hidden),
            mention_distance: table("mention_distance", DISTANCES)?,
            word_distance: table("word_distance", DISTANCES)?,
            matching: table("match", 5)?,
            types: table("types", TYPES * TYPES)?,
            kinds: table("kinds", MentionKind::ALL.len().pow(2))?,
            score: table("score", 1)?,
            score_bias: weights.values(&name("score.bias"), &[1])?.iter().sum(),
            calibration: weights.header.link_calibration,
            mention,
            hidden,
        })
    }

    /// Computes what depends on single mentions.
    #[must_use]
    pub fn prepare(&self, encoding: &Encoding, mentions: &[MentionWords]) -> PreparedMentions {
        let width = encoding.width();
        let mut rows = Vec::with_capacity(mentions.len() * 3 * width);
        for mention in mentions {
            let pieces = encoding.pieces_of(&mention.words());
            let start = rows.len();
            rows.extend_from_slice(encoding.state(pieces.start));
            rows.extend_from_slice(encoding.state(pieces.end.saturating_sub(1)));
            rows.extend(encoding.mean_state(&mention.words()));
            rows.resize(start + 3 * width, 0.0);
        }
        let mut vectors = self.project.apply(&rows);
        gelu(&mut vectors);
        let (antecedents, anaphors) = (self.antecedent.apply(&vectors), self.anaphor.apply(&vectors));
        PreparedMentions { vectors, antecedents, anaphors }
    }

    /// Score of one pair, given by the indices of its mentions.
    #[must_use]
    pub fn score(
        &self,
        mentions: &PreparedMentions,
        anaphor: usize,
        antecedent: usize,
        features: CoreferenceFeatures,
    ) -> f32 {
        self.scores(mentions, &[(anaphor, antecedent, features)]).first().copied().unwrap_or(f32::NEG_INFINITY)
    }

    /// The probability that a link with that score is right, as fitted on development passages (Platt 1999).
    #[must_use]
    pub fn probability(&self, score: f32) -> f32 {
        let [scale, shift] = self.calibration;
        1.0 / (1.0 + (-(scale * score + shift)).exp())
    }

    /// Scores of pairs (anaphor, antecedent); a pair scores the same alone and among others. Faster than one by one.
    #[must_use]
    pub fn scores(&self, mentions: &PreparedMentions, pairs: &[(usize, usize, CoreferenceFeatures)]) -> Vec<f32> {
        let mut scores = Vec::with_capacity(pairs.len());
        for batch in pairs.chunks(BATCH) {
            let mut products = Vec::with_capacity(batch.len() * self.mention);
            for &(anaphor, antecedent, _) in batch {
                let (a, b) =
                    (row(&mentions.vectors, anaphor, self.mention), row(&mentions.vectors, antecedent, self.mention));
                products.extend(a.iter().zip(b).map(|(x, y)| x * y));
            }
            let mut hidden = self.product.apply(&products);
            for (hidden, &(anaphor, antecedent, features)) in hidden.chunks_exact_mut(self.hidden).zip(batch) {
                add(hidden, row(&mentions.anaphors, anaphor, self.hidden));
                add(hidden, row(&mentions.antecedents, antecedent, self.hidden));
                add(hidden, row(&self.mention_distance, features.mention_distance, self.hidden));
                add(hidden, row(&self.word_distance, features.word_distance, self.hidden));
                add(hidden, row(&self.matching, features.matching, self.hidden));
                add(hidden, row(&self.types, features.types, self.hidden));
                add(hidden, row(&self.kinds, features.kinds, self.hidden));
                gelu(hidden);
                scores.push(dot(hidden, &self.score) + self.score_bias);
            }
        }
        scores
    }
}

/// Row `index` of a row-major buffer. Indices come from the caller's own mentions.
fn row(values: &[f32], index: usize, width: usize) -> &[f32] {
    &values[index * width..(index + 1) * width]
}
