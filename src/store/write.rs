//! Documents into the file and out of it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::{GraphFile, Sql, StoreError, alone, set, setting};
use crate::{
    corpus::{Context, base},
    document::Document,
    graph::{
        Quote, normalize_name,
        part::{Part, PartEntity, PartRelation, content_hash, source_hash},
    },
    schema::EntityType,
};

/// What became of a document that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// It took the place of an older version.
    Replaced,
    /// It was in the file already.
    Known,
}

impl GraphFile {
    /// Begins a build: documents that it brings replace those of earlier builds with the same identifier. Without it, all
    /// that is added belongs to one build.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn begin_build(&mut self) -> Result<(), StoreError> {
        self.run = self.sql(|connection| {
            let runs = setting(connection, "runs")?.and_then(|runs| runs.parse::<i64>().ok()).unwrap_or(0) + 1;
            set(connection, "runs", &runs.to_string())?;
            Ok(runs)
        })?;
        Ok(())
    }

    /// Ends a build: older versions of documents that it has seen go.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn end_build(&mut self) -> Result<(), StoreError> {
        let run = self.run;
        let removed = self.sql(|connection| {
            let transaction = connection.transaction()?;
            let older: Vec<i64> = transaction
                .prepare(
                    "SELECT id FROM documents d WHERE run < ?1 AND EXISTS \
                     (SELECT 1 FROM documents s WHERE s.name = d.name AND s.run = ?1)",
                )?
                .query_map([run], |row| row.get(0))?
                .collect::<Sql<_>>()?;
            for id in &older {
                remove(&transaction, *id)?;
            }
            alone::bind(&transaction)?;
            transaction.commit()?;
            Ok(!older.is_empty())
        })?;
        self.has_traces |= removed;
        Ok(())
    }

    /// Whether a document is in the file as it was read; if so, this build has seen it. One that brings annotations along
    /// has to have the same ones too.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn knows(&mut self, doc: &Document) -> Result<bool, StoreError> {
        let (run, hash) = (self.run, source_hash(doc));
        let content = (!doc.mentions.is_empty() || !doc.entities.is_empty()).then(|| content_hash(doc));
        self.sql(|connection| {
            let seen = connection
                .prepare_cached(
                    "UPDATE documents SET run = ?1 WHERE name = ?2 AND hash = ?3 AND coalesce(?4, content) = content",
                )?
                .execute(params![run, doc.id, hash, content])?;
            Ok(seen > 0)
        })
    }

    /// Adds an annotated document; one with its identifier from an earlier build goes.
    ///
    /// Documents with one identifier and different contents that come in one build are kept side by side.
    ///
    /// # Errors
    ///
    /// If the file cannot be written; it is then as before.
    pub fn add(&mut self, doc: &Document) -> Result<Added, StoreError> {
        self.add_all([doc]).map(|added| added.first().copied().unwrap_or(Added::Known))
    }

    /// Adds documents in one transaction: all of them, or on an error none.
    ///
    /// # Errors
    ///
    /// If the file cannot be written; it is then as before.
    pub fn add_all<'a>(&mut self, docs: impl IntoIterator<Item = &'a Document>) -> Result<Vec<Added>, StoreError> {
        let run = self.run;
        let added = self.sql(|connection| {
            let transaction = connection.transaction()?;
            let keeps_text = setting(&transaction, "keeps_text")?.as_deref() == Some("yes");
            let mut added = Vec::new();
            for doc in docs {
                added.push(add(&transaction, doc, run, keeps_text)?);
            }
            alone::bind(&transaction)?;
            transaction.commit()?;
            Ok(added)
        })?;
        self.has_traces |= added.contains(&Added::Replaced);
        Ok(added)
    }

    /// Takes documents out by identifier, as they have it or as exports show it where several share one; says how many
    /// there were. Their names go with the next [`GraphFile::resolve`].
    ///
    /// # Errors
    ///
    /// If the file cannot be written; it is then as before.
    pub fn remove(&mut self, id: &str) -> Result<usize, StoreError> {
        let removed = self.sql(|connection| {
            let transaction = connection.transaction()?;
            let mut ids = versions(&transaction, id, None)?;
            if ids.is_empty() {
                ids.extend(alone::told_apart(&transaction, id)?);
            }
            for id in &ids {
                remove(&transaction, *id)?;
            }
            alone::bind(&transaction)?;
            transaction.commit()?;
            Ok(ids.len())
        })?;
        self.has_traces |= removed > 0;
        Ok(removed)
    }
}

/// Numbers of the documents with a name, of those before a run if one is given.
pub(super) fn versions(connection: &Connection, name: &str, before: Option<i64>) -> Sql<Vec<i64>> {
    connection
        .prepare_cached("SELECT id FROM documents WHERE name = ? AND run < ?")?
        .query_map(params![name, before.unwrap_or(i64::MAX)], |row| row.get(0))?
        .collect()
}

fn add(connection: &Connection, doc: &Document, run: i64, keeps_text: bool) -> Sql<Added> {
    let part = Part::new(doc);
    let known: Option<(i64, i64, [u8; 32])> = connection
        .prepare_cached("SELECT id, run, content FROM documents WHERE name = ? AND hash = ?")?
        .query_row(params![doc.id, part.hash], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let mut replaced = false;
    if let Some((id, seen, content)) = known {
        // Of one text with two sets of annotations in one build, one is kept, the same in any order.
        if content == part.content || (seen == run && content < part.content) {
            connection.prepare_cached("UPDATE documents SET run = ? WHERE id = ?")?.execute([run, id])?;
            return Ok(Added::Known);
        }
        remove(connection, id)?;
        replaced = true;
    }
    let older = versions(connection, &doc.id, Some(run))?;
    for id in &older {
        remove(connection, *id)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO documents (name, hash, content, title, date, url, source, text, run) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            doc.id,
            part.hash,
            part.content,
            doc.title,
            doc.date,
            doc.url,
            doc.source,
            keeps_text.then_some(&doc.text),
            run
        ])?;
    let id = connection.last_insert_rowid();
    for (number, entity) in (0_i64..).zip(&part.entities) {
        add_entity(connection, id, number, entity)?;
    }
    for (number, relation) in (0_i64..).zip(&part.relations) {
        add_assertion(connection, id, number, relation)?;
    }
    Ok(if older.is_empty() && !replaced { Added::New } else { Added::Replaced })
}

fn add_entity(connection: &Connection, document: i64, number: i64, entity: &PartEntity) -> Sql<()> {
    let unit = entity.unit.as_deref().map(|key| unit_number(connection, key, entity.entity_type)).transpose()?;
    let dates = entity.dates.iter().cloned().collect::<Vec<_>>().join(" ");
    let context: Vec<u8> = entity.context.iter().flat_map(|feature| feature.to_bits().to_le_bytes()).collect();
    connection.prepare_cached("INSERT INTO entities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        document,
        number,
        entity.entity_type.name(),
        entity.name,
        entity.norm,
        entity.link,
        unit,
        Some(dates).filter(|dates| !dates.is_empty()),
        Some(context).filter(|context| !context.is_empty()),
    ])?;
    let mut names: BTreeMap<&str, (u32, Option<u32>)> = BTreeMap::new();
    for (name, mentions) in &entity.names {
        names.entry(name).or_default().0 = *mentions;
    }
    for (name, mentions) in entity.proven.values().flatten() {
        *names.entry(name).or_default().1.get_or_insert(0) += mentions;
    }
    // What it is known by without being named so, for search.
    for name in
        [Some(entity.name.as_str()), entity.norm.as_deref()].into_iter().flatten().filter(|name| !name.is_empty())
    {
        names.entry(name).or_default();
    }
    for (name, (mentions, proven)) in names {
        connection.prepare_cached("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?)")?.execute(params![
            document,
            number,
            name,
            normalize_name(name),
            mentions,
            proven
        ])?;
    }
    for span in &entity.spans {
        connection.prepare_cached("INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?)")?.execute(params![
            document,
            number,
            span.start,
            span.end,
            span.char_start,
            span.char_end,
            span.kind.name()
        ])?;
    }
    Ok(())
}

/// The number of a unit, a new one if need be; it is to be resolved again.
pub(super) fn unit_number(connection: &Connection, key: &str, entity_type: EntityType) -> Sql<i64> {
    let known: Option<i64> = connection
        .prepare_cached("SELECT id FROM units WHERE key = ?")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    let unit = match known {
        Some(unit) => unit,
        None => {
            connection
                .prepare_cached("INSERT INTO units (key, base, type, representative) VALUES (?, ?, ?, 0)")?
                .execute(params![key, base(key), entity_type.name()])?;
            let unit = connection.last_insert_rowid();
            connection.prepare_cached("UPDATE units SET representative = id WHERE id = ?")?.execute([unit])?;
            unit
        }
    };
    connection.prepare_cached("INSERT OR IGNORE INTO changed VALUES (?)")?.execute([unit])?;
    Ok(unit)
}

fn add_assertion(connection: &Connection, document: i64, number: i64, relation: &PartRelation) -> Sql<()> {
    let entity = |entity: usize| i64::try_from(entity).unwrap_or(i64::MAX);
    connection.prepare_cached("INSERT INTO assertions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        document,
        number,
        entity(relation.head),
        relation.relation_type.name(),
        entity(relation.tail),
        relation.score,
        relation.status.map(|status| status.name()),
        relation.date.map(entity),
        relation.place.map(entity),
        relation.by.map(entity),
    ])?;
    let add = |role: &str, quote: &Quote| -> Sql<()> {
        connection.prepare_cached("INSERT OR IGNORE INTO quotes VALUES (?, ?, ?, ?, ?)")?.execute(params![
            document,
            number,
            role,
            quote.start,
            quote.end
        ])?;
        connection.prepare_cached("INSERT OR IGNORE INTO passages VALUES (?, ?, ?, ?, ?, ?)")?.execute(params![
            document,
            quote.start,
            quote.end,
            quote.char_start,
            quote.char_end,
            quote.text
        ])?;
        Ok(())
    };
    relation.evidence.iter().try_for_each(|quote| add("evidence", quote))?;
    relation.trigger.iter().try_for_each(|quote| add("trigger", quote))
}

/// Takes a document out; its units are to be resolved again.
fn remove(connection: &Connection, document: i64) -> Sql<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO changed SELECT unit FROM entities WHERE document = ? AND unit IS NOT NULL",
        )?
        .execute([document])?;
    for table in ["entities", "names", "mentions", "assertions", "quotes", "passages"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE document = ?"))?.execute([document])?;
    }
    connection.prepare_cached("DELETE FROM documents WHERE id = ?")?.execute([document])?;
    Ok(())
}

/// Dates from the text that holds them.
pub(super) fn dates_of(text: Option<&str>) -> BTreeSet<String> {
    text.into_iter().flat_map(|text| text.split(' ')).map(str::to_owned).collect()
}

/// Features of context from their bytes.
pub(super) fn context(bytes: &[u8]) -> BTreeSet<Context> {
    let features = bytes.chunks_exact(4).filter_map(|chunk| chunk.try_into().ok());
    features.map(|chunk| Context::from_bits(u32::from_le_bytes(chunk))).collect()
}
