//! Groups of nodes that are joined more among themselves than with others: the method of Louvain (Blondel et al. 2008).
//!
//! All sums are whole numbers and nodes are taken in order, so that the same graph has the same groups everywhere.

use std::collections::BTreeMap;

/// Weighted neighbors of each node; what joins two nodes stands at both.
pub(super) type Neighbors = Vec<Vec<(usize, u64)>>;

/// How often all nodes may be looked at on one level; moves are few after that.
const SWEEPS: usize = 30;

/// The group of each node, the largest group being zero; among equals the one with the first node comes first.
pub(super) fn communities(neighbors: &Neighbors) -> Vec<usize> {
    let mut group: Vec<usize> = (0..neighbors.len()).collect();
    let mut level = neighbors.clone();
    let mut inner = vec![0_u64; neighbors.len()];
    loop {
        let moved = one_level(&level, &inner);
        let (numbered, count) = numbered(&moved);
        for member in &mut group {
            *member = numbered[*member];
        }
        if count == level.len() {
            break;
        }
        (level, inner) = merged(&level, &inner, &numbered, count);
    }
    by_size(&group)
}

/// Moves each node to the neighboring group that gains most, until no move gains.
fn one_level(neighbors: &Neighbors, inner: &[u64]) -> Vec<usize> {
    let degrees: Vec<u64> = neighbors
        .iter()
        .zip(inner)
        .map(|(others, inner)| others.iter().map(|(_, weight)| weight).sum::<u64>() + 2 * inner)
        .collect();
    let total: i128 = degrees.iter().map(|degree| i128::from(*degree)).sum();
    let mut group: Vec<usize> = (0..neighbors.len()).collect();
    let mut sums: Vec<i128> = degrees.iter().map(|degree| i128::from(*degree)).collect();
    for _ in 0..SWEEPS {
        let mut moved = false;
        for node in 0..neighbors.len() {
            let degree = i128::from(degrees[node]);
            let own = group[node];
            sums[own] -= degree;
            let mut weights: BTreeMap<usize, i128> = BTreeMap::from([(own, 0)]);
            for (other, weight) in &neighbors[node] {
                *weights.entry(group[*other]).or_insert(0) += i128::from(*weight);
            }
            // Gain of modularity, times a factor that is the same for all groups.
            let gain = |(candidate, weight): (&usize, &i128)| weight * total - degree * sums[*candidate];
            let mut best = (own, gain((&own, &weights[&own])));
            for candidate in &weights {
                let gained = gain(candidate);
                if gained > best.1 {
                    best = (*candidate.0, gained);
                }
            }
            moved |= best.0 != own;
            group[node] = best.0;
            sums[best.0] += degree;
        }
        if !moved {
            break;
        }
    }
    group
}

/// Groups numbered without gaps in order of their first nodes, and how many there are.
fn numbered(group: &[usize]) -> (Vec<usize>, usize) {
    let mut numbers = vec![usize::MAX; group.len()];
    let mut count = 0;
    let renamed = group
        .iter()
        .map(|old| {
            if numbers[*old] == usize::MAX {
                numbers[*old] = count;
                count += 1;
            }
            numbers[*old]
        })
        .collect();
    (renamed, count)
}

/// The graph of groups: what joins their members, and what lies inside each.
fn merged(neighbors: &Neighbors, inner: &[u64], group: &[usize], count: usize) -> (Neighbors, Vec<u64>) {
    let mut between: Vec<BTreeMap<usize, u64>> = vec![BTreeMap::new(); count];
    let mut twice_inside = vec![0_u64; count];
    for (node, others) in neighbors.iter().enumerate() {
        twice_inside[group[node]] += 2 * inner[node];
        for (other, weight) in others {
            if group[node] == group[*other] {
                twice_inside[group[node]] += weight;
            } else {
                *between[group[node]].entry(group[*other]).or_insert(0) += weight;
            }
        }
    }
    let level = between.into_iter().map(|others| others.into_iter().collect()).collect();
    (level, twice_inside.iter().map(|twice| twice / 2).collect())
}

fn by_size(group: &[usize]) -> Vec<usize> {
    let (group, count) = numbered(group);
    let mut sizes = vec![0_usize; count];
    group.iter().for_each(|member| sizes[*member] += 1);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|number| (std::cmp::Reverse(sizes[*number]), *number));
    let mut rank = vec![0; count];
    order.iter().enumerate().for_each(|(place, number)| rank[*number] = place);
    group.iter().map(|member| rank[*member]).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What each of so many nodes is joined with, with weight 1.
    pub fn neighbors(count: usize, edges: &[(usize, usize)]) -> Neighbors {
        let mut made: Neighbors = vec![Vec::new(); count];
        for (a, b) in edges {
            made[*a].push((*b, 1));
            made[*b].push((*a, 1));
        }
        made
    }

    fn check(count: usize, edges: &[(usize, usize)], expected: &[usize]) {
        assert_eq!(communities(&neighbors(count, edges)), expected, "{edges:?}");
    }

    #[test]
    fn dense_parts_are_groups() {
        check(0, &[], &[]);
        check(2, &[], &[0, 1]);
        check(2, &[(0, 1)], &[0, 0]);
        // Two triangles with a bridge; a pair apart.
        check(8, &[(0, 1), (6, 7), (2, 3), (3, 4), (2, 4), (4, 5), (0, 5), (1, 5)], &[0, 0, 1, 1, 1, 0, 2, 2]);
        // The larger group is the first.
        check(5, &[(0, 1), (2, 3), (3, 4), (2, 4)], &[1, 1, 0, 0, 0]);
    }

    #[test]
    fn planted_groups_are_found() {
        // Twelve groups of twenty, each node joined to six of its own; one edge between neighbors in the ring.
        let mut edges = Vec::new();
        for group in 0..12 {
            for member in 0..20 {
                for step in [1, 2, 5] {
                    edges.push((group * 20 + member, group * 20 + (member + step) % 20));
                }
            }
            edges.push((group * 20, (group + 1) % 12 * 20 + 7));
        }
        let found = communities(&neighbors(240, &edges));
        for (node, group) in found.iter().enumerate() {
            assert_eq!(*group, node / 20);
        }
    }
}
