//! Parties in letters behind people: "R-Ohio", "(Lab)"; those of none are nothing: "(Ind)".

use super::{
    LOOK_BACK, behind, between,
    changes::{Change, apply_changes},
    is_person,
};
use crate::{
    document::Mention,
    lexicon::Lexicon,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// What British papers write in brackets for a party. What stands for words first.
const PARTIES: &[&str] = &["Con", "Grn", "LDem", "Lab", "Lib Dem", "Lib Dems"];

/// What may be a name at birth as well; it counts near another party in brackets.
const PARTIES_OR_NAMES: &[&str] = &["Green", "LD", "Reform"];

/// Words for those who are in no party.
const INDEPENDENTS: &[&str] = &["Ind", "Ind.", "Independent"];

/// Makes groups and bodies of the letters for parties behind people, and takes out those for no party.
pub(super) fn mend_parties(text: &str, mentions: &mut Vec<Mention>) {
    let mut changes = Vec::new();
    for (index, person) in mentions.iter().enumerate().filter(|(_, mention)| is_person(mention)) {
        let title = index
            .checked_sub(1)
            .and_then(|before| mentions.get(before))
            .filter(|title| title.entity_type == EntityType::Title && between(text, title, person) == " ");
        let next = mentions.get(index + 1);
        changes.extend(american_party(text, person, next, title.is_some()).or_else(|| british_party(text, person)));
    }
    apply_changes(text, mentions, &changes);
}

/// What the letter behind a politician of the United States stands for: "R-Ohio", "(D)".
fn american_party(text: &str, person: &Mention, next: Option<&Mention>, has_title: bool) -> Option<Change> {
    let rest = behind(text, person);
    let tail = rest.strip_prefix(" (").or_else(|| rest.strip_prefix(", "))?;
    let letter = tail.chars().next().filter(|letter| matches!(letter, 'D' | 'I' | 'R'))?;
    let start = text.len() - tail.len();
    let span = ByteSpan::new(start, start + letter.len_utf8());
    let behind_letter = tail.get(1..)?;
    let is_party = match behind_letter.strip_prefix(['-', '–', '‑']) {
        Some(state) => {
            let at = (text.len() - state.len()) as u32;
            let is_place = |next: &Mention| next.kind == MentionKind::Name && next.entity_type == EntityType::Place;
            next.is_some_and(|next| is_place(next) && next.span.start <= at && at < next.span.end)
                || starts_in_state(state)
        }
        None => has_title && rest.starts_with(" (") && behind_letter.starts_with(')'),
    };
    is_party.then(|| if letter == 'I' { Change::nothing(span) } else { Change::name(span, EntityType::Group) })
}

/// Whether a text starts with a state of the United States, or what its mail or its papers write for it.
fn starts_in_state(text: &str) -> bool {
    let is_end = |c: char| matches!(c, ')' | ',' | ';' | ' ' | '\n');
    let word = text.split(is_end).next().unwrap_or_default();
    let is_code = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let lexicon = Lexicon::embedded();
    is_code
        || lexicon.is_abbreviated_region(word)
        || lexicon.territory_by_name(word).is_some_and(|territory| territory.code.starts_with("us-"))
}

/// What the word in brackets behind a politician of Britain stands for: "(Lab)", "(Con, Harlan East)".
fn british_party(text: &str, person: &Mention) -> Option<Change> {
    let rest = behind(text, person).strip_prefix(" (")?;
    let start = text.len() - rest.len();
    let found = |list: &[&'static str]| {
        list.iter().copied().find(|party| rest.strip_prefix(party).is_some_and(|rest| rest.starts_with([')', ','])))
    };
    let span = |party: &str| ByteSpan::new(start, start + party.len());
    if let Some(party) = found(INDEPENDENTS) {
        return Some(Change::nothing(span(party)));
    }
    let party = found(PARTIES).or_else(|| found(PARTIES_OR_NAMES).filter(|_| is_near_party(text, start)))?;
    Some(Change::name(span(party), EntityType::Organization))
}

/// Whether a sure party stands in brackets shortly before or behind.
fn is_near_party(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at_checked(at).unwrap_or_default();
    let near = before
        .char_indices()
        .rev()
        .take(LOOK_BACK)
        .chain(rest.char_indices().take(LOOK_BACK).map(|(offset, c)| (at + offset, c)));
    near.filter(|(_, c)| *c == '(').any(|(open, _)| {
        let inside = text.get(open + 1..).unwrap_or_default();
        PARTIES
            .iter()
            .chain(INDEPENDENTS)
            .any(|party| inside.strip_prefix(party).is_some_and(|rest| rest.starts_with(')')))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn letters_for_parties_are_names() {
        check(
            "{T|Sen.} {P|Jon Aas}, R-{L|Ohio}, and {P|Ada Quill}, {O|D}-{L|Calif.}, met {P|Bo Lind} ({L|I}-{L|Maine}).",
            "{T|Sen.} {P|Jon Aas}, {G|R}-{L|Ohio}, and {P|Ada Quill}, {G|D}-{L|Calif.}, met {P|Bo Lind} (I-{L|Maine}).",
        );
        check(
            "{P|Jon Aas} ({L|R-Ohio}) and {P|Bo Lind} (D-NY)",
            "{P|Jon Aas} ({G|R}-{L|Ohio}) and {P|Bo Lind} ({G|D}-NY)",
        );
        check(
            "{T|Gov.} {P|Jon Aas} (R) met {T|Sen.} {P|Bo Lind} ({L|I}).",
            "{T|Gov.} {P|Jon Aas} ({G|R}) met {T|Sen.} {P|Bo Lind} (I).",
        );
        check(
            "{P|Ann Moe} (Con) met {P|Jon Aas} ({L|Lab}), {P|Bo Lind} ({L|Ind}), {P|Eva Roth} (Green).",
            "{P|Ann Moe} ({O|Con}) met {P|Jon Aas} ({O|Lab}), {P|Bo Lind} (Ind), {P|Eva Roth} ({O|Green}).",
        );
        check("{P|Ann Moe} (Lib Dem, {L|Harlan}) left", "{P|Ann Moe} ({O|Lib Dem}, {L|Harlan}) left");
    }

    #[test]
    fn other_letters_in_brackets_stay() {
        check_same("{P|Jon Aas} (D) scored, {P|Bo Lind} (R-rated), {P|Ann Moe}, D-day veteran, and {P|Eva Roth}, I-95");
        check_same("{P|Ann Moe} (Green) and {P|Ann Moe} (LD) of {L|Harlan} ({L|Ohio})");
        check_same("{P|Ann Moe} (Conrad), {P|Bo Lind} (Labrador), {P|Jon Aas} (Con artist), {L|Gary} ({L|Ind.})");
        check_same("{O|Nordbank} (Lab) and {P|Jon Aas}, Lab, {W|Tarn} (R)");
    }
}
