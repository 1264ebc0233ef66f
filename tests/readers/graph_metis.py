"""Reads METIS as its manual describes it and prints its edges as JSON: `graph_metis.py metis FILE`."""

import json
import sys

with open(sys.argv[2], encoding="utf-8", newline="\n") as file:
    lines = [line for line in file if not line.startswith("%")]
nodes, edges, form = lines[0].split()
assert form == "001", form
rows = [[int(number) for number in line.split()] for line in lines[1:]]
assert len(rows) == int(nodes), (len(rows), nodes)
weights = {}
for node, row in enumerate(rows, start=1):
    neighbors = row[::2]
    assert len(row) % 2 == 0 and len(neighbors) == len(set(neighbors)) and node not in neighbors, row
    for neighbor, weight in zip(neighbors, row[1::2]):
        assert 1 <= neighbor <= len(rows) and weight > 0
        weights[node, neighbor] = weight
assert all(weights[tail, head] == weight for (head, tail), weight in weights.items())
assert len(weights) == 2 * int(edges)
joined = [[head, tail, weight] for (head, tail), weight in sorted(weights.items()) if head < tail]
json.dump({"nodes": len(rows), "edges": joined}, sys.stdout)
