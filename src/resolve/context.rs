//! What the words around a mention, or between two of them, say of who is meant.

use crate::{
    document::{Document, Mention},
    lexicon::{Gender, Lexicon, fold, fold::is_apostrophe},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Words between two names of which the second is another name of the first, without marks at either end.
const ALIAS_WORDS: [&str; 38] = [
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
    "then called",
    "then known as",
    "was born",
    "who was born",
    "who wrote as",
    "whose birth name was",
    "whose real name is",
    "whose real name was",
    "writing as",
    "writing under the name",
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

/// How many mentions of people after a surname may tell whose it is.
const AHEAD: usize = 3;

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
    let start = before.rfind(|char: char| !char.is_alphabetic() && char != '.').map_or(0, |at| at + 1);
    // The character found may take more than one byte.
    let word = before.get(start..).or_else(|| before.split_whitespace().next_back())?;
    (ADDRESS.contains(&fold(word).as_str()) && word.starts_with(char::is_uppercase)).then_some(word)
}

/// The folded title that stands right before a name: `senator` of "Senator Roth".
pub(super) fn title_before(doc: &Document, id: usize) -> Option<String> {
    let title = doc.mentions.get(id.checked_sub(1)?)?;
    let name = doc.mentions.get(id)?;
    let between = doc.text.get(title.span.range().end..name.span.range().start)?;
    (title.entity_type == EntityType::Title && between == " ").then(|| fold(doc.slice(title.span)))
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
    ALIAS_WORDS.contains(&words.as_str()).then(|| BIRTH_WORDS.contains(&words.as_str()))
}

/// Whether a name is what somebody was called at birth: "she was born Beatrix Mary Lowenthal".
pub(super) fn is_born(doc: &Document, span: ByteSpan) -> bool {
    let before = doc.text.get(..span.range().start).unwrap_or_default();
    before.ends_with("was born ") || before.ends_with("was born as ")
}

/// The gender of the next person that acts and is not named: "Keller said that she ..." is a woman's, as a rule, as long as
/// no other name comes between. "Keller warned her" tells nothing.
pub(super) fn gender_ahead(doc: &Document, id: usize) -> Option<Gender> {
    let ahead = doc.mentions.get(id + 1..)?.iter().filter(|mention| mention.entity_type.base() == EntityType::Person);
    ahead
        .take(AHEAD)
        .take_while(|mention| mention.kind != MentionKind::Name)
        .filter(|mention| matches!(fold(doc.slice(mention.span)).as_str(), "he" | "she"))
        .find_map(|mention| gender_of_word(doc, mention))
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
            ("[Maria Keller], [Roth]", None),
            ("[Maria Keller] was born in [Roth]", None),
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
