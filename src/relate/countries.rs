//! Keeps apart whose office or body is whose, where a text tells of two countries.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::Candidate;
use crate::{
    document::{Document, EntityId},
    lexicon::Lexicon,
    schema::EntityType,
    span::ByteSpan,
};

/// Types of which the words right before a name tell the country.
const OF_ONE_COUNTRY: [&str; 3] = ["head_of", "part_of", "works_for"];

/// Bytes before a name that are looked at for its country.
const BEFORE: usize = 60;

/// Words in the titles of those who serve a state.
const OF_STATES: [&str; 16] = [
    "admiral",
    "ambassador",
    "chancellor",
    "commander",
    "envoy",
    "general",
    "governor",
    "king",
    "leader",
    "minister",
    "monarch",
    "president",
    "premier",
    "queen",
    "secretary",
    "spokes",
];

/// Drops the candidates that give an office or a body to another country than the one right before the name: "Guyana's
/// President Irfaan Ali" does not head Venezuela, and the Indian Air Force is no part of Pakistan.
pub(super) fn without_neighbours(doc: &Document, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let codes = codes(doc, &candidates);
    if codes.len() < 2 {
        return candidates;
    }
    let mut own: BTreeMap<EntityId, BTreeSet<&str>> = BTreeMap::new();
    candidates.retain(|candidate| {
        let Some(code) = codes.get(&candidate.tail).filter(|_| is_of_one_country(candidate)) else { return true };
        let own = own.entry(candidate.head).or_insert_with(|| own_countries(doc, candidate.head));
        own.is_empty() || own.iter().any(|own| country_of(own) == country_of(code))
    });
    candidates
}

/// The country of a code: `de` of `de-be`.
fn country_of(code: &str) -> &str {
    code.split('-').next().unwrap_or(code)
}

fn is_of_one_country(candidate: &Candidate) -> bool {
    OF_ONE_COUNTRY.contains(&candidate.relation_type.key())
}

/// The countries among the tails of candidates, and their codes.
fn codes(doc: &Document, candidates: &[Candidate]) -> BTreeMap<EntityId, &'static str> {
    let lexicon = Lexicon::embedded();
    let tails: BTreeSet<EntityId> =
        candidates.iter().filter(|candidate| is_of_one_country(candidate)).map(|candidate| candidate.tail).collect();
    let code = |id: EntityId| {
        let entity = doc.entities.get(id.0 as usize)?;
        let territory = match entity.entity_type {
            EntityType::Place => lexicon.territory_by_name(&entity.name),
            EntityType::Group => lexicon.territory_by_demonym(&entity.name),
            _ => None,
        }?;
        Some((id, territory.code))
    };
    tails.into_iter().filter_map(code).collect()
}

/// The countries that stand right before a name, or before the title that stands there, or that begin the name of a body.
fn own_countries(doc: &Document, id: EntityId) -> BTreeSet<&'static str> {
    let Some(entity) = doc.entities.get(id.0 as usize) else { return BTreeSet::new() };
    let mentions =
        entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize).map(|mention| (id.0, mention)));
    let country = |(at, mention): (u32, &crate::document::Mention)| {
        if entity.entity_type != EntityType::Person {
            return country_at_start(doc.slice(mention.span)).or_else(|| country_before(doc, mention.span));
        }
        // "Venezuelan President Nicolas Maduro": the country of the title.
        let title = doc.mentions.get((at as usize).checked_sub(1)?)?;
        let words = doc.slice(title.span).to_lowercase();
        let serves = OF_STATES.iter().any(|word| words.contains(word));
        let follows = mention.span.start.checked_sub(title.span.end).is_some_and(|gap| gap <= 2);
        (title.entity_type == EntityType::Title && serves && follows).then(|| country_before(doc, title.span))?
    };
    mentions.filter_map(country).collect()
}

/// The country that the first words name.
fn country_at_start(name: &str) -> Option<&'static str> {
    let lexicon = Lexicon::embedded();
    let (first, rest) = name.split_once(' ')?;
    let by_people = lexicon.territory_by_demonym(first).map(|territory| territory.code);
    by_people.or_else(|| {
        let second = rest.split_once(' ').and_then(|(second, _)| name.get(..first.len() + 1 + second.len()));
        let by_name = |words: &str| lexicon.territory_by_name(words).map(|territory| territory.code);
        second.and_then(by_name).or_else(|| by_name(first))
    })
}

/// The country whose name or people stand right before a mention: "Venezuelan", "Sudan's".
fn country_before(doc: &Document, mention: ByteSpan) -> Option<&'static str> {
    let lexicon = Lexicon::embedded();
    let end = mention.range().start;
    let start = doc.text.floor_char_boundary(end.saturating_sub(BEFORE));
    let before = doc.text.get(start..end)?;
    let words = before.strip_suffix(' ')?;
    if words.ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\'' | '’')) {
        return None;
    }
    let possessive = words.strip_suffix("'s").or_else(|| words.strip_suffix("’s"));
    // At most three words: "the Czech Republic's".
    let words = possessive.unwrap_or(words);
    let starts = words.rmatch_indices([' ', '\n', '(', '"', '“']).map(|(at, mark)| at + mark.len());
    let mut starts: Vec<usize> = starts.take(3).chain((start == 0).then_some(0)).collect();
    // The longest first: "South Sudan's", not "Sudan's".
    starts.sort_unstable();
    for start in starts {
        let name = words.get(start..)?;
        let by_people = (!name.contains(' ')).then(|| lexicon.territory_by_demonym(name)).flatten();
        let found = if possessive.is_some() { lexicon.territory_by_name(name).or(by_people) } else { by_people };
        // A name without a mark stands right before a title too: "UK Prime Minister".
        let found = found.or_else(|| lexicon.territory_by_name(name).filter(|_| name.chars().all(char::is_uppercase)));
        if let Some(territory) = found {
            return Some(territory.code);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_before_names() {
        for (text, expected) in [
            ("Venezuelan [President", Some("ve")),
            ("a visit by Guyana's [President", Some("gy")),
            ("the Czech Republic's [army", Some("cz")),
            ("South Sudan's [army", Some("ss")),
            ("He left Guyana, [President", None),
            ("He left Guyana. [President", None),
            ("US [President", Some("us")),
            ("the [President", None),
        ] {
            let at = text.find('[').unwrap();
            let doc = Document::new("d", text.replace('[', ""));
            assert_eq!(country_before(&doc, ByteSpan::new(at, doc.text.len())), expected, "{text}");
        }
        assert_eq!(country_at_start("Indian Air Force"), Some("in"));
        assert_eq!(country_at_start("South Sudan Army"), Some("ss"));
        assert_eq!(country_at_start("Guyana Defence Force"), Some("gy"));
        assert_eq!(country_at_start("National Assembly"), None);
        assert_eq!(country_of("us-tx"), country_of("us"));
    }
}
