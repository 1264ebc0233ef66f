//! Node-link JSON: the whole graph, and the way back.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, BufReader, Read, Write},
};

use serde::{Deserialize, Serialize};

use super::Options;
use crate::{
    graph::{Assertion, Edge, GraphError, GraphSource, Items, KnowledgeGraph, Node, NodeId, SourceDocument},
    link::place,
    schema::{RelationType, Status},
};

/// The version of the form of nodes and edges; other versions are refused on reading.
const VERSION: u32 = 1;

/// A node, and what the lexicon knows of the place that it is linked to; the latter is not read back.
#[derive(Serialize)]
struct NodeOut<'a> {
    #[serde(flatten)]
    node: &'a Node,
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'static str>,
    /// What it lies in, from the inside out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    within: Vec<Within>,
}

#[derive(Serialize)]
struct Within {
    link: &'static str,
    name: &'static str,
}

impl<'a> NodeOut<'a> {
    fn new(node: &'a Node) -> Self {
        let facts = node.link.as_deref().and_then(place);
        let coordinates = facts.as_ref().and_then(|facts| facts.coordinates);
        Self {
            node,
            latitude: coordinates.map(|(latitude, _)| latitude),
            longitude: coordinates.map(|(_, longitude)| longitude),
            country: facts.as_ref().and_then(|facts| facts.country),
            within: facts
                .into_iter()
                .flat_map(|facts| facts.within)
                .map(|(link, name)| Within { link, name })
                .collect(),
        }
    }
}

/// An edge as networkx wants it: ends, key, attributes. The summary is for readers that do not look at assertions.
#[derive(Serialize)]
struct EdgeOut<'a> {
    source: &'a NodeId,
    target: &'a NodeId,
    key: RelationType,
    #[serde(rename = "type")]
    relation_type: RelationType,
    score: f32,
    documents: usize,
    /// How many of them give it which status, where it is not the same for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<BTreeMap<&'static str, usize>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    sources: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    first_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    assertions: &'a [Assertion],
}

#[derive(Deserialize)]
struct EdgeIn {
    source: NodeId,
    target: NodeId,
    #[serde(rename = "type")]
    relation_type: RelationType,
    assertions: Vec<Assertion>,
}

#[derive(Deserialize)]
struct Header {
    version: u32,
    documents: Vec<SourceDocument>,
}

#[derive(Deserialize)]
struct FileIn {
    directed: bool,
    multigraph: bool,
    graph: Header,
    nodes: Vec<Node>,
    #[serde(alias = "links")]
    edges: Vec<EdgeIn>,
}

pub(super) fn write(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"directed\":true,\"multigraph\":true,\n\"graph\":{{\"name\":")?;
    serde_json::to_writer(&mut *out, &options.title)?;
    write!(out, ",\"generator\":\"relata\",\"version\":{VERSION},\"documents\":")?;
    write_list(out, graph.documents(), |out, document| serde_json::to_writer(out, document))?;
    write!(out, "}},\n\"nodes\":")?;
    write_list(out, graph.nodes(), |out, node| serde_json::to_writer(out, &NodeOut::new(node)))?;
    write!(out, ",\n\"edges\":")?;
    open_list(out)?;
    for (index, edge) in graph.edges().enumerate() {
        let edge = edge?;
        let summary = graph.summary(&edge)?;
        let statuses = summary.statuses().map(|said| (said.name(), said.documents));
        separate(out, index)?;
        serde_json::to_writer(
            &mut *out,
            &EdgeOut {
                source: &edge.head,
                target: &edge.tail,
                key: edge.relation_type,
                relation_type: edge.relation_type,
                score: summary.shown.best_score,
                documents: summary.documents,
                statuses: (!summary.others.is_empty()).then(|| statuses.collect()),
                sources: &summary.sources,
                first_date: summary.shown.first_date.as_deref(),
                last_date: summary.shown.last_date.as_deref(),
                status: summary.status(),
                assertions: &edge.assertions,
            },
        )?;
    }
    writeln!(out, "]}}")
}

fn write_list<T: Clone>(
    out: &mut dyn Write,
    items: Items<'_, T>,
    write_item: impl Fn(&mut dyn Write, &T) -> serde_json::Result<()>,
) -> io::Result<()> {
    open_list(out)?;
    for (index, item) in items.enumerate() {
        separate(out, index)?;
        write_item(out, &*item?)?;
    }
    write!(out, "]")
}

fn open_list(out: &mut dyn Write) -> io::Result<()> {
    write!(out, "[")
}

/// One item a line: the files can be compared line by line.
fn separate(out: &mut dyn Write, index: usize) -> io::Result<()> {
    out.write_all(if index == 0 { b"\n" } else { b",\n" })
}

/// Reads a graph from node-link JSON that [`GraphFormat::NodeLink`](super::GraphFormat::NodeLink) wrote.
///
/// What is written and read back is equal to the graph it was written from.
///
/// # Errors
///
/// Fails if the reader fails, the text is not JSON of that form, or the parts do not make a graph.
pub fn read_node_link(reader: impl Read) -> Result<KnowledgeGraph, ImportError> {
    let file: FileIn =
        serde_json::from_reader(BufReader::new(reader)).map_err(|error| ImportError { cause: Cause::Json(error) })?;
    if !file.directed || !file.multigraph || file.graph.version != VERSION {
        return Err(ImportError { cause: Cause::Version(file.graph.version) });
    }
    let edges = file
        .edges
        .into_iter()
        .map(|edge| Edge {
            head: edge.source,
            relation_type: edge.relation_type,
            tail: edge.target,
            assertions: edge.assertions,
        })
        .collect();
    KnowledgeGraph::from_parts(file.graph.documents, file.nodes, edges)
        .map_err(|error| ImportError { cause: Cause::Graph(error) })
}

/// A graph could not be read.
#[derive(Debug)]
pub struct ImportError {
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Json(serde_json::Error),
    Version(u32),
    Graph(GraphError),
}

impl ImportError {
    /// Line and column of the fault, counted from one, where it has a place.
    #[must_use]
    pub fn location(&self) -> Option<(usize, usize)> {
        match &self.cause {
            Cause::Json(error) if error.line() > 0 => Some((error.line(), error.column())),
            _ => None,
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot read a graph from node-link JSON")?;
        match &self.cause {
            Cause::Version(version) => write!(
                f,
                ": expected a directed multigraph of version {VERSION}, found version {version}; build the graph again"
            ),
            // The source says the rest.
            Cause::Json(_) | Cause::Graph(_) => Ok(()),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Json(error) => Some(error),
            Cause::Graph(error) => Some(error),
            Cause::Version(_) => None,
        }
    }
}
