"""Reads a graph with networkx and prints its nodes and edges as JSON.

usage: graph_networkx.py adjacency-list|multiline-adjacency-list|edge-list|node-link|graphml|gexf|cytoscape FILE
"""

import json
import sys

import networkx as nx
from networkx.readwrite.gexf import GEXF, GEXFReader

# networkx knows versions up to 1.2 by their addresses; what is read here is the same in 1.3.
GEXF.versions["1.3"] = {
    "NS_GEXF": "http://gexf.net/1.3",
    "NS_VIZ": "http://gexf.net/1.3/viz",
    "NS_XSI": "http://www.w3.org/2001/XMLSchema-instance",
    "SCHEMALOCATION": "http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd",
    "VERSION": "1.3",
}


def read_gexf(path: str) -> nx.Graph:
    reader = GEXFReader(version="1.3")
    reader.python_type["listdouble"] = str
    return reader(path)


def main() -> None:
    form, path = sys.argv[1:]
    if form == "node-link":
        with open(path, encoding="utf-8") as file:
            graph = nx.node_link_graph(json.load(file), edges="edges")
    elif form == "cytoscape":
        with open(path, encoding="utf-8") as file:
            graph = nx.cytoscape_graph(json.load(file))
    elif form == "graphml":
        graph = nx.read_graphml(path)
    elif form == "gexf":
        graph = read_gexf(path)
    else:
        read = {
            "adjacency-list": nx.read_adjlist,
            "multiline-adjacency-list": nx.read_multiline_adjlist,
            "edge-list": nx.read_edgelist,
        }[form]
        graph = read(path, create_using=nx.MultiDiGraph)
    nodes = {node: data for node, data in graph.nodes(data=True)}
    edges = [[head, tail, data] for head, tail, data in graph.edges(data=True)]
    keys = [key for _, _, key in graph.edges(keys=True)] if graph.is_multigraph() else []
    json.dump(
        {"directed": graph.is_directed(), "multigraph": graph.is_multigraph(), "nodes": nodes, "edges": edges, "keys": keys},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
