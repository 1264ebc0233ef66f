"""Reads a JSON-LD graph with rdflib or pyld and prints things, plain triples and statements as JSON.

usage: graph_rdf.py rdflib|pyld FILE
"""

import json
import sys

import rdflib
from rdflib import RDF, Namespace

NS = Namespace("https://relata.dev/ns#")
SCHEMA = Namespace("https://schema.org/")
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
PROV = Namespace("http://www.w3.org/ns/prov#")


def load(reader: str, path: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    if reader == "rdflib":
        graph.parse(path, format="json-ld")
        return graph
    from pyld import jsonld

    with open(path, encoding="utf-8") as file:
        quads = jsonld.to_rdf(json.load(file), {"format": "application/n-quads"})
    graph.parse(data=quads, format="nt")
    return graph


def main() -> None:
    reader, path = sys.argv[1:]
    graph = load(reader, path)

    def one(subject, predicate):
        value = graph.value(subject, predicate, any=False)
        return None if value is None else str(value)

    def words(subject, predicate):
        return sorted(
            [str(quote), one(quote, NIF.anchorOf), int(one(quote, NS.beginByte)), int(one(quote, NS.endByte))]
            for quote in graph.objects(subject, predicate)
        )

    things = {}
    for subject in set(graph.subjects(RDF.type)):
        types = sorted(str(t)[len(NS):] for t in graph.objects(subject, RDF.type) if t in NS)
        if types:
            things[str(subject)] = {
                "types": types,
                "names": sorted(str(name) for name in graph.objects(subject, SCHEMA.name)),
                "aliases": sorted(str(name) for name in graph.objects(subject, SCHEMA.alternateName)),
                "norm": one(subject, NS.normalForm),
                "mentions": sorted(str(mention) for mention in graph.objects(subject, NS.mention)),
            }
    plain = sorted(
        [str(s), str(p)[len(NS):], str(o)]
        for s, p, o in graph
        if p in NS and str(s) in things and str(o) in things
    )
    statements = []
    for subject in graph.subjects(RDF.type, RDF.Statement):
        statements.append(
            {
                "subject": one(subject, RDF.subject),
                "predicate": one(subject, RDF.predicate)[len(NS):],
                "object": one(subject, RDF.object),
                "score": float(one(subject, NS.score)),
                "status": one(subject, NS.status)[len(NS):],
                "date": one(subject, NS.date),
                "place": one(subject, NS.place),
                "by": one(subject, NS.statedBy),
                "document": one(subject, PROV.wasDerivedFrom),
                "evidence": words(subject, NS.evidence),
            }
        )
    statements.sort(key=lambda statement: json.dumps(statement, sort_keys=True))
    json.dump({"things": things, "plain": plain, "statements": statements}, sys.stdout)


if __name__ == "__main__":
    main()
