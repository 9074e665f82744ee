"""The spans of one annotator over one article, read in one go and made into spans only as they are wanted."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from desktop.layer import ATTRIBUTES, END, NONE, START, TEXT, Entry
from desktop.model import Span
from desktop.spans import check_fragments
from desktop.store.store import Store

# The first ones in the order that `desktop.layer` names.
_COLUMNS = ("key", "start", "end", "id", "label", "text", "note", "attributes", "fragments", "created", "changed")  # fmt: skip
_FRAGMENTS = _COLUMNS.index("fragments")
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_MOST_KEYS = 500


def entries(store: Store, article: int, annotator: str, keys: Collection[int] | None = None) -> list[Entry]:
    """The rows of a layer, or those of them with these keys; all of them can be made into spans.

    A row that holds what no span can hold is left out: it is for the repair page, which `verify` fills.
    """
    where, values = "article = ? AND annotator = ?", (article, annotator)
    if keys is None:
        found = store.query(f"SELECT {_NAMES} FROM span WHERE {where} ORDER BY start", values).fetchall()
    else:
        found = []
        for part in _parts(sorted(keys)):
            some = f"key IN ({', '.join(map(str, part))}) AND {where}"
            found += store.query(f"SELECT {_NAMES} FROM span WHERE {some}", values).fetchall()
    return list(_readable(found, maker(article, annotator)))


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


def _readable(found: Iterable[Entry], make: Callable[[Entry], Span]) -> Iterator[Entry]:
    # The columns are typed; only the two of JSON can hold anything, and most rows have the same few values there.
    sound = {NONE}
    for entry in found:
        plain = entry[_FRAGMENTS] == f"[[{entry[START]},{entry[END]}]]"
        if not plain or entry[ATTRIBUTES] not in sound:
            try:
                make(entry)
            except (ValueError, RecursionError):  # pydantic's is a ValueError too
                continue
            sound.add(entry[ATTRIBUTES])
        yield entry


def parted(found: Iterable[Entry], body: str) -> tuple[list[Entry], list[Entry]]:
    """The rows whose quoted text is at their place, and the others, which are never drawn."""
    good: list[Entry] = []
    broken: list[Entry] = []
    for entry in found:
        start, end = entry[START], entry[END]
        there = body[start:end] == entry[TEXT] and end <= len(body)
        (good if there and sound_fragments(entry[_FRAGMENTS], start, end) else broken).append(entry)
    return good, broken


def sound_fragments(stored: str, start: int, end: int) -> bool:
    """Whether the fragments of a span, as they are stored, are sorted, apart, and begin and end with it."""
    if stored == f"[[{start},{end}]]":
        return True
    try:
        fragments = [(int(first), int(last)) for first, last in json.loads(stored)]
    except (ValueError, TypeError, RecursionError):
        return False
    return not check_fragments(fragments, end) and (fragments[0][0], fragments[-1][1]) == (start, end)
