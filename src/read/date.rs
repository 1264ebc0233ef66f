//! Finds and normalizes the date of a document.

use jiff::{Span, civil::Date};

use crate::lexicon::{Lexicon, fold, numbers};

/// The normal form `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a date as metadata give it.
///
/// Knows RFC 3339 and RFC 2822, `2019/03/12`, `20190312`, `12 March 2019`, `March 12th, 2019`, `12-Mar-2019`, and dates in
/// digits whose order is beyond doubt (`25/12/2019`, and `12.03.2019`, as dots mean day first); of the others (`03/12/2019`)
/// only the year is kept.
/// The date is the one written, whatever its time zone.
///
/// # Example
/// ```
/// use relata::read::normalize_date;
///
/// assert_eq!(normalize_date("Tue, 12 Mar 2019 23:30:00 -0500").as_deref(), Some("2019-03-12"));
/// assert_eq!(normalize_date("March 2019").as_deref(), Some("2019-03"));
/// assert_eq!(normalize_date("last week"), None);
/// ```
#[must_use]
pub fn normalize_date(date: &str) -> Option<String> {
    // Whatever stands behind the first hundred characters is no date.
    let words = words(date.get(..date.char_indices().nth(100).map_or(date.len(), |(at, _)| at))?);
    find(&words).map(|(date, _)| date).or_else(|| match words.as_slice() {
        [Word::Number { value, digits: 4, .. }] => year(*value).map(|year| format!("{year:04}")),
        [Word::Number { value, digits: 8, .. }] => day(value / 10000, value / 100 % 100, value % 100),
        _ => None,
    })
}

/// The date of a count of seconds or milliseconds since 1970, in UTC.
pub(super) fn epoch_date(number: &str) -> Option<String> {
    let number = number.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if !whole.chars().chain(fraction.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let count: i64 = whole.parse().ok()?;
    let seconds = match whole.len() {
        // Greater ones are rather years, months, days and hours: `2019050710`.
        9 | 10 if count < 2_000_000_000 => count,
        13 => count / 1000,
        _ => return None,
    };
    let days = Span::new().try_days(seconds / 86_400).ok()?;
    Date::new(1970, 1, 1).ok()?.checked_add(days).ok().map(|date| date.to_string())
}

/// Lines in which the date of a text may stand, if they are all short: headers of mail, contacts of a press office.
const HEAD_LINES: usize = 14;

/// Of these, the lines in which it may stand whatever the others are.
const FIRST_LINES: usize = 4;

/// The date that a text starts with, in its first lines: on a line of its own or in a dateline, with the year.
///
/// Mastheads and lines of parts say less clearly whose date theirs is: if another contradicts it, the text has none.
pub(super) fn leading_date(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<&str> = lines.take(HEAD_LINES + 1).collect();
    let (mut prose, mut speech) = (false, false);
    let (mut lone, mut likely): (Option<String>, Option<String>) = (None, None);
    for (index, line) in lines.iter().take(HEAD_LINES).enumerate() {
        let line = without_embargo(line);
        let first = index < FIRST_LINES;
        let head = line.get(..line.char_indices().nth(160).map_or(line.len(), |(at, _)| at))?;
        // The date of a message that is quoted is not that of the message.
        let quoted = index > 0 && (is_quotation(head) || speech && starts_with(head, "from:"));
        if quoted || prose && !first {
            break;
        }
        let release = || released(head).filter(|_| !goes_from_day_to_day(&lines, index));
        if let Some(date) = dated_place(head).or_else(|| contract(head)).or_else(release) {
            return agreed(likely, date);
        }
        let before = index.checked_sub(1).and_then(|before| lines.get(before)).copied().unwrap_or_default();
        if head.len() == line.len() && !names_fact(before) {
            // A headline may name the date of a battle; a line below it signs.
            let place = if first && index > 0 { signature(line) } else { place_and_date(line) };
            let labeled = date_line(line).or_else(|| filed(line)).or_else(|| posted(line));
            match labeled.or_else(|| byline(line)).or(place) {
                Some(date) if first || is_labeled(line) => return agreed(likely, date),
                // Of several dates below each other none is that of the text.
                Some(date) if lone.as_ref().is_some_and(|lone| *lone != date) => return None,
                Some(date) => lone = Some(date),
                None => {
                    let after = lines.get(index + 1).copied().unwrap_or_default();
                    let masthead = if first { masthead(line) } else { None };
                    if let Some(date) = masthead.or_else(|| between_bars(line, before, after)) {
                        likely = Some(agreed(likely, date)?);
                    }
                }
            }
        }
        let ends = line.ends_with('…') || ends_sentence(line);
        prose |= head.len() < line.len() || ends && line.split_whitespace().nth(5).is_some();
        speech |= ends || line.ends_with(',');
    }
    match lone {
        Some(date) => agreed(likely, date),
        None => likely,
    }
}

/// The more exact one of two dates, if they do not contradict each other.
fn agreed(earlier: Option<String>, date: String) -> Option<String> {
    match earlier {
        Some(earlier) if earlier.starts_with(&date) => Some(earlier),
        Some(earlier) if !date.starts_with(&earlier) => None,
        _ => Some(date),
    }
}

/// Whether a line ends a sentence; the hour of a date may end in a full stop as well.
fn ends_sentence(line: &str) -> bool {
    let hour = ["a.m.", "p.m.", "A.M.", "P.M."].iter().any(|hour| line.ends_with(hour));
    line.ends_with(['.', '?', '!']) && !hour
}

/// A line without the words that bid wait with it until the date that follows.
fn without_embargo(line: &str) -> &str {
    EMBARGOES.iter().find(|label| starts_with(line, label)).and_then(|label| line.get(label.len()..)).unwrap_or(line)
}

const EMBARGOES: &[&str] =
    &["embargoed until ", "strictly embargoed until ", "embargo until ", "under embargo until ", "embargo: "];

/// Whether a line is the name of a fact whose date stands on the next line.
fn names_fact(line: &str) -> bool {
    FACTS.contains(&line.trim_end_matches(':').trim_end().to_lowercase().as_str())
}

#[rustfmt::skip]
const FACTS: &[&str] = &[
    "birth", "birth date", "birthday", "born", "closed", "closing date", "created", "date of birth", "date of death",
    "deadline", "death", "died", "dissolved", "due", "established", "event date", "expires", "founded", "incorporated",
    "incorporation date", "opened", "registered", "registration date", "since", "start date", "when",
];

/// The date of a dateline.
fn dated_place(line: &str) -> Option<String> {
    let dated = dateline(line).and_then(|head| find(&words(head))).map(|(date, _)| date);
    dated.or_else(|| place_and_date(before_dash(line)?)).or_else(|| wired(line))
}

/// The date between the dashes of a dateline: `CAMBRIDGE, Mass. – September 5, 2022 –`, `Oslo (AFP) - May 7, 2019`.
fn wired(line: &str) -> Option<String> {
    let (place, rest) = cut(line);
    let name = place.split(['(', ',']).next().unwrap_or_default().trim();
    let known = is_known_place(name);
    let shouts = place.contains(',') && name.contains(char::is_uppercase) && !name.contains(char::is_lowercase);
    // "(born in Oslo)" is no agency, "(dpa)" is one.
    let bracket = place.strip_suffix(')').and_then(|place| place.rsplit_once('('));
    let agency = bracket.is_some_and(|(_, agency)| !agency.contains(' ') || !agency.starts_with(char::is_lowercase));
    let short = place.chars().count() <= 60 && !has_small_words(place) && !starts_with_person(name);
    if !short || !(known || shouts || agency) {
        return None;
    }
    // An agency may stand before the date.
    let (mut part, mut after) = cut(rest?);
    let mut date = plain_date(part);
    if date.is_none() && part.split(' ').nth(4).is_none() && !has_small_words(part) {
        (part, after) = cut(after?);
        date = plain_date(part);
    }
    // "Paris – 4 June 1970 – a Thursday" is no dateline.
    let goes_on = after.is_some_and(|after| after.trim_start().starts_with(char::is_lowercase));
    date.filter(|date| date.len() == DAY && part.chars().count() <= 60 && !goes_on)
}

fn is_known_place(name: &str) -> bool {
    let lexicon = Lexicon::embedded();
    lexicon.cities(name).next().is_some() || lexicon.territory_by_name(name).is_some()
}

/// The date between a known place and a colon, bar or full stop, or in a bracket: `Mumbai, 3 September 2024: Nordbank said`,
/// `Singapore, 5 May 2025 | Nordbank said`, `(LONDON: 12 June 2024) Nordbank said`.
fn released(line: &str) -> Option<String> {
    if let Some((head, rest)) = line.strip_prefix('(').and_then(|line| line.split_once(") ")) {
        return placed(head).filter(|_| is_told(rest));
    }
    RELEASED.iter().flat_map(|end| line.match_indices(*end)).find_map(|(at, end)| {
        let (head, rest) = (line.get(..at)?, line.get(at + end.len()..)?);
        // "Berlin, 9 November 1989. The wall falls." opens a story.
        let counts = is_told(rest) && (end != ". " || names_day(rest));
        if counts { placed(head) } else { None }
    })
}

/// What may end the place and date of a release.
const RELEASED: &[&str] = &[": ", " | ", ". "];

/// Longest place and date of a release, in bytes.
const LONGEST_PLACE: usize = 80;

/// The date behind the name of a known place: `Nairobi, Kenya – 5 May 2025`, `Dubai, UAE; 22 January 2025`.
fn placed(head: &str) -> Option<String> {
    let name = head.split([',', ';', ':', '–', '—', '-']).next().unwrap_or_default().trim();
    if head.len() > LONGEST_PLACE || !is_known_place(name) {
        return None;
    }
    let head = ["; ", ": ", " – ", " — ", " - "].iter().fold(head.to_owned(), |head, mark| head.replace(mark, ", "));
    place_and_date(&head).filter(|date| date.len() == DAY)
}

/// Whether words may be the start of a sentence.
fn is_told(words: &str) -> bool {
    !words.starts_with(char::is_lowercase) && words.split_whitespace().nth(3).is_some()
}

/// Whether words count from the day on which they were written, or announce something.
fn names_day(line: &str) -> bool {
    words(line).iter().any(|word| match word {
        Word::Other(name) => name.ends_with("day") && is_weekday(word) || is_among(name, NEWS),
        _ => false,
    })
}

const NEWS: &[&str] = &["announced", "announces", "today", "tomorrow", "yesterday"];

/// Whether a line other than that at `index` starts with a day, as those of chronicles and diaries do.
fn goes_from_day_to_day(lines: &[&str], index: usize) -> bool {
    let starts_with_day = |line: &str| {
        matches!(
            words(line).as_slice(),
            [Word::Number { value: 1..=31, digits: 1 | 2, .. }, Word::Month(_), ..]
                | [Word::Month(_), Word::Number { value: 1..=31, digits: 1 | 2, .. }, ..]
        )
    };
    lines.iter().enumerate().filter(|(at, _)| *at != index).any(|(_, line)| {
        let line = line.get(..line.floor_char_boundary(LONGEST_PLACE)).unwrap_or_default();
        let placed =
            line.split_once(", ").filter(|(place, _)| is_known_place(place) || is_weekday(&Word::Other(place)));
        starts_with_day(line) || placed.is_some_and(|(_, rest)| starts_with_day(rest))
    })
}

/// How long a date with its day is.
const DAY: usize = "2019-03-12".len();

/// A line up to its first dash or slash, and what follows it.
fn cut(line: &str) -> (&str, Option<&str>) {
    let at = DASHES.iter().chain(&[" / "]).filter_map(|dash| Some((line.find(dash)?, dash.len()))).min();
    match at.and_then(|(at, length)| Some((line.get(..at)?, line.get(at + length..)?))) {
        Some((head, rest)) => (head, Some(rest)),
        None => (line, None),
    }
}

/// The date on which a contract says that it was made: `THIS AGREEMENT is dated 17 February 2020`.
fn contract(line: &str) -> Option<String> {
    let words = words(line);
    let (date, range) = find(&words)?;
    let before: Vec<&str> =
        words.get(..range.start)?.iter().map(|word| if let Word::Other(word) = word { *word } else { "" }).collect();
    let lower: Vec<String> = before.iter().map(|word| word.to_lowercase()).collect();
    let is_one = |word: &String| CONTRACTS.contains(&word.as_str());
    let named = match lower.first()?.as_str() {
        "this" => lower.iter().skip(1).take(4).any(is_one),
        _ => lower.iter().take(3).any(is_one) && before.first()?.chars().all(char::is_uppercase),
    };
    let made = lower.iter().rposition(|word| matches!(word.as_str(), "dated" | "made" | "entered" | "executed"))?;
    let other = |word: &String| OTHER_CONTRACTS.contains(&word.as_str());
    let near = range.start - made <= 9 && range.start <= 20;
    (named && near && date.len() == DAY && !lower.iter().any(other)).then_some(date)
}

#[rustfmt::skip]
const CONTRACTS: &[&str] = &[
    "agreement", "amendment", "contract", "deed", "guarantee", "indenture", "lease", "licence", "license",
    "memorandum", "mortgage", "settlement", "undertaking",
];

/// Words after which the date may be that of another contract, or of its story.
#[rustfmt::skip]
const OTHER_CONTRACTS: &[&str] = &[
    "amended", "amending", "amends", "between", "had", "relating", "replaces", "said", "supplemental", "was", "were",
    "which", "will", "would",
];

/// Whether a line starts or introduces the words of an earlier message.
fn is_quotation(line: &str) -> bool {
    let lower = line.to_lowercase();
    let rule = line.starts_with('-') && (lower.contains("original message") || lower.contains("forwarded"));
    rule || line.starts_with('>') || lower.ends_with("wrote:")
}

/// Whether a line starts with a label, in whatever case.
fn starts_with(line: &str, label: &str) -> bool {
    line.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label))
}

/// Whether a line says that its date is that of the text.
fn is_labeled(line: &str) -> bool {
    is_among(first_word(line), LABELS)
}

/// The letters that a line starts with.
fn first_word(line: &str) -> &str {
    line.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}

/// What stands before the dash of a dateline: `BUJUMBURA, Aug 29 1995 (Reuters)`.
fn dateline(line: &str) -> Option<&str> {
    let head = before_dash(line)?;
    let place = head.split([' ', ',']).next().unwrap_or_default();
    let shouts = place.chars().filter(|c| c.is_uppercase()).count() >= 2 && !place.chars().any(char::is_lowercase);
    let agency = head.ends_with(')');
    ((shouts || agency) && !has_small_words(head)).then_some(head)
}

/// Whether words are running text, which has small words of its own.
fn has_small_words(head: &str) -> bool {
    head.split(' ').any(|word| {
        word.starts_with(char::is_lowercase)
            && !matches!(word, "of" | "de" | "and" | "near" | "the" | "la" | "on" | "in")
    })
}

/// What stands before the first dash of a line.
fn before_dash(line: &str) -> Option<&str> {
    line.get(..DASHES.iter().filter_map(|dash| line.find(dash)).min()?)
}

const DASHES: &[&str] = &[" - ", " — ", " – ", " -- ", "—", "--"];

/// The date of a line that holds little else: `14 May 2018`, `Published on Monday, 14 May 2018 at 10:30 GMT`.
fn date_line(line: &str) -> Option<String> {
    if line.chars().count() > 80 || ends_sentence(line) {
        return None;
    }
    let words = words(line);
    let (date, range) = find(&words)?;
    if contradicts(&date, words.get(range.end..)?) {
        return None;
    }
    let rest = words.iter().enumerate().filter(|(index, _)| !range.contains(index));
    let only_date = rest.clone().all(|(_, word)| is_filler(word));
    // A place in capitals or a publisher may stand before it.
    let capitals = range.end == words.len()
        && range.start <= 4
        && rest.into_iter().all(|(_, word)| matches!(word, Word::Other(word) if !word.chars().any(char::is_lowercase)));
    (only_date || capitals && !starts_with_person(line)).then_some(date)
}

/// The date that fills a part of a line, with its weekday, its hour and words like "published".
fn plain_date(part: &str) -> Option<String> {
    let words = words(part);
    let (date, range) = find(&words)?;
    let mut rest = words.iter().enumerate().filter(|(index, _)| !range.contains(index));
    (rest.all(|(_, word)| is_filler(word)) && !contradicts(&date, words.get(range.end..)?)).then_some(date)
}

/// Whether words hold another date.
fn contradicts(date: &str, rest: &[Word]) -> bool {
    find(rest).is_some_and(|(other, _)| other.len() == DAY && other != date)
}

/// Whether a word may stand beside the date of publication.
fn is_filler(word: &Word) -> bool {
    match word {
        Word::Number { .. } => true,
        Word::Month(_) => false,
        Word::Other(other) => is_weekday(word) || is_among(other, AROUND) || is_among(other, LABELS),
    }
}

/// Whether a word, in whatever case, is one of a list.
fn is_among(word: &str, list: &[&str]) -> bool {
    list.contains(&word.to_lowercase().as_str())
}

/// The date of a line that tells who posted it or when it was changed: `Posted on May 7, 2019 by Ann Doe in News`.
fn posted(line: &str) -> Option<String> {
    if !is_labeled(line) || line.chars().count() > 100 || ends_sentence(line) {
        return None;
    }
    let words = words(line);
    let (date, range) = find(&words)?;
    let told = match words.first()? {
        Word::Other(label) => is_among(label, &["posted", "published", "updated"]),
        _ => false,
    };
    let (before, after) = (words.get(..range.start)?, words.get(range.end..)?);
    let next = after.iter().find(|word| is_update(word) || !is_filler(word))?;
    let goes_on = is_update(next) || matches!(next, Word::Other(word) if is_among(word, &["by", "in"]));
    let fits = told && before.iter().all(is_filler) && goes_on;
    // The date of a change may differ.
    let original = is_update(next) && !is_among(first_word(line), UPDATES);
    (fits && (original || !contradicts(&date, after))).then_some(date)
}

/// The date of a report to an authority: `Date of Report (Date of earliest event reported): February 6, 2025`.
///
/// Behind it, that of the event may stand in a bracket.
fn filed(line: &str) -> Option<String> {
    let rest = line.get(FILED.len()..).filter(|_| starts_with(line, FILED))?.trim_start();
    let rest = if rest.starts_with('(') { rest.split_once(')')?.1 } else { rest };
    let date = rest.trim_start_matches([':', ' ']).split(" (").next()?;
    plain_date(date).filter(|date| date.len() == DAY)
}

const FILED: &str = "date of report";

/// Whether the date after a word is that of a change.
fn is_update(word: &Word) -> bool {
    matches!(word, Word::Other(word) if is_among(word, UPDATES))
}

const UPDATES: &[&str] = &["amended", "edited", "modified", "updated"];

/// The date at the end of a line that names the author: `By Ann Doe May 7, 2019`.
fn byline(line: &str) -> Option<String> {
    let rest = line.get(3..).filter(|_| starts_with(line, "by "))?;
    let words = words(rest);
    let (date, range) = find(&words)?;
    let (names, after) = (words.get(..range.start)?, words.get(range.end..)?);
    let given = matches!(names.first()?, Word::Other(name) if is_given_name(name));
    let are_names = names.iter().all(|word| {
        matches!(word, Word::Other(name) if !name.starts_with(char::is_lowercase)
            || matches!(*name, "and" | "at" | "de" | "for" | "in" | "of" | "on" | "the" | "van" | "von"))
    });
    let fits = given && are_names && (2..=12).contains(&names.len()) && after.iter().all(is_filler);
    (fits && date.len() == DAY && !contradicts(&date, after)).then_some(date)
}

/// The date in the few words that a page sets apart for author and date, of which a change may have its own.
pub(super) fn marked_date(text: &str) -> Option<String> {
    let words = words(text);
    let (date, range) = find(&words)?;
    let (before, after) = (words.get(..range.start)?, words.get(range.end..)?);
    let date = match find(after) {
        Some((other, at)) if other != date => {
            let between = after.get(..at.start)?;
            match (before.iter().any(is_update), between.iter().any(is_update)) {
                (false, true) => date,
                (true, false) => other,
                _ => return None,
            }
        }
        _ => date,
    };
    (date.len() == DAY).then_some(date)
}

/// The date in the head of a paper or in the title of a sitting: `DAILY POST, Monday, May 6, 1912. Price One Penny`.
fn masthead(line: &str) -> Option<String> {
    if line.chars().count() > 120 || starts_with_person(line) {
        return None;
    }
    let words = words(line);
    let (date, range) = find(&words)?;
    let rest: Vec<&Word> =
        words.iter().enumerate().filter(|(index, _)| !range.contains(index)).map(|(_, word)| word).collect();
    let titled = rest.iter().all(|word| match word {
        Word::Number { .. } => true,
        Word::Month(_) => false,
        Word::Other(name) => {
            !name.starts_with(char::is_lowercase)
                || matches!(*name, "and" | "de" | "for" | "in" | "of" | "on" | "the")
                || SITTINGS.contains(name)
        }
    });
    let has = |list: &[&str]| rest.iter().any(|word| matches!(word, Word::Other(name) if is_among(name, list)));
    let mut names = words.get(..range.start)?.iter().rev().filter(|word| !is_weekday(word));
    // "Herald of Free Enterprise" was a ship.
    let paper = matches!(names.next(), Some(Word::Other(name)) if is_among(name, PAPERS));
    let (price, volume) = (has(&["price"]), has(&["vol", "volume"]));
    let number = has(&["no", "issue", "number"]) && rest.iter().any(|word| matches!(word, Word::Number { .. }));
    let weekday = rest.iter().any(|word| is_weekday(word));
    let fits = paper
        || weekday && (price || volume || number || has(PAPERS) || has(SITTINGS))
        || price && has(COINS)
        || volume && number;
    let exact = date.len() == DAY && !contradicts(&date, words.get(range.end..)?);
    (titled && fits && exact).then_some(date)
}

/// Words that the names of papers have.
#[rustfmt::skip]
const PAPERS: &[&str] = &[
    "advertiser", "bulletin", "chronicle", "courier", "daily", "dispatch", "examiner", "gazette", "hansard", "herald",
    "journal", "news", "observer", "post", "telegraph", "times", "tribune", "weekly",
];

/// Words for who sits and for what is written of it.
#[rustfmt::skip]
const SITTINGS: &[&str] = &[
    "assembly", "commission", "commons", "committee", "congress", "court", "debate", "debates", "hearing", "lords",
    "minutes", "parliament", "proceedings", "senate", "session", "sitting", "transcript",
];

/// What a paper costs.
const COINS: &[&str] = &["cent", "cents", "farthings", "halfpenny", "pence", "penny", "pennies", "twopence"];

/// The date in one part of a line of parts: `Ann Doe | Reuters | 7 May 2019`, `7 May 2019 · 4 min read`.
///
/// Below or above another such line it is the row of a table.
fn between_bars(line: &str, before: &str, after: &str) -> Option<String> {
    let parts = parts_of(line);
    if !(2..=6).contains(&parts.len()) || [before, after].iter().any(|line| parts_of(line).len() > 1) {
        return None;
    }
    let below = !before.is_empty() && after.split_whitespace().nth(11).is_some();
    let (mut dates, mut changes) = (Vec::new(), Vec::new());
    let mut told = false;
    for (index, part) in parts.into_iter().enumerate() {
        if let Some(date) = plain_date(part).or_else(|| byline(part)) {
            told |= index == 0 || is_labeled(part);
            let list = if is_among(first_word(part), UPDATES) { &mut changes } else { &mut dates };
            list.push(date);
            continue;
        }
        // "Founded 3 May 1999" is one of the story.
        if find(&words(part)).is_some() {
            return None;
        }
        told |= is_source(part) || below && starts_with_person(part);
    }
    if dates.is_empty() {
        dates = changes;
    }
    let date = dates.pop()?;
    (told && date.len() == DAY && dates.iter().all(|other| *other == date)).then_some(date)
}

/// The parts of a line that bars, dots or slashes separate.
fn parts_of(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for bar in [" | ", " · ", " • ", " / "] {
        parts = parts.into_iter().flat_map(|part| part.split(bar)).map(str::trim).collect();
    }
    parts
}

/// Whether a part of a line tells who wrote or published it, or how long it takes to read.
fn is_source(part: &str) -> bool {
    let known = |word: &Word| matches!(word, Word::Other(word) if is_among(word, SOURCES) || is_among(word, PAPERS));
    let short = part.split_whitespace().nth(6).is_none();
    let paper = part.split_whitespace().next_back().is_some_and(|word| is_among(word, NOTES));
    short && (paper || starts_with(part, "by ") || part.contains("min read") || words(part).iter().any(known))
}

/// What analysts call what they write.
const NOTES: &[&str] = &["analysis", "briefing", "commentary", "newsletter", "note", "research", "update"];

/// Agencies, and what those are called who write.
#[rustfmt::skip]
const SOURCES: &[&str] = &[
    "afp", "agencies", "ap", "bbc", "bloomberg", "cnn", "correspondent", "dpa", "newsroom", "press", "reporter",
    "reuters", "staff", "tass", "upi", "xinhua",
];

/// The date at the end of a line of names: `Lakes Relief International, Kampala, 20 January 2025`.
fn signature(line: &str) -> Option<String> {
    after_names(line, |names| {
        names.split(' ').all(|word| {
            word.starts_with(|c: char| !c.is_lowercase()) || matches!(word, "of" | "de" | "and" | "for" | "the" | "in")
        })
    })
}

/// The date after the name of a place: `Bergen, 4 March 2024`, `London, Monday 4 March 2024`.
fn place_and_date(line: &str) -> Option<String> {
    after_names(line, |names| {
        let is_name = |word: &str| {
            word.starts_with(char::is_uppercase) && !word.contains(|c: char| c.is_ascii_digit() || c == ':')
                || matches!(word, "al" | "da" | "de" | "del" | "di" | "do" | "el" | "la" | "le" | "sur" | "upon")
        };
        let sentence = matches!(names.split(' ').next(), Some("A" | "An" | "At" | "By" | "From" | "In" | "On" | "The"));
        !sentence && names.split(' ').nth(4).is_none() && names.split(' ').all(is_name)
    })
}

/// The date that fills the rest of a line after a comma and names before it.
fn after_names(line: &str, are_names: impl Fn(&str) -> bool) -> Option<String> {
    line.match_indices(", ").find_map(|(at, comma)| {
        let (names, rest) = (line.get(..at)?, words(line.get(at + comma.len()..)?));
        let (date, range) = find(&rest)?;
        let mut others = rest.iter().enumerate().filter(|(index, _)| !range.contains(index));
        let fits = others.all(|(_, word)| is_weekday(word)) && are_names(names);
        (fits && !starts_with_person(names)).then_some(date)
    })
}

/// Whether names start with that of a person: the date in "Bo Lind, Oslo, 4 June 1970" may be that of his birth.
///
/// "By Bo Lind" is the author and starts with none.
fn starts_with_person(names: &str) -> bool {
    let name = names.split(',').next().unwrap_or_default().trim();
    let mut words = name.split(' ');
    let first = words.next().unwrap_or_default();
    is_given_name(first) && (1..=2).contains(&words.count()) && Lexicon::embedded().cities(name).next().is_none()
}

/// Whether a word is a given name; one that few lists have is more often the name of a place.
fn is_given_name(word: &str) -> bool {
    Lexicon::embedded().given_name_counts(&fold(word)).is_some_and(|(male, female)| male + female > 1)
}

fn is_weekday(word: &Word) -> bool {
    matches!(word, Word::Other(word) if WEEKDAYS.contains(&word.to_lowercase().as_str()))
}

#[rustfmt::skip]
const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu",
    "thur", "thurs", "fri", "sat", "sun",
];

/// Words that say that the date after them is that of publication.
const LABELS: &[&str] = &["date", "dated", "issued", "posted", "published", "released", "sent", "updated"];

/// Other words that stand around the date of publication.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "modified", "first", "last", "on", "at", "am", "pm", "a", "p", "m", "gmt", "utc", "bst", "est", "edt", "et", "cet",
    "cest", "z", "t", "the", "of", "hrs", "h", "th", "st", "nd", "rd", "for", "immediate", "press", "release", "this",
    "day", "as", "noon", "midnight", "eastern", "central", "mountain", "pacific", "daylight", "standard", "summer",
    "local", "time", "pst", "pdt", "mst", "mdt", "cst", "cdt", "ist", "jst", "hkt", "sgt", "sast", "wat", "eat", "aest",
    "aedt",
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Word<'a> {
    /// Digits, and the mark that alone stands before them.
    Number {
        value: u32,
        digits: usize,
        mark: Option<char>,
    },
    Month(u32),
    Other(&'a str),
}

/// Numbers, months and other words, without the marks between them and without clock times.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let Some((gap, tail)) = rest.split_at_checked(start) else { break };
        // `2019:03:12` is a date.
        let goes_on = gap == ":" && matches!(words.last(), Some(Word::Number { .. }));
        if let Some(length) = clock_length(tail).filter(|_| !goes_on) {
            rest = tail.get(length..).unwrap_or_default();
            continue;
        }
        // `2019-03-12T10:30Z` and `12th`: digits and letters stand together.
        let numeric = tail.starts_with(|c: char| c.is_ascii_digit());
        let end = tail.find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != numeric).unwrap_or(tail.len());
        let Some((piece, after)) = tail.split_at_checked(end) else { break };
        words.push(if numeric {
            let mut marks = gap.chars();
            let first = marks.next();
            let mark = if marks.next().is_none() { first } else { None };
            Word::Number { value: piece.parse().unwrap_or(u32::MAX), digits: piece.len(), mark }
        } else if let Some(month) = month(piece) {
            Word::Month(month)
        } else {
            Word::Other(piece)
        });
        rest = after;
    }
    // Ordinals count as plain numbers, and so do the "2d" and "23d" of older texts.
    let mut before = None;
    words.retain(|word| {
        let old = matches!(before, Some(Word::Number { value: 2 | 3 | 22 | 23, .. })) && *word == Word::Other("d");
        let ending = matches!(word, Word::Other("st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH"));
        let is_kept = !(old || before.is_some() && ending);
        before = Some(*word);
        is_kept
    });
    words
}

/// How long the clock time is that a text starts with, with its fraction and its zone: `10:30`, `23:30:00.000-05:00`.
fn clock_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is = |at: usize, mark: u8| bytes.get(at) == Some(&mark);
    let run = |at: usize| bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    let value = |at: usize, digits: usize| text.get(at..at + digits)?.parse::<u32>().ok();
    let hour = run(0);
    if !(1..=2).contains(&hour) || value(0, hour)? > 24 {
        return None;
    }
    let sixtieths = |at: usize| is(at, b':') && run(at + 1) == 2 && value(at + 1, 2).is_some_and(|value| value < 60);
    if !sixtieths(hour) {
        return None;
    }
    let mut end = hour + 3;
    if sixtieths(end) {
        end += 3;
        let fraction = run(end + 1);
        if is(end, b'.') && fraction > 0 {
            end += 1 + fraction;
        }
    }
    // `+01:00`, ` -0500`
    let sign = end + usize::from(is(end, b' '));
    if is(sign, b'+') || is(sign, b'-') {
        let colon = is(sign + 3, b':');
        let minutes = sign + 3 + usize::from(colon);
        let lengths = if colon { (run(sign + 1), run(minutes)) == (2, 2) } else { run(sign + 1) == 4 };
        // " -2018" is no zone.
        let hours = value(sign + 1, 2).is_some_and(|hours| hours <= 14);
        if lengths && hours && matches!(value(minutes, 2), Some(0 | 15 | 30 | 45)) {
            end = minutes + 2;
        }
    }
    Some(end)
}

fn month(word: &str) -> Option<u32> {
    numbers::month(&word.to_lowercase()).map(u32::from)
}

/// The first date among the words and the words that it takes.
fn find(words: &[Word]) -> Option<(String, std::ops::Range<usize>)> {
    use Word::{Month, Number, Other};
    for start in 0..words.len() {
        let Some(rest) = words.get(start..) else { break };
        let found = match *rest {
            // 2019-03-12
            [
                Number { value: y, digits: 4, .. },
                Number { value: m, digits: 1 | 2, .. },
                Number { value: d, digits: 1 | 2, .. },
                ..,
            ] => day(y, m, d).map(|date| (date, 3)),
            // 12 March 2019
            [Number { value: d, digits: 1 | 2, .. }, Month(m), Number { value: y, digits: 4, .. }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            [Number { value: d, digits: 1 | 2, .. }, Other("of"), Month(m), Number { value: y, digits: 4, .. }, ..] => {
                day(y, m, d).map(|date| (date, 4))
            }
            // 12 day of March 2019
            [
                Number { value: d, digits: 1 | 2, .. },
                Other("day" | "Day" | "DAY"),
                Other("of" | "Of" | "OF"),
                Month(m),
                Number { value: y, digits: 4, .. },
                ..,
            ] => day(y, m, d).map(|date| (date, 5)),
            // March 12, 2019
            [Month(m), Number { value: d, digits: 1 | 2, .. }, Number { value: y, digits: 4, .. }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            // 2019 March 12
            [Number { value: y, digits: 4, .. }, Month(m), Number { value: d, digits: 1 | 2, .. }, ..] => {
                day(y, m, d).map(|date| (date, 3))
            }
            // 25/12/2019, 12/25/2019, 12.03.2019
            [
                Number { value: a, digits: 1 | 2, .. },
                Number { value: b, digits: 1 | 2, mark },
                Number { value: y, digits: 4, mark: second_mark },
                ..,
            ] if mark == second_mark => {
                let date = match (a, b) {
                    _ if a == b => day(y, a, b),
                    (13.., _) => day(y, b, a),
                    (_, 13..) => day(y, a, b),
                    _ if mark == Some('.') => day(y, b, a),
                    _ => year(y).map(|year| format!("{year:04}")),
                };
                date.map(|date| (date, 3))
            }
            _ => None,
        };
        if let Some((date, length)) = found {
            return Some((date, start..start + length));
        }
    }
    // Without a day, only when nothing better is there.
    for start in 0..words.len() {
        // "30 February 2019" is a mistake, not a month.
        if start.checked_sub(1).is_some_and(|before| matches!(words.get(before), Some(Number { digits: 1 | 2, .. }))) {
            continue;
        }
        let found = match *words.get(start..)? {
            [Month(m), Number { value: y, digits: 4, .. }, ..] | [Number { value: y, digits: 4, .. }, Month(m), ..] => {
                year(y).map(|y| (y, m))
            }
            [Number { value: y, digits: 4, .. }, Number { value: m @ 1..=12, digits: 2, .. }] if start == 0 => {
                year(y).map(|y| (y, m))
            }
            _ => None,
        };
        if let Some((year, month)) = found {
            return Some((format!("{year:04}-{month:02}"), start..start + 2));
        }
    }
    None
}

fn year(value: u32) -> Option<u32> {
    (1000..=2999).contains(&value).then_some(value)
}

fn day(y: u32, m: u32, d: u32) -> Option<String> {
    let y = year(y)?;
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let last = match m {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=last).contains(&d).then(|| format!("{y:04}-{m:02}-{d:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes_dates() {
        let check = |date: &str, expected: &str| {
            assert_eq!(normalize_date(date).unwrap_or_default(), expected, "{date}");
        };
        check("2019-03-12", "2019-03-12");
        check("2019-03-12T10:30:00Z", "2019-03-12");
        check("2019-03-12T23:30:00.000-05:00", "2019-03-12");
        check("2019-03-12 10:30", "2019-03-12");
        check("2019/03/12", "2019-03-12");
        check("2019.3.2", "2019-03-02");
        check("20190312", "2019-03-12");
        check("2019-03", "2019-03");
        check("2019", "2019");
        check(" 12 March 2019 ", "2019-03-12");
        check("March 12, 2019", "2019-03-12");
        check("Mar. 12th, 2019", "2019-03-12");
        check("the 2nd of March 2019", "2019-03-02");
        check("the 2d of March 1819", "1819-03-02");
        check("March 23d, 1819", "1819-03-23");
        check("March 4d, 1819", "");
        check("the 2nd day of March 2019", "2019-03-02");
        check("Tuesday, 12 Mar 2019 10:00:00 GMT", "2019-03-12");
        check("12-Mar-2019", "2019-03-12");
        check("Sept 5 2001", "2001-09-05");
        check("March 2019", "2019-03");
        check("25/12/2019", "2019-12-25");
        check("12/25/2019", "2019-12-25");
        check("05/05/2019", "2019-05-05");
        check("03/12/2019", "2019");
        check("12.03.2019", "2019-03-12");
        check("12.25.2019", "2019-12-25");
        check("2019:03:12 10:05:20", "2019-03-12");
        check("Tue Mar 12 10:05:20 2019 +0100", "2019-03-12");
        check("Tue Mar 12 10:05:20 +0100 2019", "2019-03-12");
        check("10:30 2018-05-14", "2018-05-14");
        check("10.30 2018-05-14", "2018-05-14");
        check("10:30-11:45, 14.05.2018", "2018-05-14");
        check("Mar 12 10:20 2019", "2019-03-12");
        check("2019-03 10:30", "2019-03");
        check("20190312 10:30", "2019-03-12");
        check("29 February 2020", "2020-02-29");
        check("Updated 4:30 pm, May 3, 2021", "2021-05-03");
        for none in [
            "",
            "last week",
            "30 February 2019",
            "2019-13-45",
            "20191345",
            "12 March",
            "99",
            "99999999999999999999",
            "\u{200b}é",
            "½ May",
        ] {
            check(none, "");
        }
    }

    #[test]
    fn finds_leading_dates() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("BUJUMBURA, Aug 29 1995 (Reuters) - The talks failed.", "1995-08-29");
        check("Talks fail\n\nBUJUMBURA, Aug 29, 1995 (Reuters) — The talks failed.", "1995-08-29");
        check("Minister quits\nBy Ann Doe in Lilongwe\n14 May 2018\n\nThe minister quit.", "2018-05-14");
        check("Published: Monday, 14 May 2018 at 10:30 GMT\nText.", "2018-05-14");
        check("MOSCOW 2004-08-30\nThe talks failed.", "2004-08-30");
        check("March 2019\n\nThe season.", "2019-03");
        check("Last updated 2021-02-03T10:00:00Z\nText", "2021-02-03");
        check("Floods\n\nLakes Relief (LRI), Kampala, 20 January 2025\n\nThe river rose.", "2025-01-20");
        check("Floods\nBy Ann Doe, January 20, 2025\nThe river rose.", "2025-01-20");
        check("MOSCOW 10:30 2004-08-30\nThe talks failed.", "2004-08-30");
        check("The Battle of Oslo, 3 May 1945\nThe guns fell silent.", "");
        // Births.
        check("…\nBo Lind, Oslo, 4 June 1970", "");
        check("Bo Lind, 4 June 1970\nAda Roth, 5 June 1970", "");
        check("BO LIND, OSLO, 4 JUNE 1970", "");
        check("Peace\nThe guns fell silent in Oslo, 3 May 1945", "");
        check("KYIV, March 3 (Reuters) - The talks failed.", "");
        check("On 12 March 2009 the firm failed.", "");
        check("Keller was born on 12 March 1960 - a Saturday - in Oslo.", "");
        check("The election of 3 May 2015", "");
        check("One\nTwo\nThe bank will close in May.\nFour\n14 May 2018", "");
        check("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n14 May 2018", "");
        check("", "");
    }

    #[test]
    fn finds_dates_in_headers() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("From: Ada Roth\nSent: Monday, 4 March 2024 10:15\nTo: Jon Aas\nSubject: Bank\n\nHi", "2024-03-04");
        check("Ada Roth\nFrom: Ada Roth\nSent: Monday, March 4, 2024 10:15 AM\nTo: Jon Aas", "2024-03-04");
        check(
            "From: Ada Roth\nTo: Jon Aas\nCc: Bo Lind\nReply-To: Ada Roth\nSubject: Bank of 3 May 1999\n\
             Date: Mon, 4 Mar 2024 10:15:22 +0100\n\nHi",
            "2024-03-04",
        );
        check(
            "PRESS RELEASE\nNordbank ASA\nP.O. Box 12\n5003 Bergen\nContact: Ada Roth\nPhone: +47 55 12 34 56\n\
             4 March 2024\nNordbank buys Fjordkreditt\nNordbank said today that it would buy Fjordkreditt.",
            "2024-03-04",
        );
        check(
            "PRESS RELEASE\nNordbank ASA\nP.O. Box 12\n5003 Bergen\nContact: Ada Roth\nPhone: +47 55 12 34 56\n\
             Bergen, 4 March 2024 – Nordbank said today that it would buy Fjordkreditt.",
            "2024-03-04",
        );
        // A table of dates, a quoted message, and running text.
        check("Bank\nFounded\nOslo\nBergen\n4 March 2024\nSold\n5 March 2024", "");
        check("Hi Jon,\nFrom: Ada Roth\nSent: 4 March 2024\nTo: Bo Lind", "");
        check("See below\n-----Original Message-----\nFrom: Ada Roth\nSent: 4 March 2024", "");
        check("One\nTwo\nThree\nFour\nFive\nThe bank, Bergen, failed on 4 March 2024 in Oslo.", "");
    }

    #[test]
    fn finds_dates_after_places() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("Bergen, 4 March 2024\n\nDear Ada,", "2024-03-04");
        check("Rio de Janeiro, March 4, 2024", "2024-03-04");
        check("London, Monday 4 March 2024", "2024-03-04");
        check("Bank fails\nLondon, Monday 4 March 2024", "2024-03-04");
        check("Geneva, 4 March 2024 – The talks failed.", "2024-03-04");
        check("Oslo, Norway, March 4, 2024 -- The talks failed.", "2024-03-04");
        check("Oslo, March 4 (AP) — The talks failed.", "");
        check("Roth left Oslo, 4 March 2024 – a Monday – for good.", "");
        check("In Oslo, 4 March 2024 – a Monday – was cold.", "");
    }

    #[test]
    fn finds_dates_of_releases() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        let said = "Nordbank Ltd on Tuesday named Ada Roth chief executive.";
        for (head, expected) in [
            ("Mumbai, 3 September 2024: ", "2024-09-03"),
            ("New Delhi, May 5, 2025: ", "2025-05-05"),
            ("Mumbai, Tuesday, 3 September 2024: ", "2024-09-03"),
            ("Dubai, UAE; 22 January 2025: ", "2025-01-22"),
            ("Dubai, United Arab Emirates, 22 January 2025: ", "2025-01-22"),
            ("Nairobi, Kenya – 5 May 2025: ", "2025-05-05"),
            ("Johannesburg, 5 May 2025. ", "2025-05-05"),
            ("Singapore, 5 May 2025 | ", "2025-05-05"),
            ("(LONDON: 12 June 2024) ", "2024-06-12"),
            ("Bank gets a chief\n\nMumbai, 3 September 2024: ", "2024-09-03"),
            ("Mumbai, 3 September: ", ""),
            ("Mumbai, September 2024: ", ""),
            ("In Mumbai, 3 September 2024: ", ""),
            ("Mumbai, 3 September 2024 and later: ", ""),
            ("Bo Lind, Mumbai, 3 September 1960: ", ""),
            ("The Mumbai talks, 3 September 2024: ", ""),
        ] {
            check(&format!("{head}{said}"), expected);
        }
        // Chronicles, diaries, stories, and what follows with a small letter.
        check("Oslo, 9 April 1940: The guns fall silent at dawn.\nBergen, 10 April 1940: The guns fire on.", "");
        check("Oslo, 9 April 1940: The guns fall silent at dawn.\n\n10 April: The guns fire on.", "");
        check("Weymouth, 14 February 1832. Dined with Lind today.\n\n15 February. Met Moss.", "");
        check("Berlin, 9 November 1989. The wall falls in the night.", "");
        check("Berlin, 9 November 1989: the night of nights.", "");
        check("Berlin, 9 November 1989: Night.", "");
    }

    #[test]
    fn finds_dates_of_filings() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        let head =
            "UNITED STATES\nSECURITIES AND EXCHANGE COMMISSION\nWashington, D.C. 20549\nFORM 8-K\nCURRENT REPORT";
        let label = "Date of Report (Date of earliest event reported)";
        check(&format!("{head}\n{label}: February 6, 2025\nNORDBANK INC."), "2025-02-06");
        check(&format!("{head}\n{label} February 6, 2025 (February 3, 2025)\nNORDBANK INC."), "2025-02-06");
        check("FORM 8-K\nDate of Report: February 6, 2025\n\nNordbank said it had failed.", "2025-02-06");
        check(&format!("{head}\n{label}: February 2025"), "");
        check(&format!("{head}\n{label}: February 6, 2025 to February 9, 2025"), "");
        check("Date of Report to the board on February 6, 2025 unknown", "");
        check("Date of reporting: February 6, 2025, in Oslo", "");
    }

    #[test]
    fn finds_dates_between_dashes() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("CAMBRIDGE, Mass. – September 5, 2022 – Solvane Inc. said it had failed.", "2022-09-05");
        check("Oslo (AFP) - May 7, 2019", "2019-05-07");
        check("Bank fails\nBERLIN (dpa) - 7 May 2019 - The bank failed.", "2019-05-07");
        check("Oslo – May 7, 2019 – Nordbank said it had failed.", "2019-05-07");
        check("BERGEN, Norway--(BUSINESS WIRE)--May 7, 2019--Nordbank said it had failed.", "2019-05-07");
        check("NEW YORK, NY / ACCESSWIRE / May 7, 2019 / Solvane Inc. said it had failed.", "2019-05-07");
        // A life, a battle, a date in the story.
        check("Paris – 4 June 1970 – a Thursday – was hot.", "");
        check("Bo Lind (born in Oslo) - 4 June 1970", "");
        check("Bo Lind – 4 June 1970 – Painter", "");
        check("TIMELINE – 3 May 1945 – The guns fell silent.", "");
        check("Oslo – the bank failed on May 7, 2019 – was cold.", "");
    }

    #[test]
    fn finds_dates_with_their_hour() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("Bank fails\nTuesday, March 12, 2019, 7:00 p.m.\nThe bank failed.", "2019-03-12");
        check("May 07, 2019 08:30 AM Eastern Daylight Time\nNordbank fails", "2019-05-07");
        check("Embargoed until 00:01 GMT, Monday 6 May 2019\nBank fails", "2019-05-06");
        check("Posted on May 7, 2019 by Ann Doe in News\nThe bank failed.", "2019-05-07");
        check("Published 6 May 2019, updated 7 May 2019\nThe bank failed.", "2019-05-06");
        check("By Ann Doe in Hull May 7, 2019\nThe bank failed.", "2019-05-07");
        check("It failed on Tuesday, March 12, 2019, at 7:00 p.m.", "");
        check("Open until 6 May 2019", "");
        check("6 May 2019 and 7 May 2019", "");
        check("2019-05-06 2019-05-07", "");
        check("By Monday, 6 May 2019", "");
        check("Bo Lind\nBorn:\n4 June 1970\nDied:\n5 May 2001", "");
    }

    #[test]
    fn finds_dates_of_papers() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("Monday, May 6, 1912. PRICE ONE PENNY.\n\nBANK FAILS.", "1912-05-06");
        check("THE DAILY POST    Vol. XII No. 44    Monday, April 3, 1899    Price Two Cents", "1899-04-03");
        check("The Island Herald, Tuesday 12 October 1999\n\nBank fails", "1999-10-12");
        check("Harbour Business Weekly, 3 May 2010\n\nBank fails", "2010-05-03");
        check("House of Commons debates, Wednesday 8 February 2012\n\nAda Roth: I rise.", "2012-02-08");
        check("Committee on Energy, Tuesday, May 4, 2010", "2010-05-04");
        check(
            "DAILY POST. Monday, April 3, 1899. Price Two Cents\nBank fails\nOSLO, April 3, 1899 - The bank failed.",
            "1899-04-03",
        );
        // Two dates that differ, a ship, a sentence, an index.
        check(
            "DAILY POST. Monday, April 3, 1899. Price Two Cents\nBank fails\nOSLO, April 1, 1899 - The bank failed.",
            "",
        );
        check("Herald of Free Enterprise, 6 March 1987", "");
        check("The court sat on Tuesday, May 4, 2010 in Oslo", "");
        check("House Price Index of May 7, 2019", "");
        check("The Battle of Oslo, Thursday 3 May 1945", "");
    }

    #[test]
    fn finds_dates_between_bars() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        let prose = "The bank failed on a day in spring when nobody in the whole town had thought of it.";
        check("Ann Doe | Reuters | 7 May 2019", "2019-05-07");
        check("7 May 2019 · 4 min read · Business", "2019-05-07");
        check("2019-05-07 | Bank chief quits", "2019-05-07");
        check("By Ann Doe, Hull | June 3, 2019", "2019-06-03");
        check("Equity Research | 14 January 2025\nNordbank: Downgrade to Hold", "2025-01-14");
        check("Nordbank (NRD NO) | Company update | 14 January 2025\n\nIt fell on Monday.", "2025-01-14");
        check("Published 6 May 2019 | Updated 7 May 2019", "2019-05-06");
        check(&format!("Bank fails\nAnn Doe | 7 May 2019\n{prose}"), "2019-05-07");
        check(&format!("Bank fails\nBy X / 7 May 2019\n{prose}"), "2019-05-07");
        // Rows of tables, lives, and dates of the story.
        check("Name | Since\nAnn Doe | Reuters | 7 May 2019", "");
        check("3 May 1945 | Oslo falls\n8 May 1945 | Peace", "");
        check("Bo Lind | 4 June 1970", "");
        check("Bo Lind | Oslo | 4 June 1970", "");
        check("Reuters | founded 7 May 1951", "");
        check("Annual Report | 31 December 2024", "");
        check("Research Note to Self | 4 June 1970", "");
        check("Name | Research\nNordbank Research | 4 June 1970", "");
        check("Reuters | 6 May 2019 | 7 May 2019", "");
    }

    #[test]
    fn finds_dates_of_contracts() {
        let check = |text: &str, expected: &str| {
            assert_eq!(leading_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("THIS AGREEMENT is dated 17 February 2020", "2020-02-17");
        check("Lease\n\nThis Lease is made on the 3rd day of June 1998 between Ada Roth and Bo Lind.", "1998-06-03");
        check("AGREEMENT is made on this 7TH DAY OF MAY 2019 by Ada Roth.", "2019-05-07");
        check("This Loan Agreement is made and entered into as of May 7, 2019, by Ada Roth.", "2019-05-07");
        check("Dated this 7th day of May, 2019", "2019-05-07");
        check("This agreement was made on 7 May 2019 in Oslo.", "");
        check("This amendment relating to an agreement dated 7 May 2019 is void.", "");
        check("This deed between Nordbank, made on 7 May 1999, and Ada Roth", "");
        check("The agreement made on 7 May 2019 is void.", "");
        check("This story of a lease starts on 7 May 2019.", "");
    }

    #[test]
    fn finds_dates_beside_authors() {
        let check = |text: &str, expected: &str| {
            assert_eq!(marked_date(text).unwrap_or_default(), expected, "{text}");
        };
        check("By Ann Doe / 7 May 2019", "2019-05-07");
        check("Ann Doe, Hull, 7 May 2019 10:30", "2019-05-07");
        check("Posted 6 May 2019. Last updated 7 May 2019", "2019-05-06");
        check("Updated: 7 May 2019, first published 6 May 2019", "2019-05-06");
        check("6 May 2019, 6 May 2019", "2019-05-06");
        check("6 May 2019 to 7 May 2019", "");
        check("May 2019", "");
        check("By Ann Doe", "");
    }

    #[test]
    fn counts_since_1970() {
        let check = |number: &str, expected: &str| {
            assert_eq!(epoch_date(number).unwrap_or_default(), expected, "{number}");
        };
        check("1557201600", "2019-05-07");
        check("1557187199", "2019-05-06");
        check("1557201600000", "2019-05-07");
        check(" 1557201600.5 ", "2019-05-07");
        check("915148800", "1999-01-01");
        for none in
            ["", ".", "2019", "20190507", "2019050710", "201905071030", "-155720160", "15572016ab", "1557201600.x"]
        {
            check(none, "");
        }
    }
}
