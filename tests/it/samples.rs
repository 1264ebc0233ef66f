//! The sample articles: snapshots of what is found in them, and scores against the graphs a careful reader drew.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, sync::LazyLock};

use relata::{
    document::{Document, Entity, EntityId, Relation},
    eval::{evaluate, read_gold},
    read::Reader,
    record::DocumentRecord,
    schema::EntityType,
};

use crate::{
    PIPELINE,
    snapshot::{compare, fixtures, is_blessing, longest_common},
};

/// F1 that may not be missed, over all samples: about two points below what the built-in model reached when they were set.
const FLOORS: [(&str, f64); 4] = [("names", 0.88), ("entities", 0.88), ("coreference", 0.75), ("relations", 0.43)];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is found in each sample, by its name without extension.
pub static SAMPLES: LazyLock<BTreeMap<String, Vec<Document>>> = LazyLock::new(|| {
    let mut samples: BTreeMap<String, Vec<Document>> = BTreeMap::new();
    for entry in fs::read_dir(root().join("data/samples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        for document in Reader::new().read([&path]) {
            let mut doc = document.unwrap();
            // Else it would hold the place of this folder.
            doc.id = doc.id.replace(&*path.to_string_lossy(), &file);
            PIPELINE.annotate(&mut doc);
            samples.entry(name.clone()).or_default().push(doc);
        }
    }
    samples
});

fn show(doc: &Document) -> String {
    let mut text = format!("## {}", doc.id);
    for part in [&doc.date, &doc.title] {
        write!(text, " | {}", part.as_deref().unwrap_or("-")).unwrap();
    }
    text.push_str("\n\n");
    for entity_type in EntityType::ALL {
        for entity in doc.entities.iter().filter(|entity| entity.entity_type == entity_type) {
            writeln!(text, "{}", show_entity(doc, entity)).unwrap();
        }
    }
    text.push('\n');
    for relation in &doc.relations {
        writeln!(text, "{}", show_relation(doc, relation)).unwrap();
    }
    text
}

fn show_entity(doc: &Document, entity: &Entity) -> String {
    let mut words: Vec<(&str, usize)> = Vec::new();
    for mention in &entity.mentions {
        let word = doc.slice(doc.mentions[mention.0 as usize].span);
        match words.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => words.push((word, 1)),
        }
    }
    let words: Vec<String> = words
        .into_iter()
        .map(|(word, count)| if count > 1 { format!("{word} x{count}") } else { word.to_owned() })
        .collect();
    let norm = entity.norm.as_ref().map(|norm| format!(" = {norm}")).unwrap_or_default();
    format!("{} {}{norm}: {}", entity.entity_type, entity.name, words.join(", ")).replace('\n', " ")
}

fn show_relation(doc: &Document, relation: &Relation) -> String {
    let name = |id: EntityId| doc.entities[id.0 as usize].name.replace('\n', " ");
    let mut line = format!("{} -- {} -> {}", name(relation.head), relation.relation_type, name(relation.tail));
    for (word, argument) in [("by", relation.by), ("on", relation.date), ("in", relation.place)] {
        if let Some(id) = argument {
            write!(line, ", {word} {}", name(id)).unwrap();
        }
    }
    if let Some(status) = relation.status {
        write!(line, ", {}", status.name()).unwrap();
    }
    let evidence: String = doc.slice(relation.evidence[0]).chars().take(40).collect();
    write!(line, "  << {}", evidence.replace('\n', " ")).unwrap();
    line
}

#[test]
fn what_is_found_is_as_recorded() {
    let folder = fixtures().join("samples");
    let mut stale = Vec::new();
    for (name, documents) in &*SAMPLES {
        let found = documents.iter().map(show).collect::<Vec<_>>().join("\n");
        stale.extend(compare(&folder.join(format!("{name}.txt")), &found).err());
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !SAMPLES.contains_key(&*path.file_stem().unwrap().to_string_lossy()) {
            stale.push(format!("{} belongs to no sample", path.display()));
            if is_blessing() {
                fs::remove_file(path).unwrap();
            }
        }
    }
    assert!(stale.is_empty() || is_blessing(), "{}", stale.join("\n\n"));
}

/// The record over another text of the same words, such as that of a page without its markup.
///
/// Mentions whose words the other text lacks are left out.
fn transfer(record: &DocumentRecord, text: &str) -> DocumentRecord {
    let characters = |text: &str| text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect::<Vec<_>>();
    let (from, to) = (characters(&record.text), characters(text));
    let letters = |characters: &[(usize, char)]| characters.iter().map(|(_, c)| *c).collect::<Vec<_>>();
    let place: BTreeMap<usize, usize> =
        longest_common(&letters(&from), &letters(&to)).into_iter().map(|(old, new)| (from[old].0, to[new].0)).collect();
    let mut record = record.clone();
    record.mentions.retain_mut(|mention| {
        let range = mention.start as usize..mention.end as usize;
        let Some((last, c)) = record.text[range.clone()].char_indices().next_back() else { return false };
        let (Some(&start), Some(&end)) = (place.get(&range.start), place.get(&(range.start + last))) else {
            return false;
        };
        (mention.start, mention.end) = (start as u32, (end + c.len_utf8()) as u32);
        mention.start < mention.end
    });
    text.clone_into(&mut record.text);
    record
}

#[test]
fn what_is_found_is_near_what_a_reader_finds() {
    let (mut gold, mut predicted) = (Vec::new(), Vec::new());
    let mut table = String::new();
    for (name, documents) in &*SAMPLES {
        let expected = read_gold(root().join(format!("data/samples-gold/{name}.gold"))).unwrap();
        assert_eq!(expected.len(), documents.len(), "{name}");
        let found: Vec<DocumentRecord> = expected
            .iter()
            .zip(documents)
            .map(|(expected, doc)| {
                assert_eq!(expected.date, doc.date, "{}", doc.id);
                let mut found = transfer(&DocumentRecord::from(doc), &expected.text);
                found.id.clone_from(&expected.id);
                found
            })
            .collect();
        writeln!(table, "{name}: {}", percentages(&evaluate(&expected, &found).headline())).unwrap();
        gold.extend(expected);
        predicted.extend(found);
    }
    let report = evaluate(&gold, &predicted);
    assert!(report.missing.is_empty() && report.other_text.is_empty());
    let scores = report.headline();
    writeln!(table, "all: {}", percentages(&scores)).unwrap();
    println!("{table}");
    for (name, floor) in FLOORS {
        assert!(scores[name].unwrap_or(0.0) >= floor, "{name} F1 is below {floor}\n{table}");
    }
}

pub fn percentages(scores: &BTreeMap<&'static str, Option<f64>>) -> String {
    let part = |(name, score): (&&str, &Option<f64>)| match score {
        Some(score) => format!("{name} {:.1}", score * 100.0),
        None => format!("{name} -"),
    };
    scores.iter().map(part).collect::<Vec<_>>().join(", ")
}
