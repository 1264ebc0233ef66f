#!/usr/bin/env python3
"""Writes an invented dump in the form of Wikidata's, to measure `relata kb build` with.

    benches/wikidata_dump.py 130000 > dump.json
    benches/wikidata_dump.py 3000000 --short > short.json

About 6.6 kB an item: labels in 30 languages with escapes, descriptions, statements with references,
sitelinks. Of the items 35 % are people, 15 % bodies, 25 % places, and 25 % nothing that is wanted. With --short all
are people, with the least that makes one, for dumps of many names. The same arguments give the same bytes.
"""

import json
import random
import sys

SYLLABLES = "ba den fir gol hup jan kel lor mar nit ost pel qua rin sta tov ulm ver wex yor zim cha dre gri".split()
LANGUAGES = "en de fr es it pl ru ar zh ja nl sv pt uk fa tr cs hu ko he fi da no ro id vi el bg sr ca".split()
CLASSES = [(5, 35), (4830453, 8), (43229, 7), (515, 10), (486972, 15), (13442814, 20), (16521, 5)]
PROPERTIES = "P106 P18 P21 P19 P69 P214 P227 P213 P244 P268 P646 P734 P735 P856 P131 P373".split()


def word(rng, count):
    return "".join(rng.choice(SYLLABLES) for _ in range(count)).capitalize()


def statement(rng, prop, value, kind):
    return {
        "mainsnak": {"snaktype": "value", "property": prop, "hash": f"{rng.getrandbits(160):040x}",
                     "datavalue": {"value": value, "type": kind}, "datatype": kind},
        "type": "statement", "id": f"Q1${rng.getrandbits(128):032x}", "rank": "normal",
        "references": [{"hash": f"{rng.getrandbits(160):040x}", "snaks": {"P143": [
            {"snaktype": "value", "property": "P143",
             "datavalue": {"value": entity(328), "type": "wikibase-entityid"}}]},
            "snaks-order": ["P143"]}],
    }


def entity(number):
    return {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}


def item(rng, number):
    kind = rng.choices([kind for kind, _ in CLASSES], [weight for _, weight in CLASSES])[0]
    name = f"{word(rng, 2)} {word(rng, rng.choice([2, 3]))}" if kind in (5, 4830453, 43229) else word(rng, 4)
    languages = ["en"] + rng.sample(LANGUAGES[1:], rng.randrange(5, 29))
    claims = {"P31": [statement(rng, "P31", entity(kind), "wikibase-entityid")]}
    for prop in rng.sample(PROPERTIES, rng.randrange(2, 10)):
        claims[prop] = [statement(rng, prop, f"value {rng.getrandbits(64)}", "string")]
    claims["P27" if kind == 5 else "P17"] = [
        statement(rng, "P27", entity(rng.choice([183, 30, 145, 142])), "wikibase-entityid")]
    if kind == 5:
        time = {"time": f"+{rng.randrange(1800, 2005)}-01-02T00:00:00Z", "timezone": 0, "precision": 11}
        claims["P569"] = [statement(rng, "P569", time, "time")]
    elif kind in (515, 486972):
        place = {"latitude": rng.uniform(-80, 80), "longitude": rng.uniform(-180, 180), "altitude": None}
        claims["P625"] = [statement(rng, "P625", place, "globecoordinate")]
    aliases = [{"language": "en", "value": f"{name} {word(rng, 1)}"} for _ in range(rng.randrange(3))]
    sites = rng.sample(LANGUAGES, min(30, int(rng.paretovariate(0.8)) - 1))
    return {
        "type": "item", "id": f"Q{number}",
        "labels": {code: {"language": code, "value": name if code != "ru" else name + " Имя"} for code in languages},
        "descriptions": {code: {"language": code, "value": "an invented thing"} for code in languages},
        "aliases": {"en": aliases} if aliases else [], "claims": claims,
        "sitelinks": {f"{code}wiki": {"site": f"{code}wiki", "title": name, "badges": []} for code in sites},
        "pageid": number, "ns": 0, "title": f"Q{number}", "lastrevid": number, "modified": "2026-01-01T00:00:00Z",
    }


def short(rng, number):
    name = f"{word(rng, 2)} {word(rng, 3)}"
    sites = SYLLABLES[: min(24, int(rng.paretovariate(0.8)) - 1)]
    aliases = [f"{name} {word(rng, 1)}", f"{word(rng, 1)} {name}"]
    return {
        "type": "item", "id": f"Q{number}", "labels": {"en": {"value": name}},
        "aliases": {"en": [{"value": alias} for alias in aliases]},
        "claims": {"P31": [{"mainsnak": {"datavalue": {"value": {"numeric-id": 5}}}}]},
        "sitelinks": {f"{site}wiki": {"title": "x"} for site in sites},
    }


def main():
    count = int(sys.argv[1])
    make, seed = (short, 3) if "--short" in sys.argv else (item, 7)
    rng = random.Random(seed)
    print("[")
    for number in range(1, count + 1):
        comma = "," if number < count else ""
        print(json.dumps(make(rng, number), separators=(",", ":")) + comma)
    print("]")


main()
