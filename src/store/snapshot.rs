//! The graph of a file laid out on the disk, so that formats are written without all of it in memory.
//!
//! Documents are read one by one. What each tells of a node or an edge goes through an external sort, by identifier; so
//! what belongs together comes together, is merged, and lies in canonical order in files that are gone with the value.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    fmt,
    io::{self, BufReader, BufWriter, Read, Write},
    marker::PhantomData,
    path::Path,
};

use rusqlite::Connection;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    GraphFile, Sql, StoreError,
    parts::{document_numbers, for_each_part},
};
use crate::{
    graph::{
        Assertion, Edge, GraphFilter, GraphSource, Items, KnowledgeGraph, Node, NodeId, NodeRef, SourceDocument,
        builder::{MergedNode, Share, in_order, node_id},
        part::{Part, clean_score},
        read_whole,
    },
    schema::RelationType,
    sort::{Merge, Scratch, Sorter},
};

/// Bytes that nodes, and edges, may take in memory before they go to the disk.
const BUDGET: usize = 48 << 20;
/// Records between two entries of a shelf's index in memory.
const STRIDE: usize = 32;
/// Names and documents that are kept in memory once they were looked up.
const CACHE: usize = 20_000;
const BUFFER: usize = 64 << 10;

/// The graph of a graph file at one moment, on the disk.
#[derive(Debug)]
pub struct Snapshot(Kind);

#[derive(Debug)]
enum Kind {
    Memory(KnowledgeGraph),
    Disk(Box<Disk>),
}

struct Disk {
    documents: Shelf<SourceDocument>,
    nodes: Shelf<Node>,
    /// Names of nodes, also of those that the filter hides.
    heads: Shelf<Head>,
    edges: Shelf<Edge>,
    known_heads: RefCell<HashMap<String, Option<Head>>>,
    known_documents: RefCell<HashMap<String, Option<SourceDocument>>>,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("nodes", &self.nodes.count).field("edges", &self.edges.count).finish()
    }
}

/// What is looked up of a node.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Head {
    name: String,
    norm: Option<String>,
    /// Its place among the nodes; nothing if it is hidden.
    place: Option<usize>,
}

impl GraphFile {
    /// The part of the graph that passes a filter, laid out in files of a folder for as long as the value lives.
    ///
    /// Memory does not grow with the graph, unless the filter is for a neighbourhood, or for nodes with edges; then the
    /// graph is in memory as [`GraphFile::neighborhood`] gives it.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or the folder cannot be written.
    pub fn snapshot(&mut self, folder: &Path, filter: &GraphFilter) -> Result<Snapshot, StoreError> {
        if let Some((name_or_id, hops)) = filter.center() {
            // Around what the identifier stands for now, which may be another than it was.
            let center = self.redirect(name_or_id)?.unwrap_or_else(|| name_or_id.to_owned());
            let near = self.neighborhood(name_or_id, hops)?;
            return Ok(Snapshot(Kind::Memory(near.subgraph(&filter.clone().around(center, hops)))));
        }
        if !filter.is_local() {
            return Ok(Snapshot(Kind::Memory(self.graph()?.subgraph(filter))));
        }
        let laid_out = self.look(|connection| lay_out(connection, folder, filter))?;
        let scratch = |source| StoreError::Scratch { folder: folder.to_owned(), source };
        laid_out.map(|disk| Snapshot(Kind::Disk(Box::new(disk)))).map_err(scratch)
    }
}

/// Errors of the database are told apart from those of the files.
fn lay_out(connection: &Connection, folder: &Path, filter: &GraphFilter) -> Sql<io::Result<Disk>> {
    let mut sorting = Sorting {
        filter,
        documents: Sorter::new(folder, BUDGET / 4),
        shares: Sorter::new(folder, BUDGET),
        claims: Sorter::new(folder, BUDGET),
    };
    let mut fault = Ok(());
    for_each_part(connection, document_numbers(connection)?, |part, representatives| {
        if fault.is_ok() {
            fault = sorting.add(part, representatives);
        }
        Ok(())
    })?;
    Ok(fault.and_then(|()| sorting.finish(folder)))
}

struct Sorting<'a> {
    filter: &'a GraphFilter,
    documents: Sorter,
    shares: Sorter,
    claims: Sorter,
}

/// Separates what is sorted by from the rest; no identifier of a node holds it.
const END: u8 = 0;

impl Sorting<'_> {
    fn add(&mut self, part: Part, representatives: &BTreeMap<String, String>) -> io::Result<()> {
        let (needed, keys) = (part.needed(), part.keys());
        let mut used = self.filter.keeps_everything();
        let mut ids: Vec<Option<NodeId>> = Vec::with_capacity(keys.len());
        let mut entry: Vec<u8> = Vec::new();
        for (index, (entity, key)) in part.entities.iter().zip(keys).enumerate() {
            if entity.names.is_empty() && !needed.contains(&index) {
                ids.push(None);
                continue;
            }
            let key = representatives.get(&key).unwrap_or(&key);
            let id = NodeId::parse(&node_id(key)).ok_or_else(|| io::Error::other("a key has no identifier"))?;
            entry.clear();
            entry.extend(id.as_str().bytes().chain([END]));
            // The keys of two nodes with one identifier, which is unheard of, would show.
            entry.extend(length(key.len()).into_iter().chain(key.bytes()));
            serde_json::to_writer(&mut entry, &Share::new(&part.source.id, entity))?;
            self.shares.push(&entry)?;
            used |= !entity.spans.is_empty() && self.filter.keeps_entity_type(entity.entity_type);
            ids.push(Some(id));
        }
        let type_of = |entity: usize| part.entities.get(entity).map(|entity| entity.entity_type);
        let is_kept = |entity: usize| type_of(entity).is_some_and(|it| self.filter.keeps_entity_type(it));
        let id_of = |entity: usize| ids.get(entity).and_then(Option::as_ref);
        // The name is not known before all documents are read.
        let reference = |entity: usize| {
            let norm = part.entities.get(entity).and_then(|entity| entity.norm.clone());
            id_of(entity).map(|id| NodeRef { id: id.clone(), name: String::new(), norm })
        };
        for relation in part.relations {
            let (Some(head), Some(tail)) = (id_of(relation.head), id_of(relation.tail)) else { continue };
            let kept = is_kept(relation.head) && is_kept(relation.tail);
            if head == tail || !kept || !self.filter.keeps_relation_type(relation.relation_type) {
                continue;
            }
            let assertion = Assertion {
                document: part.source.id.clone(),
                evidence: relation.evidence,
                trigger: relation.trigger,
                score: clean_score(relation.score),
                status: relation.status,
                date: relation.date.and_then(reference),
                place: relation.place.and_then(reference),
                by: relation.by.and_then(reference),
            };
            if !self.filter.keeps_assertion(&assertion, Some(&part.source)) {
                continue;
            }
            used = true;
            let swap = relation.relation_type.info().symmetric && tail < head;
            let (head, tail) = if swap { (tail, head) } else { (head, tail) };
            entry.clear();
            entry.extend(head.as_str().bytes().chain([END]));
            entry.extend(u16::try_from(relation.relation_type.index()).map_err(io::Error::other)?.to_be_bytes());
            entry.extend(tail.as_str().bytes().chain([END]));
            serde_json::to_writer(&mut entry, &assertion)?;
            self.claims.push(&entry)?;
        }
        if used {
            entry.clear();
            // Two with one identifier have been told apart.
            for byte in part.source.id.bytes() {
                // So that an identifier comes before a longer one, whatever that has next.
                entry.extend(if byte == END { &[END, u8::MAX] } else { std::slice::from_ref(&byte) });
            }
            entry.extend([END, END]);
            serde_json::to_writer(&mut entry, &part.source)?;
            self.documents.push(&entry)?;
        }
        Ok(())
    }

    fn finish(self, folder: &Path) -> io::Result<Disk> {
        let documents = shelve_documents(self.documents.finish()?, folder)?;
        let (nodes, heads) = shelve_nodes(self.shares.finish()?, folder, self.filter)?;
        let empty = Shelf::writer(folder)?.finish()?;
        let mut disk = Disk {
            documents,
            nodes,
            heads,
            edges: empty,
            known_heads: RefCell::default(),
            known_documents: RefCell::default(),
        };
        disk.edges = shelve_edges(self.claims.finish()?, folder, &disk)?;
        Ok(disk)
    }
}

fn shelve_documents(mut sorted: Merge, folder: &Path) -> io::Result<Shelf<SourceDocument>> {
    let mut shelf = Shelf::writer(folder)?;
    while let Some(entry) = sorted.next()? {
        // JSON holds no such byte.
        let end = entry.iter().rposition(|byte| *byte == END).map_or(0, |end| end + 1);
        let document: SourceDocument = serde_json::from_slice(entry.get(end..).unwrap_or_default())?;
        shelf.push(Some(&document.id), &document)?;
    }
    shelf.finish()
}

fn shelve_nodes(mut sorted: Merge, folder: &Path, filter: &GraphFilter) -> io::Result<(Shelf<Node>, Shelf<Head>)> {
    let (mut nodes, mut heads) = (Shelf::writer(folder)?, Shelf::writer(folder)?);
    let mut place = |id: NodeId, node: MergedNode| {
        let node = node.finish(id);
        let kept = filter.keeps_entity_type(node.entity_type);
        let place = kept.then_some(nodes.count);
        heads.push(Some(node.id.as_str()), &Head { name: node.name.clone(), norm: node.norm.clone(), place })?;
        if kept { nodes.push(None, &node) } else { Ok(()) }
    };
    let mut current: Option<(NodeId, String, MergedNode)> = None;
    while let Some(entry) = sorted.next()? {
        let (id, rest) = split(entry)?;
        let (size, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let size = usize::try_from(u32::from_be_bytes(*size)).map_err(io::Error::other)?;
        let (key, share) = rest.split_at_checked(size).ok_or_else(damaged)?;
        let share: Share<'_> = serde_json::from_slice(share)?;
        match &mut current {
            Some((known, with, node)) if known.as_str() == id => {
                if with.as_bytes() != key {
                    return Err(io::Error::other(format!("two things have the identifier {id}")));
                }
                node.add(&share);
            }
            _ => {
                let mut node = MergedNode::default();
                node.add(&share);
                let id = NodeId::parse(id).ok_or_else(damaged)?;
                if let Some((id, _, node)) = current.replace((id, text(key)?.to_owned(), node)) {
                    place(id, node)?;
                }
            }
        }
    }
    if let Some((id, _, node)) = current {
        place(id, node)?;
    }
    Ok((nodes.finish()?, heads.finish()?))
}

fn shelve_edges(mut sorted: Merge, folder: &Path, disk: &Disk) -> io::Result<Shelf<Edge>> {
    let mut shelf = Shelf::writer(folder)?;
    let mut place = |mut edge: Edge| {
        edge.assertions = in_order(edge.assertions);
        shelf.push(None, &edge)
    };
    let mut current: Option<Edge> = None;
    while let Some(entry) = sorted.next()? {
        let (head, rest) = split(entry)?;
        let (relation, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let (tail, claim) = split(rest)?;
        let relation_type = RelationType::from_index(usize::from(u16::from_be_bytes(*relation))).ok_or_else(damaged)?;
        let mut assertion: Assertion = serde_json::from_slice(claim)?;
        for node in [&mut assertion.date, &mut assertion.place, &mut assertion.by].into_iter().flatten() {
            if let Some(head) = disk.head(node.id.as_str())? {
                (node.name, node.norm) = (head.name, head.norm);
            }
        }
        match &mut current {
            Some(edge)
                if edge.head.as_str() == head && edge.relation_type == relation_type && edge.tail.as_str() == tail =>
            {
                edge.assertions.push(assertion);
            }
            _ => {
                let id = |text: &str| NodeId::parse(text).ok_or_else(damaged);
                let edge = Edge { head: id(head)?, relation_type, tail: id(tail)?, assertions: vec![assertion] };
                if let Some(edge) = current.replace(edge) {
                    place(edge)?;
                }
            }
        }
    }
    if let Some(edge) = current {
        place(edge)?;
    }
    shelf.finish()
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes()
}

/// What stands before the first separator, and what after.
fn split(entry: &[u8]) -> io::Result<(&str, &[u8])> {
    let end = entry.iter().position(|byte| *byte == END).ok_or_else(damaged)?;
    let (id, rest) = entry.split_at_checked(end).ok_or_else(damaged)?;
    Ok((text(id)?, rest.get(1..).unwrap_or_default()))
}

fn text(bytes: &[u8]) -> io::Result<&str> {
    std::str::from_utf8(bytes).map_err(io::Error::other)
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "what was written to the disk came back changed")
}

/// Records in a file; where they have keys, they are in order of these, and every few of the keys are in memory.
struct Shelf<T> {
    file: Scratch,
    bytes: u64,
    count: usize,
    index: Vec<(String, u64)>,
    of: PhantomData<T>,
}

struct ShelfWriter<T> {
    writer: BufWriter<Scratch>,
    bytes: u64,
    count: usize,
    index: Vec<(String, u64)>,
    record: Vec<u8>,
    of: PhantomData<T>,
}

impl<T: Serialize> ShelfWriter<T> {
    fn push(&mut self, key: Option<&str>, value: &T) -> io::Result<()> {
        self.record.clear();
        serde_json::to_writer(&mut self.record, value)?;
        if self.count.is_multiple_of(STRIDE) {
            self.index.extend(key.map(|key| (key.to_owned(), self.bytes)));
        }
        let key = key.unwrap_or_default();
        for part in [key.as_bytes(), &self.record] {
            self.writer.write_all(&length(part.len()))?;
            self.writer.write_all(part)?;
            self.bytes += 4 + part.len() as u64;
        }
        self.count += 1;
        Ok(())
    }

    fn finish(self) -> io::Result<Shelf<T>> {
        let Self { writer, bytes, count, index, .. } = self;
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Shelf { file, bytes, count, index, of: PhantomData })
    }
}

impl<T: Serialize + DeserializeOwned> Shelf<T> {
    fn writer(folder: &Path) -> io::Result<ShelfWriter<T>> {
        let writer = BufWriter::with_capacity(BUFFER, Scratch::new(folder)?);
        Ok(ShelfWriter { writer, bytes: 0, count: 0, index: Vec::new(), record: Vec::new(), of: PhantomData })
    }

    fn records(&self, from: u64, buffer: usize) -> Records<'_> {
        let reader = BufReader::with_capacity(buffer, Slice { file: &self.file, at: from, end: self.bytes });
        Records { reader, key: Vec::new(), record: Vec::new() }
    }

    /// All records, in order.
    fn iter<'a>(&'a self) -> Items<'a, T>
    where
        T: Clone,
    {
        let mut records = self.records(0, BUFFER);
        let mut left = self.count;
        Box::new(std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let item = records.next().and_then(|()| Ok(Cow::Owned(serde_json::from_slice(&records.record)?)));
            // After an error nothing can be read.
            left = if item.is_err() { 0 } else { left };
            Some(item)
        }))
    }

    /// The record with a key.
    fn find(&self, key: &str) -> io::Result<Option<T>> {
        let after = self.index.partition_point(|(known, _)| known.as_str() <= key);
        let Some((_, from)) = after.checked_sub(1).and_then(|at| self.index.get(at)) else { return Ok(None) };
        let end = self.index.get(after).map_or(self.bytes, |(_, end)| *end);
        let span = usize::try_from(end.saturating_sub(*from)).unwrap_or(BUFFER);
        let mut records = self.records(*from, span.clamp(1, BUFFER));
        for _ in 0..STRIDE.min(self.count - (after - 1) * STRIDE) {
            records.next()?;
            if records.key == key.as_bytes() {
                return serde_json::from_slice(&records.record).map(Some).map_err(io::Error::from);
            }
        }
        Ok(None)
    }
}

/// A part of a file, read without its own position, which several readers would share.
struct Slice<'a> {
    file: &'a Scratch,
    at: u64,
    end: u64,
}

impl Read for Slice<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.file.read_at(buffer.get_mut(..most).unwrap_or_default(), self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

struct Records<'a> {
    reader: BufReader<Slice<'a>>,
    key: Vec<u8>,
    record: Vec<u8>,
}

impl Records<'_> {
    fn next(&mut self) -> io::Result<()> {
        for part in [&mut self.key, &mut self.record] {
            let mut size = [0; 4];
            self.reader.read_exact(&mut size)?;
            part.resize(u32::from_be_bytes(size) as usize, 0);
            self.reader.read_exact(part)?;
        }
        Ok(())
    }
}

/// Looks something up that may have been looked up before.
fn cached<T: Clone>(
    cache: &RefCell<HashMap<String, Option<T>>>,
    key: &str,
    find: impl FnOnce() -> io::Result<Option<T>>,
) -> io::Result<Option<T>> {
    if let Some(known) = cache.borrow().get(key) {
        return Ok(known.clone());
    }
    let found = find()?;
    let mut cache = cache.borrow_mut();
    if cache.len() >= CACHE {
        cache.clear();
    }
    cache.insert(key.to_owned(), found.clone());
    Ok(found)
}

impl Disk {
    fn head(&self, id: &str) -> io::Result<Option<Head>> {
        cached(&self.known_heads, id, || self.heads.find(id))
    }
}

impl GraphSource for Snapshot {
    fn documents(&self) -> Items<'_, SourceDocument> {
        match &self.0 {
            Kind::Memory(graph) => GraphSource::documents(graph),
            Kind::Disk(disk) => disk.documents.iter(),
        }
    }

    fn nodes(&self) -> Items<'_, Node> {
        match &self.0 {
            Kind::Memory(graph) => GraphSource::nodes(graph),
            Kind::Disk(disk) => disk.nodes.iter(),
        }
    }

    fn edges(&self) -> Items<'_, Edge> {
        match &self.0 {
            Kind::Memory(graph) => GraphSource::edges(graph),
            Kind::Disk(disk) => disk.edges.iter(),
        }
    }

    fn node_count(&self) -> usize {
        match &self.0 {
            Kind::Memory(graph) => graph.node_count(),
            Kind::Disk(disk) => disk.nodes.count,
        }
    }

    fn edge_count(&self) -> usize {
        match &self.0 {
            Kind::Memory(graph) => graph.edge_count(),
            Kind::Disk(disk) => disk.edges.count,
        }
    }

    fn document(&self, id: &str) -> io::Result<Option<Cow<'_, SourceDocument>>> {
        match &self.0 {
            Kind::Memory(graph) => GraphSource::document(graph, id),
            Kind::Disk(disk) => {
                cached(&disk.known_documents, id, || disk.documents.find(id)).map(|found| found.map(Cow::Owned))
            }
        }
    }

    fn node_ref(&self, id: &str) -> io::Result<Option<NodeRef>> {
        match &self.0 {
            Kind::Memory(graph) => graph.node_ref(id),
            Kind::Disk(disk) => {
                let head = disk.head(id)?.filter(|head| head.place.is_some());
                Ok(head.zip(NodeId::parse(id)).map(|(head, id)| NodeRef { id, name: head.name, norm: head.norm }))
            }
        }
    }

    fn position(&self, id: &str) -> io::Result<Option<usize>> {
        match &self.0 {
            Kind::Memory(graph) => graph.position(id),
            Kind::Disk(disk) => Ok(disk.head(id)?.and_then(|head| head.place)),
        }
    }

    fn whole(&self) -> io::Result<Cow<'_, KnowledgeGraph>> {
        match &self.0 {
            Kind::Memory(graph) => Ok(Cow::Borrowed(graph)),
            Kind::Disk(disk) => read_whole(disk.documents.iter(), disk.nodes.iter(), disk.edges.iter()).map(Cow::Owned),
        }
    }
}
