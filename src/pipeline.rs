//! All stages in a row, and documents in parallel.
//!
//! This is the only module of the library that knows every stage.
//! [`Pipeline::annotate`] takes one document through them; [`run_ordered`] takes a stream of documents through
//! any such function on several threads, with results in input order and memory bounded.

use std::{
    any::Any,
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

use crate::{
    document::{Document, Mention},
    kb::KnowledgeBase,
    link::{link, link_known},
    nn::{
        CoreferenceHead, Encoding, MentionWords, Model, ModelError, Precision, PreparedMentions, coreference_features,
    },
    recognize::{
        add_known,
        dates::{mend_dates, normalize_dates},
        drop_unlikely_names, harmonize_types, recognize,
    },
    relate::{relate, relate_by_rules},
    resolve::{PairScorer, resolve_known},
    segment::segment,
    span::ByteSpan,
    threads::Crew,
    user::{Rules, UserNames, checksum_of},
};

/// Why a pipeline cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// No model is built in, or it does not pass its checks.
    #[error("cannot use the built-in model; name a model folder, or build with the feature `embed-en`")]
    Embedded(#[source] ModelError),
    /// A model folder is missing, damaged or of another version.
    #[error("cannot load the model in {}", path.display())]
    Model {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        source: ModelError,
    },
}

/// The stages with their model, ready to annotate documents; share it between threads by reference.
pub struct Pipeline {
    model: Model,
    min_score: f32,
    names: Option<UserNames>,
    rules: Option<Rules>,
    knowledge: Option<Arc<KnowledgeBase>>,
}

impl Pipeline {
    /// The pipeline with the model that is built into the crate (feature `embed-en`).
    ///
    /// # Errors
    ///
    /// If no model is built in, or it does not pass its checks.
    pub fn new() -> Result<Self, PipelineError> {
        Self::with_precision(Precision::default())
    }

    /// The pipeline with the built-in model, counting as exactly as asked.
    ///
    /// # Errors
    ///
    /// If no model is built in, or it does not pass its checks.
    pub fn with_precision(precision: Precision) -> Result<Self, PipelineError> {
        let model = Model::embedded(precision).map_err(PipelineError::Embedded)?;
        Ok(Self::with_model(model))
    }

    /// The pipeline with the smaller of the built-in models, which is faster and wrong more often; `data/models/README.md`
    /// says by how much.
    ///
    /// # Errors
    ///
    /// If no model is built in, or it does not pass its checks.
    pub fn fast(precision: Precision) -> Result<Self, PipelineError> {
        Ok(Self::with_model(Model::embedded_fast(precision).map_err(PipelineError::Embedded)?))
    }

    /// The pipeline with the model in a folder.
    ///
    /// # Errors
    ///
    /// If the folder holds no model, or one that is damaged or of another version.
    pub fn from_model_dir(path: impl AsRef<Path>, precision: Precision) -> Result<Self, PipelineError> {
        let path = path.as_ref();
        let model =
            Model::open(path, precision).map_err(|source| PipelineError::Model { path: path.to_owned(), source })?;
        Ok(Self::with_model(model))
    }

    fn with_model(model: Model) -> Self {
        Self { model, min_score: 0.0, names: None, rules: None, knowledge: None }
    }

    /// Knows these names besides what the model finds: they are mentions wherever they stand, with the type that the
    /// user gave them, and the entities that have them get their identifiers as links. Takes the place of earlier ones.
    ///
    /// # Examples
    ///
    /// ```
    /// use relata::{document::Document, pipeline::Pipeline, user::NameList};
    ///
    /// let names = NameList::new().with_tsv("Quellmark 7\tWORK\tparts:4711\tQM7\n")?.compile()?;
    /// # #[cfg(feature = "embed-en")] {
    /// let pipeline = Pipeline::new()?.with_user_names(names);
    /// let mut doc = Document::new("note", "Ada Quill showed the Quellmark 7 in Oslo.");
    /// pipeline.annotate(&mut doc);
    /// let part = doc.entities.iter().find(|entity| entity.name == "Quellmark 7").expect("it is in the list");
    /// assert_eq!(part.link.as_deref(), Some("parts:4711"));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_user_names(mut self, names: UserNames) -> Self {
        self.names = Some(names);
        self
    }

    /// Finds what these rules find besides what the model does: mentions, and relations between mentions in one
    /// sentence. Takes the place of earlier ones.
    ///
    /// # Examples
    ///
    /// ```
    /// use relata::{document::Document, pipeline::Pipeline, user::{RelationRule, RuleSet, Rules}};
    ///
    /// let rule = RelationRule {
    ///     relation_type: "born_in".to_owned(),
    ///     pattern: r"(?P<head>{PERSON}) \(native of (?P<tail>{PLACE})\)".to_owned(),
    ///     ..RelationRule::default()
    /// };
    /// let rules = Rules::new(&RuleSet { relations: vec![rule], ..RuleSet::default() })?;
    /// # #[cfg(feature = "embed-en")] {
    /// let pipeline = Pipeline::new()?.with_rules(rules);
    /// let mut doc = Document::new("note", "The speaker is Ada Quill (native of Oslo).");
    /// pipeline.annotate(&mut doc);
    /// assert!(doc.relations.iter().any(|relation| relation.relation_type.name() == "born_in"));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = Some(rules);
        self
    }

    /// Checksum of the names and rules of the user, which tells some from others; nothing if there are none.
    #[must_use]
    pub fn user_checksum(&self) -> Option<String> {
        checksum_of(self.names.as_ref(), self.rules.as_ref())
    }

    /// Keeps only relations whose score is at least this; the default, 0, keeps all that the model's own thresholds let
    /// through.
    #[must_use]
    pub fn with_min_score(mut self, min_score: f32) -> Self {
        self.min_score = min_score;
        self
    }

    /// Links people, organizations and places to the user's own knowledge base, where what is built in knows no place.
    #[must_use]
    pub fn with_knowledge_base(mut self, knowledge: Arc<KnowledgeBase>) -> Self {
        self.knowledge = Some(knowledge);
        self
    }

    /// The user's own knowledge base.
    #[must_use]
    pub fn knowledge_base(&self) -> Option<&KnowledgeBase> {
        self.knowledge.as_deref()
    }

    /// Checksum of the model, which tells one from another.
    #[must_use]
    pub fn model_checksum(&self) -> &str {
        self.model.checksum()
    }

    /// Fills in everything the stages find in the document's text.
    ///
    /// Annotations that the document brings along are replaced, `id`, `text` and metadata stay.
    pub fn annotate(&self, doc: &mut Document) {
        clear_annotations(doc);
        self.run_stages(doc);
        doc.relations.retain(|relation| relation.score >= self.min_score);
        doc.keep_types();
    }

    fn run_stages(&self, doc: &mut Document) {
        segment(doc);
        let encoding = self.model.encode(&doc.text);
        let words: Vec<ByteSpan> = encoding.words().iter().map(|word| word.span).collect();
        recognize(doc, &words, &self.model.mention_head().logits(&encoding));
        mend_dates(doc);
        let known = add_known(doc, &words, self.names.as_ref(), self.rules.as_ref());
        harmonize_types(doc);
        drop_unlikely_names(doc);
        normalize_dates(doc);
        let (text, found) = (doc.text.clone(), doc.mentions.clone());
        let scorer = ModelScorer::new(&self.model, &encoding, &text, &found);
        resolve_known(doc, &scorer, &known);
        relate(doc, &self.model, &encoding);
        if let Some(rules) = &self.rules {
            relate_by_rules(doc, rules, self.min_score);
        }
        // Last, since what lies where is among the relations, and no other stage asks which place it is.
        link(doc);
        if let Some(knowledge) = &self.knowledge {
            link_known(doc, knowledge);
        }
    }
}

/// Scores mention pairs with the model.
struct ModelScorer<'a> {
    head: &'a CoreferenceHead,
    prepared: PreparedMentions,
    mentions: Vec<MentionWords>,
    texts: Vec<&'a str>,
}

impl<'a> ModelScorer<'a> {
    fn new(model: &'a Model, encoding: &Encoding, text: &'a str, found: &[Mention]) -> Self {
        let mut mentions = Vec::with_capacity(found.len());
        let mut texts = Vec::with_capacity(found.len());
        for mention in found {
            let words = encoding.words_in(mention.span);
            mentions.push(MentionWords {
                first: words.start,
                last: words.end.max(words.start + 1) - 1,
                entity_type: mention.entity_type,
                kind: mention.kind,
            });
            texts.push(text.get(mention.span.range()).unwrap_or_default());
        }
        let head = model.coreference_head();
        let prepared = head.prepare(encoding, &mentions);
        Self { head, prepared, mentions, texts }
    }
}

impl PairScorer for ModelScorer<'_> {
    fn scores(&self, anaphor: usize, antecedents: &[usize]) -> Vec<f32> {
        let pairs: Vec<_> = antecedents
            .iter()
            .map(|antecedent| {
                let features = coreference_features(&self.mentions, &self.texts, anaphor, *antecedent);
                (anaphor, *antecedent, features)
            })
            .collect();
        self.head.scores(&self.prepared, &pairs)
    }

    fn probability(&self, score: f32) -> f32 {
        self.head.probability(score)
    }
}

fn clear_annotations(doc: &mut Document) {
    doc.paragraphs.clear();
    doc.sentences.clear();
    doc.tokens.clear();
    doc.mentions.clear();
    doc.entities.clear();
    doc.relations.clear();
}

/// How many documents per thread may be in memory at once: read but not yet taken by the sink.
///
/// More would let threads run further ahead of one slow document, at the price of memory.
const WINDOW_PER_THREAD: usize = 8;

/// How many bytes of text may be in memory at once; a single larger document passes alone.
const WINDOW_BYTES: usize = 64 << 20;

/// Annotates documents on `threads` threads and hands them to `sink` in input order.
///
/// Faults among the documents go through to the sink at their place.
/// At most eight documents per thread are in memory, fewer if they are large, however long the stream is.
/// Documents are read on the calling thread and the sink runs as soon as its next document is ready, even while the
/// reader waits for more input, so a program may write a line, wait for its result, and write the next one.
/// Threads that have no document help with the parts of long ones.
/// A panic in `annotate` costs one document its annotations and leaves a warning in [`Document::warnings`].
///
/// # Errors
///
/// The first error of the sink; no document is read after it.
///
/// # Panics
///
/// If reading a document or the sink panics.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
/// use relata::{document::Document, pipeline::run_ordered};
///
/// let documents = (0..100).map(|n| Ok::<_, Infallible>(Document::new(n.to_string(), "text")));
/// let mut ids = Vec::new();
/// run_ordered(documents, 4, |doc| doc.title = Some(doc.id.clone()), |doc| {
///     ids.extend(doc.map(|doc| doc.id));
///     Ok::<_, Infallible>(())
/// })
/// .unwrap();
/// assert_eq!(ids[99], "99");
/// ```
pub fn run_ordered<Fault, SinkError>(
    documents: impl IntoIterator<Item = Result<Document, Fault>>,
    threads: usize,
    annotate: impl Fn(&mut Document) + Sync,
    mut sink: impl FnMut(Result<Document, Fault>) -> Result<(), SinkError> + Send,
) -> Result<(), SinkError>
where
    Fault: Send,
    SinkError: Send,
{
    if threads <= 1 {
        // Even one thread works inside a pool: the matrix library would else spread its work over all cores.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "relata-0".to_owned()).build().ok();
        let annotate = |doc| match &pool {
            Some(pool) => pool.install(|| annotate_guarded(&annotate, doc)),
            None => annotate_guarded(&annotate, doc),
        };
        for document in documents {
            sink(document.map(annotate))?;
        }
        return Ok(());
    }
    let window = Window::new(threads.saturating_mul(WINDOW_PER_THREAD), WINDOW_BYTES);
    let (window, annotate) = (&window, &annotate);
    let crew = Crew::new(threads);
    thread::scope(|scope| {
        // Made here, so that the senders are gone, and workers and writer end, if reading panics.
        let (jobs, queue) = mpsc::channel::<(usize, usize, Document)>();
        let (results, finished) = mpsc::channel::<(usize, usize, Result<Document, Fault>)>();
        let writer = scope.spawn(move || {
            // Lets the reader go on (and then stop) even if the sink fails or panics.
            let _closer = Closer(window);
            let mut waiting = BTreeMap::new();
            let mut next = 0;
            for (index, bytes, result) in finished {
                waiting.insert(index, (bytes, result));
                while let Some((bytes, result)) = waiting.remove(&next) {
                    sink(result)?;
                    window.leave(bytes);
                    next += 1;
                }
            }
            Ok(())
        });
        let queue = Arc::new(Mutex::new(queue));
        let mut workers = 0;
        for index in 0..threads {
            let (queue, results, crew) = (Arc::clone(&queue), results.clone(), Arc::clone(&crew));
            let work = move || {
                crew.run(|| {
                    loop {
                        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        let Ok((index, bytes, doc)) = job else { break };
                        if !window.is_closed() {
                            let doc = crew.work(|| annotate_guarded(annotate, doc));
                            drop(results.send((index, bytes, Ok(doc))));
                        }
                    }
                });
            };
            let worker = thread::Builder::new().name(format!("relata-{index}")).spawn_scoped(scope, work);
            workers += usize::from(worker.is_ok());
        }
        for (index, document) in documents.into_iter().enumerate() {
            let bytes = document.as_ref().map_or(0, |doc| doc.text.len());
            if !window.enter(bytes) {
                break;
            }
            // A failed send means that the writer has stopped; the window is closed then and the loop ends.
            match document {
                Err(fault) => drop(results.send((index, bytes, Err(fault)))),
                // Without threads from the system the work is still done, only slower.
                Ok(doc) if workers == 0 => drop(results.send((index, bytes, Ok(annotate_guarded(annotate, doc))))),
                Ok(doc) => drop(jobs.send((index, bytes, doc))),
            }
        }
        drop((jobs, results));
        writer.join().unwrap_or_else(|payload| panic::resume_unwind(payload))
    })
}

/// Annotates the document; after a panic it has a warning and no annotations.
/// How the warning of a document begins whose stages panicked.
pub const INTERNAL_ERROR: &str = "nothing was extracted because of an internal error";

fn annotate_guarded(annotate: &impl Fn(&mut Document), mut doc: Document) -> Document {
    // A document is plain data, so no half-done change can break it beyond its annotations, which are cleared.
    if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(|| annotate(&mut doc))) {
        clear_annotations(&mut doc);
        doc.warnings.push(format!("{INTERNAL_ERROR}: {}", panic_message(&*payload)));
    }
    doc
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(message), _) => message,
        (_, Some(message)) => message,
        _ => "unknown",
    }
}

/// Counts what is in memory and makes the reader wait when it is too much.
struct Window {
    state: Mutex<WindowState>,
    changed: Condvar,
    max_documents: usize,
    max_bytes: usize,
}

#[derive(Default)]
struct WindowState {
    documents: usize,
    bytes: usize,
    closed: bool,
}

impl Window {
    fn new(max_documents: usize, max_bytes: usize) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), max_documents, max_bytes }
    }

    /// Waits until there is room for a document; false if the sink takes no more.
    fn enter(&self, bytes: usize) -> bool {
        let is_full = |state: &mut WindowState| {
            let too_large = state.bytes.saturating_add(bytes) > self.max_bytes;
            !state.closed && state.documents > 0 && (state.documents >= self.max_documents || too_large)
        };
        let mut state = self.changed.wait_while(self.lock(), is_full).unwrap_or_else(PoisonError::into_inner);
        state.documents += 1;
        state.bytes = state.bytes.saturating_add(bytes);
        !state.closed
    }

    fn leave(&self, bytes: usize) {
        let mut state = self.lock();
        state.documents = state.documents.saturating_sub(1);
        state.bytes = state.bytes.saturating_sub(bytes);
        self.changed.notify_one();
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    fn is_closed(&self) -> bool {
        self.lock().closed
    }

    fn lock(&self) -> MutexGuard<'_, WindowState> {
        // The state is three numbers that are valid after every statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Closer<'a>(&'a Window);

impl Drop for Closer<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::*;

    /// Runs `count` documents, every seventh unreadable, every eleventh panicking, and lists what the sink saw.
    fn run(count: usize, threads: usize) -> Vec<String> {
        let documents = (0..count).map(|n| {
            if n % 7 == 3 { Err(format!("bad {n}")) } else { Ok(Document::new(n.to_string(), "x".repeat(n))) }
        });
        let annotate = |doc: &mut Document| {
            let number = doc.text.len();
            assert!(number % 11 != 5, "cannot bear {number}");
            // Makes later documents finish before earlier ones.
            thread::sleep(Duration::from_micros((number % 5) as u64 * 200));
            doc.title = Some(format!("title {number}"));
        };
        let mut seen = Vec::new();
        let sink = |document: Result<Document, String>| {
            seen.push(match document {
                Ok(doc) => format!("{} {:?} {:?}", doc.id, doc.title, doc.warnings),
                Err(fault) => fault,
            });
            Ok::<_, ()>(())
        };
        run_ordered(documents, threads, annotate, sink).unwrap();
        seen
    }

    #[test]
    fn order_and_content_do_not_depend_on_threads() {
        let expected = run(200, 1);
        assert_eq!(expected.len(), 200);
        assert_eq!(expected[3], "bad 3");
        assert_eq!(expected[4], r#"4 Some("title 4") []"#);
        assert_eq!(expected[5], r#"5 None ["nothing was extracted because of an internal error: cannot bear 5"]"#);
        for threads in [2, 3, 8] {
            assert_eq!(run(200, threads), expected, "{threads} threads");
        }
    }

    #[test]
    fn reading_stops_after_the_sink_fails() {
        for threads in [1, 4] {
            let read = AtomicUsize::new(0);
            let documents = (0..).map(|n: usize| {
                read.fetch_add(1, Ordering::Relaxed);
                Ok::<_, ()>(Document::new(n.to_string(), ""))
            });
            let mut taken = 0;
            let result = run_ordered(
                documents,
                threads,
                |_| {},
                |_| {
                    taken += 1;
                    if taken == 10 { Err("full") } else { Ok(()) }
                },
            );
            assert_eq!(result, Err("full"));
            assert!(read.load(Ordering::Relaxed) <= 10 + 4 * WINDOW_PER_THREAD + 1);
        }
    }

    #[test]
    fn the_reader_never_runs_far_ahead() {
        let (read, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let documents = (0..300).map(|n: usize| {
            let ahead = read.fetch_add(1, Ordering::SeqCst) - taken.load(Ordering::SeqCst).min(n);
            assert!(ahead <= 2 * WINDOW_PER_THREAD + 1, "{ahead} documents in memory");
            Ok::<_, ()>(Document::new(n.to_string(), ""))
        });
        let slow_first = |doc: &mut Document| {
            if doc.id == "0" {
                thread::sleep(Duration::from_millis(50));
            }
        };
        run_ordered(documents, 2, slow_first, |_| {
            taken.fetch_add(1, Ordering::SeqCst);
            Ok::<_, ()>(())
        })
        .unwrap();
    }

    #[test]
    fn results_come_while_the_reader_waits() {
        let (answer, answers) = mpsc::channel();
        let documents = (0..3).map(|n: usize| {
            if n > 0 {
                // As a program that writes a line only when it has the answer to the one before.
                answers.recv_timeout(Duration::from_secs(20)).expect("an answer before the next document");
            }
            Ok::<_, ()>(Document::new(n.to_string(), ""))
        });
        run_ordered(documents, 4, |_| {}, |_| answer.send(()).map_err(|_| ())).unwrap();
    }

    #[test]
    fn panics_of_reader_and_sink_come_through() {
        let run = |reader_panics: bool| {
            panic::catch_unwind(move || {
                let documents = (0..100).map(|n: usize| {
                    assert!(!reader_panics || n < 20, "reader");
                    Ok::<_, ()>(Document::new(n.to_string(), ""))
                });
                let mut taken = 0;
                run_ordered(
                    documents,
                    3,
                    |_| {},
                    move |_| {
                        taken += 1;
                        assert!(reader_panics || taken < 20, "sink");
                        Ok::<_, ()>(())
                    },
                )
            })
        };
        for reader_panics in [true, false] {
            assert!(run(reader_panics).is_err());
        }
    }

    #[test]
    fn large_documents_pass_one_by_one() {
        let window = Window::new(10, 100);
        assert!(window.enter(500));
        window.leave(500);
        assert!(window.enter(60));
        assert!(window.enter(40));
        window.close();
        assert!(!window.enter(1));
    }
}
