//! What a text says of kin whom it brings in by name: "X, the son of Y", "three children, William, Mary and Jane".

use super::context::{is_honour, last_bytes, says_before};
use crate::{
    document::{Document, Mention},
    lexicon::{
        Gender, Lexicon,
        kin::{Kin, Tie, kin},
    },
    names::person_parts,
    schema::{EntityType, MentionKind},
};

/// How many bytes before a name may tell whose kin it is.
const LOOK_BACK: usize = 160;

/// How many bytes may stand between two people of one name of whom the second is the first one's kin.
const APART: usize = 400;

/// How many mentions back the last name of a person is looked for.
const REACH: usize = 40;

/// How many words a list of names may take up to the noun, and how many an office or a description.
const LIST_WORDS: usize = 16;
const WORDS: usize = 6;

/// Verbs behind which a noun for kin says what somebody is.
const COPULAS: [&str; 9] = ["is", "was", "are", "were", "as", "became", "being", "been", "and"];

/// Words behind which it is not said of whom the sentence speaks: "shot by a son of Karl Keller".
const OTHERS_THAN_SUBJECTS: [&str; 9] = ["by", "to", "with", "from", "for", "against", "in", "on", "at"];

/// Words that may stand last before the name of whose kin somebody is, besides titles.
const DESCRIBING: [&str; 7] = ["the", "late", "former", "then", "famous", "great", "future"];

/// Words that do not go on with a sentence behind "X, wife of Y,".
const NOT_GOING_ON: [&str; 17] =
    ["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "the", "to", "who", "whom", "whose"];

/// Words between a noun for several and their names.
const LISTING: [&str; 8] = ["were", "are", "was", "is", "named", "called", "and", "&"];

/// Words before a noun that is the subject's or the object's own: "and his son", "succeeded by his nephew".
const BEFORE_OWN: [&str; 9] = ["and", "by", "with", "to", "for", "of", "from", "than", "like"];

/// Phrases before a name for which a person could be taken who is another one.
const TAKEN_FOR: [&str; 6] = [
    "confused with",
    "distinguished from",
    "not identical with",
    "not identical to",
    "not the same as",
    "not to be identified with",
];

fn is_person(mention: &Mention) -> bool {
    mention.entity_type.base() == EntityType::Person
}

fn is_person_name(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && is_person(mention)
}

/// What stands before a mention in its line, at most [`LOOK_BACK`] bytes.
fn line_before(doc: &Document, id: usize) -> &str {
    let start = doc.mentions.get(id).map_or(0, |mention| mention.span.range().start);
    let before = last_bytes(doc.text.get(..start).unwrap_or_default(), LOOK_BACK);
    before.rsplit('\n').next().unwrap_or_default()
}

/// The kinship that a noun tells, if it is one of blood or marriage.
fn kinship(word: &str) -> Option<Kin> {
    kin(word).filter(|kin| kin.tie != Tie::Company)
}

/// Whether a name is that of whose kin somebody else is: "X, daughter of the banker Karl Keller", "X is the son of Kim Jong
/// Il", and the second one of "the only child of Karl Kellner and Rosa Kellner".
pub(super) fn is_kin_of_another(doc: &Document, id: usize) -> bool {
    kin_before(doc, id).is_some()
}

/// What the noun says by which a name is that of whose kin somebody else is.
pub(super) fn kin_before(doc: &Document, id: usize) -> Option<Kin> {
    if let Some(kin) = noun_before(doc, id) {
        return Some(kin);
    }
    let before = |first: &usize| {
        let (one, other) = (doc.mentions.get(*first)?, doc.mentions.get(id)?);
        doc.text.get(one.span.range().end..other.span.range().start)
    };
    let is_pair = |words: &str| matches!(words, " and " | " and his wife " | " and his wife, " | " and her husband ");
    let first = (id.saturating_sub(2)..id).rev().find(|first| doc.mentions.get(*first).is_some_and(is_person_name));
    first.filter(|first| before(first).is_some_and(is_pair)).and_then(|first| noun_before(doc, first))
}

/// Whether such a noun makes the other one the older of the two: "a daughter of Robert Quill", "the nephew of Robert Quill".
pub(super) fn is_elder(kin: Kin) -> bool {
    let is_grandchild = ["grandchild", "granddaughter", "grandson"].iter().any(|noun| kin.noun.ends_with(noun));
    kin.tie == Tie::Child || is_grandchild || kin.noun.ends_with("nephew") || kin.noun.ends_with("niece")
}

/// Whether a surname that follows "X, KIN of Y" is rather that of X than of Y, the one here. X has mentions of that surname.
///
/// X must be who is told of. A mother or a wife is often told of for the sake of the other one.
pub(super) fn leaves_surname(doc: &Document, id: usize, kin: Kin, others: impl Iterator<Item = usize>) -> bool {
    if matches!(kin.tie, Tie::Parent | Tie::Spouse) && !sentence_goes_on(doc, id) {
        return false;
    }
    let Some(mention) = doc.mentions.get(id) else { return false };
    let start = sentence_start(doc, mention.span.range().start);
    let mut others = others.filter(|other| *other < id);
    others.any(|other| {
        let is_earlier = doc.mentions.get(other).is_some_and(|other| other.span.range().start < start);
        is_earlier || opens_sentence(doc, other)
    })
}

/// Whether the sentence goes on behind what is put in between: "X, wife of Y, was born", "X (wife of Y) was born".
fn sentence_goes_on(doc: &Document, id: usize) -> bool {
    let end = doc.mentions.get(id).map_or(0, |mention| mention.span.range().end);
    let rest = doc.text.get(end..).unwrap_or_default();
    let rest = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(") "));
    let word = rest.and_then(|rest| rest.split(|c: char| !c.is_alphabetic()).next()).unwrap_or_default();
    word.starts_with(char::is_lowercase) && !NOT_GOING_ON.contains(&word)
}

/// Whether a word ends a sentence: "left.", not "Rev." or "J.".
fn ends_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches(['"', '”', '’', ')']);
    let is_short = bare.chars().filter(|c| c.is_alphabetic()).count() < 2 && bare.contains(char::is_alphabetic);
    let is_titled = || Lexicon::embedded().title(bare.trim_end_matches('.')).is_some() || is_honour(bare);
    bare.ends_with(['!', '?', ';', ':']) || bare.ends_with('.') && !is_short && !is_titled()
}

/// Where the sentence starts that holds a place in the text, or [`APART`] bytes before it if that is later.
fn sentence_start(doc: &Document, at: usize) -> usize {
    let before = last_bytes(doc.text.get(..at).unwrap_or_default(), APART);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut start = at - line.len();
    let mut end = start;
    for word in line.split_inclusive(' ') {
        end += word.len();
        if ends_sentence(word.trim_end()) {
            start = end;
        }
    }
    start
}

/// Whether a sentence opens with a name, before which only a title, an article or a date may stand: "The Rev. Bo Lind", "In
/// 1863, Bo Lind".
fn opens_sentence(doc: &Document, id: usize) -> bool {
    let Some(name) = doc.mentions.get(id).map(|mention| mention.span.range().start) else { return false };
    let start = sentence_start(doc, name);
    let title = id.checked_sub(1).and_then(|title| doc.mentions.get(title));
    let title = title.filter(|title| title.entity_type == EntityType::Title && title.span.range().end + 1 == name);
    let end = title.map_or(name, |title| title.span.range().start);
    if name - start >= LOOK_BACK {
        return false;
    }
    let mut lead = doc.text.get(start..end).unwrap_or_default();
    if lead.starts_with("In ") || lead.starts_with("On ") {
        let dated = lead.rsplit_once(", ").filter(|(date, _)| !date.contains(','));
        lead = dated.map_or(lead, |(_, rest)| rest);
    }
    let is_plain = |word: &str| {
        !word.contains(char::is_alphabetic)
            || matches!(word, "The" | "the" | "A" | "An")
            || is_honour(word)
            || Lexicon::embedded().title(word.trim_end_matches('.')).is_some()
    };
    lead.split_whitespace().all(is_plain)
}

/// What the noun of "KIN of" says that stands before a name, if it is said of somebody.
fn noun_before(doc: &Document, id: usize) -> Option<Kin> {
    let line = line_before(doc, id);
    let at = line.rfind(" of ")?;
    let (lead, between) = (line.get(..at).unwrap_or_default(), line.get(at + 4..).unwrap_or_default());
    // Nobody else may stand between.
    let start = doc.mentions.get(id).map_or(0, |mention| mention.span.range().start);
    let of = start.saturating_sub(line.len() - at);
    let others = doc.mentions.get(..id).unwrap_or_default().iter().rev();
    let is_other = |other: &Mention| is_person_name(other) && other.span.range().end > of;
    if others.take(WORDS).any(is_other) || !is_title(doc, id, between) {
        return None;
    }
    let mut words = lead.split_whitespace().rev();
    let noun = words.next()?;
    let kin = kinship(noun)?;
    if noun.starts_with('(') {
        return Some(kin);
    }
    for word in words.take(WORDS) {
        if COPULAS.contains(&word) || word.ends_with([',', ')', ';', ':', '–', '—']) {
            return Some(kin);
        }
        if !word.starts_with(char::is_lowercase) || OTHERS_THAN_SUBJECTS.contains(&word) {
            return None;
        }
    }
    None
}

/// Whether the words between "of" and a name only say who is named: "the late Senator", "the Rev.", "a farmer,".
fn is_title(doc: &Document, id: usize, words: &str) -> bool {
    let words = words.trim_end();
    let end = doc.mentions.get(id).map_or(0, |mention| mention.span.range().end);
    // "The son of a farmer, Otto Keller studied" tells of the son.
    let closes = || doc.text.get(end..).is_some_and(|rest| rest.starts_with(['.', ';']));
    let described = words.strip_prefix("a ").or_else(|| words.strip_prefix("an "));
    let words = match described.and_then(|words| words.strip_suffix(',')) {
        Some(rest) if closes() => rest,
        _ => words,
    };
    let Some(last) = words.split_whitespace().next_back() else { return true };
    // What the model takes for a title is one, whether the lists have it or not.
    let title = id.checked_sub(1).and_then(|title| doc.mentions.get(title));
    let start = doc.mentions.get(id).map_or(0, |mention| mention.span.range().start);
    let is_titled =
        title.is_some_and(|title| title.entity_type == EntityType::Title && title.span.range().end + 1 == start);
    let tells = |word: &str| DESCRIBING.contains(&word) || Lexicon::embedded().title(word).is_some();
    let is_plain = |word: &str| !word.contains([',', ';', ':', '(', ')']) && (!word.ends_with('.') || tells(word));
    words.split_whitespace().count() <= WORDS && words.split_whitespace().all(is_plain) && (is_titled || tells(last))
}

/// Whether "KIN of X, NAME," stands there with that noun, which is then the second one's: "The son of Jorge Vega, Luis Vega,
/// lost". Gives the mention of that name.
pub(super) fn named_behind_kin(doc: &Document, noun: usize) -> Option<usize> {
    let kin = doc.mentions.get(noun).filter(|mention| mention.kind == MentionKind::Nominal && is_person(mention))?;
    let last = doc.slice(kin.span).split_whitespace().next_back()?;
    kinship(last).filter(|kin| !kin.is_plural)?;
    let mut next = noun + 1;
    if doc.mentions.get(next)?.entity_type == EntityType::Title {
        next += 1;
    }
    let (first, second) = (doc.mentions.get(next)?, doc.mentions.get(next + 1)?);
    let between = |from: &Mention, to: &Mention| doc.text.get(from.span.range().end..to.span.range().start);
    let of = between(kin, first)?.strip_prefix(" of ")?;
    let before = line_before(doc, noun).trim_end();
    let opens = ["the", "a", "The", "A"].iter().any(|article| {
        before.strip_suffix(article).is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '“', '"']))
    });
    let is_named = is_person_name(first) && is_person_name(second) && between(first, second)? == ", ";
    // A list goes on with more names.
    let rest = doc.text.get(second.span.range().end..)?.strip_prefix(", ")?;
    let goes_on = rest.starts_with(char::is_uppercase) || rest.starts_with("and ") || rest.starts_with("or ");
    let is_full = [first, second].iter().all(|name| doc.slice(name.span).contains(' '));
    (opens && is_named && is_full && !goes_on && is_title(doc, next, of)).then_some(next + 1)
}

/// Whether a bare given name is that of one of several kin, or of a new one: "three children, William, Mary and Jane", "a
/// son, William". "Her son William" may be somebody whom the text names elsewhere.
pub(super) fn is_listed_kin(doc: &Document, id: usize) -> bool {
    let line = line_before(doc, id);
    let words: Vec<&str> = line.split_whitespace().rev().take(LIST_WORDS).collect();
    let mut is_first = true;
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_matches([',', ':', '(', ')', '–', '—', '-']);
        if word.ends_with(['.', ';', '!', '?']) {
            return false;
        }
        if LISTING.contains(&bare) || !bare.contains(char::is_alphabetic) {
            continue;
        }
        if bare.starts_with(char::is_uppercase) {
            is_first = false;
            continue;
        }
        let Some(kin) = kinship(bare) else { return false };
        let is_young = matches!(kin.tie, Tie::Child | Tie::Sibling) || kin.noun.starts_with("grand");
        if kin.is_plural {
            return is_young || matches!(kin.noun, "nephew" | "niece");
        }
        let is_new = |word: &&str| matches!(*word, "a" | "an" | "one" | "another");
        return is_young && is_first && words.iter().skip(at + 1).take(2).any(is_new);
    }
    false
}

/// Whether a name that was there before is that of the bearer's kin: "Robert Moss was a printer. His son, Robert Moss, was
/// born in 1801". Nobody else may be spoken of between the two.
pub(super) fn is_kin_of_namesake(doc: &Document, id: usize) -> bool {
    let Some(mention) = doc.mentions.get(id) else { return false };
    let name = doc.slice(mention.span);
    let mut found = None;
    for (at, other) in doc.mentions.get(..id).unwrap_or_default().iter().enumerate().rev().take(REACH) {
        if !is_person(other) || other.kind == MentionKind::Pronoun {
            continue;
        }
        let behind = || doc.text.get(other.span.range().end..mention.span.range().start);
        match other.kind {
            MentionKind::Name if doc.slice(other.span) == name => {
                found = Some(other);
                break;
            }
            // The noun for the kin itself.
            MentionKind::Nominal if at + 1 == id && behind().is_some_and(|words| matches!(words, " " | ", ")) => {}
            _ => return false,
        }
    }
    let between = found.and_then(|other| doc.text.get(other.span.range().end..mention.span.range().start));
    let Some(between) = between.filter(|words| words.len() <= APART) else { return false };
    let words: Vec<&str> = between.split_whitespace().collect();
    let nouns = words.iter().filter(|word| kinship(word).is_some()).count();
    nouns == 1 && is_own_kin(&words, person_parts(name).gender)
}

/// The gender of whom a possessive pronoun means.
fn possessor(word: &str) -> Option<Gender> {
    match word {
        "his" | "His" => Some(Gender::Male),
        "her" | "Her" => Some(Gender::Female),
        _ => None,
    }
}

/// Whether words end in "His son", "and his elder brother," and the like; not in "said his son", which may be another's.
fn is_own_kin(words: &[&str], gender: Option<Gender>) -> bool {
    let Some((noun, lead)) = words.split_last() else { return false };
    let is_of_blood = kinship(noun).is_some_and(|kin| kin.tie != Tie::Spouse && !kin.is_plural);
    let plain = lead.iter().rev().take(2).take_while(|word| possessor(word).is_none());
    let at = lead.len().saturating_sub(plain.count());
    let Some((owner, before)) = lead.get(..at).and_then(|lead| lead.split_last()) else { return false };
    let agrees = possessor(owner).is_some_and(|owner| gender.is_none_or(|gender| owner == gender));
    let adjectives = lead.get(at..).unwrap_or_default();
    let is_subject = match before.last() {
        None => true,
        Some(last) => BEFORE_OWN.contains(last) || last.ends_with(['.', ';']),
    };
    is_of_blood && agrees && is_subject && adjectives.iter().all(|word| word.starts_with(char::is_lowercase))
}

/// Whether a text warns of taking the bearer of a name for the one who was named just before: "he is not to be confused with
/// his cousin Thomas Hatherley".
pub(super) fn is_taken_for_namesake(doc: &Document, id: usize) -> bool {
    let Some(mention) = doc.mentions.get(id) else { return false };
    let mut before = doc.mentions.get(..id).unwrap_or_default().iter().rev().take(REACH);
    let last = before.find(|other| is_person_name(other));
    last.is_some_and(|last| doc.slice(last.span) == doc.slice(mention.span))
        && says_before(doc, mention.span, &TAKEN_FOR)
}
