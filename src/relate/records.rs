//! Records, as in registers, forms, curricula and lists of sanctions: lines of a label and what it says of the person or
//! organization that the record is about.
//!
//! A model of sentences reads them as if they were one, and takes one record's country for another's person. The labels say
//! plainly what belongs to what.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::Key;
use crate::{
    document::{Document, EntityId, Mention, Relation},
    schema::{EntityType, MentionKind, RelationType},
    span::ByteSpan,
};

/// How sure it is that a label means what it says.
const SCORE: f32 = 0.9;

/// A label has so many bytes at the most.
const LONGEST_LABEL: usize = 40;

/// A label has so many words at the most.
const MOST_WORDS: usize = 5;

/// A value has so many bytes at the most.
const LONGEST_VALUE: usize = 200;

/// A line above the labels that names what they are about has so many bytes at the most.
const LONGEST_HEAD: usize = 80;

/// What the values behind a label are to the subject of the record.
struct Meaning {
    /// The labels, in lower case and without full stops, sorted.
    labels: &'static [&'static str],
    /// The relation; nothing where values are no end of any, such as languages.
    relation: Option<&'static str>,
    /// Whether a value is the head, and the subject the tail.
    of_value: bool,
    /// Whether only the first value counts: the country behind a city is where the city lies.
    is_one: bool,
}

const fn meaning(relation: &'static str, labels: &'static [&'static str]) -> Meaning {
    Meaning { labels, relation: Some(relation), of_value: false, is_one: false }
}

const MEANINGS: [Meaning; 22] = [
    Meaning { is_one: true, ..meaning("born_on", &["birth date", "birthdate", "born", "date of birth", "dob"]) },
    Meaning { is_one: true, ..meaning("born_in", &["birth place", "birthplace", "born", "place of birth", "pob"]) },
    Meaning { is_one: true, ..meaning("died_on", &["date of death", "died"]) },
    Meaning { is_one: true, ..meaning("died_in", &["died", "place of death"]) },
    meaning("citizen_of", &["citizen", "citizenship", "nationality"]),
    Meaning { is_one: true, ..meaning("lives_in", &["domicile", "lives in", "residence"]) },
    meaning(
        "holds_title",
        &["designation", "function", "job title", "occupation", "position", "profession", "rank", "role"],
    ),
    meaning("works_for", &["employer"]),
    meaning("educated_at", &["alma mater", "education"]),
    meaning("child_of", &["father", "mother", "parents"]),
    meaning("spouse_of", &["husband", "partner", "spouse", "wife"]),
    Meaning { of_value: true, ..meaning("child_of", &["child", "children", "daughter", "daughters", "son", "sons"]) },
    meaning("sibling_of", &["brother", "brothers", "sibling", "siblings", "sister", "sisters"]),
    Meaning {
        is_one: true,
        ..meaning("based_in", &["head office", "headquarters", "hq", "principal office", "registered office", "seat"])
    },
    Meaning {
        is_one: true,
        ..meaning(
            "founded_on",
            &["date of incorporation", "established", "founded", "incorporated", "incorporation date", "registered"],
        )
    },
    Meaning {
        of_value: true,
        ..meaning(
            "head_of",
            &[
                "ceo",
                "chair",
                "chairman",
                "chairperson",
                "chairwoman",
                "chief executive",
                "chief executive officer",
                "managing director",
                "president",
            ],
        )
    },
    Meaning { of_value: true, ..meaning("founded", &["founded by", "founder", "founders"]) },
    Meaning {
        of_value: true,
        ..meaning("owns", &["beneficial owner", "beneficial owners", "owner", "owners", "shareholder", "shareholders"])
    },
    meaning("part_of", &["parent", "parent company", "parent organisation", "parent organization"]),
    Meaning { of_value: true, ..meaning("part_of", &["subsidiaries", "subsidiary"]) },
    Meaning {
        of_value: true,
        ..meaning("works_for", &["company secretary", "director", "directors", "employees", "officers", "staff"])
    },
    Meaning { relation: None, ..meaning("", &["gender", "id", "language", "languages", "passport", "religion"]) },
];

impl Meaning {
    fn has(&self, label: &str) -> bool {
        self.labels.binary_search(&label).is_ok()
    }

    fn relation_type(&self) -> Option<RelationType> {
        RelationType::from_name(self.relation?)
    }

    /// Whether a value is a place, and not where another value is: "Parent: Nordbank, Oslo".
    fn is_of_place(&self) -> bool {
        matches!(self.relation, None | Some("based_in" | "born_in" | "citizen_of" | "died_in" | "lives_in"))
    }
}

/// What stands behind a label.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    /// In lower case, without full stops.
    label: String,
    /// The whole line, or the part of one.
    span: ByteSpan,
    /// From here on it has the value.
    value: usize,
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// All of it.
    pub span: ByteSpan,
    /// What names the thing that it is about.
    head: ByteSpan,
    /// Whether a person's other names may follow there.
    is_list_of_names: bool,
    fields: Vec<Field>,
}

/// The records of a document, in order.
///
/// Two lines or more that have a label each, one of them a known one, and no empty line between them are a record, with the
/// short line above them if there is one; where the first label comes again, so does the next record. So is a paragraph that
/// tells of one birth between semicolons or behind a colon: "ZORIN, Pavel; DOB 12 Mar 1961; POB Kazan", "Name: Pavel Zorin.
/// Date of birth: 12 Mar 1961. Place of birth: Kazan".
pub(super) fn records(doc: &Document) -> Vec<Record> {
    let mut records = Vec::new();
    let mut at = 0;
    while at < doc.paragraphs.len() {
        let lines = (at..doc.paragraphs.len()).take_while(|next| *next == at || follows(doc, *next));
        let fields: Vec<Field> = lines.map_while(|line| labelled_line(doc, line)).collect();
        let end = at + fields.len().max(1);
        if fields.len() > 1 {
            let above = at.checked_sub(1).filter(|_| follows(doc, at) && !ends_at(&records, doc, at - 1));
            let above = above.and_then(|line| doc.paragraphs.get(line)).copied();
            records.extend(parted(fields, above.filter(|head| head.len() <= LONGEST_HEAD)));
        } else if let Some(paragraph) = doc.paragraphs.get(at) {
            records.extend(parts_of(doc, *paragraph).or_else(|| run_on(doc, *paragraph)));
        }
        at = end;
    }
    records
}

/// Whether a paragraph stands in the line right below the one before it.
fn follows(doc: &Document, paragraph: usize) -> bool {
    let before = paragraph.checked_sub(1).and_then(|before| doc.paragraphs.get(before));
    let (Some(before), Some(this)) = (before, doc.paragraphs.get(paragraph)) else { return false };
    let between = doc.text.get(before.range().end..this.range().start).unwrap_or_default();
    between.matches('\n').count() == 1
}

/// Whether the last record ends with a paragraph.
fn ends_at(records: &[Record], doc: &Document, paragraph: usize) -> bool {
    let end = doc.paragraphs.get(paragraph).map(|span| span.end);
    records.last().is_some_and(|record| Some(record.span.end) == end)
}

/// A paragraph of one line as a label and its value.
fn labelled_line(doc: &Document, paragraph: usize) -> Option<Field> {
    let span = *doc.paragraphs.get(paragraph)?;
    let text = doc.slice(span);
    let (label, rest) = text.split_once(':')?;
    let is_label = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | '/' | '(' | ')' | '-' | '’' | '\'');
    let is_short = label.len() <= LONGEST_LABEL && label.split_whitespace().count() <= MOST_WORDS;
    let is_one = is_short && label.starts_with(char::is_uppercase) && label.chars().all(is_label);
    // "10:30" and "https:" are no labels, "He said:" has no value, and who speaks says a sentence.
    let is_value = !rest.trim().is_empty() && !rest.trim_end().ends_with(['.', '!', '?', '"', '”', '…', '-']);
    let has_value = rest.starts_with([' ', '\t']) && is_value && rest.len() <= LONGEST_VALUE && !text.contains('\n');
    let value = span.range().start + label.len();
    (is_one && has_value).then(|| Field { label: plain(label), span, value })
}

fn plain(label: &str) -> String {
    label.trim().replace('.', "").to_lowercase()
}

/// What the label of a field may mean.
fn meanings(field: &Field) -> impl Iterator<Item = &'static Meaning> + '_ {
    MEANINGS.iter().filter(|meaning| meaning.has(&field.label))
}

/// The records in lines of labels: the first label begins the next where it comes again. Those of which no label is known are
/// none.
fn parted(fields: Vec<Field>, above: Option<ByteSpan>) -> Vec<Record> {
    let first = fields.first().map(|field| field.label.clone()).unwrap_or_default();
    let mut parts: Vec<Vec<Field>> = Vec::new();
    for field in fields {
        match parts.last_mut() {
            Some(part) if field.label != first => part.push(field),
            _ => parts.push(vec![field]),
        }
    }
    let is_one = parts.len() == 1;
    let record = |fields: Vec<Field>| {
        if !fields.iter().any(|field| meanings(field).next().is_some()) {
            return None;
        }
        let head = above.filter(|_| is_one).or_else(|| fields.first().map(|field| field.span))?;
        let span = ByteSpan::new(head.range().start, fields.last()?.span.range().end);
        Some(Record { span, head, is_list_of_names: false, fields })
    };
    parts.into_iter().filter_map(record).collect()
}

/// Labels that tell of a birth in the part of a paragraph, without a colon behind them.
const OF_BIRTH: [&str; 4] = ["DOB ", "POB ", "Date of birth ", "Place of birth "];

/// Labels of other parts.
const OF_PARTS: [&str; 3] = ["nationality ", "citizen ", "Gender "];

/// A paragraph whose parts have labels.
fn parts_of(doc: &Document, paragraph: ByteSpan) -> Option<Record> {
    let text = doc.slice(paragraph);
    if !OF_BIRTH.iter().any(|label| text.contains(&format!("; {label}"))) {
        return None;
    }
    let mut start = paragraph.range().start;
    let mut head = None;
    let mut fields = Vec::new();
    for part in text.split(';') {
        let end = start + part.len();
        let words = part.trim_start();
        let span = ByteSpan::new(end - words.len(), end);
        if head.is_none() {
            head = Some(span);
        } else if let Some(label) = OF_BIRTH.iter().chain(&OF_PARTS).find(|label| words.starts_with(**label)) {
            fields.push(Field { label: plain(label), span, value: span.range().start + label.len() });
        }
        start = end + 1;
    }
    let record = Record { span: paragraph, head: head?, is_list_of_names: true, fields };
    (births(&record) < 2).then_some(record)
}

/// How many births a record tells of: where there are two, they are those of two people, whose fields cannot be told apart.
fn births(record: &Record) -> usize {
    record.fields.iter().filter(|field| matches!(field.label.as_str(), "dob" | "date of birth")).count()
}

/// A paragraph in which labels with a colon follow each other: "Name: Bo Lind. Date of birth: 14 May 1958. Nationality: Sund".
fn run_on(doc: &Document, paragraph: ByteSpan) -> Option<Record> {
    let text = doc.slice(paragraph);
    let mut fields: Vec<Field> = Vec::new();
    for (colon, _) in text.match_indices(':') {
        let earliest = colon.saturating_sub(LONGEST_LABEL);
        let from = (earliest..=colon).find(|at| text.is_char_boundary(*at)).unwrap_or(colon);
        let before = text.get(from..colon).unwrap_or_default();
        // The longest label that ends here.
        let starts = before.rmatch_indices(char::is_whitespace).map(|(at, blank)| at + blank.len());
        let labels = starts.take(MOST_WORDS).filter_map(|start| Some((start, before.get(start..)?)));
        let known = labels.filter(|(_, label)| {
            label.starts_with(char::is_uppercase) && MEANINGS.iter().any(|meaning| meaning.has(&plain(label)))
        });
        if let Some((start, label)) = known.last() {
            let start = paragraph.range().start + from + start;
            let span = ByteSpan::new(start, paragraph.range().end);
            if let Some(last) = fields.last_mut() {
                last.span = ByteSpan::new(last.span.range().start, start);
            }
            fields.push(Field { label: plain(label), span, value: start + label.len() });
        }
    }
    let head = ByteSpan::new(paragraph.range().start, fields.first()?.span.range().start);
    let record = Record { span: paragraph, head, is_list_of_names: true, fields };
    (record.fields.len() > 1 && births(&record) == 1).then_some(record)
}

/// The number of the record that a mention stands in.
pub(super) fn record_at(records: &[Record], mention: ByteSpan) -> Option<usize> {
    let at = records.partition_point(|record| record.span.end <= mention.start);
    records.get(at).filter(|record| record.span.start <= mention.start).map(|_| at)
}

/// For each record the first that begins with the same label, or that is a paragraph too. Records of one such kind tell of
/// two things; others may go on with what the one before them tells.
pub(super) fn kinds(records: &[Record]) -> Vec<usize> {
    let mut firsts: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let labels = records.iter().map(|record| {
        let first = record.fields.first().filter(|_| !record.is_list_of_names);
        first.map(|field| field.label.as_str())
    });
    labels.enumerate().map(|(at, label)| *firsts.entry(label).or_insert(at)).collect()
}

/// What the labels of all records say.
#[derive(Default)]
struct Said {
    /// Relations, with the parts of the text that say so.
    relations: BTreeMap<Key, [ByteSpan; 2]>,
    /// Subjects and values, the smaller first, with the record that tells what they are to each other.
    pairs: BTreeMap<(EntityId, EntityId), ByteSpan>,
    /// Those of whose birth or death a label tells.
    lives: BTreeSet<(EntityId, RelationType)>,
}

/// Adds what the labels of records say to the relations of a document. What else the model makes of the same two goes where
/// nothing but the record tells of them, and so do other days and places of the same birth.
pub(super) fn add_labelled(doc: &Document, records: &[Record], relations: &mut Vec<Relation>) {
    let mut said = Said::default();
    for record in records {
        let Some(subject) = subject(doc, record) else { continue };
        for field in record.fields.iter().filter(|field| field.span != record.head) {
            said.add(doc, record, field, subject);
        }
    }
    relations.retain(|relation| {
        let key = (relation.head, relation.tail, relation.relation_type);
        let (pair, life) = (in_order(relation.head, relation.tail), (relation.head, relation.relation_type));
        let of_record = |record: &ByteSpan| relation.evidence.iter().all(|span| record.contains(*span));
        said.relations.contains_key(&key)
            || !said.pairs.get(&pair).is_some_and(of_record) && !said.lives.contains(&life)
    });
    for relation in relations.iter_mut() {
        let key = (relation.head, relation.tail, relation.relation_type);
        if said.relations.remove(&key).is_some() {
            relation.score = relation.score.max(SCORE);
        }
    }
    relations.extend(said.relations.into_iter().map(|((head, tail, relation_type), evidence)| Relation {
        head,
        relation_type,
        tail,
        score: SCORE,
        evidence: evidence.to_vec(),
        trigger: None,
        date: None,
        place: None,
        by: None,
        status: None,
    }));
}

impl Said {
    /// Adds what a field says of the subject of its record.
    fn add(&mut self, doc: &Document, record: &Record, field: &Field, subject: (EntityId, EntityType)) {
        let values: Vec<(EntityId, EntityType)> =
            named_in(doc, ByteSpan::new(field.value, field.span.range().end)).collect();
        for meaning in meanings(field) {
            let relation_type = meaning.relation_type();
            if meaning.relation.is_some() && relation_type.is_none() {
                continue;
            }
            let fits = |(id, entity_type): &(EntityId, EntityType)| {
                if !meaning.is_of_place() && matches!(entity_type.base(), EntityType::Place | EntityType::Group) {
                    return false;
                }
                let types = if meaning.of_value { (*entity_type, subject.1) } else { (subject.1, *entity_type) };
                *id != subject.0 && relation_type.is_none_or(|relation| relation.allows(types.0, types.1))
            };
            for (number, (value, _)) in values.iter().filter(|value| fits(value)).enumerate() {
                self.pairs.entry(in_order(subject.0, *value)).or_insert(record.span);
                let Some(relation_type) = relation_type.filter(|_| number == 0 || !meaning.is_one) else { continue };
                let (mut head, mut tail) = if meaning.of_value { (*value, subject.0) } else { (subject.0, *value) };
                if relation_type.info().symmetric {
                    (head, tail) = in_order(head, tail);
                }
                self.relations.entry((head, tail, relation_type)).or_insert([record.head, field.span]);
                if matches!(relation_type.key(), "born_in" | "born_on" | "died_in" | "died_on") {
                    self.lives.insert((head, relation_type));
                }
            }
        }
    }
}

fn in_order(a: EntityId, b: EntityId) -> (EntityId, EntityId) {
    (a.min(b), a.max(b))
}

/// The person or organization that a record is about: the one that its head names, or the first of a person's names. Who
/// stands behind "Father" is somebody's father, and what follows may be about the child.
fn subject(doc: &Document, record: &Record) -> Option<(EntityId, EntityType)> {
    if record.fields.first().is_some_and(|field| field.span == record.head && meanings(field).next().is_some()) {
        return None;
    }
    let is_thing = |one: &(EntityId, EntityType)| matches!(one.1.base(), EntityType::Person | EntityType::Organization);
    let mut named = named_in(doc, record.head).filter(is_thing);
    let first = named.next()?;
    let is_alone = named.all(|other| other.0 == first.0);
    (is_alone || record.is_list_of_names && first.1.base() == EntityType::Person).then_some(first)
}

/// The entities that a part of the text names, in order.
fn named_in(doc: &Document, span: ByteSpan) -> impl Iterator<Item = (EntityId, EntityType)> + '_ {
    let first = doc.mentions.partition_point(|mention| mention.span.start < span.start);
    let count = doc.mentions.get(first..).unwrap_or_default().partition_point(|mention| mention.span.start < span.end);
    let is_named = |mention: &&Mention| mention.kind == MentionKind::Name;
    doc.mentions.iter().skip(first).take(count).filter(is_named).filter_map(|mention| {
        let id = mention.entity?;
        Some((id, doc.entities.get(id.0 as usize)?.entity_type))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Entity, MentionId};

    /// A document with names in `[…]`, each of the type that its first letter tells, and each line a paragraph.
    fn marked(text: &str) -> Document {
        let mut doc = Document::new("d", "");
        let mut names: Vec<(ByteSpan, EntityType)> = Vec::new();
        let mut parts = text.split('[');
        doc.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, rest) = part.split_once(']').expect("a closing bracket");
            let (letter, name) = name.split_once('|').expect("a type");
            let entity_type = match letter {
                "p" => EntityType::Person,
                "o" => EntityType::Organization,
                "l" => EntityType::Place,
                "g" => EntityType::Group,
                "t" => EntityType::Title,
                _ => EntityType::Date,
            };
            let start = doc.text.len();
            doc.text.push_str(name);
            names.push((ByteSpan::new(start, doc.text.len()), entity_type));
            doc.text.push_str(rest);
        }
        let mut start = 0;
        for line in doc.text.split('\n') {
            if !line.is_empty() {
                doc.paragraphs.push(ByteSpan::new(start, start + line.len()));
            }
            start += line.len() + 1;
        }
        for (span, entity_type) in names {
            let name = doc.slice(span).to_owned();
            let known = doc.entities.iter().position(|entity| entity.name == name);
            let at = known.unwrap_or(doc.entities.len());
            if known.is_none() {
                doc.entities.push(Entity { entity_type, name, norm: None, link: None, mentions: Vec::new() });
            }
            doc.entities[at].mentions.push(MentionId(u32::try_from(doc.mentions.len()).unwrap()));
            let entity = Some(EntityId(u32::try_from(at).unwrap()));
            let kind = MentionKind::Name;
            doc.mentions.push(Mention { span, entity_type, kind, score: 0.9, entity, norm: None, link: None });
        }
        doc
    }

    /// What is said by the labels, besides relations of `model`, as `head type tail`.
    fn check(text: &str, model: &[(&str, &str, &str)], expected: &[&str]) {
        let doc = marked(text);
        let id = |name: &str| {
            let at = doc.entities.iter().position(|entity| entity.name == name).expect(name);
            EntityId(u32::try_from(at).unwrap())
        };
        let records = records(&doc);
        let mut relations: Vec<Relation> = model
            .iter()
            .map(|(head, name, tail)| Relation {
                head: id(head),
                relation_type: RelationType::from_name(name).unwrap(),
                tail: id(tail),
                score: 0.6,
                evidence: vec![doc.mentions[doc.entities[id(tail).0 as usize].mentions[0].0 as usize].span],
                trigger: None,
                date: None,
                place: None,
                by: None,
                status: None,
            })
            .collect();
        add_labelled(&doc, &records, &mut relations);
        let name = |id: EntityId| doc.entities[id.0 as usize].name.as_str();
        let mut found: Vec<String> = relations
            .iter()
            .map(|relation| format!("{} {} {}", name(relation.head), relation.relation_type, name(relation.tail)))
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn labels_are_sorted_and_of_the_schema() {
        for meaning in &MEANINGS {
            assert!(meaning.labels.is_sorted(), "{:?}", meaning.labels);
            assert_eq!(meaning.relation.is_some(), meaning.relation_type().is_some(), "{:?}", meaning.relation);
        }
    }

    #[test]
    fn lines_of_labels_tell_of_what_the_first_names() {
        check(
            "Name: [p|Bo Lind]\nDate of birth: [d|14 May 1958]\nPlace of birth: [l|Avon], [l|Sundland]\n\
             Nationality: [g|Sund]\nLanguages: [g|Norden]\n\nName: [p|Ada Quill]\nD.O.B.: [d|3 May 1950]\n\
             Occupation: [t|clerk]\n\nThey met in Oslo.",
            &[("Bo Lind", "born_in", "Sundland"), ("Bo Lind", "citizen_of", "Norden")],
            &[
                "Ada Quill born_on 3 May 1950",
                "Ada Quill holds_title clerk",
                "Bo Lind born_in Avon",
                "Bo Lind born_on 14 May 1958",
                "Bo Lind citizen_of Sund",
            ],
        );
        check(
            "[o|Harrow Ltd]\nRegistered office: [l|Mill Lane], [l|Leeds]\nChairman: [p|Jon Aas]\n\
             Shareholders: [o|Nordbank], [l|Oslo]; [p|Ada Quill]\nParent: [o|Harrow Holdings], [l|Jersey]",
            &[("Harrow Ltd", "owns", "Nordbank")],
            &[
                "Ada Quill owns Harrow Ltd",
                "Harrow Ltd based_in Mill Lane",
                "Harrow Ltd part_of Harrow Holdings",
                "Jon Aas head_of Harrow Ltd",
                "Nordbank owns Harrow Ltd",
            ],
        );
        // Where the first label comes again, another record begins.
        check(
            "Suspect: [p|Bo Lind]\nNationality: [g|Sund]\nSuspect: [p|Ada Quill]\nNationality: [g|Norden]",
            &[],
            &["Ada Quill citizen_of Norden", "Bo Lind citizen_of Sund"],
        );
    }

    #[test]
    fn what_is_no_record_says_nothing() {
        for text in [
            // One line, lines apart, speech, two whom it may be about, and a label that means nothing.
            "Nationality: [g|Sund]",
            "Name: [p|Bo Lind]\n\nNationality: [g|Sund]",
            "[p|Bo Lind]: I was born in [d|1950].\n[p|Ada Quill]: So was I, in [l|Avon].",
            "Parties: [p|Bo Lind], [p|Ada Quill]\nNationality: [g|Sund]",
            "Name: [p|Bo Lind]\nFavourites: [g|Sund]",
            "Father: [p|Bo Lind]\nMother: [p|Ada Quill]\nNationality: [g|Sund]",
            "Born: [p|Bo Lind]\nKeller: [l|Avon] it is.",
            "[p|Bo Lind] was born; DOB is not known; he left [l|Avon].",
        ] {
            check(text, &[], &[]);
        }
    }

    #[test]
    fn parts_of_a_paragraph_tell_of_the_first_person() {
        check(
            "[p|ZORIN, Pavel] (a.k.a. [p|ZORYN, Pavlo]), [l|Moscow]; DOB [d|12 Mar 1961]; POB [l|Kazan], [l|Sundland]; \
             nationality [l|Sundland]; (Linked To: [o|NORDSTAN OIL]).",
            &[("ZORIN, Pavel", "born_in", "Moscow")],
            &["ZORIN, Pavel born_in Kazan", "ZORIN, Pavel born_on 12 Mar 1961", "ZORIN, Pavel citizen_of Sundland"],
        );
    }

    #[test]
    fn labels_may_follow_each_other_in_a_line() {
        check(
            "4. Name: [p|Bo Lind] (alias [p|Bo the Elder]). Date of birth: [d|14 May 1958]. Place of birth: [l|Avon]. \
             Function: [t|chairman] of [o|Nordbank].",
            &[("Bo Lind", "head_of", "Nordbank")],
            &[
                "Bo Lind born_in Avon",
                "Bo Lind born_on 14 May 1958",
                "Bo Lind head_of Nordbank",
                "Bo Lind holds_title chairman",
            ],
        );
        // Two who are born.
        check("[p|Bo Lind]: DOB: [d|1958]. [p|Ada Quill]: DOB: [d|1960]. Nationality: [g|Sund].", &[], &[]);
    }

    #[test]
    fn mentions_stand_in_records() {
        let doc = marked(
            "[p|Ada Quill] left.\n\nName: [p|Bo Lind]\nBorn: [d|1950]\n\nName: [p|Jon Aas]\nBorn: [d|1960]\n\n\
             Firm: [o|Nordbank]\nSeat: [l|Avon]",
        );
        let records = records(&doc);
        let found: Vec<_> = doc.mentions.iter().map(|mention| record_at(&records, mention.span)).collect();
        assert_eq!(found, [None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)]);
        assert_eq!(kinds(&records), [0, 0, 2]);
        let doc = marked("[p|Bo Lind]; DOB [d|1950]; Gender Male.\n\n[p|Jon Aas]; Gender Male; DOB [d|1960].");
        assert_eq!(kinds(&super::records(&doc)), [0, 0]);
        assert_eq!(super::records(&marked(&format!("[p|Bo Lind] DOB: {}", ":é".repeat(20_000)))), []);
    }
}
