//! The program from outside: what it prints where, what it writes, how it ends.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use relata::export::write_document;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::graph::document;

const ARTICLE: &str = "Marta Keller, the chief executive of Norden Bank, met Paul Stone in Berlin on Friday.\n";
const NOTHING: &str = "stones and water\n";

/// A folder with an article, a text without names, JSON Lines, and bad files.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    write("article.txt", ARTICLE.as_bytes());
    write("nothing.txt", NOTHING.as_bytes());
    write("empty.txt", b"");
    write("binary.txt", b"\x00\x01\x02\xff\x00\x00");
    let line = serde_json::json!({ "id": "one", "text": ARTICLE });
    write("lines.jsonl", format!("{line}\n").as_bytes());
    let body = serde_json::json!({ "key": "two", "body": ARTICLE });
    write("bodies.jsonl", format!("{body}\n").as_bytes());
    write("broken.jsonl", format!("{line}\n{{\"id\": \"half\n").as_bytes());
    write("good.toml", b"text_field = \"body\"\nid_field = \"key\"\nthreads = 1\n");
    write("bad.toml", b"treads = 1\n");
    folder
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_relata"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = start(folder, arguments);
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    // On its own thread, so that large input and large output do not wait for each other; the program may also end
    // without reading any of it.
    let feeder = thread::spawn(move || drop(pipe.write_all(&stdin)));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

/// Runs a command line (split at spaces) in a fresh folder, and checks the exit code and what stands in the output.
#[track_caller]
fn check(line: &str, code: i32, stdout: &[&str], stderr: &[&str]) {
    check_with_stdin(line, "", code, stdout, stderr);
}

#[track_caller]
fn check_with_stdin(line: &str, stdin: &str, code: i32, stdout: &[&str], stderr: &[&str]) {
    let folder = folder();
    let output = run(folder.path(), &line.split(' ').collect::<Vec<_>>(), stdin.as_bytes());
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "relata {line}\n{out}\n{err}");
    for (text, parts) in [(&out, stdout), (&err, stderr)] {
        for part in parts {
            assert!(text.contains(part), "relata {line}: no {part:?} in\n{text}");
        }
        assert!(!parts.is_empty() || text.is_empty(), "relata {line}: nothing was to be said, but\n{text}");
    }
}

#[test]
fn exit_code_tells_found_nothing_or_error() {
    check("extract article.txt", 0, &["\"mentions\":[{"], &[]);
    check("extract nothing.txt", 1, &["\"mentions\":[]"], &[]);
    check("build article.txt -o - --format json", 0, &["{"], &[]);
    check("build nothing.txt -o - --format json", 1, &[""], &[]);
    check("extract", 2, &[], &["<INPUT>"]);
    check("extract --treads 1 article.txt", 2, &[], &["--treads"]);
    check("extract --threads 0 article.txt", 2, &[], &["--threads"]);
    check("extract --threads 20000 article.txt", 2, &[], &["--threads", "20000 is not in 1..=1024"]);
    check("extract --min-score 2 article.txt", 2, &[], &["2 is not between 0 and 1"]);
    check("extract --min-score -1 article.txt", 2, &[], &["-1 is not between 0 and 1"]);
    check("extract --model nowhere article.txt", 2, &[], &["no model folder at nowhere"]);
    check("extract --model . article.txt", 2, &[], &["error: cannot load the model .: the folder holds 0 files"]);
}

#[test]
fn bad_documents_are_reported_and_the_run_goes_on() {
    let found = &["\"mentions\":[{"];
    check("extract missing.txt article.txt", 2, found, &["warning: ", "missing.txt", "1 document, 1 skipped"]);
    check("extract empty.txt article.txt", 2, found, &["empty.txt", "1 document, 1 skipped"]);
    check("extract binary.txt article.txt", 2, found, &["binary.txt", "1 document, 1 skipped"]);
    check("extract broken.jsonl article.txt", 2, found, &["broken.jsonl, line 2", "2 documents, 1 skipped"]);
    check("extract --max-bytes 40 article.txt nothing.txt", 2, &["stones"], &["article.txt", "1 document, 1 skipped"]);
    check("extract missing.txt", 2, &[], &["missing.txt", "0 documents, 1 skipped"]);
    check("-q extract missing.txt article.txt", 2, found, &[]);
    check("build missing.txt article.txt -o - --format json", 2, &["Keller"], &["1 document, 1 skipped"]);
}

#[test]
fn standard_input_is_read() {
    check_with_stdin("extract -", ARTICLE, 0, &["Marta Keller"], &[]);
    let line = serde_json::json!({ "id": "7", "text": ARTICLE }).to_string();
    check_with_stdin("extract --input-format jsonl -", &line, 0, &["\"id\":\"7\""], &[]);
    check_with_stdin("extract -", "", 2, &[], &["0 documents, 1 skipped"]);
}

#[test]
fn a_json_line_gives_one_line_with_the_same_text() {
    let folder = folder();
    let texts = ["  Two  spaces. ", "Zoë Müller\r\nlives", "tab\there", "«quoted»\n\n\nend\n"];
    let input: String = texts.map(|text| serde_json::json!({ "text": text }).to_string() + "\n").concat();
    let output = run(folder.path(), &["extract", "--input-format", "jsonl", "-"], input.as_bytes());
    let lines: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["text"].as_str().unwrap()).collect::<Vec<_>>(), texts);
    for line in &lines {
        for mention in line["mentions"].as_array().unwrap() {
            let [start, end] = ["start", "end"].map(|name| mention[name].as_u64().unwrap() as usize);
            assert!(!line["text"].as_str().unwrap()[start..end].is_empty());
        }
    }
}

#[test]
fn each_answer_comes_before_the_next_question() {
    let folder = folder();
    let mut child = start(folder.path(), &["extract", "--threads", "3", "--input-format", "jsonl", "-"]);
    let mut questions = child.stdin.take().unwrap();
    let (send, answers) = mpsc::channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = thread::spawn(move || lines.for_each(|line| drop(send.send(line.unwrap()))));
    for id in ["a", "b", "c"] {
        writeln!(questions, "{}", serde_json::json!({ "id": id, "text": ARTICLE })).unwrap();
        questions.flush().unwrap();
        let answer = answers.recv_timeout(Duration::from_secs(60)).expect("an answer while standard input is open");
        assert!(answer.contains(&format!("\"id\":\"{id}\"")), "{answer}");
    }
    drop(questions);
    assert!(child.wait().unwrap().success());
    reader.join().unwrap();
}

#[test]
fn closed_pipe_is_success() {
    let folder = folder();
    let line = serde_json::json!({ "text": ARTICLE }).to_string() + "\n";
    fs::write(folder.path().join("many.jsonl"), line.repeat(200)).unwrap();
    for arguments in [
        &["extract", "many.jsonl"] as &[_],
        &["extract", "--threads", "1", "many.jsonl"],
        &["build", "many.jsonl", "-o", "-", "--format", "json"],
        &["schema"],
        &["man"],
        &["completions", "bash"],
    ] {
        let mut child = start(folder.path(), arguments);
        drop(child.stdout.take());
        drop(child.stdin.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && stderr.is_empty(), "{arguments:?}: {}\n{stderr}", output.status);
    }
}

#[test]
fn unknown_formats_are_told_before_any_work() {
    let formats = "json-ld (.jsonld)";
    check("build missing.txt -o graph.xyz", 2, &[], &["error: ", "graph.xyz", formats]);
    check("build missing.txt -o graph.dot --format xyz", 2, &[], &["unknown graph format \"xyz\"", formats]);
    check("build missing.txt -o -", 2, &[], &["standard output", formats]);
    check("build missing.txt -o no/graph.dot", 2, &[], &["there is no folder no"]);
    check("build missing.txt", 2, &[], &["--output"]);
    check("extract missing.txt -o no/out.jsonl", 2, &[], &["there is no folder no"]);
    check("extract --input-format pdf article.txt", 2, &[], &["possible values: text, markdown, html, jsonl"]);
}

#[test]
fn settings_come_from_a_file_only_if_named() {
    check("extract --config good.toml bodies.jsonl", 0, &["\"id\":\"two\""], &[]);
    check("extract --config good.toml --text-field text lines.jsonl", 0, &["Marta"], &[]);
    check("extract --config bad.toml article.txt", 2, &[], &["bad.toml", "unknown field `treads`", "`threads`"]);
    check("extract --config missing.toml article.txt", 2, &[], &["cannot read the settings file missing.toml"]);
    let folder = folder();
    fs::rename(folder.path().join("bad.toml"), folder.path().join("relata.toml")).unwrap();
    assert!(run(folder.path(), &["extract", "article.txt"], b"").status.success());
}

#[test]
fn there_is_a_faster_model() {
    check("extract --fast article.txt", 0, &["Keller"], &[]);
    check("extract --fast --model . article.txt", 2, &[], &["'--fast' cannot be used with '--model <DIR>'"]);
    let folder = folder();
    let found = |options: &[&str]| run(folder.path(), &[&["extract", "article.txt"], options].concat(), b"").stdout;
    // Another model gives other scores.
    assert_ne!(found(&["--fast"]), found(&[]));
    // A graph file has documents of one model.
    assert!(run(folder.path(), &["build", "article.txt", "-o", "g.relata"], b"").status.success());
    let output = run(folder.path(), &["build", "--fast", "article.txt", "-o", "g.relata"], b"");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("built with model en-small (without --fast), not en-fast (--fast)"), "{told}");
}

#[test]
fn files_are_written_whole() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let output = run(folder.path(), &["build", "article.txt", "-o", "g.json", "-o", "g.dot", "-o", "g.jsonld"], b"");
    assert!(output.status.success() && output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["g.json", "g.dot", "g.jsonld"] {
        assert!(fs::read_to_string(path(name)).unwrap().contains("Keller"), "{name}");
    }
    let output = run(folder.path(), &["extract", "article.txt", "missing.txt", "-o", "out.jsonl"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_to_string(path("out.jsonl")).unwrap().lines().count(), 1);
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "no temporary file is left");
}

/// Documents of different lengths, so that threads finish them out of order.
fn corpus() -> Vec<String> {
    let people = ["Marta Keller", "Paul Stone", "Ines Duarte", "Omar Haddad", "Lena Vogt"];
    (0..24)
        .map(|n| {
            let sentence = |k: usize| {
                format!(
                    "{} visited {} in Berlin. ",
                    people[(n + k) % people.len()],
                    people[(n + 2 * k + 1) % people.len()]
                )
            };
            let text: String = (0..1 + (n * 7) % 5).map(sentence).collect();
            serde_json::json!({ "id": format!("doc-{n}"), "text": text }).to_string()
        })
        .collect()
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let folder = folder();
    let input = corpus().join("\n");
    for command in [
        &["extract", "--input-format", "jsonl", "-"] as &[_],
        &["build", "--input-format", "jsonl", "-", "-o", "-", "--format", "json"],
        &["build", "--input-format", "jsonl", "-", "-o", "-", "--format", "dot"],
    ] {
        let bytes = |threads: &str| {
            let arguments = [command, &["--threads", threads]].concat();
            let output = run(folder.path(), &arguments, input.as_bytes());
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        let expected = bytes("1");
        assert!(!expected.is_empty());
        for threads in ["2", "5"] {
            assert!(bytes(threads) == expected, "{command:?} with {threads} threads");
        }
    }
}

#[test]
fn a_graph_does_not_depend_on_the_order_of_documents() {
    let folder = folder();
    let mut lines = corpus();
    let mut build = |reorder: fn(&mut Vec<String>)| {
        reorder(&mut lines);
        let arguments = ["build", "--input-format", "jsonl", "-", "-o", "-", "--format", "json"];
        let output = run(folder.path(), &arguments, lines.join("\n").as_bytes());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let expected = build(|_| ());
    assert!(build(|lines| lines.reverse()) == expected, "reversed");
    assert!(build(|lines| lines.rotate_left(7)) == expected, "rotated");
}

#[test]
fn eval_scores_files_and_the_pipeline() {
    let folder = folder();
    let predicted = run(folder.path(), &["extract", "article.txt", "-o", "gold.jsonl"], b"");
    assert!(predicted.status.success());
    let eval = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["eval", "gold.jsonl"], arguments].concat(), b"");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
        assert!(stderr.is_empty(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!eval(&[]).is_empty());
    assert_eq!(eval(&[]), eval(&["gold.jsonl"]), "the pipeline finds again what it found");
    serde_json::from_str::<Value>(&eval(&["--json"])).unwrap();
    assert!(eval(&["--errors", "gold.jsonl"]).starts_with(&eval(&["gold.jsonl"])));
    assert!(!eval(&["--compare", "gold.jsonl", "gold.jsonl"]).is_empty());
    serde_json::from_str::<Value>(&eval(&["--json", "--compare", "gold.jsonl", "gold.jsonl"])).unwrap();
    check("eval missing.jsonl", 2, &[], &["missing.jsonl"]);
    check("eval article.txt", 2, &[], &["error: ", "article.txt"]);
}

#[test]
fn explain_shows_links_and_proofs() {
    let folder = folder();
    let story =
        "Marta Keller, the chief executive of Norden Bank, met Paul Stone in Berlin.\nKeller said Stone left early.\n";
    fs::write(folder.path().join("story.txt"), story).unwrap();
    let explain = |names: &[&str], code: i32| {
        let output = run(folder.path(), &[&["explain", "story.txt"], names].concat(), b"");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{names:?}: {stderr}");
        (String::from_utf8(output.stdout).unwrap(), stderr)
    };
    let (one, _) = explain(&["marta keller"], 0);
    for part in [
        "PERSON Marta Keller\n  0..12 name, ",
        "; stands for itself\n      [Marta Keller], the chief executive of",
        "76..82 name, ",
        "linked to \"Marta Keller\" at 0: part of name, 0.95\n      [Keller] said Stone left early.",
        "\nMarta Keller holds_title chief executive, ",
        "stated as fact\n  0..75 [Marta Keller], the [chief executive] of Norden Bank",
    ] {
        assert!(one.contains(part), "no {part:?} in\n{one}");
    }
    assert!(!one.contains("\nPERSON Paul Stone"), "{one}");
    let (two, _) = explain(&["Keller", "chief executive"], 0);
    assert!(two.contains("\nTITLE chief executive\n") && two.contains(" holds_title chief executive, "), "{two}");
    let others = ["head_of", "works_for", "met"].map(|name| format!("\nMarta Keller {name} "));
    assert!(others.iter().all(|other| !two.contains(other)), "{two}");
    let (same, _) = explain(&["Marta Keller", "Keller"], 0);
    assert!(same.contains("Both names stand for the same."), "{same}");
    let (nothing, told) = explain(&["Nobody"], 1);
    assert!(nothing.is_empty() && told.contains("nothing is named Nobody"), "{told}");
    let (nothing, told) = explain(&["Keller", "Nobody"], 1);
    assert!(nothing.is_empty() && told.contains("no document names both Keller and Nobody"), "{told}");
    check("explain article.txt", 2, &[], &["<NAME>"]);
    check("explain missing.txt Keller", 2, &[], &["missing.txt"]);
}

/// What a run in a folder says: exit code, standard output, standard error.
fn said(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    let output = run(folder, &line.split(' ').collect::<Vec<_>>(), b"");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn no_output_takes_the_place_of_an_input() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("vault")).unwrap();
    for name in ["graph.json", "page.html", "names.jsonl", "news.relata", "vault/note.md"] {
        fs::write(path(name), ARTICLE).unwrap();
    }
    let mut lines = vec![
        "annotate article.txt -o article.txt",
        "annotate nothing.txt article.txt -o ./article.txt",
        "annotate --extracted lines.jsonl -o lines.jsonl",
        "extract lines.jsonl -o vault/../lines.jsonl",
        "extract article.txt --config good.toml -o good.toml",
        "build page.html -o graph.dot -o page.html",
        "build article.txt --gazetteer names.jsonl -o names.jsonl --format json",
        "build article.txt news.relata -o news.relata",
        "build vault/note.md -o vault --format obsidian",
        "build vault -o vault --format obsidian",
        "export graph.json -o graph.json",
        "view graph.json -o graph.json",
        "review news.relata -o news.relata",
        "kb build lines.jsonl -o lines.jsonl",
    ];
    if cfg!(unix) {
        #[cfg(unix)]
        std::os::unix::fs::symlink("article.txt", path("link.html")).unwrap();
        lines.push("annotate article.txt -o link.html");
        lines.push("annotate link.html -o article.txt");
    }
    let contents = |names: &[&str]| names.iter().map(|name| fs::read(path(name)).unwrap()).collect::<Vec<_>>();
    let names = ["article.txt", "lines.jsonl", "graph.json", "page.html", "names.jsonl", "news.relata", "good.toml"];
    let before = contents(&names);
    for line in lines {
        let (code, out, err) = said(folder.path(), line);
        assert_eq!(code, Some(2), "{line}: {err}");
        assert!(out.is_empty() && err.contains(" is read in this run, which would write over it"), "{line}: {err}");
        assert!(contents(&names) == before, "{line}");
        assert!(!path("graph.dot").exists(), "{line}: nothing is written");
    }
    let (code, _, err) = said(folder.path(), "annotate article.txt -o page.html");
    assert_eq!(code, Some(0), "another file may be written over: {err}");
}

#[cfg(target_os = "linux")]
#[test]
fn no_output_takes_the_place_of_standard_input() {
    let folder = folder();
    let article = folder.path().join("article.txt");
    let output = Command::new(env!("CARGO_BIN_EXE_relata"))
        .args(["annotate", "-", "-o", "article.txt"])
        .current_dir(folder.path())
        .stdin(fs::File::open(&article).unwrap())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard input is read in this run"));
    assert_eq!(fs::read_to_string(&article).unwrap(), ARTICLE);
}

#[test]
fn folders_are_read_without_what_a_run_writes() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("article.txt"), ARTICLE).unwrap();
    let mut told = Vec::new();
    for round in 0..3 {
        let line = "build . -o news.relata -o graph.html -o graph.svg -o tables --format csv-tables";
        let (code, _, err) = said(here, line);
        assert_eq!(code, Some(0), "round {round}: {err}");
        told.push(err);
        assert_eq!(said(here, "status news.relata --documents").1, "article.txt\n", "round {round}");
    }
    assert_eq!(told[0], "left out of folders: outputs of this run 1\n", "the graph file");
    assert!(told[1].starts_with("left out of folders: outputs of this run ") && told[1] == told[2], "{told:?}");
    // What another run wrote there is left out as well, if it is no text.
    fs::remove_file(here.join("graph.html")).unwrap();
    let (code, out, err) = said(here, "extract .");
    assert!(code == Some(0) && out.lines().count() == 1, "{out}{err}");
    assert!(err.starts_with("left out of folders: .csv ") && err.contains(", .svg 1, graph files 1; "), "{err}");
    let (_, out, err) = said(here, "-q extract .");
    assert!(out.lines().count() == 1 && err.is_empty(), "{err}");
}

#[cfg(target_os = "linux")]
#[test]
fn folders_are_read_without_the_file_behind_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("article.txt"), ARTICLE).unwrap();
    let found = folder.path().join("found.jsonl");
    let output = Command::new(env!("CARGO_BIN_EXE_relata"))
        .args(["extract", "."])
        .current_dir(folder.path())
        .stdout(fs::File::create(&found).unwrap())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && err == "left out of folders: outputs of this run 1\n", "{err}");
    assert_eq!(fs::read_to_string(found).unwrap().lines().count(), 1);
}

#[test]
fn folders_are_read_without_files_of_other_kinds() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir(here.join("deep")).unwrap();
    for name in ["a.txt", "b", "c.csv", "d.XML", "deep/e.csv", "deep/f.csv.gz", "deep/g.relata-wal", "2024.03.11"] {
        fs::write(here.join(name), ARTICLE).unwrap();
    }
    let read = |line: &str| -> (Vec<String>, String) {
        let (code, out, err) = said(here, line);
        assert_eq!(code, Some(0), "{line}: {err}");
        let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        (out.lines().map(id).collect(), err)
    };
    let (ids, err) = read("extract .");
    assert_eq!(ids, ["2024.03.11", "a.txt", "b"]);
    let advice = "; to read such files, name them, or give --input-format\n";
    assert_eq!(err, format!("left out of folders: .csv 2, .csv.gz 1, .xml 1{advice}"));
    // What is named is read: by itself, by a glob, or by its kind.
    for (line, expected) in [
        ("extract c.csv", &["c.csv"] as &[_]),
        ("extract *.csv", &["c.csv"]),
        ("extract deep/e.* d.XML", &["deep/e.csv", "d.XML"]),
    ] {
        let (ids, err) = read(line);
        assert_eq!(
            (ids.iter().map(String::as_str).collect::<Vec<_>>(), err.as_str()),
            (expected.to_vec(), ""),
            "{line}"
        );
    }
    fs::remove_file(here.join("deep/f.csv.gz")).unwrap();
    let (ids, err) = read("extract --input-format text .");
    assert_eq!((ids.len(), err.as_str()), (6, ""), "{ids:?}");
    // A folder that a glob names is a folder.
    fs::write(here.join("deep/h.txt"), ARTICLE).unwrap();
    let (ids, err) = read("extract d*p");
    assert_eq!((ids, err), (vec!["deep/h.txt".to_owned()], format!("left out of folders: .csv 1{advice}")));
    fs::remove_file(here.join("deep/h.txt")).unwrap();
    let (code, _, err) = said(here, "extract deep");
    assert!(code == Some(2) && err.contains("the folder holds no file to read") && err.contains(".csv 1"), "{err}");
}

#[test]
fn a_file_that_was_not_extracted_is_told_once() {
    let folder = folder();
    let wrong = "{\"directed\": true}\n".repeat(40);
    fs::write(folder.path().join("wrong.json"), &wrong).unwrap();
    let (code, _, err) = said(folder.path(), "annotate --extracted wrong.json -o page.html");
    assert_eq!(code, Some(2), "{err}");
    let told = "warning: wrong.json is not what `relata extract` wrote: none of its first 10 lines is a document: ";
    assert!(err.starts_with(told) && err.lines().count() == 3, "{err}");
    // One bad line never stops a corpus.
    let mut lines = Vec::new();
    write_document(&document("a", None, "[p PERSON|Ada Quill] spoke."), &mut lines).unwrap();
    let lines = String::from_utf8(lines).unwrap();
    fs::write(folder.path().join("some.jsonl"), format!("{lines}{{}}\n{wrong}{lines}")).unwrap();
    let (code, out, err) = said(folder.path(), "build --extracted some.jsonl -o - --format json");
    assert!(code == Some(2) && out.contains("Ada Quill") && err.contains("2 documents, 41 skipped"), "{err}");
}

#[test]
fn explain_tells_of_two_names_what_holds_between_them() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut lines = Vec::new();
    for (id, text) in [
        ("a", "[p PERSON|Cara Voss] leads [o ORGANIZATION|Norden Bank].\n=\np head_of o"),
        ("b", "[p PERSON|Ada Quill] met [q PERSON|Bo Lind].\n=\np met q"),
        ("c", "[p PERSON|Ada Ruth Quill] met [q PERSON|Bo Lind].\n=\np met q"),
    ] {
        write_document(&document(id, Some("2024-05-02"), text), &mut lines).unwrap();
    }
    fs::write(here.join("docs.jsonl"), lines).unwrap();
    assert_eq!(said(here, "build --extracted docs.jsonl -o news.relata").0, Some(0));
    let done = |arguments: &[&str]| {
        let output = run(here, arguments, b"");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let explained = done(&["explain", "news.relata", "Cara Voss", "Norden Bank"]);
    let between = done(&["query", "news.relata", "Cara Voss", "Norden Bank"]);
    assert!(between.contains("  Cara Voss head_of Norden Bank, 1 document, 2024-05-02, "), "{between}");
    assert!(between.contains("\n      \"Cara Voss leads Norden Bank.\"\n"), "{between}");
    assert!(explained.ends_with(&between), "{explained}");
    assert!(explained.starts_with("ORGANIZATION Norden Bank  organization-"), "{explained}");
    let one = done(&["explain", "news.relata", "Norden Bank"]);
    assert!(!one.contains("leads"), "{one}");
    let same = done(&["query", "news.relata", "Cara Voss", "CARA VOSS"]);
    assert!(same.contains("both names stand for it"), "{same}");
    let sure = done(&["explain", "news.relata", "Cara Voss", "Norden Bank", "--min-score", "0.99"]);
    assert!(sure.contains("nothing joins them"), "{sure}");
    // What people parted is told from both sides, and what they joined again is not.
    let parted = |names: [&str; 2]| {
        let told = done(&["explain", "news.relata", names[0]]);
        told.contains(&format!("  kept apart: {} and {}; people parted them\n", names[0], names[1]))
            || told.contains(&format!("  kept apart: {} and {}; people parted them\n", names[1], names[0]))
    };
    let names = ["Ada Quill", "Ada Ruth Quill"];
    assert!(!parted(names));
    let decisions = "- same: no\n  a: {type: PERSON, name: Ada Quill}\n  b: {type: PERSON, name: Ada Ruth Quill}\n\
                     - same: no\n  a: {type: PERSON, name: Ada Quill}\n  b: {type: PERSON, name: Ida Quill}\n";
    fs::write(here.join("decisions.yaml"), decisions).unwrap();
    let (code, _, err) = said(here, "review news.relata --decisions decisions.yaml");
    assert_eq!(
        (code, err.as_str()),
        (Some(0), "2 decisions taken, 1 of them about names that are in no document yet\n")
    );
    assert!(parted(names) && parted(["Ada Ruth Quill", "Ada Quill"]));
    done(&["merge", "news.relata", names[0], names[1]]);
    assert!(!parted(names));
}

#[test]
fn what_makes_no_difference_is_told() {
    let folder = folder();
    let here = folder.path();
    assert_eq!(said(here, "build article.txt -o g.relata").0, Some(0));
    let (code, out, err) = said(here, "status g.relata --kb nope --fast");
    assert!(code == Some(0) && out.contains("documents"), "{err}");
    assert_eq!(err, "warning: this command makes no use of --fast, --kb\n");
    assert_eq!(said(here, "-q status g.relata --kb nope").2, "");
    let (code, _, err) = said(here, "build article.txt --keep-text -o g.json");
    assert!(code == Some(2) && err.contains("--keep-text is for a graph file"), "{err}");
    let (code, _, err) = said(here, "build article.txt -o g.json -o ./g.json");
    assert!(code == Some(2) && err.contains("./g.json is given twice as output"), "{err}");
    let (code, _, err) = said(here, "build article.txt --keep-text -o g.relata");
    assert!(code == Some(2) && err.contains("the file was built without --keep-text, not with it;"), "{err}");
}

#[test]
fn documents_that_go_and_stay_are_told() {
    let folder = folder();
    let here = folder.path();
    assert_eq!(said(here, "build article.txt nothing.txt -o g.relata").0, Some(0));
    let (code, out, _) = said(here, "status g.relata --documents --json");
    assert_eq!(code, Some(0));
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), json!(["article.txt", "nothing.txt"]));
    let (code, _, err) = said(here, "remove g.relata article.txt none.txt");
    assert_eq!((code, err.as_str()), (Some(2), "warning: no document none.txt\n1 document removed\n"));
    assert_eq!(said(here, "status g.relata --documents").1, "nothing.txt\n");
    assert_eq!(said(here, "remove g.relata nothing.txt"), (Some(0), String::new(), "1 document removed\n".to_owned()));
    assert_eq!(said(here, "-q remove g.relata nothing.txt"), (Some(2), String::new(), String::new()));
}

#[test]
fn what_has_no_document_leaves_old_outputs_alone() {
    let folder = folder();
    let here = folder.path();
    let outputs = ["g.json", "tables/nodes.csv", "out.jsonl", "page.html", "found.html"];
    for line in [
        "build article.txt -o g.json -o tables --format csv-tables",
        "extract article.txt -o out.jsonl",
        "annotate article.txt -o page.html",
        "annotate --extracted out.jsonl -o found.html",
    ] {
        assert_eq!(said(here, line).0, Some(0), "{line}");
    }
    let contents = || outputs.map(|name| fs::read(here.join(name)).unwrap());
    let before = contents();
    for (line, left) in [
        ("build typo.txt -o g.json -o tables --format csv-tables", &["g.json", "tables"] as &[_]),
        ("build empty.txt binary.txt -o g.json", &["g.json"]),
        ("build --extracted typo.jsonl -o g.json", &["g.json"]),
        ("extract article.txt --max-bytes 10 -o out.jsonl", &["out.jsonl"]),
        ("annotate typo.txt -o page.html", &["page.html"]),
        ("annotate --extracted typo.jsonl -o found.html", &["found.html"]),
    ] {
        let (code, out, err) = said(here, line);
        assert!(code == Some(2) && out.is_empty(), "{line}: {err}");
        for name in left {
            assert!(err.contains(&format!("{name} was left as it was: no document could be read\n")), "{line}: {err}");
        }
        assert!(err.contains("0 documents, ") && contents() == before, "{line}: {err}");
    }
    let (code, _, err) = said(here, "extract typo.txt -o new.jsonl");
    assert!(code == Some(2) && err.contains("new.jsonl was not written: no document could be read\n"), "{err}");
    assert!(!here.join("new.jsonl").exists());
    // What was read and holds nothing takes the place of what was there, and so does a part.
    assert_eq!(said(here, "build nothing.txt -o g.json").0, Some(1));
    assert_eq!(said(here, "extract typo.txt nothing.txt -o out.jsonl").0, Some(2));
    let after = contents();
    assert!(after[0] != before[0] && after[2] != before[2]);
    // A graph file has what it had, and other formats of it are written.
    assert_eq!(said(here, "build article.txt -o g.relata").0, Some(0));
    let (code, _, err) = said(here, "build typo.txt -o g.relata -o g.json");
    assert!(code == Some(2) && !err.contains("was left"), "{err}");
    assert!(fs::read_to_string(here.join("g.json")).unwrap().contains("Keller"));
}

#[test]
fn documents_of_standard_input_stand_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let build = |options: &[&str], stdin: &str| {
        let output = run(here, &[&["build", "-", "-o", "g.relata", "-v"], options].concat(), stdin.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{options:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let other = "Lena Vogt visited Omar Haddad in Berlin.\n";
    assert!(build(&[], ARTICLE).contains("1 document, 0 skipped, 1 in the file"));
    assert!(build(&[], other).contains("1 document, 0 skipped, 2 in the file"));
    assert!(build(&[], ARTICLE).contains("0 documents, 1 known, 0 skipped, 2 in the file"));
    // They are known in whichever form and line they come.
    let lines = [other, ARTICLE].map(|text| json!({ "text": text }).to_string() + "\n").concat();
    assert!(build(&["--input-format", "jsonl"], &lines).contains("0 documents, 2 known, "));
    let ids = said(here, "status g.relata --documents").1;
    assert!(ids.lines().count() == 2 && ids.lines().all(|id| id.starts_with("stdin#")), "{ids}");
    for name in ["Marta Keller", "Lena Vogt"] {
        assert!(run(here, &["query", "g.relata", name], b"").status.success(), "{name}");
    }
    let (code, _, err) = said(here, "remove g.relata stdin#*");
    assert_eq!((code, err.as_str()), (Some(0), "2 documents removed\n"));
}

#[test]
fn what_is_known_and_what_is_replaced_is_counted() {
    let folder = folder();
    let here = folder.path();
    let last = |line: &str| said(here, line).2.lines().last().unwrap_or_default().to_owned();
    assert!(
        last("build article.txt nothing.txt -o g.relata -v").starts_with("2 documents, 0 skipped, 2 in the file, ")
    );
    assert!(last("build article.txt typo.txt -o g.relata").starts_with("0 documents, 1 known, 1 skipped, 2 in "));
    fs::write(here.join("nothing.txt"), "water and stones\n").unwrap();
    // Told, as something is gone, even if nobody asks.
    assert!(
        last("build article.txt nothing.txt -o g.relata").starts_with("1 document (1 replaced), 1 known, 0 skipped, ")
    );
    assert_eq!(last("build article.txt nothing.txt -o g.relata"), "");
    assert_eq!(last("-q build article.txt nothing.txt -o g.relata"), "");
}

#[test]
fn documents_are_taken_out_by_folder_glob_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let ids = [
        "news/a.txt",
        "news/deep/b.txt",
        "newsletter.txt",
        "c.jsonl:1",
        "c.jsonl:2",
        "c.jsonl.txt",
        "brief-1",
        "brief-2",
    ];
    let mut lines = Vec::new();
    for id in ids {
        write_document(&document(id, None, "[p PERSON|Ada Quill] spoke."), &mut lines).unwrap();
    }
    fs::write(here.join("docs.jsonl"), lines).unwrap();
    assert_eq!(said(here, "build --extracted docs.jsonl -o g.relata").0, Some(0));
    for (name, count, left) in [
        ("new", 0, 8),
        ("news/*", 1, 7),
        ("news/", 1, 6),
        ("c.jsonl", 2, 4),
        ("brief-*", 2, 2),
        ("", 0, 2),
        ("*", 2, 0),
    ] {
        let output = run(here, &["remove", "g.relata", name], b"");
        let told = String::from_utf8(output.stderr).unwrap();
        let plural = if count == 1 { "" } else { "s" };
        assert!(told.ends_with(&format!("{count} document{plural} removed\n")), "{name}: {told}");
        assert_eq!(output.status.code(), Some(if count == 0 { 2 } else { 0 }), "{name}");
        assert_eq!(said(here, "status g.relata --documents").1.lines().count(), left, "{name}");
    }
}

#[test]
fn parts_of_names_are_hinted_at() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut lines = Vec::new();
    for (id, text) in [("a", "[p PERSON|Ada Quill] met [q PERSON|Ada Voss]."), ("b", "[p PERSON|Cia Holm] spoke.")] {
        write_document(&document(id, None, text), &mut lines).unwrap();
    }
    fs::write(here.join("docs.jsonl"), lines).unwrap();
    assert_eq!(said(here, "build --extracted docs.jsonl -o g.relata -o g.json").0, Some(0));
    for line in
        ["query g.relata Ada", "export g.relata -o part.dot --around Ada", "view g.relata -o part.html --around Ada"]
    {
        let (code, _, err) = said(here, line);
        assert_eq!(code, Some(1), "{line}: {err}");
        assert!(err.starts_with("nothing is named Ada; these hold it: Ada Quill (person-"), "{line}: {err}");
        assert!(err.contains("), Ada Voss (person-") && !err.contains("Cia"), "{line}: {err}");
    }
    for line in ["query g.relata Ad", "export g.relata -o part.dot --around Ad"] {
        assert_eq!(said(here, line).2, "nothing is named Ad\n", "{line}");
    }
    assert_eq!(said(here, "export g.json -o part.dot --around Ada").2, "nothing is named Ada\n");
}

#[test]
fn decisions_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut lines = Vec::new();
    for (id, text) in
        [("a", "[p PERSON|Ada Quill] left."), ("b", "[p PERSON|Cia Holm] spoke."), ("c", "[p PERSON|Cia Holm] sang.")]
    {
        write_document(&document(id, None, text), &mut lines).unwrap();
    }
    fs::write(here.join("docs.jsonl"), lines).unwrap();
    assert_eq!(said(here, "build --extracted docs.jsonl -o g.relata").0, Some(0));
    let told = |line: &str, parts: &[&str]| {
        let (code, out, err) = said(here, line);
        assert!(code == Some(0) && out.is_empty() && err.lines().count() == 1, "{line}: {err}");
        for part in parts {
            assert!(err.contains(part), "{line}: no {part} in {err}");
        }
        err
    };
    // A part of a name is taken for it, and so it has to be told whose.
    let one = told("merge g.relata Ada Cia", &["Ada Quill (person-", ") and Cia Holm (person-", ") are now one\n"]);
    let two = told("split g.relata Ada Cia", &["Ada Quill (person-", ") and Cia Holm (person-", ") are now two\n"]);
    assert_eq!(one.replace("one", "two"), two, "with the identifiers of before");
    let split = ["split", "g.relata", "Cia Holm", "--documents", "c"];
    let output = run(here, &split, b"");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "Cia Holm of 1 document is now another one\n");
    assert_eq!(
        said(here, "-q merge g.relata Ada b"),
        (Some(2), String::new(), "error: nothing is named b\n".to_owned())
    );
}

#[test]
fn faults_name_the_option_that_helps() {
    check("extract --max-bytes 40 article.txt", 2, &[], &["raise the limit (--max-bytes); skipped"]);
    check("extract bodies.jsonl", 2, &[], &["name the field that holds it (--text-field); skipped"]);
    let folder = folder();
    let utf16: Vec<u8> = "\u{feff}Zylo Kraft\tORGANIZATION\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("names.tsv"), utf16).unwrap();
    for (line, told) in [
        ("extract article.txt --gazetteer names.tsv", "cannot use the gazetteer: names.tsv: cannot read the names: "),
        ("extract article.txt --rules names.tsv", "cannot read the rules names.tsv: "),
    ] {
        let (code, _, err) = said(folder.path(), line);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.starts_with(&format!("error: {told}")) && err.ends_with("; save it as UTF-8\n"), "{err}");
        assert_eq!(err.matches("UTF-8").count(), 2, "the cause is told once: {err}");
    }
    for line in ["extract article.txt --gazetteer none.tsv", "eval none.jsonl", "eval none", "eval none lines.jsonl"] {
        let (_, _, err) = said(folder.path(), line);
        assert_eq!(err.matches("os error 2").count(), 1, "{err}");
    }
}

#[test]
fn schema_completions_and_manual_come_from_the_program() {
    check("schema", 0, &["PERSON", "head_of", "->", "<->"], &[]);
    check("schema --json", 0, &["\"relation_types\"", "\"symmetric\": true"], &[]);
    for shell in ["bash", "zsh", "fish"] {
        check(&format!("completions {shell}"), 0, &["relata", "extract", "min-score"], &[]);
    }
    check("man", 0, &[".TH relata 1", "relata\\-extract(1)"], &[]);
    check("--version", 0, &[concat!("relata ", env!("CARGO_PKG_VERSION"))], &[]);
    check("build --help", 0, &["Examples:", "--min-score"], &[]);
    let folder = folder();
    assert!(run(folder.path(), &["man", "--dir", "pages/man1"], b"").status.success());
    for page in ["relata.1", "relata-extract.1", "relata-build.1", "relata-explain.1", "relata-eval.1"] {
        assert!(folder.path().join("pages/man1").join(page).is_file(), "{page}");
    }
}
