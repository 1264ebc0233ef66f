"""Writes what PyTorch makes of a few texts with the weights of a file, for the test that compares the Rust program with
it: `python -m relata_train.vectors --model ../data/models/en-small.relata --out ../tests/it/fixtures/nn/vectors.json`
from the folder `train/`. Run it again whenever the weights change.

Offsets are UTF-8 bytes. Of layers and heads some rows and every sixteenth column are kept.
"""
import argparse
import hashlib
import json
import random
from types import SimpleNamespace

import torch
from tokenizers import Tokenizer as Pieces
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from .data import Mention, WordPieces, gap, shape
from .gate import Gate, pair_rows
from .model import (argument_features, closest_mentions, coreference_features, entity_attention, entity_vectors,
                    mention_means, pair_contexts, pair_features, range_max, trigger_places)
from .schema import RELATIONS, TYPES
from .weight_file import model_of, read, split_gate

WINDOW, OVERLAP = 510, 128

SHORT = ["Maria Keller, 62, chairs the North Water Board (NWB) in Adlerstadt.\nShe said on Friday that the board may buy "
         "Brightwell Pumps.\n\nBrightwell's owner, Tomás Ibarra, denied it.",
         "UNION LEADERS from Kestrel Bay met Prime Minister Odile Ferrand! \"No deal,\" she told the Harbour Gazette; "
         "Ferrand's office in Port Léonard did not comment."]
SENTENCES = ["The council of Adlerstadt named Jonas Weir its new treasurer on Monday.",
             "Weir had worked for Brightwell Pumps since 2011, the Harbour Gazette reported.",
             "Officials from the North Water Board denied that money had gone missing.",
             "\"We will publish every invoice,\" said Maria Keller.",
             "Its rival, Quillon Energy, plans a plant near Kestrel Bay?",
             "In the 1990s the two firms fought over the Ostmere valley and its people, the Ostmerians."]


def varied_strings():
    """Strings that try the tokenizer: scripts, accents, marks, control characters, long words."""
    fixed = ["", " ", "\n", "a", "Café Zoë naïve façade", "cafe\u0301 zoe\u0308", "e\u0301", "\u0301e", "x\u0301\u0302y",
             "Ångström ÅNGSTRÖM", "İstanbul IĞDIR ışık", "Straße ẞ", "ΑΘΗΝΑ Σίσυφος", "Москва́ Йошкар ёлка", "中国人民银行", "東京tokyo東京",
             "日本語のテキスト", "カタカナ ｶﾀｶﾅ", "한국어 서울특별시", "שָׁלוֹם עולם", "مُحَمَّد العربية", "हिन्दी में", "ภาษาไทย", "தமிழ்", "😀 smile😀d",
             "👨‍👩‍👧‍👦 family", "🇩🇪🇫🇷 flags", "a\u200bb\u200c\u200dc\ufeff", "soft\u00adhyphen", "\u202eright\u202c to left",
             "tab\there", "line\r\nbreak\r\n\r\nblank", "form\x0cfeed\x0bvt", "nul\x00byte", "bell\x07 del\x7f", "next\u0085line",
             "ls\u2028ps\u2029end", "nb\u00a0sp \u3000wide \u2003em", "\ufffd replaced \ufffd", "priv\ue000ate",
             "don't can't it's", "“quoted” ‘single’ «angle»", "em—dash en–dash minus−", "U.S. U.N. e.g.", "$5.3bn £4m €1",
             "50% & more", "a_b-c/d\\e", "[SE P] <tag> {x}", "#hash @user", "http://example.org/a?b=c", "x" * 99, "x" * 100,
             "x" * 101, "é" * 100, "é" * 101, "ab" * 400, "中" * 120, "!" * 120, "a." * 60, "1234567890" * 11,
             "½ ² ³ ™ © ®", "ﬁ ﬂ ligature", "ǅ ǈ Lt", "ª º", "Ⅷ ⅷ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "𐐀𐐨 deseret", "≠ ≤ ≮", "\u037e greek question",
             "\u1fef grave", "·middle·", "…ellipsis...", "\u00b4acute\u00a8", "豈更車 compat", "\u2f00 radical", "𠀀𪜀𫝀", "O’Brien O'Brien",
             "Nguyễn Thị Minh Khai", "Dvořák Čapek", "Łódź Øresund", "Þór Æsir", "\u0344 mark", "a\u20dd ring", "\u0e33 am"]
    alphabet = list("abcdeXYZ019 .,-'\n\t") + list("éÅñçßøæłđ") + list("中東日語") + list("😀🎉🇩") + list("אבגמם") + \
        list("ابتث") + ["\u0301", "\u0308", "\u0327", "\u200b", "\u200d", "\u00ad", "\u202e", "\r\n", "\x00", "\x1c",
                        "\u00a0", "the", "keller", "NATO", "—", "“", "”", "हि", "ไทย", "한", "ё", "Й", "İ", "ς", "½"]
    rng = random.Random(5)
    return fixed + ["".join(rng.choice(alphabet) for _ in range(rng.randrange(2, 40))) for _ in range(150)] + SHORT


def pieces_of(words):
    return [0] + list(torch.tensor([len(w[2]) for w in words], dtype=torch.long).cumsum(0).tolist())


def rounded(tensor):
    return [round(x, 5) for x in tensor.reshape(-1).tolist()]


def tokenizer_of(pieces):
    """The tokenizer without the names of special pieces, which are plain text in a text."""
    pieces = Pieces(WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]",
                              max_input_chars_per_word=100))
    pieces.normalizer, pieces.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    return WordPieces(pieces)


def bytes_at(text):
    """Byte offset of each character and of the end."""
    at = [0]
    for character in text:
        at.append(at[-1] + len(character.encode()))
    return at


def token_case(tokenizer, text):
    at = bytes_at(text)
    words = tokenizer.words(text)
    return {"text": text, "words": [[at[a], at[b], shape(text[a:b]), gap(text[words[i - 1][1]:a] if i else "\n\n"), ids]
                                    for i, (a, b, ids) in enumerate(words)]}


def window_example(tokenizer, text, words, first, end):
    """The words first..end of a text as one window."""
    pieces, shapes, gaps, starts = [tokenizer.cls], [0], [0], []
    for i in range(first, end):
        a, b, ids = words[i]
        starts.append(len(pieces))
        pieces += ids
        shapes += [shape(text[a:b])] * len(ids)
        gaps += [gap(text[words[i - 1][1]:a] if i else "\n\n")] + [0] * (len(ids) - 1)
    return SimpleNamespace(pieces=pieces + [tokenizer.sep], shapes=shapes + [0], gaps=gaps + [0], word_starts=starts,
                           word_texts=[text[a:b] for a, b, _ in words[first:end]])


def layers_of(model, example):
    """States after the embedding and after each layer, and the last layer's queries and keys, of one window."""
    e = model.encoder
    pieces, shapes, gaps = (torch.tensor([x]) for x in (example.pieces, example.shapes, example.gaps))
    n = pieces.shape[1]
    x = e.norm(e.word(pieces) + e.position.weight[:n] + e.shape(shapes) + e.gap(gaps))
    mask = torch.ones(1, 1, 1, n, dtype=torch.bool)
    layers = [x[0]]
    for layer in e.layers:
        x, q, k = layer(x, mask, want_attention=True)
        layers.append(x[0])
    whole, _, _ = e(pieces, shapes, gaps, torch.tensor([n]))
    assert torch.allclose(whole, x, atol=1e-5)
    return layers, q[0], k[0]


def random_mentions(text, words, rng):
    """Mentions over random words, one to three words long, and the entities they belong to."""
    mentions, at = [], rng.randrange(0, 2)
    while at < len(words) and len(mentions) < 40:
        last = min(len(words) - 1, at + rng.choice([0, 0, 1, 2]))
        kind = rng.choice([0, 0, 0, 1, 2])
        mentions.append(Mention(at, last, rng.randrange(len(TYPES)), kind, 0, text[words[at][0]:words[last][1]]))
        at = last + 1 + rng.randrange(1, max(2, len(words) // 12))
    entities = []
    for number, mention in enumerate(mentions):
        mention.entity = rng.randrange(len(entities) + 1) if rng.random() < 0.4 else len(entities)
        if mention.entity >= len(entities):
            mention.entity = len(entities)
            entities.append([])
        entities[mention.entity].append(number)
    return mentions, entities


@torch.no_grad()
def model_case(model, gate, tokenizer, text, rng):
    """Layers, tags, coreference scores, scores of the gate, relation logits and qualifiers of a text that fits one window."""
    at = bytes_at(text)
    words = tokenizer.words(text)
    example = window_example(tokenizer, text, words, 0, len(words))
    layers, q, k = layers_of(model, example)
    states = layers[-1]
    example.mentions, example.entities = random_mentions(text, words, rng)
    example.entity_types = [example.mentions[members[0]].type for members in example.entities]
    first, last, mean = mention_means(states, example)
    m = model.coreference_head.mentions(states, first, last, mean)
    scores = model.coreference_head(m, coreference_features(example.mentions))
    pairs = [(i, j) for i in range(len(example.mentions)) for j in range(i)]
    word_states = states[torch.tensor(example.word_starts)]
    mixed = mean if model.mix is None else model.mix(mean, word_states, example)
    index = torch.tensor([(h, t) for h in range(len(example.entities)) for t in range(len(example.entities)) if h != t])
    index = index[torch.tensor(sorted(rng.sample(range(len(index)), min(40, len(index)))))]
    features, start, end, (head_mention, tail_mention) = pair_features(example, index, closest_mentions(example))
    contexts = pair_contexts(states, entity_attention(q, k, example, first), index)
    between = range_max(model.relation_head.between(states), start, end)
    entities = entity_vectors(states, example, mixed)
    places = trigger_places(example, head_mention, tail_mention)
    triggers = model.relation_head.triggers(word_states, mixed, places, head_mention, tail_mention)
    local = mixed[head_mention], mixed[tail_mention]
    z_h, z_t = model.relation_head.pairs(entities, contexts, between, triggers, local, index, features)
    relations = torch.tensor([rng.randrange(len(RELATIONS)) for _ in range(min(8, len(index)))])
    n = len(relations)
    status, hidden = model.relation_head.qualifiers(z_h[:n], z_t[:n], relations)
    features = argument_features(example, index[:n], head_mention[:n], tail_mention[:n])
    argument_scores = model.relation_head.argument_scores(hidden, mixed, features)
    # Of each relation "none" and the entities that have a mention within reach.
    near = [[0] + [1 + e for e, members in enumerate(example.entities) if reach[members].any()]
            for reach in features["reach"]]
    arguments = torch.cat([row[:, kept].reshape(-1) for row, kept in zip(argument_scores, near)])
    rows = sorted({0, 1, len(states) // 3, len(states) // 2, len(states) - 1})
    return {
        "text": text, "rows": rows,
        "layers": [rounded(x[torch.tensor(rows)][:, ::16]) for x in layers],
        "tags": rounded(model.mention_head(word_states)[:, ::8]),
        "mentions": [[x.first, x.last, x.type, x.kind, at[words[x.first][0]], at[words[x.last][1]]]
                     for x in example.mentions],
        "entities": example.entities,
        "mention_vectors": rounded(m[:, ::16]),
        "coreference": [[i, j, round(float(scores[i, j]), 5)] for i, j in pairs[:200]],
        "pairs": index.tolist(), "entity_vectors": rounded(entities[:, ::16]),
        "z_head": rounded(z_h[:, ::16]), "z_tail": rounded(z_t[:, ::16]),
        "gate": rounded(gate(mean, pair_rows(example, index, closest_mentions(example)))),
        "relations": rounded(model.relation_head.scores(z_h, z_t)),
        "stated": relations.tolist(), "status": rounded(status), "arguments": rounded(arguments),
    }


def windows_of(words, line_starts):
    """Overlapping windows as `nn::encoder` cuts them: [(first word, last word + 1)]."""
    starts = pieces_of(words)
    windows, start = [], 0
    while start < len(words):
        end = start
        while end < len(words) and starts[end + 1] <= starts[start] + WINDOW:
            end += 1
        windows.append((start, end))
        if end == len(words):
            break
        step = starts[start] + WINDOW - OVERLAP
        latest = next(i for i in range(len(words)) if starts[i] >= step)
        lines = [i for i in range(start + 1, latest + 1) if starts[i] >= step - 42 and line_starts[i]]
        start = lines[-1] if lines else latest
    return windows


@torch.no_grad()
def long_case(model, tokenizer, text):
    """Home windows and some states and tags of a text of several windows."""
    words = tokenizer.words(text)
    starts = pieces_of(words)
    lines = [i == 0 or "\n" in text[words[i - 1][1]:words[i][0]] for i in range(len(words))]
    windows = windows_of(words, lines)
    outputs = []
    for first, end in windows:
        example = window_example(tokenizer, text, words, first, end)
        outputs.append((example, layers_of(model, example)[0][-1]))
    home, states = [], []
    for i in range(len(words)):
        best, chosen = 0, None
        for number, (first, end) in enumerate(windows):
            if first <= i < end:
                left = 10 ** 9 if first == 0 else starts[i] - starts[first] + 1
                right = 10 ** 9 if end == len(words) else starts[end] - starts[i + 1] + 1
                if min(left, right) > best:
                    best, chosen = min(left, right), number
        home.append(chosen)
        states.append(outputs[chosen][1][outputs[chosen][0].word_starts[i - windows[chosen][0]]])
    states = torch.stack(states)
    return {"text": text, "windows": windows, "home": home, "states": rounded(states[::5][:, ::48]),
            "tags": rounded(model.mention_head(states)[::5, ::12])}


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--model", required=True)
    p.add_argument("--out", required=True)
    args = p.parse_args()
    header, tensors, pieces, checksum = read(args.model)
    model = model_of(header, tensors, pieces).eval()
    gate = Gate(header["encoder"]["width"])
    gate.load_state_dict(split_gate(tensors)[1])
    tokenizer = tokenizer_of(pieces)
    rng = random.Random(11)
    long_text = ""
    while len(tokenizer.words(long_text)) < 640:
        long_text += rng.choice(SENTENCES) + rng.choice([" ", " ", " ", "\n", "\n\n"])
    cases = [model_case(model, gate, tokenizer, text, rng) for text in SHORT]
    cases.append(model_case(model, gate, tokenizer, long_text[:1500], rng))
    content = {"checksum": checksum, "tokens": [token_case(tokenizer, text) for text in varied_strings()],
               "cases": cases, "long": long_case(model, tokenizer, long_text)}
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")
    print(f"{args.out}: vectors of {checksum}, "
          f"{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]}")



if __name__ == "__main__":
    main()
