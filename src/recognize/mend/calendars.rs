//! The calendar that a date is told in: "4 March 1711 (O.S.)".

use super::{behind, between, words};
use crate::{document::Mention, schema::EntityType};

/// Old Style and New Style, without full stops.
const STYLES: &[&str] = &["NS", "OS"];

/// Whether a mention tells of the calendar of the date before it, and names nothing.
pub(super) fn is_calendar(text: &str, last: Option<&Mention>, mention: &Mention) -> bool {
    let Some(last) = last.filter(|last| last.entity_type == EntityType::Date) else { return false };
    let name = words(text, mention);
    if !STYLES.contains(&name.replace('.', "").as_str()) {
        return false;
    }
    match between(text, last, mention) {
        " (" => behind(text, mention).trim_start_matches('.').starts_with([')', ',', ';']),
        // "in 1934 OS maps"
        " " | ", " => name.contains('.'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn calendars_are_no_places() {
        check("at {L|Harlan} on {D|4 March 1711} ({L|O.S.}).", "at {L|Harlan} on {D|4 March 1711} (O.S.).");
        check(
            "{D|4 March 1711} {L|O.S.}, {D|15 March 1711}, {O|N.S.}, {D|5 May 1720} ({L|OS}), {D|6 May} ({P|N.S}.)",
            "{D|4 March 1711} O.S., {D|15 March 1711}, N.S., {D|5 May 1720} (OS), {D|6 May} (N.S.)",
        );
        check_same("{D|In 1934} {O|OS} maps, {L|Halifax}, {L|N.S.}, and the {O|Ordnance Survey} ({O|OS})");
        check_same("{D|2020} ({O|NS} trains) and {D|2020} ({L|N.Y.})");
    }
}
