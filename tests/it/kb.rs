//! The user's own knowledge base: from a dump in Wikidata's form to links in the output. All entities are invented.

use std::{
    fs,
    io::{self, BufReader, Read, Write},
    path::Path,
    process::{Command, Output},
    sync::Arc,
};

use relata::{
    document::{Document, Entity, EntityId, Mention, MentionId},
    kb::{BuildError, BuildOptions, BuildReport, KnowledgeBase, build},
    link::{link, link_known},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An item as Wikidata writes it.
struct Item {
    id: u32,
    label: &'static str,
    aliases: &'static [&'static str],
    class: u32,
    sitelinks: usize,
    country: Option<u32>,
    born: Option<&'static str>,
    place: Option<(f64, f64)>,
}

const NOTHING: Item =
    Item { id: 0, label: "", aliases: &[], class: 5, sitelinks: 0, country: None, born: None, place: None };
const BUSINESS: u32 = 4_830_453;
const CITY: u32 = 515;
const RIVER: u32 = 4022;

const ITEMS: [Item; 16] = [
    Item {
        id: 9001,
        label: "Marta Kellerin",
        aliases: &["M. Kellerin", "Kellerin"],
        sitelinks: 40,
        country: Some(183),
        born: Some("+1961-03-11T00:00:00Z"),
        ..NOTHING
    },
    Item {
        id: 9002,
        label: "Marta Kellerin",
        sitelinks: 2,
        country: Some(30),
        born: Some("+1984-00-00T00:00:00Z"),
        ..NOTHING
    },
    Item { id: 9003, label: "Paul Stonebrock", sitelinks: 12, country: Some(30), ..NOTHING },
    Item { id: 9004, label: "Paul Stonebrock", sitelinks: 11, country: Some(145), ..NOTHING },
    Item { id: 9005, label: "Ana Fridotti", sitelinks: 1, country: Some(38), ..NOTHING },
    Item {
        id: 9006,
        label: "Nordenbrück Bank",
        aliases: &["NBB", "Nordenbruck Bank AG"],
        class: BUSINESS,
        sitelinks: 9,
        country: Some(183),
        ..NOTHING
    },
    Item { id: 9007, label: "Quellion", class: BUSINESS, sitelinks: 60, country: Some(30), ..NOTHING },
    Item { id: 9008, label: "Wumpel", class: BUSINESS, sitelinks: 9, country: Some(30), ..NOTHING },
    Item { id: 9009, label: "NBB", class: BUSINESS, sitelinks: 200, ..NOTHING },
    Item {
        id: 9010,
        label: "Zerwana",
        aliases: &["Zerwana River"],
        class: RIVER,
        sitelinks: 25,
        country: Some(36),
        place: Some((50.1234, -19.5)),
        ..NOTHING
    },
    Item { id: 9011, label: "Paris", class: CITY, sitelinks: 300, country: Some(142), ..NOTHING },
    Item { id: 9012, label: "Springfield", class: CITY, sitelinks: 300, country: Some(30), ..NOTHING },
    Item { id: 9013, label: "Bristol", class: CITY, sitelinks: 200, country: Some(145), ..NOTHING },
    Item { id: 9014, label: "Jonas Ablitt", sitelinks: 30, born: Some("+2015-01-01T00:00:00Z"), ..NOTHING },
    Item { id: 9015, label: "Falling Leaves", class: 11_424, sitelinks: 50, ..NOTHING },
    Item { id: 9016, label: "Eva \u{1d4d0}\"Quote\\", sitelinks: 5, ..NOTHING },
];

fn claim(property: &str, value: &Value) -> Value {
    json!([{
        "mainsnak": { "snaktype": "value", "property": property, "hash": "0",
            "datavalue": { "value": value, "type": "x" }, "datatype": "y" },
        "type": "statement", "id": "Q1$0", "rank": "normal",
        "references": [{ "hash": "1", "snaks": { "P143": [{ "snaktype": "value" }] }, "snaks-order": ["P143"] }],
    }])
}

fn line(item: &Item) -> String {
    let entity = |id: u32| json!({ "entity-type": "item", "numeric-id": id, "id": format!("Q{id}") });
    let mut claims = json!({ "P31": claim("P31", &entity(item.class)), "P2": claim("P2", &json!("some text")) });
    if let Some(country) = item.country {
        let property = if item.class == 5 { "P27" } else { "P17" };
        claims[property] = claim(property, &entity(country));
    }
    if let Some(born) = item.born {
        let precision = if born.contains("-00-") { 9 } else { 11 };
        claims["P569"] = claim("P569", &json!({ "time": born, "timezone": 0, "precision": precision }));
    }
    if let Some((north, east)) = item.place {
        claims["P625"] = claim("P625", &json!({ "latitude": north, "longitude": east, "altitude": null }));
    }
    let aliases: Vec<Value> = item.aliases.iter().map(|alias| json!({ "language": "en", "value": alias })).collect();
    let sitelinks: serde_json::Map<String, Value> = (0..item.sitelinks)
        .map(|n| (format!("wiki{n}"), json!({ "site": format!("wiki{n}"), "title": item.label, "badges": [] })))
        .collect();
    json!({
        "type": "item", "id": format!("Q{}", item.id),
        "labels": { "de": { "language": "de", "value": "Anders" }, "en": { "language": "en", "value": item.label } },
        "descriptions": [], "aliases": if aliases.is_empty() { json!([]) } else { json!({ "en": aliases }) },
        "claims": claims, "sitelinks": if sitelinks.is_empty() { json!([]) } else { json!(sitelinks) }, "lastrevid": 7,
    })
    .to_string()
}

fn dump() -> String {
    let lines: Vec<String> = ITEMS.iter().map(line).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn built(dump: &str, options: &BuildOptions) -> (Vec<u8>, BuildReport) {
    let mut bytes = Vec::new();
    let report = build(dump.as_bytes(), options, &mut bytes, |_| {}).unwrap();
    assert_eq!(report.size, bytes.len() as u64);
    (bytes, report)
}

fn opened(dump: &str) -> (TempDir, KnowledgeBase) {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, _) = built(dump, &BuildOptions::new(folder.path()));
    let path = folder.path().join("x.kb");
    fs::write(&path, bytes).unwrap();
    let knowledge = KnowledgeBase::open(&path).unwrap();
    (folder, knowledge)
}

fn found(knowledge: &KnowledgeBase, name: &str) -> String {
    let bearers = knowledge.find(name).map(|(entity, is_label)| {
        let types: Vec<_> = entity.types().map(|entity_type| &entity_type.name()[..1]).collect();
        format!("Q{}{}{}", entity.id, types.concat(), if is_label { "" } else { "~" })
    });
    bearers.collect::<Vec<_>>().join(" ")
}

#[test]
fn names_lead_to_entities() {
    let (_folder, knowledge) = opened(&dump());
    assert_eq!(knowledge.len(), 15, "a film is none of the types");
    for (name, expected) in [
        ("Marta Kellerin", "Q9001P Q9002P"),
        ("MARTA  KÉLLERIN", "Q9001P Q9002P"),
        ("Paul Stonebrock", "Q9003P Q9004P"),
        ("Kellerin", "Q9001P~"),
        ("NBB", "Q9009O Q9006O~"),
        ("nordenbruck bank", "Q9006O"),
        ("Zerwana River", "Q9010P~"),
        ("Falling Leaves", ""),
        ("Anders", ""),
        ("", ""),
        ("Marta", ""),
    ] {
        assert_eq!(found(&knowledge, name), expected, "{name}");
    }
    let river = knowledge.entity(9010).unwrap();
    assert_eq!((river.label, river.sitelinks, river.country), ("Zerwana", 25, Some(36)));
    assert!(river.is(EntityType::Place) && !river.is(EntityType::Person));
    let (north, east) = river.coordinates.unwrap();
    assert!((north - 50.1234).abs() < 1e-4 && (east + 19.5).abs() < 1e-4);
    let person = knowledge.entity(9002).unwrap();
    assert_eq!((person.birth_year, person.coordinates, person.country), (Some(1984), None, Some(30)));
    assert_eq!(knowledge.entity(9016).unwrap().label, "Eva \u{1d4d0}\"Quote\\");
    assert_eq!(knowledge.entity(9015), None);
    assert_eq!(knowledge.entity(0), None);
}

#[test]
fn the_file_depends_on_what_is_in_the_dump_alone() {
    let folder = tempfile::tempdir().unwrap();
    let options = BuildOptions::new(folder.path());
    // Enough that little memory for sorting makes many runs.
    let mut lines: Vec<String> = ITEMS.iter().map(line).collect();
    for id in 1..3000u32 {
        let label = ["Adam Bexley", "Cora Dunmore", "Elin Farrow", "Gus Hartle"][id as usize % 4];
        let item = Item { id, label, sitelinks: (id % 7) as usize, ..NOTHING };
        lines.push(line(&item).replace(label, &format!("{label} {}", id % 500)));
    }
    let join = |lines: &[String]| format!("[\n{}\n]\n", lines.join(",\n"));
    let (expected, report) = built(&join(&lines), &options.clone().with_threads(1));
    assert_eq!(report.entities, 15 + 2999);
    lines.reverse();
    // An item that is there twice counts once.
    lines.push(lines[5].clone());
    for options in [options.clone().with_sort_memory(20_000).with_threads(3), options.clone()] {
        let (bytes, again) = built(&join(&lines), &options);
        assert!(bytes == expected);
        assert_eq!((again.entities, again.names), (report.entities, report.names));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no file is left");
    let (bytes, report) = built(&join(&lines), &options.with_types([EntityType::Place]));
    assert!(bytes.len() < expected.len());
    assert_eq!(report.entities, 4);
}

#[test]
fn languages_are_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let person =
        r#"{"type":"item","id":"Q1","labels":{"en":{"value":"Anne"},"de":{"value":"Änne"},"mul":{"value":"Anna"}},
        "claims":{"P31":[{"mainsnak":{"datavalue":{"value":{"id":"Q5"}}}}]}}"#
            .replace('\n', "");
    for (languages, label, names) in [(&["en"][..], "Anne", 2), (&["de", "en"], "Änne", 2), (&["fr"], "Anna", 1)] {
        let options = BuildOptions::new(folder.path()).with_languages(languages.iter().map(|code| (*code).to_owned()));
        let (bytes, report) = built(&person, &options);
        fs::write(folder.path().join("x.kb"), bytes).unwrap();
        let knowledge = KnowledgeBase::open(folder.path().join("x.kb")).unwrap();
        assert_eq!((knowledge.entity(1).unwrap().label, report.names), (label, names), "{languages:?}");
    }
}

#[test]
fn bad_lines_are_counted() {
    let deep = format!("{{\"id\":\"Q1\",\"labels\":{}", "[".repeat(200_000));
    let hostile = [
        "{",
        "nonsense",
        "\u{0}\u{1}",
        "{\"id\":\"Q5\",\"labels\":7}",
        "{\"id\":7}",
        "{\"id\":\"Q5\",\"claims\":{\"P31\":{}}}",
        &deep,
        "{\"id\":\"Q5\",\"labels\":{\"en\":{\"value\":\"\\ud800\"}}},",
    ];
    let others = ["", "   ", ",", "{\"type\":\"property\",\"id\":\"P31\"},", "{\"type\":\"lexeme\",\"id\":\"L31\"}"];
    let folder = tempfile::tempdir().unwrap();
    let good = dump();
    let (expected, _) = built(&good, &BuildOptions::new(folder.path()));
    for line_end in ["\n", "\r\n"] {
        let text =
            good.replace('\n', &format!("{line_end}{}{line_end}", [&hostile[..], &others].concat().join(line_end)));
        let (bytes, report) = built(&text, &BuildOptions::new(folder.path()));
        assert_eq!(report.bad_lines as usize, hostile.len() * good.lines().count());
        assert!(bytes == expected);
    }
    // Names of no letters, or of too many, lead nowhere.
    for label in ["...", "", "\u{0}", &"x".repeat(100_000)] {
        let item = json!({ "id": "Q1", "labels": { "en": { "value": label } },
            "claims": { "P31": [{ "mainsnak": { "datavalue": { "value": { "id": "Q5" } } } }] } });
        let (_, report) = built(&item.to_string(), &BuildOptions::new(folder.path()));
        assert_eq!((report.bad_lines, report.names), (0, 0), "{label}");
    }
}

#[test]
fn a_dump_that_is_cut_off_or_none_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let told = |text: &[u8]| build(text, &BuildOptions::new(folder.path()), io::sink(), |_| {});
    let dump = dump();
    let whole = told(dump.as_bytes()).unwrap();
    // At the end of a line, and within one.
    let last_line = dump.trim_end().rfind('\n').unwrap();
    for cut in [last_line + 1, last_line, last_line - 1, dump.len() / 2] {
        let error = told(&dump.as_bytes()[..cut]).unwrap_err();
        assert!(matches!(error, BuildError::CutOff { lines: 8.., entities: 6.. }), "{cut}: {error:?}");
    }
    // Without brackets, a line that is half tells it.
    let lines: Vec<String> = ITEMS.iter().map(line).collect();
    let bare = lines.join("\n").into_bytes();
    assert_eq!(told(&bare).unwrap().entities, whole.entities);
    assert!(matches!(told(&bare[..bare.len() - 20]).unwrap_err(), BuildError::CutOff { entities: 14, .. }));
    // Brackets need no line of their own.
    let tight = format!("[{}]", lines.join(",\n")).into_bytes();
    assert_eq!(told(&tight).unwrap().entities, whole.entities);
    assert!(matches!(told(&tight[..tight.len() - 1]).unwrap_err(), BuildError::CutOff { .. }));
    for none in ["", "[\n]\n", "Marta Kellerin spoke.\n", "{\"type\":\"property\",\"id\":\"P31\"}\n"] {
        let error = told(none.as_bytes()).unwrap_err();
        assert!(matches!(error, BuildError::NoItems), "{none}: {error:?}");
    }
}

#[test]
fn an_error_of_reading_is_told_after_what_was_read() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is on fire"))
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let dump = BufReader::new(io::Cursor::new(dump()).chain(Fails));
    let error = build(dump, &BuildOptions::new(folder.path()), io::sink(), |_| {}).unwrap_err();
    assert!(matches!(error, BuildError::Read { lines: 18, entities: 15, .. }), "{error:?}");
}

#[test]
fn damaged_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (bytes, _) = built(&dump(), &BuildOptions::new(folder.path()));
    let path = folder.path().join("x.kb");
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        fs::write(&path, damaged).unwrap();
        assert!(KnowledgeBase::open(&path).is_err(), "byte {at}");
    }
    for length in (0..bytes.len()).step_by(7) {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(KnowledgeBase::open(&path).is_err(), "{length} bytes");
    }
    fs::write(&path, [&bytes[..], b"x"].concat()).unwrap();
    assert!(KnowledgeBase::open(&path).is_err());
}

/// A document from `[PERSON Marta Kellerin] of [ORGANIZATION NBB]`; the same words are one entity, and so are mentions
/// with the same number, as in `[PERSON1 Marta Kellerin] ... [PERSON1 Kellerin]`.
fn marked(text: &str) -> Document {
    let mut doc = Document::new("d", "");
    let mut keys: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let close = rest.find(']').unwrap();
        doc.text.push_str(&rest[..open]);
        let (label, words) = rest[open + 1..close].split_once(' ').unwrap();
        let entity_type = EntityType::from_name(label.trim_end_matches(|char: char| char.is_ascii_digit())).unwrap();
        let key = if label.ends_with(|char: char| char.is_ascii_digit()) { label } else { words }.to_owned();
        let entity = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            keys.push(key);
            let name = words.to_owned();
            doc.entities.push(Entity { entity_type, name, norm: None, link: None, mentions: Vec::new() });
            keys.len() - 1
        });
        doc.entities[entity].mentions.push(MentionId(doc.mentions.len() as u32));
        let start = doc.text.len();
        doc.text.push_str(words);
        doc.mentions.push(Mention {
            span: ByteSpan::new(start, doc.text.len()),
            entity_type,
            kind: MentionKind::Name,
            score: 1.0,
            entity: Some(EntityId(entity as u32)),
            norm: None,
            link: None,
        });
        rest = &rest[close + 1..];
    }
    doc.text.push_str(rest);
    doc
}

#[test]
fn links() {
    let (_folder, knowledge) = opened(&dump());
    let check = |text: &str, expected: &str| {
        let mut doc = marked(text);
        doc.date = Some("2012-05-01".to_owned());
        link(&mut doc);
        link_known(&mut doc, &knowledge);
        let links: Vec<_> = doc.entities.iter().map(|entity| entity.link.as_deref().unwrap_or("-")).collect();
        assert_eq!(links.join(" "), expected, "{text}");
    };
    check("[PERSON Marta Kellerin] spoke.", "Q9001");
    check("[PERSON Dr. Marta Kellerin] spoke.", "Q9001");
    check("[PERSON1 Marta Kellerin] spoke, and [PERSON1 Kellerin] left.", "Q9001");
    // The country of the other one takes away the lead.
    check("[PERSON Marta Kellerin] spoke in [PLACE Canada].", "Q9001 Q16");
    // Never by a surname alone, an initial or an acronym.
    check("[PERSON Kellerin] spoke.", "-");
    check("[PERSON M. Kellerin] spoke.", "-");
    check("[ORGANIZATION NBB] fell.", "-");
    // Two that are as well known, unless a country tells.
    check("[PERSON Paul Stonebrock] spoke.", "-");
    check("[PERSON Paul Stonebrock] spoke to [GROUP Americans].", "Q9003 -");
    check("[PERSON Paul Stonebrock] spoke in [PLACE the UK].", "Q9004 Q145");
    // Hardly known: not even with the country.
    check("[PERSON Ana Fridotti] spoke in [PLACE Italy].", "- Q38");
    // Type agreement.
    check("[ORGANIZATION Marta Kellerin] spoke.", "-");
    check("[PERSON Falling Leaves] is a film.", "-");
    // Not born yet.
    check("[PERSON Jonas Ablitt] spoke.", "-");
    // With legal form, article and acronym.
    check("[ORGANIZATION1 the Nordenbruck Bank AG] ([ORGANIZATION1 NBB]) fell.", "Q9006");
    check("[ORGANIZATION Nordenbrück Bank] fell.", "Q9006");
    // One word has to be well known.
    check("[ORGANIZATION Quellion] and [ORGANIZATION Wumpel] fell.", "Q9007 -");
    // The lexicon comes first, and where it decides that nothing is sure, that stands.
    check("[PLACE Paris] and [PLACE Springfield].", "geonames:2988507 -");
    check("The [PLACE Zerwana] rose.", "Q9010");
    check("[PLACE Bristol] Airport.", "-");
}

fn run(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_relata"))
        .args(arguments)
        .current_dir(folder)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

#[track_caller]
fn check_run(folder: &Path, line: &str, code: i32, parts: &[&str]) -> String {
    let output = run(folder, &line.split(' ').collect::<Vec<_>>(), b"");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(code), "relata {line}\n{text}");
    for part in parts {
        assert!(text.contains(part), "relata {line}: no {part:?} in\n{text}");
    }
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn from_dump_to_links_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let dump = dump();
    let write = |name: &str, bytes: &[u8]| fs::write(path.join(name), bytes).unwrap();
    write("dump.json", dump.as_bytes());
    write("dump.json.gz", &gzip(dump.as_bytes()));
    // Two members, as parallel tools write them.
    let (first, second) = dump.as_bytes().split_at(dump.len() / 2);
    write("two.json.gz", &[gzip(first), gzip(second)].concat());
    let zstd = ruzstd::encoding::compress_to_vec(dump.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    write("dump.json.zst", &zstd);
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    bzip2.write_all(dump.as_bytes()).unwrap();
    write("dump.json.bz2", &bzip2.finish().unwrap());
    let article = "Marta Kellerin, the chief executive of Nordenbrück Bank, met officials in Berlin on Friday. \
                   Kellerin said that the bank would grow.\n";
    write("article.txt", article.as_bytes());

    check_run(path, "kb build dump.json -o x.kb", 0, &["18 lines, 0 of them bad, 15 entities, 17 names, "]);
    let expected = fs::read(path.join("x.kb")).unwrap();
    for name in ["dump.json.gz", "two.json.gz", "dump.json.zst", "dump.json.bz2"] {
        check_run(path, &format!("kb build {name} -o y.kb --threads 2"), 0, &["15 entities"]);
        assert!(fs::read(path.join("y.kb")).unwrap() == expected, "{name}");
    }
    let piped = run(path, &["kb", "build", "-", "-o", "y.kb", "-q"], &gzip(dump.as_bytes()));
    assert!(piped.status.success() && piped.stderr.is_empty());
    assert!(fs::read(path.join("y.kb")).unwrap() == expected);

    // What is cut off leaves the file that was there.
    for name in ["dump.json.gz", "dump.json.bz2", "dump.json.zst"] {
        let bytes = fs::read(path.join(name)).unwrap();
        write(&format!("cut-{name}"), &bytes[..bytes.len() * 2 / 3]);
        check_run(path, &format!("kb build cut-{name} -o y.kb"), 2, &["error: no knowledge base was made", "after"]);
        assert!(fs::read(path.join("y.kb")).unwrap() == expected, "{name}");
    }
    write("cut.json", &dump.as_bytes()[..dump.len() * 2 / 3]);
    check_run(
        path,
        "kb build cut.json -o y.kb",
        2,
        &["error: no knowledge base was made of cut.json: it is cut off after"],
    );
    check_run(path, "kb build article.txt -o y.kb", 2, &["article.txt: no item of Wikidata is in it"]);
    assert!(fs::read(path.join("y.kb")).unwrap() == expected);
    check_run(path, "kb build dump.json -o dump.json", 2, &["dump.json is read in this run"]);
    assert!(fs::read(path.join("dump.json")).unwrap() == dump.as_bytes());
    write("bad.json", format!("{dump}nonsense\n").as_bytes());
    check_run(path, "kb build bad.json -o bad.kb", 2, &["1 of them bad, 15 entities"]);
    check_run(path, "kb build dump.json -o none.kb --types place --languages fr", 1, &["0 of them bad, 0 entities"]);
    check_run(path, "kb build missing.json -o y.kb", 2, &["cannot read the dump missing.json"]);
    check_run(path, "kb build dump.json -o -", 2, &["cannot go to standard output"]);
    check_run(path, "kb build dump.json -o y.kb --languages English", 2, &["\"English\" is no code"]);
    check_run(path, "kb build dump.json -o y.kb --types work", 2, &["invalid value 'work'"]);
    check_run(path, "kb find x.kb NBB", 0, &["Q9009\tNBB\tlabel\tORGANIZATION\tsitelinks 200\n"]);
    check_run(path, "kb find x.kb Zerwana", 0, &["\tPLACE\tsitelinks 25\tcountry Q36\tat 50.1234, -19.5000"]);
    check_run(path, "kb find x.kb nobody", 1, &[]);
    check_run(path, "kb find dump.json NBB", 2, &["dump.json: it is not a knowledge base; make one with"]);

    let linked = "\"link\":\"Q9001\"";
    assert!(!check_run(path, "extract article.txt", 0, &[]).contains(linked));
    check_run(path, "extract article.txt --kb x.kb", 0, &[linked, "\"link\":\"Q9006\"", "geonames:2950159"]);
    write("settings.toml", b"kb = \"x.kb\"\n");
    check_run(path, "extract article.txt --config settings.toml", 0, &[linked]);
    check_run(path, "extract article.txt --kb missing.kb", 2, &["cannot load the knowledge base missing.kb"]);
    check_run(path, "build article.txt --kb x.kb -o - --format json-ld", 0, &["wikidata.org/entity/Q9001"]);

    // A graph file keeps to one knowledge base.
    check_run(path, "build article.txt --kb x.kb -o g.relata", 0, &[]);
    check_run(path, "build article.txt --kb x.kb -o g.relata", 0, &[]);
    check_run(path, "build article.txt -o g.relata", 2, &["the file was built with --kb, not without; build it anew"]);
}

#[test]
fn the_pipeline_links() {
    let (_folder, knowledge) = opened(&dump());
    let pipeline = relata::pipeline::Pipeline::new().unwrap().with_knowledge_base(Arc::new(knowledge));
    let mut doc = Document::new("d", "The chief executive, Marta Kellerin, lives in Hamburg.");
    pipeline.annotate(&mut doc);
    assert!(doc.entities.iter().any(|entity| entity.link.as_deref() == Some("Q9001")), "{:?}", doc.entities);
}
