//! Years of birth, as the ages that newspapers print behind names tell them.

use std::{
    collections::BTreeSet,
    ops::{Range, RangeInclusive},
    sync::LazyLock,
};

use regex::Regex;

use crate::{
    document::{Document, Entity},
    schema::MentionKind,
};

/// Why a pattern does not fail.
const VALID: &str = "the pattern is valid, as a test shows";

/// An age right behind a name: ", 45, of", ", aged 45,", " (aged 45)". A bare number in brackets is a minute or a score.
static AGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:, (\d{2,3}), \p{Ll}|(?:, | \()aged? (\d{1,3})[,).;])").expect(VALID));

/// A year in a sentence.
static YEAR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:1[0-9]|20)\d\d\b").expect(VALID));

/// Where a sentence ends.
const ENDS: [&str; 5] = [". ", "! ", "? ", ".\n", "\n\n"];

/// Bytes on each side of a name in which another year may stand.
const AROUND: usize = 200;

/// Numbers that may be ages.
const AGES: RangeInclusive<i32> = 5..=110;

/// The year in which a person was born, or the one after, by the date of the document and the ages in it; nothing if it
/// prints none, or several that do not fit.
pub(super) fn born_about(doc: &Document, entity: &Entity) -> Option<i32> {
    let year: i32 = doc.date.as_deref()?.get(..4)?.parse().ok()?;
    let mentions = entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize));
    let ages: BTreeSet<i32> = mentions
        .filter(|mention| mention.kind == MentionKind::Name)
        .filter_map(|mention| age_behind(&doc.text, mention.span.range(), year))
        .collect();
    let (least, most) = (*ages.first()?, *ages.last()?);
    (most - least <= 1).then_some(year - least)
}

/// The age behind a name of two words or more, in a sentence that is of no other year than the document.
fn age_behind(text: &str, span: Range<usize>, year: i32) -> Option<i32> {
    let behind = text.get(span.end..)?;
    if !text.get(span.clone())?.contains(' ') {
        return None;
    }
    let found = AGE.captures(behind)?;
    let age: i32 = found.get(1).or_else(|| found.get(2))?.as_str().parse().ok()?;
    let is_other_year = |part: &str| {
        YEAR.find_iter(part)
            .filter_map(|found| found.as_str().parse::<i32>().ok())
            .any(|other| (other - year).abs() > 1)
    };
    (AGES.contains(&age) && !is_other_year(sentence_around(text, span))).then_some(age)
}

/// The sentence around a name, or as much of it as stands near.
fn sentence_around(text: &str, span: Range<usize>) -> &str {
    let from = text.floor_char_boundary(span.start.saturating_sub(AROUND));
    let to = text.floor_char_boundary((span.end + AROUND).min(text.len()));
    let before = text.get(from..span.start).unwrap_or_default();
    let behind = text.get(span.end..to).unwrap_or_default();
    let start = ENDS.iter().filter_map(|end| before.rfind(end)).max().unwrap_or(0);
    let end = ENDS.iter().filter_map(|end| behind.find(end)).min().unwrap_or(behind.len());
    text.get(from + start..span.end + end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_stand_behind_names() {
        let check = |text: &str, expected: Option<i32>| {
            let start = text.find("Ada Quill").unwrap();
            assert_eq!(age_behind(text, start..start + "Ada Quill".len(), 2024), expected, "{text}");
        };
        check("Ada Quill, 45, of Avon, was jailed.", Some(45));
        check("In court Ada Quill, 52, and her son were jailed.", Some(52));
        check("Ada Quill, aged 19, walked free.", Some(19));
        check("Ada Quill (aged 7) was found.", Some(7));
        check("Ada Quill, age 88.", Some(88));
        check("He was born in 1950. Ada Quill, 45, was jailed in 2024.", Some(45));
        // Scores, minutes, shirts, lists.
        check("Ada Quill (45) and Bo Lind scored.", None);
        check("Ada Quill, 45 minutes late, was jailed.", None);
        check("Ada Quill, 45, Bo Lind, 46.", None);
        check("Ada Quill 45, Bo Lind 46", None);
        check("Ada Quill, 450, of Avon", None);
        check("Ada Quill, 45,000 votes", None);
        // What was long ago.
        check("In 1974 Ada Quill, 24, of Avon, was jailed.", None);
        check("Ada Quill, 24, of Avon, was jailed in 1974.", None);
        check("Ada Quill", None);
        check(&format!("é{} Ada Quill, 45, of {}", "é".repeat(300), "é".repeat(300)), Some(45));
    }
}
