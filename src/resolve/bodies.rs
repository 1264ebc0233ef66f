//! What a text tells of bodies and of places that may stand for them, before any names are joined.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clusters, councils::is_service, countries::differ, daughters::OF_DAUGHTER};
use crate::{
    document::{Document, LinkReason},
    names::{self, NameMatch},
    schema::EntityType,
};

/// What keeps names apart that look alike, or brings some together that do not.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    /// Per name of a body that goes by its kind: the kind, folded, and the code of its country. Empty if the text does not
    /// speak of bodies of two countries.
    pub of_kind: BTreeMap<usize, (String, &'static str)>,
    /// Per mention: code of the country of the body; empty as above.
    pub country_of: Vec<Option<&'static str>>,
    /// Per root: the same of the group.
    pub countries: Vec<Option<&'static str>>,
    /// Names of capitals where they act for their country, which the text names.
    pub acting: BTreeSet<usize>,
    /// Names of constituencies that were taken for bodies. They join no other name.
    pub constituencies: BTreeSet<usize>,
    /// Names of companies of which the text names a daughter, or what else bears the name with more words.
    pub mothers: BTreeSet<usize>,
}

impl Bodies {
    /// The country of a group.
    pub fn country(&self, root: usize) -> Option<&'static str> {
        self.countries.get(root).copied().flatten()
    }

    /// Tells that the second group is a part of the first from now on.
    pub fn unite(&mut self, low: usize, high: usize) {
        if let Some(country) = self.country(high)
            && let Some(own @ None) = self.countries.get_mut(low)
        {
            *own = Some(country);
        }
    }

    /// Tells that a mention is a group of its own again.
    pub fn dissolve(&mut self, id: usize) {
        if let Some(country) = self.countries.get_mut(id) {
            *country = self.country_of.get(id).copied().flatten();
        }
    }
}

impl Clusters {
    /// Finds out what the text tells; the names of some mentions become others by that.
    pub(super) fn tell_bodies(&mut self, doc: &Document) {
        self.tell_countries(doc);
        self.tell_seats(doc);
        self.tell_constituencies(doc);
        self.tell_daughters(doc);
    }

    /// A further name key like one that is there, which is in no list yet.
    pub(super) fn new_key(&mut self, like: usize) -> usize {
        self.keys.push(self.keys[like].clone());
        self.country_of.push(self.country_of[like]);
        self.seat_of.push(self.seat_of[like]);
        self.told.push(self.told[like]);
        self.keys.len() - 1
    }

    /// Gives a mention that is not linked yet another name key.
    pub(super) fn set_key(&mut self, id: usize, key: usize) {
        self.key_of[id] = Some(key);
        self.names[id] = vec![key];
    }

    /// Whether the text tells that two groups are bodies of two countries.
    pub(super) fn are_of_two_countries(&self, first: usize, second: usize) -> bool {
        differ(self.bodies.country(first), self.bodies.country(second))
    }

    /// Takes out of the antecedents of a mention the bodies that it cannot be.
    pub(super) fn retain_bodies(&mut self, doc: &Document, id: usize, antecedents: &mut Vec<usize>) {
        if let Some(country) = self.bodies.country(id) {
            antecedents.retain(|antecedent| {
                let root = self.root(*antecedent);
                !differ(Some(country), self.bodies.country(root))
            });
        }
        self.retain_councils(doc, id, antecedents);
    }

    /// Whether a name joins no other one by its words.
    pub(super) fn stays_alone(&self, key: usize) -> bool {
        self.bodies.acting.contains(&key) || self.bodies.constituencies.contains(&key)
    }

    /// What the text makes of a match of two names of bodies: nothing if it tells that they are two.
    pub(super) fn match_of_bodies(&mut self, a: usize, b: usize, found: NameMatch) -> Option<NameMatch> {
        if self.stays_alone(a) || self.stays_alone(b) {
            return None;
        }
        if found.reason != LinkReason::PartOfName || self.keys[a].entity_type().base() != EntityType::Organization {
            return self.match_by_country(a, b, found);
        }
        let pair = (a.min(b), a.max(b));
        let (one, other) = (self.keys[a].folded(), self.keys[b].folded());
        if is_service(one, other) || is_service(other, one) {
            self.strangers.insert(pair);
        }
        let short = if one.len() < other.len() { a } else { b };
        let is_daughter = found.strength <= OF_DAUGHTER && self.bodies.mothers.contains(&short);
        if is_daughter || self.strangers.contains(&pair) {
            return None;
        }
        self.match_by_country(a, b, found)
    }

    /// Pairs of acronyms and long names, where the acronym is that of two which contradict each other: the one named last
    /// before is meant.
    pub(super) fn acronyms_of_two(&self, found: &[(usize, usize, NameMatch)]) -> BTreeMap<(usize, usize), NameMatch> {
        /// A long form, the pair that it was found in, and how.
        type Long = (usize, (usize, usize), NameMatch);
        let mut longs_of: BTreeMap<usize, Vec<Long>> = BTreeMap::new();
        for (a, b, found) in found.iter().copied() {
            if !matches!(found.reason, LinkReason::Acronym | LinkReason::KnownAlias) {
                continue;
            }
            let (short, long) = if self.is_one_word(a) { (a, b) } else { (b, a) };
            let is_organization = self.keys[short].entity_type().base() == EntityType::Organization;
            if is_organization && self.is_one_word(short) && !self.is_one_word(long) {
                longs_of.entry(short).or_default().push((long, (a, b), found));
            }
        }
        longs_of.retain(|_, longs| {
            let first = longs.first().map(|(long, ..)| *long);
            longs
                .iter()
                .any(|(long, ..)| first.is_some_and(|first| names::conflict(&self.keys[first], &self.keys[*long])))
        });
        longs_of.into_values().flatten().map(|(_, pair, found)| (pair, found)).collect()
    }

    /// Whether a name is a single word.
    pub(super) fn is_one_word(&self, key: usize) -> bool {
        !self.keys[key].folded().contains(' ')
    }
}
