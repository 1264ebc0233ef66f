//! Attention in whole numbers: every piece of a window reads from every other.
//!
//! Queries and keys are rounded to 13 bits, weights to 12 and values to 11, so that all sums fit in 32 bits. Every processor
//! that has instructions for it comes to the same result; the others count in floating point.

use bytemuck::Zeroable;
use multiversion::multiversion;

use super::{
    kernels::{COLUMNS, Factor, Kernel, Line, ROWS, Sums},
    linear::{View, larger, maximum, maximum_of, power_of_two, round_to_whole, round_to_word},
};

/// The greatest number of a query or a key.
const SCORED: f32 = 4095.0;
/// The greatest weight: that of the row that is attended to most.
const WEIGHT: f32 = 4095.0;
/// Its logarithm, which not every system's library works out to the same last bit.
const WEIGHT_LOG2: f32 = 11.999_648;
/// The greatest number of a value.
const VALUE: f32 = 1023.0;
/// Score of what is not there: below all others, and far from the least number.
const NOWHERE: i32 = i32::MIN / 2;
/// Numbers in a group of the kernel.
const PAIR: usize = <i16 as Factor>::IN_GROUP;

/// Words of a row of a view: whole groups.
fn padded_width(view: View<'_>) -> usize {
    view.columns.next_multiple_of(PAIR)
}

/// The rows of a view.
#[inline(always)]
fn rows_of(view: View<'_>) -> impl Iterator<Item = &[f32]> {
    view.data.chunks(view.stride).take(view.rows).map(move |row| &row[..view.columns])
}

/// Whether attention in whole numbers pays on this processor and all its sums fit: over windows of so many rows, with heads
/// of that width.
pub(super) fn attention_fits(rows: usize, head_width: usize) -> bool {
    Values::fit(rows) && head_width as f64 * f64::from(SCORED) * f64::from(SCORED) <= f64::from(i32::MAX)
}

/// The attention of a layer, with room that is kept from one to the next.
#[derive(Debug)]
pub(super) struct Attention {
    kernel: Kernel,
    /// Rows of one head, and the step of each.
    queries: Vec<i16>,
    query_steps: Vec<f32>,
    keys: Vec<i16>,
    key_lines: Vec<Line>,
    values: Values,
    /// Of the rows of a tile: scores of all keys, and weights.
    scores: Vec<[i32; COLUMNS]>,
    weights: Weights,
}

/// Weights of a tile of rows.
#[derive(Debug, Default)]
struct Weights {
    /// One for each row that is weighted, and zeros.
    words: Vec<i16>,
    stride: usize,
    /// Sums of the words of each row.
    totals: [f32; ROWS],
}

impl Default for Attention {
    fn default() -> Self {
        Self {
            kernel: Kernel::best(),
            queries: Vec::new(),
            query_steps: Vec::new(),
            keys: Vec::new(),
            key_lines: Vec::new(),
            values: Values::default(),
            scores: Vec::new(),
            weights: Weights::default(),
        }
    }
}

impl Attention {
    /// Attention of every row to every row, head by head, from rows of query, key and value, each of `width`, into `mixed`.
    pub(super) fn run(&mut self, projected: &[f32], width: usize, heads: usize, mixed: &mut [f32]) {
        if mixed.is_empty() {
            return;
        }
        let rows = mixed.len() / width;
        let head_width = width / heads;
        for head in 0..heads {
            let part = |part: usize| {
                let data = &projected[part * width + head * head_width..];
                View { data, rows, columns: head_width, stride: 3 * width }
            };
            let (queries, keys) = (part(0), part(1));
            // What fills a row up counts for nothing, as it is zero in the keys.
            self.queries.resize(rows * padded_width(queries), 0);
            self.query_steps.resize(rows, 0.0);
            round_rows(queries, &mut self.queries, &mut self.query_steps);
            self.keys.clear();
            self.keys.resize(rows * padded_width(keys), 0);
            let key_step = round_all(keys, &mut self.keys);
            pack_keys(&self.keys, padded_width(keys), &mut self.key_lines);
            self.values.pack(part(2));
            // Scores are those of powers of two.
            let scale = std::f32::consts::LOG2_E / (head_width as f32).sqrt() * key_step;
            for first in (0..rows).step_by(ROWS) {
                let count = ROWS.min(rows - first);
                self.score(first, count, queries, scale);
                let out = &mut mixed[first * width + head * head_width..];
                self.values.read(self.kernel, count, &self.weights, (out, width));
            }
        }
    }

    /// Weights of a tile of rows.
    fn score(&mut self, first: usize, count: usize, queries: View<'_>, scale: f32) {
        let (rows, width) = (queries.rows, padded_width(queries));
        let stride = rows.next_multiple_of(COLUMNS);
        self.scores.resize(ROWS * stride / COLUMNS, [0; COLUMNS]);
        let scores = self.scores.as_flattened_mut();
        for (block, lines) in self.key_lines.chunks_exact(width / PAIR * 2).enumerate() {
            let sums = Sums { numbers: &mut scores[block * COLUMNS..], stride };
            self.kernel.tile(&self.queries[first * width..], width, count, lines, sums);
        }
        for row in scores.chunks_exact_mut(stride) {
            row[rows..].fill(NOWHERE);
        }
        self.weights.make_room(rows);
        weights_of_scores(&self.scores, rows, &self.query_steps[first..first + count], scale, &mut self.weights);
    }
}

impl Weights {
    /// Room for weights of so many rows, in whole blocks.
    fn make_room(&mut self, rows: usize) {
        self.stride = rows.next_multiple_of(COLUMNS);
        self.words.resize(ROWS * self.stride, 0);
    }
}

/// Rows packed to be weighted and summed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Values {
    rows: usize,
    width: usize,
    lines: Vec<Line>,
    /// Of each column, filled up to whole blocks.
    steps: Vec<f32>,
}

impl Values {
    /// Whether whole numbers pay on this processor and sums over so many rows fit.
    pub(super) fn fit(rows: usize) -> bool {
        Kernel::best().has_words() && rows as f64 * f64::from(WEIGHT) * f64::from(VALUE) <= f64::from(i32::MAX)
    }

    /// Packs rows, at least one, each column rounded to words.
    pub(super) fn pack(&mut self, values: View<'_>) {
        (self.rows, self.width) = (values.rows, values.columns);
        self.steps.clear();
        self.steps.resize(values.columns.next_multiple_of(COLUMNS), 0.0);
        steps_of_columns(values, &mut self.steps);
        self.lines.clear();
        self.lines.resize(self.steps.len() / COLUMNS * values.rows.div_ceil(PAIR) * 2, Line::zeroed());
        pack_columns(values, &self.steps, &mut self.lines);
    }

    /// The mean of the rows under each row of weights, which are not negative; zeros if all weights are zero.
    pub(super) fn means(&self, weights: &[f32]) -> Vec<f32> {
        let kernel = Kernel::best();
        let mut out = vec![0.0; weights.len() / self.rows * self.width];
        let mut words = Weights::default();
        words.make_room(self.rows);
        for (weights, out) in weights.chunks(ROWS * self.rows).zip(out.chunks_mut(ROWS * self.width)) {
            round_weights(weights, self.rows, &mut words);
            self.read(kernel, weights.len() / self.rows, &words, (out, self.width));
        }
        out
    }

    /// The means under the weights of a tile of rows.
    fn read(&self, kernel: Kernel, count: usize, weights: &Weights, (out, stride): (&mut [f32], usize)) {
        let width = self.rows.next_multiple_of(PAIR);
        let mut sums = [0; ROWS * COLUMNS];
        for (block, lines) in self.lines.chunks_exact(width / PAIR * 2).enumerate() {
            kernel.tile(&weights.words, weights.stride, count, lines, Sums { numbers: &mut sums, stride: COLUMNS });
            let columns = block * COLUMNS..self.width.min((block + 1) * COLUMNS);
            let out = (&mut out[columns.start..], stride);
            means_of_sums(&sums, &weights.totals[..count], &self.steps[columns], out);
        }
    }
}

/// Packs rows of so many words as columns of the kernel.
fn pack_keys(words: &[i16], width: usize, lines: &mut Vec<Line>) {
    let groups = width / PAIR;
    lines.clear();
    lines.resize((words.len() / width).div_ceil(COLUMNS) * groups * 2, Line::zeroed());
    let words: &[[u8; 4]] = bytemuck::cast_slice(words);
    for (rows, lines) in words.chunks(COLUMNS * groups).zip(lines.chunks_exact_mut(groups * 2)) {
        for (half, rows) in rows.chunks(COLUMNS / 2 * groups).enumerate() {
            for (lane, row) in rows.chunks_exact(groups).enumerate() {
                for (lines, group) in lines.chunks_exact_mut(2).zip(row) {
                    lines[half].0[lane] = *group;
                }
            }
        }
    }
}

/// Size of a step such that the greatest of the numbers is `limit` steps.
#[inline(always)]
fn step_for(greatest: f32, limit: f32) -> f32 {
    if greatest > 0.0 && greatest.is_finite() { greatest / limit } else { 1.0 }
}

/// Rounds rows to words, each with a step of its own.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn round_rows(part: View<'_>, words: &mut [i16], steps: &mut [f32]) {
    let rows = rows_of(part).zip(words.chunks_exact_mut(padded_width(part)));
    for ((numbers, words), step) in rows.zip(steps) {
        *step = step_for(maximum_of(numbers, f32::abs), SCORED);
        round_row(numbers, 1.0 / *step, words);
    }
}

/// Rounds rows to words with one step, and gives it.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn round_all(part: View<'_>, words: &mut [i16]) -> f32 {
    let mut tops = [0.0f32; COLUMNS];
    for row in rows_of(part) {
        for columns in row.chunks(COLUMNS) {
            for (top, number) in tops.iter_mut().zip(columns) {
                *top = larger(*top, number.abs());
            }
        }
    }
    let step = step_for(maximum(&tops), SCORED);
    for (numbers, words) in rows_of(part).zip(words.chunks_exact_mut(padded_width(part))) {
        round_row(numbers, 1.0 / step, words);
    }
    step
}

#[inline(always)]
fn round_row(numbers: &[f32], inverse: f32, words: &mut [i16]) {
    for (word, number) in words.iter_mut().zip(numbers) {
        *word = round_to_word(number * inverse);
    }
}

/// The step of each column.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn steps_of_columns(values: View<'_>, steps: &mut [f32]) {
    for row in rows_of(values) {
        for (step, number) in steps.iter_mut().zip(row) {
            *step = larger(*step, number.abs());
        }
    }
    for step in steps {
        *step = step_for(*step, VALUE);
    }
}

/// Rounds columns to words and packs them.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn pack_columns(values: View<'_>, steps: &[f32], lines: &mut [Line]) {
    let groups = values.rows.div_ceil(PAIR);
    for (block, lines) in lines.chunks_exact_mut(groups * 2).enumerate() {
        let columns = block * COLUMNS..values.columns.min((block + 1) * COLUMNS);
        let mut inverse = [0.0; COLUMNS];
        for (inverse, step) in inverse.iter_mut().zip(&steps[columns.clone()]) {
            *inverse = 1.0 / step;
        }
        for (place, row) in rows_of(values).enumerate() {
            let lines: &mut [[i16; PAIR]] = bytemuck::cast_slice_mut(&mut lines[place / PAIR * 2..][..2]);
            for ((words, number), inverse) in lines.iter_mut().zip(&row[columns.clone()]).zip(inverse) {
                words[place % PAIR] = round_to_word(number * inverse);
            }
        }
    }
}

/// Weights from scores of `count` keys, filled up to whole blocks, one row for each step.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn weights_of_scores(scores: &[[i32; COLUMNS]], count: usize, steps: &[f32], scale: f32, to: &mut Weights) {
    let blocks = scores.len() / ROWS;
    let (words, _) = to.words.as_chunks_mut::<COLUMNS>();
    let rows = scores.chunks_exact(blocks).zip(words.chunks_exact_mut(blocks));
    for (((scores, words), step), total) in rows.zip(steps).zip(&mut to.totals) {
        let top = scores.as_flattened().iter().copied().fold(i32::MIN, i32::max);
        let mut sums = [0; COLUMNS];
        for (words, scores) in words.iter_mut().zip(scores) {
            for ((word, score), sum) in words.iter_mut().zip(scores).zip(&mut sums) {
                // The largest score becomes the greatest weight.
                let power = (score.wrapping_sub(top) as f32).mul_add(step * scale, WEIGHT_LOG2);
                let weight = round_to_whole(power_of_two(power));
                *word = weight as i16;
                *sum += weight;
            }
        }
        // What is not there is far below the largest score, but has a weight where all scores are near zero.
        let mut sum = sums.iter().sum::<i32>();
        for word in &mut words.as_flattened_mut()[count..] {
            sum -= i32::from(std::mem::take(word));
        }
        *total = sum as f32;
    }
}

/// Rounds rows of `count` weights.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn round_weights(weights: &[f32], count: usize, to: &mut Weights) {
    let rows = weights.chunks_exact(count).zip(to.words.chunks_exact_mut(to.stride));
    for ((weights, words), total) in rows.zip(&mut to.totals) {
        round_row(weights, 1.0 / step_for(maximum(weights), WEIGHT), words);
        let sum: i32 = words.iter().map(|&word| i32::from(word)).sum();
        // No weight at all gives zeros.
        *total = sum.max(1) as f32;
    }
}

/// Means from sums.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn means_of_sums(sums: &[i32], totals: &[f32], steps: &[f32], (out, stride): (&mut [f32], usize)) {
    for ((sums, total), out) in sums.chunks_exact(COLUMNS).zip(totals).zip(out.chunks_mut(stride)) {
        let inverse = 1.0 / total;
        for ((out, &sum), step) in out.iter_mut().zip(sums).zip(steps) {
            *out = sum as f32 * (step * inverse);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attention in floating point, one number after the other.
    fn by_hand(projected: &[f32], width: usize, heads: usize) -> Vec<f32> {
        let rows: Vec<&[f32]> = projected.chunks_exact(3 * width).collect();
        let head_width = width / heads;
        let mut out = Vec::new();
        for row in &rows {
            for head in 0..heads {
                let part = |row: &[f32], part: usize| row[part * width + head * head_width..][..head_width].to_vec();
                let query = part(row, 0);
                let score = |key: &[f32]| {
                    let product: f64 = query.iter().zip(part(key, 1)).map(|(a, b)| f64::from(a * b)).sum();
                    (product / (head_width as f64).sqrt()).exp()
                };
                let weights: Vec<f64> = rows.iter().map(|row| score(row)).collect();
                let total: f64 = weights.iter().sum();
                for column in 0..head_width {
                    let values = rows.iter().map(|row| f64::from(part(row, 2)[column]));
                    out.push((values.zip(&weights).map(|(value, weight)| value * weight).sum::<f64>() / total) as f32);
                }
            }
        }
        out
    }

    fn projected(rows: usize, width: usize) -> Vec<f32> {
        let number = |i: usize| (i * 7919 % 1009) as f32 / 504.0 - 1.0;
        (0..rows * 3 * width).map(|i| number(i) * if i % 97 == 0 { 4.0 } else { 1.5 }).collect()
    }

    #[test]
    fn attention_is_close_to_that_of_floats_with_every_kernel() {
        let mut attention = Attention::default();
        let sizes = [(1, 1, 32), (2, 2, 32), (13, 3, 32), (33, 1, 5), (70, 2, 40), (512, 1, 32), (3, 1, 32)];
        // Queries near zero attend to all alike, and to nothing that is not there.
        let queries = [1.0, 0.1, 1e-6, 0.0];
        for ((rows, heads, head_width), by) in sizes.into_iter().flat_map(|size| queries.map(|by| (size, by))) {
            let width = heads * head_width;
            let mut numbers = projected(rows, width);
            numbers.chunks_mut(3 * width).flat_map(|row| &mut row[..width]).for_each(|number| *number *= by);
            let right = by_hand(&numbers, width, heads);
            let mut all = Vec::new();
            for kernel in Kernel::all() {
                attention.kernel = kernel;
                let mut mixed = vec![7.0; rows * width];
                attention.run(&numbers, width, heads, &mut mixed);
                for (found, right) in mixed.iter().zip(&right) {
                    assert!((found - right).abs() < 0.006, "{kernel:?} {rows} {heads} {head_width}: {found} {right}");
                }
                all.push(mixed);
            }
            assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "every kernel gives the same");
        }
    }

    #[test]
    fn means_are_close_to_those_of_floats() {
        for (rows, width, count) in [(1, 32, 1), (2, 5, 13), (37, 384, 30), (512, 40, 2)] {
            let numbers = projected(rows, width);
            let part = View { data: &numbers, rows, columns: width, stride: 3 * width };
            let mut values = Values::default();
            values.pack(part);
            let weights: Vec<f32> = (0..rows * count).map(|i| (i * 31 % 17) as f32 * 0.1 + 0.001).collect();
            let means = values.means(&weights);
            for (index, weights) in weights.chunks_exact(rows).enumerate() {
                let total: f32 = weights.iter().sum();
                for (column, mean) in means[index * width..(index + 1) * width].iter().enumerate() {
                    let row = |row: usize| numbers[row * 3 * width + column];
                    let right = weights.iter().enumerate().map(|(i, weight)| row(i) * weight).sum::<f32>() / total;
                    assert!((mean - right).abs() < 0.006, "{rows} {width} {index} {column}: {mean} {right}");
                }
                assert_eq!(values.means(weights), means[index * width..(index + 1) * width], "alone");
            }
            assert!(values.means(&vec![0.0; rows]).iter().all(|&mean| mean == 0.0));
        }
    }

    #[test]
    fn numbers_beyond_reason_are_no_panic() {
        let mut numbers = projected(20, 64);
        numbers[5] = f32::NAN;
        numbers[70] = f32::INFINITY;
        numbers[150] = f32::NEG_INFINITY;
        numbers[700] = 1e30;
        let mut attention = Attention::default();
        for kernel in Kernel::all() {
            attention.kernel = kernel;
            attention.run(&numbers, 64, 2, &mut [0.0; 20 * 64]);
            attention.run(&[], 64, 2, &mut []);
        }
        let mut values = Values::default();
        values.pack(View { data: &numbers, rows: 20, columns: 64, stride: 192 });
        values.means(&numbers[..40]);
    }

    #[test]
    fn sums_fit() {
        let pays = Kernel::best().has_words();
        assert_eq!([attention_fits(512, 32), attention_fits(512, 128)], [pays; 2]);
        assert!(!attention_fits(513, 32) && !attention_fits(512, 129));
        assert_eq!(WEIGHT_LOG2, f64::from(WEIGHT).log2() as f32);
    }
}
