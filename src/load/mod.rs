//! Loads graphs into databases.
//!
//! ```no_run
//! use relata::{
//!     graph::KnowledgeGraph,
//!     load::{Address, Loader},
//! };
//!
//! let address = Address::parse("bolt://neo4j@localhost:7687/neo4j")?;
//! let report = Loader::new(address).with_password("secret").load(&KnowledgeGraph::default(), &mut |_| {})?;
//! println!("{:?} were sent", report.counts);
//! # Ok::<(), relata::load::LoadError>(())
//! ```
//!
//! Three kinds of databases are known: property graphs over Bolt (Neo4j and what speaks like it), FalkorDB, and RDF
//! stores over SPARQL. What they have in common stands here: the graph is read piece by piece and sent in batches; a
//! batch that fails for a passing reason is sent again; a load that was cut off goes on when it is run again, since
//! each load has a [mark](Loader::load) that says what of the same graph is there already; and in the end the database
//! is asked how much it holds.
//!
//! This is the only part of the library that uses a network.

mod address;
mod bolt;
mod falkordb;
mod fault;
mod property_graph;
mod sparql;
mod triples;

use std::{
    io, thread,
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

use self::fault::{Fault, FaultKind};
pub use self::{
    address::{Address, Protocol},
    fault::LoadError,
};
use self::{bolt::Bolt, falkordb::FalkorDb, property_graph::PropertyGraph, sparql::Sparql};
use crate::{export::DEFAULT_BASE_IRI, graph::GraphSource, hex::hex};

/// The property that tells by which load a node or relationship was written.
pub const MARK: &str = "relata_load";

/// The named graph of an RDF store, unless another one is asked for.
pub const DEFAULT_NAMED_GRAPH: &str = "urn:relata:graph";

/// Rows in a batch, unless another number is asked for.
const BATCH_ROWS: usize = 1000;

/// Bytes in a batch at which it is full, however few its rows: evidence can be long.
const BATCH_BYTES: usize = 1 << 20;

/// How long a server that fails is tried again, unless another time is asked for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first pause between two tries; each next one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How far a load is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// So many of what is being sent are in the database.
    Sent {
        /// What is being sent, such as `documents`.
        what: &'static str,
        /// How many of them are there.
        count: u64,
    },
    /// The server failed for a reason that may pass; the same is sent again after a pause.
    Waiting {
        /// The pause.
        pause: Duration,
    },
    /// All is sent; the database is asked what it holds.
    Comparing,
    /// What an earlier load left is removed; so much is gone.
    Removing {
        /// Things removed up to now.
        removed: u64,
    },
}

/// What a load did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Report {
    /// What was sent, by name; the database held the same numbers.
    pub counts: Vec<(&'static str, u64)>,
    /// Rows that an earlier run of the same load had sent.
    pub found: u64,
    /// Things of earlier loads that were removed.
    pub removed: u64,
    /// What people should know, such as that a server knows no constraints.
    pub warnings: Vec<String>,
}

/// A load of one graph, as sinks see it.
struct Load {
    /// Says which graph it is: the same for the same graph, another for any other.
    mark: String,
    /// What the IRIs of nodes, documents and statements start with.
    base_iri: String,
}

/// A row as it is sent.
trait Row {
    /// About how many bytes it takes.
    fn size(&self) -> usize;

    /// The names under which it counts.
    fn counts_as(&self) -> &'static [&'static str];
}

/// Takes a row.
type Emit<'a, R> = dyn FnMut(R) -> io::Result<()> + 'a;

/// A database that takes a graph. A call that failed may be repeated.
trait Sink {
    type Row: Row;

    /// What it is sent one after the other, by name.
    const PARTS: &'static [&'static str];

    /// Connects, makes ready what the load needs, and gives what people should be warned of.
    fn begin(&mut self, load: &Load) -> Result<Vec<String>, Fault>;

    /// Gives the rows of a part, which are read from the graph piece by piece.
    fn feed(load: &Load, part: &str, graph: &dyn GraphSource, emit: &mut Emit<Self::Row>) -> io::Result<()>;

    /// Whether an earlier run of the same load has sent these rows; no if that is not known.
    fn has(&mut self, rows: &[Self::Row]) -> Result<bool, Fault>;

    /// Sends rows; if they are there already, nothing changes.
    fn send(&mut self, rows: &[Self::Row]) -> Result<(), Fault>;

    /// What there is of this load, under the names of [`Row::counts_as`].
    fn counts(&mut self) -> Result<Vec<(&'static str, u64)>, Fault>;

    /// Removes some of what other loads left, and says how much that was; nothing when all is gone.
    fn remove_others(&mut self) -> Result<u64, Fault>;

    /// Makes the load visible where it was not, and says whether it did.
    fn finish(&mut self) -> Result<bool, Fault>;

    /// Takes nothing of this load for granted any more, so that its next run finds out what is missing.
    fn doubt(&mut self) -> Result<(), Fault>;
}

/// Where to load a graph, and how.
///
/// ```no_run
/// use std::time::Duration;
///
/// use relata::{
///     graph::KnowledgeGraph,
///     load::{Address, Loader, Progress},
/// };
///
/// let loader = Loader::new(Address::parse("sparql+https://me@rdf.example.org/")?)
///     .with_password("secret")
///     .with_named_graph("https://example.org/news")
///     .with_base_iri("https://example.org/id/")
///     .with_batch_rows(5000)
///     .with_patience(Duration::from_secs(600))
///     .with_replace(true);
/// let report = loader.load(&KnowledgeGraph::default(), &mut |progress| {
///     if let Progress::Sent { what, count } = progress {
///         eprintln!("{count} {what}");
///     }
/// })?;
/// # Ok::<(), relata::load::LoadError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct Loader {
    address: Address,
    password: String,
    named_graph: String,
    base_iri: String,
    batch_rows: usize,
    patience: Duration,
    replace: bool,
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the password.
        f.debug_struct("Loader").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Loader {
    /// A loader with its defaults.
    pub fn new(address: Address) -> Self {
        Self {
            address,
            password: String::new(),
            named_graph: DEFAULT_NAMED_GRAPH.to_owned(),
            base_iri: DEFAULT_BASE_IRI.to_owned(),
            batch_rows: BATCH_ROWS,
            patience: PATIENCE,
            replace: false,
        }
    }

    /// Sets the password of the user in the address.
    pub fn with_password(mut self, password: impl Into<String>) -> Self {
        self.password = password.into();
        self
    }

    /// Sets the named graph of an RDF store that is written ([`DEFAULT_NAMED_GRAPH`] by default).
    pub fn with_named_graph(mut self, iri: impl Into<String>) -> Self {
        self.named_graph = iri.into();
        self
    }

    /// Sets what the IRIs of nodes, documents and statements in an RDF store start with ([`DEFAULT_BASE_IRI`] by default).
    pub fn with_base_iri(mut self, base: impl Into<String>) -> Self {
        self.base_iri = base.into();
        self
    }

    /// Sets how many rows are sent at once (1000 by default).
    pub fn with_batch_rows(mut self, rows: usize) -> Self {
        self.batch_rows = rows.max(1);
        self
    }

    /// Sets how long a server that fails for a reason that may pass is tried again (30 seconds by default).
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Removes what earlier loads wrote and this graph does not have (off by default).
    pub fn with_replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Sends a graph, and compares what the database then holds with what was sent.
    ///
    /// All that is written carries a mark, which is a hash of the graph. A load that was cut off is simply
    /// run again: what has the mark is not sent a second time.
    ///
    /// # Errors
    ///
    /// Fails if the graph cannot be read, the server cannot be reached or refuses, or the numbers differ. What was sent
    /// until then stays.
    pub fn load(&self, graph: &dyn GraphSource, progress: &mut dyn FnMut(Progress)) -> Result<Report, LoadError> {
        let mark = mark(graph, &self.base_iri).map_err(LoadError::Read)?;
        let load = Load { mark, base_iri: self.base_iri.clone() };
        let password = self.password.as_str();
        match self.address.protocol() {
            Protocol::Bolt => self.run(PropertyGraph::new(Bolt::new(&self.address, password)), &load, graph, progress),
            Protocol::FalkorDb => {
                self.run(PropertyGraph::new(FalkorDb::new(&self.address, password)), &load, graph, progress)
            }
            Protocol::Sparql => {
                let sink = Sparql::new(&self.address, password, &self.named_graph, self.replace);
                self.run(sink.map_err(|fault| self.error(fault))?, &load, graph, progress)
            }
        }
    }

    fn run<S: Sink>(
        &self,
        mut sink: S,
        load: &Load,
        graph: &dyn GraphSource,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, LoadError> {
        // A server that is not there from the start is not waited for: the address may be wrong.
        let warnings = sink.begin(load).map_err(|fault| self.error(fault))?;
        let mut sending = Sending {
            loader: self,
            sink,
            batch: Batch { part: "", rows: Vec::new(), size: 0, done: 0 },
            sent: Tally::default(),
            found: 0,
            failed: None,
            progress,
        };
        for part in S::PARTS {
            sending.batch = Batch { part, rows: Vec::new(), size: 0, done: 0 };
            let fed = S::feed(load, part, graph, &mut |row| sending.push(row));
            if let Some(error) = sending.failed {
                return Err(error);
            }
            fed.map_err(LoadError::Read)?;
            sending.flush()?;
        }
        let Sending { mut sink, sent, found, progress, .. } = sending;
        let mut report = Report { found, warnings, ..Report::default() };
        progress(Progress::Comparing);
        report.counts = self.compared(&mut sink, &sent, progress)?;
        if self.replace {
            loop {
                let removed = self.patiently(progress, || sink.remove_others())?;
                report.removed += removed;
                if removed == 0 {
                    break;
                }
                progress(Progress::Removing { removed: report.removed });
            }
        }
        if self.patiently(progress, || sink.finish())? || report.removed > 0 {
            // Once more: what came after the first look must not have taken anything away.
            report.counts = self.compared(&mut sink, &sent, progress)?;
        }
        Ok(report)
    }

    /// What the database holds, if that is what was sent.
    fn compared(
        &self,
        sink: &mut impl Sink,
        sent: &Tally,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<(&'static str, u64)>, LoadError> {
        let held = self.patiently(progress, || sink.counts())?;
        sent.compare(&held).inspect_err(|_| {
            // Should that fail as well, the numbers are still what has to be told.
            let _ = sink.doubt();
        })?;
        Ok(held)
    }

    /// Does something again while it fails for a reason that may pass, with growing pauses.
    fn patiently<T>(
        &self,
        progress: &mut dyn FnMut(Progress),
        mut attempt: impl FnMut() -> Result<T, Fault>,
    ) -> Result<T, LoadError> {
        let mut failing_since = None;
        let mut pause = FIRST_PAUSE;
        loop {
            let fault = match attempt() {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            };
            let since = *failing_since.get_or_insert_with(Instant::now);
            if !fault.may_pass() || since.elapsed() + pause > self.patience {
                return Err(match fault.kind() {
                    FaultKind::Lost | FaultKind::Busy => {
                        LoadError::Lost { host: self.address.host_and_port(), reason: fault.into_message() }
                    }
                    _ => self.error(fault),
                });
            }
            progress(Progress::Waiting { pause });
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn error(&self, fault: Fault) -> LoadError {
        fault.into_error(&self.address)
    }
}

/// Rows that are sent together.
struct Batch<R> {
    part: &'static str,
    rows: Vec<R>,
    size: usize,
    /// Rows of the part that are in the database.
    done: u64,
}

/// A load at work.
struct Sending<'a, S: Sink> {
    loader: &'a Loader,
    sink: S,
    batch: Batch<S::Row>,
    sent: Tally,
    found: u64,
    /// Why no more rows are taken.
    failed: Option<LoadError>,
    progress: &'a mut dyn FnMut(Progress),
}

impl<S: Sink> Sending<'_, S> {
    /// Takes a row; the error it gives only ends the reading, what happened is in `failed`.
    fn push(&mut self, row: S::Row) -> io::Result<()> {
        self.batch.size += row.size();
        self.batch.rows.push(row);
        if self.batch.rows.len() < self.loader.batch_rows && self.batch.size < BATCH_BYTES {
            return Ok(());
        }
        self.flush().map_err(|error| {
            self.failed = Some(error);
            io::Error::other("the load failed")
        })
    }

    fn flush(&mut self) -> Result<(), LoadError> {
        let (loader, sink, rows) = (self.loader, &mut self.sink, self.batch.rows.as_slice());
        if rows.is_empty() {
            return Ok(());
        }
        let count = rows.len() as u64;
        if loader.patiently(self.progress, || sink.has(rows))? {
            self.found += count;
        } else {
            loader.patiently(self.progress, || sink.send(rows))?;
        }
        self.sent.add(rows);
        self.batch.rows.clear();
        self.batch.size = 0;
        self.batch.done += count;
        (self.progress)(Progress::Sent { what: self.batch.part, count: self.batch.done });
        Ok(())
    }
}

/// Counts what is sent, in the order in which the names come up.
#[derive(Debug, Default)]
struct Tally(Vec<(&'static str, u64)>);

impl Tally {
    fn add(&mut self, rows: &[impl Row]) {
        for name in rows.iter().flat_map(Row::counts_as) {
            match self.0.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => self.0.push((name, 1)),
            }
        }
    }

    /// An error if the database holds other numbers.
    fn compare(&self, held: &[(&'static str, u64)]) -> Result<(), LoadError> {
        let sent = |name: &str| self.0.iter().find(|(known, _)| *known == name).map_or(0, |(_, count)| *count);
        for (what, held) in held {
            let sent = sent(what);
            if sent != *held {
                return Err(LoadError::Counts { what, sent, held: *held });
            }
        }
        Ok(())
    }
}

/// A hash of all that a graph holds and of what decides how it is written: the program's version, and a base of IRIs.
fn mark(graph: &dyn GraphSource, base_iri: &str) -> io::Result<String> {
    fn add<T: serde::Serialize>(hasher: &mut Sha256, item: &T) -> io::Result<()> {
        hasher.update(serde_json::to_vec(item)?);
        hasher.update(b"\n");
        Ok(())
    }
    let mut hasher = Sha256::new();
    add(&mut hasher, &(env!("CARGO_PKG_VERSION"), base_iri))?;
    for document in graph.documents() {
        add(&mut hasher, &*document?)?;
    }
    for node in graph.nodes() {
        add(&mut hasher, &*node?)?;
    }
    for edge in graph.edges() {
        add(&mut hasher, &*edge?)?;
    }
    Ok(hex(hasher.finalize().as_slice(), 16))
}

#[cfg(test)]
mod tests;
