//! Kings, popes and the like: who may be meant by the bare noun.

use std::collections::BTreeSet;

use super::context::{first_bytes, last_bytes};
use crate::{
    document::{Document, Mention},
    lexicon::fold,
    names::PersonName,
    schema::{EntityType, MentionKind},
};

/// Nouns for those of whom there is one at a time.
const THRONES: [&str; 11] =
    ["king", "queen", "emperor", "empress", "sultan", "pope", "pontiff", "tsar", "tsarina", "czar", "kaiser"];

/// Words behind which such a noun says what somebody is.
const TELLING: [&str; 15] = [
    "is",
    "was",
    "became",
    "become",
    "becomes",
    "as",
    "crowned",
    "proclaimed",
    "elected",
    "declared",
    "made",
    "future",
    "then",
    "named",
    "reigning",
];

/// How many bytes before and behind a name may tell that its bearer has a throne.
const BEFORE: usize = 60;
const BEHIND: usize = 120;

/// How many mentions away from the name a title may stand.
const NEAR: usize = 2;

/// The throne that a noun speaks of, if it is one such word and no more.
pub(super) fn throne(doc: &Document, mention: &Mention) -> Option<&'static str> {
    if mention.kind != MentionKind::Nominal || mention.entity_type.base() != EntityType::Person {
        return None;
    }
    throne_of(doc.slice(mention.span))
}

fn throne_of(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    THRONES.into_iter().find(|throne| *throne == folded)
}

/// The thrones that the text gives to the bearer of a name; all of them for one with a monarch's number.
pub(super) fn held(doc: &Document, id: usize, parts: &PersonName) -> BTreeSet<&'static str> {
    let Some(mention) = doc.mentions.get(id) else { return BTreeSet::new() };
    if parts.suffix.as_deref().is_some_and(|suffix| !matches!(suffix, "jr" | "sr")) {
        return THRONES.into_iter().collect();
    }
    let mut found: BTreeSet<&str> =
        parts.titles.iter().flat_map(|title| title.split(' ')).filter_map(throne_of).collect();
    let range = mention.span.range();
    let before = last_bytes(doc.text.get(..range.start).unwrap_or_default(), BEFORE);
    found.extend(before.trim_end().rsplit([' ', '\n']).next().and_then(throne_of));
    let behind = first_bytes(doc.text.get(range.end..).unwrap_or_default(), BEHIND);
    found.extend(told(behind.split(['.', ';', '\n']).next().unwrap_or_default()));
    let near = doc.mentions.iter().take(id + NEAR + 1).skip(id.saturating_sub(NEAR));
    let titles = near.filter(|title| title.entity_type.base() == EntityType::Title);
    found.extend(titles.flat_map(|title| doc.slice(title.span).split(' ')).filter_map(throne_of));
    found
}

/// Thrones that the words behind a name tell of: ", the king", "was crowned king", "(king of Denmark)".
fn told(words: &str) -> Vec<&'static str> {
    let mut tells = true;
    let mut found = Vec::new();
    for word in words.split_whitespace() {
        found.extend(throne_of(word).filter(|_| tells || word.starts_with('(')));
        if !matches!(word, "the" | "a" | "an" | "first" | "last" | "new") {
            tells = TELLING.contains(&word) || word.ends_with([',', '(']);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{names::person_parts, span::ByteSpan};

    fn name(text: &str, name: &str) -> Document {
        let mut doc = Document::new("d", text);
        let at = text.find(name).unwrap();
        doc.mentions.push(Mention {
            span: ByteSpan::new(at, at + name.len()),
            entity_type: EntityType::Person,
            kind: MentionKind::Name,
            score: 1.0,
            entity: None,
            norm: None,
            link: None,
        });
        doc
    }

    #[test]
    fn who_has_a_throne() {
        for (text, person, expected) in [
            ("King Harald sailed.", "Harald", true),
            ("The king, Harald, sailed.", "Harald", true),
            ("Harald, the king of Norway, sailed.", "Harald", true),
            ("Harald was crowned king in Oslo.", "Harald", true),
            ("Harald (king of Norway) sailed.", "Harald", true),
            ("Mehmed IV sailed.", "Mehmed IV", true),
            ("Captain Bo King sailed.", "Bo King", false),
            ("Lord Bo Lind sailed. The king wept.", "Bo Lind", false),
            ("Bo Lind told the king.", "Bo Lind", false),
            ("Bo Lind Jr. sailed.", "Bo Lind Jr.", false),
        ] {
            let doc = name(text, person);
            assert_eq!(held(&doc, 0, &person_parts(person)).contains("king"), expected, "{text}");
        }
    }

    #[test]
    fn nouns_for_thrones() {
        for (word, expected) in
            [("King", Some("king")), ("sultan", Some("sultan")), ("drag queen", None), ("kin", None)]
        {
            let mut doc = name(word, word);
            doc.mentions[0].kind = MentionKind::Nominal;
            assert_eq!(throne(&doc, &doc.mentions[0]), expected, "{word}");
        }
    }
}
