//! The library as the commands set it up.

use std::{
    error::Error as _,
    fs,
    io::{self, BufRead, Write},
    iter,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};

use crate::{
    document::Document,
    export::GraphExporter,
    graph::GraphSource,
    read::{FieldNames, InputFormat, ReadFault, ReadFaultKind, Reader, open_decompressed},
    record::DocumentRecord,
};

use super::{
    arguments,
    config::ReadSettings,
    files::{LeftOut, Outputs},
};

/// So many lines at the start of a file, all of them wrong, show that it is not what `relata extract` wrote.
const FIRST_LINES: usize = 10;

/// A file of the user's in UTF-8; `what` is it, for the error.
pub(super) fn read_text(what: &str, path: &Path) -> Result<String> {
    let text = fs::read_to_string(path);
    text.map_err(|error| anyhow!("cannot read {what} {}: {error}{}", path.display(), advice(&error)))
}

/// What to do about a file that cannot be read, if that is not plain.
pub(super) fn advice(error: &io::Error) -> &'static str {
    if error.kind() == io::ErrorKind::InvalidData { "; save it as UTF-8" } else { "" }
}

/// The documents of inputs, of folders without what is no text or is written by the run; faults name the option that
/// helps.
pub(super) fn documents(
    settings: &ReadSettings,
    inputs: &[PathBuf],
    outputs: Outputs,
    left_out: LeftOut,
) -> impl Iterator<Item = Result<Document, String>> + use<> {
    let filter = outputs.filter(settings.input_format.is_some(), left_out);
    let documents = reader(settings).read(inputs).with_filter(filter);
    documents.map(|document| document.map_err(|fault| with_option(&fault)))
}

/// A fault with the option that helps against it.
fn with_option(fault: &ReadFault) -> String {
    let told = fault.to_string();
    match fault.kind() {
        ReadFaultKind::TooLarge if told.ends_with("limit") => format!("{told} (--max-bytes)"),
        // Without an error behind it, the line is JSON and only lacks the text.
        ReadFaultKind::BadRecord if fault.source().is_none() => format!("{told} (--text-field)"),
        _ => told,
    }
}

/// A reader as the settings want it.
fn reader(settings: &ReadSettings) -> Reader {
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

/// Documents with their annotations, as `relata extract` writes them; one that cannot be used is an error of its own,
/// and so is a whole file that holds something else.
pub(super) fn extracted(inputs: &[PathBuf]) -> impl Iterator<Item = Result<Document>> {
    inputs.iter().flat_map(|path| -> Box<dyn Iterator<Item = Result<Document>>> {
        let name = path.display().to_string();
        let reader = match open_decompressed(path).with_context(|| format!("cannot read {name}")) {
            Ok(reader) => reader,
            Err(error) => return Box::new(iter::once(Err(error))),
        };
        let mut broken = false;
        // A fault of the disk ends the file; a bad line does not.
        let lines = reader.lines().take_while(move |line| !std::mem::replace(&mut broken, line.is_err()));
        let shown = name.clone();
        let mut documents = (1..)
            .zip(lines)
            .filter(|(_, line)| line.as_ref().map_or(true, |line| !line.trim().is_empty()))
            .map(move |(number, line)| -> Result<Document> {
                let at = || format!("{name}:{number}");
                let record: DocumentRecord = serde_json::from_str(&line.with_context(at)?).with_context(at)?;
                let mut document = Document::try_from(record).with_context(at)?;
                document.keep_types();
                Ok(document)
            });
        let mut wrong = Vec::new();
        let mut first = None;
        while first.is_none() && wrong.len() < FIRST_LINES {
            match documents.next() {
                Some(Ok(document)) => first = Some(Ok(document)),
                Some(Err(error)) => wrong.push(error),
                None => break,
            }
        }
        match (first, wrong.len()) {
            (None, count @ 2..) => Box::new(wrong.into_iter().take(1).map(move |error| -> Result<Document> {
                let lines = format!("none of its first {count} lines is a document");
                Err(error.context(format!("{shown} is not what `relata extract` wrote: {lines}")))
            })),
            (first, _) => Box::new(wrong.into_iter().map(Err).chain(first).chain(documents)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_something_else_is_one_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.jsonl");
        let good = r#"{"id": "one", "text": "Nothing.", "mentions": [], "entities": []}"#;
        let bad = r#"{"directed": true}"#;
        let check = |lines: &[&str], expected: &[&str]| {
            fs::write(&path, lines.join("\n\n")).unwrap();
            let found: Vec<String> = extracted(std::slice::from_ref(&path))
                .map(|document| document.map_or_else(|error| format!("{error:#}"), |document| document.id))
                .collect();
            assert_eq!(found.len(), expected.len(), "{found:?}");
            for (found, expected) in found.iter().zip(expected) {
                assert!(found.contains(expected), "no {expected} in {found}");
            }
        };
        check(&[good], &["one"]);
        check(&[bad], &["lines.jsonl:1: missing field"]);
        check(&[bad, good], &["lines.jsonl:1: missing field", "one"]);
        let told = "lines.jsonl is not what `relata extract` wrote: none of its first 2 lines is a document: ";
        check(&[bad, bad], &[told]);
        check(&[bad; 40], &["none of its first 10 lines is a document: "]);
        // One that has a document among the first lines is read to its end, however bad.
        let mut mostly_bad = [bad; 40];
        mostly_bad[9] = good;
        let found = [["lines.jsonl:"; 9].as_slice(), &["one"], &["lines.jsonl:"; 30]].concat();
        check(&mostly_bad, &found);
    }
}
