//! What tells two people of one name apart and belongs to it: "Hans Tarn the Elder", "John Lopar junior".

use super::{behind, is_person, lengthen, starts_with_word, words};
use crate::document::Mention;

/// Epithets behind a name.
const EPITHETS: &[&str] = &["Elder", "Younger", "elder", "younger"];

/// Nouns that these stand before.
const NOUNS: &[&str] = &[
    "brother",
    "brothers",
    "child",
    "children",
    "daughter",
    "generation",
    "generations",
    "half",
    "man",
    "member",
    "men",
    "of",
    "one",
    "partner",
    "people",
    "sibling",
    "siblings",
    "sister",
    "sisters",
    "son",
    "sons",
    "statesman",
    "statesmen",
    "twin",
    "twins",
    "two",
    "woman",
    "women",
];

/// Words for one of two generations behind a name, which stand before offices as well.
const GENERATIONS: &[&str] = &["Junior", "Senior", "junior", "senior"];

/// Words that these stand before if they are part of a name.
const BEHIND_GENERATIONS: &[&str] = &[
    "bought", "built", "came", "died", "founded", "had", "has", "is", "lived", "moved", "ran", "said", "sold", "took",
    "was", "who", "worked",
];

/// Takes epithets into the names that they stand behind.
pub(super) fn take_epithets(text: &str, mentions: &mut Vec<Mention>) {
    let mut taken: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        if let Some(length) = epithet_length(text, &mention) {
            let end = mention.span.end as usize + length;
            // The model may have the epithet for a person; a longer name stays what it is.
            let is_free = match rest.peek() {
                Some(next) => next.span.end as usize <= end || next.span.start as usize >= end,
                None => true,
            };
            if is_free {
                lengthen(&mut mention, length);
                rest.next_if(|next| (next.span.start as usize) < end);
            }
        }
        taken.push(mention);
    }
    *mentions = taken;
}

/// Length of the epithet behind the name of a person, with the blank before it.
fn epithet_length(text: &str, mention: &Mention) -> Option<usize> {
    let name = words(text, mention);
    let starts_any = |text: &str, list: &[&'static str]| list.iter().copied().find(|word| starts_with_word(text, word));
    if !is_person(mention) || !name.ends_with(char::is_lowercase) {
        return None;
    }
    let rest = behind(text, mention).strip_prefix(' ')?;
    if let Some(rest) = rest.strip_prefix("the ") {
        let epithet = starts_any(rest, EPITHETS)?;
        let next = rest.get(epithet.len()..)?;
        let next_word = next.trim_start_matches([' ', '\n']);
        // A bare surname may well have an elder one.
        let is_name = epithet.starts_with(char::is_uppercase) || name.contains(' ');
        let is_noun = starts_any(next_word, NOUNS).is_some();
        let is_longer = next.strip_prefix(' ').is_some_and(|next| next.starts_with(char::is_uppercase));
        return (is_name && !is_noun && !is_longer).then_some(" the ".len() + epithet.len());
    }
    let generation = starts_any(rest, GENERATIONS).filter(|_| name.contains(' '))?;
    let next = rest.get(generation.len()..)?.strip_prefix(' ')?;
    starts_any(next, BEHIND_GENERATIONS).map(|_| 1 + generation.len())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn epithets_belong_to_names() {
        check(
            "{P|Lucas Tarn} the {P|Elder} was a painter. {P|Lucas Tarn the Younger} was too.",
            "{P|Lucas Tarn the Elder} was a painter. {P|Lucas Tarn the Younger} was too.",
        );
        check("{P|Robert Lopar} the elder sold it to {P|Bo}", "{P|Robert Lopar the elder} sold it to {P|Bo}");
        check(
            "{P|Plinar} the Younger, and {P|Jon Aas} the younger.",
            "{P|Plinar the Younger}, and {P|Jon Aas the younger}.",
        );
        check(
            "{P|John Lopar} senior was rich. {P|John Lopar} Junior had debts.",
            "{P|John Lopar senior} was rich. {P|John Lopar Junior} had debts.",
        );
    }

    #[test]
    fn other_words_stay_outside_names() {
        check_same(
            "{P|Bo Lind} the younger brother, {P|Jon Aas} the elder of the two, {P|Bo Lind} the elder statesman",
        );
        check_same("It named {P|Ann Tarn} senior adviser, {P|Bo Lind} senior, and {P|Jon Aas} junior minister.");
        check_same("{P|Lind} the younger won, {P|Tarn} senior was there, and {P|Bo Lind} the Younger Bank");
        check_same(
            "{P|Bo Lind} the {O|Elder Bank} and {O|Tarn} the Elder and {P|Bo Lind}, the elder, and {P|Jon} the Elderly",
        );
    }
}
