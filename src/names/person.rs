//! Names of people: their parts, and which of them may be one person's.

use strsim::osa_distance;

use crate::{
    document::LinkReason,
    lexicon::{Gender, Lexicon, TitleClass, fold, fold::is_apostrophe, skeleton},
};

use super::{
    NameMatch,
    words::{Fit, Word, fit, is_loose_spelling, syllables},
};

/// The parts of a person's name, folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// Titles before it: `mr`, `pope`.
    pub titles: Vec<String>,
    /// First given name; nothing for a name of one word.
    pub given: Option<String>,
    /// What stands between given name and surname, initials too.
    pub middle: Vec<String>,
    /// Surname, or the only word there is.
    pub surname: Option<String>,
    /// Particles anywhere in the name: `van`, `al`, `bin`.
    pub particles: Vec<String>,
    /// `jr`, `iii`.
    pub suffix: Option<String>,
    /// Name in quotation marks or brackets.
    pub nickname: Option<String>,
    /// Whether the first word is likely the family name: `Xi Jinping`.
    pub family_first: bool,
    /// Gender, if title or given name tell it.
    pub gender: Option<Gender>,
}

/// Takes a person's name apart.
#[must_use]
pub fn person_parts(name: &str) -> PersonName {
    PersonKey::new(name, Lexicon::embedded()).name
}

#[derive(Debug, Clone)]
pub(super) struct PersonKey {
    pub name: PersonName,
    /// All words but titles, particles and suffix.
    words: Vec<Word>,
    /// The words without spaces between.
    joined: String,
    /// Everything but titles, without spaces: "elchapo".
    whole: String,
    /// Its consonants.
    sound: String,
    nickname: Option<String>,
    /// Whether the gender comes from a title and not from a given name.
    titled: bool,
    /// Whether the last word follows `bin` or `ibn`: it is the father's name.
    patronymic: bool,
    /// The particle right before the last word: `al` of "Rashid Al Khoury".
    particle: Option<String>,
    /// Whether the name starts with that particle: "bin Laden".
    starts_with_particle: bool,
    /// Whether the family name may stand before given name and patronymic, as in registers: "KUZIN Vladimir Petrovich".
    is_family_ahead: bool,
    /// Whether the suffix is "the Elder" or "the Younger", without which the name is somebody else's as likely as not.
    by_age: bool,
}

/// Titles that are given names as well; they count as titles only before two words.
const TITLES_OR_NAMES: [&str; 8] = ["major", "marshal", "judge", "prince", "king", "count", "deacon", "pc"];

/// The same of titles that are more often given names, where one word follows: "Duke Tessary", "Baron Tessary".
const TITLES_OR_GIVEN_NAMES: [&str; 8] = ["dean", "don", "earl", "duke", "baron", "sultan", "shah", "aga"];

const PARTICLES: [&str; 44] = [
    "van", "von", "der", "den", "de", "del", "della", "dello", "di", "da", "dos", "das", "do", "du", "la", "le", "al",
    "el", "ul", "ur", "as", "ad", "an", "ash", "az", "at", "ar", "bin", "ben", "ibn", "bint", "ter", "ten", "zu", "y",
    "e", "af", "av", "st", "ould", "ag", "oglu", "ibnu", "binti",
];

/// Particles that are given names or words of other kinds as well.
const PARTICLES_OR_WORDS: [&str; 11] = ["ad", "ag", "an", "ar", "as", "ash", "at", "az", "ben", "e", "av"];

/// Particles that a family name keeps.
const EUROPEAN: [&str; 14] =
    ["van", "von", "de", "del", "della", "di", "da", "dos", "do", "du", "le", "la", "ter", "zu"];

/// Fewer consonants than this do not tell that two names are one.
const SOUND: usize = 6;

const FATHERS: [&str; 4] = ["bin", "ben", "ibn", "bint"];

/// Given names that often stand behind another one as the father's name, with the grandfather's to follow or not.
const FATHERS_NAMES: [&str; 16] = [
    "abdi", "abdullah", "ahmed", "ali", "farah", "hassan", "hussein", "ibrahim", "ismail", "mohamed", "mohammed",
    "muhammad", "omar", "osman", "saleh", "yusuf",
];

/// How patronymics end in Russian and the like, and words behind them in Azerbaijani and Kyrgyz.
const PATRONYMIC_ENDINGS: [&str; 3] = ["vich", "vych", "vna"];
const PATRONYMIC_WORDS: [&str; 4] = ["oglu", "ogly", "qizi", "kyzy"];

/// Family names that stand first in China, Korea and Vietnam.
const EASTERN_FAMILY_NAMES: [&str; 100] = [
    "wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu", "guo",
    "he", "lin", "gao", "luo", "zheng", "liang", "xie", "song", "tang", "han", "feng", "deng", "cao", "peng", "zeng",
    "xiao", "tian", "dong", "pan", "yuan", "cai", "jiang", "yu", "du", "ye", "cheng", "wei", "su", "lu", "ding", "ren",
    "shen", "yao", "xi", "bo", "hua", "mao", "kim", "lee", "park", "choi", "jung", "jeong", "kang", "cho", "yoon",
    "yun", "jang", "lim", "im", "shin", "seo", "kwon", "hwang", "ahn", "moon", "ban", "roh", "noh", "chung", "ryu",
    "nguyen", "tran", "le", "pham", "hoang", "phan", "vu", "vo", "dang", "bui", "ngo", "duong", "ly", "lai", "tsai",
    "chiang", "tsang", "di", "dinh", "do", "ho", "huynh", "trinh",
];

impl PersonKey {
    pub fn new(text: &str, lexicon: &Lexicon) -> Self {
        let (text, nickname) = without_nickname(text);
        let text = in_natural_order(&text);
        let mut tokens = split(&text);
        let mut name = PersonName::default();
        let mut title_gender = None;
        let mut first = 0;
        while let Some((length, title)) = title_at(&tokens, first, lexicon) {
            name.titles.push(join(&tokens, first, length));
            title_gender = title_gender.or(title);
            first += length;
        }
        tokens.drain(..first);
        let by_age = suffix_by_age(&tokens);
        if let Some(suffix) = by_age {
            name.suffix = Some(suffix.to_owned());
            tokens.truncate(tokens.len() - 2);
        }
        while tokens.len() > 1
            && let Some(last) = tokens.last()
            && let Some(suffix) = suffix_of(&last.folded)
                // A family name of Nepal as well: "Ram KC".
                .filter(|_| last.folded != "kc" || tokens.len() > 2)
                .or_else(|| regnal_number(last, tokens.len()).map(Some))
        {
            name.suffix = suffix.map(str::to_owned).or(name.suffix);
            tokens.pop();
        }
        let whole: String = tokens.iter().map(|token| token.folded.as_str()).collect();
        let mut words: Vec<Word> = Vec::new();
        let mut patronymic = false;
        let mut particle = None;
        let mut starts_with_particle = false;
        let mut joins_next = false;
        let count = tokens.len();
        let addressed = name.titles.last().is_some_and(|title| is_address(title, lexicon));
        let is_eastern = |folded: &str| EASTERN_FAMILY_NAMES.contains(&folded);
        // "Mai" is a given name as well.
        let starts_eastern = tokens.first().is_some_and(|first| is_eastern(&first.folded) || first.folded == "mai");
        for (position, token) in tokens.iter().enumerate() {
            let folded = token.folded.as_str();
            let last = position + 1 == count;
            // "Al", "Ben" and "Ash" before one more word are given names: Al Gore, Ben Stokes. But Mr Al Khoury and
            // Mr Ben Ali are addressed by their surnames. "Le" before one or two more is a Vietnamese family name, and
            // "Van" in the middle a part of a given name.
            let name_like = token.capital
                && match position {
                    0 => {
                        matches!(folded, "ash" | "an")
                            || matches!(folded, "al" | "ben") && (!addressed || count != 2)
                            || count == 2 && name.titles.is_empty() && (folded == "van" || is_eastern(folded))
                            || count == 3 && is_eastern(folded)
                    }
                    _ => folded == "van" && starts_eastern,
                };
            if !last && PARTICLES.contains(&folded) && (!name_like || token.joined) {
                if position == 0 {
                    starts_with_particle = true;
                }
                patronymic = FATHERS.contains(&folded);
                particle = Some(folded.to_owned());
                name.particles.push(folded.to_owned());
                continue;
            }
            // The servant of ... is one name, however it is written.
            if !last && matches!(folded, "abd" | "abdul" | "abdel" | "abdal" | "abdol" | "abdur") {
                joins_next = true;
                continue;
            }
            let plain = if std::mem::take(&mut joins_next) {
                format!("abd{}", folded.strip_prefix("al ").unwrap_or(folded))
            } else {
                servant(folded)
            };
            if position + 1 != count {
                patronymic = false;
                particle = None;
            }
            words.push(Word::new(&plain, lexicon));
        }
        let texts = |range: &[Word]| range.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        match words.as_slice() {
            [] => {}
            [only] => name.surname = Some(only.text.clone()),
            [head, middle @ .., tail] => {
                name.given = Some(head.text.clone());
                name.middle = texts(middle);
                name.surname = Some(tail.text.clone());
                let eastern = EASTERN_FAMILY_NAMES.contains(&head.text.as_str());
                let last_is_western = lexicon.given_name_counts(&tail.text).is_some();
                name.family_first = eastern && (words.len() == 3 || !last_is_western);
            }
        }
        let given_gender =
            name.given.as_deref().filter(|_| !name.family_first).and_then(|given| lexicon.given_name_gender(given));
        name.gender = title_gender.or(given_gender);
        let in_capitals = tokens.first().is_some_and(|first| first.stands_out && first.folded.len() > 1);
        let is_patronymic = |word: &Word| {
            PATRONYMIC_WORDS.contains(&word.text.as_str())
                || PATRONYMIC_ENDINGS.iter().any(|ending| word.text.ends_with(ending))
        };
        let is_family_ahead = words.len() > 2 && (in_capitals || words.last().is_some_and(is_patronymic));
        name.nickname = nickname.as_deref().map(fold).filter(|nickname| !nickname.is_empty());
        Self {
            joined: words.iter().map(|word| word.text.as_str()).collect(),
            nickname: name.nickname.as_deref().map(|nickname| nickname.replace(' ', "")),
            sound: skeleton(&whole),
            whole,
            titled: title_gender.is_some(),
            words,
            patronymic,
            particle,
            starts_with_particle,
            is_family_ahead,
            by_age: by_age.is_some(),
            name,
        }
    }
}

impl PersonKey {
    /// See [`super::NameKey::blocks`].
    pub fn blocks(&self, blocks: &mut Vec<String>) {
        let skeletons: Vec<String> = self.words.iter().map(|word| skeleton(&word.text)).collect();
        if let [first, .., last] = skeletons.as_slice() {
            // In whichever order they stand.
            let (low, high) = if first <= last { (first, last) } else { (last, first) };
            blocks.push(format!("f {low} {high}"));
        }
        // Every word that may be the family name.
        let skipped = usize::from(skeletons.len() > 1 && !self.name.family_first && !self.is_family_ahead);
        blocks.extend(skeletons.iter().skip(skipped).rev().map(|skeleton| format!("s {skeleton}")));
        // One word of a double surname, and a name cut into words in another way.
        let parts = self.words.iter().skip(skipped).flat_map(|word| &word.parts);
        blocks.extend(parts.map(|part| format!("s {}", skeleton(part))));
        blocks.extend((self.words.len() > 1 && self.sound.len() >= SOUND).then(|| format!("j {}", self.sound)));
        blocks.extend(self.nickname.iter().map(|nickname| format!("s {}", skeleton(nickname))));
    }

    /// Whether this name is the other's nickname, alone or with the surname: "El Chapo", "Rafa Quintero".
    fn is_nickname_of(&self, other: &Self) -> bool {
        let (Some(nickname), Some(surname)) = (&other.nickname, &other.name.surname) else { return false };
        self.whole.strip_prefix(nickname.as_str()).is_some_and(|rest| rest.is_empty() || rest == surname)
    }

    /// Whether it is a monarch's or pope's name, one word and a number, and the other one has that word but cannot be
    /// the monarch's: "Henry II", "Henry Percy". "Mehmed VI Vahideddin" and "Catherine the Great" can be.
    fn is_monarch_unlike(&self, other: &Self) -> bool {
        let ([only], Some(number)) = (self.words.as_slice(), self.name.suffix.as_deref()) else { return false };
        REGNAL.contains(&number)
            && other.name.suffix.is_none()
            && other.words.len() > 1
            && !other.words.iter().any(|word| word.text == number || matches!(word.text.as_str(), "the" | "of"))
            && other.words.iter().any(|word| fit(only, word, true, Lexicon::embedded()).is_some())
    }
}

/// Abdulrahman and Abdelrahman, written as one word, without the ending of the first part.
fn servant(folded: &str) -> String {
    for head in ["abdul", "abdel", "abdal", "abdol", "abdur"] {
        if let Some(rest) = folded.strip_prefix(head)
            && rest.len() >= 3
        {
            return format!("abd{}", rest.trim_start());
        }
    }
    folded.to_owned()
}

struct Token {
    folded: String,
    /// Whether it starts with a capital.
    capital: bool,
    /// Whether a hyphen or apostrophe tied it to the next one.
    joined: bool,
    /// Whether it is in capitals in a name that is not.
    stands_out: bool,
}

/// Words, initials apart, particles cut from what a hyphen ties them to.
fn split(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mixed = text.chars().any(char::is_lowercase);
    for (position, raw) in text.split_whitespace().enumerate() {
        let stands_out = mixed && raw.chars().all(char::is_uppercase);
        let capital = raw.chars().next().is_some_and(char::is_uppercase);
        // "J.R." and "JR" are two initials.
        let letters: Vec<char> = raw.chars().filter(|char| char.is_alphabetic()).collect();
        let dotted = raw.matches('.').count();
        let initials = (dotted >= 2 && letters.len() == dotted)
            || (letters.len() == 2
                && raw.chars().all(|char| char.is_uppercase())
                && !letters.iter().any(|letter| "AEIOUY".contains(*letter))
                && text.chars().any(char::is_lowercase));
        let folded = fold(raw);
        let is_suffix = suffix_of(&folded).is_some() || stands_out && REGNAL.contains(&folded.as_str());
        if initials && (position == 0 || !is_suffix) {
            for letter in letters {
                tokens.push(Token { folded: fold(&letter.to_string()), capital, joined: false, stands_out });
            }
            continue;
        }
        if let Some((head, rest)) = raw.split_once(['-', '‑', '–'])
            && PARTICLES.contains(&fold(head).as_str())
            && !rest.is_empty()
        {
            tokens.push(Token { folded: fold(head), capital, joined: true, stands_out });
            tokens.push(Token { folded: fold(rest), capital, joined: false, stands_out });
        } else if let Some((head, rest)) = raw.split_once(is_apostrophe)
            && matches!(head, "d" | "D" | "l")
            && !rest.is_empty()
        {
            tokens.push(Token { folded: fold(&format!("{head}{rest}")), capital, joined: false, stands_out });
        } else if !folded.is_empty() {
            tokens.push(Token { folded, capital, joined: false, stands_out });
        }
    }
    tokens
}

fn join(tokens: &[Token], start: usize, length: usize) -> String {
    let words: Vec<&str> = tokens.iter().skip(start).take(length).map(|token| token.folded.as_str()).collect();
    words.join(" ")
}

/// Length and gender of the title at that token; a word must be left after it.
fn title_at(tokens: &[Token], start: usize, lexicon: &Lexicon) -> Option<(usize, Option<Gender>)> {
    let left = tokens.len().checked_sub(start)?;
    for length in (1..left.min(5)).rev() {
        let words = join(tokens, start, length);
        let Some(title) = lexicon.title_folded(&words) else { continue };
        if matches!(title.class, TitleClass::Suffix) {
            continue;
        }
        let may_be_name = TITLES_OR_NAMES.contains(&words.as_str()) || is_title_or_given_name(&words);
        if (may_be_name || title.class == TitleClass::Occupation) && left - length < 2 {
            // King Charles is no Mr Charles King: where one word is left, royal titles still go.
            if !matches!(words.as_str(), "king" | "prince") {
                continue;
            }
        }
        return Some((length, title.gender));
    }
    None
}

/// Whether a folded title is more often a given name where one word follows.
pub(crate) fn is_title_or_given_name(folded: &str) -> bool {
    TITLES_OR_GIVEN_NAMES.contains(&folded)
}

/// Whether a folded word is a particle of surnames, and nothing else: "van Tessary" is a bare surname.
pub(crate) fn is_surname_particle(folded: &str) -> bool {
    matches!(folded, "abu" | "san") || PARTICLES.contains(&folded) && !PARTICLES_OR_WORDS.contains(&folded)
}

/// Whether a folded word stands behind names and does not make them full ones: "jr", "iii", "phd".
pub(crate) fn is_suffix(folded: &str) -> bool {
    // "Ram KC" and "Thi Vi" have family names, and Tavian VIII is one alone.
    !matches!(folded, "kc" | "vi" | "vii" | "viii" | "xvi") && suffix_of(folded).is_some()
}

/// Whether a title is a word of address before surnames, such as Mr and Dr; Sir and Dame stand before given names.
fn is_address(title: &str, lexicon: &Lexicon) -> bool {
    let class = lexicon.title_folded(title).map(|title| title.class);
    class == Some(TitleClass::Honorific) && !matches!(title, "sir" | "dame")
}

/// Whether a word is a suffix: the inner value is nothing for degrees, which tell no one apart.
fn suffix_of(folded: &str) -> Option<Option<&'static str>> {
    Some(match folded {
        "jr" | "junior" | "jnr" => Some("jr"),
        "sr" | "senior" | "snr" => Some("sr"),
        "ii" | "2nd" => Some("ii"),
        "iii" | "3rd" => Some("iii"),
        "iv" => Some("iv"),
        "vi" => Some("vi"),
        "vii" => Some("vii"),
        "viii" => Some("viii"),
        "xvi" => Some("xvi"),
        "phd" | "ph d" | "md" | "m d" | "esq" | "qc" | "kc" | "obe" | "mbe" | "cbe" | "kbe" | "dbe" | "dso" | "dsc"
        | "cpa" | "fcis" | "frs" | "cmg" | "kcmg" | "mp" => None,
        _ => return None,
    })
}

/// What "the Elder" and "the Younger" at the end of a name stand for.
fn suffix_by_age(tokens: &[Token]) -> Option<&'static str> {
    let [_, .., the, word] = tokens else { return None };
    match word.folded.as_str() {
        "elder" if the.folded == "the" => Some("sr"),
        "younger" if the.folded == "the" => Some("jr"),
        _ => None,
    }
}

/// Numbers of monarchs and popes.
const REGNAL: [&str; 25] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
    "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv",
];

/// The number of a monarch or pope at the end of a name of `count` words: `xiv` of "Louis XIV". Behind more than one
/// word, a lone X is more often a name.
fn regnal_number(token: &Token, count: usize) -> Option<&'static str> {
    let may_be_number = token.stands_out && (count == 2 || token.folded != "x");
    REGNAL.into_iter().find(|number| may_be_number && *number == token.folded)
}

/// Takes a nickname in quotation marks or brackets out of a name.
fn without_nickname(text: &str) -> (String, Option<String>) {
    for (open, close) in [('"', '"'), ('“', '”'), ('(', ')'), ('‘', '’'), ('«', '»'), ('\'', '\'')] {
        let Some(start) = text.find(open) else { continue };
        let inner = start + open.len_utf8();
        let Some(length) = text.get(inner..).and_then(|rest| rest.find(close)) else { continue };
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(inner + length + close.len_utf8()..).unwrap_or_default();
        let between = text.get(inner..inner + length).unwrap_or_default();
        let apart = before.ends_with(' ') && after.starts_with(' ');
        if apart && !between.trim().is_empty() {
            return (format!("{before}{after}"), Some(between.to_owned()));
        }
    }
    (text.to_owned(), None)
}

/// "Keller, Maria" as "Maria Keller"; a suffix after the comma stays.
fn in_natural_order(text: &str) -> String {
    if let Some((family, given)) = text.split_once(',') {
        let given = given.trim();
        let is_suffix = suffix_of(&fold(given)).is_some();
        if !is_suffix && !given.is_empty() && !given.contains(',') {
            return format!("{given} {family}");
        }
    }
    text.to_owned()
}

pub(super) fn compare(a: &PersonKey, b: &PersonKey) -> Option<NameMatch> {
    if a.words.is_empty() || b.words.is_empty() || suffixes_differ(a, b) || genders_differ(a, b) {
        return None;
    }
    if a.is_nickname_of(b) || b.is_nickname_of(a) {
        return NameMatch::new(LinkReason::KnownAlias, 0.92);
    }
    let found = match (a.words.as_slice(), b.words.as_slice()) {
        _ if a.joined == b.joined || a.whole == b.whole && a.name.titles == b.name.titles => {
            NameMatch::new(LinkReason::SameName, 1.0)
        }
        ([only], long) => single(only, a, long, b),
        (long, [only]) => single(only, b, long, a),
        (left, right) if left.len() <= right.len() => align(left, right),
        (left, right) => align(right, left),
    };
    let found = found
        .or_else(|| cut_otherwise(a, b))
        .or_else(|| turned(a, b).or_else(|| turned(b, a)))
        .or_else(|| as_in_registers(a, b).or_else(|| as_in_registers(b, a)));
    let Some(mut found) = found else {
        let found = with_article(a, b).or_else(|| with_article(b, a))?;
        return NameMatch::new(reason_of(&[found]), 0.95 * found.factor());
    };
    // One of two namesakes, as a rule: father and son.
    if a.name.suffix.is_some() != b.name.suffix.is_some() && a.words.len() > 1 && b.words.len() > 1 {
        found.strength *= 0.5;
        if a.by_age || b.by_age {
            found.reason = LinkReason::PartOfName;
        }
    }
    Some(found)
}

pub(super) fn conflict(a: &PersonKey, b: &PersonKey) -> bool {
    if suffixes_differ(a, b) || genders_differ(a, b) {
        return true;
    }
    let ([head_a, .., tail_a], [head_b, .., tail_b]) = (a.words.as_slice(), b.words.as_slice()) else { return false };
    if compare(a, b).is_some() {
        return false;
    }
    let lexicon = Lexicon::embedded();
    // That both have a "Van" tells nothing.
    let head = fit(head_a, head_b, true, lexicon).filter(|_| head_a.text != "van" && head_b.text != "van");
    let tail = fit(tail_a, tail_b, false, lexicon);
    let is_loose = || {
        (tail.is_some() && is_loose_spelling(head_a, head_b)) || (head.is_some() && is_loose_spelling(tail_a, tail_b))
    };
    if !share_eastern_family_name(&a.words, &b.words) && is_loose() {
        return false;
    }
    let is_shared = |word: &Word| word.text != "van" && b.words.iter().any(|other| word.text == other.text);
    tail.is_some() || head.is_some() || a.words.iter().any(is_shared)
}

/// One name cut into words in two ways: "Abdel Kader Ben Hamza", "Abdelkader Benhamza".
fn cut_otherwise(a: &PersonKey, b: &PersonKey) -> Option<NameMatch> {
    let words = |key: &PersonKey| (key.words.len(), key.name.particles.len());
    if words(a) == words(b) || a.words.len() < 2 || b.words.len() < 2 {
        return None;
    }
    let alike = a.sound.len() >= SOUND && a.sound == b.sound && osa_distance(&a.whole, &b.whole) <= 3;
    if alike { NameMatch::new(LinkReason::SpellingVariant, 0.85) } else { None }
}

/// A family name that stands first in one name and last in the other, however the given name is cut: "Park Ji-hoon", "Ji
/// Hoon Park".
fn turned(a: &PersonKey, b: &PersonKey) -> Option<NameMatch> {
    let ([family, given @ ..], [other_given @ .., last]) = (a.words.as_slice(), b.words.as_slice()) else {
        return None;
    };
    let joined = |words: &[Word]| words.iter().map(|word| word.text.as_str()).collect::<String>();
    let eastern = EASTERN_FAMILY_NAMES.contains(&family.text.as_str()) && !given.is_empty();
    let same = eastern && family.text == last.text && joined(given) == joined(other_given);
    if same { NameMatch::new(LinkReason::SameName, 0.88) } else { None }
}

/// A family name before given name and patronymic in the longer name: "KUZIN Vladimir Petrovich", "Vladimir Kuzin".
fn as_in_registers(short: &PersonKey, long: &PersonKey) -> Option<NameMatch> {
    let [family, rest @ ..] = long.words.as_slice() else { return None };
    if !long.is_family_ahead || family.is_given || short.words.len() < 2 || short.words.len() > rest.len() {
        return None;
    }
    let natural: Vec<Word> = rest.iter().chain([family]).cloned().collect();
    align(&short.words, &natural).and_then(|found| NameMatch::new(found.reason, 0.9 * found.strength))
}

/// How the surnames of "Al Khoury" and "Rashid Al Khoury", "Van Dorren" and "Ada van Dorren" fit: the first name may be
/// a surname with its particle, and Al no given name.
fn with_article(short: &PersonKey, long: &PersonKey) -> Option<Fit> {
    let ([article, surname], Some(last)) = (short.words.as_slice(), long.words.last()) else { return None };
    let particle = long.particle.as_deref()?;
    let same = article.text == particle || article.text == "al" && particle == "el";
    if same { fit(surname, last, false, Lexicon::embedded()) } else { None }
}

/// Whether a family name of the East stands at an end of both names. Given names there are short and differ in a letter
/// from those of others: "Zhao Ming" is not "Zhao Meng".
fn share_eastern_family_name(a: &[Word], b: &[Word]) -> bool {
    let ([head_a, .., tail_a], [head_b, .., tail_b]) = (a, b) else { return false };
    [head_a, tail_a].into_iter().any(|word| {
        (word.text == head_b.text || word.text == tail_b.text) && EASTERN_FAMILY_NAMES.contains(&word.text.as_str())
    })
}

/// Whether two words fit by their sound alone. The lists know a single syllable in the readings of all characters that
/// have it: `ming` and `meng`.
fn is_by_sound(found: Fit, a: &Word, b: &Word) -> bool {
    matches!(found, Fit::Spelling | Fit::Near)
        || found == Fit::Variant && (syllables(&a.text) < 2 || syllables(&b.text) < 2)
}

fn suffixes_differ(a: &PersonKey, b: &PersonKey) -> bool {
    matches!((&a.name.suffix, &b.name.suffix), (Some(left), Some(right)) if left != right)
        || a.is_monarch_unlike(b)
        || b.is_monarch_unlike(a)
}

/// Whether a title of one speaks against the other; two given names are compared as words.
fn genders_differ(a: &PersonKey, b: &PersonKey) -> bool {
    // The "Al" of "Al Khoury" does not speak against "Ms Al Khoury".
    let gender = |key: &PersonKey, other: &PersonKey| {
        key.name.gender.filter(|_| key.titled || with_article(key, other).is_none())
    };
    (a.titled || b.titled) && matches!((gender(a, b), gender(b, a)), (Some(left), Some(right)) if left != right)
}

/// A name of one word against another name.
fn single(only: &Word, key: &PersonKey, long: &[Word], long_key: &PersonKey) -> Option<NameMatch> {
    let lexicon = Lexicon::embedded();
    if only.is_initial() {
        return None;
    }
    let graded = |fit: Fit, strength: f32| {
        let reason = match fit {
            Fit::Exact | Fit::Part => LinkReason::PartOfName,
            Fit::Nickname => LinkReason::KnownAlias,
            Fit::Variant | Fit::Spelling | Fit::Near | Fit::Initial => LinkReason::SpellingVariant,
        };
        NameMatch::new(reason, strength * fit.factor())
    };
    if let [other] = long {
        return match fit(only, other, true, lexicon)? {
            Fit::Exact => NameMatch::new(LinkReason::SameName, 1.0),
            Fit::Nickname => NameMatch::new(LinkReason::KnownAlias, 0.5),
            Fit::Part => NameMatch::new(LinkReason::PartOfName, 0.7),
            found if only.text.len().min(other.text.len()) >= 5 => {
                NameMatch::new(LinkReason::SpellingVariant, 0.78 * found.factor())
            }
            _ => None,
        };
    }
    let (head, tail) = (long.first()?, long.last()?);
    // "Van Morrison" has a given name, "Van Buren" has none: as a rule the full name then has the particle too.
    let particle = key.name.particles.first().filter(|_| key.starts_with_particle);
    let own_particle = particle.is_some_and(|own| {
        let is_word = |word: &Word| word.text == *own || lexicon.are_nicknames(own, &word.text);
        (own == "ben" || EUROPEAN.contains(&own.as_str()))
            && !long_key.name.particles.contains(own)
            && !long.iter().any(is_word)
    });
    let is_eastern = || EASTERN_FAMILY_NAMES.contains(&head.text.as_str());
    let own_fit =
        |word: &Word| fit(only, word, false, lexicon).filter(|found| !is_by_sound(*found, only, word) || !is_eastern());
    if let Some(found) = own_fit(tail)
        && !own_particle
    {
        // "Salman" is hardly "Mohammed bin Salman": that is his father.
        let father = long_key.patronymic && !key.starts_with_particle;
        // "al-Sadr" for "Sadr" and the other way round are both usual.
        return graded(found, if father { 0.5 } else { 0.95 });
    }
    if !key.starts_with_particle
        && let Some(found) = fit(only, head, true, lexicon)
        && found > Fit::Initial
    {
        return graded(found, if is_eastern() { 0.93 } else { 0.8 });
    }
    // The surname has been tried.
    let rest = long.split_last().filter(|_| own_particle).map_or(long, |(_, rest)| rest);
    rest.iter().filter_map(own_fit).filter(|found| *found >= Fit::Variant).max().and_then(|found| graded(found, 0.6))
}

/// Two names of two words or more, the shorter one first.
fn align(short: &[Word], long: &[Word]) -> Option<NameMatch> {
    let lexicon = Lexicon::embedded();
    let ([head_short, middle_short @ .., tail_short], [head_long, middle_long @ .., tail_long]) = (short, long) else {
        return None;
    };
    let eastern = share_eastern_family_name(short, long);
    let fit_all = |word: &Word, other: &Word, given: bool| {
        fit(word, other, given, lexicon).filter(|found| !eastern || !is_by_sound(*found, word, other))
    };
    let head = fit_all(head_short, head_long, true);
    let tail = fit_all(tail_short, tail_long, false);
    let extra = (long.len() - short.len()) as f32;
    if let (Some(head), Some(tail)) = (head, tail) {
        // What stands between must be found in order; an initial may stand for a word.
        let mut rest = middle_long.iter();
        let mut middle = Fit::Exact;
        let mut fits = true;
        for word in middle_short {
            match rest.find_map(|other| fit_all(word, other, true)) {
                Some(found) => middle = middle.min(found),
                None => fits = false,
            }
        }
        if fits {
            // "W." and "H. W." are father and son as likely as not.
            let initials_only = |words: &[Word]| !words.is_empty() && words.iter().all(Word::is_initial);
            if initials_only(middle_short) && initials_only(middle_long) && middle_short.len() != middle_long.len() {
                return NameMatch::new(LinkReason::PartOfName, 0.5);
            }
            let strength = (0.97 - 0.02 * extra) * head.factor() * tail.factor() * middle.factor();
            return NameMatch::new(reason_of(&[head, tail, middle]), strength);
        }
        return None;
    }
    // East Asian or Hungarian order, or family name first in a list.
    if extra == 0.0 {
        // Two given names may stand in either order and be two people: Thomas Martin, Martin Thomas.
        if short.iter().chain(long).all(|word| word.is_given) {
            return None;
        }
        let rotated = |by: usize| long.iter().cycle().skip(by).zip(short).all(|(other, word)| other.text == word.text);
        if (1..long.len()).any(rotated) {
            return NameMatch::new(LinkReason::SameName, 0.88);
        }
        let swapped = short.iter().zip(long.iter().rev()).map(|(word, other)| fit_all(word, other, false));
        let fits: Option<Vec<Fit>> = swapped.collect();
        if let Some(fits) = fits
            && fits.iter().all(|found| *found >= Fit::Variant)
        {
            return NameMatch::new(LinkReason::SpellingVariant, 0.8);
        }
        return None;
    }
    let all = |pairs: &mut dyn Iterator<Item = (&Word, &Word)>| -> Option<Vec<Fit>> {
        pairs.map(|(word, other)| fit_all(word, other, false)).collect()
    };
    // "García Márquez" of "Gabriel García Márquez".
    let start = long.len() - short.len();
    if let Some(fits) = all(&mut short.iter().zip(long.iter().skip(start))) {
        return NameMatch::new(reason_of(&fits), 0.92 * weakest(&fits).factor());
    }
    // "Gabriel García", "Mohammed Ali": the start of a longer name.
    if head.is_some_and(|found| found > Fit::Initial)
        && let Some(fits) = all(&mut short.iter().skip(1).zip(long.iter().skip(1)))
    {
        // Martin Luther is not Martin Luther King; Nicolás Maduro is Nicolás Maduro Moros. Of fathers' names, one may
        // say as many as one likes.
        let is_chain = FATHERS_NAMES.contains(&tail_short.text.as_str()) && tail_long.is_given;
        let strength = match tail_short.is_given {
            false => 0.78,
            true if is_chain => 0.65,
            true => 0.5,
        };
        return NameMatch::new(reason_of(&fits), strength * weakest(&fits).factor());
    }
    if head.is_some_and(|found| found > Fit::Initial) {
        let mut rest = long.iter().skip(1);
        if short.iter().skip(1).all(|word| rest.any(|other| other.text == word.text)) {
            return NameMatch::new(LinkReason::PartOfName, 0.7);
        }
    }
    // "J. A. Urrutia" for "José Antonio Urrutia Salas": the first of two surnames.
    if let [first_surname @ .., _] = long
        && first_surname.len() > 2
        && first_surname.last().is_some_and(|word| word.text == tail_short.text && !word.is_given)
    {
        return align(short, first_surname).and_then(|found| NameMatch::new(found.reason, 0.85 * found.strength));
    }
    None
}

fn weakest(fits: &[Fit]) -> Fit {
    fits.iter().copied().min_by(|a, b| a.factor().total_cmp(&b.factor())).unwrap_or(Fit::Exact)
}

fn reason_of(fits: &[Fit]) -> LinkReason {
    if fits.iter().any(|found| matches!(found, Fit::Variant | Fit::Spelling | Fit::Near)) {
        LinkReason::SpellingVariant
    } else if fits.contains(&Fit::Nickname) {
        LinkReason::KnownAlias
    } else {
        LinkReason::PartOfName
    }
}
