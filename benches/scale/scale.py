"""How time and memory grow with the length of a document and with the number of documents.

    python3 benches/scale/scale.py --out benches/records/STEM --plot docs/images/scale.svg

`cargo xtask bench --scale` builds the program and calls this. The texts are the project's own passages of the training,
one after the other: joined to a document of so many words, or as documents of their own. CPU time is that of the whole
process on one thread, start-up included.
"""
import argparse
import glob
import itertools
import math
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from shared import PROGRAM, ROOT, begin, finish, heading, measured, read_gold, write_lines  # noqa: E402


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


def steps(least, most):
    """1, 3, 10, 30 and so on."""
    return [n for power in range(12) for n in (10 ** power, 3 * 10 ** power) if least <= n <= most]


def measure(documents, folder):
    path = os.path.join(folder, "texts.jsonl")
    write_lines(path, documents)
    command = [PROGRAM, "-q", "--threads", "1", "extract", path, "-o", os.path.join(folder, "out.jsonl"),
               "--max-bytes", "1000M"]
    _, cpu, peak = measured(command)
    return {"words": sum(len(document["text"].split()) for document in documents), "cpu_seconds": cpu, "peak_mb": peak}


def plot(record):
    """Two curves on logarithmic axes, as SVG."""
    width, height, left, top = 640, 360, 60, 20
    curves = [("one document", "#b3402a", record["long"]), ("many documents", "#2a5db3", record["many"])]
    points = [point for _, _, rows in curves for point in rows]
    (low_x, high_x), (low_y, high_y) = (
        (math.floor(min(values)), math.ceil(max(values)))
        for values in ([math.log10(point[key]) for point in points] for key in ("words", "cpu_seconds")))

    def place(words, seconds):
        x = left + (math.log10(words) - low_x) / (high_x - low_x) * (width - left - 40)
        y = top + (high_y - math.log10(seconds)) / (high_y - low_y) * (height - top - 50)
        return round(x, 1), round(y, 1)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
           'font-family="sans-serif" font-size="12" role="img" aria-label="CPU seconds by words of text">',
           f'<rect width="{width}" height="{height}" fill="white"/>']
    for power in range(low_x, high_x + 1):
        x, _ = place(10 ** power, 10 ** low_y)
        out += [f'<line x1="{x}" y1="{top}" x2="{x}" y2="{height - 50}" stroke="#ddd"/>',
                f'<text x="{x}" y="{height - 34}" text-anchor="middle">{10 ** power:,}</text>']
    for power in range(low_y, high_y + 1):
        _, y = place(10 ** low_x, 10 ** power)
        out += [f'<line x1="{left}" y1="{y}" x2="{width - 40}" y2="{y}" stroke="#ddd"/>',
                f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{10 ** power:g}</text>']
    out += [f'<text x="{width / 2}" y="{height - 12}" text-anchor="middle">words of text</text>',
            f'<text x="14" y="{height / 2}" text-anchor="middle" transform="rotate(-90 14 {height / 2})">CPU seconds'
            "</text>"]
    for number, (label, color, rows) in enumerate(curves):
        places = [place(row["words"], row["cpu_seconds"]) for row in rows]
        out.append(f'<polyline fill="none" stroke="{color}" stroke-width="2" points="'
                   + " ".join(f"{x},{y}" for x, y in places) + '"/>')
        out += [f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in places]
        y = top + 18 + 18 * number
        out += [f'<line x1="{left + 12}" y1="{y - 4}" x2="{left + 36}" y2="{y - 4}" stroke="{color}" stroke-width="2"/>',
                f'<text x="{left + 42}" y="{y}">{label}</text>']
    return "\n".join([*out, "</svg>"]) + "\n"


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
