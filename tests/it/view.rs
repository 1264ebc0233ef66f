//! The page to look around in: the same for the same graph, and no name is more than a name. `web/test` tries it in a
//! browser.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::{Command, Output},
};

use relata::{
    document::Document,
    export::{GraphExporter, GraphFormat, InteractivePage},
    graph::{GraphBuilder, KnowledgeGraph},
    schema::{EntityType, MentionKind},
    store::GraphFile,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    export::hostile_documents,
    graph::{Sketch, story},
};

fn build(docs: &[Document]) -> KnowledgeGraph {
    docs.iter().fold(GraphBuilder::new(), GraphBuilder::add).finish()
}

fn page(graph: &KnowledgeGraph) -> String {
    let mut bytes = Vec::new();
    InteractivePage::new().with_title("A \"title\" </title> & more").write(graph, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The data of a page, cut out as a browser does: to the first end of a script.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"graph\">").unwrap();
    let (json, _) = rest.split_once("</script").unwrap();
    assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    assert!(json.chars().all(|c| c == '\n' || !c.is_control()));
    serde_json::from_str(json).unwrap()
}

/// Type, name and place of each node.
fn nodes(data: &Value) -> Vec<(String, (i64, i64), u64)> {
    let nodes = data["nodes"].as_array().unwrap();
    let name = |node: &Value| node[0][2].as_str().unwrap().to_owned();
    let number = |value: &Value| value.as_i64().unwrap();
    nodes.iter().map(|node| (name(node), (number(&node[3]), number(&node[4])), node[5].as_u64().unwrap())).collect()
}

#[test]
fn the_same_graph_gives_the_same_page() {
    let docs = story();
    let mut backwards = story();
    backwards.reverse();
    assert_eq!(page(&build(&docs)), page(&build(&backwards)));
    assert_eq!(nodes(&data(&page(&KnowledgeGraph::default()))), []);
}

#[test]
fn hostile_names_stay_names() {
    let graph = build(&hostile_documents());
    let page = page(&graph);
    let names: BTreeSet<String> = nodes(&data(&page)).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, graph.nodes().map(|node| node.name.clone()).collect());
    assert!(names.iter().any(|name| name.contains("</script>")) && names.iter().any(|name| name.len() > 10_000));
    let lower = page.to_lowercase();
    // The data and the program, and nothing that a name opened.
    assert_eq!((lower.matches("<script").count(), lower.matches("</script").count()), (2, 2));
    assert_eq!((lower.matches("<title").count(), lower.matches("</title").count()), (1, 1));
    assert!(page.contains("<title>A &quot;title&quot; &lt;/title&gt; &amp; more</title>"));
    // Nothing may be loaded, and no other script may run.
    let policy = page.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1).unwrap();
    let policy = policy.split('"').next().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    for forbidden in ["unsafe-inline", "unsafe-eval", "http:", "https:", "*"] {
        assert!(!policy.contains(forbidden), "{policy}");
    }
    for tag in ["src=", "href=", "@import", "url("] {
        let (before, after) = page.split_once("<script type=\"application/json\"").unwrap();
        assert!(!before.contains(tag), "the page loads something: {tag}");
        assert!(!after.contains(&format!("<script {tag}")) && !after.contains("<link"));
    }
}

#[test]
fn rows_point_to_texts_that_stand_once() {
    let mut docs = story();
    for doc in &mut docs {
        doc.title = Some(format!("Title of {}", doc.id));
    }
    let graph = build(&docs);
    let page = page(&graph);
    for doc in &docs {
        assert_eq!(page.matches(doc.title.as_deref().unwrap()).count(), 1);
    }
    let data = data(&page);
    let list = |name: &str| data[name].as_array().unwrap();
    assert_eq!(list("edges").len(), graph.edge_count());
    let at = |value: &Value| value.as_u64().unwrap() as usize;
    for (row, edge) in list("edges").iter().zip(graph.edges()) {
        assert_eq!(list("nodes")[at(&row[0][0])][0][0], edge.head.as_str());
        assert_eq!(list("relations")[at(&row[0][1])][0], edge.relation_type.name());
        assert_eq!(list("nodes")[at(&row[0][2])][0][0], edge.tail.as_str());
        for (said, assertion) in row[1].as_array().unwrap().iter().zip(&edge.assertions) {
            assert_eq!(list("documents")[at(&said[0])][0], assertion.document);
            let status = assertion.status.map(|status| Value::from(status.name()));
            assert_eq!(at(&said[2]).checked_sub(1).map(|at| list("statuses")[at].clone()), status);
            for (number, quote) in said[3].as_array().unwrap().iter().zip(&assertion.evidence) {
                assert_eq!(list("quotes")[at(number)][0], quote.text);
                assert_eq!(list("quotes")[at(number)][1], quote.start);
            }
            let by = said[7].as_i64().map(|number| match usize::try_from(number) {
                Ok(node) => list("nodes")[node][0][2].clone(),
                Err(_) => list("references")[(-1 - number) as usize]["name"].clone(),
            });
            assert_eq!(by, assertion.by.as_ref().map(|by| Value::from(by.name.clone())));
        }
    }
}

/// Groups of people, each with a body that all of them work for and many that met; one link between neighboring groups.
fn planted(groups: usize, members: usize) -> KnowledgeGraph {
    let mut sketch = Sketch::new("planted", None);
    let handle = |group: usize, member: usize| format!("p{}", group * members + member);
    for group in 0..groups {
        sketch.mention(
            &format!("o{group}"),
            Some(EntityType::Organization),
            MentionKind::Name,
            None,
            &format!("Works {group} Ltd"),
        );
        sketch.text(" ");
        for member in 0..members {
            let name = format!("Ana{member} Roth{group}");
            sketch.mention(&handle(group, member), Some(EntityType::Person), MentionKind::Name, None, &name);
            sketch.text(" ");
        }
    }
    for group in 0..groups {
        for member in 0..members {
            sketch.relation(&format!("{} works_for o{group}", handle(group, member)));
            for step in [1, 3] {
                sketch.relation(&format!("{} met {}", handle(group, member), handle(group, (member + step) % members)));
            }
        }
        sketch.relation(&format!("o{group} acquired o{}", (group + 1) % groups));
    }
    build(&[sketch.finish()])
}

#[test]
fn planted_groups_are_found_and_lie_together() {
    // Few nodes are laid out as pictures are, many by forces.
    for (groups, members) in [(5, 12), (30, 29)] {
        let graph = planted(groups, members);
        assert_eq!(graph.node_count(), groups * (members + 1));
        let nodes = nodes(&data(&page(&graph)));
        let mut found: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        for (name, _, group) in &nodes {
            let planted = name.trim_start_matches("Works ").trim_end_matches(" Ltd");
            found.entry(*group).or_default().insert(planted.rsplit("Roth").next().unwrap().to_owned());
        }
        assert_eq!(found.len(), groups, "{found:?}");
        assert!(found.values().all(|planted| planted.len() == 1), "{found:?}");

        let places: BTreeSet<(i64, i64)> = nodes.iter().map(|(_, place, _)| *place).collect();
        assert_eq!(places.len(), nodes.len(), "two nodes lie in one place");
        let distance = |a: usize, b: usize| {
            let (x, y) = (nodes[a].1.0 - nodes[b].1.0, nodes[a].1.1 - nodes[b].1.1);
            ((x * x + y * y) as f64).sqrt()
        };
        let (mut near, mut far) = ((0.0, 0), (0.0, 0));
        for a in 0..nodes.len() {
            for b in a + 1..nodes.len() {
                let sum = if nodes[a].2 == nodes[b].2 { &mut near } else { &mut far };
                *sum = (sum.0 + distance(a, b), sum.1 + 1);
            }
        }
        let (near, far) = (near.0 / f64::from(near.1), far.0 / f64::from(far.1));
        assert!(near * 1.8 < far, "{near} within groups, {far} between them");
    }
}

/// A folder with the story as a graph file and as node-link JSON.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut file = GraphFile::create(folder.path().join("news.relata")).unwrap();
    file.begin_build().unwrap();
    file.add_all(&story()).unwrap();
    file.resolve().unwrap();
    let json = fs::File::create(folder.path().join("news.json")).unwrap();
    let mut writer = GraphExporter::from_format(GraphFormat::NodeLink).for_writer(json);
    writer.write(&file.graph().unwrap()).unwrap();
    writer.finish().unwrap();
    folder
}

fn view(folder: &Path, line: &str) -> Output {
    let words: Vec<&str> = line.split(' ').map(|word| if word == "BWR" { "Brightwater Rail" } else { word }).collect();
    Command::new(env!("CARGO_BIN_EXE_relata")).arg("view").args(words).current_dir(folder).output().unwrap()
}

#[test]
fn graph_files_and_node_link_json_give_the_same_page() {
    let folder = folder();
    for options in [
        "",
        " --types PERSON,PLACE",
        " --status fact --min-score 0.7",
        " --relations acquired",
        " --around BWR --hops 1",
    ] {
        let of = |graph: &str| {
            let output = view(folder.path(), &format!("{graph} -o -{options}"));
            assert!(output.status.success(), "{options}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let (page, other) = (of("news.relata"), of("news.json"));
        assert!(page == other, "{options}");
        assert!(page.contains("<title>news</title>"));
        let data = data(&page);
        let types: BTreeSet<u64> =
            data["nodes"].as_array().unwrap().iter().map(|node| node[0][1].as_u64().unwrap()).collect();
        let edges = data["edges"].as_array().unwrap().len();
        match options.split(' ').nth(1) {
            None => assert!(types.len() > 3 && edges > 6),
            Some("--types") => assert_eq!(types, BTreeSet::from([0, 2])),
            Some("--relations") => assert_eq!(edges, 1),
            Some("--around") => assert!(nodes(&data).len() < build(&story()).node_count() && edges > 1),
            Some(_) => {
                let edges = data["edges"].as_array().unwrap();
                let said: Vec<&Value> = edges.iter().flat_map(|edge| edge[1].as_array().unwrap()).collect();
                assert!(said.len() > 1 && said.iter().all(|said| said[1].as_f64().unwrap() >= 0.7 && said[2] == 0));
            }
        }
    }
}

#[test]
fn what_cannot_be_shown_is_told() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("list.json"), "[1, 2]").unwrap();
    fs::write(path.join("cut.json"), &fs::read(path.join("news.json")).unwrap()[..400]).unwrap();
    for (line, code, told) in [
        ("news.json -o page.html", 0, ""),
        ("none.json -o page.html", 2, "cannot read none.json"),
        ("none.relata -o page.html", 2, "none.relata"),
        ("list.json -o page.html", 2, "list.json is neither a graph file (.relata) nor node-link JSON"),
        ("cut.json -o page.html", 2, "EOF while parsing"),
        ("news.json -o - --open", 2, "--open needs a file"),
        ("news.json -o no/page.html", 2, "there is no folder no"),
        ("news.json -o page.html --types ROBOT", 2, "unknown entity type \"ROBOT\""),
        ("news.json -o page.html --around Nobody", 1, "nothing is named Nobody"),
    ] {
        let output = view(path, line);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{line}: {errors}");
        assert!(errors.contains(told) && output.stdout.is_empty(), "{line}: {errors}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn open_hands_the_page_to_the_browser() {
    use std::{os::unix::fs::PermissionsExt, thread, time::Duration};

    let folder = folder();
    let path = folder.path();
    // What stands in for the desktop's own program writes down what it was given.
    let program = path.join("xdg-open");
    fs::write(&program, "#!/bin/sh\nprintf '%s' \"$1\" > seen.part && mv seen.part seen\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let search = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_relata"))
        .args(["view", "news.json", "-o", "page.html", "--open"])
        .env("PATH", search)
        .current_dir(path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen = (0..200).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        fs::read_to_string(path.join("seen")).ok()
    });
    assert_eq!(seen.as_deref(), Some("page.html"));
}
