//! A vault for Obsidian: a note for each node and each document, joined by links.
//!
//! The names of notes are kept in memory, nothing else: what a note tells of edges that point to it is gathered in files.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::PathBuf,
};

use sha2::{Digest, Sha256};

use super::{
    escape,
    folder::Folder,
    note_name::NoteNames,
    property::{PropertyValue, node_properties},
    style,
};
use crate::graph::{Assertion, Edge, GraphSource, Node, NodeId, NodeRef, Outgoing, SourceDocument};

/// Bytes of lines that are kept in memory before they go to files.
const BUDGET: usize = 8 << 20;

pub(super) fn write(graph: &dyn GraphSource, folder: &mut Folder) -> io::Result<()> {
    let vault = Vault { graph, names: names(graph)? };
    let mut gathered = Gathered::new(folder.scratch()?);
    for edge in graph.edges() {
        let edge = edge?;
        gathered.add(edge.tail.as_str(), &vault.relation(&edge, Side::Tail)?)?;
    }
    for node in graph.nodes() {
        let node = node?;
        for found in &node.mentions {
            let line = format!("- {} × {}\n", vault.link(&node.id, &node.name), found.spans.len());
            gathered.add(&document_key(&found.document), &line)?;
        }
    }
    gathered.flush()?;
    let mut outgoing = Outgoing::of(graph);
    for node in graph.nodes() {
        let node = node?;
        let mut note = vault.node_head(&node);
        let edges = outgoing.from(&node.id)?;
        let incoming = gathered.of(node.id.as_str())?;
        if !edges.is_empty() || !incoming.is_empty() {
            note += "\n## Relations\n\n";
        }
        for edge in edges {
            note += &vault.relation(&edge, Side::Head)?;
        }
        note += &incoming;
        if !node.mentions.is_empty() {
            note += "\n## Documents\n\n";
        }
        for found in &node.mentions {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(note, "- {} × {}", vault.document_link(&found.document)?, found.spans.len());
        }
        let name = vault.names.of(node.id.as_str(), &node.name);
        write_note(folder, style::plural(node.entity_type), &name, &note)?;
    }
    let mut last = None;
    for document in graph.documents() {
        let document = document?;
        if last.replace(document.id.clone()) == Some(document.id.clone()) {
            continue;
        }
        let mut note = document_head(&document);
        let mentioned = gathered.of(&document_key(&document.id))?;
        if !mentioned.is_empty() {
            note += "\n## Mentions\n\n";
        }
        note += &mentioned;
        let name = vault.names.of(&document_key(&document.id), document_name(&document));
        write_note(folder, "Documents", &name, &note)?;
    }
    Ok(())
}

fn write_note(folder: &mut Folder, group: &str, name: &str, note: &str) -> io::Result<()> {
    let mut file = folder.file(&format!("{group}/{name}.md"))?;
    file.write_all(note.as_bytes())?;
    file.flush()
}

fn names(graph: &dyn GraphSource) -> io::Result<NoteNames> {
    let mut names = NoteNames::default();
    for node in graph.nodes() {
        names.add(&node?.name);
    }
    for document in graph.documents() {
        names.add(document_name(&*document?));
    }
    Ok(names)
}

/// What stands for a document where identifiers of nodes do.
fn document_key(id: &str) -> String {
    format!("document-{}", crate::hex::hex(Sha256::digest(id.as_bytes()).as_slice(), 16))
}

/// Its title, else the last part of its path without the extension.
fn document_name(document: &SourceDocument) -> &str {
    let of_path = || {
        let file = document.id.rsplit(['/', '\\']).next().unwrap_or_default();
        file.rsplit_once('.').map_or(file, |(stem, _)| stem)
    };
    document.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or_else(of_path)
}

/// From which end an edge is told.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Head,
    Tail,
}

struct Vault<'a> {
    graph: &'a dyn GraphSource,
    names: NoteNames,
}

impl Vault<'_> {
    fn link(&self, id: &NodeId, name: &str) -> String {
        link(&self.names.of(id.as_str(), name), name)
    }

    fn link_to(&self, id: &NodeId) -> io::Result<String> {
        let node = self.graph.node_ref(id.as_str())?;
        Ok(node.map_or_else(|| markdown(id.as_str()), |node| self.link(id, &node.name)))
    }

    /// A node of an assertion, which a part of a graph may lack: then its name alone.
    fn link_or_name(&self, named: &NodeRef) -> io::Result<String> {
        let known = self.graph.node_ref(named.id.as_str())?;
        Ok(known.map_or_else(|| markdown(&named.name), |node| self.link(&node.id, &node.name)))
    }

    fn document_link(&self, id: &str) -> io::Result<String> {
        Ok(match self.graph.document(id)? {
            Some(document) => {
                let name = document_name(&document);
                link(&self.names.of(&document_key(id), name), name)
            }
            None => markdown(id),
        })
    }

    /// One relation: the other end, what is known of it, and each sentence that says so.
    fn relation(&self, edge: &Edge, side: Side) -> io::Result<String> {
        let summary = self.graph.summary(edge)?;
        let label = style::edge_label(edge.relation_type.name(), summary.status());
        let symmetric = edge.relation_type.info().symmetric;
        let mut text = match side {
            Side::Head => format!("- **{label}** {}", self.link_to(&edge.tail)?),
            Side::Tail if symmetric => format!("- **{label}** {}", self.link_to(&edge.head)?),
            Side::Tail => format!("- {} **{label}** this", self.link_to(&edge.head)?),
        };
        let dates = match (summary.shown.first_date, summary.shown.last_date) {
            (Some(first), Some(last)) if first != last => format!(", {} to {}", markdown(&first), markdown(&last)),
            (Some(date), _) | (None, Some(date)) => format!(", {}", markdown(&date)),
            (None, None) => String::new(),
        };
        text += &dates;
        text.push('\n');
        // The words stand once, in the note of the head.
        if side == Side::Head {
            for assertion in &edge.assertions {
                text += &self.assertion(assertion)?;
            }
        }
        Ok(text)
    }

    fn assertion(&self, assertion: &Assertion) -> io::Result<String> {
        let mut text = String::from("  > ");
        for quote in &assertion.evidence {
            let _ = write!(text, "“{}” ", markdown(&quote.text));
        }
        let _ = write!(text, "— {}", self.document_link(&assertion.document)?);
        if let Some(by) = &assertion.by {
            let _ = write!(text, ", according to {}", self.link_or_name(by)?);
        }
        if let Some(date) = &assertion.date {
            let _ = write!(text, ", on {}", self.link_or_name(date)?);
        }
        if let Some(place) = &assertion.place {
            let _ = write!(text, ", in {}", self.link_or_name(place)?);
        }
        if let Some(status) = assertion.status {
            let _ = write!(text, ", *{}*", status.name());
        }
        // The empty line keeps the next quote apart.
        let _ = write!(text, ", score {}\n\n", assertion.score);
        Ok(text)
    }

    /// Front matter, and the name.
    fn node_head(&self, node: &Node) -> String {
        let mut note = String::from("---\n");
        let mut latitude = String::new();
        for (name, value) in node_properties(node) {
            let (name, value) = match name {
                // Names are what Obsidian finds a note by; the one of the note needs no saying.
                "aliases" => {
                    let file = self.names.of(node.id.as_str(), &node.name);
                    let others = node.aliases.iter().map(|alias| &alias.name).filter(|name| **name != file);
                    (name, list(others.map(String::as_str)))
                }
                "type" => (name, quoted(&node.entity_type.name().to_lowercase())),
                "latitude" => {
                    latitude = quoted_value(&value);
                    continue;
                }
                // As maps in Obsidian look for it.
                "longitude" => ("location", format!("[{latitude}, {}]", quoted_value(&value))),
                _ => (name, quoted_value(&value)),
            };
            let _ = writeln!(note, "{name}: {value}");
        }
        let tag = format!("relata/{}", node.entity_type.name().to_lowercase());
        let _ = write!(note, "tags: {}\n---\n# {}\n", list([tag.as_str()].into_iter()), heading(&node.name));
        note
    }
}

fn document_head(document: &SourceDocument) -> String {
    let mut note = format!("---\nid: {}\ntype: \"document\"\n", quoted(&document.id));
    let known =
        [("title", &document.title), ("date", &document.date), ("url", &document.url), ("source", &document.source)];
    for (name, value) in known {
        if let Some(value) = value {
            let _ = writeln!(note, "{name}: {}", quoted(value));
        }
    }
    let tags = list(["relata/document"].into_iter());
    let _ = write!(note, "tags: {tags}\n---\n# {}\n", heading(document_name(document)));
    note
}

fn heading(name: &str) -> String {
    markdown(&escape::shorten(name, 200))
}

/// A link to a note, shown as the name where the note is called otherwise.
fn link(file: &str, name: &str) -> String {
    let shown: String = escape::shorten(name, 120)
        .chars()
        .map(|c| match c {
            '[' | '<' => '(',
            ']' | '>' => ')',
            '|' => '/',
            c => c,
        })
        .collect();
    if shown == file || shown.is_empty() { format!("[[{file}]]") } else { format!("[[{file}|{shown}]]") }
}

/// Text in one line that Markdown shows as it is.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '=' | '$' | '%' | '^' | '&' => {
                escaped.extend(['\\', c]);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// A text of YAML, in quotes on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    for c in escape::one_line(text).chars() {
        if matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}') {
            let _ = write!(quoted, "\\u{:04x}", u32::from(c));
        } else {
            quoted.push(c);
        }
    }
    quoted
}

fn quoted_value(value: &PropertyValue) -> String {
    match value {
        PropertyValue::Text(text) => quoted(text),
        other => other.to_json().to_string(),
    }
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "))
}

/// Lines for notes that are not yet written, by key; more than fit in memory wait in files.
struct Gathered {
    folder: PathBuf,
    lines: BTreeMap<String, String>,
    bytes: usize,
}

impl Gathered {
    fn new(folder: PathBuf) -> Self {
        Self { folder, lines: BTreeMap::new(), bytes: 0 }
    }

    fn add(&mut self, key: &str, lines: &str) -> io::Result<()> {
        self.bytes += lines.len() + key.len();
        self.lines.entry(key.to_owned()).or_default().push_str(lines);
        if self.bytes > BUDGET { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        for (key, lines) in std::mem::take(&mut self.lines) {
            let path = self.folder.join(key);
            OpenOptions::new().create(true).append(true).open(path)?.write_all(lines.as_bytes())?;
        }
        self.bytes = 0;
        Ok(())
    }

    /// All lines of a key.
    fn of(&self, key: &str) -> io::Result<String> {
        match fs::read_to_string(self.folder.join(key)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            read => read,
        }
    }
}
