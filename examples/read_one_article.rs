//! Reads one article and prints what it says: `cargo run --release --example read_one_article -- article.txt`.

use std::{env, error::Error};

use relata::{pipeline::Pipeline, read::Reader};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name a file to read")?;
    let pipeline = Pipeline::new()?;
    for document in Reader::new().read([path]) {
        let mut doc = document?;
        pipeline.annotate(&mut doc);
        println!("{} ({})", doc.id, doc.date.as_deref().unwrap_or("no date"));
        for entity in &doc.entities {
            println!("  {:12} {} ({} mentions)", entity.entity_type, entity.name, entity.mentions.len());
        }
        let name =
            |id: relata::document::EntityId| doc.entities.get(id.0 as usize).map_or("?", |entity| entity.name.as_str());
        for relation in &doc.relations {
            let (head, tail) = (name(relation.head), name(relation.tail));
            println!("  {head} -- {} --> {tail} ({:.2})", relation.relation_type, relation.score);
            // The sentences that say so, and what they say about it.
            for span in &relation.evidence {
                println!("      \"{}\"", doc.slice(*span));
            }
            if let Some(status) = relation.status {
                println!("      not a plain fact: {}", status.name());
            }
            if let Some(by) = relation.by {
                println!("      according to {}", name(by));
            }
        }
    }
    Ok(())
}
