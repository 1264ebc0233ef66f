//! Turns the words of a date mention into its normal form: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `199X`, or two joined by `/`.
//!
//! "last Friday" means nothing by itself, so [`normalize`] takes a [`DateContext`]: when the document was written, the
//! words around the mention and the dates that went before.
//! It knows the conventions of news: "on Tuesday" is the latest Tuesday unless the sentence looks ahead, weeks run from
//! Monday to Sunday, and a month without a year is the nearest one that fits the tense.
//! What cannot be placed on a calendar (a duration, a clock time, "in March" without a document date) gives nothing:
//! a missing date does less harm than a wrong one.

use std::fmt;

use jiff::{Span, civil::Date};

use crate::{document::Document, schema::EntityType, span::ByteSpan};

/// What is known about a date mention besides its own words.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateContext<'a> {
    /// Date of the document as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub document_date: Option<&'a str>,
    /// Words of the same sentence before the mention.
    pub before: &'a str,
    /// Words of the same sentence after the mention.
    pub after: &'a str,
    /// Tense of what happened then; nothing lets [`guess_tense`] read it from the words around.
    pub tense: Option<Tense>,
    /// Normal forms of the dates earlier in the document, in order; "the following day" counts from the last one.
    pub earlier: &'a [String],
    /// Whether `03/04/2019` is the third of April; nothing leaves such a date open unless the document date decides.
    pub day_first: Option<bool>,
}

/// Where an event lies, seen from the day the document was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// It has happened.
    Past,
    /// It is still to come.
    Future,
}

/// Longest mention that is looked at, in bytes; longer ones are not dates.
const MAX_MENTION: usize = 120;

/// How far, in words, the tense of a verb reaches.
const TENSE_REACH: usize = 24;

/// A day and month without year and without a tense to go by is taken for a coming one up to this many days ahead.
const NEAR_DAYS: i64 = 100;

/// The normal form of a date mention, or nothing if it cannot be worked out.
#[must_use]
pub fn normalize(words: &str, context: &DateContext<'_>) -> Option<String> {
    if words.len() > MAX_MENTION {
        return None;
    }
    let tokens = tokenize(words);
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let reader = Reader::new(context);
    let period = reader.period(&tokens, DEPTH)?;
    period.valid().then(|| period.to_string())
}

/// Sets the normal form of every date mention of a document.
pub fn normalize_dates(doc: &mut Document) {
    let document_date = doc.date.clone();
    let mut earlier: Vec<String> = Vec::new();
    for index in 0..doc.mentions.len() {
        let Some(mention) = doc.mentions.get(index) else { continue };
        if mention.entity_type != EntityType::Date {
            continue;
        }
        let span = mention.span;
        let sentence = doc.sentence_at(span.start).and_then(|sentence| doc.sentences.get(sentence));
        let (before, after) = surroundings(&doc.text, span, sentence.map(|sentence| sentence.span));
        let context = DateContext {
            document_date: document_date.as_deref(),
            before,
            after,
            tense: None,
            earlier: &earlier,
            day_first: None,
        };
        let norm = normalize(doc.slice(span), &context);
        earlier.extend(norm.clone());
        if let Some(mention) = doc.mentions.get_mut(index) {
            mention.norm = norm;
        }
    }
}

/// The words of a sentence before and after a span; without a sentence, those of its line up to a full stop.
fn surroundings(text: &str, span: ByteSpan, sentence: Option<ByteSpan>) -> (&str, &str) {
    let (start, end) = (span.start as usize, span.end as usize);
    if let Some(sentence) = sentence.filter(|sentence| sentence.contains(span)) {
        return (
            text.get(sentence.start as usize..start).unwrap_or_default(),
            text.get(end..sentence.end as usize).unwrap_or_default(),
        );
    }
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let before = line.rsplit(". ").next().unwrap_or_default();
    let line = after.split('\n').next().unwrap_or_default();
    (before, line.split(". ").next().unwrap_or_default())
}

/// Guesses from the words around a date whether it lies behind or ahead; nothing if they do not tell.
///
/// The nearest telling word before the mention decides, else the nearest one after it.
#[must_use]
pub fn guess_tense(before: &str, after: &str) -> Option<Tense> {
    // Only the end of `before` and the start of `after` count, so the work stays small on sentences of any length.
    let mut near: Vec<&str> = before.split_whitespace().rev().take(TENSE_REACH).collect();
    near.reverse();
    let far: Vec<&str> = after.split_whitespace().take(TENSE_REACH).collect();
    let clean = |words: Vec<&str>| -> Vec<String> {
        words
            .into_iter()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'"))
            .collect()
    };
    let ends_clause: Vec<bool> = near.iter().map(|word| word.ends_with([';', '?', '!'])).collect();
    let near = clean(near);
    for at in (0..near.len()).rev() {
        if ends_clause.get(at) == Some(&true) {
            break;
        }
        if let Some(tense) = telling(&near, at) {
            return Some(tense);
        }
    }
    let stop = far.iter().position(|word| word.ends_with([';', '?', '!', '.'])).map_or(far.len(), |at| at + 1);
    let far = clean(far.into_iter().take(stop).collect());
    (0..far.len()).find_map(|at| telling(&far, at))
}

/// The tense that the word at `at` tells, if any.
fn telling(words: &[String], at: usize) -> Option<Tense> {
    let word = words.get(at)?.as_str();
    let previous = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
    let next = words.get(at + 1).map_or("", String::as_str);
    match word {
        "will" | "shall" | "won't" | "due" | "scheduled" | "planned" | "expected" | "would" | "may" | "must"
        | "can" | "plans" | "intends" | "hopes" | "wants" | "promises" | "vows" | "should" | "upcoming" | "coming"
        | "slated" | "effective" | "adjourned" | "postponed" => Some(Tense::Future),
        "set" if matches!(next, "for" | "to") => Some(Tense::Future),
        "to" if matches!(previous, "is" | "are" | "am" | "be" | "agreed" | "intend" | "plan" | "hope" | "going") => {
            Some(Tense::Future)
        }
        "to" if next == "be" => Some(Tense::Future),
        _ if word.ends_with("'ll") => Some(Tense::Future),
        _ if COMING.contains(&word) => Some(Tense::Future),
        "set" => None,
        _ if PAST.contains(&word) => Some(Tense::Past),
        _ if word.len() > 4 && word.ends_with("ed") && !matches!(word, "indeed" | "united" | "hundred") => {
            Some(Tense::Past)
        }
        _ => None,
    }
}

/// Verbs in the present that, beside a date, speak of what is on the calendar.
const COMING: &[&str] = &[
    "arrives",
    "becomes",
    "begins",
    "closes",
    "continues",
    "convenes",
    "decides",
    "ends",
    "expires",
    "faces",
    "flies",
    "hosts",
    "joins",
    "leaves",
    "marries",
    "meet",
    "meets",
    "merge",
    "opens",
    "performs",
    "plays",
    "resume",
    "resumes",
    "retires",
    "return",
    "returns",
    "runs",
    "sits",
    "starts",
    "takes",
    "travels",
    "visits",
    "vote",
    "votes",
    "goes",
];

/// Verbs in the past that do not end in `-ed`.
const PAST: &[&str] = &[
    "ago", "ate", "became", "began", "bought", "broke", "brought", "built", "burst", "came", "caught", "chose", "cut",
    "did", "died", "drew", "drove", "fell", "fought", "found", "fled", "flew", "gave", "got", "grew", "had", "has",
    "have", "heard", "held", "hit", "kept", "killed", "knew", "laid", "last", "led", "left", "lost", "made", "met",
    "paid", "ran", "rose", "said", "sang", "sat", "saw", "sent", "shook", "shot", "since", "sold", "spent", "spoke",
    "stood", "stole", "struck", "swore", "swept", "taught", "thought", "threw", "told", "took", "was", "went", "were",
    "woke", "won", "wore", "wrote",
];

/// How many parts may be nested in one another ("end of the week of 3 May").
const DEPTH: usize = 6;

/// A position on the calendar, as exact as the words make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    /// Ten years; 199 stands for the 1990s.
    Decade(i16),
    Year(i16),
    Month(i16, i8),
    Day(Date),
}

impl Point {
    fn parse(norm: &str) -> Option<Self> {
        if let Some(decade) = norm.strip_suffix('X') {
            return Some(Self::Decade(decade.parse().ok()?));
        }
        let mut parts = norm.split('-');
        let year: i16 = parts.next()?.parse().ok()?;
        let point = match (parts.next(), parts.next()) {
            (None, _) => Self::Year(year),
            (Some(month), None) => Self::month(year, month.parse().ok()?)?,
            (Some(month), Some(day)) => Self::day(year, month.parse().ok()?, day.parse().ok()?)?,
        };
        parts.next().is_none().then_some(point)
    }

    fn month(year: i16, month: i8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self::Month(year, month))
    }

    fn day(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::Day)
    }

    fn year(self) -> i16 {
        match self {
            Self::Decade(decade) => decade.saturating_mul(10),
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(date) => date.year(),
        }
    }

    fn first_day(self) -> Option<Date> {
        match self {
            Self::Decade(_) | Self::Year(_) => Date::new(self.year(), 1, 1).ok(),
            Self::Month(year, month) => Date::new(year, month, 1).ok(),
            Self::Day(date) => Some(date),
        }
    }

    fn last_day(self) -> Option<Date> {
        match self {
            Self::Decade(_) => Date::new(self.year().checked_add(9)?, 12, 31).ok(),
            Self::Year(year) => Date::new(year, 12, 31).ok(),
            Self::Month(year, month) => Some(Date::new(year, month, 1).ok()?.last_of_month()),
            Self::Day(date) => Some(date),
        }
    }

    /// The month and its year, if known.
    fn year_month(self) -> Option<(i16, i8)> {
        match self {
            Self::Month(year, month) => Some((year, month)),
            Self::Day(date) => Some((date.year(), date.month())),
            Self::Decade(_) | Self::Year(_) => None,
        }
    }

    fn exact_day(self) -> Option<Date> {
        if let Self::Day(date) = self { Some(date) } else { None }
    }

    /// `count` units on; a result is never more exact than the unit or than the point itself.
    fn shift(self, count: i32, unit: Unit) -> Option<Self> {
        match unit {
            Unit::Day | Unit::Week => {
                let days = i64::from(count).checked_mul(if unit == Unit::Week { 7 } else { 1 })?;
                Some(Self::Day(add_days(self.exact_day()?, days)?))
            }
            Unit::Month => {
                let (year, month) = self.year_month()?;
                let months = (i32::from(year) * 12 + i32::from(month) - 1).checked_add(count)?;
                Self::month(i16::try_from(months.div_euclid(12)).ok()?, i8::try_from(months.rem_euclid(12) + 1).ok()?)
            }
            Unit::Year => Some(Self::Year(i16::try_from(i32::from(self.year()).checked_add(count)?).ok()?)),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decade(decade) => write!(f, "{decade:03}X"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
        }
    }
}

/// A point, or a range between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Period {
    start: Point,
    end: Point,
}

impl Period {
    fn parse(norm: &str) -> Option<Self> {
        match norm.split_once('/') {
            Some((start, end)) => Some(Self { start: Point::parse(start)?, end: Point::parse(end)? }),
            None => Point::parse(norm).map(Self::from),
        }
    }

    /// A range in the right order; decades in it become their first and last year, as the format has no `197X/199X`.
    fn range(start: Self, end: Self) -> Option<Self> {
        let start = match start.start {
            Point::Decade(_) => Point::Year(start.start.year()),
            point => point,
        };
        let end = match end.end {
            Point::Decade(_) => Point::Year(end.end.year().checked_add(9)?),
            point => point,
        };
        (start.first_day()? <= end.last_day()?).then_some(Self { start, end })
    }

    /// Whether every year in it can be written with four digits.
    fn valid(self) -> bool {
        [self.start, self.end].iter().all(|point| match point {
            Point::Decade(decade) => (1..=999).contains(decade),
            point => (1..=9999).contains(&point.year()),
        })
    }

    /// Monday to Sunday around a day.
    fn week(day: Date) -> Option<Self> {
        let monday = add_days(day, -i64::from(day.weekday().to_monday_zero_offset()))?;
        Some(Self { start: Point::Day(monday), end: Point::Day(add_days(monday, 6)?) })
    }

    /// A range of whole months.
    fn months(year: i16, first: i8, last_year: i16, last: i8) -> Option<Self> {
        Some(Self { start: Point::month(year, first)?, end: Point::month(last_year, last)? })
    }
}

impl From<Point> for Period {
    fn from(point: Point) -> Self {
        Self { start: point, end: point }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.start == self.end { write!(f, "{}", self.start) } else { write!(f, "{}/{}", self.start, self.end) }
    }
}

/// Units that "three ... later" counts in; decades and centuries are counted as years, fortnights as weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// Which of the years a date without year may fall in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum YearChoice {
    /// This one.
    Given(i16),
    /// The nearest that fits the tense of the sentence.
    ByTense,
    /// The latest that is wholly before the document.
    Last,
    /// The first that is wholly after the document.
    Next,
    /// The one that holds the document's date or, failing that, has the same year.
    This,
    /// The first on or after the date mentioned before.
    AfterAnchor,
}

fn add_days(day: Date, count: i64) -> Option<Date> {
    day.checked_add(Span::new().try_days(count).ok()?).ok()
}

/// Lower-cased words, numbers and joining marks of a mention; articles, commas and ordinal endings are left out.
fn tokenize(words: &str) -> Vec<String> {
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

/// `23rd` without its ending; other words as they are.
fn strip_ordinal(token: &str) -> String {
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

fn month_number(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// Days after Monday.
fn weekday_number(word: &str) -> Option<i64> {
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
fn season_months(word: &str) -> Option<(i8, i8)> {
    Some(match word {
        "spring" | "springtime" => (3, 5),
        "summer" | "summertime" => (6, 8),
        "autumn" | "fall" => (9, 11),
        "winter" | "wintertime" => (12, 2),
        _ => return None,
    })
}

fn number_word(word: &str) -> Option<i32> {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse().ok();
    }
    let ones = ONES.iter().position(|&name| name == word);
    let tens = TENS.iter().position(|&name| name == word).map(|position| position * 10 + 20);
    ones.or(tens).and_then(|number| i32::try_from(number).ok())
}

fn ordinal_word(word: &str) -> Option<i32> {
    const ORDINALS: [&str; 21] = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twenty-first",
    ];
    ORDINALS.iter().position(|&name| name == word).and_then(|position| i32::try_from(position + 1).ok())
}

/// A day of the month: `23`, `third`.
fn day_number(word: &str) -> Option<i8> {
    let number = if word.bytes().all(|byte| byte.is_ascii_digit()) { word.parse().ok() } else { ordinal_word(word) };
    number.filter(|day| (1..=31).contains(day)).and_then(|day: i32| i8::try_from(day).ok())
}

/// A year of four digits.
fn full_year(word: &str) -> Option<i16> {
    if word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        word.parse().ok().filter(|year| (1000..=2999).contains(year))
    } else {
        None
    }
}

/// Unit of a count and how many of it the word means: `decade` is ten years.
fn unit_word(word: &str) -> Option<(i32, Unit)> {
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
fn count<'a, 'b>(words: &'a [&'b str]) -> Option<(i32, &'a [&'b str])> {
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

/// Western Easter Sunday, after the anonymous Gregorian algorithm.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// Orthodox Easter Sunday in the Gregorian calendar, after Meeus; right from 1583 on.
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 4, y % 7, y % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let n = d + e + 114;
    let julian = Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()?;
    add_days(julian, i64::from(y / 100 - y / 400 - 2))
}

/// The `nth` weekday of a month, or with 5 the last one.
fn nth_weekday(year: i16, month: i8, nth: i64, weekday: i64) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    let offset = (weekday - i64::from(first.weekday().to_monday_zero_offset())).rem_euclid(7);
    let day = add_days(first, offset + 7 * (nth - 1))?;
    if day.month() == month { Some(day) } else { add_days(day, -7) }
}

/// The day of a feast in a year; national days that differ from country to country are left out.
fn holiday(words: &[&str], year: i16, orthodox: bool) -> Option<Date> {
    let words: Vec<&str> = words.iter().copied().filter(|word| !matches!(*word, "-" | "of")).collect();
    let from_easter = |days| {
        let sunday = if orthodox { orthodox_easter(year) } else { easter(year) };
        add_days(sunday?, days)
    };
    let on = |month, day| Date::new(year, month, day).ok();
    match words.as_slice() {
        ["new", "year's" | "years" | "year", "day"] | ["new", "year" | "year's" | "years"] => on(1, 1),
        ["new", "year's" | "years" | "year", "eve"] | ["hogmanay"] | ["st", "sylvester's", "day"] => on(12, 31),
        ["epiphany"] | ["twelfth", "night"] | ["three", "kings'" | "kings", "day"] => on(1, 6),
        ["burns", "night"] => on(1, 25),
        ["candlemas"] => on(2, 2),
        ["valentine's" | "valentines", "day"] | ["st", "valentine's", "day"] => on(2, 14),
        ["leap", "day"] => on(2, 29),
        ["international", "women's", "day"] => on(3, 8),
        ["st", "patrick's", "day"] => on(3, 17),
        ["april", "fool's" | "fools'" | "fools", "day"] => on(4, 1),
        ["st", "george's", "day"] => on(4, 23),
        ["anzac", "day"] => on(4, 25),
        ["may", "day"] => on(5, 1),
        ["juneteenth"] => on(6, 19),
        ["midsummer", "day"] => on(6, 24),
        ["bastille", "day"] => on(7, 14),
        ["halloween"] | ["hallowe'en"] => on(10, 31),
        ["all", "saints'" | "saints", "day"] => on(11, 1),
        ["all", "souls'" | "souls", "day"] => on(11, 2),
        ["guy", "fawkes", "night" | "day"] | ["bonfire", "night"] => on(11, 5),
        ["armistice" | "remembrance", "day"] | ["veterans" | "veterans'", "day"] => on(11, 11),
        ["st", "andrew's", "day"] => on(11, 30),
        ["st", "nicholas"] | ["st", "nicholas'" | "nicholas's" | "nicholas", "day"] => on(12, 6),
        ["christmas", "eve"] => on(12, 24),
        ["christmas"] | ["christmas", "day"] | ["xmas"] => on(12, 25),
        ["boxing", "day"] | ["st", "stephen's", "day"] => on(12, 26),
        ["martin", "luther", "king", "day"] | ["martin", "luther", "king", "jr", "day"] => nth_weekday(year, 1, 3, 0),
        ["presidents" | "presidents'", "day"] => nth_weekday(year, 2, 3, 0),
        ["memorial", "day"] => nth_weekday(year, 5, 5, 0),
        ["labor", "day"] => nth_weekday(year, 9, 1, 0),
        ["columbus", "day"] => nth_weekday(year, 10, 2, 0),
        ["thanksgiving"] | ["thanksgiving", "day"] => nth_weekday(year, 11, 4, 3),
        ["black", "friday"] => add_days(nth_weekday(year, 11, 4, 3)?, 1),
        ["shrove", "tuesday"] | ["mardi", "gras"] | ["pancake", "day"] => from_easter(-47),
        ["ash", "wednesday"] => from_easter(-46),
        ["palm", "sunday"] => from_easter(-7),
        ["maundy", "thursday"] => from_easter(-3),
        ["good", "friday"] => from_easter(-2),
        ["easter", "saturday"] | ["holy", "saturday"] => from_easter(-1),
        ["easter"] | ["easter", "day" | "sunday"] => from_easter(0),
        ["easter", "monday"] => from_easter(1),
        ["ascension", "day"] | ["ascension", "thursday"] => from_easter(39),
        ["pentecost"] | ["whitsun"] | ["whit", "sunday"] => from_easter(49),
        ["whit", "monday"] => from_easter(50),
        ["corpus", "christi"] => from_easter(60),
        _ => None,
    }
}

/// Reads mentions of one place in one document.
struct Reader<'a> {
    context: &'a DateContext<'a>,
    document: Option<Point>,
    anchor: Option<Period>,
}

impl<'a> Reader<'a> {
    fn new(context: &'a DateContext<'a>) -> Self {
        let document = context.document_date.and_then(Point::parse).filter(|point| !matches!(point, Point::Decade(_)));
        let anchor = context.earlier.last().and_then(|norm| Period::parse(norm));
        Self { context, document, anchor }
    }

    fn tense(&self) -> Option<Tense> {
        self.context.tense.or_else(|| guess_tense(self.context.before, self.context.after))
    }

    /// The day the document was written.
    fn today(&self) -> Option<Date> {
        self.document?.exact_day()
    }

    /// What "later" and "the same day" count from: the date before this one, else the document's.
    fn anchor(&self) -> Option<Period> {
        self.anchor.or_else(|| self.document.map(Period::from))
    }

    fn day_from_today(&self, days: i64) -> Option<Period> {
        Some(Point::Day(add_days(self.today()?, days)?).into())
    }

    /// Reads a whole mention.
    fn period(&self, words: &[&str], depth: usize) -> Option<Period> {
        let depth = depth.checked_sub(1)?;
        let words = match words {
            // "in ten days" looks ahead; every other "in" says nothing.
            ["in" | "within", rest @ ..] => {
                if let Some((number, [unit, tail @ ..])) = count(rest)
                    && let Some((size, unit)) = unit_word(unit)
                    && matches!(tail, [] | ["time"])
                    && rest.first().is_some_and(|word| unit_word(word).is_none())
                {
                    return self.document?.shift(number.checked_mul(size)?, unit).map(Period::from);
                }
                rest
            }
            [
                "on" | "at" | "during" | "since" | "by" | "until" | "till" | "around" | "about" | "circa" | "c" | "as",
                rest @ ..,
            ] => rest,
            words => words,
        };
        match words {
            [] => None,
            ["of" | "from" | "between", rest @ ..] => self.period(rest, depth),
            _ => None
                .or_else(|| self.fixed(words, depth))
                .or_else(|| self.numeric(words))
                .or_else(|| self.counted(words, depth))
                .or_else(|| self.pointing(words, depth))
                .or_else(|| self.week_day(words, depth))
                .or_else(|| self.with_year(words, depth))
                .or_else(|| self.yearless(words, YearChoice::ByTense, depth))
                .or_else(|| self.joined(words, depth))
                .or_else(|| self.described(words, depth)),
        }
    }

    /// Forms that need no calendar: years, decades, centuries, "yesterday".
    fn fixed(&self, words: &[&str], depth: usize) -> Option<Period> {
        match words {
            ["today" | "tonight"] => self.day_from_today(0),
            ["yesterday"] => self.day_from_today(-1),
            ["tomorrow"] => self.day_from_today(1),
            ["day", "before", "yesterday"] => self.day_from_today(-2),
            ["day", "after", "tomorrow"] => self.day_from_today(2),
            ["last" | "previous", "night" | "evening"] => self.day_from_today(-1),
            ["this", "morning" | "afternoon" | "evening" | "lunchtime" | "day"] => self.day_from_today(0),
            ["9", "/", "11"] => Point::day(2001, 9, 11).map(Period::from),
            [head @ .., "morning" | "afternoon" | "evening" | "night" | "lunchtime" | "noon" | "midnight" | "dawn"]
                if head.len() == 1 && head.iter().all(|word| unit_word(word).is_none()) =>
            {
                let head_word = head.first()?;
                let is_day =
                    matches!(*head_word, "yesterday" | "tomorrow" | "today") || weekday_number(head_word).is_some();
                if is_day { self.period(head, depth) } else { None }
            }
            ["early" | "late", rest @ ..] if rest.first().is_some_and(|word| weekday_number(word).is_some()) => {
                self.period(rest, depth)
            }
            [year] if full_year(year).is_some() => Some(Point::Year(full_year(year)?).into()),
            ["year", year] => Some(Point::Year(full_year(year)?).into()),
            [year] if year.starts_with('\'') && !year.ends_with('s') => {
                Some(Point::Year(self.short_year(year)?).into())
            }
            ["ad" | "ce", year] | [year, "ad" | "ce"] => {
                let year = year.parse().ok().filter(|year| (1..=9999).contains(year))?;
                Some(Point::Year(year).into())
            }
            ["fiscal" | "fy", rest @ ..] if !rest.is_empty() => self.period(rest, depth),
            ["financial" | "academic" | "school" | "tax" | "calendar", "year", rest @ ..] if !rest.is_empty() => {
                self.period(rest, depth)
            }
            [year] if year.starts_with("fy") => {
                let year = year.get(2..)?;
                let year = full_year(year).or_else(|| self.short_year(year))?;
                Some(Point::Year(year).into())
            }
            [decade] => self.decade(decade).map(|decade| Point::Decade(decade).into()),
            [number, "century"] | [number, "century", "ad" | "ce"] => Self::century(number),
            ["twenty", "-", "first", "century"] => Self::century("twenty-first"),
            [head @ .., "season"] if head.iter().any(|word| full_year(word).is_some()) => self.period(head, depth),
            _ => None,
        }
    }

    fn century(number: &str) -> Option<Period> {
        let number: i16 = number.parse().ok().or_else(|| ordinal_word(number).and_then(|n| i16::try_from(n).ok()))?;
        let last = (1..=99).contains(&number).then_some(number * 100)?;
        Some(Period { start: Point::Year(last - 99), end: Point::Year(last) })
    }

    fn decade(&self, word: &str) -> Option<i16> {
        const NAMES: [&str; 8] =
            ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
        let digits = word.trim_end_matches('s').trim_end_matches('\'').trim_start_matches('\'');
        let tens = match NAMES.iter().position(|&name| name == word) {
            Some(position) => i16::try_from(position).ok()? + 2,
            None if !word.ends_with('s') || !digits.bytes().all(|byte| byte.is_ascii_digit()) => return None,
            None if digits.len() == 4 && digits.ends_with('0') => {
                return digits.parse::<i16>().ok().map(|year| year / 10);
            }
            None if digits.len() == 2 && digits.ends_with('0') => digits.parse::<i16>().ok()? / 10,
            None => return None,
        };
        // The twenties are those of either century until people have settled how to call the present ones.
        match tens {
            3..=9 => Some(190 + tens),
            0 | 1 => Some(200 + tens),
            _ => None,
        }
    }

    /// `'98` or `98`: the latest such year that is not after the document, give or take a few.
    fn short_year(&self, word: &str) -> Option<i16> {
        let digits = word.trim_start_matches('\'');
        if digits.len() != 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year: i16 = digits.parse().ok()?;
        let latest = self.document.map_or(2035, |document| document.year().saturating_add(5));
        let century = latest - latest.rem_euclid(100);
        Some(if century + year <= latest { century + year } else { century + year - 100 })
    }

    /// Digits and marks alone: `1995-08-29`, `24.08.1988`, `12/03/2019`, `2019/20`, `2011-13`.
    fn numeric(&self, words: &[&str]) -> Option<Period> {
        let digits = |word: &str| -> Option<i16> {
            (word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.parse().ok())?
        };
        match words {
            [whole] if whole.len() == 8 && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
                let year = full_year(whole.get(..4)?)?;
                Point::day(year, whole.get(4..6)?.parse().ok()?, whole.get(6..)?.parse().ok()?).map(Period::from)
            }
            [year, "-" | "/" | ".", month, "-" | "/" | ".", day] if full_year(year).is_some() => {
                Point::day(full_year(year)?, month.parse().ok()?, day.parse().ok()?).map(Period::from)
            }
            [first, separator @ ("-" | "/" | "."), second, "-" | "/" | ".", year] => {
                let year = full_year(year).or_else(|| self.short_year(year))?;
                let (first, second) = (i8::try_from(digits(first)?).ok()?, i8::try_from(digits(second)?).ok()?);
                self.day_or_month_first(first, second, year, separator).map(Period::from)
            }
            [start, "-" | "/", end] if full_year(start).is_some() && end.len() == 2 => {
                let (start, end) = (full_year(start)?, digits(end)?);
                let last = start - start.rem_euclid(100) + end;
                // "2001-08" is seven years in a curriculum vitae and August in a file; the former is what prose holds.
                if last > start {
                    Some(Period { start: Point::Year(start), end: Point::Year(last) })
                } else if words.get(1) == Some(&"/") && last + 100 - start <= 10 {
                    Some(Period { start: Point::Year(start), end: Point::Year(last + 100) })
                } else {
                    Point::month(start, i8::try_from(end).ok()?).map(Period::from)
                }
            }
            [month, "/", year] if full_year(year).is_some() => {
                Point::month(full_year(year)?, month.parse().ok()?).map(Period::from)
            }
            _ => None,
        }
    }

    /// `12/03/2019`: dots mean day first; otherwise a number over 12, the option or the document date must decide.
    fn day_or_month_first(&self, first: i8, second: i8, year: i16, separator: &str) -> Option<Point> {
        let day_first = Point::day(year, second, first);
        let month_first = Point::day(year, first, second);
        if separator == "." {
            return day_first;
        }
        let (Some(left), Some(right)) = (day_first, month_first) else { return day_first.or(month_first) };
        if left == right {
            return Some(left);
        }
        if let Some(day_first) = self.context.day_first {
            return Some(if day_first { left } else { right });
        }
        let today = self.today()?;
        let near = |point: Point| point.first_day().is_some_and(|day| (day_distance(today, day)).abs() <= 7);
        match (near(left), near(right)) {
            (true, false) => Some(left),
            (false, true) => Some(right),
            _ => None,
        }
    }

    /// Counts: "two years ago", "three days later", "the year before", "two weeks before Easter".
    fn counted(&self, words: &[&str], depth: usize) -> Option<Period> {
        let (number, rest) = count(words)?;
        let [unit, direction, tail @ ..] = rest else { return None };
        let (size, unit) = unit_word(unit)?;
        let number = number.checked_mul(size)?;
        match *direction {
            "ago" if tail.is_empty() => self.document?.shift(-number, unit).map(Period::from),
            "ago" => {
                // "twenty years ago today": the same day of the other year.
                let base = self.period(tail, depth)?.start.exact_day()?;
                if unit != Unit::Year {
                    return None;
                }
                let year = i16::try_from(i32::from(base.year()).checked_sub(number)?).ok()?;
                Point::day(year, base.month(), base.day()).map(Period::from)
            }
            "from" if matches!(tail, ["now" | "today"]) => self.document?.shift(number, unit).map(Period::from),
            "from" | "on" if matches!(tail, [day] if weekday_number(day).is_some()) => {
                let day = self.nearest_weekday(weekday_number(tail.first()?)?, Some(Tense::Future))?;
                Point::Day(day).shift(number, unit).map(Period::from)
            }
            "hence" => self.document?.shift(number, unit).map(Period::from),
            "later" | "after" | "afterwards" | "afterward" | "on" => {
                let base = if tail.is_empty() { None } else { self.period(tail, depth) };
                base.or_else(|| self.anchor())?.end.shift(number, unit).map(Period::from)
            }
            "earlier" | "before" | "previously" | "beforehand" => {
                let base = if tail.is_empty() { None } else { self.period(tail, depth) };
                base.or_else(|| self.anchor())?.start.shift(-number, unit).map(Period::from)
            }
            _ => None,
        }
    }

    /// Words that point: "last week", "this year", "next month", "the following day", "that summer", "the weekend".
    fn pointing(&self, words: &[&str], depth: usize) -> Option<Period> {
        match words {
            ["earlier" | "later" | "early" | "late" | "sometime", rest @ ..]
                if matches!(rest.first(), Some(&("this" | "last" | "next" | "that" | "in"))) =>
            {
                self.period(rest, depth)
            }
            ["weekend"] => self.weekend(match self.tense() {
                Some(Tense::Future) => 1,
                _ => 0,
            }),
            ["that" | "same" | "this", "very" | "same", rest @ ..] => self.from_anchor(rest, depth),
            ["that" | "same", rest @ ..] => self.from_anchor(rest, depth),
            ["following" | "next" | "previous" | "preceding", unit]
                if matches!(*unit, "day" | "morning" | "night" | "evening" | "afternoon") =>
            {
                let step = if matches!(words.first(), Some(&("following" | "next"))) { 1 } else { -1 };
                self.anchor()?.end.shift(step, Unit::Day).map(Period::from)
            }
            [which @ ("following" | "preceding"), rest @ ..] => {
                let step = if *which == "following" { 1 } else { -1 };
                let anchor = self.anchor()?;
                match rest {
                    ["week"] => Period::week(add_days(anchor.start.exact_day()?, step * 7)?),
                    ["month"] => anchor.start.shift(i32::try_from(step).ok()?, Unit::Month).map(Period::from),
                    ["year"] => anchor.start.shift(i32::try_from(step).ok()?, Unit::Year).map(Period::from),
                    [day] if weekday_number(day).is_some() && step == 1 => {
                        let start = add_days(anchor.end.exact_day()?, 1)?;
                        Some(Point::Day(on_or_after(start, weekday_number(day)?)?).into())
                    }
                    rest if step == 1 => self.yearless(rest, YearChoice::AfterAnchor, depth),
                    _ => None,
                }
            }
            ["last" | "past" | "previous", rest @ ..] if rest.get(..2) != Some(&["day", "of"]) => {
                self.pointing_by(-1, rest, depth)
            }
            ["this" | "current", rest @ ..] => self.pointing_by(0, rest, depth),
            ["next" | "coming", rest @ ..] => self.pointing_by(1, rest, depth),
            ["beginning" | "start" | "end" | "close" | "middle" | "turn", "of", rest @ ..] => self.period(rest, depth),
            ["last" | "final", "day", "of", rest @ ..] => {
                Some(Point::Day(self.period(rest, depth)?.end.last_day()?).into())
            }
            _ => None,
        }
    }

    /// "last ...", "this ..." and "next ...", for steps of -1, 0 and 1.
    fn pointing_by(&self, step: i32, words: &[&str], depth: usize) -> Option<Period> {
        let choice = match step {
            -1 => YearChoice::Last,
            0 => YearChoice::This,
            _ => YearChoice::Next,
        };
        match words {
            ["week"] => Period::week(add_days(self.today()?, i64::from(step) * 7)?),
            ["month"] => self.document?.shift(step, Unit::Month).map(Period::from),
            ["year"] => self.document?.shift(step, Unit::Year).map(Period::from),
            ["decade"] => Some(Point::Decade(self.document?.year() / 10 + i16::try_from(step).ok()?).into()),
            ["century"] => {
                let century = (self.document?.year() - 1) / 100 + 1 + i16::try_from(step).ok()?;
                Self::century(&century.to_string())
            }
            ["quarter"] => {
                let (year, month) = self.document?.shift(step * 3, Unit::Month)?.year_month()?;
                let first = (month - 1) / 3 * 3 + 1;
                Period::months(year, first, year, first + 2)
            }
            // A season of sport is a year; which one the last and next are depends on the sport.
            ["season"] if step == 0 => Some(Point::Year(self.document?.year()).into()),
            ["weekend"] => {
                let today = self.today()?;
                let in_weekend = today.weekday().to_monday_zero_offset() >= 5;
                match step {
                    -1 => self.weekend(if in_weekend { -1 } else { 0 }),
                    0 if self.tense() == Some(Tense::Past) => self.weekend(0),
                    0 => self.weekend(1),
                    _ => self.weekend(if in_weekend { 1 } else { 2 }),
                }
            }
            [day] | [day, "morning" | "afternoon" | "evening" | "night" | "lunchtime"]
                if weekday_number(day).is_some() =>
            {
                let weekday = weekday_number(day)?;
                let today = self.today()?;
                let day = match step {
                    -1 => on_or_before(add_days(today, -1)?, weekday)?,
                    1 => on_or_after(add_days(today, 1)?, weekday)?,
                    _ if self.tense() == Some(Tense::Past) => on_or_before(today, weekday)?,
                    _ => on_or_after(today, weekday)?,
                };
                Some(Point::Day(day).into())
            }
            rest => self.yearless(rest, choice, depth),
        }
    }

    /// "that ..." and "the same ...": seen from the date mentioned before.
    fn from_anchor(&self, words: &[&str], depth: usize) -> Option<Period> {
        let anchor = self.anchor()?;
        match words {
            ["day" | "morning" | "afternoon" | "evening" | "night"] => Some(Point::Day(anchor.end.exact_day()?).into()),
            ["week"] => Period::week(anchor.end.exact_day()?),
            ["month"] => {
                let (year, month) = anchor.end.year_month()?;
                Some(Point::Month(year, month).into())
            }
            ["year"] => Some(Point::Year(anchor.end.year()).into()),
            ["decade"] => Some(Point::Decade(anchor.end.year() / 10).into()),
            [day] if weekday_number(day).is_some() => {
                Some(Point::Day(on_or_after(anchor.start.exact_day()?, weekday_number(day)?)?).into())
            }
            rest => match anchor.end {
                Point::Year(year) => self.yearless(rest, YearChoice::Given(year), depth),
                _ => self.yearless(rest, YearChoice::AfterAnchor, depth),
            },
        }
    }

    /// Saturday and Sunday: 0 is the latest weekend that has begun, 1 the one that is on or comes next.
    fn weekend(&self, step: i64) -> Option<Period> {
        let today = self.today()?;
        let begun = on_or_before(today, 5)?;
        let on = today.weekday().to_monday_zero_offset() >= 5;
        let saturday = add_days(begun, 7 * if on && step == 1 { 0 } else { step })?;
        Some(Period { start: Point::Day(saturday), end: Point::Day(add_days(saturday, 1)?) })
    }

    fn nearest_weekday(&self, weekday: i64, tense: Option<Tense>) -> Option<Date> {
        match tense {
            Some(Tense::Future) => on_or_after(self.today()?, weekday),
            _ => on_or_before(self.today()?, weekday),
        }
    }

    /// Forms that start with a weekday: "Tuesday", "Friday week", "Monday of last week", "Sunday, 5 May".
    fn week_day(&self, words: &[&str], depth: usize) -> Option<Period> {
        let (first, rest) = words.split_first()?;
        let weekday = weekday_number(first)?;
        let rest = match rest {
            ["morning" | "afternoon" | "evening" | "night" | "lunchtime", rest @ ..] => rest,
            rest => rest,
        };
        match rest {
            [] => Some(Point::Day(self.nearest_weekday(weekday, self.tense())?).into()),
            [span @ ("week" | "fortnight")] => {
                let next = on_or_after(add_days(self.today()?, 1)?, weekday)?;
                Some(Point::Day(add_days(next, if *span == "week" { 7 } else { 14 })?).into())
            }
            [which @ ("last" | "this" | "next"), "week"] | ["of", which @ ("last" | "this" | "next"), "week"] => {
                let step = match *which {
                    "last" => -7,
                    "next" => 7,
                    _ => 0,
                };
                let monday = Period::week(add_days(self.today()?, step)?)?.start.exact_day()?;
                Some(Point::Day(add_days(monday, weekday)?).into())
            }
            ["last" | "past"] => Some(Point::Day(on_or_before(add_days(self.today()?, -1)?, weekday)?).into()),
            ["next"] => Some(Point::Day(on_or_after(add_days(self.today()?, 1)?, weekday)?).into()),
            [day] if day_number(day).is_some() => self.weekday_with_day(weekday, day_number(day)?),
            ["-", ..] | ["to" | "and" | "or", ..] => None,
            rest => {
                let period = self.period(rest, depth)?;
                let day = period.start.exact_day()?;
                if i64::from(day.weekday().to_monday_zero_offset()) == weekday || has_year(rest) {
                    return Some(period);
                }
                // "Monday, 5 June" without a year: take the nearest year in which that is a Monday.
                let today = self.today()?;
                let fits = (-6..=6)
                    .filter_map(|step| Date::new(today.year().checked_add(step)?, day.month(), day.day()).ok())
                    .filter(|day| i64::from(day.weekday().to_monday_zero_offset()) == weekday)
                    .min_by_key(|&day| day_distance(today, day).abs());
                Some(fits.map_or(period, |day| Point::Day(day).into()))
            }
        }
    }

    /// "Friday 20th": the nearest such day.
    fn weekday_with_day(&self, weekday: i64, day: i8) -> Option<Period> {
        let today = self.today()?;
        let (year, month) = (today.year(), today.month());
        (-12..=12)
            .filter_map(|step| Point::Month(year, month).shift(step, Unit::Month)?.year_month())
            .filter_map(|(year, month)| Date::new(year, month, day).ok())
            .filter(|day| i64::from(day.weekday().to_monday_zero_offset()) == weekday)
            .min_by_key(|&day| day_distance(today, day).abs())
            .map(|day| Point::Day(day).into())
    }

    /// Forms that end in a year: "March 2019", "6 January last year", "the summer of 1998", "Easter that year".
    fn with_year(&self, words: &[&str], depth: usize) -> Option<Period> {
        let (head, year) = match words {
            [head @ .., "of" | "in", "last", "year"] | [head @ .., "last", "year"] => (head, self.document?.year() - 1),
            [head @ .., "of" | "in", "this", "year"] | [head @ .., "this", "year"] => (head, self.document?.year()),
            [head @ .., "of" | "in", "next", "year"] | [head @ .., "next", "year"] => (head, self.document?.year() + 1),
            [head @ .., "of" | "in", "that" | "same", "year"] | [head @ .., "that" | "same", "year"] => {
                (head, self.anchor()?.end.year())
            }
            [head @ .., "of" | "in", "following", "year"] | [head @ .., "following", "year"] => {
                (head, self.anchor()?.end.year() + 1)
            }
            [head @ .., "of" | "in", year] if full_year(year).is_some() => (head, full_year(year)?),
            [head @ .., year] if full_year(year).is_some() => (head, full_year(year)?),
            [head @ .., year] if year.starts_with('\'') => (head, self.short_year(year)?),
            [year, head @ ..] if full_year(year).is_some() && head.first() != Some(&"-") => (head, full_year(year)?),
            _ => return None,
        };
        if head.is_empty() || head.iter().any(|word| full_year(word).is_some()) {
            return None;
        }
        self.yearless(head, YearChoice::Given(year), depth)
    }

    /// Forms that name a part of a year.
    fn yearless(&self, words: &[&str], choice: YearChoice, depth: usize) -> Option<Period> {
        let depth = depth.checked_sub(1)?;
        let pick = |build: &dyn Fn(i16) -> Option<Period>| self.pick(choice, build);
        match words {
            [] => None,
            ["early" | "late" | "mid" | "middle" | "earlier" | "later", rest @ ..] => {
                let rest = if let ["-" | "in" | "of", rest @ ..] = rest { rest } else { rest };
                match rest {
                    [] => None,
                    _ => self.yearless(rest, choice, depth).or_else(|| self.given_year(choice, rest)),
                }
            }
            ["beginning" | "start" | "end" | "close" | "month" | "night" | "morning", "of", rest @ ..] => {
                self.yearless(rest, choice, depth).or_else(|| self.given_year(choice, rest))
            }
            ["beginning" | "start" | "end" | "close"] => self.given_year(choice, &[]),
            [month] if month_number(month).is_some() => {
                let month = month_number(month)?;
                pick(&|year| Point::month(year, month).map(Period::from))
            }
            [month, day] | [day, month] | [day, "of", month]
                if month_number(month).is_some() && day_number(day).is_some() =>
            {
                let (month, day) = (month_number(month)?, day_number(day)?);
                pick(&|year| Point::day(year, month, day).map(Period::from))
            }
            [first, "-" | "to" | "and" | "until" | "through" | "or", last, month]
            | [first, "-" | "to" | "and" | "until" | "through" | "or", last, "of", month]
            | [month, first, "-" | "to" | "and" | "until" | "through" | "or", last]
                if month_number(month).is_some() && day_number(first).is_some() && day_number(last).is_some() =>
            {
                let (month, first, last) = (month_number(month)?, day_number(first)?, day_number(last)?);
                pick(&|year| {
                    Period::range(Point::day(year, month, first)?.into(), Point::day(year, month, last)?.into())
                })
            }
            [first, "-" | "to" | "and" | "until" | "through", last]
                if month_number(first).is_some() && month_number(last).is_some() =>
            {
                let (first, last) = (month_number(first)?, month_number(last)?);
                pick(&|year| {
                    let start = if last < first { year.checked_sub(1)? } else { year };
                    Period::months(start, first, year, last)
                })
            }
            [season] if season_months(season).is_some() => {
                let (first, last) = season_months(season)?;
                pick(&|year| Period::months(year, first, if last < first { year.checked_add(1)? } else { year }, last))
            }
            [quarter] if matches!(*quarter, "q1" | "q2" | "q3" | "q4") => {
                let quarter = quarter.get(1..)?.parse::<i8>().ok()?;
                pick(&|year| Period::months(year, quarter * 3 - 2, year, quarter * 3))
            }
            [which, "quarter"] | [which, "-", "quarter"] => {
                let quarter = day_number(which).filter(|quarter| (1..=4).contains(quarter))?;
                pick(&|year| Period::months(year, quarter * 3 - 2, year, quarter * 3))
            }
            ["first", "half"] => pick(&|year| Period::months(year, 1, year, 6)),
            ["second", "half"] => pick(&|year| Period::months(year, 7, year, 12)),
            ["last" | "final", "day"] => pick(&|year| Point::day(year, 12, 31).map(Period::from)),
            ["first", "day"] => pick(&|year| Point::day(year, 1, 1).map(Period::from)),
            ["first" | "1", "day", "of", rest @ ..] => {
                Some(Point::Day(self.yearless(rest, choice, depth)?.start.first_day()?).into())
            }
            ["last" | "final", "day", "of", rest @ ..] => {
                Some(Point::Day(self.yearless(rest, choice, depth)?.end.last_day()?).into())
            }
            [nth, day, "of" | "in", month] if weekday_number(day).is_some() && month_number(month).is_some() => {
                let nth = match *nth {
                    "last" => 5,
                    nth => i64::from(day_number(nth).filter(|nth| *nth <= 4)?),
                };
                let (weekday, month) = (weekday_number(day)?, month_number(month)?);
                pick(&|year| nth_weekday(year, month, nth, weekday).map(|day| Point::Day(day).into()))
            }
            ["week", "of" | "beginning" | "starting" | "ending" | "from", rest @ ..] => {
                Period::week(self.yearless(rest, choice, depth)?.start.exact_day()?)
            }
            ["weekend", "of", rest @ ..] => {
                let day = self.yearless(rest, choice, depth)?.start.exact_day()?;
                let saturday =
                    if day.weekday().to_monday_zero_offset() == 6 { add_days(day, -1)? } else { on_or_after(day, 5)? };
                Some(Period { start: Point::Day(saturday), end: Point::Day(add_days(saturday, 1)?) })
            }
            [day] if choice == YearChoice::ByTense && day_number(day).is_some() => self.bare_day(day_number(day)?),
            words => {
                let orthodox = || self.near_word(&["orthodox", "patriarch", "coptic"]);
                let orthodox = words.iter().any(|word| matches!(*word, "easter" | "pentecost" | "good")) && orthodox();
                pick(&|year| holiday(words, year, orthodox).map(|day| Point::Day(day).into()))
            }
        }
    }

    /// The year itself, for "early in ..." and "the end of ...".
    fn given_year(&self, choice: YearChoice, rest: &[&str]) -> Option<Period> {
        match (choice, rest) {
            (YearChoice::Given(year), []) => Some(Point::Year(year).into()),
            (YearChoice::ByTense, [year]) if full_year(year).is_some() => Some(Point::Year(full_year(year)?).into()),
            (YearChoice::ByTense, [decade]) => self.decade(decade).map(|decade| Point::Decade(decade).into()),
            (YearChoice::ByTense, [number, "century"]) => Self::century(number),
            _ => None,
        }
    }

    /// Whether one of the words stands in the same sentence.
    fn near_word(&self, wanted: &[&str]) -> bool {
        [self.context.before, self.context.after].iter().any(|side| {
            side.split(|c: char| !c.is_alphanumeric()).any(|word| wanted.iter().any(|w| word.eq_ignore_ascii_case(w)))
        })
    }

    /// "the 23rd": in the month of the date mentioned before.
    fn bare_day(&self, day: i8) -> Option<Period> {
        let (year, month) = self.anchor()?.end.year_month()?;
        Point::day(year, month, day).map(Period::from)
    }

    /// Builds a date in the year that `choice` asks for.
    fn pick(&self, choice: YearChoice, build: &dyn Fn(i16) -> Option<Period>) -> Option<Period> {
        if let YearChoice::Given(year) = choice {
            return build(year);
        }
        // Of a document dated by month alone everything in that month counts as past.
        let reference = if choice == YearChoice::AfterAnchor { self.anchor()?.start } else { self.document? };
        let today = match reference {
            Point::Decade(_) | Point::Year(_) if choice != YearChoice::AfterAnchor => return None,
            point if choice == YearChoice::AfterAnchor => point.first_day()?,
            point => point.last_day()?,
        };
        // Eight years each way: the twenty-ninth of February skips as many around 1900.
        let candidates: Vec<(Date, Date, Period)> = (-8..=8)
            .filter_map(|step| {
                let period = build(today.year().checked_add(step)?)?;
                Some((period.start.first_day()?, period.end.last_day()?, period))
            })
            .collect();
        let begun = candidates.iter().rev().find(|(first, _, _)| *first <= today);
        let coming = candidates.iter().find(|(_, last, _)| *last >= today);
        let chosen = match choice {
            YearChoice::Given(_) => None,
            YearChoice::AfterAnchor => coming,
            YearChoice::Last => candidates.iter().rev().find(|(_, last, _)| *last < today),
            YearChoice::Next => candidates.iter().find(|(first, _, _)| *first > today),
            YearChoice::This => candidates
                .iter()
                .find(|(first, last, _)| *first <= today && today <= *last)
                .or_else(|| candidates.iter().find(|(first, _, _)| first.year() == today.year())),
            YearChoice::ByTense => match self.tense() {
                Some(Tense::Past) => begun,
                Some(Tense::Future) => coming,
                None => match (begun, coming) {
                    (Some(past), Some(future))
                        if day_distance(today, future.0) <= NEAR_DAYS
                            && past.1 < today
                            && day_distance(past.1, today) > day_distance(today, future.0) =>
                    {
                        Some(future)
                    }
                    _ => begun,
                },
            },
        };
        chosen.map(|(_, _, period)| *period)
    }

    /// Two dates with a word or dash between them.
    fn joined(&self, words: &[&str], depth: usize) -> Option<Period> {
        let at = words
            .iter()
            .position(|word| matches!(*word, "to" | "until" | "till" | "through" | "and"))
            .or_else(|| words.iter().position(|word| matches!(*word, "-" | "/")))?;
        let (left, right) = (words.get(..at)?, words.get(at + 1..)?);
        if left.is_empty() || right.is_empty() {
            return None;
        }
        let end = match (left, right) {
            // "1998 to 02", "2010 and 2012"
            ([start], [end]) if full_year(start).is_some() && full_year(end).is_none() => {
                let (start, end) = (full_year(start)?, end.parse::<i16>().ok().filter(|_| end.len() == 2)?);
                let last = start - start.rem_euclid(100) + end;
                Point::Year(if last < start { last + 100 } else { last }).into()
            }
            _ => self.period(right, depth)?,
        };
        let start = if has_year(left) || !has_year(right) {
            self.period(left, depth)?
        } else {
            let year = end.end.year();
            let start = self.yearless(left, YearChoice::Given(year), depth)?;
            // "November to February 2019" began the year before.
            if start.start.first_day()? > end.end.last_day()? {
                self.yearless(left, YearChoice::Given(year.checked_sub(1)?), depth)?
            } else {
                start
            }
        };
        // "12 May 2019 to 3 June": the second has the year of the first, or the next.
        if has_year(left) && !has_year(right) && !right.iter().any(|word| full_year(word).is_some()) {
            let year = start.start.year();
            for year in [year, year.checked_add(1)?] {
                if let Some(end) = self.yearless(right, YearChoice::Given(year), depth)
                    && let Some(range) = Period::range(start, end)
                {
                    return Some(range);
                }
            }
        }
        Period::range(start, end)
    }

    /// A named day with its date in apposition: "Easter Monday, 5 April 1779".
    fn described(&self, words: &[&str], depth: usize) -> Option<Period> {
        let at = words.iter().skip(1).position(|word| day_number(word).is_some() || month_number(word).is_some())? + 1;
        let tail = words.get(at..)?;
        let period = self.with_year(tail, depth).or_else(|| self.yearless(tail, YearChoice::ByTense, depth))?;
        period.start.exact_day().map(|_| period)
    }
}

/// Whether the words hold a year of their own.
fn has_year(words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| full_year(word).is_some() || word.starts_with('\'') || *word == "year" || word.ends_with("0s"))
}

/// Days from `start` to `end`.
fn day_distance(start: Date, end: Date) -> i64 {
    start.until(end).map_or(0, |span| i64::from(span.get_days()))
}

fn on_or_before(day: Date, weekday: i64) -> Option<Date> {
    let back = (i64::from(day.weekday().to_monday_zero_offset()) - weekday).rem_euclid(7);
    add_days(day, -back)
}

fn on_or_after(day: Date, weekday: i64) -> Option<Date> {
    let ahead = (weekday - i64::from(day.weekday().to_monday_zero_offset())).rem_euclid(7);
    add_days(day, ahead)
}
