//! Words and word pieces: the text as the encoder's vocabulary cuts it, with offsets into the original.
//!
//! Words come out as Hugging Face's `BertNormalizer` (clean text, Chinese characters, accents off, lower case),
//! `BertPreTokenizer` and `WordPiece` give them, since the encoder was trained on those. Two differences are wanted: the
//! names of special pieces, such as `[SEP]`, are plain text in a text, and character classes follow a newer Unicode.

use std::collections::HashMap;

use unicode_normalization::char::decompose_canonical;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::weights::ModelError;
use crate::span::ByteSpan;

/// The longest word, in characters, that is cut into pieces; a longer one is one unknown piece.
const LONGEST_WORD: usize = 100;

/// A word of the text: letters and digits without white space between, or one punctuation mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Where it stands in the text.
    pub span: ByteSpan,
    /// Its first piece, counted over the whole text.
    pub first_piece: u32,
    /// Number of its pieces, at least one.
    pub piece_count: u32,
}

impl Word {
    /// Its pieces, counted over the whole text.
    #[must_use]
    pub fn pieces(self) -> std::ops::Range<usize> {
        self.first_piece as usize..(self.first_piece + self.piece_count) as usize
    }
}

/// Cuts text into words and word pieces.
#[derive(Debug)]
pub struct Tokenizer {
    /// Pieces that start a word.
    initial: HashMap<Box<str>, u32>,
    /// Pieces inside a word, without their `##`.
    continuing: HashMap<Box<str>, u32>,
    /// Bytes of the longest piece.
    longest: usize,
    unknown: u32,
    first: u32,
    last: u32,
}

impl Tokenizer {
    /// Makes a tokenizer from the pieces in the order of their ids.
    ///
    /// # Errors
    ///
    /// When a special piece is missing.
    pub fn new<'a>(pieces: impl Iterator<Item = &'a str>) -> Result<Self, ModelError> {
        let (mut initial, mut continuing) = (HashMap::new(), HashMap::new());
        let mut longest = 0;
        for (id, piece) in (0u32..).zip(pieces) {
            longest = longest.max(piece.len());
            match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => continuing.insert(rest.into(), id),
                _ => initial.insert(piece.into(), id),
            };
        }
        let special = |name: &str| {
            initial
                .get(name)
                .copied()
                .ok_or_else(|| ModelError::content(format!("the vocabulary lacks the special piece {name}")))
        };
        let (unknown, first, last) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Self { initial, continuing, longest, unknown, first, last })
    }

    /// The piece that stands before every window.
    #[must_use]
    pub fn first(&self) -> u32 {
        self.first
    }

    /// The piece that stands after every window.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.last
    }

    /// The words of a text and the ids of all their pieces.
    #[must_use]
    pub fn words(&self, text: &str) -> (Vec<Word>, Vec<u32>) {
        let mut out =
            Cutter { tokenizer: self, words: Vec::new(), pieces: Vec::new(), word: String::new(), span: None };
        for (start, character) in text.char_indices() {
            let end = start + character.len_utf8();
            if character.is_ascii_alphanumeric() {
                out.push(character.to_ascii_lowercase(), start, end);
            } else if is_space(character) {
                out.finish();
            } else if is_removed(character) {
                // Nothing: the characters around it join.
            } else if is_chinese(character) {
                out.finish();
                decompose_canonical(character, |part| out.push(part, start, end));
                out.finish();
            } else {
                decompose_canonical(character, |part| {
                    if part.general_category() == GeneralCategory::NonspacingMark {
                        return;
                    }
                    for lower in part.to_lowercase() {
                        if is_punctuation(lower) {
                            out.finish();
                            out.push(lower, start, end);
                            out.finish();
                        } else {
                            out.push(lower, start, end);
                        }
                    }
                });
            }
        }
        out.finish();
        (out.words, out.pieces)
    }
}

/// State of [`Tokenizer::words`].
struct Cutter<'a> {
    tokenizer: &'a Tokenizer,
    words: Vec<Word>,
    pieces: Vec<u32>,
    /// The word so far, normalized.
    word: String,
    /// Where the word so far stands.
    span: Option<(usize, usize)>,
}

impl Cutter<'_> {
    fn push(&mut self, character: char, start: usize, end: usize) {
        self.word.push(character);
        let first = self.span.map_or(start, |(first, _)| first);
        self.span = Some((first, end));
    }

    /// Cuts the word so far into the longest pieces from its start on; one unknown piece if that does not come out even.
    fn finish(&mut self) {
        let Some((start, end)) = self.span.take() else { return };
        let first_piece = self.pieces.len();
        let tokenizer = self.tokenizer;
        let mut rest = self.word.as_str();
        let fits = rest.len() <= LONGEST_WORD || rest.chars().count() <= LONGEST_WORD;
        while fits && !rest.is_empty() {
            let map = if self.pieces.len() == first_piece { &tokenizer.initial } else { &tokenizer.continuing };
            let mut length = rest.len().min(tokenizer.longest);
            let found = loop {
                if length == 0 {
                    break None;
                }
                if let Some(&id) = rest.get(..length).and_then(|candidate| map.get(candidate)) {
                    break Some(id);
                }
                length -= 1;
            };
            let Some(id) = found else { break };
            self.pieces.push(id);
            rest = rest.get(length..).unwrap_or_default();
        }
        if !fits || !rest.is_empty() {
            self.pieces.truncate(first_piece);
            self.pieces.push(tokenizer.unknown);
        }
        self.words.push(Word {
            span: ByteSpan::new(start, end),
            first_piece: u32::try_from(first_piece).unwrap_or(u32::MAX),
            piece_count: u32::try_from(self.pieces.len() - first_piece).unwrap_or(u32::MAX),
        });
        self.word.clear();
    }
}

fn is_space(character: char) -> bool {
    match character {
        ' ' | '\t' | '\n' | '\r' => true,
        // Vertical tab, form feed and "next line" count as control characters.
        '\u{0b}' | '\u{0c}' | '\u{85}' => false,
        _ => character.is_whitespace(),
    }
}

fn is_removed(character: char) -> bool {
    match character {
        '\u{fffd}' => true,
        // Format characters that the trained tokenizer keeps.
        '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{110cd}' | '\u{13430}'..='\u{13438}' => false,
        _ if character.is_ascii() => character.is_ascii_control(),
        _ => matches!(
            character.general_category(),
            GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::PrivateUse
        ),
    }
}

fn is_chinese(character: char) -> bool {
    matches!(character,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}' | '\u{2f800}'..='\u{2fa1f}')
}

fn is_punctuation(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_punctuation()
    } else {
        character.general_category_group() == GeneralCategoryGroup::Punctuation
    }
}

/// Letter shape of a word, which gives an uncased encoder its case back: the index of one of special, lower, title, upper,
/// single upper, mixed, digits, alphanumeric, punctuation, other.
#[must_use]
pub fn shape(word: &str) -> u8 {
    const LOWER: u8 = 1;
    const TITLE: u8 = 2;
    const UPPER: u8 = 3;
    const SINGLE_UPPER: u8 = 4;
    const MIXED: u8 = 5;
    const DIGITS: u8 = 6;
    const ALPHANUMERIC: u8 = 7;
    const PUNCTUATION: u8 = 8;
    const OTHER: u8 = 9;
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    let (mut letters, mut upper, mut lower) = (0usize, 0usize, 0usize);
    let (mut first_upper, mut rest_lower) = (false, true);
    for character in word.chars() {
        let is_letter = if character.is_ascii() {
            character.is_ascii_alphabetic()
        } else {
            character.general_category_group() == GeneralCategoryGroup::Letter
        };
        if !is_letter {
            continue;
        }
        let (is_upper, is_lower) = (character.is_uppercase(), character.is_lowercase());
        if letters == 0 {
            first_upper = is_upper;
        } else {
            rest_lower &= is_lower;
        }
        letters += 1;
        upper += usize::from(is_upper);
        lower += usize::from(is_lower);
    }
    match (letters, digits) {
        (0, true) => DIGITS,
        (0, false) => PUNCTUATION,
        (_, true) => ALPHANUMERIC,
        (1, _) if upper == 1 => SINGLE_UPPER,
        _ if upper == letters => UPPER,
        _ if lower == letters => LOWER,
        _ if first_upper && rest_lower => TITLE,
        _ if upper == 0 && lower == 0 => OTHER,
        _ => MIXED,
    }
}

/// What stands before a word: 0 nothing, 1 a blank or whatever else is no line break, 2 a line break, 3 a blank line.
#[must_use]
pub fn gap(between: &str) -> u8 {
    match between.bytes().filter(|&byte| byte == b'\n').take(2).count() {
        0 => u8::from(!between.is_empty()),
        1 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokenizer() -> Tokenizer {
        let pieces = "[UNK] [CLS] [SEP] a b cafe keller ##s s . , the ##rs 中 [ ] sep";
        Tokenizer::new(pieces.split(' ')).unwrap()
    }

    #[test]
    fn words_keep_their_place() {
        let check = |text: &str, expected: &[(&str, &[u32])]| {
            let (words, pieces) = tokenizer().words(text);
            let found: Vec<(&str, &[u32])> =
                words.iter().map(|word| (&text[word.span.range()], &pieces[word.pieces()])).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("", &[]);
        check(" \n ", &[]);
        check("Kellers.", &[("Kellers", &[6, 7]), (".", &[9])]);
        check("Café,", &[("Café", &[5]), (",", &[10])]);
        check("Cafe\u{301} a", &[("Cafe", &[5]), ("a", &[3])]);
        check("a\u{200b}b", &[("a\u{200b}b", &[0])]);
        check("中a", &[("中", &[13]), ("a", &[3])]);
        check("[SEP]", &[("[", &[14]), ("SEP", &[16]), ("]", &[15])]);
        check(&"a".repeat(101), &[("a".repeat(101).as_str(), &[0])]);
    }

    #[test]
    fn shapes() {
        for (word, expected) in [
            ("the", 1),
            ("Keller", 2),
            ("NATO", 3),
            ("A", 4),
            ("a", 1),
            ("McKay", 5),
            ("2019", 6),
            ("F16", 7),
            ("...", 8),
            ("", 8),
            ("中", 9),
            ("É", 4),
        ] {
            assert_eq!(shape(word), expected, "{word}");
        }
    }

    #[test]
    fn gaps() {
        for (between, expected) in [("", 0), (" ", 1), ("\r\n", 2), ("\n \n", 3), ("\n\n\n", 3)] {
            assert_eq!(gap(between), expected, "{between:?}");
        }
    }
}
