//! The encoder: model files, tokenization, layers.
