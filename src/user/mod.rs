//! What users know themselves: names of things ([`UserNames`]), and patterns of mentions and relations ([`Rules`]).
//!
//! Both are compiled once and asked for every document: [`crate::recognize`] puts the mentions into the document,
//! [`crate::resolve`] keeps apart what has different identifiers, [`crate::relate`] adds the relations. A pipeline
//! takes them with [`Pipeline::with_user_names`](crate::pipeline::Pipeline::with_user_names) and
//! [`Pipeline::with_rules`](crate::pipeline::Pipeline::with_rules).

mod masked;
mod names;
mod rules;

use std::{cmp::Reverse, error::Error, fmt, io, sync::Arc};

pub use masked::{Masked, TypeSet};
pub use names::{KnownName, NameList, UserNames};
pub use rules::{FoundRelation, MentionRule, RelationRule, RuleSet, Rules};

use sha2::{Digest, Sha256};

use crate::{schema::EntityType, span::ByteSpan};

/// A place in a text where something stands that the user knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserMention {
    /// Where.
    pub span: ByteSpan,
    /// What it is.
    pub entity_type: EntityType,
    /// Which thing it is, if the user said so and the spelling tells.
    pub identity: Option<Identity>,
}

/// Which thing a mention of the user's is: mentions of one identity and type are one entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// The thing with that identifier; two of them are never one thing.
    Id(Arc<str>),
    /// The thing of an entry without identifier; it may turn out to be another one.
    Entry(u32),
}

/// Of overlapping places the leftmost, then the longest, then the first in the list; in order.
#[must_use]
pub fn select(mut found: Vec<UserMention>) -> Vec<UserMention> {
    found.sort_by_key(|mention| (mention.span.start, Reverse(mention.span.end)));
    let mut end = 0;
    found.retain(|mention| {
        let is_free = mention.span.start >= end;
        if is_free {
            end = mention.span.end;
        }
        is_free
    });
    found
}

/// A list of names or a rule that cannot be used; its text says where, why, and what to do.
#[derive(Debug)]
#[non_exhaustive]
pub struct UserError {
    path: Option<String>,
    line: Option<usize>,
    detail: String,
    source: Option<io::Error>,
}

impl UserError {
    fn new(detail: impl Into<String>) -> Self {
        Self { path: None, line: None, detail: detail.into(), source: None }
    }

    fn at_line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    /// The same error with the file that it comes from.
    #[must_use]
    pub fn in_file(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// The line of the file, counted from one, if the error belongs to one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, self.line) {
            (Some(path), Some(line)) => write!(f, "{path}:{line}: {}", self.detail),
            (Some(path), None) => write!(f, "{path}: {}", self.detail),
            (None, Some(line)) => write!(f, "line {line}: {}", self.detail),
            (None, None) => f.write_str(&self.detail),
        }
    }
}

impl Error for UserError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}

/// The type with that name, or what to write instead.
fn entity_type(name: &str) -> Result<EntityType, UserError> {
    let in_any_case = || EntityType::all().find(|entity_type| entity_type.name().eq_ignore_ascii_case(name));
    EntityType::from_name(name).filter(|entity_type| entity_type.is_kept()).or_else(in_any_case).ok_or_else(|| {
        let names = EntityType::all().map(EntityType::name).collect::<Vec<_>>().join(", ");
        UserError::new(format!("unknown type {name:?}; the types are {names}"))
    })
}

/// Checksum of a list of texts; where one ends counts.
fn checksum<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    crate::hex::hex(hasher.finalize().as_slice(), 64)
}

/// Checksum of all that the user knows; it tells whether two runs knew the same. Nothing if there is nothing.
#[must_use]
pub fn checksum_of(names: Option<&UserNames>, rules: Option<&Rules>) -> Option<String> {
    let parts = [names.map_or("", UserNames::checksum), rules.map_or("", Rules::checksum)];
    parts.iter().any(|part| !part.is_empty()).then(|| checksum(parts))
}
