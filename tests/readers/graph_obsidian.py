"""Reads a vault as Obsidian does and prints its notes as JSON: `graph_obsidian.py obsidian FOLDER`.

PyYAML reads the front matter and markdown-it the rest; a link has to lead to one note.
"""

import json
import re
import sys
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

# As Obsidian reads it, a link may not hold a bracket.
LINK = re.compile(r"(?<!\\)\[\[([^\[\]|]+)(?:\|([^\[\]]*))?\]\]")


def wiki_links(state, silent: bool) -> bool:
    """A rule for markdown-it: links between notes, before it looks at brackets itself."""
    found = LINK.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("wiki", "", 0)
        token.meta = {"target": found[1], "shown": found[2] or found[1]}
    state.pos = found.end()
    return True


markdown = MarkdownIt("commonmark")
markdown.inline.ruler.before("link", "wiki", wiki_links)


def words(token) -> str:
    """An inline token as it is shown."""
    parts = []
    for child in token.children:
        assert child.type in {"text", "text_special", "wiki", "strong_open", "strong_close", "em_open", "em_close"}, child
        parts.append(child.meta["shown"] if child.type == "wiki" else child.content)
    return "".join(parts)


def read(text: str) -> dict:
    start, front, body = text.split("---\n", 2)
    assert start == "", "no front matter"
    lines, depth = [], 0
    for token in markdown.parse(body):
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "inline":
            links = [child.meta["target"] for child in token.children if child.type == "wiki"]
            lines.append({"quote": depth > 0, "text": words(token), "links": links})
        else:
            assert token.type.split("_")[0] in {"heading", "bullet", "list", "paragraph", "blockquote"}, token
    return {"front": yaml.safe_load(front), "lines": lines}


def main() -> None:
    folder = Path(sys.argv[2])
    notes = {}
    for path in sorted(folder.rglob("*.md")):
        notes[path.relative_to(folder).as_posix()] = read(path.read_bytes().decode("utf-8"))
    names = [Path(path).stem.casefold() for path in notes]
    assert len(names) == len(set(names)), "two notes of one name"
    for note in notes.values():
        for line in note["lines"]:
            for link in line["links"]:
                assert link.casefold() in names, f"a link to {link!r} leads nowhere"
    json.dump(notes, sys.stdout)


if __name__ == "__main__":
    main()
