//! A page to read: the picture, every thing, every relation with its evidence.
//!
//! The page needs no script, loads nothing, and says so to the browser: names come from the open web. It is well-formed
//! XML too, so that strict readers take it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use super::{Options, escape, style, svg};
use crate::{
    graph::{Assertion, Edge, KnowledgeGraph, Node, NodeRef, Quote, StatusSummary},
    schema::EntityType,
};

/// Nodes that the picture shows at most; the lists below it show all.
const PICTURE_LIMIT: usize = 150;
/// Documents listed by a node before the rest becomes a number.
const DOCUMENT_LIMIT: usize = 12;
/// Publishers listed by a relation before the rest becomes a number.
const PUBLISHER_LIMIT: usize = 8;

const STYLE: &str = "\
:root{color-scheme:light;--ink:#1d2733;--soft:#5b6672;--line:#dfe4ea;--wash:#f6f8fa;--link:#1f5fa8}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:76rem;font:15px/1.5 Helvetica,Arial,'DejaVu Sans',sans-serif;color:var(--ink);background:#fff}
h1{margin:0;font-size:1.6rem;overflow-wrap:anywhere}
h2{margin:2.2rem 0 .6rem;padding-bottom:.2rem;font-size:1.15rem;border-bottom:1px solid var(--line)}
.count{margin:.2rem 0 1rem;color:var(--soft)}
figure{margin:0;border:1px solid var(--line);border-radius:8px;overflow:auto;max-height:85vh}
figure svg{display:block;max-width:100%;height:auto;margin:auto}
figure.large svg{max-width:none}
figcaption{padding:.4rem .8rem;color:var(--soft);font-size:.85rem}
article{margin:.7rem 0;padding:.7rem .9rem;border:1px solid var(--line);border-left:5px solid var(--type,var(--line));border-radius:6px;overflow-wrap:anywhere}
article:target{background:#fffbe6}
article h3{margin:0;font-size:1rem}
.type{margin-left:.5rem;padding:.05rem .45rem;border-radius:9px;font-size:.72rem;font-weight:normal;background:var(--fill);color:var(--type);white-space:nowrap}
.meta{margin:.15rem 0;color:var(--soft);font-size:.85rem}
ul{list-style:none;margin:.4rem 0 0;padding:0}
li{margin:.15rem 0}
.to{padding-left:1.05rem}
details>summary{cursor:pointer}
details>summary:hover{background:var(--wash)}
.relation{color:var(--soft)}
.status{padding:.02rem .4rem;border:1px solid var(--line);border-radius:9px;font-size:.75rem;color:var(--soft)}
.negated{border-color:#b02a4a;color:#b02a4a}
.number{color:var(--soft);font-size:.8rem}
blockquote{margin:.35rem 0 .35rem 1.2rem;padding:.3rem .7rem;border-left:3px solid var(--line);background:var(--wash)}
blockquote footer{color:var(--soft);font-size:.82rem}
mark{background:#ffe9a8;color:inherit}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
.documents li{padding:.25rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
@media print{figure{max-height:none}details{break-inside:avoid}}
";

pub(super) fn write(graph: &KnowledgeGraph, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let title = escape::xml(&escape::shorten(&options.title, 200));
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>")?;
    writeln!(out, "<meta charset=\"utf-8\"/>")?;
    writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>"
    )?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")?;
    writeln!(out, "<meta name=\"generator\" content=\"relata {}\"/>", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>")?;
    let assertions: usize = graph.edges().map(|edge| edge.assertions.len()).sum();
    writeln!(
        out,
        "<p class=\"count\">{}, {} between them, {} in {}</p>",
        counted(graph.node_count(), "thing"),
        counted(graph.edge_count(), "relation"),
        counted(assertions, "statement"),
        counted(graph.documents().len(), "document")
    )?;
    write_picture(graph, &options.title, out)?;

    let numbers: BTreeMap<&str, usize> =
        graph.documents().iter().enumerate().map(|(index, document)| (document.id.as_str(), index + 1)).collect();
    for entity_type in EntityType::all() {
        let mut nodes: Vec<&Node> = graph.nodes().filter(|node| node.entity_type == entity_type).collect();
        if nodes.is_empty() {
            continue;
        }
        nodes.sort_by_cached_key(|node| (node.name.to_lowercase(), node.name.clone(), node.id.clone()));
        writeln!(out, "<h2>{}</h2>", style::plural(entity_type))?;
        for node in nodes {
            write_node(graph, node, &numbers, out)?;
        }
    }
    if !graph.documents().is_empty() {
        write_documents(graph, out)?;
    }
    writeln!(out, "</body>\n</html>")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The picture of the best joined nodes; things without relations are in the lists alone.
fn write_picture(graph: &KnowledgeGraph, title: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut joined: Vec<(usize, &Node)> = graph
        .nodes()
        .map(|node| (graph.outgoing(node.id.as_str()).len() + graph.incoming(node.id.as_str()).len(), node))
        .filter(|(degree, _)| *degree > 0)
        .collect();
    if joined.is_empty() {
        return Ok(());
    }
    let total = joined.len();
    joined.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.id.cmp(&y.id)));
    joined.truncate(PICTURE_LIMIT);
    let shown: BTreeSet<&str> = joined.iter().map(|(_, node)| node.id.as_str()).collect();
    let nodes = joined.iter().map(|(_, node)| (*node).clone()).collect();
    let edges = graph
        .edges()
        .filter(|edge| shown.contains(edge.head.as_str()) && shown.contains(edge.tail.as_str()))
        .cloned()
        .collect();
    // A part of a sound graph is sound.
    let part = KnowledgeGraph::from_parts(graph.documents().to_vec(), nodes, edges).unwrap_or_default();
    writeln!(out, "<figure{}>", if shown.len() > 40 { " class=\"large\"" } else { "" })?;
    svg::draw(&part, title, &svg::Place { id_prefix: "drawn-", links: true, heading: false }, out)?;
    if total > shown.len() {
        writeln!(
            out,
            "<figcaption>The {} best connected of {total} connected things; the lists below have all.</figcaption>",
            shown.len()
        )?;
    }
    writeln!(out, "</figure>")
}

fn write_node(
    graph: &KnowledgeGraph,
    node: &Node,
    numbers: &BTreeMap<&str, usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let look = style::of_type(node.entity_type);
    writeln!(
        out,
        "<article id=\"{}\" style=\"--type:{};--fill:{}\"><h3><bdi>{}</bdi><span class=\"type\">{}</span></h3>",
        node.id,
        look.stroke,
        look.fill,
        escape::xml(&node.name),
        node.entity_type.name().to_lowercase()
    )?;
    let others: Vec<String> = node
        .aliases
        .iter()
        .filter(|alias| alias.name != node.name)
        .map(|alias| format!("<bdi>{}</bdi>", escape::xml(&alias.name)))
        .collect();
    if !others.is_empty() {
        writeln!(out, "<p class=\"meta\">also: {}</p>", others.join(", "))?;
    }
    let mentions: usize = node.mentions.iter().map(|mentions| mentions.spans.len()).sum();
    let mut documents: Vec<String> = node
        .mentions
        .iter()
        .take(DOCUMENT_LIMIT)
        .filter_map(|mentions| numbers.get(mentions.document.as_str()))
        .map(|number| format!("<a href=\"#document-{number}\">[{number}]</a>"))
        .collect();
    if node.mentions.len() > DOCUMENT_LIMIT {
        documents.push(format!("and {} more", node.mentions.len() - DOCUMENT_LIMIT));
    }
    writeln!(out, "<p class=\"meta\">{} in {}</p>", counted(mentions, "mention"), documents.join(" "))?;
    let (outgoing, incoming) = (graph.outgoing(node.id.as_str()), graph.incoming(node.id.as_str()));
    if !outgoing.is_empty() || !incoming.is_empty() {
        writeln!(out, "<ul>")?;
        for edge in outgoing {
            write_edge(graph, edge, numbers, out)?;
        }
        for edge in incoming {
            write_incoming(graph, edge, out)?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</article>")
}

fn link(graph: &KnowledgeGraph, id: &str) -> String {
    let name = graph.node(id).map_or(id, |node| node.name.as_str());
    format!("<a href=\"#{id}\"><bdi>{}</bdi></a>", escape::xml(&escape::shorten(name, 120)))
}

fn status_badge(graph: &KnowledgeGraph, edge: &Edge) -> String {
    let status = graph.summary(edge).status();
    status.map_or_else(String::new, |status| format!(" <span class=\"status {0}\">{0}</span>", status.name()))
}

/// An edge under its head, with the evidence to open.
fn write_edge(
    graph: &KnowledgeGraph,
    edge: &Edge,
    numbers: &BTreeMap<&str, usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let summary = graph.summary(edge);
    let others = summary.others.iter().map(|said| format!("; {} {}", said.name(), numbers_of(said)));
    writeln!(
        out,
        "<li><details><summary><span class=\"relation\">{}</span> {}{} <span class=\"number\">{}{}</span></summary>",
        edge.relation_type.name().replace('_', " "),
        link(graph, edge.tail.as_str()),
        status_badge(graph, edge),
        numbers_of(&summary.shown),
        others.collect::<String>(),
    )?;
    for assertion in &edge.assertions {
        write_assertion(graph, assertion, numbers, out)?;
    }
    writeln!(out, "</details></li>")
}

/// The score of what has one status, the documents with their publishers, and when.
fn numbers_of(said: &StatusSummary) -> String {
    let dates = match (&said.first_date, &said.last_date) {
        (Some(first), Some(last)) if first != last => format!(", {} to {}", escape::xml(first), escape::xml(last)),
        (Some(first), _) => format!(", {}", escape::xml(first)),
        _ => String::new(),
    };
    let mut sources: Vec<String> = said
        .sources
        .iter()
        .take(PUBLISHER_LIMIT)
        .map(|source| format!("<bdi>{}</bdi>", escape::xml(&escape::shorten(source, 120))))
        .collect();
    if said.sources.len() > PUBLISHER_LIMIT {
        sources.push(format!("and {} more", said.sources.len() - PUBLISHER_LIMIT));
    }
    let sources = if sources.is_empty() { String::new() } else { format!(" ({})", sources.join(", ")) };
    format!("{:.2}, {}{sources}{dates}", said.best_score, counted(said.documents, "document"))
}

/// An edge under its tail: the evidence is where the link leads.
fn write_incoming(graph: &KnowledgeGraph, edge: &Edge, out: &mut dyn Write) -> io::Result<()> {
    let relation = edge.relation_type.name().replace('_', " ");
    let (head, badge) = (link(graph, edge.head.as_str()), status_badge(graph, edge));
    if edge.relation_type.info().symmetric {
        writeln!(out, "<li class=\"to\"><span class=\"relation\">{relation}</span> {head}{badge}</li>")
    } else {
        let name = graph.node(edge.tail.as_str()).map_or("", |node| node.name.as_str());
        let name = escape::xml(&escape::shorten(name, 120));
        writeln!(
            out,
            "<li class=\"to\">{head} <span class=\"relation\">{relation}</span> <bdi>{name}</bdi>{badge}</li>"
        )
    }
}

fn write_assertion(
    graph: &KnowledgeGraph,
    assertion: &Assertion,
    numbers: &BTreeMap<&str, usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "<blockquote>")?;
    for (index, quote) in assertion.evidence.iter().enumerate() {
        if index > 0 {
            write!(out, " … ")?;
        }
        write!(out, "<bdi>{}</bdi>", marked(quote, assertion.trigger.as_ref()))?;
    }
    let mut facts: Vec<String> = Vec::new();
    if let Some(status) = assertion.status {
        facts.push(status.name().to_owned());
    }
    let named = |node: &NodeRef| {
        if graph.node(node.id.as_str()).is_some() {
            link(graph, node.id.as_str())
        } else {
            format!("<bdi>{}</bdi>", escape::xml(&node.name))
        }
    };
    facts.extend(assertion.by.as_ref().map(|by| format!("says {}", named(by))));
    facts.extend(assertion.date.as_ref().map(|date| format!("on {}", named(date))));
    facts.extend(assertion.place.as_ref().map(|place| format!("in {}", named(place))));
    facts.push(format!("score {:.2}", assertion.score));
    if let Some(number) = numbers.get(assertion.document.as_str()) {
        facts.push(format!("<a href=\"#document-{number}\">[{number}]</a>"));
    }
    writeln!(out, "<footer>{}</footer></blockquote>", facts.join(" · "))
}

/// The words of a quote, the trigger marked.
fn marked(quote: &Quote, trigger: Option<&Quote>) -> String {
    let inside = trigger.and_then(|trigger| {
        let start = trigger.start.checked_sub(quote.start)? as usize;
        let end = trigger.end.checked_sub(quote.start)? as usize;
        Some((quote.text.get(..start)?, quote.text.get(start..end)?, quote.text.get(end..)?))
    });
    match inside {
        Some((before, word, after)) => {
            format!("{}<mark>{}</mark>{}", escape::xml(before), escape::xml(word), escape::xml(after))
        }
        None => escape::xml(&quote.text),
    }
}

fn write_documents(graph: &KnowledgeGraph, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<h2>Documents</h2>\n<ul class=\"documents\">")?;
    for (index, document) in graph.documents().iter().enumerate() {
        let title = document.title.as_deref().unwrap_or(&document.id);
        let title = format!("<bdi>{}</bdi>", escape::xml(&escape::shorten(title, 300)));
        // Only addresses of the web become links: others could run something.
        let url = document.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let title = match url {
            Some(url) => {
                format!("<a href=\"{}\" rel=\"noreferrer noopener\">{title}</a>", escape::xml(&escape::iri(url)))
            }
            None => title,
        };
        let mut facts: Vec<String> = Vec::new();
        if document.title.is_some() {
            facts.push(format!("<bdi>{}</bdi>", escape::xml(&document.id)));
        }
        facts.extend([&document.source, &document.date].into_iter().flatten().map(|fact| escape::xml(fact)));
        let number = index + 1;
        writeln!(
            out,
            "<li id=\"document-{number}\">[{number}] {title} <span class=\"number\">{}</span></li>",
            facts.join(" · ")
        )?;
    }
    writeln!(out, "</ul>")
}
