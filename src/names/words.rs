//! Words of names: numbers, stems, acronyms, and how well two spellings fit.

use strsim::osa_distance;

use crate::lexicon::{
    Lexicon,
    numbers::{cardinal, ordinal},
    skeleton, sketch,
};

/// A word with all that comparisons ask of it.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub text: String,
    skeleton: String,
    sketch: String,
    groups: Vec<u32>,
    /// Whether the lists of names have it.
    known: bool,
    /// Whether it is a given name.
    pub is_given: bool,
    /// Parts of a hyphenated word.
    pub parts: Vec<String>,
}

impl Word {
    pub fn new(folded: &str, lexicon: &Lexicon) -> Self {
        let parts: Vec<String> = match folded.contains(' ') {
            true => folded.split(' ').map(str::to_owned).collect(),
            false => Vec::new(),
        };
        let text: String = folded.split(' ').collect();
        let groups: Vec<u32> = lexicon.name_groups(&text).collect();
        let is_given = lexicon.given_name_counts(&text).is_some();
        let known = !groups.is_empty() || is_given;
        Self { is_given, skeleton: skeleton(&text), sketch: sketch(&text), groups, known, parts, text }
    }

    pub fn is_initial(&self) -> bool {
        self.text.chars().count() == 1
    }

    fn starts_with_initial(&self, other: &Self) -> bool {
        other.is_initial() && !self.is_initial() && self.text.starts_with(other.text.as_str())
    }
}

/// How two words fit, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// An initial and a word.
    Initial,
    /// Two spellings that sound nearly alike.
    Near,
    /// Two spellings that sound alike.
    Spelling,
    /// One part of a double name.
    Part,
    /// A nickname.
    Nickname,
    /// Spellings that the lists know for one name.
    Variant,
    /// The same word.
    Exact,
}

impl Fit {
    pub fn factor(self) -> f32 {
        match self {
            Self::Exact => 1.0,
            Self::Variant => 0.95,
            Self::Nickname => 0.92,
            Self::Part => 0.85,
            Self::Spelling => 0.87,
            Self::Near => 0.75,
            Self::Initial => 0.9,
        }
    }
}

/// How two words of a name fit; given names may also be initials and nicknames.
pub(super) fn fit(a: &Word, b: &Word, given: bool, lexicon: &Lexicon) -> Option<Fit> {
    if a.text == b.text {
        return Some(Fit::Exact);
    }
    if a.is_initial() || b.is_initial() {
        return (given && (a.starts_with_initial(b) || b.starts_with_initial(a))).then_some(Fit::Initial);
    }
    // A particle of surnames as well, which is no spelling of "Fan".
    if a.text == "van" || b.text == "van" {
        return None;
    }
    if share(&a.groups, &b.groups) && !differ_in_gender_ending(&a.text, &b.text) {
        return Some(Fit::Variant);
    }
    if given && lexicon.are_nicknames(&a.text, &b.text) {
        return Some(Fit::Nickname);
    }
    if a.parts.contains(&b.text) || b.parts.contains(&a.text) {
        return Some(Fit::Part);
    }
    spelling(a, b)
}

/// Whether two words are spellings of one name, judged by their sound.
fn spelling(a: &Word, b: &Word) -> Option<Fit> {
    let (short, long) = (a.text.len().min(b.text.len()), a.text.len().max(b.text.len()));
    if short < 4 || a.skeleton != b.skeleton || differ_in_gender_ending(&a.text, &b.text) {
        return None;
    }
    // With one consonant or two the sound says little: Lee, Leo, Lowe.
    let consonants = a.skeleton.len();
    if a.sketch == b.sketch {
        return (consonants >= 3 || osa_distance(&a.text, &b.text) <= 1).then_some(Fit::Spelling);
    }
    // Both are names of their own: Martin, Morton. So are the fathers' in Jónsdóttir and Jónasdóttir.
    if a.known && b.known || are_patronymics(&a.text, &b.text) {
        return None;
    }
    let close = osa_distance(&a.text, &b.text) <= 2 && osa_distance(&a.sketch, &b.sketch) <= 1;
    (consonants >= 3 && long >= 6 && close).then_some(Fit::Near)
}

/// Whether words may be careless spellings of one name: not enough for a match, too much for a conflict.
pub(super) fn is_loose_spelling(a: &Word, b: &Word) -> bool {
    a.text != b.text
        && a.skeleton == b.skeleton
        && a.skeleton.len() >= 3
        && !(a.known && b.known)
        && !are_patronymics(&a.text, &b.text)
        && !differ_in_gender_ending(&a.text, &b.text)
        && osa_distance(&a.text, &b.text) <= 2
}

/// Whether two words end as names do that are made of the father's.
fn are_patronymics(a: &str, b: &str) -> bool {
    ["dottir", "son", "vich", "vna", "vych"].iter().any(|ending| a.ends_with(ending) && b.ends_with(ending))
}

/// Number of runs of vowels in a folded word.
pub(crate) fn syllables(word: &str) -> usize {
    let is_vowel = |char: char| matches!(char, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    word.split(|char: char| !is_vowel(char)).filter(|run| !run.is_empty()).count()
}

/// Whether words differ in what often tells women from men: Ivanov and Ivanova, Mario and Maria.
fn differ_in_gender_ending(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() == short.len() + 1 && long.starts_with(short) && long.ends_with(['a', 'e', 'o']) {
        return true;
    }
    let last = |word: &str| word.chars().last();
    let vowels = ['a', 'o', 'e'];
    if let (Some(left), Some(right)) = (a.strip_suffix(vowels), b.strip_suffix(vowels)) {
        return left == right && last(a) != last(b);
    }
    // Dombrovskis the man and Dombrovska the woman, Zelensky and Zelenska.
    let pairs = [
        ("sky", "skaya"),
        ("sky", "ska"),
        ("ski", "ska"),
        ("skyi", "ska"),
        ("skyy", "ska"),
        ("ov", "ova"),
        ("ev", "eva"),
    ];
    pairs.iter().any(|(man, woman)| {
        a.strip_suffix(man).is_some_and(|root| b.strip_suffix(woman) == Some(root))
            || b.strip_suffix(man).is_some_and(|root| a.strip_suffix(woman) == Some(root))
    })
}

fn share(a: &[u32], b: &[u32]) -> bool {
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => left.next(),
            std::cmp::Ordering::Greater => right.next(),
            std::cmp::Ordering::Equal => return true,
        };
    }
    false
}

/// The number that a folded word stands for: `15th`, `third`, `ii`, `two`, `2018`.
pub(super) fn number_of(word: &str) -> Option<u32> {
    // A lone i, v or x is more often an initial.
    const ROMAN: [&str; 14] = ["", "", "ii", "iii", "iv", "", "vi", "vii", "viii", "ix", "", "xi", "xii", "xiii"];
    let digits = word.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    if !digits.is_empty() {
        let rest = word.get(digits.len()..).unwrap_or_default();
        return matches!(rest, "" | "st" | "nd" | "rd" | "th" | "s").then(|| digits.parse().ok())?;
    }
    let roman = || ROMAN.iter().position(|name| !name.is_empty() && *name == word);
    cardinal(word)
        .or_else(|| ordinal(word))
        .map(u32::from)
        .or_else(|| roman().and_then(|number| u32::try_from(number).ok()))
}

/// A folded word without plural, in American spelling.
pub(super) fn stem(word: &str) -> String {
    let word = match word {
        "defence" => "defense",
        "labour" => "labor",
        "centre" => "center",
        "programme" => "program",
        "theatre" => "theater",
        "harbour" => "harbor",
        "utd" => "united",
        "intl" => "international",
        "govt" => "government",
        "dept" => "department",
        "natl" => "national",
        "univ" => "university",
        "assn" => "association",
        "olympic" => "olympics",
        "offence" => "offense",
        other => other,
    };
    if let Some(root) = word.strip_suffix("isation") {
        return format!("{root}ization");
    }
    if word.len() > 4 {
        if let Some(root) = word.strip_suffix("isations") {
            return format!("{root}ization");
        }
        if let Some(root) = word.strip_suffix("ies") {
            return format!("{root}y");
        }
        if let Some(root) = word.strip_suffix("men")
            && root.len() > 2
        {
            return format!("{root}man");
        }
        if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("sis") {
            return word.trim_end_matches('s').to_owned();
        }
    }
    word.to_owned()
}

/// Articles, prepositions and conjunctions that names of bodies hold and acronyms skip.
pub(super) fn is_small(word: &str) -> bool {
    matches!(
        word,
        "of" | "and"
            | "the"
            | "for"
            | "de"
            | "la"
            | "le"
            | "les"
            | "des"
            | "du"
            | "del"
            | "della"
            | "di"
            | "da"
            | "do"
            | "y"
            | "e"
            | "et"
            | "und"
            | "der"
            | "die"
            | "das"
            | "fur"
            | "on"
            | "in"
            | "to"
            | "at"
            | "a"
            | "an"
            | "s"
            | "with"
            | "from"
            | "by"
            | "against"
            | "al"
            | "los"
            | "las"
            | "el"
    )
}

/// Words that many events share and none owns.
pub(super) fn is_general_event_word(word: &str) -> bool {
    matches!(
        word,
        "war"
            | "cup"
            | "game"
            | "summit"
            | "election"
            | "conference"
            | "championship"
            | "league"
            | "festival"
            | "open"
            | "battle"
            | "final"
            | "race"
            | "tournament"
            | "treaty"
            | "agreement"
            | "accord"
            | "act"
            | "convention"
            | "report"
            | "bill"
            | "law"
            | "pact"
            | "deal"
            | "hurricane"
            | "typhoon"
            | "cyclone"
            | "storm"
            | "operation"
            | "earthquake"
            | "tsunami"
            | "flood"
            | "massacre"
            | "siege"
            | "uprising"
            | "revolution"
            | "marathon"
    )
}

/// The letters of a name that is written as an acronym, in lower case: `U.N.` and `UN` give `un`, `AfD` gives `afd`.
pub(super) fn acronym(text: &str) -> Option<String> {
    let text = crate::lexicon::fold::without_possessive(text.trim());
    let text = text.strip_prefix("the ").or_else(|| text.strip_prefix("The ")).unwrap_or(text);
    let mut letters = String::new();
    let (mut capitals, mut small) = (0, 0);
    for char in text.chars() {
        match char {
            '.' | '&' | '-' => {}
            _ if char.is_uppercase() => {
                capitals += 1;
                letters.extend(char.to_lowercase());
            }
            _ if char.is_lowercase() => {
                small += 1;
                letters.push(char);
            }
            _ if char.is_ascii_digit() && capitals > 0 => letters.push(char),
            _ => return None,
        }
    }
    let length = letters.chars().count();
    // Short words of one capital may be acronyms too (Nato, Unesco), but those need the lexicon.
    ((2..=8).contains(&length) && capitals >= 2 && capitals > small).then_some(letters)
}

/// What an acronym of the name may be: initials of all words, or without the small ones.
pub(super) fn initials(text: &str) -> Vec<String> {
    let mut all = String::new();
    let mut content = String::new();
    let mut parts = String::new();
    let folded = crate::lexicon::fold(text).replace("co operat", "cooperat");
    let folded = folded.strip_prefix("the ").unwrap_or(&folded);
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let first = word.chars().next();
        all.extend(first);
        if !is_small(word) {
            content.extend(first);
        }
        if let Some(number) = number_of(word)
            && word.len() > 1
            && parts.len() > 1
        {
            parts.push_str(&number.to_string());
        } else if !is_small(word) {
            parts.extend(first);
        }
    }
    // "AQAP": the article of an Arabic name counts, the other small words do not.
    let arabic: String = folded
        .split(' ')
        .filter(|word| matches!(*word, "al" | "el") || !is_small(word))
        .filter_map(|word| word.chars().next())
        .collect();
    let mut found = vec![content, all, parts, arabic];
    // World War II is also written WWII.
    if let Some((head, last)) = folded.rsplit_once(' ')
        && number_of(last).is_some()
    {
        let head: String =
            head.split(' ').filter(|word| !is_small(word)).filter_map(|word| word.chars().next()).collect();
        found.push(head + last);
    }
    found.retain(|letters| letters.chars().count() >= 2);
    found.sort();
    found.dedup();
    found
}

/// Whether all of `short` stand in `long` in the same order.
pub(super) fn is_subsequence<T: PartialEq>(short: &[T], long: &[T]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|word| rest.any(|other| other == word))
}

/// Whether two names have the same words in any order.
pub(super) fn same_bag(a: &[String], b: &[String]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (mut left, mut right): (Vec<&String>, Vec<&String>) = (a.iter().collect(), b.iter().collect());
    left.sort();
    right.sort();
    left == right
}
