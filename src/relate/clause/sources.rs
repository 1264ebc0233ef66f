//! What the words say of who states a relation: those for whom others speak, and those who say nothing.

use super::around;
use crate::{document::Document, relate::clipped, span::ByteSpan};

patterns! {
    /// A word for saying, behind who says it.
    SAYS = r"^,?(?: [a-z]+){0,3}? (?:say|says|said|told|tells|alleg|claim|insist|believ|report|deni|deny)";
    /// Those for whom others speak, up to their name.
    SPOKEN_FOR = r"(?x) \b(?:friend|relative|famil(?:y|ie)|colleague|lawyer|attorney|supporter|enem(?:y|ie)|widow|mother|father|parent
        |brother|sister|son|daughter|cousin|aide|all(?:y|ie)|wife|husband|neighbour|neighbor|critic|opponent|rival)s?
        \ (?:of|for|to)\ (?:the\ )?(?:[a-z.]+\ ){0,2}$";
    /// Those who speak for somebody, behind the name.
    SPEAKS_FOR = r"^['’]s? (?:[a-z]+ ){0,2}(?:friend|relative|famil(?:y|ie)|colleague|lawyer|attorney|supporter|enem(?:y|ie)|widow|mother|father|parent|brother|sister|son|daughter|cousin|aide|all(?:y|ie)|wife|husband|critic|rival)s?\b";
    /// A word for denying what others say, behind who does.
    REJECTS = r"(?x) ^,?(?:\ [a-z]+){0,2}?\ (?:reject|disput|den(?:y|ie)|contest|refut|dismiss)(?:s|d|ed|es|ing)?
        \ (?:the\ |this\ |that\ |these\ |all\ |any\ )? (?:[a-z]+\ )? (?:claims?|reports?|allegations?|accusations?|charges?|suggestions?|ideas?|stor(?:y|ies)|it)\b";
    /// A word for saying anywhere.
    ALSO_SAYS = r"\b(?:says?|said|saying|claim(?:ed|ing)|alleg|insist|argu)";
    /// A sentence that takes back what was said before it.
    TAKES_BACK = r"(?x) \b(?: (?:withdrew|withdrawn|withdraws|retracts|retracted|took\ back|taken\ back|apologi[sz]ed\ for)
            (?:\ (?:it|this|that)\b | (?:\ (?:the|its|his|her|their|that|this)) (?:\ [a-z]+)? \ (?:report|story|claim|charge|allegation|accusation|statement|article)s?\b)
        | (?:the|that)\ (?:claim|report|story|allegation)\ (?:was|is|proved|turned\ out\ to\ be)\ (?:false|untrue|wrong|incorrect) )
        (?P<end>(?:\ [a-z]+)?)";
}

/// Whether a mention is not one who states something, but one for whom others speak, the place where they do, or one who
/// only rejects it.
pub(in crate::relate) fn is_no_source(doc: &Document, mention: ByteSpan, is_place: bool, is_negated: bool) -> bool {
    let Some((before, after)) = around(doc, mention) else { return false };
    if is_place && [" in ", " at ", " near "].iter().any(|word| before.ends_with(word)) {
        return true;
    }
    // "Unconfirmed reports said" that the model takes for somebody.
    if matches!(doc.slice(mention), "Unconfirmed" | "Unverified") {
        return true;
    }
    let speaks_for =
        SPEAKS_FOR.find(&after).is_some_and(|found| after.get(found.end()..).is_some_and(|rest| SAYS.is_match(rest)));
    let rejects = || {
        let found = REJECTS.find(&after);
        found.is_some_and(|found| after.get(found.end()..).is_some_and(|rest| !ALSO_SAYS.is_match(rest)))
    };
    (SPOKEN_FOR.is_match(&before) && SAYS.is_match(&after)) || speaks_for || (!is_negated && rejects())
}

/// Whether the sentence behind another takes back what that one says: "The paper later retracted the report."
pub(in crate::relate) fn is_taken_back(doc: &Document, sentence: usize) -> bool {
    let (Some(this), Some(next)) = (doc.sentences.get(sentence), doc.sentences.get(sentence + 1)) else { return false };
    if this.paragraph != next.paragraph {
        return false;
    }
    let start = ByteSpan::new(next.span.range().start, next.span.range().start);
    let next = doc.slice(clipped(&doc.text, next.span, start)).to_lowercase();
    TAKES_BACK.captures(&next).is_some_and(|found| {
        // "Retracted the report that he had left" is about another thing.
        !matches!(found.name("end").map_or("", |end| end.as_str()), " that" | " of" | " about" | " against")
    })
}

#[cfg(test)]
mod tests {
    use super::{super::testing::marked, *};
    use crate::{
        document::{Sentence, SentenceRole},
        span::TokenSpan,
    };

    #[test]
    fn those_for_whom_others_speak() {
        for (text, is_place, is_negated, expected) in [
            ("Relatives of [Mina Sabry] say <police> killed her.", false, false, true),
            ("[Mina Sabry]'s brother said <police> killed her.", false, false, true),
            ("[Mina Sabry] said <police> killed her brother.", false, false, false),
            ("A spokesman for [Mina Sabry] said <police> lied.", false, false, false),
            ("Prosecutors in [Milan] allege that <police> lied.", true, false, true),
            ("[Milan] alleges that <police> lied.", true, false, false),
            ("[Nordbank] rejects the claim of the <police>.", false, false, true),
            ("[Nordbank] rejects the claim of the <police>.", false, true, false),
            ("[Nordbank] rejected the offer and said that the <police> lied.", false, false, false),
            ("[Nordbank] rejected the report, and said that the <police> lied.", false, false, false),
            ("[Unconfirmed] reports said that <police> lied.", false, false, true),
        ] {
            let (doc, mention, _) = marked(text);
            assert_eq!(is_no_source(&doc, mention, is_place, is_negated), expected, "{text}");
        }
    }

    #[test]
    fn what_the_next_sentence_takes_back() {
        for (first, second, expected) in [
            ("The paper said so.", "It has since retracted the story.", true),
            ("The paper said so.", "It retracted the report that Nordbank would move.", false),
            ("The paper said so.", "Nordbank rejected a bid.", false),
            ("The paper said so.", "The report was wrong.", true),
        ] {
            let mut doc = Document::new("d", format!("{first} {second}"));
            let spans = [ByteSpan::new(0, first.len()), ByteSpan::new(first.len() + 1, doc.text.len())];
            for span in spans {
                doc.sentences.push(Sentence {
                    span,
                    tokens: TokenSpan::new(0, 0),
                    paragraph: 0,
                    role: SentenceRole::Body,
                });
            }
            assert_eq!(is_taken_back(&doc, 0), expected, "{second}");
            assert!(!is_taken_back(&doc, 1));
        }
    }
}
