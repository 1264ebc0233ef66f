//! Mother and daughter companies: what stands between two names of which one is a part of the other shows that they are
//! two. "Siemens owns 25% of Siemens Energy": a company does nothing to itself.

use super::{Clusters, countries::first_bytes};
use crate::{
    document::{Document, LinkReason},
    names,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// So many bytes may stand between the two.
const BETWEEN: usize = 120;

/// So many bytes behind the second are looked at.
const BEHIND: usize = 60;

/// A match of a name that is that of a mother company is no stronger with the names of further daughters.
pub(super) const OF_DAUGHTER: f32 = 0.65;

/// What a company is to another one.
const KIN: [&str; 30] = [
    "affiliate",
    "affiliates",
    "arm",
    "backer",
    "branch",
    "competitor",
    "creditor",
    "customer",
    "daughter",
    "division",
    "investor",
    "lender",
    "offshoot",
    "owner",
    "parent",
    "part",
    "partner",
    "predecessor",
    "rival",
    "shareholder",
    "spin-off",
    "spinoff",
    "spinout",
    "stakeholder",
    "subsidiaries",
    "subsidiary",
    "successor",
    "supplier",
    "unit",
    "venture",
];

/// Of those, the ones that stand behind the mother's name: "a Siemens unit".
const DAUGHTERS: [&str; 10] =
    ["affiliate", "arm", "branch", "division", "offshoot", "spin-off", "spinoff", "subsidiary", "unit", "venture"];

/// Nouns that may stand behind those: "parent company".
const COMPANIES: [&str; 4] = ["bank", "company", "firm", "group"];

/// What a company does to another one, not to itself.
const VERBS: [&str; 66] = [
    "absorbed",
    "absorbs",
    "acquire",
    "acquired",
    "acquires",
    "acquiring",
    "beat",
    "beats",
    "bought",
    "buy",
    "buying",
    "buys",
    "control",
    "controlled",
    "controls",
    "created",
    "creates",
    "defeated",
    "defeats",
    "demerged",
    "divested",
    "divests",
    "established",
    "exit",
    "exited",
    "exits",
    "financed",
    "finances",
    "fined",
    "floated",
    "floats",
    "formed",
    "founded",
    "funded",
    "funds",
    "held",
    "holds",
    "invested",
    "invests",
    "launched",
    "launches",
    "left",
    "lent",
    "lends",
    "merge",
    "merged",
    "merges",
    "own",
    "owned",
    "owns",
    "paid",
    "pays",
    "rescued",
    "sell",
    "selling",
    "sells",
    "separated",
    "sold",
    "split",
    "spun",
    "sue",
    "sued",
    "sues",
    "suing",
    "takes",
    "took",
];

/// What is done to a company by another one.
const PARTICIPLES: [&str; 32] = [
    "absorbed",
    "acquired",
    "backed",
    "bought",
    "carved",
    "controlled",
    "created",
    "demerged",
    "established",
    "financed",
    "floated",
    "formed",
    "founded",
    "funded",
    "held",
    "launched",
    "majority-owned",
    "managed",
    "operated",
    "owned",
    "part-owned",
    "purchased",
    "rescued",
    "run",
    "separated",
    "set",
    "sold",
    "split",
    "spun",
    "sued",
    "taken",
    "wholly-owned",
];

/// Words that may stand before a verb.
const AUXILIARIES: [&str; 46] = [
    "agreed",
    "agrees",
    "aims",
    "already",
    "also",
    "are",
    "be",
    "been",
    "being",
    "both",
    "can",
    "could",
    "currently",
    "decided",
    "did",
    "finally",
    "formally",
    "formerly",
    "fully",
    "had",
    "has",
    "have",
    "hopes",
    "intends",
    "is",
    "later",
    "may",
    "might",
    "never",
    "not",
    "now",
    "once",
    "originally",
    "planned",
    "plans",
    "previously",
    "recently",
    "should",
    "still",
    "then",
    "to",
    "wanted",
    "wants",
    "was",
    "will",
    "would",
];

/// Words that may stand between a verb and its object, or around a participle: shares, amounts, particles.
const AMOUNTS: [&str; 57] = [
    "a",
    "about",
    "additional",
    "all",
    "almost",
    "an",
    "another",
    "any",
    "around",
    "away",
    "billion",
    "cent",
    "control",
    "controlling",
    "direct",
    "entire",
    "equity",
    "from",
    "full",
    "half",
    "holding",
    "in",
    "indirect",
    "interest",
    "into",
    "its",
    "jointly",
    "just",
    "majority",
    "million",
    "minority",
    "more",
    "most",
    "nearly",
    "of",
    "off",
    "out",
    "outright",
    "over",
    "ownership",
    "part",
    "partly",
    "per",
    "percent",
    "remaining",
    "roughly",
    "shareholding",
    "shares",
    "some",
    "stake",
    "stakes",
    "than",
    "the",
    "to",
    "up",
    "whole",
    "wholly",
];

/// Words that have a share for their object with any verb: "raised its stake in".
const STAKES: [&str; 5] = ["holding", "interest", "shareholding", "stake", "stakes"];

impl Clusters {
    /// Finds names of two companies of which the text says that one is the other's, or does something to it.
    pub(super) fn tell_daughters(&mut self, doc: &Document) {
        let is_company = |id: &usize| {
            let mention = &doc.mentions[*id];
            mention.kind == MentionKind::Name && mention.entity_type.base() == EntityType::Organization
        };
        let companies: Vec<usize> = (0..doc.mentions.len()).filter(is_company).collect();
        for (at, second) in companies.iter().copied().enumerate() {
            let near = companies.get(at.saturating_sub(2)..at).unwrap_or_default();
            for (back, first) in near.iter().rev().copied().enumerate() {
                let (Some(a), Some(b)) = (self.key_of[first], self.key_of[second]) else { continue };
                let (one, other) = (doc.mentions[first].span, doc.mentions[second].span);
                if a == b || !self.share_a_word(a, b) || !are_two(doc, one, other, back > 0) {
                    continue;
                }
                let found = names::compare(&self.keys[a], &self.keys[b]);
                let is_generic = self.keys[a].is_generic() || self.keys[b].is_generic();
                // Another spelling of the one name is no other company.
                if !is_generic && found.is_none_or(|found| found.reason == LinkReason::PartOfName) {
                    self.strangers.insert((a.min(b), a.max(b)));
                    let words = |key: &usize| self.keys[*key].folded().split(' ').count();
                    self.bodies.mothers.extend([a, b].into_iter().min_by_key(words));
                }
            }
        }
    }

    fn share_a_word(&self, a: usize, b: usize) -> bool {
        let words = |key: usize| self.keys[key].folded().split(' ').filter(|word| word.len() > 2);
        words(a).any(|word| words(b).any(|other| word == other))
    }
}

/// Whether the words between two names, or those behind the second, show that they are two; `apart` if a third one stands
/// between.
fn are_two(doc: &Document, first: ByteSpan, second: ByteSpan, apart: bool) -> bool {
    let between = doc.text.get(first.range().end..second.range().start).filter(|words| words.len() <= BETWEEN);
    let Some(between) = between.filter(|words| !words.contains("\n\n")) else { return false };
    if apart {
        return is_sold_from(between);
    }
    let behind = first_bytes(doc.text.get(second.range().end..).unwrap_or_default(), BEHIND);
    let Some((rest, owns)) = without_possessive(between) else { return false };
    let (rest, comma) = rest.strip_prefix(',').map_or((rest, false), |rest| (rest, true));
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    if words.last() == Some(&"the") {
        words.pop();
    }
    let is_plain =
        |word: &&str| word.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || "$£€".contains(c));
    let (head, last) = words.split_at(words.len().saturating_sub(1));
    let last = last.first().copied();
    let ends = |word: &str| word.ends_with(|c: char| ",.;:!?()[]\"”“".contains(c));
    let is_one_phrase = words.iter().all(is_plain) && !head.iter().any(|word| ends(word));
    if owns {
        return is_one_phrase && last.is_none_or(|last| is_kin_noun(head, last));
    }
    let Some(last) = last else { return comma && owner_follows(behind) };
    if !is_one_phrase {
        return false;
    }
    if is_kin_noun(head, last) || comma && is_article(last) && head.is_empty() && daughter_follows(behind) {
        return true;
    }
    if ends(last) {
        return false;
    }
    is_coordinated(&words, comma) || is_object_of_verb(&words, comma) || is_object_of_preposition(head, last, comma)
}

/// The words behind a name without a possessive ending, and whether there was one.
fn without_possessive(between: &str) -> Option<(&str, bool)> {
    let Some(rest) = between.strip_prefix(['\'', '’']) else { return Some((between, false)) };
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    rest.starts_with(char::is_whitespace).then_some((rest, true))
}

fn is_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "the")
}

/// "Its listed unit,", "parent company".
fn is_kin_noun(head: &[&str], last: &str) -> bool {
    let noun = last.strip_suffix(',').unwrap_or(last);
    let noun = if COMPANIES.contains(&noun) { head.last().copied().unwrap_or_default() } else { noun };
    head.len() < 7 && KIN.contains(&noun) && noun != "part"
}

/// "Siemens Energy, Siemens's listed unit": the noun behind the second name.
fn owner_follows(behind: &str) -> bool {
    let Some((rest, true)) = without_possessive(behind) else { return false };
    noun_follows(rest, 4)
}

/// "Siemens Energy, a Siemens unit".
fn daughter_follows(behind: &str) -> bool {
    behind.starts_with(' ') && noun_follows(behind, 1)
}

fn noun_follows(words: &str, most: usize) -> bool {
    let trim = |word: &str| word.trim_end_matches([',', '.', ';']).to_owned();
    let words = words.split_whitespace().take(most + 1);
    words.take_while(|word| word.starts_with(char::is_lowercase)).any(|word| DAUGHTERS.contains(&trim(word).as_str()))
}

/// "Siemens and Siemens Energy".
fn is_coordinated(words: &[&str], comma: bool) -> bool {
    !comma && matches!(words, ["and" | "versus" | "v" | "vs"] | ["as", "well", "as"])
}

fn is_amount(word: &str) -> bool {
    AMOUNTS.contains(&word) || word.contains(|c: char| c.is_ascii_digit())
}

/// "Siemens has sold a stake in", "Siemens, which owns 25% of".
fn is_object_of_verb(words: &[&str], comma: bool) -> bool {
    let words = match words {
        ["which" | "that" | "who", rest @ ..] => rest,
        ["said", "it", rest @ ..] | ["said", "that", "it", rest @ ..] if !comma => rest,
        _ if comma => return false,
        words => words,
    };
    let verb = words.iter().position(|word| !AUXILIARIES.contains(word)).unwrap_or(words.len());
    // "Had" and "to have" are verbs themselves.
    let has_stake = words.last().is_some_and(|last| matches!(*last, "in" | "of"))
        && words.iter().rev().nth(1).is_some_and(|noun| STAKES.contains(noun));
    let of_verb = |from: usize| words.get(from..).unwrap_or_default().iter().all(|word| is_amount(word));
    let is_verb = words.get(verb).is_some_and(|word| VERBS.contains(word));
    is_verb && of_verb(verb + 1) || has_stake && (of_verb(verb) || of_verb(verb + 1))
}

/// "Siemens Energy, a former unit of", "Siemens Energy was spun off by".
fn is_object_of_preposition(head: &[&str], last: &str, comma: bool) -> bool {
    let (mut words, is_clause) = match head {
        ["which" | "that" | "who", "is" | "was" | "are" | "were", rest @ ..] => (rest, true),
        ["is" | "was" | "are" | "were" | "became" | "remains" | "remained", rest @ ..] => (rest, true),
        ["has" | "had", "been", rest @ ..] | ["will" | "would", "be", rest @ ..] => (rest, true),
        rest => (rest, comma),
    };
    while let [first, rest @ ..] = words {
        if !AUXILIARIES.contains(first) {
            break;
        }
        words = rest;
    }
    match last {
        "of" | "in" | "to" | "with" if is_clause => {
            let from = words.iter().rposition(|word| KIN.contains(word));
            let is_near = from.is_some_and(|from| words.len() - from <= 2);
            let opens =
                matches!(words.first(), Some(first) if is_article(first) || KIN.contains(first) || *first == "one");
            is_near && opens && words.len() < 8
        }
        "by" | "from" => {
            let at = words.iter().position(|word| PARTICIPLES.contains(word));
            at.is_some_and(|at| words.iter().enumerate().all(|(other, word)| other == at || is_amount(word)))
        }
        _ => false,
    }
}

/// "Siemens Energy was bought by Nordbank from": the third name is the buyer's.
fn is_sold_from(between: &str) -> bool {
    let words: Vec<&str> = between.split_whitespace().collect();
    let words = if words.last() == Some(&"the") { words.get(..words.len() - 1).unwrap_or_default() } else { &words };
    let Some((last, head)) = words.split_last() else { return false };
    let is_passive = matches!(head, ["was" | "is" | "were", participle, "by", ..] if PARTICIPLES.contains(participle));
    *last == "from" && is_passive && !head.iter().any(|word| word.ends_with([',', ';', ':', '"', '”']))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the two names in brackets are shown to be two.
    fn check(text: &str, expected: bool) {
        let mut doc = Document::new("d", "");
        let mut spans = Vec::new();
        for part in text.split('[') {
            let (name, rest) = part.split_once(']').map_or(("", part), |(name, rest)| (name, rest));
            if !name.is_empty() {
                let start = doc.text.len();
                doc.text.push_str(name);
                spans.push(ByteSpan::new(start, doc.text.len()));
            }
            doc.text.push_str(rest);
        }
        let apart = spans.len() > 2;
        assert_eq!(are_two(&doc, spans[0], *spans.last().unwrap(), apart), expected, "{text}");
    }

    #[test]
    fn words_that_show_two() {
        for text in [
            "[Quillon Sea] was spun off by [Quillon] in 2020.",
            "[Quillon Sea], a unit of [Quillon], left.",
            "[Quillon Sea], a former wholly owned subsidiary of the [Quillon] group",
            "[Quillon Sea] is part of [Quillon].",
            "[Quillon Sea] is 23% owned by [Quillon].",
            "[Quillon Sea], which is controlled by [Quillon],",
            "[Quillon Sea] was formed by [Quillon].",
            "[Quillon] owns 25% of [Quillon Sea].",
            "[Quillon], which owns 25% of [Quillon Sea], fell.",
            "[Quillon] plans to sell its remaining stake in [Quillon Sea].",
            "[Quillon] has raised its stake in [Quillon Sea].",
            "[Quillon] has a stake in [Quillon Sea].",
            "[Quillon] sued [Quillon Sea].",
            "[Quillon] bought shares of [Quillon Sea].",
            "[Quillon]'s [Quillon Sea] rose.",
            "[Quillon]’s finance arm, [Quillon Sea], rose.",
            "[Quillon] unit [Quillon Sea] rose.",
            "[Quillon Sea] and its parent company, [Quillon], rose.",
            "[Quillon Sea], [Quillon]'s listed unit, rose.",
            "[Quillon Sea], a [Quillon] unit, rose.",
            "[Quillon] and [Quillon Sea] rose.",
            "[Quillon Sea] was bought by [Zuyder] from [Quillon].",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn words_that_do_not() {
        for text in [
            "[Quillon Sea] rose. [Quillon] said so.",
            "[Quillon Sea] rose, and [Quillon] said so.",
            "[Quillon Sea] said that [Quillon] would pay.",
            "[Quillon Sea] ([Quillon])",
            "[Quillon Sea], or [Quillon],",
            "[Quillon Sea], known as [Quillon],",
            "[Quillon Sea] was renamed [Quillon].",
            "[Quillon Sea] sold ships before [Quillon] closed.",
            "[Quillon Sea] said investors had sold shares in [Quillon].",
            "[Quillon Sea] said it would close a branch of [Quillon].",
            "[Quillon Sea] won. Fans of [Quillon] sang.",
            "[Quillon Sea] shares fell after a report by [Quillon].",
            "[Quillon Sea] is led by [Quillon].",
            "[Quillon Sea] sued [Zuyder] and left [Quillon].",
        ] {
            check(text, false);
        }
    }
}
