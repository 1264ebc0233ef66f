//! Parquet: a folder of tables with types, for pandas, DuckDB, Spark and the like.

use std::{
    fs::File,
    io::{self, BufWriter},
    mem,
    sync::Arc,
};

use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type},
    errors::ParquetError,
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};

use super::{
    folder::Folder,
    property::{
        DOCUMENT_PROPERTIES, NODE_PROPERTIES, Property, PropertyType, PropertyValue, date_of, document_properties,
        node_properties, widen,
    },
};
use crate::graph::{Edge, EdgeSummary, GraphSource, Quote};

/// Bytes of a row group, about; what is not yet written is kept in memory.
const GROUP_BYTES: usize = 16 << 20;

/// A column: its name, what it holds, and whether a value may be missing.
type ColumnType = (&'static str, PropertyType, bool);

const MENTIONS: [ColumnType; 7] = [
    ("node", PropertyType::Text, false),
    ("document", PropertyType::Text, false),
    ("start", PropertyType::Integer, false),
    ("end", PropertyType::Integer, false),
    ("char_start", PropertyType::Integer, false),
    ("char_end", PropertyType::Integer, false),
    ("kind", PropertyType::Text, false),
];

const EDGES: [ColumnType; 8] = [
    ("head", PropertyType::Text, false),
    ("relation", PropertyType::Text, false),
    ("tail", PropertyType::Text, false),
    ("score", PropertyType::Float, false),
    ("status", PropertyType::Text, false),
    ("documents", PropertyType::Integer, false),
    ("first_date", PropertyType::Text, true),
    ("last_date", PropertyType::Text, true),
];

const EVIDENCE: [ColumnType; 15] = [
    ("head", PropertyType::Text, false),
    ("relation", PropertyType::Text, false),
    ("tail", PropertyType::Text, false),
    ("document", PropertyType::Text, false),
    ("score", PropertyType::Float, false),
    ("status", PropertyType::Text, false),
    ("date", PropertyType::Text, true),
    ("place", PropertyType::Text, true),
    ("by", PropertyType::Text, true),
    ("trigger", PropertyType::Text, true),
    ("start", PropertyType::Integer, true),
    ("end", PropertyType::Integer, true),
    ("char_start", PropertyType::Integer, true),
    ("char_end", PropertyType::Integer, true),
    ("text", PropertyType::Text, true),
];

pub(super) fn write(graph: &dyn GraphSource, folder: &mut Folder) -> io::Result<()> {
    let mut documents = Table::new(folder, "documents", &optional(&DOCUMENT_PROPERTIES))?;
    for document in graph.documents() {
        documents.add_properties(&DOCUMENT_PROPERTIES, &document_properties(&*document?))?;
    }
    documents.finish()?;

    let mut nodes = Table::new(folder, "nodes", &optional(&NODE_PROPERTIES))?;
    let mut mentions = Table::new(folder, "mentions", &MENTIONS)?;
    for node in graph.nodes() {
        let node = node?;
        nodes.add_properties(&NODE_PROPERTIES, &node_properties(&node))?;
        for found in &node.mentions {
            for span in &found.spans {
                let places = [span.start, span.end, span.char_start, span.char_end].map(integer);
                let ends = [text(node.id.as_str()), text(&found.document)];
                mentions.add(ends.into_iter().chain(places).chain([text(span.kind.name())]))?;
            }
        }
    }
    nodes.finish()?;
    mentions.finish()?;

    let mut edges = Table::new(folder, "edges", &EDGES)?;
    let mut evidence = Table::new(folder, "evidence", &EVIDENCE)?;
    for edge in graph.edges() {
        let edge = edge?;
        edges.add(ends(&edge).into_iter().chain(numbers(graph.summary(&edge)?)))?;
        add_evidence(&mut evidence, &edge)?;
    }
    edges.finish()?;
    evidence.finish()
}

/// The columns of properties: the first one is the key and never missing.
fn optional(properties: &[(&'static str, PropertyType)]) -> Vec<ColumnType> {
    let columns = properties.iter().enumerate();
    columns.map(|(index, (name, property_type))| (*name, *property_type, index > 0)).collect()
}

fn text(text: &str) -> Option<PropertyValue> {
    Some(PropertyValue::Text(text.to_owned()))
}

fn integer(number: u32) -> Option<PropertyValue> {
    Some(PropertyValue::Integer(number.into()))
}

fn ends(edge: &Edge) -> [Option<PropertyValue>; 3] {
    [edge.head.as_str(), edge.relation_type.name(), edge.tail.as_str()].map(text)
}

fn numbers(summary: EdgeSummary) -> [Option<PropertyValue>; 5] {
    [
        Some(PropertyValue::Float(widen(summary.shown.best_score))),
        text(summary.status().map_or("fact", |status| status.name())),
        Some(PropertyValue::Integer(summary.documents as i64)),
        summary.shown.first_date.map(PropertyValue::Text),
        summary.shown.last_date.map(PropertyValue::Text),
    ]
}

/// One row for each sentence of each assertion; one without text for an assertion that has none.
fn add_evidence(table: &mut Table, edge: &Edge) -> io::Result<()> {
    for assertion in &edge.assertions {
        let claim = || {
            [
                text(&assertion.document),
                Some(PropertyValue::Float(widen(assertion.score))),
                text(assertion.status.map_or("fact", |status| status.name())),
                text(date_of(assertion)).filter(|_| assertion.date.is_some()),
                assertion.place.as_ref().and_then(|place| text(place.id.as_str())),
                assertion.by.as_ref().and_then(|by| text(by.id.as_str())),
                assertion.trigger.as_ref().and_then(|trigger| text(&trigger.text)),
            ]
        };
        let mut add = |quote: Option<&Quote>| {
            let places = quote.map(|quote| [quote.start, quote.end, quote.char_start, quote.char_end].map(integer));
            let words = quote.and_then(|quote| text(&quote.text));
            table.add(ends(edge).into_iter().chain(claim()).chain(places.unwrap_or_default()).chain([words]))
        };
        if assertion.evidence.is_empty() {
            add(None)?;
        }
        assertion.evidence.iter().try_for_each(|quote| add(Some(quote)))?;
    }
    Ok(())
}

/// A table being written, a group of rows at a time.
struct Table {
    writer: SerializedFileWriter<BufWriter<File>>,
    columns: Vec<Column>,
    bytes: usize,
}

/// The values of a column that are not yet written. Levels tell where a value is missing, and where a list begins.
struct Column {
    values: Values,
    optional: bool,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Float(Vec<f64>),
    Texts(Vec<ByteArray>),
    Floats(Vec<f64>),
}

impl Table {
    fn new(folder: &mut Folder, name: &str, columns: &[ColumnType]) -> io::Result<Self> {
        let mut schema = format!("message {name} {{");
        for (column, property_type, optional) in columns {
            let presence = if *optional { "optional" } else { "required" };
            schema += &match property_type {
                PropertyType::Text => format!("{presence} binary {column} (STRING);"),
                PropertyType::Integer => format!("{presence} int64 {column};"),
                PropertyType::Float => format!("{presence} double {column};"),
                PropertyType::Texts => list(column, "binary element (STRING)"),
                PropertyType::Floats => list(column, "double element"),
            };
        }
        schema.push('}');
        let schema = parse_message_type(&schema).map_err(io::Error::other)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = folder.file(&format!("{name}.parquet"))?;
        let writer =
            SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties)).map_err(io::Error::other)?;
        let columns = columns.iter().map(|(_, property_type, optional)| Column::new(*property_type, *optional));
        Ok(Self { writer, columns: columns.collect(), bytes: 0 })
    }

    /// Adds a row of properties, of which some may be missing.
    fn add_properties(&mut self, names: &[(&str, PropertyType)], properties: &[Property]) -> io::Result<()> {
        let mut rest = properties.iter().peekable();
        let values = names.iter().map(|(name, _)| rest.next_if(|(known, _)| known == name));
        self.add(values.map(|property| property.map(|(_, value)| value.clone())))
    }

    fn add(&mut self, values: impl Iterator<Item = Option<PropertyValue>>) -> io::Result<()> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            self.bytes += column.add(value)?;
        }
        if self.bytes > GROUP_BYTES { self.write_group().map_err(io::Error::other) } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        self.bytes = 0;
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        if self.bytes > 0 {
            self.write_group().map_err(io::Error::other)?;
        }
        let file = self.writer.into_inner().map_err(io::Error::other)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(())
    }
}

fn list(column: &str, element: &str) -> String {
    format!("required group {column} (LIST) {{ repeated group list {{ required {element}; }} }}")
}

impl Column {
    fn new(property_type: PropertyType, optional: bool) -> Self {
        let values = match property_type {
            PropertyType::Text => Values::Text(Vec::new()),
            PropertyType::Integer => Values::Integer(Vec::new()),
            PropertyType::Float => Values::Float(Vec::new()),
            PropertyType::Texts => Values::Texts(Vec::new()),
            PropertyType::Floats => Values::Floats(Vec::new()),
        };
        Self { values, optional, definitions: Vec::new(), repetitions: Vec::new() }
    }

    /// Takes a value, or none; says about how many bytes that takes.
    fn add(&mut self, value: Option<PropertyValue>) -> io::Result<usize> {
        let defined = i16::from(value.is_some());
        let bytes = match (&mut self.values, value) {
            (Values::Text(values), Some(PropertyValue::Text(text))) => {
                let bytes = text.len();
                values.push(ByteArray::from(text.into_bytes()));
                bytes
            }
            (Values::Integer(values), Some(PropertyValue::Integer(number))) => {
                values.push(number);
                0
            }
            (Values::Float(values), Some(PropertyValue::Float(number))) => {
                values.push(number);
                0
            }
            (Values::Texts(values), Some(PropertyValue::Texts(texts))) => {
                let bytes: usize = texts.iter().map(|text| text.len() + size_of::<ByteArray>()).sum();
                Self::begin_list(&mut self.definitions, &mut self.repetitions, texts.len());
                values.extend(texts.into_iter().map(|text| ByteArray::from(text.into_bytes())));
                return Ok(bytes + size_of::<ByteArray>());
            }
            (Values::Floats(values), Some(PropertyValue::Floats(numbers))) => {
                let bytes = numbers.len() * size_of::<f64>();
                Self::begin_list(&mut self.definitions, &mut self.repetitions, numbers.len());
                values.extend(numbers);
                return Ok(bytes + size_of::<f64>());
            }
            (Values::Texts(_) | Values::Floats(_), None) => {
                Self::begin_list(&mut self.definitions, &mut self.repetitions, 0);
                return Ok(size_of::<ByteArray>());
            }
            (_, None) if self.optional => 0,
            _ => return Err(io::Error::other("a value is not of the type of its column")),
        };
        if self.optional {
            self.definitions.push(defined);
        }
        Ok(bytes + size_of::<ByteArray>())
    }

    /// The levels of a list of some length; an empty one has no value.
    fn begin_list(definitions: &mut Vec<i16>, repetitions: &mut Vec<i16>, length: usize) {
        definitions.extend(vec![i16::from(length > 0); length.max(1)]);
        repetitions.push(0);
        repetitions.extend(vec![1; length.saturating_sub(1)]);
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, BufWriter<File>>) -> Result<(), ParquetError> {
        let (definitions, repetitions) = (mem::take(&mut self.definitions), mem::take(&mut self.repetitions));
        let is_list = matches!(self.values, Values::Texts(_) | Values::Floats(_));
        let definitions = (self.optional || is_list).then_some(definitions.as_slice());
        let repetitions = is_list.then_some(repetitions.as_slice());
        match &mut self.values {
            Values::Text(values) | Values::Texts(values) => {
                write_column::<ByteArrayType>(group, &mem::take(values), definitions, repetitions)
            }
            Values::Integer(values) => write_column::<Int64Type>(group, &mem::take(values), definitions, repetitions),
            Values::Float(values) | Values::Floats(values) => {
                write_column::<DoubleType>(group, &mem::take(values), definitions, repetitions)
            }
        }
    }
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, BufWriter<File>>,
    values: &[T::T],
    definitions: Option<&[i16]>,
    repetitions: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("a table has more columns than its schema".to_owned()));
    };
    column.typed::<T>().write_batch(values, definitions, repetitions)?;
    column.close()
}
