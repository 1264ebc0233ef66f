//! Finds and normalizes the date of a document.

use crate::lexicon::{Lexicon, fold, numbers};

/// The normal form `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a date as metadata give it.
///
/// Knows RFC 3339 and RFC 2822, `2019/03/12`, `20190312`, `12 March 2019`, `March 12th, 2019`, `12-Mar-2019`, and dates in
/// digits whose order is beyond doubt (`25/12/2019`, and `12.03.2019`, as dots mean day first); of the others (`03/12/2019`)
/// only the year is kept.
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
        [Word::Number { value, digits: 4, .. }] => year(*value).map(|year| format!("{year:04}")),
        [Word::Number { value, digits: 8, .. }] => day(value / 10000, value / 100 % 100, value % 100),
        _ => None,
    })
}

/// Lines in which the date of a text may stand, if they are all short: headers of mail, contacts of a press office.
const HEAD_LINES: usize = 14;

/// Of these, the lines in which it may stand whatever the others are.
const FIRST_LINES: usize = 4;

/// The date that a text starts with, in its first lines: on a line of its own or in a dateline, with the year.
pub(super) fn leading_date(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (mut prose, mut speech) = (false, false);
    let mut lone: Option<String> = None;
    for (index, line) in lines.take(HEAD_LINES).enumerate() {
        let first = index < FIRST_LINES;
        let head = line.get(..line.char_indices().nth(160).map_or(line.len(), |(at, _)| at))?;
        // The date of a message that is quoted is not that of the message.
        let quoted = index > 0 && (is_quotation(head) || speech && starts_with(head, "from:"));
        if quoted || prose && !first {
            break;
        }
        if let Some(date) = dated_place(head) {
            return Some(date);
        }
        if head.len() == line.len() {
            // A headline may name the date of a battle; a line below it signs.
            let place = if first && index > 0 { signature(line) } else { place_and_date(line) };
            match date_line(line).or(place) {
                Some(date) if first || is_labeled(line) => return Some(date),
                // Of several dates below each other none is that of the text.
                Some(date) if lone.as_ref().is_some_and(|lone| *lone != date) => return None,
                Some(date) => lone = Some(date),
                None => {}
            }
        }
        let ends = line.ends_with(['.', '!', '?', '…']);
        prose |= head.len() < line.len() || ends && line.split_whitespace().nth(5).is_some();
        speech |= ends || line.ends_with(',');
    }
    lone
}

/// The date of a dateline.
fn dated_place(line: &str) -> Option<String> {
    let dated = dateline(line).and_then(|head| find(&words(head))).map(|(date, _)| date);
    dated.or_else(|| place_and_date(before_dash(line)?))
}

/// Whether a line starts or introduces the words of an earlier message.
fn is_quotation(line: &str) -> bool {
    let lower = line.to_lowercase();
    let rule = line.starts_with('-') && (lower.contains("original message") || lower.contains("forwarded"));
    rule || line.starts_with('>') || lower.ends_with("wrote:")
}

/// Whether a line starts with a label, in whatever case.
fn starts_with(line: &str, label: &str) -> bool {
    line.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label))
}

/// Whether a line says that its date is that of the text.
fn is_labeled(line: &str) -> bool {
    let first = line.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    LABELS.contains(&first.to_lowercase().as_str())
}

/// What stands before the dash of a dateline: `BUJUMBURA, Aug 29 1995 (Reuters)`.
fn dateline(line: &str) -> Option<&str> {
    let head = before_dash(line)?;
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

/// What stands before the first dash of a line.
fn before_dash(line: &str) -> Option<&str> {
    let ends = [" - ", " — ", " – ", " -- ", "—", "--"];
    line.get(..ends.iter().filter_map(|end| line.find(end)).min()?)
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
        Word::Other(other) => {
            let other = other.to_lowercase();
            is_weekday(word) || [AROUND, LABELS].iter().any(|words| words.contains(&other.as_str()))
        }
    });
    // A place in capitals or a publisher may stand before it.
    let capitals = range.end == words.len()
        && range.start <= 4
        && rest.into_iter().all(|(_, word)| matches!(word, Word::Other(word) if !word.chars().any(char::is_lowercase)));
    (only_date || capitals && !starts_with_person(line)).then_some(date)
}

/// The date at the end of a line of names: `Lakes Relief International, Kampala, 20 January 2025`.
fn signature(line: &str) -> Option<String> {
    after_names(line, |names| {
        names.split(' ').all(|word| {
            word.starts_with(|c: char| !c.is_lowercase()) || matches!(word, "of" | "de" | "and" | "for" | "the" | "in")
        })
    })
}

/// The date after the name of a place: `Bergen, 4 March 2024`, `London, Monday 4 March 2024`.
fn place_and_date(line: &str) -> Option<String> {
    after_names(line, |names| {
        let is_name = |word: &str| {
            word.starts_with(char::is_uppercase) && !word.contains(|c: char| c.is_ascii_digit() || c == ':')
                || matches!(word, "al" | "da" | "de" | "del" | "di" | "do" | "el" | "la" | "le" | "sur" | "upon")
        };
        let sentence = matches!(names.split(' ').next(), Some("A" | "An" | "At" | "By" | "From" | "In" | "On" | "The"));
        !sentence && names.split(' ').nth(4).is_none() && names.split(' ').all(is_name)
    })
}

/// The date that fills the rest of a line after a comma and names before it.
fn after_names(line: &str, are_names: impl Fn(&str) -> bool) -> Option<String> {
    line.match_indices(", ").find_map(|(at, comma)| {
        let (names, rest) = (line.get(..at)?, words(line.get(at + comma.len()..)?));
        let (date, range) = find(&rest)?;
        let mut others = rest.iter().enumerate().filter(|(index, _)| !range.contains(index));
        let fits = others.all(|(_, word)| is_weekday(word)) && are_names(names);
        (fits && !starts_with_person(names)).then_some(date)
    })
}

/// Whether names start with that of a person: the date in "Bo Lind, Oslo, 4 June 1970" may be that of his birth.
///
/// "By Bo Lind" is the author and starts with none.
fn starts_with_person(names: &str) -> bool {
    let name = names.split(',').next().unwrap_or_default().trim();
    let mut words = name.split(' ');
    let first = words.next().unwrap_or_default();
    let lexicon = Lexicon::embedded();
    // A name that few lists have is more often that of a place.
    let given = lexicon.given_name_counts(&fold(first)).is_some_and(|(male, female)| male + female > 1);
    given && (1..=2).contains(&words.count()) && lexicon.cities(name).next().is_none()
}

fn is_weekday(word: &Word) -> bool {
    matches!(word, Word::Other(word) if WEEKDAYS.contains(&word.to_lowercase().as_str()))
}

#[rustfmt::skip]
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu",
    "thur", "thurs", "fri", "sat", "sun",
];

/// Words that say that the date after them is that of publication.
const LABELS: &[&str] = &["date", "dated", "issued", "posted", "published", "released", "sent", "updated"];

/// Other words that stand around the date of publication.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "modified", "first", "last", "on", "at", "am", "pm", "a", "p", "m", "gmt", "utc", "bst", "est", "edt", "et", "cet",
    "cest", "z", "t", "the", "of", "hrs", "h", "th", "st", "nd", "rd", "for", "immediate", "press", "release",
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Word<'a> {
    /// Digits, and the mark that alone stands before them.
    Number {
        value: u32,
        digits: usize,
        mark: Option<char>,
    },
    Month(u32),
    Other(&'a str),
}

/// Numbers, months and other words, without the marks between them and without clock times.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let Some((gap, tail)) = rest.split_at_checked(start) else { break };
        // `2019:03:12` is a date.
        let goes_on = gap == ":" && matches!(words.last(), Some(Word::Number { .. }));
        if let Some(length) = clock_length(tail).filter(|_| !goes_on) {
            rest = tail.get(length..).unwrap_or_default();
            continue;
        }
        // `2019-03-12T10:30Z` and `12th`: digits and letters stand together.
        let numeric = tail.starts_with(|c: char| c.is_ascii_digit());
        let end = tail.find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != numeric).unwrap_or(tail.len());
        let Some((piece, after)) = tail.split_at_checked(end) else { break };
        words.push(if numeric {
            let mut marks = gap.chars();
            let first = marks.next();
            let mark = if marks.next().is_none() { first } else { None };
            Word::Number { value: piece.parse().unwrap_or(u32::MAX), digits: piece.len(), mark }
        } else if let Some(month) = month(piece) {
            Word::Month(month)
        } else {
            Word::Other(piece)
        });
        rest = after;
    }
    // Ordinals count as plain numbers.
    let mut index = 0;
    words.retain(|word| {
        index += 1;
        !(index > 1 && matches!(word, Word::Other("st" | "nd" | "rd" | "th")))
    });
    words
}

/// How long the clock time is that a text starts with, with its fraction and its zone: `10:30`, `23:30:00.000-05:00`.
fn clock_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is = |at: usize, mark: u8| bytes.get(at) == Some(&mark);
    let run = |at: usize| bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    let value = |at: usize, digits: usize| text.get(at..at + digits)?.parse::<u32>().ok();
    let hour = run(0);
    if !(1..=2).contains(&hour) || value(0, hour)? > 24 {
        return None;
    }
    let sixtieths = |at: usize| is(at, b':') && run(at + 1) == 2 && value(at + 1, 2).is_some_and(|value| value < 60);
    if !sixtieths(hour) {
        return None;
    }
    let mut end = hour + 3;
    if sixtieths(end) {
        end += 3;
        let fraction = run(end + 1);
        if is(end, b'.') && fraction > 0 {
            end += 1 + fraction;
        }
    }
    // `+01:00`, ` -0500`
    let sign = end + usize::from(is(end, b' '));
    if is(sign, b'+') || is(sign, b'-') {
        let colon = is(sign + 3, b':');
        let minutes = sign + 3 + usize::from(colon);
        let lengths = if colon { (run(sign + 1), run(minutes)) == (2, 2) } else { run(sign + 1) == 4 };
        // " -2018" is no zone.
        let hours = value(sign + 1, 2).is_some_and(|hours| hours <= 14);
        if lengths && hours && matches!(value(minutes, 2), Some(0 | 15 | 30 | 45)) {
            end = minutes + 2;
        }
    }
    Some(end)
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
                Number { value: y, digits: 4, .. },
                Number { value: m, digits: 1 | 2, .. },
                Number { value: d, digits: 1 | 2, .. },
                ..,
            ] => day(y, m, d).map(|date| (date, 3)),
            // 12 March 2019
            [Number { value: d, digits: 1 | 2, .. }, Month(m), Number { value: y, digits: 4, .. }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            [Number { value: d, digits: 1 | 2, .. }, Other("of"), Month(m), Number { value: y, digits: 4, .. }, ..] => {
                day(y, m, d).map(|date| (date, 4))
            }
            // March 12, 2019
            [Month(m), Number { value: d, digits: 1 | 2, .. }, Number { value: y, digits: 4, .. }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            // 2019 March 12
            [Number { value: y, digits: 4, .. }, Month(m), Number { value: d, digits: 1 | 2, .. }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            // 25/12/2019, 12/25/2019, 12.03.2019
            [
                Number { value: a, digits: 1 | 2, .. },
                Number { value: b, digits: 1 | 2, mark },
                Number { value: y, digits: 4, mark: second_mark },
                ..,
            ] if mark == second_mark => {
                let date = match (a, b) {
                    _ if a == b => day(y, a, b),
                    (13.., _) => day(y, b, a),
                    (_, 13..) => day(y, a, b),
                    _ if mark == Some('.') => day(y, b, a),
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
            [Month(m), Number { value: y, digits: 4, .. }, ..] | [Number { value: y, digits: 4, .. }, Month(m), ..] => {
                year(y).map(|y| (y, m))
            }
            [Number { value: y, digits: 4, .. }, Number { value: m @ 1..=12, digits: 2, .. }] if start == 0 => {
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
        check("12.03.2019", "2019-03-12");
        check("12.25.2019", "2019-12-25");
        check("2019:03:12 10:05:20", "2019-03-12");
        check("Tue Mar 12 10:05:20 2019 +0100", "2019-03-12");
        check("Tue Mar 12 10:05:20 +0100 2019", "2019-03-12");
        check("10:30 2018-05-14", "2018-05-14");
        check("10.30 2018-05-14", "2018-05-14");
        check("10:30-11:45, 14.05.2018", "2018-05-14");
        check("Mar 12 10:20 2019", "2019-03-12");
        check("2019-03 10:30", "2019-03");
        check("20190312 10:30", "2019-03-12");
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
        check("MOSCOW 10:30 2004-08-30\nThe talks failed.", "2004-08-30");
        check("The Battle of Oslo, 3 May 1945\nThe guns fell silent.", "");
        // Births.
        check("…\nBo Lind, Oslo, 4 June 1970", "");
        check("Bo Lind, 4 June 1970\nAda Roth, 5 June 1970", "");
        check("BO LIND, OSLO, 4 JUNE 1970", "");
        check("Peace\nThe guns fell silent in Oslo, 3 May 1945", "");
        check("KYIV, March 3 (Reuters) - The talks failed.", "");
        check("On 12 March 2009 the firm failed.", "");
        check("Keller was born on 12 March 1960 - a Saturday - in Oslo.", "");
        check("The election of 3 May 2015", "");
        check("One\nTwo\nThe bank will close in May.\nFour\n14 May 2018", "");
        check("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n14 May 2018", "");
        check("", "");
    }

    #[test]
    fn finds_dates_in_headers() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("From: Ada Roth\nSent: Monday, 4 March 2024 10:15\nTo: Jon Aas\nSubject: Bank\n\nHi", "2024-03-04");
        check("Ada Roth\nFrom: Ada Roth\nSent: Monday, March 4, 2024 10:15 AM\nTo: Jon Aas", "2024-03-04");
        check(
            "From: Ada Roth\nTo: Jon Aas\nCc: Bo Lind\nReply-To: Ada Roth\nSubject: Bank of 3 May 1999\n\
             Date: Mon, 4 Mar 2024 10:15:22 +0100\n\nHi",
            "2024-03-04",
        );
        check(
            "PRESS RELEASE\nNordbank ASA\nP.O. Box 12\n5003 Bergen\nContact: Ada Roth\nPhone: +47 55 12 34 56\n\
             4 March 2024\nNordbank buys Fjordkreditt\nNordbank said today that it would buy Fjordkreditt.",
            "2024-03-04",
        );
        check(
            "PRESS RELEASE\nNordbank ASA\nP.O. Box 12\n5003 Bergen\nContact: Ada Roth\nPhone: +47 55 12 34 56\n\
             Bergen, 4 March 2024 – Nordbank said today that it would buy Fjordkreditt.",
            "2024-03-04",
        );
        // A table of dates, a quoted message, and running text.
        check("Bank\nFounded\nOslo\nBergen\n4 March 2024\nSold\n5 March 2024", "");
        check("Hi Jon,\nFrom: Ada Roth\nSent: 4 March 2024\nTo: Bo Lind", "");
        check("See below\n-----Original Message-----\nFrom: Ada Roth\nSent: 4 March 2024", "");
        check("One\nTwo\nThree\nFour\nFive\nThe bank, Bergen, failed on 4 March 2024 in Oslo.", "");
    }

    #[test]
    fn finds_dates_after_places() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("Bergen, 4 March 2024\n\nDear Ada,", "2024-03-04");
        check("Rio de Janeiro, March 4, 2024", "2024-03-04");
        check("London, Monday 4 March 2024", "2024-03-04");
        check("Bank fails\nLondon, Monday 4 March 2024", "2024-03-04");
        check("Geneva, 4 March 2024 – The talks failed.", "2024-03-04");
        check("Oslo, Norway, March 4, 2024 -- The talks failed.", "2024-03-04");
        check("Oslo, March 4 (AP) — The talks failed.", "");
        check("Roth left Oslo, 4 March 2024 – a Monday – for good.", "");
        check("In Oslo, 4 March 2024 – a Monday – was cold.", "");
    }
}
