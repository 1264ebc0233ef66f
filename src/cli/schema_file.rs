//! Loads the user's schema, and that of a graph file.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use toml::de::{DeTable, DeValue};

use crate::{
    schema::{Schema, SchemaError, SchemaSet},
    store::GraphFile,
};

use super::{arguments::GlobalArguments, library, store};

/// Makes the schema in a file that of this process.
pub(super) fn install(path: &Path) -> Result<()> {
    let name = path.display();
    let text = library::read_text("the schema", path)?;
    let set: SchemaSet = toml::from_str(&text)
        .map_err(|error| anyhow!("{}", error.to_string().trim_end()))
        .with_context(|| format!("cannot use the schema {name}"))?;
    match Schema::new(&set) {
        Ok(schema) => Ok(schema.install()?),
        Err(error) => match line_of(&text, &error) {
            Some(line) => bail!("cannot use the schema: {name}:{line}: {}", error.detail()),
            None => bail!("cannot use the schema {name}: {error}"),
        },
    }
}

/// The line, counted from one, of what an error is about, or of the table that lacks it.
fn line_of(text: &str, error: &SchemaError) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut at = document.span().start;
    let mut table = Some(document.get_ref());
    let mut array = None;
    for part in error.place() {
        let value = match (table, array) {
            (Some(table), _) => table.get(part.as_str()),
            (None, Some(values)) => part.parse::<usize>().ok().and_then(|index| <[_]>::get(values, index)),
            (None, None) => None,
        };
        let Some(value) = value else { break };
        at = value.span().start;
        (table, array) = match value.get_ref() {
            DeValue::Table(table) => (Some(table), None),
            DeValue::Array(values) => (None, Some(values.as_ref())),
            _ => (None, None),
        };
    }
    Some(1 + text.get(..at)?.matches('\n').count())
}

/// Makes the schema that a graph file was built with that of this process; with one on the command line, it has to be the
/// same.
pub(super) fn adopt(global: &GlobalArguments, file: &mut GraphFile) -> Result<()> {
    if let Some(path) = &global.schema {
        install(path)?;
        return file.require_schema(Schema::installed()).map_err(store::in_words);
    }
    if let Some(set) = file.schema()? {
        Schema::new(&set).with_context(|| format!("cannot use the schema in {}", file.path().display()))?.install()?;
    }
    Ok(())
}
