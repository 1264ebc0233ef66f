//! GEXF 1.3, the format of Gephi, with the colors of types and the days of assertions.
//!
//! An edge is there on the days of its assertions, and always if none of them has a date. A list is a text that holds a
//! JSON array, which is also how Gephi writes lists.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{
    Options, escape,
    property::{EDGE_PROPERTIES, NODE_PROPERTIES, Property, PropertyType, edge_properties, node_properties},
    style,
};
use crate::graph::{Edge, GraphSource, Node, Period};

const NAMESPACE: &str = "http://gexf.net/1.3";
const VIZ_NAMESPACE: &str = "http://gexf.net/1.3/viz";

pub(super) fn write(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(out, b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let attributes = [("xmlns", NAMESPACE), ("xmlns:viz", VIZ_NAMESPACE), ("version", "1.3")];
    writer.create_element("gexf").with_attributes(attributes).write_inner_content(|writer| {
        writer.create_element("meta").write_inner_content(|writer| {
            let title = escape::xml_characters(&options.title);
            writer.create_element("creator").write_text_content(BytesText::new("relata"))?;
            writer.create_element("description").write_text_content(BytesText::new(&title))?;
            Ok(())
        })?;
        let attributes = [
            ("defaultedgetype", "directed"),
            ("mode", "dynamic"),
            ("timeformat", "date"),
            ("timerepresentation", "interval"),
        ];
        writer.create_element("graph").with_attributes(attributes).write_inner_content(|writer| {
            write_attributes(writer, "node", &NODE_PROPERTIES[1..])?;
            write_attributes(writer, "edge", &EDGE_PROPERTIES)?;
            writer.create_element("nodes").write_inner_content(|writer| {
                for node in graph.nodes() {
                    write_node(writer, &*node?)?;
                }
                Ok(())
            })?;
            writer.create_element("edges").write_inner_content(|writer| {
                for (place, edge) in graph.edges().enumerate() {
                    write_edge(writer, graph, place, &*edge?)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    writer.get_mut().write_all(b"\n")
}

fn write_attributes<W: Write>(
    writer: &mut Writer<W>,
    class: &str,
    properties: &[(&str, PropertyType)],
) -> io::Result<()> {
    let attributes = [("class", class), ("mode", "static")];
    writer.create_element("attributes").with_attributes(attributes).write_inner_content(|writer| {
        for (name, property_type) in properties {
            let property_type = match property_type {
                PropertyType::Text => "string",
                PropertyType::Integer => "long",
                PropertyType::Float => "double",
                PropertyType::Texts => "liststring",
                PropertyType::Floats => "listdouble",
            };
            let attributes = [("id", *name), ("title", *name), ("type", property_type)];
            writer.create_element("attribute").with_attributes(attributes).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

fn write_node<W: Write>(writer: &mut Writer<W>, node: &Node) -> io::Result<()> {
    let properties = node_properties(node);
    let label = escape::xml_attribute(&node.name);
    let attributes = [("id", node.id.as_str()), ("label", label.as_str())];
    writer.create_element("node").with_attributes(attributes).write_inner_content(|writer| {
        write_values(writer, &properties[1..])?;
        write_color(writer, style::of_type(node.entity_type).stroke)?;
        // The area grows with the mentions, as far as a node can be seen beside others.
        let mentions: usize = node.mentions.iter().map(|mentions| mentions.spans.len()).sum();
        let size = (mentions.clamp(1, 400) as f32).sqrt() * 5.0;
        writer.create_element("viz:size").with_attribute(("value", format!("{size:.2}").as_str())).write_empty()?;
        Ok(())
    })?;
    Ok(())
}

fn write_edge<W: Write>(writer: &mut Writer<W>, graph: &dyn GraphSource, place: usize, edge: &Edge) -> io::Result<()> {
    let properties = edge_properties(graph, edge)?;
    let summary = graph.summary(edge)?;
    let mut periods = Vec::new();
    for assertion in &edge.assertions {
        periods.extend(assertion.period(graph.document(&assertion.document)?.as_deref()));
    }
    let label = style::edge_label(edge.relation_type.name(), summary.status());
    let (id, weight) = (place.to_string(), summary.shown.documents.to_string());
    let attributes = [
        ("id", id.as_str()),
        ("source", edge.head.as_str()),
        ("target", edge.tail.as_str()),
        // Gephi joins edges of one kind between two nodes, and keeps those of several kinds apart.
        ("kind", edge.relation_type.name()),
        ("label", label.as_str()),
        ("weight", weight.as_str()),
    ];
    writer.create_element("edge").with_attributes(attributes).write_inner_content(|writer| {
        write_values(writer, &properties)?;
        if !periods.is_empty() {
            writer.create_element("spells").write_inner_content(|writer| {
                for period in Period::union(periods) {
                    let (start, end) = (period.first_day(), period.last_day());
                    let bounds = [("start", &start), ("end", &end)];
                    let bounds = bounds.into_iter().filter_map(|(name, day)| Some((name, day.as_deref()?)));
                    writer.create_element("spell").with_attributes(bounds).write_empty()?;
                }
                Ok(())
            })?;
        }
        write_color(writer, style::edge_color(summary.status()))
    })?;
    Ok(())
}

fn write_values<W: Write>(writer: &mut Writer<W>, properties: &[Property]) -> io::Result<()> {
    writer.create_element("attvalues").write_inner_content(|writer| {
        for (name, value) in properties {
            let text = escape::xml_attribute(&value.to_text());
            let attributes = [("for", *name), ("value", text.as_str())];
            writer.create_element("attvalue").with_attributes(attributes).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A color of the style sheet, `#rrggbb`, as three numbers.
fn write_color<W: Write>(writer: &mut Writer<W>, color: &str) -> io::Result<()> {
    let number = u32::from_str_radix(color.trim_start_matches('#'), 16).map_err(io::Error::other)?;
    let [_, red, green, blue] = number.to_be_bytes().map(|byte| byte.to_string());
    let attributes = [("r", red.as_str()), ("g", green.as_str()), ("b", blue.as_str())];
    writer.create_element("viz:color").with_attributes(attributes).write_empty()?;
    Ok(())
}
