"""The schema as numbered SQL steps, run in one transaction with the file's version. A released step never changes."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

STEPS = tuple(sorted((Path(__file__).parent / "schema").glob("[0-9][0-9][0-9]_*.sql")))
VERSION = len(STEPS)
APPLICATION_ID = 0x5461676C  # "Tagl"


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file from its version to VERSION; all steps or none. The connection must be in autocommit mode."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[version:]:
            for statement in _statements(step.read_text(encoding="utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    # executescript() would commit the transaction first.
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found


def schema(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """Everything a file defines: (type, name, table, SQL), without SQLite's own tables."""
    rows = connection.execute("SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_schema")
    return frozenset(row for row in rows if row[1] not in ("sqlite_stat1", "sqlite_stat4"))


@cache
def expected() -> frozenset[tuple[str, ...]]:
    """The schema of a new file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(connection)
        return schema(connection)
    finally:
        connection.close()
