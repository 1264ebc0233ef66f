//! Days of the week: "Tuesday", "Friday week", "Sunday, 5 May", "Friday 20th".

use jiff::civil::Date;

use super::{
    Narration,
    calendar::{Period, Point, Unit, add_days, day_distance, on_or_after, on_or_before},
    reader::Reader,
    tense::Tense,
    words::{day_number, has_year, weekday_number},
};

impl Reader<'_> {
    /// The first such day from the document's own on if the tense looks ahead, else the latest up to it.
    pub(super) fn nearest_weekday(&self, weekday: i64, tense: Option<Tense>) -> Option<Date> {
        match tense {
            Some(Tense::Future) => on_or_after(self.today()?, weekday),
            _ => on_or_before(self.today()?, weekday),
        }
    }

    /// Forms that start with a weekday: "Tuesday", "Friday week", "Monday of last week", "Sunday, 5 May".
    pub(super) fn week_day(&self, words: &[&str], depth: usize) -> Option<Period> {
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
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_in};

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
}
