"""Runs a Cypher script twice in an embedded ArcadeDB and prints what is in the database as JSON.

usage: graph_cypher.py cypher FILE
"""

import json
import os
import sys
import tempfile

import arcadedb_embedded as arcadedb


def statements(script: str):
    """Statements end with a semicolon at the end of a line; no literal holds a line end."""
    lines = []
    for line in script.splitlines():
        if line.startswith("//"):
            continue
        lines.append(line.removesuffix(";"))
        if line.endswith(";"):
            yield "\n".join(lines)
            lines = []
    assert not lines, "the last statement has no end"


def main() -> None:
    with open(sys.argv[2], encoding="utf-8", newline="\n") as file:
        script = file.read()
    with tempfile.TemporaryDirectory() as folder:
        # It writes logs to where it runs.
        os.chdir(folder)
        with arcadedb.create_database(folder + "/db") as database:
            for _ in range(2):
                for statement in statements(script):
                    with database.transaction():
                        database.command("opencypher", statement)

            def rows(query: str) -> list:
                return database.query("opencypher", query).to_list()

            result = {
                "documents": rows("MATCH (d:Document) RETURN properties(d) AS properties"),
                "nodes": rows("MATCH (e:Entity) RETURN labels(e) AS labels, properties(e) AS properties"),
                "mentions": rows(
                    "MATCH (e:Entity)-[r:MENTIONED_IN]->(d:Document) "
                    "RETURN e.id AS entity, d.id AS document, r.mentions AS mentions"
                ),
                "edges": rows(
                    "MATCH (h:Entity)-[r]->(t:Entity) "
                    "RETURN h.id AS head, type(r) AS type, t.id AS tail, properties(r) AS properties"
                ),
            }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
