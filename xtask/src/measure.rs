//! Scores the release build on labelled sets and keeps the record.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::{reliability, setup, shell};

/// Where records of measurements lie.
pub const RECORDS: &str = "benches/records";
const UNPACKED: &str = "target/sets";
/// The project's own held-out passages, which are always measured, and the names of these sets.
const NEWS: [(&str, &str); 2] = [("data/news/dev.gold", "news_dev"), ("data/news/dev-2.gold", "news_dev_2")];

/// Columns of the table: heading, and where the number stands in the scores.
const COLUMNS: [(&str, &str); 6] = [
    ("names F1", "/names/all/f1"),
    ("entities F1", "/entities/all/f1"),
    ("coreference CoNLL F1", "/coreference/score/conll_f1"),
    ("relations F1", "/relations/strict/all/f1"),
    ("precision", "/relations/strict/all/precision"),
    ("recall", "/relations/strict/all/recall"),
];

/// The set that the picture of the calibration shows: not the one that it was fitted on.
const RELIABILITY_OF: &str = "news_dev_2";

/// A model that is built in, and where its scores go.
struct BuiltIn {
    /// The option that asks for it, after a blank.
    option: &'static str,
    /// What the names of its records end in.
    ending: &'static str,
    /// The documents that show the table of its scores, and the name of that.
    shown_in: &'static [&'static str],
    table: &'static str,
    /// Where the picture of its calibration goes.
    picture: Option<&'static str>,
}

const SMALL: BuiltIn = BuiltIn {
    option: "",
    ending: "",
    shown_in: &["README.md", "data/models/README.md"],
    table: "scores",
    picture: Some("docs/images/calibration.svg"),
};
const FAST: BuiltIn = BuiltIn {
    option: " --fast",
    ending: "-fast",
    shown_in: &["data/models/README.md"],
    table: "fast-scores",
    picture: None,
};

pub fn run(arguments: &[String]) -> Result<()> {
    let (mut folder, mut only, mut files) = (None, Vec::new(), NEWS.map(|(file, _)| PathBuf::from(file)).to_vec());
    let (mut shown, mut model) = (false, SMALL);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--fast" => model = FAST,
            "--sets" => folder = Some(PathBuf::from(words.next().context("--sets needs a folder")?)),
            "--only" => only.push(words.next().context("--only needs the name of a set")?.clone()),
            "--readme" => shown = true,
            option if option.starts_with('-') => bail!("there is no option {option}; see cargo xtask help"),
            file => files.push(PathBuf::from(file)),
        }
    }
    setup::run()?;
    if let Some(folder) = &folder {
        files.extend(unpack(folder, &only)?);
    }
    shell::run(&mut shell::command("cargo build --locked --release"))?;
    let mut sets = Vec::new();
    for file in &files {
        sets.push(score(file, &model)?);
    }
    let news = sets.iter().find(|set| shown && set["set"] == RELIABILITY_OF);
    let diagram = news.zip(model.picture).map(|(news, picture)| (reliability::diagram(&news["scores"]), picture));
    for set in &mut sets {
        without_details(&mut set["scores"]);
    }
    let table = table(&sets)?;
    // First of all files, since it says whether any had been changed.
    write_record(&sets, &table, &model)?;
    if let Some((diagram, picture)) = diagram {
        fs::write(picture, diagram?).with_context(|| format!("cannot write {picture}"))?;
    }
    if shown {
        for document in model.shown_in {
            fill(document, model.table, &table)?;
        }
    }
    Ok(())
}

/// Puts a text between `<!-- NAME -->` and `<!-- /NAME -->` in a document.
pub fn fill(document: &str, name: &str, text: &str) -> Result<()> {
    let content = fs::read_to_string(document).with_context(|| format!("cannot read {document}"))?;
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let place = content.find(&begin).zip(content.find(&end)).filter(|(begin, end)| begin < end);
    let (start, stop) = place.with_context(|| format!("{document} has no place for the {name}"))?;
    let filled = format!("{}{}\n\n{}", &content[..start + begin.len()], text.trim_end(), &content[stop..]);
    fs::write(document, filled).with_context(|| format!("cannot write {document}"))?;
    eprintln!("filled the {name} of {document}");
    Ok(())
}

/// Unpacks the held-out sets of a folder; the others were trained on, and their scores would say nothing.
pub fn unpack(folder: &Path, only: &[String]) -> Result<Vec<PathBuf>> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".jsonl.xz")?.to_owned()))
        .filter(|name| if only.is_empty() { name.ends_with("_dev") } else { only.contains(name) })
        .collect();
    names.sort();
    ensure!(!names.is_empty(), "no set to measure in {}", folder.display());
    fs::create_dir_all(UNPACKED)?;
    let unpack = |name: String| {
        let packed = folder.join(format!("{name}.jsonl.xz"));
        let file = Path::new(UNPACKED).join(format!("{name}.jsonl"));
        fs::write(&file, shell::output(shell::command("xz -dc").arg(&packed))?)?;
        Ok(file)
    };
    names.into_iter().map(unpack).collect()
}

fn score(file: &Path, model: &BuiltIn) -> Result<Value> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let own = NEWS.iter().find(|(own, _)| file == Path::new(own));
    let name = own.map_or(stem.into_owned(), |(_, name)| (*name).to_owned());
    eprintln!("measuring {name}");
    let content = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let texts = content.lines().filter_map(|line| {
        // A line of an inline annotated file is text itself.
        let Ok(record) = serde_json::from_str::<Value>(line) else { return Some(line.split_whitespace().count()) };
        Some(record.get("text")?.as_str()?.split_whitespace().count())
    });
    let words: usize = texts.sum();
    let started = Instant::now();
    let command = format!("target/release/relata -q{} eval --json", model.option);
    let output = shell::output(shell::command(&command).arg(file))?;
    let seconds = started.elapsed().as_secs_f64();
    let scores: Value = serde_json::from_slice(&output).with_context(|| format!("no scores of {name}"))?;
    Ok(json!({ "set": name, "words": words, "seconds": (seconds * 10.0).round() / 10.0, "scores": scores }))
}

/// Leaves out what is of use in one run but not in a record.
fn without_details(scores: &mut Value) {
    if let Some(all) = scores.as_object_mut() {
        all.retain(|name, _| !name.ends_with("_calibration") && name != "not_in_gold");
        if let Some(relations) = all.get_mut("relations").and_then(Value::as_object_mut) {
            relations.remove("confusions");
        }
    }
}

/// What a command prints, without the line break at its end.
pub fn printed(line: &str) -> Result<String> {
    Ok(String::from_utf8_lossy(&shell::output(&mut shell::command(line))?).trim().to_owned())
}

/// The scores as a Markdown table.
fn table(sets: &[Value]) -> Result<String> {
    let mut table = "| set | documents ".to_owned();
    for (heading, _) in COLUMNS {
        write!(table, "| {heading} ")?;
    }
    writeln!(table, "|\n|{}", "---|".repeat(COLUMNS.len() + 2))?;
    for set in sets {
        write!(table, "| {} | {} ", set["set"].as_str().unwrap_or_default(), set["scores"]["documents"])?;
        for (_, pointer) in COLUMNS {
            match set["scores"].pointer(pointer).and_then(Value::as_f64) {
                Some(score) => write!(table, "| {:.1} ", 100.0 * score)?,
                None => write!(table, "| - ")?,
            }
        }
        writeln!(table, "|")?;
    }
    Ok(table)
}

fn write_record(sets: &[Value], table: &str, model: &BuiltIn) -> Result<()> {
    let date = printed("date -u +%Y-%m-%d")?;
    let commit = printed("git rev-parse --short=10 HEAD")?;
    let changed = !printed("git status --porcelain --untracked-files=no")?.is_empty();
    let machine = machine();
    let record = json!({ "date": date, "commit": commit, "changed": changed, "machine": machine, "sets": sets });
    let mut page = format!("# {date}, commit {commit}{}\n\n", if changed { " with local changes" } else { "" });
    writeln!(page, "Machine: {machine}.")?;
    writeln!(page, "Command: `cargo xtask measure{} --sets DIR`.", model.option)?;
    writeln!(page, "Scores are percent, end to end from raw text; a dash stands where the set does not tell.\n")?;
    page.push_str(table);
    fs::create_dir_all(RECORDS)?;
    let stem = format!("{RECORDS}/{date}-{commit}{}", model.ending);
    fs::write(format!("{stem}.json"), format!("{}\n", serde_json::to_string_pretty(&record)?))?;
    fs::write(format!("{stem}.md"), &page)?;
    println!("{page}");
    eprintln!("wrote {stem}.json and {stem}.md");
    Ok(())
}

/// What the speed depends on, without saying whose machine it is.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    format!("{}, {cores} threads", model.unwrap_or("unknown processor"))
}
