//! Ranks of British police, councillors and judges, mostly cut short, that the model leaves in a name or takes apart:
//! "Det Ch Insp Rudge", "Coun Marsh".

use std::cell::LazyCell;

use super::{OPENING, SURE_SPELLING, is_person, last_word, words};
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// What a rank may start with, in this order.
const BRANCHES: &[&str] = &["Det", "Detective"];
const GRADES: &[&str] = &["Ch", "Chief"];

/// Ranks that stand behind one of these or alone.
const RANKS: &[&str] = &["Insp", "Sgt", "Supt"];

/// Ranks that are names or works as well, or that the model knows; they count behind one of these only.
const RANKS_BEHIND: &[&str] = &["Con", "Cons", "Constable", "Inspector", "Sergeant", "Superintendent"];

/// Ranks and titles that stand alone.
const ALONE: &[&str] = &["Ald", "Cdr", "Cllr", "Coun", "Cpl", "DCI", "Det", "HHJ", "PCSO", "Recorder", "WPC"];

/// Those that may be initials as well; they count where the text tells of the police.
const ALONE_OR_INITIALS: &[&str] = &["ACC", "DAC", "DC", "DCC", "DCS", "DI", "DS", "PC", "PS"];

/// Those that may be the end of the name of a newspaper; they count within the name of a person only.
const ALONE_OR_PAPERS: &[&str] = &["Recorder"];

/// What stands before a rank that somebody has for the time being, or is part of it: "T/DCI".
const BEFORE_RANKS: &[&str] = &["A/", "D/", "T/"];

/// Words of texts that tell of the police or of courts.
const OF_POLICE: &[&str] = &[
    " jury",
    "Constabulary",
    "Detective",
    "Police",
    "burgl",
    "constable",
    "custody",
    "detective",
    "inquest",
    "murder",
    "officer",
    "police",
];

/// Words of texts from where names start with initials: "PS Lopar", "DC Thenar".
const OF_INITIALS: &[&str] = &["Bangladesh", "India", "Kerala", "Lanka", "Lok Sabha", "Pakistan", "Tamil"];

/// What a computer or a city stands behind: "his PC".
const DETERMINERS: &[&str] = &["A", "His", "My", "The", "Your", "a", "her", "his", "my", "the", "their", "your"];

/// Words of the longest rank.
const LONGEST: usize = 3;

/// Makes titles of ranks at the start of people's names, together with what stands before the name.
pub(super) fn part_ranks(text: &str, mentions: &mut Vec<Mention>) {
    let is_of_police = LazyCell::new(|| {
        let has = |word: &&str| text.contains(*word);
        OF_POLICE.iter().any(has) && !OF_INITIALS.iter().any(has)
    });
    let mut parted: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mut mention in std::mem::take(mentions) {
        if is_person(&mention)
            && let Some((rank, start)) = rank_before(text, &parted, &mention, &|| *is_of_police)
        {
            let mut score = SURE_SPELLING;
            while let Some(part) = parted.pop_if(|last| last.span.end > rank.start) {
                score = score.max(part.score);
            }
            parted.push(Mention { span: rank, entity_type: EntityType::Title, score, ..mention.clone() });
            mention.span = ByteSpan::new(start, mention.span.end as usize);
        }
        parted.push(mention);
    }
    *mentions = parted;
}

/// The rank at the start of a name and before it, and where the rest of the name starts; nothing where the model has it so.
fn rank_before(
    text: &str,
    before: &[Mention],
    mention: &Mention,
    is_of_police: &dyn Fn() -> bool,
) -> Option<(ByteSpan, usize)> {
    let name = words(text, mention);
    let (start, end) = (mention.span.start as usize, mention.span.end as usize);
    // The ends of the words of a rank within the name, and the starts of those before it.
    let mut ends: Vec<usize> = Vec::new();
    for word in name.split(' ').take(LONGEST) {
        let from = ends.last().map_or(start, |end| end + 1);
        if !is_word_of_rank(word) || from + word.len() >= end {
            break;
        }
        ends.push(from + word.len());
    }
    let starts = starts_before(text, before, start);
    let title = before.last().filter(|last| last.entity_type == EntityType::Title).map(|last| last.span);
    for inside in (0..=ends.len()).rev() {
        let rank_end = if inside == 0 { start.checked_sub(1)? } else { *ends.get(inside - 1)? };
        let rest = if inside == 0 { start } else { rank_end + 1 };
        let person = text.get(rest..end)?;
        if !person.starts_with(char::is_uppercase) || !person.contains(char::is_lowercase) {
            continue;
        }
        for outside in (0..=starts.len()).rev() {
            let from = outside.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or(start);
            let Some(rank) = text.get(from..rank_end).filter(|_| from < rank_end) else { continue };
            let is_alone = inside == 0 && outside == 1;
            if !is_rank(rank) || (is_alone && !may_stand_before(text, from, rank)) {
                continue;
            }
            let span = ByteSpan::new(from, rank_end);
            let is_known = inside == 0 && title == Some(span);
            let is_certain = !ALONE_OR_INITIALS.contains(&bare(rank)) || is_of_police();
            return (!is_known && is_certain).then_some((span, rest));
        }
    }
    None
}

/// Where the words of a rank right before a name start, the last one first; they stand in a title or in no mention.
fn starts_before(text: &str, before: &[Mention], start: usize) -> Vec<usize> {
    let is_rank_alone = |mention: &&Mention| {
        mention.entity_type == EntityType::Title
            && mention.kind == MentionKind::Name
            && words(text, mention).split(' ').all(is_word_of_rank)
    };
    let floor_of = |last: Option<&Mention>| last.map_or(0, |last| last.span.end as usize);
    let floor = match before.split_last() {
        Some((last, others)) if is_rank_alone(&last) => floor_of(others.last()),
        _ => floor_of(before.last()),
    };
    let mut starts: Vec<usize> = Vec::new();
    let mut at = start;
    while starts.len() < LONGEST {
        let Some(head) = text.get(..at).and_then(|head| head.strip_suffix(' ')) else { break };
        let word = last_word(head).trim_start_matches(OPENING);
        at = head.len() - word.len();
        if at < floor || !is_word_of_rank(word) {
            break;
        }
        starts.push(at);
    }
    starts
}

/// Whether a rank of one word outside a name is one: no computer, and no newspaper.
fn may_stand_before(text: &str, start: usize, rank: &str) -> bool {
    let before = text.get(..start).unwrap_or_default().trim_end_matches(' ');
    let is_other_thing = ALONE_OR_INITIALS.contains(&bare(rank)) && DETERMINERS.contains(&last_word(before));
    !(ALONE_OR_PAPERS.contains(&bare(rank)) || is_other_thing)
}

/// A word of a rank without its full stop and what stands before it.
fn bare(word: &str) -> &str {
    let word = BEFORE_RANKS.iter().find_map(|mark| word.strip_prefix(mark)).unwrap_or(word);
    word.strip_suffix('.').unwrap_or(word)
}

fn is_word_of_rank(word: &str) -> bool {
    word.split('-').all(|part| {
        [BRANCHES, GRADES, RANKS, RANKS_BEHIND, ALONE, ALONE_OR_INITIALS].iter().any(|list| list.contains(&bare(part)))
    })
}

/// Whether words are a whole rank: "Det Ch Insp", "T/DCI", "Coun", but not "Chief" or "Con".
fn is_rank(rank: &str) -> bool {
    let parts: Vec<&str> = rank.split([' ', '-']).map(bare).collect();
    let mut rest = parts.as_slice();
    for list in [BRANCHES, GRADES] {
        rest = rest.split_first().filter(|(first, _)| list.contains(*first)).map_or(rest, |(_, rest)| rest);
    }
    let is_behind = rest.len() < parts.len();
    match (rest, parts.as_slice()) {
        ([last], _) if is_behind => RANKS.contains(last) || RANKS_BEHIND.contains(last),
        (_, [only]) => [RANKS, ALONE, ALONE_OR_INITIALS].iter().any(|list| list.contains(only)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{check, check_same},
        is_rank,
    };

    #[test]
    fn ranks_have_their_order() {
        for (rank, expected) in [
            ("DCI", true),
            ("T/DCI", true),
            ("Det", true),
            ("Det Con", true),
            ("Det. Sgt.", true),
            ("Det-Supt", true),
            ("Det Ch Insp", true),
            ("Detective Chief Inspector", true),
            ("Chief Supt", true),
            ("Con", false),
            ("Chief", false),
            ("Detective", false),
            ("Sergeant", false),
            ("Insp Det", false),
            ("Coun DCI", false),
            ("", false),
        ] {
            assert_eq!(is_rank(rank), expected, "{rank}");
        }
    }

    #[test]
    fn ranks_are_titles() {
        check(
            "{P|DCI Helen Tarn} led it. {P|Coun Lopar} and {P|Cllr Ann Lopar} met {P|Ald. Pikard}.",
            "{T|DCI} {P|Helen Tarn} led it. {T|Coun} {P|Lopar} and {T|Cllr} {P|Ann Lopar} met {T|Ald.} {P|Pikard}.",
        );
        check("Coun {P|Ann Lopar} and ({P|Supt Gill Tarn})", "{T|Coun} {P|Ann Lopar} and ({T|Supt} {P|Gill Tarn})");
        check("{P|Recorder Prialt} and {P|HHJ Bo Lind} sat", "{T|Recorder} {P|Prialt} and {T|HHJ} {P|Bo Lind} sat");
        check("{T|mayor} {P|Coun Tarn} left", "{T|mayor} {T|Coun} {P|Tarn} left");
    }

    #[test]
    fn ranks_are_whole() {
        check(
            "{T|Det} {P|Insp Rudgar} and {T|Chief} {P|Supt Tarn}",
            "{T|Det Insp} {P|Rudgar} and {T|Chief Supt} {P|Tarn}",
        );
        check("{T|Det Ch} {P|Insp Gill Tarn} left", "{T|Det Ch Insp} {P|Gill Tarn} left");
        check("Det {P|Con Ann Tarn} and {P|Ch Supt Tarn}", "{T|Det Con} {P|Ann Tarn} and {T|Ch Supt} {P|Tarn}");
        check("{T|Det} Ch Insp {P|Bo Lind} left", "{T|Det Ch Insp} {P|Bo Lind} left");
        check("{P|Det-Supt Tarn}, {T|Chief} {P|Inspector Tarn}", "{T|Det-Supt} {P|Tarn}, {T|Chief Inspector} {P|Tarn}");
        check_same("{T|Det Insp} {P|Paul Rudgar}, {T|A/Insp} {P|Bo Lind} and {T|Det. Sgt.} {P|Ann Hall}");
    }

    #[test]
    fn ranks_of_few_letters_tell_by_the_text() {
        check(
            "{P|PC Mark Dobbar} told the inquest. PC {P|Bo Lind}, {P|DS Tarn} and {P|ACC Gill Tarn} met.",
            "{T|PC} {P|Mark Dobbar} told the inquest. {T|PC} {P|Bo Lind}, {T|DS} {P|Tarn} and {T|ACC} {P|Gill Tarn} met.",
        );
        check_same("{P|PC Thomasin} left the party. {P|DC Tarn} sang.");
        check_same("Police in Kerala asked {P|PC Thomasin} and {P|PS Lopar}");
        check_same("Police say it was on his PC {P|Bo Lind} wrote, and {P|Di Marian} knows");
    }

    #[test]
    fn other_names_have_no_ranks() {
        check_same("{P|Con Hoular}, {P|Constable Tarn}, {T|Chief} {P|Joseph}, {P|Chief Seattlan}, {P|Detective Pikar}");
        check_same("the Tarn Recorder {P|Ann Lopar} and {O|Coun Line} and {P|Council Bo} and {P|Counsell}");
        check_same("{P|COUN LOPAR} and {P|DCI}, {P|Sgt}, {W|Insp Tarn} and {P|Aldo Tarn}, {P|Bo Coun Lind}");
        check_same("{T|Sergeant} {P|Bo Lind} and {P|Sergeant Pepparn} and {T|Captain} {P|Tarn}");
    }
}
