//! The encoder: model files, tokenization, layers, and the linear algebra of the heads.
//!
//! [`Model`] holds the weights; [`Model::encode`] turns a text into an [`Encoding`] that the heads read.

mod attention;
mod coreference;
mod encoder;
mod features;
mod gate;
mod kernels;
mod linear;
mod mapped;
mod mention;
mod mix;
mod model;
mod relation;
mod tokenizer;
mod weights;

pub use coreference::{CoreferenceHead, PreparedMentions};
pub use encoder::{Encoder, EncoderInput, EncoderOutput, Encoding, Window};
pub use features::{
    ArgumentMention, CoreferenceFeatures, DISTANCES, MentionWords, PairFeatures, argument_mentions, closest_mentions,
    coreference_features, distance_bucket, match_kind, pair_features, words_apart,
};
pub use mapped::MappedFile;
pub use mention::{MentionHead, TAG_COUNT, Tag, TagPosition};
pub use model::Model;
pub use relation::{
    ARGUMENT_COUNT, ArgumentLogits, EntityMentions, Pair, PairVectors, PreparedEntities, Qualifiers, RelationHead,
    STATUS_COUNT, SharedAttention, shared_attention,
};
pub use tokenizer::{Tokenizer, Word, gap, shape};
pub use weights::{ModelError, Precision};
