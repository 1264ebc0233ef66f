//! Words that point from the text's own date: "last Friday", "this year", "next month", "the weekend"; those that point
//! from a date before go on to `anchors`.

use super::{
    anchors::direction,
    calendar::{Period, Point, Unit, add_days, on_or_after, on_or_before},
    choice::YearChoice,
    reader::Reader,
    tense::Tense,
    words::weekday_number,
};

impl Reader<'_> {
    /// Words that point: "last week", "this year", "next month", "the following day", "that summer", "the weekend".
    pub(super) fn pointing(&self, words: &[&str], depth: usize) -> Option<Period> {
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

    /// The month, quarter, year, decade or century that is `step` of its kind after the one of a date.
    pub(super) fn stepped(from: Point, step: i32, unit: &str) -> Option<Period> {
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
}

#[cfg(test)]
mod tests {
    use super::super::{
        DateContext,
        tests::{check, check_in, check_undated, check_with},
    };

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
}
