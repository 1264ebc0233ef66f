//! Markdown to text without the markup.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What a Markdown file says.
#[derive(Debug, Default)]
pub(super) struct Note {
    pub(super) text: String,
    /// From the front matter, else the first heading of the first level (which stays in the text).
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) url: Option<String>,
    pub(super) source: Option<String>,
}

/// Extracts the text: paragraphs with a blank line between them, entries of lists with a bullet.
pub(super) fn extract(markdown: &str) -> Note {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut note = Note::default();
    let mut paragraph = String::new();
    let mut heading: Option<String> = None;
    let mut front_matter = false;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(tag) => match tag {
                Tag::MetadataBlock(_) => front_matter = true,
                Tag::Item => {
                    end_paragraph(&mut note.text, &mut paragraph);
                    paragraph.push_str("• ");
                }
                Tag::Heading { .. }
                | Tag::CodeBlock(_)
                | Tag::HtmlBlock
                | Tag::TableRow
                | Tag::TableHead
                | Tag::BlockQuote(_) => {
                    end_paragraph(&mut note.text, &mut paragraph);
                }
                Tag::Paragraph if paragraph != "• " => end_paragraph(&mut note.text, &mut paragraph),
                Tag::TableCell if !paragraph.is_empty() => paragraph.push_str(" | "),
                _ => {}
            },
            Event::End(tag) => match tag {
                TagEnd::MetadataBlock(_) => front_matter = false,
                TagEnd::Heading(level) => {
                    if level == HeadingLevel::H1 && heading.is_none() {
                        heading = Some(paragraph.trim().to_owned());
                    }
                    end_paragraph(&mut note.text, &mut paragraph);
                }
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::BlockQuote(_) => {
                    end_paragraph(&mut note.text, &mut paragraph);
                }
                _ => {}
            },
            Event::Text(text) if front_matter => read_front_matter(&text, &mut note),
            Event::Text(text) | Event::Code(text) => paragraph.push_str(&text),
            Event::SoftBreak => paragraph.push(' '),
            Event::HardBreak => paragraph.push('\n'),
            Event::Rule => end_paragraph(&mut note.text, &mut paragraph),
            // Markup of other kinds and the numbers of notes are no words of the text.
            _ => {}
        }
    }
    end_paragraph(&mut note.text, &mut paragraph);
    note.title = note.title.or(heading).filter(|title| !title.is_empty());
    note
}

fn end_paragraph(text: &mut String, paragraph: &mut String) {
    let trimmed = paragraph.trim();
    if !trimmed.is_empty() && trimmed != "•" {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(trimmed);
    }
    paragraph.clear();
}

/// Reads the plain `name: value` lines; the rest of YAML does not occur in the fields of interest.
fn read_front_matter(lines: &str, note: &mut Note) {
    for line in lines.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim().trim_matches(['"', '\'']);
        let slot = match name.trim() {
            "title" => &mut note.title,
            "date" => &mut note.date,
            "url" => &mut note.url,
            "source" => &mut note.source,
            _ => continue,
        };
        if !value.is_empty() {
            *slot = Some(value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_the_markup_out() {
        let check = |markdown: &str, expected: &str| assert_eq!(extract(markdown).text, expected, "{markdown}");
        check(
            "# Ferry *sinks*\n\nThe **ferry** sank\nin [Ola](http://example.org), `yes`.\n",
            "Ferry sinks\n\nThe ferry sank in Ola, yes.",
        );
        check("- one\n- two\n  - three\n\n1. four\n", "• one\n\n• two\n\n• three\n\n• four");
        check("- one\n\n  more\n\n- two", "• one\n\nmore\n\n• two");
        check("> quoted\n> text\n\n---\n\nplain<br>text &amp; so", "quoted text\n\nplaintext & so");
        check("| a | b |\n|---|---|\n| 1 | 2 |\n", "a | b\n\n1 | 2");
        check("```\ncode\n```\n<div>raw</div>\n\nText[^1]\n\n[^1]: Note.", "code\n\nText\n\nNote.");
        check("![A boat](x.png) left", "A boat left");
        check("", "");
    }

    #[test]
    fn reads_front_matter() {
        let note = extract("---\ntitle: \"Ferry: sunk\"\ndate: 2021-03-04\ntags: [a]\n---\n# Other\n\nText.");
        assert_eq!((note.title.as_deref(), note.date.as_deref()), (Some("Ferry: sunk"), Some("2021-03-04")));
        assert_eq!(note.text, "Other\n\nText.");
        assert_eq!(extract("## Two\n# One\nText.").title.as_deref(), Some("One"));
    }
}
