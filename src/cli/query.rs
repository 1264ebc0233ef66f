//! `relata query`, and `relata explain` on graph files: what is known of a thing, and which names were joined to it.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
};

use anyhow::Result;

use crate::{
    corpus::{Bar, Refusal},
    export::{GraphExporter, GraphFormat},
    graph::{Edge, GraphFilter, KnowledgeGraph, Node, StatusSummary, node_id},
    link::place,
    schema::Status,
    store::{GraphFile, Named, PairRecord},
};

use super::{
    Outcome,
    arguments::{ExplainArguments, GlobalArguments, QueryArguments},
    decisions::why,
    explain::one_line,
    library,
    store::{self, stays_alone},
};

/// Publishers of an edge that are named before the rest becomes a number.
const PUBLISHER_LIMIT: usize = 8;

pub(super) fn run(global: &GlobalArguments, arguments: &QueryArguments) -> Result<Outcome> {
    let mut file = store::open(global, &arguments.file)?;
    let (graph, wanted) = match arguments.names.as_slice() {
        [name] => {
            let graph = file.neighborhood(name, 1)?;
            let nodes = named(&graph, name, file.redirect(name)?.as_deref());
            (graph, vec![nodes])
        }
        names => {
            let graph = file.graph()?;
            let wanted = names
                .iter()
                .map(|name| Ok(named(&graph, name, file.redirect(name)?.as_deref())))
                .collect::<Result<Vec<_>>>()?;
            (graph, wanted)
        }
    };
    let graph = sure_enough(global, graph);
    for (name, nodes) in arguments.names.iter().zip(&wanted) {
        if nodes.is_empty() {
            store::say(global, &store::nothing_is_named(&mut file, name)?);
            return Ok(Outcome::NothingFound);
        }
    }
    if arguments.json {
        library::write_graph(&graph, GraphExporter::from_format(GraphFormat::NodeLink), io::stdout())?;
        return Ok(Outcome::Found);
    }
    let mut text = String::new();
    match wanted.as_slice() {
        [nodes] => {
            for node in nodes.iter().filter_map(|id| graph.node(id)) {
                about(&graph, node, &mut text);
            }
        }
        [ones, others, ..] => {
            for (one, other) in ones.iter().flat_map(|one| others.iter().map(move |other| (one, other))) {
                between(&graph, one, other, &mut text);
            }
        }
        [] => {}
    }
    io::stdout().write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

/// The graph without relations that score lower than is asked for.
fn sure_enough(global: &GlobalArguments, graph: KnowledgeGraph) -> KnowledgeGraph {
    let filter = GraphFilter::new().with_min_score(global.min_score.unwrap_or(0.0));
    if filter.keeps_everything() { graph } else { graph.subgraph(&filter) }
}

/// Identifiers of the nodes with a name or identifier.
fn named(graph: &KnowledgeGraph, name_or_id: &str, redirect: Option<&str>) -> Vec<String> {
    if let Some(node) = redirect.and_then(|id| graph.node(id)).or_else(|| graph.node(name_or_id)) {
        return vec![node.id.to_string()];
    }
    graph.find_by_name(name_or_id).iter().map(|node| node.id.to_string()).collect()
}

/// A node with its names and edges.
fn about(graph: &KnowledgeGraph, node: &Node, text: &mut String) {
    let _ = writeln!(text, "{} {}  {}", node.entity_type.name(), one_line(&node.name), node.id);
    let others: Vec<String> = node
        .aliases
        .iter()
        .filter(|alias| alias.name != node.name)
        .map(|alias| format!("{} ({})", one_line(&alias.name), alias.count))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(text, "  also {}", others.join(", "));
    }
    if let Some(link) = &node.link {
        let facts = place(link);
        let within: Vec<&str> = facts.iter().flat_map(|facts| &facts.within).map(|(_, name)| *name).collect();
        let inside = if within.is_empty() { String::new() } else { format!(", in {}", within.join(", ")) };
        let position = facts.and_then(|facts| facts.coordinates);
        let position = position.map(|(north, east)| format!(", at {north:.2} {east:.2}")).unwrap_or_default();
        let _ = writeln!(text, "  linked to {}{inside}{position}", one_line(link));
    }
    let mentions: usize = node.mentions.iter().map(|mentions| mentions.spans.len()).sum();
    let documents = node.mentions.len();
    let [of_mentions, of_documents] = [mentions, documents].map(|count| if count == 1 { "" } else { "s" });
    let _ = writeln!(text, "  {mentions} mention{of_mentions}, {documents} document{of_documents}");
    for edge in graph.outgoing(node.id.as_str()).into_iter().chain(graph.incoming(node.id.as_str())) {
        relation(graph, edge, text);
    }
    text.push('\n');
}

/// What joins two nodes: edges, or the shortest way over others.
fn between(graph: &KnowledgeGraph, one: &str, other: &str, text: &mut String) {
    let edges = graph.edges_between(one, other);
    let name = |id: &str| graph.node(id).map_or_else(|| id.to_owned(), |node| one_line(&node.name));
    let _ = writeln!(text, "{} ({one}) and {} ({other})", name(one), name(other));
    if !edges.is_empty() {
        for edge in edges {
            relation(graph, edge, text);
            let has_several = !graph.summary(edge).others.is_empty();
            for assertion in &edge.assertions {
                let status = assertion.status.map_or("fact", Status::name);
                let status = if has_several { format!("{status}: ") } else { String::new() };
                for quote in &assertion.evidence {
                    let _ = writeln!(text, "      {status}\"{}\"", one_line(&quote.text));
                }
            }
        }
    } else if one == other {
        text.push_str("  both names stand for it\n");
    } else if let Some(path) = graph.shortest_path(one, other) {
        let _ = writeln!(text, "  nothing direct; the shortest way has {} steps:", path.edges.len());
        for edge in path.edges {
            relation(graph, edge, text);
        }
    } else {
        let _ = writeln!(text, "  nothing joins them");
    }
    text.push('\n');
}

/// An edge on one line; if it has several statuses, each with its own documents, dates, score and speakers.
fn relation(graph: &KnowledgeGraph, edge: &Edge, text: &mut String) {
    let name = |id: &str| graph.node(id).map_or_else(|| id.to_owned(), |node| one_line(&node.name));
    let ends = format!("{} {} {}", name(edge.head.as_str()), edge.relation_type.name(), name(edge.tail.as_str()));
    let summary = graph.summary(edge);
    let told: Vec<String> = summary
        .statuses()
        .map(|said| {
            let (status, documents, by) = (said.name(), documents(said), speakers(edge, said.status));
            if summary.others.is_empty() {
                format!("{documents}, {:.2}, {status}{by}", said.best_score)
            } else {
                format!("{status} in {documents}, {:.2}{by}", said.best_score)
            }
        })
        .collect();
    let _ = writeln!(text, "  {ends}, {}", told.join("; "));
}

/// How many documents say so, who published them, and when.
fn documents(said: &StatusSummary) -> String {
    let dates = match (&said.first_date, &said.last_date) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        (Some(date), _) => format!(", {date}"),
        _ => String::new(),
    };
    let plural = if said.documents == 1 { "" } else { "s" };
    format!("{} document{plural}{}{dates}", said.documents, publishers(&said.sources))
}

/// To whom the assertions of a status are attributed; nothing where nobody is known.
fn speakers(edge: &Edge, status: Option<Status>) -> String {
    let assertions = edge.assertions.iter().filter(|assertion| assertion.status == status);
    let by: BTreeSet<String> =
        assertions.filter_map(|assertion| assertion.by.as_ref()).map(|by| one_line(&by.name)).collect();
    if by.is_empty() { String::new() } else { format!(", by {}", by.into_iter().collect::<Vec<_>>().join(", ")) }
}

/// Who published the documents of an edge, in brackets; nothing where nobody is known.
fn publishers(sources: &[String]) -> String {
    let mut named: Vec<String> = sources.iter().take(PUBLISHER_LIMIT).map(|source| one_line(source)).collect();
    if sources.len() > PUBLISHER_LIMIT {
        named.push(format!("and {} more", sources.len() - PUBLISHER_LIMIT));
    }
    if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) }
}

pub(super) fn explain(global: &GlobalArguments, arguments: &ExplainArguments) -> Result<Outcome> {
    let mut file = store::open(global, &arguments.input)?;
    let mut text = String::new();
    let mut found: Vec<Vec<Named>> = Vec::new();
    for name in &arguments.names {
        let named = file.find(name)?;
        if named.is_empty() {
            let alone = file.find_alone(name)?;
            let told = if alone.is_empty() { format!("nothing is named {name}") } else { stays_alone(name, &alone) };
            store::say(global, &told);
            return Ok(Outcome::NothingFound);
        }
        found.push(named);
    }
    let nodes: BTreeSet<String> = found.iter().flatten().map(|named| named.node.clone()).collect();
    for node in &nodes {
        let units = file.find(node)?;
        let keys: BTreeSet<String> = units.iter().map(|unit| unit.key.clone()).collect();
        let best = units.iter().max_by_key(|unit| unit.document_count);
        let (kind, name) = best.map_or(("", ""), |unit| (unit.entity_type.name(), unit.name.as_str()));
        let _ = writeln!(text, "{kind} {}  {node}", one_line(name));
        for unit in &units {
            let more = if unit.document_count > unit.documents.len() as u64 { ", …" } else { "" };
            let listed: Vec<String> = unit.documents.iter().map(|id| one_line(id)).collect();
            let plural = if unit.document_count == 1 { "" } else { "s" };
            let _ = writeln!(
                text,
                "  {}  {} document{plural}: {}{more}",
                one_line(&unit.name),
                unit.document_count,
                listed.join(", ")
            );
        }
        let pairs = file.pairs_of(&keys)?;
        let refusals = file.refusals(&keys)?;
        for record in &pairs {
            let [a, b] = &record.names;
            pair(record, refusals.get(&(a.key.clone(), b.key.clone())), &mut text);
        }
        parted(&mut file, &keys, &mut text)?;
        text.push('\n');
    }
    if let [ones, others] = found.as_slice() {
        let graph = sure_enough(global, file.graph()?);
        let [ones, others] = [ones, others].map(|named| named.iter().map(|named| &named.node).collect::<BTreeSet<_>>());
        for (one, other) in ones.iter().flat_map(|one| others.iter().map(move |other| (one, other))) {
            between(&graph, one, other, &mut text);
        }
    }
    io::stdout().write_all(text.as_bytes())?;
    Ok(Outcome::Found)
}

/// A pair of names, whether it was joined, and why; `refusal` is what kept a likely one apart.
fn pair(record: &PairRecord, refusal: Option<&Refusal>, text: &mut String) {
    let [a, b] = &record.names;
    let verdict = match (record.joined, a.node == b.node) {
        (true, _) => "joined",
        // Two names of one cluster that met over others.
        (false, true) => "fits",
        (false, false) => "kept apart",
    };
    let against = match refusal.filter(|_| a.node != b.node) {
        Some(refusal) => format!("; but {}", why_apart(refusal)),
        None => String::new(),
    };
    let _ = writeln!(
        text,
        "  {verdict}: {} and {}, {:.2}; {}{against}",
        one_line(&a.name),
        one_line(&b.name),
        record.pair.probability(),
        why(record)
    );
}

/// The pairs of names that people parted and of which some key is one.
fn parted(file: &mut GraphFile, keys: &BTreeSet<String>, text: &mut String) -> Result<()> {
    for (a, b) in &file.decisions()?.apart {
        if keys.contains(a) || keys.contains(b) {
            let (a, b) = (spelling(file, a)?, spelling(file, b)?);
            let _ = writeln!(text, "  kept apart: {a} and {b}; people parted them");
        }
    }
    Ok(())
}

/// The commonest spelling of the name with a key; the letters of the key if no document has the name.
fn spelling(file: &mut GraphFile, key: &str) -> Result<String> {
    let id = node_id(key);
    let named = file.find(&id)?.into_iter().chain(file.find_alone(&id)?).find(|named| named.key == key);
    let name = named.map(|named| named.name).filter(|name| !name.is_empty());
    Ok(one_line(name.as_deref().or(key.split('\u{1f}').nth(2)).unwrap_or(key)))
}

/// What kept a likely pair apart, in a few words.
fn why_apart(refusal: &Refusal) -> String {
    let [one, other] = &refusal.names;
    // What stays with its document has no name that others share.
    let name = |name: &str| if name.is_empty() { "a name of one document".to_owned() } else { one_line(name) };
    let (one, other) = (name(one), name(other));
    match refusal.bar {
        Bar::Types => format!("{one} and {other} are of different types"),
        Bar::Namesakes => format!("{one} and {other} are two things of one name"),
        Bar::Countries => format!("{one} and {other} are of different countries"),
        Bar::Links => format!("{one} and {other} are linked to different things"),
        Bar::Dates => format!("{one} and {other} have different dates of birth or death"),
        Bar::Names => format!("the names {one} and {other} contradict each other"),
        Bar::Together => format!("a document has both {one} and {other}"),
        Bar::Decision => format!("people parted {one} and {other}"),
        Bar::Torn => "the shorter name speaks about as much for another thing".to_owned(),
        Bar::Others => "the other names of the two fit too badly".to_owned(),
    }
}
