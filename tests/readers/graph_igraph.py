"""Reads GraphML with igraph and prints its nodes and edges as JSON: `graph_igraph.py graphml FILE`."""

import json
import math
import sys

import igraph


def known(attributes: dict) -> dict:
    """Without what igraph fills in where an element lacks an attribute."""
    return {
        name: value
        for name, value in attributes.items()
        if value != "" and not (isinstance(value, float) and math.isnan(value))
    }


graph = igraph.Graph.Read_GraphML(sys.argv[2])
ids = graph.vs["id"] if graph.vcount() else []
nodes = {vertex["id"]: known(vertex.attributes()) for vertex in graph.vs}
edges = [[ids[edge.source], ids[edge.target], known(edge.attributes())] for edge in graph.es]
json.dump({"directed": graph.is_directed(), "nodes": nodes, "edges": edges}, sys.stdout)
