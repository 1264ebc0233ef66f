//! The formats of linked data say the same in all syntaxes to all readers, and pass the shapes of the schema.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use relata::{
    document::Document,
    export::{DEFAULT_BASE_IRI, GraphExporter, GraphFormat, VOCABULARY, shacl_shapes},
    graph::{GraphFilter, KnowledgeGraph},
    record::DocumentRecord,
    schema::{EntityType, MentionKind, RelationType},
    span::ByteSpan,
};
use serde_json::Value;

use crate::{
    annotate,
    export::{build, export, graphs, hostile_documents, python},
    graph::{Sketch, story},
};

const FORMATS: [GraphFormat; 4] = [GraphFormat::JsonLd, GraphFormat::NQuads, GraphFormat::Turtle, GraphFormat::TriG];

/// Subject, predicate, object and graph, each as JSON.
type Quads = BTreeSet<[String; 4]>;

/// Places with identifiers of each kind, and identifiers of documents that look like paths to resolve.
fn linked() -> KnowledgeGraph {
    let links = [Some("Q183"), Some("geonames:2950159"), Some("wikipedia:Spree"), None];
    let ids = ["a/../b/./c", "..", "/", "http://example.org/x?y#z", "100%", "%2E%2E", "é ü", "a/b"];
    let docs = ids.into_iter().map(|id| {
        let mut sketch = Sketch::new(id, Some("2024-02-30"));
        for (index, name) in ["Germany", "Berlin", "Spree", "Charlottenburg"].into_iter().enumerate() {
            sketch.mention(&format!("l{index}"), Some(EntityType::Place), MentionKind::Name, None, name);
            sketch.text(", ");
        }
        sketch.mention("w", Some(EntityType::Work), MentionKind::Name, None, "Aurora");
        sketch.mention("p", Some(EntityType::Person), MentionKind::Name, None, "Ada Quill");
        sketch.mention("o", Some(EntityType::Organization), MentionKind::Name, None, "Quill Works");
        sketch.mention("d", Some(EntityType::Date), MentionKind::Name, Some("1999-02"), "February 1999");
        for line in
            ["l1 located_in l0 1", "l3 located_in l1 0.0000001", "p created w", "p founded o 0.5", "p born_on d"]
        {
            sketch.relation(line);
        }
        let mut doc = sketch.finish();
        doc.source = Some("The Harbour Gazette".to_owned());
        for (entity, link) in doc.entities.iter_mut().zip(links) {
            entity.link = link.map(str::to_owned);
        }
        doc
    });
    build(&docs.collect::<Vec<Document>>())
}

fn all_graphs() -> Vec<(&'static str, KnowledgeGraph)> {
    let mut all = graphs();
    all.push(("linked", linked()));
    all
}

fn write(
    folder: &Path,
    graph: &KnowledgeGraph,
    exporter: impl Fn(GraphFormat) -> GraphExporter,
    formats: &[GraphFormat],
) {
    for format in formats {
        fs::write(folder.join("graph").with_extension(format.extension()), export(graph, exporter(*format))).unwrap();
    }
}

fn python_says(script: &str, arguments: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers").join(script);
    let output = Command::new(python()).arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What readers find in the files of a folder, by reader and extension, and the canonical forms.
fn read(folder: &Path, readers: &[&str]) -> (BTreeMap<String, Quads>, Value) {
    let arguments: Vec<&str> = [folder.to_str().unwrap()].into_iter().chain(readers.iter().copied()).collect();
    let said = python_says("rdf_quads.py", &arguments);
    let quads = |list: &Value| -> Quads {
        let list = list.as_array().unwrap();
        list.iter().map(|quad| std::array::from_fn(|index| quad[index].to_string())).collect()
    };
    let all = said["quads"].as_object().unwrap().iter().map(|(key, list)| (key.clone(), quads(list))).collect();
    (all, said["canonical"].clone())
}

fn triples(quads: &Quads) -> BTreeSet<[String; 3]> {
    quads.iter().map(|[subject, predicate, object, _]| [subject.clone(), predicate.clone(), object.clone()]).collect()
}

fn assert_same<T: Ord + std::fmt::Debug>(found: &BTreeSet<T>, expected: &BTreeSet<T>, what: &str) {
    let (more, less) = (found.difference(expected).next(), expected.difference(found).next());
    assert!(more.is_none() && less.is_none(), "{what}: more, such as {more:?}; less, such as {less:?}");
}

#[test]
fn all_syntaxes_say_the_same_to_all_readers() {
    for (name, graph) in all_graphs() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &graph, GraphExporter::from_format, &FORMATS);
        let (all, canonical) = read(folder.path(), &[]);
        assert_eq!(all.len(), 12, "{name}: four readers, of which one reads all but JSON-LD and one nothing else");
        let expected = triples(&all["pyld .jsonld"]);
        assert!(expected.len() >= 5 + graph.node_count() * 2 + graph.edge_count() * 9, "{name}: {}", expected.len());
        for (reader, quads) in &all {
            assert_same(&triples(quads), &expected, &format!("{name}, {reader}"));
            if reader.ends_with(".trig") {
                assert_same(&stated(quads), &expected_stated(&graph), &format!("{name}, {reader}"));
            } else {
                assert!(quads.iter().all(|[.., graph]| graph == "\"\""), "{name}, {reader}: a named graph");
            }
        }
        let canonical = [&canonical[".jsonld"], &canonical[".nq"]].map(|text| text.as_str().unwrap());
        assert!(canonical[0] == canonical[1], "{name}");
        assert_eq!(canonical[0].lines().count(), expected.len(), "{name}");
    }
}

fn json(text: impl Into<String>) -> String {
    Value::String(text.into()).to_string()
}

/// What stands in which graph: plain relations as predicate, head and tail, and the ends of statements as predicate and end.
fn stated(quads: &Quads) -> BTreeSet<[String; 4]> {
    let ends = ["subject", "object"].map(rdf);
    let is_relation = |predicate: &str| {
        let name = predicate.trim_matches('"').strip_prefix(VOCABULARY);
        name.and_then(RelationType::from_name).is_some()
    };
    let mut found = BTreeSet::new();
    for [subject, predicate, object, graph] in quads {
        if is_relation(predicate) {
            found.insert([graph.clone(), predicate.clone(), subject.clone(), object.clone()]);
        } else if ends.contains(predicate) {
            found.insert([graph.clone(), predicate.clone(), String::new(), object.clone()]);
        }
    }
    found
}

/// The same of a graph, told by its documents.
fn expected_stated(graph: &KnowledgeGraph) -> BTreeSet<[String; 4]> {
    let iri = |id: &str| json(format!("{DEFAULT_BASE_IRI}{id}"));
    let mut expected = BTreeSet::new();
    for edge in graph.edges() {
        let (head, tail) = (iri(edge.head.as_str()), iri(edge.tail.as_str()));
        let is_fact = graph.summary(edge).status().is_none();
        for assertion in &edge.assertions {
            let document = iri(&format!("document:{}", segments(&assertion.document)));
            expected.insert([document.clone(), rdf("subject"), String::new(), head.clone()]);
            expected.insert([document.clone(), rdf("object"), String::new(), tail.clone()]);
            if is_fact && assertion.status.is_none() {
                let relation = json(format!("{VOCABULARY}{}", edge.relation_type));
                expected.insert([document, relation, head.clone(), tail.clone()]);
            }
        }
    }
    expected
}

fn rdf(name: &str) -> String {
    json(format!("http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}"))
}

fn segments(id: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encoded: String =
        id.bytes().map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    encoded.replace("/../", "/%2E%2E/").replace("/./", "/%2E/")
}

#[test]
fn statements_of_rdf_1_2_are_those_of_rdf_1_1() {
    for (name, graph) in all_graphs() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &graph, GraphExporter::from_format, &FORMATS[1..]);
        let (old, _) = read(folder.path(), &["pyoxigraph"]);
        write(folder.path(), &graph, |format| GraphExporter::from_format(format).with_rdf12(true), &FORMATS[1..]);
        let (new, _) = read(folder.path(), &["pyoxigraph"]);
        assert_eq!(new.len(), 3);
        for (reader, quads) in &new {
            assert_same(quads, &old[reader], &format!("{name}, {reader}"));
        }
        let text = fs::read_to_string(folder.path().join("graph.ttl")).unwrap();
        let statements: usize = graph.edges().map(|edge| edge.assertions.len()).sum();
        assert_eq!(text.matches("rdf:reifies <<( ").count(), statements, "{name}");
        assert!(!text.contains("rdf:Statement"), "{name}");
    }
}

#[test]
fn bases_are_taken_or_refused() {
    let graph = linked();
    let folder = tempfile::tempdir().unwrap();
    let base = "https://example.org/ü b/";
    write(folder.path(), &graph, |format| GraphExporter::from_format(format).with_base_iri(base), &FORMATS);
    let (all, _) = read(folder.path(), &["pyld", "pyoxigraph"]);
    let expected = triples(&all["pyld .jsonld"]);
    for (reader, quads) in &all {
        assert_same(&triples(quads), &expected, reader);
        assert!(quads.iter().flatten().all(|term| !term.contains("urn:relata:")), "{reader}");
        let germany = json("https://example.org/%C3%BC%20b/document:a/%2E%2E/b/%2E/c");
        assert!(quads.iter().any(|[subject, ..]| *subject == germany), "{reader}");
    }
    for format in FORMATS {
        for base in ["", "id/", "schema:", "https://example.org/100%/"] {
            let mut writer = GraphExporter::from_format(format).with_base_iri(base).for_writer(Vec::new());
            let error = writer.write(&graph).unwrap_err();
            assert!(error.io_error().to_string().starts_with(&format!("the base {base:?} ")), "{error:?}");
        }
    }
}

/// What pyshacl says of graphs in N-Quads.
fn violations(graphs: &[String]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: String, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut paths = vec![path("shapes.ttl".to_owned(), &shacl_shapes())];
    paths.extend(graphs.iter().enumerate().map(|(index, text)| path(format!("{index}.nq"), text)));
    let arguments: Vec<&str> = paths.iter().map(String::as_str).collect();
    python_says("rdf_shapes.py", &arguments).as_array().unwrap().clone()
}

fn n_quads(graph: &KnowledgeGraph) -> String {
    String::from_utf8(export(graph, GraphExporter::from_format(GraphFormat::NQuads))).unwrap()
}

#[test]
fn every_graph_passes_the_shapes() {
    let mut all = all_graphs();
    // A part of a graph, without the dates and places that its statements name.
    let people = GraphFilter::new().with_entity_types([EntityType::Person]);
    all.push(("part", all[1].1.subgraph(&people)));
    assert!(all.last().unwrap().1.edge_count() > 0);
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples/obituary.txt");
    all.push(("article", build(&[annotate("obituary", &fs::read_to_string(article).unwrap(), Some("2024-03-12"))])));
    // Some of the hostile relations come without the evidence that the program gives to all.
    let mut docs = hostile_documents();
    for doc in &mut docs {
        let whole = ByteSpan::new(0, doc.text.len());
        doc.relations.iter_mut().filter(|relation| relation.evidence.is_empty()).for_each(|it| it.evidence.push(whole));
    }
    all[2].1 = build(&docs);
    let texts: Vec<String> = all.iter().map(|(_, graph)| n_quads(graph)).collect();
    for ((name, _), said) in all.iter().zip(violations(&texts)) {
        assert_eq!(said["conforms"], true, "{name}: {:#}", said["results"]);
    }
}

#[test]
fn broken_graphs_fail_the_shapes() {
    let story = n_quads(&all_graphs()[1].1);
    let linked = n_quads(&linked());
    let relata = |name: &str| format!("<{VOCABULARY}{name}>");
    let without = |text: &str, property: &str| {
        let line = text.lines().find(|line| line.split(' ').nth(1) == Some(property)).unwrap();
        // The triple may be written several times.
        text.replace(&format!("{line}\n"), "")
    };
    let replaced = |text: &str, old: &str, new: &str| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    };
    let subject = |text: &str, object: &str| {
        text.lines().find(|line| line.contains(object)).unwrap().split(' ').next().unwrap().to_owned()
    };
    let (brightwater, keller) = (subject(&story, "\"Brightwater Rail\""), subject(&story, "\"Maria Keller\""));
    let schema = |name: &str| format!("<https://schema.org/{name}>");
    let nif = |name: &str| format!("<http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#{name}>");
    let rdf = |name: &str| format!("<http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}>");
    let prov = |name: &str| format!("<http://www.w3.org/ns/prov#{name}>");
    let decimal = "\"^^<http://www.w3.org/2001/XMLSchema#decimal>";
    let cases: Vec<(String, String, &str)> = vec![
        (without(&story, &relata("score")), relata("score"), "MinCount"),
        (replaced(&story, &format!("\"0.93{decimal}"), &format!("\"1.93{decimal}")), relata("score"), "MaxInclusive"),
        (replaced(&story, &format!("\"0.93{decimal}"), "\"0.93\""), relata("score"), "Datatype"),
        (without(&story, &relata("status")), relata("status"), "MinCount"),
        (replaced(&story, &relata("negated"), &relata("denied")), relata("status"), "In"),
        (without(&story, &rdf("subject")), rdf("subject"), "MinCount"),
        (without(&story, &rdf("object")), rdf("object"), "MinCount"),
        (without(&story, &rdf("predicate")), rdf("predicate"), "MinCount"),
        (
            replaced(
                &story,
                &format!("{} {}", rdf("predicate"), relata("met")),
                &format!("{} {}", rdf("predicate"), relata("ate")),
            ),
            rdf("predicate"),
            "In",
        ),
        (without(&story, &relata("evidence")), relata("evidence"), "MinCount"),
        (without(&story, &prov("wasDerivedFrom")), prov("wasDerivedFrom"), "MinCount"),
        (without(&story, &nif("anchorOf")), nif("anchorOf"), "MinCount"),
        (without(&story, &nif("referenceContext")), nif("referenceContext"), "MinCount"),
        (without(&story, &schema("identifier")), schema("identifier"), "MinCount"),
        (
            replaced(&story, &format!("{keller} {} \"Maria Keller\" .\n", schema("name")), ""),
            schema("name"),
            "MinCount",
        ),
        (format!("{story}{keller} {} {} .\n", rdf("type"), relata("Work")), rdf("type"), "QualifiedMaxCount"),
        (
            replaced(
                &story,
                &format!("{} {} .", rdf("type"), schema("Person")),
                &format!("{} {} .", rdf("type"), schema("Place")),
            ),
            rdf("type"),
            "HasValue",
        ),
        (replaced(&linked, "\"52.52", "\"152.52"), schema("latitude"), "MaxInclusive"),
        // The wrong end of a statement is found from the relation, over a path that has no name.
        (
            replaced(&story, &format!("{} {keller}", rdf("subject")), &format!("{} {brightwater}", rdf("subject"))),
            "the head of head_of has to be of type PERSON".to_owned(),
            "Or",
        ),
        (
            replaced(&story, &format!("{} {brightwater}", rdf("object")), &format!("{} {keller}", rdf("object"))),
            "the tail of head_of has to be of type ORGANIZATION or PLACE or EVENT or GROUP".to_owned(),
            "Or",
        ),
        (
            format!("{story}{brightwater} {} {keller} .\n", relata("citizen_of")),
            "the head of citizen_of has to be of type PERSON".to_owned(),
            "Or",
        ),
    ];
    let texts: Vec<String> = cases.iter().map(|(text, ..)| text.clone()).collect();
    for ((_, path, constraint), said) in cases.iter().zip(violations(&texts)) {
        assert_eq!(said["conforms"], false, "{path} {constraint}");
        let found = said["results"].as_array().unwrap().iter().any(|result| {
            let place = if path.starts_with('<') { &result["path"] } else { &result["message"] };
            place.as_str() == Some(path.trim_matches(['<', '>']))
                && result["constraint"] == format!("{constraint}ConstraintComponent")
        });
        assert!(found, "{path} {constraint}: {:#}", said["results"]);
    }
}

fn collect_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_names(value, names)),
        Value::Object(fields) => {
            names.extend(fields.keys().filter(|name| !name.starts_with('@')).cloned());
            fields.values().for_each(|value| collect_names(value, names));
        }
        _ => {}
    }
}

#[test]
fn every_name_of_the_context_and_every_property_is_explained() {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rdf.md")).unwrap();
    let rows: BTreeSet<&str> = docs.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let mut explained = BTreeSet::new();
    for (_, graph) in all_graphs() {
        let text = export(&graph, GraphExporter::from_format(GraphFormat::JsonLd));
        let document: Value = serde_json::from_slice(&text).unwrap();
        let mut names: BTreeSet<String> = document["@context"].as_object().unwrap().keys().cloned().collect();
        collect_names(&document["@graph"], &mut names);
        // Relations and their schema.org properties are explained by the schema.
        let relations: BTreeSet<String> = RelationType::all()
            .flat_map(|relation| {
                let schema_org = relation.info().schema_org.as_ref().map(|name| format!("schema:{name}"));
                [Some(format!("relata:{relation}")), schema_org].into_iter().flatten()
            })
            .collect();
        for name in names.difference(&relations) {
            assert!(rows.contains(name.as_str()), "docs/rdf.md has no row for `{name}`");
        }
        explained.extend(names);
    }
    for row in rows {
        assert!(explained.contains(row), "docs/rdf.md explains `{row}`, which no export holds");
    }
}

#[test]
fn the_program_writes_linked_data_and_shapes() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> =
        story().iter().map(|doc: &Document| serde_json::to_string(&DocumentRecord::from(doc)).unwrap()).collect();
    fs::write(folder.path().join("story.jsonl"), lines.join("\n")).unwrap();
    let run = |arguments: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relata"));
        command.args(arguments.split(' ')).current_dir(folder.path()).output().unwrap()
    };
    let good = |arguments: &str| {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    good("build --extracted story.jsonl -o a.nq -o a.nt -o a.ttl -o a.trig -o a.relata");
    good("export a.relata -o b.nq -o b.ttl -o b.trig");
    good("export a.relata --rdf12 -o new.ttl");
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    for extension in ["nq", "ttl", "trig"] {
        assert!(!bytes(&format!("a.{extension}")).is_empty());
        assert!(bytes(&format!("a.{extension}")) == bytes(&format!("b.{extension}")), "{extension}");
    }
    assert!(bytes("a.nq") == bytes("a.nt"));
    assert!(String::from_utf8(bytes("new.ttl")).unwrap().contains("rdf:reifies <<( "));
    let refused = run("export a.relata --rdf12 -o c.jsonld");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--rdf12 is of no use here"));
    assert_eq!(String::from_utf8(good("schema --shacl")).unwrap(), shacl_shapes());
}
