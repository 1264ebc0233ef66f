//! Relations between aligned entities, their qualifiers, and which types are mistaken for which.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    eval::{
        counts::{Counts, Score},
        pair::{Alignment, Pair},
    },
    record::RelationRecord,
    schema::{EntityType, RelationType, Status},
};

/// A relation with its ends, the smaller id first where the order means nothing.
type Key = (u32, RelationType, u32);

fn key(head: u32, relation_type: RelationType, tail: u32) -> Key {
    if relation_type.info().symmetric && tail < head {
        (tail, relation_type, head)
    } else {
        (head, relation_type, tail)
    }
}

/// Relations of a document that count, and which of them match.
pub(super) struct RelationMatch<'a> {
    pub(super) alignment: Alignment,
    /// Gold relations, each with the predicted relation that it was found by.
    pub(super) gold: Vec<(&'a RelationRecord, Option<&'a RelationRecord>)>,
    /// Predicted relations with the gold entities at their ends, where those are aligned, and whether they are right.
    pub(super) predicted: Vec<PredictedRelation<'a>>,
}

/// A predicted relation that counts.
pub(super) struct PredictedRelation<'a> {
    pub(super) relation: &'a RelationRecord,
    /// Head and tail as gold entities, if both are aligned; several only where gold has no coreference.
    pub(super) ends: Vec<(u32, u32)>,
    pub(super) right: bool,
}

/// Compares the relations of a document.
pub(super) fn match_relations<'a>(pair: &Pair<'a>) -> RelationMatch<'a> {
    let alignment = pair.align(false);
    let gold_type = |entity: u32| pair.gold.entities.get(&entity).and_then(|entity| entity.entity_type);
    let mut gold: BTreeMap<Key, (&RelationRecord, Option<&RelationRecord>)> = BTreeMap::new();
    for relation in pair.gold.relations {
        let counts = pair.mask.counts_relation(relation.relation_type)
            && gold_type(relation.head).is_some()
            && gold_type(relation.tail).is_some();
        if counts {
            gold.entry(key(relation.head, relation.relation_type, relation.tail)).or_insert((relation, None));
        }
    }
    let mut predicted = Vec::new();
    let mut seen = BTreeSet::new();
    for relation in pair.predicted.relations {
        if !pair.mask.counts_relation(relation.relation_type)
            || !seen.insert(key(relation.head, relation.relation_type, relation.tail))
            || is_unknown(pair, &alignment, relation.head)
            || is_unknown(pair, &alignment, relation.tail)
        {
            continue;
        }
        let to_gold = |entity: u32| alignment.to_gold.get(&entity).map_or(&[][..], Vec::as_slice);
        let ends: Vec<(u32, u32)> = to_gold(relation.head)
            .iter()
            .flat_map(|&head| to_gold(relation.tail).iter().map(move |&tail| (head, tail)))
            .collect();
        let mut right = false;
        for &(head, tail) in &ends {
            if let Some((_, found)) = gold.get_mut(&key(head, relation.relation_type, tail)) {
                *found = Some(relation);
                right = true;
            }
        }
        predicted.push(PredictedRelation { relation, ends, right });
    }
    RelationMatch { alignment, gold: gold.into_values().collect(), predicted }
}

/// Whether the gold document cannot say what a predicted entity is.
///
/// So it is if it aligns with an entity of unclear type, or with none although it is of a type that is not marked
/// exhaustively, or touches nothing but spans of unclear type.
fn is_unknown(pair: &Pair<'_>, alignment: &Alignment, entity: u32) -> bool {
    if let Some(gold) = alignment.to_gold.get(&entity) {
        let unclear = |id: &u32| pair.gold.entities.get(id).is_none_or(|gold| gold.entity_type.is_none());
        return gold.iter().all(unclear);
    }
    let Some(view) = pair.predicted.entities.get(&entity) else { return false };
    !pair.mask.counts_type(view.entity_type)
        || (!view.mentions.is_empty() && view.mentions.iter().all(|mention| pair.is_masked(mention)))
}

/// Strict counts by type: both ends aligned and the type equal.
pub(super) fn count_strict(matched: &RelationMatch<'_>) -> BTreeMap<RelationType, Counts> {
    let mut counts: BTreeMap<RelationType, Counts> = BTreeMap::new();
    for (relation, found) in &matched.gold {
        counts.entry(relation.relation_type).or_default().add_gold(found.is_some());
    }
    for predicted in &matched.predicted {
        counts.entry(predicted.relation.relation_type).or_default().add_predicted(predicted.right);
    }
    counts
}

/// Counts pairs of entities that have some relation, of whatever type and direction.
pub(super) fn count_relaxed(matched: &RelationMatch<'_>) -> Counts {
    let unordered = |head: u32, tail: u32| (head.min(tail), head.max(tail));
    let gold: BTreeSet<(u32, u32)> =
        matched.gold.iter().map(|(relation, _)| unordered(relation.head, relation.tail)).collect();
    let mut found = BTreeSet::new();
    let mut predicted: BTreeMap<(u32, u32), bool> = BTreeMap::new();
    for relation in &matched.predicted {
        let right = predicted.entry(unordered(relation.relation.head, relation.relation.tail)).or_default();
        for &(head, tail) in &relation.ends {
            let ends = unordered(head, tail);
            *right |= gold.contains(&ends);
            found.insert(ends);
        }
    }
    let mut counts = Counts::default();
    gold.iter().for_each(|ends| counts.add_gold(found.contains(ends)));
    predicted.values().for_each(|&right| counts.add_predicted(right));
    counts
}

/// A gold relation that was predicted with another type or the other way round.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Confusion {
    /// Type in the gold document.
    pub gold: RelationType,
    /// Type in the prediction, between the same entities.
    pub predicted: RelationType,
    /// Whether the prediction has head and tail the other way round.
    pub reversed: bool,
    /// How often.
    pub count: u64,
}

/// Gold type, predicted type and whether the prediction is the other way round.
pub(super) type ConfusionKey = (RelationType, RelationType, bool);

/// A gold relation that was not found, and the wrong prediction that explains it.
pub(super) struct Confused<'m, 'a> {
    pub(super) gold: &'a RelationRecord,
    pub(super) predicted: &'m PredictedRelation<'a>,
    pub(super) key: ConfusionKey,
}

/// Pairs gold relations that were not found one to one with wrong predictions between the same entities.
///
/// A prediction of the right type the other way round explains a miss first, then another type, then another type the
/// other way round.
pub(super) fn confused<'m, 'a>(matched: &'m RelationMatch<'a>) -> Vec<Confused<'m, 'a>> {
    let mut candidates = Vec::new();
    for (gold_index, &(gold, _)) in matched.gold.iter().enumerate().filter(|(_, (_, found))| found.is_none()) {
        for (index, predicted) in matched.predicted.iter().enumerate().filter(|(_, predicted)| !predicted.right) {
            let straight = predicted.ends.contains(&(gold.head, gold.tail));
            let crossed = !straight && predicted.ends.contains(&(gold.tail, gold.head));
            if !straight && !crossed {
                continue;
            }
            let predicted_type = predicted.relation.relation_type;
            // A symmetric type on either side has no direction to be wrong about.
            let reversed = crossed && !predicted_type.info().symmetric && !gold.relation_type.info().symmetric;
            let key = (gold.relation_type, predicted_type, reversed);
            let rank = (gold.relation_type != predicted_type, reversed, gold_index, index);
            candidates.push((rank, Confused { gold, predicted, key }));
        }
    }
    candidates.sort_by_key(|(rank, _)| *rank);
    let (mut gold_used, mut used) = (BTreeSet::new(), BTreeSet::new());
    candidates.retain(|&((_, _, gold_index, index), _)| {
        let free = !gold_used.contains(&gold_index) && !used.contains(&index);
        if free {
            gold_used.insert(gold_index);
            used.insert(index);
        }
        free
    });
    candidates.into_iter().map(|(_, confused)| confused).collect()
}

/// Counts behind the qualifiers of relations that were found.
#[derive(Debug, Clone, Default)]
pub(super) struct QualifierCounts {
    pub(super) relations: u64,
    pub(super) by: Counts,
    pub(super) date: Counts,
    pub(super) place: Counts,
    /// Gold and predicted status, fact being zero.
    pub(super) status: BTreeMap<(usize, usize), u64>,
}

impl QualifierCounts {
    pub(super) fn add(&mut self, other: &Self) {
        self.relations += other.relations;
        self.by += other.by;
        self.date += other.date;
        self.place += other.place;
        for (&classes, &count) in &other.status {
            *self.status.entry(classes).or_insert(0) += count;
        }
    }
}

/// Compares the qualifiers of strictly matched relations, where the gold document marks qualifiers.
pub(super) fn count_qualifiers(pair: &Pair<'_>, matched: &RelationMatch<'_>) -> QualifierCounts {
    let mut counts = QualifierCounts::default();
    if !pair.mask.qualifiers() {
        return counts;
    }
    for (gold, found) in &matched.gold {
        let Some(predicted) = found else { continue };
        counts.relations += 1;
        let compare = |counts: &mut Counts, gold: Option<u32>, predicted: Option<u32>, same: bool| {
            if gold.is_some() {
                counts.add_gold(same);
            }
            if predicted.is_some() {
                counts.add_predicted(same);
            }
        };
        let same = |gold: Option<u32>, predicted: Option<u32>| {
            let aligned = predicted.and_then(|predicted| matched.alignment.to_gold.get(&predicted));
            gold.zip(aligned).is_some_and(|(gold, aligned)| aligned.contains(&gold))
        };
        // Two mentions of one day may be two entities on one side; what counts is the day.
        let norm = |entities: &BTreeMap<u32, crate::eval::pair::EntityView<'_>>, entity: Option<u32>| {
            entity.and_then(|entity| entities.get(&entity)).and_then(|entity| entity.norm).map(str::to_owned)
        };
        let gold_norm = norm(&pair.gold.entities, gold.date);
        let same_day = gold_norm.is_some() && gold_norm == norm(&pair.predicted.entities, predicted.date);
        compare(&mut counts.by, gold.by, predicted.by, same(gold.by, predicted.by));
        compare(&mut counts.date, gold.date, predicted.date, same_day || same(gold.date, predicted.date));
        compare(&mut counts.place, gold.place, predicted.place, same(gold.place, predicted.place));
        *counts.status.entry((status_index(gold.status), status_index(predicted.status))).or_insert(0) += 1;
    }
    counts
}

fn status_index(status: Option<Status>) -> usize {
    status.and_then(|status| Status::ALL.iter().position(|&other| other == status)).map_or(0, |index| index + 1)
}

/// Qualifiers of the relations that were found, where the gold set marks them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct QualifierScores {
    /// Relations that were found and compared.
    pub relations: u64,
    /// Who states it.
    pub by: Score,
    /// When; a date is right if it is the aligned entity or has the same normal form. Its recall is the share of dated
    /// relations that got the right date.
    pub date: Score,
    /// Where.
    pub place: Score,
    /// Share of relations with the right status.
    pub status_accuracy: Option<f64>,
    /// Mean F1 over the statuses, fact included, that occur in gold or prediction.
    pub status_macro_f1: Option<f64>,
    /// Each status.
    pub status: BTreeMap<&'static str, Score>,
}

impl QualifierScores {
    pub(super) fn new(counts: &QualifierCounts) -> Self {
        let mut by_status = [Counts::default(); 5];
        let mut right = 0;
        for (&(gold, predicted), &count) in &counts.status {
            let same = gold == predicted;
            right += if same { count } else { 0 };
            let count = count as f64;
            let found = if same { count } else { 0.0 };
            for (index, status) in by_status.iter_mut().enumerate() {
                if index == gold {
                    *status += Counts { gold: count, gold_found: found, ..Counts::default() };
                }
                if index == predicted {
                    *status += Counts { predicted: count, predicted_right: found, ..Counts::default() };
                }
            }
        }
        let names = std::iter::once("fact").chain(Status::ALL.into_iter().map(Status::name));
        let f1: Vec<f64> = by_status.iter().filter_map(Counts::f1).collect();
        let macro_f1 = (!f1.is_empty()).then(|| f1.iter().sum::<f64>() / f1.len() as f64);
        Self {
            relations: counts.relations,
            by: Score::new(&counts.by),
            date: Score::new(&counts.date),
            place: Score::new(&counts.place),
            status_accuracy: (counts.relations > 0).then(|| right as f64 / counts.relations as f64),
            status_macro_f1: macro_f1,
            status: names.zip(by_status.iter().map(Score::new)).collect(),
        }
    }
}

/// Gold dates with a normal form that were found, and those among them with the same normal form.
pub(super) fn count_dates(pair: &Pair<'_>, alignment: &Alignment) -> (u64, u64) {
    let (mut found, mut right) = (0, 0);
    for (id, gold) in &pair.gold.entities {
        let predicted = alignment.to_predicted.get(id).and_then(|id| pair.predicted.entities.get(id));
        if let (Some(EntityType::Date), Some(norm), Some(predicted)) = (gold.entity_type, gold.norm, predicted) {
            found += 1;
            right += u64::from(predicted.norm == Some(norm));
        }
    }
    (found, right)
}
