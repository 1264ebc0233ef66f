//! The country or body before a title, which the model leaves in it or does not see: "US Secretary of State Bo Lind".

use super::{BEFORE_NAMES, OPENING, SURE_SPELLING, between, is_person, last_word, words};
use crate::{
    document::Mention,
    lexicon::{Lexicon, TitleClass, fold::without_possessive, is_acronym},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The most words of a country or people: "United Arab Emirates", "South Korean".
const LONGEST_NAME: usize = 3;

/// Words within an office, before the word that tells what it is: "Treasury Secretary", "Deputy Prime Minister".
const PORTFOLIOS: &[&str] = &[
    "acting",
    "agriculture",
    "assistant",
    "climate",
    "commerce",
    "defence",
    "defense",
    "deputy",
    "economy",
    "education",
    "energy",
    "environment",
    "finance",
    "foreign",
    "health",
    "housing",
    "interior",
    "justice",
    "labor",
    "labour",
    "national",
    "permanent",
    "prime",
    "security",
    "senior",
    "special",
    "state",
    "trade",
    "transport",
    "transportation",
    "treasury",
    "vice",
];

/// What may stand between an office and what it is for.
const COMPLEMENTS: &[&str] = &[" for ", " of ", " to "];

/// Offices that have the country in their name: "Scottish Secretary", "U.S. attorney".
const WITH_COUNTRY: &[&str] = &["attorney", "marshal", "secretary"];

/// Capitalized words before a country that start no longer name.
const BEFORE_COUNTRIES: &[&str] = &["Ex", "Former", "Late", "Outgoing"];

/// Parts what stands before a title from it, and adds what the model did not see.
pub(super) fn part_countries(text: &str, mentions: &mut Vec<Mention>) {
    let mut parted: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        if mention.entity_type != EntityType::Title || mention.kind != MentionKind::Name {
            parted.push(mention);
            continue;
        }
        let title = words(text, &mention);
        let (start, end) = (mention.span.start as usize, mention.span.end as usize);
        // Letters may be those of an office: "GM".
        if let Some(entity_type) = type_of(title).filter(|found| *found != EntityType::Organization) {
            mention.entity_type = entity_type;
            mention.score = mention.score.max(SURE_SPELLING);
        } else if let Some((length, entity_type)) = part_before(title) {
            mention.score = mention.score.max(SURE_SPELLING);
            let span = ByteSpan::new(start, start + length);
            parted.push(Mention { span, entity_type, ..mention.clone() });
            mention.span = ByteSpan::new(start + length + 1, end);
        } else if ends_in_office(title) && rest.peek().is_some_and(|next| is_before_name(text, &mention, next)) {
            add_before(text, &mut parted, &mention);
        }
        parted.push(mention);
    }
    *mentions = parted;
}

/// Whether a person, or one more title, follows a title.
fn is_before_name(text: &str, title: &Mention, next: &Mention) -> bool {
    let is_title = next.kind == MentionKind::Name && next.entity_type == EntityType::Title;
    (is_title || is_person(next)) && between(text, title, next) == " "
}

/// Offices that are named after the country by whose law they are.
const FEDERAL: &[&str] = &["Attorney", "Judge", "Magistrate", "Marshal", "marshal"];

/// Makes a sure mention of the country, people or body right before a title.
fn add_before(text: &str, parted: &mut Vec<Mention>, title: &Mention) {
    if let Some(last) = parted.last_mut().filter(|last| between(text, last, title) == " ") {
        let is_likely = matches!(last.entity_type, EntityType::Group | EntityType::Organization | EntityType::Place);
        if let Some(found) = type_of(words(text, last)).filter(|_| last.kind == MentionKind::Name && is_likely) {
            last.score = last.score.max(SURE_SPELLING);
            // No place is called "Chadian".
            if found == EntityType::Group && Lexicon::embedded().territory_by_name(words(text, last)).is_none() {
                last.entity_type = found;
            }
        }
        return;
    }
    let floor = parted.last().map_or(0, |last| last.span.end as usize);
    if let Some((span, entity_type)) = name_before(text, floor, title.span.start as usize) {
        parted.push(Mention { span, entity_type, score: SURE_SPELLING, ..title.clone() });
    }
}

/// The longest name of a country, people or body that ends before a title and starts behind the floor.
fn name_before(text: &str, floor: usize, title: usize) -> Option<(ByteSpan, EntityType)> {
    let head = text.get(..title)?.strip_suffix(' ')?;
    let mut found = None;
    let mut at = head.len();
    for _ in 0..LONGEST_NAME {
        let written = last_word(head.get(..at)?);
        let word = written.trim_start_matches(OPENING);
        let word = word.strip_prefix("ex-").or_else(|| word.strip_prefix("Ex-")).unwrap_or(word);
        let start = at - word.len();
        let is_whole = word.ends_with(char::is_alphanumeric) || is_acronym(word);
        if start < floor || !word.starts_with(char::is_uppercase) || !is_whole {
            break;
        }
        let before = head.get(..start)?;
        if let Some(entity_type) = head.get(start..).and_then(type_of)
            && !goes_on_before(before, floor)
        {
            found = Some((ByteSpan::new(start, head.len()), entity_type));
        }
        match before.strip_suffix(' ') {
            Some(before) => at = before.len(),
            None => break,
        }
    }
    found
}

/// Whether a capitalized word that no mention holds ends a text, and the name behind it may be longer: "Orange" before
/// "Texas".
fn goes_on_before(before: &str, floor: usize) -> bool {
    let Some(before) = before.strip_suffix(' ').filter(|before| before.len() > floor) else { return false };
    let word = last_word(before).trim_start_matches(OPENING);
    word.starts_with(char::is_uppercase)
        && word.ends_with(char::is_alphanumeric)
        && !BEFORE_NAMES.contains(&word)
        && !BEFORE_COUNTRIES.contains(&word)
}

/// Whether words are a country or region, its people, or the acronym of a well-known body.
fn type_of(words: &str) -> Option<EntityType> {
    let lexicon = Lexicon::embedded();
    let is_cut_off = without_possessive(words) != words || lexicon.is_abbreviated_region(&format!("{words}."));
    if !words.starts_with(char::is_uppercase) || is_cut_off {
        return None;
    }
    if lexicon.people(words).is_some_and(|people| people.territory.is_some()) {
        Some(EntityType::Group)
    } else if lexicon.territory_by_name(words).is_some() {
        Some(EntityType::Place)
    } else {
        (is_acronym(words) && lexicon.organization(words).is_some()).then_some(EntityType::Organization)
    }
}

/// Length and type of the country, people or body that a title starts with, if the rest is an office.
fn part_before(title: &str) -> Option<(usize, EntityType)> {
    title
        .match_indices(' ')
        .map(|(at, _)| at)
        .take(LONGEST_NAME)
        .filter(|at| title.get(at + 1..).is_some_and(is_office))
        .find_map(|at| Some((at, title.get(..at).and_then(type_of)?)))
}

/// Whether words are an office of their own: "Secretary of State", "Treasury Secretary", "special envoy for Syria".
fn is_office(words: &str) -> bool {
    // "U.S. Attorney" is the name of an office.
    if FEDERAL.iter().any(|office| words.ends_with(office)) {
        return false;
    }
    if is_known_office(words) {
        return true;
    }
    let cut = COMPLEMENTS.iter().filter_map(|word| words.find(word)).min();
    let small = words.get(..cut.unwrap_or(words.len())).unwrap_or_default().to_lowercase();
    let (portfolio, office) = small.rsplit_once(' ').unwrap_or(("", &small));
    let has_more = cut.is_some() || !portfolio.is_empty();
    let is_title = is_known_office(office) || (has_more && office == "secretary");
    has_more && is_title && portfolio.split_whitespace().all(|word| PORTFOLIOS.contains(&word))
}

/// Whether a title ends in the word for an office, and is in letters that tell names from other words.
fn ends_in_office(title: &str) -> bool {
    let has_more = title.contains(' ');
    let last = title.rsplit(' ').next().unwrap_or_default();
    title.contains(char::is_lowercase)
        && (is_known_office(title)
            || is_known_office(last)
            || (has_more && (last.eq_ignore_ascii_case("secretary") || is_office(title))))
}

/// Whether the lists have words as an office, a rank or a title of nobles.
fn is_known_office(words: &str) -> bool {
    let class = Lexicon::embedded().title(words).map(|title| title.class);
    matches!(class, Some(TitleClass::Nobility | TitleClass::Office | TitleClass::Rank))
        && !WITH_COUNTRY.iter().any(|office| office.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn countries_are_no_part_of_titles() {
        check(
            "{T|US Secretary of State} {P|Bo Lind} met {T|UN Secretary-General} {P|Jon Aas}.",
            "{L|US} {T|Secretary of State} {P|Bo Lind} met {O|UN} {T|Secretary-General} {P|Jon Aas}.",
        );
        check(
            "{T|Saudi Crown Prince} {P|Faisar} and {T|South Korean President} {P|Lopar}",
            "{G|Saudi} {T|Crown Prince} {P|Faisar} and {G|South Korean} {T|President} {P|Lopar}",
        );
        check(
            "{P|Bo Lind}, {T|US special envoy for Syria}, and {T|UK Treasury Secretary} {P|Aas}",
            "{P|Bo Lind}, {L|US} {T|special envoy for Syria}, and {L|UK} {T|Treasury Secretary} {P|Aas}",
        );
        check("{T|U.S.} {T|Treasury Secretary} {P|Bo Lind}", "{L|U.S.} {T|Treasury Secretary} {P|Bo Lind}");
        check_same("{T|U.S. Magistrate} {P|Bo Lind}, {T|U.S. District Judge} {P|Jon Aas} and {T|GM} {P|Ida Moe}");
        check_same("{T|Scottish Secretary}, {T|U.S. Attorney}, {T|US Attorney for Texas} and {T|English teacher}");
        check_same("{T|Swiss Guard commander}, {T|Miss}, {T|American football coach}, {T|Prince of Wales}");
        check_same("{T|LeT commander}, {T|HR director}, {T|Holy Roman Emperor} and {T|Spanish professor}");
    }

    #[test]
    fn countries_before_titles_are_found() {
        check("US {T|President} {P|Bo Lind} met", "{L|US} {T|President} {P|Bo Lind} met");
        check("(ex-US {T|President} {P|Bo Lind})", "(ex-{L|US} {T|President} {P|Bo Lind})");
        check("Former South Korean {T|leader} {P|Lopar}", "Former {G|South Korean} {T|leader} {P|Lopar}");
        check(
            "Hungary vetoes loan\n\nHungarian {T|Foreign Minister} {P|Peter Tarn} said",
            "Hungary vetoes loan\n\n{G|Hungarian} {T|Foreign Minister} {P|Peter Tarn} said",
        );
        check("WHO {T|director-general} {P|Tarn} met", "{O|WHO} {T|director-general} {P|Tarn} met");
        check("Saudi {T|Foreign Minister Prince} {P|Faisar}", "{G|Saudi} {T|Foreign Minister} {T|Prince} {P|Faisar}");
        check("{L|Chadian} {T|President} {P|Tarn} of {L|Chad}", "{G|Chadian} {T|President} {P|Tarn} of {L|Chad}");
    }

    #[test]
    fn other_words_before_titles_stay() {
        check_same("Scottish {T|Secretary} {P|Bo Lind}, US {T|Attorney} {P|Jon Aas} and US {T|actor} {P|Bo Lind}");
        check_same("West Texas {T|Sheriff} {P|Bo Lind} and tell us {T|President} {P|Jon Aas}");
        check_same("US {T|President}'s aide, US, {T|President} {P|Bo Lind}, Mass. {T|Governor} {P|Jon Aas}");
        check_same("In Chad, {T|President} {P|Bo Lind} met the Congo's {T|leader} {P|Jon Aas}");
        check_same("US {T|PRESIDENT} {P|LIND} and English {T|teacher} {P|Ann Lopar} and {L|US} {T|President} {P|Lind}");
        check_same("{P|Jordan} {T|captain} {P|Bo Lind} and New York Post {T|editor} {P|Jon Aas}");
    }
}
