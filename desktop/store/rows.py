"""Rows of a project file to model values and back: one table for each kind of row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import from_json

from desktop.model import Article, Assignment, Property, Relation, Removal, Row, Span, Status


@dataclass(frozen=True)
class Table:
    """How a kind of row lies in SQLite; `json` columns hold lists and objects as text."""

    name: str
    model: type[Row]
    columns: tuple[str, ...]
    json: frozenset[str] = frozenset()

    def encode(self, row: Row) -> list[Any]:
        """The values of the columns as SQLite keeps them; a key of 0 becomes NULL, for SQLite to choose."""
        return self.encode_fields(row.__dict__)

    def encode_fields(self, held: Mapping[str, Any]) -> list[Any]:
        """The same for a row given by its fields."""
        values = [
            dump(held[column])
            if column in self.json
            else int(held[column])
            if held[column] is True or held[column] is False
            else held[column]
            for column in self.columns
        ]
        values[0] = held["key"] or None
        return values

    def decode(self, values: Sequence[Any]) -> Row:
        """Raises pydantic.ValidationError or ValueError where a damaged file holds something else."""
        if self.model is Span:
            made = _plain_span(values)
            if made is not None:
                return made
        held = dict(zip(self.columns, values, strict=True))
        for column in self.json:
            held[column] = from_json(str(held[column]))
        return self.model(**held)


_FIELDS = set(Span.model_fields)
# The types of a span's columns as SQLite gives them.
_OF_SPAN = tuple(str if field.annotation not in (int,) else int for field in Span.model_fields.values())
_blank = Span.__new__
# What BaseModel.model_construct sets, which is slower than the checks, through the slots themselves.
_hold, _say_given, _no_extra, _no_private = (
    vars(BaseModel)[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def _plain_span(values: Sequence[Any]) -> Span | None:
    """A span as nearly all are, of one fragment, from values whose types were looked at: without pydantic's checks reading
    spans takes a third of the time. None for any other."""
    if tuple(map(type, values)) != _OF_SPAN:
        return None
    key, article, name, start, end, label, text, fragments, attributes, annotator, note, created, changed = (
        values
    )
    if fragments != f"[[{start},{end}]]":
        return None
    found = {} if attributes == "{}" else from_json(attributes)
    if type(found) is not dict:
        return None
    made = _blank(Span)
    _hold(made, {
        "key": key, "article": article, "id": name, "start": start, "end": end, "label": label, "text": text,
        "fragments": ((start, end),), "attributes": found, "annotator": annotator, "note": note, "created": created,
        "changed": changed,
    })  # fmt: skip
    _say_given(made, _FIELDS)
    _no_extra(made, None)
    _no_private(made, None)
    return made


def quoted(columns: Sequence[str]) -> list[str]:
    return [f'"{column}"' for column in columns]


# Made once: json.dumps() makes one at every call.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: Any) -> str:
    """A value of a `json` column as text. Nearly all spans have one fragment and many no attributes: known by heart."""
    if not value:
        return "{}" if isinstance(value, dict) else _encode(value)
    if type(value) is tuple and len(value) == 1 and type(value[0]) is tuple and len(value[0]) == 2:
        start, end = value[0]
        if type(start) is int and type(end) is int:
            return f"[[{start},{end}]]"
    return _encode(value)


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
        _table(Assignment),
        _table(Removal, frozenset({"spans", "relations"})),
    )
}


# What else a project file keeps, without a model of its own: the texts, and the journal.
COLUMNS: dict[str, tuple[str, ...]] = {
    **{table.name: table.columns for table in TABLES.values()},
    "article_text": ("article", "text", "origin"),
    "sketch": ("key", "article", "value"),
    "step": ("key", "title", "annotator", "made", "mode", "of", "state", "articles", "done", "kept"),
    "change": ("key", "step", "kind", "first", "last", "low", "high", "before"),
}
"""The columns of every table whose rows are counted in the tally; the first one is the key."""


def kind(row: Row) -> str:
    """The name of the table a row belongs to."""
    return type(row).__name__.lower()
