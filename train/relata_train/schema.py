"""The ontology, read from `data/schema.tsv`, with the indices that the model and the Rust program share."""
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

TYPES = ["PERSON", "ORGANIZATION", "PLACE", "GROUP", "EVENT", "TITLE", "DATE", "WORK"]
NULL_TYPE = len(TYPES)  # an entity of unclear or foreign type
KINDS = ["name", "nominal", "pronoun"]
STATUSES = [None, "possible", "intended", "negated", "former"]
ARGUMENTS = {"by": ["PERSON", "ORGANIZATION", "PLACE", "GROUP"], "date": ["DATE"], "place": ["PLACE"]}

# Tag 0 is O; then for each type and kind the four tags B I E S.
POSITIONS = ["B", "I", "E", "S"]
TAG_COUNT = 1 + len(TYPES) * len(KINDS) * len(POSITIONS)


def tag(entity_type, kind, position):
    """Index of a tag; all three arguments are indices."""
    return 1 + (entity_type * len(KINDS) + kind) * len(POSITIONS) + position


def read_relations():
    """[(name, head types, tail types, symmetric)] in the order of the schema; types are sets of indices."""
    relations = []
    with open(os.path.join(ROOT, "data", "schema.tsv"), encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            name, heads, tails, symmetric = line.rstrip("\n").split("\t")[:4]
            relations.append((
                name,
                {TYPES.index(t) for t in heads.split("|")},
                {TYPES.index(t) for t in tails.split("|")},
                symmetric == "yes",
            ))
    return relations


RELATIONS = read_relations()
RELATION_INDEX = {relation[0]: index for index, relation in enumerate(RELATIONS)}
