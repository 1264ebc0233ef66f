//! Formats of other programs, each read back by a reader of theirs.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use relata::{
    document::Document,
    export::{
        GraphExporter, GraphFormat,
        property::{Property, PropertyValue, document_properties, edge_properties, node_properties},
        read_node_link, write_document,
    },
    graph::{Edge, GraphFilter, KnowledgeGraph, Period},
    schema::EntityType,
};
use serde_json::{Map, Value, json};

use crate::{
    export::{
        build, check_xml, export_as, export_folder, graphs, number, python, read_with, read_with_python, sorted,
        status_name,
    },
    graph::{document, story},
};

/// The graphs of all formats, and one with places on the map.
fn graphs_and_places() -> Vec<(&'static str, KnowledgeGraph)> {
    let mut all = graphs();
    all.push(("places", places()));
    all
}

fn places() -> KnowledgeGraph {
    let mut doc = document(
        "ports.txt",
        Some("2024-03-12"),
        "[o1 ORGANIZATION|Nordbank AG] of [l1 PLACE|London] met [p1 PERSON|Ada Quill] in [l2 PLACE|Paris] in [d1 DATE=2024-02|February].\n\
         [p1|Quill] lives in [l2|Paris] and not in [l3 PLACE|Port Sered].\n\
         =\n\
         o1 based_in l1\n\
         o1 met p1 @d1 in:l2\n\
         p1 lives_in l2\n\
         p1 lives_in l3 ~negated\n",
    );
    for (name, link) in [("London", "geonames:2643743"), ("Paris", "geonames:2988507")] {
        doc.entities.iter_mut().find(|entity| entity.name == name).unwrap().link = Some(link.to_owned());
    }
    build(&[doc])
}

/// Properties as JSON, numbers all of one kind; lists are arrays.
fn expected(properties: &[Property]) -> Map<String, Value> {
    properties.iter().map(|(name, value)| ((*name).to_owned(), even(value.to_json()))).collect()
}

/// A reader may take 1.0 for 1.
fn even(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(even).collect(),
        other => other,
    }
}

/// Properties as an XML reader finds them: what XML cannot hold is blank, and a list is a text in JSON.
fn expected_in_xml(properties: &[Property], is_attribute: bool) -> Map<String, Value> {
    let blank = |c: char| match c {
        '\n' | '\t' if !is_attribute => c,
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => ' ',
        c => c,
    };
    let clean = |text: &str| text.chars().map(blank).collect::<String>();
    let value = |value: &PropertyValue| match value {
        PropertyValue::Text(text) => json!(clean(text)),
        PropertyValue::Texts(_) | PropertyValue::Floats(_) => json!(clean(&value.to_json().to_string())),
        number => even(number.to_json()),
    };
    properties.iter().map(|(name, known)| ((*name).to_owned(), value(known))).collect()
}

/// The data of an element as a reader gave it, without some keys.
fn data(read: &Value, without: &[&str]) -> Map<String, Value> {
    let fields = read.as_object().unwrap().iter();
    fields
        .filter(|(name, _)| !without.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), even(value.clone())))
        .collect()
}

#[test]
fn networkx_and_igraph_read_graphml() {
    for (name, graph) in graphs_and_places() {
        let bytes = export_as(&graph, GraphFormat::GraphMl);
        check_xml(&bytes, "graphml");
        for script in ["graph_networkx.py", "graph_igraph.py"] {
            let read = read_with_python(script, "graphml", &bytes, "graphml");
            // igraph takes a graph without edges for what it likes.
            assert!(graph.edge_count() == 0 || read["directed"] == json!(true), "{name}");
            let nodes = read["nodes"].as_object().unwrap();
            assert_eq!(nodes.len(), graph.node_count(), "{name} {script}");
            for node in graph.nodes() {
                let read = data(&nodes[node.id.as_str()], &["id"]);
                assert_eq!(read["name"].as_str().unwrap().chars().count(), node.name.chars().count());
                assert_eq!(read, expected_in_xml(&node_properties(node)[1..], false), "{name} {script}");
            }
            let edges = graph.edges().map(|edge| {
                let mut fields = expected_in_xml(&edge_properties(&graph, edge).unwrap(), false);
                fields.insert("type".to_owned(), json!(edge.relation_type));
                json!([edge.head, edge.tail, fields])
            });
            let read = read["edges"].as_array().unwrap().iter();
            let read = read.map(|edge| json!([edge[0], edge[1], data(&edge[2], &["id"])]));
            assert_eq!(sorted(read), sorted(edges), "{name} {script}");
        }
    }
}

#[test]
fn networkx_reads_gexf() {
    for (name, graph) in graphs_and_places() {
        let bytes = export_as(&graph, GraphFormat::Gexf);
        check_xml(&bytes, "gexf");
        let read = read_with_python("graph_networkx.py", "gexf", &bytes, "gexf");
        assert_eq!(read["directed"], json!(true), "{name}");
        let nodes = read["nodes"].as_object().unwrap();
        assert_eq!(nodes.len(), graph.node_count(), "{name}");
        let mut colors: BTreeMap<EntityType, String> = BTreeMap::new();
        for node in graph.nodes() {
            let read = &nodes[node.id.as_str()];
            let fields = expected_in_xml(&node_properties(node)[1..], true);
            assert_eq!(read["label"], fields["name"], "{name}");
            assert_eq!(data(read, &["label", "viz"]), fields, "{name}");
            assert!(read["viz"]["size"].as_f64().unwrap() >= 5.0);
            let color = read["viz"]["color"].to_string();
            assert_eq!(colors.entry(node.entity_type).or_insert_with(|| color.clone()), &color, "{name}");
        }
        let distinct: std::collections::BTreeSet<&String> = colors.values().collect();
        assert_eq!(distinct.len(), colors.len(), "types of one color");
        let edges = graph.edges().map(|edge| {
            let mut fields = expected_in_xml(&edge_properties(&graph, edge).unwrap(), true);
            let summary = graph.summary(edge);
            let relation = edge.relation_type.name().replace('_', " ");
            let label = summary.status().map_or(relation.clone(), |status| format!("{relation} ({})", status.name()));
            fields.insert("label".to_owned(), json!(label));
            fields.insert("weight".to_owned(), json!(summary.shown.documents as f64));
            if let Some(spells) = spells(&graph, edge) {
                fields.insert("spells".to_owned(), spells);
            }
            json!([edge.head, edge.tail, fields])
        });
        let read = read["edges"].as_array().unwrap().iter();
        let read = read.map(|edge| json!([edge[0], edge[1], data(&edge[2], &["id", "networkx_key"])]));
        assert_eq!(sorted(read), sorted(edges), "{name}");
    }
}

/// The days of an edge whose dates are all single days.
fn spells(graph: &KnowledgeGraph, edge: &Edge) -> Option<Value> {
    let mut days: Vec<String> = edge
        .assertions
        .iter()
        .filter_map(|assertion| {
            let own = assertion.date.as_ref().and_then(|date| date.norm.clone());
            own.or_else(|| graph.document(&assertion.document)?.date.clone())
        })
        .filter(|date| !date.contains("not"))
        .collect();
    days.sort();
    days.dedup();
    let spell = |day: &String| if day == "2024-02" { json!(["2024-02-01", "2024-02-29"]) } else { json!([day, day]) };
    (!days.is_empty()).then(|| days.iter().map(spell).collect())
}

#[test]
fn a_server_runs_the_cypher_script_twice() {
    for (name, graph) in graphs_and_places() {
        let read = read_with_python("graph_cypher.py", "cypher", &export_as(&graph, GraphFormat::Cypher), "cypher");
        let properties = |row: &Value| json!(data(&row["properties"], &[]));
        let rows = |table: &str| read[table].as_array().unwrap().clone();
        let documents = graph.documents().iter().map(|document| json!(expected(&document_properties(document))));
        assert_eq!(sorted(rows("documents").iter().map(properties)), sorted(documents), "{name}");
        let nodes = graph.nodes().map(|node| {
            let type_name = node.entity_type.name();
            let label = format!("{}{}", &type_name[..1], type_name[1..].to_lowercase());
            json!([sorted([json!("Entity"), json!(label)]), expected(&node_properties(node))])
        });
        let read_nodes = rows("nodes").into_iter();
        let read_nodes =
            read_nodes.map(|row| json!([sorted(row["labels"].as_array().unwrap().clone()), properties(&row)]));
        assert_eq!(sorted(read_nodes), sorted(nodes), "{name}");
        let mentions = graph.nodes().flat_map(|node| {
            let mentions = node.mentions.iter();
            mentions.map(|found| json!({"entity": node.id, "document": found.document, "mentions": found.spans.len()}))
        });
        assert_eq!(sorted(rows("mentions")), sorted(mentions), "{name}");
        let edges = graph.edges().map(|edge| {
            let relation = edge.relation_type.name().to_uppercase();
            json!([edge.head, relation, edge.tail, expected(&edge_properties(&graph, edge).unwrap())])
        });
        let read_edges =
            rows("edges").into_iter().map(|row| json!([row["head"], row["type"], row["tail"], properties(&row)]));
        assert_eq!(sorted(read_edges), sorted(edges), "{name}");
    }
}

#[test]
fn networkx_reads_cytoscape_json() {
    for (name, graph) in graphs_and_places() {
        let bytes = export_as(&graph, GraphFormat::CytoscapeJson);
        let read = read_with_python("graph_networkx.py", "cytoscape", &bytes, "cyjs");
        assert_eq!((&read["directed"], &read["multigraph"]), (&json!(true), &json!(true)), "{name}");
        let nodes = read["nodes"].as_object().unwrap();
        assert_eq!(nodes.len(), graph.node_count(), "{name}");
        for node in graph.nodes() {
            let read = &nodes[node.id.as_str()];
            assert_eq!(read["name"], json!(node.name), "{name}");
            assert_eq!(data(read, &["value"]), expected(&node_properties(node)), "{name}");
        }
        let edges = graph.edges().map(|edge| {
            let mut fields = expected(&edge_properties(&graph, edge).unwrap());
            fields.insert("interaction".to_owned(), json!(edge.relation_type));
            fields.insert("name".to_owned(), json!(edge.relation_type.name().replace('_', " ")));
            json!([edge.head, edge.tail, fields])
        });
        let read = read["edges"].as_array().unwrap().iter();
        let read = read.map(|edge| json!([edge[0], edge[1], data(&edge[2], &["id", "source", "target", "key"])]));
        assert_eq!(sorted(read), sorted(edges), "{name}");
    }
}

#[test]
fn networkx_keeps_edges_between_the_same_two_nodes() {
    let relations = "a owns b\na acquired b\na criticized b\na met b\n";
    let text = format!("[a ORGANIZATION|Avon Rail] [b ORGANIZATION|Brent Oil]\n=\n{relations}");
    let graph = build(&[document("a", None, &text)]);
    let expected: Vec<&str> = graph.edges().map(|edge| edge.relation_type.name()).collect();
    assert!(expected.len() > 2, "{expected:?}");
    for (format, name, extension) in
        [(GraphFormat::CytoscapeJson, "cytoscape", "cyjs"), (GraphFormat::NodeLink, "node-link", "json")]
    {
        let read = read_with_python("graph_networkx.py", name, &export_as(&graph, format), extension);
        let keys = read["keys"].as_array().unwrap().iter().cloned();
        assert_eq!(sorted(keys), sorted(expected.iter().map(|key| json!(key))), "{name}");
    }
}

#[test]
fn map_readers_read_geojson() {
    for (name, graph) in graphs_and_places() {
        let bytes = export_as(&graph, GraphFormat::GeoJson);
        let read = read_with_python("graph_geojson.py", "geojson", &bytes, "geojson");
        let features = read["features"].as_object().unwrap();
        if name != "places" {
            assert!(features.is_empty(), "{name}");
            continue;
        }
        let by_name = |wanted: &str| features.values().find(|feature| feature["name"] == wanted).unwrap();
        let read = ["London", "Paris"].map(by_name).map(|place| {
            json!([
                place["x"],
                place["y"],
                place["country"],
                place["documents"],
                place["relations"],
                place["events"],
                place["mentions"]
            ])
        });
        let expected =
            [json!([-0.13, 51.51, "gb", ["ports.txt"], 1, 0, 1]), json!([2.35, 48.85, "fr", ["ports.txt"], 1, 1, 2])];
        assert_eq!(read, expected);
        assert_eq!(features.len(), 2, "a place without coordinates is not on the map");
    }
}

/// Two documents, one with a date and one without.
fn dated() -> [Document; 2] {
    [
        document(
            "dated",
            Some("2024-03-12"),
            "[a ORGANIZATION|Avon Rail] [b ORGANIZATION|Brent Oil] [c ORGANIZATION|Calder Bank] [d1 DATE=2023|2023] [d2 DATE=2024-05|May]\n\
             =\n\
             a acquired b @d1\n\
             a met b\n\
             a owns b @d2\n",
        ),
        document(
            "undated",
            None,
            "[a ORGANIZATION|Avon Rail] [b ORGANIZATION|Brent Oil]\n=\na criticized b\na met b\n",
        ),
    ]
}

/// The relations of a graph, each with the number of its assertions.
fn relations(graph: &KnowledgeGraph) -> Vec<(&'static str, usize)> {
    let mut relations: Vec<_> = graph.edges().map(|edge| (edge.relation_type.name(), edge.assertions.len())).collect();
    relations.sort_unstable();
    relations
}

#[test]
fn dates_bound_a_graph() {
    let graph = build(&dated());
    let check = |since: &str, until: &str, expected: &[(&str, usize)]| {
        let period = Period::between(Period::parse(since), Period::parse(until)).unwrap();
        let part = graph.subgraph(&GraphFilter::new().with_dates(period));
        assert_eq!(relations(&part), expected, "{since} to {until}");
    };
    check("1900", "", &[("acquired", 1), ("met", 1), ("owns", 1)]);
    check("2024", "", &[("met", 1), ("owns", 1)]);
    check("", "2023-06", &[("acquired", 1)]);
    check("2024-03-12", "2024-03-12", &[("met", 1)]);
    check("2024-03-13", "2024-05-01", &[("owns", 1)]);
    check("2024-06", "", &[]);
    assert_eq!(Period::between(Period::parse("2025"), Period::parse("2024")), None);
}

#[test]
fn the_program_takes_dates() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    for doc in dated() {
        write_document(&doc, &mut lines).unwrap();
    }
    fs::write(folder.path().join("docs.jsonl"), lines).unwrap();
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_relata")).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    assert!(run(&["build", "--extracted", "docs.jsonl", "-o", "g.relata"]).status.success());
    assert!(run(&["export", "g.relata", "-o", "part.json", "--since", "2024", "--until", "2024-04"]).status.success());
    let part = read_node_link(fs::File::open(folder.path().join("part.json")).unwrap()).unwrap();
    assert_eq!(relations(&part), [("met", 1)]);
    for (dates, message) in [
        (["--since", "soon", "--until", "2024"], "\"soon\" is no date"),
        (["--since", "2025", "--until", "2024"], "--until is before --since"),
    ] {
        let output = run(&[&["export", "g.relata", "-o", "part.json"][..], &dates].concat());
        assert_eq!(output.status.code(), Some(2));
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.contains(message), "{errors}");
    }
}

#[test]
fn gexf_of_the_story_has_its_days() {
    let text = String::from_utf8(export_as(&build(&story()), GraphFormat::Gexf)).unwrap();
    assert!(text.contains("<spell start=\"2024-05-01\" end=\"2024-05-01\"/>"), "{text}");
}

/// What a reader makes of a format that is a folder.
fn read_folder(script: &str, graph: &KnowledgeGraph, format: GraphFormat) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out");
    GraphExporter::from_format(format).write_folder(graph, &target).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers").join(script);
    let output = Command::new(python()).arg(script).arg(format.name()).arg(&target).output().unwrap();
    assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The rows of all tables; what is not known is left out.
fn tables(graph: &KnowledgeGraph) -> BTreeMap<&'static str, Vec<Value>> {
    let mut tables: BTreeMap<&'static str, Vec<Value>> =
        ["documents", "nodes", "mentions", "edges", "evidence"].map(|name| (name, Vec::new())).into();
    let mut add = |table: &str, row: Value| tables.get_mut(table).unwrap().push(json!(known(&row)));
    for document in graph.documents() {
        add("documents", json!(document));
    }
    for node in graph.nodes() {
        add("nodes", json!(expected(&node_properties(node))));
        for (found, span) in node.mentions.iter().flat_map(|found| found.spans.iter().map(move |span| (found, span))) {
            let mut row = json!(span);
            row["node"] = json!(node.id);
            row["document"] = json!(found.document);
            add("mentions", row);
        }
    }
    for edge in graph.edges() {
        let ends = json!({"head": edge.head, "relation": edge.relation_type, "tail": edge.tail});
        let summary = graph.summary(edge);
        let mut row = ends.clone();
        row["score"] = number(summary.shown.best_score);
        row["status"] = json!(status_name(summary.status()));
        row["documents"] = json!(summary.documents);
        row["first_date"] = json!(summary.shown.first_date);
        row["last_date"] = json!(summary.shown.last_date);
        add("edges", row);
        for assertion in &edge.assertions {
            let mut row = ends.clone();
            row["document"] = json!(assertion.document);
            row["score"] = number(assertion.score);
            row["status"] = json!(status_name(assertion.status));
            row["date"] = json!(assertion.date.as_ref().map(|date| date.norm.as_ref().unwrap_or(&date.name)));
            row["place"] = json!(assertion.place.as_ref().map(|place| &place.id));
            row["by"] = json!(assertion.by.as_ref().map(|by| &by.id));
            row["trigger"] = json!(assertion.trigger.as_ref().map(|trigger| &trigger.text));
            if assertion.evidence.is_empty() {
                add("evidence", row.clone());
            }
            for quote in &assertion.evidence {
                let mut row = row.clone();
                row.as_object_mut().unwrap().extend(json!(quote).as_object().unwrap().clone());
                add("evidence", row);
            }
        }
    }
    tables
}

/// A row without what is null, numbers all of one kind.
fn known(row: &Value) -> Map<String, Value> {
    data(row, &[]).into_iter().filter(|(_, value)| !value.is_null()).collect()
}

#[test]
fn pyarrow_and_sqlite_read_tables() {
    for (name, graph) in graphs_and_places() {
        let sqlite = export_as(&graph, GraphFormat::Sqlite);
        let sqlite = read_with_python("graph_tables.py", "sqlite", &sqlite, "sqlite");
        let parquet = read_folder("graph_tables.py", &graph, GraphFormat::Parquet);
        for (table, rows) in tables(&graph) {
            for (reader, read) in [("sqlite", &sqlite), ("parquet", &parquet)] {
                let read = read[table].as_array().unwrap().iter().map(|row| json!(known(row)));
                assert_eq!(sorted(read), sorted(rows.clone()), "{name} {reader} {table}");
            }
        }
        let types = &parquet["nodes_types"];
        assert_eq!(
            [&types["id"], &types["latitude"], &types["mentions"], &types["aliases"]],
            ["string", "double", "int64", "list<element: string not null>"].map(|name| json!(name)).each_ref(),
        );
    }
}

#[test]
fn followthemoney_takes_every_entity() {
    for (name, graph) in graphs_and_places() {
        let bytes = export_as(&graph, GraphFormat::FollowTheMoney);
        let entities = read_with_python("graph_ftm.py", "ftm", &bytes, "ftm");
        let entities = entities.as_object().unwrap();
        let count = |schemata: &[&str]| {
            entities.values().filter(|entity| schemata.contains(&entity["schema"].as_str().unwrap())).count()
        };
        let nodes = |types: &[EntityType]| graph.nodes().filter(|node| types.contains(&node.entity_type)).count();
        assert_eq!(count(&["Person"]), nodes(&[EntityType::Person]), "{name}");
        assert_eq!(count(&["Organization", "Company"]), nodes(&[EntityType::Organization]), "{name}");
        assert_eq!(count(&["LegalEntity"]), nodes(&[EntityType::Group]), "{name}");
        assert_eq!(count(&["Event"]), nodes(&[EntityType::Event]), "{name}");
        assert_eq!(count(&["Asset"]), nodes(&[EntityType::Work]), "{name}");
        assert_eq!(count(&["Document"]), graph.documents().len(), "{name}");
        let words = |text: &str| text.split(|c: char| c.is_whitespace() || c.is_control()).collect::<Vec<_>>().concat();
        for node in graph.nodes() {
            let Some(entity) = entities.get(node.id.as_str()) else { continue };
            let read = words(entity["properties"]["name"][0].as_str().unwrap());
            let start: String = words(&node.name).chars().take(300).collect();
            assert!(read.starts_with(&start), "{name}: {read} is not {}", node.name);
        }
    }
}

#[test]
fn relations_become_links_of_followthemoney() {
    let doc = document(
        "deal.txt",
        Some("2024-03-12"),
        "[p1 PERSON|Ada Quill], [t1 TITLE|chairwoman] of [o1 ORGANIZATION|Nordbank AG], bought [o2 ORGANIZATION|Avon Rail] on [d1 DATE=2024-03-11|Monday].\n\
         [p1|Quill], married to [p2 PERSON|Bo Lind] and once close to [p3 PERSON|Cy Marsh], lives in [l1 PLACE|Oslo], not [l2 PLACE|Bergen]. [o1|Nordbank] may buy [o3 ORGANIZATION|Brent Oil].\n\
         =\n\
         p1 head_of o1\n\
         p1 holds_title t1\n\
         p1 acquired o2 @d1\n\
         p1 spouse_of p2\n\
         p1 associate_of p3 ~former\n\
         p1 lives_in l1\n\
         p1 lives_in l2 ~negated\n\
         o1 acquired o3 ~possible\n\
         o1 criticized o2\n",
    );
    let graph = build(&[doc]);
    let bytes = export_as(&graph, GraphFormat::FollowTheMoney);
    let read = read_with_python("graph_ftm.py", "ftm", &bytes, "ftm");
    let entities = read.as_object().unwrap();
    let id = |name: &str| graph.find_by_name(name)[0].id.as_str().to_owned();
    let links: Vec<Value> = entities
        .iter()
        .filter(|(id, _)| id.starts_with("relation-"))
        .map(|(_, link)| {
            let properties = link["properties"].as_object().unwrap();
            assert!(properties["proof"][0].as_str().unwrap().starts_with("document-"));
            assert_eq!(properties["summary"].as_array().unwrap().len(), 1);
            let values = properties.iter().filter(|(name, _)| !matches!(name.as_str(), "proof" | "summary"));
            json!([link["schema"], values.map(|(name, value)| json!([name, value[0]])).collect::<Vec<_>>()])
        })
        .collect();
    let (quill, nordbank) = (id("Ada Quill"), id("Nordbank AG"));
    // The smaller identifier comes first where a relation is symmetric.
    let ordered = |other: String| if quill < other { [quill.clone(), other] } else { [other, quill.clone()] };
    let [spouse, other_spouse] = ordered(id("Bo Lind"));
    let [friend, other_friend] = ordered(id("Cy Marsh"));
    let expected = [
        json!(["Directorship", [["director", quill], ["organization", nordbank], ["role", "head of"]]]),
        json!([
            "Ownership",
            [["asset", id("Avon Rail")], ["date", "2024-03-11"], ["owner", quill], ["role", "acquired"]]
        ]),
        json!(["Family", [["person", spouse], ["relationship", "spouse of"], ["relative", other_spouse]]]),
        json!([
            "Associate",
            [["associate", other_friend], ["person", friend], ["relationship", "associate of (former)"]]
        ]),
        json!([
            "UnknownLink",
            [["object", id("Brent Oil")], ["role", "acquired"], ["status", "possible"], ["subject", nordbank]]
        ]),
        json!(["UnknownLink", [["object", id("Avon Rail")], ["role", "criticized"], ["subject", nordbank]]]),
    ];
    assert_eq!(sorted(links), sorted(expected));
    let person = &entities[&quill]["properties"];
    assert_eq!(person["position"], json!(["chairwoman"]));
    assert_eq!(person["addressEntity"], json!([id("Oslo")]));
    assert_eq!(person["weakAlias"], json!(["Quill"]));
    assert_eq!(entities[&id("Avon Rail")]["schema"], json!("Company"));
}

#[test]
fn a_vault_has_a_note_for_each_thing() {
    for (name, graph) in graphs_and_places() {
        let files = export_folder(&graph, GraphFormat::Obsidian);
        for file in files.keys().filter(|file| !file.starts_with('.')) {
            let stem = file.strip_suffix(".md").unwrap();
            assert!(file.len() < 250 && !stem.ends_with(['.', ' ']) && !stem.contains("/."), "{file:?}");
            let forbidden = |c: char| c.is_control() || "\\:*?\"<>|#^[]%\u{202e}\u{2028}".contains(c);
            assert!(!file.contains(forbidden) && file.matches('/').count() == 1, "{file:?}");
        }
        let read = read_folder("graph_obsidian.py", &graph, GraphFormat::Obsidian);
        let notes: BTreeMap<&str, &Value> =
            read.as_object().unwrap().values().map(|note| (note["front"]["id"].as_str().unwrap(), note)).collect();
        assert_eq!(notes.len(), graph.node_count() + graph.documents().len(), "{name}");
        let paths: BTreeMap<&str, &str> = read
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, note)| {
                let stem = path.strip_suffix(".md").unwrap();
                (note["front"]["id"].as_str().unwrap(), stem.split_once('/').unwrap().1)
            })
            .collect();
        for document in graph.documents() {
            let front = &notes[document.id.as_str()]["front"];
            assert_eq!([&front["title"], &front["url"]], [&json!(document.title), &json!(document.url)]);
        }
        for node in graph.nodes() {
            let note = notes[node.id.as_str()];
            let front = &note["front"];
            assert_eq!(front["name"], json!(node.name), "{name}");
            assert_eq!(front["type"], json!(node.entity_type.name().to_lowercase()), "{name}");
            let names = node.aliases.iter().map(|alias| &alias.name).filter(|alias| *alias != paths[node.id.as_str()]);
            assert_eq!(front["aliases"], json!(names.collect::<Vec<_>>()), "{name}");
            let location = if node.name == "London" { json!([51.51, -0.13]) } else { front["location"].clone() };
            assert_eq!(front["location"], location, "{name}");
            let lines = note["lines"].as_array().unwrap();
            let linked = |line: &Value, id: &str| line["links"].as_array().unwrap().contains(&json!(paths[id]));
            for edge in graph.outgoing(node.id.as_str()) {
                let label = edge.relation_type.name().replace('_', " ");
                let is_told = |line: &&Value| {
                    line["text"].as_str().unwrap().starts_with(&label) && linked(line, edge.tail.as_str())
                };
                assert!(lines.iter().any(|line| is_told(&line)), "{name}: {edge:?}");
                for quote in edge.assertions.iter().flat_map(|assertion| &assertion.evidence) {
                    let plain: String =
                        quote.text.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }).collect();
                    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
                    let is_quoted = |line: &Value| {
                        let text = line["text"].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
                        line["quote"] == json!(true) && text.contains(&plain)
                    };
                    assert!(lines.iter().any(is_quoted), "{name}: {plain}");
                }
            }
            for edge in graph.incoming(node.id.as_str()) {
                assert!(lines.iter().any(|line| linked(line, edge.head.as_str())), "{name}: {edge:?}");
            }
            for found in &node.mentions {
                assert!(lines.iter().any(|line| linked(line, &found.document)), "{name}");
                let of_document = notes[found.document.as_str()]["lines"].as_array().unwrap();
                assert!(of_document.iter().any(|line| linked(line, node.id.as_str())), "{name}");
            }
        }
    }
}

#[test]
fn metis_checks_the_graph() {
    for (name, graph) in graphs_and_places() {
        let bytes = export_as(&graph, GraphFormat::Metis);
        let read = read_with_python("graph_metis.py", "metis", &bytes, "metis");
        assert_eq!(read["nodes"], json!(graph.node_count()), "{name}");
        let ids: Vec<&str> = graph.nodes().map(|node| node.id.as_str()).collect();
        let place = |id: &str| ids.iter().position(|known| *known == id).unwrap() + 1;
        let mut weights: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for edge in graph.edges().filter(|edge| edge.head != edge.tail) {
            let (head, tail) = (place(edge.head.as_str()), place(edge.tail.as_str()));
            *weights.entry((head.min(tail), head.max(tail))).or_default() += 1;
        }
        let expected: Vec<Value> = weights.iter().map(|((head, tail), weight)| json!([head, tail, weight])).collect();
        assert_eq!(read["edges"], json!(expected), "{name}");
        let names = String::from_utf8(bytes.clone()).unwrap();
        assert_eq!(names.lines().filter(|line| line.starts_with('%')).count(), graph.node_count() + 1, "{name}");
        if !weights.is_empty() {
            // The checker of METIS itself; it takes no graph without edges.
            let said = String::from_utf8(read_with(Command::new("graphchk"), &bytes, "metis")).unwrap();
            assert!(said.contains("The format of the graph is correct!"), "{name}: {said}");
        }
    }
}
