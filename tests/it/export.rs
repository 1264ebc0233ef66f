//! Each format is read back by an independent reader and compared with the graph.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use relata::{
    document::Document,
    export::{DEFAULT_BASE_IRI, GraphExporter, GraphFormat, read_node_link, write_document},
    graph::{Edge, GraphBuilder, GraphSource, KnowledgeGraph},
    record::DocumentRecord,
    schema::{EntityType, MentionKind, Status},
};
use serde_json::{Value, json};

use crate::graph::{Lcg, Sketch, document, story};

/// Names that break writers which trust them.
fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "plain",
        "double \"quotes\"",
        "back\\slash\\",
        "\\N \\G \\E \\l",
        "line\nbreak\r\nand\ttab",
        "</script><script>alert(1)</script>",
        "]]>",
        "<!-- comment -->",
        "<b>&amp;&lt;&#65;</b>",
        "nul\u{0}bell\u{7}escape\u{1b}[31m",
        "\u{7f}\u{85}\u{9f}",
        "line\u{2028}paragraph\u{2029}",
        "\u{202e}desrever\u{202c}",
        "שלום עולם",
        "مرحبا",
        "🦀🇺🇳👩‍👩‍👧",
        "東京",
        "e\u{301}\u{301}\u{301}",
        "# no comment",
        "a b {\"type\":1}",
        "'single' `back` $dollar ${x} %s %n",
        "@id",
        "_:blank",
        "http://example.org/<x>?a=b&c#d",
        "-> -- ; } ]",
        "\u{feff}bom",
        "\u{fffe}\u{ffff}\u{fffd}",
        "'''",
        "--",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    names.push("long name ".repeat(1024));
    names.push("x".repeat(10_240));
    names
}

pub(crate) fn hostile_documents() -> Vec<Document> {
    let names = hostile_names();
    let types = EntityType::ALL;
    let mut docs = Vec::new();
    for (index, id) in ["a \"quoted\"\n<id>#1", "../b?x=y&z"].into_iter().enumerate() {
        let mut sketch = Sketch::new(id, Some("not \"a\" date"));
        for (number, name) in names.iter().enumerate() {
            let entity_type = if number % 2 == 0 { EntityType::Organization } else { types[number % types.len()] };
            sketch.mention(&format!("e{number}"), Some(entity_type), MentionKind::Name, None, name);
            sketch.text(" said. ");
        }
        for number in (0..names.len() - 2).step_by(2) {
            let status = ["", "~possible", "~negated", "~former", "~intended"][(number / 2 + index) % 5];
            sketch.relation(&format!("e{number} criticized e{} by:e{} {status}", number + 2, number + 1));
        }
        let mut doc = sketch.finish();
        doc.title = Some("</title>\u{0}\"".to_owned());
        doc.source = Some(format!("<b>{index}</b> \"&\" \n\u{0}"));
        doc.url = Some("javascript:alert(\"1\")".to_owned());
        docs.push(doc);
    }
    docs
}

/// A state that is over, and a purchase that is denied.
pub(crate) fn disputed() -> Vec<Document> {
    let text = "[p PERSON|Maria Keller] of [o ORGANIZATION|Norden Bank] bought [q ORGANIZATION|Avon Rail], \
                [b PERSON|Bo Lind] said.";
    [
        ("a", "2022-05-03", "p head_of o 0.95\np acquired q by:b 0.93"),
        ("b", "2023-11-08", "p head_of o ~former 0.9\np acquired q by:p ~negated 0.8"),
        ("c", "2023-11-09", "p acquired q ~negated 0.85"),
    ]
    .into_iter()
    .map(|(id, date, relations)| document(id, Some(date), &format!("{text}\n=\n{relations}")))
    .collect()
}

pub(crate) fn build(docs: &[Document]) -> KnowledgeGraph {
    docs.iter().fold(GraphBuilder::new(), GraphBuilder::add).finish()
}

/// The graphs that every format is tried with.
pub(crate) fn graphs() -> Vec<(&'static str, KnowledgeGraph)> {
    vec![
        ("empty", KnowledgeGraph::default()),
        ("story", build(&story())),
        ("hostile", build(&hostile_documents())),
        ("disputed", build(&disputed())),
    ]
}

pub(crate) fn export(graph: &dyn GraphSource, exporter: GraphExporter) -> Vec<u8> {
    let mut writer = exporter.for_writer(Vec::new());
    writer.write(graph).unwrap();
    writer.finish().unwrap()
}

pub(crate) fn export_as(graph: &dyn GraphSource, format: GraphFormat) -> Vec<u8> {
    export(graph, GraphExporter::from_format(format).with_title("A \"title\" </title> & more"))
}

/// What a format writes: the bytes of the file, or the names and bytes of all files of the folder.
pub(crate) fn all_bytes(graph: &dyn GraphSource, format: GraphFormat) -> Vec<u8> {
    if !format.is_folder() {
        return export_as(graph, format);
    }
    let mut bytes = Vec::new();
    for (name, content) in export_folder(graph, format) {
        bytes.extend(name.into_bytes());
        bytes.extend(content);
    }
    bytes
}

pub(crate) fn export_folder(graph: &dyn GraphSource, format: GraphFormat) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    GraphExporter::from_format(format).write_folder(graph, &target).unwrap();
    let files = walkdir::WalkDir::new(&target).into_iter().map(|entry| entry.unwrap());
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(&target).unwrap().to_str().unwrap().to_owned();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

pub(crate) fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("RELATA_PYTHON").map_or_else(|| root.join(".venv/bin/python"), PathBuf::from);
    assert!(
        python.exists(),
        "{} is missing: run `cargo xtask setup`, or set RELATA_PYTHON to a Python with tests/readers/requirements.txt",
        python.display()
    );
    python
}

/// Runs a program on bytes as its last argument and returns what it prints.
pub(crate) fn read_with(mut command: Command, bytes: &[u8], extension: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("graph.{extension}"));
    fs::write(&path, bytes).unwrap();
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.arg(&path).stdin(Stdio::null()).output().unwrap_or_else(|error| {
        panic!("cannot run {name} ({error}): run `cargo xtask setup`, which names what to install")
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} fails: {errors}\n{}", String::from_utf8_lossy(bytes));
    output.stdout
}

pub(crate) fn read_with_python(script: &str, mode: &str, bytes: &[u8], extension: &str) -> Value {
    let mut command = Command::new(python());
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers").join(script)).arg(mode);
    serde_json::from_slice(&read_with(command, bytes, extension)).unwrap()
}

pub(crate) fn check_xml(bytes: &[u8], extension: &str) {
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--huge"]);
    read_with(command, bytes, extension);
}

pub(crate) fn status_name(status: Option<Status>) -> &'static str {
    status.map_or("fact", Status::name)
}

pub(crate) fn sorted(values: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut values: Vec<Value> = values.into_iter().collect();
    values.sort_by_cached_key(Value::to_string);
    values
}

#[test]
fn networkx_reads_adjacency_lists() {
    for (name, graph) in graphs() {
        for format in [GraphFormat::AdjacencyList, GraphFormat::MultilineAdjacencyList, GraphFormat::EdgeList] {
            let bytes = export_as(&graph, format);
            let read = read_with_python("graph_networkx.py", format.name(), &bytes, format.extension());
            assert_eq!((&read["directed"], &read["multigraph"]), (&json!(true), &json!(true)));
            let nodes: Vec<&str> = read["nodes"].as_object().unwrap().keys().map(String::as_str).collect();
            let joined = |id: &str| !graph.neighbors(id).is_empty();
            let mut expected: Vec<&str> = graph
                .nodes()
                .map(|node| node.id.as_str())
                // An edge list has no place for a node without edges.
                .filter(|id| format != GraphFormat::EdgeList || joined(id))
                .collect();
            expected.sort_unstable();
            assert_eq!(nodes, expected, "{name} {format}");
            let edges = graph.edges().map(|edge| {
                let summary = graph.summary(edge);
                let data = json!({
                    "type": edge.relation_type,
                    "score": number(summary.shown.best_score),
                    "documents": summary.documents,
                    "status": status_name(summary.status()),
                });
                json!([edge.head, edge.tail, if format == GraphFormat::AdjacencyList { json!({}) } else { data }])
            });
            assert_eq!(sorted(read["edges"].as_array().unwrap().clone()), sorted(edges), "{name} {format}");
            // The table of names in the comments.
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(text.lines().filter(|line| line.starts_with('#')).count(), graph.node_count() + 1);
        }
    }
}

/// A score as JSON writes it: the shortest decimal of the 32-bit number.
pub(crate) fn number(score: f32) -> Value {
    serde_json::from_str(&serde_json::to_string(&score).unwrap()).unwrap()
}

#[test]
fn networkx_reads_node_link_json() {
    for (name, graph) in graphs() {
        let bytes = export_as(&graph, GraphFormat::NodeLink);
        let read = read_with_python("graph_networkx.py", "node-link", &bytes, "json");
        assert_eq!((&read["directed"], &read["multigraph"]), (&json!(true), &json!(true)));
        let nodes = read["nodes"].as_object().unwrap();
        assert_eq!(nodes.len(), graph.node_count(), "{name}");
        for node in graph.nodes() {
            let data = &nodes[node.id.as_str()];
            assert_eq!(data["name"], json!(node.name));
            assert_eq!(data["type"], json!(node.entity_type));
            assert_eq!(data["aliases"], json!(node.aliases));
            assert_eq!(data["mentions"], json!(node.mentions));
        }
        let ends = |value: &Value| {
            let data = &value[2];
            let told = ["documents", "statuses", "status", "sources"].map(|name| data.get(name));
            json!([value[0], value[1], data["type"], told, data["assertions"]])
        };
        let expected = graph.edges().map(|edge| {
            let assertions: Value = serde_json::from_slice(&serde_json::to_vec(&edge.assertions).unwrap()).unwrap();
            let summary = graph.summary(edge);
            let statuses: BTreeMap<&str, usize> =
                summary.statuses().map(|said| (status_name(said.status), said.documents)).collect();
            let statuses = Some(statuses).filter(|statuses| statuses.len() > 1);
            let status = summary.status();
            let sources = Some(summary.sources).filter(|sources| !sources.is_empty());
            let told = json!([summary.documents, statuses, status, sources]);
            json!([edge.head, edge.tail, edge.relation_type, told, assertions])
        });
        assert_eq!(sorted(read["edges"].as_array().unwrap().iter().map(ends)), sorted(expected), "{name}");
        let keys = sorted(read["keys"].as_array().unwrap().clone());
        assert_eq!(keys, sorted(graph.edges().map(|edge| json!(edge.relation_type))), "{name}");
    }
}

#[test]
fn export_then_import_is_identity() {
    for (name, graph) in graphs() {
        let bytes = export_as(&graph, GraphFormat::NodeLink);
        let read = read_node_link(bytes.as_slice()).unwrap();
        assert!(read == graph, "{name}");
        assert!(export_as(&read, GraphFormat::NodeLink) == bytes, "{name}");
    }
}

#[test]
fn broken_json_is_refused() {
    let graph = build(&story());
    let text = String::from_utf8(export_as(&graph, GraphFormat::NodeLink)).unwrap();
    let check = |broken: &str, expected: &str| {
        let error = read_node_link(broken.as_bytes()).unwrap_err();
        let message =
            format!("{error}: {}", std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default());
        assert!(message.contains(expected), "{message}");
        error.location()
    };
    let cut = text.trim_end().strip_suffix("]}").unwrap();
    assert_eq!(check(cut, "EOF").unwrap().0, cut.lines().count());
    check(&text.replacen("\"version\":1", "\"version\":99", 1), "version 99");
    check(&text.replacen("\"type\":\"acquired\"", "\"type\":\"ate\"", 1), "unknown relation type");
    check(&text.replacen("\"id\":\"person-", "\"id\":\"person ", 1), "no identifier of a node");
    check(&text.replacen("\"id\":\"person-", "\"id\":\"person-00", 1), "missing");
    check("", "EOF");
    // Cut or changed anywhere, it fails or gives a graph, and never panics.
    let mut lcg = Lcg(3);
    for _ in 0..300 {
        let mut bytes = text.clone().into_bytes();
        let at = lcg.below(bytes.len());
        match lcg.below(3) {
            0 => bytes.truncate(at),
            1 => bytes[at] = b'0' + lcg.below(10) as u8,
            _ => bytes[at] = lcg.below(256) as u8,
        }
        if let Ok(graph) = read_node_link(bytes.as_slice()) {
            for format in GraphFormat::ALL {
                all_bytes(&graph, format);
            }
        }
    }
}

#[test]
fn rdf_readers_agree_on_json_ld() {
    for (name, graph) in graphs() {
        let bytes = export_as(&graph, GraphFormat::JsonLd);
        let iri = |id: &str| format!("{DEFAULT_BASE_IRI}{id}");
        let expected_statements =
            sorted(graph.edges().flat_map(|edge| edge.assertions.iter().map(|a| statement(edge, a))));
        for reader in ["rdflib", "pyld"] {
            let read = read_with_python("graph_rdf.py", reader, &bytes, "jsonld");
            let mut things = read["things"].as_object().unwrap().clone();
            for node in graph.nodes() {
                let thing = things.remove(&iri(node.id.as_str())).unwrap_or_else(|| panic!("{name}: no {}", node.id));
                assert_eq!(thing["names"], json!([node.name]), "{name} {reader}");
                let type_name = node.entity_type.name();
                let type_name = format!("{}{}", &type_name[..1], type_name[1..].to_lowercase());
                assert_eq!(thing["types"], json!([type_name]));
                let mut aliases: Vec<&str> =
                    node.aliases.iter().map(|alias| alias.name.as_str()).filter(|alias| *alias != node.name).collect();
                aliases.sort_unstable();
                assert_eq!(thing["aliases"], json!(aliases));
                assert_eq!(thing["norm"], json!(node.norm));
                let mentions: usize = node.mentions.iter().map(|mentions| mentions.spans.len()).sum();
                assert_eq!(thing["mentions"].as_array().unwrap().len(), mentions);
            }
            assert!(things.is_empty(), "{name} {reader}: {things:?}");
            let plain = graph
                .edges()
                .filter(|edge| graph.summary(edge).status().is_none())
                .map(|edge| json!([iri(edge.head.as_str()), edge.relation_type, iri(edge.tail.as_str())]));
            assert_eq!(sorted(read["plain"].as_array().unwrap().clone()), sorted(plain), "{name} {reader}");
            let statements = sorted(read["statements"].as_array().unwrap().clone());
            assert_eq!(statements, expected_statements, "{name} {reader}");
        }
    }
}

fn statement(edge: &Edge, assertion: &relata::graph::Assertion) -> Value {
    let iri = |id: &str| format!("{DEFAULT_BASE_IRI}{id}");
    let document = iri(&format!("document:{}", percent(&assertion.document)));
    let evidence: Vec<Value> = assertion
        .evidence
        .iter()
        .map(|quote| {
            let place = format!("{document}#char={},{}", quote.char_start, quote.char_end);
            json!([place, quote.text, quote.start, quote.end])
        })
        .collect();
    let node = |node: &Option<relata::graph::NodeRef>| node.as_ref().map(|node| iri(node.id.as_str()));
    json!({
        "subject": iri(edge.head.as_str()),
        "predicate": edge.relation_type,
        "object": iri(edge.tail.as_str()),
        "score": number(assertion.score),
        "status": status_name(assertion.status),
        "date": node(&assertion.date),
        "place": node(&assertion.place),
        "by": node(&assertion.by),
        "document": document,
        "evidence": evidence,
    })
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[test]
fn characters_of_json_ld_are_characters() {
    let mut sketch = Sketch::new("é", None);
    sketch.text("🦀é ");
    sketch.mention("p", Some(EntityType::Person), MentionKind::Name, None, "Zoë Ünal");
    let graph = build(&[sketch.finish()]);
    let text = String::from_utf8(export_as(&graph, GraphFormat::JsonLd)).unwrap();
    assert!(text.contains("urn:relata:document:%C3%A9#char=3,11"), "{text}");
}

#[test]
fn graphviz_reads_dot() {
    for (name, graph) in graphs() {
        for clusters in [false, true] {
            let exporter =
                GraphExporter::from_format(GraphFormat::Dot).with_title("A \"title\" \\N").with_clusters(clusters);
            let bytes = export(&graph, exporter);
            let mut command = Command::new("dot");
            command.arg("-Tdot_json");
            let read: Value = serde_json::from_slice(&read_with(command, &bytes, "dot")).unwrap();
            let objects = read["objects"].as_array().cloned().unwrap_or_default();
            let nodes: BTreeMap<u64, &Value> = objects
                .iter()
                .filter(|object| object.get("nodes").is_none())
                .map(|object| (object["_gvid"].as_u64().unwrap(), object))
                .collect();
            assert_eq!(objects.len() > nodes.len(), clusters && graph.node_count() > 0, "{name}");
            let by_id: BTreeMap<&str, &Value> =
                nodes.values().map(|node| (node["id"].as_str().unwrap(), *node)).collect();
            assert_eq!(by_id.len(), graph.node_count(), "{name}");
            for node in graph.nodes() {
                let label = shown(by_id[node.id.as_str()]["label"].as_str().unwrap());
                let expected: String = node.name.chars().map(blank).filter(|c| *c != ' ').take(40).collect();
                assert!(label.replace(' ', "").starts_with(&expected), "{name}: {label:?} is not {:?}", node.name);
            }
            let id = |gvid: &Value| nodes[&gvid.as_u64().unwrap()]["id"].clone();
            let edges = read["edges"].as_array().cloned().unwrap_or_default();
            let edges = edges.iter().map(|edge| json!([id(&edge["tail"]), edge["label"], id(&edge["head"])]));
            let expected = graph.edges().map(|edge| {
                let relation = edge.relation_type.name().replace('_', " ");
                let label = graph
                    .summary(edge)
                    .status()
                    .map_or_else(|| relation.clone(), |status| format!("{relation} ({})", status.name()));
                json!([edge.head, label, edge.tail])
            });
            assert_eq!(sorted(edges), sorted(expected), "{name}");
            let mut command = Command::new("dot");
            command.arg("-Tsvg");
            check_xml(&read_with(command, &bytes, "dot"), "svg");
        }
    }
}

/// A label as Graphviz shows it.
fn shown(label: &str) -> String {
    let mut shown = String::new();
    let mut chars = label.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => shown.push(' '),
            ('\\', Some(escaped)) => shown.push(escaped),
            _ => shown.push(c),
        }
    }
    shown.replace("&amp;", "&")
}

fn blank(c: char) -> char {
    if c.is_control() || c.is_whitespace() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c }
}

#[test]
fn statuses_have_lines_of_their_own() {
    let mut sketch = Sketch::new("x", None);
    for handle in ["a", "b", "c", "d", "e"] {
        sketch.mention(handle, Some(EntityType::Organization), MentionKind::Name, None, &format!("Firm {handle}"));
        sketch.text(" ");
    }
    for line in [
        "a met b",
        "a owns b",
        "a owns c ~possible",
        "a owns d ~negated",
        "a acquired c ~intended",
        "a acquired d ~former",
    ] {
        sketch.relation(line);
    }
    let text = String::from_utf8(export_as(&build(&[sketch.finish()]), GraphFormat::Dot)).unwrap();
    let line = |label: &str| text.lines().find(|line| line.contains(&format!("\"{label}\""))).unwrap_or_default();
    assert!(line("met").contains("dir=\"none\""));
    assert!(!line("owns").contains("style="));
    assert!(line("owns (possible)").contains("dashed"));
    assert!(line("acquired (intended)").contains("dashed"));
    assert!(line("owns (negated)").contains("dotted"));
    assert!(line("acquired (former)").contains("#a3abb5"));
}

#[test]
fn pictures_and_pages_are_well_formed_and_inert() {
    for (name, graph) in graphs() {
        for format in [GraphFormat::Svg, GraphFormat::Html] {
            let bytes = export_as(&graph, format);
            check_xml(&bytes, format.extension());
            let text = String::from_utf8(bytes).unwrap();
            for forbidden in ["<script", "javascript:alert(\"", "onload", "]]>", "@import", "src="] {
                assert!(!text.contains(forbidden), "{name} {format} holds {forbidden}");
            }
        }
    }
}

#[test]
fn xml_readers_find_the_graph_in_pictures_and_pages() {
    let plain = |text: &str| text.chars().map(blank).filter(|c| *c != ' ').collect::<String>();
    for (name, graph) in graphs() {
        let ends = |edge: &Edge| json!([edge.head, edge.relation_type, edge.tail]);
        for format in [GraphFormat::Svg, GraphFormat::Html] {
            let bytes = export_as(&graph, format);
            let read = read_with_python("graph_markup.py", format.name(), &bytes, format.extension());
            let nodes = read["nodes"].as_object().unwrap();
            assert_eq!(nodes.len(), graph.node_count(), "{name} {format}");
            for node in graph.nodes() {
                let expected = plain(&node.name);
                let shown = plain(nodes[node.id.as_str()].as_str().unwrap());
                if format == GraphFormat::Html {
                    assert_eq!(shown, expected, "{name}");
                } else {
                    let expected: String = expected.chars().take(40).collect();
                    assert!(shown.starts_with(&expected), "{name}: {shown} is not {expected}");
                }
            }
            let edges = sorted(read["edges"].as_array().unwrap().clone());
            assert_eq!(edges, sorted(graph.edges().map(ends)), "{name} {format}");
            if format == GraphFormat::Html {
                let shown =
                    read["evidence"].as_array().unwrap().iter().map(|quote| json!(plain(quote.as_str().unwrap())));
                let assertions = graph.edges().flat_map(|edge| &edge.assertions);
                let quotes =
                    assertions.flat_map(|assertion| &assertion.evidence).map(|quote| json!(plain(&quote.text)));
                assert_eq!(sorted(shown), sorted(quotes), "{name}");
            }
        }
    }
}

#[test]
fn equal_graphs_give_equal_bytes() {
    let (mut docs, all) = (story(), graphs());
    docs.reverse();
    let backwards = build(&docs);
    let (_, forwards) = &all[1];
    for format in GraphFormat::ALL {
        assert!(all_bytes(forwards, format) == all_bytes(&backwards, format), "{format}");
    }
}

#[test]
fn documents_are_lines_of_json() {
    let docs: Vec<Document> = story().into_iter().chain(hostile_documents()).collect();
    let mut lines = Vec::new();
    for doc in &docs {
        write_document(doc, &mut lines).unwrap();
    }
    let text = String::from_utf8(lines).unwrap();
    let read: Vec<DocumentRecord> =
        text.split_terminator('\n').map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read.len(), docs.len());
    for (record, doc) in read.iter().zip(&docs) {
        assert_eq!(record, &DocumentRecord::from(doc));
        assert_eq!(record.text, doc.text);
    }
}

fn read_table(bytes: &[u8]) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
    let read = read_with_python("graph_csv.py", "table", bytes, "csv");
    (serde_json::from_value(read["header"].clone()).unwrap(), serde_json::from_value(read["rows"].clone()).unwrap())
}

/// What a reader of RFC 4180 makes of a graph's table: Python keeps every character but NUL, which it keeps too.
#[test]
fn python_reads_one_table_of_edges() {
    for (name, graph) in graphs() {
        let (_, rows) = read_table(&export_as(&graph, GraphFormat::Csv));
        assert_eq!(rows.len(), graph.edge_count(), "{name}");
        for (edge, row) in graph.edges().zip(rows) {
            let summary = graph.summary(edge);
            let node = |id: &relata::graph::NodeId| graph.node(id.as_str()).unwrap();
            assert_eq!([&row["head_id"], &row["tail_id"]], [edge.head.as_str(), edge.tail.as_str()]);
            assert_eq!([&row["head"], &row["tail"]], [&node(&edge.head).name, &node(&edge.tail).name], "{name}");
            assert_eq!(row["head_type"], node(&edge.head).entity_type.name());
            assert_eq!(row["relation"], edge.relation_type.name());
            assert_eq!(row["status"], status_name(summary.status()));
            assert_eq!(row["score"].parse::<f32>().unwrap(), summary.shown.best_score);
            assert_eq!(row["documents"], summary.documents.to_string());
            let counts: Vec<String> =
                summary.statuses().map(|said| format!("{} {}", status_name(said.status), said.documents)).collect();
            assert_eq!(row["statuses"], if counts.len() > 1 { counts.join(", ") } else { String::new() });
            let proof = edge.assertions.iter().find(|assertion| {
                let quotes: Vec<&str> = assertion.evidence.iter().map(|quote| quote.text.as_str()).collect();
                assertion.document == row["document"] && quotes.join(" … ") == row["evidence"]
            });
            assert_eq!(
                status_name(proof.unwrap().status),
                row["status"],
                "{name}: the proof is of the status that is told"
            );
        }
    }
}

#[test]
fn python_reads_tables_and_they_refer_to_each_other() {
    for (name, graph) in graphs() {
        let files = export_folder(&graph, GraphFormat::CsvTables);
        let table = |file: &str| read_table(&files[&format!("{file}.csv")]).1;
        let documents: Vec<String> = table("documents").into_iter().map(|mut row| row.remove("id").unwrap()).collect();
        assert_eq!(documents, graph.documents().iter().map(|document| document.id.clone()).collect::<Vec<_>>());
        let nodes = table("nodes");
        assert_eq!(nodes.len(), graph.node_count(), "{name}");
        for (node, row) in graph.nodes().zip(&nodes) {
            assert_eq!(
                [&row["id"], &row["type"], &row["name"]],
                [node.id.as_str(), node.entity_type.name(), &node.name]
            );
            assert_eq!(row["documents"], node.mentions.len().to_string());
        }
        let names = graph.nodes().flat_map(|node| {
            node.aliases
                .iter()
                .map(move |alias| json!({"node": node.id, "name": alias.name, "mentions": alias.count.to_string()}))
        });
        assert_eq!(table("names").into_iter().map(|row| json!(row)).collect::<Vec<_>>(), names.collect::<Vec<_>>());
        let mentions = graph.nodes().flat_map(|node| {
            node.mentions.iter().flat_map(move |found| {
                found.spans.iter().map(move |span| {
                    json!({
                        "node": node.id, "document": found.document, "start": span.start.to_string(),
                        "end": span.end.to_string(), "char_start": span.char_start.to_string(),
                        "char_end": span.char_end.to_string(), "kind": span.kind.name(),
                    })
                })
            })
        });
        assert_eq!(
            table("mentions").into_iter().map(|row| json!(row)).collect::<Vec<_>>(),
            mentions.collect::<Vec<_>>()
        );
        let edges = graph.edges().map(|edge| json!([edge.head, edge.relation_type, edge.tail]));
        let found = table("edges").into_iter().map(|row| json!([row["head"], row["relation"], row["tail"]]));
        assert_eq!(found.collect::<Vec<_>>(), edges.collect::<Vec<_>>(), "{name}");
        let quotes = graph.edges().flat_map(|edge| {
            edge.assertions.iter().flat_map(move |assertion| {
                assertion.evidence.iter().map(move |quote| {
                    json!([
                        edge.head,
                        edge.relation_type,
                        edge.tail,
                        assertion.document,
                        status_name(assertion.status),
                        assertion.by.as_ref().map_or("", |by| by.id.as_str()),
                        quote.start.to_string(),
                        quote.text,
                    ])
                })
            })
        });
        let (found, without): (Vec<_>, Vec<_>) =
            table("evidence").into_iter().partition(|row| !row["start"].is_empty());
        let assertions = graph.edges().flat_map(|edge| &edge.assertions);
        assert_eq!(without.len(), assertions.filter(|assertion| assertion.evidence.is_empty()).count(), "{name}");
        let found = found.into_iter().map(|row| {
            let of = |key: &str| row[key].clone();
            json!(["head", "relation", "tail", "document", "status", "by", "start", "text"].map(of))
        });
        let (found, quotes) = (found.collect::<Vec<_>>(), quotes.collect::<Vec<_>>());
        assert_eq!(found.len(), quotes.len(), "{name}");
        for (found, quote) in found.iter().zip(&quotes) {
            assert!(found == quote, "{name}: {} is not {}", short(found), short(quote));
        }
    }
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(600).collect()
}

#[test]
fn tables_for_neo4j_have_its_headers_and_whole_lists() {
    for (name, graph) in graphs() {
        let files = export_folder(&graph, GraphFormat::Neo4jCsv);
        let table = |file: &str| read_table(&files[&format!("{file}.csv")]);
        let (header, nodes) = table("nodes");
        assert_eq!([&header[0], &header[header.len() - 1]], ["id:ID(Entity)", ":LABEL"]);
        let clean = |text: &str| text.replace('\u{1f}', " ");
        for (node, row) in graph.nodes().zip(&nodes) {
            assert_eq!([&row["id:ID(Entity)"], &row["name"]], [node.id.as_str(), &node.name], "{name}");
            let labels: Vec<String> = row[":LABEL"].split('\u{1f}').map(str::to_uppercase).collect();
            assert_eq!(labels, ["ENTITY", node.entity_type.name()]);
            let aliases: Vec<&str> =
                row["aliases:string[]"].split('\u{1f}').filter(|alias| !alias.is_empty()).collect();
            assert_eq!(aliases, node.aliases.iter().map(|alias| clean(&alias.name)).collect::<Vec<_>>(), "{name}");
        }
        let (header, edges) = table("relationships");
        let ends = [":START_ID(Entity)", ":END_ID(Entity)", ":TYPE"];
        assert_eq!(header[header.len() - 3..], ends);
        assert_eq!(edges.len(), graph.edge_count());
        for (edge, row) in graph.edges().zip(&edges) {
            let expected = [edge.head.as_str(), edge.tail.as_str(), &edge.relation_type.name().to_uppercase()];
            assert_eq!(ends.map(|end| row[end].as_str()), expected);
            let lists = header.iter().filter(|column| column.starts_with("assertion_"));
            for column in lists {
                assert_eq!(row[column].split('\u{1f}').count(), edge.assertions.len(), "{name} {column}");
            }
            let proofs: Vec<&str> = row["assertion_evidence:string[]"].split('\u{1f}').collect();
            for (assertion, proof) in edge.assertions.iter().zip(proofs) {
                assert!(
                    assertion.evidence.first().is_none_or(|quote| proof.starts_with(&clean(&quote.text))),
                    "{name}"
                );
            }
        }
        let (_, documents) = table("documents");
        assert_eq!(documents.len(), graph.documents().len());
        let (_, mentions) = table("mentions");
        assert_eq!(mentions.len(), graph.nodes().map(|node| node.mentions.len()).sum::<usize>());
    }
}

#[test]
fn a_folder_is_no_file_and_a_file_no_folder() {
    let graph = KnowledgeGraph::default();
    let mut writer = GraphExporter::from_format(GraphFormat::CsvTables).for_writer(Vec::new());
    assert!(writer.write(&graph).is_err());
    let there = tempfile::tempdir().unwrap();
    let error = GraphExporter::from_format(GraphFormat::Dot).write_folder(&graph, &there.path().join("x")).unwrap_err();
    assert_eq!(error.to_string(), "cannot write the graph as dot");
    assert_eq!(fs::read_dir(there.path()).unwrap().count(), 0);
}
