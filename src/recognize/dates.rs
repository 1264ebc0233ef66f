//! Turns the words of a date mention into its normal form: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `199X`, or two joined by `/`.
//!
//! "last Friday" means nothing by itself, so [`normalize`] takes a [`DateContext`]: when the document was written, the
//! words around the mention and the dates that went before.
//! It knows the conventions of news: "on Tuesday" is the latest Tuesday unless the sentence looks ahead, weeks run from
//! Monday to Sunday, and a month without a year is the nearest one that fits the tense.
//! What cannot be placed on a calendar (a duration, a clock time, "in March" without a document date) gives nothing:
//! a missing date does less harm than a wrong one.

mod calendar;
mod edges;
mod entries;
mod feasts;
mod fiscal;
mod letters;
mod lists;
mod narration;
mod serials;
mod tense;
mod words;

use jiff::civil::Date;

use self::{
    calendar::{Period, Point, Unit, add_days, day_distance, nth_weekday, on_or_after, on_or_before},
    edges::mend_edges,
    entries::Entries,
    feasts::feast,
    fiscal::add_fiscal_dates,
    letters::Letters,
    lists::split_lists,
    narration::Story,
    serials::{is_no_date, names_year},
    tense::is_in_present,
    words::{
        count, day_number, double_year, full_year, month_number, ordinal_word, season_months, tokenize, unit_word,
        weekday_number,
    },
};
use crate::{document::Document, schema::EntityType, span::ByteSpan};

pub use self::{
    narration::Narration,
    tense::{Tense, guess_tense},
};

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
    /// Which time the words around tell of: whether "in May" lies near the document or in the year of a date before.
    pub narration: Narration<'a>,
    /// Whether the date stands in an entry of a diary or in a letter, of which `document_date` is the day.
    pub is_entry: bool,
}

/// Longest mention that is looked at, in bytes; longer ones are not dates.
const MAX_MENTION: usize = 120;

/// A day and month without year and without a tense to go by is taken for a coming one up to this many days ahead.
const NEAR_DAYS: i64 = 100;

/// A day that a verb in the present tells of may lie this many days behind; "Mayor quits, 5 March" is no date of next year.
const JUST_PAST: i64 = 31;

/// How many words each way count as near.
const NEAR_WORDS: usize = 24;

/// How many years a range may span that ends in two digits and a long dash makes one: "1998–02".
const LONGEST_RANGE: i16 = 50;

/// How many years before the document a date lies at least that is not of the document's own time.
const OLD: i16 = 2;

/// How many years before a full year `'76` may lie for it to be of the same century.
const LOOKING_BACK: i16 = 30;

/// How many parts may be nested in one another ("end of the week of 3 May").
const DEPTH: usize = 6;

/// The normal form of a date mention, or nothing if it cannot be worked out.
#[must_use]
pub fn normalize(words: &str, context: &DateContext<'_>) -> Option<String> {
    if words.len() > MAX_MENTION || repeats(context.before) {
        return None;
    }
    let tokens = tokenize(words);
    let mut tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    if let Some(pointer) = cut_pointer(context.before)
        && is_bare_name(&tokens)
    {
        tokens.insert(0, pointer);
    }
    if is_open_year(&tokens, context.before) {
        return None;
    }
    let reader = Reader::new(words, context);
    let period = reader.period(&tokens, DEPTH)?;
    period.valid().then(|| period.to_string())
}

/// Whether the words before a mention make it no single date: "every August".
fn repeats(before: &str) -> bool {
    before.split_whitespace().next_back().is_some_and(|word| matches!(word.to_lowercase().as_str(), "every" | "each"))
}

/// The "this" of "this Saturday" where the mention has been cut to "Saturday", or another word that points.
fn cut_pointer(before: &str) -> Option<&'static str> {
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
fn is_bare_name(tokens: &[&str]) -> bool {
    match tokens {
        [name] => weekday_number(name).is_some() || month_number(name).is_some() || season_months(name).is_some(),
        [day, "morning" | "afternoon" | "evening" | "night" | "lunchtime"] => weekday_number(day).is_some(),
        _ => false,
    }
}

/// Whether words say "in the New Year", which is some time early in it and not its first day.
fn is_open_year(tokens: &[&str], before: &str) -> bool {
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
fn is_definite(words: &str, before: &str) -> bool {
    let mut near: Vec<&str> = before.split_whitespace().rev().take(2).collect();
    near.reverse();
    near.extend(words.split_whitespace());
    let is = |word: &str, wanted: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case(wanted);
    near.windows(2).any(|pair| match pair {
        [article, word] => is(article, "the") && POINTERS.iter().any(|pointer| is(word, pointer)),
        _ => false,
    })
}

/// Prepositions of a time that starts now: "in the next year".
const SPANNING: &[&str] = &["during", "for", "in", "over", "through", "throughout", "within"];

/// Mends what the tagger took for dates: lists such as "2016, 2017" become one mention for each date, "2024" after
/// "second quarter of" takes that in, "Parma 1703" is cut into place and date, "Q3 2023" gets a mention, and numbers that
/// are no dates (of documents, hours, rooms, the post) lose theirs.
pub fn mend_dates(doc: &mut Document) {
    split_lists(doc);
    mend_edges(doc);
    add_fiscal_dates(doc);
    drop_no_dates(doc);
}

/// Sets the normal form of every date mention of a document.
///
/// Where one date of the text can only be read with the day first, or only with the month first, all are read so.
/// In an earlier message that a message quotes, "yesterday" counts from the day on which that was written, and so it
/// does in the entries of a diary. Where a text tells of an old year, "in May" is the May of that year, and so it is in
/// annals.
pub fn normalize_dates(doc: &mut Document) {
    for (index, norm) in read_dates(doc) {
        if let Some(mention) = doc.mentions.get_mut(index) {
            mention.norm = norm;
        }
    }
}

/// The date mentions of a document, by their indices, with their normal forms.
fn read_dates(doc: &Document) -> Vec<(usize, Option<String>)> {
    let day_first = day_first_in(&doc.text);
    let letters = Letters::find(&doc.text, day_first);
    let mut entries = Entries::new(doc);
    let mut story = Story::new(doc);
    let mut earlier: Vec<String> = Vec::new();
    let mut read = Vec::new();
    for (index, mention) in doc.mentions.iter().enumerate() {
        if mention.entity_type != EntityType::Date {
            continue;
        }
        let span = mention.span;
        let sentence = doc.sentence_at(span.start).and_then(|sentence| doc.sentences.get(sentence));
        let (before, after) = surroundings(&doc.text, span, sentence.map(|sentence| sentence.span));
        let quoted = letters.date_at(span.start);
        let context = DateContext {
            document_date: quoted.or(doc.date.as_deref()),
            before,
            after,
            tense: None,
            earlier: &earlier,
            day_first,
            narration: Narration::Document,
            is_entry: quoted.is_some(),
        };
        let is_head = quoted.is_none() && entries.is_head(before, after);
        let entry = if quoted.is_none() { entries.day_at(span, is_head) } else { None };
        let context = match entry {
            // A diary goes on from day to day.
            Some(day) => {
                let context = DateContext { document_date: Some(day), is_entry: true, ..context };
                let narration = if is_head { Narration::Document } else { story.in_entry(span, &context) };
                DateContext { tense: is_head.then_some(Tense::Future), narration, ..context }
            }
            None => {
                let year = entries.year_at(span, before, after);
                DateContext { narration: year.unwrap_or_else(|| story.at(span, &context)), ..context }
            }
        };
        let norm = normalize(doc.slice(span), &context);
        let is_told = matches!(context.narration, Narration::Past(_));
        story.note(span, before, after, norm.as_deref(), is_told);
        entries.note(span, is_head, after, norm.as_deref());
        earlier.extend(norm.clone());
        read.push((index, norm));
    }
    read
}

/// Takes out the mentions of numbers that are no dates.
fn drop_no_dates(doc: &mut Document) {
    let Document { text, mentions, .. } = doc;
    mentions.retain(|mention| {
        mention.entity_type != EntityType::Date || {
            let (start, end) = (mention.span.start as usize, mention.span.end as usize);
            !is_no_date(text.get(start..end).unwrap_or_default(), text.get(..start).unwrap_or_default())
        }
    });
}

/// Whether dates such as `11/03/1968` have the day first, as those of the text show that can be read in one way only
/// (`27/06/2023`); nothing if there are none or they disagree.
fn day_first_in(text: &str) -> Option<bool> {
    let mut order = None;
    for digits in text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '/' | '-')) {
        let mut parts = digits.trim_matches(['/', '-']).split(['/', '-']);
        let (Some(first), Some(second), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if full_year(year).is_none() || first.len() > 2 || second.len() > 2 {
            continue;
        }
        let day_first = match (first.parse::<u8>(), second.parse::<u8>()) {
            (Ok(13..=31), Ok(1..=12)) => true,
            (Ok(1..=12), Ok(13..=31)) => false,
            _ => continue,
        };
        if *order.get_or_insert(day_first) != day_first {
            return None;
        }
    }
    order
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
    /// The first that is wholly after the date mentioned before.
    BeyondAnchor,
    /// The latest that is wholly before the date mentioned before.
    BeforeAnchor,
}

/// Reads mentions of one place in one document.
struct Reader<'a> {
    /// The mention as it is written.
    words: &'a str,
    /// Whether "next", "last" or the like has an article.
    definite: bool,
    context: &'a DateContext<'a>,
    document: Option<Point>,
    anchor: Option<Period>,
    /// The date whose year the text tells of.
    told: Option<Period>,
}

impl<'a> Reader<'a> {
    fn new(words: &'a str, context: &'a DateContext<'a>) -> Self {
        let document = context.document_date.and_then(Point::parse).filter(|point| !matches!(point, Point::Decade(_)));
        let anchor = context.earlier.last().and_then(|norm| Period::parse(norm));
        let told = match context.narration {
            Narration::Past(norm) => Period::parse(norm),
            Narration::Document | Narration::Unclear => None,
        };
        Self { words, definite: is_definite(words, context.before), context, document, anchor, told }
    }

    fn tense(&self) -> Option<Tense> {
        self.context.tense.or_else(|| guess_tense(self.context.before, self.context.after))
    }

    /// The day the document was written.
    fn today(&self) -> Option<Date> {
        self.document?.exact_day()
    }

    /// What "the same day" counts from: the date before this one, else the document's.
    fn anchor(&self) -> Option<Period> {
        self.anchor.or_else(|| self.document.map(Period::from))
    }

    /// What "later" and "the next day" count from: the same, but what has happened by now counts from no date that is
    /// still unnamed. In "Keller was killed. Aas resigned two days later", that is not the day of the document.
    fn base(&self) -> Option<Period> {
        if self.anchor.is_none() && self.tense() == Some(Tense::Past) { None } else { self.anchor() }
    }

    /// Whether "following", "next" and the like count from the date before this one: "born in 1950 and moved the next year".
    ///
    /// "Next" and "previous" need an article for it, and "will cut jobs in the next year" looks ahead from the document.
    fn counts_from_base(&self, which: &str, unit: &[&str]) -> bool {
        match which {
            "following" | "preceding" => return true,
            _ if matches!(unit, ["day" | "morning" | "night" | "evening" | "afternoon"]) => return true,
            _ if !self.definite => return false,
            "previous" => return self.anchor.is_some(),
            _ => {}
        }
        if self.tense() != Some(Tense::Future) {
            return true;
        }
        let Some(anchor) = self.anchor else { return false };
        let is_ahead = anchor.start.first_day() > self.document.and_then(Point::last_day);
        // "whom she met in 1912 and would marry the next year"
        let year = anchor.end.year().to_string();
        let is_near = self.context.before.split(|c: char| !c.is_ascii_digit()).any(|digits| digits == year);
        let mut start =
            self.context.before.split_whitespace().rev().take(2).chain(self.words.split_whitespace().take(1));
        is_ahead || is_near && !start.any(|word| SPANNING.contains(&word.to_lowercase().as_str()))
    }

    /// The year that "next", "following", "previous" or "preceding" asks for.
    fn year_beside(&self, which: &str) -> Option<i16> {
        let step = direction(which);
        if self.counts_from_base(which, &["year"]) {
            return Some(self.beside_base(step, &["year"], DEPTH)?.start.year());
        }
        self.document?.year().checked_add(i16::try_from(step).ok()?)
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
                    // "It fell to pieces in three weeks" tells how long that took.
                    if self.tense() == Some(Tense::Past) {
                        return None;
                    }
                    return self.document?.shift(number.checked_mul(size)?, unit).map(Period::from);
                }
                rest
            }
            [
                "on" | "at" | "during" | "since" | "by" | "until" | "till" | "around" | "about" | "circa" | "c" | "as",
                rest @ ..,
            ] => rest,
            // "fl. c. 1590"
            ["active" | "fl" | "flourished" | "floruit", rest @ ..] => return self.period(rest, depth),
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
            ["last", "night" | "evening"] => self.day_from_today(-1),
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
            ["year", year] => {
                let year = full_year(year).or_else(|| self.early_year(year))?;
                Some(Point::Year(year).into())
            }
            [year] if self.early_year(year).is_some() => Some(Point::Year(self.early_year(year)?).into()),
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
            // "FY2018", "FY2018/19"
            [year, rest @ ..] if year.starts_with("fy") => {
                let year = year.get(2..)?;
                let year = full_year(year).or_else(|| self.short_year(year)).filter(|year| *year >= 1000)?.to_string();
                let words: Vec<&str> = std::iter::once(year.as_str()).chain(rest.iter().copied()).collect();
                self.period(&words, depth)
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

    /// `'98` or `98`: the latest such year that is not after the document, give or take a few; `'76` after "born in
    /// 1801" is 1876.
    fn short_year(&self, word: &str) -> Option<i16> {
        let digits = word.trim_start_matches('\'');
        if digits.len() != 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let year: i16 = digits.parse().ok()?;
        let latest = self.document.map_or(2035, |document| document.year().saturating_add(5));
        if word.starts_with('\'')
            && let Some(year) = self.old_year(year).filter(|year| *year <= latest)
        {
            return Some(year);
        }
        let century = latest - latest.rem_euclid(100);
        Some(if century + year <= latest { century + year } else { century + year - 100 })
    }

    /// The year with two last digits that is nearest to the date before, if that is an old one.
    fn old_year(&self, digits: i16) -> Option<i16> {
        let named = self.anchor?.end.year();
        if self.document?.year().saturating_sub(named) < OLD {
            return None;
        }
        let year = (named - named.rem_euclid(100)).saturating_add(digits);
        Some(if named.saturating_sub(year) > LOOKING_BACK { year.saturating_add(100) } else { year })
    }

    /// A year of three digits, which only the word before shows to be one: "in 793".
    fn early_year(&self, word: &str) -> Option<i16> {
        let own = self.words.strip_suffix(word)?;
        let before = if own.trim().is_empty() { self.context.before } else { own };
        let is_short = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_short || !names_year(before) {
            return None;
        }
        word.parse::<i16>().ok().filter(|year| *year > 0)
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
            [start, separator @ ("-" | "/"), end] if full_year(start).is_some() && end.len() == 2 => {
                let (start, end) = (full_year(start)?, digits(end)?);
                let last = start - start.rem_euclid(100) + end;
                // A month is not written with a long dash.
                let reach = match *separator {
                    "/" => 10,
                    _ if self.words.contains(['–', '—']) => LONGEST_RANGE,
                    _ => 0,
                };
                // "2001-08" is seven years in a curriculum vitae and August in a file; the former is what prose holds.
                if last > start {
                    Some(Period { start: Point::Year(start), end: Point::Year(last) })
                } else if last + 100 - start <= reach {
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
            "before" if matches!(tail, ["last"]) && number == 1 => self.second_from_document(-2, unit),
            "after" if matches!(tail, ["next"]) && number == 1 => self.second_from_document(2, unit),
            // "two days later, on 5 May" gives the date itself.
            "later" | "afterwards" | "afterward" | "earlier" | "previously" | "beforehand" if !tail.is_empty() => {
                self.period(tail, depth)
            }
            "later" | "after" | "afterwards" | "afterward" | "on" => {
                self.counting_base(tail, depth)?.end.shift(number, unit).map(Period::from)
            }
            "earlier" | "before" | "previously" | "beforehand" => {
                self.counting_base(tail, depth)?.start.shift(-number, unit).map(Period::from)
            }
            _ => None,
        }
    }

    /// What "after ..." and "before ..." count from; of "two days after the attack" that is not known.
    fn counting_base(&self, tail: &[&str], depth: usize) -> Option<Period> {
        match tail {
            [] | ["that" | "then"] | ["that", "date"] => self.base(),
            tail => self.period(tail, depth),
        }
    }

    /// "the year before last" and "the week after next".
    fn second_from_document(&self, step: i32, unit: Unit) -> Option<Period> {
        let point = self.document?.shift(step, unit)?;
        if unit == Unit::Week { Period::week(point.exact_day()?) } else { Some(point.into()) }
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
            ["weekend", "before", "last"] => self.weekend(self.last_weekend()? - 1),
            ["weekend", "after", "next"] => self.weekend(3),
            ["that" | "same" | "this", "very" | "same", rest @ ..] => self.seen_from_anchor(rest, depth),
            ["that" | "same", rest @ ..] => self.seen_from_anchor(rest, depth),
            [which @ ("following" | "next" | "previous" | "preceding"), rest @ ..]
                if self.counts_from_base(which, rest) =>
            {
                self.beside_base(direction(which), rest, depth)
            }
            // Spans up to now, which are no decade and no year of the calendar.
            ["past", "month" | "year" | "decade" | "century"] => None,
            ["last", "week" | "month" | "year" | "decade"] if self.definite => None,
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
            [unit @ ("month" | "quarter" | "year" | "decade" | "century")] => Self::stepped(self.document?, step, unit),
            // A season of sport is a year; which one the last and next are depends on the sport.
            ["season"] if step == 0 => Some(Point::Year(self.document?.year()).into()),
            ["weekend"] => self.weekend(match step {
                -1 => self.last_weekend()?,
                0 if self.tense() == Some(Tense::Past) => 0,
                0 => 1,
                _ => 2,
            }),
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

    /// "the following ..." and "the previous ...", for steps of 1 and -1: seen from the date mentioned before.
    fn beside_base(&self, step: i32, words: &[&str], depth: usize) -> Option<Period> {
        let base = self.base()?;
        let edge = if step > 0 { base.end } else { base.start };
        match words {
            ["day" | "morning" | "afternoon" | "evening" | "night"] => edge.shift(step, Unit::Day).map(Period::from),
            ["week"] => Period::week(add_days(edge.exact_day()?, i64::from(step) * 7)?),
            [unit @ ("month" | "quarter" | "year" | "decade" | "century")] => Self::stepped(edge, step, unit),
            ["weekend"] => {
                let day = edge.exact_day()?;
                let saturday =
                    if step > 0 { on_or_after(add_days(day, 1)?, 5)? } else { on_or_before(add_days(day, -2)?, 5)? };
                Some(Period { start: Point::Day(saturday), end: Point::Day(add_days(saturday, 1)?) })
            }
            [day] | [day, "morning" | "afternoon" | "evening" | "night" | "lunchtime"]
                if weekday_number(day).is_some() =>
            {
                let (weekday, next) = (weekday_number(day)?, add_days(edge.exact_day()?, i64::from(step))?);
                let day = if step > 0 { on_or_after(next, weekday)? } else { on_or_before(next, weekday)? };
                Some(Point::Day(day).into())
            }
            rest if step > 0 => self.yearless(rest, YearChoice::BeyondAnchor, depth),
            rest => self.yearless(rest, YearChoice::BeforeAnchor, depth),
        }
    }

    /// The month, quarter, year, decade or century that is `step` of its kind after the one of a date.
    fn stepped(from: Point, step: i32, unit: &str) -> Option<Period> {
        match unit {
            "month" => from.shift(step, Unit::Month).map(Period::from),
            "quarter" => {
                let (year, month) = from.shift(step * 3, Unit::Month)?.year_month()?;
                let first = (month - 1) / 3 * 3 + 1;
                Period::months(year, first, year, first + 2)
            }
            "year" => from.shift(step, Unit::Year).map(Period::from),
            "decade" => Some(Point::Decade((from.year() / 10).checked_add(i16::try_from(step).ok()?)?).into()),
            "century" => {
                let century = (from.year() - 1) / 100 + 1 + i16::try_from(step).ok()?;
                Self::century(&century.to_string())
            }
            _ => None,
        }
    }

    /// "that ..." and "the same ...": seen from the date mentioned before.
    fn seen_from_anchor(&self, words: &[&str], depth: usize) -> Option<Period> {
        let anchor = self.anchor()?;
        match words {
            ["day" | "morning" | "afternoon" | "evening" | "night"] => {
                // "killed in 2022 and buried that morning" goes back to the last day that was named.
                let named = self.context.earlier.iter().rev().find_map(|norm| Period::parse(norm)?.end.exact_day());
                Some(Point::Day(named.or_else(|| anchor.end.exact_day())?).into())
            }
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

    /// Saturday and Sunday: 0 is the latest weekend that has begun, 1 the one that is on or comes next, 2 the one after it.
    fn weekend(&self, step: i64) -> Option<Period> {
        let today = self.today()?;
        let begun = on_or_before(today, 5)?;
        let on = today.weekday().to_monday_zero_offset() >= 5;
        let saturday = add_days(begun, 7 * if on && step >= 1 { step - 1 } else { step })?;
        Some(Period { start: Point::Day(saturday), end: Point::Day(add_days(saturday, 1)?) })
    }

    /// The step of the latest weekend that is over.
    fn last_weekend(&self) -> Option<i64> {
        Some(if self.today()?.weekday().to_monday_zero_offset() >= 5 { -1 } else { 0 })
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
        let is_near = self.context.narration == Narration::Document;
        match rest {
            // In which week that was is not told.
            [] if !is_near => None,
            [day] if !is_near && day_number(day).is_some() => None,
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
                let fits = i64::from(day.weekday().to_monday_zero_offset()) == weekday;
                if fits || has_year(rest) || !is_near {
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
            [head @ .., "of" | "in", "that" | "same", "year"] | [head @ .., "that" | "same", "year"] => {
                (head, self.anchor()?.end.year())
            }
            [head @ .., "of" | "in", which @ ("next" | "following" | "previous" | "preceding"), "year"]
            | [head @ .., which @ ("next" | "following" | "previous" | "preceding"), "year"] => {
                (head, self.year_beside(which)?)
            }
            [head @ .., year, mark @ ("/" | "-"), next] if self.double_year(head, year, mark, next).is_some() => {
                (head, self.double_year(head, year, mark, next)?)
            }
            [head @ .., "of" | "in", "year", year] if full_year(year).is_some() => (head, full_year(year)?),
            [head @ .., "of" | "in", year] if full_year(year).is_some() => (head, full_year(year)?),
            [head @ .., year] if full_year(year).is_some() => (head, full_year(year)?),
            [head @ .., "of" | "in", year] | [head @ .., year] if year.starts_with('\'') => {
                (head, self.short_year(year)?)
            }
            [year, head @ ..] if full_year(year).is_some() && head.first() != Some(&"-") => (head, full_year(year)?),
            _ => return None,
        };
        if head.is_empty() || head.iter().any(|word| full_year(word).is_some()) {
            return None;
        }
        self.yearless(head, YearChoice::Given(year), depth)
    }

    /// The year of "11 February 1731/2" and "11 February 1731-2"; "February 1731–32" is a stretch of time.
    fn double_year(&self, head: &[&str], year: &str, mark: &str, next: &str) -> Option<i16> {
        let has_day = head.iter().any(|word| day_number(word).is_some());
        let is_one = mark == "/" || has_day && next.len() <= 2 && !self.words.contains(['–', '—']);
        if is_one { double_year(head, year, next) } else { None }
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
            ["first", "half"] | ["h1"] => pick(&|year| Period::months(year, 1, year, 6)),
            ["second", "half"] | ["h2"] => pick(&|year| Period::months(year, 7, year, 12)),
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
                pick(&|year| feast(words, year, orthodox).map(|day| Point::Day(day).into()))
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

    /// Whether one of the words stands near the mention.
    fn near_word(&self, wanted: &[&str]) -> bool {
        let before = self.context.before.split_whitespace().rev().take(NEAR_WORDS);
        let after = self.context.after.split_whitespace().take(NEAR_WORDS);
        before.chain(after).any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            wanted.iter().any(|wanted| word.eq_ignore_ascii_case(wanted))
        })
    }

    /// "the 23rd": in the month of the date mentioned before, unless that was named in passing.
    fn bare_day(&self, day: i8) -> Option<Period> {
        let anchor = self.anchor()?.end;
        let named = anchor.year_month().and_then(|(year, month)| Point::day(year, month, day)?.exact_day());
        match self.today() {
            Some(today) if self.is_in_passing(anchor, named, today) => self.day_of_own_month(day, today),
            _ => named.map(|day| Point::Day(day).into()),
        }
    }

    /// Whether the date mentioned before says nothing about the month of a bare day, which with it would be `named`.
    ///
    /// In "He will not decide before January. I shall be in Rome on the 20th", that is the month of the letter.
    fn is_in_passing(&self, anchor: Point, named: Option<Date>, today: Date) -> bool {
        // In a tale, what "would" come has long passed.
        if self.near_word(&["would"]) {
            return false;
        }
        let is_entry = self.context.is_entry;
        let is_far = anchor.year().abs_diff(today.year()) > 1;
        let Some(named) = named.filter(|_| !is_far) else { return is_entry && self.tense() == Some(Tense::Future) };
        let fits = self.fits(named, today);
        let is_meant = anchor.exact_day().is_some() || self.names_before(named.month());
        if is_meant { is_entry && !fits } else { is_entry || !fits }
    }

    /// Whether a day lies on the side of today that the tense asks for.
    fn fits(&self, day: Date, today: Date) -> bool {
        match self.tense() {
            Some(Tense::Past) => day <= today,
            Some(Tense::Future) => day >= today,
            None => true,
        }
    }

    /// Whether the words before the mention name a month.
    fn names_before(&self, month: i8) -> bool {
        self.context.before.split_whitespace().rev().take(NEAR_WORDS).any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            month_number(&word) == Some(month)
        })
    }

    /// The day of that number in the month of the document, or in the one beside it if the tense asks for that; nothing
    /// without a tense.
    fn day_of_own_month(&self, day: i8, today: Date) -> Option<Period> {
        let step = match self.tense()? {
            Tense::Future => i32::from(day < today.day()),
            Tense::Past => -i32::from(day > today.day()),
        };
        let (year, month) = Point::month(today.year(), today.month())?.shift(step, Unit::Month)?.year_month()?;
        Point::day(year, month, day).map(Period::from)
    }

    /// Builds a date in the year that `choice` asks for.
    fn pick(&self, choice: YearChoice, build: &dyn Fn(i16) -> Option<Period>) -> Option<Period> {
        if let YearChoice::Given(year) = choice {
            return build(year);
        }
        if choice == YearChoice::ByTense && self.context.narration != Narration::Document {
            return self.pick_told(build);
        }
        // Of a document dated by month alone everything in that month counts as past.
        let today = match choice {
            YearChoice::AfterAnchor | YearChoice::BeforeAnchor => self.anchor()?.start.first_day()?,
            YearChoice::BeyondAnchor => self.anchor()?.end.last_day()?,
            _ => match self.document? {
                Point::Decade(_) | Point::Year(_) => return None,
                point => point.last_day()?,
            },
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
            YearChoice::Last | YearChoice::BeforeAnchor => candidates.iter().rev().find(|(_, last, _)| *last < today),
            YearChoice::Next | YearChoice::BeyondAnchor => candidates.iter().find(|(first, _, _)| *first > today),
            YearChoice::This => candidates
                .iter()
                .find(|(first, last, _)| *first <= today && today <= *last)
                .or_else(|| candidates.iter().find(|(first, _, _)| first.year() == today.year())),
            YearChoice::ByTense => match self.tense() {
                Some(Tense::Past) => begun,
                Some(Tense::Future) if begun.is_some_and(|(.., period)| self.has_just_been(*period, today)) => begun,
                Some(Tense::Future) => coming,
                None => match (begun, coming) {
                    (Some(past), Some(future))
                        if future.2.start.exact_day().is_some()
                            && day_distance(today, future.0) <= NEAR_DAYS
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

    /// Whether a day with its number has just passed and nothing but a verb in the present makes it one to come.
    fn has_just_been(&self, period: Period, today: Date) -> bool {
        let (Some(_), Some(day)) = (period.start.exact_day(), period.end.exact_day()) else { return false };
        self.words.contains(|c: char| c.is_ascii_digit())
            && day < today
            && day_distance(day, today) <= JUST_PAST
            && self.context.tense.is_none()
            && is_in_present(self.context.before, self.context.after)
    }

    /// Builds a date in the year that the text tells of. What would lie months before the date told last may be of the
    /// year after, and is nothing.
    fn pick_told(&self, build: &dyn Fn(i16) -> Option<Period>) -> Option<Period> {
        let last = self.told?;
        let period = build(last.end.year())?;
        let goes_on = period.end.last_day()? >= last.start.first_day()?;
        let month = period.start.year_month();
        let is_same_month = month.is_some() && month == last.start.year_month();
        (goes_on || is_same_month).then_some(period)
    }

    /// Two dates with a word or dash between them.
    fn joined(&self, words: &[&str], depth: usize) -> Option<Period> {
        let at = words
            .iter()
            .position(|word| matches!(*word, "to" | "until" | "till" | "through" | "and"))
            .or_else(|| words.iter().position(|word| matches!(*word, "-" | "/")))?;
        let (left, right) = (words.get(..at)?, words.get(at + 1..)?);
        if let ([start], [end]) = (left, right)
            && full_year(start).is_some()
            && full_year(end).is_none()
        {
            // "1998 to 02"
            let (start, end) = (full_year(start)?, end.parse::<i16>().ok().filter(|_| end.len() == 2)?);
            let last = start - start.rem_euclid(100) + end;
            let last = if last < start { last + 100 } else { last };
            return Period::range(Point::Year(start).into(), Point::Year(last).into());
        }
        match (has_year(left), has_year(right)) {
            (true, false) => {
                // "12 May 2019 to 3 June": the second has the year of the first, or the next.
                let start = self.period(left, depth)?;
                let year = start.start.year();
                [year, year.checked_add(1)?]
                    .into_iter()
                    .find_map(|year| Period::range(start, self.yearless(right, YearChoice::Given(year), depth)?))
            }
            (false, true) => {
                // "November to February 2019" began the year before.
                let end = self.period(right, depth)?;
                let year = end.end.year();
                [year, year.checked_sub(1)?]
                    .into_iter()
                    .find_map(|year| Period::range(self.yearless(left, YearChoice::Given(year), depth)?, end))
            }
            _ => Period::range(self.period(left, depth)?, self.period(right, depth)?),
        }
    }

    /// A named day with its date in apposition: "Easter Monday, 5 April 1779".
    fn described(&self, words: &[&str], depth: usize) -> Option<Period> {
        let at = words.iter().skip(1).position(|word| day_number(word).is_some() || month_number(word).is_some())? + 1;
        let tail = words.get(at..).filter(|tail| tail.len() > 1)?;
        let period = self.with_year(tail, depth).or_else(|| self.yearless(tail, YearChoice::ByTense, depth))?;
        period.start.exact_day().map(|_| period)
    }
}

/// Which way a word points.
fn direction(which: &str) -> i32 {
    if matches!(which, "following" | "next") { 1 } else { -1 }
}

/// Whether the words hold a year of their own.
fn has_year(words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| full_year(word).is_some() || word.starts_with('\'') || *word == "year" || word.ends_with("0s"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Mention, schema::MentionKind};

    /// A Wednesday.
    const TODAY: &str = "2019-12-18";

    fn read(words: &str, context: DateContext<'_>) -> String {
        normalize(words, &context).unwrap_or_else(|| "none".to_owned())
    }

    fn check_with(context: DateContext<'_>, cases: &[(&str, &str)]) {
        let wrong: Vec<String> = cases
            .iter()
            .map(|(words, expected)| (words, expected, read(words, context)))
            .filter(|(_, expected, got)| got != *expected)
            .map(|(words, expected, got)| format!("{words:?}: expected {expected}, got {got}"))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// In a document of 18 December 2019, with nothing around the mention.
    fn check(cases: &[(&str, &str)]) {
        check_with(DateContext { document_date: Some(TODAY), ..DateContext::default() }, cases);
    }

    /// In a document of 18 December 2019, with words before and after.
    fn check_in(cases: &[(&str, &str, &str, &str)]) {
        for (before, words, after, expected) in cases {
            let context = DateContext { document_date: Some(TODAY), before, after, ..DateContext::default() };
            assert_eq!(read(words, context), *expected, "{before}[{words}]{after}");
        }
    }

    /// In a document of 18 December 2019 that has named the date `earlier` before.
    fn check_after(earlier: &str, cases: &[(&str, &str)]) {
        let earlier = [earlier.to_owned()];
        check_with(DateContext { document_date: Some(TODAY), earlier: &earlier, ..DateContext::default() }, cases);
    }

    /// Without a document date.
    fn check_undated(cases: &[(&str, &str)]) {
        check_with(DateContext::default(), cases);
    }

    #[test]
    fn complete_dates() {
        check_undated(&[
            ("1995-08-29", "1995-08-29"),
            ("1995/08/29", "1995-08-29"),
            ("19950829", "1995-08-29"),
            ("29 August 1995", "1995-08-29"),
            ("29th of August, 1995", "1995-08-29"),
            ("the 2d of April 1801", "1801-04-02"),
            ("the 3d April, 1801", "1801-04-03"),
            ("May 22d, 1799", "1799-05-22"),
            ("11 February 1731/2", "1732-02-11"),
            ("February 11th, 1731-2", "1732-02-11"),
            ("Friday, 11 February 1731/32", "1732-02-11"),
            ("20 March 1699/1700", "1700-03-20"),
            ("February 1731/2", "1732-02"),
            ("11 May 1731/2", "none"),
            ("11 February 1731/4", "none"),
            ("11 February 1998/9", "none"),
            ("1998/99", "1998/1999"),
            ("August 29, 1995", "1995-08-29"),
            ("Aug. 29th, 1995", "1995-08-29"),
            ("AUGUST 29 1995", "1995-08-29"),
            ("Tuesday, August 29, 1995", "1995-08-29"),
            ("Tuesday 29 August, 1995", "1995-08-29"),
            ("the fourth of July, 1976", "1976-07-04"),
            ("29.08.1995", "1995-08-29"),
            ("3.4.98", "1998-04-03"),
            ("29/08/1995", "1995-08-29"),
            ("08/29/1995", "1995-08-29"),
            ("04/04/1995", "1995-04-04"),
            ("on 2 May 1997", "1997-05-02"),
            ("the night of 8 February 1971", "1971-02-08"),
            ("9/11", "2001-09-11"),
            ("31 February 1999", "none"),
        ]);
    }

    #[test]
    fn day_or_month_first() {
        check(&[("03/04/2019", "none"), ("12/18/2019", "2019-12-18"), ("10/12/2019", "none")]);
        let undated = DateContext::default();
        let dated = DateContext { document_date: Some("2019-04-03"), ..undated };
        check_with(dated, &[("03/04/2019", "2019-04-03"), ("04/03/2019", "2019-04-03")]);
        check_with(DateContext { day_first: Some(true), ..undated }, &[("03/04/2019", "2019-04-03")]);
        check_with(DateContext { day_first: Some(false), ..undated }, &[("03/04/2019", "2019-03-04")]);
    }

    #[test]
    fn months_years_and_longer() {
        check_undated(&[
            ("2019", "2019"),
            ("the year 2019", "2019"),
            ("March 2019", "2019-03"),
            ("Sept. 2004", "2004-09"),
            ("March of 2019", "2019-03"),
            ("mid-March 2019", "2019-03"),
            ("2019-03", "2019-03"),
            ("03/2019", "2019-03"),
            ("early 2004", "2004"),
            ("mid-1977", "1977"),
            ("the end of 2004", "2004"),
            ("the end of March 2004", "2004-03"),
            ("the last day of 1949", "1949-12-31"),
            ("the first day of May 1949", "1949-05-01"),
            ("the last day of February 2004", "2004-02-29"),
            ("the 1990s", "199X"),
            ("the late 1980s", "198X"),
            ("the '90s", "199X"),
            ("the nineties", "199X"),
            ("the 1720s", "172X"),
            ("the early 1720s", "172X"),
            ("'98", "1998"),
            ("'04", "2004"),
            ("AD 79", "0079"),
            ("79 AD", "0079"),
            ("44 BC", "none"),
            ("the 19th century", "1801/1900"),
            ("the early 19th century", "1801/1900"),
            ("the twelfth century", "1101/1200"),
            ("fiscal 2015", "2015"),
            ("fiscal year 2015", "2015"),
            ("the financial year 2015", "2015"),
            ("Q3 2020", "2020-07/2020-09"),
            ("H1 2020", "2020-01/2020-06"),
            ("H2 2020", "2020-07/2020-12"),
            ("FY2021", "2021"),
            ("FY 2021", "2021"),
            ("the third quarter of 2020", "2020-07/2020-09"),
            ("the first half of 2020", "2020-01/2020-06"),
            ("second half of the year 2020", "2020-07/2020-12"),
            ("fl. 1480", "1480"),
            ("fl. c. 1590", "1590"),
            ("active 1500–1530", "1500/1530"),
            ("the summer of 1998", "1998-06/1998-08"),
            ("winter 1998", "1998-12/1999-02"),
        ]);
    }

    #[test]
    fn ranges() {
        check_undated(&[
            ("2010 to 2012", "2010/2012"),
            ("from 2010 to 2012", "2010/2012"),
            ("between 2010 and 2012", "2010/2012"),
            ("between 1612 and 1615", "1612/1615"),
            ("1612 and 1615", "1612/1615"),
            ("2010 until 2012", "2010/2012"),
            ("2011-13", "2011/2013"),
            ("1999–2003", "1999/2003"),
            ("2001–05", "2001/2005"),
            ("1998–02", "1998/2002"),
            ("1998-02", "1998-02"),
            ("2019–03", "2019-03"),
            ("FY2018", "2018"),
            ("FY2018/19", "2018/2019"),
            ("FY18/19", "2018/2019"),
            ("FY 2018/19", "2018/2019"),
            ("2019/20", "2019/2020"),
            ("the 2019/20 season", "2019/2020"),
            ("the 1999/00 season", "1999/2000"),
            ("May 5-7, 2019", "2019-05-05/2019-05-07"),
            ("5–7 May 2019", "2019-05-05/2019-05-07"),
            ("5 and 6 May 2019", "2019-05-05/2019-05-06"),
            ("30 April to 2 May 2019", "2019-04-30/2019-05-02"),
            ("12 December 2018 to 3 January", "2018-12-12/2019-01-03"),
            ("Sept. 1972–Dec. 1973", "1972-09/1973-12"),
            ("April and May 2019", "2019-04/2019-05"),
            ("November to February 2019", "2018-11/2019-02"),
            ("the 1970s to the 1990s", "1970/1999"),
            ("2012 to 2010", "none"),
        ]);
        check(&[
            ("3–10 August", "2019-08-03/2019-08-10"),
            ("April and May", "2019-04/2019-05"),
            ("the week of November 3", "2019-10-28/2019-11-03"),
            ("the weekend of 3 May 2019", "2019-05-04/2019-05-05"),
        ]);
    }

    #[test]
    fn weekdays() {
        check(&[
            ("Tuesday", "2019-12-17"),
            ("Wednesday", "2019-12-18"),
            ("Thursday", "2019-12-12"),
            ("Monday night", "2019-12-16"),
            ("early Tuesday", "2019-12-17"),
            ("Tues", "2019-12-17"),
            ("last Wednesday", "2019-12-11"),
            ("last Friday", "2019-12-13"),
            ("next Wednesday", "2019-12-25"),
            ("next Friday", "2019-12-20"),
            ("this Friday", "2019-12-20"),
            ("Friday week", "2019-12-27"),
            ("Friday last week", "2019-12-13"),
            ("Monday of this week", "2019-12-16"),
            ("Friday next week", "2019-12-27"),
            ("Friday 20th", "2019-12-20"),
            ("Mon 2", "2019-12-02"),
            ("Sunday, May 5", "2019-05-05"),
            ("Sunday, 3 May", "2020-05-03"),
            ("a week on Friday", "2019-12-27"),
        ]);
        check_in(&[
            ("The court sentenced him on ", "Thursday", ".", "2019-12-12"),
            ("The court will sentence him on ", "Thursday", ".", "2019-12-19"),
            ("The judge said he would be sentenced on ", "Thursday", ".", "2019-12-19"),
            ("Talks resume on ", "Friday", " in Graz.", "2019-12-20"),
            ("He resigned after a vote on ", "Friday", ".", "2019-12-13"),
            ("The owners gave her until ", "Friday", " to pay.", "2019-12-20"),
            ("A rally was held on ", "Friday", " and will be held again.", "2019-12-13"),
            ("On ", "Saturday", " the club will open its new ground.", "2019-12-21"),
            ("", "Saturday", " - Divers return empty-handed.", "2019-12-14"),
            ("It shuts every ", "Monday", ".", "none"),
            ("The funeral is this ", "Saturday", ".", "2019-12-21"),
            ("He was buried this ", "Monday", ".", "2019-12-16"),
            ("The vote is next ", "Wednesday", ".", "2019-12-25"),
            ("He resigned last ", "Wednesday", " evening.", "2019-12-11"),
            ("They met this past ", "Wednesday", ".", "2019-12-11"),
            ("Milan play Inter on ", "Saturday", ".", "2019-12-21"),
            ("Activists were arrested ahead of ", "Sunday", "'s election.", "2019-12-22"),
            ("It will pay a premium of 38% to ", "Tuesday", "'s close.", "2019-12-17"),
            ("They spent ", "this weekend", " at sea.", "2019-12-14/2019-12-15"),
            ("Prime Minister Theresa May on ", "Thursday", " told reporters that she had resigned.", "2019-12-12"),
            ("On ", "Friday", ", Will Smith was arrested.", "2019-12-13"),
            ("Sales fell in May and in ", "August", ".", "2019-08"),
        ]);
    }

    #[test]
    fn months_and_days_without_year() {
        check(&[
            ("June", "2019-06"),
            ("December", "2019-12"),
            ("mid-March", "2019-03"),
            ("the beginning of June", "2019-06"),
            ("May", "2019-05"),
            ("12 June", "2019-06-12"),
            ("Dec 18", "2019-12-18"),
            ("the 4th of July", "2019-07-04"),
            ("10 January", "2020-01-10"),
            ("last June", "2019-06"),
            ("last December", "2018-12"),
            ("next June", "2020-06"),
            ("this June", "2019-06"),
            ("June last year", "2018-06"),
            ("6 January last year", "2018-01-06"),
            ("May next year", "2020-05"),
            ("last summer", "2019-06/2019-08"),
            ("next spring", "2020-03/2020-05"),
            ("autumn", "2019-09/2019-11"),
            ("the second quarter", "2019-04/2019-06"),
        ]);
        check_in(&[
            ("The bridge will open in ", "March", ".", "2020-03"),
            ("The bridge opened in ", "March", ".", "2019-03"),
            ("The child was born on ", "29 February", ".", "2016-02-29"),
            ("The bridge is to be opened on ", "3 March", ".", "2020-03-03"),
            ("He was treasurer until ", "March", ".", "2019-03"),
            ("The airline promised new seats by ", "the end of May", ".", "2020-05"),
        ]);
        let monthly = DateContext { document_date: Some("2019-12"), ..DateContext::default() };
        check_with(
            monthly,
            &[("March", "2019-03"), ("December", "2019-12"), ("Tuesday", "none"), ("last month", "2019-11")],
        );
    }

    #[test]
    fn days_that_have_just_been() {
        check_in(&[
            ("Tom Aas quits, ", "5 December", ".", "2019-12-05"),
            ("An article about Bo Lind (Mayor quits, ", "17 December", ", page 4) misspelt his name.", "2019-12-17"),
            ("Mayor Tom Aas faces a misconduct hearing, ", "8 December", ".", "2019-12-08"),
            ("The court sits on ", "December 5", ".", "2019-12-05"),
            // What is said to come, lies further back or ahead, has another tense or is no day with a number.
            ("The court will sit on ", "5 December", ".", "2020-12-05"),
            ("The show runs until ", "5 December", ".", "2020-12-05"),
            ("A hearing is due on ", "5 December", ".", "2020-12-05"),
            ("The court sits on ", "5 November", ".", "2020-11-05"),
            ("The court sits on ", "19 December", ".", "2019-12-19"),
            ("The court sat on ", "19 December", ".", "2018-12-19"),
            ("The court sits in ", "November", ".", "2020-11"),
            ("She marries at ", "Thanksgiving", ".", "2020-11-26"),
            ("The court sits on ", "Thursday", ".", "2019-12-19"),
        ]);
    }

    #[test]
    fn pointing_words() {
        check(&[
            ("today", "2019-12-18"),
            ("Tonight", "2019-12-18"),
            ("this morning", "2019-12-18"),
            ("yesterday", "2019-12-17"),
            ("yesterday evening", "2019-12-17"),
            ("last night", "2019-12-17"),
            ("TOMORROW", "2019-12-19"),
            ("tomorrow morning", "2019-12-19"),
            ("the day before yesterday", "2019-12-16"),
            ("the day after tomorrow", "2019-12-20"),
            ("last week", "2019-12-09/2019-12-15"),
            ("this week", "2019-12-16/2019-12-22"),
            ("next week", "2019-12-23/2019-12-29"),
            ("last month", "2019-11"),
            ("next month", "2020-01"),
            ("earlier this month", "2019-12"),
            ("last year", "2018"),
            ("earlier this year", "2019"),
            ("next year", "2020"),
            ("last quarter", "2019-07/2019-09"),
            ("the previous decade", "200X"),
            ("last century", "1901/2000"),
            ("this century", "2001/2100"),
            ("the weekend", "2019-12-14/2019-12-15"),
            ("last weekend", "2019-12-14/2019-12-15"),
            ("next weekend", "2019-12-28/2019-12-29"),
            ("this season", "2019"),
        ]);
        check_undated(&[("today", "none"), ("last week", "none"), ("Tuesday", "none"), ("March", "none")]);
    }

    #[test]
    fn counts() {
        check(&[
            ("two years ago", "2017"),
            ("a decade ago", "2009"),
            ("twenty-five years ago", "1994"),
            ("a hundred years ago", "1919"),
            ("two centuries ago", "1819"),
            ("three months ago", "2019-09"),
            ("a month ago", "2019-11"),
            ("two weeks ago", "2019-12-04"),
            ("a fortnight ago", "2019-12-04"),
            ("three days ago", "2019-12-15"),
            ("a couple of days ago", "2019-12-16"),
            ("in ten days", "2019-12-28"),
            ("in two years' time", "2021"),
            ("twenty years ago today", "1999-12-18"),
            ("two weeks before Boxing Day", "2019-12-12"),
        ]);
        check_in(&[
            ("The bank will fall to pieces ", "in three weeks", ".", "2020-01-08"),
            ("The bank fell to pieces ", "in three weeks", ".", "none"),
            ("", "Within a year", ", the bank was bankrupt.", "none"),
        ]);
    }

    #[test]
    fn last_but_one() {
        check(&[
            ("the year before last", "2017"),
            ("the month before last", "2019-10"),
            ("the week before last", "2019-12-02/2019-12-08"),
            ("the night before last", "2019-12-16"),
            ("the weekend before last", "2019-12-07/2019-12-08"),
            ("the year after next", "2021"),
            ("the week after next", "2019-12-30/2020-01-05"),
            ("the weekend after next", "2020-01-04/2020-01-05"),
            ("the decade before last", "none"),
            ("two years after next", "none"),
            ("two days after 5 May 2019", "2019-05-07"),
            ("two days after the attack", "none"),
            ("a week before the vote", "none"),
        ]);
        check_after(
            "2019-12-01",
            &[
                ("two days after the attack", "none"),
                ("two days after that", "2019-12-03"),
                ("four days later, on 5 December", "2019-12-05"),
                ("a week on from 5 December", "2019-12-12"),
            ],
        );
    }

    #[test]
    fn spans_up_to_now() {
        check(&[
            ("the past month", "none"),
            ("the past year", "none"),
            ("the past decade", "none"),
            ("the last year", "none"),
            ("the last decade", "none"),
            ("last year", "2018"),
            ("last decade", "200X"),
            ("the end of last year", "2018"),
            ("the last day of last year", "2018-12-31"),
        ]);
        check_in(&[
            ("Sales rose over the ", "past year", ".", "none"),
            ("Sales rose over the ", "last year", ".", "none"),
            ("It opens in ", "the New Year", ".", "none"),
            ("It opens in the ", "New Year", ".", "none"),
            ("It opens ", "early in the new year", ".", "none"),
            ("It opens by ", "New Year", ".", "2020-01-01"),
        ]);
    }

    #[test]
    fn weekends() {
        for (today, next) in [
            ("2019-12-18", "2019-12-28/2019-12-29"),
            ("2019-12-21", "2019-12-28/2019-12-29"),
            ("2019-12-22", "2019-12-28/2019-12-29"),
        ] {
            let context = DateContext { document_date: Some(today), ..DateContext::default() };
            check_with(
                context,
                &[
                    ("next weekend", next),
                    ("last weekend", "2019-12-14/2019-12-15"),
                    ("this weekend", "2019-12-21/2019-12-22"),
                ],
            );
        }
    }

    #[test]
    fn counts_from_another_date() {
        check_after(
            "1986-05-30",
            &[
                ("two days later", "1986-06-01"),
                ("the following day", "1986-05-31"),
                ("next morning", "1986-05-31"),
                ("a day earlier", "1986-05-29"),
                ("the day before", "1986-05-29"),
                ("three weeks later", "1986-06-20"),
                ("five months later", "1986-10"),
                ("the year before", "1985"),
                ("two years later", "1988"),
                ("a decade later", "1996"),
                ("the same day", "1986-05-30"),
                ("that night", "1986-05-30"),
                ("that very morning", "1986-05-30"),
                ("that month", "1986-05"),
                ("later that month", "1986-05"),
                ("that year", "1986"),
                ("later that year", "1986"),
                ("the following week", "1986-06-02/1986-06-08"),
                ("the following month", "1986-06"),
                ("the following year", "1987"),
                ("October that year", "1986-10"),
                ("the following March", "1987-03"),
                ("that Christmas", "1986-12-25"),
                ("that Sunday", "1986-06-01"),
                ("the 23rd", "1986-05-23"),
            ],
        );
        check_after(
            "1986",
            &[
                ("two days later", "none"),
                ("five months later", "none"),
                ("a year later", "1987"),
                ("that summer", "1986-06/1986-08"),
                ("the 23rd", "none"),
                ("the following spring", "1987-03/1987-05"),
                ("the previous spring", "1985-03/1985-05"),
            ],
        );
    }

    #[test]
    fn days_without_a_month() {
        // The date before, whether this is an entry of 18 December 2019, the words around, and what comes out.
        for (earlier, is_entry, before, after, expected) in [
            ("2020-03", true, "I shall be in Rome on ", ".", "2019-12-20"),
            ("2019-08", true, "Bo Lind will see them on ", ".", "2019-12-20"),
            ("2019-08", true, "Bo Lind saw them on ", ".", "2019-11-20"),
            ("2020-02", true, "Ada speaks in Rome on ", ".", "none"),
            ("2019-08-02", true, "Bo Lind will see them on ", ".", "2019-12-20"),
            ("1802-08", true, "Bo Lind will see them on ", ".", "2019-12-20"),
            // The month is told.
            ("1802-08", true, "Bo Lind saw them on ", ".", "1802-08-20"),
            ("1802-08", true, "There he would see them on ", ".", "1802-08-20"),
            ("2020-03-02", true, "We leave on 2 March and shall be there on ", ".", "2020-03-20"),
            ("2020-03", true, "It will open in March and close on ", ".", "2020-03-20"),
            ("2020-03", false, "It will open on ", ".", "2020-03-20"),
            ("2019-08", false, "He was charged on ", ".", "2019-08-20"),
            ("1802-08", false, "Bo Lind will see them on ", ".", "1802-08-20"),
            // The tense does not fit.
            ("2019-08", false, "He will appear on ", ".", "2019-12-20"),
            ("2020-03", false, "He was charged on ", ".", "2019-11-20"),
            ("2019-08", false, "There he would appear on ", ".", "2019-08-20"),
        ] {
            let earlier = [earlier.to_owned()];
            let context = DateContext {
                document_date: Some(TODAY),
                before,
                after,
                earlier: &earlier,
                is_entry,
                ..DateContext::default()
            };
            assert_eq!(read("the 20th", context), expected, "{earlier:?} {is_entry} {before}");
        }
    }

    #[test]
    fn short_years_are_of_the_century_that_is_named() {
        check_after("1811", &[("'76", "1876"), ("the summer of '76", "1876-06/1876-08"), ("11.3.76", "1976-03-11")]);
        check_after("1876", &[("'71", "1871")]);
        check_after("1898", &[("'13", "1913")]);
        check_after("1961", &[("'58", "1958"), ("'12", "2012")]);
        check_after("1998", &[("'05", "2005"), ("'76", "1976")]);
        check_after("2018", &[("'76", "1976")]);
    }

    #[test]
    fn years_of_the_time_that_is_told() {
        let check_told = |told: &str, cases: &[(&str, &str)]| {
            let narration = Narration::Past(told);
            check_with(DateContext { document_date: Some(TODAY), narration, ..DateContext::default() }, cases);
        };
        check_told(
            "1914",
            &[
                ("September", "1914-09"),
                ("12 October", "1914-10-12"),
                ("the night of 12 October", "1914-10-12"),
                ("Friday, 12 October", "1914-10-12"),
                ("Christmas Eve", "1914-12-24"),
                ("Monday", "none"),
                ("Monday morning", "none"),
                ("Friday 20th", "none"),
                ("3 May 1915", "1915-05-03"),
                ("yesterday", "2019-12-17"),
                ("last June", "2019-06"),
            ],
        );
        check_told("1914-09", &[("September", "1914-09"), ("August", "none"), ("12 October", "1914-10-12")]);
        check_told("1914-09-20", &[("17 September", "1914-09-17"), ("17 August", "none")]);
        check_told("1914-12/1915-02", &[("March", "1915-03")]);
        let unclear =
            DateContext { document_date: Some(TODAY), narration: Narration::Unclear, ..DateContext::default() };
        check_with(unclear, &[("September", "none"), ("Monday", "none"), ("May 1915", "1915-05")]);
    }

    #[test]
    fn counts_from_a_date_that_is_named() {
        check_after(
            "1998-05-05",
            &[
                ("next year", "2020"),
                ("the next year", "1999"),
                ("the next month", "1998-06"),
                ("the next week", "1998-05-11/1998-05-17"),
                ("the next weekend", "1998-05-09/1998-05-10"),
                ("the next Friday", "1998-05-08"),
                ("the next spring", "1999-03/1999-05"),
                ("the previous year", "1997"),
                ("the previous month", "1998-04"),
                ("the previous quarter", "1998-01/1998-03"),
                ("the previous decade", "198X"),
                ("the previous century", "1801/1900"),
                ("the previous weekend", "1998-05-02/1998-05-03"),
                ("the previous Friday", "1998-05-01"),
                ("the previous March", "1998-03"),
                ("the preceding week", "1998-04-27/1998-05-03"),
                ("June the next year", "1999-06"),
                ("June of the previous year", "1997-06"),
                ("June of next year", "2020-06"),
            ],
        );
        let check_one = |earlier: &str, before: &str, words: &str, expected: &str| {
            let earlier = [earlier.to_owned()];
            let context =
                DateContext { document_date: Some(TODAY), before, earlier: &earlier, ..DateContext::default() };
            assert_eq!(read(words, context), expected, "{before}[{words}]");
        };
        check_one("1950", "She was born in Bergen in 1950 and moved to Oslo ", "the next year", "1951");
        check_one("1950", "She was born in Bergen in 1950 and moved to Oslo the ", "next year", "1951");
        check_one("1912", "In 1912 she met Bo Lind, whom she would marry ", "the next year", "1913");
        check_one("2025", "She will retire in 2025 and leave ", "the next year", "2026");
        check_one("1950", "Nordbank, founded in 1950, will cut 300 jobs in ", "the next year", "2020");
        check_one("1950", "Nordbank will cut 300 jobs ", "in the next year", "2020");
        check_one("1998-03", "He was in exile until the following ", "March", "1999-03");
    }

    #[test]
    fn counts_from_a_date_that_is_not_named() {
        check_in(&[
            ("Keller resigned ", "two days later", ".", "none"),
            ("Keller resigned ", "the next day", ".", "none"),
            ("Keller resigned ", "the following week", ".", "none"),
            ("Keller had resigned ", "a day earlier", ".", "none"),
            ("Keller will resign ", "two days later", ".", "2019-12-20"),
        ]);
    }

    #[test]
    fn feasts() {
        check(&[
            ("Easter", "2019-04-21"),
            ("next Easter", "2020-04-12"),
            ("Easter 2008", "2008-03-23"),
            ("Easter Monday, 5 April 1779", "1779-04-05"),
            ("Good Friday", "2019-04-19"),
            ("Ash Wednesday", "2020-02-26"),
            ("Ash Wednesday last year", "2018-02-14"),
            ("Whit Monday 2019", "2019-06-10"),
            ("New Year's Day", "2020-01-01"),
            ("Christmas Eve 2015", "2015-12-24"),
            ("last Christmas", "2018-12-25"),
            ("Thanksgiving 2019", "2019-11-28"),
            ("Memorial Day", "2019-05-27"),
            ("Leap Day 2016", "2016-02-29"),
            ("Leap Day 2015", "none"),
            ("last Valentine’s Day", "2019-02-14"),
            ("the first Tuesday in November", "2019-11-05"),
            ("the last Monday of May", "2019-05-27"),
        ]);
        check_in(&[
            ("The Orthodox bishops met before ", "Easter", ".", "2019-04-28"),
            ("She will be home for ", "Christmas", ".", "2019-12-25"),
            ("She was home for ", "Christmas", ".", "2018-12-25"),
        ]);
    }

    #[test]
    fn no_dates() {
        check(&[
            ("", "none"),
            ("the", "none"),
            ("-", "none"),
            ("21 years", "none"),
            ("three weeks", "none"),
            ("noon", "none"),
            ("the morning", "none"),
            ("5.15", "none"),
            ("recent years", "none"),
            ("polling day", "none"),
            ("99999 days ago", "none"),
            ("32 May 2019", "none"),
            ("0000", "none"),
            ("’", "none"),
            ("three thousand years ago", "none"),
            ("9999 years later", "none"),
            ("9999999999 AD", "none"),
        ]);
    }

    /// The dates in brackets as the model marks them, each with its normal form, of a document of 18 December 2019.
    fn check_document(marked: &str, expected: &[(&str, &str)]) {
        let mut doc = Document::new("one", "");
        for (index, part) in marked.split(['[', ']']).enumerate() {
            let start = doc.text.len();
            doc.text.push_str(part);
            if index % 2 == 1 {
                doc.mentions.push(Mention {
                    span: ByteSpan::new(start, doc.text.len()),
                    entity_type: EntityType::Date,
                    kind: MentionKind::Name,
                    score: 0.9,
                    entity: None,
                    norm: None,
                    link: None,
                });
            }
        }
        doc.date = Some(TODAY.to_owned());
        mend_dates(&mut doc);
        normalize_dates(&mut doc);
        let found: Vec<_> = doc
            .mentions
            .iter()
            .map(|mention| (doc.slice(mention.span), mention.norm.as_deref().unwrap_or("none")))
            .collect();
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn lists_are_split() {
        check_document(
            "In [2016, 2017] and [2018] he won, [Tuesday, August 29, 1995] he lost.",
            &[("2016", "2016"), ("2017", "2017"), ("2018", "2018"), ("Tuesday, August 29, 1995", "1995-08-29")],
        );
    }

    #[test]
    fn parts_of_years_belong_to_them() {
        check_document(
            "It grew in the second quarter of [2018] and the first half of [November].",
            &[("second quarter of 2018", "2018-04/2018-06"), ("November", "2019-11")],
        );
        check_document(
            "Bought in Q3 2017, sold in [FY2018]; Ada Orley ([fl. 1480]–[1512])",
            &[("Q3 2017", "2017-07/2017-09"), ("FY2018", "2018"), ("1480", "1480"), ("1512", "1512")],
        );
    }

    #[test]
    fn numbers_that_are_no_dates_are_dropped() {
        check_document(
            "BULLETIN NO. [117/2021] of [2 May 2021], room [411], [22:15].",
            &[("2 May 2021", "2021-05-02")],
        );
        check_document("Washington, D.C. [20549], [6 May 2019]", &[("6 May 2019", "2019-05-06")]);
        check_document("Invoice nr 11/[2018], no. [5/2004]; season [2019/20]", &[("2019/20", "2019/2020")]);
        check_document(
            "In [793] they came, [in 806] again; room [411], in the year [866], since [AD 871].",
            &[("793", "0793"), ("in 806", "0806"), ("866", "0866"), ("AD 871", "0871")],
        );
    }

    #[test]
    fn days_of_older_texts() {
        check_document(
            "He died on the 2d of [April 1801], she on the 23d March, [1803], and the 3d regiment left in [May 1804].",
            &[("2d of April 1801", "1801-04-02"), ("23d March, 1803", "1803-03-23"), ("May 1804", "1804-05")],
        );
    }

    #[test]
    fn places_in_lives() {
        check_document(
            "Pietro Rossi ([Parma 1703] – [Venice 1760]) was a sculptor.",
            &[("Parma", "none"), ("1703", "1703"), ("Venice", "none"), ("1760", "1760")],
        );
        check_document(
            "The talks ([Easter 1998] – [Spring 1999]) failed.",
            &[("Easter 1998", "1998-04-12"), ("Spring 1999", "1999-03/1999-05")],
        );
    }

    #[test]
    fn the_text_shows_the_order_of_day_and_month() {
        check_document(
            "Born [11/03/1968], seen [27/06/2023].",
            &[("11/03/1968", "1968-03-11"), ("27/06/2023", "2023-06-27")],
        );
        check_document(
            "Born [11/03/1968], seen [06/27/2023].",
            &[("11/03/1968", "1968-11-03"), ("06/27/2023", "2023-06-27")],
        );
        check_document(
            "Born [11/03/1968], seen [06/27/2023] and [27/06/2023].",
            &[("11/03/1968", "none"), ("06/27/2023", "2023-06-27"), ("27/06/2023", "2023-06-27")],
        );
    }

    #[test]
    fn quoted_messages_count_from_their_own_day() {
        check_document(
            "We met [yesterday].\n\nOn 4 March 2019, Jon Aas wrote:\n> They met [yesterday].\n\nI left [today].",
            &[("yesterday", "2019-12-17"), ("yesterday", "2019-03-03"), ("today", "2019-12-18")],
        );
    }

    #[test]
    fn documents() {
        let text = "Ada Brandvik resigned on Monday. She had joined in 2003 and left the following year.";
        let mut doc = Document::new("one", text);
        doc.date = Some(TODAY.to_owned());
        for words in ["Monday", "2003", "following year"] {
            let start = text.find(words).unwrap();
            doc.mentions.push(Mention {
                span: ByteSpan::new(start, start + words.len()),
                entity_type: EntityType::Date,
                kind: MentionKind::Name,
                score: 1.0,
                entity: None,
                norm: None,
                link: None,
            });
        }
        normalize_dates(&mut doc);
        let norms: Vec<&str> = doc.mentions.iter().filter_map(|mention| mention.norm.as_deref()).collect();
        assert_eq!(norms, ["2019-12-16", "2003", "2004"]);
    }
}
