"""Reads a drawn graph with a strict XML reader and prints its nodes, edges and evidence as JSON.

usage: graph_markup.py svg|html FILE
"""

import json
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
HTML = "{http://www.w3.org/1999/xhtml}"


def words(element) -> str:
    return "".join(element.itertext())


def read_svg(root) -> dict:
    nodes = {}
    for group in root.iter(SVG + "g"):
        if "id" in group.attrib:
            nodes[group.get("id")] = " ".join(words(line) for line in group.iter(SVG + "tspan"))
    edges = [
        [path.get("data-head"), path.get("data-relation"), path.get("data-tail")]
        for path in root.iter(SVG + "path")
        if "data-head" in path.attrib
    ]
    return {"nodes": nodes, "edges": edges}


def read_html(root) -> dict:
    nodes, edges, evidence = {}, [], []
    for article in root.iter(HTML + "article"):
        nodes[article.get("id")] = words(article.find(f"{HTML}h3/{HTML}bdi"))
        for summary in article.iter(HTML + "summary"):
            relation = words(summary.find(HTML + "span")).replace(" ", "_")
            edges.append([article.get("id"), relation, summary.find(HTML + "a").get("href").removeprefix("#")])
        for quote in article.iter(HTML + "blockquote"):
            evidence.extend(words(part) for part in quote.findall(HTML + "bdi"))
    return {"nodes": nodes, "edges": edges, "evidence": evidence}


def main() -> None:
    form, path = sys.argv[1:]
    root = ElementTree.parse(path).getroot()
    json.dump({"svg": read_svg, "html": read_html}[form](root), sys.stdout)


if __name__ == "__main__":
    main()
