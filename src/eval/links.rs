//! Links of places to the lexicon, for gold sets that say which place is meant.
//!
//! Gold links are Wikidata identifiers, GeoNames identifiers (`geonames:2643743`), or titles of Wikipedia
//! (`Paris,_Texas`). The lexicon has cities by GeoNames identifier, so a Wikidata identifier tells of territories
//! alone; any other one may be a city, and what was found for it is left out of the count. A title is looked up by
//! name: what is before a comma or bracket has to lie in what is after it; without one, the territory of that name is
//! meant, else the largest city. Where a region and the city that it is named after have one item or title (Berlin),
//! both are right.

use std::fmt;

use serde::Serialize;

use crate::{
    eval::{counts::Counts, pair::Pair},
    lexicon::{City, Lexicon, Territory, TerritoryKind, fold},
    schema::EntityType,
};

/// What a gold link means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkedKind {
    /// A country, region or other territory of the lexicon.
    Territory,
    /// A city of the lexicon.
    City,
    /// A place that the lexicon does not have: any link is wrong.
    Unlisted,
}

impl fmt::Display for LinkedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Territory => "territories",
            Self::City => "cities",
            Self::Unlisted => "not in the lexicon",
        })
    }
}

/// How gold places were linked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LinkCounts {
    /// Gold places with a link.
    pub places: u64,
    /// Those that the lexicon has.
    pub listed: u64,
    /// Of those: linked as the gold document has it.
    pub right: u64,
    /// Linked to something else.
    pub wrong: u64,
    /// Found but not linked.
    pub unlinked: u64,
    /// Not found as an entity.
    pub not_found: u64,
    /// Places that the lexicon does not have.
    pub unlisted: u64,
    /// Of those: linked all the same.
    pub unlisted_linked: u64,
    /// Places of which it cannot be told whether the lexicon has them; they are not counted.
    pub untold: u64,
}

impl LinkCounts {
    pub(super) fn add(&mut self, other: &Self) {
        self.places += other.places;
        self.listed += other.listed;
        self.right += other.right;
        self.wrong += other.wrong;
        self.unlinked += other.unlinked;
        self.not_found += other.not_found;
        self.unlisted += other.unlisted;
        self.unlisted_linked += other.unlisted_linked;
        self.untold += other.untold;
    }
}

/// Counts the links of a document; with them, right and wrong by kind of the gold place.
pub(super) fn count_links(pair: &Pair<'_>) -> (LinkCounts, Vec<(LinkedKind, Counts)>) {
    let mut counts = LinkCounts::default();
    let mut kinds = Vec::new();
    let is_linked = |link: &Option<&str>| link.is_some_and(|link| !link.is_empty());
    let gold = pair.gold.entities.iter().filter(|(_, entity)| entity.entity_type == Some(EntityType::Place));
    let mut gold = gold.filter(|(_, entity)| is_linked(&entity.link)).peekable();
    if gold.peek().is_none() {
        return (counts, kinds);
    }
    let alignment = pair.align(true);
    for (id, entity) in gold {
        counts.places += 1;
        let found = alignment.to_predicted.get(id).and_then(|id| pair.predicted.entities.get(id));
        let link = found.and_then(|found| found.link).filter(|link| !link.is_empty());
        let mut kind_counts = Counts::default();
        let kind = match meaning(entity.link.unwrap_or_default()) {
            Meaning::Untold => {
                counts.untold += 1;
                continue;
            }
            Meaning::Unlisted => {
                counts.unlisted += 1;
                if link.is_some() {
                    counts.unlisted_linked += 1;
                    kind_counts.add_predicted(false);
                }
                LinkedKind::Unlisted
            }
            Meaning::Listed(kind, ids) => {
                counts.listed += 1;
                let right = link.is_some_and(|link| ids.iter().any(|id| id == link));
                kind_counts.add_gold(right);
                if link.is_some() {
                    kind_counts.add_predicted(right);
                }
                match (found, link) {
                    _ if right => counts.right += 1,
                    (None, _) => counts.not_found += 1,
                    (Some(_), None) => counts.unlinked += 1,
                    (Some(_), Some(_)) => counts.wrong += 1,
                }
                kind
            }
        };
        kinds.push((kind, kind_counts));
    }
    (counts, kinds)
}

enum Meaning {
    /// In the lexicon, under each of these identifiers.
    Listed(LinkedKind, Vec<String>),
    /// Certainly not in the lexicon.
    Unlisted,
    /// Perhaps in the lexicon, under an identifier that cannot be told.
    Untold,
}

fn meaning(link: &str) -> Meaning {
    let lexicon = Lexicon::embedded();
    if link.starts_with("geonames:") {
        return Meaning::Listed(LinkedKind::City, vec![link.to_owned()]);
    }
    let is_item =
        link.strip_prefix('Q').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    if is_item {
        let territory = lexicon.territories().iter().find(|territory| territory.wikidata == link);
        return territory.map_or(Meaning::Untold, territory_meaning);
    }
    let title = link.replace('_', " ");
    let (name, within) = match title.strip_suffix(')').and_then(|title| title.rsplit_once(" (")) {
        Some((name, within)) => (name, Some(within)),
        None => title.split_once(", ").map_or((title.as_str(), None), |(name, within)| (name, Some(within))),
    };
    let Some(within) = within else {
        if let Some(territory) = lexicon.territory_by_name(name) {
            return territory_meaning(territory);
        }
        return lexicon.cities(name).next().map_or(Meaning::Unlisted, |city| city_meaning(&city));
    };
    let kind_word = within.rsplit(' ').next().unwrap_or_default();
    let territory = lexicon.territories_by_name(name).find(|territory| match kind_word {
        "country" => territory.is_country(),
        "state" | "province" | "emirate" | "canton" => territory.kind == TerritoryKind::Region,
        _ => false,
    });
    if let Some(territory) = territory {
        return territory_meaning(territory);
    }
    let outer = if within == "D.C." { "District of Columbia" } else { within };
    let codes: Vec<&str> = lexicon.territories_by_name(outer).map(|territory| territory.code).collect();
    let city = lexicon.cities(name).find(|city| within == "city" || codes.iter().any(|code| lies_in(city, code)));
    city.map_or(Meaning::Unlisted, |city| city_meaning(&city))
}

fn city_meaning(city: &City) -> Meaning {
    Meaning::Listed(LinkedKind::City, vec![format!("geonames:{}", city.geonames)])
}

/// A territory, and the city that it is named after where the two have one item and title.
fn territory_meaning(territory: &Territory) -> Meaning {
    /// Cities that are regions, or regions whose title is that of their city.
    const SAME: [&str; 18] = [
        "ae-az", "ae-du", "br-rj", "br-sp", "ch-ge", "ch-zh", "cn-bj", "cn-cq", "cn-sh", "cn-tj", "de-be", "de-hb",
        "de-hh", "hk", "mo", "ru-mow", "ru-spe", "ua-30",
    ];
    let mut ids = vec![territory.wikidata.to_owned()];
    if SAME.contains(&territory.code) {
        let country = territory.parent.unwrap_or_default();
        let is_it = |city: &City| {
            fold(city.name) == fold(territory.name) && [country, territory.code].contains(&city.country())
        };
        ids.extend(
            Lexicon::embedded().cities(territory.name).find(is_it).map(|it| format!("geonames:{}", it.geonames)),
        );
    }
    Meaning::Listed(LinkedKind::Territory, ids)
}

fn lies_in(city: &City, code: &str) -> bool {
    let lexicon = Lexicon::embedded();
    let region = city.region().and_then(|region| lexicon.territory_by_code(&region));
    let mut next = region.or_else(|| lexicon.territory_by_code(city.country()));
    let mut steps = 0;
    while let Some(territory) = next {
        if territory.code == code {
            return true;
        }
        steps += 1;
        // A table with a circle would have no end.
        next = territory.parent.filter(|_| steps < 8).and_then(|parent| lexicon.territory_by_code(parent));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_of_gold_links() {
        let check = |link: &str, expected: &str| {
            let found = match meaning(link) {
                Meaning::Listed(kind, ids) => format!("{kind}: {}", ids.join(" ")),
                Meaning::Unlisted => "unlisted".to_owned(),
                Meaning::Untold => "untold".to_owned(),
            };
            assert_eq!(found, expected, "{link}");
        };
        check("Q183", "territories: Q183");
        check("Q64", "territories: Q64 geonames:2950159");
        check("Q84", "untold");
        check("geonames:2643743", "cities: geonames:2643743");
        check("United_States", "territories: Q30");
        check("Georgia_(country)", "territories: Q230");
        check("Georgia_(U.S._state)", "territories: Q1428");
        check("Washington,_D.C.", "cities: geonames:4140963");
        check("Paris", "cities: geonames:2988507");
        check("Paris,_Texas", "cities: geonames:4717560");
        check("Lake_Victoria", "unlisted");
        check("Paris_(mythology)", "unlisted");
    }
}
