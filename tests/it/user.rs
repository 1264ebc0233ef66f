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
        assert!(code == Some(2) && err.contains("--gazetteer"), "{options}: {err}");
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

/// The files of the documentation's example of a schema, and what it says comes out.
fn fleet() -> (TempDir, Vec<String>) {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/user-files.md")).unwrap();
    let example = page.split_once("## Schema").unwrap().1;
    let blocks: Vec<String> =
        example.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap().1.to_owned()).collect();
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in ["types.toml", "fleet.tsv", "fleet.toml", "fleet.txt"].iter().zip(&blocks) {
        fs::write(folder.path().join(name), content).unwrap();
    }
    (folder, blocks[5..7].to_vec())
}

const FLEET: &str = "--gazetteer fleet.tsv --rules fleet.toml";

#[test]
fn the_example_of_a_schema_is_real() {
    let (folder, expected) = fleet();
    let line = format!("extract --schema types.toml {FLEET} fleet.txt");
    let (_, out, err) = run(folder.path(), &line);
    let doc: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {err}"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entities = doc["entities"].as_array().unwrap();
    let shown: String =
        entities.iter().map(|entity| format!("{}\t{}\n", text(&entity["type"]), text(&entity["name"]))).collect();
    assert_eq!(shown, expected[0]);
    let name = |id: &Value| text(&entities[id.as_u64().unwrap() as usize]["name"]);
    let shown: String = doc["relations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|relation| {
            format!("{}\t{}\t{}\n", name(&relation["head"]), text(&relation["type"]), name(&relation["tail"]))
        })
        .collect();
    assert_eq!(shown, expected[1]);
    // From the settings file too.
    fs::write(folder.path().join("settings.toml"), "schema = \"types.toml\"\n").unwrap();
    assert_eq!(run(folder.path(), &line.replace("--schema types.toml", "--config settings.toml")).1, out);
}

#[test]
fn every_output_uses_the_names_of_the_schema() {
    let (folder, _) = fleet();
    let done = |line: &str| {
        let (code, out, err) = run(folder.path(), line);
        assert_eq!(code, Some(0), "{line}: {err}");
        out
    };
    done(&format!(
        "build --schema types.toml {FLEET} fleet.txt -o g.relata -o g.json -o g.jsonld -o g.dot -o g.html -o g.edges"
    ));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let graph: Value = serde_json::from_str(&read("g.json")).unwrap();
    let mut nodes: Vec<String> = graph["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            let (prefix, _) = node["id"].as_str().unwrap().split_once('-').unwrap();
            format!("{prefix} {} {}", node["type"].as_str().unwrap(), node["name"].as_str().unwrap())
        })
        .collect();
    nodes.sort();
    assert_eq!(nodes[0], "company Company Zylo Kraft");
    assert_eq!(nodes.last().unwrap(), "vessel Vessel Sea Marrow");
    for name in ["g.json", "g.jsonld", "g.dot", "g.html", "g.edges"] {
        let text = read(name);
        let text = if name == "g.html" { text.replace(' ', "_") } else { text };
        assert!(text.contains("sails_for") || text.contains("sails for"), "{name}: {text}");
        assert!(!text.contains("ORGANIZATION") && !text.contains("head_of"), "{name}");
    }
    assert!(read("g.jsonld").contains("[\"schema:Organization\",\"relata:Company\"]"));

    // The file knows its schema.
    let told = done("query g.relata ZYLO-KRAFT");
    assert!(told.contains("Company Zylo Kraft  company-"), "{told}");
    assert!(told.contains("Sea Marrow sails_for Zylo Kraft, 1 document"), "{told}");
    done("export g.relata --types company,vessel --relations sails_for -o part.json");
    let part: Value = serde_json::from_str(&read("part.json")).unwrap();
    assert_eq!((part["nodes"].as_array().unwrap().len(), part["edges"].as_array().unwrap().len()), (2, 1));
    let (code, _, err) = run(folder.path(), "export g.relata --types title -o part.json");
    assert!(code == Some(2) && err.contains("unknown entity type \"title\""), "{err}");
    assert!(done("status g.relata").contains("schema  {\"keep\""));

    // Other types are other documents.
    let types = read("types.toml");
    fs::write(folder.path().join("other.toml"), types.replace("Company", "Firm")).unwrap();
    fs::write(folder.path().join("same.toml"), format!("# the same\n{types}")).unwrap();
    for line in [
        format!("build {FLEET} fleet.txt -o g.relata"),
        "build --schema other.toml fleet.txt -o g.relata".to_owned(),
        "export --schema other.toml g.relata -o part.json".to_owned(),
    ] {
        let (code, _, err) = run(folder.path(), &line);
        assert_eq!(code, Some(2), "{line}: {err}");
        // Without the schema, its names are not known in the gazetteer.
        assert!(err.contains("the file was built with schema ") || err.contains("unknown type \"Vessel\""), "{err}");
    }
    let (code, _, err) = run(folder.path(), "build fleet.txt -o g.relata");
    assert!(code == Some(2) && err.contains("(of your own), not the built-in one"), "{err}");
    done(&format!("build --schema same.toml {FLEET} fleet.txt -o g.relata"));
    done("build fleet.txt -o plain.relata");
    let (code, _, err) = run(folder.path(), "build --schema types.toml fleet.txt -o plain.relata");
    assert!(code == Some(2) && err.contains("built with schema the built-in one, not "), "{err}");
    assert!(!done("status plain.relata").contains("schema"));
}

#[test]
fn a_schema_applies_to_what_was_read_without_it() {
    let (folder, _) = fleet();
    fs::write(
        folder.path().join("few.toml"),
        "[keep]\nentities = [\"PERSON\", \"ORGANIZATION\"]\n[rename]\nORGANIZATION = \"Firm\"\nhead_of = \"leads\"\n",
    )
    .unwrap();
    let (code, _, err) = run(folder.path(), "extract fleet.txt -o all.jsonl");
    assert_eq!(code, Some(0), "{err}");
    let all = fs::read_to_string(folder.path().join("all.jsonl")).unwrap();
    assert!(all.contains("DATE") && all.contains("ORGANIZATION") && all.contains("head_of"), "{all}");
    let (code, _, err) = run(folder.path(), "build --extracted --schema few.toml all.jsonl -o few.json");
    assert_eq!(code, Some(0), "{err}");
    let few = fs::read_to_string(folder.path().join("few.json")).unwrap();
    assert!(few.contains("\"Firm\"") && few.contains("\"leads\"") && !few.contains("DATE"), "{few}");
    // A graph of the same texts has the same in it.
    let (_, again, _) = run(folder.path(), "build --schema few.toml fleet.txt -o - --format json");
    assert_eq!(again, few);
    // What is not kept counts neither for nor against.
    let (code, table, err) = run(folder.path(), "eval --schema few.toml all.jsonl");
    assert!(code == Some(0) && table.contains("Firm") && !table.contains("DATE"), "{table}{err}");
}

#[test]
fn bad_schemas_are_told_with_their_line() {
    let folder = folder();
    for (file, messages) in [
        (
            "[keep]\nentities = [\"PERSON\",\n  \"ROBOT\"]\n",
            &["s.toml:3: unknown built-in type \"ROBOT\"; `relata schema` lists"] as &[_],
        ),
        ("\n[rename]\nROBOT = \"Machine\"\n", &["s.toml:3: unknown built-in type \"ROBOT\""]),
        (
            "[rename]\nORGANIZATION = \"my firm\"\n",
            &["s.toml:2: \"my firm\" cannot be the name of a type; write a letter, "],
        ),
        ("[rename]\nORGANIZATION = \"Person\"\n", &["s.toml:2: the name \"Person\" is taken, a type has it"]),
        ("[rename]\nhead_of = \"date\"\n", &["s.toml:2: the name \"date\" is taken, exports use it"]),
        ("[rename]\nPERSON = \"Someone\"\nWORK = \"someone\"\n", &["s.toml:3: the name \"someone\" is taken"]),
        ("[[entity]]\nname = \"Ship\"\nlike = \"BOAT\"\n", &["s.toml:3: unknown built-in entity type \"BOAT\""]),
        ("[[entity]]\nlike = \"WORK\"\n", &["s.toml", "line 1", "missing field `name`"]),
        ("[[entity]]\nname = \"Ship\"\n\n[[entity]]\nname = \"SHIP\"\n", &["s.toml:5: the name \"SHIP\" is taken"]),
        (
            "[[relation]]\nname = \"tows\"\nheads = []\ntails = [\"WORK\"]\n",
            &["s.toml:3: name at least one entity type"],
        ),
        (
            "[keep]\nentities = [\"PERSON\"]\n[[relation]]\nname = \"tows\"\nheads = [\"PERSON\"]\ntails = [\"WORK\"]\n",
            &["s.toml:6: unknown entity type \"WORK\""],
        ),
        (
            "[[relation]]\nname = \"tows\"\nheads = [\"PERSON\"]\ntails = [\"WORK\"]\nsymmetric = true\n",
            &["s.toml:5: of a symmetric relation, heads and tails are the same types"],
        ),
        (
            "[keep]\nentities = [\"PERSON\"]\nrelations = [\"spouse_of\",\n\"owns\"]\n",
            &["s.toml:4: owns has no ends among the entity types that are kept"],
        ),
        ("[keeps]\n", &["cannot use the schema s.toml: ", "unknown field `keeps`", "line 1"]),
    ] {
        fs::write(folder.path().join("s.toml"), file).unwrap();
        let (code, out, err) = run(folder.path(), "extract --schema s.toml story.txt");
        assert_eq!((code, out.as_str()), (Some(2), ""), "{file}: {err}");
        for message in messages {
            assert!(err.contains(message), "{file}: no {message:?} in {err}");
        }
    }
    let (_, _, err) = run(folder.path(), "schema --schema none.toml");
    assert!(err.contains("cannot read the schema none.toml: "), "{err}");
    fs::write(folder.path().join("s.toml"), "[keep]\nentities = [\"PERSON\"]\n").unwrap();
    let (_, _, err) = run(folder.path(), "extract --schema s.toml --gazetteer names.tsv story.txt");
    assert!(err.contains("names.tsv:2: unknown type \"ORGANIZATION\"; the types are PERSON"), "{err}");
}
