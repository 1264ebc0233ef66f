//! Places nodes on a plane so that joined ones lie near each other and no two overlap.
//!
//! Small components are laid out by stress majorization, which makes distances on paper follow distances in the graph;
//! large ones by springs with short reach. Only `+ - * /` and square roots are used, which every processor rounds alike,
//! so the same graph looks the same everywhere.

use std::collections::{BTreeMap, BTreeSet};

/// A point, or a size.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// Boxes with their centers, all inside of `0, 0 .. size`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Layout {
    /// Centers, in the order of the sizes given.
    pub centers: Vec<Point>,
    /// Size of the whole.
    pub size: Point,
}

/// Length of an edge between nodes with few neighbors.
const EDGE_LENGTH: f64 = 150.0;
/// Boxes and labels are wider than high, so edges that lie flat need to be longer than those that stand.
const STRETCH: f64 = 1.45;
/// Least distance between boxes.
const GAP: Point = Point { x: 26.0, y: 24.0 };
/// Distance between components.
const COMPONENT_GAP: f64 = 48.0;
/// Components up to this size are laid out by stress, which takes the square of it in memory.
const STRESS_LIMIT: usize = 400;
/// Turn by the golden angle: points on a spiral that never line up.
pub(super) const GOLDEN: Point = Point { x: -0.737_368_878_078_320_2, y: 0.675_490_294_261_523_5 };

/// Lays out boxes of given sizes; `edges` joins them by index, pairs out of range are ignored.
pub(super) fn layout(sizes: &[Point], edges: &[(usize, usize)]) -> Layout {
    let mut neighbors: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); sizes.len()];
    for &(a, b) in edges {
        if a != b && a < sizes.len() && b < sizes.len() {
            neighbors[a].insert(b);
            neighbors[b].insert(a);
        }
    }
    let mut blocks: Vec<Block> = Vec::new();
    let mut alone: Vec<usize> = Vec::new();
    for component in components(&neighbors) {
        match component.as_slice() {
            [single] => alone.push(*single),
            _ => blocks.push(Block::joined(component, &neighbors, sizes)),
        }
    }
    // Wide blocks first, so that rows fill well; equal ones keep their order.
    blocks.sort_by(|a, b| (b.size.x * b.size.y).total_cmp(&(a.size.x * a.size.y)));
    let area: f64 = blocks.iter().map(|block| (block.size.x + COMPONENT_GAP) * (block.size.y + COMPONENT_GAP)).sum();
    let widest = blocks.iter().map(|block| block.size.x).fold(720.0, f64::max);
    let width = widest.max((area * 1.7).sqrt());
    let rest = rows(&alone.iter().map(|index| sizes[*index]).collect::<Vec<_>>(), width, GAP.x);
    if !alone.is_empty() {
        blocks.push(Block { members: alone, centers: rest.centers, size: rest.size });
    }

    let placed = rows(&blocks.iter().map(|block| block.size).collect::<Vec<_>>(), width, COMPONENT_GAP);
    let mut centers = vec![Point::default(); sizes.len()];
    for (block, center) in blocks.iter().zip(&placed.centers) {
        let (left, top) = (center.x - block.size.x / 2.0, center.y - block.size.y / 2.0);
        for (member, inner) in block.members.iter().zip(&block.centers) {
            centers[*member] = Point { x: left + inner.x, y: top + inner.y };
        }
    }
    Layout { centers, size: placed.size }
}

/// A component with its nodes placed from its own corner.
struct Block {
    members: Vec<usize>,
    centers: Vec<Point>,
    size: Point,
}

impl Block {
    fn joined(members: Vec<usize>, neighbors: &[BTreeSet<usize>], sizes: &[Point]) -> Self {
        let local: BTreeMap<usize, usize> =
            members.iter().enumerate().map(|(local, global)| (*global, local)).collect();
        let joined: Vec<Vec<usize>> = members
            .iter()
            .map(|member| neighbors[*member].iter().filter_map(|other| local.get(other).copied()).collect())
            .collect();
        let boxes: Vec<Point> = members.iter().map(|member| sizes[*member]).collect();
        let mut centers = spiral(members.len());
        if members.len() <= STRESS_LIMIT {
            stress(&mut centers, &joined);
        } else {
            springs(&mut centers, &joined);
        }
        // Screens are wider than tall.
        let (low, high) = bounds(&centers, &vec![Point::default(); centers.len()]);
        if high.y - low.y > high.x - low.x {
            for center in &mut centers {
                std::mem::swap(&mut center.x, &mut center.y);
            }
        }
        for center in &mut centers {
            center.x *= STRETCH;
        }
        separate(&mut centers, &boxes);
        let (low, high) = bounds(&centers, &boxes);
        for center in &mut centers {
            center.x -= low.x;
            center.y -= low.y;
        }
        Self { members, centers, size: Point { x: high.x - low.x, y: high.y - low.y } }
    }
}

/// Connected components, each in breadth-first order from its best joined node, the component of node zero first.
pub(super) fn components(neighbors: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; neighbors.len()];
    let mut found = Vec::new();
    for start in 0..neighbors.len() {
        if seen[start] {
            continue;
        }
        let members = reach(start, neighbors);
        members.iter().for_each(|member| seen[*member] = true);
        // The last of the best in reverse order is the first in order.
        let hub = members.iter().copied().rev().max_by_key(|member| (neighbors[*member].len(), usize::MAX - member));
        found.push(reach(hub.unwrap_or(start), neighbors));
    }
    found
}

fn reach(start: usize, neighbors: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut seen = BTreeSet::from([start]);
    let mut order = vec![start];
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        order.extend(neighbors[at].iter().copied().filter(|neighbor| seen.insert(*neighbor)));
        next += 1;
    }
    order
}

fn spiral(count: usize) -> Vec<Point> {
    let mut turn = Point { x: 1.0, y: 0.0 };
    (0..count)
        .map(|index| {
            let radius = EDGE_LENGTH * 0.6 * (index as f64).sqrt();
            let point = Point { x: turn.x * radius, y: turn.y * radius };
            turn = Point { x: turn.x * GOLDEN.x - turn.y * GOLDEN.y, y: turn.x * GOLDEN.y + turn.y * GOLDEN.x };
            point
        })
        .collect()
}

/// Length that an edge should have: hubs need room for their many neighbors.
fn edge_length(joined: &[Vec<usize>], a: usize, b: usize) -> f64 {
    let degree = joined[a].len().max(joined[b].len()).saturating_sub(5).min(30);
    EDGE_LENGTH + 7.0 * degree as f64
}

/// Moves every node to where the others, each at its distance in the graph, would have it, again and again.
fn stress(centers: &mut [Point], joined: &[Vec<usize>]) {
    let count = centers.len();
    let distances: Vec<Vec<f64>> = (0..count).map(|start| shortest(start, joined)).collect();
    for _ in 0..150 {
        let mut moved = 0.0_f64;
        for index in 0..count {
            let at = centers[index];
            let (mut sum, mut weights) = (Point::default(), 0.0);
            for other in (0..count).filter(|other| *other != index) {
                let wanted = distances[index][other];
                let weight = 1.0 / (wanted * wanted);
                let away = Point { x: at.x - centers[other].x, y: at.y - centers[other].y };
                let length = (away.x * away.x + away.y * away.y).sqrt().max(1e-6);
                sum.x += weight * (centers[other].x + wanted * away.x / length);
                sum.y += weight * (centers[other].y + wanted * away.y / length);
                weights += weight;
            }
            if weights > 0.0 {
                let to = Point { x: sum.x / weights, y: sum.y / weights };
                moved = moved.max((to.x - at.x).abs()).max((to.y - at.y).abs());
                centers[index] = to;
            }
        }
        if moved < 0.5 {
            break;
        }
    }
}

/// Distances along edges from one node of a connected component.
fn shortest(start: usize, joined: &[Vec<usize>]) -> Vec<f64> {
    let mut distances = vec![f64::INFINITY; joined.len()];
    distances[start] = 0.0;
    // Lengths differ little, so a queue that takes nodes again when they got nearer is as quick as a heap.
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in &joined[at] {
            let distance = distances[at] + edge_length(joined, at, next);
            if distance < distances[next] {
                distances[next] = distance;
                queue.push_back(next);
            }
        }
    }
    distances
}

/// Springs along edges, and a push between nodes that are near; far ones do not feel each other.
fn springs(centers: &mut [Point], joined: &[Vec<usize>]) {
    const STEPS: u32 = 120;
    let reach = EDGE_LENGTH * 1.5;
    for step in 0..STEPS {
        let limit = EDGE_LENGTH * (1.0 - f64::from(step) / f64::from(STEPS));
        let cell = |point: Point| ((point.x / reach).floor() as i64, (point.y / reach).floor() as i64);
        let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for (index, point) in centers.iter().enumerate() {
            cells.entry(cell(*point)).or_default().push(index);
        }
        let forces: Vec<Point> = (0..centers.len())
            .map(|index| {
                let at = centers[index];
                let (column, row) = cell(at);
                // A weak pull to the middle keeps long chains on the page.
                let mut force = Point { x: -at.x * 0.01, y: -at.y * 0.01 };
                for near in (column - 1..=column + 1).flat_map(|x| (row - 1..=row + 1).map(move |y| (x, y))) {
                    for &other in cells.get(&near).into_iter().flatten().filter(|other| **other != index) {
                        let away = Point { x: at.x - centers[other].x, y: at.y - centers[other].y };
                        let square = (away.x * away.x + away.y * away.y).max(1.0);
                        force.x += away.x * EDGE_LENGTH * EDGE_LENGTH / square;
                        force.y += away.y * EDGE_LENGTH * EDGE_LENGTH / square;
                    }
                }
                for &other in &joined[index] {
                    let to = Point { x: centers[other].x - at.x, y: centers[other].y - at.y };
                    let pull = (to.x * to.x + to.y * to.y).sqrt() / EDGE_LENGTH;
                    force.x += to.x * pull;
                    force.y += to.y * pull;
                }
                force
            })
            .collect();
        for (center, force) in centers.iter_mut().zip(&forces) {
            let length = (force.x * force.x + force.y * force.y).sqrt().max(1e-6);
            let shift = length.min(limit) / length;
            center.x += force.x * shift;
            center.y += force.y * shift;
        }
    }
}

/// Pushes boxes apart until none overlap, or nearly none in a crowd.
fn separate(centers: &mut [Point], boxes: &[Point]) {
    let widest = boxes.iter().map(|size| size.x).fold(0.0, f64::max) + GAP.x;
    // A sweep over a crowd of many thousands takes long, and no picture of it can be read anyway.
    let count = centers.len() as f64;
    let sweeps = (200_000_000.0 / (count * count.sqrt()).max(1.0)).clamp(5.0, 200.0) as usize;
    for _ in 0..sweeps {
        let mut order: Vec<usize> = (0..centers.len()).collect();
        order.sort_by(|a, b| centers[*a].x.total_cmp(&centers[*b].x).then(a.cmp(b)));
        let mut clean = true;
        for (position, &a) in order.iter().enumerate() {
            for &b in order.iter().skip(position + 1) {
                let apart = Point { x: centers[b].x - centers[a].x, y: centers[b].y - centers[a].y };
                if apart.x > widest {
                    break;
                }
                let over = Point {
                    x: (boxes[a].x + boxes[b].x) / 2.0 + GAP.x - apart.x.abs(),
                    y: (boxes[a].y + boxes[b].y) / 2.0 + GAP.y - apart.y.abs(),
                };
                if over.x <= 0.01 || over.y <= 0.01 {
                    continue;
                }
                clean = false;
                // The shorter way out; half each.
                if over.x < over.y {
                    let shift = over.x / 2.0 * if apart.x < 0.0 { -1.0 } else { 1.0 };
                    centers[a].x -= shift;
                    centers[b].x += shift;
                } else {
                    let shift = over.y / 2.0 * if apart.y < 0.0 { -1.0 } else { 1.0 };
                    centers[a].y -= shift;
                    centers[b].y += shift;
                }
            }
        }
        if clean {
            break;
        }
    }
}

fn bounds(centers: &[Point], boxes: &[Point]) -> (Point, Point) {
    let mut low = Point { x: f64::INFINITY, y: f64::INFINITY };
    let mut high = Point { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
    for (center, size) in centers.iter().zip(boxes) {
        low = Point { x: low.x.min(center.x - size.x / 2.0), y: low.y.min(center.y - size.y / 2.0) };
        high = Point { x: high.x.max(center.x + size.x / 2.0), y: high.y.max(center.y + size.y / 2.0) };
    }
    (low, high)
}

/// Boxes in rows of about a width, in order; each row is as high as its highest box.
pub(super) fn rows(boxes: &[Point], width: f64, gap: f64) -> Layout {
    let mut made = Layout::default();
    let (mut x, mut y, mut height) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut row_start = 0;
    for (index, size) in boxes.iter().enumerate() {
        if index > row_start && x + size.x > width {
            (x, y, height, row_start) = (0.0, y + height + gap, 0.0, index);
        }
        made.centers.push(Point { x: x + size.x / 2.0, y: y + size.y / 2.0 });
        x += size.x;
        height = height.max(size.y);
        made.size = Point { x: made.size.x.max(x), y: made.size.y.max(y + height) };
        x += gap;
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(count: usize, edges: &[(usize, usize)]) -> Layout {
        let sizes: Vec<Point> =
            (0..count).map(|index| Point { x: 40.0 + (index % 7) as f64 * 20.0, y: 30.0 }).collect();
        let made = layout(&sizes, edges);
        assert_eq!(made.centers.len(), count);
        for (index, (center, size)) in made.centers.iter().zip(&sizes).enumerate() {
            assert!(center.x - size.x / 2.0 >= -0.1 && center.x + size.x / 2.0 <= made.size.x + 0.1, "{index}");
            assert!(center.y - size.y / 2.0 >= -0.1 && center.y + size.y / 2.0 <= made.size.y + 0.1, "{index}");
        }
        let overlaps = (0..count)
            .flat_map(|a| (a + 1..count).map(move |b| (a, b)))
            .filter(|&(a, b)| {
                let (p, q) = (made.centers[a], made.centers[b]);
                (p.x - q.x).abs() < (sizes[a].x + sizes[b].x) / 2.0 && (p.y - q.y).abs() < 30.0
            })
            .count();
        assert!(overlaps <= count / 100, "{overlaps} of {count} overlap");
        assert_eq!(made, layout(&sizes, edges));
        made
    }

    #[test]
    fn boxes_stay_inside_and_apart() {
        check(0, &[]);
        check(1, &[]);
        check(2, &[(0, 1), (1, 0), (1, 1), (5, 9)]);
        check(30, &[]);
        check(40, &(1..40).map(|index| (0, index)).collect::<Vec<_>>());
        check(60, &(1..60).map(|index| (index - 1, index)).collect::<Vec<_>>());
        check(50, &(0..50).map(|index| (index, (index * 7 + 3) % 50)).collect::<Vec<_>>());
        check(600, &(1..600).map(|index| (index, (index * index) % index.clamp(2, 40))).collect::<Vec<_>>());
    }

    #[test]
    fn joined_boxes_are_near() {
        let made = check(6, &[(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]);
        let distance = |a: usize, b: usize| {
            let (p, q) = (made.centers[a], made.centers[b]);
            ((p.x - q.x).powi(2) + (p.y - q.y).powi(2)).sqrt()
        };
        assert!(distance(0, 1) < 300.0 && distance(0, 5) > 500.0);
    }
}
