"""Every kind of step in an order that chance gives, then all of it undone and done again, over restarts: the same rows.

`test_machine.py` checks what single commands do against a model; here nothing is known but that undo and redo lead
exactly where the project was.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop import (
    commands,
    details,
    guidelines,
    history,
    projects,
    recycling,
    repeats,
    scheme_edits,
    scheme_steps,
    splitting,
    templates,
)  # fmt: skip
from desktop.bundle import Bundle, RawArticle, RawSpan, Report, build
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.imports import import_bundle
from desktop.model import Attribute, Choice
from desktop.occurrences import find
from desktop.session import Session
from desktop.store import queries
from desktop.store.rows import COLUMNS

TEXT = "🚀 قال Daesh cafe\u0301 in Tel\u00a0Aviv 👩‍👩‍👧; ISIS, Daesh.\r\nThe US struck Daesh near “Iraq”\u0301 (Daesh)."
WORDS = ("Daesh", "Iraq", "US", "attacks", "Iran")
Deed = Callable[["Walk"], object]


class Walk:
    """A project, a source of chance, and what the project held after each step."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.path = path
        self.session = projects.open_project(path, "reference")
        self.session.seal()
        self.states = [dump(self.session)]
        self.imported = 0

    def reopen(self) -> None:
        self.session.store.close()
        self.session = projects.open_project(self.path, "reference")

    def article(self) -> int:
        rows = self.session.store.query("SELECT key FROM article WHERE deleted = 0 ORDER BY key").fetchall()
        return int(self.chance.choice(rows)[0])

    def span(self, article: int | None = None) -> int:
        where = "a.deleted = 0" + (f" AND s.article = {article}" if article else "")
        rows = self.session.store.query(
            f"SELECT s.key FROM span AS s JOIN article AS a ON a.key = s.article WHERE {where} ORDER BY s.key"
        ).fetchall()
        return int(self.chance.choice(rows)[0])

    def label(self) -> str:
        return self.chance.choice([label.name for label in queries.scheme(self.session.store).labels])

    def stretch(self, article: int) -> tuple[int, int]:
        length = queries.article(self.session.store, article).length
        start = self.chance.randrange(length - 1)
        return start, min(length, start + self.chance.randint(1, 60))

    def step(self, deed: Deed) -> None:
        """One deed; if it was a step, what holds after it is remembered."""
        before = self.session.store.query("SELECT max(key) FROM step").fetchone()
        try:
            deed(self)
        except (UserError, IndexError):  # refused, or nothing there to do it to
            assert dump(self.session) == self.states[-1]
            return
        if self.session.store.query("SELECT max(key) FROM step").fetchone() != before:
            self.states.append(dump(self.session))


def dump(session: Session) -> dict[str, list[Any]]:
    """All rows but the journal's; of articles those that are not in the bin."""
    held: dict[str, list[Any]] = {}
    for table in COLUMNS:
        if table not in ("step", "change", "article_text", "sketch", "tally", "file"):
            where = " WHERE deleted = 0" if table == "article" else ""
            held[table] = session.store.query(f"SELECT * FROM {table}{where} ORDER BY 1").fetchall()
    return held


def everywhere(walk: Walk, form: str) -> dict[int, list[tuple[int, int]]]:
    rows = walk.session.store.query("SELECT key FROM article WHERE deleted = 0").fetchall()
    found = {key: list(find(queries.text(walk.session.store, key), form)) for (key,) in rows}
    return {key: places for key, places in found.items() if places}


def _apply(walk: Walk) -> None:
    article = walk.article()
    start, end = walk.stretch(article)
    commands.apply_label(
        walk.session, article, start, end, walk.label(), "reference", second=walk.chance.random() < 0.3
    )


def _fragment(walk: Walk) -> None:
    key = walk.span()
    commands.add_fragment(walk.session, key, walk.stretch(queries.span(walk.session.store, key).article))


def _split(walk: Walk) -> None:
    rows = walk.session.store.query(
        "SELECT key, start FROM span WHERE json_array_length(fragments) > 1"
    ).fetchall()
    key, start = walk.chance.choice(rows)
    commands.split_fragment(walk.session, key, start)


def _relate(walk: Walk) -> None:
    article = walk.article()
    kinds = queries.scheme(walk.session.store).relations
    commands.add_relation(
        walk.session, walk.span(article), walk.span(article), walk.chance.choice(kinds).name
    )


def _unrelate(walk: Walk) -> None:
    commands.remove_relation(
        walk.session, walk.chance.choice(list(walk.session.store.rows("relation", "1", ())))
    )


def _import(walk: Walk) -> None:
    walk.imported += 1
    spans = [RawSpan("actor", ((n * 3, n * 3 + 2),), "f") for n in range(5)]
    raw = RawArticle(f"{walk.imported} {TEXT}", "f", f"new {walk.imported}", spans=spans)
    import_bundle(walk.session, Bundle(lambda: iter([build(raw, "reference", Report())])), Report())


def _new_label(walk: Walk) -> None:
    name = f"label{walk.chance.randrange(100)}"
    scheme_steps.edit(walk.session, f"Add {name}", lambda scheme: scheme_edits.with_label(scheme, name))


def _attribute(walk: Walk) -> None:
    label = walk.label()
    attributes = scheme_edits.label_of(queries.scheme(walk.session.store), label).attributes
    old = walk.chance.choice(attributes)
    new = Attribute(name=f"{old.name}2", type="choice", values=(Choice(name="x"), Choice(name="y")))
    scheme_steps.change_attribute(walk.session, [label], old.name, new)


def _restore(walk: Walk) -> None:
    recycling.restore(walk.session, walk.chance.choice(recycling.listed(walk.session.store)).place)


def _put_back(walk: Walk) -> None:
    article = walk.article()
    entries = history.article_history(walk.session.store, article)
    step = walk.chance.choice(entries).step.key
    history.put_back(walk.session, article, step, walk.chance.choice((None, "reference")))


DEEDS: tuple[tuple[int, Deed], ...] = (
    (8, _apply),
    (3, lambda w: commands.relabel(w.session, w.span(), w.label())),
    (3, lambda w: commands.remove_span(w.session, w.span())),
    (3, lambda w: commands.move_edges(w.session, w.span(), [w.stretch(w.article())])),
    (3, _fragment),
    (2, _split),
    (4, _relate),
    (2, _unrelate),
    (1, lambda w: commands.set_span_note(w.session, w.span(), f"why? {w.chance.random()}")),
    (1, lambda w: commands.set_attribute(w.session, w.span(), "note", "é")),
    (1, lambda w: commands.set_state(w.session, w.article(), "reference", w.chance.choice(("todo", "in_progress", "done")))),
    (1, lambda w: commands.set_read_to(w.session, w.article(), "reference", w.chance.randrange(20))),
    (1, lambda w: commands.set_flag(w.session, w.article(), w.chance.random() < 0.5)),
    (2, lambda w: repeats.label_everywhere(w.session, everywhere(w, w.chance.choice(WORDS)), w.label(), "reference")),
    (2, lambda w: repeats.label_hits(w.session, everywhere(w, w.chance.choice(WORDS)), w.label(), "reference")),
    (2, lambda w: repeats.remove_hits(w.session, everywhere(w, w.chance.choice(WORDS)), "reference")),
    (2, _new_label),
    (2, lambda w: scheme_steps.rename_label(w.session, w.label(), f"name{w.chance.randrange(100)}")),
    (2, lambda w: scheme_steps.merge_label(w.session, w.label(), w.label())),
    (1, lambda w: scheme_steps.remove_label(w.session, w.label())),
    (1, lambda w: scheme_steps.remove_label(w.session, w.label(), w.label())),
    (1, _attribute),
    (1, lambda w: scheme_steps.load(w.session, projects.default_scheme())),
    (1, lambda w: scheme_steps.remove_relation_type(w.session, "place")),
    (2, _import),
    (1, lambda w: recycling.delete_article(w.session, w.article())),
    (3, _restore),
    (4, _put_back),
    (1, lambda w: details.find_outside(w.session, w.article())),
    (1, lambda w: guidelines.set_guidelines(w.session, f"# G {w.chance.random()}")),
    (1, lambda w: splitting.set_group(w.session, [queries.article(w.session.store, w.article()).id], "g")),
    (1, lambda w: templates.save(w.session, f"t{w.chance.randrange(3)}", ExportOptions(("jsonl",)))),
)  # fmt: skip


def go(path: Path, seed: int, steps: int) -> int:
    """Walk, go all the way back and all the way on; returns how many steps that was."""
    trip = Walk(path, seed)
    weights, deeds = zip(*DEEDS, strict=True)
    for deed in trip.chance.choices(deeds, weights, k=steps):
        trip.step(deed)
        if trip.chance.random() < 0.05:
            trip.reopen()
    for turn in range(2):
        for there in reversed(trip.states[:-1]):
            if trip.chance.random() < 0.1:
                trip.reopen()
            assert trip.session.undo()
            assert dump(trip.session) == there
        assert trip.session.undo() is None
        for there in trip.states[1:]:
            if trip.chance.random() < 0.1:
                trip.reopen()
            assert trip.session.redo(), turn
            assert dump(trip.session) == there
        assert trip.session.redo() is None
    trip.session.store.close()
    return len(trip.states) - 1


def test_undo_and_redo_lead_exactly_where_the_project_was(path: Path) -> None:
    assert go(path, 1, 30) > 15


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 42))
def test_undo_and_redo_on_many_walks(path: Path, seed: int) -> None:
    go(path, seed, 120)
