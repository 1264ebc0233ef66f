//! What the words say of lives: births, deaths and studies.

use super::Clause;

patterns! {
    /// A degree that nobody studied for.
    HONORARY = r"\bhonorary\b";
    /// Words for studying.
    STUDY = r"\b(?:stud(?:y|ies|ied|ying|ent)|educated|graduat[a-z]*|attend[a-z]*|degree|train(?:ed|ing)|school(?:ed|ing)|alumn[a-z]+|enrol[a-z]*|matriculat[a-z]*|read|phd|doctorate|diploma|ba|ma|mba)\b";
    /// Words for teaching.
    TEACHING = r"\b(?:taught|teach(?:es|ing)?|lectur(?:ed|es|ing|er)|professor|fellow(?: (?:of|at|in)|,))\b?";
    /// A bracket with years in which somebody was at work, not alive.
    ACTIVE = r"\((?:fl\b|floruit|active|act\.|documented|working|recorded|r\.|reigned|ruled|in office|president|served)(?P<rest>[^()*†]*)$";
    /// A word for a birth or a death.
    LIFE = r"\b(?:born|died|killed)\b|\b[bd]\.";
    /// A word for a death right before its date or place.
    DIED = r"(?x) (?:\bd\.|\bdied|†|\bob\.|\bobit)\ ? (?:(?:in|on|at|c\.|ca\.|about)\ )* (?:[a-z.'’-]+(?:\ [a-z.'’-]+)?,\ )? $
        | (?:\bd\.|\bdied|†)\ [0-9][0-9a-z\ ]{2,18}\ (?:at|in)\ $";
    /// A word for a birth right before its date or place.
    BORN = r"(?:\bb\.|\bborn|\*) ?(?:(?:in|on|at|c\.|ca\.|about) )*(?:[a-z.'’-]+(?: [a-z.'’-]+)?, )?$";
    /// A date that only bounds another.
    BOUND = r"(?:\b(?:before|after|by|until|since|between|no later than|not before)(?: the (?:year|end of|spring of|summer of|autumn of|winter of))?|\bbetween [0-9a-z ]+ and) $";
}

impl Clause {
    /// Whether a degree is honorary, or somebody teaches.
    pub(super) fn is_no_study(&self) -> bool {
        if !self.head_first {
            return HONORARY.is_match(&self.between);
        }
        let last = |pattern: &regex::Regex| pattern.find_iter(&self.between).last().map(|found| found.start());
        let study = last(&STUDY);
        let is_later = |at: usize| {
            // "She studied and taught at Norden" is both, "studied at Norden and taught at Avon" is not.
            let between = study.and_then(|study| self.between.get(study..at));
            study.is_none() || between.is_some_and(|words| words.contains(" at ") || words.contains(" in "))
        };
        // "Received an honorary title and studied at Norden"
        let is_honorary = last(&HONORARY).and_then(|at| self.between.get(at..)).is_some_and(|words| {
            !STUDY
                .find_iter(words)
                .any(|word| !matches!(word.as_str(), "degree" | "doctorate" | "diploma" | "ma" | "phd"))
        });
        let trained = || STUDY.is_match(&self.before);
        is_honorary || last(&TEACHING).is_some_and(is_later) && !trained()
    }

    /// The type that a date or place of a birth or death has by the word before it: "(d. 1741)".
    pub(super) fn end_of_life(&self, relation_type: &str) -> Option<&'static str> {
        // "Was born in Avon and died there" tells both.
        if !self.head_first || LIFE.is_match(&self.after) {
            return None;
        }
        match relation_type {
            "born_on" if DIED.is_match(&self.between) => Some("died_on"),
            "born_in" if DIED.is_match(&self.between) => Some("died_in"),
            "died_on" if BORN.is_match(&self.between) => Some("born_on"),
            "died_in" if BORN.is_match(&self.between) => Some("born_in"),
            _ => None,
        }
    }

    /// Whether a date or place is not that of a birth or death: a span of work, a bound, the foot of a letter.
    pub(super) fn is_no_life(&self, relation_type: &str) -> bool {
        let up_to_second = format!("{}\u{0}{}", self.before, self.between);
        let tells_life = |words: Option<regex::Match>| words.is_some_and(|words| LIFE.is_match(words.as_str()));
        if self.head_first && ACTIVE.captures(&up_to_second).is_some_and(|found| !tells_life(found.name("rest"))) {
            return true;
        }
        if self.head_first && relation_type.ends_with("_on") && BOUND.is_match(&self.between) {
            return true;
        }
        let is_bare = |words: &str| !words.contains(|c: char| c.is_alphabetic() || "([–—*†|\t".contains(c));
        let has_lines = |words: &str| words.contains(['(', '–', '—', '|', '\t', '*', '†']);
        self.head_first
            && self.between.starts_with(',')
            && is_bare(&self.between.replace(", ", ","))
            && !has_lines(&self.before)
            && !has_lines(&self.after)
            && self.ends_there
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, testing::clause};

    #[test]
    fn births_deaths_and_studies() {
        let (goes, stays) = (Verdict::Goes, Verdict::Stays);
        for (relation_type, text, expected) in [
            ("educated_at", "[Ada Quill] received an honorary doctorate from the <University of Avon>.", goes),
            ("educated_at", "The <University of Avon> conferred an honorary degree on [Ada Quill].", goes),
            ("educated_at", "[Ada Quill] took a degree at the <University of Avon> and an honorary one later.", stays),
            ("educated_at", "[Ada Quill] got an honorary prize and studied at <Avon College>.", stays),
            ("educated_at", "[Ada Quill] taught Greek at <Avon College>.", goes),
            ("educated_at", "Trained in Avon, [Ada Quill] taught Greek at her old <school>.", stays),
            ("educated_at", "[Ada Quill] was a fellow of <Avon College>.", goes),
            ("educated_at", "[Ada Quill] graduated in 1990 with fellow actor Bo Lind from <Avon College>.", stays),
            ("educated_at", "[Ada Quill] studied and taught at <Avon College>.", stays),
            ("educated_at", "[Ada Quill] studied in Oslo and lectured at <Avon College>.", goes),
            ("born_on", "[Bo Lind] (fl. <1610>–1640) was a printer.", goes),
            ("died_on", "[Bo Lind] (active 1610–<1640>) was a printer.", goes),
            ("died_on", "[Bo Lind] (1610–<1640>) was a printer.", stays),
            ("died_on", "[Bo Lind] (served 1066–1087, died <9 September 1087> in Oslo) was a judge.", stays),
            ("died_on", "[Bo Lind] died before <1640>.", goes),
            ("died_on", "[Bo Lind] died shortly before noon on <3 May 1640>.", stays),
            ("born_on", "[Bo Lind] was born between 1612 and <1615>.", goes),
            ("born_on", "[Bo Lind] (d. <1688>) was a judge.", Verdict::Is("died_on")),
            ("born_on", "[Bo Lind] († <1688>) was a judge.", Verdict::Is("died_on")),
            ("born_in", "[Bo Lind], b. 1811, d. 1870 at <Cuzco>.", Verdict::Is("died_in")),
            ("died_on", "[Bo Lind] (b. <1688>) was a judge.", Verdict::Is("born_on")),
            ("born_on", "[Bo Lind] (b. Avon, <1688>) was a judge.", stays),
            ("born_on", "[Bo Lind] (d. 1741, b. <1688>) was a judge.", stays),
            ("died_in", "[Bo Lind] was born in <Avon> and died there.", stays),
            ("born_in", "[Bo Lind], <Kingston>, 7 April 1788.", goes),
            ("born_in", "[Bo Lind], <Kingston>, was a printer.", stays),
            ("born_in", "[Bo Lind], <Kingston>, 7 April 1788 – London, 1840.", stays),
            ("born_in", "[Bo Lind] was born in <Kingston>.", stays),
        ] {
            assert_eq!(clause(text).verdict(relation_type), expected, "{relation_type}: {text}");
        }
    }
}
