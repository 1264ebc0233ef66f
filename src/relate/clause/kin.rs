//! What the words say of kin: lists of which each item has a role of its own, and whose kin is spoken of.

use super::Clause;
use crate::{
    document::Document,
    lexicon::{
        Lexicon,
        kin::{Tie, kin},
    },
    span::ByteSpan,
};

patterns! {
    /// Somebody who is introduced as the kin of a third one.
    OWN_KIN = r"\b(?:his|her|their) (?:[a-z]+ )?(wife|husband|son|daughter|brother|sister|father|mother|cousin|nephew|niece|partner),? $";
    /// Somebody who only tells whose kin another one is, up to his name: ", the son of".
    KIN_OF = r", (?:(?:the|a|an|elder|eldest|younger|youngest|only|second|third|late) )*(?:son|daughter|brother|sister|nephew|niece|grandson|granddaughter|cousin|wife|husband|widow|widower) of (?:[a-z.]+ ){0,4}$";
    /// A marriage that is over.
    PARTED = r"\b(?:divorc|separat|annul|dissol|widow|late|until|first|second|third|then|once|formerly|left (?:her|his) (?:wife|husband|partner)|estranged|was married|had been married|ex-(?:wife|husband|partner|spouse|couple)|(?:former|one-time|onetime) (?:wife|husband|partner|spouse|couple))";
    /// A word for what is past.
    PAST = r"\b(?:former|one-time|onetime)\b|\bex-";
}

impl Clause {
    /// Whether the second end is a further thing in a list, with a role of its own: "her brother Luca and engineer Paolo
    /// Riva", "his wife Ana, his brother Radu".
    pub(super) fn is_list(&self, relation_type: &str) -> bool {
        let own = |words: &str| OWN_KIN.captures(words).and_then(|found| Some(found.get(1)?.as_str().to_owned()));
        if relation_type != "child_of"
            && let (Some(first), Some(second)) = (own(&self.before), own(&self.between))
            && self.between.trim_start_matches([',', ' ']).len() < 24
        {
            let is_sibling = |word: &str| matches!(word, "brother" | "sister");
            return !(is_sibling(&first) && is_sibling(&second));
        }
        let Some((list, item)) = self.as_written.rsplit_once(" and ") else { return false };
        let starts_upper = |word: &str| word.starts_with(char::is_uppercase);
        // An item of the list before is a name, or the first end.
        let follows_name = list.trim().is_empty() || list.split_whitespace().next_back().is_some_and(starts_upper);
        let words: Vec<&str> = item.split_whitespace().filter(|word| !matches!(*word, "the" | "a" | "an")).collect();
        let is_role = |word: &&str| Lexicon::embedded().title(word).is_some();
        follows_name
            && (1..4).contains(&words.len())
            && words.iter().all(|word| word.starts_with(char::is_lowercase))
            && words.last().is_some_and(is_role)
            && !item.split_whitespace().any(|word| is_kin(word) || matches!(word, "married" | "wed"))
    }

    /// Whether the first end only tells whose kin another one is, of whom the rest of the sentence speaks: "Ada Quill, the
    /// daughter of Bo Quill, runs Nordbank".
    pub(super) fn is_aside_on_kin(&self) -> bool {
        if !self.head_first || !KIN_OF.is_match(&self.before) {
            return false;
        }
        // Behind "the founder of" and "who" he himself is spoken of.
        let describes = ["a", "an", "and", "born", "formerly", "himself", "of", "or", "the", "then", "who", "whose"];
        let word = self.between.strip_prefix(", ").and_then(|words| words.split(' ').next()).unwrap_or_default();
        word.starts_with(|c: char| c.is_ascii_lowercase()) && !describes.contains(&word)
    }

    /// Whether a marriage is taken for a former one by a word that tells of an office: "the wife of former minister Bo
    /// Lind".
    pub(super) fn is_former_by_office(&self) -> bool {
        PAST.is_match(&self.sentence) && !PARTED.is_match(&self.sentence)
    }
}

/// Whether a word is one for kin or those who live like kin: "father-in-law", "ex-husband", "boyfriend".
fn is_kin(word: &str) -> bool {
    let lives_alike = |noun: &str| matches!(noun, "boyfriend" | "girlfriend" | "partner");
    let word = word.trim_end_matches(|c: char| !c.is_alphabetic());
    matches!(word, "parent" | "parents")
        || kin(word).is_some_and(|kin| kin.tie != Tie::Company || lives_alike(kin.noun))
}

/// Whether a mention only says whose kin is spoken of: "her father", "Keller's late husband".
pub(in crate::relate) fn is_possessor_of_kin(doc: &Document, mention: ByteSpan) -> bool {
    let words = doc.slice(mention).to_lowercase();
    let rest = doc.text.get(mention.range().end..).unwrap_or_default();
    let rest = match words.as_str() {
        "his" | "her" | "their" | "my" | "whose" => Some(rest),
        _ => rest.strip_prefix("'s").or_else(|| rest.strip_prefix("’s")),
    };
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix(' ')) else { return false };
    // "Her late husband", "his father and mother".
    rest.split(' ').take(3).take_while(|word| word.starts_with(char::is_lowercase)).any(is_kin)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Verdict,
            testing::{clause, marked},
        },
        *,
    };
    use crate::schema::Status;

    #[test]
    fn lists_of_kin() {
        let (goes, stays) = (Verdict::Goes, Verdict::Stays);
        for (relation_type, text, expected) in [
            ("sibling_of", "[Ada Quill]'s brother Luca and engineer <Paolo Riva> left.", goes),
            ("sibling_of", "[Ada Quill] and her brother <Luca> left.", stays),
            ("spouse_of", "[Ada Quill] married the chef and writer <Bo Lind>.", stays),
            ("spouse_of", "It names his wife, [Ioana], his son, <Radu>.", goes),
            ("sibling_of", "It names his sister, [Ioana], his brother, <Radu>.", stays),
            ("child_of", "It names his wife, [Ioana], her son, <Radu>.", stays),
            ("head_of", "Ada Quill, the daughter of [Bo Quill], runs <Nordbank>.", goes),
            ("founded", "Ada Quill, a niece of the banker [Bo Quill], founded <Nordbank>.", goes),
            ("born_in", "Ada Quill, daughter of [Bo Quill], was born in <Avon>.", goes),
            ("child_of", "Ada Quill, daughter of [Bo Quill], wed the son of <Jon Aas>.", stays),
            ("founded", "Ada Quill, the daughter of [Bo Quill], the founder of <Nordbank>, left.", stays),
            ("founded", "Ada Quill, the daughter of [Bo Quill], who founded <Nordbank>, left.", stays),
            ("holds_title", "Ada Quill, the daughter of [Bo Quill], a <printer>, left.", stays),
            ("head_of", "The daughter of [Bo Quill] runs <Nordbank>.", stays),
        ] {
            assert_eq!(clause(text).verdict(relation_type), expected, "{relation_type}: {text}");
        }
    }

    #[test]
    fn former_offices_do_not_end_marriages() {
        let (fact, former) = (None, Some(Status::Former));
        for (text, expected) in [
            ("[Her] ex-<husband> left.", former),
            ("[Ada Quill], the wife of former minister <Bo Lind>, left.", fact),
            ("[Ada Quill], the former wife of minister <Bo Lind>.", former),
            ("[Ada Quill] was once married to former minister <Bo Lind>.", former),
        ] {
            assert_eq!(clause(text).status("spouse_of", former), expected, "{text}");
        }
    }

    #[test]
    fn whose_kin_is_spoken_of() {
        for (text, expected) in [
            ("[Her] late father studied at <Avon College>.", true),
            ("[Ada Quill]'s ex-husband studied at <Avon College>.", true),
            ("[Her] father-in-law studied at <Avon College>.", true),
            ("[Her] fiancé studied at <Avon College>.", true),
            ("[Her] friends studied at <Avon College>.", false),
            ("[Ada Quill] studied at <Avon College> with her father.", false),
        ] {
            let (doc, mention, _) = marked(text);
            assert_eq!(is_possessor_of_kin(&doc, mention), expected, "{text}");
        }
    }
}
