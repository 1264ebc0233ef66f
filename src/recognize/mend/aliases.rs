//! Other names that lists of sanctions have in brackets: "GROZAV, Ivan (a.k.a. GROZOV, Victor; a.k.a. 'EL TARN')".

use super::{
    behind,
    changes::{Change, apply_changes},
    is_person,
};
use crate::{document::Mention, schema::EntityType, span::ByteSpan};

/// What stands before another name.
const MARKS: &[&str] = &["a.k.a. ", "f.k.a. ", "n.k.a. ", "alias "];

/// The longest bracket with other names, in characters.
const LONGEST_LIST: usize = 2000;

/// The most words on either side of the comma of a name.
const LONGEST_PART: usize = 5;

/// Words within a name that are written small.
const PARTICLES: &[&str] = &["al", "bin", "bint", "da", "de", "del", "der", "di", "ibn", "van", "von"];

/// Makes people of the other names of a person that stand in brackets with the surname in capitals first, or in marks.
pub(super) fn take_aliases(text: &str, mentions: &mut Vec<Mention>) {
    let mut changes: Vec<Change> = Vec::new();
    for person in mentions.iter().filter(|mention| is_person(mention)) {
        let Some(list) = behind(text, person).strip_prefix(" (") else { continue };
        let start = text.len() - list.len();
        if changes.last().is_some_and(|last| last.span.end as usize > start) || !starts_with_mark(list) {
            continue;
        }
        let Some((end, _)) = list.char_indices().take(LONGEST_LIST).find(|(_, c)| matches!(c, ')' | '\n')) else {
            continue;
        };
        let mut from = start;
        for entry in list.get(..end).unwrap_or_default().split(';') {
            if let Some((offset, length)) = other_name(entry) {
                let at = from + offset;
                changes.push(Change::name(ByteSpan::new(at, at + length), EntityType::Person));
            }
            from += entry.len() + 1;
        }
    }
    apply_changes(text, mentions, &changes);
}

fn starts_with_mark(entry: &str) -> bool {
    MARKS.iter().any(|mark| entry.starts_with(mark))
}

/// Where the name in an entry stands that is surely that of a person, and how long it is.
fn other_name(entry: &str) -> Option<(usize, usize)> {
    let name = MARKS.iter().find_map(|mark| entry.trim_start().strip_prefix(mark))?.trim_start();
    let bare = name.trim_end();
    let opened = bare.strip_prefix(['"', '“']);
    let inner = opened.unwrap_or(bare);
    let inner = if opened.is_some() { inner.strip_suffix(['"', '”'])? } else { inner };
    let start = entry.len() - name.len() + (bare.len() - opened.unwrap_or(bare).len());
    let is_name = match inner.split_once(", ") {
        Some((family, given)) => are_capitals(family) && are_given(given),
        None => opened.is_some() && are_capitals(inner),
    };
    is_name.then_some((start, inner.len()))
}

/// Whether words are a surname in capitals: "AL-GROZAV", "DE LA TARN".
fn are_capitals(words: &str) -> bool {
    words.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
        && words.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '-' | '\'' | '’' | '.'))
        && words.split(' ').count() <= LONGEST_PART
}

/// Whether words are given names: "Victor Ivanovich", "Abd al-Rahman".
fn are_given(words: &str) -> bool {
    let is_given = |word: &str| {
        let is_name = word.starts_with(char::is_uppercase) || word.starts_with("al-") || PARTICLES.contains(&word);
        is_name && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
    };
    words.starts_with(char::is_uppercase) && words.split(' ').count() <= LONGEST_PART && words.split(' ').all(is_given)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn other_names_of_people_are_people() {
        check(
            "{P|GROZAV, Ivan Petrovich} (a.k.a. {L|GROZAV}, {L|Victor}), {L|Tarn}; {D|1971}",
            "{P|GROZAV, Ivan Petrovich} (a.k.a. {P|GROZAV, Victor}), {L|Tarn}; {D|1971}",
        );
        check(
            "{P|AL-TARN, Karim} (a.k.a. {P|TARN}, {L|Kareem}; a.k.a. \"EL TARN\"; f.k.a. TARN MOE, Abd al-Rahman).",
            "{P|AL-TARN, Karim} (a.k.a. {P|TARN, Kareem}; a.k.a. \"{P|EL TARN}\"; f.k.a. {P|TARN MOE, Abd al-Rahman}).",
        );
    }

    #[test]
    fn other_words_in_lists_stay() {
        check_same("{O|TARN BANK} (a.k.a. {O|TARN}, {L|Victor}), {L|Oslo}");
        check_same("{P|Jon Aas} (a.k.a. Jonny, {L|Oslo}; a.k.a. \"Big Jon\") left");
        check_same("{P|Jon Aas} (of {L|TARN}, {L|Oslo}; a.k.a. GROZAV, Ivan) left");
        check_same("{P|GROZAV, Ivan} (a.k.a. {P|GROZOV}) of ({L|TARN}, {L|Victor})");
        check_same("{P|GROZAV, Ivan} (a.k.a. GROZOV, 12 {L|Tarn Street}; a.k.a. GROZOV, Ivan, {L|Oslo})");
    }
}
