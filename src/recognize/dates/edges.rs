//! Mends the edges of date mentions: "fl. 1480" becomes "1480", and "2024" after "second quarter of" takes that in.

use super::words::full_year;
use crate::{
    document::{Document, Mention},
    schema::EntityType,
    span::ByteSpan,
};

/// Words before the years in which somebody is known to have worked.
const ACTIVITY: &[&str] = &["active", "fl", "flourished", "floruit"];

/// Words before a year that is not known for sure.
const CIRCA: &[&str] = &["c", "ca", "circa"];

/// Cuts what is no part of a date, and adds the part of a year that belongs to it.
pub(super) fn mend_edges(doc: &mut Document) {
    let Document { text, mentions, .. } = doc;
    let mut mended: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        if mention.entity_type == EntityType::Date {
            let next = rest.peek().map_or(text.len(), |next| next.span.range().start);
            let Some(span) = cut_activity(text, mention.span, next) else { continue };
            mention.span = span;
            if let Some(start) = part_start(text, span) {
                let longer = ByteSpan::new(start, span.range().end);
                // What the tagger took for a date of its own: "second quarter".
                let pieces = mended.iter().rev().take_while(|piece| longer.overlaps(piece.span)).count();
                let kept = mended.len() - pieces;
                let is_date = |piece: &Mention| piece.entity_type == EntityType::Date && longer.contains(piece.span);
                if mended.iter().skip(kept).all(is_date) {
                    mended.truncate(kept);
                    mention.span = longer;
                }
            }
        }
        mended.push(mention);
    }
    *mentions = mended;
}

/// The span without "fl." and the like at its start. Of a mention that holds nothing else it is the year behind that,
/// or nothing; `next` is where the next mention starts.
fn cut_activity(text: &str, span: ByteSpan, next: usize) -> Option<ByteSpan> {
    let words = text.get(span.range()).unwrap_or_default();
    let Some(rest) = without_activity(words) else { return Some(span) };
    if !rest.is_empty() {
        return Some(ByteSpan::new(span.range().end - rest.len(), span.range().end));
    }
    let behind = without_circa(text.get(span.range().end..next)?);
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let ends = !behind.get(digits..)?.starts_with(char::is_alphanumeric);
    let start = next - behind.len();
    (ends && (3..=4).contains(&digits)).then(|| ByteSpan::new(start, start + digits))
}

/// What follows "fl." or "active"; nothing if words do not start so.
fn without_activity(words: &str) -> Option<&str> {
    let (word, rest) = first_word(words);
    ACTIVITY.contains(&word.to_lowercase().as_str()).then(|| without_circa(rest))
}

/// Words without stops, blanks and a "c." at their start.
fn without_circa(words: &str) -> &str {
    let filler = |c: char| c.is_whitespace() || c == '.';
    let words = words.trim_start_matches(filler);
    let (word, rest) = first_word(words);
    if CIRCA.contains(&word.to_lowercase().as_str()) { rest.trim_start_matches(filler) } else { words }
}

/// The letters at the start of words, and what follows.
fn first_word(words: &str) -> (&str, &str) {
    words.split_at(words.find(|c: char| !c.is_alphabetic()).unwrap_or(words.len()))
}

/// Where "second quarter of" or "first half of the year" starts that stands before a year.
fn part_start(text: &str, span: ByteSpan) -> Option<usize> {
    full_year(text.get(span.range())?)?;
    let after = text.get(span.range().end..)?;
    // "2023/24"
    if after.strip_prefix(['/', '-', '–']).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let (mut before, mut word) = last_word(text.get(..span.range().start)?)?;
    if word == "year" {
        // Without "year", an article belongs to something else: "the second half of the 2023 season".
        let (earlier, article) = last_word(before)?;
        if article != "the" {
            return None;
        }
        (before, word) = last_word(earlier)?;
    }
    if word != "of" {
        return None;
    }
    let (before, part) = last_word(before)?;
    let (before, which) = last_word(before)?;
    let numbers: &[&str] = match part {
        "quarter" => &["first", "second", "third", "fourth"],
        "half" => &["first", "second"],
        _ => return None,
    };
    let number = which.trim_start_matches(|c: char| !c.is_alphanumeric());
    numbers.contains(&number.to_lowercase().as_str()).then(|| before.len() + which.len() - number.len())
}

/// The last word of a text that ends in a blank, and the text before it.
fn last_word(text: &str) -> Option<(&str, &str)> {
    let words = text.trim_end();
    if words.is_empty() || words.len() == text.len() {
        return None;
    }
    let blank = words.char_indices().rev().find(|(_, c)| c.is_whitespace());
    Some(words.split_at(blank.map_or(0, |(at, c)| at + c.len_utf8())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::MentionKind;

    /// A text in which brackets stand around dates and braces around places, and the mentions that it ends with.
    fn check(marked: &str, expected: &[&str]) {
        let mut doc = Document::new("d", "");
        let mut opened = 0;
        for c in marked.chars() {
            let entity_type = match c {
                '[' | '{' => {
                    opened = doc.text.len();
                    continue;
                }
                ']' => EntityType::Date,
                '}' => EntityType::Place,
                c => {
                    doc.text.push(c);
                    continue;
                }
            };
            doc.mentions.push(Mention {
                span: ByteSpan::new(opened, doc.text.len()),
                entity_type,
                kind: MentionKind::Name,
                score: 0.9,
                entity: None,
                norm: None,
                link: None,
            });
        }
        mend_edges(&mut doc);
        let found: Vec<&str> = doc.mentions.iter().map(|mention| doc.slice(mention.span)).collect();
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn years_of_activity() {
        check("Hans Orley ([fl. 1480]–[1512])", &["1480", "1512"]);
        check("Ralph Oakes ([fl. c. 1590])", &["1590"]);
        check("Ralph Oakes ([fl. c.] 1590)", &["1590"]);
        check("Jan Mostra ([active 1500–1530])", &["1500–1530"]);
        check("Adam Zell ([Fl.1610])", &["1610"]);
        check("Adam Zell ([fl.] in {Ulm}, [1610])", &["Ulm", "1610"]);
        check("in [c. 1590] and [1591]", &["c. 1590", "1591"]);
    }

    #[test]
    fn parts_of_years() {
        check("In the second quarter of [2024] it grew.", &["second quarter of 2024"]);
        check("First half of [2023]: down", &["First half of 2023"]);
        check("(third quarter of the year [2019])", &["third quarter of the year 2019"]);
        check("in the [second half] of [2019]", &["second half of 2019"]);
        check("é second\nhalf of [2019]", &["second\nhalf of 2019"]);
        for (other, date) in [
            ("in the first half of [November]", "November"),
            ("in the second half of the [2023] season", "2023"),
            ("in the second half of [2023]/24", "2023"),
            ("the fifth quarter of [2024]", "2024"),
            ("the third half of [2024]", "2024"),
            ("half of [2024]", "2024"),
            ("quarter of [2024]", "2024"),
            ("[2024]", "2024"),
        ] {
            check(other, &[date]);
        }
        check("{Ada first} quarter of [2024]", &["Ada first", "2024"]);
    }
}
