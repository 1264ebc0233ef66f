//! Countries in the names of bodies: "National Oil Corporation of Kenya", "Kuwait National Bank".

use super::{SURE_SPELLING, behind, between, firms::add_form, last_word, starts_with_word, words};
use crate::{
    document::Mention,
    lexicon::{Lexicon, TerritoryKind},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Bodies that countries have. Of boards and commissions the country is mostly no part of the name.
const PUBLIC_BODIES: &[&str] = &["Association", "Authority", "Council", "Institute"];

/// Bodies that are named after a country if no other word makes their name their own: not "Vantorp Corporation of Japan".
const FIRMS: &[&str] = &["Bank", "Company", "Corporation"];

/// Words that say what a body does, or whose it is.
const GENERAL_WORDS: &[&str] = &[
    "Agricultural",
    "Airports",
    "Aviation",
    "Broadcasting",
    "Cement",
    "Central",
    "Coal",
    "Commercial",
    "Cotton",
    "Credit",
    "Deposit",
    "Development",
    "Electric",
    "Electricity",
    "Energy",
    "Export",
    "Export-Import",
    "Finance",
    "Financial",
    "Food",
    "Gas",
    "General",
    "Grid",
    "Housing",
    "Import",
    "Industrial",
    "Infrastructure",
    "Insurance",
    "Investment",
    "Life",
    "Maritime",
    "Mining",
    "Mortgage",
    "National",
    "Natural",
    "Nuclear",
    "Oil",
    "Petroleum",
    "Ports",
    "Power",
    "Railway",
    "Railways",
    "Reinsurance",
    "Reserve",
    "Savings",
    "Shipping",
    "State",
    "Steel",
    "Sugar",
    "Telecommunications",
    "Telephone",
    "Television",
    "Tourism",
    "Trade",
    "Trading",
    "Transport",
    "Union",
    "Water",
];

/// The most words in the name of a country.
const LONGEST_COUNTRY: usize = 4;

/// What stands before a place in which something happens, at the start of a sentence.
const BEFORE_PLACES: &[&str] = &["Across", "At", "From", "In", "Near", "Outside"];

/// Takes the countries behind and before the names of bodies into them.
pub(super) fn take_states(text: &str, mentions: &mut Vec<Mention>) {
    let mut taken: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        if let Some(start) = state_before(text, &taken, &mention) {
            taken.pop();
            mention.span = ByteSpan::new(start, mention.span.end as usize);
        }
        if let Some(end) = state_behind(text, &mention, rest.peek()) {
            while rest.next_if(|part| part.span.end as usize <= end).is_some() {}
            mention.span = ByteSpan::new(mention.span.start as usize, end);
            mention.score = mention.score.max(SURE_SPELLING);
            add_form(text, &mut mention, rest.peek().map(|next| next.span));
        }
        taken.push(mention);
    }
    *mentions = taken;
}

fn is_body(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && mention.entity_type == EntityType::Organization
}

/// Where the name of a body ends that goes on in a country.
fn state_behind(text: &str, mention: &Mention, next: Option<&Mention>) -> Option<usize> {
    if !is_body(mention) || !may_have_state(words(text, mention)) {
        return None;
    }
    let tail = behind(text, mention).strip_prefix(" of ")?;
    let tail = tail.strip_prefix("the ").unwrap_or(tail);
    let start = text.len() - tail.len();
    let end = start + country_length(tail)?;
    // Nothing is cut in two.
    next.is_none_or(|next| next.span.end as usize <= end || next.span.start as usize >= end).then_some(end)
}

/// Whether a name is that of a body that takes the name of a country.
fn may_have_state(name: &str) -> bool {
    let Some((head, kind)) = name.rsplit_once(' ') else { return false };
    let is_general =
        |word: &str| GENERAL_WORDS.contains(&word.trim_end_matches(',')) || matches!(word, "&" | "The" | "and" | "the");
    PUBLIC_BODIES.contains(&kind)
        || (FIRMS.contains(&kind) && head.split(' ').all(is_general) && !matches!(head, "The" | "the"))
}

/// Length of the longest name of a country that a text starts with.
fn country_length(text: &str) -> Option<usize> {
    let mut ends = text
        .char_indices()
        .filter(|(_, c)| !c.is_alphanumeric())
        .map(|(at, _)| at)
        .chain([text.len()])
        .take(LONGEST_COUNTRY)
        .collect::<Vec<_>>();
    ends.reverse();
    ends.into_iter().find(|end| {
        let name = text.get(..*end).unwrap_or_default();
        let is_country = |name: &str| {
            Lexicon::embedded()
                .territory_by_name(name)
                .is_some_and(|territory| territory.is_country() || territory.kind == TerritoryKind::Territory)
        };
        name.starts_with(char::is_uppercase)
            && name.ends_with(char::is_alphanumeric)
            && !["'s", "’s"].iter().any(|possessive| name.ends_with(possessive))
            && starts_with_word(text, name)
            && is_country(name)
    })
}

/// Where the name of a body starts whose country the model took for a place of its own: "Kuwait" of "Kuwait National Bank".
fn state_before(text: &str, taken: &[Mention], mention: &Mention) -> Option<usize> {
    let name = words(text, mention);
    let (first, last) = (name.split(' ').next()?, name.rsplit(' ').next()?);
    let is_national = first == "National" && FIRMS.contains(&last) && is_body(mention);
    let place = taken.last().filter(|place| {
        is_national
            && place.kind == MentionKind::Name
            && place.entity_type == EntityType::Place
            && between(text, place, mention) == " "
    })?;
    // "Harlan, Ohio National Bank" and "In Ohio National Bank".
    let is_listed = taken
        .len()
        .checked_sub(2)
        .and_then(|before| taken.get(before))
        .is_some_and(|before| before.entity_type == EntityType::Place && between(text, before, place) == ", ");
    let before = text.get(..place.span.start as usize)?;
    let is_where = before.strip_suffix(' ').is_some_and(|before| BEFORE_PLACES.contains(&last_word(before)));
    // A dateline may have lost its dash.
    let is_cried = !words(text, place).contains(char::is_lowercase);
    (!is_listed && !is_where && !is_cried).then_some(place.span.start as usize)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn bodies_end_in_their_country() {
        check(
            "{O|Life Insurance Corporation} of {L|India} and {O|Shipping Corporation} of India Ltd met.",
            "{O|Life Insurance Corporation of India} and {O|Shipping Corporation of India Ltd} met.",
        );
        check(
            "The {O|Oil and Natural Gas Corporation} of {L|South Africa}'s rig",
            "The {O|Oil and Natural Gas Corporation of South Africa}'s rig",
        );
        check(
            "{O|Commercial Bank} of the {L|Philippines}, {O|Medical Association} of {L|Kenya}",
            "{O|Commercial Bank of the Philippines}, {O|Medical Association of Kenya}",
        );
        check("the {O|Quality Council} of {L|Scotland}", "the {O|Quality Council of Scotland}");
    }

    #[test]
    fn bodies_of_other_names_stay() {
        check_same("{O|Vantorp Corporation} of {L|Japan} and {O|Vantorp Bank} of {L|Germany}");
        check_same("{O|Power Corporation} of {L|Oslo}, the {O|Company} of {L|Kenya}, {O|National Guard} of {L|Kenya}");
        check_same("{O|Tarn Council} of {L|Ohio}, {O|Nordbank Inc.} of {L|Canada}, the {O|Government} of {L|Kenya}");
        check_same("{O|Oil Company} of {L|Chad Valley} and {O|Oil Company} officials of {L|Kenya}");
        check_same("{P|Power Corporation} of {L|Kenya}");
    }

    #[test]
    fn bodies_start_with_their_country() {
        check(
            "{L|Abu Dhabi} {O|National Oil Company} ({O|ADNOC}) met {L|Kuwait} {O|National Bank}.",
            "{O|Abu Dhabi National Oil Company} ({O|ADNOC}) met {O|Kuwait National Bank}.",
        );
        check_same("In {L|Kuwait} {O|National Bank} fell. {L|Harlan}, {L|Ohio} {O|National Bank} fell.");
        check_same(
            "{L|KUWAIT} {O|National Bank} fell. {L|Kuwait}'s {O|National Bank} fell. {L|Kuwait}, {O|National Bank}",
        );
        check_same("{L|Kuwait} {O|National Guard}, {L|Kuwait} {O|Nordbank} and {P|Kuwait} {O|National Bank}");
    }
}
