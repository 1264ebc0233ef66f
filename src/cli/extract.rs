//! `relata extract`: one JSON document a line.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::export::write_document;

use super::{
    Outcome,
    annotate::{annotate_all, pipeline},
    arguments::{ExtractArguments, GlobalArguments},
    config::Settings,
    files::Outputs,
    journal::Journal,
    library,
    output::Target,
};

pub(super) fn run(global: &GlobalArguments, arguments: &ExtractArguments) -> Result<Outcome> {
    let settings = Settings::resolve(global, Some(&arguments.read))?;
    let target = Target::new(arguments.output.as_deref().unwrap_or(Path::new("-")))?;
    let outputs = Outputs::new([&target]);
    outputs.check(arguments.inputs.iter().chain(&settings.files).map(PathBuf::as_path))?;
    let pipeline = pipeline(&settings)?;
    let mut output = target.open()?;
    let mut journal = Journal::start(global, None);
    let documents = library::documents(&settings.read, &arguments.inputs, outputs, journal.left_out());
    annotate_all(&pipeline, settings.threads, documents, &mut journal, |doc| {
        write_document(doc, &mut output)?;
        // Each line goes out at once: the reader of a pipe may be waiting for it.
        if target == Target::Stdout {
            output.flush()?;
        }
        Ok(())
    })?;
    if !journal.leaves(&target) {
        output.finish()?;
    }
    Ok(journal.finish(""))
}
