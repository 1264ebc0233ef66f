//! The knowledge graph: documents merged.
