//! Titles of nobles that the model takes for a name or for the start of one: "Landgrave Philip".

use std::ops::Range;

use super::{SURE_SPELLING, behind, between, is_person, words};
use crate::{document::Mention, schema::EntityType, span::ByteSpan};

/// Titles, in small letters; those of several words first.
const TITLES: &[&str] = &[
    "count palatine",
    "elector palatine",
    "prince-elector",
    "archduchess",
    "archduke",
    "burgrave",
    "dauphin",
    "doge",
    "elector",
    "electress",
    "infanta",
    "infante",
    "khedive",
    "landgrave",
    "landgravine",
    "maharaja",
    "maharajah",
    "margrave",
    "margravine",
    "tsar",
    "tsarina",
    "voivode",
];

/// Those that are surnames as well.
const TITLES_OR_SURNAMES: &[&str] = &["dauphin", "infante"];

/// Titles that are given names as well, or stand behind the name.
const TITLES_OR_NAMES: &[&str] = &["bey", "nawab", "pasha", "rajah", "rani"];

/// What a lower-case title stands behind if it is one.
const COPULAS: &[&str] = &[" as ", " became ", " is ", " was "];

/// Makes titles of those that were taken for people, or for the start of their names.
pub(super) fn part_titles(text: &str, mentions: &mut Vec<Mention>) {
    let mut parted: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        let parts = if is_person(&mention) { parts_of(words(text, &mention)) } else { None };
        if let Some(parts) = parts {
            let start = mention.span.start as usize;
            parted.extend(parts.into_iter().map(|(part, entity_type)| Mention {
                span: ByteSpan::new(start + part.start, start + part.end),
                entity_type,
                score: mention.score.max(SURE_SPELLING),
                ..mention.clone()
            }));
            continue;
        }
        if is_person(&mention) && is_title(text, &mention, rest.peek()) {
            mention.entity_type = EntityType::Title;
            mention.score = mention.score.max(SURE_SPELLING);
        }
        parted.push(mention);
    }
    *mentions = parted;
}

/// Whether a mention is nothing but a title, by what stands around it.
fn is_title(text: &str, mention: &Mention, next: Option<&Mention>) -> bool {
    let (name, rest) = (words(text, mention), behind(text, mention));
    let is_of_place = next.is_some_and(|next| {
        next.entity_type == EntityType::Place && matches!(between(text, mention, next), " of " | " of the ")
    });
    let is_among = |titles: &[&str]| titles.iter().any(|title| title.eq_ignore_ascii_case(name));
    if title_length(name) != Some(name.len()) {
        return is_of_place && is_among(TITLES_OR_NAMES);
    }
    let before = text.get(..mention.span.start as usize).unwrap_or_default();
    is_of_place
        || rest.strip_prefix(" of ").is_some_and(|rest| rest.starts_with(char::is_uppercase))
        || (rest.starts_with(',') && !is_among(TITLES_OR_SURNAMES))
        || (name.starts_with(char::is_lowercase) && COPULAS.iter().any(|copula| before.ends_with(copula)))
}

/// The parts of the name of a person with a title in it: "Landgrave Philip", "Ernst, Elector of Sachs".
fn parts_of(name: &str) -> Option<Vec<(Range<usize>, EntityType)>> {
    let at = match title_length(name) {
        Some(_) => 0,
        None => name.find(", ")? + ", ".len(),
    };
    let end = at + title_length(name.get(at..)?)?;
    let rest = name.get(end..)?;
    let mut parts = Vec::new();
    if at > 0 {
        parts.push((0..at - ", ".len(), EntityType::Person));
    }
    parts.push((at..end, EntityType::Title));
    if let Some(place) = rest.strip_prefix(" of the ").or_else(|| rest.strip_prefix(" of ")) {
        let mut words = place.split(' ');
        // More words may well be another name.
        if words.clone().count() > 2 || !words.all(|word| word.starts_with(char::is_uppercase)) {
            return None;
        }
        parts.push((name.len() - place.len()..name.len(), EntityType::Place));
    } else if at == 0 {
        let person = rest.strip_prefix(' ').filter(|person| person.starts_with(char::is_uppercase))?;
        parts.push((name.len() - person.len()..name.len(), EntityType::Person));
    } else if !rest.is_empty() {
        return None;
    }
    Some(parts)
}

/// Length of the title that words start with.
fn title_length(words: &str) -> Option<usize> {
    let is_mark = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’');
    let starts = |title: &str| {
        words.get(..title.len()).is_some_and(|head| head.eq_ignore_ascii_case(title))
            && words.get(title.len()..).is_some_and(|rest| !rest.starts_with(is_mark))
    };
    TITLES.iter().find(|title| starts(title)).map(|title| title.len())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn titles_stand_apart_from_names() {
        check("{P|Landgrave Philip} of {L|Thal} died.", "{T|Landgrave} {P|Philip} of {L|Thal} died.");
        check(
            "{P|Doge Marco Venell} met the {P|tsar Fyodor II}.",
            "{T|Doge} {P|Marco Venell} met the {T|tsar} {P|Fyodor II}.",
        );
        check(
            "{P|Elector Palatine Ludolf} and {P|Prince-Elector Max}",
            "{T|Elector Palatine} {P|Ludolf} and {T|Prince-Elector} {P|Max}",
        );
        check("{P|Wolf, Margrave} of {L|Baren}", "{P|Wolf}, {T|Margrave} of {L|Baren}");
        check("{P|Ernst, Elector of Sachs} left", "{P|Ernst}, {T|Elector} of {L|Sachs} left");
        check_same("{P|Duke Hollander}, {P|Zaki Pasha}, {P|Rani Sethuram} and {P|Tsarko Lind}");
        check_same("{P|Doge of Venell Marco Lind} and {P|Jon Margrave} and {P|Aas, Jon}");
        check_same("{O|Elector Bank} and {W|Tsar Lamp} and {P|Doge's guard}");
    }

    #[test]
    fn titles_alone_are_no_people() {
        check("{P|Wolf II}, {P|Landgrave} of Thal", "{P|Wolf II}, {T|Landgrave} of Thal");
        check(
            "the {P|Pasha} of {L|Smara} and the {P|Elector} of the {L|Tarn}",
            "the {T|Pasha} of {L|Smara} and the {T|Elector} of the {L|Tarn}",
        );
        check(
            "the {P|Voivode}, {P|Radu}, was {P|landgrave} from {D|1413}",
            "the {T|Voivode}, {P|Radu}, was {T|landgrave} from {D|1413}",
        );
        check_same("{P|Rani} of {O|Nordbank}, {P|Infante}, 32, and {P|Pasha}, 40, met the {P|Landgrave} there");
    }
}
