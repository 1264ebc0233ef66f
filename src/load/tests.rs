//! What all sinks have in common, tried with one in memory.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use super::*;
use crate::{
    document::Document,
    graph::{GraphBuilder, KnowledgeGraph},
};

struct Number(u64);

impl Row for Number {
    fn size(&self) -> usize {
        1
    }

    fn counts_as(&self) -> &'static [&'static str] {
        if self.0.is_multiple_of(2) { &["numbers", "even numbers"] } else { &["numbers"] }
    }
}

/// What a database does, in the order of its calls, and what it holds.
#[derive(Default)]
struct Memory {
    held: BTreeSet<u64>,
    others: u64,
    calls: Vec<String>,
    /// Faults of the next calls that send.
    faults: Vec<Option<FaultKind>>,
    /// A number that is lost on the way.
    loses: Option<u64>,
}

struct MemorySink(Rc<RefCell<Memory>>);

impl Sink for MemorySink {
    type Row = Number;

    const PARTS: &'static [&'static str] = &["small", "large"];

    fn begin(&mut self, _load: &Load) -> Result<Vec<String>, Fault> {
        Ok(vec!["it forgets".to_owned()])
    }

    fn feed(_load: &Load, part: &str, _graph: &dyn GraphSource, emit: &mut Emit<Number>) -> io::Result<()> {
        let numbers = if part == "small" { 0..5 } else { 100..103 };
        numbers.map(Number).try_for_each(emit)
    }

    fn has(&mut self, rows: &[Number]) -> Result<bool, Fault> {
        Ok(rows.iter().all(|number| self.0.borrow().held.contains(&number.0)))
    }

    fn send(&mut self, rows: &[Number]) -> Result<(), Fault> {
        let mut memory = self.0.borrow_mut();
        let numbers: Vec<String> = rows.iter().map(|number| number.0.to_string()).collect();
        memory.calls.push(numbers.join(" "));
        let fault = if memory.faults.is_empty() { None } else { memory.faults.remove(0) };
        if let Some(kind) = fault {
            return Err(Fault::new(kind, "no"));
        }
        let loses = memory.loses;
        memory.held.extend(rows.iter().map(|number| number.0).filter(|number| Some(*number) != loses));
        Ok(())
    }

    fn counts(&mut self) -> Result<Vec<(&'static str, u64)>, Fault> {
        let held = &self.0.borrow().held;
        let even = held.iter().filter(|number| *number % 2 == 0).count();
        Ok(vec![("numbers", held.len() as u64), ("even numbers", even as u64), ("odd ends", 0)])
    }

    fn remove_others(&mut self) -> Result<u64, Fault> {
        let mut memory = self.0.borrow_mut();
        let removed = memory.others.min(3);
        memory.others -= removed;
        Ok(removed)
    }

    fn finish(&mut self) -> Result<bool, Fault> {
        self.0.borrow_mut().calls.push("finish".to_owned());
        Ok(true)
    }

    fn doubt(&mut self) -> Result<(), Fault> {
        self.0.borrow_mut().calls.push("doubt".to_owned());
        Ok(())
    }
}

fn loader() -> Loader {
    Loader::new(Address::parse("bolt://localhost").unwrap())
        .with_batch_rows(2)
        .with_patience(Duration::from_millis(2000))
}

fn run(loader: &Loader, memory: Memory) -> (Result<Report, LoadError>, Memory, Vec<Progress>) {
    let shared = Rc::new(RefCell::new(memory));
    let load = Load { mark: "m".to_owned(), base_iri: String::new() };
    let mut seen = Vec::new();
    let graph = KnowledgeGraph::default();
    let result = loader.run(MemorySink(shared.clone()), &load, &graph, &mut |progress| seen.push(progress));
    (result, shared.take(), seen)
}

#[test]
fn rows_are_sent_in_batches_and_counted() {
    let (result, memory, progress) = run(&loader(), Memory { others: 4, ..Memory::default() });
    let report = result.unwrap();
    assert_eq!(memory.calls, ["0 1", "2 3", "4", "100 101", "102", "finish"]);
    assert_eq!(report.counts, [("numbers", 8), ("even numbers", 5), ("odd ends", 0)]);
    assert_eq!((report.found, report.removed, memory.others), (0, 0, 4));
    assert_eq!(report.warnings, ["it forgets"]);
    assert!(progress.contains(&Progress::Sent { what: "small", count: 5 }), "{progress:?}");
}

#[test]
fn what_is_there_is_not_sent_again() {
    let (result, memory, _) = run(&loader(), Memory { held: (0..4).collect(), ..Memory::default() });
    assert_eq!(memory.calls, ["4", "100 101", "102", "finish"]);
    assert_eq!(result.unwrap().found, 4);
}

#[test]
fn what_others_left_is_removed_if_that_is_wanted() {
    let (result, memory, _) = run(&loader().with_replace(true), Memory { others: 7, ..Memory::default() });
    assert_eq!((result.unwrap().removed, memory.others), (7, 0));
}

#[test]
fn faults_that_pass_are_waited_for() {
    let faults = vec![None, Some(FaultKind::Lost), Some(FaultKind::Busy), None];
    let (result, memory, progress) = run(&loader(), Memory { faults, ..Memory::default() });
    assert_eq!(result.unwrap().counts[0], ("numbers", 8));
    assert_eq!(memory.calls[..4], ["0 1", "2 3", "2 3", "2 3"]);
    let pauses: Vec<u128> = progress
        .iter()
        .filter_map(|progress| match progress {
            Progress::Waiting { pause } => Some(pause.as_millis()),
            _ => None,
        })
        .collect();
    assert_eq!(pauses, [100, 200]);
}

#[test]
fn faults_that_stay_end_the_load() {
    let check = |faults: Vec<Option<FaultKind>>, patience: u64, expected: &str| {
        let loader = loader().with_patience(Duration::from_millis(patience));
        let (result, memory, _) = run(&loader, Memory { faults, ..Memory::default() });
        let message = result.unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
        // What was sent before stays.
        assert_eq!(memory.held, BTreeSet::from([0, 1]));
    };
    check(vec![None, Some(FaultKind::Failed)], 2000, "cannot take the graph: no");
    check(vec![None, Some(FaultKind::Denied)], 2000, "check the user");
    check(vec![None, Some(FaultKind::Lost)], 0, "went away in the middle of the load: no; what was sent is safe there");
    check([None].into_iter().chain([Some(FaultKind::Busy); 9]).collect(), 250, "the same command goes on");
}

#[test]
fn another_number_than_was_sent_is_an_error() {
    let (result, memory, _) = run(&loader(), Memory { loses: Some(3), ..Memory::default() });
    let error = result.unwrap_err();
    assert!(matches!(error, LoadError::Counts { what: "numbers", sent: 8, held: 7 }), "{error}");
    assert_eq!(memory.calls.last().map(String::as_str), Some("doubt"));
    // Something that was not sent at all.
    let (result, _, _) = run(&loader(), Memory { held: BTreeSet::from([77]), ..Memory::default() });
    assert!(matches!(result, Err(LoadError::Counts { sent: 8, held: 9, .. })));
}

#[test]
fn a_mark_tells_graphs_apart() {
    let graph = |words: &str| {
        let mut doc = Document::new("a", words);
        doc.title = Some("Title".to_owned());
        GraphBuilder::new().add(&doc).finish()
    };
    let marks = [
        mark(&KnowledgeGraph::default(), "urn:a:").unwrap(),
        mark(&KnowledgeGraph::default(), "urn:b:").unwrap(),
        mark(&graph("Rain."), "urn:a:").unwrap(),
    ];
    assert_eq!(mark(&graph("Rain."), "urn:a:").unwrap(), marks[2]);
    assert!(marks.iter().all(|mark| mark.len() == 16));
    assert_eq!(BTreeSet::from(marks).len(), 3);
}
