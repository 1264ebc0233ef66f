//! Clusters of units kept up to date: only what changed, and what hangs together with it, is looked at again.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    GraphFile, Sql, StoreError, alone,
    write::{context, dates_of, unit_number},
};
use crate::{
    corpus::{
        Clustering, Context, Decisions, MAX_BLOCK, MAX_NAMESAKES, Occurrence, Pair, PairReason, Prepared, Profile,
        RULES, Refusal, cluster, decided, is_compared, may_be_shared, split,
    },
    graph::part::{PartEntity, key_of_proven, number},
    schema::EntityType,
    sort::Sorter,
};

/// Units that are kept in memory, with their names made ready, twice at the most; and blocks of which something is known.
const CACHE: usize = 15_000;

/// In how many documents a unit stands that is kept for longer, and how many of these are.
const HEAVY: usize = 200;
const MAX_HEAVY: usize = 4_000;

/// Bytes that the blocks which units have come to or left may take in memory.
const MOVES: usize = 16 << 20;

/// What came in the way of a resolution.
enum Fault {
    Database(rusqlite::Error),
    /// A file beside the graph file could not be written or read.
    Scratch(io::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Scratch(error)
    }
}

/// What a resolution did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Units whose documents had changed.
    pub changed: usize,
    /// Pairs that were scored.
    pub scored: usize,
    /// Units of the clusters that were made anew.
    pub clustered: usize,
}

impl GraphFile {
    /// Brings the clusters up to date with the documents; quick if nothing changed. What documents that were taken out
    /// have left in the file goes with it; `docs/corpus.md` tells how far.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written; it is then as before, and the next call does the work.
    pub fn resolve(&mut self) -> Result<Resolved, StoreError> {
        self.require("rules", RULES)?;
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let (resolved, are_names_gone) = self.resolve_beside(&folder).map_err(|fault| match fault {
            Fault::Database(source) => StoreError::from_sql(&self.path, source),
            Fault::Scratch(source) => StoreError::Scratch { folder, source },
        })?;
        self.has_traces |= are_names_gone;
        self.sweep()?;
        Ok(resolved)
    }

    /// What it did, and whether names are gone that no document has any more.
    fn resolve_beside(&mut self, folder: &Path) -> Result<(Resolved, bool), Fault> {
        let transaction = self.connection.transaction()?;
        let done = resolve(&transaction, folder)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Whether documents have come or gone since the last resolution.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn is_stale(&mut self) -> Result<bool, StoreError> {
        self.look(|connection| connection.query_row("SELECT EXISTS (SELECT 1 FROM changed)", [], |row| row.get(0)))
    }

    /// Notes what people decided about pairs of units, given by their keys.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn decide(&mut self, decisions: &Decisions) -> Result<(), StoreError> {
        self.sql(|connection| {
            let transaction = connection.transaction()?;
            for (pairs, same) in [(&decisions.same, true), (&decisions.apart, false)] {
                for (a, b) in pairs {
                    transaction
                        .prepare_cached("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?)")?
                        .execute(params![a, b, same])?;
                    transaction
                        .prepare_cached("INSERT OR IGNORE INTO changed SELECT id FROM units WHERE key IN (?, ?)")?
                        .execute([a, b])?;
                }
            }
            for ((base, document), label) in &decisions.documents {
                transaction
                    .prepare_cached("INSERT OR REPLACE INTO namesakes VALUES (?, ?, ?)")?
                    .execute([base, document, label])?;
                transaction
                    .prepare_cached("INSERT OR IGNORE INTO changed SELECT id FROM units WHERE base = ?")?
                    .execute([base])?;
            }
            alone::bind(&transaction)?;
            transaction.commit()
        })
    }

    /// What people have decided so far.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn decisions(&mut self) -> Result<Decisions, StoreError> {
        self.look(decisions)
    }

    /// What keeps likely pairs of names apart that the clusters of some keys are in, by the two keys of each pair, the
    /// smaller one first.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn refusals(&mut self, keys: &BTreeSet<String>) -> Result<BTreeMap<(String, String), Refusal>, StoreError> {
        self.look(|connection| {
            let decisions = decisions(connection)?;
            let mut units = Units::new(connection);
            let mut seen: BTreeSet<i64> = BTreeSet::new();
            let mut refusals = BTreeMap::new();
            for key in keys {
                let Some(unit) = unit_of_key(connection, key)?.filter(|unit| !seen.contains(unit)) else { continue };
                let component = component(connection, unit)?;
                let (_, made) = clustered(&mut units, &component, &decisions)?;
                for refusal in made.refusals {
                    refusals.insert((refusal.first.clone(), refusal.second.clone()), refusal);
                }
                seen.extend(component);
            }
            Ok(refusals)
        })
    }
}

fn decisions(connection: &Connection) -> Sql<Decisions> {
    let mut decisions = Decisions::default();
    let mut statement = connection.prepare_cached("SELECT a, b, same FROM decisions")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (a, b, same): (String, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        decisions.decide(&a, &b, same);
    }
    let mut statement = connection.prepare_cached("SELECT base, document, label FROM namesakes")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        decisions.documents.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    Ok(decisions)
}

fn numbers(connection: &Connection, sql: &str, of: i64) -> Sql<Vec<i64>> {
    connection.prepare_cached(sql)?.query_map([of], |row| row.get(0))?.collect()
}

/// Sorts what does not fit into memory in files of the folder. Says too whether names are gone.
fn resolve(connection: &Connection, folder: &Path) -> Result<(Resolved, bool), Fault> {
    let decisions = decisions(connection)?;
    split_namesakes(connection, &decisions)?;
    let mut units = Units::new(connection);
    let changed: Vec<i64> = connection
        .prepare("SELECT unit FROM changed ORDER BY unit")?
        .query_map([], |row| row.get(0))?
        .collect::<Sql<_>>()?;
    let mut resolved = Resolved { changed: changed.len(), ..Resolved::default() };

    let mut again: Vec<i64> = Vec::new();
    let (to_score, are_names_gone) = settle(&mut units, &changed, folder, &mut again)?;
    drop(changed);
    resolved.scored = score(&mut units, &to_score, &decisions, folder, &mut again)?;
    drop(to_score);
    again.sort_unstable();
    again.dedup();
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    for start in again {
        if seen.contains(&start) {
            continue;
        }
        let component = component(connection, start)?;
        if component.len() > 1 {
            seen.extend(&component);
        }
        resolved.clustered += component.len();
        cluster_component(&mut units, &component, &decisions)?;
    }
    connection.execute("DELETE FROM changed", [])?;
    Ok((resolved, are_names_gone))
}

/// Moves units to the blocks that they now belong to, and says which units are to be scored, in order; units without
/// documents go, and what they were joined with is to be looked at `again`. Says too whether there were any.
fn settle(
    units: &mut Units<'_>,
    changed: &[i64],
    folder: &Path,
    again: &mut Vec<i64>,
) -> Result<(Vec<i64>, bool), Fault> {
    let connection = units.connection;
    let mut moves = Moves::new(folder);
    let mut to_score: Vec<i64> = Vec::new();
    let mut are_names_gone = false;
    for unit in changed {
        let known = units.get(*unit)?;
        let old = blocks_of(connection, *unit)?;
        let new: BTreeSet<String> = known.iter().flat_map(|known| known.blocks.iter().cloned()).collect();
        for block in old.difference(&new) {
            connection
                .prepare_cached("DELETE FROM blocks WHERE block = ? AND unit = ?")?
                .execute(params![block, unit])?;
            moves.push(block, -1)?;
        }
        for block in new.difference(&old) {
            connection.prepare_cached("INSERT INTO blocks VALUES (?, ?)")?.execute(params![block, unit])?;
            moves.push(block, 1)?;
        }
        if known.is_some() {
            to_score.push(*unit);
        } else {
            again.extend(drop_pairs(connection, *unit)?);
            connection.prepare_cached("DELETE FROM units WHERE id = ?")?.execute([unit])?;
            are_names_gone = true;
        }
    }
    // A block that has become too large, or small enough, changes the candidates of all its units.
    moves.for_each(|block, difference| {
        let now = block_size(connection, block)?;
        let limit = MAX_BLOCK as i64;
        if (now > limit) != (now - difference > limit) {
            let mut statement = connection.prepare_cached("SELECT unit FROM blocks WHERE block = ?")?;
            let mut rows = statement.query([block])?;
            while let Some(row) = rows.next()? {
                let unit = row.get(0)?;
                // Those that have changed are scored anyway.
                if !is_in(changed, unit) {
                    to_score.push(unit);
                }
            }
        }
        Ok(())
    })?;
    to_score.sort_unstable();
    to_score.dedup();
    Ok((to_score, are_names_gone))
}

/// Scores the pairs that units are in, and says how many there were; the units of these pairs are to be looked at `again`.
fn score(
    units: &mut Units<'_>,
    to_score: &[i64],
    decisions: &Decisions,
    folder: &Path,
    again: &mut Vec<i64>,
) -> Result<usize, Fault> {
    let connection = units.connection;
    // Each block once, with all its units in memory.
    let mut blocks = Sorter::new(folder, MOVES);
    for unit in to_score {
        again.extend(drop_pairs(connection, *unit)?);
        for block in blocks_of(connection, *unit)? {
            blocks.push(block.as_bytes())?;
        }
    }
    again.extend(to_score);
    let mut scoring = Scoring { units, decisions, is_small: HashMap::new(), scored: 0, found: Vec::new() };
    let mut blocks = blocks.finish()?;
    let mut last: Vec<u8> = Vec::new();
    while let Some(block) = blocks.next()? {
        if block != last {
            last.clear();
            last.extend(block);
            scoring.block(str::from_utf8(block).map_err(io::Error::other)?, to_score)?;
            again.append(&mut scoring.found);
        }
    }
    for (a, b) in &decisions.same {
        if let (Some(a), Some(b)) = (unit_of_key(connection, a)?, unit_of_key(connection, b)?)
            && (is_in(to_score, a) || is_in(to_score, b))
            && let (Some(own), Some(theirs)) = (scoring.units.get(a)?, scoring.units.get(b)?)
        {
            scoring.pair((a, &own), (b, &theirs))?;
            again.append(&mut scoring.found);
        }
    }
    Ok(scoring.scored)
}

/// Whether a unit is among others that are in order.
fn is_in(units: &[i64], unit: i64) -> bool {
    units.binary_search(&unit).is_ok()
}

/// By how many units blocks have grown or shrunk: more blocks than fit into memory.
struct Moves(Sorter);

impl Moves {
    fn new(folder: &Path) -> Self {
        Self(Sorter::new(folder, MOVES))
    }

    /// A unit came (1) or went (-1).
    fn push(&mut self, block: &str, difference: i8) -> io::Result<()> {
        let mut entry = block.as_bytes().to_vec();
        // Without a byte between, the entries of one block would not all be neighbours.
        entry.extend([0, difference.to_le_bytes()[0]]);
        self.0.push(&entry)
    }

    /// Gives each block with its difference, in order.
    fn for_each(self, mut run: impl FnMut(&str, i64) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut entries = self.0.finish()?;
        let mut current: Option<(String, i64)> = None;
        while let Some(entry) = entries.next()? {
            let [block @ .., 0, difference] = entry else { continue };
            let block = str::from_utf8(block).map_err(io::Error::other)?;
            let difference = i64::from(i8::from_le_bytes([*difference]));
            match &mut current {
                Some((last, sum)) if last == block => *sum += difference,
                _ => {
                    if let Some((last, sum)) = current.replace((block.to_owned(), difference)) {
                        run(&last, sum)?;
                    }
                }
            }
        }
        current.map_or(Ok(()), |(last, sum)| run(&last, sum))
    }
}

/// What an [`Occurrence`] borrows.
struct Found<'a> {
    document: u64,
    dates: BTreeSet<String>,
    context: BTreeSet<Context>,
    label: Option<&'a str>,
}

/// Gives people of one name units of their own, where documents of the name came or went.
fn split_namesakes(connection: &Connection, decisions: &Decisions) -> Sql<()> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut statement = connection.prepare("SELECT base FROM changed JOIN units ON id = unit")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(0)?.as_str()?;
        if (may_be_shared(name) || decisions.tells_apart(name)) && !names.contains(name) {
            names.insert(name.to_owned());
        }
    }
    for name in names {
        let type_name = name.split('\u{1f}').next().unwrap_or_default();
        let Some(entity_type) = EntityType::from_name(type_name) else { continue };
        // A name that very many documents have is that of one thing, and was so before, unless dates or two in one
        // document may speak against it.
        let (count, apart, has_bars): (usize, bool, bool) = connection
            .prepare_cached(
                "SELECT count(*), coalesce(max(u.key <> u.base), 0), \
                 count(e.dates) > 0 OR count(*) > count(DISTINCT e.document) \
                 FROM units u JOIN entities e ON e.unit = u.id WHERE u.base = ?",
            )?
            .query_row([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let is_many = count > MAX_NAMESAKES;
        if is_many && !apart && !has_bars && !decisions.tells_apart(&name) {
            continue;
        }
        let mut places: Vec<(i64, i64, String)> = Vec::new();
        let mut found: Vec<Found<'_>> = Vec::new();
        let mut statement = connection.prepare_cached(
            "SELECT e.document, e.entity, u.key, d.hash, e.dates, e.context, d.name FROM units u \
             JOIN entities e ON e.unit = u.id JOIN documents d ON d.id = e.document WHERE u.base = ?",
        )?;
        let mut rows = statement.query([&name])?;
        while let Some(row) = rows.next()? {
            places.push((row.get(0)?, row.get(1)?, row.get(2)?));
            let dates: Option<String> = row.get(4)?;
            // Of very many, company takes memory and is not compared.
            let bytes: Option<Vec<u8>> = if is_many { None } else { row.get(5)? };
            found.push(Found {
                document: number(&row.get(3)?),
                dates: dates_of(dates.as_deref()),
                context: context(&bytes.unwrap_or_default()),
                label: decisions.label(&name, &row.get::<_, String>(6)?),
            });
        }
        let occurrences: Vec<Occurrence<'_>> = found
            .iter()
            .zip(&places)
            .map(|(found, (_, entity, _))| Occurrence {
                document: found.document,
                entity: u32::try_from(*entity).unwrap_or(u32::MAX),
                dates: &found.dates,
                context: &found.context,
                label: found.label,
            })
            .collect();
        for ((document, entity, was), key) in places.iter().zip(split(&name, &occurrences)) {
            if *was != key {
                unit_number(connection, was, entity_type)?;
                let unit = unit_number(connection, &key, entity_type)?;
                connection
                    .prepare_cached("UPDATE entities SET unit = ? WHERE document = ? AND entity = ?")?
                    .execute([unit, *document, *entity])?;
            }
        }
    }
    Ok(())
}

fn blocks_of(connection: &Connection, unit: i64) -> Sql<BTreeSet<String>> {
    connection.prepare_cached("SELECT block FROM blocks WHERE unit = ?")?.query_map([unit], |row| row.get(0))?.collect()
}

fn block_size(connection: &Connection, block: &str) -> Sql<i64> {
    connection.prepare_cached("SELECT count(*) FROM blocks WHERE block = ?")?.query_row([block], |row| row.get(0))
}

fn unit_of_key(connection: &Connection, key: &str) -> Sql<Option<i64>> {
    connection.prepare_cached("SELECT id FROM units WHERE key = ?")?.query_row([key], |row| row.get(0)).optional()
}

/// Whether a block is small enough to be looked through.
fn is_small(connection: &Connection, block: &str) -> Sql<bool> {
    connection
        .prepare_cached("SELECT count(*) <= ?2 FROM (SELECT 1 FROM blocks WHERE block = ?1 LIMIT ?2 + 1)")?
        .query_row(params![block, MAX_BLOCK as i64], |row| row.get(0))
}

/// Scores pairs of units and writes what is likely into the file.
struct Scoring<'a, 'b> {
    units: &'b mut Units<'a>,
    decisions: &'b Decisions,
    /// What is known of blocks of late.
    is_small: HashMap<String, bool>,
    /// Number of pairs that were scored.
    scored: usize,
    /// Units of the likely pairs.
    found: Vec<i64>,
}

impl Scoring<'_, '_> {
    /// Scores the pairs that meet in a block, and in none before it, if one of them is to be scored.
    fn block(&mut self, block: &str, to_score: &[i64]) -> Sql<()> {
        let members: Vec<i64> = self
            .units
            .connection
            .prepare_cached("SELECT unit FROM blocks WHERE block = ? LIMIT ?")?
            .query_map(params![block, MAX_BLOCK as i64 + 1], |row| row.get(0))?
            .collect::<Sql<_>>()?;
        if members.len() < 2 || members.len() > MAX_BLOCK {
            return Ok(());
        }
        let mut units: Vec<(i64, Arc<Unit>, bool)> = Vec::with_capacity(members.len());
        for unit in members {
            units.extend(self.units.get(unit)?.map(|known| (unit, known, is_in(to_score, unit))));
        }
        for (at, (a, own, is_due)) in units.iter().enumerate() {
            for (b, theirs, other_is_due) in units.iter().skip(at + 1) {
                if (*is_due || *other_is_due) && !self.meet_before(own, theirs, block)? {
                    self.pair((*a, own), (*b, theirs))?;
                }
            }
        }
        Ok(())
    }

    /// Whether two units share a block that is looked through and comes before one.
    fn meet_before(&mut self, a: &Unit, b: &Unit, block: &str) -> Sql<bool> {
        let (mut left, mut right) = (a.blocks.iter().peekable(), b.blocks.iter().peekable());
        while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
            match one.cmp(other) {
                Ordering::Less => drop(left.next()),
                Ordering::Greater => drop(right.next()),
                Ordering::Equal if one.as_str() >= block => break,
                Ordering::Equal => {
                    if self.is_small(one)? {
                        return Ok(true);
                    }
                    left.next();
                    right.next();
                }
            }
        }
        Ok(false)
    }

    fn is_small(&mut self, block: &str) -> Sql<bool> {
        if let Some(known) = self.is_small.get(block) {
            return Ok(*known);
        }
        let is_small = is_small(self.units.connection, block)?;
        if self.is_small.len() >= CACHE {
            self.is_small.clear();
        }
        self.is_small.insert(block.to_owned(), is_small);
        Ok(is_small)
    }

    fn pair(&mut self, (a, own): (i64, &Unit), (b, theirs): (i64, &Unit)) -> Sql<()> {
        let connection = self.units.connection;
        let mut fault = None;
        let pair = decided(&own.prepared, &theirs.prepared, self.decisions, || together(connection, a, b, &mut fault));
        if let Some(fault) = fault {
            return Err(fault);
        }
        self.scored += 1;
        if let Some(pair) = pair {
            connection.prepare_cached("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, ?, 0)")?.execute(
                params![a.min(b), a.max(b), pair.odds, pair.reason.name(), pair.alias_documents, pair.shared_context],
            )?;
            self.found.extend([a, b]);
        }
        Ok(())
    }
}

/// Deletes the pairs of a unit and returns the units that they were with.
fn drop_pairs(connection: &Connection, unit: i64) -> Sql<Vec<i64>> {
    let mut others = numbers(connection, "DELETE FROM pairs WHERE a = ? RETURNING b", unit)?;
    others.extend(numbers(connection, "DELETE FROM pairs WHERE b = ? RETURNING a", unit)?);
    Ok(others)
}

/// In how many documents two units stand as two entities; an error goes to `fault`.
fn together(connection: &Connection, a: i64, b: i64, fault: &mut Option<rusqlite::Error>) -> u32 {
    let count = || -> Sql<u32> {
        connection
            .prepare_cached(
                "SELECT count(DISTINCT x.document) FROM entities x, entities y \
                 WHERE x.unit = ? AND y.unit = ? AND x.document = y.document",
            )?
            .query_row([a, b], |row| row.get(0))
    };
    count().unwrap_or_else(|error| {
        *fault = Some(error);
        0
    })
}

/// All units that likely pairs join with a unit, it included, in order.
fn component(connection: &Connection, start: i64) -> Sql<BTreeSet<i64>> {
    let mut component = BTreeSet::new();
    let mut border = vec![start];
    while let Some(unit) = border.pop() {
        let exists: bool = connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM units WHERE id = ?)")?
            .query_row([unit], |row| row.get(0))?;
        if exists && component.insert(unit) {
            border.extend(numbers(connection, "SELECT b FROM pairs WHERE a = ? AND odds > 0", unit)?);
            border.extend(numbers(connection, "SELECT a FROM pairs WHERE b = ? AND odds > 0", unit)?);
        }
    }
    Ok(component)
}

/// Clusters the units of a component and writes what came of it.
fn cluster_component(units: &mut Units<'_>, component: &BTreeSet<i64>, decisions: &Decisions) -> Sql<()> {
    let connection = units.connection;
    for unit in component {
        connection
            .prepare_cached("UPDATE units SET representative = id WHERE id = ? AND representative <> id")?
            .execute([unit])?;
        connection.prepare_cached("UPDATE pairs SET joined = 0 WHERE a = ? AND joined = 1")?.execute([unit])?;
    }
    if component.len() < 2 {
        return Ok(());
    }
    let (members, made) = clustered(units, component, decisions)?;
    let number: BTreeMap<&str, i64> = members.iter().map(|(known, unit)| (known.prepared.key(), *unit)).collect();
    for member in &made.members {
        if let (Some(unit), Some(representative)) =
            (number.get(member.key.as_str()), number.get(member.representative.as_str()))
        {
            connection
                .prepare_cached("UPDATE units SET representative = ? WHERE id = ?")?
                .execute([representative, unit])?;
        }
    }
    for merge in &made.merges {
        if let (Some(a), Some(b)) = (number.get(merge.first.as_str()), number.get(merge.second.as_str())) {
            connection
                .prepare_cached("UPDATE pairs SET joined = 1 WHERE a = ? AND b = ?")?
                .execute([a.min(b), a.max(b)])?;
        }
    }
    Ok(())
}

/// A unit and its number.
type Numbered = (Arc<Unit>, i64);

/// The units of a component with their numbers, in order of keys, and the clusters that they make.
fn clustered(
    units: &mut Units<'_>,
    component: &BTreeSet<i64>,
    decisions: &Decisions,
) -> Sql<(Vec<Numbered>, Clustering)> {
    let connection = units.connection;
    // In order of keys, since numbers depend on which document came first.
    let mut members: Vec<Numbered> = Vec::new();
    for unit in component {
        members.extend(units.get(*unit)?.map(|known| (known, *unit)));
    }
    members.sort_by(|a, b| a.0.prepared.key().cmp(b.0.prepared.key()));
    let position: BTreeMap<i64, usize> = members.iter().enumerate().map(|(at, (_, unit))| (*unit, at)).collect();
    let mut pairs: Vec<(usize, usize, Pair)> = Vec::new();
    for (_, unit) in &members {
        let mut statement = connection
            .prepare_cached("SELECT b, odds, reason, alias_documents, shared_context FROM pairs WHERE a = ?")?;
        let mut rows = statement.query([unit])?;
        while let Some(row) = rows.next()? {
            let (Some(a), Some(b)) = (position.get(unit), position.get(&row.get(0)?)) else { continue };
            let pair = Pair {
                odds: row.get(1)?,
                reason: PairReason::from_name(&row.get::<_, String>(2)?).unwrap_or(PairReason::Alias),
                alias_documents: row.get(3)?,
                shared_context: row.get(4)?,
            };
            pairs.push((*a.min(b), *a.max(b), pair));
        }
    }
    pairs.sort_by_key(|(a, b, _)| (*a, *b));
    let prepared: Vec<&Prepared> = members.iter().map(|(known, _)| &known.prepared).collect();
    let mut fault = None;
    let made = cluster(&prepared, &pairs, decisions, &mut |a, b| match (members.get(a), members.get(b)) {
        (Some((_, a)), Some((_, b))) => together(connection, *a, *b, &mut fault),
        _ => 0,
    });
    fault.map_or(Ok((members, made)), Err)
}

/// What documents tell of a unit, ready to be compared.
struct Unit {
    prepared: Prepared,
    /// The blocks in which it meets others, in order.
    blocks: Vec<String>,
}

/// Units, the last ones kept.
struct Units<'a> {
    connection: &'a Connection,
    /// Those that were asked for of late, and those before them, which go next.
    young: HashMap<i64, Arc<Unit>>,
    old: HashMap<i64, Arc<Unit>>,
    /// Those of very many documents, which take long to read.
    heavy: HashMap<i64, Arc<Unit>>,
}

impl<'a> Units<'a> {
    fn new(connection: &'a Connection) -> Self {
        Self { connection, young: HashMap::new(), old: HashMap::new(), heavy: HashMap::new() }
    }

    /// A unit; nothing if no document has it.
    fn get(&mut self, unit: i64) -> Sql<Option<Arc<Unit>>> {
        if let Some(known) = self.young.get(&unit).or_else(|| self.heavy.get(&unit)) {
            return Ok(Some(known.clone()));
        }
        let known = match self.old.remove(&unit) {
            Some(known) => known,
            None => {
                let Some((profile, documents)) = profile(self.connection, unit)? else { return Ok(None) };
                let prepared = Prepared::new(profile);
                let known = Arc::new(Unit { blocks: prepared.blocks(), prepared });
                if documents >= HEAVY && self.heavy.len() < MAX_HEAVY {
                    self.heavy.insert(unit, known.clone());
                    return Ok(Some(known));
                }
                known
            }
        };
        if self.young.len() >= CACHE {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(unit, known.clone());
        Ok(Some(known))
    }
}

/// What the documents tell of a unit, and in how many it stands; nothing if none has it.
fn profile(connection: &Connection, unit: i64) -> Sql<Option<(Profile, usize)>> {
    let found: Option<(String, String)> = connection
        .prepare_cached("SELECT key, type FROM units WHERE id = ?")?
        .query_row([unit], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((key, type_name)) = found else { return Ok(None) };
    let Some(entity_type) = EntityType::from_name(&type_name) else { return Ok(None) };
    let mut profile = Profile::new(&key, entity_type);
    // Titles and dates are never compared: that there is one is all that counts.
    if !is_compared(entity_type) {
        let exists = connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM entities WHERE unit = ?)")?
            .query_row([unit], |row| row.get::<_, bool>(0))?;
        return Ok(exists.then_some((profile, 1)));
    }
    let mut statement = connection.prepare_cached(
        "SELECT e.document, e.entity, e.name, e.link, e.dates, e.context, n.name, n.proven FROM entities e \
         LEFT JOIN names n ON n.document = e.document AND n.entity = e.entity AND n.proven IS NOT NULL \
         WHERE e.unit = ? ORDER BY e.document, e.entity",
    )?;
    let mut rows = statement.query([unit])?;
    let mut last: Option<(i64, i64, PartEntity)> = None;
    let mut documents = 0;
    // The same few names stand in all documents.
    let mut keys: HashMap<String, Option<String>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let place = (row.get(0)?, row.get(1)?);
        if last.as_ref().is_none_or(|(document, entity, _)| (*document, *entity) != place) {
            documents += 1;
            if let Some((.., done)) = last.take() {
                done.add_to(&mut profile);
            }
            let dates: Option<String> = row.get(4)?;
            let bytes = row.get_ref(5)?.as_blob_or_null()?;
            let made = PartEntity {
                entity_type,
                name: row.get(2)?,
                norm: None,
                link: row.get(3)?,
                names: BTreeMap::new(),
                spans: Vec::new(),
                unit: Some(key.clone()),
                proven: BTreeMap::new(),
                dates: dates_of(dates.as_deref()),
                context: context(bytes.unwrap_or_default()),
            };
            last = Some((place.0, place.1, made));
        }
        if let (Some((.., entity)), Some(name)) = (&mut last, row.get::<_, Option<String>>(6)?) {
            let known = keys.get(&name).cloned();
            let key = known.unwrap_or_else(|| {
                let key = key_of_proven(entity_type, &name, &key);
                keys.insert(name.clone(), key.clone());
                key
            });
            if let Some(key) = key {
                entity.proven.entry(key).or_default().insert(name, row.get(7)?);
            }
        }
    }
    if let Some((.., done)) = last {
        done.add_to(&mut profile);
    }
    profile.sample_context();
    Ok((documents > 0).then_some((profile, documents)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_of_a_block_add_up() {
        let folder = tempfile::tempdir().unwrap();
        let mut moves = Moves::new(folder.path());
        // One block begins as another does, and its moves are spread.
        for (block, difference) in [("w ab", 1), ("w abc", 1), ("w ab", -1), ("w", 1), ("w abc", 1), ("w ab", -1)] {
            moves.push(block, difference).unwrap();
        }
        let mut found = Vec::new();
        let all = moves.for_each(|block, difference| {
            found.push((block.to_owned(), difference));
            Ok(())
        });
        assert!(all.is_ok());
        assert_eq!(found, [("w", 1), ("w ab", -1), ("w abc", 2)].map(|(block, moved)| (block.to_owned(), moved)));
    }
}
