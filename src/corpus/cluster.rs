//! Clusters of units from scored pairs.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Decisions, in_order,
    namesakes::stays_alone,
    profile::Context,
    score::{Bar, Pair, Prepared, bar, shared},
};

/// Odds, in thousandths, that a pair without a score counts with when clusters are joined.
const UNSCORED: i32 = -1500;
/// By how much a name must speak more for one thing than for another that cannot be the same.
const MARGIN: i32 = 700;

/// Two units that were joined, and with them their clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The smaller key.
    pub first: String,
    /// The larger key.
    pub second: String,
    /// The score of the pair and its reason.
    pub pair: Pair,
}

/// Two units that were not joined, though they are more likely one than two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The smaller key.
    pub first: String,
    /// The larger key.
    pub second: String,
    /// What kept them apart.
    pub bar: Bar,
    /// The names between which it stands, which may be others of the two clusters.
    pub names: [String; 2],
}

/// A unit and its cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The unit.
    pub key: String,
    /// The smallest key of the cluster.
    pub representative: String,
}

/// What became of the units of a component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clustering {
    /// The units that are not alone in their cluster.
    pub members: Vec<Member>,
    /// The pairs that joined them.
    pub merges: Vec<Merge>,
    /// The likely pairs that are apart all the same, in order of keys.
    pub refusals: Vec<Refusal>,
}

/// Clusters units that scored pairs join; `pairs` are indices into `units` with the first below the second.
///
/// Likeliest pairs first, two clusters become one if no unit of the one is forbidden to be a unit of the other, and if
/// all pairs between them are on the average more likely one than two. So one likely pair cannot chain things together
/// that have nothing else in common. A name that speaks about as much for one thing as for another (an acronym of two
/// bodies) goes to neither. `together` tells in how many documents two units stand side by side.
#[must_use]
pub fn cluster(
    units: &[&Prepared],
    pairs: &[(usize, usize, Pair)],
    decisions: &Decisions,
    together: &mut dyn FnMut(usize, usize) -> u32,
) -> Clustering {
    let mut state = State {
        units,
        decisions,
        odds: pairs.iter().map(|(a, b, pair)| ((*a, *b), pair)).collect(),
        barred: BTreeMap::new(),
        cluster_of: (0..units.len()).collect(),
        clusters: (0..units.len()).map(|unit| vec![unit]).collect(),
    };
    let torn = state.torn(together);
    let mut order: Vec<&(usize, usize, Pair)> =
        pairs.iter().filter(|(a, b, pair)| pair.odds > 0 && !torn.contains(&(*a, *b))).collect();
    let key = |unit: usize| units.get(unit).map_or("", |unit| unit.key());
    order.sort_by_key(|(a, b, pair)| (Reverse(pair.odds), key(*a), key(*b)));
    let mut merges = Vec::new();
    // Pairs that were not joined, and for each what stands between which two units.
    let mut refused: Vec<(usize, usize, Obstacle)> = torn.iter().map(|(a, b)| (*a, *b, (Bar::Torn, *a, *b))).collect();
    for (a, b, pair) in order {
        match state.join(*a, *b, pair, together) {
            Joined::Now => {
                let (first, second) = in_order(key(*a), key(*b));
                merges.push(Merge { first, second, pair: pair.clone() });
            }
            Joined::Before => {}
            Joined::Not(obstacle) => refused.push((*a, *b, obstacle)),
        }
    }
    merges.sort_by(|a, b| (&a.first, &a.second).cmp(&(&b.first, &b.second)));
    // Some came together over others.
    refused.retain(|(a, b, _)| state.cluster_of.get(*a) != state.cluster_of.get(*b));
    let name = |unit: usize| units.get(unit).map_or("", |unit| unit.profile().name()).to_owned();
    let mut refusals: Vec<Refusal> = refused
        .into_iter()
        .map(|(a, b, (bar, x, y))| {
            let (first, second) = in_order(key(a), key(b));
            Refusal { first, second, bar, names: [name(x), name(y)] }
        })
        .collect();
    refusals.sort_by(|a, b| (&a.first, &a.second).cmp(&(&b.first, &b.second)));
    let mut members = Vec::new();
    for cluster in state.clusters.iter().filter(|cluster| cluster.len() > 1) {
        let representative = cluster.iter().map(|unit| key(*unit)).min().unwrap_or_default();
        let member = |unit: &usize| Member { key: key(*unit).to_owned(), representative: representative.to_owned() };
        members.extend(cluster.iter().map(member));
    }
    Clustering { members, merges, refusals }
}

/// What stands between two units.
type Obstacle = (Bar, usize, usize);

/// What came of the try to join two clusters.
enum Joined {
    Now,
    /// They had become one over other pairs.
    Before,
    Not(Obstacle),
}

struct State<'a> {
    units: &'a [&'a Prepared],
    decisions: &'a Decisions,
    odds: BTreeMap<(usize, usize), &'a Pair>,
    /// What was found out about pairs that were asked for.
    barred: BTreeMap<(usize, usize), Option<Bar>>,
    cluster_of: Vec<usize>,
    clusters: Vec<Vec<usize>>,
}

impl State<'_> {
    /// What forbids that two units are one.
    fn bar(&mut self, a: usize, b: usize, together: &mut dyn FnMut(usize, usize) -> u32) -> Option<Bar> {
        let pair = (a.min(b), a.max(b));
        if let Some(known) = self.barred.get(&pair) {
            return *known;
        }
        let barred = match (self.units.get(a), self.units.get(b)) {
            (Some(left), Some(right)) => {
                let decided = in_order(left.key(), right.key());
                if self.decisions.apart.contains(&decided) {
                    Some(Bar::Decision)
                } else if self.decisions.same.contains(&decided) || self.odds.contains_key(&pair) {
                    // A scored pair passed the same test before.
                    None
                } else {
                    bar(left, right).or_else(|| (together(a, b) > 0).then_some(Bar::Together))
                }
            }
            _ => Some(Bar::Names),
        };
        self.barred.insert(pair, barred);
        barred
    }

    /// Pairs of a short name that may stand for two long ones, which are not likely one, about alike.
    fn torn(&mut self, together: &mut dyn FnMut(usize, usize) -> u32) -> BTreeSet<(usize, usize)> {
        let length = |unit: usize| self.units.get(unit).map_or(0, |unit| unit.profile().name().len());
        let mut likely: BTreeMap<usize, Vec<(i32, usize)>> = BTreeMap::new();
        for ((a, b), pair) in &self.odds {
            if pair.odds > 0 && pair.odds < Pair::DECIDED {
                let (short, long) = if length(*a) <= length(*b) { (*a, *b) } else { (*b, *a) };
                likely.entry(short).or_default().push((pair.odds, long));
            }
        }
        let mut torn = BTreeSet::new();
        for (unit, mut others) in likely {
            others.sort_unstable_by_key(|(odds, other)| (Reverse(*odds), *other));
            let Some((best, first)) = others.first().copied() else { continue };
            let rivals: Vec<usize> = others
                .iter()
                .skip(1)
                .take_while(|(odds, _)| *odds > best - MARGIN)
                .map(|(_, other)| *other)
                .filter(|other| {
                    let pair = (first.min(*other), first.max(*other));
                    self.odds.get(&pair).is_none_or(|pair| pair.odds <= 0)
                })
                .collect();
            // Of one with two forms that nothing joins but the short name itself, both may be right: "NB" for Nordbank.
            let rivals: Vec<usize> = rivals
                .into_iter()
                .filter(|other| self.bar(first, *other, together).is_some() || !self.meets(first, *other))
                .collect();
            if !rivals.is_empty() {
                torn.extend(rivals.into_iter().chain([first]).map(|other| (unit.min(other), unit.max(other))));
            }
        }
        torn
    }

    /// Whether two units have company in common.
    fn meets(&self, a: usize, b: usize) -> bool {
        match (self.units.get(a), self.units.get(b)) {
            (Some(a), Some(b)) => shared(a.profile(), b.profile(), |class| class != Context::COUNTRY) > 0,
            _ => false,
        }
    }

    /// What a pair without a score counts for.
    fn unscored(&self, a: usize, b: usize) -> i32 {
        // What joins nothing by itself is there since people say so, and neither speaks for other pairs nor against them.
        let is_alone = |unit: usize| self.units.get(unit).is_some_and(|unit| stays_alone(unit.key()));
        if is_alone(a) || is_alone(b) { 0 } else { UNSCORED }
    }

    /// Makes one cluster of those of two units, if nothing speaks against it; says whether it did.
    fn join(&mut self, a: usize, b: usize, pair: &Pair, together: &mut dyn FnMut(usize, usize) -> u32) -> Joined {
        let root = |unit: usize| self.cluster_of.get(unit).copied().unwrap_or(unit);
        let (left, right) = (root(a), root(b));
        if left == right {
            return Joined::Before;
        }
        let members = |cluster: usize| self.clusters.get(cluster).cloned().unwrap_or_default();
        let (ours, theirs) = (members(left), members(right));
        if pair.odds >= Pair::DECIDED {
            // What people joined is joined, unless they parted two of the names that would come together.
            let parted = |x: &usize, y: &usize| {
                let key = |unit: &usize| self.units.get(*unit).map_or("", |unit| unit.key());
                self.decisions.apart.contains(&in_order(key(x), key(y)))
            };
            let mut pairs = ours.iter().flat_map(|x| theirs.iter().map(move |y| (*x, *y)));
            if let Some((x, y)) = pairs.find(|(x, y)| parted(x, y)) {
                return Joined::Not((Bar::Decision, x, y));
            }
        } else {
            let mut sum = 0_i64;
            for x in &ours {
                for y in &theirs {
                    if let Some(bar) = self.bar(*x, *y, together) {
                        return Joined::Not((bar, *x, *y));
                    }
                    let scored = self.odds.get(&(*x.min(y), *x.max(y))).map(|pair| pair.odds);
                    sum += i64::from(scored.unwrap_or_else(|| self.unscored(*x, *y)).min(10_000));
                }
            }
            if sum <= 0 {
                return Joined::Not((Bar::Others, a, b));
            }
        }
        let (low, high) = (left.min(right), left.max(right));
        let moved = self.clusters.get_mut(high).map(std::mem::take).unwrap_or_default();
        for unit in &moved {
            if let Some(slot) = self.cluster_of.get_mut(*unit) {
                *slot = low;
            }
        }
        if let Some(cluster) = self.clusters.get_mut(low) {
            cluster.extend(moved);
        }
        Joined::Now
    }
}
