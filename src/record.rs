//! The JSON Lines contract: one document a line, as `extract` writes it and gold sets hold it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    document::{CoreferenceLink, Document, Entity, EntityId, LinkReason, Mention, MentionId, Relation},
    schema::{EntityType, MentionKind, RelationType, Status},
    span::ByteSpan,
};

/// One line: a document with its mentions, entities and relations.
///
/// Gold sets use the same form with fewer fields; unknown fields are ignored on reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Document identifier.
    pub id: String,
    /// The text, byte for byte.
    pub text: String,
    /// Document date or null.
    #[serde(default)]
    pub date: Option<String>,
    /// Title, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Address, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Publisher, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Mentions in order of start.
    pub mentions: Vec<MentionRecord>,
    /// Entities by id.
    pub entities: Vec<EntityRecord>,
    /// Relations between entities.
    #[serde(default)]
    pub relations: Vec<RelationRecord>,
    /// What a gold set marks exhaustively; nothing means everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotated: Option<Annotated>,
}

/// A mention; offsets are UTF-8 bytes, half open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MentionRecord {
    /// First byte.
    pub start: u32,
    /// First byte after.
    pub end: u32,
    /// Type; null in gold sets for spans of unclear or foreign type.
    #[serde(rename = "type")]
    pub entity_type: Option<EntityType>,
    /// Name, nominal or pronoun.
    #[serde(default = "MentionRecord::default_kind")]
    pub kind: MentionKind,
    /// Id of its entity; `u32::MAX` where it has none, as in gold sets of names alone.
    #[serde(default = "MentionRecord::no_entity")]
    pub entity: u32,
    /// Confidence, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// Why it was linked to an earlier mention, and which: rule or `model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Start of the mention that it was linked to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antecedent: Option<u32>,
    /// Confidence of that link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_score: Option<f32>,
}

impl MentionRecord {
    fn default_kind() -> MentionKind {
        MentionKind::Name
    }

    fn no_entity() -> u32 {
        u32::MAX
    }
}

/// An entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityRecord {
    /// Its id within the document.
    pub id: u32,
    /// Type; null in gold sets for things of unclear or foreign type.
    #[serde(rename = "type")]
    pub entity_type: Option<EntityType>,
    /// Best name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Normal form of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm: Option<String>,
    /// Knowledge base id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What the entity is called in inline gold text, such as `p1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A relation between two entities of the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelationRecord {
    /// Id of the entity it starts from.
    pub head: u32,
    /// Relation type.
    #[serde(rename = "type")]
    pub relation_type: RelationType,
    /// Id of the entity it points to.
    pub tail: u32,
    /// Confidence, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// Sentences that state it, as `[start, end]` bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<[u32; 2]>,
    /// The word that states it, as `[start, end]` bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<[u32; 2]>,
    /// Id of the DATE entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<u32>,
    /// Id of the PLACE entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    /// Id of the entity that states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<u32>,
    /// Possible, intended, negated or former.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// What a gold set marks exhaustively; the rest is unknown, not negative.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Annotated {
    /// Entity types.
    #[serde(default)]
    pub entities: Vec<EntityType>,
    /// Mention kinds.
    #[serde(default)]
    pub kinds: Vec<MentionKind>,
    /// Relation types.
    #[serde(default)]
    pub relations: Vec<RelationType>,
    /// Whether a missing relation of those types is a negative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relations_complete: Option<bool>,
    /// Whether coreference is marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coref: Option<bool>,
    /// Types that may hide in spans of type null.
    #[serde(default)]
    pub null_covers: Vec<EntityType>,
}

impl From<&Document> for DocumentRecord {
    fn from(doc: &Document) -> Self {
        let mentions = doc
            .mentions
            .iter()
            .map(|mention| MentionRecord {
                start: mention.span.start,
                end: mention.span.end,
                entity_type: Some(mention.entity_type),
                kind: mention.kind,
                entity: mention.entity.map_or(u32::MAX, |entity| entity.0),
                score: Some(round(mention.score)),
                reason: mention.link.as_ref().map(|link| link.reason.name().to_owned()),
                antecedent: mention
                    .link
                    .as_ref()
                    .and_then(|link| doc.mentions.get(link.antecedent.0 as usize))
                    .map(|antecedent| antecedent.span.start),
                link_score: mention.link.as_ref().map(|link| round(link.score)),
            })
            .collect();
        let entities = doc
            .entities
            .iter()
            .enumerate()
            .map(|(id, entity)| EntityRecord {
                id: id as u32,
                entity_type: Some(entity.entity_type),
                name: Some(entity.name.clone()),
                norm: entity.norm.clone(),
                link: entity.link.clone(),
                key: None,
            })
            .collect();
        let relations = doc
            .relations
            .iter()
            .map(|relation| RelationRecord {
                head: relation.head.0,
                relation_type: relation.relation_type,
                tail: relation.tail.0,
                score: Some(round(relation.score)),
                evidence: relation.evidence.iter().map(|span| [span.start, span.end]).collect(),
                trigger: relation.trigger.map(|span| [span.start, span.end]),
                date: relation.date.map(|entity| entity.0),
                place: relation.place.map(|entity| entity.0),
                by: relation.by.map(|entity| entity.0),
                status: relation.status,
            })
            .collect();
        DocumentRecord {
            id: doc.id.clone(),
            text: doc.text.clone(),
            date: doc.date.clone(),
            title: doc.title.clone(),
            url: doc.url.clone(),
            source: doc.source.clone(),
            mentions,
            entities,
            relations,
            annotated: None,
        }
    }
}

/// Why a record is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// An offset is outside the text or within a character.
    #[error("{start}..{end} are no bytes of the text, or cut a character")]
    Span {
        /// First byte.
        start: u32,
        /// First byte after.
        end: u32,
    },
    /// A mention or relation names an entity that is not there.
    #[error("there is no entity {0}")]
    Entity(u32),
}

impl TryFrom<DocumentRecord> for Document {
    type Error = RecordError;

    /// Takes annotations that were made before; things without a type are left out, missing scores count as 1.
    fn try_from(record: DocumentRecord) -> Result<Self, RecordError> {
        let mut doc = Document::new(record.id, record.text);
        (doc.title, doc.date, doc.url, doc.source) = (record.title, record.date, record.url, record.source);
        let span = |text: &str, start: u32, end: u32| {
            let fits = start <= end && text.get(start as usize..end as usize).is_some();
            fits.then(|| ByteSpan::new(start as usize, end as usize)).ok_or(RecordError::Span { start, end })
        };
        let mut index: BTreeMap<u32, Option<EntityId>> = BTreeMap::new();
        for entity in record.entities {
            let place = entity.entity_type.map(|entity_type| {
                let id = EntityId(doc.entities.len() as u32);
                let name = entity.name.unwrap_or_default();
                doc.entities.push(Entity {
                    entity_type,
                    name,
                    norm: entity.norm,
                    link: entity.link,
                    mentions: Vec::new(),
                });
                id
            });
            index.insert(entity.id, place);
        }
        // An antecedent is told by its start; of several that start there, one of the same entity is meant. It may stand
        // later: a short name is linked to the full one.
        let mut starts: BTreeMap<(u32, u32), MentionId> = BTreeMap::new();
        let typed = record.mentions.iter().filter(|mention| mention.entity_type.is_some());
        for (id, mention) in (0..).zip(typed) {
            starts.entry((mention.entity, mention.start)).or_insert(MentionId(id));
        }
        for mention in record.mentions {
            let place = span(&doc.text, mention.start, mention.end)?;
            let Some(entity_type) = mention.entity_type else { continue };
            let entity = match mention.entity {
                u32::MAX => None,
                id => *index.get(&id).ok_or(RecordError::Entity(id))?,
            };
            let id = MentionId(doc.mentions.len() as u32);
            let reason =
                mention.reason.and_then(|name| LinkReason::ALL.into_iter().find(|reason| reason.name() == name));
            let antecedent = mention.antecedent.and_then(|start| starts.get(&(mention.entity, start)).copied());
            let link = reason.zip(antecedent);
            let link = link.map(|(reason, antecedent)| CoreferenceLink {
                antecedent,
                reason,
                score: mention.link_score.unwrap_or(1.0),
            });
            if let Some(entity) = entity.and_then(|entity| doc.entities.get_mut(entity.0 as usize)) {
                entity.mentions.push(id);
            }
            let (kind, score) = (mention.kind, mention.score.unwrap_or(1.0));
            doc.mentions.push(Mention { span: place, entity_type, kind, score, entity, norm: None, link });
        }
        // Gold sets give no best name: the longest is as good.
        for entity in doc.entities.iter_mut().filter(|entity| entity.name.is_empty()) {
            let mentions = entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize));
            let names = mentions.filter(|mention| mention.kind == MentionKind::Name);
            let longest = names
                .max_by_key(|mention| (mention.span.end - mention.span.start, std::cmp::Reverse(mention.span.start)));
            entity.name = longest.and_then(|mention| doc.text.get(mention.span.range())).unwrap_or_default().to_owned();
        }
        for relation in record.relations {
            let find = |id: u32| index.get(&id).copied().ok_or(RecordError::Entity(id));
            let qualifier = |id: Option<u32>| id.map(find).transpose().map(Option::flatten);
            let (Some(head), Some(tail)) = (find(relation.head)?, find(relation.tail)?) else { continue };
            let words = |[start, end]: [u32; 2]| span(&doc.text, start, end);
            doc.relations.push(Relation {
                head,
                relation_type: relation.relation_type,
                tail,
                score: relation.score.unwrap_or(1.0),
                evidence: relation.evidence.into_iter().map(words).collect::<Result<_, _>>()?,
                trigger: relation.trigger.map(words).transpose()?,
                date: qualifier(relation.date)?,
                place: qualifier(relation.place)?,
                by: qualifier(relation.by)?,
                status: relation.status,
            });
        }
        Ok(doc)
    }
}

/// Scores are written with four decimals: more would be noise, and the last bits of a float sum are not worth a diff.
pub(crate) fn round(score: f32) -> f32 {
    (score * 10_000.0).round() / 10_000.0
}
