//! Property graphs that understand Cypher: labelled nodes and relationships with properties, as the format `neo4j-csv`
//! has them.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
};

use super::{
    Emit, Load, MARK, Row, Sink,
    fault::{Fault, FaultKind},
};
use crate::{
    export::property::{
        DOCUMENT_PROPERTIES, EDGE_PROPERTIES, NODE_PROPERTIES, Properties, PropertyType, PropertyValue,
        document_properties, edge_properties, node_properties, relationship,
    },
    graph::GraphSource,
};

/// Things removed at once.
const REMOVED_AT_ONCE: u64 = 1000;

/// Labels that have an identifier each, and so a constraint.
const KEYED_LABELS: [&str; 2] = ["Document", "Entity"];

/// What a property graph consists of, in the order in which it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Table {
    Documents,
    Entities,
    /// Which entity is mentioned in which document.
    Mentions,
    Relations,
}

impl Table {
    const ALL: [Self; 4] = [Self::Documents, Self::Entities, Self::Mentions, Self::Relations];

    const fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Entities => "entities",
            Self::Mentions => "mentions",
            Self::Relations => "relations",
        }
    }
}

/// Which node or relationship a row is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Node { id: String },
    Relationship { head: String, tail: String },
}

/// A node or relationship with its properties; those that it may have and has not are nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PropertyRow {
    table: Table,
    /// The label of an entity, or the type of a relationship.
    kind: String,
    pub key: Key,
    pub properties: Vec<(&'static str, Option<PropertyValue>)>,
}

impl Row for PropertyRow {
    fn size(&self) -> usize {
        let key = match &self.key {
            Key::Node { id } => id.len(),
            Key::Relationship { head, tail } => head.len() + tail.len(),
        };
        let value = |value: &Option<PropertyValue>| match value {
            Some(PropertyValue::Text(text)) => text.len(),
            Some(PropertyValue::Texts(texts)) => texts.iter().map(|text| text.len() + 4).sum(),
            Some(PropertyValue::Floats(numbers)) => 8 * numbers.len(),
            _ => 8,
        };
        key + self.properties.iter().map(|(name, property)| name.len() + value(property)).sum::<usize>()
    }

    fn counts_as(&self) -> &'static [&'static str] {
        match self.table {
            Table::Documents => &["documents"],
            Table::Entities => &["entities"],
            Table::Mentions => &["mentions"],
            Table::Relations => &["relations"],
        }
    }
}

/// A query with the rows that it takes as its parameter `rows`; it also gets the mark as `mark`.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    pub text: String,
    pub rows: Vec<&'a PropertyRow>,
    /// Whether the rows are sent with their properties, or with their keys alone.
    pub with_properties: bool,
}

/// A way to send queries.
pub(super) trait Cypher {
    /// Connects.
    fn connect(&mut self) -> Result<(), Fault>;

    /// Makes identifiers of nodes with that label unique, and quick to find; gives a warning if the server cannot.
    fn constrain(&mut self, label: &str) -> Result<Option<String>, Fault>;

    /// Runs statements, all or none where the server can, and gives the number that each returns.
    fn run(&mut self, statements: &[Statement], mark: &str) -> Result<Vec<u64>, Fault>;
}

/// A property graph behind a way to send queries.
pub(super) struct PropertyGraph<C> {
    cypher: C,
    mark: String,
    /// Whether something of this load was there from the start.
    is_resumed: bool,
    /// What remains to be looked through for what others left.
    to_remove: VecDeque<String>,
}

impl<C: Cypher> PropertyGraph<C> {
    pub fn new(cypher: C) -> Self {
        let to_remove = removals();
        Self { cypher, mark: String::new(), is_resumed: false, to_remove }
    }

    fn run_one(&mut self, text: String) -> Result<u64, Fault> {
        let statement = Statement { text, rows: Vec::new(), with_properties: false };
        Ok(self.cypher.run(&[statement], &self.mark)?.into_iter().sum())
    }
}

impl<C: Cypher> Sink for PropertyGraph<C> {
    type Row = PropertyRow;

    const PARTS: &'static [&'static str] = &["documents", "entities", "mentions", "relations"];

    fn begin(&mut self, load: &Load) -> Result<Vec<String>, Fault> {
        self.mark.clone_from(&load.mark);
        self.cypher.connect()?;
        let mut warnings = Vec::new();
        for label in KEYED_LABELS {
            warnings.extend(self.cypher.constrain(label)?);
        }
        self.is_resumed = self.counts()?.iter().any(|(_, count)| *count > 0);
        Ok(warnings)
    }

    fn feed(_load: &Load, part: &str, graph: &dyn GraphSource, emit: &mut Emit<PropertyRow>) -> io::Result<()> {
        let Some(table) = Table::ALL.into_iter().find(|table| table.name() == part) else { return Ok(()) };
        match table {
            Table::Documents => {
                for document in graph.documents() {
                    let document = document?;
                    let properties = all(&DOCUMENT_PROPERTIES[1..], document_properties(&document));
                    emit(PropertyRow { table, kind: String::new(), key: node(&document.id), properties })?;
                }
            }
            Table::Entities => {
                for entity in graph.nodes() {
                    let entity = entity?;
                    let properties = all(&NODE_PROPERTIES[1..], node_properties(&entity));
                    let kind = entity.entity_type.class_name();
                    emit(PropertyRow { table, kind, key: node(entity.id.as_str()), properties })?;
                }
            }
            Table::Mentions => {
                for entity in graph.nodes() {
                    let entity = entity?;
                    for found in &entity.mentions {
                        let count = i64::try_from(found.spans.len()).unwrap_or(i64::MAX);
                        let properties = vec![("mentions", Some(PropertyValue::Integer(count)))];
                        let key = relationship_of(entity.id.as_str(), &found.document);
                        emit(PropertyRow { table, kind: "MENTIONED_IN".to_owned(), key, properties })?;
                    }
                }
            }
            Table::Relations => {
                for edge in graph.edges() {
                    let edge = edge?;
                    let properties = all(&EDGE_PROPERTIES, edge_properties(graph, &edge)?);
                    let kind = relationship(edge.relation_type.name());
                    let key = relationship_of(edge.head.as_str(), edge.tail.as_str());
                    emit(PropertyRow { table, kind, key, properties })?;
                }
            }
        }
        Ok(())
    }

    fn has(&mut self, rows: &[PropertyRow]) -> Result<bool, Fault> {
        if !self.is_resumed {
            return Ok(false);
        }
        let statements = statements(rows, marked, false);
        let found: u64 = self.cypher.run(&statements, &self.mark)?.into_iter().sum();
        Ok(found == rows.len() as u64)
    }

    fn send(&mut self, rows: &[PropertyRow]) -> Result<(), Fault> {
        let statements = statements(rows, merge, true);
        let stored: u64 = self.cypher.run(&statements, &self.mark)?.into_iter().sum();
        match rows.first() {
            // Ends of relationships that are no longer there.
            Some(row) if stored != rows.len() as u64 => {
                let (what, sent) = (row.table.name(), rows.len() as u64);
                Err(Fault::new(FaultKind::Counts { what, sent, held: stored }, ""))
            }
            _ => Ok(()),
        }
    }

    fn counts(&mut self) -> Result<Vec<(&'static str, u64)>, Fault> {
        let statement = |table| Statement { text: count(pattern(table)), rows: Vec::new(), with_properties: false };
        let counts = self.cypher.run(&Table::ALL.map(statement), &self.mark)?;
        Ok(Table::ALL.iter().map(|table| table.name()).zip(counts).collect())
    }

    fn remove_others(&mut self) -> Result<u64, Fault> {
        while let Some(text) = self.to_remove.front().cloned() {
            match self.run_one(text)? {
                0 => drop(self.to_remove.pop_front()),
                removed => return Ok(removed),
            }
        }
        Ok(0)
    }

    fn finish(&mut self) -> Result<bool, Fault> {
        Ok(false)
    }

    fn doubt(&mut self) -> Result<(), Fault> {
        // Each batch is looked for anyhow.
        Ok(())
    }
}

fn node(id: &str) -> Key {
    Key::Node { id: id.to_owned() }
}

fn relationship_of(head: &str, tail: &str) -> Key {
    Key::Relationship { head: head.to_owned(), tail: tail.to_owned() }
}

/// All properties that a thing may have, so that one that it lost is taken away.
fn all(columns: &[(&'static str, PropertyType)], known: Properties) -> Vec<(&'static str, Option<PropertyValue>)> {
    let mut known: BTreeMap<&str, PropertyValue> = known.into_iter().collect();
    columns.iter().map(|(name, _)| (*name, known.remove(name))).collect()
}

/// One statement for each label or type of relationship, which cannot be parameters.
fn statements(rows: &[PropertyRow], text: impl Fn(Table, &str) -> String, with_properties: bool) -> Vec<Statement<'_>> {
    let mut groups: BTreeMap<(Table, &str), Vec<&PropertyRow>> = BTreeMap::new();
    for row in rows {
        groups.entry((row.table, &row.kind)).or_default().push(row);
    }
    groups
        .into_iter()
        .map(|((table, kind), rows)| Statement { text: text(table, kind), rows, with_properties })
        .collect()
}

/// Finds both ends of a row.
///
/// What is between them is then looked for from the tail: it has few relationships that come in, where a head may be
/// mentioned in thousands of documents, and not every server chooses the better side by itself.
fn ends(table: Table) -> String {
    let tail = if table == Table::Mentions { "Document" } else { "Entity" };
    format!("MATCH (tail:{tail} {{id: row.tail}}) MATCH (head:Entity {{id: row.head}})")
}

/// Writes rows, and returns how many there were.
fn merge(table: Table, kind: &str) -> String {
    let merge = match table {
        Table::Documents => "MERGE (x:Document {id: row.id})".to_owned(),
        // All labels at once: some servers cannot add one to a node that has a constraint.
        Table::Entities => format!("MERGE (x:Entity:`{kind}` {{id: row.id}})"),
        Table::Mentions | Table::Relations => format!("{} MERGE (tail)<-[x:`{kind}`]-(head)", ends(table)),
    };
    format!("UNWIND $rows AS row {merge} SET x += row.properties SET x.{MARK} = $mark RETURN count(*) AS n")
}

/// Returns how many of some rows this load wrote before.
fn marked(table: Table, kind: &str) -> String {
    let find = match table {
        Table::Documents => "MATCH (x:Document {id: row.id})".to_owned(),
        Table::Entities => "MATCH (x:Entity {id: row.id})".to_owned(),
        Table::Mentions | Table::Relations => format!("{} MATCH (tail)<-[x:`{kind}`]-(head)", ends(table)),
    };
    format!("UNWIND $rows AS row {find} WHERE x.{MARK} = $mark RETURN count(x) AS n")
}

fn pattern(table: Table) -> &'static str {
    match table {
        Table::Documents => "(x:Document)",
        Table::Entities => "(x:Entity)",
        Table::Mentions => "(:Entity)-[x:MENTIONED_IN]->(:Document)",
        Table::Relations => "(:Entity)-[x]->(:Entity)",
    }
}

fn count(pattern: &str) -> String {
    format!("MATCH {pattern} WHERE x.{MARK} = $mark RETURN count(x) AS n")
}

/// Each removes some of what other loads left; what has no mark is not relata's. Relationships go before their ends.
fn removals() -> VecDeque<String> {
    let removal = |table: Table, verb: &str| {
        // A property that is missing is neither equal nor unequal, so that what has no mark stays.
        let pattern = pattern(table);
        format!("MATCH {pattern} WHERE x.{MARK} <> $mark WITH x LIMIT {REMOVED_AT_ONCE} {verb} x RETURN count(*) AS n")
    };
    VecDeque::from([
        removal(Table::Relations, "DELETE"),
        removal(Table::Mentions, "DELETE"),
        removal(Table::Entities, "DETACH DELETE"),
        removal(Table::Documents, "DETACH DELETE"),
    ])
}
