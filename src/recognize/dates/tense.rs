//! Whether a date lies behind or ahead, read from the words around it.

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
    if near.is_empty() && far.first().is_some_and(|word| word.starts_with(['-', '–', '—', ':'])) {
        // A timeline tells what happened in the present tense.
        return Some(Tense::Past);
    }
    let clause = near.iter().rposition(|word| word.ends_with([';', '?', '!'])).map_or(0, |at| at + 1);
    let near = near.get(clause..).unwrap_or_default();
    let all = clean(near);
    let near = clean(&without_asides(near));
    let stop = far.iter().position(|word| word.ends_with([';', '?', '!', '.'])).map_or(far.len(), |at| at + 1);
    let far = clean(far.get(..stop).unwrap_or_default());
    if let Some(tense) = deadline(&near) {
        return Some(tense);
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

/// Lower-cased words without the marks around them.
fn clean(words: &[&str]) -> Vec<String> {
    words
        .iter()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'"))
        .collect()
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

/// The tense that the word at `at` tells, if any; `distance` is how many words it stands from the date.
fn telling(words: &[String], at: usize, distance: usize) -> Option<Tense> {
    let word = words.get(at)?.as_str();
    let back = |step: usize| at.checked_sub(step).and_then(|at| words.get(at)).map_or("", String::as_str);
    let ahead = |step: usize| words.get(at + step).map_or("", String::as_str);
    let previous = back(1);
    let participle = |word: &str| word.len() > 3 && word.ends_with("ed") || PAST.contains(&word);
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
        "due" | "expected" | "scheduled" | "planned" | "slated" if matches!(previous, "was" | "were" | "been") => {
            Some(Tense::Past)
        }
        "will" | "shall" | "won't" | "would" | "due" | "scheduled" | "planned" | "expected" | "intends" | "hopes"
        | "wants" | "promises" | "vows" | "upcoming" | "slated" | "effective" | "adjourned" | "postponed" => {
            Some(Tense::Future)
        }
        "ready" if ahead(1) == "to" => Some(Tense::Future),
        "plan" | "plans" | "seeking" if !DETERMINERS.contains(&previous) => Some(Tense::Future),
        "set" => match ahead(1) {
            "for" | "to" => Some(Tense::Future),
            "up" | "off" | "out" => Some(Tense::Past),
            _ => None,
        },
        "to" if LEANING.contains(&previous) && !DETERMINERS.contains(&ahead(1)) => Some(Tense::Future),
        "to" if matches!(previous, "was" | "were") && ahead(1) == "have" => Some(Tense::Future),
        "to" if ahead(1) == "be" && participle(ahead(2)) => Some(Tense::Future),
        "invited" | "asked" if matches!(previous, "has" | "have") => Some(Tense::Future),
        _ if word.ends_with("'ll") => Some(Tense::Future),
        _ if COMING.contains(&word) => {
            let counted = word.starts_with("vote") && previous.starts_with(|c: char| c.is_ascii_digit());
            let bare = matches!(previous, "to" | "did" | "not") || previous == "and" && !word.ends_with('s');
            (!DETERMINERS.contains(&previous) && !counted && !bare).then_some(Tense::Future)
        }
        // The verb before it tells: "will be named", "to be signed", "was to have met", "will cut".
        _ if auxiliary(previous) || previous == "been" && back(2) == "have" => None,
        _ if previous == "have" && auxiliary(back(2)) => None,
        _ if matches!(word, "indeed" | "united" | "hundred" | "need" | "seed" | "feed" | "speed") => None,
        _ if participle(word) => Some(Tense::Past),
        _ => None,
    }
}

/// Verbs that ask for something to be done by a day.
#[rustfmt::skip]
const ASKING: &[&str] = &[
    "agreed", "asked", "begged", "demanded", "gave", "given", "hope", "hoped", "invited", "ordered", "pledged",
    "promised", "summoned", "told", "urged", "vowed", "want", "wanted", "wants",
];

/// Verbs that put something on the calendar.
#[rustfmt::skip]
const SETTING: &[&str] = &[
    "announced", "arranged", "booked", "called", "fixed", "planned", "planning", "postponed", "scheduled", "set",
];

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

/// Verbs in the present that, beside a date, speak of what is on the calendar.
#[rustfmt::skip]
const COMING: &[&str] = &[
    "appears", "arrive", "arrives", "attends", "becomes", "begin", "begins", "celebrates", "chairs", "closes",
    "commences", "concludes", "continues", "convenes", "decides", "departs", "embarks", "ends", "expects", "expires",
    "face", "faces", "fights", "flies", "gather", "gathers", "goes", "heads", "host", "hosts", "inaugurates", "joins",
    "kicks", "lands", "launch", "launches", "leaves", "marries", "meet", "meets", "merge", "opens", "performs",
    "plays", "premieres", "presents", "publishes", "quits", "receives", "reconvenes", "reopens", "replaces", "resume",
    "resumes", "retire", "retires", "return", "returns", "runs", "sails", "sets", "signs", "sings", "sit", "sits",
    "starts", "steps", "takes", "tours", "travel", "travels", "unveil", "unveils", "visits", "vote", "votes",
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
            ("", "", None),
            ("Timetable for ", " and the line", None),
        ] {
            assert_eq!(guess_tense(before, after), expected, "{before}_{after}");
        }
    }
}
