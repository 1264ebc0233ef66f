//! What the lexicon knows of a place, by its identifier.

use std::{collections::BTreeMap, sync::LazyLock};

use super::candidates::Place;
use crate::lexicon::Lexicon;

/// What the lexicon knows of a linked place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceFacts {
    /// Its usual name.
    pub name: &'static str,
    /// Degrees north and east, to a hundredth; for cities.
    pub coordinates: Option<(f32, f32)>,
    /// ISO 3166 code of its country or dependency, in small letters; none for states of the past without one.
    pub country: Option<&'static str>,
    /// What it lies in, from the inside out: identifier and name.
    pub within: Vec<(&'static str, &'static str)>,
}

static PLACES: LazyLock<BTreeMap<String, Place>> = LazyLock::new(|| {
    let lexicon = Lexicon::embedded();
    let territories = lexicon.territories().iter().map(Place::Territory);
    let cities = lexicon.all_cities().map(Place::City);
    let mut places = BTreeMap::new();
    for place in territories.chain(cities) {
        places.entry(place.id()).or_insert(place);
    }
    places.remove("");
    places
});

/// What the lexicon knows of a place with the identifier of a link, such as `Q183` or `geonames:2643743`.
///
/// ```
/// let place = relata::link::place("geonames:2643743").unwrap();
/// assert_eq!((place.name, place.country), ("London", Some("gb")));
/// assert_eq!(place.within, [("Q21", "England"), ("Q145", "United Kingdom")]);
/// ```
#[must_use]
pub fn place(id: &str) -> Option<PlaceFacts> {
    let place = PLACES.get(id)?;
    let parents = place.parents();
    let is_iso = |code: &&str| code.len() == 2;
    let (name, coordinates, own) = match place {
        Place::Territory(territory) => (territory.name, None, Some(territory.code)),
        Place::City(city) => (city.name, Some((city.latitude, city.longitude)), None),
    };
    let codes = parents.iter().map(|territory| territory.code);
    Some(PlaceFacts {
        name,
        coordinates,
        country: own.into_iter().chain(codes).find(is_iso),
        within: parents.iter().map(|territory| (territory.wikidata, territory.name)).collect(),
    })
}
