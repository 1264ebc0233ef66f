//! Languages in which brackets tell other names of what stands before: "Harlan (German: Harlau; Slovak: Harlany)".

use super::{behind, is_person, words};
use crate::{
    document::Mention,
    lexicon::is_language,
    schema::{EntityType, MentionKind},
};

/// How far back the bracket may open, in characters.
const LONGEST_BRACKET: usize = 200;

/// Takes out the languages before other names in brackets, which are no peoples there.
pub(super) fn drop_languages(text: &str, mentions: &mut Vec<Mention>) {
    let are_labels: Vec<bool> = (0..mentions.len()).map(|index| is_label(text, mentions, index)).collect();
    let mut are_labels = are_labels.into_iter();
    mentions.retain(|_| !are_labels.next().unwrap_or_default());
}

fn is_label(text: &str, mentions: &[Mention], index: usize) -> bool {
    let Some(mention) = mentions.get(index) else { return false };
    let is_group = mention.kind == MentionKind::Name && mention.entity_type == EntityType::Group;
    if !is_group || !is_language(words(text, mention)) {
        return false;
    }
    let Some(value) = behind(text, mention).strip_prefix(':').map(str::trim_start) else { return false };
    let Some(head) = head_of_bracket(text, mentions, mention) else { return false };
    // "Harlan FC (German: Otto Aas; French: Luc Moe)" has a German and a French player.
    let is_somebody = mentions.get(index + 1).is_some_and(|next| {
        is_person(next) && behind(text, mention).len() - value.len() == (next.span.start - mention.span.end) as usize
    });
    value.starts_with(|c: char| c.is_alphabetic() || matches!(c, '"' | '“' | '‘' | '*' | '_'))
        && (!is_somebody || is_person(head))
}

/// The name right before the bracket in which a language stands, if that starts with one.
fn head_of_bracket<'a>(text: &str, mentions: &'a [Mention], language: &Mention) -> Option<&'a Mention> {
    let before = text.get(..language.span.start as usize)?;
    let (open, _) = before.char_indices().rev().take(LONGEST_BRACKET).find(|(_, c)| matches!(c, '(' | ')' | '\n'))?;
    let inside = before.get(open..)?.strip_prefix('(')?;
    let starts_with_language = inside.is_empty() || inside.split_once(':').is_some_and(|(word, _)| is_language(word));
    let is_next = inside.is_empty() || inside.ends_with("; ") || inside.ends_with(", ");
    if !starts_with_language || !is_next {
        return None;
    }
    let end = before.get(..open)?.trim_end_matches([' ', '\u{a0}']).len();
    let head = mentions.get(mentions.partition_point(|mention| (mention.span.end as usize) < end))?;
    let may_have_names = !matches!(head.entity_type, EntityType::Date | EntityType::Title);
    (head.span.end as usize == end && head.kind == MentionKind::Name && may_have_names).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn languages_before_other_names_are_no_peoples() {
        check(
            "{L|Harlan} ({G|German}: {L|Harlau}; {G|Slovak}: {L|Harlany}, {G|Polish}: Harlów) is a town.",
            "{L|Harlan} (German: {L|Harlau}; Slovak: {L|Harlany}, Polish: Harlów) is a town.",
        );
        check("the {O|Tarn Society} ({G|Welsh}: “{O|Tarn}”)", "the {O|Tarn Society} (Welsh: “{O|Tarn}”)");
        check("{P|Ada Quill} ({G|Hungarian}: {P|Quill Ada})", "{P|Ada Quill} (Hungarian: {P|Quill Ada})");
        check(
            "{L|Harlan} (German: Harlau; {G|Slovak}: {L|Harlany})",
            "{L|Harlan} (German: Harlau; Slovak: {L|Harlany})",
        );
    }

    #[test]
    fn peoples_in_brackets_stay() {
        check_same("Two died ({G|German}: {P|Otto Aas}) in {L|Harlan}, ({G|French}: {P|Luc Moe})");
        check_same("{O|Tarn FC} ({G|German}: {P|Otto Aas}; {G|French}: {P|Luc Moe}), {O|Tarn} ({G|French}: 5)");
        check_same("{L|Harlan} ({G|German} town: {L|Harlau}), {L|Harlan} ({G|Germans}: {L|Harlau})");
        check_same("{P|Jon Aas} ({G|Republican}: {L|Ohio}), {L|Harlan} (see below, {G|German}: {L|Harlau})");
        check_same("{L|Harlan} is {G|German}: {L|Harlau} was, too");
    }
}
