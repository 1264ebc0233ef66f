//! What users know: lists of names and rules, from the command line to the graph.

use std::{fs, path::Path, process::Command};

use relata::{
    document::Document,
    pipeline::Pipeline,
    user::{MentionRule, NameList, RelationRule, RuleSet, Rules},
};
use serde_json::Value;
use tempfile::TempDir;

const STORY: &str = "\
The tanker Sea Marrow (IMO 9876543) ran aground off Lindholm on Friday. Zylo Kraft, which owns the Sea Marrow, said \
nobody was hurt. The firm was fined in case KB-2024/117 last year.

ZYLO KRAFT OWES MILLIONS

Marrow Bay Trust, owner of the Sea\nMarrow Light, lent money to ZK Tankers.
";

const NAMES: &str = "\
# name\ttype\tid\taliases
Zylo Kraft\tORGANIZATION\tfirm:17\tZK Tankers

Sea Marrow\tWORK\tship:9
Sea Marrow Light\tWORK\tlight:2
Marrow Bay Trust\tORGANIZATION
";

const RULES: &str = r#"
[[mention]]
type = "WORK"
pattern = '\bIMO (\d{7})\b'
id = "imo:$1"

[[mention]]
type = "EVENT"
pattern = '\b[A-Z]{2}-\d{4}/\d+\b'
id = "case:$0"

[[relation]]
type = "owns"
pattern = '(?P<head>{ORGANIZATION|PERSON}),? which (?P<trigger>owns) the (?P<tail>{WORK})'
score = 0.95

[[relation]]
type = "owns"
pattern = '(?P<head>{ORGANIZATION}), owner of the (?P<tail>{WORK})'
status = "possible"
"#;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    write("story.txt", STORY);
    write("names.tsv", NAMES);
    write("names.jsonl", "{\"name\": \"Lindholm\", \"type\": \"PLACE\", \"id\": \"place:4\"}\n");
    write("rules.toml", RULES);
    write("settings.toml", "gazetteer = [\"names.tsv\", \"names.jsonl\"]\nrules = \"rules.toml\"\n");
    write("bad.tsv", "Zylo Kraft\tORGANIZATION\n\nSea Marrow\tSHIP\n");
    write("bad.jsonl", "{\"name\": \"Zylo Kraft\"}\n");
    write(
        "bad.toml",
        &format!("{RULES}\n[[relation]]\ntype = \"owns\"\npattern = '(?P<head>{{DATE}}) (?P<tail>{{WORK}})'\n"),
    );
    write("unknown.toml", "[[mentions]]\ntype = \"WORK\"\n");
    folder
}

/// Runs a command line, split at spaces; gives exit code, standard output, standard error.
fn run(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_relata")).args(line.split(' ')).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Entities as `TYPE name = link: words, words`, with line breaks as blanks, and relations as sentences.
fn shown(folder: &Path, line: &str) -> String {
    let (code, out, err) = run(folder, line);
    assert_eq!(code, Some(0), "{err}");
    let doc: Value = serde_json::from_str(&out).unwrap();
    let text = doc["text"].as_str().unwrap();
    let mut lines = Vec::new();
    let list = |field: &str| doc[field].as_array().cloned().unwrap_or_default();
    let words = |value: &Value, start: &str, end: &str| {
        let [start, end] = [start, end].map(|name| value[name].as_u64().unwrap() as usize);
        text[start..end].replace('\n', " ")
    };
    for entity in list("entities") {
        let own = list("mentions").into_iter().filter(|mention| mention["entity"] == entity["id"]);
        let mentions: Vec<_> = own.map(|mention| words(&mention, "start", "end")).collect();
        let link = entity["link"].as_str().map(|link| format!(" = {link}")).unwrap_or_default();
        let (entity_type, name) = (entity["type"].as_str().unwrap(), entity["name"].as_str().unwrap());
        lines.push(format!("{entity_type} {name}{link}: {}", mentions.join(", ")));
    }
    for relation in list("relations") {
        let name = |end: &str| {
            let entity = list("entities").into_iter().find(|entity| entity["id"] == relation[end]).unwrap();
            entity["name"].as_str().unwrap().to_owned()
        };
        let status = relation["status"].as_str().map(|status| format!(" ({status})")).unwrap_or_default();
        let kind = relation["type"].as_str().unwrap();
        let score = relation["score"].as_f64().unwrap();
        lines.push(format!("{} {kind} {}{status} {score:.2}", name("head"), name("tail")));
    }
    lines.join("\n") + "\n"
}

#[test]
fn known_names_become_entities_with_their_identifiers() {
    let folder = folder();
    let found =
        shown(folder.path(), "extract --gazetteer names.tsv --gazetteer names.jsonl --rules rules.toml story.txt");
    for line in [
        "ORGANIZATION Zylo Kraft = firm:17: Zylo Kraft, which, firm, ZYLO KRAFT, ZK Tankers\n",
        "WORK Sea Marrow = ship:9: Sea Marrow, Sea Marrow\n",
        "WORK Sea Marrow Light = light:2: Sea Marrow Light\n",
        "WORK IMO 9876543 = imo:9876543: IMO 9876543\n",
        "EVENT KB-2024/117 = case:KB-2024/117: KB-2024/117\n",
        "PLACE Lindholm = place:4: Lindholm\n",
        "ORGANIZATION Marrow Bay Trust: Marrow Bay Trust\n",
        "Zylo Kraft owns Sea Marrow 0.95\n",
        "Marrow Bay Trust owns Sea Marrow Light (possible) 0.90\n",
    ] {
        assert!(found.contains(line), "no {line:?} in\n{found}");
    }
    let from_settings = shown(folder.path(), "extract --config settings.toml story.txt");
    assert_eq!(from_settings, found);
    // From the settings file's own folder, wherever the program runs; the command line wins.
    fs::create_dir(folder.path().join("inner")).unwrap();
    assert_eq!(shown(&folder.path().join("inner"), "extract --config ../settings.toml ../story.txt"), found);
    let other = shown(folder.path(), "extract --config settings.toml --gazetteer names.jsonl story.txt");
    assert!(!other.contains("firm:17") && other.contains("imo:9876543"), "{other}");
}

#[test]
fn other_identifiers_are_other_things() {
    let folder = folder();
    fs::write(folder.path().join("two.txt"), "Maria Keller met the board of Norden Bank. Keller left early.").unwrap();
    fs::write(folder.path().join("one.tsv"), "Maria Keller\tPERSON\tp:1\tKeller\n").unwrap();
    fs::write(folder.path().join("two.tsv"), "Maria Keller\tPERSON\tp:1\nKeller\tPERSON\tp:2\n").unwrap();
    let check = |names: &str, expected: &str| {
        let found = shown(folder.path(), &format!("extract --gazetteer {names} two.txt"));
        assert!(found.contains(expected), "{found}");
    };
    check("one.tsv", "PERSON Maria Keller = p:1: Maria Keller, Keller\n");
    check("two.tsv", "PERSON Maria Keller = p:1: Maria Keller\n");
    check("two.tsv", "PERSON Keller = p:2: Keller\n");
}

#[test]
fn the_example_of_the_documentation_is_real() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/user-files.md")).unwrap();
    let example = page.split_once("## An example").unwrap().1;
    let blocks: Vec<&str> =
        example.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap().1).collect();
    let [names, rules, story, _, entities, relation, ..] = blocks.as_slice() else { panic!("blocks are missing") };
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("ships.tsv", names), ("ships.toml", rules), ("story.txt", story)] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let (_, out, err) = run(folder.path(), "extract --gazetteer ships.tsv --rules ships.toml story.txt");
    let doc: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
    let columns =
        |entity: &Value| ["type", "name", "link"].map(|key| entity[key].as_str().unwrap_or("-").to_owned()).join("\t");
    let found: Vec<_> = doc["entities"].as_array().unwrap().iter().map(columns).collect();
    assert_eq!(found.join("\n") + "\n", *entities);
    let (_, out, _) = run(folder.path(), "explain --gazetteer ships.tsv --rules ships.toml story.txt ZKT Marrow");
    assert!(out.contains(relation), "{out}");
}

#[test]
fn bad_files_are_told_before_any_work() {
    let folder = folder();
    for (options, messages) in [
        ("--gazetteer bad.tsv", &["bad.tsv:3: unknown type \"SHIP\"; the types are PERSON, "] as &[_]),
        ("--gazetteer bad.jsonl", &["bad.jsonl:1: missing field `type`"]),
        ("--gazetteer missing.tsv", &["cannot use the gazetteer: missing.tsv: cannot read the names: "]),
        ("--rules missing.toml", &["cannot read the rules missing.toml: "]),
        ("--rules unknown.toml", &["cannot use the rules unknown.toml: ", "unknown field `mentions`"]),
        ("--rules bad.toml", &["bad.toml: relation 3: the head of owns cannot be DATE; the schema allows {PERSON|"]),
    ] {
        let (code, out, err) = run(folder.path(), &format!("extract {options} story.txt"));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{options}: {err}");
        for message in messages {
            assert!(err.contains(message), "{options}: no {message:?} in {err}");
        }
    }
}

#[test]
fn a_graph_file_takes_documents_of_one_list_only() {
    let folder = folder();
    let build = |options: &str| run(folder.path(), &format!("build {options}story.txt -o g.relata"));
    let (code, _, err) = build("--gazetteer names.tsv ");
    assert_eq!(code, Some(0), "{err}");
    for options in ["", "--gazetteer names.jsonl ", "--gazetteer names.tsv --rules rules.toml "] {
        let (code, _, err) = build(options);
        assert!(code == Some(2) && err.contains("user_files"), "{options}: {err}");
    }
    let with_comment = format!("# the same names\n{NAMES}");
    fs::write(folder.path().join("names.tsv"), with_comment).unwrap();
    assert_eq!(build("--gazetteer names.tsv ").0, Some(0));
    let (code, out, err) = run(folder.path(), "query g.relata Marrow");
    assert!(code.is_some_and(|code| code < 2), "{out}{err}");
}

#[test]
fn bytes_with_user_files_do_not_depend_on_threads() {
    let folder = folder();
    let lines: String = (0..12)
        .map(|n| serde_json::json!({ "id": n.to_string(), "text": STORY.repeat(1 + n % 3) }).to_string() + "\n")
        .collect();
    fs::write(folder.path().join("many.jsonl"), lines).unwrap();
    let bytes =
        |threads: &str| run(folder.path(), &format!("extract --config settings.toml --threads {threads} many.jsonl"));
    let expected = bytes("1");
    assert_eq!(expected.0, Some(0), "{}", expected.2);
    assert!(bytes("3").1 == expected.1);
}

#[test]
fn no_text_makes_user_files_panic() {
    let names = NameList::new().with_tsv("a\tWORK\t1\nb a\tPERSON\t2\n👩‍🚀 x\tPLACE\n.a.\tDATE\t3\tü").unwrap();
    let mention = |entity_type: &str, pattern: &str, id: &str| MentionRule {
        entity_type: entity_type.to_owned(),
        pattern: pattern.to_owned(),
        id: Some(id.to_owned()),
    };
    let relation = |relation_type: &str, pattern: &str| RelationRule {
        relation_type: relation_type.to_owned(),
        pattern: pattern.to_owned(),
        ..RelationRule::default()
    };
    let set = RuleSet {
        mentions: vec![
            mention("WORK", r"(?s).", "$0"),
            mention("TITLE", r"\PL{2,5}", "x"),
            mention("DATE", "b*", "$0$0"),
        ],
        relations: vec![
            relation("met", "(?s).*?(?P<head>{PERSON}).*(?P<tail>{PERSON}).?|"),
            relation("created", "(?P<tail>{WORK})|(?P<head>{PERSON})(?P<trigger>.*)"),
            relation("created", "(?s)(?P<head>{PERSON})(?P<trigger>.*?)(?P<tail>{WORK})"),
        ],
    };
    let pipeline =
        Pipeline::new().unwrap().with_user_names(names.compile().unwrap()).with_rules(Rules::new(&set).unwrap());
    for text in [
        "",
        "a",
        " \n\n a \u{e000}\u{e010}\u{e020} b\na",
        "b a b a b a ü ü\u{301} .a. 👩‍🚀 x",
        "\u{0}\u{1f}\u{feff}a\r\n\r\nb",
        "Ada Quill met Bo Lind. b a wrote a. \u{e007}\u{e019}\u{e019}\u{e020}",
        "👩‍🚀👩‍🚀\u{200d}",
        "....!!!???\n---\n***",
    ] {
        let mut doc = Document::new("d", text);
        pipeline.annotate(&mut doc);
        assert!(doc.mentions.is_sorted_by_key(|mention| mention.span), "{text:?}");
        for mention in &doc.mentions {
            assert!(doc.text.get(mention.span.range()).is_some_and(|words| !words.is_empty()), "{text:?} {mention:?}");
        }
        for relation in &doc.relations {
            let [head, tail] = [relation.head, relation.tail].map(|id| doc.entities[id.0 as usize].entity_type);
            assert!(relation.relation_type.allows(head, tail) && !relation.evidence.is_empty(), "{text:?}");
        }
    }
}
