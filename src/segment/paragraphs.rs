//! Finds the paragraphs: runs of lines that belong together.
//!
//! A blank line always separates. A single line break separates in text with one paragraph a line, and joins in text that
//! was wrapped at a column. The two are told apart by the lines themselves: in wrapped text a line ends because the first
//! word of the next one would not have fitted, and many lines start in lower case. Quoted lines are read without their
//! marks, and lines that are quoted differently are apart.

use std::ops::Range;

use super::{
    abbreviations::{self, Abbreviation},
    boilerplate,
    characters::{is_blank, is_bullet, is_caseless, is_dash},
    quotes,
};

/// Nobody wraps text at a wider column; longer lines are paragraphs.
const WIDEST_COLUMN: usize = 120;
/// A shorter line that breaks off is a heading, a list entry or verse.
const NARROWEST_COLUMN: usize = 30;

struct Line<'a> {
    /// Without blanks around it and without its mark if it is quoted; never empty.
    range: Range<usize>,
    text: &'a str,
    /// Characters, mark and blanks before it included.
    width: usize,
    indent: usize,
    /// Whether a blank line or a paragraph separator stands before it, or a quotation starts or ends there.
    starts_block: bool,
    /// Whether the line is left over from the page and stands alone.
    boilerplate: bool,
}

/// The paragraphs of a text as byte ranges, in order, without blanks around them.
pub(super) fn split(text: &str, quote_marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let lines = lines(text, quote_marks);
    let page = Page::of(&lines);
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    let mut in_list = false;
    let mut first: Option<&Line> = None;
    let mut block_width = 0;
    for (index, line) in lines.iter().enumerate() {
        if line.starts_block {
            // Counted once for each block, so that the whole stays linear.
            let block = lines.iter().skip(index).enumerate();
            block_width = block
                .take_while(|(at, line)| *at == 0 || !line.starts_block)
                .map(|(_, line)| line.width)
                .max()
                .unwrap_or(0);
        }
        let previous = index.checked_sub(1).and_then(|previous| lines.get(previous));
        let joined = match (previous, first) {
            (Some(previous), Some(first)) => page.joins(previous, line, block_width, in_list, first.indent),
            _ => false,
        };
        match paragraphs.last_mut() {
            Some(last) if joined => last.end = line.range.end,
            _ => {
                paragraphs.push(line.range.clone());
                in_list = is_list_item(line.text);
                first = Some(line);
            }
        }
    }
    paragraphs
}

/// What the whole page says about how its lines were made.
struct Page {
    /// Widest line.
    width: usize,
    /// Whether line breaks inside blocks look like wrapping.
    wrapped: bool,
}

impl Page {
    fn of(lines: &[Line]) -> Self {
        let width = lines.iter().map(|line| line.width).max().unwrap_or(0);
        let column = width.min(WIDEST_COLUMN);
        let (mut full, mut continued) = (0usize, 0usize);
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            if !next.starts_block && line.width <= WIDEST_COLUMN && line.width >= NARROWEST_COLUMN && !line.boilerplate
            {
                full += usize::from(is_full(line, next, column));
                continued += usize::from(continues(line.text, next.text) && !is_list_item(next.text));
            }
        }
        Self { width, wrapped: continued > 0 && continued * 4 >= full }
    }

    fn joins(&self, line: &Line, next: &Line, block_width: usize, in_list: bool, indent: usize) -> bool {
        if next.starts_block || line.boilerplate || next.boilerplate {
            return false;
        }
        let continues = continues(line.text, next.text);
        let column = if self.width <= WIDEST_COLUMN { self.width } else { block_width };
        let full = self.wrapped
            && line.width <= WIDEST_COLUMN
            && line.width >= NARROWEST_COLUMN
            && is_full(line, next, column);
        if is_list_item(next.text) {
            // A line of running text may start with a dash or a year by chance.
            return full
                && !in_list
                && !ends_sentence(line.text)
                && !line.text.ends_with(':')
                && !next.text.starts_with(is_bullet);
        }
        if next.indent > indent + 1 && !in_list && !continues {
            return false;
        }
        full || (continues && (self.wrapped || line.width >= NARROWEST_COLUMN))
            || (in_list && continues && next.indent > indent)
    }
}

/// Whether the first word of the next line would not have fitted on this one.
fn is_full(line: &Line, next: &Line, column: usize) -> bool {
    let word = next.text.split(is_blank).next().unwrap_or_default();
    // Editors count in different ways; a little slack does no harm.
    line.width + 1 + word.chars().take(WIDEST_COLUMN).count() + 2 > column
}

/// Whether a sentence plainly runs on from one line to the next.
fn continues(line: &str, next: &str) -> bool {
    if ends_sentence(line) {
        return false;
    }
    let first = next.trim_start_matches(['"', '\'', '“', '‘', '(', '«']).chars().next().unwrap_or(' ');
    let last = line.chars().next_back().unwrap_or(' ');
    let word = line.rsplit(is_blank).next().unwrap_or_default();
    first.is_lowercase()
        || last == ','
        || (is_caseless(first) && is_caseless(last))
        || UNFINISHED.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

fn ends_sentence(line: &str) -> bool {
    // "on Sept." at the end of a line waits for its number.
    let word = line.strip_suffix('.').and_then(|line| line.rsplit(is_blank).next()).unwrap_or_default();
    if matches!(abbreviations::class(word), Some(Abbreviation::Leads | Abbreviation::LeadsNumber)) {
        return false;
    }
    let line = line.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
    line.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।'])
}

/// Whether a line starts with a bullet, a dash, a number or a letter as entries of lists do.
pub(super) fn is_list_item(line: &str) -> bool {
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    let second = chars.next();
    let spaced = second.is_none_or(is_blank);
    if is_bullet(first) {
        return true;
    }
    if matches!(first, '*' | '+' | 'o') || is_dash(first) {
        return spaced && second.is_some();
    }
    let open = matches!(first, '(' | '[');
    let body = if open { line.get(1..).unwrap_or_default() } else { line };
    let label = body.get(..body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(body.len())).unwrap_or_default();
    let mut after = body.get(label.len()..).unwrap_or_default().chars();
    let closed = match after.next() {
        Some(')' | ']') => true,
        Some('.') => !open && label.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    let number = label.len() <= 3 && label.bytes().all(|b| b.is_ascii_digit());
    let letter = label.len() == 1 || (label.len() <= 4 && label.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')));
    closed && !label.is_empty() && (number || letter) && after.next().is_some_and(is_blank)
}

fn lines<'a>(text: &'a str, quote_marks: &[Range<usize>]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut quote_marks = quote_marks.iter().peekable();
    let mut start = 0;
    let mut depth = 0;
    let mut starts_block = true;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(is_break).unwrap_or(rest.len());
        let separator = rest.get(length..).unwrap_or_default().chars().next();
        let mark = quote_marks.next_if(|mark| mark.start == start).map_or(0, |mark| mark.len());
        let line = rest.get(mark..length).unwrap_or_default();
        let inner = line.trim_start_matches(is_blank);
        let indent = line.len() - inner.len();
        let inner = inner.trim_end_matches(is_blank);
        // The second half of CR LF is an empty line of our own making.
        let half =
            length == 0 && separator == Some('\n') && text.get(..start).is_some_and(|before| before.ends_with('\r'));
        if !half {
            let quoted = quotes::depth(rest.get(..mark).unwrap_or_default());
            starts_block |= quoted != depth;
            depth = quoted;
        }
        if inner.is_empty() {
            starts_block |= !half;
        } else {
            let from = start + mark + indent;
            lines.push(Line {
                range: from..from + inner.len(),
                text: inner,
                width: mark + indent + inner.chars().count(),
                indent,
                starts_block,
                boilerplate: boilerplate::is_boilerplate(inner),
            });
            starts_block = false;
        }
        starts_block |= matches!(separator, Some('\u{2029}' | '\u{c}'));
        start += length + separator.map_or(0, char::len_utf8);
    }
    lines
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Words that never end a line of their own; sorted.
const UNFINISHED: &[&str] = &[
    "a", "an", "and", "as", "at", "because", "but", "by", "for", "from", "he", "his", "in", "into", "its", "of", "on",
    "or", "that", "the", "their", "to", "was", "were", "which", "who", "with",
];
