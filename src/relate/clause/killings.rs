//! What the words say of killings: who only tells of one, sees or solves it, and whose conviction did not last.

use super::Clause;

patterns! {
    /// News of a death, and who brings it.
    DEATH_NEWS = r"^,? (?:has |have |had |later |also )?(?:confirm|announc|report|mourn|acknowledg|condemn|den|lament)[a-z]*(?: the (?:death|killing) of)? ?$";
    /// A death, behind who has died.
    DEATH = r"^(?:['’]s)? (?:death|killing|murder)\b";
    /// What somebody has to do with a killing who did not kill, up to the victim.
    BYSTANDER = r"(?x) \b(?:witness|investigat|prob(?:e|es|ed|ing)\b|hunt|search|handl|examin|found\b|finds?\b|discover|campaign|review|solv
        |film|documentar|inquir|mourn|griev|since\b|cover(?:s|ed|ing)\b|inquest)[a-z]*
        \b (?:\ [a-z0-9',’-]+){0,8}? \ (?:murder|killing|death|killer|murderer|body|remains|slaying|shooting|stabbing)s?
        (?:\ of)? (?:\ (?:the|his|her|their))? (?:\ [a-z-]+){0,2} \ $";
    /// The same behind the victim.
    BYSTANDER_BY = r"\b(?:witnessed|investigated|probed|handled|examined|found|discovered|solved|filmed|reported|announced|confirmed|mourned) by (?:the )?$";
    /// Words for who may have done it.
    CULPRIT = r"(?x) \b(?:guilty|convict|jail|sentenc|imprison|charg|admit|accus|confess|arrest|suspect|den(?:y|ies|ied)|blam|trial|wanted
        |responsib|plead|claim)[a-z]* | \b(?:was|is|were|are|been|being)\ (?:[a-z]+\ )?(?:hunted|sought|investigated|probed|examined|questioned|tried)\b";
    /// A judgment that no longer stands.
    QUASHED = r"(?x) \b(?:quash|overturn|vacat|annul|revers)[a-z]* (?:\ [a-z0-9'’-]+){0,5} \ (?:conviction|verdict)s?\b
        | \b(?:set(?:s|ting)?\ aside|threw\ out|throws?\ out|toss(?:es|ed)\ out) (?:\ [a-z0-9'’-]+){0,5} \ (?:conviction|verdict)s?\b
        | \b(?:conviction|verdict)s?\b [^.;:]* \b(?:quashed|overturned|set\ aside|vacated|thrown\ out|annulled|reversed)\b
        | \bexonerated\b";
    /// A judgment that still stands, or may.
    NOT_QUASHED = r"(?x) \b(?:refus|fail|tried|tries|try|bid|sought|seek|hop(?:e|es|ed|ing)\b|want|ask|uphold|upheld|reinstat|reject|dismiss
        |den(?:y|ied|ies)|wish|fight|fought|may\b|could\b|should\b|not\b|never\b|n['’]t\b)[a-z]* | \bappeal(?:s|ed|ing)?\ (?:to|for|against)\b";
}

impl Clause {
    /// Whether the head has not killed the tail, but brings news of it, or saw it, or looks into it.
    pub(super) fn is_no_killer(&self) -> bool {
        if !self.head_first {
            return BYSTANDER_BY.is_match(&self.between);
        }
        let brings_news = DEATH_NEWS.is_match(&self.between) && self.tells_of_death();
        brings_news || (BYSTANDER.is_match(&self.between) && !CULPRIT.is_match(&self.between))
    }

    /// Whether what follows the second end makes the clause one about a death.
    fn tells_of_death(&self) -> bool {
        DEATH.is_match(&self.after) || self.between.trim_end().ends_with(" of")
    }

    /// Whether the head was convicted of it, and the judgment does not stand.
    pub(super) fn is_quashed(&self, relation_type: &str) -> bool {
        matches!(relation_type, "attacked" | "killed")
            && QUASHED.is_match(&self.sentence)
            && !NOT_QUASHED.is_match(&self.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, testing::clause};
    use crate::schema::Status;

    #[test]
    fn those_who_did_not_kill() {
        for (text, goes) in [
            ("[Nordic Front] confirmed <his> death.", true),
            ("[Nordic Front] announced the killing of <Bo Lind>.", true),
            ("[Nordic Front] confirmed that it had shot <Bo Lind>.", false),
            ("[Nordic Front] reported <him> to the police.", false),
            ("[Ada Quill] witnessed the murder of <Bo Lind> in Avon.", true),
            ("The watchdog asked how [Avon Police] handled the murder of <Bo Lind>.", true),
            ("[Ada Quill] spent years hunting the killer of <Bo Lind>.", true),
            ("[Ada Quill] has campaigned for justice since the murder of <Bo Lind>.", true),
            ("[Ada Quill] was found guilty of the murder of <Bo Lind>.", false),
            ("[Ada Quill] was hunted for the murder of <Bo Lind>.", false),
            ("[Ada Quill] was jailed for the murder of <Bo Lind>.", false),
            ("[Ada Quill] killed <Bo Lind>.", false),
            ("The murder of <Bo Lind> was witnessed by [Ada Quill].", true),
            ("<Bo Lind> was killed by [Ada Quill].", false),
        ] {
            let expected = if goes { Verdict::Goes } else { Verdict::Stays };
            assert_eq!(clause(text).verdict("killed"), expected, "{text}");
        }
    }

    #[test]
    fn judgments_that_do_not_stand() {
        let (fact, possible) = (None, Some(Status::Possible));
        for (text, expected) in [
            ("The court quashed the conviction of [Ada Quill] for the murder of <Bo Lind>.", possible),
            ("[Ada Quill]'s conviction for murdering <Bo Lind> was overturned in 1982.", possible),
            ("[Ada Quill] was exonerated of the murder of <Bo Lind> after 20 years.", possible),
            ("[Ada Quill], jailed for the murder of <Bo Lind>, had her conviction quashed.", possible),
            ("The court refused to quash the conviction of [Ada Quill] for the murder of <Bo Lind>.", fact),
            ("[Ada Quill], jailed for the murder of <Bo Lind>, hopes to have her conviction quashed.", fact),
            ("[Ada Quill], jailed for the murder of <Bo Lind>, lost her appeal.", fact),
        ] {
            assert_eq!(clause(text).status("killed", fact), expected, "{text}");
        }
    }
}
