//! Adjacency and edge lists, as networkx reads them.
//!
//! These formats separate by blanks and have no quotes, so they hold identifiers; a table in comments gives the names.

use std::io::{self, Write};

use super::escape;
use crate::graph::{Edge, GraphSource, Outgoing};

/// `source target target ...`, one line a node; parallel edges repeat the target.
pub(super) fn write_list(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    write_names(graph, out, "adjacency list; read it as a directed multigraph")?;
    let mut outgoing = Outgoing::of(graph);
    for node in graph.nodes() {
        let node = node?;
        write!(out, "{}", node.id)?;
        for edge in outgoing.from(&node.id)? {
            write!(out, " {}", edge.tail)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// `source degree`, then one line `target data` for each of its edges.
pub(super) fn write_multiline(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    write_names(graph, out, "multiline adjacency list; read it as a directed multigraph")?;
    let mut outgoing = Outgoing::of(graph);
    for node in graph.nodes() {
        let node = node?;
        let edges = outgoing.from(&node.id)?;
        writeln!(out, "{} {}", node.id, edges.len())?;
        for edge in edges {
            writeln!(out, "{} {}", edge.tail, data(graph, &edge)?)?;
        }
    }
    Ok(())
}

/// `source target data`, one line an edge.
pub(super) fn write_edges(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    write_names(
        graph,
        out,
        "edge list; read it as a directed multigraph; nodes without edges are in this table alone",
    )?;
    for edge in graph.edges() {
        let edge = edge?;
        writeln!(out, "{} {} {}", edge.head, edge.tail, data(graph, &edge)?)?;
    }
    Ok(())
}

fn write_names(graph: &dyn GraphSource, out: &mut dyn Write, what: &str) -> io::Result<()> {
    writeln!(out, "# {what}")?;
    for node in graph.nodes() {
        let node = node?;
        writeln!(out, "# {} {} {}", node.id, node.entity_type, escape::one_line(&node.name))?;
    }
    Ok(())
}

/// A Python dictionary without blanks, which the readers would drop, and without words from the text.
fn data(graph: &dyn GraphSource, edge: &Edge) -> io::Result<String> {
    let summary = graph.summary(edge)?;
    let status = summary.status().map_or("fact", |status| status.name());
    Ok(format!(
        "{{\"type\":\"{}\",\"score\":{:?},\"documents\":{},\"status\":\"{status}\"}}",
        edge.relation_type, summary.shown.best_score, summary.documents
    ))
}
