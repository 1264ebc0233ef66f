//! Nouns for persons that start a short headline and are nobody's name: "Burglar jailed".

use super::words;
use crate::{
    document::Mention,
    lexicon::{Lexicon, TitleClass},
    schema::{EntityType, MentionKind},
};

/// Nouns for persons that are no titles.
const NOUNS: &[&str] = &[
    "addict",
    "arsonist",
    "burglar",
    "conman",
    "cops",
    "dealer",
    "doctor",
    "feds",
    "fraudster",
    "gunman",
    "hitman",
    "inmate",
    "killer",
    "mugger",
    "murderer",
    "passenger",
    "pedestrian",
    "pensioner",
    "prisoner",
    "rapist",
    "robber",
    "robbers",
    "schoolboy",
    "schoolgirl",
    "shoplifter",
    "stalker",
    "suspect",
    "swindler",
    "teen",
    "teenager",
    "thief",
    "thieves",
    "thug",
    "toddler",
    "trucker",
];

/// Titles that are names of people or firms as well.
const TITLES_OR_NAMES: &[&str] = &["coach", "general", "justice", "major", "marshal", "model", "private", "specialist"];

/// The longest headline that is looked at, in bytes.
const LONGEST: usize = 80;

/// How far behind a headline the noun is looked for, in bytes.
const LOOK_AHEAD: usize = 4000;

/// Drops nouns for persons at the start of headlines that the model takes for names.
pub(super) fn drop_nouns(text: &str, mentions: &mut Vec<Mention>) {
    mentions.retain(|mention| {
        let may_be_noun = mention.kind == MentionKind::Name
            && matches!(mention.entity_type, EntityType::Organization | EntityType::Person | EntityType::Place);
        !(may_be_noun && is_noun(words(text, mention)) && starts_headline(text, mention))
    });
}

/// Whether a capitalized word is one for a person, and no usual name.
fn is_noun(word: &str) -> bool {
    let small = word.to_lowercase();
    let is_capitalized = word.starts_with(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase);
    let is_title = || {
        let class = Lexicon::embedded().title_folded(&small).map(|title| title.class);
        matches!(class, Some(TitleClass::Occupation | TitleClass::Office | TitleClass::Rank))
    };
    is_capitalized && !TITLES_OR_NAMES.contains(&small.as_str()) && (NOUNS.contains(&small.as_str()) || is_title())
}

/// Whether a mention starts a line with nothing but small words behind it, which a blank line and a text follow that
/// knows nobody of that name.
fn starts_headline(text: &str, mention: &Mention) -> bool {
    let word = words(text, mention);
    let start = mention.span.start as usize;
    let before = text.get(..start).unwrap_or_default();
    let line = text.get(start..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
    let behind_word = line.get(word.len()..).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
    let body = text.get(start + line.len()..).unwrap_or_default();
    (before.is_empty() || before.ends_with("\n\n"))
        && line.len() <= LONGEST
        && !line.ends_with(['.', ':', ','])
        && behind_word.starts_with(char::is_lowercase)
        && !behind_word.starts_with("of ")
        && body.starts_with("\n\n")
        && !is_name_in(body, word)
}

/// Whether a text has a word with its capital inside a sentence, where no capital follows: "shares in Coach rose", but not
/// "the Akron Mayor Bo Lind".
fn is_name_in(text: &str, word: &str) -> bool {
    let mut end = text.len().min(LOOK_AHEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    text.match_indices(word).any(|(at, _)| {
        let (before, rest) = (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
        let is_inside =
            before.strip_suffix(' ').is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric() || c == ','));
        let is_before_name = rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_uppercase));
        is_inside && !rest.starts_with(char::is_alphanumeric) && !is_before_name
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn nouns_in_headlines_are_no_names() {
        check(
            "{P|Burglar} jailed\n\n{P|Bo Tarn}, 61, of {L|Dearham}, was jailed.",
            "Burglar jailed\n\n{P|Bo Tarn}, 61, of {L|Dearham}, was jailed.",
        );
        check(
            "{O|Mayor} quits over loan\n\nThe {L|Leeds} Mayor {P|Bo Lind} has quit. Mayor {P|Lind} left.",
            "Mayor quits over loan\n\nThe {L|Leeds} Mayor {P|Bo Lind} has quit. Mayor {P|Lind} left.",
        );
        check("{O|Detective} praised\n\nHe left.", "Detective praised\n\nHe left.");
    }

    #[test]
    fn names_in_headlines_stay() {
        check_same("{O|Coach} sees sales rise\n\nHe left.");
        check_same("{P|Singer} wins award\n\nThe prize went to {P|Isaac Singer} in Oslo.");
        check_same("{O|Pilot} shuts shops\n\nShares in {O|Pilot} rose.");
        check_same("{P|Driver} left. He was {P|Bo Driver}.\n\n{P|Burglar}\n\n{P|Thief} runs\nHe left.");
        check_same("{P|Thief} of Oslo\n\nHe read it.");
        check_same("{O|Justice} sues bank\n\nHe left.");
        check_same("{P|Lind} jailed\n\nHe left. {P|Burglar Bill} is a book\n\n{P|Burglar} jailed");
        check_same("{P|Dean} quits\n\nHe left.\n\n{P|King} dies\n\nHe left.");
    }
}
