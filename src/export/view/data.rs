//! The graph as the page reads it: rows of numbers that point into lists, each text once.
//!
//! Nothing is left out, so that the page can hand back any part of the graph as node-link JSON.
//! `web/src/data.ts` is the other side of this file.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use serde::Serialize;

use super::{
    communities::{Neighbors, communities},
    layout::layout,
};
use crate::{
    graph::{Assertion, Edge, KnowledgeGraph, Node, NodeId, NodeRef, Quote},
    lexicon::Lexicon,
    link::place,
    schema::{EntityType, MentionKind, RelationType, Status},
};

/// Documents, quotes and names that rows point to.
#[derive(Default)]
struct Lists<'a> {
    nodes: BTreeMap<&'a str, (usize, &'a Node)>,
    documents: BTreeMap<&'a str, usize>,
    /// Documents that nodes or edges name, but the graph does not list.
    unlisted: Vec<&'a str>,
    quotes: Vec<(usize, &'a Quote)>,
    quote_numbers: BTreeMap<(usize, &'a Quote), usize>,
    references: Vec<&'a NodeRef>,
    reference_numbers: BTreeMap<&'a NodeRef, usize>,
}

impl<'a> Lists<'a> {
    fn document(&mut self, id: &'a str) -> usize {
        if let Some(number) = self.documents.get(id) {
            return *number;
        }
        let number = self.documents.len();
        self.documents.insert(id, number);
        self.unlisted.push(id);
        number
    }

    fn quote(&mut self, document: usize, quote: &'a Quote) -> usize {
        *self.quote_numbers.entry((document, quote)).or_insert_with(|| {
            self.quotes.push((document, quote));
            self.quotes.len() - 1
        })
    }

    /// The number of the node; what is no node, or has another name, counts down from -1 in a list of its own.
    fn reference(&mut self, reference: &'a NodeRef) -> i64 {
        if let Some((number, node)) = self.nodes.get(reference.id.as_str())
            && node.name == reference.name
            && node.norm == reference.norm
        {
            return *number as i64;
        }
        let number = *self.reference_numbers.entry(reference).or_insert_with(|| {
            self.references.push(reference);
            self.references.len() - 1
        });
        -1 - number as i64
    }

    fn node(&self, id: &NodeId) -> usize {
        // Both ends of an edge are nodes of its graph.
        self.nodes.get(id.as_str()).map_or(0, |(number, _)| *number)
    }
}

pub(super) fn write(graph: &KnowledgeGraph, title: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut lists = Lists {
        nodes: graph.nodes().enumerate().map(|(number, node)| (node.id.as_str(), (number, node))).collect(),
        ..Lists::default()
    };
    for document in graph.documents() {
        let number = lists.documents.len();
        lists.documents.entry(document.id.as_str()).or_insert(number);
    }
    let neighbors = neighbors(graph, &lists);
    let points = layout(&neighbors);
    let groups = communities(&neighbors);

    let mut located = false;
    write!(out, "{{\"version\":1,\"title\":")?;
    row(out, &title)?;
    write!(out, ",\n\"types\":")?;
    row(out, &EntityType::by_index().map(EntityType::name).collect::<Vec<_>>())?;
    write!(out, ",\n\"kinds\":")?;
    row(out, &MentionKind::ALL.map(MentionKind::name))?;
    write!(out, ",\n\"statuses\":")?;
    row(out, &Status::ALL.map(Status::name))?;
    write!(out, ",\n\"relations\":")?;
    // The page tells by the key whether a relation is a state that can end.
    let relations: Vec<_> = RelationType::by_index()
        .map(|relation| (relation.name(), relation.info().symmetric, &relation.info().meaning, relation.key()))
        .collect();
    row(out, &relations)?;
    write!(out, ",\n\"nodes\":[")?;
    for (number, node) in graph.nodes().enumerate() {
        let facts = node.link.as_deref().and_then(place);
        located |= facts.as_ref().is_some_and(|facts| facts.coordinates.is_some());
        let place = facts.map(|facts| {
            let (north, east) = facts.coordinates.unzip();
            (north, east, facts.country, facts.within)
        });
        let aliases: Vec<_> = node.aliases.iter().map(|alias| (alias.name.as_str(), alias.count)).collect();
        let mut mentions = Vec::new();
        for of_document in &node.mentions {
            let mut numbers = vec![lists.document(&of_document.document) as i64];
            for span in &of_document.spans {
                numbers.extend(place_of([span.start, span.end, span.char_start, span.char_end]));
                numbers.push(span.kind as i64);
            }
            mentions.push(numbers);
        }
        let (x, y) = (points[number].x.round() as i64, points[number].y.round() as i64);
        let named = (node.id.as_str(), node.entity_type.index(), &node.name, &node.norm, &node.link);
        separate(out, number)?;
        row(out, &(named, aliases, mentions, x, y, groups[number], place))?;
    }
    write!(out, "],\n\"edges\":[")?;
    for (number, edge) in graph.edges().enumerate() {
        let Edge { head, relation_type, tail, assertions } = edge;
        let ends = (lists.node(head), relation_type.index(), lists.node(tail));
        let said: Vec<_> = assertions.iter().map(|assertion| assertion_row(assertion, &mut lists)).collect();
        separate(out, number)?;
        row(out, &(ends, said))?;
    }
    write!(out, "],\n\"documents\":[")?;
    for (number, document) in graph.documents().iter().enumerate() {
        separate(out, number)?;
        row(out, &(&document.id, &document.title, &document.date, &document.url, &document.source))?;
    }
    for (number, id) in lists.unlisted.iter().enumerate() {
        separate(out, graph.documents().len() + number)?;
        row(out, &[id])?;
    }
    write!(out, "],\n\"listed\":{},\n\"quotes\":[", graph.documents().len())?;
    for (number, (_, quote)) in lists.quotes.iter().enumerate() {
        let [start, length, before, shorter] = place_of([quote.start, quote.end, quote.char_start, quote.char_end]);
        separate(out, number)?;
        row(out, &(&quote.text, start, length, before, shorter))?;
    }
    write!(out, "],\n\"references\":")?;
    row(out, &lists.references)?;
    write!(out, ",\n\"land\":")?;
    row(out, &if located { land() } else { Vec::new() })?;
    write!(out, "}}")
}

/// What is joined, by how many edges.
fn neighbors(graph: &KnowledgeGraph, lists: &Lists<'_>) -> Neighbors {
    let mut pairs: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for edge in graph.edges() {
        let (head, tail) = (lists.node(&edge.head), lists.node(&edge.tail));
        if head != tail {
            *pairs.entry((head.min(tail), head.max(tail))).or_insert(0) += 1;
        }
    }
    let mut made: Neighbors = vec![Vec::new(); graph.node_count()];
    for ((a, b), weight) in pairs {
        made[a].push((b, weight));
        made[b].push((a, weight));
    }
    made
}

/// Offsets as small numbers: first byte, length, how many bytes more than characters there are before and inside.
fn place_of([start, end, char_start, char_end]: [u32; 4]) -> [i64; 4] {
    let [start, end, char_start, char_end] = [start, end, char_start, char_end].map(i64::from);
    [start, end - start, start - char_start, (end - start) - (char_end - char_start)]
}

/// Document, score, status (zero for fact), sentences, trigger, date, place, who says so.
#[derive(Serialize)]
struct AssertionRow(usize, f32, usize, Vec<usize>, Option<usize>, Option<i64>, Option<i64>, Option<i64>);

fn assertion_row<'a>(assertion: &'a Assertion, lists: &mut Lists<'a>) -> AssertionRow {
    let document = lists.document(&assertion.document);
    let status = assertion.status.and_then(|status| Status::ALL.iter().position(|known| *known == status));
    let evidence = assertion.evidence.iter().map(|quote| lists.quote(document, quote)).collect();
    let trigger = assertion.trigger.as_ref().map(|quote| lists.quote(document, quote));
    let mut reference = |reference: &'a Option<NodeRef>| reference.as_ref().map(|known| lists.reference(known));
    let (date, place, by) = (reference(&assertion.date), reference(&assertion.place), reference(&assertion.by));
    AssertionRow(document, assertion.score, status.map_or(0, |at| at + 1), evidence, trigger, date, place, by)
}

/// Where people live, as the ground of the map: the degrees that hold a city of the lexicon.
///
/// One string for each degree of latitude from the north, four degrees of longitude in a hexadecimal digit.
fn land() -> Vec<String> {
    let mut bits = vec![[false; 360]; 180];
    for city in Lexicon::embedded().all_cities() {
        let (row, column) = ((90.0 - city.latitude).floor() as usize, (city.longitude + 180.0).floor() as usize);
        bits[row.min(179)][column.min(359)] = true;
    }
    bits.iter()
        .map(|row| {
            let mut digits = String::with_capacity(90);
            for four in row.chunks(4) {
                let digit = four.iter().fold(0, |digit, bit| digit * 2 + u8::from(*bit));
                // Writing to a string cannot fail.
                let _ = write!(digits, "{digit:x}");
            }
            digits.truncate(digits.trim_end_matches('0').len());
            digits
        })
        .collect()
}

fn separate(out: &mut dyn Write, index: usize) -> io::Result<()> {
    out.write_all(if index == 0 { b"\n" } else { b",\n" })
}

/// A value as JSON that no reader of HTML takes for anything else, and that stays on its line.
fn row(out: &mut dyn Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    out.write_all(harmless(&serde_json::to_string(value)?).as_bytes())
}

/// All that could end a script or a line, or is no character, written as an escape; it can stand in strings alone.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        let is_harmless =
            !matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
        if is_harmless && !c.is_control() {
            text.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_harmless_and_means_the_same() {
        let text = "</script><!-- & \u{0}\u{7f}\u{85}\u{2028}\u{2029}\u{feff}\u{fffe}\u{ffff}\r\n\"\\ é 🦀";
        let json = harmless(&serde_json::to_string(text).unwrap());
        assert!(!json.contains(['<', '>', '&']) && json.chars().all(|c| !c.is_control()), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn offsets_are_small_and_whole() {
        assert_eq!(place_of([10, 20, 8, 17]), [10, 10, 2, 1]);
    }

    #[test]
    fn land_has_cities_and_seas_have_none() {
        let land = land();
        let is_land = |north: f64, east: f64| {
            let column = (east + 180.0) as usize;
            let digit = land[(90.0 - north) as usize].chars().nth(column / 4).map_or(0, |c| c.to_digit(16).unwrap());
            digit >> (3 - column % 4) & 1 == 1
        };
        assert!(is_land(48.85, 2.35) && is_land(-33.87, 151.2) && is_land(40.7, -74.0));
        assert!(!is_land(45.0, -35.0) && !is_land(0.0, -140.0) && !is_land(-80.0, 0.0));
    }
}
