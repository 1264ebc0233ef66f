//! The graph that a command works on: all of a file, or a part.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    export::read_node_link,
    graph::{GraphFilter, GraphSource, Period},
    read::open_decompressed,
    schema::{EntityType, RelationType, Status},
    store::GraphFile,
};

use super::{
    Outcome,
    arguments::{FilterArguments, GlobalArguments},
    config::Settings,
    store,
};

/// What to keep of the graph, as the arguments say.
fn filter(global: &GlobalArguments, arguments: &FilterArguments) -> Result<GraphFilter> {
    let mut filter = GraphFilter::new();
    if let Some(min_score) = global.min_score {
        filter = filter.with_min_score(min_score);
    }
    if !arguments.types.is_empty() {
        filter = filter.with_entity_types(all(&arguments.types, "entity type", |name| {
            EntityType::all().find(|entity_type| {
                [entity_type.name(), entity_type.key()].iter().any(|known| known.eq_ignore_ascii_case(name))
            })
        })?);
    }
    if !arguments.relations.is_empty() {
        filter = filter.with_relation_types(all(&arguments.relations, "relation type", |name| {
            RelationType::from_name(name).filter(|relation_type| relation_type.is_kept())
        })?);
    }
    if !arguments.status.is_empty() {
        filter = filter.with_statuses(all(&arguments.status, "status", |name| match name {
            "fact" => Some(None),
            name => Status::from_name(name).map(Some),
        })?);
    }
    let (since, until) = (bound(arguments.since.as_deref())?, bound(arguments.until.as_deref())?);
    if since.is_some() || until.is_some() {
        filter = filter.with_dates(Period::between(since, until).context("--until is before --since")?);
    }
    if let Some(name) = &arguments.around {
        filter = filter.around(name, arguments.hops);
    }
    Ok(filter)
}

/// A bound of dates; an error if it is none.
fn bound(date: Option<&str>) -> Result<Option<Period>> {
    let parse =
        |date| Period::parse(date).with_context(|| format!("{date:?} is no date; write 2024, 2024-03 or 2024-03-11"));
    date.map(parse).transpose()
}

/// The part of the graph in a file that passes a filter: of a graph file, read from the disk piece by piece, or of
/// node-link JSON, in memory.
///
/// `scratch` is a folder for what is laid out on the disk; without it, that of the system is used.
pub(super) fn open(
    global: &GlobalArguments,
    path: &Path,
    arguments: &FilterArguments,
    scratch: Option<PathBuf>,
) -> Result<Box<dyn GraphSource>> {
    if is_node_link(path) {
        Settings::resolve(global, None)?;
        let filter = filter(global, arguments)?;
        let reader = open_decompressed(path).with_context(|| format!("cannot read {}", path.display()))?;
        let graph = read_node_link(reader).with_context(|| {
            format!("{} is neither a graph file (.relata) nor node-link JSON of `relata build`", path.display())
        })?;
        return Ok(Box::new(if filter.keeps_everything() { graph } else { graph.subgraph(&filter) }));
    }
    // The file knows which types there are.
    let mut file = store::open(global, path)?;
    let filter = filter(global, arguments)?;
    Ok(Box::new(file.snapshot(&scratch.unwrap_or_else(std::env::temp_dir), &filter)?))
}

/// How a command ends that has written what the filters left, and says so where that is nothing.
///
/// Filters that ask for relations find nothing if none is left, though all the names are.
pub(super) fn outcome(
    global: &GlobalArguments,
    path: &Path,
    filter: &FilterArguments,
    graph: &dyn GraphSource,
) -> Result<Outcome> {
    let asks_for_relations = global.min_score.is_some()
        || filter.since.is_some()
        || filter.until.is_some()
        || !filter.relations.is_empty()
        || !filter.status.is_empty();
    let told = match (graph.node_count(), graph.edge_count(), &filter.around) {
        (0, _, Some(name)) if !asks_for_relations && filter.types.is_empty() => {
            if is_node_link(path) {
                format!("nothing is named {name}")
            } else {
                store::nothing_is_named(&mut GraphFile::open(path)?, name)?
            }
        }
        (0, ..) => "nothing is left to write".to_owned(),
        (nodes, 0, _) if asks_for_relations => {
            format!("no relation is what the filters ask for; {nodes} names are left without any")
        }
        _ => return Ok(Outcome::Found),
    };
    store::say(global, &told);
    Ok(Outcome::NothingFound)
}

/// Whether a path is one of node-link JSON, by its extensions: `graph.json`, `graph.json.gz`.
fn is_node_link(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.split('.').skip(1).any(|extension| extension == "json")
}

/// What all names stand for, or an error that names the first unknown one.
fn all<T: Ord>(names: &[String], what: &str, from_name: impl Fn(&str) -> Option<T>) -> Result<BTreeSet<T>> {
    names
        .iter()
        .map(|name| from_name(name.trim()).with_context(|| format!("unknown {what} {name:?}; see `relata schema`")))
        .collect()
}
