//! The mention head: a tag for every word.

use super::{
    encoder::Encoding,
    linear::Linear,
    weights::{ModelError, Precision, Weights},
};
use crate::schema::{EntityType, MentionKind};

/// Number of tags: "outside", and four positions for each type and kind.
pub const TAG_COUNT: usize = 1 + EntityType::ALL.len() * MentionKind::ALL.len() * TagPosition::ALL.len();

/// Place of a word in its mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagPosition {
    /// First of several words.
    Begin,
    /// Neither first nor last.
    Inside,
    /// Last of several words.
    End,
    /// The only word.
    Single,
}

impl TagPosition {
    /// All positions in the order of their indices in the model.
    pub const ALL: [TagPosition; 4] = [Self::Begin, Self::Inside, Self::End, Self::Single];
}

/// A tag other than "outside".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// Type of the mention.
    pub entity_type: EntityType,
    /// Kind of the mention.
    pub kind: MentionKind,
    /// Place of the word in it.
    pub position: TagPosition,
}

impl Tag {
    /// The tag with an index below [`TAG_COUNT`]; nothing for "outside", which is 0.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        let index = index.checked_sub(1)?;
        let (rest, position) = (index / TagPosition::ALL.len(), index % TagPosition::ALL.len());
        let (entity_type, kind) = (rest / MentionKind::ALL.len(), rest % MentionKind::ALL.len());
        Some(Self {
            entity_type: *EntityType::ALL.get(entity_type)?,
            kind: MentionKind::ALL[kind],
            position: TagPosition::ALL[position],
        })
    }

    /// Its index.
    #[must_use]
    pub fn index(self) -> usize {
        let pair = self.entity_type.base().index() * MentionKind::ALL.len() + self.kind as usize;
        1 + pair * TagPosition::ALL.len() + self.position as usize
    }
}

/// Tags words by the state of their first piece.
pub struct MentionHead {
    tags: Linear,
}

impl MentionHead {
    pub(super) fn new(weights: &Weights, precision: Precision) -> Result<Self, ModelError> {
        let (name, width) = ("mention_head.tags".to_owned(), weights.header.encoder.width);
        Ok(Self { tags: weights.joined_linear(&[name], width, TAG_COUNT, precision)? })
    }

    /// Logits `[words x TAG_COUNT]`.
    #[must_use]
    pub fn logits(&self, encoding: &Encoding) -> Vec<f32> {
        let mut rows = Vec::with_capacity(encoding.words().len() * encoding.width());
        for word in encoding.words() {
            rows.extend_from_slice(encoding.state(word.pieces().start));
        }
        self.tags.apply(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_indices_agree() {
        assert_eq!(Tag::from_index(0), None);
        assert_eq!(Tag::from_index(TAG_COUNT), None);
        for index in 1..TAG_COUNT {
            assert_eq!(Tag::from_index(index).unwrap().index(), index);
        }
    }
}
