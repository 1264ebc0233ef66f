//! Which time a text tells of: "in September" after "In 1914 he enlisted" is that of 1914, and not the last one before
//! the document was written.
//!
//! Most texts that name an old year do so in passing ("founded in 1914, said in September"). So a date goes on from an
//! old one only in the same paragraph, if no other date stands in between, its verb is in the past and it moves the
//! time on ("In September"), and if nothing near counts from the day of the document.

use std::{cell::OnceCell, ops::Range};

use super::{
    DateContext, OLD,
    calendar::{Period, Point, day_distance},
    feasts::feast,
    tense::{Tense, guess_tense},
    words::{day_number, has_year, month_number, season_months, tokenize, weekday_number},
};
use crate::{document::Document, span::ByteSpan};

/// Which time the words around a date tell of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Narration<'a> {
    /// That of the document.
    #[default]
    Document,
    /// That of a date before, given in its normal form: "in May" lies in its year.
    Past(&'a str),
    /// One long past, of which the year is not clear.
    Unclear,
}

/// How many sentences after a date may go on from it.
const REACH: usize = 5;

/// How many days before an entry a date lies at most if no month comes twice between them.
const ONE_YEAR: i64 = 366;

/// From how many years before the document on a text that names no other day tells of that time.
const LONG_AGO: i16 = 10;

/// How many bytes before and after a date are looked at.
const NEAR: usize = 240;

/// A year with every feast in it.
const LEAP_YEAR: i16 = 2000;

/// What a date without a year names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Weekday,
    /// A day of a month.
    Day,
    /// A month, a season or a feast.
    Other,
}

impl Part {
    fn of(words: &str) -> Option<Self> {
        let tokens = tokenize(words);
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        if has_year(&tokens) {
            return None;
        }
        let month = tokens.iter().any(|token| month_number(token).is_some());
        if month && tokens.iter().any(|token| day_number(token).is_some()) {
            return Some(Self::Day);
        }
        let season = tokens.iter().any(|token| season_months(token).is_some());
        if month || season || feast(&tokens, LEAP_YEAR, false).is_some() {
            return Some(Self::Other);
        }
        tokens.iter().any(|token| weekday_number(token).is_some()).then_some(Self::Weekday)
    }
}

/// The date that a text has named last.
#[derive(Debug)]
struct Named {
    norm: String,
    year: i16,
    /// Index of its sentence.
    sentence: usize,
    /// Where it ends.
    end: usize,
    /// Whether it names more than a year.
    is_fine: bool,
    /// Whether it took its year from a date before.
    is_told: bool,
    /// Whether it opens its clause.
    opens: bool,
    /// Whether what follows may go on from it.
    leads: bool,
    /// Whether a date after it could not be placed.
    is_lost: bool,
}

/// Follows a document from date to date.
pub(super) struct Story<'a> {
    doc: &'a Document,
    /// Found when first asked for, since most documents need none.
    signs: OnceCell<Signs>,
    last: Option<Named>,
}

impl<'a> Story<'a> {
    pub(super) fn new(doc: &'a Document) -> Self {
        Self { doc, signs: OnceCell::new(), last: None }
    }

    /// Which time the words around a date tell of; a document without sentences or date tells of none but its own.
    pub(super) fn at(&self, span: ByteSpan, context: &DateContext<'_>) -> Narration<'_> {
        match self.told_from(span, context) {
            Some(last) if last.is_lost => Narration::Unclear,
            Some(last) => Narration::Past(&last.norm),
            None => Narration::Document,
        }
    }

    /// Which time the words around a date in an entry or letter tell of, of whose day `context` knows.
    ///
    /// What follows an older year in its paragraph may be of that year, so it is of the entry's only if it is to come.
    pub(super) fn in_entry(&self, span: ByteSpan, context: &DateContext<'_>) -> Narration<'_> {
        match self.at(span, context) {
            Narration::Document if self.is_unclear(span, context) => Narration::Unclear,
            narration => narration,
        }
    }

    /// Whether the last date of the same paragraph is so much older than an entry that a date may be of either time.
    fn is_unclear(&self, span: ByteSpan, context: &DateContext<'_>) -> bool {
        self.older(span, context).is_some() && guess_tense(context.before, context.after) != Some(Tense::Future)
    }

    /// The last date of the same paragraph if it is of a year before the entry's.
    fn older(&self, span: ByteSpan, context: &DateContext<'_>) -> Option<&Named> {
        let day = Point::parse(context.document_date?)?;
        let last = self.last.as_ref().filter(|last| last.year < day.year())?;
        let index = self.doc.sentence_at(span.start)?;
        let (from, to) = (self.doc.sentences.get(last.sentence)?, self.doc.sentences.get(index)?);
        // "born in 1880. He died on Tuesday"
        let is_of_now = !last.leads && Part::of(self.doc.slice(span)) == Some(Part::Weekday);
        let start = Period::parse(&last.norm)?.start.first_day()?;
        let is_near = last.is_fine && day_distance(start, day.first_day()?) <= ONE_YEAR;
        (from.paragraph == to.paragraph && !is_of_now && !is_near).then_some(last)
    }

    /// The date before that a date goes on from.
    fn told_from(&self, span: ByteSpan, context: &DateContext<'_>) -> Option<&Named> {
        let last = self.last.as_ref().filter(|last| last.leads)?;
        let age = Point::parse(context.document_date?)?.year().saturating_sub(last.year);
        if age < OLD {
            return None;
        }
        let part = Part::of(self.doc.slice(span))?;
        let index = self.doc.sentence_at(span.start)?;
        let (from, to) = (self.doc.sentences.get(last.sentence)?, self.doc.sentences.get(index)?);
        let is_same = index == last.sentence;
        if from.paragraph != to.paragraph || index.saturating_sub(last.sentence) > REACH {
            return None;
        }
        let is_fine = last.is_fine || last.is_told;
        let moves_on = match part {
            Part::Weekday => last.is_told && age >= LONG_AGO,
            _ if last.is_told => true,
            Part::Day if is_fine && !is_same => true,
            _ => opens_clause(context.before) || is_fine && is_same && self.is_joined(last.end, span),
        };
        // "became rector in 2007. In October she" is of this year or that, unless that was long ago.
        let is_told = moves_on && (is_fine || last.opens || age >= LONG_AGO);
        if !is_told || guess_tense(context.before, context.after) != Some(Tense::Past) {
            return None;
        }
        let paragraph = self.doc.paragraphs.get(usize::try_from(to.paragraph).ok()?)?.range();
        let signs = self.signs.get_or_init(|| Signs::find(&self.doc.text));
        let before = paragraph.start..span.range().start;
        let after = span.range().end..paragraph.end;
        let outside = [0..paragraph.start, paragraph.end..self.doc.text.len()];
        let weekdays = if age >= LONG_AGO {
            // Those that follow belong to the story.
            holds(&signs.weekdays, &(paragraph.start..last.end))
        } else {
            holds(&signs.weekdays, &before) || holds(&signs.weekdays, &after)
        };
        let days = holds(&signs.days, &before) || holds(&signs.days, &after);
        let present = holds(&signs.present, &(from.span.range().start..to.span.range().end));
        let elsewhere =
            !is_fine && outside.iter().any(|range| holds(&signs.weekdays, range) || holds(&signs.days, range));
        let is_now = weekdays || days || present || elsewhere;
        (!is_now).then_some(last)
    }

    /// "arrested on 3 May 1942 and shot on 20 May"
    fn is_joined(&self, last_end: usize, span: ByteSpan) -> bool {
        let between = self.doc.text.get(last_end..span.range().start).unwrap_or_default();
        between.contains(" and ") && !between.contains(',')
    }

    /// Takes note of a date that has been read, and of whether it took its year from a date before.
    pub(super) fn note(&mut self, span: ByteSpan, before: &str, after: &str, norm: Option<&str>, is_told: bool) {
        let Some((norm, period)) = norm.and_then(|norm| Some((norm, Period::parse(norm)?))) else {
            // A weekday that is not placed keeps the story going.
            if is_told
                && Part::of(self.doc.slice(span)) != Some(Part::Weekday)
                && let Some(last) = &mut self.last
            {
                last.is_lost = true;
            }
            return;
        };
        let Some(sentence) = self.doc.sentence_at(span.start) else { return };
        let near = before.get(before.ceil_char_boundary(before.len().saturating_sub(NEAR))..).unwrap_or_default();
        // "Dorn (born 1890)"
        if near.rfind('(') > near.rfind(')') {
            return;
        }
        let is_fine = matches!(period.end, Point::Month(..) | Point::Day(_));
        let is_year = matches!(period.end, Point::Year(_)) && period.start == period.end;
        let next = after.get(..after.floor_char_boundary(NEAR)).unwrap_or_default();
        self.last = Some(Named {
            norm: norm.to_owned(),
            year: period.end.year(),
            sentence,
            end: span.range().end,
            is_fine,
            is_told,
            opens: opens_clause(before),
            leads: (is_fine || is_year) && !reaches_on(near) && !is_origin(near, next),
            is_lost: false,
        });
    }
}

/// Words between the start of a clause and its date.
#[rustfmt::skip]
const LEADING: &[&str] = &[
    "about", "around", "at", "by", "during", "early", "evening", "from", "in", "late", "morning", "night", "of", "on",
    "the",
];

/// Words that join a clause to the one before.
const JOINING: &[&str] = &["and", "but", "then", "when", "where", "while"];

/// Whether a date opens its clause, as it does where a story moves on: "In May", "; in May", ", and in May".
fn opens_clause(before: &str) -> bool {
    let is = |word: &str, list: &[&str]| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        list.contains(&word.as_str())
    };
    let words = before.split_whitespace().rev().filter(|word| word.contains(char::is_alphanumeric));
    let mut words = words.skip_while(|word| is(word, LEADING)).peekable();
    let mut joined = false;
    while words.next_if(|word| is(word, JOINING)).is_some() {
        joined = true;
    }
    words.next().is_none_or(|word| word.ends_with([';', ':']) || joined && word.ends_with(','))
}

/// Whether a date is the start or the end of a time that goes on elsewhere: "since 1914".
fn reaches_on(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    matches!(last.as_str(), "since" | "till" | "until")
}

/// Words for a birth.
const BIRTHS: &[&str] = &["b", "baptised", "baptized", "born", "christened"];

/// Participles for the founding of something.
const FOUNDINGS: &[&str] = &["built", "created", "established", "formed", "founded", "opened"];

/// Whether a date is that of a birth or a founding, which texts of any time tell in passing.
fn is_origin(before: &str, after: &str) -> bool {
    let before = before.rsplit(';').next().unwrap_or_default();
    let after = after.split([';', '(']).next().unwrap_or_default();
    let words: Vec<String> = before
        .split_whitespace()
        .chain(after.split_whitespace())
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let is_founding = |word: &String| FOUNDINGS.contains(&word.as_str());
    words.iter().any(|word| BIRTHS.contains(&word.as_str()))
        || words.windows(2).any(|pair| match pair {
            // "was founded", "founded by", but not "he founded a paper"
            [first, second] => {
                matches!(first.as_str(), "been" | "was" | "were") && is_founding(second)
                    || is_founding(first) && matches!(second.as_str(), "as" | "at" | "by" | "in" | "on")
            }
            _ => false,
        })
}

/// Words that count from the day of the document or tell of it, by where they stand.
#[derive(Debug, Default)]
struct Signs {
    /// "Monday" without a date beside it.
    weekdays: Vec<usize>,
    /// "yesterday", "last week".
    days: Vec<usize>,
    /// "says", "has".
    present: Vec<usize>,
}

/// Words that count from the day of the document.
const DAYS: &[&str] = &["ago", "tomorrow", "tonight", "yesterday"];

/// Words before a unit that make it count from the day of the document.
const POINTING: &[&str] = &["last", "next", "past", "this"];

/// Units after them.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "afternoon", "evening", "month", "morning", "night", "season", "week", "weekend", "year",
];

/// Verbs in the present, and two words that go with them.
const PRESENT: &[&str] = &["am", "are", "does", "has", "have", "is", "now", "say", "says", "today", "will"];

/// Words after which "have" tells of the past as well.
const MODALS: &[&str] = &["could", "may", "might", "must", "should", "to", "would"];

/// Words before a weekday that is a feast or a day with a name: "Good Friday".
const NAMED_DAYS: &[&str] = &["ash", "black", "bloody", "easter", "good", "holy", "maundy", "palm", "shrove", "whit"];

impl Signs {
    fn find(text: &str) -> Self {
        let mark = |c: char| !c.is_alphanumeric();
        let mut words: Vec<(usize, &str, String)> = Vec::new();
        let mut start = 0;
        for piece in text.split_inclusive(char::is_whitespace) {
            let inner = piece.trim_start_matches(mark);
            // "Monday's"
            let word = inner.trim_end_matches(mark).split(['\'', '’']).next().unwrap_or_default();
            if !word.is_empty() {
                words.push((start + piece.len() - inner.len(), word, word.to_lowercase()));
            }
            start += piece.len();
        }
        let lower = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", |(.., lower)| lower.as_str());
        let mut signs = Self::default();
        for (at, (offset, word, name)) in words.iter().enumerate() {
            let (previous, next) = (lower(at.checked_sub(1)), lower(Some(at + 1)));
            let name = name.as_str();
            if is_weekday(name) {
                let dated = next.starts_with(|c: char| c.is_ascii_digit()) || month_number(next).is_some();
                if !dated && !NAMED_DAYS.contains(&previous) {
                    signs.weekdays.push(*offset);
                }
            } else if DAYS.contains(&name) || POINTING.contains(&name) && previous != "the" && is_unit(next) {
                signs.days.push(*offset);
            } else if PRESENT.contains(&name) {
                // "Will Aas", and "would have been"
                let is_name = name == "will" && word.starts_with(char::is_uppercase);
                let is_modal = name == "have" && MODALS.contains(&previous);
                if !(is_name || is_modal) {
                    signs.present.push(*offset);
                }
            }
        }
        signs
    }
}

/// Whether a word in lower case is the full name of a weekday; "sun" and "sat" are words, too.
fn is_weekday(word: &str) -> bool {
    word.ends_with("day") && weekday_number(word).is_some()
}

fn is_unit(word: &str) -> bool {
    UNITS.contains(&word) || is_weekday(word) || month_number(word).is_some() || season_months(word).is_some()
}

/// Whether one of the offsets, which are in order, lies in a range.
fn holds(offsets: &[usize], range: &Range<usize>) -> bool {
    let first = offsets.partition_point(|offset| *offset < range.start);
    offsets.get(first).is_some_and(|offset| *offset < range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_open_their_clause() {
        for (before, expected) in [
            ("", true),
            ("In ", true),
            ("“In the night of ", true),
            ("In 1956 he was arrested; in ", true),
            ("He fled, and on ", true),
            ("He sailed to York, where on ", true),
            ("He was arrested in ", false),
            ("The chair, who in ", false),
            ("He was arrested and in ", false),
            ("Arrested, on ", false),
        ] {
            assert_eq!(opens_clause(before), expected, "{before}");
        }
    }

    #[test]
    fn births_and_foundings() {
        for (before, after, expected) in [
            ("Paul Dorn was born in Leeds in ", ".", true),
            ("Nordal, founded in ", ", failed", true),
            ("Nordal was founded by Bo Aas in ", ".", true),
            ("In ", " Nordal was founded.", true),
            ("In ", " Bo Aas founded a paper.", false),
            ("Bo was born in Oslo; in ", " he left", false),
            ("In ", " Bo Aas (born in Oslo) left", false),
            ("In ", " he enlisted", false),
        ] {
            assert_eq!(is_origin(before, after), expected, "{before}_{after}");
        }
    }

    #[test]
    fn signs_of_the_present() {
        let check = |text: &str, expected: [&[&str]; 3]| {
            let signs = Signs::find(text);
            for (offsets, expected) in [&signs.weekdays, &signs.days, &signs.present].into_iter().zip(expected) {
                let found: Vec<&str> = offsets
                    .iter()
                    .map(|offset| text[*offset..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())
                    .collect();
                assert_eq!(found, expected, "{text}");
            }
        };
        check("“Monday’s vote,” he says, was last week.", [&["Monday"], &["last"], &["says"]]);
        check("On Monday, 12 October he sat in the sun on Good Friday.", [&[], &[], &[]]);
        check("The next year Will Aas would have left.", [&[], &[], &[]]);
        check("It has gone, and that was years ago.", [&[], &["ago"], &["has"]]);
    }
}
