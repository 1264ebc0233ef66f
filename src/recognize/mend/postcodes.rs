//! Codes of the mail behind the names of places: "Akron, OH 44304".

use super::words;
use crate::{document::Mention, schema::EntityType, span::ByteSpan};

/// Digits of a code in the United States, and of what may follow it behind a hyphen.
const DIGITS: usize = 5;
const MORE_DIGITS: usize = 4;

/// Cuts a code off a place, and takes it out where it stands for a place or a date. Returns whether a name is left.
pub(super) fn cut_postcode(text: &str, mention: &mut Mention) -> bool {
    let name = words(text, mention);
    match mention.entity_type {
        EntityType::Date => !is_code(name),
        EntityType::Place => {
            let (head, last) = name.rsplit_once([' ', '\u{a0}', '\n']).unwrap_or(("", name));
            if is_code(last) {
                let start = mention.span.start as usize;
                mention.span = ByteSpan::new(start, start + head.trim_end_matches([' ', '\u{a0}', ',', '\n']).len());
            }
            !mention.span.is_empty()
        }
        _ => true,
    }
}

fn is_code(word: &str) -> bool {
    let are_digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    match word.split_once('-') {
        Some((code, more)) => are_digits(code, DIGITS) && are_digits(more, MORE_DIGITS),
        None => are_digits(word, DIGITS),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn places_end_before_their_code() {
        check(
            "{L|12 Tarn Street}, {L|Akron}, {L|OH 44304}; {L|Springfield, Ill. 62704-1234}",
            "{L|12 Tarn Street}, {L|Akron}, {L|OH} 44304; {L|Springfield, Ill.} 62704-1234",
        );
        check("{L|Washington, D.C. 20549} and {D|20549}, {L|20330}", "{L|Washington, D.C.} 20549 and 20549, 20330");
        check("{L|Harlan, 44304}, {D|44304-0001}", "{L|Harlan}, 44304, 44304-0001");
    }

    #[test]
    fn other_numbers_stay() {
        check_same("{L|Route 66}, {L|Budapest 1051}, {L|44304 Harlan Road} and {L|Block 123456}");
        check_same("{D|2014}, {D|2014-15}, {D|10000 BC} and {D|20140301}");
        check_same("{O|Tarn 44304} and {W|Form 10549}");
    }
}
