//! Days that have a name: feasts with a fixed day, those that hang on Easter, and nth weekdays.

use jiff::civil::Date;

use super::calendar::{add_days, nth_weekday};

/// The day of a feast in a year; national days that differ from country to country are left out.
pub(super) fn feast(words: &[&str], year: i16, orthodox: bool) -> Option<Date> {
    let words: Vec<&str> = words.iter().copied().filter(|word| !matches!(*word, "-" | "of")).collect();
    let from_easter = |days| {
        let sunday = if orthodox { orthodox_easter(year) } else { easter(year) };
        add_days(sunday?, days)
    };
    let on = |month, day| Date::new(year, month, day).ok();
    match words.as_slice() {
        ["new", "year's" | "years" | "year", "day"] | ["new", "year" | "year's" | "years"] => on(1, 1),
        ["new", "year's" | "years" | "year", "eve"] | ["hogmanay"] | ["st", "sylvester's", "day"] => on(12, 31),
        ["epiphany"] | ["twelfth", "night"] | ["three", "kings'" | "kings", "day"] => on(1, 6),
        ["burns", "night"] => on(1, 25),
        ["candlemas"] => on(2, 2),
        ["valentine's" | "valentines", "day"] | ["st", "valentine's", "day"] => on(2, 14),
        ["leap", "day"] => on(2, 29),
        ["international", "women's", "day"] => on(3, 8),
        ["st", "patrick's", "day"] => on(3, 17),
        ["april", "fool's" | "fools'" | "fools", "day"] => on(4, 1),
        ["st", "george's", "day"] => on(4, 23),
        ["anzac", "day"] => on(4, 25),
        ["may", "day"] => on(5, 1),
        ["juneteenth"] => on(6, 19),
        ["midsummer", "day"] => on(6, 24),
        ["bastille", "day"] => on(7, 14),
        ["halloween"] | ["hallowe'en"] => on(10, 31),
        ["all", "saints'" | "saints", "day"] => on(11, 1),
        ["all", "souls'" | "souls", "day"] => on(11, 2),
        ["guy", "fawkes", "night" | "day"] | ["bonfire", "night"] => on(11, 5),
        ["armistice" | "remembrance", "day"] | ["veterans" | "veterans'", "day"] => on(11, 11),
        ["st", "andrew's", "day"] => on(11, 30),
        ["st", "nicholas"] | ["st", "nicholas'" | "nicholas's" | "nicholas", "day"] => on(12, 6),
        ["christmas", "eve"] => on(12, 24),
        ["christmas"] | ["christmas", "day"] | ["xmas"] => on(12, 25),
        ["boxing", "day"] | ["st", "stephen's", "day"] => on(12, 26),
        ["martin", "luther", "king", "day"] | ["martin", "luther", "king", "jr", "day"] => nth_weekday(year, 1, 3, 0),
        ["presidents" | "presidents'", "day"] => nth_weekday(year, 2, 3, 0),
        ["memorial", "day"] => nth_weekday(year, 5, 5, 0),
        ["labor", "day"] => nth_weekday(year, 9, 1, 0),
        ["columbus", "day"] => nth_weekday(year, 10, 2, 0),
        ["thanksgiving"] | ["thanksgiving", "day"] => nth_weekday(year, 11, 4, 3),
        ["black", "friday"] => add_days(nth_weekday(year, 11, 4, 3)?, 1),
        ["shrove", "tuesday"] | ["mardi", "gras"] | ["pancake", "day"] => from_easter(-47),
        ["ash", "wednesday"] => from_easter(-46),
        ["palm", "sunday"] => from_easter(-7),
        ["maundy", "thursday"] => from_easter(-3),
        ["good", "friday"] => from_easter(-2),
        ["easter", "saturday"] | ["holy", "saturday"] => from_easter(-1),
        ["easter"] | ["easter", "day" | "sunday"] => from_easter(0),
        ["easter", "monday"] => from_easter(1),
        ["ascension", "day"] | ["ascension", "thursday"] => from_easter(39),
        ["pentecost"] | ["whitsun"] | ["whit", "sunday"] => from_easter(49),
        ["whit", "monday"] => from_easter(50),
        ["corpus", "christi"] => from_easter(60),
        _ => None,
    }
}

/// Western Easter Sunday, after the anonymous Gregorian algorithm.
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// Orthodox Easter Sunday in the Gregorian calendar, after Meeus; right from 1583 on.
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 4, y % 7, y % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let n = d + e + 114;
    let julian = Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()?;
    add_days(julian, i64::from(y / 100 - y / 400 - 2))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_in};

    #[test]
    fn feasts() {
        check(&[
            ("Easter", "2019-04-21"),
            ("next Easter", "2020-04-12"),
            ("Easter 2008", "2008-03-23"),
            ("Easter Monday, 5 April 1779", "1779-04-05"),
            ("Good Friday", "2019-04-19"),
            ("Ash Wednesday", "2020-02-26"),
            ("Ash Wednesday last year", "2018-02-14"),
            ("Whit Monday 2019", "2019-06-10"),
            ("New Year's Day", "2020-01-01"),
            ("Christmas Eve 2015", "2015-12-24"),
            ("last Christmas", "2018-12-25"),
            ("Thanksgiving 2019", "2019-11-28"),
            ("Memorial Day", "2019-05-27"),
            ("Leap Day 2016", "2016-02-29"),
            ("Leap Day 2015", "none"),
            ("last Valentine’s Day", "2019-02-14"),
            ("the first Tuesday in November", "2019-11-05"),
            ("the last Monday of May", "2019-05-27"),
        ]);
        check_in(&[
            ("The Orthodox bishops met before ", "Easter", ".", "2019-04-28"),
            ("She will be home for ", "Christmas", ".", "2019-12-25"),
            ("She was home for ", "Christmas", ".", "2018-12-25"),
        ]);
    }
}
