//! Dates of digits and marks alone, and what decides whether `03/04/2019` has the day or the month first.

use super::{
    calendar::{Period, Point, day_distance},
    reader::Reader,
    words::full_year,
};

/// How many years a range may span that ends in two digits and a long dash makes one: "1998–02".
const LONGEST_RANGE: i16 = 50;

/// Whether dates such as `11/03/1968` have the day first, as those of the text show that can be read in one way only
/// (`27/06/2023`); nothing if there are none or they disagree.
pub(super) fn day_first_in(text: &str) -> Option<bool> {
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

impl Reader<'_> {
    /// Digits and marks alone: `1995-08-29`, `24.08.1988`, `12/03/2019`, `2019/20`, `2011-13`.
    pub(super) fn numeric(&self, words: &[&str]) -> Option<Period> {
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
}

#[cfg(test)]
mod tests {
    use super::super::{
        DateContext,
        tests::{check, check_document, check_with},
    };

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
}
