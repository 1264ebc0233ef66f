//! Documents in, graph out.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use strsim::osa_distance;

use super::{
    Alias, Assertion, DocumentMentions, Edge, KnowledgeGraph, MentionSpan, Node, NodeId, NodeRef, SourceDocument,
    names::{is_acronym, is_full_person_name, normalize_name, without_titles},
    part::{Part, PartEntity, SEPARATOR, is_generic, split_namesakes, take_up},
};
use crate::{
    corpus::{Decisions, Profile, is_cased, resolve},
    document::Document,
    hex::hex,
    lexicon::{Lexicon, fold},
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
        let mut parts = with_unique_ids(parts);
        take_up(&mut parts, &self.decisions);
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

    /// The commonest full name; among equals see [`best_of`].
    ///
    /// Only the best names of documents stand for election where there are any: a company that one article calls "the
    /// group" twenty times is not called so. A body is not called "Supreme Court" if a name says of which country.
    fn best_name(&self, entity_type: EntityType) -> Option<String> {
        // There most often is but one, and nothing has to be known of it.
        if self.best.len() == 1 && self.names.keys().all(|name| self.best.contains(name)) {
            return self.best.first().cloned();
        }
        let full = |name: &String| match entity_type {
            EntityType::Person => is_full_person_name(name) && without_titles(name) == name.as_str(),
            _ => !is_acronym(name) && !is_generic(entity_type, name),
        };
        let nearly_full = |name: &String| match entity_type {
            EntityType::Person => is_full_person_name(name),
            _ => !is_acronym(name),
        };
        let is_person = entity_type == EntityType::Person;
        self.elect(entity_type, self.best.iter().filter(|name| full(name)))
            .or_else(|| self.elect(entity_type, self.names.keys().filter(|name| full(name))))
            .or_else(|| self.elect(entity_type, self.best.iter().filter(|name| nearly_full(name))))
            .or_else(|| self.elect(entity_type, self.names.keys().filter(|name| !is_person && nearly_full(name))))
            .or_else(|| self.elect(entity_type, self.best.iter()))
            .or_else(|| self.elect(entity_type, self.names.keys()))
            .cloned()
    }

    /// The commonest of some names, among equals the best. A place is not cried out, however many datelines do.
    fn elect<'a>(&self, entity_type: EntityType, names: impl Iterator<Item = &'a String>) -> Option<&'a String> {
        let mut counted: Vec<(u32, &'a String)> =
            names.map(|name| (self.names.get(name).copied().unwrap_or(0), name)).collect();
        let is_spoken = |name: &String| entity_type.base() != EntityType::Place || is_cased(entity_type, name);
        if counted.iter().any(|(_, name)| is_spoken(name)) {
            counted.retain(|(_, name)| is_spoken(name));
        }
        let most = counted.iter().map(|(count, _)| *count).max()?;
        best_of(entity_type, counted.into_iter().filter(|(count, _)| *count == most).map(|(_, name)| name).collect())
    }
}

/// The best of names that are equally common: in capitals and small letters, of a country the usual name, then the one
/// with the most words; of spellings of one name the one whose words are known, and else the first in order.
fn best_of(entity_type: EntityType, names: Vec<&String>) -> Option<&String> {
    if let [only] = names.as_slice() {
        return Some(*only);
    }
    let is_person = entity_type == EntityType::Person;
    let words = |name: &String| -> (usize, usize) {
        // "Ana Maria Costa" says more than "Ana M. Costa".
        let whole = |word: &&str| !is_person || word.chars().filter(|c| c.is_alphabetic()).count() > 1;
        (name.split_whitespace().filter(whole).count(), name.split_whitespace().count())
    };
    let shape = |name: &String| (is_cased(entity_type, name), is_usual(entity_type, name), words(name));
    let best = names.iter().map(|name| shape(name)).max()?;
    let equals: Vec<&String> = names.into_iter().filter(|name| shape(name) == best).collect();
    // Of two names of one person with as many words the one is a spelling of the other.
    let longest = *equals.iter().max_by_key(|name| (name.chars().count(), Reverse(**name)))?;
    let folded = normalize_name(longest);
    let is_spelling = |name: &&String| is_person || osa_distance(&normalize_name(name), &folded) <= 2;
    equals.into_iter().filter(is_spelling).max_by_key(|name| (known_words(name), Reverse(*name)))
}

/// Whether it is the name by which a country is called as a rule: South Korea, and not the Republic of Korea.
fn is_usual(entity_type: EntityType, name: &str) -> bool {
    entity_type == EntityType::Place
        && Lexicon::embedded().territory_by_name(name).is_some_and(|territory| territory.name == name)
}

/// How many words of a name are in the lists of names.
fn known_words(name: &str) -> usize {
    let lexicon = Lexicon::embedded();
    let is_known = |word: &&str| {
        let folded = fold(word);
        lexicon.given_name_counts(&folded).is_some() || lexicon.name_groups(&folded).next().is_some()
    };
    name.split_whitespace().filter(is_known).count()
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
        part.source.id = id_apart(&part.source.id, &part.hash);
    }
}

/// The identifier of one of several documents that share one; `hash` is that of what was read.
pub(crate) fn id_apart(id: &str, hash: &[u8; 32]) -> String {
    format!("{id}#{}", hex(hash, 16))
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
