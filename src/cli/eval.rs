//! `relata eval`: scores against gold documents.

use std::{
    convert::Infallible,
    io::{self, Write},
    path::Path,
};

use anyhow::Result;
use serde_json::{Value, json};

use crate::{document::Document, record::DocumentRecord};

use super::{
    Outcome,
    annotate::{annotate_all, pipeline},
    arguments::{EvalArguments, GlobalArguments},
    config::Settings,
    journal::Journal,
    library::{self, Report},
};

pub(super) fn run(global: &GlobalArguments, arguments: &EvalArguments) -> Result<Outcome> {
    let gold = library::read_gold(&arguments.gold)?;
    let score = |path: &Path| -> Result<Report> { Ok(library::evaluate(&gold, &library::read_gold(path)?)) };
    let mut text = match (arguments.compare.as_slice(), &arguments.predictions) {
        ([before, after], _) => compare(&score(before)?, &score(after)?, arguments.json)?,
        (_, Some(path)) => show(&score(path)?, arguments)?,
        (_, None) => show(&library::evaluate(&gold, &predict(global, &gold)?), arguments)?,
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    io::stdout().write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

/// Runs the pipeline on the texts of the gold documents; it sees nothing else of them but date and title.
fn predict(global: &GlobalArguments, gold: &[DocumentRecord]) -> Result<Vec<DocumentRecord>> {
    let settings = Settings::resolve(global, None)?;
    let pipeline = pipeline(&settings)?;
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

fn show(report: &Report, arguments: &EvalArguments) -> Result<String> {
    if arguments.json {
        return Ok(serde_json::to_string_pretty(&library::report_json(report)?)?);
    }
    let mut text = library::report_table(report);
    if arguments.errors {
        text.push('\n');
        text.push_str(&library::report_errors(report));
    }
    Ok(text)
}

/// The scores of two reports, number by number, with the difference.
fn compare(before: &Report, after: &Report, as_json: bool) -> Result<String> {
    let (before, after) = (library::report_json(before)?, library::report_json(after)?);
    if as_json {
        return Ok(serde_json::to_string_pretty(&json!({ "before": before, "after": after }))?);
    }
    let mut rows = Vec::new();
    list_changes("", &before, &after, &mut rows);
    if rows.is_empty() {
        return Ok("no score changed".to_owned());
    }
    let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{:width$}  {:>10}  {:>10}  {:>10}\n", "score", "before", "after", "change");
    for (name, before, after) in rows {
        let number = |value: f64| if value.fract() == 0.0 { format!("{value}") } else { format!("{value:.4}") };
        let sign = if after > before { "+" } else { "" };
        let change = format!("{sign}{}", number(after - before));
        text.push_str(&format!("{name:width$}  {:>10}  {:>10}  {change:>10}\n", number(before), number(after)));
    }
    Ok(text)
}

/// Collects the numbers that differ, under names such as `relations.strict.f1`; a number that is missing is zero.
fn list_changes(name: &str, before: &Value, after: &Value, rows: &mut Vec<(String, f64, f64)>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let keys: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                list_changes(&name, &before[key.as_str()], &after[key.as_str()], rows);
            }
        }
        (Value::Object(_), _) => list_changes(name, before, &json!({}), rows),
        (_, Value::Object(_)) => list_changes(name, &json!({}), after, rows),
        _ => {
            let (old, new) = (before.as_f64(), after.as_f64());
            if old != new {
                rows.push((name.to_owned(), old.unwrap_or(0.0), new.unwrap_or(0.0)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_listed_by_name() {
        let before = json!({ "names": { "f1": 0.5, "tp": 3 }, "same": 1, "set": "news", "list": [1] });
        let after = json!({ "names": { "f1": 0.75, "tp": 3 }, "same": 1, "set": "news", "new": { "f1": 1.0 } });
        let mut rows = Vec::new();
        list_changes("", &before, &after, &mut rows);
        assert_eq!(rows, [("names.f1".to_owned(), 0.5, 0.75), ("new.f1".to_owned(), 0.0, 1.0)]);
    }
}
