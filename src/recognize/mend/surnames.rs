//! Surnames of Vietnam and Korea that are English words as well: "elected To Van Lam president".

use super::{SURE_SPELLING, last_word, words};
use crate::{
    document::Mention,
    lexicon::{Lexicon, fold},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The longest word of such a name, in letters.
const LONGEST: usize = 6;

/// Takes "To" and "In" inside a sentence into the names that they start.
pub(super) fn take_surnames(text: &str, mentions: &mut [Mention]) {
    let mut end = 0;
    for mention in mentions {
        let floor = std::mem::replace(&mut end, mention.span.end as usize);
        if let Some(start) = surname_start(text, mention).filter(|start| *start >= floor) {
            mention.span = ByteSpan::new(start, mention.span.end as usize);
            mention.entity_type = EntityType::Person;
            mention.score = mention.score.max(SURE_SPELLING);
        }
    }
}

fn surname_start(text: &str, mention: &Mention) -> Option<usize> {
    let is_place = mention.entity_type == EntityType::Place;
    if mention.kind != MentionKind::Name || !(is_place || mention.entity_type == EntityType::Person) {
        return None;
    }
    let name = words(text, mention);
    let before = text.get(..mention.span.start as usize)?;
    let (head, is_like_name) = match before.strip_suffix("To ") {
        Some(head) => (head, is_vietnamese(name)),
        None => (before.strip_suffix("In ")?, is_korean(name)),
    };
    // A capital says nothing at the start of a sentence and among other capitals.
    let last = last_word(head.strip_suffix(' ')?).trim_end_matches(',');
    let lexicon = Lexicon::embedded();
    let is_title = lexicon.title(last).is_some();
    let is_inside = last.ends_with(char::is_alphanumeric) && (is_title || last.starts_with(char::is_lowercase));
    let is_known = || lexicon.territory_by_name(name).is_some() || lexicon.cities(name).next().is_some();
    (is_like_name && is_inside && (is_title || !is_place || !is_known())).then_some(head.len())
}

/// Whether words are two or three that Vietnamese spelling allows: "Van Lam", but not "Jon Aas".
fn is_vietnamese(name: &str) -> bool {
    let is_syllable = |word: &str| {
        let folded = fold(word);
        is_short_word(word)
            && !folded.contains(['f', 'j', 'w', 'z'])
            && (folded.ends_with(['a', 'c', 'e', 'i', 'm', 'n', 'o', 'p', 't', 'u', 'y'])
                || ["ch", "ng", "nh"].iter().any(|end| folded.ends_with(end)))
    };
    matches!(name.split(' ').count(), 2 | 3) && name.split(' ').all(is_syllable)
}

/// Whether a word is a Korean given name of two syllables: "Yo-han".
fn is_korean(name: &str) -> bool {
    name.split_once('-').is_some_and(|(first, second)| {
        is_short_word(first) && (2..=LONGEST).contains(&second.len()) && second.chars().all(|c| c.is_ascii_lowercase())
    })
}

/// Whether a short word has a capital and small letters behind it.
fn is_short_word(word: &str) -> bool {
    (2..=LONGEST).contains(&word.chars().count())
        && word.starts_with(char::is_uppercase)
        && word.chars().skip(1).all(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn surnames_may_be_english_words() {
        check("It elected To {P|Van Linh} chair", "It elected {P|To Van Linh} chair");
        check("named security minister To {L|Quang Tho} as", "named security minister {P|To Quang Tho} as");
        check("{G|Korean} envoy In {L|Yo-sun} met", "{G|Korean} envoy {P|In Yo-sun} met");
        check(
            "{T|Minister} In {P|Jae-sun}, and a guest, In {P|Sung-min}, met",
            "{T|Minister} {P|In Jae-sun}, and a guest, {P|In Sung-min}, met",
        );
    }

    #[test]
    fn other_words_before_names_stay() {
        check_same("To {P|Van Linh}, it was new. In {P|Jae-sun} they trust. \"To {P|Van Linh}\"");
        check_same("It flew To {L|San Mateo}, sent To {P|Jon Aas} and {P|Lost} In {L|Yo-sun}");
        check_same("It went to {P|Van Linh} in {L|Yo-sun}, and In {L|Tarn} In {L|Stow-Upon}, To {P|Linh}");
        check_same("gave {P|To} {P|Van Linh} and {O|ten To} {P|Van Linh}");
    }
}
