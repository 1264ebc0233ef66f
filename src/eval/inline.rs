//! The inline gold format: mentions in brackets inside the text, relations below it.
//!
//! ```text
//! ## n0001 | 2020-03-04 | politics
//! [t1 TITLE|President] [p1 PERSON|Maria Keller] met [p2 PERSON|Jon Aas] on [d1 DATE=2020-03-02|Monday].
//! [p1:p|She] praised the [p2:n|banker].
//! =
//! p1 holds_title t1
//! p1 met p2 @d1
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    eval::gold::GoldError,
    record::{DocumentRecord, EntityRecord, MentionRecord, RelationRecord},
    schema::{EntityType, MentionKind, RelationType, Status},
};

/// Parses documents in the inline format. `name` is for messages.
///
/// # Errors
///
/// At the first line that breaks the format or the schema.
pub fn parse_inline(name: &str, text: &str) -> Result<Vec<DocumentRecord>, GoldError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut blocks: Vec<Block> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if let Some(header) = line.strip_prefix("## ") {
            blocks.push(Block { number, header: header.trim(), lines: Vec::new() });
        } else if let Some(block) = blocks.last_mut() {
            block.lines.push((number, line));
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            return Err(GoldError::at(name, number, "text before the first '## '"));
        }
    }
    let mut seen = BTreeSet::new();
    let mut records = Vec::new();
    for block in &blocks {
        let record = parse_block(block).map_err(|(line, message)| GoldError::at(name, line, message))?;
        if !seen.insert(record.id.clone()) {
            return Err(GoldError::at(name, block.number, format!("id {} used twice", record.id)));
        }
        records.push(record);
    }
    Ok(records)
}

/// A document: its header and the lines below.
struct Block<'a> {
    number: usize,
    header: &'a str,
    lines: Vec<(usize, &'a str)>,
}

/// Line and message.
type Fault = (usize, String);

fn parse_block(block: &Block<'_>) -> Result<DocumentRecord, Fault> {
    let fields: Vec<&str> = block.header.split('|').map(str::trim).collect();
    let &[id, date, _topic] = fields.as_slice() else {
        return Err((block.number, format!("header wants 'id | YYYY-MM-DD | topic', has {:?}", block.header)));
    };
    if !is_date(date) {
        return Err((block.number, format!("header wants 'id | YYYY-MM-DD | topic', has date {date:?}")));
    }
    let cut = block.lines.iter().position(|(_, line)| line.trim() == "=");
    let Some(cut) = cut else { return Err((block.number, "no '=' line between text and relations".to_owned())) };
    let (above, below) = block.lines.split_at(cut);

    // Blank lines around the text are no part of it.
    let first = above.iter().position(|(_, line)| !line.is_empty()).unwrap_or(above.len());
    let last = above.iter().rposition(|(_, line)| !line.is_empty()).map_or(first, |last| last + 1);
    let mut body = Body::default();
    for (index, &(number, line)) in above.get(first..last).unwrap_or_default().iter().enumerate() {
        if index > 0 {
            body.text.push('\n');
        }
        body.read_line(line).map_err(|message| (number, message))?;
    }
    for (key, entity) in &body.by_key {
        let named = body.mentions.iter().any(|mention| mention.entity == *entity && mention.kind == MentionKind::Name);
        if !named {
            return Err((block.number, format!("{key} has no name mention")));
        }
    }

    let mut relations = Vec::new();
    let mut seen = BTreeSet::new();
    for &(number, line) in below.iter().skip(1) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let relation = body.relation(line).map_err(|message| (number, message))?;
        let (mut head, mut tail) = (relation.head, relation.tail);
        if relation.relation_type.info().symmetric && tail < head {
            (head, tail) = (tail, head);
        }
        if !seen.insert((head, relation.relation_type, tail)) {
            return Err((number, format!("written twice: {line:?}")));
        }
        relations.push(relation);
    }
    Ok(DocumentRecord {
        id: id.to_owned(),
        text: body.text,
        date: Some(date.to_owned()),
        title: None,
        url: None,
        source: None,
        mentions: body.mentions,
        entities: body.entities,
        relations,
        annotated: None,
    })
}

/// The text as far as it was read, and what stands in it.
#[derive(Default)]
struct Body<'a> {
    text: String,
    mentions: Vec<MentionRecord>,
    entities: Vec<EntityRecord>,
    by_key: BTreeMap<&'a str, u32>,
}

impl<'a> Body<'a> {
    fn read_line(&mut self, line: &'a str) -> Result<(), String> {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once(['[', ']']) {
            let inside = after.split_once(']').filter(|_| rest.as_bytes().get(before.len()) == Some(&b'['));
            let Some((inside, following)) = inside.filter(|(inside, _)| !inside.contains('[')) else {
                let around: String = rest.get(before.len()..).unwrap_or_default().chars().take(30).collect();
                return Err(format!("stray bracket: {around:?}"));
            };
            self.text.push_str(before);
            self.read_mention(inside)?;
            rest = following;
        }
        self.text.push_str(rest);
        Ok(())
    }

    /// Reads `p1:n PERSON|wife`, what stands between two brackets.
    fn read_mention(&mut self, inside: &'a str) -> Result<(), String> {
        let (label, words) = inside.split_once('|').ok_or_else(|| format!("no '|' in [{inside}]"))?;
        if words.is_empty() || words.contains('|') {
            return Err(format!("want one '|' and words in [{inside}]"));
        }
        if words != words.trim() {
            return Err(format!("blank at the edge of [{words}]"));
        }
        let (id, typed) = label.split_once(' ').map_or((label, None), |(id, typed)| (id, Some(typed)));
        let (key, kind) = match id.split_once(':') {
            None => (id, MentionKind::Name),
            Some((key, "n")) => (key, MentionKind::Nominal),
            Some((key, "p")) => (key, MentionKind::Pronoun),
            Some((_, other)) => return Err(format!("unknown mention kind {other:?} in [{inside}]")),
        };
        let expected = type_of_key(key).ok_or_else(|| format!("{key:?} is no entity id in [{inside}]"))?;
        let (entity_type, norm) = match typed.map(|typed| typed.split_once('=').unwrap_or((typed, ""))) {
            None => (None, None),
            Some((name, norm)) => {
                let known = EntityType::from_name(name).ok_or_else(|| format!("unknown entity type {name:?}"))?;
                (Some(known), Some(norm).filter(|_| typed.is_some_and(|typed| typed.contains('='))))
            }
        };
        if let Some(norm) = norm.filter(|norm| !is_date(norm)) {
            return Err(format!("date {norm:?} is not YYYY[-MM[-DD]], a / range, or 199X"));
        }
        if let Some(other) = entity_type.filter(|&known| known != expected) {
            return Err(format!("{key} cannot be {other}"));
        }
        let entity = match self.by_key.get(key) {
            Some(&entity) => entity,
            None => {
                if entity_type.is_none() {
                    return Err(format!("first mention of {key} has no TYPE"));
                }
                let entity = self.entities.len() as u32;
                self.by_key.insert(key, entity);
                self.entities.push(EntityRecord {
                    id: entity,
                    entity_type,
                    name: None,
                    norm: norm.map(str::to_owned),
                    link: None,
                    key: Some(key.to_owned()),
                });
                entity
            }
        };
        let start = self.text.len() as u32;
        self.text.push_str(words);
        self.mentions.push(MentionRecord {
            start,
            end: self.text.len() as u32,
            entity_type: Some(expected),
            kind,
            entity,
            score: None,
            reason: None,
            antecedent: None,
            link_score: None,
        });
        Ok(())
    }

    /// Reads `p1 met p2 @d1 in:l1 by:p3 ~possible`.
    fn relation(&self, line: &str) -> Result<RelationRecord, String> {
        let mut words = line.split_whitespace();
        let (Some(head_key), Some(name), Some(tail_key)) = (words.next(), words.next(), words.next()) else {
            return Err(format!("relation wants 'head type tail': {line:?}"));
        };
        let relation_type = RelationType::from_name(name).ok_or_else(|| format!("unknown relation {name}"))?;
        let entity =
            |key: &str| self.by_key.get(key).copied().ok_or_else(|| format!("unknown entity {key:?} in {line:?}"));
        let (head, tail) = (entity(head_key)?, entity(tail_key)?);
        if head == tail {
            return Err(format!("relation to itself: {line:?}"));
        }
        if let Some((head_type, tail_type)) = type_of_key(head_key).zip(type_of_key(tail_key)) {
            if !relation_type.info().heads.contains(&head_type) {
                return Err(format!("{name}: head may not be {head_type} ({head_key})"));
            }
            if !relation_type.info().tails.contains(&tail_type) {
                return Err(format!("{name}: tail may not be {tail_type} ({tail_key})"));
            }
        }
        let mut relation = RelationRecord {
            head,
            relation_type,
            tail,
            score: None,
            evidence: Vec::new(),
            trigger: None,
            date: None,
            place: None,
            by: None,
            status: None,
        };
        for word in words {
            let bad = || format!("bad qualifier {word:?}");
            let of_type = |key: &str, wanted: EntityType| {
                self.by_key.get(key).copied().filter(|_| type_of_key(key) == Some(wanted)).ok_or_else(bad)
            };
            if let Some(key) = word.strip_prefix('@') {
                relation.date = Some(of_type(key, EntityType::Date)?);
            } else if let Some(key) = word.strip_prefix("in:") {
                relation.place = Some(of_type(key, EntityType::Place)?);
            } else if let Some(key) = word.strip_prefix("by:") {
                relation.by = Some(self.by_key.get(key).copied().ok_or_else(bad)?);
            } else {
                let status = word.strip_prefix('~').and_then(|name| Status::ALL.into_iter().find(|s| s.name() == name));
                relation.status = Some(status.ok_or_else(bad)?);
            }
        }
        Ok(relation)
    }
}

/// The type that the letter of an id stands for: `p1` is a person.
fn type_of_key(key: &str) -> Option<EntityType> {
    let mut letters = key.chars();
    let entity_type = match letters.next()? {
        'p' => EntityType::Person,
        'o' => EntityType::Organization,
        'l' => EntityType::Place,
        'g' => EntityType::Group,
        'e' => EntityType::Event,
        't' => EntityType::Title,
        'd' => EntityType::Date,
        'w' => EntityType::Work,
        _ => return None,
    };
    let number = letters.as_str();
    (!number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())).then_some(entity_type)
}

/// Whether the text is `199X`, `YYYY[-MM[-DD]]`, or two of the latter joined by `/`.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|digit| digit.is_ascii_digit());
    let is_day = |day: &str| {
        let mut parts = day.split('-');
        parts.next().is_some_and(|year| digits(year, 4))
            && parts.next().is_none_or(|month| digits(month, 2))
            && parts.next().is_none_or(|day| digits(day, 2))
            && parts.next().is_none()
    };
    text.strip_suffix('X').is_some_and(|decade| digits(decade, 3))
        || text.split_once('/').map_or_else(|| is_day(text), |(from, to)| is_day(from) && is_day(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read() {
        let text = "# a comment\n\n## n1 | 2020-03-04 | politics\n\n\
            [t1 TITLE|President] [p1 PERSON|María Keller] met [p2:n PERSON|banker] [p2|Jon Aas] in [l1 PLACE|Oslo]\r\n\
            \n[p1:p|She] left on [d1 DATE=2020-03-02|Monday].\n\n=\n# below\np1 holds_title t1 ~former\n\
            p1 met p2 @d1 in:l1 by:p2 ~possible\n## n2 | 199X | x\n=\n";
        let records = parse_inline("x.gold", text).unwrap();
        assert_eq!(records.len(), 2);
        let first = &records[0];
        assert_eq!((first.id.as_str(), first.date.as_deref()), ("n1", Some("2020-03-04")));
        assert_eq!(first.text, "President María Keller met banker Jon Aas in Oslo\n\nShe left on Monday.");
        let words: Vec<(&str, u32, MentionKind)> = first
            .mentions
            .iter()
            .map(|mention| (&first.text[mention.start as usize..mention.end as usize], mention.entity, mention.kind))
            .collect();
        assert_eq!(
            words,
            [
                ("President", 0, MentionKind::Name),
                ("María Keller", 1, MentionKind::Name),
                ("banker", 2, MentionKind::Nominal),
                ("Jon Aas", 2, MentionKind::Name),
                ("Oslo", 3, MentionKind::Name),
                ("She", 1, MentionKind::Pronoun),
                ("Monday", 4, MentionKind::Name),
            ]
        );
        assert_eq!(first.entities[4].norm.as_deref(), Some("2020-03-02"));
        let met = &first.relations[1];
        assert_eq!((met.head, met.tail, met.date, met.place, met.by), (1, 2, Some(4), Some(3), Some(2)));
        assert_eq!((first.relations[0].status, met.status), (Some(Status::Former), Some(Status::Possible)));
        assert_eq!((records[1].text.as_str(), records[1].mentions.len()), ("", 0));
    }

    #[test]
    fn faults_name_their_line() {
        let check = |text: &str, line: usize, message: &str| {
            let error = parse_inline("x.gold", text).unwrap_err();
            assert_eq!(error.line(), Some(line), "{error}");
            assert!(error.to_string().contains(message), "{error}");
        };
        check("words\n", 1, "text before");
        check("## n1 | 2020\n=\n", 1, "header wants");
        check("## n1 | May | x\n=\n", 1, "header wants");
        check("## n1 | 2020 | x\ntext\n", 1, "no '=' line");
        check("## n1 | 2020 | x\n=\n## n1 | 2020 | x\n=\n", 3, "used twice");
        let body = |line: &str, message: &str| check(&format!("## n1 | 2020 | x\nOne.\n{line}\n=\n"), 3, message);
        body("[p1|Jo]", "no TYPE");
        body("[p1 PLACE|Jo]", "cannot be PLACE");
        body("[p1 MAN|Jo]", "unknown entity type");
        body("[q1 PERSON|Jo]", "no entity id");
        body("[p PERSON|Jo]", "no entity id");
        body("[p1:x PERSON|Jo]", "unknown mention kind");
        body("[p1 PERSON|Jo ]", "blank at the edge");
        body("[p1 PERSON]", "no '|'");
        body("[p1 PERSON|a|b]", "one '|'");
        body("[d1 DATE=May|May]", "not YYYY");
        body("a ] b", "stray bracket");
        body("a [ b", "stray bracket");
        body("[p1 PERSON|[Jo]]", "stray bracket");
        check("## n1 | 2020 | x\n[p1:p PERSON|He] ran.\n=\n", 1, "no name mention");
        let relation = |line: &str, message: &str| {
            let head = "## n1 | 2020 | x\n[p1 PERSON|Jo] [p2 PERSON|Al] [l1 PLACE|Rome] [d1 DATE|May]\n=\n";
            check(&format!("{head}p1 spouse_of p2\n{line}\n"), 5, message);
        };
        relation("p1 met", "head type tail");
        relation("p1 hugged p2", "unknown relation");
        relation("p1 met p3", "unknown entity");
        relation("p1 met p1", "to itself");
        relation("l1 born_in p1", "head may not be PLACE");
        relation("p1 born_in p2", "tail may not be PERSON");
        relation("p2 spouse_of p1", "written twice");
        relation("p1 met p2 @l1", "bad qualifier");
        relation("p1 met p2 in:d1", "bad qualifier");
        relation("p1 met p2 by:p9", "bad qualifier");
        relation("p1 met p2 ~sure", "bad qualifier");
    }

    #[test]
    fn dates() {
        for good in ["199X", "2020", "2020-03", "2020-03-04", "2019/2021", "2019-01-02/2021-12"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["", "19X", "20201", "2020-3", "2020-03-04-05", "199X/2001", "2019/", "/2019", "2019/2020/2021"] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
