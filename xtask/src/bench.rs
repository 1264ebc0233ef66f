//! Compares the release build with spaCy, and the encoder with other engines; measures how time and memory grow.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{measure, setup, shell};

/// What is measured: its folder under `benches`, which is also the end of the record's name; the part of the README that
/// its table fills; and the options that are handed on to its script.
struct Bench {
    name: &'static str,
    table: Option<&'static str>,
    options: &'static [&'static str],
}

const SPACY: Bench = Bench { name: "spacy", table: Some("speed"), options: &["--turns", "--words"] };
const ENGINES: Bench = Bench { name: "engines", table: Some("engines"), options: &["--turns"] };
const SCALE: Bench = Bench { name: "scale", table: None, options: &["--most-words", "--most-documents"] };
const CORPUS: Bench = Bench { name: "corpus", table: None, options: &["--most-documents"] };

pub fn run(arguments: &[String]) -> Result<()> {
    let (bench, arguments) = match arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("--engines", rest)) => (ENGINES, rest),
        Some(("--scale", rest)) => (SCALE, rest),
        Some(("--corpus", rest)) => (CORPUS, rest),
        _ => (SPACY, arguments),
    };
    let (mut folder, mut only, mut rest) = (None, Vec::new(), Vec::new());
    let mut shown = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--sets" if bench.table.is_some() => folder = Some(PathBuf::from(value()?)),
            "--only" if bench.table.is_some() => only.push(value()?.clone()),
            "--readme" if bench.table.is_some() => shown = true,
            option if bench.options.contains(&option) => rest.extend([word.clone(), value()?.clone()]),
            other => bail!("there is no option {other} here; see cargo xtask help"),
        }
    }
    setup::run()?;
    let sets = folder.map_or(Ok(Vec::new()), |folder| measure::unpack(&folder, &only))?;
    let Bench { name, table, .. } = bench;
    let record = record(name)?;
    let mut script = match table {
        Some(_) => {
            let environment = environment(name)?;
            setup::python_environment(&environment.to_string_lossy(), &format!("benches/{name}/requirements.txt"))?;
            let mut script = shell::command(&format!("python3 benches/{name}/compare.py"));
            script.arg("--python").arg(environment.join("bin/python")).arg("--sets").args(sets);
            script
        }
        None => shell::command(&format!("python3 benches/{name}/{name}.py --plot docs/images/{name}.svg")),
    };
    shell::run(&mut shell::command("cargo build --locked --release"))?;
    shell::run(script.arg("--out").arg(&record).args(rest))?;
    if let Some(table) = table.filter(|_| shown) {
        let page = fs::read_to_string(record.with_extension("md")).context("cannot read the record")?;
        // Without its own heading.
        let page = page.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
        measure::fill("README.md", table, page)?;
    }
    Ok(())
}

/// The record of today's measurement of this commit, without extension.
fn record(name: &str) -> Result<PathBuf> {
    let date = measure::printed("date -u +%Y-%m-%d")?;
    let commit = measure::printed("git rev-parse --short=10 HEAD")?;
    Ok(Path::new(measure::RECORDS).join(format!("{date}-{commit}-{name}")))
}

/// Where the packages go: not into the project, as they are no part of it and are large.
fn environment(name: &str) -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join(format!("relata/bench-{name}")))
}
