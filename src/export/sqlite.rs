//! The merged graph as an SQLite database: the tables of `csv-tables`, with indexes, keys and a view to begin with.
//!
//! It is no graph file: names that were joined are one node here, and documents cannot be added.

use std::{
    fs::File,
    io::{self, Write},
};

use rusqlite::{Connection, Statement, params};

use super::property::{
    DOCUMENT_PROPERTIES, NODE_PROPERTIES, Property, PropertyType, PropertyValue, date_of, document_properties,
    node_properties, widen,
};
use crate::graph::{Edge, GraphSource};

/// `place` and `by` are no foreign keys, as a part of a graph may lack these nodes.
const TABLES: &str = "
CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT, date TEXT, url TEXT, source TEXT) WITHOUT ROWID;
CREATE TABLE nodes (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, norm TEXT, link TEXT, country TEXT,
    latitude REAL, longitude REAL, documents INTEGER NOT NULL, mentions INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE names (
    node TEXT NOT NULL REFERENCES nodes (id), name TEXT NOT NULL, mentions INTEGER NOT NULL, PRIMARY KEY (node, name)
) WITHOUT ROWID;
CREATE TABLE mentions (
    node TEXT NOT NULL REFERENCES nodes (id), document TEXT NOT NULL REFERENCES documents (id),
    start INTEGER NOT NULL, \"end\" INTEGER NOT NULL, char_start INTEGER NOT NULL, char_end INTEGER NOT NULL,
    kind TEXT NOT NULL
);
CREATE TABLE edges (
    id INTEGER PRIMARY KEY, head TEXT NOT NULL REFERENCES nodes (id), relation TEXT NOT NULL,
    tail TEXT NOT NULL REFERENCES nodes (id), score REAL NOT NULL, status TEXT NOT NULL, documents INTEGER NOT NULL,
    first_date TEXT, last_date TEXT
);
CREATE TABLE assertions (
    id INTEGER PRIMARY KEY, edge INTEGER NOT NULL REFERENCES edges (id),
    document TEXT NOT NULL REFERENCES documents (id), score REAL NOT NULL, status TEXT NOT NULL, date TEXT,
    place TEXT, by TEXT, trigger TEXT
);
CREATE TABLE evidence (
    assertion INTEGER NOT NULL REFERENCES assertions (id), start INTEGER NOT NULL, \"end\" INTEGER NOT NULL,
    char_start INTEGER NOT NULL, char_end INTEGER NOT NULL, text TEXT NOT NULL
);
";

/// Made last, which is quicker.
const INDEXES: &str = "
CREATE INDEX nodes_by_name ON nodes (name);
CREATE INDEX names_by_name ON names (name);
CREATE INDEX mentions_by_node ON mentions (node);
CREATE INDEX mentions_by_document ON mentions (document);
CREATE UNIQUE INDEX edges_by_head ON edges (head, relation, tail);
CREATE INDEX edges_by_tail ON edges (tail);
CREATE INDEX assertions_by_edge ON assertions (edge);
CREATE INDEX assertions_by_document ON assertions (document);
CREATE INDEX evidence_by_assertion ON evidence (assertion);
CREATE VIEW relations AS
    SELECT h.name AS head, e.relation, t.name AS tail, e.status, e.score, e.documents, e.first_date, e.last_date,
        h.type AS head_type, t.type AS tail_type, e.id AS edge
    FROM edges e JOIN nodes h ON h.id = e.head JOIN nodes t ON t.id = e.tail;
";

pub(super) fn write(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    // A database writes here and there in its file, so it is made elsewhere and then copied.
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("graph.sqlite");
    let connection = Connection::open(&path).map_err(io::Error::other)?;
    fill(graph, &connection)?;
    connection.close().map_err(|(_, error)| io::Error::other(error))?;
    io::copy(&mut File::open(&path)?, out)?;
    Ok(())
}

fn fill(graph: &dyn GraphSource, connection: &Connection) -> io::Result<()> {
    let run = |sql: &str| connection.execute_batch(sql).map_err(io::Error::other);
    // What is cut off halfway is thrown away. A graph that was read from elsewhere may lack a document that it names.
    run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA encoding = 'UTF-8';")?;
    run("BEGIN;")?;
    run(TABLES)?;
    let prepare = |sql: &str| connection.prepare(sql).map_err(io::Error::other);

    let mut documents = prepare("INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?, ?)")?;
    for document in graph.documents() {
        insert(&mut documents, &DOCUMENT_PROPERTIES, &document_properties(&*document?))?;
    }

    let mut nodes = prepare("INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    let mut names = prepare("INSERT OR IGNORE INTO names VALUES (?, ?, ?)")?;
    let mut mentions = prepare("INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?)")?;
    let plain = &NODE_PROPERTIES[..NODE_PROPERTIES.len() - 1];
    for node in graph.nodes() {
        let node = node?;
        let id = node.id.as_str();
        insert(&mut nodes, plain, &node_properties(&node))?;
        for alias in &node.aliases {
            names.execute(params![id, alias.name, alias.count]).map_err(io::Error::other)?;
        }
        for found in &node.mentions {
            for span in &found.spans {
                let (start, end, kind) = (span.start, span.end, span.kind.name());
                let row = params![id, found.document, start, end, span.char_start, span.char_end, kind];
                mentions.execute(row).map_err(io::Error::other)?;
            }
        }
    }

    let mut edges = prepare("INSERT INTO edges VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    let mut assertions = prepare("INSERT INTO assertions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    let mut evidence = prepare("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)")?;
    for edge in graph.edges() {
        let edge = edge?;
        let summary = graph.summary(&edge)?;
        let row = params![
            edge.head.as_str(),
            edge.relation_type.name(),
            edge.tail.as_str(),
            widen(summary.shown.best_score),
            summary.status().map_or("fact", |status| status.name()),
            summary.documents,
            summary.shown.first_date,
            summary.shown.last_date,
        ];
        let id = edges.insert(row).map_err(io::Error::other)?;
        write_assertions(&edge, id, &mut assertions, &mut evidence).map_err(io::Error::other)?;
    }
    run(INDEXES)?;
    run("COMMIT;")
}

fn write_assertions(
    edge: &Edge,
    id: i64,
    assertions: &mut Statement<'_>,
    evidence: &mut Statement<'_>,
) -> rusqlite::Result<()> {
    for assertion in &edge.assertions {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let assertion_id = assertions.insert(params![
            id,
            assertion.document,
            widen(assertion.score),
            assertion.status.map_or("fact", |status| status.name()),
            known(date_of(assertion)),
            assertion.place.as_ref().map(|place| place.id.as_str()),
            assertion.by.as_ref().map(|by| by.id.as_str()),
            assertion.trigger.as_ref().map(|trigger| trigger.text.as_str()),
        ])?;
        for quote in &assertion.evidence {
            evidence.execute(params![
                assertion_id,
                quote.start,
                quote.end,
                quote.char_start,
                quote.char_end,
                quote.text
            ])?;
        }
    }
    Ok(())
}

/// Inserts properties, with null for those that are not known.
fn insert(statement: &mut Statement<'_>, columns: &[(&str, PropertyType)], properties: &[Property]) -> io::Result<()> {
    let mut bind = || {
        let mut rest = properties.iter().peekable();
        for (index, (column, _)) in columns.iter().enumerate() {
            let place = index + 1;
            match rest.next_if(|(name, _)| name == column).map(|(_, value)| value) {
                None => statement.raw_bind_parameter(place, rusqlite::types::Null)?,
                Some(PropertyValue::Text(text)) => statement.raw_bind_parameter(place, text)?,
                Some(PropertyValue::Integer(number)) => statement.raw_bind_parameter(place, number)?,
                Some(PropertyValue::Float(number)) => statement.raw_bind_parameter(place, number)?,
                Some(list) => statement.raw_bind_parameter(place, list.to_text())?,
            }
        }
        statement.raw_execute()
    };
    bind().map(|_| ()).map_err(io::Error::other)
}
