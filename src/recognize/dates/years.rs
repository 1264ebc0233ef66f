//! Forms that need no calendar: years, decades, centuries, and "yesterday" and the like.

use super::{
    OLD,
    calendar::{Period, Point, add_days},
    reader::Reader,
    serials::names_year,
    words::{full_year, ordinal_word, unit_word, weekday_number},
};

/// How many years before a full year `'76` may lie for it to be of the same century.
const LOOKING_BACK: i16 = 30;

impl Reader<'_> {
    /// Forms that need no calendar: years, decades, centuries, "yesterday".
    pub(super) fn fixed(&self, words: &[&str], depth: usize) -> Option<Period> {
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

    /// The day so many days from the document's own.
    fn day_from_today(&self, days: i64) -> Option<Period> {
        Some(Point::Day(add_days(self.today()?, days)?).into())
    }

    /// The hundred years of "19th century", by their number.
    pub(super) fn century(number: &str) -> Option<Period> {
        let number: i16 = number.parse().ok().or_else(|| ordinal_word(number).and_then(|n| i16::try_from(n).ok()))?;
        let last = (1..=99).contains(&number).then_some(number * 100)?;
        Some(Period { start: Point::Year(last - 99), end: Point::Year(last) })
    }

    /// The decade of "1990s", "'90s" or "nineties", as [`Point::Decade`] has it.
    pub(super) fn decade(&self, word: &str) -> Option<i16> {
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
    pub(super) fn short_year(&self, word: &str) -> Option<i16> {
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
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check_after, check_undated};

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
    fn short_years_are_of_the_century_that_is_named() {
        check_after("1811", &[("'76", "1876"), ("the summer of '76", "1876-06/1876-08"), ("11.3.76", "1976-03-11")]);
        check_after("1876", &[("'71", "1871")]);
        check_after("1898", &[("'13", "1913")]);
        check_after("1961", &[("'58", "1958"), ("'12", "2012")]);
        check_after("1998", &[("'05", "2005"), ("'76", "1976")]);
        check_after("2018", &[("'76", "1976")]);
    }
}
