//! A gold document beside its prediction, and what of it counts.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{
    eval::assignment::{Weights, maximum_assignment},
    record::{Annotated, DocumentRecord, MentionRecord, RelationRecord},
    schema::{EntityType, MentionKind, RelationType},
};

/// Bytes of a mention, half open.
pub(super) type Range = (u32, u32);

/// What a gold document marks exhaustively; all that is not marked is unknown, and so is what the schema in use does not
/// keep.
#[derive(Clone, Copy)]
pub(super) struct Mask<'a>(Option<&'a Annotated>);

impl Mask<'_> {
    pub(super) fn counts_type(self, entity_type: Option<EntityType>) -> bool {
        let marked = |known| self.0.is_none_or(|annotated| annotated.entities.contains(&known));
        entity_type.is_some_and(|known| known.is_kept() && marked(known))
    }

    pub(super) fn counts_kind(self, kind: MentionKind) -> bool {
        self.0.is_none_or(|annotated| annotated.kinds.contains(&kind))
    }

    pub(super) fn counts_relation(self, relation: RelationType) -> bool {
        relation.is_kept() && self.0.is_none_or(|annotated| annotated.relations.contains(&relation))
    }

    /// Whether a relation that the gold document lacks is a wrong one.
    pub(super) fn relations_complete(self) -> bool {
        self.0.is_none_or(|annotated| annotated.relations_complete != Some(false))
    }

    /// No public set marks qualifiers, and `annotated` has no word for them: they count only where everything does.
    pub(super) fn qualifiers(self) -> bool {
        self.0.is_none()
    }
}

/// An entity with its mentions.
pub(super) struct EntityView<'a> {
    pub(super) entity_type: Option<EntityType>,
    pub(super) norm: Option<&'a str>,
    pub(super) link: Option<&'a str>,
    pub(super) mentions: Vec<&'a MentionRecord>,
}

/// Mentions, entities and relations of the gold document or of the prediction.
pub(super) struct Side<'a> {
    /// In order of start.
    pub(super) mentions: Vec<&'a MentionRecord>,
    pub(super) entities: BTreeMap<u32, EntityView<'a>>,
    pub(super) relations: &'a [RelationRecord],
    longest: u32,
}

impl<'a> Side<'a> {
    fn new(record: Option<&'a DocumentRecord>) -> Self {
        let mut entities: BTreeMap<u32, EntityView> = BTreeMap::new();
        for entity in record.into_iter().flat_map(|record| &record.entities) {
            entities.entry(entity.id).or_insert(EntityView {
                entity_type: entity.entity_type,
                norm: entity.norm.as_deref(),
                link: entity.link.as_deref(),
                mentions: Vec::new(),
            });
        }
        let mut mentions: Vec<&MentionRecord> = record.into_iter().flat_map(|record| &record.mentions).collect();
        mentions.sort_by_key(|mention| (mention.start, mention.end));
        for &mention in mentions.iter().filter(|mention| mention.entity != u32::MAX) {
            entities
                .entry(mention.entity)
                .or_insert(EntityView {
                    entity_type: mention.entity_type,
                    norm: None,
                    link: None,
                    mentions: Vec::new(),
                })
                .mentions
                .push(mention);
        }
        let longest = mentions.iter().map(|mention| mention.end.saturating_sub(mention.start)).max().unwrap_or(0);
        Self { mentions, entities, relations: record.map_or(&[], |record| &record.relations), longest }
    }

    /// Mentions that share at least one byte with that one, in order.
    pub(super) fn overlapping(&self, mention: &MentionRecord) -> impl Iterator<Item = &'a MentionRecord> {
        let (start, end) = (mention.start, mention.end);
        let first =
            self.mentions.partition_point(|other| u64::from(other.start) + u64::from(self.longest) <= u64::from(start));
        self.mentions
            .iter()
            .skip(first)
            .take_while(move |other| other.start < end)
            .filter(move |other| start < other.end)
            .copied()
    }

    /// Type of the entity of a mention, or of the mention where it has no entity.
    pub(super) fn type_of(&self, mention: &MentionRecord) -> Option<EntityType> {
        self.entities.get(&mention.entity).map_or(mention.entity_type, |entity| entity.entity_type)
    }

    /// Best words for an entity: its first name mention, else its first mention.
    pub(super) fn name_of<'t>(&self, entity: u32, text: &'t str) -> &'t str {
        let mentions = self.entities.get(&entity).map_or(&[][..], |entity| &entity.mentions);
        mentions
            .iter()
            .find(|mention| mention.kind == MentionKind::Name)
            .or(mentions.first())
            .and_then(|mention| text.get(mention.start as usize..mention.end as usize))
            .unwrap_or("?")
    }
}

/// A gold document beside its prediction.
pub(super) struct Pair<'a> {
    pub(super) id: &'a str,
    pub(super) text: &'a str,
    pub(super) mask: Mask<'a>,
    /// Whether the gold document says which mentions are one entity.
    pub(super) coreference: bool,
    pub(super) gold: Side<'a>,
    pub(super) predicted: Side<'a>,
}

impl<'a> Pair<'a> {
    /// Puts a prediction, or the lack of one, beside a gold document.
    fn new(gold: &'a DocumentRecord, predicted: Option<&'a DocumentRecord>, coreference: bool) -> Self {
        Self {
            id: &gold.id,
            text: &gold.text,
            mask: Mask(gold.annotated.as_ref()),
            coreference,
            gold: Side::new(Some(gold)),
            predicted: Side::new(predicted),
        }
    }

    /// Whether a predicted mention touches a gold span of unclear type, so that nobody can say if it is right.
    pub(super) fn is_masked(&self, predicted: &MentionRecord) -> bool {
        self.gold.overlapping(predicted).any(|gold| gold.entity_type.is_none())
    }

    /// Aligns predicted and gold entities one to one, by the mentions that they share.
    ///
    /// With `names_only`, shared name mentions are counted and gold entities of unclear type take no part. Else all
    /// kinds count, leading determiners aside, but one shared name outweighs any number of nominals and pronouns: a
    /// pronoun that went to the wrong person must not swap two persons. A gold entity of unclear type then aligns with
    /// entities of any type.
    ///
    /// Where the gold document has no coreference, each mention is an entity of its own there, and several may share a
    /// predicted entity.
    pub(super) fn align(&self, names_only: bool) -> Alignment {
        let range = |mention: &MentionRecord| {
            if names_only { (mention.start, mention.end) } else { core_range(self.text, mention) }
        };
        let takes_part = |mention: &&&MentionRecord| {
            mention.entity != u32::MAX && (!names_only || mention.kind == MentionKind::Name)
        };
        let mut gold_at: BTreeMap<Range, &MentionRecord> = BTreeMap::new();
        for gold in self.gold.mentions.iter().filter(takes_part) {
            gold_at.entry(range(gold)).or_insert(gold);
        }
        let mut shared: BTreeSet<(u32, Range)> = BTreeSet::new();
        let mut weights = Weights::new();
        for predicted in self.predicted.mentions.iter().filter(takes_part) {
            let Some(gold) = gold_at.get(&range(predicted)) else { continue };
            let fits = match self.gold.type_of(gold) {
                None => !names_only,
                known => known == self.predicted.type_of(predicted),
            };
            if fits && shared.insert((predicted.entity, range(predicted))) {
                let both_names = gold.kind == MentionKind::Name && predicted.kind == MentionKind::Name;
                let weight = if both_names { 1e6 } else { 1.0 };
                *weights.entry((predicted.entity, gold.entity)).or_insert(0.0) += weight;
            }
        }
        let pairs = if self.coreference { maximum_assignment(&weights) } else { best_for_each_gold(&weights) };
        let mut alignment = Alignment { to_gold: BTreeMap::new(), to_predicted: BTreeMap::new() };
        for (predicted, gold) in pairs {
            alignment.to_gold.entry(predicted).or_default().push(gold);
            alignment.to_predicted.insert(gold, predicted);
        }
        alignment
    }
}

/// Predicted and gold entity, the predicted one of greatest weight for each gold one, the first among equals.
fn best_for_each_gold(weights: &Weights) -> Vec<(u32, u32)> {
    let mut best: BTreeMap<u32, (u32, f64)> = BTreeMap::new();
    for (&(predicted, gold), &weight) in weights {
        let (chosen, most) = best.entry(gold).or_insert((predicted, weight));
        if weight > *most {
            (*chosen, *most) = (predicted, weight);
        }
    }
    best.into_iter().map(|(gold, (predicted, _))| (predicted, gold)).collect()
}

/// Which predicted entity stands for which gold entity.
pub(super) struct Alignment {
    /// One gold entity for each predicted one; several only where gold has no coreference.
    pub(super) to_gold: BTreeMap<u32, Vec<u32>>,
    pub(super) to_predicted: BTreeMap<u32, u32>,
}

/// Gold documents with their predictions, and which had none.
pub(super) struct Pairs<'a> {
    pub(super) pairs: Vec<Pair<'a>>,
    pub(super) missing: Vec<String>,
    pub(super) other_text: Vec<String>,
    pub(super) not_in_gold: Vec<String>,
}

/// Pairs documents by id; the second gold document of an id gets the second prediction of that id.
///
/// Offsets into another text mean nothing, so a prediction over another text is none.
pub(super) fn pair_up<'a>(gold: &'a [DocumentRecord], predicted: &'a [DocumentRecord]) -> Pairs<'a> {
    let mut by_id: BTreeMap<&str, VecDeque<&DocumentRecord>> = BTreeMap::new();
    for record in predicted {
        by_id.entry(&record.id).or_default().push_back(record);
    }
    let unsaid = unsaid_coreference(gold);
    let (mut missing, mut other_text) = (Vec::new(), Vec::new());
    let pairs = gold
        .iter()
        .map(|record| {
            let found = by_id.get_mut(record.id.as_str()).and_then(VecDeque::pop_front);
            let usable = found.filter(|prediction| prediction.text == record.text);
            match (found, usable) {
                (None, _) => missing.push(record.id.clone()),
                (Some(_), None) => other_text.push(record.id.clone()),
                _ => (),
            }
            let coreference = record.annotated.as_ref().is_none_or(|annotated| annotated.coref.unwrap_or(unsaid));
            Pair::new(record, usable, coreference)
        })
        .collect();
    let not_in_gold = by_id.values().flatten().map(|record| record.id.clone()).collect();
    Pairs { pairs, missing, other_text, not_in_gold }
}

/// Whether documents that mark only part of their text, and do not say if they mark coreference, do.
///
/// They do unless each of their mentions is an entity of its own. A single short document cannot show that, all
/// documents of a set together can.
fn unsaid_coreference(gold: &[DocumentRecord]) -> bool {
    gold.iter().filter(|record| record.annotated.as_ref().is_some_and(|annotated| annotated.coref.is_none())).any(
        |record| {
            let mut seen = BTreeSet::new();
            record.mentions.iter().any(|mention| mention.entity != u32::MAX && !seen.insert(mention.entity))
        },
    )
}

const DETERMINERS: [&str; 12] =
    ["the", "a", "an", "this", "that", "these", "those", "some", "any", "each", "both", "all"];

/// A mention without blanks and determiners at its start and blanks at its end.
///
/// Some gold sets keep the article of a nominal ("the bank") and some do not ("bank"). Possessives stay, and so does a
/// determiner that stands alone, which is a pronoun.
pub(super) fn core_range(text: &str, mention: &MentionRecord) -> Range {
    let unchanged = (mention.start, mention.end);
    let Some(words) = text.get(mention.start as usize..mention.end as usize) else { return unchanged };
    let mut rest = words.trim();
    if rest.is_empty() {
        return unchanged;
    }
    while let Some((first, others)) = rest.split_once(char::is_whitespace) {
        if !DETERMINERS.iter().any(|determiner| determiner.eq_ignore_ascii_case(first)) {
            break;
        }
        rest = others.trim_start();
    }
    // `rest` ends where the trimmed words end.
    let end = mention.start as usize + words.trim_end().len();
    ((end - rest.len()) as u32, end as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(start: u32, end: u32) -> MentionRecord {
        MentionRecord {
            start,
            end,
            entity_type: None,
            kind: MentionKind::Nominal,
            entity: 0,
            score: None,
            reason: None,
            antecedent: None,
            link_score: None,
        }
    }

    #[test]
    fn overlaps_are_found_under_long_and_nested_mentions() {
        let mut record = DocumentRecord {
            id: String::new(),
            text: String::new(),
            date: None,
            title: None,
            url: None,
            source: None,
            mentions: [(0, 30), (2, 4), (4, 6), (20, 22), (31, 32)].map(|(start, end)| mention(start, end)).to_vec(),
            entities: Vec::new(),
            relations: Vec::new(),
            annotated: None,
        };
        record.mentions.reverse();
        let side = Side::new(Some(&record));
        for start in 0..35 {
            for end in start + 1..36 {
                let found: Vec<Range> = side.overlapping(&mention(start, end)).map(|m| (m.start, m.end)).collect();
                let mut expected: Vec<Range> = record
                    .mentions
                    .iter()
                    .map(|other| (other.start, other.end))
                    .filter(|other| other.0 < end && start < other.1)
                    .collect();
                expected.sort_unstable();
                assert_eq!(found, expected, "{start}..{end}");
            }
        }
    }

    #[test]
    fn determiners_are_left_out() {
        let check = |words: &str, expected: &str| {
            let mention = mention(0, words.len() as u32);
            let (start, end) = core_range(words, &mention);
            assert_eq!(&words[start as usize..end as usize], expected);
        };
        check("the bank", "bank");
        check("The old bank ", "old bank");
        check("all the banks", "banks");
        check(" an  élan", "élan");
        check("this", "this");
        check("his brother", "his brother");
        check("Thebes", "Thebes");
        check(" ", " ");
    }
}
