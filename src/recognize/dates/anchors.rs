//! Words that point from a date mentioned before: "the following day", "that summer", "moved to Oslo the next year".

use super::{
    calendar::{Period, Point, Unit, add_days, on_or_after, on_or_before},
    choice::YearChoice,
    reader::{DEPTH, Reader},
    tense::Tense,
    words::weekday_number,
};

/// Prepositions of a time that starts now: "in the next year".
const SPANNING: &[&str] = &["during", "for", "in", "over", "through", "throughout", "within"];

impl Reader<'_> {
    /// What "the same day" counts from: the date before this one, else the document's.
    pub(super) fn anchor(&self) -> Option<Period> {
        self.anchor.or_else(|| self.document.map(Period::from))
    }

    /// What "later" and "the next day" count from: the same, but what has happened by now counts from no date that is
    /// still unnamed. In "Keller was killed. Aas resigned two days later", that is not the day of the document.
    pub(super) fn base(&self) -> Option<Period> {
        if self.anchor.is_none() && self.tense() == Some(Tense::Past) { None } else { self.anchor() }
    }

    /// Whether "following", "next" and the like count from the date before this one: "born in 1950 and moved the next year".
    ///
    /// "Next" and "previous" need an article for it, and "will cut jobs in the next year" looks ahead from the document.
    pub(super) fn counts_from_base(&self, which: &str, unit: &[&str]) -> bool {
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
    pub(super) fn year_beside(&self, which: &str) -> Option<i16> {
        let step = direction(which);
        if self.counts_from_base(which, &["year"]) {
            return Some(self.beside_base(step, &["year"], DEPTH)?.start.year());
        }
        self.document?.year().checked_add(i16::try_from(step).ok()?)
    }

    /// "the following ..." and "the previous ...", for steps of 1 and -1: seen from the date mentioned before.
    pub(super) fn beside_base(&self, step: i32, words: &[&str], depth: usize) -> Option<Period> {
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

    /// "that ..." and "the same ...": seen from the date mentioned before.
    pub(super) fn seen_from_anchor(&self, words: &[&str], depth: usize) -> Option<Period> {
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
}

/// Which way a word points.
pub(super) fn direction(which: &str) -> i32 {
    if matches!(which, "following" | "next") { 1 } else { -1 }
}

#[cfg(test)]
mod tests {
    use super::super::{
        DateContext,
        tests::{TODAY, check_after, check_in, read},
    };

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
}
