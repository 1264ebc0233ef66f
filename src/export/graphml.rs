//! GraphML, as networkx, igraph, Cytoscape, yEd and Gephi read it.
//!
//! GraphML has no lists: one is a text that holds a JSON array.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{
    Options, escape,
    property::{EDGE_PROPERTIES, NODE_PROPERTIES, Property, PropertyType, edge_properties, node_properties},
};
use crate::graph::GraphSource;

const NAMESPACE: &str = "http://graphml.graphdrawing.org/xmlns";

pub(super) fn write(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(out, b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.create_element("graphml").with_attribute(("xmlns", NAMESPACE)).write_inner_content(|writer| {
        write_key(writer, "graph", "title", PropertyType::Text)?;
        // The identifier of a node is its XML attribute.
        for (name, property_type) in &NODE_PROPERTIES[1..] {
            write_key(writer, "node", name, *property_type)?;
        }
        write_key(writer, "edge", "type", PropertyType::Text)?;
        for (name, property_type) in &EDGE_PROPERTIES {
            write_key(writer, "edge", name, *property_type)?;
        }
        let attributes = [("id", "G"), ("edgedefault", "directed")];
        writer.create_element("graph").with_attributes(attributes).write_inner_content(|writer| {
            write_text(writer, "graph", "title", &options.title)?;
            for node in graph.nodes() {
                let node = node?;
                let properties = node_properties(&node);
                let element = writer.create_element("node").with_attribute(("id", node.id.as_str()));
                element.write_inner_content(|writer| write_data(writer, "node", &properties[1..]))?;
            }
            for (place, edge) in graph.edges().enumerate() {
                let edge = edge?;
                let properties = edge_properties(graph, &edge)?;
                let id = format!("e{place}");
                let attributes = [("id", id.as_str()), ("source", edge.head.as_str()), ("target", edge.tail.as_str())];
                writer.create_element("edge").with_attributes(attributes).write_inner_content(|writer| {
                    write_text(writer, "edge", "type", edge.relation_type.name())?;
                    write_data(writer, "edge", &properties)
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    writer.get_mut().write_all(b"\n")
}

/// Nodes and edges have properties of one name; their keys are told apart by what they belong to.
fn write_key<W: Write>(writer: &mut Writer<W>, of: &str, name: &str, property_type: PropertyType) -> io::Result<()> {
    let id = key(of, name);
    let property_type = match property_type {
        PropertyType::Integer => "long",
        PropertyType::Float => "double",
        PropertyType::Text | PropertyType::Texts | PropertyType::Floats => "string",
    };
    let attributes = [("id", id.as_str()), ("for", of), ("attr.name", name), ("attr.type", property_type)];
    writer.create_element("key").with_attributes(attributes).write_empty()?;
    Ok(())
}

fn key(of: &str, name: &str) -> String {
    format!("{of}_{name}")
}

fn write_data<W: Write>(writer: &mut Writer<W>, of: &str, properties: &[Property]) -> io::Result<()> {
    for (name, value) in properties {
        write_text(writer, of, name, &value.to_text())?;
    }
    Ok(())
}

fn write_text<W: Write>(writer: &mut Writer<W>, of: &str, name: &str, text: &str) -> io::Result<()> {
    let text = escape::xml_characters(text);
    let element = writer.create_element("data").with_attribute(("key", key(of, name).as_str()));
    element.write_text_content(BytesText::new(&text))?;
    Ok(())
}
