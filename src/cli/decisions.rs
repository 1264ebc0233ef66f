//! The file of decisions: pairs of names for a person to judge.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::{corpus::PairReason, graph::unit_of_name, schema::EntityType, store::PairRecord};

const HEAD: &str = "\
# Pairs of names that may be one thing, the least sure first.
# Write `same: yes` or `same: no` where you know; pairs without an answer stay as they are.
# Then run: relata review FILE --decisions THIS_FILE
";

/// One side of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Name {
    /// Identifier of the name in graph files.
    #[serde(default)]
    pub id: String,
    #[serde(rename = "type")]
    pub type_name: String,
    pub name: String,
}

impl Name {
    /// The key under which documents share the name.
    pub fn key(&self) -> Option<String> {
        unit_of_name(EntityType::from_name(&self.type_name)?, &self.name)
    }
}

#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(default)]
    same: Answer,
    a: Name,
    b: Name,
}

/// Yes, no, or nothing; YAML 1.2 takes `yes` for a word, older readers for a truth value.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Answer {
    Truth(bool),
    Word(String),
    #[default]
    Nothing,
}

/// Pairs as YAML; strings are quoted as in JSON, which YAML understands.
pub(super) fn write(pairs: &[PairRecord]) -> String {
    let mut text = HEAD.to_owned();
    if pairs.is_empty() {
        text.push_str("[]\n");
    }
    for record in pairs {
        let pair = &record.pair;
        let _ = writeln!(text, "\n- same:");
        for (side, named) in ["a", "b"].into_iter().zip(&record.names) {
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let _ = writeln!(text, "  {side}:");
            let _ = writeln!(text, "    id: {}", crate::graph::node_id(&named.key));
            let _ = writeln!(text, "    type: {}", named.entity_type.name());
            let _ = writeln!(text, "    name: {}", quoted(&named.name));
            let listed: Vec<String> = named.documents.iter().map(|id| quoted(id)).collect();
            let _ = writeln!(text, "    documents: [{}]", listed.join(", "));
            let _ = writeln!(text, "    document_count: {}", named.document_count);
        }
        let _ = writeln!(text, "  probability: {:.2}", pair.probability());
        let _ = writeln!(text, "  joined: {}", if record.joined { "yes" } else { "no" });
        let _ = writeln!(text, "  why: {}", why(record));
    }
    text
}

/// What speaks for a pair, in a few words.
pub(super) fn why(record: &PairRecord) -> String {
    let pair = &record.pair;
    let mut why = match pair.reason {
        PairReason::Names(reason) => reason.name().replace('_', " "),
        PairReason::Alias => format!("{} documents use both names", pair.alias_documents),
        PairReason::SharedAlias => "documents use a third name for both".to_owned(),
        PairReason::Decision => "decided by a person".to_owned(),
    };
    if pair.alias_documents == 1 {
        why = why.replace("1 documents use", "one document uses");
    }
    if pair.shared_context > 0 {
        let _ = write!(why, "; {} traits of company shared", pair.shared_context);
    }
    why
}

/// Decisions from YAML: both names, and whether they are one thing; pairs without an answer are left out.
pub(super) fn read(text: &str) -> Result<Vec<(Name, Name, bool)>> {
    let entries: Vec<Entry> = serde_saphyr::from_str(text).map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut decisions = Vec::new();
    for entry in entries {
        let same = match entry.same {
            Answer::Truth(same) => same,
            Answer::Nothing => continue,
            Answer::Word(word) => match word.to_lowercase().as_str() {
                "yes" | "y" | "same" => true,
                "no" | "n" | "other" => false,
                "" | "~" | "null" => continue,
                _ => bail!("{} and {}: same is {word:?}, not yes or no", entry.a.name, entry.b.name),
            },
        };
        decisions.push((entry.a, entry.b, same));
    }
    Ok(decisions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_in_many_forms() {
        let entry = |same: &str| {
            format!(
                "- same: {same}\n  a: {{type: PERSON, name: \"Ana Costa\"}}\n  b: {{id: person-00, type: PERSON, name: Ana Maria Costa, documents: [x]}}\n  why: \"x\"\n"
            )
        };
        for (same, expected) in [
            ("yes", Some(true)),
            ("true", Some(true)),
            ("Yes", Some(true)),
            ("no", Some(false)),
            ("false", Some(false)),
            ("", None),
            ("~", None),
        ] {
            let read = read(&format!("{HEAD}{}", entry(same))).unwrap();
            assert_eq!(read.first().map(|(.., same)| *same), expected, "{same:?}");
        }
        assert!(read(&entry("perhaps")).unwrap_err().to_string().contains("not yes or no"));
        assert!(read("- same: yes\n").is_err());
        assert!(read("[]").unwrap().is_empty());
    }

    #[test]
    fn names_give_keys() {
        let name =
            |type_name: &str, name: &str| Name { id: String::new(), type_name: type_name.into(), name: name.into() };
        assert!(name("PERSON", "Ana Costa").key().is_some());
        assert_eq!(name("PERSON", "Costa").key(), None);
        assert_eq!(name("ROBOT", "Ana Costa").key(), None);
    }
}
