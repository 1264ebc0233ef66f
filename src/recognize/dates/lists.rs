//! Lists of dates that the tagger took for one: "2016, 2017".

use std::ops::Range;

use super::{DateContext, normalize};
use crate::{
    document::{Document, Mention},
    schema::EntityType,
    span::ByteSpan,
};

/// Puts a mention for each date in the place of mentions of several.
pub(super) fn split_lists(doc: &mut Document) {
    let mut mentions = Vec::with_capacity(doc.mentions.len());
    for mention in std::mem::take(&mut doc.mentions) {
        let is_date = mention.entity_type == EntityType::Date;
        let parts = if is_date { listed_dates(doc.slice(mention.span)) } else { Vec::new() };
        if parts.is_empty() {
            mentions.push(mention);
            continue;
        }
        let start = mention.span.start as usize;
        mentions.extend(
            parts
                .into_iter()
                .map(|part| Mention { span: ByteSpan::new(start + part.start, start + part.end), ..mention.clone() }),
        );
    }
    doc.mentions = mentions;
}

/// Where the dates of a list stand in its words; nothing if it is none.
///
/// Each must be a date by itself, and so "March 4, 2019" and "Monday, 4 March 2019" are no lists.
fn listed_dates(words: &str) -> Vec<Range<usize>> {
    let mut dates = Vec::new();
    if !words.contains(',') || words.len() > super::MAX_MENTION {
        return dates;
    }
    let mut at = 0;
    for part in words.split(',') {
        // "2017 and 2018", "and 2018"
        let (first, second) = part.split_once("and ").unwrap_or((part, ""));
        for (offset, date) in [(0, first), (part.len() - second.len(), second)] {
            let start = at + offset + date.len() - date.trim_start().len();
            let date = date.trim();
            if date.is_empty() {
                continue;
            }
            if normalize(date, &DateContext::default()).is_none() {
                return Vec::new();
            }
            dates.push(start..start + date.len());
        }
        at += part.len() + 1;
    }
    if dates.len() > 1 { dates } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let check = |words: &str, expected: &[&str]| {
            let found: Vec<&str> = listed_dates(words).into_iter().map(|part| &words[part]).collect();
            assert_eq!(found, expected, "{words}");
        };
        check("2016, 2017", &["2016", "2017"]);
        check("2016, 2017 and 2018", &["2016", "2017", "2018"]);
        check("1998, 1999, and 2001", &["1998", "1999", "2001"]);
        check("March 2017, 2018", &["March 2017", "2018"]);
        for one in [
            "2016",
            "2016 and 2017",
            "March 4, 2019",
            "Monday, 4 March 2019",
            "4, 5 and 6 March 2019",
            "May, June",
            "2016,",
            ",",
            "",
        ] {
            check(one, &[]);
        }
    }
}
