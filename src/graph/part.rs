//! What the graph needs of one document.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use sha2::{Digest, Sha256};

use super::{
    MentionSpan, Quote, SourceDocument,
    names::{is_acronym, normalize_name, shared_key, tidy},
};
use crate::{
    corpus::{Context, Decisions, Occurrence, Profile, base, may_be_shared, split},
    document::{Document, EntityId, LinkReason},
    lexicon::Lexicon,
    names::NameKey,
    record::DocumentRecord,
    schema::{EntityType, MentionKind, RelationType, Status},
    span::ByteSpan,
};

/// Separates the parts of a key; controls never survive normalization.
pub(crate) const SEPARATOR: char = '\u{1f}';

/// Features of context that an entity keeps; more tell no more.
const MAX_CONTEXT: usize = 24;

/// What the graph needs of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    /// Hash of the document as it was read.
    pub hash: [u8; 32],
    /// Hash of the document with all that was found in it.
    pub content: [u8; 32],
    pub source: SourceDocument,
    pub entities: Vec<PartEntity>,
    pub relations: Vec<PartRelation>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PartEntity {
    pub entity_type: EntityType,
    pub name: String,
    pub norm: Option<String>,
    pub link: Option<String>,
    /// Names in the text with the number of mentions.
    pub names: BTreeMap<String, u32>,
    pub spans: Vec<MentionSpan>,
    /// The unit of the corpus that it counts under; nothing if it stays with its document.
    pub unit: Option<String>,
    /// Names that are proof enough to join it with other documents, by key, each with its spellings.
    pub proven: BTreeMap<String, BTreeMap<String, u32>>,
    /// See [`Profile::dates`].
    pub dates: BTreeSet<String>,
    pub context: BTreeSet<Context>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PartRelation {
    pub head: usize,
    pub relation_type: RelationType,
    pub tail: usize,
    pub score: f32,
    pub evidence: Vec<Quote>,
    pub trigger: Option<Quote>,
    pub date: Option<usize>,
    pub place: Option<usize>,
    pub by: Option<usize>,
    pub status: Option<Status>,
}

impl Part {
    pub fn new(doc: &Document) -> Self {
        let offsets = CharOffsets::new(&doc.text);
        let quote = |span: ByteSpan| {
            let text = doc.text.get(span.range()).filter(|text| !text.is_empty())?;
            let char_start = offsets.at(&doc.text, span.start);
            Some(Quote {
                start: span.start,
                end: span.end,
                char_start,
                char_end: char_start.saturating_add(count(text)),
                text: text.to_owned(),
            })
        };
        let index = |entity: EntityId| Some(entity.0 as usize).filter(|index| *index < doc.entities.len());
        let relations: Vec<PartRelation> = doc
            .relations
            .iter()
            .filter_map(|relation| {
                let mut evidence: Vec<Quote> = relation.evidence.iter().copied().filter_map(quote).collect();
                evidence.sort_unstable();
                evidence.dedup();
                Some(PartRelation {
                    head: index(relation.head)?,
                    relation_type: relation.relation_type,
                    tail: index(relation.tail)?,
                    score: clean_score(relation.score),
                    evidence,
                    trigger: relation.trigger.and_then(quote),
                    date: relation.date.and_then(index),
                    place: relation.place.and_then(index),
                    by: relation.by.and_then(index),
                    status: relation.status,
                })
            })
            .collect();
        let mut entities: Vec<PartEntity> =
            (0..doc.entities.len()).filter_map(|index| PartEntity::new(doc, index, &relations, &quote)).collect();
        add_context(&mut entities, &relations);
        let source = SourceDocument {
            id: doc.id.clone(),
            title: doc.title.clone(),
            date: doc.date.clone(),
            url: doc.url.clone(),
            source: doc.source.clone(),
        };
        Self { hash: source_hash(doc), content: content_hash(doc), source, entities, relations }
    }

    /// The entities that relations speak of.
    pub fn needed(&self) -> BTreeSet<usize> {
        let entities = |relation: &PartRelation| {
            [Some(relation.head), Some(relation.tail), relation.date, relation.place, relation.by]
        };
        self.relations.iter().flat_map(entities).flatten().collect()
    }

    /// For each entity the key of its unit, or one that belongs to the document alone.
    pub fn keys(&self) -> Vec<String> {
        let mut ordinals: BTreeMap<(EntityType, String), usize> = BTreeMap::new();
        let document = &self.source.id;
        let key = |entity: &PartEntity| {
            if let Some(unit) = &entity.unit {
                return unit.clone();
            }
            let name = normalize_name(&entity.name);
            // An undated "Friday" is one day within its document; two Kellers that resolution kept apart stay apart.
            let ordinal = if entity.entity_type == EntityType::Date {
                0
            } else {
                let next = ordinals.entry((entity.entity_type, name.clone())).or_insert(0);
                *next += 1;
                *next
            };
            let type_key = entity.entity_type.key();
            format!("{type_key}{SEPARATOR}only{SEPARATOR}{document}{SEPARATOR}{name}{SEPARATOR}{ordinal}")
        };
        self.entities.iter().map(key).collect()
    }

    /// Adds what the document tells about its units; `number` stands for the document.
    pub fn profile(&self, number: u64, profiles: &mut BTreeMap<String, Profile>) {
        for entity in &self.entities {
            let Some(unit) = &entity.unit else { continue };
            let profile = profiles.entry(unit.clone()).or_insert_with(|| Profile::new(unit, entity.entity_type));
            entity.add_to(profile);
            if let Err(at) = profile.documents.binary_search(&number) {
                profile.documents.insert(at, number);
            }
        }
    }
}

impl PartEntity {
    fn new(
        doc: &Document,
        index: usize,
        relations: &[PartRelation],
        quote: &dyn Fn(ByteSpan) -> Option<Quote>,
    ) -> Option<Self> {
        let entity = doc.entities.get(index)?;
        let mut names: BTreeMap<String, u32> = BTreeMap::new();
        let mut spellings: BTreeMap<String, u32> = BTreeMap::new();
        let mut spans: Vec<MentionSpan> = Vec::new();
        for mention in entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize)) {
            let Some(words) = quote(mention.span) else { continue };
            spans.push(MentionSpan {
                start: words.start,
                end: words.end,
                char_start: words.char_start,
                char_end: words.char_end,
                kind: mention.kind,
            });
            let name = tidy(&words.text);
            let reason = mention.link.as_ref().map(|link| link.reason);
            // A capital that acts for its country is no name of the country.
            if mention.kind != MentionKind::Name || name.is_empty() || reason == Some(LinkReason::Metonym) {
                continue;
            }
            *names.entry(name.clone()).or_insert(0) += 1;
            let weak = match reason {
                // "Ana Costa" after "Ana Maria Costa" is a full name all the same.
                Some(LinkReason::PartOfName) => entity.entity_type != EntityType::Person,
                Some(LinkReason::Model) => true,
                _ => false,
            };
            if !weak && mention.entity_type == entity.entity_type {
                *spellings.entry(name).or_insert(0) += 1;
            }
        }
        spans.sort_unstable();
        spans.dedup();
        let name = tidy(&entity.name);
        let (entity_type, norm, link) = (entity.entity_type, entity.norm.clone(), entity.link.clone());
        let country = || country_of(doc, index, relations);
        let (unit, proven) = unit(entity_type, &name, norm.as_deref(), link.as_deref(), &spellings, country);
        let dates = dates_of(doc, index, relations);
        Some(Self { entity_type, name, norm, link, names, spans, unit, proven, dates, context: BTreeSet::new() })
    }

    /// Adds what is known of the entity to that of its unit, except the document.
    pub fn add_to(&self, profile: &mut Profile) {
        let Some(unit) = self.unit.as_deref().map(base) else { return };
        let own_key = self.link.as_ref().and_then(|_| name_key(self.entity_type, &self.name));
        for (key, spellings) in &self.proven {
            // A link has no spelling of its own: the best name stands for it.
            if key == unit || (self.link.is_some() && Some(key) == own_key.as_ref()) {
                for (spelling, mentions) in spellings {
                    *profile.spellings.entry(spelling.clone()).or_insert(0) += mentions;
                }
            }
            if key != unit {
                let spelling = spellings.keys().next().cloned().unwrap_or_default();
                let alias = profile.aliases.entry(key.clone()).or_insert_with(|| (spelling.clone(), 0));
                alias.1 += 1;
                if spelling < alias.0 {
                    alias.0 = spelling;
                }
            }
        }
        if self.link.is_some() {
            profile.link.clone_from(&self.link);
        }
        profile.dates.extend(self.dates.iter().cloned());
        profile.add_context(self.context.iter().copied());
    }
}

/// The key of a name that documents share; nothing if they do not.
fn name_key(entity_type: EntityType, name: &str) -> Option<String> {
    let key = shared_key(entity_type, name)?;
    // Letters stand for one body here and for another there.
    let kind = if entity_type == EntityType::Organization && is_acronym(name) { "acronym" } else { "name" };
    let type_key = entity_type.key();
    Some(format!("{type_key}{SEPARATOR}{kind}{SEPARATOR}{key}"))
}

/// The key of the unit under which each entity of a document meets those of other documents; nothing for one that
/// stays with its document, such as a bare surname.
#[must_use]
pub fn units(doc: &Document) -> Vec<Option<String>> {
    Part::new(doc).entities.into_iter().map(|entity| entity.unit).collect()
}

/// The key that a name which is proof gives an entity of a unit.
#[cfg(feature = "store")]
pub(crate) fn key_of_proven(entity_type: EntityType, name: &str, unit: &str) -> Option<String> {
    // Of a body that is known within a country alone, the unit says which.
    let mut parts = unit.split(SEPARATOR);
    if parts.nth(1) == Some("local") { Some(base(unit).to_owned()) } else { name_key(entity_type, name) }
}

/// The key of the unit of a name as people write it; nothing for a name that joins nothing, such as a bare surname.
#[must_use]
pub fn unit_of_name(entity_type: EntityType, name: &str) -> Option<String> {
    name_key(entity_type, &tidy(name))
}

type Proven = BTreeMap<String, BTreeMap<String, u32>>;

/// The unit of an entity and all keys that documents may share; `spellings` are the names in the text that are proof.
fn unit(
    entity_type: EntityType,
    name: &str,
    norm: Option<&str>,
    link: Option<&str>,
    spellings: &BTreeMap<String, u32>,
    country: impl FnOnce() -> Option<&'static str>,
) -> (Option<String>, Proven) {
    let mut proven: Proven = BTreeMap::new();
    let type_key = entity_type.key();
    // The best name counts only if the text names the entity at all: "the bank" is the best name of an unnamed one.
    let own = Some(name).filter(|name| !spellings.is_empty() && !name.is_empty());
    let mut add = |name: &str, mentions: u32| {
        let key = name_key(entity_type, name)?;
        *proven.entry(key.clone()).or_default().entry(name.to_owned()).or_insert(0) += mentions;
        Some(key)
    };
    let own = match entity_type {
        EntityType::Date => {
            let key =
                norm.filter(|norm| !norm.is_empty()).map(|norm| format!("{type_key}{SEPARATOR}norm{SEPARATOR}{norm}"));
            return (key, proven);
        }
        // Other wordings of a title are often shorter ones, "the minister", that would join different offices.
        EntityType::Title => own.and_then(|name| add(name, 1)),
        // One country has one supreme court, another has another.
        EntityType::Organization
            if link.is_none() && own.is_some_and(|name| NameKey::new(entity_type, name).is_generic()) =>
        {
            let key = shared_key(entity_type, name).zip(country());
            let key = key.map(|(key, code)| format!("{type_key}{SEPARATOR}local{SEPARATOR}{key}{SEPARATOR}{code}"));
            if let Some(key) = &key {
                proven.insert(key.clone(), BTreeMap::from([(name.to_owned(), 1)]));
            }
            return (key, proven);
        }
        _ => {
            for (name, mentions) in spellings {
                add(name, *mentions);
            }
            own.and_then(|name| add(name, 0))
        }
    };
    if let Some(link) = link.filter(|link| !link.is_empty()) {
        return (Some(format!("{type_key}{SEPARATOR}link{SEPARATOR}{link}")), proven);
    }
    let commonest = || {
        let mentions = |spellings: &BTreeMap<String, u32>| spellings.values().sum::<u32>();
        proven
            .iter()
            .max_by(|a, b| mentions(a.1).cmp(&mentions(b.1)).then_with(|| b.0.cmp(a.0)))
            .map(|(key, _)| key.clone())
    };
    (own.or_else(commonest), proven)
}

/// Code of the territory that a name of a place or people names.
fn territory(entity_type: EntityType, name: &str) -> Option<&'static str> {
    let lexicon = Lexicon::embedded();
    match entity_type {
        EntityType::Place => lexicon.territory_by_name(name),
        EntityType::Group => lexicon.territory_by_demonym(name),
        _ => None,
    }
    .map(|territory| territory.code)
}

/// The country that an organization belongs to, if the document says so of one alone.
fn country_of(doc: &Document, index: usize, relations: &[PartRelation]) -> Option<&'static str> {
    let says = |relation: &&PartRelation| {
        relation.head == index && matches!(relation.relation_type.key(), "part_of" | "based_in")
    };
    let codes: BTreeSet<&'static str> = relations
        .iter()
        .filter(says)
        .filter_map(|relation| doc.entities.get(relation.tail))
        .filter_map(|entity| territory(entity.entity_type, &entity.name))
        .collect();
    codes.first().copied().filter(|_| codes.len() == 1)
}

/// See [`Profile::dates`]; only what is stated as fact counts.
fn dates_of(doc: &Document, index: usize, relations: &[PartRelation]) -> BTreeSet<String> {
    let date = |relation: &PartRelation| {
        let letter = match relation.relation_type.key() {
            "born_on" => 'b',
            "died_on" => 'd',
            _ => return None,
        };
        let norm = doc.entities.get(relation.tail)?.norm.as_deref()?;
        let is_plain = norm.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        (relation.head == index && relation.status.is_none() && is_plain).then(|| format!("{letter}{norm}"))
    };
    relations.iter().filter_map(date).collect()
}

/// Notes for each entity what else the document names.
fn add_context(entities: &mut [PartEntity], relations: &[PartRelation]) {
    let mut countries: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut company: Vec<(usize, &str, usize)> = Vec::new();
    for (index, entity) in entities.iter().enumerate() {
        if let Some(code) = territory(entity.entity_type, &entity.name) {
            // Of a state, its country.
            *countries.entry(code.split('-').next().unwrap_or(code)).or_insert(0) += entity.spans.len();
        }
        if let Some(unit) = &entity.unit
            && matches!(
                entity.entity_type,
                EntityType::Person
                    | EntityType::Organization
                    | EntityType::Event
                    | EntityType::Work
                    | EntityType::Own(_)
            )
        {
            company.push((entity.spans.len(), unit, index));
        }
    }
    let mut countries: Vec<(&str, usize)> = countries.into_iter().collect();
    countries.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    company.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let contexts: Vec<BTreeSet<Context>> = entities
        .iter()
        .enumerate()
        .map(|(index, entity)| {
            if entity.unit.is_none()
                || matches!(
                    entity.entity_type,
                    EntityType::Date | EntityType::Title | EntityType::Place | EntityType::Group
                )
            {
                return BTreeSet::new();
            }
            let mut context: BTreeSet<Context> = BTreeSet::new();
            context.extend(countries.iter().take(3).map(|(code, _)| Context::new(Context::COUNTRY, code)));
            for relation in relations.iter().filter(|relation| relation.head == index || relation.tail == index) {
                let other = if relation.head == index { relation.tail } else { relation.head };
                let Some(other) = entities.get(other) else { continue };
                let Some(unit) = &other.unit else { continue };
                match other.entity_type {
                    EntityType::Title => drop(context.insert(Context::new(Context::TITLE, &head_noun(&other.name)))),
                    EntityType::Person
                    | EntityType::Organization
                    | EntityType::Event
                    | EntityType::Work
                    | EntityType::Own(_) => {
                        context.insert(Context::new(Context::RELATED, unit));
                    }
                    _ => {}
                }
            }
            for (_, unit, _) in company.iter().filter(|(_, _, other)| *other != index) {
                if context.len() >= MAX_CONTEXT {
                    break;
                }
                context.insert(Context::new(Context::COMPANY, unit));
            }
            // Company, which is cheap and plenty, goes first.
            context.into_iter().rev().take(MAX_CONTEXT).collect()
        })
        .collect();
    for (entity, context) in entities.iter_mut().zip(contexts) {
        entity.context = context;
    }
}

/// The word of a title that says what it is: "minister" of "Prime Minister" and of "minister of health".
fn head_noun(title: &str) -> String {
    let name = normalize_name(title);
    let head = name.split(" of ").next().unwrap_or(&name);
    head.rsplit(' ').next().unwrap_or(head).to_owned()
}

/// Gives people of one name units of their own.
pub(crate) fn split_namesakes(parts: &mut [Part], decisions: &Decisions) {
    let mut places: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        for (index, entity) in part.entities.iter().enumerate() {
            if let Some(unit) = entity.unit.as_deref().map(base)
                && (may_be_shared(unit) || decisions.tells_apart(unit))
            {
                places.entry(unit.to_owned()).or_default().push((at, index));
            }
        }
    }
    for (key, places) in places.into_iter().filter(|(_, places)| places.len() > 1) {
        let occurrences: Vec<Occurrence<'_>> = places
            .iter()
            .filter_map(|(at, index)| {
                let part = parts.get(*at)?;
                let PartEntity { dates, context, .. } = part.entities.get(*index)?;
                let entity = u32::try_from(*index).ok()?;
                let label = decisions.label(&key, &part.source.id);
                Some(Occurrence { document: number(&part.hash), entity, dates, context, label })
            })
            .collect();
        for ((at, index), unit) in places.into_iter().zip(split(&key, &occurrences)) {
            if let Some(entity) = parts.get_mut(at).and_then(|part| part.entities.get_mut(index)) {
                entity.unit = Some(unit);
            }
        }
    }
}

/// The start of a hash as a number.
pub(crate) fn number(hash: &[u8; 32]) -> u64 {
    hash.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// Hash of a document as it was read, before anything was found in it.
pub(crate) fn source_hash(doc: &Document) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let fields = [
        Some(doc.id.as_str()),
        doc.title.as_deref(),
        doc.date.as_deref(),
        doc.url.as_deref(),
        doc.source.as_deref(),
        Some(&doc.text),
    ];
    for field in fields {
        // With its length, so that no two sequences of fields are the same bytes.
        let length = field.map_or(u64::MAX, |field| field.len() as u64);
        hasher.update(length.to_le_bytes());
        hasher.update(field.unwrap_or_default().as_bytes());
    }
    hasher.finalize().into()
}

/// A score between 0 and 1 with four decimals: the last bits of a float are not worth a difference.
pub(crate) fn clean_score(score: f32) -> f32 {
    if score.is_finite() { (score.clamp(0.0, 1.0) * 10_000.0).round() / 10_000.0 } else { 0.0 }
}

/// Hash of a document with all that was found in it.
pub(crate) fn content_hash(doc: &Document) -> [u8; 32] {
    struct Hasher(Sha256);
    impl io::Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut hasher = Hasher(Sha256::new());
    // A record has text keys alone and the hasher takes everything, so this cannot fail.
    let _ = serde_json::to_writer(&mut hasher, &DocumentRecord::from(doc));
    hasher.0.finalize().into()
}

/// Byte offsets to character offsets, without a count from the start of the text each time.
struct CharOffsets {
    /// Characters before every [`CharOffsets::STEP`]th byte.
    before: Vec<u32>,
}

impl CharOffsets {
    const STEP: usize = 512;

    fn new(text: &str) -> Self {
        let mut before = vec![0];
        let mut sum = 0_u32;
        for chunk in text.as_bytes().chunks(Self::STEP) {
            sum = sum.saturating_add(char_starts(chunk));
            before.push(sum);
        }
        Self { before }
    }

    fn at(&self, text: &str, offset: u32) -> u32 {
        let offset = offset as usize;
        let step = offset / Self::STEP;
        let rest = text.as_bytes().get(step * Self::STEP..offset).map_or(0, char_starts);
        self.before.get(step).copied().unwrap_or(0).saturating_add(rest)
    }
}

fn char_starts(bytes: &[u8]) -> u32 {
    let starts = bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    u32::try_from(starts).unwrap_or(u32::MAX)
}

fn count(text: &str) -> u32 {
    char_starts(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_from_anywhere() {
        let text = "Zoë 🦀 déjà ".repeat(200);
        let offsets = CharOffsets::new(&text);
        for (count, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!(offsets.at(&text, offset as u32), count as u32);
        }
        assert_eq!(offsets.at(&text, text.len() as u32), text.chars().count() as u32);
        assert_eq!(CharOffsets::new("").at("", 0), 0);
    }

    #[test]
    fn scores_are_cleaned() {
        for (score, expected) in [(0.5, 0.5), (f32::NAN, 0.0), (2.0, 1.0), (-1.0, 0.0), (0.123_456, 0.1235)] {
            assert_eq!(clean_score(score), expected);
        }
    }
}
