//! What the graph needs of one document.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use sha2::{Digest, Sha256};

use super::{
    MentionSpan, Quote, SourceDocument,
    ages::born_about,
    names::{is_acronym, normalize_name, shared_key},
};
use crate::{
    corpus::{ALONE, Context, Decisions, Occurrence, Profile, base, may_be_shared, split, stays_alone, tells_apart},
    document::{Document, EntityId, LinkReason},
    lexicon::Lexicon,
    names::{NameKey, party_of, tidy},
    record::DocumentRecord,
    schema::{EntityType, MentionKind, RelationType, Status},
    span::ByteSpan,
};

/// Separates the parts of a key; controls never survive normalization.
pub(crate) const SEPARATOR: char = '\u{1f}';

/// Features of context that an entity keeps; more tell no more.
const MAX_CONTEXT: usize = 24;

/// A date of birth or death with a lower score parts nobody from anybody.
const SURE: f32 = 0.5;

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
        let ties = ties(doc.entities.len(), &relations);
        let mut entities: Vec<PartEntity> =
            ties.iter().enumerate().filter_map(|(index, ties)| PartEntity::new(doc, index, ties, &quote)).collect();
        add_context(&mut entities, &ties);
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
        let mut alone = AloneKeys::default();
        let key = |entity: &PartEntity| match &entity.unit {
            Some(unit) if !stays_alone(unit) => unit.clone(),
            // What people joined with something is counted too, so that the others keep their keys.
            _ => alone.next(&self.source.id, entity.entity_type, &entity.name),
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

/// For each entity of a document the relations that it is an end of.
fn ties(entities: usize, relations: &[PartRelation]) -> Vec<Vec<&PartRelation>> {
    let mut ties: Vec<Vec<&PartRelation>> = vec![Vec::new(); entities];
    for relation in relations {
        for end in BTreeSet::from([relation.head, relation.tail]) {
            if let Some(ties) = ties.get_mut(end) {
                ties.push(relation);
            }
        }
    }
    ties
}

/// Makes the keys of the entities of one document that stay with it, asked for in their order.
#[derive(Debug, Default)]
pub(crate) struct AloneKeys(BTreeMap<(EntityType, String), usize>);

impl AloneKeys {
    /// The key of the next one.
    pub fn next(&mut self, document: &str, entity_type: EntityType, name: &str) -> String {
        let name = normalize_name(name);
        // An undated "Friday" is one day within its document; two Kellers that resolution kept apart stay apart.
        let ordinal = if entity_type == EntityType::Date {
            0
        } else {
            let next = self.0.entry((entity_type, name.clone())).or_insert(0);
            *next += 1;
            *next
        };
        let type_key = entity_type.key();
        format!("{type_key}{SEPARATOR}{ALONE}{SEPARATOR}{document}{SEPARATOR}{name}{SEPARATOR}{ordinal}")
    }
}

/// The document of a key that is one of an entity which stays with its document.
pub(crate) fn document_of_key(key: &str) -> Option<&str> {
    let (_, rest) = key.split_once(SEPARATOR)?;
    let rest = rest.strip_prefix(ALONE)?.strip_prefix(SEPARATOR)?;
    // The name and its number hold no separator; an identifier may.
    let (rest, _) = rest.rsplit_once(SEPARATOR)?;
    rest.rsplit_once(SEPARATOR).map(|(document, _)| document)
}

impl PartEntity {
    fn new(
        doc: &Document,
        index: usize,
        ties: &[&PartRelation],
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
            let named_before = names.keys().any(|other| *other != name);
            *names.entry(name.clone()).or_insert(0) += 1;
            let weak = match reason {
                // "Ana Costa" after "Ana Maria Costa" is a full name all the same.
                Some(LinkReason::PartOfName) => entity.entity_type != EntityType::Person,
                // Only a name that was joined with another one: after "her brother" it is the first of its own.
                Some(LinkReason::Model) => named_before,
                _ => false,
            };
            if !weak && mention.entity_type == entity.entity_type {
                let party = party_of(doc, mention);
                *spellings.entry(party.map_or(name, str::to_owned)).or_insert(0) += 1;
            }
        }
        spans.sort_unstable();
        spans.dedup();
        let name = tidy(&entity.name);
        let (entity_type, norm, link) = (entity.entity_type, entity.norm.clone(), entity.link.clone());
        let country = || country_of(doc, index, ties);
        let (unit, proven) = unit(entity_type, &name, norm.as_deref(), link.as_deref(), &spellings, country);
        let mut dates = dates_of(doc, index, ties);
        if entity_type.base() == EntityType::Person && !dates.iter().any(|date| date.starts_with('b')) {
            dates.extend(born_about(doc, entity).map(|year| format!("a{year}")));
        }
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

/// The kind of key that a body has which is known within a country alone.
const LOCAL: &str = "local";

/// The key of a name that documents share; nothing if they do not.
fn name_key(entity_type: EntityType, name: &str) -> Option<String> {
    if entity_type == EntityType::Organization
        && let Some((body, code)) = body_of_country(name)
    {
        return local_key(&body, code);
    }
    let key = shared_key(entity_type, name)?;
    // Letters stand for one body here and for another there.
    let kind = if entity_type == EntityType::Organization && is_acronym(name) { "acronym" } else { "name" };
    let type_key = entity_type.key();
    Some(format!("{type_key}{SEPARATOR}{kind}{SEPARATOR}{key}"))
}

/// The key of a body that is known within a country alone: "Supreme Court" in `gh`.
fn local_key(body: &str, code: &str) -> Option<String> {
    let key = shared_key(EntityType::Organization, body)?;
    // The Ministry of Health is the Health Ministry.
    let mut words: Vec<&str> = key.split(' ').filter(|word| !matches!(*word, "of" | "for" | "the" | "and")).collect();
    words.sort_unstable();
    let type_key = EntityType::Organization.key();
    let words = words.join(" ");
    (!words.is_empty()).then(|| format!("{type_key}{SEPARATOR}{LOCAL}{SEPARATOR}{words}{SEPARATOR}{code}"))
}

/// Whether a key is one of a body that is known within a country alone.
fn is_local(key: &str) -> bool {
    key.split(SEPARATOR).nth(1) == Some(LOCAL)
}

/// Whether a name says what kind of body something is, and not which.
pub(super) fn is_generic(entity_type: EntityType, name: &str) -> bool {
    entity_type == EntityType::Organization && NameKey::new(entity_type, name).is_generic()
}

/// Bodies of which a country has but one, though their name is a single word.
const ONE_IN_A_COUNTRY: [&str; 7] = ["parliament", "government", "senate", "cabinet", "army", "navy", "police"];

/// The words for territories and peoples are so long at the most.
const MOST_WORDS: usize = 5;

/// The kind of body and the code of the territory, if a name says these two and nothing else: "Supreme Court" and `gh` of
/// "Supreme Court of Ghana", "Ghana's Supreme Court" and "Ghanaian Supreme Court".
fn body_of_country(name: &str) -> Option<(String, &'static str)> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let words = match words.as_slice() {
        [first, rest @ ..] if first.eq_ignore_ascii_case("the") => rest,
        words => words,
    };
    // The longest name of a territory first: "South Korean" before "South".
    let before = (1..words.len().min(MOST_WORDS + 1)).rev().find_map(|length| {
        let (place, body) = words.split_at_checked(length)?;
        // Mexico City has a police of its own.
        let is_town = |word: &&str| matches!(word.to_lowercase().as_str(), "city" | "town" | "county");
        if body.first().is_some_and(is_town) {
            return None;
        }
        Some((body, territory_named(&place.join(" "), true)?))
    });
    let behind = || {
        (1..words.len()).find_map(|at| {
            let (body, place) = words.split_at_checked(at)?;
            let ["of", place @ ..] = place else { return None };
            let code = if place.len() <= MOST_WORDS { territory_named(&place.join(" "), false) } else { None };
            code.map(|code| (body, code))
        })
    };
    let (body, code) = before.or_else(behind)?;
    let is_single = |word: &str| ONE_IN_A_COUNTRY.contains(&word.to_lowercase().as_str());
    // The Bank of Ireland is one of several.
    if let [word] = body
        && !is_single(word)
    {
        return None;
    }
    let body = body.join(" ");
    is_generic(EntityType::Organization, &body).then_some((body, code))
}

/// The code of a territory, or that of a people if asked for, where there is one of that name alone: Georgia is a country
/// and a state.
fn territory_named(name: &str, or_people: bool) -> Option<&'static str> {
    let lexicon = Lexicon::embedded();
    let mut named = lexicon.territories_by_name(name);
    match (named.next(), named.next()) {
        (Some(territory), None) => Some(territory.code),
        (None, _) if or_people => lexicon.territory_by_demonym(name).map(|territory| territory.code),
        _ => None,
    }
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
    let says_unit = is_local(unit) && is_generic(entity_type, name);
    if says_unit { Some(base(unit).to_owned()) } else { name_key(entity_type, name) }
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
        EntityType::Organization if link.is_none() && own.is_some_and(|name| is_generic(entity_type, name)) => {
            let key = country().and_then(|code| local_key(name, code));
            if let Some(key) = &key {
                // A name that says which body it is goes before one that does not, however rare.
                proven.insert(key.clone(), BTreeMap::from([(name.to_owned(), 0)]));
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
    let unit = own.or_else(commonest);
    match unit {
        Some(unit) if is_local(&unit) => {
            let proven = in_country(entity_type, proven, &unit);
            (Some(unit), proven)
        }
        unit => (unit, proven),
    }
}

/// Names of a body that is known within a country alone, where those that do not say which body it is mean that one.
fn in_country(entity_type: EntityType, proven: Proven, unit: &str) -> Proven {
    let mut meant: Proven = BTreeMap::new();
    for (key, spellings) in proven {
        for (name, mentions) in spellings {
            let (key, mentions) =
                if is_generic(entity_type, &name) { (unit.to_owned(), 0) } else { (key.clone(), mentions) };
            *meant.entry(key).or_default().entry(name).or_insert(0) += mentions;
        }
    }
    meant
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
fn country_of(doc: &Document, index: usize, ties: &[&PartRelation]) -> Option<&'static str> {
    let says = |relation: &&PartRelation| {
        relation.head == index && matches!(relation.relation_type.key(), "part_of" | "based_in")
    };
    let codes: BTreeSet<&'static str> = ties
        .iter()
        .copied()
        .filter(says)
        .filter_map(|relation| doc.entities.get(relation.tail))
        .filter_map(|entity| territory(entity.entity_type, &entity.name))
        .collect();
    codes.first().copied().filter(|_| codes.len() == 1)
}

/// See [`Profile::dates`]; only what is stated as fact, and likely so, counts.
fn dates_of(doc: &Document, index: usize, ties: &[&PartRelation]) -> BTreeSet<String> {
    let date = |relation: &PartRelation| {
        let letter = match relation.relation_type.key() {
            "born_on" => 'b',
            "died_on" => 'd',
            _ => return None,
        };
        let norm = doc.entities.get(relation.tail)?.norm.as_deref()?;
        let is_plain = norm.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let is_sure = relation.status.is_none() && relation.score >= SURE;
        (relation.head == index && is_sure && is_plain).then(|| format!("{letter}{norm}"))
    };
    ties.iter().copied().filter_map(date).collect()
}

/// What an entity is in the company of others: a well-known body is one by any of its names, IAEA and its long form.
fn as_company(entity: &PartEntity) -> Option<String> {
    let unit = entity.unit.as_ref()?;
    let is_body = entity.entity_type == EntityType::Organization;
    let known = if is_body { Lexicon::embedded().organization(&entity.name) } else { None };
    Some(known.map_or_else(|| unit.clone(), |number| format!("body {number}")))
}

/// Notes for each entity what else the document names.
fn add_context(entities: &mut [PartEntity], ties: &[Vec<&PartRelation>]) {
    let mut countries: BTreeMap<&'static str, usize> = BTreeMap::new();
    let names: Vec<Option<String>> = entities.iter().map(as_company).collect();
    let name_of = |index: usize| names.get(index).and_then(Option::as_deref);
    let mut company: Vec<(usize, &str, usize)> = Vec::new();
    for (index, entity) in entities.iter().enumerate() {
        if let Some(code) = territory(entity.entity_type, &entity.name) {
            // Of a state, its country.
            *countries.entry(code.split('-').next().unwrap_or(code)).or_insert(0) += entity.spans.len();
        }
        if let Some(name) = name_of(index)
            && matches!(
                entity.entity_type,
                EntityType::Person
                    | EntityType::Organization
                    | EntityType::Event
                    | EntityType::Work
                    | EntityType::Own(_)
            )
        {
            company.push((entity.spans.len(), name, index));
        }
    }
    let mut countries: Vec<(&str, usize)> = countries.into_iter().collect();
    countries.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    company.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let contexts: Vec<BTreeSet<Context>> = entities
        .iter()
        .zip(ties)
        .enumerate()
        .map(|(index, (entity, ties))| {
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
            for relation in ties {
                let other = if relation.head == index { relation.tail } else { relation.head };
                let (Some(name), Some(other)) = (name_of(other), entities.get(other)) else { continue };
                match other.entity_type {
                    EntityType::Title => {
                        let title = head_noun(&other.name);
                        context.extend(tells_apart(&title).then(|| Context::new(Context::TITLE, &title)));
                    }
                    EntityType::Person
                    | EntityType::Organization
                    | EntityType::Event
                    | EntityType::Work
                    | EntityType::Own(_) => {
                        context.insert(Context::new(Context::RELATED, name));
                    }
                    _ => {}
                }
            }
            for (_, name, _) in company.iter().filter(|(_, _, other)| *other != index) {
                if context.len() >= MAX_CONTEXT {
                    break;
                }
                context.insert(Context::new(Context::COMPANY, name));
            }
            // Company, which is cheap and plenty, goes first.
            context.into_iter().rev().take(MAX_CONTEXT).collect()
        })
        .collect();
    for (entity, context) in entities.iter_mut().zip(contexts) {
        entity.context = context;
    }
}

/// Words before "general" of which a general is made.
const RANKS: [&str; 5] = ["major", "lieutenant", "brigadier", "colonel", "army"];

/// The word of a title that says what it is: "minister" of "Prime Minister" and of "minister of health".
fn head_noun(title: &str) -> String {
    let name = normalize_name(title);
    let head = name.split(" of ").next().unwrap_or(&name);
    // A director general is no general.
    let head = match head.rsplit_once(' ') {
        Some((before, "general")) if !RANKS.iter().any(|rank| before.ends_with(rank)) => before,
        _ => head,
    };
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

/// Makes units of those entities that stay with their documents which people joined with something.
pub(crate) fn take_up(parts: &mut [Part], decisions: &Decisions) {
    let keys = decisions.same.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]);
    let wanted: BTreeSet<&str> = keys.filter(|key| stays_alone(key)).collect();
    let documents: BTreeSet<&str> = wanted.iter().filter_map(|key| document_of_key(key)).collect();
    for part in parts.iter_mut().filter(|part| documents.contains(part.source.id.as_str())) {
        let keys = part.keys();
        for (entity, key) in part.entities.iter_mut().zip(keys) {
            if entity.unit.is_none() && wanted.contains(key.as_str()) {
                entity.unit = Some(key);
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
    use crate::document::{Entity, Mention, MentionId};

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
    fn titles_have_a_word_that_says_what_they_are() {
        for (title, expected) in [
            ("Prime Minister", "minister"),
            ("minister of health", "minister"),
            ("director general", "director"),
            ("Secretary-General of the League", "secretary"),
            ("General", "general"),
            ("Major General", "general"),
            ("IAEA chief", "chief"),
            ("", ""),
        ] {
            assert_eq!(head_noun(title), expected, "{title}");
        }
    }

    /// What a document of one entity tells of it, by its type, a text and the place of the name.
    fn entity_in(entity_type: EntityType, text: &str, name: &str) -> PartEntity {
        let mut doc = Document::new("d", text);
        doc.date = Some("2024-03-14".to_owned());
        let start = text.find(name).unwrap();
        doc.mentions.push(Mention {
            span: ByteSpan::new(start, start + name.len()),
            entity_type,
            kind: MentionKind::Name,
            score: 1.0,
            entity: Some(EntityId(0)),
            norm: None,
            link: None,
        });
        doc.entities.push(Entity {
            entity_type,
            name: name.to_owned(),
            norm: None,
            link: None,
            mentions: vec![MentionId(0)],
        });
        Part::new(&doc).entities.remove(0)
    }

    #[test]
    fn ages_are_years_of_birth() {
        let check = |text: &str, expected: &[&str]| {
            let dates = entity_in(EntityType::Person, text, "Ada Quill").dates;
            assert_eq!(dates.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{text}");
        };
        check("Ada Quill, 61, of Avon, was jailed.", &["a1963"]);
        check("Ada Quill was jailed.", &[]);
    }

    #[test]
    fn letters_of_parties_are_shared_under_their_names() {
        let republican = name_key(EntityType::Group, "Republican").unwrap();
        for (text, expected) in [("Sen. Ada Quill, R-Ohio, left.", true), ("The letter R, an R-code.", false)] {
            assert_eq!(entity_in(EntityType::Group, text, "R").proven.contains_key(&republican), expected, "{text}");
        }
    }

    #[test]
    fn well_known_bodies_are_company_by_any_name() {
        let company = |name: &str| as_company(&entity_in(EntityType::Organization, name, name));
        assert_eq!(company("IAEA"), company("International Atomic Energy Agency"));
        assert_ne!(company("IAEA"), company("IMF"));
        assert_ne!(company("Nordbank"), company("Sundbank"));
        assert!(company("Nordbank").is_some());
    }

    #[test]
    fn bodies_are_known_by_kind_and_country() {
        let check = |name: &str, expected: Option<(&str, &str)>| {
            let found = body_of_country(name);
            assert_eq!(found.as_ref().map(|(body, code)| (body.as_str(), *code)), expected, "{name:?}");
        };
        check("The Supreme Court of Ghana", Some(("Supreme Court", "gh")));
        check("Ghana's Supreme Court", Some(("Supreme Court", "gh")));
        check("Ghanaian Supreme Court", Some(("Supreme Court", "gh")));
        check("Russian Foreign Ministry", Some(("Foreign Ministry", "ru")));
        check("Ministry of Health of the Netherlands", Some(("Ministry of Health", "nl")));
        check("South Korean Government", Some(("Government", "kr")));
        check("Central Bank of Kenya", Some(("Central Bank", "ke")));
        // One of several, a state or a country, a name of its own, no country, nothing but a country.
        for name in
            ["Bank of Kenya", "Georgia Supreme Court", "Kenya Airways", "Supreme Court", "Kenya", "of Kenya", ""]
        {
            check(name, None);
        }
        let key = |name: &str| name_key(EntityType::Organization, name);
        assert_eq!(key("Kenyan health ministry"), key("Ministry of Health of Kenya"));
        assert_ne!(key("Supreme Court of Kenya"), key("Supreme Court of Ghana"));
        assert_eq!(key("Supreme Court of Kenya"), local_key("Supreme Court", "ke"));
        assert!(key("Supreme Court of Kenya").is_some_and(|key| is_local(&key)));
    }

    #[test]
    fn keys_of_what_stays_alone_tell_its_document() {
        for document in ["a", "news/a.txt#3", "\u{1f}", "a\u{1f}b\u{1f}c", ""] {
            let mut keys = AloneKeys::default();
            let [first, second, other] =
                ["Keller", "KELLER", "Lund"].map(|name| keys.next(document, EntityType::Person, name));
            assert!(first != second && second != other);
            for key in [&first, &second, &other] {
                assert!(stays_alone(key));
                assert_eq!(document_of_key(key), Some(document), "{key:?}");
            }
        }
        assert_eq!(document_of_key("PERSON\u{1f}name\u{1f}ana costa"), None);
    }

    #[test]
    fn scores_are_cleaned() {
        for (score, expected) in [(0.5, 0.5), (f32::NAN, 0.0), (2.0, 1.0), (-1.0, 0.0), (0.123_456, 0.1235)] {
            assert_eq!(clean_score(score), expected);
        }
    }
}
