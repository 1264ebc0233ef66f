//! Graphviz, through dot-writer.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use dot_writer::{Attributes, DotWriter, Scope};

use super::{Options, escape, style};
use crate::{
    graph::{Edge, EdgeSummary, GraphSource, Node},
    schema::{EntityType, Status},
};

/// Characters of a name that a label shows; the tooltip has more.
const LABEL_LIMIT: usize = 60;
const LABEL_WIDTH: usize = 22;
const TOOLTIP_LIMIT: usize = 400;

pub(super) fn write(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut keeper = ErrorKeeper { out, error: None };
    {
        // Pretty printing stays on: without it, dot-writer drops blanks inside of quotes.
        let mut writer = DotWriter::from(&mut keeper);
        let mut digraph = writer.digraph();
        digraph
            .set("label", &escape::dot(&escape::shorten(&options.title, 200)), true)
            .set("labelloc", "t", true)
            .set("fontname", "Helvetica", true)
            .set("fontsize", "18", false)
            .set("charset", "UTF-8", true)
            .set("rankdir", "LR", false)
            .set("nodesep", "0.35", false)
            .set("ranksep", "0.9", false);
        digraph.node_attributes().set("fontname", "Helvetica", true).set("fontsize", "11", false).set(
            "margin",
            "0.12,0.06",
            true,
        );
        digraph.edge_attributes().set("fontname", "Helvetica", true).set("fontsize", "9", false);

        if options.clusters {
            for entity_type in EntityType::all() {
                let mut nodes = (0..).zip(graph.nodes()).filter(|(_, node)| is_of(node, entity_type)).peekable();
                if nodes.peek().is_none() {
                    continue;
                }
                let mut cluster = digraph.cluster();
                cluster.set("label", &entity_type.name().to_lowercase(), true).set("style", "rounded", true).set(
                    "color",
                    style::of_type(entity_type).stroke,
                    true,
                );
                for (place, node) in nodes {
                    write_node(&mut cluster, &*node?, place);
                }
            }
        } else {
            for (place, node) in (0..).zip(graph.nodes()) {
                write_node(&mut digraph, &*node?, place);
            }
        }
        for edge in graph.edges() {
            let edge = edge?;
            let ends = (graph.position(edge.head.as_str())?, graph.position(edge.tail.as_str())?);
            if let (Some(head), Some(tail)) = ends {
                write_edge(&mut digraph, &edge, &graph.summary(&edge)?, [head, tail]);
            }
        }
    }
    keeper.error.map_or(Ok(()), Err)
}

/// Whether a node is of a type; one that cannot be read is of each, so that the error is told.
fn is_of(node: &io::Result<Cow<'_, Node>>, entity_type: EntityType) -> bool {
    node.as_ref().map_or(true, |node| node.entity_type == entity_type)
}

/// Own short names: an identifier with a hyphen would have to be quoted, which dot-writer does not do.
fn name(place: usize) -> String {
    format!("n{place}")
}

fn write_node(scope: &mut Scope<'_, '_>, node: &Node, place: usize) {
    let look = style::of_type(node.entity_type);
    let label = escape::wrap(&escape::shorten(&node.name, LABEL_LIMIT), LABEL_WIDTH).join("\n");
    let tooltip = format!("{} · {}", escape::shorten(&node.name, TOOLTIP_LIMIT), node.entity_type);
    // A box like an organization's, but soft: dates are many and should not catch the eye.
    let outline = if node.entity_type == EntityType::Date { "filled,rounded,dotted" } else { "filled" };
    scope
        .node_named(name(place))
        .set("style", outline, true)
        .set("id", node.id.as_str(), true)
        .set("label", &escape::dot(&label), true)
        .set("tooltip", &escape::dot(&tooltip), true)
        .set("shape", look.shape, true)
        .set("fillcolor", look.fill, true)
        .set("color", look.stroke, true);
}

fn write_edge(scope: &mut Scope<'_, '_>, edge: &Edge, summary: &EdgeSummary, [head, tail]: [usize; 2]) {
    let status = summary.status();
    let label = style::edge_label(edge.relation_type.name(), status);
    let mut shown = edge.assertions.iter().filter(|assertion| assertion.status == status);
    let evidence = shown.find_map(|assertion| {
        assertion.evidence.first().map(|quote| format!("{}: {}", assertion.document, quote.text))
    });
    let tooltip = escape::shorten(evidence.as_deref().unwrap_or(&label), TOOLTIP_LIMIT);
    let color = style::edge_color(status);
    let mut attributes = scope.edge(name(head), name(tail)).attributes();
    attributes
        .set("label", &escape::dot(&label), true)
        .set("tooltip", &escape::dot(&tooltip), true)
        .set("labeltooltip", &escape::dot(&tooltip), true)
        .set("color", color, true)
        .set("fontcolor", color, true);
    match status {
        Some(Status::Possible | Status::Intended) => {
            attributes.set("style", "dashed", true);
        }
        Some(Status::Negated) => {
            attributes.set("style", "dotted", true);
        }
        Some(Status::Former) | None => {}
    }
    if edge.relation_type.info().symmetric {
        attributes.set("dir", "none", true);
    }
    if summary.shown.documents > 1 {
        // What several documents state is drawn thicker, up to a point.
        attributes.set("penwidth", if summary.shown.documents > 4 { "3" } else { "2" }, true);
    }
}

/// Takes everything and remembers the first error: dot-writer panics on a writer that fails.
struct ErrorKeeper<'a> {
    out: &'a mut dyn Write,
    error: Option<io::Error>,
}

impl Write for ErrorKeeper<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.error.is_none()
            && let Err(error) = self.out.write_all(bytes)
        {
            self.error = Some(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
