//! Reading: files in, documents and faults out.

#![expect(clippy::unwrap_used, reason = "a test that cannot make its files may as well stop")]

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};
use relata::{
    document::Document,
    read::{FieldNames, InputFormat, ReadFault, ReadFaultKind, Reader},
};
use tempfile::TempDir;

/// A folder with files, and the texts and faults that reading it gives.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Reads the named inputs and writes each result as a line, with the folder's own path left out.
    fn read_with(&self, reader: &Reader, names: &[&str]) -> Vec<String> {
        let root = format!("{}/", self.0.path().to_str().unwrap());
        reader.read(names.iter().map(|name| self.path(name))).map(|item| show(item).replace(&root, "")).collect()
    }

    #[track_caller]
    fn check(&self, names: &[&str], expected: &[&str]) {
        assert_eq!(self.read_with(&Reader::new(), names), expected);
    }
}

fn show(item: Result<Document, ReadFault>) -> String {
    match item {
        Ok(document) => {
            let mut shown = format!("{}: {}", document.id, document.text.replace('\n', "/"));
            for (name, value) in [
                ("date", &document.date),
                ("title", &document.title),
                ("url", &document.url),
                ("source", &document.source),
            ] {
                if let Some(value) = value {
                    shown.push_str(&format!(" [{name} {value}]"));
                }
            }
            for warning in &document.warnings {
                shown.push_str(&format!(" [warning {warning}]"));
            }
            shown
        }
        Err(fault) => {
            let shown = fault.to_string();
            let first = shown.chars().next().unwrap();
            assert!(first.is_lowercase() && !shown.ends_with('.'), "{shown}");
            assert!(!fault.path().is_empty());
            shown
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn keeps_plain_text_byte_for_byte() {
    let text = "  One.\r\n\r\n\tTwo \u{a0}é.\n\n\n";
    let folder = Folder::new().with("a.txt", text).with("b.txt", format!("\u{feff}{text}"));
    for document in Reader::new().read([folder.path("a.txt"), folder.path("b.txt")]) {
        assert_eq!(document.unwrap().text, text);
    }
}

#[test]
fn walks_folders_in_order() {
    let folder = Folder::new()
        .with("docs/b.txt", "B.")
        .with("docs/a/z.md", "*Z.*")
        .with("docs/a/y", "Y.")
        .with("docs/.hidden", "no")
        .with("docs/.git/config", "no")
        .with("docs/c.htm", "<p>C.")
        .with("other.txt", "O.");
    folder.check(&["docs"], &["docs/a/y: Y.", "docs/a/z.md: Z.", "docs/b.txt: B.", "docs/c.htm: C."]);
    folder.check(&["other.txt", "docs/a"], &["other.txt: O.", "docs/a/y: Y.", "docs/a/z.md: Z."]);
    folder.check(&["docs/.hidden"], &["docs/.hidden: no"]);
}

#[test]
fn expands_globs() {
    let folder = Folder::new()
        .with("n/2020/a.txt", "A.")
        .with("n/2020/b.md", "B.")
        .with("n/2021/a.txt", "A.")
        .with("n/2021/deep/c.txt", "C.")
        .with("n/[x].txt", "X.");
    folder.check(&["n/*/*.txt"], &["n/2020/a.txt: A.", "n/2021/a.txt: A."]);
    folder.check(&["n/**/*.txt"], &["n/2020/a.txt: A.", "n/2021/a.txt: A.", "n/2021/deep/c.txt: C.", "n/[x].txt: X."]);
    folder.check(&["n/2021*"], &["n/2021/a.txt: A.", "n/2021/deep/c.txt: C."]);
    folder.check(&["n/2020/*.{md,txt}"], &["n/2020/a.txt: A.", "n/2020/b.md: B."]);
    // A name that exists is no pattern.
    folder.check(&["n/[x].txt"], &["n/[x].txt: X."]);
    folder.check(
        &["n/*.pdf", "n/[", "gone.txt"],
        &[
            "cannot read n/*.pdf: no file matches the pattern, check it and the folder it starts from",
            "cannot read n/[: the pattern is broken (unclosed character class; missing ']'), quote or correct it",
            "cannot read gone.txt: no file or folder has that name, check it",
        ],
    );
}

#[test]
fn gives_one_fault_for_each_bad_file_and_goes_on() {
    let folder = Folder::new()
        .with("d/1empty.txt", " \n\u{feff}\n")
        .with("d/2binary.dat", [0u8, 1, 2, 3, 255])
        .with("d/3picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        .with("d/4report.pdf", "%PDF-1.4 text")
        .with("d/5control.txt", "a\u{1}\u{2}\u{3}b".repeat(9))
        .with("d/6broken.txt.gz", "this is not gzip")
        .with("d/7broken.txt.zst", "this is not zstd")
        .with("d/8large.txt", "x".repeat(2000))
        .with("d/9page.html", "<script>nothing</script>")
        .with("d/good.txt", "Good.");
    let reader = Reader::new().with_max_bytes(1000);
    let faults: Vec<_> = reader.read([folder.path("d")]).map(|item| item.map_err(|fault| fault.kind())).collect();
    use ReadFaultKind::{Binary, Empty, TooLarge, Unreadable};
    let expected = [Empty, Binary, Binary, Binary, Binary, Unreadable, Unreadable, TooLarge, Empty];
    assert_eq!(faults.len(), expected.len() + 1);
    for (fault, expected) in faults.iter().zip(expected) {
        assert_eq!(fault.as_ref().unwrap_err(), &expected);
    }
    assert_eq!(faults[9].as_ref().unwrap().text, "Good.");
    assert_eq!(
        folder.read_with(&reader, &["d/1empty.txt", "d/2binary.dat", "d/8large.txt"]),
        [
            "cannot read d/1empty.txt: it holds no text, leave it out",
            "cannot read d/2binary.dat: it holds binary data, leave it out or convert it to text",
            "cannot read d/8large.txt: it holds more than 1000 bytes, split it or raise the limit",
        ]
    );
}

#[test]
fn refuses_bombs() {
    let folder = Folder::new()
        .with("bomb.txt.gz", gzip(&vec![b'x'; 3_000_000]))
        .with("bomb.jsonl.zst", zstd(&vec![b'x'; 3_000_000]));
    let reader = Reader::new().with_max_bytes(10_000);
    assert_eq!(
        folder.read_with(&reader, &["bomb.txt.gz", "bomb.jsonl.zst"]),
        [
            "cannot read bomb.txt.gz: it holds more than 10000 bytes, split it or raise the limit",
            "cannot read bomb.jsonl.zst, line 1: the line does not end, the rest of the file is left out; check that it is JSON Lines",
        ]
    );
}

#[test]
fn reads_json_lines() {
    let lines = "{\"id\": \"x1\", \"text\": \"One.\\nTwo.\", \"title\": \"T\", \"date\": \"2019-03-12T10:00:00Z\", \"url\": \"u\", \"source\": \"s\", \"more\": [1]}\n\
        \n\
        {\"text\": \"KYIV, 3 May 2014 (AP) — Talks.\"}\r\n\
        {\"text\": \"\"}\n\
        {\"title\": \"no text\"}\n\
        not json\n\
        {\"text\": \"a\\u0000b\"}\n\
        {\"id\": 7, \"text\": \"Last.\", \"date\": \"someday\", \"title\": null}";
    let folder = Folder::new().with("c.jsonl", lines);
    folder.check(
        &["c.jsonl"],
        &[
            "x1: One./Two. [date 2019-03-12] [title T] [url u] [source s]",
            "c.jsonl:3: KYIV, 3 May 2014 (AP) — Talks. [date 2014-05-03]",
            "cannot read c.jsonl, line 4: it holds no text, leave it out",
            "cannot read c.jsonl, line 5: the line has no text in \"text\", name the field that holds it",
            "cannot read c.jsonl, line 6: the line is no JSON object (expected ident at line 1 column 2), correct it",
            "c.jsonl:7: a\0b",
            "7: Last. [warning cannot understand the date \"someday\", write it as YYYY-MM-DD]",
        ],
    );
    let fields = FieldNames { text: "body".to_owned(), id: "key".to_owned(), ..FieldNames::default() };
    let folder = Folder::new().with("c.ndjson", "{\"key\":\"k\",\"body\":\"B.\",\"text\":5}");
    assert_eq!(folder.read_with(&Reader::new().with_fields(fields), &["c.ndjson"]), ["k: B."]);
    Folder::new().with("e.jsonl", "\n\n").check(&["e.jsonl"], &["cannot read e.jsonl: it holds no text, leave it out"]);
}

#[test]
fn reads_lists_of_objects() {
    let list = "[{\"id\": \"a1\", \"date\": \"2024-05-06\", \"text\": \"One [1].\"},\n {\"text\": \"Two }.\"},\n {\"title\": \"no text\"},\n\
        {\"text\": 1}, {\"text\": }]";
    let pretty = "{\n  \"id\": \"p\",\n  \"text\": \"Three.\",\n  \"tags\": [{\"a\": {}}]\n}\n";
    let folder = Folder::new()
        .with("list.json", list)
        .with("list.jsonl", "\n[\n{\"text\": \"One.\"},\n{\"text\": \"Two.\"}\n]\n")
        .with("list", "\u{feff}[ {\"text\": \"One.\"} ]")
        .with("pretty.json.gz", gzip(pretty.repeat(2).as_bytes()))
        .with("other.json", "{\"nodes\": [{\"id\": 1}]}")
        .with("numbers.json", "[{\"text\": \"One.\"},\n 1]")
        .with("cut.json", &list[..60])
        .with("none.json", "[ ]")
        .with("prose.json", "Ada left.")
        .with("list.txt", "[{\"text\": \"One.\"}]");
    folder.check(
        &["list.json"],
        &[
            "a1: One [1]. [date 2024-05-06]",
            "list.json:2: Two }.",
            "cannot read list.json, line 3: the object has no text in \"text\", name the field that holds it",
            "cannot read list.json, line 4: the object has no text in \"text\", name the field that holds it",
            "cannot read list.json, line 4: the object is no JSON object (expected value at line 1 column 10), correct it",
        ],
    );
    folder.check(&["list.jsonl", "list"], &["list.jsonl:1: One.", "list.jsonl:2: Two.", "list:1: One."]);
    folder.check(&["pretty.json.gz"], &["p: Three.", "p: Three."]);
    folder.check(
        &["other.json", "numbers.json", "cut.json", "none.json"],
        &[
            "cannot read other.json, line 1: the object has no text in \"text\", name the field that holds it",
            "numbers.json:1: One.",
            "cannot read numbers.json, line 2: it lists something else than objects, the rest of the file is left out; \
             correct it",
            "a1: One [1]. [date 2024-05-06]",
            "cannot read cut.json, line 2: it ends too early, fetch it again",
            "cannot read none.json: it holds no text, leave it out",
        ],
    );
    folder.check(&["prose.json", "list.txt"], &["prose.json: Ada left.", "list.txt: [{\"text\": \"One.\"}]"]);
    let reader = Reader::new().with_max_bytes(30);
    let long = format!("[{{\"text\": \"{}\"}}, {{\"text\": \"Two.\"}}]", "long ".repeat(20));
    assert_eq!(
        Folder::new().with("long.json", long).read_with(&reader, &["long.json"]),
        [
            "cannot read long.json, line 1: the object holds more than 30 bytes, split it or raise the limit",
            "long.json:2: Two.",
        ]
    );
}

#[test]
fn reads_compressed_files() {
    let lines = b"{\"text\":\"One.\"}\n{\"text\":\"Two.\"}\n";
    let (first, second) = lines.split_at(20);
    let members = [gzip(first), gzip(second)].concat();
    // A frame to be skipped stands between the two.
    let frames = [zstd(first), vec![0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3], zstd(second)].concat();
    let folder = Folder::new()
        .with("a.jsonl.gz", &members)
        .with("b.jsonl.zst", &frames)
        .with("c.txt.gz", gzip(b"Three."))
        .with("d", gzip(b"<html><p>Four."))
        .with("e.html.zst", zstd(b"<p>Five."))
        .with("f.gz", gzip(lines));
    folder.check(
        &["a.jsonl.gz", "b.jsonl.zst", "c.txt.gz", "d", "e.html.zst", "f.gz"],
        &[
            "a.jsonl.gz:1: One.",
            "a.jsonl.gz:2: Two.",
            "b.jsonl.zst:1: One.",
            "b.jsonl.zst:2: Two.",
            "c.txt.gz: Three.",
            "d: Four.",
            "e.html.zst: Five.",
            "f.gz:1: One.",
            "f.gz:2: Two.",
        ],
    );
}

#[test]
fn reads_what_the_zstd_program_wrote() {
    // Two frames with checksums: `zstd -c a > x; zstd -c b >> x`.
    let folder = Folder::new().with("two.jsonl.zst", include_bytes!("fixtures/two-frames.jsonl.zst"));
    folder.check(&["two.jsonl.zst"], &["two.jsonl.zst:1: One.", "two.jsonl.zst:2: Two."]);
    let mut bytes = include_bytes!("fixtures/two-frames.jsonl.zst").to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let items = Folder::new().with("bad.jsonl.zst", bytes).read_with(&Reader::new(), &["bad.jsonl.zst"]);
    assert!(items.iter().any(|item| item.contains("the zstd checksum does not match")), "{items:?}");
}

#[test]
fn keeps_what_came_before_a_broken_archive_broke() {
    let lines: String = (0..20_000).map(|index| format!("{{\"text\":\"Document {index}.\"}}\n")).collect();
    let whole = gzip(lines.as_bytes());
    let folder = Folder::new()
        .with("a.jsonl.gz", &whole[..whole.len() / 2])
        .with("b.jsonl.gz", [gzip(b"{\"text\":\"One.\"}\n"), b"garbage".to_vec()].concat())
        .with("c.txt", "After.");
    let items = folder.read_with(&Reader::new(), &["a.jsonl.gz", "c.txt"]);
    assert!(items.len() > 1000, "{}", items.len());
    assert_eq!(items[0], "a.jsonl.gz:1: Document 0.");
    assert!(items[..items.len() - 2].iter().all(|item| item.contains("Document")));
    let fault = &items[items.len() - 2];
    let line = items.len() - 1;
    assert_eq!(fault, &format!("cannot read a.jsonl.gz, line {line}: it ends too early, fetch it again"));
    assert_eq!(items[items.len() - 1], "c.txt: After.");
    let items = folder.read_with(&Reader::new(), &["b.jsonl.gz"]);
    assert_eq!(items.len(), 2, "{items:?}");
    assert_eq!(items[0], "b.jsonl.gz:1: One.");
    assert!(items[1].starts_with("cannot read b.jsonl.gz, line 2: "), "{items:?}");
}

#[test]
fn converts_encodings() {
    let utf16 = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let folder = Folder::new()
        .with("a.txt", b"D\xe9sir\xe9 Lobo a \xe9t\xe9 \xe9lu \xe0 la pr\xe9sidence.")
        .with("b.html", b"<html><meta charset=windows-1250><p>\x8aimek")
        .with("c.txt", utf16("Žluť."))
        .with("d.jsonl", utf16("{\"text\":\"Žluť.\"}\n{\"text\":\"Kůň.\"}\n"))
        .with("e", utf16("{\"text\":\"Žluť.\"}\n"));
    folder.check(
        &["a.txt", "b.html", "c.txt", "d.jsonl", "e"],
        &[
            "a.txt: Désiré Lobo a été élu à la présidence.",
            "b.html: Šimek",
            "c.txt: Žluť.",
            "d.jsonl:1: Žluť.",
            "d.jsonl:2: Kůň.",
            "e:1: Žluť.",
        ],
    );
}

#[test]
fn sniffs_and_obeys_a_forced_format() {
    let folder = Folder::new()
        .with("a", "{\"text\":\"One.\"}\n")
        .with("b.data", "<!-- x --><!DOCTYPE html><title>T</title><p>Two.")
        .with("c.log", "{not json} Three.")
        .with("d.txt", "<p>Four.")
        .with("e.json", format!("{{\"text\":\"{}\"}}", "long ".repeat(40_000)));
    folder.check(
        &["a", "b.data", "c.log", "d.txt"],
        &["a:1: One.", "b.data: Two. [title T]", "c.log: {not json} Three.", "d.txt: <p>Four."],
    );
    assert!(folder.read_with(&Reader::new(), &["e.json"])[0].starts_with("e.json:1: long long"));
    let html = Reader::new().with_format(InputFormat::Html);
    assert_eq!(folder.read_with(&html, &["d.txt"]), ["d.txt: Four."]);
    let text = Reader::new().with_format(InputFormat::Text);
    assert_eq!(folder.read_with(&text, &["a"]), ["a: {\"text\":\"One.\"}/"]);
}

#[test]
fn reads_pages_and_notes_with_their_dates() {
    let page = include_str!("fixtures/ferry.html");
    let note = "---\ntitle: The ferry\ndate: 4 March 2021\n---\n\n# Ferry\n\nIt *sank*.\n";
    let folder = Folder::new().with("ferry.html", page).with("note.md", note);
    folder.check(&["note.md"], &["note.md: Ferry//It sank. [date 2021-03-04] [title The ferry]"]);
    let document = Reader::new().read([folder.path("ferry.html")]).next().unwrap().unwrap();
    assert_eq!(document.title.as_deref(), Some("Ferry to Karun sinks, all saved"));
    assert_eq!(document.date.as_deref(), Some("2021-03-04"));
    assert_eq!(document.source.as_deref(), Some("Harbour Times"));
    let paragraphs: Vec<&str> = document.text.split("\n\n").collect();
    assert_eq!(
        paragraphs.iter().filter(|paragraph| paragraph.starts_with("The ferry Ola, which")).count(),
        1,
        "{}",
        document.text
    );
    assert!(!document.text.contains("Cookie") && !document.text.contains("tracker"), "{}", document.text);
}

const PROSE: &str = "<p>The ferry Ola sank on Monday, said Ann Doe, the harbour master of Lilongwe, who had warned of \
    it for years in letters to the ministry and to the owners.</p><p>Sixty people were on board, and all of them \
    reached the shore, she said, because fishermen from the village of Karun saw the lights go out and set off at once \
    in their boats, in the dark and against a strong wind.</p><p>The owners, Ola Lines, did not answer questions, and \
    their office in the harbour was closed on Tuesday; a note on the door asked customers to call a number that nobody \
    picked up.</p>";

#[test]
fn reads_tables_of_pages() {
    #[track_caller]
    fn check(title: &str, body: &str, expected: &str) {
        let page = format!("<html><head><title>{title}</title></head><body>{body}</body></html>");
        let expected = format!("page.html: {expected} [title {title}]");
        Folder::new().with("page.html", page).check(&["page.html"], &[&expected]);
    }
    // Cells with commas are what a finder of main text likes best.
    check(
        "Tello Group",
        "<h1>Tello Group</h1><table><tr><td>CEO:</td><td>Marta Lindgren</td></tr><tr><td>Seat:</td><td>Bergen</td></tr>\
         <tr><td>Subsidiaries:</td><td>Orbis Wind AB, Tello Solar S.L.</td></tr></table><dl><dt>Owner</dt>\
         <dd>Delta Trust</dd></dl><p>Tello bought Elbe Stahl in 2015.</p>",
        "Tello Group//CEO: | Marta Lindgren//Seat: | Bergen//Subsidiaries: | Orbis Wind AB, Tello Solar S.L.//Owner//\
         Delta Trust//Tello bought Elbe Stahl in 2015.",
    );
    check(
        "Wanted",
        "<h1>Most wanted</h1><table><tr><th>Name</th><th>Crime</th><th>Country</th></tr><tr><td>Dino Falco</td>\
         <td>fraud, forgery, theft, perjury</td><td>Italy</td></tr><tr><td>Ida Moe</td><td>arson</td><td>Norway</td>\
         </tr></table>",
        "Most wanted//Name | Crime | Country//Dino Falco | fraud, forgery, theft, perjury | Italy//Ida Moe | arson | \
         Norway",
    );
    // The finder leaves out the heading that is the title.
    check(
        "Palmgate Holdings Ltd - Company register",
        "<h1>Palmgate Holdings Ltd</h1><table><tr><th>Person</th><th>Control</th></tr><tr><td>Elena Vasquez</td>\
         <td>owns 75% of the shares</td></tr></table><p>Registered office: 4 Fenchurch Row, London.</p>",
        "Palmgate Holdings Ltd//Person | Control//Elena Vasquez | owns 75% of the shares//Registered office: 4 \
         Fenchurch Row, London.",
    );
    // Cells with paragraphs, as text processors write them.
    check(
        "Staff of the bank",
        "<h1>Staff</h1><table><tr><td><p>Dino Falco</p></td><td><p>clerk, guard</p></td></tr><tr><td><p>Ida Moe</p>\
         </td><td><p>chief</p></td></tr></table>",
        "Staff//Dino Falco | clerk, guard//Ida Moe | chief",
    );
    // What stands around an article stays outside.
    let prose = PROSE.replace("<p>", "").trim_end_matches("</p>").replace("</p>", "//");
    check(
        "Ferry to Karun sinks, all saved",
        &format!(
            "<nav><a href=/>Home</a> <a href=/s>Sport</a></nav><main><article><h1>Ferry to Karun sinks, all saved</h1>\
             {PROSE}</article></main><div><table><tr><td>Oslo</td><td>12 degrees</td></tr></table></div><div \
             class='comments'>{}</div><footer>Terms of use</footer>",
            "Nobody reads this. ".repeat(50)
        ),
        &format!("Ferry to Karun sinks, all saved//{prose}"),
    );
}

#[test]
fn finds_dates_that_frame_the_main_text() {
    #[track_caller]
    fn check(before: &str, inside: &str, expected: Option<&str>) {
        let page = format!(
            "<html><head><title>Ferry to Karun sinks, all saved</title></head><body>{before}<main><article>\
             <h1>Ferry to Karun sinks, all saved</h1>{inside}{PROSE}</article></main></body></html>"
        );
        let folder = Folder::new().with("page.html", page);
        let document = Reader::new().read([folder.path("page.html")]).next().unwrap().unwrap();
        assert_eq!(document.date.as_deref(), expected, "{}", document.text);
    }
    check("", "<p class='byline'>By Ann Doe / 7 May 2019</p>", Some("2019-05-07"));
    check("", "<div class='post-date'>Posted 6 May 2019, updated 7 May 2019</div>", Some("2019-05-06"));
    check("<header><div>Harbour Times</div><div>Tuesday, May 7, 2019</div></header>", "", Some("2019-05-07"));
    // Two dates, one of the story, and one of another page.
    let two = "<header><div class='published'>6 May 2019</div><div class='published'>7 May 2019</div></header>";
    check(two, "", None);
    check("<header><div>Harbour Times</div></header>", "<p>It was built on 7 May 1999 in Oslo, they said.</p>", None);
    check("<aside><p class='byline'>By Ann Doe, 7 May 2019</p></aside>", "", None);
}

#[test]
fn takes_markup_out_of_text() {
    let lines = "{\"text\": \"Zo&euml; Roth met <a href=\\\"/bo\\\">Bo Lind</a>.\", \"title\": \"Marks &amp; Roth\"}\n\
        {\"text\": \"A &amp; b\"}\n\
        {\"text\": \"Zo&euml; Roth\", \"mentions\": []}\n";
    Folder::new()
        .with("a.txt", "<p>Ada Roth met <b>Bo Lind</b>.</p>\n<p>Marks &amp; Roth</p>")
        .with("b.srt", "1\n00:00:01,000 --> 00:00:02,000\n<i>Ada left.</i>\n")
        .with("c.txt", "The <b> tag, x < y, R&D; <ann@example.org>")
        .with("d.jsonl", lines)
        .check(
            &["a.txt", "b.srt", "c.txt", "d.jsonl"],
            &[
                "a.txt: Ada Roth met Bo Lind.//Marks & Roth",
                "b.srt: 1/00:00:01,000 --> 00:00:02,000/Ada left./",
                "c.txt: The <b> tag, x < y, R&D; <ann@example.org>",
                "d.jsonl:1: Zoë Roth met Bo Lind. [title Marks & Roth]",
                "d.jsonl:2: A &amp; b",
                // The places of its annotations are those in this text.
                "d.jsonl:3: Zo&euml; Roth",
            ],
        );
}

#[test]
fn reads_dates_that_are_numbers() {
    let lines = "{\"text\": \"One.\", \"date\": 1557201600}\n\
        {\"text\": \"Two.\", \"date\": \"1557201600000\"}\n\
        {\"text\": \"Three.\", \"date\": 20190507}\n\
        {\"text\": \"Four.\", \"date\": 155}\n";
    Folder::new().with("c.jsonl", lines).check(
        &["c.jsonl"],
        &[
            "c.jsonl:1: One. [date 2019-05-07]",
            "c.jsonl:2: Two. [date 2019-05-07]",
            "c.jsonl:3: Three. [date 2019-05-07]",
            "c.jsonl:4: Four. [warning cannot understand the date \"155\", write it as YYYY-MM-DD]",
        ],
    );
}

#[test]
fn warns_of_dates_that_can_be_read_in_two_ways() {
    #[track_caller]
    fn check(date: &str, expected: Option<&str>, has_warning: bool) {
        let line = format!("{{\"text\": \"One.\", \"date\": \"{date}\"}}");
        let document = Reader::new().read_stream("c.jsonl", std::io::Cursor::new(line)).next().unwrap().unwrap();
        assert_eq!(document.date.as_deref(), expected, "{date}");
        let warning = format!(
            "of the date \"{date}\" only the year counts (either number may be the day), write it as YYYY-MM-DD"
        );
        assert_eq!(document.warnings, Vec::from_iter(has_warning.then_some(warning)), "{date}");
    }
    check("06/05/2024", Some("2024"), true);
    check("6/5/2024 10:30", Some("2024"), true);
    check("25/12/2024", Some("2024-12-25"), false);
    check("06.05.2024", Some("2024-05-06"), false);
    check("2024/05/06", Some("2024-05-06"), false);
    check("2024", Some("2024"), false);
    check("May 2024", Some("2024-05"), false);
}

#[test]
fn reads_a_stream() {
    let documents = Reader::new().read_stream("-", "Just text.".as_bytes());
    assert_eq!(documents.map(show).collect::<Vec<_>>(), ["-: Just text."]);
    let documents = Reader::new().read_stream("-", std::io::empty());
    assert_eq!(documents.map(show).collect::<Vec<_>>(), ["cannot read standard input: it holds no text, leave it out"]);
    let documents = Reader::new().read_stream("-", std::io::Cursor::new(gzip(b"{\"text\":\"One.\"}")));
    assert_eq!(documents.map(show).collect::<Vec<_>>(), ["-:1: One."]);
}

#[cfg(unix)]
#[test]
fn ends_at_links_that_lead_back() {
    let folder = Folder::new().with("d/a/x.txt", "X.").with("d/y.txt", "Y.");
    std::os::unix::fs::symlink(Path::new(&folder.path("d")), Path::new(&folder.path("d/a/loop"))).unwrap();
    std::os::unix::fs::symlink("nowhere", Path::new(&folder.path("d/broken"))).unwrap();
    let items = folder.read_with(&Reader::new(), &["d"]);
    assert_eq!(items.len(), 4, "{items:?}");
    assert!(items[0].starts_with("cannot read d/a/loop: the link leads back to "), "{items:?}");
    assert_eq!(items[1], "d/a/x.txt: X.");
    assert!(items[2].starts_with("cannot read d/broken: "), "{items:?}");
    assert_eq!(items[3], "d/y.txt: Y.");
}

#[test]
fn names_documents_as_given() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures");
    let named = dir.strip_prefix(std::env::current_dir().unwrap()).unwrap().join("ferry.html");
    let document = Reader::new().read([Path::new(".").join(&named)]).next().unwrap().unwrap();
    assert_eq!(document.id, "tests/it/fixtures/ferry.html");
    let document = Reader::new().read(["tests/it/fix*/*.html"]).next().unwrap().unwrap();
    assert_eq!(document.id, "tests/it/fixtures/ferry.html");
}

#[test]
fn never_panics_on_any_bytes() {
    // The same generator as in other tests: no two runs differ.
    let mut state = 7u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % bound
    };
    const PIECES: &[&[u8]] = &[
        b"<html>",
        b"<p>",
        b"{\"text\":",
        b"\"a\"",
        b"}",
        b"\n",
        b"\r\n",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\x1f\x8b\x08",
        b"\x28\xb5\x2f\xfd",
        b"\xe9",
        b"\xc3\xa9",
        b"\0",
        b"word ",
        b"# ",
        b"- ",
        b"---\n",
        b"date: 2019\n",
        b"<meta charset=",
        b"utf-16",
        b"| a |",
        b"12 May 2019 - ",
        b"]]>",
        b"&#x",
    ];
    for round in 0..400 {
        let mut bytes = Vec::new();
        for _ in 0..below(30) {
            if below(4) == 0 {
                bytes.extend((0..below(9)).map(|_| (below(256)) as u8));
            } else {
                bytes.extend_from_slice(PIECES[below(PIECES.len())]);
            }
        }
        for name in ["-", "a.txt", "a.md", "a.html", "a.jsonl", "a.gz", "a.zst"] {
            let items =
                Reader::new().with_max_bytes(200).read_stream(name, std::io::Cursor::new(bytes.clone())).count();
            assert!(items <= 60, "round {round}: {name} gave {items} items");
        }
    }
}

#[test]
fn texts_of_too_many_words_are_left_out() {
    let read = |name: &str, text: &str, limit: u64| {
        let mut documents =
            Reader::new().with_max_bytes(limit).read_stream(name, std::io::Cursor::new(text.to_owned()));
        documents.next().unwrap().map_err(|fault| (fault.kind(), fault.to_string()))
    };
    let numbers = "1,2,3,4,".repeat(10_000);
    let (kind, told) = read("table.txt", &numbers, 100_000).unwrap_err();
    assert_eq!(kind, ReadFaultKind::TooLarge);
    assert!(told.contains("more than 65536 words and marks"), "{told}");
    let line = format!("{{\"text\": \"{numbers}\"}}");
    assert_eq!(read("table.jsonl", &line, 100_000).unwrap_err().0, ReadFaultKind::TooLarge);
    assert!(read("table.txt", &numbers, 400_000).is_ok());
    // Words of more bytes are fewer.
    assert!(read("prose.txt", &"letters ".repeat(10_000), 100_000).is_ok());
    // In a script without blanks every character is one.
    assert_eq!(read("zh.txt", &"中".repeat(70_000), 250_000).unwrap_err().0, ReadFaultKind::TooLarge);
}
