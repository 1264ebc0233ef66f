//! Documents in, graph out.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io,
};

use sha2::{Digest, Sha256};

use super::{
    Alias, Assertion, DocumentMentions, Edge, KnowledgeGraph, MentionSpan, Node, NodeId, NodeRef, Quote,
    SourceDocument,
    names::{is_acronym, is_full_person_name, normalize_name, shared_key, tidy, without_titles},
};
use crate::{
    document::{Document, EntityId, LinkReason},
    record::DocumentRecord,
    schema::{EntityType, MentionKind, RelationType, Status},
    span::ByteSpan,
};

/// Separates the parts of a key; controls never survive normalization.
const SEPARATOR: char = '\u{1f}';

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
    /// By identifier and hash of the contents.
    parts: BTreeMap<(String, [u8; 32]), Part>,
}

/// What the graph needs of a document.
#[derive(Debug, Clone)]
struct Part {
    source: SourceDocument,
    entities: Vec<PartEntity>,
    relations: Vec<PartRelation>,
}

#[derive(Debug, Clone)]
struct PartEntity {
    entity_type: EntityType,
    name: String,
    norm: Option<String>,
    link: Option<String>,
    /// Names in the text with the number of mentions.
    names: BTreeMap<String, u32>,
    spans: Vec<MentionSpan>,
    /// Keys that other documents may share; empty if the entity stays with its document.
    keys: BTreeSet<String>,
}

#[derive(Debug, Clone)]
struct PartRelation {
    head: usize,
    relation_type: RelationType,
    tail: usize,
    score: f32,
    evidence: Vec<Quote>,
    trigger: Option<Quote>,
    date: Option<usize>,
    place: Option<usize>,
    by: Option<usize>,
    status: Option<Status>,
}

impl GraphBuilder {
    /// A builder without documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a document says.
    #[expect(clippy::should_implement_trait, reason = "a document is no builder, and `+` would say less")]
    pub fn add(mut self, doc: &Document) -> Self {
        self.parts.entry((doc.id.clone(), content_hash(doc))).or_insert_with(|| Part::new(doc));
        self
    }

    /// Adds the documents of another builder.
    pub fn merge(mut self, other: GraphBuilder) -> Self {
        // The smaller map goes into the larger: a fold over many small builders stays cheap.
        let (mut large, small) = if other.parts.len() > self.parts.len() {
            (other.parts, std::mem::take(&mut self.parts))
        } else {
            (std::mem::take(&mut self.parts), other.parts)
        };
        large.extend(small);
        Self { parts: large }
    }

    /// Number of different documents.
    #[must_use]
    pub fn document_count(&self) -> usize {
        self.parts.len()
    }

    /// Merges the documents.
    #[must_use]
    pub fn finish(self) -> KnowledgeGraph {
        let parts = with_unique_ids(self.parts);

        // Every key of an entity is joined with the others of that entity, in whatever document they stand.
        let mut keys = Keys::default();
        let entity_keys: Vec<Vec<usize>> = parts
            .iter()
            .map(|part| {
                let mut ordinals: BTreeMap<(EntityType, String), usize> = BTreeMap::new();
                part.entities.iter().map(|entity| keys.join(&entity.all_keys(&part.source.id, &mut ordinals))).collect()
            })
            .collect();
        let smallest = keys.smallest();

        let mut merged: BTreeMap<&str, MergedNode> = BTreeMap::new();
        let key_of = |part: usize, entity: usize| -> Option<&str> {
            let key = *entity_keys.get(part)?.get(entity)?;
            smallest.get(key).map(|key| &**key)
        };
        for (part_index, part) in parts.iter().enumerate() {
            let needed = part.needed();
            for (entity_index, entity) in part.entities.iter().enumerate() {
                if entity.names.is_empty() && !needed.contains(&entity_index) {
                    continue;
                }
                if let Some(key) = key_of(part_index, entity_index) {
                    merged.entry(key).or_default().add(&part.source.id, entity);
                }
            }
        }

        let mut taken: BTreeSet<NodeId> = BTreeSet::new();
        let mut references: BTreeMap<&str, NodeRef> = BTreeMap::new();
        let mut nodes: Vec<Node> = Vec::with_capacity(merged.len());
        for (key, node) in merged {
            let node = node.finish(free_id(key, &taken));
            taken.insert(node.id.clone());
            references.insert(key, NodeRef { id: node.id.clone(), name: node.name.clone(), norm: node.norm.clone() });
            nodes.push(node);
        }

        let mut edges: BTreeMap<(NodeId, RelationType, NodeId), Vec<Assertion>> = BTreeMap::new();
        for (part_index, part) in parts.iter().enumerate() {
            let reference = |entity: usize| key_of(part_index, entity).and_then(|key| references.get(key));
            for relation in &part.relations {
                let (Some(head), Some(tail)) = (reference(relation.head), reference(relation.tail)) else { continue };
                // No relation of the schema holds between a thing and itself: the text told two names of it apart.
                if head.id == tail.id {
                    continue;
                }
                let swap = relation.relation_type.info().symmetric && tail.id < head.id;
                let (head, tail) = if swap { (tail, head) } else { (head, tail) };
                let qualifier = |entity: Option<usize>| entity.and_then(reference).cloned();
                edges.entry((head.id.clone(), relation.relation_type, tail.id.clone())).or_default().push(Assertion {
                    document: part.source.id.clone(),
                    evidence: relation.evidence.clone(),
                    trigger: relation.trigger.clone(),
                    score: relation.score,
                    status: relation.status,
                    date: qualifier(relation.date),
                    place: qualifier(relation.place),
                    by: qualifier(relation.by),
                });
            }
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
        let documents = parts.into_iter().map(|part| part.source).collect();
        // Nodes are unique by construction, edges by the map, and both ends were looked up: this cannot fail.
        KnowledgeGraph::from_parts(documents, nodes, edges).unwrap_or_default()
    }
}

impl Extend<GraphBuilder> for GraphBuilder {
    fn extend<T: IntoIterator<Item = GraphBuilder>>(&mut self, others: T) {
        for other in others {
            *self = std::mem::take(self).merge(other);
        }
    }
}

impl Part {
    fn new(doc: &Document) -> Self {
        let offsets = CharOffsets::new(&doc.text);
        let quote = |span: ByteSpan| {
            let text = doc.text.get(span.range()).filter(|text| !text.is_empty())?;
            let char_start = offsets.at(&doc.text, span.start);
            Some(Quote {
                start: span.start,
                end: span.end,
                char_start,
                char_end: char_start.saturating_add(count(text)),
                text: text.to_owned(),
            })
        };
        let index = |entity: EntityId| Some(entity.0 as usize).filter(|index| *index < doc.entities.len());
        let entities = doc
            .entities
            .iter()
            .map(|entity| {
                let mut names: BTreeMap<String, u32> = BTreeMap::new();
                let mut proven: BTreeSet<String> = BTreeSet::new();
                let mut spans: Vec<MentionSpan> = Vec::new();
                for mention in entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize)) {
                    let Some(words) = quote(mention.span) else { continue };
                    spans.push(MentionSpan {
                        start: words.start,
                        end: words.end,
                        char_start: words.char_start,
                        char_end: words.char_end,
                        kind: mention.kind,
                    });
                    let name = tidy(&words.text);
                    let reason = mention.link.as_ref().map(|link| link.reason);
                    // A capital that acts for its country is no name of the country.
                    if mention.kind != MentionKind::Name || name.is_empty() || reason == Some(LinkReason::Metonym) {
                        continue;
                    }
                    *names.entry(name.clone()).or_insert(0) += 1;
                    let weak = match reason {
                        // "Ana Costa" after "Ana Maria Costa" is a full name all the same.
                        Some(LinkReason::PartOfName) => entity.entity_type != EntityType::Person,
                        Some(LinkReason::Model) => true,
                        _ => false,
                    };
                    if !weak && mention.entity_type == entity.entity_type {
                        proven.insert(name);
                    }
                }
                spans.sort_unstable();
                spans.dedup();
                let name = tidy(&entity.name);
                let (entity_type, norm, link) = (entity.entity_type, entity.norm.clone(), entity.link.clone());
                let keys = shared_keys(entity_type, &name, norm.as_deref(), link.as_deref(), &proven);
                PartEntity { entity_type, name, norm, link, names, spans, keys }
            })
            .collect();
        let relations = doc
            .relations
            .iter()
            .filter_map(|relation| {
                let mut evidence: Vec<Quote> = relation.evidence.iter().copied().filter_map(quote).collect();
                evidence.sort_unstable();
                evidence.dedup();
                Some(PartRelation {
                    head: index(relation.head)?,
                    relation_type: relation.relation_type,
                    tail: index(relation.tail)?,
                    score: clean_score(relation.score),
                    evidence,
                    trigger: relation.trigger.and_then(quote),
                    date: relation.date.and_then(index),
                    place: relation.place.and_then(index),
                    by: relation.by.and_then(index),
                    status: relation.status,
                })
            })
            .collect();
        let source = SourceDocument {
            id: doc.id.clone(),
            title: doc.title.clone(),
            date: doc.date.clone(),
            url: doc.url.clone(),
            source: doc.source.clone(),
        };
        Self { source, entities, relations }
    }
}

impl Part {
    /// The entities that relations speak of.
    fn needed(&self) -> BTreeSet<usize> {
        let entities = |relation: &PartRelation| {
            [Some(relation.head), Some(relation.tail), relation.date, relation.place, relation.by]
        };
        self.relations.iter().flat_map(entities).flatten().collect()
    }
}

/// The keys under which an entity merges with others; `proven` are the names in the text that may join it.
fn shared_keys(
    entity_type: EntityType,
    name: &str,
    norm: Option<&str>,
    link: Option<&str>,
    proven: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut add = |kind: &str, key: &str| {
        keys.insert(format!("{entity_type}{SEPARATOR}{kind}{SEPARATOR}{key}"));
    };
    // The best name counts only if the text names the entity at all: "the bank" is the best name of an unnamed one.
    let own = Some(name).filter(|_| !proven.is_empty());
    match entity_type {
        // Other wordings of a title are often shorter ones, "the minister", that would join different offices.
        EntityType::Title => {
            if let Some(key) = own.and_then(|name| shared_key(entity_type, name)) {
                add("name", &key);
            }
        }
        EntityType::Date => {
            if let Some(norm) = norm.filter(|norm| !norm.is_empty()) {
                add("norm", norm);
            }
        }
        _ => {
            for key in proven.iter().map(String::as_str).chain(own).filter_map(|name| shared_key(entity_type, name)) {
                add("name", &key);
            }
        }
    }
    if let Some(link) = link.filter(|link| !link.is_empty()) {
        add("link", link);
    }
    keys
}

impl PartEntity {
    /// The shared keys, or one that belongs to the document alone.
    fn all_keys(&self, document: &str, ordinals: &mut BTreeMap<(EntityType, String), usize>) -> Vec<String> {
        if !self.keys.is_empty() {
            return self.keys.iter().cloned().collect();
        }
        let name = normalize_name(&self.name);
        // An undated "Friday" is one day within its document; two Kellers that resolution kept apart stay apart.
        let ordinal = if self.entity_type == EntityType::Date {
            0
        } else {
            let next = ordinals.entry((self.entity_type, name.clone())).or_insert(0);
            *next += 1;
            *next
        };
        let Self { entity_type, .. } = self;
        vec![format!("{entity_type}{SEPARATOR}only{SEPARATOR}{document}{SEPARATOR}{name}{SEPARATOR}{ordinal}")]
    }
}

/// Union-find over the keys of all entities.
#[derive(Debug, Default)]
struct Keys {
    index: BTreeMap<String, usize>,
    parents: Vec<usize>,
}

impl Keys {
    /// Joins keys and returns the index of the first.
    fn join(&mut self, keys: &[String]) -> usize {
        let mut first = None;
        for key in keys {
            let next = self.parents.len();
            let key = match self.index.get(key) {
                Some(known) => *known,
                None => {
                    self.index.insert(key.clone(), next);
                    self.parents.push(next);
                    next
                }
            };
            match first {
                None => first = Some(key),
                Some(first) => {
                    let (a, b) = (self.root(first), self.root(key));
                    if let Some(parent) = self.parents.get_mut(a.max(b)) {
                        *parent = a.min(b);
                    }
                }
            }
        }
        first.unwrap_or(usize::MAX)
    }

    fn root(&mut self, key: usize) -> usize {
        let mut at = key;
        while let Some(parent) = self.parents.get(at).copied().filter(|parent| *parent != at) {
            // Path halving keeps the trees flat.
            let grand = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parents.get_mut(at) {
                *slot = grand;
            }
            at = grand;
        }
        at
    }

    /// For every key, the smallest key that it is joined with.
    fn smallest(mut self) -> Vec<std::sync::Arc<str>> {
        let sorted: Vec<(String, usize)> = std::mem::take(&mut self.index).into_iter().collect();
        let mut by_root: BTreeMap<usize, std::sync::Arc<str>> = BTreeMap::new();
        let mut smallest: Vec<std::sync::Arc<str>> = vec!["".into(); self.parents.len()];
        for (key, index) in sorted {
            let root = self.root(index);
            let first = by_root.entry(root).or_insert_with(|| key.into());
            if let Some(slot) = smallest.get_mut(index) {
                *slot = first.clone();
            }
        }
        smallest
    }
}

/// A node while documents are added to it.
#[derive(Debug, Default)]
struct MergedNode {
    entity_type: Option<EntityType>,
    names: BTreeMap<String, u32>,
    /// The best names of the documents.
    best: BTreeSet<String>,
    norms: BTreeSet<String>,
    links: BTreeSet<String>,
    mentions: BTreeMap<String, BTreeSet<MentionSpan>>,
}

impl MergedNode {
    fn add(&mut self, document: &str, entity: &PartEntity) {
        self.entity_type = Some(entity.entity_type);
        for (name, count) in &entity.names {
            *self.names.entry(name.clone()).or_insert(0) += count;
        }
        if !entity.name.is_empty() {
            self.best.insert(entity.name.clone());
        }
        self.norms.extend(entity.norm.clone().filter(|norm| !norm.is_empty()));
        self.links.extend(entity.link.clone().filter(|link| !link.is_empty()));
        if !entity.spans.is_empty() {
            self.mentions.entry(document.to_owned()).or_default().extend(entity.spans.iter().copied());
        }
    }

    fn finish(self, id: NodeId) -> Node {
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
fn with_unique_ids(parts: BTreeMap<(String, [u8; 32]), Part>) -> Vec<Part> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for (id, _) in parts.keys() {
        *uses.entry(id.clone()).or_insert(0) += 1;
    }
    parts
        .into_iter()
        .map(|((id, hash), mut part)| {
            if uses.get(&id).is_some_and(|uses| *uses > 1) {
                part.source.id = format!("{id}#{}", hex(&hash, 16));
            }
            part
        })
        .collect()
}

/// The id of a key: longer than usual in the unheard-of case that another key has the same first digits.
fn free_id(key: &str, taken: &BTreeSet<NodeId>) -> NodeId {
    let prefix = key.split(SEPARATOR).next().unwrap_or_default().to_lowercase();
    let hash: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    let id = |digits: usize| NodeId(format!("{prefix}-{}", hex(&hash, digits)));
    (16..64).map(id).find(|id| !taken.contains(id)).unwrap_or_else(|| id(64))
}

fn hex(bytes: &[u8], digits: usize) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(digits);
    text
}

/// Assertions in order of document and place; those that differ in nothing but the score become one with the best.
fn in_order(mut assertions: Vec<Assertion>) -> Vec<Assertion> {
    fn key(assertion: &Assertion) -> impl Ord + '_ {
        let Assertion { document, evidence, trigger, status, date, place, by, score: _ } = assertion;
        (document, evidence, trigger, status, date, place, by)
    }
    assertions.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| b.score.total_cmp(&a.score)));
    assertions.dedup_by(|b, a| key(a) == key(b));
    assertions
}

/// A score between 0 and 1 with four decimals: the last bits of a float are not worth a difference.
pub(super) fn clean_score(score: f32) -> f32 {
    if score.is_finite() { (score.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0 } else { 0.0 }
}

fn content_hash(doc: &Document) -> [u8; 32] {
    struct Hasher(Sha256);
    impl io::Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hasher = Hasher(Sha256::new());
    // A record has text keys alone and the hasher takes everything, so this cannot fail.
    let _ = serde_json::to_writer(&mut hasher, &DocumentRecord::from(doc));
    hasher.0.finalize().into()
}

/// Byte offsets to character offsets, without a count from the start of the text each time.
struct CharOffsets {
    /// Characters before every [`CharOffsets::STEP`]th byte.
    before: Vec<u32>,
}

impl CharOffsets {
    const STEP: usize = 512;

    fn new(text: &str) -> Self {
        let mut before = vec![0];
        let mut sum = 0_u32;
        for chunk in text.as_bytes().chunks(Self::STEP) {
            sum = sum.saturating_add(char_starts(chunk));
            before.push(sum);
        }
        Self { before }
    }

    fn at(&self, text: &str, offset: u32) -> u32 {
        let offset = offset as usize;
        let step = offset / Self::STEP;
        let rest = text.as_bytes().get(step * Self::STEP..offset).map_or(0, char_starts);
        self.before.get(step).copied().unwrap_or(0).saturating_add(rest)
    }
}

fn char_starts(bytes: &[u8]) -> u32 {
    let starts = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    u32::try_from(starts).unwrap_or(u32::MAX)
}

fn count(text: &str) -> u32 {
    char_starts(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_from_anywhere() {
        let text = "Zoë 🦀 déjà ".repeat(200);
        let offsets = CharOffsets::new(&text);
        for (count, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!(offsets.at(&text, offset as u32), count as u32);
        }
        assert_eq!(offsets.at(&text, text.len() as u32), text.chars().count() as u32);
        assert_eq!(CharOffsets::new("").at("", 0), 0);
    }

    #[test]
    fn joined_keys_share_the_smallest() {
        let mut keys = Keys::default();
        let strings = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let c = keys.join(&strings(&["c", "d"]));
        let e = keys.join(&strings(&["e"]));
        let a = keys.join(&strings(&["d", "a"]));
        let smallest = keys.smallest();
        let at = |key: usize| smallest[key].to_string();
        assert_eq!((at(c), at(a), at(e)), ("a".to_owned(), "a".to_owned(), "e".to_owned()));
    }

    #[test]
    fn scores_are_cleaned() {
        for (score, expected) in [(0.5, 0.5), (f32::NAN, 0.0), (2.0, 1.0), (-1.0, 0.0), (0.123_456, 0.1235)] {
            assert_eq!(clean_score(score), expected);
        }
    }
}
