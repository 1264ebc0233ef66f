//! Scores predictions against gold documents.
//!
//! Both are [`DocumentRecord`]s, paired by id. What a gold document does not mark exhaustively (its `annotated` field)
//! is unknown: a prediction there is neither right nor wrong.
//!
//! - **Names**: exact span and type.
//! - **Entities**: one node for one thing; predicted and gold entities are aligned one to one by shared exact names.
//! - **Coreference**: MUC, B-cubed and CEAF-e over mentions of all kinds, leading determiners aside.
//! - **Relations**: strict wants both ends aligned (by mentions of any kind) and the type right; relaxed wants some
//!   relation between the two entities.
//! - **Links of places**: as the gold document has it, where it has links.
//! - **Qualifiers**, **dates** and **calibration** on what was found.
//!
//! ```
//! use relata::eval;
//!
//! let text = "## one | 2020-03-04 | business\n\
//!     [p1 PERSON|Ada Quill] heads [o1 ORGANIZATION|Nordbank].\n\
//!     =\n\
//!     p1 head_of o1\n";
//! let gold = eval::parse_inline("own.gold", text)?;
//! let report = eval::evaluate(&gold, &gold);
//! assert_eq!(report.relations.strict.all.f1, Some(1.0));
//! println!("{}", report.table());
//! # Ok::<(), eval::GoldError>(())
//! ```

mod assignment;
mod bootstrap;
mod calibration;
mod coreference;
mod counts;
mod errors;
mod gold;
mod inline;
mod links;
mod mentions;
mod pair;
mod relations;
mod report;

use std::collections::BTreeMap;

pub use bootstrap::{Difference, Interval};
pub use calibration::{Calibration, CalibrationBin};
pub use coreference::{CoreferenceScore, Measure};
pub use counts::Score;
pub use errors::{ErrorKind, ErrorOptions, errors, list_errors};
pub use gold::{GoldError, parse_json_lines, read_gold};
pub use inline::parse_inline;
pub use links::{LinkCounts, LinkedKind};
pub use relations::{Confusion, QualifierScores};
pub use report::{Comparison, CoreferenceReport, DateScores, PlaceLinkReport, RelationReport, Report, Scores};

use crate::{
    eval::{
        bootstrap::Headline,
        calibration::Bins,
        coreference::{CoreferenceCounts, counted_clusters, score_clusters, score_links, without_singletons},
        counts::Counts,
        links::count_links,
        mentions::{count_by_type, count_entities, match_mentions},
        pair::{Pair, pair_up},
        relations::{
            ConfusionKey, QualifierCounts, confused, count_dates, count_qualifiers, count_relaxed, count_strict,
            match_relations,
        },
    },
    record::DocumentRecord,
    schema::{EntityType, MentionKind, RelationType},
};

/// Scores predictions against gold documents.
///
/// A gold document without a prediction counts as one in which nothing was found, and is named in the report.
#[must_use]
pub fn evaluate(gold: &[DocumentRecord], predicted: &[DocumentRecord]) -> Report {
    let pairs = pair_up(gold, predicted);
    let counts: Vec<DocumentCounts> = pairs.pairs.iter().map(count_document).collect();
    let headlines: Vec<Headline> = counts.iter().map(|counts| counts.headline).collect();
    let mut total = DocumentCounts::default();
    for counts in &counts {
        total.add(counts);
    }
    report::build(&pairs, &total, bootstrap::intervals(&headlines))
}

/// Compares two predictions of the same gold documents by a paired bootstrap over documents.
#[must_use]
pub fn compare(gold: &[DocumentRecord], a: &[DocumentRecord], b: &[DocumentRecord]) -> Comparison {
    let headlines = |predicted: &[DocumentRecord]| -> Vec<Headline> {
        pair_up(gold, predicted).pairs.iter().map(|pair| count_document(pair).headline).collect()
    };
    Comparison { documents: gold.len(), differences: bootstrap::differences(&headlines(a), &headlines(b)) }
}

/// All that is counted in a document; sums over documents give the report.
#[derive(Debug, Clone, Default)]
struct DocumentCounts {
    headline: Headline,
    kinds: BTreeMap<MentionKind, BTreeMap<EntityType, Counts>>,
    entities: BTreeMap<EntityType, Counts>,
    coreference_documents: usize,
    with_singletons: CoreferenceCounts,
    strict: BTreeMap<RelationType, Counts>,
    relaxed: Counts,
    incomplete_documents: usize,
    incomplete: BTreeMap<RelationType, Counts>,
    confusions: BTreeMap<ConfusionKey, u64>,
    qualifiers: QualifierCounts,
    dates_found: u64,
    dates_right: u64,
    links: LinkCounts,
    link_kinds: BTreeMap<LinkedKind, Counts>,
    name_bins: Bins,
    link_bins: Bins,
    relation_bins: Bins,
}

fn add_all<K: Ord + Copy>(into: &mut BTreeMap<K, Counts>, from: &BTreeMap<K, Counts>) {
    for (&key, &counts) in from {
        *into.entry(key).or_default() += counts;
    }
}

fn sum_of<K: Ord>(counts: &BTreeMap<K, Counts>) -> Counts {
    let mut total = Counts::default();
    for &counts in counts.values() {
        total += counts;
    }
    total
}

impl DocumentCounts {
    fn add(&mut self, other: &Self) {
        self.headline += other.headline;
        for (&kind, counts) in &other.kinds {
            add_all(self.kinds.entry(kind).or_default(), counts);
        }
        add_all(&mut self.entities, &other.entities);
        self.coreference_documents += other.coreference_documents;
        self.with_singletons += other.with_singletons;
        add_all(&mut self.strict, &other.strict);
        self.relaxed += other.relaxed;
        self.incomplete_documents += other.incomplete_documents;
        add_all(&mut self.incomplete, &other.incomplete);
        for (&key, &count) in &other.confusions {
            *self.confusions.entry(key).or_insert(0) += count;
        }
        self.qualifiers.add(&other.qualifiers);
        self.dates_found += other.dates_found;
        self.dates_right += other.dates_right;
        self.links.add(&other.links);
        add_all(&mut self.link_kinds, &other.link_kinds);
        self.name_bins.add(&other.name_bins);
        self.link_bins.add(&other.link_bins);
        self.relation_bins.add(&other.relation_bins);
    }
}

fn count_document(pair: &Pair<'_>) -> DocumentCounts {
    let mut counts = DocumentCounts::default();
    for kind in MentionKind::ALL {
        let matched = match_mentions(pair, kind);
        if kind == MentionKind::Name {
            for &(mention, _, right) in &matched.predicted {
                if let Some(score) = mention.score {
                    counts.name_bins.push(score, right);
                }
            }
        }
        let by_type = count_by_type(&matched);
        if kind == MentionKind::Name {
            counts.headline.names = sum_of(&by_type);
        }
        if !by_type.is_empty() {
            counts.kinds.insert(kind, by_type);
        }
    }

    counts.entities = count_entities(pair);
    counts.headline.entities = sum_of(&counts.entities);

    if let Some((gold, predicted)) = counted_clusters(pair) {
        counts.coreference_documents = 1;
        counts.with_singletons = score_clusters(&gold, &predicted);
        counts.headline.coreference = score_clusters(&without_singletons(&gold), &without_singletons(&predicted));
    }

    counts.link_bins = score_links(pair);

    let (links, kinds) = count_links(pair);
    counts.links = links;
    for (kind, kind_counts) in kinds {
        *counts.link_kinds.entry(kind).or_default() += kind_counts;
    }

    let matched = match_relations(pair);
    let strict = count_strict(&matched);
    if pair.mask.relations_complete() {
        counts.headline.relations = sum_of(&strict);
        counts.strict = strict;
        counts.relaxed = count_relaxed(&matched);
        for predicted in &matched.predicted {
            if let Some(score) = predicted.relation.score {
                counts.relation_bins.push(score, predicted.right);
            }
        }
    } else if !strict.is_empty() {
        counts.incomplete_documents = 1;
        counts.incomplete = strict;
    }
    for confused in confused(&matched) {
        *counts.confusions.entry(confused.key).or_insert(0) += 1;
    }
    counts.qualifiers = count_qualifiers(pair, &matched);
    (counts.dates_found, counts.dates_right) = count_dates(pair, &matched.alignment);
    counts
}
