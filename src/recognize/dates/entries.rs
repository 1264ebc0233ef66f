//! The heads of diaries, letters and old newspapers: "Aug. 4th, 1774. Rode to Chester. Aug. 5th. To Wrexham."
//!
//! What stands under such a head counts from its day, and the next head is the next such day. The paragraphs of annals have
//! a year for their head: "1842. Thomas came on 11 December".

use super::{NEAR_WORDS, Narration, OLD, calendar::Period, words::full_year};
use crate::{document::Document, span::ByteSpan};

/// How many words of a place stand before the date of a letter: "Kingston, Jamaica, 7 April 1788".
const LONGEST_PLACE: usize = 4;

/// The day under which a part of a document was written.
pub(super) struct Entries<'a> {
    doc: &'a Document,
    document_year: Option<i16>,
    /// Day of the latest head, if it is of an old year or the document has no date.
    day: Option<String>,
    /// How many heads went before.
    count: usize,
    /// Where what stands under the latest head ends.
    end: u32,
    /// Year that the latest paragraph of annals has for its head.
    year: Option<String>,
    /// Where that paragraph ends.
    year_end: u32,
}

impl<'a> Entries<'a> {
    pub(super) fn new(doc: &'a Document) -> Self {
        let document_year = doc.date.as_deref().and_then(Period::parse).map(|period| period.end.year());
        Self { doc, document_year, day: None, count: 0, end: 0, year: None, year_end: 0 }
    }

    /// Whether a date is a head: a sentence by itself, at most with a place before it, or followed by a dash or colon.
    pub(super) fn is_head(&self, before: &str, after: &str) -> bool {
        if self.doc.sentences.is_empty() {
            return false;
        }
        if is_blank(after) { is_blank(before) || is_place(before) } else { is_blank(before) && is_marked(after) }
    }

    /// The day from which a date counts, if it stands in an entry or is the head of the next one.
    pub(super) fn day_at(&self, span: ByteSpan, is_head: bool) -> Option<&str> {
        self.day.as_deref().filter(|_| is_head || span.start < self.end)
    }

    /// The time that a date in a paragraph of annals is of, between the words of its sentence.
    ///
    /// Annals look back, so the year of what "will" be is not sure.
    pub(super) fn year_at(&self, span: ByteSpan, before: &str, after: &str) -> Option<Narration<'_>> {
        let year = self.year.as_deref().filter(|_| span.start < self.year_end)?;
        Some(if looks_ahead(before, after) { Narration::Unclear } else { Narration::Past(year) })
    }

    /// Takes note of a date that has been read; `after` are the words behind it in its sentence.
    pub(super) fn note(&mut self, span: ByteSpan, is_head: bool, after: &str, norm: Option<&str>) {
        let Some((norm, period)) = norm.and_then(|norm| Some((norm, Period::parse(norm)?))) else { return };
        if let Some(end) = self.year_scope(span) {
            self.year = Some(norm.to_owned());
            self.year_end = end;
        } else if self.year.as_ref().is_some_and(|year| !norm.starts_with(year.as_str())) {
            // What follows may be of that other year.
            self.year = None;
        }
        if self.document_year.is_some_and(|year| year.saturating_sub(period.end.year()) < OLD) {
            // The text is back in its own time.
            self.day = None;
            self.end = 0;
        } else if is_head && period.start == period.end && period.end.exact_day().is_some() {
            self.count += 1;
            self.end = self.scope(span, after).unwrap_or(span.end);
            self.day = Some(norm.to_owned());
        }
    }

    /// Where the paragraph ends that a year before the document's opens.
    fn year_scope(&self, span: ByteSpan) -> Option<u32> {
        let year = full_year(self.doc.slice(span))?;
        if self.document_year.is_some_and(|document_year| document_year <= year) {
            return None;
        }
        let sentence = self.doc.sentences.get(self.doc.sentence_at(span.start)?)?;
        let paragraph = self.doc.paragraphs.get(usize::try_from(sentence.paragraph).ok()?)?;
        let before = self.doc.text.get(paragraph.start as usize..span.start as usize)?;
        let after = self.doc.text.get(span.end as usize..paragraph.end as usize)?;
        (is_blank(before) && opens_annals(after)).then_some(paragraph.end)
    }

    /// Where what stands under a head ends: with its paragraph, or, of a line by itself, with the document if it is not
    /// one date somewhere on a page.
    fn scope(&self, span: ByteSpan, after: &str) -> Option<u32> {
        let index = self.doc.sentence_at(span.start)?;
        let paragraph = self.doc.sentences.get(index)?.paragraph;
        let is_last = self.doc.sentences.get(index + 1).is_none_or(|next| next.paragraph != paragraph);
        if !is_blank(after) || !is_last {
            return Some(self.doc.paragraphs.get(usize::try_from(paragraph).ok()?)?.end);
        }
        // Without a date of its own, a page that starts with a date does not say that it is a diary.
        let is_first = paragraph <= 1 && self.document_year.is_some();
        Some(if is_first || self.count > 1 { u32::MAX } else { span.end })
    }
}

fn is_blank(text: &str) -> bool {
    !text.contains(char::is_alphanumeric)
}

/// "LONDON, Nov. 12, 1789"
fn is_place(before: &str) -> bool {
    let mut words = before.split_whitespace();
    before.trim_end().ends_with(',')
        && words.by_ref().take(LONGEST_PLACE).all(|word| word.starts_with(char::is_uppercase))
        && words.next().is_none()
}

/// "4 August 1774 – Rode to Chester", and not "4 August 1774 – 7 May 1775".
fn is_marked(after: &str) -> bool {
    let words = after.trim_start();
    let mark = words.starts_with(':') || words.len() < after.len() && words.starts_with(['-', '–', '—']);
    mark && words.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_alphabetic)
}

/// "1842. Thomas came", "1842: Thomas came", "1842 – came", but not "2000: that is how many".
fn opens_annals(after: &str) -> bool {
    let told = after.strip_prefix(['.', ':']).filter(|rest| rest.starts_with(char::is_whitespace));
    told.is_some_and(|rest| rest.trim_start().starts_with(char::is_uppercase))
        || is_marked(after) && !after.trim_start().starts_with(':')
}

/// Verbs of what is still to come.
const AHEAD: &[&str] = &["hopes", "intends", "plan", "plans", "shall", "will", "won't"];

/// Whether a verb near a date says that it is still to come.
fn looks_ahead(before: &str, after: &str) -> bool {
    let near = before.split_whitespace().rev().take(NEAR_WORDS).chain(after.split_whitespace().take(NEAR_WORDS));
    near.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).any(|word| AHEAD.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Mention, Sentence, SentenceRole},
        recognize::dates::normalize_dates,
        schema::{EntityType, MentionKind},
        span::TokenSpan,
    };

    /// A document whose dates stand in square brackets; a blank line ends a paragraph, a full stop and a blank a sentence.
    fn check(date: Option<&str>, marked: &str, expected: &str) {
        let mut doc = Document::new("one", "");
        doc.date = date.map(str::to_owned);
        for (paragraph, marked) in (0..).zip(marked.split("\n\n")) {
            if paragraph > 0 {
                doc.text.push_str("\n\n");
            }
            let first = doc.text.len();
            for marked in marked.split_inclusive(". ") {
                let start = doc.text.len();
                for (index, part) in marked.split(['[', ']']).enumerate() {
                    let span = ByteSpan::new(doc.text.len(), doc.text.len() + part.len());
                    doc.text.push_str(part);
                    if index % 2 == 1 {
                        doc.mentions.push(Mention {
                            span,
                            entity_type: EntityType::Date,
                            kind: MentionKind::Name,
                            score: 0.9,
                            entity: None,
                            norm: None,
                            link: None,
                        });
                    }
                }
                let end = doc.text.trim_end().len();
                doc.sentences.push(Sentence {
                    span: ByteSpan::new(start, end),
                    tokens: TokenSpan::new(0, 0),
                    paragraph,
                    role: SentenceRole::default(),
                });
            }
            doc.paragraphs.push(ByteSpan::new(first, doc.text.trim_end().len()));
        }
        normalize_dates(&mut doc);
        let norms: Vec<&str> = doc.mentions.iter().map(|mention| mention.norm.as_deref().unwrap_or("none")).collect();
        assert_eq!(norms.join(" "), expected, "{marked}");
    }

    #[test]
    fn diaries_without_a_date() {
        check(
            None,
            "From the diary of Robert Oakes\n\n[14 February 1832]. Dined with Lind. He came [yesterday].\n\n\
             [15 February]. Met Moss.\n\n[9 January]. Rode to York.",
            "1832-02-14 1832-02-13 1832-02-15 1833-01-09",
        );
        check(
            None,
            "[3 May 1945] – Oslo falls. It had held out since [Monday].\n\n[8 May] – Peace.",
            "1945-05-03 1945-04-30 1945-05-08",
        );
        check(None, "Notes\n\n[3 May 1945]\n\nOslo falls.\n\n[8 May]\n\nPeace.", "1945-05-03 1945-05-08");
        // A date in a sentence is no head, and one head makes no diary.
        check(None, "On [14 February 1832] he dined with Lind.\n\n[15 February]. Met Moss.", "1832-02-14 none");
        check(None, "He left on [14 February 1832]. On [15 February] he came.", "1832-02-14 none");
        check(None, "Bank fails\n\n[3 May 2019]\n\nIt closed on [Monday] and in [June].", "2019-05-03 none none");
    }

    #[test]
    fn older_years_in_letters() {
        check(
            None,
            "Lagos, [2 November 1971]. In [July 1967] war broke out. In [October] the town fell.",
            "1971-11-02 1967-07 1967-10",
        );
        check(
            None,
            "Hull, [1 March 1799]. In [1794] I sailed to Riga. In [June] we met Captain Lind. In [August] I came home.",
            "1799-03-01 1794 1794-06 1794-08",
        );
        // Which year this is of is not sure.
        check(None, "Hull, [1 March 1799]. Mr Lind, who came in [1794], left in [June].", "1799-03-01 1794 none");
        check(None, "Hull, [1 March 1799]. Mr Lind was born in [1730]. In [June] he left.", "1799-03-01 1730 none");
        // What is to come, a weekday after a birth, a month less than a year ago, and a paragraph without another year.
        check(
            None,
            "Hull, [1 March 1799]. Mr Lind came in [1794]. He will leave in [June].",
            "1799-03-01 1794 1799-06",
        );
        check(
            None,
            "Hull, [1 March 1799]. Mr Lind was born in [1730]. He died on [Tuesday].",
            "1799-03-01 1730 1799-02-26",
        );
        check(
            None,
            "Hull, [5 January 1799]. On [20 December 1798] we left York. On [28 December] we came.",
            "1799-01-05 1798-12-20 1798-12-28",
        );
        check(
            None,
            "Rome, [4 June 1944]. In [September] he landed. In [January] they attacked.",
            "1944-06-04 1943-09 1944-01",
        );
    }

    #[test]
    fn days_and_weekdays_in_letters() {
        check(
            None,
            "Rome, [3 October 1826]. He will not decide before [January]. I shall be in Pisa on [the 20th].",
            "1826-10-03 1827-01 1826-10-20",
        );
        check(None, "[3 June 1850]. Met Lady Quill. On [Saturday] we go to Wells.", "1850-06-03 1850-06-08");
    }

    #[test]
    fn annals() {
        let dates = "1842 1842-12-11 1842-05 1843 1843-01-04";
        for date in [None, Some("2020-03-13")] {
            check(
                date,
                "[1842]. Thomas Oakes came to Accra on [11 December]. In [May] he left.\n\n\
                 [1843]: Henry Lind came on [4 January].",
                dates,
            );
        }
        check(Some("2020-03-13"), "[2018] – Bo Lind won on [11 December] and on [Monday].", "2018 2018-12-11 none");
        // Another year, another paragraph, a sentence, and the document's own year.
        check(None, "[1842]. Oakes left in [May 1843]. He died on [4 June].", "1842 1843-05 none");
        check(None, "[1842]. Oakes left in [May].\n\nHe died on [4 June].", "1842 1842-05 none");
        check(None, "[1842] was cold. Oakes died on [4 June].", "1842 none");
        check(None, "In [1842]. Oakes died on [4 June].", "1842 none");
        check(None, "[1842]–[1843]. Oakes died on [4 June].", "1842 1843 none");
        // Numbers that count people or stand on a door.
        check(Some("2024-03-13"), "[2000]: that is how many Aas will lay off in [October].", "2000 2024-10");
        check(None, "[1945]. A number on a door; behind it, Nordbank plans its move in [June].", "1945 none");
        check(Some("2020-03-13"), "[2020]. Bo Lind won on [Monday].", "2020 2020-03-09");
    }

    #[test]
    fn heads_of_annals() {
        for (after, expected) in [
            (". Thomas came", true),
            (": Thomas came", true),
            (" – came", true),
            (": that is how many came", false),
            (".", false),
            (". he came", false),
            (".5 million", false),
            (" came", false),
            ("–1843. Thomas came", false),
            (", Thomas came", false),
        ] {
            assert_eq!(opens_annals(after), expected, "{after}");
        }
    }

    #[test]
    fn places_before_a_date() {
        for (before, expected) in [
            ("LONDON, ", true),
            ("Kingston, Jamaica, ", true),
            ("To Ada Quill, Oslo, ", true),
            ("Date: ", false),
            ("Born in Oslo, ", false),
            ("Yours, Ada Maria Quill, Oslo, ", false),
        ] {
            assert_eq!(is_place(before), expected, "{before}");
        }
    }

    #[test]
    fn marks_behind_a_date() {
        for (after, expected) in [
            (" – Rode to York.", true),
            (": Rode to York.", true),
            ("-born", false),
            (" – 7 May 1775", false),
            (" he rode", false),
            (" -", false),
        ] {
            assert_eq!(is_marked(after), expected, "{after}");
        }
    }
}
