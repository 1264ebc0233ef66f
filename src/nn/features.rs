//! What the heads are told about mentions besides their states: distances, types, how their words compare.
//!
//! The training program computes the same (`train/relata_train/model.py`); the numbers are rows of embeddings.

use std::{collections::BTreeSet, ops::Range};

use super::{encoder::Encoding, relation::Pair};
use crate::schema::{EntityType, MentionKind};

/// Number of buckets of a distance.
pub const DISTANCES: usize = 10;

/// Sentences before and after a relation that are told apart.
pub(super) const SENTENCES: usize = 3;

/// Words around the ends of a relation in which its arguments are sought.
const ARGUMENT_REACH: usize = 150;

/// Types of mentions that the model tells apart: those of the schema and one for "unclear", used in training only.
pub(super) const TYPES: usize = EntityType::ALL.len() + 1;

/// A mention as a range of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MentionWords {
    /// First word.
    pub first: usize,
    /// Last word, inside the mention.
    pub last: usize,
    /// Its type.
    pub entity_type: EntityType,
    /// Its kind.
    pub kind: MentionKind,
}

impl MentionWords {
    /// Its words as a range.
    #[must_use]
    pub fn words(&self) -> Range<usize> {
        self.first..self.last + 1
    }

    /// Its words and those up to a reach before and after it, in a text of `count` words.
    pub(super) fn words_near(&self, reach: usize, count: usize) -> Range<usize> {
        self.first.saturating_sub(reach)..(self.last + 1 + reach).min(count)
    }
}

/// Bucket of a distance: 0, 1, 2, 3-4, 5-8, 9-16, 17-32, 33-64, 65-128, more.
#[must_use]
pub fn distance_bucket(distance: usize) -> usize {
    match distance {
        0..=2 => distance,
        3..=4 => 3,
        5..=8 => 4,
        9..=16 => 5,
        17..=32 => 6,
        33..=64 => 7,
        65..=128 => 8,
        _ => 9,
    }
}

/// Row of the embedding of where a word stands from a mention: 0 inside it, [`DISTANCES`] more after it.
pub(super) fn place_of(mention: &MentionWords, word: usize) -> usize {
    if word > mention.last {
        DISTANCES + distance_bucket(word - mention.last)
    } else {
        distance_bucket(mention.first.saturating_sub(word))
    }
}

/// How two mentions' words compare: 0 not, 1 equal, 2 the same last word, 3 the words of one are all in the other, 4 one is
/// the initials of the other.
#[must_use]
pub fn match_kind(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (x, y) = (split(&a), split(&b));
    let (Some(x_last), Some(y_last)) = (x.last(), y.last()) else { return 0 };
    if x == y {
        return 1;
    }
    if x_last == y_last {
        return 2;
    }
    let (x_set, y_set) = (BTreeSet::from_iter(&x), BTreeSet::from_iter(&y));
    if x_set.is_subset(&y_set) || y_set.is_subset(&x_set) {
        return 3;
    }
    if is_initials(&a, &y) || is_initials(&b, &x) { 4 } else { 0 }
}

/// Words as Python's `str.split` cuts them, which takes four more control characters for white space.
fn split(text: &str) -> Vec<&str> {
    text.split(|character: char| character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_initials(short: &str, long: &[&str]) -> bool {
    if long.len() < 2 || short.contains(' ') {
        return false;
    }
    let letters = short.chars().filter(|&character| character != '.');
    letters.eq(long.iter().filter_map(|word| word.chars().next()))
}

/// Words strictly between two mentions; 0 if they touch or overlap.
#[must_use]
pub fn words_apart(a: &MentionWords, b: &MentionWords) -> usize {
    let after = |left: &MentionWords, right: &MentionWords| right.first.saturating_sub(left.last + 1);
    after(a, b).max(after(b, a))
}

/// What the coreference head is told about a pair of mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoreferenceFeatures {
    /// Bucket of the number of mentions from one to the other.
    pub mention_distance: usize,
    /// Bucket of the words from the end of the antecedent to the anaphor.
    pub word_distance: usize,
    /// See [`match_kind`].
    pub matching: usize,
    /// Both types in one number, the anaphor's first.
    pub types: usize,
    /// Both kinds in one number, the anaphor's first.
    pub kinds: usize,
}

/// Features of a pair of mentions, given by their indices; `texts` holds the words of each mention as they stand.
#[must_use]
pub fn coreference_features(
    mentions: &[MentionWords],
    texts: &[&str],
    anaphor: usize,
    antecedent: usize,
) -> CoreferenceFeatures {
    let (a, b) = (&mentions[anaphor], &mentions[antecedent]);
    let pronouns = [a.kind, b.kind].map(|kind| kind == MentionKind::Pronoun);
    let comparable = pronouns == [false, false] || a.kind == b.kind;
    CoreferenceFeatures {
        mention_distance: distance_bucket(anaphor.saturating_sub(antecedent)),
        word_distance: distance_bucket(a.first.saturating_sub(b.last)),
        matching: if comparable { match_kind(texts[anaphor], texts[antecedent]) } else { 0 },
        types: a.entity_type.base().index() * TYPES + b.entity_type.base().index(),
        kinds: a.kind as usize * MentionKind::ALL.len() + b.kind as usize,
    }
}

/// The closest mentions of two entities, as indices into `mentions`; of equals the earlier head, then the earlier tail.
/// `heads` and `tails` are the entities' mentions in order. Nothing if one has none.
#[must_use]
pub fn closest_mentions(mentions: &[MentionWords], heads: &[usize], tails: &[usize]) -> Option<(usize, usize)> {
    let pairs = heads.iter().flat_map(|&head| tails.iter().map(move |&tail| (head, tail)));
    pairs.min_by_key(|&(head, tail)| (words_apart(&mentions[head], &mentions[tail]), head, tail))
}

/// What the relation head is told about an ordered pair of entities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairFeatures {
    /// Bucket of the words between the closest mentions; [`DISTANCES`] more if the tail comes first.
    pub distance: usize,
    /// Bucket of the sentence ends between them.
    pub stops: usize,
    /// Pieces between them, counted over the text; may be empty.
    pub between: Range<usize>,
}

/// Features of the closest mentions of a pair of entities.
#[must_use]
pub fn pair_features(encoding: &Encoding, head: &MentionWords, tail: &MentionWords) -> PairFeatures {
    let head_first = head.first <= tail.first;
    let (left, right) = if head_first { (head, tail) } else { (tail, head) };
    let between = left.last + 1..right.first.max(left.last + 1);
    let stops = match encoding.stops_in(&between) {
        count @ 0..=2 => count,
        3..=4 => 3,
        _ => 4,
    };
    let distance = distance_bucket(words_apart(head, tail)) + if head_first { 0 } else { DISTANCES };
    PairFeatures { distance, stops, between: encoding.pieces_of(&between) }
}

/// A mention of an entity that may state, date or place a relation, and what the relation head is told about it; the
/// numbers are rows of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgumentMention {
    /// Index of the mention.
    pub mention: usize,
    /// Index of its entity.
    pub entity: usize,
    /// Bucket of the words from it to the relation's closest mentions, 0 between them; [`DISTANCES`] more if it comes after.
    pub place: usize,
    /// Sentences from the relation to it, from 0 (three or more before) over 3 (the same) to 6 (three or more after).
    pub sentence: usize,
    /// Its kind.
    pub kind: usize,
    /// 0, or 1 if its entity is the relation's head, or 2 if its tail.
    pub role: usize,
    /// Whether it stands in quotation marks; 2 more if both ends of the relation do.
    pub quotes: usize,
}

/// The mentions near enough to the closest mentions of a pair to be arguments of its relations, in order. `owners` are the
/// entities of the mentions, `may_be` says of an entity whether it can be an argument.
#[must_use]
pub fn argument_mentions(
    encoding: &Encoding,
    mentions: &[MentionWords],
    owners: &[usize],
    pair: &Pair,
    may_be: impl Fn(usize) -> bool,
) -> Vec<ArgumentMention> {
    let (Some(head), Some(tail)) = (mentions.get(pair.head_mention), mentions.get(pair.tail_mention)) else {
        return Vec::new();
    };
    let (start, end) = (head.first.min(tail.first), head.last.max(tail.last));
    let quoted = encoding.is_quoted(head.first) && encoding.is_quoted(tail.first);
    // Mentions are in order and do not overlap, so those near enough stand together.
    let nearest = mentions.partition_point(|mention| mention.last + ARGUMENT_REACH < start);
    let within = mentions.iter().zip(owners).enumerate().skip(nearest);
    within
        .take_while(|(_, (mention, _))| mention.first <= end + ARGUMENT_REACH)
        .filter(|&(_, (_, &entity))| may_be(entity))
        .map(|(index, (mention, &entity))| {
            let (before, after) = (start.saturating_sub(mention.last), mention.first.saturating_sub(end));
            // Sentence ends after one word up to and with another.
            let stops = |from: usize, to: usize| encoding.stops_in(&(from + 1..to + 1));
            let sentence = if mention.first < start {
                SENTENCES - stops(mention.first, start).min(SENTENCES)
            } else {
                SENTENCES + stops(end, mention.first.max(end)).min(SENTENCES)
            };
            ArgumentMention {
                mention: index,
                entity,
                place: distance_bucket(before + after) + if after > 0 { DISTANCES } else { 0 },
                sentence,
                kind: mention.kind as usize,
                role: if entity == pair.head { 1 } else { 2 * usize::from(entity == pair.tail) },
                quotes: 2 * usize::from(quoted) + usize::from(encoding.is_quoted(mention.first)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches() {
        for (a, b, expected) in [
            ("", "Keller", 0),
            ("Maria Keller", "maria  keller", 1),
            ("Keller", "Maria Keller", 2),
            ("Maria", "Maria Keller", 3),
            ("NWB", "North Water Board", 4),
            ("North Water Board", "N.W.B.", 4),
            ("N W B", "North Water Board", 0),
            ("N", "North", 0),
            ("Anna", "Board", 0),
        ] {
            assert_eq!(match_kind(a, b), expected, "{a} / {b}");
        }
    }

    #[test]
    fn closest_pair_prefers_early_mentions() {
        let mention =
            |first, last| MentionWords { first, last, entity_type: EntityType::Person, kind: MentionKind::Name };
        let mentions = [mention(0, 1), mention(4, 4), mention(7, 7), mention(10, 11)];
        assert_eq!(closest_mentions(&mentions, &[0, 2], &[1, 3]), Some((0, 1)));
        assert_eq!(closest_mentions(&mentions, &[1, 3], &[0, 2]), Some((1, 0)));
        assert_eq!(closest_mentions(&mentions, &[], &[0]), None);
        assert_eq!(words_apart(&mentions[3], &mentions[0]), 8);
    }

    #[test]
    fn places_are_told_from_mentions() {
        let mention = MentionWords { first: 10, last: 12, entity_type: EntityType::Person, kind: MentionKind::Name };
        let places = |word| place_of(&mention, word);
        assert_eq!([places(10), places(11), places(12)], [0; 3]);
        assert_eq!([places(9), places(8), places(0)], [1, 2, distance_bucket(10)]);
        assert_eq!([places(13), places(14)], [DISTANCES + 1, DISTANCES + 2]);
    }
}
