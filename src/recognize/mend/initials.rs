//! Initials by which an interview calls who speaks: "Helen Moe (HM)", and then "HM:" before what she says.

use std::collections::BTreeSet;

use super::{behind, is_person, words};
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
};

/// Takes out the initials of people that were taken for the name of something else.
pub(super) fn drop_initials(text: &str, mentions: &mut Vec<Mention>) {
    let initials: BTreeSet<&str> = mentions.iter().filter_map(|mention| explained(text, mention)).collect();
    if initials.is_empty() {
        return;
    }
    mentions.retain(|mention| {
        let is_thing = mention.kind == MentionKind::Name && mention.entity_type != EntityType::Person;
        !is_thing || !initials.contains(words(text, mention)) || !is_speaker(text, mention)
    });
}

/// The initials that stand in brackets behind the name of a person.
fn explained<'a>(text: &'a str, mention: &Mention) -> Option<&'a str> {
    let bracket = behind(text, mention).strip_prefix(" (").filter(|_| is_person(mention))?;
    let letters: String = words(text, mention)
        .split([' ', '-'])
        .filter_map(|word| word.chars().next().filter(|c| c.is_uppercase()))
        .collect();
    let is_closed = bracket.strip_prefix(letters.as_str()).is_some_and(|rest| rest.starts_with(')'));
    bracket.get(..letters.len()).filter(|_| is_closed && letters.chars().count() > 1)
}

/// Whether a mention is in brackets, or stands before what somebody says.
fn is_speaker(text: &str, mention: &Mention) -> bool {
    let before = text.get(..mention.span.start as usize).unwrap_or_default();
    let rest = behind(text, mention);
    let starts_line = before.trim_end_matches([' ', '*', '>', '[']);
    (before.ends_with('(') && rest.starts_with(')'))
        || ((starts_line.is_empty() || starts_line.ends_with('\n'))
            && rest.trim_start_matches(['*', ']']).starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn initials_of_speakers_are_no_bodies() {
        check(
            "{P|Helen Moe} ({O|HM}) and {P|Jon Aas} (JA)\n\n{O|JA}: Where?\n**{L|HM}:** In {L|Tarn}.",
            "{P|Helen Moe} (HM) and {P|Jon Aas} (JA)\n\nJA: Where?\n**HM:** In {L|Tarn}.",
        );
    }

    #[test]
    fn other_letters_stay() {
        check_same("{P|Helen Moe} of {O|HM}\n{O|HM}: it fell");
        check_same("{P|Helen Moe} ({O|SNP})\n{O|SNP}: 5");
        check_same("{P|Helen Moe} (HM) left {O|HM} and {O|HM Group}: it fell\n{P|HM}: No.");
        check_same("{O|Harlan Mills} ({O|HM})\n{O|HM}: it fell");
    }
}
