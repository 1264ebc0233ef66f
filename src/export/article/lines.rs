//! The text in lines, and how wide its words are.
//!
//! Words are set by the widths of a common sans-serif font, and each run of them is told how wide it is to be, so that
//! what is drawn on them fits whatever font the reader has.

use std::cmp::Reverse;

use crate::document::Document;

/// Width of the text.
pub(super) const WIDTH: f64 = 820.0;
/// Size of its letters.
const TEXT_SIZE: f64 = 16.0;
/// Height of a row of names of types.
pub(super) const TYPE_ROW: f64 = 12.0;
/// Height of a row of arcs.
const ARC_ROW: f64 = 16.0;
/// From the baseline to the top of a mention, and to its bottom.
pub(super) const ASCENT: f64 = 15.0;
pub(super) const DESCENT: f64 = 5.0;
/// Between a line and what stands over the next one.
pub(super) const LEADING: f64 = 6.0;
/// Before a paragraph.
const PARAGRAPH: f64 = 14.0;
/// A line that the text itself breaks is taken for a heading or an entry of a list if it has fewer characters; a longer
/// one is a line of a paragraph.
const SHORT_LINE: usize = 60;

/// A line of the text.
#[derive(Debug)]
pub(super) struct Line {
    /// First byte, and first byte after.
    pub start: usize,
    pub end: usize,
    /// Where each character starts, by its byte; the last one is the end of the line.
    places: Vec<(usize, f64)>,
    pub is_paragraph: bool,
    /// Baseline, from the top of the block.
    pub y: f64,
    /// Rows of names of types.
    pub type_rows: usize,
    /// Rows of arcs.
    pub arc_rows: usize,
}

impl Line {
    /// Where a byte stands; one beyond the line stands at its end.
    pub fn x(&self, byte: usize) -> f64 {
        let next = self.places.partition_point(|(place, _)| *place < byte);
        self.places.get(next).or(self.places.last()).map_or(0.0, |(_, x)| *x)
    }

    pub fn height(&self, is_first: bool) -> f64 {
        let paragraph = if self.is_paragraph && !is_first { PARAGRAPH } else { 0.0 };
        let arcs = if self.arc_rows > 0 { self.arc_rows as f64 * ARC_ROW + 6.0 } else { 0.0 };
        paragraph + arcs + self.type_rows as f64 * TYPE_ROW + ASCENT + DESCENT + LEADING
    }

    /// Height of a row of arcs over the baseline.
    pub fn arc_y(&self, row: usize) -> f64 {
        ASCENT + self.type_rows as f64 * TYPE_ROW + 7.0 + row as f64 * ARC_ROW
    }
}

/// Width of a text in a common sans-serif font; letters beyond Latin ones are guessed.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(letter_width).sum::<f64>() * size
}

fn letter_width(c: char) -> f64 {
    // In thousandths; Helvetica, Arial and their kin share these.
    const ASCII: [u16; 95] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556,
        556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667,
        556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556,
        556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
        500, 500, 500, 334, 260, 334, 584,
    ];
    let code = u32::from(c);
    if let Some(width) = code.checked_sub(32).and_then(|index| ASCII.get(index as usize)) {
        return f64::from(*width) / 1000.0;
    }
    match code {
        _ if c.is_control() => 0.278,
        0x300..=0x36f | 0x200b..=0x200f | 0x202a..=0x202e | 0xfe00..=0xfe0f | 0xfeff => 0.0,
        0x2018 | 0x2019 => 0.222,
        0x201c | 0x201d => 0.333,
        0x2013 => 0.556,
        0x2014 | 0x2026 => 1.0,
        0x1100..=0x11ff | 0x2e80..=0xd7ff | 0xf900..=0xfaff | 0xff00..=0xff60 => 1.0,
        0x1f000.. => 1.3,
        _ if c.is_uppercase() => 0.7,
        _ => 0.556,
    }
}

/// Breaks a text into lines; white space between words is one blank, blank lines part paragraphs.
pub(super) fn break_lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut x = 0.0;
    let mut open = false;
    let mut at = 0;
    let mut characters = 0;
    let begin = |lines: &mut Vec<Line>, start: usize, is_paragraph: bool| {
        lines.push(Line { start, end: start, places: Vec::new(), is_paragraph, y: 0.0, type_rows: 0, arc_rows: 0 });
    };
    let mut is_paragraph = true;
    while at < text.len() {
        let rest = &text[at..];
        let word_start = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        let (gap, rest) = rest.split_at(word_start);
        let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        if word.is_empty() {
            break;
        }
        let breaks = gap.matches('\n').count() + gap.matches(['\u{2029}', '\u{c}']).count() * 2;
        if breaks > 1 || breaks == 1 && characters < SHORT_LINE {
            open = false;
            is_paragraph |= breaks > 1;
        }
        if breaks > 0 {
            characters = 0;
        }
        characters += word.chars().count() + 1;
        let blank = letter_width(' ') * TEXT_SIZE;
        if open && x + blank + text_width(word, TEXT_SIZE) > WIDTH {
            open = false;
        }
        if open {
            // Every character of the gap stands in it.
            if let Some(line) = lines.last_mut() {
                line.places.extend(gap.char_indices().map(|(offset, _)| (at + offset, x)));
            }
            x += blank;
        } else {
            begin(&mut lines, at + word_start, std::mem::take(&mut is_paragraph));
            (x, open) = (0.0, true);
        }
        for (offset, c) in word.char_indices() {
            let width = letter_width(c) * TEXT_SIZE;
            let byte = at + word_start + offset;
            if x + width > WIDTH && x > 0.0 {
                close(lines.last_mut(), byte, x);
                begin(&mut lines, byte, false);
                x = 0.0;
            }
            if let Some(line) = lines.last_mut() {
                line.places.push((byte, x));
            }
            x += width;
        }
        at += word_start + word.len();
        close(lines.last_mut(), at, x);
    }
    for line in &mut lines {
        let end = line.end;
        line.places.retain(|(byte, _)| *byte <= end);
    }
    lines
}

/// Ends a line, for now, before a byte.
fn close(line: Option<&mut Line>, end: usize, x: f64) {
    if let Some(line) = line {
        line.end = end;
        line.places.retain(|(byte, _)| *byte < end);
        line.places.push((end, x));
    }
}

/// The runs of a line that belong to the same mentions: bytes, and the innermost mention.
pub(super) fn runs(line: &Line, doc: &Document, mentions: &[usize]) -> Vec<(usize, usize, Option<usize>)> {
    let span = |mention: usize| {
        let span = doc.mentions[mention].span;
        ((span.start as usize).max(line.start), (span.end as usize).min(line.end))
    };
    let mut cuts: Vec<usize> = mentions.iter().flat_map(|mention| <[usize; 2]>::from(span(*mention))).collect();
    cuts.extend([line.start, line.end]);
    cuts.sort_unstable();
    cuts.dedup();
    let innermost = |start: usize, end: usize| {
        let around = mentions.iter().copied().filter(|mention| {
            let (first, last) = span(*mention);
            first <= start && end <= last
        });
        around.min_by_key(|mention| (span(*mention).1 - span(*mention).0, Reverse(*mention)))
    };
    cuts.windows(2)
        .filter_map(|pair| match pair {
            [start, end] => Some((*start, *end, innermost(*start, *end))),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        break_lines(text).iter().map(|line| &text[line.start..line.end]).collect()
    }

    #[test]
    fn lines_keep_paragraphs_and_headings() {
        assert_eq!(shown("A heading\nA  line.\n\n \n Another."), ["A heading", "A  line.", "Another."]);
        let line = "words ".repeat(12);
        let text = format!("{line}\n{line}\nend");
        assert_eq!(shown(&text).len(), 2, "lines of a paragraph flow together");
        assert!(shown(" \n\t").is_empty());
        let long = "x".repeat(500);
        let lines = break_lines(&long);
        assert!(lines.len() > 4 && lines.iter().all(|line| line.x(line.end) <= WIDTH));
        assert_eq!(lines.iter().map(|line| line.end - line.start).sum::<usize>(), 500);
    }
}
