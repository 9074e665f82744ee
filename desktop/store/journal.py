"""Rows as the journal keeps them: the values of their columns, with the columns' names, deflated."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from desktop.errors import UserError
from desktop.model import Row
from desktop.store.rows import COLUMNS, TABLES

Values = Sequence[Any]
# Rows in one image, so that a step over many rows is undone piece by piece.
ROWS_PER_IMAGE = 500
# A sound image of that many rows is never larger; a stranger's may not fill the memory.
_LARGEST = 64 * 1024 * 1024


def pack(table: str, rows: Sequence[Values]) -> bytes:
    """The image of some rows of a table."""
    image = {"columns": COLUMNS[table], "rows": [list(row) for row in rows]}
    return zlib.compress(json.dumps(image, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(table: str, image: bytes) -> list[list[Any]]:
    """The rows of an image as the table has its columns now. Raises UserError where it is damaged."""
    try:
        inflate = zlib.decompressobj()
        body = inflate.decompress(image, _LARGEST)
        if not inflate.eof:
            raise ValueError("cut off, or too large")
        found = json.loads(body)
        columns, rows = tuple(found["columns"]), found["rows"]
        if columns == COLUMNS[table]:
            return [_sound(row, len(columns)) for row in rows]
        return list(_refitted(table, columns, rows))
    except (zlib.error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged_image() from error


def unpack_rows(table: str, image: bytes) -> list[Row]:
    """The rows of an image as values of the model. Raises UserError where it is damaged."""
    try:
        return [TABLES[table].decode(row) for row in unpack(table, image)]
    except ValueError as error:
        raise damaged_image() from error


def damaged_image() -> UserError:
    """What a step is that cannot be read back."""
    return UserError("a step's record in the history is damaged", "it cannot be undone; the labels are not touched",
                     kind="integrity.journal")  # fmt: skip


def _sound(row: Any, width: int) -> list[Any]:
    if not isinstance(row, list) or len(row) != width:
        raise ValueError("a row of another width")
    return row


def _refitted(table: str, columns: Sequence[str], rows: Sequence[Values]) -> Iterator[list[Any]]:
    """Rows written under an older schema: what is new since has its default."""
    known = TABLES[table]
    for row in rows:
        values = {
            name: json.loads(value) if name in known.json else value
            for name, value in zip(columns, row, strict=True)
            if name in known.columns
        }
        yield known.encode(known.model.model_validate(values))
