//! Relata reads text and fills a knowledge graph with the people, organizations and places in it.
//! Every edge carries the words that prove it, who claims it, when, where, and whether it is fact or allegation.

// In the order in which text flows.
pub mod document;
pub mod record;
pub mod schema;
pub mod span;

pub mod kb;
pub mod lexicon;
pub mod names;
pub mod nn;
pub mod user;

pub mod corpus;
pub mod export;
pub mod graph;
pub mod link;
#[cfg(feature = "load")]
pub mod load;
pub mod read;
pub mod recognize;
pub mod relate;
pub mod resolve;
pub mod segment;
#[cfg(feature = "store")]
pub mod store;

pub mod eval;
mod hex;
pub mod pipeline;
mod sort;
mod threads;

#[cfg(feature = "cli")]
pub mod cli;

/// The examples of the README, so that they are compiled and run.
#[cfg(all(doctest, feature = "embed-en"))]
#[doc = include_str!("../README.md")]
struct ReadMe;
