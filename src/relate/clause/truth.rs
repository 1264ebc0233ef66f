//! What the words say of whether a relation is so: that it is untrue, asked, told by legend, or would have been.

use super::{Clause, last_of, leads_out};
use crate::schema::{RelationType, Status};

patterns! {
    /// What says that the clause behind it is not so.
    UNTRUE = r"(?x)
        \b(?: (?: not\ true | untrue | false | not\ the\ case | incorrect | no\ truth\ (?:in|to)\ the\ claim
                | an?\ (?:lie|myth|fabrication|invention) ) \ that
            | no\ (?:evidence|sign|proof|indication)(?:\ (?:has|had|have)\ (?:emerged|been\ found))? \ that
            | nothing\ to\ (?:show|suggest|indicate|prove) \ that
            | (?:reject|rebuff|disput|contest|refut|dismiss|ridicul)(?:s|e|es|ed|ing)?
              (?:\ as(?:\ [a-z]+){1,3}?)? (?:\ (?:the|an?|all|any|these|those|media|press|newspaper|online|recent|new))*
              \ (?:claim|report|allegation|accusation|charge|story|storie|rumour|rumor|suggestion|idea|notion|talk)s? \ that
            | (?:laugh(?:s|ed)?\ off|brush(?:es|ed)?\ (?:off|aside)|pour(?:s|ed)?\ scorn\ on)
              (?:\ (?:the|an?|all|any))? \ (?:claim|report|allegation|story|storie|rumour|rumor|suggestion|idea|talk)s? \ that
            | disputes?\ that | disputed\ that
            | (?:falsely|wrongly|incorrectly|mistakenly)\ (?:claim|said|say|report|stat|alleg|assert|wrote)[a-z]* \ that
            | (?:retract|withdr)[a-z]*\ (?:an?|the|its|his|her|their)\ (?:[a-z]+\ )?
              (?:article|report|story|claim|statement|allegation)s? \ (?:that|saying\ that)
            | apologi[sz](?:e|es|ed|ing)\ (?:[a-z]+\ ){0,4}for\ (?:reporting|saying|writing|claiming|having\ [a-z]+) \ that
            | earlier\ version\ of\ this\ (?:article|story|report)\ (?:[a-z]+\ )?(?:said|stated|reported|claimed) \ that
            | hardly\ (?:anyone|anybody)\ believes \ that
        )\ ";
    /// A clause that is not so without a word before it that says so of the whole.
    NEARLY = r"(?: |^)(?:nearly|almost) $";
    /// The start of a clause that tells what nobody did at any time.
    NEVER = r"(?x) (?:^|[,;:“\x22—–]\ ?|\bthat\ ) (?: at\ no\ (?:time|point|stage|moment)\ (?:did|has|had|have|was|were|does|will)
        | in\ no\ way\ (?:do|does|did|has|had) | under\ no\ circumstances\ (?:will|would|did|does) | not\ once\ (?:did|has|had) ) \ ";
    /// The second of two things of which neither does what the clause says.
    NEITHER = r"\bneither [^,;:]+ nor ";
    /// The start of a sentence about several things of which none does what it says.
    NONE_OF = r"^none of (?:(?:the|its|his|her|their|these|those|our) )?(?:[a-z0-9-]+ ){0,3}$";
    /// A subject that is nobody at all, up to where or what he is.
    NOBODY = r"(?:^|[,;:“\x22] ?)(?:nobody|no one|no-one) (?:from|at|in|of) (?:the )?$";
    /// Those who have done nothing together.
    NOTHING_BETWEEN = r"^no (?:agreement|deal|meeting|talks|contact|contacts|accord|marriage) (?:was|were|has been|have been|had been|took place) (?:[a-z]+ )?(?:by|between|with) $";
    /// A word before somebody who is told apart from those who did it.
    UNLIKE = r"(?:,|–|—) (?:and |but )?not $|\b(?:unlike|instead of|rather than|as opposed to) $";
    /// What is said of a claim behind its clause.
    VERDICT = r"(?x) ^ (?:\ [a-z0-9]+){0,4} \ (?:is|are|was|were|proved|turned\ out\ to\ be|(?:has|have)\ (?:since\ |long\ )?been)
        \ (?:(?:simply|entirely|completely|wholly|all|totally|plain|later)\ )?
        (?:baseless|false|untrue|unfounded|groundless|without\ (?:any\ )?foundation|fabricated|invented|nonsense|lies|wrong|fake|bogus
          |mistaken|erroneous|incorrect|disproved|disproven|refuted|discredited|debunked
          |(?:an?|the)\ (?:[a-z]+\ ){0,2}(?:fabrication|lie|invention|myth|legend|error|mistake|misunderstanding|misconception|fiction))\b";
    /// A claim at the start of its sentence or behind a mark.
    CLAIM = r"(?x) (?:^|[,;:“\x22]\ ?) (?:(?:the|an?|all|such|any|recent|media|press|online|old|popular|common|local|oft-repeated)\ )*
        (?:claim|report|allegation|accusation|story|storie|rumour|rumor|suggestion|legend|tradition|statement|assertion|belief|theory|tale|idea|notion)s?
        (?:\ [a-z]+){0,3} \ that\ ";
    /// Somebody who denies what follows.
    DENIES = r"\b(?:denies|denied|deny|denying)(?: (?:that|having|ever|ever having))?(?: [a-z]+)? ?$";
    /// The same, behind who does.
    DENIES_IT = r"^,? (?:(?:has|have|had|also|later|repeatedly|strongly) )*(?:denies|denied|deny)\b";
    /// The same, of what he has done himself.
    DENIES_DOING = r"(?x) ^,?\ (?:(?:has|have|had|also|later|again|repeatedly|strongly|flatly)\ )* (?:denies|denied|deny|denying)
        (?:\ ever)? \ (?: [a-z]+ing | that\ (?:he|she|it|they)\ (?:had|has|have|was|is|did|ever) )\b";
    /// What leads from there to something else.
    OTHERWISE = r"[,;:–—]|\b(?:and|but|who|whom|which|that|after|before|when|while|as|because|since)\b";
    /// What many have said.
    OFTEN_SAID = r"\b(?:often|sometimes|frequently|long|widely|commonly|usually|generally|once) (?:been )?(?:said|stated|claimed|believed|assumed|reported|written|asserted|thought) that ";
    /// What is said of it behind a mark.
    BUT_WRONG = r"(?x) [,;–—]\ (?:but|though|although|yet|and|a)?\ ?(?: (?:this|that|it|which)\ (?:is|was)\ (?:an?\ )?
        (?:error|mistake|wrong|not\ so|not\ true|untrue|false|incorrect|mistaken|myth) | in\ fact\ [a-z]+\ never | [a-z]+\ never\ did )\b";
    /// What tells the clause behind it as legend does.
    LEGEND = r"(?x) (?:^|[,;:]\ )(?:according\ to|as)\ (?:an?\ |the\ )?(?:[a-z]+\ )?(?:legend|tradition|myth|folklore)\b
        | \b(?:legend|tradition|folklore)\ (?:has\ it|says|holds|claims|tells)\ (?:us\ )?that\b
        | \b(?:unconfirmed|unverified)\ (?:[a-z]+\ )?(?:reports?|claims?|accounts?|posts?|rumou?rs?)\b";
    /// What leaves open whether the clause behind it is so.
    OPEN = r"(?x) \b(?: whether | (?:find\ out|know|knows|knew|known|say|says|said|ask|asks|asked|asking|clear|unclear|sure|see
        |wonder|wonders|wondered|decide|decides|determine|establish|check|verify|tell)\ if ) \ ";
    /// Somebody who does not say whether the clause behind it is so.
    NO_ANSWER = r"(?x) \b(?: (?:(?:would|did|could|can|does|do|will|has|have|had|is|are|was|were)\ not | cannot | [a-z]+n['’]t | declin[a-z]+\ to | refus[a-z]+\ to
            | (?:has|have|had)\ yet\ to | un(?:able|willing)\ to )
          \ (?:(?:yet|immediately|independently|able\ to|be\ able\ to|been\ able\ to)\ )* (?:say|confirm|confirmed|verify|verified|comment|respond)
        | neither\ (?:confirm|den)[a-z]*\ n?or\ (?:confirm|den)[a-z]* )
        (?:\ (?:on|to|the|a|any|media|press|recent)){0,3} (?:\ (?:that|whether|if)|\ (?:reports?|claims?|suggestions?|allegations?)\ (?:that|of|by)) \ ";
    /// What somebody does not exclude.
    NOT_RULED_OUT = r"\b(?:not|[a-z]+n['’]t|never|cannot|nor|refus[a-z]+ to|declin[a-z]+ to)(?: [a-z]+)? (?:rul(?:e|ed|ing|es) out|exclud(?:e|ed|ing|es))\b";
    /// The start of a question that can be answered by yes or no.
    QUESTION = r"^(?:(?:but|and|so|or|then|now|well),? )?(?:did|does|do|has|have|had|is|are|was|were) (?:[a-z0-9'’.-]+ ){0,4}$";
    /// A question that takes for granted what it asks.
    KNOWN_ANSWER = r"^(?:(?:but|and|so) )?(?:did|do) you (?:know|remember)\b";
    /// What would be the case otherwise.
    WOULD = r"\b(?:would|might|could)\b";
    /// Words that deny a denial.
    NOT_NOT = r"(?x) \b(?: not\ only | (?:nobody|no\ one|none)\ (?:disputes|denies|doubts|disputed|denied|doubted)
        | (?:not|n't|n’t|never|cannot)\ (?:be\ )?den(?:y|ied) | no\ (?:choice|option|alternative)\ but | (?:never|not)\ hid(?:den|e)? )\b";
    /// A word that denies or negates.
    NEGATIVE = r"\b(?:not|no|never|none|nor|neither|nobody|nothing|cannot|without|den[iy][a-z]*|refus[a-z]+|fail[a-z]*|reject[a-z]*|declin[a-z]+|false[a-z]*|untrue)\b|n['’]t\b";
    /// A further clause that is not so, behind the second end.
    BUT_NOT = r"(?x) ^,?\ (?:but|yet|though)\ (?: not\ (?:with|in|by|at|on|for|from|because|until|before|after|as|to|yet)\b
        | (?:did|has|had|could)\ (?:not|never)\b | [a-z]+n['’]t\b | failed\b )";
    /// A visit that ended early, but was.
    CUT_SHORT = r"\b(?:cut|cuts|cutting) short |\bbr(?:oke|oken|eak|eaks|eaking) off (?:an?|his|her|its|their|the) (?:[a-z]+ )?(?:visit|trip|tour|stay)";
    /// A head that only seems to be what is said.
    SEEMING = r"\b(?:pos(?:es|ed|ing) as|pretend(?:s|ed|ing)? to (?:be|work)|impersonat(?:es|ed|ing))\b";
}

/// Words that lead from the subject of a sentence into another clause.
const CONJUNCTIONS: [&str; 16] = [
    "after", "and", "as", "because", "before", "but", "how", "if", "since", "that", "until", "when", "whether",
    "which", "while", "why",
];

/// Words behind "almost" that it belongs to, and not the verb behind them.
const ALMOST_SO: [&str; 26] = [
    "a",
    "alone",
    "all",
    "always",
    "an",
    "as",
    "at",
    "certainly",
    "daily",
    "entirely",
    "every",
    "everybody",
    "everyone",
    "exactly",
    "five",
    "four",
    "half",
    "hourly",
    "instantly",
    "never",
    "no",
    "once",
    "ten",
    "three",
    "twice",
    "two",
];

/// Types that a text mostly tells in passing.
const PRESUPPOSED: [&str; 5] = ["citizen_of", "event_in", "event_on", "holds_title", "located_in"];

/// Whether a relation of a type lasts, or is told in passing of who has to do with something.
fn is_state(relation_type: &str) -> bool {
    relation_type == "participant_in" || RelationType::from_name(relation_type).is_some_and(RelationType::is_state)
}

/// Whether a word of the text is one of some words.
fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

impl Clause {
    /// The status that these words give a relation of a type, where the model finds another.
    pub(super) fn truth(&self, relation_type: &str, found: Option<Status>) -> Option<Status> {
        let says_not = |words: &str| NOT_NOT.is_match(words);
        if found == Some(Status::Negated) && (says_not(&self.between) || last_of(&NOT_NOT, &self.before).is_some()) {
            return None;
        }
        if found == Some(Status::Negated) && self.is_negated_by_another(relation_type) {
            return None;
        }
        let is_open = matches!(found, None | Some(Status::Negated));
        if is_open && self.is_not_ruled_out() {
            return Some(Status::Possible);
        }
        // What is named in passing is as true as ever: "whether the Danish banker Ada Quill, of Avon, has left".
        let is_told = !PRESUPPOSED.contains(&relation_type) && self.is_told();
        let is_unlike = !is_state(relation_type) && self.is_unlike();
        if !is_told {
            return if found.is_none() && is_unlike { Some(Status::Negated) } else { found };
        }
        if self.is_untrue() && self.tells_of(relation_type) || is_unlike {
            return Some(Status::Negated);
        }
        if is_open && self.is_open() || found.is_none() && !is_state(relation_type) && self.is_asked() {
            return Some(Status::Possible);
        }
        if found != Some(Status::Negated) && self.is_one() && last_of(&NEVER, &self.before).is_some() {
            return Some(Status::Negated);
        }
        if matches!(found, None | Some(Status::Intended | Status::Possible)) && self.is_counterfactual() {
            return Some(Status::Negated);
        }
        match found {
            None if self.is_never() => Some(Status::Negated),
            None if self.is_legend() => Some(Status::Possible),
            other => other,
        }
    }

    /// Whether the head itself denies it: "Ada Quill denied that she had sold Nordbank".
    pub(super) fn is_denied_by_head(&self) -> bool {
        self.head_first && (DENIES.is_match(&self.before) || DENIES_IT.is_match(&self.between))
    }

    /// Whether the head denies that it did it, in plain words: "Ada Quill denied having sold Nordbank".
    pub(in crate::relate) fn head_denies_doing(&self, relation_type: &str) -> bool {
        if !self.head_first || PRESUPPOSED.contains(&relation_type) {
            return false;
        }
        let found = DENIES_DOING.find(&self.between);
        found.is_some_and(|found| !OTHERWISE.is_match(self.between.get(found.end()..).unwrap_or_default()))
    }

    /// Whether somebody does not say whether it is so: "refused to confirm that Nordbank had bought Sundbank".
    pub(in crate::relate) fn is_unanswered(&self) -> bool {
        self.is_one() && last_of(&NO_ANSWER, &self.before).is_some()
    }

    /// Whether the words between the ends say more than of, in or from, as a verb does.
    pub(super) fn is_told(&self) -> bool {
        let mut words = self.between.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
        if self.head_first {
            words.any(|word| !matches!(word, "of" | "in" | "at" | "from" | "the" | "an" | "and" | "or" | "for"))
        } else {
            words.any(|word| {
                matches!(word, "by" | "to" | "was" | "were" | "is" | "are" | "be" | "been" | "belongs" | "with")
            })
        }
    }

    /// Whether the sentence says outright that the clause is not so: "it is untrue that Maria Keller owns Nordbank".
    pub(super) fn is_untrue(&self) -> bool {
        if !self.is_one() {
            return false;
        }
        let is_denied_itself = |lead: &str| {
            ["not ", "n't ", "n’t ", "never ", "hardly ", "beyond ", "no "].iter().any(|word| lead.ends_with(word))
        };
        let is_denied = last_of(&UNTRUE, &self.before).is_some_and(|(lead, _)| !is_denied_itself(lead));
        is_denied
            || (last_of(&CLAIM, &self.before).is_some() && VERDICT.is_match(&self.after))
            || (last_of(&OFTEN_SAID, &self.before).is_some() && BUT_WRONG.is_match(&self.after))
    }

    /// Whether the sentence has a word for the type of a life. Of a pair that another sentence tells of, the closest mentions
    /// may stand in one about something else: "the tale that he locked her up in Avon is an invention; she died in Avon".
    fn tells_of(&self, relation_type: &str) -> bool {
        let words: &[&str] = match relation_type {
            "born_in" | "born_on" => &["born", "birth", "b."],
            "died_in" | "died_on" => &["dea", "die", "dy", "kill", "murder", "d."],
            _ => return true,
        };
        words.iter().any(|word| self.sentence.contains(word))
    }

    /// Whether the clause is an indirect question, or one that somebody does not answer.
    fn is_open(&self) -> bool {
        self.is_one() && [&*OPEN, &*NO_ANSWER].iter().any(|pattern| last_of(pattern, &self.before).is_some())
    }

    /// Whether the clause is a question: "Has Nordbank bought Sundbank?"
    fn is_asked(&self) -> bool {
        let ends = self.sentence.trim_end_matches(['"', '”', '’', '\'', ')', ' ']).ends_with('?')
            || self.after.split(['.', '!']).next().is_some_and(|words| words.contains('?'));
        let asks_you = self.sentence.get(self.before.len()..).is_some_and(|words| words.starts_with("you "));
        let is_known = asks_you || self.between.starts_with(['\'', '’']) || KNOWN_ANSWER.is_match(&self.before);
        if !ends || !self.is_one() || is_known {
            return false;
        }
        let behind_mark = self.before.rsplit([':', ';', '“', '"', '–', '—', ',', '.', '?', '!']).next();
        [Some(self.before.as_str()), behind_mark]
            .into_iter()
            .flatten()
            .any(|start| QUESTION.is_match(start.trim_start()))
    }

    /// Whether somebody does not exclude it.
    fn is_not_ruled_out(&self) -> bool {
        let before = || last_of(&NOT_RULED_OUT, &self.before).is_some();
        self.is_one() && (NOT_RULED_OUT.is_match(&self.between) || before())
    }

    /// Whether the first end is told apart from who did it: "only Sweden, and not Norway, sent troops".
    fn is_unlike(&self) -> bool {
        let first = self.sentence.get(self.before.len()..).unwrap_or_default();
        let first = first.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        self.head_first
            && UNLIKE.is_match(&self.before)
            && self.between.starts_with([',', ' '])
            && !["he", "her", "him", "his", "it", "its", "she", "their", "they"].contains(&first)
    }

    /// Whether legend or rumour tells the clause.
    fn is_legend(&self) -> bool {
        LEGEND.is_match(&self.before)
    }

    /// Whether the word that negates belongs to another clause: "killed him, but not with a knife".
    fn is_negated_by_another(&self, relation_type: &str) -> bool {
        let is_here = |words: &str| NEGATIVE.is_match(words);
        if is_here(&self.before) || is_here(&self.between) {
            return false;
        }
        BUT_NOT.is_match(&self.after)
            || relation_type == "visited" && (CUT_SHORT.is_match(&self.between) || CUT_SHORT.is_match(&self.before))
    }

    /// Whether it would have been so, had something else been: "had Ada Quill bought Nordbank, it might still exist".
    fn is_counterfactual(&self) -> bool {
        if !self.is_one() {
            return false;
        }
        let words = self.before.trim_end();
        let starts_had = words == "had" || [", had", "; had", ": had"].iter().any(|had| words.ends_with(had));
        let lead = words.strip_suffix(" had").unwrap_or_default();
        let is_inverted = starts_had && WOULD.is_match(&self.after) || WOULD.is_match(lead);
        let is_if = self.before == "if " || self.before.ends_with(" if ");
        let is_unreal = is_if && self.between.starts_with(" had ") && {
            WOULD.is_match(&self.before) || WOULD.is_match(&self.after)
        };
        let starts = self.between.starts_with(" would have ");
        let has_if = || self.after.contains(" if ") || self.before.starts_with("if ") || self.before.contains(" if ");
        let is_lost =
            starts && (has_if() || self.before.ends_with("under which ") || self.before.ends_with("in which "));
        is_inverted || is_unreal || is_lost
    }

    /// Whether nothing of the kind has happened: "nobody from Nordbank met Maria Keller".
    fn is_never(&self) -> bool {
        if !self.is_one() {
            return false;
        }
        let neither = (self.before.ends_with("neither ") && self.between.contains(" nor "))
            || last_of(&NEITHER, &self.before).is_some_and(|(_, rest)| rest.is_empty());
        let none_of = NONE_OF.is_match(&self.before) && !has_word(&self.before, &CONJUNCTIONS);
        let nobody = NOBODY.is_match(&self.before) || NOTHING_BETWEEN.is_match(&self.before);
        if neither || none_of || nobody || NEARLY.is_match(&self.before) {
            return true;
        }
        self.head_first && (self.is_almost() || SEEMING.is_match(&self.between))
    }

    /// Whether it nearly happened: the verb follows, and nothing that "almost" could belong to.
    fn is_almost(&self) -> bool {
        let starts = [" nearly ", " almost ", " very nearly "];
        let Some(rest) = starts.iter().find_map(|start| self.between.strip_prefix(start)) else { return false };
        let next = rest.split(' ').next().unwrap_or_default();
        !next.ends_with("ly")
            && !next.starts_with(|c: char| c.is_ascii_digit())
            && !ALMOST_SO.contains(&next)
            && !has_word(rest, &["after", "ago", "and", "before", "but", "when", "while"])
            && !leads_out(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::clause;
    use super::*;

    #[test]
    fn what_the_head_denies() {
        for (relation_type, text, expected) in [
            ("met", "[Ada Quill] denies having met <Bo Lind>.", true),
            ("acquired", "[NORDBANK] DENIES BUYING <SUNDBANK>", true),
            ("met", "[Ada Quill] has repeatedly denied that she had met <Bo Lind>.", true),
            ("met", "[Ada Quill] did not deny having met <Bo Lind>.", false),
            ("met", "[Ada Quill] denied lying, and met <Bo Lind>.", false),
            ("met", "[Ada Quill] denied fraud when she met <Bo Lind>.", false),
            ("visited", "[Ada Quill] denied having lied to the police who searched her house in <Avon>.", false),
            ("located_in", "[Avon] denies having left <Norden>.", false),
            ("killed", "<Bo Lind> was killed, and [Ada Quill] denies having met him.", false),
        ] {
            assert_eq!(clause(text).head_denies_doing(relation_type), expected, "{text}");
        }
    }

    #[test]
    fn words_that_tell_whether_it_is_so() {
        let (fact, negated, possible) = (None, Some(Status::Negated), Some(Status::Possible));
        let intended = Some(Status::Intended);
        for (relation_type, text, found, expected) in [
            ("owns", "It is not true that [Ada Quill] owns <Nordbank>.", fact, negated),
            ("killed", "It is untrue that the banker [Ada Quill] killed <Bo Lind>.", fact, negated),
            ("met", "Friends say it was a lie that [Ada Quill] had met <Bo Lind>.", fact, negated),
            ("met", "It is not a lie that [Ada Quill] had met <Bo Lind>.", fact, fact),
            ("owns", "It is true that [Ada Quill] owns <Nordbank>.", fact, fact),
            ("owns", "It isn't false that [Ada Quill] owns <Nordbank>.", fact, fact),
            ("owns", "It is not true that he left, said [Ada Quill], who owns <Nordbank>.", fact, fact),
            ("owns", "It is not true that [Ada Quill], said <Nordbank>, left.", fact, fact),
            ("owns", "[Ada Quill] owns <Nordbank>.", fact, fact),
            ("owns", "There is no evidence that [Ada Quill] owns <Nordbank>.", fact, negated),
            ("owns", "The contestants claim that [Ada Quill] owns <Nordbank>.", possible, possible),
            ("met", "The mayor rejected reports that [she] had met <Bo Lind>.", fact, negated),
            ("met", "The mayor rejected Greece's report that [she] had met <Bo Lind>.", fact, fact),
            ("owns", "The chairman dismissed as nonsense the claim that [it] owns <Nordbank>.", possible, negated),
            ("owns", "Posts falsely claimed that [Ada Quill] owns <Nordbank>.", possible, negated),
            ("owns", "The claim that [Ada Quill] owns <Nordbank> is baseless.", fact, negated),
            ("owns", "The claim that [Ada Quill] owns <Nordbank> is on the front page.", possible, possible),
            ("died_in", "The tale that he locked [Ada Quill] up in <Avon> is an invention.", fact, fact),
            ("educated_at", "The story that [Ada Quill] studied at <Avon College> is a myth.", fact, negated),
            ("killed", "The legend that [Ada Quill] killed <Bo Lind> is a late invention.", fact, negated),
            (
                "child_of",
                "The tradition that [Ada Quill] was a daughter of <Bo Lind> has been disproved.",
                fact,
                negated,
            ),
            ("born_in", "It is often said that [Ada Quill] was born in <Avon>, but this is an error.", fact, negated),
            ("born_in", "It is often said that [Ada Quill] was born in <Avon>, but not by her.", fact, fact),
            ("born_in", "According to legend, [Ada Quill] was born in <Avon>.", fact, possible),
            ("born_in", "According to Bo Lind, [Ada Quill] was born in <Avon>.", fact, fact),
            ("attacked", "Unconfirmed reports said [Avon] had attacked <Norden>.", fact, possible),
            ("owns", "It is unclear whether [Ada Quill] owns <Nordbank>.", fact, possible),
            ("met", "She declined to say if [Ada Quill] had met <Bo Lind>.", negated, possible),
            ("acquired", "A spokesman refused to confirm that [Nordbank] had bought <Sundbank>.", fact, possible),
            (
                "acquired",
                "A spokesman neither confirmed nor denied that [Nordbank] had bought <Sundbank>.",
                negated,
                possible,
            ),
            ("acquired", "A spokesman confirmed that [Nordbank] had bought <Sundbank>.", fact, fact),
            ("deployed_to", "[Avon] did not rule out sending troops to <Norden>.", negated, possible),
            ("deployed_to", "[Avon] ruled out sending troops to <Norden>.", negated, negated),
            ("met", "Asked whether it rained, [Ada Quill] went to meet <Bo Lind>.", fact, fact),
            ("acquired", "Has [Nordbank] bought <Sundbank>?", fact, possible),
            ("killed", "But did the clerk [Bo Lind] kill <Ada Quill>?", fact, possible),
            ("killed", "Was <Ada Quill> killed by [Bo Lind]?", fact, possible),
            ("acquired", "Why has [Nordbank] bought <Sundbank>?", fact, fact),
            ("acquired", "Did you know that [Nordbank] has bought <Sundbank>?", fact, fact),
            ("acquired", "Has [Nordbank] bought <Sundbank>. Who knows?", fact, possible),
            ("acquired", "[Nordbank] has bought <Sundbank>?", fact, fact),
            ("attacked", "Is [Avon]'s raid on <Norden> over?", fact, fact),
            ("owns", "[Ada Quill] not only owns <Nordbank> but sells it.", negated, fact),
            ("founded", "Nobody disputes that [Ada Quill] founded <Nordbank>.", negated, fact),
            ("met", "[She] did not deny that she had met <Bo Lind>.", negated, fact),
            ("met", "[She] denied that she had met <Bo Lind>.", negated, negated),
            ("killed", "[Ada Quill] killed <Bo Lind>, but not with a knife.", negated, fact),
            ("member_of", "[Ada Quill] supports the <Green Bloc> but was never its member.", negated, negated),
            ("dismissed", "He had [himself] dismissed <Ada Quill>, so she could not have had keys.", fact, fact),
            ("relative_of", "They asked Ada Quill, but not [his] cousin <Bo Lind>.", fact, fact),
            ("relative_of", "Did you ring [Ada Quill], the sister of <Bo Lind>?", fact, fact),
            ("met", "Did [you] meet <Bo Lind>?", fact, fact),
            ("killed", "[Ada Quill] did not kill <Bo Lind>, but not for lack of a knife.", negated, negated),
            ("visited", "[Ada Quill] cut short a trip to <Avon>.", negated, fact),
            ("visited", "[Ada Quill] cancelled a trip to <Avon>.", negated, negated),
            ("killed", "Had [Ada Quill] killed <Bo Lind>, they would have found the knife.", fact, negated),
            ("acquired", "Had [Nordbank] bought <Sundbank>, the town might look different.", fact, negated),
            ("met", "Things would be different if [Ada Quill] had met <Bo Lind>.", fact, negated),
            ("acquired", "The deal, under which [Nordbank] would have bought <Sundbank>, fell apart.", fact, negated),
            ("acquired", "[Nordbank] would have bought <Sundbank> if it had been cheap.", intended, negated),
            ("met", "[Ada Quill], who would have been happier in Avon, met <Bo Lind>.", fact, fact),
            ("met", "If [Ada Quill] had met <Bo Lind>, nobody noticed.", fact, fact),
            ("acquired", "[Nordbank] nearly bought <Sundbank>.", fact, negated),
            ("acquired", "[Nordbank] almost immediately bought <Sundbank>.", fact, fact),
            ("acquired", "[Nordbank] nearly twenty years ago bought <Sundbank>.", fact, fact),
            ("attacked", "[Avon] almost daily attacks <Norden>.", fact, fact),
            ("defeated", "[Avon] almost lost its lead but beat <Norden>.", fact, fact),
            ("works_for", "At no time did [Ada Quill] work for <Nordbank>.", fact, negated),
            ("works_for", "At no point did [Ada Quill] work for <Nordbank>.", Some(Status::Former), negated),
            ("member_of", "[Ada Quill] poses as a member of the <Green Bloc>.", fact, negated),
            ("works_for", "Neither [Ada Quill] nor Bo Lind works for <Nordbank>.", fact, negated),
            ("works_for", "Neither Bo Lind nor [Ada Quill] works for <Nordbank>.", fact, negated),
            ("lives_in", "Neither [Ada Quill] of <Avon> nor Bo Lind was hurt.", fact, fact),
            ("owns", "None of the heirs of [Ada Quill] has owned <Nordbank>.", fact, negated),
            ("acquired", "None of the owners objected when [Nordbank] bought <Sundbank>.", fact, fact),
            ("spouse_of", "None of the guests was hurt, and [Ada Quill] later married <Bo Lind>.", fact, fact),
            ("visited", "Nobody from [Nordbank] visited <Avon> last year.", fact, negated),
            ("cooperates_with", "No agreement was reached by [Avon] and also <Norden>.", fact, negated),
            ("deployed_to", "Only Avon, and not [Norden], sent troops to <Mali>.", fact, negated),
            ("accused", "It was Bo Lind, not [he], who threatened <Ada Quill>.", fact, fact),
            ("deployed_to", "It is not [Norden] that sent troops to <Mali>.", fact, fact),
            ("event_on", "They ask whether they can vote at the [Avon Summit] in <May>.", fact, fact),
            ("head_of", "It is unclear whether <Nordbank> chief [Ada Quill] left.", fact, fact),
        ] {
            assert_eq!(clause(text).truth(relation_type, found), expected, "{text}");
        }
    }
}
