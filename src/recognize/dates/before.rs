//! Words right before a mention that are part of what it means: "every August", "this" of "this Saturday".

use super::words::{month_number, season_months, weekday_number};

/// Whether the words before a mention make it no single date: "every August".
pub(super) fn repeats(before: &str) -> bool {
    before.split_whitespace().next_back().is_some_and(|word| matches!(word.to_lowercase().as_str(), "every" | "each"))
}

/// The "this" of "this Saturday" where the mention has been cut to "Saturday", or another word that points.
pub(super) fn cut_pointer(before: &str) -> Option<&'static str> {
    let lower = |word: &str| word.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let mut words = before.split_whitespace().rev().map(lower);
    let last = words.next()?;
    match last.as_str() {
        "this" => Some("this"),
        "last" => Some("last"),
        "next" | "coming" => Some("next"),
        "following" => Some("following"),
        "previous" | "preceding" => Some("previous"),
        "past" if words.next().as_deref() == Some("this") => Some("last"),
        _ => None,
    }
}

/// Whether a mention is the name of a day, month or season and nothing more, so that a word before it may point.
pub(super) fn is_bare_name(tokens: &[&str]) -> bool {
    match tokens {
        [name] => weekday_number(name).is_some() || month_number(name).is_some() || season_months(name).is_some(),
        [day, "morning" | "afternoon" | "evening" | "night" | "lunchtime"] => weekday_number(day).is_some(),
        _ => false,
    }
}

/// Whether words say "in the New Year", which is some time early in it and not its first day.
pub(super) fn is_open_year(tokens: &[&str], before: &str) -> bool {
    match tokens {
        [.., "in" | "into", "new", "year"] => true,
        ["new", "year"] => {
            let mut words = before.split_whitespace().rev().filter(|word| !word.eq_ignore_ascii_case("the"));
            words.next().is_some_and(|word| matches!(word.to_lowercase().as_str(), "in" | "into"))
        }
        _ => false,
    }
}

/// Words that mean something else with an article: "next year" counts from the document, "the next year" from a date before.
const POINTERS: &[&str] = &["last", "next", "past", "previous"];

/// Whether such a word stands after "the", in a mention or right before it.
pub(super) fn is_definite(words: &str, before: &str) -> bool {
    let mut near: Vec<&str> = before.split_whitespace().rev().take(2).collect();
    near.reverse();
    near.extend(words.split_whitespace());
    let is = |word: &str, wanted: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case(wanted);
    near.windows(2).any(|pair| match pair {
        [article, word] => is(article, "the") && POINTERS.iter().any(|pointer| is(word, pointer)),
        _ => false,
    })
}
