//! Cuts text into paragraphs, sentences and tokens.
//!
//! The stage cannot fail and takes time linear in the text.
//! Three promises hold for any text: every character that is not blank lies in exactly one token,
//! every token in exactly one sentence, and every sentence in one paragraph.
//! White space, control characters and invisible format characters count as blank, and so do the marks before the lines
//! of quoted mail; a token may hold invisible characters inside, as a soft hyphen within a word.

mod abbreviations;
mod boilerplate;
mod characters;
mod paragraphs;
mod quotes;
mod roles;
mod sentences;
mod tokens;

use crate::{
    document::{Document, Sentence, Token},
    span::{ByteSpan, TokenSpan},
};

/// Fills the paragraphs, tokens and sentences of a document; what was there before is replaced.
///
/// # Example
/// ```
/// use relata::{document::Document, segment::segment};
///
/// let mut document = Document::new("example", "Dr. Okello met J. R. Smith. \"We agree,\" she said.");
/// segment(&mut document);
/// let sentences: Vec<&str> = document.sentences.iter().map(|sentence| document.slice(sentence.span)).collect();
/// assert_eq!(sentences, ["Dr. Okello met J. R. Smith.", "\"We agree,\" she said."]);
/// ```
pub fn segment(doc: &mut Document) {
    doc.paragraphs.clear();
    doc.tokens.clear();
    doc.sentences.clear();
    if u32::try_from(doc.text.len()).is_err() {
        // Spans count in u32; a reader with its default limit never lets such a text through.
        doc.warnings.push("cannot segment: the text is longer than 4 GiB, split it".to_owned());
        return;
    }
    let text = doc.text.as_str();
    let quote_marks = quotes::marks(text);
    let tokens = tokens::tokenize(text, &quote_marks);
    let paragraphs = paragraphs::split(text, &quote_marks);
    let style = sentences::Style::of(text);
    let mut next_token = 0;
    let mut outline = Vec::with_capacity(paragraphs.len());
    for (paragraph_index, paragraph) in paragraphs.iter().enumerate() {
        let first_token = next_token;
        while tokens.get(next_token).is_some_and(|token| token.end <= paragraph.end) {
            next_token += 1;
        }
        let inside = tokens.get(first_token..next_token).unwrap_or_default();
        let dateline = roles::dateline_length(text, inside, paragraph_index);
        let first_sentence = doc.sentences.len();
        let ends = sentences::ends(text, inside, dateline, style);
        let mut start = 0;
        for end in ends {
            let (Some(first), Some(last)) = (inside.get(start), end.checked_sub(1).and_then(|last| inside.get(last)))
            else {
                continue;
            };
            doc.sentences.push(Sentence {
                span: ByteSpan::new(first.start, last.end),
                tokens: TokenSpan::new(first_token + start, first_token + end),
                paragraph: u32::try_from(paragraph_index).unwrap_or(u32::MAX),
                role: Default::default(),
            });
            start = end;
        }
        outline.push(roles::Block {
            text: text.get(paragraph.clone()).unwrap_or_default(),
            tokens: inside.len(),
            dateline: dateline.is_some(),
            sentences: first_sentence..doc.sentences.len(),
        });
    }
    roles::assign(&outline, doc.title.as_deref(), &mut doc.sentences);
    doc.paragraphs = paragraphs.into_iter().map(|range| ByteSpan::new(range.start, range.end)).collect();
    doc.tokens = tokens.into_iter().map(|range| Token { span: ByteSpan::new(range.start, range.end) }).collect();
}

#[cfg(test)]
mod tests;
