//! What holds for every text, however strange, and for every way to cut, order and share out the work.

use std::{
    convert::Infallible,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::LazyLock,
};

use relata::{
    document::Document,
    export::{GraphExporter, GraphFormat, write_document},
    graph::{GraphBuilder, KnowledgeGraph},
    link::place,
    pipeline::run_ordered,
    read::{InputFormat, Reader},
    schema::EntityType,
    span::ByteSpan,
};

use crate::{PIPELINE, annotate, quality::DEV, samples::SAMPLES};

/// Numbers that are as good as random and the same in every run (constants of Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The low bits of such a generator repeat soon.
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Checks all that holds for an annotated document.
#[track_caller]
fn check(doc: &Document) {
    let id = &doc.id;
    let is_stretch = |span: ByteSpan| doc.text.get(span.range()).is_some_and(|words| !words.is_empty());
    for span in doc.paragraphs.iter().copied().chain(doc.sentences.iter().map(|sentence| sentence.span)) {
        assert!(is_stretch(span), "{id}: {span:?}");
    }
    assert!(doc.tokens.iter().all(|token| is_stretch(token.span)), "{id}");
    assert!(doc.tokens.is_sorted_by(|a, b| a.span.end <= b.span.start), "{id}: tokens overlap");
    assert!(doc.sentences.is_sorted_by(|a, b| a.span.end <= b.span.start), "{id}: sentences overlap");
    let in_sentences: usize = doc.sentences.iter().map(|sentence| sentence.tokens.len()).sum();
    assert_eq!(in_sentences, doc.tokens.len(), "{id}: every token lies in one sentence");

    assert!(doc.mentions.is_sorted_by_key(|mention| mention.span.start), "{id}: mentions are in order");
    for (index, mention) in doc.mentions.iter().enumerate() {
        assert!(is_stretch(mention.span), "{id}: {mention:?}");
        let words = doc.slice(mention.span);
        assert_eq!(words, words.trim(), "{id}: white space around a mention");
        assert!((0.0..=1.0).contains(&mention.score), "{id}: {mention:?}");
        let entity = mention.entity.and_then(|entity| doc.entities.get(entity.0 as usize));
        let entity = entity.unwrap_or_else(|| panic!("{id}: no entity for {mention:?}"));
        assert!(entity.mentions.iter().any(|other| other.0 as usize == index), "{id}: {mention:?}");
        assert_eq!(entity.entity_type, mention.entity_type, "{id}: {mention:?}");
        if let Some(link) = &mention.link {
            let antecedent = &doc.mentions[link.antecedent.0 as usize];
            assert_eq!(antecedent.entity, mention.entity, "{id}: a link out of the entity: {mention:?}");
            assert_ne!(link.antecedent.0 as usize, index, "{id}: a link to itself");
        }
    }
    for (index, entity) in doc.entities.iter().enumerate() {
        assert!(!entity.mentions.is_empty() && !entity.name.trim().is_empty(), "{id}: {entity:?}");
        for mention in &entity.mentions {
            let mention = &doc.mentions[mention.0 as usize];
            assert_eq!(mention.entity.map(|entity| entity.0 as usize), Some(index), "{id}: {entity:?}");
        }
        assert!(entity.mentions.is_sorted(), "{id}: {entity:?}");
        if let Some(link) = &entity.link {
            assert_eq!(entity.entity_type, EntityType::Place, "{id}: {entity:?}");
            assert!(place(link).is_some(), "{id}: {entity:?}");
        }
    }
    assert!(doc.entities.is_sorted_by_key(|entity| entity.mentions[0]), "{id}: entities are in order");

    for relation in &doc.relations {
        let type_of = |entity: relata::document::EntityId| doc.entities[entity.0 as usize].entity_type;
        assert!(relation.relation_type.allows(type_of(relation.head), type_of(relation.tail)), "{id}: {relation:?}");
        assert_ne!(relation.head, relation.tail, "{id}: {relation:?}");
        assert!((0.0..=1.0).contains(&relation.score), "{id}: {relation:?}");
        assert!(!relation.evidence.is_empty() && relation.evidence.is_sorted(), "{id}: {relation:?}");
        assert!(relation.evidence.iter().copied().chain(relation.trigger).all(is_stretch), "{id}: {relation:?}");
        for argument in [relation.date, relation.place, relation.by].into_iter().flatten() {
            assert!((argument.0 as usize) < doc.entities.len(), "{id}: {relation:?}");
        }
    }
    assert!(
        doc.relations.is_sorted_by_key(|relation| (relation.head, relation.tail, relation.relation_type)),
        "{id}: relations are in order"
    );
}

/// Annotates a text and checks the result; a panic is told with the text that caused it.
#[track_caller]
fn check_text(id: &str, text: &str) -> Document {
    let doc = catch_unwind(AssertUnwindSafe(|| annotate(id, text, Some("2024-02-29"))));
    let doc = doc.unwrap_or_else(|_| panic!("{id}: panic on {:?}", text.chars().take(2000).collect::<String>()));
    assert_eq!(doc.text, text);
    check(&doc);
    doc
}

#[test]
fn holds_for_samples_and_news() {
    let mut relations = 0;
    for doc in SAMPLES.values().flatten().chain(&DEV.1) {
        check(doc);
        relations += doc.relations.len();
    }
    assert!(relations > 100, "there was something to check");
}

#[test]
fn holds_for_random_characters() {
    // Letters of many scripts, marks that join, white space of all kinds, quotes, digits, controls, astral planes.
    let alphabet: Vec<char> =
        "aZeéßŁøΩжשمन中あ한ไ\u{301}\u{200d}\u{200b}\u{feff}\u{202e} \u{a0}\u{3000}\n\r\t.,;:!?'\"“”’«»()[]{}-–—…&@#$%€0123456789/\\|=~^\u{0}\u{1}\u{7f}\u{85}\u{2028}\u{1f1e9}\u{1f1ea}\u{1f600}\u{10ffff}\u{fffd}ǅĳﬁⅣ½²"
            .chars()
            .collect();
    let words =
        ["Keller", "Mr.", "the", "U.S.", "OSLO", "she", "last", "Friday", "2019-12-27", "said", "O'Brien", "CEO"];
    let mut random = Random(1);
    for round in 0..40 {
        let mut text = String::new();
        for _ in 0..1 + random.below(60) {
            match random.below(3) {
                0 => text.push_str(words[random.below(words.len())]),
                1 => text.push(' '),
                _ => text.push(*random.pick(&alphabet)),
            }
        }
        check_text(&format!("random {round}"), &text);
    }
}

#[test]
fn holds_for_texts_cut_and_shuffled() {
    let mut random = Random(2);
    let texts: Vec<&str> = SAMPLES.values().flatten().map(|doc| doc.text.as_str()).collect();
    for round in 0..12 {
        let text = random.pick(&texts);
        let characters: Vec<char> = text.chars().collect();
        let start = random.below(characters.len());
        let end = characters.len().min(start + 1 + random.below(700));
        check_text(&format!("cut {round}"), &characters[start..end].iter().collect::<String>());
        let mut words: Vec<&str> = text.split_inclusive(' ').take(120).collect();
        for index in (1..words.len()).rev() {
            words.swap(index, random.below(index + 1));
        }
        check_text(&format!("shuffled {round}"), &words.concat());
    }
}

#[test]
fn holds_for_extremes() {
    for (id, text) in [
        ("nothing", String::new()),
        ("blanks", " \n\t\u{a0}\r\n ".repeat(50)),
        ("a letter", "a".to_owned()),
        ("a mark", "\u{301}".to_owned()),
        ("a long word", "Kellermann".repeat(3000)),
        ("a long word of marks", format!("e{}", "\u{301}".repeat(5000))),
        ("a long line of signs", "!?.".repeat(3000)),
        ("brackets", format!("{}{}", "(".repeat(2000), ")".repeat(2000))),
        ("one name many times", "Marta Keller met Marta Keller. ".repeat(120)),
        ("many names", (0..300).map(|n| format!("Ada{n} Quill{n}, ")).collect()),
        ("many dates", "on 3 March 2021, last Friday, in the 1990s, ".repeat(60)),
        ("lines of a letter", "A\n".repeat(800)),
        ("capitals", "NORDEN BANK SUES MARTA KELLER IN OSLO. ".repeat(40)),
        ("right to left", "قال أحمد إن بنك الشرق في القاهرة. ".repeat(30)),
        ("no spaces", "北京大学的李文博教授在东京会见了田中先生。".repeat(30)),
    ] {
        check_text(id, &text);
    }
}

#[test]
fn holds_for_five_thousand_words() {
    let mut text = String::new();
    for doc in SAMPLES.values().flatten().cycle() {
        text.push_str(&doc.text);
        text.push_str("\n\n");
        if text.split_whitespace().count() >= 5000 {
            break;
        }
    }
    let doc = check_text("five thousand words", &text);
    assert!(doc.mentions.iter().any(|mention| mention.span.start as usize > text.len() * 9 / 10), "to the end");
}

#[test]
fn no_bytes_make_the_reader_panic() {
    let mut random = Random(3);
    let seeds: [&[u8]; 6] = [
        b"<html><head><title>Keller</title></head><body><article><p>Keller met Stone in Oslo.</p></article></body></html>",
        b"# Title\n\n* [link](http://a.example) `code`\n\n> quote **bold**\n",
        b"{\"id\": \"a\", \"text\": \"Keller met Stone.\", \"date\": \"2020-01-02\"}\n",
        b"OSLO, 3 March 2021 - Keller met Stone.\n",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
        b"\x28\xb5\x2f\xfd\x04\x00",
    ];
    let mut read = 0;
    for round in 0..600 {
        let mut bytes = random.pick(&seeds).to_vec();
        for _ in 0..random.below(20) {
            let at = random.below(bytes.len() + 1);
            match random.below(4) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, random.below(256) as u8),
                2 => bytes.splice(at..at, seeds[random.below(seeds.len())].iter().copied()).for_each(drop),
                _ => bytes.extend((0..random.below(40)).map(|_| random.below(256) as u8)),
            }
        }
        let mut reader = Reader::new();
        if random.below(2) == 0 {
            reader = reader.with_format(*random.pick(&InputFormat::ALL));
        }
        let path = ["a", "a.txt", "a.md", "a.html", "a.jsonl", "a.gz", "a.txt.zst"][random.below(7)];
        for document in reader.read_stream(path, Cursor::new(bytes)).flatten() {
            read += 1;
            // The model is slow, so only some go on to it.
            if round % 20 == 0 {
                check_text(&format!("bytes {round}"), &document.text);
            }
        }
    }
    assert!(read > 100, "{read} documents");
}

/// The documents of the samples, without annotations.
static PLAIN: LazyLock<Vec<Document>> = LazyLock::new(|| {
    let plain = |doc: &Document| {
        let mut plain = Document::new(doc.id.as_str(), doc.text.as_str());
        (plain.title, plain.date) = (doc.title.clone(), doc.date.clone());
        (plain.url, plain.source) = (doc.url.clone(), doc.source.clone());
        plain
    };
    SAMPLES.values().flatten().map(plain).collect()
});

fn write(graph: &KnowledgeGraph, format: GraphFormat) -> Vec<u8> {
    let mut writer = GraphExporter::from_format(format).for_writer(Vec::new());
    writer.write(graph).unwrap();
    writer.finish().unwrap()
}

fn build<'a>(documents: impl IntoIterator<Item = &'a Document>) -> GraphBuilder {
    documents.into_iter().fold(GraphBuilder::new(), GraphBuilder::add)
}

#[test]
fn threads_change_nothing() {
    let expected: Vec<&Document> = SAMPLES.values().flatten().collect();
    for threads in [1, 2, 4] {
        let mut found = Vec::new();
        let documents = PLAIN.iter().cloned().map(Ok::<_, Infallible>);
        let sink = |doc: Result<Document, Infallible>| {
            found.extend(doc);
            Ok::<_, Infallible>(())
        };
        run_ordered(documents, threads, |doc| PIPELINE.annotate(doc), sink).unwrap();
        assert!(found.iter().eq(expected.iter().copied()), "{threads} threads");
    }
}

#[test]
fn order_and_cuts_of_documents_do_not_change_the_graph() {
    let documents: Vec<&Document> = SAMPLES.values().flatten().collect();
    let expected = build(documents.iter().copied()).finish();
    let check = |what: &str, graph: &KnowledgeGraph| {
        for format in GraphFormat::ALL.into_iter().filter(|format| !format.is_folder()) {
            assert!(write(graph, format) == write(&expected, format), "{what}: {format}");
        }
    };
    check("backwards", &build(documents.iter().rev().copied()).finish());
    let mut random = Random(4);
    for round in 0..3 {
        let mut shuffled = documents.clone();
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, random.below(index + 1));
        }
        check("shuffled", &build(shuffled.iter().copied()).finish());
        let (left, right) = shuffled.split_at(1 + random.below(shuffled.len() - 1));
        let (left, right) = (build(left.iter().copied()), build(right.iter().copied()));
        let merged = if round % 2 == 0 { left.merge(right) } else { right.merge(left) };
        check("in two parts", &merged.finish());
    }
    let one_by_one = documents.iter().map(|doc| build([*doc])).fold(GraphBuilder::new(), GraphBuilder::merge);
    check("one by one", &one_by_one.finish());
}

#[test]
fn a_document_does_not_depend_on_those_before_it() {
    let doc = SAMPLES["border-raid"][0].clone();
    let mut again = doc.clone();
    // Old annotations are of no account either.
    PIPELINE.annotate(&mut again);
    assert!(again == doc);
}

#[test]
fn lines_come_back_in_order_with_their_text() {
    let texts = [
        "Keller met Stone.",
        "  two\r\nlines\t",
        "«Zoë»\u{2028}\u{7}\u{1f600} and a few more words",
        "\u{feff}\\\"\\u0041",
        ".",
    ];
    let line = |(index, text): (usize, &&str)| serde_json::json!({ "id": index, "text": text }).to_string() + "\n";
    let input: String = texts.iter().enumerate().map(line).collect();
    let mut output = Vec::new();
    let sink = |doc: Result<Document, relata::read::ReadFault>| write_document(&doc.unwrap(), &mut output);
    let documents = Reader::new().read_stream("lines.jsonl", Cursor::new(input));
    run_ordered(documents, 3, |doc| PIPELINE.annotate(doc), sink).unwrap();
    let lines: Vec<serde_json::Value> =
        String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), texts.len());
    for (index, (line, text)) in lines.iter().zip(texts).enumerate() {
        assert_eq!((line["id"].as_str(), line["text"].as_str()), (Some(&*index.to_string()), Some(text)));
    }
}
