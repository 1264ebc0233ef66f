//! The words that dates are made of: tokens, names of months and days, numbers and units.

use super::calendar::Unit;
use crate::lexicon::numbers;

/// Lower-cased words, numbers and joining marks of a mention; articles, commas and ordinal endings are left out.
pub(super) fn tokenize(words: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let chars: Vec<char> = words.chars().flat_map(char::to_lowercase).collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or(' ');
    let mut index = 0;
    while index < chars.len() {
        let c = at(index);
        let apostrophe = matches!(c, '\'' | '’' | '‘');
        if c.is_alphanumeric() || apostrophe && at(index + 1).is_ascii_digit() {
            let mut token = String::new();
            loop {
                let c = at(index);
                if c.is_alphanumeric() {
                    token.push(c);
                } else if matches!(c, '\'' | '’' | '‘') && (token.is_empty() || at(index + 1).is_alphabetic()) {
                    token.push('\'');
                } else if c == '.' && token.len() == 1 && at(index + 1).is_alphabetic() {
                    // "A.D." is one word.
                } else {
                    break;
                }
                index += 1;
            }
            let token = strip_ordinal(&token);
            if !matches!(token.as_str(), "the") {
                tokens.push(token);
            }
            continue;
        }
        match c {
            '-' | '–' | '—' | '‐' | '‑' | '−' => tokens.push("-".to_owned()),
            '/' => tokens.push("/".to_owned()),
            '.' if index > 0 && at(index - 1).is_ascii_digit() && at(index + 1).is_ascii_digit() => {
                tokens.push(".".to_owned());
            }
            _ => {}
        }
        index += 1;
    }
    tokens
}

/// `23rd` without its ending, and so the `23d` of older texts; other words as they are.
pub(super) fn strip_ordinal(token: &str) -> String {
    if OLD_ORDINALS.contains(&token) {
        return token.trim_end_matches('d').to_owned();
    }
    for ending in ["st", "nd", "rd", "th"] {
        if let Some(number) = token.strip_suffix(ending)
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            return number.to_owned();
        }
    }
    token.to_owned()
}

/// Days of a month as letters and print had them before 1900.
pub(super) const OLD_ORDINALS: &[&str] = &["2d", "3d", "22d", "23d"];

pub(super) fn month_number(word: &str) -> Option<i8> {
    numbers::month(word).and_then(|month| i8::try_from(month).ok())
}

/// Days after Monday.
pub(super) fn weekday_number(word: &str) -> Option<i64> {
    Some(match word {
        "monday" | "mon" => 0,
        "tuesday" | "tue" | "tues" => 1,
        "wednesday" | "wed" | "weds" => 2,
        "thursday" | "thu" | "thur" | "thurs" => 3,
        "friday" | "fri" => 4,
        "saturday" | "sat" => 5,
        "sunday" | "sun" => 6,
        _ => return None,
    })
}

/// First and last month; the winter of a year ends in the next one.
pub(super) fn season_months(word: &str) -> Option<(i8, i8)> {
    Some(match word {
        "spring" | "springtime" => (3, 5),
        "summer" | "summertime" => (6, 8),
        "autumn" | "fall" => (9, 11),
        "winter" | "wintertime" => (12, 2),
        _ => return None,
    })
}

pub(super) fn number_word(word: &str) -> Option<i32> {
    if word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    numbers::cardinal(word).map(i32::from)
}

pub(super) fn ordinal_word(word: &str) -> Option<i32> {
    numbers::ordinal(word).map(i32::from)
}

/// A day of the month: `23`, `third`.
pub(super) fn day_number(word: &str) -> Option<i8> {
    let number = if word.bytes().all(|byte| byte.is_ascii_digit()) { word.parse().ok() } else { ordinal_word(word) };
    number.filter(|day| (1..=31).contains(day)).and_then(|day: i32| i8::try_from(day).ok())
}

/// A year of four digits.
pub(super) fn full_year(word: &str) -> Option<i16> {
    if word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        word.parse().ok().filter(|year| (1000..=2999).contains(year))
    } else {
        None
    }
}

/// The year that both numbers of a date such as "11 February 1731/2" mean: when years still began in March, the first was
/// that of the old style; `head` are the words before them.
pub(super) fn double_year(head: &[&str], year: &str, next: &str) -> Option<i16> {
    let first = full_year(year).filter(|year| *year < NEW_STYLE)?;
    let second = first + 1;
    let ends = !next.is_empty() && next.len() <= 4 && second.to_string().ends_with(next);
    let early = head.iter().any(|word| month_number(word).is_some_and(|month| month <= 3));
    let late = head.iter().any(|word| month_number(word).is_some_and(|month| month > 3));
    (ends && early && !late).then_some(second)
}

/// From this year on all that write English begin their years in January.
const NEW_STYLE: i16 = 1753;

/// Unit of a count and how many of it the word means: `decade` is ten years.
pub(super) fn unit_word(word: &str) -> Option<(i32, Unit)> {
    Some(match word.trim_end_matches('\'') {
        "day" | "days" | "night" | "nights" | "morning" | "mornings" | "evening" | "afternoon" => (1, Unit::Day),
        "week" | "weeks" => (1, Unit::Week),
        "fortnight" | "fortnights" => (2, Unit::Week),
        "month" | "months" => (1, Unit::Month),
        "year" | "years" | "summers" | "winters" => (1, Unit::Year),
        "decade" | "decades" => (10, Unit::Year),
        "century" | "centuries" => (100, Unit::Year),
        _ => return None,
    })
}

/// A count at the start of `words` ("two", "twenty-five", "a couple of", nothing before a bare unit) and what follows.
pub(super) fn count<'a, 'b>(words: &'a [&'b str]) -> Option<(i32, &'a [&'b str])> {
    match words {
        ["a", "couple", "of", rest @ ..] | ["a", "couple", rest @ ..] => Some((2, rest)),
        ["a" | "one", "hundred", rest @ ..] => Some((100, rest)),
        ["a" | "one", "thousand", rest @ ..] => Some((1000, rest)),
        [tens, "-", ones, rest @ ..] if number_word(tens).is_some_and(|tens| (20..=90).contains(&tens)) => {
            Some((number_word(tens)? + number_word(ones).filter(|ones| (1..=9).contains(ones))?, rest))
        }
        [number, "hundred", rest @ ..] => Some((number_word(number)? * 100, rest)),
        ["a" | "an" | "exactly", rest @ ..] if rest.first().is_some_and(|word| unit_word(word).is_some()) => {
            Some((1, rest))
        }
        ["exactly" | "about" | "around" | "some" | "nearly" | "almost" | "just" | "only", rest @ ..] => count(rest),
        [number, rest @ ..] if number_word(number).is_some() => Some((number_word(number)?, rest)),
        [unit, ..] if unit_word(unit).is_some() => Some((1, words)),
        _ => None,
    }
}

/// Whether the words hold a year of their own.
pub(super) fn has_year(words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| full_year(word).is_some() || word.starts_with('\'') || *word == "year" || word.ends_with("0s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals() {
        for (words, expected) in [
            ("the 2d of April", "2 of april"),
            ("May 3d", "may 3"),
            ("22d of May, 1799", "22 of may 1799"),
            ("23D JUNE", "23 june"),
            ("21st of May", "21 of may"),
            ("4d", "4d"),
            ("12d", "12d"),
            ("d", "d"),
        ] {
            assert_eq!(tokenize(words).join(" "), expected, "{words}");
        }
    }

    #[test]
    fn years_of_two_styles() {
        for (head, year, next, expected) in [
            ("11 february", "1731", "2", Some(1732)),
            ("11 february", "1731", "32", Some(1732)),
            ("11 february", "1731", "1732", Some(1732)),
            ("march 3", "1699", "1700", Some(1700)),
            ("march 3", "1699", "00", Some(1700)),
            // Years that do not follow each other, months of one year only, no month, and times after the change.
            ("11 february", "1731", "4", None),
            ("11 february", "1731", "", None),
            ("11 may", "1731", "2", None),
            ("january to may", "1731", "2", None),
            ("", "1731", "2", None),
            ("11 february", "1998", "9", None),
        ] {
            let head: Vec<&str> = head.split_whitespace().collect();
            assert_eq!(double_year(&head, year, next), expected, "{head:?} {year}/{next}");
        }
    }
}
