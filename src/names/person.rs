//! Names of people: their parts, and which of them may be one person's.

use strsim::osa_distance;

use crate::{
    document::LinkReason,
    lexicon::{Gender, Lexicon, TitleClass, fold, fold::is_apostrophe, skeleton},
};

use super::{
    NameMatch,
    words::{Fit, Word, fit, is_loose_spelling},
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
    /// Whether the name starts with that particle: "bin Laden".
    starts_with_particle: bool,
}

/// Titles that are given names as well; they count as titles only before two words.
const TITLES_OR_NAMES: [&str; 16] = [
    "dean", "don", "earl", "major", "marshal", "duke", "baron", "judge", "prince", "king", "count", "sultan", "shah",
    "aga", "deacon", "pc",
];

const PARTICLES: [&str; 44] = [
    "van", "von", "der", "den", "de", "del", "della", "dello", "di", "da", "dos", "das", "do", "du", "la", "le", "al",
    "el", "ul", "ur", "as", "ad", "an", "ash", "az", "at", "ar", "bin", "ben", "ibn", "bint", "ter", "ten", "zu", "y",
    "e", "af", "av", "st", "ould", "ag", "oglu", "ibnu", "binti",
];

/// Particles that a family name keeps.
const EUROPEAN: [&str; 14] =
    ["van", "von", "de", "del", "della", "di", "da", "dos", "do", "du", "le", "la", "ter", "zu"];

/// Fewer consonants than this do not tell that two names are one.
const SOUND: usize = 6;

const FATHERS: [&str; 4] = ["bin", "ben", "ibn", "bint"];

/// Family names that stand first in China, Korea and Vietnam.
const EASTERN_FAMILY_NAMES: [&str; 94] = [
    "wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu", "guo",
    "he", "lin", "gao", "luo", "zheng", "liang", "xie", "song", "tang", "han", "feng", "deng", "cao", "peng", "zeng",
    "xiao", "tian", "dong", "pan", "yuan", "cai", "jiang", "yu", "du", "ye", "cheng", "wei", "su", "lu", "ding", "ren",
    "shen", "yao", "xi", "bo", "hua", "mao", "kim", "lee", "park", "choi", "jung", "jeong", "kang", "cho", "yoon",
    "yun", "jang", "lim", "im", "shin", "seo", "kwon", "hwang", "ahn", "moon", "ban", "roh", "noh", "chung", "ryu",
    "nguyen", "tran", "le", "pham", "hoang", "phan", "vu", "vo", "dang", "bui", "ngo", "duong", "ly", "lai", "tsai",
    "chiang", "tsang",
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
        while tokens.len() > 1
            && let Some(last) = tokens.last()
            && let Some(suffix) = suffix_of(&last.folded).or_else(|| regnal_number(last).map(Some))
        {
            name.suffix = suffix.map(str::to_owned).or(name.suffix);
            tokens.pop();
        }
        let whole: String = tokens.iter().map(|token| token.folded.as_str()).collect();
        let mut words: Vec<Word> = Vec::new();
        let mut patronymic = false;
        let mut starts_with_particle = false;
        let mut joins_next = false;
        let count = tokens.len();
        for (position, token) in tokens.iter().enumerate() {
            let folded = token.folded.as_str();
            let last = position + 1 == count;
            // "Al", "Ben" and "Ash" before one more word are given names: Al Gore, Ben Stokes. "Le" before two more is a
            // Vietnamese family name.
            let given_like = position == 0
                && token.capital
                && (matches!(folded, "al" | "ben" | "ash" | "an")
                    || count == 3 && EASTERN_FAMILY_NAMES.contains(&folded));
            if !last && PARTICLES.contains(&folded) && (!given_like || token.joined) {
                if position == 0 {
                    starts_with_particle = true;
                }
                patronymic = FATHERS.contains(&folded);
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
        name.nickname = nickname.as_deref().map(fold).filter(|nickname| !nickname.is_empty());
        Self {
            joined: words.iter().map(|word| word.text.as_str()).collect(),
            nickname: name.nickname.as_deref().map(|nickname| nickname.replace(' ', "")),
            sound: skeleton(&whole),
            whole,
            titled: title_gender.is_some(),
            words,
            patronymic,
            starts_with_particle,
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
        let skipped = usize::from(skeletons.len() > 1 && !self.name.family_first);
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
        if (TITLES_OR_NAMES.contains(&words.as_str()) || title.class == TitleClass::Occupation) && left - length < 2 {
            // King Charles is no Mr Charles King: where one word is left, royal titles still go.
            if !matches!(words.as_str(), "king" | "prince") {
                continue;
            }
        }
        return Some((length, title.gender));
    }
    None
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

/// Numbers of monarchs and popes. A lone X is more often a name.
const REGNAL: [&str; 24] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii",
    "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv",
];

/// The number of a monarch or pope: `xiv` of "Louis XIV".
fn regnal_number(token: &Token) -> Option<&'static str> {
    REGNAL.into_iter().find(|number| token.stands_out && *number == token.folded)
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
        _ if a.joined == b.joined => NameMatch::new(LinkReason::SameName, 1.0),
        ([only], long) => single(only, a, long, b),
        (long, [only]) => single(only, b, long, a),
        (left, right) if left.len() <= right.len() => align(left, right),
        (left, right) => align(right, left),
    };
    let mut found = found.or_else(|| cut_otherwise(a, b)).or_else(|| turned(a, b).or_else(|| turned(b, a)))?;
    // One of two namesakes, as a rule: father and son.
    if a.name.suffix.is_some() != b.name.suffix.is_some() && a.words.len() > 1 && b.words.len() > 1 {
        found.strength *= 0.5;
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
    let head = fit(head_a, head_b, true, lexicon);
    let tail = fit(tail_a, tail_b, false, lexicon);
    if (tail.is_some() && is_loose_spelling(head_a, head_b)) || (head.is_some() && is_loose_spelling(tail_a, tail_b)) {
        return false;
    }
    tail.is_some() || head.is_some() || a.words.iter().any(|word| b.words.iter().any(|other| word.text == other.text))
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

fn suffixes_differ(a: &PersonKey, b: &PersonKey) -> bool {
    matches!((&a.name.suffix, &b.name.suffix), (Some(left), Some(right)) if left != right)
}

/// Whether a title of one speaks against the other; two given names are compared as words.
fn genders_differ(a: &PersonKey, b: &PersonKey) -> bool {
    (a.titled || b.titled) && matches!((a.name.gender, b.name.gender), (Some(left), Some(right)) if left != right)
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
    let own_particle =
        particle.is_some_and(|own| EUROPEAN.contains(&own.as_str()) && !long_key.name.particles.contains(own));
    if let Some(found) = fit(only, tail, false, lexicon)
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
        let family = long_key.name.family_first || EASTERN_FAMILY_NAMES.contains(&head.text.as_str());
        return graded(found, if family { 0.93 } else { 0.8 });
    }
    long.iter()
        .filter_map(|word| fit(only, word, false, lexicon))
        .filter(|found| *found >= Fit::Variant)
        .max()
        .and_then(|found| graded(found, 0.6))
}

/// Two names of two words or more, the shorter one first.
fn align(short: &[Word], long: &[Word]) -> Option<NameMatch> {
    let lexicon = Lexicon::embedded();
    let ([head_short, middle_short @ .., tail_short], [head_long, middle_long @ .., tail_long]) = (short, long) else {
        return None;
    };
    let head = fit(head_short, head_long, true, lexicon);
    let tail = fit(tail_short, tail_long, false, lexicon);
    let extra = (long.len() - short.len()) as f32;
    if let (Some(head), Some(tail)) = (head, tail) {
        // What stands between must be found in order; an initial may stand for a word.
        let mut rest = middle_long.iter();
        let mut middle = Fit::Exact;
        let mut fits = true;
        for word in middle_short {
            match rest.find_map(|other| fit(word, other, true, lexicon)) {
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
        let telling = !short.iter().all(|word| word.is_given);
        let rotated = |by: usize| long.iter().cycle().skip(by).zip(short).all(|(other, word)| other.text == word.text);
        if telling && (1..long.len()).any(rotated) {
            return NameMatch::new(LinkReason::SameName, 0.88);
        }
        let swapped = short.iter().zip(long.iter().rev()).map(|(word, other)| fit(word, other, false, lexicon));
        let fits: Option<Vec<Fit>> = swapped.collect();
        if let Some(fits) = fits
            && fits.iter().all(|found| *found >= Fit::Variant)
        {
            return NameMatch::new(LinkReason::SpellingVariant, 0.8);
        }
        return None;
    }
    let all = |pairs: &mut dyn Iterator<Item = (&Word, &Word)>| -> Option<Vec<Fit>> {
        pairs.map(|(word, other)| fit(word, other, false, lexicon)).collect()
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
        // Martin Luther is not Martin Luther King; Nicolás Maduro is Nicolás Maduro Moros.
        let strength = if tail_short.is_given { 0.5 } else { 0.78 };
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
