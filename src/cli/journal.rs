//! What is said on standard error: progress, warnings, and the count at the end.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::document::Document;

use super::{Outcome, arguments::GlobalArguments, files::LeftOut, output::Target};

/// Counts documents and tells people about them.
pub(super) struct Journal {
    quiet: bool,
    verbose: bool,
    bar: Option<ProgressBar>,
    started: Instant,
    documents: usize,
    /// Of these, how many took the place of an older version.
    replaced: usize,
    known: usize,
    skipped: usize,
    mentions: usize,
    bytes: usize,
    left_out: LeftOut,
}

impl Journal {
    /// Starts counting; a bar is drawn only for somebody who can see it move.
    pub fn start(global: &GlobalArguments, total: Option<usize>) -> Self {
        let bar = (!global.quiet && io::stderr().is_terminal()).then(|| {
            let (bar, template) = match total {
                Some(total) => {
                    (ProgressBar::new(total as u64), "{bar:30} {pos}/{len} documents, {per_sec}, {eta} left")
                }
                None => (ProgressBar::no_length(), "{spinner} {pos} documents, {per_sec}, {elapsed}"),
            };
            // The template is fixed, so it parses; a plain bar would do if it did not.
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar.with_style(style)
        });
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            bar,
            started: Instant::now(),
            documents: 0,
            replaced: 0,
            known: 0,
            skipped: 0,
            mentions: 0,
            bytes: 0,
            left_out: LeftOut::default(),
        }
    }

    /// Takes the bar away, for output that is read while it comes.
    pub fn without_bar(mut self) -> Self {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        self
    }

    /// Where files that are found in folders and not read are counted.
    pub fn left_out(&self) -> LeftOut {
        self.left_out.clone()
    }

    /// Counts a document that went through, and passes its warnings on.
    pub fn count(&mut self, doc: &Document) {
        self.documents += 1;
        self.mentions += doc.mentions.len();
        self.bytes += doc.text.len();
        for warning in &doc.warnings {
            self.say(format_args!("warning: {}: {warning}", doc.id));
        }
        if self.verbose {
            let (mentions, entities, relations) = (doc.mentions.len(), doc.entities.len(), doc.relations.len());
            self.say(format_args!("{}: {mentions} mentions, {entities} entities, {relations} relations", doc.id));
        }
        self.tick();
    }

    /// Counts a document that could not be read.
    pub fn skip(&mut self, fault: &impl Display) {
        self.skipped += 1;
        self.say(format_args!("warning: {fault}; skipped"));
        self.tick();
    }

    /// Counts documents that the graph file has as they are, and older versions whose place was taken.
    pub fn count_in_file(&mut self, known: usize, replaced: usize) {
        self.known += known;
        self.replaced += replaced;
    }

    /// Whether an output is left as it is, since no document could be read and an earlier run may have had some; if so, it
    /// is told.
    pub fn leaves(&self, target: &Target) -> bool {
        let is_left = self.skipped > 0 && self.documents + self.known == 0 && target.is_kept();
        if is_left {
            let path = target.path();
            let what = if path.exists() { "left as it was" } else { "not written" };
            self.say(format_args!("{} was {what}: no document could be read", path.display()));
        }
        is_left
    }

    /// Ends the bar and tells the count if anybody may want it; `result` is what came out, as `, 3 nodes`.
    pub fn finish(self, result: &str) -> Outcome {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if let Some(line) = self.left_out.told() {
            self.say(line);
        }
        if self.skipped > 0 || self.replaced > 0 || self.verbose || self.bar.is_some() {
            let plural = if self.documents == 1 { "" } else { "s" };
            let mut line = format!("{} document{plural}", self.documents);
            if self.replaced > 0 {
                line.push_str(&format!(" ({} replaced)", self.replaced));
            }
            if self.known > 0 {
                line.push_str(&format!(", {} known", self.known));
            }
            line.push_str(&format!(", {} skipped{result}", self.skipped));
            if self.verbose {
                let seconds = self.started.elapsed().as_secs_f64();
                let rate = self.bytes as f64 / 1000.0 / seconds.max(1e-9);
                line.push_str(&format!(", {seconds:.1} s, {rate:.0} kB/s"));
            }
            self.say(format_args!("{line}"));
        }
        match self {
            Journal { skipped: 1.., .. } => Outcome::Incomplete,
            Journal { mentions: 0, .. } => Outcome::NothingFound,
            _ => Outcome::Found,
        }
    }

    fn tick(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    fn say(&self, line: impl Display) {
        // Nobody is left to tell if standard error is closed.
        let write = || drop(writeln!(io::stderr(), "{line}"));
        match &self.bar {
            _ if self.quiet => (),
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}
