//! Dates of whole documents, and odd input.

use relata::{
    document::{Document, Mention},
    recognize::dates::{DateContext, normalize, normalize_dates},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// A document whose dates stand in square brackets, and their normal forms.
fn norms(date: &str, marked: &str) -> Vec<String> {
    let mut text = String::new();
    let mut spans = Vec::new();
    for (index, piece) in marked.split(['[', ']']).enumerate() {
        let start = text.len();
        text.push_str(piece);
        if index % 2 == 1 {
            spans.push(ByteSpan::new(start, text.len()));
        }
    }
    let mut doc = Document::new("test", text);
    doc.date = Some(date.to_owned());
    doc.mentions = spans
        .into_iter()
        .map(|span| Mention {
            span,
            entity_type: EntityType::Date,
            kind: MentionKind::Name,
            score: 1.0,
            entity: None,
            norm: None,
            link: None,
        })
        .collect();
    normalize_dates(&mut doc);
    doc.mentions.into_iter().map(|mention| mention.norm.unwrap_or_else(|| "none".to_owned())).collect()
}

#[test]
fn report() {
    let marked = "TALLINN, [March 5] - A court in Tartu jailed Kaarel Ots on [Monday] for selling a lighthouse.\n\n\
        Ots, arrested in [November], had bought it in [1998] and sold it [two years later]. He was freed on \
        [23 January] but police came back [the next morning].\n\n\
        His appeal will be heard in [June]. The lighthouse opens to visitors on [Saturday], and a film about it \
        is to be shown [next year].";
    assert_eq!(
        norms("2014-03-05", marked),
        [
            "2014-03-05",
            "2014-03-03",
            "2013-11",
            "1998",
            "2000",
            "2014-01-23",
            "2014-01-24",
            "2014-06",
            "2014-03-08",
            "2015",
        ]
    );
}

#[test]
fn biography() {
    let marked = "Ilse Varga was born on [29 February 1932] and grew up in the [1930s] by the Drava. \
        She taught from [1955 to 1971], was mayor [1971–79] and died [last Sunday]. \
        Every [August] she swam to the other bank.";
    assert_eq!(norms("2009-10-07", marked), ["1932-02-29", "193X", "1955/1971", "1971/1979", "2009-10-04", "none"]);
}

#[test]
fn odd_input_does_not_panic() {
    let pieces = [
        "last",
        "-",
        "9999",
        "'",
        "ß",
        "’98",
        "of",
        "December 31",
        "/",
        "day",
        "in",
        "0",
        "later",
        "次",
        "between",
        "29 feb",
    ];
    let dates = [None, Some("9999-12-31"), Some("0001-01-01"), Some("x"), Some("-5"), Some("199X"), Some("2019-02")];
    for first in pieces {
        for second in pieces {
            for third in pieces {
                let words = format!("{first} {second}{third}");
                for document_date in dates {
                    let earlier = [words.clone(), document_date.unwrap_or_default().to_owned()];
                    let context = DateContext {
                        document_date,
                        before: &words,
                        after: &words,
                        earlier: &earlier,
                        ..DateContext::default()
                    };
                    if let Some(norm) = normalize(&words, &context) {
                        assert!(well_formed(&norm), "{words}: {norm}");
                    }
                }
            }
        }
    }
}

#[test]
fn long_input_is_quick() {
    let before = "will be ".repeat(100_000);
    let context = DateContext { document_date: Some("2019-12-18"), before: &before, ..DateContext::default() };
    assert_eq!(normalize("Friday", &context).as_deref(), Some("2019-12-20"));
    assert_eq!(normalize(&"of ".repeat(40), &context), None);
    assert_eq!(normalize(&"last ".repeat(100_000), &context), None);
}

/// Whether a normal form is one the gold format allows.
fn well_formed(norm: &str) -> bool {
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    let point = |point: &str| {
        let mut parts = point.split('-');
        parts.next().is_some_and(|year| digits(year, 4))
            && parts.clone().count() <= 2
            && parts.all(|part| digits(part, 2))
    };
    norm.strip_suffix('X').is_some_and(|decade| digits(decade, 3))
        || norm.split('/').count() <= 2 && norm.split('/').all(point)
}
