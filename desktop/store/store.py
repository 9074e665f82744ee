"""One project file, open: transactions, rows in and out. The connection belongs to the thread that opened it."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop.errors import UserError
from desktop.model import Row
from desktop.store.header import check_header, damaged, explain, left_journal
from desktop.store.migrate import VERSION, expected, migrate, schema
from desktop.store.rows import TABLES, kind

# Files up to this many bytes are checked page by page when opened (about 300 ms at the limit).
QUICK_CHECK_BYTES = 100_000_000
SQLITE_VERSION = sqlite3.sqlite_version
_PRAGMAS = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "temp_store = MEMORY",
    "foreign_keys = ON",
    "locking_mode = EXCLUSIVE",
    "synchronous = EXTRA",
)
# Opening a file twice in one process would drop its lock when the second handle closes (POSIX).
_open_here: set[tuple[int, int]] = set()


class Store:
    """An open project file. Made with `create` or `open`; `close` leaves a single file."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, identity: tuple[int, int], *, read_only: bool
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection
        self._identity = identity

    @classmethod
    def create(cls, path: Path) -> Store:
        """A new, empty project file. Raises UserError if there is something at `path` or it cannot be written."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise UserError(
                "there is a file of that name already", "choose another name", file=str(path)
            ) from None
        except OSError as error:
            raise UserError(f"the project cannot be made here: {error.strerror}", "choose a folder of your own",
                            file=str(path)) from None  # fmt: skip
        try:
            return cls._connect(path, read_only=False)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Store:
        """An existing project file, its header, schema and (up to 100 MB) pages checked.

        Raises UserError when it is missing, not ours, newer, damaged or in use.
        """
        if _is_open_here(path):
            raise UserError("this project is open already", "go on in the window that has it", file=str(path))
        check_header(path)
        store = cls._connect(path, read_only=read_only)
        try:
            with _explained(path):
                store._check_contents()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def _connect(cls, path: Path, *, read_only: bool) -> Store:
        uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
        with _explained(path):
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=0.2)
            try:
                _prepare(connection, read_only=read_only, left=left_journal(path))
            except BaseException:
                connection.close()
                raise
        identity = _identity(path)
        _open_here.add(identity)
        return cls(path, connection, identity, read_only=read_only)

    def _check_contents(self) -> None:
        if schema(self._connection) != expected():
            strange = sorted(name for _, name, _, _ in schema(self._connection) - expected())
            raise damaged(
                self.path, f"it defines {', '.join(strange[:3])}" if strange else "a table is missing"
            )
        if self.path.stat().st_size <= QUICK_CHECK_BYTES:
            problem = self.quick_check()
            if problem:
                raise damaged(self.path, problem)

    def quick_check(self) -> str | None:
        """SQLite's own check of pages and rows: the first thing that is wrong, None if nothing is."""
        (answer,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        return None if answer == "ok" else str(answer).split("\n")[-1]

    def integrity_problems(self) -> list[str]:
        """SQLite's full check, indexes and foreign keys included."""
        answers = [row[0] for row in self._connection.execute("PRAGMA integrity_check(100)")]
        broken = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        return [a for a in answers if a != "ok"] + [
            f"row {row[1]} of {row[0]} points to nothing" for row in broken
        ]

    @property
    def version(self) -> int:
        return VERSION

    def close(self) -> None:
        self._connection.close()
        _open_here.discard(self._identity)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside reaches the disk together, or nothing does. Not to be nested."""
        with _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                # Undo puts rows back in reverse; links are checked when all are there.
                self._connection.execute("PRAGMA defer_foreign_keys = ON")
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def query(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        with _explained(self.path):
            return self._connection.execute(sql, values)

    def insert(self, row: Row) -> int:
        """Store a new row, under its key if it has one; returns the key."""
        cursor = self.query(TABLES[kind(row)].insert, TABLES[kind(row)].encode(row))
        return int(cursor.lastrowid or 0)

    def update(self, row: Row) -> None:
        values = TABLES[kind(row)].encode(row)
        self.query(TABLES[kind(row)].update, [*values[1:], row.key])

    def delete(self, table: str, key: int) -> None:
        self.query(f"DELETE FROM {TABLES[table].name} WHERE key = ?", (key,))

    def get(self, table: str, key: int) -> Row | None:
        return next(self.rows(table, "key = ?", (key,)), None)

    def rows(self, table: str, where: str = "1", values: Sequence[Any] = ()) -> Iterator[Any]:
        """The rows of a table that fulfil a condition, in the order of their keys."""
        found = TABLES[table]
        for row in self.query(f"{found.select} WHERE {where} ORDER BY key", values):
            try:
                decoded = found.decode(row)
            except ValueError as error:  # pydantic's is one too
                raise damaged(self.path, f"row {row[0]} of {table} holds what it cannot hold") from error
            yield decoded


def _is_open_here(path: Path) -> bool:
    try:
        return _identity(path) in _open_here
    except OSError:
        return False


def _identity(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def _prepare(connection: sqlite3.Connection, *, read_only: bool, left: bool) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")  # fsync does not flush the drive there
    if read_only:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("BEGIN IMMEDIATE")  # take the lock now, so that a second program is refused at once
    if left:  # Only a write makes SQLite remove what a crash left, once it was rolled back.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")
    migrate(connection)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        explained = explain(error, path)
        if explained is error:
            raise
        raise explained from error
