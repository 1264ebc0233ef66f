//! The graph, and answers, out of the file.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    GraphFile, Sql, StoreError, alone,
    parts::{graph, named},
    setting,
};
use crate::{
    corpus::{MAX_BLOCK, Pair, PairReason, base, commonest},
    graph::{GraphFilter, KnowledgeGraph, NodeId, builder::id_apart, node_id, normalize_name},
    schema::EntityType,
};

/// What is in a file, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// Documents.
    pub documents: u64,
    /// Mentions in them.
    pub mentions: u64,
    /// Entities of documents.
    pub entities: u64,
    /// Names that documents share, units.
    pub names: u64,
    /// Corpus entities that these names stand for.
    pub clusters: u64,
    /// Assertions.
    pub assertions: u64,
    /// Pairs of names that joined two clusters.
    pub merges: u64,
    /// Pairs of names that are neither sure to be one thing nor sure to be two.
    pub uncertain: u64,
    /// Decisions of people.
    pub decisions: u64,
    /// Whether the last build was cut off before all names were compared; the next command does it.
    pub stale: bool,
    /// Blocks of names that were too large to be compared, with their sizes.
    pub large_blocks: Vec<(String, u64)>,
    /// What the file was made with.
    pub settings: BTreeMap<String, String>,
}

/// A pair of names that may be one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct PairRecord {
    /// The two names.
    pub names: [Named; 2],
    /// The score and its reason.
    pub pair: Pair,
    /// Whether it joined the two.
    pub joined: bool,
}

/// A unit as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its key.
    pub key: String,
    /// Its type.
    pub entity_type: EntityType,
    /// Its commonest spelling.
    pub name: String,
    /// Identifiers of some of its documents, in order.
    pub documents: Vec<String>,
    /// Number of its documents.
    pub document_count: u64,
    /// Identifier of the node that it belongs to.
    pub node: String,
}

impl GraphFile {
    /// What is in it, in numbers.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn status(&mut self) -> Result<Status, StoreError> {
        self.look(|connection| {
            let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u64>(0));
            let large = connection
                .prepare("SELECT block, count(*) FROM blocks GROUP BY block HAVING count(*) > ? ORDER BY block")?
                .query_map([MAX_BLOCK as i64], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Sql<_>>()?;
            let settings = connection
                .prepare("SELECT name, value FROM settings")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Sql<_>>()?;
            Ok(Status {
                documents: count("SELECT count(*) FROM documents")?,
                mentions: count("SELECT count(*) FROM mentions")?,
                entities: count("SELECT count(*) FROM entities")?,
                names: count("SELECT count(*) FROM units")?,
                clusters: count("SELECT count(DISTINCT representative) FROM units")?,
                assertions: count("SELECT count(*) FROM assertions")?,
                merges: count("SELECT count(*) FROM pairs WHERE joined")?,
                uncertain: count(&format!("SELECT count(*) FROM pairs WHERE {UNCERTAIN}"))?,
                decisions: count("SELECT (SELECT count(*) FROM decisions) + (SELECT count(*) FROM namesakes)")?,
                stale: connection.query_row("SELECT EXISTS (SELECT 1 FROM changed)", [], |row| row.get(0))?,
                large_blocks: large,
                settings,
            })
        })
    }

    /// The settings of the file: `model`, `precision`, `min_score` and so on.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        self.look(|connection| setting(connection, name))
    }

    /// The part of the graph around the nodes with a name or identifier, at most `hops` edges away.
    ///
    /// Only the documents that speak of these nodes are read.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn neighborhood(&mut self, name_or_id: &str, hops: usize) -> Result<KnowledgeGraph, StoreError> {
        self.look(|connection| {
            let documents = documents_around(connection, name_or_id, hops)?;
            let graph = graph(connection, Some(&documents))?;
            let start = match graph.node(name_or_id) {
                Some(_) => name_or_id.to_owned(),
                // An identifier of old: that of a name that has been joined with others since.
                None => redirect(connection, name_or_id)?.unwrap_or_else(|| name_or_id.to_owned()),
            };
            Ok(graph.subgraph(&GraphFilter::new().around(start, hops)))
        })
    }

    /// The node that an identifier stands for: itself, or the one that its name was joined with; nothing for a strange
    /// one.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn redirect(&mut self, id: &str) -> Result<Option<String>, StoreError> {
        self.look(|connection| redirect(connection, id))
    }

    /// The keys of the units that had identifiers before they were joined with others, of those that have documents.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn keys_of(&mut self, ids: &BTreeSet<&str>) -> Result<BTreeMap<String, String>, StoreError> {
        self.look(|connection| {
            let mut keys = BTreeMap::new();
            let mut statement = connection.prepare_cached("SELECT key FROM units")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let key = row.get_ref(0)?.as_str()?;
                let id = node_id(key);
                if ids.contains(id.as_str()) {
                    keys.insert(id, key.to_owned());
                }
            }
            Ok(keys)
        })
    }

    /// The units with a name, or whose node has an identifier; if none has the name whole, those that hold its words.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn find(&mut self, name_or_id: &str) -> Result<Vec<Named>, StoreError> {
        self.look(|connection| {
            let units = units_named(connection, name_or_id)?;
            describe_all(connection, &units)
        })
    }

    /// The entities with a name, or whose node has an identifier, that stay with their documents, such as a bare surname;
    /// in order of keys.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn find_alone(&mut self, name_or_id: &str) -> Result<Vec<Named>, StoreError> {
        self.look(|connection| alone::find(connection, name_or_id))
    }

    /// What people may join or part by a name or identifier: the units that [`GraphFile::find`] finds, but before those
    /// that only hold the words of the name those that [`GraphFile::find_alone`] finds.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn find_to_decide(&mut self, name_or_id: &str) -> Result<Vec<Named>, StoreError> {
        self.look(|connection| {
            let units = units_with(connection, name_or_id)?;
            if !units.is_empty() {
                return describe_all(connection, &units);
            }
            let alone = alone::find(connection, name_or_id)?;
            if !alone.is_empty() {
                return Ok(alone);
            }
            describe_all(connection, &units_with_words(connection, name_or_id)?)
        })
    }

    /// The pairs of names that joined units to the clusters of some keys, or nearly did; in order of keys.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn pairs_of(&mut self, keys: &BTreeSet<String>) -> Result<Vec<PairRecord>, StoreError> {
        self.look(|connection| {
            let mut units: BTreeSet<i64> = BTreeSet::new();
            for key in keys {
                let mut statement = connection.prepare_cached(
                    "SELECT id FROM units WHERE representative = (SELECT representative FROM units WHERE key = ?)",
                )?;
                units.extend(statement.query_map([key], |row| row.get::<_, i64>(0))?.collect::<Sql<Vec<_>>>()?);
            }
            let mut found = Vec::new();
            for unit in units {
                found.extend(pairs(connection, "a = ?1 OR b = ?1", &[unit])?);
            }
            found.sort_by(|a, b| (&a.names[0].key, &a.names[1].key).cmp(&(&b.names[0].key, &b.names[1].key)));
            found.dedup();
            Ok(found)
        })
    }

    /// The pairs of names that are neither sure to be one thing nor sure to be two, the least sure first.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn uncertain(&mut self) -> Result<Vec<PairRecord>, StoreError> {
        self.look(|connection| {
            let mut found = pairs(connection, UNCERTAIN, &[])?;
            let key = |record: &PairRecord| (record.names[0].key.clone(), record.names[1].key.clone());
            found.sort_by_cached_key(|record| (record.pair.odds.abs(), key(record)));
            Ok(found)
        })
    }

    /// Identifiers of the documents that have a name, whichever thing of that name they mean; in order.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn documents_of(&mut self, key: &str) -> Result<Vec<String>, StoreError> {
        self.look(|connection| {
            connection
                .prepare_cached(
                    "SELECT DISTINCT d.name FROM units u JOIN entities e ON e.unit = u.id \
                     JOIN documents d ON d.id = e.document WHERE u.base = ? ORDER BY d.name",
                )?
                .query_map([base(key)], |row| row.get(0))?
                .collect()
        })
    }

    /// Identifiers of the documents, in order; of several that share one those that exports show.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn document_ids(&mut self) -> Result<Vec<String>, StoreError> {
        self.look(|connection| {
            let mut ids: Vec<String> = connection
                .prepare("SELECT name, hash, count(*) OVER (PARTITION BY name) FROM documents")?
                .query_map([], |row| {
                    let (name, hash, count): (String, [u8; 32], i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    Ok(if count > 1 { id_apart(&name, &hash) } else { name })
                })?
                .collect::<Sql<_>>()?;
            ids.sort_unstable();
            Ok(ids)
        })
    }
}

/// Between about one in eight and seven in eight, and not decided.
const UNCERTAIN: &str = "odds BETWEEN -2000 AND 2000";

/// The node that an identifier stands for.
fn redirect(connection: &Connection, id: &str) -> Sql<Option<String>> {
    let Some(entity_type) = NodeId::parse(id).and_then(|id| id.entity_type()) else { return Ok(None) };
    let mut statement = connection
        .prepare_cached("SELECT u.key, r.key FROM units u JOIN units r ON r.id = u.representative WHERE u.type = ?")?;
    let mut rows = statement.query([entity_type.name()])?;
    while let Some(row) = rows.next()? {
        if node_id(row.get_ref(0)?.as_str()?) == id {
            return Ok(Some(node_id(row.get_ref(1)?.as_str()?)));
        }
    }
    Ok(None)
}

/// Numbers of the units with a name or identifier; if none has the name whole, of those that hold its words.
fn units_named(connection: &Connection, name_or_id: &str) -> Sql<BTreeSet<i64>> {
    let units = units_with(connection, name_or_id)?;
    if units.is_empty() { units_with_words(connection, name_or_id) } else { Ok(units) }
}

/// Numbers of the units that have a name whole, or an identifier.
fn units_with(connection: &Connection, name_or_id: &str) -> Sql<BTreeSet<i64>> {
    let folded = normalize_name(name_or_id);
    let of = |sql: &str, value: &str| -> Sql<BTreeSet<i64>> {
        connection.prepare_cached(sql)?.query_map([value], |row| row.get(0))?.collect()
    };
    let mut units = of(
        "SELECT DISTINCT e.unit FROM names n JOIN entities e ON e.document = n.document AND e.entity = n.entity \
         WHERE n.folded = ? AND e.unit IS NOT NULL",
        &folded,
    )?;
    if units.is_empty() {
        let node = redirect(connection, name_or_id)?;
        if let Some(node) = node {
            let mut statement =
                connection.prepare_cached("SELECT r.id, r.key FROM units r WHERE r.id = r.representative")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if node_id(row.get_ref(1)?.as_str()?) == node {
                    units.extend(of(
                        "SELECT id FROM units WHERE representative = CAST(? AS INTEGER)",
                        &row.get::<_, i64>(0)?.to_string(),
                    )?);
                }
            }
        }
    }
    Ok(units)
}

/// Numbers of the units that have all words of a name.
fn units_with_words(connection: &Connection, name: &str) -> Sql<BTreeSet<i64>> {
    let folded = normalize_name(name);
    let mut units: BTreeSet<i64> = BTreeSet::new();
    if !folded.is_empty() {
        let words = folded.split(' ').map(|word| format!(" {word} ")).collect::<Vec<_>>();
        let mut statement = connection.prepare_cached(
            "SELECT DISTINCT n.folded, e.unit FROM names n \
             JOIN entities e ON e.document = n.document AND e.entity = n.entity WHERE e.unit IS NOT NULL",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name = format!(" {} ", row.get_ref(0)?.as_str()?);
            if words.iter().all(|word| name.contains(word.as_str())) {
                units.insert(row.get(1)?);
            }
        }
    }
    Ok(units)
}

/// Units as people know them, in order of keys.
fn describe_all(connection: &Connection, units: &BTreeSet<i64>) -> Sql<Vec<Named>> {
    let mut named = Vec::new();
    for unit in units {
        named.extend(describe(connection, *unit)?);
    }
    named.sort_by(|a: &Named, b: &Named| a.key.cmp(&b.key));
    Ok(named)
}

/// A unit as people know it.
fn describe(connection: &Connection, unit: i64) -> Sql<Option<Named>> {
    let found: Option<(String, EntityType, String)> = connection
        .prepare_cached(
            "SELECT u.key, u.type, r.key FROM units u JOIN units r ON r.id = u.representative WHERE u.id = ?",
        )?
        .query_row([unit], |row| Ok((row.get(0)?, named(row, 1, EntityType::from_name)?, row.get(2)?)))
        .optional()?;
    let Some((key, entity_type, representative)) = found else { return Ok(None) };
    let spellings: Vec<(String, u64)> = connection
        .prepare_cached(
            "SELECT n.name, sum(n.proven) FROM entities e JOIN names n ON n.document = e.document AND n.entity = e.entity \
             WHERE e.unit = ?1 AND n.proven IS NOT NULL AND n.folded = ?2 GROUP BY n.name",
        )?
        .query_map(params![unit, key.split('\u{1f}').nth(2)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Sql<_>>()?;
    let spelled = commonest(entity_type, spellings.iter().map(|(name, mentions)| (name.as_str(), *mentions)));
    let best: Option<String> = connection
        .prepare_cached("SELECT name FROM entities WHERE unit = ? GROUP BY name ORDER BY count(*) DESC, name LIMIT 1")?
        .query_row([unit], |row| row.get(0))
        .optional()?;
    let documents = connection
        .prepare_cached(
            "SELECT DISTINCT d.name FROM entities e JOIN documents d ON d.id = e.document WHERE e.unit = ? ORDER BY d.name LIMIT 3",
        )?
        .query_map([unit], |row| row.get(0))?
        .collect::<Sql<_>>()?;
    let document_count = connection
        .prepare_cached("SELECT count(DISTINCT document) FROM entities WHERE unit = ?")?
        .query_row([unit], |row| row.get(0))?;
    let name = spelled.map(str::to_owned).or(best).unwrap_or_default();
    Ok(Some(Named { key, entity_type, name, documents, document_count, node: node_id(&representative) }))
}

fn pairs(connection: &Connection, condition: &str, of: &[i64]) -> Sql<Vec<PairRecord>> {
    let rows = connection
        .prepare_cached(&format!(
            "SELECT a, b, odds, reason, alias_documents, shared_context, joined FROM pairs WHERE {condition}"
        ))?
        .query_map(rusqlite::params_from_iter(of), |row| {
            let pair = Pair {
                odds: row.get(2)?,
                reason: named(row, 3, PairReason::from_name)?,
                alias_documents: row.get(4)?,
                shared_context: row.get(5)?,
            };
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, pair, row.get::<_, bool>(6)?))
        })?
        .collect::<Sql<Vec<_>>>()?;
    let mut found = Vec::new();
    for (a, b, pair, joined) in rows {
        let (Some(a), Some(b)) = (describe(connection, a)?, describe(connection, b)?) else { continue };
        let names = if a.key <= b.key { [a, b] } else { [b, a] };
        found.push(PairRecord { names, pair, joined });
    }
    Ok(found)
}

/// Documents that speak of what is at most some edges away from the things with a name or identifier.
fn documents_around(connection: &Connection, name_or_id: &str, hops: usize) -> Sql<BTreeSet<i64>> {
    let mut documents: BTreeSet<i64> = BTreeSet::new();
    let mut clusters: BTreeSet<i64> = BTreeSet::new();
    for unit in units_named(connection, name_or_id)? {
        let sql = "SELECT representative FROM units WHERE id = ?";
        clusters.insert(connection.prepare_cached(sql)?.query_row([unit], |row| row.get(0))?);
    }
    // What has no unit is found in its one document.
    documents.extend(
        connection
            .prepare_cached("SELECT DISTINCT document FROM names WHERE folded = ?")?
            .query_map([normalize_name(name_or_id)], |row| row.get::<_, i64>(0))?
            .collect::<Sql<Vec<_>>>()?,
    );
    // So is what has an identifier of its own and no unit.
    if documents.is_empty() && clusters.is_empty() {
        documents.extend(alone::place_of_id(connection, name_or_id)?.map(|(document, _)| document));
    }
    let mut border = clusters.clone();
    for hop in 0..=hops {
        let mut near: BTreeSet<i64> = BTreeSet::new();
        for cluster in &border {
            near.extend(
                connection
                    .prepare_cached(
                        "SELECT DISTINCT e.document FROM units u JOIN entities e ON e.unit = u.id WHERE u.representative = ?",
                    )?
                    .query_map([cluster], |row| row.get::<_, i64>(0))?
                    .collect::<Sql<Vec<_>>>()?,
            );
        }
        if hop == 0 {
            near.extend(&documents);
        }
        documents.extend(&near);
        if hop == hops {
            break;
        }
        let mut next: BTreeSet<i64> = BTreeSet::new();
        for document in near {
            next.extend(
                connection
                    .prepare_cached(
                        "SELECT DISTINCT u.representative FROM assertions a JOIN entities e ON e.document = a.document \
                         AND e.entity IN (a.head, a.tail) JOIN units u ON u.id = e.unit WHERE a.document = ?",
                    )?
                    .query_map([document], |row| row.get::<_, i64>(0))?
                    .collect::<Sql<Vec<_>>>()?,
            );
        }
        border = next.difference(&clusters).copied().collect();
        clusters.extend(&border);
    }
    Ok(documents)
}
