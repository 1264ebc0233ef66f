//! One line of a Wikidata dump: what is taken from it, with everything else skipped unread.
//!
//! A line is `{"type":"item","id":"Q42","labels":{…},"aliases":{…},"claims":{…},"sitelinks":{…}},`, and empty maps are
//! written as `[]`. Texts are borrowed from the line unless they hold escapes.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::classes::class_types;

/// What is kept of an item.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Item<'a> {
    /// 42 for "Q42".
    pub(super) id: u32,
    /// Bits of `classes`.
    pub(super) types: u8,
    pub(super) sitelinks: u32,
    pub(super) country: Option<u32>,
    /// Degrees north and east.
    pub(super) coordinates: Option<(f64, f64)>,
    pub(super) birth_year: Option<i16>,
    /// Names by language, as wanted.
    pub(super) labels: Vec<(usize, Cow<'a, str>)>,
    pub(super) aliases: Vec<Cow<'a, str>>,
}

/// What a line holds.
#[derive(Debug, PartialEq)]
pub(super) enum Line<'a> {
    Item(Item<'a>),
    /// No item: a bracket of the list, an empty line, a property or a lexeme.
    Other,
    /// No JSON, or not of the shape of an entity.
    Bad,
}

/// Reads a line.
pub(super) fn read_line<'a>(line: &'a [u8], languages: &[String]) -> Line<'a> {
    let line = line.trim_ascii();
    let line = line.strip_suffix(b",").unwrap_or(line);
    if matches!(line, [] | b"[" | b"]" | b"[]") {
        return Line::Other;
    }
    // The first and the last line of a list whose brackets have no line of their own.
    let line = line.strip_prefix(b"[").unwrap_or(line);
    let line = line.strip_suffix(b"]").unwrap_or(line);
    let mut json = serde_json::Deserializer::from_slice(line);
    match (EntitySeed { languages }).deserialize(&mut json).and_then(|entity| json.end().map(|()| entity)) {
        Ok(Some(item)) => Line::Item(item),
        Ok(None) => Line::Other,
        Err(_) => Line::Bad,
    }
}

/// A string that is borrowed where it can be.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The number of an identifier such as "Q42".
fn item_number(id: &str) -> Option<u32> {
    let digits = id.strip_prefix('Q')?;
    // One bit of a number in the lists of names is for another use.
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?.filter(|id| *id < 1 << 31)
}

struct EntitySeed<'l> {
    languages: &'l [String],
}

impl<'de> DeserializeSeed<'de> for EntitySeed<'_> {
    type Value = Option<Item<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EntitySeed<'_> {
    type Value = Option<Item<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut item = Item::default();
        let mut is_item = true;
        let mut claims = Claims::default();
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "type" => is_item &= map.next_value::<Text<'de>>()?.0 == "item",
                "id" => match item_number(&map.next_value::<Text<'de>>()?.0) {
                    Some(id) => item.id = id,
                    None => is_item = false,
                },
                "labels" => {
                    let mut labels: Vec<(usize, Term<'de>)> = Vec::new();
                    map.next_value_seed(ByLanguage { languages: self.languages, found: &mut labels })?;
                    item.labels = labels.into_iter().map(|(language, term)| (language, term.value)).collect();
                }
                "aliases" => {
                    let mut aliases: Vec<(usize, Vec<Term<'de>>)> = Vec::new();
                    map.next_value_seed(ByLanguage { languages: self.languages, found: &mut aliases })?;
                    item.aliases = aliases.into_iter().flat_map(|(_, terms)| terms).map(|term| term.value).collect();
                }
                "claims" => claims = map.next_value()?,
                "sitelinks" => item.sitelinks = map.next_value::<Count>()?.0,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !is_item || item.id == 0 {
            return Ok(None);
        }
        item.types = claims.types;
        item.country = claims.countries.into_iter().flatten().next();
        item.coordinates = claims.coordinates;
        item.birth_year = claims.birth_year;
        Ok(Some(item))
    }
}

/// `{"language":"en","value":"Douglas Adams"}`.
#[derive(Deserialize)]
struct Term<'a> {
    #[serde(borrow)]
    value: Cow<'a, str>,
}

/// A map from languages, of which those that are wanted are kept, with the number of the language.
struct ByLanguage<'l, 'f, T> {
    languages: &'l [String],
    found: &'f mut Vec<(usize, T)>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for ByLanguage<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ByLanguage<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from languages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        skip(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            match self.languages.iter().position(|language| *language == *key) {
                Some(language) => self.found.push((language, map.next_value()?)),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// An empty map is written as an empty list.
fn skip<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// How many entries a map has.
struct Count(u32);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counter;
        impl<'de> Visitor<'de> for Counter {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of pages")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Count, A::Error> {
                skip(seq).map(|()| Count(0))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Count, A::Error> {
                let mut count = 0u32;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    count = count.saturating_add(1);
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_any(Counter)
    }
}

/// What the statements say.
#[derive(Default)]
struct Claims {
    types: u8,
    /// Of citizenship, location and origin, in this order.
    countries: [Option<u32>; 3],
    coordinates: Option<(f64, f64)>,
    birth_year: Option<i16>,
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Statements;
        impl<'de> Visitor<'de> for Statements {
            type Value = Claims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from properties")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Claims, A::Error> {
                skip(seq).map(|()| Claims::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
                let mut claims = Claims::default();
                while let Some(Text(property)) = map.next_key()? {
                    match &*property {
                        "P31" => {
                            let statements: Vec<Statement<'de>> = map.next_value()?;
                            let classes = statements.iter().filter(|it| it.is_valid()).filter_map(Statement::item);
                            claims.types = classes.fold(0, |types, class| types | class_types(class));
                        }
                        "P27" => claims.countries[0] = best(&map.next_value::<Vec<_>>()?).and_then(Statement::item),
                        "P17" => claims.countries[1] = best(&map.next_value::<Vec<_>>()?).and_then(Statement::item),
                        "P495" => claims.countries[2] = best(&map.next_value::<Vec<_>>()?).and_then(Statement::item),
                        "P569" => {
                            let statements: Vec<Statement<'de>> = map.next_value()?;
                            claims.birth_year = best(&statements).and_then(Statement::year);
                        }
                        "P625" => {
                            let statements: Vec<Statement<'de>> = map.next_value()?;
                            claims.coordinates = best(&statements).and_then(Statement::coordinates);
                        }
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(claims)
            }
        }
        deserializer.deserialize_any(Statements)
    }
}

/// The first statement of preferred rank, else the first that is not deprecated.
fn best<'s, 'de>(statements: &'s [Statement<'de>]) -> Option<&'s Statement<'de>> {
    let preferred = statements.iter().find(|statement| statement.rank == "preferred");
    preferred.or_else(|| statements.iter().find(|statement| statement.is_valid()))
}

#[derive(Deserialize)]
struct Statement<'a> {
    #[serde(borrow)]
    mainsnak: Snak<'a>,
    #[serde(borrow, default)]
    rank: Cow<'a, str>,
}

/// A value, or none where it is unknown.
#[derive(Deserialize)]
struct Snak<'a> {
    #[serde(borrow, default)]
    datavalue: Option<DataValue<'a>>,
}

#[derive(Deserialize)]
struct DataValue<'a> {
    #[serde(borrow)]
    value: Value<'a>,
}

/// The values of items, times and coordinates; of each only its own fields are there.
#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(rename = "numeric-id", default)]
    number: Option<u32>,
    #[serde(borrow, default)]
    time: Option<Cow<'a, str>>,
    #[serde(default)]
    precision: Option<f64>,
    #[serde(default)]
    latitude: Option<f64>,
    #[serde(default)]
    longitude: Option<f64>,
}

/// The precision of a time that is known to the year.
const YEAR: f64 = 9.0;

impl Statement<'_> {
    fn is_valid(&self) -> bool {
        self.rank != "deprecated"
    }

    fn value(&self) -> Option<&Value<'_>> {
        self.mainsnak.datavalue.as_ref().map(|data| &data.value)
    }

    fn item(&self) -> Option<u32> {
        let value = self.value()?;
        value.number.or_else(|| item_number(value.id.as_deref()?))
    }

    /// The year of a time such as "+1952-03-11T00:00:00Z".
    fn year(&self) -> Option<i16> {
        let value = self.value()?;
        if value.precision.is_some_and(|precision| precision < YEAR) {
            return None;
        }
        let time = value.time.as_deref()?;
        let (sign, rest) =
            time.strip_prefix('-').map_or((1, time.strip_prefix('+').unwrap_or(time)), |rest| (-1, rest));
        let year: i16 = rest.split('-').next()?.parse().ok()?;
        (year > 0).then_some(sign * year)
    }

    fn coordinates(&self) -> Option<(f64, f64)> {
        let value = self.value()?;
        let place = (value.latitude?, value.longitude?);
        ((-90.0..=90.0).contains(&place.0) && (-180.0..=180.0).contains(&place.1)).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let languages = ["en", "mul"].map(str::to_owned);
        let found = match read_line(line.as_bytes(), &languages) {
            Line::Other => "other".to_owned(),
            Line::Bad => "bad".to_owned(),
            Line::Item(item) => {
                let labels: Vec<_> = item.labels.iter().map(|(language, name)| format!("{language}:{name}")).collect();
                format!(
                    "Q{} {} {} {:?} {:?} {:?} {} {}",
                    item.id,
                    item.types,
                    item.sitelinks,
                    item.country,
                    item.birth_year,
                    item.coordinates,
                    labels.join("|"),
                    item.aliases.join("|")
                )
            }
        };
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn lines() {
        let claim = |property: &str, value: &str, rank: &str| {
            format!(
                r#"{{"mainsnak":{{"snaktype":"value","property":"{property}","datavalue":{{"value":{value},
                "type":"x"}},"datatype":"y"}},"type":"statement","id":"z","rank":"{rank}","references":[]}}"#
            )
        };
        let human = claim("P31", r#"{"entity-type":"item","numeric-id":5,"id":"Q5"}"#, "normal");
        let old = claim("P31", r#"{"entity-type":"item","numeric-id":515,"id":"Q515"}"#, "deprecated");
        let born = claim("P569", r#"{"time":"+1952-03-11T00:00:00Z","timezone":0,"precision":11}"#, "normal");
        let first = claim("P27", r#"{"entity-type":"item","id":"Q183"}"#, "normal");
        let second = claim("P27", r#"{"entity-type":"item","id":"Q145"}"#, "preferred");
        let unknown = r#"{"mainsnak":{"snaktype":"somevalue","property":"P625"},"rank":"normal"}"#;
        let place = claim("P625", r#"{"latitude":52.5,"longitude":-1,"altitude":null,"precision":0.1}"#, "normal");
        check(
            &format!(
                r#"{{"type":"item","id":"Q42","labels":{{"en":{{"language":"en","value":"Marta Keller"}},"de":
                {{"language":"de","value":"x"}},"mul":{{"language":"mul","value":"M\u00e4rta"}}}},"descriptions":[],
                "aliases":{{"en":[{{"language":"en","value":"M. Keller"}}],"fr":[]}},"claims":{{"P31":[{human},{old}],
                "P569":[{born}],"P27":[{first},{second}],"P1":[],"P625":[{unknown},{place}]}},
                "sitelinks":{{"enwiki":{{"site":"enwiki","title":"x"}},"dewiki":{{}}}},"lastrevid":1}},"#
            ),
            "Q42 1 2 Some(145) Some(1952) None 0:Marta Keller|1:Märta M. Keller",
        );
        check(
            &format!(r#"[{{"id":"Q7","labels":[],"aliases":[],"claims":{{"P625":[{place}]}},"sitelinks":[]}}"#),
            "Q7 0 0 None None Some((52.5, -1.0))  ",
        );
        check(r#"[{"id":"Q7","claims":[]}]"#, "Q7 0 0 None None None  ");
        check(r#"{"id":"Q7","claims":[]}"#, "Q7 0 0 None None None  ");
    }

    #[test]
    fn hostile_lines() {
        for line in ["", "[", "]", " ] ", "[]", ",", r#"{"type":"property","id":"P31"}"#, r#"{"id":"Q0"}"#, "{}"] {
            check(line, "other");
        }
        for line in [
            r#"{"id":"Q99999999999"}"#,
            r#"{"id":"Q-1"}"#,
            r#"{"id":"L7"}"#,
            r#"{"id":"Q"}"#,
            r#"{"id":"Q2147483648"}"#,
            r#"{"id":"Q+5"}"#,
        ] {
            check(line, "other");
        }
        for line in [
            r#"{"id":"Q1""#,
            "nonsense",
            r#"{"id":1}"#,
            r#"{"id":"Q1"} {"id":"Q2"}"#,
            r#"{"id":"Q1","labels":"x"}"#,
            r#"{"id":"Q1","claims":{"P31":[{"mainsnak":7}]}}"#,
            r#"{"id":"Q1","claims":{"P625":[{"mainsnak":{"datavalue":{"value":{"latitude":"north"}}}}]}}"#,
            "\u{0}",
            "[[[[[[[[",
        ] {
            check(line, "bad");
        }
        // An escape that is half of a pair.
        check(r#"{"id":"Q1","labels":{"en":{"value":"\ud83d"}}}"#, "bad");
        let deep = format!(r#"{{"id":"Q1","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        check(&deep, "Q1 0 0 None None None  ");
        assert_eq!(read_line(b"{\"id\":\"\xff\"}", &[]), Line::Bad);
    }

    #[test]
    fn years() {
        for (time, year) in [
            ("+1952-03-11T00:00:00Z", Some(1952)),
            ("-0044-03-15T00:00:00Z", Some(-44)),
            ("+13000000000-00-00T00:00:00Z", None),
            ("+0000-00-00T00:00:00Z", None),
            ("", None),
            ("-", None),
            ("+-5", None),
        ] {
            let json = format!(r#"{{"mainsnak":{{"datavalue":{{"value":{{"time":"{time}"}}}}}}}}"#);
            let statement: Statement<'_> = serde_json::from_str(&json).unwrap();
            assert_eq!(statement.year(), year, "{time}");
        }
    }
}
