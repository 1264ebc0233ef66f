//! Numbers that look like dates to the tagger and are none: those of documents, hours and rooms.

/// How many bytes before a mention are looked at.
const REACH: usize = 32;

/// Words before the number of a document.
#[rustfmt::skip]
const LABELS: &[&str] = &["no", "nos", "nr", "num", "number", "numbers", "n°", "nº", "ref", "reference", "№"];

/// Words after a clock time.
#[rustfmt::skip]
const CLOCKS: &[&str] = &[
    "am", "bst", "cest", "cet", "edt", "est", "et", "gmt", "h", "hours", "hrs", "local time", "o'clock", "pm", "utc",
];

/// Words before an early year: "in 793".
const ERAS: &[&str] = &["ad", "by", "in", "since", "year"];

/// Whether the words of a date mention are no date; `before` is the text before them.
pub(super) fn is_no_date(words: &str, before: &str) -> bool {
    let words = words.trim();
    is_clock(words)
        || is_long_number(words)
        || is_short_number(words) && !names_year(before)
        || is_serial(words, before)
}

/// "411": a number of three digits, which no year is written with but by historians.
fn is_short_number(words: &str) -> bool {
    words.len() == 3 && words.bytes().all(|byte| byte.is_ascii_digit())
}

/// "20549": a number of five digits, as the codes of the post are.
fn is_long_number(words: &str) -> bool {
    words.len() == 5 && words.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether words end in one that stands before a year.
pub(super) fn names_year(before: &str) -> bool {
    before.split_whitespace().next_back().is_some_and(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric()).replace('.', "").to_lowercase();
        ERAS.contains(&word.as_str())
    })
}

/// "22:15", "10.30 pm", "10am".
fn is_clock(words: &str) -> bool {
    let end = words.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(words.len());
    let (digits, zone) = words.split_at(end);
    let zone = zone.trim().to_lowercase().replace('.', "").replace('’', "'");
    let named = CLOCKS.contains(&zone.as_str());
    let mut parts = digits.split([':', '.']);
    let number = |part: Option<&str>, sizes: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| sizes.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !number(parts.next(), 1..=2) {
        return false;
    }
    let rest: Vec<&str> = parts.collect();
    match rest.as_slice() {
        [] => named,
        // "5.15" alone may be anything.
        [_] | [_, _] => {
            let hour = named || zone.is_empty() && digits.contains(':');
            hour && rest.iter().all(|part| number(Some(*part), 2..=2))
        }
        _ => false,
    }
}

/// "117/2021" after "No.", or its "2021" where the mention holds no more.
fn is_serial(words: &str, before: &str) -> bool {
    let start = (before.len().saturating_sub(REACH)..before.len()).find(|at| before.is_char_boundary(*at));
    let before = before.get(start.unwrap_or(before.len())..).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '–');
    let label = before.trim_end_matches(is_part);
    let first = before.get(label.len()..).unwrap_or_default();
    let number = format!("{first}{words}");
    // Three parts are a date: "ref. 11/03/1968".
    if !number.chars().all(is_part) || number.matches(['/', '-', '–']).count() != 1 {
        return false;
    }
    let label = label.split_whitespace().next_back().unwrap_or_default();
    // "There was no 2016-17 season."
    if label == "no" {
        return false;
    }
    let label = label.to_lowercase();
    LABELS.contains(&label.trim_matches(['.', ':', '(', '[', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_dates() {
        for (before, words, expected) in [
            ("BULLETIN NO. ", "117/2021", true),
            ("Communiqué no. ", "14/2018", true),
            ("The law, No ", "44/2012", true),
            ("Decree № ", "12/2009", true),
            ("Decree №", "12/2009", true),
            ("Ref: ", "411-2019", true),
            ("Invoice nr 11/", "2018", true),
            ("Invoice nr 11/", "2018 and", false),
            ("in ", "11/2018", false),
            ("Ref. ", "11/03/1968", false),
            ("There were no ", "2018", false),
            ("There was no ", "2016-17", false),
            ("é", "2018", false),
            ("", "411", true),
            ("", "1411", false),
            ("", "AD 411", false),
            ("room ", "411", true),
            ("Washington, D.C. ", "20549", true),
            ("in ", "20549", true),
            ("", "19950829", false),
            ("", "2019", false),
            ("", "1.5.2019", false),
            ("", "5 May 2019", false),
            ("", "2019s", false),
            ("In ", "793", false),
            ("(since ", "793", false),
            ("By ", "793", false),
            ("the year ", "793", false),
            ("A.D. ", "793", false),
            ("At ", "22:15", true),
            ("At ", "22:15:30 GMT", true),
            ("At ", "10.30 p.m.", true),
            ("At ", "10am", true),
            ("", "10.30", false),
            ("", "10", false),
            ("", "29.08.1995", false),
            ("", "22:15 on Friday", false),
            ("", ":", false),
            ("", "", false),
        ] {
            assert_eq!(is_no_date(words, before), expected, "{before}_{words}");
        }
    }
}
