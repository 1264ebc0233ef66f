//! Turns the words of a date mention into its normal form: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `199X`, or two joined by `/`.
//!
//! "last Friday" means nothing by itself, so [`normalize`] takes a [`DateContext`]: when the document was written, the
//! words around the mention and the dates that went before.
//! It knows the conventions of news: "on Tuesday" is the latest Tuesday unless the sentence looks ahead, weeks run from
//! Monday to Sunday, and a month without a year is the nearest one that fits the tense.
//! What cannot be placed on a calendar (a duration, a clock time, "in March" without a document date) gives nothing:
//! a missing date does less harm than a wrong one.

mod anchors;
mod bare_days;
mod before;
mod calendar;
mod choice;
mod counts;
mod digits;
mod edges;
mod entries;
mod feasts;
mod fiscal;
mod letters;
mod lists;
mod narration;
mod pointing;
mod reader;
mod serials;
mod tense;
mod weekdays;
mod words;
mod yearless;
mod years;

use self::{
    before::{cut_pointer, is_bare_name, is_open_year, repeats},
    digits::day_first_in,
    edges::mend_edges,
    entries::Entries,
    fiscal::add_fiscal_dates,
    letters::Letters,
    lists::split_lists,
    narration::Story,
    reader::{DEPTH, Reader},
    serials::is_no_date,
    words::tokenize,
};
use crate::{document::Document, schema::EntityType, span::ByteSpan};

pub use self::{
    narration::Narration,
    tense::{Tense, guess_tense},
};

/// What is known about a date mention besides its own words.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateContext<'a> {
    /// Date of the document as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub document_date: Option<&'a str>,
    /// Words of the same sentence before the mention.
    pub before: &'a str,
    /// Words of the same sentence after the mention.
    pub after: &'a str,
    /// Tense of what happened then; nothing lets [`guess_tense`] read it from the words around.
    pub tense: Option<Tense>,
    /// Normal forms of the dates earlier in the document, in order; "the following day" counts from the last one.
    pub earlier: &'a [String],
    /// Whether `03/04/2019` is the third of April; nothing leaves such a date open unless the document date decides.
    pub day_first: Option<bool>,
    /// Which time the words around tell of: whether "in May" lies near the document or in the year of a date before.
    pub narration: Narration<'a>,
    /// Whether the date stands in an entry of a diary or in a letter, of which `document_date` is the day.
    pub is_entry: bool,
}

/// Longest mention that is looked at, in bytes; longer ones are not dates.
const MAX_MENTION: usize = 120;

/// How many words each way count as near.
const NEAR_WORDS: usize = 24;

/// How many years before the document a date lies at least that is not of the document's own time.
const OLD: i16 = 2;

/// The normal form of a date mention, or nothing if it cannot be worked out.
#[must_use]
pub fn normalize(words: &str, context: &DateContext<'_>) -> Option<String> {
    if words.len() > MAX_MENTION || repeats(context.before) {
        return None;
    }
    let tokens = tokenize(words);
    let mut tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    if let Some(pointer) = cut_pointer(context.before)
        && is_bare_name(&tokens)
    {
        tokens.insert(0, pointer);
    }
    if is_open_year(&tokens, context.before) {
        return None;
    }
    let reader = Reader::new(words, context);
    let period = reader.period(&tokens, DEPTH)?;
    period.valid().then(|| period.to_string())
}

/// Mends what the tagger took for dates: lists such as "2016, 2017" become one mention for each date, "2024" after
/// "second quarter of" takes that in, "Parma 1703" is cut into place and date, "Q3 2023" gets a mention, and numbers that
/// are no dates (of documents, hours, rooms, the post) lose theirs.
pub fn mend_dates(doc: &mut Document) {
    split_lists(doc);
    mend_edges(doc);
    add_fiscal_dates(doc);
    drop_no_dates(doc);
}

/// Sets the normal form of every date mention of a document.
///
/// Where one date of the text can only be read with the day first, or only with the month first, all are read so.
/// In an earlier message that a message quotes, "yesterday" counts from the day on which that was written, and so it
/// does in the entries of a diary. Where a text tells of an old year, "in May" is the May of that year, and so it is in
/// annals.
pub fn normalize_dates(doc: &mut Document) {
    for (index, norm) in read_dates(doc) {
        if let Some(mention) = doc.mentions.get_mut(index) {
            mention.norm = norm;
        }
    }
}

/// The date mentions of a document, by their indices, with their normal forms.
fn read_dates(doc: &Document) -> Vec<(usize, Option<String>)> {
    let day_first = day_first_in(&doc.text);
    let letters = Letters::find(&doc.text, day_first);
    let mut entries = Entries::new(doc);
    let mut story = Story::new(doc);
    let mut earlier: Vec<String> = Vec::new();
    let mut read = Vec::new();
    for (index, mention) in doc.mentions.iter().enumerate() {
        if mention.entity_type != EntityType::Date {
            continue;
        }
        let span = mention.span;
        let sentence = doc.sentence_at(span.start).and_then(|sentence| doc.sentences.get(sentence));
        let (before, after) = surroundings(&doc.text, span, sentence.map(|sentence| sentence.span));
        let quoted = letters.date_at(span.start);
        let context = DateContext {
            document_date: quoted.or(doc.date.as_deref()),
            before,
            after,
            tense: None,
            earlier: &earlier,
            day_first,
            narration: Narration::Document,
            is_entry: quoted.is_some(),
        };
        let is_head = quoted.is_none() && entries.is_head(before, after);
        let entry = if quoted.is_none() { entries.day_at(span, is_head) } else { None };
        let context = match entry {
            // A diary goes on from day to day.
            Some(day) => {
                let context = DateContext { document_date: Some(day), is_entry: true, ..context };
                let narration = if is_head { Narration::Document } else { story.in_entry(span, &context) };
                DateContext { tense: is_head.then_some(Tense::Future), narration, ..context }
            }
            None => {
                let year = entries.year_at(span, before, after);
                DateContext { narration: year.unwrap_or_else(|| story.at(span, &context)), ..context }
            }
        };
        let norm = normalize(doc.slice(span), &context);
        let is_told = matches!(context.narration, Narration::Past(_));
        story.note(span, before, after, norm.as_deref(), is_told);
        entries.note(span, is_head, after, norm.as_deref());
        earlier.extend(norm.clone());
        read.push((index, norm));
    }
    read
}

/// Takes out the mentions of numbers that are no dates.
fn drop_no_dates(doc: &mut Document) {
    let Document { text, mentions, .. } = doc;
    mentions.retain(|mention| {
        mention.entity_type != EntityType::Date || {
            let (start, end) = (mention.span.start as usize, mention.span.end as usize);
            !is_no_date(text.get(start..end).unwrap_or_default(), text.get(..start).unwrap_or_default())
        }
    });
}

/// The words of a sentence before and after a span; without a sentence, those of its line up to a full stop.
fn surroundings(text: &str, span: ByteSpan, sentence: Option<ByteSpan>) -> (&str, &str) {
    let (start, end) = (span.start as usize, span.end as usize);
    if let Some(sentence) = sentence.filter(|sentence| sentence.contains(span)) {
        return (
            text.get(sentence.start as usize..start).unwrap_or_default(),
            text.get(end..sentence.end as usize).unwrap_or_default(),
        );
    }
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let before = line.rsplit(". ").next().unwrap_or_default();
    let line = after.split('\n').next().unwrap_or_default();
    (before, line.split(". ").next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Mention, schema::MentionKind};

    /// A Wednesday.
    pub(in crate::recognize::dates) const TODAY: &str = "2019-12-18";

    /// The normal form, or "none".
    pub(in crate::recognize::dates) fn read(words: &str, context: DateContext<'_>) -> String {
        normalize(words, &context).unwrap_or_else(|| "none".to_owned())
    }

    /// Mentions in one context, each with its normal form.
    pub(in crate::recognize::dates) fn check_with(context: DateContext<'_>, cases: &[(&str, &str)]) {
        let wrong: Vec<String> = cases
            .iter()
            .map(|(words, expected)| (words, expected, read(words, context)))
            .filter(|(_, expected, got)| got != *expected)
            .map(|(words, expected, got)| format!("{words:?}: expected {expected}, got {got}"))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// In a document of 18 December 2019, with nothing around the mention.
    pub(in crate::recognize::dates) fn check(cases: &[(&str, &str)]) {
        check_with(DateContext { document_date: Some(TODAY), ..DateContext::default() }, cases);
    }

    /// In a document of 18 December 2019, with words before and after.
    pub(in crate::recognize::dates) fn check_in(cases: &[(&str, &str, &str, &str)]) {
        for (before, words, after, expected) in cases {
            let context = DateContext { document_date: Some(TODAY), before, after, ..DateContext::default() };
            assert_eq!(read(words, context), *expected, "{before}[{words}]{after}");
        }
    }

    /// In a document of 18 December 2019 that has named the date `earlier` before.
    pub(in crate::recognize::dates) fn check_after(earlier: &str, cases: &[(&str, &str)]) {
        let earlier = [earlier.to_owned()];
        check_with(DateContext { document_date: Some(TODAY), earlier: &earlier, ..DateContext::default() }, cases);
    }

    /// Without a document date.
    pub(in crate::recognize::dates) fn check_undated(cases: &[(&str, &str)]) {
        check_with(DateContext::default(), cases);
    }

    /// The dates in brackets as the model marks them, each with its normal form, of a document of 18 December 2019.
    pub(in crate::recognize::dates) fn check_document(marked: &str, expected: &[(&str, &str)]) {
        let mut doc = Document::new("one", "");
        for (index, part) in marked.split(['[', ']']).enumerate() {
            let start = doc.text.len();
            doc.text.push_str(part);
            if index % 2 == 1 {
                doc.mentions.push(Mention {
                    span: ByteSpan::new(start, doc.text.len()),
                    entity_type: EntityType::Date,
                    kind: MentionKind::Name,
                    score: 0.9,
                    entity: None,
                    norm: None,
                    link: None,
                });
            }
        }
        doc.date = Some(TODAY.to_owned());
        mend_dates(&mut doc);
        normalize_dates(&mut doc);
        let found: Vec<_> = doc
            .mentions
            .iter()
            .map(|mention| (doc.slice(mention.span), mention.norm.as_deref().unwrap_or("none")))
            .collect();
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn lists_are_split() {
        check_document(
            "In [2016, 2017] and [2018] he won, [Tuesday, August 29, 1995] he lost.",
            &[("2016", "2016"), ("2017", "2017"), ("2018", "2018"), ("Tuesday, August 29, 1995", "1995-08-29")],
        );
    }

    #[test]
    fn parts_of_years_belong_to_them() {
        check_document(
            "It grew in the second quarter of [2018] and the first half of [November].",
            &[("second quarter of 2018", "2018-04/2018-06"), ("November", "2019-11")],
        );
        check_document(
            "Bought in Q3 2017, sold in [FY2018]; Ada Orley ([fl. 1480]–[1512])",
            &[("Q3 2017", "2017-07/2017-09"), ("FY2018", "2018"), ("1480", "1480"), ("1512", "1512")],
        );
    }

    #[test]
    fn numbers_that_are_no_dates_are_dropped() {
        check_document(
            "BULLETIN NO. [117/2021] of [2 May 2021], room [411], [22:15].",
            &[("2 May 2021", "2021-05-02")],
        );
        check_document("Washington, D.C. [20549], [6 May 2019]", &[("6 May 2019", "2019-05-06")]);
        check_document("Invoice nr 11/[2018], no. [5/2004]; season [2019/20]", &[("2019/20", "2019/2020")]);
        check_document(
            "In [793] they came, [in 806] again; room [411], in the year [866], since [AD 871].",
            &[("793", "0793"), ("in 806", "0806"), ("866", "0866"), ("AD 871", "0871")],
        );
    }

    #[test]
    fn days_of_older_texts() {
        check_document(
            "He died on the 2d of [April 1801], she on the 23d March, [1803], and the 3d regiment left in [May 1804].",
            &[("2d of April 1801", "1801-04-02"), ("23d March, 1803", "1803-03-23"), ("May 1804", "1804-05")],
        );
    }

    #[test]
    fn places_in_lives() {
        check_document(
            "Pietro Rossi ([Parma 1703] – [Venice 1760]) was a sculptor.",
            &[("Parma", "none"), ("1703", "1703"), ("Venice", "none"), ("1760", "1760")],
        );
        check_document(
            "The talks ([Easter 1998] – [Spring 1999]) failed.",
            &[("Easter 1998", "1998-04-12"), ("Spring 1999", "1999-03/1999-05")],
        );
    }

    #[test]
    fn quoted_messages_count_from_their_own_day() {
        check_document(
            "We met [yesterday].\n\nOn 4 March 2019, Jon Aas wrote:\n> They met [yesterday].\n\nI left [today].",
            &[("yesterday", "2019-12-17"), ("yesterday", "2019-03-03"), ("today", "2019-12-18")],
        );
    }

    #[test]
    fn documents() {
        let text = "Ada Brandvik resigned on Monday. She had joined in 2003 and left the following year.";
        let mut doc = Document::new("one", text);
        doc.date = Some(TODAY.to_owned());
        for words in ["Monday", "2003", "following year"] {
            let start = text.find(words).unwrap();
            doc.mentions.push(Mention {
                span: ByteSpan::new(start, start + words.len()),
                entity_type: EntityType::Date,
                kind: MentionKind::Name,
                score: 1.0,
                entity: None,
                norm: None,
                link: None,
            });
        }
        normalize_dates(&mut doc);
        let norms: Vec<&str> = doc.mentions.iter().filter_map(|mention| mention.norm.as_deref()).collect();
        assert_eq!(norms, ["2019-12-16", "2003", "2004"]);
    }
}
