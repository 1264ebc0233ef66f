"""Reads entities with followthemoney, validates each, and prints them as JSON: `graph_ftm.py ftm FILE`."""

import json
import sys

from followthemoney import model

entities = {}
with open(sys.argv[2], encoding="utf-8", newline="\n") as file:
    for line in file:
        data = json.loads(line)
        assert data["id"] not in entities, f"{data['id']} comes twice"
        entities[data["id"]] = data

for data in entities.values():
    schema = model.get(data["schema"])
    assert schema is not None and not schema.abstract, data
    schema.validate(data)
    proxy = model.get_proxy(data, cleaned=False)
    for prop in schema.properties.values():
        assert not (prop.name in schema.required and not proxy.get(prop)), (prop.name, data)
    for name, values in data["properties"].items():
        prop = schema.properties[name]
        assert not prop.stub, name
        # What the model cleans away or changes was not right; it normalizes the characters of words.
        cleaned = proxy.get(prop)
        if prop.type.name in {"name", "text", "string", "address"}:
            assert len(cleaned) == len(values), (name, values, cleaned)
        else:
            assert sorted(cleaned) == sorted(values), (name, values, cleaned)
        for value in values:
            assert prop.type.validate(value), (name, value)
            assert len(value) <= prop.type.max_length, (name, len(value))
            if prop.range is not None:
                other = model.get(entities[value]["schema"])
                assert other.is_a(prop.range), (data["schema"], name, other.name)

json.dump(entities, sys.stdout)
