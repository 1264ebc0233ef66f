//! Nodes and edges with flat properties, as tables and property graphs want them.
//!
//! A property is a text, a number or a list of one of them. What a graph says of an edge more than once, its assertions,
//! stands in lists of equal length, so that the nth value of each list belongs to the nth assertion; what an assertion
//! lacks is an empty text there.

use std::{borrow::Cow, io};

use serde_json::Value;

pub use super::csv::relationship;
use crate::{
    graph::{Assertion, Edge, EdgeSummary, GraphSource, Node, SourceDocument},
    link::place,
};

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PropertyValue {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// Texts.
    Texts(Vec<String>),
    /// Numbers.
    Floats(Vec<f64>),
}

/// What the values of a property are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyType {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// Texts.
    Texts,
    /// Numbers.
    Floats,
}

impl PropertyValue {
    /// The value in JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Integer(number) => Value::from(*number),
            Self::Float(number) => Value::from(*number),
            Self::Texts(texts) => Value::from(texts.as_slice()),
            Self::Floats(numbers) => Value::from(numbers.as_slice()),
        }
    }

    /// The value as a text; of a list, its JSON array.
    pub(super) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_json().to_string()),
        }
    }
}

/// A name and its value.
pub type Property = (&'static str, PropertyValue);

/// Names and values; a property that is not known is left out.
pub type Properties = Vec<Property>;

/// The properties that a node may have, in order; `id` is its key.
pub const NODE_PROPERTIES: [(&str, PropertyType); 11] = [
    ("id", PropertyType::Text),
    ("type", PropertyType::Text),
    ("name", PropertyType::Text),
    ("norm", PropertyType::Text),
    ("link", PropertyType::Text),
    ("country", PropertyType::Text),
    ("latitude", PropertyType::Float),
    ("longitude", PropertyType::Float),
    ("documents", PropertyType::Integer),
    ("mentions", PropertyType::Integer),
    ("aliases", PropertyType::Texts),
];

/// The properties that an edge may have, in order; its key is head, type and tail.
///
/// `documents` and `sources` are those of all documents that speak of it, and `statuses` says how many of these give it
/// which status, as `fact 1, negated 2`, unless all give it the same. `score`, `first_date` and `last_date` are of the
/// assertions that have the status of the edge.
pub const EDGE_PROPERTIES: [(&str, PropertyType); 15] = [
    ("score", PropertyType::Float),
    ("status", PropertyType::Text),
    ("documents", PropertyType::Integer),
    ("statuses", PropertyType::Text),
    ("first_date", PropertyType::Text),
    ("last_date", PropertyType::Text),
    ("sources", PropertyType::Texts),
    ("assertion_documents", PropertyType::Texts),
    ("assertion_scores", PropertyType::Floats),
    ("assertion_statuses", PropertyType::Texts),
    ("assertion_dates", PropertyType::Texts),
    ("assertion_places", PropertyType::Texts),
    ("assertion_by", PropertyType::Texts),
    ("assertion_spans", PropertyType::Texts),
    ("assertion_evidence", PropertyType::Texts),
];

/// The properties that a document may have, in order; `id` is its key.
pub const DOCUMENT_PROPERTIES: [(&str, PropertyType); 5] = [
    ("id", PropertyType::Text),
    ("title", PropertyType::Text),
    ("date", PropertyType::Text),
    ("url", PropertyType::Text),
    ("source", PropertyType::Text),
];

/// Collects the properties that are known.
struct Known(Properties);

impl Known {
    fn text(&mut self, name: &'static str, text: impl Into<String>) {
        self.0.push((name, PropertyValue::Text(text.into())));
    }

    fn maybe(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn count(&mut self, name: &'static str, count: usize) {
        self.0.push((name, PropertyValue::Integer(i64::try_from(count).unwrap_or(i64::MAX))));
    }

    fn float(&mut self, name: &'static str, number: f32) {
        self.0.push((name, PropertyValue::Float(widen(number))));
    }
}

/// The number with the same shortest decimal: 0.9 and not 0.899999976.
pub(super) fn widen(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

/// What is known of a node, in the order of [`NODE_PROPERTIES`].
#[must_use]
pub fn node_properties(node: &Node) -> Properties {
    let facts = node.link.as_deref().and_then(place);
    let mut known = Known(Vec::with_capacity(NODE_PROPERTIES.len()));
    known.text("id", node.id.as_str());
    known.text("type", node.entity_type.name());
    known.text("name", node.name.as_str());
    known.maybe("norm", node.norm.as_deref());
    known.maybe("link", node.link.as_deref());
    known.maybe("country", facts.as_ref().and_then(|facts| facts.country));
    if let Some((latitude, longitude)) = facts.and_then(|facts| facts.coordinates) {
        known.float("latitude", latitude);
        known.float("longitude", longitude);
    }
    known.count("documents", node.mentions.len());
    known.count("mentions", node.mentions.iter().map(|mentions| mentions.spans.len()).sum());
    known.0.push(("aliases", PropertyValue::Texts(node.aliases.iter().map(|alias| alias.name.clone()).collect())));
    known.0
}

/// What is known of an edge, in the order of [`EDGE_PROPERTIES`].
///
/// # Errors
///
/// If its documents cannot be read.
pub fn edge_properties(graph: &dyn GraphSource, edge: &Edge) -> io::Result<Properties> {
    let summary = graph.summary(edge)?;
    let mut known = Known(Vec::with_capacity(EDGE_PROPERTIES.len()));
    known.float("score", summary.shown.best_score);
    known.text("status", summary.status().map_or("fact", |status| status.name()));
    known.count("documents", summary.documents);
    known.maybe("statuses", statuses(&summary).as_deref());
    known.maybe("first_date", summary.shown.first_date.as_deref());
    known.maybe("last_date", summary.shown.last_date.as_deref());
    known.0.push(("sources", PropertyValue::Texts(summary.sources)));
    let texts = |of: &dyn Fn(&Assertion) -> String| PropertyValue::Texts(edge.assertions.iter().map(of).collect());
    let scores = edge.assertions.iter().map(|assertion| widen(assertion.score)).collect();
    known.0.extend([
        ("assertion_documents", texts(&|assertion| assertion.document.clone())),
        ("assertion_scores", PropertyValue::Floats(scores)),
        ("assertion_statuses", texts(&|assertion| assertion.status.map_or("fact", |status| status.name()).to_owned())),
        ("assertion_dates", texts(&|assertion| date_of(assertion).to_owned())),
        ("assertion_places", texts(&|assertion| name_of(assertion.place.as_ref()).to_owned())),
        ("assertion_by", texts(&|assertion| name_of(assertion.by.as_ref()).to_owned())),
        ("assertion_spans", texts(&spans)),
        ("assertion_evidence", texts(&evidence)),
    ]);
    Ok(known.0)
}

/// How many documents give an edge which status, its own first: `fact 1, negated 2`; nothing if all give it the same.
pub(super) fn statuses(summary: &EdgeSummary) -> Option<String> {
    if summary.others.is_empty() {
        return None;
    }
    let counts: Vec<String> = summary.statuses().map(|said| format!("{} {}", said.name(), said.documents)).collect();
    Some(counts.join(", "))
}

/// What is known of a document, in the order of [`DOCUMENT_PROPERTIES`].
#[must_use]
pub fn document_properties(document: &SourceDocument) -> Properties {
    let mut known = Known(Vec::with_capacity(DOCUMENT_PROPERTIES.len()));
    known.text("id", document.id.as_str());
    known.maybe("title", document.title.as_deref());
    known.maybe("date", document.date.as_deref());
    known.maybe("url", document.url.as_deref());
    known.maybe("source", document.source.as_deref());
    known.0
}

/// The date of an assertion, its normal form where it has one.
pub(super) fn date_of(assertion: &Assertion) -> &str {
    assertion.date.as_ref().map_or("", |date| date.norm.as_deref().unwrap_or(&date.name))
}

pub(super) fn name_of(node: Option<&crate::graph::NodeRef>) -> &str {
    node.map_or("", |node| &node.name)
}

/// The sentences that state it, one after the other.
pub(super) fn evidence(assertion: &Assertion) -> String {
    let quotes: Vec<&str> = assertion.evidence.iter().map(|quote| quote.text.as_str()).collect();
    quotes.join(" … ")
}

/// Where these sentences stand in the document, in bytes: `0-29 64-90`.
pub(super) fn spans(assertion: &Assertion) -> String {
    let spans: Vec<String> = assertion.evidence.iter().map(|quote| format!("{}-{}", quote.start, quote.end)).collect();
    spans.join(" ")
}
