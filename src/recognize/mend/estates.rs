//! Estates and parks of business, which are places and no bodies: "Harlan Industrial Estate".

use super::words;
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
};

const KINDS: &[&str] = &["Business", "Industrial", "Trading"];
const GROUNDS: &[&str] = &["Estate", "Park"];

/// Makes places of the estates that were taken for bodies. Legal forms behind them are part of a name by now.
pub(super) fn mend_estates(text: &str, mentions: &mut [Mention]) {
    for mention in mentions {
        let is_body = mention.kind == MentionKind::Name && mention.entity_type == EntityType::Organization;
        if is_body && is_estate(words(text, mention)) {
            mention.entity_type = EntityType::Place;
        }
    }
}

/// Whether a name is that of an estate: one with a name of its own before the kind.
fn is_estate(name: &str) -> bool {
    let mut words = name.rsplit(' ');
    words.next().is_some_and(|word| GROUNDS.contains(&word))
        && words.next().is_some_and(|word| KINDS.contains(&word))
        && words.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn estates_are_places() {
        check(
            "at {O|Harlan Industrial Estate}, the {O|Tarn Vale Trading Estate} and {O|Cole Business Park}.",
            "at {L|Harlan Industrial Estate}, the {L|Tarn Vale Trading Estate} and {L|Cole Business Park}.",
        );
        check("It met {O|Tarn Business Park} Ltd.", "It met {O|Tarn Business Park Ltd}.");
        check_same("the {O|Business Park}, {O|Tarn Real Estate}, {O|Tarn Trading} and {O|Cole Industrial Estates}");
        check_same("{O|Tarn Industrial Estate Management} and {O|Tarn Park}, {W|Cole Business Park}");
    }
}
