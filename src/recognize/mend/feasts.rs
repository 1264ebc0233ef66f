//! Feasts that the model takes for people or places: "a truce for Ramadan".

use super::{is_person, last_word, words};
use crate::{
    document::Mention,
    lexicon::fold,
    schema::{EntityType, MentionKind},
};

/// Feasts whose name hardly means anything else, folded.
const FEASTS: &[&str] = &[
    "ashura",
    "diwali",
    "eid al adha",
    "eid al fitr",
    "eid ul adha",
    "eid ul fitr",
    "meskel",
    "nowruz",
    "passover",
    "songkran",
    "thingyan",
    "timket",
    "yom kippur",
];

/// Feasts whose name is one of people or places as well; they count behind a word of time.
const FEASTS_OR_NAMES: &[&str] = &["christmas", "easter", "eid", "lent", "ramadan", "tet"];

/// Those that are as good as a day.
const DAYS: &[&str] = &["christmas", "easter"];

const WORDS_OF_TIME: &[&str] =
    &["after", "at", "before", "by", "during", "every", "for", "last", "next", "of", "over", "since", "this", "until"];

/// Makes an event, or a date, of a feast that was taken for a person or a place, unless somebody is called so.
pub(super) fn mend_feasts(text: &str, mentions: &mut [Mention]) {
    for index in 0..mentions.len() {
        let Some(mention) = mentions.get(index) else { continue };
        let may_be_feast =
            mention.kind == MentionKind::Name && matches!(mention.entity_type, EntityType::Person | EntityType::Place);
        if !may_be_feast {
            continue;
        }
        let name = words(text, mention);
        let folded = fold(name);
        let before = text.get(..mention.span.start as usize).unwrap_or_default().trim_end();
        let is_time = || WORDS_OF_TIME.contains(&last_word(before).to_lowercase().as_str());
        let is_feast = FEASTS.contains(&folded.as_str()) || (FEASTS_OR_NAMES.contains(&folded.as_str()) && is_time());
        if !is_feast || is_somebody(text, mentions, name) {
            continue;
        }
        let entity_type = if DAYS.contains(&folded.as_str()) { EntityType::Date } else { EntityType::Event };
        if let Some(mention) = mentions.get_mut(index) {
            mention.entity_type = entity_type;
        }
    }
}

/// Whether a word is part of the longer name of a person.
fn is_somebody(text: &str, mentions: &[Mention], name: &str) -> bool {
    mentions.iter().filter(|mention| is_person(mention)).any(|mention| {
        let person = words(text, mention);
        person.len() > name.len() && person.split_whitespace().any(|word| word == name)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn feasts_are_no_people_and_no_places() {
        check("a truce for {L|Ramadan}. After {P|Eid al-Fitr},", "a truce for {E|Ramadan}. After {E|Eid al-Fitr},");
        check("They met at {L|Timket} and before {L|Tet}.", "They met at {E|Timket} and before {E|Tet}.");
        check("home by {L|Christmas} and until {P|Easter}", "home by {D|Christmas} and until {D|Easter}");
        check("{P|Nowruz} came, and {L|Thingyan} went.", "{E|Nowruz} came, and {E|Thingyan} went.");
    }

    #[test]
    fn names_of_feasts_may_be_other_names() {
        check_same("{P|Ramadan} spoke in {L|Lent} and {L|Easter}, {O|Diwali} too, for {L|Easter Island}");
        check_same("{P|Salma Ramadan} left. It was a blow for {P|Ramadan}.");
        check_same("{P|Songkran Tarn} left, and {P|Songkran} lost.");
    }
}
