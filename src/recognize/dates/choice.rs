//! Which year a date without one is of.

use jiff::civil::Date;

use super::{
    Narration,
    calendar::{Period, Point, day_distance},
    reader::Reader,
    tense::{Tense, is_in_present},
};

/// A day and month without year and without a tense to go by is taken for a coming one up to this many days ahead.
const NEAR_DAYS: i64 = 100;

/// A day that a verb in the present tells of may lie this many days behind; "Mayor quits, 5 March" is no date of next year.
const JUST_PAST: i64 = 31;

/// Which of the years a date without year may fall in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearChoice {
    /// This one.
    Given(i16),
    /// The nearest that fits the tense of the sentence.
    ByTense,
    /// The latest that is wholly before the document.
    Last,
    /// The first that is wholly after the document.
    Next,
    /// The one that holds the document's date or, failing that, has the same year.
    This,
    /// The first on or after the date mentioned before.
    AfterAnchor,
    /// The first that is wholly after the date mentioned before.
    BeyondAnchor,
    /// The latest that is wholly before the date mentioned before.
    BeforeAnchor,
}

impl Reader<'_> {
    /// Builds a date in the year that `choice` asks for.
    pub(super) fn pick(&self, choice: YearChoice, build: &dyn Fn(i16) -> Option<Period>) -> Option<Period> {
        if let YearChoice::Given(year) = choice {
            return build(year);
        }
        if choice == YearChoice::ByTense && self.context.narration != Narration::Document {
            return self.pick_told(build);
        }
        // Of a document dated by month alone everything in that month counts as past.
        let today = match choice {
            YearChoice::AfterAnchor | YearChoice::BeforeAnchor => self.anchor()?.start.first_day()?,
            YearChoice::BeyondAnchor => self.anchor()?.end.last_day()?,
            _ => match self.document? {
                Point::Decade(_) | Point::Year(_) => return None,
                point => point.last_day()?,
            },
        };
        // Eight years each way: the twenty-ninth of February skips as many around 1900.
        let candidates: Vec<(Date, Date, Period)> = (-8..=8)
            .filter_map(|step| {
                let period = build(today.year().checked_add(step)?)?;
                Some((period.start.first_day()?, period.end.last_day()?, period))
            })
            .collect();
        let begun = candidates.iter().rev().find(|(first, _, _)| *first <= today);
        let coming = candidates.iter().find(|(_, last, _)| *last >= today);
        let chosen = match choice {
            YearChoice::Given(_) => None,
            YearChoice::AfterAnchor => coming,
            YearChoice::Last | YearChoice::BeforeAnchor => candidates.iter().rev().find(|(_, last, _)| *last < today),
            YearChoice::Next | YearChoice::BeyondAnchor => candidates.iter().find(|(first, _, _)| *first > today),
            YearChoice::This => candidates
                .iter()
                .find(|(first, last, _)| *first <= today && today <= *last)
                .or_else(|| candidates.iter().find(|(first, _, _)| first.year() == today.year())),
            YearChoice::ByTense => match self.tense() {
                Some(Tense::Past) => begun,
                Some(Tense::Future) if begun.is_some_and(|(.., period)| self.has_just_been(*period, today)) => begun,
                Some(Tense::Future) => coming,
                None => match (begun, coming) {
                    (Some(past), Some(future))
                        if future.2.start.exact_day().is_some()
                            && day_distance(today, future.0) <= NEAR_DAYS
                            && past.1 < today
                            && day_distance(past.1, today) > day_distance(today, future.0) =>
                    {
                        Some(future)
                    }
                    _ => begun,
                },
            },
        };
        chosen.map(|(_, _, period)| *period)
    }

    /// Whether a day with its number has just passed and nothing but a verb in the present makes it one to come.
    fn has_just_been(&self, period: Period, today: Date) -> bool {
        let (Some(_), Some(day)) = (period.start.exact_day(), period.end.exact_day()) else { return false };
        self.words.contains(|c: char| c.is_ascii_digit())
            && day < today
            && day_distance(day, today) <= JUST_PAST
            && self.context.tense.is_none()
            && is_in_present(self.context.before, self.context.after)
    }

    /// Builds a date in the year that the text tells of. What would lie months before the date told last may be of the
    /// year after, and is nothing.
    fn pick_told(&self, build: &dyn Fn(i16) -> Option<Period>) -> Option<Period> {
        let last = self.told?;
        let period = build(last.end.year())?;
        let goes_on = period.end.last_day()? >= last.start.first_day()?;
        let month = period.start.year_month();
        let is_same_month = month.is_some() && month == last.start.year_month();
        (goes_on || is_same_month).then_some(period)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        DateContext, Narration,
        tests::{TODAY, check_in, check_with},
    };

    #[test]
    fn days_that_have_just_been() {
        check_in(&[
            ("Tom Aas quits, ", "5 December", ".", "2019-12-05"),
            ("An article about Bo Lind (Mayor quits, ", "17 December", ", page 4) misspelt his name.", "2019-12-17"),
            ("Mayor Tom Aas faces a misconduct hearing, ", "8 December", ".", "2019-12-08"),
            ("The court sits on ", "December 5", ".", "2019-12-05"),
            // What is said to come, lies further back or ahead, has another tense or is no day with a number.
            ("The court will sit on ", "5 December", ".", "2020-12-05"),
            ("The show runs until ", "5 December", ".", "2020-12-05"),
            ("A hearing is due on ", "5 December", ".", "2020-12-05"),
            ("The court sits on ", "5 November", ".", "2020-11-05"),
            ("The court sits on ", "19 December", ".", "2019-12-19"),
            ("The court sat on ", "19 December", ".", "2018-12-19"),
            ("The court sits in ", "November", ".", "2020-11"),
            ("She marries at ", "Thanksgiving", ".", "2020-11-26"),
            ("The court sits on ", "Thursday", ".", "2019-12-19"),
        ]);
    }

    #[test]
    fn years_of_the_time_that_is_told() {
        let check_told = |told: &str, cases: &[(&str, &str)]| {
            let narration = Narration::Past(told);
            check_with(DateContext { document_date: Some(TODAY), narration, ..DateContext::default() }, cases);
        };
        check_told(
            "1914",
            &[
                ("September", "1914-09"),
                ("12 October", "1914-10-12"),
                ("the night of 12 October", "1914-10-12"),
                ("Friday, 12 October", "1914-10-12"),
                ("Christmas Eve", "1914-12-24"),
                ("Monday", "none"),
                ("Monday morning", "none"),
                ("Friday 20th", "none"),
                ("3 May 1915", "1915-05-03"),
                ("yesterday", "2019-12-17"),
                ("last June", "2019-06"),
            ],
        );
        check_told("1914-09", &[("September", "1914-09"), ("August", "none"), ("12 October", "1914-10-12")]);
        check_told("1914-09-20", &[("17 September", "1914-09-17"), ("17 August", "none")]);
        check_told("1914-12/1915-02", &[("March", "1915-03")]);
        let unclear =
            DateContext { document_date: Some(TODAY), narration: Narration::Unclear, ..DateContext::default() };
        check_with(unclear, &[("September", "none"), ("Monday", "none"), ("May 1915", "1915-05")]);
    }
}
