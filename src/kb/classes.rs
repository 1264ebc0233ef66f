//! Which classes of Wikidata are people, organizations and places.
//!
//! A short list of the classes that most items name directly. Subclasses are not followed: the tree of Wikidata has
//! loops and surprises (a city is, over some steps, an agent), and to follow it takes a pass over the dump of its own.

/// Bits of [`class_types`] and of records.
pub(super) const PERSON: u8 = 1;
pub(super) const ORGANIZATION: u8 = 2;
pub(super) const PLACE: u8 = 4;

/// What the instances of a class (`31` for "Q31") are, as bits; 0 for a class that is not in the lists.
pub(super) fn class_types(class: u32) -> u8 {
    let is_in = |list: &[u32]| list.binary_search(&class).is_ok();
    if class == 5 {
        PERSON
    } else if is_in(&ORGANIZATIONS) {
        ORGANIZATION
    } else if is_in(&PLACES) {
        PLACE
    } else {
        0
    }
}

#[rustfmt::skip]
const ORGANIZATIONS: [u32; 99] = [
    3914, // school
    3918, // university
    4508, // navy
    7278, // political party
    9826, // high school
    11032, // newspaper
    11204, // legislature
    11223, // air force
    14350, // radio station
    18127, // record label
    22687, // bank
    31855, // research institute
    35535, // police
    35749, // parliament
    37726, // army
    38723, // higher education institution
    41487, // court
    43229, // organization
    46970, // airline
    47913, // intelligence agency
    48204, // voluntary association
    49773, // social movement
    66344, // central bank
    79913, // non-governmental organization
    155271, // think tank
    157031, // foundation
    161726, // multinational corporation
    163740, // nonprofit organization
    167037, // corporation
    176799, // military unit
    178706, // institution
    178790, // trade union
    189004, // college
    190752, // supreme court
    192283, // news agency
    192350, // ministry
    207320, // paramilitary
    210167, // video game developer
    215380, // musical group
    219577, // holding company
    245065, // intergovernmental organization
    249556, // railway company
    270791, // state-owned enterprise
    327333, // government agency
    375336, // film studio
    375928, // lower house
    476028, // association football club
    484652, // international organization
    507619, // retail chain
    623109, // sports league
    637846, // upper house
    650241, // financial institution
    658255, // subsidiary
    708676, // charitable organization
    732717, // law enforcement agency
    740752, // transport company
    772547, // armed forces
    783794, // company
    786820, // automobile manufacturer
    847017, // sports club
    875538, // public university
    891723, // public company
    902104, // private university
    910252, // United States federal executive department
    1058914, // software company
    1110794, // daily newspaper
    1137109, // video game publisher
    1156831, // umbrella organization
    1194951, // national sports team
    1331793, // media company
    1530022, // religious organization
    1589009, // privately held company
    1616075, // television station
    1762059, // film production company
    2001305, // television channel
    2085381, // publisher
    2485448, // sports governing body
    2659904, // government organization
    4438121, // sports organization
    4498974, // ice hockey team
    4830453, // business
    5741069, // rock band
    6881511, // enterprise
    6979593, // national association football team
    7210356, // political organization
    12973014, // sports team
    13393265, // basketball team
    15265344, // broadcaster
    15911314, // association
    15936437, // research university
    15944511, // association football team
    17127659, // terrorist organization
    17149090, // armed organization
    17156793, // American football team
    17505024, // space agency
    18043413, // supermarket chain
    18388277, // technology company
    20857065, // United States federal agency
    62078547, // public research university
];

#[rustfmt::skip]
const PLACES: [u32; 133] = [
    165, // sea
    515, // city
    532, // village
    3957, // town
    4022, // river
    4421, // forest
    5084, // hamlet
    5107, // continent
    5119, // capital
    6256, // country
    6465, // department of France
    7275, // state
    8072, // volcano
    8502, // mountain
    8514, // desert
    9430, // ocean
    10742, // autonomous community of Spain
    11303, // skyscraper
    12280, // bridge
    12284, // canal
    12323, // dam
    12518, // tower
    15089, // province of Italy
    15284, // municipality
    16110, // region of Italy
    16560, // palace
    16917, // hospital
    16970, // church building
    22698, // park
    22865, // independent city of Germany
    23058, // canton of Switzerland
    23397, // lake
    23413, // castle
    23442, // island
    24698, // province of the Philippines
    24764, // municipality of the Philippines
    28575, // county
    32815, // mosque
    33506, // museum
    33837, // archipelago
    34038, // waterfall
    34763, // peninsula
    34876, // province
    35509, // cave
    35657, // U.S. state
    35666, // glacier
    36784, // region of France
    37901, // strait
    39594, // bay
    39816, // valley
    40080, // beach
    41162, // republic of Russia
    41176, // building
    44782, // port
    45776, // fjord
    46169, // national park
    46831, // mountain range
    47168, // county of the United States
    47521, // stream
    50337, // prefecture of Japan
    54050, // hill
    55488, // railway station
    56061, // administrative territorial entity
    57821, // fortification
    62049, // county seat
    62447, // aerodrome
    70208, // municipality of Switzerland
    75520, // plateau
    79007, // street
    82794, // region
    107390, // federated state
    112099, // island country
    123480, // landlocked country
    123705, // neighborhood
    127448, // municipality of Sweden
    131681, // reservoir
    133056, // mountain pass
    134447, // nuclear power plant
    149621, // district
    150784, // canyon
    159719, // power station
    160091, // plain
    174782, // square
    174844, // megacity
    180673, // ceremonial county of England
    185113, // cape
    200250, // metropolis
    207326, // summit
    208511, // global city
    211690, // London borough
    245016, // military base
    253019, // Ortsteil
    262166, // municipality of Germany
    408804, // borough of New York City
    483110, // stadium
    484170, // commune of France
    486972, // human settlement
    493522, // municipality of Belgium
    494721, // city of Japan
    498162, // census-designated place
    570116, // tourist attraction
    644371, // international airport
    667509, // municipality of Austria
    747074, // comune of Italy
    748149, // prefecture-level city
    755707, // municipality of Norway
    835714, // oblast of Russia
    839954, // archaeological site
    1093829, // city in the United States
    1115575, // civil parish
    1149652, // district of India
    1221156, // federated state of Germany
    1248784, // airport
    1322134, // gulf
    1549591, // big city
    1637706, // city of a million
    1907114, // metropolitan area
    2039348, // municipality of the Netherlands
    2074737, // municipality of Spain
    2198484, // municipal district
    2755753, // area of London
    3024240, // historical country
    3184121, // municipality of Brazil
    3624078, // sovereign state
    5852411, // state of Australia
    7930989, // city or town
    10864048, // first-level administrative division
    11828004, // province of Canada
    12443800, // state of India
    13218391, // charter city
    17343829, // unincorporated community
    42744322, // urban municipality in Germany
    51929311, // largest city
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_apart() {
        assert!(ORGANIZATIONS.is_sorted() && PLACES.is_sorted());
        assert!(ORGANIZATIONS.iter().all(|class| PLACES.binary_search(class).is_err()));
    }

    #[test]
    fn types_of_classes() {
        for (class, types) in [(5, PERSON), (4_830_453, ORGANIZATION), (515, PLACE), (4022, PLACE), (16_521, 0)] {
            assert_eq!(class_types(class), types, "Q{class}");
        }
    }
}
