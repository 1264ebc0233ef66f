//! The schema in use: the built-in one, or a user's that keeps a part of it, renames types and adds some.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::OnceLock,
};

use serde::{Deserialize, Serialize};

use super::{EntityType, OwnType, RELATIONS, RelationInfo, RelationType};

/// Types of entities that a user can add; a set of types is a number of 32 bits.
const MOST_ENTITY_TYPES: usize = 24;
/// Types of relations that a user can add.
const MOST_RELATION_TYPES: usize = 128;
/// Letters of a name.
const LONGEST_NAME: usize = 40;
/// Names that exports use beside those of types.
const RESERVED: &[&str] = &[
    "date", "document", "evidence", "fact", "head", "id", "key", "mention", "name", "place", "score", "source",
    "statedby", "status", "tail", "target", "trigger", "type",
];

/// What a user wants of the schema, as a file holds it, in TOML or any form that serde reads; [`Schema::new`] checks it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaSet {
    /// Which built-in types are kept.
    #[serde(default)]
    pub keep: KeptTypes,
    /// New names of built-in types.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// Types of entities to add.
    #[serde(default, rename = "entity")]
    pub entities: Vec<OwnEntity>,
    /// Types of relations to add.
    #[serde(default, rename = "relation")]
    pub relations: Vec<OwnRelation>,
}

/// Built-in types to keep, by their built-in names; without a list, all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptTypes {
    /// Types of entities.
    pub entities: Option<Vec<String>>,
    /// Types of relations.
    pub relations: Option<Vec<String>>,
}

/// A type of entities that a user adds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnEntity {
    /// Its name.
    pub name: String,
    /// The built-in type that the model takes it for: it may stand where that may, and its names are compared alike.
    pub like: Option<String>,
    /// What belongs to it, in a few words.
    #[serde(default)]
    pub meaning: String,
}

/// A type of relations that a user adds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRelation {
    /// Its name.
    pub name: String,
    /// Types of entities that it starts from.
    pub heads: Vec<String>,
    /// Types of entities that it points to.
    pub tails: Vec<String>,
    /// Whether the order of the ends means nothing.
    #[serde(default)]
    pub symmetric: bool,
    /// What it means, in a few words.
    #[serde(default)]
    pub meaning: String,
}

/// The types that a process works with.
///
/// It is one for the whole process, since types are written and read by name everywhere; [`Schema::install`] sets it
/// before anything asks for a type.
///
/// ```standalone_crate
/// use relata::schema::{OwnEntity, Schema, SchemaSet};
///
/// let vessel = OwnEntity { name: "Vessel".to_owned(), like: Some("WORK".to_owned()), ..OwnEntity::default() };
/// let schema = Schema::new(&SchemaSet { entities: vec![vessel], ..SchemaSet::default() })?;
/// schema.install()?;
/// assert!(relata::schema::EntityType::from_name("Vessel").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Schema {
    set: SchemaSet,
    entities: Vec<EntityInfo>,
    relations: Vec<RelationInfo>,
    entity_by_name: BTreeMap<String, EntityType>,
    relation_by_name: BTreeMap<String, RelationType>,
    /// Names of entity types in lower case, as identifiers of nodes start.
    prefixes: BTreeSet<String>,
    kept_entities: Vec<EntityType>,
    kept_relations: Vec<RelationType>,
}

/// What the schema says of an entity type.
#[derive(Debug)]
pub(super) struct EntityInfo {
    pub name: String,
    pub meaning: String,
    pub like: Option<EntityType>,
}

/// The schema of this process.
static IN_USE: OnceLock<Schema> = OnceLock::new();

pub(super) fn in_use() -> &'static Schema {
    IN_USE.get_or_init(|| Schema::new(&SchemaSet::default()).expect("nothing is asked for, so nothing can be wrong"))
}

impl Schema {
    /// Checks what a user wants, and works it out.
    ///
    /// # Errors
    ///
    /// If a name is unknown, malformed or taken, or a relation type has no ends; the error says where.
    pub fn new(set: &SchemaSet) -> Result<Self, SchemaError> {
        let mut schema = Self {
            set: in_order(set.clone()),
            entities: Vec::new(),
            relations: Vec::new(),
            entity_by_name: BTreeMap::new(),
            relation_by_name: BTreeMap::new(),
            prefixes: BTreeSet::new(),
            kept_entities: Vec::new(),
            kept_relations: Vec::new(),
        };
        let is_known = |name: &str| EntityType::built_in(name).is_some() || RelationType::built_in(name).is_some();
        if let Some(old) = set.rename.keys().find(|old| !is_known(old)) {
            return Err(SchemaError::new(["rename", old], unknown("built-in type", old)));
        }
        schema.add_entities(set)?;
        schema.add_relations(set)?;
        Ok(schema)
    }

    fn add_entities(&mut self, set: &SchemaSet) -> Result<(), SchemaError> {
        let kept = kept(set.keep.entities.as_deref(), "entities", EntityType::built_in)?;
        let mut taken = Taken::new(EntityType::ALL.map(EntityType::key));
        for entity_type in EntityType::ALL {
            let old = entity_type.key();
            let name = taken.renamed(old, &set.rename)?;
            self.entities.push(EntityInfo {
                name: name.clone(),
                meaning: entity_type.built_in_meaning().to_owned(),
                like: None,
            });
            // By both names, so that what was written without the schema can be read with it.
            self.entity_by_name.insert(old.to_owned(), entity_type);
            self.entity_by_name.insert(name, entity_type);
            if kept.as_ref().is_none_or(|kept| kept.contains(&entity_type)) {
                self.kept_entities.push(entity_type);
            }
        }
        for (index, own) in set.entities.iter().enumerate() {
            let at = |field: &str| ["entity".to_owned(), index.to_string(), field.to_owned()];
            if index == MOST_ENTITY_TYPES {
                let detail = format!("there is room for {MOST_ENTITY_TYPES} entity types of your own");
                return Err(SchemaError::new(at("name"), detail));
            }
            taken.take(&own.name).map_err(|detail| SchemaError::new(at("name"), detail))?;
            let like = own.like.as_deref().map(|name| {
                self.entity_by_name
                    .get(name)
                    .copied()
                    .filter(|like| !matches!(like, EntityType::Own(_)))
                    .ok_or_else(|| SchemaError::new(at("like"), unknown("built-in entity type", name)))
            });
            let like = like.transpose()?;
            let entity_type = EntityType::Own(OwnType(index as u8));
            self.entities.push(EntityInfo { name: own.name.clone(), meaning: own.meaning.clone(), like });
            self.entity_by_name.insert(own.name.clone(), entity_type);
            self.kept_entities.push(entity_type);
        }
        self.prefixes = self.entities.iter().map(|entity| entity.name.to_lowercase()).collect();
        Ok(())
    }

    fn add_relations(&mut self, set: &SchemaSet) -> Result<(), SchemaError> {
        let kept = kept(set.keep.relations.as_deref(), "relations", RelationType::built_in)?;
        let mut taken = Taken::new(RELATIONS.iter().map(|info| info.name.as_str()));
        for (index, info) in RELATIONS.iter().enumerate() {
            let relation_type = RelationType(index as u8);
            let name = taken.renamed(&info.name, &set.rename)?;
            let (heads, tails) = (self.standing_for(&info.heads), self.standing_for(&info.tails));
            let wanted = kept.as_ref().is_none_or(|kept| kept.contains(&relation_type));
            let is_possible = !heads.is_empty() && !tails.is_empty();
            if let Some(place) = set.keep.relations.iter().flatten().position(|kept| *kept == info.name)
                && !is_possible
            {
                let detail = format!("{} has no ends among the entity types that are kept", info.name);
                return Err(SchemaError::new(["keep", "relations", &place.to_string()], detail));
            }
            self.relation_by_name.insert(info.name.clone(), relation_type);
            self.relation_by_name.insert(name.clone(), relation_type);
            let is_kept = wanted && is_possible;
            if is_kept {
                self.kept_relations.push(relation_type);
            }
            // What is not kept allows no ends.
            let ends = |types: Vec<EntityType>| if is_kept { types } else { Vec::new() };
            self.relations.push(RelationInfo {
                name,
                heads: ends(heads),
                tails: ends(tails),
                symmetric: info.symmetric,
                wikidata: info.wikidata.clone(),
                schema_org: info.schema_org.clone(),
                meaning: info.meaning.clone(),
            });
        }
        for (index, own) in set.relations.iter().enumerate() {
            let at = |field: &str| ["relation".to_owned(), index.to_string(), field.to_owned()];
            if index == MOST_RELATION_TYPES {
                let detail = format!("there is room for {MOST_RELATION_TYPES} relation types of your own");
                return Err(SchemaError::new(at("name"), detail));
            }
            taken.take(&own.name).map_err(|detail| SchemaError::new(at("name"), detail))?;
            let ends = |names: &[String], field: &str| -> Result<Vec<EntityType>, SchemaError> {
                let mut types = Vec::new();
                for name in names {
                    let known = self.entity_by_name.get(name).filter(|known| self.kept_entities.contains(known));
                    types.push(*known.ok_or_else(|| SchemaError::new(at(field), unknown("entity type", name)))?);
                }
                if types.is_empty() {
                    return Err(SchemaError::new(at(field), "name at least one entity type".to_owned()));
                }
                Ok(self.standing_for(&types))
            };
            let (heads, tails) = (ends(&own.heads, "heads")?, ends(&own.tails, "tails")?);
            if own.symmetric && heads != tails {
                let detail = "of a symmetric relation, heads and tails are the same types".to_owned();
                return Err(SchemaError::new(at("symmetric"), detail));
            }
            let relation_type = RelationType((RELATIONS.len() + index) as u8);
            self.relation_by_name.insert(own.name.clone(), relation_type);
            self.kept_relations.push(relation_type);
            self.relations.push(RelationInfo {
                name: own.name.clone(),
                heads,
                tails,
                symmetric: own.symmetric,
                wikidata: "-".to_owned(),
                schema_org: None,
                meaning: own.meaning.clone(),
            });
        }
        Ok(())
    }

    /// The kept types of some, and the types of the user's that are like one of them; in order, each once.
    fn standing_for(&self, types: &[EntityType]) -> Vec<EntityType> {
        let stands = |entity_type: EntityType| {
            let like = self.entities.get(entity_type.index()).and_then(|info| info.like);
            types.contains(&entity_type) || like.is_some_and(|like| types.contains(&like))
        };
        // The order of the schema's own lines stays.
        let first = types.iter().copied().filter(|entity_type| self.kept_entities.contains(entity_type));
        let mut standing: Vec<EntityType> = Vec::new();
        for entity_type in first.chain(self.kept_entities.iter().copied().filter(|kept| stands(*kept))) {
            if !standing.contains(&entity_type) {
                standing.push(entity_type);
            }
        }
        standing
    }

    /// Makes it the schema of this process. To be done once, before anything asks for a type.
    ///
    /// # Errors
    ///
    /// If another schema is in use already.
    pub fn install(self) -> Result<(), SchemaInUse> {
        match IN_USE.set(self) {
            Err(other) if other.set != in_use().set => Err(SchemaInUse),
            _ => Ok(()),
        }
    }

    /// What the user wanted of the schema in use; nothing if it is the built-in one.
    #[must_use]
    pub fn installed() -> Option<&'static SchemaSet> {
        Some(&in_use().set).filter(|set| **set != SchemaSet::default())
    }

    pub(super) fn entity(&self, entity_type: EntityType) -> Option<&EntityInfo> {
        self.entities.get(entity_type.index())
    }

    pub(super) fn relation(&self, relation_type: RelationType) -> Option<&RelationInfo> {
        self.relations.get(relation_type.index())
    }

    pub(super) fn entity_named(&self, name: &str) -> Option<EntityType> {
        self.entity_by_name.get(name).copied()
    }

    pub(super) fn relation_named(&self, name: &str) -> Option<RelationType> {
        self.relation_by_name.get(name).copied()
    }

    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        self.prefixes.contains(prefix)
    }

    pub(super) fn kept_entities(&self) -> &[EntityType] {
        &self.kept_entities
    }

    pub(super) fn kept_relations(&self) -> &[RelationType] {
        &self.kept_relations
    }
}

/// The order of what is kept means nothing.
fn in_order(mut set: SchemaSet) -> SchemaSet {
    for list in [&mut set.keep.entities, &mut set.keep.relations].into_iter().flatten() {
        list.sort_unstable();
        list.dedup();
    }
    set
}

fn unknown(what: &str, name: &str) -> String {
    format!("unknown {what} {name:?}; `relata schema` lists the types")
}

/// The types of a list; nothing without a list.
fn kept<T: PartialEq>(
    names: Option<&[String]>,
    field: &str,
    built_in: impl Fn(&str) -> Option<T>,
) -> Result<Option<Vec<T>>, SchemaError> {
    let Some(names) = names else { return Ok(None) };
    let mut kept = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let at = ["keep", field, &index.to_string()];
        kept.push(built_in(name).ok_or_else(|| SchemaError::new(at, unknown("built-in type", name)))?);
    }
    Ok(Some(kept))
}

/// Names that no other type may have, in lower case, since identifiers of nodes are.
struct Taken(BTreeSet<String>);

impl Taken {
    fn new<'a>(built_in: impl IntoIterator<Item = &'a str>) -> Self {
        Self(built_in.into_iter().chain(RESERVED.iter().copied()).map(str::to_lowercase).collect())
    }

    /// The name that a built-in type has.
    fn renamed(&mut self, old: &str, renames: &BTreeMap<String, String>) -> Result<String, SchemaError> {
        let Some(new) = renames.get(old) else { return Ok(old.to_owned()) };
        // The same name in other letters is free.
        if !new.eq_ignore_ascii_case(old) || check_name(new).is_err() {
            self.take(new).map_err(|detail| SchemaError::new(["rename", old], detail))?;
        }
        Ok(new.clone())
    }

    fn take(&mut self, name: &str) -> Result<(), String> {
        check_name(name)?;
        if self.0.insert(name.to_lowercase()) {
            return Ok(());
        }
        let why = if RESERVED.contains(&name.to_lowercase().as_str()) { "exports use it" } else { "a type has it" };
        Err(format!("the name {name:?} is taken, {why}; choose another"))
    }
}

/// Names go into identifiers, addresses and columns as they are.
fn check_name(name: &str) -> Result<(), String> {
    let is_sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.len() <= LONGEST_NAME;
    let expected = format!("write a letter, then up to {} letters, digits or _", LONGEST_NAME - 1);
    if is_sound { Ok(()) } else { Err(format!("{name:?} cannot be the name of a type; {expected}")) }
}

/// A schema that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    place: Vec<String>,
    detail: String,
}

impl SchemaError {
    fn new(place: impl IntoIterator<Item = impl Into<String>>, detail: String) -> Self {
        Self { place: place.into_iter().map(Into::into).collect(), detail }
    }

    /// Where in the set it is wrong, from the outside in, such as `entity`, `0`, `name`.
    #[must_use]
    pub fn place(&self) -> &[String] {
        &self.place
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place.join("."), self.detail)
    }
}

impl std::error::Error for SchemaError {}

/// A schema came too late: another one is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another schema is in use already; there is one for the whole process")]
pub struct SchemaInUse;

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_part_has_the_relations_that_its_entities_allow() {
        let keep = KeptTypes { entities: Some(names(&["PLACE", "PERSON", "PLACE"])), relations: None };
        let schema = Schema::new(&SchemaSet { keep, ..SchemaSet::default() }).unwrap();
        assert_eq!(schema.kept_entities(), [EntityType::Person, EntityType::Place]);
        let relation = |name: &str| schema.relation_named(name).unwrap();
        assert!(schema.kept_relations().contains(&relation("born_in")));
        assert!(!schema.kept_relations().contains(&relation("born_on")));
        assert_eq!(schema.relation(relation("owns")).unwrap().tails, [EntityType::Place]);
        // What is not kept allows nothing, but still has a name, so that what was written before can be read.
        assert!(schema.relation(relation("born_on")).unwrap().heads.is_empty());
        assert_eq!(schema.entity_named("DATE"), Some(EntityType::Date));
    }

    #[test]
    fn types_stand_where_those_that_they_are_like_may() {
        let own = |name: &str, like: Option<&str>| OwnEntity {
            name: name.to_owned(),
            like: like.map(str::to_owned),
            meaning: String::new(),
        };
        let tows = OwnRelation {
            name: "tows".to_owned(),
            heads: names(&["Tug"]),
            tails: names(&["Article"]),
            ..OwnRelation::default()
        };
        let set = SchemaSet {
            rename: BTreeMap::from([("WORK".to_owned(), "Article".to_owned())]),
            entities: vec![own("Tug", Some("Article")), own("Case", None)],
            relations: vec![tows],
            ..SchemaSet::default()
        };
        let schema = Schema::new(&set).unwrap();
        let [tug, case] = [0, 1].map(|index| EntityType::Own(OwnType(index)));
        assert_eq!(
            schema.relation(schema.relation_named("owns").unwrap()).unwrap().tails,
            [EntityType::Organization, EntityType::Work, EntityType::Place, tug]
        );
        let tows = schema.relation(schema.relation_named("tows").unwrap()).unwrap();
        assert_eq!(
            (tows.heads.as_slice(), tows.tails.as_slice()),
            ([tug].as_slice(), [EntityType::Work, tug].as_slice())
        );
        assert!(schema.kept_entities().ends_with(&[tug, case]));
        assert!(schema.has_prefix("tug") && schema.has_prefix("article") && !schema.has_prefix("work"));
        assert_eq!(schema.entity_named("WORK"), schema.entity_named("Article"));
    }

    #[test]
    fn the_built_in_schema_is_what_nothing_asks_for() {
        let schema = Schema::new(&SchemaSet::default()).unwrap();
        assert_eq!(schema.kept_entities(), EntityType::ALL);
        for (info, relation) in schema.relations.iter().zip(RELATIONS.iter()) {
            assert_eq!((&info.name, &info.heads, &info.tails), (&relation.name, &relation.heads, &relation.tails));
        }
    }

    #[test]
    fn there_is_room_for_so_many() {
        let own = |index: usize| OwnEntity { name: format!("T{index}"), ..OwnEntity::default() };
        let set = |count: usize| SchemaSet { entities: (0..count).map(own).collect(), ..SchemaSet::default() };
        assert!(Schema::new(&set(MOST_ENTITY_TYPES)).is_ok());
        let error = Schema::new(&set(MOST_ENTITY_TYPES + 1)).unwrap_err();
        assert_eq!(error.to_string(), "entity.24.name: there is room for 24 entity types of your own");
        assert!(EntityType::ALL.len() + MOST_ENTITY_TYPES <= u32::BITS as usize);
        assert!(RELATIONS.len() + MOST_RELATION_TYPES <= usize::from(u8::MAX));
    }
}
