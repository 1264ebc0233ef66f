//! Joins the parts of a person's name: around the particles of a surname, and where registers turn it round.

use super::{SURE_SPELLING, behind, between, is_person, last_word, words};
use crate::{
    document::Mention,
    lexicon::{Lexicon, fold},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

const BLANKS: [char; 2] = [' ', '\u{a0}'];

/// Names of bodies with more letters than this are seldom written in capitals.
const LONGEST_ACRONYM: usize = 4;

/// Words that a surname, or the given names behind it, may have in a register.
const LONGEST_PART: usize = 3;

/// What stands between the given name and the rest of a surname, each with whether it says so by itself: one in English
/// words never stands there, the other may stand between two people.
const PARTICLES: &[(&str, bool)] =
    &[("in 't", true), ("in ’t", true), ("van 't", true), ("van ’t", true), ("von und zu", true), ("van der", false)];

/// Joins what registers turn round: "GROZAV, Anatolie Petrovich", and in lists "Keller, Maria; Lind, Bo".
pub(super) fn join_registers(text: &str, mentions: &mut Vec<Mention>) {
    let mut joined: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mention in std::mem::take(mentions) {
        if let Some(last) = joined
            .last_mut()
            .filter(|last| is_turned_round(text, last, &mention) || is_entry_in_marks(text, last, &mention))
        {
            last.span.end = mention.span.end;
            last.score = last.score.max(mention.score);
            last.entity_type = EntityType::Person;
            continue;
        }
        joined.push(mention);
    }
    *mentions = joined;
}

/// Whether the given name of the one before it stands behind the comma.
fn is_turned_round(text: &str, last: &Mention, mention: &Mention) -> bool {
    let (family, given) = (words(text, last), words(text, mention));
    if !is_person(mention) || between(text, last, mention) != ", " || !is_given(given) {
        return false;
    }
    let before = text.get(..last.span.start as usize).unwrap_or_default().trim_end_matches(BLANKS);
    let behind = behind(text, mention).trim_start_matches(BLANKS);
    // Where a list goes on: at the start of a line, or behind a mark.
    let starts_entry = before.is_empty() || before.ends_with(['\n', ';', ':', '|', '•', '·']);
    let is_cried = in_capitals(family) && !in_capitals(given);
    if is_person(last) {
        let ends_entry = behind.is_empty() || behind.starts_with(['\n', ';', '|']);
        return is_cried || (!family.contains(' ') && !is_given(family) && starts_entry && ends_entry);
    }
    // "DENHOLM, Ivan;" is a surname that the model takes for a place, and "FIFA, Ivan Aas (president)" a body.
    let may_be_surname = last.kind == MentionKind::Name
        && matches!(last.entity_type, EntityType::Organization | EntityType::Place)
        && !family.contains(' ')
        && family.chars().count() > LONGEST_ACRONYM
        && !is_known(family);
    let starts_entry = starts_entry || before.ends_with('.');
    is_cried && may_be_surname && starts_entry && behind.starts_with([';', '('])
}

/// Whether a pair of marks holds the surname before and the given name and nothing else: `"Skarsvik, Maria",Director`.
fn is_entry_in_marks(text: &str, last: &Mention, mention: &Mention) -> bool {
    let may_be_part = |part: &Mention| {
        part.kind == MentionKind::Name
            && matches!(part.entity_type, EntityType::Organization | EntityType::Person | EntityType::Place)
            && words(text, part).split(' ').count() <= LONGEST_PART
    };
    if between(text, last, mention) != ", " || !may_be_part(last) || !may_be_part(mention) {
        return false;
    }
    let (family, given) = (words(text, last), words(text, mention));
    let before = text.get(..last.span.start as usize).unwrap_or_default();
    let rest = behind(text, mention);
    let are_people = is_person(last) && is_person(mention);
    if before.ends_with('(') && rest.starts_with(')') {
        // Brackets may well hold two people.
        return are_people && is_given(given) && !is_given(family);
    }
    let (Some(before), Some(rest)) = (before.strip_suffix(['"', '“', '„']), rest.strip_prefix(['"', '”', '“']))
    else {
        return false;
    };
    // In a cell of a table nothing but a name stands so.
    let starts_cell = before.is_empty() || before.ends_with(['\n', ',', ';', '|', '\t']);
    let ends_cell = rest.is_empty() || rest.starts_with(['\n', ',', ';', '|', '\t']);
    let is_surname = is_person(last) || !is_known(family);
    (is_given(given) && is_surname) || (are_people && starts_cell && ends_cell)
}

/// Whether a name starts with a given name, or goes on with that of a father.
fn is_given(name: &str) -> bool {
    let mut words = name.split_whitespace();
    words.next().is_some_and(|first| Lexicon::embedded().given_name_counts(&fold(first)).is_some())
        || words.any(|word| word.ends_with("vich") || word.ends_with("vna"))
}

fn in_capitals(name: &str) -> bool {
    let mut letters = name.chars().filter(|c| c.is_alphabetic());
    letters.clone().nth(1).is_some() && letters.all(char::is_uppercase)
}

/// Whether a place or body of that name is known.
fn is_known(name: &str) -> bool {
    let lexicon = Lexicon::embedded();
    lexicon.organization(name).is_some()
        || lexicon.territory_by_name(name).is_some()
        // As an acronym only large cities have it.
        || lexicon.cities(&name.to_lowercase()).next().is_some()
}

/// Makes one person of the parts around the particles of a surname: "Sanne in 't Veld".
pub(super) fn join_particles(text: &str, mentions: &mut Vec<Mention>) {
    let mut joins: Vec<(ByteSpan, f32)> = Vec::new();
    for (particle, is_sure) in PARTICLES {
        for (at, _) in text.match_indices(particle) {
            joins.extend(joined(text, mentions, at, particle, *is_sure));
        }
    }
    if joins.is_empty() {
        return;
    }
    joins.sort_by_key(|(span, _)| *span);
    joins.dedup_by(|next, kept| next.0.overlaps(kept.0));
    let mut next = 0;
    let mut taken = None;
    mentions.retain_mut(|mention| {
        while joins.get(next).is_some_and(|(span, _)| span.end <= mention.span.start) {
            next += 1;
        }
        let Some((span, score)) = joins.get(next).copied().filter(|(span, _)| span.overlaps(mention.span)) else {
            return true;
        };
        let is_first = taken != Some(next);
        taken = Some(next);
        if is_first {
            mention.span = span;
            mention.entity_type = EntityType::Person;
            mention.kind = MentionKind::Name;
            mention.score = score;
        }
        is_first
    });
}

/// The name around a particle at `at` and its score, if the mentions there are parts of it.
fn joined(text: &str, mentions: &[Mention], at: usize, particle: &str, is_sure: bool) -> Option<(ByteSpan, f32)> {
    let head = text.get(..at)?.strip_suffix(' ')?;
    let given = last_word(head).trim_start_matches(|c: char| !c.is_alphanumeric());
    let tail = text.get(at + particle.len()..)?.strip_prefix(' ')?;
    let surname = tail.split(|c: char| !(c.is_alphanumeric() || c == '-')).next()?.trim_end_matches('-');
    let is_capitalized = |word: &str| word.starts_with(char::is_uppercase);
    if !is_capitalized(given) || !is_capitalized(surname) || !given.chars().all(|c| c.is_alphabetic() || c == '-') {
        return None;
    }
    let given_span = ByteSpan::new(head.len() - given.len(), head.len());
    let surname_start = at + particle.len() + 1;
    let surname_span = ByteSpan::new(surname_start, surname_start + surname.len());
    let whole = ByteSpan::new(given_span.start as usize, surname_span.end as usize);

    let first = mentions.partition_point(|mention| mention.span.end <= whole.start);
    let parts = mentions.iter().skip(first).take_while(|mention| mention.span.start < whole.end);
    let (mut left, mut right, mut score) = (None, None, SURE_SPELLING);
    for part in parts {
        if part.span.contains(whole) || !(is_person(part) || whole.contains(part.span)) {
            return None;
        }
        if is_person(part) {
            left = left.or(part.span.overlaps(given_span).then_some(part.span));
            right = if part.span.overlaps(surname_span) { Some(part.span) } else { right };
            score = score.max(part.score);
        }
    }
    let is_name = if is_sure {
        let is_given = || Lexicon::embedded().given_name_counts(&fold(given)).is_some();
        left.is_some() || (right.is_some() && is_given())
    } else {
        left == Some(given_span) && right.is_some()
    };
    let start = left.map_or(whole.start, |left| left.start.min(whole.start));
    let end = right.map_or(whole.end, |right| right.end.max(whole.end));
    is_name.then(|| (ByteSpan::new(start as usize, end as usize), score))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn registers_turn_names_round() {
        check("1. {P|GROZAV}, {P|Anatolie Petrovich}", "1. {P|GROZAV, Anatolie Petrovich}");
        check(
            "Directors: {P|Skarsvik}, {P|Maria}; {P|Grozav}, {P|Peter}",
            "Directors: {P|Skarsvik, Maria}; {P|Grozav, Peter}",
        );
        check_same("It was {P|Skarsvik}, {P|Maria} said.");
        check_same("Present: {P|Peter}, {P|Paul} and {P|Mary}");
        check_same("{P|GROZAV}, {P|SKARSVIK}");
        check_same("{P|GROZAV}, {O|Maria Line}");
        check(
            "He left. {L|GROZAV-LUN}, {P|Ivan Petrovich}; DOB 1980",
            "He left. {P|GROZAV-LUN, Ivan Petrovich}; DOB 1980",
        );
        check("{O|GROZAV}, {P|Dmitri Petrovich} (a.k.a. Grozov)", "{P|GROZAV, Dmitri Petrovich} (a.k.a. Grozov)");
        check_same("{L|OSLO}, {P|Ivan Petrovich}; {L|LONDON}, {P|Peter Aas} (55); {O|FIFA}, {P|Peter Aas} (55)");
        check_same(
            "At {O|SKARVIK}, {P|Peter Aas} (55) and {L|Skarvik}, {P|Ivan Petrovich}; {L|SKARVIK}, {P|Peter} left",
        );
    }

    #[test]
    fn marks_hold_names_turned_round() {
        check("{P|\"Skarsvik}, {P|Maria\"},Director", "\"{P|Skarsvik, Maria}\",Director");
        check("\"{L|Skarsvik}, {L|Maria}\" | \"{O|Nordbank}\"", "\"{P|Skarsvik, Maria}\" | \"{O|Nordbank}\"");
        check("1,\"{P|Skarsvik}, {P|Tarnje}\",2", "1,\"{P|Skarsvik, Tarnje}\",2");
        check("({P|Skarsvik}, {P|Maria}) left", "({P|Skarsvik, Maria}) left");
        check_same("\"{L|Sydney}, {L|Victoria}\" and \"{O|Nordbank}, {P|Skarsvik}\"");
        check_same("He said \"{P|Skarsvik}, {P|Tarnje}\" there, and \"{P|Skarsvik}, {P|Maria} too\"");
        check_same("({P|Peter}, {P|Maria}), ({L|Skarsvik}, {P|Maria}) and ({P|Skarsvik}, {P|Maria} and others)");
        check_same("\"{T|Director}, {P|Maria}\" and \"{O|Bank of the Tarn}, {P|Maria}\"");
    }

    #[test]
    fn particles_join_the_parts_of_a_name() {
        check("{P|Sanne} in 't {P|Veld} met Jan", "{P|Sanne in 't Veld} met Jan");
        check("({P|Sanne} in ’t {L|Veld}) met Jan", "({P|Sanne in ’t Veld}) met Jan");
        check("Then {P|Sanne} {P|in 't Veld} met Jan", "Then {P|Sanne in 't Veld} met Jan");
        check("{P|Sanne} in 't Veld's brother", "{P|Sanne in 't Veld}'s brother");
        check("{P|Franz} von und zu {L|Liechtenstein} left", "{P|Franz von und zu Liechtenstein} left");
        check("{P|Piet} van der {P|Berg} left", "{P|Piet van der Berg} left");
        check_same("{P|Piet van der Berg} left");
        check_same("{P|Piet Aas} van der {P|Berg} left");
        check_same("{P|Piet} van der Berg left");
        check_same("Yesterday in 't {P|Veld} left");
        check_same("{O|Stichting Sanne} in 't {P|Veld}");
    }
}
