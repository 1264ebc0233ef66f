//! `relata build`: one graph from all documents.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    env, mem,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};

use crate::{
    corpus::RULES,
    document::Document,
    export::{GraphExporter, GraphFormat},
    graph::{GraphBuilder, GraphFilter, GraphSource, KnowledgeGraph, builder::id_apart, part::source_hash},
    kb::KnowledgeBase,
    nn::{Model, Precision},
    pipeline::{INTERNAL_ERROR, Pipeline},
    schema::Schema,
    store::{Added, GraphFile, StoreError},
};

use super::{
    Outcome,
    annotate::{annotate_all, pipeline},
    arguments::{BuildArguments, GlobalArguments},
    config::Settings,
    files::{self, Outputs},
    journal::Journal,
    library,
    output::Target,
    store,
};

pub(super) fn run(global: &GlobalArguments, arguments: &BuildArguments) -> Result<Outcome> {
    let settings = Settings::resolve(global, Some(&arguments.read))?;
    let (files, others): (Vec<_>, Vec<_>) = arguments.outputs.iter().partition(|path| store::is_graph_file(path));
    let targets = if others.is_empty() { Vec::new() } else { targets(&others, arguments.format.as_deref())? };
    check_rdf12(arguments.rdf12, &targets)?;
    ensure!(!arguments.keep_text || !files.is_empty(), "--keep-text is for a graph file; add `-o FILE.relata`");
    let graph_files = files.iter().map(|path| Target::new(path)).collect::<Result<Vec<_>>>()?;
    let outputs = Outputs::new(graph_files.iter().chain(targets.iter().map(|(target, _)| target)));
    let read = arguments.inputs.iter().chain(&settings.files).chain(&arguments.decisions);
    outputs.check(read.map(PathBuf::as_path))?;
    let input = Input::new(&settings, arguments)?;
    let mut journal = Journal::start(global, None);
    let graph: Box<dyn GraphSource> = match files.as_slice() {
        [] => Box::new(in_memory(&settings, arguments, &input, outputs, &mut journal)?),
        [path] => {
            let mut file = into_file(&settings, arguments, &input, path, outputs, &mut journal)?;
            if targets.is_empty() {
                let status = file.status()?;
                let line =
                    format!(", {} in the file, {} names, {} things", status.documents, status.names, status.clusters);
                return Ok(match journal.finish(&line) {
                    // All of it may have been there before.
                    Outcome::NothingFound if status.entities > 0 => Outcome::Found,
                    outcome => outcome,
                });
            }
            let folder = targets.iter().find_map(|(target, _)| target.parent());
            Box::new(file.snapshot(&folder.unwrap_or_else(env::temp_dir), &GraphFilter::new())?)
        }
        _ => bail!("one graph file at a time"),
    };
    for (target, format) in targets {
        if graph.node_count() > 0 || !journal.leaves(&target) {
            write(&*graph, &target, format, arguments.rdf12)?;
        }
    }
    let (nodes, edges) = (graph.node_count(), graph.edge_count());
    match journal.finish(&format!(", {nodes} nodes, {edges} edges")) {
        Outcome::Found if nodes == 0 => Ok(Outcome::NothingFound),
        Outcome::NothingFound if nodes > 0 => Ok(Outcome::Found),
        outcome => Ok(outcome),
    }
}

/// What stands for the model, and the like, of documents that were annotated before.
const EXTRACTED: &str = "extracted";

/// Where annotations come from.
enum Input {
    Pipeline(Box<Pipeline>),
    /// Lines that were annotated before.
    Extracted,
}

impl Input {
    fn new(settings: &Settings, arguments: &BuildArguments) -> Result<Self> {
        if arguments.extracted {
            let user_files = !settings.gazetteer.is_empty() || !settings.rules.is_empty();
            ensure!(!user_files, "--gazetteer and --rules are for texts; give them to `relata extract`");
            return Ok(Self::Extracted);
        }
        Ok(Self::Pipeline(Box::new(pipeline(settings)?)))
    }

    /// Takes all documents through the stages, or reads what went through them before.
    fn annotate(
        &self,
        settings: &Settings,
        arguments: &BuildArguments,
        outputs: Outputs,
        journal: &mut Journal,
        mut wanted: impl FnMut(&Document) -> Result<bool>,
        mut sink: impl FnMut(&Document) -> Result<()> + Send,
    ) -> Result<()> {
        // An error of the sieve ends the documents; it is told afterwards.
        let fault = RefCell::new(None);
        let mut keep = |document: &Document| match wanted(document) {
            Ok(wanted) => wanted,
            Err(error) => {
                *fault.borrow_mut() = Some(error);
                false
            }
        };
        match self {
            Self::Pipeline(pipeline) => {
                let documents = library::documents(&settings.read, &arguments.inputs, outputs, journal.left_out());
                let documents = documents
                    .take_while(|_| fault.borrow().is_none())
                    .filter(|document| document.as_ref().map_or(true, &mut keep));
                annotate_all(pipeline, settings.threads, documents, journal, sink)?;
            }
            Self::Extracted => {
                let min_score = settings.min_score.unwrap_or(0.0);
                for document in library::extracted(&arguments.inputs).take_while(|_| fault.borrow().is_none()) {
                    match document {
                        Ok(mut document) if keep(&document) => {
                            document.relations.retain(|relation| relation.score >= min_score);
                            sink(&document)?;
                            journal.count(&document);
                        }
                        Ok(_) => {}
                        Err(error) => journal.skip(&format!("{error:#}")),
                    }
                }
            }
        }
        fault.into_inner().map_or(Ok(()), Err)
    }
}

fn in_memory(
    settings: &Settings,
    arguments: &BuildArguments,
    input: &Input,
    outputs: Outputs,
    journal: &mut Journal,
) -> Result<KnowledgeGraph> {
    ensure!(arguments.decisions.is_none(), "decisions are kept in a graph file; add `-o FILE.relata`");
    let mut builder = GraphBuilder::new();
    input.annotate(
        settings,
        arguments,
        outputs,
        journal,
        |_| Ok(true),
        |doc| {
            builder = mem::take(&mut builder).add(&by_contents(doc));
            Ok(())
        },
    )?;
    Ok(builder.finish())
}

/// A document of standard input that has no identifier, under one made of its contents: both it and the next one are
/// called `-`, or `-:1` in JSON Lines, so that the next one would take its place in a graph file.
fn by_contents(doc: &Document) -> Cow<'_, Document> {
    let line = doc.id.strip_prefix("-:").unwrap_or_default();
    let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    if doc.id != "-" && !is_line {
        return Cow::Borrowed(doc);
    }
    let mut named = doc.clone();
    // Whatever line it stood in.
    named.id = "-".to_owned();
    named.id = id_apart("stdin", &source_hash(&named));
    Cow::Owned(named)
}

/// Documents that go into the file at once, where they come faster than the disk writes them one by one: so many, and not
/// many more bytes of text.
const BATCH: (usize, usize) = (512, 4 << 20);

fn into_file(
    settings: &Settings,
    arguments: &BuildArguments,
    input: &Input,
    path: &Path,
    outputs: Outputs,
    journal: &mut Journal,
) -> Result<GraphFile> {
    let Target::File(path) = Target::new(path)? else { bail!("a graph file cannot go to standard output") };
    let mut file = GraphFile::create(&path)?;
    let _lock = store::WriteLock::insist(&path)?;
    let (model, user_files) = match input {
        Input::Pipeline(pipeline) => {
            let user_files = pipeline.user_checksum().unwrap_or_else(|| "none".to_owned());
            (pipeline.model_checksum().to_owned(), user_files)
        }
        Input::Extracted => (EXTRACTED.to_owned(), EXTRACTED.to_owned()),
    };
    let precision = if arguments.extracted { EXTRACTED } else { settings.precision.name() };
    file.require_schema(Schema::installed()).map_err(store::in_words)?;
    file.require("model", &model).map_err(|error| other_model(error, settings.precision))?;
    let kb = match input {
        Input::Pipeline(pipeline) => pipeline.knowledge_base().map_or("none", KnowledgeBase::checksum),
        Input::Extracted => "none",
    };
    let min_score = settings.min_score.unwrap_or(0.0).to_string();
    for (name, value) in [
        ("user_files", user_files.as_str()),
        ("precision", precision),
        ("min_score", min_score.as_str()),
        ("kb", kb),
        ("keeps_text", if arguments.keep_text { "yes" } else { "no" }),
        ("rules", RULES),
    ] {
        file.require(name, value).map_err(store::in_words)?;
    }
    let decisions = arguments.decisions.as_deref().map(store::read_decisions).transpose()?;
    file.begin_build()?;
    let shared = Mutex::new(file);
    let lock = || shared.lock().unwrap_or_else(PoisonError::into_inner);
    let (most, most_bytes) = if arguments.extracted { BATCH } else { (1, 0) };
    let (mut waiting, mut bytes): (Vec<Document>, usize) = (Vec::new(), 0);
    let known = Cell::new(0);
    let mut replaced = 0;
    let mut add = |docs: &[Document]| -> Result<()> {
        let added = lock().add_all(docs)?;
        replaced += added.iter().filter(|added| **added == Added::Replaced).count();
        Ok(())
    };
    input.annotate(
        settings,
        arguments,
        outputs,
        journal,
        |doc| {
            let is_known = lock().knows(&by_contents(doc))?;
            known.set(known.get() + usize::from(is_known));
            Ok(!is_known)
        },
        |doc| {
            // What failed inside is not known, so that the next run tries again.
            if doc.warnings.iter().any(|warning| warning.starts_with(INTERNAL_ERROR)) {
                return Ok(());
            }
            waiting.push(by_contents(doc).into_owned());
            bytes += doc.text.len();
            if waiting.len() >= most || bytes >= most_bytes {
                add(&waiting)?;
                waiting.clear();
                bytes = 0;
            }
            Ok(())
        },
    )?;
    add(&waiting)?;
    journal.count_in_file(known.get(), replaced);
    let mut file = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    file.end_build()?;
    if let Some(decisions) = decisions {
        // Names are known by their units, which the documents have made.
        file.resolve()?;
        store::apply(&mut file, &decisions)?;
    }
    file.resolve()?;
    Ok(file)
}

/// Says in words, where it can, that a file was built with another model.
fn other_model(error: StoreError, precision: Precision) -> anyhow::Error {
    if let StoreError::OtherSettings { name, was, is } = &error
        && name == "model"
    {
        let (was, is) = (model_in_words(was, precision), model_in_words(is, precision));
        return anyhow!("the file was built with model {was}, not {is}; build it anew, or use the same");
    }
    error.into()
}

/// The model of a checksum: its name if it is built in, else the first digits.
fn model_in_words(checksum: &str, precision: Precision) -> String {
    if checksum == EXTRACTED {
        return "none, from what was extracted before (--extracted)".to_owned();
    }
    // Loaded once more, since only the model itself knows its checksum; the run ends here.
    let built_in = [(Model::embedded(precision), "without --fast"), (Model::embedded_fast(precision), "--fast")];
    for (model, option) in built_in {
        if let Ok(model) = model
            && model.checksum() == checksum
        {
            return format!("{} ({option})", model.label());
        }
    }
    let digits: String = checksum.chars().take(12).collect();
    format!("{digits} (one of your own, or of another version)")
}

/// Decides where the graph goes and in which format, before any work is done.
pub(super) fn targets(outputs: &[impl AsRef<Path>], format: Option<&str>) -> Result<Vec<(Target, GraphFormat)>> {
    let forced = format
        .map(|name| {
            // By extension too: it is what people write elsewhere.
            GraphFormat::from_name(name)
                .or_else(|| GraphFormat::from_extension(name))
                .ok_or_else(|| anyhow::anyhow!("unknown graph format {name:?}; the formats are {}", formats()))
        })
        .transpose()?;
    let mut forced_is_used = false;
    let mut targets: Vec<(Target, GraphFormat)> = Vec::new();
    for path in outputs.iter().map(AsRef::as_ref) {
        let from_extension = path.extension().and_then(|extension| GraphFormat::from_extension(extension.to_str()?));
        let format = match (from_extension, forced) {
            (Some(known), Some(_)) if outputs.len() > 1 => known,
            (_, Some(forced)) => {
                forced_is_used = true;
                forced
            }
            (Some(known), None) => known,
            (None, None) if path == Path::new("-") => {
                bail!("which format for standard output? add --format with one of {}", formats())
            }
            (None, None) if store::is_graph_file(path) => {
                bail!("{} is the name of a graph file, which only `relata build` writes; name another", path.display())
            }
            (None, None) if is_compressed(path) => {
                bail!("{}: graphs are written plain; leave out the last extension", path.display())
            }
            (None, None) => bail!(
                "cannot tell a graph format from the extension of {}; add --format, or use an extension of {}, or with \
                 `relata build` of a graph file (.{})",
                path.display(),
                formats(),
                store::EXTENSION
            ),
        };
        let target = if format.is_folder() { Target::folder(path)? } else { Target::new(path)? };
        ensure!(
            targets.iter().all(|(other, _)| !files::are_one(other, &target)),
            "{} is given twice as output",
            path.display()
        );
        targets.push((target, format));
    }
    ensure!(
        forced.is_none() || forced_is_used,
        "--format is of no use here: the extension of each of the several outputs tells its format"
    );
    Ok(targets)
}

/// Refuses `--rdf12` where no output would show it.
pub(super) fn check_rdf12(rdf12: bool, targets: &[(Target, GraphFormat)]) -> Result<()> {
    let has_form = |format| matches!(format, GraphFormat::NQuads | GraphFormat::Turtle | GraphFormat::TriG);
    ensure!(
        !rdf12 || targets.iter().any(|(_, format)| has_form(*format)),
        "--rdf12 is of no use here: it is for n-quads (.nq), turtle (.ttl) and trig (.trig)"
    );
    Ok(())
}

/// Writes a graph to where it goes.
pub(super) fn write(graph: &dyn GraphSource, target: &Target, format: GraphFormat, rdf12: bool) -> Result<()> {
    let exporter = GraphExporter::from_format(format).with_rdf12(rdf12);
    match target {
        Target::File(path) if format.is_folder() => {
            exporter.write_folder(graph, path).with_context(|| format!("cannot write to {}", path.display()))
        }
        _ => {
            let mut output = target.open()?;
            library::write_graph(graph, exporter, &mut output)?;
            output.finish().map_err(anyhow::Error::from)
        }
    }
}

/// Whether a path is one of a compressed file, as inputs may be.
fn is_compressed(path: &Path) -> bool {
    let is = |known: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known));
    ["gz", "zst", "bz2"].into_iter().any(is)
}

/// All formats with their extensions, as `dot (.dot), node-link (.json)`.
fn formats() -> String {
    let describe = |format: GraphFormat| match format.extension() {
        "" => format!("{} (a folder)", format.name()),
        extension => format!("{} (.{extension})", format.name()),
    };
    GraphFormat::ALL.map(describe).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_without_an_identifier_have_one_of_their_contents() {
        let id = |id: &str, text: &str| by_contents(&Document::new(id, text)).id.clone();
        for kept in ["a.txt", "7", "-a", "-:", "-:a", "a:1"] {
            assert_eq!(id(kept, "One."), kept);
        }
        let one = id("-", "One.");
        assert!(one.starts_with("stdin#") && one.len() == 22, "{one}");
        assert_ne!(one, id("-", "Two."));
        // Whatever line it stood in, it is the same document.
        assert_eq!([id("-:1", "One."), id("-:12", "One.")], [one.clone(), one]);
    }

    #[test]
    fn formats_are_told_by_extension_or_option() {
        let check = |outputs: &[&str], format: Option<&str>, expected: &str| {
            let result = match targets(outputs, format) {
                Ok(targets) => targets.iter().map(|(_, format)| format.name()).collect::<Vec<_>>().join(" "),
                Err(error) => error.to_string(),
            };
            assert!(result.starts_with(expected), "{outputs:?} {format:?}: {result}");
        };
        check(&["graph.dot"], None, "dot");
        check(&["a.dot", "b.jsonld"], None, "dot json-ld");
        check(&["graph.json"], Some("dot"), "dot");
        check(&["graph.dot", "-"], Some("json"), "dot node-link");
        check(&["graph.dot", "-"], Some("node-link"), "dot node-link");
        check(&["graph"], Some("json"), "node-link");
        check(&["graph.dot", "graph.json"], Some("json"), "--format is of no use here");
        check(&["graph.xyz"], None, "cannot tell a graph format from the extension of graph.xyz; add --format");
        check(&["graph.relata"], None, "graph.relata is the name of a graph file, which only `relata build` writes;");
        check(&["graph.json.gz"], None, "graph.json.gz: graphs are written plain; leave out the last extension");
        check(&["graph.json.gz"], Some("dot"), "dot");
        check(&["-"], None, "which format for standard output?");
        check(&["graph.dot"], Some("xyz"), "unknown graph format \"xyz\"; the formats are ");
        check(&["-"], Some("csv-tables"), "a folder of files cannot go to standard output");
        check(&["graph.dot", "tables/"], Some("csv-tables"), "dot csv-tables");
        check(&["a.nq", "b.ttl", "c.trig", "d.nt"], None, "n-quads turtle trig n-quads");
        check(&["graph.dot", "graph.dot"], None, "graph.dot is given twice as output");
        check(&["graph.dot", "./graph.dot"], None, "./graph.dot is given twice as output");
    }
}
