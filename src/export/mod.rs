//! Writes graphs in the formats of other tools.
//!
//! ```
//! use relata::{
//!     export::{GraphExporter, GraphFormat},
//!     graph::KnowledgeGraph,
//! };
//!
//! let format = GraphFormat::from_extension("dot").unwrap();
//! let mut writer = GraphExporter::from_format(format).with_clusters(true).for_writer(Vec::new());
//! writer.write(&KnowledgeGraph::default())?;
//! let bytes = writer.finish()?;
//! assert!(bytes.starts_with(b"digraph"));
//! # Ok::<(), relata::export::ExportError>(())
//! ```
//!
//! Every format is streamed from the graph to the writer and has one fixed order, so equal graphs give equal bytes.
//! [`read_node_link`] reads a graph back.

mod adjacency;
mod document;
mod dot;
mod escape;
mod html;
mod json_ld;
mod layout;
mod node_link;
mod style;
mod svg;

use std::{
    fmt,
    io::{self, BufWriter, Write},
};

pub use self::{
    document::write_document,
    json_ld::{DEFAULT_BASE_IRI, VOCABULARY},
    node_link::{ImportError, read_node_link},
};
use crate::graph::KnowledgeGraph;

/// A format in which a graph can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum GraphFormat {
    /// A page to read: picture, things, and relations with their evidence.
    Html,
    /// A picture that needs no other program.
    Svg,
    /// Graphviz.
    Dot,
    /// Linked data: schema.org, PROV-O, NIF and an own vocabulary.
    JsonLd,
    /// Node-link JSON, as networkx and D3 read it; holds everything and can be read back.
    NodeLink,
    /// Adjacency list, as networkx reads it: who points to whom and no more.
    AdjacencyList,
    /// Multiline adjacency list, as networkx reads it, with the data of edges.
    MultilineAdjacencyList,
    /// Edge list, as networkx reads it, with the data of edges.
    EdgeList,
}

impl GraphFormat {
    /// All formats, the commonest first.
    pub const ALL: [GraphFormat; 8] = [
        Self::Html,
        Self::Svg,
        Self::Dot,
        Self::JsonLd,
        Self::NodeLink,
        Self::AdjacencyList,
        Self::MultilineAdjacencyList,
        Self::EdgeList,
    ];

    /// The name to choose it by, such as `json-ld`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Dot => "dot",
            Self::JsonLd => "json-ld",
            Self::NodeLink => "node-link",
            Self::AdjacencyList => "adjacency-list",
            Self::MultilineAdjacencyList => "multiline-adjacency-list",
            Self::EdgeList => "edge-list",
        }
    }

    /// The extensions of its files without the dot, the usual one first.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Html => &["html", "htm"],
            Self::Svg => &["svg"],
            Self::Dot => &["dot", "gv"],
            Self::JsonLd => &["jsonld"],
            Self::NodeLink => &["json"],
            Self::AdjacencyList => &["adj", "adjlist"],
            Self::MultilineAdjacencyList => &["madj", "madjlist"],
            Self::EdgeList => &["edges", "edgelist"],
        }
    }

    /// The usual extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.extensions().first().copied().unwrap_or_default()
    }

    /// The media type; those of the adjacency formats are not registered.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            Self::Svg => "image/svg+xml",
            Self::Dot => "text/vnd.graphviz",
            Self::JsonLd => "application/ld+json",
            Self::NodeLink => "application/json",
            Self::AdjacencyList => "text/x-adjacency-list",
            Self::MultilineAdjacencyList => "text/x-multiline-adjacency-list",
            Self::EdgeList => "text/x-edge-list",
        }
    }

    /// The format of that name, letter case aside.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// The format of files with that extension, with or without its dot, letter case aside.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        let extension = extension.strip_prefix('.').unwrap_or(extension);
        Self::ALL
            .into_iter()
            .find(|format| format.extensions().iter().any(|known| known.eq_ignore_ascii_case(extension)))
    }

    /// The format of that media type, parameters such as `charset` aside.
    #[must_use]
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        Self::ALL.into_iter().find(|format| format.media_type().eq_ignore_ascii_case(essence))
    }
}

impl fmt::Display for GraphFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How to write; what a format has no use for is ignored by it.
#[derive(Debug, Clone)]
struct Options {
    clusters: bool,
    title: String,
    base_iri: String,
}

/// Chooses a format and how to write it.
#[derive(Debug, Clone)]
#[must_use]
pub struct GraphExporter {
    format: GraphFormat,
    options: Options,
}

impl GraphExporter {
    /// An exporter for a format, with its defaults.
    pub fn from_format(format: GraphFormat) -> Self {
        let options =
            Options { clusters: false, title: "Knowledge graph".to_owned(), base_iri: DEFAULT_BASE_IRI.to_owned() };
        Self { format, options }
    }

    /// Draws a box around the nodes of each type (DOT; off by default).
    ///
    /// ```
    /// # use relata::{export::{GraphExporter, GraphFormat}, graph::KnowledgeGraph};
    /// let exporter = GraphExporter::from_format(GraphFormat::Dot).with_clusters(true);
    /// # let mut writer = exporter.for_writer(Vec::new());
    /// # writer.write(&KnowledgeGraph::default())?;
    /// # Ok::<(), relata::export::ExportError>(())
    /// ```
    pub fn with_clusters(mut self, clusters: bool) -> Self {
        self.options.clusters = clusters;
        self
    }

    /// Sets the title (DOT, SVG, HTML, node-link JSON).
    ///
    /// ```
    /// # use relata::{export::{GraphExporter, GraphFormat}, graph::KnowledgeGraph};
    /// let exporter = GraphExporter::from_format(GraphFormat::Svg).with_title("Harbour <news>");
    /// let mut writer = exporter.for_writer(Vec::new());
    /// writer.write(&KnowledgeGraph::default())?;
    /// assert!(String::from_utf8(writer.finish()?).unwrap().contains("Harbour &lt;news&gt;"));
    /// # Ok::<(), relata::export::ExportError>(())
    /// ```
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.options.title = title.into();
        self
    }

    /// Sets what the IRIs of nodes, documents and assertions start with (JSON-LD; [`DEFAULT_BASE_IRI`] by default).
    ///
    /// Characters that an IRI may not hold are percent-encoded.
    ///
    /// ```
    /// # use relata::{export::{GraphExporter, GraphFormat}, graph::KnowledgeGraph};
    /// let exporter = GraphExporter::from_format(GraphFormat::JsonLd).with_base_iri("https://example.org/id/");
    /// # let mut writer = exporter.for_writer(Vec::new());
    /// # writer.write(&KnowledgeGraph::default())?;
    /// # Ok::<(), relata::export::ExportError>(())
    /// ```
    pub fn with_base_iri(mut self, base: &str) -> Self {
        self.options.base_iri = escape::iri(base);
        self
    }

    /// Starts to write to a writer; it need not be buffered.
    pub fn for_writer<W: Write>(self, writer: W) -> GraphWriter<W> {
        let counted = Counted { writer, written: 0 };
        GraphWriter { format: self.format, options: self.options, out: BufWriter::new(counted), used: false }
    }
}

/// Writes one graph to a writer.
#[derive(Debug)]
#[must_use]
pub struct GraphWriter<W: Write> {
    format: GraphFormat,
    options: Options,
    out: BufWriter<Counted<W>>,
    used: bool,
}

impl<W: Write> GraphWriter<W> {
    /// Writes the graph.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails, or if a graph was written before: no format here holds two.
    pub fn write(&mut self, graph: &KnowledgeGraph) -> Result<(), ExportError> {
        let result = if std::mem::replace(&mut self.used, true) {
            Err(io::Error::other("a file holds one graph, and one was written already; start a new writer"))
        } else {
            let (options, out) = (&self.options, &mut self.out);
            match self.format {
                GraphFormat::Html => html::write(graph, options, out),
                GraphFormat::Svg => svg::write(graph, options, out),
                GraphFormat::Dot => dot::write(graph, options, out),
                GraphFormat::JsonLd => json_ld::write(graph, options, out),
                GraphFormat::NodeLink => node_link::write(graph, options, out),
                GraphFormat::AdjacencyList => adjacency::write_list(graph, out),
                GraphFormat::MultilineAdjacencyList => adjacency::write_multiline(graph, out),
                GraphFormat::EdgeList => adjacency::write_edges(graph, out),
            }
        };
        let location = self.out.get_ref().written;
        result.map_err(|source| ExportError { format: self.format, location, source })
    }

    /// Writes what is left and hands the writer back.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails.
    pub fn finish(mut self) -> Result<W, ExportError> {
        let (format, flushed) = (self.format, self.out.flush());
        let location = self.out.get_ref().written;
        flushed
            .and_then(|()| self.out.into_inner().map_err(io::IntoInnerError::into_error))
            .map(|counted| counted.writer)
            .map_err(|source| ExportError { format, location, source })
    }
}

/// Counts bytes, so that an error can say where it came.
#[derive(Debug)]
struct Counted<W> {
    writer: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A graph could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the graph as {format} after byte {location}")]
pub struct ExportError {
    format: GraphFormat,
    location: u64,
    source: io::Error,
}

impl ExportError {
    /// The format that was written.
    #[must_use]
    pub fn format(&self) -> GraphFormat {
        self.format
    }

    /// Number of bytes that reached the writer before.
    #[must_use]
    pub fn location(&self) -> u64 {
        self.location
    }

    /// What the writer said.
    #[must_use]
    pub fn io_error(&self) -> &io::Error {
        &self.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_all_they_are_known_by() {
        for format in GraphFormat::ALL {
            assert_eq!(GraphFormat::from_name(&format.name().to_uppercase()), Some(format));
            assert_eq!(GraphFormat::from_media_type(&format!("{}; charset=utf-8", format.media_type())), Some(format));
            for extension in format.extensions() {
                assert_eq!(GraphFormat::from_extension(&format!(".{extension}")), Some(format));
            }
        }
        assert_eq!(GraphFormat::from_extension("JSONLD"), Some(GraphFormat::JsonLd));
        assert_eq!(GraphFormat::from_extension("exe"), None);
    }

    #[test]
    fn a_failing_writer_is_reported_with_its_place() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let taken = bytes.len().min(self.0);
                self.0 -= taken;
                if taken == 0 { Err(io::Error::other("disk full")) } else { Ok(taken) }
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for format in GraphFormat::ALL {
            let mut writer = GraphExporter::from_format(format).for_writer(Full(10));
            let written = writer.write(&KnowledgeGraph::default());
            let error = written.err().or_else(|| writer.finish().err());
            // An empty adjacency list is a short comment or less; all others need more than ten bytes.
            let error = error.unwrap_or_else(|| panic!("{format} did not fail"));
            assert_eq!((error.format(), error.location()), (format, 10));
            assert_eq!(error.io_error().to_string(), "disk full");
        }
    }

    #[test]
    fn a_second_graph_is_refused() {
        let mut writer = GraphExporter::from_format(GraphFormat::NodeLink).for_writer(Vec::new());
        writer.write(&KnowledgeGraph::default()).unwrap();
        assert!(writer.write(&KnowledgeGraph::default()).is_err());
    }
}
