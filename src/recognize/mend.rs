//! Mends names that the model has cut in the wrong place or given the wrong type, by what spelling alone tells.
//!
//! Brackets come in pairs, a legal form ends the name of a company, "in 't" stands between the parts of a Dutch name,
//! letters for honours and degrees follow a name without belonging to it, titles, forms of address and labels stand
//! before one, and quotation marks and footnotes at either side.

mod acts;
mod addresses;
mod aliases;
mod awards;
mod brackets;
mod calendars;
mod changes;
mod chiefs;
mod countries;
mod epithets;
mod estates;
mod families;
mod feasts;
mod firms;
mod headlines;
mod honorifics;
mod initials;
mod labels;
mod languages;
mod letters;
mod marks;
mod nobles;
mod parties;
mod partners;
mod people;
mod postcodes;
mod ranks;
mod scripts;
mod ships;
mod states;
mod surnames;
mod tickers;
mod titles;

use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

pub(super) use self::firms::takes_no_stop;

/// The least score of a name whose spelling leaves no doubt; it is above the limit under which names are dropped.
const SURE_SPELLING: f32 = 0.6;

/// How far back a name may start that goes on in brackets or in a legal form, in bytes.
const LOOK_BACK: usize = 120;
/// How many words it may have before that.
const WORDS_BACK: usize = 6;

/// Capitalized words that come before a name and do not start it.
const BEFORE_NAMES: &[&str] = &[
    "A", "After", "Although", "An", "And", "As", "At", "Because", "Before", "But", "By", "During", "For", "From", "He",
    "Her", "His", "If", "In", "It", "Its", "Of", "On", "She", "Since", "That", "The", "Their", "Then", "There",
    "These", "They", "This", "Those", "Though", "To", "Unlike", "Until", "We", "What", "When", "Where", "Which",
    "While", "Who", "With",
];

/// Marks that open before a name.
const OPENING: [char; 8] = ['(', '[', '"', '\'', '“', '„', '‘', '«'];

/// Mends the names among the mentions of a text, which are in order and apart from each other and stay so.
pub(super) fn mend_names(text: &str, mentions: &mut Vec<Mention>) {
    addresses::drop_pieces(text, mentions);
    marks::part_at_pictures(text, mentions);
    marks::cut_marks(text, mentions);
    let mut mended: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        // The name before it has taken it in, but for its full stop.
        if let Some(last) = mended.last_mut().filter(|last| mention.span.start < last.span.end) {
            if between_ends(text, last, &mention) == "." {
                last.span.end = mention.span.end;
            }
            continue;
        }
        if mention.kind == MentionKind::Name {
            let next = rest.peek().map(|next| next.span);
            if labels::is_currency(text, &mention)
                || labels::is_mail_label(text, &mention)
                || calendars::is_calendar(text, mended.last(), &mention)
                || !postcodes::cut_postcode(text, &mut mention)
                || letters::are_letters_behind(text, mended.last(), &mention)
                || !labels::cut_label(text, &mut mention)
                || !families::mend_family(text, &mut mention, next)
            {
                continue;
            }
            if mention.entity_type == EntityType::Person {
                letters::cut_letters(text, &mut mention);
            }
            labels::cut_kind(text, &mut mention);
            awards::mend_award(text, &mut mention);
            brackets::close_brackets(text, &mut mended, &mut mention);
            if let Some(last) = mended.last_mut().filter(|last| firms::is_form_of(text, last, &mention)) {
                firms::take_form(text, last, &mention, next);
                continue;
            }
            firms::add_form(text, &mut mention, next);
        }
        mended.push(mention);
    }
    *mentions = mended;
    firms::add_firms(text, mentions);
    states::take_states(text, mentions);
    partners::join_partners(text, mentions);
    people::join_particles(text, mentions);
    people::join_registers(text, mentions);
    aliases::take_aliases(text, mentions);
    nobles::part_titles(text, mentions);
    titles::mend_titles(text, mentions);
    ranks::part_ranks(text, mentions);
    chiefs::part_chiefs(text, mentions);
    scripts::join_scripts(text, mentions);
    honorifics::part_at_honorifics(text, mentions);
    honorifics::cut_honorifics(text, mentions);
    countries::part_countries(text, mentions);
    epithets::take_epithets(text, mentions);
    headlines::drop_nouns(text, mentions);
    surnames::take_surnames(text, mentions);
    feasts::mend_feasts(text, mentions);
    ships::mend_ships(text, mentions);
    parties::mend_parties(text, mentions);
    tickers::drop_tickers(text, mentions);
    languages::drop_languages(text, mentions);
    initials::drop_initials(text, mentions);
    acts::join_acts(text, mentions);
    estates::mend_estates(text, mentions);
}

fn words<'a>(text: &'a str, mention: &Mention) -> &'a str {
    text.get(mention.span.range()).unwrap_or_default()
}

fn behind<'a>(text: &'a str, mention: &Mention) -> &'a str {
    text.get(mention.span.end as usize..).unwrap_or_default()
}

fn between<'a>(text: &'a str, first: &Mention, second: &Mention) -> &'a str {
    text.get(first.span.end as usize..second.span.start as usize).unwrap_or_default()
}

fn between_ends<'a>(text: &'a str, first: &Mention, second: &Mention) -> &'a str {
    text.get(first.span.end as usize..second.span.end as usize).unwrap_or_default()
}

fn is_person(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && mention.entity_type == EntityType::Person
}

/// Whether a name of this type may be the first part of the name of a company.
fn can_be_firm(entity_type: EntityType) -> bool {
    matches!(entity_type, EntityType::Organization | EntityType::Person | EntityType::Place | EntityType::Work)
}

fn lengthen(mention: &mut Mention, length: usize) {
    mention.span = ByteSpan::new(mention.span.start as usize, mention.span.end as usize + length);
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/')))
}

/// Whether a sentence or a line starts there.
fn starts_sentence(text: &str, at: usize) -> bool {
    let before = text
        .get(..at)
        .unwrap_or_default()
        .trim_end_matches(|c: char| matches!(c, ' ' | '\u{a0}' | '”' | '’' | '»') || OPENING.contains(&c));
    before.is_empty() || before.ends_with(['\n', '.', '!', '?', ':', '•'])
}

/// Where the capitalized words start that a text ends with; those before the floor do not count.
fn capitalized_start(text: &str, floor: usize) -> Option<usize> {
    let mut end = text.len();
    let mut start = None;
    for _ in 0..WORDS_BACK {
        let marked = last_word(text.get(..end)?);
        let word = marked.trim_start_matches(OPENING);
        let from = end - word.len();
        let is_capitalized = word.starts_with(char::is_uppercase) && word.ends_with(char::is_alphanumeric);
        if from < floor || BEFORE_NAMES.contains(&word) || !(is_capitalized || word == "&") {
            break;
        }
        if is_capitalized {
            start = Some(from);
        }
        match text.get(..from).and_then(|head| head.strip_suffix(' ')) {
            Some(head) => end = head.len(),
            None => break,
        }
    }
    start
}

/// The last word of a text, with the marks around it; of a very long one only the end.
fn last_word(text: &str) -> &str {
    let mut from = text.len().saturating_sub(LOOK_BACK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default().rsplit(char::is_whitespace).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_of(letter: &str) -> EntityType {
        match letter {
            "P" => EntityType::Person,
            "O" => EntityType::Organization,
            "L" => EntityType::Place,
            "G" => EntityType::Group,
            "E" => EntityType::Event,
            "T" => EntityType::Title,
            "D" => EntityType::Date,
            "W" => EntityType::Work,
            _ => panic!("{letter}"),
        }
    }

    /// A text in which `{P|…}` stands around what the model found, and what is left of it, written in the same way.
    #[track_caller]
    pub(in crate::recognize::mend) fn check(marked: &str, expected: &str) {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for (index, part) in marked.split(['{', '}']).enumerate() {
            let start = text.len();
            let Some((letter, name)) = part.split_once('|').filter(|_| index % 2 == 1) else {
                text.push_str(part);
                continue;
            };
            text.push_str(name);
            mentions.push(Mention {
                span: ByteSpan::new(start, text.len()),
                entity_type: type_of(letter),
                kind: MentionKind::Name,
                score: 0.5,
                entity: None,
                norm: None,
                link: None,
            });
        }
        mend_names(&text, &mut mentions);
        let (mut shown, mut at) = (String::new(), 0);
        for mention in &mentions {
            let range = mention.span.range();
            assert!(at <= range.start, "mentions overlap: {mentions:?}");
            let letters = ["P", "O", "L", "G", "E", "T", "D", "W"];
            let letter = letters.into_iter().find(|letter| type_of(letter) == mention.entity_type);
            shown.push_str(&text[at..range.start]);
            shown.push_str(&format!("{{{}|{}}}", letter.unwrap_or("?"), &text[range.clone()]));
            at = range.end;
        }
        shown.push_str(&text[at..]);
        assert_eq!(shown, expected);
    }

    /// A text that stays as it is.
    #[track_caller]
    pub(in crate::recognize::mend) fn check_same(marked: &str) {
        check(marked, marked);
    }

    #[test]
    fn sentences_start_behind_stops_and_lines() {
        for (text, expected) in [("", true), ("He left. ", true), ("“", true), ("Left:\n", true), ("He left ", false)]
        {
            assert_eq!(starts_sentence(&format!("{text}Oslo"), text.len()), expected, "{text:?}");
        }
    }

    #[test]
    fn names_start_at_their_first_capital() {
        for (text, floor, expected) in [
            ("When Gould Tilson", 0, Some(5)),
            ("the firm (Gould Tilson", 0, Some(10)),
            ("at Gould & Tilson", 0, Some(3)),
            ("Mr Gould Tilson", 8, Some(9)),
            ("for the firm", 0, None),
            ("", 0, None),
        ] {
            assert_eq!(capitalized_start(text, floor), expected, "{text}");
        }
    }
}
