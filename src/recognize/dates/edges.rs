//! Mends the edges of date mentions: "fl. 1480" becomes "1480", "Parma 1703" a place and a date, and "2024" after "second
//! quarter of" takes that in, as "April 1801" does "2d of".

use super::{
    DateContext, MAX_MENTION, normalize,
    words::{OLD_ORDINALS, full_year, month_number, season_months, tokenize, weekday_number},
};
use crate::{
    document::{Document, Mention},
    lexicon::Lexicon,
    schema::EntityType,
    span::ByteSpan,
};

/// Words before the years in which somebody is known to have worked.
const ACTIVITY: &[&str] = &["active", "fl", "flourished", "floruit"];

/// Words before a year that is not known for sure.
const CIRCA: &[&str] = &["c", "ca", "circa"];

/// Words before the place and date of a birth or death.
const LIVES: &[&str] = &["*", "b.", "born", "d.", "died", "†"];

/// Names of times that are names of towns as well, months and seasons aside.
#[rustfmt::skip]
const TIMES: &[&str] = &[
    "ascension", "born", "christmas", "died", "early", "easter", "hilary", "independence", "late", "lent",
    "restoration", "trinity", "union", "victory",
];

/// How many bytes before a date the bracket of a life may open.
const BRACKET: usize = 80;

const DASHES: [char; 3] = ['-', '–', '—'];

/// Cuts what is no part of a date, and adds the part of a year or the day that belongs to it.
pub(super) fn mend_edges(doc: &mut Document) {
    let Document { text, mentions, .. } = doc;
    let mut mended: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        if mention.entity_type == EntityType::Date {
            let next = rest.peek().map_or(text.len(), |next| next.span.range().start);
            let Some(span) = cut_activity(text, mention.span, next) else { continue };
            mention.span = span;
            if let Some((place, date)) = cut_place(text, span) {
                let is_free = mended.last().is_none_or(|last| !last.span.overlaps(place));
                if is_free && rest.peek().is_none_or(|next| !next.span.overlaps(place)) {
                    mended.push(Mention { span: place, entity_type: EntityType::Place, ..mention.clone() });
                }
                mention.span = date;
            } else if let Some(start) = part_start(text, span).or_else(|| ordinal_start(text, span)) {
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

/// The place and the date of "Parma 1703" in "(Parma 1703 – Venice 1760)".
///
/// Only names of places that are known are cut off: "Michaelmas 1703" is a date.
fn cut_place(text: &str, span: ByteSpan) -> Option<(ByteSpan, ByteSpan)> {
    let (start, end) = (span.range().start, span.range().end);
    let words = text.get(start..end).filter(|words| words.len() <= MAX_MENTION)?;
    if !words.starts_with(char::is_uppercase) || !is_in_life(text.get(..start)?, text.get(end..)?) {
        return None;
    }
    words.match_indices(' ').find_map(|(at, _)| {
        let (name, date) = (words.get(..at)?.trim_end_matches(','), words.get(at..)?.trim_start());
        let is_date = date.starts_with(|c: char| c.is_ascii_digit())
            || month_number(&first_word(date).0.to_lowercase()).is_some();
        let is_cut = is_date && is_place(name) && normalize(date, &DateContext::default()).is_some();
        is_cut.then(|| (ByteSpan::new(start, start + name.len()), ByteSpan::new(end - date.len(), end)))
    })
}

/// Whether a bracket holds a place and date by the words before and after: "(Parma 1703 –", "– Venice 1760)".
fn is_in_life(before: &str, after: &str) -> bool {
    let near = before.get(before.ceil_char_boundary(before.len().saturating_sub(BRACKET))..).unwrap_or_default();
    let start = near.trim_end();
    let last = start.split_whitespace().next_back().unwrap_or_default().trim_start_matches('(');
    let opens = start.ends_with(['(', '*', '†']) || start.ends_with(DASHES) || LIVES.contains(&last);
    let after = after.trim_start_matches(' ');
    near.rfind('(') > near.rfind(')') && opens && (after.starts_with(DASHES) || after.starts_with([')', ',', ';']))
}

/// Whether a name is that of a known place and of nothing in the calendar.
fn is_place(name: &str) -> bool {
    let is_time = |word: &String| {
        month_number(word).is_some()
            || weekday_number(word).is_some()
            || season_months(word).is_some()
            || TIMES.contains(&word.as_str())
    };
    let lexicon = Lexicon::embedded();
    !tokenize(name).iter().any(is_time)
        && (lexicon.cities(name).next().is_some() || lexicon.territory_by_name(name).is_some())
}

/// Where "2d of" starts before "April 1801", or "23d March," before "1801".
fn ordinal_start(text: &str, span: ByteSpan) -> Option<usize> {
    let words = text.get(span.range())?;
    let mut before = text.get(..span.range().start)?;
    if full_year(words).is_some() {
        let (earlier, month) = last_word(before)?;
        month_number(&month.trim_end_matches([',', '.']).to_lowercase())?;
        before = earlier;
    } else {
        month_number(&first_word(words).0.to_lowercase())?;
    }
    let (earlier, word) = last_word(before)?;
    let (earlier, day) = if word == "of" { last_word(earlier)? } else { (earlier, word) };
    let number = day.trim_start_matches(|c: char| !c.is_alphanumeric());
    OLD_ORDINALS.contains(&number).then(|| earlier.len() + day.len() - number.len())
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
    fn places_before_dates() {
        check("Pietro Rossi ([Parma 1703] – [Venice 1760])", &["Parma", "1703", "Venice", "1760"]);
        check("Hans Moll ([Basel 1497]–London 1543)", &["Basel", "1497"]);
        check("Ada Roth (born [1703], died [Ulm 3 May 1760]) was", &["1703", "Ulm", "3 May 1760"]);
        check("Ada Roth (d. [Rio de Janeiro, May 1760])", &["Rio de Janeiro", "May 1760"]);
        check("Ada Roth (d. [Rio de Janeiro 3 May 1760])", &["Rio de Janeiro", "3 May 1760"]);
        check("Ada Roth (*[Passau 1651], †[Vienna 1723])", &["Passau", "1651", "Vienna", "1723"]);
        for (other, date) in [
            // No bracket, not at its start, not to its end.
            ("in [Parma 1703] – or Venice", "Parma 1703"),
            ("(the peace of [Parma 1703])", "Parma 1703"),
            ("(see) [Parma 1703]) and", "Parma 1703"),
            ("([Parma 1703] edition)", "Parma 1703"),
            // Parts of the calendar, and what no list of places has.
            ("([March 1703] – May 1704)", "March 1703"),
            ("([Spring 1703] – May 1704)", "Spring 1703"),
            ("([Easter 1703] – May 1704)", "Easter 1703"),
            ("([Trinity 1703] – May 1704)", "Trinity 1703"),
            ("([Michaelmas 1703] – May 1704)", "Michaelmas 1703"),
            ("([Early 1703] – May 1704)", "Early 1703"),
            ("([Parma Hall])", "Parma Hall"),
            ("([Parma])", "Parma"),
        ] {
            check(other, &[date]);
        }
    }

    #[test]
    fn days_of_older_texts() {
        check("on the 2d of [April 1801] at", &["2d of April 1801"]);
        check("(3d [May], 1799)", &["3d May"]);
        check("the [3d] of [May]", &["3d of May"]);
        check("the 23d March, [1801]", &["23d March, 1801"]);
        check("[Monday], the 22d of [February, 1847]", &["Monday", "22d of February, 1847"]);
        for (other, date) in [
            ("the 4th of [May]", "May"),
            ("the 12d of [May]", "May"),
            ("in 3D [May 2010]", "May 2010"),
            ("the 2d of the [May] days", "May"),
            ("Company 2d, [May 1863]", "May 1863"),
            ("the 2d regiment, [1863]", "1863"),
            ("the 2d of [1863]", "1863"),
            ("[May 1863]", "May 1863"),
        ] {
            check(other, &[date]);
        }
        check("{Ada 2d} of [May]", &["Ada 2d", "May"]);
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
