"""Changed texts, for training and to see what the program makes of worse text. Copies of a gold set:
`python -m relata_train.perturb --gold ../data/news/dev.gold --out FOLDER` from the folder `train/`; then `relata eval
FOLDER/lower.jsonl` and so on.

- `lower`, `upper`: all letters small or large.
- `unpunctuated`: no full stops, commas, colons and quotation marks outside names, as in a transcript.
- `typos`: two neighboring letters changed over in one word of twenty-five, outside names.
- `ocr`: letters read wrongly in one word of twenty-five, names too.
- `swapped`: persons get names of persons of other passages (`swap_names`); the same relations must hold.

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


def without_punctuation(document):
    """The document without stops, commas, colons and quotation marks outside names."""
    return rebuilt(document, lambda words, mention: words if mention is not None else
                   "".join(c for c in words if c not in PUNCTUATION))


MALE, FEMALE = {"he", "him", "his", "himself"}, {"she", "her", "hers", "herself"}


def persons(document):
    """{entity: (its longest name as words, "m", "f" or "" by its pronouns)} of the persons whose names have at most three
    words, and each a word of the longest."""
    data, names, genders, spoken = document["text"].encode(), {}, {}, {}
    for mention in document["mentions"]:
        if mention["type"] != "PERSON":
            continue
        text = data[mention["start"]:mention["end"]].decode()
        if mention.get("kind", "name") == "name":
            words = text.split(" ")
            spoken.setdefault(mention["entity"], []).append(set(words))
            if len(words) > len(names.get(mention["entity"], [])):
                names[mention["entity"]] = words
        elif text.lower() in MALE | FEMALE:
            genders.setdefault(mention["entity"], set()).add("m" if text.lower() in MALE else "f")
    return {entity: (words, "".join(genders.get(entity, ())) if len(genders.get(entity, ())) == 1 else "")
            for entity, words in names.items()
            if len(words) <= 3 and all(name & set(words) for name in spoken[entity])}


def name_pool(documents):
    """{(words in the name, gender): [names as words]} of the persons in documents, in order."""
    pool = {}
    for document in documents:
        for words, gender in persons(document).values():
            pool.setdefault((len(words), gender), {})[" ".join(words)] = words
    return {key: list(names.values()) for key, names in pool.items()}


def swap_names(document, pool, rng):
    """Every person gets a name of another passage, with as many words and, where pronouns tell it, of the same gender;
    shorter mentions get the words at the same places."""
    renamed, taken = {}, set()
    for entity, (words, gender) in persons(document).items():
        others = pool.get((len(words), gender), [])
        for _ in range(8 if others else 0):
            other = rng.choice(others)
            if other[-1] not in taken and other[-1] not in document["text"]:
                taken.add(other[-1])
                renamed[entity] = (words, other)
                break

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
    pool = name_pool(documents)

    def outside(change):
        return lambda words, mention: change(words) if mention is None else words

    def kinds(rng):
        return {
            "lower": lambda d: rebuilt(d, lambda words, _: words.lower()),
            "upper": lambda d: rebuilt(d, lambda words, _: words.upper()),
            "unpunctuated": without_punctuation,
            "typos": lambda d: rebuilt(d, outside(
                lambda w: in_some_words(w, rng, 0.04, lambda x: swap_letters(x, rng)))),
            "ocr": lambda d: rebuilt(d, lambda w, _: in_some_words(w, rng, 0.04, lambda x: misread(x, rng))),
            "swapped": lambda d: swap_names(d, pool, rng),
        }

    os.makedirs(args.out, exist_ok=True)
    for kind in kinds(None):
        change = kinds(random.Random(5))[kind]
        with open(os.path.join(args.out, kind + ".jsonl"), "w", encoding="utf-8") as file:
            for document in documents:
                file.write(json.dumps(change(document), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
