//! Cytoscape JSON, for the program and for Cytoscape.js.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{
    Options,
    property::{Property, edge_properties, node_properties},
};
use crate::graph::GraphSource;

pub(super) fn write(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let title = json!({"name": options.title, "title": options.title});
    // The last two are for networkx too.
    writeln!(
        out,
        "{{\"format_version\":\"1.0\",\"generated_by\":\"relata\",\"target_cytoscapejs_version\":\"~3.0\",\
         \"directed\":true,\"multigraph\":true,"
    )?;
    writeln!(out, "\"data\":{title},\n\"elements\":{{\"nodes\":[")?;
    for (place, node) in graph.nodes().enumerate() {
        let node = node?;
        let mut fields = data(&node_properties(&node));
        // What networkx calls the node by.
        fields.insert("value".to_owned(), json!(node.id));
        write_element(out, place, fields)?;
    }
    writeln!(out, "\n],\"edges\":[")?;
    for (place, edge) in graph.edges().enumerate() {
        let edge = edge?;
        let relation = edge.relation_type.name();
        let mut fields = data(&edge_properties(graph, &edge)?);
        // `name` and `interaction` are what the program shows and styles by; by `key`, networkx tells edges between the
        // same two nodes apart.
        for (name, value) in [
            ("id", format!("e{place}")),
            ("source", edge.head.to_string()),
            ("target", edge.tail.to_string()),
            ("key", relation.to_owned()),
            ("interaction", relation.to_owned()),
            ("name", relation.replace('_', " ")),
        ] {
            fields.insert(name.to_owned(), Value::from(value));
        }
        write_element(out, place, fields)?;
    }
    writeln!(out, "\n]}}}}")
}

fn write_element(out: &mut dyn Write, place: usize, data: Map<String, Value>) -> io::Result<()> {
    let separator = if place > 0 { ",\n" } else { "" };
    write!(out, "{separator}{}", json!({"data": data}))
}

fn data(properties: &[Property]) -> Map<String, Value> {
    properties.iter().map(|(name, value)| ((*name).to_owned(), value.to_json())).collect()
}
