"""Reads the tables of a graph with pyarrow or Python's own sqlite3 and prints them as JSON.

usage: graph_tables.py parquet FOLDER | sqlite FILE
"""

import json
import sqlite3
import sys
from pathlib import Path

EVIDENCE = """
SELECT e.head, e.relation, e.tail, a.document, a.score, a.status, a.date, a.place, a."by", a."trigger",
    v.start, v."end", v.char_start, v.char_end, v.text
FROM assertions a JOIN edges e ON e.id = a.edge LEFT JOIN evidence v ON v.assertion = a.id
"""


def read_parquet(path: str) -> dict:
    import pyarrow.parquet

    tables = {}
    for file in sorted(Path(path).glob("*.parquet")):
        table = pyarrow.parquet.read_table(file)
        table.validate(full=True)
        tables[file.stem] = table.to_pylist()
        tables[file.stem + "_types"] = {field.name: str(field.type) for field in table.schema}
    return tables


def read_sqlite(path: str) -> dict:
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    assert [tuple(row) for row in database.execute("PRAGMA integrity_check")] == [("ok",)]
    assert list(database.execute("PRAGMA foreign_key_check")) == []

    def rows(query: str, *values) -> list:
        return [dict(row) for row in database.execute(query, values)]

    nodes = rows("SELECT * FROM nodes")
    for node in nodes:
        names = rows("SELECT name FROM names WHERE node = ? ORDER BY name", node["id"])
        node["aliases"] = [name["name"] for name in names]
    edges = rows("SELECT * FROM edges")
    assert database.execute("SELECT count(*) FROM relations").fetchone()[0] == len(edges)
    for edge in edges:
        del edge["id"]
    return {
        "documents": rows("SELECT * FROM documents"),
        "nodes": nodes,
        "mentions": rows("SELECT * FROM mentions"),
        "edges": edges,
        "evidence": rows(EVIDENCE),
    }


def main() -> None:
    form, path = sys.argv[1:]
    json.dump({"parquet": read_parquet, "sqlite": read_sqlite}[form](path), sys.stdout)


if __name__ == "__main__":
    main()
