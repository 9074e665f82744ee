"""Removing an article, or an annotator, for good: not to be undone, and nothing of it is left in the file.

What goes are the rows, their images in the journal, and the steps that did nothing else; titles of other steps that may
quote a text lose the quote. The history keeps one line: that it happened, when, and how many. Then the file is written
anew, because SQLite overwrites what it deletes but not the copies it left behind when it moved rows about in a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.errors import UserError
from desktop.session import Session, article_in, now
from desktop.store import backups, copying, queries
from desktop.store.access import Misfit
from desktop.store.backups import Backup, Shelf
from desktop.store.journal import pack, unpack
from desktop.store.rows import COLUMNS, TABLES, dump
from desktop.store.store import Store

Values = Sequence[Any]
# In the order in which nothing is left pointing to what is gone.
_TABLES = ("relation", "span", "status", "assignment", "sketch", "removal", "article_text", "article")
_WHOSE = {name: COLUMNS[name].index("annotator") for name in ("span", "relation", "status")}
_REMOVAL = {name: place for place, name in enumerate(COLUMNS["removal"])}
_STEP = {name: place for place, name in enumerate(COLUMNS["step"])}
_QUOTED = re.compile(r"“.*”", re.DOTALL)


@dataclass(frozen=True)
class Target:
    """What is to go: articles by their keys, or all that carries the name of an annotator; `bin` empties the bin."""

    articles: frozenset[int] = frozenset()
    annotator: str | None = None
    bin: bool = False


@dataclass(frozen=True)
class Tally:
    """How much of a target there is, or was removed: rows of the project, and steps of the history that hold any of it."""

    articles: int = 0
    spans: int = 0
    relations: int = 0
    steps: int = 0
    binned: int = 0

    def __bool__(self) -> bool:
        return any((self.articles, self.spans, self.relations, self.steps, self.binned))


def of_article(store: Store, name: str) -> Target:
    """An article by its id, whether it is in the list or in the bin. Raises UserError where there is none."""
    rows = store.query("SELECT key FROM article WHERE id = ?", (name,)).fetchall()
    if not rows:
        raise UserError(
            f"there is no article {name!r}", "see its id in the details of the article", file=str(store.path)
        )
    return Target(frozenset(row[0] for row in rows))


def of_annotator(store: Store, name: str) -> Target:
    """An annotator by name. Raises UserError where nothing in the project carries it."""
    target = Target(annotator=name)
    if not survey(store, target):
        raise UserError(f"nothing here is by {name!r}", f"use one of {', '.join(queries.layers(store)) or 'none'}",
                        file=str(store.path))  # fmt: skip
    return target


def of_bin(store: Store) -> Target:
    """Everything that is in the bin."""
    keys = store.query("SELECT key FROM article WHERE deleted = 1").fetchall()
    return Target(frozenset(row[0] for row in keys), bin=True)


def survey(store: Store, target: Target) -> Tally:
    """How much would go; nothing is changed."""
    work = _Purge(store, target)
    counts = {table: sum(1 for row, left in work.rows(table) if left is None) for table in _TABLES}
    steps = {row[1] for row, left in work.images() if left != row}
    steps |= {row[0] for row in work.named_steps(steps)}
    return _tally(counts, len(steps))


def _tally(counts: dict[str, int], steps: int) -> Tally:
    return Tally(counts["article"], counts["span"], counts["relation"], steps, counts["removal"])


def purge(session: Session, target: Target) -> Tally:
    """Remove all of a target and write the file anew. Raises UserError where there is nothing, or no room to write it.

    What is removed is removed even where the file could not be written anew: then purging again does that alone.
    """
    store = session.store
    found = survey(store, target)
    if not found and not target.bin:
        raise UserError("there is nothing to purge", "it is gone already")
    try:
        with store.transaction():
            _Purge(store, target).run()
            who = "" if session.annotator == target.annotator else session.annotator
            step = (None, _title(target, found), who, now(), "do", None, "ended", "[]", "{}", 1)
            store.add("step", step)
    except Misfit as error:
        raise UserError("rows of this project point to nothing", "run: tagline check --repair, or take a backup",
                        file=str(store.path), kind="integrity.damaged") from error  # fmt: skip
    copying.rewrite(store)
    return found


def _title(target: Target, found: Tally) -> str:
    def counted(value: int, word: str) -> str:
        return f"{value} {word}{'' if value == 1 else 's'}"

    labels = counted(found.spans, "label")
    if target.bin:
        return f"Empty the bin: {counted(found.articles, 'article')} with {labels}, {counted(found.binned, 'deletion')}"
    what = "an annotator" if target.annotator is not None else counted(found.articles, "article")
    return f"Purge {what}: {labels}, {counted(found.relations, 'relation')}"


class _Purge:
    """The rows of one project as they are without a target. Changes are made inside a transaction of the caller."""

    def __init__(self, store: Store, target: Target) -> None:
        self.store, self.target = store, target
        self.words = [
            row[0]
            for key in sorted(target.articles)
            for row in store.query("SELECT id FROM article WHERE key = ? UNION SELECT title FROM article WHERE key = ?",
                                   (key, key))
        ]  # fmt: skip

    def run(self) -> None:
        # The journal first: what it names is looked up in the rows.
        touched = set()
        for row, left in list(self.images()):
            if left == row:
                continue
            touched.add(row[1])
            if left is None:
                self.store.take("change", row)
            else:
                self.store.change("change", row, left)
        for key in [row[0] for row in self.named_steps(touched)]:
            self._step(self.store.values("step", key) or ())
        for table in _TABLES:
            for row, left in list(self.rows(table)):
                if left is None:
                    self.store.take(table, row)
                elif left != row:
                    self.store.change(table, row, left)

    def rows(self, table: str) -> Iterator[tuple[Values, Values | None]]:
        """The rows of a table that may be concerned, each with what is left of it: itself, another, or None."""
        where = "1"
        if self.target.annotator is None and not (self.target.bin and table == "removal"):
            key = "key" if table == "article" else "article"
            where = f"{key} IN ({', '.join(map(str, sorted(self.target.articles)))})"
        elif table not in _WHOSE and table != "removal":
            where = "0"
        elif table in _WHOSE:
            where = "annotator = ?"
        values = (self.target.annotator,) if "?" in where else ()
        for row in self.store.raw(table, where, values):
            yield row, self.left(table, row)

    def left(self, table: str, row: Values) -> Values | None:
        """What is left of a row, here or in an image."""
        if article_in(table, row) in self.target.articles:
            return None
        if table == "removal" and self.target.bin:
            return None
        name = self.target.annotator
        if name is None:
            return row
        if table in _WHOSE:
            return None if row[_WHOSE[table]] == name else row
        return self._removal(list(row), name) if table == "removal" else row

    @staticmethod
    def _removal(row: list[Any], name: str) -> Values | None:
        try:
            for column in ("spans", "relations"):
                fields = json.loads(row[_REMOVAL[column]])
                row[_REMOVAL[column]] = dump([field for field in fields if field["annotator"] != name])
        except (
            ValueError,
            TypeError,
            KeyError,
            RecursionError,
        ):  # nobody can tell whose it is, nor restore it
            return None
        if row[_REMOVAL["annotator"]] == name:
            row[_REMOVAL["annotator"]] = ""
            row[_REMOVAL["title"]] = _without_quotes(row[_REMOVAL["title"]])
        empty = row[_REMOVAL["spans"]] == "[]" and not row[_REMOVAL["whole"]]
        return None if empty else row

    def images(self) -> Iterator[tuple[Values, Values | None]]:
        """The entries of the journal, each with what is left of it. One that is damaged goes: it may hold anything."""
        for row in self.store.raw("change"):
            yield row, self._image(list(row))

    def _image(self, row: list[Any]) -> Values | None:
        _, _, table, _, _, low, high, image = row
        if image is None:
            mine = low == high and low in self.target.articles
            return None if mine else tuple(row)
        if table not in TABLES:
            return None
        try:
            before = unpack(table, image)
            left = [found for found in (self.left(table, values) for values in before) if found is not None]
        except (UserError, ValueError, RecursionError, IndexError, TypeError):
            return None
        if left == before:
            return tuple(row)
        if not left:
            return None
        articles = [article_in(table, values) for values in left]
        return (*row[:5], min(articles), max(articles), pack(table, left))

    def named_steps(self, touched: set[int]) -> Iterator[Values]:
        """The steps that may tell of the target: those whose images changed, that name it, or that it has made."""
        for row in self.store.raw("step").fetchall():
            mine = self.target.annotator is not None and row[_STEP["annotator"]] == self.target.annotator
            if row[0] in touched or mine or self._articles(row) & self.target.articles:
                yield row

    @staticmethod
    def _articles(row: Values) -> set[int]:
        with suppress(ValueError, TypeError, RecursionError):
            return {key for key in json.loads(row[_STEP["articles"]] or "[]") if type(key) is int}
        return set()

    def _step(self, row: Values) -> None:
        """What is left of a step: nothing of one that did nothing else, a line without quotes of any other."""
        there = self.store.query("SELECT 1 FROM change WHERE step = ? LIMIT 1", (row[0],)).fetchone()
        articles = self._articles(row)
        others = articles - self.target.articles
        mine = row[_STEP["annotator"]] == self.target.annotator
        only = (
            bool(articles) and not others
            if self.target.annotator is None
            else mine or bool(row[_STEP["kept"]])
        )
        if not there and only:
            self._forget(row)
            return
        left = list(row)
        if mine or articles & self.target.articles or row[_STEP["articles"]] is None:
            left[_STEP["title"]] = self._neutral(row[_STEP["title"]])
        left[_STEP["annotator"]] = "" if mine else row[_STEP["annotator"]]
        if row[_STEP["articles"]] is not None:
            left[_STEP["articles"]] = json.dumps(sorted(others))
        if not there and row[_STEP["state"]] == "live":
            left[_STEP["state"]] = "ended"  # undo would find nothing to do in it
        self.store.change("step", row, left)

    def _neutral(self, title: str) -> str:
        short = _without_quotes(title)
        named = (rf"(?<!\w){re.escape(word[:20])}" + ("" if word[20:] else r"(?!\w)") for word in self.words)
        return "A step with what was purged" if any(re.search(name, short) for name in named) else short

    def _forget(self, row: Values) -> None:
        for other in self.store.raw("step", "of = ?", (row[0],)).fetchall():
            parted = list(other)
            parted[_STEP["of"]] = None
            self.store.change("step", other, parted)
        there = self.store.values("step", row[0])
        assert there
        self.store.take("step", there)


def _without_quotes(title: str) -> str:
    """Label event: Attacks → Label event"""
    return _QUOTED.sub("“…”", title).partition(": ")[0]


# Backups


def holding(store: Store, target: Target, found: Sequence[Backup]) -> list[Backup]:
    """The backups that hold anything of a target, and those that cannot be read, which may."""
    names = [row[0] for key in target.articles
             for row in store.query("SELECT id FROM article WHERE key = ?", (key,)).fetchall()]  # fmt: skip
    return [backup for backup in found if _holds(backup.path, names, target.annotator)]


def _holds(path: Path, names: Sequence[str], annotator: str | None) -> bool:
    try:
        store = Store.open(path, read_only=True)
    except UserError:
        return True
    try:
        if annotator is not None:
            return bool(survey(store, Target(annotator=annotator)))
        return any(store.query("SELECT 1 FROM article WHERE id = ?", (name,)).fetchone() for name in names)
    except UserError:
        return True
    finally:
        store.close()


def purge_backups(store: Store, shelf: Shelf, gone: Sequence[Backup]) -> int:
    """Overwrite and remove backups, once a new one of the project as it is now has been made; returns how many."""
    shelf.make(store, "purge")
    for backup in gone:
        copying.shred(backup.path)
    for folder in {backup.path.parent for backup in gone}:
        copying.sync_folder(folder)
    return len(gone)


def of_project(base: Path, store: Store) -> list[Backup]:
    """All backups of a project that can be found."""
    return backups.of_project(base, store.shown, store.id)
