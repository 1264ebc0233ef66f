//! `relata view`: a page to look around in.

use anyhow::{Context, Result, ensure};

use crate::export::InteractivePage;

use super::{
    Outcome,
    arguments::{GlobalArguments, ViewArguments},
    files::Outputs,
    graph,
    output::Target,
};

pub(super) fn run(global: &GlobalArguments, arguments: &ViewArguments) -> Result<Outcome> {
    let target = Target::new(&arguments.output)?;
    ensure!(!arguments.open || target != Target::Stdout, "--open needs a file; name one with -o");
    Outputs::new([&target]).check([arguments.graph.as_path()].into_iter().chain(global.files()))?;
    let graph = graph::open(global, &arguments.graph, &arguments.filter, target.parent())?;
    // Places of nodes depend on all of them.
    let graph = graph.whole()?;
    let title = arguments.title.clone().unwrap_or_else(|| name(arguments));
    let mut output = target.open()?;
    InteractivePage::new().with_title(title).write(&graph, &mut output)?;
    output.finish()?;
    if let (true, Target::File(path)) = (arguments.open, &target) {
        open::that_detached(path).with_context(|| format!("cannot show {} in a browser", path.display()))?;
    }
    graph::outcome(global, &arguments.graph, &arguments.filter, &*graph)
}

/// The file's name without its extensions.
fn name(arguments: &ViewArguments) -> String {
    let name = arguments.graph.file_name().unwrap_or_default().to_string_lossy();
    match name.split_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.into_owned(),
    }
}
