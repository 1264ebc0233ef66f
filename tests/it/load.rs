//! Graphs are loaded into databases, and read back through another door than they came in by.
//!
//! The tests that need a database are run by `cargo xtask test load`, which installs them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::Duration,
};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use relata::{
    document::Document,
    export::{
        GraphExporter, GraphFormat,
        property::{Properties, PropertyValue, document_properties, edge_properties, node_properties, relationship},
        write_document,
    },
    graph::KnowledgeGraph,
    load::{Address, LoadError, Loader, MARK, Progress},
    schema::{EntityType, MentionKind},
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::{
    export::{build, hostile_documents},
    graph::{Sketch, story},
    servers::{Kind, PASSWORD, Proxy, Server, free_port, kill, program},
};

/// A graph that takes many batches of a few rows.
fn many_documents() -> Vec<Document> {
    let document = |number: usize| {
        let mut sketch = Sketch::new(&format!("many/{number}"), Some("2024-03-01"));
        for place in 0..3 {
            let name = format!("Company {}", number + place);
            sketch.mention(&format!("e{place}"), Some(EntityType::Organization), MentionKind::Name, None, &name);
            sketch.text(" said. ");
        }
        sketch.relation("e0 criticized e1");
        sketch.relation("e1 criticized e2 ~possible");
        sketch.finish()
    };
    (0..60).map(document).collect()
}

/// A folder with the graph of some documents, as `graph.json` and `graph.relata`.
struct Files(TempDir);

impl Files {
    fn new(docs: &[Document]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = GraphExporter::from_format(GraphFormat::NodeLink)
            .for_writer(fs::File::create(folder.path().join("graph.json")).unwrap());
        writer.write(&build(docs)).unwrap();
        writer.finish().unwrap();
        Self(folder)
    }

    /// The graph file, which only the program makes.
    fn graph_file(&self, docs: &[Document]) -> PathBuf {
        let lines = self.0.path().join("docs.jsonl");
        let mut out = fs::File::create(&lines).unwrap();
        docs.iter().for_each(|doc| write_document(doc, &mut out).unwrap());
        let path = self.0.path().join("graph.relata");
        let built = Command::new(env!("CARGO_BIN_EXE_relata"))
            .args(["build", "--extracted"])
            .args([&lines, Path::new("-o"), &path])
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        path
    }

    fn json(&self) -> PathBuf {
        self.0.path().join("graph.json")
    }
}

/// Runs `relata load` with a password, and checks the exit code and what it says.
#[track_caller]
fn load(graph: &Path, url: &str, more: &[&str], code: i32, said: &[&str]) {
    let output = load_with(graph, url, more, &[("RELATA_PASSWORD", PASSWORD)]);
    check(&output, code, said);
}

fn load_with(graph: &Path, url: &str, more: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_relata"))
        .arg("load")
        .arg(graph)
        .arg(url)
        .args(more)
        .env_remove("RELATA_PASSWORD")
        .envs(environment.iter().copied())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, said: &[&str]) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(output.stdout.is_empty(), "standard output is for data");
    for part in said {
        assert!(error.contains(part), "no {part:?} in {error}");
    }
    assert!(!error.contains(PASSWORD), "{error}");
}

// -- without a server

#[test]
fn what_cannot_work_is_told_before_anything_is_sent() {
    let files = Files::new(&story());
    let json = files.json();
    let closed = format!("127.0.0.1:{}", free_port());
    let check_url = |url: &str, more: &[&str], said: &[&str]| load(&json, url, more, 2, said);
    check_url("localhost", &[], &["cannot use the address", "bolt://USER@HOST"]);
    check_url("mysql://localhost", &[], &["mysql:// is not known"]);
    check_url("bolt://localhost", &["--graph", "urn:x"], &["--graph names a graph of an RDF store"]);
    check_url("sparql+http://localhost", &["--graph", "no iri"], &["give an absolute IRI"]);
    check_url("bolt://localhost", &["--types", "SHIP"], &["unknown entity type"]);
    for scheme in ["bolt", "bolt+s", "sparql+http", "sparql+https"] {
        check_url(
            &format!("{scheme}://{closed}"),
            &[],
            &[&format!("cannot reach a database at {closed}"), "is it running"],
        );
    }
    check_url(&format!("falkordb://{closed}/g"), &[], &["cannot reach a database", "is it running"]);
    load(&files.0.path().join("none.json"), "bolt://localhost", &[], 2, &["cannot read", "none.json"]);
    load(&files.0.path().join("graph.dot"), "bolt://localhost", &[], 2, &["graph.dot"]);
    let output = load_with(&json, &format!("bolt://me@{closed}"), &[], &[]);
    check(&output, 2, &["no password for me: set RELATA_PASSWORD"]);
    let output = load_with(&json, &format!("bolt://me:swordfish@{closed}"), &[], &[]);
    check(&output, 2, &["others can see a password", "bolt://me:…@"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("swordfish"));
}

// -- property graphs

/// A property graph as it is read back: nodes and relationships by what identifies them, with labels and properties.
#[derive(Debug, Default, PartialEq)]
struct Held {
    nodes: BTreeMap<String, Value>,
    relationships: BTreeMap<(String, String, String), Value>,
}

impl Held {
    /// What a graph has to look like.
    fn expected(graph: &KnowledgeGraph) -> Self {
        let mut held = Self::default();
        for document in graph.documents() {
            let node = json!({"labels": ["Document"], "properties": to_json(document_properties(document))});
            held.nodes.insert(document.id.clone(), node);
        }
        for node in graph.nodes() {
            let labels = ["Entity".to_owned(), node.entity_type.class_name()];
            let value = json!({"labels": labels, "properties": to_json(node_properties(node))});
            held.nodes.insert(node.id.to_string(), value);
            for found in &node.mentions {
                let key = (node.id.to_string(), "MENTIONED_IN".to_owned(), found.document.clone());
                held.relationships.insert(key, json!({"mentions": found.spans.len() as f64}));
            }
        }
        for edge in graph.edges() {
            let key = (edge.head.to_string(), relationship(edge.relation_type.name()), edge.tail.to_string());
            held.relationships.insert(key, to_json(edge_properties(graph, edge).unwrap()));
        }
        held
    }

    fn counts(&self) -> (usize, usize) {
        (self.nodes.len(), self.relationships.len())
    }
}

/// Properties as JSON, all numbers as floats, since JSON does not tell them apart.
fn to_json(properties: Properties) -> Value {
    let value = |value: PropertyValue| match value {
        PropertyValue::Text(text) => json!(text),
        PropertyValue::Integer(number) => json!(number as f64),
        PropertyValue::Float(number) => json!(number),
        PropertyValue::Texts(texts) => json!(texts),
        PropertyValue::Floats(numbers) => json!(numbers),
        other => panic!("no property is {other:?}"),
    };
    properties.into_iter().map(|(name, property)| (name.to_owned(), value(property))).collect::<Map<_, _>>().into()
}

/// A property graph that can be asked.
trait PropertyDatabase {
    fn server(&mut self) -> &mut Server;

    fn url(&self, port: u16) -> String;

    /// Rows of lists of values.
    fn ask(&self, query: &str) -> Vec<Vec<Value>>;

    /// What comes back for a text.
    fn stored(&self, text: &str) -> String {
        text.to_owned()
    }

    /// All that was loaded.
    fn held(&self) -> Held {
        let mut held = Held::default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let own = |properties: &Value| {
            let mut properties = floats(properties);
            let fields = properties.as_object_mut().unwrap();
            assert!(fields.remove(MARK).is_some_and(|mark| mark.as_str().unwrap().len() == 16));
            fields.retain(|_, value| !value.is_null());
            properties
        };
        for row in self.ask(&format!("MATCH (x) WHERE x.{MARK} IS NOT NULL RETURN labels(x) AS a, properties(x) AS b"))
        {
            let mut labels: Vec<String> = row[0].as_array().unwrap().iter().map(text).collect();
            labels.sort_by_key(|label| label != "Entity");
            let properties = own(&row[1]);
            let id = text(&properties["id"]);
            let before = held.nodes.insert(id, json!({"labels": labels, "properties": properties}));
            assert_eq!(before, None, "an identifier is there twice");
        }
        for row in self.ask("MATCH (a)-[x]->(b) RETURN a.id AS a, type(x) AS b, b.id AS c, properties(x) AS d") {
            let key = (text(&row[0]), text(&row[1]), text(&row[2]));
            assert_eq!(held.relationships.insert(key, own(&row[3])), None, "a relationship is there twice");
        }
        held
    }

    #[track_caller]
    fn check_holds(&self, docs: &[Document]) {
        let mut expected = Held::expected(&build(docs));
        let stored = |value: &Value| -> Value { serde_json::from_str(&self.stored(&value.to_string())).unwrap() };
        expected.nodes = expected.nodes.iter().map(|(id, node)| (self.stored(id), stored(node))).collect();
        expected.relationships =
            expected.relationships.iter().map(|(key, value)| (key.clone(), stored(value))).collect();
        let held = self.held();
        assert_eq!(held.counts(), expected.counts());
        for (id, node) in &expected.nodes {
            assert_eq!(held.nodes.get(id), Some(node));
        }
        for (key, properties) in &expected.relationships {
            assert_eq!(held.relationships.get(key), Some(properties), "{key:?}");
        }
    }
}

fn floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.iter().map(floats).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), floats(value))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

struct ArcadeDb(Server);

impl PropertyDatabase for ArcadeDb {
    fn server(&mut self) -> &mut Server {
        &mut self.0
    }

    fn url(&self, port: u16) -> String {
        format!("bolt://root@127.0.0.1:{port}/relata")
    }

    /// Over HTTP, where graphs come in over Bolt.
    fn ask(&self, query: &str) -> Vec<Vec<Value>> {
        let user = BASE64_STANDARD.encode(format!("root:{PASSWORD}"));
        let body = json!({"language": "opencypher", "command": query, "limit": -1}).to_string();
        let mut response = ureq::post(format!("http://127.0.0.1:{}/api/v1/command/relata", self.0.http_port))
            .header("Authorization", format!("Basic {user}"))
            .header("Content-Type", "application/json")
            .send(body)
            .unwrap();
        let answer: Value = serde_json::from_reader(response.body_mut().as_reader()).unwrap();
        let rows = answer["result"].as_array().unwrap();
        rows.iter().map(|row| row.as_object().unwrap().values().cloned().collect()).collect()
    }
}

struct FalkorDb(Server);

impl FalkorDb {
    /// A value in the compact form of answers: its type, and what it holds.
    fn value(value: &redis::Value) -> Value {
        use redis::Value::{Array, BulkString, Int};
        let text = |value: &redis::Value| match value {
            BulkString(bytes) => String::from_utf8(bytes.clone()).unwrap(),
            other => panic!("no text: {other:?}"),
        };
        let Array(parts) = value else { panic!("no value: {value:?}") };
        match (&parts[0], &parts[1]) {
            (Int(1), _) => Value::Null,
            (Int(2), value) => json!(text(value)),
            (Int(3), Int(number)) => json!(number),
            (Int(5), value) => json!(text(value).parse::<f64>().unwrap()),
            (Int(6), Array(items)) => items.iter().map(Self::value).collect(),
            (Int(10), Array(fields)) => {
                fields.chunks(2).map(|field| (text(&field[0]), Self::value(&field[1]))).collect::<Map<_, _>>().into()
            }
            other => panic!("no value of this type is expected: {other:?}"),
        }
    }
}

impl PropertyDatabase for FalkorDb {
    fn server(&mut self) -> &mut Server {
        &mut self.0
    }

    fn url(&self, port: u16) -> String {
        format!("falkordb://default@127.0.0.1:{port}/news")
    }

    fn ask(&self, query: &str) -> Vec<Vec<Value>> {
        let client = redis::Client::open(("127.0.0.1", self.0.port)).unwrap();
        let mut connection = client.get_connection().unwrap();
        redis::cmd("AUTH").arg(PASSWORD).exec(&mut connection).unwrap();
        let answer: redis::Value =
            redis::cmd("GRAPH.QUERY").arg("news").arg(query).arg("--compact").query(&mut connection).unwrap();
        let redis::Value::Array(parts) = answer else { panic!("{answer:?}") };
        // Columns, rows and statistics; statistics alone if nothing is returned.
        let [_, redis::Value::Array(rows), _] = parts.as_slice() else { return Vec::new() };
        rows.iter()
            .map(|row| match row {
                redis::Value::Array(cells) => cells.iter().map(Self::value).collect(),
                other => panic!("no row: {other:?}"),
            })
            .collect()
    }

    /// It ends texts at a NUL, so that none is sent.
    fn stored(&self, text: &str) -> String {
        text.replace('\0', "\u{fffd}").replace("\\u0000", "\u{fffd}")
    }
}

/// All that holds for every property graph.
fn check_property_graph(mut database: impl PropertyDatabase) {
    let port = database.server().port;
    let url = database.url(port);
    let (story, hostile, many) = (story(), hostile_documents(), many_documents());

    // Hostile names come back as they were, and a second load changes nothing.
    let files = Files::new(&hostile);
    load(&files.json(), &url, &["--replace"], 0, &[" entities", " relations"]);
    database.check_holds(&hostile);
    let before = database.held();
    load(&files.graph_file(&hostile), &url, &["--batch", "7"], 0, &["were there before"]);
    assert_eq!(database.held(), before);

    // Without --replace nothing goes; with it, all that the graph does not have, but what others put there stays.
    database.ask("CREATE (:Document {id: 'of others'})-[:MENTIONED_IN]->(:Document {id: 'also'})");
    let files = Files::new(&story);
    load(&files.json(), &url, &[], 0, &[]);
    let both = database.ask("MATCH (x:Entity) RETURN count(x) AS n")[0][0].as_u64().unwrap();
    assert!(both > build(&story).node_count() as u64 && both > build(&hostile).node_count() as u64);
    load(&files.json(), &url, &["--replace"], 0, &["of earlier loads removed"]);
    assert_eq!(database.ask("MATCH (x:Document)-->(:Document) RETURN x.id AS n"), [[json!("of others")]]);
    database.ask("MATCH (x:Document) WHERE x.id = 'also' OR x.id = 'of others' DETACH DELETE x");
    database.check_holds(&story);

    // A document that is taken out goes, and properties of others stay.
    database.ask("MATCH (x:Entity) SET x.seen = 'yes'");
    let fewer = &story[1..];
    load(&Files::new(fewer).json(), &url, &["--replace"], 0, &["of earlier loads removed"]);
    assert_eq!(database.ask("MATCH (x:Entity) WHERE x.seen IS NULL RETURN x.id AS n"), Vec::<Vec<Value>>::new());
    database.ask("MATCH (x:Entity) SET x.seen = NULL");
    database.check_holds(fewer);

    // A part of the graph.
    load(&Files::new(&story).json(), &url, &["--types", "PERSON", "--replace"], 0, &[]);
    let labels = database.ask("MATCH (x:Entity) UNWIND labels(x) AS label RETURN DISTINCT label AS n ORDER BY n");
    assert_eq!(labels, [[json!("Entity")], [json!("Person")]]);

    // A wrong password.
    let output = load_with(&files.json(), &url, &[], &[("RELATA_PASSWORD", "wrong password")]);
    check(&output, 2, &["refuses", "check the user in the address and the password in RELATA_PASSWORD"]);

    // Something is deleted in between.
    let graph = build(&many);
    let address = Address::parse(&url).unwrap();
    let loader = Loader::new(address).with_password(PASSWORD).with_replace(true).with_batch_rows(50);
    let mut is_done = false;
    let result = loader.load(&graph, &mut |progress| {
        if !is_done && matches!(progress, Progress::Sent { what: "relations", .. }) {
            is_done = true;
            database.ask("MATCH (x:Document {id: 'many/7'}) DETACH DELETE x");
        }
    });
    let error = result.unwrap_err();
    assert!(matches!(error, LoadError::Counts { what: "documents", sent: 60, held: 59 }), "{error}");
    assert!(error.to_string().contains("60 documents were sent, but the database holds 59"));
    // The same once more sends what is missing.
    let report = loader.load(&graph, &mut |_| ()).unwrap();
    assert!(report.found > 200 && report.removed > 0, "{report:?}");
    database.check_holds(&many);
    database.ask("MATCH (x) DETACH DELETE x");

    // The server dies in the middle, and is there again.
    let files = Files::new(&many);
    let pid = database.server().pid();
    let proxy = Proxy::start(port, 25_000, move || kill(pid));
    let impatient = ["--batch", "10", "--wait", "0"];
    let said = ["went away in the middle of the load", "the same command goes on where it was"];
    load(&files.json(), &database.url(proxy.port), &impatient, 2, &said);
    database.server().restart();
    let there = database.held().counts();
    let all = Held::expected(&graph).counts();
    assert!(there.0 > 0 && there < all, "the server died too late or too early: {there:?}");
    load(&files.json(), &url, &["--batch", "10"], 0, &["60 documents", "were there before"]);
    database.check_holds(&many);
    database.ask("MATCH (x) DETACH DELETE x");

    // The same, and the load waits for it.
    let pid = database.server().pid();
    let proxy = Proxy::start(port, 25_000, move || kill(pid));
    let (json, proxied) = (files.json(), database.url(proxy.port));
    let patient = thread::spawn(move || {
        load(&json, &proxied, &["--batch", "10", "--wait", "170"], 0, &["60 documents"]);
    });
    database.server().restart();
    patient.join().unwrap();
    database.check_holds(&many);
}

#[test]
#[ignore = "needs a server; run by `cargo xtask test load`"]
fn arcadedb() {
    let database = ArcadeDb(Server::start(Kind::ArcadeDb));
    check_tls(&database.url(0).replace("bolt://", "bolt+s://").replace(":0/", ":PORT/"), database.0.port);
    check_property_graph(database);
}

#[test]
#[ignore = "needs a server; run by `cargo xtask test load`"]
fn falkordb() {
    check_property_graph(FalkorDb(Server::start(Kind::FalkorDb)));
}

/// Runs a proxy with TLS before a server, and loads over it: with its authority known, unknown, and under another name.
fn check_tls(url: &str, target: u16) {
    let files = Files::new(&story());
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/tls_proxy.py");
    let authority = folder.path().join("authority.pem");
    let mut proxy = Command::new(program("python"))
        .arg(script)
        .args([&port.to_string(), &target.to_string()])
        .arg(&authority)
        .spawn()
        .unwrap();
    while !authority.exists() || std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(proxy.try_wait().unwrap().is_none(), "the proxy ended");
        thread::sleep(Duration::from_millis(50));
    }
    let authority = authority.to_str().unwrap();
    let url = |host: &str| url.replace("127.0.0.1:PORT", &format!("{host}:{port}"));
    let known = [("RELATA_PASSWORD", PASSWORD), ("SSL_CERT_FILE", authority)];
    check(&load_with(&files.json(), &url("localhost"), &[], &known), 0, &[" entities"]);
    let said = ["cannot make an encrypted connection", "SSL_CERT_FILE"];
    check(&load_with(&files.json(), &url("127.0.0.1"), &[], &known), 2, &said);
    check(&load_with(&files.json(), &url("localhost"), &[], &known[..1]), 2, &said);
    proxy.kill().unwrap();
    proxy.wait().unwrap();
}

// -- RDF

struct Oxigraph(Server);

impl Oxigraph {
    fn post(&self, path: &str, media_type: &str, body: &str) -> String {
        let url = format!("http://127.0.0.1:{}/{path}", self.0.port);
        let mut response = ureq::post(url)
            .header("Content-Type", media_type)
            .header("Accept", "application/n-triples, application/sparql-results+json;q=0.9")
            .send(body)
            .unwrap();
        response.body_mut().read_to_string().unwrap()
    }

    fn triples(&self, graph: &str) -> BTreeSet<String> {
        let query = format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}");
        normalized(&self.post("query", "application/sparql-query", &query))
    }

    fn graphs(&self) -> Vec<String> {
        let query = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g";
        let answer: Value = serde_json::from_str(&self.post("query", "application/sparql-query", query)).unwrap();
        let rows = answer["results"]["bindings"].as_array().unwrap();
        rows.iter().map(|row| row["g"]["value"].as_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    fn check_holds(&self, graph: &str, docs: &[Document]) {
        let mut writer = GraphExporter::from_format(GraphFormat::NQuads).for_writer(Vec::new());
        writer.write(&build(docs)).unwrap();
        let expected = normalized(&String::from_utf8(writer.finish().unwrap()).unwrap());
        let mut held = self.triples(graph);
        let before = held.len();
        held.retain(|line| !line.contains("<https://relata.dev/ns#load>"));
        assert_eq!(held.len() + 1, before, "one triple tells which load it was");
        let missing: Vec<_> = expected.difference(&held).collect();
        let strange: Vec<_> = held.difference(&expected).collect();
        assert!(missing.is_empty() && strange.is_empty(), "missing {missing:#?}, strange {strange:#?}");
    }
}

/// Lines, with numbers in one form: the store gives 52.50 back as 52.5, and all whole numbers as integers.
fn normalized(triples: &str) -> BTreeSet<String> {
    let decimal = "\"^^<http://www.w3.org/2001/XMLSchema#decimal> .";
    triples
        .lines()
        .map(|line| match line.strip_suffix(decimal).and_then(|line| line.rsplit_once('"')) {
            Some((start, number)) => format!("{start}\"{}{decimal}", number.parse::<f64>().unwrap()),
            None => line.replace("XMLSchema#nonNegativeInteger>", "XMLSchema#integer>"),
        })
        .collect()
}

#[test]
#[ignore = "needs a server; run by `cargo xtask test load`"]
fn oxigraph() {
    let mut store = Oxigraph(Server::start(Kind::Oxigraph));
    let url = format!("sparql+http://127.0.0.1:{}/", store.0.port);
    let (story, hostile, many) = (story(), hostile_documents(), many_documents());
    check_tls("sparql+https://127.0.0.1:PORT/", store.0.port);
    store.check_holds("urn:relata:graph", &story);

    // Hostile names come back as they were, and a second load changes nothing.
    let files = Files::new(&hostile);
    let named = ["--graph", "https://example.org/news", "--batch", "100"];
    load(&files.json(), &url, &named, 0, &["2 documents", " statements", " triples"]);
    store.check_holds("https://example.org/news", &hostile);
    load(&files.graph_file(&hostile), &url, &named, 0, &["were there before"]);
    store.check_holds("https://example.org/news", &hostile);
    // Another graph takes the place of the old one, and of no other.
    load(&Files::new(&story[1..]).json(), &url, &[], 0, &[]);
    store.check_holds("urn:relata:graph", &story[1..]);
    store.check_holds("https://example.org/news", &hostile);

    // What others put into a graph is not replaced unless that is wanted.
    store.post("store?graph=urn%3Aothers", "application/n-triples", "<urn:a> <urn:b> <urn:c> .");
    let others = ["--graph", "urn:others"];
    load(&files.json(), &url, &others, 2, &["holds 1 triples that relata did not load", "--replace"]);
    load(&files.json(), &url, &[others.as_slice(), &["--replace"]].concat(), 0, &[]);
    store.check_holds("urn:others", &hostile);

    // Something is deleted in between: in the graph beside, where the load is put together.
    let graph = build(&many);
    let loader = Loader::new(Address::parse(&url).unwrap()).with_batch_rows(200);
    let mut is_done = false;
    let result = loader.load(&graph, &mut |progress| {
        // Documents come first.
        if !is_done && matches!(progress, Progress::Sent { count: 600.., .. }) {
            is_done = true;
            let update = "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } \
                          FILTER(CONTAINS(STR(?g), \"#load-\") && ?o = \"many/7\") }";
            store.post("update", "application/sparql-update", update);
        }
    });
    let error = result.unwrap_err();
    assert!(matches!(error, LoadError::Counts { what: "triples", sent, held } if sent == held + 1), "{error}");
    // Readers still have the old one; the same once more loads all.
    store.check_holds("urn:relata:graph", &story[1..]);
    loader.load(&graph, &mut |_| ()).unwrap();
    store.check_holds("urn:relata:graph", &many);
    // Something is deleted afterwards.
    let update = "DELETE WHERE { GRAPH <urn:relata:graph> { ?s <https://schema.org/identifier> \"many/7\" } }";
    store.post("update", "application/sparql-update", update);
    let error = loader.load(&graph, &mut |_| ()).unwrap_err();
    assert!(matches!(error, LoadError::Counts { what: "triples", sent, held } if sent == held + 1), "{error}");
    loader.load(&graph, &mut |_| ()).unwrap();
    store.check_holds("urn:relata:graph", &many);

    // The server dies in the middle; the load waits for it, and goes on.
    let files = Files::new(&many);
    let address = "--graph";
    let pid = store.0.pid();
    let proxy = Proxy::start(store.0.port, 100_000, move || kill(pid));
    let proxied = format!("sparql+http://127.0.0.1:{}/", proxy.port);
    let small = [address, "urn:many", "--batch", "100", "--wait", "0"];
    load(&files.json(), &proxied, &small, 2, &["went away in the middle of the load"]);
    store.0.restart();
    assert_eq!(store.triples("urn:many").len(), 0, "a graph that is not whole is not shown");
    assert!(store.graphs().iter().any(|graph| graph.starts_with("urn:many#load-")), "{:?}", store.graphs());
    let pid = store.0.pid();
    let proxy = Proxy::start(store.0.port, 60_000, move || kill(pid));
    let (json, proxied) = (files.json(), format!("sparql+http://127.0.0.1:{}/", proxy.port));
    let patient = thread::spawn(move || {
        let patient = [address, "urn:many", "--batch", "100", "--wait", "170"];
        load(&json, &proxied, &patient, 0, &["60 documents", "were there before"]);
    });
    store.0.restart();
    patient.join().unwrap();
    store.check_holds("urn:many", &many);
    assert!(store.graphs().iter().all(|graph| !graph.starts_with("urn:many#load-")), "{:?}", store.graphs());
}
