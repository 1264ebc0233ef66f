//! Which names of different documents are one thing.
//!
//! A document's own resolution has made entities of its mentions. Here each of them counts under one name, its *unit*:
//! all entities of the corpus with the same type and full name, or the same link to a knowledge base. Units whose names
//! may be variants of each other meet in blocks ([`NameKey::blocks`](crate::names::NameKey::blocks)), each pair is scored
//! ([`score`]), and clusters are made of the pairs that are more likely one than two ([`cluster`]).
//!
//! People who share a full name, and bodies that share an acronym, are told apart first ([`split`]): each further one gets
//! a unit of its own.
//!
//! What comes out depends on the set of units alone, not on their order; and only units that are joined by scored pairs
//! have a say in each other's cluster, so that a changed unit needs but its neighbors looked at again. [`resolve`] does
//! all units at once; the graph file does the changed ones.

mod cluster;
mod namesakes;
mod profile;
mod score;

use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "store")]
pub(crate) use self::profile::commonest;
pub use self::{
    cluster::{Clustering, Member, Merge, Refusal, cluster},
    namesakes::{MAX_NAMESAKES, Occurrence, base, may_be_shared, split},
    profile::{Context, Profile},
    score::{
        Bar, FEATURES, Features, PRIOR, Pair, PairReason, Prepared, WEIGHTS, features, forbids, is_compared, score,
    },
};
pub(crate) use self::{
    namesakes::{ALONE, stays_alone, tells_apart},
    profile::is_cased,
};

/// Blocks with more units than this find no candidates: a name that so many share tells nothing.
pub const MAX_BLOCK: usize = 400;

/// What people decided about pairs of units, each pair with the smaller key first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// One thing, whatever the names say.
    pub same: BTreeSet<(String, String)>,
    /// Two things, however alike.
    pub apart: BTreeSet<(String, String)>,
    /// Which of several things of one name a document means: by the key of the name and the identifier of the document, a
    /// label for each thing; the empty one keeps the name.
    pub documents: BTreeMap<(String, String), String>,
}

impl Decisions {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.same.is_empty() && self.apart.is_empty() && self.documents.is_empty()
    }

    /// What was decided of a document that has a name.
    #[must_use]
    pub fn label(&self, key: &str, document: &str) -> Option<&str> {
        // Most often nothing was, and no key has to be made.
        if self.documents.is_empty() {
            return None;
        }
        self.documents.get(&(base(key).to_owned(), document.to_owned())).map(String::as_str)
    }

    /// Whether anything was decided of the documents that have a name.
    #[must_use]
    pub fn tells_apart(&self, key: &str) -> bool {
        let first = (base(key).to_owned(), String::new());
        self.documents.range(first..).next().is_some_and(|((name, _), _)| name == base(key))
    }

    /// Notes that two units are one thing or two; a later word on the same pair wins.
    pub fn decide(&mut self, a: &str, b: &str, same: bool) {
        let pair = in_order(a, b);
        let (to, from) = if same { (&mut self.same, &mut self.apart) } else { (&mut self.apart, &mut self.same) };
        from.remove(&pair);
        to.insert(pair);
    }
}

fn in_order(a: &str, b: &str) -> (String, String) {
    if a <= b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) }
}

/// Which unit belongs to which cluster, and why.
#[derive(Debug, Clone, Default)]
pub struct Resolution {
    /// For every unit that was joined with another, the smallest key of its cluster.
    pub representatives: BTreeMap<String, String>,
    /// What was joined, in order of keys.
    pub merges: Vec<Merge>,
    /// Pairs that were scored, whether they were joined or not, in order of keys.
    pub pairs: Vec<(String, String, Pair)>,
    /// Blocks that were too large to be looked through, with their sizes.
    pub large_blocks: LargeBlocks,
}

/// Resolves all units, given by their keys.
#[must_use]
pub fn resolve(profiles: BTreeMap<String, Profile>, decisions: &Decisions) -> Resolution {
    let units: Vec<Prepared> = profiles.into_values().map(Prepared::new).collect();
    let index: BTreeMap<&str, usize> = units.iter().enumerate().map(|(at, unit)| (unit.key(), at)).collect();

    let (mut candidates, large_blocks) = candidates(&units);
    for (a, b) in &decisions.same {
        if let (Some(a), Some(b)) = (index.get(a.as_str()), index.get(b.as_str())) {
            candidates.insert((*a.min(b), *a.max(b)));
        }
    }

    let together = |a: &Prepared, b: &Prepared| a.profile().documents_with(b.profile());
    let mut pairs: Vec<(usize, usize, Pair)> = Vec::new();
    for (a, b) in candidates {
        let (Some(left), Some(right)) = (units.get(a), units.get(b)) else { continue };
        if let Some(pair) = decided(left, right, decisions, || together(left, right)) {
            pairs.push((a, b, pair));
        }
    }

    let mut resolution = Resolution { large_blocks, ..Resolution::default() };
    let likely: Vec<(usize, usize, ())> =
        pairs.iter().filter(|(.., pair)| pair.odds > 0).map(|(a, b, _)| (*a, *b, ())).collect();
    let components = components(units.len(), &likely);
    let mut place: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (number, component) in components.iter().enumerate() {
        place.extend(component.iter().enumerate().map(|(at, unit)| (*unit, (number, at))));
    }
    let mut edges: Vec<Vec<(usize, usize, Pair)>> = vec![Vec::new(); components.len()];
    for (a, b, pair) in &pairs {
        if let (Some((number, a)), Some((other, b))) = (place.get(a), place.get(b))
            && number == other
            && let Some(edges) = edges.get_mut(*number)
        {
            edges.push((*a, *b, pair.clone()));
        }
    }
    for (component, edges) in components.iter().zip(&edges) {
        let members: Vec<&Prepared> = component.iter().filter_map(|at| units.get(*at)).collect();
        let made = cluster(&members, edges, decisions, &mut |a, b| match (members.get(a), members.get(b)) {
            (Some(a), Some(b)) => together(a, b),
            _ => 0,
        });
        for Member { key, representative } in made.members {
            resolution.representatives.insert(key, representative);
        }
        resolution.merges.extend(made.merges);
    }
    resolution.merges.sort_by(|a, b| (&a.first, &a.second).cmp(&(&b.first, &b.second)));
    resolution.pairs = pairs
        .into_iter()
        .filter_map(|(a, b, pair)| Some((units.get(a)?.key().to_owned(), units.get(b)?.key().to_owned(), pair)))
        .collect();
    resolution
}

/// Blocks that were too large to be looked through, with their sizes.
pub type LargeBlocks = Vec<(String, usize)>;

/// Pairs of units that meet in a block, the first below the second; and the blocks that were too large to be looked
/// through, with their sizes.
#[must_use]
pub fn candidates(units: &[Prepared]) -> (BTreeSet<(usize, usize)>, LargeBlocks) {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        for block in unit.blocks() {
            blocks.entry(block).or_default().push(at);
        }
    }
    let mut candidates: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut large_blocks = Vec::new();
    for (block, members) in &blocks {
        if members.len() > MAX_BLOCK {
            large_blocks.push((block.clone(), members.len()));
            continue;
        }
        for (at, a) in members.iter().enumerate() {
            candidates.extend(members.iter().skip(at + 1).map(|b| (*a, *b)));
        }
    }
    (candidates, large_blocks)
}

/// The score of a pair, or what people decided about it.
pub(crate) fn decided(
    a: &Prepared,
    b: &Prepared,
    decisions: &Decisions,
    together: impl FnOnce() -> u32,
) -> Option<Pair> {
    if !decisions.is_empty() {
        let pair = in_order(a.key(), b.key());
        // Things of two types are never one.
        if decisions.same.contains(&pair) && a.profile().entity_type == b.profile().entity_type {
            return Some(Pair::decision());
        }
        if decisions.apart.contains(&pair) {
            return None;
        }
    }
    score(a, b, together)
}

/// The version of all that decides what is one thing: keys, features, weights, rules of names.
///
/// A graph file remembers it, since units that were compared by other rules cannot be mixed with new ones.
pub const RULES: &str = "5";

/// Sets of two and more units that are joined by pairs, each in order, in order of their first.
pub(crate) fn components<P>(units: usize, pairs: &[(usize, usize, P)]) -> Vec<Vec<usize>> {
    let mut sets = petgraph::unionfind::UnionFind::<usize>::new(units);
    for (a, b, _) in pairs {
        sets.union(*a, *b);
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (unit, root) in sets.into_labeling().into_iter().enumerate() {
        members.entry(root).or_default().push(unit);
    }
    let mut components: Vec<Vec<usize>> = members.into_values().filter(|members| members.len() > 1).collect();
    components.sort();
    components
}
