//! Documents in, graph out.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Alias, Assertion, DocumentMentions, Edge, KnowledgeGraph, MentionSpan, Node, NodeId, NodeRef, SourceDocument,
    names::{is_acronym, is_full_person_name, without_titles},
    part::{Part, PartEntity, SEPARATOR, split_namesakes},
};
use crate::{
    corpus::{Decisions, Profile, resolve},
    document::Document,
    hex::hex,
    schema::{EntityType, RelationType},
};

/// Collects documents and merges them into a graph.
///
/// It keeps what each document says and merges at the end, so the order of documents, and how they were split over
/// builders that were merged later, cannot matter. Two entities of different documents become one node if they have the
/// same type and share a name: a full name for persons, the normal form for dates, the wording for titles, any name for
/// the rest. An entity without such a name stays with its document; one that its document never names ("a shipowner") is a
/// node only where a relation needs it. A document that is added twice counts once.
///
/// Not every alias is proof enough. One that the document's resolution took for the entity because it is a part of its
/// name ("United"), stands for it ("London" for a government) or looked so to the model is listed, but joins nothing.
///
/// ```
/// use relata::{document::Document, graph::GraphBuilder};
///
/// let (a, b) = (Document::new("a", "One."), Document::new("b", "Two."));
/// let whole = GraphBuilder::new().add(&a).add(&b).finish();
/// let merged = GraphBuilder::new().add(&b).merge(GraphBuilder::new().add(&a)).finish();
/// assert!(whole == merged);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GraphBuilder {
    /// By identifier and hash of what was read.
    parts: BTreeMap<(String, [u8; 32]), Part>,
    decisions: Decisions,
}

impl GraphBuilder {
    /// A builder without documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a document says.
    #[expect(clippy::should_implement_trait, reason = "a document is no builder, and `+` would say less")]
    pub fn add(mut self, doc: &Document) -> Self {
        self.insert(Part::new(doc));
        self
    }

    /// Of one text with two sets of annotations, which no reader makes, one is kept, the same in any order.
    fn insert(&mut self, part: Part) {
        match self.parts.entry((part.source.id.clone(), part.hash)) {
            Entry::Vacant(entry) => drop(entry.insert(part)),
            Entry::Occupied(mut entry) if part.content < entry.get().content => drop(entry.insert(part)),
            Entry::Occupied(_) => {}
        }
    }

    /// Adds the documents of another builder.
    pub fn merge(mut self, other: GraphBuilder) -> Self {
        // The smaller map goes into the larger: a fold over many small builders stays cheap.
        let small = if other.parts.len() > self.parts.len() {
            std::mem::replace(&mut self.parts, other.parts)
        } else {
            other.parts
        };
        small.into_values().for_each(|part| self.insert(part));
        self.decisions.same.extend(other.decisions.same);
        self.decisions.apart.extend(other.decisions.apart);
        self.decisions.documents.extend(other.decisions.documents);
        self
    }

    /// Number of different documents.
    #[must_use]
    pub fn document_count(&self) -> usize {
        self.parts.len()
    }

    /// Takes decisions of people about which names are one thing.
    pub fn with_decisions(mut self, decisions: Decisions) -> Self {
        self.decisions = decisions;
        self
    }

    /// What the documents tell of each name that they share; see [`crate::corpus`].
    #[must_use]
    pub fn profiles(&self) -> BTreeMap<String, Profile> {
        let mut parts: Vec<Part> = self.parts.values().cloned().collect();
        split_namesakes(&mut parts, &self.decisions);
        profiles(&parts)
    }

    /// Merges the documents.
    #[must_use]
    pub fn finish(self) -> KnowledgeGraph {
        let mut parts: Vec<Part> = self.parts.into_values().collect();
        split_namesakes(&mut parts, &self.decisions);
        let parts = with_unique_ids(parts);
        let resolution = resolve(profiles(&parts), &self.decisions);
        let mut assembly = Assembly::default();
        for part in parts {
            assembly.add(part, |key| resolution.representatives.get(key).cloned());
        }
        assembly.finish()
    }
}

fn profiles(parts: &[Part]) -> BTreeMap<String, Profile> {
    let mut profiles: BTreeMap<String, Profile> = BTreeMap::new();
    for (number, part) in (0..).zip(parts) {
        part.profile(number, &mut profiles);
    }
    profiles.values_mut().for_each(Profile::sample_context);
    profiles
}

/// A graph in the making, of documents whose units are resolved.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    /// Place of each node in `merged`, by the smallest key of its cluster.
    places: BTreeMap<String, usize>,
    merged: Vec<MergedNode>,
    documents: Vec<SourceDocument>,
    relations: Vec<PlacedRelation>,
}

/// A relation between nodes that are not finished yet.
#[derive(Debug)]
struct PlacedRelation {
    relation_type: RelationType,
    head: usize,
    tail: usize,
    date: Option<usize>,
    place: Option<usize>,
    by: Option<usize>,
    /// Still without date, place and speaker.
    assertion: Assertion,
}

impl Assembly {
    /// Adds a document; `representative` gives the smallest key of the cluster of a unit that is not alone.
    pub fn add(&mut self, part: Part, mut representative: impl FnMut(&str) -> Option<String>) {
        let (needed, keys) = (part.needed(), part.keys());
        let mut places: Vec<Option<usize>> = Vec::with_capacity(keys.len());
        for (index, (entity, key)) in part.entities.iter().zip(keys).enumerate() {
            if entity.names.is_empty() && !needed.contains(&index) {
                places.push(None);
                continue;
            }
            let key = representative(&key).unwrap_or(key);
            let next = self.merged.len();
            let place = *self.places.entry(key).or_insert(next);
            if place == next {
                self.merged.push(MergedNode::default());
            }
            if let Some(node) = self.merged.get_mut(place) {
                node.add(&Share::new(&part.source.id, entity));
            }
            places.push(Some(place));
        }
        let place_of = |entity: usize| places.get(entity).copied().flatten();
        for relation in part.relations {
            let (Some(head), Some(tail)) = (place_of(relation.head), place_of(relation.tail)) else { continue };
            // No relation of the schema holds between a thing and itself: the text told two names of it apart.
            if head == tail {
                continue;
            }
            self.relations.push(PlacedRelation {
                relation_type: relation.relation_type,
                head,
                tail,
                date: relation.date.and_then(place_of),
                place: relation.place.and_then(place_of),
                by: relation.by.and_then(place_of),
                assertion: Assertion {
                    document: part.source.id.clone(),
                    evidence: relation.evidence,
                    trigger: relation.trigger,
                    score: relation.score,
                    status: relation.status,
                    date: None,
                    place: None,
                    by: None,
                },
            });
        }
        self.documents.push(part.source);
    }

    /// Sets the names by which all documents call a node, where not all of them were added.
    #[cfg(feature = "store")]
    pub fn set_names(&mut self, key: &str, names: BTreeMap<String, u32>, best: BTreeSet<String>) {
        let node = self.places.get(key).and_then(|place| self.merged.get_mut(*place));
        if let Some(node) = node {
            (node.names, node.best) = (names, best);
        }
    }

    /// The graph.
    pub fn finish(mut self) -> KnowledgeGraph {
        let mut taken: BTreeSet<NodeId> = BTreeSet::new();
        let mut references: Vec<Option<NodeRef>> = vec![None; self.merged.len()];
        let mut nodes: Vec<Node> = Vec::with_capacity(self.merged.len());
        for (key, place) in self.places {
            let (Some(node), Some(slot)) = (self.merged.get_mut(place), references.get_mut(place)) else { continue };
            let node = std::mem::take(node).finish(free_id(&key, &taken));
            taken.insert(node.id.clone());
            *slot = Some(NodeRef { id: node.id.clone(), name: node.name.clone(), norm: node.norm.clone() });
            nodes.push(node);
        }
        let reference = |place: usize| references.get(place).and_then(Option::as_ref);
        let mut edges: BTreeMap<(NodeId, RelationType, NodeId), Vec<Assertion>> = BTreeMap::new();
        for relation in self.relations {
            let (Some(head), Some(tail)) = (reference(relation.head), reference(relation.tail)) else { continue };
            let swap = relation.relation_type.info().symmetric && tail.id < head.id;
            let (head, tail) = if swap { (tail, head) } else { (head, tail) };
            let qualifier = |place: Option<usize>| place.and_then(reference).cloned();
            let (date, place, by) = (qualifier(relation.date), qualifier(relation.place), qualifier(relation.by));
            let assertion = Assertion { date, place, by, ..relation.assertion };
            edges.entry((head.id.clone(), relation.relation_type, tail.id.clone())).or_default().push(assertion);
        }
        let edges = edges
            .into_iter()
            .map(|((head, relation_type, tail), assertions)| Edge {
                head,
                relation_type,
                tail,
                assertions: in_order(assertions),
            })
            .collect();
        // Nodes are unique by construction, edges by the map, and both ends were looked up: this cannot fail.
        KnowledgeGraph::from_parts(self.documents, nodes, edges).unwrap_or_default()
    }
}

impl Extend<GraphBuilder> for GraphBuilder {
    fn extend<T: IntoIterator<Item = GraphBuilder>>(&mut self, others: T) {
        for other in others {
            *self = std::mem::take(self).merge(other);
        }
    }
}

/// What one document tells of a node.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Share<'a> {
    pub document: Cow<'a, str>,
    pub entity_type: EntityType,
    /// Its best name there; empty if it has none.
    pub name: Cow<'a, str>,
    pub norm: Option<Cow<'a, str>>,
    pub link: Option<Cow<'a, str>>,
    pub names: Cow<'a, BTreeMap<String, u32>>,
    pub spans: Cow<'a, [MentionSpan]>,
}

impl<'a> Share<'a> {
    pub fn new(document: &'a str, entity: &'a PartEntity) -> Self {
        Self {
            document: Cow::Borrowed(document),
            entity_type: entity.entity_type,
            name: Cow::Borrowed(&entity.name),
            norm: entity.norm.as_deref().map(Cow::Borrowed),
            link: entity.link.as_deref().map(Cow::Borrowed),
            names: Cow::Borrowed(&entity.names),
            spans: Cow::Borrowed(&entity.spans),
        }
    }
}

/// A node while documents are added to it.
#[derive(Debug, Default)]
pub(crate) struct MergedNode {
    entity_type: Option<EntityType>,
    names: BTreeMap<String, u32>,
    /// The best names of the documents.
    best: BTreeSet<String>,
    norms: BTreeSet<String>,
    links: BTreeSet<String>,
    mentions: BTreeMap<String, BTreeSet<MentionSpan>>,
}

impl MergedNode {
    pub fn add(&mut self, share: &Share<'_>) {
        self.entity_type = Some(share.entity_type);
        for (name, count) in share.names.iter() {
            match self.names.get_mut(name) {
                Some(sum) => *sum += count,
                None => drop(self.names.insert(name.clone(), *count)),
            }
        }
        if !share.name.is_empty() && !self.best.contains(&*share.name) {
            self.best.insert(share.name.clone().into_owned());
        }
        let text = |text: &Option<Cow<'_, str>>| text.as_deref().filter(|text| !text.is_empty()).map(str::to_owned);
        self.norms.extend(text(&share.norm));
        self.links.extend(text(&share.link));
        if !share.spans.is_empty() {
            self.mentions.entry(share.document.clone().into_owned()).or_default().extend(share.spans.iter().copied());
        }
    }

    pub fn finish(self, id: NodeId) -> Node {
        let entity_type = self.entity_type.unwrap_or(EntityType::Work);
        let norm = self.norms.first().cloned();
        let name = norm
            .clone()
            .filter(|_| entity_type == EntityType::Date)
            .or_else(|| self.best_name(entity_type))
            .unwrap_or_else(|| format!("unnamed {}", entity_type.name().to_lowercase()));
        Node {
            id,
            entity_type,
            name,
            aliases: self.names.into_iter().map(|(name, count)| Alias { name, count }).collect(),
            norm,
            link: self.links.first().cloned(),
            mentions: self
                .mentions
                .into_iter()
                .map(|(document, spans)| DocumentMentions { document, spans: spans.into_iter().collect() })
                .collect(),
        }
    }

    /// The commonest full name; among equals the longest, then the first in order.
    ///
    /// Only the best names of documents stand for election where there are any: a company that one article calls "the
    /// group" twenty times is not called so.
    fn best_name(&self, entity_type: EntityType) -> Option<String> {
        let full = |name: &&String| match entity_type {
            EntityType::Person => is_full_person_name(name) && without_titles(name) == name.as_str(),
            _ => !is_acronym(name),
        };
        let full_after_title = |name: &&String| entity_type == EntityType::Person && is_full_person_name(name);
        let rank = |name: &&String| {
            (self.names.get(*name).copied().unwrap_or(0), name.chars().count(), Reverse((*name).clone()))
        };
        let candidates = [
            self.best.iter().filter(full).max_by_key(rank),
            self.names.keys().filter(full).max_by_key(rank),
            self.best.iter().filter(full_after_title).max_by_key(rank),
            self.best.iter().max_by_key(rank),
            self.names.keys().max_by_key(rank),
        ];
        candidates.into_iter().flatten().next().cloned()
    }
}

/// Gives documents that share an identifier but not their contents different ones.
fn with_unique_ids(mut parts: Vec<Part>) -> Vec<Part> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for part in &parts {
        *uses.entry(&part.source.id).or_insert(0) += 1;
    }
    let twins = uses.into_iter().filter(|(_, uses)| *uses > 1).map(|(id, _)| id.to_owned()).collect();
    parts.iter_mut().for_each(|part| name_apart(part, &twins));
    parts
}

/// Adds a hash of what was read to an identifier that several documents have.
pub(crate) fn name_apart(part: &mut Part, twins: &BTreeSet<String>) {
    if twins.contains(&part.source.id) {
        part.source.id = format!("{}#{}", part.source.id, hex(&part.hash, 16));
    }
}

/// The id of a key: longer than usual in the unheard-of case that another key has the same first digits.
fn free_id(key: &str, taken: &BTreeSet<NodeId>) -> NodeId {
    let id = |digits: usize| NodeId(node_id_of(key, digits));
    (16..64).map(id).find(|id| !taken.contains(id)).unwrap_or_else(|| id(64))
}

/// The identifier of a node whose smallest unit has that key; each name keeps it when it is joined with others.
#[must_use]
pub fn node_id(key: &str) -> String {
    node_id_of(key, 16)
}

fn node_id_of(key: &str, digits: usize) -> String {
    let kind = key.split(SEPARATOR).next().unwrap_or_default();
    let prefix = EntityType::from_name(kind).map_or(kind, |entity_type| entity_type.name()).to_lowercase();
    let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    format!("{prefix}-{}", hex(&hash, digits))
}

/// Assertions in order of document and place; those that differ in nothing but the score become one with the best.
pub(crate) fn in_order(mut assertions: Vec<Assertion>) -> Vec<Assertion> {
    if assertions.len() < 2 {
        return assertions;
    }
    fn key(assertion: &Assertion) -> impl Ord + '_ {
        let Assertion { document, evidence, trigger, status, date, place, by, score: _ } = assertion;
        (document, evidence, trigger, status, date, place, by)
    }
    assertions.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| b.score.total_cmp(&a.score)));
    assertions.dedup_by(|b, a| key(a) == key(b));
    assertions
}
