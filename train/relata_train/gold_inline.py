"""Reads the inline gold format of the news passages (see `data/news/README.md`)."""
import re

from .schema import KINDS, TYPES

MENTION = re.compile(r"\[([polgetdw]\d+)(?::([np]))?(?: ([A-Z]+)(?:=([0-9X.Y/-]+))?)?\|([^\[\]|]+)\]")
KIND = {None: "name", "n": "nominal", "p": "pronoun"}
STATUS = {"possible", "intended", "negated", "former"}


def read(path):
    """Yields one document (dict in the JSON Lines form) per passage. Faults raise ValueError with path and line."""
    with open(path, encoding="utf-8") as file:
        blocks, current = [], None
        for number, line in enumerate(file, 1):
            if line.startswith("## "):
                current = (number, line[3:].strip(), [])
                blocks.append(current)
            elif current:
                current[2].append(line.rstrip("\n"))
    for number, header, lines in blocks:
        try:
            yield passage(header, lines)
        except (KeyError, ValueError) as fault:
            raise ValueError(f"{path}:{number}: {header}: {fault}") from fault


def passage(header, lines):
    identifier, date, topic = (field.strip() for field in header.split("|"))
    cut = next(i for i, line in enumerate(lines) if line.strip() == "=")
    raw = "\n".join(lines[:cut]).strip("\n")
    text, at, mentions, entities = "", 0, [], {}
    for match in MENTION.finditer(raw):
        text += raw[at:match.start()]
        at = match.end()
        key, kind, entity_type, norm, words = match.groups()
        if key not in entities:
            assert entity_type in TYPES, key
            entities[key] = {"id": len(entities), "type": entity_type, **({"norm": norm} if norm else {})}
        start = len(text.encode())
        text += words
        mentions.append({"start": start, "end": len(text.encode()), "entity": entities[key]["id"],
                         "type": entities[key]["type"], "kind": KIND[kind]})
    text += raw[at:]
    relations = []
    for line in lines[cut + 1:]:
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        relation = {"head": entities[fields[0]]["id"], "type": fields[1], "tail": entities[fields[2]]["id"]}
        for qualifier in fields[3:]:
            if qualifier[0] == "@":
                relation["date"] = entities[qualifier[1:]]["id"]
            elif qualifier.startswith("in:"):
                relation["place"] = entities[qualifier[3:]]["id"]
            elif qualifier.startswith("by:"):
                relation["by"] = entities[qualifier[3:]]["id"]
            elif qualifier[0] == "~" and qualifier[1:] in STATUS:
                relation["status"] = qualifier[1:]
            else:
                raise ValueError(f"bad qualifier {qualifier!r}")
        relations.append(relation)
    return {"id": identifier, "date": date, "topic": topic, "text": text, "mentions": mentions,
            "entities": list(entities.values()), "relations": relations}


assert KINDS == list(KIND.values())
