//! `relata schema`: the types and what they mean.

use std::io::{self, Write};

use anyhow::Result;
use serde_json::{Value, json};

use crate::{
    export::shacl_shapes,
    schema::{EntityType, MentionKind, RelationType, Status},
};

use super::{
    Outcome,
    arguments::{GlobalArguments, SchemaArguments},
    config::Settings,
};

pub(super) fn run(global: &GlobalArguments, arguments: &SchemaArguments) -> Result<Outcome> {
    Settings::resolve(global, None)?;
    let text = if arguments.json {
        format!("{}\n", serde_json::to_string_pretty(&schema_json())?)
    } else if arguments.shacl {
        shacl_shapes()
    } else {
        schema_table()
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

fn schema_json() -> Value {
    let entity_types: Vec<_> =
        EntityType::all().map(|entity| json!({ "name": entity.name(), "meaning": entity.meaning() })).collect();
    let relation_types: Vec<_> = RelationType::all()
        .map(|relation| {
            let info = relation.info();
            json!({
                "name": info.name,
                "heads": info.heads,
                "tails": info.tails,
                "symmetric": info.symmetric,
                "wikidata": Some(&info.wikidata).filter(|text| *text != "-"),
                "schema_org": info.schema_org,
                "meaning": info.meaning,
            })
        })
        .collect();
    json!({
        "entity_types": entity_types,
        "mention_kinds": MentionKind::ALL.map(MentionKind::name),
        "relation_types": relation_types,
        "statuses": Status::ALL.map(Status::name),
    })
}

fn schema_table() -> String {
    let mut rows = vec![["ENTITY TYPE".to_owned(), String::new(), "MEANING".to_owned()]];
    rows.extend(EntityType::all().map(|entity| [entity.name().to_owned(), String::new(), entity.meaning().to_owned()]));
    rows.push(Default::default());
    rows.push(["RELATION TYPE".to_owned(), "ENDS".to_owned(), "MEANING".to_owned()]);
    rows.extend(RelationType::all().map(|relation| {
        let info = relation.info();
        let arrow = if info.symmetric { "<->" } else { "->" };
        [info.name.clone(), format!("{} {arrow} {}", ends(&info.heads), ends(&info.tails)), info.meaning.clone()]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (name_width, ends_width) = (width(0), width(1));
    let mut text = String::new();
    for [name, ends, meaning] in &rows {
        // Entity types have no ends; their meaning moves up.
        let line = if ends.is_empty() {
            format!("{name:name_width$}  {meaning}")
        } else {
            format!("{name:name_width$}  {ends:ends_width$}  {meaning}")
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn ends(types: &[EntityType]) -> String {
    if types.len() == EntityType::all().len() {
        return "any".to_owned();
    }
    types.iter().map(|entity| entity.name()).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_line() {
        let table = schema_table();
        assert_eq!(table.lines().count(), 3 + EntityType::all().len() + RelationType::all().len());
        assert!(table.lines().any(|line| line.starts_with("head_of ") && line.contains(" -> ")), "{table}");
    }

    #[test]
    fn json_names_what_the_table_names() {
        let schema = schema_json();
        assert_eq!(schema["relation_types"].as_array().map(Vec::len), Some(RelationType::all().len()));
        assert_eq!(schema["entity_types"][0]["name"], "PERSON");
    }
}
