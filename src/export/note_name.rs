//! Names of files that every system takes, each for one thing alone.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
};

use unicode_normalization::UnicodeNormalization;

/// Most bytes of a name, its addition and extension aside; file systems take 255.
const LIMIT: usize = 120;

/// Names that Windows keeps for devices, in small letters.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Knows all names, so that what shares one is told apart.
#[derive(Debug, Default)]
pub(super) struct NoteNames {
    /// How many things have a name, by its hash; two names of one hash are told apart, which does no harm.
    counts: BTreeMap<u64, bool>,
}

impl NoteNames {
    /// Takes the name of a thing.
    pub fn add(&mut self, name: &str) {
        self.counts.entry(hash(&clean(name))).and_modify(|shared| *shared = true).or_insert(false);
    }

    /// The name of a thing's file without extension: its name made safe, and its identifier where it shares that name.
    pub fn of(&self, id: &str, name: &str) -> String {
        let clean = clean(name);
        let is_shared = self.counts.get(&hash(&clean)).copied().unwrap_or(true);
        // A name that ends like one with an identifier could be just that of another thing.
        if is_shared || clean.ends_with(')') { format!("{clean} ({id})") } else { clean }
    }
}

/// A name without what a file system or a link to a note could take for something else.
fn clean(name: &str) -> String {
    let mut clean = String::new();
    for c in name.nfc() {
        let c = match c {
            '*' | '"' | '\\' | '/' | '<' | '>' | ':' | '|' | '?' | '#' | '^' | '[' | ']' | '%' => ' ',
            c if c.is_control() || c.is_whitespace() => ' ',
            // Marks of direction and other characters that nobody sees.
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => continue,
            '\u{fffe}' | '\u{ffff}' => continue,
            c => c,
        };
        if c == ' ' && (clean.is_empty() || clean.ends_with(' ')) {
            continue;
        }
        if clean.len() + c.len_utf8() > LIMIT {
            break;
        }
        clean.push(c);
    }
    let clean = clean.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let stem = clean.split('.').next().unwrap_or_default().to_lowercase();
    let is_device = DEVICES.contains(&stem.trim_end_matches(|c: char| c.is_ascii_digit()));
    match clean {
        "" => "unnamed".to_owned(),
        clean if is_device => format!("_{clean}"),
        clean => clean.to_owned(),
    }
}

/// Names that differ in letter case alone are one file on some systems.
fn hash(clean: &str) -> u64 {
    let folded: String = clean.to_uppercase().to_lowercase().nfc().collect();
    let mut hasher = DefaultHasher::new();
    folded.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_all_systems() {
        for (name, expected) in [
            ("Maria Keller", "Maria Keller"),
            ("a/b\\c: <d>|?*\"", "a b c d"),
            ("../../etc", "etc"),
            ("  .hidden. . ", "hidden"),
            ("[[link#part^block|x]]", "link part block x"),
            ("line\r\nbreak\u{0}", "line break"),
            ("\u{202e}txt.exe", "txt.exe"),
            ("", "unnamed"),
            ("???", "unnamed"),
            ("CON", "_CON"),
            ("com1.txt", "_com1.txt"),
            ("Conrad", "Conrad"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(clean(name), expected, "{name:?}");
        }
        assert!(clean(&"é".repeat(500)).len() <= LIMIT);
    }

    #[test]
    fn what_shares_a_name_is_told_apart() {
        let mut names = NoteNames::default();
        for name in ["Ann Lee", "ANN LEE", "Bo", "Straße", "STRASSE", "Bo (x)"] {
            names.add(name);
        }
        assert_eq!(names.of("person-1", "Ann Lee"), "Ann Lee (person-1)");
        assert_eq!(names.of("person-2", "ANN LEE"), "ANN LEE (person-2)");
        assert_eq!(names.of("person-3", "Bo"), "Bo");
        assert_eq!(names.of("person-4", "Straße"), "Straße (person-4)");
        assert_eq!(names.of("person-5", "Bo (x)"), "Bo (x) (person-5)");
    }
}
