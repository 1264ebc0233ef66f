//! Decides which mentions are the same entity.
//!
//! Names come first, by rules that give their reason: the same name, a surname after the full name, an acronym and its
//! long form, spelling variants. Names that contradict each other never end up together. Then nominals and pronouns,
//! and names that no rule could place, go to the antecedent that the trained pair scorer prefers. A nominal or pronoun
//! never joins two names: it can only choose one of them.
//! What the user knows comes before all: the spellings of one thing are joined, and different identifiers keep apart.

mod ages;
mod aliases;
mod bodies;
mod context;
mod councils;
mod countries;
mod daughters;
mod kin;
mod parties;
mod seats;
mod thrones;
mod voices;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{CoreferenceLink, Document, Entity, EntityId, LinkReason, Mention, MentionId},
    lexicon::{Gender, Lexicon},
    names::{self, NameKey, NameMatch},
    schema::{EntityType, MentionKind},
    user::{Identity, UserMention},
};

use ages::{Bearer, Told};
use bodies::Bodies;
use countries::OF_SEVERAL;
use voices::{Voice, is_first_person, is_second_person};

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
/// How many mentions behind a child's given name may tell its surname.
const AFTER: usize = 10;
/// More distinct names of one type than this are compared only within blocks of a shared word or initial.
const ALL_PAIRS_LIMIT: usize = 300;
/// Two names that no rule links are linked by the scorer alone only above this score.
const NAME_SCORE: f32 = 2.0;
/// A match of names that is no stronger needs the scorer's consent.
const SURE: f32 = 0.5;
/// What speaks for a gender: a given name, which may be another people's for the other one; a pronoun, a noun or a
/// word of address.
const GIVEN_NAME_TELLS: i32 = 1;
const WORD_TELLS: i32 = 3;
/// What a given name of the other gender takes from a score.
const OTHER_GENDER: f32 = 2.0;
/// Where the best antecedent has the other gender, the best of those with the right one may be this much worse than none,
const RIGHT_GENDER: f32 = 3.0;
/// and this much worse than the one whose given name is of the other gender.
const BESIDE_WRONG_GENDER: f32 = 4.0;
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
    clusters.tell_bodies(doc);
    clusters.link_known(doc);
    clusters.link_same_values(doc);
    clusters.link_explained(doc);
    clusters.link_aliases(doc);
    clusters.link_names(doc, scorer);
    clusters.link_seats();
    clusters.link_speakers(doc);
    clusters.link_named_kin(doc);
    clusters.link_by_score(doc, scorer);
    clusters.link_datelines();
    clusters.mark_metonyms();
    clusters.write(doc);
}

/// The strongest that speaks for each gender.
#[derive(Debug, Clone, Copy, Default)]
struct Signs {
    male: i32,
    female: i32,
}

impl Signs {
    fn of(gender: Option<Gender>, strength: i32) -> Self {
        match gender {
            Some(Gender::Male) => Self { male: strength, female: 0 },
            Some(Gender::Female) => Self { male: 0, female: strength },
            None => Self::default(),
        }
    }

    fn and(self, other: Self) -> Self {
        Self { male: self.male.max(other.male), female: self.female.max(other.female) }
    }

    /// Above 0 for women, below 0 for men.
    fn sum(self) -> i32 {
        self.female - self.male
    }
}

/// A group of longer names that a short one may stand for.
struct Namesake {
    found: NameMatch,
    /// Mentions of the longer names.
    members: Vec<usize>,
    /// Titles right before them, folded.
    titles: BTreeSet<String>,
    /// Above 0 for a woman, below 0 for a man.
    gender: i32,
    /// Whether the text addresses that one as Mr, Mrs or Ms; nothing if only others do, in quotations.
    is_addressed: Option<bool>,
    /// Whether the text brings that one in as the kin of whom it tells.
    is_kin: bool,
    /// Whether that one is the parent, the uncle or the like of somebody of that name.
    is_elder: bool,
}

impl Namesake {
    /// Whether the text brings that one in as the kin of whom it tells, and whether that one is then the older of the two.
    fn kin(&self, doc: &Document, all: &[Namesake]) -> (bool, bool) {
        let Some(first) = self.members.first().copied() else { return (false, false) };
        if context::is_somebodys_kin(doc, first) {
            return (true, false);
        }
        let Some(kin) = kin::kin_before(doc, first) else { return (false, false) };
        let others = all.iter().filter(|other| !std::ptr::eq(*other, self)).flat_map(|other| &other.members).copied();
        (kin::leaves_surname(doc, first, kin, others), kin::is_elder(kin))
    }
}

/// Why a name is not the same as another one that is written alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Apart {
    /// It is the place of a dateline.
    Dateline,
    /// The text says so of this mention.
    Namesake(usize),
    /// Its bearer is another one, of another age.
    Bearer(usize),
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
    /// Names that only say what a person was called at birth; with a given name added if they had none.
    birth_names: BTreeSet<usize>,
    /// Mentions that a text gives as another name of something.
    aliases: BTreeSet<usize>,
    /// Names of datelines whose country the text names too: the place, where elsewhere the same name may be the state.
    datelines: BTreeSet<usize>,
    /// Names that the text itself says to be another person's: "another Maria Keller". They join no other name.
    namesakes: BTreeSet<usize>,
    /// Per name: the age or the life that stands behind it.
    told: Vec<Option<Told>>,
    /// Names with Mr, Mrs or Ms before them, of those who are so addressed outside of quotations.
    courtesies: BTreeSet<usize>,
    /// Pairs of names, the lower first, that could be one by themselves and are not: a child's bare given name, and somebody
    /// else's full one.
    strangers: BTreeSet<(usize, usize)>,
    /// What the text tells of bodies and capitals.
    bodies: Bodies,
    /// Mentions that only say in what language a name is.
    labels: BTreeSet<usize>,
    /// Per mention: who speaks there. Empty if the text has no letters and no labels.
    voices: Vec<Voice>,
    /// Per mention: its name key, for names.
    key_of: Vec<Option<usize>>,
    /// Per mention: what it tells of gender.
    gender_of: Vec<Signs>,
    /// Per root: what the group tells.
    genders: Vec<Signs>,
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
        let (mut birth_names, mut datelines) = (BTreeSet::new(), BTreeSet::new());
        let mut gender_of = Vec::with_capacity(doc.mentions.len());
        let birth = names_at_birth(doc);
        let (mut namesakes, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let (mut told, mut courtesies) = (Vec::new(), BTreeSet::new());
        let bearers = ages::bearers(doc);
        let countries: BTreeSet<&str> = doc
            .mentions
            .iter()
            .filter(|mention| mention.kind == MentionKind::Name && mention.entity_type == EntityType::Place)
            .filter_map(|mention| names::country(doc.slice(mention.span)))
            .collect();
        for (id, mention) in doc.mentions.iter().enumerate() {
            if mention.kind != MentionKind::Name {
                key_of.push(None);
                names.push(Vec::new());
                gender_of.push(Signs::of(context::gender_of_word(doc, mention), WORD_TELLS));
                continue;
            }
            let text = doc.slice(mention.span);
            // A woman and a man of one surname are told apart by how they are addressed.
            let address = context::honorific(doc, mention);
            let full = match (birth.get(&id), address) {
                (Some(full), _) => full.clone(),
                (None, Some(address)) => format!("{address} {text}"),
                (None, None) => names::party_of(doc, mention).unwrap_or(text).to_owned(),
            };
            let place = mention.entity_type == EntityType::Place;
            let acts = place || mention.entity_type == EntityType::Organization;
            let seat = if acts { names::metonym_country(text) } else { None };
            let dateline = place
                && seat.is_some_and(|country| countries.contains(country))
                && context::is_dateline(doc, mention.span);
            // Of a name that was there before, one that is said to be another's.
            let person = mention.entity_type.base() == EntityType::Person;
            let bearer = bearers.get(&id);
            let number = bearer.map_or(0, |bearer| bearer.number);
            let other = person
                && text.contains(' ')
                && !seen.insert(text)
                && (context::is_namesake(doc, mention.span)
                    || kin::is_taken_for_namesake(doc, id)
                    || number == 0 && kin::is_kin_of_namesake(doc, id));
            let apart = match (other, dateline) {
                (true, _) => Some(Apart::Namesake(id)),
                (false, true) => Some(Apart::Dateline),
                (false, false) => (number > 0).then_some(Apart::Bearer(number)),
            };
            let key = *index.entry((mention.entity_type, full, apart)).or_insert_with_key(|(_, full, _)| {
                keys.push(NameKey::new(mention.entity_type, full));
                country_of.push(if place { names::country(text) } else { None });
                seat_of.push(seat);
                told.push(None);
                keys.len() - 1
            });
            if let (Some(Bearer { told: found, .. }), Some(slot)) = (bearer, told.get_mut(key)) {
                *slot = Some(*found);
            }
            if address.is_some_and(context::is_courtesy) && !voices::is_quoted(doc, id) {
                courtesies.insert(key);
            }
            if birth.contains_key(&id) {
                birth_names.insert(key);
            }
            if dateline {
                datelines.insert(key);
            }
            if other {
                namesakes.insert(key);
            }
            let tells = if address.is_some() { WORD_TELLS } else { GIVEN_NAME_TELLS };
            let gender = keys.get(key).and_then(NameKey::person).and_then(|person| person.gender);
            gender_of.push(Signs::of(gender, tells));
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
            birth_names,
            aliases: BTreeSet::new(),
            datelines,
            namesakes,
            told,
            courtesies,
            strangers: BTreeSet::new(),
            bodies: Bodies::default(),
            labels: BTreeSet::new(),
            voices: voices::voices(doc),
            key_of,
            genders: gender_of.clone(),
            gender_of,
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
        let contradicts = |a: &usize, b: &usize| {
            let are_two = matches!((self.told[*a], self.told[*b]), (Some(one), Some(other)) if one.differs(other));
            are_two
                || self.strangers.contains(&(*a.min(b), *a.max(b)))
                || names::conflict(&self.keys[*a], &self.keys[*b])
        };
        let (one, other) = (&self.names[first], &self.names[second]);
        match (&self.identities[first], &self.identities[second]) {
            (Some(Identity::Id(a)), Some(Identity::Id(b))) if a != b => true,
            _ if self.are_of_two_countries(first, second) => true,
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
            self.genders[low] = self.genders[low].and(self.genders[high]);
            self.bodies.unite(low, high);
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

    /// Links a name and the short form that follows it in brackets, or the other way round.
    ///
    /// Initials may be those of another language, so the letters need not fit, as long as the short form stands for no
    /// body that is known by it and explains no second name: "the Harbour Lions (NFA), the Bay Bears (NFA)".
    fn link_explained(&mut self, doc: &Document) {
        let mut explained: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (first, pair) in doc.mentions.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            let names = [a, b].iter().all(|mention| mention.kind == MentionKind::Name);
            if !names || a.entity_type != b.entity_type || !EXPLAINED.contains(&a.entity_type.base()) {
                continue;
            }
            let (Some(key_a), Some(key_b)) = (self.key_of[first], self.key_of[first + 1]) else { continue };
            let between = doc.text.get(a.span.range().end..b.span.range().start);
            let after = doc.text.get(b.span.range().end..).and_then(|rest| rest.chars().next());
            if between.map(str::trim_start) != Some("(") || !after.is_some_and(|mark| ")],;".contains(mark)) {
                continue;
            }
            let (a, b) = (doc.slice(a.span), doc.slice(b.span));
            let short = if names::is_acronym(b) && a.contains(' ') {
                b
            } else if names::is_acronym(a) && b.contains(' ') {
                a
            } else {
                continue;
            };
            let fits = names::compare(&self.keys[key_a], &self.keys[key_b]).is_some();
            if fits {
                self.join(first + 1, first, LinkReason::Acronym, 1.0);
            } else if Lexicon::embedded().organization(short).is_none() {
                explained.entry(short).or_default().push(first);
            }
        }
        for places in explained.values() {
            let long = |first: usize| {
                let (a, b) = (self.key_of[first], self.key_of[first + 1]);
                if names::is_acronym(doc.slice(doc.mentions[first].span)) { b } else { a }
            };
            let distinct: BTreeSet<Option<usize>> = places.iter().map(|first| long(*first)).collect();
            if distinct.len() == 1 {
                for first in places {
                    self.join(first + 1, *first, LinkReason::Acronym, 1.0);
                }
            }
        }
    }

    /// Links what a text itself says to be two names of one thing: a name at birth, an alias, the term by which a
    /// contract calls a party. Such names may contradict each other.
    fn link_aliases(&mut self, doc: &Document) {
        let mut last_name: Option<usize> = None;
        let mut terms: BTreeMap<(EntityType, &str), usize> = BTreeMap::new();
        for (id, mention) in doc.mentions.iter().enumerate() {
            let is_name = mention.kind == MentionKind::Name;
            let term = (mention.entity_type.base(), doc.slice(mention.span));
            if let Some(bearer) = self.born_as(doc, id) {
                self.unite(id, bearer, LinkReason::KnownAlias, 0.95);
                self.aliases.insert(id);
            }
            if let Some(bearer) = aliases::later_name(doc, id) {
                self.add_alias(id, bearer);
            }
            if let Some(labelled) = aliases::labelled(doc, id) {
                self.add_alias(id, labelled.bearer);
                self.labels.extend(labelled.label);
            }
            if let Some(name) = last_name {
                let known = &doc.mentions[name];
                let alias = is_name
                    && known.entity_type == mention.entity_type
                    && !matches!(mention.entity_type, EntityType::Date | EntityType::Title)
                    && context::alias(doc, known.span, mention.span).is_some();
                let defined = known.entity_type.base() == mention.entity_type.base()
                    && context::defines(doc, known.span, mention.span);
                if alias || defined {
                    self.add_alias(id, if defined { parties::party(doc, name, id) } else { name });
                    if !is_name {
                        terms.insert(term, id);
                    }
                } else if let Some(definition) = terms.get(&term).filter(|_| !is_name) {
                    self.join(id, *definition, LinkReason::KnownAlias, 0.95);
                }
            }
            if is_name {
                last_name = Some(id);
            }
        }
    }

    /// Joins a mention with what it is another name, or the agreed term, of, unless the user knows them for two things.
    fn add_alias(&mut self, id: usize, bearer: usize) {
        let (root, own) = (self.root(bearer), self.root(id));
        if !self.have_other_identities(root, own) {
            self.at_odds[root] |= root != own && self.conflict(root, own);
            self.unite(id, bearer, LinkReason::KnownAlias, 0.95);
        }
        if self.key_of[id].is_some() {
            self.aliases.insert(id);
        }
    }

    /// The person of whom a text says "she was born Beatrix Mary Lowenthal": the last one before with that given name, else
    /// the only one before.
    fn born_as(&mut self, doc: &Document, id: usize) -> Option<usize> {
        let given = |key: Option<usize>| self.keys[key?].person()?.given.clone();
        let name = given(self.key_of[id]).filter(|_| context::is_born(doc, doc.mentions[id].span))?;
        let bearer = (0..id)
            .rev()
            .find(|other| given(self.key_of[*other]).as_ref() == Some(&name))
            .or_else(|| aliases::only_person_before(doc, id))?;
        let (root, own) = (self.root(bearer), self.root(id));
        if root == own || self.have_other_identities(root, own) {
            return None;
        }
        self.at_odds[root] |= self.conflict(root, own);
        Some(bearer)
    }

    /// Whether the user knows two groups for different things.
    fn have_other_identities(&self, first: usize, second: usize) -> bool {
        matches!((&self.identities[first], &self.identities[second]),
            (Some(Identity::Id(a)), Some(Identity::Id(b))) if a != b)
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
        let pairs = self.candidate_keys();
        let of_several = self.names_of_several(&pairs);
        for (a, b) in pairs {
            if self.keys[a].entity_type() == EntityType::Date {
                continue;
            }
            if [a, b].iter().any(|key| self.datelines.contains(key) || self.namesakes.contains(key)) {
                continue;
            }
            let Some(found) = names::compare(&self.keys[a], &self.keys[b]) else { continue };
            let Some(found) = self.match_of_bodies(a, b, found) else { continue };
            if let Some((short, long)) = self.one_of_several(a, b, &of_several) {
                weak.entry(short).or_default().push((long, NameMatch { strength: OF_SEVERAL, ..found }));
                continue;
            }
            if self.is_of_others(doc, a, b, &mentions_of_key) || self.is_of_others(doc, b, a, &mentions_of_key) {
                self.strangers.insert((a.min(b), a.max(b)));
                continue;
            }
            let words = |key: usize| self.keys[key].folded().split(' ').count();
            // A surname alone is no longer the one of birth.
            let is_birth_name = |key: usize, other: usize| self.birth_names.contains(&key) && !self.is_full(other);
            if is_birth_name(a, b) || is_birth_name(b, a) {
                continue;
            }
            // "Keller" may be Mr Keller or Mrs Keller, each of whom is one of the full names.
            let surnames = self.is_surname(a) && self.is_surname(b) && words(a) != words(b);
            if found.strength >= STRONG && found.reason != LinkReason::PartOfName && !surnames {
                strong.push((a, b, found));
            } else {
                // The shorter name is the one that has to choose.
                let is_shorter = match (self.is_full(a), self.is_full(b)) {
                    (true, false) => false,
                    (false, true) => true,
                    _ => words(a) <= words(b),
                };
                let (short, long) = if is_shorter { (a, b) } else { (b, a) };
                weak.entry(short).or_default().push((long, found));
            }
        }
        let of_two = self.acronyms_of_two(&strong);
        strong.retain(|(a, b, _)| !of_two.contains_key(&(*a, *b)));
        for ((a, b), found) in of_two {
            let (short, long) = if self.is_one_word(a) { (a, b) } else { (b, a) };
            weak.entry(short).or_default().push((long, found));
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
        // With a word of address first, since it leaves fewer to choose from.
        let (addressed, bare): (Vec<_>, Vec<_>) = weak
            .into_iter()
            .partition(|(short, _)| self.is_surname(*short) && self.keys[*short].folded().contains(' '));
        for (short, longs) in addressed.into_iter().chain(bare) {
            self.place_short_name(doc, short, &longs, &mentions_of_key, scorer);
        }
    }

    /// Whether a bare given name is that of a child or sibling, and the full name is of nobody in that family: "three
    /// children, William, Mary and Jane" and "William Jardine".
    fn is_of_others(&self, doc: &Document, given: usize, full: usize, mentions_of_key: &[Vec<usize>]) -> bool {
        let (Some(child), Some(other)) = (self.keys[given].person(), self.keys[full].person()) else { return false };
        let is_given = child.surname.is_some() && child.surname == other.given && child.surname != other.surname;
        let Some(first) = mentions_of_key[given].first().copied().filter(|_| self.is_surname(given) && is_given) else {
            return false;
        };
        if !child.titles.is_empty() || other.family_first || !kin::is_listed_kin(doc, first) {
            return false;
        }
        let around = self.key_of.iter().take(first + AFTER).skip(first.saturating_sub(REACH)).flatten();
        let mut people = around.filter_map(|key| self.keys[*key].person());
        !people.any(|person| person.surname == other.surname && person.given.is_some() && person.given != other.given)
    }

    /// Whether a name is a person's, of given name and surname at least.
    fn is_full(&self, key: usize) -> bool {
        self.keys[key].person().is_some_and(|person| person.given.is_some())
    }

    /// Whether a name is a person's, of one word and perhaps a word of address.
    fn is_surname(&self, key: usize) -> bool {
        self.keys[key].person().is_some_and(|person| person.given.is_none())
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
                // A writer brings the full name first: "the Green Party" is not the one of a country that is named later.
                let is_other_body = self.keys[short].is_generic() && members.iter().all(|member| *member > first);
                if is_other_body {
                    return;
                }
                let sure = found.strength > SURE
                    || scorer.scores(first.max(antecedent), &[first.min(antecedent)]).iter().any(|score| *score > 0.0);
                if sure {
                    self.join(first, antecedent, found.reason, found.strength);
                }
            }
            return;
        }
        let best = groups.values().map(|(found, _)| found.strength).fold(0.0, f32::max);
        if best <= SURE || doc.mentions.len() <= first {
            return;
        }
        // What the user knows by this short name is one thing; it cannot be now this one, now that one.
        if self.identity_of[first].is_some() {
            return;
        }
        // Each mention chooses for itself, so the group of the short name is taken apart first.
        self.dissolve(&own);
        let titles_of = |members: &[usize]| -> BTreeSet<String> {
            members.iter().filter_map(|member| context::title_or_honour(doc, *member)).collect()
        };
        let mut namesakes: Vec<Namesake> = groups
            .into_iter()
            .filter(|(_, (found, _))| found.strength >= best - 0.15)
            .map(|(root, (found, members))| Namesake {
                found,
                titles: titles_of(&members),
                members,
                gender: self.genders[root].sum(),
                is_addressed: self.is_addressed(root),
                is_kin: false,
                is_elder: false,
            })
            .collect();
        let is_bare = !self.keys[short].folded().contains(' ');
        // "His son, Pavel Zorin" has no part in what is told of Zorin before or after.
        let ties: Vec<(bool, bool)> = namesakes.iter().map(|other| other.kin(doc, &namesakes)).collect();
        for (other, (is_kin, is_elder)) in namesakes.iter_mut().zip(ties) {
            (other.is_kin, other.is_elder) = (is_kin, is_elder);
        }
        for id in own {
            // "Senator Roth" is the Roth who was called senator before, "Mrs Roth" the one with a woman's name.
            let title = context::title_or_honour(doc, id);
            let told = self.gender_of[id].sum();
            let gender = match told {
                0 => Signs::of(context::gender_ahead(doc, id), WORD_TELLS).sum(),
                told => told,
            };
            let called = |other: &Namesake| title.as_ref().is_some_and(|title| other.titles.contains(title));
            // What follows tells one of those from another that were named before.
            let is_known = |other: &Namesake| told != 0 || other.members.iter().any(|member| *member < id);
            let agrees = |other: &Namesake| other.gender * gender > 0 && is_known(other);
            let any_called = namesakes.iter().any(called);
            let any_agrees = namesakes.iter().any(|other| agrees(other) && (!any_called || called(other)));
            // "The elder Quill" is not Ada, the daughter of Robert Quill.
            let is_elder = |other: &Namesake| {
                other.is_elder
                    && other.members.iter().any(|member| *member < id)
                    && (!any_called || called(other))
                    && (!any_agrees || agrees(other))
            };
            let any_elder = context::is_called_elder(doc, id) && namesakes.iter().any(is_elder);
            let is_kin = |other: &Namesake| other.is_kin && !any_elder;
            let any_other = namesakes.iter().any(|other| {
                !is_kin(other)
                    && other.members.iter().any(|member| *member < id)
                    && (!any_called || called(other))
                    && (!any_agrees || agrees(other))
            });
            // A paper that says Mr Roth says Roth of somebody else, as a rule of the convict.
            let is_left_bare = |other: &Namesake| is_bare && other.is_addressed == Some(false);
            let any_left_bare = namesakes.iter().any(|other| {
                is_left_bare(other)
                    && !is_kin(other)
                    && other.members.iter().any(|member| *member < id)
                    && (!any_called || called(other))
                    && (!any_agrees || agrees(other))
            }) && !voices::is_quoted(doc, id);
            let choice = namesakes
                .iter()
                .filter(|other| !any_left_bare || other.is_addressed != Some(true))
                .filter(|other| !any_called || called(other))
                .filter(|other| !any_agrees || agrees(other))
                .filter(|other| !any_other || !is_kin(other))
                .filter(|other| !any_elder || is_elder(other))
                .filter(|other| {
                    let before = nearest(id, &other.members).filter(|near| *near < id);
                    !before.is_some_and(|near| context::describes(doc, doc.mentions[near].span, doc.mentions[id].span))
                })
                .filter_map(|other| nearest(id, &other.members).map(|near| (near, other.found)))
                .max_by_key(|(near, _)| (*near < id, if *near < id { *near as i64 } else { -(*near as i64) }));
            if let Some((antecedent, found)) = choice {
                self.join(id, antecedent, found.reason, found.strength * 0.8);
            }
        }
    }

    /// Whether some name of a group has Mr, Mrs or Ms before it; nothing if so in quotations alone.
    fn is_addressed(&self, root: usize) -> Option<bool> {
        if self.names[root].iter().any(|key| self.courtesies.contains(key)) {
            return Some(true);
        }
        let titles = self.names[root].iter().filter_map(|key| self.keys[*key].person()).flat_map(|name| &name.titles);
        (!titles.into_iter().any(|title| context::is_courtesy(title))).then_some(false)
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
            self.genders[*id] = self.gender_of[*id];
            self.bodies.dissolve(*id);
        }
    }

    /// Links what the rules left: first mentions of a name, nominals, pronouns.
    fn link_by_score(&mut self, doc: &Document, scorer: &dyn PairScorer) {
        let bylines = crate::names::bylines(doc);
        let thrones = self.thrones(doc);
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
            // A rule has found what is named later.
            if !is_name && !self.names[id].is_empty() {
                continue;
            }
            if self.key_of[id].is_some_and(|key| self.datelines.contains(&key) || self.namesakes.contains(&key)) {
                continue;
            }
            if self.key_of[id].is_some_and(|key| self.stays_alone(key)) {
                continue;
            }
            // Of 1,614 in our news, all but six go with the name before: "Ada Quill, who".
            if let Some(name) = context::name_before_relative(doc, id) {
                let score = scorer.scores(id, &[name]).first().copied().unwrap_or_default();
                self.join(id, name, LinkReason::Model, scorer.probability(score.max(0.0)));
                continue;
            }
            let others = self.others_than(doc, id);
            let mut antecedents: Vec<usize> = (id.saturating_sub(REACH)..id)
                .rev()
                .filter(|antecedent| can_be_one(&doc.mentions[*antecedent], mention))
                .filter(|antecedent| !self.key_of[*antecedent].is_some_and(|key| self.datelines.contains(&key)))
                .filter(|antecedent| !is_name || context::may_name_kin(doc, *antecedent, id))
                .collect();
            antecedents.retain(|antecedent| !others.contains(&self.root(*antecedent)));
            self.retain_bodies(doc, id, &mut antecedents);
            if !bylines.is_empty() && !is_name && !is_first_person(doc, mention) {
                antecedents.retain(|antecedent| !bylines[*antecedent] || is_in_line_of(doc, *antecedent, id));
            }
            if let Some(throne) = thrones::throne(doc, mention) {
                antecedents.retain(|antecedent| {
                    let root = self.root(*antecedent);
                    let names = &self.names[root];
                    names.is_empty() || names.iter().any(|key| thrones.contains(&(throne, *key)))
                });
            }
            let scores = scorer.scores(id, &antecedents);
            let Some((score, antecedent)) = self.best_antecedent(id, &antecedents, &scores) else { continue };
            let root = self.root(antecedent);
            let antecedent_named = !self.names[root].is_empty();
            let mut reason = LinkReason::Model;
            if is_name && antecedent_named {
                // Two names meet: the scorer alone must be sure of the names themselves, not of a nominal between them,
                // except where a capital may act for its country.
                let is_sure = score >= NAME_SCORE
                    && doc.mentions[antecedent].kind == MentionKind::Name
                    && mention.entity_type != EntityType::Place
                    && !self.have_full_names(id, root);
                if self.is_metonym(id, root) {
                    reason = LinkReason::Metonym;
                } else if !is_sure {
                    continue;
                }
            }
            self.join(id, antecedent, reason, scorer.probability(score));
        }
    }

    /// Links "I" to who speaks, where the text tells.
    fn link_speakers(&mut self, doc: &Document) {
        for id in 0..self.voices.len() {
            if let Some(speaker) = self.voices[id].speaker
                && is_first_person(doc, &doc.mentions[id])
            {
                self.join(id, speaker, LinkReason::Speaker, 0.95);
            }
        }
    }

    /// Links "son" to the name that follows in "The son of Jorge Vega, Luis Vega, lost".
    fn link_named_kin(&mut self, doc: &Document) {
        for noun in 0..doc.mentions.len() {
            let Some(name) = kin::named_behind_kin(doc, noun) else { continue };
            let root = self.root(name);
            let (mention, antecedent) = if root < noun { (noun, root) } else { (name, noun) };
            self.join(mention, antecedent, LinkReason::KnownAlias, 0.95);
        }
    }

    /// The names whose bearers the text gives a throne, with that; empty if it speaks of nobody by such a noun alone.
    fn thrones(&self, doc: &Document) -> BTreeSet<(&'static str, usize)> {
        let mut found = BTreeSet::new();
        if !doc.mentions.iter().any(|mention| thrones::throne(doc, mention).is_some()) {
            return found;
        }
        for (id, key) in self.key_of.iter().enumerate() {
            let name = key.and_then(|key| Some((key, self.keys[key].person()?)));
            if let Some((key, person)) = name {
                found.extend(thrones::held(doc, id, person).into_iter().map(|throne| (throne, key)));
            }
        }
        found
    }

    /// Groups to which a noun or pronoun cannot belong: that of who is written to, for "I"; that of who speaks, for "you";
    /// that of the possessor, for somebody's kin, and the other way round; that of another's wife, for somebody's wife.
    fn others_than(&mut self, doc: &Document, id: usize) -> Vec<usize> {
        let mention = &doc.mentions[id];
        let mut others = Vec::new();
        if let Some(voice) = self.voices.get(id).copied() {
            others.extend(voice.addressee.filter(|_| is_first_person(doc, mention)));
            others.extend(voice.speaker.filter(|_| is_second_person(doc, mention)));
        }
        others.extend(context::possessor_of_kin(doc, id));
        others.extend(context::kin_described(doc, id));
        others.extend(self.spouses_of_others(doc, id));
        others.into_iter().map(|other| self.root(other)).collect()
    }

    /// The earlier nouns of "his wife" and "her husband" where this one is another's.
    fn spouses_of_others(&mut self, doc: &Document, id: usize) -> Vec<usize> {
        let Some((noun, possessor)) = context::possessor_of_spouse(doc, id) else { return Vec::new() };
        let possessor = self.root(possessor);
        let earlier = (id.saturating_sub(REACH)..id).filter_map(|other| {
            let (other_noun, other_possessor) = context::possessor_of_spouse(doc, other)?;
            (noun == other_noun && self.root(other_possessor) != possessor).then_some(other)
        });
        earlier.collect()
    }

    /// The antecedent with the best score above 0, if those of the other gender are left out.
    ///
    /// Where one of them would be the best, one that is known to have the right gender is taken even below 0.
    fn best_antecedent(&mut self, id: usize, antecedents: &[usize], scores: &[f32]) -> Option<(f32, usize)> {
        let gender = self.genders[id].sum();
        let mut best: Option<(f32, usize)> = None;
        let mut best_right: Option<(f32, usize)> = None;
        let mut wrong: f32 = 0.0;
        for (antecedent, score) in antecedents.iter().copied().zip(scores.iter().copied()) {
            let root = self.root(antecedent);
            let other = self.genders[root].sum();
            let mut fair = score;
            if gender * other < 0 {
                wrong = wrong.max(score);
                let both_told = gender.abs() >= WORD_TELLS && other.abs() >= WORD_TELLS;
                fair = if both_told { f32::NEG_INFINITY } else { score - OTHER_GENDER };
            } else if gender * other > 0 && score > best_right.map_or(-RIGHT_GENDER, |(score, _)| score) {
                best_right = Some((score, antecedent));
            }
            if fair > best.map_or(0.0, |(score, _)| score) {
                best = Some((fair, antecedent));
            }
        }
        let is_wrong = best.is_some_and(|(_, antecedent)| {
            let root = self.root(antecedent);
            gender * self.genders[root].sum() < 0
        });
        let is_right_near = |score: f32| best_right.is_some_and(|(right, _)| score - right < BESIDE_WRONG_GENDER);
        match best {
            None if wrong > 0.0 && self.key_of[id].is_none() => {
                best_right.map(|(score, antecedent)| (score.max(0.0), antecedent))
            }
            // "He" is hardly a woman as long as there is a man.
            Some((score, _)) if is_wrong && self.key_of[id].is_none() && is_right_near(score) => {
                best_right.map(|(score, antecedent)| (score.max(0.0), antecedent))
            }
            best => best,
        }
    }

    /// Joins the place of a dateline with what the text calls the same, unless that is the state.
    fn link_datelines(&mut self) {
        let ids: Vec<(usize, usize)> =
            self.key_of.iter().enumerate().filter_map(|(id, key)| key.map(|key| (id, key))).collect();
        for (id, key) in ids.iter().copied().filter(|(_, key)| self.datelines.contains(key)).collect::<Vec<_>>() {
            for (other, other_key) in ids.iter().copied().filter(|(other, _)| *other != id) {
                let same = names::compare(&self.keys[key], &self.keys[other_key])
                    .is_some_and(|found| found.strength >= STRONG && found.reason != LinkReason::PartOfName);
                let root = self.root(other);
                if same && !self.names_a_country(root) {
                    let (earlier, later) = (id.min(other), id.max(other));
                    self.join(later, earlier, LinkReason::SameName, 1.0);
                    break;
                }
            }
        }
    }

    fn names_a_country(&self, root: usize) -> bool {
        self.names[root].iter().any(|key| self.country_of[*key].is_some())
    }

    /// Whether two groups both have full names of people: what no rule finds alike is two people.
    fn have_full_names(&self, first: usize, second: usize) -> bool {
        [first, second].iter().all(|root| self.names[*root].iter().any(|key| self.is_full(*key)))
    }

    /// Whether one group is the capital or seat of government of a country that the other names.
    fn is_metonym(&self, first: usize, second: usize) -> bool {
        [(first, second), (second, first)].into_iter().any(|(seat, country)| {
            let acts = |key: &usize| self.seat_of[*key].is_some_and(|code| self.names_country(country, code));
            !self.names[seat].is_empty() && self.names[seat].iter().all(acts)
        })
    }

    fn names_country(&self, root: usize, code: &str) -> bool {
        self.names[root].iter().any(|key| self.country_of[*key] == Some(code))
    }

    /// Gives every capital that acts for its country a link that says so, whichever of them stood first.
    fn mark_metonyms(&mut self) {
        let mut first_of_country: BTreeMap<usize, usize> = BTreeMap::new();
        for id in 0..self.key_of.len() {
            if self.key_of[id].is_some_and(|key| self.country_of[key].is_some()) {
                let root = self.root(id);
                first_of_country.entry(root).or_insert(id);
            }
        }
        for id in 0..self.key_of.len() {
            let root = self.root(id);
            let (Some(key), Some(country)) = (self.key_of[id], first_of_country.get(&root).copied()) else { continue };
            if id == country && root != id {
                // The country is what the others stand for.
                self.links[id] = None;
            } else if self.country_of[key].is_none()
                && self.seat_of[key].is_some_and(|code| self.names_country(root, code))
            {
                let score = self.links[id].as_ref().map_or(1.0, |link| link.score);
                self.links[id] =
                    Some(CoreferenceLink { antecedent: MentionId(country as u32), reason: LinkReason::Metonym, score });
            }
        }
    }

    /// Writes entities in order of first mention, and drops lone nominals and pronouns.
    fn write(mut self, doc: &mut Document) {
        let roots: Vec<usize> = (0..doc.mentions.len()).map(|id| self.root(id)).collect();
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (id, root) in roots.iter().enumerate().filter(|(id, _)| !self.labels.contains(id)) {
            members.entry(*root).or_default().push(id);
        }
        self.name_bodies(doc, &members);
        members.retain(|root, group| group.len() > 1 || doc.mentions[*root].kind == MentionKind::Name);
        let mut new_id = vec![None; doc.mentions.len()];
        let mut next = 0;
        for (id, root) in roots.iter().enumerate() {
            if members.contains_key(root) && !self.labels.contains(&id) {
                new_id[id] = Some(MentionId(next));
                next += 1;
            }
        }
        let mut entities = Vec::with_capacity(members.len());
        for (entity, (root, group)) in members.iter().enumerate() {
            for id in group {
                doc.mentions[*id].entity = Some(EntityId(entity as u32));
            }
            // What something was called before, or is called as well, is not what it is called.
            let is_own_name = |id: &&usize| doc.mentions[**id].kind == MentionKind::Name && !self.aliases.contains(*id);
            let own_names: Vec<usize> = group.iter().filter(is_own_name).copied().collect();
            let (name, norm) = best_name(doc, if own_names.is_empty() { group } else { &own_names });
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

/// Per mention that names a person at birth: that name, with the given name where only the surname stands there.
fn names_at_birth(doc: &Document) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    let people = doc
        .mentions
        .iter()
        .enumerate()
        .filter(|(_, mention)| mention.kind == MentionKind::Name && mention.entity_type == EntityType::Person);
    let people: Vec<(usize, &Mention)> = people.collect();
    for pair in people.windows(2) {
        let [(_, known), (id, mention)] = pair else { continue };
        if context::alias(doc, known.span, mention.span) == Some(true) {
            let (known, name) = (doc.slice(known.span), doc.slice(mention.span));
            let given = known.split_whitespace().next().filter(|_| !name.contains(' ') && known.contains(' '));
            found.insert(*id, given.map_or_else(|| name.to_owned(), |given| format!("{given} {name}")));
        }
    }
    found
}

/// Whether a mention stands in the line of an earlier one.
fn is_in_line_of(doc: &Document, earlier: usize, later: usize) -> bool {
    let (from, to) = (doc.mentions[earlier].span.range().end, doc.mentions[later].span.range().start);
    doc.text.get(from..to).is_some_and(|between| !between.contains('\n'))
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
            let party = names::party_of(doc, mention);
            counts.entry(party.unwrap_or_else(|| doc.slice(mention.span))).or_insert((0, order)).0 += 1;
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
    (names::tidy(name.unwrap_or_default()), norm)
}

#[cfg(test)]
mod tests;
