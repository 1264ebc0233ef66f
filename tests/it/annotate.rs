//! The page that shows on the text what was found in it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::Instant,
};

use regex::Regex;
use relata::{
    document::{Document, Entity, EntityId, Mention, MentionId, Relation},
    export::AnnotatedPage,
    record::DocumentRecord,
    schema::{EntityType, MentionKind, RelationType},
    span::ByteSpan,
};

use crate::graph::{Sketch, document};

fn page(docs: &[Document]) -> String {
    let mut page = AnnotatedPage::begin(Vec::new(), "A \"title\" </title> & more").unwrap();
    docs.iter().for_each(|doc| page.write(doc).unwrap());
    String::from_utf8(page.finish().unwrap()).unwrap()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_relata")).args(arguments).current_dir(folder).output().unwrap()
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&amp;", "&")
}

/// Whether strict readers take the page, and nothing in it runs but its own script.
fn check_sound(page: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    fs::write(&path, page).unwrap();
    let output = Command::new("xmllint").args(["--noout", "--nonet", "--huge"]).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(page.matches("<script").count(), 1);
    for needle in ["onerror=\"", "onload=\"", "href=\"javascript", "<img", "<iframe"] {
        assert!(!page.contains(needle), "{needle}");
    }
    for attribute in Regex::new("(?:href|src)=\"([^\"]*)\"").unwrap().captures_iter(page) {
        let target = &attribute[1];
        assert!(target.starts_with('#') || target.starts_with("http"), "{target}");
        if let Some(id) = target.strip_prefix('#') {
            assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
        }
    }
}

/// Whether all that a document says is on the page, under the number that it has there.
fn check_whole(page: &str, number: usize, record: &DocumentRecord) {
    let section = page.split(&format!("<section id=\"d{number}\">")).nth(1).unwrap();
    let section = section.split("</section>").next().unwrap();
    for (index, mention) in record.mentions.iter().enumerate() {
        let (id, start, end) = (format!("d{number}m{index}"), mention.start, mention.end);
        let tag =
            Regex::new(&format!("<g class=\"mention [^>]*id=\"{id}\" [^>]*data-start=\"{start}\" data-end=\"{end}\">"));
        assert_eq!(tag.unwrap().find_iter(section).count(), 1, "{id}");
    }
    for index in 0..record.entities.len() {
        assert_eq!(section.matches(&format!("<li id=\"d{number}e{index}\"")).count(), 1);
    }
    for (index, relation) in record.relations.iter().enumerate() {
        let id = format!("d{number}r{index}");
        let entry = section.split(&format!("<li id=\"{id}\"")).nth(1).unwrap().split("</li>").next().unwrap();
        assert!(entry.contains(&format!("{:.2}", relation.score.unwrap_or(1.0))), "{entry}");
        assert!(entry.contains(&relation.relation_type.name().replace('_', " ")), "{entry}");
        assert!(relation.status.is_none_or(|status| entry.contains(status.name())), "{entry}");
        let is_drawn = section.matches(&format!(" id=\"{id}a\"")).count() == 1;
        assert!(is_drawn != entry.contains("not drawn"), "{id}");
    }
    // The words of the text, in order.
    let texts = Regex::new("<text y=\"[^\"]*\">(.*)</text>").unwrap();
    let tags = Regex::new("<[^>]*>").unwrap();
    let drawn: String =
        texts.captures_iter(section).map(|line| unescaped(&tags.replace_all(&line[1], "")) + "\n").collect();
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{fffe}').collect()
    };
    assert_eq!(letters(&drawn), letters(&record.text));
}

#[test]
fn everything_that_was_found_is_on_the_page() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples");
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let samples = samples.to_str().unwrap();
    let done = |arguments: &[&str]| {
        let output = run(here, arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let extracted = done(&["extract", samples]);
    fs::write(here.join("read.jsonl"), &extracted).unwrap();
    done(&["annotate", samples, "-o", "page.html", "--threads", "3"]);
    let page = fs::read_to_string(here.join("page.html")).unwrap();
    check_sound(&page);
    let records: Vec<DocumentRecord> = extracted.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(records.len() > 10 && records.iter().map(|record| record.relations.len()).sum::<usize>() > 100);
    for (number, record) in records.iter().enumerate() {
        check_whole(&page, number, record);
    }
    // What was extracted before gives the same page, but for the title.
    let again = done(&["annotate", "--extracted", "read.jsonl"]);
    let body = |page: &str| page.split_once("<body>").unwrap().1.to_owned();
    assert!(body(&again) == body(&page));
    let few = done(&["annotate", "--extracted", "read.jsonl", "--min-score", "0.8"]);
    let count = |page: &str| page.matches("r0\" data-of").count();
    assert!(few.len() < again.len() && count(&few) > 0);
    let refused = run(here, &["annotate", "--extracted", samples]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn hostile_words_stay_words() {
    let names = [
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=\"alert(1)\">",
        "]]><![CDATA[",
        "a\u{0}b\u{1b}c\u{fffe}",
        "&amp;&lt;&#0;",
        "\u{202e}right\u{202c} to left שלום",
        "漢字と仮名",
        "e\u{301}\u{301}\u{301} 👩‍🚀",
        "'--><!--",
    ];
    let mut sketch = Sketch::new("</title>\"<b>#1", Some("<i>2024</i>"));
    for (number, name) in names.iter().enumerate() {
        sketch.mention(&format!("e{number}"), Some(EntityType::Organization), MentionKind::Name, None, name);
        sketch.text(" met ");
    }
    (1..names.len()).for_each(|number| sketch.relation(&format!("e{} criticized e{number} ~possible", number - 1)));
    let mut doc = sketch.finish();
    doc.title = Some("<script>\u{0}".to_owned());
    doc.url = Some("javascript:alert(\"1\")".to_owned());
    doc.source = Some("\"&<>'".to_owned());
    let html = page(&[doc.clone(), doc.clone()]);
    check_sound(&html);
    check_whole(&html, 0, &DocumentRecord::from(&doc));
    check_whole(&html, 1, &DocumentRecord::from(&doc));
    assert!(html == page(&[doc.clone(), doc]), "the same bytes each time");
}

#[test]
fn the_script_is_the_one_that_the_page_allows() {
    let html = page(&[]);
    let script = html.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("script"), script).unwrap();
    let python = "import base64, hashlib; print(base64.b64encode(hashlib.sha256(open('script', 'rb').read()).digest()).decode())";
    let output = Command::new("python3").args(["-c", python]).current_dir(folder.path()).output().unwrap();
    let hash = String::from_utf8(output.stdout).unwrap();
    assert!(
        html.contains(&format!("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'", hash.trim()))
    );
}

/// A document whose mentions are given by their bytes, each an entity of its own.
fn marked(text: &str, spans: &[(usize, usize)]) -> Document {
    let mut doc = Document::new("d", text);
    for (index, (start, end)) in spans.iter().enumerate() {
        let (entity_type, id) = (EntityType::ALL[index % 8], EntityId(index as u32));
        doc.entities.push(Entity {
            entity_type,
            name: text[*start..*end].to_owned(),
            norm: None,
            link: None,
            mentions: vec![MentionId(index as u32)],
        });
        doc.mentions.push(Mention {
            span: ByteSpan::new(*start, *end),
            entity_type,
            kind: MentionKind::Name,
            score: 1.0,
            entity: Some(id),
            norm: None,
            link: None,
        });
    }
    doc
}

fn relate(doc: &mut Document, head: usize, tail: usize) {
    doc.relations.push(Relation {
        head: EntityId(head as u32),
        relation_type: RelationType::from_name("supports").unwrap(),
        tail: EntityId(tail as u32),
        score: 0.5,
        evidence: vec![ByteSpan::new(0, doc.text.len())],
        trigger: None,
        date: None,
        place: None,
        by: None,
        status: None,
    });
}

#[test]
fn mentions_may_lie_over_and_in_each_other() {
    let text = "The University of Port Sered Hospital Board met.\n\n  \nIt fell.";
    let spans = [(4, 47), (4, 28), (18, 28), (18, 28), (23, 37), (0, 3), (0, text.len()), (47, 47), (48, 52), (50, 51)];
    let mut doc = marked(text, &spans);
    for (head, tail) in [(0, 2), (2, 3), (0, 1), (6, 6), (7, 8), (9, 5)] {
        relate(&mut doc, head, tail);
    }
    let html = page(std::slice::from_ref(&doc));
    check_sound(&html);
    check_whole(&html, 0, &DocumentRecord::from(&doc));
    // The innermost mention is the one that its words belong to.
    assert!(html.contains("data-of=\"d0e3\"><tspan"), "{html}");
}

#[test]
fn documents_may_be_empty() {
    let html =
        page(&[Document::new("nothing", ""), Document::new("blank", " \n\n\t "), marked("   ", &[(0, 3), (1, 1)])]);
    check_sound(&html);
    assert_eq!(html.matches("This document has no text.").count(), 3);
    let html = page(&[]);
    check_sound(&html);
    assert!(html.contains("No document."));
    let mut nowhere = document("n", None, "[p PERSON|Ada Quill] and [q PERSON|Bo Lind].\n=\np met q");
    nowhere.entities[1].mentions.clear();
    let html = page(&[nowhere]);
    check_sound(&html);
    assert!(html.contains("not drawn"), "{html}");
}

#[test]
fn long_documents_stay_manageable() {
    // A hundred thousand words, every fifth a name, each related to the next name and to one far away.
    let mut text = String::new();
    let mut spans = Vec::new();
    for word in 0..100_000 {
        let start = text.len();
        text.push_str(["Avonia", "said", "nothing", "of", "harbours"][word % 5]);
        if word % 5 == 0 {
            spans.push((start, text.len()));
        }
        text.push_str(if word % 90 == 89 { ".\n\n" } else { " " });
    }
    let mut doc = marked(&text, &spans);
    for head in 0..spans.len() - 1 {
        relate(&mut doc, head, head + 1);
        relate(&mut doc, head, (head + 9000) % spans.len());
    }
    let started = Instant::now();
    let html = page(&[doc]);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    let megabytes = html.len() >> 20;
    assert!(megabytes < 80, "{megabytes}");
    let far = html.matches("not drawn").count();
    assert!((19_000..=20_100).contains(&far), "{far}");

    // One word without an end, a heap of mentions in one place, a thousand arcs over one line.
    let word = "x".repeat(100_000);
    check_sound(&page(&[marked(&word, &[(0, 100_000), (99_998, 100_000)])]));
    let heap = marked("Avon Rail fell.", &vec![(0, 9); 2000]);
    check_sound(&page(&[heap]));
    let mut arcs = marked("Avon Rail met Bo Lind.", &[(0, 9), (14, 21)]);
    (0..1000).for_each(|_| relate(&mut arcs, 0, 1));
    let html = page(&[arcs]);
    check_sound(&html);
    assert_eq!(html.matches("not drawn").count(), 1000 - 40);
}
