//! What the words say of deals between firms: who buys and who sells, and whether the deal came to be.

use super::Clause;

patterns! {
    /// A deal or an appointment that others keep from happening, up to the first end.
    BLOCKED = r"(?x) \b(?: (?: (?:block(?:s|ed|ing)? | veto(?:es|ed|ing)? | prohibit(?:s|ed|ing)? | stop(?:s|ped|ping)? | halt(?:s|ed|ing)?
          | reject(?:s|ed|ing)? | quash(?:es|ed|ing)? | overturn(?:s|ed|ing)? | ban(?:s|ned|ning)?)
          | (?:vot(?:e|es|ed|ing)|turn(?:s|ed|ing)?|[sh]trike|struck)\ down | (?:vot(?:e|es|ed|ing)\ against) | forb(?:id|ids|ade|idden)
          | refus(?:e|es|ed|ing)\ to\ (?:approve|confirm|allow|permit|clear|recognise|recognize) )
        (?P<object> (?: \ [a-z0-9£$€-]+ ){0,5}? ) )
        (?P<deal> \ (?:purchase|takeover|take-over|merger|sale|acquisition|buyout|buy-out|appointment|nomination|choice)
            (?:\ (?:of|by|with|for))? (?:\ (?:the|an?|its|his|her)(?:\ [a-z]+){0,2})? )? \ ?$";
    /// A deal behind its owner: "Nordbank's takeover of".
    DEAL = r"^['’]s? (?:[a-z0-9.£$€-]+ ){0,3}(?:purchase|takeover|take-over|merger|sale|acquisition|buyout|buy-out|appointment|nomination)\b";
    /// A word for a deal between firms.
    DEAL_NOUN = r"\b(?:purchase|takeover|take-over|merger|sale|acquisition|buyout|buy-out|deal|bid|offer|talks|agreement|plan|plans)\b";
    /// What became of a deal that came to nothing, behind its ends.
    FELL_THROUGH = r"(?x) ^(?P<lead>(?:\ [a-z0-9]+){0,4}?) \ (?: fell\ (?:through|apart) | collapsed | lapsed | broke\ down
        | (?:is|are|was|were|has\ been|have\ been|had\ been|being) \ (?:(?:now|later|then|finally|since|formally)\ )?
          (?: called\ off | blocked | vetoed | prohibited | annulled | abandoned | cancell?ed | scrapped | dropped | shelved | ditched
            | terminated | halted | stopped | aborted | withdrawn | off | dead )
        | (?:will|did|would|does|could|[a-z]+n['’]t) (?:\ not)? \ (?:go\ (?:ahead|through)|happen|take\ place|proceed|materiali[sz]e) )
        (?:[.,;!]|$|\ )";
    /// A deal that somebody gave up, between its ends.
    GIVEN_UP = r"(?x) \b(?:dropp?|abandon|scrapp?|shelv|ditch|terminat|cancell?|call|walk|pull|back|withdr|gave|give|gives|end)
        (?:s|e|es|ed|ew|aw|ing)? (?:\ (?:off|away\ from|out\ of|from|up|up\ on))?
        (?:\ [a-z0-9£$€.,-]+){0,5}? \ (?:merger|takeover|take-over|bid|offer|plans?|deal|purchase|acquisition|buyout|agreement|talks|attempt|pursuit)\b";
    /// A word for getting something, from its owner.
    BUY = r"\b(?:buy|buys|bought|buying|acqui[a-z]+|purchas[a-z]+|takeover|take-over|merg[a-z]+|took over|taken over|take over|takes over|won|wins|snapp[a-z]+ up|complet[a-z]+ its)\b";
    /// A word for giving something away for money.
    SELL = r"\b(?:sell|sells|sold|selling|sale of|disposal of|divest[a-z]*|offload[a-z]*|spun off|spin-off of|exit|exits|exited|exiting|dispos(?:ed|es|ing) of)\b";
    /// A thing that was bought, up to whom it was bought from.
    BOUGHT_FROM = r"\b(?:bought|acquired|purchased|taken over|buys|acquires|purchase|acquisition)\b[^;]* from (?:the )?$";
    /// A thing that was sold, up to who sold it.
    SOLD_BY = r"\b(?:sold|divested|offloaded|spun off|disposed of|put up for sale)\b[^;]* by (?:the )?$";
    /// A sale, up to what is sold.
    SALE_OF = r"\b(?:sale|disposal|divestment|spin-off) of (?:[a-z0-9'’.-]+ ){0,3}$";
    /// Those whom founders come from, behind the name of a school or firm.
    ALUMNI = r"(?x) ^(?:['’]s)? \ (?:[a-z-]+\ ){0,2}(?:classmates?|graduates?|alumn[aiu][es]?|alumni|students?|dropouts?|professors?|engineers?|veterans?|executives?
        |employees?|researchers?|scientists?|academics?|roommates?|players?|officers?|bankers?|entrepreneurs?)\b";
}

/// Words behind which what follows is told of something else than a deal.
const ELSEWHERE: [&str; 16] = [
    "after", "and", "as", "because", "before", "but", "if", "since", "that", "to", "until", "when", "where", "which",
    "while", "who",
];

/// What is blocked in the place of a deal: "rejected a complaint about the takeover of".
const AGAINST_A_DEAL: [&str; 14] = [
    "about",
    "against",
    "appeal",
    "ban",
    "bid",
    "call",
    "challenge",
    "complaint",
    "lawsuit",
    "motion",
    "move",
    "objection",
    "objections",
    "over",
];

impl Clause {
    /// Whether the head of an acquisition is who sells: "Nordbank sold Sundbank to Avon Group".
    pub(super) fn is_seller(&self) -> bool {
        if !self.head_first {
            let of_sale = || self.between.starts_with(" by ") && SALE_OF.is_match(&self.before);
            let from = || matches!(self.between.as_str(), " from " | " from the ") && BUY.is_match(&self.before);
            return BOUGHT_FROM.is_match(&self.between) || SOLD_BY.is_match(&self.between) || from() || of_sale();
        }
        let last = |pattern: &regex::Regex| pattern.find_iter(&self.between).last().map(|found| found.start());
        let sells = last(&SELL).filter(|sell| {
            let leads_on = self.between.get(*sell..).is_some_and(super::leads_out);
            !leads_on && last(&BUY).is_none_or(|buy| buy < *sell)
        });
        if self.after.contains("bought it back") {
            return false;
        }
        sells.is_some() || self.sells_its_own() || self.after.starts_with(" up for sale")
    }

    /// Whether the first end is only whose it is that somebody sells: "sold its stake in Sundbank".
    fn sells_its_own(&self) -> bool {
        let starts_own = |words: &str| ["its ", "their ", "his ", "her "].iter().any(|own| words.starts_with(own));
        let is_sold =
            SELL.find_iter(&self.before).last().is_some_and(|sell| self.before.get(sell.end()..) == Some(" "));
        is_sold && self.sentence.get(self.before.len()..).is_some_and(starts_own)
    }

    /// Whether the head is where the founders of the tail come from: "founded by Avon College classmates".
    pub(super) fn is_origin_of_founders(&self) -> bool {
        !self.head_first && self.between.contains(" by ") && ALUMNI.is_match(&self.after)
    }

    /// Whether a deal came to nothing, or others have kept a deal or an appointment from happening.
    pub(super) fn is_undone(&self, relation_type: &str) -> bool {
        let is_deal = matches!(relation_type, "acquired" | "owns");
        if !self.is_one() || !(is_deal || super::offices::is_office(relation_type) || relation_type == "appointed") {
            return false;
        }
        let names_deal = || [&self.before, &self.between].into_iter().any(|words| DEAL_NOUN.is_match(words));
        if is_deal && (self.falls_through() && names_deal() || self.is_given_up()) {
            return true;
        }
        let Some(block) = BLOCKED.captures(&self.before) else { return false };
        let object = block.name("object").map_or("", |found| found.as_str());
        if object.split(' ').any(|word| AGAINST_A_DEAL.contains(&word) || ELSEWHERE.contains(&word)) {
            return false;
        }
        // "Refused to block", "may block".
        let lead = block.get(0).and_then(|found| self.before.get(..found.start())).unwrap_or_default();
        let is_not_done =
            ["to", "not", "n't", "n’t", "never", "may", "might", "can", "could", "would", "will", "should"];
        if lead.split_whitespace().next_back().is_some_and(|word| is_not_done.iter().any(|end| word.ends_with(end))) {
            return false;
        }
        let as_office = self.between.starts_with(" as ") && block.name("deal").is_none();
        as_office || DEAL.is_match(&self.between) || block.name("deal").is_some()
    }

    /// Whether what follows the ends says that a deal between them came to nothing.
    pub(super) fn falls_through(&self) -> bool {
        let Some(found) = FELL_THROUGH.captures(&self.after) else { return false };
        let lead = found.name("lead").map_or("", |words| words.as_str());
        !lead.split(' ').any(|word| ELSEWHERE.contains(&word) || matches!(word, "it" | "never"))
    }

    /// Whether the head gave up buying the tail.
    fn is_given_up(&self) -> bool {
        let Some(found) = GIVEN_UP.find(&self.between).filter(|_| self.head_first) else { return false };
        let lead = self.between.get(..found.start()).unwrap_or_default();
        let rest = self.between.get(found.end()..).unwrap_or_default();
        let is_denied = ["not ", "n't ", "n’t ", "never ", "to "].iter().any(|word| lead.ends_with(word));
        !is_denied
            && !super::leads_out(found.as_str())
            && !["bought", "acquired", "took"].iter().any(|word| rest.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, testing::clause};
    use crate::schema::Status;

    #[test]
    fn sellers_are_no_buyers() {
        for (text, goes) in [
            ("<Sundbank> was bought from [Nordbank] in 2021.", true),
            ("<Sundbank> was bought from Nordbank by [Avon Group].", false),
            ("<Sundbank> was bought by [Avon Group].", false),
            ("Avon Group bought <Sundbank> from [Nordbank].", true),
            ("The sale of <Sundbank> by [Nordbank] is complete.", true),
            ("The sale of <Sundbank> to [Nordbank] is complete.", false),
            ("<Sundbank> was sold by [Nordbank].", true),
            ("[Nordbank] completed the sale of <Sundbank> to Avon Group.", true),
            ("[Nordbank], the owner, sold <Sundbank>.", true),
            ("Nordbank sold [its] last 2% of <Sundbank>.", true),
            ("Nordbank sold [Avon Group] 2% of <Sundbank>.", false),
            ("[Nordbank], which sells pumps, agreed a deal for <Sundbank>.", false),
            ("[Nordbank] sold its ships and bought <Sundbank>.", false),
            ("[Nordbank] put <Sundbank> up for sale.", true),
        ] {
            let expected = if goes { Verdict::Goes } else { Verdict::Stays };
            assert_eq!(clause(text).verdict("acquired"), expected, "{text}");
        }
        for (text, goes) in [
            ("<Lumen> was founded in 2016 by [Avon College] classmates Ada Quill and Bo Lind.", true),
            ("<Lumen> was founded by [Avon College] in 2016.", false),
        ] {
            let expected = if goes { Verdict::Goes } else { Verdict::Stays };
            assert_eq!(clause(text).verdict("founded"), expected, "{text}");
        }
    }

    #[test]
    fn deals_that_came_to_nothing() {
        let (fact, negated, intended) = (None, Some(Status::Negated), Some(Status::Intended));
        for (relation_type, text, found, expected) in [
            ("acquired", "The commission has vetoed [Nordbank]'s takeover of <Sundbank>.", fact, negated),
            ("acquired", "A court stopped the sale of <Sundbank> to [Nordbank].", fact, negated),
            ("acquired", "A court overturned the ban on the sale of <Sundbank> to [Nordbank].", fact, fact),
            ("acquired", "Regulators rejected a complaint about the takeover of <Sundbank> by [Nordbank].", fact, fact),
            ("acquired", "It was a blockbuster acquisition of <Sundbank> by [Nordbank].", fact, fact),
            ("acquired", "[Nordbank]'s purchase of <Sundbank> fell through in May.", fact, negated),
            ("acquired", "[Nordbank]'s purchase of <Sundbank> was cancelled.", fact, negated),
            ("acquired", "[Nordbank]'s purchase of <Sundbank> will not go ahead.", intended, negated),
            ("acquired", "[Nordbank]'s talks to buy <Sundbank> broke down.", intended, negated),
            ("acquired", "[Nordbank]'s purchase of <Sundbank> was completed in May.", fact, fact),
            ("acquired", "[Nordbank] completed its takeover of <Sundbank> after the bank collapsed.", fact, fact),
            ("acquired", "[Nordbank] closed its takeover of <Sundbank> before prices collapsed.", fact, fact),
            ("acquired", "[Nordbank] dropped a $10bn merger with <Sundbank>.", fact, negated),
            ("acquired", "[Nordbank] has not dropped its bid for <Sundbank>.", intended, intended),
            ("acquired", "A court refused to block the takeover of <Sundbank> by [Nordbank].", fact, fact),
            ("head_of", "The senate refused to confirm [Ada Quill] as head of <Nordbank>.", fact, negated),
            ("head_of", "The senate rejected [Ada Quill] as head of <Nordbank>.", fact, negated),
            ("head_of", "Voters rejected [Ada Quill], the head of <Nordbank>.", fact, fact),
            ("acquired", "The board rejected the sale of ships before [Nordbank] bought <Sundbank>.", fact, fact),
        ] {
            assert_eq!(clause(text).status(relation_type, found), expected, "{text}");
        }
    }
}
