"""Rows read straight from the pages of a damaged file, without SQLite, which gives up where one page leads astray.

The format is SQLite's own (sqlite.org/fileformat2.html): a file of pages of one size, tables as b-trees of which only the
leaves hold rows, long rows continued on overflow pages. Every leaf that can be made out is read, whether or not anything
still leads to it; a page that is no leaf any more, or holds nonsense, costs only its own rows.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from desktop.store import migrate, tally
from desktop.store.header import journal_of
from desktop.store.rows import COLUMNS

_LEAF, _INTERIOR = 0x0D, 0x05
_HEADER = 100
_PAGE = 4096
_SIZES = frozenset(2**power for power in range(9, 17))
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
Values = list[Any]
Place = tuple[int, int]
"""The page of a row and its number there."""


class Nonsense(ValueError):  # noqa: N818
    """What is read makes no sense."""


class Carver:
    """The pages of one file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = stream.seek(0, os.SEEK_END)
        head = self._bytes(0, _HEADER)
        size = int.from_bytes(head[16:18], "big")
        self.page_size = {1: 65536}.get(size, size) if {1: 65536}.get(size, size) in _SIZES else _PAGE
        self.usable = self.page_size - head[20] if head[20:21] and head[20] <= 32 else self.page_size
        self.pages = -(-self._size // self.page_size)

    def _bytes(self, at: int, count: int) -> bytes:
        self._stream.seek(at)
        return self._stream.read(count)

    def page(self, number: int) -> bytes:
        """A page by its number, from 1; what the file does not have is zeros."""
        found = self._bytes((number - 1) * self.page_size, self.page_size)
        return found.ljust(self.page_size, b"\0")

    def kind(self, number: int, page: bytes) -> int:
        return page[_HEADER if number == 1 else 0]

    def rows(self, number: int) -> Iterator[tuple[int, Values]]:
        """The rows of a leaf with their keys; those that make no sense are left out."""
        page = self.page(number)
        start = _HEADER if number == 1 else 0
        if page[start] != _LEAF:
            return
        count = int.from_bytes(page[start + 3 : start + 5], "big")
        for at in range(start + 8, min(start + 8 + 2 * count, self.usable - 1), 2):
            place = int.from_bytes(page[at : at + 2], "big")
            if start + 8 <= place < self.usable:
                try:
                    yield self._row(page, place)
                except (Nonsense, IndexError, UnicodeDecodeError):
                    continue

    def _row(self, page: bytes, place: int) -> tuple[int, Values]:
        length, place = _varint(page, place)
        key, place = _varint(page, place)
        if not 0 < key < 2**62 or length > self._size:
            raise Nonsense
        most = self.usable - 35
        if length <= most:
            body = page[place : place + length]
        else:
            least = (self.usable - 12) * 32 // 255 - 23
            here = least + (length - least) % (self.usable - 4)
            here = here if here <= most else least
            following = int.from_bytes(page[place + here : place + here + 4], "big")
            body = page[place : place + here] + self._overflow(following, length - here)
        if len(body) != length:
            raise Nonsense
        return key, _record(body)

    def _overflow(self, number: int, length: int) -> bytes:
        found = bytearray()
        for _ in range(length // (self.usable - 4) + 1):
            if len(found) >= length:
                break
            if not 1 < number <= self.pages:
                raise Nonsense
            page = self.page(number)
            number = int.from_bytes(page[:4], "big")
            found += page[4 : self.usable]
        return bytes(found[:length])

    def leaves(self) -> dict[int, str]:
        """The leaves that the file's own schema leads to, with the table that each belongs to."""
        found: dict[int, str] = {}
        for number in self._below(1, set()):
            for _, row in self.rows(number):
                if len(row) == 5 and row[0] == "table" and row[1] in COLUMNS and isinstance(row[3], int):
                    found.update((leaf, str(row[1])) for leaf in self._below(row[3], set()))
        return found

    def _below(self, number: int, seen: set[int]) -> Iterator[int]:
        """The leaves of the b-tree that begins at a page."""
        if number in seen or not 1 <= number <= self.pages:
            return
        seen.add(number)
        page = self.page(number)
        kind = self.kind(number, page)
        if kind == _LEAF:
            yield number
        elif kind == _INTERIOR:
            start = _HEADER if number == 1 else 0
            count = int.from_bytes(page[start + 3 : start + 5], "big")
            children = [int.from_bytes(page[start + 8 : start + 12], "big")]
            for at in range(start + 12, min(start + 12 + 2 * count, self.usable - 1), 2):
                place = int.from_bytes(page[at : at + 2], "big")
                children.append(int.from_bytes(page[place : place + 4], "big"))
            for child in children:
                yield from self._below(child, seen)


def copy_rolled_back(path: Path, target: Path) -> None:
    """A private copy to read from, in which SQLite has undone what a crash left half done, if it still can."""
    for source, copy in ((path, target), (journal_of(path), journal_of(target))):
        with suppress(FileNotFoundError):
            copy.touch(mode=0o600)
            shutil.copyfile(source, copy)
    with suppress(sqlite3.Error), closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def rows_there(path: Path) -> dict[str, int]:
    """How many rows a damaged file says it has, as far as it can still say so."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        return {name: count.rows for name, count in tally.read(connection).items()}
    return {}


def carve(path: Path, progress: Callable[[int, int], None]) -> Iterator[tuple[str, Values]]:
    """All rows that can be made out, with their tables: first those that the file leads to, then those it has lost.

    The same key may come twice: the first is the better one. `progress` hears pages read of all.
    """
    with path.open("rb") as stream:
        carver = Carver(stream)
        known = carver.leaves()
        for number in [*known, *(n for n in range(2, carver.pages + 1) if n not in known)]:
            for key, values in carver.rows(number):
                table = known.get(number) or _guess(values)
                if table and _fits(table, values):
                    yield table, [key, *values[1:]] if values[0] is None else values
            progress(number, carver.pages)


@cache
def _shapes() -> Mapping[str, Sequence[tuple[str, bool]]]:
    """For each table the types of its columns, and whether they may be empty."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate.migrate(connection)
        return {
            table: [
                (row[2], not row[3] or bool(row[5]))
                for row in connection.execute(f"PRAGMA table_info({table})")
            ]
            for table in COLUMNS
        }


def _fits(table: str, values: Values) -> bool:
    shape = _shapes()[table]
    kinds = {"TEXT": str, "INTEGER": int, "BLOB": bytes}
    return len(values) == len(shape) and values[0] is None and all(
        (value is None and empty) or isinstance(value, kinds[kind]) for value, (kind, empty) in zip(values, shape, strict=True)
    )  # fmt: skip


def _guess(values: Values) -> str | None:
    """The table a row without a home belongs to, by the shape of it."""
    found = [table for table in COLUMNS if _fits(table, values)]
    if {"property", "article_text"} <= set(found):
        # Both are two texts: the first of a property is a short name.
        return "property" if values[1].isidentifier() and len(values[1]) < 40 else "article_text"
    return found[0] if len(found) == 1 else None


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[place + count]
        if count == 8:
            return (value << 8) | byte, place + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, place + count + 1
    raise Nonsense


def _record(body: bytes) -> Values:
    length, place = _varint(body, 0)
    if not 0 < length <= len(body):
        raise Nonsense
    kinds = []
    while place < length:
        kind, place = _varint(body, place)
        kinds.append(kind)
    values: Values = []
    for kind in kinds:
        value, place = _value(body, place, kind)
        values.append(value)
    return values


def _value(body: bytes, place: int, kind: int) -> tuple[Any, int]:
    if kind == 0:
        return None, place
    if kind in (8, 9):
        return kind - 8, place
    size = _INTEGERS.get(kind, (kind - 12) // 2 if kind >= 12 else -1)
    data = body[place : place + size]
    if size < 0 or len(data) != size:
        raise Nonsense
    if kind < 12:
        return int.from_bytes(data, "big", signed=True), place + size
    return (data.decode("utf-8") if kind % 2 else data), place + size
