//! Decides which mentions are the same entity.
//!
//! Names come first, by rules that give their reason: the same name, a surname after the full name, an acronym and its
//! long form, spelling variants. Names that contradict each other never end up together. Then nominals and pronouns,
//! and names that no rule could place, go to the antecedent that the trained pair scorer prefers. A nominal or pronoun
//! never joins two names: it can only choose one of them.
//! What the user knows comes before all: the spellings of one thing are joined, and different identifiers keep apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{CoreferenceLink, Document, Entity, EntityId, LinkReason, Mention, MentionId},
    names::{self, NameKey, NameMatch},
    schema::{EntityType, MentionKind},
    user::{Identity, UserMention},
};

/// Scores "the later mention refers to what the earlier one refers to"; above 0 the earlier mention is a better
/// antecedent than none.
pub trait PairScorer {
    /// One score for each antecedent, all as indices into the mentions of the document given to [`resolve`].
    fn scores(&self, anaphor: usize, antecedents: &[usize]) -> Vec<f32>;

    /// The probability that a link with that score is right.
    fn probability(&self, score: f32) -> f32 {
        1.0 / (1.0 + (-score).exp())
    }
}

/// A scorer that never links anything, for texts without a model and for tests of the rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoScorer;

impl PairScorer for NoScorer {
    fn scores(&self, _: usize, antecedents: &[usize]) -> Vec<f32> {
        vec![-1.0; antecedents.len()]
    }
}

/// How far back an antecedent may stand, in mentions. Keeps the cost linear in the length of the document.
const REACH: usize = 80;
/// More distinct names of one type than this are compared only within blocks of a shared word or initial.
const ALL_PAIRS_LIMIT: usize = 300;
/// Two names that no rule links are linked by the scorer alone only above this score.
const NAME_SCORE: f32 = 2.0;
/// A weaker match of names needs the scorer's consent.
const SURE: f32 = 0.5;
/// A match this strong is certain enough to link names without looking at the alternatives.
const STRONG: f32 = 0.9;

/// Types of things that go by their initials.
const EXPLAINED: [EntityType; 3] = [EntityType::Organization, EntityType::Event, EntityType::Work];

/// Fills [`Document::entities`] and the entity and link of every mention.
///
/// Nominals and pronouns that refer to nothing else in the document are dropped: a lone "he" is no entity.
pub fn resolve(doc: &mut Document, scorer: &dyn PairScorer) {
    resolve_known(doc, scorer, &[]);
}

/// Does what [`resolve`] does, with what the user knows of some mentions, which are in order.
///
/// Mentions of one identity and type are one entity, and those of different identifiers never are. An entity with a
/// mention that has an identifier gets it as its link.
pub fn resolve_known(doc: &mut Document, scorer: &dyn PairScorer, known: &[UserMention]) {
    let mut clusters = Clusters::new(doc, known);
    clusters.link_known(doc);
    clusters.link_same_values(doc);
    clusters.link_explained(doc);
    clusters.link_names(doc, scorer);
    clusters.link_by_score(doc, scorer);
    clusters.write(doc);
}

/// Groups of mentions while links are being made.
struct Clusters {
    /// Parent in a forest; a root is its own parent and the smallest mention of its group.
    parent: Vec<usize>,
    /// Link of each mention that was linked.
    links: Vec<Option<CoreferenceLink>>,
    /// Per root: the distinct name keys in the group.
    names: Vec<Vec<usize>>,
    /// Distinct names of the document.
    keys: Vec<NameKey>,
    /// Per name: code of the country that it names.
    country_of: Vec<Option<&'static str>>,
    /// Per name: code of the country whose government it may stand for.
    seat_of: Vec<Option<&'static str>>,
    /// Per mention: its name key, for names.
    key_of: Vec<Option<usize>>,
    /// Per mention: which thing it is, if the user knows it.
    identity_of: Vec<Option<Identity>>,
    /// Per root: which thing the group is, if the user knows it.
    identities: Vec<Option<Identity>>,
    /// Per root: whether the user joined names in it that contradict each other, such as a pen name and the real one.
    at_odds: Vec<bool>,
}

impl Clusters {
    fn new(doc: &Document, known: &[UserMention]) -> Self {
        let mut keys = Vec::new();
        let (mut country_of, mut seat_of) = (Vec::new(), Vec::new());
        let mut index = BTreeMap::new();
        let mut key_of = Vec::with_capacity(doc.mentions.len());
        let mut names = Vec::with_capacity(doc.mentions.len());
        for mention in &doc.mentions {
            if mention.kind != MentionKind::Name {
                key_of.push(None);
                names.push(Vec::new());
                continue;
            }
            let text = doc.slice(mention.span);
            let key = *index.entry((mention.entity_type, text)).or_insert_with(|| {
                keys.push(NameKey::new(mention.entity_type, text));
                let place = mention.entity_type == EntityType::Place;
                country_of.push(if place { names::country(text) } else { None });
                let acts = place || mention.entity_type == EntityType::Organization;
                seat_of.push(if acts { names::metonym_country(text) } else { None });
                keys.len() - 1
            });
            key_of.push(Some(key));
            names.push(vec![key]);
        }
        let identity_of: Vec<Option<Identity>> = doc
            .mentions
            .iter()
            .map(|mention| {
                let place = known.binary_search_by_key(&mention.span, |known| known.span).ok()?;
                known[place].identity.clone().filter(|_| mention.kind == MentionKind::Name)
            })
            .collect();
        Self {
            identities: identity_of.clone(),
            identity_of,
            at_odds: vec![false; doc.mentions.len()],
            parent: (0..doc.mentions.len()).collect(),
            links: vec![None; doc.mentions.len()],
            names,
            keys,
            country_of,
            seat_of,
            key_of,
        }
    }

    fn root(&mut self, mention: usize) -> usize {
        let mut root = mention;
        while self.parent[root] != root {
            root = self.parent[root];
        }
        let mut at = mention;
        while self.parent[at] != root {
            at = std::mem::replace(&mut self.parent[at], root);
        }
        root
    }

    /// Whether some name of one group contradicts some name of the other, or both have identifiers, and other ones.
    fn conflict(&self, first: usize, second: usize) -> bool {
        let contradicts = |a: &usize, b: &usize| names::conflict(&self.keys[*a], &self.keys[*b]);
        let (one, other) = (&self.names[first], &self.names[second]);
        match (&self.identities[first], &self.identities[second]) {
            (Some(Identity::Id(a)), Some(Identity::Id(b))) if a != b => true,
            // Of names that contradict each other already, a further one can only agree with some.
            _ if self.at_odds[first] => other.iter().any(|b| one.iter().all(|a| contradicts(a, b))),
            _ if self.at_odds[second] => one.iter().any(|a| other.iter().all(|b| contradicts(a, b))),
            _ => one.iter().any(|a| other.iter().any(|b| contradicts(a, b))),
        }
    }

    /// Joins the groups of two mentions, unless their names contradict each other; says whether they are joined now.
    fn join(&mut self, mention: usize, antecedent: usize, reason: LinkReason, score: f32) -> bool {
        let (a, b) = (self.root(mention), self.root(antecedent));
        if a != b && self.conflict(a, b) {
            return false;
        }
        self.unite(mention, antecedent, reason, score);
        true
    }

    /// Joins the groups of two mentions.
    fn unite(&mut self, mention: usize, antecedent: usize, reason: LinkReason, score: f32) {
        let (a, b) = (self.root(mention), self.root(antecedent));
        if a != b {
            let (low, high) = (a.min(b), a.max(b));
            self.parent[high] = low;
            let moved = std::mem::take(&mut self.names[high]);
            for key in moved {
                if !self.names[low].contains(&key) {
                    self.names[low].push(key);
                }
            }
            self.at_odds[low] |= self.at_odds[high];
            let identity = self.identities[high].take();
            if !matches!(self.identities[low], Some(Identity::Id(_))) && identity.is_some() {
                self.identities[low] = identity;
            }
        }
        if self.links[mention].is_none() && mention != antecedent {
            self.links[mention] = Some(CoreferenceLink {
                antecedent: MentionId(antecedent as u32),
                reason,
                score: score.clamp(0.0, 1.0),
            });
        }
    }

    /// Links mentions of one thing that the user knows, whatever their names.
    fn link_known(&mut self, doc: &Document) {
        let mut first_of: BTreeMap<(Identity, EntityType), usize> = BTreeMap::new();
        for (id, mention) in doc.mentions.iter().enumerate() {
            let Some(identity) = self.identity_of[id].clone() else { continue };
            let first = *first_of.entry((identity, mention.entity_type)).or_insert(id);
            if first != id {
                let (root, own) = (self.root(first), self.root(id));
                self.at_odds[root] |= self.conflict(root, own);
                let same = self.key_of[id] == self.key_of[first];
                let reason = if same { LinkReason::SameName } else { LinkReason::KnownAlias };
                self.unite(id, first, reason, 1.0);
            }
        }
    }

    /// Links dates of one normal form, and names that are written alike.
    fn link_same_values(&mut self, doc: &Document) {
        let mut dates: BTreeMap<&str, usize> = BTreeMap::new();
        let mut first_of_key: Vec<Option<usize>> = vec![None; self.keys.len()];
        for (id, mention) in doc.mentions.iter().enumerate() {
            let Some(key) = self.key_of[id] else { continue };
            if mention.entity_type == EntityType::Date
                && let Some(norm) = mention.norm.as_deref()
            {
                let first = *dates.entry(norm).or_insert(id);
                if first != id {
                    self.join(id, first, LinkReason::SameDate, 1.0);
                }
                continue;
            }
            match first_of_key[key] {
                // A date without a normal form: only the same words are the same date.
                Some(first) => {
                    self.join(id, first, LinkReason::SameName, 1.0);
                }
                None => first_of_key[key] = Some(id),
            }
        }
    }

    /// Links a name and the short form that follows it in brackets, or the other way round, whatever the letters: initials
    /// may be those of another language.
    fn link_explained(&mut self, doc: &Document) {
        for (first, pair) in doc.mentions.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            let names = [a, b].iter().all(|mention| mention.kind == MentionKind::Name);
            if !names || a.entity_type != b.entity_type || !EXPLAINED.contains(&a.entity_type.base()) {
                continue;
            }
            let between = doc.text.get(a.span.range().end..b.span.range().start);
            let after = doc.text.get(b.span.range().end..).and_then(|rest| rest.chars().next());
            if between.map(str::trim_start) != Some("(") || !after.is_some_and(|mark| ")],;".contains(mark)) {
                continue;
            }
            let (a, b) = (doc.slice(a.span), doc.slice(b.span));
            if names::is_acronym(b) && a.contains(' ') || names::is_acronym(a) && b.contains(' ') {
                self.join(first + 1, first, LinkReason::Acronym, 1.0);
            }
        }
    }

    /// Links names by the rules of [`names`].
    fn link_names(&mut self, doc: &Document, scorer: &dyn PairScorer) {
        let mut mentions_of_key: Vec<Vec<usize>> = vec![Vec::new(); self.keys.len()];
        for (id, key) in self.key_of.iter().enumerate() {
            if let Some(key) = key {
                mentions_of_key[*key].push(id);
            }
        }
        let mut weak: BTreeMap<usize, Vec<(usize, NameMatch)>> = BTreeMap::new();
        let mut strong = Vec::new();
        for (a, b) in self.candidate_keys() {
            if self.keys[a].entity_type() == EntityType::Date {
                continue;
            }
            let Some(found) = names::compare(&self.keys[a], &self.keys[b]) else { continue };
            if found.strength >= STRONG && found.reason != LinkReason::PartOfName {
                strong.push((a, b, found));
            } else {
                // The shorter name is the one that has to choose.
                let words = |key: usize| self.keys[key].folded().split(' ').count();
                let (short, long) = if words(a) <= words(b) { (a, b) } else { (b, a) };
                weak.entry(short).or_default().push((long, found));
            }
        }
        strong.sort_by(|x, y| y.2.strength.total_cmp(&x.2.strength).then((x.0, x.1).cmp(&(y.0, y.1))));
        for (a, b, found) in strong {
            let (earlier, later) = (a.min(b), a.max(b));
            if let (Some(antecedent), Some(mention)) =
                (mentions_of_key[earlier].first(), mentions_of_key[later].first())
            {
                self.join(*mention, *antecedent, found.reason, found.strength);
            }
        }
        for (short, longs) in weak {
            self.place_short_name(doc, short, &longs, &mentions_of_key, scorer);
        }
    }

    /// Pairs of distinct names of one type that are worth comparing, in order.
    fn candidate_keys(&self) -> Vec<(usize, usize)> {
        let mut by_type: BTreeMap<EntityType, Vec<usize>> = BTreeMap::new();
        for (key, name) in self.keys.iter().enumerate() {
            by_type.entry(name.entity_type()).or_default().push(key);
        }
        let mut pairs = Vec::new();
        for members in by_type.values() {
            if members.len() <= ALL_PAIRS_LIMIT {
                for (at, a) in members.iter().enumerate() {
                    pairs.extend(members[at + 1..].iter().map(|b| (*a, *b)));
                }
                continue;
            }
            // Names that match share a word, or the letters of an acronym with the first letters of a long form.
            let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for key in members {
                let folded = self.keys[*key].folded();
                let initials: String = folded.split(' ').filter_map(|word| word.chars().next()).collect();
                let mut block_keys: Vec<String> = folded.split(' ').map(str::to_owned).collect();
                block_keys.extend([initials, folded.replace(' ', "")]);
                block_keys.sort_unstable();
                block_keys.dedup();
                for block in block_keys {
                    blocks.entry(block).or_default().push(*key);
                }
            }
            for block in blocks.values() {
                // A word that very many names share ("ministry") says nothing.
                let block = &block[..block.len().min(ALL_PAIRS_LIMIT)];
                for (at, a) in block.iter().enumerate() {
                    pairs.extend(block[at + 1..].iter().map(|b| (*a.min(b), *a.max(b))));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Links the mentions of a short name ("Keller") to one of the longer names that it may stand for.
    ///
    /// With one candidate group all mentions go there. With several, each mention goes to the one that was named last
    /// before it, as writers do; before any of them is named, the first one that follows.
    fn place_short_name(
        &mut self,
        doc: &Document,
        short: usize,
        longs: &[(usize, NameMatch)],
        mentions_of_key: &[Vec<usize>],
        scorer: &dyn PairScorer,
    ) {
        let mut groups: BTreeMap<usize, (NameMatch, Vec<usize>)> = BTreeMap::new();
        let own = mentions_of_key[short].clone();
        let Some(first) = own.first().copied() else { return };
        for (long, found) in longs {
            let Some(mention) = mentions_of_key[*long].first() else { continue };
            let root = self.root(*mention);
            if root == self.root(first) {
                return;
            }
            let group = groups.entry(root).or_insert_with(|| (*found, Vec::new()));
            if found.strength > group.0.strength {
                group.0 = *found;
            }
            group.1.extend(&mentions_of_key[*long]);
        }
        if groups.len() == 1 {
            if let Some((_, (found, members))) = groups.pop_first() {
                let antecedent = nearest(first, &members).unwrap_or(first);
                let sure = found.strength >= SURE
                    || scorer.scores(first.max(antecedent), &[first.min(antecedent)]).iter().any(|score| *score > 0.0);
                if sure {
                    self.join(first, antecedent, found.reason, found.strength);
                }
            }
            return;
        }
        let best = groups.values().map(|(found, _)| found.strength).fold(0.0, f32::max);
        if best < SURE || doc.mentions.len() <= first {
            return;
        }
        // What the user knows by this short name is one thing; it cannot be now this one, now that one.
        if self.identity_of[first].is_some() {
            return;
        }
        // Each mention chooses for itself, so the group of the short name is taken apart first.
        self.dissolve(&own);
        for id in own {
            let choice = groups
                .values()
                .filter(|(found, _)| found.strength >= best - 0.15)
                .filter_map(|(found, members)| nearest(id, members).map(|near| (near, *found)))
                .max_by_key(|(near, _)| (*near < id, if *near < id { *near as i64 } else { -(*near as i64) }));
            if let Some((antecedent, found)) = choice {
                self.join(id, antecedent, found.reason, found.strength * 0.8);
            }
        }
    }

    /// Makes each of these mentions a group of its own, if together they are exactly one group.
    fn dissolve(&mut self, mentions: &[usize]) {
        let Some(first) = mentions.first().copied() else { return };
        let root = self.root(first);
        let size = (0..self.parent.len()).filter(|id| self.root(*id) == root).count();
        if size != mentions.len() {
            return;
        }
        for id in mentions {
            self.parent[*id] = *id;
            self.links[*id] = None;
            self.names[*id] = self.key_of[*id].into_iter().collect();
            self.identities[*id] = self.identity_of[*id].clone();
            self.at_odds[*id] = false;
        }
    }

    /// Links what the rules left: first mentions of a name, nominals, pronouns.
    fn link_by_score(&mut self, doc: &Document, scorer: &dyn PairScorer) {
        for id in 1..doc.mentions.len() {
            let mention = &doc.mentions[id];
            if matches!(mention.entity_type, EntityType::Date | EntityType::Title) && mention.kind == MentionKind::Name
            {
                continue;
            }
            if self.root(id) != id {
                continue;
            }
            let is_name = mention.kind == MentionKind::Name;
            let antecedents: Vec<usize> = (id.saturating_sub(REACH)..id)
                .rev()
                .filter(|antecedent| can_be_one(&doc.mentions[*antecedent], mention))
                .collect();
            let mut best: Option<(f32, usize)> = None;
            for (score, antecedent) in scorer.scores(id, &antecedents).into_iter().zip(antecedents) {
                if score > best.map_or(0.0, |(score, _)| score) {
                    best = Some((score, antecedent));
                }
            }
            let Some((score, antecedent)) = best else { continue };
            let root = self.root(antecedent);
            let antecedent_named = !self.names[root].is_empty();
            let mut reason = LinkReason::Model;
            if is_name && antecedent_named {
                // Two names meet: the scorer alone must be sure of the names themselves, not of a nominal between them,
                // except where a capital may act for its country.
                let is_sure = score >= NAME_SCORE
                    && doc.mentions[antecedent].kind == MentionKind::Name
                    && mention.entity_type != EntityType::Place
                    && !self.are_full_names(id, root);
                if self.is_metonym(id, root) {
                    reason = LinkReason::Metonym;
                } else if !is_sure {
                    continue;
                }
            }
            self.join(id, antecedent, reason, scorer.probability(score));
        }
    }

    /// Whether a name and some name of the group are full names of people: what no rule finds alike is two people.
    fn are_full_names(&self, mention: usize, root: usize) -> bool {
        let is_full =
            |key: &usize| self.keys[*key].entity_type() == EntityType::Person && self.keys[*key].folded().contains(' ');
        self.key_of[mention].as_ref().is_some_and(is_full) && self.names[root].iter().any(is_full)
    }

    /// Whether a name is the capital or seat of government of a country that the group names.
    fn is_metonym(&self, mention: usize, root: usize) -> bool {
        let Some(country) = self.key_of[mention].and_then(|key| self.seat_of[key]) else { return false };
        self.names[root].iter().any(|key| self.country_of[*key] == Some(country))
    }

    /// Writes entities in order of first mention, and drops lone nominals and pronouns.
    fn write(mut self, doc: &mut Document) {
        let roots: Vec<usize> = (0..doc.mentions.len()).map(|id| self.root(id)).collect();
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (id, root) in roots.iter().enumerate() {
            members.entry(*root).or_default().push(id);
        }
        members.retain(|root, group| group.len() > 1 || doc.mentions[*root].kind == MentionKind::Name);
        let mut new_id = vec![None; doc.mentions.len()];
        let mut next = 0;
        for (id, root) in roots.iter().enumerate() {
            if members.contains_key(root) {
                new_id[id] = Some(MentionId(next));
                next += 1;
            }
        }
        let mut entities = Vec::with_capacity(members.len());
        for (entity, (root, group)) in members.iter().enumerate() {
            for id in group {
                doc.mentions[*id].entity = Some(EntityId(entity as u32));
            }
            let (name, norm) = best_name(doc, group);
            entities.push(Entity {
                entity_type: majority_type(doc, group),
                name,
                norm,
                link: match &self.identities[*root] {
                    Some(Identity::Id(id)) => Some(id.to_string()),
                    _ => None,
                },
                mentions: group.iter().filter_map(|id| new_id[*id]).collect(),
            });
        }
        for (id, mention) in doc.mentions.iter_mut().enumerate() {
            mention.link = self.links[id].take().and_then(|link| {
                let antecedent = new_id.get(link.antecedent.0 as usize).copied().flatten()?;
                Some(CoreferenceLink { antecedent, ..link })
            });
        }
        let mut keep = new_id.iter().map(Option::is_some);
        doc.mentions.retain(|_| keep.next().unwrap_or(false));
        doc.entities = entities;
    }
}

/// The last of the sorted-or-not `members` before a mention, else the first after it.
fn nearest(mention: usize, members: &[usize]) -> Option<usize> {
    let before = members.iter().copied().filter(|id| *id < mention).max();
    before.or_else(|| members.iter().copied().filter(|id| *id > mention).min())
}

/// Whether the scorer may take two mentions for one thing: they are of one type, or one is a noun or pronoun, which the
/// model gives the built-in type that a type of the user's is like.
fn can_be_one(a: &Mention, b: &Mention) -> bool {
    let both_names = a.kind == MentionKind::Name && b.kind == MentionKind::Name;
    a.entity_type == b.entity_type || !both_names && a.entity_type.base() == b.entity_type.base()
}

/// The type that most mentions have, names counting before others; ties go to the earlier type.
fn majority_type(doc: &Document, group: &[usize]) -> EntityType {
    let mut votes: BTreeMap<EntityType, usize> = BTreeMap::new();
    for id in group {
        let mention = &doc.mentions[*id];
        *votes.entry(mention.entity_type).or_default() += if mention.kind == MentionKind::Name { 1000 } else { 1 };
    }
    votes
        .into_iter()
        .max_by_key(|(entity_type, count)| (*count, std::cmp::Reverse(*entity_type)))
        .map_or(EntityType::Person, |(entity_type, _)| entity_type)
}

/// Whether a place entity names a country, and no two.
fn names_country(doc: &Document, group: &[usize]) -> bool {
    let names = group.iter().filter_map(|id| {
        let mention = &doc.mentions[*id];
        let is_name = mention.kind == MentionKind::Name && mention.entity_type == EntityType::Place;
        // A capital that acts for its country names no country itself.
        names::country(doc.slice(mention.span)).filter(|_| is_name)
    });
    names.collect::<BTreeSet<_>>().len() == 1
}

/// The name to call an entity by, and its normal form.
///
/// Among its names: for people the one with most words, for others the most frequent one that is no acronym; then the
/// longer, then the earlier. Without names, the first mention's words.
fn best_name(doc: &Document, group: &[usize]) -> (String, Option<String>) {
    let norm = group.iter().find_map(|id| doc.mentions[*id].norm.clone());
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (order, id) in group.iter().enumerate() {
        let mention = &doc.mentions[*id];
        if mention.kind == MentionKind::Name {
            counts.entry(doc.slice(mention.span)).or_insert((0, order)).0 += 1;
        }
    }
    // Where a capital acts for its country, the country gives the name.
    if names_country(doc, group) {
        counts.retain(|name, _| names::country(name).is_some());
    }
    let person = majority_type(doc, group) == EntityType::Person;
    let best = counts.into_iter().max_by_key(|(name, (count, order))| {
        let words = name.split_whitespace().count();
        let acronym = name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) && name.len() < 7;
        let weight =
            if person { words.min(5) * 1000 + count } else { usize::from(!acronym) * 100_000 + count * 100 + words };
        (weight, name.len(), std::cmp::Reverse(*order))
    });
    let name = best.map(|(name, _)| name).or_else(|| group.first().map(|id| doc.slice(doc.mentions[*id].span)));
    let name = name.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    (name, norm)
}

#[cfg(test)]
mod tests;
