//! Tests of the segmentation: text in, sentences and tokens out.

use super::*;
use crate::document::SentenceRole;

fn segmented(text: &str) -> Document {
    let mut document = Document::new("test", text);
    segment(&mut document);
    document
}

fn words(text: &str) -> Vec<String> {
    let document = segmented(text);
    document.tokens.iter().map(|token| document.slice(token.span).to_owned()).collect()
}

/// The expected tokens are separated by single spaces.
#[track_caller]
fn check_tokens(text: &str, expected: &str) {
    assert_eq!(words(text).join(" "), expected, "{text}");
}

/// The expected sentences follow one another, separated by ` | `.
#[track_caller]
fn check(text: &str, expected: &str) {
    let document = segmented(text);
    let sentences: Vec<&str> = document.sentences.iter().map(|sentence| document.slice(sentence.span)).collect();
    assert_eq!(sentences.join(" | "), expected);
}

/// The expected roles: one letter a sentence.
#[track_caller]
fn check_roles(text: &str, expected: &str) {
    let document = segmented(text);
    let roles: Vec<String> = document
        .sentences
        .iter()
        .map(|sentence| {
            let letter = match sentence.role {
                SentenceRole::Body => "body",
                SentenceRole::Headline => "headline",
                SentenceRole::Dateline => "dateline",
                SentenceRole::Caption => "caption",
                SentenceRole::ListItem => "item",
                SentenceRole::Boilerplate => "page",
            };
            format!("{letter}: {}", document.slice(sentence.span).replace('\n', " "))
        })
        .collect();
    assert_eq!(roles.join("\n"), expected);
}

/// The expected paragraphs, with ` | ` between them and `/` for line breaks inside.
#[track_caller]
fn check_paragraphs(text: &str, expected: &str) {
    let document = segmented(text);
    let paragraphs: Vec<String> =
        document.paragraphs.iter().map(|span| document.slice(*span).replace("\r\n", "/").replace('\n', "/")).collect();
    assert_eq!(paragraphs.join(" | "), expected);
}

#[test]
fn cuts_words_and_marks() {
    check_tokens("Keller met Aas, twice.", "Keller met Aas , twice .");
    check_tokens("O'Brien's d'Ivoire rock'n'roll", "O'Brien 's d'Ivoire rock'n'roll");
    check_tokens("the ministers’ and the minister’s", "the ministers ’ and the minister ’s");
    check_tokens(
        "don't can't WON'T they're I've we'll he'd I'm",
        "do n't ca n't WO N'T they 're I 've we 'll he 'd I 'm",
    );
    check_tokens("a 19-year-old co-founder of Al-Qaeda", "a 19-year-old co-founder of Al-Qaeda");
    check_tokens("Port-au-Prince’s Jean-Marc", "Port-au-Prince ’s Jean-Marc");
    check_tokens(
        "a London-based, Iran-backed anti-Taliban group",
        "a London - based , Iran - backed anti - Taliban group",
    );
    check_tokens("his ex-wife, 1939-1945, 2019-12-27, 1995-96", "his ex - wife , 1939 - 1945 , 2019-12-27 , 1995-96");
    check_tokens("the U.S.-led and US-led talks", "the U.S. - led and US - led talks");
    check_tokens("1,234.5 and 10:30 and 2.5% of $220m", "1,234.5 and 10:30 and 2.5% of $ 220m");
    check_tokens("the 1990s, £3.5bn, 2019-12-27, 9/11", "the 1990s , £ 3.5bn , 2019-12-27 , 9 / 11");
    check_tokens("the U.S. and the U.N., at 5 a.m. a Ph.D.", "the U.S. and the U.N. , at 5 a.m. a Ph.D.");
    check_tokens("Acme Inc. and Mr. Aas", "Acme Inc . and Mr . Aas");
    check_tokens("AT&T, R&D, S&P 500, Marks & Spencer", "AT&T , R&D , S&P 500 , Marks & Spencer");
    check_tokens(
        "see https://example.org/a_b?c=d, or www.example.org.",
        "see https://example.org/a_b?c=d , or www.example.org .",
    );
    check_tokens("(http://example.org/x)", "( http://example.org/x )");
    check_tokens("write to Ann.Lee+press@mail.example.org.", "write to Ann.Lee+press@mail.example.org .");
    check_tokens("@harbour_times #StormOla a @ b", "@harbour_times #StormOla a @ b");
    check_tokens("wait... what -- no… \"so\"", "wait ... what -- no … \" so \"");
    check_tokens("it ended.Then", "it ended . Then");
    check_tokens("example.com said", "example.com said");
    check_tokens("'hello' ``hello''", "' hello ' `` hello ''");
    check_tokens("Paris–Dakar (1995–96)", "Paris – Dakar ( 1995 – 96 )");
    check_tokens("", "");
    check_tokens(" \n\t\u{feff} ", "");
}

#[test]
fn cuts_other_scripts() {
    check_tokens("習近平は東京で", "習 近 平 は 東 京 で");
    check_tokens("東京タワーが", "東 京 タワー が");
    check_tokens("Владимир Орлов, директор", "Владимир Орлов , директор");
    check_tokens("प्रधानमंत्री ने कहा।", "प्रधानमंत्री ने कहा ।");
    check_tokens("قال الرئيس، أمس", "قال الرئيس ، أمس");
    check_tokens("Cafe\u{301} Noe\u{308}l", "Cafe\u{301} Noe\u{308}l");
    check_tokens("gov\u{ad}ern\u{ad}ment", "gov\u{ad}ern\u{ad}ment");
    check_tokens("\u{200b}Kerry\u{200b} left\u{200b}", "Kerry left");
    check_tokens("ภาษา\u{200b}ไทย", "ภาษา ไทย");
    check_tokens("win 🏆️!", "win 🏆️ !");
}

#[test]
fn ends_plain_sentences() {
    check("It rained. The match went on.", "It rained. | The match went on.");
    check("Who won? Nobody! Really?! Yes.", "Who won? | Nobody! | Really?! | Yes.");
    check("It fell 2.5 percent. 20 people left.", "It fell 2.5 percent. | 20 people left.");
    check("The end.Next came Oslo.", "The end. | Next came Oslo.");
    check("No full stop at the end", "No full stop at the end");
    check("It was over (she had said so.) They left.", "It was over (she had said so.) | They left.");
    check("It was over. (She had said so.) They left.", "It was over. | (She had said so.) | They left.");
    check("The army left.[12] It came back.[3]", "The army left.[12] | It came back.[3]");
    check("The army left.[1][2] It came back.", "The army left.[1][2] | It came back.");
    check("It lies on the Tejo.3 According to Ana, it is old.", "It lies on the Tejo.3 | According to Ana, it is old.");
    check("\"It rained.\"12 Ana left.⁶ Bo came.²³", "\"It rained.\"12 | Ana left.⁶ | Bo came.²³");
    check("See No.3 Beta and Fig.2 Gamma in v1.3 Beta.", "See No.3 Beta and Fig.2 Gamma in v1.3 Beta.");
    check("It lies on the Tejo.3 km on, Ana left.", "It lies on the Tejo.3 km on, Ana left.");
    check(
        "i went home. it was late. nobody saw me there, i think",
        "i went home. | it was late. | nobody saw me there, i think",
    );
    check("He uses an iPhone. iPhone sales rose. eBay fell.", "He uses an iPhone. | iPhone sales rose. | eBay fell.");
    check("Yahoo! Inc. fell. Yahoo! shares fell.", "Yahoo! Inc. fell. | Yahoo! shares fell.");
    check("It closed at 5.30. Trading resumed.", "It closed at 5.30. | Trading resumed.");
    check("They sang. 🎉 Then they left.", "They sang. | 🎉 Then they left.");
    check("See relata.toml. It lists them.", "See relata.toml. | It lists them.");
    check("Visit www.example.org. It is free.", "Visit www.example.org. | It is free.");
    check("Write to ann@example.org. We answer.", "Write to ann@example.org. | We answer.");
}

#[test]
fn keeps_abbreviations_inside() {
    check("Mr. Aas met Mrs. Lind and Dr. Osei.", "Mr. Aas met Mrs. Lind and Dr. Osei.");
    check(
        "Gen. Tea Rithy and Sen. Ana Ruiz left. Lt. Col. Poe stayed.",
        "Gen. Tea Rithy and Sen. Ana Ruiz left. | Lt. Col. Poe stayed.",
    );
    check("Prof. Lund of St. Olaf met Rep. Kay.", "Prof. Lund of St. Olaf met Rep. Kay.");
    check("On Jan. 3 it rose. In Feb. It fell.", "On Jan. 3 it rose. | In Feb. | It fell.");
    check("It was No. 5 on the list. No. It was not.", "It was No. 5 on the list. | No. | It was not.");
    check("Harlan Dynamics Inc. Chairman Bo Lee quit.", "Harlan Dynamics Inc. Chairman Bo Lee quit.");
    check("She left Harlan Inc. The firm shrugged.", "She left Harlan Inc. | The firm shrugged.");
    check(
        "Lakeshore Ltd., based in Malawi, and Orn Corp. agreed.",
        "Lakeshore Ltd., based in Malawi, and Orn Corp. agreed.",
    );
    check("He lives in the U.S. He likes it.", "He lives in the U.S. | He likes it.");
    check("U.S. President Ann Doe met U.N. Secretary Lars Ek.", "U.S. President Ann Doe met U.N. Secretary Lars Ek.");
    check(
        "It opened at 9 a.m. Monday. It closed at 5 p.m. Police came.",
        "It opened at 9 a.m. Monday. | It closed at 5 p.m. | Police came.",
    );
    check("Fruit, e.g. Apples, i.e. Malus, vs. Pears.", "Fruit, e.g. Apples, i.e. Malus, vs. Pears.");
    check(
        "John Poe Jr. was there. So was Al Poe Sr. They left.",
        "John Poe Jr. was there. | So was Al Poe Sr. | They left.",
    );
    check("She moved to Washington, D.C. In May she left.", "She moved to Washington, D.C. | In May she left.");
    check("Guns, knives, etc. The police took all.", "Guns, knives, etc. | The police took all.");
    check("She has a Ph.D. from Leiden. Her Ph.D. The end.", "She has a Ph.D. from Leiden. | Her Ph.D. | The end.");
    check("Lund et al. (2003) say so. See p. 5 and fig. 3.", "Lund et al. (2003) say so. | See p. 5 and fig. 3.");
    check("He sat. The gen. public saw.", "He sat. | The gen. public saw.");
    check("The cat sat. Sun rose.", "The cat sat. | Sun rose.");
    check("Roe v. Poe was heard. Mt. Ola stood.", "Roe v. Poe was heard. | Mt. Ola stood.");
    check("Its hon. Secretary, Ada Quill, met Det. Ivo Brandt.", "Its hon. Secretary, Ada Quill, met Det. Ivo Brandt.");
    check(
        "They met SGT. ANA ROTH, CAPT. JON AAS, DET. BO LIND.",
        "They met SGT. ANA ROTH, CAPT. JON AAS, DET. BO LIND.",
    );
    check("Ada Quill (b. Penzance, 1910) painted.", "Ada Quill (b. Penzance, 1910) painted.");
    check("Ana Roth (b. The Hague, 1910) painted.", "Ana Roth (b. The Hague, 1910) painted.");
    check("Rui Melo, b. Lisbon, d. Funchal, wrote.", "Rui Melo, b. Lisbon, d. Funchal, wrote.");
    check("It was plan b. The plan failed.", "It was plan b. | The plan failed.");
}

#[test]
fn ends_sentences_after_legal_forms_without_stops() {
    check(
        "Ada Quill leads Harrow plc. Jon Aas left it in May.",
        "Ada Quill leads Harrow plc. | Jon Aas left it in May.",
    );
    check("She left Harrow Plc. Bo Lind stayed.", "She left Harrow Plc. | Bo Lind stayed.");
    check("The ship belongs to Nordhavn A/S. Bo Lind runs it.", "The ship belongs to Nordhavn A/S. | Bo Lind runs it.");
    check("She left Quill LLC. Bo Lind stayed.", "She left Quill LLC. | Bo Lind stayed.");
}

#[test]
fn ends_sentences_after_numbers_of_rulers() {
    check("The crown went to Osbert V. Osbert V died in 1422.", "The crown went to Osbert V. | Osbert V died in 1422.");
    check("Ada Quill praised Edric I. Edric left.", "Ada Quill praised Edric I. | Edric left.");
    check("It was Pope Aldo X. Aldo X, who was ill, left.", "It was Pope Aldo X. | Aldo X, who was ill, left.");
    check("The next one was Aldo V. He died in 1572.", "The next one was Aldo V. | He died in 1572.");
    check("The crown went to Edric I. In 1316 he died.", "The crown went to Edric I. | In 1316 he died.");
    check("Osbert V. Higgs met Edric I. Koll and Aldo X. Lund.", "Osbert V. Higgs met Edric I. Koll and Aldo X. Lund.");
    check("Osbert V. Osric met Bo B. Bo and J. V. Jay.", "Osbert V. Osric met Bo B. Bo and J. V. Jay.");
    check("Ada Roth met Aldo B. Aldo.", "Ada Roth met Aldo B. Aldo.");
}

#[test]
fn keeps_initials_and_numbers_inside() {
    check("J. R. Smith met George W. Bush. J.R. Smith left.", "J. R. Smith met George W. Bush. | J.R. Smith left.");
    check("They took Plan B. The plan failed.", "They took Plan B. | The plan failed.");
    check("Robert A. M. Stern built it.", "Robert A. M. Stern built it.");
    check("1. The first one. 2. The second one.", "1. The first one. | 2. The second one.");
    check("IV. Findings follow.", "IV. Findings follow.");
    check("Chr. Lund met Bpk. Santo. Dr. Chr. The end.", "Chr. Lund met Bpk. Santo. | Dr. Chr. | The end.");
    check(
        "he met p. keller in oslo today. he left with j. r. aas then.",
        "he met p. keller in oslo today. | he left with j. r. aas then.",
    );
    check("It cost 3.50. It was 1,000.5 before.", "It cost 3.50. | It was 1,000.5 before.");
    check("It was he and I. We left.", "It was he and I. | We left.");
}

#[test]
fn closes_quotes_with_their_sentence() {
    check("\"We won.\" They had not.", "\"We won.\" | They had not.");
    check("\"We won,\" she said. \"Go home.\"", "\"We won,\" she said. | \"Go home.\"");
    check(
        "“I signed nothing,” she said. “I should have.” He nodded.",
        "“I signed nothing,” she said. | “I should have.” | He nodded.",
    );
    check("\"I am here. You are there. We wait.\" He left.", "\"I am here. | You are there. | We wait.\" | He left.");
    check("He said: \"It is over. Go.\" She went.", "He said: \"It is over. | Go.\" | She went.");
    check("\"Who?\" he asked. \"Me!\" said Ann Doe.", "\"Who?\" he asked. | \"Me!\" said Ann Doe.");
    check("\"Why me?\" Ann Doe asked. Nobody knew.", "\"Why me?\" Ann Doe asked. | Nobody knew.");
    check("\"Stop!\" Keller shouted. \"Stop now.\"", "\"Stop!\" Keller shouted. | \"Stop now.\"");
    check("She called it \"grotesque\". The army did not.", "She called it \"grotesque\". | The army did not.");
    check("He left the \"U.S.\" The rest stayed.", "He left the \"U.S.\" | The rest stayed.");
    check("'We won.' 'Did you?' he said.", "'We won.' | 'Did you?' he said.");
    check("« C'est fini. » Il part.", "« C'est fini. » | Il part.");
    check("said : \" It is over . \" He left .", "said : \" It is over . \" | He left .");
    check("\"He said 'go.'\" She went.", "\"He said 'go.'\" | She went.");
    check("“We won.”“No.” Ann left.", "“We won.” | “No.” | Ann left.");
    check("\"It is late.\" — Ann Doe", "\"It is late.\" — Ann Doe");
}

#[test]
fn reads_ellipses() {
    check("Well... maybe so. Wait... The door opened.", "Well... maybe so. | Wait... | The door opened.");
    check("... and then it rained. It poured.", "... and then it rained. | It poured.");
    check("He left . . . but came back. Then . . . The end.", "He left . . . but came back. | Then . . . | The end.");
    check("I do… I do not. So… Nothing came.", "I do… I do not. | So… | Nothing came.");
}

#[test]
fn ends_sentences_of_other_scripts() {
    check("彼は東京に行った。「行く。」と言った。", "彼は東京に行った。 | 「行く。」 | と言った。");
    check("उसने कहा। वह गया।", "उसने कहा। | वह गया।");
    check("هل ذهب؟ نعم ذهب. ثم عاد.", "هل ذهب؟ | نعم ذهب. | ثم عاد.");
    check("Он ушёл. Она осталась.", "Он ушёл. | Она осталась.");
    check("Է՛ն գնաց։ Նա մնաց։", "Է՛ն գնաց։ | Նա մնաց։");
}

#[test]
fn tells_wrapped_text_from_lines() {
    let wrapped = "The ministry said on Monday that the ferry had\nbeen inspected twice before it left the harbour\nof Ola. Nobody has\nbeen charged.\n\nA hearing is set.";
    check_paragraphs(
        wrapped,
        "The ministry said on Monday that the ferry had/been inspected twice before it left the harbour/of Ola. Nobody has/been charged. | A hearing is set.",
    );
    check_paragraphs(
        "Ferry sinks off Ola\nThe ferry sank on Monday, police said. It had left the harbour at noon with sixty people.\nA hearing is set.",
        "Ferry sinks off Ola | The ferry sank on Monday, police said. It had left the harbour at noon with sixty people. | A hearing is set.",
    );
    check_paragraphs(
        "Ferry sinks off the coast of northern Ola island\nMinister resigns over ferry disaster in capital",
        "Ferry sinks off the coast of northern Ola island | Minister resigns over ferry disaster in capital",
    );
    check_paragraphs("One.\r\nTwo.\r\n\r\nThree.", "One. | Two. | Three.");
    check_paragraphs("One.\rTwo.\u{2029}Three.\u{2028}Four.", "One. | Two. | Three. | Four.");
    check_paragraphs(
        "The committee will hear from the minister and\r\nfrom the harbour master next week, it said in a\r\nstatement.",
        "The committee will hear from the minister and/from the harbour master next week, it said in a/statement.",
    );
    check_paragraphs("The list:\n- one apple\n- two pears\n1. plum", "The list: | - one apple | - two pears | 1. plum");
    check_paragraphs(
        "Advertisement\nThe ferry sank off the coast of the island and\nAdvertisement\nnobody was charged, the police said.",
        "Advertisement | The ferry sank off the coast of the island and | Advertisement | nobody was charged, the police said.",
    );
    check_paragraphs("\n\n  \n one \n\n\n", "one");
    check_paragraphs(
        "Supported by\nThe Ministry of Culture of Norway\nBergen Museum of Art\nNordbank Foundation",
        "Supported by | The Ministry of Culture of Norway | Bergen Museum of Art | Nordbank Foundation",
    );
}

#[test]
fn reads_quoted_lines_without_their_marks() {
    let quoted = "Ada Quill wrote:\n> The chairman of Ostrava Steelworks, Pavel\n> Doležal, said on Monday that the bank of\n> the city had refused. It rained.\n>\n>> Why did the bank of the city refuse to pay\n>> the firm?\n> Nobody knows.\nBo";
    check_paragraphs(
        quoted,
        "Ada Quill wrote: | The chairman of Ostrava Steelworks, Pavel/> Doležal, said on Monday that the bank of/> the city had refused. It rained. | Why did the bank of the city refuse to pay/>> the firm? | Nobody knows. | Bo",
    );
    check(
        quoted,
        "Ada Quill wrote: | The chairman of Ostrava Steelworks, Pavel\n> Doležal, said on Monday that the bank of\n> the city had refused. | It rained. | Why did the bank of the city refuse to pay\n>> the firm? | Nobody knows. | Bo",
    );
    check_tokens("> Ada met\n> Bo.", "Ada met Bo .");
    check_tokens("> Ada met\r\n> Bo.", "Ada met Bo .");
    check_tokens("> Ada met\nBo > Eva.", "> Ada met Bo > Eva .");
    check_paragraphs("> Ada met Bo\n> \n> in Oslo", "Ada met Bo | in Oslo");
}

#[test]
fn gives_roles() {
    check_roles(
        "Militia kills dozens at camp\n\nGOMA, Democratic Republic of Congo, Feb 3 (Reuters) - Fighters stormed a camp. Dozens died.\n\nImage caption: The camp on Thursday\n\nMedia playback is unsupported on your device\n\nWhat is next?\n\nThe army will send a brigade, its spokesman said.\n\n• One thing. Two things.\n• Another thing",
        "headline: Militia kills dozens at camp\ndateline: GOMA, Democratic Republic of Congo, Feb 3 (Reuters) -\nbody: Fighters stormed a camp.\nbody: Dozens died.\ncaption: Image caption: The camp on Thursday\npage: Media playback is unsupported on your device\nheadline: What is next?\nbody: The army will send a brigade, its spokesman said.\nitem: • One thing.\nitem: Two things.\nitem: • Another thing",
    );
    check_roles("KYIV, Ukraine (AP) — The talks failed.", "dateline: KYIV, Ukraine (AP) —\nbody: The talks failed.");
    check_roles(
        "LUANDA - Prosecutors have charged a banker.",
        "dateline: LUANDA -\nbody: Prosecutors have charged a banker.",
    );
    check_roles(
        "Nairobi, Kenya (CNN) -- The talks failed.",
        "dateline: Nairobi, Kenya (CNN) --\nbody: The talks failed.",
    );
    check_roles("(CNN) -- The talks failed.", "dateline: (CNN) --\nbody: The talks failed.");
    check_roles(
        "BUJUMBURA, Aug 29 1995 (Reuters) - Talks failed.",
        "dateline: BUJUMBURA, Aug 29 1995 (Reuters) -\nbody: Talks failed.",
    );
    check_roles("COLÓN, Panama (EFE). Talks failed.", "dateline: COLÓN, Panama (EFE).\nbody: Talks failed.");
    check_roles("NEW DELHI, March 3: Talks failed.", "dateline: NEW DELHI, March 3:\nbody: Talks failed.");
    check_roles("TENNIS: Talks failed.", "body: TENNIS: Talks failed.");
    check_roles("Keller - who left the firm - is back.", "body: Keller - who left the firm - is back.");
    check_roles(
        "SHARES DROP 7 PCT AFTER HOURS\n\nThe firm fell.",
        "headline: SHARES DROP 7 PCT AFTER HOURS\nbody: The firm fell.",
    );
    check_roles(
        "MOSCOW 2004-08-30\nThe talks failed, officials said.",
        "dateline: MOSCOW 2004-08-30\nbody: The talks failed, officials said.",
    );
    check_roles(
        "By Ann Doe in Lilongwe\n14 May 2018\n\nThe minister quit.",
        "body: By Ann Doe in Lilongwe\ndateline: 14 May 2018\nbody: The minister quit.",
    );
    check_roles("Ann Doe met Bo Lee in Oslo", "body: Ann Doe met Bo Lee in Oslo");
    check_roles(
        "Photo: Uche Nwosu/dpa\n\nThe minister quit.",
        "caption: Photo: Uche Nwosu/dpa\nbody: The minister quit.",
    );
}

/// What the three promises of the stage say, checked on one text.
fn check_promises(text: &str) {
    let document = segmented(text);
    let marks = quotes::marks(text);
    let blank = |from: usize, to: usize| {
        text[from..to].char_indices().all(|(offset, c)| {
            let mark = marks.get(marks.partition_point(|mark| mark.end <= from + offset));
            characters::is_blank(c) || mark.is_some_and(|mark| mark.start <= from + offset)
        })
    };
    let mut covered = 0;
    for token in &document.tokens {
        let range = token.span.range();
        assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end) && range.start < range.end);
        assert!(blank(covered, range.start), "outside every token: {text:?}");
        covered = range.end;
    }
    assert!(blank(covered, text.len()), "outside every token: {text:?}");
    let mut next_token = 0;
    for sentence in &document.sentences {
        assert_eq!(sentence.tokens.start, next_token, "{text:?}");
        assert!(!sentence.tokens.is_empty());
        next_token = sentence.tokens.end;
        let tokens = &document.tokens[sentence.tokens.range()];
        assert_eq!(sentence.span.start, tokens[0].span.start);
        assert_eq!(sentence.span.end, tokens[tokens.len() - 1].span.end);
        assert!(document.paragraphs[sentence.paragraph as usize].contains(sentence.span), "{text:?}");
    }
    assert_eq!(next_token as usize, document.tokens.len(), "{text:?}");
    assert!(document.paragraphs.windows(2).all(|pair| pair[0].end <= pair[1].start));
    assert!(document.sentences.windows(2).all(|pair| pair[0].paragraph <= pair[1].paragraph));
}

/// A linear congruential generator, so that the texts are the same on every run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }
}

#[test]
fn keeps_its_promises_on_any_text() {
    const PIECES: &[&str] = &[
        "a",
        "B",
        "Mr",
        ".",
        ".",
        "...",
        "…",
        "!",
        "?",
        "\"",
        "'",
        "’",
        "“",
        "”",
        "«",
        "(",
        ")",
        "[",
        "]",
        " ",
        " ",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\n> ",
        "\n>>",
        ">",
        "\t",
        "-",
        "--",
        "—",
        ",",
        ":",
        ";",
        "%",
        "$",
        "@",
        "#",
        "&",
        "/",
        "|",
        "*",
        "•",
        "1",
        "42",
        "U.S.",
        "n't",
        "'s",
        "Inc.",
        "www.",
        "http://",
        "x@y.org",
        "é",
        "e\u{301}",
        "\u{301}",
        "ß",
        "İ",
        "東",
        "あ",
        "ア",
        "。",
        "」",
        "ไทย",
        "العربية",
        "؟",
        "हिन्दी",
        "।",
        "🏆",
        "\u{200b}",
        "\u{200d}",
        "\u{feff}",
        "\u{ad}",
        "\u{2028}",
        "\u{2029}",
        "\u{85}",
        "\0",
        "\u{1}",
        "\u{10ffff}",
        "Advertisement",
        "KYIV (AP) - The",
        "1. ",
        "GMT",
        "said",
        "\u{fffd}",
        "_",
        "\u{3000}",
        "\u{a0}",
    ];
    let mut noise = Noise(2019);
    for _ in 0..4000 {
        let length = noise.below(60);
        let text: String = (0..length).map(|_| PIECES[noise.below(PIECES.len())]).collect();
        check_promises(&text);
    }
    for _ in 0..1000 {
        let length = noise.below(80);
        let text: String = (0..length)
            .filter_map(|_| {
                let ceiling = [0x80, 0x800, 0x3000, 0x1_0000, 0x11_0000][noise.below(5)];
                char::from_u32(noise.below(ceiling) as u32)
            })
            .collect();
        check_promises(&text);
    }
}

#[test]
fn stays_linear_on_hostile_texts() {
    let size = 300_000;
    for piece in [
        "a",
        "a.",
        "a. ",
        "A. b ",
        "(",
        "(. ",
        "\"",
        "\". ",
        "“x.” ",
        ".",
        "!",
        "@",
        "a@",
        "1,",
        "-",
        "a-",
        "'",
        "\n",
        "a\n",
        "a \n",
        "> a\n",
        ">\n",
        "• ",
        "\u{301}",
        "\u{200b}",
        "...(",
        "www.",
        "U.S. ",
        "[1]. ",
        "é.",
        "東",
        "x@y.",
    ] {
        let text = piece.repeat(size / piece.len());
        // No clock here, because a busy machine would fail it: quadratic work on this length takes minutes and is noticed.
        check_promises(&text);
    }
}
