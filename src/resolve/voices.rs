//! Who says "I": in letters whoever signs them, in interviews and chats whoever stands before the colon.

use super::context::last_bytes;
use crate::{
    document::{Document, Mention},
    lexicon::fold,
    schema::{EntityType, MentionKind},
};

/// Words before the name of whom a letter is written to.
const SALUTATIONS: [&str; 12] = [
    "dear",
    "dearest",
    "my dear",
    "my dearest",
    "my darling",
    "darling",
    "hello",
    "hi",
    "hey",
    "good morning",
    "good evening",
    "good afternoon",
];

/// Words that may stand between those and the name.
const ADDRESSES: [&str; 12] =
    ["mr", "mrs", "ms", "miss", "dr", "sir", "madam", "lord", "lady", "professor", "father", "sister"];

/// How the line starts behind which a letter is signed.
const CLOSINGS: [&str; 14] = [
    "yours",
    "your",
    "sincerely",
    "regards",
    "kind regards",
    "best regards",
    "best wishes",
    "warm regards",
    "faithfully",
    "respectfully",
    "love",
    "with love",
    "cheers",
    "thanks",
];

/// So many bytes of a line tell what it is.
const LINE: usize = 160;

/// A quotation is hardly longer than so many bytes.
const QUOTATION: usize = 4000;

/// Who speaks at a mention, and to whom, both as mentions that name them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Voice {
    /// Who says "I", if that is known.
    pub speaker: Option<usize>,
    /// To whom a letter is written, who does not say "I".
    pub addressee: Option<usize>,
}

/// Whether a mention is a pronoun for the one who speaks.
pub(super) fn is_first_person(doc: &Document, mention: &Mention) -> bool {
    mention.kind == MentionKind::Pronoun
        && matches!(fold(doc.slice(mention.span)).as_str(), "i" | "me" | "my" | "mine" | "myself")
}

/// Whether a mention is a pronoun for the one who is spoken to.
pub(super) fn is_second_person(doc: &Document, mention: &Mention) -> bool {
    mention.kind == MentionKind::Pronoun
        && matches!(fold(doc.slice(mention.span)).as_str(), "you" | "your" | "yours" | "yourself")
}

/// The voice at each mention that stands in no quotation; empty if the text has neither letters nor labels.
pub(super) fn voices(doc: &Document) -> Vec<Voice> {
    let people: Vec<usize> = (0..doc.mentions.len()).filter(|id| is_person(&doc.mentions[*id])).collect();
    let labels: Vec<usize> = people.iter().copied().filter(|id| is_label(doc, *id)).collect();
    let name = |id: usize| fold(doc.slice(doc.mentions[id].span));
    let salutations: Vec<usize> = people.iter().copied().filter(|id| is_salutation(doc, *id)).collect();
    let are_two = labels.first().is_some_and(|first| labels.iter().any(|other| name(*other) != name(*first)));
    if !are_two && salutations.is_empty() {
        return Vec::new();
    }
    let mut voices = vec![Voice::default(); doc.mentions.len()];
    let mut tell = |from: usize, to: usize, voice: Voice| {
        for (id, told) in voices.iter_mut().enumerate().take(to).skip(from) {
            if !is_quoted(doc, id) {
                *told = voice;
            }
        }
    };
    for (at, salutation) in salutations.iter().enumerate() {
        let end = salutations.get(at + 1).copied().unwrap_or(doc.mentions.len());
        let signed =
            people.iter().copied().filter(|id| (*salutation + 1..end).contains(id)).find(|id| is_signature(doc, *id));
        let voice = Voice { speaker: signed, addressee: Some(*salutation) };
        // What follows the signature is another text.
        tell(*salutation, signed.map_or(end, |signed| signed + 1), voice);
    }
    if are_two {
        for (at, label) in labels.iter().enumerate() {
            let end = labels.get(at + 1).copied().unwrap_or(doc.mentions.len());
            tell(*label, end, Voice { speaker: Some(*label), addressee: None });
        }
    }
    voices
}

fn is_person(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && mention.entity_type.base() == EntityType::Person
}

/// What stands before and behind a mention in its line; of a very long one only what is near.
fn line_around(doc: &Document, id: usize) -> (&str, &str) {
    let range = doc.mentions[id].span.range();
    let before = last_bytes(doc.text.get(..range.start).unwrap_or_default(), LINE);
    let behind = doc.text.get(range.end..).unwrap_or_default();
    let mut end = behind.len().min(LINE);
    while !behind.is_char_boundary(end) {
        end -= 1;
    }
    let behind = behind.get(..end).unwrap_or_default();
    (before.rsplit('\n').next().unwrap_or_default(), behind.split('\n').next().unwrap_or_default())
}

/// Whether a name opens a line as the one who speaks there: "Ada Quill:", "10:04 Bo Lind (Nordbank):".
fn is_label(doc: &Document, id: usize) -> bool {
    let (before, behind) = line_around(doc, id);
    // A time, or a word of address.
    let is_time = |c: char| c.is_ascii_digit() || ":.-–/[]()<>*APMapm ".contains(c);
    let opens = before.chars().all(is_time) || is_address(before.trim());
    let mut behind = behind.trim_start_matches(['*', '>', ']']);
    if let Some((_, rest)) = behind.strip_prefix(" (").and_then(|rest| rest.split_once(')')) {
        behind = rest;
    }
    opens && behind.strip_prefix(':').is_some_and(|rest| rest.starts_with([' ', '\t', '*']))
}

fn is_address(word: &str) -> bool {
    ADDRESSES.contains(&fold(word.trim_end_matches('.')).as_str())
}

/// Whether a letter to the bearer of a name starts there: "Dear Mr Osborne,".
fn is_salutation(doc: &Document, id: usize) -> bool {
    let (before, behind) = line_around(doc, id);
    let words = before.trim();
    let words = match words.rsplit_once(' ') {
        Some((head, last)) if is_address(last) => head,
        _ => words,
    };
    SALUTATIONS.contains(&words.to_lowercase().as_str()) && behind.trim_start().starts_with([',', ':', '!'])
}

/// Whether a letter is signed there: a name alone in its line, or behind "Yours sincerely,".
fn is_signature(doc: &Document, id: usize) -> bool {
    let (before, behind) = line_around(doc, id);
    let is_mark = |c: char| c.is_whitespace() || ",.-–—*".contains(c);
    let ends = behind.trim_matches(is_mark).is_empty() || behind.starts_with(',');
    let closes = CLOSINGS.iter().any(|closing| {
        let line = before.trim_start().to_lowercase();
        line.strip_prefix(closing).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            && line.trim_end().ends_with(',')
    });
    let starts_line = before.trim_matches(is_mark).is_empty();
    let closes_before = || {
        let range = doc.mentions[id].span.range();
        let lines = doc.text.get(..range.start - before.len()).unwrap_or_default();
        let last = lines.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        // "… I remain as ever, Yours truly," may end a line of text.
        let last = last.trim().to_lowercase();
        let is_closing =
            |closing: &&str| last.rsplit_once(closing).is_some_and(|(_, rest)| rest.len() < 30 && !rest.contains('.'));
        last.ends_with([',', '!']) && CLOSINGS.iter().any(is_closing)
    };
    let is_alone = behind.trim_matches(is_mark).is_empty();
    ends && (closes || (starts_line && (is_alone && !speaks_on(doc, id) || closes_before())))
}

/// Whether somebody says "I" in the lines below a name, which so is none under a letter, but one of a list in it.
fn speaks_on(doc: &Document, id: usize) -> bool {
    let start = doc.mentions[id].span.range().end;
    let end = doc.text.floor_char_boundary(start.saturating_add(QUOTATION).min(doc.text.len()));
    let below = doc.text.get(start..end).unwrap_or_default();
    let until_next = below.split("Dear ").next().unwrap_or_default();
    let is_postscript = ["P.S", "PS"].iter().any(|start| until_next.trim_start().starts_with(start));
    !is_postscript && until_next.split(|c: char| !c.is_alphanumeric()).any(|word| word == "I")
}

/// Whether a mention stands in a quotation that its paragraph opens.
pub(super) fn is_quoted(doc: &Document, id: usize) -> bool {
    let start = doc.mentions[id].span.range().start;
    let before = last_bytes(doc.text.get(..start).unwrap_or_default(), QUOTATION);
    let paragraph = before.rsplit('\n').next().unwrap_or_default();
    let count = |mark: char| paragraph.matches(mark).count();
    count('"') % 2 == 1 || count('“') > count('”')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::ByteSpan;

    /// A text with people in `[…]` and pronouns in `<…>`, and who says each pronoun.
    fn check(text: &str, expected: &[Option<&str>]) {
        let mut doc = Document::new("d", "");
        let mut open = 0;
        for char in text.chars() {
            match char {
                '[' | '<' => open = doc.text.len(),
                ']' | '>' => doc.mentions.push(Mention {
                    span: ByteSpan::new(open, doc.text.len()),
                    entity_type: EntityType::Person,
                    kind: if char == ']' { MentionKind::Name } else { MentionKind::Pronoun },
                    score: 1.0,
                    entity: None,
                    norm: None,
                    link: None,
                }),
                _ => doc.text.push(char),
            }
        }
        let voices = voices(&doc);
        let speaker = |id: usize| voices.get(id)?.speaker.map(|speaker| doc.slice(doc.mentions[speaker].span));
        let pronouns = (0..doc.mentions.len()).filter(|id| doc.mentions[*id].kind == MentionKind::Pronoun);
        assert_eq!(pronouns.map(speaker).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn letters_are_written_by_who_signs_them() {
        let quill = Some("Ada Quill");
        check("Dear [Bo],\n<I> met [Jon].\nYours truly,\n[Ada Quill]\n\n<I> left.", &[quill, None]);
        check("My dear [Bo], <I> met [Jon]. Yours truly,\n[Ada Quill]", &[quill]);
        check("Dear Mr. [Lind], <I> met [Jon].\nYours sincerely, [Ada Quill], Oslo", &[quill]);
        check("Dear [Bo],\n[Jon] said \"<I> left\".\nLove,\n[Ada Quill]", &[None]);
        check("Dear [Bo],\n<I> met [Jon] here.", &[None]);
        check("Dear [Bo],\nPresent:\n[Jon]\n[Ida Moe]\n<I> left early.\nYours truly,\n[Ada Quill]", &[quill]);
        check("[Bo] is dear. <I> left.\n[Ada Quill]", &[None]);
    }

    #[test]
    fn labels_tell_who_speaks() {
        let (quill, lind) = (Some("Ada Quill"), Some("Bo Lind"));
        check("[Ada Quill]: <I> left.\n[Bo Lind]: So did <I>.\nYes, <I> did.", &[quill, lind, lind]);
        check("10:04 [Ada Quill]: <my> wife\n10:05 [Bo Lind] (BBC): <my> son", &[quill, lind]);
        check("[Ada Quill]: <I> left.\n[Ada Quill]: <I> did.", &[None, None]);
        check("It was [Ada Quill]: <I> left.\nIt was [Bo Lind]: <I> did.", &[None, None]);
    }
}
