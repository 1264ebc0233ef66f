//! Ages and years of life behind names, which tell two people of one name apart.

use std::collections::BTreeMap;

use super::{
    context::{first_bytes, is_introduced_as_kin, is_namesake, last_bytes},
    kin::is_taken_for_namesake,
};
use crate::{
    document::{Document, Mention},
    lexicon::numbers,
    schema::{EntityType, MentionKind},
};

/// What a text tells of the bearer of a name, right behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Years of age.
    Age(u16),
    /// Years of birth and death.
    Life(u16, u16),
}

/// Which of those who have a name a mention means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bearer {
    /// Their number, in order of the text.
    pub number: usize,
    /// What is told of them.
    pub told: Told,
}

/// Nobody is older.
const OLDEST: u16 = 115;
/// A shorter life may be a term of office, and so may one that starts so long after another one of the name.
const SHORTEST_LIFE: u16 = 20;
const YOUNGEST_IN_OFFICE: u16 = 10;
/// Years by which two texts may differ on one life.
const CARELESS: u16 = 2;
/// A bracket with a life takes at most so many bytes.
const BRACKET: usize = 60;
/// So many bytes around a name tell what the sentence is about.
const AROUND: usize = 160;
/// More people of one name than this are not told apart.
const MOST: usize = 16;

/// A number in brackets is an age in reports from courts; elsewhere it may be a minute, a score or a page.
const COURT: [&str; 12] = [
    "jailed",
    "sentence",
    "arrested",
    "guilty",
    "magistrates",
    "from court",
    "in court",
    "crown court",
    "convicted",
    "in custody",
    "on bail",
    "in prison",
];

impl Told {
    /// Whether nobody is both.
    pub fn differs(self, other: Self) -> bool {
        match (self, other) {
            (Self::Age(a), Self::Age(b)) => a.abs_diff(b) > 1,
            (Self::Life(born, died), Self::Life(other_born, other_died)) => {
                let (births, deaths) = (born.abs_diff(other_born), died.abs_diff(other_died));
                // Years in office lie within a life.
                let is_within = (born < other_born) == (died > other_died);
                births > 0 && deaths > 0 && births.max(deaths) > CARELESS && (!is_within || births < YOUNGEST_IN_OFFICE)
            }
            _ => false,
        }
    }
}

/// Per mention of a name whose bearers' ages or lives the text tells: which of them it means. A mention that tells nothing
/// means the one of whom was told last, as writers do, else the first one.
pub(super) fn bearers(doc: &Document) -> BTreeMap<usize, Bearer> {
    let mut mentions: BTreeMap<&str, Vec<(usize, Option<Told>)>> = BTreeMap::new();
    for (id, mention) in doc.mentions.iter().enumerate() {
        let name = doc.slice(mention.span);
        let is_name = mention.kind == MentionKind::Name && mention.entity_type.base() == EntityType::Person;
        if is_name && name.contains(' ') {
            mentions.entry(name).or_default().push((id, told(doc, mention)));
        }
    }
    let mut found = BTreeMap::new();
    for of_name in mentions.values().filter(|mentions| mentions.iter().any(|(_, told)| told.is_some())) {
        let mut told_of: Vec<Told> = Vec::new();
        let mut last = 0;
        for (id, told) in of_name {
            let number = told.map_or(last, |told| number_of(&mut told_of, told));
            let is_aside = || {
                let span = doc.mentions.get(*id).map(|mention| mention.span);
                is_introduced_as_kin(doc, *id)
                    || is_taken_for_namesake(doc, *id)
                    || span.is_some_and(|span| is_namesake(doc, span))
            };
            if told.is_some() && !is_aside() {
                last = number;
            }
            if let Some(told) = told_of.get(number).copied().or(*told) {
                found.insert(*id, Bearer { number, told });
            }
        }
    }
    found
}

/// The number of the one of whom something is told that may be said of them, else a new one.
fn number_of(told_of: &mut Vec<Told>, told: Told) -> usize {
    if let Some(number) = told_of.iter().position(|other| !other.differs(told)) {
        return number;
    }
    if told_of.len() >= MOST {
        return 0;
    }
    told_of.push(told);
    told_of.len() - 1
}

/// What stands right behind a name.
fn told(doc: &Document, mention: &Mention) -> Option<Told> {
    let rest = first_bytes(doc.text.get(mention.span.range().end..)?, AROUND);
    if let Some(inner) = rest.strip_prefix(" (").and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner) {
        let age = || age(inner).filter(|_| is_in_court(doc, mention) && !is_of_another_year(doc, mention));
        return life(inner).or_else(age);
    }
    let (age_words, behind) = rest.strip_prefix(", ")?.split_once([',', ';', '.'])?;
    let is_over = behind.is_empty() || behind.starts_with(char::is_whitespace);
    age(age_words).filter(|_| is_over && !is_of_another_year(doc, mention))
}

fn age(words: &str) -> Option<Told> {
    let is_number = (1..=3).contains(&words.len()) && words.bytes().all(|byte| byte.is_ascii_digit());
    let years: u16 = words.parse().ok().filter(|_| is_number)?;
    (1..=OLDEST).contains(&years).then_some(Told::Age(years))
}

/// The years of a life in words such as "1711–1788", "c. 1711 – 4 May 1788".
fn life(words: &str) -> Option<Told> {
    let (from, to) = words.split_once(['–', '—', '-']).filter(|_| words.len() <= BRACKET)?;
    let (born, died) = (year_of(from)?, year_of(to)?);
    let years = died.checked_sub(born)?;
    (SHORTEST_LIFE..=OLDEST).contains(&years).then_some(Told::Life(born, died))
}

/// The year of a date, if words hold a date and nothing else.
fn year_of(words: &str) -> Option<u16> {
    let mut year = None;
    for word in words.split([' ', '.', ',', '\u{a0}']).filter(|word| !word.is_empty()) {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        match word.len() {
            4 if is_number && year.is_none() => year = word.parse().ok(),
            1 | 2 if is_number => {}
            _ if matches!(word, "c" | "ca" | "circa" | "about") || numbers::month(&word.to_lowercase()).is_some() => {}
            _ => return None,
        }
    }
    year
}

/// What stands before and behind a mention in its sentence, near it.
fn sentence_around<'a>(doc: &'a Document, mention: &Mention) -> (&'a str, &'a str) {
    let range = mention.span.range();
    let before = last_bytes(doc.text.get(..range.start).unwrap_or_default(), AROUND);
    let before = before.rsplit('\n').next().and_then(|line| line.rsplit(". ").next()).unwrap_or_default();
    let behind = first_bytes(doc.text.get(range.end..).unwrap_or_default(), AROUND);
    let behind = behind.split('\n').next().and_then(|line| line.split(". ").next()).unwrap_or_default();
    (before, behind)
}

fn is_in_court(doc: &Document, mention: &Mention) -> bool {
    let (before, behind) = sentence_around(doc, mention);
    let has = |words: &str| COURT.iter().any(|word| words.to_lowercase().contains(word));
    has(before) || has(behind)
}

/// Whether a sentence tells of years before that of the document: who was 19 then is older now.
fn is_of_another_year(doc: &Document, mention: &Mention) -> bool {
    let written: Option<u16> = doc.date.as_deref().and_then(|date| date.get(..4)).and_then(|year| year.parse().ok());
    let (before, behind) = sentence_around(doc, mention);
    let words = before.split(|c: char| !c.is_alphanumeric()).chain(behind.split(|c: char| !c.is_alphanumeric()));
    let years = words.filter(|word| word.len() == 4).filter_map(|word| word.parse::<u16>().ok());
    years
        .filter(|year| (1800..=2100).contains(year))
        .any(|year| written.is_none_or(|written| written.abs_diff(year) > 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::ByteSpan;

    /// What is told of "Bo Lind" in a text, wherever the name stands.
    fn told_in(text: &str) -> Vec<Option<Told>> {
        let mut doc = Document::new("d", text);
        doc.date = Some("2024-03-14".to_owned());
        for (at, name) in text.match_indices("Bo Lind") {
            doc.mentions.push(Mention {
                span: ByteSpan::new(at, at + name.len()),
                entity_type: EntityType::Person,
                kind: MentionKind::Name,
                score: 1.0,
                entity: None,
                norm: None,
                link: None,
            });
        }
        doc.mentions.iter().map(|mention| told(&doc, mention)).collect()
    }

    #[test]
    fn what_stands_behind_a_name() {
        let age = |years: u16| Some(Told::Age(years));
        for (text, expected) in [
            ("Bo Lind, 45, of Avon, was jailed.", age(45)),
            ("They are Ada Quill and Bo Lind, 45.", age(45)),
            ("Bo Lind (19) walked free from court.", age(19)),
            ("Bo Lind, 45, was jailed in 2024.", age(45)),
            ("Bo Lind, 17, was jailed in 1998.", None),
            ("Goals: Bo Lind (19), Ada Quill (44).", None),
            ("Bo Lind, 45 minutes late, sang.", None),
            ("Bo Lind, 45.3 points, won.", None),
            ("Bo Lind, 450, won.", None),
            ("Bo Lind (1711–1788) was a smith.", Some(Told::Life(1711, 1788))),
            ("Bo Lind (c. 1711 – 4 May 1788) was a smith.", Some(Told::Life(1711, 1788))),
            ("Bo Lind (2003–2010) led it.", None),
            ("Bo Lind (Avon 1711–1788) was a smith.", None),
            ("Bo Lind (pp. 11-17) wrote.", None),
            ("Bo Lind sang, 45, he said.", None),
        ] {
            assert_eq!(told_in(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_cannot_be_said_of_one() {
        let (age, life) = (Told::Age, Told::Life);
        for (one, other, expected) in [
            (age(45), age(28), true),
            (age(45), age(46), false),
            (age(45), life(1711, 1788), false),
            (life(1711, 1788), life(1709, 1760), true),
            (life(1780, 1840), life(1750, 1812), true),
            // A typing error, a reign, a reign again.
            (life(1711, 1788), life(1711, 1780), false),
            (life(1711, 1788), life(1710, 1789), false),
            (life(1630, 1685), life(1660, 1685), false),
            (life(1711, 1788), life(1740, 1770), false),
        ] {
            assert_eq!((one.differs(other), other.differs(one)), (expected, expected), "{one:?} {other:?}");
        }
    }
}
