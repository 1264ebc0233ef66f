//! Linked data as JSON; its names are explained in `docs/rdf.md`.

use std::io::{self, Write};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value as Json, json};

use super::{
    Options,
    linked_data::{PREFIXES, Plain, Resource, Value, Values, describe},
};
use crate::graph::GraphSource;

/// What the value of a term is when it is a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Iri,
    Typed(&'static str),
}

/// The terms of the context, what they stand for, and what their values are.
const TERMS: [(&str, &str, Kind); 27] = [
    ("name", "schema:name", Kind::Text),
    ("alternateName", "schema:alternateName", Kind::Text),
    ("sameAs", "schema:sameAs", Kind::Iri),
    ("normalForm", "relata:normalForm", Kind::Text),
    ("mention", "relata:mention", Kind::Iri),
    ("subject", "rdf:subject", Kind::Iri),
    ("predicate", "rdf:predicate", Kind::Iri),
    ("object", "rdf:object", Kind::Iri),
    ("score", "relata:score", Kind::Typed("xsd:decimal")),
    ("status", "relata:status", Kind::Iri),
    ("date", "relata:date", Kind::Iri),
    ("place", "relata:place", Kind::Iri),
    ("statedBy", "relata:statedBy", Kind::Iri),
    ("evidence", "relata:evidence", Kind::Iri),
    ("trigger", "relata:trigger", Kind::Iri),
    ("wasDerivedFrom", "prov:wasDerivedFrom", Kind::Iri),
    ("wasGeneratedBy", "prov:wasGeneratedBy", Kind::Iri),
    ("wasAssociatedWith", "prov:wasAssociatedWith", Kind::Iri),
    ("text", "nif:anchorOf", Kind::Text),
    ("beginIndex", "nif:beginIndex", Kind::Typed("xsd:nonNegativeInteger")),
    ("endIndex", "nif:endIndex", Kind::Typed("xsd:nonNegativeInteger")),
    ("referenceContext", "nif:referenceContext", Kind::Iri),
    ("beginByte", "relata:beginByte", Kind::Typed("xsd:nonNegativeInteger")),
    ("endByte", "relata:endByte", Kind::Typed("xsd:nonNegativeInteger")),
    ("label", "rdfs:label", Kind::Text),
    ("comment", "rdfs:comment", Kind::Text),
    // Its values are names of classes.
    ("type", "rdf:type", Kind::Iri),
];

pub(super) fn write(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"@context\":")?;
    serde_json::to_writer(&mut *out, &context())?;
    write!(out, ",\n\"@graph\":[")?;
    let mut separator = "\n";
    describe(graph, &options.base_iri, Plain::WithNodes, &mut |_, mut resource| {
        out.write_all(separator.as_bytes())?;
        separator = ",\n";
        resource.reify();
        serde_json::to_writer(&mut *out, &Node(&resource)).map_err(io::Error::from)
    })?;
    write!(out, "\n]}}\n")
}

fn context() -> Json {
    let mut context: Map<String, Json> =
        PREFIXES.iter().map(|(prefix, namespace)| ((*prefix).to_owned(), json!(namespace))).collect();
    context.insert("id".to_owned(), json!("@id"));
    for (term, meaning, kind) in TERMS {
        let definition = match kind {
            _ if meaning == "rdf:type" => json!("@type"),
            Kind::Text => json!(meaning),
            Kind::Iri => json!({"@id": meaning, "@type": "@id"}),
            Kind::Typed(datatype) => json!({"@id": meaning, "@type": datatype}),
        };
        context.insert(term.to_owned(), definition);
    }
    Json::Object(context)
}

/// A resource as a JSON object.
struct Node<'a>(&'a Resource);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", &self.0.iri)?;
        for (property, values) in &self.0.properties {
            let term = TERMS.iter().find(|(_, meaning, _)| meaning == property);
            let (name, kind) = term.map_or((&**property, Kind::Text), |(term, _, kind)| (term, *kind));
            match values {
                Values::One(value) => object.serialize_entry(name, &Item(value, kind))?,
                Values::Many(values) => {
                    let items: Vec<Item> = values.iter().map(|value| Item(value, kind)).collect();
                    object.serialize_entry(name, &items)?;
                }
            }
        }
        object.end()
    }
}

/// A value as JSON: a string where the kind of its term says what that is, else an object that says it.
struct Item<'a>(&'a Value, Kind);

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Item(value, kind) = *self;
        let (content, is_told, key, datatype): (&str, bool, &str, Option<&str>) = match value {
            Value::Resource(resource) => return Node(resource).serialize(serializer),
            Value::Iri(iri) => (iri, kind == Kind::Iri, "id", None),
            Value::Compact(name) => (name, kind == Kind::Iri, "id", None),
            Value::Text(text) => (text, kind == Kind::Text, "@value", None),
            Value::Typed(text, datatype) => (text, kind == Kind::Typed(datatype), "@value", Some(datatype)),
        };
        if is_told {
            return serializer.serialize_str(content);
        }
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry(key, content)?;
        if let Some(datatype) = datatype {
            object.serialize_entry("@type", datatype)?;
        }
        object.end()
    }
}
