//! Reliability diagrams: of what is scored 0.8, eight in ten should be right.

use std::fmt::Write;

use anyhow::{Context, Result};
use serde_json::Value;

/// Heading of a panel, and the name of its numbers in the scores.
const PANELS: [(&str, &str); 3] =
    [("names", "name_calibration"), ("links", "link_calibration"), ("relations", "relation_calibration")];
/// Side of a panel, and room around it.
const SIDE: f64 = 200.0;
const MARGIN: f64 = 44.0;

/// A picture of the calibration in the scores of `relata eval --json`. Circles grow with the share of predictions.
pub fn diagram(scores: &Value) -> Result<String> {
    let width = PANELS.len() as f64 * (SIDE + MARGIN) + MARGIN;
    let height = SIDE + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (index, (heading, field)) in PANELS.into_iter().enumerate() {
        let calibration = scores.get(field).with_context(|| format!("the scores have no {field}"))?;
        let number = |value: &Value, name: &str| value[name].as_f64().unwrap_or_default();
        let total = number(calibration, "scored");
        let left = MARGIN + index as f64 * (SIDE + MARGIN);
        let (x, y) = (|share: f64| left + share * SIDE, |share: f64| MARGIN + (1.0 - share) * SIDE);
        writeln!(
            svg,
            "<text x=\"{left}\" y=\"{}\">{total:.0} {heading}, error {:.1} %</text>",
            MARGIN - 10.0,
            100.0 * number(calibration, "expected_error"),
        )?;
        writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{MARGIN}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#999\"/>"
        )?;
        writeln!(
            svg,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"#999\" stroke-dasharray=\"4 3\"/>",
            x(0.0),
            y(0.0),
            x(1.0),
            y(1.0)
        )?;
        for mark in [0.0, 0.5, 1.0] {
            writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{mark}</text>", x(mark), y(0.0) + 14.0)?;
            writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{mark}</text>", left - 4.0, y(mark) + 4.0)?;
        }
        writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">score</text>", x(0.5), y(0.0) + 28.0)?;
        for bin in calibration["bins"].as_array().into_iter().flatten() {
            let radius = 3.0 + 14.0 * (number(bin, "count") / total.max(1.0)).sqrt();
            writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\" fill=\"#1f6fb2\" fill-opacity=\"0.6\"/>",
                x(number(bin, "confidence")),
                y(number(bin, "accuracy")),
            )?;
        }
    }
    svg += "</svg>\n";
    Ok(svg)
}
