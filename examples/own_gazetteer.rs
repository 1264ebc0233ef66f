//! Adds things from an own list that the model does not know, and merges them into the graph:
//! `cargo run --release --example own_gazetteer`.

use std::error::Error;

use relata::{
    document::{Document, Entity, EntityId, Mention, MentionId},
    export::{GraphExporter, GraphFormat},
    graph::GraphBuilder,
    pipeline::Pipeline,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The own list: a name, what it is, and its key in an own database.
const GAZETTEER: [(&str, EntityType, &str); 2] =
    [("Quellmark 7", EntityType::Work, "parts:4711"), ("Hall Nine", EntityType::Place, "sites:9")];

const TEXT: &str = "Marta Keller showed the Quellmark 7 in Hall Nine on Friday. \
    The Quellmark 7 is made by Norden Bearings, which Keller has led since 2015.";

fn main() -> Result<(), Box<dyn Error>> {
    let mut doc = Document::new("example", TEXT);
    Pipeline::new()?.annotate(&mut doc);
    for (name, entity_type, key) in GAZETTEER {
        add_entity(&mut doc, name, entity_type, key);
    }
    let graph = GraphBuilder::new().add(&doc).finish();
    let mut writer = GraphExporter::from_format(GraphFormat::Dot).for_writer(std::io::stdout());
    writer.write(&graph)?;
    writer.finish()?;
    Ok(())
}

/// Makes every place where the name stands a mention of one entity, which gets the key.
///
/// What the model found there stays, and its entity gets the key; a longer mention around it is left alone.
fn add_entity(doc: &mut Document, name: &str, entity_type: EntityType, key: &str) {
    let mut own: Option<EntityId> = None;
    let spans: Vec<_> =
        doc.text.match_indices(name).map(|(start, name)| ByteSpan::new(start, start + name.len())).collect();
    for span in spans {
        if let Some(found) = doc.mentions.iter().find(|mention| mention.span.overlaps(span)) {
            if found.span == span
                && let Some(id) = found.entity
                && let Some(entity) = doc.entities.get_mut(id.0 as usize)
            {
                entity.link = Some(key.to_owned());
                own = own.or(Some(id));
            }
            continue;
        }
        let id = *own.get_or_insert_with(|| {
            let (name, link) = (name.to_owned(), Some(key.to_owned()));
            doc.entities.push(Entity { entity_type, name, norm: None, link, mentions: Vec::new() });
            EntityId(doc.entities.len() as u32 - 1)
        });
        let mention = Mention {
            span,
            entity_type,
            kind: MentionKind::Name,
            score: 1.0,
            entity: Some(id),
            norm: None,
            link: None,
        };
        insert_mention(doc, mention);
    }
}

/// Puts a mention at its place in the text; those behind it move up by one, and so do their ids.
fn insert_mention(doc: &mut Document, mention: Mention) {
    let place = doc.mentions.partition_point(|other| other.span < mention.span);
    let move_up = |id: &mut MentionId| id.0 += u32::from(id.0 as usize >= place);
    doc.entities.iter_mut().flat_map(|entity| &mut entity.mentions).for_each(move_up);
    doc.mentions.iter_mut().filter_map(|mention| mention.link.as_mut()).for_each(|link| move_up(&mut link.antecedent));
    if let Some(entity) = mention.entity.and_then(|id| doc.entities.get_mut(id.0 as usize)) {
        let at = entity.mentions.partition_point(|id| (id.0 as usize) < place);
        entity.mentions.insert(at, MentionId(place as u32));
    }
    doc.mentions.insert(place, mention);
}
