"""The blocks that a text is laid out in, their heights, and the measures of a font size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal, NamedTuple

import regex
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout

from ui.offsets import Utf16

# Laying out a block costs its length, so a line of a megabyte is cut at blanks.
LONGEST = 20_000
# The pitch of lines at which so many lanes fit between two of them, in pixels of the letters' size.
_ROOMY, _LANES = 1.82, 3
# The average width of a character is that of running text; what fonts say of themselves is often far off.
_SAMPLE = (
    "The army said that three rockets were fired at the base, hours after other sites in the west were hit. "
)
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
# The standard library's own search through a class of characters is four times as fast.
_MIXED = re.compile(f"[{_RTL}\u200f\u202a-\u202e\u2066-\u2069]")
_STRONG = regex.compile(rf"[\p{{L}}{_RTL}]")


class Piece(NamedTuple):
    """A stretch of one line in its block, from `left` to `right`; `first` and `last` where the stretch begins and ends."""

    line: int
    left: float
    right: float
    first: bool
    last: bool


class Typeset(NamedTuple):
    """How an article's text is set, as a person chooses it."""

    # Which of the two typefaces for reading.
    font: Literal["serif", "sans"] = "serif"
    # Pixels of the letters.
    size: int = 17
    # Characters to a full line, on average.
    line_length: int = 70
    # From line to line, in hundredths of the letters' size.
    line_spacing: int = 180


@dataclass(frozen=True)
class Type:
    """The measures of one font size. `lanes` is how many lanes of underlines fit between two lines."""

    font: QFont
    ascent: float
    descent: float
    width: float
    pitch: int
    head: int
    lane: float
    scale: float
    lanes: int

    @classmethod
    def of(cls, family: str, pixels: int, spacing: int = Typeset().line_spacing) -> Type:
        font = QFont(family)
        font.setPixelSize(pixels)
        metrics = QFontMetricsF(font)
        # Fonts disagree on how much air their ascent holds; the capitals do not.
        ascent = min(metrics.ascent(), metrics.capHeight() + pixels * 0.22)
        descent = min(metrics.descent(), pixels * 0.26)
        scale = pixels / 17
        width = metrics.horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        pitch, lane = round(pixels * spacing / 100), 4 * scale
        fitting = max(1, _LANES + round((pitch - pixels * _ROOMY) / lane))
        return cls(font, ascent, descent, width, pitch, round(6 * scale), lane, scale, fitting)

    def more_lanes(self, lanes: int) -> int:
        """How many of so many lanes find no room at the usual pitch."""
        return max(0, lanes - self.lanes)

    def line_pitch(self, more: int) -> int:
        """From line to line where so many lanes more than usual must find room."""
        return self.pitch + ceil(more * self.lane)


class Block:
    """One line of the text (to a line end), or a part of a very long one."""

    __slots__ = ("end", "height", "lanes", "layout", "mixed", "offsets", "rtl", "start", "tail")

    def __init__(self, start: int, end: int, tail: bool) -> None:
        self.start = start
        self.end = end
        self.tail = tail
        self.height = 0
        self.lanes = 0
        self.layout: QTextLayout | None = None
        self.offsets: Utf16 | None = None
        self.rtl = False
        self.mixed = False


class Heights:
    """Running sums over many changing heights (a Fenwick tree): setting one and finding a place both cost log n."""

    def __init__(self, values: Sequence[int]) -> None:
        self._tree = [0, *values]
        for i in range(1, len(self._tree)):
            parent = i + (i & -i)
            if parent < len(self._tree):
                self._tree[parent] += self._tree[i]
        self._top = 1 << max(0, len(values).bit_length() - 1)
        self._count = len(values)

    def add(self, index: int, change: int) -> None:
        i = index + 1
        while i < len(self._tree):
            self._tree[i] += change
            i += i & -i

    def before(self, index: int) -> int:
        """The sum of all values before `index`."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    def at(self, y: int) -> int:
        """The index whose stretch holds `y`; the first or last one outside all of them."""
        place, step = 0, self._top
        while step:
            if place + step <= self._count and self._tree[place + step] <= y:
                place += step
                y -= self._tree[place]
            step >>= 1
        return max(0, min(place, self._count - 1))


def cut(text: str) -> Iterator[Block]:
    """The blocks of a text: its lines, and the parts of lines that are longer than LONGEST."""
    start = 0
    while start <= len(text):
        found = text.find("\n", start)
        end = found if found >= 0 else len(text)
        while end - start > LONGEST:
            blank = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            place = blank + 1 if blank >= 0 else _between_letters(text, start + LONGEST)
            yield Block(start, place, False)
            start = place
        yield Block(start, end, True)
        start = end + 1


def _between_letters(text: str, position: int) -> int:
    match = regex.match(r"\X", text, pos=position - 1)
    return match.end() if match and match.end() > position else position


def leans_right(text: str) -> bool:
    """Whether anything in a text may run from right to left."""
    return not text.isascii() and _MIXED.search(text) is not None


def right_to_left(text: str) -> bool | None:
    """Whether the first letter of a line runs from right to left, and the line with it; None where there is no letter."""
    first = _STRONG.search(text)
    return _MIXED.match(first.group()) is not None if first else None
