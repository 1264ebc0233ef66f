//! Chores of the project: `cargo xtask help` lists them.

mod bench;
mod instructions;
mod measure;
mod profile;
mod reliability;
mod setup;
mod shell;
mod test;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Result, bail};

const HELP: &str = "\
Chores of the project. All of them may be run in any folder of it, and again at any time.

  cargo xtask test           install what the tests need and run everything that has to pass
  cargo xtask test STEP...   only these steps: fmt, clippy, features, doc, test, instructions,
                             load, web, train
  cargo xtask setup          install what the tests need: Debian packages, Python readers in .venv
  cargo xtask instructions [--record]
                             count the instructions of a few runs and compare them with benches/instructions.json, or
                             make that anew; five parts in a hundred more are an error
  cargo xtask profile        where the time goes: docs/images/flame.svg, and the shares in docs/speed.md; needs
                             perf and inferno
  cargo xtask train-smoke    train two steps on three passages, in .venv-train
  cargo xtask measure [--fast] [--sets DIR [--only NAME]...] [FILE...] [--readme]
                             score the release build on the own held-out passages, on every NAME_dev.jsonl.xz in DIR,
                             and on FILEs, and write the record (date, commit, machine, scores) to benches/records;
                             --fast scores the smaller model, --readme also puts the table into README.md and the
                             model card
  cargo xtask bench [--sets DIR [--only NAME]...] [--turns N] [--words N] [--readme]
                             compare the release build with spaCy: speed, memory, names; record as above
  cargo xtask bench --engines [--sets DIR [--only NAME]...] [--turns N] [--readme]
                             compare the encoder with onnxruntime and PyTorch: speed; record as above
  cargo xtask bench --scale [--most-words N] [--most-documents N]
                             time and memory of long documents and of many; record, and docs/images/scale.svg
  cargo xtask bench --corpus [--most-documents N]
                             time, memory and size of graph files; record, and docs/images/corpus.svg
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    env::set_current_dir(root())?;
    match arguments.split_first().map(|(command, rest)| (command.as_str(), rest)) {
        Some(("test", steps)) => test::run(steps),
        Some(("setup", [])) => setup::run(),
        Some(("instructions", [])) => instructions::run(false),
        Some(("instructions", [option])) if option == "--record" => instructions::run(true),
        Some(("profile", [])) => profile::run(),
        Some(("train-smoke", [])) => test::train_smoke(),
        Some(("bench", rest)) => bench::run(rest),
        Some(("measure", rest)) => measure::run(rest),
        None | Some(("help" | "-h" | "--help", _)) => {
            print!("{HELP}");
            Ok(())
        }
        Some((command, rest)) => bail!("cannot do {command} {}\n\n{HELP}", rest.join(" ")),
    }
}

/// The folder of the project.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}
