"""The schema as numbered SQL steps, run in one transaction with the file's version. A released step never changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "schema"
APPLICATION_ID = 0x5461676C  # "Tagl"
# What is not counted in the tally: the file itself, and the tally.
_UNCOUNTED = ("file", "tally")


@dataclass(frozen=True)
class Schema:
    """The steps of a folder, in the order of their numbers; the version of a file is how many of them it has."""

    folder: Path = FOLDER

    @property
    def steps(self) -> tuple[Path, ...]:
        return _steps(self.folder)

    @property
    def version(self) -> int:
        return len(self.steps)


# A test puts another one in its place, with a step more.
CURRENT = Schema()


@cache
def _steps(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("[0-9][0-9][0-9]_*.sql")))


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps a file has; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def migrating(connection: sqlite3.Connection, version: int = 0) -> Iterator[None]:
    """Bring a file from its version to `version` (0: the present one); all steps or none, with what is done inside.

    The connection must be in autocommit mode.
    """
    wanted = version or CURRENT.version
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        for step in CURRENT.steps[version_of(connection) : wanted]:
            for statement in _statements(step.read_text(encoding="utf-8")):
                connection.execute(statement)
        yield
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {wanted}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def migrate(connection: sqlite3.Connection, version: int = 0) -> None:
    """Give an empty file the schema."""
    with migrating(connection, version):
        pass


def _statements(script: str) -> list[str]:
    # executescript() would commit the transaction first.
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found


Definitions = frozenset[tuple[str, ...]]


def schema(connection: sqlite3.Connection) -> Definitions:
    """Everything a file defines: (type, name, table, SQL), without SQLite's own tables."""
    rows = connection.execute("SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_schema")
    return frozenset(row for row in rows if row[1] not in ("sqlite_stat1", "sqlite_stat4"))


def expected(version: int = 0) -> Definitions:
    """The schema of a new file, or of one of an older version."""
    return _made(CURRENT, version or CURRENT.version)[0]


def columns(version: int = 0) -> Mapping[str, tuple[str, ...]]:
    """The tables that are counted in the tally, with their columns in order, in a file of a version."""
    return _made(CURRENT, version or CURRENT.version)[1]


@cache
def _made(of: Schema, version: int) -> tuple[Definitions, Mapping[str, tuple[str, ...]]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, version)
        found = schema(connection)
        names = sorted(row[1] for row in found if row[0] == "table" and row[1] not in _UNCOUNTED)
        tables = {
            name: tuple(row[1] for row in connection.execute(f"PRAGMA table_info({name})")) for name in names
        }
        return found, tables
