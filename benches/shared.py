"""What the measurements have in common: texts, processes, records."""
import datetime
import json
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "train"))
from relata_train import gold_inline  # noqa: E402 (a module without dependencies)

NEWS = os.path.join("data", "news", "dev.gold")
PROGRAM = os.path.join("target", "release", "relata")


def measured(command):
    """(wall seconds, CPU seconds, peak MB) of a process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def write_lines(path, documents):
    with open(path, "w", encoding="utf-8") as out:
        for document in documents:
            kept = {key: document[key] for key in ["id", "text", "date", "title"] if document.get(key)}
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_gold(path):
    return list(gold_inline.read(path)) if path.endswith(".gold") else read_lines(path)


def machine():
    """What the speed depends on, without saying whose machine it is."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores"


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def name_of(path):
    """The name of a gold set."""
    return "news_dev" if path.endswith(".gold") else os.path.splitext(os.path.basename(path))[0]


def begin(**more):
    """A record: when, what and where, and the load before the run."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "commit": output("git", "rev-parse", "--short=10", "HEAD"),
        "machine": machine(),
        "load": os.getloadavg()[0],
        **more,
    }


def heading(record, title, command):
    """The first lines of a record's page."""
    return [f"# {record['date']}, commit {record['commit']}: {title}", "",
            f"Machine: {record['machine']}; load before the run {record['load']:.1f}.", f"Command: `{command}`."]


def finish(record, page, path):
    """Writes a record as data and as a page, and shows the page."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path + ".json", "w", encoding="utf-8") as file:
        json.dump(record, file, indent=2)
        file.write("\n")
    with open(path + ".md", "w", encoding="utf-8") as file:
        file.write(page)
    print(page)
    print(f"wrote {path}.json and {path}.md", file=sys.stderr)
