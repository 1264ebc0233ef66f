//! Tests of the rules: text with marked mentions in, groups of mentions out.

mod people;

use super::*;
use crate::{document::Mention, span::ByteSpan};

/// A document from `[PERSON Maria Keller] said [PERSON:p she]`; kinds are `n` for nominals and `p` for pronouns.
fn marked(text: &str) -> Document {
    let mut doc = Document::new("d", "");
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let close = rest.find(']').unwrap();
        doc.text.push_str(&rest[..open]);
        let (label, words) = rest[open + 1..close].split_once(' ').unwrap();
        let (label, kind) = match label.split_once(':') {
            Some((label, "n")) => (label, MentionKind::Nominal),
            Some((label, _)) => (label, MentionKind::Pronoun),
            None => (label, MentionKind::Name),
        };
        let start = doc.text.len();
        doc.text.push_str(words);
        doc.mentions.push(Mention {
            span: ByteSpan::new(start, doc.text.len()),
            entity_type: EntityType::from_name(label).unwrap(),
            kind,
            score: 1.0,
            entity: None,
            norm: None,
            link: None,
        });
        rest = &rest[close + 1..];
    }
    doc.text.push_str(rest);
    doc
}

/// Groups as `Maria Keller = Keller | Nordbank`, in order of first mention.
fn groups(doc: &Document) -> String {
    let group = |entity: &Entity| {
        let words: Vec<_> = entity.mentions.iter().map(|id| doc.slice(doc.mentions[id.0 as usize].span)).collect();
        words.join(" = ")
    };
    doc.entities.iter().map(group).collect::<Vec<_>>().join(" | ")
}

fn check(text: &str, expected: &str) {
    let mut doc = marked(text);
    resolve(&mut doc, &NoScorer);
    assert_eq!(groups(&doc), expected, "{text}");
    for (index, mention) in doc.mentions.iter().enumerate() {
        let entity = &doc.entities[mention.entity.unwrap().0 as usize];
        assert!(entity.mentions.contains(&MentionId(index as u32)));
    }
}

#[test]
fn short_forms_in_brackets_join() {
    check(
        "The [ORGANIZATION Lualaba Liberation Front] ([ORGANIZATION FLL]) and [ORGANIZATION FLL] men",
        "Lualaba Liberation Front = FLL = FLL",
    );
    check("[ORGANIZATION FLL] ([ORGANIZATION Lualaba Liberation Front])", "FLL = Lualaba Liberation Front");
    check(
        "[ORGANIZATION Ministry of the Army] ([ORGANIZATION MoD], [PLACE Rome])",
        "Ministry of the Army = MoD | Rome",
    );
    // Not brackets, not short, not of one type, not one thing.
    check("[ORGANIZATION Harbour Union], [ORGANIZATION FLL]", "Harbour Union | FLL");
    check("[ORGANIZATION Harbour Union] ([ORGANIZATION Quillon])", "Harbour Union | Quillon");
    check("[PERSON Maria Keller] ([ORGANIZATION FLL])", "Maria Keller | FLL");
    check("[PLACE Port Marlow] ([PLACE QLD])", "Port Marlow | QLD");
    check("[ORGANIZATION Harbour Union] ([ORGANIZATION FLL] said)", "Harbour Union | FLL");
}

#[test]
fn names_join_by_rule() {
    check("[PERSON Maria Keller] left. [PERSON Keller] was 40.", "Maria Keller = Keller");
    check("[ORGANIZATION World Harvest Programme] ([ORGANIZATION WHP])", "World Harvest Programme = WHP");
    check("[ORGANIZATION Nordbank AS] and [ORGANIZATION Nordbank]", "Nordbank AS = Nordbank");
    check("[PLACE United States], [PLACE U.S.] and [PLACE America]", "United States = U.S. = America");
    check("[TITLE president], [TITLE President]", "president = President");
}

#[test]
fn names_that_contradict_stay_apart() {
    check("[PERSON Maria Keller] and [PERSON Anna Keller]", "Maria Keller | Anna Keller");
    check(
        "[ORGANIZATION Bank of Ruritania] and [ORGANIZATION Bank of Syldavia]",
        "Bank of Ruritania | Bank of Syldavia",
    );
    check("[PLACE North Korea] and [PLACE South Korea]", "North Korea | South Korea");
    check("[PLACE Georgia] and [ORGANIZATION Georgia]", "Georgia | Georgia");
}

#[test]
fn a_surname_of_two_goes_to_the_one_named_last() {
    check(
        "[PERSON Maria Keller] met [PERSON Jonas Keller]. [PERSON Keller] paid.",
        "Maria Keller | Jonas Keller = Keller",
    );
    check(
        "[PERSON Maria Keller] came. [PERSON Keller] sat. [PERSON Jonas Keller] came. [PERSON Keller] sat.",
        "Maria Keller = Keller | Jonas Keller = Keller",
    );
}

#[test]
fn words_of_address_tell_namesakes_apart() {
    let two = "[PERSON Jon Dahl] and [PERSON Maria Dahl] sang.";
    for mark in ["\"", "“", "—", "("] {
        check(&format!("{two} {mark}Mr [PERSON Dahl] left."), "Jon Dahl = Dahl | Maria Dahl");
    }
    check(
        "Mr. [PERSON Keller] met [PERSON Bo Lind]. Mrs. [PERSON Keller] stayed. Mr [PERSON Keller] sang.",
        "Keller = Keller | Bo Lind | Keller",
    );
    check(
        "[PERSON Jon Keller] and his wife, [PERSON Ada Keller]. Mr. [PERSON Keller] and Mrs. [PERSON Keller].",
        "Jon Keller = Keller | Ada Keller = Keller",
    );
    check("Lady [PERSON Keller], the wife of Sir [PERSON Ronald Keller]", "Keller | Ronald Keller");
    check(
        "[PERSON Maria Keller] came. Mrs [PERSON Keller] sat. [PERSON Keller] sang.",
        "Maria Keller = Keller = Keller",
    );
    // No words of address: a sheikh here, a given name there.
    check("Sheikh [PERSON Hasina] and [PERSON Hasina]", "Hasina = Hasina");
}

#[test]
fn titles_and_possessors_tell_namesakes_apart() {
    check(
        "[TITLE Senator] [PERSON Ana Roth] and [TITLE Judge] [PERSON Bo Roth]. [TITLE Senator] [PERSON Roth] left.",
        "Senator = Senator | Ana Roth = Roth | Judge | Bo Roth",
    );
    check(
        "[PERSON Said Abdalla Juma] lost. [PERSON Omar Juma], [PERSON Juma]'s manager, left.",
        "Said Abdalla Juma = Juma | Omar Juma",
    );
}

#[test]
fn pronouns_that_follow_tell_namesakes_apart() {
    check(
        "[PERSON Beatrix Ashworth] married [PERSON Peter Ashworth]. [PERSON Ashworth] said that [PERSON:p she] left.",
        "Beatrix Ashworth = Ashworth | Peter Ashworth",
    );
    check(
        "[PERSON Beatrix Ashworth] married [PERSON Peter Ashworth]. [PERSON Ashworth] met [PERSON Ida Lund]. [PERSON:p She] left.",
        "Beatrix Ashworth | Peter Ashworth = Ashworth | Ida Lund",
    );
    check(
        "[PERSON Peter Ashworth] came. [PERSON Ashworth] warned [PERSON:p her]. [PERSON Beatrix Ashworth] left.",
        "Peter Ashworth = Ashworth | Beatrix Ashworth",
    );
    check(
        "[PERSON Peter Ashworth] came. [PERSON Ashworth] said [PERSON:p she] sat. [PERSON Beatrix Ashworth] left.",
        "Peter Ashworth = Ashworth | Beatrix Ashworth",
    );
}

#[test]
fn kin_who_are_introduced_leave_the_surname_to_others() {
    check(
        "[PERSON Igor Zorin] owns it. [PERSON:p His] son, [PERSON Pavel Zorin], left. [PERSON Zorin] paid.",
        "Igor Zorin = Zorin | Pavel Zorin",
    );
    check(
        "[PERSON Igor Zorin] met the clerk [PERSON Pavel Zorin]. [PERSON Zorin] paid.",
        "Igor Zorin | Pavel Zorin = Zorin",
    );
    check(
        "[PERSON Igor Zorin]'s wife, the [TITLE judge] [PERSON Ida Zorin], left. [PERSON Zorin] paid.",
        "Igor Zorin = Zorin | judge | Ida Zorin",
    );
}

#[test]
fn namesakes_that_the_text_tells_apart() {
    check(
        "[PERSON Ridha Ammar] was jailed. Another man named [PERSON Ridha Ammar] left. [PERSON Ridha Ammar] sang.",
        "Ridha Ammar = Ridha Ammar | Ridha Ammar",
    );
    check("[PERSON Bo Lind] sang. [PERSON Bo Lind] (no relation) left.", "Bo Lind | Bo Lind");
    for words in ["Another", "Another man called", "A man also named", "A second", "A different singer called"] {
        check(&format!("[PERSON Bo Lind] sang. {words} [PERSON Bo Lind] left."), "Bo Lind | Bo Lind");
    }
    for words in ["In another interview", "The indictment also named", "Critics also called", "For a second year"] {
        check(&format!("[PERSON Bo Lind] sang. {words} [PERSON Bo Lind] left."), "Bo Lind = Bo Lind");
    }
    check("[PERSON Bo Lind] sang. [PERSON Bo Lind], another member of it, left.", "Bo Lind = Bo Lind");
    check("[PERSON Bo Lind] sang. [PERSON Bo Lind], another man of that name, left.", "Bo Lind | Bo Lind");
    check(
        "[PERSON Ada Quill] sang. Another minister, [PERSON Bo Lind], and [PERSON Bo Lind]",
        "Ada Quill | Bo Lind = Bo Lind",
    );
}

#[test]
fn bodies_without_a_name_are_none_that_is_named_later() {
    let (army, court) = ("[ORGANIZATION Shan Freedom Army]", "[ORGANIZATION Supreme Court of India]");
    check(&format!("The [ORGANIZATION army] left. The {army} came."), "army | Shan Freedom Army");
    check(&format!("The [ORGANIZATION Supreme Court] sat. The {court} did."), "Supreme Court | Supreme Court of India");
    check(&format!("The {court} sat. The [ORGANIZATION Supreme Court] did."), "Supreme Court of India = Supreme Court");
}

#[test]
fn kin_are_neither_their_possessor_nor_whom_they_meet() {
    let check = |text: &str, scores: &'static [(usize, usize, f32)], expected: &str| {
        let mut doc = marked(text);
        resolve(&mut doc, &Listed(scores));
        assert_eq!(groups(&doc), expected, "{text}");
    };
    check(
        "[PERSON Rosa Vila]'s [PERSON:n husband] met [PERSON Hugo Prat].",
        &[(1, 0, 3.0), (2, 1, 3.0)],
        "Rosa Vila | Hugo Prat",
    );
    check(
        "[PERSON Rosa Vila]'s [PERSON:n husband], the [TITLE judge] [PERSON Hugo Prat]",
        &[(3, 1, 3.0)],
        "Rosa Vila | husband = Hugo Prat | judge",
    );
    check(
        "[PERSON Rosa Vila]'s [PERSON:n cousin], the Rovers captain, [PERSON Hugo Prat]",
        &[(2, 1, 3.0)],
        "Rosa Vila | cousin = Hugo Prat",
    );
    check(
        "[PERSON Ada Vila] came. [PERSON Rosa Vila], [PERSON:p her] [PERSON:n daughter], left.",
        &[(2, 1, 3.0), (2, 0, 1.0), (3, 1, 3.0)],
        "Ada Vila = her | Rosa Vila = daughter",
    );
    check(
        "[PERSON Rosa Vila] and [PERSON:p her] [PERSON:n husband], a clerk, paid [PERSON Hugo Prat]",
        &[(1, 0, 3.0), (3, 2, 3.0)],
        "Rosa Vila = her | Hugo Prat",
    );
}

#[test]
fn letters_are_not_by_who_reads_them() {
    let text = "Dear [PERSON Martha Lund],\n[PERSON:p I] am ill.\nYours,\n[PERSON Abel Stone]";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(1, 0, 3.0)]));
    assert_eq!(groups(&doc), "Martha Lund | I = Abel Stone");
    assert_eq!(doc.mentions[2].link.as_ref().or(doc.mentions[1].link.as_ref()).unwrap().reason, LinkReason::Speaker);
    let mut doc = marked("Dear [PERSON Martha Lund],\n[PERSON:p I] am ill.");
    resolve(&mut doc, &Listed(&[(1, 0, 3.0)]));
    assert_eq!(groups(&doc), "Martha Lund");
}

#[test]
fn an_initial_is_no_namesake() {
    check("[PERSON Garba] met [PERSON G. Lund].", "Garba | G. Lund");
}

#[test]
fn another_name_that_the_text_gives_is_the_same_person() {
    check(
        "[PERSON Mary Whitlock] (née [PERSON Farrow]) was a daughter of [PERSON Thomas Farrow]. [PERSON Whitlock] left.",
        "Mary Whitlock = Farrow = Whitlock | Thomas Farrow",
    );
    check(
        "[PERSON Stormlad], [PERSON:p whose] real name is [PERSON Kevin Ashby], sang. [PERSON Ashby] left.",
        "Stormlad = whose = Kevin Ashby = Ashby",
    );
    check("[PLACE Port Marlow], formerly [PLACE Fort Anne]", "Port Marlow = Fort Anne");
    check(
        "[PERSON Beatrix Ashworth] met [PERSON Jon Aas]. [PERSON:p She] was born [PERSON Beatrix Mary Lowenthal].",
        "Beatrix Ashworth = Beatrix Mary Lowenthal | Jon Aas",
    );
    let mut doc = marked("[PERSON Beatrix Ashworth] was born [PERSON Beatrix Mary Lowenthal].");
    resolve(&mut doc, &NoScorer);
    assert_eq!((doc.entities.len(), doc.entities[0].name.as_str()), (1, "Beatrix Ashworth"));
    check("[ORGANIZATION Zuyder], formerly [ORGANIZATION Quillon]'s arm", "Zuyder | Quillon");
}

#[test]
fn a_contract_says_what_it_calls_its_parties() {
    check(
        "[ORGANIZATION Ridgeway LLP] (the \"[ORGANIZATION:n Lender]\") and [ORGANIZATION Tamarack Inc.] (the \"[ORGANIZATION:n Borrower]\"). The [ORGANIZATION:n Lender] pays the [ORGANIZATION:n Borrower].",
        "Ridgeway LLP = Lender = Lender | Tamarack Inc. = Borrower = Borrower",
    );
}

#[test]
fn letters_that_explain_two_names_explain_none() {
    check(
        "[ORGANIZATION Harbour Lions] ([ORGANIZATION NFQ]), [ORGANIZATION Bay Bears] ([ORGANIZATION NFQ])",
        "Harbour Lions | NFQ = NFQ | Bay Bears",
    );
}

#[test]
fn pronouns_keep_to_their_gender() {
    let text = "[PERSON Maria Keller] hired [PERSON Jon Aas]. [PERSON:p He] left.";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(2, 0, 1.5), (2, 1, -0.5)]));
    assert_eq!(groups(&doc), "Maria Keller | Jon Aas = He");
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(2, 0, 4.0), (2, 1, -0.5)]));
    assert_eq!(groups(&doc), "Maria Keller | Jon Aas = He");
    // A given name may be another people's: a scorer that is sure of it outweighs the list.
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(2, 0, 6.0), (2, 1, -0.5)]));
    assert_eq!(groups(&doc), "Maria Keller = He | Jon Aas");
    // What a pronoun has told before is sure.
    let mut doc = marked("[PERSON Uwimana], [PERSON:p who] said [PERSON:p she] paid. [PERSON:p He] left.");
    resolve(&mut doc, &Listed(&[(1, 0, 2.0), (2, 0, 2.0), (3, 0, 4.0)]));
    assert_eq!(groups(&doc), "Uwimana = who = she");
}

#[test]
fn relatives_go_with_the_name_before() {
    let mut doc = marked("[PERSON Maria Keller], aide of [PERSON Jon Aas], [PERSON:p who] led.");
    resolve(&mut doc, &Listed(&[(2, 0, 4.0), (2, 1, -0.5)]));
    assert_eq!(groups(&doc), "Maria Keller | Jon Aas = who");
    let mut doc = marked("[PERSON Maria Keller] of [PLACE Avon], [PERSON:p who] led, met [PERSON Jon Aas].");
    resolve(&mut doc, &Listed(&[(2, 0, 4.0)]));
    assert_eq!(groups(&doc), "Maria Keller = who | Avon | Jon Aas");
}

#[test]
fn dates_join_by_normal_form() {
    let mut doc = marked("[DATE Monday], [DATE 2 March 2020], [DATE March]");
    doc.mentions[0].norm = Some("2020-03-02".to_owned());
    doc.mentions[1].norm = Some("2020-03-02".to_owned());
    doc.mentions[2].norm = Some("2020-03".to_owned());
    resolve(&mut doc, &NoScorer);
    assert_eq!(groups(&doc), "Monday = 2 March 2020 | March");
    assert_eq!(doc.mentions[1].link.as_ref().unwrap().reason, LinkReason::SameDate);
    assert_eq!(doc.entities[0].norm.as_deref(), Some("2020-03-02"));
}

/// Scores from a list of (anaphor, antecedent); all others below 0.
struct Listed(&'static [(usize, usize, f32)]);

impl PairScorer for Listed {
    fn scores(&self, anaphor: usize, antecedents: &[usize]) -> Vec<f32> {
        let find = |antecedent: &usize| self.0.iter().find(|pair| (pair.0, pair.1) == (anaphor, *antecedent));
        antecedents.iter().map(|antecedent| find(antecedent).map_or(-1.0, |pair| pair.2)).collect()
    }

    fn probability(&self, score: f32) -> f32 {
        score / 8.0
    }
}

#[test]
fn pronouns_and_nominals_follow_the_scorer() {
    let text =
        "[PERSON Maria Keller] met [PERSON Jon Aas]. [PERSON:p She] and the [PERSON:n banker] and [PERSON:p he].";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(2, 0, 2.0), (2, 1, 1.0), (3, 1, 0.5), (4, 3, 3.0)]));
    assert_eq!(groups(&doc), "Maria Keller = She | Jon Aas = banker = he");
    let link = doc.mentions[2].link.as_ref().unwrap();
    assert_eq!((link.reason, link.score), (LinkReason::Model, 0.25));
}

#[test]
fn a_lone_pronoun_is_no_entity() {
    let mut doc = marked("[PERSON:p He] left [PLACE Oslo].");
    resolve(&mut doc, &NoScorer);
    assert_eq!(groups(&doc), "Oslo");
    assert_eq!(doc.mentions.len(), 1);
}

#[test]
fn a_nominal_never_joins_two_names() {
    let text = "The [PERSON:n general], [PERSON Maria Keller], met [PERSON Jon Aas].";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(1, 0, 3.0), (2, 0, 3.0)]));
    assert_eq!(groups(&doc), "general = Maria Keller | Jon Aas");
}

#[test]
fn two_full_names_of_people_are_two_people() {
    let mut doc = marked("[PERSON Maria Keller] met [PERSON Odile Marchand].");
    resolve(&mut doc, &Listed(&[(1, 0, 9.0)]));
    assert_eq!(groups(&doc), "Maria Keller | Odile Marchand");
}

#[test]
fn a_capital_acts_for_its_country_only_if_the_scorer_agrees() {
    let text = "[PLACE France] fined it. [PLACE Paris] paid. In [PLACE Paris] it rained.";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(1, 0, 1.0)]));
    assert_eq!(groups(&doc), "France = Paris = Paris");
    assert_eq!(doc.mentions[1].link.as_ref().unwrap().reason, LinkReason::Metonym);
    assert_eq!(doc.entities[0].name, "France");
    let mut doc = marked(text);
    resolve(&mut doc, &NoScorer);
    assert_eq!(groups(&doc), "France | Paris = Paris");
}

#[test]
fn a_capital_may_act_before_its_country_is_named() {
    let mut doc = marked("[PLACE Paris] fined it. [PLACE France] said so. [PLACE Paris] paid.");
    resolve(&mut doc, &Listed(&[(1, 0, 1.0)]));
    assert_eq!(groups(&doc), "Paris = France = Paris");
    assert_eq!(doc.entities[0].name, "France");
    let reasons: Vec<_> = doc.mentions.iter().map(|mention| mention.link.as_ref().map(|link| link.reason)).collect();
    assert_eq!(reasons, [Some(LinkReason::Metonym), None, Some(LinkReason::Metonym)]);
}

#[test]
fn a_capital_that_accuses_acts_for_its_country() {
    check(
        "[PLACE Japan] protested. [PLACE Tokyo] accused [PLACE Beijing] of it. [PLACE China] and [PLACE Tokyo] met.",
        "Japan = Tokyo | Beijing = China | Tokyo",
    );
    check("[PLACE Peru] left. [PLACE Lima] denied it. They met in [PLACE Lima].", "Peru = Lima | Lima");
    // Its country is not named; it stands for others as well; a man of that town spoke.
    check("[PLACE Tokyo] accused a firm. [PLACE Tokyo] fell.", "Tokyo = Tokyo");
    check("[PLACE Belgium] left. [PLACE Brussels] said so.", "Belgium | Brussels");
    check("[PLACE Peru] left. A man in [PLACE Lima] said so.", "Peru | Lima");
    check("[PLACE Lima] - [PLACE Peru] left. [PLACE Lima] said so.", "Lima | Peru = Lima");
}

#[test]
fn a_capital_with_a_company_is_a_place() {
    let scores = Listed(&[(2, 0, 3.0)]);
    let mut doc = marked("[PLACE Abu Dhabi]'s [ORGANIZATION Quillon] paid. The [PLACE UAE]'s minister left.");
    resolve(&mut doc, &scores);
    assert_eq!(groups(&doc), "Abu Dhabi | Quillon | UAE");
    let mut doc = marked("[PLACE Abu Dhabi]'s [ORGANIZATION army] left. The [PLACE UAE]'s minister left.");
    resolve(&mut doc, &scores);
    assert_eq!(groups(&doc), "Abu Dhabi = UAE | army");
}

#[test]
fn bodies_of_two_countries_are_two() {
    let army = "[ORGANIZATION army]";
    check(
        &format!(
            "[PLACE Sudan]'s {army} left. [PLACE Ethiopia]'s {army} came. The {army} paid. [PLACE Sudan]'s {army} sat."
        ),
        "Sudan = Sudan | army = army | Ethiopia | army = army",
    );
    check(
        &format!("[PLACE Sudan]'s {army} left. [PLACE Ethiopia]'s {army} came. The [ORGANIZATION army of Chad] sat."),
        "Sudan | army | Ethiopia | army | army of Chad",
    );
    check(
        &format!("The [GROUP Malian] {army} left. The [ORGANIZATION Algerian army] came. The {army} sat."),
        "Malian | army | Algerian army = army",
    );
    check(
        "[PLACE Kenya]'s [ORGANIZATION Supreme Court] sat. In [PLACE Malawi], the [ORGANIZATION Supreme Court] sat.",
        "Kenya | Supreme Court | Malawi | Supreme Court",
    );
    check(
        "[PLACE Pakistan] went to the [ORGANIZATION Supreme Court]. [PLACE India]'s [ORGANIZATION Supreme Court] sat.",
        "Pakistan | Supreme Court | India | Supreme Court",
    );
    let mut doc = marked(
        "[ORGANIZATION Kenyan police] left. [GROUP Ugandan] [ORGANIZATION:n police] came. The [ORGANIZATION:n police] sat.",
    );
    resolve(&mut doc, &Listed(&[(2, 0, 3.0), (3, 0, 2.0)]));
    assert_eq!(groups(&doc), "Kenyan police = police | Ugandan | police");
}

#[test]
fn bodies_of_one_country_are_one() {
    let army = "[ORGANIZATION army]";
    check(&format!("[PLACE Sudan]'s {army} left. The {army} sat."), "Sudan | army = army");
    check(&format!("The {army} left. [PLACE Sudan]'s {army} sat."), "army = army | Sudan");
    check(
        &format!("[PLACE Sudan]'s {army} left. The [GROUP Sudanese] {army} sat. [PLACE Chad] saw the {army}."),
        "Sudan | army = army = army | Sudanese | Chad",
    );
    // A name of their own makes them one wherever they are.
    check(
        "[PLACE Japan]'s [ORGANIZATION Quillon] paid. [PLACE Brazil]'s [ORGANIZATION Quillon] left.",
        "Japan | Quillon = Quillon | Brazil",
    );
    check(
        "[PLACE France]'s [ORGANIZATION army] left. The [ORGANIZATION army] in [PLACE Mali] lost men.",
        "France | army = army | Mali",
    );
}

#[test]
fn mothers_are_not_their_daughters() {
    let (mother, daughter) = ("[ORGANIZATION Quillon]", "[ORGANIZATION Quillon Energy]");
    check(
        &format!("{mother} owns 25% of {daughter}. {mother} paid. {daughter} left."),
        "Quillon = Quillon | Quillon Energy = Quillon Energy",
    );
    check(
        "[ORGANIZATION Quillon Energy AG] was spun off by [ORGANIZATION Quillon AG]. [ORGANIZATION Quillon] paid.",
        "Quillon Energy AG | Quillon AG = Quillon",
    );
    check(&format!("{daughter}, a unit of {mother}, left."), "Quillon Energy | Quillon");
    check(&format!("{daughter} rose. {mother} said so."), "Quillon Energy = Quillon");
    check(&format!("{daughter} said that {mother} would pay."), "Quillon Energy = Quillon");
    check("[ORGANIZATION Nordbank AS] bought [ORGANIZATION Nordbank] shares", "Nordbank AS = Nordbank");
}

#[test]
fn a_term_is_for_the_party_that_is_described() {
    check(
        "[ORGANIZATION Falcon Inc.], a wholly owned subsidiary of [ORGANIZATION Quillon AG] (\"[ORGANIZATION Merger Sub]\"). [ORGANIZATION Merger Sub] pays.",
        "Falcon Inc. = Merger Sub = Merger Sub | Quillon AG",
    );
    check(
        "[ORGANIZATION Falcon Inc.], a subsidiary of [ORGANIZATION Quillon AG] (\"[ORGANIZATION Quillon]\")",
        "Falcon Inc. | Quillon AG = Quillon",
    );
    check(
        "[ORGANIZATION Falcon Inc.], a subsidiary of [ORGANIZATION Quillon AG] (the \"[ORGANIZATION:n Parent]\")",
        "Falcon Inc. | Quillon AG = Parent",
    );
    check(
        "[ORGANIZATION Falcon Inc.] and [ORGANIZATION Quillon AG] (\"[ORGANIZATION Merger Sub]\")",
        "Falcon Inc. | Quillon AG = Merger Sub",
    );
}

#[test]
fn a_place_is_not_its_police() {
    check(
        "[ORGANIZATION Quillshire] paid. [ORGANIZATION Quillshire Police] read papers of [ORGANIZATION Quillshire County Council].",
        "Quillshire | Quillshire Police | Quillshire County Council",
    );
    check(
        "[ORGANIZATION Quill Vale Borough Council] paid. [ORGANIZATION Quill Vale] MP [PERSON Bo Lind] left.",
        "Quill Vale Borough Council | Quill Vale | Bo Lind",
    );
    check(
        "[ORGANIZATION Quill Vale Borough Council] paid. [ORGANIZATION Quill Vale] is broke.",
        "Quill Vale Borough Council | Quill Vale",
    );
    check(
        "[ORGANIZATION Quill Cymru] left. [ORGANIZATION Quill Cymru] MP [PERSON Bo Lind] sat.",
        "Quill Cymru = Quill Cymru | Bo Lind",
    );
}

#[test]
fn the_council_is_that_of_the_town() {
    let text = "[ORGANIZATION Oakham Town Council] paid. The [ORGANIZATION Privy Council] met. The [ORGANIZATION:n council] left.";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(2, 1, 3.0), (2, 0, 1.0)]));
    assert_eq!(groups(&doc), "Oakham Town Council = council | Privy Council");
    let mut doc = marked("The [ORGANIZATION Privy Council] met. The [ORGANIZATION:n council] left.");
    resolve(&mut doc, &Listed(&[(1, 0, 3.0)]));
    assert_eq!(groups(&doc), "Privy Council = council");
}

#[test]
fn letters_of_two_names_are_those_named_last() {
    check(
        "[ORGANIZATION World Harvest Programme] paid. [ORGANIZATION WHP] left. [ORGANIZATION World Health Partnership] came. [ORGANIZATION WHP] sat.",
        "World Harvest Programme = WHP | World Health Partnership = WHP",
    );
}

#[test]
fn the_wife_of_another_is_another() {
    let text = "[PERSON Nils] and [PERSON:p his] [PERSON:n wife], [PERSON Signe], left. [PERSON Samuel] and [PERSON:p his] \
                [PERSON:n wife] stayed.";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(1, 0, 2.0), (3, 2, 2.0), (5, 4, 2.0), (6, 3, 3.0), (6, 2, 3.0)]));
    assert_eq!(groups(&doc), "Nils = his | wife = Signe | Samuel = his");
    // "His" is Nils still.
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(1, 0, 2.0), (3, 2, 2.0), (5, 0, 2.0), (6, 3, 3.0), (6, 2, 3.0)]));
    assert_eq!(groups(&doc), "Nils = his = his | wife = Signe = wife | Samuel");
}

#[test]
fn a_dateline_is_the_city() {
    let text = "[PLACE PARIS] - [PLACE France] fined it. [PLACE Paris] paid.";
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(&[(2, 1, 1.0), (2, 0, 9.0)]));
    assert_eq!(groups(&doc), "PARIS | France = Paris");
    let mut doc = marked(text);
    resolve(&mut doc, &NoScorer);
    assert_eq!(groups(&doc), "PARIS = Paris | France");
}

#[test]
fn links_are_kept_when_mentions_are_dropped() {
    let mut doc = marked("[PERSON:p It] rained. [PERSON Maria Keller] left. [PERSON Keller] paid.");
    resolve(&mut doc, &NoScorer);
    let link = doc.mentions[1].link.as_ref().unwrap();
    assert_eq!((link.antecedent, link.reason), (MentionId(0), LinkReason::PartOfName));
}

/// Groups of a text in which the user knows some words: `words=id`, or `words=#number` for an entry without identifier.
fn check_known(text: &str, known: &[&str], expected: &str) -> Document {
    let mut doc = marked(text);
    let mut mentions = Vec::new();
    for mention in &doc.mentions {
        let of_words = |entry: &&&str| entry.split_once('=').is_some_and(|(words, _)| words == doc.slice(mention.span));
        let identity = known.iter().find(of_words).and_then(|entry| entry.split_once('=')).map(|(_, id)| {
            id.strip_prefix('#')
                .map_or_else(|| Identity::Id(id.into()), |number| Identity::Entry(number.parse().unwrap()))
        });
        mentions.push(UserMention { span: mention.span, entity_type: mention.entity_type, identity });
    }
    resolve_known(&mut doc, &NoScorer, &mentions);
    assert_eq!(groups(&doc), expected, "{text}");
    doc
}

#[test]
fn what_the_user_knows_for_one_thing_is_one() {
    let text = "[ORGANIZATION Brandvik Shipping] and [ORGANIZATION Zuyder] ([ORGANIZATION Zuyder])";
    let doc = check_known(text, &["Brandvik Shipping=b", "Zuyder=b"], "Brandvik Shipping = Zuyder = Zuyder");
    assert_eq!(doc.entities[0].link.as_deref(), Some("b"));
    assert_eq!(doc.mentions[1].link.as_ref().unwrap().reason, LinkReason::KnownAlias);
    let doc = check_known(text, &["Brandvik Shipping=#1", "Zuyder=#1"], "Brandvik Shipping = Zuyder = Zuyder");
    assert_eq!(doc.entities[0].link, None);
    check_known(text, &[], "Brandvik Shipping | Zuyder = Zuyder");
    // A pen name contradicts the real one; what agrees with either is the same person.
    check_known(
        "[PERSON Ada Quill] is [PERSON Bo Lind]. [PERSON Lind] writes, [PERSON Quill] paints, [PERSON Cid Lind] sings.",
        &["Ada Quill=q", "Bo Lind=q"],
        "Ada Quill = Bo Lind = Lind = Quill | Cid Lind",
    );
}

#[test]
fn other_identifiers_keep_apart() {
    let text = "[ORGANIZATION Nordbank AS] and [ORGANIZATION Nordbank]";
    let doc = check_known(text, &["Nordbank AS=1", "Nordbank=2"], "Nordbank AS | Nordbank");
    let links: Vec<_> = doc.entities.iter().map(|entity| entity.link.as_deref()).collect();
    assert_eq!(links, [Some("1"), Some("2")]);
    check_known(text, &["Nordbank AS=1", "Nordbank=#2"], "Nordbank AS = Nordbank");
    let doc = check_known(text, &["Nordbank=2"], "Nordbank AS = Nordbank");
    assert_eq!(doc.entities[0].link.as_deref(), Some("2"));
    // What is known by a short name is one thing, although two longer names would fit.
    check_known(
        "[PERSON Maria Keller] came. [PERSON Keller] sat. [PERSON Jonas Keller] came. [PERSON Keller] sat.",
        &["Keller=k"],
        "Maria Keller | Keller = Keller | Jonas Keller",
    );
}

#[test]
fn an_identifier_of_the_user_wins_over_that_of_the_lexicon() {
    let doc = check_known("[PLACE France] fined it.", &["France=place:7"], "France");
    assert_eq!(doc.entities[0].link.as_deref(), Some("place:7"));
}
