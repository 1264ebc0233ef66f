//! Titles that are two, "army chief General", and words before titles that are none, "crusading editor".

use super::{SURE_SPELLING, words};
use crate::{
    document::Mention,
    lexicon::Lexicon,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Last words of an office that somebody with a rank has.
const OFFICES: &[&str] = &["chief", "chief of staff", "commander", "leader", "minister", "ruler", "spokesman"];

/// Ranks and titles of nobles, in small letters, that are no part of an office: there are chief inspectors and governors
/// general, but no chief generals.
const RANKS: &[&str] = &[
    "admiral",
    "brig gen",
    "brigadier",
    "brigadier general",
    "colonel",
    "field marshal",
    "general",
    "lieutenant colonel",
    "lieutenant general",
    "lt col",
    "lt gen",
    "maj gen",
    "major general",
    "prince",
    "rear admiral",
    "sheikh",
    "vice admiral",
];

/// The shortest word in "-ing" that is taken for no title.
const SHORTEST: usize = 6;

/// Parts two titles in one mention, and drops words in "-ing" that only tell what somebody does.
pub(super) fn mend_titles(text: &str, mentions: &mut Vec<Mention>) {
    let mut mended: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mut mention in std::mem::take(mentions) {
        if mention.entity_type == EntityType::Title && mention.kind == MentionKind::Name {
            let title = words(text, &mention);
            if is_participle(title) {
                continue;
            }
            if let Some(office) = office_length(title) {
                let (start, end) = (mention.span.start as usize, mention.span.end as usize);
                mention.score = mention.score.max(SURE_SPELLING);
                mended.push(Mention { span: ByteSpan::new(start, start + office), ..mention.clone() });
                mention.span = ByteSpan::new(start + office + 1, end);
            }
        }
        mended.push(mention);
    }
    *mentions = mended;
}

/// Length of the office before a rank: "army chief" of "army chief General".
fn office_length(title: &str) -> Option<usize> {
    title.match_indices(' ').map(|(at, _)| at).find(|at| {
        let (office, rank) = (title.get(..*at).unwrap_or_default(), title.get(at + 1..).unwrap_or_default());
        // A minister general is a monk.
        let is_office = office.split_once(' ').is_some() && ends_in_office(office);
        let bare = rank.replace('.', "").to_lowercase();
        is_office && rank.starts_with(char::is_uppercase) && RANKS.contains(&bare.as_str())
    })
}

fn ends_in_office(words: &str) -> bool {
    let small = words.to_lowercase();
    OFFICES.iter().any(|office| small.strip_suffix(office).is_some_and(|head| head.is_empty() || head.ends_with(' ')))
}

/// Whether a title is nothing but a word in "-ing": "crusading", but neither "king" nor "underling".
fn is_participle(title: &str) -> bool {
    title.len() >= SHORTEST
        && title.ends_with("ing")
        && !title.ends_with("king")
        && !title.ends_with("ling")
        && title.chars().skip(1).all(|c| c.is_lowercase() || c == '-')
        && Lexicon::embedded().title(title).is_none()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn offices_stand_before_ranks() {
        check(
            "He met {T|army chief General} {P|Asim Tarn} and {T|Army chief Field Marshal} {P|Bo Lind}.",
            "He met {T|army chief} {T|General} {P|Asim Tarn} and {T|Army chief} {T|Field Marshal} {P|Bo Lind}.",
        );
        check(
            "{T|Foreign Minister Prince} {P|Faisar} and {T|rebel leader Lt. Gen.} {P|Lopar}",
            "{T|Foreign Minister} {T|Prince} {P|Faisar} and {T|rebel leader} {T|Lt. Gen.} {P|Lopar}",
        );
        check("{T|chief of staff Brigadier General} {P|Tarn}", "{T|chief of staff} {T|Brigadier General} {P|Tarn}");
        check_same("{T|Minister General}, {T|Governor General}, {T|Air Chief Marshal}, {T|Detective Chief Inspector}");
        check_same("{T|army chief general}, {T|Secretary General}, {T|Attorney General} and {T|Chief Constable}");
        check_same("{O|Army Chief General} and {T|Major General} and {T|Crown Prince}");
    }

    #[test]
    fn participles_are_no_titles() {
        check("{P|Arthur Lopar}, {T|crusading} {T|editor} of", "{P|Arthur Lopar}, crusading {T|editor} of");
        check("{T|Mitigating}, {P|Bo Lind} said", "Mitigating, {P|Bo Lind} said");
        check_same(
            "{T|king} and {T|King} and {T|underling}, {T|viking}, {T|campaigning editor}, {T|KING} and {O|crusading}",
        );
    }
}
