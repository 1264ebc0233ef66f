//! `relata export`: the graph of a graph file in another format.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use crate::{
    graph::{GraphFilter, GraphSource as _},
    schema::{EntityType, RelationType, Status},
};

use super::{
    Outcome,
    arguments::{ExportArguments, GlobalArguments},
    build::{self, targets},
    store,
};

pub(super) fn run(global: &GlobalArguments, arguments: &ExportArguments) -> Result<Outcome> {
    let targets = targets(&arguments.outputs, arguments.format.as_deref())?;
    let mut filter = GraphFilter::new();
    if let Some(min_score) = global.min_score {
        filter = filter.with_min_score(min_score);
    }
    if !arguments.types.is_empty() {
        filter = filter.with_entity_types(all(&arguments.types, "entity type", |name| {
            EntityType::from_name(&name.to_uppercase())
        })?);
    }
    if !arguments.relations.is_empty() {
        filter = filter.with_relation_types(all(&arguments.relations, "relation type", RelationType::from_name)?);
    }
    if !arguments.status.is_empty() {
        filter = filter.with_statuses(all(&arguments.status, "status", |name| match name {
            "fact" => Some(None),
            name => Status::from_name(name).map(Some),
        })?);
    }
    let mut file = store::open(global, &arguments.file)?;
    if let Some(name) = &arguments.around {
        filter = filter.around(name, arguments.hops);
    }
    // What is laid out on the disk takes about as much room there as the output.
    let folder = targets.iter().find_map(|(target, _)| target.parent());
    let graph = file.snapshot(&folder.unwrap_or_else(std::env::temp_dir), &filter)?;
    for (target, format) in targets {
        build::write(&graph, &target, format)?;
    }
    Ok(if graph.node_count() == 0 { Outcome::NothingFound } else { Outcome::Found })
}

/// What all names stand for, or an error that names the first unknown one.
fn all<T: Ord>(names: &[String], what: &str, from_name: impl Fn(&str) -> Option<T>) -> Result<BTreeSet<T>> {
    names
        .iter()
        .map(|name| from_name(name.trim()).with_context(|| format!("unknown {what} {name:?}; see `relata schema`")))
        .collect()
}
