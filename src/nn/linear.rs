//! Matrices on GEMM kernels, and the functions between them.

use multiversion::multiversion;
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::{Matrix, NdTensorView};

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
    Bytes(PackedBMatrix<i8>),
    /// Blocks of at most [`EXACT`] columns as floats, for processors whose kernels for bytes lose what does not fit in 16
    /// bits.
    Blocks(Vec<PackedBMatrix<f32>>),
}

/// So many products of two bytes have a sum that f32 holds exactly: 512 x 255 x 127 is below 2^24.
const EXACT: usize = 512;

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
        let saturates = BYTE_GEMM.with(GemmExecutor::may_saturate);
        let matrix =
            if saturates { ByteMatrix::blocks(weight, input) } else { ByteMatrix::bytes(weight, input, output) };
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
        let count = rows.len() / self.input.max(1);
        let rows = &rows[..count * self.input];
        match &self.weight {
            Packed::Floats(weight) => {
                let a = NdTensorView::from_data([count, self.input], rows);
                let bias = self.bias.as_deref().map(BiasVector::Row);
                GEMM.with(|gemm| {
                    gemm.gemm(
                        out,
                        GemmInputA::Unpacked(a),
                        GemmInputB::Packed(weight),
                        GemmOptions { bias, ..GemmOptions::default() },
                    )
                })
                .expect("rows, bias and output are cut to the size of the matrix, which this processor packed");
            }
            Packed::Bytes { matrix, scales, totals } => {
                let columns = (totals.as_slice(), scales.as_slice(), self.bias.as_deref().unwrap_or_default());
                let parts = rows.chunks(ROWS * self.input).zip(out.chunks_mut(ROWS * self.output));
                for (rows, out) in parts {
                    rounded.round(rows, self.input);
                    matrix.multiply(&rounded.bytes, self.input, &mut rounded.sums, self.output);
                    let rows = out.chunks_exact_mut(self.output).zip(rounded.sums.chunks_exact(self.output));
                    for ((out, sums), &row) in rows.zip(&rounded.rows) {
                        scale_row(out, sums, row, columns);
                    }
                }
            }
        }
    }
}

/// So many rows go through layers at once: what is worked out on the way stays in the cache.
pub(super) const ROWS: usize = 128;

/// Rows as bytes, and their products with a matrix.
#[derive(Default)]
pub(super) struct Rounded {
    bytes: Vec<u8>,
    /// Of each row the byte that stands for zero and the size of a step: `(byte - zero) * step` is about the number.
    rows: Vec<(u8, f32)>,
    sums: Vec<i32>,
}

impl Rounded {
    /// Rounds whole rows.
    fn round(&mut self, rows: &[f32], width: usize) {
        // What is there is overwritten.
        self.bytes.resize(rows.len(), 0);
        self.rows.clear();
        for (row, bytes) in rows.chunks_exact(width).zip(self.bytes.chunks_exact_mut(width)) {
            self.rows.push(round_row(row, bytes));
        }
    }
}

/// Rounds a row to bytes; gives the byte that stands for zero and the size of a step.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn round_row(row: &[f32], bytes: &mut [u8]) -> (u8, f32) {
    // Zero is among the steps, so that it stays zero.
    let (least, greatest) = (-maximum_of(row, |value| -value).max(0.0), maximum(row).max(0.0));
    let range = greatest - least;
    let step = if range > 0.0 && range.is_finite() { range / 255.0 } else { 1.0 };
    let inverse = 1.0 / step;
    let zero = within_byte(round(-least * inverse));
    for (byte, &value) in bytes.iter_mut().zip(row) {
        // The whole number stands in the low bits; a cast would be checked and slow.
        *byte = (within_byte(round(value * inverse) + zero) + ROUND).to_bits() as u8;
    }
    (zero as u8, step)
}

/// Numbers from sums of products of bytes: `(sum - zero * total) * step * scale + bias` in each column.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
fn scale_row(out: &mut [f32], sums: &[i32], (zero, step): (u8, f32), columns: (&[i32], &[f32], &[f32])) {
    let (totals, scales, biases) = columns;
    let columns = sums.iter().zip(totals).zip(scales.iter().zip(biases));
    for (out, ((sum, total), (scale, bias))) in out.iter_mut().zip(columns) {
        *out = (sum - i32::from(zero) * total) as f32 * (step * scale) + bias;
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

impl ByteMatrix {
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

    /// Sums `[rows x output]` of the products of bytes. What stands for zero is taken out by the caller: the zero points of
    /// the library (0.27) are lost in part where a sum is longer than 1,024.
    fn multiply(&self, rows: &[u8], input: usize, sums: &mut Vec<i32>, output: usize) {
        let count = rows.len() / input;
        sums.resize(count * output, 0);
        match self {
            Self::Bytes(weight) => {
                let a = NdTensorView::from_data([count, input], rows);
                BYTE_GEMM
                    .with(|gemm| {
                        gemm.gemm(sums, GemmInputA::Unpacked(a), GemmInputB::Packed(weight), GemmOptions::default())
                    })
                    .expect("rows and output are cut to the size of the matrix, which this processor packed");
            }
            Self::Blocks(blocks) => {
                let floats: Vec<f32> = rows.iter().map(|&byte| f32::from(byte)).collect();
                let whole = View::new(&floats, input);
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

/// Largest value of a row, by sixteen lanes.
#[inline(always)]
fn maximum(row: &[f32]) -> f32 {
    maximum_of(row, |value| value)
}

/// Largest of what `of` makes of the values of a row, by sixteen lanes.
#[inline(always)]
fn maximum_of(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            let value = of(value);
            *lane = if value > *lane { value } else { *lane };
        }
    }
    let rest = rest.iter().map(|&value| of(value));
    lanes.into_iter().chain(rest).fold(f32::NEG_INFINITY, |top, value| if value > top { value } else { top })
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

/// Adds a row, times a number, to another.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn add_scaled(to: &mut [f32], from: &[f32], by: f32) {
    for (value, other) in to.iter_mut().zip(from) {
        *value += by * other;
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
            assert_eq!(done(&|to| add_scaled(to, &b, 0.3)), each(|a, b| a + 0.3 * b));
            assert_eq!(done(&|to| raise(to, &b)), each(f32::max));
        }
        let mut out = vec![0.0; 8];
        products(&[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0], 2, &mut out);
        assert_eq!(out, [5.0, 6.0, 10.0, 12.0, 21.0, 24.0, 28.0, 32.0]);
    }

    #[test]
    fn softmax_sums_to_one() {
        let mut row: Vec<f32> = (0..37).map(|i| (i as f32 * 0.7).sin() * 20.0).collect();
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
