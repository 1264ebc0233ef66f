//! Words whose full stop need not end a sentence.

/// How a full stop after a word is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Something always follows: `Mr.`, `vs.`.
    Leads,
    /// Leads when a number follows, else ends like any word: `No. 5`, `Jan. 3`.
    LeadsNumber,
    /// May end a sentence; then a word follows that starts one: `Inc.`, `U.S.`.
    MayEnd,
}

/// The class of a word, given without its full stop.
///
/// Names of months and titles count only with a capital, so that `sat.` and `gen.` end a sentence as words do;
/// `hon.`, which is no word, counts without one. Legal forms such as `plc` and `LLC` are written without a stop of their
/// own and are not among these words.
pub(super) fn class(word: &str) -> Option<Abbreviation> {
    if word.len() > 8 {
        return None;
    }
    let find = |table: &[&str]| table.binary_search(&word).is_ok();
    if find(LEADS) {
        Some(Abbreviation::Leads)
    } else if find(LEADS_NUMBER) {
        Some(Abbreviation::LeadsNumber)
    } else if find(MAY_END) {
        Some(Abbreviation::MayEnd)
    } else {
        None
    }
}

/// Whether a capitalized word usually starts a sentence rather than continuing a name.
pub(super) fn starts_sentence(word: &str) -> bool {
    word.len() <= 12 && STARTERS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// Whether a word reports speech, so that it may follow a question or call in quotes.
pub(super) fn reports_speech(word: &str) -> bool {
    SPEECH.binary_search(&word).is_ok()
}

const LEADS: &[&str] = &[
    "ADM", "Adm", "Amb", "Asst", "Atty", "Avv", "BRIG", "Brig", "Bros", "CAPT", "CMDR", "COL", "CPL", "CPT", "Capt",
    "Cdr", "Cllr", "Cmdr", "Col", "Comdt", "Const", "Cpl", "Cpt", "DET", "DR", "Det", "Dets", "Dr", "Drs", "Fr", "GEN",
    "GOV", "Gen", "Gov", "HON", "Hon", "INSP", "Ing", "Insp", "LIEUT", "LT", "Lieut", "Lt", "MAJ", "MESSRS", "MME",
    "MR", "MRS", "MS", "MSGR", "Maj", "Messrs", "Mlle", "Mme", "Mmes", "Mr", "Mrs", "Ms", "Msgr", "Mt", "Ofc", "PFC",
    "PROF", "PTE", "PVT", "Pfc", "Pres", "Prof", "Profs", "Pte", "Pvt", "REP", "REV", "Rep", "Reps", "Rev", "SEN",
    "SGT", "ST", "SUPT", "Sen", "Sens", "Sgt", "Sgts", "Spc", "Spec", "Sra", "St", "Ste", "Supt", "Ven", "cf", "e.g",
    "eg", "i.e", "incl", "v", "viz", "vs",
];

const LEADS_NUMBER: &[&str] = &[
    "Apr", "Art", "Arts", "Aug", "Chap", "Dec", "Feb", "Fig", "Figs", "Fri", "Jan", "Jul", "Jun", "Mar", "Mon", "NO",
    "No", "Nos", "Nov", "Nr", "Oct", "Para", "Sat", "Sec", "Sect", "Sep", "Sept", "Sun", "Thu", "Thur", "Thurs", "Tue",
    "Tues", "Vol", "Vols", "Wed", "approx", "art", "b", "c", "ca", "ch", "chap", "cl", "d", "est", "fig", "figs",
    "max", "min", "no", "nos", "nr", "p", "para", "pp", "r", "sec", "sect", "tel", "vol", "vols",
];

const MAY_END: &[&str] = &[
    "Ala", "Ariz", "Ark", "Assn", "Assoc", "Ave", "Blvd", "Calif", "Co", "Colo", "Conn", "Corp", "Cos", "Ct", "Del",
    "Dept", "Dist", "Div", "Esq", "Est", "Fla", "Ft", "Ga", "Govt", "INC", "Ill", "Inc", "Ind", "Inst", "Intl", "JR",
    "Jr", "Kan", "Ken", "Ky", "LTD", "La", "Ltd", "Mass", "Md", "Mfg", "Mich", "Minn", "Miss", "Mo", "Mont", "Natl",
    "Neb", "Nev", "Okla", "Ont", "Op", "Ore", "Pa", "Pty", "Que", "Rd", "SR", "Snr", "Sq", "Sr", "Tenn", "Tex", "Univ",
    "Va", "Vt", "Wash", "Wis", "Wyo", "al", "assn", "bn", "co", "corp", "dept", "etc", "govt", "hon", "hr", "hrs",
    "inc", "intl", "ltd", "mn", "mph", "op", "oz", "sq", "univ", "yr", "yrs",
];

const STARTERS: &[&str] = &[
    "a",
    "about",
    "above",
    "according",
    "across",
    "after",
    "again",
    "all",
    "also",
    "although",
    "among",
    "and",
    "another",
    "any",
    "anyone",
    "are",
    "as",
    "at",
    "because",
    "before",
    "both",
    "but",
    "by",
    "can",
    "did",
    "do",
    "does",
    "during",
    "each",
    "earlier",
    "even",
    "everyone",
    "few",
    "first",
    "for",
    "former",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "here",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "instead",
    "is",
    "it",
    "its",
    "last",
    "later",
    "many",
    "meanwhile",
    "more",
    "most",
    "my",
    "neither",
    "never",
    "nobody",
    "none",
    "nor",
    "not",
    "nothing",
    "now",
    "of",
    "officials",
    "on",
    "once",
    "one",
    "only",
    "other",
    "others",
    "our",
    "over",
    "people",
    "perhaps",
    "police",
    "she",
    "since",
    "so",
    "some",
    "still",
    "such",
    "than",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "though",
    "three",
    "through",
    "to",
    "today",
    "two",
    "under",
    "until",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "with",
    "without",
    "yet",
    "you",
    "your",
];

const SPEECH: &[&str] = &[
    "added",
    "adds",
    "announced",
    "answered",
    "asked",
    "asks",
    "began",
    "called",
    "continued",
    "cried",
    "declared",
    "demanded",
    "exclaimed",
    "explained",
    "inquired",
    "insisted",
    "joked",
    "laughed",
    "murmured",
    "muttered",
    "posted",
    "recalled",
    "remarked",
    "replied",
    "responded",
    "retorted",
    "said",
    "says",
    "screamed",
    "shouted",
    "tells",
    "told",
    "tweeted",
    "urged",
    "warned",
    "whispered",
    "wondered",
    "writes",
    "wrote",
    "yelled",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_order() {
        for table in [LEADS, LEADS_NUMBER, MAY_END, STARTERS, SPEECH] {
            assert!(table.is_sorted(), "{:?}", table.windows(2).find(|pair| pair[0] > pair[1]));
        }
    }
}
