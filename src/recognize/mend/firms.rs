//! What ends the names of companies: legal forms, and partners behind "&".

use super::{
    SURE_SPELLING, behind, between, can_be_firm, capitalized_start, last_word, lengthen, starts_with_word, words,
};
use crate::{
    document::Mention,
    lexicon::Lexicon,
    schema::{EntityType, MentionKind},
    span::ByteSpan,
};

/// The longest insertion in brackets within the name of a company, in characters.
const LONGEST_INSERTION: usize = 40;

/// Legal forms as they are usually written that end without a full stop, or always have one.
const FORMS: &[&str] = &[
    "A/S",
    "AB",
    "AG",
    "AG & Co. KG",
    "AG & Co. KGaA",
    "AS",
    "ASA",
    "ApS",
    "B.V.",
    "BV",
    "Berhad",
    "CJSC",
    "GmbH",
    "GmbH & Co KG",
    "GmbH & Co. KG",
    "GmbH & Co. KGaA",
    "JSC",
    "K.K.",
    "K/S",
    "KG",
    "KGaA",
    "L.L.C.",
    "L.L.P.",
    "L.P.",
    "LLC",
    "LLP",
    "LP",
    "Limited",
    "N.A.",
    "N.V.",
    "NV",
    "OJSC",
    "OÜ",
    "Oy",
    "Oyj",
    "P.L.C.",
    "PJSC",
    "PLC",
    "Plc",
    "S.A.",
    "S.A. de C.V.",
    "S.A.B. de C.V.",
    "S.A.R.L.",
    "S.A.S.",
    "S.L.",
    "S.R.L.",
    "S.p.A.",
    "S.r.l.",
    "SA",
    "SA de CV",
    "SA/NV",
    "SARL",
    "SE",
    "SRL",
    "Sp. z o.o.",
    "SpA",
    "Srl",
    "Sàrl",
    "a.s.",
    "d.o.o.",
    "e.V.",
    "p.l.c.",
    "plc",
    "s.r.o.",
    "sp. z o.o.",
];

/// Legal forms cut short, which some write with a full stop.
const SHORT_FORMS: &[&str] = &[
    "Bhd", "Corp", "Inc", "Kft", "Lda", "Ltd", "Ltda", "Nyrt", "Pte Ltd", "Pte. Ltd", "Pty Ltd", "Pty. Ltd", "Pvt Ltd",
    "Pvt. Ltd", "Sdn Bhd", "Sdn. Bhd", "Tbk", "Zrt",
];

/// Those that are no word, no name and nobody's initials.
const SURE_FORMS: &[&str] = &[
    "AG & Co. KG",
    "AG & Co. KGaA",
    "CJSC",
    "GmbH",
    "GmbH & Co KG",
    "GmbH & Co. KG",
    "GmbH & Co. KGaA",
    "Inc",
    "KGaA",
    "L.L.C.",
    "L.L.P.",
    "LLC",
    "LLP",
    "Ltd",
    "Ltda",
    "OJSC",
    "P.L.C.",
    "PJSC",
    "PLC",
    "Plc",
    "Pte Ltd",
    "Pte. Ltd",
    "Pty Ltd",
    "Pty. Ltd",
    "Pvt Ltd",
    "Pvt. Ltd",
    "S.A. de C.V.",
    "S.A.B. de C.V.",
    "S.A.R.L.",
    "S.p.A.",
    "S.r.l.",
    "SA de CV",
    "SARL",
    "Sdn Bhd",
    "Sdn. Bhd",
    "Sp. z o.o.",
    "Sàrl",
    "d.o.o.",
    "e.V.",
    "p.l.c.",
    "plc",
    "s.r.o.",
    "sp. z o.o.",
];

/// Those that may be initials, a record or "not available"; they are forms behind the name of what is a firm anyway.
const FORMS_OR_INITIALS: &[&str] = &["B.V.", "L.P.", "LP", "N.A.", "N.V."];

/// Those before which the model overlooks names, and which start no name.
const UNSEEN_FORMS: &[&str] = &["GmbH", "Inc", "L.L.C.", "L.L.P.", "L.P.", "LLC", "LLP", "Ltd", "PLC", "Plc", "plc"];

/// Words that stand in the names of firms and hardly in those of people.
const FIRM_WORDS: &[&str] = &[
    "Advisers",
    "Advisors",
    "Associates",
    "Bancorp",
    "Bank",
    "Banking",
    "Capital",
    "Co",
    "Company",
    "Corporation",
    "Equity",
    "Finance",
    "Financial",
    "Fund",
    "Funding",
    "Funds",
    "Group",
    "Holding",
    "Holdings",
    "Industries",
    "Insurance",
    "International",
    "Investment",
    "Investments",
    "Investors",
    "Management",
    "Mortgage",
    "National",
    "Opportunities",
    "Partners",
    "Partnership",
    "Properties",
    "Pte",
    "Pty",
    "Pvt",
    "Realty",
    "Resources",
    "Securities",
    "Services",
    "Trust",
    "Ventures",
];

/// Words that are written small in headlines as well.
const SMALL_WORDS: &[&str] = &["from", "into", "over", "than", "with"];

/// What stands behind "&" in the name of a company that is called after a person.
const PARTNERS: &[&str] = &[
    "Associates",
    "Bros",
    "Brothers",
    "Cie",
    "Co",
    "Company",
    "Daughter",
    "Daughters",
    "Fils",
    "Partners",
    "Son",
    "Sons",
    "Söhne",
];

/// Whether a word is a legal form that never ends in a full stop of its own: `plc`, `A/S`, `GmbH`.
pub(in crate::recognize) fn takes_no_stop(word: &str) -> bool {
    word.contains('/') || (FORMS.contains(&word) && !word.ends_with('.'))
}

/// Whether a word of a name says that it is one of a firm.
pub(super) fn has_firm_word(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|word| FIRM_WORDS.contains(&word))
}

/// Whether a mention is no name but the end of the one before it: "& Co." or a legal form.
pub(super) fn is_form_of(text: &str, last: &Mention, mention: &Mention) -> bool {
    if last.kind != MentionKind::Name || !can_be_firm(last.entity_type) {
        return false;
    }
    let (name, form) = (words(text, last), words(text, mention));
    let is_organization = mention.entity_type == EntityType::Organization;
    let is_firm = last.entity_type == EntityType::Organization;
    let is_sure = is_sure_form(name, form, is_firm);
    match between(text, last, mention) {
        " " => is_sure || (is_organization && (is_form(form) || form.strip_prefix("& ").is_some_and(is_partners))),
        // "Inc." is a magazine as well. The stop is that of "Co.", which is not yet part of its name.
        ", " | "., " => {
            (is_sure && (is_firm || has_firm_word(name) || !matches!(form, "Inc" | "Inc.")))
                || (is_organization && is_firm && is_form(form))
        }
        _ => false,
    }
}

/// Makes a mention that is the end of a name part of it.
pub(super) fn take_form(text: &str, last: &mut Mention, form: &Mention, next: Option<ByteSpan>) {
    let start = form.span.start as usize;
    let length = form_length(text.get(start..).unwrap_or_default()).unwrap_or_default();
    last.span = ByteSpan::new(last.span.start as usize, (start + length).max(form.span.end as usize));
    last.entity_type = EntityType::Organization;
    last.score = last.score.max(form.score).max(SURE_SPELLING);
    add_form(text, last, next);
}

fn is_form(words: &str) -> bool {
    let bare = words.strip_suffix('.').unwrap_or(words);
    FORMS.iter().chain(SHORT_FORMS).any(|form| *form == words || *form == bare)
}

/// Whether the letters behind a name can be nothing but its legal form, with or without their last full stop.
fn is_sure_form(name: &str, form: &str, is_firm: bool) -> bool {
    let bare = form.strip_suffix('.').unwrap_or(form);
    let is_among = |forms: &[&str]| forms.iter().any(|&known| known.strip_suffix('.').unwrap_or(known) == bare);
    is_among(SURE_FORMS) || (is_among(FORMS_OR_INITIALS) && (is_firm || has_firm_word(name)))
}

/// Whether words stand for the partners in a firm, with or without their full stop: "Co.", "Sons".
pub(super) fn is_partners(words: &str) -> bool {
    PARTNERS.contains(&words.strip_suffix('.').unwrap_or(words))
}

/// Takes what makes a name that of a company, and stands right behind it, into the name.
///
/// `next` is where the next mention stands, which may be a part of that.
pub(super) fn add_form(text: &str, mention: &mut Mention, next: Option<ByteSpan>) {
    if !can_be_firm(mention.entity_type) {
        return;
    }
    if let Some(length) = partners_behind(behind(text, mention)).filter(|length| is_free(text, mention, *length, next))
    {
        lengthen(mention, length);
        become_firm(mention);
    }
    let (name, rest) = (words(text, mention), behind(text, mention));
    let length = match mention.entity_type {
        EntityType::Organization => form_behind(name, rest).or_else(|| {
            let start = if rest.starts_with("., ") { "., " } else { ", " };
            sure_form_behind(name, rest, start)
        }),
        EntityType::Person => sure_form_behind(name, rest, " "),
        _ => None,
    };
    if let Some(length) = length.filter(|length| is_free(text, mention, *length, next)) {
        lengthen(mention, length);
    }
    if matches!(mention.entity_type, EntityType::Person | EntityType::Place) && ends_in_sure_form(words(text, mention))
    {
        become_firm(mention);
    }
}

fn become_firm(mention: &mut Mention) {
    mention.entity_type = EntityType::Organization;
    mention.score = mention.score.max(SURE_SPELLING);
}

/// Whether what is to be added to a name holds nothing of a mention that goes on behind it, but for its full stop.
fn is_free(text: &str, mention: &Mention, length: usize, next: Option<ByteSpan>) -> bool {
    let end = mention.span.end as usize + length;
    next.is_none_or(|next| {
        let beyond = text.get(end..next.end as usize).unwrap_or_default();
        next.start as usize >= end || matches!(beyond, "" | ".")
    })
}

/// Length of " & Co" and the like at the start of a text.
fn partners_behind(rest: &str) -> Option<usize> {
    let partners = rest.strip_prefix(" & ")?;
    PARTNERS.iter().find(|word| starts_with_word(partners, word)).map(|word| " & ".len() + word.len())
}

/// Length of a legal form at the start of a text, with the blank before it and what is inserted in brackets: " ASA",
/// " (Chile) SpA".
pub(super) fn form_behind(name: &str, rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix(' ')?;
    if let Some(length) = form_length(rest) {
        // "NORDBANK AS SHARES FALL" may go either way.
        let next = rest.strip_prefix("AS ").and_then(|rest| rest.split_whitespace().next());
        let in_capitals = |words: &str| words.chars().any(char::is_uppercase) && !words.chars().any(char::is_lowercase);
        let is_doubtful = in_capitals(name) && next.is_some_and(in_capitals);
        // "The Calumbra LP" is a record.
        let is_record = rest.starts_with("LP") && !name.contains(' ');
        return (!is_doubtful && !is_record).then_some(1 + length);
    }
    let inside = rest.strip_prefix('(')?;
    let (close, _) = inside.char_indices().take(LONGEST_INSERTION).find(|(_, c)| *c == ')')?;
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) || matches!(word, "&" | "and" | "of")
    };
    let insertion = inside.get(..close)?;
    let form = inside.get(close + 1..)?.strip_prefix(' ')?;
    let length = form_length(form)?;
    (!insertion.contains('\n') && insertion.split(' ').all(is_name)).then_some(" (".len() + close + ") ".len() + length)
}

/// Length of the longest legal form that a text starts with.
fn form_length(text: &str) -> Option<usize> {
    FORMS.iter().chain(SHORT_FORMS).filter(|form| starts_with_word(text, form)).map(|form| form.len()).max()
}

/// Length of a legal form that leaves no doubt at the start of a text, with the marks before it.
fn sure_form_behind(name: &str, rest: &str, start: &str) -> Option<usize> {
    let form = rest.strip_prefix(start)?;
    let length = form_length(form)?;
    is_sure_form(name, form.get(..length)?, false).then_some(start.len() + length)
}

/// Whether a name ends in a legal form that leaves no doubt.
fn ends_in_sure_form(name: &str) -> bool {
    let bare = name.strip_suffix('.').unwrap_or(name);
    SURE_FORMS.iter().chain(FORMS_OR_INITIALS).any(|&form| {
        let head = bare.strip_suffix(form.strip_suffix('.').unwrap_or(form)).and_then(|head| head.strip_suffix(' '));
        head.is_some_and(|head| !head.is_empty() && is_sure_form(head, form, false))
    })
}

/// Adds the firms that the model did not see: capitalized words before a legal form that leaves no doubt.
pub(super) fn add_firms(text: &str, mentions: &mut Vec<Mention>) {
    let mut added: Vec<Mention> = Vec::new();
    for (at, _) in text.match_indices(' ') {
        let floor = added.last().map_or(0, |last| last.span.end as usize);
        if let Some(span) = unseen_firm(text, mentions, at, floor) {
            added.push(Mention {
                span,
                entity_type: EntityType::Organization,
                kind: MentionKind::Name,
                score: SURE_SPELLING,
                entity: None,
                norm: None,
                link: None,
            });
        }
    }
    if added.is_empty() {
        return;
    }
    // All that the model saw of them is the form.
    mentions.retain(|mention| !added.iter().any(|firm| firm.span.overlaps(mention.span)));
    mentions.append(&mut added);
    mentions.sort_by_key(|mention| mention.span);
}

/// The name of a firm whose legal form stands behind the blank at `at`, if no mention holds a word of it.
///
/// It starts behind the floor.
fn unseen_firm(text: &str, mentions: &[Mention], at: usize, floor: usize) -> Option<ByteSpan> {
    let rest = text.get(at + 1..)?;
    if !UNSEEN_FORMS.iter().any(|form| starts_with_word(rest, form)) {
        return None;
    }
    let form = ByteSpan::new(at + 1, at + 1 + form_length(rest)?);
    let next = mentions.partition_point(|mention| mention.span.end <= form.start);
    if mentions.get(next).is_some_and(|next| next.span.overlaps(form) && !form.contains(next.span)) {
        return None;
    }
    let last = next.checked_sub(1).and_then(|last| mentions.get(last));
    let floor = last.map_or(floor, |last| floor.max(last.span.end as usize));
    let head = text.get(..at)?;
    let start = capitalized_start(head, floor)?;
    let span = ByteSpan::new(start, form.end as usize);
    let (lead, name) = (head.get(..start)?.trim_end_matches(' '), head.get(start..)?);
    let is_name = is_sure_form(name, text.get(form.range())?, false)
        && name.split(' ').any(|word| !FIRM_WORDS.contains(&word))
        && !is_cut_off(lead, name, floor)
        && !is_any_firm(lead, name)
        && capitals_tell(text, span);
    is_name.then_some(span)
}

/// Whether the name goes on before what is taken for its start: "Gould, Tilson and Hale LLP".
fn is_cut_off(lead: &str, name: &str, floor: usize) -> bool {
    let listed = lead.strip_suffix(" and").or_else(|| lead.strip_suffix(',').filter(|_| !name.contains(' ')));
    listed.map(|listed| listed.trim_end_matches([' ', ','])).is_some_and(|listed| {
        // Where a mention ends, it is a name of its own.
        listed.len() > floor && last_word(listed).starts_with(char::is_uppercase)
    })
}

/// Whether the words tell of what country a firm is, and not its name: "a Delaware LLC".
fn is_any_firm(lead: &str, name: &str) -> bool {
    let lexicon = Lexicon::embedded();
    !name.contains(' ')
        && (matches!(last_word(lead), "a" | "an" | "A" | "An")
            || lexicon.territory_by_name(name).is_some()
            || lexicon.people(name).is_some())
}

/// Whether capitals tell names from other words in the line of a name: some longer word there has none.
fn capitals_tell(text: &str, name: ByteSpan) -> bool {
    let before = text.get(..name.start as usize).and_then(|before| before.rsplit('\n').next());
    let behind = text.get(name.end as usize..).and_then(|behind| behind.split('\n').next());
    before.into_iter().chain(behind).flat_map(str::split_whitespace).any(|word| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        word.starts_with(char::is_lowercase) && letters > 3 && !SMALL_WORDS.contains(&word)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_same};

    #[test]
    fn legal_forms_belong_to_names() {
        check("{P|J. H. Whitlock} {O|& Co}. sued.", "{O|J. H. Whitlock & Co}. sued.");
        check("{P|J. H. Whitlock} & Co. sued.", "{O|J. H. Whitlock & Co}. sued.");
        check("{P|J. H. Whitlock} {O|& Co.}", "{O|J. H. Whitlock & Co.}");
        check("{P|Tierney} & Sons Ltd sued.", "{O|Tierney & Sons Ltd} sued.");
        check("{P|Harrow} {O|plc} sued.", "{O|Harrow plc} sued.");
        check("{O|Trivane Industries}, {O|Inc.}", "{O|Trivane Industries, Inc.}");
        check("{O|Nordhavn} AS in Bergen", "{O|Nordhavn AS} in Bergen");
        check("{O|Adria Navi} SRL. {O|Bulk} A/S", "{O|Adria Navi SRL}. {O|Bulk A/S}");
        check("{O|Calderbrook} SpA, {O|Hydra} (Pty) Ltd", "{O|Calderbrook SpA}, {O|Hydra (Pty) Ltd}");
        check("{O|Thode} GmbH & Co. KG won", "{O|Thode GmbH & Co. KG} won");
        check("{O|DNB} AS won", "{O|DNB AS} won");
        check_same("{O|NORDBANK} AS SHARES FALL");
        check_same("{O|Nordbank} ASSETS and {O|Nordbank} SA-based");
        check_same("{P|Jon Aas} & Company-owned");
        check_same("{P|Jon Aas} AS");
        check_same("{P|Jon Aas}, {O|SA}");
        check_same("{O|Nordbank}\nAS");
        check_same("{O|Nordbank} & {O|Aas}");
        check_same("{O|Nordbank} (it is said) AS");
    }

    #[test]
    fn legal_forms_stand_behind_commas() {
        check(
            "{O|Dunley Partners}, {L|L.P.} and {O|Crest Ridge Bank}, {L|N.A.} lent it.",
            "{O|Dunley Partners, L.P.} and {O|Crest Ridge Bank, N.A.} lent it.",
        );
        check("{O|Crest Ridge Bank}, {L|N.A}., is", "{O|Crest Ridge Bank, N.A.}, is");
        check("{O|Rook Lane Investors III}, {O|LP} bought it.", "{O|Rook Lane Investors III, LP} bought it.");
        check("{P|Dunley Partners}, {P|L.P.} lent it.", "{O|Dunley Partners, L.P.} lent it.");
        check("{L|Crest Ridge}, {L|LLC} lent it.", "{O|Crest Ridge, LLC} lent it.");
        check("{O|Dunley Partners}, L.P. lent it.", "{O|Dunley Partners, L.P.} lent it.");
        check("{O|Dunley}, LLC, and {O|Thode}, GmbH & Co. KG", "{O|Dunley, LLC}, and {O|Thode, GmbH & Co. KG}");
        check("{O|Bridgeford & Co}., {L|L.P.} lent it.", "{O|Bridgeford & Co., L.P.} lent it.");
        check("{O|Coral Fund} LP sold it.", "{O|Coral Fund LP} sold it.");
        check_same("{P|Harpley}, {P|L.P.} wrote it. {P|Gogolin}, {L|N.V.} too.");
        check_same("{O|Calumbra}, LP, 1962, and the {O|Calumbra} LP");
        check_same("{O|Nordbank}, N.A., 5 and {O|Nordbank}, SA");
        check_same("{O|Nordbank}, {O|LLC Marlat} sued.");
        check_same("{P|Bo Lind}, {O|Inc.} magazine said");
        check_same("{O|Nordbank}, {L|MD}, and {O|Nordbank}, LLC-owned");
    }

    #[test]
    fn people_before_legal_forms_are_firms() {
        check("{P|Peter Marsh} LLP and {P|Carter Hale LLP} sued.", "{O|Peter Marsh LLP} and {O|Carter Hale LLP} sued.");
        check("{P|Peter Marsh} {L|LLP} sued.", "{O|Peter Marsh LLP} sued.");
        check("{P|Anson Cole}'s {P|Anson Cole, Inc.} won", "{P|Anson Cole}'s {O|Anson Cole, Inc.} won");
        check("{L|Leeds Ltd} and {P|Dunley Partners L.P.}", "{O|Leeds Ltd} and {O|Dunley Partners L.P.}");
        check_same("{P|Jon Aas} SA, {P|Gogolin N.V.}, {P|Peter Marsh} LLB and {W|Marsh Inc.}");
        check_same("{P|Peter Marsh} {O|LLC Marlat} sued.");
    }

    #[test]
    fn firms_are_found_by_their_legal_forms() {
        check("Gould Tilson LLP represents {P|Foley}.", "{O|Gould Tilson LLP} represents {P|Foley}.");
        check(
            "{O|Harcourt} advises {O|Kestrane}, and Brennan Hale LLP and Marcus Webb LLP as legal counsel.",
            "{O|Harcourt} advises {O|Kestrane}, and {O|Brennan Hale LLP} and {O|Marcus Webb LLP} as legal counsel.",
        );
        check("When Gould & Tilson plc sued, he left.", "When {O|Gould & Tilson plc} sued, he left.");
        check("It hired (Gould Tilson {O|LLP}) as counsel.", "It hired ({O|Gould Tilson LLP}) as counsel.");
        check("They sold Thode GmbH & Co. KG today.", "They sold {O|Thode GmbH & Co. KG} today.");
        check("In {D|May} Gould Ltd moved.", "In {D|May} {O|Gould Ltd} moved.");
        check("Rook Fund L.P. sold Tilson Pty Ltd to them.", "{O|Rook Fund L.P.} sold {O|Tilson Pty Ltd} to them.");
        check_same("GOULD TILSON LLP SUES BANK");
        check_same("Gould Tilson LLP Sues Bank With Harcourt");
        check_same("The firm, a Wyoming LLC, and the German GmbH closed.");
        check_same("They met Gould, Tilson and Hale LLP and Marsh, Webb LLP there.");
        check_same("He runs Ltd companies, The LLC and Harpley L.P. there.");
        check_same("He reads Marsh, Inc. there, and Holdings LLC closed.");
        check_same("It sued {P|Gould}'s LLP there.");
    }
}
