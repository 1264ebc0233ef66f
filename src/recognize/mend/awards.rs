//! Prizes, medals and orders are works; what is held to hand them out is an event.

use super::words;
use crate::{document::Mention, schema::EntityType};

/// What the name of an award ends in, in small letters.
const AWARDS: &[&str] = &["award", "medal", "prize"];

/// What the name of an event ends in all the same.
const OCCASIONS: &[&str] = &["banquet", "ceremony", "dinner", "final", "gala", "massacre", "night", "scandal", "show"];

/// Gives an award that was taken for an event its type.
pub(super) fn mend_award(text: &str, mention: &mut Mention) {
    if mention.entity_type == EntityType::Event && is_award(words(text, mention)) {
        mention.entity_type = EntityType::Work;
    }
}

fn is_award(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let Some(last) = words.last() else { return false };
    // "Nobel Prize in Physics" and "Victoria Cross", but neither "Battle of Calder Cross" nor "Cross" alone.
    let count = words.iter().take_while(|word| !matches!(**word, "for" | "in" | "of")).count();
    let head = count.checked_sub(1).and_then(|at| words.get(at));
    let is_award = name.starts_with("order of ")
        || AWARDS.contains(last)
        || head.is_some_and(|head| AWARDS.contains(head) || (*head == "cross" && count > 1));
    is_award && !OCCASIONS.contains(last)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn awards_are_works() {
        check(
            "{E|Quist Prize}, {E|1951 Quill Medal} and {E|Ada Award}",
            "{W|Quist Prize}, {W|1951 Quill Medal} and {W|Ada Award}",
        );
        check(
            "the {E|Tarn Prize in Physics} and {E|Tarn prize for peace}",
            "the {W|Tarn Prize in Physics} and {W|Tarn prize for peace}",
        );
        check("{E|Medal of the Seas} or {E|Bank of Tarn Prize}", "{W|Medal of the Seas} or {W|Bank of Tarn Prize}");
        check("{E|Order of the Blue Heron} and {E|Conduct Cross}", "{W|Order of the Blue Heron} and {W|Conduct Cross}");
        check_same("{E|Tarn Prize ceremony}, {E|Tarn Awards} and {E|Award for Film Gala}");
        check_same("{E|Battle of Calder Cross}, {E|Cross} and {E|Enterprise Week}");
        check_same("{O|Quist Prize} and {L|Calder Cross}");
    }
}
