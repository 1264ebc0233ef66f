"""Reads graph.jsonld, graph.nq, graph.ttl and graph.trig of a folder with readers and prints the quads of each as JSON.

Files that are not there are left out. Without names of readers all read, and the canonical forms are printed too. A quad is a list of subject, predicate, object and graph, "" being the default graph.
An IRI is a string and a literal a list of lexical form and datatype. A statement of RDF 1.2 is printed as an rdf:Statement.

usage: rdf_quads.py FOLDER [rdflib|pyld|pyoxigraph|rapper]...
"""

import json
import pathlib
import subprocess
import sys

import pyoxigraph
import rdflib
from pyld import jsonld
from pyld.canon import URDNA2015

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
STRING = "http://www.w3.org/2001/XMLSchema#string"

# Lexical forms as they stand in the file.
rdflib.NORMALIZE_LITERALS = False


def with_rdflib(path):
    def term(value):
        if isinstance(value, rdflib.Literal):
            return [str(value), str(value.datatype or STRING)]
        assert isinstance(value, rdflib.URIRef), repr(value)
        return str(value)

    form = {".jsonld": "json-ld", ".nq": "nquads", ".ttl": "turtle", ".trig": "trig"}[path.suffix]
    dataset = rdflib.Dataset()
    dataset.parse(path, format=form)
    for subject, predicate, value, graph in dataset.quads():
        graph = "" if graph in (None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID) else str(graph)
        yield [term(subject), term(predicate), term(value), graph]


def with_pyld(path):
    def term(value):
        if value["type"] == "literal":
            return [value["value"], value["datatype"]]
        assert value["type"] == "IRI", value
        return value["value"]

    for graph, triples in jsonld.to_rdf(json.loads(path.read_text(encoding="utf-8"))).items():
        for triple in triples:
            parts = [term(triple[part]) for part in ("subject", "predicate", "object")]
            yield [*parts, "" if graph == "@default" else graph]


def oxigraph_quads(quads):
    def term(value):
        if isinstance(value, pyoxigraph.Literal):
            return [value.value, value.datatype.value]
        assert isinstance(value, pyoxigraph.NamedNode), repr(value)
        return value.value

    for quad in quads:
        graph = "" if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else quad.graph_name.value
        subject = term(quad.subject)
        if isinstance(quad.object, pyoxigraph.Triple):
            assert quad.predicate.value == RDF + "reifies"
            yield [subject, RDF + "type", RDF + "Statement", graph]
            for part in ("subject", "predicate", "object"):
                yield [subject, RDF + part, term(getattr(quad.object, part)), graph]
        else:
            yield [subject, term(quad.predicate), term(quad.object), graph]


def with_pyoxigraph(path):
    form = {
        ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
        ".nq": pyoxigraph.RdfFormat.N_QUADS,
        ".ttl": pyoxigraph.RdfFormat.TURTLE,
        ".trig": pyoxigraph.RdfFormat.TRIG,
    }[path.suffix]
    yield from oxigraph_quads(pyoxigraph.parse(path=path, format=form))


def with_rapper(path):
    # It ends a text at the first of these and refuses the others, all of which RDF allows; others stand for them on the way.
    stand_ins = {"\0": "\ue000", "\ufffe": "\ue0fe", "\uffff": "\ue0ff"}
    text = path.read_text(encoding="utf-8")
    for character, stand_in in stand_ins.items():
        assert stand_in not in text
        text = text.replace(f"\\u{ord(character):04X}", stand_in)
    form = {".nq": "nquads", ".ttl": "turtle", ".trig": "trig"}[path.suffix]
    command = ["rapper", "-q", "-i", form, "-o", "nquads", "-", "urn:base:"]
    run = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    assert run.returncode == 0 and not run.stderr, run.stderr.decode()
    for quad in oxigraph_quads(pyoxigraph.parse(run.stdout, format=pyoxigraph.RdfFormat.N_QUADS)):
        if isinstance(quad[2], list):
            for character, stand_in in stand_ins.items():
                quad[2][0] = quad[2][0].replace(stand_in, character)
        yield quad


READERS = {
    "rdflib": (with_rdflib, (".jsonld", ".nq", ".ttl", ".trig")),
    # Its reader of N-Quads knows no \\u escapes.
    "pyld": (with_pyld, (".jsonld",)),
    "pyoxigraph": (with_pyoxigraph, (".jsonld", ".nq", ".ttl", ".trig")),
    "rapper": (with_rapper, (".nq", ".ttl", ".trig")),
}


def canonical(quads):
    """The canonical form of a data set without blank nodes (RDFC-1.0, which was URDNA2015), as pyld makes it."""
    dataset = {}
    for subject, predicate, value, graph in {json.dumps(quad): quad for quad in quads}.values():
        if isinstance(value, list):
            value = {"type": "literal", "value": value[0], "datatype": value[1]}
        else:
            value = {"type": "IRI", "value": value}
        triple = {
            "subject": {"type": "IRI", "value": subject},
            "predicate": {"type": "IRI", "value": predicate},
            "object": value,
        }
        dataset.setdefault(graph or "@default", []).append(triple)
    return URDNA2015().main(dataset, {"format": "application/n-quads"})


def main() -> None:
    folder, *wanted = sys.argv[1:]
    result = {"quads": {}, "canonical": {}}
    for suffix in (".jsonld", ".nq", ".ttl", ".trig"):
        path = pathlib.Path(folder, "graph" + suffix)
        if not path.exists():
            continue
        for reader, (read, suffixes) in READERS.items():
            if suffix in suffixes and (not wanted or reader in wanted):
                result["quads"][f"{reader} {suffix}"] = list(read(path))
    if not wanted:
        document = json.loads(pathlib.Path(folder, "graph.jsonld").read_text(encoding="utf-8"))
        options = {"algorithm": "URDNA2015", "format": "application/n-quads"}
        result["canonical"] = {
            ".jsonld": jsonld.normalize(document, options),
            ".nq": canonical(result["quads"]["pyoxigraph .nq"]),
        }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
