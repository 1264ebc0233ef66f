//! What formats are written from: documents, nodes and edges, one after the other.

use std::{borrow::Cow, io, iter::Peekable};

use super::{Edge, EdgeSummary, KnowledgeGraph, Node, NodeId, NodeRef, SourceDocument};

/// Things of a graph in their order; reading one may fail where they are not in memory.
pub type Items<'a, T> = Box<dyn Iterator<Item = io::Result<Cow<'a, T>>> + 'a>;

/// A graph to write from, in canonical order: documents and nodes by identifier, edges by head, relation type and tail.
///
/// A [`KnowledgeGraph`] is one, with all in memory; a graph file gives one that is read from the disk
/// piece by piece. Each list may be read several times, also several at once.
///
/// ```
/// use relata::graph::{GraphSource, KnowledgeGraph};
///
/// let graph = KnowledgeGraph::default();
/// let source: &dyn GraphSource = &graph;
/// assert_eq!(source.nodes().count(), source.node_count());
/// ```
pub trait GraphSource {
    /// The documents.
    fn documents(&self) -> Items<'_, SourceDocument>;

    /// The nodes.
    fn nodes(&self) -> Items<'_, Node>;

    /// The edges.
    fn edges(&self) -> Items<'_, Edge>;

    /// Number of nodes.
    fn node_count(&self) -> usize;

    /// Number of edges.
    fn edge_count(&self) -> usize;

    /// The document with that identifier.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    fn document(&self, id: &str) -> io::Result<Option<Cow<'_, SourceDocument>>>;

    /// Name and normal form of the node with that identifier.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    fn node_ref(&self, id: &str) -> io::Result<Option<NodeRef>>;

    /// Place of the node with that identifier among the nodes, counted from 0.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    fn position(&self, id: &str) -> io::Result<Option<usize>>;

    /// The whole graph in memory, for what needs all of it at once, such as a picture.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    fn whole(&self) -> io::Result<Cow<'_, KnowledgeGraph>> {
        read_whole(self.documents(), self.nodes(), self.edges()).map(Cow::Owned)
    }

    /// An edge in a few numbers.
    ///
    /// # Errors
    ///
    /// If its documents cannot be read.
    fn summary(&self, edge: &Edge) -> io::Result<EdgeSummary> {
        EdgeSummary::new(edge, |id| self.document(id))
    }
}

/// Puts a graph together from all its documents, nodes and edges.
pub(crate) fn read_whole(
    documents: Items<'_, SourceDocument>,
    nodes: Items<'_, Node>,
    edges: Items<'_, Edge>,
) -> io::Result<KnowledgeGraph> {
    fn all<T: Clone>(items: Items<'_, T>) -> io::Result<Vec<T>> {
        items.map(|item| item.map(Cow::into_owned)).collect()
    }
    KnowledgeGraph::from_parts(all(documents)?, all(nodes)?, all(edges)?).map_err(io::Error::other)
}

impl GraphSource for KnowledgeGraph {
    fn documents(&self) -> Items<'_, SourceDocument> {
        Box::new(self.documents().iter().map(|document| Ok(Cow::Borrowed(document))))
    }

    fn nodes(&self) -> Items<'_, Node> {
        Box::new(self.nodes().map(|node| Ok(Cow::Borrowed(node))))
    }

    fn edges(&self) -> Items<'_, Edge> {
        Box::new(self.edges().map(|edge| Ok(Cow::Borrowed(edge))))
    }

    fn node_count(&self) -> usize {
        self.node_count()
    }

    fn edge_count(&self) -> usize {
        self.edge_count()
    }

    fn document(&self, id: &str) -> io::Result<Option<Cow<'_, SourceDocument>>> {
        Ok(self.document(id).map(Cow::Borrowed))
    }

    fn node_ref(&self, id: &str) -> io::Result<Option<NodeRef>> {
        Ok(self.node(id).map(NodeRef::from))
    }

    fn position(&self, id: &str) -> io::Result<Option<usize>> {
        Ok(self.by_id.get(id).map(|index| index.index()))
    }

    fn whole(&self) -> io::Result<Cow<'_, KnowledgeGraph>> {
        Ok(Cow::Borrowed(self))
    }
}

impl From<&Node> for NodeRef {
    fn from(node: &Node) -> Self {
        Self { id: node.id.clone(), name: node.name.clone(), norm: node.norm.clone() }
    }
}

/// Gives each node, asked for in canonical order, the edges that start from it.
pub(crate) struct Outgoing<'a> {
    edges: Peekable<Items<'a, Edge>>,
}

impl<'a> Outgoing<'a> {
    pub fn of(source: &'a dyn GraphSource) -> Self {
        Self { edges: source.edges().peekable() }
    }

    /// The edges of the next node.
    pub fn from(&mut self, head: &NodeId) -> io::Result<Vec<Cow<'a, Edge>>> {
        let mut found = Vec::new();
        // An error is taken too, to be told.
        while let Some(edge) = self.edges.next_if(|edge| edge.as_ref().map_or(true, |edge| edge.head <= *head)) {
            found.push(edge?);
        }
        Ok(found)
    }
}
