"""How time and memory grow with the length of a document and with the number of documents.

    python3 benches/scale/scale.py --out benches/records/STEM --plot docs/images/scale.svg

`cargo xtask bench --scale` builds the program and calls this. The texts are the project's own passages of the training,
one after the other: joined to a document of so many words, or as documents of their own. CPU time is that of the whole
process on one thread, start-up included.
"""
import argparse
import glob
import itertools
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from shared import PROGRAM, ROOT, begin, finish, heading, measured, read_gold, write_lines  # noqa: E402
from scale.growth import curves, steps  # noqa: E402


def passages():
    """All passages of the training, over and over."""
    paths = [path for path in sorted(glob.glob("data/news/*.gold")) if not os.path.basename(path).startswith("dev")]
    return itertools.cycle([document["text"] for path in paths for document in read_gold(path)])


def long_document(words):
    texts, count = [], 0
    for text in passages():
        texts.append(text)
        count += len(text.split())
        if count >= words:
            return [{"id": "long", "text": "\n\n".join(texts)}]


def many_documents(count):
    return [{"id": str(number), "text": text} for number, text in zip(range(count), passages())]


def measure(documents, folder):
    path = os.path.join(folder, "texts.jsonl")
    write_lines(path, documents)
    command = [PROGRAM, "-q", "--threads", "1", "extract", path, "-o", os.path.join(folder, "out.jsonl"),
               "--max-bytes", "1000M"]
    _, cpu, peak = measured(command)
    return {"words": sum(len(document["text"].split()) for document in documents), "cpu_seconds": cpu, "peak_mb": peak}


def plot(record):
    """Two curves on logarithmic axes, as SVG."""
    named = [("one document", "#b3402a", record["long"]), ("many documents", "#2a5db3", record["many"])]
    return curves([(label, color, [(row["words"], row["cpu_seconds"]) for row in rows]) for label, color, rows in named],
                  "words of text")


def table(record):
    lines = [*heading(record, "growth", "cargo xtask bench --scale"), "",
             "One thread; CPU seconds of the whole process.", ""]
    for title, rows in [("One document", record["long"]), ("Many documents", record["many"])]:
        lines += [f"| {title}: words | CPU-s | words per CPU-second | peak memory, MB |", "|---|---|---|---|"]
        lines += [f"| {row['words']:,} | {row['cpu_seconds']:.2f} | {row['words'] / row['cpu_seconds']:,.0f} "
                  f"| {row['peak_mb']:,.0f} |" for row in rows] + [""]
    return "\n".join(lines).rstrip() + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", required=True, help="record to write, without extension")
    parser.add_argument("--plot", required=True, help="picture to write")
    parser.add_argument("--most-words", type=int, default=100000, help="of one document")
    parser.add_argument("--most-documents", type=int, default=3000)
    arguments = parser.parse_args()
    os.chdir(ROOT)
    record = begin()
    with tempfile.TemporaryDirectory() as folder:
        measure(many_documents(1), folder)  # warms the disk cache
        record["long"] = [measure(long_document(words), folder) for words in steps(1000, arguments.most_words)]
        record["many"] = [measure(many_documents(count), folder) for count in steps(10, arguments.most_documents)]
    with open(arguments.plot, "w", encoding="utf-8") as file:
        file.write(plot(record))
    finish(record, table(record), arguments.out)


if __name__ == "__main__":
    main()
