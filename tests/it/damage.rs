//! Files of every kind with damaged content: each is read as far as it can be, or costs one warning; nothing stops the run.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output},
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

const TEXT: &str = "Marta Keller, the chief executive of Norden Bank, met Paul Stone in Berlin on Friday.\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zstd frame of one raw block.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let block = (u32::from(length) << 3) | 1;
    // Single segment, content size in two bytes (counted from 256), no checksum.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x60];
    frame.extend((length - 256).to_le_bytes());
    frame.extend(&block.to_le_bytes()[..3]);
    frame.extend(bytes);
    frame
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn cut(mut bytes: Vec<u8>, keep: usize) -> Vec<u8> {
    bytes.truncate(keep);
    bytes
}

/// Files that can be read, however odd.
fn readable() -> Vec<(&'static str, Vec<u8>)> {
    let page = |inner: &str| format!("<html><body><article>{inner}</article></body></html>").into_bytes();
    let paragraph = format!("<p>{TEXT}</p>").repeat(4);
    let long = TEXT.repeat(8);
    vec![
        ("a-mark.txt", format!("\u{feff}{TEXT}").into_bytes()),
        ("b-utf16.txt", utf16(TEXT)),
        ("c-latin.txt", format!("{TEXT}Jos\u{e9} P\u{e9}rez lives in M\u{e1}laga.").chars().map(|c| c as u8).collect()),
        ("d-bad-bytes.txt", [TEXT.as_bytes(), b" \xff\xfe\xc3 ", TEXT.as_bytes()].concat()),
        ("e-returns.txt", TEXT.repeat(3).replace('\n', "\r").into_bytes()),
        ("f.txt.gz", gzip(long.as_bytes())),
        ("g.txt.zst", zstd(long.as_bytes())),
        ("h-two-members.txt.gz", [gzip(TEXT.as_bytes()), gzip(TEXT.as_bytes())].concat()),
        ("i-no-extension", TEXT.as_bytes().to_vec()),
        ("j-not-closed.html", format!("<html><body><article><p>{paragraph}<b><div><p").into_bytes()),
        ("k-nested.html", page(&format!("{}{paragraph}", "<div>".repeat(3000)))),
        ("l-text.html", TEXT.as_bytes().to_vec()),
        ("m-entities.html", page(&format!("{paragraph}<p>&#0;&#xFFFFFFFF;&nosuch; Keller&nbsp;&amp; Stone</p>"))),
        ("n-not-closed.md", format!("# [Title](\n\n```\n{TEXT}\n**bold _both `code\n\n| a | b\n|--\n").into_bytes()),
        ("o-nested.md", format!("{}{TEXT}", "> ".repeat(500)).into_bytes()),
        (
            "p-fields.jsonl",
            serde_json::json!({ "text": TEXT, "id": 5, "date": [], "title": {} }).to_string().into_bytes(),
        ),
        ("q.jsonl.gz", gzip(format!("{{\"text\": \"{}\"}}\n", TEXT.trim()).as_bytes())),
        ("r-half-character.jsonl", br#"{"text": "\ude00 Marta Keller \ud83d met Paul Stone."}"#.to_vec()),
        ("s-zero.jsonl", br#"{"text": "Marta Keller\u0000 met Paul Stone\u0000 in Oslo."}"#.to_vec()),
    ]
}

/// Files that cannot be read, with words of the warning.
fn unreadable() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let line = format!("{{\"text\": \"{}\"}}\n", TEXT.trim());
    let long = TEXT.repeat(8);
    let mut wrong_sum = gzip(long.as_bytes());
    let at = wrong_sum.len() - 8;
    wrong_sum[at] ^= 0xff;
    vec![
        ("a-empty.txt", Vec::new(), "empty"),
        ("b-blank.txt", b" \r\n\t".to_vec(), "no text"),
        ("c-binary.txt", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00".repeat(20), "binary"),
        ("d-picture.txt", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".as_slice(), &[0; 200]].concat(), "binary"),
        ("e-paper.txt", b"%PDF-1.7\n1 0 obj\n".to_vec(), "binary"),
        ("f-empty.html", b"<html><body><script>var a;</script></body></html>".to_vec(), "empty"),
        ("g-empty.md", b"\n\n[a]: http://a.example\n".to_vec(), "empty"),
        ("h-cut.txt.gz", cut(gzip(long.as_bytes()), 40), "too early"),
        ("i-header.txt.gz", b"\x1f\x8b".to_vec(), "too early"),
        ("j-no-gzip.txt.gz", TEXT.as_bytes().to_vec(), "gzip"),
        ("k-wrong-sum.txt.gz", wrong_sum, "check"),
        ("l-cut.txt.zst", cut(zstd(long.as_bytes()), 100), ""),
        ("m-no-zstd.txt.zst", TEXT.as_bytes().to_vec(), ""),
        ("n-empty.jsonl", b"\n\n".to_vec(), "empty"),
        ("o-half.jsonl", [line.as_bytes(), b"{\"text\": \"half"].concat(), "line 2"),
        ("p-list.jsonl", b"[1, 2]\n".to_vec(), "no JSON object"),
        ("q-no-text.jsonl", b"{\"body\": \"x\"}\n".to_vec(), "no text"),
        ("r-number.jsonl", b"{\"text\": 5}\n".to_vec(), "line 1"),
        ("s-deep.jsonl", format!("{{\"text\": {}", "[".repeat(100_000)).into_bytes(), "line 1"),
        ("t-blank.jsonl", [b"{\"text\": \"  \"}\n", line.as_bytes()].concat(), "line 1"),
        ("v-cut.jsonl.gz", cut(gzip(line.repeat(2000).as_bytes()), 300), "too early"),
    ]
}

fn extract(folder: &Path, inputs: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_relata")).arg("extract").args(inputs).current_dir(folder).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn odd_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let files = readable();
    for (name, bytes) in &files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let output = extract(folder.path(), &["."]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let found = lines(&output);
    assert_eq!(found.len(), files.len(), "{errors}");
    for (doc, (name, _)) in found.iter().zip(&files) {
        let text = doc["text"].as_str().unwrap();
        assert!(text.contains("Marta Keller") && text.contains("Paul Stone"), "{name}: {text}");
        assert!(!doc["mentions"].as_array().unwrap().is_empty(), "{name}");
        if *name == "s-zero.jsonl" {
            assert_eq!(text, "Marta Keller\0 met Paul Stone\0 in Oslo.");
        }
    }
    let halves: Vec<&str> = errors.lines().filter(|line| line.contains("U+FFFD")).collect();
    assert!(halves.len() == 1 && halves[0].contains("r-half-character.jsonl"), "{errors}");
}

/// A zero byte in a text must not damage what is written of it.
#[test]
fn zero_bytes_stay_out_of_graphs() {
    let folder = tempfile::tempdir().unwrap();
    let line = br#"{"text": "Marta\u0000 Keller\u0000, head of the Bank\u0000 of\u0000 Oslo, met Paul\u0000 Stone in\u0000 Oslo."}"#;
    fs::write(folder.path().join("zero.jsonl"), line).unwrap();
    for name in ["graph.dot", "graph.html", "graph.svg", "graph.edges", "graph.adj"] {
        let output = Command::new(env!("CARGO_BIN_EXE_relata"))
            .args(["build", "zero.jsonl", "-o", name])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let written = fs::read(folder.path().join(name)).unwrap();
        assert!(!written.is_empty() && !written.contains(&0), "{name}");
    }
}

#[test]
fn damaged_files_cost_a_warning_each() {
    let folder = tempfile::tempdir().unwrap();
    let files = unreadable();
    for (name, bytes, _) in &files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    fs::write(folder.path().join("z.txt"), TEXT).unwrap();
    let output = extract(folder.path(), &["."]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    for (name, _, words) in &files {
        let warnings: Vec<&str> =
            errors.lines().filter(|line| line.starts_with("warning: ") && line.contains(name)).collect();
        assert_eq!(warnings.len(), 1, "{name}\n{errors}");
        assert!(warnings[0].contains(words) && warnings[0].len() < 300, "{name}: no {words:?} in {}", warnings[0]);
    }
    let found = lines(&output);
    assert!(errors.contains(&format!("{} documents, {} skipped", found.len(), files.len())), "{errors}");
    assert!(found.len() >= 3, "{errors}");
    assert_eq!(found.last().unwrap()["text"], TEXT, "the run goes on to the end");
}

#[test]
fn folders_without_files_and_dead_links_are_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("hollow")).unwrap();
    let check = |inputs: &[&str], words: &str| {
        let output = extract(folder.path(), inputs);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{inputs:?}: {errors}");
        assert!(errors.contains(words) && errors.contains("0 documents, 1 skipped"), "{inputs:?}: {errors}");
        assert!(output.stdout.is_empty(), "{inputs:?}");
    };
    check(&["hollow"], "hollow");
    check(&["no*such"], "no*such");
    check(&["[a"], "[a");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.path().join("dead.txt")).unwrap();
        check(&["dead.txt"], "dead.txt");
    }
}
