//! Gives half a pair of brackets its other half.

use super::{behind, can_be_firm, capitalized_start, firms::form_behind, words};
use crate::{document::Mention, lexicon::is_acronym, schema::MentionKind, span::ByteSpan};

/// Gives a name with half a pair of brackets the other half, or takes its half away.
///
/// "UK) Limited" behind "Standard Metals (" is the end of one name, which takes the place of those at the end of `mended`
/// that are part of it.
pub(super) fn close_brackets(text: &str, mended: &mut Vec<Mention>, mention: &mut Mention) {
    let name = words(text, mention);
    let Some((at, closes)) = odd_bracket(name) else { return };
    let (left, right) = (name.get(..at).unwrap_or_default(), name.get(at + 1..).unwrap_or_default());
    let has_words = |part: &str| part.chars().any(char::is_alphanumeric);
    if has_words(left) && has_words(right) && can_be_firm(mention.entity_type) {
        if closes && let Some(start) = start_before_bracket(text, mention, mended.last()) {
            while let Some(last) = mended.pop_if(|last| last.span.end as usize > start) {
                mention.score = mention.score.max(last.score);
            }
            mention.span = ByteSpan::new(start, mention.span.end as usize);
            return;
        }
        // "Hydra Valves (Pty" before ") Ltd", but not "Baltic Bank (BB" before ") said": those are two names.
        if !closes
            && let Some(rest) = behind(text, mention).strip_prefix(')')
            && (!is_acronym(right) || form_behind(left, rest).is_some())
        {
            mention.span.end += 1;
            return;
        }
    }
    let (offset, kept) = if has_words(left) { (0, left) } else { (at + 1, right) };
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',');
    let start = mention.span.start as usize + offset + kept.len() - kept.trim_start_matches(is_edge).len();
    let kept = kept.trim_matches(is_edge);
    if !kept.is_empty() {
        mention.span = ByteSpan::new(start, start + kept.len());
    }
}

/// A bracket without its partner: where it stands, and whether it closes.
fn odd_bracket(words: &str) -> Option<(usize, bool)> {
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in words.char_indices() {
        if c == '(' {
            open.push(at);
        } else if c == ')' && open.pop().is_none() {
            return Some((at, true));
        }
    }
    open.first().map(|at| (*at, false))
}

/// Where the name starts that goes on in a bracket right before the mention: that of the last mention, or the capitalized
/// words there.
fn start_before_bracket(text: &str, mention: &Mention, last: Option<&Mention>) -> Option<usize> {
    let head = text.get(..mention.span.start as usize)?.strip_suffix('(')?;
    let head = head.strip_suffix(' ').unwrap_or(head);
    let floor = last.map_or(0, |last| last.span.end as usize);
    match last {
        Some(last) if floor == head.len() => {
            (last.kind == MentionKind::Name && can_be_firm(last.entity_type)).then_some(last.span.start as usize)
        }
        _ => capitalized_start(head, floor),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{check, check_same},
        odd_bracket,
    };

    #[test]
    fn brackets_come_in_pairs() {
        check(
            "{O|Standard Metals} ({O|UK) Limited} and {O|Calderbrook} ({O|Chile) SpA} sued.",
            "{O|Standard Metals (UK) Limited} and {O|Calderbrook (Chile) SpA} sued.",
        );
        check("The Standard Metals ({O|UK) Holdings} sued.", "The {O|Standard Metals (UK) Holdings} sued.");
        check("The \"Standard Metals ({O|UK) Holdings}\" sued.", "The \"{O|Standard Metals (UK) Holdings}\" sued.");
        check("{P|J. Smith} ({O|UK) Holdings} sued.", "{O|J. Smith (UK) Holdings} sued.");
        check("It met them (the {O|Nordbank) Council}.", "It met them (the {O|Nordbank}) Council.");
        check("It met ({O|Nordbank)}.", "It met ({O|Nordbank}).");
        check("{O|Party of Work (Nepal}) won.", "{O|Party of Work (Nepal)} won.");
        check("{O|Hydra Valves (RSA}) Limited won.", "{O|Hydra Valves (RSA) Limited} won.");
        check("{O|Baltic Bank (BB}) won.", "{O|Baltic Bank} (BB) won.");
        check("{O|Baltic Bank (Riga} branch) won.", "{O|Baltic Bank} (Riga branch) won.");
        check_same("{O|Hydra Valves (Pty) Ltd} and {W|Nation (Borders) Act}");
        assert_eq!(odd_bracket("(a (b) c"), Some((0, false)));
        assert_eq!(odd_bracket("(a) b) c"), Some((5, true)));
    }
}
