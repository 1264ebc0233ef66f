//! Parts of a year, such as days, months, seasons, quarters and feasts, with a year behind them and without.

use super::{
    calendar::{Period, Point, add_days, nth_weekday, on_or_after},
    choice::YearChoice,
    feasts::feast,
    reader::Reader,
    words::{day_number, double_year, full_year, month_number, season_months, weekday_number},
};

impl Reader<'_> {
    /// Forms that end in a year: "March 2019", "6 January last year", "the summer of 1998", "Easter that year".
    pub(super) fn with_year(&self, words: &[&str], depth: usize) -> Option<Period> {
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
    pub(super) fn yearless(&self, words: &[&str], choice: YearChoice, depth: usize) -> Option<Period> {
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
}

#[cfg(test)]
mod tests {
    use super::super::{
        DateContext,
        tests::{check, check_in, check_with},
    };

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
}
