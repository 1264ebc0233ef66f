//! Nouns for kin, and for those with whom somebody has to do, who are always somebody's.

use super::fold;

/// How somebody whom such a noun names stands to the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// Son, stepdaughter.
    Child,
    /// Father, stepmother.
    Parent,
    /// Brother, half-sister.
    Sibling,
    /// Wife, widow, bride.
    Spouse,
    /// Further kin: uncle, grandson, mother-in-law.
    Relative,
    /// No kin: friend, boss, lawyer, girlfriend.
    Company,
}

/// What a noun for kin tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kin {
    /// The noun in the singular.
    pub noun: &'static str,
    /// How its bearer stands to the other one.
    pub tie: Tie,
    /// Whether it speaks of several.
    pub is_plural: bool,
}

/// Singular, plural, tie.
const NOUNS: [(&str, &str, Tie); 57] = [
    ("aunt", "aunts", Tie::Relative),
    ("boss", "bosses", Tie::Company),
    ("boyfriend", "boyfriends", Tie::Company),
    ("bride", "brides", Tie::Spouse),
    ("brother", "brothers", Tie::Sibling),
    ("brother-in-law", "brothers-in-law", Tie::Relative),
    ("child", "children", Tie::Child),
    ("colleague", "colleagues", Tie::Company),
    ("cousin", "cousins", Tie::Relative),
    ("daughter", "daughters", Tie::Child),
    ("daughter-in-law", "daughters-in-law", Tie::Relative),
    ("employer", "employers", Tie::Company),
    ("ex-husband", "ex-husbands", Tie::Spouse),
    ("ex-wife", "ex-wives", Tie::Spouse),
    ("father", "fathers", Tie::Parent),
    ("father-in-law", "fathers-in-law", Tie::Relative),
    ("fiance", "fiances", Tie::Spouse),
    ("fiancee", "fiancees", Tie::Spouse),
    ("friend", "friends", Tie::Company),
    ("girlfriend", "girlfriends", Tie::Company),
    ("grandchild", "grandchildren", Tie::Relative),
    ("granddaughter", "granddaughters", Tie::Relative),
    ("grandfather", "grandfathers", Tie::Relative),
    ("grandmother", "grandmothers", Tie::Relative),
    ("grandson", "grandsons", Tie::Relative),
    ("great-granddaughter", "great-granddaughters", Tie::Relative),
    ("great-grandfather", "great-grandfathers", Tie::Relative),
    ("great-grandmother", "great-grandmothers", Tie::Relative),
    ("great-grandson", "great-grandsons", Tie::Relative),
    ("great-nephew", "great-nephews", Tie::Relative),
    ("great-niece", "great-nieces", Tie::Relative),
    ("half-brother", "half-brothers", Tie::Sibling),
    ("half-sister", "half-sisters", Tie::Sibling),
    ("husband", "husbands", Tie::Spouse),
    ("lawyer", "lawyers", Tie::Company),
    ("mother", "mothers", Tie::Parent),
    ("mother-in-law", "mothers-in-law", Tie::Relative),
    ("nephew", "nephews", Tie::Relative),
    ("niece", "nieces", Tie::Relative),
    ("partner", "partners", Tie::Company),
    ("sibling", "siblings", Tie::Sibling),
    ("sister", "sisters", Tie::Sibling),
    ("sister-in-law", "sisters-in-law", Tie::Relative),
    ("son", "sons", Tie::Child),
    ("son-in-law", "sons-in-law", Tie::Relative),
    ("stepbrother", "stepbrothers", Tie::Sibling),
    ("stepchild", "stepchildren", Tie::Child),
    ("stepdaughter", "stepdaughters", Tie::Child),
    ("stepfather", "stepfathers", Tie::Parent),
    ("stepmother", "stepmothers", Tie::Parent),
    ("stepsister", "stepsisters", Tie::Sibling),
    ("stepson", "stepsons", Tie::Child),
    ("twin", "twins", Tie::Sibling),
    ("uncle", "uncles", Tie::Relative),
    ("widow", "widows", Tie::Spouse),
    ("widower", "widowers", Tie::Spouse),
    ("wife", "wives", Tie::Spouse),
];

/// What a noun for kin tells, in the singular or the plural, in any letter case, with or without its hyphens; nothing for
/// other words.
#[must_use]
pub fn kin(noun: &str) -> Option<Kin> {
    let folded = fold(noun);
    let is = |written: &str| written.split(['-', ' ']).eq(folded.split(' '));
    NOUNS.iter().find_map(|(one, many, tie)| {
        let is_plural = is(many);
        (is_plural || is(one)).then_some(Kin { noun: one, tie: *tie, is_plural })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_for_kin() {
        for (noun, expected) in [
            ("son", Some(("son", Tie::Child, false))),
            ("Daughters,", Some(("daughter", Tie::Child, true))),
            ("children", Some(("child", Tie::Child, true))),
            ("brother-in-law", Some(("brother-in-law", Tie::Relative, false))),
            ("mothers in law", Some(("mother-in-law", Tie::Relative, true))),
            ("fiancée", Some(("fiancee", Tie::Spouse, false))),
            ("lawyer", Some(("lawyer", Tie::Company, false))),
            ("wives", Some(("wife", Tie::Spouse, true))),
            ("sonata", None),
            ("law", None),
            ("", None),
        ] {
            assert_eq!(kin(noun).map(|kin| (kin.noun, kin.tie, kin.is_plural)), expected, "{noun}");
        }
    }

    #[test]
    fn no_noun_stands_twice() {
        let mut forms: Vec<&str> = NOUNS.iter().flat_map(|(one, many, _)| [*one, *many]).collect();
        forms.sort_unstable();
        let count = forms.len();
        forms.dedup();
        assert_eq!(forms.len(), count);
    }
}
