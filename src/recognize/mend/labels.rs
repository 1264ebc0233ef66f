//! What stands before a name, or in its place, and is none: labels of registers and of mail, codes of currencies, and words
//! for the kind of a firm.

use super::{SURE_SPELLING, behind, firms::has_firm_word, last_word, starts_sentence, starts_with_word, words};
use crate::{
    document::Mention,
    lexicon::{Lexicon, fold},
    schema::EntityType,
    span::ByteSpan,
};

/// Labels of what registers tell of a person. The stop behind "a.k.a" counts as a mark.
const LABELS: &[&str] =
    &["DOB", "Gender", "National ID", "Nationality", "POB", "Passport", "a.k.a", "f.k.a", "nationality"];

/// Labels in the head of mail, each of which tells by itself that it is one.
const MAIL_LABELS: &[&str] = &["Bcc", "Cc", "bcc", "cc"];

/// Labels that count if a line beside theirs starts with another one.
const OTHER_MAIL_LABELS: &[&str] =
    &["BCC", "CC", "Date", "FROM", "From", "Fwd", "RE", "Re", "SENT", "SUBJECT", "Sent", "Subject", "TO", "To"];

/// Codes of currencies that are no words and no names of bodies.
const CURRENCIES: &[&str] = &[
    "AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "GHS", "HKD", "HUF",
    "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW", "KZT", "MXN", "MYR", "NGN", "NOK", "NZD", "PKR", "PLN", "QAR",
    "RMB", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TWD", "TZS", "UAH", "UGX", "USD", "UZS", "VND", "XAF", "XOF",
    "ZAR",
];

/// What stands between a number and a currency.
const AMOUNTS: &[&str] = &["billion", "bn", "m", "million", "mln", "mn", "thousand", "trillion"];

/// Words for the kind of a firm that stand before its name.
const KINDS: &[&str] = &[
    "airline",
    "brokerage",
    "carmaker",
    "chipmaker",
    "crypto",
    "exchange",
    "fintech",
    "insurer",
    "insurtech",
    "neobank",
    "start-up",
    "startup",
];

const BLANKS: [char; 2] = [' ', '\u{a0}'];

/// Whether a mention is the currency of the number beside it: "SEK 40 million", "3.2m EUR".
pub(super) fn is_currency(text: &str, mention: &Mention) -> bool {
    if mention.entity_type != EntityType::Organization || !CURRENCIES.contains(&words(text, mention)) {
        return false;
    }
    let before = text.get(..mention.span.start as usize).unwrap_or_default();
    let last = last_word(before.trim_end_matches(BLANKS)).trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_amount = AMOUNTS.contains(&last) || last.starts_with(|c: char| c.is_ascii_digit());
    let starts_number = behind(text, mention).trim_start_matches(BLANKS).starts_with(|c: char| c.is_ascii_digit());
    starts_number || (is_amount && last.ends_with(char::is_alphanumeric))
}

/// Whether a mention is a label in the head of mail: "Cc: Ada Quill".
pub(super) fn is_mail_label(text: &str, mention: &Mention) -> bool {
    let name = words(text, mention).trim_end_matches(':');
    let is_sure = MAIL_LABELS.contains(&name);
    if !is_sure && !OTHER_MAIL_LABELS.contains(&name) {
        return false;
    }
    let before = text.get(..mention.span.start as usize).unwrap_or_default();
    let line = before.trim_end_matches(is_before_label);
    let starts_line = line.is_empty() || line.ends_with('\n');
    let has_colon =
        words(text, mention).ends_with(':') || behind(text, mention).trim_start_matches('*').starts_with(':');
    starts_line && has_colon && (is_sure || has_label_beside(line, behind(text, mention)))
}

/// Whether the line that ends before a label, or the one behind it, starts with a label too.
fn has_label_beside(before: &str, behind: &str) -> bool {
    let has_label = |line: &str| {
        let line = line.trim_start_matches(is_before_label);
        MAIL_LABELS
            .iter()
            .chain(OTHER_MAIL_LABELS)
            .any(|label| line.strip_prefix(label).is_some_and(|rest| rest.trim_start_matches('*').starts_with(':')))
    };
    before.strip_suffix('\n').and_then(|before| before.rsplit('\n').next()).is_some_and(has_label)
        || behind.split('\n').nth(1).is_some_and(has_label)
}

/// Marks before a label in a line: those of quoted mail and of bold type.
fn is_before_label(c: char) -> bool {
    BLANKS.contains(&c) || matches!(c, '>' | '*')
}

/// Cuts the label of a register off what it stands before: "POB Perm". Returns whether a name is left.
pub(super) fn cut_label(text: &str, mention: &mut Mention) -> bool {
    let name = words(text, mention);
    let Some(label) = LABELS.iter().find(|label| starts_with_word(name, label)) else { return true };
    let is_mark = |c: char| matches!(c, ' ' | '\u{a0}' | '.' | ':' | '#' | '"' | '“');
    let value = name.get(label.len()..).unwrap_or_default().trim_start_matches(is_mark);
    if value.is_empty() {
        return !is_label(text, mention, label);
    }
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let entity_type = match *label {
        "Gender" => return !matches!(value, "Female" | "Male" | "female" | "male"),
        "National ID" | "Passport" => {
            return !is_number(value.trim_start_matches("No").trim_start_matches(is_mark));
        }
        "DOB" if is_number(value) => EntityType::Date,
        "POB" if value.starts_with(char::is_uppercase) => EntityType::Place,
        "DOB" | "POB" => return true,
        "Nationality" | "nationality" => match origin(value) {
            Some(origin) => origin,
            // "Nationality Act"
            None if *label == "Nationality" => return true,
            None => mention.entity_type,
        },
        _ => mention.entity_type,
    };
    let end = mention.span.end as usize;
    mention.span = ByteSpan::new(end - value.len(), end);
    mention.entity_type = entity_type;
    mention.score = mention.score.max(SURE_SPELLING);
    true
}

/// Whether a mention that has the words of a label is one, and not an office or a scheme, by what stands around it.
fn is_label(text: &str, mention: &Mention, label: &str) -> bool {
    if label.starts_with(char::is_lowercase) {
        return true;
    }
    let before = text.get(..mention.span.start as usize).unwrap_or_default().trim_end_matches(BLANKS);
    let rest = behind(text, mention);
    let value = rest.trim_start_matches(|c: char| BLANKS.contains(&c) || matches!(c, '.' | ':' | '#'));
    let is_listed = before.ends_with([';', '(', '|', '•']);
    let starts_line = before.is_empty() || before.ends_with(['\n', ',', ':']);
    let is_value = value.starts_with(char::is_uppercase) && matches!(label, "DOB" | "POB");
    value.starts_with(|c: char| c.is_ascii_digit())
        || (is_listed && value.starts_with(char::is_alphanumeric))
        || (starts_line && (rest.starts_with(':') || is_value))
}

/// The type of the word for a country or its people.
fn origin(name: &str) -> Option<EntityType> {
    let lexicon = Lexicon::embedded();
    if lexicon.territory_by_name(name).is_some() {
        Some(EntityType::Place)
    } else {
        lexicon.people(name).map(|_| EntityType::Group)
    }
}

/// Cuts the word for the kind of a firm off its name: "exchange Binarix". Whoever has one is a firm.
pub(super) fn cut_kind(text: &str, mention: &mut Mention) {
    if !matches!(mention.entity_type, EntityType::Organization | EntityType::Person) {
        return;
    }
    let name = words(text, mention);
    let Some((first, tail)) = name.split_once(' ') else { return };
    let is_plain = KINDS.contains(&first);
    if !is_plain && !is_capitalized_kind(first) {
        return;
    }
    let mut rest = tail;
    while let Some((_, tail)) = rest.split_once(' ').filter(|(word, _)| KINDS.contains(word)) {
        rest = tail;
    }
    if !rest.starts_with(char::is_uppercase) || !(is_plain || is_cut_at_capital(text, mention, rest)) {
        return;
    }
    let is_person = mention.entity_type == EntityType::Person;
    if is_person && is_full_name(rest) {
        return;
    }
    let end = mention.span.end as usize;
    mention.span = ByteSpan::new(end - rest.len(), end);
    if is_person {
        mention.entity_type = EntityType::Organization;
        mention.score = mention.score.max(SURE_SPELLING);
    }
}

/// Whether a word is one for a kind, with its first letter and no other a capital.
fn is_capitalized_kind(word: &str) -> bool {
    KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(word) && kind.get(1..) == word.get(1..))
}

/// Whether the capital of the word before the rest of a name is that of its sentence, and not part of the name:
/// "Exchange Bank" and "Fintech Scotland" are names.
fn is_cut_at_capital(text: &str, mention: &Mention, rest: &str) -> bool {
    let lexicon = Lexicon::embedded();
    let name = words(text, mention);
    starts_sentence(text, mention.span.start as usize)
        && !has_firm_word(rest.split(' ').next().unwrap_or_default())
        && lexicon.territory_by_name(rest).is_none()
        && lexicon.cities(rest).next().is_none()
        && text.match_indices(name).all(|(at, _)| starts_sentence(text, at))
}

/// Whether words start with a given name and go on: "Tom Hall".
fn is_full_name(words: &str) -> bool {
    words.split_once(' ').is_some_and(|(given, _)| Lexicon::embedded().given_name_counts(&fold(given)).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn currencies_are_no_names() {
        check("{O|CHF} 3.2m, {O|SEK}\u{a0}40 million", "CHF 3.2m, SEK\u{a0}40 million");
        check("(40 {O|EUR}), 40 million {O|NOK} and 1.4bn {O|PLN}", "(40 EUR), 40 million NOK and 1.4bn PLN");
        check_same("{O|SEK} raided it. {O|NOK Group} paid {L|EUR} 5. In 2019, {O|NOK} rose.");
        check_same("{O|FCA} 5 and {O|Nordbank} 40 million");
    }

    #[test]
    fn labels_are_no_names() {
        check(
            "{P|Jaber}; {L|DOB} {D|1980}; {P|POB Perm}, {L|Russia}; {L|nationality Syria}; {O|Gender Male}.",
            "{P|Jaber}; DOB {D|1980}; POB {L|Perm}, {L|Russia}; nationality {L|Syria}; Gender Male.",
        );
        check(
            "({P|a.k.a. SOROTIN}); {D|DOB 12 Dec 1966}; {O|DOB 1966}",
            "(a.k.a. {P|SOROTIN}); DOB {D|12 Dec 1966}; DOB {D|1966}",
        );
        check("{W|Passport No. 712}; {W|Passport} 8; {W|National ID} 9", "Passport No. 712; Passport 8; National ID 9");
        check(
            "{P|Lind}; {O|POB} Oslo; {L|Gender}: unknown\n{L|Nationality}: none",
            "{P|Lind}; POB Oslo; Gender: unknown\nNationality: none",
        );
        check("{L|Nationality Danish}, ({P|a.k.a.} Jaber)", "Nationality {G|Danish}, (a.k.a. Jaber)");
        check_same(
            "the {O|DOB} said; the {O|Passport Office}, the {W|Nationality Act}, {O|Gender Board} and {L|POB 12}",
        );
        check_same("The {O|Department} ({O|DOB}) left, {O|DOB} officials and the {W|National ID} too");
    }

    #[test]
    fn labels_of_mail_are_no_names() {
        check(
            "To: {P|Ada Quill}\n{P|Cc}: {P|Bo Lind}\n{P|Bcc:} {P|Jon Aas}\n\nHi",
            "To: {P|Ada Quill}\nCc: {P|Bo Lind}\nBcc: {P|Jon Aas}\n\nHi",
        );
        check(
            "> {P|From}: {P|Ada Quill}\n> {O|CC}: {P|Bo Lind}\n> {W|Subject}: Tarn",
            "> From: {P|Ada Quill}\n> CC: {P|Bo Lind}\n> Subject: Tarn",
        );
        check("**{O|RE}:** the hall\n**{P|Sent}:** {D|today}", "**RE:** the hall\n**Sent:** {D|today}");
        check_same("{P|CC}: Where?\n{P|Ada Quill}: In {L|Tarn}.\n{P|CC}: Oh.");
        check_same("He met {P|Cc}: {P|Bo Lind}, and {O|CC}\n{P|Cc} left.");
    }

    #[test]
    fn kinds_are_no_part_of_names() {
        check(
            "Rival {O|exchange Binarix} and {P|insurtech Brolly} met.",
            "Rival exchange {O|Binarix} and insurtech {O|Brolly} met.",
        );
        check(
            "{O|Insurer Avalis} fell. {P|Crypto exchange Marunix} too.",
            "Insurer {O|Avalis} fell. Crypto exchange {O|Marunix} too.",
        );
        check_same("{O|Exchange Bank} fell. {O|Fintech Scotland} met the {O|Exchange Binarix}.");
        check_same("{O|Insurer Avalis} fell, and {O|Insurer Avalis} rose.");
        check_same("the {O|exchange} and {O|Binarix exchange} and {P|insurer Tom Hall} of {O|EXCHANGE BINARIX}");
    }
}
