//! Points and stretches of the calendar, as exact as words make them.

use std::fmt;

use jiff::{Span, civil::Date};

/// A position on the calendar, as exact as the words make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    /// Ten years; 199 stands for the 1990s.
    Decade(i16),
    Year(i16),
    Month(i16, i8),
    Day(Date),
}

impl Point {
    pub(super) fn parse(norm: &str) -> Option<Self> {
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

    pub(super) fn month(year: i16, month: i8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self::Month(year, month))
    }

    pub(super) fn day(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::Day)
    }

    pub(super) fn year(self) -> i16 {
        match self {
            Self::Decade(decade) => decade.saturating_mul(10),
            Self::Year(year) | Self::Month(year, _) => year,
            Self::Day(date) => date.year(),
        }
    }

    pub(super) fn first_day(self) -> Option<Date> {
        match self {
            Self::Decade(_) | Self::Year(_) => Date::new(self.year(), 1, 1).ok(),
            Self::Month(year, month) => Date::new(year, month, 1).ok(),
            Self::Day(date) => Some(date),
        }
    }

    pub(super) fn last_day(self) -> Option<Date> {
        match self {
            Self::Decade(_) => Date::new(self.year().checked_add(9)?, 12, 31).ok(),
            Self::Year(year) => Date::new(year, 12, 31).ok(),
            Self::Month(year, month) => Some(Date::new(year, month, 1).ok()?.last_of_month()),
            Self::Day(date) => Some(date),
        }
    }

    /// The month and its year, if known.
    pub(super) fn year_month(self) -> Option<(i16, i8)> {
        match self {
            Self::Month(year, month) => Some((year, month)),
            Self::Day(date) => Some((date.year(), date.month())),
            Self::Decade(_) | Self::Year(_) => None,
        }
    }

    pub(super) fn exact_day(self) -> Option<Date> {
        if let Self::Day(date) = self { Some(date) } else { None }
    }

    /// `count` units on; a result is never more exact than the unit or than the point itself.
    pub(super) fn shift(self, count: i32, unit: Unit) -> Option<Self> {
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
pub(super) struct Period {
    pub(super) start: Point,
    pub(super) end: Point,
}

impl Period {
    pub(super) fn parse(norm: &str) -> Option<Self> {
        match norm.split_once('/') {
            Some((start, end)) => Some(Self { start: Point::parse(start)?, end: Point::parse(end)? }),
            None => Point::parse(norm).map(Self::from),
        }
    }

    /// A range in the right order; decades in it become their first and last year, as the format has no `197X/199X`.
    pub(super) fn range(start: Self, end: Self) -> Option<Self> {
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
    pub(super) fn valid(self) -> bool {
        [self.start, self.end].iter().all(|point| match point {
            Point::Decade(decade) => (1..=999).contains(decade),
            point => (1..=9999).contains(&point.year()),
        })
    }

    /// Monday to Sunday around a day.
    pub(super) fn week(day: Date) -> Option<Self> {
        let monday = add_days(day, -i64::from(day.weekday().to_monday_zero_offset()))?;
        Some(Self { start: Point::Day(monday), end: Point::Day(add_days(monday, 6)?) })
    }

    /// A range of whole months.
    pub(super) fn months(year: i16, first: i8, last_year: i16, last: i8) -> Option<Self> {
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
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

pub(super) fn add_days(day: Date, count: i64) -> Option<Date> {
    day.checked_add(Span::new().try_days(count).ok()?).ok()
}

/// Days from `start` to `end`.
pub(super) fn day_distance(start: Date, end: Date) -> i64 {
    start.until(end).map_or(0, |span| i64::from(span.get_days()))
}

pub(super) fn on_or_before(day: Date, weekday: i64) -> Option<Date> {
    let back = (i64::from(day.weekday().to_monday_zero_offset()) - weekday).rem_euclid(7);
    add_days(day, -back)
}

pub(super) fn on_or_after(day: Date, weekday: i64) -> Option<Date> {
    let ahead = (weekday - i64::from(day.weekday().to_monday_zero_offset())).rem_euclid(7);
    add_days(day, ahead)
}

/// The `nth` weekday of a month, or with 5 the last one.
pub(super) fn nth_weekday(year: i16, month: i8, nth: i64, weekday: i64) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    let offset = (weekday - i64::from(first.weekday().to_monday_zero_offset())).rem_euclid(7);
    let day = add_days(first, offset + 7 * (nth - 1))?;
    if day.month() == month { Some(day) } else { add_days(day, -7) }
}
