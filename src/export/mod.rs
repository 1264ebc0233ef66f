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
//! Every format but the pictures (SVG, HTML) is streamed: memory does not grow with a graph that is
//! [read from the disk](GraphSource), but for identifiers of places (FollowTheMoney) and names of notes (Obsidian), which
//! are kept. Each has one fixed order, so equal graphs give equal bytes.
//! [`read_node_link`] reads a graph back.

mod adjacency;
mod article;
mod csv;
mod cypher;
mod cytoscape;
mod document;
mod dot;
mod escape;
mod folder;
mod follow_the_money;
mod geojson;
mod gexf;
mod graphml;
mod html;
mod json_ld;
mod layout;
mod linked_data;
mod metis;
mod node_link;
mod note_name;
mod obsidian;
mod parquet;
pub mod property;
mod rdf;
mod shapes;
#[cfg(feature = "store")]
mod sqlite;
mod style;
mod svg;
mod view;

use std::{
    fmt,
    io::{self, BufWriter, Write},
    path::Path,
};

use self::folder::Folder;
pub use self::{
    article::AnnotatedPage,
    document::write_document,
    linked_data::{DEFAULT_BASE_IRI, VOCABULARY},
    node_link::{ImportError, read_node_link},
    shapes::shacl_shapes,
    view::InteractivePage,
};
use crate::graph::GraphSource;

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
    /// The same linked data, one triple a line.
    NQuads,
    /// The same linked data, grouped by subject, for people to read too.
    Turtle,
    /// The same linked data, with a named graph for what each document states.
    TriG,
    /// Node-link JSON, as networkx and D3 read it; holds everything and can be read back.
    NodeLink,
    /// One table with a row for each edge, names and evidence in it; for spreadsheets.
    Csv,
    /// A folder of tables: documents, nodes, names, mentions, edges, evidence.
    CsvTables,
    /// A folder of tables with the headers of `neo4j-admin database import`.
    Neo4jCsv,
    /// GraphML, as networkx, igraph, Cytoscape and yEd read it.
    GraphMl,
    /// GEXF, the format of Gephi, with colors and days.
    Gexf,
    /// A script for Neo4j and other servers that speak Cypher, which may be run again.
    Cypher,
    /// Cytoscape JSON, for the program and Cytoscape.js.
    CytoscapeJson,
    /// GeoJSON: the places whose coordinates are known, as points on a map.
    GeoJson,
    /// A folder of Parquet tables, for pandas, DuckDB and Spark.
    Parquet,
    /// An SQLite database of the merged graph; needs the feature `store`.
    Sqlite,
    /// FollowTheMoney, as Aleph and OpenSanctions read it.
    FollowTheMoney,
    /// A vault for Obsidian: a note for each node and each document.
    Obsidian,
    /// METIS, for partitioners: undirected, nodes numbered.
    Metis,
    /// Adjacency list, as networkx reads it: who points to whom and no more.
    AdjacencyList,
    /// Multiline adjacency list, as networkx reads it, with the data of edges.
    MultilineAdjacencyList,
    /// Edge list, as networkx reads it, with the data of edges.
    EdgeList,
}

impl GraphFormat {
    /// All formats, the commonest first.
    pub const ALL: [GraphFormat; 24] = [
        Self::Html,
        Self::Svg,
        Self::Dot,
        Self::JsonLd,
        Self::NQuads,
        Self::Turtle,
        Self::TriG,
        Self::NodeLink,
        Self::Csv,
        Self::CsvTables,
        Self::Neo4jCsv,
        Self::GraphMl,
        Self::Gexf,
        Self::Cypher,
        Self::CytoscapeJson,
        Self::GeoJson,
        Self::Parquet,
        Self::Sqlite,
        Self::FollowTheMoney,
        Self::Obsidian,
        Self::Metis,
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
            Self::NQuads => "n-quads",
            Self::Turtle => "turtle",
            Self::TriG => "trig",
            Self::NodeLink => "node-link",
            Self::Csv => "csv",
            Self::CsvTables => "csv-tables",
            Self::Neo4jCsv => "neo4j-csv",
            Self::GraphMl => "graphml",
            Self::Gexf => "gexf",
            Self::Cypher => "cypher",
            Self::CytoscapeJson => "cytoscape",
            Self::GeoJson => "geojson",
            Self::Parquet => "parquet",
            Self::Sqlite => "sqlite",
            Self::FollowTheMoney => "ftm",
            Self::Obsidian => "obsidian",
            Self::Metis => "metis",
            Self::AdjacencyList => "adjacency-list",
            Self::MultilineAdjacencyList => "multiline-adjacency-list",
            Self::EdgeList => "edge-list",
        }
    }

    /// Whether it is a folder of files, which [`GraphExporter::write_folder`] writes.
    #[must_use]
    pub fn is_folder(self) -> bool {
        matches!(self, Self::CsvTables | Self::Neo4jCsv | Self::Parquet | Self::Obsidian)
    }

    /// Whether this build of the library can write it.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        self != Self::Sqlite || cfg!(feature = "store")
    }

    /// The extensions of its files without the dot, the usual one first; none for a folder.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Html => &["html", "htm"],
            Self::Svg => &["svg"],
            Self::Dot => &["dot", "gv"],
            Self::JsonLd => &["jsonld"],
            // All is in the default graph, so it is N-Triples as well.
            Self::NQuads => &["nq", "nt"],
            Self::Turtle => &["ttl"],
            Self::TriG => &["trig"],
            Self::NodeLink => &["json"],
            Self::Csv => &["csv"],
            Self::CsvTables | Self::Neo4jCsv | Self::Parquet | Self::Obsidian => &[],
            Self::GraphMl => &["graphml"],
            Self::Gexf => &["gexf"],
            Self::Cypher => &["cypher", "cql"],
            Self::CytoscapeJson => &["cyjs"],
            Self::GeoJson => &["geojson"],
            Self::Sqlite => &["sqlite", "sqlite3", "db"],
            Self::FollowTheMoney => &["ftm"],
            Self::Metis => &["metis", "graph"],
            Self::AdjacencyList => &["adj", "adjlist"],
            Self::MultilineAdjacencyList => &["madj", "madjlist"],
            Self::EdgeList => &["edges", "edgelist"],
        }
    }

    /// The usual extension; empty for a folder.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.extensions().first().copied().unwrap_or_default()
    }

    /// The media type; those of the adjacency formats and of folders are not registered.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            Self::Svg => "image/svg+xml",
            Self::Dot => "text/vnd.graphviz",
            Self::JsonLd => "application/ld+json",
            Self::NQuads => "application/n-quads",
            Self::Turtle => "text/turtle",
            Self::TriG => "application/trig",
            Self::NodeLink => "application/json",
            Self::Csv => "text/csv",
            Self::CsvTables => "application/x-csv-tables",
            Self::Neo4jCsv => "application/x-neo4j-csv",
            Self::GraphMl => "application/graphml+xml",
            Self::Gexf => "application/gexf+xml",
            Self::Cypher => "application/x-cypher-query",
            Self::CytoscapeJson => "application/vnd.cytoscape+json",
            Self::GeoJson => "application/geo+json",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Sqlite => "application/vnd.sqlite3",
            Self::FollowTheMoney => "application/x-followthemoney",
            Self::Obsidian => "application/x-obsidian-vault",
            Self::Metis => "text/x-metis",
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
    rdf12: bool,
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
        let options = Options {
            clusters: false,
            title: "Knowledge graph".to_owned(),
            base_iri: DEFAULT_BASE_IRI.to_owned(),
            rdf12: false,
        };
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

    /// Sets the title (DOT, SVG, HTML, node-link JSON, GraphML, GEXF, Cytoscape JSON).
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

    /// Sets what the IRIs of nodes, documents and assertions start with (JSON-LD, N-Quads, Turtle, TriG;
    /// [`DEFAULT_BASE_IRI`] by default).
    ///
    /// Characters that an IRI may not hold are percent-encoded; a base that begins no absolute IRI, or holds a `#`, is
    /// an error when the graph is written.
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

    /// Says of which triple a statement is as RDF 1.2 has it, `rdf:reifies <<( … )>>`, and not with `rdf:Statement`
    /// (N-Quads, Turtle, TriG; off by default, as few programs read it yet).
    ///
    /// ```
    /// # use relata::{export::{GraphExporter, GraphFormat}, graph::KnowledgeGraph};
    /// let exporter = GraphExporter::from_format(GraphFormat::Turtle).with_rdf12(true);
    /// # let mut writer = exporter.for_writer(Vec::new());
    /// # writer.write(&KnowledgeGraph::default())?;
    /// # Ok::<(), relata::export::ExportError>(())
    /// ```
    pub fn with_rdf12(mut self, rdf12: bool) -> Self {
        self.options.rdf12 = rdf12;
        self
    }

    /// Writes a format that [is a folder](GraphFormat::is_folder).
    ///
    /// The folder need not exist. One that an earlier export made is replaced, but for what others put into it; one with
    /// anything else in it is refused. Files appear when all are complete.
    ///
    /// ```
    /// use relata::{export::{GraphExporter, GraphFormat}, graph::KnowledgeGraph};
    ///
    /// # let there = tempfile::tempdir().unwrap();
    /// let tables = there.path().join("tables");
    /// GraphExporter::from_format(GraphFormat::CsvTables).write_folder(&KnowledgeGraph::default(), &tables)?;
    /// assert!(tables.join("edges.csv").exists());
    /// # Ok::<(), relata::export::ExportError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be written, if the graph cannot be read, or if the format is no folder.
    pub fn write_folder(self, graph: &dyn GraphSource, target: &Path) -> Result<(), ExportError> {
        let write = || {
            let mut folder = Folder::new(target)?;
            match self.format {
                GraphFormat::CsvTables => csv::write_tables(graph, &mut folder)?,
                GraphFormat::Neo4jCsv => csv::write_neo4j(graph, &mut folder)?,
                GraphFormat::Parquet => parquet::write(graph, &mut folder)?,
                GraphFormat::Obsidian => obsidian::write(graph, &mut folder)?,
                _ => return Err(io::Error::other("it is one file and no folder; start a writer for it")),
            }
            folder.finish()
        };
        write().map_err(|source| ExportError { format: self.format, location: 0, source })
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
    /// Fails if the writer fails, if the graph cannot be read, or if a graph was written before: no format here holds two.
    pub fn write(&mut self, graph: &dyn GraphSource) -> Result<(), ExportError> {
        let result = if std::mem::replace(&mut self.used, true) {
            Err(io::Error::other("a file holds one graph, and one was written already; start a new writer"))
        } else {
            let (options, out) = (&self.options, &mut self.out);
            match self.format {
                GraphFormat::Html => graph.whole().and_then(|graph| html::write(&graph, options, out)),
                GraphFormat::Svg => graph.whole().and_then(|graph| svg::write(&graph, options, out)),
                GraphFormat::Dot => dot::write(graph, options, out),
                GraphFormat::JsonLd => json_ld::write(graph, options, out),
                GraphFormat::NQuads => rdf::write_n_quads(graph, options, out),
                GraphFormat::Turtle => rdf::write_turtle(graph, options, out),
                GraphFormat::TriG => rdf::write_trig(graph, options, out),
                GraphFormat::NodeLink => node_link::write(graph, options, out),
                GraphFormat::Csv => csv::write(graph, out),
                GraphFormat::CsvTables | GraphFormat::Neo4jCsv | GraphFormat::Parquet | GraphFormat::Obsidian => {
                    Err(io::Error::other("it is a folder of files and cannot go to one place"))
                }
                GraphFormat::GraphMl => graphml::write(graph, options, out),
                GraphFormat::Gexf => gexf::write(graph, options, out),
                GraphFormat::Cypher => cypher::write(graph, out),
                GraphFormat::CytoscapeJson => cytoscape::write(graph, options, out),
                GraphFormat::GeoJson => geojson::write(graph, out),
                GraphFormat::Sqlite => sqlite(graph, out),
                GraphFormat::FollowTheMoney => follow_the_money::write(graph, out),
                GraphFormat::Metis => metis::write(graph, out),
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

#[cfg(feature = "store")]
fn sqlite(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    sqlite::write(graph, out)
}

#[cfg(not(feature = "store"))]
fn sqlite(_: &dyn GraphSource, _: &mut dyn Write) -> io::Result<()> {
    let message = "there is no SQLite in this build; it comes with the feature `store`";
    Err(io::Error::new(io::ErrorKind::Unsupported, message))
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
#[error("cannot write the graph as {format}{}", after(*location))]
pub struct ExportError {
    format: GraphFormat,
    location: u64,
    source: io::Error,
}

fn after(location: u64) -> String {
    if location == 0 { String::new() } else { format!(" after byte {location}") }
}

impl ExportError {
    /// The format that was written.
    #[must_use]
    pub fn format(&self) -> GraphFormat {
        self.format
    }

    /// Number of bytes that reached the writer before; 0 for a folder.
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
    use crate::graph::KnowledgeGraph;

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
        for format in GraphFormat::ALL.into_iter().filter(|format| !format.is_folder() && format.is_built_in()) {
            let mut writer = GraphExporter::from_format(format).for_writer(Full(10));
            let written = writer.write(&KnowledgeGraph::default());
            let error = written.err().or_else(|| writer.finish().err());
            // An empty adjacency list is a short comment or less; all others need more than ten bytes.
            // An empty graph has nothing to say in some formats.
            let Some(error) = error else {
                assert_eq!(format, GraphFormat::FollowTheMoney);
                continue;
            };
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
