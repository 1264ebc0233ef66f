//! Links to the user's own knowledge base, for what the lexicon knows nothing of.
//!
//! The names of an entity propose all that bear them exactly, as label or as alias, and are of its type. A proposal is
//! scored by how well known it is, and by what the document says: its country is named, or only others are; it was born
//! in the year that the text tells. The best one is taken if it is sure enough and leads by enough. A surname alone, a
//! given name alone and an acronym alone propose nothing; they only speak for what a full name proposes.

use std::collections::BTreeSet;

use super::{
    candidates::candidates,
    context::{around, is_facility},
    facts::place,
};
use crate::{
    document::{Document, Entity, Mention},
    kb::{KnowledgeBase, KnownEntity},
    lexicon::{Lexicon, Territory, fold, is_acronym, without_article},
    names::person_parts,
    schema::{EntityType, MentionKind, RelationType},
};

/// Scores below this are no link.
///
/// The score of an entity is the logarithm of the number of its pages, so that this asks for seven pages, or two and
/// the country.
const MIN_SCORE: f32 = 2.0;
/// What one word has to reach: "Siemens" yes, a body that shares its name with a surname no.
const MIN_SCORE_OF_WORD: f32 = 3.0;
/// The best has to lead the second by this much: the odds of 90 pages against 20.
const MIN_LEAD: f32 = 1.5;
/// The name is an alias of the entity.
const BY_ALIAS: f32 = -1.0;
/// Another name of the entity in the text is one of its names as well, be it short.
const OTHER_NAME: f32 = 0.5;
/// Its country is named.
const COUNTRY_NAMED: f32 = 1.0;
/// Countries are named, but not its own.
const FOREIGN: f32 = -1.0;
/// The text tells the year of its birth.
const BORN_THEN: f32 = 3.0;
/// No more bearers of a name are looked at; they come by how well known they are.
const MOST: usize = 64;

/// Sets [`Entity::link`] of people, organizations and places that have none, where one of the knowledge base is clear.
pub fn link_known(doc: &mut Document, knowledge: &KnowledgeBase) {
    let countries = countries(doc);
    let publication_year = doc.date.as_deref().and_then(year);
    let links: Vec<Option<String>> = doc
        .entities
        .iter()
        .enumerate()
        .map(|(index, entity)| {
            let is_wanted =
                matches!(entity.entity_type, EntityType::Person | EntityType::Organization | EntityType::Place);
            if entity.link.is_some() || !is_wanted {
                return None;
            }
            let context = Context { countries: &countries, publication_year, birth_year: birth_year(doc, index) };
            decide(doc, entity, knowledge, &context)
        })
        .collect();
    for (entity, link) in doc.entities.iter_mut().zip(links) {
        if link.is_some() {
            entity.link = link;
        }
    }
}

/// What the document says that may speak for or against an entity.
struct Context<'a> {
    /// Wikidata numbers of the countries that are named, or whose people are.
    countries: &'a BTreeSet<u32>,
    publication_year: Option<i16>,
    birth_year: Option<i16>,
}

impl Context<'_> {
    /// What it adds to the score; nothing where it speaks against it outright.
    fn weigh(&self, entity: &KnownEntity<'_>) -> Option<f32> {
        let mut sum = 0.0;
        match entity.country {
            Some(country) if self.countries.contains(&country) => sum += COUNTRY_NAMED,
            Some(_) if !self.countries.is_empty() => sum += FOREIGN,
            _ => {}
        }
        if let Some(born) = entity.birth_year {
            if self.publication_year.is_some_and(|published| born > published) {
                return None;
            }
            match self.birth_year {
                // Lists of births are a year off now and then.
                Some(told) if told.abs_diff(born) <= 1 => sum += BORN_THEN,
                Some(_) => return None,
                None => {}
            }
        }
        Some(sum)
    }
}

struct Proposal<'k> {
    entity: KnownEntity<'k>,
    score: f32,
    /// Whether a name of several words proposes it.
    by_words: bool,
}

fn decide(doc: &Document, entity: &Entity, knowledge: &KnowledgeBase, context: &Context<'_>) -> Option<String> {
    let mut proposals: Vec<Proposal<'_>> = Vec::new();
    let (full, short) = names(doc, entity)?;
    for name in &full {
        let by_words = name.contains(' ');
        for (known, is_label) in knowledge.find_folded(name).take(MOST) {
            if !known.is(entity.entity_type) {
                continue;
            }
            let by_name = if is_label { 0.0 } else { BY_ALIAS };
            if let Some(proposal) = proposals.iter_mut().find(|proposal| proposal.entity.id == known.id) {
                proposal.score += OTHER_NAME;
                proposal.by_words |= by_words;
            } else if let Some(sum) = context.weigh(&known) {
                let score = (1.0 + f32::from(known.sitelinks)).ln() + by_name + sum;
                proposals.push(Proposal { entity: known, score, by_words });
            }
        }
    }
    if proposals.is_empty() {
        return None;
    }
    for name in &short {
        for (known, _) in knowledge.find_folded(name).take(MOST) {
            if let Some(proposal) = proposals.iter_mut().find(|proposal| proposal.entity.id == known.id) {
                proposal.score += OTHER_NAME;
            }
        }
    }
    proposals.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.entity.id.cmp(&other.entity.id)));
    let (best, others) = proposals.split_first()?;
    let enough = if best.by_words { MIN_SCORE } else { MIN_SCORE_OF_WORD };
    let leads = others.first().is_none_or(|second| best.score - second.score >= MIN_LEAD);
    (best.score >= enough && leads).then(|| format!("Q{}", best.entity.id))
}

/// The folded names of an entity: those that are full names, and those that are short; nothing if its names are not to
/// be looked up at all.
fn names(doc: &Document, entity: &Entity) -> Option<(BTreeSet<String>, BTreeSet<String>)> {
    let (mut full, mut short) = (BTreeSet::new(), BTreeSet::new());
    let mentions = entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize));
    let is_name = |mention: &&Mention| mention.kind == MentionKind::Name && mention.entity_type == entity.entity_type;
    for mention in mentions.filter(is_name) {
        let name = doc.slice(mention.span);
        if entity.entity_type == EntityType::Place && around(doc, mention.span).is_part_of_other {
            return None;
        }
        for folded in forms(entity.entity_type, name) {
            if is_full(entity.entity_type, name) {
                full.insert(folded)
            } else {
                short.insert(folded)
            };
        }
    }
    if entity.entity_type == EntityType::Place && is_facility(&entity.name) {
        // "Zerwana" may be short for the airport of which the document speaks.
        full.retain(|name| *name == without_article(&fold(&entity.name)) || *name == fold(&entity.name));
    }
    Some((full, short))
}

/// Whether a name is enough to be looked up by.
fn is_full(entity_type: EntityType, name: &str) -> bool {
    match entity_type {
        EntityType::Person => {
            let parts = person_parts(name);
            let is_long = |part: &Option<String>| part.as_ref().is_some_and(|part| part.chars().count() > 1);
            // "Pliny the Elder" has no other name.
            let has_epithet = [" the elder", " the younger"].iter().any(|end| fold(name).ends_with(end));
            is_long(&parts.surname) && (is_long(&parts.given) || has_epithet)
        }
        // Of places that the lexicon knows, it has decided that none is sure.
        EntityType::Place => !is_acronym(name) && candidates(name).is_empty(),
        _ => !is_acronym(name) && name.chars().count() > 2,
    }
}

/// The folded forms of a name that may stand in a list: as it is, and without title, article or legal form.
fn forms(entity_type: EntityType, name: &str) -> Vec<String> {
    let folded = fold(name);
    let bare = match entity_type {
        EntityType::Person => {
            let mut rest = folded.as_str();
            for title in person_parts(name).titles {
                rest = rest.strip_prefix(fold(&title).as_str()).unwrap_or(rest).trim_start();
            }
            rest
        }
        EntityType::Organization => Lexicon::embedded().without_legal_form(without_article(&folded)),
        _ => without_article(&folded),
    };
    let mut forms = vec![bare.to_owned()];
    if bare != folded {
        forms.push(folded);
    }
    forms.retain(|form| !form.is_empty());
    forms
}

/// Wikidata numbers of the countries that linked places lie in, and of those whose people are named.
fn countries(doc: &Document) -> BTreeSet<u32> {
    let lexicon = Lexicon::embedded();
    let number = |territory: &Territory| territory.wikidata.strip_prefix('Q')?.parse::<u32>().ok();
    let by_code = |code: &str| lexicon.territory_by_code(code);
    let mut countries = BTreeSet::new();
    for entity in &doc.entities {
        match entity.entity_type {
            EntityType::Place => {
                let facts = entity.link.as_deref().and_then(place);
                countries.extend(facts.and_then(|facts| facts.country).and_then(by_code).and_then(number));
            }
            EntityType::Group => {
                let territory = lexicon.territory_by_demonym(&entity.name);
                let whole = territory.and_then(|territory| territory.parent).and_then(by_code);
                countries.extend(territory.into_iter().chain(whole).filter_map(number));
            }
            _ => {}
        }
    }
    countries
}

/// The year in which an entity was born, as a relation tells it.
fn birth_year(doc: &Document, index: usize) -> Option<i16> {
    let born_on = RelationType::from_name("born_on")?;
    let is_birth = |relation: &&crate::document::Relation| {
        relation.relation_type == born_on && relation.head.0 as usize == index && relation.status.is_none()
    };
    let relation = doc.relations.iter().find(is_birth)?;
    year(doc.entities.get(relation.tail.0 as usize)?.norm.as_deref()?)
}

/// The year of a date such as `1952-03-11`.
fn year(date: &str) -> Option<i16> {
    date.get(..4)?.parse().ok()
}
