"""The encoder in relata and in other engines, on the same windows of the same texts, one thread each.

    python3 benches/engines/compare.py --python VENV/bin/python --out benches/records/STEM [--sets FILE...]

`cargo xtask bench --engines` makes the environment and calls this. Speed is word pieces per CPU-second without loading,
the median of turns in which the engines follow each other. All engines run the same weights; with int8, all of them
quantize the linear layers and round their inputs as they come: by token in relata, by tensor in onnxruntime and PyTorch.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from shared import NEWS, PROGRAM, ROOT, begin, finish, heading, name_of, output, read_gold, write_lines  # noqa: E402

MODEL = os.path.join("data", "models", "en-small.relata")
ENGINES = ["onnx-int8", "onnx-f32", "torch-int8", "torch-bf16", "torch-f32"]
LABELS = {"relata-int8": "relata, int8", "relata-f32": "relata, f32", "onnx-int8": "onnxruntime, int8",
          "onnx-f32": "onnxruntime, f32", "torch-int8": "PyTorch, int8", "torch-bf16": "PyTorch, bf16",
          "torch-f32": "PyTorch, f32"}
DOCUMENTS = 60  # so many of each set


def relata(texts, windows):
    """{engine: (pieces, seconds)}."""
    command = ["cargo", "bench", "--locked", "--bench", "encoder", "--", texts, windows]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    runs = [json.loads(line) for line in lines if line.startswith("{")]
    return {f"relata-{run['precision'].lower()}": (run["pieces"], run["seconds"]) for run in runs}


def table(record):
    base = record["speed"]["relata-int8"]["pieces_per_second"]
    only = "".join(f" --only {name}" for name in record["sets"] if name != "news_dev")
    lines = [*heading(record, "engines for the encoder", f"cargo xtask bench --engines --sets DIR{only}"),
             f"Versions: relata {record['versions']['relata']}, onnxruntime {record['versions']['onnxruntime']}, PyTorch "
             f"{record['versions']['torch']}.", "",
             f"The encoder alone, one thread, a window at a time, medians of {record['turns']} turns, "
             f"{record['pieces']:,} word pieces in {record['windows']:,} windows, from at most {DOCUMENTS} documents each of "
             f"{', '.join(record['sets'])}.", "",
             "| | word pieces per CPU-second | relata, int8, is so many times as fast |", "|---|---|---|"]
    for name, label in LABELS.items():
        if name in record["speed"]:
            speed = record["speed"][name]["pieces_per_second"]
            lines.append(f"| {label} | {speed:,.0f} | {base / speed:.2f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--python", required=True, help="Python of an environment with the engines")
    parser.add_argument("--out", required=True, help="record to write, without extension")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--sets", nargs="*", default=[], help="gold sets in JSON Lines")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    paths = [NEWS, *arguments.sets]
    documents = [document for path in paths for document in read_gold(path)[:DOCUMENTS]]
    versions = output(arguments.python, "-c", "import importlib.metadata as m; print(m.version('onnxruntime'), "
                      "m.version('torch'))").split()
    record = begin(
        versions={"relata": output(PROGRAM, "--version").split()[-1], **dict(zip(["onnxruntime", "torch"], versions))},
        turns=arguments.turns,
        sets=[name_of(path) for path in paths],
    )
    runs = {}
    with tempfile.TemporaryDirectory() as folder:
        texts, windows = os.path.join(folder, "texts.jsonl"), os.path.join(folder, "windows.jsonl")
        write_lines(texts, documents)
        for turn in range(arguments.turns):
            print(f"turn {turn + 1} of {arguments.turns}", file=sys.stderr)
            for name, run in relata(texts, windows).items():
                runs.setdefault(name, []).append(run)
            for engine in ENGINES:
                print(f"  {engine}", file=sys.stderr)
                worker = os.path.join(HERE, "worker.py")
                found = output(arguments.python, worker, engine, windows, MODEL).splitlines()[-1]
                run = json.loads(found)
                runs.setdefault(engine, []).append((run["pieces"], run["seconds"]))
        with open(windows, encoding="utf-8") as lines:
            record["windows"] = sum(1 for _ in lines)
    counts = {pieces for turns in runs.values() for pieces, _ in turns}
    if len(counts) != 1:
        raise SystemExit(f"the engines read different texts: {sorted(counts)} pieces")
    record["pieces"] = counts.pop()
    record["speed"] = {name: {"pieces_per_second": statistics.median(pieces / seconds for pieces, seconds in turns),
                              "seconds": [seconds for _, seconds in turns]} for name, turns in runs.items()}
    finish(record, table(record), arguments.out)


if __name__ == "__main__":
    main()
