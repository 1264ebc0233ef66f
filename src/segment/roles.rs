//! Tells what part each paragraph plays on the page: headline, dateline, caption, list entry, leftover, running text.

use std::ops::Range;

use super::{
    boilerplate,
    characters::{is_bullet, is_dash},
    paragraphs,
};
use crate::{
    document::{Sentence, SentenceRole},
    lexicon::numbers,
};

/// Datelines stand in the first paragraphs only.
const DATELINE_PARAGRAPHS: usize = 6;
const DATELINE_TOKENS: usize = 22;
const DATELINE_BYTES: usize = 140;
/// Longer lines are no headlines, in tokens.
const HEADLINE_TOKENS: usize = 30;
/// Longer lines in the middle of a text are no headings, in tokens.
const HEADING_TOKENS: usize = 14;

/// A paragraph as the roles see it.
pub(super) struct Block<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: usize,
    pub(super) dateline: bool,
    /// Its sentences, as indices.
    pub(super) sentences: Range<usize>,
}

/// Gives each sentence its role.
pub(super) fn assign(blocks: &[Block], title: Option<&str>, sentences: &mut [Sentence]) {
    let title = title.map(str::trim).filter(|title| !title.is_empty());
    // Before the first paragraph of running text, lines without an end are headline, deck and the like.
    let mut before_body = true;
    for (index, block) in blocks.iter().enumerate() {
        let role = if boilerplate::is_boilerplate(block.text) {
            SentenceRole::Boilerplate
        } else if is_caption(block.text) {
            SentenceRole::Caption
        } else if title == Some(block.text) || block.text.starts_with("# ") || block.text.starts_with("## ") {
            SentenceRole::Headline
        } else if is_list_entry(block.text) {
            SentenceRole::ListItem
        } else if block.dateline {
            SentenceRole::Body
        } else if is_date_line(block.text) {
            SentenceRole::Dateline
        } else if is_byline(block.text) {
            SentenceRole::Body
        } else if is_headline(block, blocks.get(index + 1), before_body) {
            SentenceRole::Headline
        } else {
            SentenceRole::Body
        };
        if role == SentenceRole::Body && (block.dateline || !is_byline(block.text)) {
            before_body = false;
        }
        for (offset, sentence) in sentences.get_mut(block.sentences.clone()).unwrap_or_default().iter_mut().enumerate()
        {
            sentence.role = if offset == 0 && block.dateline { SentenceRole::Dateline } else { role };
        }
    }
}

fn is_headline(block: &Block, next: Option<&Block>, before_body: bool) -> bool {
    let text = block.text;
    if block.tokens > HEADLINE_TOKENS || ends_like_prose(text) {
        return false;
    }
    let capitals = !text.chars().any(char::is_lowercase) && text.chars().filter(|c| c.is_uppercase()).count() > 3;
    let Some(next) = next else {
        // The last line: only capitals can tell it from a sentence without its full stop.
        return capitals && block.tokens <= HEADING_TOKENS;
    };
    let starts_high = text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    if before_body {
        return starts_high || block.tokens <= HEADING_TOKENS;
    }
    let has_letters = text.chars().any(char::is_alphabetic);
    capitals || (starts_high && has_letters && block.tokens <= HEADING_TOKENS && next.tokens > block.tokens)
}

fn ends_like_prose(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
    // Headlines ask and call; they do not state with a full stop, unless it belongs to an acronym.
    if text.ends_with(['?', '!']) {
        return text.len() > 120;
    }
    let last = text.rsplit(' ').next().unwrap_or_default();
    let acronym = last.len() <= 8 && last.matches('.').count() > 1 && !last.ends_with("..");
    (text.ends_with(['.', '…', ':', ';', ',', '。', '।', '۔']) && !acronym) || text.ends_with("...")
}

fn is_list_entry(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    // A long dash opens direct speech in much of Europe.
    paragraphs::is_list_item(text) && (!is_dash(first) || matches!(first, '-' | '–'))
}

/// Starts of lines under pictures, compared without letter case.
const CAPTIONS: &[&str] = &[
    "(file photo",
    "(photo",
    "(picture",
    "caption:",
    "credit:",
    "file photo",
    "file -",
    "file —",
    "file –",
    "getty images",
    "image caption",
    "image copyright",
    "image credit",
    "image source",
    "image:",
    "in this photo",
    "in this image",
    "in this picture",
    "media caption",
    "photo by",
    "photo credit",
    "photo:",
    "photograph by",
    "photograph:",
    "photographs by",
    "photos:",
    "picture by",
    "picture:",
    "pictured:",
    "picture credit",
    "video caption",
    "video:",
    "[photo",
    "[image",
    "video grab",
];

/// Ends of lines under pictures.
const CREDITS: &[&str] = &[
    "/getty images",
    "/afp",
    "/ap",
    "/epa",
    "via ap)",
    "via getty images",
    "via reuters",
    "(ap photo)",
    "/dpa",
    "/reuters",
    "/shutterstock",
];

fn is_caption(text: &str) -> bool {
    let head: String = text.chars().take(40).collect::<String>().to_lowercase();
    let head = head.as_str();
    let credit = |text: &str| {
        let tail: Vec<char> = text.chars().rev().take(24).collect();
        let tail: String = tail.into_iter().rev().collect::<String>().to_lowercase();
        CREDITS.iter().any(|credit| tail.trim_end_matches(['.', ')', ']']).ends_with(credit.trim_end_matches(')')))
    };
    CAPTIONS.iter().any(|start| head.starts_with(start))
        || head.starts_with("reuters/")
        || text.contains("(AP Photo/")
        || text.contains("REUTERS/")
        || (text.len() < 400 && credit(text))
}

fn is_byline(text: &str) -> bool {
    text.len() <= 120
        && !ends_like_prose(text)
        && (text.starts_with("By ") || text.starts_with("BY ") || text.starts_with("Reporting by "))
}

/// Whether a line holds a place and a date, or a date alone, and no more.
fn is_date_line(text: &str) -> bool {
    if text.len() > 60 || ends_like_prose(text) || !text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let mut dated = false;
    for word in text.split([' ', ',', '/', '-', '–', ':', '|', '\u{a0}']).filter(|word| !word.is_empty()) {
        let known = is_date_word(word);
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        dated |= is_month(word) || (digits >= 2 && text.matches(['-', '/']).count() == 2);
        let number = digits > 0 && digits + 2 >= word.len() && digits <= 4;
        let place = word.chars().all(|c| c.is_uppercase() || matches!(c, '\'' | '’' | '.'));
        if !(known || number || place) {
            return false;
        }
    }
    dated
}

fn is_month(word: &str) -> bool {
    numbers::month(&word.trim_end_matches('.').to_lowercase()).is_some()
}

fn is_date_word(word: &str) -> bool {
    let lower = word.trim_end_matches('.').to_lowercase();
    is_month(word)
        || matches!(
            lower.as_str(),
            "monday"
                | "tuesday"
                | "wednesday"
                | "thursday"
                | "friday"
                | "saturday"
                | "sunday"
                | "mon"
                | "tue"
                | "tues"
                | "wed"
                | "thu"
                | "thurs"
                | "fri"
                | "sat"
                | "sun"
                | "published"
                | "updated"
                | "posted"
                | "last"
                | "on"
                | "at"
                | "am"
                | "pm"
                | "a.m"
                | "p.m"
                | "gmt"
                | "utc"
                | "bst"
                | "est"
                | "edt"
                | "et"
        )
}

/// The number of tokens of the dateline that opens a paragraph, its dash included: `KYIV, Ukraine (AP) —`.
pub(super) fn dateline_length(text: &str, tokens: &[Range<usize>], paragraph: usize) -> Option<usize> {
    if paragraph >= DATELINE_PARAGRAPHS {
        return None;
    }
    let word = |index: usize| tokens.get(index).and_then(|token| text.get(token.clone())).unwrap_or_default();
    let start = tokens.first()?.start;
    let shout =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !word.chars().any(char::is_lowercase);
    let mut capitals = 0; // words in capitals at the start
    let mut bracket = None; // where "(AP)" closed
    let mut open = false;
    let mut dated = false;
    for (index, token) in tokens.iter().enumerate().take(DATELINE_TOKENS) {
        if token.end - start > DATELINE_BYTES {
            return None;
        }
        let here = word(index);
        let first = here.chars().next()?;
        let spaced = tokens.get(index + 1).is_some_and(|next| next.start > token.end);
        let separated = index > 0 && tokens.get(index - 1).is_some_and(|before| before.end < token.start);
        if is_dash(first) && here.chars().all(is_dash) && !open {
            if index == 0 || matches!(word(0), "SIR" | "MADAM") || !(spaced || here != "-") {
                return None;
            }
            if here == "-" && !separated && bracket != Some(index - 1) {
                return None;
            }
            let agency_last = bracket == Some(index - 1);
            // "PLACE -" needs its capitals; "Place (AGENCY) -" needs its brackets.
            let next = word(index + 1).trim_start_matches(['"', '“', '‘', '\'']).chars().next();
            let next = next.or_else(|| word(index + 2).chars().next())?;
            let place_alone =
                capitals > 0 && (capitals == index || word(capitals) == "," || dated || word(capitals) == "/");
            // A headline in capitals may hold a dash as well; running text has small letters soon after it.
            let prose = tokens.len() > index + 6
                && (index + 1..index + 5).any(|after| word(after).starts_with(char::is_lowercase));
            return ((agency_last || (place_alone && prose)) && !next.is_lowercase()).then_some(index + 1);
        }
        // "DHAKA (UNB):" and "NEW DELHI, March 3:"; a word in capitals alone may be any label.
        if here == ":" && spaced && capitals > 0 && (bracket == Some(index - 1) || dated) && index > 1 {
            return Some(index + 1);
        }
        if here == "." && capitals > 0 && bracket == Some(index - 1) {
            return Some(index + 1);
        }
        match here {
            "(" => open = true,
            ")" => {
                open = false;
                bracket = Some(index);
            }
            "," | "." | "/" => {}
            _ if first.is_uppercase() => {
                if capitals == index && (shout(here) || (capitals > 0 && here.chars().all(|c| c.is_uppercase()))) {
                    capitals += 1;
                }
                dated |= is_month(here);
            }
            _ if first.is_numeric() => {
                dated |= here.bytes().filter(|b| *b == b'-').count() == 2;
            }
            "of" | "the" | "de" | "la" | "del" | "and" | "near" | "in" | "al" | "el" | "via" => {}
            _ if is_bullet(first) => return None,
            _ => return None,
        }
    }
    None
}
