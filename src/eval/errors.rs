//! Lists the commonest kinds of error with examples.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use serde::Serialize;

use crate::{
    eval::{
        mentions::{match_mentions, merged_and_duplicate},
        pair::{Pair, Range, Side, pair_up},
        relations::{confused, match_relations},
    },
    record::{DocumentRecord, RelationRecord},
    schema::{EntityType, MentionKind},
};

/// How much an error listing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorOptions {
    /// Kinds of error, the commonest first.
    pub kinds: usize,
    /// Examples of each.
    pub examples: usize,
}

impl Default for ErrorOptions {
    fn default() -> Self {
        Self { kinds: 20, examples: 3 }
    }
}

/// A kind of error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorKind {
    /// What went wrong, such as `missed relation`.
    pub error: &'static str,
    /// With which types, such as `head_of` or `PLACE -> ORGANIZATION`.
    pub detail: String,
    /// How often.
    pub count: u64,
    /// The first cases, from different documents where there are enough.
    pub examples: Vec<ErrorExample>,
}

/// One case of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorExample {
    /// Document.
    pub document: String,
    /// What was wrong.
    pub what: String,
    /// The text around.
    pub context: String,
}

const MISSED_NAME: &str = "missed name";
const SPURIOUS_NAME: &str = "spurious name";
const WRONG_NAME_TYPE: &str = "wrong name type";
const WRONG_BOUNDARY: &str = "wrong boundary";
const MERGED: &str = "merged entities";
const DUPLICATE: &str = "duplicate entities";
const MISSED_RELATION: &str = "missed relation";
const SPURIOUS_RELATION: &str = "spurious relation";
const WRONG_DIRECTION: &str = "wrong direction";
const WRONG_RELATION_TYPE: &str = "wrong relation type";
const GOLD_END: &str = "missed relation, end not resolved";
const PREDICTED_END: &str = "spurious relation, end not resolved";

/// All kinds of error, the commonest first, each with up to so many examples.
#[must_use]
pub fn list_errors(gold: &[DocumentRecord], predicted: &[DocumentRecord], examples: usize) -> Vec<ErrorKind> {
    let mut errors = Errors::default();
    for pair in &pair_up(gold, predicted).pairs {
        name_errors(pair, &mut errors);
        entity_errors(pair, &mut errors);
        relation_errors(pair, &mut errors);
    }
    let mut kinds: Vec<ErrorKind> = errors
        .0
        .into_iter()
        .map(|((error, detail), cases)| {
            let count = cases.len() as u64;
            ErrorKind { error, detail, count, examples: choose(cases, examples) }
        })
        .collect();
    // The sort is stable, so equal counts stay in order of their names.
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
    kinds
}

/// The error listing as text.
#[must_use]
pub fn errors(gold: &[DocumentRecord], predicted: &[DocumentRecord], options: ErrorOptions) -> String {
    let kinds = list_errors(gold, predicted, options.examples);
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for kind in &kinds {
        *totals.entry(kind.error).or_insert(0) += kind.count;
    }
    let mut totals: Vec<(&str, u64)> = totals.into_iter().collect();
    totals.sort_by_key(|&(_, count)| std::cmp::Reverse(count));

    // Writing to a string cannot fail.
    let mut text = String::new();
    for (error, count) in totals {
        let _ = writeln!(text, "{count:>7}  {error}");
    }
    for kind in kinds.iter().take(options.kinds) {
        let _ = writeln!(text, "\n{:>7}  {}: {}", kind.count, kind.error, kind.detail);
        for example in &kind.examples {
            let _ = writeln!(text, "         {}: {}", example.document, example.what);
            if !example.context.is_empty() {
                let _ = writeln!(text, "             {}", example.context);
            }
        }
    }
    text
}

/// Cases of each kind of error, in order of the documents.
#[derive(Default)]
struct Errors(BTreeMap<(&'static str, String), Vec<ErrorExample>>);

impl Errors {
    fn push(&mut self, pair: &Pair<'_>, error: &'static str, detail: String, what: String, marked: &[Range]) {
        let context = context(pair.text, marked);
        let example = ErrorExample { document: pair.id.to_owned(), what, context };
        self.0.entry((error, detail)).or_default().push(example);
    }
}

/// The first cases, one a document as long as there are documents.
fn choose(cases: Vec<ErrorExample>, wanted: usize) -> Vec<ErrorExample> {
    let mut seen = BTreeSet::new();
    let (mut chosen, rest): (Vec<_>, Vec<_>) =
        cases.into_iter().partition(|case| seen.len() < wanted && seen.insert(case.document.clone()));
    chosen.extend(rest);
    chosen.truncate(wanted);
    chosen
}

fn name_errors(pair: &Pair<'_>, errors: &mut Errors) {
    let matched = match_mentions(pair, MentionKind::Name);
    let words = |range: Range| pair.text.get(range.0 as usize..range.1 as usize).unwrap_or("?");
    let wrong: Vec<(Range, EntityType)> = matched
        .predicted
        .iter()
        .filter(|(_, _, right)| !right)
        .map(|&(mention, entity_type, _)| ((mention.start, mention.end), entity_type))
        .collect();
    let mut explained = BTreeSet::new();
    for &(gold, gold_type, _) in matched.gold.iter().filter(|(_, _, found)| !found) {
        let gold = (gold.start, gold.end);
        let same = wrong.iter().find(|(range, _)| *range == gold);
        let touching = || wrong.iter().find(|(range, _)| range.0 < gold.1 && gold.0 < range.1);
        if let Some(&(range, entity_type)) = same {
            explained.insert((range, entity_type));
            let detail = format!("{gold_type} -> {entity_type}");
            errors.push(pair, WRONG_NAME_TYPE, detail, words(gold).to_owned(), &[gold]);
        } else if let Some(&(range, entity_type)) = touching() {
            explained.insert((range, entity_type));
            let detail =
                if entity_type == gold_type { gold_type.to_string() } else { format!("{gold_type} -> {entity_type}") };
            let what = format!("{} -> {}", words(gold), words(range));
            errors.push(pair, WRONG_BOUNDARY, detail, what, &[gold]);
        } else {
            errors.push(pair, MISSED_NAME, gold_type.to_string(), words(gold).to_owned(), &[gold]);
        }
    }
    for (range, entity_type) in wrong.into_iter().filter(|name| !explained.contains(name)) {
        errors.push(pair, SPURIOUS_NAME, entity_type.to_string(), words(range).to_owned(), &[range]);
    }
}

fn entity_errors(pair: &Pair<'_>, errors: &mut Errors) {
    let (merged, duplicate) = merged_and_duplicate(pair);
    for (error, splits, whole, parts) in
        [(MERGED, merged, &pair.predicted, &pair.gold), (DUPLICATE, duplicate, &pair.gold, &pair.predicted)]
    {
        for split in splits {
            let detail = type_name(whole, split.entity);
            let names: Vec<&str> = split.parts.iter().map(|&part| parts.name_of(part, pair.text)).collect();
            let marked: Vec<Range> = split.parts.iter().filter_map(|&part| first_name(parts, part)).take(2).collect();
            errors.push(pair, error, detail, names.join(" | "), &marked);
        }
    }
}

fn relation_errors(pair: &Pair<'_>, errors: &mut Errors) {
    let matched = match_relations(pair);
    let place_of = |relation: &RelationRecord| (relation.head, relation.relation_type, relation.tail);
    let confused = confused(&matched);
    let explained: BTreeSet<_> = confused.iter().map(|confused| place_of(confused.predicted.relation)).collect();
    for &(gold, _) in matched.gold.iter().filter(|(_, found)| found.is_none()) {
        let name = gold.relation_type;
        let what = describe(pair, &pair.gold, gold);
        let marked = closest(&pair.gold, gold);
        let lost: Vec<u32> = [gold.head, gold.tail]
            .into_iter()
            .filter(|end| !matched.alignment.to_predicted.contains_key(end))
            .collect();
        if !lost.is_empty() {
            let names: Vec<&str> = lost.iter().map(|&end| pair.gold.name_of(end, pair.text)).collect();
            let what = format!("{what} (no node: {})", names.join(", "));
            errors.push(pair, GOLD_END, name.to_string(), what, &marked);
            continue;
        }
        match confused.iter().find(|confused| place_of(confused.gold) == place_of(gold)) {
            Some(confused) => {
                let (_, predicted_type, reversed) = confused.key;
                if predicted_type == name {
                    errors.push(pair, WRONG_DIRECTION, name.to_string(), what, &marked);
                } else {
                    let other_way = if reversed { " (other way round)" } else { "" };
                    let detail = format!("{name} -> {predicted_type}{other_way}");
                    errors.push(pair, WRONG_RELATION_TYPE, detail, what, &marked);
                }
            }
            None => errors.push(pair, MISSED_RELATION, name.to_string(), what, &marked),
        }
    }
    if !pair.mask.relations_complete() {
        return;
    }
    for predicted in matched.predicted.iter().filter(|predicted| !predicted.right) {
        let relation = predicted.relation;
        if explained.contains(&place_of(relation)) {
            continue;
        }
        let error = if predicted.ends.is_empty() { PREDICTED_END } else { SPURIOUS_RELATION };
        let what = describe(pair, &pair.predicted, relation);
        errors.push(pair, error, relation.relation_type.to_string(), what, &closest(&pair.predicted, relation));
    }
}

fn describe(pair: &Pair<'_>, side: &Side<'_>, relation: &RelationRecord) -> String {
    let (head, tail) = (side.name_of(relation.head, pair.text), side.name_of(relation.tail, pair.text));
    format!("{head} {} {tail}", relation.relation_type)
}

fn type_name(side: &Side<'_>, entity: u32) -> String {
    side.entities.get(&entity).and_then(|entity| entity.entity_type).map_or("?".to_owned(), |known| known.to_string())
}

fn first_name(side: &Side<'_>, entity: u32) -> Option<Range> {
    let mentions = &side.entities.get(&entity)?.mentions;
    mentions.iter().find(|mention| mention.kind == MentionKind::Name).map(|mention| (mention.start, mention.end))
}

/// The mentions of head and tail that stand closest to each other.
fn closest(side: &Side<'_>, relation: &RelationRecord) -> Vec<Range> {
    let ranges = |entity: u32| {
        side.entities.get(&entity).into_iter().flat_map(|e| &e.mentions).map(|mention| (mention.start, mention.end))
    };
    ranges(relation.head)
        .flat_map(|head| ranges(relation.tail).map(move |tail| (head, tail)))
        .min_by_key(|(head, tail)| (head.0.abs_diff(tail.0), head.0))
        .map_or_else(|| ranges(relation.head).take(1).collect(), |(head, tail)| vec![head, tail])
}

/// Bytes of text shown on either side of a marked span, at most.
const AROUND: usize = 50;

/// The text around the marked spans, each in brackets, on one line.
fn context(text: &str, marked: &[Range]) -> String {
    let mut marked: Vec<Range> =
        marked.iter().copied().filter(|range| text.get(range.0 as usize..range.1 as usize).is_some()).collect();
    marked.sort_unstable();
    marked.dedup();
    let mut shown = String::new();
    let mut at = None;
    for &(start, end) in &marked {
        let (start, end) = (start as usize, end as usize);
        let from = text.ceil_char_boundary(start.saturating_sub(AROUND));
        let before = match at {
            Some(last) if start < last => continue,
            // Little text between two spans is shown whole.
            Some(last) if start - last <= 2 * AROUND => text.get(last..start),
            Some(last) => {
                shown.push_str(text.get(last..text.floor_char_boundary(last + AROUND)).unwrap_or_default());
                shown.push_str(" ... ");
                text.get(from..start)
            }
            None => {
                shown.push_str(if from > 0 { "..." } else { "" });
                text.get(from..start)
            }
        };
        shown.push_str(before.unwrap_or_default());
        shown.push('[');
        shown.push_str(text.get(start..end).unwrap_or_default());
        shown.push(']');
        at = Some(end);
    }
    if let Some(last) = at {
        let to = text.floor_char_boundary(last + AROUND);
        shown.push_str(text.get(last..to).unwrap_or_default());
        shown.push_str(if to < text.len() { "..." } else { "" });
    }
    shown.split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_is_cut_on_characters() {
        let check = |text: &str, marked: &[Range], expected: &str| assert_eq!(context(text, marked), expected);
        check("Ada Quill\nran.", &[(0, 9)], "[Ada Quill] ran.");
        check("a b c", &[(4, 5), (0, 1), (0, 1)], "[a] b [c]");
        check("a b c", &[], "");
        check("a b c", &[(3, 99)], "");
        let long = format!("{}Ada{}Bo", "é".repeat(60), "é".repeat(80));
        let around = "é".repeat(25);
        check(&long, &[(120, 123), (283, 285)], &format!("...{around}[Ada]{around} ... {around}[Bo]"));
    }
}
