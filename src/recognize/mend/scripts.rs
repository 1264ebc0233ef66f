//! A name in another script, in brackets behind a name: "Maria Petrova (Мария Петрова)" is one person.

use super::{SURE_SPELLING, words};
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The longest name in brackets, in characters.
const LONGEST: usize = 60;

/// Makes one name, of the type of the name before it, of what was found in brackets in another script.
pub(super) fn join_scripts(text: &str, mentions: &mut Vec<Mention>) {
    let mut joined: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        let Some((name, inside)) = in_two_scripts(text, &mention) else {
            joined.push(mention);
            continue;
        };
        let mut is_found = mention.span.overlaps(inside);
        mention.span = name;
        let mut other = Mention { span: inside, ..mention.clone() };
        other.score = other.score.max(SURE_SPELLING);
        joined.push(mention);
        while rest.next_if(|part| inside.contains(part.span)).is_some() {
            is_found = true;
        }
        if is_found && rest.peek().is_none_or(|next| !next.span.overlaps(inside)) {
            joined.push(other);
        }
    }
    *mentions = joined;
}

/// Where a name in Latin letters and the one in brackets behind it stand, which may be part of the mention.
fn in_two_scripts(text: &str, mention: &Mention) -> Option<(ByteSpan, ByteSpan)> {
    if mention.kind != MentionKind::Name || matches!(mention.entity_type, EntityType::Date | EntityType::Title) {
        return None;
    }
    let name = words(text, mention).split('(').next()?.trim_end();
    let mut letters = name.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek()?;
    if !letters.all(is_latin) {
        return None;
    }
    let start = mention.span.start as usize;
    let end = start + name.len();
    let rest = text.get(end..)?;
    let tail = rest.strip_prefix(" (").or_else(|| rest.strip_prefix('('))?;
    let (length, _) = tail.char_indices().take(LONGEST).find(|(_, c)| *c == ')')?;
    let from = end + rest.len() - tail.len();
    let close = from + length + ")".len();
    let is_whole = mention.span.end as usize <= close;
    (is_whole && is_other_script(tail.get(..length)?))
        .then(|| (ByteSpan::new(start, end), ByteSpan::new(from, from + length)))
}

/// Whether words are a name without a letter that is Latin.
fn is_other_script(words: &str) -> bool {
    let is_mark = |c: char| !c.is_numeric() && !matches!(c, '\n' | '(' | ',' | ';' | ':' | '/');
    words.trim() == words
        && words.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
        && words.chars().all(|c| if c.is_alphabetic() { !is_latin(c) } else { is_mark(c) })
}

/// Whether a letter is Latin, of half or full width.
fn is_latin(letter: char) -> bool {
    matches!(letter, '\0'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}')
        || matches!(letter, '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff5a}')
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn brackets_hold_the_name_in_another_script() {
        check(
            "{P|Maria Skarova} ({O|Мария Скарова}) runs {O|Tarnstroy} ({L|Тарнстрой}).",
            "{P|Maria Skarova} ({P|Мария Скарова}) runs {O|Tarnstroy} ({O|Тарнстрой}).",
        );
        check("{P|Yousef Tarni} ({G|يوسف} {T|تارني}) left", "{P|Yousef Tarni} ({P|يوسف تارني}) left");
        check("{L|Harlin} ({P|哈林}) and {P|Li Tarn (李塔)}", "{L|Harlin} ({L|哈林}) and {P|Li Tarn} ({P|李塔})");
        check("{P|Đặng Văn Tarn}({O|Тарн}) left", "{P|Đặng Văn Tarn}({P|Тарн}) left");
    }

    #[test]
    fn other_brackets_stay() {
        check_same("{P|Maria Skarova} (Мария Скарова) left");
        check_same("{P|Maria Skarova} ({O|Nordbank}) and {P|Bo Lind} ({D|Мая 1999}) and {O|Tarn} ({O|Тарн, TASS})");
        check_same("{T|director} ({P|Мария Скарова}) of {P|Мария} ({P|Скарова}), {P|Bo Lind}, ({O|Тарн})");
        check_same("{O|Tarn (Тарн) Rail} and {P|Bo Lind} ({O|я})");
    }
}
