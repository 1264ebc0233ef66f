//! The library as the commands set it up.

use std::io::Write;

use anyhow::Result;

use crate::{
    export::{GraphExporter, GraphFormat},
    graph::KnowledgeGraph,
    read::{FieldNames, InputFormat, Reader},
};

use super::{arguments, config::ReadSettings};

/// A reader as the settings want it.
pub(super) fn reader(settings: &ReadSettings) -> Reader {
    let default = FieldNames::default();
    let name = |given: &Option<String>, default: String| given.clone().unwrap_or(default);
    let mut reader = Reader::new().with_fields(FieldNames {
        text: name(&settings.text_field, default.text),
        id: name(&settings.id_field, default.id),
        title: name(&settings.title_field, default.title),
        date: name(&settings.date_field, default.date),
        url: name(&settings.url_field, default.url),
        source: name(&settings.source_field, default.source),
    });
    if let Some(format) = settings.input_format {
        reader = reader.with_format(match format {
            arguments::InputFormat::Text => InputFormat::Text,
            arguments::InputFormat::Markdown => InputFormat::Markdown,
            arguments::InputFormat::Html => InputFormat::Html,
            arguments::InputFormat::Jsonl => InputFormat::JsonLines,
        });
    }
    if let Some(max_bytes) = settings.max_bytes {
        reader = reader.with_max_bytes(max_bytes);
    }
    reader
}

/// Writes a graph in a format.
pub(super) fn write_graph(graph: &KnowledgeGraph, format: GraphFormat, writer: impl Write) -> Result<()> {
    let mut writer = GraphExporter::from_format(format).for_writer(writer);
    writer.write(graph)?;
    writer.finish()?;
    Ok(())
}
