//! HTML in what should be plain text: told from text that only mentions it, and taken out.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use dom_smoothie::Readability;

/// A text without its tags, and with characters for references such as `&amp;`, if it is clearly HTML; else as it is.
///
/// What stands apart, as in "the `<b>` and `<i>` tags", is mentioned, and a single tag may be.
/// Clear are references that touch letters (`Zo&euml;`) or join names (`Marks &amp; Roth`), two others between words, a
/// block or a link with both its tags, and two of other tags that are used as such.
pub(super) fn without_markup(text: String) -> String {
    if !text.contains(['<', '&']) {
        return text;
    }
    let clear = are_clear(&text);
    let tags = tags(&text);
    // Subtitles have few kinds of tags.
    let needed = if clear || text.contains(" --> ") { 1 } else { 2 };
    if weight(&tags) >= needed {
        return with_characters(&without_tags(&text, &tags));
    }
    if !clear {
        return text;
    }
    let text = with_characters(&text);
    // What was written as `&lt;p&gt;` are tags now.
    let tags = self::tags(&text);
    if weight(&tags) >= 2 { with_characters(&without_tags(&text, &tags)) } else { text }
}

/// A reference to a character in a text: where it stands, and what is between its first mark and its last.
struct Reference<'a> {
    at: Range<usize>,
    name: &'a str,
}

/// What looks like a reference; of one that was escaped twice, `&amp;euml;`, the whole.
fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| Some(from + rest.find('&')?)) {
        let mut at = start + 1;
        while let Some(inner) = text.get(at..).and_then(|rest| rest.strip_prefix("amp;")) {
            if name_of(inner).is_none() {
                break;
            }
            at += "amp;".len();
        }
        match text.get(at..).and_then(name_of) {
            Some(name) => {
                from = at + name.len() + 1;
                found.push(Reference { at: start..from, name });
            }
            None => from = start + 1,
        }
    }
    found
}

/// The name or number of a character that a text starts with, up to a semicolon.
fn name_of(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("#x").or_else(|| text.strip_prefix("#X"));
    let (prefix, is_inside): (usize, fn(&u8) -> bool) = match digits {
        Some(_) => (2, u8::is_ascii_hexdigit),
        None if text.starts_with('#') => (1, u8::is_ascii_digit),
        None if text.starts_with(|c: char| c.is_ascii_alphabetic()) => (0, u8::is_ascii_alphanumeric),
        None => return None,
    };
    let length = text.bytes().skip(prefix).take(32).take_while(is_inside).count();
    let name = text.get(..prefix + length)?;
    (length > 0 && text.get(name.len()..)?.starts_with(';')).then_some(name)
}

/// The characters that references stand for; those that stand for none are left out.
fn characters<'a>(references: &[Reference<'a>]) -> BTreeMap<&'a str, String> {
    if references.is_empty() {
        return BTreeMap::new();
    }
    let names: BTreeSet<&str> = references.iter().map(|reference| reference.name).collect();
    let page: String = names.iter().map(|name| format!("<p>&{name};</p>")).collect();
    let page = Readability::from(page.as_str());
    let paragraphs = page.doc.select("p");
    let texts = paragraphs.nodes().iter().map(|paragraph| paragraph.text().to_string());
    // Of `&notit;` browsers read the first letters alone.
    names.into_iter().zip(texts).filter(|(_, text)| !text.is_empty() && !text.ends_with(';')).collect()
}

/// Whether references are used, and not only mentioned.
fn are_clear(text: &str) -> bool {
    let found = references(text);
    let characters = characters(&found);
    let mut apart = 0;
    for Reference { at, name } in &found {
        let Some(character) = characters.get(name) else { continue };
        let before = text.get(..at.start).unwrap_or_default();
        let after = text.get(at.end..).unwrap_or_default();
        let touches = before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        let word = before.strip_suffix(' ').unwrap_or_default().rsplit(char::is_whitespace).next().unwrap_or_default();
        let joins = character == "&"
            && word.starts_with(char::is_uppercase)
            && after.strip_prefix(' ').is_some_and(|after| after.starts_with(char::is_uppercase));
        if touches || joins {
            return true;
        }
        let quoted = before.ends_with(QUOTES) && after.starts_with(QUOTES);
        apart += usize::from(!quoted && (name.starts_with('#') || USUAL.contains(name)));
    }
    apart > 1
}

/// Marks around what is mentioned.
const QUOTES: &[char] = &['"', '\'', '`', '“', '”', '‘', '’', '«', '»'];

/// References that stand between words.
#[rustfmt::skip]
const USUAL: &[&str] = &[
    "amp", "apos", "bull", "gt", "hellip", "laquo", "ldquo", "lsquo", "lt", "mdash", "middot", "nbsp", "ndash", "quot",
    "raquo", "rdquo", "rsquo",
];

/// The text with characters for its references.
fn with_characters(text: &str) -> String {
    let found = references(text);
    let characters = characters(&found);
    let mut plain = String::with_capacity(text.len());
    let mut from = 0;
    for reference in &found {
        let Some(character) = characters.get(reference.name) else { continue };
        plain.push_str(text.get(from..reference.at.start).unwrap_or_default());
        plain.push_str(character);
        from = reference.at.end;
    }
    plain.push_str(text.get(from..).unwrap_or_default());
    plain
}

/// A tag or a comment of HTML.
struct Tag {
    at: Range<usize>,
    name: &'static str,
    closes: bool,
    has_attributes: bool,
    /// Whether it stands where a tag does something, not apart as a word that is mentioned.
    used: bool,
    /// Whether nothing but another tag stands before it on its line.
    leads: bool,
}

/// The tags of HTML in a text; what stands in other pointed brackets is none.
fn tags(text: &str) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| Some(from + rest.find('<')?)) {
        from = start + 1;
        if let Some(mut tag) = tag_at(text, start) {
            from = tag.at.end;
            tag.leads |= tags.last().is_some_and(|last| last.at.end == start && last.leads);
            tags.push(tag);
        }
    }
    tags
}

/// The tag that starts there.
fn tag_at(text: &str, start: usize) -> Option<Tag> {
    let inside = text.get(start + 1..)?;
    let before = text.get(..start)?.chars().next_back();
    let leads = before.is_none_or(|c| c == '\n');
    if inside.starts_with("!--") {
        let near = inside.as_bytes().get(..inside.len().min(LONGEST_COMMENT))?;
        let end = start + 1 + near.windows(3).position(|end| end == b"-->")? + 3;
        return Some(Tag { at: start..end, name: "", closes: false, has_attributes: false, used: false, leads });
    }
    let close = inside.find(['<', '>'])?;
    let (inner, after) = (inside.get(..close)?, inside.get(close..)?.strip_prefix('>')?);
    let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let length = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (word, attributes) = inner.split_at_checked(length)?;
    let name = TAGS.iter().copied().find(|name| name.eq_ignore_ascii_case(word))?;
    if !attributes.is_empty() && !attributes.starts_with(|c: char| c.is_whitespace() || c == '/') {
        return None;
    }
    let attributes = attributes.trim_end_matches('/').trim();
    let has_attributes = !attributes.is_empty();
    let first = attributes.split_once('=').map_or("", |(first, _)| first.trim_end());
    let named = !first.is_empty() && first.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'));
    // `a <b and c> d`
    if has_attributes && (closes || !named) {
        return None;
    }
    let quoted = before.is_some_and(|c| QUOTES.contains(&c)) && after.starts_with(QUOTES);
    let apart = before.is_none_or(|c| matches!(c, ' ' | '\n' | '('))
        && (after.is_empty() || after.starts_with([' ', '.', ',', ';', ':', '!', '?', ')']))
        && !after.starts_with("..");
    let at = start..start + 1 + close + 1;
    Some(Tag { at, name, closes, has_attributes, used: !quoted && !apart, leads })
}

/// Longest comment that is looked for, in bytes.
const LONGEST_COMMENT: usize = 500;

/// How much tags say that a text is HTML: one for each pair and for each that needs no end, two for links and blocks.
fn weight(tags: &[Tag]) -> usize {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut total = 0;
    for tag in tags.iter().filter(|tag| tag.used) {
        let own = if tag.has_attributes || tag.leads && BLOCKS.contains(&tag.name) { 2 } else { 1 };
        if tag.closes {
            total += open.remove(tag.name).unwrap_or_default();
        } else if matches!(tag.name, "br" | "hr" | "img") {
            total += own;
        } else if open.insert(tag.name, own).is_some() && matches!(tag.name, "li" | "p") {
            total += 1;
        }
    }
    total + open.keys().filter(|name| matches!(**name, "li" | "p")).count()
}

/// The text without tags: blocks are paragraphs, cells are separated.
fn without_tags(text: &str, tags: &[Tag]) -> String {
    let mut plain = String::with_capacity(text.len());
    // Whether white space that follows says nothing new.
    let mut fresh = false;
    let mut endless: BTreeSet<&str> = BTreeSet::new();
    let mut from = 0;
    let mut index = 0;
    while let Some(tag) = tags.get(index) {
        index += 1;
        push(&mut plain, text.get(from..tag.at.start).unwrap_or_default(), &mut fresh);
        from = tag.at.end;
        match tag.name {
            "script" | "style" if !tag.closes && !endless.contains(tag.name) => {
                let rest = tags.get(index..).unwrap_or_default();
                match rest.iter().position(|end| end.closes && end.name == tag.name) {
                    Some(skipped) => {
                        index += skipped + 1;
                        from = rest.get(skipped).map_or(from, |end| end.at.end);
                    }
                    None => _ = endless.insert(tag.name),
                }
            }
            "br" => {
                plain.truncate(plain.trim_end_matches(' ').len());
                plain.push('\n');
                // A line break of the source is the same one.
                if let Some(rest) = text.get(from..) {
                    let next = rest.trim_start_matches([' ', '\r']);
                    from = text.len() - next.strip_prefix('\n').unwrap_or(next).len();
                }
            }
            "td" | "th" => {
                let length = plain.trim_end().len();
                if !tag.closes && length > 0 && !fresh {
                    plain.truncate(length);
                    plain.push_str(" | ");
                }
                fresh |= !tag.closes;
            }
            name if BLOCKS.contains(&name) => {
                plain.truncate(plain.trim_end().len());
                let mut bare = plain == "•" || plain.ends_with("\n•");
                if bare && name == "li" {
                    // The bullet of an empty entry goes with it.
                    plain.truncate(plain.trim_end_matches('•').trim_end().len());
                    bare = false;
                }
                // A paragraph within a list entry keeps the bullet of the entry.
                if bare {
                    plain.push(' ');
                } else if !plain.is_empty() {
                    plain.push_str("\n\n");
                }
                if name == "li" && !tag.closes {
                    plain.push_str("• ");
                }
                fresh = true;
            }
            _ => {}
        }
    }
    push(&mut plain, text.get(from..).unwrap_or_default(), &mut fresh);
    if fresh {
        plain.truncate(plain.trim_end().len());
    }
    plain
}

/// Adds a piece of text between tags.
fn push(plain: &mut String, piece: &str, fresh: &mut bool) {
    let piece = if *fresh { piece.trim_start() } else { piece };
    *fresh &= piece.is_empty();
    plain.push_str(piece);
}

/// Elements that are told from other words in pointed brackets.
#[rustfmt::skip]
const TAGS: &[&str] = &[
    "a", "abbr", "article", "b", "big", "blockquote", "body", "br", "center", "cite", "code", "del", "div", "dd", "dl",
    "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "i", "img", "ins",
    "li", "mark", "ol", "p", "pre", "q", "s", "script", "section", "small", "span", "strong", "style", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "time", "tr", "tt", "u", "ul",
];

/// Those of them that start a paragraph.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "html", "li", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(without_markup(text.to_owned()), expected, "{text}");
    }

    #[track_caller]
    fn stays(text: &str) {
        check(text, text);
    }

    #[test]
    fn reads_references() {
        check("Marks &amp; Roth bought Nordbank.", "Marks & Roth bought Nordbank.");
        check("Zo&euml; Roth met Bo Lind.", "Zoë Roth met Bo Lind.");
        check("O&#39;Hara&#x2019;s Foods", "O'Hara’s Foods");
        check("Rita&nbsp;Conti left", "Rita\u{a0}Conti left");
        check("It rose &ndash; a little &mdash; again", "It rose – a little — again");
        // Escaped twice, and tags that were escaped.
        check("Marks &amp;amp; Roth met Zo&amp;euml;", "Marks & Roth met Zoë");
        check("&lt;p&gt;Ada Roth&lt;/p&gt;&lt;p&gt;Bo &amp;amp; Co&lt;/p&gt;", "Ada Roth\n\nBo & Co");
        // Those that stand for nothing stay.
        check("Zo&euml; &nosuch; &notit; &#; &", "Zoë &nosuch; &notit; &#; &");
    }

    #[test]
    fn takes_tags_out() {
        check("<p>Ada Roth met <b>Bo Lind</b>.</p>\n<p>He left.</p>", "Ada Roth met Bo Lind.\n\nHe left.");
        check("Ada Roth met <a href=\"/bo\">Bo Lind</a> in Oslo.", "Ada Roth met Bo Lind in Oslo.");
        check("One<br>two<br/>\nthree <br /><br />four", "One\ntwo\nthree\n\nfour");
        check("<ul>\n<li>One</li>\n<li></li><li><p>Two</p></li>\n</ul>", "• One\n\n• Two");
        check(
            "<table><tr><td>Ada Roth</td><td>chief</td></tr><tr><td>Bo Lind</td>\n <td>clerk</td></tr></table>",
            "Ada Roth | chief\n\nBo Lind | clerk",
        );
        check("<img src='x' alt='Mayor'> <style>p {}</style>Ada<!-- no --> <i>left</i>.", " Ada left.");
        check("<p>If a < b & c > d, then <q>e</q></p>", "If a < b & c > d, then e");
        // Subtitles.
        check(
            "1\n00:00:01,000 --> 00:00:02,000\n<i>...and Ada left.</i>\n",
            "1\n00:00:01,000 --> 00:00:02,000\n...and Ada left.\n",
        );
    }

    #[test]
    fn leaves_plain_text_as_it_is() {
        stays("");
        stays("No markup: 1 < 2, R&D; AT&T; <ann@example.org> <http://example.org/?a=1&copy=2>");
        stays("The <b> tag makes text bold, the <i> tag italic; </b> and </i> end them.");
        stays("Write \"<b>\" and \"</b>\" around it, or `<p>` and `</p>`.");
        stays("He typed <b>this</b>.");
        stays("<p>Four.");
        stays("Write &amp; for an ampersand.");
        stays("The references \"&amp;\" and \"&lt;\" are not words.");
        stays("if (a <b and c> d) Vec<i> of map<a, b>");
        stays("<ann> hello\n<bo> hi\n<b> <i> well");
        stays("p = &sum;\nq = &image;\n");
        stays("<<<>>> && &; &# <!-- <");
    }

    #[test]
    fn is_quick_with_hostile_text() {
        for piece in ["<", "&", "<b", "<b>", "<!--", "&amp;", "<script>", "<p x=", "&#", "<td>", "<li>"] {
            let _ = without_markup(piece.repeat(50_000));
        }
    }
}
