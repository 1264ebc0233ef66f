//! Web pages to text: the main text as paragraphs, without what stands around it.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use dom_smoothie::Readability;

use super::date::{leading_date, marked_date, normalize_date};

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) text: String,
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) url: Option<String>,
    pub(super) source: Option<String>,
}

/// Deepest nesting that is looked at as a page; more would overflow the stack of the parser's users.
const DEEPEST: usize = 400;

/// Whether a node of the document stands around the text; what holds the headline does not, whatever it is called.
///
/// A macro, as the type of nodes is that of a crate which only the finder uses.
macro_rules! is_frame {
    ($node:expr) => {
        $node.node_name().is_some_and(|name| frames(&name, |attribute| Some($node.attr(attribute)?.to_string())))
            && !$node.descendants_it().any(|inner| ["article", "h1", "main"].iter().any(|name| inner.has_name(name)))
    };
}

/// Extracts the main text, or the whole text of the page where no main text is found.
pub(super) fn extract(html: &str) -> Page {
    if nesting(html) > DEEPEST {
        return Page { text: without_tags(html), ..Page::default() };
    }
    // The main-text finder is tried on pages of any kind, also broken ones; if it gives up, the page is still read.
    catch_unwind(AssertUnwindSafe(|| main_text(html)))
        .unwrap_or_else(|_| Page { text: without_tags(html), ..Page::default() })
}

fn main_text(html: &str) -> Page {
    let mut readability = Readability::from(html);
    let mut page = Page { text: String::new(), ..metadata(&readability) };
    // The finder takes the document apart, so all that it may lose is taken first.
    let whole = content_of(&readability, None, true).text;
    let unframed = content_of(&readability, None, false);
    let headings = headings(&readability);
    let bylines = byline_dates(&readability);
    keep_line_breaks(&readability);
    let mut found = Content::default();
    // Of a table of facts the finder takes the rows with most commas.
    let mut in_table = false;
    if let Ok(article) = readability.parse() {
        let fill = |slot: &mut Option<String>, value: Option<String>| {
            if slot.is_none() {
                *slot = value.map(|value| collapse(&value)).filter(|value| !value.is_empty());
            }
        };
        fill(&mut page.title, Some(article.title));
        fill(&mut page.url, article.url);
        fill(&mut page.source, article.site_name);
        if page.date.is_none() {
            page.date = article.published_time.as_deref().and_then(normalize_date);
        }
        // Written out and read again, cells without their table would be one word.
        found = content_of(&readability, Some(MAIN), true);
        in_table = !readability.doc.select(&format!("table {MAIN}")).nodes().is_empty();
    }
    let lost = in_table && found.cells * 2 > found.words
        || found.words * 2 < unframed.words
        || unframed.cells.saturating_sub(found.cells) * 5 > unframed.words;
    page.text = if found.text.is_empty() {
        whole
    } else if lost && !unframed.text.is_empty() {
        unframed.text.clone()
    } else {
        found.text
    };
    let headline = headings.iter().find(|heading| is_title(heading, &page));
    if let Some(headline) = headline.filter(|headline| page.text.lines().all(|line| collapse(line) != **headline)) {
        page.text = format!("{headline}\n\n{}", page.text).trim_end().to_owned();
    }
    if page.date.is_none() {
        page.date = leading_date(&page.text).or_else(|| match bylines.len() {
            0 => leading_date(&unframed.text),
            // Several may be those of other pages.
            1 => bylines.into_iter().next(),
            _ => None,
        });
    }
    page
}

/// What the finder leaves of the page.
const MAIN: &str = "#readability-page-1";

/// The headings that may be the title, which the finder drops where it thinks so.
fn headings(page: &Readability) -> Vec<String> {
    let headings = page.doc.select("h1, h2");
    let texts = headings.nodes().iter().take(20).map(|heading| collapse(&heading.formatted_text()));
    texts.filter(|text| !text.is_empty()).collect()
}

/// Whether a heading is the title of its page, which may say less, or the name of the site as well.
fn is_title(heading: &str, page: &Page) -> bool {
    let words_of = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let words = words_of(heading);
    let title = words_of(page.title.as_deref().unwrap_or_default());
    let site = page.source.as_deref().is_some_and(|source| words_of(source) == words);
    if words.is_empty() || title.is_empty() || site {
        return false;
    }
    let shared = words.iter().filter(|word| title.contains(word)).count();
    title.starts_with(&words) || words.starts_with(&title) || words.len() > 3 && shared * 4 >= words.len() * 3
}

/// The dates that the page sets apart as those of publication.
fn byline_dates(page: &Readability) -> BTreeSet<String> {
    const BYLINES: &str = "[class*='byline'], [class*='dateline'], [class*='pubdate'], [class*='pub-date'], \
        [class*='publish'], [class*='posted'], [class*='post-date'], [class*='entry-date'], [class*='article-date'], \
        [class*='timestamp'], [itemprop='datePublished'], time";
    let mut dates = BTreeSet::new();
    for node in page.doc.select(BYLINES).nodes().iter().take(8) {
        let text = collapse(&node.formatted_text());
        // What holds more is no line of the author's.
        if text.chars().nth(160).is_none() && !node.ancestors_it(None).any(|outer| is_frame!(outer)) {
            dates.extend(marked_date(&text));
        }
    }
    dates
}

/// Whether an element stands around the text of its page and holds nothing of it.
fn frames(name: &str, attribute: impl Fn(&str) -> Option<String>) -> bool {
    if matches!(name, "html" | "body" | "main" | "article") {
        return false;
    }
    let value = |name: &str| attribute(name).unwrap_or_default().to_ascii_lowercase();
    let style: String = value("style").split_whitespace().collect();
    matches!(name, "nav" | "footer" | "aside" | "dialog")
        || matches!(&*value("role"), "navigation" | "complementary" | "contentinfo" | "dialog" | "menu" | "search")
        || attribute("hidden").is_some()
        || value("aria-hidden") == "true"
        || style.contains("display:none")
        || [value("class"), value("id")]
            .iter()
            .any(|names| names.split(|c: char| !c.is_ascii_alphanumeric()).any(|name| FRAMES.contains(&name)))
}

/// Words in the names of such elements.
#[rustfmt::skip]
const FRAMES: &[&str] = &[
    "ad", "ads", "advert", "advertisement", "advertising", "breadcrumb", "breadcrumbs", "comment", "comments",
    "consent", "cookie", "cookies", "disqus", "footer", "gdpr", "menu", "modal", "nav", "navbar", "navigation",
    "newsletter", "pagination", "popup", "promo", "related", "share", "sharing", "sidebar", "social", "sponsor",
    "sponsored", "subscribe",
];

/// Marks single line breaks in the text itself.
///
/// The finder drops a `br` before a `p` even if there is text between them, which would glue two words together.
fn keep_line_breaks(page: &Readability) {
    for line_break in page.doc.select("br").nodes() {
        let mut next = line_break.next_sibling();
        while let Some(blank) = next.as_ref().filter(|next| next.is_text() && next.text().trim().is_empty()) {
            next = blank.next_sibling();
        }
        // Two in a row separate paragraphs, which the finder knows.
        if next.is_some_and(|next| !next.has_name("br")) {
            line_break.before_html(LINE_SEPARATOR.to_string());
        }
    }
}

/// Stands for a line break in text; white space to everybody else.
const LINE_SEPARATOR: char = '\u{2028}';

/// Title, date and address from the head of the page, where the finder does not look.
fn metadata(readability: &Readability) -> Page {
    let attribute = |selector: &str, name: &str| {
        let value = readability.doc.select(selector).attr(name)?;
        let value = collapse(&value);
        (!value.is_empty()).then_some(value)
    };
    const DATES: &[(&str, &str)] = &[
        ("meta[property='article:published_time']", "content"),
        ("meta[itemprop='datePublished']", "content"),
        ("time[itemprop='datePublished']", "datetime"),
        ("meta[name='parsely-pub-date']", "content"),
        ("meta[name='pubdate']", "content"),
        ("meta[name='publish-date']", "content"),
        ("meta[name='date']", "content"),
        ("meta[name='DC.date.issued']", "content"),
        ("meta[name='dc.date']", "content"),
        ("meta[name='sailthru.date']", "content"),
        ("meta[property='og:published_time']", "content"),
    ];
    let date = DATES.iter().find_map(|(selector, name)| normalize_date(&attribute(selector, name)?));
    let json = || {
        let scripts = readability.doc.select("script[type='application/ld+json']");
        let text = scripts.text();
        let (_, after) = text.split_once("\"datePublished\"")?;
        let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        normalize_date(value.split('"').next()?)
    };
    let date = date.or_else(json).or_else(|| normalize_date(&attribute("article time[datetime]", "datetime")?));
    let date = date.or_else(|| normalize_date(&attribute("time[datetime]", "datetime")?));
    Page {
        date,
        title: attribute("meta[property='og:title']", "content"),
        url: attribute("link[rel='canonical']", "href").or_else(|| attribute("meta[property='og:url']", "content")),
        source: attribute("meta[property='og:site_name']", "content"),
        text: String::new(),
    }
}

/// What was read of a page, or of a part of it.
#[derive(Debug, Default)]
struct Content {
    /// Paragraphs with a blank line between them.
    text: String,
    /// How many words stand outside of links.
    words: usize,
    /// How many of them are facts: in cells and in lists of terms, without paragraphs of their own.
    cells: usize,
}

/// Reads what is below an element, or the whole page, with or without what frames the text.
fn content_of(page: &Readability, root: Option<&str>, with_frame: bool) -> Content {
    let mut collector = Collector::default();
    let root = root.and_then(|root| page.doc.select(root).nodes().first().copied());
    let root = root.or_else(|| page.doc.body()).unwrap_or_else(|| page.doc.root());
    let mut node = root;
    let mut lone = None;
    // The tree is walked without recursion, because pages may nest as deeply as they like.
    loop {
        // A cell whose words are in one short paragraph is a cell like any other.
        let is_lone = (node.has_name("p") || node.has_name("div"))
            && node.parent().is_some_and(|cell| {
                (cell.has_name("td") || cell.has_name("th"))
                    && cell
                        .children_it(false)
                        .all(|other| other.id == node.id || !other.is_element() && other.text().trim().is_empty())
            })
            && node.normalized_char_count() <= 200
            && !node.descendants_it().any(|inner| inner.node_name().is_some_and(|name| is_block(&name)));
        if is_lone {
            lone = Some(node.id);
        }
        let name = node.node_name().filter(|_| !is_lone);
        let descend = match &name {
            Some(name) => (with_frame || !is_frame!(node)) && collector.enter(name),
            None => {
                if node.is_text() {
                    collector.add(&node.text());
                }
                !node.is_comment()
            }
        };
        if let Some(child) = node.first_child().filter(|_| descend) {
            node = child;
            continue;
        }
        loop {
            if let Some(name) = node.node_name().filter(|_| lone != Some(node.id)) {
                collector.leave(&name);
            }
            if node.id == root.id {
                return collector.finish();
            }
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return collector.finish(),
            }
        }
    }
}

/// Puts pieces of text together into paragraphs.
#[derive(Debug, Default)]
struct Collector {
    text: String,
    paragraph: String,
    /// How many `pre` elements are open; white space counts inside.
    preformatted: usize,
    /// Whether the last piece of text ended with a marked line break.
    marked: bool,
    /// How many links are open.
    links: usize,
    /// Words outside of links.
    words: usize,
    /// Those of the open cell, if it holds no paragraphs.
    cell: Option<usize>,
    /// Those of all such cells.
    cells: usize,
}

impl Collector {
    /// Enters an element; false if nothing inside is to be read.
    fn enter(&mut self, name: &str) -> bool {
        if SKIPPED.contains(&name) {
            return false;
        }
        match name {
            // After a marked break the element itself says nothing new.
            "br" if self.marked => self.marked = false,
            "br" => {
                self.end_line();
                self.cell = None;
            }
            "li" => {
                self.end_paragraph();
                self.paragraph.push_str("• ");
                self.cell = None;
            }
            "td" | "th" => {
                if !self.paragraph.trim().is_empty() {
                    self.paragraph.push_str(" | ");
                }
                self.cell = Some(0);
            }
            _ if BLOCKS.contains(&name) => {
                self.end_paragraph();
                self.cell = matches!(name, "dt" | "dd").then_some(0);
            }
            "a" => self.links += 1,
            _ => {}
        }
        self.preformatted += usize::from(name == "pre");
        true
    }

    fn leave(&mut self, name: &str) {
        if name == "pre" {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
        match name {
            "a" => self.links = self.links.saturating_sub(1),
            "td" | "th" | "dt" | "dd" => {
                // More words than facts have are the text of a page that is laid out as a table.
                self.cells += self.cell.take().filter(|words| *words <= 60).unwrap_or_default();
            }
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.end_paragraph();
        } else if name == "li" {
            self.end_paragraph();
            // The bullet of an empty entry goes with it.
            self.paragraph.clear();
        }
    }

    fn add(&mut self, text: &str) {
        if self.links == 0 {
            let words = text.split_whitespace().count();
            self.words += words;
            self.cell = self.cell.map(|cell| cell + words);
        }
        for (index, line) in text.split(LINE_SEPARATOR).enumerate() {
            if index > 0 {
                self.end_line();
                self.marked = true;
                self.cell = None;
            }
            self.add_line(line);
        }
    }

    fn add_line(&mut self, text: &str) {
        self.marked &= text.trim().is_empty();
        if self.preformatted > 0 {
            self.paragraph.push_str(text);
            return;
        }
        for (index, word) in text.split(|c: char| c.is_whitespace() && c != '\u{a0}').enumerate() {
            // A split at white space leaves an empty word before, between or behind.
            if index > 0 && !self.paragraph.is_empty() && !self.paragraph.ends_with([' ', '\n']) {
                self.paragraph.push(' ');
            }
            self.paragraph.push_str(word);
        }
    }

    fn end_line(&mut self) {
        let length = self.paragraph.trim_end_matches(' ').len();
        self.paragraph.truncate(length);
        self.paragraph.push('\n');
    }

    fn end_paragraph(&mut self) {
        let paragraph = self.paragraph.trim();
        if !paragraph.is_empty() && paragraph != "•" {
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            // Two line breaks in a row are how old pages separate paragraphs.
            self.text.push_str(paragraph);
        }
        // A paragraph within a list entry keeps the bullet of the entry.
        let bullet = paragraph == "•";
        self.paragraph.clear();
        if bullet {
            self.paragraph.push_str("• ");
        }
    }

    fn finish(mut self) -> Content {
        self.end_paragraph();
        Content { text: self.text, words: self.words, cells: self.cells }
    }
}

/// Whether an element starts a line.
fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name) || matches!(name, "br" | "li" | "td" | "th")
}

/// Elements that hold no text for readers.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea", "button",
    "head", "canvas", "audio", "video",
];

/// Elements that start a paragraph.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// One line without white space around it or twice inside it.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Greatest depth that the page's tags nest to; tags that need no end are not counted.
fn nesting(html: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    for tag in html.split('<').skip(1) {
        let end = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let closed = tag.split('>').next().is_some_and(|inside| inside.ends_with('/'));
        if name.is_empty() || closed || ENDLESS.iter().any(|endless| name.eq_ignore_ascii_case(endless)) {
            continue;
        }
        if end {
            depth = depth.saturating_sub(1);
            continue;
        }
        depth += 1;
        deepest = deepest.max(depth);
    }
    deepest
}

/// Elements without an end tag, or that the next of their kind ends.
const ENDLESS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "option", "tr", "td", "th",
];

/// The text between the tags, a paragraph for each line; for pages that cannot be parsed safely.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let part = part.split_once('>').map_or(part, |(_, after)| after);
        let part = collapse(part);
        if !part.is_empty() {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = "<!DOCTYPE html><html><head><title>Ferry sinks - Harbour Times</title>\
        <meta property='article:published_time' content='2021-03-04T10:00:00Z'>\
        <meta property='og:title' content='Ferry  sinks'><meta property='og:site_name' content='Harbour Times'>\
        <link rel=canonical href='https://example.org/ferry'></head><body><nav><a href=/>Home</a> <a href=/s>Sport</a></nav>\
        <article><h1>Ferry sinks</h1><p>The ferry <b>Ola</b> sank on\n Monday, said <a href=x>Ann&nbsp;Doe</a>, the harbour master of Lilongwe, who had \
        warned of it for years in letters to the ministry, to the owners and to the newspapers of the coast.</p>\
        <p>Sixty people were on board &amp; all of them reached the shore, she said, because fishermen from the village of Karun \
        saw the lights go out and set off at once in their boats, in the dark and against a strong wind.</p>\
        <ul><li>First came the boats of the Nwosu family, then the others, one after the other.</li><li>Then came the army.</li></ul>\
        <p>The owners, Ola Lines, did not answer questions, and their office in the harbour was closed on Tuesday.</p></article>\
        <script>var x = 'never';</script><footer>© Harbour Times</footer></body></html>";

    #[test]
    fn finds_the_main_text() {
        let page = extract(ARTICLE);
        assert_eq!(page.title.as_deref(), Some("Ferry sinks"));
        assert_eq!(page.date.as_deref(), Some("2021-03-04"));
        assert_eq!(page.source.as_deref(), Some("Harbour Times"));
        assert_eq!(page.url.as_deref(), Some("https://example.org/ferry"));
        let paragraphs: Vec<&str> = page.text.split("\n\n").collect();
        assert!(
            paragraphs
                .iter()
                .any(|p| p.starts_with("The ferry Ola sank on Monday, said Ann\u{a0}Doe, the harbour master")),
            "{}",
            page.text
        );
        assert!(paragraphs.contains(&"• Then came the army."), "{}", page.text);
        assert!(page.text.contains("on board & all"));
        assert!(!page.text.contains("never") && !page.text.contains("Sport"));
    }

    #[test]
    fn falls_back_to_the_whole_body() {
        let check = |html: &str, expected: &str| assert_eq!(extract(html).text, expected, "{html}");
        check("<html><body>One<br>two<p>Three <i>f</i>our", "One\ntwo\n\nThree four");
        check(
            "<p>One.</p><script>x</script><!-- y --><table><tr><td>Born</td><td>1960</td></tr></table>",
            "One.\n\nBorn | 1960",
        );
        check("<ul><li><p>One</p><li></ul><pre>a\n  b</pre>", "• One\n\na\n  b");
        check("", "");
        check("<html></html>", "");
    }

    #[test]
    fn does_not_take_long_pages_for_deep_ones() {
        assert_eq!(nesting(&"<meta x><br><p>a<img><li>b<svg><path/></svg>".repeat(1000)), 1);
        assert_eq!(nesting(&"<div></p>".repeat(1000)), 1000);
        assert_eq!(nesting(&"<div><p>a</div>".repeat(1000)), 1);
        assert!(extract(&"One<br>two<p>Three ".repeat(500)).text.starts_with("One\ntwo\n\nThree"));
    }

    #[test]
    fn survives_hostile_pages() {
        for piece in [
            "<div>",
            "<b>",
            "<table>",
            "<p>",
            "<a href=x>",
            "</div>",
            "<svg><math>",
            "<!--",
            "<script>",
            "&amp",
            "<ul><li>",
            "\0",
        ] {
            let _ = extract(&format!("{}text", piece.repeat(20_000)));
        }
        assert_eq!(extract(&format!("{}text<i>more", "<div>".repeat(5000))).text, "text\n\nmore");
    }
}
