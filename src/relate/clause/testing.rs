//! Clauses for the tests of this folder.

use super::Clause;
use crate::{
    document::{Document, Sentence, SentenceRole},
    span::{ByteSpan, TokenSpan},
};

/// A text of one sentence with the head in `[…]` and the tail in `<…>`.
pub(in crate::relate) fn marked(text: &str) -> (Document, ByteSpan, ByteSpan) {
    let mut doc = Document::new("d", "");
    let (mut head, mut tail) = (0, 0);
    let (mut spans, mut open) = ([ByteSpan::new(0, 0); 2], 0);
    for char in text.chars() {
        match char {
            '[' | '<' => open = doc.text.len(),
            ']' => (head, spans[0]) = (head + 1, ByteSpan::new(open, doc.text.len())),
            '>' => (tail, spans[1]) = (tail + 1, ByteSpan::new(open, doc.text.len())),
            _ => doc.text.push(char),
        }
    }
    assert_eq!((head, tail), (1, 1), "{text}");
    let (span, tokens) = (ByteSpan::new(0, doc.text.len()), TokenSpan::new(0, 0));
    doc.sentences.push(Sentence { span, tokens, paragraph: 0, role: SentenceRole::Body });
    (doc, spans[0], spans[1])
}

pub(super) fn clause(text: &str) -> Clause {
    let (doc, head, tail) = marked(text);
    Clause::new(&doc, head, tail).expect("one sentence")
}
