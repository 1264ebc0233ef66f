//! Days without a month: "the 23rd" is one of the month of the date before, or of the document's.

use jiff::civil::Date;

use super::{
    NEAR_WORDS,
    calendar::{Period, Point, Unit},
    reader::Reader,
    tense::Tense,
    words::month_number,
};

impl Reader<'_> {
    /// "the 23rd": in the month of the date mentioned before, unless that was named in passing.
    pub(super) fn bare_day(&self, day: i8) -> Option<Period> {
        let anchor = self.anchor()?.end;
        let named = anchor.year_month().and_then(|(year, month)| Point::day(year, month, day)?.exact_day());
        match self.today() {
            Some(today) if self.is_in_passing(anchor, named, today) => self.day_of_own_month(day, today),
            _ => named.map(|day| Point::Day(day).into()),
        }
    }

    /// Whether the date mentioned before says nothing about the month of a bare day, which with it would be `named`.
    ///
    /// In "He will not decide before January. I shall be in Rome on the 20th", that is the month of the letter.
    fn is_in_passing(&self, anchor: Point, named: Option<Date>, today: Date) -> bool {
        // In a tale, what "would" come has long passed.
        if self.near_word(&["would"]) {
            return false;
        }
        let is_entry = self.context.is_entry;
        let is_far = anchor.year().abs_diff(today.year()) > 1;
        let Some(named) = named.filter(|_| !is_far) else { return is_entry && self.tense() == Some(Tense::Future) };
        let fits = self.fits(named, today);
        let is_meant = anchor.exact_day().is_some() || self.names_before(named.month());
        if is_meant { is_entry && !fits } else { is_entry || !fits }
    }

    /// Whether a day lies on the side of today that the tense asks for.
    fn fits(&self, day: Date, today: Date) -> bool {
        match self.tense() {
            Some(Tense::Past) => day <= today,
            Some(Tense::Future) => day >= today,
            None => true,
        }
    }

    /// Whether the words before the mention name a month.
    fn names_before(&self, month: i8) -> bool {
        self.context.before.split_whitespace().rev().take(NEAR_WORDS).any(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            month_number(&word) == Some(month)
        })
    }

    /// The day of that number in the month of the document, or in the one beside it if the tense asks for that; nothing
    /// without a tense.
    fn day_of_own_month(&self, day: i8, today: Date) -> Option<Period> {
        let step = match self.tense()? {
            Tense::Future => i32::from(day < today.day()),
            Tense::Past => -i32::from(day > today.day()),
        };
        let (year, month) = Point::month(today.year(), today.month())?.shift(step, Unit::Month)?.year_month()?;
        Point::day(year, month, day).map(Period::from)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        DateContext,
        tests::{TODAY, read},
    };

    #[test]
    fn days_without_a_month() {
        // The date before, whether this is an entry of 18 December 2019, the words around, and what comes out.
        for (earlier, is_entry, before, after, expected) in [
            ("2020-03", true, "I shall be in Rome on ", ".", "2019-12-20"),
            ("2019-08", true, "Bo Lind will see them on ", ".", "2019-12-20"),
            ("2019-08", true, "Bo Lind saw them on ", ".", "2019-11-20"),
            ("2020-02", true, "Ada speaks in Rome on ", ".", "none"),
            ("2019-08-02", true, "Bo Lind will see them on ", ".", "2019-12-20"),
            ("1802-08", true, "Bo Lind will see them on ", ".", "2019-12-20"),
            // The month is told.
            ("1802-08", true, "Bo Lind saw them on ", ".", "1802-08-20"),
            ("1802-08", true, "There he would see them on ", ".", "1802-08-20"),
            ("2020-03-02", true, "We leave on 2 March and shall be there on ", ".", "2020-03-20"),
            ("2020-03", true, "It will open in March and close on ", ".", "2020-03-20"),
            ("2020-03", false, "It will open on ", ".", "2020-03-20"),
            ("2019-08", false, "He was charged on ", ".", "2019-08-20"),
            ("1802-08", false, "Bo Lind will see them on ", ".", "1802-08-20"),
            // The tense does not fit.
            ("2019-08", false, "He will appear on ", ".", "2019-12-20"),
            ("2020-03", false, "He was charged on ", ".", "2019-11-20"),
            ("2019-08", false, "There he would appear on ", ".", "2019-08-20"),
        ] {
            let earlier = [earlier.to_owned()];
            let context = DateContext {
                document_date: Some(TODAY),
                before,
                after,
                earlier: &earlier,
                is_entry,
                ..DateContext::default()
            };
            assert_eq!(read("the 20th", context), expected, "{earlier:?} {is_entry} {before}");
        }
    }
}
