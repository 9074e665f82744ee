"""What the offsets in a file count. Most files count code points; some programs count otherwise, and only the quoted
texts of the spans can tell: UTF-16 units (JavaScript, Java), bytes, line ends of two
characters as one, or all but a byte order mark.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

import regex

from desktop.model import Fragment

CODE_POINTS = "code points"
Place = tuple[tuple[Fragment, ...], str]
"""Where a span is said to stand, and what it is said to read: its fragments joined by one blank."""
Move = Callable[[Fragment], Fragment]


def counting(text: str, places: Sequence[Place]) -> tuple[str, Move]:
    """What `places` count in `text`, and the way from such a fragment to one in code points.

    Code points unless more quotes fit with another count. An offset that is none (inside a character, beyond the text)
    leads to one outside the text.
    """
    if text.isascii() and "\r\n" not in text:
        return CODE_POINTS, _same
    best = CODE_POINTS
    move: Move = _same
    most = _fitting(text, places, move)
    if most < len(places):
        for name, widths in _others(text):
            other = _moved(list(accumulate(widths, initial=0)))
            fits = _fitting(text, places, other)
            if fits > most:
                best, move, most = name, other, fits
    return best, move


def reads(text: str, fragments: Iterable[Fragment]) -> str:
    """What stands at `fragments`, joined by one blank."""
    return " ".join(text[start:end] for start, end in fragments)


def alike(quote: str, found: str) -> bool:
    """Whether a quote is what stands in the text; files often write line ends and runs of blanks as one blank."""
    return quote == found or quote.split() == found.split()


def _same(fragment: Fragment) -> Fragment:
    return fragment


def _others(text: str) -> Iterator[tuple[str, Iterable[int]]]:
    """The other counts that differ for this text; for each how much every code point counts."""
    if any(char > "\uffff" for char in text):
        yield "UTF-16 units", (2 if char > "\uffff" else 1 for char in text)
    if text.startswith("\ufeff"):
        yield "from behind the byte order mark", (int(place > 0) for place in range(len(text)))
    if "\r\n" in text:
        ends = {match.start() for match in regex.finditer("\r\n", text)}
        yield "line ends as one", (int(place not in ends) for place in range(len(text)))
    if not text.isascii():
        yield "bytes", (len(char.encode("utf-8", "surrogatepass")) for char in text)


def _moved(cuts: Sequence[int]) -> Move:
    """By the offset of every code point and of the end. What counts nothing is inside no fragment that it could leave."""

    def move(fragment: Fragment) -> Fragment:
        start, end = fragment
        low, high = bisect_right(cuts, start) - 1, bisect_left(cuts, end)
        good = low >= 0 and cuts[low] == start and high < len(cuts) and cuts[high] == end
        return (low, high) if good else (len(cuts), len(cuts) + max(1, end - start))

    return move


def _fitting(text: str, places: Sequence[Place], move: Move) -> int:
    return sum(alike(quote, reads(text, map(move, fragments))) for fragments, quote in places)
