//! Stretches of days, as the normal forms of dates tell them.

use jiff::civil::Date;

/// The days from a first one to a last one, both included.
///
/// ```
/// use relata::graph::Period;
///
/// let march = Period::parse("2024-03").unwrap();
/// assert!(march.overlaps(Period::parse("2024").unwrap()));
/// assert!(!march.overlaps(Period::parse("199X").unwrap()));
/// assert_eq!(Period::parse("some day"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Date,
    last: Date,
}

impl Period {
    /// Takes `2024-03-11`, `2024-03`, `2024`, `199X`, or two of them joined by `/`, of which one may be missing.
    ///
    /// What follows a day, such as a time, does not count.
    #[must_use]
    pub fn parse(norm: &str) -> Option<Self> {
        let Some((start, end)) = norm.split_once('/') else { return point(norm) };
        let (start, end) = match (start, end) {
            ("", end) => (Self { first: Date::MIN, last: Date::MIN }, point(end)?),
            (start, "") => (point(start)?, Self { first: Date::MAX, last: Date::MAX }),
            (start, end) => (point(start)?, point(end)?),
        };
        (start.first <= end.last).then_some(Self { first: start.first, last: end.last })
    }

    /// The days from the first one of a period to the last one of another, without bound where there is none; nothing if
    /// the end comes before the beginning.
    #[must_use]
    pub fn between(since: Option<Self>, until: Option<Self>) -> Option<Self> {
        let first = since.map_or(Date::MIN, |since| since.first);
        let last = until.map_or(Date::MAX, |until| until.last);
        (first <= last).then_some(Self { first, last })
    }

    /// Whether some day lies in both.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Its first day as `2024-03-01`; nothing if it has no beginning.
    #[must_use]
    pub fn first_day(self) -> Option<String> {
        (self.first > Date::MIN).then(|| self.first.to_string())
    }

    /// Its last day as `2024-03-31`; nothing if it has no end.
    #[must_use]
    pub fn last_day(self) -> Option<String> {
        (self.last < Date::MAX).then(|| self.last.to_string())
    }

    /// Its first day; its last one if it has no beginning.
    pub(super) fn first_known(self) -> Date {
        if self.first > Date::MIN { self.first } else { self.last }
    }

    /// Its last day; its first one if it has no end.
    pub(super) fn last_known(self) -> Date {
        if self.last < Date::MAX { self.last } else { self.first }
    }

    /// Sorted, with those that overlap made one.
    pub(crate) fn union(mut periods: Vec<Self>) -> Vec<Self> {
        periods.sort();
        let mut joined: Vec<Self> = Vec::with_capacity(periods.len());
        for period in periods {
            match joined.last_mut() {
                Some(before) if before.overlaps(period) => before.last = before.last.max(period.last),
                _ => joined.push(period),
            }
        }
        joined
    }
}

fn point(norm: &str) -> Option<Period> {
    let norm = norm.split(['T', ' ']).next().unwrap_or_default();
    if let Some(decade) = norm.strip_suffix('X') {
        let year = number(decade, 3)?.checked_mul(10)?;
        return days(Date::new(year, 1, 1).ok()?, Date::new(year.checked_add(9)?, 12, 31).ok()?);
    }
    let mut parts = norm.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map(|month| number(month, 2)).map_or(Some(None), |month| month.map(Some))?;
    let day = parts.next().map(|day| number(day, 2)).map_or(Some(None), |day| day.map(Some))?;
    if parts.next().is_some() {
        return None;
    }
    let date = |month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    match (month, day) {
        (None, _) => days(date(1, 1)?, date(12, 31)?),
        (Some(month), None) => days(date(month, 1)?, date(month, 1)?.last_of_month()),
        (Some(month), Some(day)) => days(date(month, day)?, date(month, day)?),
    }
}

fn days(first: Date, last: Date) -> Option<Period> {
    Some(Period { first, last })
}

fn number(digits: &str, length: usize) -> Option<i16> {
    let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_forms_are_days() {
        let check = |norm: &str, expected: Option<(&str, &str)>| {
            let period = Period::parse(norm);
            let days =
                period.map(|period| [period.first_day().unwrap_or_default(), period.last_day().unwrap_or_default()]);
            assert_eq!(days, expected.map(|(first, last)| [first.to_owned(), last.to_owned()]), "{norm}");
        };
        check("2024-03-11", Some(("2024-03-11", "2024-03-11")));
        check("2024-02", Some(("2024-02-01", "2024-02-29")));
        check("0987", Some(("0987-01-01", "0987-12-31")));
        check("199X", Some(("1990-01-01", "1999-12-31")));
        check("2023-12/2024", Some(("2023-12-01", "2024-12-31")));
        check("2024-03/", Some(("2024-03-01", "")));
        check("/2024-03", Some(("", "2024-03-31")));
        check("2024-03-11T10:00:00Z", Some(("2024-03-11", "2024-03-11")));
        for norm in ["", "/", "2024-3", "2024-13", "2023-02-29", "24", "+024", "2024-03-11-1", "2025/2024", "X", "99X9"]
        {
            check(norm, None);
        }
    }

    #[test]
    fn periods_without_bounds_have_known_days() {
        let check = |norm: &str, first: &str, last: &str| {
            let period = Period::parse(norm).unwrap();
            assert_eq!([period.first_known(), period.last_known()].map(|day| day.to_string()), [first, last], "{norm}");
        };
        check("2024-02", "2024-02-01", "2024-02-29");
        check("2024-03/", "2024-03-01", "2024-03-01");
        check("/2024-03", "2024-03-31", "2024-03-31");
    }

    #[test]
    fn overlapping_periods_become_one() {
        let parse = |norms: &[&str]| norms.iter().map(|norm| Period::parse(norm).unwrap()).collect::<Vec<_>>();
        let joined = Period::union(parse(&["2024-05-02", "2024-01", "2024-01-31/2024-02-03", "2024-05-02"]));
        assert_eq!(joined, parse(&["2024-01-01/2024-02-03", "2024-05-02"]));
    }
}
