//! What documents say, out of the file, and the graph of it in memory.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, types::Type};

use super::{
    Sql,
    alone::has_twin,
    write::{context, dates_of},
};
use crate::{
    graph::{
        KnowledgeGraph, MentionSpan, Quote, SourceDocument,
        builder::{Assembly, name_apart},
        part::{Part, PartEntity, PartRelation},
    },
    schema::{EntityType, MentionKind, RelationType, Status},
};

/// All documents, or some, as a graph.
pub(super) fn graph(connection: &Connection, only: Option<&BTreeSet<i64>>) -> Sql<KnowledgeGraph> {
    let ids = match only {
        Some(only) => only.iter().copied().collect(),
        None => document_numbers(connection)?,
    };
    let mut assembly = Assembly::default();
    let mut qualifiers: BTreeSet<String> = BTreeSet::new();
    for_each_part(connection, ids, |part, representatives| {
        if only.is_some() {
            // Named by what all documents call it, of which these are but some.
            let named = part.relations.iter().flat_map(|relation| [relation.place, relation.by]).flatten();
            let units = named.filter_map(|entity| part.entities.get(entity)?.unit.as_ref());
            qualifiers.extend(units.map(|unit| representatives.get(unit).unwrap_or(unit).clone()));
        }
        assembly.add(part, |key| representatives.get(key).cloned());
        Ok(())
    })?;
    for key in qualifiers {
        let names = connection
            .prepare_cached(
                "SELECT n.name, sum(n.mentions) FROM units r JOIN units u ON u.representative = r.id \
                 JOIN entities e ON e.unit = u.id JOIN names n ON n.document = e.document AND n.entity = e.entity \
                 WHERE r.key = ? AND n.mentions > 0 GROUP BY n.name",
            )?
            .query_map([&key], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Sql<_>>()?;
        let best = connection
            .prepare_cached(
                "SELECT DISTINCT e.name FROM units r JOIN units u ON u.representative = r.id \
                 JOIN entities e ON e.unit = u.id WHERE r.key = ? AND e.name <> ''",
            )?
            .query_map([&key], |row| row.get(0))?
            .collect::<Sql<_>>()?;
        assembly.set_names(&key, names, best);
    }
    Ok(assembly.finish())
}

/// The numbers of all documents.
pub(super) fn document_numbers(connection: &Connection) -> Sql<Vec<i64>> {
    connection.prepare("SELECT id FROM documents")?.query_map([], |row| row.get(0))?.collect()
}

/// Hands out what documents say, with the representatives of those units in it that are not alone.
pub(super) fn for_each_part(
    connection: &Connection,
    ids: Vec<i64>,
    mut take: impl FnMut(Part, &BTreeMap<String, String>) -> Sql<()>,
) -> Sql<()> {
    let twins: BTreeSet<String> = connection
        .prepare("SELECT name FROM documents GROUP BY name HAVING count(*) > 1")?
        .query_map([], |row| row.get(0))?
        .collect::<Sql<_>>()?;
    for id in ids {
        let mut part = part(connection, id)?;
        name_apart(&mut part, &twins);
        let mut representatives: BTreeMap<String, String> = BTreeMap::new();
        for key in part.entities.iter().filter_map(|entity| entity.unit.as_deref()) {
            let representative: Option<String> = connection
                .prepare_cached(
                    "SELECT r.key FROM units u JOIN units r ON r.id = u.representative \
                     WHERE u.key = ? AND r.id <> u.id",
                )?
                .query_row([key], |row| row.get(0))
                .optional()?;
            representatives.extend(representative.map(|representative| (key.to_owned(), representative)));
        }
        take(part, &representatives)?;
    }
    Ok(())
}

/// What one document says, with the identifier that it has in exports.
pub(super) fn one_part(connection: &Connection, document: i64) -> Sql<Part> {
    let mut part = part(connection, document)?;
    if has_twin(connection, &part.source.id)? {
        let twins = BTreeSet::from([part.source.id.clone()]);
        name_apart(&mut part, &twins);
    }
    Ok(part)
}

fn part(connection: &Connection, document: i64) -> Sql<Part> {
    let (hash, content, source) = connection
        .prepare_cached("SELECT hash, name, title, date, url, source, content FROM documents WHERE id = ?")?
        .query_row([document], |row| {
            let source = SourceDocument {
                id: row.get(1)?,
                title: row.get(2)?,
                date: row.get(3)?,
                url: row.get(4)?,
                source: row.get(5)?,
            };
            Ok((row.get(0)?, row.get(6)?, source))
        })?;
    let mut entities: Vec<PartEntity> = connection
        .prepare_cached(
            "SELECT e.type, e.name, e.norm, e.link, u.key, e.dates, e.context FROM entities e \
             LEFT JOIN units u ON u.id = e.unit WHERE document = ? ORDER BY entity",
        )?
        .query_map([document], |row| {
            let dates: Option<String> = row.get(5)?;
            let bytes: Option<Vec<u8>> = row.get(6)?;
            Ok(PartEntity {
                entity_type: named(row, 0, EntityType::from_name)?,
                name: row.get(1)?,
                norm: row.get(2)?,
                link: row.get(3)?,
                names: BTreeMap::new(),
                spans: Vec::new(),
                unit: row.get(4)?,
                proven: BTreeMap::new(),
                dates: dates_of(dates.as_deref()),
                context: context(&bytes.unwrap_or_default()),
            })
        })?
        .collect::<Sql<_>>()?;
    let mut statement =
        connection.prepare_cached("SELECT entity, name, mentions FROM names WHERE document = ? AND mentions > 0")?;
    let mut rows = statement.query([document])?;
    while let Some(row) = rows.next()? {
        if let Some(entity) = entities.get_mut(row.get::<_, usize>(0)?) {
            entity.names.insert(row.get(1)?, row.get(2)?);
        }
    }
    let mut statement = connection.prepare_cached(
        "SELECT entity, \"start\", \"end\", char_start, char_end, kind FROM mentions WHERE document = ?",
    )?;
    let mut rows = statement.query([document])?;
    while let Some(row) = rows.next()? {
        if let Some(entity) = entities.get_mut(row.get::<_, usize>(0)?) {
            entity.spans.push(MentionSpan {
                start: row.get(1)?,
                end: row.get(2)?,
                char_start: row.get(3)?,
                char_end: row.get(4)?,
                kind: named(row, 5, MentionKind::from_name)?,
            });
        }
    }
    for entity in &mut entities {
        entity.spans.sort_unstable();
    }
    let mut relations: Vec<PartRelation> = connection
        .prepare_cached(
            "SELECT head, type, tail, score, status, date, place, by FROM assertions WHERE document = ? ORDER BY assertion",
        )?
        .query_map([document], |row| {
            let status: Option<String> = row.get(4)?;
            Ok(PartRelation {
                head: row.get(0)?,
                relation_type: named(row, 1, RelationType::from_name)?,
                tail: row.get(2)?,
                score: row.get(3)?,
                evidence: Vec::new(),
                trigger: None,
                date: row.get(5)?,
                place: row.get(6)?,
                by: row.get(7)?,
                status: status.is_some().then(|| named(row, 4, Status::from_name)).transpose()?,
            })
        })?
        .collect::<Sql<_>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT q.assertion, q.role, q.\"start\", q.\"end\", p.char_start, p.char_end, p.text FROM quotes q \
         JOIN passages p ON p.document = q.document AND p.\"start\" = q.\"start\" AND p.\"end\" = q.\"end\" \
         WHERE q.document = ?",
    )?;
    let mut rows = statement.query([document])?;
    while let Some(row) = rows.next()? {
        let Some(relation) = relations.get_mut(row.get::<_, usize>(0)?) else { continue };
        let quote = Quote {
            start: row.get(2)?,
            end: row.get(3)?,
            char_start: row.get(4)?,
            char_end: row.get(5)?,
            text: row.get(6)?,
        };
        match row.get_ref(1)?.as_str()? {
            "trigger" => relation.trigger = Some(quote),
            _ => relation.evidence.push(quote),
        }
    }
    for relation in &mut relations {
        relation.evidence.sort_unstable();
    }
    Ok(Part { hash, content, source, entities, relations })
}

/// A column that holds the name of something.
pub(super) fn named<T>(row: &Row<'_>, column: usize, from_name: impl Fn(&str) -> Option<T>) -> Sql<T> {
    let name: String = row.get(column)?;
    from_name(&name).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, format!("unknown name {name:?}").into())
    })
}
