//! Other names of somebody or something that a text gives in passing: in another language, at birth, on a throne.

use super::context::{is_possessor, last_bytes};
use crate::{
    document::{Document, Mention},
    lexicon::Lexicon,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// A bracket with names is hardly longer than so many bytes.
const BRACKET: usize = 200;

/// How far a sentence is read for a pronoun, in bytes.
const AHEAD: usize = 200;

/// How many mentions back the bracket's own name, or the bearer of another one, is looked for.
const REACH: usize = 40;

/// Languages that are no people's adjective, and words for ways of writing.
const LANGUAGES: [&str; 22] = [
    "Ancient Greek",
    "Arabic",
    "Basque",
    "Cantonese",
    "Catalan",
    "Farsi",
    "Gaelic",
    "Greek",
    "Hebrew",
    "Hindi",
    "Latin",
    "Mandarin",
    "Old English",
    "Old Norse",
    "Pashto",
    "Persian",
    "Pinyin",
    "Sanskrit",
    "Tamil",
    "Urdu",
    "Welsh",
    "Yiddish",
];

/// Words that lead from somebody's name to a later one.
const LATER: [&str; 9] = [
    "later",
    "the later",
    "afterwards",
    "future",
    "the future",
    "who became",
    "who later became",
    "who would become",
    "and later",
];

/// What somebody becomes who takes another name.
const THRONES: [&str; 7] = ["pope", "king", "queen", "emperor", "empress", "sultan", "tsar"];

/// Marks behind which a name that is given in passing is over.
const CLOSING: [char; 4] = [',', ')', ';', '.'];

/// A name in another language, where a bracket gives it: "Lviv (Polish: Lwów; German: Lemberg)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labelled {
    /// The mention before the bracket.
    pub bearer: usize,
    /// The mention of the language itself, if there is one.
    pub label: Option<usize>,
}

fn is_name(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name
}

fn is_language(words: &str) -> bool {
    let words = words.strip_prefix("in ").unwrap_or(words);
    let last = words.rsplit(' ').next().unwrap_or_default();
    LANGUAGES.contains(&words) || LANGUAGES.contains(&last) || Lexicon::embedded().people(last).is_some()
}

/// Of what a name is the one in the language that stands before it.
pub(super) fn labelled(doc: &Document, id: usize) -> Option<Labelled> {
    let name = doc.mentions.get(id).filter(|mention| is_name(mention))?;
    let start = name.span.range().start;
    let before = last_bytes(doc.text.get(..start)?, BRACKET);
    let lead = before.trim_end().strip_suffix(':')?;
    let open = lead.rfind('(').filter(|open| lead.rfind(')').is_none_or(|close| close < *open))?;
    let from = lead.rfind(['(', ';', ','])?;
    is_language(lead.get(from + 1..)?.trim()).then_some(())?;
    let at = start - before.len();
    let bracket = at + lead.get(..open)?.trim_end().len();
    let label_end = at + lead.len();
    let others = doc.mentions.get(..id)?.iter().enumerate().rev().take(REACH);
    let (bearer, bare) = others.clone().find(|(_, other)| other.span.range().end <= bracket)?;
    let fits = bare.span.range().end == bracket && is_name(bare) && bare.entity_type == name.entity_type;
    let mut labels = others.filter(|(_, other)| other.span.range().end == label_end && other.span.range().start >= at);
    let label = labels.find(|(_, other)| other.entity_type.base() == EntityType::Group).map(|(at, _)| at);
    fits.then_some(Labelled { bearer, label })
}

/// Whose later name on a throne a name is: "Giulio de' Medici, later Pope Clement VII".
pub(super) fn later_name(doc: &Document, id: usize) -> Option<usize> {
    let is_person = |mention: &Mention| is_name(mention) && mention.entity_type.base() == EntityType::Person;
    let name = doc.mentions.get(id).filter(|mention| is_person(mention))?;
    let others = doc.mentions.get(..id)?.iter().enumerate().rev();
    let (bearer, known) = others.take(4).find(|(_, other)| is_person(other))?;
    let between = doc.text.get(known.span.range().end..name.span.range().start)?;
    let words = between.strip_prefix(", ").or_else(|| between.strip_prefix(" ("))?.trim_end().to_lowercase();
    let (later, throne) = words.rsplit_once(' ')?;
    let says = between.len() <= 40 && LATER.contains(&later) && THRONES.contains(&throne);
    (says && !is_possessor(doc, name.span)).then_some(bearer)
}

/// Whether "called", in marks, gives somebody a by-name: ", called il Zoppo,". "The minister, Ada Quill, called Bo Lind" does
/// not.
pub(super) fn is_by_name(doc: &Document, between: &str, second: ByteSpan) -> bool {
    let rest = doc.text.get(second.range().end..).unwrap_or_default();
    let name = doc.slice(second);
    let article = name.split(' ').next().unwrap_or_default().to_lowercase();
    let is_epithet = matches!(article.as_str(), "il" | "lo" | "la" | "el" | "le" | "the" | "der" | "die");
    let closes = rest.starts_with(CLOSING) || rest.starts_with(" (");
    match between.trim() {
        "(called" => rest.starts_with([')', ',', ';']),
        ", called" => is_epithet && closes,
        _ => false,
    }
}

/// Whether a sentence starts "Born Joan Higgs in Salford", with the name that its subject had.
pub(super) fn is_born_first(doc: &Document, span: ByteSpan) -> bool {
    let before = doc.text.get(..span.range().start).and_then(|before| before.strip_suffix("Born "));
    let opens = before.is_some_and(|before| {
        let trimmed = before.trim_end();
        trimmed.is_empty() || before.ends_with('\n') || trimmed.ends_with(['.', '!', '?', '"', '”', ')'])
    });
    let rest = doc.text.get(span.range().end..).unwrap_or_default();
    opens && [" in ", " on ", " at ", " to ", " into ", " near "].iter().any(|word| rest.starts_with(word))
}

/// The one whom such a sentence goes on about, "Born Marion Morrison in Iowa, he": the only person of whom the text has told.
pub(super) fn only_person_before(doc: &Document, id: usize) -> Option<usize> {
    let rest = doc.text.get(doc.mentions.get(id)?.span.range().end..)?;
    let sentence = rest.split(['.', '\n']).next().unwrap_or_default();
    let goes_on = [", he ", ", she "].iter().any(|words| sentence.find(words).is_some_and(|at| at < AHEAD));
    let from = id.saturating_sub(REACH);
    let people = doc.mentions.get(from..id)?.iter().enumerate();
    let people = people.filter(|(_, other)| is_name(other) && other.entity_type.base() == EntityType::Person);
    let mut people = people.map(|(at, other)| (at, doc.slice(other.span)));
    let (at, longest) = people.clone().max_by_key(|(_, name)| name.len())?;
    let is_one = people.all(|(_, name)| name.split(' ').all(|word| longest.split(' ').any(|other| word == other)));
    (goes_on && is_one && longest.contains(' ')).then_some(from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        for (words, expected) in [
            ("German", true),
            ("in Polish", true),
            ("Latin", true),
            ("Ottoman Turkish", true),
            ("formerly", false),
            ("Editor", false),
            ("", false),
        ] {
            assert_eq!(is_language(words), expected, "{words}");
        }
    }
}
