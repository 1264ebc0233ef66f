//! Patterns of the user's: for mentions, and for relations between them.

use std::collections::BTreeMap;

use regex::{Captures, Regex, RegexBuilder};
use serde::Deserialize;

use super::{Identity, Masked, TypeSet, UserError, UserMention, checksum, entity_type, masked::has_signs};
use crate::{
    schema::{EntityType, RelationType, Status},
    span::ByteSpan,
};

/// A compiled pattern may take so many bytes; `\w{100}` takes 3 million.
const PATTERN_BYTES: usize = 8 << 20;
/// Groups in groups of a pattern.
const PATTERN_DEPTH: u32 = 100;
/// A longer sentence is a table or a list without full stops; relation patterns, whose time may grow with the square of
/// the length, leave it out.
const LONGEST_SENTENCE: usize = 8 << 10;
/// The same for paragraphs and the patterns of mentions.
const LONGEST_PARAGRAPH: usize = 256 << 10;
/// How sure a relation is whose rule does not say it.
const SCORE: f32 = 0.9;

/// Rules as a file holds them, in TOML or any form that serde reads; [`Rules::new`] checks them.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Patterns of mentions.
    #[serde(default, rename = "mention")]
    pub mentions: Vec<MentionRule>,
    /// Patterns of relations.
    #[serde(default, rename = "relation")]
    pub relations: Vec<RelationRule>,
}

/// A pattern of mentions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MentionRule {
    /// What a match is, such as `WORK`.
    #[serde(rename = "type")]
    pub entity_type: String,
    /// What it looks like.
    pub pattern: String,
    /// Its identifier, in which `$0` stands for the match and `$1` or `${name}` for a group.
    pub id: Option<String>,
}

/// A pattern of relations, in which `{PERSON}` or `{PERSON|ORGANIZATION}` stands for a mention.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelationRule {
    /// What the relation says, such as `owns`.
    #[serde(rename = "type")]
    pub relation_type: String,
    /// What a sentence says that states it, with the groups `head` and `tail`, and perhaps `trigger`.
    pub pattern: String,
    /// How sure it is, 0 to 1; 0.9 if nothing is said.
    pub score: Option<f32>,
    /// `possible`, `intended`, `negated` or `former`.
    pub status: Option<String>,
}

/// Rules, checked and compiled.
///
/// # Examples
///
/// ```
/// use relata::user::{MentionRule, RuleSet, Rules};
///
/// let ships = MentionRule {
///     entity_type: "WORK".to_owned(),
///     pattern: r"\bIMO (\d{7})\b".to_owned(),
///     id: Some("imo:$1".to_owned()),
/// };
/// let rules = Rules::new(&RuleSet { mentions: vec![ships], relations: Vec::new() })?;
/// assert!(!rules.is_empty());
/// # Ok::<(), relata::user::UserError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Rules {
    mentions: Vec<MentionPattern>,
    /// By the types of which a sentence has to be masked.
    relations: BTreeMap<TypeSet, Vec<RelationPattern>>,
    checksum: String,
}

#[derive(Debug, Clone)]
struct MentionPattern {
    entity_type: EntityType,
    pattern: Regex,
    id: Option<String>,
}

#[derive(Debug, Clone)]
struct RelationPattern {
    relation_type: RelationType,
    pattern: Regex,
    score: f32,
    status: Option<Status>,
}

/// A relation that a rule finds in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRelation {
    /// Index of the mention that it starts from, among those of the masked sentence.
    pub head: usize,
    /// What it says.
    pub relation_type: RelationType,
    /// Index of the mention that it points to.
    pub tail: usize,
    /// How sure the rule is.
    pub score: f32,
    /// The words of the group `trigger`, in the text.
    pub trigger: Option<ByteSpan>,
    /// What the rule says of it.
    pub status: Option<Status>,
}

impl Rules {
    /// Checks and compiles rules.
    ///
    /// # Errors
    ///
    /// If a rule cannot be used; the error has the number of the rule among its kind.
    pub fn new(set: &RuleSet) -> Result<Self, UserError> {
        Self::default().with(set)
    }

    /// Adds more rules.
    ///
    /// # Errors
    ///
    /// If a rule cannot be used; the error has the number of the rule among its kind.
    pub fn with(mut self, set: &RuleSet) -> Result<Self, UserError> {
        let mut contents = vec![self.checksum.clone()];
        for (index, rule) in set.mentions.iter().enumerate() {
            let compiled = mention_pattern(rule).map_err(|error| numbered("mention", index, &error))?;
            self.mentions.push(compiled);
            let id = rule.id.clone().unwrap_or_default();
            contents.extend(["mention".to_owned(), rule.entity_type.clone(), rule.pattern.clone(), id]);
        }
        for (index, rule) in set.relations.iter().enumerate() {
            let (types, compiled) = relation_pattern(rule).map_err(|error| numbered("relation", index, &error))?;
            let status = rule.status.clone().unwrap_or_default();
            let said = ["relation".to_owned(), rule.relation_type.clone(), rule.pattern.clone()];
            contents.extend(said.into_iter().chain([compiled.score.to_string(), status]));
            self.relations.entry(types).or_default().push(compiled);
        }
        if contents.len() > 1 {
            self.checksum = checksum(contents.iter().map(String::as_str));
        }
        Ok(self)
    }

    /// Whether there are no rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mentions.is_empty() && self.relations.is_empty()
    }

    /// Checksum of the rules; empty if there are none.
    #[must_use]
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// Appends the places in a paragraph where a pattern of mentions matches, by rule; they may overlap.
    pub fn find_all(&self, text: &str, paragraph: ByteSpan, found: &mut Vec<UserMention>) {
        let words = text.get(paragraph.range()).unwrap_or_default();
        if words.len() > LONGEST_PARAGRAPH {
            return;
        }
        for rule in &self.mentions {
            for captures in rule.pattern.captures_iter(words) {
                let Some(whole) = captures.get(0) else { continue };
                let trimmed = whole.as_str().trim();
                if trimmed.is_empty() {
                    continue;
                }
                let blank = whole.as_str().len() - whole.as_str().trim_start().len();
                let start = paragraph.start as usize + whole.start() + blank;
                let identity = rule.id.as_ref().and_then(|id| identity(id, &captures));
                let span = ByteSpan::new(start, start + trimmed.len());
                found.push(UserMention { span, entity_type: rule.entity_type, identity });
            }
        }
    }

    /// For each set of types that some patterns of relations ask for, what they find in a sentence in which mentions of
    /// these types are masked, in one or several ways.
    pub fn relations<'a>(
        &'a self,
        sentence: ByteSpan,
        mut mask: impl FnMut(TypeSet) -> Vec<Masked> + 'a,
    ) -> impl Iterator<Item = FoundRelation> + 'a {
        let fits = sentence.len() <= LONGEST_SENTENCE;
        self.relations.iter().filter(move |_| fits).flat_map(move |(types, patterns)| {
            let mut found = Vec::new();
            for masked in mask(*types) {
                // What joins two mentions needs two.
                if masked.mentions(0..masked.text().len()).nth(1).is_some() {
                    patterns.iter().for_each(|pattern| pattern.find(&masked, &mut found));
                }
            }
            found
        })
    }
}

impl RelationPattern {
    fn find(&self, masked: &Masked, found: &mut Vec<FoundRelation>) {
        let text = masked.text();
        let mut at = 0;
        while let Some(captures) = text.is_char_boundary(at).then(|| self.pattern.captures_at(text, at)).flatten() {
            let Some(whole) = captures.get(0) else { return };
            // A match may share its last mention with the next one, as in "X, a unit of Y, a unit of Z".
            let after = masked.mentions(whole.range()).next().map_or(whole.end(), |(_, end)| end);
            let next = text[whole.start()..].chars().next().map_or(1, char::len_utf8);
            at = after.max(whole.start() + next);
            // An end is the one mention in its group.
            let end = |name: &str| {
                let mut mentions = masked.mentions(captures.name(name)?.range());
                let (mention, _) = mentions.next()?;
                mentions.next().is_none().then_some(mention)
            };
            let (Some(head), Some(tail)) = (end("head"), end("tail")) else { continue };
            let trigger = captures.name("trigger").and_then(|group| masked.original(group.range()));
            let Self { relation_type, score, status, .. } = *self;
            found.push(FoundRelation { head, relation_type, tail, score, trigger, status });
        }
    }
}

fn numbered(kind: &str, index: usize, error: &UserError) -> UserError {
    UserError::new(format!("{kind} {}: {error}", index + 1))
}

fn mention_pattern(rule: &MentionRule) -> Result<MentionPattern, UserError> {
    let entity_type = entity_type(&rule.entity_type)?;
    let pattern = compile(&rule.pattern)?;
    if let Some(id) = &rule.id {
        check_groups(id, &pattern)?;
    }
    Ok(MentionPattern { entity_type, pattern, id: rule.id.clone() })
}

fn relation_pattern(rule: &RelationRule) -> Result<(TypeSet, RelationPattern), UserError> {
    let name = rule.relation_type.as_str();
    let relation_type = RelationType::from_name(name)
        .filter(|relation_type| relation_type.is_kept())
        .ok_or_else(|| UserError::new(format!("unknown type {name:?}; `relata schema` lists the types")))?;
    let score = rule.score.unwrap_or(SCORE);
    if !(0.0..=1.0).contains(&score) {
        return Err(UserError::new(format!("the score {score} is not between 0 and 1")));
    }
    let status = rule.status.as_deref().map(|name| {
        Status::from_name(name).ok_or_else(|| {
            let names = Status::ALL.map(Status::name).join(", ");
            UserError::new(format!("unknown status {name:?}; write one of {names}, or nothing for a fact"))
        })
    });
    let status = status.transpose()?;
    if has_signs(&rule.pattern) {
        return Err(UserError::new(
            "the pattern holds private-use characters; write {PERSON} for a mention of a person",
        ));
    }
    let translated = translate(&rule.pattern)?;
    let pattern = compile(&translated.pattern)?;
    for (end, allowed) in [("head", &relation_type.info().heads), ("tail", &relation_type.info().tails)] {
        let allowed_names = allowed.iter().map(|allowed| allowed.name()).collect::<Vec<_>>().join("|");
        let Some(types) = translated.groups.get(end) else {
            return Err(UserError::new(format!(
                "the pattern has no mention in a group named {end}; write (?P<{end}>{{{allowed_names}}})"
            )));
        };
        if let Some(other) = types.types().find(|entity_type| !allowed.contains(entity_type)) {
            return Err(UserError::new(format!(
                "the {end} of {name} cannot be {other}; the schema allows {{{allowed_names}}}"
            )));
        }
    }
    Ok((translated.types, RelationPattern { relation_type, pattern, score, status }))
}

fn compile(pattern: &str) -> Result<Regex, UserError> {
    let built = RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).nest_limit(PATTERN_DEPTH).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => UserError::new(
            "the pattern takes too much memory; repeat less in it, or write [0-9] and [a-z] for \\d and \\w",
        ),
        other => {
            let text = other.to_string();
            let reason = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let reason = reason.trim_start_matches("error: ");
            UserError::new(format!("cannot understand the pattern: {reason}; docs.rs/regex says what it may hold"))
        }
    })
}

/// The identifier of a match; nothing if it comes out empty.
fn identity(template: &str, captures: &Captures<'_>) -> Option<Identity> {
    let mut id = String::new();
    captures.expand(template, &mut id);
    let id = id.split_whitespace().collect::<Vec<_>>().join(" ");
    (!id.is_empty()).then(|| Identity::Id(id.into()))
}

/// Whether the pattern has the groups that a template names, which else would come out empty without a word.
fn check_groups(template: &str, pattern: &Regex) -> Result<(), UserError> {
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            rest = after;
            continue;
        }
        let name = match rest.strip_prefix('{') {
            Some(inner) => inner.split('}').next().unwrap_or_default(),
            None => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
                &rest[..end]
            }
        };
        let is_known = match name.parse::<usize>() {
            Ok(number) => number < pattern.captures_len(),
            Err(_) => pattern.capture_names().flatten().any(|known| known == name),
        };
        if !is_known {
            return Err(UserError::new(format!(
                "the id asks for a group ${{{name}}} that the pattern does not have; write $0 for the whole match, \
                 ${{1}} for the first group, $$ for a dollar sign"
            )));
        }
    }
    Ok(())
}

/// A pattern in which mentions are what they are in a masked text.
#[derive(Debug, Default)]
struct Translated {
    pattern: String,
    /// All types that it asks for.
    types: TypeSet,
    /// Types that named groups ask for.
    groups: BTreeMap<String, TypeSet>,
}

/// Puts the patterns of mentions in the places of `{PERSON}` and the like; everything else stays as it is, also what
/// the regex syntax writes in braces: `\p{Lu}`, `x{2}`.
fn translate(pattern: &str) -> Result<Translated, UserError> {
    let mut translated = Translated::default();
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut class = 0_usize;
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match c {
            '\\' => {
                let escaped = rest[1..].chars().next();
                taken += escaped.map_or(0, char::len_utf8);
                if matches!(escaped, Some('p' | 'P' | 'x' | 'u' | 'U' | 'b')) && rest[taken..].starts_with('{') {
                    taken += rest[taken..].find('}').map_or(0, |end| end + 1);
                }
            }
            '[' => {
                class += 1;
                // A bracket that comes first in its class closes nothing.
                let negated = usize::from(rest[1..].starts_with('^'));
                taken += negated + usize::from(rest[1 + negated..].starts_with(']'));
            }
            ']' => class = class.saturating_sub(1),
            '(' if class == 0 => {
                let name = rest.strip_prefix("(?P<").or_else(|| rest.strip_prefix("(?<"));
                open.push(name.and_then(|name| name.split_once('>')).map(|(name, _)| name));
            }
            ')' if class == 0 => drop(open.pop()),
            '{' if class == 0 && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let Some(end) = rest.find('}') else {
                    return Err(UserError::new("a { without a } in the pattern; write \\{ for the character itself"));
                };
                let types = rest[1..end].split('|').try_fold(TypeSet::default(), |types, name| {
                    entity_type(name.trim()).map(|entity_type| types.with(entity_type))
                })?;
                translated.pattern.push_str(&types.pattern());
                translated.types = translated.types.union(types);
                for name in open.iter().flatten() {
                    let group = translated.groups.entry((*name).to_owned()).or_default();
                    *group = group.union(types);
                }
                rest = &rest[end + 1..];
                continue;
            }
            _ => (),
        }
        translated.pattern.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    Ok(translated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(entity_type: &str, pattern: &str, id: Option<&str>) -> RuleSet {
        let (entity_type, pattern) = (entity_type.to_owned(), pattern.to_owned());
        let rule = MentionRule { entity_type, pattern, id: id.map(str::to_owned) };
        RuleSet { mentions: vec![rule], relations: Vec::new() }
    }

    fn relation(relation_type: &str, pattern: &str) -> RuleSet {
        let (relation_type, pattern) = (relation_type.to_owned(), pattern.to_owned());
        let rule = RelationRule { relation_type, pattern, ..RelationRule::default() };
        RuleSet { mentions: Vec::new(), relations: vec![rule] }
    }

    #[test]
    fn mentions_are_found_with_their_identifiers() {
        let find = |pattern: &str, id: Option<&str>, text: &str| {
            let rules = Rules::new(&mention("WORK", pattern, id)).unwrap();
            let mut found = Vec::new();
            rules.find_all(text, ByteSpan::new(2, text.len()), &mut found);
            let show = |found: &UserMention| match &found.identity {
                Some(Identity::Id(id)) => format!("{}={id}", &text[found.span.range()]),
                _ => text[found.span.range()].to_owned(),
            };
            found.iter().map(show).collect::<Vec<_>>()
        };
        assert_eq!(find(r"\bIMO (\d{7})\b", Some("imo:$1"), "  IMO 9876543, IMO 12"), ["IMO 9876543=imo:9876543"]);
        assert_eq!(find(r"\bIMO\s+\d{7}\b", Some("$0"), "  IMO\n9876543"), ["IMO\n9876543=IMO 9876543"]);
        assert_eq!(find(r"\s*x?\s*", None, "  a x b"), ["x"]);
        assert_eq!(find(r"(?P<a>a)|b", Some("${a}"), "  a b"), ["a=a", "b"]);
        assert_eq!(find(r"a", Some("$$1"), "  a"), ["a=$1"]);
        assert!(find(r"a", None, "a").is_empty());
    }

    /// What a rule finds in a sentence with marked mentions, as `head > tail` and the trigger.
    fn check(rule: RuleSet, marked: &str, expected: &[&str]) {
        let (mut text, mut mentions, mut rest) = (String::new(), Vec::new(), marked);
        while let Some((before, after)) = rest.split_once('[') {
            let (inside, after) = after.split_once(']').unwrap();
            let (label, words) = inside.split_once(' ').unwrap();
            text.push_str(before);
            let start = text.len();
            text.push_str(words);
            mentions.push((ByteSpan::new(start, text.len()), EntityType::from_name(label).unwrap()));
            rest = after;
        }
        text.push_str(rest);
        let rules = Rules::new(&rule).unwrap();
        let whole = ByteSpan::new(0, text.len());
        let chosen = |types: TypeSet| {
            let asked = mentions.iter().map(move |found| Some(*found).filter(|found| types.contains(found.1)));
            vec![Masked::new(&text, whole, asked)]
        };
        let words = |index: usize| &text[mentions[index].0.range()];
        let found: Vec<String> = rules
            .relations(whole, chosen)
            .map(|found| {
                let trigger = found.trigger.map(|span| format!(" ({})", &text[span.range()])).unwrap_or_default();
                format!("{} > {}{trigger}", words(found.head), words(found.tail))
            })
            .collect();
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn relations_join_whole_mentions() {
        let owns =
            || relation("owns", "(?P<head>{PERSON|ORGANIZATION}),? (?:which )?(?<trigger>owns) (?P<tail>{WORK})");
        check(owns(), "[ORGANIZATION Brandvik], which owns [WORK Aurora].", &["Brandvik > Aurora (owns)"]);
        check(
            owns(),
            "[PERSON Ada Quill] owns [WORK Aurora]; [PERSON Bo Lind] owns [WORK Dawn].",
            &["Ada Quill > Aurora (owns)", "Bo Lind > Dawn (owns)"],
        );
        check(owns(), "[PLACE Oslo] owns [WORK Aurora], [PERSON Bo Lind] sold [WORK Dawn]", &[]);
        check(owns(), "[PERSON Ada Quill] owns [WORK Aurora Dawn] II", &["Ada Quill > Aurora Dawn (owns)"]);
        // Mentions of types that the pattern does not ask for are words.
        check(
            relation("head_of", "(?P<head>{PERSON}), chair of (?P<tail>{ORGANIZATION})"),
            "[PERSON Ada Quill], [TITLE chair] of [ORGANIZATION Brandvik]",
            &["Ada Quill > Brandvik"],
        );
        check(
            relation("part_of", "(?P<head>{ORGANIZATION}), a unit of (?P<tail>{ORGANIZATION})"),
            "[ORGANIZATION A], a unit of [ORGANIZATION B], a unit of [ORGANIZATION C].",
            &["A > B", "B > C"],
        );
        check(
            relation("owns", "(?P<tail>{WORK}), owned by (?P<head>{PERSON}|{ORGANIZATION})"),
            "[WORK Aurora], owned by [ORGANIZATION B]",
            &["B > Aurora"],
        );
        // No end, or two mentions in one end, is no relation.
        check(relation("owns", "(?P<head>{PERSON})? owns (?P<tail>{WORK})"), "[WORK A] owns [WORK B]", &[]);
        check(
            relation("owns", "(?P<head>{PERSON}.*) owns (?P<tail>{WORK})"),
            "[PERSON A]'s [WORK B] owns [WORK C]",
            &[],
        );
        check(relation("owns", ".*(?P<head>{PERSON})|(?P<tail>{WORK})?"), "[WORK A] [PERSON B] ü", &[]);
    }

    #[test]
    fn braces_of_the_syntax_stay() {
        for pattern in [r"\p{Lu}x{2}", r"[{A]", r"\x{41}\u{42}\b{start}", r"[]{A}]", r"[^]{A}]", r"[[a]{A}]", r"\{AB"] {
            assert_eq!(translate(pattern).unwrap().pattern, pattern);
        }
        assert_eq!(
            translate("{A").map(drop).unwrap_err().to_string(),
            "a { without a } in the pattern; write \\{ for the character itself"
        );
        for pattern in ["\\", "[", "(", "(?P<", "]", ")", "\\p{", "{", "(?<x"] {
            let _ = translate(pattern);
            assert!(Rules::new(&relation("owns", pattern)).is_err(), "{pattern}");
        }
    }

    #[test]
    fn bad_rules_are_explained() {
        let head = "(?P<head>{PERSON})";
        let (bad_score, bad_status) = {
            let mut rules = [relation("owns", "x"), relation("owns", "x")];
            rules[0].relations[0].score = Some(2.0);
            rules[1].relations[0].status = Some("maybe".to_owned());
            rules.into()
        };
        for (rule, message) in [
            (mention("SHIP", "x", None), "mention 1: unknown type \"SHIP\"; the types are PERSON, "),
            (mention("WORK", "(", None), "mention 1: cannot understand the pattern: unclosed group; "),
            (mention("WORK", r"(\w{900}){900}", None), "mention 1: the pattern takes too much memory; "),
            (
                mention("WORK", "x", Some("a$1")),
                "mention 1: the id asks for a group ${1} that the pattern does not have",
            ),
            (mention("WORK", "(x)", Some("$1_a")), "a group ${1_a} that"),
            (relation("has", "x"), "relation 1: unknown type \"has\"; `relata schema` lists the types"),
            (relation("owns", "{FIRM}"), "relation 1: unknown type \"FIRM\"; the types are PERSON"),
            (
                relation("owns", "{PERSON} owns {WORK}"),
                "no mention in a group named head; write (?P<head>{PERSON|ORGANIZATION|PLACE})",
            ),
            (relation("owns", head), "no mention in a group named tail; write (?P<tail>{ORGANIZATION|WORK|PLACE})"),
            (relation("owns", &format!("{head}(?P<tail>x)")), "no mention in a group named tail"),
            (
                relation("owns", &format!("{head}(?P<tail>{{WORK|DATE}})")),
                "relation 1: the tail of owns cannot be DATE; the schema allows {ORGANIZATION|WORK|PLACE}",
            ),
            (relation("owns", "\u{e001}"), "relation 1: the pattern holds private-use characters; write {PERSON}"),
            (bad_score, "relation 1: the score 2 is not between 0 and 1"),
            (bad_status, "relation 1: unknown status \"maybe\"; write one of possible, intended, negated, former"),
        ] {
            let error = Rules::new(&rule).map(drop).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn checksums_tell_rules_apart() {
        let sum = |set: &RuleSet| Rules::new(set).unwrap().checksum().to_owned();
        let sums = [mention("WORK", "x", None), mention("WORK", "x", Some("x")), mention("PLACE", "x", None)];
        let sums = sums.iter().map(sum).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(sums.len(), 3);
        assert_eq!(sum(&RuleSet::default()), "");
    }
}
