//! Matrices on GEMM kernels, and the functions between them.

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::{Matrix, NdTensorView};

thread_local! {
    /// The kernels for this processor. One a thread, because the type is not `Send`; making it costs next to nothing.
    static GEMM: GemmExecutor = GemmExecutor::new();
}

/// A linear layer, packed for the kernels.
pub(super) struct Linear {
    weight: PackedBMatrix<f32>,
    bias: Option<Vec<f32>>,
    input: usize,
    output: usize,
}

impl Linear {
    /// Packs a matrix of `output` rows of `input` weights; the caller has checked the sizes.
    pub(super) fn new(weight: &[f32], bias: Option<Vec<f32>>, input: usize, output: usize) -> Self {
        let matrix: Matrix<f32> = NdTensorView::from_data([output, input], &weight[..output * input]);
        let weight = GEMM.with(|gemm| gemm.prepack_b(matrix.transposed()));
        Self { weight, bias, input, output }
    }

    /// Width of a row of the result.
    pub(super) fn output(&self) -> usize {
        self.output
    }

    /// The layer over all rows of `rows`. Each row comes out the same whatever rows stand beside it.
    pub(super) fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let count = rows.len() / self.input.max(1);
        let mut out = vec![0.0; count * self.output];
        let a = NdTensorView::from_data([count, self.input], &rows[..count * self.input]);
        let bias = self.bias.as_deref().map(BiasVector::Row);
        GEMM.with(|gemm| {
            gemm.gemm(
                &mut out,
                GemmInputA::Unpacked(a),
                GemmInputB::Packed(&self.weight),
                GemmOptions { bias, ..GemmOptions::default() },
            )
        })
        .expect("rows, bias and output are cut to the size of the matrix, which this processor packed");
        out
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

/// e^x for x <= 0 to about 1e-7 of its value; written so that loops over it become vector code.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // 1.5 * 2^23: adding it rounds to a whole number in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.max(-87.0);
    let whole = x * std::f32::consts::LOG2_E + ROUND;
    let power = f32::from_bits(whole.to_bits().wrapping_shl(23).wrapping_add(0x3f80_0000));
    let whole = whole - ROUND;
    // ln 2 in two parts, so that the product with a whole number is exact.
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    // Taylor series to the seventh power; |rest| <= 0.35.
    let mut sum = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * rest + coefficient;
    }
    sum * power
}

/// The error function of `|x|`, after Abramowitz and Stegun 7.1.26; absolute error below 5e-7 in f32.
#[inline(always)]
fn erf_of_absolute(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let polynomial = ((((1.061_405_4 * t - 1.453_152_1) * t + 1.421_413_7) * t - 0.284_496_74) * t + 0.254_829_6) * t;
    1.0 - polynomial * exp(-x * x)
}

#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    let erf = erf_of_absolute(x.abs() * std::f32::consts::FRAC_1_SQRT_2).copysign(x);
    0.5 * x * (1.0 + erf)
}

/// Gaussian error linear unit, in place.
pub(super) fn gelu(values: &mut [f32]) {
    for value in values {
        *value = gelu_of(*value);
    }
}

/// Softmax of one row, in place.
pub(super) fn softmax(row: &mut [f32]) {
    let top = maximum(row);
    for value in &mut *row {
        *value = exp(*value - top);
    }
    let scale = 1.0 / sum(row);
    for value in row {
        *value *= scale;
    }
}

/// Largest value of a row, by sixteen lanes.
fn maximum(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = if *value > *lane { *value } else { *lane };
        }
    }
    lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |top, &value| if value > top { value } else { top })
}

/// Sum of a row, by sixteen lanes.
pub(super) fn sum(row: &[f32]) -> f32 {
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
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (x, y) in a.iter().zip(b) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f32>()
}

/// Adds a row to another.
pub(super) fn add(to: &mut [f32], from: &[f32]) {
    for (value, other) in to.iter_mut().zip(from) {
        *value += other;
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
        let width = self.weight.len();
        for row in rows.chunks_exact_mut(width) {
            let mean = sum(row) / width as f32;
            for value in &mut *row {
                *value -= mean;
            }
            let scale = 1.0 / (dot(row, row) / width as f32 + self.epsilon).sqrt();
            for ((value, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *value = *value * scale * weight + bias;
            }
        }
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

    #[test]
    fn softmax_sums_to_one() {
        let mut row: Vec<f32> = (0..37).map(|i| (i as f32 * 0.7).sin() * 20.0).collect();
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
