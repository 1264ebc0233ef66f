//! The graph file: what comes out depends on the documents in it, not on how they came.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use relata::{
    corpus::Decisions,
    document::Document,
    eval::parse_inline,
    export::GraphFormat,
    graph::{GraphBuilder, GraphFilter, GraphSource, KnowledgeGraph},
    record::DocumentRecord,
    schema::{EntityType, RelationType, Status},
    store::{Added, GraphFile, StoreError},
};
use tempfile::TempDir;

use crate::{
    export::{all_bytes, disputed},
    graph::document,
};

/// Sixty articles about a dozen stories, as people marked them.
fn stories() -> Vec<Document> {
    let text = include_str!("../../data/corpus/stories.gold");
    let records = parse_inline("stories.gold", text).unwrap();
    records.into_iter().map(|record| Document::try_from(record).unwrap()).collect()
}

/// Other numbers each time, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// The bytes of a graph in every format.
fn bytes(graph: &dyn GraphSource) -> Vec<(GraphFormat, Vec<u8>)> {
    GraphFormat::ALL.into_iter().map(|format| (format, all_bytes(graph, format))).collect()
}

fn check_equal(one: &dyn GraphSource, other: &dyn GraphSource, what: &str) {
    for ((format, left), (_, right)) in bytes(one).into_iter().zip(bytes(other)) {
        assert!(left == right, "{what}: {format} differs");
    }
}

/// What is laid out on the disk is what a graph in memory is, to every format and to every question.
fn check_snapshot(file: &mut GraphFile, filter: &GraphFilter, expected: &KnowledgeGraph, what: &str) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = file.snapshot(folder.path(), filter).unwrap();
    assert_eq!(
        (snapshot.node_count(), snapshot.edge_count()),
        (expected.node_count(), expected.edge_count()),
        "{what}"
    );
    assert!(*snapshot.whole().unwrap() == *expected, "{what}");
    check_equal(&snapshot, expected, what);
    for node in expected.nodes() {
        let id = node.id.as_str();
        assert_eq!(snapshot.position(id).unwrap(), expected.position(id).unwrap());
        assert_eq!(snapshot.node_ref(id).unwrap(), expected.node_ref(id).unwrap());
    }
    for id in ["person-0000000000000000", "zzz", "", "person-ffffffffffffffff"] {
        assert_eq!(snapshot.position(id).unwrap(), expected.position(id).unwrap(), "{id}");
        assert_eq!(snapshot.document(id).unwrap().is_some(), expected.document(id).is_some(), "{id}");
    }
    drop(snapshot);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left on the disk");
}

fn in_memory<'a>(docs: impl IntoIterator<Item = &'a Document>) -> KnowledgeGraph {
    docs.into_iter().fold(GraphBuilder::new(), GraphBuilder::add).finish()
}

/// A new file in a folder of its own.
fn file() -> (TempDir, GraphFile) {
    let folder = tempfile::tempdir().unwrap();
    let file = GraphFile::create(folder.path().join("news.relata")).unwrap();
    (folder, file)
}

fn add<'a>(file: &mut GraphFile, docs: impl IntoIterator<Item = &'a Document>) {
    file.begin_build().unwrap();
    file.add_all(docs).unwrap();
    file.resolve().unwrap();
}

#[test]
fn order_and_batches_do_not_matter() {
    let mut docs = stories();
    let expected = in_memory(&docs);
    assert!(expected.node_count() > 400 && expected.edge_count() > 500);
    let mut dice = Dice(1);
    for batch in [1, 7, 20, 60] {
        dice.shuffle(&mut docs);
        let (_folder, mut file) = file();
        for batch in docs.chunks(batch) {
            add(&mut file, batch);
        }
        check_equal(&file.graph().unwrap(), &expected, "order and batches");
        check_snapshot(&mut file, &GraphFilter::new(), &expected, "order and batches, on the disk");
    }
}

#[test]
fn a_document_taken_out_leaves_no_trace() {
    let mut docs = stories();
    let mut dice = Dice(2);
    for round in 0..6 {
        dice.shuffle(&mut docs);
        let (gone, left) = docs.split_at(1 + dice.below(30));
        let (_folder, mut file) = file();
        add(&mut file, &docs);
        for doc in gone {
            assert_eq!(file.remove(&doc.id).unwrap(), 1);
            // At times only after several.
            if dice.below(3) == 0 {
                file.resolve().unwrap();
            }
        }
        file.resolve().unwrap();
        check_equal(&file.graph().unwrap(), &in_memory(left), &format!("round {round}"));
        // And it may come back.
        add(&mut file, gone);
        check_equal(&file.graph().unwrap(), &in_memory(&docs), &format!("round {round}, back"));
    }
    let (_folder, mut file) = file();
    assert_eq!(file.remove("nobody").unwrap(), 0);
}

/// What can be read in the graph file of a folder and in its log, in small letters.
fn readable(folder: &Path) -> String {
    ["news.relata", "news.relata-wal"]
        .map(|name| fs::read(folder.join(name)).unwrap_or_default())
        .map(|bytes| String::from_utf8_lossy(&bytes).to_lowercase())
        .concat()
}

#[test]
fn what_was_taken_out_cannot_be_read_any_more() {
    let mut docs = stories();
    Dice(6).shuffle(&mut docs);
    let (gone, left) = docs.split_at(25);
    let (folder, mut file) = file();
    let (other_folder, mut other) = self::file();
    for (file, docs) in [(&mut file, &docs[..]), (&mut other, left)] {
        file.require("keeps_text", "yes").unwrap();
        // One by one, so that rows move from page to page.
        for doc in docs {
            file.add(doc).unwrap();
        }
        file.resolve().unwrap();
    }
    // Names and beginnings of texts that a file which never had these documents does not have.
    let (before, without) = (readable(folder.path()), readable(other_folder.path()));
    let texts: String = left.iter().map(|doc| doc.text.to_lowercase()).collect();
    let said: BTreeSet<String> = gone
        .iter()
        .flat_map(|doc| {
            let name = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let start = doc.text.chars().take(40).collect::<String>().to_lowercase();
            doc.entities.iter().map(|entity| name(&entity.name)).chain([start]).collect::<Vec<_>>()
        })
        .filter(|words| words.contains(' ') && !without.contains(words.as_str()) && !texts.contains(words.as_str()))
        .collect();
    assert!(said.len() > 50, "{said:?}");
    assert!(said.iter().all(|words| before.contains(words.as_str())));
    for doc in gone {
        assert_eq!(file.remove(&doc.id).unwrap(), 1);
    }
    file.resolve().unwrap();
    let after = readable(folder.path());
    let found: Vec<&String> = said.iter().filter(|words| after.contains(words.as_str())).collect();
    assert!(found.is_empty(), "{found:?}");
    check_equal(&file.graph().unwrap(), &in_memory(left), "the rest");
    // Nor can what a changed document said before.
    let secret = "[p PERSON|Ottilie Brandvoll] leads [o ORGANIZATION|Fjellrype Holding].\n=\np head_of o";
    add(&mut file, [&document("x", None, secret)]);
    assert!(["ottilie brandvoll", "fjellrype"].iter().all(|words| readable(folder.path()).contains(*words)));
    add(&mut file, [&document("x", None, "[p PERSON|Ana Costa] sings.")]);
    assert!(["ottilie", "brandvoll", "fjellrype"].iter().all(|words| !readable(folder.path()).contains(*words)));
    assert_eq!(fs::metadata(folder.path().join("news.relata-wal")).map_or(0, |log| log.len()), 0);
}

#[test]
fn only_whole_identifiers_take_documents_out() {
    let docs = ["http://x/page", "http://x/page#two"].map(|id| document(id, None, "[p PERSON|Ana Costa] left."));
    let (_folder, mut file) = file();
    add(&mut file, &docs);
    for digits in ["", "x"].into_iter().map(str::to_owned).chain("0123456789abcdef".chars().map(String::from)) {
        assert_eq!(file.remove(&format!("http://x/page#{digits}")).unwrap(), 0, "{digits:?}");
    }
    assert_eq!(file.remove("http://x/page#two").unwrap(), 1);
    assert_eq!(file.document_ids().unwrap(), ["http://x/page"]);
}

#[test]
fn types_with_small_letters_are_found_by_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("types.toml"), "[rename]\nPERSON = \"Person\"\n").unwrap();
    let text = "[p PERSON|Maria Keller] leads [o ORGANIZATION|Nordbank].\n=\np head_of o";
    write_lines(here.join("news.jsonl"), &[document("a", None, text)], 1);
    let outputs = ["-o", "news.relata", "-o", "news.json"];
    printed(here, &[&["build", "--schema", "types.toml", "--extracted", "news.jsonl"], &outputs[..]].concat());
    let graph: serde_json::Value = serde_json::from_str(&fs::read_to_string(here.join("news.json")).unwrap()).unwrap();
    let mut ids = graph["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap());
    let id = ids.find(|id| id.starts_with("person-")).unwrap();
    let told = printed(here, &["query", "news.relata", id]);
    assert!(told.starts_with(&format!("Person Maria Keller  {id}\n")), "{told}");
    printed(here, &["export", "news.relata", "--around", id, "-o", "near.json"]);
}

#[test]
fn a_part_on_the_disk_is_the_part_in_memory() {
    let mut docs = stories();
    // Identifiers that sort badly, and two documents of one.
    for (doc, id) in docs.iter_mut().zip(["a", "a\u{0}b", "a\u{0}", "twin", "twin", "\u{1f}", "é", ""]) {
        doc.id = id.to_owned();
    }
    docs.push(document("bare", None, "Nothing happened."));
    let whole = in_memory(&docs);
    let (_folder, mut file) = file();
    add(&mut file, &docs);
    let somebody = whole.nodes().find(|node| node.entity_type == EntityType::Person).unwrap().name.clone();
    let relation = |name: &str| RelationType::from_name(name).unwrap();
    for (number, filter) in [
        GraphFilter::new(),
        GraphFilter::new().with_entity_types([EntityType::Person, EntityType::Organization]),
        GraphFilter::new().with_entity_types([EntityType::Date]),
        GraphFilter::new().with_relation_types([relation("head_of"), relation("owns")]),
        GraphFilter::new().with_statuses([Some(Status::Possible), Some(Status::Negated)]),
        GraphFilter::new().with_min_score(1.1),
        GraphFilter::new().without_isolated(),
        GraphFilter::new().around(somebody, 2).with_statuses([None]),
    ]
    .into_iter()
    .enumerate()
    {
        check_snapshot(&mut file, &filter, &whole.subgraph(&filter), &format!("filter {number}"));
    }
    let nowhere = Path::new("/no/such/folder");
    assert!(matches!(file.snapshot(nowhere, &GraphFilter::new()), Err(StoreError::Scratch { .. })));
}

#[test]
fn nothing_is_left_of_a_file_that_was_emptied() {
    let docs = stories();
    let (_folder, mut file) = file();
    add(&mut file, &docs);
    for doc in &docs {
        file.remove(&doc.id).unwrap();
    }
    file.resolve().unwrap();
    let status = file.status().unwrap();
    let counts = [
        status.documents,
        status.mentions,
        status.entities,
        status.names,
        status.clusters,
        status.assertions,
        status.merges,
    ];
    assert_eq!(counts, [0; 7]);
    assert!(file.graph().unwrap() == KnowledgeGraph::default());
}

#[test]
fn known_documents_are_skipped_and_changed_ones_replaced() {
    let one = document("a", None, "[p PERSON|Maria Keller] leads [o ORGANIZATION|Nordbank].\n=\np head_of o");
    let changed =
        document("a", None, "[p PERSON|Maria Keller] left [o ORGANIZATION|Nordbank].\n=\np head_of o ~former");
    let other = document("b", None, "[p PERSON|Ana Costa] sings.");
    let (_folder, mut file) = file();
    file.begin_build().unwrap();
    assert_eq!(file.add_all([&one, &other]).unwrap(), [Added::New, Added::New]);
    assert_eq!(file.add(&one).unwrap(), Added::Known);
    assert!(file.knows(&one).unwrap() && !file.knows(&changed).unwrap());
    file.resolve().unwrap();
    let before = file.graph().unwrap();
    add(&mut file, [&one, &other]);
    check_equal(&file.graph().unwrap(), &before, "added twice");
    file.begin_build().unwrap();
    assert_eq!(file.add(&changed).unwrap(), Added::Replaced);
    file.resolve().unwrap();
    check_equal(&file.graph().unwrap(), &in_memory([&changed, &other]), "replaced");
    // In one build both versions are kept, in whatever order they come.
    for pair in [[&one, &changed], [&changed, &one]] {
        add(&mut file, pair);
        check_equal(&file.graph().unwrap(), &in_memory([&one, &changed, &other]), "two versions");
    }
}

#[test]
fn neighborhoods_are_parts_of_the_whole() {
    let docs = stories();
    let (_folder, mut file) = file();
    add(&mut file, &docs);
    let whole = file.graph().unwrap();
    for (name, hops) in [("Saebyeok Marine", 0), ("Saebyeok Marine", 1), ("Batumi", 2), ("Nobody At All", 1)] {
        let near = file.neighborhood(name, hops).unwrap();
        let filter = relata::graph::GraphFilter::new().around(name, hops);
        check_equal(&near, &whole.subgraph(&filter), name);
    }
}

#[test]
fn decisions_hold_and_ids_redirect() {
    let text = |name: &str| format!("[p PERSON|{name}] met [o ORGANIZATION|Nordbank].\n=\np met o");
    let docs = [
        document("a", None, &text("Marcela Quintana")),
        document("b", None, &text("Marcelina Quintero")),
        document("c", None, &text("Marcela Ruth Quintana")),
    ];
    let (_folder, mut file) = file();
    add(&mut file, &docs);
    let named = |file: &mut GraphFile, name: &str| file.find(name).unwrap().remove(0);
    let (a, b, c) = (
        named(&mut file, "Marcela Quintana"),
        named(&mut file, "Marcelina Quintero"),
        named(&mut file, "Marcela Ruth Quintana"),
    );
    assert_eq!(a.node, c.node, "a second given name makes nobody another");
    assert_ne!(a.node, b.node);
    let mut decisions = Decisions::default();
    decisions.decide(&a.key, &b.key, true);
    file.decide(&decisions).unwrap();
    file.resolve().unwrap();
    assert_eq!(named(&mut file, "Marcelina Quintero").node, named(&mut file, "Marcela Quintana").node);
    for old in [&a.node, &b.node] {
        let now = file.redirect(old).unwrap();
        assert_eq!(now.as_ref(), Some(&named(&mut file, "Marcela Quintana").node), "{old} leads to the joined node");
    }
    // It holds for documents that come later, and in whatever order the file is built.
    let (_other_folder, mut other) = self::file();
    other.decide(&decisions).unwrap();
    add(&mut other, docs.iter().rev());
    check_equal(&other.graph().unwrap(), &file.graph().unwrap(), "decided before");
    let built = docs.iter().fold(GraphBuilder::new(), GraphBuilder::add).with_decisions(decisions.clone()).finish();
    check_equal(&built, &file.graph().unwrap(), "decided in memory");
    // And is taken back.
    decisions.decide(&a.key, &b.key, false);
    decisions.decide(&a.key, &c.key, false);
    file.decide(&decisions).unwrap();
    file.resolve().unwrap();
    let nodes: BTreeSet<String> = ["Marcela Quintana", "Marcelina Quintero", "Marcela Ruth Quintana"]
        .map(|name| named(&mut file, name).node)
        .into();
    assert_eq!(nodes.len(), 3);
    assert_eq!(file.redirect("person-0000000000000000").unwrap(), None);
}

#[test]
fn what_stays_with_its_document_can_be_joined_by_hand() {
    let docs = [
        document("a", None, "[p PERSON|Per Olav Brekke] of [o ORGANIZATION|Nordbank].\n=\np works_for o"),
        document("b", None, "[p PERSON|Brekke] met [q PERSON|Brekke] and [r PERSON|Lund].\n=\np met r\nq met r"),
        document("c", None, "[p PERSON|Brekke] left."),
        document("twin", None, "[p PERSON|Brekke] sang."),
        document("twin", None, "[p PERSON|Brekke] danced."),
    ];
    let (_folder, mut file) = file();
    add(&mut file, &docs);
    let whole = in_memory(&docs);
    let alone = file.find_alone("Brekke").unwrap();
    let documents: Vec<&str> = alone.iter().map(|named| named.documents[0].as_str()).collect();
    assert_eq!(documents.len(), 5, "{documents:?}");
    for named in &alone {
        assert!(whole.node(&named.node).is_some(), "{named:?}");
        assert_eq!(file.find_alone(&named.node).unwrap(), std::slice::from_ref(named), "by its identifier");
        assert_eq!(file.neighborhood(&named.node, 0).unwrap().node_count(), 1);
    }
    assert_eq!(file.find_to_decide("Brekke").unwrap(), alone);
    let key_of = |document: &str| &alone.iter().find(|named| named.documents == [document]).unwrap().key;
    let known = file.find("Per Olav Brekke").unwrap().remove(0);
    let twin = alone.iter().find(|named| named.documents[0].starts_with("twin#")).unwrap();
    let mut decisions = Decisions::default();
    // The second one of its document: the first keeps its identifier.
    let second = alone.iter().rfind(|named| named.documents == ["b"]).unwrap();
    for key in [&second.key, key_of("c"), &twin.key] {
        decisions.decide(key, &known.key, true);
    }
    file.decide(&decisions).unwrap();
    file.resolve().unwrap();
    let built = |docs: &[&Document]| {
        let builder = docs.iter().fold(GraphBuilder::new(), |builder, doc| builder.add(doc));
        builder.with_decisions(decisions.clone()).finish()
    };
    let all: Vec<&Document> = docs.iter().collect();
    let joined = built(&all);
    assert_eq!(joined.node_count(), whole.node_count() - 3);
    check_equal(&file.graph().unwrap(), &joined, "joined");
    check_snapshot(&mut file, &GraphFilter::new(), &joined, "joined, on the disk");
    assert_eq!(file.redirect(&second.node).unwrap().as_ref(), Some(&known.node), "the old identifier leads there");
    // Documents go and come back, and one that has a twin no longer is known by another identifier.
    for (gone, doc) in docs.iter().enumerate() {
        let left: Vec<&Document> = all.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, doc)| *doc).collect();
        file.remove(&doc.id).unwrap();
        if doc.id == "twin" {
            add(&mut file, left.iter().copied().filter(|other| other.id == "twin"));
        }
        file.resolve().unwrap();
        check_equal(&file.graph().unwrap(), &built(&left), &format!("without {gone}"));
        add(&mut file, docs.iter().filter(|other| other.id == doc.id));
        check_equal(&file.graph().unwrap(), &joined, &format!("{gone} is back"));
    }
    // And in a file that had the decisions first.
    let (_other_folder, mut other) = self::file();
    other.decide(&decisions).unwrap();
    add(&mut other, docs.iter().rev());
    check_equal(&other.graph().unwrap(), &joined, "decided before");
    let mut apart = Decisions::default();
    for (a, b) in &decisions.same {
        apart.decide(a, b, false);
    }
    file.decide(&apart).unwrap();
    file.resolve().unwrap();
    check_equal(&file.graph().unwrap(), &whole, "taken back");
}

#[test]
fn merges_are_asked_for_by_name_or_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let docs = [
        document("a", None, "[p PERSON|Per Olav Brekke] met [q PERSON|Brekke]."),
        document("b", None, "[p PERSON|Brekke] left."),
    ];
    write_lines(here.join("news.jsonl"), &docs, 1);
    printed(here, &["build", "--extracted", "news.jsonl", "-o", "news.relata"]);
    let fails = |arguments: &[&str], told: &str| {
        let output = run(here, &[&["merge", "news.relata"], arguments].concat());
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(told), "no {told:?} in {errors}");
        errors
    };
    fails(&["Nobody", "Brekke"], "nothing is named Nobody");
    fails(&["Per Olav Brekke", "PER OLAV BREKKE"], "Per Olav Brekke is given twice; name two things");
    fails(&["Brekke", "Per Olav Brekke"], "several things have these names; give identifiers: person-");
    let told =
        fails(&["Brekke", "Brekke"], "Brekke is given twice, and several things have the name; give identifiers:");
    let ids: Vec<&str> = told.split(' ').filter(|word| word.starts_with("person-")).collect();
    assert_eq!(ids.len(), 2, "{told}");
    let explained = run(here, &["explain", "news.relata", ids[0]]);
    assert_eq!(explained.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&explained.stderr).contains("is not enough of a name to be shared by documents"));
    for id in ids.iter().copied() {
        printed(here, &["merge", "news.relata", id, "Per Olav Brekke"]);
    }
    let told = printed(here, &["query", "news.relata", "Per Olav Brekke"]);
    assert!(told.contains("also Brekke (2)") && told.contains("3 mentions, 2 documents"), "{told}");
    fails(&[ids[0], ids[1]], "are one thing already");
    printed(here, &["split", "news.relata", ids[0], ids[1]]);
}

#[test]
fn what_keeps_names_apart_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let docs = [
        document("a", None, "[p PERSON|Marcela Quintana] of [o ORGANIZATION|Nordbank].\n=\np works_for o"),
        document("b", None, "[p PERSON|Marcela Ruth Quintana] of [o ORGANIZATION|Nordbank].\n=\np works_for o"),
        document("c", None, "[p PERSON|Marcela Inés Quintana] of [o ORGANIZATION|Nordbank].\n=\np works_for o"),
    ];
    write_lines(here.join("news.jsonl"), &docs, 1);
    printed(here, &["build", "--extracted", "news.jsonl", "-o", "news.relata"]);
    let told = printed(here, &["explain", "news.relata", "Marcela Quintana"]);
    let reason = "; but the shorter name speaks about as much for another thing";
    assert_eq!(
        told.lines().filter(|line| line.contains("kept apart: ") && line.ends_with(reason)).count(),
        2,
        "{told}"
    );
}

#[test]
fn documents_of_one_identifier_are_both_listed() {
    let docs = ["left", "stayed"].map(|verb| document("x", None, &format!("[p PERSON|Ana Costa] {verb}.")));
    let (_folder, mut file) = file();
    add(&mut file, &docs);
    add(&mut file, [&document("y", None, "[p PERSON|Ana Costa] sang.")]);
    let ids = file.document_ids().unwrap();
    let shown: Vec<String> = file.graph().unwrap().documents().iter().map(|document| document.id.clone()).collect();
    assert_eq!(ids, shown);
    assert!(ids.len() == 3 && ids[0].starts_with("x#") && ids[2] == "y", "{ids:?}");
    assert_eq!(file.remove(&ids[0]).unwrap(), 1, "by which each can be taken out");
    assert_eq!(file.document_ids().unwrap(), ["x", "y"]);
}

#[test]
fn commands_that_look_leave_empty_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for name in ["e.txt", "e.relata"] {
        for line in [
            "status NAME",
            "export NAME -o out.dot",
            "query NAME Ana",
            "review NAME",
            "view NAME -o out.html",
            "remove NAME a",
            "merge NAME Ana Bo",
        ] {
            fs::write(here.join(name), "").unwrap();
            let arguments: Vec<&str> = line.split(' ').map(|word| if word == "NAME" { name } else { word }).collect();
            let output = run(here, &arguments);
            assert_eq!(output.status.code(), Some(2), "{line}");
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(errors.contains(&format!("{name} is no graph file")), "{line}: {errors}");
            assert_eq!(fs::metadata(here.join(name)).unwrap().len(), 0, "{line}");
            assert_eq!(fs::read_dir(here).unwrap().count(), 1, "{line}: something was left beside it");
        }
        assert!(GraphFile::create(here.join(name)).is_ok(), "a build may fill it");
        fs::remove_file(here.join(name)).unwrap();
    }
}

#[test]
fn what_no_filter_leaves_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let text = "[p PERSON|Maria Keller] leads [o ORGANIZATION|Nordbank].\n=\np head_of o";
    write_lines(here.join("news.jsonl"), &[document("a", Some("2024-05-02"), text)], 1);
    printed(here, &["build", "--extracted", "news.jsonl", "-o", "news.relata"]);
    for (options, code, told) in [
        ("--around Nordbank", 0, ""),
        ("--around Nobody", 1, "nothing is named Nobody\n"),
        ("--around Nobody --since 2024", 1, "nothing is left to write\n"),
        ("--types PERSON", 0, ""),
        ("--types EVENT", 1, "nothing is left to write\n"),
        ("--since 2024", 0, ""),
        ("--since 2030", 1, "no relation is what the filters ask for; 2 names are left without any\n"),
        ("--relations met", 1, "no relation is what the filters ask for; 2 names are left without any\n"),
    ] {
        for command in ["export news.relata -o out.csv", "view news.relata -o out.html"] {
            let line = format!("{command} {options}");
            let output = run(here, &line.split(' ').collect::<Vec<_>>());
            assert_eq!(output.status.code(), Some(code), "{line}");
            assert_eq!(String::from_utf8_lossy(&output.stderr), told, "{line}");
            let line = format!("-q {line}");
            let quiet = run(here, &line.split(' ').collect::<Vec<_>>());
            assert!(quiet.status.code() == Some(code) && quiet.stderr.is_empty(), "{line}");
        }
    }
}

#[test]
fn documents_can_be_told_apart_by_hand() {
    let text = |role: &str| format!("[t TITLE|{role}] [p PERSON|John Abara] spoke.\n=\np holds_title t");
    let docs = ["a", "b", "c", "d"].map(|id| document(id, None, &text(if id < "c" { "judge" } else { "singer" })));
    let (folder, mut file) = file();
    add(&mut file, &docs);
    assert_eq!(file.find("John Abara").unwrap().len(), 1);
    drop(file);
    printed(folder.path(), &["split", "news.relata", "John Abara", "--documents", "c", "d"]);
    let mut file = GraphFile::open(folder.path().join("news.relata")).unwrap();
    let mut found = file.find("John Abara").unwrap();
    found.sort_by(|one, other| one.documents.cmp(&other.documents));
    let documents: Vec<&[String]> = found.iter().map(|named| named.documents.as_slice()).collect();
    assert_eq!(documents, [["a", "b"], ["c", "d"]]);
    assert_ne!(found[0].node, found[1].node);
    // In memory it is the same, and a document that comes later goes to the one that it is closer to.
    let decisions = file.decisions().unwrap();
    let later = document("e", None, &text("singer"));
    add(&mut file, [&later]);
    let built = docs.iter().chain([&later]).fold(GraphBuilder::new(), GraphBuilder::add).with_decisions(decisions);
    check_equal(&built.finish(), &file.graph().unwrap(), "in memory");
    let singer = file.find("John Abara").unwrap().into_iter().find(|named| named.documents.contains(&"c".to_owned()));
    assert_eq!(singer.unwrap().documents, ["c", "d", "e"]);
    drop(file);
    let wrong = run(folder.path(), &["split", "news.relata", "John Abara", "--documents", "z"]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("document z has nothing that is named John Abara"));
}

#[test]
fn bad_files_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(matches!(GraphFile::open(path("none.relata")), Err(StoreError::Missing(_))));
    fs::write(path("text.relata"), "not a database, but long enough to be taken for one".repeat(100)).unwrap();
    assert!(matches!(GraphFile::create(path("text.relata")), Err(StoreError::Foreign(_))));
    let other = rusqlite::Connection::open(path("other.relata")).unwrap();
    other.execute_batch("CREATE TABLE other (x)").unwrap();
    drop(other);
    assert!(matches!(GraphFile::create(path("other.relata")), Err(StoreError::Foreign(_))));
    let docs = stories();
    let mut file = GraphFile::create(path("new.relata")).unwrap();
    file.require("model", "one").unwrap();
    file.require("model", "another").unwrap();
    add(&mut file, &docs);
    file.require("model", "another").unwrap();
    assert!(matches!(file.require("model", "one"), Err(StoreError::OtherSettings { .. })));
    drop(file);

    let later = rusqlite::Connection::open(path("new.relata")).unwrap();
    later.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(GraphFile::open(path("new.relata")), Err(StoreError::Newer { version: 99, .. })));
    later.pragma_update(None, "user_version", 1).unwrap();
    // Somebody else writes.
    later.execute_batch("PRAGMA journal_mode = wal; BEGIN IMMEDIATE").unwrap();
    let mut file = GraphFile::open(path("new.relata")).unwrap();
    assert!(matches!(file.remove("s01-1"), Err(StoreError::Locked(_))));
    later.execute_batch("ROLLBACK").unwrap();
    assert_eq!(file.remove("s01-1").unwrap(), 1);
    drop((file, later));

    // Pages overwritten, file cut off: an error, never a panic.
    let whole = fs::read(path("new.relata")).unwrap();
    let mut damaged = whole.clone();
    for byte in damaged.iter_mut().skip(8192).step_by(3) {
        *byte ^= 0x5a;
    }
    for (name, content) in [("damaged.relata", damaged.as_slice()), ("cut.relata", &whole[..whole.len() / 2])] {
        fs::write(path(name), content).unwrap();
        let told = GraphFile::open(path(name)).and_then(|mut file| file.graph()).map(|_| ()).unwrap_err();
        assert!(matches!(told, StoreError::Damaged { .. } | StoreError::Database { .. }), "{told:?}");
    }
}

/// Runs the program in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_relata")).args(arguments).current_dir(folder).output().unwrap()
}

/// Runs the program and returns what it printed.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Documents as lines of JSON; several times over, with other identifiers.
fn write_lines(path: PathBuf, docs: &[Document], times: usize) {
    let mut lines = fs::File::create(path).unwrap();
    for time in 0..times {
        for doc in docs {
            let mut record = DocumentRecord::from(doc);
            record.id = format!("{}.{time}", record.id);
            writeln!(lines, "{}", serde_json::to_string(&record).unwrap()).unwrap();
        }
    }
}

#[test]
fn a_build_that_was_killed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    write_lines(folder.path().join("news.jsonl"), &stories(), 4);
    let build = ["build", "--extracted", "news.jsonl", "-q", "-o"];
    let start = std::time::Instant::now();
    printed(folder.path(), &[&build[..], &["whole.relata"]].concat());
    let whole_run = start.elapsed();
    printed(folder.path(), &["export", "whole.relata", "-o", "whole.json"]);
    let expected = fs::read(folder.path().join("whole.json")).unwrap();

    let mut dice = Dice(3);
    let mut kills = 0;
    for round in 0.. {
        let name = format!("round-{round}.relata");
        // A few times killed in each round, at any moment of a run, and in the end let through.
        for _ in 0..5 {
            let mut child = Command::new(env!("CARGO_BIN_EXE_relata"))
                .args([&build[..], &[&name]].concat())
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            thread::sleep(whole_run.mul_f64(dice.below(1000) as f64 / 1000.0).max(Duration::from_millis(1)));
            child.kill().unwrap();
            kills += usize::from(!child.wait().unwrap().success());
        }
        printed(folder.path(), &[&build[..], &[&name]].concat());
        printed(folder.path(), &["export", &name, "-o", "again.json"]);
        assert!(fs::read(folder.path().join("again.json")).unwrap() == expected, "round {round}");
        if kills >= 100 {
            break;
        }
        assert!(round < 200, "only {kills} of the kills came before the end");
    }
}

#[test]
fn limits_are_crossed_back_and_forth() {
    // More names of one family than are compared, and a name in more documents than are looked at.
    let family = |n: usize| {
        let given: String = n.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect();
        document(
            &format!("f{n}"),
            None,
            &format!("[p PERSON|B{given}do Kellerman] met [q PERSON|Bee{given}do Kellerman]."),
        )
    };
    let known = |n: usize| {
        let role = ["judge", "singer", "envoy"][n % 3];
        document(
            &format!("k{n}"),
            None,
            &format!("[t TITLE|{role}] [p PERSON|Ada Brook] of [o ORGANIZATION|Firm {n}].\n=\np holds_title t"),
        )
    };
    let mut docs: Vec<Document> = (0..230).map(family).chain((0..80).map(known)).collect();
    Dice(4).shuffle(&mut docs);
    let (_folder, mut file) = file();
    for batch in docs.chunks(90) {
        add(&mut file, batch);
    }
    check_equal(&file.graph().unwrap(), &in_memory(&docs), "above the limits");
    assert!(!file.status().unwrap().large_blocks.is_empty());
    let (gone, left) = docs.split_at(120);
    for doc in gone {
        file.remove(&doc.id).unwrap();
    }
    file.resolve().unwrap();
    check_equal(&file.graph().unwrap(), &in_memory(left), "below them again");
    assert!(file.status().unwrap().large_blocks.is_empty());
}

#[test]
fn a_name_that_very_many_documents_have_may_be_that_of_two() {
    let known = |n: usize| {
        let text = match n % 9 {
            0..3 => "[p PERSON|Jonas Vellacott], born in [d DATE=1950|1950], spoke.\n=\np born_on d",
            3..5 => "[p PERSON|Jonas Vellacott], born in [d DATE=1981|1981], sang.\n=\np born_on d",
            5 => "[p PERSON|Jonas Vellacott] met [q PERSON|Jonas Vellacott].\n=\np met q",
            _ => "[p PERSON|Jonas Vellacott] of [o ORGANIZATION|Nordbank].\n=\np works_for o",
        };
        document(&format!("k{n}"), None, text)
    };
    let mut docs: Vec<Document> = (0..120).map(known).collect();
    Dice(7).shuffle(&mut docs);
    let (_folder, mut file) = file();
    for (number, batch) in docs.chunks(10).enumerate() {
        add(&mut file, batch);
        let seen = &docs[..10 * (number + 1)];
        assert!(file.graph().unwrap() == in_memory(seen), "{} documents", seen.len());
    }
    let people = |graph: &KnowledgeGraph| graph.nodes().filter(|node| node.entity_type == EntityType::Person).count();
    assert_eq!(people(&file.graph().unwrap()), 2);
    check_equal(&file.graph().unwrap(), &in_memory(&docs), "above the limit");
    // Documents go one by one, above the limit and below it.
    let (gone, left) = docs.split_at(80);
    for (number, doc) in gone.iter().enumerate() {
        assert_eq!(file.remove(&doc.id).unwrap(), 1);
        if number % 8 == 7 {
            file.resolve().unwrap();
            assert!(file.graph().unwrap() == in_memory(&docs[number + 1..]), "without {}", number + 1);
        }
    }
    check_equal(&file.graph().unwrap(), &in_memory(left), "below the limit");
}

#[test]
fn decisions_and_removals_get_along() {
    let docs = stories();
    let mut decisions = Decisions::default();
    let profiles = docs.iter().fold(GraphBuilder::new(), GraphBuilder::add).profiles();
    let people: Vec<&String> = profiles.keys().filter(|key| key.starts_with("PERSON")).collect();
    let mut dice = Dice(5);
    for n in 0..40 {
        let (a, b) = (people[dice.below(people.len())], people[dice.below(people.len())]);
        if a != b {
            decisions.decide(a, b, n % 2 == 0);
        }
    }
    let (_folder, mut file) = file();
    add(&mut file, &docs[..30]);
    file.decide(&decisions).unwrap();
    add(&mut file, &docs[30..]);
    for doc in &docs[10..35] {
        file.remove(&doc.id).unwrap();
    }
    file.resolve().unwrap();
    let left = docs[..10].iter().chain(&docs[35..]);
    let built = left.fold(GraphBuilder::new(), GraphBuilder::add).with_decisions(decisions).finish();
    check_equal(&file.graph().unwrap(), &built, "decisions");
}

#[test]
fn what_was_extracted_before_gives_the_same_graph() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/data/samples");
    printed(here, &["extract", samples, "-o", "read.jsonl"]);
    printed(here, &["build", "--extracted", "read.jsonl", "-o", "later.json", "-o", "later.relata"]);
    for threads in ["1", "3"] {
        printed(here, &["build", samples, "--threads", threads, "-o", "once.json"]);
        assert!(fs::read(here.join("once.json")).unwrap() == fs::read(here.join("later.json")).unwrap());
    }
    // Other annotations of the same text are another document, which takes the place of the old one.
    let lines = fs::read_to_string(here.join("read.jsonl")).unwrap();
    let mut record: DocumentRecord = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    record.relations.clear();
    fs::write(here.join("less.jsonl"), serde_json::to_string(&record).unwrap()).unwrap();
    printed(here, &["build", "--extracted", "less.jsonl", "-o", "later.relata", "-o", "less.json"]);
    assert!(fs::read(here.join("less.json")).unwrap().len() < fs::read(here.join("later.json")).unwrap().len());
    assert_eq!(run(here, &["build", "--extracted", ".", "-o", "later.relata"]).status.code(), Some(2));
}

#[test]
fn one_program_writes_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    write_lines(here.join("news.jsonl"), &stories(), 1);
    printed(here, &["build", "--extracted", "news.jsonl", "-o", "news.relata"]);
    let lock = fs::File::create(here.join("news.relata-lock")).unwrap();
    lock.lock().unwrap();
    let refused = run(here, &["remove", "news.relata", "s01-1.0"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another program is writing to news.relata"));
    printed(here, &["query", "news.relata", "Saebyeok Marine"]);
    drop(lock);
    printed(here, &["remove", "news.relata", "s01-1.0"]);
}

#[test]
fn edges_name_their_publishers() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let docs: Vec<Document> = [("a", "Westmark\nPost"), ("b", "Avon Herald"), ("c", "")]
        .into_iter()
        .map(|(id, source)| {
            let mut doc = document(
                id,
                Some("2024-05-02"),
                "[p PERSON|Maria Keller] leads [o ORGANIZATION|Norden Bank].\n=\np head_of o",
            );
            doc.source = Some(source.to_owned()).filter(|source| !source.is_empty());
            doc
        })
        .collect();
    write_lines(here.join("news.jsonl"), &docs, 1);
    printed(here, &["build", "--extracted", "news.jsonl", "-o", "news.relata", "-o", "news.html"]);
    let told = printed(here, &["query", "news.relata", "Maria Keller"]);
    let line = "  Maria Keller head_of Norden Bank, 3 documents (Avon Herald, Westmark Post), 2024-05-02, 0.75, fact\n";
    assert!(told.contains(line), "{told}");
    let json: serde_json::Value =
        serde_json::from_str(&printed(here, &["query", "news.relata", "Maria Keller", "--json"])).unwrap();
    assert_eq!(json["edges"][0]["sources"], serde_json::json!(["Avon Herald", "Westmark\nPost"]));
    let page = fs::read_to_string(here.join("news.html")).unwrap();
    assert!(page.contains("3 documents (<bdi>Avon Herald</bdi>, <bdi>Westmark Post</bdi>), 2024-05-02"), "{page}");
}

#[test]
fn each_status_of_an_edge_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    write_lines(here.join("news.jsonl"), &disputed(), 1);
    printed(here, &["build", "--extracted", "news.jsonl", "-o", "news.relata", "-o", "news.html"]);
    let told = printed(here, &["query", "news.relata", "Maria Keller"]);
    for line in [
        "  Maria Keller head_of Norden Bank, former in 1 document, 2023-11-08, 0.90; \
         fact in 1 document, 2022-05-03, 0.95\n",
        "  Maria Keller acquired Avon Rail, fact in 1 document, 2022-05-03, 0.93, by Bo Lind; \
         negated in 2 documents, 2023-11-08 to 2023-11-09, 0.85, by Maria Keller\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
    let told = printed(here, &["query", "news.relata", "Maria Keller", "Avon Rail"]);
    assert_eq!((told.matches("      fact: \"").count(), told.matches("      negated: \"").count()), (1, 2), "{told}");
    let page = fs::read_to_string(here.join("news.html")).unwrap();
    let numbers = "0.93, 1 document, 2022-05-03; negated 0.85, 2 documents, 2023-11-08 to 2023-11-09<";
    assert!(page.contains(numbers), "{page}");
    let (_folder, mut file) = file();
    add(&mut file, &disputed());
    check_snapshot(&mut file, &GraphFilter::new(), &in_memory(&disputed()), "several statuses");
}

#[test]
fn commands_on_a_graph_file() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(
        here.join("a.txt"),
        "Marta Keller, the chief executive of Norden Bank, met Paul Stone in Berlin on Friday.\n",
    )
    .unwrap();
    fs::write(here.join("b.txt"), "Paul Stone works for Harbour Steel. Martha Keller of Norden Bank denied it.\n")
        .unwrap();
    printed(here, &["build", "a.txt", "-o", "news.relata"]);
    printed(here, &["build", "a.txt", "b.txt", "-o", "news.relata", "-o", "both.json"]);
    printed(here, &["build", "a.txt", "b.txt", "-o", "memory.json"]);
    assert!(fs::read(here.join("both.json")).unwrap() == fs::read(here.join("memory.json")).unwrap());
    let status: serde_json::Value = serde_json::from_str(&printed(here, &["status", "news.relata", "--json"])).unwrap();
    assert_eq!((&status["documents"], &status["settings"]["runs"]), (&2.into(), &"2".into()));
    assert_eq!(printed(here, &["status", "news.relata", "--documents"]), "a.txt\nb.txt\n");

    let told = printed(here, &["query", "news.relata", "Paul Stone"]);
    assert!(told.contains("PERSON Paul Stone") && told.contains("2 documents"), "{told}");
    let told = printed(here, &["query", "news.relata", "Paul Stone", "Norden Bank"]);
    assert!(told.contains("Norden Bank (organization-"), "{told}");
    assert_eq!(run(here, &["query", "news.relata", "Nobody"]).status.code(), Some(1));
    let told = printed(here, &["explain", "news.relata", "Marta Keller"]);
    assert!(told.contains("spelling variant"), "{told}");

    printed(here, &["split", "news.relata", "Marta Keller", "Martha Keller"]);
    let told = printed(here, &["explain", "news.relata", "Marta Keller"]);
    assert!(!told.contains("Martha Keller  1 document"), "{told}");
    printed(here, &["merge", "news.relata", "Marta Keller", "Martha Keller"]);
    let told = printed(here, &["explain", "news.relata", "Marta Keller"]);
    assert!(told.contains("joined: ") && told.contains("decided by a person"), "{told}");
    let again = run(here, &["merge", "news.relata", "Marta Keller", "Martha Keller"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("one thing already"));

    let decisions = "- same: no\n  a: {type: PERSON, name: Marta Keller}\n  b: {type: PERSON, name: Martha Keller}\n";
    fs::write(here.join("decisions.yaml"), decisions).unwrap();
    printed(here, &["review", "news.relata", "--decisions", "decisions.yaml"]);
    // As one command it gives the same.
    printed(
        here,
        &["build", "a.txt", "b.txt", "--decisions", "decisions.yaml", "-o", "other.relata", "-o", "other.json"],
    );
    printed(here, &["export", "news.relata", "-o", "decided.json"]);
    assert!(fs::read(here.join("decided.json")).unwrap() == fs::read(here.join("other.json")).unwrap());
    let told = printed(here, &["explain", "news.relata", "Marta Keller"]);
    assert!(!told.contains("decided by a person"), "{told}");

    printed(here, &["export", "news.relata", "-o", "part.json", "--types", "PERSON", "--status", "fact"]);
    let bad = run(here, &["export", "news.relata", "-o", "part.json", "--types", "ROBOT"]);
    assert!(String::from_utf8_lossy(&bad.stderr).contains("unknown entity type \"ROBOT\""));
    let missing = run(here, &["remove", "news.relata", "b.txt", "c.txt"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("no document c.txt"));
    printed(here, &["export", "news.relata", "-o", "one.json"]);
    printed(here, &["build", "a.txt", "-o", "alone.json"]);
    assert!(fs::read(here.join("one.json")).unwrap() == fs::read(here.join("alone.json")).unwrap());
    let other = run(here, &["build", "a.txt", "--precision", "f32", "-o", "news.relata"]);
    assert!(String::from_utf8_lossy(&other.stderr).contains("built with precision int8, not f32"));
}
