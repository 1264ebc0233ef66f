//! Parts of a graph by type, score, status, date and distance.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assertion, Edge, KnowledgeGraph, Node, NodeId, Period, SourceDocument};
use crate::schema::{EntityType, RelationType, Status};

/// What to keep of a graph; a new filter keeps everything.
///
/// ```
/// use relata::{graph::{GraphFilter, KnowledgeGraph}, schema::EntityType};
///
/// let filter = GraphFilter::new()
///     .with_entity_types([EntityType::Person, EntityType::Organization])
///     .with_min_score(0.5)
///     .with_statuses([None])
///     .around("Maria Keller", 2);
/// assert_eq!(KnowledgeGraph::default().subgraph(&filter).node_count(), 0);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GraphFilter {
    entity_types: Option<BTreeSet<EntityType>>,
    relation_types: Option<BTreeSet<RelationType>>,
    statuses: Option<BTreeSet<Option<Status>>>,
    min_score: f32,
    dates: Option<Period>,
    around: Option<(String, usize)>,
    without_isolated: bool,
}

impl GraphFilter {
    /// A filter that keeps everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps nodes of these types alone, and edges between them.
    pub fn with_entity_types(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.entity_types = Some(types.into_iter().collect());
        self
    }

    /// Keeps edges of these types alone.
    pub fn with_relation_types(mut self, types: impl IntoIterator<Item = RelationType>) -> Self {
        self.relation_types = Some(types.into_iter().collect());
        self
    }

    /// Keeps assertions of these statuses alone, `None` being fact; edges left without any go.
    pub fn with_statuses(mut self, statuses: impl IntoIterator<Item = Option<Status>>) -> Self {
        self.statuses = Some(statuses.into_iter().collect());
        self
    }

    /// Keeps assertions with at least this score; edges left without any go.
    pub fn with_min_score(mut self, score: f32) -> Self {
        self.min_score = score;
        self
    }

    /// Keeps assertions of these days alone: by their own date, else by that of their document.
    ///
    /// Of a date that names more than a day, such as a year, one day within is enough. An assertion without any date goes;
    /// so do edges left without assertions.
    ///
    /// ```
    /// use relata::graph::{GraphFilter, Period};
    ///
    /// let spring = GraphFilter::new().with_dates(Period::parse("2024-03/2024-05").unwrap());
    /// assert!(!spring.keeps_everything());
    /// ```
    pub fn with_dates(mut self, period: Period) -> Self {
        self.dates = Some(period);
        self
    }

    /// Keeps nodes within some steps of the nodes with that name or identifier, along edges that pass the filter.
    pub fn around(mut self, name_or_id: impl Into<String>, hops: usize) -> Self {
        self.around = Some((name_or_id.into(), hops));
        self
    }

    /// Drops nodes that are left without an edge.
    pub fn without_isolated(mut self) -> Self {
        self.without_isolated = true;
        self
    }

    /// Whether it keeps every graph as it is.
    #[must_use]
    pub fn keeps_everything(&self) -> bool {
        let Self { entity_types, relation_types, statuses, min_score, dates, around, without_isolated } = self;
        entity_types.is_none()
            && relation_types.is_none()
            && statuses.is_none()
            && *min_score <= 0.0
            && dates.is_none()
            && around.is_none()
            && !without_isolated
    }

    /// Whether a node or an assertion passes or not whatever else is in the graph.
    #[cfg(feature = "store")]
    pub(crate) fn is_local(&self) -> bool {
        self.around.is_none() && !self.without_isolated
    }

    /// The name or identifier around which nodes are kept, and within how many steps.
    #[cfg(feature = "store")]
    pub(crate) fn center(&self) -> Option<(&str, usize)> {
        self.around.as_ref().map(|(name_or_id, hops)| (name_or_id.as_str(), *hops))
    }

    pub(crate) fn keeps_entity_type(&self, entity_type: EntityType) -> bool {
        self.entity_types.as_ref().is_none_or(|types| types.contains(&entity_type))
    }

    pub(crate) fn keeps_relation_type(&self, relation_type: RelationType) -> bool {
        self.relation_types.as_ref().is_none_or(|types| types.contains(&relation_type))
    }

    /// `document` is the one that the assertion is from.
    pub(crate) fn keeps_assertion(&self, assertion: &Assertion, document: Option<&SourceDocument>) -> bool {
        assertion.score >= self.min_score
            && self.statuses.as_ref().is_none_or(|statuses| statuses.contains(&assertion.status))
            && self.dates.is_none_or(|dates| assertion.period(document).is_some_and(|period| period.overlaps(dates)))
    }

    pub(super) fn apply(&self, graph: &KnowledgeGraph) -> KnowledgeGraph {
        let mut kept: BTreeSet<&NodeId> =
            graph.nodes().filter(|node| self.keeps_entity_type(node.entity_type)).map(|node| &node.id).collect();
        let mut edges: Vec<Edge> = graph
            .edges()
            .filter(|edge| kept.contains(&edge.head) && kept.contains(&edge.tail))
            .filter(|edge| self.keeps_relation_type(edge.relation_type))
            .filter_map(|edge| {
                let assertions: Vec<Assertion> = edge
                    .assertions
                    .iter()
                    .filter(|assertion| self.keeps_assertion(assertion, graph.document(&assertion.document)))
                    .cloned()
                    .collect();
                let Edge { head, relation_type, tail, .. } = edge;
                (!assertions.is_empty()).then(|| Edge {
                    head: head.clone(),
                    relation_type: *relation_type,
                    tail: tail.clone(),
                    assertions,
                })
            })
            .collect();
        if let Some((name_or_id, hops)) = &self.around {
            let starts = graph.node(name_or_id).map_or_else(|| graph.find_by_name(name_or_id), |node| vec![node]);
            let near = within(&edges, starts.into_iter().map(|node| &node.id), *hops);
            kept.retain(|id| near.contains(id.as_str()));
            edges.retain(|edge| near.contains(edge.head.as_str()) && near.contains(edge.tail.as_str()));
        }
        if self.without_isolated {
            let joined: BTreeSet<&NodeId> = edges.iter().flat_map(|edge| [&edge.head, &edge.tail]).collect();
            kept.retain(|id| joined.contains(id));
        }
        let nodes: Vec<Node> = graph.nodes().filter(|node| kept.contains(&node.id)).cloned().collect();
        let used: BTreeSet<&str> = nodes
            .iter()
            .flat_map(|node| node.mentions.iter().map(|mentions| mentions.document.as_str()))
            .chain(edges.iter().flat_map(|edge| edge.assertions.iter().map(|assertion| assertion.document.as_str())))
            .collect();
        // What keeps everything keeps documents that name nothing, too.
        let keeps_all = self.keeps_everything();
        let is_kept = |document: &&SourceDocument| keeps_all || used.contains(document.id.as_str());
        let documents = graph.documents().iter().filter(is_kept).cloned().collect();
        // A part of a sound graph is sound: the ends of every kept edge are kept.
        KnowledgeGraph::from_parts(documents, nodes, edges).unwrap_or_default()
    }
}

/// The nodes at most `hops` edges away from the starts, the starts included.
fn within<'a>(edges: &'a [Edge], starts: impl Iterator<Item = &'a NodeId>, hops: usize) -> BTreeSet<String> {
    let mut neighbors: BTreeMap<&NodeId, BTreeSet<&NodeId>> = BTreeMap::new();
    for edge in edges {
        neighbors.entry(&edge.head).or_default().insert(&edge.tail);
        neighbors.entry(&edge.tail).or_default().insert(&edge.head);
    }
    let mut seen: BTreeSet<&NodeId> = starts.collect();
    let mut border: Vec<&NodeId> = seen.iter().copied().collect();
    for _ in 0..hops {
        let next: Vec<&NodeId> = border
            .iter()
            .filter_map(|id| neighbors.get(id))
            .flatten()
            .copied()
            .filter(|neighbor| seen.insert(neighbor))
            .collect();
        if next.is_empty() {
            break;
        }
        border = next;
    }
    seen.into_iter().map(|id| id.as_str().to_owned()).collect()
}
