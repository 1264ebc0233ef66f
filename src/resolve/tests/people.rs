//! People of one name, kin, other names, authors, thrones.

use super::*;

/// Checks the groups of a text in which the scorer says these pairs and no others.
fn check_listed(text: &str, scores: &'static [(usize, usize, f32)], expected: &str) {
    let mut doc = marked(text);
    resolve(&mut doc, &Listed(scores));
    assert_eq!(groups(&doc), expected, "{text}");
}

#[test]
fn ages_tell_namesakes_apart() {
    check(
        "[PERSON Pavel Zorin], 45, of Avon, was jailed. [PERSON Pavel Zorin], 28, of Oslo, was cleared. [PERSON Zorin] wept.",
        "Pavel Zorin | Pavel Zorin = Zorin",
    );
    check(
        "[PERSON Pavel Zorin], 52, and [PERSON:p his] son [PERSON Pavel Zorin], 24, left. [PERSON Zorin] wept.",
        "Pavel Zorin = Zorin | Pavel Zorin",
    );
    check(
        "[PERSON Pavel Igor Zorin], 61, of Avon, was banned. [PERSON Pavel Zorin], 19, was not.",
        "Pavel Igor Zorin | Pavel Zorin",
    );
    check(
        "[PERSON Pavel Zorin] (44) was jailed. [PERSON Pavel Zorin] (19) walked free from court.",
        "Pavel Zorin | Pavel Zorin",
    );
    // The name without an age is that of whom was told last, and before the first one the first one's.
    check(
        "[PERSON Bo Lind] left\n[PERSON Bo Lind], 45, and [PERSON Bo Lind], 28, met. [PERSON Bo Lind] sang. [PERSON Bo Lind], 45, sat.",
        "Bo Lind = Bo Lind = Bo Lind | Bo Lind = Bo Lind",
    );
}

#[test]
fn ages_that_tell_nobody_apart() {
    for text in [
        "[PERSON Pavel Zorin], 45, was jailed. [PERSON Pavel Zorin], 45, was fined.",
        "[PERSON Pavel Zorin], 45, was jailed. [PERSON Pavel Zorin], 46, was freed.",
        "[PERSON Pavel Zorin], 17, was jailed in 1998. [PERSON Pavel Zorin], 38, was freed.",
        "[PERSON Pavel Zorin], 45 minutes late, scored. [PERSON Pavel Zorin], 12 minutes later, left.",
        "Goals: [PERSON Pavel Zorin] (19), [PERSON Pavel Zorin] (44).",
    ] {
        check(text, "Pavel Zorin = Pavel Zorin");
    }
}

#[test]
fn lives_tell_namesakes_apart() {
    check(
        "[PERSON Bo Lind] (1780–1840) and [PERSON Ada Quill]. [PERSON Bo Lind] (1811–1880) sang.",
        "Bo Lind | Ada Quill | Bo Lind",
    );
    check("[PERSON Bo Lind] (1780–1840) left. [PERSON Bo Lind] (1780–1840) sang.", "Bo Lind = Bo Lind");
    // Years of office.
    check("[PERSON Bo Lind] (1780–1840) left. [PERSON Bo Lind] (1803–1811) sang.", "Bo Lind = Bo Lind");
}

#[test]
fn people_not_to_be_confused() {
    check(
        "[PERSON Bo Lind] sang. [PERSON:p He] is not to be confused with [PERSON:p his] cousin [PERSON Bo Lind]. [PERSON Bo Lind] died.",
        "Bo Lind = Bo Lind | Bo Lind",
    );
    check("[PERSON Bo Lind] sang. He is not identical with the [PERSON Bo Lind] who left.", "Bo Lind | Bo Lind");
    check("[PERSON Bo Lind] was a smith. His son, [PERSON Bo Lind], left.", "Bo Lind | Bo Lind");
    check("[PERSON Bo Lind], a smith, was succeeded by his nephew [PERSON Bo Lind].", "Bo Lind | Bo Lind");
    // One who was named before is often kin of another one.
    check(
        "[PERSON Bo Lind] sang. [PERSON Ada Quill] is often confused with [PERSON Bo Lind].",
        "Bo Lind = Bo Lind | Ada Quill",
    );
    check(
        "[PERSON Bo Lind] sang. [PERSON Ada Quill] and her son [PERSON Bo Lind] left.",
        "Bo Lind = Bo Lind | Ada Quill",
    );
    check("[PERSON Bo Lind] sang. The boy's father said his son, [PERSON Bo Lind], left.", "Bo Lind = Bo Lind");
    check("[PERSON Bo Lind] was hurt. A nurse said his son, [PERSON Bo Lind], left.", "Bo Lind = Bo Lind");
    check("[PERSON Bo Lind] is probably identical with the [PERSON Bo Lind] who left.", "Bo Lind = Bo Lind");
}

#[test]
fn a_surname_is_not_that_of_whose_kin_somebody_is() {
    check(
        "[PERSON Ida Zorin] was a daughter of the [TITLE banker] [PERSON Karl Zorin]. [PERSON Zorin] paid.",
        "Ida Zorin = Zorin | banker | Karl Zorin",
    );
    check(
        "[PERSON Kim Jong Un] is the son of [PERSON Kim Jong Il]. [PERSON Kim] paid.",
        "Kim Jong Un = Kim | Kim Jong Il",
    );
    check(
        "[PERSON Ada Quill], a niece of the late [TITLE Senator] [PERSON Bo Quill], left. [PERSON Quill] paid.",
        "Ada Quill = Quill | Senator | Bo Quill",
    );
    check(
        "[PERSON Ada Quill] was the only child of [PERSON Karl Quill] and [PERSON Rosa Quill]. [PERSON Quill] paid.",
        "Ada Quill = Quill | Karl Quill | Rosa Quill",
    );
    check(
        "[PERSON ZORIN, IGOR] (1711–1788), smith, was the third son of the Rev. [PERSON Karl Zorin]. [PERSON Zorin] paid.",
        "ZORIN, IGOR = Zorin | Karl Zorin",
    );
    check(
        "[PERSON Ada Quill] was born in Avon, the daughter of a farmer, [PERSON Bo Quill]. [PERSON Quill] paid.",
        "Ada Quill = Quill | Bo Quill",
    );
}

#[test]
fn a_surname_goes_to_whom_the_sentence_is_about() {
    for (text, expected) in [
        (
            "In 1902, [PERSON Ida Zorin], a daughter of [PERSON Karl Zorin], left. [PERSON Zorin] paid.",
            "Ida Zorin = Zorin | Karl Zorin",
        ),
        (
            "The Rev. [PERSON Bo Zorin], a nephew of [PERSON Karl Zorin], left. [PERSON Zorin] paid.",
            "Bo Zorin = Zorin | Karl Zorin",
        ),
        (
            "[PERSON Ida Zorin] sang. In Avon he met [PERSON Ida Zorin], a daughter of [PERSON Karl Zorin]. [PERSON Zorin] paid.",
            "Ida Zorin = Ida Zorin = Zorin | Karl Zorin",
        ),
        (
            "In 1902 he married [PERSON Ida Zorin], a daughter of [PERSON Karl Zorin]. [PERSON Zorin] paid.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
        (
            "It rained. The bust shows [PERSON Ida Zorin], niece of [PERSON Karl Zorin]. [PERSON Zorin] paid.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_mother_or_a_wife_leaves_the_surname() {
    for (text, expected) in [
        (
            "[PERSON Ida Zorin] was the mother of the poet [PERSON Karl Zorin]. [PERSON Zorin] sang.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
        (
            "[PERSON Ida Zorin], widow of [PERSON Karl Zorin], who left. [PERSON Zorin] sang.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
        (
            "[PERSON Ida Zorin], wife of [PERSON Karl Zorin], was born in Oslo. [PERSON Zorin] sang.",
            "Ida Zorin = Zorin | Karl Zorin",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn the_elder_of_two_has_the_surname() {
    let two = "[PERSON Ida Zorin] was a daughter of [PERSON Karl Zorin].";
    for words in ["The elder [PERSON Zorin] died.", "The late [PERSON Zorin] paid.", "[PERSON Zorin] senior left."] {
        check(&format!("{two} {words}"), "Ida Zorin | Karl Zorin = Zorin");
    }
    for words in ["The younger [PERSON Zorin] died.", "Of late [PERSON Zorin] paid.", "[PERSON Zorin] left."] {
        check(&format!("{two} {words}"), "Ida Zorin = Zorin | Karl Zorin");
    }
    check(
        "[PERSON Ida Zorin] was a sister of [PERSON Karl Zorin]. The late [PERSON Zorin] paid.",
        "Ida Zorin = Zorin | Karl Zorin",
    );
}

#[test]
fn an_honour_or_a_pronoun_tells_kin_apart() {
    for (text, expected) in [
        (
            "[PERSON Ida Zorin] was the daughter of Dr [PERSON Karl Zorin]. Dr. [PERSON Zorin] died.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
        (
            "Dr [PERSON Ida Zorin] was the daughter of [PERSON Karl Zorin]. Dr [PERSON Zorin] died.",
            "Ida Zorin = Zorin | Karl Zorin",
        ),
        (
            "[PERSON Anna Zorin] was the daughter of [PERSON Peter Zorin]. [PERSON Zorin] [PERSON:p himself] paid.",
            "Anna Zorin | Peter Zorin = Zorin",
        ),
        (
            "[PERSON Anna Zorin] was the daughter of [PERSON Peter Zorin]. [PERSON Zorin] [PERSON:p herself] paid.",
            "Anna Zorin = Zorin | Peter Zorin",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_surname_stays_with_the_one_named_last() {
    for (text, expected) in [
        ("[PERSON Ida Zorin] met a son of [PERSON Karl Zorin]. [PERSON Zorin] paid.", "Ida Zorin | Karl Zorin = Zorin"),
        (
            "[PERSON Ida Zorin] is the lawyer of [PERSON Karl Zorin]. [PERSON Zorin] paid.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
        (
            "[PERSON Ida Zorin] was shot by a son of [PERSON Karl Zorin]. [PERSON Zorin] paid.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
        (
            "[PERSON Ida Zorin], daughter of [PERSON Bo Lind], met [PERSON Karl Zorin]. [PERSON Zorin] paid.",
            "Ida Zorin | Bo Lind | Karl Zorin = Zorin",
        ),
        ("[PERSON Bo Lind] is the son of [PERSON Karl Zorin]. [PERSON Zorin] paid.", "Bo Lind | Karl Zorin = Zorin"),
        (
            "The son of a farmer, [PERSON Ida Zorin] met [PERSON Karl Zorin]. [PERSON Zorin] paid.",
            "Ida Zorin | Karl Zorin = Zorin",
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_bare_surname_is_not_that_of_mr_or_ms() {
    check(
        "[PERSON Carl Dunn] met [PERSON Amy Dunn]. Ms [PERSON Dunn] had left. [PERSON Dunn] was arrested.",
        "Carl Dunn = Dunn | Amy Dunn = Dunn",
    );
    // Both are addressed, or nobody, or in a quotation alone.
    check(
        "[PERSON Carl Dunn] met [PERSON Amy Dunn]. Mr [PERSON Dunn] saw Ms [PERSON Dunn]. [PERSON Dunn] left.",
        "Carl Dunn = Dunn | Amy Dunn = Dunn = Dunn",
    );
    check("[PERSON Carl Dunn] met [PERSON Amy Dunn]. [PERSON Dunn] left.", "Carl Dunn | Amy Dunn = Dunn");
    check(
        "[PERSON Carl Dunn] met [PERSON Amy Dunn]. \"Ms [PERSON Dunn] left\", he said. [PERSON Dunn] sang.",
        "Carl Dunn | Amy Dunn = Dunn = Dunn",
    );
    check(
        "[PERSON Amy Dunn] came. Ms [PERSON Dunn] had left. [PERSON Dunn] sang. Then came [PERSON Carl Dunn].",
        "Amy Dunn = Dunn = Dunn | Carl Dunn",
    );
}

#[test]
fn who_wrote_a_text_is_nobody_it_tells_of() {
    let scores = &[(1, 0, 3.0), (2, 1, 3.0)];
    check_listed("By [PERSON Ada Quill]\n\nA clerk said [PERSON:p she] left.", scores, "Ada Quill");
    check_listed("[PERSON Ada Quill]\n\nA clerk said [PERSON:p she] left.", scores, "Ada Quill = she");
    check_listed("By [PERSON Ada Quill]\n\n[PERSON:p I] left.", scores, "Ada Quill = I");
    check_listed("By [PERSON Ada Quill], [PERSON:p who] left Oslo", scores, "Ada Quill = who");
    check_listed(
        "By [PERSON Ada Quill]\n\n[PERSON Ada Quill] said [PERSON:p she] left.",
        scores,
        "Ada Quill = Ada Quill = she",
    );
}

#[test]
fn names_at_birth_that_open_a_sentence() {
    check(
        "[PERSON Ada Quill], the singer, has died. Born [PERSON Ada Lund] in Avon, [PERSON:p she] left.",
        "Ada Quill = Ada Lund",
    );
    check(
        "[PERSON Bo Lind] has died. [PERSON Lind] sang. Born [PERSON Max Orlan] in Avon, he left.",
        "Bo Lind = Lind = Max Orlan",
    );
    check(
        "[PERSON Bo Lind] met [PERSON Ada Quill]. Born [PERSON Max Orlan] in Avon, he left.",
        "Bo Lind | Ada Quill | Max Orlan",
    );
    check(
        "[PERSON Ada Quill] has died. Born [PERSON Ada Lund], that is. [PERSON Bo Lind] sang.",
        "Ada Quill | Ada Lund | Bo Lind",
    );
    check("[PERSON Ada Quill] has died. First Born [PERSON Ada Lund] sang.", "Ada Quill | Ada Lund");
    let mut doc = marked("[PERSON Ada Quill] has died. Born [PERSON Ada Maria Lund] in Avon, she left.");
    resolve(&mut doc, &NoScorer);
    assert_eq!(doc.entities[0].name, "Ada Quill");
}

#[test]
fn given_names_of_children_are_of_nobody_else() {
    check(
        "[PERSON Bo Lind] left three children, [PERSON William], [PERSON Mary] and [PERSON Jane]. [PERSON William Stone] paid. [PERSON William] left.",
        "Bo Lind | William = William | Mary | Jane | William Stone",
    );
    check(
        "[PERSON Bo Lind], a nephew of [PERSON Peter Stone], had three children, [PERSON Peter], [PERSON Anne] and [PERSON Mary].",
        "Bo Lind | Peter Stone | Peter | Anne | Mary",
    );
    check(
        "[PERSON:p Her] brothers were [PERSON Henry] and [PERSON James]. [PERSON James Stone] left.",
        "Henry | James | James Stone",
    );
    check(
        "[PERSON Bo Lind] had a son, [PERSON William]. [PERSON William Stone] left.",
        "Bo Lind | William | William Stone",
    );
    // The scorer cannot join them either.
    check_listed(
        "[PERSON Bo Lind] had a son, [PERSON William]. [PERSON William Stone] left.",
        &[(2, 1, 9.0)],
        "Bo Lind | William | William Stone",
    );
}

#[test]
fn given_names_that_are_somebodys_full_one() {
    for (text, expected) in [
        (
            "[PERSON Bo Lind] left three children, [PERSON William] and [PERSON Mary]. [PERSON William Lind] paid.",
            "Bo Lind | William = William Lind | Mary",
        ),
        (
            "[PERSON William Stone] was found. [PERSON Ada Quill] said her son [PERSON William] was kind.",
            "William Stone = William | Ada Quill",
        ),
        (
            "[PERSON Ada Quill] came with her son [PERSON William]. [PERSON William Stone], 15, was ill.",
            "Ada Quill | William = William Stone",
        ),
        (
            "[PERSON William Stone] and [PERSON Mary Stone] met. [PERSON Ada Quill] called her children [PERSON William] and [PERSON Mary].",
            "William Stone = William | Mary Stone = Mary | Ada Quill",
        ),
        ("Her three children met [PERSON William]. [PERSON William Stone] paid.", "William = William Stone"),
    ] {
        check(text, expected);
    }
}

#[test]
fn other_names_in_other_languages() {
    check(
        "[PLACE Szepesvar] ([GROUP German]: [PLACE Zipserstadt]; [GROUP Slovak]: [PLACE Spisov]) is a town. [PLACE Zipserstadt] burned.",
        "Szepesvar = Zipserstadt = Spisov = Zipserstadt",
    );
    let mut doc = marked(
        "[PLACE Szepesvar] ([GROUP Polish]: [PLACE Spisz], Latin: [PLACE Scepusia Magna]). [GROUP Polish] men left.",
    );
    resolve(&mut doc, &NoScorer);
    assert_eq!(groups(&doc), "Szepesvar = Spisz = Scepusia Magna | Polish");
    assert_eq!(doc.entities[0].name, "Szepesvar");
    check("[PLACE Avon] (twinned with: [PLACE Oslo])", "Avon | Oslo");
    check("[PERSON Ada Quill] ([GROUP German]: [PLACE Oslo])", "Ada Quill | German | Oslo");
    check("[PLACE Avon] (a town) and [GROUP German]: [PLACE Oslo]", "Avon | German | Oslo");
}

#[test]
fn names_that_are_taken_later() {
    check(
        "[PERSON Giulio Sanvitale], later [TITLE Pope] [PERSON Clement XX], left. [PERSON Clement XX] died.",
        "Giulio Sanvitale = Clement XX = Clement XX | Pope",
    );
    check(
        "[PERSON Bartolo Sanvitale], called [PERSON il Guercio], worked. [PERSON Il Guercio] died.",
        "Bartolo Sanvitale = il Guercio = Il Guercio",
    );
    check(
        "[PERSON Odile Marchand], [PERSON:p who] wrote under the name of [PERSON Max Orlan], left. [PERSON Orlan] died.",
        "Odile Marchand = who = Max Orlan = Orlan",
    );
    check("[PERSON Bo Lind] later met [TITLE Pope] [PERSON Clement XX].", "Bo Lind | Pope | Clement XX");
    check("The clerk, [PERSON Ada Quill], called [PERSON Bo Lind].", "Ada Quill | Bo Lind");
}

#[test]
fn a_throne_goes_to_who_has_one() {
    let last = &[(1, 0, 3.0), (2, 1, 3.0)];
    check_listed("Captain [PERSON Bo King] sailed. The [PERSON:n King] paid.", last, "Bo King");
    check_listed("[PERSON Ada Sultan] sailed. The [PERSON:n sultan] paid.", last, "Ada Sultan");
    check_listed("King [PERSON Harald] sailed. The [PERSON:n king] paid.", last, "Harald = king");
    check_listed("[PERSON Mehmed IV] sailed. The [PERSON:n sultan] paid.", last, "Mehmed IV = sultan");
    check_listed("[PERSON Harald] was crowned king. The [PERSON:n king] paid.", last, "Harald = king");
    check_listed("The [PERSON:n pope], [PERSON Francis], sailed.", last, "pope = Francis");
    check_listed("[PERSON Bo Lind] sailed. The [PERSON:n captain] paid.", last, "Bo Lind = captain");
}

#[test]
fn kin_who_are_named_behind_their_own() {
    let to_first = &[(1, 0, 3.0)];
    check_listed(
        "[PERSON Ada Lopez] left. The [PERSON:n son] of [PERSON Jorge Vega], [PERSON Luis Vega], lost.",
        to_first,
        "Ada Lopez | son = Luis Vega | Jorge Vega",
    );
    // The children of one, the end of a clause, nobody else named.
    check_listed(
        "[PERSON Ada Lopez] left. The [PERSON:n mother] of [PERSON Jorge Vega], [PERSON Luis Vega], and [PERSON Bo Vega] wept.",
        to_first,
        "Ada Lopez = mother | Jorge Vega | Luis Vega | Bo Vega",
    );
    check_listed(
        "[PERSON Bo Lopez] left. According to the [PERSON:n son] of [PERSON Jorge Vega], [PERSON Luis Vega] lost.",
        to_first,
        "Bo Lopez = son | Jorge Vega | Luis Vega",
    );
    check_listed(
        "[PERSON Ada Lopez] left. [PERSON:p She] is [PERSON:n daughter] of [PERSON Jorge Vega], [PERSON Luis Vega], [PERSON Bo Lind].",
        &[(1, 0, 3.0), (2, 0, 3.0)],
        "Ada Lopez = She = daughter | Jorge Vega | Luis Vega | Bo Lind",
    );
}
