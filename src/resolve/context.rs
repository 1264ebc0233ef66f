//! What the words around a mention, or between two of them, say of who is meant.

use super::{
    aliases::{is_born_first, is_by_name},
    kin::is_kin_of_another,
};
use crate::{
    document::{Document, Mention},
    lexicon::{Gender, Lexicon, fold, fold::is_apostrophe, kin::kin},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Words between two names of which the second is another name of the first, without marks at either end.
const ALIAS_WORDS: [&str; 50] = [
    "aka",
    "a.k.a.",
    "a/k/a",
    "alias",
    "also called",
    "also known as",
    "best known as",
    "better known as",
    "born",
    "born as",
    "detto",
    "dit",
    "formerly",
    "formerly called",
    "formerly known as",
    "known as",
    "later known as",
    "later renamed",
    "later called",
    "née",
    "nee",
    "né",
    "nom de guerre",
    "nicknamed",
    "now called",
    "now known as",
    "previously known as",
    "real name",
    "renamed",
    "since renamed",
    "surnamed",
    "then called",
    "then known as",
    "under the name of",
    "under the pseudonym",
    "under the pseudonym of",
    "was born",
    "who was born",
    "who published under the name of",
    "who wrote as",
    "who wrote under the name",
    "who wrote under the name of",
    "who wrote under the pseudonym",
    "who wrote under the pseudonym of",
    "whose birth name was",
    "whose real name is",
    "whose real name was",
    "writing as",
    "writing under the name",
    "writing under the name of",
];

/// Those of them before which a surname alone may stand for the name at birth.
const BIRTH_WORDS: [&str; 6] = ["née", "nee", "né", "born", "was born", "who was born"];

/// Words of address that tell a gender. Others that the lexicon has do not everywhere: Sheikh Hasina, Sri Mulyani.
const ADDRESS: [&str; 32] = [
    "baron",
    "baroness",
    "count",
    "countess",
    "dame",
    "duchess",
    "duke",
    "frau",
    "herr",
    "king",
    "lady",
    "lord",
    "madam",
    "madame",
    "miss",
    "mister",
    "mlle",
    "mme",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "prince",
    "princess",
    "queen",
    "senor",
    "senora",
    "signor",
    "signora",
    "sir",
    "viscount",
    "viscountess",
];

/// Words that may stand between a bracket and the term that a text defines for a party.
const DEFINING_WORDS: [&str; 10] =
    ["the", "a", "or", "hereinafter", "hereafter", "referred", "to", "as", "together", "collectively"];

/// Words before a name that say that another person bears it, up to three words before it.
const OTHERS: [&str; 10] = [
    "her namesake",
    "her namesake,",
    "his namesake",
    "his namesake,",
    "no relation of",
    "no relation to",
    "not related to",
    "namesake of",
    "of the same name,",
    "unrelated to",
];

/// How many mentions of people after a surname may tell whose it is.
const AHEAD: usize = 3;

/// How many bytes before a name may tell whose it is.
const LOOK_BACK: usize = 160;

/// Characters of a line that a dateline may take.
const DATELINE: usize = 60;

fn is_quote(char: char) -> bool {
    matches!(char, '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’')
}

/// The gender that a pronoun or a noun for a person tells.
pub(super) fn gender_of_word(doc: &Document, mention: &Mention) -> Option<Gender> {
    let words = doc.slice(mention.span);
    match mention.kind {
        MentionKind::Pronoun => match fold(words).as_str() {
            "he" | "him" | "his" | "himself" => Some(Gender::Male),
            "she" | "her" | "hers" | "herself" => Some(Gender::Female),
            _ => None,
        },
        MentionKind::Nominal if mention.entity_type.base() == EntityType::Person => {
            let last = words.split_whitespace().next_back()?;
            Lexicon::embedded().title(last)?.gender
        }
        _ => None,
    }
}

/// The word before a person's name that tells the bearer's gender: `Mrs.`, `Sir`, `Lady`.
pub(super) fn honorific<'a>(doc: &'a Document, mention: &Mention) -> Option<&'a str> {
    if mention.kind != MentionKind::Name || mention.entity_type.base() != EntityType::Person {
        return None;
    }
    let before = doc.text.get(..mention.span.range().start)?.strip_suffix([' ', '\u{a0}'])?;
    let last = before.char_indices().rfind(|(_, char)| !char.is_alphabetic() && *char != '.');
    let word = before.get(last.map_or(0, |(at, char)| at + char.len_utf8())..)?;
    (ADDRESS.contains(&fold(word).as_str()) && word.starts_with(char::is_uppercase)).then_some(word)
}

/// Whether a word of address is one that papers give to whoever is no convict: Mr, Mrs, Ms.
pub(super) fn is_courtesy(word: &str) -> bool {
    matches!(fold(word).as_str(), "mr" | "mrs" | "ms" | "miss")
}

/// The folded title that stands right before a name: `senator` of "Senator Roth".
pub(super) fn title_before(doc: &Document, id: usize) -> Option<String> {
    let title = doc.mentions.get(id.checked_sub(1)?)?;
    let name = doc.mentions.get(id)?;
    let between = doc.text.get(title.span.range().end..name.span.range().start)?;
    (title.entity_type == EntityType::Title && between == " ").then(|| fold(doc.slice(title.span)))
}

/// Whether a word is an honour that stands outside the names: `Dr`, `Sir`.
pub(super) fn is_honour(word: &str) -> bool {
    matches!(word, "Dr" | "Dr." | "Sir" | "Dame" | "Lord" | "Lady")
}

/// The folded title or honour that stands right before a name: `senator` of "Senator Roth", `dr` of "Dr. Roth".
pub(super) fn title_or_honour(doc: &Document, id: usize) -> Option<String> {
    title_before(doc, id).or_else(|| {
        let start = doc.mentions.get(id)?.span.range().start;
        let before = last_bytes(doc.text.get(..start)?, LOOK_BACK).strip_suffix(' ')?;
        let word = before.rsplit(|c: char| !c.is_alphabetic() && c != '.').next()?;
        is_honour(word).then(|| fold(word.trim_end_matches('.')))
    })
}

/// Whether a short name is said to be that of the older one of two: "the elder Quill", "the late Quill", "Quill senior".
pub(super) fn is_called_elder(doc: &Document, id: usize) -> bool {
    let Some(mention) = doc.mentions.get(id) else { return false };
    let before = last_bytes(doc.text.get(..mention.span.range().start).unwrap_or_default(), LOOK_BACK);
    let mut words = before.split_whitespace().rev();
    let (last, article) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let rest = doc.text.get(mention.span.range().end..).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    matches!(last, "elder" | "older" | "late") && matches!(article, "the" | "The")
        || matches!(word, "senior" | "Senior" | "père")
}

/// Whether the second of two names is another name of the first: "Maria Keller (née Roth)", "Stormlad, real name Kevin
/// Ashby". The inner value says whether it is the name at birth.
pub(super) fn alias(doc: &Document, first: ByteSpan, second: ByteSpan) -> Option<bool> {
    let between = doc.text.get(first.range().end..second.range().start)?;
    if between.len() > DATELINE || is_possessor(doc, second) {
        return None;
    }
    let words = between.trim_matches(|char: char| char.is_whitespace() || is_quote(char) || "(,:–—-".contains(char));
    // A mark between the two words would end the phrase.
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if between.trim_start() == "(" && is_in_other_script(doc, first, second) {
        return Some(false);
    }
    if is_by_name(doc, between, second) {
        return Some(false);
    }
    ALIAS_WORDS.contains(&words.as_str()).then(|| BIRTH_WORDS.contains(&words.as_str()))
}

/// Whether a bracket holds nothing but a name in another script behind one in Latin letters: "Harbin (哈尔滨)".
fn is_in_other_script(doc: &Document, first: ByteSpan, second: ByteSpan) -> bool {
    // Latin letters with marks, for Vietnamese above all, stand far behind the others.
    let is_latin = |c: char| matches!(c, '\0'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}');
    let letters = |span: ByteSpan| doc.slice(span).chars().filter(|c| c.is_alphabetic());
    let is_closed = doc.text.get(second.range().end..).is_some_and(|rest| rest.starts_with(')'));
    let is_other = letters(second).nth(1).is_some() && !letters(second).any(is_latin);
    is_closed && is_other && letters(first).all(is_latin)
}

/// Whether a name is what somebody was called at birth: "she was born Beatrix Mary Lowenthal", "Born Beatrix Lowenthal in
/// Vienna, she".
pub(super) fn is_born(doc: &Document, span: ByteSpan) -> bool {
    let before = doc.text.get(..span.range().start).unwrap_or_default();
    before.ends_with("was born ") || before.ends_with("was born as ") || is_born_first(doc, span)
}

/// The gender of the next person that acts and is not named: "Keller said that she ..." is a woman's, as a rule, as long as
/// no other name comes between. "Keller warned her" tells nothing.
pub(super) fn gender_ahead(doc: &Document, id: usize) -> Option<Gender> {
    let ahead = doc.mentions.get(id + 1..)?.iter().filter(|mention| mention.entity_type.base() == EntityType::Person);
    ahead
        .take(AHEAD)
        .take_while(|mention| mention.kind != MentionKind::Name)
        .filter(|mention| matches!(fold(doc.slice(mention.span)).as_str(), "he" | "she" | "himself" | "herself"))
        .find_map(|mention| gender_of_word(doc, mention))
}

/// Whether a noun is one for kin, with or without words before it: "husband", "younger brother".
fn is_kin_noun(words: &str) -> bool {
    words.split_whitespace().next_back().is_some_and(|last| kin(last).is_some())
}

/// Whether words end in a noun for kin that is somebody's: "his son", "Zorin's younger nephew".
fn ends_in_kin(words: &str) -> bool {
    let words = words.trim_end_matches(|c: char| c.is_whitespace() || c == ',');
    let last = words.rsplit([' ', '\n']).next().unwrap_or_default();
    if !is_kin_noun(last) {
        return false;
    }
    let before = words.get(..words.len() - last.len()).unwrap_or_default();
    for word in before.split_whitespace().rev().take(3) {
        let is_pronoun = matches!(fold(word).as_str(), "his" | "her" | "their" | "my" | "whose");
        if is_pronoun || word.ends_with("'s") || word.ends_with("’s") {
            return true;
        }
        if !word.starts_with(char::is_lowercase) {
            return false;
        }
    }
    false
}

/// The last bytes of a text, at most so many.
pub(super) fn last_bytes(text: &str, count: usize) -> &str {
    let mut from = text.len().saturating_sub(count);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default()
}

/// The first bytes of a text, at most so many.
pub(super) fn first_bytes(text: &str, count: usize) -> &str {
    let mut to = text.len().min(count);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(..to).unwrap_or_default()
}

/// Whether a name is brought in as that of somebody's kin: "his son, Pavel Zorin", or of whom somebody is the kin: "Ada Quill,
/// a daughter of Robert Quill".
pub(super) fn is_introduced_as_kin(doc: &Document, id: usize) -> bool {
    is_somebodys_kin(doc, id) || is_kin_of_another(doc, id)
}

/// Whether a name is brought in as that of somebody's kin: "his son, Pavel Zorin".
pub(super) fn is_somebodys_kin(doc: &Document, id: usize) -> bool {
    let Some(mention) = doc.mentions.get(id) else { return false };
    let before = last_bytes(doc.text.get(..mention.span.range().start).unwrap_or_default(), LOOK_BACK);
    let line = before.rsplit('\n').next().unwrap_or_default();
    // Not more than a title between.
    let title = id.checked_sub(1).and_then(|title| doc.mentions.get(title));
    let before_title = title
        .filter(|title| {
            title.entity_type == EntityType::Title && title.span.range().end + 1 == mention.span.range().start
        })
        .and_then(|title| line.get(..line.len().checked_sub(mention.span.range().start - title.span.range().start)?));
    ends_in_kin(line) || before_title.is_some_and(|line| ends_in_kin(line.trim_end_matches("the ")))
}

/// The mention of whose kin a noun speaks: "his" of "his brother", "Rosa Vila" of "Rosa Vila's husband".
pub(super) fn possessor_of_kin(doc: &Document, id: usize) -> Option<usize> {
    let noun = doc.mentions.get(id)?;
    let possessor = doc.mentions.get(id.checked_sub(1)?)?;
    if noun.kind != MentionKind::Nominal || !is_kin_noun(doc.slice(noun.span)) {
        return None;
    }
    let between = doc.text.get(possessor.span.range().end..noun.span.range().start)?;
    let is_possessive = match possessor.kind {
        MentionKind::Pronoun => {
            matches!(fold(doc.slice(possessor.span)).as_str(), "his" | "her" | "my" | "your" | "whose")
        }
        MentionKind::Name | MentionKind::Nominal => is_possessor(doc, possessor.span),
    };
    let words = between.trim_start_matches(is_apostrophe).strip_prefix('s').unwrap_or(between);
    (is_possessive && words.chars().all(|c| c.is_lowercase() || c == ' ' || c == '-') && words.split(' ').count() < 5)
        .then(|| id - 1)
}

/// Whose wife or husband a noun speaks of, with that noun.
pub(super) fn possessor_of_spouse(doc: &Document, id: usize) -> Option<(&str, usize)> {
    let words = doc.slice(doc.mentions.get(id)?.span);
    let noun = words.split_whitespace().next_back().filter(|noun| matches!(*noun, "wife" | "husband"))?;
    Some((noun, possessor_of_kin(doc, id)?))
}

/// The one whom a pronoun describes as the kin of another: "Anna Okello" at "her" of "Anna Okello, her daughter".
pub(super) fn kin_described(doc: &Document, id: usize) -> Option<usize> {
    let pronoun = doc.mentions.get(id).filter(|mention| mention.kind == MentionKind::Pronoun)?;
    (possessor_of_kin(doc, id + 1)? == id).then_some(())?;
    let described = id.checked_sub(1)?;
    let before = doc.mentions.get(described).filter(|mention| mention.kind == MentionKind::Name)?;
    let between = doc.text.get(before.span.range().end..pronoun.span.range().start)?;
    (between == ", " && before.entity_type.base() == EntityType::Person).then_some(described)
}

/// Whether a name may be that of the kin before it: it stands right behind, or behind a word that says so. "Her husband paid
/// Karim Saab" names somebody else. Of other antecedents it says nothing.
pub(super) fn may_name_kin(doc: &Document, noun: usize, name: usize) -> bool {
    if possessor_of_kin(doc, noun).is_none() {
        return true;
    }
    let (Some(kin), Some(named)) = (doc.mentions.get(noun), doc.mentions.get(name)) else { return true };
    let Some(between) = doc.text.get(kin.span.range().end..named.span.range().start) else { return true };
    // A later sentence may well name who has been spoken of.
    if doc.sentence_at(kin.span.start) != doc.sentence_at(named.span.start) {
        return true;
    }
    // Titles say who somebody is.
    let mut rest = between.to_owned();
    for title in doc.mentions.get(noun + 1..name).unwrap_or_default().iter().rev() {
        let range = title.span.range();
        let (start, end) = (range.start - kin.span.range().end, range.end - kin.span.range().end);
        if title.entity_type == EntityType::Title && rest.is_char_boundary(start) && end <= rest.len() {
            rest.replace_range(start..end, "");
        }
    }
    let is_apposition = [", the ", ", a ", ", an "].iter().any(|article| rest.starts_with(article));
    // "His cousin, the Stars captain, Kelvin Tembo", not "her husband, a banker, paid".
    let described = rest.trim_end();
    let described = described.strip_suffix(',').unwrap_or(described);
    if is_apposition && !described.get(1..).is_some_and(|rest| rest.contains([',', ';', ':'])) {
        return true;
    }
    rest.split(|c: char| !(c.is_alphabetic() || c == '.')).filter(|word| !word.is_empty()).all(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "the"
                | "a"
                | "an"
                | "was"
                | "is"
                | "named"
                | "late"
                | "former"
                | "then"
                | "mr"
                | "mr."
                | "mrs"
                | "mrs."
                | "ms"
                | "ms."
                | "dr"
                | "dr."
                | "sir"
                | "lady"
        )
    })
}

/// Whether the text says that the bearer of a name is another than the one who was named before: "another Maria Keller",
/// "Maria Keller, no relation".
pub(super) fn is_namesake(doc: &Document, span: ByteSpan) -> bool {
    let rest = doc.text.get(span.range().end..).unwrap_or_default();
    let is_other = |words: &str| ["man ", "woman ", "person ", "one "].iter().any(|noun| words.starts_with(noun));
    let another = [", another ", ", a different "].iter().find_map(|phrase| rest.strip_prefix(phrase));
    says_before(doc, span, &OTHERS)
        || is_another(doc, span)
        || another.is_some_and(is_other)
        || [", no relation", " (no relation", ", an unrelated"].iter().any(|phrase| rest.starts_with(phrase))
}

/// Whether "another" stands before a name and belongs to it: "another Bo Lind", "another man named", "a man also called",
/// but not "in another interview".
fn is_another(doc: &Document, span: ByteSpan) -> bool {
    let is_somebody = |word: &str| {
        matches!(word, "boy" | "girl" | "man" | "person" | "player" | "woman")
            || Lexicon::embedded().title(word).is_some()
    };
    let line = last_bytes(doc.text.get(..span.range().start).unwrap_or_default(), LOOK_BACK);
    let line = line.rsplit(['\n', '.', ';', '(']).next().unwrap_or_default().to_lowercase();
    let mut words = line.split_whitespace().rev().take(6).peekable();
    let is_called = words.next_if(|word| matches!(*word, "called" | "named")).is_some();
    if is_called && words.next_if_eq(&"also").is_some() {
        return words.next().is_some_and(is_somebody);
    }
    let between: Vec<&str> = std::iter::from_fn(|| words.next_if(|word| is_somebody(word))).take(2).collect();
    let is_meant = is_called || between.first().is_none_or(|word| is_somebody(word));
    let is_one_more = match words.next() {
        Some("another") => true,
        Some("different" | "second") => words.next() == Some("a"),
        Some("unrelated") => words.next() == Some("an"),
        _ => false,
    };
    is_meant && is_one_more
}

/// Whether one of these phrases stands before a name, with at most a few words between.
pub(super) fn says_before(doc: &Document, span: ByteSpan, phrases: &[&str]) -> bool {
    let line = last_bytes(doc.text.get(..span.range().start).unwrap_or_default(), LOOK_BACK);
    let line = line.rsplit(['\n', '.', ';', '(']).next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    // "Another man named": words that stand between are of no other thing.
    let plain =
        words.iter().rev().take(4).take_while(|word| word.starts_with(char::is_lowercase) && !word.ends_with(','));
    (0..=plain.count()).any(|behind| {
        let cut = words.get(..words.len() - behind).unwrap_or_default().join(" ").to_lowercase();
        phrases.iter().any(|phrase| cut.strip_suffix(phrase).is_some_and(|rest| rest.is_empty() || rest.ends_with(' ')))
    })
}

/// The name of a person that stands right before "who", "whom" or "whose".
pub(super) fn name_before_relative(doc: &Document, pronoun: usize) -> Option<usize> {
    let mention = doc.mentions.get(pronoun)?;
    let is_relative = |word: &str| ["who", "whom", "whose"].iter().any(|relative| relative.eq_ignore_ascii_case(word));
    if mention.kind != MentionKind::Pronoun || !is_relative(doc.slice(mention.span)) {
        return None;
    }
    let is_before = |id: &usize| {
        let name = &doc.mentions[*id];
        let between = doc.text.get(name.span.range().end..mention.span.range().start);
        name.kind == MentionKind::Name
            && name.entity_type.base() == EntityType::Person
            && matches!(between, Some(", " | " "))
    };
    (pronoun.saturating_sub(3)..pronoun).rev().find(is_before)
}

/// Whether a possessive ending follows: "Keller's".
pub(super) fn is_possessor(doc: &Document, span: ByteSpan) -> bool {
    let rest = doc.text.get(span.range().end..).unwrap_or_default();
    let after = rest.strip_prefix(is_apostrophe).and_then(|rest| rest.strip_prefix('s'));
    after.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether the second mention describes the first one by way of somebody else: "Omar Juma, Omar's campaign manager".
pub(super) fn describes(doc: &Document, first: ByteSpan, second: ByteSpan) -> bool {
    doc.text.get(first.range().end..second.range().start) == Some(", ") && is_possessor(doc, second)
}

/// Whether the second mention is what the text calls the first from there on: `Ridgeway Capital LLP (the "Lender")`.
pub(super) fn defines(doc: &Document, first: ByteSpan, second: ByteSpan) -> bool {
    let between = doc.text.get(first.range().end..second.range().start).map(str::trim).unwrap_or_default();
    let quoted = between.strip_prefix('(').and_then(|rest| rest.strip_suffix(is_quote));
    let closed = doc.text.get(second.range().end..).is_some_and(|rest| rest.starts_with(is_quote));
    let words = |inner: &str| {
        inner
            .split(|char: char| char.is_whitespace() || char == ',')
            .filter(|word| !word.is_empty())
            .all(|word| DEFINING_WORDS.contains(&word.to_lowercase().as_str()))
    };
    closed && quoted.is_some_and(words)
}

/// Whether a name is the place from which a report is sent: "ATHENS (Reuters) - " at the start of a line.
pub(super) fn is_dateline(doc: &Document, span: ByteSpan) -> bool {
    let before = doc.text.get(..span.range().start).unwrap_or_default();
    if !before.rsplit('\n').next().unwrap_or_default().trim().is_empty() {
        return false;
    }
    let rest = doc.text.get(span.range().end..).unwrap_or_default();
    for (at, char) in rest.char_indices().take(DATELINE) {
        match char {
            '–' | '—' => return true,
            // Inside a word a hyphen says nothing.
            '-' => {
                let around = [rest.get(..at), rest.get(at + 1..)];
                let open = around.iter().flatten().all(|side| !side.is_empty());
                return open
                    && rest.get(..at).is_some_and(|side| side.ends_with(char::is_whitespace))
                    && rest
                        .get(at + 1..)
                        .is_some_and(|side| side.starts_with(|char: char| char.is_whitespace() || char == '-'));
            }
            ' ' | ',' | '.' | '(' | ')' | '/' => {}
            _ if char.is_alphanumeric() => {
                // Only names, months and numbers stand in a dateline: a word in lower case begins a sentence.
                let starts_word = rest.get(..at).is_some_and(|before| before.ends_with([' ', '(', '/']));
                if starts_word && char.is_lowercase() {
                    return false;
                }
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with the part between `[` and `]` marked.
    fn marked(text: &str) -> (Document, Vec<ByteSpan>) {
        let mut doc = Document::new("d", "");
        let mut spans = Vec::new();
        for part in text.split('[') {
            let part = match part.split_once(']') {
                Some((name, rest)) => {
                    let start = doc.text.len();
                    doc.text.push_str(name);
                    spans.push(ByteSpan::new(start, doc.text.len()));
                    rest
                }
                None => part,
            };
            doc.text.push_str(part);
        }
        (doc, spans)
    }

    #[test]
    fn datelines() {
        for (text, expected) in [
            ("[ATHENS] - Greece fined a firm.", true),
            ("[ATHENS] (Reuters) - Greece fined a firm.", true),
            ("[Athens], March 4 — Greece fined a firm.", true),
            ("Fines\n[LONDON]/BRUSSELS – A firm", true),
            ("[Athens] rejected a report - its own.", false),
            ("In [Athens] - a city", false),
            ("[Athens]-based firms", false),
            ("[Athens]", false),
        ] {
            let (doc, spans) = marked(text);
            assert_eq!(is_dateline(&doc, spans[0]), expected, "{text}");
        }
    }

    #[test]
    fn aliases() {
        for (text, expected) in [
            ("[Maria Keller] (née [Roth]) left", Some(true)),
            ("[Maria Keller], née [Roth], left", Some(true)),
            ("[Ali], born [Cassius Clay]", Some(true)),
            ("[Stormlad], whose real name is [Kevin Ashby]", Some(false)),
            ("[Viktor Dane], alias “[Anton Vale]”", Some(false)),
            ("[Nordbank], formerly [Sudbank]'s branch", None),
            ("[Bartolo Sanvitale], called [il Guercio], worked", Some(false)),
            ("[Bartolo Sanvitale] (called [Bertuccio]) worked", Some(false)),
            ("The clerk, [Ada Quill], called [Bo Lind].", None),
            ("[Ada Quill] called [The Lind] a thief", None),
            ("[Odile Marchand], who wrote under the name of [Max Orlan],", Some(false)),
            ("[Odile Marchand] wrote under the name of [Max Orlan]'s aunt", None),
            ("[Maria Keller], [Roth]", None),
            ("[Maria Keller] was born in [Roth]", None),
            ("[Maria Keller] ([Мария Келлер]) left", Some(false)),
            ("[Đặng Văn Tarn]([Тарн]) left", Some(false)),
            ("[Maria Keller] ([Мария Келлер], Roth)", None),
            ("[Maria Keller] and ([Мария Келлер])", None),
            ("[Мария Келлер] ([Келлер])", None),
            ("[Maria Keller] ([Roth])", None),
        ] {
            let (doc, spans) = marked(text);
            assert_eq!(alias(&doc, spans[0], spans[1]), expected, "{text}");
        }
    }

    #[test]
    fn definitions() {
        for (text, expected) in [
            ("[Ridgeway Capital LLP] (the \"[Lender]\") and", true),
            ("[Ridgeway Capital LLP] (hereinafter, the “[Lender]”)", true),
            ("[Ridgeway Capital LLP] (\"[Ridgeway]\")", true),
            ("[Ridgeway Capital LLP] (the [Lender])", false),
            ("[Ridgeway Capital LLP] (owner of \"[Lender]\")", false),
        ] {
            let (doc, spans) = marked(text);
            assert_eq!(defines(&doc, spans[0], spans[1]), expected, "{text}");
        }
    }
}
