//! Everything that has to pass.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{instructions, setup, shell};

type Step = (&'static str, fn() -> Result<()>);

/// In the order in which mistakes are cheap to find.
const STEPS: [Step; 9] = [
    ("fmt", fmt),
    ("clippy", clippy),
    ("features", features),
    ("doc", doc),
    ("test", test),
    ("instructions", || instructions::run(false)),
    ("load", load),
    ("web", web),
    ("train", train),
];

/// Optimized as a release, for the model, but with the checks of a debug build and without the slow linking.
const PROFILE: &str = "checked";

pub fn run(names: &[String]) -> Result<()> {
    for name in names {
        ensure!(STEPS.iter().any(|(step, _)| step == name), "there is no step {name}; see cargo xtask help");
    }
    let is_wanted = |step: &str| names.is_empty() || names.iter().any(|name| name == step);
    let mut lines = Vec::new();
    let mut failed = false;
    let setup_step: Step = ("setup", setup::run);
    for (name, step) in [setup_step].into_iter().chain(STEPS.into_iter().filter(|(name, _)| is_wanted(name))) {
        let started = Instant::now();
        let result = step();
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        lines.push(format!("{name:12} {verdict:6} {:>6.1} s", started.elapsed().as_secs_f64()));
        if let Err(error) = result {
            eprintln!("error: {error:#}");
            failed = true;
            // Without what they need the other steps would only repeat the message.
            if name == "setup" {
                break;
            }
        }
    }
    eprintln!("\n{}", lines.join("\n"));
    if failed {
        bail!("not everything passed");
    }
    Ok(())
}

fn fmt() -> Result<()> {
    shell::run(&mut shell::command("cargo fmt --all --check"))
}

fn clippy() -> Result<()> {
    shell::run(&mut shell::command("cargo clippy --locked --workspace --all-targets -- -D warnings"))
}

fn features() -> Result<()> {
    for features in [
        "--no-default-features",
        "--no-default-features --features cli",
        "--no-default-features --features embed-en",
        "--no-default-features --features load",
    ] {
        shell::run(&mut shell::command(&format!("cargo clippy --locked {features} -- -D warnings")))?;
    }
    Ok(())
}

fn doc() -> Result<()> {
    // The library alone: the program has the same name, and its page would be written over the library's.
    let mut command = shell::command("cargo doc --locked --no-deps --lib");
    shell::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn test() -> Result<()> {
    // Unit, integration and doc tests; it also builds the examples.
    shell::run(&mut shell::command(&format!("cargo test --locked --workspace --profile {PROFILE}")))
}

/// Loads graphs into databases, which are installed in an environment of their own and run on this machine.
fn load() -> Result<()> {
    setup::python_environment(".venv-servers", "tests/servers/requirements.txt")
        .context("the databases that graphs are loaded into cannot be installed, so loading is not tested")?;
    // Of the whole workspace, as above: crates would be built again for other features.
    shell::run(&mut shell::command(&format!(
        "cargo test --locked --workspace --profile {PROFILE} --features relata/load --test it -- --ignored load::"
    )))
}

/// Makes script and style of `relata view` again, and tries its pages in a browser.
fn web() -> Result<()> {
    let npm = |line: &str| shell::run(shell::command(line).current_dir("web"));
    // What is installed comes from the registry as the lock file has it, and runs nothing of its own.
    npm("npm ci --ignore-scripts --no-audit --no-fund")?;
    npm("npm run --silent check")?;
    let program = program()?;
    let mut test = shell::command("node --test --test-reporter=spec test/view.test.mjs");
    shell::run(test.env("RELATA", program).current_dir("web"))
}

/// The program, built as the tests build it.
pub fn program() -> Result<PathBuf> {
    // It comes with the tests that run it.
    shell::run(&mut shell::command(&format!(
        "cargo test --locked --workspace --profile {PROFILE} --test it --no-run"
    )))?;
    Ok(shell::built(PROFILE))
}

fn train() -> Result<()> {
    if Path::new(REQUIREMENTS).is_file() && Path::new(SMOKE).is_file() {
        train_smoke()
    } else {
        eprintln!("there is no {SMOKE}; nothing is trained");
        Ok(())
    }
}

const REQUIREMENTS: &str = "train/requirements.txt";
const SMOKE: &str = "train/relata_train/smoke.py";

/// Trains two steps on three passages, to see that the training still runs.
pub fn train_smoke() -> Result<()> {
    ensure!(Path::new(SMOKE).is_file(), "there is no {SMOKE}");
    setup::python_environment(".venv-train", REQUIREMENTS)?;
    // From the project's folder, as the program's own folder is another one.
    let python = crate::root().join(".venv-train/bin/python");
    shell::run(Command::new(python).args(["-m", "relata_train.smoke"]).current_dir("train"))
}
