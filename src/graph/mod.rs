//! The knowledge graph: documents merged.
//!
//! [`GraphBuilder`] takes documents in any order, [`KnowledgeGraph`] answers questions and hands out its nodes and edges in
//! one fixed order. The same set of documents gives the same graph, byte for byte once written, however it was split.
//!
//! ```
//! use relata::{
//!     document::{Document, Entity, EntityId, Mention, MentionId, Relation},
//!     graph::GraphBuilder,
//!     schema::{EntityType, MentionKind, RelationType},
//!     span::ByteSpan,
//! };
//!
//! let mut doc = Document::new("a1", "Maria Keller leads Avon Rail.");
//! for (index, (start, end, entity_type)) in
//!     [(0, 12, EntityType::Person), (19, 28, EntityType::Organization)].into_iter().enumerate()
//! {
//!     let span = ByteSpan::new(start, end);
//!     doc.entities.push(Entity {
//!         entity_type,
//!         name: doc.slice(span).to_owned(),
//!         norm: None,
//!         link: None,
//!         mentions: vec![MentionId(index as u32)],
//!     });
//!     doc.mentions.push(Mention {
//!         span,
//!         entity_type,
//!         kind: MentionKind::Name,
//!         score: 1.0,
//!         entity: Some(EntityId(index as u32)),
//!         norm: None,
//!         link: None,
//!     });
//! }
//! doc.relations.push(Relation {
//!     head: EntityId(0),
//!     relation_type: RelationType::from_name("head_of").unwrap(),
//!     tail: EntityId(1),
//!     score: 0.9,
//!     evidence: vec![ByteSpan::new(0, 29)],
//!     trigger: None,
//!     date: None,
//!     place: None,
//!     by: None,
//!     status: None,
//! });
//! let graph = GraphBuilder::new().add(&doc).finish();
//! let keller = graph.find_by_name("maria keller")[0];
//! let edge = graph.outgoing(keller.id.as_str())[0];
//! assert_eq!(edge.relation_type.name(), "head_of");
//! assert_eq!(edge.assertions[0].evidence[0].text, "Maria Keller leads Avon Rail.");
//! ```

mod ages;
pub(crate) mod builder;
mod filter;
mod names;
pub(crate) mod part;
mod period;
mod source;

use std::{
    borrow::{Borrow, Cow},
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    convert::Infallible,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
};

use jiff::civil::Date;
use petgraph::{
    Direction,
    stable_graph::{NodeIndex, StableDiGraph},
    visit::{EdgeRef, IntoEdgeReferences},
};
use serde::{Deserialize, Serialize};

pub(crate) use self::source::Outgoing;
#[cfg(feature = "store")]
pub(crate) use self::source::read_whole;
pub use self::{
    builder::{GraphBuilder, node_id},
    filter::GraphFilter,
    names::{is_full_person_name, normalize_name},
    part::{unit_of_name, units},
    period::Period,
    source::{GraphSource, Items},
};
use crate::schema::{EntityType, MentionKind, RelationType, Status};

/// Identifier of a node: the type in lower case, a hyphen and a hash of what the node was merged on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NodeId(String);

impl NodeId {
    /// Takes `person-0123456789abcdef` and the like; anything else is no identifier of a node.
    ///
    /// The form is checked because formats without quotes, such as adjacency lists, write identifiers as they are.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, hash) = text.split_once('-')?;
        let known = EntityType::is_prefix(prefix);
        let hex = hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (known && hex && (16..=64).contains(&hash.len())).then(|| Self(text.to_owned()))
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The type of the node, which the identifier begins with.
    #[must_use]
    pub fn entity_type(&self) -> Option<EntityType> {
        EntityType::of_prefix(self.0.split('-').next()?)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for NodeId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<NodeId> for String {
    fn from(id: NodeId) -> Self {
        id.0
    }
}

impl TryFrom<String> for NodeId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        NodeId::parse(&text).ok_or_else(|| format!("{text:?} is no identifier of a node"))
    }
}

/// What is known of a document whose facts are in the graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceDocument {
    /// Its identifier; where documents with different contents came under one, a hash of the contents is added.
    pub id: String,
    /// Title, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Date of publication, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Address, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Publisher, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A thing in the world, as far as the documents tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Its identifier.
    pub id: NodeId,
    /// What it is.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
    /// Its best name: the commonest full one; the normal form for dates.
    pub name: String,
    /// Every name it goes by, in order of name.
    pub aliases: Vec<Alias>,
    /// Normal form, for dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm: Option<String>,
    /// Identifier in a knowledge base, such as `Q183`, if it was linked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Where it is mentioned, in order of document.
    pub mentions: Vec<DocumentMentions>,
}

/// A name and how often it stands in the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// The name, white space made single blanks.
    pub name: String,
    /// Number of mentions with that name.
    pub count: u32,
}

/// The mentions of a node in one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentMentions {
    /// Identifier of the document.
    pub document: String,
    /// The mentions in order.
    pub spans: Vec<MentionSpan>,
}

/// Where a mention stands, and how it refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MentionSpan {
    /// First byte in the document's text.
    pub start: u32,
    /// First byte after.
    pub end: u32,
    /// First character; other tools count characters.
    pub char_start: u32,
    /// First character after.
    pub char_end: u32,
    /// Name, nominal or pronoun.
    pub kind: MentionKind,
}

/// Words of a document, with their place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quote {
    /// First byte in the document's text.
    pub start: u32,
    /// First byte after.
    pub end: u32,
    /// First character; other tools count characters.
    pub char_start: u32,
    /// First character after.
    pub char_end: u32,
    /// The words.
    pub text: String,
}

/// All that the documents say of one relation between two nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// The node it starts from; the smaller identifier if the relation is symmetric.
    pub head: NodeId,
    /// What it says.
    #[serde(rename = "type")]
    pub relation_type: RelationType,
    /// The node it points to.
    pub tail: NodeId,
    /// Who says so where; never empty, in order of document and place.
    pub assertions: Vec<Assertion>,
}

/// One statement of a relation in one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assertion {
    /// Identifier of the document.
    pub document: String,
    /// Sentences that state it, in order.
    pub evidence: Vec<Quote>,
    /// The word that states it, where it can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Quote>,
    /// Confidence, 0 to 1.
    pub score: f32,
    /// Possible, intended, negated or former; nothing for stated as fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// When it happened or held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NodeRef>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<NodeRef>,
    /// Who states it, where the text attributes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<NodeRef>,
}

impl Assertion {
    /// When it happened or held: its own date, else that of its document; nothing if neither is known.
    #[must_use]
    pub fn period(&self, document: Option<&SourceDocument>) -> Option<Period> {
        let own = self.date.as_ref().and_then(|date| date.norm.as_deref());
        Period::parse(own.or_else(|| document?.date.as_deref())?)
    }
}

/// A node named by an assertion; it may be missing from a filtered graph, so it brings its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeRef {
    /// Identifier of the node.
    pub id: NodeId,
    /// Its best name.
    pub name: String,
    /// Normal form, for dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm: Option<String>,
}

/// The statuses, the firmest first; nothing stands for stated as fact.
const FIRMEST: [Option<Status>; 5] =
    [None, Some(Status::Former), Some(Status::Possible), Some(Status::Intended), Some(Status::Negated)];

/// An edge in a few numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgeSummary {
    /// Number of documents that speak of it, whatever they say.
    pub documents: usize,
    /// Who published them, where known: each once, in order of name.
    pub sources: Vec<String>,
    /// What the assertions come to that have the status of the edge; see [`EdgeSummary::status`].
    pub shown: StatusSummary,
    /// What those of other statuses come to, the firmest first.
    pub others: Vec<StatusSummary>,
}

/// The assertions of an edge that have one status, in a few numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatusSummary {
    /// The status; nothing for stated as fact.
    pub status: Option<Status>,
    /// Number of documents that say so.
    pub documents: usize,
    /// Who published them, where known: each once, in order of name.
    pub sources: Vec<String>,
    /// Earliest date of an assertion: its own, else its document's.
    pub first_date: Option<String>,
    /// Latest such date.
    pub last_date: Option<String>,
    /// Score of the surest assertion.
    pub best_score: f32,
}

impl StatusSummary {
    /// The name of the status, `fact` for none.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.status.map_or("fact", Status::name)
    }

    /// Counts an assertion; `is_new` says that its document has none of this status yet.
    fn add(&mut self, assertion: &Assertion, document: Option<&SourceDocument>, is_new: bool) {
        if is_new {
            self.documents += 1;
            add_source(&mut self.sources, document);
        }
        self.best_score = self.best_score.max(assertion.score);
        match assertion.date.as_ref().and_then(|date| date.norm.as_deref()) {
            // A range counts with both of its ends.
            Some(norm) => norm.split('/').filter(|end| !end.is_empty()).for_each(|end| self.see(end)),
            None => {
                if let Some(date) = document.and_then(|document| document.date.as_deref()) {
                    self.see(date);
                }
            }
        }
    }

    fn see(&mut self, date: &str) {
        if self.first_date.as_deref().is_none_or(|first| date < first) {
            self.first_date = Some(date.to_owned());
        }
        if self.last_date.as_deref().is_none_or(|last| date > last) {
            self.last_date = Some(date.to_owned());
        }
    }
}

/// Puts the publisher of a document, where known, in its place among others.
fn add_source(sources: &mut Vec<String>, document: Option<&SourceDocument>) {
    if let Some(source) = document.and_then(|document| document.source.as_deref())
        && let Err(place) = sources.binary_search_by(|known| known.as_str().cmp(source))
    {
        sources.insert(place, source.to_owned());
    }
}

impl EdgeSummary {
    /// Counts what an edge holds; `document` finds documents by their identifiers.
    pub(crate) fn new<'a, E>(
        edge: &Edge,
        mut document: impl FnMut(&str) -> Result<Option<Cow<'a, SourceDocument>>, E>,
    ) -> Result<Self, E> {
        let may_be_over = edge.relation_type.is_state()
            && edge.assertions.iter().any(|assertion| assertion.status == Some(Status::Former));
        let mut documents = 0;
        let mut sources: Vec<String> = Vec::new();
        // Assertions are in order of document: the last one, of all and of each status, tells whether another begins.
        let mut told: BTreeMap<Option<Status>, (StatusSummary, Option<&str>)> = BTreeMap::new();
        let mut last: Option<&str> = None;
        let (mut last_fact, mut last_former): (Option<Date>, Option<Date>) = (None, None);
        for assertion in &edge.assertions {
            let id = assertion.document.as_str();
            let found = document(id)?;
            let found = found.as_deref();
            if last.replace(id) != Some(id) {
                documents += 1;
                add_source(&mut sources, found);
            }
            let status = assertion.status;
            let (summary, last_of_status) =
                told.entry(status).or_insert_with(|| (StatusSummary { status, ..StatusSummary::default() }, None));
            let is_new = last_of_status.replace(id) != Some(id);
            summary.add(assertion, found, is_new);
            if may_be_over && let Some(period) = assertion.period(found) {
                match status {
                    None => last_fact = last_fact.max(Some(period.first_known())),
                    Some(Status::Former) => last_former = last_former.max(Some(period.last_known())),
                    Some(_) => {}
                }
            }
        }
        // Without any date, nothing can be told; on one and the same day, it is over.
        let is_over = last_former.is_some() && last_former >= last_fact;
        let first = if is_over { told.remove(&Some(Status::Former)) } else { None };
        let rest = FIRMEST.into_iter().filter_map(|status| told.remove(&status));
        let mut told = first.into_iter().chain(rest).map(|(summary, _)| summary);
        let shown = told.next().unwrap_or_default();
        Ok(Self { documents, sources, shown, others: told.collect() })
    }

    /// The status that speaks for the whole edge: the firmest that some assertion has, or that a state is over.
    ///
    /// One document that states a fact outweighs ten that call it possible; a denial stands only if nothing else does.
    /// A state, such as `head_of`, `owns` or `lives_in`, is former if of the assertions that have a date and are fact
    /// or former the latest one is former: it was, and is no longer. A date is the assertion's own, else that of its
    /// document; facts count by the first day of it, and what is former by the last.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.shown.status
    }

    /// What the assertions of each status come to, that of the edge first.
    pub fn statuses(&self) -> impl Iterator<Item = &StatusSummary> {
        std::iter::once(&self.shown).chain(&self.others)
    }
}

/// A way from one node to another.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphPath<'a> {
    /// The nodes on the way, both ends included.
    pub nodes: Vec<&'a Node>,
    /// The edges between them, one fewer; each may point either way.
    pub edges: Vec<&'a Edge>,
}

/// Why parts do not make a graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// Two nodes have one identifier.
    #[error("node {0} occurs twice")]
    DuplicateNode(NodeId),
    /// Two edges have the same ends and type.
    #[error("edge {0} {1} {2} occurs twice")]
    DuplicateEdge(NodeId, RelationType, NodeId),
    /// An edge has an end that is no node.
    #[error("an edge {1} names node {0}, which is missing")]
    MissingNode(NodeId, RelationType),
    /// An edge without any assertion proves nothing.
    #[error("edge {0} {1} {2} has no assertion")]
    NoAssertion(NodeId, RelationType, NodeId),
}

/// The merged graph of a set of documents.
///
/// It does not change once it is built; [`KnowledgeGraph::subgraph`] makes a smaller one.
#[derive(Debug, Clone, Default)]
pub struct KnowledgeGraph {
    /// Nodes and edges are added in canonical order, so that the order of indices is the canonical order.
    graph: StableDiGraph<Node, Edge>,
    by_id: BTreeMap<NodeId, NodeIndex>,
    by_name: BTreeMap<String, BTreeSet<NodeIndex>>,
    documents: Vec<SourceDocument>,
    /// Places of documents by a hash of their identifiers; of two with one hash, the one that comes first.
    by_document: HashMap<u64, usize>,
}

fn hash_of(id: &str) -> u64 {
    // Always with the same keys; the order of the map is never looked at.
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

impl KnowledgeGraph {
    /// Puts a graph together from its parts, in any order.
    ///
    /// # Errors
    ///
    /// Fails if an identifier or an edge occurs twice, an end of an edge is missing or an edge has no assertion.
    pub fn from_parts(
        mut documents: Vec<SourceDocument>,
        mut nodes: Vec<Node>,
        mut edges: Vec<Edge>,
    ) -> Result<Self, GraphError> {
        documents.sort();
        documents.dedup();
        nodes.sort_by(|a, b| a.id.cmp(&b.id));
        edges.sort_by(|a, b| (&a.head, a.relation_type, &a.tail).cmp(&(&b.head, b.relation_type, &b.tail)));
        let mut by_document = HashMap::with_capacity(documents.len());
        for (place, document) in documents.iter().enumerate() {
            by_document.entry(hash_of(&document.id)).or_insert(place);
        }
        let mut made = Self { documents, by_document, ..Self::default() };
        for node in nodes {
            let names: BTreeSet<String> = std::iter::once(&node.name)
                .chain(node.aliases.iter().map(|alias| &alias.name))
                .map(|name| normalize_name(name))
                .collect();
            let id = node.id.clone();
            let index = made.graph.add_node(node);
            if made.by_id.insert(id.clone(), index).is_some() {
                return Err(GraphError::DuplicateNode(id));
            }
            for name in names {
                made.by_name.entry(name).or_default().insert(index);
            }
        }
        let mut last: Option<(NodeId, RelationType, NodeId)> = None;
        for mut edge in edges {
            for assertion in &mut edge.assertions {
                assertion.score = part::clean_score(assertion.score);
            }
            edge.assertions = builder::in_order(edge.assertions);
            let find = |id: &NodeId| {
                made.by_id.get(id).copied().ok_or_else(|| GraphError::MissingNode(id.clone(), edge.relation_type))
            };
            let (head, tail) = (find(&edge.head)?, find(&edge.tail)?);
            let key = (edge.head.clone(), edge.relation_type, edge.tail.clone());
            if edge.assertions.is_empty() {
                return Err(GraphError::NoAssertion(key.0, key.1, key.2));
            }
            if last.as_ref() == Some(&key) {
                return Err(GraphError::DuplicateEdge(key.0, key.1, key.2));
            }
            last = Some(key);
            made.graph.add_edge(head, tail, edge);
        }
        Ok(made)
    }

    /// The graph as petgraph holds it, for its algorithms; indices follow the canonical order.
    #[must_use]
    pub fn as_petgraph(&self) -> &StableDiGraph<Node, Edge> {
        &self.graph
    }

    /// The documents in order of identifier.
    #[must_use]
    pub fn documents(&self) -> &[SourceDocument] {
        &self.documents
    }

    /// The document with that identifier.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&SourceDocument> {
        let likely = self.by_document.get(&hash_of(id)).and_then(|place| self.documents.get(*place))?;
        if likely.id == id {
            return Some(likely);
        }
        let index = self.documents.partition_point(|document| document.id.as_str() < id);
        self.documents.get(index).filter(|document| document.id == id)
    }

    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.graph.node_count()
    }

    /// Number of edges.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.graph.edge_count()
    }

    /// The nodes in order of identifier.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.graph.node_weights()
    }

    /// The edges in order of head, relation type and tail.
    pub fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.graph.edge_references().map(|edge| edge.weight())
    }

    /// The node with that identifier.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.by_id.get(id).and_then(|index| self.graph.node_weight(*index))
    }

    /// The nodes that go by a name, case, accents and punctuation aside, in order of identifier.
    #[must_use]
    pub fn find_by_name(&self, name: &str) -> Vec<&Node> {
        let found = self.by_name.get(&normalize_name(name));
        found.into_iter().flatten().filter_map(|index| self.graph.node_weight(*index)).collect()
    }

    /// The edges that start from a node, in canonical order.
    #[must_use]
    pub fn outgoing(&self, id: &str) -> Vec<&Edge> {
        self.edges_of(id, Direction::Outgoing)
    }

    /// The edges that point to a node, in canonical order.
    #[must_use]
    pub fn incoming(&self, id: &str) -> Vec<&Edge> {
        self.edges_of(id, Direction::Incoming)
    }

    fn edges_of(&self, id: &str, direction: Direction) -> Vec<&Edge> {
        let Some(index) = self.by_id.get(id) else { return Vec::new() };
        let mut edges: Vec<_> =
            self.graph.edges_directed(*index, direction).map(|edge| (edge.id(), edge.weight())).collect();
        edges.sort_by_key(|(id, _)| *id);
        edges.into_iter().map(|(_, edge)| edge).collect()
    }

    /// The nodes that an edge of either direction joins to a node, each once, in order of identifier.
    #[must_use]
    pub fn neighbors(&self, id: &str) -> Vec<&Node> {
        let Some(index) = self.by_id.get(id) else { return Vec::new() };
        let found: BTreeSet<NodeIndex> = self.graph.neighbors_undirected(*index).collect();
        found.into_iter().filter_map(|index| self.graph.node_weight(index)).collect()
    }

    /// The edges between two nodes, whichever way they point, in canonical order.
    #[must_use]
    pub fn edges_between(&self, a: &str, b: &str) -> Vec<&Edge> {
        let mut edges = self.outgoing(a);
        edges.retain(|edge| edge.tail.as_str() == b);
        if a != b {
            let mut back = self.outgoing(b);
            back.retain(|edge| edge.tail.as_str() == a);
            edges.extend(back);
            edges.sort_by(|x, y| (&x.head, x.relation_type, &x.tail).cmp(&(&y.head, y.relation_type, &y.tail)));
        }
        edges
    }

    /// A shortest way from one node to another along edges of either direction; among several, the first in order.
    #[must_use]
    pub fn shortest_path(&self, from: &str, to: &str) -> Option<GraphPath<'_>> {
        let (start, goal) = (*self.by_id.get(from)?, *self.by_id.get(to)?);
        let mut came_from: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::from([(start, start)]);
        let mut queue = VecDeque::from([start]);
        while let Some(index) = queue.pop_front() {
            if index == goal {
                break;
            }
            let next: BTreeSet<NodeIndex> = self.graph.neighbors_undirected(index).collect();
            for neighbor in next {
                came_from.entry(neighbor).or_insert_with(|| {
                    queue.push_back(neighbor);
                    index
                });
            }
        }
        let mut indices = vec![goal];
        let mut at = goal;
        while at != start {
            at = *came_from.get(&at)?;
            indices.push(at);
        }
        indices.reverse();
        let nodes: Vec<&Node> = indices.iter().filter_map(|index| self.graph.node_weight(*index)).collect();
        let edges = nodes
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] => self.edges_between(a.id.as_str(), b.id.as_str()).first().copied(),
                _ => None,
            })
            .collect();
        Some(GraphPath { nodes, edges })
    }

    /// The part of the graph that passes a filter.
    #[must_use]
    pub fn subgraph(&self, filter: &GraphFilter) -> KnowledgeGraph {
        filter.apply(self)
    }

    /// An edge in a few numbers.
    #[must_use]
    pub fn summary(&self, edge: &Edge) -> EdgeSummary {
        let document = |id: &str| Ok::<_, Infallible>(self.document(id).map(Cow::Borrowed));
        EdgeSummary::new(edge, document).unwrap_or_else(|never| match never {})
    }
}

impl PartialEq for KnowledgeGraph {
    fn eq(&self, other: &Self) -> bool {
        self.documents == other.documents && self.nodes().eq(other.nodes()) && self.edges().eq(other.edges())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_types_cross_threads() {
        fn check<T: Send + Sync>() {}
        check::<KnowledgeGraph>();
        check::<GraphBuilder>();
        check::<GraphFilter>();
        check::<GraphError>();
    }

    #[test]
    fn only_well_formed_ids_are_ids() {
        let check = |text: &str, expected: bool| assert_eq!(NodeId::parse(text).is_some(), expected, "{text:?}");
        check("person-0123456789abcdef", true);
        check("person-0123456789abcdef01", true);
        check("person-0123456789abcde", false);
        check("robot-0123456789abcdef", false);
        check("person-0123456789abcdeF", false);
        check("person 0123456789abcdef", false);
        check("person-0123456789abcdef\n", false);
        check("", false);
    }
}
