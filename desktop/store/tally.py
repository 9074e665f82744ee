"""What a project file adds up to: for each table its number of rows and the sum of their hashes.

The tally is written in the transaction of every step, so a file agrees with it between two steps and at no other time.
A copy taken in the middle of a step, a page that was lost, a row changed by another program: all of them no longer add
up, though SQLite's own checks may find every page in order. A sum does not depend on the order of the rows, so that a
step costs only the rows it touches. It guards against accidents, not against somebody who mends the tally as well.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.store.rows import COLUMNS, quoted

_MODULUS = 1 << 128
_MOST = 2**62
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=bytes.hex).encode


@dataclass(frozen=True)
class Count:
    """The rows of one table: how many, and the sum of their hashes modulo 2**128."""

    rows: int = 0
    sum: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.rows + other.rows, (self.sum + other.sum) % _MODULUS)


Tally = dict[str, Count]
Tables = Mapping[str, Sequence[str]]
"""Tables with the names of their columns."""


def of_row(table: str, values: Sequence[Any]) -> int:
    """The hash of a row: BLAKE2b over its table and its values in the order of the columns, as JSON, blobs in hex."""
    body = _encode([table, *values]).encode()
    return int.from_bytes(hashlib.blake2b(body, digest_size=16).digest(), "little")


def more(table: str, values: Sequence[Any]) -> Count:
    """What one more row adds."""
    return Count(1, of_row(table, values))


def run(table: str, rows: Sequence[Sequence[Any]]) -> Count:
    """What these rows add."""
    return Count(len(rows), sum(of_row(table, values) for values in rows) % _MODULUS)


def less(table: str, values: Sequence[Any]) -> Count:
    """What one row less takes away."""
    return Count(-1, -of_row(table, values))


def read(connection: sqlite3.Connection) -> Tally:
    """The tally as the file has it."""
    rows = connection.execute("SELECT name, rows, sum FROM tally")
    # What another program wrote there must not grow beyond what SQLite's integers hold.
    return {
        name: Count(max(-_MOST, min(count, _MOST)), int.from_bytes(total, "little"))
        for name, count, total in rows
    }


def write(connection: sqlite3.Connection, tally: Tally) -> None:
    """Store the counts of these tables; the others stay."""
    connection.executemany(
        "INSERT INTO tally (name, rows, sum) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, sum = excluded.sum",
        [(name, count.rows, count.sum.to_bytes(16, "little")) for name, count in tally.items()],
    )


def count(connection: sqlite3.Connection, table: str, columns: Tables = COLUMNS) -> Count:
    """What the rows of a table add up to; about 4 µs a row."""
    rows = total = 0
    for values in connection.execute(f"SELECT {', '.join(quoted(columns[table]))} FROM {quoted([table])[0]}"):
        rows += 1
        total += of_row(table, values)
    return Count(rows, total % _MODULUS)


def problems(connection: sqlite3.Connection, columns: Tables = COLUMNS) -> Iterator[str]:
    """The tables that do not add up; those of an older schema are given with their columns."""
    written = read(connection)
    for table in columns:
        there, found = written.get(table, Count()), count(connection, table, columns)
        if there.rows != found.rows:
            yield f"table {table} has {found.rows} rows where {there.rows} were written"
        elif there != found:
            yield f"table {table} holds rows that were changed outside Tagline, or only half written"


def state(connection: sqlite3.Connection) -> str:
    """Names everything a file holds in 32 hex digits: equal only for equal rows."""
    rows = connection.execute("SELECT name, rows, sum FROM tally ORDER BY name").fetchall()
    return hashlib.blake2b(repr(rows).encode(), digest_size=16).hexdigest()
