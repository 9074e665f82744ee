"""The only door through which data changes, and the journal behind it.

`with session.step("Label actor"):` is one SQLite transaction and one undoable step; `put` and `drop` inside it record
the rows as they were. Undo plays those images backwards, in a step of its own that records itself in turn, which is
what redo plays back. So no command holds any undo code, and undo is still there after a restart.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

from desktop.errors import UserError
from desktop.model import Article, Row
from desktop.store import queries
from desktop.store.access import Misfit
from desktop.store.journal import ROWS_PER_IMAGE, Values, damaged_image, pack, unpack
from desktop.store.queries import Step
from desktop.store.removed import gathered
from desktop.store.rows import COLUMNS, TABLES, kind
from desktop.store.store import Store

Mode = Literal["do", "undo", "redo"]
R = TypeVar("R", bound=Row)
# Where a row says which article it belongs to.
_ARTICLE = {
    **{name: columns.index("article") for name, columns in COLUMNS.items() if "article" in columns},
    "article": 0,
}
# What a step does besides, and does not tell of.
_ASIDE = frozenset({"removal added", "removal removed"})
_DELETED = COLUMNS["article"].index("deleted")
# A step over more articles than this does not name them.
_MOST_NAMED = 1000
# A step that touches more rows than this does not tell which.
_MOST_ROWS = 1000


@dataclass(frozen=True)
class Changed:
    """What a step touched: the kinds of row, and the keys of the articles they belong to.

    `rows` are the kinds and keys of the rows themselves, None where they are too many to be told.
    """

    kinds: frozenset[str]
    articles: frozenset[int]
    rows: frozenset[tuple[str, int]] | None = None


Listener = Callable[[Changed], None]


@dataclass
class _Change:
    """Rows `first` to `last` of one kind: new (`before` is None), or the values they had before the step.

    They belong to articles `low` to `high`.
    """

    kind: str
    first: int
    last: int
    low: int
    high: int
    before: list[Values] | None = field(default=None)

    def widen(self, key: int, article: int) -> None:
        """One more row, behind the others."""
        self.last, self.low, self.high = key, min(self.low, article), max(self.high, article)


def _rows(changes: Sequence[_Change]) -> frozenset[tuple[str, int]] | None:
    """The kinds and keys of all rows in some changes; None where there are too many."""
    found: set[tuple[str, int]] = set()
    for change in changes:
        if change.last - change.first >= _MOST_ROWS and change.before is None:
            return None
        keys = (
            range(change.first, change.last + 1)
            if change.before is None
            else (row[0] for row in change.before)
        )
        found.update((change.kind, key) for key in keys)
        if len(found) > _MOST_ROWS:
            return None
    return frozenset(found)


def article_of(row: Row) -> int:
    """The key of the article that a row belongs to, 0 for what belongs to the whole project."""
    return row.key if isinstance(row, Article) else getattr(row, "article", 0)


def article_in(table: str, values: Values) -> int:
    place = _ARTICLE.get(table)
    return 0 if place is None else int(values[place])


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
        self._done: Counter[str] = Counter()
        self._gone: dict[str, list[Values]] = {}

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
        self._changes, self._articles, self._done = [], set(), Counter()
        self._gone = {"span": [], "relation": []}
        try:
            with self.store.transaction():
                yield
                if mode == "do" and self._gone["span"]:
                    self._keep_removed(title)
                changed = Changed(
                    frozenset(change.kind for change in self._changes),
                    frozenset(self._articles),
                    _rows(self._changes),
                )
                if changed.kinds:
                    self._write_journal(title, mode, of)
        finally:
            self._changes = None
        for listener in self.listeners if changed.kinds else ():
            listener(changed)

    def put(self, row: R) -> R:
        """Store a row: a new one (key 0, or a key that is free), or a changed one. Returns it with its key."""
        key = self.put_values(kind(row), TABLES[kind(row)].encode(row))
        return row if row.key == key else row.model_copy(update={"key": key})

    def put_new(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store many new rows of one kind, given by their fields, that nobody needs back: five times as fast as `put`."""
        if not rows:
            return
        changes = self._recording()
        encode = TABLES[table].encode_fields
        values = [encode(row) for row in rows]
        first = self.store.add_run(table, values)
        self._done[f"{table} added"] += len(values)
        articles = [article_in(table, row) for row in values]
        self._articles.update(filter(None, articles))
        self._record_run(changes, table, first, first + len(values) - 1, articles)

    def drop(self, row: Row) -> None:
        """Remove a row. What points to it must be dropped in the same step; articles are marked deleted instead."""
        self.remove(kind(row), row.key)

    def remove(self, table: str, key: int) -> None:
        """Remove a row by its key, whatever it holds."""
        changes = self._recording()
        before = self.store.values(table, key)
        if before is None:
            raise UserError(f"that {table} is no longer there", "it was removed meanwhile")
        self.store.take(table, before)
        self._touch(table, before, "removed")
        self._record_before(changes, table, before)
        if table in self._gone:
            self._gone[table].append(before)

    def put_values(self, table: str, values: Values) -> int:
        """Store a row by the values of its columns, new or changed; returns its key."""
        changes = self._recording()
        before = self.store.values(table, values[0]) if values[0] else None
        if before is None:
            key = self.store.add(table, values)
            stored = [key, *values[1:]]
            self._touch(table, stored, "added")
            self._record_new(changes, table, stored)
            return key
        if list(before) != list(values):
            self.store.change(table, before, values)
            self._touch(table, values, "changed")
            self._record_before(changes, table, before)
        return int(values[0])

    def add_article(
        self, article: Article, text: str, origin: str = "", sketch: Sequence[int] = ()
    ) -> Article:
        """Store a new article with its text, which never changes and never enters the journal.

        `origin` tells the file that held it alone from all others; by `sketch` nearly equal texts are found.
        """
        stored = self.put(article)
        self.store.add("article_text", (stored.key, text, origin))
        if sketch:
            self.store.add_run("sketch", [(None, stored.key, value) for value in sketch])
        return stored

    @property
    def touched(self) -> frozenset[int]:
        """The keys of the articles that the last step touched."""
        return frozenset(self._articles)

    def _touch(self, table: str, values: Values, what: str) -> None:
        self._done[f"{table} {what}"] += 1
        article = article_in(table, values)
        if article:
            self._articles.add(article)

    def _recording(self) -> list[_Change]:
        assert self._changes is not None, "data changes only inside a step"
        return self._changes

    def _record_new(self, changes: list[_Change], table: str, values: Values) -> None:
        self._record_run(changes, table, values[0], values[0], [article_in(table, values)])

    @staticmethod
    def _record_run(
        changes: list[_Change], table: str, first: int, last: int, articles: Sequence[int]
    ) -> None:
        # Import writes article, spans, relations, article …: go on with the run that this kind left off, but never
        # past an image, or undo would meet rows in an order in which they cannot be together.
        for change in reversed(changes):
            if change.before is not None:
                break
            if change.kind == table:
                if change.last + 1 != first:
                    break
                change.widen(last, min(articles))
                change.widen(last, max(articles))
                return
        changes.append(_Change(table, first, last, min(articles), max(articles)))

    @staticmethod
    def _record_before(changes: list[_Change], table: str, values: Values) -> None:
        last = changes[-1] if changes else None
        article = article_in(table, values)
        if last and last.kind == table and last.before is not None and len(last.before) < ROWS_PER_IMAGE:
            last.before.append(values)
            last.widen(values[0], article)
        else:
            changes.append(_Change(table, values[0], values[0], article, article, [values]))

    def _keep_removed(self, title: str) -> None:
        """Put what the step has removed into the bin."""
        removals = gathered(
            self.store, self._gone["span"], self._gone["relation"], title, self.annotator, now()
        )
        for removal in removals:
            self.put(removal)

    def _write_journal(self, title: str, mode: Mode, of: int | None) -> None:
        if mode == "do":
            self._set_state("state = 'live' AND mode = 'undo'", "ended")
        touched = json.dumps(sorted(self._articles)) if len(self._articles) <= _MOST_NAMED else None
        done = json.dumps({what: count for what, count in self._done.items() if what not in _ASIDE})
        step = self.store.add(
            "step", (None, title, self.annotator, now(), mode, of, "live", touched, done, 1)
        )
        for change in self._recording():
            image = None if change.before is None else pack(change.kind, change.before)
            values = change.kind, change.first, change.last, change.low, change.high, image
            self.store.add("change", (None, step, *values))

    def _set_state(self, where: str, state: str) -> None:
        place = COLUMNS["step"].index("state")
        for row in self.store.raw("step", where).fetchall():
            self.store.change("step", row, [*row[:place], state, *row[place + 1 :]])

    def seal(self) -> None:
        """Make all that was done so far the ground on which undo stops."""
        with self.store.transaction():
            self._set_state("state = 'live'", "ended")

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
        try:
            with self._record(step.title, mode, step.key):
                for name, first, last, before in changes:
                    self._play_back(name, first, last, before)
                self._set_state(f"key = {step.key}", "reverted")
        except Misfit as error:  # another program has written into the rows or into their images
            raise damaged_image() from error
        return step

    def _play_back(self, table: str, first: int, last: int, before: bytes | None) -> None:
        if before is None:
            self._take_away(table, first, last)
        else:
            for values in reversed(unpack(table, before)):
                self.put_values(table, values)

    def _take_away(self, table: str, first: int, last: int) -> None:
        """Remove a run of rows, last first and some at a time; articles are marked deleted."""
        if table not in TABLES:
            raise damaged_image()
        changes = self._recording()
        while rows := self.store.backwards(table, first, last, ROWS_PER_IMAGE):
            last = rows[-1][0] - 1
            if table == "article":
                for row in rows:
                    self.put_values(table, [*row[:_DELETED], 1, *row[_DELETED + 1 :]])
            else:
                self.store.take_run(table, rows[-1][0], rows[0][0], rows)
                self._done[f"{table} removed"] += len(rows)
                articles = [article_in(table, row) for row in rows]
                self._articles.update(articles)
                changes.append(_Change(table, rows[-1][0], rows[0][0], min(articles), max(articles), rows))
