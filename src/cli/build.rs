//! `relata build`: one graph from all documents.

use std::{mem, path::Path};

use anyhow::{Result, bail, ensure};

use crate::{export::GraphFormat, graph::GraphBuilder};

use super::{
    Outcome,
    annotate::{annotate_all, pipeline},
    arguments::{BuildArguments, GlobalArguments},
    config::Settings,
    journal::Journal,
    library,
    output::Target,
};

pub(super) fn run(global: &GlobalArguments, arguments: &BuildArguments) -> Result<Outcome> {
    let settings = Settings::resolve(global, Some(&arguments.read))?;
    let targets = targets(&arguments.outputs, arguments.format.as_deref())?;
    let documents = library::reader(&settings.read).read(&arguments.inputs);
    let pipeline = pipeline(&settings)?;
    let mut builder = GraphBuilder::new();
    let mut journal = Journal::start(global, None);
    annotate_all(&pipeline, settings.threads, documents, &mut journal, |doc| {
        builder = mem::take(&mut builder).add(doc);
        Ok(())
    })?;
    let graph = builder.finish();
    for (target, format) in targets {
        let mut output = target.open()?;
        library::write_graph(&graph, format, &mut output)?;
        output.finish()?;
    }
    let (nodes, edges) = (graph.node_count(), graph.edge_count());
    match journal.finish(&format!(", {nodes} nodes, {edges} edges")) {
        Outcome::Found if nodes == 0 => Ok(Outcome::NothingFound),
        outcome => Ok(outcome),
    }
}

/// Decides where the graph goes and in which format, before any work is done.
fn targets(outputs: &[impl AsRef<Path>], format: Option<&str>) -> Result<Vec<(Target, GraphFormat)>> {
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
        let target = Target::new(path)?;
        let from_extension = path.extension().and_then(|extension| GraphFormat::from_extension(extension.to_str()?));
        let format = match (from_extension, forced) {
            (Some(known), Some(_)) if outputs.len() > 1 => known,
            (_, Some(forced)) => {
                forced_is_used = true;
                forced
            }
            (Some(known), None) => known,
            (None, None) if target == Target::Stdout => {
                bail!("which format for standard output? add --format with one of {}", formats())
            }
            (None, None) => bail!(
                "cannot tell a graph format from the extension of {}; add --format, or use an extension of {}",
                path.display(),
                formats()
            ),
        };
        ensure!(targets.iter().all(|(other, _)| *other != target), "{} is given twice as output", path.display());
        targets.push((target, format));
    }
    ensure!(
        forced.is_none() || forced_is_used,
        "--format is of no use here: the extension of each of the several outputs tells its format"
    );
    Ok(targets)
}

/// All formats with their extensions, as `dot (.dot), node-link (.json)`.
fn formats() -> String {
    let formats: Vec<_> =
        GraphFormat::ALL.iter().map(|format| format!("{} (.{})", format.name(), format.extension())).collect();
    formats.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check(&["-"], None, "which format for standard output?");
        check(&["graph.dot"], Some("xyz"), "unknown graph format \"xyz\"; the formats are ");
        check(&["graph.dot", "graph.dot"], None, "graph.dot is given twice as output");
    }
}
