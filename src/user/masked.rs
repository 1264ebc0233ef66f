//! Sentences in which mentions are single signs, so that a pattern can name them by type.
//!
//! Each mention of a type that a pattern speaks of becomes a sign for its type, its number, and a closing sign, all
//! private-use characters. A pattern that asks for an organization so matches a whole mention and nothing else: no part
//! of one, and no words that happen to look alike.

use crate::{schema::EntityType, span::ByteSpan};

/// Sign of the first type; the others follow.
const OPEN: u32 = 0xe000;
/// Sign of the digit 0 of a mention's number; the others follow.
const DIGIT: u32 = 0xe040;
/// Sign of the end of a mention.
const CLOSE: char = '\u{e060}';
/// All characters that may come to stand for something here. A text that holds them gets replacement characters, which
/// are as many bytes long, so that it can forge no mention.
const SIGNS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{e0ff}';

/// Some entity types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct TypeSet(u32);

impl TypeSet {
    /// The set with one more type.
    #[must_use]
    pub fn with(self, entity_type: EntityType) -> Self {
        Self(self.0 | 1 << entity_type.index())
    }

    /// The types of both sets.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the type is in the set.
    #[must_use]
    pub fn contains(self, entity_type: EntityType) -> bool {
        self.0 & 1 << entity_type.index() != 0
    }

    /// Its types in the order of the schema.
    pub fn types(self) -> impl Iterator<Item = EntityType> {
        EntityType::all().filter(move |entity_type| self.contains(*entity_type))
    }

    /// The pattern that matches one mention of these types in a [`Masked`] text.
    pub(super) fn pattern(self) -> String {
        let signs: String = self.types().map(open_sign).collect();
        format!("(?:[{signs}][{}-{}]+{CLOSE})", digit_sign(0), digit_sign(9))
    }
}

fn open_sign(entity_type: EntityType) -> char {
    char::from_u32(OPEN + entity_type.index() as u32).unwrap_or(CLOSE)
}

fn digit_sign(digit: u32) -> char {
    char::from_u32(DIGIT + digit).unwrap_or(CLOSE)
}

/// Whether a text holds characters that stand for mentions here.
pub(super) fn has_signs(text: &str) -> bool {
    text.contains(|c| SIGNS.contains(&c))
}

/// A stretch of a masked text and what it stands for.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where it starts in the masked text; it ends where the next one starts.
    start: usize,
    /// What it stands for in the text.
    span: ByteSpan,
    /// Index of the mention that it is, if it is one.
    mention: Option<usize>,
}

/// A sentence with signs in the places of mentions.
#[derive(Debug, Clone)]
pub struct Masked {
    text: String,
    pieces: Vec<Piece>,
}

impl Masked {
    /// Masks mentions in a span of a text, which are sorted; nothing stands for one that is not to be masked. Those
    /// that overlap an earlier one or do not lie inside are left as words, too.
    #[must_use]
    pub fn new(text: &str, span: ByteSpan, mentions: impl IntoIterator<Item = Option<(ByteSpan, EntityType)>>) -> Self {
        let mut masked = Self { text: String::with_capacity(span.len()), pieces: Vec::new() };
        let mut at = span.start;
        for (index, mention) in mentions.into_iter().enumerate() {
            let Some((mention, entity_type)) = mention else { continue };
            if mention.start < at || mention.end > span.end || mention.is_empty() {
                continue;
            }
            masked.push_words(text, at, mention.start);
            masked.pieces.push(Piece { start: masked.text.len(), span: mention, mention: Some(index) });
            masked.text.push(open_sign(entity_type));
            let digits = index.to_string();
            masked.text.extend(digits.bytes().map(|digit| digit_sign(u32::from(digit - b'0'))));
            masked.text.push(CLOSE);
            at = mention.end;
        }
        masked.push_words(text, at, span.end);
        masked
    }

    fn push_words(&mut self, text: &str, start: u32, end: u32) {
        let span = ByteSpan::new(start as usize, end as usize);
        let words = text.get(span.range()).unwrap_or_default();
        if !words.is_empty() {
            self.pieces.push(Piece { start: self.text.len(), span, mention: None });
            self.text.extend(words.chars().map(|c| if SIGNS.contains(&c) { char::REPLACEMENT_CHARACTER } else { c }));
        }
    }

    /// The sentence with its signs.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Mentions that lie inside a range of the masked text, each with its end there.
    pub fn mentions(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        let first = self.pieces.partition_point(|piece| piece.start < range.start);
        let ends = self.pieces.iter().skip(1).map(|piece| piece.start).chain([self.text.len()]).skip(first);
        let pieces = self.pieces[first..].iter().zip(ends);
        pieces
            .take_while(move |(_, end)| *end <= range.end)
            .filter_map(|(piece, end)| piece.mention.map(|mention| (mention, end)))
    }

    /// What a range of the masked text stands for; a part of a mention stands for all of it.
    #[must_use]
    pub fn original(&self, range: std::ops::Range<usize>) -> Option<ByteSpan> {
        if range.is_empty() {
            return None;
        }
        let piece = |at: usize| self.pieces.partition_point(|piece| piece.start <= at).checked_sub(1);
        let first = self.pieces.get(piece(range.start)?)?;
        let last = self.pieces.get(piece(range.end.checked_sub(1)?)?)?;
        let start = match first.mention {
            Some(_) => first.span.start as usize,
            None => first.span.start as usize + range.start - first.start,
        };
        let end = match last.mention {
            Some(_) => last.span.end as usize,
            None => last.span.start as usize + range.end - last.start,
        };
        (start < end).then(|| ByteSpan::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_lead_back_to_the_text() {
        let text = "Ada Quill owns\u{e001}the Dawn.";
        let spans = [(ByteSpan::new(0, 9), EntityType::Person), (ByteSpan::new(21, 25), EntityType::Work)];
        let masked = Masked::new(text, ByteSpan::new(0, text.len()), spans.map(Some));
        assert_eq!(masked.text(), "\u{e000}\u{e040}\u{e060} owns\u{fffd}the \u{e007}\u{e041}\u{e060}.");
        let at = |words: &str| masked.text().find(words).unwrap();
        let owns = at("owns")..at("owns") + 4;
        assert_eq!(masked.original(owns), Some(ByteSpan::new(10, 14)));
        assert_eq!(masked.original(0..9), Some(ByteSpan::new(0, 9)));
        assert_eq!(masked.original(3..at("owns")), Some(ByteSpan::new(0, 10)), "a part of a mention is all of it");
        assert_eq!(masked.original(0..masked.text().len()), Some(ByteSpan::new(0, text.len())));
        assert_eq!(masked.original(4..4), None);
        assert_eq!(masked.mentions(0..9).collect::<Vec<_>>(), [(0, 9)]);
        assert_eq!(masked.mentions(0..masked.text().len()).map(|found| found.0).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(masked.mentions(1..12).count(), 0);
    }

    #[test]
    fn patterns_match_whole_mentions_of_their_types() {
        let text = "Ada Quill owns the Dawn.";
        let spans = [(ByteSpan::new(0, 9), EntityType::Person), (ByteSpan::new(19, 23), EntityType::Work)];
        let masked = Masked::new(text, ByteSpan::new(0, text.len()), spans.map(Some));
        let both = TypeSet::default().with(EntityType::Person).with(EntityType::Work);
        for (types, count) in [(both, 2), (TypeSet::default().with(EntityType::Work), 1)] {
            assert_eq!(regex::Regex::new(&types.pattern()).unwrap().find_iter(masked.text()).count(), count);
        }
        assert!(has_signs(masked.text()) && !has_signs(text));
    }
}
