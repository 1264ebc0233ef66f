//! A script of Cypher statements, which may be run again: what is there is changed, and nothing comes twice.
//!
//! Nodes, relationships and their properties are those of the tables for Neo4j.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use super::{
    csv::relationship,
    property::{
        DOCUMENT_PROPERTIES, EDGE_PROPERTIES, NODE_PROPERTIES, Property, PropertyType, PropertyValue,
        document_properties, edge_properties, node_properties,
    },
};
use crate::{
    graph::GraphSource,
    schema::{EntityType, RelationType},
};

/// Rows of a statement; more make statements that servers are slow to parse.
const BATCH: usize = 200;

pub(super) fn write(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "// A knowledge graph written by relata; run it as often as you like.")?;
    writeln!(out, "CREATE CONSTRAINT relata_document IF NOT EXISTS FOR (d:Document) REQUIRE d.id IS UNIQUE;")?;
    writeln!(out, "CREATE CONSTRAINT relata_entity IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE;")?;

    let mut documents = Batch::new("MERGE (d:Document {id: row.id}) SET d += row");
    for document in graph.documents() {
        documents.add(out, &map(&DOCUMENT_PROPERTIES, &document_properties(&*document?)))?;
    }
    documents.flush(out)?;

    // A node gets all its labels when it is made, which some servers want.
    let mut nodes: BTreeMap<EntityType, Batch> = BTreeMap::new();
    for node in graph.nodes() {
        let node = node?;
        let make = || format!("MERGE (e:Entity:{} {{id: row.id}}) SET e += row", node.entity_type.class_name());
        let batch = nodes.entry(node.entity_type).or_insert_with(|| Batch::new(&make()));
        batch.add(out, &map(&NODE_PROPERTIES, &node_properties(&node)))?;
    }
    flush_all(nodes, out)?;

    let mut mentions = Batch::new(
        "MATCH (e:Entity {id: row.entity}) MATCH (d:Document {id: row.document}) \
         MERGE (e)-[r:MENTIONED_IN]->(d) SET r.mentions = row.mentions",
    );
    for node in graph.nodes() {
        let node = node?;
        for found in &node.mentions {
            let (entity, document) = (literal(node.id.as_str()), literal(&found.document));
            let count = found.spans.len();
            mentions.add(out, &format!("{{entity: {entity}, document: {document}, mentions: {count}}}"))?;
        }
    }
    mentions.flush(out)?;

    // The type of a relationship cannot come from a row, so each has a batch of its own.
    let mut edges: BTreeMap<RelationType, Batch> = BTreeMap::new();
    for edge in graph.edges() {
        let edge = edge?;
        let make = || {
            let name = relationship(edge.relation_type.name());
            format!(
                "MATCH (h:Entity {{id: row.head}}) MATCH (t:Entity {{id: row.tail}}) \
                 MERGE (h)-[r:{name}]->(t) SET r += row.properties"
            )
        };
        let batch = edges.entry(edge.relation_type).or_insert_with(|| Batch::new(&make()));
        let (head, tail) = (literal(edge.head.as_str()), literal(edge.tail.as_str()));
        let properties = map(&EDGE_PROPERTIES, &edge_properties(graph, &edge)?);
        batch.add(out, &format!("{{head: {head}, tail: {tail}, properties: {properties}}}"))?;
    }
    flush_all(edges, out)
}

/// Rows for one statement.
struct Batch {
    statement: String,
    rows: Vec<String>,
}

impl Batch {
    fn new(statement: &str) -> Self {
        Self { statement: statement.to_owned(), rows: Vec::new() }
    }

    fn add(&mut self, out: &mut dyn Write, row: &str) -> io::Result<()> {
        self.rows.push(row.to_owned());
        if self.rows.len() < BATCH { Ok(()) } else { self.flush(out) }
    }

    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        writeln!(out, "UNWIND [\n{}\n] AS row\n{};", self.rows.join(",\n"), self.statement)?;
        self.rows.clear();
        Ok(())
    }
}

fn flush_all<K>(batches: BTreeMap<K, Batch>, out: &mut dyn Write) -> io::Result<()> {
    batches.into_values().try_for_each(|mut batch| batch.flush(out))
}

/// A map of all properties; one that is not known is null, so that it goes where it was known before.
fn map(names: &[(&str, PropertyType)], properties: &[Property]) -> String {
    let mut map = String::from("{");
    let mut rest = properties.iter().peekable();
    for (name, _) in names {
        let value = rest.next_if(|(known, _)| known == name).map(|(_, value)| value);
        let separator = if map.len() > 1 { ", " } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(map, "{separator}{name}: {}", value.map_or_else(|| "null".to_owned(), of_value));
    }
    map.push('}');
    map
}

fn of_value(value: &PropertyValue) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    match value {
        PropertyValue::Text(text) => literal(text),
        PropertyValue::Integer(number) => number.to_string(),
        PropertyValue::Float(number) => float(*number),
        PropertyValue::Texts(texts) => list(texts.iter().map(|text| literal(text)).collect()),
        PropertyValue::Floats(numbers) => list(numbers.iter().map(|number| float(*number)).collect()),
    }
}

/// A number that stays a float, also if it is a whole one.
fn float(number: f64) -> String {
    format!("{number:?}")
}

/// A text as a Cypher literal on one line.
///
/// Some servers replace `\u0041` before they look for the end of a text, and are not agreed on whether a backslash before
/// it counts. So no quote is written that way, and no `u` stands after a backslash of the text.
fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    let mut after_backslash = false;
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            'u' | 'U' if after_backslash => push_escaped(&mut quoted, c),
            c if c.is_control() || is_hidden(c) => push_escaped(&mut quoted, c),
            c => quoted.push(c),
        }
        after_backslash = c == '\\';
    }
    quoted.push('\'');
    quoted
}

/// Ends of lines, marks of direction and the like, which a person who reads the script would not see.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn push_escaped(quoted: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(quoted, "\\u{:04X}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_literals_on_one_line() {
        for (text, expected) in [
            ("Maria", "'Maria'"),
            ("O'Hara \"x\"", r#"'O\'Hara "x"'"#),
            ("C:\\users\\", r"'C:\\\u0075sers\\'"),
            ("a\r\n\tb\u{0}", r"'a\r\n\tb\u0000'"),
            ("\u{2028}\u{202e}é🦀", r"'\u2028\u202Eé🦀'"),
            ("u U", "'u U'"),
        ] {
            assert_eq!(literal(text), expected);
        }
        assert_eq!(float(1.0), "1.0");
    }
}
