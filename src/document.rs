//! The document and its annotations: the plain data that all stages share.

use crate::{
    schema::{EntityType, MentionKind, RelationType, Status},
    span::{ByteSpan, TokenSpan},
};

/// A document: its text as read, what is known about it, and what the stages found in it.
///
/// All spans are UTF-8 byte offsets into `text`, half open, on character boundaries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Identifier, unique in a corpus: given by the input, else its path (and line).
    pub id: String,
    /// The text as read; never changed afterwards.
    pub text: String,
    /// Headline or page title, if known; it is not part of `text` unless the input had it there.
    pub title: Option<String>,
    /// Date of publication as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, if known.
    pub date: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Paragraphs in order, without the blank lines between them.
    pub paragraphs: Vec<ByteSpan>,
    /// Sentences in order; every token lies in exactly one.
    pub sentences: Vec<Sentence>,
    /// Tokens in order.
    pub tokens: Vec<Token>,
    /// Mentions in order of start.
    pub mentions: Vec<Mention>,
    /// Entities in order of first mention; an [`EntityId`] is an index here.
    pub entities: Vec<Entity>,
    /// Relations in order of head, tail, type.
    pub relations: Vec<Relation>,
    /// What went wrong without stopping the document, for people to read.
    pub warnings: Vec<String>,
}

impl Document {
    /// A document with a text and an id and nothing else.
    #[must_use]
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }

    /// The words under a span.
    #[must_use]
    pub fn slice(&self, span: ByteSpan) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Takes out what is of a type that the schema in use does not keep: entities with their mentions and relations, and
    /// relations. Qualifiers that were taken out are nothing.
    pub fn keep_types(&mut self) {
        self.relations.retain(|relation| relation.relation_type.is_kept());
        let entities_stay = self.entities.iter().all(|entity| entity.entity_type.is_kept());
        if entities_stay && self.mentions.iter().all(|mention| mention.entity_type.is_kept()) {
            return;
        }
        let mut next = 0;
        let entity_ids: Vec<Option<EntityId>> = self
            .entities
            .iter()
            .map(|entity| {
                let id = EntityId(next);
                entity.entity_type.is_kept().then(|| {
                    next += 1;
                    id
                })
            })
            .collect();
        let new_entity = |id: EntityId| entity_ids.get(id.0 as usize).copied().flatten();
        let mut next = 0;
        // A noun may have another type than the entity that it stands for, and goes with that.
        let mention_ids: Vec<Option<MentionId>> = self
            .mentions
            .iter()
            .map(|mention| {
                let stays = mention.entity.map_or(mention.entity_type.is_kept(), |id| new_entity(id).is_some());
                let id = MentionId(next);
                stays.then(|| {
                    next += 1;
                    id
                })
            })
            .collect();
        let new_mention = |id: MentionId| mention_ids.get(id.0 as usize).copied().flatten();
        let mut stays = mention_ids.iter().map(Option::is_some);
        self.mentions.retain(|_| stays.next().unwrap_or(false));
        for mention in &mut self.mentions {
            mention.entity = mention.entity.and_then(new_entity);
            mention.link = mention
                .link
                .take()
                .and_then(|link| new_mention(link.antecedent).map(|antecedent| CoreferenceLink { antecedent, ..link }));
        }
        self.entities.retain(|entity| entity.entity_type.is_kept());
        for entity in &mut self.entities {
            entity.mentions = entity.mentions.iter().copied().filter_map(new_mention).collect();
        }
        self.relations = std::mem::take(&mut self.relations)
            .into_iter()
            .filter_map(|relation| {
                Some(Relation {
                    head: new_entity(relation.head)?,
                    tail: new_entity(relation.tail)?,
                    date: relation.date.and_then(new_entity),
                    place: relation.place.and_then(new_entity),
                    by: relation.by.and_then(new_entity),
                    ..relation
                })
            })
            .collect();
    }

    /// The sentence that holds a byte offset, or the last one that starts before it.
    #[must_use]
    pub fn sentence_at(&self, offset: u32) -> Option<usize> {
        self.sentences.partition_point(|sentence| sentence.span.start <= offset).checked_sub(1)
    }
}

/// A token: a word, number or punctuation mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: ByteSpan,
}

/// What part a sentence plays on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SentenceRole {
    /// Running text.
    #[default]
    Body,
    /// Headline or section heading.
    Headline,
    /// Place, date and agency before the first sentence.
    Dateline,
    /// Words under a picture, credits.
    Caption,
    /// One entry of a list.
    ListItem,
    /// Left over from the page: "Media playback is unsupported on your device".
    Boilerplate,
}

/// A sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands, without white space around it.
    pub span: ByteSpan,
    /// Its tokens.
    pub tokens: TokenSpan,
    /// Its paragraph, an index into [`Document::paragraphs`].
    pub paragraph: u32,
    /// Its part on the page.
    pub role: SentenceRole,
}

/// Index of a mention in [`Document::mentions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MentionId(pub u32);

/// Index of an entity in [`Document::entities`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// A stretch of text that refers to an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where it stands.
    pub span: ByteSpan,
    /// What it is.
    pub entity_type: EntityType,
    /// How it refers.
    pub kind: MentionKind,
    /// Confidence of the recognizer, 0 to 1.
    pub score: f32,
    /// The entity it refers to; set by the resolve stage.
    pub entity: Option<EntityId>,
    /// Normal form of a date: `YYYY[-MM[-DD]]`, `199X`, or two joined by `/`.
    pub norm: Option<String>,
    /// Why it was linked to an earlier mention; nothing for the first mention of an entity.
    pub link: Option<CoreferenceLink>,
}

/// A link from a mention to an earlier one of the same entity.
#[derive(Debug, Clone, PartialEq)]
pub struct CoreferenceLink {
    /// The earlier (or, for names, better) mention.
    pub antecedent: MentionId,
    /// Which rule or model made the link.
    pub reason: LinkReason,
    /// Confidence, 0 to 1; of a rule, how strong it is held to be.
    pub score: f32,
}

/// Why two mentions were taken for the same entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LinkReason {
    /// The same name, letter case and punctuation aside.
    SameName,
    /// A surname or given name after the full name.
    PartOfName,
    /// An acronym and its long form.
    Acronym,
    /// Two spellings or transliterations of one name.
    SpellingVariant,
    /// The same organization with and without its legal form.
    LegalForm,
    /// Two names that the lexicon, or the user, knows for one thing.
    KnownAlias,
    /// The same calendar date.
    SameDate,
    /// A capital or seat of government that acts for its country.
    Metonym,
    /// Who speaks, or has signed a letter, and says "I".
    Speaker,
    /// The pair scorer.
    Model,
}

impl LinkReason {
    /// All of them.
    pub const ALL: [LinkReason; 10] = [
        Self::SameName,
        Self::PartOfName,
        Self::Acronym,
        Self::SpellingVariant,
        Self::LegalForm,
        Self::KnownAlias,
        Self::SameDate,
        Self::Metonym,
        Self::Speaker,
        Self::Model,
    ];

    /// The name used in files, such as `same_name`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SameName => "same_name",
            Self::PartOfName => "part_of_name",
            Self::Acronym => "acronym",
            Self::SpellingVariant => "spelling_variant",
            Self::LegalForm => "legal_form",
            Self::KnownAlias => "known_alias",
            Self::SameDate => "same_date",
            Self::Metonym => "metonym",
            Self::Speaker => "speaker",
            Self::Model => "model",
        }
    }
}

/// A thing that the document talks about.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// What it is.
    pub entity_type: EntityType,
    /// Its best name in the document.
    pub name: String,
    /// Normal form, for dates.
    pub norm: Option<String>,
    /// Identifier in a knowledge base, such as `Q183` or `geonames:2643743`, if it was linked; set by the link stage.
    pub link: Option<String>,
    /// Its mentions in order.
    pub mentions: Vec<MentionId>,
}

/// A directed, typed relation between two entities of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The entity it starts from.
    pub head: EntityId,
    /// What it says.
    pub relation_type: RelationType,
    /// The entity it points to.
    pub tail: EntityId,
    /// Confidence, 0 to 1.
    pub score: f32,
    /// Sentences that state it, in order; never empty for extracted relations.
    pub evidence: Vec<ByteSpan>,
    /// The word that states it, where it can be told.
    pub trigger: Option<ByteSpan>,
    /// When it happened or held: a DATE entity.
    pub date: Option<EntityId>,
    /// Where: a PLACE entity.
    pub place: Option<EntityId>,
    /// Who states it, where the text attributes it.
    pub by: Option<EntityId>,
    /// Possible, intended, negated or former; nothing for stated as fact.
    pub status: Option<Status>,
}
