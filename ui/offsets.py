"""The one place that knows Qt counts UTF-16 units where everything else counts code points."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import count

import regex

_ASTRAL = regex.compile(r"[\U00010000-\U0010ffff]")
# Dropped by PySide at the head of a string: a byte order mark, and one with its bytes swapped.
_MARKS = "\ufeff\ufffe"
_SURROGATE = regex.compile(r"[\ud800-\udfff]")
_INVISIBLE = "\u200b"


class Utf16:
    """Converts offsets in one text both ways; sparse, and free of cost for text without astral characters."""

    __slots__ = ("_points", "_units")

    def __init__(self, text: str) -> None:
        # An ASCII or Latin-1 text is settled in nanoseconds, others by one search.
        found = () if text.isascii() else _ASTRAL.finditer(text)
        self._points: list[int] = [match.start() for match in found]
        self._units: list[int] = [point + before for point, before in zip(self._points, count())]

    def to_utf16(self, point: int) -> int:
        """UTF-16 units before the code point at `point`."""
        return point + bisect_left(self._points, point) if self._points else point

    def to_points(self, unit: int) -> int:
        """Code points before `unit`; inside a surrogate pair it is the pair's start."""
        if not self._units:
            return unit
        before = bisect_right(self._units, unit - 1)
        inside = before and self._units[before - 1] == unit - 1
        return unit - before if not inside else self._points[before - 1]


def drawable(text: str) -> str:
    """`text` as Qt may have it: nothing in it changes length on the way, so that offsets stay true.

    A mark that Qt would swallow becomes a zero-width space, half a surrogate pair the replacement character.
    """
    if text[:1] and text[0] in _MARKS:
        text = _INVISIBLE + text[1:]
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
