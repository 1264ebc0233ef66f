"""Gold sets -> tensors. To add a set, add one line to SETS."""
import glob
import json
import lzma
import os
import random
import re
from dataclasses import dataclass, field

import torch

from . import clauses, gold_inline
from .perturb import name_pool, swap_names, without_punctuation
from .schema import (ARGUMENTS, KINDS, NULL_TYPE, POSITIONS, RELATION_INDEX, RELATIONS, STATUSES, TAG_COUNT, TYPES,
                     tag)

WINDOW = 510  # word pieces in a window, without [CLS] and [SEP]


@dataclass(frozen=True)
class GoldSet:
    """One training set: each of its windows is drawn `share` times in an epoch, the part below one by chance; of `clauses`
    so many texts are made. `relation_weight` scales its relation loss. Of its short documents the part `varied` is changed
    (`vary`), and about the part `joined` shares its window with another one. Where `qualifiers` are marked, they are
    learned."""
    name: str
    share: float
    coreference: bool = False
    strip_articles: bool = False
    relation_weight: float = 1.0
    varied: float = 0.0
    joined: float = 0.0
    qualifiers: bool = False


SETS = [
    GoldSet("news", 2.0, coreference=True, varied=0.7, joined=0.3, qualifiers=True),
    GoldSet("clauses", 1600, qualifiers=True),
    GoldSet("redocred_train", 1.2, coreference=True, varied=0.4, joined=0.3),
    GoldSet("docred_qcode", 0.7, coreference=True, relation_weight=0.3),
    GoldSet("men_train", 0.6, relation_weight=0.3),
    GoldSet("knowledgenet_train", 0.35, coreference=True),
    GoldSet("re3d_train", 1.0, relation_weight=0.3),
    GoldSet("uner_ewt_train", 0.25),
    GoldSet("wikigold", 0.6),
    GoldSet("crossner_politics", 0.35),
    GoldSet("crossner_science", 0.2),
    GoldSet("crossner_music", 0.2),
    GoldSet("crossner_literature", 0.3),
    GoldSet("crossner_ai", 0.2),
    GoldSet("wnut17_train", 0.2),
    GoldSet("btc", 0.08),
    GoldSet("gum_train", 0.9, coreference=True, strip_articles=True),
    GoldSet("litbank_train", 0.15, coreference=True, strip_articles=True),
]

ARTICLE = re.compile(r"(?i)(?:the|a|an|this|that|these|those|some|any|each|both|all)\s+")


def load_documents(name, sets_directory, news_directory):
    """The documents of a set: `news` (all but the files `dev*`), `news_dev` (`dev.gold`) and `news_dev_2` from inline files,
    the others from xz-compressed JSON Lines; for `clauses`, those whose names it takes."""
    if name == "clauses":
        name = "news"
    if name.startswith("news"):
        paths = sorted(glob.glob(os.path.join(news_directory, "*.gold")))
        dev = {"news_dev": "dev.gold", "news_dev_2": "dev-2.gold"}
        wanted = [path for path in paths if os.path.basename(path) == dev.get(name)
                  or name == "news" and not os.path.basename(path).startswith("dev")]
        return [document for path in wanted for document in gold_inline.read(path)]
    with lzma.open(os.path.join(sets_directory, name + ".jsonl.xz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# Letter shape of the word that a piece belongs to: gives an uncased encoder its case back.
SHAPES = ["special", "lower", "title", "upper", "single_upper", "mixed", "digits", "alphanumeric", "punctuation", "other"]
SHAPE_INDEX = {shape: index for index, shape in enumerate(SHAPES)}


def shape(word):
    """Shape of a word; the Rust program computes the same (`nn::tokenizer`)."""
    letters = [c for c in word if c.isalpha()]
    digits = any("0" <= c <= "9" for c in word)
    if not letters:
        if digits:
            return SHAPE_INDEX["digits"]
        return SHAPE_INDEX["punctuation"]
    if digits:
        return SHAPE_INDEX["alphanumeric"]
    upper = [c.isupper() for c in letters]
    lower = [c.islower() for c in letters]
    if all(upper):
        return SHAPE_INDEX["single_upper" if len(letters) == 1 else "upper"]
    if all(lower):
        return SHAPE_INDEX["lower"]
    if upper[0] and all(lower[1:]):
        return SHAPE_INDEX["title"]
    if not any(upper) and not any(lower):
        return SHAPE_INDEX["other"]
    return SHAPE_INDEX["mixed"]


# What stands before a piece: nothing (the same word or punctuation joined to it), a blank, a line break, a blank line.
GAPS = 4


def gap(between):
    """Index of the white space before a word."""
    newlines = between.count("\n")
    return 3 if newlines >= 2 else 2 if newlines == 1 else 1 if between else 0


@dataclass
class Mention:
    first: int  # first word
    last: int  # last word, inclusive
    type: int
    kind: int
    entity: int
    text: str = ""


@dataclass
class Example:
    """A window of a document. Words are pre-tokens of the BERT tokenizer; piece 0 is [CLS]."""
    set: GoldSet
    pieces: list
    shapes: list
    gaps: list
    word_starts: list  # piece index of each word's first piece
    word_texts: list
    mentions: list  # in order
    allowed: object  # per word: None (free), index of the one right tag, or -1 (the set's background)
    background: object = None  # bool tensor over tags: what an unmarked word may be
    entities: list = field(default_factory=list)  # entity -> list of mention indices
    entity_types: list = field(default_factory=list)
    relations: list = field(default_factory=list)  # (head, relation, tail, status, {argument: entity})
    relation_types: object = None  # bool tensor: relation types that the set marks
    relations_complete: bool = True
    document: str = ""
    char_spans: list = field(default_factory=list)

    def __len__(self):
        return len(self.pieces)


class WordPieces:
    """Wraps the BERT word-piece tokenizer so that it gives words, their pieces and offsets."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.cls = tokenizer.token_to_id("[CLS]")
        self.sep = tokenizer.token_to_id("[SEP]")
        self.mask = tokenizer.token_to_id("[MASK]")

    def words(self, text):
        """[(start, end, [piece ids])] with character offsets."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        words = []
        for piece, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets):
            if words and words[-1][3] == word:
                words[-1][1] = max(words[-1][1], end)
                words[-1][2].append(piece)
            else:
                words.append([start, end, [piece], word])
        return [(start, end, pieces) for start, end, pieces, _ in words]


def set_masks(document):
    """(background tags, relation types, relations complete) from what the document says is annotated."""
    annotated = document.get("annotated")
    background = torch.zeros(TAG_COUNT, dtype=torch.bool)
    background[0] = True
    relation_types = torch.ones(len(RELATIONS), dtype=torch.bool)
    complete = True
    if annotated is not None:
        for entity_type, type_name in enumerate(TYPES):
            for kind, kind_name in enumerate(KINDS):
                if type_name not in annotated["entities"] or kind_name not in annotated["kinds"]:
                    for position in range(len(POSITIONS)):
                        background[tag(entity_type, kind, position)] = True
        relation_types[:] = False
        for name in annotated.get("relations", []):
            relation_types[RELATION_INDEX[name]] = True
        complete = annotated.get("relations_complete", True)
    return background, relation_types, complete


def windows_of(lengths, newline_before, offset):
    """Cuts word pieces into windows of at most WINDOW: [(first word, last word + 1)]; prefers line starts."""
    bounds, start = [], 0
    first = True
    while start < len(lengths):
        limit = WINDOW if not first or not offset else max(64, WINDOW - offset)
        first = False
        total, end = 0, start
        while end < len(lengths) and total + lengths[end] <= limit:
            total += lengths[end]
            end += 1
        if end == start:  # one word longer than a window
            start += 1
            continue
        if end < len(lengths):
            for back in range(end, max(start + 1, end - (end - start) // 3), -1):
                if newline_before[back]:
                    end = back
                    break
        bounds.append((start, end))
        start = end
    return bounds


def make_examples(document, gold_set, tokenizer, offset=0):
    """The windows of one document as examples."""
    text = document["text"]
    data = text.encode()
    byte_to_char, at = {}, 0
    for index, character in enumerate(text):
        byte_to_char[at] = index
        at += len(character.encode())
    byte_to_char[at] = len(text)
    words = tokenizer.words(text)
    start_word = {start: i for i, (start, _, _) in enumerate(words)}
    end_word = {end: i for i, (_, end, _) in enumerate(words)}
    background, relation_types, complete = set_masks(document)

    allowed = [-1] * len(words)
    mentions = []
    for mention in sorted(document["mentions"], key=lambda m: (m["start"], -m["end"])):
        start, end = byte_to_char[mention["start"]], byte_to_char[mention["end"]]
        kind = KINDS.index(mention.get("kind") or "name")
        if gold_set.strip_articles and kind != 2:
            article = ARTICLE.match(text, start, end)
            if article and article.end() < end:
                start = article.end()
        entity_type = NULL_TYPE if mention["type"] is None else TYPES.index(mention["type"])
        first, last = start_word.get(start), end_word.get(end)
        if first is None or last is None or last < first:
            for i, (a, b, _) in enumerate(words):
                if a < end and start < b:
                    allowed[i] = None
            continue
        if any(allowed[i] != -1 for i in range(first, last + 1)):
            continue  # nested or overlapping: the longest came first
        for i in range(first, last + 1):
            if entity_type == NULL_TYPE:
                allowed[i] = None
            else:
                position = 3 if first == last else 0 if i == first else 2 if i == last else 1
                allowed[i] = tag(entity_type, kind, position)
        entity = mention.get("entity")
        if entity is None:  # sets without entities: each mention is one of its own
            entity = -1 - len(mentions)
        mentions.append(Mention(first, last, entity_type, kind, entity, text[start:end]))

    types = {e["id"]: NULL_TYPE if e["type"] is None else TYPES.index(e["type"]) for e in document["entities"]}
    newline_before = [i == 0 or "\n" in text[words[i - 1][1]:words[i][0]] for i in range(len(words))]
    examples = []
    for first, end in windows_of([len(w[2]) for w in words], newline_before, offset):
        pieces, shapes, gaps, starts = [tokenizer.cls], [0], [0], []
        for i in range(first, end):
            a, b, ids = words[i]
            starts.append(len(pieces))
            pieces += ids
            shapes += [shape(text[a:b])] * len(ids)
            before = text[words[i - 1][1]:a] if i else "\n\n"
            gaps += [gap(before)] + [0] * (len(ids) - 1)
        pieces.append(tokenizer.sep)
        shapes.append(0)
        gaps.append(0)
        inside = [Mention(m.first - first, m.last - first, m.type, m.kind, m.entity, m.text)
                  for m in mentions if m.first >= first and m.last < end]
        example = Example(gold_set, pieces, shapes, gaps, starts, [text[a:b] for a, b, _ in words[first:end]], inside,
                          allowed[first:end], background, relation_types=relation_types, relations_complete=complete,
                          document=document["id"], char_spans=[(a, b) for a, b, _ in words[first:end]])
        index = {}
        for number, mention in enumerate(inside):
            if mention.entity not in index:
                index[mention.entity] = len(index)
                example.entities.append([])
                example.entity_types.append(types.get(mention.entity, mention.type))
            example.entities[index[mention.entity]].append(number)
        for relation in document.get("relations", []):
            if relation["head"] in index and relation["tail"] in index:
                arguments = {a: index.get(relation[a]) if a in relation else None for a in ARGUMENTS}
                example.relations.append((index[relation["head"]], RELATION_INDEX[relation["type"]],
                                          index[relation["tail"]], STATUSES.index(relation.get("status")), arguments))
        examples.append(example)
    assert len(data) == at
    return examples


def augment(example, tokenizer, rng):
    """(pieces, shapes) with random changes of case and masked words: the encoder must not lean on single words."""
    pieces, shapes, starts = list(example.pieces), list(example.shapes), set(example.word_starts)
    draw = rng.random()
    if draw < 0.04:  # all lower case
        shapes = [SHAPE_INDEX["lower"] if s in (2, 3, 4, 5) else s for s in shapes]
    elif draw < 0.08:  # all upper case
        shapes = [SHAPE_INDEX["upper"] if s in (1, 2, 5) else s for s in shapes]
    elif draw < 0.14:  # the first line or sentence in the case of headlines
        for first, (word, start) in enumerate(zip(example.word_texts, example.word_starts)):
            if first > 16 or word in (".", "?", "!") or first and example.gaps[start] > 1:
                break
            if len(word) > 3 and word.islower():
                at = start
                while at < len(pieces) - 1 and (at == start or at not in starts):
                    shapes[at] = SHAPE_INDEX["title"]
                    at += 1
    for i in range(1, len(pieces) - 1):
        if rng.random() < 0.02:
            pieces[i] = tokenizer.mask
    hidden = {entity for entity in range(len(example.entities)) if rng.random() < 0.08}
    hidden = {number for entity in hidden for number in example.entities[entity]}
    for number, mention in enumerate(example.mentions):
        if mention.kind == 0 and (number in hidden or rng.random() < 0.04):
            start = example.word_starts[mention.first]
            after = mention.last + 1
            end = example.word_starts[after] if after < len(example.word_starts) else len(pieces) - 1
            for i in range(start, end):
                pieces[i] = tokenizer.mask
    return pieces, shapes


def training_documents(only, sets, news, one_in=1):
    """[(GoldSet, [document])] of all sets to train on, or of those that `only` names, between commas; every Nth document."""
    chosen = [s for s in SETS if only is None or s.name in only.split(",")]
    return [(s, load_documents(s.name, sets, news)[::one_in]) for s in chosen]


def batches(examples, budget, rng):
    """Groups of examples of like length with at most `budget` word pieces, in random order."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i]) + rng.random() * 24)
    groups, current = [], []
    for i in order:
        if current and (len(current) + 1) * max(len(examples[j]) for j in current + [i]) > budget:
            groups.append(current)
            current = []
        current.append(i)
    if current:
        groups.append(current)
    rng.shuffle(groups)
    return [[examples[i] for i in group] for group in groups]


def times(share, rng):
    """How often something is drawn whose mean is `share`."""
    return int(share) + (rng.random() < share - int(share))


def vary(document, pool, rng):
    """The document without punctuation (one time in ten), or with other names for its persons."""
    return without_punctuation(document) if rng.random() < 0.1 else swap_names(document, pool, rng)


def join(first, second):
    """Two examples of one set in one window, with a blank line between them. Nothing in one is an antecedent of, or has
    a relation with, anything in the other."""
    pieces, words = len(first) - 1, len(first.word_starts)
    mentions, entities = len(first.mentions), len(first.entities)
    shift = 1 + max((m.entity for m in first.mentions), default=0) - min((m.entity for m in second.mentions), default=0)
    moved = [Mention(m.first + words, m.last + words, m.type, m.kind, m.entity + shift, m.text) for m in second.mentions]
    relations = [(h + entities, relation, t + entities, status,
                  {name: None if e is None else e + entities for name, e in arguments.items()})
                 for h, relation, t, status, arguments in second.relations]
    return Example(first.set, first.pieces[:-1] + second.pieces[1:], first.shapes[:-1] + second.shapes[1:],
                   first.gaps[:-1] + second.gaps[1:], first.word_starts + [s + pieces - 1 for s in second.word_starts],
                   first.word_texts + second.word_texts, first.mentions + moved, first.allowed + second.allowed,
                   first.background, first.entities + [[m + mentions for m in e] for e in second.entities],
                   first.entity_types + second.entity_types, first.relations + relations, first.relation_types,
                   first.relations_complete, first.document + "+" + second.document)


def name_words(example):
    """The words of an example's names, in lower case."""
    return {word for m in example.mentions if m.kind == 0 for word in m.text.lower().split()}


def join_some(examples, share, rng):
    """Joins about a share of the examples, each with one that shares no word of a name with it and fits in the window."""
    left, out = list(examples), []
    rng.shuffle(left)
    while left:
        example = left.pop()
        if rng.random() < share / 2:
            used = name_words(example)
            for at in range(len(left) - 1, max(-1, len(left) - 12), -1):
                if len(example) + len(left[at]) <= WINDOW and not used & name_words(left[at]):
                    example = join(example, left.pop(at))
                    break
        out.append(example)
    return out


def epoch_examples(documents, tokenizer, rng):
    """Draws the examples of one epoch. `documents`: [(GoldSet, [document])]. Long documents are cut at random places."""
    drawn = []
    for gold_set, members in documents:
        if gold_set.name == "clauses":
            patterns, names = clauses.read(), clauses.name_lists(members)
            for number in range(int(gold_set.share)):
                drawn += make_examples(clauses.draw(patterns, names, rng, number), gold_set, tokenizer)
            continue
        pool = name_pool(members) if gold_set.varied else {}
        long_ones, short_ones = [], []
        for document in members:
            if len(document["text"]) > 1800:
                for example in make_examples(document, gold_set, tokenizer, rng.randrange(0, 256)):
                    long_ones += [example] * times(gold_set.share, rng)
                continue
            for _ in range(times(gold_set.share, rng)):
                if rng.random() < gold_set.varied:
                    short_ones += make_examples(vary(document, pool, rng), gold_set, tokenizer)
                else:
                    short_ones += cached_examples(document, gold_set, tokenizer)
        drawn += long_ones + (join_some(short_ones, gold_set.joined, rng) if gold_set.joined else short_ones)
    random.Random(rng.random()).shuffle(drawn)
    return drawn


_CACHE = {}


def cached_examples(document, gold_set, tokenizer):
    key = (gold_set.name, document["id"])
    if key not in _CACHE:
        _CACHE[key] = make_examples(document, gold_set, tokenizer)
    return _CACHE[key]
