//! The ontology: entity types, mention kinds, relation types and statuses.
//!
//! Relation types are read from `data/schema.tsv`, which is compiled in.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use serde::{Deserialize, Serialize};

/// What a mention or an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
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
}

impl EntityType {
    /// All types in the order of their indices in the model.
    pub const ALL: [EntityType; 8] =
        [Self::Person, Self::Organization, Self::Place, Self::Group, Self::Event, Self::Title, Self::Date, Self::Work];

    /// The name used in files, such as `PERSON`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Organization => "ORGANIZATION",
            Self::Place => "PLACE",
            Self::Group => "GROUP",
            Self::Event => "EVENT",
            Self::Title => "TITLE",
            Self::Date => "DATE",
            Self::Work => "WORK",
        }
    }

    /// The type with that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity_type| entity_type.name() == name)
    }

    /// One sentence on what belongs to the type.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Person => "a named individual",
            Self::Organization => "company, agency, ministry, party, militia, court, team, media outlet, university",
            Self::Place => "country, city, region, continent, water, mountain, named facility",
            Self::Group => "nationality, ethnic, religious or political group; demonyms",
            Self::Event => "named war, battle, election, summit, storm, match, disaster",
            Self::Title => "role or office of a person",
            Self::Date => "calendar date, or a period that can be placed on a calendar",
            Self::Work => "named product, law, treaty, book, film, ship, aircraft, software",
        }
    }
}

impl fmt::Display for EntityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
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

/// A relation type, by its line in the schema.
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
    let types = |field: &str| field.split('|').filter_map(EntityType::from_name).collect();
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

static BY_NAME: LazyLock<BTreeMap<&'static str, RelationType>> =
    LazyLock::new(|| RelationType::all().map(|relation| (relation.info().name.as_str(), relation)).collect());

impl RelationType {
    /// Every relation type, in the order of the schema, which is the order of the model.
    pub fn all() -> impl ExactSizeIterator<Item = RelationType> {
        (0..u8::try_from(RELATIONS.len()).unwrap_or(u8::MAX)).map(RelationType)
    }

    /// The relation type with that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        BY_NAME.get(name).copied()
    }

    /// The relation type at that line of the schema, if there is one.
    #[must_use]
    pub fn from_index(index: usize) -> Option<Self> {
        (index < RELATIONS.len()).then_some(RelationType(index as u8))
    }

    /// Its line in the schema, counted from zero.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// What the schema says of it.
    #[must_use]
    pub fn info(self) -> &'static RelationInfo {
        &RELATIONS[self.index()]
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
        assert_eq!(RelationType::all().len(), 58);
        let head_of = RelationType::from_name("head_of").unwrap();
        assert!(head_of.allows(EntityType::Person, EntityType::Place));
        assert!(!head_of.allows(EntityType::Place, EntityType::Person));
        for relation in RelationType::all() {
            assert!(!relation.info().heads.is_empty() && !relation.info().tails.is_empty(), "{relation}");
            assert_eq!(RelationType::from_name(relation.name()), Some(relation));
        }
    }
}
