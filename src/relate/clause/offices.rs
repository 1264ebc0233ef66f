//! What the words say of offices: who only works for a body, who stays in office, who is proposed for one.

use super::Clause;
use crate::schema::Status;

patterns! {
    /// One of several executives or directors, up to the body.
    STAFF = r"(?x) (?: \b(?:an?|one\ of\ (?:the|its)|two|three)\ (?:(?:senior|former|top|nominee|outside|longtime|veteran|retired|ex-)\ ?)*
        (?:executive|director)s? | \bas\ (?:(?:senior|former|top)\ )*executives? | \b(?:non-executive|nonexecutive|independent|nominee|outside)\ directors? )
        \ (?:of|at|for|in|on|with)(?:\ the)?\ $";
    /// An executive, behind the body: "Nordbank executive".
    STAFF_AHEAD = r"^(?:['’]s)? ?(?:(?:senior|former|top|sales|advertising) )*executives?,? (?:and )?$";
    /// A word for leading, up to the body.
    LED = r"\b(?:led|leads?|leading|head(?:ed|s|ing)?|command(?:s|ed|ing|er)?|ran|runs?|chief|director|manager) ?(?:of )?(?:an? |the )?$";
    /// A part of a body, not the body: "the United Nations force in".
    UNIT = r"^ (?:[a-z]+ )?(?:force|team|office|mission|delegation|troops|peacekeepers|branch|bureau|unit|campaign|department|division|desk|project)\b";
    /// What an envoy is sent to, up to its name.
    ENVOY_TO = r"\b(?:ambassador|envoy|representative|high commissioner|consul|consul general|emissary)s? (?:to|in|at) (?:the )?$";
    /// A word for hiring somebody, up to where he works.
    HIRES = r"\b(?:hire|hires|hired|hiring|poach|poaches|poached|poaching|lure|lures|lured|recruit|recruits|recruited|sign|signs|signed|name|names|named|appoint|appoints|appointed|tap|taps|tapped)(?: away)? (?:[a-z]+ ){0,2}$";
    /// Somebody who does not leave, or not yet.
    STAYS = r"(?x) (?: \b(?: will|plans?|planned|planning|intends?|intended|refus[a-z]+|declin[a-z]+|not|never|offer[a-z]*|threat[a-z]+|urged|ruled\ out|rules\ out|rule\ out
        |consider[a-z]*|vow[a-z]*|due|set|expected|about|yet|may|might|could|should|must|calls?\ (?:on|for)|pressure|den[a-z]+\ (?:that|he|she|they) ) | n['’]t )
        \ (?:[a-z]+\ ){0,3}? (?:resign|resigning|resigned|step\ down|stepping\ down|stepped\ down|step\ aside|stand\ down|standing\ down|quit|quitting|retire|retiring|leave|leaving)\b";
    /// A body that does not send somebody away, up to his name.
    KEEPS = r"(?:\b(?:refus[a-z]+ to|will not|would not|did not|has not|have not|never|ruled out|rules out)|n['’]t) (?:dismiss|sack|fire|replac|remov|oust)[a-z]* ";
    /// Somebody whom another is to follow, up to his name.
    TO_BE_FOLLOWED = r"(?x) \b(?:will|would\ like\ to|hopes?\ to|wants?\ to|seeks?\ to|plans?\ to|set\ to|due\ to|expected\ to|may|might|could|tipped\ to)
        \ (?:replace|succeed)\ (?:[a-z.]+\ ){0,3}$";
    /// Somebody who is in office once more.
    RETURNED = r"\breturn(?:s|ed|ing)? (?:to (?:office|power|the (?:post|job|role|presidency|office)) )?as\b";
    /// Somebody who is proposed, up to his name.
    PROPOSES = r"\b(?:nominate|nominates|nominated|nominating|proposed|proposes|put forward|puts forward)(?: [a-z.]+){0,4} $";
    /// What he is proposed for, behind his name.
    FOR_OFFICE = r"^,? ?(?:as|to be|to become|to head|to lead|to run|for)\b";
    /// Somebody who was proposed, behind his name.
    IS_PROPOSED = r"^,? (?:was|were|is|has been|had been) (?:nominated|proposed|put forward)\b.* (?:as|to|for)\b";
    /// Between who proposes and whom, or the other way round.
    PROPOSAL = r"\b(?:nominated|nominates|nominating|proposed|proposes|put forward|puts forward)\b";
    /// The start of an appointment, up to who is appointed.
    APPOINTMENT_OF = r"\b(?:appointment|nomination|candidacy|choice|selection) of (?:[a-z.]+ ){0,3}$";
    /// Somebody who does not take an office, behind his name.
    TURNED_DOWN = r"^ (?:has |had |have )?(?:turned down|declined|rejected|refused|passed up)(?: (?:the|an|a|his|her|its))?(?: [a-z]+){0,2}? (?:offers?|post|job|invitation|role|chance|position)(?: (?:as|of|to become|to be|to head|to lead|to serve as|to run))\b";
    /// Somebody who was not chosen, behind his name.
    NOT_CHOSEN = r"^ (?:has |had )?(?:failed|fails) (?:to|in) .*\b(?:as|become|election)\b";
    /// A word for what is past.
    PAST = r"\b(?:former|one-time|onetime)\b|\bex-";
    /// Those who name whom they punish.
    PUNISHERS = r"\b(?:ofac|treasury|state department|office of foreign assets|sanctions?|terrorists?|security council|blacklist[a-z]*|executive order)\b";
}

/// Whether a relation of a type is that of somebody to his office or the body he serves.
pub(super) fn is_office(relation_type: &str) -> bool {
    matches!(relation_type, "head_of" | "holds_title" | "member_of" | "represents" | "spokesperson_for" | "works_for")
}

impl Clause {
    /// Whether the head is one of several who work for the tail.
    pub(super) fn is_staff(&self) -> bool {
        if self.head_first { STAFF.is_match(&self.between) } else { STAFF_AHEAD.is_match(&self.between) }
    }

    /// Whether the head leads a part of the tail alone.
    pub(super) fn leads_a_unit(&self) -> bool {
        self.head_first && LED.is_match(&self.between) && UNIT.is_match(&self.after)
    }

    /// Whether the tail is where an envoy is sent to, not who sends him: "Denmark's envoy to Chile".
    pub(super) fn is_post_of_envoy(&self) -> bool {
        ENVOY_TO.is_match(if self.head_first { &self.between } else { &self.before })
    }

    /// Whether the head is where the tail works, whom others hire: "Nordbank is to hire Sundbank's Ada Quill".
    pub(super) fn is_poached(&self) -> bool {
        self.head_first && matches!(self.between.as_str(), "'s " | "’s " | " ") && HIRES.is_match(&self.before)
    }

    /// Whether an appointment is one to a list of those who are punished: "the Treasury designated Ada Quill".
    pub(super) fn is_designation(&self) -> bool {
        self.head_first
            && self.between.contains(" designat")
            && !self.after.starts_with(" as ")
            && PUNISHERS.is_match(&self.sentence)
    }

    /// The status of an office or an appointment that these words give, where the model finds another.
    pub(super) fn office_status(&self, relation_type: &str, found: Option<Status>) -> Option<Status> {
        if relation_type == "appointed" {
            let is_proposed = PROPOSAL.is_match(&self.between) && !self.between.contains(" appoint");
            return if found.is_none() && is_proposed { Some(Status::Intended) } else { found };
        }
        if !is_office(relation_type) || !self.head_first && KEEPS.is_match(&self.between) {
            return if is_office(relation_type) { None } else { found };
        }
        if self.head_first && self.is_not_taken() {
            return Some(Status::Negated);
        }
        match found {
            Some(Status::Former | Status::Negated | Status::Intended) if self.is_kept() => None,
            Some(Status::Former) if self.is_back() => None,
            None if self.head_first && self.is_proposed() => Some(Status::Intended),
            other => other,
        }
    }

    /// Whether the head stays in office: "Ada Quill refused to resign as head of Nordbank".
    fn is_kept(&self) -> bool {
        // "She is not leaving for Nordbank" is about another office.
        let stays = |words: regex::Match| self.between.get(words.end()..).is_some_and(|rest| !rest.starts_with(" for"));
        let stays = self.head_first && STAYS.find(&self.between).is_some_and(stays);
        stays || self.head_first && TO_BE_FOLLOWED.is_match(&self.before) && self.between.starts_with([' ', ','])
    }

    /// Whether the head is in office again.
    fn is_back(&self) -> bool {
        self.head_first && RETURNED.is_match(&self.between) && !PAST.is_match(&self.sentence)
    }

    /// Whether the head is proposed for an office.
    fn is_proposed(&self) -> bool {
        IS_PROPOSED.is_match(&self.between) || (PROPOSES.is_match(&self.before) && FOR_OFFICE.is_match(&self.between))
    }

    /// Whether the head did not get or take an office.
    fn is_not_taken(&self) -> bool {
        let failed = APPOINTMENT_OF.is_match(&self.before) && self.between.starts_with(" as ") && self.falls_through();
        failed || TURNED_DOWN.is_match(&self.between) || NOT_CHOSEN.is_match(&self.between)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, testing::clause};
    use crate::schema::Status;

    #[test]
    fn who_leads_and_who_works() {
        let (goes, stays) = (Verdict::Goes, Verdict::Stays);
        for (relation_type, text, expected) in [
            ("head_of", "[Ada Quill], a director of <Nordbank>, left.", Verdict::Is("works_for")),
            ("head_of", "[Ada Quill], the director of <Nordbank>, left.", stays),
            ("head_of", "[Ada Quill] served as director of <Nordbank>.", stays),
            ("head_of", "[Ada Quill] worked as an executive of <Nordbank>.", Verdict::Is("works_for")),
            ("head_of", "[Ada Quill] is a non-executive director of <Nordbank>.", Verdict::Is("works_for")),
            ("head_of", "Former <Nordbank> executive [Ada Quill] left.", Verdict::Is("works_for")),
            ("head_of", "<Nordbank> chief executive [Ada Quill] left.", stays),
            ("head_of", "[Ada Quill] led the <United Nations> force in Abyei.", Verdict::Is("works_for")),
            ("head_of", "[Ada Quill] led the <United Nations> in Abyei.", stays),
            ("represents", "[Ada Quill], Denmark's envoy to <Chile>, left.", goes),
            ("represents", "[Ada Quill], the envoy of <Denmark> to Chile, left.", stays),
            ("represents", "Denmark's envoy to <Chile>, [Ada Quill], left.", goes),
            ("appointed", "Nordbank is in talks to hire [Sundbank]'s <Ada Quill>.", goes),
            ("appointed", "[Sundbank] has hired <Ada Quill>.", stays),
            ("appointed", "The [Treasury] designated <Ada Quill> for arming rebels.", Verdict::Is("sanctioned")),
            ("appointed", "The [Treasury] designated <Ada Quill> as its envoy.", stays),
            ("appointed", "[Nordbank] designated <Ada Quill> to lead it.", stays),
        ] {
            assert_eq!(clause(text).verdict(relation_type), expected, "{relation_type}: {text}");
        }
    }

    #[test]
    fn offices_that_are_kept_proposed_or_not_taken() {
        let (fact, former, negated) = (None, Some(Status::Former), Some(Status::Negated));
        let intended = Some(Status::Intended);
        for (relation_type, text, found, expected) in [
            ("head_of", "[Ada Quill] refused to resign as mayor of <Avon>.", former, fact),
            ("head_of", "[Ada Quill] has not resigned as mayor of <Avon>.", negated, fact),
            ("head_of", "[Ada Quill] will retire as mayor of <Avon> in July.", intended, fact),
            ("head_of", "[Ada Quill] was urged to step down as mayor of <Avon>.", former, fact),
            ("head_of", "[Ada Quill] resigned as mayor of <Avon>.", former, former),
            ("head_of", "[Ada Quill] was forced to resign as mayor of <Avon>.", former, former),
            ("works_for", "[Ada Quill] is not leaving for <Nordbank>.", negated, negated),
            ("head_of", "[Ada Quill] is not the mayor of <Avon>.", negated, negated),
            ("head_of", "<Nordbank> refused to dismiss its chief executive, [Ada Quill].", former, fact),
            ("head_of", "<Nordbank> dismissed its chief executive, [Ada Quill].", former, former),
            ("head_of", "Bo Lind hopes to succeed [Ada Quill] as mayor of <Avon>.", former, fact),
            ("head_of", "Bo Lind succeeded [Ada Quill] as mayor of <Avon>.", former, former),
            ("head_of", "[Ada Quill] returned to office as mayor of <Avon>.", former, fact),
            ("head_of", "[Ada Quill], the former mayor of <Avon>, returned as its adviser.", former, former),
            ("holds_title", "[Ada Quill] returned to Avon as a <colonel>.", former, former),
            ("appointed", "[Bo Lind] nominated <Ada Quill> as envoy to Chile.", fact, intended),
            ("appointed", "<Ada Quill> was nominated by [Bo Lind] as envoy.", fact, intended),
            ("appointed", "[Bo Lind] named <Ada Quill> as envoy to Chile.", fact, fact),
            ("holds_title", "The king nominated [Ada Quill] as <envoy> to Chile.", fact, intended),
            ("holds_title", "[Ada Quill] was nominated by the <envoy>.", fact, fact),
            ("holds_title", "The nominated member [Ada Quill], an <envoy>, left.", fact, fact),
            ("head_of", "The appointment of [Ada Quill] as head of <Nordbank> was blocked.", fact, negated),
            ("head_of", "The appointment of [Ada Quill] as head of <Nordbank> was welcomed.", fact, fact),
            ("head_of", "[Ada Quill] turned down an offer to become head of <Nordbank>.", intended, negated),
        ] {
            assert_eq!(clause(text).status(relation_type, found), expected, "{text}");
        }
    }
}
