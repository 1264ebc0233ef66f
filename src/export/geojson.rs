//! GeoJSON: the places whose coordinates are known, as points on a map.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Map, Value, json};

use super::property::{Property, node_properties, widen};
use crate::{
    graph::{GraphSource, Node, NodeId},
    link::place,
};

/// What the edges tell of a place.
#[derive(Default)]
struct Place {
    /// Number of edges to or from it.
    relations: usize,
    /// Number of assertions of other edges that name it as the place where something happened.
    events: usize,
}

pub(super) fn write(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    // No more of them than places in the lists that are built in.
    let mut places: BTreeMap<NodeId, Place> = BTreeMap::new();
    for node in graph.nodes() {
        let node = node?;
        if coordinates(&node).is_some() {
            places.insert(node.id.clone(), Place::default());
        }
    }
    for edge in graph.edges() {
        let edge = edge?;
        for end in [&edge.head, &edge.tail] {
            if let Some(known) = places.get_mut(end) {
                known.relations += 1;
            }
        }
        for here in edge.assertions.iter().filter_map(|assertion| assertion.place.as_ref()) {
            if let Some(known) = places.get_mut(&here.id) {
                known.events += 1;
            }
        }
    }
    writeln!(out, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
    let mut separator = "";
    for node in graph.nodes() {
        let node = node?;
        let (Some(coordinates), Some(known)) = (coordinates(&node), places.get(&node.id)) else { continue };
        let is_told_elsewhere = |(name, _): &&Property| matches!(*name, "id" | "latitude" | "longitude" | "documents");
        let mut properties: Map<String, Value> = node_properties(&node)
            .iter()
            .filter(|property| !is_told_elsewhere(property))
            .map(|(name, value)| ((*name).to_owned(), value.to_json()))
            .collect();
        let documents: Vec<&str> = node.mentions.iter().map(|mentions| mentions.document.as_str()).collect();
        properties.insert("documents".to_owned(), json!(documents));
        properties.insert("relations".to_owned(), json!(known.relations));
        properties.insert("events".to_owned(), json!(known.events));
        let feature = json!({
            "type": "Feature",
            "id": node.id,
            "geometry": {"type": "Point", "coordinates": coordinates},
            "properties": properties,
        });
        write!(out, "{separator}{feature}")?;
        separator = ",\n";
    }
    writeln!(out, "\n]}}")
}

/// Degrees east and north, in the order of GeoJSON.
fn coordinates(node: &Node) -> Option<[f64; 2]> {
    let (latitude, longitude) = place(node.link.as_deref()?)?.coordinates?;
    Some([longitude, latitude].map(widen))
}
