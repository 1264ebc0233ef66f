//! Integration tests: one binary, one link step.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

use std::sync::LazyLock;

use relata::{document::Document, pipeline::Pipeline};

mod annotate;
mod cli;
mod damage;
mod dates;
mod eval;
mod export;
mod formats;
mod graph;
mod kb;
mod lexicon;
#[cfg(feature = "load")]
mod load;
mod mentions;
mod nn;
mod properties;
mod quality;
mod rdf;
mod read;
mod samples;
mod segment;
#[cfg(feature = "load")]
mod servers;
mod snapshot;
mod store;
mod tidy;
mod user;
mod view;

/// The pipeline of all tests; loading it for each would take longer than most of them.
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new().unwrap());

/// What the pipeline makes of a text.
fn annotate(id: &str, text: &str, date: Option<&str>) -> Document {
    let mut doc = Document::new(id, text);
    doc.date = date.map(str::to_owned);
    PIPELINE.annotate(&mut doc);
    doc
}
