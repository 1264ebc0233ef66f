//! Dates that count from another one: "two years ago", "three days later", "the week before last".

use super::{
    calendar::{Period, Point, Unit},
    reader::Reader,
    tense::Tense,
    words::{count, unit_word, weekday_number},
};

impl Reader<'_> {
    /// Counts: "two years ago", "three days later", "the year before", "two weeks before Easter".
    pub(super) fn counted(&self, words: &[&str], depth: usize) -> Option<Period> {
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
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_after, check_in};

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
}
