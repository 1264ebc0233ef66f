//! Names made comparable: the keys on which documents merge.

use unicode_normalization::UnicodeNormalization;

use crate::{names::tidy, schema::EntityType};

/// Words before a person's name that are no part of it.
const PERSON_TITLES: &[&str] = &[
    "admiral",
    "archbishop",
    "ayatollah",
    "baron",
    "baroness",
    "bishop",
    "brigadier",
    "capt",
    "captain",
    "cardinal",
    "chancellor",
    "chief",
    "col",
    "colonel",
    "commander",
    "comrade",
    "congressman",
    "congresswoman",
    "corporal",
    "count",
    "countess",
    "dame",
    "deputy",
    "dr",
    "doctor",
    "duchess",
    "duke",
    "emir",
    "emperor",
    "father",
    "first",
    "former",
    "gen",
    "general",
    "gov",
    "governor",
    "imam",
    "inspector",
    "judge",
    "justice",
    "king",
    "lady",
    "lieutenant",
    "lord",
    "lt",
    "madam",
    "madame",
    "maj",
    "major",
    "marshal",
    "master",
    "mayor",
    "minister",
    "miss",
    "mister",
    "mother",
    "mr",
    "mrs",
    "ms",
    "mx",
    "officer",
    "pope",
    "premier",
    "president",
    "prime",
    "prince",
    "princess",
    "private",
    "prof",
    "professor",
    "queen",
    "rabbi",
    "rep",
    "representative",
    "rev",
    "reverend",
    "saint",
    "secretary",
    "sen",
    "senator",
    "sergeant",
    "sgt",
    "sheikh",
    "sir",
    "sister",
    "sultan",
    "the",
    "vice",
];

/// Small words of surnames: "van Dyck" and "bin Salem" are bare surnames all the same.
const SURNAME_PARTICLES: &[&str] = &[
    "abu", "al", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn",
    "la", "le", "san", "st", "ten", "ter", "van", "von", "y", "zu",
];

/// Words after a name that do not make it a full one.
const NAME_SUFFIXES: &[&str] = &["ii", "iii", "iv", "jr", "junior", "sr", "senior", "esq", "md", "phd", "mp"];

/// Family names that so many have that two initials do not tell one of them from another.
const COMMON_SURNAMES: &[&str] = &[
    "ahmed",
    "ali",
    "anderson",
    "andersson",
    "brown",
    "chen",
    "davis",
    "fernandez",
    "garcia",
    "gonzalez",
    "green",
    "hall",
    "hansen",
    "harris",
    "hernandez",
    "hussain",
    "jackson",
    "jensen",
    "johansson",
    "johnson",
    "jones",
    "khan",
    "kim",
    "kumar",
    "lee",
    "lewis",
    "li",
    "liu",
    "lopez",
    "martin",
    "martinez",
    "miller",
    "moore",
    "mueller",
    "muller",
    "nguyen",
    "park",
    "patel",
    "perez",
    "rao",
    "reddy",
    "robinson",
    "rodriguez",
    "sanchez",
    "schmidt",
    "sharma",
    "silva",
    "singh",
    "smith",
    "taylor",
    "thomas",
    "thompson",
    "tran",
    "walker",
    "wang",
    "white",
    "williams",
    "wilson",
    "wood",
    "wright",
    "yang",
    "young",
    "zhang",
];

/// Legal forms of companies, ignored at the end of a name.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "asa",
    "bhd",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "kgaa",
    "kk",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "nv",
    "oao",
    "ooo",
    "oy",
    "oyj",
    "plc",
    "pjsc",
    "pte",
    "pty",
    "sa",
    "sab",
    "sarl",
    "sas",
    "se",
    "sl",
    "spa",
    "srl",
    "zao",
];

/// A name without case, accents, punctuation and leading article: `The São-Tomé Post` gives `sao tome post`.
///
/// A name that consists of nothing else is kept in lower case, so that two different ones stay different.
#[must_use]
pub fn normalize_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.nfkd().flat_map(char::to_lowercase) {
        match c {
            // Accents of Latin, Greek and Cyrillic alone: vowel signs of other scripts carry meaning.
            '\u{300}'..='\u{36f}' => {}
            '.' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' => {}
            // Invisible: joiners, direction marks, soft hyphen, byte order mark.
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {}
            '&' => folded.push_str(" and "),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            c if c.is_alphanumeric() || is_sign(c) => folded.push(c),
            _ => folded.push(' '),
        }
    }
    let mut words: Vec<String> = Vec::new();
    let mut after_initial = false;
    for word in folded.split_whitespace() {
        // "J. K. Moyo" and "J.K. Moyo" are one name: initials are written together.
        let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        match words.last_mut() {
            Some(last) if initial && after_initial => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
        after_initial = initial;
    }
    if words.len() > 1 && words.first().is_some_and(|word| matches!(word.as_str(), "the" | "a" | "an")) {
        words.remove(0);
    }
    if words.is_empty() { tidy(name).to_lowercase() } else { words.join(" ") }
}

/// Characters that are neither letter nor punctuation but make names differ: `C++`, `Project €`, emoji, vowel signs.
fn is_sign(c: char) -> bool {
    matches!(c, '+' | '$' | '€' | '£' | '%' | '@' | '#')
        || (!c.is_ascii() && !c.is_whitespace() && !c.is_control() && !is_dash_or_quote(c))
}

fn is_dash_or_quote(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '«' | '»' | '¡' | '¿' | '·' | '¶' | '§'
        | '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '・' | '\u{ff01}'..='\u{ff0f}')
}

/// A person's name without the titles before it.
pub(super) fn without_titles(name: &str) -> &str {
    let mut rest = name.trim();
    while let Some((first, others)) = rest.split_once(char::is_whitespace) {
        if !PERSON_TITLES.contains(&normalize_name(first).as_str()) || others.trim().is_empty() {
            break;
        }
        rest = others.trim_start();
    }
    rest
}

/// Whether a person's name has a given name and a surname, so that it may stand for the person in other documents.
///
/// Titles, particles, suffixes and initials do not count: `Dr. von Arx Jr.` and `J. Arx` are bare surnames.
#[must_use]
pub fn is_full_person_name(name: &str) -> bool {
    without_titles(name).split_whitespace().filter(|word| is_name_proper(&normalize_name(word))).count() >= 2
}

/// Whether a normalized word is a given name or a surname, and neither initial nor particle, suffix or title.
fn is_name_proper(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2
        && !SURNAME_PARTICLES.contains(&word)
        && !NAME_SUFFIXES.contains(&word)
        && !PERSON_TITLES.contains(&word)
}

/// Whether a person's name has two initials or more before a surname that not everybody has: `J. R. Tarkin`.
///
/// As a rule such a name is somebody's only way to sign, and says about as much as a given name does. One initial says
/// too little.
fn has_initials(name: &str) -> bool {
    let mut initials = 0;
    let mut words = without_titles(name).split_whitespace().peekable();
    while let Some(count) = words.peek().and_then(|word| initials_in(word)) {
        initials += count;
        words.next();
    }
    let surnames: Vec<String> = words.map(normalize_name).filter(|word| is_name_proper(word)).collect();
    initials >= 2 && matches!(surnames.as_slice(), [surname] if !COMMON_SURNAMES.contains(&surname.as_str()))
}

/// How many initials a word consists of: one of `J.`, two of `J.R.` and `J.-P.`; nothing if it is another word.
fn initials_in(word: &str) -> Option<usize> {
    let mut letters = 0;
    let mut is_open = false;
    for c in word.chars() {
        match c {
            '.' => is_open = false,
            '-' if !is_open => {}
            c if c.is_uppercase() && !is_open => {
                letters += 1;
                is_open = true;
            }
            _ => return None,
        }
    }
    // `J` needs no full stop where it stands alone.
    (letters > 0 && (!is_open || letters == 1)).then_some(letters)
}

/// The key under which a name merges with the same name in other documents, if it may.
pub(super) fn shared_key(entity_type: EntityType, name: &str) -> Option<String> {
    let key = match entity_type.base() {
        EntityType::Person if is_full_person_name(name) || has_initials(name) => normalize_name(without_titles(name)),
        // A bare surname names somebody else in the next document; a date without a normal form some other day.
        EntityType::Person | EntityType::Date => return None,
        EntityType::Organization => without_legal_form(normalize_name(name)),
        _ => normalize_name(name),
    };
    (!key.is_empty()).then_some(key)
}

fn without_legal_form(name: String) -> String {
    let mut words: Vec<&str> = name.split(' ').collect();
    let mut cut = false;
    while words.len() > 1 && words.last().is_some_and(|word| LEGAL_FORMS.contains(word) || (cut && *word == "and")) {
        words.pop();
        cut = true;
    }
    words.join(" ")
}

/// Whether a name looks like an acronym: one short word of capitals.
pub(super) fn is_acronym(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (1..=6).contains(&letters)
        && !name.contains(char::is_whitespace)
        && name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_does_not_tell_them_apart() {
        let check = |name: &str, expected: &str| assert_eq!(normalize_name(name), expected, "{name:?}");
        check("The São-Tomé Post", "sao tome post");
        check("  Ørsted\u{a0}\nGruppe ", "orsted gruppe");
        check("U.S.", "us");
        check("J. K. Moyo", "jk moyo");
        check("J.K. Moyo", "jk moyo");
        check("O’Hara & Sons", "ohara and sons");
        check("The", "the");
        check("\"Night\\Train\"", "night train");
        check("C++", "c++");
        check("!!!", "!!!");
        check("🦀", "🦀");
        check("\u{202e}Avon\u{202c}", "avon");
        check("हिन्दी", "हिन्दी");
        check("", "");
    }

    #[test]
    fn bare_surnames_are_not_full_names() {
        let check = |name: &str, expected: bool| assert_eq!(is_full_person_name(name), expected, "{name:?}");
        for name in ["Maria Keller", "Dr. Maria Keller", "Kim Jong-pil", "Prime Minister Ana Costa", "Juan de la Vega"]
        {
            check(name, true);
        }
        for name in [
            "Keller",
            "Mr Keller",
            "President Keller",
            "van Dorn",
            "al-Amin",
            "J. Keller",
            "Jean-Luc",
            "Keller Jr.",
            "Vice President von Arx",
            "",
            " ",
            "Prime Minister",
            "!!! ???",
        ] {
            check(name, false);
        }
    }

    #[test]
    fn two_initials_and_a_surname_are_shared() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(shared_key(EntityType::Person, name).as_deref(), expected, "{name:?}");
        };
        for name in ["J. R. Tarkin", "J.R. Tarkin", "Dr. J. R. Tarkin", "J R Tarkin"] {
            check(name, Some("jr tarkin"));
        }
        check("J.-P. Tarkin", Some("jp tarkin"));
        check("P. O. van Brekke", Some("po van brekke"));
        for name in ["J. Tarkin", "J. R.", "J. R. Smith", "Tarkin J. R.", "J. van Brekke", "JR Tarkin", "A Tarkin", "I"]
        {
            check(name, None);
        }
    }

    #[test]
    fn keys_follow_the_type() {
        let check = |entity_type, name: &str, expected: Option<&str>| {
            assert_eq!(shared_key(entity_type, name).as_deref(), expected, "{name:?}");
        };
        check(EntityType::Person, "President Maria KELLER", Some("maria keller"));
        check(EntityType::Person, "Keller", None);
        check(EntityType::Organization, "Brightwater Holdings Co., Ltd.", Some("brightwater holdings"));
        check(EntityType::Organization, "Marsh & Co", Some("marsh"));
        check(EntityType::Organization, "Inc", Some("inc"));
        check(EntityType::Organization, "Banca Alta S.p.A.", Some("banca alta"));
        check(EntityType::Place, "The Gambia", Some("gambia"));
        check(EntityType::Place, "Marsh Co", Some("marsh co"));
        check(EntityType::Date, "Friday", None);
        check(EntityType::Work, "", None);
    }
}
