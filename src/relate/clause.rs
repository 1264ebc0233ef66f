//! What the words of a sentence say about a relation that the model finds in it: that it is not so, that it is not known,
//! that it is another one.
//!
//! Phrases such as "not only", "the claim that … is baseless" or "an honorary doctorate from" are too rare for the model to
//! have learned them, and leave no doubt.

use std::sync::LazyLock;

use regex::Regex;

use super::{LONG_SENTENCE, clipped};
use crate::{document::Document, lexicon::Lexicon, schema::Status, span::ByteSpan};

/// The words of a sentence around the two ends of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// From the start of the sentence to the first end, in lower case.
    before: String,
    /// Between the ends, in lower case.
    between: String,
    /// The same as it is written.
    as_written: String,
    /// From the second end to the end of the sentence, in lower case.
    after: String,
    /// All of it, in lower case.
    sentence: String,
    /// Whether there is no word in lower case behind the second end.
    ends_there: bool,
    /// Whether the head is the first of the two.
    head_first: bool,
}

/// What becomes of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The words say nothing against it.
    Stays,
    /// They say another thing.
    Goes,
    /// It is a relation of another type.
    Is(&'static str),
}

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:literal;)*) => {
        $($(#[$doc])* static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($pattern).expect("the pattern is valid, as a test shows"));)*

        #[cfg(test)]
        fn all_patterns() -> Vec<&'static Regex> {
            vec![$(&*$name),*]
        }
    };
}

patterns! {
    /// What says that the clause behind it is not so.
    UNTRUE = r"(?x)
        \b(?: (?: not\ true | untrue | false | not\ the\ case | incorrect | no\ truth\ (?:in|to)\ the\ claim
                | an?\ (?:lie|myth|fabrication|invention) ) \ that
            | no\ (?:evidence|sign|proof|indication)(?:\ (?:has|had|have)\ (?:emerged|been\ found))? \ that
            | nothing\ to\ (?:show|suggest|indicate|prove) \ that
            | (?:reject|rebuff|disput|contest|refut|dismiss|ridicul)[a-z]*
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
    NEVER = r"(?: |^)(?:at no time (?:did|had|has)|nearly|almost) $";
    /// The second of two things of which neither does what the clause says.
    NEITHER = r"\bneither [^,;:]+ nor ";
    /// The start of a sentence about several things of which none does what it says.
    NONE_OF = r"^none of ";
    /// What is said of a claim behind its clause.
    VERDICT = r"(?x) ^ (?:\ [a-z0-9]+){0,4} \ (?:is|are|was|were|proved|turned\ out\ to\ be)
        \ (?:(?:simply|entirely|completely|wholly|all|totally|plain)\ )?
        (?:baseless|false|untrue|unfounded|groundless|without\ (?:any\ )?foundation|an?\ (?:fabrication|lie|invention)
          |fabricated|invented|nonsense|lies|wrong|fake|bogus)\b";
    /// A claim at the start of its sentence or behind a mark.
    CLAIM = r"(?x) (?:^|[,;:“\x22]\ ?) (?:(?:the|an?|all|such|any|recent|media|press|online)\ )*
        (?:claim|report|allegation|accusation|story|storie|rumour|rumor|suggestion)s? (?:\ [a-z]+){0,3} \ that\ ";
    /// What leaves open whether the clause behind it is so.
    OPEN = r"(?x) \b(?: whether | (?:find\ out|know|knows|knew|known|say|says|said|ask|asks|asked|asking|clear|unclear|sure|see
        |wonder|wonders|wondered|decide|decides|determine|establish|check|verify|tell)\ if ) \ ";
    /// Words that deny a denial.
    NOT_NOT = r"(?x) \b(?: not\ only | (?:nobody|no\ one|none)\ (?:disputes|denies|doubts|disputed|denied|doubted)
        | (?:not|n't|n’t|never|cannot)\ (?:be\ )?den(?:y|ied) | no\ (?:choice|option|alternative)\ but | (?:never|not)\ hid(?:den|e)? )\b";
    /// A deal or an appointment that others keep from happening, up to the first end.
    BLOCKED = r"(?x) \b(?: (?: (?:block|veto|prohibit|stopp|halt|reject|quash|overturn|bann)[a-z]*
          | (?:vot(?:e|es|ed|ing)|turn(?:s|ed|ing)?|[sh]trike|struck)\ down | forb(?:id|ids|ade|idden)
          | refus(?:e|es|ed|ing)\ to\ (?:approve|confirm|allow|permit|clear|recognise|recognize) )
        (?: \ [a-z0-9£$€-]+ ){0,5}? )
        (?P<deal> \ (?:purchase|takeover|take-over|merger|sale|acquisition|buyout|buy-out|appointment|nomination|choice)
            (?:\ (?:of|by|with|for))? (?:\ (?:the|an?|its|his|her)(?:\ [a-z]+){0,2})? )? \ ?$";
    /// A deal behind its owner: "Nordbank's takeover of".
    DEAL = r"^['’]s? (?:[a-z0-9.£$€-]+ ){0,3}(?:purchase|takeover|take-over|merger|sale|acquisition|buyout|buy-out|appointment|nomination)\b";
    /// A word for a deal between firms.
    DEAL_NOUN = r"\b(?:purchase|takeover|take-over|merger|sale|acquisition|buyout|buy-out)\b";
    /// A deal that came to nothing, behind its ends.
    FELL_THROUGH = r"^(?: [a-z0-9]+){0,3} (?:fell through|collapsed|(?:was|were|has been|had been) (?:called off|blocked|vetoed|prohibited|annulled|abandoned))\b";
    /// A head that only seems to be what is said.
    SEEMING = r"\b(?:pos(?:es|ed|ing) as|pretend(?:s|ed|ing)? to (?:be|work)|impersonat(?:es|ed|ing))\b";
    /// A word for what is past.
    PAST = r"\b(?:former|one-time|onetime)\b|\bex-";
    /// A marriage that is over.
    PARTED = r"\b(?:divorc|separat|annul|dissol|widow|late|until|first|second|third|then|was married|had been married|ex-(?:wife|husband|partner)|(?:former|one-time|onetime) (?:wife|husband|partner))";
    /// A degree that nobody studied for.
    HONORARY = r"\bhonorary\b";
    /// Words for studying.
    STUDY = r"\b(?:stud(?:y|ies|ied|ying|ent)|educated|graduat[a-z]*|attend[a-z]*|degree|train(?:ed|ing)|school(?:ed|ing)|alumn[a-z]+|enrol[a-z]*|matriculat[a-z]*|read|phd|doctorate|diploma|ba|ma|mba)\b";
    /// Words for teaching.
    TEACHING = r"\b(?:taught|teach(?:es|ing)?|lectur(?:ed|es|ing|er)|professor|fellow)\b";
    /// A bracket with years in which somebody was at work, not alive.
    ACTIVE = r"\((?:fl\b|floruit|active|act\.|documented|working|recorded|r\.|reigned|ruled|in office|president|served)[^()]*$";
    /// A date that only bounds another.
    BOUND = r"(?:\b(?:before|after|by|until|since|between|no later than|not before)(?: the (?:year|end of|spring of|summer of|autumn of|winter of))?|\bbetween [0-9a-z ]+ and) $";
    /// Who has joined a body somewhere.
    JOINED = r"\b(?:enter|join|enlist|serv|enroll|receiv|admitt)[a-z]*\b[^,;]*$";
    /// One of several executives or directors, up to the body.
    STAFF = r"(?x) (?: \b(?:an?|one\ of\ (?:the|its)|two|three|as)\ (?:(?:senior|former|top|nominee|outside|longtime|veteran|retired|ex-)\ ?)*
        (?:executive|director)s? | \b(?:non-executive|nonexecutive|independent|nominee|outside)\ directors? )
        \ (?:of|at|for|in|on|with)(?:\ the)?\ $";
    /// An executive, behind the body: "Nordbank executive".
    STAFF_AHEAD = r"^(?:['’]s)? ?(?:(?:senior|former|top|sales|advertising) )*executives?,? (?:and )?$";
    /// A word for leading, up to the body.
    LED = r"\b(?:led|leads?|leading|head(?:ed|s|ing)?|command(?:s|ed|ing|er)?|ran|runs?|chief|director|manager) ?(?:of )?(?:an? |the )?$";
    /// A part of a body, not the body: "the United Nations force in".
    UNIT = r"^ (?:[a-z]+ )?(?:force|team|office|mission|delegation|troops|peacekeepers|branch|bureau|unit|campaign|department|division|desk|project)\b";
    /// News of a death, and who brings it.
    DEATH_NEWS = r"^,? (?:has |have |had |later |also )?(?:confirm|announc|report|mourn|acknowledg|condemn|den|lament)[a-z]*(?: the (?:death|killing) of)? ?$";
    /// A death, behind who has died.
    DEATH = r"^(?:['’]s)? (?:death|killing|murder)\b";
    /// Words for kin.
    KIN = r"\b(?:wife|husband|son|sons|daughter|daughters|brother|brothers|sister|sisters|father|mother|parents?|cousin|uncle|aunt|nephew|niece|twin|twins|partner|widow|child|children|stepson|stepdaughter|grandfather|grandmother|grandson|granddaughter|half-brother|half-sister|married|wed)\b";
    /// Somebody who is introduced as the kin of a third one.
    OWN_KIN = r"\b(?:his|her|their) (?:[a-z]+ )?(wife|husband|son|daughter|brother|sister|father|mother|cousin|nephew|niece|partner),? $";
    /// A word for saying, behind who says it.
    SAYS = r"^,?(?: [a-z]+){0,3}? (?:say|says|said|told|tells|alleg|claim|insist|believ|report|deni|deny)";
    /// Those for whom others speak, up to their name.
    SPOKEN_FOR = r"(?x) \b(?:friend|relative|famil(?:y|ie)|colleague|lawyer|attorney|supporter|enem(?:y|ie)|widow|mother|father|parent
        |brother|sister|son|daughter|cousin|aide|all(?:y|ie)|wife|husband|neighbour|neighbor|critic|opponent|rival)s?
        \ (?:of|for|to)\ (?:the\ )?(?:[a-z.]+\ ){0,2}$";
    /// Those who speak for somebody, behind the name.
    SPEAKS_FOR = r"^['’]s? (?:[a-z]+ ){0,2}(?:friend|relative|famil(?:y|ie)|colleague|lawyer|attorney|supporter|enem(?:y|ie)|widow|mother|father|parent|brother|sister|son|daughter|cousin|aide|all(?:y|ie)|wife|husband|critic|rival)s?\b";
    /// A word for denying what others say, behind who does.
    REJECTS = r"^,?(?: [a-z]+){0,2}? (?:reject|disput|den(?:y|ie)|contest|refut|dismiss)[a-z]* (?:the |this |that |these |it\b|all )";
}

/// Whether words lead out of the clause that stands before them.
fn leads_out(words: &str) -> bool {
    words.contains([',', ';', ':', '"', '“', '”', '–', '—'])
}

/// The parts of a text around the last match of a pattern, if the one behind it stays in the clause.
fn last_of<'a>(pattern: &Regex, text: &'a str) -> Option<(&'a str, &'a str)> {
    let found = pattern.find_iter(text).last()?;
    let (lead, rest) = (text.get(..found.start())?, text.get(found.end()..)?);
    (!leads_out(rest)).then_some((lead, rest))
}

/// Types that a text mostly tells in passing.
const PRESUPPOSED: [&str; 5] = ["citizen_of", "event_in", "event_on", "holds_title", "located_in"];

/// Types of ties between kin.
const TIES_OF_KIN: [&str; 4] = ["child_of", "relative_of", "sibling_of", "spouse_of"];

impl Clause {
    /// The sentence around two mentions, if both stand in it; of a very long one the part around them.
    pub fn new(doc: &Document, head: ByteSpan, tail: ByteSpan) -> Option<Self> {
        let (first, second) = if head.start <= tail.start { (head, tail) } else { (tail, head) };
        let sentence = doc.sentences.get(doc.sentence_at(first.start)?)?.span;
        let both = ByteSpan::new(first.range().start, second.range().end.max(first.range().end));
        if !sentence.contains(second) || both.len() > LONG_SENTENCE {
            return None;
        }
        let sentence = clipped(&doc.text, sentence, both);
        let part = |start: u32, end: u32| doc.text.get(start as usize..end as usize);
        let (between, after) = (part(first.end, second.start)?, part(second.end, sentence.end)?);
        Some(Self {
            before: part(sentence.start, first.start)?.to_lowercase(),
            between: between.to_lowercase(),
            as_written: between.to_owned(),
            after: after.to_lowercase(),
            ends_there: !after.split_whitespace().any(|word| word.starts_with(char::is_lowercase)),
            sentence: doc.slice(sentence).to_lowercase(),
            head_first: first == head,
        })
    }

    /// Whether the sentence tells the relation as one clause.
    fn is_one(&self) -> bool {
        !leads_out(&self.between) && self.between.contains(char::is_alphabetic)
    }

    /// What the words leave of a relation of a type.
    pub fn verdict(&self, relation_type: &str) -> Verdict {
        let goes = match relation_type {
            "educated_at" => self.is_no_study(),
            "born_in" | "born_on" | "died_in" | "died_on" => self.is_no_life(relation_type),
            "based_in" => self.head_first && self.between == " at " && JOINED.is_match(&self.before),
            "located_in" => self.between == "/",
            "killed" => self.head_first && DEATH_NEWS.is_match(&self.between) && self.tells_of_death(),
            "head_of" if self.is_staff() || self.leads_a_unit() => return Verdict::Is("works_for"),
            name if TIES_OF_KIN.contains(&name) => self.is_list(name),
            _ => false,
        };
        if goes { Verdict::Goes } else { Verdict::Stays }
    }

    /// Whether a degree is honorary, or somebody teaches.
    fn is_no_study(&self) -> bool {
        if !self.head_first {
            return HONORARY.is_match(&self.between);
        }
        let last = |pattern: &Regex| pattern.find_iter(&self.between).last().map(|found| found.start());
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
        is_honorary || last(&TEACHING).is_some_and(is_later)
    }

    /// Whether a date or place is not that of a birth or death: a span of work, a bound, the foot of a letter.
    fn is_no_life(&self, relation_type: &str) -> bool {
        let up_to_second = format!("{}\u{0}{}", self.before, self.between);
        if self.head_first && ACTIVE.is_match(&up_to_second) {
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

    /// Whether what follows the second end makes the clause one about a death.
    fn tells_of_death(&self) -> bool {
        DEATH.is_match(&self.after) || self.between.trim_end().ends_with(" of")
    }

    /// Whether the head is one of several who work for the tail.
    fn is_staff(&self) -> bool {
        if self.head_first { STAFF.is_match(&self.between) } else { STAFF_AHEAD.is_match(&self.between) }
    }

    /// Whether the head leads a part of the tail alone.
    fn leads_a_unit(&self) -> bool {
        self.head_first && LED.is_match(&self.between) && UNIT.is_match(&self.after)
    }

    /// Whether the second end is a further thing in a list, with a role of its own: "her brother Luca and engineer Paolo
    /// Riva", "his wife Ana, his brother Radu".
    fn is_list(&self, relation_type: &str) -> bool {
        let own = |words: &str| OWN_KIN.captures(words).and_then(|found| Some(found.get(1)?.as_str().to_owned()));
        if relation_type != "child_of"
            && let (Some(first), Some(second)) = (own(&self.before), own(&self.between))
            && self.between.trim_start_matches([',', ' ']).len() < 24
        {
            let is_sibling = |word: &str| matches!(word, "brother" | "sister");
            return !(is_sibling(&first) && is_sibling(&second));
        }
        let Some((list, item)) = self.as_written.rsplit_once(" and ") else { return false };
        let starts_upper = |word: &str| word.starts_with(char::is_uppercase);
        // An item of the list before is a name, or the first end.
        let follows_name = list.trim().is_empty() || list.split_whitespace().next_back().is_some_and(starts_upper);
        let words: Vec<&str> = item.split_whitespace().filter(|word| !matches!(*word, "the" | "a" | "an")).collect();
        let is_role = |word: &&str| Lexicon::embedded().title(word).is_some();
        follows_name
            && (1..4).contains(&words.len())
            && words.iter().all(|word| word.starts_with(char::is_lowercase))
            && words.last().is_some_and(is_role)
            && !KIN.is_match(item)
    }

    /// The status of a relation of a type, given that which the model finds.
    pub fn status(&self, relation_type: &str, found: Option<Status>) -> Option<Status> {
        let says_not = |words: &str| NOT_NOT.is_match(words);
        if found == Some(Status::Negated) && (says_not(&self.between) || last_of(&NOT_NOT, &self.before).is_some()) {
            return None;
        }
        // What is named in passing is as true as ever: "whether the Danish banker Ada Quill, of Avon, has left".
        let is_told = !PRESUPPOSED.contains(&relation_type) && self.is_told();
        if is_told && self.is_untrue() {
            return Some(Status::Negated);
        }
        if is_told && matches!(found, None | Some(Status::Negated)) && self.is_open() {
            return Some(Status::Possible);
        }
        if found.is_none() && (self.is_blocked(relation_type) || is_told && self.is_never()) {
            return Some(Status::Negated);
        }
        let is_leaked = || PAST.is_match(&self.sentence) && !PARTED.is_match(&self.sentence);
        if relation_type == "spouse_of" && found == Some(Status::Former) && is_leaked() {
            return None;
        }
        found
    }

    /// Whether the words between the ends say more than of, in or from, as a verb does.
    fn is_told(&self) -> bool {
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
    fn is_untrue(&self) -> bool {
        if !self.is_one() {
            return false;
        }
        let is_denied_itself = |lead: &str| {
            ["not ", "n't ", "n’t ", "never ", "hardly ", "beyond ", "no "].iter().any(|word| lead.ends_with(word))
        };
        let is_denied = last_of(&UNTRUE, &self.before).is_some_and(|(lead, _)| !is_denied_itself(lead));
        is_denied || (last_of(&CLAIM, &self.before).is_some() && VERDICT.is_match(&self.after))
    }

    /// Whether the clause is a question.
    fn is_open(&self) -> bool {
        self.is_one() && last_of(&OPEN, &self.before).is_some()
    }

    /// Whether nothing of the kind has happened: "at no time did Maria Keller own Nordbank".
    fn is_never(&self) -> bool {
        let inverted =
            (self.before.trim_end() == "had" || self.before.ends_with(", had ")) && self.after.contains(" would ");
        let neither = (self.before.ends_with("neither ") && self.between.contains(" nor "))
            || last_of(&NEITHER, &self.before).is_some_and(|(_, rest)| rest.is_empty());
        let starts_never = neither || NEVER.is_match(&self.before) || NONE_OF.is_match(&self.before);
        let nearly = [" nearly ", " almost ", " very nearly "].iter().any(|word| self.between.starts_with(word));
        inverted || starts_never || (self.head_first && (nearly || SEEMING.is_match(&self.between)))
    }

    /// Whether others have kept a deal or an appointment from happening.
    fn is_blocked(&self, relation_type: &str) -> bool {
        let is_deal = matches!(relation_type, "acquired" | "owns");
        if !is_deal && !matches!(relation_type, "appointed" | "head_of" | "holds_title" | "works_for") {
            return false;
        }
        if !self.is_one() {
            return false;
        }
        let names_deal = || [&self.before, &self.between].into_iter().any(|words| DEAL_NOUN.is_match(words));
        if is_deal && FELL_THROUGH.is_match(&self.after) && names_deal() {
            return true;
        }
        let Some(block) = BLOCKED.captures(&self.before) else { return false };
        // "Refused to block", "may block".
        let lead = block.get(0).and_then(|found| self.before.get(..found.start())).unwrap_or_default();
        let is_not_done =
            ["to", "not", "n't", "n’t", "never", "may", "might", "can", "could", "would", "will", "should"];
        if lead.split_whitespace().next_back().is_some_and(|word| is_not_done.iter().any(|end| word.ends_with(end))) {
            return false;
        }
        let refused =
            self.between.starts_with(" as ") && block.get(0).is_some_and(|found| found.as_str().contains("refus"));
        refused || DEAL.is_match(&self.between) || block.name("deal").is_some()
    }
}

/// Whether a lasting relation was over when its text was written: "from 2004 to 2010".
pub(super) fn is_over(doc: &Document, date: ByteSpan) -> bool {
    let before = doc.text.get(..date.range().start).unwrap_or_default().trim_end();
    let after = doc.text.get(date.range().end..).unwrap_or_default();
    let year = |words: &str| -> Option<u32> {
        let digits = words.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        let ends = !words.get(4..)?.starts_with(|c: char| c.is_alphanumeric());
        digits.parse().ok().filter(|year| ends && (1000..2200).contains(year))
    };
    let ends: &[&str] = match before.rsplit(char::is_whitespace).next() {
        Some("from" | "From") => &[" to ", " until ", " till "],
        Some("between" | "Between") => &[" and "],
        _ => &[],
    };
    let end = ends.iter().find_map(|end| year(after.strip_prefix(end)?));
    let today = doc.date.as_deref().and_then(|date| year(&format!("{date} ")));
    end.is_some_and(|end| today.is_none_or(|today| end < today))
}

/// Whether a mention is not one who states something, but one for whom others speak, the place where they do, or one who
/// only rejects it.
pub(super) fn is_no_source(doc: &Document, mention: ByteSpan, is_place: bool, is_negated: bool) -> bool {
    let Some(sentence) = doc.sentence_at(mention.start).and_then(|at| doc.sentences.get(at)) else { return false };
    let sentence = clipped(&doc.text, sentence.span, mention);
    let part = |start: u32, end: u32| doc.text.get(start as usize..end as usize).unwrap_or_default().to_lowercase();
    let (before, after) = (part(sentence.start, mention.start), part(mention.end, sentence.end));
    if is_place && [" in ", " at ", " near "].iter().any(|word| before.ends_with(word)) {
        return true;
    }
    let speaks_for =
        SPEAKS_FOR.find(&after).is_some_and(|found| after.get(found.end()..).is_some_and(|rest| SAYS.is_match(rest)));
    (SPOKEN_FOR.is_match(&before) && SAYS.is_match(&after)) || speaks_for || (!is_negated && REJECTS.is_match(&after))
}

/// Whether a mention only says whose kin is spoken of: "her father", "Keller's late husband".
pub(super) fn is_possessor_of_kin(doc: &Document, mention: ByteSpan) -> bool {
    let words = doc.slice(mention).to_lowercase();
    let rest = doc.text.get(mention.range().end..).unwrap_or_default();
    let rest = match words.as_str() {
        "his" | "her" | "their" | "my" | "whose" => Some(rest),
        _ => rest.strip_prefix("'s").or_else(|| rest.strip_prefix("’s")),
    };
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix(' ')) else { return false };
    // "Her late husband", "his father and mother".
    let mut next = rest.split(' ').take(3).take_while(|word| word.starts_with(char::is_lowercase));
    next.any(|word| {
        let word = word.trim_end_matches(|c: char| !c.is_alphabetic());
        KIN.find(word).is_some_and(|found| found.len() == word.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Sentence, SentenceRole},
        span::TokenSpan,
    };

    /// A sentence with the head in `[…]` and the tail in `<…>`.
    fn marked(text: &str) -> (Document, ByteSpan, ByteSpan) {
        let mut doc = Document::new("d", "");
        let (mut head, mut tail) = (0, 0);
        let (mut spans, mut open) = ([ByteSpan::new(0, 0); 2], 0);
        for char in text.chars() {
            match char {
                '[' | '<' => open = doc.text.len(),
                ']' => (head, spans[0]) = (head + 1, ByteSpan::new(open, doc.text.len())),
                '>' => (tail, spans[1]) = (tail + 1, ByteSpan::new(open, doc.text.len())),
                _ => doc.text.push(char),
            }
        }
        assert_eq!((head, tail), (1, 1), "{text}");
        let (span, tokens) = (ByteSpan::new(0, doc.text.len()), TokenSpan::new(0, 0));
        doc.sentences.push(Sentence { span, tokens, paragraph: 0, role: SentenceRole::Body });
        (doc, spans[0], spans[1])
    }

    fn clause(text: &str) -> Clause {
        let (doc, head, tail) = marked(text);
        Clause::new(&doc, head, tail).expect("one sentence")
    }

    #[test]
    fn patterns_are_valid() {
        assert!(all_patterns().iter().all(|pattern| !pattern.as_str().is_empty()));
    }

    #[test]
    fn words_against_a_relation() {
        let (goes, stays) = (Verdict::Goes, Verdict::Stays);
        for (relation_type, text, expected) in [
            ("educated_at", "[Ada Quill] received an honorary doctorate from the <University of Avon>.", goes),
            ("educated_at", "The <University of Avon> conferred an honorary degree on [Ada Quill].", goes),
            ("educated_at", "[Ada Quill] took a degree at the <University of Avon> and an honorary one later.", stays),
            ("educated_at", "[Ada Quill] got an honorary prize and studied at <Avon College>.", stays),
            ("educated_at", "[Ada Quill] taught Greek at <Avon College>.", goes),
            ("educated_at", "[Ada Quill] was a fellow of <Avon College>.", goes),
            ("educated_at", "[Ada Quill] studied and taught at <Avon College>.", stays),
            ("educated_at", "[Ada Quill] studied in Oslo and lectured at <Avon College>.", goes),
            ("born_on", "[Bo Lind] (fl. <1610>–1640) was a printer.", goes),
            ("died_on", "[Bo Lind] (active 1610–<1640>) was a printer.", goes),
            ("died_on", "[Bo Lind] (1610–<1640>) was a printer.", stays),
            ("died_on", "[Bo Lind] died before <1640>.", goes),
            ("died_on", "[Bo Lind] died shortly before noon on <3 May 1640>.", stays),
            ("born_on", "[Bo Lind] was born between 1612 and <1615>.", goes),
            ("born_in", "[Bo Lind], <Kingston>, 7 April 1788.", goes),
            ("born_in", "[Bo Lind], <Kingston>, was a printer.", stays),
            ("born_in", "[Bo Lind], <Kingston>, 7 April 1788 – London, 1840.", stays),
            ("born_in", "[Bo Lind] was born in <Kingston>.", stays),
            ("based_in", "She entered the [Order of Saint Olga] at <Avignon>.", goes),
            ("based_in", "She works for the [Order of Saint Olga] at <Avignon>.", stays),
            ("located_in", "<OSLO>/[BERGEN] - The king left.", goes),
            ("killed", "[Nordic Front] confirmed <his> death.", goes),
            ("killed", "[Nordic Front] announced the killing of <Bo Lind>.", goes),
            ("killed", "[Nordic Front] confirmed that it had shot <Bo Lind>.", stays),
            ("killed", "[Nordic Front] reported <him> to the police.", stays),
            ("head_of", "[Ada Quill], a director of <Nordbank>, left.", Verdict::Is("works_for")),
            ("head_of", "[Ada Quill], the director of <Nordbank>, left.", stays),
            ("head_of", "[Ada Quill] is a non-executive director of <Nordbank>.", Verdict::Is("works_for")),
            ("head_of", "Former <Nordbank> executive [Ada Quill] left.", Verdict::Is("works_for")),
            ("head_of", "<Nordbank> chief executive [Ada Quill] left.", stays),
            ("head_of", "[Ada Quill] led the <United Nations> force in Abyei.", Verdict::Is("works_for")),
            ("head_of", "[Ada Quill] led the <United Nations> in Abyei.", stays),
            ("sibling_of", "[Ada Quill]'s brother Luca and engineer <Paolo Riva> left.", goes),
            ("sibling_of", "[Ada Quill] and her brother <Luca> left.", stays),
            ("spouse_of", "[Ada Quill] married the chef and writer <Bo Lind>.", stays),
            ("spouse_of", "It names his wife, [Ioana], his son, <Radu>.", goes),
            ("sibling_of", "It names his sister, [Ioana], his brother, <Radu>.", stays),
            ("child_of", "It names his wife, [Ioana], her son, <Radu>.", stays),
        ] {
            assert_eq!(clause(text).verdict(relation_type), expected, "{relation_type}: {text}");
        }
    }

    #[test]
    fn words_that_tell_the_status() {
        let (fact, negated, possible) = (None, Some(Status::Negated), Some(Status::Possible));
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
            ("met", "The mayor rejected reports that [she] had met <Bo Lind>.", fact, negated),
            ("met", "The mayor rejected Greece's report that [she] had met <Bo Lind>.", fact, fact),
            ("owns", "The chairman dismissed as nonsense the claim that [it] owns <Nordbank>.", possible, negated),
            ("owns", "Posts falsely claimed that [Ada Quill] owns <Nordbank>.", possible, negated),
            ("owns", "The claim that [Ada Quill] owns <Nordbank> is baseless.", fact, negated),
            ("owns", "The claim that [Ada Quill] owns <Nordbank> is on the front page.", possible, possible),
            ("owns", "It is unclear whether [Ada Quill] owns <Nordbank>.", fact, possible),
            ("met", "She declined to say if [Ada Quill] had met <Bo Lind>.", negated, possible),
            ("met", "Asked whether it rained, [Ada Quill] went to meet <Bo Lind>.", fact, fact),
            ("owns", "[Ada Quill] not only owns <Nordbank> but sells it.", negated, fact),
            ("founded", "Nobody disputes that [Ada Quill] founded <Nordbank>.", negated, fact),
            ("met", "[She] did not deny that she had met <Bo Lind>.", negated, fact),
            ("met", "[She] denied that she had met <Bo Lind>.", negated, negated),
            ("acquired", "The commission has vetoed [Nordbank]'s takeover of <Sundbank>.", fact, negated),
            ("acquired", "A court stopped the sale of <Sundbank> to [Nordbank].", fact, negated),
            ("acquired", "[Nordbank]'s purchase of <Sundbank> fell through in May.", fact, negated),
            ("acquired", "[Nordbank]'s purchase of <Sundbank> was completed in May.", fact, fact),
            ("acquired", "A court refused to block the takeover of <Sundbank> by [Nordbank].", fact, fact),
            ("head_of", "The senate refused to confirm [Ada Quill] as head of <Nordbank>.", fact, negated),
            ("acquired", "The board rejected the sale of ships before [Nordbank] bought <Sundbank>.", fact, fact),
            ("killed", "Had [Ada Quill] killed <Bo Lind>, they would have found the knife.", fact, negated),
            ("acquired", "[Nordbank] nearly bought <Sundbank>.", fact, negated),
            ("works_for", "At no time did [Ada Quill] work for <Nordbank>.", fact, negated),
            ("member_of", "[Ada Quill] poses as a member of the <Green Bloc>.", fact, negated),
            ("works_for", "Neither [Ada Quill] nor Bo Lind works for <Nordbank>.", fact, negated),
            ("works_for", "Neither Bo Lind nor [Ada Quill] works for <Nordbank>.", fact, negated),
            ("lives_in", "Neither [Ada Quill] of <Avon> nor Bo Lind was hurt.", fact, fact),
            ("event_on", "They ask whether they can vote at the [Avon Summit] in <May>.", fact, fact),
            ("head_of", "It is unclear whether <Nordbank> chief [Ada Quill] left.", fact, fact),
            ("spouse_of", "[Her] ex-<husband> left.", Some(Status::Former), Some(Status::Former)),
            ("spouse_of", "[Ada Quill], the wife of former minister <Bo Lind>, left.", Some(Status::Former), fact),
            (
                "spouse_of",
                "[Ada Quill], the former wife of minister <Bo Lind>.",
                Some(Status::Former),
                Some(Status::Former),
            ),
        ] {
            assert_eq!(clause(text).status(relation_type, found), expected, "{text}");
        }
    }

    #[test]
    fn very_long_sentences_are_looked_at_in_part() {
        let (list, padding) = ("[Ada Quill] owns <Nordbank>", "Oslo ".repeat(2000));
        let clause = clause(&format!("{padding}not true that {list} {padding}"));
        assert!(clause.sentence.len() < 2000 && clause.is_untrue(), "{}", clause.sentence.len());
        let (doc, head, tail) = marked(&format!("[Ada Quill] {padding}<Nordbank>"));
        assert_eq!(Clause::new(&doc, head, tail), None);
    }

    #[test]
    fn years_that_are_over() {
        for (text, expected) in [
            ("[Ada Quill] was head of Nordbank from <2004> to 2010.", true),
            ("[Ada Quill] was head of Nordbank between <2004> and 2010.", true),
            ("[Ada Quill] was head of Nordbank from <2004> to 2030.", false),
            ("[Ada Quill] was head of Nordbank from <2004>.", false),
            ("[Ada Quill] was head of Nordbank in <2004> and 2010.", false),
        ] {
            let (mut doc, _, date) = marked(text);
            doc.date = Some("2024-03-13".to_owned());
            assert_eq!(is_over(&doc, date), expected, "{text}");
        }
    }

    #[test]
    fn those_for_whom_others_speak() {
        for (text, is_place, expected) in [
            ("Relatives of [Mina Sabry] say <police> killed her.", false, true),
            ("[Mina Sabry]'s brother said <police> killed her.", false, true),
            ("[Mina Sabry] said <police> killed her brother.", false, false),
            ("A spokesman for [Mina Sabry] said <police> lied.", false, false),
            ("Prosecutors in [Milan] allege that <police> lied.", true, true),
            ("[Milan] alleges that <police> lied.", true, false),
            ("[Nordbank] rejects the claim of the <police>.", false, true),
        ] {
            let (doc, mention, _) = marked(text);
            assert_eq!(is_no_source(&doc, mention, is_place, false), expected, "{text}");
        }
    }
}
