//! What a name may mean, and how well known that is.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use super::fold;
use crate::lexicon::{City, Lexicon, Territory, TerritoryKind, is_acronym, without_article};

/// A place of the lexicon.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Territory(&'static Territory),
    City(City),
}

impl Place {
    /// Its identifier, as it stands in links.
    pub(super) fn id(&self) -> String {
        match self {
            Self::Territory(territory) => territory.wikidata.to_owned(),
            Self::City(city) => format!("geonames:{}", city.geonames),
        }
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Territory(one), Self::Territory(other)) => one.code == other.code,
            (Self::City(one), Self::City(other)) => one.geonames == other.geonames,
            _ => false,
        }
    }

    pub(super) fn territory(&self) -> Option<&'static Territory> {
        match self {
            Self::Territory(territory) => Some(territory),
            Self::City(_) => None,
        }
    }

    /// The territories that it lies in, the smallest first.
    pub(super) fn parents(&self) -> Vec<&'static Territory> {
        let lexicon = Lexicon::embedded();
        let mut parents = Vec::new();
        let mut next = match self {
            Self::Territory(territory) => territory.parent,
            Self::City(city) => {
                let region = city.region().and_then(|region| lexicon.territory_by_code(&region));
                region.or_else(|| lexicon.territory_by_code(city.country())).map(|territory| territory.code)
            }
        };
        while let Some(territory) = next.and_then(|code| lexicon.territory_by_code(code)) {
            // A table with a circle would have no end.
            if parents.len() > 8 {
                break;
            }
            parents.push(territory);
            next = territory.parent;
        }
        parents
    }
}

/// A place that an entity may be, with what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) place: Place,
    /// The territories that it lies in, the smallest first.
    parents: Vec<&'static Territory>,
    /// How well known it is.
    pub(super) prior: f32,
    /// Mentions that can mean it.
    pub(super) support: usize,
    /// The strongest hint of the words around for it.
    pub(super) gain: f32,
    /// How strongly the text says that it lies in another place that is named.
    pub(super) inner: f32,
    /// How strongly the text says that another place lies in it.
    pub(super) outer: f32,
    /// The strongest hint against it; not above 0.
    pub(super) loss: f32,
    /// What the rest of the document says.
    pub(super) coherence: f32,
}

impl Candidate {
    fn new(place: Place, prior: f32) -> Self {
        Self {
            place,
            parents: place.parents(),
            prior,
            support: 1,
            gain: 0.0,
            inner: 0.0,
            outer: 0.0,
            loss: 0.0,
            coherence: 0.0,
        }
    }

    pub(super) fn is_city(&self) -> bool {
        matches!(self.place, Place::City(_))
    }

    pub(super) fn is_country(&self) -> bool {
        self.place.territory().is_some_and(Territory::is_country)
    }

    pub(super) fn is_region(&self) -> bool {
        self.place.territory().is_some_and(|territory| !territory.is_country())
    }

    /// Whether it is a state or province of a country in which those are rarely named without the country.
    pub(super) fn needs_country(&self) -> bool {
        self.place.territory().is_some_and(|territory| territory.kind == TerritoryKind::Region) && self.root() != "us"
    }

    pub(super) fn lies_in(&self, code: &str) -> bool {
        self.within().any(|parent| parent == code)
    }

    /// Codes of the territories that it lies in.
    pub(super) fn within(&self) -> impl Iterator<Item = &'static str> {
        self.parents.iter().map(|territory| territory.code)
    }

    /// Code of the outermost territory: itself or what it lies in.
    pub(super) fn root(&self) -> &'static str {
        let own = || self.place.territory().map_or("", |territory| territory.code);
        self.parents.last().map_or_else(own, |territory| territory.code)
    }

    /// Code of the region that it is or lies in.
    pub(super) fn region(&self) -> Option<&'static str> {
        if self.is_region() {
            return self.place.territory().map(|territory| territory.code);
        }
        // England and Scotland are too large to tell towns of one name apart.
        self.parents.iter().find(|territory| territory.kind == TerritoryKind::Region).map(|territory| territory.code)
    }

    /// Takes in a hint; of several the strongest for and the strongest against it count.
    pub(super) fn weigh(&mut self, hint: f32) {
        if hint > 0.0 {
            self.gain = self.gain.max(hint);
        } else {
            self.loss = self.loss.min(hint);
        }
    }
}

/// Score of a country of today, and of one of the past.
const COUNTRY: f32 = 9.0;
const HISTORIC: f32 = 7.0;
/// Score of a dependency, and of a region of whose size the lists tell nothing.
const TERRITORY: f32 = 6.5;
const REGION: f32 = 5.0;
/// A city has this times the logarithm of its size against the smallest in the lists.
const SIZE: f32 = 0.9;
const SMALLEST: f32 = 15_000.0;
/// The capital of a country is spoken of more than its size tells.
const CAPITAL: f32 = 3.0;
/// A name that is not the usual one.
const OTHER_NAME: f32 = -1.0;
/// A region and its city of the same name, of which the one that is less meant stands back by this; and what a
/// country stands back by that shares its name with a region of another.
const NAMESAKE: f32 = 2.0;
/// Where a city has less than this share of its region's people, its name rather means the region (Quebec).
const SHARE_OF_CITY: f32 = 0.15;
/// A city that takes a region of its name in another country some certainty.
const LARGE: u32 = 50_000;
/// A city whose name no other one bears.
const ONLY_ONE: f32 = 0.8;
/// No more cities of one name are looked at.
const MOST_CITIES: usize = 40;

/// Names that several territories share in a short form which is none of their usual names.
const SHARED: [(&str, [&str; 2]); 3] =
    [("congo", ["cd", "cg"]), ("korea", ["kr", "kp"]), ("virgin islands", ["vi", "vg"])];
const SHARED_NAME: f32 = -4.0;

/// Score of a region by its postal code.
const POSTAL_CODE: f32 = -2.0;

/// People in the cities of each region.
static REGION_SIZES: LazyLock<BTreeMap<String, f32>> = LazyLock::new(|| {
    let mut sizes = BTreeMap::new();
    for city in Lexicon::embedded().all_cities() {
        if let Some(region) = city.region() {
            *sizes.entry(region).or_insert(0.0) += city.population as f32;
        }
    }
    sizes
});

/// The territories and cities that a name may mean.
pub(super) fn candidates(name: &str) -> Vec<Candidate> {
    let name = name.trim();
    let found = plain(name);
    if !found.is_empty() {
        return found;
    }
    // "Springfield, Ill." and "Washington D.C." in one piece.
    if let Some((inner, outer)) = name.rsplit_once(", ").or_else(|| name.rsplit_once(' ')) {
        let regions: Vec<&str> = match outer {
            "DC" | "D.C." | "D.C" => vec!["us-dc"],
            _ if name.contains(", ") => {
                Lexicon::embedded().territories_by_name(outer).map(|territory| territory.code).collect()
            }
            _ => Vec::new(),
        };
        let mut found = plain(inner.trim_end_matches(','));
        found.retain(|candidate| regions.iter().any(|region| candidate.lies_in(region)));
        if !found.is_empty() {
            for candidate in &mut found {
                candidate.inner = super::INSIDE;
            }
            return found;
        }
    }
    // "Washington State", "the State of New York", "the city of Luxembourg".
    let bare = name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name);
    let suffix = [" State", " state", " Province", " province"].iter().find_map(|suffix| bare.strip_suffix(suffix));
    let (is_city, inner) = if let Some(inner) = suffix {
        (false, inner)
    } else if let Some((head, inner)) = bare.split_once(" of ") {
        match head {
            "State" | "state" | "Province" | "province" | "Republic" | "republic" => (false, inner),
            "City" | "city" => (true, inner),
            _ => return Vec::new(),
        }
    } else {
        return Vec::new();
    };
    let mut found = plain(inner);
    found.retain(|candidate| candidate.is_city() == is_city);
    for candidate in &mut found {
        candidate.gain = 3.0;
    }
    found
}

fn plain(name: &str) -> Vec<Candidate> {
    let lexicon = Lexicon::embedded();
    let folded = fold(name);
    let key = without_article(&folded);
    let mut found: Vec<Candidate> = lexicon
        .territories_by_name(name)
        .filter(|territory| !territory.wikidata.is_empty())
        .map(|territory| Candidate::new(Place::Territory(territory), territory_prior(territory)))
        .collect();
    if let Some((_, codes)) = SHARED.iter().find(|(shared, _)| *shared == key)
        && found.is_empty()
    {
        let territories = codes.iter().filter_map(|code| lexicon.territory_by_code(code));
        found.extend(territories.map(|it| Candidate::new(Place::Territory(it), territory_prior(it) + SHARED_NAME)));
    }
    // Georgia: what has a namesake is less certain.
    if found.iter().any(Candidate::is_region) {
        for country in found.iter_mut().filter(|candidate| candidate.is_country()) {
            country.prior -= NAMESAKE;
        }
    }
    // "Chicago, IL": by itself it is too short to tell anything.
    if found.is_empty()
        && let [b'A'..=b'Z', b'A'..=b'Z'] = name.as_bytes()
    {
        let code = ["us", "ca"].map(|country| format!("{country}-{key}"));
        let territory = code.iter().find_map(|code| lexicon.territory_by_code(code));
        found.extend(territory.map(|it| Candidate::new(Place::Territory(it), POSTAL_CODE)));
    }
    // Buildings and streets of governments; some are also the name of a town.
    if lexicon.territory_by_seat(name).is_some() && lexicon.territory_by_capital(name).is_none() {
        return found;
    }
    let starts_as_name =
        |text: &str| text.chars().next().is_some_and(|first| first.is_uppercase() || !first.is_alphabetic());
    if !starts_as_name(name.strip_prefix("the ").unwrap_or(name)) {
        return found;
    }
    let acronym = is_acronym(name) && !["NYC", "LA"].contains(&name);
    let capital_of = lexicon.territory_by_capital(name).filter(|territory| territory.is_country());
    let territories = found.len();
    let is_usual = |city: &City| with_saint(&fold(city.name)) == with_saint(&folded);
    let mut cities: Vec<(bool, City)> =
        lexicon.cities(name).take(MOST_CITIES).map(|city| (is_usual(&city), city)).collect();
    // A city is rarely called by a name that is the usual one of another: New Delhi, of Delhi.
    let any_usual = cities.iter().any(|(usual, _)| *usual);
    cities.retain(|(usual, _)| *usual || !acronym);
    let is_capital = |city: &City| capital_of.is_some_and(|country| country.code == city.country());
    let capital = cities.iter().filter(|(usual, _)| *usual || !any_usual).find(|(_, city)| is_capital(city));
    let capital = capital.map(|(_, city)| city.geonames);
    let mut region_has_namesake = false;
    for (usual, city) in cities {
        let mut prior = SIZE * (city.population.max(1) as f32 / SMALLEST).ln().max(-1.0);
        if !usual {
            prior += if any_usual { 2.0 * OTHER_NAME } else { OTHER_NAME };
        }
        if capital == Some(city.geonames) {
            prior += CAPITAL;
        }
        let mut candidate = Candidate::new(Place::City(city), prior);
        for other in found.iter_mut().take(territories) {
            let Some(territory) = other.place.territory() else { continue };
            if !candidate.lies_in(territory.code) && territory.parent != Some(city.country()) {
                // Victoria is a state of one country and a city of others.
                if other.is_region() && usual && city.population >= LARGE {
                    region_has_namesake = true;
                }
                continue;
            }
            let size = REGION_SIZES.get(territory.code);
            let is_small = size.is_some_and(|size| (city.population as f32) < SHARE_OF_CITY * size);
            if territory.is_country() || territory.code == city.country() {
                // Singapore, Luxembourg, Hong Kong.
                candidate.prior = candidate.prior.min(other.prior - 2.0 * NAMESAKE);
            } else if !is_small && candidate.lies_in(territory.code) || size.is_none() {
                other.prior = other.prior.min(candidate.prior - NAMESAKE);
            }
        }
        found.push(candidate);
    }
    if region_has_namesake {
        for region in found.iter_mut().filter(|candidate| candidate.is_region()) {
            region.prior -= NAMESAKE / 2.0;
        }
    }
    // Names of one place alone are sure enough, but in countries that named their towns after each other's.
    if let [only] = found.as_mut_slice()
        && only.is_city()
        && !["au", "ca", "gb", "nz", "us"].contains(&only.root())
    {
        only.prior += ONLY_ONE;
    }
    found
}

/// A folded name with "saint" in full.
fn with_saint(folded: &str) -> Cow<'_, str> {
    folded.strip_prefix("st ").map_or(Cow::Borrowed(folded), |rest| Cow::Owned(format!("saint {rest}")))
}

fn territory_prior(territory: &Territory) -> f32 {
    match territory.kind {
        TerritoryKind::Country => COUNTRY,
        TerritoryKind::Historic => HISTORIC,
        TerritoryKind::Territory => TERRITORY,
        TerritoryKind::Region => REGION_SIZES
            .get(territory.code)
            .map_or(REGION, |size| (SIZE * (size / SMALLEST).ln()).clamp(REGION - 1.0, TERRITORY)),
    }
}
