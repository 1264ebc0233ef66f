//! Finds relations between the entities of a document.
