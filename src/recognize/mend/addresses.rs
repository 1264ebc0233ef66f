//! Addresses of mail and of pages, and names of accounts: what the model finds inside them is no mention.

use std::sync::LazyLock;

use regex::Regex;

use super::changes::{Change, apply_changes};
use crate::{document::Mention, span::ByteSpan};

/// An address of mail: "sue.ray@tarn.example".
static MAIL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").expect("a valid pattern"));

/// An address of a page.
static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:https?://|\bwww\.)[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]+").expect("a valid pattern")
});

/// Marks behind an address that are no part of it.
const CLOSING: [char; 9] = ['.', ',', ';', ':', '!', '?', ')', '*', ']'];

/// Takes out the mentions that lie in addresses, and those that are parts of the name of an account.
pub(super) fn drop_pieces(text: &str, mentions: &mut Vec<Mention>) {
    let mut spans = Vec::new();
    if text.contains('@') {
        spans.extend(MAIL.find_iter(text).map(|found| found.range()));
        spans.extend(parted_accounts(text, mentions));
    }
    if text.contains("://") || text.contains("www.") {
        spans.extend(PAGE.find_iter(text).map(|found| {
            let length = found.as_str().trim_end_matches(CLOSING).len();
            found.start()..found.start() + length
        }));
    }
    spans.sort_by_key(|span| (span.start, span.end));
    let mut changes: Vec<Change> = Vec::with_capacity(spans.len());
    for span in spans {
        let end = changes.last().map_or(0, |last| last.span.end as usize);
        let start = span.start.max(end);
        if start < span.end {
            changes.push(Change::nothing(ByteSpan::new(start, span.end)));
        }
    }
    apply_changes(text, mentions, &changes);
}

/// The names of accounts of which the model took a part for a mention: "@jon_aas", but not all of "@JonAas".
fn parted_accounts(text: &str, mentions: &[Mention]) -> Vec<std::ops::Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut accounts = Vec::new();
    for (at, _) in text.match_indices('@') {
        let (before, rest) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        if before.ends_with(is_part) {
            continue;
        }
        let end = at + 1 + rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let first = mentions.partition_point(|mention| mention.span.end as usize <= at + 1);
        let is_parted = mentions.get(first).is_some_and(|mention| {
            let range = mention.span.range();
            range.start < end && (range.start > at + 1 || range.end < end)
        });
        if is_parted {
            accounts.push(at..end);
        }
    }
    accounts
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn addresses_hold_no_mentions() {
        check(
            "Write to sue_aas@senate.{T|gov.} {P|Sue Aas} left. By {P|jon.lind@tarn}.police.example.",
            "Write to sue_aas@senate.gov. {P|Sue Aas} left. By jon.lind@tarn.police.example.",
        );
        check("Mail {P|Mary Moe, mary}@{O|tarn}.example, now", "Mail {P|Mary Moe}, mary@tarn.example, now");
        check(
            "See https://www.{O|nordbank}.example/news/{P|jon-aas} and www.{O|Tarn}.example/{D|2020}.",
            "See https://www.nordbank.example/news/jon-aas and www.Tarn.example/2020.",
        );
        check("(https://x.example/{P|Aas}) {P|Aas} left", "(https://x.example/Aas) {P|Aas} left");
        check("as @{P|jon}_aas and @tarn_{O|rail} say", "as @jon_aas and @tarn_rail say");
    }

    #[test]
    fn names_beside_addresses_stay() {
        check_same("{P|@JonAas} and @{O|NordbankPLC} of {O|Nordbank} paid 5 @ $3 in {L|Oslo}");
        check_same("{P|Jon Aas} (jon@nordbank.example) of {O|Nordbank} left {O|Tarn.example}.");
        check_same("{O|Nordbank}@{O|Tarn} lost to {P|Bo}: see https://x.example, {P|Bo Lind}.");
    }
}
