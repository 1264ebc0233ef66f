//! Acts whose name the model cuts in two: "Health and Safety at Work Act 1974".

use super::changes::{Change, apply_changes};
use crate::{document::Mention, schema::EntityType, span::ByteSpan};

/// What the name of one starts with that has "at" in it.
const START: &str = "Health and Safety at Work";

/// What stands between that and the word for a law.
const MIDDLES: &[&str] = &[" ", " etc ", " etc. ", ", etc ", ", etc. ", ", etc., "];

const LAWS: &[&str] = &["Act", "Bill", "Order"];

/// Makes one work of the name of an act, with its year.
pub(super) fn join_acts(text: &str, mentions: &mut Vec<Mention>) {
    let changes: Vec<Change> = text
        .match_indices(START)
        .filter_map(|(at, start)| {
            let end = at + start.len();
            let length = rest_length(text.get(end..)?)?;
            Some(Change::name(ByteSpan::new(at, end + length), EntityType::Work))
        })
        .collect();
    apply_changes(text, mentions, &changes);
}

/// Length of what belongs to the name of an act at the start of a text, with its year.
fn rest_length(text: &str) -> Option<usize> {
    let tail = MIDDLES.iter().find_map(|middle| {
        let law = text.strip_prefix(middle)?;
        LAWS.iter().find_map(|word| law.strip_prefix(word)).filter(|tail| !tail.starts_with(char::is_alphanumeric))
    })?;
    let year = tail.strip_prefix(' ').and_then(|year| year.split(|c: char| !c.is_alphanumeric()).next());
    let year = year.filter(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
    Some(text.len() - tail.len() + year.map_or(0, |year| 1 + year.len()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn acts_are_one_work() {
        check(
            "the {W|Health and Safety} at {W|Work Act} and {W|Harlan Act}",
            "the {W|Health and Safety at Work Act} and {W|Harlan Act}",
        );
        check(
            "the Health and Safety at Work etc. {W|Act} {D|1974}, the {W|Health and Safety at Work Order}",
            "the {W|Health and Safety at Work etc. Act 1974}, the {W|Health and Safety at Work Order}",
        );
    }

    #[test]
    fn other_words_at_work_stay() {
        check_same("He read {W|Tarn and Safety} at the {W|Work Act} hearing.");
        check_same("{O|Health and Safety} at work, and Health and Safety at Work Actors");
        check_same("the {W|Equality at Work Act} and {W|Health and Safety} at {O|Nordbank}");
    }
}
