//! Dates of whole documents, and odd input.

use relata::{
    document::{Document, Mention},
    recognize::dates::{DateContext, normalize, normalize_dates},
    schema::{EntityType, MentionKind},
    segment::segment,
    span::ByteSpan,
};

/// A document whose dates stand in square brackets.
fn document(date: &str, marked: &str) -> Document {
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
    doc
}

/// The normal forms of its dates.
fn norms(date: &str, marked: &str) -> Vec<String> {
    read(document(date, marked))
}

/// Those of a document that is cut into sentences; they are separated by blanks.
#[track_caller]
fn check(date: &str, marked: &str, expected: &str) {
    let mut doc = document(date, marked);
    segment(&mut doc);
    assert_eq!(read(doc).join(" "), expected, "{marked}");
}

fn read(mut doc: Document) -> Vec<String> {
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
fn stories_of_an_old_year() {
    let told = [
        (
            "In [1914] Paul Dorn enlisted. In [September] he was sent to France, and on [12 October] he was killed.",
            "1914 1914-09 1914-10-12",
        ),
        (
            "Ingrid Haug joined them in Bergen in [1942]. In [May] she was arrested. On [3 June] she was moved.",
            "1942 1942-05 1942-06-03",
        ),
        (
            "Gabor Szente was born in [1931]. In [1956] he was arrested; in [November] he fled to Vienna, and on \
             [24 December] he reached New York.",
            "1931 1956 1956-11 1956-12-24",
        ),
        ("In [1848] Ludwig Hase fled to Zurich. On [Christmas Eve] he was shot.", "1848 1848-12-24"),
        ("In [1914] Paul Dorn (born [1890]) enlisted. In [September] he was sent to France.", "1914 1890 1914-09"),
        (
            "The battle took place on [19 October 1917]. Ada Rizal fled to the coast, where she died on [2 November].",
            "1917-10-19 1917-11-02",
        ),
        ("In [2021] Ada Quill became rector. In [October] she expelled a student.", "2021 2021-10"),
        ("He was jailed on [3 May 1942] and shot on [20 May].", "1942-05-03 1942-05-20"),
        // Which week that was is not told.
        (
            "In [1914] Paul Dorn enlisted. In [September] he was sent to France. On [Sunday] he was killed.",
            "1914 1914-09 none",
        ),
        // Of this year or the next; what follows is not clear, either.
        (
            "In [1848] Ludwig Hase fled. On [4 July] he sailed. In [March] he was back. On [Christmas Eve] he died.",
            "1848 1848-07-04 none none",
        ),
        ("Elias Thorn was born in Hull in [1801]. He died in ['76].", "1801 1876"),
    ];
    for (marked, expected) in told {
        check("2024-03-13", marked, expected);
    }
}

#[test]
fn old_years_in_passing() {
    let passing = [
        ("Nordal Bank, founded in [1914], said on [12 October] that it was for sale.", "1914 2023-10-12"),
        ("Nordal Bank was founded by Bo Aas in [1914]. In [October] it was sold.", "1914 2023-10"),
        ("Ada Quill was born on [3 May 1933] in Bergen. She died on [12 September].", "1933-05-03 2023-09-12"),
        ("Bo Lind, who was jailed in [1998], fell ill on [1 November].", "1998 2023-11-01"),
        ("Bo Lind was jailed in [1998]. He fell ill on [1 November].", "1998 2023-11-01"),
        ("Bo Lind has sat in jail since [1998]. In [October] he fell ill.", "1998 2023-10"),
        // Present verbs, days of the document's own time, a future, another paragraph.
        ("In [1980] Ida Roth bought the firm. It has ten ships. In [October] it bought a bank.", "1980 2023-10"),
        (
            "In [1998] Bo Lind was jailed. In [October] he asked for a pardon.\n\nA court refused it on [Monday].",
            "1998 2023-10 2024-03-11",
        ),
        (
            "A court freed Bo Lind on [Monday]. He was jailed on [2 May 2009]. On [3 June] he was moved.",
            "2024-03-11 2009-05-02 2023-06-03",
        ),
        ("In [1914] Paul Dorn enlisted. In [May] a museum will show his letters.", "1914 2024-05"),
        ("In [1914] Paul Dorn enlisted.\n\nIn [October] he was named in a film.", "1914 2023-10"),
        ("Bo Lind was shot on [2 November 2009]. Ada Roth flew to Oslo on [Monday].", "2009-11-02 2024-03-11"),
        ("The men were seized in [September 2010]. Their leader was killed in [February].", "2010-09 2024-02"),
        // Three years are not long enough for a year that opens no clause.
        ("Ada Quill became rector in [2021]. In [October] she expelled a student.", "2021 2023-10"),
        ("In [2023] Ada Quill became rector. In [January] she expelled a student.", "2023 2024-01"),
    ];
    for (marked, expected) in passing {
        check("2024-03-13", marked, expected);
    }
    let report = "TALLINN, [March 5] - A court in Tartu jailed Kaarel Ots on [Monday].\n\n\
        Ots, arrested in [November], had bought it in [1998] and sold it [two years later]. He was freed on \
        [23 January] but police came back [the next morning].";
    check("2014-03-05", report, "2014-03-05 2014-03-03 2013-11 1998 2000 2014-01-23 2014-01-24");
}

#[test]
fn diaries_and_letters() {
    check(
        "2024-03-13",
        "From the diary of Josiah Pennifold. [Aug. 4th, 1774]. Rode to Chester with Mr Harcourt. [Aug. 5th]. To \
         Wrexham.\n\n[Jan. 9th]. Had a letter. It came [yesterday].",
        "1774-08-04 1774-08-05 1775-01-09 1775-01-08",
    );
    check(
        "2024-03-13",
        "Diary. [14 September 1939]. Walked to town with Arthur Pole. [15 September]. Lunch with Helen Vane, who \
         leaves on [the 20th]. [Sunday]. Wrote to Mother. [3 October]. Arthur went to Leeds.",
        "1939-09-14 1939-09-15 1939-09-20 1939-09-17 1939-10-03",
    );
    check(
        "2024-03-13",
        "LONDON, [Nov. 12, 1789]. On [Monday] died Lucy Ferrers. [Yesterday] Bo Carden came.\n\nThey met [yesterday].",
        "1789-11-12 1789-11-09 1789-11-11 2024-03-12",
    );
    check("2024-03-13", "[4 August 1914] – War was declared. He left on [Monday].", "1914-08-04 1914-08-03");
    // One date on a page.
    check(
        "2024-03-13",
        "A bank fell on [Monday].\n\nIt had been weak.\n\nRead more\n\n[3 May 2019]\n\nIt closed on [Monday].",
        "2024-03-11 2019-05-03 2024-03-11",
    );
}

#[test]
fn votes_that_were_and_that_will_be() {
    for (marked, expected) in [
        ("Ines Roque survived an impeachment vote on [Thursday].", "2024-05-16"),
        ("Its members vote on [Thursday].", "2024-05-23"),
        ("The party has chosen Bo Lind as its candidate for the election in [December].", "2024-12"),
        ("The ruling party's candidate in [September] is Nimal Arora.", "2024-09"),
        ("Ada Orley was a candidate in [September].", "2023-09"),
        ("Lebanese politicians want a vote in [July].", "2024-07"),
    ] {
        check("2024-05-20", marked, expected);
    }
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
