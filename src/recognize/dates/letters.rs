//! Earlier messages that a message quotes, each with the day on which it was written.

use super::{DateContext, calendar::Point, normalize};

/// Lines longer than this introduce no message, in bytes.
const LONGEST_INTRODUCTION: usize = 200;

/// How many lines of a header stand at most between two that belong together.
const HEADER_LINES: usize = 4;

/// Longest date and name of who wrote, in words: "Mon, Mar 4, 2019 at 10:15 AM, Ada Maria Roth <roth@bank.example>".
const LONGEST_NAME: usize = 14;

/// Words in small letters that may stand there.
const SMALL: &[&str] = &["am", "at", "de", "den", "der", "of", "pm", "van", "via", "von"];

/// Words of a date with its weekday, at most.
const DATE_WORDS: usize = 6;

/// Where in a text which day is today.
pub(super) struct Letters {
    /// Offsets from which another date holds, in order; nothing stands for the document's own.
    changes: Vec<(usize, Option<String>)>,
}

/// A line with something on it.
struct Line<'a> {
    start: usize,
    /// How many marks of a quotation stand before it.
    depth: usize,
    /// Its words without these marks.
    words: &'a str,
}

/// A message that goes on until its marks of a quotation end or, without such, until the next one starts.
struct Open {
    depth: usize,
    marked: bool,
    date: String,
}

impl Letters {
    /// Finds the messages that lines such as "On 4 March 2019, Jon Aas wrote:" or the header of a mail introduce.
    pub(super) fn find(text: &str, day_first: Option<bool>) -> Self {
        let lines = lines(text);
        let mut changes = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut body = 0;
        for (index, line) in lines.iter().enumerate() {
            // The second line of an introduction.
            if index < body {
                continue;
            }
            let count = open.len();
            while open.last().is_some_and(|last| line.depth < last.depth) {
                open.pop();
            }
            if open.len() < count {
                changes.push((line.start, open.last().map(|last| last.date.clone())));
            }
            let Some((date, length)) = introduction(&lines, index, day_first) else { continue };
            body = index + length;
            let marked = lines.get(body).is_some_and(|next| next.depth > line.depth);
            // The next message on the same level ends the one before.
            while open.last().is_some_and(|last| !last.marked && last.depth == line.depth) {
                open.pop();
            }
            changes.push((line.start, Some(date.clone())));
            open.push(Open { depth: line.depth + usize::from(marked), marked, date });
        }
        Self { changes }
    }

    /// The day on which the message at an offset was written; nothing for the document's own words.
    pub(super) fn date_at(&self, offset: u32) -> Option<&str> {
        let next = self.changes.partition_point(|(start, _)| *start <= offset as usize);
        self.changes.get(next.checked_sub(1)?)?.1.as_deref()
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
        let depth = line.get(..line.len() - words.len()).unwrap_or_default().matches('>').count();
        let words = words.trim_end();
        if !words.is_empty() {
            lines.push(Line { start, depth, words });
        }
        start += line.len();
    }
    lines
}

/// The day of the message that a line introduces, and how many lines that takes.
fn introduction(lines: &[Line<'_>], index: usize, day_first: Option<bool>) -> Option<(String, usize)> {
    let line = lines.get(index).filter(|line| line.words.len() <= LONGEST_INTRODUCTION)?;
    if let Some(rest) = line.words.strip_prefix("On ") {
        if let Some(name) = rest.strip_suffix("wrote:") {
            return if is_name(name) { Some((leading_day(name, day_first)?, 1)) } else { None };
        }
        // Programs for mail break long lines before the address or after it.
        let next = lines.get(index + 1).filter(|next| next.depth == line.depth)?;
        let address = next.words.strip_suffix("wrote:")?.trim();
        let wrapped = is_name(rest) && (address.is_empty() || address.contains('@'));
        return if wrapped { Some((leading_day(rest, day_first)?, 2)) } else { None };
    }
    if let Some(rest) = line.words.strip_suffix(':')
        && let Some((name, date)) = rest.split_once(" wrote on ")
    {
        return if is_name(name) { Some((leading_day(date, day_first)?, 1)) } else { None };
    }
    let (label, date) = line.words.split_once(':')?;
    let label = label.trim_matches('*');
    let near = lines.get(index.saturating_sub(HEADER_LINES)..).unwrap_or_default();
    let has = |label: &str| near.iter().take(2 * HEADER_LINES + 1).any(|line| starts_with_label(line.words, label));
    // "Date" stands in timetables, too.
    let header = label.eq_ignore_ascii_case("sent") && has("from")
        || label.eq_ignore_ascii_case("date") && has("from") && has("subject");
    if header { Some((leading_day(date.trim_start_matches('*'), day_first)?, 1)) } else { None }
}

/// Whether words may be a date and a name, and not a sentence: "4 March 2019, when the bank had failed, Aas".
fn is_name(words: &str) -> bool {
    let mut words = words.split_whitespace();
    let mut first = words.by_ref().take(LONGEST_NAME);
    first.all(|word| !word.starts_with(char::is_lowercase) || word.contains('@') || SMALL.contains(&word))
        && words.next().is_none()
}

/// Whether a line of a header has this label; some programs write labels in bold.
fn starts_with_label(words: &str, label: &str) -> bool {
    words.split_once(':').is_some_and(|(start, _)| start.trim_matches('*').eq_ignore_ascii_case(label))
}

/// The day that words start with, complete with its year.
fn leading_day(words: &str, day_first: Option<bool>) -> Option<String> {
    let words: Vec<&str> = words.split_whitespace().take(DATE_WORDS).collect();
    let context = DateContext { day_first, ..DateContext::default() };
    (1..=words.len()).rev().find_map(|count| {
        let day = normalize(&words.get(..count)?.join(" "), &context)?;
        matches!(Point::parse(&day), Some(Point::Day(_))).then_some(day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The date that holds at each "@" of a text.
    fn check(text: &str, expected: &[&str]) {
        let letters = Letters::find(text, None);
        let found: Vec<&str> =
            text.match_indices('@').map(|(at, _)| letters.date_at(at as u32).unwrap_or("own")).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn marked_quotations() {
        check(
            "Hi @\n\nOn 4 March 2019, Jon Aas wrote:\n> See @\n>\n\
             > On Sun, Mar 3, 2019 at 10:15 AM Ada Roth\n> wrote:\n>> So @\n> Yes @\n\nBye @",
            &["own", "2019-03-04", "2019-03-03", "2019-03-04", "own"],
        );
    }

    #[test]
    fn unmarked_quotations() {
        check("Hi @\n\nOn 4 March 2019, Jon Aas wrote:\n\nSee @\n\nBye @", &["own", "2019-03-04", "2019-03-04"]);
        check("Hi @\nJon Aas wrote on 4 March 2015:\nSee @", &["own", "2015-03-04"]);
        check(
            "From: Ada Roth\nSent: Tuesday, 5 March 2019 10:15\nTo: Jon Aas\nSubject: Bank\n\nSee @\n\n\
             From: Jon Aas\nSent: 4 March 2019\nTo: Ada Roth\n\nSee @",
            &["2019-03-05", "2019-03-04"],
        );
        check(
            "*From:* Ada Roth\n*Date:* Mon, 4 Mar 2019 10:15:22 +0100\n*To:* Jon Aas\n*Subject:* Bank\nSee @",
            &["2019-03-04"],
        );
    }

    #[test]
    fn no_messages() {
        for text in [
            "On 4 March 2019, Jon Aas wrote: \"We met @.\"\nHe left @.",
            "On 4 March 2019 the bank failed:\nSee @",
            "Date: 4 March 2019\nVenue: Oslo\n@",
            "From: Oslo\nTo: Bergen\nDate: 4 March 2019\n@",
            "On Monday, Jon Aas wrote:\n> @",
            "On 4 March 2019, after the bank had failed and all its owners had left, Aas wrote:\n@",
            "In the letter that police found he wrote on 4 March 2015:\n@",
        ] {
            check(text, &["own", "own"][..text.matches('@').count()]);
        }
    }
}
