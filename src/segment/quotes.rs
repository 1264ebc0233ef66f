//! Finds the marks that mail programs put before the lines that they quote: `> `, `>> `, `> > `.
//!
//! They belong to the page and not to what was written, so that they are no tokens and part neither lines of one paragraph
//! nor the words of a name.

use std::ops::Range;

/// The marks of a text as byte ranges, in order, each from the start of its line to its last `>`.
///
/// A single line may start with such a mark for any reason; only two in a row, or more, were quoted.
pub(super) fn marks(text: &str) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    if !text.starts_with('>') && !text.contains("\n>") {
        return marks;
    }
    let mut start = 0;
    // The mark of the line before, and whether it is known to be in a row.
    let mut before: Option<Range<usize>> = None;
    let mut in_row = false;
    for line in text.split_inclusive('\n') {
        let mark = mark_length(line).map(|length| start..start + length);
        start += line.len();
        match (before, &mark) {
            (Some(first), Some(next)) => {
                if !in_row {
                    marks.push(first);
                }
                marks.push(next.clone());
                in_row = true;
            }
            _ => in_row = false,
        }
        before = mark;
    }
    marks
}

/// How deep a line is quoted, given its mark.
pub(super) fn depth(mark: &str) -> usize {
    mark.matches('>').count()
}

/// Length of the mark at the start of a line.
fn mark_length(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches(['>', ' ']);
    let mark = line.get(..line.len() - rest.len())?.trim_end_matches(' ');
    // ">=" is a sign of its own.
    let is_sign = rest.starts_with('=') && mark.len() + rest.len() == line.len();
    (mark.starts_with('>') && !is_sign).then_some(mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected marks, separated by `|`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found: Vec<&str> = marks(text).into_iter().map(|mark| &text[mark]).collect();
        assert_eq!(found.join("|"), expected, "{text:?}");
    }

    #[test]
    fn finds_marks_in_rows_of_lines() {
        check("> Ada met Bo\n> in Oslo.", ">|>");
        check("Ada wrote:\n>> It is late.\n>> Go.\n> Why?\n\nBo", ">>|>>|>");
        check("> > It is late.\r\n> >\r\n> Go.", "> >|> >|>");
        check(">It is late.\n>Go.", ">|>");
        check("> It is late.\nGo.\n> Why?", "");
        check(">= 5 goals\n>= 3 goals", "");
        check(" > a\n > b", "");
        check("a > b\nb > c", "");
        check(">", "");
        check(">\n>", ">|>");
        check("", "");
    }

    #[test]
    fn counts_depth() {
        assert_eq!([depth(""), depth(">"), depth("> >>")], [0, 1, 3]);
    }
}
