"""The spans of one annotator over one article, read in one go and made into spans only as they are wanted."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any

from desktop.layer import ATTRIBUTES, END, NONE, START, TEXT, Entry
from desktop.model import Span
from desktop.store.header import damaged
from desktop.store.store import Store

# The first ones in the order that `desktop.layer` names.
_COLUMNS = ("key", "start", "end", "id", "label", "text", "note", "attributes", "fragments", "created", "changed")  # fmt: skip
_FRAGMENTS = _COLUMNS.index("fragments")
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_MOST_KEYS = 500


def entries(store: Store, article: int, annotator: str, keys: Collection[int] | None = None) -> list[Entry]:
    """The rows of a layer, or those of them with these keys; all of them can be made into spans.

    Raises UserError where a row holds what no span can hold.
    """
    where, values = "article = ? AND annotator = ?", (article, annotator)
    if keys is None:
        found = store.query(f"SELECT {_NAMES} FROM span WHERE {where}", values).fetchall()
    else:
        found = []
        for part in _parts(sorted(keys)):
            some = f"key IN ({', '.join(map(str, part))}) AND {where}"
            found += store.query(f"SELECT {_NAMES} FROM span WHERE {some}", values).fetchall()
    _check(store, found, maker(article, annotator))
    return found


def _parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[first : first + _MOST_KEYS] for first in range(0, len(keys), _MOST_KEYS))


def maker(article: int, annotator: str) -> Callable[[Entry], Span]:
    """What makes spans of the rows of a layer."""

    def make(entry: Entry) -> Span:
        values: dict[str, Any] = dict(zip(_COLUMNS, entry, strict=True))
        values["fragments"] = json.loads(entry[_FRAGMENTS])
        values["attributes"] = json.loads(entry[ATTRIBUTES])
        return Span(article=article, annotator=annotator, **values)

    return make


def _check(store: Store, found: Iterable[Entry], make: Callable[[Entry], Span]) -> None:
    # The columns are typed; only the two of JSON can hold anything, and most rows have the same few values there.
    sound = {NONE}
    for entry in found:
        plain = entry[_FRAGMENTS] == f"[[{entry[START]},{entry[END]}]]"
        if plain and entry[ATTRIBUTES] in sound:
            continue
        try:
            make(entry)
        except ValueError as error:  # pydantic's is one too
            raise damaged(store.path, f"row {entry[0]} of span holds what it cannot hold") from error
        sound.add(entry[ATTRIBUTES])


def parted(found: Iterable[Entry], body: str) -> tuple[list[Entry], list[Entry]]:
    """The rows whose quoted text is at its place, and the others."""
    good: list[Entry] = []
    broken: list[Entry] = []
    for entry in found:
        (good if body[entry[START] : entry[END]] == entry[TEXT] else broken).append(entry)
    return good, broken
