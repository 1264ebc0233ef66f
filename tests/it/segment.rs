//! Segmenting: text in, sentences out, on passages made to be hard.

use std::collections::BTreeSet;

use relata::{document::Document, segment::segment};

/// The paragraphs of the fixture as lists of sentences.
fn passages() -> Vec<Vec<&'static str>> {
    let text = include_str!("fixtures/sentences.txt");
    let blocks =
        text.split("\n\n").map(|block| block.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>());
    blocks.filter(|block| !block.is_empty()).collect()
}

fn sentences(text: &str) -> Vec<String> {
    let mut document = Document::new("passage", text);
    segment(&mut document);
    // Line breaks inside sentences are how a text was wrapped, not what it says.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    document.sentences.iter().map(|sentence| words(document.slice(sentence.span))).collect()
}

/// Breaks lines before a column as an editor does.
fn wrap(paragraph: &str, column: usize) -> String {
    let (mut wrapped, mut width) = (String::new(), 0);
    for word in paragraph.split(' ') {
        let length = word.chars().count();
        if width > 0 {
            let fits = width + 1 + length <= column;
            wrapped.push(if fits { ' ' } else { '\n' });
            width = if fits { width + 1 } else { 0 };
        }
        wrapped.push_str(word);
        width += length;
    }
    wrapped
}

/// F1 of the sentences found against those of the fixture.
fn score(found: &[String], expected: &[&str]) -> f64 {
    let ends = |lengths: &mut dyn Iterator<Item = usize>| -> BTreeSet<usize> {
        lengths
            .scan(0, |sum, length| {
                Some({
                    *sum += length;
                    *sum
                })
            })
            .collect()
    };
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let found = ends(&mut found.iter().map(|sentence| letters(sentence)));
    let expected = ends(&mut expected.iter().map(|sentence| letters(sentence)));
    let right = found.intersection(&expected).count() as f64;
    2.0 * right / (found.len() + expected.len()) as f64
}

#[test]
fn finds_the_sentences_of_hard_passages() {
    let passages = passages();
    let expected: Vec<&str> = passages.iter().flatten().copied().collect();
    assert!(expected.len() >= 60, "{}", expected.len());
    let paragraphs: Vec<String> = passages.iter().map(|sentences| sentences.join(" ")).collect();
    let found = sentences(&paragraphs.join("\n\n"));
    for sentence in &found {
        if !expected.contains(&sentence.as_str()) {
            println!("not in the fixture: {sentence}");
        }
    }
    let f1 = score(&found, &expected);
    println!("sentence ends: F1 {f1:.3} on {} sentences", expected.len());
    assert!(f1 >= 0.97, "{f1}");
}

#[test]
fn finds_the_same_sentences_in_wrapped_text() {
    let paragraphs: Vec<String> = passages().iter().map(|sentences| sentences.join(" ")).collect();
    let plain = sentences(&paragraphs.join("\n\n"));
    for column in [60, 72, 80] {
        let wrapped: Vec<String> = paragraphs.iter().map(|paragraph| wrap(paragraph, column)).collect();
        assert_eq!(sentences(&wrapped.join("\n\n")), plain, "column {column}");
        assert_eq!(sentences(&wrapped.join("\n\n").replace('\n', "\r\n")), plain, "column {column}, CR LF");
    }
    // One paragraph a line, without blank lines between them.
    assert_eq!(sentences(&paragraphs.join("\n")), plain);
}

#[test]
fn takes_long_lines_and_deep_quotes_in_linear_time() {
    let sentence = "Keller said: \"He said: 'She said: \u{201c}Go.\u{201d}'\" Then Mr. Aas (of Oslo) left at 5 p.m. ";
    let text = sentence.repeat(2_000_000 / sentence.len());
    assert!(sentences(&text).len() > 20_000);
    let text = format!("{}x{}", "\"(\u{201c}".repeat(200_000), "\u{201d})\".".repeat(200_000));
    assert!(!sentences(&text).is_empty());
}
