//! The triples of a graph, as the format `n-quads` has them, with what each counts as.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    mem,
};

use super::{Emit, Row};
use crate::{
    export::{GraphExporter, GraphFormat, VOCABULARY},
    graph::GraphSource,
};

const TYPE: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

/// The class of words of a document.
pub(super) const QUOTE: &str = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#RFC5147String";

/// The class of documents.
pub(super) const DOCUMENT: &str = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#Context";

/// The class of what a document says of a relation.
pub(super) const STATEMENT: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement";

/// A triple as a line of N-Triples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TripleRow {
    pub line: String,
    counts_as: &'static [&'static str],
}

impl Row for TripleRow {
    fn size(&self) -> usize {
        self.line.len()
    }

    fn counts_as(&self) -> &'static [&'static str] {
        self.counts_as
    }
}

/// Gives the triples of a graph, those of one subject together and each of them once.
///
/// The words of documents stand in several places, where several statements quote them; they alone are not counted.
pub(super) fn feed(graph: &dyn GraphSource, base_iri: &str, emit: &mut Emit<TripleRow>) -> io::Result<()> {
    let lines = Lines { rest: Vec::new(), subject: Subject::default(), emit };
    let mut writer = GraphExporter::from_format(GraphFormat::NQuads).with_base_iri(base_iri).for_writer(lines);
    // What stopped the export stands behind its own message.
    let unwrapped = |error: crate::export::ExportError| {
        let error = error.io_error();
        io::Error::new(error.kind(), error.to_string())
    };
    writer.write(graph).map_err(unwrapped)?;
    writer.finish().map_err(unwrapped)?.finish()
}

/// Cuts what is written to it into lines.
struct Lines<'a, 'b> {
    rest: Vec<u8>,
    subject: Subject,
    emit: &'a mut Emit<'b, TripleRow>,
}

impl Lines<'_, '_> {
    fn finish(mut self) -> io::Result<()> {
        self.subject.finish(self.emit)
    }
}

impl Write for Lines<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        if !bytes.contains(&b'\n') {
            return Ok(bytes.len());
        }
        let whole = mem::take(&mut self.rest);
        let mut lines = whole.split(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            if lines.peek().is_none() {
                self.rest = line.to_vec();
            } else {
                let line = std::str::from_utf8(line).map_err(io::Error::other)?;
                self.subject.push(line, self.emit)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is said of one subject in a row.
#[derive(Debug, Default)]
struct Subject {
    iri: String,
    lines: Vec<String>,
}

impl Subject {
    fn push(&mut self, line: &str, emit: &mut Emit<TripleRow>) -> io::Result<()> {
        let iri = line.split(' ').next().unwrap_or_default();
        if iri != self.iri {
            self.finish(emit)?;
            iri.clone_into(&mut self.iri);
        }
        if !line.is_empty() {
            self.lines.push(line.to_owned());
        }
        Ok(())
    }

    fn finish(&mut self, emit: &mut Emit<TripleRow>) -> io::Result<()> {
        let lines = mem::take(&mut self.lines);
        let is_quote = lines.iter().any(|line| class_of(line) == Some(QUOTE));
        let mut seen = BTreeSet::new();
        for line in lines.iter().filter(|line| seen.insert(line.as_str())) {
            let counts_as: &[&str] = match class_of(line) {
                _ if is_quote => &[],
                Some(DOCUMENT) => &["triples", "documents"],
                Some(STATEMENT) => &["triples", "statements"],
                // Each node has one class of the own vocabulary.
                Some(class) if class.starts_with(VOCABULARY) => &["triples", "entities"],
                _ => &["triples"],
            };
            emit(TripleRow { line: line.clone(), counts_as })?;
        }
        Ok(())
    }
}

/// The class that a triple gives to its subject, if it gives one.
fn class_of(line: &str) -> Option<&str> {
    let mut terms = line.splitn(3, ' ').skip(1);
    let class = terms.next().filter(|predicate| *predicate == TYPE).and(terms.next())?;
    class.strip_prefix('<')?.strip_suffix("> .")
}
