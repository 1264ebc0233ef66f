//! The model: tokenizer, encoder and heads, from one weight file.

use std::{collections::BTreeMap, fmt, path::Path};

use super::{
    coreference::CoreferenceHead,
    encoder::{Encoder, Encoding},
    mention::MentionHead,
    relation::RelationHead,
    tokenizer::Tokenizer,
    weights::{ModelError, Precision, Weights},
};
use crate::schema::RelationType;

/// Bytes at a multiple of 64, as the tensors in them expect.
#[cfg(feature = "embed-en")]
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

/// The English model. If the build fails here, the file is missing: make it with `relata_train.export`, or build without
/// the feature `embed-en` and load a model with [`Model::open`].
#[cfg(feature = "embed-en")]
static EMBEDDED: &Aligned<[u8]> =
    &Aligned(*include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/models/en-small.relata")));

/// The smaller English model.
#[cfg(feature = "embed-en")]
static EMBEDDED_FAST: &Aligned<[u8]> =
    &Aligned(*include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/models/fast/en-fast.relata")));

/// The files that are built in: the model, and the smaller one.
#[cfg(feature = "embed-en")]
pub(super) fn embedded() -> [&'static [u8]; 2] {
    [&EMBEDDED.0, &EMBEDDED_FAST.0]
}

/// A trained model: what turns text into vectors and vectors into scores.
///
/// It never changes once loaded; share it between threads behind an `Arc`.
pub struct Model {
    label: String,
    checksum: String,
    thresholds: BTreeMap<String, f32>,
    tokenizer: Tokenizer,
    encoder: Encoder,
    mention_head: MentionHead,
    coreference_head: CoreferenceHead,
    relation_head: RelationHead,
}

impl Model {
    /// Loads the English model in the binary.
    ///
    /// # Errors
    ///
    /// When the model does not fit the program, which only a wrong build brings about.
    #[cfg(feature = "embed-en")]
    pub fn embedded(precision: Precision) -> Result<Self, ModelError> {
        let [small, _] = embedded();
        Self::from_static(small, precision)
    }

    /// Loads the smaller English model in the binary, which is faster and wrong more often.
    ///
    /// # Errors
    ///
    /// When the model does not fit the program, which only a wrong build brings about.
    #[cfg(feature = "embed-en")]
    pub fn embedded_fast(precision: Precision) -> Result<Self, ModelError> {
        let [_, fast] = embedded();
        Self::from_static(fast, precision)
    }

    #[cfg(feature = "embed-en")]
    fn from_static(content: &'static [u8], precision: Precision) -> Result<Self, ModelError> {
        Self::from_weights(&Weights::read(super::weights::Bytes::Static(content))?, precision)
    }

    /// Says that no model is in the binary, since the crate was built without the feature `embed-en`.
    ///
    /// # Errors
    ///
    /// Always.
    #[cfg(not(feature = "embed-en"))]
    pub fn embedded(_precision: Precision) -> Result<Self, ModelError> {
        Err(ModelError::content("no model is built in"))
    }

    /// Says that no model is in the binary, since the crate was built without the feature `embed-en`.
    ///
    /// # Errors
    ///
    /// Always.
    #[cfg(not(feature = "embed-en"))]
    pub fn embedded_fast(precision: Precision) -> Result<Self, ModelError> {
        Self::embedded(precision)
    }

    /// Loads a model from a file, or from a folder with one file `*.relata`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is damaged, or was trained on another schema.
    pub fn open(path: impl AsRef<Path>, precision: Precision) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let weights = Weights::open(path)?;
        Self::from_weights(&weights, precision).map_err(|error| error.with_path(path))
    }

    fn from_weights(weights: &Weights, precision: Precision) -> Result<Self, ModelError> {
        let vocabulary = weights.vocabulary()?;
        let header = &weights.header;
        Ok(Self {
            label: header.label.clone(),
            checksum: weights.checksum.clone(),
            thresholds: header.thresholds.clone(),
            tokenizer: Tokenizer::new(vocabulary.iter().copied())?,
            encoder: Encoder::new(weights, vocabulary.len(), precision)?,
            mention_head: MentionHead::new(weights, precision)?,
            coreference_head: CoreferenceHead::new(weights)?,
            relation_head: RelationHead::new(weights, precision)?,
        })
    }

    /// Name of the model, such as `en-small`.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// SHA-256 of the weights, in hexadecimal digits.
    #[must_use]
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// Probability from which a relation of that type is reported.
    #[must_use]
    pub fn threshold(&self, relation: RelationType) -> f32 {
        self.thresholds.get(relation.name()).copied().unwrap_or(0.5)
    }

    /// Cuts a text into words and pieces and runs the encoder over it, in overlapping windows if it is long.
    #[must_use]
    pub fn encode(&self, text: &str) -> Encoding {
        self.encoder.encode(&self.tokenizer, text)
    }

    /// The tokenizer.
    #[must_use]
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The encoder.
    #[must_use]
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// The head that finds mentions.
    #[must_use]
    pub fn mention_head(&self) -> &MentionHead {
        &self.mention_head
    }

    /// The head that links mentions.
    #[must_use]
    pub fn coreference_head(&self) -> &CoreferenceHead {
        &self.coreference_head
    }

    /// The head that finds relations.
    #[must_use]
    pub fn relation_head(&self) -> &RelationHead {
        &self.relation_head
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("label", &self.label).field("checksum", &self.checksum).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_types_can_be_shared() {
        fn check<T: Send + Sync>() {}
        check::<Model>();
        check::<Encoding>();
        check::<ModelError>();
    }
}
