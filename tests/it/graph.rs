//! Documents merged into a graph: what joins, what stays apart, and that order never matters.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use relata::{
    document::{CoreferenceLink, Document, Entity, EntityId, LinkReason, Mention, MentionId, Relation, Sentence},
    graph::{GraphBuilder, GraphFilter, KnowledgeGraph},
    schema::{EntityType, MentionKind, RelationType, Status},
    span::{ByteSpan, TokenSpan},
};

/// Makes a document without the pipeline, piece by piece.
pub(crate) struct Sketch {
    doc: Document,
    handles: BTreeMap<String, EntityId>,
}

impl Sketch {
    pub(crate) fn new(id: &str, date: Option<&str>) -> Self {
        let mut doc = Document::new(id, "");
        doc.date = date.map(str::to_owned);
        Self { doc, handles: BTreeMap::new() }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.doc.text.push_str(text);
    }

    /// Adds words that mention the entity of a handle; its first mention gives type, name and norm.
    pub(crate) fn mention(
        &mut self,
        handle: &str,
        entity_type: Option<EntityType>,
        kind: MentionKind,
        norm: Option<&str>,
        words: &str,
    ) {
        let start = self.doc.text.len();
        self.doc.text.push_str(words);
        let next = EntityId(self.doc.entities.len() as u32);
        let entity = *self.handles.entry(handle.to_owned()).or_insert(next);
        if entity == next {
            self.doc.entities.push(Entity {
                entity_type: entity_type.unwrap_or_else(|| panic!("{handle} has no type")),
                name: words.to_owned(),
                norm: norm.map(str::to_owned),
                link: None,
                mentions: Vec::new(),
            });
        }
        let known = &mut self.doc.entities[entity.0 as usize];
        known.mentions.push(MentionId(self.doc.mentions.len() as u32));
        self.doc.mentions.push(Mention {
            span: ByteSpan::new(start, self.doc.text.len()),
            entity_type: known.entity_type,
            kind,
            score: 0.9,
            entity: Some(entity),
            norm: norm.map(str::to_owned),
            link: None,
        });
    }

    fn handle(&self, handle: &str) -> EntityId {
        *self.handles.get(handle).unwrap_or_else(|| panic!("no entity {handle}"))
    }

    /// Adds a relation such as `p1 head_of o1 @d1 in:l1 by:p2 ~possible 0.8`; its evidence is the line that names both ends.
    pub(crate) fn relation(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let mut next = || words.next().unwrap_or_else(|| panic!("short relation {line:?}"));
        let (head, name, tail) = (next(), next(), next());
        let mut relation = Relation {
            head: self.handle(head),
            relation_type: RelationType::from_name(name).unwrap_or_else(|| panic!("no relation {name}")),
            tail: self.handle(tail),
            score: 0.75,
            evidence: Vec::new(),
            trigger: None,
            date: None,
            place: None,
            by: None,
            status: None,
        };
        for word in words {
            if let Some(date) = word.strip_prefix('@') {
                relation.date = Some(self.handle(date));
            } else if let Some(place) = word.strip_prefix("in:") {
                relation.place = Some(self.handle(place));
            } else if let Some(by) = word.strip_prefix("by:") {
                relation.by = Some(self.handle(by));
            } else if let Some(status) = word.strip_prefix('~') {
                relation.status = Status::ALL.into_iter().find(|known| known.name() == status);
            } else {
                relation.score = word.parse().unwrap();
            }
        }
        let mentions = |entity: EntityId, line: ByteSpan| {
            self.doc.mentions.iter().any(|mention| mention.entity == Some(entity) && line.contains(mention.span))
        };
        let mut start = 0;
        for line in self.doc.text.split_inclusive('\n') {
            let span = ByteSpan::new(start, start + line.trim_end().len());
            if mentions(relation.head, span) && mentions(relation.tail, span) {
                relation.evidence = vec![span];
                break;
            }
            start += line.len();
        }
        self.doc.relations.push(relation);
    }

    pub(crate) fn finish(mut self) -> Document {
        let whole = ByteSpan::new(0, self.doc.text.len());
        self.doc.paragraphs.push(whole);
        self.doc.sentences.push(Sentence {
            span: whole,
            tokens: TokenSpan::new(0, 0),
            paragraph: 0,
            role: relata::document::SentenceRole::Body,
        });
        self.doc
    }
}

/// A document in one string: `[p1 PERSON|Maria Keller]`, later `[p1|Keller]`, `[p1:p|she]`, `[o1:n|the bank]`,
/// `[d1 DATE=2024-05-01|Wednesday]`; after a line `=`, relations.
pub(crate) fn document(id: &str, date: Option<&str>, marked: &str) -> Document {
    let mut sketch = Sketch::new(id, date);
    let (body, relations) = marked.split_once("\n=\n").unwrap_or((marked, ""));
    let mut rest = body.trim();
    while let Some((before, after)) = rest.split_once('[') {
        sketch.text(before);
        let (label, after) = after.split_once('|').unwrap();
        let (words, after) = after.split_once(']').unwrap();
        rest = after;
        let (handle, entity_type) = label.split_once(' ').map_or((label, None), |(handle, name)| (handle, Some(name)));
        let (name, norm) = entity_type
            .map_or((None, None), |name| name.split_once('=').map_or((Some(name), None), |(n, d)| (Some(n), Some(d))));
        let (handle, kind) = match handle.split_once(':') {
            Some((handle, "n")) => (handle, MentionKind::Nominal),
            Some((handle, "p")) => (handle, MentionKind::Pronoun),
            _ => (handle, MentionKind::Name),
        };
        sketch.mention(handle, name.and_then(EntityType::from_name), kind, norm, words);
    }
    sketch.text(rest);
    relations.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| sketch.relation(line));
    sketch.finish()
}

/// Articles of one invented story, with everything that merging must get right.
pub(crate) fn story() -> Vec<Document> {
    vec![
        document(
            "news/a.txt",
            Some("2024-05-02"),
            "[p1 PERSON|Maria Keller], [t1 TITLE|chief executive] of [o1 ORGANIZATION|Brightwater Rail Ltd], met [p2 PERSON|Tomas Okoro] in [l1 PLACE|Port Sered] on [d1 DATE=2024-05-01|Wednesday].\n\
             [p1|Keller] denied that [o1:n|the company] had bought [o2 ORGANIZATION|Sered Ferries], the paper of [p3 PERSON|Lund] said.\n\
             =\n\
             p1 head_of o1 0.93\n\
             p1 holds_title t1\n\
             p1 met p2 @d1 in:l1 0.8\n\
             o1 acquired o2 by:p1 ~negated 0.6\n",
        ),
        document(
            "news/b.txt",
            Some("2024-05-09"),
            "[o1 ORGANIZATION|Brightwater Rail] ([o1|BWR]) may buy [o2 ORGANIZATION|SERED FERRIES], said [p1 PERSON|Tomás Okoro].\n\
             [p2 PERSON|Keller], a harbour pilot from [l1 PLACE|Port Sered] in [l2 PLACE|Avonia], protested on [d1 DATE|Friday].\n\
             =\n\
             o1 acquired o2 by:p1 ~possible 0.7\n\
             l1 located_in l2 1\n\
             p2 lives_in l1\n",
        ),
        document(
            "news/c.txt",
            None,
            "[o1 ORGANIZATION|BWR] now owns [o2 ORGANIZATION|Sered Ferries], and [p1 PERSON|President Maria Keller] left [o1:p|it] on [d1 DATE=2024-06-01|1 June 2024].\n\
             [l1 PLACE|Avonia] borders [l2 PLACE|Westmark], as [p2:n PERSON|the pilot] from [p3 PERSON|Lund] said.\n\
             =\n\
             o1 acquired o2 @d1 0.95\n\
             p1 head_of o1 ~former 0.5\n\
             l1 borders l2\n\
             l2 borders l1 0.9\n",
        ),
    ]
}

fn build<'a>(docs: impl IntoIterator<Item = &'a Document>) -> KnowledgeGraph {
    docs.into_iter().fold(GraphBuilder::new(), GraphBuilder::add).finish()
}

/// One line a node and an edge, names for ids.
fn show(graph: &KnowledgeGraph) -> String {
    let mut lines: Vec<String> = graph
        .nodes()
        .map(|node| {
            let documents: Vec<_> = node.mentions.iter().map(|m| format!("{}x{}", m.document, m.spans.len())).collect();
            format!("{} {} ({})", node.entity_type, node.name, documents.join(", "))
        })
        .collect();
    lines.extend(graph.edges().map(|edge| {
        let name = |id: &str| graph.node(id).unwrap().name.clone();
        let summary = graph.summary(edge);
        let ends = if edge.relation_type.info().symmetric {
            let mut ends = [name(edge.head.as_str()), name(edge.tail.as_str())];
            ends.sort();
            ends
        } else {
            [name(edge.head.as_str()), name(edge.tail.as_str())]
        };
        format!(
            "{} -{}-> {}: {} in {}, {}..{}, {}",
            ends[0],
            edge.relation_type,
            ends[1],
            summary.status().map_or("fact", Status::name),
            summary.documents,
            summary.shown.first_date.as_deref().unwrap_or("?"),
            summary.shown.last_date.as_deref().unwrap_or("?"),
            summary.shown.best_score,
        )
    }));
    lines.sort();
    lines.join("\n")
}

#[test]
fn a_story_becomes_one_graph() {
    let expected = "\
Avonia -borders-> Westmark: fact in 1, ?..?, 0.9
Brightwater Rail Ltd -acquired-> Sered Ferries: fact in 3, 2024-06-01..2024-06-01, 0.95
DATE 2024-05-01 (news/a.txtx1)
DATE 2024-06-01 (news/c.txtx1)
DATE Friday (news/b.txtx1)
Keller -lives_in-> Port Sered: fact in 1, 2024-05-09..2024-05-09, 0.75
Maria Keller -head_of-> Brightwater Rail Ltd: fact in 2, 2024-05-02..2024-05-02, 0.93
Maria Keller -holds_title-> chief executive: fact in 1, 2024-05-02..2024-05-02, 0.75
Maria Keller -met-> Tomas Okoro: fact in 1, 2024-05-01..2024-05-01, 0.8
ORGANIZATION Brightwater Rail Ltd (news/a.txtx2, news/b.txtx2, news/c.txtx2)
ORGANIZATION Sered Ferries (news/a.txtx1, news/b.txtx1, news/c.txtx1)
PERSON Keller (news/b.txtx1)
PERSON Lund (news/a.txtx1)
PERSON Lund (news/c.txtx1)
PERSON Maria Keller (news/a.txtx2, news/c.txtx1)
PERSON Tomas Okoro (news/a.txtx1, news/b.txtx1)
PLACE Avonia (news/b.txtx1, news/c.txtx1)
PLACE Port Sered (news/a.txtx1, news/b.txtx1)
PLACE Westmark (news/c.txtx1)
Port Sered -located_in-> Avonia: fact in 1, 2024-05-09..2024-05-09, 1
TITLE chief executive (news/a.txtx1)";
    let shown = show(&build(&story()));
    assert_eq!(shown, expected, "\n{shown}");
}

#[test]
fn an_edge_tells_who_published_what_states_it() {
    let mut docs = story();
    let sources = |docs: &[Document]| {
        let graph = build(docs);
        let acquired = graph.edges().find(|edge| edge.relation_type.name() == "acquired").unwrap();
        graph.summary(acquired).sources
    };
    assert!(sources(&docs).is_empty());
    for (doc, source) in docs.iter_mut().zip(["Westmark Post", "Avon Herald", "Westmark Post"]) {
        doc.source = Some(source.to_owned());
    }
    assert_eq!(sources(&docs), ["Avon Herald", "Westmark Post"]);
    docs[1].source = None;
    assert_eq!(sources(&docs), ["Westmark Post"]);
}

/// What documents of one relation come to: each status with its documents, dates and score, that of the edge first.
///
/// Each document is told by its date and by what follows the ends of its relation.
fn told(relation: &str, said: &[(&str, &str)]) -> String {
    let text = "[p PERSON|Maria Keller] and [o ORGANIZATION|Norden Bank], [y DATE=2023|in 2023], \
                [s DATE=2019/|since 2019], [r DATE=2004/2010|from 2004 to 2010] or [u DATE=/2010|until 2010].";
    let docs: Vec<Document> = (0..)
        .zip(said)
        .map(|(index, (date, rest))| {
            let date = Some(*date).filter(|date| !date.is_empty());
            document(&format!("d{index}"), date, &format!("{text}\n=\np {relation} o {rest}"))
        })
        .collect();
    let graph = build(&docs);
    assert_eq!(graph.edge_count(), 1);
    let summary = graph.summary(graph.edges().next().unwrap());
    assert_eq!(summary.documents, said.len());
    assert_eq!(summary.status(), summary.shown.status);
    let date = |date: &Option<String>| date.clone().unwrap_or_else(|| "?".to_owned());
    let told = summary.statuses().map(|said| {
        let (first, last) = (date(&said.first_date), date(&said.last_date));
        format!("{} in {}, {first}..{last}, {}", said.name(), said.documents, said.best_score)
    });
    told.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_denial_is_no_support() {
    let said = [("2024-03-04", "~negated 0.9"), ("2024-03-01", "0.8"), ("2024-03-05", "~negated"), ("", "~possible")];
    let expected = "fact in 1, 2024-03-01..2024-03-01, 0.8; possible in 1, ?..?, 0.75; \
                    negated in 2, 2024-03-04..2024-03-05, 0.9";
    assert_eq!(told("acquired", &said), expected);
    assert_eq!(told("acquired", &[("2024-03-01", ""), ("2024-03-02", "")]), "fact in 2, 2024-03-01..2024-03-02, 0.75");
}

#[test]
fn a_state_is_over_once_it_is_told_to_be() {
    fn check(relation: &str, said: &[(&str, &str)], expected: &str) {
        let shown = told(relation, said).replace(", 0.75", "");
        assert_eq!(shown, expected, "{relation} {said:?}");
        let mut backwards = said.to_vec();
        backwards.reverse();
        assert_eq!(told(relation, &backwards).replace(", 0.75", ""), shown, "{relation} {said:?} backwards");
    }
    let resigned = [("2022-05-03", ""), ("2023-11-08", "~former")];
    let (fact, former) = ("fact in 1, 2022-05-03..2022-05-03", "former in 1, 2023-11-08..2023-11-08");
    for state in ["head_of", "works_for", "member_of", "owns", "represents", "spokesperson_for"] {
        check(state, &resigned, &format!("{former}; {fact}"));
    }
    check("acquired", &resigned, &format!("{fact}; {former}"));
    check(
        "head_of",
        &[resigned[0], resigned[1], ("2024-01-01", "~possible")],
        &format!("{former}; {fact}; possible in 1, 2024-01-01..2024-01-01"),
    );
    // Back again.
    check(
        "head_of",
        &[resigned[0], resigned[1], ("2024-01-01", "")],
        &format!("fact in 2, 2022-05-03..2024-01-01; {former}"),
    );
    let same_day = "former in 1, 2023-11-08..2023-11-08; fact in 1, 2023-11-08..2023-11-08";
    check("head_of", &[("2023-11-08", ""), ("2023-11-08", "~former")], same_day);
    // Without a date, nobody knows what came first.
    check("head_of", &[("2022-05-03", ""), ("", "~former")], &format!("{fact}; former in 1, ?..?"));
    check("head_of", &[("", ""), ("2023-11-08", "~former")], &format!("{former}; fact in 1, ?..?"));
    check("head_of", &[("", ""), ("", "~former")], "fact in 1, ?..?; former in 1, ?..?");
    // Dates of their own: what began before is over, and what was over before has begun again.
    check("head_of", &[("2024-03-01", "@s"), resigned[1]], &format!("{former}; fact in 1, 2019..2019"));
    check("head_of", &[("2024-03-01", "@y"), resigned[1]], &format!("{former}; fact in 1, 2023..2023"));
    check("head_of", &[resigned[0], ("2024-03-01", "@r ~former")], &format!("{fact}; former in 1, 2004..2010"));
    check("head_of", &[resigned[0], ("2024-03-01", "@u ~former")], &format!("{fact}; former in 1, 2010..2010"));
}

#[test]
fn entities_merge_or_stay_apart() {
    /// The names of the nodes of documents with one entity each, in order.
    fn check(entity_type: EntityType, marked: &[&str], expected: usize) {
        let docs: Vec<Document> =
            marked.iter().enumerate().map(|(index, marked)| document(&format!("d{index}"), None, marked)).collect();
        let nodes = build(&docs).nodes().filter(|node| node.entity_type == entity_type).count();
        assert_eq!(nodes, expected, "{marked:?}");
    }
    use EntityType::*;
    check(Person, &["[p PERSON|Maria Keller]", "[p PERSON|Dr. MARIA KELLER]"], 1);
    check(Person, &["[p PERSON|Keller]", "[p PERSON|Keller]"], 2);
    check(Person, &["[p PERSON|Mr Keller]", "[p PERSON|Mr Keller]"], 2);
    check(Person, &["[p PERSON|Keller] [p|Maria Keller]", "[p PERSON|Maria Keller]"], 1);
    check(Person, &["[p PERSON|Maria Keller] [p|Keller]", "[p PERSON|Keller]"], 2);
    // One name bridges two others, whatever comes first.
    check(Person, &["[p PERSON|Ana Silva]", "[p PERSON|Ana Costa]", "[p PERSON|Ana Silva] [p|Ana Costa]"], 1);
    // What nobody names is a node only where a relation needs it, and then joins nothing.
    check(Person, &["[p:n PERSON|the driver]", "[p:n PERSON|the driver]"], 0);
    let driver = "[p:n PERSON|the driver] of [l PLACE|Avonia]\n=\np lives_in l";
    check(Person, &[driver, driver], 2);
    check(Person, &["[p PERSON|Keller] and [q PERSON|Keller]"], 2);
    // What looks like a title, a particle or an article may be a name.
    for name in ["Vera Bishop", "Jon Major", "Al Vell", "Le Quang", "Du Wei", "Van Nguyen", "King Osvald III"] {
        let marked = format!("[p PERSON|{name}]");
        check(Person, &[&marked, &marked], 1);
    }
    check(Person, &["[p PERSON|An Li Wang]", "[p PERSON|Li Wang]"], 2);
    check(Person, &["[p PERSON|The Anh Nguyen]", "[p PERSON|Anh Nguyen]"], 2);
    // A second given name is enough only where few have the family name.
    check(Person, &["[p PERSON|Maria Elena Vellacott]", "[p PERSON|Maria Vellacott]"], 1);
    check(Person, &["[p PERSON|Maria Elena Hernández]", "[p PERSON|Maria Hernández]"], 2);
    check(Organization, &["[o ORGANIZATION|The Harbour Bank plc]", "[o ORGANIZATION|Harbour Bank]"], 1);
    check(Organization, &["[o ORGANIZATION|Harbour Bank] [o|HBK]", "[o ORGANIZATION|HBK]"], 1);
    check(Place, &["[l PLACE|São Pedro]", "[l PLACE|Sao Pedro]"], 1);
    check(Place, &["[l PLACE|Avonia]", "[l ORGANIZATION|Avonia]"], 1);
    check(Title, &["[t TITLE|Prime Minister]", "[t TITLE|prime minister]"], 1);
    check(Title, &["[t TITLE|prime minister] [t|minister]", "[t TITLE|finance minister] [t|minister]"], 2);
    check(Date, &["[d DATE=2024-05-01|Wednesday]", "[d DATE=2024-05-01|1 May]"], 1);
    check(Date, &["[d DATE|Wednesday]", "[d DATE|Wednesday]"], 2);
    check(Work, &["[w WORK|“Night Train”]", "[w WORK|Night Train]"], 1);
}

#[test]
fn only_a_sure_date_of_birth_parts_people() {
    let check = |year: &str, score: &str, expected: usize| {
        let born = |id: &str, year: &str, score: &str| {
            let text = format!(
                "[p PERSON|Maria Keller] of [o ORGANIZATION|Nordbank], born in [d DATE={year}|{year}].\n=\n\
                 p works_for o\np born_on d {score}"
            );
            document(id, None, &text)
        };
        let graph = build(&[born("a", "1950", "0.9"), born("b", year, score)]);
        let people = graph.nodes().filter(|node| node.entity_type == EntityType::Person).count();
        assert_eq!(people, expected, "{year} {score}");
    };
    check("1950", "0.9", 1);
    check("1981", "0.9", 2);
    check("1981", "0.5", 2);
    check("1981", "0.11", 1);
}

#[test]
fn weak_aliases_join_nothing() {
    let linked = |mut doc: Document, reason: LinkReason| {
        doc.mentions[1].link = Some(CoreferenceLink { antecedent: MentionId(0), reason, score: 1.0 });
        doc
    };
    let check = |one: &str, reason: LinkReason, other: &str, expected: usize| {
        let graph = build([&linked(document("a", None, one), reason), &document("b", None, other)]);
        assert_eq!(graph.node_count(), expected, "{one} and {other} by {reason:?}");
        graph
    };
    let (union, other) =
        ("[o ORGANIZATION|Sered Union] beat Marsh, and [o|Union] fans sang.", "[o ORGANIZATION|Union]");
    let graph = check(union, LinkReason::PartOfName, other, 2);
    assert_eq!(graph.find_by_name("union").len(), 2);
    check(union, LinkReason::Model, other, 2);
    // What many bodies are called joins nothing, whatever a document knows.
    check(union, LinkReason::KnownAlias, other, 2);
    let fans = "[o ORGANIZATION|Sered Union], the [o|Seredites], won.";
    check(fans, LinkReason::KnownAlias, "[o ORGANIZATION|Seredites]", 1);
    check("[o ORGANIZATION|Sered Union] ([o|SU])", LinkReason::Acronym, "[o ORGANIZATION|SU]", 1);
    let capital = ("[l PLACE|Avonia] fumed; [l|Sered] will retaliate.", "[l PLACE|Sered]");
    let graph = check(capital.0, LinkReason::Metonym, capital.1, 2);
    assert_eq!(graph.find_by_name("sered").len(), 1);
    check("[p PERSON|Ana Maria Costa] and [p|Ana Costa]", LinkReason::PartOfName, "[p PERSON|Ana Costa]", 1);
}

#[test]
fn knowledge_base_links_join() {
    let linked = |mut doc: Document| {
        doc.entities[0].link = Some("Q0".to_owned());
        doc
    };
    let docs = [document("a", None, "[l PLACE|Avonia]"), document("b", None, "[l PLACE|Avonie]")].map(linked);
    assert_eq!(build(&docs).node_count(), 1);
}

#[test]
fn the_canonical_name_is_the_commonest_full_one() {
    fn check(marked: &[&str], expected: &str) {
        let docs: Vec<Document> =
            marked.iter().enumerate().map(|(index, marked)| document(&format!("d{index}"), None, marked)).collect();
        let graph = build(&docs);
        let names: Vec<&str> = graph.nodes().map(|node| node.name.as_str()).collect();
        assert_eq!(names, [expected], "{marked:?}");
    }
    check(&["[p PERSON|Ana Costa] [p|Costa] [p|Costa]"], "Ana Costa");
    // Among equals names are not cried out, and a slip of the pen is no name.
    check(&["[p PERSON|Ana Costa]", "[p PERSON|ANA COSTA]"], "Ana Costa");
    check(&["[p PERSON|ana costa]", "[p PERSON|Ana Costa]"], "Ana Costa");
    check(&["[p PERSON|ANA COSTA] [p|ANA COSTA]", "[p PERSON|Ana Costa]"], "ANA COSTA");
    check(&["[o ORGANIZATION|NORDVIK SHIPPING]", "[o ORGANIZATION|Nordvik Shipping]"], "Nordvik Shipping");
    let twice = |label: &str, one: &str, other: &str| {
        let both = format!("[x {label}|{other}] [x|{one}] [x|{other}]");
        [format!("[x {label}|{one}]"), both]
    };
    for (label, one, other, expected) in [
        ("PERSON", "Giancarlo Rusconi", "Gianncarlo Rusconi", "Giancarlo Rusconi"),
        ("PERSON", "Ana M. Costa", "Ana Maria Costa", "Ana Maria Costa"),
        ("PLACE", "Republic of Korea", "South Korea", "South Korea"),
    ] {
        let [a, b] = twice(label, one, other);
        check(&[&a, &b], expected);
    }
    check(&["[o ORGANIZATION|Harbour Bank plc]", "[o ORGANIZATION|Harbour Bank]"], "Harbour Bank plc");
    check(&["[p PERSON|Ana Costa] [p|Ana Costa]", "[p PERSON|ANA COSTA]"], "Ana Costa");
    check(
        &["[p PERSON|Ana Costa]", "[p PERSON|Ana Costa] [p|Ana Maria Costa]", "[p PERSON|Ana Maria Costa]"],
        "Ana Maria Costa",
    );
    check(&["[o ORGANIZATION|HBK] [o|HBK] [o|Harbour Bank]"], "Harbour Bank");
    check(&["[d DATE=2024-05|last month]"], "2024-05");
}

#[test]
fn initials_and_a_surname_are_a_full_name() {
    let check = |marked: [&str; 2], expected: usize| {
        let docs = [document("a", None, marked[0]), document("b", None, marked[1])];
        assert_eq!(build(&docs).node_count(), expected, "{marked:?}");
    };
    check(["[p PERSON|J. R. Tarkin]", "[p PERSON|J.R. Tarkin]"], 1);
    check(["[p PERSON|Dr J. R. Tarkin]", "[p PERSON|J. R. Tarkin]"], 1);
    check(["[p PERSON|J. Tarkin]", "[p PERSON|J. Tarkin]"], 2);
    check(["[p PERSON|J. R. Smith]", "[p PERSON|J. R. Smith]"], 2);
    check(["[p PERSON|J. R. Tarkin]", "[p PERSON|K. R. Tarkin]"], 2);
}

#[test]
fn a_body_of_a_country_is_one_however_the_country_is_named() {
    let names = |marked: &[&str]| -> Vec<String> {
        let docs: Vec<Document> =
            marked.iter().enumerate().map(|(index, marked)| document(&format!("d{index}"), None, marked)).collect();
        let graph = build(&docs);
        let bodies = graph.nodes().filter(|node| node.entity_type == EntityType::Organization);
        bodies.map(|node| node.name.clone()).collect()
    };
    let court = "[o ORGANIZATION|Supreme Court] of [l PLACE|Ghana]\n=\no part_of l";
    assert_eq!(
        names(&[
            "[o ORGANIZATION|The Supreme Court of Ghana]",
            "[o ORGANIZATION|Ghana's Supreme Court]",
            "[o ORGANIZATION|Ghanaian Supreme Court]",
            court,
            court,
            court,
        ]),
        ["The Supreme Court of Ghana"],
        "a name that says which court goes before a common one"
    );
    let kenyan = "[o ORGANIZATION|Supreme Court of Kenya]";
    assert_eq!(names(&[court, kenyan]).len(), 2);
    assert_eq!(
        names(&["[o ORGANIZATION|Kenyan Health Ministry]", "[o ORGANIZATION|Ministry of Health of Kenya]"]).len(),
        1
    );
    assert_eq!(names(&["[o ORGANIZATION|Kenyan government]", "[o ORGANIZATION|Government of Kenya]"]).len(), 1);
    // A country has several banks, and a city a police of its own.
    let bank = "[o ORGANIZATION|Bank] of [l PLACE|Ireland]\n=\no part_of l";
    assert_eq!(names(&["[o ORGANIZATION|Bank of Ireland]", bank]).len(), 2);
    let police = "[o ORGANIZATION|City Police] of [l PLACE|Mexico]\n=\no part_of l";
    assert_eq!(names(&["[o ORGANIZATION|Mexico City Police]", police]).len(), 2);
}

#[test]
fn legal_forms_tell_companies_of_one_name_apart() {
    let check = |marked: &[&str], expected: &[&str]| {
        let documents = marked.iter().enumerate();
        let docs: Vec<Document> =
            documents.map(|(index, marked)| document(&format!("d{index}"), None, marked)).collect();
        let graph = build(&docs);
        let mut names: Vec<&str> = graph.nodes().map(|node| node.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{marked:?}");
    };
    let (ltd, llp, bare) = ("[o ORGANIZATION|Harrow Ltd]", "[o ORGANIZATION|Harrow LLP]", "[o ORGANIZATION|Harrow]");
    check(&[ltd, llp], &["Harrow LLP", "Harrow Ltd"]);
    check(&["[a ORGANIZATION|Harrow Ltd] sued [b ORGANIZATION|Harrow LLP]."], &["Harrow LLP", "Harrow Ltd"]);
    check(&[ltd, ltd, "[o ORGANIZATION|Harrow Limited]"], &["Harrow Ltd"]);
    check(&[ltd, bare], &["Harrow Ltd"]);
    check(&["[o ORGANIZATION|Harrow Co., Ltd.]", ltd, "[o ORGANIZATION|Harrow JSC]"], &["Harrow Co., Ltd."]);
    // A name without any form goes with the one that documents call so, and else with neither.
    check(&[ltd, llp, bare], &["Harrow", "Harrow LLP", "Harrow Ltd"]);
    let both = "[o ORGANIZATION|Harrow Ltd] said that [o|Harrow] would pay.";
    check(&[both, both, llp, bare], &["Harrow", "Harrow LLP"]);
}

/// A small generator of numbers, so that a failure can be repeated.
pub(crate) struct Lcg(pub(crate) u64);

impl Lcg {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound.max(1)
    }
}

/// Documents with names from a small pool, so that chains of aliases are common.
fn random_documents(lcg: &mut Lcg, count: usize) -> Vec<Document> {
    let people = ["Ana Costa", "Ana Silva", "Bo Lind", "B. Lind", "Costa", "Dr Bo Lind", "Lind", "ana costa"];
    let organizations = ["Harbour Bank", "HBK", "Harbour Bank plc", "Bank Alta", "Alta", "The Alta", "HB Kontor"];
    let relations = ["member_of", "met", "works_for", "met", "associate_of"];
    (0..count)
        .map(|index| {
            let mut sketch = Sketch::new(&format!("doc{}", lcg.below(count)), None);
            sketch.text(&format!("{index} "));
            for handle in ["p1", "p2", "o1", "o2"] {
                let (pool, entity_type): (&[&str], _) = if handle.starts_with('p') {
                    (&people, EntityType::Person)
                } else {
                    (&organizations, EntityType::Organization)
                };
                for _ in 0..=lcg.below(3) {
                    sketch.mention(handle, Some(entity_type), MentionKind::Name, None, pool[lcg.below(pool.len())]);
                    sketch.text(" ");
                }
            }
            for _ in 0..4 {
                let relation = relations[lcg.below(relations.len())];
                let tail = if relation == "member_of" || relation == "works_for" { "o1" } else { "p2" };
                let status = ["", "~possible", "~former"][lcg.below(3)];
                sketch.relation(&format!("p1 {relation} {tail} 0.{} {status}", 1 + lcg.below(9)));
            }
            sketch.finish()
        })
        .collect()
}

#[test]
fn order_and_split_do_not_matter() {
    let mut lcg = Lcg(7);
    for round in 0..40 {
        let mut docs = if round == 0 { story() } else { random_documents(&mut lcg, 12) };
        let expected = build(&docs);
        for _ in 0..6 {
            for index in (1..docs.len()).rev() {
                docs.swap(index, lcg.below(index + 1));
            }
            assert!(build(&docs) == expected, "round {round}: another order gives another graph");
            let mut builders: Vec<GraphBuilder> = (0..=lcg.below(4)).map(|_| GraphBuilder::new()).collect();
            for doc in &docs {
                let index = lcg.below(builders.len());
                builders[index] = std::mem::take(&mut builders[index]).add(doc);
            }
            while builders.len() > 1 {
                let one = builders.swap_remove(lcg.below(builders.len()));
                let other = builders.swap_remove(lcg.below(builders.len()));
                builders.push(one.merge(other));
            }
            let split = builders.pop().unwrap().finish();
            assert!(split == expected, "round {round}: another split gives another graph");
            assert_eq!(show(&split), show(&expected));
        }
    }
}

#[test]
fn documents_with_one_id_are_told_apart_by_content() {
    let one = document("x", None, "[p PERSON|Ana Costa] left.");
    let other = document("x", None, "[p PERSON|Ana Costa] stayed.");
    assert_eq!(build([&one, &one, &one]), build([&one]));
    assert_eq!(build([&one]).documents()[0].id, "x");
    let graph = build([&one, &other, &one]);
    assert_eq!(graph, build([&other, &one]));
    let ids: Vec<&str> = graph.documents().iter().map(|document| document.id.as_str()).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.iter().all(|id| id.starts_with("x#") && id.len() == 18), "{ids:?}");
    let node = graph.nodes().next().unwrap();
    assert_eq!((node.mentions.len(), node.aliases[0].count), (2, 2));
}

#[test]
fn ids_are_stable() {
    // A change here breaks what users stored elsewhere: say so in the changelog.
    let graph = build([&document("x", None, "[p PERSON|Ana Costa] of [o ORGANIZATION|Harbour Bank]")]);
    let ids: Vec<&str> = graph.nodes().map(|node| node.id.as_str()).collect();
    assert_eq!(ids, ["organization-3ed6c4ee4a9baa3b", "person-b8fc450bfeef3a23"]);
}

#[test]
fn the_graph_answers_questions() {
    let graph = build(&story());
    let id = |name: &str| graph.find_by_name(name)[0].id.clone();
    let (keller, rail, ferries, okoro) = (id("Maria Keller"), id("BWR"), id("the Sered-Ferries"), id("TOMAS OKORO"));
    let names = |nodes: Vec<&relata::graph::Node>| {
        let mut names: Vec<_> = nodes.into_iter().map(|node| node.name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(graph.find_by_name("keller").len(), 2);
    assert!(graph.find_by_name("nobody").is_empty());
    assert_eq!(names(graph.neighbors(keller.as_str())), ["Brightwater Rail Ltd", "Tomas Okoro", "chief executive"]);
    assert_eq!(graph.edges_between(ferries.as_str(), rail.as_str()).len(), 1);
    let acquired = graph.edges_between(rail.as_str(), ferries.as_str())[0];
    let statuses: Vec<_> = acquired.assertions.iter().map(|assertion| assertion.status).collect();
    assert_eq!(statuses, [Some(Status::Negated), Some(Status::Possible), None]);
    assert_eq!(acquired.assertions[1].by.as_ref().unwrap().name, "Tomas Okoro");
    assert_eq!(acquired.assertions[2].date.as_ref().unwrap().norm.as_deref(), Some("2024-06-01"));
    assert!(acquired.assertions[1].evidence[0].text.starts_with("Brightwater Rail (BWR) may buy"));

    let path = graph.shortest_path(okoro.as_str(), ferries.as_str()).unwrap();
    assert_eq!(path.nodes.iter().map(|node| &node.id).collect::<Vec<_>>(), [&okoro, &keller, &rail, &ferries]);
    assert_eq!(path.edges.len(), 3);
    assert_eq!(graph.shortest_path(okoro.as_str(), okoro.as_str()).unwrap().nodes.len(), 1);
    assert!(graph.shortest_path(okoro.as_str(), id("Westmark").as_str()).is_none());
    assert!(graph.shortest_path("x", "y").is_none());
}

#[test]
fn filters_keep_what_they_say() {
    let graph = build(&story());
    let check = |filter: GraphFilter, nodes: usize, edges: usize| {
        let part = graph.subgraph(&filter);
        assert_eq!((part.node_count(), part.edge_count()), (nodes, edges), "{filter:?}\n{}", show(&part));
    };
    check(GraphFilter::new(), graph.node_count(), graph.edge_count());
    check(GraphFilter::new().with_entity_types([EntityType::Place]), 3, 2);
    check(GraphFilter::new().with_relation_types(RelationType::from_name("acquired")).without_isolated(), 2, 1);
    check(GraphFilter::new().with_min_score(0.9).without_isolated(), 6, 4);
    check(GraphFilter::new().with_statuses([Some(Status::Former)]).without_isolated(), 2, 1);
    check(GraphFilter::new().around("maria keller", 0), 1, 0);
    check(GraphFilter::new().around("maria keller", 1), 4, 3);
    check(GraphFilter::new().around("maria keller", 9), 5, 4);
    check(GraphFilter::new().around("nobody", 9), 0, 0);
    assert_eq!(graph.subgraph(&GraphFilter::new()), graph);
    // Also what names nothing.
    let bare = document("news/d.txt", None, "Nothing happened.");
    let graph = build(story().iter().chain([&bare]));
    assert_eq!(graph.documents().len(), 4);
    assert_eq!(graph.subgraph(&GraphFilter::new()), graph);
    assert_eq!(graph.subgraph(&GraphFilter::new().with_min_score(0.1)).documents().len(), 3);
}

#[test]
fn broken_documents_do_no_harm() {
    let mut doc = document("x", None, "[p PERSON|Zoë Ünal] met [q PERSON|Bo Lind].\n=\np met q\np met p\n");
    doc.mentions[0].span = ByteSpan::new(2, 3);
    doc.mentions[1].span = ByteSpan::new(5, 5000);
    doc.entities[0].mentions.push(MentionId(77));
    doc.relations[0].date = Some(EntityId(99));
    doc.relations[0].evidence = vec![ByteSpan::new(3, 9), ByteSpan::new(9, 4)];
    doc.relations[0].score = f32::NAN;
    let mut lost = doc.relations[0].clone();
    lost.tail = EntityId(42);
    doc.relations.push(lost);
    let graph = build([&doc]);
    assert_eq!((graph.node_count(), graph.edge_count()), (2, 1));
    let edge = graph.edges().next().unwrap();
    assert_eq!(edge.assertions[0].score, 0.0);
    assert!(build([]).nodes().next().is_none());
}
