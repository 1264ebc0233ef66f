//! Compares the release build with spaCy, and the encoder with other engines.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{measure, setup, shell};

/// What is compared: `spacy` or `engines`, both a folder under `benches` and the end of the record's name, and the part
/// of the README with the table.
struct Comparison {
    name: &'static str,
    table: &'static str,
}

const SPACY: Comparison = Comparison { name: "spacy", table: "speed" };
const ENGINES: Comparison = Comparison { name: "engines", table: "engines" };

pub fn run(arguments: &[String]) -> Result<()> {
    let (mut folder, mut only, mut rest) = (None, Vec::new(), Vec::new());
    let mut comparison = SPACY;
    let mut shown = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--sets" => folder = Some(PathBuf::from(value()?)),
            "--only" => only.push(value()?.clone()),
            "--readme" => shown = true,
            "--engines" => comparison = ENGINES,
            "--turns" | "--words" => rest.extend([word.clone(), value()?.clone()]),
            other => bail!("there is no option {other}; see cargo xtask help"),
        }
    }
    setup::run()?;
    let sets = folder.map_or(Ok(Vec::new()), |folder| measure::unpack(&folder, &only))?;
    let Comparison { name, table } = comparison;
    let environment = environment(name)?;
    setup::python_environment(&environment.to_string_lossy(), &format!("benches/{name}/requirements.txt"))?;
    shell::run(&mut shell::command("cargo build --locked --release"))?;
    let date = measure::printed("date -u +%Y-%m-%d")?;
    let commit = measure::printed("git rev-parse --short=10 HEAD")?;
    let python = environment.join("bin/python");
    let record = Path::new(measure::RECORDS).join(format!("{date}-{commit}-{name}"));
    let mut compare = shell::command(&format!("python3 benches/{name}/compare.py --python"));
    compare.arg(python).arg("--out").arg(&record).args(rest).arg("--sets").args(sets);
    shell::run(&mut compare)?;
    if shown {
        let page = fs::read_to_string(record.with_extension("md")).context("cannot read the record")?;
        // Without its own heading.
        let page = page.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
        measure::fill("README.md", table, page)?;
    }
    Ok(())
}

/// Where the packages go: not into the project, as they are no part of it and are large.
fn environment(name: &str) -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join(format!("relata/bench-{name}")))
}
