//! Calibration: whether what is scored 0.8 is right eight times in ten.

use serde::Serialize;

const BINS: usize = 10;

/// Sums of one bin.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BinSums {
    count: u64,
    score: f64,
    right: u64,
}

/// Scores of predictions with whether they were right, in ten bins of equal width.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bins([BinSums; BINS]);

impl Bins {
    pub(super) fn push(&mut self, score: f32, right: bool) {
        // A score that is no number says nothing.
        if score.is_nan() {
            return;
        }
        let score = f64::from(score).clamp(0.0, 1.0);
        let index = ((score * BINS as f64) as usize).min(BINS - 1);
        if let Some(bin) = self.0.get_mut(index) {
            bin.count += 1;
            bin.score += score;
            bin.right += u64::from(right);
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (bin, other) in self.0.iter_mut().zip(&other.0) {
            bin.count += other.count;
            bin.score += other.score;
            bin.right += other.right;
        }
    }
}

/// How far confidence and accuracy are apart.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// Predictions with a score.
    pub scored: u64,
    /// Mean distance of confidence and accuracy over ten bins, weighted by their size.
    pub expected_error: Option<f64>,
    /// The bins that are not empty, from low to high confidence.
    pub bins: Vec<CalibrationBin>,
}

/// Predictions of about the same confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Lower edge.
    pub from: f64,
    /// Predictions.
    pub count: u64,
    /// Mean confidence.
    pub confidence: f64,
    /// Share that is right.
    pub accuracy: f64,
}

impl Calibration {
    pub(super) fn new(bins: &Bins) -> Self {
        let scored: u64 = bins.0.iter().map(|bin| bin.count).sum();
        let bins: Vec<CalibrationBin> = bins
            .0
            .iter()
            .enumerate()
            .filter(|(_, bin)| bin.count > 0)
            .map(|(index, bin)| CalibrationBin {
                from: index as f64 / BINS as f64,
                count: bin.count,
                confidence: bin.score / bin.count as f64,
                accuracy: bin.right as f64 / bin.count as f64,
            })
            .collect();
        let error: f64 = bins.iter().map(|bin| bin.count as f64 * (bin.confidence - bin.accuracy).abs()).sum();
        Self { scored, expected_error: (scored > 0).then(|| error / scored as f64), bins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_error_by_hand() {
        let mut bins = Bins::default();
        for (score, right) in [(0.95, true), (0.95, true), (0.95, true), (0.95, false), (0.25, false), (f32::NAN, true)]
        {
            bins.push(score, right);
        }
        let calibration = Calibration::new(&bins);
        assert_eq!(calibration.scored, 5);
        // 4/5 of |0.95 - 0.75| and 1/5 of |0.25 - 0|.
        assert!((calibration.expected_error.unwrap() - 0.21).abs() < 1e-6, "{calibration:?}");
        assert_eq!(calibration.bins.len(), 2);
        bins.push(1.0, true);
        bins.push(7.0, true);
        assert_eq!(Calibration::new(&bins).bins.last().map(|bin| bin.count), Some(6));
        assert_eq!(Calibration::new(&Bins::default()).expected_error, None);
    }
}
