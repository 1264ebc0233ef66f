//! The reader that walks the tokens of a mention and tries one form after the other.

use jiff::civil::Date;

use super::{
    DateContext, NEAR_WORDS, Narration,
    before::is_definite,
    calendar::{Period, Point},
    choice::YearChoice,
    tense::{Tense, guess_tense},
    words::{count, day_number, full_year, has_year, month_number, unit_word},
};

/// How many parts may be nested in one another ("end of the week of 3 May").
pub(super) const DEPTH: usize = 6;

/// Reads mentions of one place in one document.
pub(super) struct Reader<'a> {
    /// The mention as it is written.
    pub(super) words: &'a str,
    /// Whether "next", "last" or the like has an article.
    pub(super) definite: bool,
    /// What is known besides.
    pub(super) context: &'a DateContext<'a>,
    /// The date of the document.
    pub(super) document: Option<Point>,
    /// The date before this one.
    pub(super) anchor: Option<Period>,
    /// The date whose year the text tells of.
    pub(super) told: Option<Period>,
}

impl<'a> Reader<'a> {
    /// A reader of the mention `words`.
    pub(super) fn new(words: &'a str, context: &'a DateContext<'a>) -> Self {
        let document = context.document_date.and_then(Point::parse).filter(|point| !matches!(point, Point::Decade(_)));
        let anchor = context.earlier.last().and_then(|norm| Period::parse(norm));
        let told = match context.narration {
            Narration::Past(norm) => Period::parse(norm),
            Narration::Document | Narration::Unclear => None,
        };
        Self { words, definite: is_definite(words, context.before), context, document, anchor, told }
    }

    /// Whether the date lies behind or ahead, if that can be told.
    pub(super) fn tense(&self) -> Option<Tense> {
        self.context.tense.or_else(|| guess_tense(self.context.before, self.context.after))
    }

    /// The day the document was written.
    pub(super) fn today(&self) -> Option<Date> {
        self.document?.exact_day()
    }

    /// Whether one of the words stands near the mention.
    pub(super) fn near_word(&self, wanted: &[&str]) -> bool {
        let before = self.context.before.split_whitespace().rev().take(NEAR_WORDS);
        let after = self.context.after.split_whitespace().take(NEAR_WORDS);
        before.chain(after).any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            wanted.iter().any(|wanted| word.eq_ignore_ascii_case(wanted))
        })
    }

    /// Reads a whole mention.
    pub(super) fn period(&self, words: &[&str], depth: usize) -> Option<Period> {
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

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_undated};

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
}
