//! Finds and normalizes the date of a document.

use crate::lexicon::numbers;

/// The normal form `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a date as metadata give it.
///
/// Knows RFC 3339 and RFC 2822, `2019/03/12`, `20190312`, `12 March 2019`, `March 12th, 2019`, `12-Mar-2019`, and dates in
/// digits whose order is beyond doubt (`25/12/2019`); of the others (`03/12/2019`) only the year is kept.
/// The date is the one written, whatever its time zone.
///
/// # Example
/// ```
/// use relata::read::normalize_date;
///
/// assert_eq!(normalize_date("Tue, 12 Mar 2019 23:30:00 -0500").as_deref(), Some("2019-03-12"));
/// assert_eq!(normalize_date("March 2019").as_deref(), Some("2019-03"));
/// assert_eq!(normalize_date("last week"), None);
/// ```
#[must_use]
pub fn normalize_date(date: &str) -> Option<String> {
    // Whatever stands behind the first hundred characters is no date.
    let words = words(date.get(..date.char_indices().nth(100).map_or(date.len(), |(at, _)| at))?);
    find(&words).map(|(date, _)| date).or_else(|| match words.as_slice() {
        [Word::Number { value, digits: 4 }] => year(*value).map(|year| format!("{year:04}")),
        [Word::Number { value, digits: 8 }] => day(value / 10000, value / 100 % 100, value % 100),
        _ => None,
    })
}

/// The date that a text starts with, in its first lines: on a line of its own or in a dateline, with the year.
pub(super) fn leading_date(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(4).enumerate().find_map(|(index, line)| {
        let head = line.get(..line.char_indices().nth(160).map_or(line.len(), |(at, _)| at))?;
        let dateline = dateline(head).and_then(|head| find(&words(head)));
        let dateline = dateline.map(|(date, _)| date);
        dateline.or_else(|| if head.len() == line.len() { date_line(line) } else { None }).or_else(|| {
            // A headline may name the date of a battle; a line below it signs.
            if index > 0 && head.len() == line.len() { signature(line) } else { None }
        })
    })
}

/// What stands before the dash of a dateline: `BUJUMBURA, Aug 29 1995 (Reuters)`.
fn dateline(line: &str) -> Option<&str> {
    let ends = [" - ", " — ", " – ", " -- ", "—", "--"];
    let head = line.get(..ends.iter().filter_map(|end| line.find(end)).min()?)?;
    let place = head.split([' ', ',']).next().unwrap_or_default();
    let shouts = place.chars().filter(|c| c.is_uppercase()).count() >= 2 && !place.chars().any(char::is_lowercase);
    let agency = head.ends_with(')');
    // Running text before a dash has small words of its own.
    let prose = head.split(' ').any(|word| {
        word.starts_with(char::is_lowercase)
            && !matches!(word, "of" | "de" | "and" | "near" | "the" | "la" | "on" | "in")
    });
    ((shouts || agency) && !prose).then_some(head)
}

/// The date of a line that holds little else: `14 May 2018`, `Published on Monday, 14 May 2018 at 10:30 GMT`.
fn date_line(line: &str) -> Option<String> {
    if line.chars().count() > 80 || line.ends_with(['.', '?', '!']) {
        return None;
    }
    let words = words(line);
    let (date, range) = find(&words)?;
    let rest = words.iter().enumerate().filter(|(index, _)| !range.contains(index));
    let only_date = rest.clone().all(|(_, word)| match word {
        Word::Number { .. } => true,
        Word::Month(_) => false,
        Word::Other(word) => AROUND.contains(&word.to_lowercase().as_str()),
    });
    // A place in capitals or a publisher may stand before it.
    let capitals = range.end == words.len()
        && range.start <= 4
        && rest.into_iter().all(|(_, word)| matches!(word, Word::Other(word) if !word.chars().any(char::is_lowercase)));
    (only_date || capitals).then_some(date)
}

/// The date at the end of a line of names: `Lakes Relief International, Kampala, 20 January 2025`.
fn signature(line: &str) -> Option<String> {
    line.match_indices(", ").find_map(|(at, comma)| {
        let (names, rest) = (line.get(..at)?, words(line.get(at + comma.len()..)?));
        let (date, range) = find(&rest)?;
        let is_name = |word: &str| {
            word.starts_with(|c: char| !c.is_lowercase()) || matches!(word, "of" | "de" | "and" | "for" | "the" | "in")
        };
        (range == (0..rest.len()) && names.split(' ').all(is_name)).then_some(date)
    })
}

/// Words that stand around the date of publication.
const AROUND: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "published",
    "updated",
    "posted",
    "modified",
    "first",
    "last",
    "date",
    "dated",
    "on",
    "at",
    "am",
    "pm",
    "a",
    "p",
    "m",
    "gmt",
    "utc",
    "bst",
    "est",
    "edt",
    "et",
    "cet",
    "cest",
    "z",
    "t",
    "the",
    "of",
    "hrs",
    "h",
    "th",
    "st",
    "nd",
    "rd",
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Word<'a> {
    Number { value: u32, digits: usize },
    Month(u32),
    Other(&'a str),
}

/// Numbers, months and other words, without the marks between them.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    for part in text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let mut rest = part;
        // `2019-03-12T10:30Z` and `12th`: digits and letters stand together.
        while !rest.is_empty() {
            let numeric = rest.starts_with(|c: char| c.is_ascii_digit());
            let end = rest.find(|c: char| c.is_ascii_digit() != numeric).unwrap_or(rest.len());
            let Some((piece, after)) = rest.split_at_checked(end) else { break };
            words.push(if numeric {
                Word::Number { value: piece.parse().unwrap_or(u32::MAX), digits: piece.len() }
            } else if let Some(month) = month(piece) {
                Word::Month(month)
            } else {
                Word::Other(piece)
            });
            rest = after;
        }
    }
    // Ordinals count as plain numbers.
    let mut index = 0;
    words.retain(|word| {
        index += 1;
        !(index > 1 && matches!(word, Word::Other("st" | "nd" | "rd" | "th")))
    });
    words
}

fn month(word: &str) -> Option<u32> {
    numbers::month(&word.to_lowercase()).map(u32::from)
}

/// The first date among the words and the words that it takes.
fn find(words: &[Word]) -> Option<(String, std::ops::Range<usize>)> {
    use Word::{Month, Number, Other};
    for start in 0..words.len() {
        let Some(rest) = words.get(start..) else { break };
        let found = match *rest {
            // 2019-03-12
            [
                Number { value: y, digits: 4 },
                Number { value: m, digits: 1 | 2 },
                Number { value: d, digits: 1 | 2 },
                ..,
            ] => day(y, m, d).map(|date| (date, 3)),
            // 12 March 2019
            [Number { value: d, digits: 1 | 2 }, Month(m), Number { value: y, digits: 4 }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            [Number { value: d, digits: 1 | 2 }, Other("of"), Month(m), Number { value: y, digits: 4 }, ..] => {
                day(y, m, d).map(|date| (date, 4))
            }
            // March 12, 2019
            [Month(m), Number { value: d, digits: 1 | 2 }, Number { value: y, digits: 4 }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            // 2019 March 12
            [Number { value: y, digits: 4 }, Month(m), Number { value: d, digits: 1 | 2 }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            // 25/12/2019, 12/25/2019
            [
                Number { value: a, digits: 1 | 2 },
                Number { value: b, digits: 1 | 2 },
                Number { value: y, digits: 4 },
                ..,
            ] => {
                let date = match (a, b) {
                    _ if a == b => day(y, a, b),
                    (13.., _) => day(y, b, a),
                    (_, 13..) => day(y, a, b),
                    _ => year(y).map(|year| format!("{year:04}")),
                };
                date.map(|date| (date, 3))
            }
            _ => None,
        };
        if let Some((date, length)) = found {
            return Some((date, start..start + length));
        }
    }
    // Without a day, only when nothing better is there.
    for start in 0..words.len() {
        // "30 February 2019" is a mistake, not a month.
        if start.checked_sub(1).is_some_and(|before| matches!(words.get(before), Some(Number { digits: 1 | 2, .. }))) {
            continue;
        }
        let found = match *words.get(start..)? {
            [Month(m), Number { value: y, digits: 4 }, ..] | [Number { value: y, digits: 4 }, Month(m), ..] => {
                year(y).map(|y| (y, m))
            }
            [Number { value: y, digits: 4 }, Number { value: m @ 1..=12, digits: 2 }] if start == 0 => {
                year(y).map(|y| (y, m))
            }
            _ => None,
        };
        if let Some((year, month)) = found {
            return Some((format!("{year:04}-{month:02}"), start..start + 2));
        }
    }
    None
}

fn year(value: u32) -> Option<u32> {
    (1000..=2999).contains(&value).then_some(value)
}

fn day(y: u32, m: u32, d: u32) -> Option<String> {
    let y = year(y)?;
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let last = match m {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=last).contains(&d).then(|| format!("{y:04}-{m:02}-{d:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_dates() {
        let check = |date: &str, expected: &str| {
            assert_eq!(normalize_date(date).unwrap_or_default(), expected, "{date}");
        };
        check("2019-03-12", "2019-03-12");
        check("2019-03-12T10:30:00Z", "2019-03-12");
        check("2019-03-12T23:30:00.000-05:00", "2019-03-12");
        check("2019-03-12 10:30", "2019-03-12");
        check("2019/03/12", "2019-03-12");
        check("2019.3.2", "2019-03-02");
        check("20190312", "2019-03-12");
        check("2019-03", "2019-03");
        check("2019", "2019");
        check(" 12 March 2019 ", "2019-03-12");
        check("March 12, 2019", "2019-03-12");
        check("Mar. 12th, 2019", "2019-03-12");
        check("the 2nd of March 2019", "2019-03-02");
        check("Tuesday, 12 Mar 2019 10:00:00 GMT", "2019-03-12");
        check("12-Mar-2019", "2019-03-12");
        check("Sept 5 2001", "2001-09-05");
        check("March 2019", "2019-03");
        check("25/12/2019", "2019-12-25");
        check("12/25/2019", "2019-12-25");
        check("05/05/2019", "2019-05-05");
        check("03/12/2019", "2019");
        check("29 February 2020", "2020-02-29");
        check("Updated 4:30 pm, May 3, 2021", "2021-05-03");
        for none in [
            "",
            "last week",
            "30 February 2019",
            "2019-13-45",
            "20191345",
            "12 March",
            "99",
            "99999999999999999999",
            "\u{200b}é",
            "½ May",
        ] {
            check(none, "");
        }
    }

    #[test]
    fn finds_leading_dates() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("BUJUMBURA, Aug 29 1995 (Reuters) - The talks failed.", "1995-08-29");
        check("Talks fail\n\nBUJUMBURA, Aug 29, 1995 (Reuters) — The talks failed.", "1995-08-29");
        check("Minister quits\nBy Ann Doe in Lilongwe\n14 May 2018\n\nThe minister quit.", "2018-05-14");
        check("Published: Monday, 14 May 2018 at 10:30 GMT\nText.", "2018-05-14");
        check("MOSCOW 2004-08-30\nThe talks failed.", "2004-08-30");
        check("March 2019\n\nThe season.", "2019-03");
        check("Last updated 2021-02-03T10:00:00Z\nText", "2021-02-03");
        check("Floods\n\nLakes Relief (LRI), Kampala, 20 January 2025\n\nThe river rose.", "2025-01-20");
        check("Floods\nBy Ann Doe, January 20, 2025\nThe river rose.", "2025-01-20");
        check("The Battle of Oslo, 3 May 1945\nThe guns fell silent.", "");
        check("Peace\nThe guns fell silent in Oslo, 3 May 1945", "");
        check("KYIV, March 3 (Reuters) - The talks failed.", "");
        check("On 12 March 2009 the firm failed.", "");
        check("Keller was born on 12 March 1960 - a Saturday - in Oslo.", "");
        check("The election of 3 May 2015", "");
        check("One\nTwo\nThree\nFour\n14 May 2018", "");
        check("", "");
    }
}
