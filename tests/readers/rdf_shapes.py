"""Validates graphs with pyshacl and prints, for each file, whether it conforms and which constraints it violates, as JSON.

The shapes themselves are validated with the shapes of SHACL.

usage: rdf_shapes.py SHAPES.ttl GRAPH.nq...
"""

import json
import sys

import pyshacl
import rdflib
from rdflib.namespace import RDF, SH


def validate(path, shapes, is_first):
    data = rdflib.Graph().parse(path, format="nt")
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, meta_shacl=is_first, inference="none")
    results = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        results.append(
            {
                "path": path if isinstance(path, rdflib.URIRef) else None,
                "constraint": report.value(result, SH.sourceConstraintComponent).removeprefix(str(SH)),
                "message": report.value(result, SH.resultMessage),
            }
        )
    return {"conforms": conforms, "results": results}


def main() -> None:
    shapes_path, *paths = sys.argv[1:]
    shapes = rdflib.Graph().parse(shapes_path, format="turtle")
    json.dump([validate(path, shapes, path == paths[0]) for path in paths], sys.stdout)


if __name__ == "__main__":
    main()
