//! What all formats of linked data say: schema.org for things, PROV-O for where it comes from, NIF for the words, an own
//! vocabulary for the rest.
//!
//! The formats differ in syntax alone; each writes the [`Resource`]s of [`describe`]. Every resource has an IRI: blank
//! nodes would have to be kept apart over the whole of a stream, and graphs that hold some are hard to compare.

use std::{borrow::Cow, collections::BTreeSet, io};

use jiff::civil;
use oxrdf::NamedNode;
use sha2::{Digest, Sha256};

use super::escape;
use crate::{
    graph::{Assertion, Edge, GraphSource, Node, NodeId, NodeRef, Outgoing, Quote, SourceDocument},
    link::place,
    schema::{EntityType, RelationType, Status},
};

/// The namespace of relation types, statuses and of what no common vocabulary has a word for.
pub const VOCABULARY: &str = "https://relata.dev/ns#";

/// What the IRIs of nodes, documents and assertions start with unless another base is set.
pub const DEFAULT_BASE_IRI: &str = "urn:relata:";

/// The namespaces, by the prefixes that stand for them in compact IRIs such as `schema:name`.
pub(super) const PREFIXES: [(&str, &str); 8] = [
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("schema", "https://schema.org/"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("nif", "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"),
    ("relata", VOCABULARY),
];

/// Relations whose schema.org property points the other way.
const INVERSE: &[&str] = &["founded", "created"];

/// schema.org properties that take a name rather than a thing.
const TEXT_PROPERTIES: &[&str] = &["jobTitle", "award"];

/// schema.org properties that take a date.
const DATE_PROPERTIES: &[&str] = &["birthDate", "deathDate", "foundingDate", "startDate"];

/// A compact IRI: a prefix, a colon and a name that needs no escaping.
pub(super) type Compact = Cow<'static, str>;

/// A thing and what is said of it.
#[derive(Debug)]
pub(super) struct Resource {
    pub iri: String,
    /// The triple that it is a statement of: subject, predicate, object.
    pub triple: Option<(String, Compact, String)>,
    /// Each property once, the types first.
    pub properties: Vec<(Compact, Values)>,
}

#[derive(Debug)]
pub(super) enum Values {
    /// Of a property that has one value.
    One(Value),
    /// Of a property that may have several, even if it has one here.
    Many(Vec<Value>),
}

#[derive(Debug)]
pub(super) enum Value {
    Iri(String),
    Compact(Compact),
    Text(String),
    /// A lexical form and its datatype.
    Typed(String, &'static str),
    Resource(Resource),
}

impl Values {
    pub fn as_slice(&self) -> &[Value] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

impl Resource {
    fn new(iri: String) -> Self {
        Self { iri, triple: None, properties: Vec::new() }
    }

    fn with(mut self, property: &'static str, value: Value) -> Self {
        self.properties.push((property.into(), Values::One(value)));
        self
    }

    fn with_some(self, property: &'static str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.with(property, value),
            None => self,
        }
    }

    fn with_many(mut self, property: &'static str, values: Vec<Value>) -> Self {
        if !values.is_empty() {
            self.properties.push((property.into(), Values::Many(values)));
        }
        self
    }

    fn with_types(self, types: &[&'static str]) -> Self {
        self.with_many("rdf:type", types.iter().map(|name| compact(*name)).collect())
    }

    /// Adds a value to a property that may have several.
    fn add(&mut self, property: Compact, value: Value) {
        match self.properties.iter_mut().find(|(known, _)| *known == property) {
            Some((_, Values::Many(values))) => values.push(value),
            _ => self.properties.push((property, Values::Many(vec![value]))),
        }
    }

    /// Says of which triple it is a statement in properties, as RDF has it before version 1.2.
    pub fn reify(&mut self) {
        let Some((subject, predicate, object)) = self.triple.take() else { return };
        if let Some((_, Values::Many(types))) = self.properties.first_mut() {
            types.insert(0, compact("rdf:Statement"));
        }
        let parts = [
            ("rdf:subject", Value::Iri(subject)),
            ("rdf:predicate", Value::Compact(predicate)),
            ("rdf:object", Value::Iri(object)),
        ];
        self.properties.splice(1..1, parts.map(|(property, value)| (property.into(), Values::One(value))));
    }
}

fn compact(name: impl Into<Compact>) -> Value {
    Value::Compact(name.into())
}

/// Where plain triples go: those of what some document states as fact and is not over, for people who do not care which
/// document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// To the nodes they start from, so that a node is described in one place.
    WithNodes,
    /// To each document that states them.
    WithDocuments,
}

/// Takes a resource; the identifier is that of the document which states this of it, nothing stands for all of them.
type Emit<'a> = dyn FnMut(Option<&str>, Resource) -> io::Result<()> + 'a;

/// Describes a graph, one resource after the other, in the order of the graph.
pub(super) fn describe(graph: &dyn GraphSource, base: &str, plain: Plain, emit: &mut Emit) -> io::Result<()> {
    check_base(base)?;
    emit(None, activity(base))?;
    for document in graph.documents() {
        emit(None, document_resource(base, &*document?))?;
    }
    let mut outgoing = (plain == Plain::WithNodes).then(|| Outgoing::of(graph));
    for node in graph.nodes() {
        let node = node?;
        let mut resource = node_resource(base, &node);
        if let Some(outgoing) = &mut outgoing {
            for edge in outgoing.from(&node.id)? {
                if is_plain(graph, &edge)? {
                    add_plain(&mut resource, base, graph, &edge)?;
                }
            }
        }
        emit(None, resource)?;
    }
    let mut used: BTreeSet<RelationType> = BTreeSet::new();
    for edge in graph.edges() {
        let edge = &*edge?;
        used.insert(edge.relation_type);
        let is_told_plainly = is_plain(graph, edge)?;
        // Assertions are in order of document.
        for stated in edge.assertions.chunk_by(|one, next| one.document == next.document) {
            let document = stated.first().map(|assertion| assertion.document.as_str());
            if plain == Plain::WithDocuments && is_told_plainly && is_fact(stated) {
                let mut head = Resource::new(node_iri(base, &edge.head));
                add_plain(&mut head, base, graph, edge)?;
                emit(document, head)?;
                if let Some(tail) = inverse(base, edge) {
                    emit(document, tail)?;
                }
            }
            for assertion in stated {
                emit(document, statement(base, edge, assertion))?;
            }
        }
        if plain == Plain::WithNodes
            && is_told_plainly
            && let Some(tail) = inverse(base, edge)
        {
            emit(None, tail)?;
        }
    }
    for relation in used {
        emit(None, relation_resource(relation))?;
    }
    Ok(())
}

/// Refuses a base with which what we write would be no IRIs, or others than meant.
fn check_base(base: &str) -> io::Result<()> {
    // A node and a document: what follows the base has no other form.
    let iris = [format!("{base}place-0#geo"), format!("{base}document:a/b#char=0,1")];
    if let Some(error) = iris.into_iter().find_map(|iri| NamedNode::new(iri).err()) {
        return Err(io::Error::other(format!(
            "the base {base:?} does not begin an absolute IRI such as https://example.org/id/ ({error})"
        )));
    }
    let scheme = base.split(':').next().unwrap_or_default();
    if PREFIXES.iter().any(|(prefix, _)| *prefix == scheme) {
        return Err(io::Error::other(format!(
            "the base {base:?} starts with a prefix of the vocabulary; take another"
        )));
    }
    Ok(())
}

/// The IRI of a document; what it is the graph of in TriG.
pub(super) fn document_iri(base: &str, id: &str) -> String {
    format!("{base}document:{}", escape::iri_segments(id))
}

fn node_iri(base: &str, id: &NodeId) -> String {
    format!("{base}{id}")
}

/// The run of the program that stated all this; without a time, so that the same input gives the same file.
fn activity(base: &str) -> Resource {
    let software = Resource::new(format!("{base}software"))
        .with_types(&["prov:SoftwareAgent"])
        .with("schema:name", Value::Text("relata".to_owned()))
        .with("schema:softwareVersion", Value::Text(env!("CARGO_PKG_VERSION").to_owned()));
    Resource::new(format!("{base}extraction"))
        .with_types(&["prov:Activity"])
        .with("prov:wasAssociatedWith", Value::Resource(software))
}

fn document_resource(base: &str, document: &SourceDocument) -> Resource {
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    Resource::new(document_iri(base, &document.id))
        .with_types(&["schema:CreativeWork", "prov:Entity", "nif:Context"])
        .with("schema:identifier", Value::Text(document.id.clone()))
        .with_some("schema:name", text(&document.title))
        // An address as read may be no IRI, so it is text.
        .with_some("schema:url", text(&document.url))
        .with_some("schema:publisher", text(&document.source))
        .with_some("schema:datePublished", document.date.as_deref().map(date_value))
}

/// A date with its datatype if it has the form of one, else text.
fn date_value(date: &str) -> Value {
    match date_type(date) {
        Some(datatype) => Value::Typed(date.to_owned(), datatype),
        None => Value::Text(date.to_owned()),
    }
}

/// The datatype of a date, month or year that there is.
fn date_type(date: &str) -> Option<&'static str> {
    let mut parts = date.split('-');
    let mut number = |digits: usize| match parts.next() {
        None => Some(None),
        Some(part) if part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()) => {
            part.parse().ok().map(Some)
        }
        Some(_) => None,
    };
    let (year, month, day): (Option<i16>, Option<i16>, Option<i16>) = (number(4)?, number(2)?, number(2)?);
    let small = |number: Option<i16>| i8::try_from(number.unwrap_or(1)).ok();
    // XML Schema 1.0 has no year 0.
    let year = year.filter(|year| *year > 0)?;
    civil::Date::new(year, small(month)?, small(day)?).ok()?;
    match (parts.next(), month, day) {
        (None, None, None) => Some("xsd:gYear"),
        (None, Some(_), None) => Some("xsd:gYearMonth"),
        (None, Some(_), Some(_)) => Some("xsd:date"),
        _ => None,
    }
}

/// The classes of a node; the last is of the own vocabulary.
pub(super) fn classes(entity_type: EntityType) -> Vec<Compact> {
    let common = match entity_type.base() {
        EntityType::Person => Some("schema:Person"),
        EntityType::Organization => Some("schema:Organization"),
        EntityType::Place => Some("schema:Place"),
        EntityType::Event => Some("schema:Event"),
        EntityType::Work => Some("schema:CreativeWork"),
        EntityType::Group | EntityType::Title | EntityType::Date | EntityType::Own(_) => None,
    };
    // What is like nothing built in is no creative work.
    let common = common.filter(|_| !matches!(entity_type, EntityType::Own(_)) || entity_type.is_like_built_in());
    common.map(Cow::Borrowed).into_iter().chain([format!("relata:{}", entity_type.class_name()).into()]).collect()
}

fn node_resource(base: &str, node: &Node) -> Resource {
    let iri = node_iri(base, &node.id);
    let others = node.aliases.iter().filter(|alias| alias.name != node.name);
    let link = node.link.as_deref();
    let facts = link.and_then(place);
    // As text, since a float has more digits than the lexicon.
    let degrees = |value: f32| Value::Typed(format!("{value:.2}"), "xsd:decimal");
    let position = facts.as_ref().and_then(|facts| facts.coordinates).map(|(latitude, longitude)| {
        Resource::new(format!("{iri}#geo"))
            .with_types(&["schema:GeoCoordinates"])
            .with("schema:latitude", degrees(latitude))
            .with("schema:longitude", degrees(longitude))
    });
    let within = facts.iter().flat_map(|facts| &facts.within).filter_map(|(link, _)| same_as(link));
    let mentions = node.mentions.iter().flat_map(|mentions| {
        let document = document_iri(base, &mentions.document);
        mentions.spans.iter().map(move |span| characters(&document, span.char_start, span.char_end))
    });
    let resource = Resource::new(iri)
        .with_many("rdf:type", classes(node.entity_type).into_iter().map(compact).collect())
        .with("schema:name", Value::Text(node.name.clone()))
        .with_many("schema:alternateName", others.map(|alias| Value::Text(alias.name.clone())).collect())
        .with_some("relata:normalForm", node.norm.as_deref().map(date_value));
    let resource = match (link, link.and_then(same_as)) {
        (_, Some(iri)) => resource.with("schema:sameAs", Value::Iri(iri)),
        (Some(link), None) => resource.with("schema:identifier", Value::Text(link.to_owned())),
        (None, None) => resource,
    };
    resource
        .with_some("schema:geo", position.map(Value::Resource))
        .with_many("schema:containedInPlace", within.map(Value::Iri).collect())
        .with_many("relata:mention", mentions.map(Value::Iri).collect())
}

fn is_fact(assertions: &[Assertion]) -> bool {
    assertions.iter().any(|assertion| assertion.status.is_none())
}

/// Whether an edge is said plainly: some document states it as fact, and it is no state that is over.
fn is_plain(graph: &dyn GraphSource, edge: &Edge) -> io::Result<bool> {
    let has_former = edge.assertions.iter().any(|assertion| assertion.status == Some(Status::Former));
    // Without one, there is no need to look at dates.
    Ok(is_fact(&edge.assertions) && (!has_former || graph.summary(edge)?.status().is_none()))
}

/// The schema.org property of a relation, if it points the way that is asked for.
fn schema_property(relation: RelationType, is_inverse: bool) -> Option<&'static str> {
    relation.info().schema_org.as_deref().filter(|_| INVERSE.contains(&relation.key()) == is_inverse)
}

/// Says of the head of an edge what the edge says.
fn add_plain(head: &mut Resource, base: &str, graph: &dyn GraphSource, edge: &Edge) -> io::Result<()> {
    let tail = || Value::Iri(node_iri(base, &edge.tail));
    head.add(format!("relata:{}", edge.relation_type).into(), tail());
    let Some(property) = schema_property(edge.relation_type, false) else { return Ok(()) };
    let value = if TEXT_PROPERTIES.contains(&property) {
        graph.node_ref(edge.tail.as_str())?.map(|tail| Value::Text(tail.name))
    } else if DATE_PROPERTIES.contains(&property) {
        let norm = graph.node_ref(edge.tail.as_str())?.and_then(|tail| tail.norm);
        norm.filter(|norm| date_type(norm).is_some()).map(|norm| date_value(&norm))
    } else {
        Some(tail())
    };
    if let Some(value) = value {
        head.add(format!("schema:{property}").into(), value);
    }
    Ok(())
}

/// What an edge says of its tail, if its schema.org property points the other way.
fn inverse(base: &str, edge: &Edge) -> Option<Resource> {
    let property = schema_property(edge.relation_type, true)?;
    let mut tail = Resource::new(node_iri(base, &edge.tail));
    tail.properties.push((format!("schema:{property}").into(), Values::One(Value::Iri(node_iri(base, &edge.head)))));
    Some(tail)
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

/// One statement of one document: the triple, how sure it is, and the words.
fn statement(base: &str, edge: &Edge, assertion: &Assertion) -> Resource {
    let document = document_iri(base, &assertion.document);
    let triple =
        (node_iri(base, &edge.head), format!("relata:{}", edge.relation_type).into(), node_iri(base, &edge.tail));
    let node = |node: &Option<NodeRef>| node.as_ref().map(|node| Value::Iri(node_iri(base, &node.id)));
    let quote = |quote: &Quote| Value::Resource(quote_resource(&document, quote));
    let mut resource = Resource::new(format!("{base}assertion-{}", assertion_hash(edge, assertion)))
        .with_types(&["prov:Entity"])
        .with("relata:score", Value::Typed(assertion.score.to_string(), "xsd:decimal"))
        .with("relata:status", compact(status_name(assertion)))
        .with_some("relata:date", node(&assertion.date))
        .with_some("relata:place", node(&assertion.place))
        .with_some("relata:statedBy", node(&assertion.by))
        .with_many("relata:evidence", assertion.evidence.iter().map(quote).collect())
        .with_some("relata:trigger", assertion.trigger.as_ref().map(quote))
        .with("prov:wasDerivedFrom", Value::Iri(document.clone()))
        .with("prov:wasGeneratedBy", Value::Iri(format!("{base}extraction")));
    resource.triple = Some(triple);
    resource
}

fn status_name(assertion: &Assertion) -> String {
    format!("relata:{}", assertion.status.map_or("fact", |status| status.name()))
}

fn characters(document: &str, start: u32, end: u32) -> String {
    format!("{document}#char={start},{end}")
}

fn quote_resource(document: &str, quote: &Quote) -> Resource {
    let number = |number: u32| Value::Typed(number.to_string(), "xsd:nonNegativeInteger");
    Resource::new(characters(document, quote.char_start, quote.char_end))
        .with("rdf:type", compact("nif:RFC5147String"))
        .with("nif:anchorOf", Value::Text(quote.text.clone()))
        .with("nif:beginIndex", number(quote.char_start))
        .with("nif:endIndex", number(quote.char_end))
        .with("relata:beginByte", number(quote.start))
        .with("relata:endByte", number(quote.end))
        .with("nif:referenceContext", Value::Iri(document.to_owned()))
}

fn assertion_hash(edge: &Edge, assertion: &Assertion) -> String {
    // Text keys and finite numbers always serialize.
    let bytes = serde_json::to_vec(&(&edge.head, edge.relation_type, &edge.tail, assertion)).unwrap_or_default();
    crate::hex::hex(Sha256::digest(&bytes).as_slice(), 16)
}

fn relation_resource(relation: RelationType) -> Resource {
    let info = relation.info();
    let types: &[&str] = if info.symmetric { &["rdf:Property", "owl:SymmetricProperty"] } else { &["rdf:Property"] };
    Resource::new(format!("{VOCABULARY}{relation}"))
        .with_types(types)
        .with("rdfs:label", Value::Text(info.name.replace('_', " ")))
        .with("rdfs:comment", Value::Text(info.meaning.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn only_dates_that_there_are_have_a_datatype() {
        for (date, expected) in [
            ("2024", Some("xsd:gYear")),
            ("2024-02", Some("xsd:gYearMonth")),
            ("2024-02-29", Some("xsd:date")),
            ("2023-02-29", None),
            ("2024-13", None),
            ("2024-00-01", None),
            ("0000", None),
            ("2024-1-1", None),
            ("2024-01-01-01", None),
            ("2024-01-01T00:00", None),
            ("2024-01/2024-03", None),
            ("-2024", None),
            ("+024", None),
            ("2024-", None),
            ("", None),
        ] {
            assert_eq!(date_type(date), expected, "{date}");
        }
    }

    #[test]
    fn bases_begin_absolute_iris() {
        for base in ["urn:relata:", "https://example.org/", "tag:example.org,2026:"] {
            assert!(check_base(base).is_ok(), "{base}");
        }
        // Words of a document follow a `#` already.
        let fragment = "https://example.org/id#";
        for base in ["", "id/", "//example.org/", ":", "http://[/", "https://example.org/100%/", "schema:", fragment] {
            assert!(check_base(base).is_err(), "{base}");
        }
    }
}
