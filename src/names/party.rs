//! Letters behind the names of politicians that stand for their parties.

use std::ops::Range;

use crate::{
    document::{Document, Mention},
    schema::EntityType,
};

/// What the letters of a party stand for, as [`party`] has it, unless a body stands before them: "Eurofen (Lab)".
pub(crate) fn party_of(doc: &Document, mention: &Mention) -> Option<&'static str> {
    let at = doc.mentions.partition_point(|other| other.span.start < mention.span.start);
    let before = at.checked_sub(1).and_then(|at| doc.mentions.get(at));
    let is_body = |other: &Mention| other.entity_type.base() == EntityType::Organization;
    let is_beside = |other: &Mention| mention.span.start.checked_sub(other.span.end).is_some_and(|gap| gap <= 2);
    let follows_body = before.is_some_and(|other| is_body(other) && is_beside(other));
    party(mention.entity_type, &doc.text, mention.span.range()).filter(|_| !follows_body)
}

/// What the letters of a party behind somebody's name stand for: "Republican" for the R of "Ada Quill, R-Ohio", and
/// "Labour Party" for the Lab of "Ada Quill (Lab)". Nothing for other names, and in other places.
#[must_use]
pub fn party(entity_type: EntityType, text: &str, span: Range<usize>) -> Option<&'static str> {
    let is_group = match entity_type.base() {
        EntityType::Group => true,
        EntityType::Organization => false,
        _ => return None,
    };
    let (before, behind) = (text.get(..span.start)?, text.get(span.end..)?);
    let name = text.get(span)?.trim_end_matches('.');
    let behind = behind.strip_prefix('.').unwrap_or(behind);
    let politician = before.strip_suffix(" (").or_else(|| before.strip_suffix(", "))?;
    // "vitamin (D)" is no politician.
    if !politician.rsplit(char::is_whitespace).next().is_some_and(|word| word.starts_with(char::is_uppercase)) {
        return None;
    }
    let in_bracket = before.ends_with('(') && behind.starts_with([')', ',', '-', '–', '‑', ';']);
    let with_state = behind.strip_prefix(['-', '–', '‑']).is_some_and(|place| place.starts_with(char::is_uppercase));
    if !in_bracket && !with_state {
        return None;
    }
    match name {
        "R" if is_group => Some("Republican"),
        "R" => Some("Republican Party"),
        "D" if is_group => Some("Democrat"),
        "D" => Some("Democratic Party"),
        "Lab" if in_bracket => Some("Labour Party"),
        "Con" if in_bracket => Some("Conservative Party"),
        "Lib Dem" | "Lib Dems" | "LDem" | "LD" if in_bracket => Some("Liberal Democrats"),
        "Green" | "Grn" if in_bracket => Some("Green Party"),
        "Reform" if in_bracket => Some("Reform UK"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the first word in angle brackets is read as.
    fn read(entity_type: EntityType, marked: &str) -> Option<&'static str> {
        let (before, rest) = marked.split_once('<').unwrap();
        let (name, behind) = rest.split_once('>').unwrap();
        let text = format!("{before}{name}{behind}");
        party(entity_type, &text, before.len()..before.len() + name.len())
    }

    #[test]
    fn letters_stand_for_parties() {
        for (entity_type, text, expected) in [
            (EntityType::Group, "Sen. Ada Quill, <R>-Ohio, left.", Some("Republican")),
            (EntityType::Group, "Sen. Ada Quill (<R>-Ohio) left.", Some("Republican")),
            (EntityType::Group, "Rep. Bo Lind, <D>-Calif., left.", Some("Democrat")),
            (EntityType::Group, "Bo Lind (<D>) left.", Some("Democrat")),
            (EntityType::Group, "Bo Lind (<D>, Ohio) left.", Some("Democrat")),
            (EntityType::Organization, "Bo Lind (<D>) left.", Some("Democratic Party")),
            (EntityType::Organization, "Ada Quill (<R>–Texas) left.", Some("Republican Party")),
            (EntityType::Organization, "Ada Quill (<Lab>) voted against.", Some("Labour Party")),
            (EntityType::Organization, "Ada Quill (<Lab>, Avon East) spoke.", Some("Labour Party")),
            (EntityType::Organization, "Ada Quill (<Con>.) spoke.", Some("Conservative Party")),
            (EntityType::Group, "Bo Lind (<Lib Dem>) agreed.", Some("Liberal Democrats")),
            (EntityType::Organization, "Bo Lind (<Green>) agreed.", Some("Green Party")),
            (EntityType::Organization, "Élodie (<LD>) agreed.", Some("Liberal Democrats")),
        ] {
            assert_eq!(read(entity_type, text), expected, "{text}");
        }
    }

    #[test]
    fn letters_elsewhere_are_letters() {
        for text in [
            "The <Lab> was closed.",
            "The <Green> left early.",
            "the Treaty (<Reform> of 2019)",
            "Ada Quill, <Lab> director, left.",
            "the vitamin (<D>) was found",
            "a film, <R>-rated",
            "Group <D> plays in Oslo.",
            "Section <D>-2 is closed.",
            "<R>-Ohio",
            "Bo Lind (<I>-Vt.) left.",
            "Bo Lind (<Ind>) left.",
            "Ada Quill sued (<R>",
            "Avon, the <D>-Mark",
            "(<D>)",
        ] {
            for entity_type in [EntityType::Group, EntityType::Organization] {
                assert_eq!(read(entity_type, text), None, "{text}");
            }
        }
        assert_eq!(read(EntityType::Place, "Ada Quill (<D>) left."), None);
        assert_eq!(party(EntityType::Group, "é", 1..2), None);
    }
}
