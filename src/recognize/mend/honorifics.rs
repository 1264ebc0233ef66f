//! Forms of address of other languages, which stand outside the name as Mr does: "Frau Lind", "M. Delcour".

use std::cell::LazyCell;

use super::{between, is_person, starts_with_word, words};
use crate::{document::Mention, schema::MentionKind, span::ByteSpan};

/// Those that leave no doubt before a name.
const HONORIFICS: &[&str] = &[
    "Bapak",
    "Frau",
    "Fräulein",
    "Herr",
    "Ibu",
    "Madame",
    "Mademoiselle",
    "Mlle",
    "Mme",
    "Monsieur",
    "Senor",
    "Senora",
    "Señor",
    "Señora",
    "Señorita",
    "Shrimati",
    "Signor",
    "Signora",
    "Signorina",
    "Smt",
    "Sr",
    "Sra",
    "Weizero",
    "Woizerit",
    "Woizero",
];

/// Those that are names or initials as well. "U", "Daw" and "Ko" are not among them: Burmese names are written with
/// them.
const HONORIFICS_OR_NAMES: &[&str] = &["Ato", "Khun", "M.", "Pak", "Shri"];

/// Forms of address of India; where one stands before a full name, "Shri" before one word is no given name.
const INDIAN: &[&str] = &["Shri ", "Shrimati ", "Smt ", "Smt. "];

/// French forms of address, beside which "M." is one too.
const FRENCH: &[&str] = &["Mlle ", "Mme ", "Mme. ", "MM. "];

/// Peoples some of whom have "Khun" in their names.
const SHAN: &[&str] = &["Burm", "Karen", "Kayah", "Myanmar", "Shan"];

/// Letters of the longest syllables of Korean names, which have "Pak" for a surname.
const LONGEST_SYLLABLE: usize = 5;

const BLANKS: [char; 2] = [' ', '\u{a0}'];

/// Parts two people whom the stop of a sentence stands between: "Conti. Sr. Lopez".
pub(super) fn part_at_honorifics(text: &str, mentions: &mut Vec<Mention>) {
    let mut parted: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mut mention in std::mem::take(mentions) {
        if is_person(&mention)
            && let Some(stop) = stop_inside(words(text, &mention))
        {
            let (start, end) = (mention.span.start as usize, mention.span.end as usize);
            parted.push(Mention { span: ByteSpan::new(start, start + stop), ..mention.clone() });
            mention.span = ByteSpan::new(start + stop + ". ".len(), end);
        }
        parted.push(mention);
    }
    *mentions = parted;
}

/// Where a stop within a name stands that a form of address follows; one behind an initial ends nothing.
fn stop_inside(name: &str) -> Option<usize> {
    name.match_indices(". ").map(|(at, _)| at).find(|at| {
        let (head, tail) = (name.get(..*at).unwrap_or_default(), name.get(at + ". ".len()..).unwrap_or_default());
        let is_word = head.chars().rev().take_while(|c| c.is_alphabetic()).nth(2).is_some();
        is_word && sure_length(tail).is_some()
    })
}

/// Cuts forms of address off the names of people, and drops those that the model takes for a name of their own.
pub(super) fn cut_honorifics(text: &str, mentions: &mut Vec<Mention>) {
    drop_lone(text, mentions);
    let is_indian = LazyCell::new(|| {
        let is_full = |name: &str| INDIAN.iter().any(|address| name.strip_prefix(*address).is_some_and(has_blank));
        people(text, mentions).any(is_full)
    });
    let lengths: Vec<usize> = mentions
        .iter()
        .map(|mention| {
            if !is_person(mention) {
                return 0;
            }
            let name = words(text, mention);
            let likely = || likely_length(text, mentions, name, &|| *is_indian);
            sure_length(name).or_else(likely).unwrap_or_default()
        })
        .collect();
    for (mention, length) in mentions.iter_mut().zip(lengths) {
        mention.span = ByteSpan::new(mention.span.start as usize + length, mention.span.end as usize);
    }
}

/// Drops the forms of address of India that are all of a name before a person: "Smt." before "Sunita Tarn".
fn drop_lone(text: &str, mentions: &mut Vec<Mention>) {
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mention) = rest.next() {
        let is_alone = mention.kind == MentionKind::Name
            && matches!(words(text, &mention), "Smt" | "Smt." | "Shrimati" | "Shri")
            && rest.peek().is_some_and(|next| is_person(next) && matches!(between(text, &mention, next), " " | ". "));
        if !is_alone {
            mentions.push(mention);
        }
    }
}

fn has_blank(name: &str) -> bool {
    name.contains(BLANKS)
}

/// Length of a form of address that leaves no doubt at the start of a name, with the blank behind it.
fn sure_length(name: &str) -> Option<usize> {
    HONORIFICS.iter().find_map(|honorific| {
        let rest = name.strip_prefix(honorific)?;
        let rest = rest.strip_prefix('.').unwrap_or(rest).strip_prefix(BLANKS)?;
        (rest.starts_with(char::is_alphabetic) && rest.contains(char::is_uppercase)).then(|| name.len() - rest.len())
    })
}

/// Length of one that may be part of the name, where the text tells that it is not.
fn likely_length(text: &str, mentions: &[Mention], name: &str, is_indian: &dyn Fn() -> bool) -> Option<usize> {
    let honorific = HONORIFICS_OR_NAMES.iter().find(|honorific| name.starts_with(**honorific))?;
    let rest = name.strip_prefix(honorific)?.strip_prefix(BLANKS)?;
    let first = rest.split(BLANKS).next().unwrap_or_default();
    if !first.starts_with(char::is_uppercase) || !first.chars().all(|c| c.is_alphabetic() || c == '-') {
        return None;
    }
    let has = |word: &&str| text.contains(*word);
    let starts_other = || people(text, mentions).any(|other| starts_with_word(other, first));
    let is_address = match *honorific {
        "M." => first == rest && is_french(text, mentions, name, rest),
        "Pak" => {
            let is_syllable = first.contains('-') || first.chars().count() <= LONGEST_SYLLABLE;
            starts_other() || !(is_syllable || text.contains("Korea"))
        }
        "Shri" => has_blank(rest) || is_indian(),
        "Ato" => starts_other() || text.contains("Ethiopia"),
        "Khun" => starts_other() || (["Bangkok", "Thai"].iter().any(has) && !SHAN.iter().any(has)),
        _ => false,
    };
    is_address.then(|| name.len() - rest.len())
}

/// Whether "M." is no initial before a surname: the text addresses women in French, or names the man in full.
fn is_french(text: &str, mentions: &[Mention], name: &str, surname: &str) -> bool {
    let mut initials = people(text, mentions).filter(|other| *other != name).filter_map(|other| {
        let (given, last) = other.rsplit_once(BLANKS)?;
        given.chars().next().filter(|_| last == surname && sure_length(other).is_none())
    });
    match initials.next() {
        Some(initial) => initial != 'M' && initials.all(|initial| initial != 'M'),
        None => FRENCH.iter().any(|honorific| text.contains(*honorific)),
    }
}

/// The names of the people of a text.
fn people<'a>(text: &'a str, mentions: &[Mention]) -> impl Iterator<Item = &'a str> {
    mentions.iter().filter(|mention| is_person(mention)).map(move |mention| words(text, mention))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn honorifics_stand_outside_names() {
        check(
            "{P|Herr Lind}, {P|Frau von Tarn} and {P|Ibu Sitari}",
            "Herr {P|Lind}, Frau {P|von Tarn} and Ibu {P|Sitari}",
        );
        check(
            "{P|Mme. Vassar} met {P|Sr. Lopar} and {P|Woizero Hiruna}",
            "Mme. {P|Vassar} met Sr. {P|Lopar} and Woizero {P|Hiruna}",
        );
        check("{P|Signora Contari. Sr. Lopar} left.", "Signora {P|Contari}. Sr. {P|Lopar} left.");
        check_same("{P|Herrera Lind}, {P|Herr}, {P|Bo Frau Lind}, {O|Madame Tarn} and {P|Jr. Lopar}");
        check_same("{P|U Tarn Aung} and {P|Daw Khin Tarn}");
    }

    #[test]
    fn honorifics_of_india_stand_outside_names() {
        check(
            "{T|Prime Minister} {P|Shri Narend Tarn} met {P|Smt Sunita Tarn} and {P|Shrimati Lopar}. {P|Shri Tarn} left",
            "{T|Prime Minister} Shri {P|Narend Tarn} met Smt {P|Sunita Tarn} and Shrimati {P|Lopar}. Shri {P|Tarn} left",
        );
        check("{O|Smt.} {P|Sunita Tarn} and {O|Smt}. {P|Lopar}", "Smt. {P|Sunita Tarn} and Smt. {P|Lopar}");
        // Some are called so.
        check_same("{T|Rep.} {P|Shri Lopar} met {P|Sri Mulani Tarn} and {P|Bo Lind}");
        check_same("the {O|Shri Tarn Trust}, {O|Smt} and {P|Shrikant Tarn}, {P|Bo Shri Lopar}");
    }

    #[test]
    fn initials_and_names_tell_by_the_text() {
        check("{P|Mme Vassar} met {P|M. Delcar}.", "Mme {P|Vassar} met M. {P|Delcar}.");
        check("{P|Paul Delcar} left, {P|M. Delcar} said", "{P|Paul Delcar} left, M. {P|Delcar} said");
        check_same("{P|M. Thenar} met {P|Bo Lind}");
        check_same("Mme Tarn met {P|Marie Delcar}, {P|M. S. Thenar} and {P|M. Delcar}");
        check("{P|Surya Lind} left, {P|Pak Surya} said", "{P|Surya Lind} left, Pak {P|Surya} said");
        check("{P|Pak Sutrisna} left", "Pak {P|Sutrisna} left");
        check_same("{P|Pak Surya}, {P|Pak Tarnung-nam} and {P|Pakari Lind}");
        check_same("{P|Pak Tarnungnam} of South Korea");
        check("{P|Ato Girmana} of Ethiopia", "Ato {P|Girmana} of Ethiopia");
        check_same("{P|Ato Girmana} of Ghana");
        check("{P|Khun Somana} of Thailand", "Khun {P|Somana} of Thailand");
        check_same("{P|Khun Somana} of Myanmar left for Thailand");
    }
}
