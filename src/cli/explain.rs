//! `relata explain`: why a document's mentions were linked, and what states each relation.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, IsTerminal, Write},
};

use anyhow::Result;

use crate::{
    document::{Document, Entity, EntityId, Relation},
    graph::normalize_name,
    lexicon::Lexicon,
    schema::{EntityType, Status},
    span::ByteSpan,
};

use super::{
    Outcome,
    annotate::{annotate_all, pipeline},
    arguments::{ExplainArguments, GlobalArguments},
    config::Settings,
    files::Outputs,
    journal::Journal,
    library,
    output::Target,
};

pub(super) fn run(global: &GlobalArguments, arguments: &ExplainArguments) -> Result<Outcome> {
    let settings = Settings::resolve(global, Some(&arguments.read))?;
    let pipeline = pipeline(&settings)?;
    let mut journal = Journal::start(global, None).without_bar();
    let outputs = Outputs::new([&Target::Stdout]);
    let inputs = std::slice::from_ref(&arguments.input);
    let documents = library::documents(&settings.read, inputs, outputs, journal.left_out());
    let mut output = io::stdout();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let marks = if output.is_terminal() && !no_color { COLORED } else { PLAIN };
    let mut any = false;
    annotate_all(&pipeline, settings.threads, documents, &mut journal, |doc| {
        if let Some(text) = explain(doc, &arguments.names, marks) {
            any = true;
            output.write_all(text.as_bytes())?;
        }
        Ok(())
    })?;
    match journal.finish("") {
        Outcome::Found | Outcome::NothingFound if !any => {
            if !global.quiet {
                let told = match arguments.names.as_slice() {
                    [one, other] => format!("no document names both {one} and {other}"),
                    names => format!("nothing is named {}", names.concat()),
                };
                // Nobody is left to tell if standard error is closed.
                let _ = writeln!(io::stderr(), "{told}");
            }
            Ok(Outcome::NothingFound)
        }
        outcome => Ok(outcome),
    }
}

/// What goes before and after an end of a relation, and before and after a trigger.
type Marks = [&'static str; 4];

const PLAIN: Marks = ["[", "]", "*", "*"];
const COLORED: Marks = ["\x1b[1;36m", "\x1b[0m", "\x1b[1;33m", "\x1b[0m"];

/// All about the entities with the given names; of two names, what holds between them. Nothing if nothing has the name.
fn explain(doc: &Document, names: &[String], marks: Marks) -> Option<String> {
    let named: Vec<BTreeSet<EntityId>> = names.iter().map(|name| find(doc, name)).collect();
    if named.iter().any(BTreeSet::is_empty) {
        return None;
    }
    let mut text = format!("{}\n", one_line(&doc.id));
    let mut shown: BTreeSet<EntityId> = BTreeSet::new();
    for id in named.iter().flatten() {
        if shown.insert(*id)
            && let Some(entity) = doc.entities.get(id.0 as usize)
        {
            mentions(doc, entity, marks, &mut text);
        }
    }
    let wanted = |relation: &Relation| match named.as_slice() {
        [one, other] if one != other => {
            let between = |a: &BTreeSet<EntityId>, b: &BTreeSet<EntityId>| {
                a.contains(&relation.head) && b.contains(&relation.tail)
            };
            between(one, other) || between(other, one)
        }
        _ => {
            let ends = [Some(relation.head), Some(relation.tail), relation.by, relation.date, relation.place];
            ends.into_iter().flatten().any(|end| shown.contains(&end))
        }
    };
    let found: Vec<&Relation> = doc.relations.iter().filter(|relation| wanted(relation)).collect();
    match (named.as_slice(), found.len()) {
        ([one, other], _) if one == other => text.push_str("\nBoth names stand for the same.\n"),
        ([_, _], 0) => text.push_str("\nNo relation between them was found.\n"),
        (_, 0) => text.push_str("\nNo relation was found.\n"),
        _ => {}
    }
    for relation in found {
        assertion(doc, relation, marks, &mut text);
    }
    text.push('\n');
    Some(text)
}

/// Entities with a name; if none has it whole, those with a name that holds its words.
fn find(doc: &Document, name: &str) -> BTreeSet<EntityId> {
    let wanted = normalize_name(name);
    let by = |fits: &dyn Fn(&str) -> bool| -> BTreeSet<EntityId> {
        let ids = doc.entities.iter().enumerate().filter(|(_, entity)| {
            let mentions = entity.mentions.iter().filter_map(|id| doc.mentions.get(id.0 as usize));
            let names = mentions.map(|mention| doc.slice(mention.span)).chain([entity.name.as_str()]);
            names.chain(entity.norm.as_deref()).any(|name| fits(&normalize_name(name)))
        });
        ids.map(|(index, _)| EntityId(index as u32)).collect()
    };
    if wanted.is_empty() {
        return BTreeSet::new();
    }
    let whole = by(&|name| name == wanted);
    if !whole.is_empty() {
        return whole;
    }
    let words: Vec<&str> = wanted.split(' ').collect();
    by(&|name| words.iter().all(|word| name.split(' ').any(|other| other == *word)))
}

/// An entity and each of its mentions, with why it was linked.
fn mentions(doc: &Document, entity: &Entity, [open, close, ..]: Marks, text: &mut String) {
    let norm = entity.norm.as_ref().map(|norm| format!(" = {}", one_line(norm))).unwrap_or_default();
    let _ = writeln!(text, "\n{} {}{norm}", entity.entity_type.name(), one_line(&entity.name));
    for id in &entity.mentions {
        let Some(mention) = doc.mentions.get(id.0 as usize) else { continue };
        let why = match &mention.link {
            None => "stands for itself".to_owned(),
            Some(link) => {
                let antecedent = doc.mentions.get(link.antecedent.0 as usize);
                let (words, start) =
                    antecedent.map_or(("?", 0), |mention| (doc.slice(mention.span), mention.span.start));
                let reason = link.reason.name().replace('_', " ");
                format!("linked to \"{}\" at {start}: {reason}, {:.2}", one_line(words), link.score)
            }
        };
        let span = mention.span;
        let _ = writeln!(text, "  {}..{} {}, {:.2}; {why}", span.start, span.end, mention.kind.name(), mention.score);
        let sentence = doc.sentence_at(span.start).and_then(|index| doc.sentences.get(index));
        let sentence = sentence.map_or(span, |sentence| sentence.span);
        let _ = writeln!(text, "      {}", highlight(doc, sentence, &[(span, open, close)]));
    }
}

/// A relation, its qualifiers and its evidence.
fn assertion(doc: &Document, relation: &Relation, [open, close, before, after]: Marks, text: &mut String) {
    let entity = |id: EntityId| doc.entities.get(id.0 as usize);
    let name = |id: EntityId| entity(id).map_or("?".to_owned(), |entity| one_line(&entity.name));
    let _ = write!(
        text,
        "\n{} {} {}, {:.2}, {}",
        name(relation.head),
        relation.relation_type.name(),
        name(relation.tail),
        relation.score,
        relation.status.map_or("stated as fact", Status::name),
    );
    for (word, qualifier) in [("by", relation.by), ("on", relation.date), ("in", relation.place)] {
        if let Some(id) = qualifier {
            let norm = entity(id).and_then(|entity| entity.norm.as_deref()).map(one_line);
            let _ = write!(text, ", {word} {}", norm.unwrap_or_else(|| name(id)));
        }
    }
    text.push('\n');
    let ends: Vec<ByteSpan> = [relation.head, relation.tail]
        .into_iter()
        .filter_map(entity)
        .flat_map(|end| doc.entities.iter().filter(move |entity| *entity == end || are_people_of(entity, end)))
        .flat_map(|entity| &entity.mentions)
        .filter_map(|id| Some(doc.mentions.get(id.0 as usize)?.span))
        .collect();
    for evidence in &relation.evidence {
        let mut marked: Vec<_> = ends.iter().map(|span| (*span, open, close)).collect();
        marked.extend(relation.trigger.map(|span| (span, before, after)));
        let _ = writeln!(text, "  {}..{} {}", evidence.start, evidence.end, highlight(doc, *evidence, &marked));
    }
}

/// Whether one entity is the people of the other, a country, which stands in their place at the end of a relation.
fn are_people_of(people: &Entity, country: &Entity) -> bool {
    let lexicon = Lexicon::embedded();
    let code_of_people = || lexicon.territory_by_demonym(&people.name).map(|territory| territory.code);
    let code = || lexicon.territory_by_name(&country.name).map(|territory| territory.code);
    let types = (people.entity_type, country.entity_type);
    types == (EntityType::Group, EntityType::Place) && code_of_people().is_some() && code_of_people() == code()
}

/// A stretch of the text on one line, with marks around parts of it.
fn highlight(doc: &Document, stretch: ByteSpan, marked: &[(ByteSpan, &str, &str)]) -> String {
    let mut marked: Vec<_> = marked.iter().filter(|(span, ..)| stretch.contains(*span)).collect();
    marked.sort_by_key(|(span, ..)| (span.start, Reverse(span.end)));
    let (mut text, mut at) = (String::new(), stretch.start);
    for (span, open, close) in marked {
        if span.start < at {
            continue;
        }
        text += &one_line(doc.slice(ByteSpan::new(at as usize, span.start as usize)));
        text += open;
        text += &one_line(doc.slice(*span));
        text += close;
        at = span.end;
    }
    text + &one_line(doc.slice(ByteSpan::new(at as usize, stretch.end as usize)))
}

/// Line breaks and control characters as blanks: the text may not write to the terminal what it likes.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_do_not_overlap() {
        let doc = Document::new("d", "Ana Roth met\nBo Aas \u{1b}[0m today.");
        let span = ByteSpan::new;
        let marked =
            [(span(0, 8), "[", "]"), (span(4, 8), "[", "]"), (span(13, 19), "[", "]"), (span(9, 12), "*", "*")];
        assert_eq!(highlight(&doc, span(0, doc.text.len()), &marked), "[Ana Roth] *met* [Bo Aas]  [0m today.");
        assert_eq!(highlight(&doc, span(4, 12), &marked), "[Roth] *met*");
        let nested = [(span(0, 3), "[", "]"), (span(0, 8), "[", "]")];
        assert_eq!(highlight(&doc, span(0, 12), &nested), "[Ana Roth] met");
    }

    fn entity(entity_type: EntityType, name: &str) -> Entity {
        Entity { entity_type, name: name.to_owned(), norm: None, link: None, mentions: Vec::new() }
    }

    #[test]
    fn nothing_in_a_document_writes_to_the_terminal() {
        let mut doc = Document::new("d\u{1b}[2J", "Ana\u{1b}Roth");
        doc.entities.push(Entity { norm: Some("\u{7}".to_owned()), ..entity(EntityType::Person, "Ana\u{1b}Roth") });
        let text = explain(&doc, &["Ana\u{1b}Roth".to_owned()], PLAIN).unwrap();
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(text.contains("No relation was found."), "{text}");
    }

    #[test]
    fn a_country_is_marked_in_its_people() {
        let country = entity(EntityType::Place, "Denmark");
        assert!(are_people_of(&entity(EntityType::Group, "Danish"), &country));
        assert!(!are_people_of(&entity(EntityType::Group, "Kurds"), &country));
        assert!(!are_people_of(&entity(EntityType::Person, "Danish"), &country));
        assert!(!are_people_of(&entity(EntityType::Group, "Kurds"), &entity(EntityType::Place, "Adlerstadt")));
    }
}
