//! Coreference: MUC, B-cubed and CEAF-e, end to end on predicted mentions.
//!
//! Numerators and denominators are summed over the corpus before dividing, as the reference scorer does. Mentions are
//! the same if their spans are, leading determiners aside (see [`core_range`]).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    eval::{
        assignment::{Weights, maximum_assignment},
        calibration::Bins,
        counts::Counts,
        pair::{Pair, Range, Side, core_range},
    },
    record::MentionRecord,
};

/// Scores of links that the model made, and whether both mentions are of one gold entity. Links of mentions that are no
/// gold mentions are left out: those are errors of another kind. Rules give no probabilities.
pub(super) fn score_links(pair: &Pair<'_>) -> Bins {
    let mut bins = Bins::default();
    if !pair.coreference {
        return bins;
    }
    let gold: BTreeMap<Range, u32> =
        pair.gold.mentions.iter().map(|mention| (core_range(pair.text, mention), mention.entity)).collect();
    let starts: BTreeMap<u32, &MentionRecord> =
        pair.predicted.mentions.iter().map(|mention| (mention.start, *mention)).collect();
    let entity_of = |mention: &MentionRecord| gold.get(&core_range(pair.text, mention));
    for mention in pair.predicted.mentions.iter().filter(|mention| mention.reason.as_deref() == Some("model")) {
        let antecedent = mention.antecedent.and_then(|start| starts.get(&start));
        if let Some(score) = mention.link_score
            && let (Some(entity), Some(antecedent)) =
                (entity_of(mention), antecedent.and_then(|other| entity_of(other)))
        {
            bins.push(score, entity == antecedent);
        }
    }
    bins
}

/// Distinct mentions of one entity.
pub(super) type Cluster = Vec<Range>;

/// The sums behind the three measures.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct CoreferenceCounts {
    pub(super) muc: Counts,
    pub(super) b_cubed: Counts,
    pub(super) ceaf_e: Counts,
}

impl CoreferenceCounts {
    /// The mean of the three F1 values.
    pub(super) fn conll(&self) -> Option<f64> {
        let scores = [self.muc.f1(), self.b_cubed.f1(), self.ceaf_e.f1()];
        // A set of singletons has no links, so MUC is undefined there and counts as nothing.
        scores.iter().any(Option::is_some).then(|| scores.iter().map(|f1| f1.unwrap_or(0.0)).sum::<f64>() / 3.0)
    }
}

impl std::ops::AddAssign for CoreferenceCounts {
    fn add_assign(&mut self, other: Self) {
        self.muc += other.muc;
        self.b_cubed += other.b_cubed;
        self.ceaf_e += other.ceaf_e;
    }
}

/// Precision, recall and F1 of one coreference measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Measure {
    /// Precision.
    pub precision: Option<f64>,
    /// Recall.
    pub recall: Option<f64>,
    /// Harmonic mean.
    pub f1: Option<f64>,
}

impl Measure {
    fn new(counts: &Counts) -> Self {
        Self { precision: counts.precision(), recall: counts.recall(), f1: counts.f1() }
    }
}

/// The three coreference measures and their mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct CoreferenceScore {
    /// Links (Vilain and others, 1995).
    pub muc: Measure,
    /// Mentions (Bagga and Baldwin, 1998).
    pub b_cubed: Measure,
    /// Entities, by the fourth similarity (Luo, 2005).
    pub ceaf_e: Measure,
    /// Mean of the three F1 values.
    pub conll_f1: Option<f64>,
}

impl CoreferenceScore {
    pub(super) fn new(counts: &CoreferenceCounts) -> Self {
        Self {
            muc: Measure::new(&counts.muc),
            b_cubed: Measure::new(&counts.b_cubed),
            ceaf_e: Measure::new(&counts.ceaf_e),
            conll_f1: counts.conll(),
        }
    }
}

/// Gold and predicted clusters of a document that count; nothing where coreference is not marked.
///
/// Mentions of kinds that the gold document does not mark are dropped. Gold clusters of uncounted types are ignored,
/// and so are predicted clusters of which every mention is unknown: no counted gold mention has that span, and it
/// touches only uncounted gold mentions, or is of an uncounted type and touches none.
pub(super) fn counted_clusters(pair: &Pair<'_>) -> Option<(Vec<Cluster>, Vec<Cluster>)> {
    if !pair.coreference {
        return None;
    }
    let marked = |mention: &MentionRecord| pair.mask.counts_kind(mention.kind);
    let is_counted = |mention: &MentionRecord| marked(mention) && pair.mask.counts_type(pair.gold.type_of(mention));
    let counted_spans: BTreeSet<Range> = pair
        .gold
        .mentions
        .iter()
        .filter(|mention| is_counted(mention))
        .map(|mention| core_range(pair.text, mention))
        .collect();
    let is_known = |mention: &MentionRecord| {
        if counted_spans.contains(&core_range(pair.text, mention)) {
            return true;
        }
        let mut touches_any = false;
        for gold in pair.gold.overlapping(mention) {
            if is_counted(gold) {
                return true;
            }
            touches_any = true;
        }
        !touches_any && pair.mask.counts_type(pair.predicted.type_of(mention))
    };
    let gold = clusters(pair.text, &pair.gold, |mention| is_counted(mention), |_| true);
    let predicted = clusters(pair.text, &pair.predicted, marked, is_known);
    Some((gold, predicted))
}

/// Clusters of the mentions that pass `keep`, without those in which no mention passes `counts`.
fn clusters(
    text: &str,
    side: &Side<'_>,
    keep: impl Fn(&MentionRecord) -> bool,
    counts: impl Fn(&MentionRecord) -> bool,
) -> Vec<Cluster> {
    // Mentions without an entity stand alone; a span in two entities stays in the first.
    let mut by_entity: BTreeMap<(u32, Range), (bool, Cluster)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for &mention in side.mentions.iter().filter(|mention| keep(mention)) {
        let range = core_range(text, mention);
        if seen.insert(range) {
            let own = if mention.entity == u32::MAX { range } else { (0, 0) };
            let (counted, cluster) = by_entity.entry((mention.entity, own)).or_default();
            *counted |= counts(mention);
            cluster.push(range);
        }
    }
    by_entity.into_values().filter(|(counted, _)| *counted).map(|(_, cluster)| cluster).collect()
}

/// Scores predicted clusters against gold clusters, each a partition of its own mentions.
pub(super) fn score_clusters(gold: &[Cluster], predicted: &[Cluster]) -> CoreferenceCounts {
    let gold_of = cluster_of(gold);
    let predicted_of = cluster_of(predicted);
    let mut shared: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (range, &gold_cluster) in &gold_of {
        if let Some(&predicted_cluster) = predicted_of.get(range) {
            *shared.entry((gold_cluster, predicted_cluster)).or_insert(0.0) += 1.0;
        }
    }
    let size = |clusters: &[Cluster], index: u32| clusters.get(index as usize).map_or(0.0, |c| c.len() as f64);

    let mut counts = CoreferenceCounts::default();
    (counts.muc.gold_found, counts.muc.gold) = links(gold, &predicted_of);
    (counts.muc.predicted_right, counts.muc.predicted) = links(predicted, &gold_of);

    // Each of the n shared mentions of two clusters has a recall of n / |gold| and a precision of n / |predicted|.
    for (&(gold_cluster, predicted_cluster), &n) in &shared {
        counts.b_cubed.gold_found += n * n / size(gold, gold_cluster);
        counts.b_cubed.predicted_right += n * n / size(predicted, predicted_cluster);
    }
    counts.b_cubed.gold = gold_of.len() as f64;
    counts.b_cubed.predicted = predicted_of.len() as f64;

    let similarities: Weights =
        shared.iter().map(|(&(g, p), &n)| ((g, p), 2.0 * n / (size(gold, g) + size(predicted, p)))).collect();
    let total: f64 =
        maximum_assignment(&similarities).iter().map(|pair| similarities.get(pair).copied().unwrap_or(0.0)).sum();
    counts.ceaf_e = Counts {
        predicted: predicted.len() as f64,
        predicted_right: total,
        gold: gold.len() as f64,
        gold_found: total,
    };
    counts
}

/// Drops the clusters of a single mention.
pub(super) fn without_singletons(clusters: &[Cluster]) -> Vec<Cluster> {
    clusters.iter().filter(|cluster| cluster.len() > 1).cloned().collect()
}

fn cluster_of(clusters: &[Cluster]) -> BTreeMap<Range, u32> {
    let mut found = BTreeMap::new();
    for (index, cluster) in clusters.iter().enumerate() {
        for &range in cluster {
            found.insert(range, index as u32);
        }
    }
    found
}

/// Links that the other side keeps, and all links, where a cluster of n mentions has n - 1.
fn links(clusters: &[Cluster], other: &BTreeMap<Range, u32>) -> (f64, f64) {
    let (mut kept, mut all) = (0.0, 0.0);
    for cluster in clusters.iter().filter(|cluster| !cluster.is_empty()) {
        let parts: BTreeSet<u32> = cluster.iter().filter_map(|range| other.get(range).copied()).collect();
        let alone = cluster.iter().filter(|range| !other.contains_key(range)).count();
        kept += cluster.len() as f64 - (parts.len() + alone) as f64;
        all += cluster.len() as f64 - 1.0;
    }
    (kept, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clusters of letters: `ab cd` is {a, b}, {c, d}. Expected are recall and precision of MUC, B-cubed and CEAF-e.
    fn check(gold: &str, predicted: &str, muc: (f64, f64), b_cubed: (f64, f64), ceaf_e: (f64, f64)) {
        let clusters = |text: &str| -> Vec<Cluster> {
            text.split_whitespace()
                .map(|word| word.bytes().map(|letter| (u32::from(letter), u32::from(letter) + 1)).collect())
                .collect()
        };
        let counts = score_clusters(&clusters(gold), &clusters(predicted));
        for (name, counts, (recall, precision)) in
            [("MUC", counts.muc, muc), ("B3", counts.b_cubed, b_cubed), ("CEAF-e", counts.ceaf_e, ceaf_e)]
        {
            let near = |value: Option<f64>, expected: f64| (value.unwrap_or(0.0) - expected).abs() < 1e-9;
            assert!(near(counts.recall(), recall), "{name} recall of {predicted}: {:?}", counts.recall());
            assert!(near(counts.precision(), precision), "{name} precision of {predicted}: {:?}", counts.precision());
        }
    }

    #[test]
    fn textbook_examples() {
        check("abc de", "abc de", (1.0, 1.0), (1.0, 1.0), (1.0, 1.0));
        // Vilain and others: one missing link of three.
        check("abcd", "ab cd", (2.0 / 3.0, 1.0), (0.5, 1.0), (2.0 / 3.0, 1.0 / 3.0));
        // Bagga and Baldwin, figure 2: {1-5} {6 7} {8-C}, with the second and third joined ...
        check(
            "12345 67 89ABC",
            "12345 6789ABC",
            (1.0, 0.9),
            (1.0, (5.0 + 4.0 / 7.0 + 25.0 / 7.0) / 12.0),
            ((1.0 + 10.0 / 12.0) / 3.0, (1.0 + 10.0 / 12.0) / 2.0),
        );
        // ... and with the two large ones joined: MUC cannot tell the two, B-cubed can.
        check(
            "12345 67 89ABC",
            "1234589ABC 67",
            (1.0, 0.9),
            (1.0, (2.5 + 2.5 + 2.0) / 12.0),
            ((1.0 + 10.0 / 15.0) / 3.0, (1.0 + 10.0 / 15.0) / 2.0),
        );
        // Spans missed and made up: {a b c} {d e f g} against {a b} {c d} {f g h i}.
        check(
            "abc defg",
            "ab cd fghi",
            (2.0 / 5.0, 2.0 / 5.0),
            (
                (4.0 / 3.0 + 1.0 / 3.0 + 1.0 / 4.0 + 4.0 / 4.0) / 7.0,
                (4.0 / 2.0 + 1.0 / 2.0 + 1.0 / 2.0 + 4.0 / 4.0) / 8.0,
            ),
            ((4.0 / 5.0 + 4.0 / 8.0) / 2.0, (4.0 / 5.0 + 4.0 / 8.0) / 3.0),
        );
        check("ab", "", (0.0, 0.0), (0.0, 0.0), (0.0, 0.0));
        check("", "ab", (0.0, 0.0), (0.0, 0.0), (0.0, 0.0));
    }

    #[test]
    fn singletons_have_no_links() {
        let counts = score_clusters(&[vec![(0, 1)], vec![(2, 3)]], &[vec![(0, 1)]]);
        assert_eq!(counts.muc.f1(), None);
        assert_eq!((counts.b_cubed.recall(), counts.b_cubed.precision()), (Some(0.5), Some(1.0)));
        assert_eq!((counts.ceaf_e.recall(), counts.ceaf_e.precision()), (Some(0.5), Some(1.0)));
        assert!(without_singletons(&[vec![(0, 1)], vec![(2, 3)]]).is_empty());
    }
}
