//! Classes of characters that the cutters share.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Whether a character belongs to no token: white space, control and invisible format characters.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// Soft hyphen, zero-width spaces and joiners, direction marks, byte order mark.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Accents, vowel signs, variation selectors: whatever sits on the character before it.
pub(super) fn is_mark(c: char) -> bool {
    c > '\u{2ff}' && c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Whether a character can be part of a word or number.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && (c.is_alphanumeric() || is_mark(c)))
}

/// Characters that are words by themselves in scripts written without spaces.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(
        c,
        '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{3096}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// Scripts of Southeast Asia, in which a zero-width space stands between words.
pub(super) fn separates_by_zero_width(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Apostrophes as they are typed.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Hyphens that join words; dashes are not among them.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Dashes that separate, and hyphens used as such.
pub(super) fn is_dash(c: char) -> bool {
    is_hyphen(c) || matches!(c, '\u{2012}'..='\u{2015}' | '\u{2212}')
}

/// Whether a word is in a script without upper and lower case (judged by its first letter).
pub(super) fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase()
}

/// Marks that start an entry of a list when white space follows.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '‣' | '▪' | '●' | '◦' | '■' | '□' | '·' | '▶' | '►' | '➤' | '✓' | '✔')
}
