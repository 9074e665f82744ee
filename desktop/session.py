"""The only door through which data changes, and the journal behind it.

`with session.step("Label actor"):` is one SQLite transaction and one undoable step; `put` and `drop` inside it record
the rows as they were. Undo plays those images backwards, in a step of its own that records itself in turn, which is
what redo plays back. So no command holds any undo code, and undo is still there after a restart.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeVar

from desktop.errors import UserError
from desktop.model import Article, Row
from desktop.store import queries
from desktop.store.queries import Step
from desktop.store.rows import TABLES, kind
from desktop.store.store import Store

Mode = Literal["do", "undo", "redo"]
R = TypeVar("R", bound=Row)
_ROWS_PER_CHANGE = 500


@dataclass(frozen=True)
class Changed:
    """What a step touched: the kinds of row, and the keys of the articles they belong to."""

    kinds: frozenset[str]
    articles: frozenset[int]


Listener = Callable[[Changed], None]


@dataclass
class _Change:
    """Rows `first` to `last` of one kind: new (`before` is None), or as they were before the step.

    They belong to articles `low` to `high`.
    """

    kind: str
    first: int
    last: int
    low: int
    high: int
    before: list[Row] | None = field(default=None)

    def widen(self, row: Row) -> None:
        """One more row, behind the others."""
        article = article_of(row)
        self.last, self.low, self.high = row.key, min(self.low, article), max(self.high, article)


def article_of(row: Row) -> int:
    """The key of the article that a row belongs to, 0 for what belongs to the whole project."""
    return row.key if isinstance(row, Article) else getattr(row, "article", 0)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Session:
    """A project in use by one person. `listeners` hear, after each step, what it touched."""

    def __init__(self, store: Store, annotator: str) -> None:
        self.store = store
        self.annotator = annotator
        self.listeners: list[Listener] = []
        self._changes: list[_Change] | None = None
        self._articles: set[int] = set()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One undoable change. An exception inside rolls everything back; a step inside a step joins it."""
        if self._changes is not None:
            yield
            return
        with self._record(title, "do", None):
            yield

    @contextmanager
    def _record(self, title: str, mode: Mode, of: int | None) -> Iterator[None]:
        self._changes, self._articles = [], set()
        try:
            with self.store.transaction():
                yield
                changed = Changed(
                    frozenset(change.kind for change in self._changes), frozenset(self._articles)
                )
                if changed.kinds:
                    self._write_journal(title, mode, of)
        finally:
            self._changes = None
        for listener in self.listeners if changed.kinds else ():
            listener(changed)

    def put(self, row: R) -> R:
        """Store a row: a new one (key 0, or a key that is free), or a changed one. Returns it with its key."""
        changes = self._recording()
        before = self.store.get(kind(row), row.key) if row.key else None
        if before is None:
            stored = row.model_copy(update={"key": self.store.insert(row)})
            self._touch(stored)
            self._record_new(changes, stored)
            return stored
        if before != row:
            self.store.update(row)
            self._touch(row)
            self._record_before(changes, before)
        return row

    def drop(self, row: Row) -> None:
        """Remove a row. What points to it must be dropped in the same step; articles are marked deleted instead."""
        changes = self._recording()
        before = self.store.get(kind(row), row.key)
        if before is None:
            raise UserError(f"that {kind(row)} is no longer there", "it was removed meanwhile")
        self.store.delete(kind(row), row.key)
        self._touch(row)
        self._record_before(changes, before)

    def add_article(self, article: Article, text: str) -> Article:
        """Store a new article with its text, which never changes and never enters the journal."""
        stored = self.put(article)
        self.store.query("INSERT INTO article_text (article, text) VALUES (?, ?)", (stored.key, text))
        return stored

    @property
    def touched(self) -> frozenset[int]:
        """The keys of the articles that the last step touched."""
        return frozenset(self._articles)

    def _touch(self, row: Row) -> None:
        article = article_of(row)
        if article:
            self._articles.add(article)

    def _recording(self) -> list[_Change]:
        assert self._changes is not None, "data changes only inside a step"
        return self._changes

    @staticmethod
    def _record_new(changes: list[_Change], row: Row) -> None:
        # Import writes article, spans, relations, article …: go on with the run that this kind left off, but never
        # past an image, or undo would meet rows in an order in which they cannot be together.
        for change in reversed(changes):
            if change.before is not None:
                break
            if change.kind == kind(row):
                if change.last + 1 != row.key:
                    break
                change.widen(row)
                return
        article = article_of(row)
        changes.append(_Change(kind(row), row.key, row.key, article, article))

    @staticmethod
    def _record_before(changes: list[_Change], row: Row) -> None:
        last = changes[-1] if changes else None
        if (
            last
            and last.kind == kind(row)
            and last.before is not None
            and len(last.before) < _ROWS_PER_CHANGE
        ):
            last.before.append(row)
            last.widen(row)
        else:
            article = article_of(row)
            changes.append(_Change(kind(row), row.key, row.key, article, article, [row]))

    def _write_journal(self, title: str, mode: Mode, of: int | None) -> None:
        if mode == "do":
            self.store.query("UPDATE step SET state = 'ended' WHERE state = 'live' AND mode = 'undo'")
        cursor = self.store.query(
            "INSERT INTO step (title, annotator, made, mode, of, state) VALUES (?, ?, ?, ?, ?, 'live')",
            (title, self.annotator, now(), mode, of),
        )
        for change in self._recording():
            self.store.query(
                "INSERT INTO change (step, kind, first, last, low, high, before) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (cursor.lastrowid, change.kind, change.first, change.last, change.low, change.high,
                 _pack(change.before)),
            )  # fmt: skip

    def seal(self) -> None:
        """Make all that was done so far the ground on which undo stops."""
        with self.store.transaction():
            self.store.query("UPDATE step SET state = 'ended' WHERE state = 'live'")

    def undo(self) -> Step | None:
        """Revert the latest step; None if there is nothing to undo."""
        return self._revert(queries.undoable(self.store), "undo")

    def redo(self) -> Step | None:
        """Revert the latest undo; None if there is nothing to redo."""
        return self._revert(queries.redoable(self.store), "redo")

    def _revert(self, step: Step | None, mode: Mode) -> Step | None:
        if step is None:
            return None
        changes = self.store.query(
            "SELECT kind, first, last, before FROM change WHERE step = ? ORDER BY key DESC", (step.key,)
        ).fetchall()
        with self._record(step.title, mode, step.key):
            for name, first, last, before in changes:
                if before is None:
                    self._take_away(name, first, last)
                else:
                    for row in reversed(unpack(name, before)):
                        self.put(row)
            self.store.query("UPDATE step SET state = 'reverted' WHERE key = ?", (step.key,))
        return step

    def _take_away(self, name: str, first: int, last: int) -> None:
        for row in list(self.store.rows(name, "key BETWEEN ? AND ?", (first, last)))[::-1]:
            if isinstance(row, Article):
                self.put(row.model_copy(update={"deleted": True}))
            else:
                self.drop(row)


def _pack(rows: list[Row] | None) -> bytes | None:
    if rows is None:
        return None
    return zlib.compress(
        json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False).encode()
    )


def unpack(name: str, packed: bytes) -> list[Row]:
    """The before-images of a change."""
    return [TABLES[name].model.model_validate(row) for row in json.loads(zlib.decompress(packed))]
