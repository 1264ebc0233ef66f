//! Hard sentences with the mentions found in them, each label under its words.

use std::fs;

use relata::{
    document::{Document, Mention},
    schema::{EntityType, MentionKind},
};

use crate::{
    annotate,
    snapshot::{compare, fixtures},
};

#[test]
fn mentions_are_as_recorded() {
    let path = fixtures().join("mentions.txt");
    let mut shown = String::new();
    for line in fs::read_to_string(&path).unwrap().lines().filter(|line| !line.starts_with("  ")) {
        shown.push_str(line);
        shown.push('\n');
        if let Some(text) = line.strip_prefix("> ") {
            for row in rows(&annotate("line", text, Some("2024-05-15"))) {
                shown.push_str(&format!("  {row}\n"));
            }
        }
    }
    compare(&path, &shown).unwrap_or_else(|difference| panic!("{difference}"));
}

fn letter(mention: &Mention) -> char {
    let letter = match mention.entity_type {
        EntityType::Person => 'P',
        EntityType::Organization => 'O',
        EntityType::Place => 'L',
        EntityType::Group => 'G',
        EntityType::Event => 'E',
        EntityType::Title => 'T',
        EntityType::Date => 'D',
        EntityType::Work => 'W',
        EntityType::Own(_) => 'X',
    };
    if mention.kind == MentionKind::Name { letter } else { letter.to_ascii_lowercase() }
}

/// The labels of a line of text, on more rows than one where a label is longer than its words.
fn rows(doc: &Document) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for mention in &doc.mentions {
        let column = doc.text[..mention.span.start as usize].chars().count();
        let width = doc.slice(mention.span).chars().count();
        let entity = mention.entity.map_or("?".to_owned(), |entity| (entity.0 + 1).to_string());
        let norm = mention.norm.as_ref().map(|norm| format!("={norm}")).unwrap_or_default();
        let label = format!("{:-<width$}", format!("{}{entity}{norm}", letter(mention)));
        // A blank between two labels, so that they can be told apart.
        let is_free = |row: &String| row.is_empty() || row.chars().count() < column;
        let index = rows.iter().position(is_free).unwrap_or_else(|| {
            rows.push(String::new());
            rows.len() - 1
        });
        let fill = column - rows[index].chars().count();
        rows[index].push_str(&" ".repeat(fill));
        rows[index].push_str(&label);
    }
    rows
}

#[test]
fn labels_stand_under_their_words() {
    let mut doc = Document::new("x", "Zoë met Bo");
    let mention = |start, end| Mention {
        span: relata::span::ByteSpan::new(start, end),
        entity_type: EntityType::Person,
        kind: MentionKind::Name,
        score: 1.0,
        entity: Some(relata::document::EntityId(start as u32)),
        norm: None,
        link: None,
    };
    doc.mentions = vec![mention(0, 4), mention(9, 11), mention(9, 11)];
    assert_eq!(rows(&doc), ["P1-     P10", "        P10"]);
}
