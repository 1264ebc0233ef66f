//! A picture without Graphviz.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::{self, Write},
};

use super::{
    Options, escape,
    layout::{Layout, Point, layout},
    style,
};
use crate::{
    graph::{Edge, KnowledgeGraph, Node},
    schema::{EntityType, Status},
};

const NAME_SIZE: f64 = 13.0;
const NAME_WIDTH: usize = 20;
const NAME_LIMIT: usize = 56;
const LINE_HEIGHT: f64 = 16.0;
const LABEL_SIZE: f64 = 10.5;
const MARGIN: f64 = 28.0;
/// Distance between parallel edges.
const FAN: f64 = 30.0;
/// Above this many comparisons, labels stay at the middle of their edges.
const LABEL_BUDGET: usize = 4_000_000;

pub(super) fn write(graph: &KnowledgeGraph, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    draw(graph, &options.title, &Place { id_prefix: "", links: false, heading: true }, out)
}

/// Where a picture stands.
pub(super) struct Place {
    /// Before the identifiers of nodes, so that they stay unique on a page.
    pub id_prefix: &'static str,
    /// Whether nodes link to the anchors of the same page.
    pub links: bool,
    /// Whether the title is written on the picture.
    pub heading: bool,
}

/// A node's box with its lines of text.
struct Drawn<'a> {
    node: &'a Node,
    lines: Vec<String>,
    center: Point,
    size: Point,
}

/// An edge's curve and label.
struct Curve<'a> {
    edge: &'a Edge,
    status: Option<Status>,
    /// Of those that give it its status.
    documents: usize,
    start: Point,
    control: Point,
    end: Point,
    label: String,
    label_at: Point,
}

/// Draws the graph as an `svg` element.
pub(super) fn draw(graph: &KnowledgeGraph, title: &str, place: &Place, out: &mut dyn Write) -> io::Result<()> {
    let mut drawn: Vec<Drawn<'_>> = graph.nodes().map(measured).collect();
    let index: BTreeMap<&str, usize> =
        drawn.iter().enumerate().map(|(index, drawn)| (drawn.node.id.as_str(), index)).collect();
    let joined: Vec<(usize, usize)> = graph
        .edges()
        .filter_map(|edge| Some((*index.get(edge.head.as_str())?, *index.get(edge.tail.as_str())?)))
        .collect();
    let sizes: Vec<Point> = drawn.iter().map(|drawn| drawn.size).collect();
    let Layout { centers, size } = layout(&sizes, &joined);
    let legend = legend_entries(graph);
    let legend_height = if legend.is_empty() { 0.0 } else { 30.0 };
    let top = MARGIN + if place.heading { 38.0 } else { 0.0 } + legend_height;
    let legend_width: f64 = legend.iter().map(|(label, _)| label_room(label)).sum();
    let title = escape::shorten(title, 90);
    let heading_width = if place.heading { text_width(&title, 18.0) } else { 0.0 };
    let width = (size.x.max(legend_width).max(heading_width) + 2.0 * MARGIN).ceil();
    let height = (size.y + top + MARGIN).ceil();
    // A picture narrower than its legend stands in the middle.
    let left = (width - size.x) / 2.0;
    for (drawn, center) in drawn.iter_mut().zip(centers) {
        drawn.center = Point { x: center.x + left, y: center.y + top };
    }
    let curves = curves(graph, &drawn, &index);

    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">"
    )?;
    writeln!(out, "<title>{}</title>", escape::xml(&title))?;
    writeln!(out, "<defs>")?;
    for (name, status) in [("fact", None), ("former", Some(Status::Former)), ("negated", Some(Status::Negated))] {
        writeln!(
            out,
            "<marker id=\"{}arrow-{name}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0,1 L10,5 L0,9 Z\" fill=\"{}\"/></marker>",
            place.id_prefix,
            style::edge_color(status)
        )?;
    }
    writeln!(out, "</defs>")?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
    if place.heading {
        writeln!(
            out,
            "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"18\" font-weight=\"bold\" fill=\"#1d2733\">{}</text>",
            MARGIN + 12.0,
            escape::xml(&title)
        )?;
    }
    write_legend(&legend, top - legend_height - 4.0, out)?;
    writeln!(out, "<g fill=\"none\">")?;
    for curve in &curves {
        write_curve(curve, place, out)?;
    }
    writeln!(out, "</g>")?;
    for drawn in &drawn {
        write_node(drawn, place, out)?;
    }
    // Labels come last: a line or a box over a label hides it, a label over a line does not. The white rim is drawn by
    // itself, below all labels, since not every viewer knows `paint-order`.
    writeln!(out, "<g font-size=\"{LABEL_SIZE}\" text-anchor=\"middle\">")?;
    writeln!(
        out,
        "<g aria-hidden=\"true\" fill=\"#ffffff\" stroke=\"#ffffff\" stroke-width=\"3.5\" stroke-linejoin=\"round\">"
    )?;
    for curve in &curves {
        write_label(curve, "", out)?;
    }
    writeln!(out, "</g>")?;
    for curve in &curves {
        write_label(curve, &format!(" fill=\"{}\"", label_color(curve.status)), out)?;
    }
    writeln!(out, "</g>\n</svg>")
}

fn write_label(curve: &Curve<'_>, attributes: &str, out: &mut dyn Write) -> io::Result<()> {
    let (x, y) = (curve.label_at.x, curve.label_at.y + LABEL_SIZE * 0.35);
    writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\"{attributes}>{}</text>", escape::xml(&curve.label))
}

fn label_color(status: Option<Status>) -> &'static str {
    match status {
        // The grey of former lines is too pale for small text.
        Some(Status::Former) => "#7b8591",
        status => style::edge_color(status),
    }
}

fn measured(node: &Node) -> Drawn<'_> {
    let lines = escape::wrap(&escape::shorten(&node.name, NAME_LIMIT), NAME_WIDTH);
    let text = lines.iter().map(|line| text_width(line, NAME_SIZE)).fold(24.0, f64::max);
    let (side, above) = match node.entity_type {
        EntityType::Person | EntityType::Group => (16.0, 7.0),
        EntityType::Place => (12.0, 10.0),
        EntityType::Work => (16.0, 7.0),
        _ => (12.0, 7.0),
    };
    let size = Point { x: (text + 2.0 * side).ceil(), y: lines.len() as f64 * LINE_HEIGHT + 2.0 * above };
    Drawn { node, lines, center: Point::default(), size }
}

/// Width of a text in a usual sans-serif font, a little too wide rather than too narrow.
fn text_width(text: &str, size: f64) -> f64 {
    let units: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.31,
            ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.38,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
            c if c.is_ascii_uppercase() => 0.72,
            c if c.is_ascii() => 0.59,
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
            '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' => {
                1.05
            }
            c if u32::from(c) >= 0x1_f000 => 1.4,
            c if c.is_uppercase() => 0.75,
            _ => 0.64,
        })
        .sum();
    units * size
}

fn curves<'a>(graph: &'a KnowledgeGraph, drawn: &[Drawn<'_>], index: &BTreeMap<&str, usize>) -> Vec<Curve<'a>> {
    // Edges between the same two nodes fan out, whichever way they point.
    let mut lanes: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let ends = |edge: &Edge| {
        let (head, tail) = (*index.get(edge.head.as_str())?, *index.get(edge.tail.as_str())?);
        Some((head, tail, (head.min(tail), head.max(tail))))
    };
    for (_, _, pair) in graph.edges().filter_map(ends) {
        *lanes.entry(pair).or_insert(0) += 1;
    }
    let mut used: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut labels: Vec<(Point, Point)> = Vec::new();
    let crowded = graph.edge_count().saturating_mul(graph.node_count() + graph.edge_count()) > LABEL_BUDGET;
    graph
        .edges()
        .filter_map(|edge| {
            let (head, tail, pair) = ends(edge)?;
            let (from, to) = (drawn.get(head)?, drawn.get(tail)?);
            let (low, high) = (drawn.get(pair.0)?.center, drawn.get(pair.1)?.center);
            let lane = used.entry(pair).or_insert(0);
            let count = lanes.get(&pair).copied().unwrap_or(1);
            let offset = (*lane as f64 - (count as f64 - 1.0) / 2.0) * FAN;
            *lane += 1;
            let along = Point { x: high.x - low.x, y: high.y - low.y };
            let length = (along.x * along.x + along.y * along.y).sqrt().max(1.0);
            let control = Point {
                x: (low.x + high.x) / 2.0 - along.y / length * offset * 2.0,
                y: (low.y + high.y) / 2.0 + along.x / length * offset * 2.0,
            };
            let start = border(from, control, 2.0);
            let end = border(to, control, 3.0);
            let summary = graph.summary(edge);
            let status = summary.status();
            let label = style::edge_label(edge.relation_type.name(), status);
            let size = Point { x: text_width(&label, LABEL_SIZE) + 4.0, y: LABEL_SIZE + 3.0 };
            let at = |t: f64| point_on(start, control, end, t);
            let free = |at: &Point| {
                !drawn.iter().any(|drawn| overlap(*at, size, drawn.center, drawn.size))
                    && !labels.iter().any(|(center, other)| overlap(*at, size, *center, *other))
            };
            // The tail's side first: the head needs its arrow seen.
            let places = [0.48, 0.4, 0.56, 0.32, 0.64, 0.24, 0.7, 0.44, 0.52, 0.36, 0.6, 0.28];
            let label_at =
                if crowded { None } else { places.into_iter().map(at).find(free) }.unwrap_or_else(|| at(0.48));
            labels.push((label_at, size));
            Some(Curve { edge, status, documents: summary.shown.documents, start, control, end, label, label_at })
        })
        .collect()
}

fn overlap(a: Point, a_size: Point, b: Point, b_size: Point) -> bool {
    (a.x - b.x).abs() < (a_size.x + b_size.x) / 2.0 && (a.y - b.y).abs() < (a_size.y + b_size.y) / 2.0
}

fn point_on(start: Point, control: Point, end: Point, t: f64) -> Point {
    let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
    Point { x: a * start.x + b * control.x + c * end.x, y: a * start.y + b * control.y + c * end.y }
}

/// Where the line from a box's center towards a point leaves the box, a little outside.
fn border(drawn: &Drawn<'_>, towards: Point, gap: f64) -> Point {
    let (dx, dy) = (towards.x - drawn.center.x, towards.y - drawn.center.y);
    if dx.abs() < 1e-6 && dy.abs() < 1e-6 {
        return drawn.center;
    }
    let across = |half: f64, step: f64| if step.abs() < 1e-6 { f64::INFINITY } else { half / step.abs() };
    let scale = across(drawn.size.x / 2.0 + gap, dx).min(across(drawn.size.y / 2.0 + gap, dy));
    Point { x: drawn.center.x + dx * scale, y: drawn.center.y + dy * scale }
}

fn write_curve(curve: &Curve<'_>, place: &Place, out: &mut dyn Write) -> io::Result<()> {
    let dash = match curve.status {
        Some(Status::Possible | Status::Intended) => " stroke-dasharray=\"6 4\"",
        Some(Status::Negated) => " stroke-dasharray=\"1.5 4\" stroke-linecap=\"round\"",
        Some(Status::Former) | None => "",
    };
    let arrow = match curve.status {
        Some(Status::Former) => "former",
        Some(Status::Negated) => "negated",
        _ => "fact",
    };
    let marker = if curve.edge.relation_type.info().symmetric {
        String::new()
    } else {
        format!(" marker-end=\"url(#{}arrow-{arrow})\"", place.id_prefix)
    };
    let shown = curve.edge.assertions.iter().filter(|assertion| assertion.status == curve.status);
    let evidence = shown.flat_map(|assertion| &assertion.evidence).next();
    let tooltip = evidence.map_or(curve.label.clone(), |quote| format!("{}: {}", curve.label, quote.text));
    writeln!(
        out,
        "<path data-head=\"{}\" data-relation=\"{}\" data-tail=\"{}\" d=\"M{:.1},{:.1} Q{:.1},{:.1} {:.1},{:.1}\" stroke=\"{}\" stroke-width=\"{}\"{dash}{marker}><title>{}</title></path>",
        curve.edge.head,
        curve.edge.relation_type,
        curve.edge.tail,
        curve.start.x,
        curve.start.y,
        curve.control.x,
        curve.control.y,
        curve.end.x,
        curve.end.y,
        style::edge_color(curve.status),
        if curve.documents > 1 { 2.2 } else { 1.4 },
        escape::xml(&escape::shorten(&tooltip, 400))
    )
}

fn write_node(drawn: &Drawn<'_>, place: &Place, out: &mut dyn Write) -> io::Result<()> {
    let node = drawn.node;
    writeln!(out, "<g id=\"{}{}\">", place.id_prefix, node.id)?;
    if place.links {
        write!(out, "<a href=\"#{}\">", node.id)?;
    }
    let tooltip = format!("{} · {}", escape::shorten(&node.name, 400), node.entity_type);
    write!(out, "<title>{}</title>", escape::xml(&tooltip))?;
    write!(out, "{}", shape(node.entity_type, drawn.center, drawn.size))?;
    write!(out, "<text font-size=\"{NAME_SIZE}\" text-anchor=\"middle\" fill=\"#1d2733\">")?;
    let first = drawn.center.y - (drawn.lines.len() as f64 - 1.0) * LINE_HEIGHT / 2.0 + NAME_SIZE * 0.36;
    let first = if node.entity_type == EntityType::Place { first + 3.0 } else { first };
    for (index, line) in drawn.lines.iter().enumerate() {
        let y = first + index as f64 * LINE_HEIGHT;
        write!(out, "<tspan x=\"{:.1}\" y=\"{y:.1}\">{}</tspan>", drawn.center.x, escape::xml(line))?;
    }
    write!(out, "</text>")?;
    if place.links {
        write!(out, "</a>")?;
    }
    writeln!(out, "</g>")
}

/// The outline of a node: each type has its own, as color alone does not reach every reader.
fn shape(entity_type: EntityType, center: Point, size: Point) -> String {
    let look = style::of_type(entity_type);
    let paint = format!("fill=\"{}\" stroke=\"{}\" stroke-width=\"1.3\"", look.fill, look.stroke);
    let (left, top) = (center.x - size.x / 2.0, center.y - size.y / 2.0);
    let (right, bottom) = (left + size.x, top + size.y);
    let rounded = |radius: f64| {
        format!(
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius:.1}\" {paint}/>",
            size.x, size.y
        )
    };
    let polygon = |points: &[(f64, f64)]| {
        let mut list = String::new();
        for (x, y) in points {
            // Writing to a string cannot fail.
            let _ = write!(list, "{x:.1},{y:.1} ");
        }
        format!("<polygon points=\"{}\" stroke-linejoin=\"round\" {paint}/>", list.trim_end())
    };
    let line = |x1: f64, y1: f64, x2: f64, y2: f64| {
        format!(
            "<path d=\"M{x1:.1},{y1:.1} L{x2:.1},{y2:.1}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.3\"/>",
            look.stroke
        )
    };
    match entity_type {
        EntityType::Person => rounded((size.y / 2.0).min(20.0)),
        EntityType::Organization => rounded(3.0),
        EntityType::Place => {
            let eaves = top + 7.0;
            polygon(&[(left, bottom), (left, eaves), (center.x, top), (right, eaves), (right, bottom)])
        }
        EntityType::Group => polygon(&[
            (left, center.y),
            (left + 9.0, top),
            (right - 9.0, top),
            (right, center.y),
            (right - 9.0, bottom),
            (left + 9.0, bottom),
        ]),
        EntityType::Event => polygon(&[
            (left, top + 8.0),
            (left + 8.0, top),
            (right - 8.0, top),
            (right, top + 8.0),
            (right, bottom - 8.0),
            (right - 8.0, bottom),
            (left + 8.0, bottom),
            (left, bottom - 8.0),
        ]),
        EntityType::Title => {
            let fold = 9.0;
            let outline =
                polygon(&[(left, bottom), (left, top), (right - fold, top), (right, top + fold), (right, bottom)]);
            outline
                + &line(right - fold, top, right - fold, top + fold)
                + &line(right - fold, top + fold, right, top + fold)
        }
        EntityType::Date => rounded(8.0).replace("stroke-width=\"1.3\"", "stroke-width=\"1\" stroke-dasharray=\"2 2\""),
        EntityType::Work => rounded(3.0) + &line(left + 6.0, top, left + 6.0, bottom),
        EntityType::Own(_) => rounded(3.0) + &line(left, top + 4.0, right, top + 4.0),
    }
}

/// What a legend line shows.
enum Sample {
    Type(EntityType),
    Line(Option<Status>),
}

fn legend_entries(graph: &KnowledgeGraph) -> Vec<(String, Sample)> {
    let types: BTreeSet<EntityType> = graph.nodes().map(|node| node.entity_type).collect();
    let statuses: BTreeSet<Option<Status>> = graph.edges().map(|edge| graph.summary(edge).status()).collect();
    let of_types = types.into_iter().map(|entity_type| (entity_type.name().to_lowercase(), Sample::Type(entity_type)));
    let of_lines = statuses
        .into_iter()
        .map(|status| (status.map_or("stated as fact", Status::name).to_owned(), Sample::Line(status)));
    of_types.chain(of_lines).collect()
}

fn label_room(label: &str) -> f64 {
    text_width(label, 11.0) + 50.0
}

fn write_legend(entries: &[(String, Sample)], y: f64, out: &mut dyn Write) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "<g font-size=\"11\" fill=\"#4a5560\">")?;
    let mut x = MARGIN;
    for (label, sample) in entries {
        match sample {
            Sample::Type(entity_type) => {
                let center = Point { x: x + 13.0, y };
                write!(out, "{}", shape(*entity_type, center, Point { x: 26.0, y: 16.0 }))?;
            }
            Sample::Line(status) => {
                let dash = match status {
                    Some(Status::Possible | Status::Intended) => " stroke-dasharray=\"6 4\"",
                    Some(Status::Negated) => " stroke-dasharray=\"1.5 4\" stroke-linecap=\"round\"",
                    Some(Status::Former) | None => "",
                };
                let color = style::edge_color(*status);
                write!(
                    out,
                    "<path d=\"M{x:.1},{y:.1} h26\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.6\"{dash}/>"
                )?;
            }
        }
        writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{label}</text>", x + 32.0, y + 4.0)?;
        x += label_room(label);
    }
    writeln!(out, "</g>")
}
