//! Linked data: schema.org for things, PROV-O for where it comes from, NIF for the words, an own vocabulary for the rest.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Options, escape};
use crate::{
    graph::{Assertion, Edge, GraphSource, Node, NodeId, Outgoing, Quote, SourceDocument},
    link::place,
    schema::{EntityType, RelationType},
};

/// The namespace of relation types, statuses and of what no common vocabulary has a word for.
pub const VOCABULARY: &str = "https://relata.dev/ns#";

/// What the IRIs of nodes, documents and assertions start with unless another base is set.
pub const DEFAULT_BASE_IRI: &str = "urn:relata:";

/// Relations whose schema.org property points the other way.
const INVERSE: &[&str] = &["founded", "created"];

/// schema.org properties that take a name rather than a thing.
const TEXT_PROPERTIES: &[&str] = &["jobTitle", "award"];

/// schema.org properties that take a date.
const DATE_PROPERTIES: &[&str] = &["birthDate", "deathDate", "foundingDate", "startDate"];

pub(super) fn write(graph: &dyn GraphSource, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let base = options.base_iri.as_str();
    write!(out, "{{\"@context\":")?;
    serde_json::to_writer(&mut *out, &context())?;
    write!(out, ",\n\"@graph\":[\n")?;
    serde_json::to_writer(&mut *out, &activity(base))?;
    let mut line = |value: &Value| -> io::Result<()> {
        out.write_all(b",\n")?;
        serde_json::to_writer(&mut *out, value).map_err(io::Error::from)
    };
    for document in graph.documents() {
        line(&document_value(base, &*document?))?;
    }
    let mut outgoing = Outgoing::of(graph);
    for node in graph.nodes() {
        let node = node?;
        let mut value = node_value(base, &node);
        for edge in outgoing.from(&node.id)?.iter().filter(|edge| is_fact(edge)) {
            add_plain(&mut value, base, graph, edge)?;
        }
        line(&Value::Object(value))?;
    }
    let mut used: BTreeSet<RelationType> = BTreeSet::new();
    for edge in graph.edges() {
        let edge = edge?;
        used.insert(edge.relation_type);
        for assertion in &edge.assertions {
            line(&statement_value(base, &edge, assertion))?;
        }
        if let Some(value) = inverse_value(base, &edge) {
            line(&value)?;
        }
    }
    for relation in used {
        line(&relation_value(relation))?;
    }
    write!(out, "\n]}}\n")
}

fn context() -> Value {
    let link = |id: &str| json!({"@id": id, "@type": "@id"});
    let typed = |id: &str, datatype: &str| json!({"@id": id, "@type": datatype});
    json!({
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "schema": "https://schema.org/",
        "prov": "http://www.w3.org/ns/prov#",
        "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
        "relata": VOCABULARY,
        "id": "@id",
        "type": "@type",
        "name": "schema:name",
        "alternateName": "schema:alternateName",
        "sameAs": link("schema:sameAs"),
        "normalForm": "relata:normalForm",
        "mention": link("relata:mention"),
        "subject": link("rdf:subject"),
        "predicate": link("rdf:predicate"),
        "object": link("rdf:object"),
        "score": typed("relata:score", "xsd:decimal"),
        "status": link("relata:status"),
        "date": link("relata:date"),
        "place": link("relata:place"),
        "statedBy": link("relata:statedBy"),
        "evidence": link("relata:evidence"),
        "trigger": link("relata:trigger"),
        "wasDerivedFrom": link("prov:wasDerivedFrom"),
        "wasGeneratedBy": link("prov:wasGeneratedBy"),
        "wasAssociatedWith": link("prov:wasAssociatedWith"),
        "text": "nif:anchorOf",
        "beginIndex": typed("nif:beginIndex", "xsd:nonNegativeInteger"),
        "endIndex": typed("nif:endIndex", "xsd:nonNegativeInteger"),
        "referenceContext": link("nif:referenceContext"),
        "beginByte": typed("relata:beginByte", "xsd:nonNegativeInteger"),
        "endByte": typed("relata:endByte", "xsd:nonNegativeInteger"),
        "label": "rdfs:label",
        "comment": "rdfs:comment",
    })
}

/// The run of the program that stated all this; without a time, so that the same input gives the same file.
fn activity(base: &str) -> Value {
    json!({
        "id": format!("{base}extraction"),
        "type": "prov:Activity",
        "wasAssociatedWith": {
            "id": format!("{base}software"),
            "type": "prov:SoftwareAgent",
            "name": "relata",
            "schema:softwareVersion": env!("CARGO_PKG_VERSION"),
        },
    })
}

fn document_iri(base: &str, id: &str) -> String {
    format!("{base}document:{}", escape::iri_segment(id))
}

fn node_iri(base: &str, id: &NodeId) -> String {
    format!("{base}{id}")
}

fn document_value(base: &str, document: &SourceDocument) -> Value {
    let mut value = json!({
        "id": document_iri(base, &document.id),
        "type": ["schema:CreativeWork", "prov:Entity", "nif:Context"],
        "schema:identifier": document.id,
    });
    if let Value::Object(fields) = &mut value {
        let mut add = |key: &str, text: &Option<String>| {
            if let Some(text) = text {
                fields.insert(key.to_owned(), json!(text));
            }
        };
        add("name", &document.title);
        // An address as read may be no IRI, so it is text.
        add("schema:url", &document.url);
        add("schema:publisher", &document.source);
        if let Some(date) = &document.date {
            fields.insert("schema:datePublished".to_owned(), date_value(date));
        }
    }
    value
}

/// A date with its datatype if it has the form of one, else text.
fn date_value(date: &str) -> Value {
    date_type(date).map_or_else(|| json!(date), |datatype| json!({"@value": date, "@type": datatype}))
}

fn date_type(date: &str) -> Option<&'static str> {
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let within = |part: &str, most: u32| digits(part, 2) && part.parse().is_ok_and(|n: u32| (1..=most).contains(&n));
    match parts.as_slice() {
        [year] if digits(year, 4) => Some("xsd:gYear"),
        [year, month] if digits(year, 4) && within(month, 12) => Some("xsd:gYearMonth"),
        [year, month, day] if digits(year, 4) && within(month, 12) && within(day, 31) => Some("xsd:date"),
        _ => None,
    }
}

fn type_values(entity_type: EntityType) -> &'static [&'static str] {
    match entity_type {
        EntityType::Person => &["schema:Person", "relata:Person"],
        EntityType::Organization => &["schema:Organization", "relata:Organization"],
        EntityType::Place => &["schema:Place", "relata:Place"],
        EntityType::Group => &["relata:Group"],
        EntityType::Event => &["schema:Event", "relata:Event"],
        EntityType::Title => &["relata:Title"],
        EntityType::Date => &["relata:Date"],
        EntityType::Work => &["schema:CreativeWork", "relata:Work"],
    }
}

fn node_value(base: &str, node: &Node) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), json!(node_iri(base, &node.id)));
    fields.insert("type".to_owned(), json!(type_values(node.entity_type)));
    fields.insert("name".to_owned(), json!(node.name));
    let others: Vec<&str> =
        node.aliases.iter().map(|alias| alias.name.as_str()).filter(|name| *name != node.name).collect();
    if !others.is_empty() {
        fields.insert("alternateName".to_owned(), json!(others));
    }
    if let Some(norm) = &node.norm {
        fields.insert("normalForm".to_owned(), date_value(norm));
    }
    if let Some(link) = node.link.as_deref() {
        match same_as(link) {
            Some(iri) => fields.insert("sameAs".to_owned(), json!(iri)),
            None => fields.insert("schema:identifier".to_owned(), json!(link)),
        };
    }
    if let Some(facts) = node.link.as_deref().and_then(place) {
        if let Some((latitude, longitude)) = facts.coordinates {
            // As text, since a float has more digits than the lexicon.
            let degrees = |value: f32| json!({"@value": format!("{value:.2}"), "@type": "xsd:decimal"});
            let position = json!({
                "type": "schema:GeoCoordinates",
                "schema:latitude": degrees(latitude),
                "schema:longitude": degrees(longitude),
            });
            fields.insert("schema:geo".to_owned(), position);
        }
        let within: Vec<Value> =
            facts.within.iter().filter_map(|(link, _)| same_as(link)).map(|iri| json!({"id": iri})).collect();
        if !within.is_empty() {
            fields.insert("schema:containedInPlace".to_owned(), json!(within));
        }
    }
    let mentions: Vec<String> = node
        .mentions
        .iter()
        .flat_map(|mentions| {
            let document = document_iri(base, &mentions.document);
            mentions.spans.iter().map(move |span| format!("{document}#char={},{}", span.char_start, span.char_end))
        })
        .collect();
    if !mentions.is_empty() {
        fields.insert("mention".to_owned(), json!(mentions));
    }
    fields
}

fn is_fact(edge: &Edge) -> bool {
    edge.assertions.iter().any(|assertion| assertion.status.is_none())
}

/// Plain triples for those who do not care who says so: what some document states as fact, nothing else.
fn add_plain(fields: &mut Map<String, Value>, base: &str, graph: &dyn GraphSource, edge: &Edge) -> io::Result<()> {
    let mut add = |property: String, value: Value| {
        if let Value::Array(values) = fields.entry(property).or_insert_with(|| json!([])) {
            values.push(value);
        }
    };
    let name = edge.relation_type.name();
    let tail = || json!({"id": node_iri(base, &edge.tail)});
    add(format!("relata:{name}"), tail());
    let Some(property) = edge.relation_type.info().schema_org.as_deref().filter(|_| !INVERSE.contains(&name)) else {
        return Ok(());
    };
    let value = if TEXT_PROPERTIES.contains(&property) {
        graph.node_ref(edge.tail.as_str())?.map(|tail| json!(tail.name))
    } else if DATE_PROPERTIES.contains(&property) {
        let norm = graph.node_ref(edge.tail.as_str())?.and_then(|tail| tail.norm);
        norm.filter(|norm| date_type(norm).is_some()).map(|norm| date_value(&norm))
    } else {
        Some(tail())
    };
    if let Some(value) = value {
        add(format!("schema:{property}"), value);
    }
    Ok(())
}

/// The plain triple of a fact whose schema.org property points the other way.
fn inverse_value(base: &str, edge: &Edge) -> Option<Value> {
    let property = edge.relation_type.info().schema_org.as_deref()?;
    let inverse = INVERSE.contains(&edge.relation_type.name()) && is_fact(edge);
    inverse.then(
        || json!({"id": node_iri(base, &edge.tail), format!("schema:{property}"): {"id": node_iri(base, &edge.head)}}),
    )
}

/// The address of what a link names in Wikidata or GeoNames; none for links of another form.
fn same_as(link: &str) -> Option<String> {
    let is_number = |digits: &&str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if link.strip_prefix('Q').filter(is_number).is_some() {
        return Some(format!("http://www.wikidata.org/entity/{link}"));
    }
    let city = link.strip_prefix("geonames:").filter(is_number)?;
    Some(format!("https://sws.geonames.org/{city}/"))
}

/// One statement of one document, reified: the triple, how sure it is, and the words.
fn statement_value(base: &str, edge: &Edge, assertion: &Assertion) -> Value {
    let document = document_iri(base, &assertion.document);
    let mut fields = Map::new();
    fields.insert("id".to_owned(), json!(format!("{base}assertion-{}", assertion_hash(edge, assertion))));
    fields.insert("type".to_owned(), json!(["rdf:Statement", "prov:Entity"]));
    fields.insert("subject".to_owned(), json!(node_iri(base, &edge.head)));
    fields.insert("predicate".to_owned(), json!(format!("relata:{}", edge.relation_type)));
    fields.insert("object".to_owned(), json!(node_iri(base, &edge.tail)));
    // As text: a double of 1.0 would turn into an integer on the way.
    fields.insert("score".to_owned(), json!(assertion.score.to_string()));
    let status = assertion.status.map_or("fact", |status| status.name());
    fields.insert("status".to_owned(), json!(format!("relata:{status}")));
    let qualifiers = [("date", &assertion.date), ("place", &assertion.place), ("statedBy", &assertion.by)];
    for (key, qualifier) in qualifiers {
        if let Some(node) = qualifier {
            fields.insert(key.to_owned(), json!(node_iri(base, &node.id)));
        }
    }
    let evidence: Vec<Value> = assertion.evidence.iter().map(|quote| quote_value(&document, quote)).collect();
    fields.insert("evidence".to_owned(), json!(evidence));
    if let Some(trigger) = &assertion.trigger {
        fields.insert("trigger".to_owned(), quote_value(&document, trigger));
    }
    fields.insert("wasDerivedFrom".to_owned(), json!(document));
    fields.insert("wasGeneratedBy".to_owned(), json!(format!("{base}extraction")));
    Value::Object(fields)
}

fn quote_value(document: &str, quote: &Quote) -> Value {
    json!({
        "id": format!("{document}#char={},{}", quote.char_start, quote.char_end),
        "type": "nif:RFC5147String",
        "text": quote.text,
        "beginIndex": quote.char_start.to_string(),
        "endIndex": quote.char_end.to_string(),
        "beginByte": quote.start.to_string(),
        "endByte": quote.end.to_string(),
        "referenceContext": document,
    })
}

fn assertion_hash(edge: &Edge, assertion: &Assertion) -> String {
    // Text keys and finite numbers always serialize.
    let bytes = serde_json::to_vec(&(&edge.head, edge.relation_type, &edge.tail, assertion)).unwrap_or_default();
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn relation_value(relation: RelationType) -> Value {
    let info = relation.info();
    let types: &[&str] = if info.symmetric { &["rdf:Property", "owl:SymmetricProperty"] } else { &["rdf:Property"] };
    json!({
        "id": format!("relata:{relation}"),
        "type": types,
        "label": info.name.replace('_', " "),
        "comment": info.meaning,
    })
}

#[cfg(test)]
mod tests {
    use super::same_as;

    #[test]
    fn links_to_knowledge_bases() {
        for (link, expected) in [
            ("Q183", Some("http://www.wikidata.org/entity/Q183")),
            ("geonames:2643743", Some("https://sws.geonames.org/2643743/")),
            ("geonames:", None),
            ("geonames:1/../2", None),
            ("Q", None),
            ("Quito", None),
            ("wikipedia:Berlin", None),
        ] {
            assert_eq!(same_as(link).as_deref(), expected, "{link}");
        }
    }
}
