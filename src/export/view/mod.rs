//! A page to look around in: the graph drawn, searched, filtered and put on a map and a time line.
//!
//! The page is one file that loads nothing and may not: its policy forbids every request, and its script and style are
//! named by their hashes. Names come from the open web; they stand in a block of data that no part of the page reads as
//! anything but text.

mod communities;
mod data;
mod layout;
mod quad_tree;

use std::io::{self, BufWriter, Write};

use super::escape;
use crate::graph::KnowledgeGraph;

/// What `web/` makes of its sources; a test makes it again and compares.
const SCRIPT: &str = include_str!("../../../data/web/view.js");
const STYLE: &str = include_str!("../../../data/web/view.css");

/// Writes a graph as a page to look around in, with search, filters, evidence, a map and a time line.
///
/// ```
/// use relata::{export::InteractivePage, graph::KnowledgeGraph};
///
/// let page = InteractivePage::new().with_title("Harbour <news>");
/// let mut bytes = Vec::new();
/// page.write(&KnowledgeGraph::default(), &mut bytes)?;
/// assert!(String::from_utf8(bytes).unwrap().contains("<title>Harbour &lt;news&gt;</title>"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct InteractivePage {
    title: String,
}

impl Default for InteractivePage {
    fn default() -> Self {
        Self { title: "Knowledge graph".to_owned() }
    }
}

impl InteractivePage {
    /// A page with a general title.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the title.
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Writes the page; the same graph gives the same bytes.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails.
    pub fn write(&self, graph: &KnowledgeGraph, out: impl Write) -> io::Result<()> {
        let mut out = BufWriter::new(out);
        let title = escape::shorten(&self.title, 200);
        // A style that scripts set on an element is not one that the page brings, so that hashes are enough.
        let policy = format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; img-src data: blob:; base-uri 'none'; \
             form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            escape::policy_source(SCRIPT),
            escape::policy_source(STYLE)
        );
        writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")?;
        writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(out, "<meta name=\"referrer\" content=\"no-referrer\">")?;
        writeln!(out, "<meta name=\"generator\" content=\"relata {}\">", env!("CARGO_PKG_VERSION"))?;
        writeln!(out, "<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>", escape::xml(&title))?;
        writeln!(
            out,
            "<noscript><p>This page needs JavaScript; the format html of `relata build` and `relata export` does not.</p></noscript>"
        )?;
        writeln!(out, "<div id=\"app\"></div>")?;
        write!(out, "<script type=\"application/json\" id=\"graph\">")?;
        data::write(graph, &title, &mut out)?;
        writeln!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>")?;
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_and_style_end_where_the_page_says() {
        assert!(SCRIPT.len() > 50_000 && STYLE.len() > 2_000);
        assert!(!SCRIPT.to_lowercase().contains("</script") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.to_lowercase().contains("</style"));
        // A page is read with line feeds alone, and the hashes are those of what is read.
        assert!(!SCRIPT.contains('\r') && !STYLE.contains('\r'));
    }
}
