//! Mentions: exact span and type; and entities: one node for one thing.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    eval::{
        counts::Counts,
        pair::{Pair, core_range},
    },
    record::MentionRecord,
    schema::{EntityType, MentionKind},
};

/// Mentions of one kind that count, gold and predicted, and whether each has its like on the other side.
#[derive(Default)]
pub(super) struct MentionMatch<'a> {
    pub(super) gold: Vec<(&'a MentionRecord, EntityType, bool)>,
    pub(super) predicted: Vec<(&'a MentionRecord, EntityType, bool)>,
}

/// Compares the mentions of a kind.
///
/// Names must have the very same span; nominals and pronouns may differ by a leading determiner.
pub(super) fn match_mentions<'a>(pair: &Pair<'a>, kind: MentionKind) -> MentionMatch<'a> {
    if !pair.mask.counts_kind(kind) {
        return MentionMatch::default();
    }
    let distinct = |mentions: &[&'a MentionRecord]| {
        let mut found = BTreeMap::new();
        for &mention in mentions.iter().filter(|mention| mention.kind == kind) {
            let Some(entity_type) = mention.entity_type.filter(|&known| pair.mask.counts_type(Some(known))) else {
                continue;
            };
            let range = match kind {
                MentionKind::Name => (mention.start, mention.end),
                MentionKind::Nominal | MentionKind::Pronoun => core_range(pair.text, mention),
            };
            found.entry((range, entity_type)).or_insert(mention);
        }
        found
    };
    let (gold, predicted) = (distinct(&pair.gold.mentions), distinct(&pair.predicted.mentions));
    MentionMatch {
        gold: gold.iter().map(|(key, &mention)| (mention, key.1, predicted.contains_key(key))).collect(),
        predicted: predicted
            .iter()
            .map(|(key, &mention)| (mention, key.1, gold.contains_key(key)))
            .filter(|&(mention, _, right)| right || !pair.is_masked(mention))
            .collect(),
    }
}

pub(super) fn count_by_type(matched: &MentionMatch<'_>) -> BTreeMap<EntityType, Counts> {
    let mut counts: BTreeMap<EntityType, Counts> = BTreeMap::new();
    for &(_, entity_type, found) in &matched.gold {
        counts.entry(entity_type).or_default().add_gold(found);
    }
    for &(_, entity_type, right) in &matched.predicted {
        counts.entry(entity_type).or_default().add_predicted(right);
    }
    counts
}

/// Counts entities with a name that have one entity of their own on the other side.
///
/// Both a thing in two nodes and two things in one node leave an entity over. A predicted entity is ignored if all its
/// names touch gold spans of unclear type.
pub(super) fn count_entities(pair: &Pair<'_>) -> BTreeMap<EntityType, Counts> {
    let mut counts: BTreeMap<EntityType, Counts> = BTreeMap::new();
    if !pair.mask.counts_kind(MentionKind::Name) || !pair.coreference {
        return counts;
    }
    let alignment = pair.align(true);
    let is_name = |mention: &&&MentionRecord| mention.kind == MentionKind::Name;
    for (id, entity) in &pair.gold.entities {
        let Some(entity_type) = entity.entity_type.filter(|&known| pair.mask.counts_type(Some(known))) else {
            continue;
        };
        if entity.mentions.iter().any(|mention| is_name(&mention)) {
            counts.entry(entity_type).or_default().add_gold(alignment.to_predicted.contains_key(id));
        }
    }
    for (id, entity) in &pair.predicted.entities {
        let Some(entity_type) = entity.entity_type.filter(|&known| pair.mask.counts_type(Some(known))) else {
            continue;
        };
        let aligned = alignment.to_gold.contains_key(id);
        if aligned || entity.mentions.iter().filter(is_name).any(|mention| !pair.is_masked(mention)) {
            counts.entry(entity_type).or_default().add_predicted(aligned);
        }
    }
    counts
}

/// A predicted entity that holds names of several gold entities, or a gold entity whose names lie in several nodes.
pub(super) struct Split {
    pub(super) entity: u32,
    pub(super) parts: Vec<u32>,
}

/// Gold entities merged into one predicted entity, and gold entities with duplicate nodes, by exact names.
pub(super) fn merged_and_duplicate(pair: &Pair<'_>) -> (Vec<Split>, Vec<Split>) {
    if !pair.mask.counts_kind(MentionKind::Name) || !pair.coreference {
        return (Vec::new(), Vec::new());
    }
    let names = |mentions: &[&MentionRecord]| -> BTreeMap<(u32, u32), u32> {
        mentions
            .iter()
            .filter(|mention| mention.kind == MentionKind::Name && mention.entity != u32::MAX)
            .map(|mention| ((mention.start, mention.end), mention.entity))
            .collect()
    };
    let gold = names(&pair.gold.mentions);
    let mut merged: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut duplicate: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (range, predicted) in names(&pair.predicted.mentions) {
        let Some(&gold) = gold.get(&range) else { continue };
        let counts = pair.gold.entities.get(&gold).is_some_and(|entity| pair.mask.counts_type(entity.entity_type));
        if counts {
            merged.entry(predicted).or_default().insert(gold);
            duplicate.entry(gold).or_default().insert(predicted);
        }
    }
    let several = |parts: BTreeMap<u32, BTreeSet<u32>>| {
        parts
            .into_iter()
            .filter(|(_, parts)| parts.len() > 1)
            .map(|(entity, parts)| Split { entity, parts: parts.into_iter().collect() })
            .collect()
    };
    (several(merged), several(duplicate))
}
