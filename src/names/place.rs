//! Names of places: aliases of countries and cities, words for the kind of place, directions.

use crate::{
    document::LinkReason,
    lexicon::{Lexicon, fold, fold::without_possessive, skeleton},
};

use super::{
    NameMatch,
    words::{Fit, Word, acronym, fit, initials, is_small, is_subsequence},
};

#[derive(Debug, Clone)]
pub(super) struct PlaceName {
    /// Index-free identity of a territory: its code.
    territory: Option<&'static str>,
    /// Code of the territory whose government the place may stand for.
    seat_of: Option<&'static str>,
    /// GeoNames identifier of the largest city of that name.
    city: Option<u32>,
    /// Words without kind and direction.
    core: Vec<Word>,
    /// Folded words of the core, joined; for quick equality.
    bare: String,
    /// Words for the kind of place.
    kinds: Vec<&'static str>,
    /// Directions and the like: two places that differ here are two places.
    directions: Vec<&'static str>,
    /// What stands after a comma: the larger place.
    within: Option<String>,
    acronym: Option<String>,
    initials: Vec<String>,
}

/// Words for kinds of place; the same number stands for the same kind.
const KINDS: [(&str, &str, Kind); 74] = [
    ("city", "city", Kind::City),
    ("town", "city", Kind::City),
    ("village", "city", Kind::City),
    ("municipality", "municipality", Kind::Area),
    ("province", "province", Kind::Area),
    ("region", "province", Kind::Area),
    ("governorate", "province", Kind::Area),
    ("county", "county", Kind::Area),
    ("district", "district", Kind::Area),
    ("prefecture", "province", Kind::Area),
    ("oblast", "province", Kind::Area),
    ("state", "state", Kind::Area),
    ("republic", "state", Kind::Area),
    ("kingdom", "state", Kind::Area),
    ("emirate", "state", Kind::Area),
    ("territory", "province", Kind::Area),
    ("department", "province", Kind::Area),
    ("island", "island", Kind::Nature),
    ("islands", "islands", Kind::Nature),
    ("isle", "island", Kind::Nature),
    ("isles", "islands", Kind::Nature),
    ("archipelago", "islands", Kind::Nature),
    ("peninsula", "peninsula", Kind::Nature),
    ("river", "river", Kind::Nature),
    ("lake", "lake", Kind::Nature),
    ("sea", "sea", Kind::Nature),
    ("ocean", "ocean", Kind::Nature),
    ("gulf", "gulf", Kind::Nature),
    ("bay", "bay", Kind::Nature),
    ("strait", "strait", Kind::Nature),
    ("straits", "strait", Kind::Nature),
    ("canal", "canal", Kind::Nature),
    ("mount", "mountain", Kind::Nature),
    ("mt", "mountain", Kind::Nature),
    ("mountain", "mountain", Kind::Nature),
    ("mountains", "mountains", Kind::Nature),
    ("hills", "mountains", Kind::Nature),
    ("valley", "valley", Kind::Nature),
    ("desert", "desert", Kind::Nature),
    ("forest", "forest", Kind::Nature),
    ("falls", "falls", Kind::Nature),
    ("strip", "strip", Kind::Area),
    ("airport", "airport", Kind::Building),
    ("airfield", "airport", Kind::Building),
    ("airbase", "base", Kind::Building),
    ("base", "base", Kind::Building),
    ("bridge", "bridge", Kind::Building),
    ("stadium", "stadium", Kind::Building),
    ("arena", "stadium", Kind::Building),
    ("palace", "palace", Kind::Building),
    ("castle", "castle", Kind::Building),
    ("park", "park", Kind::Building),
    ("square", "square", Kind::Building),
    ("street", "street", Kind::Building),
    ("road", "street", Kind::Building),
    ("avenue", "street", Kind::Building),
    ("station", "station", Kind::Building),
    ("hotel", "hotel", Kind::Building),
    ("hospital", "hospital", Kind::Building),
    ("prison", "prison", Kind::Building),
    ("jail", "prison", Kind::Building),
    ("camp", "camp", Kind::Building),
    ("port", "port", Kind::Building),
    ("harbour", "port", Kind::Building),
    ("harbor", "port", Kind::Building),
    ("building", "building", Kind::Building),
    ("tower", "building", Kind::Building),
    ("cathedral", "church", Kind::Building),
    ("church", "church", Kind::Building),
    ("mosque", "mosque", Kind::Building),
    ("temple", "temple", Kind::Building),
    ("dam", "dam", Kind::Building),
    ("mine", "mine", Kind::Building),
    ("plant", "plant", Kind::Building),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    City,
    Area,
    Nature,
    Building,
}

const DIRECTIONS: [(&str, &str); 22] = [
    ("north", "north"),
    ("northern", "north"),
    ("south", "south"),
    ("southern", "south"),
    ("east", "east"),
    ("eastern", "east"),
    ("west", "west"),
    ("western", "west"),
    ("northeast", "northeast"),
    ("northeastern", "northeast"),
    ("northwest", "northwest"),
    ("northwestern", "northwest"),
    ("southeast", "southeast"),
    ("southeastern", "southeast"),
    ("southwest", "southwest"),
    ("southwestern", "southwest"),
    ("central", "central"),
    ("new", "new"),
    ("upper", "upper"),
    ("lower", "lower"),
    ("inner", "inner"),
    ("outer", "outer"),
];

/// Kinds of place that are called after the town beside them.
const NAMED_AFTER_TOWNS: [&str; 9] = ["lake", "bay", "gulf", "port", "dam", "mine", "plant", "bridge", "forest"];

impl PlaceName {
    /// See [`super::NameKey::blocks`].
    pub fn blocks(&self, blocks: &mut Vec<String>) {
        blocks.extend(self.territory.map(|code| format!("t {code}")));
        blocks.extend(self.city.map(|city| format!("c {city}")));
        blocks.push(format!("k {}", skeleton(&self.bare.replace(' ', ""))));
        blocks.extend(self.acronym.iter().chain(&self.initials).map(|letters| format!("a {letters}")));
        blocks.extend(self.core.iter().map(|word| format!("w {}", skeleton(&word.text))));
    }

    pub fn new(text: &str, folded: &str, lexicon: &Lexicon) -> Self {
        let text = without_possessive(text.trim());
        let (head, within) = match text.split_once(',') {
            Some((head, tail)) if !head.trim().is_empty() && !tail.trim().is_empty() => (fold(head), Some(fold(tail))),
            _ => (folded.to_owned(), None),
        };
        let head = head.strip_prefix("the ").unwrap_or(&head);
        let mut core = Vec::new();
        let (mut kinds, mut directions, mut bare) = (Vec::new(), Vec::new(), String::new());
        for word in head.split(' ').filter(|word| !word.is_empty()) {
            let plain = match word {
                "st" | "sainte" | "ste" => "saint",
                "ft" => "fort",
                other => other,
            };
            if let Some((_, kind, _)) = KINDS.iter().find(|(name, ..)| *name == plain) {
                kinds.push(*kind);
            } else if let Some((_, direction)) = DIRECTIONS.iter().find(|(name, _)| *name == plain) {
                directions.push(*direction);
            } else if !is_small(plain) && plain != "international" {
                core.push(Word::new(plain, lexicon));
                bare.push_str(plain);
            }
        }
        // A place that is all kind and direction ("West Bank" is not, "North Sea" is) is compared as it stands.
        if core.is_empty() {
            core = head.split(' ').map(|word| Word::new(word, lexicon)).collect();
            bare = head.replace(' ', "");
            kinds.clear();
            directions.clear();
        }
        Self {
            territory: lexicon.territory_by_name(text).map(|territory| territory.code),
            seat_of: super::metonym_country(text),
            city: lexicon.cities(text).next().filter(|city| city.population >= 50_000).map(|city| city.geonames),
            core,
            bare,
            kinds,
            directions,
            within,
            acronym: acronym(text),
            initials: initials(text),
        }
    }

    fn kind(&self) -> Option<Kind> {
        let last = self.kinds.last()?;
        KINDS.iter().find(|(_, kind, _)| kind == last).map(|(_, _, kind)| *kind)
    }
}

pub(super) fn compare(a: &PlaceName, b: &PlaceName) -> Option<NameMatch> {
    if let (Some(left), Some(right)) = (a.territory, b.territory) {
        return if left == right { NameMatch::new(LinkReason::KnownAlias, 0.97) } else { None };
    }
    if a.city.is_some() && a.city == b.city && a.directions == b.directions {
        // A city and a territory of one name may be told apart: New York.
        let mixed = a.territory.is_some() || b.territory.is_some();
        return NameMatch::new(LinkReason::KnownAlias, if mixed { 0.75 } else { 0.92 });
    }
    // Delhi and New Delhi; but The Hague is no Amsterdam.
    if a.seat_of.is_some() && a.seat_of == b.seat_of && a.bare == b.bare && a.kinds == b.kinds {
        return NameMatch::new(LinkReason::KnownAlias, 0.75);
    }
    if a.directions != b.directions || matches!((&a.within, &b.within), (Some(left), Some(right)) if left != right) {
        return None;
    }
    for (acronym, long) in [(&a.acronym, b), (&b.acronym, a)] {
        if let Some(acronym) = acronym
            && acronym.len() >= 2
            && long.acronym.is_none()
            && (long.initials.contains(acronym)
                || (acronym.len() >= 3 && long.initials.iter().any(|all| all.starts_with(acronym.as_str()))))
        {
            return NameMatch::new(LinkReason::Acronym, if acronym.len() > 2 { 0.85 } else { 0.5 });
        }
    }
    if a.bare == b.bare {
        if a.within.is_some() != b.within.is_some() && a.kinds == b.kinds {
            return NameMatch::new(LinkReason::PartOfName, 0.88);
        }
        if a.kinds == b.kinds {
            return NameMatch::new(LinkReason::SameName, 0.95);
        }
        let kind = match (a.kinds.is_empty(), b.kinds.is_empty()) {
            (true, false) => b.kind(),
            (false, true) => a.kind(),
            _ => return None,
        };
        // "Idlib" is the city as a rule and "Idlib province" is not; "Heathrow" is the airport.
        let named_place = a.territory.or(b.territory).is_some() || a.city.or(b.city).is_some();
        return match kind {
            // Panama City is not Panama.
            Some(Kind::City) if a.territory.or(b.territory).is_some() => None,
            Some(Kind::City) => NameMatch::new(LinkReason::PartOfName, 0.88),
            Some(Kind::Area) if named_place => None,
            Some(Kind::Area) => NameMatch::new(LinkReason::PartOfName, 0.55),
            _ if named_place => None,
            // A lake or a dam has its name from a town as a rule, and a town is seldom meant by "the lake".
            _ if a.kinds.iter().chain(&b.kinds).any(|kind| NAMED_AFTER_TOWNS.contains(kind)) => {
                NameMatch::new(LinkReason::PartOfName, 0.45)
            }
            _ => NameMatch::new(LinkReason::PartOfName, 0.85),
        };
    }
    let known_apart = (a.city.is_some() || a.territory.is_some()) && (b.city.is_some() || b.territory.is_some());
    if known_apart {
        return None;
    }
    if a.kinds == b.kinds && a.core.len() == b.core.len() {
        let lexicon = Lexicon::embedded();
        let fits: Option<Vec<Fit>> =
            a.core.iter().zip(&b.core).map(|(word, other)| fit(word, other, false, lexicon)).collect();
        if let Some(fits) = fits
            && fits.iter().all(|found| matches!(found, Fit::Exact | Fit::Spelling | Fit::Variant))
            && a.bare.len().min(b.bare.len()) >= 5
        {
            return NameMatch::new(LinkReason::SpellingVariant, 0.8);
        }
        return None;
    }
    let (short, long) = if a.core.len() < b.core.len() { (a, b) } else { (b, a) };
    let texts = |place: &PlaceName| place.core.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
    let same_kind = short.kinds.is_empty() || short.kinds == long.kinds;
    let (words, all) = (texts(short), texts(long));
    // "Heathrow" for "London Heathrow Airport"; a city alone is not its airport.
    if same_kind
        && short.city.is_none()
        && short.territory.is_none()
        && long.city.is_none()
        && long.territory.is_none()
        && is_subsequence(&words, &all)
        && words.len() < all.len()
    {
        return NameMatch::new(LinkReason::PartOfName, 0.6);
    }
    None
}

pub(super) fn conflict(a: &PlaceName, b: &PlaceName) -> bool {
    if compare(a, b).is_some() {
        return false;
    }
    // A capital may stand for its country; whether it does is told by the text.
    if (a.seat_of.is_some() && a.seat_of == b.territory) || (b.seat_of.is_some() && b.seat_of == a.territory) {
        return false;
    }
    if matches!((a.territory, b.territory), (Some(left), Some(right)) if left != right) {
        return true;
    }
    if a.bare == b.bare {
        return a.directions != b.directions || (!a.kinds.is_empty() && !b.kinds.is_empty()) || a.within != b.within;
    }
    // Two gulfs, two bridges.
    if !a.kinds.is_empty() && a.kinds == b.kinds && a.core.len() == b.core.len() {
        return true;
    }
    // Two known cities, or two names of several words that share some.
    matches!((a.city, b.city), (Some(left), Some(right)) if left != right)
        || (a.core.len() > 1
            && b.core.len() > 1
            && a.core.iter().any(|word| b.core.iter().any(|other| word.text == other.text)))
}
