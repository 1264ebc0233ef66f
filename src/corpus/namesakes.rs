//! People of one name, bodies of one acronym: which of its documents speak of whom.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{profile::Context, score::dates_contradict};

/// Separates the parts of a key.
const SEPARATOR: char = '\u{1f}';
/// What stands in the key of a unit that is a namesake of another.
const MARK: &str = "\u{1f}namesake\u{1f}";
/// A name that more documents have is that of somebody well known, and is not looked at.
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
#[must_use]
pub fn split(key: &str, occurrences: &[Occurrence<'_>]) -> Vec<String> {
    let is_many = occurrences.len() > MAX_NAMESAKES;
    if occurrences.len() < 2 || (is_many && occurrences.iter().all(|one| one.label.is_none())) {
        return vec![key.to_owned(); occurrences.len()];
    }
    // In an order of their own.
    let mut order: Vec<usize> = (0..occurrences.len()).collect();
    order.sort_by_key(|at| occurrences.get(*at).map(|one| (one.document, one.entity)));
    // Each alone, but for what people put together.
    let label = |at: usize| occurrences.get(at).and_then(|one| one.label);
    let first_of = |wanted: &str, or_none: bool| {
        let fits = |at: &&usize| label(**at) == Some(wanted) || (or_none && label(**at).is_none());
        order.iter().find(fits).copied()
    };
    let mut groups: Vec<usize> = (0..occurrences.len())
        .map(|at| match label(at) {
            Some(label) => first_of(label, is_many && label.is_empty()).unwrap_or(at),
            None if is_many => first_of("", true).unwrap_or(at),
            None => at,
        })
        .collect();
    if !is_many {
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
    }
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
        // Of a name that very many have, decisions are all that counts.
        let mut many: Vec<Occurrence<'_>> = (10..100).map(|document| of(document, &none, None)).collect();
        many.extend(decided);
        let split = super::split("k", &many);
        assert_eq!(split.iter().filter(|key| *key != "k").count(), 2);
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
