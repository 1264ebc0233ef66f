//! The quality gate: scores on the project's own development passages may not fall below the recorded ones.

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock, thread};

use relata::{
    document::Document,
    eval::{evaluate, read_gold},
    nn::Precision,
    pipeline::Pipeline,
    record::DocumentRecord,
};
use serde::{Deserialize, Serialize};

use crate::{PIPELINE, snapshot::is_blessing};

/// How far a score may fall, in points.
const TOLERANCE: f64 = 0.5;

/// What was reached when it was recorded.
#[derive(Serialize, Deserialize)]
struct Record {
    /// The gold file.
    set: String,
    documents: usize,
    /// F1 in points, end to end from the raw text.
    scores: BTreeMap<String, f64>,
}

const SET: &str = "data/news/dev.gold";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The passages, and what is found in them.
pub static DEV: LazyLock<(Vec<DocumentRecord>, Vec<Document>)> = LazyLock::new(|| {
    let gold = read_gold(root().join(SET)).unwrap();
    let found = find_in(&gold, &PIPELINE);
    (gold, found)
});

/// What a pipeline finds in the passages.
fn find_in(gold: &[DocumentRecord], pipeline: &Pipeline) -> Vec<Document> {
    let find = |part: &[DocumentRecord]| {
        part.iter()
            .map(|record| {
                let mut doc = Document::new(record.id.as_str(), record.text.as_str());
                doc.date.clone_from(&record.date);
                pipeline.annotate(&mut doc);
                doc
            })
            .collect::<Vec<_>>()
    };
    let parts = thread::available_parallelism().map_or(1, usize::from).min(4);
    thread::scope(|scope| {
        let parts: Vec<_> =
            gold.chunks(gold.len().div_ceil(parts)).map(|part| scope.spawn(move || find(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

#[test]
fn scores_on_news_do_not_fall() {
    let (gold, found) = &*DEV;
    check_scores(gold, found, "data/models/quality.json");
}

#[test]
fn scores_of_the_fast_model_do_not_fall() {
    let gold = &DEV.0;
    let found = find_in(gold, &Pipeline::fast(Precision::default()).unwrap());
    check_scores(gold, &found, "data/models/fast/quality.json");
}

fn check_scores(gold: &[DocumentRecord], found: &[Document], record: &str) {
    let path = root().join(record);
    let predicted: Vec<_> = found.iter().map(DocumentRecord::from).collect();
    let report = evaluate(gold, &predicted);
    let points = |score: f64| (score * 10_000.0).round() / 100.0;
    let scores: BTreeMap<String, f64> =
        report.headline().into_iter().map(|(name, score)| (name.to_owned(), points(score.unwrap()))).collect();
    if is_blessing() {
        let record = Record { set: SET.to_owned(), documents: gold.len(), scores };
        fs::write(path, serde_json::to_string_pretty(&record).unwrap() + "\n").unwrap();
        return;
    }
    let record: Record = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!((record.set.as_str(), record.documents), (SET, gold.len()));
    assert_eq!(record.scores.keys().collect::<Vec<_>>(), scores.keys().collect::<Vec<_>>());
    let mut fallen = Vec::new();
    for (name, recorded) in &record.scores {
        println!("{name}: {:.2}, recorded {recorded:.2}", scores[name]);
        if scores[name] < recorded - TOLERANCE {
            fallen.push(format!("{name} fell from {recorded:.2} to {:.2}", scores[name]));
        }
    }
    assert!(
        fallen.is_empty(),
        "{}\nIf that is meant to be, record the new scores: RELATA_BLESS=1 cargo test --test it quality\n{}",
        fallen.join("\n"),
        report.table()
    );
}
