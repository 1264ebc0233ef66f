//! Tables: one to look at, several to work with, and several for the importer of Neo4j.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use csv::{ErrorKind, Writer, WriterBuilder};

use super::{
    folder::Folder,
    property::{
        DOCUMENT_PROPERTIES, EDGE_PROPERTIES, NODE_PROPERTIES, Properties, PropertyType, PropertyValue, date_of,
        document_properties, edge_properties, evidence, name_of, node_properties, statuses,
    },
};
use crate::graph::{Edge, EdgeSummary, GraphSource, NodeId};

/// Between the items of a list: a character that no name holds, as Neo4j cannot escape it.
const LIST_SEPARATOR: char = '\u{1f}';

/// One row an edge, with names; for spreadsheets.
pub(super) fn write(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    let mut table = writer(out);
    table.write_record([
        "head",
        "head_type",
        "relation",
        "tail",
        "tail_type",
        "status",
        "score",
        "documents",
        "statuses",
        "first_date",
        "last_date",
        "by",
        "document",
        "evidence",
        "head_id",
        "tail_id",
    ])?;
    for edge in graph.edges() {
        let edge = edge?;
        let summary = graph.summary(&edge)?;
        let status = summary.status();
        // The surest assertion speaks for the edge.
        let best = edge
            .assertions
            .iter()
            .filter(|assertion| assertion.status == status)
            .reduce(|best, other| if other.score > best.score { other } else { best });
        let (head, tail) = (name(graph, edge.head.as_str())?, name(graph, edge.tail.as_str())?);
        table.write_record([
            head.as_str(),
            type_of(&edge.head),
            edge.relation_type.name(),
            &tail,
            type_of(&edge.tail),
            status.map_or("fact", |status| status.name()),
            &summary.shown.best_score.to_string(),
            &summary.documents.to_string(),
            &statuses(&summary).unwrap_or_default(),
            summary.shown.first_date.as_deref().unwrap_or_default(),
            summary.shown.last_date.as_deref().unwrap_or_default(),
            name_of(best.and_then(|best| best.by.as_ref())),
            best.map_or("", |best| &best.document),
            &best.map(evidence).unwrap_or_default(),
            edge.head.as_str(),
            edge.tail.as_str(),
        ])?;
    }
    table.flush()
}

/// Tables that refer to each other by identifiers: documents, nodes, their names and mentions, edges, and the evidence.
pub(super) fn write_tables(graph: &dyn GraphSource, folder: &mut Folder) -> io::Result<()> {
    let mut documents = writer(folder.file("documents.csv")?);
    documents.write_record(DOCUMENT_PROPERTIES.map(|(name, _)| name))?;
    for document in graph.documents() {
        write_row(&mut documents, row(&DOCUMENT_PROPERTIES, &document_properties(&*document?)))?;
    }
    documents.flush()?;

    let plain = &NODE_PROPERTIES[..NODE_PROPERTIES.len() - 1];
    let mut nodes = writer(folder.file("nodes.csv")?);
    let mut names = writer(folder.file("names.csv")?);
    let mut mentions = writer(folder.file("mentions.csv")?);
    nodes.write_record(plain.iter().map(|(name, _)| name))?;
    names.write_record(["node", "name", "mentions"])?;
    mentions.write_record(["node", "document", "start", "end", "char_start", "char_end", "kind"])?;
    for node in graph.nodes() {
        let node = node?;
        let id = node.id.as_str();
        write_row(&mut nodes, row(plain, &node_properties(&node)))?;
        for alias in &node.aliases {
            names.write_record([id, &alias.name, &alias.count.to_string()])?;
        }
        for (document, span) in
            node.mentions.iter().flat_map(|mentions| mentions.spans.iter().map(|span| (&mentions.document, span)))
        {
            let numbers = [span.start, span.end, span.char_start, span.char_end].map(|number| number.to_string());
            let numbers = numbers.iter().map(String::as_str);
            mentions.write_record([id, document].into_iter().chain(numbers).chain([span.kind.name()]))?;
        }
    }
    nodes.flush()?;
    names.flush()?;
    mentions.flush()?;

    let mut edges = writer(folder.file("edges.csv")?);
    let mut evidence = writer(folder.file("evidence.csv")?);
    edges.write_record(["head", "relation", "tail", "score", "status", "documents", "first_date", "last_date"])?;
    evidence.write_record([
        "head",
        "relation",
        "tail",
        "document",
        "score",
        "status",
        "date",
        "place",
        "by",
        "trigger",
        "start",
        "end",
        "char_start",
        "char_end",
        "text",
    ])?;
    for edge in graph.edges() {
        let edge = edge?;
        let ends = [edge.head.as_str(), edge.relation_type.name(), edge.tail.as_str()];
        write_summary(&mut edges, ends, &graph.summary(&edge)?)?;
        write_evidence(&mut evidence, ends, &edge)?;
    }
    edges.flush()?;
    evidence.flush()
}

fn write_summary(table: &mut Table<impl Write>, ends: [&str; 3], summary: &EdgeSummary) -> io::Result<()> {
    let (score, documents) = (summary.shown.best_score.to_string(), summary.documents.to_string());
    let rest = [
        score.as_str(),
        summary.status().map_or("fact", |status| status.name()),
        &documents,
        summary.shown.first_date.as_deref().unwrap_or_default(),
        summary.shown.last_date.as_deref().unwrap_or_default(),
    ];
    table.write_record(ends.into_iter().chain(rest))
}

/// One row for each sentence of each assertion; one without text for an assertion that has none.
fn write_evidence(table: &mut Table<impl Write>, ends: [&str; 3], edge: &Edge) -> io::Result<()> {
    for assertion in &edge.assertions {
        let score = assertion.score.to_string();
        let claim = [
            assertion.document.as_str(),
            &score,
            assertion.status.map_or("fact", |status| status.name()),
            date_of(assertion),
            assertion.place.as_ref().map_or("", |place| place.id.as_str()),
            assertion.by.as_ref().map_or("", |by| by.id.as_str()),
            assertion.trigger.as_ref().map_or("", |trigger| &trigger.text),
        ];
        let claim = || ends.into_iter().chain(claim);
        if assertion.evidence.is_empty() {
            table.write_record(claim().chain([""; 5]))?;
        }
        for quote in &assertion.evidence {
            let places = [quote.start, quote.end, quote.char_start, quote.char_end].map(|number| number.to_string());
            table.write_record(claim().chain(places.iter().map(String::as_str)).chain([quote.text.as_str()]))?;
        }
    }
    Ok(())
}

/// Tables with the headers of `neo4j-admin database import`; lists are separated by U+001F.
pub(super) fn write_neo4j(graph: &dyn GraphSource, folder: &mut Folder) -> io::Result<()> {
    let mut documents = writer(folder.file("documents.csv")?);
    documents.write_record(header(&DOCUMENT_PROPERTIES, &["id:ID(Document)"], &[":LABEL"]))?;
    for document in graph.documents() {
        let properties = document_properties(&*document?);
        write_row(&mut documents, row(&DOCUMENT_PROPERTIES, &properties).chain(["Document".into()]))?;
    }
    documents.flush()?;

    let mut nodes = writer(folder.file("nodes.csv")?);
    let mut mentions = writer(folder.file("mentions.csv")?);
    nodes.write_record(header(&NODE_PROPERTIES, &["id:ID(Entity)"], &[":LABEL"]))?;
    mentions.write_record([":START_ID(Entity)", ":END_ID(Document)", "mentions:long", ":TYPE"])?;
    for node in graph.nodes() {
        let node = node?;
        let labels = format!("Entity{LIST_SEPARATOR}{}", node.entity_type.class_name());
        write_row(&mut nodes, row(&NODE_PROPERTIES, &node_properties(&node)).chain([labels.into()]))?;
        for found in &node.mentions {
            let count = found.spans.len().to_string();
            mentions.write_record([node.id.as_str(), &found.document, &count, "MENTIONED_IN"])?;
        }
    }
    nodes.flush()?;
    mentions.flush()?;

    let mut edges = writer(folder.file("relationships.csv")?);
    edges.write_record(header(&EDGE_PROPERTIES, &[], &[":START_ID(Entity)", ":END_ID(Entity)", ":TYPE"]))?;
    for edge in graph.edges() {
        let edge = edge?;
        let properties = edge_properties(graph, &edge)?;
        let ends =
            [edge.head.as_str().into(), edge.tail.as_str().into(), relationship(edge.relation_type.name()).into()];
        write_row(&mut edges, row(&EDGE_PROPERTIES, &properties).chain(ends))?;
    }
    edges.flush()
}

/// The type of a relationship in a property graph: `HEAD_OF`.
#[must_use]
pub fn relationship(relation_type: &str) -> String {
    relation_type.to_uppercase()
}

fn header<'a>(
    properties: &'a [(&'a str, PropertyType)],
    first: &'a [&'a str],
    last: &'a [&'a str],
) -> impl Iterator<Item = String> + 'a {
    let typed = properties.iter().skip(first.len()).map(|(name, property_type)| match property_type {
        PropertyType::Text => (*name).to_owned(),
        PropertyType::Integer => format!("{name}:long"),
        PropertyType::Float => format!("{name}:double"),
        PropertyType::Texts => format!("{name}:string[]"),
        PropertyType::Floats => format!("{name}:double[]"),
    });
    let plain = |names: &'a [&'a str]| names.iter().map(|name| (*name).to_owned());
    plain(first).chain(typed).chain(plain(last))
}

/// The values of all columns; those that are not known are empty.
fn row<'a>(
    columns: &'a [(&'a str, PropertyType)],
    properties: &'a Properties,
) -> impl Iterator<Item = Cow<'a, str>> + 'a {
    let mut rest = properties.iter().peekable();
    columns.iter().map(move |(column, _)| {
        rest.next_if(|(name, _)| name == column).map_or(Cow::Borrowed(""), |(_, value)| cell(value))
    })
}

fn write_row<'a>(table: &mut Table<impl Write>, cells: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
    for cell in cells {
        table.write_field(cell.as_bytes())?;
    }
    table.write_record(None::<&[u8]>)
}

fn cell(value: &PropertyValue) -> Cow<'_, str> {
    let list = |items: &mut dyn Iterator<Item = Cow<'_, str>>| {
        let mut cell = String::new();
        for (index, item) in items.enumerate() {
            if index > 0 {
                cell.push(LIST_SEPARATOR);
            }
            cell.extend(item.chars().map(|c| if c == LIST_SEPARATOR { ' ' } else { c }));
        }
        Cow::Owned(cell)
    };
    match value {
        PropertyValue::Text(text) => Cow::Borrowed(text),
        PropertyValue::Integer(number) => Cow::Owned(number.to_string()),
        PropertyValue::Float(number) => Cow::Owned(number.to_string()),
        PropertyValue::Texts(texts) => list(&mut texts.iter().map(|text| Cow::Borrowed(text.as_str()))),
        PropertyValue::Floats(numbers) => list(&mut numbers.iter().map(|number| Cow::Owned(number.to_string()))),
    }
}

fn name(graph: &dyn GraphSource, id: &str) -> io::Result<String> {
    Ok(graph.node_ref(id)?.map_or_else(|| id.to_owned(), |node| node.name))
}

fn type_of(id: &NodeId) -> &'static str {
    id.entity_type().map_or("", |entity_type| entity_type.name())
}

/// Rows end with CR LF, as RFC 4180 has it.
fn writer<W: Write>(out: W) -> Table<W> {
    Table(WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out))
}

/// A table being written, whose errors are those of what it is written to: a closed pipe stays one.
struct Table<W: Write>(Writer<W>);

impl<W: Write> Table<W> {
    fn write_record<I>(&mut self, record: I) -> io::Result<()>
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
    {
        self.0.write_record(record).map_err(io_error)
    }

    fn write_field(&mut self, field: impl AsRef<[u8]>) -> io::Result<()> {
        self.0.write_field(field).map_err(io_error)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The error of the output, which the crate hides in one of its own.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_stays_one() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut table = writer(Closed);
        // More than is held back before it is written.
        let error = (0..10_000).find_map(|_| table.write_record(["Ada Quill", "head_of", "Nordbank"]).err());
        assert_eq!(error.map(|error| error.kind()), Some(io::ErrorKind::BrokenPipe));
    }
}
