//! Tests of the comparison of names.

use super::*;

/// Two names count as one entity from this strength on.
const SURE: f32 = 0.6;

struct Pair {
    entity_type: EntityType,
    first: &'static str,
    second: &'static str,
    verdict: &'static str,
}

fn pairs() -> Vec<Pair> {
    include_str!("pairs.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let [entity_type, first, second, verdict] = line.split(" | ").collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            Pair { entity_type: EntityType::from_name(entity_type).unwrap(), first, second, verdict }
        })
        .collect()
}

fn keys(pair: &Pair) -> (NameKey, NameKey) {
    (NameKey::new(pair.entity_type, pair.first), NameKey::new(pair.entity_type, pair.second))
}

/// F1 of a decision over the pairs.
fn f1(pairs: &[Pair], decide: impl Fn(&Pair) -> bool) -> f64 {
    let (mut right, mut decided, mut wanted) = (0, 0, 0);
    for pair in pairs {
        let (is_match, found) = (pair.verdict == "=", decide(pair));
        right += usize::from(is_match && found);
        decided += usize::from(found);
        wanted += usize::from(is_match);
    }
    2.0 * right as f64 / (decided + wanted) as f64
}

#[test]
fn pairs_are_judged() {
    let pairs = pairs();
    assert!(pairs.len() >= 200, "{}", pairs.len());
    let mut wrong = Vec::new();
    for pair in &pairs {
        let (first, second) = keys(pair);
        let found = compare(&first, &second);
        assert_eq!(found, compare(&second, &first), "{} | {}", pair.first, pair.second);
        assert_eq!(conflict(&first, &second), conflict(&second, &first), "{} | {}", pair.first, pair.second);
        let is_match = found.is_some_and(|found| found.strength >= SURE);
        let in_conflict = conflict(&first, &second);
        let good = is_match == (pair.verdict == "=")
            && in_conflict == (pair.verdict == "x" || in_conflict && pair.verdict == "-");
        if !good {
            wrong.push(format!(
                "{} | {} | {} | {}: {found:?} conflict {in_conflict}",
                pair.entity_type, pair.first, pair.second, pair.verdict
            ));
        }
    }
    let ours = f1(&pairs, |pair| {
        let (first, second) = keys(pair);
        compare(&first, &second).is_some_and(|found| found.strength >= SURE)
    });
    let jaro_winkler = (50..100)
        .map(|percent| {
            f1(&pairs, |pair| strsim::jaro_winkler(&fold(pair.first), &fold(pair.second)) * 100.0 >= f64::from(percent))
        })
        .fold(0.0, f64::max);
    eprintln!("{} pairs: F1 {ours:.3}, Jaro-Winkler at its best threshold {jaro_winkler:.3}", pairs.len());
    eprintln!("{}", wrong.join("\n"));
    assert!(ours >= 0.95, "F1 {ours:.3} fell below what was measured");
}
