//! FollowTheMoney, the entities that investigators work with in Aleph and OpenSanctions; one JSON object a line.
//!
//! What is denied is left out, and what is only possible or intended is an `UnknownLink` with its status. Relations to a
//! date, a title or a country are properties of an entity. Kept in memory are the identifiers of places and of what is
//! owned, which decide what they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{escape, property::evidence};
use crate::{
    graph::{Edge, EdgeSummary, GraphSource, Node, NodeId, Outgoing, Period, SourceDocument, is_full_person_name},
    link::place,
    schema::{EntityType, Status},
};

/// Most characters of a name, of a short text and of a long one.
const NAME_LIMIT: usize = 380;
const STRING_LIMIT: usize = 1000;
const TEXT_LIMIT: usize = 60_000;

pub(super) fn write(graph: &dyn GraphSource, out: &mut dyn Write) -> io::Result<()> {
    let ends = Ends::of(graph)?;
    let mut outgoing = Outgoing::of(graph);
    for node in graph.nodes() {
        let node = node?;
        let edges = outgoing.from(&node.id)?;
        let Some(mut entity) = ends.entity(&node) else { continue };
        for edge in edges {
            let summary = graph.summary(&edge)?;
            if summary.status().is_none() {
                ends.add_fact(graph, &mut entity, &edge)?;
            }
        }
        entity.write(out)?;
    }
    for document in graph.documents() {
        of_document(&*document?).write(out)?;
    }
    for node in graph.nodes() {
        write_mentions(&*node?, out)?;
    }
    for edge in graph.edges() {
        let edge = edge?;
        if let Some(entity) = ends.link(&edge, &graph.summary(&edge)?) {
            entity.write(out)?;
        }
    }
    Ok(())
}

/// An entity: texts by property, each once.
struct Entity {
    id: String,
    schema: &'static str,
    properties: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Entity {
    fn new(id: impl Into<String>, schema: &'static str) -> Self {
        Self { id: id.into(), schema, properties: BTreeMap::new() }
    }

    /// Adds a value, if there is anything in it.
    fn add(&mut self, property: &'static str, value: impl AsRef<str>) {
        let value = escape::shorten(value.as_ref(), TEXT_LIMIT);
        if !value.is_empty() {
            self.properties.entry(property).or_default().insert(value);
        }
    }

    fn add_name(&mut self, property: &'static str, name: &str) {
        self.add(property, escape::shorten(name, NAME_LIMIT));
    }

    fn add_string(&mut self, property: &'static str, text: &str) {
        self.add(property, escape::shorten(text, STRING_LIMIT));
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", json!({"id": self.id, "schema": self.schema, "properties": self.properties}))
    }
}

/// What edges tell of the nodes at their ends, before any is written.
struct Ends {
    /// The places that a relation starts from or leads to, and the countries that they lie in.
    places: BTreeMap<NodeId, Option<&'static str>>,
    /// The bodies that are owned: to FollowTheMoney, only companies can be.
    owned: BTreeSet<NodeId>,
}

impl Ends {
    fn of(graph: &dyn GraphSource) -> io::Result<Self> {
        let mut ends = Self { places: BTreeMap::new(), owned: BTreeSet::new() };
        for edge in graph.edges() {
            let edge = edge?;
            for end in [&edge.head, &edge.tail] {
                if type_of(end) == Some(EntityType::Place) {
                    ends.places.insert(end.clone(), None);
                }
            }
            if matches!(edge.relation_type.key(), "owns" | "acquired")
                && type_of(&edge.tail) == Some(EntityType::Organization)
            {
                ends.owned.insert(edge.tail.clone());
            }
        }
        for node in graph.nodes() {
            let node = node?;
            if let Some(country) = ends.places.get_mut(&node.id) {
                *country = node.link.as_deref().and_then(place).and_then(|facts| facts.country);
            }
        }
        Ok(ends)
    }

    /// A node as an entity, if it is one: dates, titles and places that nothing leads to are not.
    fn entity(&self, node: &Node) -> Option<Entity> {
        let schema = self.schema(&node.id)?;
        let mut entity = Entity::new(node.id.as_str(), schema);
        entity.add_name("name", &node.name);
        for alias in node.aliases.iter().filter(|alias| alias.name != node.name) {
            let is_weak = node.entity_type.base() == EntityType::Person && !is_full_person_name(&alias.name);
            entity.add_name(if is_weak { "weakAlias" } else { "alias" }, &alias.name);
        }
        if let Some(link) = node.link.as_deref() {
            if link.strip_prefix('Q').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
                entity.add("wikidataId", link);
            }
            if let Some(facts) = place(link).filter(|_| node.entity_type.base() == EntityType::Place) {
                entity.add("country", facts.country.unwrap_or_default());
                if let Some((latitude, longitude)) = facts.coordinates {
                    entity.add("latitude", latitude.to_string());
                    entity.add("longitude", longitude.to_string());
                }
            }
        }
        if schema == "Address" {
            entity.add_name("full", &node.name);
        }
        Some(entity)
    }

    fn schema(&self, id: &NodeId) -> Option<&'static str> {
        match type_of(id)? {
            EntityType::Person => Some("Person"),
            EntityType::Organization if self.owned.contains(id) => Some("Company"),
            EntityType::Organization => Some("Organization"),
            EntityType::Group => Some("LegalEntity"),
            EntityType::Event => Some("Event"),
            EntityType::Work => Some("Asset"),
            EntityType::Place => self.places.contains_key(id).then_some("Address"),
            EntityType::Title | EntityType::Date | EntityType::Own(_) => None,
        }
    }

    /// What a relation tells of the entity that it starts from, where that is a property and no link.
    fn add_fact(&self, graph: &dyn GraphSource, entity: &mut Entity, edge: &Edge) -> io::Result<()> {
        let Some(tail) = graph.node_ref(edge.tail.as_str())? else { return Ok(()) };
        let country = self.places.get(&edge.tail).copied().flatten();
        let date = tail.norm.as_deref().filter(|norm| is_date(norm)).unwrap_or_default();
        match edge.relation_type.key() {
            "holds_title" => entity.add_string("position", &tail.name),
            "educated_at" => entity.add_string("education", &tail.name),
            "born_in" => {
                entity.add_string("birthPlace", &tail.name);
                entity.add("birthCountry", country.unwrap_or_default());
            }
            "born_on" => entity.add("birthDate", date),
            "died_on" => entity.add("deathDate", date),
            "founded_on" if entity.schema != "Address" => entity.add("incorporationDate", date),
            "event_on" => entity.add("date", date),
            "event_in" => entity.add_name("location", &tail.name),
            "citizen_of" => entity.add("citizenship", country.unwrap_or_default()),
            "lives_in" | "based_in" => entity.add("country", country.unwrap_or_default()),
            _ => return Ok(()),
        }
        if matches!(edge.relation_type.key(), "lives_in" | "based_in" | "event_in")
            && type_of(&edge.tail) == Some(EntityType::Place)
        {
            entity.add("addressEntity", edge.tail.as_str());
        }
        for assertion in edge.assertions.iter().filter(|assertion| assertion.status.is_none()) {
            entity.add("proof", document_id(&assertion.document));
        }
        Ok(())
    }

    /// A relation as a link between two entities, unless it is denied or told by a property.
    fn link(&self, edge: &Edge, summary: &EdgeSummary) -> Option<Entity> {
        let status = summary.status();
        let (head, tail) = (self.schema(&edge.head)?, self.schema(&edge.tail)?);
        if status == Some(Status::Negated) || edge.head == edge.tail {
            return None;
        }
        let relation = edge.relation_type.key();
        let is_told = matches!(relation, "lives_in" | "based_in" | "born_in" | "event_in") && tail == "Address";
        if is_told && status.is_none() {
            return None;
        }
        let is_sure = matches!(status, None | Some(Status::Former));
        let is_legal = |schema: &str| matches!(schema, "Person" | "Organization" | "Company" | "LegalEntity");
        let is_body = |schema: &str| matches!(schema, "Organization" | "Company");
        let role = edge.relation_type.name().replace('_', " ");
        let (schema, ends, described) = match relation {
            "head_of" if is_body(tail) => ("Directorship", ["director", "organization"], "role"),
            "member_of" if is_legal(head) && is_body(tail) => ("Membership", ["member", "organization"], "role"),
            "works_for" | "spokesperson_for" if is_body(tail) => ("Employment", ["employee", "employer"], "role"),
            "represents" if is_legal(head) && is_legal(tail) => ("Representation", ["agent", "client"], "role"),
            "owns" | "acquired" if is_legal(head) && matches!(tail, "Company" | "Asset") => {
                ("Ownership", ["owner", "asset"], "role")
            }
            "succeeded" if is_body(head) && is_body(tail) => ("Succession", ["successor", "predecessor"], "role"),
            "spouse_of" | "child_of" | "sibling_of" | "relative_of" => {
                ("Family", ["person", "relative"], "relationship")
            }
            "associate_of" => ("Associate", ["person", "associate"], "relationship"),
            _ => ("UnknownLink", ["subject", "object"], "role"),
        };
        let (schema, ends, described) =
            if is_sure { (schema, ends, described) } else { ("UnknownLink", ["subject", "object"], "role") };
        let key = format!("{} {relation} {}", edge.head, edge.tail);
        let mut entity = Entity::new(hashed("relation", &key), schema);
        entity.add(ends[0], edge.head.as_str());
        entity.add(ends[1], edge.tail.as_str());
        match status {
            // Between people there is no status.
            Some(status) if described == "relationship" => entity.add(described, format!("{role} ({})", status.name())),
            Some(status) => {
                entity.add(described, role);
                entity.add("status", status.name());
            }
            None => entity.add(described, role),
        }
        for assertion in edge.assertions.iter().filter(|assertion| assertion.status == status) {
            let norm = assertion.date.as_ref().and_then(|date| date.norm.as_deref()).unwrap_or_default();
            match norm.split_once('/') {
                None if is_date(norm) => entity.add("date", norm),
                Some((start, end)) if is_date(start) && is_date(end) => {
                    entity.add("startDate", start);
                    entity.add("endDate", end);
                }
                _ => {}
            }
            entity.add("summary", evidence(assertion));
            entity.add("proof", document_id(&assertion.document));
        }
        Some(entity)
    }
}

/// The type that an identifier begins with; for one of the user's, the built-in type that it is like.
fn type_of(id: &NodeId) -> Option<EntityType> {
    id.entity_type().map(EntityType::base)
}

/// Whether a norm is a day, a month or a year; a decade is none of them.
fn is_date(norm: &str) -> bool {
    !norm.contains(['/', 'X', ' ', 'T']) && Period::parse(norm).is_some()
}

fn of_document(document: &SourceDocument) -> Entity {
    let mut entity = Entity::new(document_id(&document.id), "Document");
    let name = document.title.as_deref().filter(|title| !escape::shorten(title, 1).is_empty());
    entity.add_name("name", name.unwrap_or(&document.id));
    entity.add_string("fileName", &document.id);
    entity.add_string("title", document.title.as_deref().unwrap_or_default());
    entity.add("date", document.date.as_deref().filter(|date| is_date(date)).unwrap_or_default());
    entity.add_string("publisher", document.source.as_deref().unwrap_or_default());
    entity.add("sourceUrl", document.url.as_deref().filter(|url| is_web_address(url)).unwrap_or_default());
    entity
}

/// A cautious reading of what an address of the web is; others are left out.
fn is_web_address(url: &str) -> bool {
    let rest = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    host.contains('.')
        && host.chars().all(is_host)
        && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && url.chars().all(|c| c.is_ascii_graphic())
        && url.len() <= 2000
}

/// One mention for each document that names a body or a person.
fn write_mentions(node: &Node, out: &mut dyn Write) -> io::Result<()> {
    let schema = match node.entity_type.base() {
        EntityType::Person => "Person",
        EntityType::Organization => "Organization",
        _ => return Ok(()),
    };
    for found in &node.mentions {
        let mut entity = Entity::new(hashed("mention", &format!("{} {}", node.id, found.document)), "Mention");
        entity.add("document", document_id(&found.document));
        entity.add("resolved", node.id.as_str());
        entity.add_name("name", &node.name);
        entity.add("detectedSchema", schema);
        entity.write(out)?;
    }
    Ok(())
}

/// Identifiers of documents are any text, and those of entities are not.
fn document_id(id: &str) -> String {
    hashed("document", id)
}

fn hashed(what: &str, key: &str) -> String {
    format!("{what}-{}", crate::hex::hex(Sha256::digest(key.as_bytes()).as_slice(), 20))
}
