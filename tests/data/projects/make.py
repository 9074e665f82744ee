"""Saves a small project of the present schema, as the release with that schema leaves it: run once for each schema.

    python tests/data/projects/make.py

writes 001.tagline.gz (the number is the schema's). The file of a schema that was released is never made again.
"""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

from desktop import commands, projects, recycling
from desktop.bundle import Bundle, RawArticle, Report, build
from desktop.imports import import_bundle
from desktop.store.migrate import CURRENT

HERE = Path(__file__).parent
TEXTS = (
    "🚀 قال cafe\u0301 in Tel\u00a0Aviv 👩‍👩‍👧 and left.\r\nA second line, with “quotes” in it.",
    "Attacks on US sites in Iraq 😀😀 and Syria",
    "An article that was deleted",
)


def make(path: Path) -> None:
    """Articles, spans of two annotators, a relation, notes, a split, something undone, something in the bin."""
    session = projects.create(path, "ana")
    records = [build(RawArticle(text, "f", "", id=f"a{n}"), "ana", Report()) for n, text in enumerate(TEXTS)]
    import_bundle(session, Bundle(lambda: iter(records)), Report())
    head = commands.add_span(session, 1, [(0, 1), (3, 6)], "event", "ana", {"type": "attack"})
    tail = commands.add_span(session, 1, [(2, 5)], "actor", "ana")
    commands.add_relation(session, head.key, tail.key, "agent")
    commands.add_span(session, 2, [(0, 7)], "claim", "bob قال")
    commands.set_span_note(session, head.key, "why? 🚀")
    commands.set_flag(session, 2, True)
    commands.set_state(session, 1, "ana", "done")
    commands.remove_span(session, commands.add_span(session, 2, [(11, 13)], "actor", "ana").key)
    recycling.delete_article(session, 3)
    commands.set_article_note(session, 1, "undone")
    session.undo()
    session.store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "p.tagline")
        make(made)
        target = HERE / f"{CURRENT.version:03}.tagline.gz"
        target.write_bytes(gzip.compress(made.read_bytes(), mtime=0))
        print(target)
