//! The library as the commands use it: each boundary in one thin function.
//!
//! STUB until the merge: the readers, graph, formats and scores here stand in for the library's own.

use std::{
    fmt, fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::Result;
use serde_json::Value;

use crate::{document::Document, record::DocumentRecord};

use super::{arguments::InputFormat, config::ReadSettings};

pub(super) struct ReadFault(String);

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every document of the inputs, in order; what cannot be read is a fault at its place.
pub(super) fn read_documents(
    inputs: &[PathBuf],
    settings: &ReadSettings,
) -> Result<Box<dyn Iterator<Item = Result<Document, ReadFault>>>> {
    let settings = settings.clone();
    let mut files: Vec<PathBuf> = Vec::new();
    for input in inputs {
        match input.as_path() {
            folder if folder.is_dir() => {
                let mut inside: Vec<_> = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
                inside.sort();
                files.extend(inside);
            }
            file => files.push(file.to_owned()),
        }
    }
    if inputs == [Path::new("-")] && settings.input_format == Some(InputFormat::Jsonl) {
        return Ok(Box::new(io::stdin().lines().enumerate().map(move |(index, line)| {
            let line = line.map_err(|error| ReadFault(error.to_string()))?;
            parse_line("-", index + 1, &line, &settings)
        })));
    }
    Ok(Box::new(files.into_iter().flat_map(move |path| read_file(&path, &settings))))
}

fn read_file(path: &Path, settings: &ReadSettings) -> Vec<Result<Document, ReadFault>> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let result = if name == "-" {
        io::stdin().read_to_end(&mut bytes).map(drop)
    } else {
        fs::read(path).map(|content| bytes = content)
    };
    if let Err(error) = result {
        return vec![Err(ReadFault(format!("{name}: cannot read: {error}")))];
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text,
        _ => return vec![Err(ReadFault(format!("{name}: binary")))],
    };
    if text.trim().is_empty() {
        return vec![Err(ReadFault(format!("{name}: empty")))];
    }
    if settings.max_bytes.is_some_and(|limit| text.len() as u64 > limit) {
        return vec![Err(ReadFault(format!("{name}: larger than --max-bytes")))];
    }
    let is_lines = settings.input_format.map_or_else(
        || path.extension().is_some_and(|extension| extension == "jsonl") || text.starts_with('{'),
        |format| format == InputFormat::Jsonl,
    );
    if !is_lines {
        return vec![Ok(Document::new(name, text))];
    }
    text.lines().enumerate().map(|(index, line)| parse_line(&name, index + 1, line, settings)).collect()
}

fn parse_line(name: &str, number: usize, line: &str, settings: &ReadSettings) -> Result<Document, ReadFault> {
    let field = settings.text_field.as_deref().unwrap_or("text");
    let value: Value =
        serde_json::from_str(line).map_err(|error| ReadFault(format!("cannot read {name}, line {number}: {error}")))?;
    let text = value[field]
        .as_str()
        .ok_or_else(|| ReadFault(format!("cannot read {name}, line {number}: no field {field:?}")))?;
    let id = value[settings.id_field.as_deref().unwrap_or("id")].as_str();
    Ok(Document::new(id.map_or_else(|| format!("{name}:{number}"), str::to_owned), text))
}

/// Writes a document as one line of JSON.
pub(super) fn write_document(doc: &Document, mut writer: impl Write) -> Result<()> {
    serde_json::to_writer(&mut writer, &DocumentRecord::from(doc))?;
    writer.write_all(b"\n")?;
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GraphFormat(&'static str, &'static str);

impl GraphFormat {
    pub const ALL: [GraphFormat; 3] = [Self("dot", "dot"), Self("json-ld", "jsonld"), Self("node-link", "json")];

    pub fn name(self) -> &'static str {
        self.0
    }

    pub fn extension(self) -> &'static str {
        self.1
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.0 == name)
    }

    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.1 == extension)
    }
}

#[derive(Default)]
pub(super) struct GraphBuilder(std::collections::BTreeSet<String>);

impl GraphBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn add(mut self, doc: &Document) -> Self {
        self.0.extend(doc.entities.iter().map(|entity| entity.name.clone()));
        self
    }

    pub fn finish(self) -> KnowledgeGraph {
        KnowledgeGraph(self.0)
    }
}

pub(super) struct KnowledgeGraph(std::collections::BTreeSet<String>);

impl KnowledgeGraph {
    pub fn node_count(&self) -> usize {
        self.0.len()
    }

    pub fn edge_count(&self) -> usize {
        0
    }
}

/// Writes a graph in a format.
pub(super) fn write_graph(graph: &KnowledgeGraph, format: GraphFormat, mut writer: impl Write) -> Result<()> {
    Ok(writeln!(writer, "{{}} {} {:?}", format.0, graph.0)?)
}

/// STUB until the merge: stands for the library's own module of that name.
pub(super) mod eval {
    use std::{fs, path::Path};

    use anyhow::{Context, Result};
    use serde::Serialize;

    use crate::record::DocumentRecord;

    pub fn read_gold(path: &Path) -> Result<Vec<DocumentRecord>> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        text.lines()
            .enumerate()
            .map(|(index, line)| {
                serde_json::from_str(line).with_context(|| format!("{}:{}: not a document", path.display(), index + 1))
            })
            .collect()
    }

    #[derive(Serialize)]
    pub struct Report {
        mentions: usize,
        found: usize,
    }

    impl Report {
        pub fn table(&self) -> String {
            format!("names {} {}\n", self.mentions, self.found)
        }
    }

    pub fn evaluate(gold: &[DocumentRecord], predictions: &[DocumentRecord]) -> Report {
        let count = |records: &[DocumentRecord]| records.iter().map(|record| record.mentions.len()).sum();
        Report { mentions: count(gold), found: count(predictions) }
    }

    pub fn compare(gold: &[DocumentRecord], a: &[DocumentRecord], _b: &[DocumentRecord]) -> Report {
        evaluate(gold, a)
    }

    #[derive(Default)]
    pub struct ErrorOptions(#[expect(dead_code, reason = "as in the library")] u8);

    pub fn errors(_gold: &[DocumentRecord], _predictions: &[DocumentRecord], _options: ErrorOptions) -> String {
        "errors\n".to_owned()
    }
}
