//! Tests of name comparison: labelled pairs of names in, verdicts out.

use super::*;

/// Two names count as one entity from this strength on.
const SURE: f32 = 0.6;

struct Pair {
    entity_type: EntityType,
    first: &'static str,
    second: &'static str,
    /// `=` one entity, `-` not by name alone, `x` must not be merged.
    verdict: &'static str,
}

impl Pair {
    fn keys(&self) -> (NameKey, NameKey) {
        (NameKey::new(self.entity_type, self.first), NameKey::new(self.entity_type, self.second))
    }

    fn is_match(&self) -> bool {
        let (first, second) = self.keys();
        compare(&first, &second).is_some_and(|found| found.strength >= SURE)
    }
}

fn pairs(text: &'static str) -> Vec<Pair> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let [entity_type, first, second, verdict] = line.split(" | ").collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            Pair { entity_type: EntityType::from_name(entity_type).unwrap(), first, second, verdict }
        })
        .collect()
}

/// F1 of a decision over the pairs.
fn f1(pairs: &[Pair], decide: impl Fn(&Pair) -> bool) -> f64 {
    let (mut right, mut decided, mut wanted) = (0, 0, 0);
    for pair in pairs {
        let (is_match, found) = (pair.verdict == "=", decide(pair));
        right += usize::from(is_match && found);
        decided += usize::from(found);
        wanted += usize::from(is_match);
    }
    2.0 * f64::from(u32::try_from(right).unwrap()) / f64::from(u32::try_from(decided + wanted).unwrap())
}

/// The pairs judged wrongly, the F1, and that of Jaro-Winkler at the threshold that is best for these very pairs.
fn judge(pairs: &[Pair]) -> (Vec<String>, f64, f64) {
    let mut wrong = Vec::new();
    for pair in pairs {
        let (first, second) = pair.keys();
        let found = compare(&first, &second);
        let in_conflict = conflict(&first, &second);
        // Order must not matter, and no pair may be both.
        assert_eq!(found, compare(&second, &first), "{} | {}", pair.first, pair.second);
        assert_eq!(in_conflict, conflict(&second, &first), "{} | {}", pair.first, pair.second);
        assert!(!in_conflict || found.is_none(), "{} | {}", pair.first, pair.second);
        let good = match pair.verdict {
            "=" => pair.is_match() && !in_conflict,
            "x" => in_conflict,
            _ => !pair.is_match(),
        };
        if !good {
            let Pair { entity_type, first, second, verdict } = pair;
            wrong.push(format!("{entity_type} | {first} | {second} | {verdict}: {found:?} conflict {in_conflict}"));
        }
    }
    let similarity = |pair: &Pair| strsim::jaro_winkler(&fold(pair.first), &fold(pair.second));
    let jaro_winkler =
        (50..100).map(|percent| f1(pairs, |pair| similarity(pair) * 100.0 >= f64::from(percent))).fold(0.0, f64::max);
    (wrong, f1(pairs, Pair::is_match), jaro_winkler)
}

/// The pairs judged wrongly must be these, each as its line in the file.
fn check_wrong(wrong: &[String], expected: &[&str]) {
    let lines: Vec<&str> = wrong.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(lines, expected, "\n{}", wrong.join("\n"));
}

#[test]
fn pairs_are_judged() {
    let pairs = pairs(include_str!("pairs.txt"));
    assert!(pairs.len() >= 200, "{}", pairs.len());
    let (wrong, ours, jaro_winkler) = judge(&pairs);
    println!("{} pairs: F1 {ours:.3}, Jaro-Winkler {jaro_winkler:.3}\n{}", pairs.len(), wrong.join("\n"));
    // First run of the rules: 0.959, Jaro-Winkler 0.744. The pairs that it got wrong were then mended, but for these.
    // FIXME: these are wrong.
    check_wrong(
        &wrong,
        &["ORGANIZATION | University of Oslo | Oslo University | =", "ORGANIZATION | Congress Party | Congress | ="],
    );
}

#[test]
fn unseen_pairs_are_judged() {
    let pairs = pairs(include_str!("pairs_unseen.txt"));
    let (wrong, ours, jaro_winkler) = judge(&pairs);
    println!("{} unseen pairs: F1 {ours:.3}, Jaro-Winkler {jaro_winkler:.3}\n{}", pairs.len(), wrong.join("\n"));
    // First run: 0.893, Jaro-Winkler 0.690. Plain mistakes were mended since ("Van der Berg", co-operation, storms,
    // a company's branch, Congo), the other pairs were left alone.
    // FIXME: these are wrong.
    check_wrong(
        &wrong,
        &[
            "PERSON | Emmanuel Macron | M Macron | =",
            "PERSON | Khalifa Haftar | Khalifa Hifter | =",
            "PERSON | Fayez al-Sarraj | Fayez Serraj | =",
            "PERSON | Katherine Lindqvist | Kathryn Lindqvist | =",
            "PERSON | Petersen | Pedersen | -",
            "ORGANIZATION | Bayern Munich | Bayern | =",
        ],
    );
}

/// Each of these pairs must be judged rightly.
fn check_pairs(entity_type: EntityType, table: &[(&'static str, &'static str, &'static str)]) {
    let pair = |&(first, second, verdict)| Pair { entity_type, first, second, verdict };
    let pairs: Vec<Pair> = table.iter().map(pair).collect();
    let (wrong, ..) = judge(&pairs);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn monarchs_have_one_name_and_a_number() {
    check_pairs(
        EntityType::Person,
        &[
            ("Tavian II", "Tavian Brandt", "x"),
            ("Tavian II", "Joseph Tavian", "x"),
            ("King Tavian II", "T. Brandt", "x"),
            ("Queen Odelia I", "Odelia Marsh", "x"),
            ("Tavian II", "Tavian V", "x"),
            ("Tavian III", "Tavian", "="),
            ("Tavian III", "King Tavian", "="),
            ("Tavian II", "Tavian the Lame", "="),
            ("Tavian II", "King Tavian of Ostrel", "="),
            ("Sorvad VI", "Sorvad VI Karimel", "="),
            ("Sorvad VI", "Sorvad V Karimel", "x"),
            ("Brandt Jr.", "Ada Brandt", "="),
            // X is a number behind one word.
            ("Leovan X", "Leovan XIII", "x"),
            ("Pope Leovan X", "Leovan Marsh", "x"),
            ("Pope Leovan X", "Leovan X", "="),
            ("Leovan X", "Leovan", "="),
        ],
    );
    // Names that share no word do not speak against each other.
    let key = |name: &str| NameKey::new(EntityType::Person, name);
    assert!(!conflict(&key("Leovan X"), &key("Ada Marsh")));
}

#[test]
fn al_is_a_given_name_or_an_article() {
    check_pairs(
        EntityType::Person,
        &[
            ("Mr Al Kharun", "Nadim Al Kharun", "="),
            ("Ms Al Varri", "Noura Al Varri", "="),
            ("Al Kharun", "Nadim Al Kharun", "="),
            ("Al Kharun", "Nadim El-Kharoun", "="),
            ("Al Kharun", "Mr Al Kharun", "="),
            // No given name that would make her a man.
            ("Al Varri", "Ms Al Varri", "="),
            ("Mr Al Varri", "Ms Al Varri", "x"),
            ("Al Kharun", "Nadim Kharun", "x"),
            ("Al Kharun", "Jamal Kharun", "x"),
            ("Al Brandt", "Albert Brandt", "="),
            ("Al Brandt", "Kristin Brandt", "x"),
            ("Sir Al Brandt", "Kristin Brandt", "x"),
        ],
    );
}

#[test]
fn ben_is_a_given_name_or_a_particle() {
    check_pairs(
        EntityType::Person,
        &[
            ("Mr Ben Kharun", "Nadim Ben Kharun", "="),
            ("Ms Ben Kharun", "Noura Ben Kharun", "="),
            ("Ben Kharun", "Nadim Ben Kharun", "="),
            ("Ben Kharun", "Nadim Ben-Kharun", "="),
            ("Mr Ben Kharun", "Ben Kharun", "="),
            ("Ms Ben Kharun", "Ben Kharun", "="),
            ("Mr Ben Kharun", "Ms Ben Kharun", "x"),
            ("Mr Ben Brandt", "Benjamin Brandt", "="),
            ("Dr Ben Brandt", "Kristin Brandt", "-"),
            ("Ben Brandt", "Kristin Brandt", "x"),
            ("Ben Brandt", "Ben Tessary", "x"),
        ],
    );
}

#[test]
fn family_names_may_look_like_particles() {
    check_pairs(
        EntityType::Person,
        &[
            ("Du Shuan", "Zhou Shuan", "x"),
            ("Di Shuan", "Peng Shuan", "x"),
            ("Van Quynh", "Tavi Quynh", "x"),
            ("Du Shuan", "Mr Du", "="),
            ("Du Shuan", "Shuan Du", "="),
            ("Chairman Du Shuan", "Du Shuan", "="),
            ("Chairman Du Shuan", "Zhou Shuan", "-"),
            // They may be particles all the same.
            ("Van Tessary", "Noura Van Tessary", "="),
            ("Van Tessary", "Noura van Tessary Jr.", "="),
            ("Van Tessary", "van Tessary", "="),
            ("Van Tessary", "Mr Van Tessary", "="),
            ("Van Tessary", "Ms van Tessary", "="),
            ("Van Tessary", "Jonas Tessary", "x"),
            ("Mr Van Tessary", "Jonas Tessary", "-"),
            ("Kim Van den Tessary", "Van den Tessary", "="),
            ("Le Tessar", "Odile Le Tessar", "="),
            ("Le Tessar", "Odile Tessar", "x"),
            // No spelling of another name.
            ("Van Tessary", "Fan", "-"),
            // Men and women of Vietnam.
            ("Nguyen Van Hoc", "Nguyen Thi Hoc", "x"),
            ("Nguyen Van Hoc", "Nguyen Duc Hoc", "x"),
            ("Do Van Hoc", "Do Thi Hoc", "x"),
            ("Mai Van Hoc", "Mai Thi Hoc", "x"),
            ("Nguyen Van Hoc", "Nguyen Hoc", "="),
            ("Nguyen Van Hoc", "Nguyen V. Hoc", "="),
            ("Nguyen Van Hoc", "Van Hoc", "="),
            ("Nguyen Van Hoc", "Hoc", "="),
        ],
    );
    // Names that share no word but "Van" do not speak against each other.
    let key = |name: &str| NameKey::new(EntityType::Person, name);
    assert!(!conflict(&key("Tran Van Hoc"), &key("Nguyen Van Tien")));
    assert!(!conflict(&key("Van Tessary"), &key("Van Brandt")));
}

#[test]
fn given_names_of_the_east_are_not_spellings_of_each_other() {
    check_pairs(
        EntityType::Person,
        &[
            ("Zhao Ming", "Zhao Meng", "x"),
            ("Ming Zhao", "Meng Zhao", "x"),
            ("Zhao Ming", "Meng Zhao", "x"),
            ("Wang Cheng", "Wang Ching", "x"),
            ("Li Bing", "Li Ping", "x"),
            ("Nguyen Van Hong", "Nguyen Van Hung", "x"),
            ("Le Thanh Phong", "Le Thanh Phuong", "x"),
            ("Lee Jong-ho", "Lee Jung-ho", "x"),
            ("Kim Song-nam", "Kim Sung-nam", "x"),
            ("Kim Young-ho", "Kim Yong-ho", "x"),
            ("Zhao Ming", "Meng", "-"),
            ("Lee Jong-ho", "Lee Jong Ho", "="),
            ("Lee Jong-ho", "Jong-ho Lee", "="),
            ("Viktor Kim", "Victor Kim", "="),
            // Another spelling of the family name too.
            ("Zhang Tsewen", "Chang Tsewen", "="),
        ],
    );
}

#[test]
fn names_made_of_the_fathers() {
    check_pairs(
        EntityType::Person,
        &[
            ("Ylva Tavrisdóttir", "Ylva Tavrasdóttir", "x"),
            ("Ylva Tavrisson", "Ylva Tavrasson", "x"),
            ("Ylva Tavrisson", "Ylva Tavrison", "="),
            ("Pavel Alekseevich Tessarov", "Pavel Alexeyevich Tessarov", "="),
            // A chain of fathers' names.
            ("Tavian Ahmed", "Tavian Ahmed Ali", "="),
            ("Tavian Hassan", "Tavian Hassan Mohamed Farah", "="),
            ("Tavian Luther", "Tavian Luther King", "-"),
            ("Tavian Ali", "Tavian Ali Tessary", "-"),
        ],
    );
}

#[test]
fn names_turned_round() {
    check_pairs(
        EntityType::Person,
        &[
            ("Oskar Martin", "Martin Oskar", "x"),
            ("Oskar Tessary", "Tessary Oskar", "="),
            // As in registers.
            ("TESSAROV Pavel Petrovich", "Pavel Tessarov", "="),
            ("Tessarov Pavel Petrovich", "Pavel Tessarov", "="),
            ("TESSAROV Pavel Petrovich", "P. Tessarov", "="),
            ("TESSAROV Pavel Petrovich", "Pavel Petrovich Tessarov", "="),
            ("TESSAROVA Anna Petrovna", "Anna Tessarova", "="),
            ("TESSARY Jean Pierre", "Jean Tessary", "="),
            ("Tessarov Emin Anar oglu", "Emin Tessarov", "="),
            ("TESSAROV Pavel Petrovich", "Ivan Tessarov", "x"),
            ("Tessary Jean Pierre", "Jean Tessary", "x"),
            ("Oskar Pavel Tessarovich", "Pavel Oskar", "x"),
        ],
    );
    let blocks = |name: &str| NameKey::new(EntityType::Person, name).blocks();
    let (register, article) = (blocks("TESSAROV Pavel Petrovich"), blocks("Pavel Tessarov"));
    assert!(register.iter().any(|block| article.contains(block)), "{register:?} {article:?}");
}

#[test]
fn father_and_son_are_told_apart() {
    check_pairs(
        EntityType::Person,
        &[
            ("Marten Tessary the Elder", "Marten Tessary the Younger", "x"),
            ("Marten Tessary the elder", "Marten Tessary the younger", "x"),
            ("Marten Tessary senior", "Marten Tessary junior", "x"),
            ("Marten Tessary Senior", "Marten Tessary the Younger", "x"),
            ("Marten Tessary the Elder", "Marten Tessary Sr.", "="),
            ("Marten Tessary the Elder", "M. Tessary the Elder", "="),
            ("Marten Tessary the Elder", "Tessary the Elder", "="),
            ("Marten Tessary the Elder", "Tessary", "="),
            ("Marten Tessary the Elder", "Marten Tessary", "-"),
            ("Marten Tessary the Elder", "Tessary the Younger", "x"),
            ("Tavian the Elder", "Tavian the Younger", "x"),
            ("Tavian the Elder", "Tavian", "="),
            // Family names.
            ("Marten Elder", "Marten Younger", "x"),
            ("Marten Elder", "Mr Elder", "="),
            ("Ada Younger", "Younger", "="),
            ("Ada Younger", "Ada", "="),
        ],
    );
    // A full name without it joins nothing across documents.
    let reason = |first: &str, second: &str| {
        compare(&NameKey::new(EntityType::Person, first), &NameKey::new(EntityType::Person, second))
            .map(|found| found.reason)
    };
    assert_eq!(reason("Marten Tessary the Elder", "Marten Tessary"), Some(LinkReason::PartOfName));
    assert_eq!(reason("Marten Tessary Jr.", "Marten Tessary"), Some(LinkReason::SameName));
}

#[test]
fn letters_of_degrees_may_be_a_family_name() {
    check_pairs(
        EntityType::Person,
        &[("Tavi KC", "Tavi Tessary", "x"), ("Tavi KC", "Mr KC", "="), ("Tavi Tessary KC", "Tavi Tessary", "=")],
    );
}

#[test]
fn nicknames_are_of_one_name() {
    check_pairs(
        EntityType::Person,
        &[
            ("Robert Tessary", "Bill Tessary", "x"),
            ("Robert Tessary", "Billy Tessary", "x"),
            ("Robert Tessary", "Bob Tessary", "="),
            ("William Tessary", "Bill Tessary", "="),
        ],
    );
}

#[test]
fn ministries_go_by_several_names() {
    check_pairs(
        EntityType::Organization,
        &[
            ("foreign ministry", "Ministry of Foreign Affairs", "="),
            ("foreign ministry", "Ministry of External Affairs", "="),
            ("Peruvian Foreign Ministry", "Ministry of Foreign Relations of Peru", "="),
            ("Ukraine's interior ministry", "Ministry of Internal Affairs of Ukraine", "="),
            ("Defense Ministry", "Ministry of Defence", "="),
            ("Foreign Minister's Office", "Office of the Minister of Foreign Affairs", "="),
            ("Ministry of Foreign Affairs", "Ministry of Internal Affairs", "x"),
            ("foreign ministry", "Ministry of Foreign Trade", "x"),
            ("Iranian Foreign Ministry", "Foreign Ministry", "="),
            // Other bodies do not.
            ("Foreign Council", "Council on Foreign Relations", "-"),
            ("Interior Bureau", "Bureau of Internal Affairs", "-"),
        ],
    );
}

#[test]
fn well_known_bodies_go_by_their_letters() {
    check_pairs(
        EntityType::Organization,
        &[
            ("ASEAN", "Association of Southeast Asian Nations", "="),
            ("Asean", "the Association of South-East Asian Nations", "="),
            ("IGAD", "Intergovernmental Authority on Development", "="),
            ("OSCE", "Organisation for Security and Cooperation in Europe", "="),
            ("OSCE", "Organization for Security and Co-operation", "="),
        ],
    );
}

#[test]
fn words_of_the_language_are_no_legal_forms() {
    check_pairs(
        EntityType::Organization,
        &[
            ("Ministry of Cooperation", "Ministry of Charity", "x"),
            ("Tessary Pilots", "Tessary Pilots National Association", "="),
            ("Tessary Growers", "Tessary Growers Cooperative", "="),
            ("Tessary Enterprise", "Tessary State Enterprise", "="),
            ("Radio Tessary", "Radio Tessary II", "="),
        ],
    );
    let reason = |first: &str, second: &str| {
        let key = |name: &str| NameKey::new(EntityType::Organization, name);
        compare(&key(first), &key(second)).map(|found| found.reason)
    };
    assert_eq!(reason("Tessary Growers", "Tessary Growers Cooperative"), Some(LinkReason::PartOfName));
    assert_eq!(reason("Radio Tessary", "Radio Tessary II"), Some(LinkReason::PartOfName));
}

#[test]
fn names_that_say_but_the_kind_of_body() {
    let check = |names: &[&str], expected: bool| {
        for name in names {
            assert_eq!(NameKey::new(EntityType::Organization, name).is_generic(), expected, "{name}");
        }
    };
    let numbered = ["Second Brigade", "Third Army", "Fifth Chamber", "Second Court", "118th Congress"];
    check(&numbered, true);
    check(&["Supreme Court", "the police", "Ministry of External Affairs", "Union Bank", "City University"], true);
    check(&["Union Bank Ltd", "Public Bank Berhad", "Fifth Third Bank", "Bank One", "Tessary Court", "UN"], false);
}

#[test]
fn companies_have_one_legal_form() {
    check_pairs(
        EntityType::Organization,
        &[
            ("Arvanta SA", "Arvanta SpA", "x"),
            ("Portel GmbH", "Portel Ltd", "x"),
            ("Portell GmbH", "Portel Ltd", "x"),
            ("Kestrel plc", "Kestrel Ltd", "x"),
            ("Kestrel Inc.", "Kestrel plc", "x"),
            ("Kestrel Marine Ltd", "KestrelMarine plc", "x"),
            // Other spellings.
            ("Kestrel Ltd", "Kestrel Limited", "="),
            ("Kestrel plc", "Kestrel P.L.C.", "="),
            ("Kestrel Inc.", "Kestrel Incorporated", "="),
            ("Kestrel Corp", "Kestrel Corporation", "="),
            ("Kestrel Co.", "Kestrel Company", "="),
            ("Kestrel LLC", "Kestrel L.L.C.", "="),
            ("Arvanta S.A.", "Arvanta SA", "="),
            ("Portel GmbH & Co. KG", "Portel GmbH und Co KG", "="),
            // Mixed up, translated, or said in short.
            ("Kestrel Inc.", "Kestrel Corp.", "="),
            ("Kestrel Corporation", "Kestrel Incorporated", "="),
            ("Kestrel Inc.", "Kestrel Company", "="),
            ("Kestrel Co., Ltd.", "Kestrel Ltd", "="),
            ("Kestrel Co., Ltd.", "Kestrel Inc", "="),
            ("Arvanta AB", "Arvanta AB (publ)", "="),
            ("Arvanta SA", "Arvanta NV", "="),
            ("Arvanta AG", "Arvanta Ltd", "="),
            ("OOO Zurova", "Zurova LLC", "="),
            ("Zurova JSC", "Zurova AG", "="),
            // No form, no difference.
            ("Kestrel", "Kestrel plc", "="),
            ("Kestrel", "Kestrel Ltd", "="),
        ],
    );
}

#[test]
fn private_companies_have_many_spellings() {
    check_pairs(
        EntityType::Organization,
        &[
            ("Kestrel Pvt Ltd", "Kestrel Private Limited", "="),
            ("Kestrel Pvt. Ltd.", "Kestrel Private Ltd", "="),
            ("Kestrel (P) Ltd", "Kestrel Private Limited", "="),
            ("Kestrel Pte Ltd", "Kestrel Private Limited", "="),
            ("Kestrel Pvt Ltd", "Kestrel Ltd", "="),
            ("Kestrel Pvt Ltd", "Kestrel", "="),
            ("Kestrel Public Company Limited", "Kestrel PCL", "="),
            ("Kestrel PCL", "Kestrel plc", "="),
            ("Arvanta, S.A.B. de C.V.", "Arvanta SAB de CV", "="),
            ("Arvanta, S.A. de C.V.", "Arvanta SA de CV", "="),
            ("Arvanta Kabushiki Kaisha", "Arvanta K.K.", "="),
            ("Arvanta K.K.", "Arvanta", "="),
            // Other companies all the same.
            ("Kestrel Pvt Ltd", "Kestrel LLP", "x"),
            ("Kestrel Pvt Ltd", "Kestrel plc", "x"),
            ("Kestrel Pvt Ltd", "Kestrel Pte Ltd", "x"),
            ("Kestrel PCL", "Kestrel Ltd", "x"),
            ("Arvanta SAB de CV", "Arvanta SpA", "x"),
            // No forms.
            ("Kestrel Private", "Kestrel Public", "x"),
        ],
    );
}

#[test]
fn organs_are_not_their_bodies() {
    check_pairs(
        EntityType::Organization,
        &[
            ("FIFA", "FIFA Council", "x"),
            ("UN", "UN Security Council", "x"),
            ("U.N.", "the U.N. Security Council", "x"),
            ("United Nations", "United Nations General Assembly", "x"),
            ("UN", "UN Mission in Mali", "x"),
            ("NATO", "NATO Military Committee", "x"),
            ("AU", "AU Peace and Security Council", "x"),
            ("African Union", "African Union Commission", "x"),
            ("ECOWAS", "ECOWAS Commission", "x"),
            ("ECOWAS", "ECOWAS Court of Justice", "x"),
            ("ANC", "ANC Youth League", "x"),
            ("ANC", "ANC Women's League", "x"),
            ("African National Congress", "African National Congress Youth League", "x"),
            ("SADC", "SADC Tribunal", "x"),
            ("ICC", "ICC Appeals Chamber", "x"),
            ("International Criminal Court", "International Criminal Court Appeals Chamber", "x"),
            ("Hezbollah", "Hezbollah Political Bureau", "x"),
            ("Tessaro", "Tessaro Central Committee", "x"),
            ("Tessaro", "Tessaro General Assembly", "x"),
            ("Tessaro", "Tessaro Secretariat", "x"),
            ("Oakhaven", "Oakhaven Borough Council", "x"),
            // What only says again what it is, and what is more than an organ.
            ("ICC", "ICC court", "="),
            ("BBC", "BBC Corporation", "="),
            ("Tessaro", "Tessaro Company", "="),
            ("Tessaro", "Tessaro Group", "="),
            ("Tessaro", "Tessaro party", "="),
            ("Tessaro", "Tessaro News Agency", "="),
            ("Tessaro", "Tessaro Assembly", "="),
            ("Tessaro", "Tessaro Board Games", "="),
            ("Presidium", "Presidium of the Oakhaven Parliament", "="),
            ("Red Cross", "International Committee of the Red Cross", "="),
            ("UN Security Council", "the UN Security Council", "="),
            ("NCFT", "Nordic Council for Fisheries and Trade", "="),
            ("commission", "European Commission", "="),
            ("Foreign Affairs Committee", "Senate Foreign Affairs Committee", "-"),
            ("Supreme Court", "Supreme Court Chamber", "-"),
        ],
    );
}

#[test]
fn a_doubled_y_is_a_spelling() {
    check_pairs(
        EntityType::Organization,
        &[
            ("Tessar-e-Taiba", "Tessar-e-Tayyaba", "="),
            ("Tessar-e-Taiba", "Tessar-e-Tayyiba", "="),
            ("Tessar-e-Toiba", "Tessar-e-Tayyaba", "="),
            ("Tessar-e-Taiba", "Tessar-e-Tariba", "x"),
            ("Tessar Bayan", "Tessar Bain", "x"),
            ("Tessar Sayyad", "Tessar Said", "x"),
        ],
    );
}

#[test]
fn daughters_in_a_country_are_not_their_mothers() {
    check_pairs(
        EntityType::Organization,
        &[
            ("Kestrel plc", "Kestrel Ghana Ltd", "x"),
            ("Kestrel Ltd", "Kestrel (UK) Ltd", "x"),
            ("Portel SA", "Portel Angola SA", "x"),
            ("Tessaly Corporation", "Tessaly Brasil Ltda", "x"),
            ("Sable Holdings Inc", "Sable Holdings (Cayman) Ltd", "x"),
            ("Zurova Bank AD", "Zurova Bank Serbia a.d.", "x"),
            ("Zurova a.d.", "Zurova Serbia a.d.", "x"),
            // No company.
            ("Agency for Cooperation", "Swedish Agency for Cooperation", "="),
            // Both may be said in short.
            ("Kestrel", "Kestrel Ghana Ltd", "="),
            ("Kestrel Ghana", "Kestrel Ghana Ltd", "="),
        ],
    );
}

#[test]
fn reasons() {
    let check = |entity_type, first: &str, second: &str, reason| {
        let found = compare(&NameKey::new(entity_type, first), &NameKey::new(entity_type, second));
        assert_eq!(found.map(|found| found.reason), Some(reason), "{first} | {second}");
    };
    check(EntityType::Person, "Maria Keller", "MARIA KELLER’S", LinkReason::SameName);
    check(EntityType::Person, "Maria Keller", "Keller", LinkReason::PartOfName);
    check(EntityType::Person, "J. R. Smith", "John Smith", LinkReason::PartOfName);
    check(EntityType::Person, "Moammar Gadhafi", "Muammar Gaddafi", LinkReason::SpellingVariant);
    check(EntityType::Person, "Bill Keller", "William Keller", LinkReason::KnownAlias);
    check(EntityType::Organization, "World Food Programme", "WFP", LinkReason::Acronym);
    check(EntityType::Organization, "Nordbank AS", "Nordbank", LinkReason::LegalForm);
    check(EntityType::Organization, "the Nordbank", "Nordbank's", LinkReason::SameName);
    check(EntityType::Place, "US", "America", LinkReason::KnownAlias);
    check(EntityType::Group, "Danes", "Danish", LinkReason::KnownAlias);
}

#[test]
fn person_names_have_parts() {
    let parts = |name: &str| {
        let name = person_parts(name);
        let or_dash = |part: Option<String>| part.unwrap_or_else(|| "-".to_owned());
        format!(
            "{}/{}/{}/{}/{}/{}",
            name.titles.join(" "),
            or_dash(name.given),
            name.middle.join(" "),
            name.particles.join(" "),
            or_dash(name.surname),
            or_dash(name.suffix)
        )
    };
    for (name, expected) in [
        ("Maria Keller", "/maria///keller/-"),
        ("Keller", "/-///keller/-"),
        ("Mrs Maria J. Keller-Brandt", "mrs/maria/j//kellerbrandt/-"),
        ("Martin Luther King, Jr.", "/martin/luther//king/jr"),
        ("Marten Tessary the Elder", "/marten///tessary/sr"),
        ("Sir Marten Tessary the younger", "sir/marten///tessary/jr"),
        ("Tavian the Elder", "/-///tavian/sr"),
        ("Marten Elder", "/marten///elder/-"),
        ("Ludwig van Beethoven", "/ludwig//van/beethoven/-"),
        ("Bashar al-Assad", "/bashar//al/assad/-"),
        ("Mohammed bin Salman", "/mohammed//bin/salman/-"),
        ("J.R. Smith", "/j/r//smith/-"),
        ("Pope Francis", "pope/-///francis/-"),
        ("Pope Leovan X", "pope/-///leovan/x"),
        ("Ada Quill X", "/ada/quill//x/-"),
        ("Leovan X Brandt", "/leovan/x//brandt/-"),
        ("Mr Al Kharun", "mr/-//al/kharun/-"),
        ("Senator Al Brandt", "senator/al///brandt/-"),
        ("Sir Al Brandt", "sir/al///brandt/-"),
        ("Al Brandt", "/al///brandt/-"),
        ("Mr Ben Kharun", "mr/-//ben/kharun/-"),
        ("Ben Kharun", "/ben///kharun/-"),
        ("Van Tessary", "/van///tessary/-"),
        ("President Van Tessary", "president/-//van/tessary/-"),
        ("Nguyen Van Hoc", "/nguyen/van//hoc/-"),
        ("Kim van Tessary", "/kim//van/tessary/-"),
        ("Lt. Col. Jon Aas", "lt col/jon///aas/-"),
        ("", "/-////-/-"),
        ("...", "/-////-/-"),
    ] {
        assert_eq!(parts(name), expected.replace("////-/-", "///-/-"), "{name}");
    }
    assert!(person_parts("Xi Jinping").family_first && !person_parts("Maria Keller").family_first);
}

#[test]
fn names_are_shown_on_one_line() {
    for (text, expected) in [
        (" Maria\n  Keller ", "Maria Keller"),
        ("Pavel\n>> Doležal", "Pavel Doležal"),
        ("A\u{0}B", "A B"),
        ("\n>", ""),
        ("Nord\u{ad}bank", "Nordbank"),
        ("Nord\u{200b}bank \u{200b} AG", "Nordbank AG"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
    ] {
        assert_eq!(tidy(text), expected, "{text:?}");
    }
}

#[test]
fn countries_behind_metonyms() {
    assert_eq!(metonym_country("the Kremlin"), Some("ru"));
    assert_eq!(metonym_country("Washington"), Some("us"));
    assert_eq!(metonym_country("Munich"), None);
}

#[test]
fn odd_text_does_no_harm() {
    let odd = [
        "",
        " ",
        "'",
        "’s",
        "\"\"",
        "\" \" x",
        ",",
        "a,",
        "()",
        "-",
        "al-",
        "the",
        "U.",
        "&",
        "ß",
        "İ",
        "日本",
        "a\u{301}",
        "1",
        "99999999999999999999",
        "II",
        "van der",
        "Mr",
        "Jr.",
        "«»",
        "a “",
        "🦀 🦀",
    ];
    for entity_type in EntityType::ALL {
        for first in odd {
            for second in odd {
                let (a, b) = (NameKey::new(entity_type, first), NameKey::new(entity_type, second));
                assert_eq!(compare(&a, &b), compare(&b, &a), "{first:?} {second:?}");
                let _ = conflict(&a, &b);
            }
        }
    }
}
