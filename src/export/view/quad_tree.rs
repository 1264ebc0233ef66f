//! Points in squares in squares, so that far ones can be felt together (Barnes and Hut 1986).

use crate::export::layout::Point;

/// Squares are not divided further than this; points that lie closer are one to all others.
const DEPTH: u32 = 40;
const NONE: u32 = u32::MAX;

/// A square with the mass in it. Its four parts lie one after another from `first`.
#[derive(Debug, Clone, Copy)]
struct Cell {
    center: Point,
    mass: f64,
    first: u32,
}

/// The squares, the outermost first.
#[derive(Debug, Default)]
pub(super) struct QuadTree {
    cells: Vec<Cell>,
    width: f64,
}

impl QuadTree {
    /// Puts all points in, in order; the memory of the last time is used again.
    pub fn fill(&mut self, points: &[Point], masses: &[f64]) {
        let (mut low, mut high) = (Point { x: f64::MAX, y: f64::MAX }, Point { x: f64::MIN, y: f64::MIN });
        for point in points {
            low = Point { x: low.x.min(point.x), y: low.y.min(point.y) };
            high = Point { x: high.x.max(point.x), y: high.y.max(point.y) };
        }
        self.width = (high.x - low.x).max(high.y - low.y).max(1e-9);
        self.cells.clear();
        self.cells.push(Cell { center: Point::default(), mass: 0.0, first: NONE });
        for (point, mass) in points.iter().zip(masses) {
            self.insert(*point, *mass, low);
        }
    }

    fn insert(&mut self, point: Point, mass: f64, mut corner: Point) {
        let (mut at, mut half) = (0_usize, self.width / 2.0);
        for depth in 0.. {
            let cell = self.cells[at];
            if cell.mass == 0.0 {
                self.cells[at] = Cell { center: point, mass, first: NONE };
                return;
            }
            // The middle of what is in it now and what comes.
            let sum = cell.mass + mass;
            self.cells[at].mass = sum;
            self.cells[at].center = Point {
                x: (cell.center.x * cell.mass + point.x * mass) / sum,
                y: (cell.center.y * cell.mass + point.y * mass) / sum,
            };
            if depth == DEPTH {
                return;
            }
            let middle = Point { x: corner.x + half, y: corner.y + half };
            let part = |point: Point| usize::from(point.x >= middle.x) + 2 * usize::from(point.y >= middle.y);
            if cell.first == NONE {
                // It held one point, which goes a step down.
                let first = self.cells.len();
                self.cells[at].first = first as u32;
                self.cells.extend([Cell { center: Point::default(), mass: 0.0, first: NONE }; 4]);
                self.cells[first + part(cell.center)] = Cell { first: NONE, ..cell };
            }
            let part = part(point);
            at = self.cells[at].first as usize + part;
            corner = Point {
                x: if part % 2 == 1 { middle.x } else { corner.x },
                y: if part >= 2 { middle.y } else { corner.y },
            };
            half /= 2.0;
        }
    }

    /// What pushes a point away from all others, each by its mass over the distance.
    ///
    /// Squares that look smaller than `theta` from the point count as one mass in their middle.
    pub fn push(&self, point: Point, theta: f64, stack: &mut Vec<(u32, f64)>) -> Point {
        let mut force = Point::default();
        stack.clear();
        stack.push((0, self.width));
        while let Some((index, width)) = stack.pop() {
            let cell = &self.cells[index as usize];
            if cell.mass == 0.0 {
                continue;
            }
            let away = Point { x: point.x - cell.center.x, y: point.y - cell.center.y };
            let square = away.x * away.x + away.y * away.y;
            if cell.first == NONE || width * width < theta * theta * square {
                // The point itself, or one in the same place, pushes nowhere.
                if square > 0.0 {
                    let strength = cell.mass / square;
                    force.x += away.x * strength;
                    force.y += away.y * strength;
                }
            } else {
                stack.extend((cell.first..cell.first + 4).map(|part| (part, width / 2.0)));
            }
        }
        force
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_push_is_near_the_sum_over_all_points() {
        let points: Vec<Point> =
            (0..500_u32).map(|i| Point { x: f64::from(i * 7919 % 1009), y: f64::from(i * 104_729 % 997) }).collect();
        let masses: Vec<f64> = (0..500).map(|i| f64::from(1 + i % 5)).collect();
        let mut tree = QuadTree::default();
        tree.fill(&points, &masses);
        let mut stack = Vec::new();
        let (mut error, mut size) = (0.0, 0.0);
        for point in &points {
            let mut exact = Point::default();
            for (other, mass) in points.iter().zip(&masses) {
                let away = Point { x: point.x - other.x, y: point.y - other.y };
                let square = away.x * away.x + away.y * away.y;
                if square > 0.0 {
                    exact.x += away.x * mass / square;
                    exact.y += away.y * mass / square;
                }
            }
            let zero = tree.push(*point, 0.0, &mut stack);
            assert!((zero.x - exact.x).abs() + (zero.y - exact.y).abs() < 1e-6);
            let near = tree.push(*point, 1.0, &mut stack);
            error += (near.x - exact.x).abs() + (near.y - exact.y).abs();
            size += exact.x.abs() + exact.y.abs();
        }
        assert!(error < 0.1 * size, "{error} of {size}");
    }

    #[test]
    fn points_in_one_place_do_no_harm() {
        let mut tree = QuadTree::default();
        tree.fill(&[Point { x: 2.0, y: 3.0 }; 100], &[1.0; 100]);
        let force = tree.push(Point { x: 2.0, y: 3.0 }, 1.0, &mut Vec::new());
        assert!(force.x.is_finite() && force.y.is_finite());
        tree.fill(&[], &[]);
        assert_eq!(tree.push(Point::default(), 1.0, &mut Vec::new()), Point::default());
    }
}
