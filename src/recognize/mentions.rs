//! Decodes the model's tag scores into mentions.

use std::borrow::Cow;

use super::mend::{mend_names, takes_no_stop};
use crate::{
    document::{Document, Mention},
    lexicon::{Lexicon, TitleClass},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Tags of a word: `O`, then for each type and kind the four of BIOES: begin, inside, end, single.
pub const TAG_COUNT: usize = 1 + EntityType::ALL.len() * MentionKind::ALL.len() * POSITIONS;

const POSITIONS: usize = 4;

/// Place of a word in a mention (BIOES tagging, Ratinov and Roth 2009).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Begin,
    Inside,
    End,
    Single,
}

/// A tag taken apart; nothing for `O`.
fn parts(tag: usize) -> Option<(EntityType, MentionKind, Position)> {
    let index = tag.checked_sub(1)?;
    let position = [Position::Begin, Position::Inside, Position::End, Position::Single][index % POSITIONS];
    let class = index / POSITIONS;
    let kind = MentionKind::ALL[class % MentionKind::ALL.len()];
    let entity_type = *EntityType::ALL.get(class / MentionKind::ALL.len())?;
    Some((entity_type, kind, position))
}

/// Whether a mention goes on after a word with this tag.
fn is_open(tag: usize) -> bool {
    matches!(parts(tag), Some((_, _, Position::Begin | Position::Inside)))
}

/// Whether a word with this tag continues a mention.
fn continues(tag: usize) -> bool {
    matches!(parts(tag), Some((_, _, Position::Inside | Position::End)))
}

/// Finds the mentions of a document and puts them into it, in order.
///
/// `words` are the words that the model saw, in order; `logits` holds [`TAG_COUNT`] scores a word. Mentions do not
/// cross paragraphs and columns. With fewer scores than words, the words without scores hold no mention.
///
/// A document that is not segmented has no paragraphs but those that blank lines separate.
pub fn recognize(doc: &mut Document, words: &[ByteSpan], logits: &[f32]) {
    let (words, logits) = in_tokens(doc, words, logits);
    let mut start = 0;
    while start < words.len() {
        let end =
            (start + 1..words.len()).find(|&word| are_apart(doc, words[word - 1], words[word])).unwrap_or(words.len());
        decode(&words[start..end], &logits[start * TAG_COUNT..end * TAG_COUNT], &mut doc.mentions);
        start = end;
    }
    mend_names(&doc.text, &mut doc.mentions);
    for at in 0..doc.mentions.len() {
        if ends_in_abbreviation(doc, &doc.mentions[at]) {
            doc.mentions[at].span.end += 1;
        } else if ends_in_sentence_stop(doc, &doc.mentions[at]) {
            doc.mentions[at].span.end -= 1;
        }
    }
    let text = &doc.text;
    doc.mentions.retain(|mention| {
        let words = text.get(mention.span.range()).unwrap_or_default().trim();
        !words.is_empty() && (mention.entity_type != EntityType::Title || !is_honorific(words))
    });
    doc.mentions.sort_by_key(|mention| mention.span);
}

/// Whether words are a form of address (`Mr.`, `Mrs`, `Sir`, `Dr`), which is no title; a `doctor`, `professor` or `don` has
/// one.
fn is_honorific(words: &str) -> bool {
    Lexicon::embedded().title(words).is_some_and(|title| {
        let address = title.gender.is_some() && words.starts_with(char::is_uppercase);
        title.class == TitleClass::Honorific && (address || matches!(words.trim_end_matches('.'), "Dr" | "DR" | "Mx"))
    })
}

/// The most blanks between two words of one name on one line; more stand between columns.
const WIDEST_GAP: usize = 2;

/// The longest word without stops inside that may be an abbreviation, in characters (`Assoc.`, `Calif.`, `Middx.`).
const LONGEST_ABBREVIATION: usize = 6;

/// Whether the full stop after a name belongs to its last word: the sentence goes on after it, so that it ends no
/// sentence but an abbreviation (`Corp.`, `Minn.`, `Jr.`), or the name is a state's, which is never cut short without it.
fn ends_in_abbreviation(doc: &Document, mention: &Mention) -> bool {
    if mention.kind != MentionKind::Name {
        return false;
    }
    let name = mention.span;
    let Some(sentence) = doc.sentence_at(name.start).map(|index| doc.sentences[index].span) else { return false };
    let rest = doc.text.get(name.end as usize..sentence.end as usize).unwrap_or_default();
    let Some(after) = rest.strip_prefix('.') else { return false };
    let (before, word) = doc.slice(name).rsplit_once(char::is_whitespace).unwrap_or(("", doc.slice(name)));
    // "Dalby, Minn." and "N.Y.", but not "the Las Vegas Wash."
    if mention.entity_type == EntityType::Place
        && (before.is_empty() || before.ends_with([',', '.']) || word.contains('.'))
        && !after.starts_with(|next: char| next.is_alphanumeric() || next == '.')
        && Lexicon::embedded().is_abbreviated_region(&format!("{word}."))
    {
        return true;
    }
    let goes_on = after.chars().any(char::is_alphanumeric);
    // A closed quote or the mark of a note ends a sentence that the segmenter has kept together with the next words.
    let open = after.starts_with([' ', '\n', '\t', '\u{a0}', ',', ';', ':', ')', '-'])
        || ["'s", "\u{2019}s"].iter().any(|possessive| after.starts_with(possessive));
    let dots = after.trim_start().starts_with('.');
    let long = !word.contains('.') && word.chars().count() > LONGEST_ABBREVIATION;
    let whole = long || takes_no_stop(word) || Lexicon::embedded().is_country(word);
    goes_on && open && !dots && !whole && word.chars().any(char::is_alphabetic) && !word.ends_with('.')
}

/// Words that may lose letters before a full stop at the end of a name, in small letters; sorted.
const SHORTENED: &[&str] = &[
    "assn", "assoc", "ave", "bhd", "blvd", "bros", "cia", "cie", "co", "corp", "cos", "dept", "dist", "div", "esq",
    "govt", "hf", "inc", "inst", "intl", "jr", "kft", "lda", "ltd", "ltda", "mfg", "natl", "nyrt", "pte", "pty", "pvt",
    "rd", "sdn", "snr", "sq", "sr", "st", "ste", "tbk", "univ", "zrt",
];

/// Whether the full stop at the end of a name is that of its sentence (`Nordbank.`) and not that of its last word (`Inc.`,
/// `J. R.`, `U.S.`).
fn ends_in_sentence_stop(doc: &Document, mention: &Mention) -> bool {
    // Titles and dates have abbreviations of their own.
    if mention.kind != MentionKind::Name || matches!(mention.entity_type, EntityType::Title | EntityType::Date) {
        return false;
    }
    let Some(name) = doc.slice(mention.span).strip_suffix('.') else { return false };
    let word = name.rsplit(char::is_whitespace).next().unwrap_or_default();
    let letters = word.chars().count();
    let is_acronym = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 3);
    if letters < 2
        || is_acronym
        || SHORTENED.binary_search(&word.to_lowercase().as_str()).is_ok()
        || Lexicon::embedded().is_abbreviated_region(&format!("{word}."))
    {
        return false;
    }
    let goes_on = || {
        let sentence = doc.sentence_at(mention.span.start).map(|index| doc.sentences[index].span);
        let rest = sentence.and_then(|span| doc.text.get(mention.span.end as usize..span.end as usize));
        rest.is_none_or(|rest| rest.chars().any(char::is_alphanumeric))
    };
    letters > LONGEST_ABBREVIATION || takes_no_stop(word) || !goes_on()
}

/// The words that lie in tokens, with their scores. What does not are the marks before the lines of quoted mail, which part
/// no name.
fn in_tokens<'a>(doc: &Document, words: &'a [ByteSpan], logits: &'a [f32]) -> (Cow<'a, [ByteSpan]>, Cow<'a, [f32]>) {
    let scored = words.len().min(logits.len() / TAG_COUNT);
    let (words, logits) = (&words[..scored], &logits[..scored * TAG_COUNT]);
    let is_in_token = |word: ByteSpan| {
        let token = doc.tokens.partition_point(|token| token.span.end <= word.start);
        doc.tokens.get(token).is_some_and(|token| token.span.overlaps(word))
    };
    if doc.tokens.is_empty() || words.iter().all(|word| is_in_token(*word)) {
        return (Cow::Borrowed(words), Cow::Borrowed(logits));
    }
    let (mut inner_words, mut inner_logits) = (Vec::new(), Vec::new());
    for (word, scores) in words.iter().zip(logits.chunks_exact(TAG_COUNT)) {
        if is_in_token(*word) {
            inner_words.push(*word);
            inner_logits.extend_from_slice(scores);
        }
    }
    (Cow::Owned(inner_words), Cow::Owned(inner_logits))
}

/// Whether no mention goes from one word over to the next: a paragraph or a blank line separates them, or they stand in two
/// columns of one line.
fn are_apart(doc: &Document, left: ByteSpan, right: ByteSpan) -> bool {
    let between = doc.text.get(left.end as usize..right.start as usize).unwrap_or_default();
    if between.is_empty() || between == " " {
        return false;
    }
    let breaks = between.bytes().filter(|byte| *byte == b'\n').take(2).count();
    let blanks = between.chars().filter(|c| c.is_whitespace()).take(WIDEST_GAP + 1).count();
    let in_columns = breaks == 0 && (blanks > WIDEST_GAP || between.contains('\t'));
    let next = doc.paragraphs.partition_point(|paragraph| paragraph.start <= left.start);
    let starts_paragraph = doc.paragraphs.get(next).is_some_and(|paragraph| paragraph.start <= right.start);
    breaks > 1 || in_columns || starts_paragraph
}

/// Viterbi search for the best tag sequence that BIOES allows; appends its mentions.
fn decode(words: &[ByteSpan], logits: &[f32], mentions: &mut Vec<Mention>) {
    let log_probabilities: Vec<f32> = logits.chunks_exact(TAG_COUNT).flat_map(log_softmax).collect();
    let mut total = vec![f32::NEG_INFINITY; TAG_COUNT];
    for tag in (0..TAG_COUNT).filter(|tag| !continues(*tag)) {
        total[tag] = log_probabilities[tag];
    }
    // back[word * TAG_COUNT + tag]: the best tag of the word before.
    let mut back = vec![0_u16; words.len() * TAG_COUNT];
    let mut next = vec![0.0_f32; TAG_COUNT];
    for word in 1..words.len() {
        let closed = best(&total, |tag| !is_open(tag));
        for tag in 0..TAG_COUNT {
            let from = if continues(tag) {
                // The begin and inside tags of the same class.
                let begin = 1 + (tag - 1) / POSITIONS * POSITIONS;
                if total[begin] >= total[begin + 1] { begin } else { begin + 1 }
            } else {
                closed
            };
            next[tag] = total[from] + log_probabilities[word * TAG_COUNT + tag];
            back[word * TAG_COUNT + tag] = from as u16;
        }
        std::mem::swap(&mut total, &mut next);
    }
    let mut tag = best(&total, |tag| !is_open(tag));
    let mut tags = vec![0; words.len()];
    for word in (0..words.len()).rev() {
        tags[word] = tag;
        tag = usize::from(back[word * TAG_COUNT + tag]);
    }

    let mut first = 0;
    for (word, tag) in tags.iter().copied().enumerate() {
        let Some((entity_type, kind, position)) = parts(tag) else { continue };
        if matches!(position, Position::Begin | Position::Single) {
            first = word;
        }
        if matches!(position, Position::End | Position::Single) {
            let score = confidence(first..word + 1, entity_type, kind, &log_probabilities);
            mentions.push(Mention {
                span: ByteSpan::new(words[first].start as usize, words[word].end as usize),
                entity_type,
                kind,
                score,
                entity: None,
                norm: None,
                link: None,
            });
        }
    }
}

/// The tag with the highest total among those that pass; the lower tag wins a tie.
fn best(total: &[f32], pass: impl Fn(usize) -> bool) -> usize {
    let mut best = 0;
    for tag in (0..total.len()).filter(|tag| pass(*tag)) {
        if total[tag] > total[best] {
            best = tag;
        }
    }
    best
}

fn log_softmax(logits: &[f32]) -> Vec<f32> {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - max).exp()).sum();
    let shift = max + sum.ln();
    logits.iter().map(|logit| logit - shift).collect()
}

/// Geometric mean over the words of the probability of the mention's type and kind, whatever the position tag.
fn confidence(
    words: std::ops::Range<usize>,
    entity_type: EntityType,
    kind: MentionKind,
    log_probabilities: &[f32],
) -> f32 {
    let class = entity_type.index() * MentionKind::ALL.len() + kind as usize;
    let count = words.len().max(1) as f32;
    let sum: f32 = words
        .map(|word| {
            let start = word * TAG_COUNT + 1 + class * POSITIONS;
            let probability: f32 = log_probabilities[start..start + POSITIONS].iter().map(|log| log.exp()).sum();
            probability.max(f32::MIN_POSITIVE).ln()
        })
        .sum();
    (sum / count).exp().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words separated by blanks or line breaks, and the tag that each word's scores favor.
    fn check(text: &str, tags: &[usize], expected: &[(&str, EntityType, MentionKind)]) {
        let mut words = Vec::new();
        let mut at = 0;
        for word in text.split([' ', '\n']) {
            if !word.is_empty() {
                words.push(ByteSpan::new(at, at + word.len()));
            }
            at += word.len() + 1;
        }
        let mut logits = vec![0.0; words.len() * TAG_COUNT];
        for (word, tag) in tags.iter().enumerate() {
            logits[word * TAG_COUNT + tag] = 9.0;
        }
        let mut doc = Document::new("d", text);
        recognize(&mut doc, &words, &logits);
        let found: Vec<_> =
            doc.mentions.iter().map(|mention| (doc.slice(mention.span), mention.entity_type, mention.kind)).collect();
        assert_eq!(found, expected);
        assert!(doc.mentions.iter().all(|mention| mention.score > 0.5 && mention.score <= 1.0));
    }

    fn tag(entity_type: EntityType, kind: MentionKind, position: usize) -> usize {
        1 + (entity_type.index() * 3 + kind as usize) * POSITIONS + position
    }

    #[test]
    fn tags_become_mentions() {
        use EntityType::{Organization, Person};
        use MentionKind::{Name, Pronoun};
        let [begin, inside, end, single] = [0, 1, 2, 3].map(|position| tag(Person, Name, position));
        check("Ana Maria Roth spoke", &[begin, inside, end, 0], &[("Ana Maria Roth", Person, Name)]);
        check(
            "she met Nordbank",
            &[tag(Person, Pronoun, 3), 0, tag(Organization, Name, 3)],
            &[("she", Person, Pronoun), ("Nordbank", Organization, Name)],
        );
        check("Roth Keller", &[single, single], &[("Roth", Person, Name), ("Keller", Person, Name)]);
        check("", &[], &[]);
    }

    #[test]
    fn forms_of_address_are_no_titles() {
        for (words, expected) in
            [("Mr.", true), ("Mrs", true), ("Sir", true), ("Dr.", true), ("Professor", false), ("don", false)]
        {
            assert_eq!(is_honorific(words), expected, "{words}");
        }
        let mut doc = Document::new("d", "Mr. Roth");
        let mut logits = vec![0.0; 2 * TAG_COUNT];
        logits[tag(EntityType::Title, MentionKind::Name, 3)] = 9.0;
        logits[TAG_COUNT + tag(EntityType::Person, MentionKind::Name, 3)] = 9.0;
        recognize(&mut doc, &[ByteSpan::new(0, 3), ByteSpan::new(4, 8)], &logits);
        assert_eq!(doc.mentions.len(), 1, "{:?}", doc.mentions);
        assert_eq!(doc.slice(doc.mentions[0].span), "Roth");
    }

    #[test]
    fn broken_sequences_are_repaired() {
        use EntityType::Person;
        let [begin, inside, end, _] = [0, 1, 2, 3].map(|position| tag(Person, MentionKind::Name, position));
        // An end without a begin and a begin without an end cannot both win; the search takes the best legal path.
        let mut doc = Document::new("d", "Ana Roth");
        let words = [ByteSpan::new(0, 3), ByteSpan::new(4, 8)];
        let mut logits = vec![0.0; 2 * TAG_COUNT];
        logits[inside] = 9.0;
        logits[begin] = 8.0;
        logits[TAG_COUNT + end] = 9.0;
        recognize(&mut doc, &words, &logits);
        assert_eq!(doc.mentions.len(), 1);
        assert_eq!(doc.slice(doc.mentions[0].span), "Ana Roth");
    }

    /// A document of one sentence, and the mention of a name in it.
    fn named(text: &str, name: &str, entity_type: EntityType) -> (Document, Mention) {
        use crate::{
            document::{Sentence, SentenceRole},
            span::TokenSpan,
        };
        let mut doc = Document::new("d", text);
        let (span, tokens) = (ByteSpan::new(0, text.len()), TokenSpan::new(0, 0));
        doc.sentences = vec![Sentence { span, tokens, paragraph: 0, role: SentenceRole::Body }];
        let at = text.find(name).unwrap();
        let mention = Mention {
            span: ByteSpan::new(at, at + name.len()),
            entity_type,
            kind: MentionKind::Name,
            score: 1.0,
            entity: None,
            norm: None,
            link: None,
        };
        (doc, mention)
    }

    #[test]
    fn full_stops_of_abbreviations_belong_to_the_name() {
        fn check(text: &str, name: &str, expected: bool) {
            check_type(text, name, EntityType::Organization, expected);
        }
        fn check_type(text: &str, name: &str, entity_type: EntityType, expected: bool) {
            let (doc, mut mention) = named(text, name, entity_type);
            assert_eq!(ends_in_abbreviation(&doc, &mention), expected, "{text}");
            mention.kind = MentionKind::Nominal;
            assert!(!ends_in_abbreviation(&doc, &mention), "{text}");
        }
        check("Brandvik Corp. and its rival", "Brandvik Corp", true);
        check("He is from Dalby, Minn., and a farmer.", "Minn", true);
        check("He is from Dalby, Minn.", "Minn", false);
        check_type("He is from Dalby, Minn.", "Minn", EntityType::Place, true);
        check_type("He is from Dalby, Minn", "Minn", EntityType::Place, false);
        check_type("\"He is from Dalby, N.Y.\"", "N.Y", EntityType::Place, true);
        check_type("He is from Dalby, Minn.", "Dalby, Minn", EntityType::Place, true);
        check_type("He is from Oslo.", "Oslo", EntityType::Place, false);
        check_type("They walked the Dalby Wash.", "Dalby Wash", EntityType::Place, false);
        check_type("He is from Minn... he said", "Minn", EntityType::Place, false);
        check_type("See Va.example", "Va", EntityType::Place, false);
        check("\"I met Aas.\"", "Aas", false);
        check("Nordbank.example is a site", "Nordbank", false);
        check("Well, Nordbank... sold it", "Nordbank", false);
        check("In 1990. and later", "1990", false);
        check("Brandvik Corp.'s rival", "Brandvik Corp", true);
        check("He was in Oslo.[12] Later he left.", "Oslo", false);
        check("\"He runs Nordbank.\" she said", "Nordbank", false);
        check("\u{201c}I met Aas.\u{201d} \u{2014} Bo Lind", "Aas", false);
        check("Well, Nordbank . . . sold it", "Nordbank", false);
        check("In the U.S.S.R. of then", "U.S.S.R", true);
        check("The troops left Georgia. kb / rw (Reuters)", "Georgia", false);
        check("The troops left Syria. kb / rw (Reuters)", "Syria", false);
        check("Well, Nordbank. . . sold it", "Nordbank", false);
        check("Harrow plc. of Leeds", "Harrow plc", false);
        check("Nordhavn A/S. of Oslo", "Nordhavn A/S", false);
    }

    #[test]
    fn full_stops_of_sentences_do_not_belong_to_the_name() {
        fn check(text: &str, name: &str, expected: bool) {
            let (doc, mut mention) = named(text, name, EntityType::Organization);
            assert_eq!(ends_in_sentence_stop(&doc, &mention), expected, "{text}");
            mention.entity_type = EntityType::Title;
            assert!(!ends_in_sentence_stop(&doc, &mention), "{text}");
        }
        check("Bo Lind left Nordbank.", "Nordbank.", true);
        check("\"Bo Lind left Aas.\"", "Aas.", true);
        check("Bo Lind left Nordbank. and went home.", "Nordbank.", true);
        check("Bo Lind left Aas. and went home.", "Aas.", false);
        check("Ada Quill leads Harrow plc.", "Harrow plc.", true);
        check("The ship belongs to Nordhavn A/S.", "Nordhavn A/S.", true);
        check("Bo Lind left Nordbank", "Nordbank", false);
        for name in ["Harlan Inc.", "Orn Corp.", "Al Poe Jr.", "Pauline O.", "J. R.", "the U.S.", "Salar Litio S.A."] {
            check(&format!("It was {name}"), name, false);
        }
        check("He is from Dalby, Minn.", "Dalby, Minn.", false);
        assert!(SHORTENED.is_sorted());
    }

    /// Words and marks of a text, as the model sees them.
    fn words_of(text: &str) -> Vec<ByteSpan> {
        let mut words: Vec<ByteSpan> = Vec::new();
        let mut in_word = false;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            match words.last_mut() {
                Some(last) if in_word && c.is_alphanumeric() => *last = ByteSpan::new(last.start as usize, end),
                _ if !c.is_whitespace() => words.push(ByteSpan::new(at, end)),
                _ => {}
            }
            in_word = c.is_alphanumeric();
        }
        words
    }

    /// The mentions of a text in which the model takes all words from one to another for one name.
    #[track_caller]
    fn check_name(text: &str, first: &str, last: &str, expected: &[&str]) {
        let mut doc = Document::new("d", text);
        crate::segment::segment(&mut doc);
        let words = words_of(text);
        let (start, end) = (text.find(first).unwrap(), text.find(last).unwrap() + last.len());
        let mut logits = vec![0.0; words.len() * TAG_COUNT];
        for (index, word) in words.iter().enumerate() {
            let range = word.range();
            let position = match (range.start == start, range.end == end) {
                (true, _) => 0,
                (_, true) => 2,
                _ => 1,
            };
            let is_inside = range.start >= start && range.end <= end && &text[range] != ">";
            let favored = if is_inside { tag(EntityType::Organization, MentionKind::Name, position) } else { 0 };
            logits[index * TAG_COUNT + favored] = 9.0;
        }
        recognize(&mut doc, &words, &logits);
        let found: Vec<&str> = doc.mentions.iter().map(|mention| doc.slice(mention.span)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_stay_inside_paragraphs_and_columns() {
        check_name(
            "Supported by\nBergen Museum of Art\nNordbank Foundation",
            "Bergen",
            "Foundation",
            &["Bergen Museum of Art", "Nordbank Foundation"],
        );
        check_name("Company            Seat\nNordbank ASA       Bergen\n", "Nordbank", "Bergen", &["Nordbank ASA"]);
        check_name("Nordbank ASA\tBergen Museum", "Nordbank", "Museum", &["Nordbank ASA", "Bergen Museum"]);
        check_name("Nordbank  ASA", "Nordbank", "ASA", &["Nordbank  ASA"]);
        let wrapped = "The money for the tower came from the Bergen\nMuseum of Art and from the city, which had\nput it aside for the tower.";
        check_name(wrapped, "Bergen", "Art", &["Bergen\nMuseum of Art"]);
    }

    #[test]
    fn names_go_over_the_marks_of_quoted_lines() {
        let quoted = "> The chairman of Ostrava Steelworks, Pavel\n> Doležal, said on Monday that the bank of\n> the city had refused.";
        check_name(quoted, "Pavel", "Doležal", &["Pavel\n> Doležal"]);
    }

    #[test]
    fn mentions_stay_inside_paragraphs() {
        use EntityType::Person;
        let [begin, _, end, _] = [0, 1, 2, 3].map(|position| tag(Person, MentionKind::Name, position));
        let mut doc = Document::new("d", "Ana\n\nRoth");
        let words = [ByteSpan::new(0, 3), ByteSpan::new(5, 9)];
        let mut logits = vec![0.0; 2 * TAG_COUNT];
        logits[begin] = 9.0;
        logits[TAG_COUNT + end] = 9.0;
        recognize(&mut doc, &words, &logits);
        assert!(doc.mentions.iter().all(|mention| !doc.slice(mention.span).contains('\n')));
    }
}
