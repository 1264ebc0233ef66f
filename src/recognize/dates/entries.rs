//! The heads of diaries, letters and old newspapers: "Aug. 4th, 1774. Rode to Chester. Aug. 5th. To Wrexham."
//!
//! What stands under such a head counts from its day, and the next head is the next such day.

use super::{OLD, calendar::Period};
use crate::{document::Document, span::ByteSpan};

/// How many words of a place stand before the date of a letter: "Kingston, Jamaica, 7 April 1788".
const LONGEST_PLACE: usize = 4;

/// The day under which a part of a document was written.
pub(super) struct Entries<'a> {
    doc: &'a Document,
    document_year: Option<i16>,
    /// Day of the latest head, if it is of an old year.
    day: Option<String>,
    /// How many heads went before.
    count: usize,
    /// Where what stands under the latest head ends.
    end: u32,
}

impl<'a> Entries<'a> {
    pub(super) fn new(doc: &'a Document) -> Self {
        let document_year = doc.date.as_deref().and_then(Period::parse).map(|period| period.end.year());
        Self { doc, document_year, day: None, count: 0, end: 0 }
    }

    /// Whether a date is a head: a sentence by itself, at most with a place before it, or followed by a dash or colon.
    pub(super) fn is_head(&self, before: &str, after: &str) -> bool {
        if self.document_year.is_none() || self.doc.sentences.is_empty() {
            return false;
        }
        if is_blank(after) { is_blank(before) || is_place(before) } else { is_blank(before) && is_marked(after) }
    }

    /// The day from which a date counts, if it stands in an entry or is the head of the next one.
    pub(super) fn day_at(&self, span: ByteSpan, is_head: bool) -> Option<&str> {
        self.day.as_deref().filter(|_| is_head || span.start < self.end)
    }

    /// Takes note of a date that has been read; `after` are the words behind it in its sentence.
    pub(super) fn note(&mut self, span: ByteSpan, is_head: bool, after: &str, norm: Option<&str>) {
        let (Some(document_year), Some(norm)) = (self.document_year, norm) else { return };
        let Some(period) = Period::parse(norm) else { return };
        if document_year.saturating_sub(period.end.year()) < OLD {
            // The text is back in its own time.
            self.day = None;
            self.end = 0;
        } else if is_head && period.start == period.end && period.end.exact_day().is_some() {
            self.count += 1;
            self.end = self.scope(span, after).unwrap_or(span.end);
            self.day = Some(norm.to_owned());
        }
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
        Some(if paragraph <= 1 || self.count > 1 { u32::MAX } else { span.end })
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

#[cfg(test)]
mod tests {
    use super::*;

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
