//! A page that shows on the text of documents what was found in them: mentions, which of them are one thing, relations.
//!
//! Words, names of types and arcs are a picture that needs no script; a script of a few lines lights up what belongs
//! together. The page loads nothing and says so to the browser. It is well-formed XML too.

mod drawing;
mod layout;
mod lines;

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::{escape, style};
use crate::{
    document::{Document, Entity, EntityId, Relation},
    record::round,
    schema::{EntityType, Status},
    span::ByteSpan,
};

const STYLE: &str = include_str!("article/page.css");
const SCRIPT: &str = include_str!("article/page.js");
/// Mentions that an entity's entry leads to before the rest becomes a number.
const MENTION_LIMIT: usize = 24;
/// Characters of evidence that are shown.
const EVIDENCE_LIMIT: usize = 600;
/// Characters of a name.
const NAME_LIMIT: usize = 120;

/// Writes documents with their annotations to one page, one after the other.
///
/// ```
/// use relata::{document::Document, export::AnnotatedPage};
///
/// let mut page = AnnotatedPage::begin(Vec::new(), "Weather")?;
/// page.write(&Document::new("a", "Rain fell."))?;
/// let html = String::from_utf8(page.finish()?).unwrap();
/// assert!(html.contains("<svg") && html.contains("Rain fell."));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct AnnotatedPage<W: Write> {
    out: W,
    documents: usize,
}

impl<W: Write> AnnotatedPage<W> {
    /// Writes what comes before the first document.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails.
    pub fn begin(mut out: W, title: &str) -> io::Result<Self> {
        let title = escape::xml(&escape::shorten(title, 200));
        writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>")?;
        writeln!(out, "<meta charset=\"utf-8\"/>")?;
        writeln!(
            out,
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
             script-src '{}'\"/>",
            escape::policy_source(SCRIPT)
        )?;
        writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")?;
        writeln!(out, "<meta name=\"color-scheme\" content=\"light dark\"/>")?;
        writeln!(out, "<meta name=\"generator\" content=\"relata {}\"/>", env!("CARGO_PKG_VERSION"))?;
        writeln!(out, "<title>{title}</title>\n<style>\n{STYLE}")?;
        for entity_type in EntityType::all() {
            let look = style::of_type(entity_type);
            writeln!(out, ".t{}{{--fill:{};--type:{}}}", entity_type.index(), look.fill, look.stroke)?;
        }
        writeln!(out, "</style>\n</head>\n<body>")?;
        write_legend(&mut out)?;
        Ok(Self { out, documents: 0 })
    }

    /// Adds a document.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails.
    pub fn write(&mut self, doc: &Document) -> io::Result<()> {
        let section = Section { doc, number: self.documents };
        self.documents += 1;
        section.write(&mut self.out)
    }

    /// Ends the page and hands the writer back.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        if self.documents == 0 {
            writeln!(self.out, "<p class=\"none\">No document.</p>")?;
        }
        writeln!(self.out, "<script>{SCRIPT}</script>\n</body>\n</html>")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn write_legend(out: &mut impl Write) -> io::Result<()> {
    write!(out, "<p class=\"legend\">")?;
    for entity_type in EntityType::all() {
        let (class, name) = (entity_type.index(), entity_type.name().to_lowercase());
        write!(out, "<span><i class=\"sample t{class}\"></i>{name}</span>")?;
    }
    write!(out, "<span><i class=\"sample other\"></i>noun or pronoun</span>")?;
    for status in [None].into_iter().chain(Status::ALL.map(Some)) {
        let name = status.map_or("stated as fact", Status::name);
        let class = status.map_or("fact", Status::name);
        write!(
            out,
            "<span><svg class=\"line\" viewBox=\"0 0 26 8\"><path class=\"arc {class}\" d=\"M0,4h26\"/></svg>{name}</span>"
        )?;
    }
    writeln!(out, "</p>")
}

/// A document on the page.
struct Section<'a> {
    doc: &'a Document,
    /// Its number, with which its identifiers start.
    number: usize,
}

impl Section<'_> {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let doc = self.doc;
        writeln!(out, "<section id=\"d{}\">", self.number)?;
        let title = doc.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&doc.id);
        let title = format!("<bdi>{}</bdi>", escape::xml(&escape::shorten(title, 300)));
        // Only addresses of the web become links: others could run something.
        let url = doc.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        match url {
            Some(url) => writeln!(
                out,
                "<h1><a href=\"{}\" rel=\"noreferrer noopener\">{title}</a></h1>",
                escape::xml(&escape::iri(url))
            )?,
            None => writeln!(out, "<h1>{title}</h1>")?,
        }
        let mut facts = vec![escape::xml(&escape::shorten(&doc.id, 300))];
        facts.extend(
            [&doc.source, &doc.date].into_iter().flatten().map(|fact| escape::xml(&escape::shorten(fact, 300))),
        );
        facts.push(counted(doc.mentions.len(), "mention", "mentions"));
        facts.push(counted(doc.entities.len(), "thing", "things"));
        facts.push(counted(doc.relations.len(), "relation", "relations"));
        writeln!(out, "<p class=\"meta\">{}</p>", facts.join(" · "))?;
        let layout = layout::lay_out(doc, words_on_arc);
        writeln!(out, "<div class=\"columns\">\n<div class=\"text\">")?;
        if layout.lines.is_empty() {
            writeln!(out, "<p class=\"none\">This document has no text.</p>")?;
        }
        drawing::draw(self, &layout, out)?;
        writeln!(out, "</div>\n<aside>")?;
        self.write_relations(&layout.left_out, out)?;
        self.write_entities(&layout.is_drawn, out)?;
        writeln!(out, "</aside>\n</div>\n</section>")
    }

    fn write_relations(&self, left_out: &[usize], out: &mut impl Write) -> io::Result<()> {
        if self.doc.relations.is_empty() {
            return Ok(());
        }
        writeln!(out, "<h2>Relations</h2>\n<ul>")?;
        for (index, relation) in self.doc.relations.iter().enumerate() {
            let (key, head, tail) = (self.relation(index), self.entity(relation.head), self.entity(relation.tail));
            writeln!(
                out,
                "<li id=\"{key}\" data-of=\"{key}\" data-ends=\"{head} {tail}\"><p>{} <span class=\"relation\">{}</span> {}{} \
                 <span class=\"number\">{}</span></p>",
                self.name(relation.head),
                escape::xml(&relation.relation_type.name().replace('_', " ")),
                self.name(relation.tail),
                relation.status.map_or_else(String::new, badge),
                decimals(relation.score),
            )?;
            for evidence in &relation.evidence {
                writeln!(out, "<blockquote><bdi>{}</bdi></blockquote>", self.quote(*evidence, relation.trigger))?;
            }
            let qualifiers = [("says", relation.by), ("on", relation.date), ("in", relation.place)];
            let mut facts: Vec<String> =
                qualifiers.iter().filter_map(|(word, id)| Some(format!("{word} {}", self.name((*id)?)))).collect();
            if left_out.binary_search(&index).is_ok() {
                facts.push("not drawn, as its ends stand too far apart".to_owned());
            }
            if !facts.is_empty() {
                writeln!(out, "<p class=\"meta\">{}</p>", facts.join(" · "))?;
            }
            writeln!(out, "</li>")?;
        }
        writeln!(out, "</ul>")
    }

    fn write_entities(&self, is_drawn: &[bool], out: &mut impl Write) -> io::Result<()> {
        if self.doc.entities.is_empty() {
            return Ok(());
        }
        writeln!(out, "<h2>Things</h2>\n<ul>")?;
        for (index, entity) in self.doc.entities.iter().enumerate() {
            let key = self.entity(EntityId(index as u32));
            write!(
                out,
                "<li id=\"{key}\" class=\"thing t{}\" data-of=\"{key}\"><p>{} <span class=\"type\">{}</span>",
                entity.entity_type.index(),
                self.shown(entity),
                entity.entity_type.name().to_lowercase()
            )?;
            for fact in [&entity.norm, &entity.link].into_iter().flatten() {
                write!(out, " <span class=\"number\">{}</span>", escape::xml(&escape::shorten(fact, NAME_LIMIT)))?;
            }
            let mentions = entity.mentions.iter().take(MENTION_LIMIT);
            let mut places: Vec<String> = (1..)
                .zip(mentions)
                .map(|(place, id)| match is_drawn.get(id.0 as usize) {
                    Some(true) => format!("<a href=\"#{}\">{place}</a>", self.mention(id.0 as usize)),
                    _ => place.to_string(),
                })
                .collect();
            if entity.mentions.len() > MENTION_LIMIT {
                places.push(format!("and {} more", entity.mentions.len() - MENTION_LIMIT));
            }
            writeln!(out, "</p><p class=\"places\">{}</p></li>", places.join(" "))?;
        }
        writeln!(out, "</ul>")
    }

    fn mention(&self, index: usize) -> String {
        format!("d{}m{index}", self.number)
    }

    fn entity(&self, id: EntityId) -> String {
        format!("d{}e{}", self.number, id.0)
    }

    fn relation(&self, index: usize) -> String {
        format!("d{}r{index}", self.number)
    }

    /// The name of an entity, which leads to its entry.
    fn name(&self, id: EntityId) -> String {
        let entity = self.doc.entities.get(id.0 as usize);
        entity.map_or_else(String::new, |entity| format!("<a href=\"#{}\">{}</a>", self.entity(id), self.shown(entity)))
    }

    fn shown(&self, entity: &Entity) -> String {
        format!("<bdi>{}</bdi>", escape::xml(&escape::shorten(&entity.name, NAME_LIMIT)))
    }

    /// Words of the text, the one that states a relation marked.
    fn quote(&self, evidence: ByteSpan, trigger: Option<ByteSpan>) -> String {
        let words = self.doc.slice(evidence);
        if words.chars().nth(EVIDENCE_LIMIT).is_some() {
            return escape::xml(&escape::shorten(words, EVIDENCE_LIMIT));
        }
        let inside = trigger.filter(|trigger| evidence.contains(*trigger)).and_then(|trigger| {
            let (start, end) = ((trigger.start - evidence.start) as usize, (trigger.end - evidence.start) as usize);
            Some((words.get(..start)?, words.get(start..end)?, words.get(end..)?))
        });
        match inside {
            Some((before, word, after)) => {
                format!("{}<mark>{}</mark>{}", escape::xml(before), escape::xml(word), escape::xml(after))
            }
            None => escape::xml(words),
        }
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A score as the page shows it; first rounded as in a record, so that both give the same page.
fn decimals(score: f32) -> String {
    format!("{:.2}", round(score))
}

fn badge(status: Status) -> String {
    format!(" <span class=\"status {0}\">{0}</span>", status.name())
}

/// What an arc says of its relation.
fn words_on_arc(relation: &Relation) -> String {
    let mut words = style::edge_label(relation.relation_type.name(), relation.status);
    // Writing to a string cannot fail.
    let _ = write!(words, " {}", decimals(relation.score));
    words
}
