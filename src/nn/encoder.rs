//! The encoder: a BERT with two more input embeddings, over windows of a text.

use std::{cell::RefCell, ops::Range};

use super::{
    attention::{Attention, attention_fits},
    linear::{Linear, Norm, ROWS, Rounded, Then, View, add, exponentials, multiply, scale, softmax},
    tokenizer::{Tokenizer, Word, gap, shape},
    weights::{Embedding, EncoderSizes, ModelError, Precision, Weights},
};
use crate::{span::ByteSpan, threads};

/// Pieces that neighbouring windows share, at least.
const OVERLAP: usize = 128;
/// How many more pieces they may share, so that a window starts with a line.
const OVERLAP_SLACK: usize = 42;
/// Words that end a sentence, as the relation head counts them.
const STOPS: [&str; 3] = [".", "!", "?"];

thread_local! {
    /// Kept from window to window, since making room costs as much as a layer. Where the matrix library splits its work, a
    /// thread may come upon another window while it waits, and takes other room.
    static ROOMS: RefCell<Vec<Room>> = const { RefCell::new(Vec::new()) };
}

/// Room for what a layer works out.
#[derive(Default)]
struct Room {
    /// Rows of query, key and value of all pieces.
    projected: Vec<f32>,
    /// What the attention reads for all pieces.
    mixed: Vec<f32>,
    attention: Attention,
    /// The weights of one head of attention in floating point, and what it reads.
    weights: Vec<f32>,
    values: Vec<f32>,
    /// Of some rows.
    inner: Vec<f32>,
    rounded: Rounded,
}

/// The encoder's weights.
pub struct Encoder {
    sizes: EncoderSizes,
    word: Embedding,
    position: Vec<f32>,
    shape: Vec<f32>,
    gap: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    /// How exactly its attention counts.
    precision: Precision,
    /// Query, key and value in one matrix.
    attention: Linear,
    attention_output: Linear,
    attention_norm: Norm,
    inner: Linear,
    outer: Linear,
    output_norm: Norm,
}

/// The pieces of one window, with the special pieces around them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EncoderInput {
    /// Ids of the pieces.
    pub pieces: Vec<u32>,
    /// Shape of the word of each piece; see [`shape`].
    pub shapes: Vec<u8>,
    /// What stands before each piece; see [`gap`].
    pub gaps: Vec<u8>,
}

/// What the encoder makes of a window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EncoderOutput {
    /// States `[pieces x width]`.
    pub states: Vec<f32>,
    /// Queries of the last layer `[heads x pieces x width of a head]`.
    pub queries: Vec<f32>,
    /// Keys of the last layer, likewise.
    pub keys: Vec<f32>,
}

impl Encoder {
    pub(super) fn new(weights: &Weights, vocabulary: usize, precision: Precision) -> Result<Self, ModelError> {
        let sizes = weights.header.encoder.clone();
        let width = sizes.width;
        let layers = (0..sizes.layers).map(|index| Layer::new(weights, index, precision)).collect::<Result<_, _>>()?;
        Ok(Self {
            word: weights.embedding("encoder.word.weight", vocabulary, width)?,
            position: weights.values("encoder.position.weight", &[sizes.positions, width])?,
            shape: weights.values("encoder.shape.weight", &[sizes.shapes, width])?,
            gap: weights.values("encoder.gap.weight", &[sizes.gaps, width])?,
            norm: weights.norm("encoder.norm", width, sizes.epsilon)?,
            layers,
            sizes,
        })
    }

    /// Width of a state.
    #[must_use]
    pub fn width(&self) -> usize {
        self.sizes.width
    }

    /// Number of attention heads.
    #[must_use]
    pub fn heads(&self) -> usize {
        self.sizes.heads
    }

    /// The most pieces of a window without the special pieces around them.
    #[must_use]
    pub fn window(&self) -> usize {
        self.sizes.positions - 2
    }

    /// Runs all layers over one window; pieces beyond the longest window are left out.
    #[must_use]
    pub fn run(&self, input: &EncoderInput) -> EncoderOutput {
        self.run_observed(input, &mut |_, _| {})
    }

    /// Like [`run`](Self::run); shows the states after the embedding (0) and after each layer (1 and so on).
    pub fn run_observed(&self, input: &EncoderInput, observe: &mut dyn FnMut(usize, &[f32])) -> EncoderOutput {
        let width = self.sizes.width;
        let pieces = input.pieces.iter().zip(input.shapes.iter().zip(&input.gaps));
        let mut states = Vec::with_capacity(input.pieces.len() * width);
        for ((&piece, (&shape, &gap)), position) in pieces.zip(self.position.chunks_exact(width)) {
            let start = states.len();
            states.resize(start + width, 0.0);
            let row = &mut states[start..];
            self.word.add(piece as usize, row);
            add(row, position);
            add(row, self.shape.chunks_exact(width).nth(shape.into()).unwrap_or_default());
            add(row, self.gap.chunks_exact(width).nth(gap.into()).unwrap_or_default());
        }
        self.norm.apply(&mut states);
        observe(0, &states);
        let mut room = ROOMS.with_borrow_mut(Vec::pop).unwrap_or_default();
        for (index, layer) in self.layers.iter().enumerate() {
            layer.run(&mut states, self.sizes.heads, &mut room);
            observe(index + 1, &states);
        }
        let part = |part| split_heads(&room.projected, self.sizes.head_width(), self.sizes.heads, part);
        let output = EncoderOutput { queries: part(0), keys: part(1), states };
        ROOMS.with_borrow_mut(|rooms| rooms.push(room));
        output
    }

    /// Encodes a text of any length, window by window.
    pub(super) fn encode(&self, tokenizer: &Tokenizer, text: &str) -> Encoding {
        let (words, pieces) = tokenizer.words(text);
        let width = self.sizes.width;
        let word_text = |word: &Word| text.get(word.span.range()).unwrap_or_default();
        let (mut shapes, mut gaps, mut line_starts) = (Vec::new(), Vec::new(), Vec::with_capacity(words.len()));
        let mut stops_before = Vec::with_capacity(words.len() + 1);
        let mut quoted = Vec::with_capacity(words.len());
        let (mut stops, mut previous_end, mut in_quotes) = (0, None, false);
        for word in &words {
            let count = word.piece_count as usize;
            shapes.resize(shapes.len() + count, shape(word_text(word)));
            // The start of the text counts as the start of a paragraph.
            let start = word.span.start as usize;
            let before = match previous_end {
                Some(end) => gap(text.get(end..start).unwrap_or_default()),
                None => 3,
            };
            line_starts.push(before >= 2);
            gaps.push(before);
            gaps.resize(gaps.len() + count - 1, 0);
            stops_before.push(stops);
            stops += u32::from(STOPS.contains(&word_text(word)));
            // What was left open does not reach into the next line.
            in_quotes = match word_text(word) {
                "\"" => before >= 2 || !in_quotes,
                "“" | "„" | "«" => true,
                "”" | "»" => false,
                _ => in_quotes && before < 2,
            };
            quoted.push(in_quotes);
            previous_end = Some(word.span.end as usize);
        }
        stops_before.push(stops);

        let mut encoding = Encoding {
            states: vec![0.0; pieces.len() * width],
            home: vec![0; words.len()],
            windows: Vec::new(),
            width,
            heads: self.sizes.heads,
            stops_before,
            quoted,
            words,
            pieces,
        };
        let windows = cut_windows(&encoding.words, &line_starts, self.window());
        for (index, word) in encoding.words.iter().enumerate() {
            encoding.home[index] = home_window(word, &windows, &encoding.words, encoding.pieces.len());
        }
        let outputs = threads::map(&windows, |words| {
            let body = piece_range(&encoding.words, words);
            let mut input = EncoderInput { pieces: vec![tokenizer.first()], shapes: vec![0], gaps: vec![0] };
            input.pieces.extend(&encoding.pieces[body.clone()]);
            input.shapes.extend(&shapes[body.clone()]);
            input.gaps.extend(&gaps[body]);
            input.pieces.push(tokenizer.last());
            input.shapes.push(0);
            input.gaps.push(0);
            self.run(&input)
        });
        for (index, (words, output)) in windows.into_iter().zip(outputs).enumerate() {
            let body = piece_range(&encoding.words, &words);
            for word in words.clone().filter(|&word| encoding.home[word] == index) {
                let pieces = encoding.words[word].pieces();
                let rows = (pieces.start - body.start + 1) * width..(pieces.end - body.start + 1) * width;
                encoding.states[pieces.start * width..pieces.end * width].copy_from_slice(&output.states[rows]);
            }
            encoding.windows.push(Window {
                words,
                pieces: body,
                width,
                heads: self.sizes.heads,
                head_width: self.sizes.head_width(),
                output,
            });
        }
        encoding
    }
}

impl Layer {
    fn new(weights: &Weights, index: usize, precision: Precision) -> Result<Self, ModelError> {
        let sizes = &weights.header.encoder;
        let EncoderSizes { width, heads, inner, positions, epsilon, .. } = *sizes;
        let name = |part: &str| format!("encoder.layers.{index}.{part}");
        let linear = |parts: &[&str], input: usize, output: usize| {
            let names: Vec<String> = parts.iter().map(|part| name(part)).collect();
            weights.joined_linear(&names, input, output, precision)
        };
        let attention_precision =
            if attention_fits(positions, sizes.head_width()) { precision } else { Precision::F32 };
        let read = heads * sizes.head_width();
        Ok(Self {
            precision: attention_precision,
            attention: linear(&["attention.query", "attention.key", "attention.value"], width, read)?,
            attention_output: linear(&["attention.output"], read, width)?,
            attention_norm: weights.norm(&name("attention_norm"), width, epsilon)?,
            inner: linear(&["inner"], width, inner)?,
            outer: linear(&["outer"], inner, width)?,
            output_norm: weights.norm(&name("output_norm"), width, epsilon)?,
        })
    }

    /// Runs over the states in place; leaves rows of query, key and value in the room.
    fn run(&self, states: &mut [f32], heads: usize, room: &mut Room) {
        let (width, read) = (self.attention_output.output(), self.attention.output() / 3);
        let rows = states.len() / width;
        room.projected.resize(rows * self.attention.output(), 0.0);
        self.attention.apply_to(states, &mut room.projected, &mut room.rounded);
        room.mixed.resize(rows * read, 0.0);
        match self.precision {
            Precision::Int8 => room.attention.run(&room.projected, read, heads, &mut room.mixed),
            Precision::F32 => room.attend(read, heads),
        }
        for (states, mixed) in states.chunks_mut(ROWS * width).zip(room.mixed.chunks(ROWS * read)) {
            self.attention_output.apply_then(mixed, Then::Add, states, &mut room.rounded);
            self.attention_norm.apply(states);
            room.inner.resize(states.len() / width * self.inner.output(), 0.0);
            self.inner.apply_then(states, Then::Gelu, &mut room.inner, &mut room.rounded);
            self.outer.apply_then(&room.inner, Then::Add, states, &mut room.rounded);
            self.output_norm.apply(states);
        }
    }
}

impl Room {
    /// Attention of every piece to every piece in floating point, head by head, from `projected` into `mixed`.
    fn attend(&mut self, width: usize, heads: usize) {
        let Self { projected, mixed, weights, values, .. } = self;
        let rows = projected.len() / (3 * width);
        let head_width = width / heads;
        let part = |part: usize, head: usize| View {
            data: projected.get(part * width + head * head_width..).unwrap_or_default(),
            rows,
            columns: head_width,
            stride: 3 * width,
        };
        weights.resize(rows * rows, 0.0);
        values.resize(rows * head_width, 0.0);
        for head in 0..heads {
            multiply(part(0, head), part(1, head), true, 1.0 / (head_width as f32).sqrt(), weights);
            let columns = mixed.chunks_exact_mut(width).map(|row| &mut row[head * head_width..(head + 1) * head_width]);
            // Sums of the weights stand where the results will.
            for (row, out) in weights.chunks_exact_mut(rows.max(1)).zip(columns) {
                out[0] = exponentials(row);
            }
            multiply(View::new(weights, rows), part(2, head), false, 1.0, values);
            for (out, values) in mixed.chunks_exact_mut(width).zip(values.chunks_exact(head_width)) {
                let out = &mut out[head * head_width..(head + 1) * head_width];
                scale(out, values, 1.0 / out[0]);
            }
        }
    }
}

/// `[heads x pieces x head width]` of query (0) or key (1) from rows of query, key and value.
fn split_heads(projected: &[f32], head_width: usize, heads: usize, part: usize) -> Vec<f32> {
    let width = heads * head_width;
    let mut out = Vec::with_capacity(projected.len() / 3);
    for head in 0..heads {
        let start = part * width + head * head_width;
        for row in projected.chunks_exact(3 * width) {
            out.extend_from_slice(&row[start..start + head_width]);
        }
    }
    out
}

/// Words of each window. Windows are as long as they may be and overlap by [`OVERLAP`] pieces; a little more where that
/// lets a window start with a line.
fn cut_windows(words: &[Word], line_starts: &[bool], limit: usize) -> Vec<Range<usize>> {
    let first_piece = |word: usize| words.get(word).map_or(usize::MAX, |word| word.pieces().start);
    let mut windows = Vec::new();
    let mut start = 0;
    while start < words.len() {
        let base = first_piece(start);
        let end = start + words[start..].partition_point(|word| word.pieces().end <= base + limit);
        // No word is longer than a window, but a model with few positions must not hang.
        let end = end.max(start + 1);
        windows.push(start..end);
        if end == words.len() {
            break;
        }
        let step = base + limit.saturating_sub(OVERLAP).max(1);
        let latest = words.partition_point(|word| word.pieces().start < step).clamp(start + 1, end);
        let earliest = words.partition_point(|word| word.pieces().start + OVERLAP_SLACK < step).max(start + 1);
        start = (earliest..=latest).rev().find(|&word| line_starts.get(word) == Some(&true)).unwrap_or(latest);
    }
    windows
}

fn piece_range(words: &[Word], range: &Range<usize>) -> Range<usize> {
    let start = words.get(range.start).map_or(0, |word| word.pieces().start);
    let end = range.end.checked_sub(1).and_then(|last| words.get(last)).map_or(start, |word| word.pieces().end);
    start..end.max(start)
}

/// The window in which a word stands farthest from an edge that is not an edge of the text; the first of equals.
fn home_window(word: &Word, windows: &[Range<usize>], words: &[Word], pieces: usize) -> usize {
    let place = word.pieces();
    // Windows are in order, so the ones that hold the word stand together.
    let first = windows.partition_point(|window| piece_range(words, window).end < place.end);
    let mut best = (0, first);
    for (index, window) in windows.iter().enumerate().skip(first) {
        let window = piece_range(words, window);
        if window.start > place.start {
            break;
        }
        let left = if window.start == 0 { usize::MAX } else { place.start - window.start + 1 };
        let right = if window.end == pieces { usize::MAX } else { window.end - place.end + 1 };
        if left.min(right) > best.0 {
            best = (left.min(right), index);
        }
    }
    best.1
}

/// A stretch of the text that the encoder read at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Its words.
    pub words: Range<usize>,
    /// Its pieces, counted over the text, without the special pieces around them.
    pub pieces: Range<usize>,
    width: usize,
    heads: usize,
    head_width: usize,
    output: EncoderOutput,
}

impl Window {
    /// Number of rows: the pieces and the two special ones around them.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.pieces.len() + 2
    }

    /// Row of a piece of the text.
    #[must_use]
    pub fn row(&self, piece: usize) -> Option<usize> {
        self.pieces.contains(&piece).then(|| piece - self.pieces.start + 1)
    }

    /// States `[rows x width]`.
    #[must_use]
    pub fn states(&self) -> &[f32] {
        &self.output.states
    }

    /// One head's attention in the last layer of some rows to all rows, `[asked rows x rows]`, in place of what was in `out`.
    /// Rows that are not there are left out.
    pub fn attention(&self, head: usize, asked: &[usize], out: &mut Vec<f32>) {
        let (rows, size) = (self.rows(), self.rows() * self.head_width);
        let part = head * size..(head + 1) * size;
        let all = self.output.queries.get(part.clone()).unwrap_or_default();
        let keys = self.output.keys.get(part).unwrap_or_default();
        let queries: Vec<f32> =
            asked.iter().filter_map(|row| all.chunks_exact(self.head_width).nth(*row)).flatten().copied().collect();
        out.clear();
        out.resize(queries.len() / self.head_width.max(1) * rows, 0.0);
        if out.is_empty() {
            return;
        }
        let scale = 1.0 / (self.head_width as f32).sqrt();
        multiply(View::new(&queries, self.head_width), View::new(keys, self.head_width), true, scale, out);
        out.chunks_exact_mut(rows).for_each(softmax);
    }

    pub(super) fn states_view(&self) -> View<'_> {
        View::new(&self.output.states, self.width)
    }
}

/// A text as the encoder sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoding {
    words: Vec<Word>,
    pieces: Vec<u32>,
    states: Vec<f32>,
    windows: Vec<Window>,
    home: Vec<usize>,
    width: usize,
    heads: usize,
    stops_before: Vec<u32>,
    quoted: Vec<bool>,
}

impl Encoding {
    /// The words in order.
    #[must_use]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Ids of all pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[u32] {
        &self.pieces
    }

    /// Width of a state.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of attention heads.
    #[must_use]
    pub fn heads(&self) -> usize {
        self.heads
    }

    /// States of all pieces `[pieces x width]`, each from the home window of its word.
    #[must_use]
    pub fn states(&self) -> &[f32] {
        &self.states
    }

    /// State of one piece; empty for a piece that is not there.
    #[must_use]
    pub fn state(&self, piece: usize) -> &[f32] {
        self.states.get(piece * self.width..(piece + 1) * self.width).unwrap_or_default()
    }

    /// The windows in order.
    #[must_use]
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// Index of the window in which a word stands farthest from an edge.
    #[must_use]
    pub fn home_window(&self, word: usize) -> usize {
        self.home.get(word).copied().unwrap_or_default()
    }

    /// A word as it stands in `text`, the text that was encoded.
    #[must_use]
    pub fn word_text<'a>(&self, text: &'a str, word: usize) -> &'a str {
        self.words.get(word).and_then(|word| text.get(word.span.range())).unwrap_or_default()
    }

    /// The words that share at least one byte with a span.
    #[must_use]
    pub fn words_in(&self, span: ByteSpan) -> Range<usize> {
        let start = self.words.partition_point(|word| word.span.end <= span.start);
        let end = self.words.partition_point(|word| word.span.start < span.end);
        start..end.max(start)
    }

    /// Pieces of a range of words.
    #[must_use]
    pub fn pieces_of(&self, words: &Range<usize>) -> Range<usize> {
        piece_range(&self.words, words)
    }

    /// Sentence ends among a range of words.
    #[must_use]
    pub fn stops_in(&self, words: &Range<usize>) -> usize {
        let before = |word: usize| self.stops_before.get(word).or(self.stops_before.last()).copied().unwrap_or(0);
        before(words.end).saturating_sub(before(words.start)) as usize
    }

    /// Whether a word stands in quotation marks.
    #[must_use]
    pub fn is_quoted(&self, word: usize) -> bool {
        self.quoted.get(word).copied().unwrap_or_default()
    }

    /// Mean state of a range of words, in `width` numbers; zeros for no words.
    #[must_use]
    pub fn mean_state(&self, words: &Range<usize>) -> Vec<f32> {
        let mut mean = vec![0.0; self.width];
        let pieces = self.pieces_of(words);
        let rows = self.states.get(pieces.start * self.width..pieces.end * self.width).unwrap_or_default();
        for row in rows.chunks_exact(self.width) {
            add(&mut mean, row);
        }
        let scale = 1.0 / pieces.len().max(1) as f32;
        for value in &mut mean {
            *value *= scale;
        }
        mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of the given numbers of pieces, with lines that start at `lines`.
    fn words(counts: &[u32], lines: &[usize]) -> (Vec<Word>, Vec<bool>) {
        let (mut words, mut first_piece) = (Vec::new(), 0);
        for &piece_count in counts {
            words.push(Word { span: ByteSpan::new(0, 0), first_piece, piece_count });
            first_piece += piece_count;
        }
        (words, (0..counts.len()).map(|index| lines.contains(&index)).collect())
    }

    #[test]
    fn windows_overlap() {
        let check = |counts: &[u32], lines: &[usize], expected: &[(usize, usize)]| {
            let (words, lines) = words(counts, lines);
            let found: Vec<(usize, usize)> =
                cut_windows(&words, &lines, 510).into_iter().map(|window| (window.start, window.end)).collect();
            assert_eq!(found, expected);
        };
        check(&[], &[], &[]);
        check(&[1; 510], &[0], &[(0, 510)]);
        check(&[1; 511], &[0], &[(0, 510), (382, 511)]);
        check(&[1; 1000], &[0], &[(0, 510), (382, 892), (764, 1000)]);
        check(&[1; 600], &[0, 341, 350, 400], &[(0, 510), (350, 600)]);
        check(&[100; 11], &[0], &[(0, 5), (4, 9), (8, 11)]);
    }

    #[test]
    fn words_are_at_home_far_from_edges() {
        let (words, lines) = words(&[1; 1000], &[0]);
        let windows = cut_windows(&words, &lines, 510);
        let home: Vec<usize> = words.iter().map(|word| home_window(word, &windows, &words, 1000)).collect();
        for (word, expected) in [(0, 0), (382, 0), (445, 0), (446, 1), (509, 1), (827, 1), (828, 2), (999, 2)] {
            assert_eq!(home[word], expected, "{word}");
        }
        for (word, &window) in home.iter().enumerate() {
            assert!(windows[window].contains(&word));
        }
    }
}
