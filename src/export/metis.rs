//! METIS, the format of graph partitioners: undirected, nodes numbered from 1 in canonical order.
//!
//! Edges between the same two nodes are one, whose weight is their number; an edge from a node to itself is left out, as
//! the format has none.

use std::{
    env,
    io::{self, Write},
};

use super::escape;
use crate::{
    graph::GraphSource,
    sort::{Merge, Sorter},
};

/// Bytes of pairs that are kept in memory; the others are sorted in files.
const BUDGET: usize = 64 << 20;

pub(super) fn write(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "% number, identifier, type and name of each node; edges are undirected")?;
    for (place, node) in graph.nodes().enumerate() {
        let node = node?;
        writeln!(out, "% {} {} {} {}", place + 1, node.id, node.entity_type, escape::one_line(&node.name))?;
    }
    // The number of edges stands before them, so the pairs are gone through twice.
    let mut edges: u64 = 0;
    let mut pairs = sorted_pairs(graph, false)?;
    while let Some((head, tail, _)) = pairs.next()? {
        edges += u64::from(head < tail);
    }
    writeln!(out, "{} {edges} 001", graph.node_count())?;
    let mut pairs = sorted_pairs(graph, true)?;
    let mut next = pairs.next()?;
    for place in 0..graph.node_count() as u64 {
        let mut separator = "";
        while let Some((head, tail, weight)) = next.filter(|(head, ..)| *head == place) {
            write!(out, "{separator}{} {weight}", tail + 1)?;
            separator = " ";
            debug_assert_ne!(head, tail);
            next = pairs.next()?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The pairs of nodes that edges join, in order; in one direction or in both.
fn sorted_pairs(graph: &dyn GraphSource, both: bool) -> io::Result<Pairs> {
    let mut sorter = Sorter::new(&env::temp_dir(), BUDGET);
    for edge in graph.edges() {
        let edge = edge?;
        let ends = (graph.position(edge.head.as_str())?, graph.position(edge.tail.as_str())?);
        let (Some(head), Some(tail)) = ends else { continue };
        let (low, high) = (head.min(tail) as u64, head.max(tail) as u64);
        if low == high {
            continue;
        }
        sorter.push(&entry(low, high))?;
        if both {
            sorter.push(&entry(high, low))?;
        }
    }
    let mut merge = sorter.finish()?;
    let ahead = next_pair(&mut merge)?;
    Ok(Pairs { merge, ahead })
}

/// Two numbers whose order is that of their bytes.
fn entry(head: u64, tail: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&head.to_be_bytes());
    bytes[8..].copy_from_slice(&tail.to_be_bytes());
    bytes
}

fn next_pair(merge: &mut Merge) -> io::Result<Option<(u64, u64)>> {
    let Some(bytes) = merge.next()? else { return Ok(None) };
    let (head, tail) = bytes.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    let tail = tail.first_chunk::<8>().unwrap_or(&[0; 8]);
    Ok(Some((u64::from_be_bytes(*head), u64::from_be_bytes(*tail))))
}

struct Pairs {
    merge: Merge,
    ahead: Option<(u64, u64)>,
}

impl Pairs {
    /// The next pair, and how many edges join it.
    fn next(&mut self) -> io::Result<Option<(u64, u64, u64)>> {
        let Some((head, tail)) = self.ahead else { return Ok(None) };
        let mut weight = 0;
        while self.ahead == Some((head, tail)) {
            weight += 1;
            self.ahead = next_pair(&mut self.merge)?;
        }
        Ok(Some((head, tail, weight)))
    }
}
