//! The library as the commands set it up.

use std::{
    io::{BufRead, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};

use crate::{
    document::Document,
    export::GraphExporter,
    graph::GraphSource,
    read::{FieldNames, InputFormat, Reader, open_decompressed},
    record::DocumentRecord,
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

/// Writes a graph as an exporter has it.
pub(super) fn write_graph(graph: &dyn GraphSource, exporter: GraphExporter, writer: impl Write) -> Result<()> {
    let mut writer = exporter.for_writer(writer);
    writer.write(graph)?;
    writer.finish()?;
    Ok(())
}

/// Documents with their annotations, as `relata extract` writes them; one that cannot be used is an error of its own.
pub(super) fn extracted(inputs: &[PathBuf]) -> impl Iterator<Item = Result<Document>> {
    inputs.iter().flat_map(|path| -> Box<dyn Iterator<Item = Result<Document>>> {
        let name = path.display().to_string();
        let reader = match open_decompressed(path).with_context(|| format!("cannot read {name}")) {
            Ok(reader) => reader,
            Err(error) => return Box::new(std::iter::once(Err(error))),
        };
        let mut broken = false;
        // A fault of the disk ends the file; a bad line does not.
        let lines = reader.lines().take_while(move |line| !std::mem::replace(&mut broken, line.is_err()));
        Box::new((1..).zip(lines).filter(|(_, line)| line.as_ref().map_or(true, |line| !line.trim().is_empty())).map(
            move |(number, line)| {
                let at = || format!("{name}:{number}");
                let record: DocumentRecord = serde_json::from_str(&line.with_context(at)?).with_context(at)?;
                let mut document = Document::try_from(record).with_context(at)?;
                document.keep_types();
                Ok(document)
            },
        ))
    })
}
