//! Old firms that the model cuts at a comma: "Harlan, Moss and Company".

use std::collections::BTreeSet;

use super::{SURE_SPELLING, behind, between, firms::is_partners, words};
use crate::{
    document::Mention,
    lexicon::{Lexicon, is_acronym},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The fewest letters of the name of a partner.
const LEAST_LETTERS: usize = 3;

/// Joins the first partner and the others, where nothing else is listed beside them.
pub(super) fn join_partners(text: &str, mentions: &mut Vec<Mention>) {
    let firms: Vec<usize> = (1..mentions.len()).filter(|second| is_cut(text, mentions, *second)).collect();
    if firms.is_empty() {
        return;
    }
    // Who goes by that name alone elsewhere is no partner: "Vantorp, Moss & Co. to merge".
    let alone: BTreeSet<&str> = mentions
        .iter()
        .enumerate()
        .filter(|(index, mention)| is_body(mention) && firms.binary_search(&(index + 1)).is_err())
        .map(|(_, mention)| words(text, mention))
        .collect();
    let mut joined: Vec<Mention> = Vec::with_capacity(mentions.len());
    for (index, mention) in std::mem::take(mentions).into_iter().enumerate() {
        let is_second = firms.binary_search(&index).is_ok();
        if let Some(first) = joined.last_mut().filter(|first| is_second && !alone.contains(words(text, first))) {
            first.span = ByteSpan::new(first.span.start as usize, mention.span.end as usize);
            first.score = first.score.max(mention.score).max(SURE_SPELLING);
            continue;
        }
        joined.push(mention);
    }
    *mentions = joined;
}

fn is_body(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && mention.entity_type == EntityType::Organization
}

/// Whether a mention is the end of the name of a firm whose start is the mention before it.
fn is_cut(text: &str, mentions: &[Mention], second: usize) -> bool {
    let Some([first, rest]) = second.checked_sub(1).and_then(|first| mentions.get(first..=second)) else {
        return false;
    };
    if !is_body(first) || !is_body(rest) || between(text, first, rest) != ", " {
        return false;
    }
    let before = text.get(..first.span.start as usize).unwrap_or_default().trim_end();
    let tail = behind(text, rest);
    let tail = tail.strip_prefix('.').unwrap_or(tail);
    let is_listed = before.ends_with([',', ';', '&'])
        || before.ends_with(" and")
        || [" and ", ", and ", " & ", " or ", ", or "].iter().any(|word| tail.starts_with(word));
    !is_listed && is_partner_name(words(text, first)) && are_partners(words(text, rest))
}

/// Whether a word may be the surname of a partner, and is the name of no body and no place that is known.
fn is_partner_name(name: &str) -> bool {
    let lexicon = Lexicon::embedded();
    name.chars().count() >= LEAST_LETTERS
        && name.starts_with(char::is_uppercase)
        && name.chars().all(char::is_alphabetic)
        && !is_acronym(name)
        && lexicon.organization(name).is_none()
        && lexicon.territory_by_name(name).is_none()
        && lexicon.people(name).is_none()
}

/// Whether words are the other partners: "Moss and Company", "Moss & Co."
fn are_partners(name: &str) -> bool {
    let parts = name.split_once(" and ").or_else(|| name.split_once(" & "));
    parts.is_some_and(|(partner, kind)| is_partner_name(partner) && is_partners(kind))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn firms_have_several_partners() {
        check("{O|Harlan}, {O|Moss and Company} failed.", "{O|Harlan, Moss and Company} failed.");
        check(
            "sold by {O|Harlan}, {O|Moss & Co.} in {D|1850}. {O|Dent}, {O|Moss and Sons}.",
            "sold by {O|Harlan, Moss & Co.} in {D|1850}. {O|Dent, Moss and Sons}.",
        );
    }

    #[test]
    fn lists_of_firms_stay() {
        check_same("{P|Harlan}, {O|Moss and Company} and {L|Harlan}, {O|Moss and Company}");
        check_same(
            "{O|Harlan}, {O|Moss and Company} and {O|Dent} met. {O|Tarn}, {O|Harlan}, {O|Moss and Company} left",
        );
        check_same("{O|Vantorp}, {O|Moss & Co.} to merge. {O|Vantorp} said so.");
        check_same("{O|Unesco}, {O|Moss & Co.} left; {O|NTV}, {O|Moss and Company} too.");
        check_same("{O|Harlan}, {O|Moss and Dent} left. {O|Harlan Bank}, {O|Moss and Company} left.");
    }
}
