//! Counts the instructions of a few fixed runs, which tell of a slow-down where seconds on a busy machine do not.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::{measure, shell, test};

/// What was counted last, by run, and with what.
const RECORD: &str = "benches/instructions.json";
/// A run that takes more than so many times the instructions of the record has become slower.
const MOST: f64 = 1.05;
/// What is read: one sentence, since emulated matrix products take their time.
const SENTENCE: &str = "Defence minister Ana Costa of Portugal said on Monday that Lusitania Steel had bought Kessel \
                        Marine, a shipyard in Rotterdam.\n";

/// Fails if a run takes many more instructions than it did; `is_new` makes the record anew instead.
pub fn run(is_new: bool) -> Result<()> {
    let counts = count(&test::program()?)?;
    let setting = setting()?;
    if is_new {
        let record = json!({ "setting": setting, "instructions": counts });
        fs::write(RECORD, serde_json::to_string_pretty(&record)? + "\n").context("cannot write the record")?;
    }
    let record: Value = fs::read_to_string(RECORD)
        .map_err(anyhow::Error::from)
        .and_then(|text| Ok(serde_json::from_str(&text)?))
        .with_context(|| format!("cannot read {RECORD}; make it with cargo xtask instructions --record"))?;
    if record["setting"] != json!(setting) {
        eprintln!(
            "counted with {setting}, recorded with {}: nothing to compare; {counts:?}",
            record["setting"].as_str().unwrap_or("something else")
        );
        return Ok(());
    }
    let mut slower = Vec::new();
    for (run, count) in &counts {
        let before = record["instructions"][run].as_u64().with_context(|| format!("{RECORD} lacks {run}"))?;
        let ratio = *count as f64 / before as f64;
        eprintln!("{run:8} {:>7.1} million instructions, {:+.1} %", *count as f64 / 1e6, (ratio - 1.0) * 100.0);
        if ratio > MOST {
            slower.push(run.as_str());
        }
    }
    ensure!(
        slower.is_empty(),
        "slower than recorded: {}; make it quicker, or say why and record it with cargo xtask instructions --record",
        slower.join(", ")
    );
    Ok(())
}

/// Counts depend on the compiler, the C library and the instructions that valgrind finds in the processor, and a little on
/// who made it, since the C library copies memory in other ways.
fn setting() -> Result<String> {
    let compiler = measure::printed("rustc --version")?;
    let library = measure::printed("getconf GNU_LIBC_VERSION")?;
    let valgrind = measure::printed("valgrind --version")?;
    let flags = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let has = |flag: &str| flags.split_whitespace().any(|word| word == flag);
    let maker = flags.lines().find_map(|line| line.strip_prefix("vendor_id")?.split_once(": ")).map(|(_, maker)| maker);
    let mut processor = vec![std::env::consts::ARCH];
    processor.extend(maker);
    processor.extend(["avx2", "fma"].into_iter().filter(|flag| has(flag)));
    Ok(format!("{compiler}, {library}, {valgrind}, {}", processor.join(" ")))
}

/// Instructions of each run: of reading nothing but one word, of one sentence beyond that, of putting what was found in
/// the samples into a graph file, and of exporting it.
fn count(program: &Path) -> Result<BTreeMap<String, u64>> {
    let folder = tempfile::tempdir().context("cannot make a folder for what is counted")?;
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    // Something has to be found.
    fs::write(path("word.txt"), "Portugal.\n")?;
    fs::write(path("sentence.txt"), SENTENCE)?;
    let samples = ["bank-filing", "border-raid", "bribery-verdict", "cup-final", "mining-takeover", "obituary"];
    let texts = samples.map(|name| format!("data/samples/{name}.txt"));
    let mut extract = std::process::Command::new(program);
    shell::run(extract.args(["--quiet", "extract"]).args(&texts).args(["-o", &path("found.jsonl")]))?;

    let counted = |arguments: &[&str]| -> Result<u64> {
        let mut command = shell::command("valgrind --tool=callgrind --callgrind-out-file=/dev/null");
        command.arg(program).args(["--quiet", "--threads", "1"]).args(arguments);
        total(&shell::errors(&mut command)?)
    };
    let start = counted(&["extract", &path("word.txt"), "-o", &path("word.jsonl")])?;
    let sentence = counted(&["extract", &path("sentence.txt"), "-o", &path("sentence.jsonl")])?;
    let build = counted(&["build", "--extracted", &path("found.jsonl"), "-o", &path("found.relata")])?;
    let export = counted(&["export", &path("found.relata"), "-o", &path("found.jsonld")])?;
    let counts = [("start", start), ("sentence", sentence.saturating_sub(start)), ("build", build), ("export", export)];
    Ok(counts.map(|(run, count)| (run.to_owned(), count)).into())
}

/// The number of instructions in what valgrind prints: `I   refs:      358,497,329`.
fn total(printed: &str) -> Result<u64> {
    let line =
        printed.lines().find_map(|line| line.split_once("refs:")).map(|(_, count)| count.trim().replace(',', ""));
    match line.and_then(|count| count.parse().ok()) {
        Some(count) => Ok(count),
        None => bail!("valgrind printed no number of instructions:\n{printed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read() {
        let printed = "==1== Events    : Ir\n==1== Collected : 358497329\n==1==\n==1== I   refs:      358,497,329\n";
        assert_eq!(total(printed).unwrap(), 358_497_329);
        assert!(total("valgrind: no such program").is_err());
    }
}
