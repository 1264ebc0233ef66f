//! Quarters, halves and fiscal years in forms that the tagger does not know: "Q3 2023", "H1 2023", "FY2021".

use std::ops::Range;

use super::words::full_year;
use crate::{
    document::{Document, Mention},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Score of a date whose form leaves no doubt.
const SURE_FORM: f32 = 0.9;

/// Years that such a form may have; "H1 1500" is something else.
const YEARS: Range<i16> = 1900..2100;

/// Puts a date where such a form stands, unless it is part of something longer.
pub(super) fn add_fiscal_dates(doc: &mut Document) {
    let mut found = fiscal_dates(&doc.text);
    found.retain(|span| {
        // Mentions do not overlap each other, so that their ends are in order, too.
        let first = doc.mentions.partition_point(|mention| mention.span.end <= span.start);
        let over: Vec<&Mention> =
            doc.mentions.iter().skip(first).take_while(|mention| mention.span.start < span.end).collect();
        let known =
            over.first().is_some_and(|mention| mention.entity_type == EntityType::Date && mention.span == *span);
        !known && over.iter().all(|mention| span.contains(mention.span))
    });
    if found.is_empty() {
        return;
    }
    doc.mentions.retain(|mention| {
        let next = found.partition_point(|span| span.end <= mention.span.start);
        found.get(next).is_none_or(|span| !span.overlaps(mention.span))
    });
    doc.mentions.extend(found.iter().map(|span| Mention {
        span: *span,
        entity_type: EntityType::Date,
        kind: MentionKind::Name,
        score: SURE_FORM,
        entity: None,
        norm: None,
        link: None,
    }));
    doc.mentions.sort_by_key(|mention| mention.span);
}

/// Where such forms stand in a text.
fn fiscal_dates(text: &str) -> Vec<ByteSpan> {
    let mut found = Vec::new();
    let mut end = 0;
    for (start, _) in text.match_indices(['Q', 'H', 'F']) {
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        if start < end || before.is_some_and(|c| c.is_alphanumeric() || "-–/._&#@".contains(c)) {
            continue;
        }
        if let Some(length) = text.get(start..).and_then(fiscal_length) {
            end = start + length;
            found.push(ByteSpan::new(start, end));
        }
    }
    found
}

/// The length of the form that a text starts with.
fn fiscal_length(text: &str) -> Option<usize> {
    let blank = [' ', '\u{a0}'];
    let (rest, is_year) = match text.as_bytes() {
        [b'Q', b'1'..=b'4', ..] | [b'H', b'1' | b'2', ..] => {
            let rest = text.get(2..)?;
            let year = rest.strip_prefix(blank).unwrap_or(rest);
            match year.strip_prefix("FY") {
                Some(year) => (year.strip_prefix(blank).unwrap_or(year), false),
                None if year.len() < rest.len() => (year, false),
                None => return None,
            }
        }
        [b'F', b'Y', ..] => {
            let rest = text.get(2..)?;
            (rest.strip_prefix(blank).unwrap_or(rest), true)
        }
        _ => return None,
    };
    let digits = leading_digits(rest);
    // "FY21"
    let is_short = is_year && digits == 2 && rest.len() + 2 == text.len();
    let year = full_year(rest.get(..digits)?).filter(|year| YEARS.contains(year));
    if year.is_none() && !is_short {
        return None;
    }
    let mut after = rest.get(digits..)?;
    // "FY2018/19"
    if is_year
        && let Some(second) = after.strip_prefix(['/', '-', '–'])
        && leading_digits(second) == 2
    {
        after = second.get(2..)?;
    }
    let goes_on = after.strip_prefix(['/', '-', '.']).unwrap_or(after).starts_with(char::is_alphanumeric);
    (!goes_on).then(|| text.len() - after.len())
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = fiscal_dates(text).into_iter().map(|span| &text[span.range()]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "bought in Q3 2023. It fell in H1 2023, (FY2021) and FY 2020.",
            &["Q3 2023", "H1 2023", "FY2021", "FY 2020"],
        );
        check("from Q4 2022 to Q1 FY2024, FY2018/19 and FY21's", &["Q4 2022", "Q1 FY2024", "FY2018/19", "FY21"]);
        for none in
            ["Q5 2023", "H3 2023", "Q3", "Q3 20234", "XQ3 2023", "Audi-Q3 2023", "H1 1500", "FY", "FY 21", "FY2021x"]
        {
            check(none, &[]);
        }
    }

    /// A text in which brackets stand around what the model found, with its type, and what it ends with.
    fn check(marked: &str, entity_type: EntityType, expected: &[(&str, EntityType)]) {
        let mut doc = Document::new("d", "");
        for (index, part) in marked.split(['[', ']']).enumerate() {
            let start = doc.text.len();
            doc.text.push_str(part);
            if index % 2 == 1 {
                let span = ByteSpan::new(start, doc.text.len());
                doc.mentions.push(Mention {
                    span,
                    entity_type,
                    kind: MentionKind::Name,
                    score: 0.6,
                    entity: None,
                    norm: None,
                    link: None,
                });
            }
        }
        add_fiscal_dates(&mut doc);
        assert!(doc.mentions.is_sorted_by_key(|mention| mention.span));
        let found: Vec<_> = doc.mentions.iter().map(|mention| (doc.slice(mention.span), mention.entity_type)).collect();
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn other_mentions_give_way_or_stay() {
        use EntityType::{Date, Organization, Place, Work};
        check("It was founded in [FY1998] in [Oslo].", Place, &[("FY1998", Date), ("Oslo", Place)]);
        check("bought in Q3 [2023], sold in [2024]", Date, &[("Q3 2023", Date), ("2024", Date)]);
        check("bought in [Q3 2023]", Date, &[("Q3 2023", Date)]);
        check(
            "the [Marlin Q3 2023 Fund] fell in H2 2023",
            Organization,
            &[("Marlin Q3 2023 Fund", Organization), ("H2 2023", Date)],
        );
        check("the [Audi Q3] 2023", Work, &[("Audi Q3", Work)]);
    }
}
