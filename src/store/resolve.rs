//! Clusters of units kept up to date: only what changed, and what hangs together with it, is looked at again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    GraphFile, Sql, StoreError,
    write::{context, dates_of, unit_number},
};
use crate::{
    corpus::{
        Context, Decisions, MAX_BLOCK, MAX_NAMESAKES, Occurrence, Pair, PairReason, Prepared, Profile, RULES, cluster,
        decided, is_compared, may_be_shared, split,
    },
    graph::part::{PartEntity, key_of_proven, number},
    schema::EntityType,
};

/// Units that are kept in memory, with their names made ready.
const CACHE: usize = 15_000;

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
    /// Brings the clusters up to date with the documents; quick if nothing changed.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written; it is then as before, and the next call does the work.
    pub fn resolve(&mut self) -> Result<Resolved, StoreError> {
        self.require("rules", RULES)?;
        self.sql(|connection| {
            let transaction = connection.transaction()?;
            let resolved = resolve(&transaction)?;
            transaction.commit()?;
            Ok(resolved)
        })
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

fn resolve(connection: &Connection) -> Sql<Resolved> {
    let decisions = decisions(connection)?;
    split_namesakes(connection, &decisions)?;
    let mut units = Units { connection, young: HashMap::new(), old: HashMap::new() };
    let changed: BTreeSet<i64> =
        connection.prepare("SELECT unit FROM changed")?.query_map([], |row| row.get(0))?.collect::<Sql<_>>()?;
    let mut resolved = Resolved { changed: changed.len(), ..Resolved::default() };

    // Units without documents go, and what they were joined with is looked at again; the others move to their blocks.
    let mut again: BTreeSet<i64> = BTreeSet::new();
    let mut blocks: BTreeMap<String, i64> = BTreeMap::new();
    let mut to_score: BTreeSet<i64> = BTreeSet::new();
    // Units that are likely to meet are looked at one after the other, while they are in memory.
    let mut order: Vec<(u64, i64)> = Vec::new();
    for unit in &changed {
        let profile = units.profile(*unit)?;
        let old = blocks_of(connection, *unit)?;
        let new: BTreeSet<String> = profile.iter().flat_map(|profile| profile.blocks()).collect();
        order.push((main_block(&new), *unit));
        for block in old.difference(&new) {
            connection
                .prepare_cached("DELETE FROM blocks WHERE block = ? AND unit = ?")?
                .execute(params![block, unit])?;
            *blocks.entry(block.clone()).or_insert(0) -= 1;
        }
        for block in new.difference(&old) {
            connection.prepare_cached("INSERT INTO blocks VALUES (?, ?)")?.execute(params![block, unit])?;
            *blocks.entry(block.clone()).or_insert(0) += 1;
        }
        if profile.is_some() {
            to_score.insert(*unit);
        } else {
            again.extend(drop_pairs(connection, *unit)?);
            connection.prepare_cached("DELETE FROM units WHERE id = ?")?.execute([unit])?;
        }
    }
    // A block that has become too large, or small enough, changes the candidates of all its units.
    for (block, difference) in blocks {
        let now = block_size(connection, &block)?;
        let limit = MAX_BLOCK as i64;
        if (now > limit) != (now - difference > limit) {
            let members = connection
                .prepare_cached("SELECT unit FROM blocks WHERE block = ?")?
                .query_map([&block], |row| row.get(0))?
                .collect::<Sql<Vec<i64>>>()?;
            order.extend(members.iter().filter(|unit| !changed.contains(unit)).map(|unit| (0, *unit)));
            to_score.extend(members);
        }
    }
    order.sort_unstable();
    order.dedup();

    for unit in &to_score {
        again.extend(drop_pairs(connection, *unit)?);
    }
    again.extend(&to_score);
    let mut decided_with: DecidedWith<'_> = BTreeMap::new();
    for (a, b) in &decisions.same {
        decided_with.entry(a).or_default().push(b);
        decided_with.entry(b).or_default().push(a);
    }
    for (_, unit) in order.iter().filter(|(_, unit)| to_score.contains(unit)) {
        let Some(own) = units.profile(*unit)? else { continue };
        for other in candidates(connection, *unit, own.key(), &decided_with)? {
            // The pair is scored from one side.
            if other == *unit || (other < *unit && to_score.contains(&other)) {
                continue;
            }
            let Some(theirs) = units.profile(other)? else { continue };
            let mut fault = None;
            let pair = decided(&own, &theirs, &decisions, || together(connection, *unit, other, &mut fault));
            if let Some(fault) = fault {
                return Err(fault);
            }
            resolved.scored += 1;
            if let Some(pair) = pair {
                connection.prepare_cached("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, ?, 0)")?.execute(
                    params![
                        other.min(*unit),
                        other.max(*unit),
                        pair.odds,
                        pair.reason.name(),
                        pair.alias_documents,
                        pair.shared_context
                    ],
                )?;
                again.insert(other);
            }
        }
    }

    let mut seen: BTreeSet<i64> = BTreeSet::new();
    for start in again {
        if seen.contains(&start) {
            continue;
        }
        let component = component(connection, start)?;
        seen.extend(&component);
        resolved.clustered += component.len();
        cluster_component(&mut units, &component, &decisions)?;
    }
    connection.execute("DELETE FROM changed", [])?;
    Ok(resolved)
}

/// A number for the block in which a unit meets most others: that of its family name or own word.
fn main_block(blocks: &BTreeSet<String>) -> u64 {
    let main = blocks.iter().rev().find(|block| block.contains(" s ") || block.contains(" w "));
    let mut hasher = DefaultHasher::new();
    main.hash(&mut hasher);
    hasher.finish()
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
    let names: BTreeSet<String> = connection
        .prepare("SELECT DISTINCT base FROM changed JOIN units ON id = unit")?
        .query_map([], |row| row.get(0))?
        .collect::<Sql<_>>()?;
    for name in names.into_iter().filter(|name| may_be_shared(name) || decisions.tells_apart(name)) {
        let type_name = name.split('\u{1f}').next().unwrap_or_default();
        let Some(entity_type) = EntityType::from_name(type_name) else { continue };
        // A name that very many documents have is one, and most often was so before.
        if !decisions.tells_apart(&name) {
            let (count, apart): (usize, bool) = connection
                .prepare_cached(
                    "SELECT count(*), coalesce(max(u.key <> u.base), 0) FROM units u JOIN entities e ON e.unit = u.id \
                     WHERE u.base = ?",
                )?
                .query_row([&name], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if count > MAX_NAMESAKES && !apart {
                continue;
            }
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
            let bytes: Option<Vec<u8>> = row.get(5)?;
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

/// The keys that people decided to be one thing with a key.
type DecidedWith<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Units that may be the same as a unit, in order.
fn candidates(connection: &Connection, unit: i64, key: &str, decided_with: &DecidedWith<'_>) -> Sql<BTreeSet<i64>> {
    let mut candidates = BTreeSet::new();
    for block in blocks_of(connection, unit)? {
        let members: Vec<i64> = connection
            .prepare_cached("SELECT unit FROM blocks WHERE block = ? LIMIT ?")?
            .query_map(params![block, MAX_BLOCK as i64 + 1], |row| row.get(0))?
            .collect::<Sql<_>>()?;
        if members.len() <= MAX_BLOCK {
            candidates.extend(members);
        }
    }
    for other in decided_with.get(key).into_iter().flatten() {
        let known: Option<i64> = connection
            .prepare_cached("SELECT id FROM units WHERE key = ?")?
            .query_row([*other], |row| row.get(0))
            .optional()?;
        candidates.extend(known);
    }
    Ok(candidates)
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
    // In order of keys, since numbers depend on which document came first.
    let mut members: Vec<(Arc<Prepared>, i64)> = Vec::new();
    for unit in component {
        members.extend(units.profile(*unit)?.map(|profile| (profile, *unit)));
    }
    members.sort_by(|a, b| a.0.key().cmp(b.0.key()));
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
    let prepared: Vec<&Prepared> = members.iter().map(|(profile, _)| &**profile).collect();
    let mut fault = None;
    let made = cluster(&prepared, &pairs, decisions, &mut |a, b| match (members.get(a), members.get(b)) {
        (Some((_, a)), Some((_, b))) => together(connection, *a, *b, &mut fault),
        _ => 0,
    });
    if let Some(fault) = fault {
        return Err(fault);
    }
    let number: BTreeMap<&str, i64> = members.iter().map(|(profile, unit)| (profile.key(), *unit)).collect();
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

/// Profiles of units, the last ones kept.
struct Units<'a> {
    connection: &'a Connection,
    /// Those that were asked for of late, and those before them, which go next.
    young: HashMap<i64, Option<Arc<Prepared>>>,
    old: HashMap<i64, Option<Arc<Prepared>>>,
}

impl Units<'_> {
    /// What the documents tell of a unit; nothing if none has it.
    fn profile(&mut self, unit: i64) -> Sql<Option<Arc<Prepared>>> {
        if let Some(known) = self.young.get(&unit) {
            return Ok(known.clone());
        }
        let profile = match self.old.remove(&unit) {
            Some(known) => known,
            None => profile(self.connection, unit)?.map(|profile| Arc::new(Prepared::new(profile))),
        };
        if self.young.len() >= CACHE {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(unit, profile.clone());
        Ok(profile)
    }
}

fn profile(connection: &Connection, unit: i64) -> Sql<Option<Profile>> {
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
        return Ok(exists.then_some(profile));
    }
    let mut statement = connection.prepare_cached(
        "SELECT e.document, e.entity, e.name, e.link, e.dates, e.context, n.name, n.proven FROM entities e \
         LEFT JOIN names n ON n.document = e.document AND n.entity = e.entity AND n.proven IS NOT NULL \
         WHERE e.unit = ? ORDER BY e.document, e.entity",
    )?;
    let mut rows = statement.query([unit])?;
    let mut last: Option<(i64, i64, PartEntity)> = None;
    let mut any = false;
    while let Some(row) = rows.next()? {
        any = true;
        let place = (row.get(0)?, row.get(1)?);
        if last.as_ref().is_none_or(|(document, entity, _)| (*document, *entity) != place) {
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
        if let (Some((.., entity)), Some(name)) = (&mut last, row.get::<_, Option<String>>(6)?)
            && let Some(key) = key_of_proven(entity_type, &name, &key)
        {
            entity.proven.entry(key).or_default().insert(name, row.get(7)?);
        }
    }
    if let Some((.., done)) = last {
        done.add_to(&mut profile);
    }
    profile.sample_context();
    Ok(any.then_some(profile))
}
