//! The words around a name: what they say about its kind, and how it stands to the next name.

use crate::{document::Document, span::ByteSpan};

/// What the words beside a name say.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Around {
    /// It is a state or province.
    pub(super) region: bool,
    /// It is a city.
    pub(super) city: bool,
    /// It is a country.
    pub(super) country: bool,
    /// It has an article, as rivers have: "across the Terek".
    pub(super) article: bool,
    /// It is a part of the name of something else: "Bristol" in "Bristol Airport".
    pub(super) is_part_of_other: bool,
}

/// How a name stands to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// "Paris, Texas"; also a list.
    Comma,
    /// "Amsterdam, the Netherlands"; also the end of a clause.
    CommaThe,
    /// "Paris in Texas", "Paris (Texas)".
    In,
    /// "Bavaria's Nuremberg".
    Possessive,
    /// "the Texas town of Paris", "the German city Bonn".
    CityOf,
    /// "Georgia and Armenia".
    And,
}

/// Words after a name that make it the name of something else.
const AFTER: [&str; 73] = [
    "Abbey",
    "Airlines",
    "Airport",
    "Airways",
    "Arena",
    "Avenue",
    "Barracks",
    "Base",
    "Bay",
    "Beach",
    "Bridge",
    "Canal",
    "Canyon",
    "Castle",
    "Cathedral",
    "Church",
    "Coast",
    "College",
    "County",
    "Creek",
    "Dam",
    "Desert",
    "District",
    "Falls",
    "Field",
    "Forest",
    "Gulf",
    "Hall",
    "Harbor",
    "Harbour",
    "Heights",
    "Highway",
    "Hills",
    "Hospital",
    "Hotel",
    "House",
    "International",
    "Island",
    "Islands",
    "Lake",
    "Lane",
    "Mall",
    "Market",
    "Memorial",
    "Mosque",
    "Mountain",
    "Mountains",
    "Museum",
    "Ocean",
    "Palace",
    "Park",
    "Peninsula",
    "Plaza",
    "Port",
    "Prison",
    "River",
    "Road",
    "School",
    "Sea",
    "Square",
    "Stadium",
    "Station",
    "Strait",
    "Street",
    "Temple",
    "Theater",
    "Theatre",
    "Tower",
    "Tunnel",
    "University",
    "Valley",
    "Way",
    "Zoo",
];

/// Words before a name that make it the name of something else.
const BEFORE: [&str; 13] =
    ["Camp", "Cape", "Cerro", "Fort", "Isla", "Lake", "Loch", "Mount", "Mt.", "Mt", "RAF", "River", "Rio"];

/// Waters and islands "of" something.
const OF: [&str; 11] =
    ["Bay", "Gulf", "Isle", "Isles", "Island", "Port", "Sea", "Strait", "Straits", "Battle", "University"];

/// Whether a whole name is that of a building, water, mountain and the like.
pub(super) fn is_facility(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    let last = words.next_back().unwrap_or_default();
    AFTER.contains(&last) || !last.is_empty() && BEFORE.contains(&first)
}

/// What the words beside a name say about it.
pub(super) fn around(doc: &Document, span: ByteSpan) -> Around {
    let mut found = Around::default();
    let before = doc.text.get(..span.start as usize).unwrap_or_default();
    let after = doc.text.get(span.end as usize..).unwrap_or_default();
    // A line break parts a name from what is before it.
    if let Some(before) = before.strip_suffix(' ') {
        let mut words = before.rsplit([' ', '\n', '\u{a0}']);
        let mut next = || words.next().unwrap_or_default();
        let mut last = next();
        if last == "the" {
            found.article = closes(after);
            last = next();
        }
        if BEFORE.contains(&last) {
            found.is_part_of_other = true;
        } else if last == "of" {
            match next() {
                word if OF.contains(&word) => found.is_part_of_other = true,
                "city" | "City" | "town" | "mayor" | "Mayor" | "streets" | "suburb" | "outskirts" | "archbishop" => {
                    found.city = true;
                }
                "state" | "State" | "province" | "Province" | "region" | "emirate" | "governor" | "Governor" => {
                    found.region = true;
                }
                "republic" | "Republic" | "president" | "President" | "minister" | "Minister" | "king" | "King" => {
                    found.country = true;
                }
                _ => {}
            }
        } else if matches!(last, "upstate" | "Upstate") {
            found.region = true;
        } else if matches!(last, "downtown" | "Downtown") {
            found.city = true;
        }
    }
    if let Some(after) = after.strip_prefix([' ', '-']) {
        let end = after.find(|char: char| !char.is_alphanumeric()).unwrap_or(after.len());
        match after.get(..end).unwrap_or_default() {
            "state" | "State" | "province" | "Province" | "oblast" | "Oblast" | "emirate" | "governorate" => {
                found.region = true;
            }
            "county" | "district" => found.is_part_of_other = true,
            "suburb" | "suburbs" | "mayor" | "Mayor" => found.city = true,
            word if AFTER.contains(&word) => found.is_part_of_other = true,
            _ => {}
        }
    }
    found
}

/// What a common noun for a place says about it.
pub(super) fn noun(words: &str) -> Around {
    let last = words.rsplit(' ').next().unwrap_or_default();
    let is = |nouns: &[&str]| nouns.iter().any(|noun| noun.eq_ignore_ascii_case(last));
    Around {
        region: is(&["state", "province", "emirate"]),
        city: is(&["city", "town", "metropolis"]),
        country: is(&["country", "nation", "republic", "kingdom"]),
        article: false,
        is_part_of_other: is(&[
            "airport",
            "bridge",
            "canal",
            "creek",
            "desert",
            "glacier",
            "gulf",
            "hill",
            "hospital",
            "hotel",
            "lake",
            "mountain",
            "peak",
            "prison",
            "reservoir",
            "river",
            "sea",
            "stadium",
            "strait",
            "stream",
            "street",
            "summit",
            "tributary",
            "volcano",
        ]),
    }
}

/// Words that may stand between "in" and the name of a region.
const PARTS: [&str; 15] = [
    "the",
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "rural",
];

/// What stands between two names, if it tells how they stand to each other.
pub(super) fn gap(text: &str, first: ByteSpan, second: ByteSpan) -> Option<Gap> {
    let between = text.get(first.end as usize..second.start as usize)?;
    if between.len() > 40 || between.contains("\n\n") {
        return None;
    }
    let words = between.trim();
    match words {
        "," => return Some(Gap::Comma),
        ", the" => return Some(Gap::CommaThe),
        "and" | "or" | ", and" | ", or" | "&" | "/" | "and the" | ", and the" | "as well as" => return Some(Gap::And),
        "(" => return Some(Gap::In),
        "'s" | "’s" => return Some(Gap::Possessive),
        _ => {}
    }
    let rest = words.strip_prefix(',').unwrap_or(words).trim_start();
    if let Some(rest) = rest.strip_prefix("in") {
        return rest.split_whitespace().all(|word| PARTS.contains(&word)).then_some(Gap::In);
    }
    let mut ending = words.rsplit(' ');
    let last = ending.next().unwrap_or_default();
    let noun = if last == "of" || last == "in" { ending.next().unwrap_or_default() } else { last };
    let is_city = ["city", "town", "capital", "port", "village", "suburb", "province", "state", "region", "resort"];
    if !is_city.contains(&noun.trim_end_matches(',')) || words.contains(['.', ';']) {
        return None;
    }
    // "Oslo, the capital of Norway", "Fargo is a city in North Dakota": the other way round.
    let turned = words.starts_with([',', '(']) || words.starts_with("is ") || last == "in";
    Some(if turned { Gap::In } else { Gap::CityOf })
}

/// Words that go on after a whole name.
const FUNCTION_WORDS: [&str; 24] = [
    "after", "and", "as", "at", "before", "but", "by", "during", "for", "from", "has", "have", "in", "is", "on", "or",
    "since", "to", "was", "when", "where", "while", "who", "with",
];

/// Whether a text goes on so that what was before it is whole: "Springfield, Texas, was", not "Texas governor".
pub(super) fn closes(rest: &str) -> bool {
    if rest.is_empty() || rest.starts_with([',', '.', ')', ';', '\n', '"', '”']) {
        return true;
    }
    let word = rest.trim_start().split(' ').next().unwrap_or_default();
    rest.starts_with(' ') && FUNCTION_WORDS.contains(&word)
}
