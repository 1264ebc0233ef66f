//! Names of things that the user knows, found in a text in one pass.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs,
    path::Path,
};

use fst::{Map, raw::Output};
use serde::Deserialize;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{Identity, UserError, UserMention, checksum, entity_type, select};
use crate::{schema::EntityType, span::ByteSpan};

/// A longer name is a mistake, such as a missing line break.
const LONGEST_NAME: usize = 1000;

/// A name with more letters than this is found in capitals too, as headlines write it; shorter ones are often words or
/// acronyms of something else then ("Ares", "ARES").
const SHORT_NAME: usize = 4;

/// What a line of JSON Lines looks like.
const LINE_FORM: &str = r#"{"name": …, "type": …, "id": …, "aliases": […]}"#;

/// A thing that the user knows, with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownName {
    /// Its name.
    pub name: String,
    /// What it is.
    pub entity_type: EntityType,
    /// Its identifier in a database of the user's, if it has one.
    pub id: Option<String>,
    /// Other names of it.
    pub aliases: Vec<String>,
}

/// A line of a JSON Lines file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    r#type: String,
    id: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
}

/// Names on their way to [`UserNames`].
///
/// # Examples
///
/// ```
/// use relata::user::NameList;
///
/// let names = NameList::new()
///     .with_tsv("Brandvik Shipping\tORGANIZATION\tfirm:17\tBVS|Brandvik\n")?
///     .with_json_lines(r#"{"name": "Aurora Dawn", "type": "WORK", "id": "imo:9876543"}"#)?
///     .compile()?;
/// assert_eq!(names.find("BVS owns the Aurora Dawn.").len(), 2);
/// # Ok::<(), relata::user::UserError>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct NameList {
    entries: Vec<KnownName>,
}

impl NameList {
    /// No names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one thing.
    ///
    /// # Errors
    ///
    /// If a name has no letter or digit, or is longer than a name can be.
    pub fn with_name(mut self, name: KnownName) -> Result<Self, UserError> {
        self.add(name)?;
        Ok(self)
    }

    /// Adds lines of `name<TAB>type<TAB>id<TAB>alias|alias|...`; id and aliases may be empty, lines that start with `#`
    /// are comments.
    ///
    /// # Errors
    ///
    /// If a line cannot be understood.
    pub fn with_tsv(self, text: &str) -> Result<Self, UserError> {
        self.with_lines(text, |line| {
            if line.starts_with('#') {
                return Ok(None);
            }
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            let (name, rest) = match fields.as_slice() {
                [name, rest @ ..] if (1..=3).contains(&rest.len()) => (*name, rest),
                [_] => return Err(UserError::new("no type; write the name, a tab, and a type such as ORGANIZATION")),
                _ => {
                    let count = fields.len();
                    return Err(UserError::new(format!("{count} columns; write name, type, id and aliases at most")));
                }
            };
            let field = |index: usize| rest.get(index).copied().unwrap_or_default();
            Ok(Some(KnownName {
                name: name.to_owned(),
                entity_type: entity_type(field(0))?,
                id: Some(field(1).to_owned()),
                aliases: field(2).split('|').filter(|alias| !alias.trim().is_empty()).map(str::to_owned).collect(),
            }))
        })
    }

    /// Adds lines of `{"name": …, "type": …, "id": …, "aliases": […]}`; id and aliases may be left out.
    ///
    /// # Errors
    ///
    /// If a line cannot be understood.
    pub fn with_json_lines(self, text: &str) -> Result<Self, UserError> {
        self.with_lines(text, |line| {
            let line: Line =
                serde_json::from_str(line).map_err(|error| UserError::new(format!("{error}; write {LINE_FORM}")))?;
            let entity_type = entity_type(&line.r#type)?;
            Ok(Some(KnownName { name: line.name, entity_type, id: line.id, aliases: line.aliases }))
        })
    }

    /// Adds a file: JSON Lines if it ends in `.jsonl`, else lines with tabs.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is not UTF-8, or has a line that cannot be understood.
    pub fn with_file(self, path: impl AsRef<Path>) -> Result<Self, UserError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| {
            let detail = format!("cannot read the names: {error}");
            UserError { source: Some(error), ..UserError::new(detail) }.in_file(path.display().to_string())
        })?;
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl"));
        let list = if is_json { self.with_json_lines(&text) } else { self.with_tsv(&text) };
        list.map_err(|error| error.in_file(path.display().to_string()))
    }

    fn with_lines(
        mut self,
        text: &str,
        parse: impl Fn(&str) -> Result<Option<KnownName>, UserError>,
    ) -> Result<Self, UserError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let entry = parse(line).and_then(|entry| entry.map_or(Ok(()), |entry| self.add(entry)));
            entry.map_err(|error| error.at_line(index + 1))?;
        }
        Ok(self)
    }

    fn add(&mut self, mut entry: KnownName) -> Result<(), UserError> {
        for name in [&entry.name].into_iter().chain(&entry.aliases) {
            if !name.contains(char::is_alphanumeric) {
                return Err(UserError::new(format!("the name {name:?} has no letter or digit; leave it out")));
            }
            if name.len() > LONGEST_NAME {
                let start: String = name.chars().take(20).collect();
                return Err(UserError::new(format!("the name \"{start}…\" has {} bytes; cut it", name.len())));
            }
        }
        entry.id = entry.id.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        self.entries.push(entry);
        Ok(())
    }

    /// Makes ready to look all names up.
    ///
    /// # Errors
    ///
    /// If the names are too many for the form in which they are looked up.
    pub fn compile(self) -> Result<UserNames, UserError> {
        let mut spellings: BTreeMap<String, Owner> = BTreeMap::new();
        let mut contents = Vec::new();
        for (number, entry) in (0_u32..).zip(&self.entries) {
            let identity = match &entry.id {
                Some(id) => Identity::Id(id.as_str().into()),
                None => Identity::Entry(number),
            };
            contents.extend(["name", &entry.name, entry.entity_type.name(), entry.id.as_deref().unwrap_or_default()]);
            contents.extend(entry.aliases.iter().map(String::as_str));
            for (rank, name) in [(0, &entry.name)].into_iter().chain(entry.aliases.iter().map(|alias| (1, alias))) {
                let spelling = fold(name.trim()).0;
                let capitals = spelling.to_uppercase();
                let owner = Owner { entity_type: entry.entity_type, identity: Some(identity.clone()), rank };
                if spelling.chars().filter(|c| c.is_alphabetic()).count() > SHORT_NAME && capitals != spelling {
                    own(&mut spellings, capitals, Owner { rank: rank + 2, ..owner.clone() });
                }
                own(&mut spellings, spelling, owner);
            }
        }
        let checksum = if contents.is_empty() { String::new() } else { checksum(contents) };
        let places = Map::from_iter(spellings.keys().zip(0_u64..))
            .map_err(|error| UserError::new(format!("cannot make the names ready ({error}); use fewer")))?;
        Ok(UserNames { spellings: places, owners: spellings.into_values().collect(), checksum })
    }
}

/// Whose spelling it is.
#[derive(Debug, Clone)]
struct Owner {
    entity_type: EntityType,
    /// Nothing if several things share the spelling.
    identity: Option<Identity>,
    /// A name comes before an alias, as it is written before in capitals.
    rank: u8,
}

/// Gives a spelling to an owner. Of several, a name wins over an alias; among equals the first has the type, and if
/// they are different things, the spelling does not tell which it means.
fn own(spellings: &mut BTreeMap<String, Owner>, spelling: String, owner: Owner) {
    let mut entry = match spellings.entry(spelling) {
        Entry::Vacant(entry) => {
            entry.insert(owner);
            return;
        }
        Entry::Occupied(entry) => entry,
    };
    let known = entry.get_mut();
    if owner.rank < known.rank {
        *known = owner;
    } else if owner.rank == known.rank && owner.identity != known.identity {
        match (&known.identity, &owner.identity) {
            _ if owner.entity_type != known.entity_type => known.identity = None,
            (Some(Identity::Entry(_)), Some(Identity::Id(_))) => known.identity = owner.identity,
            (_, Some(Identity::Entry(_))) => (),
            _ => known.identity = None,
        }
    }
}

/// All names that the user knows, ready to be found.
///
/// Made by [`NameList::compile`].
#[derive(Debug, Clone)]
pub struct UserNames {
    /// Spellings with their places among the owners. Made in a tenth of the time that an automaton of Aho and Corasick
    /// takes, which matters more than the search: that has to look at the starts of words alone.
    spellings: Map<Vec<u8>>,
    owners: Vec<Owner>,
    checksum: String,
}

impl UserNames {
    /// The places where a name stands, of overlapping ones the leftmost, then the longest, in order.
    ///
    /// A name stands where its words stand whole, in the case in which the user wrote them or, for names of more than
    /// four letters, in capitals. A single line break, or several blanks, count as a blank; curly apostrophes as
    /// straight.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<UserMention> {
        let mut found = Vec::new();
        self.find_all(text, &mut found);
        select(found)
    }

    /// Appends for every place where names start the longest one; they may overlap.
    pub fn find_all(&self, text: &str, found: &mut Vec<UserMention>) {
        let (folded, offsets) = fold(text);
        let mut before = None;
        for (start, c) in folded.char_indices() {
            if !(is_word(before) && is_word(Some(c)))
                && let Some((end, place)) = self.longest(&folded, start)
                && let Some(owner) = self.owners.get(place)
            {
                let offset = |at: usize| offsets.get(at).map_or(text.len(), |offset| *offset as usize);
                let (span, entity_type) = (ByteSpan::new(offset(start), offset(end)), owner.entity_type);
                found.push(UserMention { span, entity_type, identity: owner.identity.clone() });
            }
            before = Some(c);
        }
    }

    /// Where the longest name that starts at a place ends, and its place among the owners.
    fn longest(&self, text: &str, start: usize) -> Option<(usize, usize)> {
        let fst = self.spellings.as_fst();
        let (mut node, mut output, mut longest) = (fst.root(), Output::zero(), None);
        for (end, byte) in (start + 1..).zip(text[start..].bytes()) {
            let Some(index) = node.find_input(byte) else { break };
            let transition = node.transition(index);
            node = fst.node(transition.addr);
            output = output.cat(transition.out);
            if node.is_final() && ends_whole(text, end) {
                longest = Some((end, output.cat(node.final_output()).value() as usize));
            }
        }
        longest
    }

    /// Checksum of the names; empty if there are none.
    #[must_use]
    pub fn checksum(&self) -> &str {
        &self.checksum
    }
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Whether no word goes on at a place, nor an accent on its last letter.
fn ends_whole(text: &str, end: usize) -> bool {
    let is_mark = |c: char| c > '\u{2ff}' && c.general_category_group() == GeneralCategoryGroup::Mark;
    let (Some(before), Some(after)) = (text.get(..end), text.get(end..)) else { return false };
    let (last, next) = (before.chars().next_back(), after.chars().next());
    let goes_on = next.is_some_and(is_mark) || (is_word(last) && is_word(next));
    !goes_on
}

/// A text as names are compared: white space with at most one line break is a blank, more is a line break, apostrophes
/// are straight. With it, for each of its bytes, where the character stands in the text.
fn fold(text: &str) -> (String, Vec<u32>) {
    let mut folded = String::with_capacity(text.len());
    let mut offsets = Vec::with_capacity(text.len());
    let mut blank: Option<(usize, usize)> = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            let (start, breaks) = blank.unwrap_or((at, 0));
            blank = Some((start, breaks + usize::from(c == '\n')));
            continue;
        }
        if let Some((start, breaks)) = blank.take() {
            folded.push(if breaks > 1 { '\n' } else { ' ' });
            offsets.push(start as u32);
        }
        let c = if c == '\u{2019}' { '\'' } else { c };
        folded.push(c);
        offsets.resize(folded.len(), at as u32);
    }
    // White space at the end stands in no name, but a name may end before it.
    if let Some((start, _)) = blank {
        folded.push('\n');
        offsets.push(start as u32);
    }
    (folded, offsets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(lines: &str) -> UserNames {
        NameList::new().with_tsv(&lines.replace(", ", "\t")).unwrap().compile().unwrap()
    }

    /// What is found, as `words=id` or `words:TYPE` where the spelling tells no identifier.
    fn found(names: &UserNames, text: &str) -> Vec<String> {
        let show = |mention: &UserMention| match &mention.identity {
            Some(Identity::Id(id)) => format!("{}={id}", &text[mention.span.range()]),
            _ => format!("{}:{}", &text[mention.span.range()], mention.entity_type),
        };
        names.find(text).iter().map(show).collect()
    }

    fn check(lines: &str, text: &str, expected: &[&str]) {
        assert_eq!(found(&names(lines), text), expected, "{text}");
    }

    #[test]
    fn the_leftmost_longest_whole_name_is_found() {
        let lines =
            "Brandvik, PERSON, p\nBrandvik Shipping, ORGANIZATION, s\nShipping Gazette Oslo, WORK, g\nOslo, PLACE";
        check(lines, "Brandvik Shipping and Brandvik.", &["Brandvik Shipping=s", "Brandvik=p"]);
        check(lines, "Brandvik Shippings, Brandviks, xBrandvik, Brandvik's", &["Brandvik=p", "Brandvik=p"]);
        check(lines, "Brandvik Shipping Gazette Oslo", &["Brandvik Shipping=s", "Oslo:PLACE"]);
        check(lines, "Brandvik Shipping Gazettes Oslo", &["Brandvik Shipping=s", "Oslo:PLACE"]);
        check(lines, "The Shipping Gazette Oslo", &["Shipping Gazette Oslo=g"]);
        check(lines, "", &[]);
        check("", "Brandvik", &[]);
        // A shorter name inside a longer one that then gives way to one further left.
        check("a b, WORK, 1\nb c d, WORK, 2\nc, WORK, 3\nd e, WORK, 4", "a b c d e", &["a b=1", "c=3", "d e=4"]);
    }

    #[test]
    fn case_counts_but_for_capitals() {
        let lines = "Aurora Dawn, WORK, w\nAres, WORK, a\nStraßer, PERSON, s";
        check(lines, "aurora dawn, AURORA DAWN, Aurora dawn", &["AURORA DAWN=w"]);
        check(lines, "ARES, Ares, STRASSER", &["Ares=a", "STRASSER=s"]);
    }

    #[test]
    fn blanks_line_breaks_and_apostrophes_are_alike() {
        let lines = "Aurora  Dawn, WORK, w\nO’Dell, PERSON, o\n50% Club!, ORGANIZATION, c";
        check(lines, "Aurora\r\n  Dawn ", &["Aurora\r\n  Dawn=w"]);
        check(lines, "Aurora\u{a0}Dawn\n", &["Aurora\u{a0}Dawn=w"]);
        check(lines, "Aurora\n\nDawn", &[]);
        check(lines, "O'Dell and O’Dell", &["O'Dell=o", "O’Dell=o"]);
        check(lines, "the 50% Club!2", &["50% Club!=c"]);
        check("Zoe, PERSON, z", "Zoe\u{308} and Zoe", &["Zoe=z"]);
    }

    #[test]
    fn a_shared_spelling_tells_no_identifier() {
        check(
            "Keller Bank, ORGANIZATION, 1, Keller\nKeller Bau, ORGANIZATION, 2, Keller",
            "Keller",
            &["Keller:ORGANIZATION"],
        );
        check("Keller Bank, ORGANIZATION, 1, Keller\nKeller, PERSON, 2", "Keller", &["Keller=2"]);
        check("Keller, PERSON, 1\nKeller, PERSON, 1", "Keller", &["Keller=1"]);
        check("Keller, PERSON\nKeller, PERSON, 1", "Keller", &["Keller=1"]);
        check("Keller, PERSON, 1\nKeller, PERSON", "Keller", &["Keller=1"]);
        check("Keller, PERSON, 1\nKeller, PLACE, 2", "Keller", &["Keller:PERSON"]);
        check("KELLER, WORK, 2\nKeller, PERSON, 1", "KELLER Keller", &["KELLER=2", "Keller=1"]);
    }

    #[test]
    fn json_lines_say_the_same() {
        let lines = "\u{feff}{\"name\":\"Aurora Dawn\",\"type\":\"WORK\",\"id\":\"w\",\"aliases\":[\"the Dawn\"]}\n\n\
                     {\"name\":\"Brandvik\",\"type\":\"ORGANIZATION\"}\n";
        let from_json = NameList::new().with_json_lines(lines).unwrap().compile().unwrap();
        assert_eq!(found(&from_json, "the Dawn of Brandvik"), ["the Dawn=w", "Brandvik:ORGANIZATION"]);
        let from_tsv = names("# ships\nAurora Dawn, WORK, w, the Dawn\n\nBrandvik, ORGANIZATION, ");
        assert_eq!(from_json.checksum(), from_tsv.checksum());
        assert_ne!(from_json.checksum(), names("Aurora Dawn, WORK, w").checksum());
        assert_eq!(names("# nothing").checksum(), "");
    }

    #[test]
    fn bad_lines_are_explained() {
        let tsv = |text: &str| NameList::new().with_tsv(text).map(drop).map_err(|error| error.to_string());
        let json = |text: &str| NameList::new().with_json_lines(text).map(drop).map_err(|error| error.to_string());
        for (result, message) in [
            (tsv("# names\nBrandvik"), "line 2: no type; write the name, a tab, and a type"),
            (tsv("Brandvik\tFIRM"), "line 1: unknown type \"FIRM\"; the types are PERSON, ORGANIZATION, PLACE"),
            (tsv("\n\n--\tWORK"), "line 3: the name \"--\" has no letter or digit; leave it out"),
            (tsv("A\tWORK\tb\tc\td"), "line 1: 5 columns; write name, type, id and aliases at most"),
            (tsv(&format!("{}\tWORK", "x".repeat(1001))), "has 1001 bytes; cut it"),
            (json("{\"name\":\"A\"}"), "line 1: missing field `type`"),
            (json("{\"name\":\"A\",\"type\":\"X\"}"), "line 1: unknown type \"X\""),
            (json("{\"name\":\"A\",\"type\":\"WORK\",\"alias\":[]}"), "line 1: unknown field `alias`"),
            (json("\nBrandvik\tWORK"), "line 2: expected value at line 1 column 1; write {\"name\": …"),
        ] {
            let error = result.unwrap_err();
            assert!(error.contains(message), "{error}");
        }
        let missing = NameList::new().with_file("missing.tsv").unwrap_err();
        assert!(missing.to_string().starts_with("missing.tsv: cannot read the names: "), "{missing}");
    }
}
