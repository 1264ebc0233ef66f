//! Names of those who wrote a text, in the line that says so.

use crate::{
    document::{Document, Mention},
    schema::{EntityType, MentionKind},
};

/// How the line starts.
const STARTS: [&str; 6] = ["By ", "BY ", "Reporting by ", "Written by ", "Words by ", "Story by "];

/// Words in small letters that may stand between those who wrote.
const BETWEEN: [&str; 7] = ["and", "in", "at", "for", "with", "of", "de"];

/// No such line is longer, in bytes.
const LONGEST: usize = 120;

/// Per mention: whether it is the name of somebody who wrote the text, in the line that says so; empty if there is none.
pub(crate) fn bylines(doc: &Document) -> Vec<bool> {
    let found: Vec<bool> = doc.mentions.iter().map(|mention| is_author(doc, mention)).collect();
    if found.contains(&true) { found } else { Vec::new() }
}

/// The paragraph in which a place lies, or its line where the text has not been cut into paragraphs, from the start on.
fn paragraph_at(doc: &Document, offset: usize) -> Option<&str> {
    let at = doc.paragraphs.partition_point(|paragraph| paragraph.range().start <= offset).checked_sub(1);
    match at.and_then(|at| doc.paragraphs.get(at)) {
        Some(paragraph) => doc.text.get(paragraph.range()),
        None if doc.paragraphs.is_empty() => {
            let before = doc.text.get(..offset)?;
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            doc.text.get(start..)?.split('\n').next()
        }
        None => None,
    }
}

fn is_author(doc: &Document, mention: &Mention) -> bool {
    if mention.kind != MentionKind::Name || mention.entity_type.base() != EntityType::Person {
        return false;
    }
    let range = mention.span.range();
    let Some(paragraph) = paragraph_at(doc, range.start).filter(|paragraph| paragraph.len() <= LONGEST) else {
        return false;
    };
    let Some(rest) = STARTS.iter().find_map(|start| paragraph.strip_prefix(start)) else { return false };
    // Of all that ends in its line.
    let name = doc.slice(mention.span);
    let Some((lead, behind)) = rest.split_once(name) else { return false };
    let is_possessor = ["'s", "’s"].iter().any(|ending| behind.starts_with(ending));
    let is_between = |word: &str| !word.starts_with(char::is_lowercase) || BETWEEN.contains(&word);
    !paragraph.ends_with(['.', '?', '!', ':', ';', '"', '”', '…'])
        && !lead.contains('\n')
        && lead.split_whitespace().all(is_between)
        && !is_possessor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::ByteSpan;

    #[test]
    fn who_wrote_a_text() {
        for (text, name, expected) in [
            ("By Ada Quill\n\nA clerk left.", "Ada Quill", true),
            ("Clerk leaves\nBY ADA QUILL / Staff Writer\nA clerk left.", "ADA QUILL", true),
            ("By Bo Lind and Ada Quill in Oslo\n\nA clerk left.", "Ada Quill", true),
            ("By Ada Quill, education correspondent\nA clerk left.", "Ada Quill", true),
            ("A clerk left.\n\nReporting by Ada Quill", "Ada Quill", true),
            ("By then Ada Quill had left.", "Ada Quill", false),
            ("By then Ada Quill had left", "Ada Quill", false),
            ("By Ada Quill's grave\n\nA clerk wept.", "Ada Quill", false),
            ("By Ada Quill the books were kept.", "Ada Quill", false),
            ("It was written\nbetween the wars by Ada Quill\nin Oslo", "Ada Quill", false),
        ] {
            let mut doc = Document::new("d", text);
            let at = text.find(name).unwrap();
            doc.mentions.push(Mention {
                span: ByteSpan::new(at, at + name.len()),
                entity_type: EntityType::Person,
                kind: MentionKind::Name,
                score: 1.0,
                entity: None,
                norm: None,
                link: None,
            });
            assert_eq!(bylines(&doc), if expected { vec![true] } else { vec![] }, "{text}");
        }
    }
}
