//! Which party of a contract gets a term: `Falcon Inc., a subsidiary of Novexa AG ("Merger Sub")`.

use crate::{document::Document, lexicon::fold, schema::MentionKind};

/// How many mentions may stand between a party and the one that its description names last.
const REACH: usize = 4;

/// How many bytes.
const DESCRIPTION: usize = 160;

/// What a party is to the one that its description names.
const BODIES: [&str; 14] = [
    "affiliate",
    "arm",
    "branch",
    "company",
    "corporation",
    "division",
    "entity",
    "fund",
    "partnership",
    "subsidiaries",
    "subsidiary",
    "trust",
    "unit",
    "vehicle",
];

/// Words of a clause of its own.
const CLAUSES: [&str; 14] = [
    "agreed", "agrees", "are", "entered", "has", "have", "is", "said", "shall", "that", "was", "which", "will", "would",
];

/// Terms for the one that owns, which comes last in a description.
const OWNERS: [&str; 11] = [
    "company",
    "guarantor",
    "holdco",
    "holding",
    "holdings",
    "investor",
    "owner",
    "parent",
    "seller",
    "shareholder",
    "sponsor",
];

/// The name that a term in a bracket is for: the one right before the bracket, or the one that this describes.
pub(super) fn party(doc: &Document, last: usize, term: usize) -> usize {
    head(doc, last).filter(|_| !is_of_owner(doc, last, term)).unwrap_or(last)
}

/// The name that a description with this one at its end is about.
fn head(doc: &Document, last: usize) -> Option<usize> {
    let owner = doc.mentions.get(last)?;
    let head = (last.saturating_sub(REACH)..last).rev().find(|id| {
        let mention = &doc.mentions[*id];
        mention.kind == MentionKind::Name && mention.entity_type.base() == owner.entity_type.base()
    })?;
    let between = doc.text.get(doc.mentions[head].span.range().end..owner.span.range().start)?;
    describes(between).then_some(head)
}

/// Whether words between two names make the first one a body of the second one: ", a subsidiary of".
fn describes(between: &str) -> bool {
    let Some(rest) = between.strip_prefix(", ").filter(|rest| rest.len() <= DESCRIPTION) else { return false };
    // "A direct, wholly owned subsidiary".
    let rest = rest.replace(", wholly", " wholly").replace(", indirect", " indirect");
    if rest.contains(|c: char| ",.;:()\"“”".contains(c)) {
        return false;
    }
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    words.pop_if(|word| *word == "the");
    let ends = words.last().is_some_and(|last| matches!(*last, "by" | "for" | "of" | "to" | "with"));
    let starts = words.first().is_some_and(|first| matches!(*first, "a" | "an" | "the"));
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    starts && ends && has(&BODIES) && !has(&CLAUSES)
}

/// Whether a term is for the one that is named last: a part of its name, or a word for an owner.
fn is_of_owner(doc: &Document, last: usize, term: usize) -> bool {
    let name = fold(doc.slice(doc.mentions[last].span));
    let term = fold(doc.slice(doc.mentions[term].span));
    let is_part = term.split(' ').all(|word| name.split(' ').any(|other| other == word));
    is_part || term.split(' ').next_back().is_some_and(|word| OWNERS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions() {
        for (between, expected) in [
            (", a wholly owned subsidiary of ", true),
            (", a Delaware corporation and a direct, wholly owned subsidiary of ", true),
            (", a company owned by the ", true),
            (", an affiliate of ", true),
            (" and ", false),
            (", ", false),
            (", a bank that lends to ", false),
            (", a subsidiary of Quillon, and ", false),
            (" (the \"Buyer\"), a subsidiary of ", false),
            (", a subsidiary that has agreed with ", false),
            (", its subsidiary and ", false),
        ] {
            assert_eq!(describes(between), expected, "{between}");
        }
    }
}
