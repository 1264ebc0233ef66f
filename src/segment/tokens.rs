//! Cuts text into words, numbers and punctuation marks.
//!
//! - a word keeps inner apostrophes (`O'Brien`) and hyphens (`19-year-old`), except that English clitics (`'s`, `n't`)
//!   are tokens of their own
//! - a number keeps inner `,` `.` `:` and a percent sign; currency signs stand alone
//! - acronyms with full stops (`U.S.`), web addresses, e-mail addresses, `@names` and `#tags` are one token
//! - Han characters and Hiragana are one token each
//! - every other mark is a token; runs of full stops or hyphens (`...`, `--`) and the pairs ` `` ` and `''` are one

use std::ops::Range;

use super::characters::{
    is_apostrophe, is_blank, is_hyphen, is_ideograph, is_invisible, is_mark, is_word, separates_by_zero_width,
};

/// Longest local part and longest domain of an e-mail address, by its standard; bounds the look ahead.
const LOCAL_PART: usize = 64;
const DOMAIN: usize = 255;

/// The tokens of a text as byte ranges, in order; none lies in the marks of quoted lines.
pub(super) fn tokenize(text: &str, quote_marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut cutter = Cutter { text, next_at: text.find('@') };
    let mut quote_marks = quote_marks.iter().peekable();
    let mut at = 0;
    while let Some(c) = cutter.char_at(at) {
        // Tokens do not cross lines, so that each mark is met at its start.
        if let Some(mark) = quote_marks.next_if(|mark| mark.start <= at) {
            at = at.max(mark.end);
            continue;
        }
        if is_blank(c) {
            at += c.len_utf8();
            continue;
        }
        let end = cutter.token_end(at, c).max(at + c.len_utf8());
        tokens.push(at..end);
        at = end;
    }
    tokens
}

struct Cutter<'a> {
    text: &'a str,
    /// Where the next `@` stands; addresses are looked for only shortly before one.
    next_at: Option<usize>,
}

impl Cutter<'_> {
    fn rest(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.rest(at).chars().next()
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.text.get(..at).unwrap_or_default().chars().next_back()
    }

    fn token_end(&mut self, start: usize, c: char) -> usize {
        let after = start + c.len_utf8();
        if is_ideograph(c) {
            return self.skip(after, is_mark);
        }
        if is_word(c) {
            if let Some(end) = self.address_end(start, c) {
                return end;
            }
            return self.word_end(start);
        }
        if is_apostrophe(c)
            && self.char_before(start).is_some_and(|before| !is_blank(before))
            && let Some(end) = self.clitic_end(start)
        {
            return end;
        }
        match c {
            '.' | '-' | '=' | '*' => self.skip(after, |next| next == c),
            '`' | '\'' if self.char_at(after) == Some(c) => after + 1,
            '@' | '#' if self.char_at(after).is_some_and(is_word) => self.skip(after, is_word),
            _ => self.skip(after, is_mark),
        }
    }

    fn skip(&self, at: usize, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.rest(at);
        at + rest.find(|c| !belongs(c)).unwrap_or(rest.len())
    }

    /// End of a web or e-mail address that starts here.
    fn address_end(&mut self, start: usize, c: char) -> Option<usize> {
        if matches!(c, 'h' | 'H' | 'w' | 'W' | 'f' | 'F') {
            for prefix in ["http://", "https://", "www.", "ftp://"] {
                let matches = self.text.get(start..start + prefix.len());
                if matches.is_some_and(|word| word.eq_ignore_ascii_case(prefix)) {
                    let end = self.skip(start, |c| !is_blank(c) && !matches!(c, '"' | '<' | '>' | '“' | '”' | '»'));
                    let address = self.text.get(start..end).unwrap_or_default();
                    let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*']);
                    // A closing bracket belongs to the address only if it opened there.
                    let address = match address.strip_suffix([')', ']']) {
                        Some(inner) if !inner.contains(['(', '[']) => inner.trim_end_matches(['.', ',']),
                        _ => address,
                    };
                    return (address.len() > prefix.len()).then_some(start + address.len());
                }
            }
        }
        if self.next_at.is_some_and(|at| at < start) {
            self.next_at = self.rest(start).find('@').map(|offset| start + offset);
        }
        let at = self.next_at.filter(|at| at - start <= LOCAL_PART)?;
        let local = self.text.get(start..at)?;
        if !local.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-')) {
            return None;
        }
        let domain: usize = self
            .rest(at + 1)
            .bytes()
            .take(DOMAIN)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
            .count();
        let domain = self.text.get(at + 1..at + 1 + domain)?.trim_end_matches(['.', '-']);
        domain.contains('.').then_some(at + 1 + domain.len())
    }

    /// End of the clitic whose apostrophe stands at `at`: `'s`, `'re`, but not `'Reilly`.
    fn clitic_end(&self, at: usize) -> Option<usize> {
        let letters = at + self.char_at(at)?.len_utf8();
        for clitic in ["s", "d", "m", "re", "ve", "ll"] {
            let end = letters + clitic.len();
            if self.text.get(letters..end).is_some_and(|word| word.eq_ignore_ascii_case(clitic))
                && !self.char_at(end).is_some_and(|c| is_word(c) || is_apostrophe(c))
            {
                return Some(end);
            }
        }
        None
    }

    fn word_end(&self, start: usize) -> usize {
        let mut at = start;
        let mut segment = start; // after the last inner full stop
        let mut acronym = true; // all segments so far are short, as in `U.S` and `Ph.D`
        let mut stops = 0;
        let mut previous = ' ';
        while let Some(c) = self.char_at(at) {
            let after = at + c.len_utf8();
            let next = self.char_at(after);
            if is_word(c) {
                if is_ideograph(c) {
                    break;
                }
                // `do|n't`: the clitic starts at the n.
                if matches!(c, 'n' | 'N') && at > start && next.is_some_and(is_apostrophe) {
                    let t = after + next.map_or(0, char::len_utf8);
                    if matches!(self.char_at(t), Some('t' | 'T')) && !self.char_at(t + 1).is_some_and(is_word) {
                        return at;
                    }
                }
                previous = c;
                at = after;
                continue;
            }
            if is_invisible(c) {
                if c == '\u{200b}' && separates_by_zero_width(previous) {
                    break;
                }
                let visible = self.skip(after, is_invisible);
                if !self.char_at(visible).is_some_and(|next| is_word(next) && !is_ideograph(next)) {
                    break;
                }
                at = visible;
                continue;
            }
            let joined = match c {
                _ if is_apostrophe(c) => {
                    if matches!(previous, 'n' | 'N') && at == start + 1 {
                        next.is_some_and(char::is_alphabetic)
                    } else {
                        next.is_some_and(char::is_alphabetic) && self.clitic_end(at).is_none()
                    }
                }
                _ if is_hyphen(c) => {
                    segment = after;
                    next.is_some_and(|next| is_word(next) && !is_ideograph(next))
                        && !self.splits_at_hyphen(start, at, after)
                }
                '.' if previous.is_numeric() => next.is_some_and(|next| next.is_ascii_digit()),
                '.' => {
                    let letters = self.text.get(segment..at).unwrap_or_default();
                    let short = letters.chars().count() <= if stops == 0 { 2 } else { 3 };
                    let single = letters.chars().nth(1).is_none();
                    let inner = next.is_some_and(|next| {
                        next.is_lowercase() || (next.is_alphabetic() && (single || (short && self.is_degree(at))))
                    });
                    if inner {
                        acronym &= short;
                        stops += 1;
                        segment = after;
                        true
                    } else {
                        // The last full stop of an acronym belongs to it: `U.S.`, `a.m.`, `Ph.D.`.
                        if stops > 0 && acronym && short && self.is_acronym(start, at) {
                            let joins = next.is_some_and(is_hyphen)
                                && self.char_at(after + next.map_or(0, char::len_utf8)).is_some_and(is_word);
                            if !joins || self.splits_at_hyphen(start, after, after + next.map_or(0, char::len_utf8)) {
                                return after;
                            }
                            at = after;
                            previous = '.';
                            continue;
                        }
                        false
                    }
                }
                ',' | ':' => previous.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit()),
                '%' if previous.is_ascii_digit() => return after,
                '&' => previous.is_uppercase() && next.is_some_and(char::is_uppercase),
                _ => false,
            };
            if !joined {
                break;
            }
            previous = c;
            at = after;
        }
        at
    }

    /// Whether the full stop at `at` is the one inside `Ph.D` or `M.Sc`: one or two letters, then a capital.
    fn is_degree(&self, at: usize) -> bool {
        self.rest(at + 1).chars().take(2).filter(|c| c.is_alphabetic()).count() == 1
    }

    /// Whether `start..end` reads like an acronym: single letters, or two at most with a capital among them.
    fn is_acronym(&self, start: usize, end: usize) -> bool {
        let word = self.text.get(start..end).unwrap_or_default();
        let word = word.rsplit(is_hyphen).next().unwrap_or_default();
        word.split('.').all(|part| part.chars().count() == 1)
            || (word.chars().any(char::is_uppercase) && word.len() <= 8)
    }

    /// Whether a hyphen separates a name from a common word, as in `London-based` and `anti-Taliban`.
    ///
    /// Such compounds, `ex-wife` and `1939-1945` are cut, because a mention covers only their one half; `19-year-old` and `Al-Qaeda` stay whole.
    fn splits_at_hyphen(&self, start: usize, hyphen: usize, after: usize) -> bool {
        let before = self.text.get(start..hyphen).unwrap_or_default();
        let following = self.rest(after);
        let following = following.get(..following.find(|c| !is_word(c)).unwrap_or(following.len())).unwrap_or_default();
        let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        let year = |word: &str| {
            word.len() == 4
                && word.bytes().all(|b| b.is_ascii_digit())
                && matches!(word.as_bytes().first(), Some(b'1' | b'2'))
        };
        if year(before) && year(following) {
            // 1939-1945 are two dates.
            return !self.rest(after + following.len()).starts_with(is_hyphen);
        }
        if before.eq_ignore_ascii_case("ex") && following.starts_with(char::is_alphabetic) {
            return true;
        }
        (capital(before) && SUFFIXES.binary_search(&following).is_ok())
            || (capital(following) && PREFIXES.binary_search(&before.to_ascii_lowercase().as_str()).is_ok())
    }
}

/// Second halves of compounds whose first half may be a name; sorted.
const SUFFIXES: &[&str] = &[
    "accredited",
    "aligned",
    "allied",
    "appointed",
    "area",
    "backed",
    "based",
    "born",
    "bound",
    "brokered",
    "chartered",
    "controlled",
    "descended",
    "dominated",
    "drafted",
    "educated",
    "era",
    "financed",
    "flagged",
    "focused",
    "friendly",
    "funded",
    "held",
    "inspired",
    "language",
    "led",
    "linked",
    "listed",
    "made",
    "majority",
    "mediated",
    "occupied",
    "owned",
    "plated",
    "registered",
    "ruled",
    "run",
    "speaker",
    "speakers",
    "speaking",
    "sponsored",
    "style",
    "supplied",
    "supported",
    "trained",
    "wide",
];

/// First halves of compounds whose second half may be a name; sorted.
const PREFIXES: &[&str] = &["anti", "ex", "mid", "non", "post", "pre", "pro", "then"];
