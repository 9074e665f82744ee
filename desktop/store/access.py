"""Rows in and out of a project file, table by table, and what they add up to. Changes are made inside a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from desktop.errors import UserError
from desktop.model import Row
from desktop.store import tally
from desktop.store.header import explained
from desktop.store.rows import COLUMNS, TABLES, quoted
from desktop.store.tally import Count, Tally

# KiB of a project that stay in memory: one of up to this size is read once, and can be read on when its drive is gone.
KEPT = 65_536
# The same while all of a larger one is gone through, which would drive out what was read before it is asked for again.
_PASSING = 4_096
Misfit = sqlite3.IntegrityError
"""What a change meets that does not go together with the rows there are."""


class Rows:
    """What a query found. Damage is often met only on the way through the rows, and is explained there too."""

    def __init__(self, cursor: sqlite3.Cursor, path: Path) -> None:
        self._cursor, self._path = cursor, path
        self.lastrowid, self.rowcount = cursor.lastrowid, cursor.rowcount

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._cursor
        except sqlite3.Error as error:
            self._failed(error)

    def fetchone(self) -> Any:
        try:
            return self._cursor.fetchone()
        except sqlite3.Error as error:
            self._failed(error)

    def fetchall(self) -> list[Any]:
        try:
            return self._cursor.fetchall()
        except sqlite3.Error as error:
            self._failed(error)

    def _failed(self, error: sqlite3.Error) -> NoReturn:
        self._cursor.close()  # or it would hold the file, which could not be closed then
        with explained(self._path):
            raise error

    def close(self) -> None:
        self._cursor.close()


class Access:
    """The rows of one connection. `_moved` gathers what a transaction adds to the tally.

    `text_read` is the text read last, and its article: a megabyte is not brought here again for every label in it.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._moved: Tally = {}
        self.text_read: tuple[int, str] | None = None

    def _mark(self) -> None:
        """Called before anything is written."""

    def query(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Read. What is written goes through `add`, `change` and `take`, which keep the tally."""
        try:
            return Rows(self._connection.execute(sql, values), self.path)
        except sqlite3.Error:
            with explained(self.path):  # entered for errors alone: imports ask some ten times an article
                raise

    @contextmanager
    def passing(self) -> Iterator[None]:
        """While all articles are gone through: keeps little of a project that does not fit into what is kept."""
        (size,) = self.query(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()
        if size > KEPT * 1024:
            self._connection.execute(f"PRAGMA cache_size = -{_PASSING}")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):  # it may be closed by now
                self._connection.execute(f"PRAGMA cache_size = -{KEPT}")

    def add(self, table: str, values: Sequence[Any]) -> int:
        """Store a new row by the values of its columns; a key of None is chosen. Returns the key."""
        self._mark()
        cursor = self.query(_insert(table), values)
        key = int(cursor.lastrowid or 0)
        self._count(table, tally.more(table, [key, *values[1:]]))
        return key

    def add_run(self, table: str, rows: Sequence[Sequence[Any]]) -> int:
        """Store new rows, each given by the values of its columns with None for the key. Returns the key of the first one;
        those of the others follow it."""
        self._mark()
        key = quoted(COLUMNS[table])[0]
        first: int = self.query(f"SELECT coalesce(max({key}), 0) + 1 FROM {table}").fetchone()[0]
        keyed = [(first + place, *values[1:]) for place, values in enumerate(rows)]
        with explained(self.path):
            self._connection.executemany(_insert(table), keyed)
        self._count(table, tally.run(table, keyed))
        return first

    def change(self, table: str, before: Sequence[Any], after: Sequence[Any]) -> None:
        """Store other values in a row, whose key stays."""
        self._mark()
        key, *names = quoted(COLUMNS[table])
        sql = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE {key} = ?"
        self.query(sql, [*after[1:], before[0]])
        self._count(table, tally.less(table, before).plus(tally.more(table, after)))

    def take(self, table: str, values: Sequence[Any]) -> None:
        """Remove a row, given by all of its values."""
        self.take_run(table, values[0], values[0], [values])

    def take_run(self, table: str, first: int, last: int, rows: Sequence[Sequence[Any]]) -> None:
        """Remove the rows whose keys lie in a run, given by all of their values."""
        self._mark()
        key = quoted(COLUMNS[table])[0]
        self.query(f"DELETE FROM {table} WHERE {key} BETWEEN ? AND ?", (first, last))
        for row in rows:
            self._count(table, tally.less(table, row))

    def _count(self, table: str, by: Count) -> None:
        if table == "article_text":
            self.text_read = None
        self._moved[table] = self._moved.get(table, Count()).plus(by)

    def values(self, table: str, key: int) -> tuple[Any, ...] | None:
        """The values of one row, None if there is none."""
        found: tuple[Any, ...] | None = self.raw(table, f"{COLUMNS[table][0]} = ?", (key,)).fetchone()
        return found

    def get(self, table: str, key: int) -> Row | None:
        return next(self.rows(table, "key = ?", (key,)), None)

    def raw(self, table: str, where: str = "1", values: Sequence[Any] = ()) -> Rows:
        """The rows that fulfil a condition, in the order of their keys, as the values of their columns."""
        names = quoted(COLUMNS[table])
        return self.query(f"SELECT {', '.join(names)} FROM {table} WHERE {where} ORDER BY {names[0]}", values)

    def backwards(self, table: str, first: int, last: int, most: int) -> list[Any]:
        """The last rows, `most` at most, of those whose keys lie in a run; the last one first."""
        key, *rest = quoted(COLUMNS[table])
        sql = f"SELECT {', '.join((key, *rest))} FROM {table} WHERE {key} BETWEEN ? AND ? ORDER BY {key} DESC LIMIT ?"
        return self.query(sql, (first, last, most)).fetchall()

    def rows(self, table: str, where: str = "1", values: Sequence[Any] = ()) -> Iterator[Any]:
        """The rows of a table that fulfil a condition, in the order of their keys."""
        found = TABLES[table]
        for row in self.raw(table, where, values):
            try:
                decoded = found.decode(row)
            except (ValueError, RecursionError) as error:  # pydantic's is a ValueError too
                raise UserError(f"row {row[0]} of {table} holds what it cannot hold",
                                "repair the project, or run: tagline check --repair", file=str(self.path),
                                kind="integrity.damaged") from error  # fmt: skip
            yield decoded

    def readable(self, table: str, where: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """The rows that fulfil a condition and can be read; the others are for the repair page, which `verify` fills."""
        found = TABLES[table]
        for row in self.raw(table, where, values):
            with suppress(ValueError, RecursionError):
                yield found.decode(row)


@cache
def _insert(table: str) -> str:
    names = quoted(COLUMNS[table])
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
