//! What the words around a date say of a lasting relation: that it was over when its text was written, or goes on until then.

use super::around;
use crate::{document::Document, span::ByteSpan};

patterns! {
    /// The start of a span of time, up to its end.
    SPAN_START = r"(?:\b(?:from|between) [a-z0-9 .]{2,20} (?:to|until|till|and)|\b[0-9]{4} ?[-–—]) ?$";
    /// What follows the start of a span of time, up to the year of its end.
    SPAN_END = r"^(?: (?:to|until|till|and) | ?[-–—] ?)(?:[0-9]{1,2} )?(?:[a-z]{3,9}\.? )?(?:[0-9]{1,2}, )?(?P<year>[0-9]{2,4})\b";
    /// A word before a date up to which something lasts.
    UNTIL = r"\b(?:until|till|through|up to|before|by)(?: (?:the|early|late|mid|at least))? $";
    /// A word before a date from which something lasts.
    SINCE = r"\b(?:since|from|after) $";
    /// Words for what has not happened from some time on, in the clause that names the time.
    FIRST_SINCE = r"\b(?:first|last|only|biggest|largest|worst|deadliest|highest|lowest|longest|most|best)\b[^,;:.“”\x22—–]*$";
}

/// The year that digits tell; of two digits, in the century of the year before it.
fn year_of(digits: &str, start: u32) -> Option<u32> {
    let number: u32 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(number),
        2 => Some(start / 100 * 100 + number),
        _ => None,
    }
    .filter(|year| (1000..2200).contains(year))
}

/// The last year that a text names, such as 2004 of "May 2004".
fn last_year(text: &str) -> Option<u32> {
    let words = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    words.filter_map(|digits| digits.parse().ok()).rfind(|year| (1000..2200).contains(year))
}

/// Whether a lasting relation was over when its text was written: "from 2004 to 2010".
pub(in crate::relate) fn is_over(doc: &Document, date: ByteSpan) -> bool {
    let Some((before, after)) = around(doc, date) else { return false };
    let own = last_year(doc.slice(date));
    let is_range = doc.slice(date).contains(['-', '–', '—']) && own.is_some();
    let starts = before.ends_with("from ") || before.ends_with("between ");
    let end = if is_range && !SINCE.is_match(&before) {
        // "2004–11" names its own end.
        let digits = doc.slice(date).rsplit(['-', '–', '—']).next().unwrap_or_default();
        let start = doc.slice(date).split(['-', '–', '—']).next().and_then(last_year);
        start.and_then(|start| {
            SPAN_END
                .captures(&format!("-{}", digits.trim()))
                .and_then(|found| year_of(found.name("year")?.as_str(), start))
        })
    } else if SPAN_START.is_match(&before) {
        own
    } else {
        let found = own.and_then(|own| Some((own, SPAN_END.captures(&after)?)));
        found.and_then(|(own, found)| {
            let is_dash = !found.get(0)?.as_str().trim_start().starts_with(char::is_alphabetic);
            let year = found.name("year")?.as_str();
            (is_dash || starts && year.len() == 4).then(|| year_of(year, own)).flatten()
        })
    };
    let today = doc.date.as_deref().and_then(|date| last_year(date.get(..4)?));
    end.is_some_and(|end| today.is_none_or(|today| end < today))
}

/// Whether something lasts until a date, and does not begin there.
pub(in crate::relate) fn is_until(doc: &Document, date: ByteSpan) -> bool {
    around(doc, date).is_some_and(|(before, _)| UNTIL.is_match(&before))
}

/// Whether a date only bounds the time in which nothing of the kind has happened: "their first talks since 2019".
pub(in crate::relate) fn is_first_since(doc: &Document, date: ByteSpan) -> bool {
    let before = around(doc, date).map(|(before, _)| before).unwrap_or_default();
    before.strip_suffix("since ").is_some_and(|lead| FIRST_SINCE.is_match(lead))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::marked, *};

    #[test]
    fn years_that_are_over() {
        for (text, expected) in [
            ("[Ada Quill] was head of Nordbank from <2004> to 2010.", true),
            ("[Ada Quill] was head of Nordbank between <2004> and 2010.", true),
            ("[Ada Quill] was head of Nordbank from <2004> to 2030.", false),
            ("[Ada Quill] was head of Nordbank from <2004>.", false),
            ("[Ada Quill] was head of Nordbank in <2004> and 2010.", false),
            ("[Ada Quill] was head of Nordbank from <May 2004> to June 2011.", true),
            ("[Ada Quill] was head of Nordbank from May 2004 to <June 2011>.", true),
            ("[Ada Quill] was head of Nordbank (<2004>–2011).", true),
            ("[Ada Quill] was head of Nordbank (2004-<2011>).", true),
            ("[Ada Quill] was head of Nordbank in <2004-11>.", true),
            ("[Ada Quill] was head of Nordbank in <2004-2030>.", false),
            ("[Ada Quill] has been head of Nordbank since <2004>.", false),
            ("[Ada Quill] was head of Nordbank from <2004> to 15 banks.", false),
        ] {
            let (mut doc, _, date) = marked(text);
            doc.date = Some("2024-03-13".to_owned());
            assert_eq!(is_over(&doc, date), expected, "{text}");
        }
        let (doc, _, date) = marked("[Ada Quill] was head of Nordbank from <2004> to 2010.");
        assert!(is_over(&doc, date), "without a date of the text");
    }

    #[test]
    fn bounds_of_time() {
        for (text, until, first_since) in [
            ("[Ada Quill] will lead Nordbank until <July 2026>.", true, false),
            ("[Ada Quill] will lead Nordbank from <July 2026>.", false, false),
            ("It was the first meeting of [Ada Quill] and Bo Lind since <2019>.", false, true),
            ("[Ada Quill] has met Bo Lind weekly since <2019>.", false, false),
            ("Our first task is to free [Ada Quill], held since <2019>.", false, false),
        ] {
            let (doc, _, date) = marked(text);
            assert_eq!((is_until(&doc, date), is_first_since(&doc, date)), (until, first_since), "{text}");
        }
    }
}
