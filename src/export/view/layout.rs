//! Places nodes: small components as in pictures, large ones by ForceAtlas2 (Jacomy et al. 2014), all of them in rows.
//!
//! Pictures ([`crate::export::layout`]) keep boxes apart, which can be read best but takes long for many; by forces, dots
//! may be many. In both only `+ - * /` and square roots are used, so the same graph looks the same everywhere; no step
//! depends on threads or time.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    communities::{Neighbors, communities},
    quad_tree::QuadTree,
};
use crate::export::layout::{self as picture, GOLDEN, Point, components, rows};

/// Side of the square that a node has for itself on average.
const SPACE: f64 = 100.0;
/// Distance between components.
const COMPONENT_GAP: f64 = 130.0;
/// Least distance of two nodes with few neighbors.
const APART: f64 = 44.0;
/// Squares that look smaller than this from a node are felt as one.
const THETA: f64 = 1.2;
/// How strongly nodes push each other.
const PUSH: f64 = 10.0;
/// How strongly nodes are drawn to the middle, which keeps long chains together.
const GRAVITY: f64 = 0.6;
/// Components up to this size are laid out as pictures are.
const PICTURE_LIMIT: usize = 400;
/// Room for a dot and the name below it.
const BOX: Point = Point { x: 84.0, y: 40.0 };

/// A place for each node.
pub(super) fn layout(neighbors: &Neighbors) -> Vec<Point> {
    let sets: Vec<BTreeSet<usize>> =
        neighbors.iter().map(|others| others.iter().map(|(other, _)| *other).collect()).collect();
    let mut blocks: Vec<(Vec<usize>, Vec<Point>, Point)> = Vec::new();
    let mut alone: Vec<usize> = Vec::new();
    let mut local = vec![usize::MAX; neighbors.len()];
    for members in components(&sets) {
        if let [single] = members.as_slice() {
            alone.push(*single);
            continue;
        }
        let mut points = component(&members, neighbors, &mut local);
        let size = to_corner(&mut points);
        blocks.push((members, points, size));
    }
    blocks.sort_by_key(|(members, ..)| (std::cmp::Reverse(members.len()), members.iter().min().copied()));
    let area: f64 = blocks.iter().map(|(.., size)| (size.x + COMPONENT_GAP) * (size.y + COMPONENT_GAP)).sum();
    let crowd = alone.len() as f64 * SPACE * SPACE;
    let widest = blocks.iter().map(|(.., size)| size.x).fold(SPACE, f64::max);
    // Small components go below one that has most of the area, else beside each other.
    let largest = blocks.first().map_or(0.0, |(.., size)| (size.x + COMPONENT_GAP) * (size.y + COMPONENT_GAP));
    let width = if largest > 0.5 * area { widest } else { widest.max(((area + crowd) * 1.7).sqrt()) };
    if !alone.is_empty() {
        let cells = vec![Point { x: SPACE, y: SPACE * 0.6 }; alone.len()];
        let rest = rows(&cells, width, 0.0);
        blocks.push((alone, rest.centers, rest.size));
    }
    let placed = rows(&blocks.iter().map(|(.., size)| *size).collect::<Vec<_>>(), width, COMPONENT_GAP);
    let mut made = vec![Point::default(); neighbors.len()];
    for ((members, points, size), center) in blocks.iter().zip(&placed.centers) {
        for (member, point) in members.iter().zip(points) {
            made[*member] = Point { x: center.x - size.x / 2.0 + point.x, y: center.y - size.y / 2.0 + point.y };
        }
    }
    made
}

/// Moves points so that the lowest coordinates are zero, and says how far they reach.
fn to_corner(points: &mut [Point]) -> Point {
    let mut low = Point { x: f64::MAX, y: f64::MAX };
    let mut high = Point { x: f64::MIN, y: f64::MIN };
    for point in &*points {
        low = Point { x: low.x.min(point.x), y: low.y.min(point.y) };
        high = Point { x: high.x.max(point.x), y: high.y.max(point.y) };
    }
    for point in points {
        point.x -= low.x;
        point.y -= low.y;
    }
    Point { x: high.x - low.x, y: high.y - low.y }
}

/// A connected component, in the order of its members; `local` is for the places of nodes among them.
fn component(members: &[usize], neighbors: &Neighbors, local: &mut [usize]) -> Vec<Point> {
    members.iter().enumerate().for_each(|(index, member)| local[*member] = index);
    let inside: Neighbors = members
        .iter()
        .map(|member| neighbors[*member].iter().map(|(other, weight)| (local[*other], *weight)).collect())
        .collect();
    if members.len() <= PICTURE_LIMIT {
        let edges: Vec<(usize, usize)> = inside
            .iter()
            .enumerate()
            .flat_map(|(index, others)| others.iter().map(move |(other, _)| (index, *other)))
            .collect();
        return picture::layout(&vec![BOX; members.len()], &edges).centers;
    }
    let masses: Vec<f64> = inside.iter().map(|others| 1.0 + others.len() as f64).collect();
    let mut points = by_communities(&inside, &masses);
    let steps = match members.len() {
        ..=1_000 => 500,
        1_001..=5_000 => 250,
        _ => 120,
    };
    forces(&mut points, &inside, &masses, steps);
    spread(&mut points);
    turn(&mut points);
    let reach: Vec<f64> = inside.iter().map(|others| (APART + 4.0 * (others.len() as f64).sqrt()) / 2.0).collect();
    separate(&mut points, &reach);
    points
}

fn spiral(count: usize) -> Vec<Point> {
    let mut turn = Point { x: 1.0, y: 0.0 };
    (0..count)
        .map(|index| {
            let radius = (index as f64).sqrt();
            let point = Point { x: turn.x * radius, y: turn.y * radius };
            turn = Point { x: turn.x * GOLDEN.x - turn.y * GOLDEN.y, y: turn.x * GOLDEN.y + turn.y * GOLDEN.x };
            point
        })
        .collect()
}

/// Starts a component from the places of its communities, which saves most of the way.
fn by_communities(neighbors: &Neighbors, masses: &[f64]) -> Vec<Point> {
    let group = communities(neighbors);
    let count = group.iter().max().map_or(0, |last| last + 1);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut weights = vec![0.0; count];
    let mut joined: Vec<BTreeMap<usize, u64>> = vec![BTreeMap::new(); count];
    for (node, others) in neighbors.iter().enumerate() {
        members[group[node]].push(node);
        weights[group[node]] += masses[node];
        for (other, weight) in others {
            if group[*other] != group[node] {
                *joined[group[node]].entry(group[*other]).or_insert(0) += weight;
            }
        }
    }
    let joined: Neighbors = joined.into_iter().map(|others| others.into_iter().collect()).collect();
    let mut centers = spiral(count);
    forces(&mut centers, &joined, &weights, 300);
    // As much room for each community as its members take on their spiral.
    let area: f64 = neighbors.len() as f64 * 4.0;
    let spread = centers.iter().map(|center| center.x * center.x + center.y * center.y).sum::<f64>() / count as f64;
    let scale = (area / spread.max(1e-9)).sqrt();
    let mut points = vec![Point::default(); neighbors.len()];
    for (center, members) in centers.iter().zip(&members) {
        for (member, around) in members.iter().zip(spiral(members.len())) {
            points[*member] = Point { x: center.x * scale + around.x, y: center.y * scale + around.y };
        }
    }
    points
}

/// ForceAtlas2: nodes push each other by their masses, edges pull in proportion to their length.
fn forces(points: &mut [Point], neighbors: &Neighbors, masses: &[f64], steps: usize) {
    let count = points.len() as f64;
    let mut tree = QuadTree::default();
    let mut stack = Vec::new();
    let mut old = vec![Point::default(); points.len()];
    let mut new = vec![Point::default(); points.len()];
    let (mut speed, mut efficiency) = (1.0_f64, 1.0_f64);
    for _ in 0..steps {
        tree.fill(points, masses);
        let (mut swinging, mut traction) = (0.0, 0.0);
        for (index, point) in points.iter().enumerate() {
            let mass = masses[index];
            let push = tree.push(*point, THETA, &mut stack);
            let mut force = Point { x: push.x * PUSH * mass, y: push.y * PUSH * mass };
            let distance = (point.x * point.x + point.y * point.y).sqrt();
            if distance > 0.0 {
                force.x -= point.x / distance * mass * GRAVITY;
                force.y -= point.y / distance * mass * GRAVITY;
            }
            for (other, _) in &neighbors[index] {
                force.x += points[*other].x - point.x;
                force.y += points[*other].y - point.y;
            }
            let before = old[index];
            swinging += mass * length(force.x - before.x, force.y - before.y);
            traction += mass * length(force.x + before.x, force.y + before.y) / 2.0;
            new[index] = force;
        }
        // How much the whole may swing; the constants are those of the authors.
        let estimate = 0.05 * count.sqrt();
        let mut tolerance = estimate.sqrt().max((estimate * traction / (count * count)).min(10.0));
        if swinging > 2.0 * traction {
            if efficiency > 0.05 {
                efficiency *= 0.5;
            }
            tolerance = tolerance.max(1.0);
        }
        let wanted = if swinging > 0.0 { tolerance * efficiency * traction / swinging } else { f64::MAX };
        if swinging > tolerance * traction {
            if efficiency > 0.05 {
                efficiency *= 0.7;
            }
        } else if speed < 1000.0 {
            efficiency *= 1.3;
        }
        speed += (wanted - speed).min(0.5 * speed);
        for (index, point) in points.iter_mut().enumerate() {
            let force = new[index];
            let swing = masses[index] * length(force.x - old[index].x, force.y - old[index].y);
            let factor = speed / (1.0 + (speed * swing).sqrt());
            point.x += force.x * factor;
            point.y += force.y * factor;
        }
        std::mem::swap(&mut old, &mut new);
    }
}

fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// Scales a component so that each node has its space on average.
fn spread(points: &mut [Point]) {
    let count = points.len() as f64;
    let (x, y) = (points.iter().map(|p| p.x).sum::<f64>() / count, points.iter().map(|p| p.y).sum::<f64>() / count);
    let square = points.iter().map(|p| (p.x - x) * (p.x - x) + (p.y - y) * (p.y - y)).sum::<f64>() / count;
    // A full disc of that area has half the square of its radius as its mean square.
    let scale = (count * SPACE * SPACE / (2.0 * std::f64::consts::PI * square.max(1e-9))).sqrt();
    for point in points {
        *point = Point { x: (point.x - x) * scale, y: (point.y - y) * scale };
    }
}

/// Lays the longer way of a component flat: screens are wider than high.
fn turn(points: &mut [Point]) {
    let size = to_corner(points);
    if size.y > size.x {
        for point in points {
            std::mem::swap(&mut point.x, &mut point.y);
        }
    }
}

/// Pushes nodes apart that are nearer than their reaches allow, a few times over.
fn separate(points: &mut [Point], reach: &[f64]) {
    let cell = 2.0 * reach.iter().copied().fold(APART, f64::max);
    for _ in 0..60 {
        let place = |point: Point| ((point.x / cell).floor() as i64, (point.y / cell).floor() as i64);
        let mut order: Vec<(i64, i64, usize)> = points
            .iter()
            .enumerate()
            .map(|(index, point)| {
                let (column, row) = place(*point);
                (column, row, index)
            })
            .collect();
        order.sort_unstable();
        let mut clean = true;
        for &(column, row, a) in &order {
            for beside in column - 1..=column + 1 {
                let start = order.partition_point(|(x, y, _)| (*x, *y) < (beside, row - 1));
                for &(_, _, b) in order[start..].iter().take_while(|(x, y, _)| *x == beside && *y <= row + 1) {
                    if b <= a {
                        continue;
                    }
                    let least = reach[a] + reach[b];
                    let (mut x, mut y) = (points[b].x - points[a].x, points[b].y - points[a].y);
                    let mut distance = length(x, y);
                    if distance >= least * 0.999 {
                        continue;
                    }
                    clean = false;
                    if distance < 1e-6 {
                        // In one place: each pair parts another way.
                        (x, y) = (1.0 + (a % 7) as f64, 1.0 + (b % 5) as f64);
                        distance = length(x, y);
                    }
                    let shift = (least - length(points[b].x - points[a].x, points[b].y - points[a].y)) / 2.0 / distance;
                    points[a].x -= x * shift;
                    points[a].y -= y * shift;
                    points[b].x += x * shift;
                    points[b].y += y * shift;
                }
            }
        }
        if clean {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::view::communities::tests::neighbors;

    fn check(count: usize, edges: &[(usize, usize)]) -> Vec<Point> {
        let neighbors = neighbors(count, edges);
        let points = layout(&neighbors);
        assert_eq!(points.len(), count);
        assert!(points.iter().all(|point| point.x.is_finite() && point.y.is_finite()));
        assert_eq!(points, layout(&neighbors));
        let close = (0..count)
            .flat_map(|a| (a + 1..count).map(move |b| (a, b)))
            .filter(|&(a, b)| length(points[a].x - points[b].x, points[a].y - points[b].y) < APART * 0.9)
            .count();
        assert!(close <= count / 50, "{close} of {count} are too near");
        points
    }

    #[test]
    fn nodes_lie_apart() {
        check(0, &[]);
        check(1, &[]);
        check(2, &[(0, 1)]);
        check(30, &[]);
        check(60, &(1..60).map(|index| (0, index)).collect::<Vec<_>>());
        check(80, &(1..80).map(|index| (index - 1, index)).collect::<Vec<_>>());
        check(600, &(1..600).map(|index| (index, (index * index) % index.clamp(2, 40))).collect::<Vec<_>>());
        // Many components, some nodes without any edge.
        check(90, &(0..60).step_by(3).flat_map(|index| [(index, index + 1), (index, index + 2)]).collect::<Vec<_>>());
    }

    #[test]
    fn joined_nodes_are_near() {
        // A ring of six groups: two nodes of one group are nearer than two of groups on opposite sides.
        let mut edges = Vec::new();
        for group in 0..6 {
            for a in 0..12 {
                edges.extend((a + 1..12).step_by(2).map(|b| (group * 12 + a, group * 12 + b)));
            }
            edges.push((group * 12, (group + 1) % 6 * 12 + 5));
        }
        let points = check(72, &edges);
        let distance = |a: usize, b: usize| length(points[a].x - points[b].x, points[a].y - points[b].y);
        let (mut near, mut far) = (0.0, 0.0);
        for member in 1..12 {
            near += distance(0, member);
            far += distance(0, 36 + member);
        }
        assert!(near * 2.0 < far, "{near} {far}");
    }
}
