//! Names made comparable: the keys on which documents merge.

use unicode_normalization::UnicodeNormalization;

use crate::{
    lexicon::{Lexicon, is_common_surname},
    names::{is_suffix, is_surname_particle, is_title_or_given_name, syllables, telling_form, tidy},
    schema::EntityType,
};

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
    "vice",
];

/// Titles that are family names as well: "Vera Bishop", "Jon Major".
const TITLES_OR_SURNAMES: &[&str] = &[
    "baron", "bishop", "cardinal", "count", "duke", "judge", "justice", "king", "lord", "major", "marshal", "pope",
    "prince", "queen", "saint", "sultan",
];

/// Titles of those who have one name and a number: "Queen Ottilie II".
const MONARCHS: &[&str] = &["emperor", "king", "pope", "prince", "queen", "sultan"];

/// Particles that are given or family names as well: "Al Vell", "Du Wei", "Van Nguyen".
const PARTICLES_OR_NAMES: &[&str] = &["al", "di", "do", "du", "le", "van"];

/// Words of which legal forms consist at the end of a company's name.
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
    let mut words = folded_words(name);
    if words.len() > 1 && words.first().is_some_and(|word| matches!(word.as_str(), "the" | "a" | "an")) {
        words.remove(0);
    }
    joined(&words, name)
}

/// A person's name likewise, in which no word is an article: "An Li Wang", "A. Maria Keller".
fn normalize_person(name: &str) -> String {
    joined(&folded_words(name), name)
}

/// Normalized words as one name; one that has none is kept in lower case.
fn joined(words: &[String], name: &str) -> String {
    if words.is_empty() { tidy(name).to_lowercase() } else { words.join(" ") }
}

fn folded_words(name: &str) -> Vec<String> {
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
    words
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
        let others = others.trim_start();
        let is_title = is_title_before(&normalize_name(first), others);
        if others.is_empty() || !(is_title || is_article_before(first, others)) {
            break;
        }
        rest = others;
    }
    rest
}

/// Whether a normalized word is a title before the others: "Duke" of "Duke Osvald Keller", but not of "Duke Keller".
fn is_title_before(word: &str, others: &str) -> bool {
    PERSON_TITLES.contains(&word) && !(is_title_or_given_name(word) && others.split_whitespace().nth(1).is_none())
}

/// Whether a word is an article: with a capital only before a title, since "The Anh Nguyen" has that given name.
fn is_article_before(word: &str, others: &str) -> bool {
    let is_title = |next: &str| {
        PERSON_TITLES.contains(&normalize_name(next).as_str()) || Lexicon::embedded().title(next).is_some()
    };
    word == "the" || (word.eq_ignore_ascii_case("the") && others.split_whitespace().next().is_some_and(is_title))
}

/// Whether a person's name has a given name and a surname, so that it may stand for the person in other documents.
///
/// Titles, particles, suffixes and initials do not count: `Dr. von Arx Jr.` and `J. Arx` are bare surnames. Some of
/// them are names in their places: `Vera Bishop`, `Al Vell`. A monarch has a number for a surname: `King Osvald III`.
#[must_use]
pub fn is_full_person_name(name: &str) -> bool {
    let name = name.trim();
    let rest = without_titles(name);
    let titles = name.strip_suffix(rest).unwrap_or_default();
    let words: Vec<&str> = rest.split_whitespace().collect();
    match words.iter().filter(|word| is_name_proper(&normalize_name(word))).count() {
        0 => false,
        1 => is_number_of_monarch(titles, &words) || (titles.is_empty() && starts_with_name(&words)),
        // "Crown Prince" is nobody's name.
        _ => Lexicon::embedded().title(rest).is_none(),
    }
}

/// Whether a normalized word is a given name or a surname, and neither initial nor particle, suffix or title.
fn is_name_proper(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2
        && word != "the"
        && !is_surname_particle(word)
        && !is_suffix(word)
        && (!PERSON_TITLES.contains(&word) || TITLES_OR_SURNAMES.contains(&word))
}

/// Whether a name is one word and a number behind a title that monarchs have.
fn is_number_of_monarch(titles: &str, words: &[&str]) -> bool {
    let is_number = |word: &str| word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    matches!(words, [_, number] if is_number(number))
        && titles.split_whitespace().any(|title| MONARCHS.contains(&normalize_name(title).as_str()))
}

/// Whether the first of two words is a name though it looks like a particle: it has a capital, and what follows does
/// not look like a surname of Europe. Between them may be the middle name of men in Vietnam: "Le Van Quang".
fn starts_with_name(words: &[&str]) -> bool {
    let ([first, last] | [first, "Van", last]) = words else { return false };
    let particle = normalize_name(first);
    first.starts_with(char::is_uppercase)
        && PARTICLES_OR_NAMES.contains(&particle.as_str())
        // "Le Quang" and "Du Wei", but not "Du Plessing" and "Van Dorren".
        && (particle == "al" || syllables(&normalize_name(last)) == 1)
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
    initials >= 2 && matches!(surnames.as_slice(), [surname] if !is_common_surname(surname))
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
        EntityType::Person if is_full_person_name(name) || has_initials(name) => normalize_person(without_titles(name)),
        // A bare surname names somebody else in the next document; a date without a normal form some other day.
        EntityType::Person | EntityType::Date => return None,
        EntityType::Organization => with_plain_form(&normalize_name(name)),
        _ => normalize_name(name),
    };
    (!key.is_empty()).then_some(key)
}

/// A normalized name whose legal form is in one spelling, and left out if it tells nothing: `kestrel ltd` of both "kestrel
/// ltd" and "kestrel limited", which is another company than `kestrel plc`, and `kestrel` of "kestrel co ltd".
fn with_plain_form(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let mut rest = words.as_slice();
    // Of a form, what stands before it too: "& Co", "Private Limited".
    let before_form = |word: &str| matches!(word, "and" | "private" | "public" | "pvt");
    while let [others @ .., last] = rest
        && !others.is_empty()
        && (LEGAL_FORMS.contains(last) || rest.len() < words.len() && before_form(last))
    {
        rest = others;
    }
    let form: String = words.iter().skip(rest.len()).filter(|word| **word != "and").copied().collect();
    let bare = rest.join(" ");
    match telling_form(&form) {
        Some(form) => format!("{bare} {form}"),
        None => bare,
    }
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
        for name in [
            "Maria Keller",
            "Dr. Maria Keller",
            "Kim Jong-pil",
            "Prime Minister Ana Costa",
            "Juan de la Vega",
            // Titles and particles that are names.
            "Duke Keller",
            "Baron Keller",
            "Sultan Marsh",
            "Vera Bishop",
            "Jon Major",
            "Dr Lars King",
            "Al Vell",
            "Le Quang",
            "Le Van Quang",
            "Du Wei",
            "Van Nguyen",
            "An Nguyen",
            "The Anh Nguyen",
            // Monarchs.
            "King Osvald III",
            "Pope Amadeus I",
            "the Queen Ottilie II",
        ] {
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
            "Crown Prince",
            "Attorney General",
            "The Prince",
            "The Keller",
            "King Osvald",
            "Osvald III",
            "Keller III",
            "President III",
            "Judge Keller",
            "Duke",
            "Duke III",
            "Keller OBE",
            "Van Dorren",
            "Van Der Dorren",
            "Du Plessing",
            "De Wit",
            "President Van Dam",
            "al Vell",
            "Al-Amin",
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
        check(EntityType::Person, "Vera Bishop", Some("vera bishop"));
        check(EntityType::Person, "King Osvald III", Some("osvald iii"));
        // What looks like an article is a name.
        check(EntityType::Person, "An Li Wang", Some("an li wang"));
        check(EntityType::Person, "An Nguyen", Some("an nguyen"));
        check(EntityType::Person, "The Anh Nguyen", Some("the anh nguyen"));
        check(EntityType::Person, "A. Maria Keller", Some("a maria keller"));
        check(EntityType::Person, "The Rev. Maria Keller", Some("maria keller"));
        check(EntityType::Person, "the Maria Keller", Some("maria keller"));
        check(EntityType::Person, "The Hon. Maria Keller", Some("hon maria keller"));
        check(EntityType::Organization, "Brightwater Holdings Co., Ltd.", Some("brightwater holdings"));
        check(EntityType::Organization, "Marsh & Co", Some("marsh"));
        check(EntityType::Organization, "Inc", Some("inc"));
        check(EntityType::Organization, "Brightwater Private Limited", Some("brightwater privateltd"));
        check(EntityType::Organization, "Brightwater Pvt. Ltd.", Some("brightwater pvtltd"));
        check(EntityType::Organization, "Brightwater Public Company Limited", Some("brightwater publiccompanyltd"));
        check(EntityType::Organization, "Brightwater Limited", Some("brightwater ltd"));
        check(EntityType::Organization, "Brightwater Ltd.", Some("brightwater ltd"));
        check(EntityType::Organization, "Brightwater GmbH & Co. KG", Some("brightwater gmbhcokg"));
        check(EntityType::Organization, "Brightwater JSC", Some("brightwater jsc"));
        check(EntityType::Organization, "Brightwater Private", Some("brightwater private"));
        check(EntityType::Person, "Duke Keller", Some("duke keller"));
        check(EntityType::Person, "Duke Osvald Keller", Some("osvald keller"));
        check(EntityType::Person, "Judge Keller", None);
        check(EntityType::Organization, "Banca Alta S.p.A.", Some("banca alta spa"));
        check(EntityType::Place, "The Gambia", Some("gambia"));
        check(EntityType::Place, "Marsh Co", Some("marsh co"));
        check(EntityType::Date, "Friday", None);
        check(EntityType::Work, "", None);
    }
}
