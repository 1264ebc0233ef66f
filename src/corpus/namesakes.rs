//! People of one name, bodies of one acronym: which of its documents speak of whom.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{profile::Context, score::dates_contradict};

/// Titles that say that somebody leads or speaks, and not what he does: one who is a minister here is a leader there.
const VAGUE_TITLES: [&str; 11] = [
    "boss",
    "candidate",
    "chief",
    "diplomat",
    "figure",
    "head",
    "leader",
    "member",
    "nominee",
    "official",
    "politician",
];

/// Whether a title, by the word of it that says what it is, tells people of one name apart.
pub(crate) fn tells_apart(title: &str) -> bool {
    !VAGUE_TITLES.contains(&title)
}

/// Separates the parts of a key.
const SEPARATOR: char = '\u{1f}';
/// What stands in the key of a unit that is a namesake of another.
const MARK: &str = "\u{1f}namesake\u{1f}";
/// Of a name that more documents have, the company is not compared: as a rule it is that of somebody well known. What
/// cannot be one person is told apart all the same.
pub const MAX_NAMESAKES: usize = 64;

/// A person in one document.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a> {
    /// A number for the document that is the same wherever it stands, such as the start of its hash.
    pub document: u64,
    /// Its number in the document.
    pub entity: u32,
    /// See [`Profile::dates`](super::Profile::dates).
    pub dates: &'a BTreeSet<String>,
    /// The company it keeps.
    pub context: &'a BTreeSet<Context>,
    /// What people decided: those with one label are one, those with another are another; an empty label is the one that
    /// keeps the name. Nothing if they did not.
    pub label: Option<&'a str>,
}

/// The key of the name itself.
#[must_use]
pub fn base(key: &str) -> &str {
    key.split_once(MARK).map_or(key, |(base, _)| base)
}

/// Whether two things may well have the name of a key: people do, and bodies with an acronym.
#[must_use]
pub fn may_be_shared(key: &str) -> bool {
    let mut parts = key.split(SEPARATOR);
    matches!((parts.next(), parts.next()), (Some("PERSON"), Some("name")) | (Some("ORGANIZATION"), Some("acronym")))
}

/// The kind of key that an entity has which stays with its document.
pub(crate) const ALONE: &str = "only";

/// Whether a key is that of an entity which stays with its document; it is a unit only where people joined it with
/// something.
pub(crate) fn stays_alone(key: &str) -> bool {
    key.split(SEPARATOR).nth(1) == Some(ALONE)
}

/// Whether two units are two things of one name.
pub(super) fn are_namesakes(a: &str, b: &str) -> bool {
    a != b && base(a) == base(b)
}

/// Whether two units are bodies that are known by their country alone, and of two countries: two supreme courts.
pub(super) fn are_of_two_countries(a: &str, b: &str) -> bool {
    let country = |key: &str| {
        let mut parts = key.split(SEPARATOR).skip(1);
        (parts.next() == Some("local")).then(|| parts.nth(1).map(str::to_owned)).flatten()
    };
    matches!((country(a), country(b)), (Some(a), Some(b)) if a != b)
}

/// The units of the occurrences of one name, in their order: the name itself for most, a key of its own for each further
/// person.
///
/// Two entities of one document are two people, and so are those with contradicting dates. Else documents that share
/// company, relations, titles or countries go together, the closest first; and what shares nothing with the others is
/// another person if both the countries and the titles are other ones. What people decided comes before all that, and
/// what they did not decide goes to the closest. The order of the occurrences does not matter.
///
/// Of more than [`MAX_NAMESAKES`] only decisions, documents and dates count. Those without a date go to the commonest.
#[must_use]
pub fn split(key: &str, occurrences: &[Occurrence<'_>]) -> Vec<String> {
    if occurrences.len() < 2 {
        return vec![key.to_owned(); occurrences.len()];
    }
    let groups = if occurrences.len() > MAX_NAMESAKES { by_bars(occurrences) } else { by_closeness(occurrences) };
    let mut sizes: BTreeMap<usize, (usize, (u64, u32))> = BTreeMap::new();
    for (group, one) in groups.iter().zip(occurrences) {
        let place = (one.document, one.entity);
        let (size, first) = sizes.entry(*group).or_insert((0, place));
        *size += 1;
        *first = place.min(*first);
    }
    let decided = groups.iter().zip(occurrences).find(|(_, one)| one.label == Some("")).map(|(group, _)| *group);
    let largest = || sizes.iter().max_by_key(|(_, (size, first))| (*size, Reverse(*first))).map(|(group, _)| *group);
    let main = decided.or_else(largest);
    groups
        .iter()
        .map(|group| match sizes.get(group) {
            Some((_, (document, entity))) if Some(*group) != main => {
                format!("{key}{MARK}{document:016x}{SEPARATOR}{entity}")
            }
            _ => key.to_owned(),
        })
        .collect()
}

/// The group of each occurrence: by what they have in common.
fn by_closeness(occurrences: &[Occurrence<'_>]) -> Vec<usize> {
    // In an order of their own.
    let mut order: Vec<usize> = (0..occurrences.len()).collect();
    order.sort_by_key(|at| occurrences.get(*at).map(|one| (one.document, one.entity)));
    // Each alone, but for what people put together.
    let label = |at: usize| occurrences.get(at).and_then(|one| one.label);
    let first_of = |wanted: &str| order.iter().find(|at| label(**at) == Some(wanted)).copied();
    let mut groups: Vec<usize> = (0..occurrences.len()).map(|at| label(at).and_then(first_of).unwrap_or(at)).collect();
    let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
    for (at, a) in order.iter().enumerate() {
        pairs.extend(
            order
                .iter()
                .skip(at + 1)
                .filter_map(|b| Some((closeness(occurrences.get(*a)?, occurrences.get(*b)?), *a, *b))),
        );
    }
    // A stable sort: among equals the order above holds.
    pairs.sort_by_key(|(closeness, ..)| Reverse(*closeness));
    for needs_tie in [true, false] {
        for (closeness, a, b) in &pairs {
            if (*closeness > 0) == needs_tie {
                join(&mut groups, occurrences, *a, *b, needs_tie);
            }
        }
    }
    groups
}

/// One of those who share a name.
#[derive(Default)]
struct Bearer<'a> {
    label: Option<&'a str>,
    documents: BTreeSet<u64>,
    /// What its documents say, each wording once.
    dates: BTreeSet<&'a BTreeSet<String>>,
}

impl Bearer<'_> {
    /// Whether nothing speaks against an occurrence of which people decided nothing.
    fn may_be(&self, one: &Occurrence<'_>) -> bool {
        self.label.is_none_or(str::is_empty)
            && !self.documents.contains(&one.document)
            && (self.dates.contains(one.dates) || !self.dates.iter().any(|dates| dates_contradict(dates, one.dates)))
    }
}

/// The group of each occurrence: the first that nothing speaks against.
///
/// It takes about as many steps as there are occurrences, and looks at the company of none.
fn by_bars(occurrences: &[Occurrence<'_>]) -> Vec<usize> {
    let mut wordings: BTreeMap<&BTreeSet<String>, usize> = BTreeMap::new();
    for one in occurrences {
        *wordings.entry(one.dates).or_insert(0) += 1;
    }
    let mut order: Vec<(usize, &Occurrence<'_>)> = occurrences.iter().enumerate().collect();
    // First what people decided, that which keeps the name before the others; then those with dates, the commonest
    // first; those that go with anybody last.
    order.sort_by_key(|(_, one)| {
        let rank = (one.label.is_none(), one.label, one.dates.is_empty());
        (rank, Reverse(wordings.get(one.dates).copied()), one.dates, one.document, one.entity)
    });
    let mut bearers: Vec<Bearer<'_>> = Vec::new();
    let mut groups = vec![0; occurrences.len()];
    for (at, one) in order {
        let known = match one.label {
            Some(label) => bearers.iter().position(|bearer| bearer.label == Some(label)),
            None => bearers.iter().position(|bearer| bearer.may_be(one)),
        };
        let group = known.unwrap_or(bearers.len());
        if known.is_none() {
            bearers.push(Bearer { label: one.label, ..Bearer::default() });
        }
        if let (Some(bearer), Some(slot)) = (bearers.get_mut(group), groups.get_mut(at)) {
            bearer.documents.insert(one.document);
            bearer.dates.insert(one.dates);
            *slot = group;
        }
    }
    groups
}

/// How much two occurrences have in common.
fn closeness(a: &Occurrence<'_>, b: &Occurrence<'_>) -> u32 {
    a.context
        .intersection(b.context)
        .map(|feature| match feature.class() {
            Context::RELATED => 6,
            Context::COMPANY => 3,
            Context::TITLE => 2,
            _ => 1,
        })
        .sum()
}

/// Puts the groups of two occurrences together, unless something speaks against it.
fn join(groups: &mut [usize], occurrences: &[Occurrence<'_>], a: usize, b: usize, tied: bool) {
    let (Some(left), Some(right)) = (groups.get(a).copied(), groups.get(b).copied()) else { return };
    if left == right {
        return;
    }
    let members =
        |group: usize| groups.iter().zip(occurrences).filter(move |(other, _)| **other == group).map(|(_, one)| one);
    let apart =
        members(left).any(|x| members(right).any(|y| x.document == y.document || dates_contradict(x.dates, y.dates)));
    let labels = |group: usize| members(group).filter_map(|one| one.label).collect::<BTreeSet<&str>>();
    let (ours, theirs) = (labels(left), labels(right));
    let decided_apart = !ours.is_empty() && !theirs.is_empty() && ours != theirs;
    // Without a tie, what people did not decide goes to the one that keeps the name.
    let is_another = |labels: &BTreeSet<&str>| labels.iter().any(|label| !label.is_empty());
    let decided_apart = decided_apart || (!tied && (is_another(&ours) || is_another(&theirs)));
    let features = |group: usize, class: u32| -> BTreeSet<Context> {
        members(group).flat_map(|one| one.context.iter().copied()).filter(|feature| feature.class() == class).collect()
    };
    // Nothing in common, in two parts of the world, and in two professions; countries alone are no proof, since agencies,
    // envoys and editors come with any.
    let stranger = || {
        [Context::COUNTRY, Context::TITLE].into_iter().all(|class| {
            let (ours, theirs) = (features(left, class), features(right, class));
            !ours.is_empty() && !theirs.is_empty() && ours.is_disjoint(&theirs)
        })
    };
    if !apart && !decided_apart && (tied || !stranger()) {
        for group in groups.iter_mut().filter(|group| **group == right) {
            *group = left;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(names: &str) -> BTreeSet<Context> {
        let class = |name: &str| match name {
            name if name.len() == 2 => Context::COUNTRY,
            "judge" | "singer" => Context::TITLE,
            _ => Context::COMPANY,
        };
        names.split(' ').filter(|name| !name.is_empty()).map(|name| Context::new(class(name), name)).collect()
    }

    /// Number of people, and the groups, of `document company… country…` each with a date.
    fn people(given: &[(u64, &str, &str)]) -> Vec<String> {
        let made: Vec<(u64, BTreeSet<Context>, BTreeSet<String>)> = given
            .iter()
            .map(|(document, context, date)| {
                let dates = if date.is_empty() { BTreeSet::new() } else { BTreeSet::from([(*date).to_owned()]) };
                (*document, features(context), dates)
            })
            .collect();
        let harbour = Context::new(Context::COMPANY, "harbour");
        let occurrences: Vec<Occurrence<'_>> = made
            .iter()
            .map(|(document, context, dates)| {
                // The second of two in one document.
                let entity = u32::from(context.contains(&harbour));
                Occurrence { document: *document, entity, dates, context, label: None }
            })
            .collect();
        split("k", &occurrences)
    }

    #[test]
    fn namesakes_are_told_apart() {
        let count = |given: &[(u64, &str, &str)]| people(given).into_iter().collect::<BTreeSet<_>>().len();
        assert_eq!(count(&[(1, "", ""), (2, "", "")]), 1, "nothing speaks against it");
        assert_eq!(count(&[(1, "nordbank se", ""), (2, "nordbank ke", "")]), 1, "one company");
        assert_eq!(count(&[(1, "nordbank se", ""), (2, "harbour ke", "")]), 1, "anybody may travel");
        assert_eq!(count(&[(1, "nordbank se judge", ""), (2, "harbour ke singer", "")]), 2, "two lives");
        assert_eq!(count(&[(1, "nordbank se judge", ""), (2, "harbour ke judge", "")]), 1, "one profession");
        assert_eq!(count(&[(1, "nordbank se judge", ""), (2, "harbour singer", "")]), 1, "one country is unknown");
        assert_eq!(count(&[(1, "nordbank se", "b1950"), (2, "nordbank se", "b1981-02")]), 2, "two dates of birth");
        assert_eq!(count(&[(1, "nordbank se", "b1950"), (2, "nordbank se", "b1950-02")]), 1, "one date of birth");
        assert_eq!(count(&[(1, "nordbank", ""), (1, "harbour", "")]), 2, "two people of one document");
    }

    #[test]
    fn ages_tell_people_of_one_name_apart() {
        let count = |given: &[(u64, &str, &str)]| people(given).into_iter().collect::<BTreeSet<_>>().len();
        assert_eq!(count(&[(1, "nordbank se", "a1962"), (2, "nordbank se", "a2005")]), 2, "61 and 19");
        assert_eq!(count(&[(1, "nordbank se", "a1962"), (2, "nordbank se", "a1963")]), 1, "61 and 60");
        assert_eq!(count(&[(1, "nordbank se", "a1962"), (2, "nordbank se", "")]), 1, "one age is unknown");
        assert_eq!(count(&[(1, "nordbank se", "a1962"), (2, "nordbank se", "b1981")]), 2, "an age and a date");
    }

    #[test]
    fn vague_titles_tell_nobody_apart() {
        for title in ["chief", "head", "leader", "official"] {
            assert!(!tells_apart(title), "{title}");
        }
        for title in ["minister", "striker", "director", "headmaster", ""] {
            assert!(tells_apart(title), "{title}");
        }
    }

    #[test]
    fn what_people_decide_comes_first() {
        let (none, nordbank, harbour) = (features(""), features("nordbank"), features("harbour"));
        let dates = BTreeSet::new();
        let of = |document: u64, context, label| Occurrence { document, entity: 0, dates: &dates, context, label };
        let decided = [
            of(1, &nordbank, Some("")),
            of(2, &nordbank, Some("other")),
            of(3, &harbour, Some("other")),
            of(4, &harbour, None),
            of(5, &none, None),
        ];
        let split = super::split("k", &decided);
        assert_eq!([&split[0], &split[4]], ["k", "k"], "what nothing is known of keeps the name");
        assert_ne!(split[1], "k");
        assert_eq!([&split[1], &split[1]], [&split[2], &split[3]], "what comes later goes to the closest");
        // Of a name that very many have, company does not count.
        let mut many: Vec<Occurrence<'_>> = (10..100).map(|document| of(document, &none, None)).collect();
        many.extend(decided);
        let split = super::split("k", &many);
        assert_eq!(split.iter().filter(|key| *key != "k").count(), 2);
    }

    #[test]
    fn very_many_are_told_apart_by_what_cannot_be_one_person() {
        let many = |first: u64, count: u64, date: &'static str| {
            (first..first + count).map(move |document| (document, "nordbank se", date)).collect::<Vec<_>>()
        };
        // On both sides of the limit.
        for count in [32, 33, 200] {
            let half = count / 2;
            let given = [many(0, count, "b1950"), many(1000, half, "b1981"), many(2000, half, "b1981-02")].concat();
            let mut found = people(&given);
            assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 2, "two dates of birth, {count} and {count}");
            let (old, young) = found.split_at(count as usize);
            assert!(old.iter().all(|key| *key == old[0]) && young.iter().all(|key| *key == young[0]));
            assert!(old[0] == "k" || young[0] == "k");
            let mut turned = given.clone();
            turned.reverse();
            found.reverse();
            assert_eq!(people(&turned), found, "in any order");
        }
        // Of whom nothing is known goes with most, and of two in one document one cannot.
        let given =
            [many(0, 3, "b1981"), many(100, 90, ""), many(200, 5, "b1950"), vec![(100, "harbour", "")]].concat();
        let found = people(&given);
        assert!(found[3..98].iter().all(|key| key == "k"), "{found:?}");
        assert!(found[..3].iter().all(|key| *key == found[0] && key != "k"));
        assert_eq!(found[98], found[0], "the other one of the document");
        // Nothing speaks against one person.
        assert!(
            people(&[many(0, 80, ""), many(100, 20, "b1950"), many(200, 1, "b1950-03")].concat())
                .iter()
                .all(|key| key == "k")
        );
    }

    #[test]
    fn what_people_decide_of_very_many_comes_first() {
        let (context, none) = (features(""), BTreeSet::new());
        let [old, young, other] = ["b1950", "b1981", "b1966"].map(|date| BTreeSet::from([date.to_owned()]));
        let of = |document: u64, dates, label| Occurrence { document, entity: 0, dates, context: &context, label };
        let mut given: Vec<Occurrence<'_>> = (10..100).map(|document| of(document, &none, None)).collect();
        given.extend([
            of(1, &young, Some("")),
            of(2, &old, Some("")),
            of(3, &old, Some("other")),
            of(4, &other, None),
            of(5, &young, None),
        ]);
        let split = super::split("k", &given);
        assert!(split[..92].iter().all(|key| key == "k"), "what is decided stands, and the rest goes with it");
        assert_ne!(split[92], "k");
        assert!(split[93] != "k" && split[93] != split[92], "it contradicts, and is not decided");
        assert_eq!(split[94], "k");
    }

    #[test]
    fn bodies_without_a_name_of_their_own_stay_in_their_country() {
        let court = |code: &str| format!("ORGANIZATION\u{1f}local\u{1f}supreme court\u{1f}{code}");
        assert!(are_of_two_countries(&court("ke"), &court("se")));
        assert!(!are_of_two_countries(&court("ke"), &court("ke")));
        assert!(!are_of_two_countries(&court("ke"), "ORGANIZATION\u{1f}name\u{1f}kenya court"));
    }

    #[test]
    fn others_go_to_the_one_they_are_close_to() {
        let given = [
            (7, "nordbank se", ""),
            (7, "harbour se", ""),
            (8, "nordbank", ""),
            (9, "harbour se", ""),
            (4, "harbour", ""),
        ];
        let split = people(&given);
        assert_eq!(split[1], "k", "most documents are about this one");
        assert_eq!([&split[0], &split[0]], [&split[2], &split[2]]);
        assert_eq!((split[3].as_str(), split[4].as_str()), ("k", "k"));
        assert!(are_namesakes(&split[0], "k") && base(&split[0]) == "k");
        // In any order.
        let mut turned = given;
        turned.reverse();
        let mut back = people(&turned);
        back.reverse();
        assert_eq!(back, split);
    }
}
