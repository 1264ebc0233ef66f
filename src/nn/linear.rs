//! Matrices on GEMM kernels, and the functions between them.

use std::ops::Range;

use multiversion::multiversion;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::{Matrix, NdTensorView};

use super::kernels::{self, COLUMNS, Factor, Kernel, Line, Sums, pack};

thread_local! {
    /// The kernels for this processor. One a thread, because the type is not `Send`; making it costs next to nothing.
    static GEMM: GemmExecutor = GemmExecutor::new();
    /// Likewise for whole numbers.
    static BYTE_GEMM: GemmExecutor<u8, i8, i32> = GemmExecutor::default();
}

/// A linear layer, packed for the kernels.
pub(super) struct Linear {
    weight: Packed,
    bias: Option<Vec<f32>>,
    input: usize,
    output: usize,
}

enum Packed {
    Floats(PackedBMatrix<f32>),
    /// Rows of bytes, each with a scale and the sum of its bytes; the input is rounded to bytes as well.
    Bytes {
        matrix: ByteMatrix,
        scales: Vec<f32>,
        totals: Vec<i32>,
    },
}

/// A matrix of bytes in the form that this processor multiplies exactly.
enum ByteMatrix {
    /// For our own kernel, where the processor has instructions for it.
    Lines(Kernel, Vec<Line>),
    /// For the library's.
    Bytes(PackedBMatrix<i8>),
    /// Blocks of at most [`EXACT`] columns as floats, for processors whose kernels for bytes lose what does not fit in 16
    /// bits.
    Blocks(Vec<PackedBMatrix<f32>>),
}

/// So many products of two bytes have a sum that f32 holds exactly: 512 x 255 x 127 is below 2^24.
const EXACT: usize = 512;

/// What is done with the result of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It takes the place of what was there.
    Put,
    /// Likewise, after a Gaussian error linear unit.
    Gelu,
    /// It is added to what was there.
    Add,
}

/// What turns sums of bytes into numbers, column by column: the sum of the column's bytes, its scale, and its bias.
#[derive(Clone, Copy)]
struct Columns<'a> {
    totals: &'a [i32],
    scales: &'a [f32],
    biases: &'a [f32],
}

impl Columns<'_> {
    fn part(&self, range: Range<usize>) -> Self {
        Self { totals: &self.totals[range.clone()], scales: &self.scales[range.clone()], biases: &self.biases[range] }
    }
}

impl Linear {
    /// Packs a matrix of `output` rows of `input` weights; the caller has checked the sizes.
    pub(super) fn new(weight: &[f32], bias: Option<Vec<f32>>, input: usize, output: usize) -> Self {
        let matrix: Matrix<f32> = NdTensorView::from_data([output, input], &weight[..output * input]);
        let weight = Packed::Floats(GEMM.with(|gemm| gemm.prepack_b(matrix.transposed())));
        Self { weight, bias, input, output }
    }

    /// Packs a matrix of `output` rows of `input` bytes, each row with its scale.
    ///
    /// The layer rounds every row of its input to 255 steps between its least and its greatest value and counts in whole
    /// numbers, so that the result is the same on every processor, whatever stands beside the row.
    pub(super) fn of_bytes(weight: &[i8], scales: Vec<f32>, bias: Vec<f32>, input: usize, output: usize) -> Self {
        let matrix = ByteMatrix::new(weight, input, output);
        let totals = weight.chunks_exact(input).map(|row| row.iter().map(|&byte| i32::from(byte)).sum()).collect();
        Self { weight: Packed::Bytes { matrix, scales, totals }, bias: Some(bias), input, output }
    }

    /// Width of a row of the result.
    pub(super) fn output(&self) -> usize {
        self.output
    }

    /// The layer over all rows of `rows`. Each row comes out the same whatever rows stand beside it.
    pub(super) fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; rows.len() / self.input.max(1) * self.output];
        self.apply_to(rows, &mut out, &mut Rounded::default());
        out
    }

    /// Like [`apply`](Self::apply), into a buffer of the size of the result; `rounded` is room that a layer of bytes needs.
    pub(super) fn apply_to(&self, rows: &[f32], out: &mut [f32], rounded: &mut Rounded) {
        self.apply_then(rows, Then::Put, out, rounded);
    }

    /// Like [`apply_to`](Self::apply_to), and says what is done with the result.
    pub(super) fn apply_then(&self, rows: &[f32], then: Then, out: &mut [f32], rounded: &mut Rounded) {
        let count = rows.len() / self.input.max(1);
        let (rows, out) = (&rows[..count * self.input], &mut out[..count * self.output]);
        match &self.weight {
            Packed::Floats(weight) if then == Then::Put => self.multiply(weight, rows, out),
            Packed::Floats(weight) => {
                let mut result = vec![0.0; out.len()];
                self.multiply(weight, rows, &mut result);
                if then == Then::Gelu {
                    gelu(&mut result);
                    out.copy_from_slice(&result);
                } else {
                    add(out, &result);
                }
            }
            Packed::Bytes { matrix, scales, totals } => {
                let biases = self.bias.as_deref().unwrap_or_default();
                let columns = Columns { totals, scales, biases };
                let parts = rows.chunks(ROWS * self.input).zip(out.chunks_mut(ROWS * self.output));
                for (rows, out) in parts {
                    rounded.round(rows, self.input);
                    matrix.apply(rounded, self.input, columns, then, out);
                }
            }
        }
    }

    fn multiply(&self, weight: &PackedBMatrix<f32>, rows: &[f32], out: &mut [f32]) {
        let a = NdTensorView::from_data([rows.len() / self.input.max(1), self.input], rows);
        let bias = self.bias.as_deref().map(BiasVector::Row);
        let options = GemmOptions { bias, ..GemmOptions::default() };
        GEMM.with(|gemm| gemm.gemm(out, GemmInputA::Unpacked(a), GemmInputB::Packed(weight), options))
            .expect("rows, bias and output are cut to the size of the matrix, which this processor packed");
    }
}

/// So many rows go through layers at once: what is worked out on the way stays in the cache.
pub(super) const ROWS: usize = 128;

/// Rows as bytes, and their products with a matrix.
#[derive(Default)]
pub(super) struct Rounded {
    /// Rows of bytes, each filled up to whole groups of the kernel.
    bytes: Vec<u8>,
    /// Of each row the byte that stands for zero and the size of a step: `(byte - zero) * step` is about the number.
    rows: Vec<(u8, f32)>,
    sums: Vec<i32>,
}

impl Rounded {
    /// Rounds whole rows.
    fn round(&mut self, rows: &[f32], width: usize) {
        let stride = stride_of(width);
        // What is there is overwritten; what fills a row up counts for nothing.
        self.bytes.resize(rows.len() / width * stride, 0);
        self.rows.clear();
        for (row, bytes) in rows.chunks_exact(width).zip(self.bytes.chunks_exact_mut(stride)) {
            self.rows.push(round_row(row, &mut bytes[..width]));
        }
    }
}

/// Bytes of a row of so many numbers.
fn stride_of(width: usize) -> usize {
    width.next_multiple_of(u8::IN_GROUP)
}

/// Rounds a row to bytes; gives the byte that stands for zero and the size of a step.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn round_row(row: &[f32], bytes: &mut [u8]) -> (u8, f32) {
    // Zero is among the steps, so that it stays zero.
    let (least, greatest) = extremes(row);
    let range = greatest - least;
    let step = if range > 0.0 && range.is_finite() { range / 255.0 } else { 1.0 };
    let inverse = 1.0 / step;
    let zero = within_byte(round(-least * inverse));
    for (byte, &value) in bytes.iter_mut().zip(row) {
        *byte = round_to_whole(within_byte(round(value * inverse) + zero)) as u8;
    }
    (zero as u8, step)
}

/// Numbers from sums of products of bytes: `(sum - zero * total) * step * scale + bias` in each column. Rows of sums are
/// `sums_stride` apart, rows of numbers `stride`; there are as many columns as biases.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn finish(
    (sums, sums_stride): (&[i32], usize),
    rows: &[(u8, f32)],
    columns: Columns<'_>,
    then: Then,
    (out, stride): (&mut [f32], usize),
) {
    let width = columns.biases.len();
    for ((&row, sums), out) in rows.iter().zip(sums.chunks(sums_stride)).zip(out.chunks_mut(stride)) {
        // The length of a tile, known when this is compiled, makes better code.
        if width == COLUMNS {
            finish_row(&sums[..COLUMNS], row, columns.part(0..COLUMNS), then, &mut out[..COLUMNS]);
        } else {
            finish_row(&sums[..width], row, columns, then, &mut out[..width]);
        }
    }
}

#[inline(always)]
fn finish_row(sums: &[i32], (zero, step): (u8, f32), columns: Columns<'_>, then: Then, out: &mut [f32]) {
    let columns = sums.iter().zip(columns.totals).zip(columns.scales.iter().zip(columns.biases));
    let numbers =
        columns.map(|((sum, total), (scale, bias))| (sum - i32::from(zero) * total) as f32 * (step * scale) + bias);
    let both = out.iter_mut().zip(numbers);
    match then {
        Then::Put => both.for_each(|(out, number)| *out = number),
        Then::Gelu => both.for_each(|(out, number)| *out = gelu_of(number)),
        Then::Add => both.for_each(|(out, number)| *out += number),
    }
}

/// The nearest of 0 to 255; 0 for what is no number.
#[inline(always)]
fn within_byte(x: f32) -> f32 {
    let x = if x > 0.0 { x } else { 0.0 };
    if x < 255.0 { x } else { 255.0 }
}

/// To the nearest whole number, of two the even one, for numbers below 2^22.
#[inline(always)]
fn round(x: f32) -> f32 {
    (x + ROUND) - ROUND
}

/// The nearest whole number, for numbers between -2^22 and 2^22.
#[inline(always)]
pub(super) fn round_to_whole(x: f32) -> i32 {
    // The whole number stands in the low bits; a cast would be checked and slow.
    (x + ROUND).to_bits().wrapping_sub(ROUND.to_bits()).cast_signed()
}

/// Likewise, for numbers of a word.
#[inline(always)]
pub(super) fn round_to_word(x: f32) -> i16 {
    round_to_whole(x) as i16
}

impl ByteMatrix {
    /// In the form that suits this processor best.
    fn new(weight: &[i8], input: usize, output: usize) -> Self {
        let kernel = Kernel::best();
        if kernel.has_bytes() {
            Self::lines(kernel, weight, input, output)
        } else if BYTE_GEMM.with(GemmExecutor::may_saturate) {
            Self::blocks(weight, input)
        } else {
            Self::bytes(weight, input, output)
        }
    }

    fn lines(kernel: Kernel, weight: &[i8], input: usize, output: usize) -> Self {
        Self::Lines(kernel, pack::<u8>(output, input, |column, place| weight[column * input + place]))
    }

    fn bytes(weight: &[i8], input: usize, output: usize) -> Self {
        let matrix: Matrix<i8> = NdTensorView::from_data([output, input], &weight[..output * input]);
        Self::Bytes(BYTE_GEMM.with(|gemm| gemm.prepack_b(matrix.transposed())))
    }

    fn blocks(weight: &[i8], input: usize) -> Self {
        let floats: Vec<f32> = weight.iter().map(|&byte| f32::from(byte)).collect();
        let whole = View::new(&floats, input);
        let blocks = (0..input).step_by(EXACT).map(|start| {
            let columns = EXACT.min(input - start);
            let block = View { data: &whole.data[start..], columns, ..whole };
            GEMM.with(|gemm| gemm.prepack_b(block.matrix().transposed()))
        });
        Self::Blocks(blocks.collect())
    }

    /// The layer over rounded rows, at most [`ROWS`].
    fn apply(&self, rounded: &mut Rounded, input: usize, columns: Columns<'_>, then: Then, out: &mut [f32]) {
        let output = columns.biases.len();
        let Self::Lines(kernel, lines) = self else {
            self.multiply(&rounded.bytes, input, &mut rounded.sums, output);
            finish((&rounded.sums, output), &rounded.rows, columns, then, (out, output));
            return;
        };
        let stride = stride_of(input);
        let mut sums = [0; kernels::ROWS * COLUMNS];
        // The columns of a block stay in the cache while all rows pass.
        for (block, lines) in lines.chunks_exact(stride / u8::IN_GROUP * 2).enumerate() {
            let range = block * COLUMNS..output.min((block + 1) * COLUMNS);
            let columns = columns.part(range.clone());
            for (tile, rows) in rounded.rows.chunks(kernels::ROWS).enumerate() {
                let first = tile * kernels::ROWS;
                let room = Sums { numbers: &mut sums, stride: COLUMNS };
                kernel.tile(&rounded.bytes[first * stride..], stride, rows.len(), lines, room);
                let out = &mut out[first * output + range.start..];
                finish((&sums, COLUMNS), rows, columns, then, (out, output));
            }
        }
    }

    /// Sums `[rows x output]` of the products of bytes, by the library. What stands for zero is taken out by the caller: the
    /// zero points of the library (0.27) are lost in part where a sum is longer than 1,024.
    fn multiply(&self, rows: &[u8], input: usize, sums: &mut Vec<i32>, output: usize) {
        let stride = stride_of(input);
        let count = rows.len() / stride;
        sums.resize(count * output, 0);
        match self {
            Self::Lines(..) => unreachable!("what is packed for our own kernel is not given to the library"),
            Self::Bytes(weight) => {
                let a = NdTensorView::from_data_with_strides([count, input], rows, [stride, 1])
                    .expect("rows are cut to their stride");
                BYTE_GEMM
                    .with(|gemm| {
                        gemm.gemm(sums, GemmInputA::Unpacked(a), GemmInputB::Packed(weight), GemmOptions::default())
                    })
                    .expect("rows and output are cut to the size of the matrix, which this processor packed");
            }
            Self::Blocks(blocks) => {
                let floats: Vec<f32> = rows.iter().map(|&byte| f32::from(byte)).collect();
                let whole = View { data: &floats, rows: count, columns: input, stride };
                let mut part = vec![0.0; count * output];
                sums.fill(0);
                for (block, start) in blocks.iter().zip((0..input).step_by(EXACT)) {
                    let a = View { data: &floats[start..], columns: EXACT.min(input - start), ..whole };
                    GEMM.with(|gemm| {
                        gemm.gemm(
                            &mut part,
                            GemmInputA::Unpacked(a.matrix()),
                            GemmInputB::Packed(block),
                            GemmOptions::default(),
                        )
                    })
                    .expect("rows and output are cut to the size of the matrix, which this processor packed");
                    for (sum, &value) in sums.iter_mut().zip(&part) {
                        *sum += value as i32;
                    }
                }
            }
        }
    }
}

/// A part of a row-major buffer seen as a matrix: `rows` x `columns` from `offset` on, `stride` apart.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) data: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) stride: usize,
}

impl<'a> View<'a> {
    /// A whole buffer with rows of `columns`.
    pub(super) fn new(data: &'a [f32], columns: usize) -> Self {
        Self { data, rows: data.len() / columns.max(1), columns, stride: columns }
    }

    fn matrix(self) -> Matrix<'a, f32> {
        NdTensorView::from_data_with_strides([self.rows, self.columns], self.data, [self.stride, 1])
            .expect("callers cut views inside their buffers")
    }
}

/// `alpha * a @ b`, or `alpha * a @ b^T`.
pub(super) fn multiply(a: View, b: View, transposed: bool, alpha: f32, out: &mut [f32]) {
    let b_matrix = if transposed { b.matrix().transposed() } else { b.matrix() };
    if a.rows == 1 {
        // The library sums a single row in another order; two rows keep results independent of batching.
        let mut row = a.data[..a.columns].to_vec();
        row.extend_from_within(..);
        let mut twice = vec![0.0; out.len() * 2];
        multiply(View::new(&row, a.columns), b, transposed, alpha, &mut twice);
        out.copy_from_slice(&twice[..out.len()]);
        return;
    }
    GEMM.with(|gemm| {
        gemm.gemm(
            out,
            GemmInputA::Unpacked(a.matrix()),
            GemmInputB::Unpacked(b_matrix),
            GemmOptions { alpha, ..GemmOptions::default() },
        )
    })
    .expect("callers give matching sizes");
}

// Products are added with one rounding (`mul_add`): in one step where there is FMA, as on all x86 with AVX2 and on ARM;
// elsewhere by a function, many times slower. The number is the same.

/// 1.5 * 2^23: adding it rounds to a whole number in the low bits.
const ROUND: f32 = 12_582_912.0;

/// e^x for x <= 0 to about 1e-7 of its value; written so that loops over it become vector code.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.max(-87.0);
    let whole = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let power = f32::from_bits(whole.to_bits().wrapping_shl(23).wrapping_add(0x3f80_0000));
    let whole = whole - ROUND;
    // ln 2 in two parts, so that the product with a whole number is exact.
    let rest = whole.mul_add(2.121_944_4e-4, whole.mul_add(-0.693_359_4, x));
    // Taylor series to the seventh power; |rest| <= 0.35.
    let mut sum: f32 = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum.mul_add(rest, coefficient);
    }
    sum * power
}

/// 2^x for x <= 12 to about 4e-6 of its value, which is nothing beside a rounding to 12 bits; what is below 2^-126 comes out
/// as that. Written like [`exp`].
#[inline(always)]
pub(super) fn power_of_two(x: f32) -> f32 {
    let x = if x > -126.0 { x } else { -126.0 };
    let whole = x + ROUND;
    let power = f32::from_bits(whole.to_bits().wrapping_shl(23).wrapping_add(0x3f80_0000));
    let rest = x - (whole - ROUND);
    // Taylor series of e^(rest ln 2) to the fifth power; |rest| <= 0.5.
    let mut sum: f32 = 1.333_355_8e-3;
    for coefficient in [9.618_129e-3, 5.550_411e-2, 0.240_226_5, std::f32::consts::LN_2, 1.0] {
        sum = sum.mul_add(rest, coefficient);
    }
    sum * power
}

/// The error function of `|x|`, after Abramowitz and Stegun 7.1.26; absolute error below 5e-7 in f32.
#[inline(always)]
fn erf_of_absolute(x: f32) -> f32 {
    let t = 1.0 / x.mul_add(0.327_591_1, 1.0);
    let mut polynomial = 1.061_405_4f32;
    for coefficient in [-1.453_152_1, 1.421_413_7, -0.284_496_74, 0.254_829_6] {
        polynomial = polynomial.mul_add(t, coefficient);
    }
    (-polynomial * t).mul_add(exp(-x * x), 1.0)
}

#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    let erf = erf_of_absolute(x.abs() * std::f32::consts::FRAC_1_SQRT_2).copysign(x);
    0.5 * x * (1.0 + erf)
}

/// Gaussian error linear unit, in place.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn gelu(values: &mut [f32]) {
    for value in values {
        *value = gelu_of(*value);
    }
}

/// Hyperbolic tangent, in place; absolute error below 5e-7.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn tanh(values: &mut [f32]) {
    for value in values {
        let e = exp(-2.0 * value.abs());
        *value = ((1.0 - e) / (1.0 + e)).copysign(*value);
    }
}

/// Softmax of one row, in place.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn softmax(row: &mut [f32]) {
    let scale = 1.0 / exponentials_of(row);
    for value in row {
        *value *= scale;
    }
}

/// Exponentials of a row less its largest value, in place, and their sum: a softmax that is still to be divided.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn exponentials(row: &mut [f32]) -> f32 {
    exponentials_of(row)
}

#[inline(always)]
fn exponentials_of(row: &mut [f32]) -> f32 {
    let top = maximum(row);
    let mut lanes = [0.0f32; 16];
    let (chunks, rest) = row.as_chunks_mut::<16>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *value = exp(*value - top);
            *lane += *value;
        }
    }
    for value in &mut *rest {
        *value = exp(*value - top);
    }
    lanes.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// A row times a number, into another.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn scale(to: &mut [f32], from: &[f32], by: f32) {
    for (value, other) in to.iter_mut().zip(from) {
        *value = other * by;
    }
}

/// The largest of sixteen numbers, or whatever `of` leaves of two, taken by halves, which is quicker than in a row. Sums are
/// taken in a row: by halves, the compiler would cut the loops before them into smaller vectors.
#[inline(always)]
fn by_halves(lanes: [f32; 16], of: impl Fn(f32, f32) -> f32 + Copy) -> f32 {
    let eight: [f32; 8] = halve(lanes, of);
    let four: [f32; 4] = halve(eight, of);
    let two: [f32; 2] = halve(four, of);
    of(two[0], two[1])
}

#[inline(always)]
fn halve<const N: usize, const M: usize>(lanes: [f32; N], of: impl Fn(f32, f32) -> f32) -> [f32; M] {
    std::array::from_fn(|lane| of(lanes[lane], lanes[lane + M]))
}

/// The larger number; the first if one is none.
#[inline(always)]
pub(super) fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// Largest value of a row, by sixteen lanes.
#[inline(always)]
pub(super) fn maximum(row: &[f32]) -> f32 {
    maximum_of(row, |value| value)
}

/// Largest of what `of` makes of the values of a row, by sixteen lanes.
#[inline(always)]
pub(super) fn maximum_of(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = larger(*lane, of(value));
        }
    }
    rest.iter().fold(by_halves(lanes, larger), |top, &value| larger(top, of(value)))
}

/// Least and greatest of the values of a row and zero, by sixteen lanes.
#[inline(always)]
fn extremes(row: &[f32]) -> (f32, f32) {
    let (mut least, mut greatest) = ([0.0f32; 16], [0.0f32; 16]);
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for ((least, greatest), &value) in least.iter_mut().zip(&mut greatest).zip(chunk) {
            *least = smaller(*least, value);
            *greatest = larger(*greatest, value);
        }
    }
    let both = (by_halves(least, smaller), by_halves(greatest, larger));
    rest.iter().fold(both, |(least, greatest), &value| (smaller(least, value), larger(greatest, value)))
}

/// The smaller number; the first if one is none.
#[inline(always)]
fn smaller(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}

/// Sum of a row, by sixteen lanes.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn sum(row: &[f32]) -> f32 {
    sum_of(row)
}

#[inline(always)]
fn sum_of(row: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

/// Scalar product of two rows, by sixteen lanes.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    dot_of(a, b)
}

#[inline(always)]
fn dot_of(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (x, y) in a.iter().zip(b) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane = x.mul_add(*y, *lane);
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f32>()
}

/// The scalar product of `weights` with the positive numbers in the sum of some rows; the others count as zeros.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn dot_of_positive(rows: [&[f32]; 4], weights: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<16>().0);
    for ((((a, b), c), d), weights) in a.iter().zip(b).zip(c).zip(d).zip(weights.as_chunks::<16>().0) {
        for (index, lane) in lanes.iter_mut().enumerate() {
            let sum = a[index] + b[index] + (c[index] + d[index]);
            *lane = sum.max(0.0).mul_add(weights[index], *lane);
        }
    }
    lanes.iter().sum()
}

/// Adds a row to another.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn add(to: &mut [f32], from: &[f32]) {
    for (value, other) in to.iter_mut().zip(from) {
        *value += other;
    }
}

/// Adds the product of two rows, column by column, to a third.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn add_product(to: &mut [f32], a: &[f32], b: &[f32]) {
    for ((value, a), b) in to.iter_mut().zip(a).zip(b) {
        *value = a.mul_add(*b, *value);
    }
}

/// Adds to each score the product of the query with the keys of the score's word. `keys` has a row for each number of the
/// query, with a number for each word, rows a stride apart.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn add_scores(query: &[f32], (keys, stride): (&[f32], usize), scores: &mut [f32]) {
    let (chunks, rest) = scores.as_chunks_mut::<COLUMNS>();
    let done = chunks.len() * COLUMNS;
    for (index, chunk) in chunks.iter_mut().enumerate() {
        let mut sums = *chunk;
        for (number, keys) in query.iter().zip(keys[index * COLUMNS..].chunks(stride)) {
            for (sum, key) in sums.iter_mut().zip(&keys[..COLUMNS]) {
                *sum = number.mul_add(*key, *sum);
            }
        }
        *chunk = sums;
    }
    if !rest.is_empty() {
        for (number, keys) in query.iter().zip(keys[done..].chunks(stride)) {
            for (sum, key) in rest.iter_mut().zip(keys) {
                *sum = number.mul_add(*key, *sum);
            }
        }
    }
}

/// Adds rows, a stride apart, each times its weight, to another.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn add_weighted(weights: &[f32], (rows, stride): (&[f32], usize), to: &mut [f32]) {
    let (chunks, rest) = to.as_chunks_mut::<16>();
    let done = chunks.len() * 16;
    for (index, chunk) in chunks.iter_mut().enumerate() {
        let mut sums = *chunk;
        for (weight, row) in weights.iter().zip(rows.chunks(stride)) {
            for (sum, number) in sums.iter_mut().zip(&row[index * 16..(index + 1) * 16]) {
                *sum = weight.mul_add(*number, *sum);
            }
        }
        *chunk = sums;
    }
    for (weight, row) in weights.iter().zip(rows.chunks(stride)) {
        for (sum, number) in rest.iter_mut().zip(&row[done..]) {
            *sum = weight.mul_add(*number, *sum);
        }
    }
}

/// Column by column the larger number of two rows, in the first.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn raise(to: &mut [f32], from: &[f32]) {
    for (value, &other) in to.iter_mut().zip(from) {
        *value = if other > *value { other } else { *value };
    }
}

/// Block by block of so many columns, every number of the one row times every number of the other, in order.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn products(a: &[f32], b: &[f32], block: usize, out: &mut [f32]) {
    let blocks = a.chunks_exact(block).zip(b.chunks_exact(block));
    for ((a, b), out) in blocks.zip(out.chunks_exact_mut(block * block)) {
        for (x, out) in a.iter().zip(out.chunks_exact_mut(block)) {
            for (out, y) in out.iter_mut().zip(b) {
                *out = x * y;
            }
        }
    }
}

/// The norm of a layer: scale and shift of every column.
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) epsilon: f32,
}

impl Norm {
    /// Norms every row, in place.
    pub(super) fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_exact_mut(self.weight.len()) {
            norm_row(row, &self.weight, &self.bias, self.epsilon);
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn norm_row(row: &mut [f32], weights: &[f32], biases: &[f32], epsilon: f32) {
    let width = row.len() as f32;
    let mean = sum_of(row) / width;
    for value in &mut *row {
        *value -= mean;
    }
    let scale = 1.0 / (dot_of(row, row) / width + epsilon).sqrt();
    for ((value, weight), bias) in row.iter_mut().zip(weights).zip(biases) {
        *value = *value * scale * weight + bias;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close() {
        for step in 0..=8000 {
            let x = -(step as f32) * 0.01;
            let (found, right) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((found - right).abs() <= right * 4e-7, "{x}: {found} {right}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(-1000.0) < 1e-37);
    }

    #[test]
    fn powers_of_two_are_close() {
        for step in -12_700..=1200 {
            let x = step as f32 * 0.01;
            let (found, right) = (f64::from(power_of_two(x)), f64::from(x.max(-126.0)).exp2());
            assert!((found - right).abs() <= right * 4e-6, "{x}: {found} {right}");
        }
        assert_eq!((power_of_two(0.0), power_of_two(12.0)), (1.0, 4096.0));
    }

    #[test]
    fn gelu_is_close() {
        // Values of the error function from tables.
        for (x, erf) in [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (2.0, 0.995_322_3), (3.0, 0.999_977_9)] {
            assert!((erf_of_absolute(x) - erf).abs() < 5e-7, "{x}");
            let y = x * std::f32::consts::SQRT_2;
            let mut both = [y, -y];
            gelu(&mut both);
            assert!((both[0] - 0.5 * y * (1.0 + erf)).abs() < 2e-6 && (both[1] + 0.5 * y * (1.0 - erf)).abs() < 2e-6);
        }
    }

    #[test]
    fn tanh_is_close() {
        let mut found: Vec<f32> = (-4000..=4000).map(|step| step as f32 * 0.005).collect();
        let right: Vec<f32> = found.iter().map(|x| x.tanh()).collect();
        tanh(&mut found);
        assert!(found.iter().zip(&right).all(|(found, right)| (found - right).abs() < 5e-7));
    }

    #[test]
    fn rows_do_not_depend_on_their_neighbours() {
        let weight: Vec<f32> = (0..300 * 40).map(|i| ((i * 37 % 101) as f32 - 50.0) / 77.0).collect();
        let rows: Vec<f32> = (0..300 * 9).map(|i| ((i * 53 % 89) as f32 - 40.0) / 31.0).collect();
        let layer = Linear::new(&weight, None, 300, 40);
        let together = layer.apply(&rows);
        let mut product = vec![0.0; 9 * 40];
        multiply(View::new(&rows, 300), View::new(&weight, 300), true, 1.0, &mut product);
        for (i, row) in rows.chunks(300).enumerate() {
            assert_eq!(layer.apply(row), together[i * 40..(i + 1) * 40]);
            let mut alone = vec![0.0; 40];
            multiply(View::new(row, 300), View::new(&weight, 300), true, 1.0, &mut alone);
            assert_eq!(alone, product[i * 40..(i + 1) * 40]);
            for (j, &value) in alone.iter().enumerate() {
                assert!((value - dot(row, &weight[j * 300..(j + 1) * 300])).abs() < 1e-3);
            }
        }
    }

    /// The layer of bytes, one sum after the other.
    fn by_hand(weight: &[i8], scales: &[f32], bias: &[f32], row: &[f32]) -> Vec<f32> {
        let (least, greatest) = row.iter().fold((0.0f32, 0.0f32), |(least, top), &x| (least.min(x), top.max(x)));
        let step = if greatest > least { (greatest - least) / 255.0 } else { 1.0 };
        let zero = (-least * (1.0 / step)).round_ties_even() as i32;
        let bytes: Vec<i32> =
            row.iter().map(|x| ((x * (1.0 / step)).round_ties_even() as i32 + zero).clamp(0, 255) - zero).collect();
        let sums = weight
            .chunks_exact(row.len())
            .map(|weights| weights.iter().zip(&bytes).map(|(&weight, byte)| i32::from(weight) * byte).sum::<i32>());
        sums.zip(scales).zip(bias).map(|((sum, scale), bias)| sum as f32 * (step * scale) + bias).collect()
    }

    #[test]
    fn layers_of_bytes_count_exactly() {
        for (input, output, count) in
            [(384, 40, 9), (1536, 33, 1), (1536, 7, 70), (5, 3, 2), (513, 17, 4), (384, 1, 1), (1536, 50, 130)]
        {
            // Extreme weights, so that a kernel that loses a carry shows.
            let weight: Vec<i8> = (0..input * output)
                .map(|i| if i % 5 == 0 { 127 } else { ((i * 37) % 255) as u8 as i8 }.max(-127))
                .collect();
            let scales: Vec<f32> = (0..output).map(|i| 0.001 + i as f32 * 1e-4).collect();
            let bias: Vec<f32> = (0..output).map(|i| i as f32 - 3.0).collect();
            let mut rows: Vec<f32> = (0..input * count).map(|i| ((i * 53 % 89) as f32 - 20.0) / 31.0).collect();
            // Rows of one sign, of zeros, and of one large number.
            rows[..input].iter_mut().for_each(|value| *value = value.abs());
            if count > 2 {
                rows[input..2 * input].fill(0.0);
                rows[2 * input] = 1e6;
            }
            let layer = Linear::of_bytes(&weight, scales.clone(), bias.clone(), input, output);
            let together = layer.apply(&rows);
            let mut rounded = Rounded::default();
            rounded.round(&rows, input);
            let [blocks, bytes] =
                [ByteMatrix::blocks(&weight, input), ByteMatrix::bytes(&weight, input, output)].map(|matrix| {
                    // What was there before does not count.
                    let mut sums = vec![7; 5];
                    matrix.multiply(&rounded.bytes, input, &mut sums, output);
                    sums
                });
            if !BYTE_GEMM.with(GemmExecutor::may_saturate) {
                assert_eq!(blocks, bytes, "{input} {output}");
            }
            let totals: Vec<i32> =
                weight.chunks(input).map(|row| row.iter().map(|&byte| i32::from(byte)).sum()).collect();
            let columns = Columns { totals: &totals, scales: &scales, biases: &bias };
            for then in [Then::Put, Then::Gelu, Then::Add] {
                let results = Kernel::all().map(|kernel| ByteMatrix::lines(kernel, &weight, input, output));
                let results = results.chain([ByteMatrix::blocks(&weight, input)]).map(|matrix| {
                    let mut out = vec![1.0; count * output];
                    for (rows, out) in rows.chunks(ROWS * input).zip(out.chunks_mut(ROWS * output)) {
                        rounded.round(rows, input);
                        matrix.apply(&mut rounded, input, columns, then, out);
                    }
                    out
                });
                let mut right = together.clone();
                match then {
                    Then::Put => {}
                    Then::Gelu => gelu(&mut right),
                    Then::Add => right.iter_mut().for_each(|value| *value += 1.0),
                }
                for result in results {
                    assert_eq!(result, right, "{input} {output} {then:?}");
                }
            }
            for (row, found) in rows.chunks_exact(input).zip(together.chunks_exact(output)) {
                assert_eq!(found, by_hand(&weight, &scales, &bias, row), "{input} {output}");
                assert_eq!(layer.apply(row), found, "alone");
            }
        }
    }

    #[test]
    fn layers_of_bytes_are_close_to_those_of_floats() {
        let (input, output) = (384, 30);
        let weight: Vec<i8> = (0..input * output).map(|i| ((i * 41 % 211) as i32 - 105) as i8).collect();
        let floats: Vec<f32> = weight.iter().map(|&byte| f32::from(byte) * 0.01).collect();
        let rows: Vec<f32> = (0..input * 5).map(|i| ((i as f32) * 0.37).sin() * 2.0).collect();
        let exact = Linear::new(&floats, Some(vec![0.5; output]), input, output).apply(&rows);
        let near = Linear::of_bytes(&weight, vec![0.01; output], vec![0.5; output], input, output).apply(&rows);
        let spread = exact.iter().map(|x| x * x).sum::<f32>().sqrt();
        let error = exact.iter().zip(&near).map(|(a, b)| (a - b) * (a - b)).sum::<f32>().sqrt();
        assert!(error < 0.015 * spread, "{error} of {spread}");
        assert!(near.iter().all(|value| value.is_finite()));
        let odd = Linear::of_bytes(&weight, vec![0.01; output], vec![0.5; output], input, output);
        assert!(odd.apply(&vec![f32::NAN; input]).len() == output, "not a number is no panic");
    }

    #[test]
    fn columns_are_counted_one_by_one() {
        // Lengths that fill vectors and ones that do not.
        for length in [0, 1, 15, 16, 37, 64] {
            let a: Vec<f32> = (0..length).map(|i| (i as f32 * 0.7).sin()).collect();
            let b: Vec<f32> = (0..length).map(|i| (i as f32 * 0.3).cos()).collect();
            let each = |of: fn(f32, f32) -> f32| a.iter().zip(&b).map(|(a, b)| of(*a, *b)).collect::<Vec<f32>>();
            let done = |run: &dyn Fn(&mut [f32])| {
                let mut to = a.clone();
                run(&mut to);
                to
            };
            assert_eq!(done(&|to| add(to, &b)), each(|a, b| a + b));
            assert_eq!(done(&|to| raise(to, &b)), each(f32::max));
        }
        let mut out = vec![0.0; 8];
        products(&[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0], 2, &mut out);
        assert_eq!(out, [5.0, 6.0, 10.0, 12.0, 21.0, 24.0, 28.0, 32.0]);
    }

    #[test]
    fn scores_and_weighted_rows_are_those_of_single_words() {
        let number = |i: usize| (i as f32 * 0.7).sin();
        for (words, stride) in [(0, 1), (1, 1), (31, 40), (32, 32), (45, 60), (70, 71)] {
            let query: Vec<f32> = (0..5).map(number).collect();
            let keys: Vec<f32> = (0..4 * stride + words).map(number).collect();
            let mut scores = vec![0.5; words];
            add_scores(&query, (&keys, stride), &mut scores);
            for (word, score) in scores.iter().enumerate() {
                let right = (0..5).fold(0.5f32, |sum, i| query[i].mul_add(keys[i * stride + word], sum));
                assert_eq!(*score, right, "{words} {stride} {word}");
            }
            for width in [3, 16, 37] {
                let rows: Vec<f32> = (0..words * 40).map(number).collect();
                let mut to = vec![0.25; width];
                add_weighted(&scores, (&rows, 40), &mut to);
                for (column, found) in to.iter().enumerate() {
                    let right = (0..words).fold(0.25f32, |sum, i| scores[i].mul_add(rows[i * 40 + column], sum));
                    assert_eq!(*found, right, "{words} {width} {column}");
                }
            }
        }
    }

    #[test]
    fn softmax_sums_to_one() {
        let mut row: Vec<f32> = (0..37).map(|i| (i as f32 * 0.7).sin() * 20.0).collect();
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
