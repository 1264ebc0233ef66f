//! Finds where the sentences of a paragraph end.

use std::ops::Range;

use super::{
    abbreviations::{self, Abbreviation},
    characters::{is_blank, is_bullet, is_caseless, is_dash},
};

/// How far the cutter looks past a full stop for the word that follows.
const LOOK_AHEAD: usize = 6;

/// What holds for the whole text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Whether the writer uses no capitals, so that a small letter may start a sentence.
    no_capitals: bool,
}

impl Style {
    pub(super) fn of(text: &str) -> Self {
        let (mut upper, mut lower) = (0usize, 0usize);
        for c in text.chars() {
            upper += usize::from(c.is_uppercase());
            lower += usize::from(c.is_lowercase());
        }
        Self { no_capitals: lower > 20 && upper * 200 < lower }
    }
}

/// What a token can do at the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// `.` and full stops of other scripts that look and work like it.
    Stop,
    /// `...` and `…`.
    Ellipsis,
    /// `!` and `?`.
    Call,
    /// Full stops of scripts in which nothing else is written with them: `。`.
    Sure,
    /// An acronym with full stops: `U.S.`.
    Acronym,
}

/// The ends of the sentences as counts of tokens: `[3, 7]` means tokens 0–2 and 3–6.
///
/// `dateline` is the number of tokens before the first sentence that form one by themselves.
pub(super) fn ends(text: &str, tokens: &[Range<usize>], dateline: Option<usize>, style: Style) -> Vec<usize> {
    let words = Words { text, tokens };
    let mut ends = Vec::new();
    let mut start = 0;
    if let Some(length) = dateline.filter(|length| *length > 0 && *length < tokens.len()) {
        ends.push(length);
        start = length;
    }
    let mut at = start;
    let mut quote_open = false;
    // Whether the sentence holds a word yet; "... and then" does not end at its dots.
    let mut begun = false;
    while at < tokens.len() {
        let word = words.get(at);
        if word == "\"" {
            quote_open = words.opens(at, quote_open);
        }
        if at > start && words.gap(at) && word.chars().all(is_bullet) && !word.is_empty() {
            ends.push(at);
            start = at;
            begun = false;
        }
        begun |= word.starts_with(char::is_alphanumeric);
        let Some(mut mark) = mark(word) else {
            at += 1;
            continue;
        };
        let stop = at;
        at += 1;
        // Further marks of the same run: `?!`, `. . .`.
        while let Some(next) = self::mark(words.get(at)).filter(|next| *next != Mark::Acronym) {
            let spaced_dots =
                words.gap(at) && mark != Mark::Call && words.get(at) == "." && words.get(at - 1).ends_with('.');
            if words.gap(at) && !spaced_dots {
                break;
            }
            mark = if next == Mark::Stop { Mark::Ellipsis } else { next };
            at += 1;
        }
        let mut quoted = false;
        while at < tokens.len() && words.closes(at, quote_open) {
            let closer = words.get(at);
            if closer == "\"" {
                quote_open = false;
            }
            quoted |= is_quote(closer);
            at += 1;
        }
        at = words.after_notes(stop, at);
        if at >= tokens.len() {
            break;
        }
        if begun && words.ends_here(start, stop, at, mark, quoted, style) {
            ends.push(at);
            start = at;
            begun = false;
        }
    }
    if start < tokens.len() {
        ends.push(tokens.len());
    }
    ends
}

fn mark(word: &str) -> Option<Mark> {
    match word {
        "." | "।" | "۔" | "։" | "።" => Some(Mark::Stop),
        "!" | "?" | "؟" | "‼" | "⁇" | "⁈" | "⁉" => Some(Mark::Call),
        "。" | "！" | "？" | "｡" | "．" => Some(Mark::Sure),
        "…" => Some(Mark::Ellipsis),
        _ if word.ends_with('.') => Some(if word.starts_with('.') { Mark::Ellipsis } else { Mark::Acronym }),
        _ => None,
    }
}

fn is_quote(word: &str) -> bool {
    matches!(
        word,
        "\"" | "'"
            | "''"
            | "``"
            | "“"
            | "”"
            | "„"
            | "‟"
            | "‘"
            | "’"
            | "‚"
            | "«"
            | "»"
            | "‹"
            | "›"
            | "「"
            | "」"
            | "『"
            | "』"
    )
}

fn is_opener(word: &str) -> bool {
    matches!(word, "(" | "[" | "{" | "¿" | "¡" | "（" | "「" | "『" | "#" | "*" | "**") || is_quote(word)
}

struct Words<'a> {
    text: &'a str,
    tokens: &'a [Range<usize>],
}

impl<'a> Words<'a> {
    /// The token's characters; empty past the end.
    fn get(&self, index: usize) -> &'a str {
        self.tokens.get(index).and_then(|token| self.text.get(token.clone())).unwrap_or_default()
    }

    fn first_char(&self, index: usize) -> Option<char> {
        self.get(index).chars().next()
    }

    /// Whether blanks stand before the token (or nothing does).
    fn gap(&self, index: usize) -> bool {
        match (index.checked_sub(1).and_then(|before| self.tokens.get(before)), self.tokens.get(index)) {
            (Some(before), Some(token)) => before.end < token.start,
            _ => true,
        }
    }

    /// Whether a quotation mark that looks the same on both sides opens a quotation.
    fn opens(&self, index: usize, quote_open: bool) -> bool {
        match (self.gap(index), self.gap(index + 1)) {
            (true, false) => true,
            (false, true) => false,
            _ => !quote_open,
        }
    }

    /// Whether the token closes what came before, right after the end of a sentence.
    fn closes(&self, index: usize, quote_open: bool) -> bool {
        match self.get(index) {
            ")" | "]" | "}" | "）" | "」" | "』" | "''" => true,
            "\"" => !self.opens(index, quote_open),
            "”" | "’" | "»" | "›" | "“" | "‘" | "'" | "«" => match (self.gap(index), self.gap(index + 1)) {
                (true, false) => false,
                (false, true) => true,
                (true, true) => matches!(self.get(index), "”" | "»"),
                // Several closing marks in a row, or no space after the sentence.
                (false, false) => !matches!(self.get(index), "“" | "‘" | "«"),
            },
            _ => false,
        }
    }

    /// Whether a sentence that began at `start` ends before the token `next`, given its mark at `stop`.
    fn ends_here(&self, start: usize, stop: usize, next: usize, mark: Mark, quoted: bool, style: Style) -> bool {
        if mark == Mark::Sure {
            return true;
        }
        let before = stop
            .checked_sub(1)
            .filter(|before| *before >= start && !self.gap(stop))
            .map_or("", |before| self.get(before));
        // "1. The first", "IV. Findings".
        if mark == Mark::Stop && self.is_label(start, stop) {
            return false;
        }
        let Some(first) = self.first_word(next) else { return false };
        let word = self.get(first);
        let Some(initial) = word.chars().next() else { return false };
        let follower = self.get(next);
        if matches!(follower, "," | ";" | ":" | ")" | "]" | "%" | "/" | "”" | "|")
            || (quoted && follower.starts_with(is_dash))
        {
            return false;
        }
        if !self.gap(next) && !self.glued(stop, next, word) {
            return false;
        }
        let lower = initial.is_lowercase() && !word.chars().nth(1).is_some_and(char::is_uppercase);
        if lower && !(style.no_capitals && mark != Mark::Ellipsis) {
            return false;
        }
        let starter = abbreviations::starts_sentence(word);
        match mark {
            Mark::Call => {
                let company = matches!(word, "Inc" | "Corp" | "Ltd" | "Co") && !quoted;
                !(company || (quoted && self.is_attribution(first)))
            }
            Mark::Ellipsis if quoted => !self.is_attribution(first),
            Mark::Ellipsis => word != "I",
            Mark::Acronym => self.acronym_ends(self.get(stop), first, starter),
            Mark::Stop | Mark::Sure => {
                // A quotation that closed after the full stop ends more than an abbreviation.
                match abbreviations::class(before) {
                    Some(Abbreviation::Leads) => quoted && starter,
                    Some(Abbreviation::LeadsNumber) if before.chars().nth(1).is_none() => {
                        // "(b. Penzance, 1910)", "d. Funchal": a small letter ends a sentence only before a sure start.
                        let bracket = stop.checked_sub(2).is_some_and(|open| matches!(self.get(open), "(" | "["));
                        (starter || quoted) && !bracket && !lower && !initial.is_numeric()
                    }
                    Some(Abbreviation::LeadsNumber) => !initial.is_numeric(),
                    Some(Abbreviation::MayEnd) => starter || quoted || is_caseless(initial) || self.opens_quote(next),
                    // Nor do small letters tell initials from words.
                    None if lower => before.chars().nth(1).is_some(),
                    None if is_clipped(before) => starter || quoted || is_caseless(initial),
                    None if is_initial(before) => {
                        self.is_after_slash(stop)
                            || self.repeats_ruler(stop, word)
                            || (starter && word != "I" && !matches!(word, "A" | "Do" | "So"))
                    }
                    None => true,
                }
            }
        }
    }

    /// The first token with a letter or digit at or after `index`, past opening marks.
    fn first_word(&self, index: usize) -> Option<usize> {
        for at in index..index + LOOK_AHEAD {
            let word = self.get(at);
            let first = word.chars().next()?;
            if first.is_alphanumeric()
                || matches!(first, '@' | '$' | '£' | '€' | '¥')
                || (first == '#' && word.len() > 1)
            {
                return Some(at);
            }
            if !(is_opener(word) || is_bullet(first) || is_dash(first) || matches!(word, "..." | "…" | "'")) {
                // Emoji and the like: a sentence may start with them.
                return (!first.is_ascii_punctuation()).then_some(at);
            }
        }
        None
    }

    /// Whether two sentences were run together without a space, as in "the end.Next".
    fn glued(&self, stop: usize, next: usize, word: &str) -> bool {
        let before = stop.checked_sub(1).map_or("", |before| self.get(before));
        let long = |word: &str| word.chars().nth(1).is_some();
        let initial = word.chars().next().unwrap_or(' ');
        if is_opener(self.get(next)) && !is_caseless(initial) {
            return initial.is_uppercase() && long(before);
        }
        is_caseless(initial)
            || (long(before)
                && long(word)
                && initial.is_uppercase()
                && word.chars().nth(1).is_some_and(char::is_lowercase))
            || (stop + 1 < next && initial.is_uppercase())
    }

    /// The first token at or after `at` that is no mark of a note behind the full stop at `stop`: `.[12]`, `.⁶`, `.3`.
    fn after_notes(&self, stop: usize, mut at: usize) -> usize {
        // Past the last token, `gap` is true.
        while !self.gap(at) {
            if self.get(at) == "[" && self.get(at + 2) == "]" && self.get(at + 1).len() <= 3 {
                at += 3;
            } else if is_superscript(self.get(at)) || self.is_note_number(stop, at) {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    /// Whether the token is the number of a note that has lost its raised position, as in `the Tejo.3 According to`.
    ///
    /// It is glued to a full stop after a plain word, which rules out `No.3` and `v1.3`, and a capital follows.
    fn is_note_number(&self, stop: usize, at: usize) -> bool {
        let number = self.get(at);
        let before = stop.checked_sub(1).filter(|_| !self.gap(stop)).map_or("", |before| self.get(before));
        self.get(stop) == "."
            && (1..=3).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && self.gap(at + 1)
            && self.first_word(at + 1).and_then(|first| self.first_char(first)).is_some_and(char::is_uppercase)
            && before.chars().nth(2).is_some()
            && before.chars().all(char::is_alphabetic)
            && before.ends_with(char::is_lowercase)
            && abbreviations::class(before).is_none()
            && !is_clipped(before)
    }

    /// Whether the word before the mark is the second half of a form written with a slash: `A/S`.
    fn is_after_slash(&self, stop: usize) -> bool {
        let Some(slash) = stop.checked_sub(2) else { return false };
        self.get(slash) == "/" && !self.gap(slash) && !self.gap(slash + 1)
    }

    /// Whether the word before the mark is the number of a ruler whose name comes again, as in `Osbert V. Osbert fell`.
    /// Before another word, it may be an initial: `Osbert V. Lund`.
    fn repeats_ruler(&self, stop: usize, word: &str) -> bool {
        let (Some(number), Some(name)) = (stop.checked_sub(1), stop.checked_sub(2)) else { return false };
        matches!(self.get(number), "I" | "V" | "X")
            && self.gap(number)
            && self.get(name) == word
            && word.starts_with(char::is_uppercase)
            && word.chars().nth(2).is_some()
    }

    fn opens_quote(&self, index: usize) -> bool {
        matches!(self.get(index), "\"" | "“" | "«" | "``")
    }

    /// Whether the tokens `start..stop` are the number or letter of a list entry or section.
    fn is_label(&self, start: usize, stop: usize) -> bool {
        let mut first = start;
        while first < stop.min(start + LOOK_AHEAD)
            && (is_opener(self.get(first)) || self.first_char(first).is_some_and(|c| is_bullet(c) || is_dash(c)))
        {
            first += 1;
        }
        let label = self.get(first);
        first + 1 == stop
            && !self.gap(stop)
            && (label.len() <= 3 && label.bytes().all(|b| b.is_ascii_digit())
                || label.chars().nth(1).is_none() && label != "I"
                || label.len() <= 4 && label.bytes().all(|b| matches!(b, b'I' | b'V' | b'X')) && label != "I")
    }

    /// Whether somebody is said to speak in the next few words: `"Who?" Keller asked`.
    fn is_attribution(&self, first: usize) -> bool {
        for at in first..first + LOOK_AHEAD {
            let word = self.get(at);
            if abbreviations::reports_speech(word) {
                // "He said" after a finished quotation starts a sentence of its own only with more to say.
                return at > first || !word.starts_with(char::is_uppercase);
            }
            if word.is_empty() || matches!(word, "." | "," | "\"" | "“" | "”" | ":" | ";" | "?" | "!") {
                return false;
            }
        }
        false
    }

    fn acronym_ends(&self, acronym: &str, first: usize, starter: bool) -> bool {
        let word = self.get(first);
        let initial = word.chars().next().unwrap_or(' ');
        if matches!(acronym, "e.g." | "i.e." | "E.g." | "I.e.") {
            return false;
        }
        if matches!(acronym, "a.m." | "p.m." | "A.M." | "P.M.") {
            return !initial.is_numeric() && word.len() > 1 && !DAYS_AND_ZONES.contains(&word);
        }
        if acronym.chars().filter(|c| c.is_alphabetic()).all(char::is_lowercase) {
            return initial.is_uppercase();
        }
        starter || is_caseless(initial)
    }
}

/// What follows the hour within a sentence.
const DAYS_AND_ZONES: &[&str] = &[
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "EST",
    "EDT",
    "ET",
    "CST",
    "CDT",
    "CT",
    "MST",
    "MDT",
    "MT",
    "PST",
    "PDT",
    "PT",
    "GMT",
    "UTC",
    "BST",
    "CET",
    "CEST",
    "IST",
    "JST",
    "Eastern",
    "Central",
    "Mountain",
    "Pacific",
    "Moscow",
    "London",
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Whether a word is a number in raised digits.
fn is_superscript(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹'))
}

/// Whether a capitalized word without vowels looks clipped, as titles and given names are: `Bpk.`, `Chr.`.
///
/// A company that is called `Plc` writes no full stop behind it.
fn is_clipped(word: &str) -> bool {
    (2..=4).contains(&word.len())
        && word != "Plc"
        && word.bytes().all(|b| {
            b.is_ascii_alphabetic() && !matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
        })
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.ends_with(|c: char| c.is_ascii_lowercase())
}

fn is_initial(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| !is_blank(*c));
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}
