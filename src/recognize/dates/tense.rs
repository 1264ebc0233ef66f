//! Whether a date lies behind or ahead, read from the words around it.

use crate::lexicon::numbers;

/// Where an event lies, seen from the day the document was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// It has happened.
    Past,
    /// It is still to come.
    Future,
}

/// How far, in words, the tense of a verb reaches.
const TENSE_REACH: usize = 24;

/// Guesses from the words around a date whether it lies behind or ahead; nothing if they do not tell.
///
/// The nearest telling word of the clause before the mention decides, else the nearest one after it.
#[must_use]
pub fn guess_tense(before: &str, after: &str) -> Option<Tense> {
    // Only the end of `before` and the start of `after` count, so the work stays small on sentences of any length.
    let mut near: Vec<&str> = before.split_whitespace().rev().take(TENSE_REACH).collect();
    near.reverse();
    let far: Vec<&str> = after.split_whitespace().take(TENSE_REACH).collect();
    let names = tells_names(&[near.as_slice(), far.as_slice()].concat());
    if near.is_empty() && far.first().is_some_and(|word| word.starts_with(['-', '–', '—', ':'])) {
        // A timeline tells what happened in the present tense.
        return Some(Tense::Past);
    }
    let clause = near.iter().rposition(|word| word.ends_with([';', '?', '!'])).map_or(0, |at| at + 1);
    let near = near.get(clause..).unwrap_or_default();
    let all = clean(near, names);
    let written = without_asides(near);
    let near = clean(&written, names);
    let stop = far.iter().position(|word| word.ends_with([';', '?', '!', '.'])).map_or(far.len(), |at| at + 1);
    let far = clean(far.get(..stop).unwrap_or_default(), names);
    let possessive = after.starts_with("'s") || after.starts_with("’s");
    // What belongs to the day: "election" in "Sunday's election".
    let owned: &[String] = if possessive { far.get(1..).unwrap_or_default() } else { &[] };
    let told = closing_price(&near, owned)
        .or_else(|| deadline(&near))
        .or_else(|| awaited(&near, &far, owned))
        .or_else(|| contested(&near, &far))
        .or_else(|| timetable(&written, &near, &far));
    if told.is_some() {
        return told;
    }
    let start = near.iter().rposition(|word| matches!(word.as_str(), "where" | "when" | "while")).unwrap_or(0);
    let ahead = || (0..far.len()).find_map(|at| telling(&far, at, at));
    (start..near.len())
        .rev()
        .find_map(|at| telling(&near, at, near.len() - at))
        .or_else(
            || if start == 0 { (0..all.len()).rev().find_map(|at| telling(&all, at, all.len() - at)) } else { None },
        )
        .or_else(ahead)
        .or_else(|| (0..start).rev().find_map(|at| telling(&near, at, near.len() - at)))
}

/// Whether a verb in the present tells of a date and no other word says that it is still to come: "Mayor quits, 5 March".
///
/// Headlines, captions and corrections tell so of a day that has passed.
pub(super) fn is_in_present(before: &str, after: &str) -> bool {
    let mut words: Vec<&str> = before.split_whitespace().rev().take(TENSE_REACH).collect();
    words.reverse();
    words.extend(after.split_whitespace().take(TENSE_REACH));
    let lower = clean(&words, tells_names(&words));
    // "to meet", but not "to Leeds" and "to the court"
    let is_infinitive = |at: usize| {
        let next = words.get(at + 1).is_some_and(|next| next.starts_with(char::is_lowercase));
        next && lower.get(at + 1).is_some_and(|next| !DETERMINERS.contains(&next.as_str()))
    };
    let is_ahead = lower
        .iter()
        .enumerate()
        .any(|(at, word)| AHEAD.contains(&word.as_str()) || word.ends_with("'ll") || word == "to" && is_infinitive(at));
    !is_ahead && lower.iter().any(|word| COMING.contains(&word.as_str()) || HAPPENING.contains(&word.as_str()))
}

/// Lower-cased words without the marks around them.
///
/// With `names`, what is written like a modal verb with a capital ("Theresa May", "in May", "Will Smith") keeps it and so is
/// not taken for one, unless it asks something.
fn clean(words: &[&str], names: bool) -> Vec<String> {
    let mut cleaned = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let inner = without_marks(word);
        let lower = inner.to_lowercase().replace('’', "'");
        let modal = names && MODALS.contains(&lower.as_str());
        cleaned.push(if modal && inner.starts_with(char::is_uppercase) && !asks(words, at) {
            inner.to_owned()
        } else {
            lower
        });
    }
    cleaned
}

fn without_marks(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether capitals tell names from other words; in most headlines, all long words have one.
fn tells_names(words: &[&str]) -> bool {
    let mut long = 0;
    for word in words.iter().map(|word| without_marks(word)) {
        if word.starts_with(char::is_alphabetic) && word.chars().nth(3).is_some() {
            if word.starts_with(char::is_lowercase) {
                return true;
            }
            long += 1;
        }
    }
    long < 2 && words.iter().any(|word| word.contains(char::is_lowercase))
}

/// Whether the word at `at` starts a sentence and its subject follows: "Will he resign on Friday?"
fn asks(words: &[&str], at: usize) -> bool {
    let opens = at.checked_sub(1).and_then(|before| words.get(before));
    let opens = opens.is_none_or(|before| before.ends_with(['.', ':', ';', '!', '?']));
    let quoted = words.get(at).is_some_and(|word| !word.starts_with(char::is_alphanumeric));
    let subject = words.get(at + 1).map(|word| without_marks(word).to_lowercase());
    (opens || quoted) && subject.is_some_and(|word| SUBJECTS.contains(&word.as_str()))
}

/// The words without relative clauses between commas, whose verbs belong to something else.
fn without_asides<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    let mut aside: Option<usize> = None;
    for word in words {
        let after_comma = kept.last().is_some_and(|last| last.ends_with(','));
        if after_comma && matches!(word.to_lowercase().as_str(), "who" | "which" | "whose" | "whom") {
            aside = Some(kept.len());
        }
        kept.push(word);
        if word.ends_with(',')
            && let Some(start) = aside.take()
        {
            kept.truncate(start);
        }
    }
    kept
}

/// "until Friday", "by Friday" and "for Friday" look ahead after a verb that sets a time or asks for something.
fn deadline(near: &[String]) -> Option<Tense> {
    let tail = near.get(near.len().saturating_sub(3)..).unwrap_or_default();
    let last = near.last().map_or("", String::as_str);
    let has = |wanted: &[&str]| near.iter().any(|word| wanted.contains(&word.as_str()));
    if let [.., had, until] = near
        && had == "had"
        && until == "until"
    {
        return Some(Tense::Future);
    }
    if tail.iter().any(|word| word == "until") {
        let open =
            has(&["has", "have", "gave", "given", "agreed", "extended", "adjourned", "suspended", "due", "will"]);
        return open.then_some(Tense::Future);
    }
    // "by the end of June" counts, "by email on Tuesday" does not.
    let open =
        near.iter().rev().find(|word| !matches!(word.as_str(), "midnight" | "noon" | "the" | "end" | "of" | "mid"));
    let open = open.is_some_and(|word| matches!(word.as_str(), "by" | "before" | "beyond"));
    if open && !has(&["had", "was"]) && has(ASKING) {
        return Some(Tense::Future);
    }
    if last == "for" && has(SETTING) {
        return Some(Tense::Future);
    }
    None
}

/// "a premium of 38% to Thursday's close" is measured by a price that is known.
fn closing_price(near: &[String], owned: &[String]) -> Option<Tense> {
    let measured = near.last().is_some_and(|word| MEASURING.contains(&word.as_str()));
    let price = owned.first().is_some_and(|word| matches!(word.as_str(), "close" | "closing"));
    (measured && price).then_some(Tense::Past)
}

/// What people wait for or call off is still to come: "ahead of Sunday's election", "before the summit on Friday",
/// "called off Friday's strike", "declared Monday a holiday".
fn awaited(near: &[String], far: &[String], owned: &[String]) -> Option<Tense> {
    let last = |step: usize| near.len().checked_sub(step).and_then(|at| near.get(at)).map_or("", String::as_str);
    let scheduled = |word: &String| SCHEDULED.contains(&word.as_str());
    let has = |wanted: &[&str]| near.iter().any(|word| wanted.contains(&word.as_str()));
    if matches!(last(1), "declared" | "proclaimed")
        && far.first().is_some_and(|word| word == "a")
        && far.iter().take(5).any(|word| matches!(word.as_str(), "holiday" | "day"))
    {
        return Some(Tense::Future);
    }
    // Who looks back says what had been before the election.
    if has(&["had"]) {
        return None;
    }
    if let Some(next) = owned.first() {
        let off = last(1) == "off" && matches!(last(2), "call" | "called" | "calling" | "calls");
        if (off || CANCELING.contains(&last(1))) && !next.is_empty() {
            return Some(Tense::Future);
        }
        let toward =
            matches!((last(2), last(1)), ("ahead" | "eve" | "advance", "of") | ("run-up" | "build-up" | "up", "to"));
        let before = last(1) == "before" && !MEASURES.contains(&last(2));
        return ((toward || before) && owned.iter().take(4).any(scheduled)).then_some(Tense::Future);
    }
    // "ahead of the election on Sunday"; of a month only what is told of now may be meant to come.
    let [event @ .., preposition] = near else { return None };
    let open = has(&["are", "has", "have", "is"]);
    let joins = match preposition.as_str() {
        "next" | "on" | "this" => true,
        "in" => open,
        _ => false,
    };
    if !joins || !event.last().is_some_and(scheduled) {
        return None;
    }
    let found = (event.len().saturating_sub(6)..event.len()).any(|at| {
        let word = |at: Option<usize>| at.and_then(|at| event.get(at)).map_or("", String::as_str);
        let previous = word(at.checked_sub(1));
        match word(Some(at)) {
            "of" => matches!(previous, "ahead" | "eve"),
            "before" => open && !MEASURES.contains(&previous),
            _ => false,
        }
    });
    found.then_some(Tense::Future)
}

/// Elections that people want or stand in are still to come: "want a vote in July", "is a candidate in September",
/// "chose her as its candidate for the election in December".
fn contested(near: &[String], far: &[String]) -> Option<Tense> {
    let [event @ .., preposition] = near else { return None };
    if !matches!(preposition.as_str(), "in" | "on") || near.iter().any(|word| word == "had") {
        return None;
    }
    let is_scheduled = |word: Option<&String>| word.is_some_and(|word| SCHEDULED.contains(&word.as_str()));
    let object = event.get(event.len().saturating_sub(5)..).unwrap_or_default();
    let wanted = object
        .iter()
        .zip(object.iter().skip(1))
        .any(|(verb, article)| matches!((verb.as_str(), article.as_str()), ("want" | "wanted", "a" | "an")));
    if wanted && is_scheduled(event.last()) {
        return Some(Tense::Future);
    }
    let at = event.iter().rposition(|word| matches!(word.as_str(), "candidate" | "candidates"))?;
    let (before, seat) = (event.get(..at)?, event.get(at + 1..)?);
    let is_verb = |word: &String| word != "united" && (FINITE.contains(&word.as_str()) || participle(word));
    let joins = seat.first().is_none_or(|word| matches!(word.as_str(), "for" | "in" | "of"));
    if !joins || seat.iter().any(is_verb) {
        return None;
    }
    for word in before.iter().rev() {
        if matches!(word.as_str(), "are" | "is") || is_scheduled(seat.last()) && CHOOSING.contains(&word.as_str()) {
            return Some(Tense::Future);
        }
        if PREPOSITIONS.contains(&word.as_str()) || is_verb(word) {
            return None;
        }
    }
    // "Its candidate in September is Ada Orley."
    far.first().is_some_and(|word| matches!(word.as_str(), "are" | "is")).then_some(Tense::Future)
}

/// "The funeral is in Oslo on Friday": a form of "be" with nothing but a place between it and the date is a timetable.
///
/// `written` holds the words of `near` as they stand in the text.
fn timetable(written: &[&str], near: &[String], far: &[String]) -> Option<Tense> {
    let at = near.iter().rposition(|word| matches!(word.as_str(), "is" | "are")).filter(|at| *at > 0)?;
    // "It is on Friday that he died."
    if far.first().is_some_and(|word| word == "that") || written.get(at)?.ends_with([',', ':']) {
        return None;
    }
    let opens = near.get(at + 1).is_none_or(|word| PLACING.contains(&word.as_str()));
    let places = written.iter().zip(near).skip(at + 1).all(|(written, word)| {
        let name = written.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_uppercase);
        (name || word == "the" || PLACING.contains(&word.as_str())) && !written.ends_with([',', ':'])
    });
    (opens && places).then_some(Tense::Future)
}

/// Whether the "could" at `at` looks ahead: "could be freed" does, "could not be reached" and "could be seen" do not.
fn could_come(words: &[String], at: usize) -> bool {
    let ahead = |step: usize| words.get(at + step).map_or("", String::as_str);
    let denied = words.iter().take(at + 2).skip(at.saturating_sub(6)).any(|word| DENYING.contains(&word.as_str()));
    let possible = match ahead(1) {
        "be" => !SENSED.contains(&ahead(2)),
        next => POSSIBLE.contains(&next),
    };
    possible && !denied
}

/// Whether a word is a verb in the past.
fn participle(word: &str) -> bool {
    word.len() > 3 && word.ends_with("ed") || PAST.contains(&word)
}

/// Whether the "vote" or "launch" at `at` is a noun whose determiner stands two or three words before it: "survived an
/// impeachment vote". In "workers at a car plant vote" it is a verb, so what leads to the determiner counts too.
fn is_noun(words: &[String], at: usize) -> bool {
    let back = |step: usize| at.checked_sub(step).and_then(|at| words.get(at)).map_or("", String::as_str);
    let next = words.get(at + 1).map_or("", String::as_str);
    if matches!(back(0), "face" | "host" | "play") && back(1).ends_with("'s") {
        return true;
    }
    let plural = back(1).ends_with('s') && !back(1).ends_with("ss");
    if plural || !matches!(next, "" | "and") && !PREPOSITIONS.contains(&next) {
        return false;
    }
    let determiner = |word: &str| ARTICLES.contains(&word) || word.ends_with("'s");
    let stops = |word: &str| determiner(word) || FINITE.contains(&word) || PREPOSITIONS.contains(&word);
    let Some(step) = [2, 3].into_iter().find(|step| stops(back(*step))) else { return false };
    let article = back(step);
    if !determiner(article) {
        return false;
    }
    let one = matches!(article, "a" | "an");
    let told = || words.iter().take(at.saturating_sub(step + 1)).any(|word| participle(word));
    match back(step + 1) {
        "" => one,
        "after" | "during" | "over" | "since" => true,
        "in" => at == step + 1 || told(),
        "by" => one && told(),
        lead => participle(lead) && !REPORTING.contains(&lead),
    }
}

/// The tense that the word at `at` tells, if any; `distance` is how many words it stands from the date.
fn telling(words: &[String], at: usize, distance: usize) -> Option<Tense> {
    let word = words.get(at)?.as_str();
    let back = |step: usize| at.checked_sub(step).and_then(|at| words.get(at)).map_or("", String::as_str);
    let ahead = |step: usize| words.get(at + step).map_or("", String::as_str);
    let previous = back(1);
    let determined = DETERMINERS.contains(&previous);
    // An infinitive, or a verb whose tense stands with another one.
    let bare = matches!(previous, "to" | "did" | "didn't" | "not") || previous == "and" && !word.ends_with('s');
    let auxiliary = |word: &str| {
        matches!(
            word,
            "be" | "to" | "will" | "would" | "shall" | "may" | "might" | "must" | "can" | "could" | "should" | "not"
        )
    };
    match word {
        // "would have met" and "may have met" tell nothing about when.
        "would" | "may" | "must" | "might" | "can" | "should" if ahead(1) == "have" && ahead(2) != "to" => None,
        "may" | "must" | "might" | "can" | "should" => (distance <= 14).then_some(Tense::Future),
        "could" => (distance <= 14 && could_come(words, at)).then_some(Tense::Future),
        // "would not say on Friday whether" is an answer that was given that day.
        "would" if distance <= 5 && (SAYING.contains(&ahead(1)) || ahead(1) == "not" && SAYING.contains(&ahead(2))) => {
            Some(Tense::Past)
        }
        "due" | "expected" | "scheduled" | "planned" | "slated" if matches!(previous, "was" | "were" | "been") => {
            Some(Tense::Past)
        }
        "will" | "shall" | "won't" | "would" | "due" | "scheduled" | "planned" | "expected" | "intends" | "hopes"
        | "wants" | "promises" | "vows" | "upcoming" | "slated" | "effective" | "adjourned" | "postponed" => {
            Some(Tense::Future)
        }
        "ready" if ahead(1) == "to" => Some(Tense::Future),
        "plan" | "plans" | "seeking" if !determined => Some(Tense::Future),
        "intended" if ahead(1) == "to" && !matches!(previous, "had" | "never" | "not" | "was" | "were") => {
            Some(Tense::Future)
        }
        _ if UNDER_WAY.contains(&word)
            && (matches!(previous, "am" | "are" | "been" | "is")
                || previous.ends_with("'m")
                || previous.ends_with("'re")) =>
        {
            Some(Tense::Future)
        }
        "set" => match ahead(1) {
            "for" | "to" => Some(Tense::Future),
            "up" | "off" | "out" => Some(Tense::Past),
            _ => None,
        },
        "to" if LEANING.contains(&previous) && !DETERMINERS.contains(&ahead(1)) && ahead(1) != "know" => {
            Some(Tense::Future)
        }
        "to" if matches!(previous, "also" | "now" | "still")
            && matches!(back(2), "am" | "are" | "is")
            && !DETERMINERS.contains(&ahead(1)) =>
        {
            Some(Tense::Future)
        }
        "to" if matches!(previous, "was" | "were") && ahead(1) == "have" => Some(Tense::Future),
        "to" if ahead(1) == "be" && participle(ahead(2)) => Some(Tense::Future),
        "invited" | "asked" if matches!(previous, "has" | "have") => Some(Tense::Future),
        _ if word.ends_with("'ll") => Some(Tense::Future),
        // "holds an election" is on the calendar, "holds a third of the shares" is not.
        "give" | "gives" | "hold" | "holds" | "stage" | "stages" => {
            let objects = words.iter().skip(at + 1).take(6).map(String::as_str);
            let event = objects.take_while(|word| !PREPOSITIONS.contains(word)).any(|word| SCHEDULED.contains(&word));
            (event && !determined && !bare && ahead(1) != "no").then_some(Tense::Future)
        }
        "take" if matches!(ahead(1), "on" | "part" | "place") && !determined && !bare => Some(Tense::Future),
        "go" | "head" if ahead(1) == "to" && ahead(2) == "the" && ahead(3) == "polls" && !bare => Some(Tense::Future),
        // "On Saturday we go to Wells", but not "When we go" and "Did we go".
        _ if GOING.contains(&word) && matches!(previous, "i" | "we") => {
            let is_open = !SUBORDINATING.contains(&back(2)) && (ahead(1), ahead(2)) != ("to", "press");
            is_open.then_some(Tense::Future)
        }
        // These two are nouns as well: "foul play", "a first visit to Rome".
        "play" if matches!(previous, "fair" | "foul" | "in" | "into" | "school" | "stage") => None,
        "play" if matches!(ahead(1), "" | "by" | "was") => None,
        "visit" if matches!(ahead(1), "" | "and" | "as" | "that" | "was" | "which") => None,
        "visit" if PREPOSITIONS.contains(&ahead(1)) => None,
        "face" if ahead(1) == "to" => None,
        "face" | "host" | "launch" | "play" | "return" | "visit" | "vote" if is_noun(words, at) => None,
        _ if COMING.contains(&word) => {
            let counted = word.starts_with("vote")
                && (previous.starts_with(|c: char| c.is_ascii_digit())
                    || previous.ends_with("confidence")
                    || numbers::cardinal(previous).is_some());
            (!determined && !counted && !bare).then_some(Tense::Future)
        }
        // The verb before it tells: "will be named", "to be signed", "was to have met", "will cut".
        _ if auxiliary(previous) || previous == "been" && back(2) == "have" => None,
        _ if previous == "have" && auxiliary(back(2)) => None,
        _ if matches!(word, "indeed" | "united" | "hundred" | "need" | "seed" | "feed" | "speed") => None,
        _ if participle(word) => Some(Tense::Past),
        _ => None,
    }
}

/// Modal verbs that with a capital are a month or names as well.
const MODALS: &[&str] = &["can", "may", "might", "must", "will"];

/// Words that say that something is still to come, whatever the verb.
#[rustfmt::skip]
const AHEAD: &[&str] = &[
    "adjourned", "can", "could", "due", "effective", "expected", "hopes", "intends", "may", "might", "must", "next",
    "planned", "planning", "plans", "postponed", "promises", "scheduled", "shall", "should", "slated", "till", "until",
    "upcoming", "vows", "wants", "will", "won't", "would",
];

/// Verbs in the present that tell what is on the calendar only with certain words behind.
const HAPPENING: &[&str] = &["are", "give", "gives", "hold", "holds", "is", "stage", "stages", "take"];

/// Words that may follow a modal verb at the start of a sentence, and no name.
#[rustfmt::skip]
const SUBJECTS: &[&str] = &[
    "a", "an", "he", "her", "his", "i", "it", "its", "my", "our", "she", "that", "the", "their", "there", "these",
    "they", "this", "those", "we", "you", "your",
];

/// Verbs that ask for something to be done by a day.
#[rustfmt::skip]
const ASKING: &[&str] = &[
    "agreed", "asked", "begged", "demanded", "directed", "gave", "given", "hope", "hoped", "instructed", "invited",
    "ordered", "pledged", "promised", "summoned", "told", "urged", "vowed", "want", "wanted", "wants",
];

/// Verbs that put something on the calendar.
#[rustfmt::skip]
const SETTING: &[&str] = &[
    "announced", "arranged", "booked", "called", "fixed", "planned", "planning", "postponed", "scheduled", "set",
];

/// Words between a number and the price that it is measured by.
#[rustfmt::skip]
const MEASURING: &[&str] = &["above", "against", "below", "from", "of", "on", "over", "since", "than", "to", "with"];

/// Words that take something off the calendar.
#[rustfmt::skip]
const CANCELING: &[&str] = &[
    "boycott", "boycotting", "boycotts", "canceled", "cancelled", "postponed", "scrapped",
];

/// Words before "before" that measure a time, as those do that tell of a past event.
#[rustfmt::skip]
const MEASURES: &[&str] = &[
    "day", "days", "hour", "hours", "just", "long", "minute", "minutes", "moments", "month", "months", "not", "shortly",
    "week", "weeks", "year", "years",
];

/// Nouns for what takes place on a day that is set.
#[rustfmt::skip]
const SCHEDULED: &[&str] = &[
    "auction", "ballot", "ballots", "bout", "burial", "by-election", "ceremony", "clash", "concert", "conference",
    "congress", "coronation", "debate", "derby", "drills", "election", "elections", "evidence", "exercises",
    "exhibition", "fight", "final", "finals", "fixture", "friendly", "funeral", "game", "hearing", "inauguration",
    "launch", "lecture", "march", "mass", "match", "meeting", "parade", "poll", "polls", "primaries", "primary",
    "protest", "protests", "qualifier", "race", "rally", "referendum", "run-off", "runoff", "semi-final",
    "semi-finals", "session", "showdown", "speech", "strike", "strikes", "summit", "talks", "test", "tie", "trial",
    "verdict", "vigil", "vote", "votes", "walkout", "wedding",
];

/// Participles that after "is" speak of what has been arranged; "is recovering" and "is facing" do not.
#[rustfmt::skip]
const UNDER_WAY: &[&str] = &[
    "appearing", "arriving", "flying", "hosting", "launching", "leaving", "marching", "meeting", "planning", "playing",
    "returning", "staging", "standing", "starting", "striking", "traveling", "travelling", "visiting", "voting",
];

/// Words between "is" and a date or the name of a place or an opponent.
const PLACING: &[&str] = &["against", "at", "back", "from", "in", "on", "out", "this"];

/// Prepositions that end the object of a verb.
#[rustfmt::skip]
const PREPOSITIONS: &[&str] = &["against", "at", "by", "for", "from", "in", "of", "on", "to", "with"];

/// Words that make of "could" what did not happen.
#[rustfmt::skip]
const DENYING: &[&str] = &[
    "barely", "hardly", "neither", "no", "nobody", "none", "nor", "not", "nothing", "only",
];

/// Participles after "could be" that tell what people noticed.
#[rustfmt::skip]
const SENSED: &[&str] = &[
    "confirmed", "felt", "found", "heard", "identified", "reached", "read", "seen", "smelled", "smelt", "verified",
];

/// Verbs after "could" for what may come; "could find" and "could see" are past.
#[rustfmt::skip]
const POSSIBLE: &[&str] = &[
    "begin", "come", "end", "face", "fall", "follow", "go", "happen", "hold", "leave", "lose", "meet", "open", "resume",
    "return", "start", "strike", "take", "vote", "win",
];

/// Verbs of an answer that was asked for.
#[rustfmt::skip]
const SAYING: &[&str] = &["comment", "confirm", "discuss", "say"];

/// Words after which an infinitive speaks of what is still to come.
#[rustfmt::skip]
const LEANING: &[&str] = &[
    "agreed", "am", "are", "decided", "expected", "expects", "going", "hope", "hopes", "hoping", "intend",
    "intending", "intends", "invited", "is", "likely", "offered", "ordered", "plan", "planning", "plans", "pledged",
    "pledges", "prepares", "preparing", "promised", "promises", "ready", "scheduled", "set", "threatened",
    "threatening", "threatens", "vowed", "vows", "want", "wanted", "wants",
];

/// Words before a noun; after one of them "vote" is no verb.
#[rustfmt::skip]
const DETERMINERS: &[&str] = &[
    "a", "an", "another", "any", "each", "every", "her", "his", "its", "my", "new", "no", "of", "or", "our", "own",
    "s", "some", "the", "their", "these", "this", "those", "with", "your",
];

/// Determiners that may stand some words before their noun.
#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "a", "an", "another", "any", "each", "every", "her", "his", "its", "my", "no", "our", "that", "the", "their",
    "this", "your",
];

/// Verbs and relative pronouns that no noun phrase goes on behind.
#[rustfmt::skip]
const FINITE: &[&str] = &[
    "am", "are", "can", "could", "did", "does", "had", "has", "have", "is", "may", "might", "must", "shall", "should",
    "that", "was", "were", "which", "who", "will", "would",
];

/// Verbs after which a clause may start or an event is still to come: "said the union vote on Friday".
#[rustfmt::skip]
const REPORTING: &[&str] = &[
    "announced", "confirmed", "demanded", "hoped", "proposed", "said", "says", "told", "wanted", "warned",
];

/// Verbs that make somebody a candidate.
#[rustfmt::skip]
const CHOOSING: &[&str] = &["choose", "chose", "chosen", "named", "names", "nominated", "picked", "selected"];

/// Verbs in the present that, beside a date, speak of what is on the calendar.
#[rustfmt::skip]
const COMING: &[&str] = &[
    "appears", "arrive", "arrives", "attends", "becomes", "begin", "begins", "celebrates", "chairs", "closes",
    "commences", "concludes", "continues", "convenes", "decides", "departs", "elect", "elects", "embarks", "ends",
    "expects", "expires", "face", "faces", "fights", "flies", "gather", "gathers", "goes", "heads", "host", "hosts",
    "inaugurates", "joins", "kicks", "lands", "launch", "launches", "leaves", "marries", "meet", "meets", "merge",
    "opens", "performs", "play", "plays", "premieres", "presents", "publishes", "quits", "receives", "reconvenes",
    "reopen", "reopens", "replaces", "resume", "resumes", "retire", "retires", "return", "returns", "runs", "sails",
    "sets", "signs", "sings", "sit", "sits", "starts", "steps", "takes", "tours", "travel", "travels", "unveil",
    "unveils", "visit", "visits", "vote", "votes",
];

/// Verbs that with "I" or "we" tell of a plan.
const GOING: &[&str] = &["dine", "go", "leave", "sail", "start"];

/// Words before "we" after which a verb in the present tells no plan.
#[rustfmt::skip]
const SUBORDINATING: &[&str] = &[
    "always", "as", "before", "did", "do", "how", "if", "often", "since", "sometimes", "than", "that", "until",
    "usually", "when", "whenever", "where", "wherever", "while",
];

/// Verbs in the past that do not end in `-ed`, and two words that point back.
#[rustfmt::skip]
const PAST: &[&str] = &[
    "ago", "arose", "ate", "awoke", "beat", "beaten", "became", "began", "begun", "bent", "bit", "bled", "blew",
    "bore", "born", "borne", "bought", "bred", "broke", "broken", "brought", "built", "burst", "came", "caught",
    "chose", "chosen", "clung", "crept", "cut", "dealt", "did", "drank", "drawn", "drew", "driven", "drove", "dug",
    "eaten", "fallen", "fed", "fell", "felt", "fled", "flew", "flown", "flung", "forbade", "forgave", "forgot",
    "forgotten", "fought", "found", "froze", "frozen", "gave", "given", "gone", "got", "grew", "grown", "had",
    "heard", "held", "hid", "hidden", "hit", "hung", "hurt", "kept", "knew", "known", "laid", "lay", "leapt", "led",
    "left", "lent", "lit", "lost", "made", "meant", "met", "oversaw", "overthrew", "paid", "put", "quit", "ran",
    "rang", "ridden", "risen", "rode", "rose", "said", "sang", "sank", "sat", "saw", "says", "seen", "sent", "shaken",
    "shone", "shook", "shot", "shown", "shrank", "shut", "since", "slept", "slid", "sold", "sought", "sped", "spent",
    "split", "spoke", "spoken", "sprang", "spun", "stole", "stolen", "stood", "strode", "struck", "stuck", "stung",
    "swam", "swept", "swore", "sworn", "swung", "taken", "taught", "thought", "threw", "thrown", "told", "took",
    "tore", "torn", "understood", "undertook", "was", "went", "wept", "were", "withdrawn", "withdrew", "woke", "won",
    "wore", "worn", "written", "wrote",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenses() {
        for (before, after, expected) in [
            ("He will meet her on ", "", Some(Tense::Future)),
            ("He met her on ", "", Some(Tense::Past)),
            ("He said he would meet her on ", "", Some(Tense::Future)),
            ("He could not have met her on ", "", None),
            ("The hotel, which opened in 1990, is to be sold on ", "", Some(Tense::Future)),
            ("The Greek, who plans a film, died on ", "", Some(Tense::Past)),
            ("The trial, which begins in Porto on ", ", has drawn crowds", Some(Tense::Future)),
            ("He was to have been crowned on ", "", Some(Tense::Future)),
            ("He was due to be crowned on ", "", Some(Tense::Future)),
            ("They called a march for ", "", Some(Tense::Future)),
            ("They have until ", "", Some(Tense::Future)),
            ("She was chairwoman until ", "", Some(Tense::Past)),
            ("He told them by telegram on ", "", Some(Tense::Past)),
            ("He told them to leave by ", "", Some(Tense::Future)),
            ("By 40 votes to 3, late on ", ", it fell", Some(Tense::Past)),
            ("", " the vote was close", Some(Tense::Past)),
            ("", ": the ferry returns", Some(Tense::Past)),
            ("They didn't meet on ", ".", None),
            ("He survived a no-confidence vote on ", ".", Some(Tense::Past)),
            ("They met face to face on ", ".", Some(Tense::Past)),
            ("", "", None),
            ("Timetable for ", " and the line", None),
        ] {
            assert_eq!(guess_tense(before, after), expected, "{before}_{after}");
        }
    }

    /// Cases of a date in brackets, each with what it should be.
    fn check(cases: &[(&str, Option<Tense>)]) {
        for (text, expected) in cases {
            let (before, rest) = text.split_once('[').unwrap();
            let (_, after) = rest.split_once(']').unwrap();
            assert_eq!(guess_tense(before, after), *expected, "{text}");
        }
    }

    #[test]
    fn what_is_on_the_calendar() {
        let future = Some(Tense::Future);
        check(&[
            ("Milan play Inter on [Saturday].", future),
            ("Wolves take on Everton at Goodison Park on [Saturday].", future),
            ("Rovers visit Leeds on [Saturday].", future),
            ("Georgia holds an election on [Sunday].", future),
            ("Voters go to the polls on [Sunday].", future),
            ("Unions are planning a strike on [Friday].", future),
            ("I'm flying out in [April] to see it.", future),
            ("He could be freed on [Friday].", future),
            ("He intended to resign on [Friday].", future),
            ("He is still to go to Oslo on [Friday].", future),
            ("The funeral is this [Saturday].", future),
            ("Elections are on [Sunday].", future),
            ("The funeral is in Oslo on [Monday].", future),
            ("They had until [Monday].", future),
            ("They declared [Monday] a holiday.", future),
        ]);
    }

    #[test]
    fn what_is_awaited() {
        let (past, future) = (Some(Tense::Past), Some(Tense::Future));
        check(&[
            ("Police arrested dozens ahead of [Sunday]'s election.", future),
            ("They met before [Friday]’s summit.", future),
            ("Hundreds gathered ahead of the election on [Sunday].", future),
            ("The union called off [Friday]'s strike.", future),
            ("The union called off the strike on [Friday].", past),
            ("He quit days before [Sunday]'s election.", past),
            ("The party had led before [Sunday]'s election.", past),
            ("He arrived for [Friday]'s summit.", past),
            ("Nordbank will pay a premium of 38% to [Thursday]'s close.", past),
            ("The shares will be deleted at [Thursday]'s close.", future),
        ]);
    }

    #[test]
    fn names_and_months_are_no_verbs() {
        let (past, future) = (Some(Tense::Past), Some(Tense::Future));
        check(&[
            ("Prime Minister Theresa May on [Thursday] told reporters that she had resigned.", past),
            ("On [Friday], Will Smith was arrested.", past),
            ("On [Friday] Emre Can's club was fined.", past),
            ("Sales fell in May and in [August].", past),
            ("May met Xi on [Friday].", past),
            ("Theresa May will resign on [Friday].", future),
            ("Theresa May may resign on [Friday].", future),
            ("Will he be freed on [Friday]?", future),
            ("He asked: “Will the court free her on [Friday]?”", future),
            // Where capitals tell nothing, a verb is the better guess.
            ("NORDBANK WILL CUT 300 JOBS ON [FRIDAY]", future),
            ("Nordbank Will Cut 300 Jobs on [Friday]", future),
        ]);
    }

    #[test]
    fn nouns_that_look_like_verbs() {
        let (past, future) = (Some(Tense::Past), Some(Tense::Future));
        check(&[
            ("Ines Roque survived an impeachment vote on [Thursday].", past),
            ("Ada Orley lost a party vote on [Thursday].", past),
            ("Ada Orley won the Senate vote on [Thursday].", past),
            ("Lawmakers passed the treaty in a late vote on [Thursday].", past),
            ("He resigned after a recall vote on [Thursday].", past),
            ("In the Swiss vote on [Sunday] she lost.", past),
            ("A missile launch on [Friday] failed.", past),
            ("Two men died in the rocket launch at Lund on [Friday].", past),
            ("Lawmakers passed it by a narrow party vote on [Friday].", past),
            ("Sweden condemned Norway over a missile launch on [Friday].", past),
            ("Anvil knocked Paymark's host, Granite Data, off the air on [Friday].", past),
            // These are verbs, or nouns for what is to come.
            ("The Swiss vote on [Sunday].", future),
            ("Its members vote on [Sunday].", future),
            ("Workers at a car plant vote on [Friday].", future),
            ("Workers sacked by the state railway vote on [Friday].", future),
            ("Members of the trade union vote on [Friday].", future),
            ("People in the capital vote on [Sunday].", future),
            ("The minister said the union vote on [Friday].", future),
            ("The team play in Oslo on [Saturday].", future),
            ("The doctor's own family play for the cup on [Saturday].", future),
            ("The club host Leeds on [Saturday].", future),
            ("There is an impeachment vote on [Thursday].", future),
            ("He faces an impeachment vote on [Thursday].", future),
            ("A recall vote on [Thursday] will decide it.", future),
        ]);
    }

    #[test]
    fn elections_that_people_want_or_stand_in() {
        let (past, future) = (Some(Tense::Past), Some(Tense::Future));
        check(&[
            ("The ruling party's candidate in [September] is Nimal Arora.", future),
            ("Nimal Arora is a candidate for the Lotus Front in [September].", future),
            ("The party has chosen Bo Lind as its candidate for the election in [December].", future),
            ("Ada Orley and Bo Lind are the only candidates for mayor in [November].", future),
            ("Lebanese politicians want a vote in [July].", future),
            ("Neither Orley nor Lind wanted a snap election in [May].", future),
            ("Ada Orley was a candidate in [September].", past),
            ("The party named Ada Orley as its candidate in [May].", past),
            ("The party had named Ada Orley as its candidate for the election in [May].", past),
            ("The candidate of the Greens said in [September] that she was ill.", past),
            ("He is the man who shot the candidate in [May].", past),
            ("He is in jail for shooting a candidate for mayor in [May].", None),
            ("They had wanted a vote in [July].", past),
            ("They wanted a house in [July].", past),
        ]);
    }

    #[test]
    fn what_the_present_alone_tells() {
        for (text, expected) in [
            ("Tom Aas quits, [5 March].", true),
            ("An article about Bo Lind (Mayor quits, [5 March], page 4) misspelt his name.", true),
            ("Mayor Tom Aas faces a hearing, [8 March].", true),
            ("The court sits on [8 March] in Oslo.", true),
            ("Georgia holds an election on [5 March].", true),
            ("The funeral is on [8 March].", true),
            ("Ada Quill returns to Leeds on [8 March].", true),
            ("Ada Quill returns to the court on [8 March].", true),
            ("The trial will start when the court sits on [8 March].", false),
            ("The court sits next on [8 March].", false),
            ("The show runs until [8 March].", false),
            ("A hearing that starts on [8 March] is due.", false),
            ("Ada Quill returns to meet him on [8 March].", false),
            ("The trial starts on [8 March] and should end in May.", false),
            ("Tom Aas resigned on [5 March].", false),
            ("[5 March]", false),
        ] {
            let (before, rest) = text.split_once('[').unwrap();
            let (_, after) = rest.split_once(']').unwrap();
            assert_eq!(is_in_present(before, after), expected, "{text}");
        }
    }

    #[test]
    fn plans_of_those_who_write() {
        let (past, future) = (Some(Tense::Past), Some(Tense::Future));
        check(&[
            ("On [Saturday] we go to Wells with Mr Lind.", future),
            ("We dine with Lady Quill on [Sunday].", future),
            ("I leave for York on the [9th].", future),
            ("On [Saturday] we went to Wells.", past),
            ("Did we go to Wells on [Saturday]?", past),
            ("On [Saturday] she asked where we go.", past),
            ("As we go to press on [Friday], no word has come.", None),
            ("They go to Wells on [Saturday].", None),
        ]);
    }

    #[test]
    fn what_has_happened() {
        let past = Some(Tense::Past);
        check(&[
            ("He had intended to resign on [Friday].", past),
            ("He could not be reached on [Friday].", None),
            ("Smoke could be seen on [Friday].", None),
            ("He would not say on [Friday] whether he would run.", past),
            ("They wanted to know on [Friday] who had called.", past),
            ("Police suspect foul play in the fire on [Friday].", None),
            ("He paid a first visit to Rome on [Friday].", past),
            ("The bank holds a third of the shares sold on [Friday].", past),
            ("It is on [Friday] that he died.", past),
            ("He is in custody over a fire on [Friday].", None),
        ]);
    }
}
