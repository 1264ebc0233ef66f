//! Letters for the chiefs of a firm, which the model takes for a body or for part of a name: "Tesla CFO", "(COO)".

use super::{SURE_SPELLING, behind, between, is_person, last_word, words};
use crate::{
    document::Mention,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// Letters of chief officers.
const LETTERS: [&str; 11] = ["CCO", "CEO", "CFO", "CHRO", "CIO", "CISO", "CMO", "COO", "CPO", "CRO", "CTO"];

/// What stands before the letters where the name of who has them follows behind a comma.
const BEFORE_LETTERS: &[&str] =
    &["Her", "His", "Its", "The", "Their", "former", "her", "his", "its", "new", "the", "their"];

/// What goes on behind letters that stand behind a name and a comma.
const BEHIND_LETTERS: &[&str] = &[" and ", " at ", " for ", " of ", " since "];

/// Makes titles of the letters of chief officers beside people.
pub(super) fn part_chiefs(text: &str, mentions: &mut Vec<Mention>) {
    // Where the text says what letters stand for, they may well be a body.
    let may_be_title: Vec<&str> =
        LETTERS.into_iter().filter(|letters| text.contains(*letters) && !is_body(text, mentions, letters)).collect();
    if may_be_title.is_empty() {
        return;
    }
    let mut parted: Vec<Mention> = Vec::with_capacity(mentions.len());
    let mut rest = std::mem::take(mentions).into_iter().peekable();
    while let Some(mut mention) = rest.next() {
        if mention.kind != MentionKind::Name {
            parted.push(mention);
            continue;
        }
        let title = |span: ByteSpan| Mention {
            span,
            entity_type: EntityType::Title,
            score: mention.score.max(SURE_SPELLING),
            ..mention.clone()
        };
        let next = rest.peek();
        let name = words(text, &mention);
        let (start, end) = (mention.span.start as usize, mention.span.end as usize);
        if may_be_title.contains(&name) {
            if stands_by_person(text, parted.last(), &mention, next) {
                mention = title(mention.span);
            }
        } else if let Some((head, letters)) = name.rsplit_once(' ').filter(|(_, last)| may_be_title.contains(last)) {
            let is_before_person = next.is_some_and(|next| is_person(next) && between(text, &mention, next) == " ");
            let is_name = match mention.entity_type {
                EntityType::Organization => is_before_person,
                EntityType::Person => head.contains(char::is_lowercase),
                _ => false,
            };
            if is_name {
                let letters = title(ByteSpan::new(end - letters.len(), end));
                mention.span = ByteSpan::new(start, start + head.len());
                parted.push(mention);
                parted.push(letters);
                continue;
            }
        } else if let Some(person) = is_person(&mention).then(|| without_letters(name, &may_be_title)).flatten() {
            let letters = title(ByteSpan::new(start, end - person.len() - 1));
            mention.span = ByteSpan::new(end - person.len(), end);
            parted.push(letters);
        } else if is_person(&mention) {
            let floor = parted.last().map_or(0, |last| last.span.end as usize);
            parted.extend(letters_before(text, &may_be_title, &mention, floor).map(title));
        }
        parted.push(mention);
    }
    *mentions = parted;
}

/// The name of a person without the letters that it starts with.
fn without_letters<'a>(name: &'a str, letters: &[&str]) -> Option<&'a str> {
    let (_, person) = name.split_once(' ').filter(|(first, _)| letters.contains(first))?;
    (person.starts_with(char::is_uppercase) && person.contains(char::is_lowercase)).then_some(person)
}

/// The letters right before a person that no mention holds: "dismissed CFO Bo Lind".
fn letters_before(text: &str, letters: &[&str], mention: &Mention, floor: usize) -> Option<ByteSpan> {
    let head = text.get(..mention.span.start as usize)?.strip_suffix(' ')?;
    let word = last_word(head);
    let start = head.len() - word.len();
    (letters.contains(&word) && start >= floor).then(|| ByteSpan::new(start, head.len()))
}

/// Whether letters stand before a person, or behind one in brackets or between commas.
fn stands_by_person(text: &str, last: Option<&Mention>, mention: &Mention, next: Option<&Mention>) -> bool {
    let rest = behind(text, mention);
    let ends = |marks: &[char]| rest.is_empty() || rest.starts_with(marks);
    let goes_on = || BEHIND_LETTERS.iter().any(|word| rest.starts_with(word));
    let is_behind = last.filter(|last| is_person(last)).is_some_and(|last| match between(text, last, mention) {
        " (" => ends(&[')', ',', ';']) || goes_on(),
        ", " => ends(&[',', '.', ';', ')', '\n']) || goes_on(),
        _ => false,
    });
    let before = text.get(..mention.span.start as usize).unwrap_or_default().trim_end_matches(' ');
    is_behind
        || next.filter(|next| is_person(next)).is_some_and(|next| match between(text, mention, next) {
            " " => true,
            ", " => BEFORE_LETTERS.contains(&last_word(before)) && behind(text, next).starts_with([',', '.', ')']),
            _ => false,
        })
}

/// Whether the text explains letters as those of a body: "the Tarn Film Office (CFO)".
fn is_body(text: &str, mentions: &[Mention], letters: &str) -> bool {
    // The congress of trade unions.
    if letters == "CIO" && text.contains("AFL") {
        return true;
    }
    text.match_indices(letters).any(|(at, _)| {
        let is_closed = text.get(at + letters.len()..).is_some_and(|rest| rest.starts_with(')'));
        let Some(before) = text.get(..at).and_then(|before| before.strip_suffix(" (")).filter(|_| is_closed) else {
            return false;
        };
        let next = mentions.partition_point(|mention| (mention.span.end as usize) < before.len());
        let ends_person =
            mentions.get(next).is_some_and(|last| last.span.end as usize == before.len() && is_person(last));
        let last = last_word(before);
        last.starts_with(char::is_uppercase) && last != "Officer" && !ends_person
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn chiefs_have_letters() {
        check("{O|Nordbank CFO} {P|Zach Tarn} resigned.", "{O|Nordbank} {T|CFO} {P|Zach Tarn} resigned.");
        check(
            "{P|Joost Lopar} ({O|COO}) and {P|Ellen Tarn} ({O|CFO}, since {D|1 June 2022}) left.",
            "{P|Joost Lopar} ({T|COO}) and {P|Ellen Tarn} ({T|CFO}, since {D|1 June 2022}) left.",
        );
        check(
            "It named {P|Peter Tarn COO} and {P|Maria Lind CTO}.",
            "It named {P|Peter Tarn} {T|COO} and {P|Maria Lind} {T|CTO}.",
        );
        check("The {O|CFO}, {P|Ellen Tarn}, left.", "The {T|CFO}, {P|Ellen Tarn}, left.");
        check("{P|Bo Lind}, {O|CIO} of {O|Nordbank}, left", "{P|Bo Lind}, {T|CIO} of {O|Nordbank}, left");
        check(
            "It dismissed CFO {P|Noboru Tarn} and {P|COO Bo Lind}.",
            "It dismissed {T|CFO} {P|Noboru Tarn} and {T|COO} {P|Bo Lind}.",
        );
        check(
            "A Chief Financial Officer (CFO) left: {P|Bo Lind} ({O|CFO})",
            "A Chief Financial Officer (CFO) left: {P|Bo Lind} ({T|CFO})",
        );
    }

    #[test]
    fn bodies_may_have_the_same_letters() {
        check_same("the {O|Tarn Film Office} ({O|CFO}) and {P|Bo Lind} ({O|CFO}) and {O|CFO} {P|Jon Aas}");
        check_same("{P|John Lopar} ({O|CIO}) left the {O|AFL}");
        check_same("{O|CRO} sued {P|Bo Lind}, {O|CMO} doctors, the {O|Tarn CPO} and {O|CTO}, {P|Jon Aas} said");
        check_same("{P|PETER TARN COO} and {O|Nordbank CFO} left, {T|CFO} {P|Bo Lind} and {T|chief CFO}");
    }
}
