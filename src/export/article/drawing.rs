//! The picture of a document whose layout is known.

use std::{
    cmp::Reverse,
    io::{self, Write},
};

use super::{
    Section, decimals,
    layout::{ARC_SIZE, Arc, ArcPiece, Block, Fragment, Layout, TYPE_SIZE},
    lines::{ASCENT, DESCENT, Line, TYPE_ROW, WIDTH, runs, text_width},
    words_on_arc,
};
use crate::{
    document::{Mention, Relation},
    export::escape,
    schema::{MentionKind, Status},
};

/// Room to the left and to the right of the text.
const MARGIN: f64 = 10.0;
/// Radius of the corners of arcs.
const CORNER: f64 = 5.0;

/// Draws a document, block by block.
pub(super) fn draw(section: &Section<'_>, layout: &Layout, out: &mut impl Write) -> io::Result<()> {
    // In order of their lines, as the fragments are.
    let mut pieces: Vec<(&Arc, usize, &ArcPiece)> = layout
        .arcs
        .iter()
        .flat_map(|arc| arc.pieces.iter().enumerate().map(move |(index, piece)| (arc, index, piece)))
        .collect();
    // Over each line from the top, so that words lie over the arcs that come down through them.
    pieces.sort_by_key(|(arc, index, piece)| (piece.line, Reverse(piece.row), arc.relation, *index));
    for block in &layout.blocks {
        write_block(section, layout, block, &pieces, out)?;
    }
    Ok(())
}

fn write_block(
    section: &Section<'_>,
    layout: &Layout,
    block: &Block,
    pieces: &[(&Arc, usize, &ArcPiece)],
    out: &mut impl Write,
) -> io::Result<()> {
    let (width, height) = (WIDTH + 2.0 * MARGIN, block.height + 4.0);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{:.0} 0 {width:.0} {height:.1}\" width=\"{width:.0}\" \
         height=\"{height:.1}\" style=\"contain-intrinsic-size:{width:.0}px {height:.0}px\" role=\"document\">",
        -MARGIN
    )?;
    let start = layout.fragments.partition_point(|fragment| fragment.line < block.first);
    let end = layout.fragments.partition_point(|fragment| fragment.line < block.end);
    let mut fragments = &layout.fragments[start..end];
    let start = pieces.partition_point(|(.., piece)| piece.line < block.first);
    let end = pieces.partition_point(|(.., piece)| piece.line < block.end);
    let lines = layout.lines.iter().enumerate().take(block.end).skip(block.first);
    for (number, line) in lines {
        let (own, rest) = fragments.split_at(fragments.partition_point(|fragment| fragment.line <= number));
        fragments = rest;
        write_line(section, line, own, out)?;
    }
    for (arc, index, piece) in &pieces[start..end] {
        if let (Some(line), Some(relation)) = (layout.lines.get(piece.line), section.doc.relations.get(arc.relation)) {
            write_piece(section, (arc, *index, piece), relation, line.y, out)?;
        }
    }
    writeln!(out, "</svg>")
}

/// The words of a line, with what is behind and over them.
fn write_line(section: &Section<'_>, line: &Line, fragments: &[Fragment], out: &mut impl Write) -> io::Result<()> {
    let mut mentions: Vec<(usize, &Fragment, &Mention)> = fragments
        .iter()
        .filter_map(|fragment| Some((fragment.mention, fragment, section.doc.mentions.get(fragment.mention)?)))
        .collect();
    // What holds others lies behind them.
    mentions.sort_by(|a, b| b.1.reach.total_cmp(&a.1.reach).then_with(|| a.0.cmp(&b.0)));
    for (number, fragment, mention) in &mentions {
        let (key, of) = (section.mention(*number), of(section, *number, mention));
        let kind = if mention.kind == MentionKind::Name { "" } else { " other" };
        let (left, right, reach) =
            (fragment.left - 1.5 - fragment.reach, fragment.right + 1.5 + fragment.reach, fragment.reach);
        let (top, height) = (line.y - ASCENT + 1.0 - reach, ASCENT + DESCENT - 1.0 + 2.0 * reach);
        // A mention that goes on in the next line has its identifier on its first.
        let id = if fragment.is_first { format!(" id=\"{key}\"") } else { String::new() };
        write!(
            out,
            "<g class=\"mention t{}{kind}\"{id} data-of=\"{of}\" data-start=\"{}\" data-end=\"{}\"><title>{}</title>\
             <rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{height:.1}\" rx=\"3\"/>",
            mention.entity_type.index(),
            mention.span.start,
            mention.span.end,
            tooltip(section, mention),
            right - left
        )?;
        if let Some((middle, row)) = fragment.label {
            let y = line.y - ASCENT - row as f64 * TYPE_ROW - 2.0 - reach.min(1.0);
            let words = mention.entity_type.name().to_lowercase();
            write!(
                out,
                "<text class=\"type\" x=\"{middle:.1}\" y=\"{y:.1}\" textLength=\"{:.1}\">{}</text>",
                text_width(&words, TYPE_SIZE),
                escape::xml(&words)
            )?;
        }
        writeln!(out, "</g>")?;
    }
    let numbers: Vec<usize> = mentions.iter().map(|(number, ..)| *number).collect();
    write!(out, "<text y=\"{:.1}\">", line.y)?;
    for (start, end, mention) in runs(line, section.doc, &numbers) {
        let words = section.doc.text.get(start..end).unwrap_or_default();
        let blank = words.len() - words.trim_start().len();
        let trimmed = words.trim();
        if trimmed.is_empty() {
            // Kept for who copies the text.
            write!(out, " ")?;
            continue;
        }
        let shown = escape::shorten(trimmed, usize::MAX);
        let x = line.x(start + blank);
        let width = line.x(start + blank + trimmed.len()) - x;
        // One letter cannot be stretched between its parts.
        let length = if width > 0.0 && shown.chars().nth(1).is_some() {
            format!(" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\"")
        } else {
            String::new()
        };
        let run = format!("<tspan x=\"{x:.1}\"{length}>{}</tspan>", escape::xml(&shown));
        let (before, after) = (blank > 0, words.trim_end().len() < words.len());
        write!(out, "{}", if before { " " } else { "" })?;
        match mention.and_then(|number| Some((number, section.doc.mentions.get(number)?))) {
            Some((number, mention)) => {
                let of = of(section, number, mention);
                let entry = mention.entity.map_or_else(|| section.mention(number), |id| section.entity(id));
                write!(out, "<a href=\"#{entry}\" data-of=\"{of}\">{run}</a>")?;
            }
            None => write!(out, "{run}")?,
        }
        write!(out, "{}", if after { " " } else { "" })?;
    }
    writeln!(out, "</text>")
}

/// What a mention lights up with: its entity, or itself if it has none.
fn of(section: &Section<'_>, number: usize, mention: &Mention) -> String {
    mention.entity.map_or_else(|| section.mention(number), |id| section.entity(id))
}

fn tooltip(section: &Section<'_>, mention: &Mention) -> String {
    let entity = mention.entity.and_then(|id| section.doc.entities.get(id.0 as usize));
    let name = entity.map_or_else(|| "no entity".to_owned(), |entity| escape::shorten(&entity.name, 120));
    let (kind, score) = (mention.kind.name(), decimals(mention.score));
    let mut told = format!("{name}: {}, {kind}, {score}", mention.entity_type.name().to_lowercase());
    if let Some(link) = &mention.link
        && let Some(antecedent) = section.doc.mentions.get(link.antecedent.0 as usize)
    {
        let words = escape::shorten(section.doc.slice(antecedent.span), 60);
        let (reason, score) = (link.reason.name().replace('_', " "), decimals(link.score));
        told.push_str(&format!("; joined with \u{201c}{words}\u{201d}: {reason}, {score}"));
    }
    escape::xml(&told)
}

/// An arc over a line.
fn write_piece(
    section: &Section<'_>,
    (arc, index, piece): (&Arc, usize, &ArcPiece),
    relation: &Relation,
    baseline: f64,
    out: &mut impl Write,
) -> io::Result<()> {
    let (key, head, tail) =
        (section.relation(arc.relation), section.entity(relation.head), section.entity(relation.tail));
    let y = baseline - piece.height;
    let direction = if piece.to >= piece.from { 1.0 } else { -1.0 };
    let corner = CORNER.min((piece.to - piece.from).abs() / 2.0) * direction;
    let mut path = match piece.from_top {
        Some(top) => format!(
            "M{:.1},{:.1}V{:.1}Q{:.1},{y:.1} {:.1},{y:.1}",
            piece.from,
            baseline - top - 1.0,
            y + CORNER,
            piece.from,
            piece.from + corner
        ),
        None => format!("M{:.1},{y:.1}", piece.from),
    };
    let mut tip = String::new();
    match piece.to_top {
        Some(top) => {
            let end = baseline - top - 1.0;
            path.push_str(&format!(
                "H{:.1}Q{:.1},{y:.1} {:.1},{:.1}V{:.1}",
                piece.to - corner,
                piece.to,
                piece.to,
                y + CORNER,
                end - 3.0
            ));
            if !relation.relation_type.info().symmetric {
                tip = format!("<path class=\"tip\" d=\"M{:.1},{end:.1}l-3,-6h6z\"/>", piece.to);
            }
        }
        None => path.push_str(&format!("H{:.1}", piece.to)),
    }
    let status = relation.status.map_or("fact", Status::name);
    let words = words_on_arc(relation);
    let half = text_width(&words, ARC_SIZE) / 2.0;
    let score = decimals(relation.score);
    let name = words.strip_suffix(&score).unwrap_or(&words);
    // Only the first piece is known by the name of the arc.
    let id = if index == 0 { format!(" id=\"{key}a\"") } else { String::new() };
    writeln!(
        out,
        "<g class=\"relation\"{id} data-of=\"{key}\" data-ends=\"{head} {tail}\"><title>{}</title>\
         <path class=\"arc {status}\" d=\"{path}\"/>{tip}\
         <text class=\"{status}\" x=\"{:.1}\" y=\"{:.1}\" textLength=\"{:.1}\">{}<tspan class=\"number\">{score}</tspan></text></g>",
        arc_title(section, relation),
        piece.label,
        y - 2.5,
        2.0 * half,
        escape::xml(name),
    )
}

fn arc_title(section: &Section<'_>, relation: &Relation) -> String {
    let name = |id: crate::document::EntityId| {
        let entity = section.doc.entities.get(id.0 as usize);
        entity.map_or_else(String::new, |entity| escape::shorten(&entity.name, 120))
    };
    let mut told = format!("{} {} {}", name(relation.head), words_on_arc(relation), name(relation.tail));
    for (word, qualifier) in [("says", relation.by), ("on", relation.date), ("in", relation.place)] {
        if let Some(id) = qualifier {
            told.push_str(&format!("; {word} {}", name(id)));
        }
    }
    escape::xml(&told)
}
