//! Families, and brothers and sisters under their surname, who are nobody in particular: "the Quist sisters".
//!
//! A clan is a body, and so is what may be a family of the Mafia.

use super::{behind, last_word, lengthen, starts_with_word, words};
use crate::{document::Mention, schema::EntityType, span::ByteSpan};

/// What stands behind the surname.
const KIN: &[&str] = &["brothers", "clan", "family", "siblings", "sisters", "twins"];

/// What a family has that is a body: "the Tarn family trust".
const BODIES: &[&str] =
    &["bank", "business", "company", "firm", "foundation", "fund", "group", "holding", "holdings", "office", "trust"];

/// Orders whose brothers and sisters are a body.
const ORDERS: &[&str] = &[
    "Augustinian",
    "Benedictine",
    "Capuchin",
    "Carmelite",
    "Christian",
    "Dominican",
    "Franciscan",
    "Jesuit",
    "Marist",
    "Mercy",
    "Muslim",
    "Salesian",
    "Ursuline",
];

/// What stands before the surname of several people.
const BEFORE_MANY: &[&str] = &["The", "both", "five", "four", "the", "three", "two"];

/// Words within a surname.
const PARTICLES: &[&str] = &[
    "Al", "De", "Di", "La", "Le", "Van", "Von", "al", "da", "de", "del", "den", "der", "di", "el", "la", "le", "van",
    "von",
];

/// Makes a body of a clan that was taken for a person. Returns whether a name is left.
pub(super) fn mend_family(text: &str, mention: &mut Mention, next: Option<ByteSpan>) -> bool {
    let is_person = mention.entity_type == EntityType::Person;
    if !is_person && mention.entity_type != EntityType::Organization {
        return true;
    }
    let (name, rest) = (words(text, mention), behind(text, mention));
    let inside = name.rsplit_once(' ').filter(|(_, kin)| KIN.contains(kin));
    let (surname, kin, rest) = match inside {
        Some((surname, kin)) => (surname, kin, rest),
        None if is_person => {
            let Some(tail) = rest.strip_prefix(' ') else { return true };
            let Some(kin) = KIN.iter().find(|kin| starts_with_word(tail, kin)) else { return true };
            (name, *kin, tail.get(kin.len()..).unwrap_or_default())
        }
        None => return true,
    };
    if !is_surname(surname) {
        return true;
    }
    if kin == "clan" {
        let length = if inside.is_some() { 0 } else { " clan".len() };
        let end = mention.span.end as usize + length;
        if is_person && next.is_none_or(|next| next.start as usize >= end) {
            lengthen(mention, length);
            mention.entity_type = EntityType::Organization;
        }
        return true;
    }
    let before = text.get(..mention.span.start as usize).unwrap_or_default();
    let are_many = before.strip_suffix(' ').is_some_and(|before| BEFORE_MANY.contains(&last_word(before)));
    let is_body = match kin {
        "family" => {
            !is_person
                || BODIES.iter().any(|body| rest.strip_prefix(' ').is_some_and(|rest| starts_with_word(rest, body)))
        }
        _ => ORDERS.contains(&surname),
    };
    is_body || !are_many
}

/// Whether words are a surname alone: "Quist", "van der Berg", but not "Jon Quist".
fn is_surname(words: &str) -> bool {
    let (particles, last) = words.rsplit_once(' ').unwrap_or(("", words));
    last.starts_with(char::is_uppercase) && particles.split_whitespace().all(|word| PARTICLES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn families_are_nobody_in_particular() {
        check(
            "The {O|Vantongeren brothers}, {P|Émile} and {P|Octave},",
            "The Vantongeren brothers, {P|Émile} and {P|Octave},",
        );
        check(
            "the {P|Quist sisters} and the two {P|Lorne} sisters met",
            "the Quist sisters and the two Lorne sisters met",
        );
        check("The {P|Ashby} family of {L|Stokesay}", "The Ashby family of {L|Stokesay}");
        check("sold by the {P|van der Berg family}.", "sold by the van der Berg family.");
        check("the {P|Scaduto} clan and {P|Brancato clan} men", "the {O|Scaduto clan} and {O|Brancato clan} men");
        check_same("The {O|Sgarro family} and the {O|Scaduto clan} are at war.");
        check_same("the {P|Ashby} family trust and the {P|Jon Ashby} family");
        check_same("{O|Marner brothers} filmed the {O|Ursuline sisters} and {P|Ashby} sisters");
        check_same("the {P|Quist} sisterhood and the {O|Nordbank} brothers");
        check_same("the {P|Scaduto} {O|clan chiefs}");
    }
}
