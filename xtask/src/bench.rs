//! Compares the release build with spaCy.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{measure, setup, shell};

const REQUIREMENTS: &str = "benches/spacy/requirements.txt";

pub fn run(arguments: &[String]) -> Result<()> {
    let (mut folder, mut only, mut rest) = (None, Vec::new(), Vec::new());
    let mut shown = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--sets" => folder = Some(PathBuf::from(value()?)),
            "--only" => only.push(value()?.clone()),
            "--readme" => shown = true,
            "--turns" | "--words" => rest.extend([word.clone(), value()?.clone()]),
            other => bail!("there is no option {other}; see cargo xtask help"),
        }
    }
    setup::run()?;
    let sets = folder.map_or(Ok(Vec::new()), |folder| measure::unpack(&folder, &only))?;
    let environment = environment()?;
    setup::python_environment(&environment.to_string_lossy(), REQUIREMENTS)?;
    shell::run(&mut shell::command("cargo build --locked --release"))?;
    let date = measure::printed("date -u +%Y-%m-%d")?;
    let commit = measure::printed("git rev-parse --short=10 HEAD")?;
    let python = environment.join("bin/python");
    let record = Path::new(measure::RECORDS).join(format!("{date}-{commit}-spacy"));
    let mut compare = shell::command("python3 benches/spacy/compare.py --python");
    compare.arg(python).arg("--out").arg(&record).args(rest).arg("--sets").args(sets);
    shell::run(&mut compare)?;
    if shown {
        let page = fs::read_to_string(record.with_extension("md")).context("cannot read the record")?;
        // Without its own heading.
        let page = page.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
        measure::fill("README.md", "speed", page)?;
    }
    Ok(())
}

/// Where the packages go: not into the project, as they are no part of it and are large.
fn environment() -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME is set")?.join("relata/bench-spacy"))
}
