//! How long tables of a large graph take: `cargo bench --bench tables [-- --nodes N --edges N]`.
//!
//! The graph is made up and held in memory, about 6 GB with the numbers that are the default; with `--streamed` it is
//! made up while it is read. Files go to a folder of the system's temporary one. CPU seconds are those of the whole
//! process, system included.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::{
    borrow::Cow,
    fs,
    io::{self, Write},
    path::Path,
};

use relata::{
    export::{GraphExporter, GraphFormat},
    graph::{
        Alias, Assertion, DocumentMentions, Edge, GraphSource, Items, MentionSpan, Node, NodeId, NodeRef, Quote,
        SourceDocument,
    },
    schema::{EntityType, MentionKind, RelationType},
};

/// A graph of so many people and organizations, each with as many edges as another.
struct MadeUp {
    nodes: usize,
    edges: usize,
    documents: Vec<SourceDocument>,
}

impl MadeUp {
    fn new(nodes: usize, edges: usize) -> Self {
        let documents = (0..(nodes / 10).max(1)).map(|number| SourceDocument {
            id: document(number),
            title: Some(format!("Story {number}")),
            date: Some(format!("20{:02}-{:02}-{:02}", number % 25, number % 12 + 1, number % 28 + 1)),
            url: None,
            source: Some("The Courier".to_owned()),
        });
        Self { nodes, edges, documents: documents.collect() }
    }

    fn id(&self, number: usize) -> NodeId {
        NodeId::parse(&format!("person-{:016x}", number % self.nodes)).unwrap()
    }

    fn document_of(&self, number: usize) -> String {
        document(number.wrapping_mul(7919) % self.documents.len())
    }
}

fn document(number: usize) -> String {
    format!("news/{number:07}.txt")
}

fn name(number: usize) -> String {
    format!("Maria \"Mia\" Keller-{number}")
}

impl GraphSource for MadeUp {
    fn documents(&self) -> Items<'_, SourceDocument> {
        Box::new(self.documents.iter().map(|document| Ok(Cow::Borrowed(document))))
    }

    fn nodes(&self) -> Items<'_, Node> {
        Box::new((0..self.nodes).map(|number| {
            let span = MentionSpan { start: 10, end: 32, char_start: 10, char_end: 32, kind: MentionKind::Name };
            let mentions = |of| DocumentMentions { document: self.document_of(of), spans: vec![span; 2] };
            Ok(Cow::Owned(Node {
                id: self.id(number),
                entity_type: EntityType::Person,
                name: name(number),
                aliases: vec![Alias { name: name(number), count: 4 }],
                norm: None,
                link: None,
                mentions: vec![mentions(number), mentions(number + 1)],
            }))
        }))
    }

    fn edges(&self) -> Items<'_, Edge> {
        let relation_type = RelationType::from_name("met").unwrap();
        let each = (self.edges / self.nodes).max(1);
        Box::new((0..self.edges).map(move |number| {
            let text = format!("Ms Keller met number {number}, her colleague of many years, at the harbour.");
            let quote = Quote { start: 40, end: 110, char_start: 40, char_end: 110, text };
            Ok(Cow::Owned(Edge {
                head: self.id(number / each),
                relation_type,
                tail: self.id(number / each + number % each + 1),
                assertions: vec![Assertion {
                    document: self.document_of(number),
                    evidence: vec![quote],
                    trigger: None,
                    score: 0.87,
                    status: None,
                    date: None,
                    place: None,
                    by: None,
                }],
            }))
        }))
    }

    fn node_count(&self) -> usize {
        self.nodes
    }

    fn edge_count(&self) -> usize {
        self.edges
    }

    fn document(&self, id: &str) -> io::Result<Option<Cow<'_, SourceDocument>>> {
        let place = self.documents.partition_point(|document| document.id.as_str() < id);
        Ok(self.documents.get(place).map(Cow::Borrowed))
    }

    fn node_ref(&self, id: &str) -> io::Result<Option<NodeRef>> {
        let place = self.position(id)?.unwrap();
        Ok(Some(NodeRef { id: self.id(place), name: name(place), norm: None }))
    }

    fn position(&self, id: &str) -> io::Result<Option<usize>> {
        Ok(id.split('-').nth(1).and_then(|digits| usize::from_str_radix(digits, 16).ok()))
    }
}

/// CPU seconds of the process so far, in user and in system mode.
fn cpu_seconds() -> f64 {
    let fields = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = fields.split(' ').filter_map(|field| field.parse().ok()).collect();
    // Numbers after the name and the state; ticks are hundredths on every Linux.
    fields.get(11..13).map_or(0.0, |ticks| ticks.iter().sum::<f64>() / 100.0)
}

fn size(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else { return fs::metadata(path).map_or(0, |metadata| metadata.len()) };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str, default: usize| {
        let value = arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1));
        value.map_or(default, |value| value.parse().unwrap())
    };
    let graph = MadeUp::new(number("--nodes", 1_000_000), number("--edges", 5_000_000));
    let out = &mut io::stdout();
    writeln!(out, "{} nodes, {} edges", graph.node_count(), graph.edge_count()).unwrap();
    let begun = cpu_seconds();
    let whole = if arguments.iter().any(|argument| argument == "--streamed") {
        let read = graph.nodes().count() + graph.edges().map(|edge| edge.unwrap().assertions.len()).sum::<usize>();
        writeln!(out, "{:<12} {:>6.1} CPU-s for {read} nodes and edges", "made up", cpu_seconds() - begun).unwrap();
        None
    } else {
        let whole = graph.whole().unwrap().into_owned();
        writeln!(out, "{:<12} {:>6.1} CPU-s", "in memory", cpu_seconds() - begun).unwrap();
        Some(whole)
    };
    let graph: &dyn GraphSource = whole.as_ref().map_or(&graph, |whole| whole);
    for format in [GraphFormat::CsvTables, GraphFormat::Neo4jCsv, GraphFormat::Csv, GraphFormat::EdgeList] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out");
        let begun = cpu_seconds();
        let exporter = GraphExporter::from_format(format);
        if format.is_folder() {
            exporter.write_folder(graph, &target).unwrap();
        } else {
            let mut writer = exporter.for_writer(fs::File::create(&target).unwrap());
            writer.write(graph).unwrap();
            writer.finish().unwrap();
        }
        let spent = cpu_seconds() - begun;
        writeln!(out, "{:<12} {spent:>6.1} CPU-s, {:>6} MB", format.name(), size(&target) / 1_000_000).unwrap();
    }
}
