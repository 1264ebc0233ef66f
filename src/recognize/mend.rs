//! Mends names that the model has cut in the wrong place, by what spelling alone tells.
//!
//! Brackets come in pairs, a legal form ends the name of a company, "in 't" stands between the parts of a Dutch name, and
//! letters for honours and degrees follow a name without belonging to it.

use crate::{
    document::Mention,
    lexicon::{Lexicon, fold, is_acronym},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The least score of a name whose spelling leaves no doubt; it is above the limit under which names are dropped.
const SURE_SPELLING: f32 = 0.6;

/// How far back a name may start that goes on in brackets, in bytes.
const LOOK_BACK: usize = 120;
/// How many words it may have before the bracket.
const WORDS_BACK: usize = 6;
/// The longest insertion in brackets within the name of a company, in characters.
const LONGEST_INSERTION: usize = 40;

/// Legal forms as they are usually written that end without a full stop, or always have one.
const FORMS: &[&str] = &[
    "A/S",
    "AB",
    "AG",
    "AG & Co. KG",
    "AG & Co. KGaA",
    "AS",
    "ASA",
    "ApS",
    "B.V.",
    "BV",
    "Berhad",
    "CJSC",
    "GmbH",
    "GmbH & Co KG",
    "GmbH & Co. KG",
    "GmbH & Co. KGaA",
    "JSC",
    "K.K.",
    "K/S",
    "KG",
    "KGaA",
    "L.L.C.",
    "L.L.P.",
    "L.P.",
    "LLC",
    "LLP",
    "Limited",
    "N.V.",
    "NV",
    "OJSC",
    "OÜ",
    "Oy",
    "Oyj",
    "P.L.C.",
    "PJSC",
    "PLC",
    "Plc",
    "S.A.",
    "S.A. de C.V.",
    "S.A.B. de C.V.",
    "S.A.R.L.",
    "S.A.S.",
    "S.L.",
    "S.R.L.",
    "S.p.A.",
    "S.r.l.",
    "SA",
    "SA de CV",
    "SA/NV",
    "SARL",
    "SE",
    "SRL",
    "Sp. z o.o.",
    "SpA",
    "Srl",
    "Sàrl",
    "a.s.",
    "d.o.o.",
    "e.V.",
    "p.l.c.",
    "plc",
    "s.r.o.",
    "sp. z o.o.",
];

/// Legal forms cut short, which some write with a full stop.
const SHORT_FORMS: &[&str] = &[
    "Bhd", "Corp", "Inc", "Kft", "Lda", "Ltd", "Ltda", "Nyrt", "Pte Ltd", "Pte. Ltd", "Pty Ltd", "Pty. Ltd", "Pvt Ltd",
    "Pvt. Ltd", "Sdn Bhd", "Sdn. Bhd", "Tbk", "Zrt",
];

/// What stands behind "&" in the name of a company that is called after a person.
const PARTNERS: &[&str] = &[
    "Associates",
    "Bros",
    "Brothers",
    "Cie",
    "Co",
    "Company",
    "Daughter",
    "Daughters",
    "Fils",
    "Partners",
    "Son",
    "Sons",
    "Söhne",
];

/// Letters behind a name, without full stops, that are no part of it: honours, degrees, learned and other bodies.
const LETTERS: &[&str] = &[
    "CBE", "CMG", "CPA", "CVO", "DBE", "DCMG", "DFC", "DPhil", "DSC", "DSO", "FBA", "FCA", "FCCA", "FCIS", "FRAS",
    "FRCP", "FRCS", "FRGS", "FRIBA", "FRICS", "FRS", "FRSA", "FRSE", "GBE", "GCB", "GCMG", "GCVO", "KBE", "KCB",
    "KCMG", "KCVO", "LLB", "LLD", "LLM", "LVO", "MBA", "MBE", "MD", "MEP", "MP", "MPhil", "MRICS", "MSP", "MSc", "MVO",
    "OBE", "PhD", "QC",
];

/// Letters that may be a name or initials as well; they count only behind a comma.
const LETTERS_OR_NAMES: &[&str] = &["BA", "BSc", "DCM", "JP", "KC", "MA", "MC", "MM", "PE", "RN", "SC", "SJ", "TD"];

/// Letters that tell a role, which is a title of its own.
const ROLES: &[&str] = &["MEP", "MP", "MSP", "QC"];

/// What stands between the given name and the rest of a surname, each with whether it says so by itself: one in English
/// words never stands there, the other may stand between two people.
const PARTICLES: &[(&str, bool)] =
    &[("in 't", true), ("in ’t", true), ("van 't", true), ("van ’t", true), ("von und zu", true), ("van der", false)];

/// Capitalized words that come before a name and do not start it.
const BEFORE_NAMES: &[&str] = &[
    "A", "An", "And", "As", "At", "But", "By", "For", "From", "He", "If", "In", "It", "Of", "On", "She", "That", "The",
    "They", "This", "To", "When", "While", "With",
];

/// Mends the names among the mentions of a text, which are in order and apart from each other and stay so.
pub(super) fn mend_names(text: &str, mentions: &mut Vec<Mention>) {
    let mut mended: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mut mention in std::mem::take(mentions) {
        // The name before it has taken it in, but for its full stop.
        if let Some(last) = mended.last_mut().filter(|last| mention.span.start < last.span.end) {
            if between_ends(text, last, &mention) == "." {
                last.span.end = mention.span.end;
            }
            continue;
        }
        if mention.kind == MentionKind::Name {
            if is_letters_behind(text, mended.last(), &mention) {
                continue;
            }
            if mention.entity_type == EntityType::Person {
                cut_letters(text, &mut mention);
            }
            close_brackets(text, &mut mended, &mut mention);
            if let Some(last) = mended.last_mut().filter(|last| is_form_of(text, last, &mention)) {
                last.span.end = mention.span.end;
                last.entity_type = EntityType::Organization;
                last.score = last.score.max(mention.score).max(SURE_SPELLING);
                add_form(text, last);
                continue;
            }
            add_form(text, &mut mention);
        }
        mended.push(mention);
    }
    *mentions = mended;
    join_particles(text, mentions);
    join_registers(text, mentions);
}

/// Joins what registers turn round: "GROZAV, Anatolie Petrovich", and in lists "Keller, Maria; Lind, Bo".
fn join_registers(text: &str, mentions: &mut Vec<Mention>) {
    let is_given = |name: &str| {
        let first = name.split_whitespace().next().unwrap_or_default();
        Lexicon::embedded().given_name_counts(&fold(first)).is_some()
    };
    let in_capitals = |name: &str| {
        let mut letters = name.chars().filter(|c| c.is_alphabetic());
        letters.clone().nth(1).is_some() && letters.all(char::is_uppercase)
    };
    // Where a list goes on: at the start of a line, or behind a mark.
    let starts_entry = |mention: &Mention| {
        let before = text.get(..mention.span.start as usize).unwrap_or_default();
        let before = before.trim_end_matches([' ', '\u{a0}']);
        before.is_empty() || before.ends_with(['\n', ';', ':', '|', '•', '·'])
    };
    let ends_entry = |mention: &Mention| {
        let behind = behind(text, mention).trim_start_matches([' ', '\u{a0}']);
        behind.is_empty() || behind.starts_with(['\n', ';', '|'])
    };
    let mut joined: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mention in std::mem::take(mentions) {
        if let Some(last) = joined.last_mut().filter(|last| is_person(last) && is_person(&mention)) {
            let (family, given) = (words(text, last), words(text, &mention));
            let is_cried = in_capitals(family) && !in_capitals(given);
            let is_entry = !family.contains(' ') && !is_given(family) && starts_entry(last) && ends_entry(&mention);
            if between(text, last, &mention) == ", " && is_given(given) && (is_cried || is_entry) {
                last.span.end = mention.span.end;
                last.score = last.score.max(mention.score);
                continue;
            }
        }
        joined.push(mention);
    }
    *mentions = joined;
}

/// Whether a word is a legal form that never ends in a full stop of its own: `plc`, `A/S`, `GmbH`.
pub(super) fn takes_no_stop(word: &str) -> bool {
    word.contains('/') || (FORMS.contains(&word) && !word.ends_with('.'))
}

fn words<'a>(text: &'a str, mention: &Mention) -> &'a str {
    text.get(mention.span.range()).unwrap_or_default()
}

fn behind<'a>(text: &'a str, mention: &Mention) -> &'a str {
    text.get(mention.span.end as usize..).unwrap_or_default()
}

fn between<'a>(text: &'a str, first: &Mention, second: &Mention) -> &'a str {
    text.get(first.span.end as usize..second.span.start as usize).unwrap_or_default()
}

fn between_ends<'a>(text: &'a str, first: &Mention, second: &Mention) -> &'a str {
    text.get(first.span.end as usize..second.span.end as usize).unwrap_or_default()
}

fn is_person(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && mention.entity_type == EntityType::Person
}

/// Whether a name of this type may be the first part of the name of a company.
fn can_be_firm(entity_type: EntityType) -> bool {
    matches!(entity_type, EntityType::Organization | EntityType::Person | EntityType::Place | EntityType::Work)
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/')))
}

/// Whether a mention is nothing but letters behind the name of a person: "Ann Doe, M.D.".
fn is_letters_behind(text: &str, last: Option<&Mention>, mention: &Mention) -> bool {
    let letters = words(text, mention).replace('.', "");
    let is_mistaken = match mention.entity_type {
        EntityType::Person | EntityType::Place => true,
        EntityType::Title => !ROLES.contains(&letters.as_str()),
        _ => false,
    };
    is_mistaken
        && LETTERS.contains(&letters.as_str())
        && last.is_some_and(|last| is_person(last) && matches!(between(text, last, mention), " " | ", "))
}

/// Cuts off what follows the name of a person: "John Blount KBE", "Ann Doe, Ph.D."; "Al Poe Jr." stays whole.
fn cut_letters(text: &str, mention: &mut Mention) {
    let mut name = words(text, mention);
    while let Some((head, last)) = name.rsplit_once(char::is_whitespace) {
        let head = head.trim_end();
        let bare = head.trim_end_matches(',');
        let behind_comma = bare.len() < head.len();
        // Among capitals a surname looks no different.
        let stands_out = behind_comma || bare.chars().any(char::is_lowercase);
        if bare.is_empty() || !stands_out || !is_letters(last, behind_comma) {
            break;
        }
        name = bare;
    }
    let start = mention.span.start as usize;
    mention.span = ByteSpan::new(start, start + name.len());
}

fn is_letters(word: &str, behind_comma: bool) -> bool {
    let letters: String = word.chars().filter(|c| *c != '.').collect();
    // "Petrov M.D." has two initials.
    let initials = letters.len() < word.len() && !letters.chars().any(char::is_lowercase);
    (LETTERS.contains(&letters.as_str()) && (behind_comma || !initials))
        || (behind_comma && LETTERS_OR_NAMES.contains(&letters.as_str()))
}

/// Gives a name with half a pair of brackets the other half, or takes its half away.
///
/// "UK) Limited" behind "Standard Metals (" is the end of one name, which takes the place of those at the end of `mended`
/// that are part of it.
fn close_brackets(text: &str, mended: &mut Vec<Mention>, mention: &mut Mention) {
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

/// Where the capitalized words start that a text ends with; those before the floor do not count.
fn capitalized_start(text: &str, floor: usize) -> Option<usize> {
    let mut end = text.len();
    let mut start = None;
    for _ in 0..WORDS_BACK {
        let word = last_word(text.get(..end)?);
        let from = end - word.len();
        let is_capitalized = word.starts_with(char::is_uppercase) && word.ends_with(char::is_alphanumeric);
        if from < floor || BEFORE_NAMES.contains(&word) || !(is_capitalized || word == "&") {
            break;
        }
        if is_capitalized {
            start = Some(from);
        }
        match text.get(..from).and_then(|head| head.strip_suffix(' ')) {
            Some(head) => end = head.len(),
            None => break,
        }
    }
    start
}

/// The last word of a text, with the marks around it; of a very long one only the end.
fn last_word(text: &str) -> &str {
    let mut from = text.len().saturating_sub(LOOK_BACK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default().rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// Whether a mention is no name but the end of the one before it: "& Co." or a legal form.
fn is_form_of(text: &str, last: &Mention, mention: &Mention) -> bool {
    if last.kind != MentionKind::Name
        || !can_be_firm(last.entity_type)
        || mention.entity_type != EntityType::Organization
    {
        return false;
    }
    let form = words(text, mention);
    match between(text, last, mention) {
        " " => is_form(form) || form.strip_prefix("& ").is_some_and(is_partners),
        ", " => last.entity_type == EntityType::Organization && is_form(form),
        _ => false,
    }
}

fn is_form(words: &str) -> bool {
    let bare = words.strip_suffix('.').unwrap_or(words);
    FORMS.iter().chain(SHORT_FORMS).any(|form| *form == words || *form == bare)
}

fn is_partners(words: &str) -> bool {
    PARTNERS.contains(&words.strip_suffix('.').unwrap_or(words))
}

/// Takes what makes a name that of a company, and stands right behind it, into the name.
fn add_form(text: &str, mention: &mut Mention) {
    if !can_be_firm(mention.entity_type) {
        return;
    }
    if let Some(length) = partners_behind(behind(text, mention)) {
        lengthen(mention, length);
        mention.entity_type = EntityType::Organization;
        mention.score = mention.score.max(SURE_SPELLING);
    }
    if mention.entity_type == EntityType::Organization
        && let Some(length) = form_behind(words(text, mention), behind(text, mention))
    {
        lengthen(mention, length);
    }
}

fn lengthen(mention: &mut Mention, length: usize) {
    mention.span = ByteSpan::new(mention.span.start as usize, mention.span.end as usize + length);
}

/// Length of " & Co" and the like at the start of a text.
fn partners_behind(rest: &str) -> Option<usize> {
    let partners = rest.strip_prefix(" & ")?;
    PARTNERS.iter().find(|word| starts_with_word(partners, word)).map(|word| " & ".len() + word.len())
}

/// Length of a legal form at the start of a text, with the blank before it and what is inserted in brackets: " ASA",
/// " (Chile) SpA".
fn form_behind(name: &str, rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix(' ')?;
    if let Some(length) = form_length(rest) {
        // "NORDBANK AS SHARES FALL" may go either way.
        let next = rest.strip_prefix("AS ").and_then(|rest| rest.split_whitespace().next());
        let in_capitals = |words: &str| words.chars().any(char::is_uppercase) && !words.chars().any(char::is_lowercase);
        let is_doubtful = in_capitals(name) && next.is_some_and(in_capitals);
        return (!is_doubtful).then_some(1 + length);
    }
    let inside = rest.strip_prefix('(')?;
    let (close, _) = inside.char_indices().take(LONGEST_INSERTION).find(|(_, c)| *c == ')')?;
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) || matches!(word, "&" | "and" | "of")
    };
    let insertion = inside.get(..close)?;
    let form = inside.get(close + 1..)?.strip_prefix(' ')?;
    let length = form_length(form)?;
    (!insertion.contains('\n') && insertion.split(' ').all(is_name)).then_some(" (".len() + close + ") ".len() + length)
}

/// Length of the longest legal form that a text starts with.
fn form_length(text: &str) -> Option<usize> {
    FORMS.iter().chain(SHORT_FORMS).filter(|form| starts_with_word(text, form)).map(|form| form.len()).max()
}

/// Makes one person of the parts around the particles of a surname: "Sanne in 't Veld".
fn join_particles(text: &str, mentions: &mut Vec<Mention>) {
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
    use super::*;

    fn type_of(letter: &str) -> EntityType {
        match letter {
            "P" => EntityType::Person,
            "O" => EntityType::Organization,
            "L" => EntityType::Place,
            "T" => EntityType::Title,
            "W" => EntityType::Work,
            _ => panic!("{letter}"),
        }
    }

    /// A text in which `{P|…}` stands around what the model found, and what is left of it, written in the same way.
    #[track_caller]
    fn check(marked: &str, expected: &str) {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for (index, part) in marked.split(['{', '}']).enumerate() {
            let start = text.len();
            let Some((letter, name)) = part.split_once('|').filter(|_| index % 2 == 1) else {
                text.push_str(part);
                continue;
            };
            text.push_str(name);
            mentions.push(Mention {
                span: ByteSpan::new(start, text.len()),
                entity_type: type_of(letter),
                kind: MentionKind::Name,
                score: 0.5,
                entity: None,
                norm: None,
                link: None,
            });
        }
        mend_names(&text, &mut mentions);
        let (mut shown, mut at) = (String::new(), 0);
        for mention in &mentions {
            let range = mention.span.range();
            assert!(at <= range.start, "mentions overlap: {mentions:?}");
            let letter = ["P", "O", "L", "T", "W"].into_iter().find(|letter| type_of(letter) == mention.entity_type);
            shown.push_str(&text[at..range.start]);
            shown.push_str(&format!("{{{}|{}}}", letter.unwrap_or("?"), &text[range.clone()]));
            at = range.end;
        }
        shown.push_str(&text[at..]);
        assert_eq!(shown, expected);
    }

    /// A text that stays as it is.
    #[track_caller]
    fn check_same(marked: &str) {
        check(marked, marked);
    }

    #[test]
    fn brackets_come_in_pairs() {
        check(
            "{O|Standard Metals} ({O|UK) Limited} and {O|Calderbrook} ({O|Chile) SpA} sued.",
            "{O|Standard Metals (UK) Limited} and {O|Calderbrook (Chile) SpA} sued.",
        );
        check("The Standard Metals ({O|UK) Holdings} sued.", "The {O|Standard Metals (UK) Holdings} sued.");
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

    #[test]
    fn legal_forms_belong_to_names() {
        check("{P|J. H. Whitlock} {O|& Co}. sued.", "{O|J. H. Whitlock & Co}. sued.");
        check("{P|J. H. Whitlock} & Co. sued.", "{O|J. H. Whitlock & Co}. sued.");
        check("{P|J. H. Whitlock} {O|& Co.}", "{O|J. H. Whitlock & Co.}");
        check("{P|Tierney} & Sons Ltd sued.", "{O|Tierney & Sons Ltd} sued.");
        check("{P|Harrow} {O|plc} sued.", "{O|Harrow plc} sued.");
        check("{O|Trivane Industries}, {O|Inc.}", "{O|Trivane Industries, Inc.}");
        check("{O|Nordhavn} AS in Bergen", "{O|Nordhavn AS} in Bergen");
        check("{O|Adria Navi} SRL. {O|Bulk} A/S", "{O|Adria Navi SRL}. {O|Bulk A/S}");
        check("{O|Calderbrook} SpA, {O|Hydra} (Pty) Ltd", "{O|Calderbrook SpA}, {O|Hydra (Pty) Ltd}");
        check("{O|Thode} GmbH & Co. KG won", "{O|Thode GmbH & Co. KG} won");
        check("{O|DNB} AS won", "{O|DNB AS} won");
        check_same("{O|NORDBANK} AS SHARES FALL");
        check_same("{O|Nordbank} ASSETS and {O|Nordbank} SA-based");
        check_same("{P|Jon Aas} & Company-owned");
        check_same("{P|Jon Aas} AS");
        check_same("{P|Jon Aas}, {O|SA}");
        check_same("{O|Nordbank}\nAS");
        check_same("{O|Nordbank} & {O|Aas}");
        check_same("{O|Nordbank} (it is said) AS");
    }

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
    }

    #[test]
    fn letters_do_not_belong_to_names() {
        check(
            "{P|John Blount KBE} met {P|Jack Ashe, DSO, MC}, and {P|Mary Pell FCIS}.",
            "{P|John Blount} KBE met {P|Jack Ashe}, DSO, MC, and {P|Mary Pell} FCIS.",
        );
        check("{P|Ann Doe, M.D.}, met {P|Bo Lind Ph.D.}", "{P|Ann Doe}, M.D., met {P|Bo Lind} Ph.D.");
        check("{P|Ann Doe}, {L|M.D.}, met {P|Bo Lind}, {T|Ph.D.}", "{P|Ann Doe}, M.D., met {P|Bo Lind}, Ph.D.");
        check("{P|Jack Ashe}, {P|DSO}, left", "{P|Jack Ashe}, DSO, left");
        check("{P|Jack Ashe} {T|K.B.E.} left", "{P|Jack Ashe} K.B.E. left");
        check_same("{P|Al Poe Jr.} and {P|Petrov M.D.} and {P|Jack MA}");
        check_same("{P|Ann Doe}, {T|MP}, and {P|Jon Aas}, {T|M.P.}, and {P|Bo Lind}, {O|FCA} chief");
        check_same("{P|Ann Doe}, {L|MA}, and {P|Bo Lind} and {P|Jon}");
        check_same("{L|Baltimore}, {L|MD}");
        check_same("{P|Binod KC} and {P|JOHN OBE} and {P|Jon Aas}, {T|MC} of the night");
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
