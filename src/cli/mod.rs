//! The command line.
//!
//! Standard output carries data and nothing else; progress, warnings and errors go to standard error.
//! A closed pipe is success: who reads the output decides how much of it is enough.

mod annotate;
mod arguments;
mod article;
mod build;
mod config;
mod decisions;
mod eval;
mod explain;
mod export;
mod extract;
mod files;
mod generate;
mod graph;
mod idle;
mod journal;
mod kb;
mod library;
#[cfg(feature = "load")]
mod load;
mod output;
mod query;
mod schema;
mod schema_file;
mod store;
mod user_files;
mod view;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use arguments::{Arguments, Command};

/// How a run ended, when it was not stopped by an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Something was found, nothing went wrong.
    Found,
    /// All went well, but there was nothing to find.
    NothingFound,
    /// The run went on to its end, but some documents were skipped.
    Incomplete,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Found => ExitCode::SUCCESS,
            Outcome::NothingFound => ExitCode::from(1),
            Outcome::Incomplete => ExitCode::from(2),
        }
    }
}

/// Runs the program with the arguments of the process.
///
/// The exit code is 0 for success, 1 if nothing was found, 2 for an error, be it in one document only.
/// Wrong arguments and calls for help end the process here.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let global = &arguments.global;
    let idle = idle::options(&arguments);
    if !idle.is_empty() {
        store::say(global, &format!("warning: this command makes no use of {}", idle.join(", ")));
    }
    let result = match &arguments.command {
        Command::Extract(command) => extract::run(global, command),
        Command::Build(command) => build::run(global, command),
        Command::Annotate(command) => article::run(global, command),
        Command::Status(command) => store::status(global, command),
        Command::Remove(command) => store::remove(global, command),
        Command::Export(command) => export::run(global, command),
        #[cfg(feature = "load")]
        Command::Load(command) => load::run(global, command),
        Command::View(command) => view::run(global, command),
        Command::Query(command) => query::run(global, command),
        Command::Explain(command) if store::is_graph_file(&command.input) => query::explain(global, command),
        Command::Explain(command) => explain::run(global, command),
        Command::Merge(command) => store::decide(global, &command.file, &command.names, true),
        Command::Split(command) => store::split(global, command),
        Command::Review(command) => store::review(global, command),
        Command::Eval(command) => eval::run(global, command),
        Command::Kb(command) => kb::run(global, command),
        Command::Schema(command) => schema::run(global, command),
        Command::Completions(command) => generate::completions(command),
        Command::Man(command) => generate::man(command),
    };
    match result {
        Ok(outcome) => outcome.into(),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if standard error is closed too.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json_kind = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        kind.or(json_kind) == Some(io::ErrorKind::BrokenPipe)
    })
}
