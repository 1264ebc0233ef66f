//! Loads what users know: lists of names, and rules.

use std::{error::Error as _, io, path::PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::user::{NameList, RuleSet, Rules, UserNames};

use super::library::{advice, read_text};

/// All names of the lists; nothing without a list.
pub(super) fn names(paths: &[PathBuf]) -> Result<Option<UserNames>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut list = NameList::new();
    for path in paths {
        list = list.with_file(path).map_err(|error| {
            // Its text has the cause in it.
            let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
            anyhow!("cannot use the gazetteer: {error}{}", cause.map_or("", advice))
        })?;
    }
    Ok(Some(list.compile().context("cannot use the gazetteer")?))
}

/// All rules of the files; nothing without a file.
pub(super) fn rules(paths: &[PathBuf]) -> Result<Option<Rules>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut rules = Rules::default();
    for path in paths {
        let name = path.display().to_string();
        let text = read_text("the rules", path)?;
        let set: RuleSet = toml::from_str(&text)
            .map_err(|error| anyhow!("{}", error.to_string().trim_end()))
            .with_context(|| format!("cannot use the rules {name}"))?;
        rules = rules.with(&set).map_err(|error| error.in_file(name)).context("cannot use the rules")?;
    }
    Ok(Some(rules))
}
