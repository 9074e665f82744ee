"""Rows of a project file to model values and back: one table for each kind of row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop.model import Article, Property, Relation, Row, Span, Status


@dataclass(frozen=True)
class Table:
    """How a kind of row lies in SQLite; `json` columns hold lists and objects as text."""

    name: str
    model: type[Row]
    columns: tuple[str, ...]
    json: frozenset[str] = frozenset()

    @property
    def select(self) -> str:
        return f"SELECT {', '.join(_quoted(self.columns))} FROM {self.name}"

    @property
    def insert(self) -> str:
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} ({', '.join(_quoted(self.columns))}) VALUES ({marks})"

    @property
    def update(self) -> str:
        return (
            f"UPDATE {self.name} SET {', '.join(f'{c} = ?' for c in _quoted(self.columns[1:]))} WHERE key = ?"
        )

    def encode(self, row: Row) -> list[Any]:
        """The values of the columns; a key of 0 becomes NULL, for SQLite to choose."""
        values = [
            dump(getattr(row, column)) if column in self.json else getattr(row, column)
            for column in self.columns
        ]
        values[0] = row.key or None
        return values

    def decode(self, values: Sequence[Any]) -> Row:
        """Raises pydantic.ValidationError or ValueError where a damaged file holds something else."""
        pairs = zip(self.columns, values, strict=True)
        return self.model(**{c: json.loads(v) if c in self.json else v for c, v in pairs})


def _quoted(columns: Sequence[str]) -> list[str]:
    return [f'"{column}"' for column in columns]


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _table(model: type[Row], json: frozenset[str] = frozenset()) -> Table:
    fields = tuple(name for name in model.model_fields if name != "key")
    return Table(model.__name__.lower(), model, ("key", *fields), json)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(Property),
        _table(Article, frozenset({"meta", "outside"})),
        _table(Span, frozenset({"fragments", "attributes"})),
        _table(Relation, frozenset({"attributes"})),
        _table(Status),
    )
}


def kind(row: Row) -> str:
    """The name of the table a row belongs to."""
    return type(row).__name__.lower()
