//! Where everything stands: labels over names, arcs between mentions.

use std::collections::BTreeMap;

use super::lines::{ASCENT, DESCENT, LEADING, Line, TYPE_ROW, WIDTH, break_lines, text_width};
use crate::{
    document::{Document, Entity, Mention, MentionId, Relation},
    schema::MentionKind,
};

/// Size of the names of types.
pub(super) const TYPE_SIZE: f64 = 9.5;
/// Size of the words on arcs.
pub(super) const ARC_SIZE: f64 = 10.0;
/// An arc over more lines than this would tell less than it hides.
const MOST_LINES: usize = 5;
/// Rows of names of types over a line, and rows of arcs; what needs more is not drawn.
const MOST_TYPE_ROWS: usize = 6;
const MOST_ARC_ROWS: usize = 40;
/// So many narrower mentions are looked at to see which lie inside another.
const MOST_INNER: usize = 64;
/// Lines of a block, which is a picture of its own, unless an arc holds it together.
const BLOCK_LINES: usize = 40;

/// What of a mention stands on one line.
#[derive(Debug)]
pub(super) struct Fragment {
    /// Index of the mention.
    pub mention: usize,
    pub line: usize,
    pub left: f64,
    pub right: f64,
    /// How far it reaches out beyond its words, so that one shows around those inside it.
    pub reach: f64,
    /// Middle of the name of its type, and its row; none on the later lines of a mention, nor over nouns and pronouns.
    pub label: Option<(f64, usize)>,
    /// Whether the mention starts with it.
    pub is_first: bool,
}

impl Fragment {
    /// Where arcs reach it, over the baseline.
    fn top(&self) -> f64 {
        self.label.map_or(ASCENT + self.reach, |(_, row)| ASCENT + (row + 1) as f64 * TYPE_ROW)
    }
}

/// What of an arc stands over one line.
#[derive(Debug)]
pub(super) struct ArcPiece {
    pub line: usize,
    pub from: f64,
    pub to: f64,
    /// Height of the arc over the baseline.
    pub height: f64,
    /// Height over the baseline at which it comes down, at either end where it does.
    pub from_top: Option<f64>,
    pub to_top: Option<f64>,
    /// Middle of the words on it.
    pub label: f64,
    /// Row over the line.
    pub row: usize,
}

/// A relation that is drawn.
#[derive(Debug)]
pub(super) struct Arc {
    /// Index of the relation.
    pub relation: usize,
    /// From the head to the tail, line by line.
    pub pieces: Vec<ArcPiece>,
}

/// Lines that are drawn together.
#[derive(Debug)]
pub(super) struct Block {
    pub first: usize,
    pub end: usize,
    pub height: f64,
}

/// A document on the page.
#[derive(Debug)]
pub(super) struct Layout {
    pub lines: Vec<Line>,
    pub fragments: Vec<Fragment>,
    pub arcs: Vec<Arc>,
    pub blocks: Vec<Block>,
    /// Whether each mention is drawn; one in a document without words is not.
    pub is_drawn: Vec<bool>,
    /// Relations without an arc, since their ends stand too far apart or nowhere.
    pub left_out: Vec<usize>,
}

/// Sets a document; `words` are those on the arc of a relation.
pub(super) fn lay_out(doc: &Document, words: impl Fn(&Relation) -> String) -> Layout {
    let mut lines = break_lines(&doc.text);
    let (mut fragments, first_of) = place_mentions(doc, &mut lines);
    let (mut arcs, mut left_out) = join(doc, &fragments, &first_of);
    spread_ends(&mut arcs, &fragments, doc, &first_of);
    stack(&mut arcs, &mut lines, doc, &words);
    let is_too_high = |arc: &Arc| arc.pieces.iter().any(|piece| piece.row >= MOST_ARC_ROWS);
    left_out.extend(arcs.extract_if(.., |arc| is_too_high(arc)).map(|arc| arc.relation));
    left_out.sort_unstable();
    fragments.sort_by_key(|fragment| (fragment.line, fragment.mention));
    let blocks = make_blocks(&mut lines, &arcs);
    let is_drawn = first_of.iter().map(Option::is_some).collect();
    Layout { lines, fragments, arcs, blocks, is_drawn, left_out }
}

/// The mentions on their lines, and of each mention its first fragment.
fn place_mentions(doc: &Document, lines: &mut [Line]) -> (Vec<Fragment>, Vec<Option<usize>>) {
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut first_of = vec![None; doc.mentions.len()];
    for (mention, found) in doc.mentions.iter().enumerate() {
        let (start, end) = (found.span.start as usize, found.span.end as usize);
        let first =
            lines.partition_point(|line| line.end <= start && line.start < start).min(lines.len().saturating_sub(1));
        let mut add = |line: usize, left: f64, right: f64| {
            let is_first = first_of[mention].is_none();
            first_of[mention].get_or_insert(fragments.len());
            let right = right.max(left + 2.0);
            fragments.push(Fragment { mention, line, left, right, reach: 0.0, label: None, is_first });
        };
        let is_reached = |line: &Line| line.start < end.max(start + 1);
        for (line, place) in lines.iter().enumerate().skip(first).take_while(|(_, line)| is_reached(line)) {
            add(line, place.x(start.max(place.start)), place.x(end.min(place.end)));
        }
        // White space between lines stands at the start of the next one.
        if let Some(place) = lines.get(first).filter(|line| !is_reached(line)) {
            add(first, place.x(start), place.x(start));
        }
    }
    let mut by_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, fragment) in fragments.iter().enumerate() {
        by_line.entry(fragment.line).or_default().push(index);
    }
    for (line, mut members) in by_line {
        members.sort_by_key(|index| {
            let fragment = &fragments[*index];
            let width = ((fragment.right - fragment.left) * 100.0) as i64;
            (width, (fragment.left * 100.0) as i64, fragment.mention)
        });
        // The narrow ones first: what holds others reaches out beyond them.
        for (position, index) in members.iter().enumerate() {
            let own = &fragments[*index];
            let inner = members[..position].iter().rev().take(MOST_INNER).map(|other| &fragments[*other]);
            let inner = inner.filter(|other| other.left < own.right && own.left < other.right).map(|other| other.reach);
            let reach = inner.fold(0.0, |most: f64, reach| most.max(reach + 2.0)).min(6.0);
            fragments[*index].reach = reach;
        }
        let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
        for index in members {
            let found = &doc.mentions[fragments[index].mention];
            if found.kind != MentionKind::Name || first_of[fragments[index].mention] != Some(index) {
                continue;
            }
            let half = text_width(&found.entity_type.name().to_lowercase(), TYPE_SIZE) / 2.0 + 3.0;
            let middle = f64::midpoint(fragments[index].left, fragments[index].right).clamp(half, WIDTH - half);
            let (left, right) = (middle - half, middle + half);
            let is_free = |row: &Vec<(f64, f64)>| row.iter().all(|(l, r)| *r <= left || right <= *l);
            let row = rows.iter().position(is_free).unwrap_or(rows.len());
            if row == MOST_TYPE_ROWS {
                continue;
            }
            if row == rows.len() {
                rows.push(Vec::new());
            }
            rows[row].push((left, right));
            fragments[index].label = Some((middle, row));
        }
        lines[line].type_rows = rows.len();
    }
    (fragments, first_of)
}

/// Arcs of the relations whose ends stand near each other, without their places over the lines, and the other relations.
fn join(doc: &Document, fragments: &[Fragment], first_of: &[Option<usize>]) -> (Vec<Arc>, Vec<usize>) {
    let (mut arcs, mut left_out) = (Vec::new(), Vec::new());
    let fragment = |mention: usize| first_of.get(mention).copied().flatten().and_then(|index| fragments.get(index));
    for (relation, stated) in doc.relations.iter().enumerate() {
        let ends = ends(doc, stated).and_then(|(head, tail)| Some((fragment(head)?, fragment(tail)?)));
        let Some((head, tail)) = ends.filter(|(head, tail)| head.line.abs_diff(tail.line) <= MOST_LINES) else {
            left_out.push(relation);
            continue;
        };
        let middle = |fragment: &Fragment| f64::midpoint(fragment.left, fragment.right);
        let piece = |line: usize, from: f64, to: f64, from_top: Option<f64>, to_top: Option<f64>| ArcPiece {
            line,
            from,
            to,
            height: 0.0,
            from_top,
            to_top,
            label: f64::midpoint(from, to),
            row: 0,
        };
        let pieces = if head.line == tail.line {
            vec![piece(head.line, middle(head), middle(tail), Some(head.top()), Some(tail.top()))]
        } else {
            // It leaves a line at the right and comes in at the left, or the other way where it goes up.
            let down = head.line < tail.line;
            let (out, back) = if down { (WIDTH, 0.0) } else { (0.0, WIDTH) };
            let between: Vec<usize> =
                if down { (head.line + 1..tail.line).collect() } else { (tail.line + 1..head.line).rev().collect() };
            let mut pieces = vec![piece(head.line, middle(head), out, Some(head.top()), None)];
            pieces.extend(between.into_iter().map(|line| piece(line, back, out, None, None)));
            pieces.push(piece(tail.line, back, middle(tail), None, Some(tail.top())));
            pieces
        };
        arcs.push(Arc { relation, pieces });
    }
    (arcs, left_out)
}

/// The mentions of both ends that stand closest to each other, in the words that state the relation if both stand there.
fn ends(doc: &Document, relation: &Relation) -> Option<(usize, usize)> {
    let entity = |id: crate::document::EntityId| doc.entities.get(id.0 as usize);
    let (head, tail) = (entity(relation.head)?, entity(relation.tail)?);
    let stated = |mention: &Mention| relation.evidence.iter().any(|evidence| evidence.contains(mention.span));
    nearest(doc, head, tail, stated).or_else(|| nearest(doc, head, tail, |_| true))
}

fn nearest(doc: &Document, head: &Entity, tail: &Entity, fits: impl Fn(&Mention) -> bool) -> Option<(usize, usize)> {
    let members = |entity: &Entity| -> Vec<(u32, u32, usize)> {
        let of = |id: &MentionId| {
            let mention = doc.mentions.get(id.0 as usize).filter(|mention| fits(mention))?;
            Some((mention.span.start, mention.span.end, id.0 as usize))
        };
        let mut members: Vec<_> = entity.mentions.iter().filter_map(of).collect();
        members.sort_unstable();
        members
    };
    let (heads, tails) = (members(head), members(tail));
    let gap = |a: &(u32, u32, usize), b: &(u32, u32, usize)| b.0.saturating_sub(a.1).max(a.0.saturating_sub(b.1));
    // Of a mention, only the last one before and the first one after it can be closest.
    let around = |one: &(u32, u32, usize)| {
        let next = tails.partition_point(|other| other.0 < one.0);
        [next.checked_sub(1), Some(next)].into_iter().flatten()
    };
    let pairs = heads.iter().flat_map(|one| around(one).filter_map(|at| tails.get(at)).map(move |other| (one, other)));
    pairs.min_by_key(|(one, other)| (gap(one, other), one.0, other.0)).map(|(one, other)| (one.2, other.2))
}

/// Gives the ends of arcs places of their own on a mention, so that they cross as little as they can.
fn spread_ends(arcs: &mut [Arc], fragments: &[Fragment], doc: &Document, first_of: &[Option<usize>]) {
    /// An end of a piece, by arc, piece, and whether it is where the piece starts.
    type End = (usize, usize, bool);
    let mut by_fragment: BTreeMap<usize, Vec<(bool, f64, End)>> = BTreeMap::new();
    for (number, arc) in arcs.iter().enumerate() {
        let Some((head, tail)) = doc.relations.get(arc.relation).and_then(|relation| ends(doc, relation)) else {
            continue;
        };
        let last = arc.pieces.len().saturating_sub(1);
        for (mention, piece, is_start) in [(head, 0, true), (tail, last, false)] {
            let (Some(fragment), Some(found)) = (first_of.get(mention).copied().flatten(), arc.pieces.get(piece))
            else {
                continue;
            };
            let (own, other) = if is_start { (found.from, found.to) } else { (found.to, found.from) };
            by_fragment.entry(fragment).or_default().push((
                other >= own,
                (other - own).abs(),
                (number, piece, is_start),
            ));
        }
    }
    for (fragment, mut ends) in by_fragment {
        // To the left the short ones first, to the right the long ones first.
        ends.sort_by(|a, b| {
            let length = |end: &(bool, f64, End)| if end.0 { -end.1 } else { end.1 };
            a.0.cmp(&b.0).then_with(|| length(a).total_cmp(&length(b))).then_with(|| a.2.cmp(&b.2))
        });
        let Some(fragment) = fragments.get(fragment) else { continue };
        let step = (fragment.right - fragment.left) / (ends.len() + 1) as f64;
        for (place, (_, _, (arc, piece, is_start))) in (1..).zip(ends) {
            let x = fragment.left + step * f64::from(place);
            if let Some(piece) = arcs.get_mut(arc).and_then(|arc| arc.pieces.get_mut(piece)) {
                *(if is_start { &mut piece.from } else { &mut piece.to }) = x;
            }
        }
    }
}

/// Puts the pieces over each line in rows: a longer one over the shorter ones that it reaches across.
fn stack(arcs: &mut [Arc], lines: &mut [Line], doc: &Document, words: &impl Fn(&Relation) -> String) {
    let mut by_line: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (number, arc) in arcs.iter().enumerate() {
        for (index, piece) in arc.pieces.iter().enumerate() {
            by_line.entry(piece.line).or_default().push((number, index));
        }
    }
    for (line, mut pieces) in by_line {
        let length = |(arc, piece): &(usize, usize)| {
            let piece = &arcs[*arc].pieces[*piece];
            ((piece.from - piece.to).abs() * 100.0) as i64
        };
        pieces.sort_by_key(|piece| (length(piece), *piece));
        let mut taken: Vec<(f64, f64, usize)> = Vec::new();
        for (arc, index) in pieces {
            let half = doc
                .relations
                .get(arcs[arc].relation)
                .map_or(0.0, |relation| text_width(&words(relation), ARC_SIZE) / 2.0 + 4.0);
            let piece = &mut arcs[arc].pieces[index];
            let (left, right) = (piece.from.min(piece.to), piece.from.max(piece.to));
            piece.label = f64::midpoint(left, right).clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0));
            let (left, right) = (left.min(piece.label - half) - 2.0, right.max(piece.label + half) + 2.0);
            let below = taken.iter().filter(|(l, r, _)| *l < right && left < *r).map(|(_, _, row)| row + 1).max();
            piece.row = below.unwrap_or(0);
            taken.push((left, right, piece.row));
        }
        let Some(line) = lines.get_mut(line) else { continue };
        line.arc_rows = taken.iter().map(|(_, _, row)| row + 1).max().unwrap_or(0).min(MOST_ARC_ROWS);
    }
    for piece in arcs.iter_mut().flat_map(|arc| &mut arc.pieces) {
        piece.height = lines.get(piece.line).map_or(0.0, |line| line.arc_y(piece.row));
    }
}

/// Cuts the lines into blocks where no arc goes across, and gives each line its place in its block.
fn make_blocks(lines: &mut [Line], arcs: &[Arc]) -> Vec<Block> {
    let mut is_held = vec![false; lines.len()];
    for arc in arcs {
        let places = || arc.pieces.iter().map(|piece| piece.line);
        let (Some(first), Some(last)) = (places().min(), places().max()) else { continue };
        is_held.iter_mut().take(last + 1).skip(first + 1).for_each(|held| *held = true);
    }
    let mut blocks: Vec<Block> = Vec::new();
    for (number, line) in lines.iter_mut().enumerate() {
        let length = blocks.last().map_or(0, |block| number - block.first);
        let may_cut = !is_held.get(number).copied().unwrap_or(false);
        let cuts = may_cut && (line.is_paragraph && length >= BLOCK_LINES || length >= 4 * BLOCK_LINES);
        if blocks.is_empty() || cuts {
            blocks.push(Block { first: number, end: number, height: 0.0 });
        }
        let Some(block) = blocks.last_mut() else { continue };
        block.height += line.height(block.first == number && block.height == 0.0);
        block.end = number + 1;
        line.y = block.height - DESCENT - LEADING;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::EntityId,
        schema::{EntityType, RelationType},
        span::ByteSpan,
    };

    #[test]
    fn nothing_stands_on_something_else() {
        let text = "Ada Quill met Bo Lind and Cy Moss of Avon Rail in Oslo. ".repeat(12);
        let mut doc = Document::new("d", text.clone());
        for (at, name) in ["Ada Quill", "Bo Lind", "Cy Moss", "Avon Rail", "Oslo"]
            .into_iter()
            .flat_map(|name| text.match_indices(name).collect::<Vec<_>>())
        {
            let id = EntityId(doc.entities.len() as u32);
            let span = ByteSpan::new(at, at + name.len());
            let entity_type = EntityType::ALL[doc.entities.len() % 8];
            let mentions = vec![MentionId(id.0)];
            doc.entities.push(Entity { entity_type, name: name.to_owned(), norm: None, link: None, mentions });
            let (kind, score) = (MentionKind::Name, 1.0);
            doc.mentions.push(Mention { span, entity_type, kind, score, entity: Some(id), norm: None, link: None });
        }
        for number in 0..doc.entities.len() as u32 {
            let tail = EntityId((number * 7 + 13) % doc.entities.len() as u32);
            doc.relations.push(Relation {
                head: EntityId(number),
                relation_type: RelationType::from_name("supports").unwrap(),
                tail,
                score: 0.5,
                evidence: Vec::new(),
                trigger: None,
                date: None,
                place: None,
                by: None,
                status: None,
            });
        }
        let layout = lay_out(&doc, |_| "supports 0.50".to_owned());
        assert!(layout.arcs.len() > 30 && layout.arcs.len() + layout.left_out.len() == doc.relations.len());
        for (number, line) in layout.lines.iter().enumerate() {
            let pieces: Vec<&ArcPiece> =
                layout.arcs.iter().flat_map(|arc| &arc.pieces).filter(|piece| piece.line == number).collect();
            let range = |piece: &ArcPiece| (piece.from.min(piece.to), piece.from.max(piece.to));
            for (index, one) in pieces.iter().enumerate() {
                assert!(range(one).0 >= 0.0 && range(one).1 <= WIDTH && one.height < line.y + 1.0);
                for other in pieces.iter().skip(index + 1).filter(|other| other.row == one.row) {
                    assert!(range(one).1 < range(other).0 || range(other).1 < range(one).0, "{one:?} {other:?}");
                }
            }
            let labels: Vec<(f64, usize)> = layout
                .fragments
                .iter()
                .filter(|fragment| fragment.line == number)
                .filter_map(|fragment| fragment.label)
                .collect();
            for (index, one) in labels.iter().enumerate() {
                let beside = labels.iter().skip(index + 1).filter(|other| other.1 == one.1);
                assert!(beside.clone().all(|other| (one.0 - other.0).abs() > 15.0), "{labels:?}");
            }
        }
        let tall: f64 = layout.blocks.iter().map(|block| block.height).sum();
        assert!(layout.lines.last().unwrap().y < tall);
    }

    #[test]
    fn arcs_join_the_mentions_that_stand_closest() {
        let mut doc = Document::new("d", "She met him. He met her.");
        for (entity, (start, end)) in [(0, (0, 3)), (1, (8, 11)), (1, (13, 15)), (0, (20, 23))] {
            let (id, entity_type) = (EntityId(entity), EntityType::Person);
            while doc.entities.len() <= entity as usize {
                let name = doc.entities.len().to_string();
                doc.entities.push(Entity { entity_type, name, norm: None, link: None, mentions: Vec::new() });
            }
            doc.entities[entity as usize].mentions.push(MentionId(doc.mentions.len() as u32));
            let (span, kind) = (ByteSpan::new(start, end), MentionKind::Pronoun);
            doc.mentions.push(Mention {
                span,
                entity_type,
                kind,
                score: 1.0,
                entity: Some(id),
                norm: None,
                link: None,
            });
        }
        let check = |evidence: Vec<ByteSpan>, expected: (usize, usize)| {
            let relation = Relation {
                head: EntityId(0),
                relation_type: RelationType::from_name("met").unwrap(),
                tail: EntityId(1),
                score: 1.0,
                evidence,
                trigger: None,
                date: None,
                place: None,
                by: None,
                status: None,
            };
            assert_eq!(ends(&doc, &relation), Some(expected));
        };
        check(vec![ByteSpan::new(0, 12)], (0, 1));
        check(vec![ByteSpan::new(13, 24)], (3, 2));
        check(vec![ByteSpan::new(0, 3)], (0, 1));
        check(Vec::new(), (0, 1));
    }
}
