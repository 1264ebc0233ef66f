//! Bodies of a town and those that only share its name or kind: its council, its police, its member of parliament.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clusters, context::last_bytes};
use crate::{
    document::{Document, Mention},
    schema::{EntityType, MentionKind},
};

/// What stands behind the name of a place in that of a service, which does not go by the place alone.
const SERVICES: [&str; 12] = [
    "ambulance",
    "constabulary",
    "coroners",
    "county court",
    "crown court",
    "fire and rescue",
    "fire brigade",
    "fire department",
    "fire service",
    "magistrates",
    "police",
    "sheriff",
];

/// Words right before "council" in the name of a place's own one.
const OF_PLACES: [&str; 11] = [
    "borough",
    "city",
    "community",
    "county",
    "district",
    "metropolitan",
    "municipal",
    "parish",
    "regional",
    "town",
    "village",
];

/// Words before "council" in the names of those that are no place's.
const OF_NO_PLACE: [&str; 17] = [
    "arts",
    "atlantic",
    "bar",
    "care",
    "dental",
    "funding",
    "medical",
    "midwifery",
    "optical",
    "pharmaceutical",
    "press",
    "privy",
    "refugee",
    "reporting",
    "research",
    "security",
    "sentencing",
];

/// Members of a parliament, behind the name of their constituency.
const MEMBERS: [&str; 5] = ["MP", "MPs", "MSP", "MSPs", "AM"];

/// Whether a longer name is that of a service at the place of the shorter one: "Quillshire" and "Quillshire Police".
pub(super) fn is_service(short: &str, long: &str) -> bool {
    let rest = long.strip_prefix(short).and_then(|rest| rest.strip_prefix(' '));
    let starts =
        |rest: &str, words: &str| rest.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    rest.is_some_and(|rest| SERVICES.iter().any(|words| starts(rest, words)))
}

/// Whether a mention says "the council", whichever it is.
fn is_bare_council(doc: &Document, mention: &Mention) -> bool {
    mention.entity_type.base() == EntityType::Organization
        && doc.slice(mention.span).eq_ignore_ascii_case("council")
        && mention.kind != MentionKind::Pronoun
}

/// Whether a folded name ends in "council" with one of these words before it.
fn is_council(folded: &str, words: &[&str]) -> bool {
    let before = folded.strip_suffix(" council").and_then(|name| name.rsplit(' ').next());
    before.is_some_and(|word| words.contains(&word))
}

impl Clusters {
    /// Takes out of the antecedents of "the council" those that are no place's, where the text speaks of one that is, and
    /// does so as often.
    pub(super) fn retain_councils(&mut self, doc: &Document, id: usize, antecedents: &mut Vec<usize>) {
        if !is_bare_council(doc, &doc.mentions[id]) {
            return;
        }
        let count = |clusters: &Self, words: &[&str]| {
            let keys = antecedents.iter().filter_map(|antecedent| clusters.key_of[*antecedent]);
            keys.filter(|key| is_council(clusters.keys[*key].folded(), words)).count()
        };
        let (of_places, of_none) = (count(self, &OF_PLACES), count(self, &OF_NO_PLACE));
        if of_none == 0 || of_places < of_none {
            return;
        }
        antecedents.retain(|antecedent| {
            let root = self.root(*antecedent);
            !self.names[root].iter().any(|key| is_council(self.keys[*key].folded(), &OF_NO_PLACE))
        });
    }

    /// Gives the constituency of a member of parliament a name key of its own where it was taken for a body: "Calder Vale
    /// MP" says nothing of a council.
    pub(super) fn tell_constituencies(&mut self, doc: &Document) {
        let is_one =
            |mention: &Mention| mention.entity_type.base() == EntityType::Organization && is_constituency(doc, mention);
        let members: Vec<usize> = (0..doc.mentions.len()).filter(|id| is_one(&doc.mentions[*id])).collect();
        if members.is_empty() {
            return;
        }
        let names: BTreeSet<String> = self.keys.iter().map(|key| key.folded().to_owned()).collect();
        let mut parted: BTreeMap<usize, usize> = BTreeMap::new();
        for id in members {
            if let Some(key) = self.key_of[id].filter(|key| has_council(&names, self.keys[*key].folded())) {
                let own = *parted.entry(key).or_insert_with(|| self.new_key(key));
                self.set_key(id, own);
            }
        }
        self.bodies.constituencies.extend(parted.into_values());
    }
}

/// Whether one of the names is that of a council or service of a place.
fn has_council(names: &BTreeSet<String>, place: &str) -> bool {
    let is_council =
        |name: &str| name.strip_prefix(place).is_some_and(|rest| rest.starts_with(' ') && rest.ends_with(" council"));
    let mut longer = names.range(place.to_owned()..).take_while(|name| name.starts_with(place));
    longer.any(|name| is_council(name) || is_service(place, name))
}

/// Whether a member of parliament is named by a place: "Calder Vale MP", "MP for Calder Vale".
fn is_constituency(doc: &Document, mention: &Mention) -> bool {
    let behind = doc.text.get(mention.span.range().end..).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
    let before = last_bytes(doc.text.get(..mention.span.range().start).unwrap_or_default(), "the MP for ".len());
    let is_member = MEMBERS.iter().any(|member| {
        behind.strip_prefix(member).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
    });
    before.ends_with("MP for ") || is_member
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_of_a_place() {
        assert!(is_service("quillshire", "quillshire police"));
        assert!(is_service("quillshire", "quillshire fire and rescue service"));
        assert!(is_service("calder vale", "calder vale magistrates court"));
        assert!(!is_service("quillshire", "quillshire county council"));
        assert!(!is_service("quillshire", "quillshire firewood"));
        assert!(!is_service("quillon", "quillon fire marine"));
        assert!(!is_service("police", "quillshire police"));
        assert!(!is_service("quillshire", "quillshires police"));
    }

    #[test]
    fn councils() {
        assert!(is_council("oakham town council", &OF_PLACES));
        assert!(is_council("financial reporting council", &OF_NO_PLACE));
        assert!(!is_council("privy council", &OF_PLACES));
        assert!(!is_council("council", &OF_PLACES));
    }
}
