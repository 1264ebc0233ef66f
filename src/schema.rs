//! The ontology: entity types, mention kinds, relation types and statuses.
//!
//! Relation types are read from `data/schema.tsv`, which is compiled in. A user may keep a part of the types, rename
//! some and add others; see [`Schema`].

mod own;

use std::{fmt, sync::LazyLock};

use serde::{Deserialize, Serialize};

pub use self::own::{KeptTypes, OwnEntity, OwnRelation, Schema, SchemaError, SchemaInUse, SchemaSet};

/// What a mention or an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityType {
    /// A named individual.
    Person,
    /// Company, agency, party, militia, court, team, media outlet.
    Organization,
    /// Country, city, region, water, named facility.
    Place,
    /// Nationality, ethnic, religious or political group; demonyms.
    Group,
    /// Named war, election, summit, storm, match.
    Event,
    /// Role or office of a person.
    Title,
    /// Calendar date or period.
    Date,
    /// Named product, law, book, film, ship.
    Work,
    /// A type that a user added; see [`Schema`].
    Own(OwnType),
}

/// An entity type that a user added, by its place in the user's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnType(u8);

impl EntityType {
    /// The built-in types in the order of their indices in the model.
    pub const ALL: [EntityType; 8] =
        [Self::Person, Self::Organization, Self::Place, Self::Group, Self::Event, Self::Title, Self::Date, Self::Work];

    /// The types of the schema in use: the built-in ones that are kept, then those of the user.
    pub fn all() -> impl ExactSizeIterator<Item = EntityType> {
        own::in_use().kept_entities().iter().copied()
    }

    /// All types there are, kept or not, in the order of [`EntityType::index`].
    pub(crate) fn by_index() -> impl Iterator<Item = EntityType> {
        Self::ALL.into_iter().chain(Self::all().filter(|entity_type| matches!(entity_type, Self::Own(_))))
    }

    /// Its place among all types: first the built-in ones, whether kept or not, then those of the user.
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Person => 0,
            Self::Organization => 1,
            Self::Place => 2,
            Self::Group => 3,
            Self::Event => 4,
            Self::Title => 5,
            Self::Date => 6,
            Self::Work => 7,
            Self::Own(OwnType(index)) => Self::ALL.len() + usize::from(index),
        }
    }

    /// The built-in type that the model takes it for: of a built-in type itself, of one that is like none `Work`, whose
    /// names are compared word by word.
    #[must_use]
    pub fn base(self) -> Self {
        match self {
            Self::Own(_) => own::in_use().entity(self).and_then(|info| info.like).unwrap_or(Self::Work),
            built_in => built_in,
        }
    }

    /// Whether it is a type of the user's that the model takes for a built-in one.
    pub(crate) fn is_like_built_in(self) -> bool {
        own::in_use().entity(self).is_some_and(|info| info.like.is_some())
    }

    /// The name used in files, such as `PERSON`.
    #[must_use]
    pub fn name(self) -> &'static str {
        own::in_use().entity(self).map_or_else(|| self.key(), |info| &info.name)
    }

    /// The name that a built-in type has in the program, whatever a user calls it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Organization => "ORGANIZATION",
            Self::Place => "PLACE",
            Self::Group => "GROUP",
            Self::Event => "EVENT",
            Self::Title => "TITLE",
            Self::Date => "DATE",
            Self::Work => "WORK",
            Self::Own(_) => own::in_use().entity(self).map_or("", |info| &info.name),
        }
    }

    /// The type with that name, if there is one. Built-in types have their built-in name too, and are found even if the
    /// schema in use does not keep them; see [`EntityType::is_kept`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        own::in_use().entity_named(name)
    }

    /// The built-in type with that built-in name.
    fn built_in(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity_type| entity_type.key() == name)
    }

    /// Whether it is a type of the schema in use.
    #[must_use]
    pub fn is_kept(self) -> bool {
        own::in_use().kept_entities().contains(&self)
    }

    /// Whether identifiers of nodes may start with these letters: the name of a type in lower case.
    pub(crate) fn is_prefix(letters: &str) -> bool {
        own::in_use().has_prefix(letters)
    }

    /// The type whose name in lower case an identifier of a node starts with.
    pub(crate) fn of_prefix(letters: &str) -> Option<Self> {
        let types = Self::ALL.into_iter().chain(Self::all());
        types.into_iter().find(|entity_type| entity_type.name().to_lowercase() == letters)
    }

    /// Its name as a class of things: `Person` for `PERSON`; a name with small letters in it stays as it is.
    #[must_use]
    pub fn class_name(self) -> String {
        let name = self.name();
        if name.chars().any(char::is_lowercase) {
            return name.to_owned();
        }
        let mut chars = name.chars();
        chars.next().into_iter().chain(chars.flat_map(char::to_lowercase)).collect()
    }

    /// One sentence on what belongs to the type.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        own::in_use().entity(self).map_or("", |info| &info.meaning)
    }

    fn built_in_meaning(self) -> &'static str {
        match self {
            Self::Person => "a named individual",
            Self::Organization => "company, agency, ministry, party, militia, court, team, media outlet, university",
            Self::Place => "country, city, region, continent, water, mountain, named facility",
            Self::Group => "nationality, ethnic, religious or political group; demonyms",
            Self::Event => "named war, battle, election, summit, storm, match, disaster",
            Self::Title => "role or office of a person",
            Self::Date => "calendar date, or a period that can be placed on a calendar",
            Self::Work => "named product, law, treaty, book, film, ship, aircraft, software",
            Self::Own(_) => "",
        }
    }
}

impl fmt::Display for EntityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for EntityType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for EntityType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        EntityType::from_name(&name).ok_or_else(|| {
            let names: Vec<&str> = EntityType::all().map(EntityType::name).collect();
            serde::de::Error::custom(format!("unknown entity type {name:?}, expected one of {}", names.join(", ")))
        })
    }
}

/// How a mention refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MentionKind {
    /// By name: `Maria Keller`.
    Name,
    /// By a common noun: `the bank`.
    Nominal,
    /// By a pronoun: `she`.
    Pronoun,
}

impl MentionKind {
    /// All kinds in the order of their indices in the model.
    pub const ALL: [MentionKind; 3] = [Self::Name, Self::Nominal, Self::Pronoun];

    /// The name used in files, such as `nominal`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Nominal => "nominal",
            Self::Pronoun => "pronoun",
        }
    }

    /// The kind with that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How far the text commits itself to a relation; nothing stands for "stated as fact".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Alleged, reportedly, may.
    Possible,
    /// Plans, vows, will.
    Intended,
    /// Denied, did not.
    Negated,
    /// No longer holds.
    Former,
}

impl Status {
    /// All statuses; the model's index of a status is its place here plus one, zero is fact.
    pub const ALL: [Status; 4] = [Self::Possible, Self::Intended, Self::Negated, Self::Former];

    /// The name used in files, such as `possible`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Intended => "intended",
            Self::Negated => "negated",
            Self::Former => "former",
        }
    }

    /// The status with that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A relation type, by its line in the schema; those that a user added follow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationType(u8);

/// What the schema says of a relation type.
#[derive(Debug)]
pub struct RelationInfo {
    /// Name, such as `head_of`.
    pub name: String,
    /// Types allowed at the head.
    pub heads: Vec<EntityType>,
    /// Types allowed at the tail.
    pub tails: Vec<EntityType>,
    /// Whether the order of the ends means nothing.
    pub symmetric: bool,
    /// Related Wikidata properties or event codes, as text; `-` where there is none.
    pub wikidata: String,
    /// The schema.org property, if there is one.
    pub schema_org: Option<String>,
    /// What it means, in a few words.
    pub meaning: String,
}

static RELATIONS: LazyLock<Vec<RelationInfo>> = LazyLock::new(|| {
    let types = |field: &str| field.split('|').filter_map(EntityType::built_in).collect();
    include_str!("../data/schema.tsv")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let mut fields = line.split('\t');
            let mut next = || fields.next().unwrap_or_default();
            RelationInfo {
                name: next().to_owned(),
                heads: types(next()),
                tails: types(next()),
                symmetric: next() == "yes",
                wikidata: next().to_owned(),
                schema_org: Some(next()).filter(|name| *name != "-").map(str::to_owned),
                meaning: next().to_owned(),
            }
        })
        .collect()
});

/// Relations that hold for a time and then end, by their built-in names.
const STATES: [&str; 11] = [
    "head_of",
    "works_for",
    "member_of",
    "owns",
    "holds_title",
    "spouse_of",
    "lives_in",
    "represents",
    "spokesperson_for",
    "part_of",
    "based_in",
];

impl RelationType {
    /// The relation types of the schema in use: the built-in ones that are kept, then those of the user.
    pub fn all() -> impl ExactSizeIterator<Item = RelationType> {
        own::in_use().kept_relations().iter().copied()
    }

    /// The built-in relation types, in the order of the model, whether kept or not.
    pub fn of_model() -> impl ExactSizeIterator<Item = RelationType> {
        (0..u8::try_from(RELATIONS.len()).unwrap_or(u8::MAX)).map(RelationType)
    }

    /// All relation types there are, kept or not, in the order of [`RelationType::index`].
    pub(crate) fn by_index() -> impl Iterator<Item = RelationType> {
        Self::of_model().chain(Self::all().filter(|relation| relation.index() >= RELATIONS.len()))
    }

    /// The relation type with that name, if there is one. Built-in types have their built-in name too, and are found even
    /// if the schema in use does not keep them; see [`RelationType::is_kept`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        own::in_use().relation_named(name)
    }

    /// The built-in type with that built-in name.
    fn built_in(name: &str) -> Option<Self> {
        Self::of_model().find(|relation| relation.key() == name)
    }

    /// Whether it is a type of the schema in use.
    #[must_use]
    pub fn is_kept(self) -> bool {
        own::in_use().kept_relations().contains(&self)
    }

    /// The name that a built-in type has in the program, whatever a user calls it.
    #[must_use]
    pub fn key(self) -> &'static str {
        RELATIONS.get(self.index()).map_or_else(|| self.name(), |info| &info.name)
    }

    /// Whether it holds for a time and then ends, as an office does and a meeting does not.
    #[must_use]
    pub fn is_state(self) -> bool {
        STATES.contains(&self.key())
    }

    /// The relation type at that line of the schema, if there is one.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        let relation = u8::try_from(index).ok().map(RelationType)?;
        own::in_use().relation(relation).map(|_| relation)
    }

    /// Its line in the schema, counted from zero.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// What the schema says of it.
    #[must_use]
    pub fn info(self) -> &'static RelationInfo {
        // One that a user added is in the schema that made it.
        own::in_use().relation(self).unwrap_or(&RELATIONS[0])
    }

    /// Its name, such as `head_of`.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.info().name
    }

    /// Whether the schema allows these ends.
    #[must_use]
    pub fn allows(self, head: EntityType, tail: EntityType) -> bool {
        self.info().heads.contains(&head) && self.info().tails.contains(&tail)
    }
}

impl fmt::Debug for RelationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for RelationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for RelationType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for RelationType {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        RelationType::from_name(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("unknown relation type {name:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_is_read_whole() {
        assert_eq!((RelationType::all().len(), RelationType::of_model().len()), (58, 58));
        let head_of = RelationType::from_name("head_of").unwrap();
        assert!(head_of.allows(EntityType::Person, EntityType::Place));
        assert!(!head_of.allows(EntityType::Place, EntityType::Person));
        for relation in RelationType::all() {
            assert!(!relation.info().heads.is_empty() && !relation.info().tails.is_empty(), "{relation}");
            assert_eq!(RelationType::from_name(relation.name()), Some(relation));
        }
    }
}
