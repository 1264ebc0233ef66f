//! Numerators and denominators, which add up over documents.

use serde::Serialize;

/// Counts behind a precision and a recall.
///
/// The two numerators differ only where a set lacks what precision needs, or where two predictions find one gold item.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) predicted: f64,
    pub(super) predicted_right: f64,
    pub(super) gold: f64,
    pub(super) gold_found: f64,
}

impl Counts {
    pub(super) fn add_predicted(&mut self, right: bool) {
        self.predicted += 1.0;
        self.predicted_right += f64::from(u8::from(right));
    }

    pub(super) fn add_gold(&mut self, found: bool) {
        self.gold += 1.0;
        self.gold_found += f64::from(u8::from(found));
    }

    pub(super) fn precision(&self) -> Option<f64> {
        ratio(self.predicted_right, self.predicted)
    }

    pub(super) fn recall(&self) -> Option<f64> {
        ratio(self.gold_found, self.gold)
    }

    /// Harmonic mean; nothing where there was nothing to find and nothing was found.
    pub(super) fn f1(&self) -> Option<f64> {
        if self.predicted == 0.0 && self.gold == 0.0 {
            return None;
        }
        let (precision, recall) = (self.precision().unwrap_or(0.0), self.recall().unwrap_or(0.0));
        Some(ratio(2.0 * precision * recall, precision + recall).unwrap_or(0.0))
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.predicted += other.predicted;
        self.predicted_right += other.predicted_right;
        self.gold += other.gold;
        self.gold_found += other.gold_found;
    }
}

pub(super) fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    (denominator > 0.0).then(|| numerator / denominator)
}

/// Precision, recall and F1 with the counts behind them, as fractions of one; nothing where the denominator is zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Score {
    /// Predicted items that count.
    pub predicted: u64,
    /// Gold items that count.
    pub gold: u64,
    /// Gold items that were predicted.
    pub found: u64,
    /// Share of the predicted items that are right.
    pub precision: Option<f64>,
    /// Share of the gold items that were predicted.
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    pub f1: Option<f64>,
}

impl Score {
    pub(super) fn new(counts: &Counts) -> Self {
        Self {
            predicted: counts.predicted as u64,
            gold: counts.gold as u64,
            found: counts.gold_found as u64,
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
        }
    }

    /// A score of a set that cannot tell a wrong prediction from one that its annotators left out.
    pub(super) fn recall_only(counts: &Counts) -> Self {
        Self { precision: None, f1: None, ..Self::new(counts) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        let counts = Counts { predicted: 4.0, predicted_right: 3.0, gold: 6.0, gold_found: 3.0 };
        let score = Score::new(&counts);
        assert_eq!((score.precision, score.recall), (Some(0.75), Some(0.5)));
        assert_eq!(score.f1, Some(0.6));
        assert_eq!(Score::new(&Counts::default()), Score::default());
        assert_eq!(Counts { gold: 2.0, ..Counts::default() }.f1(), Some(0.0));
        assert_eq!(Score::recall_only(&counts).f1, None);
    }
}
