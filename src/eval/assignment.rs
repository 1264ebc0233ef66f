//! Optimal one-to-one assignment (Kuhn and Munkres, with potentials).

use std::collections::{BTreeMap, BTreeSet};

/// Weights of the possible pairs; a pair that is not listed weighs nothing.
pub(super) type Weights = BTreeMap<(u32, u32), f64>;

/// The one-to-one pairs with the greatest total weight, in order of the left side; pairs without weight are left out.
///
/// The pairs are split into connected parts first: in a document nearly all parts are single pairs, so that the cubic
/// algorithm runs on small matrices.
pub(super) fn maximum_assignment(weights: &Weights) -> Vec<(u32, u32)> {
    let mut lefts_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut rights_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (&(left, right), &weight) in weights {
        if weight > 0.0 {
            rights_of.entry(left).or_default().push(right);
            lefts_of.entry(right).or_default().push(left);
        }
    }
    let mut pairs = Vec::new();
    let mut done = BTreeSet::new();
    for &first in rights_of.keys() {
        if done.contains(&first) {
            continue;
        }
        let mut lefts = BTreeSet::from([first]);
        let mut rights = BTreeSet::new();
        let mut open = vec![first];
        while let Some(left) = open.pop() {
            for &right in rights_of.get(&left).into_iter().flatten() {
                if rights.insert(right) {
                    open.extend(lefts_of.get(&right).into_iter().flatten().filter(|&&left| lefts.insert(left)));
                }
            }
        }
        done.extend(lefts.iter().copied());
        let lefts: Vec<u32> = lefts.into_iter().collect();
        let rights: Vec<u32> = rights.into_iter().collect();
        let weight = |left: u32, right: u32| weights.get(&(left, right)).copied().unwrap_or(0.0);
        if lefts.len() <= rights.len() {
            let matrix: Vec<Vec<f64>> =
                lefts.iter().map(|&left| rights.iter().map(|&right| -weight(left, right)).collect()).collect();
            pairs.extend(minimum_cost(&matrix).into_iter().map(|(row, column)| (lefts[row], rights[column])));
        } else {
            let matrix: Vec<Vec<f64>> =
                rights.iter().map(|&right| lefts.iter().map(|&left| -weight(left, right)).collect()).collect();
            pairs.extend(minimum_cost(&matrix).into_iter().map(|(row, column)| (lefts[column], rights[row])));
        }
    }
    pairs.retain(|pair| weights.get(pair).is_some_and(|&weight| weight > 0.0));
    pairs.sort_unstable();
    pairs
}

/// Row and column of the cheapest assignment of every row to its own column; there must be at least as many columns.
///
/// Row and column zero of the work arrays stand for "none", hence the shift by one.
fn minimum_cost(matrix: &[Vec<f64>]) -> Vec<(usize, usize)> {
    let rows = matrix.len();
    let columns = matrix.first().map_or(0, Vec::len);
    let mut row_potential = vec![0.0; rows + 1];
    let mut column_potential = vec![0.0; columns + 1];
    let mut row_of = vec![0; columns + 1];
    let mut previous = vec![0; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let mut slack = vec![f64::INFINITY; columns + 1];
        let mut used = vec![false; columns + 1];
        // Grow the tree of tight edges until it reaches a free column.
        while row_of[column] != 0 {
            used[column] = true;
            let current = row_of[column];
            let mut delta = f64::INFINITY;
            let mut next = 0;
            for candidate in 1..=columns {
                if used[candidate] {
                    continue;
                }
                let cost = matrix[current - 1][candidate - 1] - row_potential[current] - column_potential[candidate];
                if cost < slack[candidate] {
                    slack[candidate] = cost;
                    previous[candidate] = column;
                }
                if slack[candidate] < delta {
                    delta = slack[candidate];
                    next = candidate;
                }
            }
            if next == 0 {
                // Only weights that are no numbers lead here; leave the row without a column.
                break;
            }
            for candidate in 0..=columns {
                if used[candidate] {
                    row_potential[row_of[candidate]] += delta;
                    column_potential[candidate] -= delta;
                } else {
                    slack[candidate] -= delta;
                }
            }
            column = next;
        }
        // Turn the path around.
        while column != 0 {
            row_of[column] = row_of[previous[column]];
            column = previous[column];
        }
    }
    (1..=columns).filter(|&column| row_of[column] != 0).map(|column| (row_of[column] - 1, column - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(weights: &[((u32, u32), f64)], expected: &[(u32, u32)]) {
        assert_eq!(maximum_assignment(&weights.iter().copied().collect()), expected);
    }

    #[test]
    fn finds_the_best_pairs() {
        check(&[], &[]);
        check(&[((7, 3), 1.0)], &[(7, 3)]);
        check(&[((0, 0), 0.0)], &[]);
        // Greedy would take (0, 0) first and leave 1 alone.
        check(&[((0, 0), 3.0), ((0, 1), 2.0), ((1, 0), 2.0)], &[(0, 1), (1, 0)]);
        // One large weight beats two small ones.
        check(&[((0, 0), 5.0), ((0, 1), 2.0), ((1, 0), 2.0)], &[(0, 0)]);
        // More on the left than on the right.
        check(&[((0, 9), 1.0), ((1, 9), 3.0), ((2, 9), 2.0)], &[(1, 9)]);
        // Two parts that have nothing to do with each other.
        check(&[((0, 0), 1.0), ((5, 5), 1.0), ((6, 5), 1.5)], &[(0, 0), (6, 5)]);
    }

    #[test]
    fn agrees_with_trying_everything() {
        let mut state = 7_u64;
        for _ in 0..200 {
            let mut weights = Weights::new();
            for left in 0..4 {
                for right in 0..5 {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    weights.insert((left, right), ((state >> 33) % 6) as f64);
                }
            }
            let total: f64 = maximum_assignment(&weights).iter().map(|pair| weights[pair]).sum();
            assert_eq!(total, best_by_trying(&weights, 0, &mut vec![false; 5]));
        }
    }

    fn best_by_trying(weights: &Weights, left: u32, taken: &mut Vec<bool>) -> f64 {
        if left == 4 {
            return 0.0;
        }
        let mut best = best_by_trying(weights, left + 1, taken);
        for right in 0..5 {
            if !taken[right] {
                taken[right] = true;
                let total = weights[&(left, right as u32)] + best_by_trying(weights, left + 1, taken);
                taken[right] = false;
                best = best.max(total);
            }
        }
        best
    }
}
