//! Ships of navies that the model takes for people or places: "HMNZS Kahuranui".

use super::{SURE_SPELLING, between, last_word, words};
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// What stands before the name of a ship.
const PREFIXES: &[&str] = &["HMAS", "HMCS", "HMNZS", "HMS", "ROKS", "TCG", "USS"];

/// Makes works of ships, with what stands before their name.
pub(super) fn mend_ships(text: &str, mentions: &mut Vec<Mention>) {
    let mut mended: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mut mention in std::mem::take(mentions) {
        let is_mistaken =
            mention.kind == MentionKind::Name && matches!(mention.entity_type, EntityType::Person | EntityType::Place);
        if is_mistaken && let Some(start) = ship_start(text, &mention) {
            // The model may have seen a body in the prefix.
            let is_prefix =
                |last: &Mention| PREFIXES.contains(&words(text, last)) && between(text, last, &mention) == " ";
            if mended.last().is_some_and(is_prefix) {
                mended.pop();
            }
            if mended.last().is_none_or(|last| last.span.end as usize <= start) {
                mention.span = ByteSpan::new(start, mention.span.end as usize);
                mention.entity_type = EntityType::Work;
                mention.score = mention.score.max(SURE_SPELLING);
            }
        }
        mended.push(mention);
    }
    *mentions = mended;
}

/// Where the name of a ship starts.
fn ship_start(text: &str, mention: &Mention) -> Option<usize> {
    let (name, start) = (words(text, mention), mention.span.start as usize);
    let is_name = |words: &str| words.starts_with(char::is_uppercase);
    if let Some((_, rest)) = name.split_once(' ').filter(|(prefix, _)| PREFIXES.contains(prefix)) {
        return is_name(rest).then_some(start);
    }
    let before = text.get(..start)?.strip_suffix(' ')?;
    let prefix = last_word(before).trim_start_matches(|c: char| !c.is_alphanumeric());
    (is_name(name) && PREFIXES.contains(&prefix)).then(|| before.len() - prefix.len())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn ships_are_works() {
        check("The {P|HMNZS Kahuranui} met {P|ROKS Dae Jo Tarn}.", "The {W|HMNZS Kahuranui} met {W|ROKS Dae Jo Tarn}.");
        check("the (HMNZS {L|Kahuranui}) and TCG {P|Tarnhisar}", "the ({W|HMNZS Kahuranui}) and {W|TCG Tarnhisar}");
        check("The {O|ROKS} {P|Dae Jo Tarn} sank.", "The {W|ROKS Dae Jo Tarn} sank.");
        check_same("{O|TCG Capital} and {P|USS} and {L|HMS dockyard} and HMNZS, {P|Bo Lind}, and {P|Ross Aas}");
    }
}
