//! Exchanges, and what companies are called there, in brackets: "Harlan plc (LSE: HRL; OTCQX: HRLNF)".

use std::collections::BTreeSet;

use super::{
    LOOK_BACK, can_be_firm,
    changes::{Change, apply_changes},
    words,
};
use crate::{
    document::Mention,
    names::{self, NameKey},
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The longest list in brackets, in characters.
const LONGEST_LIST: usize = 120;

/// The longest name of a company at an exchange, in bytes.
const LONGEST_TICKER: usize = 10;

/// The most words in the name of an exchange.
const LONGEST_EXCHANGE: usize = 4;

/// Exchanges and their parts, by the first word that they are called by before a colon.
const EXCHANGES: &[&str] = &[
    "ADX",
    "AIM",
    "AMEX",
    "AMS",
    "ASX",
    "B3",
    "BIT",
    "BME",
    "BMV",
    "BOM",
    "BSE",
    "CSE",
    "CVE",
    "DFM",
    "EPA",
    "ETR",
    "EURONEXT",
    "Euronext",
    "FRA",
    "FSE",
    "FWB",
    "HKEX",
    "HKG",
    "HKSE",
    "IDX",
    "JSE",
    "KOSDAQ",
    "KRX",
    "KSE",
    "LON",
    "LSE",
    "NASDAQ",
    "NASDAQGM",
    "NASDAQGS",
    "NGX",
    "NSE",
    "NYSE",
    "NYSEAMERICAN",
    "NYSEARCA",
    "NZX",
    "Nasdaq",
    "NasdaqGM",
    "NasdaqGS",
    "OTC",
    "OTCBB",
    "OTCMKTS",
    "OTCPK",
    "OTCQB",
    "OTCQX",
    "PSX",
    "SEHK",
    "SGX",
    "SIX",
    "SSE",
    "STO",
    "SZSE",
    "TADAWUL",
    "TASE",
    "TSE",
    "TSX",
    "TSX-V",
    "TSX.V",
    "TSXV",
    "TWSE",
    "TYO",
    "Tadawul",
    "WSE",
    "XETRA",
    "Xetra",
];

/// What agencies write behind the stop of a code for an exchange.
const CODES: &[&str] = &[
    "AD", "AS", "AX", "BK", "BO", "BR", "CO", "DE", "DU", "F", "HE", "HK", "IS", "J", "JK", "KL", "KQ", "KS", "L",
    "LS", "MC", "MI", "MX", "N", "NS", "NZ", "O", "OL", "OQ", "PA", "PK", "PS", "QA", "S", "SA", "SI", "SR", "SS",
    "ST", "SZ", "T", "TA", "TO", "TW", "V", "VI", "WA",
];

/// A bracket with exchanges, and where the names of companies there stand in it.
struct List {
    span: ByteSpan,
    tickers: Vec<ByteSpan>,
}

/// Takes out exchanges in brackets, and the names of companies there; those stay that fit the company before, or that the
/// text uses elsewhere.
pub(super) fn drop_tickers(text: &str, mentions: &mut Vec<Mention>) {
    let lists: Vec<List> = text.match_indices('(').filter_map(|(at, _)| list_at(text, mentions, at)).collect();
    if lists.is_empty() {
        return;
    }
    let is_listed = |mention: &Mention| {
        let list = lists.partition_point(|list| list.span.end <= mention.span.start);
        lists.get(list).is_some_and(|list| list.span.overlaps(mention.span))
    };
    let used: BTreeSet<&str> = mentions
        .iter()
        .filter(|mention| is_company(mention) && !is_listed(mention))
        .map(|mention| words(text, mention))
        .collect();
    let mut changes = Vec::new();
    for list in &lists {
        let bracket = list.span.start as usize;
        let kept = list.tickers.iter().copied().filter(|ticker| {
            let name = text.get(ticker.range()).unwrap_or_default();
            is_mention(mentions, *ticker) && (used.contains(name) || fits(text, mentions, bracket, name))
        });
        changes.extend(without(list.span, kept.collect()));
    }
    apply_changes(text, mentions, &changes);
}

/// The list in a bracket that opens there.
fn list_at(text: &str, mentions: &[Mention], at: usize) -> Option<List> {
    let inside = bracketed(text.get(at + 1..)?)?;
    let span = ByteSpan::new(at, at + inside.len() + "()".len());
    if let Some(tickers) = listed(inside) {
        let start = at + 1;
        let tickers = tickers.into_iter().map(|(from, length)| ByteSpan::new(start + from, start + from + length));
        return Some(List { span, tickers: tickers.collect() });
    }
    let is_behind = || {
        company_before(text, mentions, at).is_some_and(|company| {
            let end = company.span.end as usize;
            end >= at || text.get(end..at) == Some(" ")
        })
    };
    (is_code(inside) && is_behind()).then(|| List { span, tickers: vec![ByteSpan::new(at + 1, at + 1 + inside.len())] })
}

/// What a text holds before the bracket is closed, on one line.
fn bracketed(text: &str) -> Option<&str> {
    let (end, _) = text.char_indices().take(LONGEST_LIST).find(|(_, c)| matches!(c, '(' | ')' | '\n'))?;
    text.get(end..)?.starts_with(')').then(|| text.get(..end)).flatten()
}

/// Where the tickers of a list stand, and how long they are; nothing if it is no list of exchanges with tickers.
fn listed(list: &str) -> Option<Vec<(usize, usize)>> {
    let mut tickers = Vec::new();
    let mut from = 0;
    for part in list.split([';', ',']) {
        let name = part.trim_start();
        let name = name.strip_prefix("and ").unwrap_or(name);
        let ticker = match name.split_once(':') {
            Some((exchange, ticker)) => Some(ticker.trim_start()).filter(|_| is_exchange(exchange)),
            None => Some(name).filter(|_| from > 0),
        }?;
        let at = from + part.len() - ticker.len();
        let ticker = ticker.trim_end();
        if !is_ticker(ticker) {
            return None;
        }
        tickers.push((at, ticker.len()));
        from += part.len() + 1;
    }
    Some(tickers)
}

/// Whether words are the name of an exchange, or of several: "Nasdaq Stockholm", "NYSE/TSX".
fn is_exchange(words: &str) -> bool {
    let mut words = words.split_whitespace();
    words.next().is_some_and(|first| first.split('/').all(|name| EXCHANGES.contains(&name)))
        && words.clone().count() < LONGEST_EXCHANGE
        && words.all(|word| word.starts_with(char::is_uppercase) || matches!(word, "&" | "and"))
}

/// Whether words are what a company is called at an exchange, with its class of shares: "HRLN", "HRLN B".
fn is_ticker(words: &str) -> bool {
    let word = words.strip_suffix(" A").or_else(|| words.strip_suffix(" B")).unwrap_or(words);
    word.len() <= LONGEST_TICKER
        && word.starts_with(|c: char| c.is_ascii_alphanumeric())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

/// Whether a word is what agencies call a company at an exchange: "HRLN.L".
fn is_code(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(ticker, exchange)| {
        ticker.len() > 1 && !ticker.contains('.') && is_ticker(ticker) && CODES.contains(&exchange)
    })
}

/// The last name before a bracket, if it may be that of a company and stands near.
fn company_before<'a>(text: &str, mentions: &'a [Mention], bracket: usize) -> Option<&'a Mention> {
    let next = mentions.partition_point(|mention| (mention.span.start as usize) < bracket);
    let company = mentions.get(next.checked_sub(1)?)?;
    let is_near = || text.get(company.span.end as usize..bracket).is_none_or(|between| between.len() <= LOOK_BACK);
    (company.kind == MentionKind::Name && can_be_firm(company.entity_type) && is_near()).then_some(company)
}

fn is_company(mention: &Mention) -> bool {
    mention.kind == MentionKind::Name && mention.entity_type == EntityType::Organization
}

/// Whether the model took just this for the name of a company.
fn is_mention(mentions: &[Mention], ticker: ByteSpan) -> bool {
    let found = mentions.partition_point(|mention| mention.span.start < ticker.start);
    mentions.get(found).is_some_and(|mention| mention.span == ticker && is_company(mention))
}

/// Whether the letters of the company before a bracket tell that a ticker is its own.
fn fits(text: &str, mentions: &[Mention], bracket: usize, ticker: &str) -> bool {
    let key = |name: &str| NameKey::new(EntityType::Organization, name);
    company_before(text, mentions, bracket).is_some_and(|company| {
        let end = (company.span.end as usize).min(bracket);
        let name = text.get(company.span.start as usize..end).unwrap_or_default().trim_end();
        names::compare(&key(name), &key(ticker)).is_some()
    })
}

/// That a stretch holds nothing but the names that are kept, which are in order.
fn without(list: ByteSpan, kept: Vec<ByteSpan>) -> Vec<Change> {
    let mut start = list.start;
    let mut changes = Vec::new();
    for name in kept.into_iter().chain([ByteSpan::new(list.end as usize, list.end as usize)]) {
        if start < name.start {
            changes.push(Change::nothing(ByteSpan::new(start as usize, name.start as usize)));
        }
        start = name.end;
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{check, check_same},
        is_code, listed,
    };

    #[test]
    fn exchanges_and_tickers_are_no_bodies() {
        check(
            "{O|Harlan plc} ({O|LSE}: {O|ZKT}; {O|OTCQX}: {O|QXVTF}) bought {O|Arden}.",
            "{O|Harlan plc} (LSE: ZKT; OTCQX: QXVTF) bought {O|Arden}.",
        );
        check(
            "{O|Blue Water Industries, Inc.} ({L|NYSE}: {O|BWI}) and {O|Orn Corp. (Nasdaq}: {O|KLQ})",
            "{O|Blue Water Industries, Inc.} (NYSE: {O|BWI}) and {O|Orn Corp.} (Nasdaq: KLQ)",
        );
        check("{O|Tarn} ({O|ZQV.L}) and {O|Arden} ({O|TSX}-V: {O|QQ})", "{O|Tarn} (ZQV.L) and {O|Arden} (TSX-V: QQ)");
        check(
            "{O|Harlan} ({O|LSE}: {O|ZKT}, {O|ASX}: {O|QXV}) fell. {O|ZKT} rose.",
            "{O|Harlan} (LSE: {O|ZKT}, ASX: QXV) fell. {O|ZKT} rose.",
        );
    }

    #[test]
    fn other_brackets_stay() {
        check_same("the {O|School of Economics} ({O|LSE}) and {O|Nordbank} ({O|NB}) and {O|Tarn} ({L|U.S}.)");
        check_same("{O|Nordbank} ({O|LSE}: see {O|Tarn}) and ({O|FBI}: {O|CIA}) and {O|Nordbank} ({L|Oslo})");
        check_same("It sold {O|ZQV.L} and fell ({O|ZQV.L}) on {O|NYSE}: {O|BWI}");
    }

    #[test]
    fn lists_name_exchanges_and_tickers() {
        for (list, expected) in [
            ("NYSE: BWI", Some(vec![(6, 3)])),
            ("NASDAQ:AAX", Some(vec![(7, 3)])),
            ("NYSE: BRX.A, BRX.B", Some(vec![(6, 5), (13, 5)])),
            ("BSE: 500999; NSE: HRLN", Some(vec![(5, 6), (18, 4)])),
            ("Nasdaq Stockholm: HRLN B", Some(vec![(18, 6)])),
            ("NYSE American: HRL", Some(vec![(15, 3)])),
            ("NYSE/TSX: HRL and LSE: HRL", None),
            ("LSE: Harlan", None),
            ("FBI: CIA", None),
            ("NYSE", None),
            ("", None),
        ] {
            assert_eq!(listed(list), expected, "{list}");
        }
        for (word, expected) in [("HRLN.L", true), ("8410.T", true), ("U.S", false), ("F.N", false), ("D.C", false)] {
            assert_eq!(is_code(word), expected, "{word}");
        }
    }
}
