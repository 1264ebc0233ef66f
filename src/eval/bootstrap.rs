//! Intervals by the bootstrap over documents, from sums kept for each document.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::eval::{coreference::CoreferenceCounts, counts::Counts};

const RESAMPLES: usize = 1000;
const SEED: u64 = 0x5EED_04E1_A7A0;

/// What the four headline scores of a document set are computed from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Headline {
    pub(super) names: Counts,
    pub(super) entities: Counts,
    pub(super) coreference: CoreferenceCounts,
    /// Strict, of documents whose gold relations are complete.
    pub(super) relations: Counts,
}

/// Names of the headline scores, in the order of [`Headline::scores`].
pub(super) const HEADLINES: [&str; 4] = ["names", "entities", "coreference", "relations"];

impl Headline {
    pub(super) fn scores(&self) -> [Option<f64>; 4] {
        [self.names.f1(), self.entities.f1(), self.coreference.conll(), self.relations.f1()]
    }
}

impl std::ops::AddAssign for Headline {
    fn add_assign(&mut self, other: Self) {
        self.names += other.names;
        self.entities += other.entities;
        self.coreference += other.coreference;
        self.relations += other.relations;
    }
}

pub(super) fn sum(documents: &[Headline]) -> Headline {
    let mut total = Headline::default();
    for &document in documents {
        total += document;
    }
    total
}

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The same sequence on every machine (Steele and others' SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        ((u128::from(bits) * bound as u128) >> 64) as usize
    }
}

/// Calls `visit` with the sums of each resample of several runs over the same documents.
fn resample<const RUNS: usize>(runs: [&[Headline]; RUNS], mut visit: impl FnMut([Headline; RUNS])) {
    let documents = runs.iter().map(|run| run.len()).min().unwrap_or(0);
    let mut random = Random(SEED);
    for _ in 0..RESAMPLES {
        let mut totals = [Headline::default(); RUNS];
        for _ in 0..documents {
            let document = random.below(documents);
            for (total, run) in totals.iter_mut().zip(runs) {
                *total += run.get(document).copied().unwrap_or_default();
            }
        }
        visit(totals);
    }
}

/// Intervals of the headline scores; a single document has none.
pub(super) fn intervals(documents: &[Headline]) -> BTreeMap<&'static str, Interval> {
    let mut values: [Vec<f64>; 4] = Default::default();
    if documents.len() > 1 {
        resample([documents], |[total]| {
            for (values, score) in values.iter_mut().zip(total.scores()) {
                values.extend(score);
            }
        });
    }
    HEADLINES.into_iter().zip(values).filter_map(|(name, mut values)| Some((name, interval(&mut values)?))).collect()
}

/// The middle 95 % of the values.
fn interval(values: &mut [f64]) -> Option<Interval> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let at = |share: f64| values.get((last as f64 * share).round() as usize).copied();
    Some(Interval { low: at(0.025)?, high: at(0.975)? })
}

/// Two predictions of the same gold documents, by one headline score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Which score.
    pub score: &'static str,
    /// F1 of the first prediction.
    pub a: f64,
    /// F1 of the second prediction.
    pub b: f64,
    /// Second less first.
    pub difference: f64,
    /// 95 % interval of the difference; nothing for a single document.
    pub interval: Option<Interval>,
    /// How often chance would give a difference as large, either way (paired bootstrap over documents).
    pub p_value: Option<f64>,
}

/// Compares two runs over the same documents.
pub(super) fn differences(a: &[Headline], b: &[Headline]) -> Vec<Difference> {
    let mut deltas: [Vec<f64>; 4] = Default::default();
    if a.len() > 1 {
        resample([a, b], |[a, b]| {
            for ((deltas, a), b) in deltas.iter_mut().zip(a.scores()).zip(b.scores()) {
                deltas.extend(a.zip(b).map(|(a, b)| b - a));
            }
        });
    }
    let scores = sum(a).scores().into_iter().zip(sum(b).scores());
    HEADLINES
        .into_iter()
        .zip(scores)
        .zip(deltas)
        .filter_map(|((score, (a, b)), mut deltas)| {
            let (a, b) = a.zip(b)?;
            let share = |test: fn(f64) -> bool| {
                deltas.iter().filter(|&&delta| test(delta)).count() as f64 / deltas.len() as f64
            };
            let p_value = (!deltas.is_empty())
                .then(|| (2.0 * share(|delta| delta <= 0.0).min(share(|delta| delta >= 0.0))).min(1.0));
            Some(Difference { score, a, b, difference: b - a, interval: interval(&mut deltas), p_value })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(right: f64) -> Headline {
        let names = Counts { predicted: 10.0, predicted_right: right, gold: 10.0, gold_found: right };
        Headline { names, ..Headline::default() }
    }

    #[test]
    fn equal_documents_have_no_spread() {
        let intervals = intervals(&vec![document(8.0); 20]);
        assert_eq!(intervals.len(), 1);
        let names = intervals["names"];
        assert!((names.low - 0.8).abs() < 1e-9 && (names.high - 0.8).abs() < 1e-9);
        assert!(super::intervals(&[document(8.0)]).is_empty());
        assert!(super::intervals(&[]).is_empty());
    }

    #[test]
    fn interval_holds_the_mean_and_is_repeatable() {
        let documents: Vec<Headline> = (0..100).map(|index| document(f64::from(index % 2) * 10.0)).collect();
        let names = intervals(&documents)["names"];
        // The standard error of a fair coin thrown a hundred times is 0.05, so that 95 % lie between 0.40 and 0.60.
        assert!((names.low - 0.4).abs() < 0.03 && (names.high - 0.6).abs() < 0.03, "{names:?}");
        assert_eq!(names, intervals(&documents)["names"]);
    }

    #[test]
    fn paired_comparison() {
        let a: Vec<Headline> = (0..50).map(|index| document(f64::from(index % 10))).collect();
        let b: Vec<Headline> = (0..50).map(|index| document(f64::from(index % 10) + 1.0)).collect();
        // Every document gains a point, so the difference is sure although the scores vary widely.
        let found = differences(&a, &b);
        assert_eq!((found.len(), found[0].score, found[0].p_value), (1, "names", Some(0.0)));
        assert!((found[0].difference - 0.1).abs() < 1e-9);
        assert_eq!(differences(&a, &a)[0].p_value, Some(1.0));
        assert_eq!(differences(&a[..1], &b[..1])[0].p_value, None);
    }
}
