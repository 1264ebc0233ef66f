"""Training texts made of clause patterns: who does what to whom, with names drawn at random, so that the relation can be
learned from the words between the names alone.

`train/clauses/*.tsv` holds one pattern a line: the relations that it states, a tab, the clause. `{a:P|O}` is a slot for a
name: P a person, O an organization, L a country or city, G a group. Relations are `a killed b`, with `~status` and `by:c`
where needed, separated by `; `, or `none`. A drawn text is one to three clauses, some with a frame that says who tells it
or when; a later clause may take up a name of an earlier one. A date is put only behind a plain clause, whose verb it can
only belong to.
"""
import glob
import os
import re

from .schema import RELATION_INDEX, RELATIONS, ROOT, STATUSES, TYPES as TYPE_NAMES

CITIES = 800  # so many of the largest
# What lasts, or has no day.
STATES = {"head_of", "works_for", "owns", "represents", "fights", "spokesperson_for", "supports", "cooperates_with",
          "succeeded", "traded_with"}
# Where another verb may follow, to which a date at the end would belong.
NOT_PLAIN = re.compile(r"[,;:]|\b(?:who|whom|whose|which|that|as|while|when|where|after|before|until|since|because|for|to|"
                       r"and|but|is|was|had|has|have|were|are)\b")
SLOT = re.compile(r"\{([a-e]):([POLG](?:\|[POLG])*)\}")
TYPES = {"P": "PERSON", "O": "ORGANIZATION", "L": "PLACE", "G": "GROUP"}
INDICES = {slot: TYPE_NAMES.index(name) for slot, name in TYPES.items()}
DAYS = ["on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday", "yesterday",
        "last week", "last year", "in March", "in 1998", "in September 2011", "in 2004"]
SAID = [", {} said", ", according to {}", ", {} reported", ", {} told reporters", ", said {}", ", as {} put it"]
TOLD = ["{} said that ", "According to {}, ", "{} reported that ", "As {} tells it, ", "{} told a court that "]


def read(folder=os.path.join(ROOT, "train", "clauses")):
    """[([(head, relation, tail, status, by)], pattern)] of all files; a fault stops with the line that has it."""
    out = []
    for path in sorted(glob.glob(os.path.join(folder, "*.tsv"))):
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                line = line.rstrip("\n")
                if not line:
                    continue
                try:
                    out.append(parse(line))
                except ValueError as error:
                    raise SystemExit(f"{path}:{number}: {error}: {line}") from None
    return out


def parse(line):
    relations, _, pattern = line.partition("\t")
    slots = dict(SLOT.findall(pattern))
    if not pattern or len(slots) != pattern.count("{") or "{" in SLOT.sub("", pattern):
        raise ValueError("want relations, a tab and a pattern with each slot once")
    out = []
    for relation in [] if relations == "none" else relations.split("; "):
        head, kind, tail, *rest = relation.split(" ")
        status, by = None, None
        for word in rest:
            if word.startswith("~") and word[1:] in STATUSES:
                status = word[1:]
            elif word.startswith("by:"):
                by = word[3:]
            else:
                raise ValueError(f"unknown qualifier {word}")
        if kind not in RELATION_INDEX or not {head, tail, by or head} <= set(slots):
            raise ValueError(f"unknown relation or slot in {relation}")
        heads, tails = ({INDICES[k] for k in slots[end].split("|")} for end in (head, tail))
        _, allowed_heads, allowed_tails, _ = RELATIONS[RELATION_INDEX[kind]]
        if not (heads <= allowed_heads and tails <= allowed_tails):
            raise ValueError(f"the schema does not allow the ends of {relation}")
        out.append((head, kind, tail, status, by))
    return out, pattern


def name_lists(documents):
    """{P, O, L, G: [name]} that a slot can take: persons and organizations of documents, the countries and the largest
    cities of the lexicons, and peoples in the plural."""
    found = {"P": {}, "O": {}}
    for document in documents:
        data = document["text"].encode()
        for mention in document["mentions"]:
            kind = {"PERSON": "P", "ORGANIZATION": "O"}.get(mention["type"])
            name = data[mention["start"]:mention["end"]].decode()
            if kind and mention.get("kind", "name") == "name" and len(name) > 3 and name[0].isupper() \
                    and "," not in name:
                found[kind][name] = None
    # "Police" and "Front" are names only here and there.
    common = {word for document in documents for word in document["text"].split() if word.islower()}
    found["O"] = {name: None for name in found["O"] if name.lower() not in common}
    countries = [row[4] for row in lexicon("territories") if row[2] == "country"]
    cities = [row[5] for row in lexicon("cities")[:CITIES]]
    peoples = [form for row in lexicon("demonyms") for form in row[1].split("|") if form.endswith("s")]
    return {**{kind: list(names) for kind, names in found.items()}, "L": countries * (CITIES // len(countries)) + cities,
            "G": peoples}


def lexicon(name):
    """The rows of a list under `data/lexicons`."""
    with open(os.path.join(ROOT, "data", "lexicons", name + ".tsv"), encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]


class Draft:
    """A text in the making, with its mentions, entities and relations."""

    def __init__(self):
        self.text, self.mentions, self.types, self.names, self.relations = "", [], [], [], []

    def write(self, words):
        self.text += words

    def mention(self, name, entity):
        start = len(self.text.encode())
        self.text += name
        self.mentions.append({"start": start, "end": start + len(name.encode()), "entity": entity,
                              "type": self.types[entity], "kind": "name"})

    def new(self, kind, names, rng):
        """A new entity, whose name shares no word with another while there are such names."""
        used = {word for name in self.names for word in name.lower().split()}
        name = rng.choice(names[kind])
        for _ in range(100):  # few documents have few names
            if not used & set(name.lower().split()):
                break
            name = rng.choice(names[kind])
        self.names.append(name)
        self.types.append(TYPES[kind])
        return len(self.names) - 1

    def put(self, template, entity):
        before, after = template.split("{}")
        self.write(before)
        self.mention(self.names[entity], entity)
        self.write(after)


def add_clause(draft, relations, pattern, names, rng):
    """Writes one clause into the draft, and what it states."""
    frame = rng.random()
    teller = draft.new(rng.choice("PO"), names, rng) if frame < 0.3 else None
    start = len(draft.text)
    if frame < 0.15:
        draft.put(rng.choice(TOLD), teller)
    earlier, entities, at = len(draft.types) - (teller is not None), {}, 0
    for match in SLOT.finditer(pattern):
        draft.write(pattern[at:match.start()])
        at = match.end()
        kind = rng.choice(match.group(2).split("|"))
        known = [e for e in range(earlier) if draft.types[e] == TYPES[kind] and e not in entities.values()]
        if known and rng.random() < 0.4:
            entity = rng.choice(known)
            full = draft.names[entity]
            words = full.split(" ")
            draft.mention(words[-1] if kind == "P" and len(words) == 2 and rng.random() < 0.7 else full, entity)
        else:
            entity = draft.new(kind, names, rng)
            words = draft.names[entity].split()
            if kind == "O" and len(words) > 2 and words[0] != "The" and not draft.text.lower().endswith("the "):
                draft.write("the ")
            draft.mention(draft.names[entity], entity)
        entities[match.group(1)] = entity
    draft.write(pattern[at:])
    date = None
    plain = len(relations) == 1 and relations[0][1] not in STATES and relations[0][3:] == (None, None)
    if plain and not NOT_PLAIN.search(SLOT.sub("", pattern)) and frame >= 0.3 and rng.random() < 0.4:
        words = rng.choice(DAYS)
        preposition, day = words.split(" ", 1) if words[:3] in ("on ", "in ") else ("", words)
        draft.write(f" {preposition} " if preposition else " ")
        draft.names.append(day)
        draft.types.append("DATE")
        date = len(draft.types) - 1
        draft.mention(day, date)
    if 0.15 <= frame < 0.3:
        draft.put(rng.choice(SAID), teller)
    draft.text = draft.text[:start] + draft.text[start:start + 1].upper() + draft.text[start + 1:]
    for head, kind, tail, status, by in relations:
        relation = {"head": entities[head], "type": kind, "tail": entities[tail]}
        if status:
            relation["status"] = status
        if by is not None or teller is not None:
            relation["by"] = entities[by] if by is not None else teller
        if date is not None:
            relation["date"] = date
        draft.relations.append(relation)
        if kind == "killed" and status is None and date is not None and draft.types[entities[tail]] == "PERSON":
            draft.relations.append({"head": entities[tail], "type": "died_on", "tail": date})
        if kind == "founded" and date is not None:
            draft.relations.append({"head": entities[tail], "type": "founded_on", "tail": date})


def draw(patterns, names, rng, number):
    """One text as a gold document. Titles, dates, works and events, nominals and pronouns count as unmarked."""
    draft = Draft()
    for clause in range(rng.choice((1, 1, 2, 2, 3))):
        if clause:
            draft.write(". " if rng.random() < 0.8 else ".\n\n")
        add_clause(draft, *rng.choice(patterns), names, rng)
    draft.write(".")
    return {"id": f"clauses-{number}", "text": draft.text, "mentions": draft.mentions, "relations": draft.relations,
            "entities": [{"id": i, "type": kind} for i, kind in enumerate(draft.types)],
            "annotated": {"entities": list(TYPES.values()), "kinds": ["name"], "relations": list(RELATION_INDEX),
                          "relations_complete": True}}
