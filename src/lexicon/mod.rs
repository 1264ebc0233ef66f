//! Compiled lists of names, places and words.
//!
//! Small tables are read from their text on first use, large ones are automata in `lexicon.bin`. Where they come from is
//! told in `data/lexicons/README.md`. The lists say what a name *may* mean; whether it does here is for the stages to
//! decide.

pub mod build;
pub mod fold;
pub mod kin;
pub mod numbers;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use sha2::{Digest, Sha256};

use build::{CITY_BYTES, LENGTH_BITS, MAGIC, SECTIONS, rows, unpack_division};
pub use fold::{fold, skeleton, sketch};

/// What a territory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TerritoryKind {
    /// A state of today, recognized by many or few.
    Country,
    /// A part or dependency with a standing of its own: Scotland, Guam, Crimea.
    Territory,
    /// A state of the past.
    Historic,
    /// A federal state, province or emirate.
    Region,
}

/// A country or another territory.
#[derive(Debug, PartialEq, Eq)]
pub struct Territory {
    /// ISO 3166 code in lower case where there is one: `de`, `us-tx`; else an invented one: `suhh`.
    pub code: &'static str,
    /// Wikidata identifier.
    pub wikidata: &'static str,
    /// What it is.
    pub kind: TerritoryKind,
    /// Code of the territory that it belongs to.
    pub parent: Option<&'static str>,
    /// Usual name.
    pub name: &'static str,
    /// Capitals and other seats of its government, the first one first.
    pub capitals: Vec<&'static str>,
}

impl Territory {
    /// Whether it is a country of today or of the past.
    #[must_use]
    pub fn is_country(&self) -> bool {
        matches!(self.kind, TerritoryKind::Country | TerritoryKind::Historic)
    }
}

/// A people: the words for it as adjective and noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct People {
    /// Number of the people; the same for all its words.
    pub id: u16,
    /// Code of its territory, if it has one.
    pub territory: Option<&'static str>,
}

/// A city that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct City {
    /// GeoNames identifier.
    pub geonames: u32,
    /// Its usual name.
    pub name: &'static str,
    /// Inhabitants.
    pub population: u32,
    /// Degrees north, to a hundredth.
    pub latitude: f32,
    /// Degrees east, to a hundredth.
    pub longitude: f32,
    country: [u8; 2],
    division: u16,
}

impl City {
    /// ISO 3166 code of the country, in lower case.
    #[must_use]
    pub fn country(&self) -> &str {
        std::str::from_utf8(&self.country).unwrap_or_default()
    }

    /// Code of the region that it lies in, such as `us-tx`, where the lists of territories have that region.
    #[must_use]
    pub fn region(&self) -> Option<String> {
        (self.division > 0).then(|| format!("{}-{}", self.country(), unpack_division(self.division)))
    }
}

/// Grammatical gender of a person, as far as a word tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
}

/// What kind of title a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TitleClass {
    /// Mr, Dr, Sir.
    Honorific,
    /// King, countess.
    Nobility,
    /// Pope, imam.
    Clergy,
    /// General, inspector.
    Rank,
    /// President, chief executive.
    Office,
    /// Novelist, striker, wife.
    Occupation,
    /// Jr, III, MD after a name.
    Suffix,
}

/// A title and what it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title {
    /// Its kind.
    pub class: TitleClass,
    /// The gender of those who bear it, if all are of one.
    pub gender: Option<Gender>,
}

/// Why a packed lexicon was refused.
#[derive(Debug, thiserror::Error)]
#[error("not a lexicon: {0}")]
pub struct LexiconError(&'static str);

type Map = fst::Map<&'static [u8]>;

/// The lists.
#[derive(Debug)]
pub struct Lexicon {
    territories: Vec<Territory>,
    by_name: HashMap<String, u16>,
    /// Further territories of the same name: Georgia the state.
    also_named: HashMap<String, Vec<u16>>,
    /// Acronyms: `US` is a country, `us` is a pronoun.
    by_acronym: HashMap<&'static str, u16>,
    /// Abbreviations of regions, with their full stop.
    abbreviations: HashSet<&'static str>,
    by_code: HashMap<&'static str, u16>,
    by_capital: HashMap<String, u16>,
    by_seat: HashMap<String, u16>,
    peoples: HashMap<String, People>,
    organizations: HashMap<String, u16>,
    organization_acronyms: HashMap<&'static str, u16>,
    titles: HashMap<String, Title>,
    legal_forms: HashSet<&'static str>,
    nicknames: HashMap<&'static str, Vec<&'static str>>,
    packed: Option<Packed>,
}

#[derive(Debug)]
struct Packed {
    variants: Map,
    variant_groups: &'static [u8],
    given: Map,
    cities: Map,
    city_lists: &'static [u8],
    city_records: &'static [u8],
    city_name_offsets: &'static [u8],
    city_names: &'static str,
}

static EMBEDDED: LazyLock<Lexicon> = LazyLock::new(|| {
    // A test holds the file equal to a rebuild, so the small lists alone are no state that users can meet.
    let packed = Packed::read(include_bytes!("../../data/lexicons/lexicon.bin")).ok();
    Lexicon::with(packed)
});

impl Lexicon {
    /// The lists that are compiled in.
    #[must_use]
    pub fn embedded() -> &'static Lexicon {
        &EMBEDDED
    }

    /// Checks that bytes are a packed lexicon, as [`build::build`] makes it.
    ///
    /// # Errors
    ///
    /// Says what is wrong: magic, sizes or checksum.
    pub fn check(bytes: &'static [u8]) -> Result<(), LexiconError> {
        let (_, digest, body) = Packed::parts(bytes)?;
        if Sha256::digest(body).as_slice() != digest {
            return Err(LexiconError("wrong checksum"));
        }
        Packed::read(bytes).map(|_| ())
    }

    fn with(packed: Option<Packed>) -> Self {
        let mut lexicon = Self {
            territories: Vec::new(),
            by_name: HashMap::new(),
            also_named: HashMap::new(),
            by_acronym: HashMap::new(),
            abbreviations: HashSet::new(),
            by_code: HashMap::new(),
            by_capital: HashMap::new(),
            by_seat: HashMap::new(),
            peoples: HashMap::new(),
            organizations: HashMap::new(),
            organization_acronyms: HashMap::new(),
            titles: HashMap::new(),
            legal_forms: HashSet::new(),
            nicknames: HashMap::new(),
            packed,
        };
        lexicon.read_territories(include_str!("../../data/lexicons/territories.tsv"));
        for (_, row) in rows(include_str!("../../data/lexicons/seats.tsv")) {
            if let Some((name, code)) = row.split_once('\t')
                && let Some(&index) = lexicon.by_code.get(code)
            {
                lexicon.by_seat.insert(fold(name), index);
            }
        }
        for (id, (_, row)) in (0u16..).zip(rows(include_str!("../../data/lexicons/demonyms.tsv"))) {
            let Some((code, forms)) = row.split_once('\t') else { continue };
            for form in forms.split('|') {
                let people = People { id, territory: Some(code).filter(|code| *code != "-") };
                lexicon.peoples.entry(fold(form)).or_insert(people);
            }
        }
        for (id, (_, row)) in (0u16..).zip(rows(include_str!("../../data/lexicons/organizations.tsv"))) {
            for name in row.split('|') {
                if is_acronym(name) {
                    lexicon.organization_acronyms.entry(name).or_insert(id);
                } else {
                    lexicon.organizations.entry(without_article(&fold(name)).to_owned()).or_insert(id);
                }
            }
        }
        lexicon.read_titles(include_str!("../../data/lexicons/titles.tsv"));
        for (_, row) in rows(include_str!("../../data/lexicons/legal_forms.tsv")) {
            lexicon.legal_forms.insert(row.split('\t').next().unwrap_or_default());
        }
        for (_, row) in rows(include_str!("../../data/lexicons/nicknames.tsv")) {
            if let Some((name, nick)) = row.split_once('\t') {
                lexicon.nicknames.entry(name).or_default().push(nick);
            }
        }
        lexicon
    }

    fn read_territories(&mut self, table: &'static str) {
        let mut capitals = Vec::new();
        for (index, (_, row)) in (0u16..).zip(rows(table)) {
            let mut fields = row.split('\t');
            let mut next = || fields.next().unwrap_or_default();
            let (code, wikidata) = (next(), next());
            let kind = match next() {
                "country" => TerritoryKind::Country,
                "historic" => TerritoryKind::Historic,
                "region" => TerritoryKind::Region,
                _ => TerritoryKind::Territory,
            };
            let parent = Some(next()).filter(|parent| !parent.is_empty());
            let (name, aliases) = (next(), next());
            let seats: Vec<&str> = next().split('|').filter(|seat| !seat.is_empty()).collect();
            // Rows come by rank: Georgia the country before Georgia the state.
            for alias in std::iter::once(name).chain(aliases.split('|')).filter(|alias| !alias.is_empty()) {
                if is_acronym(alias) {
                    self.by_acronym.entry(alias).or_insert(index);
                } else {
                    let key = without_article(&fold(alias)).to_owned();
                    if *self.by_name.entry(key.clone()).or_insert(index) != index {
                        self.also_named.entry(key).or_default().push(index);
                    }
                }
                if kind == TerritoryKind::Region && alias.ends_with('.') {
                    self.abbreviations.insert(alias);
                }
            }
            self.by_code.entry(code).or_insert(index);
            capitals.extend(seats.iter().map(|seat| (fold(seat), index)));
            self.territories.push(Territory { code, wikidata, kind, parent, name, capitals: seats });
        }
        for (capital, index) in capitals {
            self.by_capital.entry(capital).or_insert(index);
        }
    }

    fn read_titles(&mut self, table: &'static str) {
        for (_, row) in rows(table) {
            let mut fields = row.split('\t');
            let mut next = || fields.next().unwrap_or_default();
            let class = match next() {
                "honorific" => TitleClass::Honorific,
                "nobility" => TitleClass::Nobility,
                "clergy" => TitleClass::Clergy,
                "rank" => TitleClass::Rank,
                "office" => TitleClass::Office,
                "suffix" => TitleClass::Suffix,
                _ => TitleClass::Occupation,
            };
            let gender = match next() {
                "m" => Some(Gender::Male),
                "f" => Some(Gender::Female),
                _ => None,
            };
            for word in next().split('|') {
                self.titles.entry(fold(word)).or_insert(Title { class, gender });
            }
        }
    }

    fn territory(&self, index: u16) -> Option<&Territory> {
        self.territories.get(usize::from(index))
    }

    /// All territories: countries first, regions last.
    #[must_use]
    pub fn territories(&self) -> &[Territory] {
        &self.territories
    }

    /// The territory with that code, such as `de` or `us-tx`.
    #[must_use]
    pub fn territory_by_code(&self, code: &str) -> Option<&Territory> {
        self.territory(*self.by_code.get(code)?)
    }

    /// The territory with that name, of any kind; countries win over regions of the same name.
    ///
    /// Case and accents do not matter, except for acronyms: `US` is a country, `us` is not.
    #[must_use]
    pub fn territory_by_name(&self, name: &str) -> Option<&Territory> {
        let name = fold::without_possessive(name.trim());
        let bare = name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name);
        if let Some(&index) = self.by_acronym.get(bare) {
            return self.territory(index);
        }
        let folded = fold(bare);
        // What the lists know as an acronym only must be spelled as one.
        self.territory(*self.by_name.get(without_article(&folded))?)
    }

    /// All territories with that name, countries first; see [`Lexicon::territory_by_name`].
    pub fn territories_by_name(&self, name: &str) -> impl Iterator<Item = &Territory> {
        let first = self.territory_by_name(name);
        let others = first.and_then(|first| {
            let key = fold(name.trim());
            let others = self.also_named.get(without_article(&key))?;
            Some(others.iter().filter_map(|index| self.territory(*index)).filter(move |other| other.code != first.code))
        });
        first.into_iter().chain(others.into_iter().flatten())
    }

    /// Whether a name, with its full stop, is the abbreviation of a state (`Minn.`, `N.Y.`).
    #[must_use]
    pub fn is_abbreviated_region(&self, name: &str) -> bool {
        self.abbreviations.contains(name)
    }

    /// The country with that name; see [`Lexicon::territory_by_name`].
    #[must_use]
    pub fn country_by_name(&self, name: &str) -> Option<&Territory> {
        self.territory_by_name(name).filter(|territory| territory.is_country())
    }

    /// Whether the name is one of a country.
    #[must_use]
    pub fn is_country(&self, name: &str) -> bool {
        self.country_by_name(name).is_some()
    }

    /// The people that a demonym, adjective or noun, stands for: `Danish`, `Danes`, `Kurds`, `Republicans`.
    ///
    /// Upper case is asked for at the start, since `polish` and `turkey` are words.
    #[must_use]
    pub fn people(&self, word: &str) -> Option<People> {
        if !word.trim_start().chars().next().is_some_and(char::is_uppercase) {
            return None;
        }
        self.peoples.get(without_article(&fold(word))).copied()
    }

    /// The territory whose people a demonym stands for.
    #[must_use]
    pub fn territory_by_demonym(&self, word: &str) -> Option<&Territory> {
        self.territory_by_code(self.people(word)?.territory?)
    }

    /// The territory whose capital or second seat of government has that name: `Tehran`, `Kiev`, `The Hague`.
    #[must_use]
    pub fn territory_by_capital(&self, name: &str) -> Option<&Territory> {
        let folded = fold(name);
        self.territory(*self.by_capital.get(folded.as_str()).or_else(|| self.by_capital.get(without_article(&folded)))?)
    }

    /// The territory whose government is meant by a building, street or district: `Kremlin`, `Downing Street`.
    #[must_use]
    pub fn territory_by_seat(&self, name: &str) -> Option<&Territory> {
        self.territory(*self.by_seat.get(without_article(&fold(name)))?)
    }

    /// A number for a well-known organization, the same for all names that the lists have for it.
    #[must_use]
    pub fn organization(&self, name: &str) -> Option<u16> {
        let name = fold::without_possessive(name.trim());
        let bare = name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name);
        self.organization_acronyms.get(bare).or_else(|| self.organizations.get(without_article(&fold(bare)))).copied()
    }

    /// What a title word or phrase tells, if it is one.
    #[must_use]
    pub fn title(&self, words: &str) -> Option<Title> {
        let folded = fold(words);
        self.titles.get(&folded).or_else(|| self.titles.get(folded.strip_suffix('s')?)).copied()
    }

    /// What a folded word tells as a title; [`Lexicon::title`] without the folding.
    #[must_use]
    pub fn title_folded(&self, folded: &str) -> Option<Title> {
        self.titles.get(folded).copied()
    }

    /// Whether folded words are a legal form: `ltd`, `gmbh`, `public limited company`.
    #[must_use]
    pub fn is_legal_form(&self, folded: &str) -> bool {
        self.legal_forms.contains(folded)
    }

    /// A folded name without legal forms at its end; never empty unless the name is.
    #[must_use]
    pub fn without_legal_form<'a>(&self, folded: &'a str) -> &'a str {
        let mut rest = folded;
        'again: loop {
            let cuts: Vec<usize> = rest.rmatch_indices(' ').take(6).map(|(at, _)| at).collect();
            // The longest form first: "gmbh co kg" before "kg".
            for at in cuts.iter().rev() {
                let (head, tail) = rest.split_at(*at);
                if self.is_legal_form(tail.trim_start()) {
                    rest = head;
                    continue 'again;
                }
            }
            return rest;
        }
    }

    /// Whether one folded given name is a nickname of the other.
    #[must_use]
    pub fn are_nicknames(&self, first: &str, second: &str) -> bool {
        let has = |name: &str, nick: &str| self.nicknames.get(name).is_some_and(|nicks| nicks.contains(&nick));
        has(first, second) || has(second, first)
    }

    /// The groups of spelling variants that a folded name belongs to, in rising order.
    pub fn name_groups(&self, folded: &str) -> impl Iterator<Item = u32> + use<> {
        self.packed
            .as_ref()
            .and_then(|packed| Some(list(packed.variant_groups, packed.variants.get(folded)?)))
            .into_iter()
            .flatten()
    }

    /// How many lists have a folded given name as male and as female.
    #[must_use]
    pub fn given_name_counts(&self, folded: &str) -> Option<(u32, u32)> {
        let value = self.packed.as_ref()?.given.get(folded)?;
        Some(((value >> 16) as u32, (value & 0xffff) as u32))
    }

    /// The gender of those who bear a folded given name, if nearly all lists agree.
    #[must_use]
    pub fn given_name_gender(&self, folded: &str) -> Option<Gender> {
        let (male, female) = self.given_name_counts(folded)?;
        match (male, female) {
            (male, female) if male >= 12 * female => Some(Gender::Male),
            (male, female) if female >= 12 * male => Some(Gender::Female),
            _ => None,
        }
    }

    /// All cities above 15,000 people, largest first.
    pub fn all_cities(&self) -> impl Iterator<Item = City> + use<'_> {
        self.packed.iter().flat_map(|packed| {
            let count = packed.city_records.len() / CITY_BYTES;
            (0..count as u32).filter_map(|record| packed.city(record))
        })
    }

    /// The cities above 15,000 people that a name may mean, largest first.
    ///
    /// A name in capitals may be an acronym: `NATO` and `BBC` are towns as well. It means no city below 200,000 people,
    /// and none at all where it has fewer than four letters (`NYC` and `LA` excepted).
    pub fn cities(&self, name: &str) -> impl Iterator<Item = City> + use<'_> {
        let name = name.trim();
        let capitals = is_acronym(name) && name != "NYC" && name != "LA";
        let key = if capitals && name.len() < 4 { String::new() } else { fold(name) };
        self.packed
            .as_ref()
            .and_then(|packed| Some((packed, packed.cities.get(without_article(&key))?)))
            .into_iter()
            .flat_map(|(packed, value)| list(packed.city_lists, value).filter_map(|city| packed.city(city)))
            .filter(move |city| !capitals || city.population >= 200_000)
    }
}

impl Packed {
    /// Lengths of the sections, their checksum, and the sections.
    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    fn parts(bytes: &'static [u8]) -> Result<([usize; SECTIONS], &'static [u8; 32], &'static [u8]), LexiconError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(LexiconError("wrong magic or version"))?;
        let (count, mut rest) = rest.split_first_chunk::<4>().ok_or(LexiconError("cut off"))?;
        if u32::from_le_bytes(*count) as usize != SECTIONS {
            return Err(LexiconError("wrong number of sections"));
        }
        let mut lengths = [0usize; SECTIONS];
        for length in &mut lengths {
            let (number, tail) = rest.split_first_chunk::<4>().ok_or(LexiconError("cut off"))?;
            *length = u32::from_le_bytes(*number) as usize;
            rest = tail;
        }
        let (digest, body) = rest.split_first_chunk::<32>().ok_or(LexiconError("cut off"))?;
        Ok((lengths, digest, body))
    }

    /// Reads what is known to be whole, as what is built into the program is.
    fn read(bytes: &'static [u8]) -> Result<Self, LexiconError> {
        let (lengths, _, mut rest) = Self::parts(bytes)?;
        let mut sections = [&[][..]; SECTIONS];
        for (section, length) in sections.iter_mut().zip(lengths) {
            let (head, tail) = rest.split_at_checked(length).ok_or(LexiconError("cut off"))?;
            (*section, rest) = (head, tail);
        }
        let [variants, variant_groups, given, cities, city_lists, city_records, city_name_offsets, city_names] =
            sections;
        let map = |bytes| fst::Map::new(bytes).map_err(|_| LexiconError("broken automaton"));
        Ok(Self {
            variants: map(variants)?,
            variant_groups,
            given: map(given)?,
            cities: map(cities)?,
            city_lists,
            city_records,
            city_name_offsets,
            city_names: std::str::from_utf8(city_names).map_err(|_| LexiconError("names are not UTF-8"))?,
        })
    }

    fn city(&self, record: u32) -> Option<City> {
        let at = (record as usize).checked_mul(CITY_BYTES)?;
        let bytes: &[u8; CITY_BYTES] = self.city_records.get(at..)?.first_chunk()?;
        let &[i0, i1, i2, i3, p0, p1, p2, p3, la0, la1, lo0, lo1, c0, c1, d0, d1] = bytes;
        let offset = |index: usize| -> Option<usize> {
            let bytes = self.city_name_offsets.get(index.checked_mul(4)?..)?.first_chunk()?;
            Some(u32::from_le_bytes(*bytes) as usize)
        };
        Some(City {
            geonames: u32::from_le_bytes([i0, i1, i2, i3]),
            name: self.city_names.get(offset(record as usize)?..offset(record as usize + 1)?)?,
            population: u32::from_le_bytes([p0, p1, p2, p3]),
            latitude: f32::from(i16::from_le_bytes([la0, la1])) / 100.0,
            longitude: f32::from(i16::from_le_bytes([lo0, lo1])) / 100.0,
            country: [c0, c1],
            division: u16::from_le_bytes([d0, d1]),
        })
    }
}

/// The numbers of a packed list.
fn list(bytes: &'static [u8], value: u64) -> impl Iterator<Item = u32> {
    let length = (value & ((1 << LENGTH_BITS) - 1)) as usize;
    let start = (value >> LENGTH_BITS) as usize * 4;
    let end = (start + length * 4).min(bytes.len());
    let (chunks, _) = bytes.get(start..end).unwrap_or_default().as_chunks::<4>();
    chunks.iter().map(|chunk| u32::from_le_bytes(*chunk))
}

/// Family names that so many have that they tell little, folded, in order.
const COMMON_SURNAMES: &str = "\
    abdi abdullah abubakar adams adeyemi aguilar ahmed akter ali almeida alvarez anderson andersson aquino arslan \
    aydin baker bakker banda bautista begum bekele bell bernard bianchi brown bui camara campbell carter carvalho \
    castillo castro celik chavez chen cho choi chowdhury clark collins contreras cook cooper coulibaly cox cruz dang \
    das davis delgado demir deng diallo diaz diop dlamini dogan dubois duong durand edwards eriksson evans farah \
    feng fernandes fernandez ferrari ferreira fischer flores gao garcia ghosh gomes gomez gonzalez gray green \
    guerrero guo gupta gutierrez haddad haile hall han hansen harris hassan he hernandez herrera hidayat hill hoang \
    hoffmann horvat horvath hossain hu huang hughes hussain hussein ibrahim ionescu islam ito ivanov ivanova jackson \
    jain jang jansen jensen jimenez johansson johnson jones joshi jung kamau kang karlsson kato kaya keita kelly \
    khan khoury kim king kobayashi konate korhonen kovacs kowalska kowalski kumar kuznetsov larsen larsson le lee \
    leroy lewis li liang lim lima lin liu lopez luo ly ma mahmoud malik mamani martin martinez medina mehta mendoza \
    mensah meyer miller mishra mitchell mohamed mohammed moore morales moreau moreno morgan morris moyo mueller \
    muller munoz murphy mwangi nagy nair nakamura ncube ndiaye nelson ngo nguyen nielsen nilsson nkosi novak nowak \
    okafor okeke oliveira olsen ortiz osman otieno owusu ozturk papadopoulos park parker patel pedersen pereira \
    perez petit petrov petrova pham phan phillips phiri popescu popov quispe rahman ramirez ramos rao reddy reyes \
    ribeiro ricci rios rivera roberts robinson rodrigues rodriguez rogers rojas romano romero rossi roy ruiz russo \
    sahin saleh sanchez santos santoso sasaki sato schmidt schulz scott setiawan shah sharma shevchenko silva singh \
    siregar smirnov smith sokolov soto souza sow stewart sullivan sun suzuki svensson szabo takahashi tanaka tang \
    taylor tesfaye thomas thompson torres toth toure tran traore turner vargas vasquez verma virtanen visser vo vu \
    wagner walker walsh wang watanabe weber white widodo wijaya williams wilson wood wright wu xie xu yadav yamada \
    yamamoto yang yildiz yilmaz yoon yoshida young zhang zhao zheng zhou zhu";

/// Whether a folded family name is one that very many people have: `garcia`, `wang`, `smith`.
#[must_use]
pub fn is_common_surname(folded: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON_SURNAMES.split(' ').collect());
    NAMES.contains(folded)
}

/// Languages in which a text tells other names of things, in order.
const LANGUAGES: &str = "\
    Albanian Arabic Armenian Azerbaijani Basque Belarusian Bengali Bosnian Breton Bulgarian Burmese Catalan Chinese \
    Croatian Czech Danish Dutch English Estonian Finnish French Gaelic Galician Georgian German Greek Hebrew Hindi \
    Hungarian Icelandic Indonesian Irish Italian Japanese Kazakh Khmer Korean Kurdish Kyrgyz Ladin Latin Latvian \
    Lithuanian Macedonian Malay Maltese Mongolian Norwegian Occitan Pashto Persian Polish Portuguese Punjabi Romani \
    Romanian Romansh Russian Sami Serbian Slovak Slovene Slovenian Sorbian Spanish Swahili Swedish Tamil Tatar Thai \
    Tibetan Turkish Turkmen Ukrainian Urdu Uyghur Uzbek Vietnamese Welsh Yiddish";

/// Whether a word is that for a language: `German`, `Slovak`.
#[must_use]
pub fn is_language(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| LANGUAGES.split(' ').collect());
    WORDS.contains(word)
}

/// Folded words without a leading "the".
#[must_use]
pub fn without_article(folded: &str) -> &str {
    folded.strip_prefix("the ").unwrap_or(folded)
}

/// Whether a name is written as an acronym: two to six capitals, with dots two to five, and nothing else (`US`, `U.K.`,
/// `WFP`).
#[must_use]
pub fn is_acronym(name: &str) -> bool {
    let mut letters = 0;
    for char in name.chars() {
        match char {
            '.' => {}
            _ if char.is_uppercase() => letters += 1,
            _ => return false,
        }
    }
    (2..=6).contains(&letters) && (letters <= 5 || !name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn territories_by_name() {
        let lexicon = Lexicon::embedded();
        let check = |name: &str, expected: &str| {
            assert_eq!(lexicon.territory_by_name(name).map_or("-", |territory| territory.code), expected, "{name:?}");
        };
        for (name, code) in [
            ("US", "us"),
            ("U.S.", "us"),
            ("us", "-"),
            ("Us", "-"),
            ("USA", "us"),
            ("the United States", "us"),
            ("AMERICA", "us"),
            ("United States of America", "us"),
            ("UK", "gb"),
            ("Britain", "gb"),
            ("Britain's", "gb"),
            ("British", "-"),
            ("Holland", "nl"),
            ("The Netherlands", "nl"),
            ("Ivory Coast", "ci"),
            ("Côte d’Ivoire", "ci"),
            ("COTE D'IVOIRE", "ci"),
            ("Burma", "mm"),
            ("Türkiye", "tr"),
            ("North Korea", "kp"),
            ("Korea", "-"),
            ("Georgia", "ge"),
            ("Texas", "us-tx"),
            ("Bavaria", "de-by"),
            ("Soviet Union", "suhh"),
            ("USSR", "suhh"),
            ("Scotland", "gb-sct"),
            ("England", "gb-eng"),
            ("Czechia", "cz"),
            ("DR Congo", "cd"),
            ("Democratic Republic of the Congo", "cd"),
            ("UAE", "ae"),
            ("uae", "-"),
            ("EU", "-"),
            ("", "-"),
            ("the", "-"),
            ("’s", "-"),
        ] {
            check(name, code);
        }
        let codes = |name| lexicon.territories_by_name(name).map(|territory| territory.code).collect::<Vec<_>>();
        assert_eq!(codes("Georgia"), ["ge", "us-ga"]);
        assert_eq!(codes("the UK"), ["gb"]);
        assert!(codes("Nowhere").is_empty());
        assert!(lexicon.is_country("Chad") && !lexicon.is_country("Texas"));
        assert_eq!(lexicon.country_by_name("Iran").unwrap().wikidata, "Q794");
    }

    #[test]
    fn demonyms_capitals_and_seats() {
        let lexicon = Lexicon::embedded();
        for (word, code) in
            [("Iranian", "ir"), ("Danes", "dk"), ("Danish", "dk"), ("Kurds", "-"), ("polish", "-"), ("Polish", "pl")]
        {
            assert_eq!(lexicon.territory_by_demonym(word).map_or("-", |territory| territory.code), code, "{word}");
        }
        assert_eq!(lexicon.people("Danes").map(|people| people.id), lexicon.people("Danish").map(|people| people.id));
        assert_ne!(lexicon.people("Kurds"), lexicon.people("Turks"));
        for (name, code) in [
            ("Tehran", "ir"),
            ("Kiev", "ua"),
            ("Kyiv", "ua"),
            ("Washington", "us"),
            ("The Hague", "nl"),
            ("Munich", "-"),
        ] {
            assert_eq!(lexicon.territory_by_capital(name).map_or("-", |territory| territory.code), code, "{name}");
        }
        for (name, code) in [("the Kremlin", "ru"), ("Élysée", "fr"), ("Downing Street", "gb"), ("Nordbank", "-")] {
            assert_eq!(lexicon.territory_by_seat(name).map_or("-", |territory| territory.code), code, "{name}");
        }
        let countries = lexicon.territories().iter().filter(|territory| territory.kind == TerritoryKind::Country);
        for country in countries {
            assert!(!country.capitals.is_empty(), "{}", country.name);
        }
    }

    #[test]
    fn people_and_bodies() {
        let lexicon = Lexicon::embedded();
        assert!(lexicon.are_nicknames("william", "bill") && lexicon.are_nicknames("bill", "william"));
        assert!(!lexicon.are_nicknames("william", "robert"));
        assert!(lexicon.name_groups("muammar").any(|group| lexicon.name_groups("moammar").any(|other| other == group)));
        assert_eq!(lexicon.name_groups("xqzzv").count(), 0);
        assert_eq!(lexicon.given_name_gender("maria"), Some(Gender::Female));
        assert_eq!(lexicon.given_name_gender("john"), Some(Gender::Male));
        assert_eq!(lexicon.given_name_gender("jean"), None);
        assert_eq!(lexicon.title("Mrs."), Some(Title { class: TitleClass::Honorific, gender: Some(Gender::Female) }));
        assert_eq!(lexicon.title("Prime Minister").map(|title| title.class), Some(TitleClass::Office));
        assert_eq!(lexicon.title("chairwoman").and_then(|title| title.gender), Some(Gender::Female));
        assert_eq!(lexicon.title("bank"), None);
        assert_eq!(lexicon.without_legal_form("nordbank as"), "nordbank");
        assert_eq!(lexicon.without_legal_form("fjord energie gmbh co kg"), "fjord energie");
        assert_eq!(lexicon.without_legal_form("limited"), "limited");
        for form in
            ["s a b de c v", "sab de cv", "pvt ltd", "p ltd", "private limited", "public company limited", "k k"]
        {
            assert_eq!(lexicon.without_legal_form(&format!("fjord energi {form}")), "fjord energi", "{form}");
        }
        // A name as long as a book takes no longer for each word.
        let start = std::time::Instant::now();
        assert_eq!(lexicon.without_legal_form(&format!("nordbank{}", " ltd".repeat(50_000))), "nordbank");
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
        assert_eq!(lexicon.organization("MSF"), lexicon.organization("Doctors Without Borders"));
        assert!(lexicon.organization("MSF").is_some());
        assert_eq!(lexicon.organization("who"), None);
    }

    #[test]
    fn surnames_that_very_many_have() {
        for name in ["abdi", "garcia", "hernandez", "patel", "wang", "zhu"] {
            assert!(is_common_surname(name), "{name}");
        }
        for name in ["", "Garcia", "tarkin", "garcia wang"] {
            assert!(!is_common_surname(name), "{name}");
        }
        let names: Vec<&str> = COMMON_SURNAMES.split(' ').collect();
        assert!(names.is_sorted_by(|one, next| one < next), "in order, each once");
        assert!(names.iter().all(|name| fold(name) == *name && !name.is_empty()));
    }

    #[test]
    fn languages_are_known() {
        for word in ["German", "Slovak", "Yiddish", "Albanian"] {
            assert!(is_language(word), "{word}");
        }
        for word in ["Germans", "german", "Republican", "Germany", ""] {
            assert!(!is_language(word), "{word}");
        }
    }

    #[test]
    fn acronyms_are_capitals_alone() {
        for name in ["US", "U.K.", "WFP", "UNESCO", "U.N.H.C.R."] {
            assert!(is_acronym(name), "{name}");
        }
        for name in ["A", "NGOs", "U.N.E.S.C.O.", "UNIFIL2", "NORDBANK", "Fbi", ""] {
            assert!(!is_acronym(name), "{name}");
        }
    }

    #[test]
    fn cities_by_name() {
        let lexicon = Lexicon::embedded();
        let best = |name: &str| lexicon.cities(name).next();
        assert_eq!(best("Kiev").map(|city| city.name), Some("Kyiv"));
        assert_eq!(best("Bombay").map(|city| city.geonames), best("Mumbai").map(|city| city.geonames));
        let oslo = best("OSLO").unwrap();
        assert_eq!(oslo.country(), "no");
        assert!((oslo.latitude - 59.91).abs() < 0.02 && (oslo.longitude - 10.75).abs() < 0.02);
        assert!(oslo.population > 400_000);
        assert_eq!(oslo.region(), None);
        assert_eq!(best("Houston").and_then(|city| city.region()).as_deref(), Some("us-tx"));
        assert!(lexicon.all_cities().count() > 30_000);
        for city in lexicon.all_cities() {
            assert!(lexicon.territory_by_code(city.country()).is_some(), "{city:?}");
            assert!(city.region().is_none_or(|region| lexicon.territory_by_code(&region).is_some()), "{city:?}");
        }
        assert_eq!(best("US"), None);
        assert_eq!(best("NATO"), None);
        assert_eq!(best("White House").map(|city| city.population > 1_000_000), None);
        let populations: Vec<u32> = lexicon.cities("Florence").map(|city| city.population).collect();
        assert!(populations.len() > 3 && populations.is_sorted_by(|larger, smaller| larger >= smaller));
    }

    #[test]
    fn broken_files_are_refused() {
        for bytes in [&b""[..], b"RELALEX\x02", b"RELALEX\x02\x08\0\0\0", b"nonsense nonsense nonsense nonsense"] {
            assert!(Lexicon::check(bytes).is_err());
        }
    }
}
