//! Runs other programs.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// A command from words separated by spaces; more arguments can be added to it.
pub fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = match words.next() {
        // The toolchain that runs this program, also where several are installed.
        Some("cargo") => Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
        program => Command::new(program.unwrap_or_default()),
    };
    command.args(words);
    command
}

/// Runs a command with its output on the screen.
pub fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", show(command));
    let status = command.status().with_context(|| format!("cannot start {}", show(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", show(command));
    }
    Ok(())
}

/// Runs a command and takes what it prints.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", show(command)))?;
    if !output.status.success() {
        bail!("{} failed ({})", show(command), output.status);
    }
    Ok(output.stdout)
}

/// Runs a command and takes what it prints on standard error.
pub fn errors(command: &mut Command) -> Result<String> {
    eprintln!("$ {}", show(command));
    let output = command.output().with_context(|| format!("cannot start {}", show(command)))?;
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        bail!("{} failed ({})\n{printed}", show(command), output.status);
    }
    Ok(printed)
}

/// Where the program lies once it is built in a profile.
pub fn built(profile: &str) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    crate::root().join(target).join(profile).join("relata")
}

/// Where a program lies, if it is installed.
pub fn find(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words: Vec<_> = [program].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}
