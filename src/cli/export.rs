//! `relata export`: a graph in another format.

use anyhow::Result;

use super::{
    Outcome,
    arguments::{ExportArguments, GlobalArguments},
    build::{self, targets},
    files::Outputs,
    graph,
};

pub(super) fn run(global: &GlobalArguments, arguments: &ExportArguments) -> Result<Outcome> {
    let targets = targets(&arguments.outputs, arguments.format.as_deref())?;
    build::check_rdf12(arguments.rdf12, &targets)?;
    let outputs = Outputs::new(targets.iter().map(|(target, _)| target));
    outputs.check([arguments.file.as_path()].into_iter().chain(global.files()))?;
    // What is laid out on the disk takes about as much room there as the output.
    let scratch = targets.iter().find_map(|(target, _)| target.parent());
    let graph = graph::open(global, &arguments.file, &arguments.filter, scratch)?;
    for (target, format) in targets {
        build::write(&*graph, &target, format, arguments.rdf12)?;
    }
    graph::outcome(global, &arguments.file, &arguments.filter, &*graph)
}
