//! Marks at the edges of a name that are no part of it, and pictures, at which it ends.

use super::words;
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Quotation marks, each kind with both of its sides. Apostrophes may start or end a name.
const QUOTES: [&[char]; 3] = [&['"', '“', '”', '„', '‟'], &['«', '»'], &['‹', '›']];

/// Marks of footnotes and of bold type.
const NOTES: [char; 3] = ['*', '†', '‡'];

/// Numbers of footnotes.
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// The least letters of a word behind which a mark is one of a footnote; "Sagittarius A*" is a name.
const LEAST_LETTERS: usize = 3;

/// Parts names at pictures: "Jon Aas 🤝 Bo Lind" are two.
pub(super) fn part_at_pictures(text: &str, mentions: &mut Vec<Mention>) {
    let has_picture = |mention: &Mention| {
        mention.kind == MentionKind::Name
            && !matches!(mention.entity_type, EntityType::Date | EntityType::Work)
            && words(text, mention).contains(is_picture)
    };
    if !mentions.iter().any(has_picture) {
        return;
    }
    let mut parted: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mention in std::mem::take(mentions) {
        if !has_picture(&mention) {
            parted.push(mention);
            continue;
        }
        let name = words(text, &mention);
        let mut from = 0;
        for (at, picture) in name.match_indices(is_picture).chain([(name.len(), "")]) {
            let part = name.get(from..at).unwrap_or_default().trim_start_matches(is_beside_picture);
            let start = mention.span.start as usize + at - part.len();
            let part = part.trim_end_matches(is_beside_picture);
            if part.chars().any(char::is_alphanumeric) {
                parted.push(Mention { span: ByteSpan::new(start, start + part.len()), ..mention.clone() });
            }
            from = at + picture.len();
        }
    }
    *mentions = parted;
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{1f000}'..='\u{1faff}')
}

/// What joins pictures or says how to draw them, and marks between them and names.
fn is_beside_picture(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200d}' | '\u{20e3}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
        || matches!(c, '-' | '–' | '—' | '|' | '/' | ',' | ';' | ':' | '•' | '·' | '&' | '+')
}

/// Cuts unpaired quotation marks and marks of footnotes off the edges of names, and pairs that hold the whole name.
pub(super) fn cut_marks(text: &str, mentions: &mut Vec<Mention>) {
    mentions.retain_mut(|mention| {
        if mention.kind != MentionKind::Name || mention.entity_type == EntityType::Date {
            return true;
        }
        let (offset, bare) = without_marks(words(text, mention), mention.entity_type);
        let start = mention.span.start as usize + offset;
        mention.span = ByteSpan::new(start, start + bare.len());
        bare.chars().any(char::is_alphanumeric)
    });
}

/// A name without the marks at its edges, and where it starts.
fn without_marks(name: &str, entity_type: EntityType) -> (usize, &str) {
    let (mut offset, mut bare) = (0, name);
    loop {
        let (first, last) = (bare.chars().next(), bare.chars().next_back());
        if let Some(mark) = first.filter(|mark| NOTES.contains(mark) || is_odd_quote(bare, *mark, entity_type)) {
            let rest = bare.get(mark.len_utf8()..).unwrap_or_default().trim_start();
            offset += bare.len() - rest.len();
            bare = rest;
        } else if let Some(mark) =
            last.filter(|mark| is_note_behind(bare, *mark) || is_odd_quote_behind(bare, *mark, entity_type))
        {
            bare = bare.get(..bare.len() - mark.len_utf8()).unwrap_or_default().trim_end();
        } else {
            return (offset, bare);
        }
    }
}

/// Whether a mark is a quotation mark without its partner in a name, or one of a pair around all of it. Some works have
/// such a pair in their title.
fn is_odd_quote(name: &str, mark: char, entity_type: EntityType) -> bool {
    let Some(kind) = QUOTES.iter().find(|kind| kind.contains(&mark)) else { return false };
    let count = name.chars().filter(|c| kind.contains(c)).count();
    let is_around = count == 2 && name.starts_with(*kind) && name.ends_with(*kind);
    count % 2 == 1 || (is_around && entity_type != EntityType::Work)
}

fn is_odd_quote_behind(name: &str, mark: char, entity_type: EntityType) -> bool {
    // `Blue 12"` tells of inches.
    let is_inch = mark == '"' && name.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit());
    !is_inch && is_odd_quote(name, mark, entity_type)
}

/// Whether the mark that a name ends with is one of a footnote.
fn is_note_behind(name: &str, mark: char) -> bool {
    if !NOTES.contains(&mark) && !RAISED.contains(&mark) {
        return false;
    }
    let bare = name.trim_end_matches(|c: char| NOTES.contains(&c) || RAISED.contains(&c));
    let letters = || bare.chars().rev().take_while(|c| c.is_alphabetic());
    let is_word = letters().count() >= LEAST_LETTERS || bare.ends_with(')');
    // Among capitals a raised number may be part of the name.
    is_word && (NOTES.contains(&mark) || letters().any(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn names_end_at_pictures() {
        check("{P|Jon Aas 🤝 Bo Lind} met", "{P|Jon Aas} 🤝 {P|Bo Lind} met");
        check("{P|Jon Aas 🇬🇧 Bo Lind} and {P|Mary ❤️}", "{P|Jon Aas} 🇬🇧 {P|Bo Lind} and {P|Mary} ❤️");
        check("{O|⭐ Nordbank — 🚀Tarn Rail}, {P|😂} left", "⭐ {O|Nordbank} — 🚀{O|Tarn Rail}, 😂 left");
        check_same("{W|I ❤ Skarvik}, {P|Jon Aas} 🤝 {P|Bo Lind} and {O|Nordbank™}");
    }

    #[test]
    fn quotation_marks_come_in_pairs() {
        check("{P|\"Skarsvik} and {P|Maria\"} left", "\"{P|Skarsvik} and {P|Maria}\" left");
        check("{O|‹Radio Tarn}, {O|«Nordbank} and {P|Bo Lind”}", "‹{O|Radio Tarn}, «{O|Nordbank} and {P|Bo Lind}”");
        check("It was {P|“Bo Lind”} of {O|\"Tarn Rail\"}.", "It was “{P|Bo Lind}” of \"{O|Tarn Rail}\".");
        check("{P|Robert \"Bo\" Lind\"} left {P|\"} there", "{P|Robert \"Bo\" Lind}\" left \" there");
        check_same("{P|\"Iron\" Jon Aas}, {P|Jon \"Bo\"}, {W|\"Giants\"} and {W|Blue 12\"} and {P|Jon \"Bo Lind}");
        check_same("{O|’Ndrangheta} and the {G|Tarns’} {O|«Tarn» Rail}");
    }

    #[test]
    fn footnotes_are_no_part_of_names() {
        check("{P|Siri Moe**}, {P|Lena Voss²} and {P|Bo Lind†}", "{P|Siri Moe}**, {P|Lena Voss}² and {P|Bo Lind}†");
        check("{P|**Siri Moe**} of {O|*Nordbank (NB)*}", "**{P|Siri Moe}** of *{O|Nordbank (NB)}*");
        check_same("{L|Sagittarius A*}, {O|TARN²} and {W|M*A*S*H}");
    }
}
