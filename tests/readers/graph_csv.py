"""Reads tables with Python's own csv module and prints them as JSON: `graph_csv.py MODE FILE`."""

import csv
import json
import sys

csv.field_size_limit(1 << 30)
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    rows = list(csv.reader(file, strict=True))
header, body = rows[0], rows[1:]
assert all(len(row) == len(header) for row in body), "rows of different lengths"
json.dump({"header": header, "rows": [dict(zip(header, row)) for row in body]}, sys.stdout)
