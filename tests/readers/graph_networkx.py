"""Reads a graph with networkx and prints its nodes and edges as JSON.

usage: graph_networkx.py adjacency-list|multiline-adjacency-list|edge-list|node-link FILE
"""

import json
import sys

import networkx as nx


def main() -> None:
    form, path = sys.argv[1:]
    if form == "node-link":
        with open(path, encoding="utf-8") as file:
            graph = nx.node_link_graph(json.load(file), edges="edges")
    else:
        read = {
            "adjacency-list": nx.read_adjlist,
            "multiline-adjacency-list": nx.read_multiline_adjlist,
            "edge-list": nx.read_edgelist,
        }[form]
        graph = read(path, create_using=nx.MultiDiGraph)
    nodes = {node: data for node, data in graph.nodes(data=True)}
    edges = [[head, tail, data] for head, tail, data in graph.edges(data=True)]
    keys = [key for _, _, key in graph.edges(keys=True)]
    json.dump(
        {"directed": graph.is_directed(), "multigraph": graph.is_multigraph(), "nodes": nodes, "edges": edges, "keys": keys},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
