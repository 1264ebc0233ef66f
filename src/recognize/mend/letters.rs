//! Letters for honours and degrees, which follow a name and are no part of it.

use super::{behind, between, is_person, words};
use crate::{document::Mention, schema::EntityType, span::ByteSpan};

/// Letters behind a name, without full stops, that are no part of it: honours, degrees, learned and other bodies.
const LETTERS: &[&str] = &[
    "CBE", "CMG", "CPA", "CVO", "DBE", "DCMG", "DFC", "DPhil", "DSC", "DSO", "FBA", "FCA", "FCCA", "FCIS", "FRAS",
    "FRCP", "FRCS", "FRGS", "FRIBA", "FRICS", "FRS", "FRSA", "FRSE", "GBE", "GCB", "GCMG", "GCVO", "KBE", "KCB",
    "KCMG", "KCVO", "LLB", "LLD", "LLM", "LVO", "MBA", "MBE", "MD", "MEP", "MP", "MPhil", "MRICS", "MSP", "MSc", "MVO",
    "OBE", "PhD", "QC",
];

/// Letters that may be a name or initials as well; they count only behind a comma.
const LETTERS_OR_NAMES: &[&str] =
    &["BA", "BSc", "DCM", "JP", "KC", "MA", "MC", "MM", "PE", "RN", "SAN", "SC", "SJ", "TD"];

/// Letters of senior counsel, of which one is a surname in Nepal; they count behind a given name and a surname.
const COUNSEL: &[&str] = &["KC", "SAN"];

/// Letters that tell a role, which is a title of its own.
const ROLES: &[&str] = &["MEP", "MP", "MSP", "QC"];

/// Letters that are more often a body or place than an honour, where the model takes them for one.
const LETTERS_OR_BODIES: &[&str] = &["DFC", "DSC", "FBA", "FRS", "MD"];

/// Whether a mention is nothing but letters behind the name of a person: "Ann Doe, M.D.".
pub(super) fn are_letters_behind(text: &str, last: Option<&Mention>, mention: &Mention) -> bool {
    let Some(last) = last.filter(|last| is_person(last)) else { return false };
    let behind_comma = match between(text, last, mention) {
        " " => false,
        ", " => true,
        _ => return false,
    };
    let letters = words(text, mention).replace('.', "");
    let is_among = |list: &[&str]| list.contains(&letters.as_str());
    match mention.entity_type {
        EntityType::Person | EntityType::Place => {
            is_among(LETTERS) || (is_among(COUNSEL) && is_full_name(words(text, last)))
        }
        EntityType::Title => is_among(LETTERS) && !is_among(ROLES),
        // "Bo Lind, FCA chief" works for a body.
        EntityType::Organization => {
            behind_comma
                && is_among(LETTERS)
                && !is_among(ROLES)
                && !is_among(LETTERS_OR_BODIES)
                && ends_apposition(behind(text, mention))
        }
        _ => false,
    }
}

/// Whether a text starts with the end of what stands behind a comma.
fn ends_apposition(rest: &str) -> bool {
    let stop = rest.strip_prefix('.');
    let rest = stop.unwrap_or(rest);
    rest.is_empty() || rest.starts_with([',', ';', ')', '\n']) || (stop.is_some() && rest.starts_with(' '))
}

/// Cuts off what follows the name of a person: "John Blount KBE", "Ann Doe, Ph.D."; "Al Poe Jr." stays whole.
pub(super) fn cut_letters(text: &str, mention: &mut Mention) {
    let mut name = words(text, mention);
    while let Some((head, last)) = name.rsplit_once(char::is_whitespace) {
        let head = head.trim_end();
        let bare = head.trim_end_matches(',');
        let behind_comma = bare.len() < head.len();
        // Among capitals a surname looks no different.
        let stands_out = behind_comma || bare.chars().any(char::is_lowercase);
        if bare.is_empty() || !stands_out || !(is_letters(last, behind_comma) || is_counsel(bare, last)) {
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

/// Whether the letters behind a name are those of senior counsel: "Ann Doe KC", but not "Binod KC".
fn is_counsel(name: &str, letters: &str) -> bool {
    COUNSEL.contains(&letters) && is_full_name(name)
}

/// Whether a name has several words, and none in capitals but initials.
fn is_full_name(name: &str) -> bool {
    let is_cried =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase);
    name.split_whitespace().count() > 1 && !name.split_whitespace().any(is_cried)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

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
    fn counsel_have_letters() {
        check("{P|Philippa Denholm KC} met {P|Kwame Boadu SAN}.", "{P|Philippa Denholm} KC met {P|Kwame Boadu} SAN.");
        check("{P|J. R. Denholm KC}, {P|Kwame Boadu, SAN}, met", "{P|J. R. Denholm} KC, {P|Kwame Boadu}, SAN, met");
        check(
            "{P|Philippa Denholm} {P|KC} and {P|Kwame Boadu}, {L|SAN}",
            "{P|Philippa Denholm} KC and {P|Kwame Boadu}, SAN",
        );
        check_same("{P|Denholm} {P|KC} and {P|Kwame BOADU SAN} met {O|SAN} and {P|Ann Doe}, {T|KC}");
    }

    #[test]
    fn degrees_are_no_bodies() {
        check("{P|Robert Hale}, {O|CPA}, and {P|Bo Lind}, {O|M.B.A.}", "{P|Robert Hale}, CPA, and {P|Bo Lind}, M.B.A.");
        check(
            "{P|Robert Hale}, {O|C.P.A}., and ({P|Bo Lind}, {O|FCA}). He",
            "{P|Robert Hale}, C.P.A., and ({P|Bo Lind}, FCA). He",
        );
        check("It was {P|Robert Hale}, {O|CPA}. He", "It was {P|Robert Hale}, CPA. He");
        check_same("{P|Bo Lind}, {O|FCA} chief, {P|Ann Doe}, {O|DFC}, and {P|Jon Aas} {O|FCA}, {O|CPA}, said");
        check_same("{P|Bo Lind}, {O|FCA}.example");
    }
}
