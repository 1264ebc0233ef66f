"""Damaged copies of a gold set, to see what the program makes of worse text:
`python -m relata_train.perturb --gold ../data/news/dev.gold --out FOLDER` from the folder `train/`; then `relata eval
FOLDER/lower.jsonl` and so on.

- `lower`, `upper`: all letters small or large.
- `unpunctuated`: no full stops, commas, colons and quotation marks outside names, as in a transcript.
- `typos`: two neighboring letters changed over in one word of twenty-five, outside names.
- `ocr`: letters read wrongly in one word of twenty-five, names too.
- `swapped`: every person gets the name of a person of another passage; the same relations must hold.

The gold spans move along. All is drawn with a fixed seed.
"""
import argparse
import json
import os
import random

from . import gold_inline

PUNCTUATION = ".,;:\"“”"
MISREAD = {"l": "1", "O": "0", "e": "c", "m": "rn", "h": "b", "S": "5", "n": "u", "I": "l"}


def pieces(document):
    """[(text, mention index or None)]: the text cut at the edges of mentions, which do not overlap in our own sets."""
    data, at, out = document["text"].encode(), 0, []
    for index, mention in sorted(enumerate(document["mentions"]), key=lambda pair: pair[1]["start"]):
        if mention["start"] < at:
            continue
        out.append((data[at:mention["start"]].decode(), None))
        out.append((data[mention["start"]:mention["end"]].decode(), index))
        at = mention["end"]
    return out + [(data[at:].decode(), None)]


def rebuilt(document, change):
    """The document with `change(text, mention or None)` for each piece, and spans that fit."""
    text, mentions = "", []
    for words, index in pieces(document):
        mention = None if index is None else document["mentions"][index]
        words = change(words, mention)
        if mention is not None:
            start = len(text.encode())
            mentions.append({**mention, "start": start, "end": start + len(words.encode())})
        text += words
    return {**document, "text": text, "mentions": mentions}


def in_some_words(text, rng, share, change):
    """Changes about a share of the words of more than three letters."""
    return "".join(change(word) if len(word) > 3 and word.isalpha() and rng.random() < share else word
                   for word in split(text))


def split(text):
    """Words and what stands between them, in order."""
    out = []
    for character in text:
        if out and character.isalpha() == out[-1][-1].isalpha():
            out[-1] += character
        else:
            out.append(character)
    return out


def swap_letters(word, rng):
    at = rng.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2:]


def misread(word, rng):
    at = [i for i, letter in enumerate(word) if letter in MISREAD]
    if not at:
        return word
    i = rng.choice(at)
    return word[:i] + MISREAD[word[i]] + word[i + 1:]


def swap_names(document, names, rng):
    """Full names of persons become those of another passage, each another; a mention of the last word becomes its last
    word."""
    renamed, data = {}, document["text"].encode()
    others = rng.sample([name for name in names if name not in document["text"]], 60)
    for mention in document["mentions"]:
        name = data[mention["start"]:mention["end"]].decode()
        full = mention["type"] == "PERSON" and mention.get("kind", "name") == "name" and len(name.split()) == 2
        if full and mention["entity"] not in renamed:
            renamed[mention["entity"]] = (name.split(), others.pop().split())

    def change(words, mention):
        if mention is None or mention.get("kind", "name") != "name" or mention["entity"] not in renamed:
            return words
        old, new = renamed[mention["entity"]]
        return " ".join(new[old.index(word)] if word in old else word for word in words.split(" "))

    return rebuilt(document, change)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--gold", required=True)
    p.add_argument("--out", required=True)
    args = p.parse_args()
    documents = list(gold_inline.read(args.gold))
    names = sorted({text for d in documents for text, i in pieces(d) if i is not None
                    and d["mentions"][i]["type"] == "PERSON" and d["mentions"][i].get("kind", "name") == "name"
                    and len(text.split()) == 2})

    def outside(change):
        return lambda words, mention: change(words) if mention is None else words

    def kinds(rng):
        return {
            "lower": lambda d: rebuilt(d, lambda words, _: words.lower()),
            "upper": lambda d: rebuilt(d, lambda words, _: words.upper()),
            "unpunctuated": lambda d: rebuilt(d, outside(lambda w: "".join(c for c in w if c not in PUNCTUATION))),
            "typos": lambda d: rebuilt(d, outside(
                lambda w: in_some_words(w, rng, 0.04, lambda x: swap_letters(x, rng)))),
            "ocr": lambda d: rebuilt(d, lambda w, _: in_some_words(w, rng, 0.04, lambda x: misread(x, rng))),
            "swapped": lambda d: swap_names(d, names, rng),
        }

    os.makedirs(args.out, exist_ok=True)
    for kind in kinds(None):
        change = kinds(random.Random(5))[kind]
        with open(os.path.join(args.out, kind + ".jsonl"), "w", encoding="utf-8") as file:
            for document in documents:
                file.write(json.dumps(change(document), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
