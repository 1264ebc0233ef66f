//! Entities that stay with their documents, such as a bare surname: no other document can know them, but people may join
//! them with something.
//!
//! Where they did, the entity has a unit of its own, under the key that it has as a node. Which entities do depends on the
//! decisions and on the documents that are there, so that it is worked out anew whenever one of the two has changed.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Sql,
    parts::one_part,
    read::Named,
    write::{unit_number, versions},
};
use crate::{
    corpus::stays_alone,
    graph::{
        NodeId,
        builder::{id_apart, node_id},
        normalize_name,
        part::{AloneKeys, document_of_key},
    },
    schema::EntityType,
};

/// Gives the entities that people joined with something units of their own, and takes them from the others.
///
/// To be called in each transaction that changes documents or decisions.
pub(super) fn bind(connection: &Connection) -> Sql<()> {
    let decided: Vec<(String, bool)> = connection
        .prepare_cached(
            "SELECT key, max(same) FROM (SELECT a AS key, same FROM decisions UNION ALL SELECT b, same FROM decisions) \
             WHERE substr(key, instr(key, char(31)) + 1, 5) = 'only' || char(31) GROUP BY key ORDER BY key",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Sql<_>>()?;
    for (key, is_joined) in decided {
        let type_key = key.split('\u{1f}').next().unwrap_or_default();
        let Some(entity_type) = EntityType::from_name(type_key) else { continue };
        let mut meant: BTreeSet<(i64, i64)> = BTreeSet::new();
        if is_joined {
            for document in documents_of(connection, &key)? {
                let keys = one_part(connection, document)?.keys();
                meant.extend((0_i64..).zip(keys).filter(|(_, found)| *found == key).map(|(at, _)| (document, at)));
            }
        }
        let bound: BTreeSet<(i64, i64)> = connection
            .prepare_cached(
                "SELECT e.document, e.entity FROM units u JOIN entities e ON e.unit = u.id WHERE u.key = ?",
            )?
            .query_map([&key], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Sql<_>>()?;
        if bound == meant {
            continue;
        }
        let unit = unit_number(connection, &key, entity_type)?;
        let changed = bound.difference(&meant).map(|place| (place, None));
        let changed = changed.chain(meant.difference(&bound).map(|place| (place, Some(unit))));
        for ((document, entity), unit) in changed {
            connection
                .prepare_cached("UPDATE entities SET unit = ? WHERE document = ? AND entity = ?")?
                .execute(params![unit, document, entity])?;
        }
    }
    Ok(())
}

/// Numbers of the documents that a key may speak of: by their identifier, or by the one that tells them from others of it.
fn documents_of(connection: &Connection, key: &str) -> Sql<BTreeSet<i64>> {
    let Some(id) = document_of_key(key) else { return Ok(BTreeSet::new()) };
    let mut found = told_apart(connection, id)?;
    found.extend(versions(connection, id, None)?);
    Ok(found)
}

/// Numbers of the documents that exports show by an identifier where several share the one that they have.
pub(super) fn told_apart(connection: &Connection, id: &str) -> Sql<BTreeSet<i64>> {
    let mut found: BTreeSet<i64> = BTreeSet::new();
    let Some((name, _)) = id.rsplit_once('#') else { return Ok(found) };
    let mut statement = connection.prepare_cached("SELECT id, hash FROM documents WHERE name = ?")?;
    let mut rows = statement.query([name])?;
    while let Some(row) = rows.next()? {
        if id_apart(name, &row.get(1)?) == id {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

/// The entities with a name or identifier that stay with their documents; in order of keys.
pub(super) fn find(connection: &Connection, name_or_id: &str) -> Sql<Vec<Named>> {
    let folded = normalize_name(name_or_id);
    let mut places: BTreeSet<(i64, i64)> = connection
        .prepare_cached(
            "SELECT DISTINCT n.document, n.entity FROM names n \
             JOIN entities e ON e.document = n.document AND e.entity = n.entity WHERE n.folded = ? AND e.unit IS NULL",
        )?
        .query_map([&folded], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Sql<_>>()?;
    if places.is_empty() {
        places.extend(place_of_id(connection, name_or_id)?);
    }
    let mut found: Vec<Named> = Vec::new();
    for (document, at) in places {
        let part = one_part(connection, document)?;
        let keys = part.keys();
        let Some((entity, key)) = usize::try_from(at).ok().and_then(|at| part.entities.get(at).zip(keys.get(at)))
        else {
            continue;
        };
        found.push(Named {
            key: key.clone(),
            entity_type: entity.entity_type,
            name: entity.name.clone(),
            documents: vec![part.source.id.clone()],
            document_count: 1,
            node: node_id(key),
        });
    }
    found.sort_by(|a, b| a.key.cmp(&b.key));
    found.dedup_by(|a, b| a.key == b.key);
    Ok(found)
}

/// The document and the number of the entity whose node has an identifier, if it stays with its document.
pub(super) fn place_of_id(connection: &Connection, id: &str) -> Sql<Option<(i64, i64)>> {
    let Some(entity_type) = NodeId::parse(id).and_then(|id| id.entity_type()) else { return Ok(None) };
    let mut statement = connection.prepare_cached(
        "SELECT e.document, e.entity, e.name, u.key FROM entities e LEFT JOIN units u ON u.id = e.unit \
         WHERE e.type = ? ORDER BY e.document, e.entity",
    )?;
    let mut rows = statement.query([entity_type.name()])?;
    let mut last: Option<(i64, String, AloneKeys)> = None;
    while let Some(row) = rows.next()? {
        let unit = row.get_ref(3)?.as_str_or_null()?;
        if unit.is_some_and(|unit| !stays_alone(unit)) {
            continue;
        }
        let document: i64 = row.get(0)?;
        if last.as_ref().is_none_or(|(known, ..)| *known != document) {
            last = Some((document, shown_id(connection, document)?, AloneKeys::default()));
        }
        let Some((_, name, keys)) = &mut last else { continue };
        let key = keys.next(name, entity_type, row.get_ref(2)?.as_str()?);
        if unit.is_none() && node_id(&key) == id {
            return Ok(Some((document, row.get(1)?)));
        }
    }
    Ok(None)
}

/// The identifier of a document as exports show it.
fn shown_id(connection: &Connection, document: i64) -> Sql<String> {
    let (name, hash): (String, [u8; 32]) = connection
        .prepare_cached("SELECT name, hash FROM documents WHERE id = ?")?
        .query_row([document], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let has_twin = has_twin(connection, &name)?;
    Ok(if has_twin { id_apart(&name, &hash) } else { name })
}

/// Whether several documents have an identifier.
pub(super) fn has_twin(connection: &Connection, name: &str) -> Sql<bool> {
    let second = connection
        .prepare_cached("SELECT 1 FROM documents WHERE name = ? LIMIT 1 OFFSET 1")?
        .query_row([name], |_| Ok(()))
        .optional()?;
    Ok(second.is_some())
}
