//! Decides which place of the lexicon a place of the document is.
//!
//! Territories get their Wikidata identifier (`Q183`), cities that of GeoNames (`geonames:2643743`), everything else
//! nothing. An entity is linked as a whole: each of its names proposes the territories and cities that bear it, and
//! each proposal is scored by
//!
//! - how well known it is: countries before large cities and regions before small cities,
//! - how many of the entity's mentions can mean it,
//! - the words around the mentions: "Paris, Texas", "the German city of X", "the state of X", "the mayor of X",
//! - relations that say what lies where,
//! - the other places and peoples of the document: those that are clear by themselves raise what lies in their
//!   country or region.
//!
//! The best one is taken if its score reaches [`MIN_SCORE`] and leads by [`MIN_LEAD`]. Waters, mountains, streets,
//! airports and other facilities are not in the lists, and a name that is followed by such a word ("Bristol Airport")
//! proposes nothing. A people is no place, so demonyms get no identifier; they only tell what a document is about.
//!
//! What has no identifier then may get one of the user's own knowledge base: [`link_known`].

mod candidates;
mod context;
mod facts;
mod known;

use std::collections::{BTreeMap, BTreeSet};

pub use facts::{PlaceFacts, place};
pub use known::link_known;

use crate::{
    document::{Document, EntityId, LinkReason, Mention, Relation},
    lexicon::{Lexicon, Territory, fold},
    schema::{EntityType, MentionKind},
};
use candidates::{Candidate, candidates};
use context::{Around, Gap, around, gap, is_facility};

/// Scores below this are no link.
///
/// Scores are logarithms of odds in spirit, not in fact: a city of 15,000 people has 0 by itself, one of 100,000 has
/// 1.7, a country 9. Chosen by reading the links of 236 encyclopedia articles and 614 short biographies that are used
/// for training: of those from 0.5 to 1.5 about half were of a village or district that shares its name with the town,
/// of those from 1.5 to 3 about one in ten.
pub const MIN_SCORE: f32 = 1.5;

/// The best place has to lead the second by this much; otherwise either is possible and none is taken.
///
/// Chosen as [`MIN_SCORE`] was: it is the odds of a city against one of a third of its size, all else being equal.
pub const MIN_LEAD: f32 = 1.0;

/// An entity is clear by itself, and tells what the document is about, with this lead and score before coherence.
const CLEAR_LEAD: f32 = 2.0;
const CLEAR_SCORE: f32 = 3.0;

/// Weight of the logarithm of the share of mentions that can mean a place.
const SUPPORT: f32 = 3.0;
/// The text says that one place lies in another: "Paris, Texas".
const INSIDE: f32 = 6.0;
/// The same where it may as well be a list: "Rome, New York and London".
const INSIDE_OR_LISTED: f32 = 3.0;
/// The same of a place that the lists do not know.
const PERHAPS_INSIDE: f32 = 5.0;
/// The model says that it lies there.
const RELATED: f32 = 2.0;
/// The text says that it lies in a region in which no such place is known.
const ELSEWHERE: f32 = -10.0;
/// Listed with a place of its kind: "Georgia, Armenia and Azerbaijan".
const LISTED: f32 = 1.5;
/// The country, or its people, is named in the document.
const COUNTRY_NAMED: f32 = 1.2;
/// Weight of the logarithm of the number of other places in its country.
const SAME_COUNTRY: f32 = 1.0;
/// Weight of the logarithm of the number of other places in its region.
const SAME_REGION: f32 = 1.8;
/// Weight of the logarithm of the number of its own cities, for a region: Atlanta says which Georgia is meant.
const CITIES_OF_REGION: f32 = 4.0;
/// The most that the rest of the document can add.
const MOST_COHERENCE: f32 = 4.5;
/// The document is about other countries alone.
const FOREIGN: f32 = -0.5;
/// The same for a state or province: Amazonas is another one in a text on Peru.
const FOREIGN_REGION: f32 = -5.5;
/// Cities of this prior (140,000 people) are named in any country.
const LARGE_PRIOR: f32 = 2.0;

/// Sets [`Entity::link`](crate::document::Entity::link) of all places with a name; nothing where it is not sure. A place
/// that has a link, given by the user, keeps it.
pub fn link(doc: &mut Document) {
    let mut named = gather(doc);
    weigh_words_around(doc, &mut named);
    weigh_neighbors(doc, &mut named);
    weigh_relations(doc, &mut named);
    weigh_coherence(doc, &mut named);
    for (entity, named) in doc.entities.iter_mut().zip(&named) {
        if entity.entity_type == EntityType::Place && entity.link.is_none() {
            entity.link = decide(named);
        }
    }
}

/// What an entity may be; without candidates if it is no place or the lists do not know its names.
#[derive(Debug, Default)]
struct Named {
    candidates: Vec<Candidate>,
    /// Mentions that count for its support.
    mentions: usize,
}

impl Named {
    /// The best and the second-best score, and where the best one stands.
    fn best(&self, score: impl Fn(&Candidate) -> f32) -> Option<(usize, f32, f32)> {
        let mut found: Option<(usize, f32, f32)> = None;
        for (index, candidate) in self.candidates.iter().enumerate() {
            let own = score(candidate);
            found = Some(match found {
                Some((best, top, second)) if own <= top => (best, top, second.max(own)),
                Some((_, top, _)) => (index, own, top),
                None => (index, own, f32::NEG_INFINITY),
            });
        }
        found
    }

    /// Score of a candidate without the rest of the document.
    fn own_score(&self, candidate: &Candidate) -> f32 {
        let share = candidate.support as f32 / self.mentions.max(1) as f32;
        candidate.prior + SUPPORT * share.ln() + candidate.gain + candidate.inner + candidate.outer + candidate.loss
    }
}

fn decide(named: &Named) -> Option<String> {
    let (best, top, second) = named.best(|candidate| named.own_score(candidate) + candidate.coherence)?;
    (top >= MIN_SCORE && top - second >= MIN_LEAD).then(|| named.candidates.get(best).map(|best| best.place.id()))?
}

fn is_place_name(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && mention.entity_type == EntityType::Place
}

/// Collects the candidates of each entity, in the order of the entities.
fn gather(doc: &Document) -> Vec<Named> {
    let lexicon = Lexicon::embedded();
    let mut proposals: BTreeMap<&str, Vec<Candidate>> = BTreeMap::new();
    doc.entities
        .iter()
        .map(|entity| {
            let mut named = Named::default();
            if entity.entity_type != EntityType::Place {
                return named;
            }
            let mentions: Vec<&Mention> = entity
                .mentions
                .iter()
                .filter_map(|id| doc.mentions.get(id.0 as usize))
                .filter(|mention| is_place_name(mention))
                .collect();
            let countries: BTreeSet<&str> = mentions
                .iter()
                .filter_map(|mention| lexicon.country_by_name(doc.slice(mention.span)))
                .map(|country| country.code)
                .collect();
            for mention in mentions {
                let name = doc.slice(mention.span);
                // A capital or seat of government among the names of its country stands for the country.
                let acts_for = lexicon.territory_by_capital(name).or_else(|| lexicon.territory_by_seat(name));
                let is_metonym = mention.link.as_ref().is_some_and(|link| link.reason == LinkReason::Metonym);
                let names_country = lexicon.country_by_name(name).is_some();
                if is_metonym || !names_country && acts_for.is_some_and(|country| countries.contains(country.code)) {
                    continue;
                }
                named.mentions += 1;
                if around(doc, mention.span).is_part_of_other {
                    continue;
                }
                for proposal in proposals.entry(name).or_insert_with(|| candidates(name)).iter() {
                    match named.candidates.iter_mut().find(|candidate| candidate.place.is(&proposal.place)) {
                        Some(candidate) => {
                            candidate.support += 1;
                            candidate.prior = candidate.prior.max(proposal.prior);
                        }
                        None => named.candidates.push(proposal.clone()),
                    }
                }
            }
            // "Bristol" may be short for the airport of which the document speaks.
            if is_facility(&entity.name) && proposals.get(entity.name.as_str()).is_none_or(Vec::is_empty) {
                named.candidates.clear();
            }
            named
        })
        .collect()
}

/// Adds what the words beside each mention, and common nouns for the entity, say about its kind.
fn weigh_words_around(doc: &Document, named: &mut [Named]) {
    for (entity, named) in doc.entities.iter().zip(named) {
        if named.candidates.is_empty() {
            continue;
        }
        let has_region = named.candidates.iter().any(Candidate::is_region);
        let has_country = named.candidates.iter().any(Candidate::is_country);
        for mention in entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize)) {
            let Around { region, city, country, article, is_part_of_other } = match mention.kind {
                MentionKind::Name => around(doc, mention.span),
                MentionKind::Nominal => context::noun(doc.slice(mention.span)),
                MentionKind::Pronoun => continue,
            };
            if is_part_of_other && mention.kind == MentionKind::Nominal {
                named.candidates.clear();
            }
            for candidate in &mut named.candidates {
                if article && candidate.is_city() {
                    candidate.weigh(-3.0);
                }
                if region && has_region {
                    candidate.weigh(if candidate.is_region() { 3.5 } else { -3.0 });
                }
                if city {
                    candidate.weigh(if candidate.is_city() { 2.5 } else { -2.5 });
                }
                if country && has_country {
                    candidate.weigh(if candidate.is_country() { 2.0 } else { -2.0 });
                }
            }
        }
    }
}

/// Adds what a name says about the next one: "Paris, Texas", "Bavaria's Nuremberg", "Georgia and Armenia".
fn weigh_neighbors(doc: &Document, named: &mut [Named]) {
    let names: Vec<&Mention> = doc.mentions.iter().filter(|mention| mention.kind == MentionKind::Name).collect();
    for (at, pair) in names.windows(2).enumerate() {
        let &[first, second] = pair else { continue };
        let (Some(one), Some(other)) = (first.entity, second.entity) else { continue };
        let Some(found) = gap(&doc.text, first.span, second.span) else { continue };
        if second.entity_type != EntityType::Place || one == other {
            continue;
        }
        if first.entity_type == EntityType::Group {
            if found == Gap::CityOf
                && let Some(territory) = Lexicon::embedded().territory_by_demonym(doc.slice(first.span))
            {
                weigh_inside(named, other, territory);
            }
            continue;
        }
        if first.entity_type != EntityType::Place {
            continue;
        }
        let closed = doc.text.get(second.span.end as usize..).is_some_and(context::closes);
        match found {
            Gap::CommaThe if !closed => {}
            Gap::Comma | Gap::CommaThe | Gap::In => {
                let listed = found != Gap::In && is_listed(doc, named, &names, at);
                let surely = !listed && (closed || found == Gap::In);
                let weights = match (surely, listed) {
                    (true, _) => [INSIDE; 2],
                    (false, false) => [INSIDE_OR_LISTED; 2],
                    (false, true) => [INSIDE_OR_LISTED, 0.0],
                };
                let any = weigh_pair(named, one, other, weights);
                if surely {
                    weigh_elsewhere(named, one, other, any);
                }
                if found != Gap::In && !any {
                    weigh_list(named, one, other);
                    let within_city = doc.entities.get(one.0 as usize).is_some_and(|inner| is_facility(&inner.name));
                    if !listed && !within_city {
                        weigh_outer(named, one, other);
                    }
                }
            }
            Gap::Possessive => {
                weigh_pair(named, other, one, [INSIDE; 2]);
            }
            Gap::CityOf => {
                let any = weigh_pair(named, other, one, [INSIDE; 2]);
                weigh_elsewhere(named, other, one, any);
            }
            Gap::And => weigh_list(named, one, other),
        }
    }
}

/// Two entities that are not the same.
fn two(named: &mut [Named], first: EntityId, second: EntityId) -> Option<(&mut Named, &mut Named)> {
    let [first, second] = named.get_disjoint_mut([first.0 as usize, second.0 as usize]).ok()?;
    Some((first, second))
}

/// Raises candidates of `inner` that lie in candidates of `outer` by the first weight, and those by the second; says
/// whether there are any.
fn weigh_pair(named: &mut [Named], inner: EntityId, outer: EntityId, weights: [f32; 2]) -> bool {
    let Some((inner, outer)) = two(named, inner, outer) else { return false };
    let mut any = false;
    for outside in &mut outer.candidates {
        let Some(code) = outside.place.territory().map(|territory| territory.code) else { continue };
        for inside in &mut inner.candidates {
            if inside.lies_in(code) {
                inside.inner = inside.inner.max(weights[0]);
                outside.outer = outside.outer.max(weights[1]);
                any = true;
            }
        }
    }
    any
}

fn weigh_inside(named: &mut [Named], entity: EntityId, territory: &Territory) {
    for candidate in named.get_mut(entity.0 as usize).into_iter().flat_map(|named| &mut named.candidates) {
        if candidate.lies_in(territory.code) {
            candidate.inner = candidate.inner.max(INSIDE);
        }
    }
}

/// Whether a name and the next one, with a comma between, are part of a list: "Rome, New York and London".
fn is_listed(doc: &Document, named: &[Named], names: &[&Mention], at: usize) -> bool {
    let beside = |at: usize| {
        let [first, second] = names.get(at..at + 2)? else { return None };
        let both_places = first.entity_type == EntityType::Place && second.entity_type == EntityType::Place;
        let found = gap(&doc.text, first.span, second.span).filter(|_| both_places)?;
        let (first, second) = (named.get(first.entity?.0 as usize)?, named.get(second.entity?.0 as usize)?);
        let contains = |outer: &Candidate| {
            let code = outer.place.territory().map(|territory| territory.code);
            code.is_some_and(|code| first.candidates.iter().any(|inner| inner.lies_in(code)))
        };
        Some((found, second.candidates.iter().any(contains)))
    };
    let before = at.checked_sub(1).and_then(beside);
    let after = beside(at + 1);
    matches!(before, Some((Gap::Comma, false))) || matches!(after, Some((Gap::And, _) | (Gap::Comma, false)))
}

/// Lowers the cities and regions of `inner` that are not in `outer`; if none is, only where `outer` can be nothing but
/// a region.
fn weigh_elsewhere(named: &mut [Named], inner: EntityId, outer: EntityId, any: bool) {
    let Some((inner, outer)) = two(named, inner, outer) else { return };
    if !any && (outer.candidates.is_empty() || !outer.candidates.iter().all(Candidate::is_region)) {
        return;
    }
    let codes = outer.candidates.iter().filter_map(|outer| outer.place.territory()).map(|territory| territory.code);
    let codes: Vec<&str> = codes.collect();
    for candidate in inner.candidates.iter_mut().filter(|candidate| !candidate.is_country()) {
        if !codes.iter().any(|code| candidate.lies_in(code)) {
            candidate.loss = candidate.loss.min(ELSEWHERE);
        }
    }
}

/// Raises the regions that `outer` may be, if `inner` can be nothing that the lists know: "Littleham, Georgia".
fn weigh_outer(named: &mut [Named], inner: EntityId, outer: EntityId) {
    let Some((inner, outer)) = two(named, inner, outer) else { return };
    if inner.candidates.is_empty() {
        for candidate in outer.candidates.iter_mut().filter(|candidate| candidate.is_region()) {
            candidate.outer = candidate.outer.max(PERHAPS_INSIDE);
        }
    }
}

/// Raises countries listed beside countries, and regions or cities beside others of the same country.
fn weigh_list(named: &mut [Named], first: EntityId, second: EntityId) {
    let Some((first, second)) = two(named, first, second) else { return };
    for one in &mut first.candidates {
        for other in &mut second.candidates {
            let alike = one.is_country() && other.is_country()
                || one.is_city() == other.is_city() && !one.is_country() && one.root() == other.root();
            if alike {
                one.gain = one.gain.max(LISTED);
                other.gain = other.gain.max(LISTED);
            }
        }
    }
}

/// Adds what relations say about what lies where.
fn weigh_relations(doc: &Document, named: &mut [Named]) {
    let says_where = |relation: &&Relation| {
        relation.status.is_none() && ["located_in", "capital_of"].contains(&relation.relation_type.name())
    };
    for relation in doc.relations.iter().filter(says_where) {
        weigh_pair(named, relation.head, relation.tail, [RELATED; 2]);
    }
}

/// Numbers of places that are clear by themselves, by the code of what they are and of what they lie in.
#[derive(Default)]
struct Clear {
    total: usize,
    /// Territories that are named.
    named: BTreeMap<&'static str, usize>,
    /// Places within territories.
    inside: BTreeMap<&'static str, usize>,
    /// Territories whose people is named.
    peoples: BTreeSet<&'static str>,
}

impl Clear {
    fn count(map: &BTreeMap<&'static str, usize>, code: &str, own: bool) -> usize {
        map.get(code).copied().unwrap_or(0).saturating_sub(usize::from(own))
    }
}

/// Adds what the other places and the peoples of the document say.
fn weigh_coherence(doc: &Document, named: &mut [Named]) {
    let mut clear = Clear::default();
    let mut chosen: Vec<Option<usize>> = Vec::with_capacity(named.len());
    for (entity, named) in doc.entities.iter().zip(named.iter()) {
        if entity.entity_type == EntityType::Group {
            let people = Lexicon::embedded().territory_by_demonym(&entity.name);
            clear.peoples.extend(people.map(|territory| territory.code));
        }
        let best = named.best(|candidate| named.own_score(candidate));
        let best = best.filter(|(_, top, second)| *top >= CLEAR_SCORE && top - second >= CLEAR_LEAD);
        let index = best.map(|(index, ..)| index);
        chosen.push(index);
        if let Some(candidate) = index.and_then(|index| named.candidates.get(index)) {
            clear.total += 1;
            if let Some(territory) = candidate.place.territory() {
                *clear.named.entry(territory.code).or_default() += 1;
            }
            for code in candidate.within() {
                *clear.inside.entry(code).or_default() += 1;
            }
        }
    }
    for (named, chosen) in named.iter_mut().zip(chosen) {
        let own = chosen.and_then(|index| named.candidates.get(index)).cloned();
        for candidate in &mut named.candidates {
            candidate.coherence = coherence(candidate, own.as_ref(), &clear);
        }
    }
}

fn coherence(candidate: &Candidate, own: Option<&Candidate>, clear: &Clear) -> f32 {
    let is_named = |code: &str| own.is_some_and(|own| own.place.territory().is_some_and(|own| own.code == code));
    let is_inside = |code: &str| own.is_some_and(|own| own.within().any(|other| other == code));
    let of = |count: usize| (1.0 + count as f32).ln();
    let root = candidate.root();
    let inside = Clear::count(&clear.inside, root, is_inside(root));
    let people = clear.peoples.contains(root);
    let mut sum = SAME_COUNTRY * of(inside);
    if candidate.is_country() {
        return (sum + if people { COUNTRY_NAMED } else { 0.0 }).min(MOST_COHERENCE);
    }
    let country = people || Clear::count(&clear.named, root, is_named(root)) > 0;
    // Nearly all texts name the United States: that says little for a small town there, or for the state of Georgia.
    if candidate.is_region() {
        sum += if country { COUNTRY_NAMED / 2.0 } else { 0.0 };
    } else {
        sum += if country { COUNTRY_NAMED } else { 0.0 };
        sum *= (0.5 + candidate.prior / 4.0).clamp(0.5, 1.0);
    }
    if let Some(region) = candidate.region() {
        let count = Clear::count(&clear.inside, region, is_inside(region))
            + Clear::count(&clear.named, region, is_named(region));
        sum += of(count) * if candidate.is_region() { CITIES_OF_REGION } else { SAME_REGION };
    }
    if !country && inside == 0 && clear.total - usize::from(own.is_some()) >= 2 {
        sum += match candidate {
            _ if candidate.needs_country() => FOREIGN_REGION,
            _ if candidate.prior < LARGE_PRIOR => FOREIGN,
            _ => 0.0,
        };
    }
    sum.min(MOST_COHERENCE)
}

#[cfg(test)]
mod tests;
