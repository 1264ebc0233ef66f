//! Turns pair scores into a consistent set of relations.

use std::collections::{BTreeMap, BTreeSet};

use crate::{document::EntityId, schema::RelationType};

/// A relation that the model finds likely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The entity it starts from.
    pub head: EntityId,
    /// What it says.
    pub relation_type: RelationType,
    /// The entity it points to.
    pub tail: EntityId,
    /// Probability, 0 to 1.
    pub score: f32,
    /// How far the score is above the type's threshold, in log-odds; what is below 0 is not stated. Infinite for what a
    /// rule of the user says, which nothing outweighs.
    pub margin: f32,
}

impl Candidate {
    fn is_meant(&self) -> bool {
        self.margin == f32::INFINITY
    }
}

/// General types that say nothing beside a more specific one between the same ends.
const IMPLIED: &[(&str, &[&str])] = &[
    ("head_of", &["member_of", "works_for"]),
    ("spokesperson_for", &["works_for", "represents"]),
    ("spouse_of", &["relative_of", "associate_of"]),
    ("child_of", &["relative_of"]),
    ("sibling_of", &["relative_of"]),
    ("capital_of", &["located_in"]),
    ("defeated", &["competed_with"]),
    ("killed", &["attacked"]),
];

/// Types of which a head has one tail.
const FUNCTIONAL: &[&str] = &["born_in", "born_on", "died_on", "capital_of"];

/// Types of which nothing can reach itself in a chain.
const NESTING: &[&str] = &["located_in", "part_of", "child_of"];

/// Types of which two things have at most one, whichever way round.
const EXCLUSIVE: &[&[&str]] = &[&["spouse_of", "child_of", "sibling_of"], &["owns", "part_of"]];

/// Head, tail and type, which make a relation of a document.
pub(super) type Key = (EntityId, EntityId, RelationType);
type Kept = BTreeMap<Key, Candidate>;

/// What a child of somebody cannot be to those who have a tie with that parent: nobody is the spouse or sibling of a parent's
/// spouse, and nobody's parents are siblings.
const ODD_TIES: &[(&str, &[&str])] =
    &[("spouse_of", &["spouse_of", "sibling_of"]), ("sibling_of", &["spouse_of", "sibling_of", "child_of"])];

/// Keeps the candidates that hold together: one order of the ends for symmetric types and for types that cannot hold
/// both ways, no general type beside the specific one, one tie of kin, no spouse of a parent's spouse, one tail for
/// functional types, no circle of places in one another or of parents. What rules say is kept, also where it contradicts
/// itself. Sorted by head, tail, type.
#[must_use]
pub fn decide(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut kept = Kept::new();
    for candidate in candidates {
        if candidate.margin < 0.0 || candidate.head == candidate.tail {
            continue;
        }
        let mut candidate = candidate;
        if candidate.relation_type.info().symmetric && candidate.head > candidate.tail {
            std::mem::swap(&mut candidate.head, &mut candidate.tail);
        }
        let key = (candidate.head, candidate.tail, candidate.relation_type);
        let other = kept.entry(key).or_insert(candidate);
        other.score = other.score.max(candidate.score);
        other.margin = other.margin.max(candidate.margin);
    }
    for name in NESTING {
        if let Some(relation_type) = RelationType::from_name(name) {
            break_circles(&mut kept, relation_type);
        }
    }
    for names in EXCLUSIVE {
        drop_excluded(&mut kept, names);
    }
    drop_parents_of_parents(&mut kept);
    drop_odd_kin(&mut kept);
    drop_weaker(&mut kept);
    kept.into_values().collect()
}

/// Of relations between two things that cannot hold together, keeps the surest.
///
/// A thing owns what is part of it, so these two are against each other in one direction only.
fn drop_excluded(kept: &mut Kept, names: &[&str]) {
    let types: Vec<RelationType> = names.iter().filter_map(|name| RelationType::from_name(name)).collect();
    let any_way = types.iter().any(|relation_type| relation_type.info().symmetric);
    let pair = |head: EntityId, tail: EntityId| if any_way { (head.min(tail), head.max(tail)) } else { (head, tail) };
    let mut best: BTreeMap<(EntityId, EntityId), Candidate> = BTreeMap::new();
    for candidate in kept.values().filter(|candidate| types.contains(&candidate.relation_type)) {
        let first = best.entry(pair(candidate.head, candidate.tail)).or_insert(*candidate);
        if candidate.margin > first.margin {
            *first = *candidate;
        }
    }
    kept.retain(|(head, tail, relation_type), candidate| {
        !types.contains(relation_type)
            || candidate.is_meant()
            || best.get(&pair(*head, *tail)).is_none_or(|best| best.relation_type == *relation_type)
    });
}

/// Drops the parents whom the model has from a text about a spouse's or a parent's parents: "the son of Ada Quill and her
/// husband Bo Lind, a son of Jon Lind".
fn drop_parents_of_parents(kept: &mut Kept) {
    let (Some(child_of), Some(spouse_of)) = (RelationType::from_name("child_of"), RelationType::from_name("spouse_of"))
    else {
        return;
    };
    let (mut parents, mut spouses): (BTreeMap<EntityId, Vec<Candidate>>, BTreeMap<EntityId, Vec<EntityId>>) =
        Default::default();
    for edge in kept.values() {
        if edge.relation_type == child_of {
            parents.entry(edge.head).or_default().push(*edge);
        } else if edge.relation_type == spouse_of {
            spouses.entry(edge.head).or_default().push(edge.tail);
            spouses.entry(edge.tail).or_default().push(edge.head);
        }
    }
    // The surest last: what is dropped before may have been what an edge was to go for.
    let mut edges: Vec<Candidate> = parents.values().flatten().filter(|edge| !edge.is_meant()).copied().collect();
    edges.sort_by(|a, b| a.margin.total_cmp(&b.margin));
    for edge in edges {
        let (child, parent) = (edge.head, edge.tail);
        let margin = |head: EntityId, tail: EntityId| kept.get(&(head, tail, child_of)).map(|edge| edge.margin);
        // Of two who are married, one is the child of a parent: whom the model is surer of.
        let is_surer = |spouse: &EntityId| margin(*spouse, parent).is_some_and(|other| other > edge.margin);
        if spouses.get(&child).is_some_and(|spouses| spouses.iter().any(is_surer)) {
            kept.remove(&(child, parent, child_of));
            continue;
        }
        // A chain of child, middle and parent: one of the three ties is wrong.
        let middle = parents
            .get(&child)
            .into_iter()
            .flatten()
            .find_map(|first| Some((first.tail, margin(child, first.tail)?, margin(first.tail, parent)?)));
        let Some((middle, first, second)) = middle else { continue };
        let weakest = if edge.margin <= first || edge.margin <= second {
            (child, parent)
        } else if first <= second {
            (child, middle)
        } else {
            (middle, parent)
        };
        let key = (weakest.0, weakest.1, child_of);
        if kept.get(&key).is_some_and(|tie| !tie.is_meant()) {
            kept.remove(&key);
        }
    }
}

/// Of three ties of kin that cannot hold together, drops the least sure; see [`ODD_TIES`].
fn drop_odd_kin(kept: &mut Kept) {
    let Some(child_of) = RelationType::from_name("child_of") else { return };
    let key = |a: EntityId, b: EntityId, tie: RelationType| {
        if tie.info().symmetric { (a.min(b), a.max(b), tie) } else { (a, b, tie) }
    };
    let mut odd = Vec::new();
    for (name, others) in ODD_TIES {
        let Some(tie) = RelationType::from_name(name) else { continue };
        let mut tied: BTreeMap<EntityId, Vec<EntityId>> = BTreeMap::new();
        for (a, b, _) in kept.keys().filter(|(.., relation_type)| *relation_type == tie) {
            tied.entry(*a).or_default().push(*b);
            tied.entry(*b).or_default().push(*a);
        }
        for (child, parent, _) in kept.keys().filter(|(.., relation_type)| *relation_type == child_of) {
            for third in tied.get(parent).into_iter().flatten() {
                let others = others.iter().filter_map(|name| RelationType::from_name(name));
                odd.extend(others.map(|other| {
                    [key(*child, *parent, child_of), key(*parent, *third, tie), key(*child, *third, other)]
                }));
            }
        }
    }
    let weakest = |ties: [Key; 3]| {
        let all: Option<Vec<&Candidate>> = ties.iter().map(|tie| kept.get(tie)).collect();
        let tie = all?.into_iter().min_by(|a, b| a.margin.total_cmp(&b.margin))?;
        Some((*tie, ties))
    };
    let mut odd: Vec<_> = odd.into_iter().filter_map(weakest).collect();
    odd.sort_by(|a, b| a.0.margin.total_cmp(&b.0.margin));
    for (tie, ties) in odd {
        // What went before may have been what this one was to go for.
        if !tie.is_meant() && ties.iter().all(|tie| kept.contains_key(tie)) {
            kept.remove(&(tie.head, tie.tail, tie.relation_type));
        }
    }
}

/// Takes the relations of a type from the surest on, and drops those that close a circle.
fn break_circles(kept: &mut Kept, relation_type: RelationType) {
    let mut edges: Vec<Candidate> =
        kept.values().filter(|candidate| candidate.relation_type == relation_type).copied().collect();
    edges.sort_by(|a, b| b.margin.total_cmp(&a.margin));
    let mut tails: BTreeMap<EntityId, Vec<EntityId>> = BTreeMap::new();
    for edge in edges {
        let (mut seen, mut open) = (BTreeSet::new(), vec![edge.tail]);
        while let Some(entity) = open.pop() {
            if seen.insert(entity) {
                open.extend(tails.get(&entity).into_iter().flatten());
            }
        }
        if seen.contains(&edge.head) && !edge.is_meant() {
            kept.remove(&(edge.head, edge.tail, relation_type));
        } else {
            tails.entry(edge.head).or_default().push(edge.tail);
        }
    }
}

fn drop_weaker(kept: &mut Kept) {
    let all: Vec<Candidate> = kept.values().copied().collect();
    for candidate in all.iter().filter(|candidate| !candidate.is_meant()) {
        let key = (candidate.head, candidate.tail, candidate.relation_type);
        // Verbs of action go both ways in a quarrel; ties of kin, place and office do not.
        if !candidate.relation_type.info().symmetric && is_one_way(candidate.relation_type) {
            let reverse = (candidate.tail, candidate.head, candidate.relation_type);
            if kept.get(&reverse).is_some_and(|other| (other.margin, reverse) > (candidate.margin, key)) {
                kept.remove(&key);
                continue;
            }
        }
        let implied = IMPLIED.iter().any(|(specific, general)| {
            general.contains(&candidate.relation_type.key())
                && RelationType::from_name(specific).is_some_and(|specific| {
                    kept.contains_key(&(candidate.head, candidate.tail, specific))
                        || specific.info().symmetric && kept.contains_key(&(candidate.tail, candidate.head, specific))
                        || candidate.relation_type.info().symmetric
                            && kept.contains_key(&(candidate.tail, candidate.head, specific))
                })
        });
        if implied {
            kept.remove(&key);
        }
    }
    for name in FUNCTIONAL {
        let Some(relation_type) = RelationType::from_name(name) else { continue };
        let mut best: BTreeMap<EntityId, Candidate> = BTreeMap::new();
        for candidate in kept.values().filter(|candidate| candidate.relation_type == relation_type) {
            let first = best.entry(candidate.head).or_insert(*candidate);
            if candidate.margin > first.margin {
                *first = *candidate;
            }
        }
        kept.retain(|key, candidate| {
            key.2 != relation_type
                || candidate.is_meant()
                || best.get(&candidate.head).is_none_or(|best| best.tail == candidate.tail)
        });
    }
}

/// Whether a type does not hold in both directions between two entities; of suits and their answers, the surer is told.
fn is_one_way(relation_type: RelationType) -> bool {
    matches!(
        relation_type.key(),
        "appointed"
            | "based_in"
            | "capital_of"
            | "child_of"
            | "founded"
            | "killed"
            | "located_in"
            | "owns"
            | "part_of"
            | "prosecuted"
            | "succeeded"
            | "works_for"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surer_of_two_equal_candidates_gives_the_margin() {
        let candidate = |tail: u32, score: f32, margin: f32| Candidate {
            head: EntityId(0),
            relation_type: RelationType::from_name("born_in").unwrap(),
            tail: EntityId(tail),
            score,
            margin,
        };
        // What a rule of the user says is meant, though the model is surer of another place.
        let found = decide(vec![candidate(1, 0.5, f32::INFINITY), candidate(1, 0.9, 0.4), candidate(2, 0.9, 0.5)]);
        assert_eq!(found.iter().map(|kept| (kept.tail.0, kept.score)).collect::<Vec<_>>(), [(1, 0.9)]);
    }

    #[test]
    fn parents_of_a_spouse_or_parent_are_no_parents() {
        // 0 is married to 1, and only the surer is a child of 2.
        check(
            &[(0, "spouse_of", 1, 0.9), (1, "child_of", 2, 0.7), (0, "child_of", 2, 0.6)],
            &[(0, "spouse_of", 1), (1, "child_of", 2)],
        );
        check(
            &[(0, "spouse_of", 1, 0.9), (1, "child_of", 2, 0.7), (0, "child_of", 2, 0.8)],
            &[(0, "spouse_of", 1), (0, "child_of", 2)],
        );
        // 0 is a child of 1, a child of 2.
        check(
            &[(0, "child_of", 1, 0.9), (1, "child_of", 2, 0.7), (0, "child_of", 2, 0.8)],
            &[(0, "child_of", 1), (1, "child_of", 2)],
        );
        // 0 and 1 are rather siblings, or 2 is rather the other parent of 0.
        check(
            &[(0, "child_of", 1, 0.6), (1, "child_of", 2, 0.7), (0, "child_of", 2, 0.8)],
            &[(0, "child_of", 2), (1, "child_of", 2)],
        );
        check(
            &[(0, "child_of", 1, 0.7), (1, "child_of", 2, 0.6), (0, "child_of", 2, 0.8)],
            &[(0, "child_of", 1), (0, "child_of", 2)],
        );
        check(&[(0, "child_of", 1, 0.9), (0, "child_of", 2, 0.8)], &[(0, "child_of", 1), (0, "child_of", 2)]);
    }

    #[test]
    fn nobody_is_married_to_the_spouse_of_a_parent() {
        // 0 is a child of 1, who is married to 2.
        check(
            &[(0, "child_of", 1, 0.9), (1, "spouse_of", 2, 0.8), (0, "spouse_of", 2, 0.7)],
            &[(0, "child_of", 1), (1, "spouse_of", 2)],
        );
        check(
            &[(0, "child_of", 1, 0.9), (2, "spouse_of", 1, 0.6), (2, "sibling_of", 0, 0.7)],
            &[(0, "child_of", 1), (0, "sibling_of", 2)],
        );
        check(
            &[(3, "child_of", 1, 0.9), (2, "sibling_of", 1, 0.8), (3, "child_of", 2, 0.7), (3, "spouse_of", 0, 0.6)],
            &[(0, "spouse_of", 3), (1, "sibling_of", 2), (3, "child_of", 1)],
        );
        // Both parents, siblings of one parent, and an uncle.
        let all =
            [(0, "child_of", 1), (0, "child_of", 2), (0, "sibling_of", 3), (1, "spouse_of", 2), (3, "child_of", 1)];
        let mut given = all.map(|(head, name, tail)| (head, name, tail, 0.8)).to_vec();
        check(&given, &all);
        given.push((0, "relative_of", 4, 0.8));
        check(&given, &[all[0], all[1], all[2], (0, "relative_of", 4), all[3], all[4]]);
    }

    /// Candidates as `head type tail score`, all with a margin of score minus one half.
    fn check(candidates: &[(u32, &str, u32, f32)], expected: &[(u32, &str, u32)]) {
        let candidates = candidates
            .iter()
            .map(|(head, name, tail, score)| Candidate {
                head: EntityId(*head),
                relation_type: RelationType::from_name(name).unwrap(),
                tail: EntityId(*tail),
                score: *score,
                margin: score - 0.5,
            })
            .collect();
        let found: Vec<_> =
            decide(candidates).iter().map(|kept| (kept.head.0, kept.relation_type.name(), kept.tail.0)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn below_the_threshold_nothing_is_stated() {
        check(&[(0, "met", 1, 0.4), (0, "visited", 2, 0.6)], &[(0, "visited", 2)]);
    }

    #[test]
    fn symmetric_types_are_written_once() {
        check(&[(1, "met", 0, 0.8), (0, "met", 1, 0.7)], &[(0, "met", 1)]);
    }

    #[test]
    fn one_way_types_keep_the_surer_direction() {
        check(&[(0, "child_of", 1, 0.6), (1, "child_of", 0, 0.9)], &[(1, "child_of", 0)]);
        check(&[(0, "criticized", 1, 0.6), (1, "criticized", 0, 0.9)], &[(0, "criticized", 1), (1, "criticized", 0)]);
    }

    #[test]
    fn the_specific_type_stands_for_the_general_one() {
        check(&[(0, "member_of", 1, 0.9), (0, "head_of", 1, 0.6)], &[(0, "head_of", 1)]);
        check(&[(0, "relative_of", 1, 0.9), (1, "child_of", 0, 0.6)], &[(1, "child_of", 0)]);
        check(&[(0, "member_of", 1, 0.9), (0, "head_of", 2, 0.6)], &[(0, "member_of", 1), (0, "head_of", 2)]);
    }

    #[test]
    fn nothing_lies_in_itself() {
        check(
            &[(0, "located_in", 1, 0.9), (1, "located_in", 2, 0.6), (2, "located_in", 0, 0.8), (2, "part_of", 0, 0.6)],
            &[(0, "located_in", 1), (2, "part_of", 0), (2, "located_in", 0)],
        );
    }

    #[test]
    fn what_is_meant_outweighs_all_but_itself() {
        let meant = f32::INFINITY;
        check(&[(0, "child_of", 1, 0.99), (1, "child_of", 0, meant)], &[(1, "child_of", 0)]);
        check(
            &[(0, "located_in", 1, 0.99), (1, "located_in", 2, meant), (2, "located_in", 0, meant)],
            &[(1, "located_in", 2), (2, "located_in", 0)],
        );
        check(&[(0, "born_in", 1, 0.99), (0, "born_in", 2, meant)], &[(0, "born_in", 2)]);
        check(&[(0, "works_for", 1, 0.99), (0, "head_of", 1, meant)], &[(0, "head_of", 1)]);
        check(&[(0, "works_for", 1, meant), (0, "head_of", 1, 0.9)], &[(0, "head_of", 1), (0, "works_for", 1)]);
        check(&[(0, "part_of", 1, meant), (1, "part_of", 0, meant)], &[(0, "part_of", 1), (1, "part_of", 0)]);
        check(&[(0, "born_in", 1, meant), (0, "born_in", 2, meant)], &[(0, "born_in", 1), (0, "born_in", 2)]);
    }

    #[test]
    fn nobody_is_a_spouse_and_a_child_of_one() {
        check(&[(0, "spouse_of", 1, 0.6), (1, "child_of", 0, 0.9)], &[(1, "child_of", 0)]);
        check(&[(0, "sibling_of", 1, 0.9), (0, "child_of", 1, 0.6)], &[(0, "sibling_of", 1)]);
        check(&[(0, "spouse_of", 1, 0.6), (0, "child_of", 2, 0.9)], &[(0, "spouse_of", 1), (0, "child_of", 2)]);
        check(&[(0, "owns", 1, 0.9), (0, "part_of", 1, 0.6)], &[(0, "owns", 1)]);
        check(&[(0, "owns", 1, 0.9), (1, "part_of", 0, 0.6)], &[(0, "owns", 1), (1, "part_of", 0)]);
    }

    #[test]
    fn nobody_is_born_twice() {
        check(&[(0, "born_in", 1, 0.7), (0, "born_in", 2, 0.9)], &[(0, "born_in", 2)]);
    }
}
