//! Puts a name where a rule knows that one stands, and takes away what a rule knows to be none.

use std::collections::VecDeque;

use super::SURE_SPELLING;
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// What a rule knows of a stretch of text: the type of the one name there, or that it holds none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub span: ByteSpan,
    pub entity_type: Option<EntityType>,
}

impl Change {
    /// That all of a stretch is one name.
    pub fn name(span: ByteSpan, entity_type: EntityType) -> Self {
        Self { span, entity_type: Some(entity_type) }
    }

    /// That a stretch holds no name and no other mention.
    pub fn nothing(span: ByteSpan) -> Self {
        Self { span, entity_type: None }
    }
}

/// Makes the mentions follow the changes, which are in order and apart from each other.
///
/// Of a mention that goes beyond a change the part before it is kept, or else the part behind.
pub(super) fn apply_changes(text: &str, mentions: &mut Vec<Mention>, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    let mut changed: Vec<Mention> = Vec::with_capacity(mentions.len() + changes.len());
    let mut rest: VecDeque<Mention> = std::mem::take(mentions).into();
    for change in changes {
        let mut score = SURE_SPELLING;
        let mut tail = None;
        while let Some(mention) = rest.pop_front_if(|mention| mention.span.start < change.span.end) {
            if mention.span.end <= change.span.start {
                changed.push(mention);
                continue;
            }
            score = score.max(mention.score);
            if let Some(span) = before(text, mention.span, change.span) {
                changed.push(Mention { span, ..mention });
            } else if let Some(span) = after(text, mention.span, change.span) {
                tail = Some(Mention { span, ..mention });
            }
        }
        if let Some(entity_type) = change.entity_type {
            changed.push(Mention {
                span: change.span,
                entity_type,
                kind: MentionKind::Name,
                score,
                entity: None,
                norm: None,
                link: None,
            });
        }
        if let Some(tail) = tail {
            rest.push_front(tail);
        }
    }
    changed.extend(rest);
    *mentions = changed;
}

/// The part of a mention before a change, without the marks that open or join what comes.
fn before(text: &str, mention: ByteSpan, change: ByteSpan) -> Option<ByteSpan> {
    let head = text.get(mention.start as usize..change.start as usize)?;
    let head = head.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ')'));
    let start = mention.start as usize;
    head.contains(char::is_alphanumeric).then(|| ByteSpan::new(start, start + head.len()))
}

/// The part of a mention behind a change, without the marks before it.
fn after(text: &str, mention: ByteSpan, change: ByteSpan) -> Option<ByteSpan> {
    let tail = text.get(change.end as usize..mention.end as usize)?;
    let tail = tail.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = mention.end as usize;
    (!tail.is_empty()).then(|| ByteSpan::new(end - tail.len(), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mentions of a text at these places, and where they stand after the changes.
    #[track_caller]
    fn check(text: &str, mentions: &[&str], changes: &[(&str, Option<EntityType>)], expected: &[(&str, EntityType)]) {
        let span = |part: &str| {
            let start = text.find(part).expect("it stands there");
            ByteSpan::new(start, start + part.len())
        };
        let mut found: Vec<Mention> = mentions
            .iter()
            .map(|part| Mention {
                span: span(part),
                entity_type: EntityType::Place,
                kind: MentionKind::Name,
                score: 0.5,
                entity: None,
                norm: None,
                link: None,
            })
            .collect();
        let changes: Vec<Change> =
            changes.iter().map(|(part, entity_type)| Change { span: span(part), entity_type: *entity_type }).collect();
        apply_changes(text, &mut found, &changes);
        let shown: Vec<_> = found.iter().map(|mention| (&text[mention.span.range()], mention.entity_type)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn mentions_follow_changes() {
        use EntityType::{Group, Person, Place};
        let text = "Jon Aas, R-Oslo, met Bo Lind (Tarn).";
        check(text, &["Oslo", "Tarn"], &[], &[("Oslo", Place), ("Tarn", Place)]);
        check(text, &["R-Oslo"], &[("R", Some(Group))], &[("R", Group), ("Oslo", Place)]);
        check(text, &["Jon", "Aas", "Tarn"], &[("Jon Aas", Some(Person))], &[("Jon Aas", Person), ("Tarn", Place)]);
        check(text, &["Bo Lind (Tarn"], &[("(Tarn)", None)], &[("Bo Lind", Place)]);
        check(text, &["Jon", "Oslo, met Bo"], &[("Oslo", None), ("Bo", None)], &[("Jon", Place), ("met", Place)]);
        check(text, &[], &[("Bo Lind", Some(Person))], &[("Bo Lind", Person)]);
    }
}
