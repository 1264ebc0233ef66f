//! Mentions of things that the user knows, in the places of those that the model found.

use crate::{
    document::{Document, Mention},
    schema::MentionKind,
    span::ByteSpan,
    user::{Rules, UserMention, UserNames, select},
};

/// Puts the names of the user's list and the matches of the user's patterns into the document, and returns those that
/// stand there, in order.
///
/// `words` are the words that the model saw, in order; what holds none of them is left out, as the model has no opinion
/// of it. A mention of the user's takes the place of those that it overlaps, except of one that is longer and contains
/// it. Of overlapping ones the leftmost wins, then the longest, then that of the list, then that of the earlier rule.
/// Their score is 1, so that no later rule about doubtful names changes them.
pub fn add_known(
    doc: &mut Document,
    words: &[ByteSpan],
    names: Option<&UserNames>,
    rules: Option<&Rules>,
) -> Vec<UserMention> {
    let mut found = Vec::new();
    if let Some(names) = names {
        names.find_all(&doc.text, &mut found);
    }
    if let Some(rules) = rules {
        for paragraph in &doc.paragraphs {
            rules.find_all(&doc.text, *paragraph, &mut found);
        }
    }
    found.retain(|mention| {
        let word = words.partition_point(|word| word.end <= mention.span.start);
        words.get(word).is_some_and(|word| word.overlaps(mention.span))
    });
    let mut known = select(found);
    let overlapping = |mentions: &[Mention], span: ByteSpan| {
        // Those of the model do not overlap each other, so that their ends are in order, too.
        let first = mentions.partition_point(|mention| mention.span.end <= span.start);
        let count = mentions[first..].partition_point(|mention| mention.span.start < span.end);
        first..first + count
    };
    known.retain(|known| {
        let found = &doc.mentions[overlapping(&doc.mentions, known.span)];
        found.iter().all(|mention| mention.span == known.span || !mention.span.contains(known.span))
    });
    if known.is_empty() {
        return known;
    }
    doc.mentions.retain(|mention| {
        let next = known.partition_point(|known| known.span.end <= mention.span.start);
        known.get(next).is_none_or(|known| !known.span.overlaps(mention.span))
    });
    doc.mentions.extend(known.iter().map(|known| Mention {
        span: known.span,
        entity_type: known.entity_type,
        kind: MentionKind::Name,
        score: 1.0,
        entity: None,
        norm: None,
        link: None,
    }));
    doc.mentions.sort_by_key(|mention| mention.span);
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        recognize::{drop_unlikely_names, harmonize_types},
        schema::EntityType,
        user::{MentionRule, NameList, RuleSet},
    };

    /// A text in which brackets stand around what the model found, each as a PERSON of a low score; then what is found
    /// with a list and a pattern, as `words:TYPE`.
    fn check(text: &str, names: &str, pattern: &str, expected: &[&str]) {
        let mut doc = Document::new("d", "");
        for (index, part) in text.split(['[', ']']).enumerate() {
            let start = doc.text.len();
            doc.text.push_str(part);
            if index % 2 == 1 {
                doc.mentions.push(Mention {
                    span: ByteSpan::new(start, doc.text.len()),
                    entity_type: EntityType::Person,
                    kind: MentionKind::Name,
                    score: 0.6,
                    entity: None,
                    norm: None,
                    link: None,
                });
            }
        }
        doc.paragraphs.push(ByteSpan::new(0, doc.text.len()));
        let words: Vec<ByteSpan> = regex::Regex::new(r"\w+")
            .unwrap()
            .find_iter(&doc.text)
            .map(|word| ByteSpan::new(word.start(), word.end()))
            .collect();
        let names = NameList::new().with_tsv(&names.replace(", ", "\t")).unwrap().compile().unwrap();
        let rule = MentionRule { entity_type: "WORK".to_owned(), pattern: pattern.to_owned(), id: None };
        let rules = Rules::new(&RuleSet { mentions: vec![rule], relations: Vec::new() }).unwrap();
        let known = add_known(&mut doc, &words, Some(&names), Some(&rules));
        assert!(doc.mentions.is_sorted_by_key(|mention| mention.span) && known.is_sorted_by_key(|known| known.span));
        harmonize_types(&mut doc);
        drop_unlikely_names(&mut doc);
        let show = |mention: &Mention| format!("{}:{}", doc.slice(mention.span), mention.entity_type);
        assert_eq!(doc.mentions.iter().map(show).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn known_names_take_the_places_of_what_the_model_found() {
        let names = "Aurora Dawn, WORK\nBrandvik, ORGANIZATION";
        check("[Brandvik] owns Aurora Dawn", names, "$^", &["Brandvik:ORGANIZATION", "Aurora Dawn:WORK"]);
        check(
            "[Aurora] Dawn and [Dawn] and Bo [Aurora] [Dawn]",
            names,
            "$^",
            &["Aurora Dawn:WORK", "Dawn:PERSON", "Aurora Dawn:WORK"],
        );
        check(
            "The [Aurora Dawn II] and [the Aurora] Dawn",
            names,
            "$^",
            &["Aurora Dawn II:PERSON", "Aurora Dawn:WORK"],
        );
        check("[Ada], [Bo]", names, "$^", &["Ada:PERSON", "Bo:PERSON"]);
    }

    #[test]
    fn the_list_comes_before_the_patterns() {
        let names = "Aurora, ORGANIZATION";
        check(
            "Aurora 7 and Aurora, [Aurora 7]",
            names,
            r"Aurora( \d)?",
            &["Aurora 7:WORK", "Aurora:ORGANIZATION", "Aurora 7:WORK"],
        );
        check("[Bo] ...", names, r"\.+", &["Bo:PERSON"]);
    }
}
