"""JSON written piece by piece, so that long arrays need never be in memory: any iterable that is no list stands for one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def pieces(value: Any, *, ascii_only: bool = False, depth: int | None = 0) -> Iterator[str]:
    """The JSON of `value`, keys sorted. What holds arrays of objects has a line for each of its items, all else is one line;
    with no `depth` everything is."""
    if not _is_long(value):
        yield json.dumps(value, ensure_ascii=ascii_only, sort_keys=True)
        return
    within = None if depth is None else depth + 1
    items: Iterable[tuple[str, Any]]
    if isinstance(value, Mapping):
        begin, end = "{", "}"
        items = ((f"{json.dumps(key, ensure_ascii=ascii_only)}: ", value[key]) for key in sorted(value))
    else:
        begin, end = "[", "]"
        items = (("", item) for item in value)
    between = begin
    for name, item in items:
        yield f"{between}{_break(within)}{name}"
        yield from pieces(item, ascii_only=ascii_only, depth=within)
        between = "," if within is not None else ", "
    yield f"{_break(depth)}{end}" if between != begin else f"{begin}{end}"


def _break(depth: int | None) -> str:
    return "" if depth is None else "\n" + " " * depth


def _is_long(value: Any) -> bool:
    """Whether it is, or holds, an array of objects."""
    if isinstance(value, Mapping):
        return any(map(_is_long, value.values()))
    if isinstance(value, list | tuple):
        return any(isinstance(item, Mapping) for item in value)
    return isinstance(value, Iterable) and not isinstance(value, str)
