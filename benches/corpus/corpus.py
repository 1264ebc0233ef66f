"""How a graph file grows: time, memory and size for a corpus of so many documents.

    python3 benches/corpus/corpus.py --out benches/records/STEM --plot docs/images/corpus.svg

`cargo xtask bench --corpus` builds the program and calls this. The documents are the project's own passages of the
training, read by the program once and then repeated with other people and organizations in them, so that no model runs
while the file is measured. People and organizations are drawn from ones that grow in number with the corpus, some often
and most seldom.
"""
import argparse
import bisect
import itertools
import json
import os
import random
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from shared import PROGRAM, ROOT, begin, finish, heading, measured, output, read_lines, write_lines  # noqa: E402
from scale.growth import curves, steps  # noqa: E402
from scale.scale import many_documents  # noqa: E402

TEMPLATES = 600
SYLLABLES = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ["", "l", "n", "r", "s"]]


def name(chance, syllables):
    return "".join(chance.choice(SYLLABLES) for _ in range(syllables)).capitalize()


class People:
    """People and organizations, of whom the first are drawn most often."""

    def __init__(self, count, chance):
        given = [name(chance, 2) for _ in range(400)]
        family = [name(chance, chance.choice([2, 3])) for _ in range(max(50, count // 6))]
        kinds = ["Bank", "Group", "Shipping", "Holdings", "Ministry", "Times", "Steel", "Party"]
        self.persons = [(chance.choice(given), chance.choice(family)) for _ in range(count)]
        self.bodies = [f"{name(chance, 3)} {chance.choice(kinds)}" for _ in range(max(1, count // 2))]
        self.chance = chance

    def _draw(self, of):
        # A power law: the rank of the one drawn.
        return of[min(len(of) - 1, int(len(of) ** self.chance.random()) - 1)]

    def person(self):
        """A name in words, at times with another between them or spelled otherwise."""
        given, family = self._draw(self.persons)
        if self.chance.random() < 0.08:
            return given, name(self.chance, 2), family
        if self.chance.random() < 0.04:
            return given, family.replace("l", "ll", 1).replace("k", "q", 1)
        return given, family

    def body(self):
        return self._draw(self.bodies)


def renamed(template, number, people):
    """The document with other people and organizations, all offsets moved along."""
    text = template["text"]
    cuts = []  # (start, end, words) in bytes
    new = {}
    for mention in template["mentions"]:
        entity = mention["entity"]
        if mention["kind"] != "name" or mention["type"] not in ("PERSON", "ORGANIZATION"):
            continue
        words = text[mention["start"]:mention["end"]].decode().split()
        if entity not in new:
            new[entity] = people.person() if mention["type"] == "PERSON" else people.body()
        if mention["type"] == "PERSON":
            words = " ".join(new[entity]) if len(words) > 1 else new[entity][-1]
        else:
            words = new[entity] if len(words) > 1 else new[entity].split()[0]
        if not cuts or cuts[-1][1] <= mention["start"]:
            cuts.append((mention["start"], mention["end"], words.encode()))
    pieces, at, old, moved, shift = [], 0, [0], [0], 0
    for start, end, words in cuts:
        pieces += [text[at:start], words]
        at = end
        shift += len(words) - (end - start)
        # Offsets within what was cut move to its end.
        old += [start + 1, end]
        moved += [end + shift, end + shift]
    pieces.append(text[at:])

    def move(offset):
        place = bisect.bisect_right(old, offset) - 1
        if place % 2 == 1:
            return moved[place]
        return offset + moved[place] - old[place]

    def span(item, keys=("start", "end")):
        return {**item, **{key: move(item[key]) for key in keys if key in item}}

    mentions = [span(mention, ("start", "end", "antecedent")) for mention in template["mentions"]]
    relations = []
    for relation in template["relations"]:
        relation = {**relation, "evidence": [[move(a), move(b)] for a, b in relation.get("evidence", [])]}
        if "trigger" in relation:
            relation["trigger"] = [move(offset) for offset in relation["trigger"]]
        relations.append(relation)
    entities = [{**entity, "name": entity_name(entity, new)} for entity in template["entities"]]
    return {"id": f"d{number}", "text": b"".join(pieces).decode(), "date": template.get("date"), "mentions": mentions,
            "entities": entities, "relations": relations}


def entity_name(entity, new):
    found = new.get(entity["id"])
    if found is None:
        return entity["name"]
    return " ".join(found) if isinstance(found, tuple) else found


def corpus(count, templates, path, first=0, seed=1):
    """Writes documents; those from `first` on have other numbers and other people in them."""
    chance = random.Random(seed)
    people = People(max(100, count), chance)
    with open(path, "w", encoding="utf-8") as out:
        for number, template in zip(range(first, first + count), itertools.cycle(templates)):
            out.write(json.dumps(renamed(template, number, people), ensure_ascii=False, separators=(",", ":")) + "\n")


def measure(count, templates, folder):
    lines, more = os.path.join(folder, "lines.jsonl"), os.path.join(folder, "more.jsonl")
    file = os.path.join(folder, "corpus.relata")
    for left in os.listdir(folder):
        if left.startswith("corpus.relata"):
            os.remove(os.path.join(folder, left))
    corpus(count, templates, lines)
    corpus(max(1, count // 100), templates, more, first=count, seed=2)
    row = {"documents": count}

    def run(what, *command):
        wall, cpu, peak = measured([PROGRAM, "-q", *command])
        row[what] = {"seconds": wall, "cpu_seconds": cpu, "peak_mb": peak}

    run("build", "build", "--extracted", lines, "-o", file)
    row["bytes"] = os.path.getsize(file)
    run("again", "build", "--extracted", lines, "-o", file)
    run("add", "build", "--extracted", more, "-o", file)
    run("remove", "remove", file, f"d{count // 2}")
    row["status"] = json.loads(output(PROGRAM, "status", "--json", file))
    # Their names are made up and very many.
    row["status"]["large_blocks"] = len(row["status"]["large_blocks"])
    run("export", "export", file, "-o", os.path.join(folder, "edges.edges"))
    print(json.dumps(row), file=sys.stderr)
    return row


def table(record):
    lines = [*heading(record, "graph files", "cargo xtask bench --corpus"), "",
             "CPU seconds of the whole process; documents were read by the model before.", "",
             "| documents | names | things | build, CPU-s | documents per CPU-second | peak, MB | file, MB | the same again, CPU-s "
             "| 1 % more, CPU-s | one out, CPU-s | export, CPU-s | export, peak MB |", "|" + "---|" * 12]
    for row in record["rows"]:
        lines.append(
            f"| {row['documents']:,} | {row['status']['names']:,} | {row['status']['clusters']:,} "
            f"| {row['build']['cpu_seconds']:.1f} | {row['documents'] / row['build']['cpu_seconds']:,.0f} "
            f"| {row['build']['peak_mb']:.0f} | {row['bytes'] / 1e6:,.0f} | {row['again']['cpu_seconds']:.1f} "
            f"| {row['add']['cpu_seconds']:.1f} | {row['remove']['cpu_seconds']:.2f} | {row['export']['cpu_seconds']:.1f} "
            f"| {row['export']['peak_mb']:,.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", required=True, help="record to write, without extension")
    parser.add_argument("--plot", required=True, help="picture to write")
    parser.add_argument("--most-documents", type=int, default=30000)
    arguments = parser.parse_args()
    os.chdir(ROOT)
    record = begin()
    with tempfile.TemporaryDirectory() as folder:
        texts, read = os.path.join(folder, "texts.jsonl"), os.path.join(folder, "read.jsonl")
        write_lines(texts, many_documents(TEMPLATES))
        measured([PROGRAM, "-q", "extract", texts, "-o", read])
        templates = [{**document, "text": document["text"].encode()} for document in read_lines(read)]
        record["rows"] = [measure(count, templates, folder) for count in steps(1000, arguments.most_documents)]
    points = [("build", "#b3402a", "build"), ("1 % more", "#2a5db3", "add"), ("one out", "#2f7d4f", "remove"),
              ("export", "#8a5a00", "export")]
    drawn = [(label, color, [(row["documents"], row[key]["cpu_seconds"]) for row in record["rows"]])
             for label, color, key in points]
    with open(arguments.plot, "w", encoding="utf-8") as file:
        file.write(curves(drawn, "documents"))
    finish(record, table(record), arguments.out)


if __name__ == "__main__":
    main()
