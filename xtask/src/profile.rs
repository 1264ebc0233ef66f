//! Where the time goes: a flame graph of the release build, and the shares of the stages.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{measure, shell};

const PAGE: &str = "docs/speed.md";
const GRAPH: &str = "docs/images/flame.svg";
/// Programs of inferno; its licence is not one of those that the project's own dependencies may have.
const COLLAPSE: &str = "inferno-collapse-perf";
const DRAW: &str = "inferno-flamegraph";
/// Each sample article is read so many times, so that starting does not count.
const COPIES: usize = 20;

/// The stages, each with the functions that begin it; of two in a stack the outer one counts.
const STAGES: [(&str, &[&str]); 7] = [
    ("sentences", &["relata::segment::"]),
    ("encoder, word pieces included", &["relata::nn::encoder::Encoder::encode", "relata::nn::model::Model::encode"]),
    ("names and other mentions, dates", &["relata::recognize::", "relata::nn::mention::"]),
    ("coreference", &["relata::resolve::", "relata::nn::coreference::"]),
    ("relations and what qualifies them", &["relata::relate::", "relata::nn::relation::"]),
    ("links to places", &["relata::link::"]),
    ("start", &["relata::cli::annotate::pipeline"]),
];
const REST: &str = "reading, writing, the rest";

/// Functions whose own time is told, by the library or module they belong to.
const WORK: [(&str, &[&str]); 3] = [
    ("products in whole numbers", &["relata::nn::kernels::", "Int8Kernel", "pack_a_impl"]),
    ("matrix products in floating point (rten-gemm)", &["rten_gemm"]),
    ("other vector code of `nn`", &["relata::nn::linear::", "relata::nn::attention::"]),
];

/// Profiles the release build on the sample articles.
pub fn run() -> Result<()> {
    ensure!(shell::find("perf").is_some(), "perf is needed; on Debian it is in the package linux-perf");
    for program in [COLLAPSE, DRAW] {
        ensure!(shell::find(program).is_some(), "{program} is needed; `cargo install inferno` brings it");
    }
    shell::run(&mut shell::command("cargo build --locked --release"))?;
    let folder = tempfile::tempdir().context("cannot make a folder for the profile")?;
    let (stacks, graph) = draw(folder.path())?;
    fs::write(GRAPH, graph).with_context(|| format!("cannot write {GRAPH}"))?;
    measure::fill(PAGE, "profile", &page(&stacks)?)
}

/// Stacks with their weights, a line each, and the picture of them.
fn draw(folder: &Path) -> Result<(String, Vec<u8>)> {
    let mut texts: Vec<_> = fs::read_dir("data/samples")
        .context("cannot list the samples")?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    texts.sort();
    let (data, script, collapsed) = (folder.join("perf.data"), folder.join("script.txt"), folder.join("stacks.txt"));
    let mut perf = shell::command("perf record --quiet --freq 499 --call-graph dwarf,16384 --output");
    perf.arg(&data).arg(shell::built("release")).args(["--quiet", "--threads", "1", "extract"]);
    perf.args((0..COPIES).flat_map(|_| &texts)).arg("-o").arg(folder.join("found.jsonl"));
    shell::run(&mut perf)?;
    fs::write(&script, shell::output(shell::command("perf script --input").arg(&data))?)?;
    let stacks = String::from_utf8(shell::output(shell::command(COLLAPSE).arg(&script))?)?;
    fs::write(&collapsed, &stacks)?;
    let mut draw = shell::command(&format!("{DRAW} --deterministic --minwidth 0.3 --title"));
    let graph = shell::output(draw.arg("relata extract, one thread").arg(&collapsed))?;
    Ok((stacks, graph))
}

/// The shares in words.
fn page(stacks: &str) -> Result<String> {
    let (mut stages, mut work, mut total) = (BTreeMap::new(), BTreeMap::new(), 0_u64);
    for line in stacks.lines() {
        let (stack, weight) = line.rsplit_once(' ').context("a stack without a weight")?;
        let weight: u64 = weight.parse().with_context(|| format!("{weight:?} is no weight"))?;
        total += weight;
        *stages.entry(stage_of(stack)).or_insert(0_u64) += weight;
        *work.entry(work_of(stack)).or_insert(0_u64) += weight;
    }
    ensure!(total > 0, "nothing was sampled");
    let share = |part: Option<&u64>| 100.0 * part.copied().unwrap_or(0) as f64 / total as f64;
    let mut page = format!(
        "Machine: {}.\nCommand: `cargo xtask profile`.\n\n| stage | share of the time, % |\n|---|---|\n",
        measure::machine()
    );
    for name in STAGES.map(|(name, _)| name).into_iter().chain([REST]) {
        writeln!(page, "| {name} | {:.1} |", share(stages.get(name)))?;
    }
    page += "\n| at work, whatever the stage | share of the time, % |\n|---|---|\n";
    for name in WORK.map(|(name, _)| name).into_iter().chain([OTHER_WORK]) {
        writeln!(page, "| {name} | {:.1} |", share(work.get(name)))?;
    }
    Ok(page)
}

const OTHER_WORK: &str = "all other code";

/// The stage of a stack, whose frames go from the outer to the inner ones.
fn stage_of(stack: &str) -> &'static str {
    let begins = |frame: &str| {
        STAGES
            .iter()
            .find(|(_, functions)| functions.iter().any(|function| frame.contains(function)))
            .map(|(name, _)| *name)
    };
    stack.split(';').find_map(begins).unwrap_or(REST)
}

/// What the innermost frame does.
fn work_of(stack: &str) -> &'static str {
    let frame = stack.rsplit(';').next().unwrap_or_default();
    let is_of = |parts: &&(&str, &[&str])| parts.1.iter().any(|part| frame.contains(part));
    WORK.iter().find(is_of).map_or(OTHER_WORK, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_belong_to_stages() {
        let relate =
            "relata;relata::pipeline::Pipeline::annotate;relata::relate::relate;relata::nn::encoder::Encoder::encode";
        assert_eq!(stage_of(relate), "relations and what qualifies them");
        assert_eq!(stage_of("relata;main;read"), REST);
        let library =
            "relata;<rten_gemm::kernels::x86_64::Avx512Int8Kernel as rten_gemm::kernels::Kernel<u8,i8,i32>>::kernel";
        assert_eq!(work_of(library), WORK[0].0);
        assert_eq!(work_of("relata;relata::nn::kernels::x86::avx512"), WORK[0].0);
        assert_eq!(work_of("relata;rten_gemm::gemm_impl::{{closure}}"), WORK[1].0);
        assert_eq!(work_of("relata;malloc"), OTHER_WORK);
    }
}
