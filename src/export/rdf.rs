//! N-Quads, Turtle and TriG.

use std::io::{self, Write};

use oxrdf::{GraphName, GraphNameRef, LiteralRef, NamedNode, NamedNodeRef, QuadRef, TermRef, Triple, vocab::rdf};
use oxttl::{
    NQuadsSerializer, TriGSerializer, TurtleSerializer, nquads::WriterNQuadsSerializer, trig::WriterTriGSerializer,
    turtle::WriterTurtleSerializer,
};

use super::{
    Options,
    linked_data::{PREFIXES, Plain, Resource, Value, describe, document_iri},
};
use crate::graph::GraphSource;

/// One triple a line with whole IRIs, all in the default graph.
pub(super) fn write_n_quads(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write(graph, options, Syntax::NQuads(NQuadsSerializer::new().for_writer(out)))
}

/// Grouped by subject, with prefixes.
pub(super) fn write_turtle(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = TurtleSerializer::new();
    for (prefix, namespace) in PREFIXES {
        serializer = serializer.with_prefix(prefix, namespace).map_err(io::Error::other)?;
    }
    write(graph, options, Syntax::Turtle(serializer.for_writer(out)))
}

/// As Turtle, with what each document states in a graph that is named as the document.
pub(super) fn write_trig(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = TriGSerializer::new();
    for (prefix, namespace) in PREFIXES {
        serializer = serializer.with_prefix(prefix, namespace).map_err(io::Error::other)?;
    }
    write(graph, options, Syntax::TriG(serializer.for_writer(out)))
}

fn write(graph: &dyn GraphSource, options: &Options, mut syntax: Syntax) -> io::Result<()> {
    let base = options.base_iri.as_str();
    let plain = match syntax {
        Syntax::NQuads(_) | Syntax::Turtle(_) => Plain::WithNodes,
        Syntax::TriG(_) => Plain::WithDocuments,
    };
    describe(graph, base, plain, &mut |document, mut resource| {
        if !options.rdf12 {
            resource.reify();
        }
        let graph_name = match document.filter(|_| plain == Plain::WithDocuments) {
            Some(document) => GraphName::from(NamedNode::new_unchecked(document_iri(base, document))),
            None => GraphName::DefaultGraph,
        };
        syntax.resource(&resource, graph_name.as_ref())
    })?;
    syntax.finish()
}

/// A serializer at work.
///
/// IRIs are taken as they are: all were percent-encoded, and the base, with which they begin, was parsed.
enum Syntax<'a> {
    NQuads(WriterNQuadsSerializer<&'a mut dyn Write>),
    Turtle(WriterTurtleSerializer<&'a mut dyn Write>),
    TriG(WriterTriGSerializer<&'a mut dyn Write>),
}

impl Syntax<'_> {
    fn resource(&mut self, resource: &Resource, graph_name: GraphNameRef) -> io::Result<()> {
        let subject = NamedNodeRef::new_unchecked(&resource.iri);
        if let Some((head, relation, tail)) = &resource.triple {
            let node = NamedNode::new_unchecked;
            let triple = Triple::new(node(head.clone()), node(expand(relation)), node(tail.clone()));
            self.quad(QuadRef::new(subject, rdf::REIFIES, &triple, graph_name))?;
        }
        for (property, values) in &resource.properties {
            let property = expand(property);
            let property = NamedNodeRef::new_unchecked(&property);
            for value in values.as_slice() {
                let expanded;
                let object: TermRef = match value {
                    Value::Iri(iri) => NamedNodeRef::new_unchecked(iri).into(),
                    Value::Resource(resource) => NamedNodeRef::new_unchecked(&resource.iri).into(),
                    Value::Text(text) => LiteralRef::new_simple_literal(text).into(),
                    Value::Compact(name) => {
                        expanded = expand(name);
                        NamedNodeRef::new_unchecked(&expanded).into()
                    }
                    Value::Typed(text, datatype) => {
                        expanded = expand(datatype);
                        LiteralRef::new_typed_literal(text, NamedNodeRef::new_unchecked(&expanded)).into()
                    }
                };
                self.quad(QuadRef::new(subject, property, object, graph_name))?;
            }
        }
        // After all that is said of the resource itself, so that it stays in one block.
        for value in resource.properties.iter().flat_map(|(_, values)| values.as_slice()) {
            if let Value::Resource(inner) = value {
                self.resource(inner, graph_name)?;
            }
        }
        Ok(())
    }

    fn quad(&mut self, quad: QuadRef) -> io::Result<()> {
        match self {
            Self::NQuads(writer) => writer.serialize_quad(quad),
            Self::Turtle(writer) => writer.serialize_triple(quad),
            Self::TriG(writer) => writer.serialize_quad(quad),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::NQuads(writer) => drop(writer.finish()),
            Self::Turtle(writer) => drop(writer.finish()?),
            Self::TriG(writer) => drop(writer.finish()?),
        }
        Ok(())
    }
}

/// The IRI that a compact one stands for.
fn expand(compact: &str) -> String {
    let (prefix, name) = compact.split_once(':').unwrap_or_default();
    let namespace = PREFIXES.iter().find(|(known, _)| *known == prefix).map_or("", |(_, namespace)| namespace);
    format!("{namespace}{name}")
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn compact_iris_stand_for_whole_ones() {
        assert_eq!(expand("schema:name"), "https://schema.org/name");
        assert_eq!(expand("relata:head_of"), "https://relata.dev/ns#head_of");
    }
}
