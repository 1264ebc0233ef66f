//! The report: plain data for JSON, and a table for people.

use std::{
    collections::BTreeMap,
    fmt::{Display, Write},
};

use serde::Serialize;

use crate::{
    eval::{
        DocumentCounts,
        bootstrap::{Difference, HEADLINES, Interval},
        calibration::Calibration,
        coreference::{CoreferenceScore, Measure},
        counts::{Counts, Score, ratio},
        links::{LinkCounts, LinkedKind},
        pair::Pairs,
        relations::{Confusion, QualifierScores},
        sum_of,
    },
    schema::{EntityType, MentionKind, RelationType},
};

/// A score over all types and one for each type that occurs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores<K: Ord> {
    /// All types together, each item counting the same.
    pub all: Score,
    /// Each type.
    pub types: BTreeMap<K, Score>,
}

impl<K: Ord + Copy> Scores<K> {
    fn new(counts: &BTreeMap<K, Counts>, score: fn(&Counts) -> Score) -> Self {
        Self { all: score(&sum_of(counts)), types: counts.iter().map(|(&key, counts)| (key, score(counts))).collect() }
    }
}

/// How well a prediction agrees with gold documents. All scores are fractions of one; what cannot be told is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Gold documents.
    pub documents: usize,
    /// Gold documents without a prediction, which count as predictions of nothing.
    pub missing: Vec<String>,
    /// Gold documents whose prediction has another text; it was not used.
    pub other_text: Vec<String>,
    /// Predictions without a gold document; they were not used.
    pub not_in_gold: Vec<String>,
    /// Name mentions by exact span and type.
    pub names: Scores<EntityType>,
    /// Mentions of each kind; nominals and pronouns by span without leading determiner.
    pub kinds: BTreeMap<MentionKind, Score>,
    /// Entities that have one entity of their own on the other side.
    pub entities: Scores<EntityType>,
    /// Coreference.
    pub coreference: CoreferenceReport,
    /// Relations.
    pub relations: RelationReport,
    /// Qualifiers of relations that were found.
    pub qualifiers: QualifierScores,
    /// Normal forms of dates.
    pub dates: DateScores,
    /// Links of places, where gold documents have any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_links: Option<PlaceLinkReport>,
    /// Calibration of name mentions.
    pub name_calibration: Calibration,
    /// Calibration of coreference links that the model made, between mentions that the gold document has.
    pub link_calibration: Calibration,
    /// Calibration of relations.
    pub relation_calibration: Calibration,
    /// 95 % intervals of the headline F1 values: `names`, `entities`, `coreference`, `relations`.
    pub intervals: BTreeMap<&'static str, Interval>,
}

/// Coreference scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CoreferenceReport {
    /// Documents in which coreference is marked.
    pub documents: usize,
    /// Over clusters of two or more mentions: the headline.
    pub score: CoreferenceScore,
    /// Over all clusters.
    pub with_singletons: CoreferenceScore,
}

/// Relation scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RelationReport {
    /// Both ends aligned and the type equal, in documents whose gold relations are complete.
    pub strict: Scores<RelationType>,
    /// Pairs of entities with some relation between them, in the same documents.
    pub relaxed: Score,
    /// Documents whose gold relations are not complete.
    pub incomplete_documents: usize,
    /// Strict recall in those.
    pub incomplete: Scores<RelationType>,
    /// Relations predicted with another type or the other way round, the commonest first.
    pub confusions: Vec<Confusion>,
}

/// Normal forms of dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct DateScores {
    /// Gold dates with a normal form that were found.
    pub found: u64,
    /// Those among them with the same normal form.
    pub right: u64,
    /// Share of the two.
    pub accuracy: Option<f64>,
}

/// Links of places to the lexicon.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceLinkReport {
    /// How many were linked, and how.
    pub counts: LinkCounts,
    /// Precision and recall over places that the lexicon has; links of others are wrong.
    pub score: Scores<LinkedKind>,
}

pub(super) fn build(pairs: &Pairs<'_>, total: &DocumentCounts, intervals: BTreeMap<&'static str, Interval>) -> Report {
    let mut confusions: Vec<Confusion> = total
        .confusions
        .iter()
        .map(|(&(gold, predicted, reversed), &count)| Confusion { gold, predicted, reversed, count })
        .collect();
    // The sort is stable, so equal counts stay in the order of the schema.
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
    let no_names = BTreeMap::new();
    Report {
        documents: pairs.pairs.len(),
        missing: pairs.missing.clone(),
        other_text: pairs.other_text.clone(),
        not_in_gold: pairs.not_in_gold.clone(),
        names: Scores::new(total.kinds.get(&MentionKind::Name).unwrap_or(&no_names), Score::new),
        kinds: total.kinds.iter().map(|(&kind, counts)| (kind, Score::new(&sum_of(counts)))).collect(),
        entities: Scores::new(&total.entities, Score::new),
        coreference: CoreferenceReport {
            documents: total.coreference_documents,
            score: CoreferenceScore::new(&total.headline.coreference),
            with_singletons: CoreferenceScore::new(&total.with_singletons),
        },
        relations: RelationReport {
            strict: Scores::new(&total.strict, Score::new),
            relaxed: Score::new(&total.relaxed),
            incomplete_documents: total.incomplete_documents,
            incomplete: Scores::new(&total.incomplete, Score::recall_only),
            confusions,
        },
        qualifiers: QualifierScores::new(&total.qualifiers),
        dates: DateScores {
            found: total.dates_found,
            right: total.dates_right,
            accuracy: ratio(total.dates_right as f64, total.dates_found as f64),
        },
        place_links: (total.links.places > 0)
            .then(|| PlaceLinkReport { counts: total.links, score: Scores::new(&total.link_kinds, Score::new) }),
        name_calibration: Calibration::new(&total.name_bins),
        link_calibration: Calibration::new(&total.link_bins),
        relation_calibration: Calibration::new(&total.relation_bins),
        intervals,
    }
}

/// Confusions that the table shows; the JSON has all.
const CONFUSIONS_SHOWN: usize = 15;

impl Report {
    /// The four headline F1 values by name: `names`, `entities`, `coreference` (CoNLL average), `relations` (strict).
    #[must_use]
    pub fn headline(&self) -> BTreeMap<&'static str, Option<f64>> {
        let values =
            [self.names.all.f1, self.entities.all.f1, self.coreference.score.conll_f1, self.relations.strict.all.f1];
        HEADLINES.into_iter().zip(values).collect()
    }

    /// The report as an aligned table of at most 100 columns; scores in percent, `-` where there is none.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = Table(String::new());
        table.line(format_args!("{} documents", self.documents));
        table.ids("without prediction", &self.missing);
        table.ids("predicted over another text, not used", &self.other_text);
        table.ids("not in gold, not used", &self.not_in_gold);

        table.scores("names (exact span and type)", &self.names, self.intervals.get("names"));
        if self.kinds.len() > 1 {
            table.head("mentions by kind");
            for (kind, score) in &self.kinds {
                table.row(kind.name(), score, None);
            }
        }
        table.scores("entities (one node for one thing)", &self.entities, self.intervals.get("entities"));

        let coreference = &self.coreference;
        if coreference.with_singletons.conll_f1.is_some() {
            table.coreference("coreference", &coreference.score, self.intervals.get("coreference"));
            table.coreference("coreference with singletons", &coreference.with_singletons, None);
        }

        let relations = &self.relations;
        table.scores("relations (strict)", &relations.strict, self.intervals.get("relations"));
        if !relations.strict.types.is_empty() {
            table.row("relaxed: some relation, any direction", &relations.relaxed, None);
        }
        if relations.incomplete_documents > 0 {
            let title = format!("relations, recall alone ({} documents)", relations.incomplete_documents);
            table.scores(&title, &relations.incomplete, None);
        }
        if !relations.confusions.is_empty() {
            table.line(format_args!("\n{:<26}{:<26}{:>9}", "gold relation", "predicted", "count"));
            for confusion in relations.confusions.iter().take(CONFUSIONS_SHOWN) {
                let reversed = if confusion.reversed { "  other way round" } else { "" };
                table.line(format_args!(
                    "  {:<24}{:<26}{:>9}{reversed}",
                    confusion.gold, confusion.predicted, confusion.count
                ));
            }
        }

        let qualifiers = &self.qualifiers;
        if qualifiers.relations > 0 {
            table.head(&format!("qualifiers of {} relations", qualifiers.relations));
            table.row("by", &qualifiers.by, None);
            table.row("date", &qualifiers.date, None);
            table.row("place", &qualifiers.place, None);
            for (status, score) in qualifiers.status.iter().filter(|(_, score)| score.f1.is_some()) {
                table.row(&format!("status {status}"), score, None);
            }
            table.line(format_args!("  {:<34}{:>33}", "status accuracy", Percent(qualifiers.status_accuracy)));
            table.line(format_args!("  {:<50}{:>17}", "status macro F1", Percent(qualifiers.status_macro_f1)));
        }
        if self.dates.found > 0 {
            table.line(format_args!(
                "\ndates found: {}, of the right form: {} %",
                self.dates.found,
                Percent(self.dates.accuracy)
            ));
        }
        if let Some(PlaceLinkReport { counts, score }) = &self.place_links {
            table.scores("links of places", score, None);
            table.line(format_args!(
                "  {} gold places, {} of them in the lexicon: {} linked rightly, {} wrongly, {} not, {} not found;",
                counts.places, counts.listed, counts.right, counts.wrong, counts.unlinked, counts.not_found
            ));
            table.line(format_args!(
                "  {} not in the lexicon, {} of them linked all the same; {} of which that cannot be told",
                counts.unlisted, counts.unlisted_linked, counts.untold
            ));
        }
        for (what, calibration) in [
            ("names", &self.name_calibration),
            ("links of mentions", &self.link_calibration),
            ("relations", &self.relation_calibration),
        ] {
            if calibration.scored > 0 {
                table.line(format_args!(
                    "\n{:<42}{:>9}{:>9}{:>9}",
                    format!("calibration of {what}"),
                    "count",
                    "score",
                    "right"
                ));
                for bin in &calibration.bins {
                    table.line(format_args!(
                        "  {:<40}{:>9}{:>9}{:>9}",
                        format!("from {:.1}", bin.from),
                        bin.count,
                        Percent(Some(bin.confidence)),
                        Percent(Some(bin.accuracy))
                    ));
                }
                table.line(format_args!(
                    "  {:<40}{:>9}{:>9}",
                    "expected calibration error",
                    "",
                    Percent(calibration.expected_error)
                ));
            }
        }
        table.0
    }
}

/// Two predictions of the same gold documents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Gold documents.
    pub documents: usize,
    /// The headline scores that both have.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// The comparison as an aligned table, in percent.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = Table(String::new());
        table.line(format_args!("{} documents", self.documents));
        table.line(format_args!(
            "{:<16}{:>9}{:>9}{:>12}{:>20}{:>10}",
            "F1", "first", "second", "difference", "95 % interval", "p"
        ));
        for difference in &self.differences {
            let interval = difference
                .interval
                .map_or("-".to_owned(), |range| format!("{:+.1} to {:+.1}", 100.0 * range.low, 100.0 * range.high));
            let p_value = difference.p_value.map_or("-".to_owned(), |value| format!("{value:.3}"));
            table.line(format_args!(
                "{:<16}{:>9}{:>9}{:>12}{interval:>20}{p_value:>10}",
                difference.score,
                Percent(Some(difference.a)),
                Percent(Some(difference.b)),
                format!("{:+.1}", 100.0 * difference.difference),
            ));
        }
        table.0
    }
}

/// A fraction in percent with one decimal.
struct Percent(Option<f64>);

impl Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(value) => f.pad(&format!("{:.1}", 100.0 * value)),
            None => f.pad("-"),
        }
    }
}

/// Ids that the table names before it only counts them.
const IDS_SHOWN: usize = 3;

struct Table(String);

impl Table {
    fn line(&mut self, line: impl Display) {
        // Writing to a string cannot fail; blanks at the end are of no use to anybody.
        let line = line.to_string();
        let _ = writeln!(self.0, "{}", line.trim_end());
    }

    fn ids(&mut self, what: &str, ids: &[String]) {
        if ids.is_empty() {
            return;
        }
        let short = |id: &String| match id.char_indices().nth(16) {
            Some((cut, _)) => format!("{}...", id.get(..cut).unwrap_or_default()),
            None => id.clone(),
        };
        let shown: Vec<String> = ids.iter().take(IDS_SHOWN).map(short).collect();
        let more = if ids.len() > IDS_SHOWN { ", ..." } else { "" };
        self.line(format_args!("{} {what}: {}{more}", ids.len(), shown.join(", ")));
    }

    fn head(&mut self, title: &str) {
        self.line(format_args!("\n{title:<42}{:>9}{:>9}{:>9}{:>9}{:>9}", "gold", "predict.", "P", "R", "F1"));
    }

    fn row(&mut self, name: &str, score: &Score, interval: Option<&Interval>) {
        let interval = spread(interval);
        self.line(format_args!(
            "  {name:<40}{:>9}{:>9}{:>9}{:>9}{:>9}{interval}",
            score.gold,
            score.predicted,
            Percent(score.precision),
            Percent(score.recall),
            Percent(score.f1)
        ));
    }

    fn scores<K: Ord + Display>(&mut self, title: &str, scores: &Scores<K>, interval: Option<&Interval>) {
        if scores.types.is_empty() {
            return;
        }
        self.head(title);
        self.row("all", &scores.all, interval);
        for (key, score) in &scores.types {
            self.row(&key.to_string(), score, None);
        }
    }

    fn coreference(&mut self, title: &str, score: &CoreferenceScore, interval: Option<&Interval>) {
        self.line(format_args!("\n{title:<42}{:>9}{:>9}{:>9}{:>9}{:>9}", "", "", "P", "R", "F1"));
        let mut row = |name: &str, measure: &Measure, interval: &str| {
            self.line(format_args!(
                "  {name:<40}{:>9}{:>9}{:>9}{:>9}{:>9}{interval}",
                "",
                "",
                Percent(measure.precision),
                Percent(measure.recall),
                Percent(measure.f1)
            ));
        };
        row("MUC", &score.muc, "");
        row("B-cubed", &score.b_cubed, "");
        row("CEAF-e", &score.ceaf_e, "");
        self.line(format_args!("  {:<40}{:>45}{}", "CoNLL average", Percent(score.conll_f1), spread(interval)));
    }
}

fn spread(interval: Option<&Interval>) -> String {
    interval.map_or_else(String::new, |range| format!("  {:.1}-{:.1}", 100.0 * range.low, 100.0 * range.high))
}
