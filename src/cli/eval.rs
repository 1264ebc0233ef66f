//! `relata eval`: scores against gold documents.

use std::{
    convert::Infallible,
    fs,
    io::{self, Write},
    path::Path,
};

use anyhow::{Result, anyhow};

use crate::{
    document::Document,
    eval::{ErrorOptions, compare, errors, evaluate, read_gold},
    record::DocumentRecord,
};

use super::{
    Outcome,
    annotate::{annotate_all, pipeline},
    arguments::{EvalArguments, GlobalArguments},
    config::Settings,
    journal::Journal,
};

pub(super) fn run(global: &GlobalArguments, arguments: &EvalArguments) -> Result<Outcome> {
    // The schema comes before anything that names a type.
    let settings = Settings::resolve(global, None)?;
    let gold = read(&arguments.gold)?;
    let mut text = if let [before, after] = arguments.compare.as_slice() {
        let comparison = compare(&gold, &read(before)?, &read(after)?);
        if arguments.json { serde_json::to_string_pretty(&comparison)? } else { comparison.table() }
    } else {
        let predictions = match &arguments.predictions {
            Some(path) => read(path)?,
            None => predict(global, &settings, &gold)?,
        };
        let report = evaluate(&gold, &predictions);
        if arguments.json {
            serde_json::to_string_pretty(&report)?
        } else if arguments.errors {
            format!("{}\n{}", report.table(), errors(&gold, &predictions, ErrorOptions::default()))
        } else {
            report.table()
        }
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    io::stdout().write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

/// Reads gold documents or predictions; the text of an error has its cause in it.
fn read(path: &Path) -> Result<Vec<DocumentRecord>> {
    // Before its ending is looked at.
    fs::metadata(path).map_err(|error| anyhow!("cannot read {}: {error}", path.display()))?;
    read_gold(path).map_err(|error| anyhow!("{error}"))
}

/// Runs the pipeline on the texts of the gold documents; it sees nothing else of them but date and title.
fn predict(global: &GlobalArguments, settings: &Settings, gold: &[DocumentRecord]) -> Result<Vec<DocumentRecord>> {
    let pipeline = pipeline(settings)?;
    let mut journal = Journal::start(global, Some(gold.len()));
    let documents = gold.iter().map(|record| {
        let mut doc = Document::new(record.id.as_str(), record.text.as_str());
        doc.date.clone_from(&record.date);
        doc.title.clone_from(&record.title);
        Ok::<_, Infallible>(doc)
    });
    let mut predictions = Vec::with_capacity(gold.len());
    annotate_all(&pipeline, settings.threads, documents, &mut journal, |doc| {
        predictions.push(DocumentRecord::from(doc));
        Ok(())
    })?;
    journal.finish("");
    Ok(predictions)
}
