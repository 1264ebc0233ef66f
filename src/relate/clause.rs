//! What the words of a sentence say about a relation that the model finds in it: that it is not so, that it is not known,
//! that it is another one.
//!
//! Phrases such as "not only", "the claim that … is baseless" or "an honorary doctorate from" are too rare for the model to
//! have learned them, and leave no doubt.

use crate::{
    document::{Document, Mention},
    schema::{EntityType, Status},
    span::ByteSpan,
};

use super::{LONG_SENTENCE, clipped};

/// Named patterns, and a list of all of them for the tests.
macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:literal;)*) => {
        $($(#[$doc])* static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| regex::Regex::new($pattern).expect("the pattern is valid, as a test shows"));)*

        #[cfg(test)]
        pub(super) fn all_patterns() -> Vec<&'static regex::Regex> {
            vec![$(&*$name),*]
        }
    };
}

mod deals;
mod killings;
mod kin;
mod lives;
mod offices;
mod sources;
#[cfg(test)]
mod testing;
mod times;
mod truth;

pub(super) use kin::is_possessor_of_kin;
pub(super) use sources::{is_no_source, is_taken_back};
pub(super) use times::{is_first_since, is_over, is_until};

patterns! {
    /// Who has joined a body somewhere.
    JOINED = r"\b(?:enter|join|enlist|serv|enroll|receiv|admitt)[a-z]*\b[^,;]*$";
    /// A journey that follows, up to where it leads.
    TRAVELS_ON = r"(?x) \b(?:fl(?:y|ies|ew|ying)|travel[a-z]*|went|go(?:es|ing)?|leav(?:e|es|ing)|left|head(?:s|ed|ing)?|mov(?:e|ed|ing)|return(?:s|ed|ing)?)
        (?:\ back)?(?:\ on)?\ (?:to|for)\ (?:the\ )?$";
    /// Whom somebody else meets, up to his name.
    MET = r"\b(?:met|meets|meeting|saw|received|hosted|with) (?:[a-z.]+ ){0,3}$";
    /// A journey of the one who meets him.
    THEN_TRAVELS = r"^ (?:before|after|and|and then|then)(?: [a-z]+)? (?:fl|travel|go|leav|head|mov|return|visit)[a-z]*\b";
}

/// The words of a sentence around the two ends of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// From the start of the sentence to the first end, in lower case.
    before: String,
    /// Between the ends, in lower case.
    between: String,
    /// The same as it is written.
    as_written: String,
    /// From the second end to the end of the sentence, in lower case.
    after: String,
    /// All of it, in lower case.
    sentence: String,
    /// Whether there is no word in lower case behind the second end.
    ends_there: bool,
    /// Whether the head is the first of the two.
    head_first: bool,
    /// Whether the second end is told of somebody who is named between the two: "Ada Quill, aide to Bo Lind, who led".
    is_of_another: bool,
}

/// What becomes of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The words say nothing against it.
    Stays,
    /// They say another thing.
    Goes,
    /// It is a relation of another type.
    Is(&'static str),
}

/// Whether words lead out of the clause that stands before them.
fn leads_out(words: &str) -> bool {
    words.contains([',', ';', ':', '"', '“', '”', '–', '—'])
}

/// The words of its sentence before and behind a mention, in lower case; of a very long one the part around it.
fn around(doc: &Document, mention: ByteSpan) -> Option<(String, String)> {
    let sentence = doc.sentences.get(doc.sentence_at(mention.start)?)?;
    let sentence = clipped(&doc.text, sentence.span, mention);
    let part = |start: u32, end: u32| doc.text.get(start as usize..end as usize).unwrap_or_default().to_lowercase();
    Some((part(sentence.start, mention.start), part(mention.end, sentence.end)))
}

/// The parts of a text around the last match of a pattern, if the one behind it stays in the clause.
fn last_of<'a>(pattern: &regex::Regex, text: &'a str) -> Option<(&'a str, &'a str)> {
    let found = pattern.find_iter(text).last()?;
    let (lead, rest) = (text.get(..found.start())?, text.get(found.end()..)?);
    (!leads_out(rest)).then_some((lead, rest))
}

/// Types of ties between kin.
const TIES_OF_KIN: [&str; 4] = ["child_of", "relative_of", "sibling_of", "spouse_of"];

impl Clause {
    /// The sentence around two mentions, if both stand in it; of a very long one the part around them.
    pub fn new(doc: &Document, head: ByteSpan, tail: ByteSpan) -> Option<Self> {
        let (first, second) = if head.start <= tail.start { (head, tail) } else { (tail, head) };
        let sentence = doc.sentences.get(doc.sentence_at(first.start)?)?.span;
        let both = ByteSpan::new(first.range().start, second.range().end.max(first.range().end));
        if !sentence.contains(second) || both.len() > LONG_SENTENCE {
            return None;
        }
        let sentence = clipped(&doc.text, sentence, both);
        let part = |start: u32, end: u32| doc.text.get(start as usize..end as usize);
        let (between, after) = (part(first.end, second.start)?, part(second.end, sentence.end)?);
        Some(Self {
            before: part(sentence.start, first.start)?.to_lowercase(),
            between: between.to_lowercase(),
            as_written: between.to_owned(),
            after: after.to_lowercase(),
            ends_there: !after.split_whitespace().any(|word| word.starts_with(char::is_lowercase)),
            sentence: doc.slice(sentence).to_lowercase(),
            head_first: first == head,
            is_of_another: first == head && names_another(doc, first, between),
        })
    }

    /// Whether the sentence tells the relation as one clause.
    fn is_one(&self) -> bool {
        !leads_out(&self.between) && self.between.contains(char::is_alphabetic)
    }

    /// What the words leave of a relation of a type.
    pub fn verdict(&self, relation_type: &str) -> Verdict {
        if self.is_aside_on_kin() && !TIES_OF_KIN.contains(&relation_type) {
            return Verdict::Goes;
        }
        if let Some(other) = self.other_type(relation_type) {
            return Verdict::Is(other);
        }
        let goes = match relation_type {
            "acquired" => self.is_seller(),
            "appointed" => self.is_poached(),
            "based_in" => self.is_no_seat(),
            "born_in" | "born_on" | "died_in" | "died_on" => self.is_no_life(relation_type),
            "competed_with" | "cooperates_with" | "defeated" | "fights" | "met" => self.between == " or ",
            "educated_at" => self.is_no_study(),
            "founded" => self.is_of_another || self.is_origin_of_founders(),
            "head_of" | "holds_title" | "member_of" | "works_for" => self.is_of_another,
            "killed" => self.is_no_killer(),
            "located_in" => self.between == "/",
            "represents" => self.is_post_of_envoy(),
            "visited" => self.head_first && THEN_TRAVELS.is_match(&self.between) && MET.is_match(&self.before),
            name if TIES_OF_KIN.contains(&name) => self.is_list(name),
            _ => false,
        };
        if goes { Verdict::Goes } else { Verdict::Stays }
    }

    /// Whether a place is where somebody joins a body, or which seat a member of a party has: "Ada Quill (Lab, Avon)".
    fn is_no_seat(&self) -> bool {
        let joins = self.between == " at " && JOINED.is_match(&self.before);
        let is_bracket = self.between == ", " && self.before.ends_with('(') && self.after.starts_with(')');
        self.head_first && (joins || is_bracket)
    }

    /// The type that the words tell in the place of the one found.
    fn other_type(&self, relation_type: &str) -> Option<&'static str> {
        match relation_type {
            "appointed" if self.is_designation() => Some("sanctioned"),
            "head_of" if self.is_staff() || self.leads_a_unit() => Some("works_for"),
            _ => self.end_of_life(relation_type),
        }
    }

    /// The status of a relation of a type, given that which the model finds.
    pub fn status(&self, relation_type: &str, found: Option<Status>) -> Option<Status> {
        let found = self.truth(relation_type, found);
        if self.is_undone(relation_type) {
            return Some(Status::Negated);
        }
        if matches!(found, None | Some(Status::Former)) && self.is_quashed(relation_type) {
            return Some(Status::Possible);
        }
        if relation_type == "spouse_of" && found == Some(Status::Former) && self.is_former_by_office() {
            return None;
        }
        self.office_status(relation_type, found)
    }

    /// Whether the sentence tells what the head is accused of, and does not have it deny that itself.
    pub fn is_accusation(&self) -> bool {
        if self.is_denied_by_head() {
            return false;
        }
        let has = |words: &[&str]| words.iter().any(|word| self.sentence.contains(word));
        has(&["accus", "deni", "deny", "suspect", "charged"])
            && !has(&["responsib", "admit", "confess", "claimed to", "pleaded guilty"])
    }
}

/// Whether the words behind a mention name somebody of whom the words that follow him tell: ", aide to Bo Lind, who led".
fn names_another(doc: &Document, first: ByteSpan, between: &str) -> bool {
    let Some(at) = between.rfind(", who ") else { return false };
    // Behind the next comma the sentence goes on: "and Bo Lind, who grew up in Avon, run a firm".
    let relative = between.get(at + ", who ".len()..).unwrap_or_default();
    let is_person = |mention: &Mention| mention.entity_type == EntityType::Person;
    if relative.contains(',') || !mention_at(doc, first).is_some_and(is_person) {
        return false;
    }
    let end = first.range().end + at;
    let starts_before = doc.mentions.partition_point(|mention| mention.span.range().start < end);
    let ends_there = |mention: &&Mention| {
        mention.span.range().end == end && is_person(mention) && mention.span.range().start >= first.range().end
    };
    let last = starts_before.saturating_sub(4)..starts_before;
    let Some(person) = doc.mentions.get(last).and_then(|mentions| mentions.iter().rev().find(ends_there)) else {
        return false;
    };
    // "Ada Quill and Bo Lind, who led" is told of both.
    let lead = doc.text.get(first.range().end..person.span.range().start).unwrap_or_default();
    lead.split_whitespace().any(|word| word.starts_with(char::is_lowercase) && !matches!(word, "and" | "or"))
}

/// The mention that has a span.
fn mention_at(doc: &Document, span: ByteSpan) -> Option<&Mention> {
    let at = doc.mentions.partition_point(|mention| mention.span.start < span.start);
    doc.mentions
        .get(at..)?
        .iter()
        .take_while(|mention| mention.span.start == span.start)
        .find(|mention| mention.span == span)
}

/// Whether the words between what happens, which ends at `behind`, and a place lead on to that: "before flying on to".
pub(super) fn is_next_stop(doc: &Document, behind: u32, place: ByteSpan) -> bool {
    let words = doc.text.get(behind as usize..place.range().start).filter(|words| words.len() < LONG_SENTENCE);
    words.is_some_and(|words| TRAVELS_ON.is_match(&words.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{
        testing::{clause, marked},
        *,
    };
    use crate::schema::{MentionKind, RelationType};

    #[test]
    fn patterns_are_valid() {
        let all = [
            all_patterns(),
            deals::all_patterns(),
            killings::all_patterns(),
            kin::all_patterns(),
            lives::all_patterns(),
            offices::all_patterns(),
            sources::all_patterns(),
            times::all_patterns(),
            truth::all_patterns(),
        ];
        assert!(all.iter().all(|patterns| patterns.iter().all(|pattern| !pattern.as_str().is_empty())));
    }

    #[test]
    fn types_are_those_of_the_schema() {
        for name in ["acquired", "appointed", "competed_with", "sanctioned", "represents", "visited", "works_for"] {
            assert!(RelationType::from_name(name).is_some(), "{name}");
        }
    }

    #[test]
    fn words_against_a_relation() {
        let (goes, stays) = (Verdict::Goes, Verdict::Stays);
        for (relation_type, text, expected) in [
            ("based_in", "She entered the [Order of Saint Olga] at <Avignon>.", goes),
            ("based_in", "She works for the [Order of Saint Olga] at <Avignon>.", stays),
            ("based_in", "Ada Quill ([Lab], <Avon>) left.", goes),
            ("based_in", "[Nordbank], <Avon>, left.", stays),
            ("located_in", "<OSLO>/[BERGEN] - The king left.", goes),
            ("competed_with", "Avon will meet [Norden] or <Sund> in the final.", goes),
            ("competed_with", "[Norden] will meet <Sund> or Avon in the final.", stays),
            ("visited", "Ada Quill met [Bo Lind] before travelling to <Avon>.", goes),
            ("visited", "[Ada Quill] met Bo Lind before travelling to <Avon>.", stays),
        ] {
            assert_eq!(clause(text).verdict(relation_type), expected, "{relation_type}: {text}");
        }
    }

    #[test]
    fn what_is_told_of_another() {
        for (text, person, expected) in [
            ("[Ada Quill] was an aide of Bo Lind, who became <minister>.", "Bo Lind", true),
            ("[Ada Quill] and Bo Lind, who became <ministers>.", "Bo Lind", false),
            ("[Ada Quill] of Avon, who became <minister>.", "", false),
            ("[Ada Quill] of Avon and the sculptor Bo Lind, who grew up in Oslo, are <ministers>.", "Bo Lind", false),
        ] {
            let (mut doc, head, tail) = marked(text);
            let of_other = doc.text.find(person).filter(|_| !person.is_empty());
            let of_other = of_other.map(|at| ByteSpan::new(at, at + person.len()));
            for span in [Some(head), of_other].into_iter().flatten() {
                doc.mentions.push(Mention {
                    span,
                    entity_type: EntityType::Person,
                    kind: MentionKind::Name,
                    score: 0.9,
                    entity: None,
                    norm: None,
                    link: None,
                });
            }
            let clause = Clause::new(&doc, head, tail).expect("one sentence");
            let expected = if expected { Verdict::Goes } else { Verdict::Stays };
            assert_eq!(clause.verdict("holds_title"), expected, "{text}");
        }
    }

    #[test]
    fn places_to_which_somebody_goes_on() {
        for (text, expected) in [
            ("Ada Quill met [Bo Lind] before travelling to <Avon>.", true),
            ("Ada Quill met [Bo Lind] in <Avon>.", false),
            ("Ada Quill flew to <Avon> and met [Bo Lind].", false),
        ] {
            let (doc, last, place) = marked(text);
            assert_eq!(is_next_stop(&doc, last.end, place), expected, "{text}");
        }
    }

    #[test]
    fn very_long_sentences_are_looked_at_in_part() {
        let (list, padding) = ("[Ada Quill] owns <Nordbank>", "Oslo ".repeat(2000));
        let clause = clause(&format!("{padding}not true that {list} {padding}"));
        assert!(clause.sentence.len() < 2000 && clause.is_untrue(), "{}", clause.sentence.len());
        let (doc, head, tail) = marked(&format!("[Ada Quill] {padding}<Nordbank>"));
        assert_eq!(Clause::new(&doc, head, tail), None);
    }
}
