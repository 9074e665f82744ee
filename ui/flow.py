"""The column of an article's blocks: lays out the ones that are looked at, and answers where everything is.

Offsets are code points into the whole article. Lengths are whole pixels in the column's own coordinates: x grows from
the column's left edge, y from the top of the first block.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil, inf
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from desktop.model import Fragment
from ui.blocks import Block, Heights, Piece, Type, cut, leans_right, right_to_left
from ui.offsets import Utf16, drawable

# Layouts kept; a screen shows some twenty.
KEPT = 240
# A line holds so much less than its width, for words are not cut.
_LOOSE = 1.03
# So many lines without a letter are passed on the way to one that says in which direction they run.
_BEFORE = 20


class Flow:
    """The column of blocks. `measure` lays a block out; all other questions do it for the blocks they concern."""

    def __init__(self, kind: Type, width: int) -> None:
        self.kind = kind
        self.width = width
        self.text = ""
        # Whether any line of the text may run from right to left.
        self.leans_right = False
        self.blocks: list[Block] = [Block(0, 0, True)]
        self._starts = [0]
        self._outside: tuple[Fragment, ...] = ()
        self._muted = QColor("grey")
        self._kept: OrderedDict[int, None] = OrderedDict()
        self._heights = Heights([kind.pitch])
        # How many lanes of spans a block has; asked when it is laid out.
        self.lanes_of: Callable[[int], int] = lambda index: 0

    def show(self, text: str, outside: Sequence[Fragment]) -> None:
        """Another text, with the stretches of it that are shown in the muted colour."""
        self.text = text
        self.leans_right = leans_right(text)
        self._outside = tuple(sorted(outside))
        self.blocks = list(cut(text))
        self._starts = [block.start for block in self.blocks]
        for block, after in zip(self.blocks, self.blocks[1:], strict=False):
            # A blank line is a gap already.
            block.tail = block.tail and (after.start < after.end)
        self.reshape(self.kind, self.width)

    def grey(self, outside: Sequence[Fragment]) -> None:
        """Other stretches in the muted colour."""
        self._outside = tuple(sorted(outside))
        self.forget()

    def reshape(self, kind: Type, width: int) -> None:
        """Another font or column width: every layout is forgotten, every height guessed again."""
        self.kind = kind
        self.width = max(40, width)
        self._kept.clear()
        pitch, tail, empty = kind.pitch, self._tail, ceil(kind.pitch / 2)
        share = kind.width * _LOOSE / self.width
        for block in self.blocks:
            block.layout = None
            # What `_guess` gives, without the calls: an article of a megabyte has thousands of blocks.
            lines = ceil((block.end - block.start) * share)
            block.lanes = 0
            block.height = (lines * pitch + (tail if block.tail else 0)) if lines else empty
        self._heights = Heights([block.height for block in self.blocks])

    def mute(self, colour: str) -> None:
        """The colour of stretches outside the article proper."""
        self._muted = QColor(colour)
        self.forget()

    def forget(self) -> None:
        """Drop all layouts but keep their heights."""
        for index in self._kept:
            self.blocks[index].layout = None
        self._kept.clear()

    def relane(self, first: int = 0, last: int | None = None) -> None:
        """The spans of these blocks are others: those that need more lines, or less, between the lines lose their layout."""
        end = len(self.blocks) if last is None else last + 1
        for index in [index for index in self._kept if first <= index < end]:
            if self._lanes(index) != self.blocks[index].lanes:
                self.blocks[index].layout = None
                self._kept.pop(index, None)

    def _lanes(self, index: int) -> int:
        """How many lanes a block needs beyond those that fit anyway."""
        return self.kind.more_lanes(self.lanes_of(index))

    @property
    def height(self) -> int:
        return self._heights.before(len(self.blocks))

    def top(self, index: int) -> int:
        return self._heights.before(index)

    def index_at(self, y: int) -> int:
        """The block at a height of the column."""
        return self._heights.at(y)

    def index_of(self, position: int) -> int:
        """The block of a position; of two parts of a long line the later one."""
        return max(0, bisect_right(self._starts, position) - 1)

    def end_of(self, position: int) -> int:
        """Where the block of a character ends."""
        return self.blocks[self.index_of(position)].end

    def pitch(self, index: int) -> int:
        return self.kind.line_pitch(self.blocks[index].lanes)

    @property
    def _tail(self) -> int:
        return round(self.kind.pitch * 0.42)

    def _guess(self, block: Block) -> int:
        lines = ceil((block.end - block.start) * self.kind.width * _LOOSE / self.width)
        pitch = self.kind.line_pitch(block.lanes)
        return lines * pitch + (self._tail if block.tail else 0) if lines else ceil(self.kind.pitch / 2)

    def _resize(self, index: int, height: int) -> int:
        block = self.blocks[index]
        change = height - block.height
        if change:
            block.height = height
            self._heights.add(index, change)
        return change

    def measure(self, index: int) -> int:
        """Lay a block out if it is not; by how much its height was guessed wrong."""
        block = self.blocks[index]
        if block.layout is not None:
            self._kept.move_to_end(index)
            return 0
        self._lay_out(index, block)
        self._kept[index] = None
        if len(self._kept) > KEPT:
            old, _ = self._kept.popitem(last=False)
            self.blocks[old].layout = None
        assert block.layout is not None
        lines = block.layout.lineCount()
        height = (
            lines * self.pitch(index) + (self._tail if block.tail else 0)
            if block.start < block.end
            else self._guess(block)
        )
        return self._resize(index, height)

    def layout(self, index: int) -> QTextLayout:
        """The layout of a block, made now if need be."""
        self.measure(index)
        layout = self.blocks[index].layout
        assert layout is not None
        return layout

    def _lay_out(self, index: int, block: Block) -> None:
        text = self.text[block.start : block.end]
        block.lanes = self._lanes(index)
        block.offsets = Utf16(text)
        block.rtl = self.leans_right and self._from_right(index)
        block.mixed = block.rtl or leans_right(text)
        layout = QTextLayout(drawable(text), self.kind.font)
        layout.setCacheEnabled(True)
        layout.setTextOption(_option(block.rtl))
        layout.setFormats(self._formats(block))
        layout.beginLayout()
        pitch, baseline, number = self.pitch(index), self.kind.head + self.kind.ascent, 0
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self.width)
            line.setPosition(QPointF(0, number * pitch + baseline - line.ascent()))
            number += 1
        layout.endLayout()
        block.layout = layout

    def _from_right(self, index: int) -> bool:
        """Whether a block runs from right to left. One without letters goes with those before it, or the text:

        a caret that goes on to the left through Arabic would turn back at every empty line.
        """
        for place in range(index, max(-1, index - _BEFORE), -1):
            block = self.blocks[place]
            found = right_to_left(self.text[block.start : block.end])
            if found is not None:
                return found
        return bool(right_to_left(self.text))

    def _formats(self, block: Block) -> list[QTextLayout.FormatRange]:
        result = []
        for start, end in self._outside:
            low, high = max(start, block.start), min(end, block.end)
            if low < high:
                result.append(self._part(block, low, high, self._muted))
        return result

    def ink(self, index: int, stretches: Iterable[Fragment], colour: QColor) -> list[QTextLayout.FormatRange]:
        """What to draw a block's muted text with where it lies in these stretches: marked, it must be read again."""
        block, result = self.blocks[index], []
        for start, end in stretches if self._is_muted(block) else ():
            low, high = max(start, block.start), min(end, block.end)
            if low < high:
                result.append(self._part(block, low, high, colour))
        return result

    def _is_muted(self, block: Block) -> bool:
        return any(start < block.end and end > block.start for start, end in self._outside)

    def _part(self, block: Block, low: int, high: int, colour: QColor) -> QTextLayout.FormatRange:
        part, form = QTextLayout.FormatRange(), QTextCharFormat()
        part.start = self.unit(block, low)
        part.length = self.unit(block, high) - part.start
        form.setForeground(colour)
        part.format = form
        return part

    def unit(self, block: Block, position: int) -> int:
        """The position inside a laid-out block in Qt's units."""
        assert block.offsets is not None
        return block.offsets.to_utf16(position - block.start)

    def point(self, block: Block, unit: int) -> int:
        """The position in the article of a unit of a laid-out block."""
        assert block.offsets is not None
        return block.start + block.offsets.to_points(unit)

    def line_of(self, position: int) -> tuple[int, int]:
        """The block and the line in it that hold a caret at `position`."""
        index = self.index_of(position)
        layout = self.layout(index)
        line = layout.lineForTextPosition(self.unit(self.blocks[index], position))
        return index, line.lineNumber() if line.isValid() else 0

    def caret(self, position: int) -> tuple[int, int, float]:
        """Block, line and x of a caret at `position`."""
        index, number = self.line_of(position)
        layout = self.layout(index)
        if not layout.lineCount():
            return index, 0, 0.0
        line = layout.lineAt(number)
        return (
            index,
            number,
            min(max(_x(line, self.unit(self.blocks[index], position)), 0.0), float(self.width)),
        )

    def position(self, index: int, number: int, x: float, *, over: bool = False) -> int:
        """The caret position nearest to `x` in a line; with `over`, the character that lies there."""
        block, layout = self.blocks[index], self.layout(index)
        if not layout.lineCount():
            return block.start
        line = layout.lineAt(max(0, min(number, layout.lineCount() - 1)))
        unit = _hit(layout, line, x, over=over) if block.mixed else _nearest(layout, line, x)
        last = line.textStart() + line.textLength()
        if over and not block.mixed:
            before, after = layout.previousCursorPosition(unit), layout.nextCursorPosition(unit)
            ahead = unit < last and _holds(_stretches(line, unit, after, block.mixed), x)
            behind = before >= line.textStart() and _holds(_stretches(line, before, unit, block.mixed), x)
            return self.point(block, before if behind and not ahead else unit)
        if unit >= last and line.lineNumber() < layout.lineCount() - 1:
            # Behind the last blank of a wrapped line the caret would stand in the next line.
            unit = layout.previousCursorPosition(last)
        return self.point(block, unit)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, list[Piece]]]:
        """The stretches of lines that `start:end` covers, block by block. Lays every one of them out."""
        for index in range(self.index_of(start), self.index_of(max(start, end - 1)) + 1):
            yield index, self.pieces_in(index, start, end)

    def pieces_in(self, index: int, start: int, end: int) -> list[Piece]:
        """The stretches of lines of one block that `start:end` covers; several to a line where directions mix."""
        block, layout = self.blocks[index], self.layout(index)
        low, high = self._whole(block, layout, max(start, block.start), min(end, block.end))
        if low >= high:
            return []
        result: list[Piece] = []
        number = layout.lineForTextPosition(low).lineNumber()
        while 0 <= number < layout.lineCount():
            line = layout.lineAt(number)
            begin, stop = line.textStart(), line.textStart() + line.textLength()
            if begin >= high:
                break
            a, b = max(low, begin), min(high, stop)
            first = a == low and start >= block.start
            last = b == high and end <= block.end
            stretches = _stretches(line, a, b, block.mixed)
            result += [Piece(number, left, right, first, last) for left, right in stretches]
            number += 1
        return result

    def _whole(self, block: Block, layout: QTextLayout, start: int, end: int) -> tuple[int, int]:
        """Both offsets in units, widened to whole grapheme clusters: half a cluster has no place on the screen."""
        low, high = self.unit(block, start), self.unit(block, end)
        while low > 0 and not layout.isValidCursorPosition(low):
            low -= 1
        length = self.unit(block, block.end)
        while high < length and not layout.isValidCursorPosition(high):
            high += 1
        return low, high

    def edge(self, position: int, *, closing: bool) -> tuple[int, int, float, bool]:
        """Block, line, x, and whether the text there runs to the left, of the edge of a span at `position`."""
        index = self.index_of(position - 1 if closing else position)
        block, layout = self.blocks[index], self.layout(index)
        low, high = self._whole(
            block, layout, *((position - 1, position) if closing else (position, position + 1))
        )
        line = layout.lineForTextPosition(low)
        if not line.isValid() or low >= high:
            return (*self.caret(position), block.rtl)
        runs = line.glyphRuns(low, high - low) if block.mixed else []
        left_going = bool(runs and runs[-1].isRightToLeft())
        stretches = _stretches(line, low, high, block.mixed)
        x = stretches[0][0] if closing == left_going else stretches[-1][1]
        return index, line.lineNumber(), x, left_going


def _option(rtl: bool) -> QTextOption:
    option = QTextOption()
    # The direction is the block's own; absolute, because Qt would mirror the alignment once more.
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _x(line: QTextLine, unit: int) -> float:
    # The stubs promise a plain object; it is the x and the position it was worked out for.
    found: Any = line.cursorToX(unit)
    return float(found[0])


def _nearest(layout: QTextLayout, line: QTextLine, x: float) -> int:
    """The place between two clusters that is nearest to `x`; Qt itself also finds places inside a cluster."""
    unit = line.xToCursor(x)
    low = high = unit
    while low > line.textStart() and not layout.isValidCursorPosition(low):
        low -= 1
    while high < line.textStart() + line.textLength() and not layout.isValidCursorPosition(high):
        high += 1
    return low if abs(_x(line, low) - x) <= abs(_x(line, high) - x) else high


def _hit(layout: QTextLayout, line: QTextLine, x: float, *, over: bool) -> int:
    """Of the cluster that is seen at `x` the edge that is nearer, or with `over` its beginning.

    Where directions mix carets are no measure: those at both ends of a foreign word are drawn at the same places.
    """
    low, last = line.textStart(), line.textStart() + line.textLength()
    found, least = low, inf
    while low < last:
        high = min(layout.nextCursorPosition(low), last)
        for run in line.glyphRuns(low, high - low):
            box = run.boundingRect()
            away = max(box.left() - x, x - box.right(), 0.0)
            if away < least:
                trailing = (x > box.center().x()) != run.isRightToLeft()
                found, least = high if trailing and not over else low, away
        low = high
    return found


def _holds(stretches: Sequence[tuple[float, float]], x: float) -> bool:
    return any(left <= x < right for left, right in stretches)


def _stretches(line: QTextLine, low: int, high: int, mixed: bool) -> list[tuple[float, float]]:
    """Where `low:high` of one line lies, from left to right; the blank that a line breaks at counts for nothing."""
    natural = line.naturalTextRect()
    if mixed:
        boxes = [run.boundingRect() for run in line.glyphRuns(low, high - low)]
        parts = sorted((box.left(), box.right()) for box in boxes)
    else:
        parts = [(_x(line, low), _x(line, high))]
    joined: list[tuple[float, float]] = []
    for left, right in parts:
        left, right = max(left, natural.left()), min(right, natural.right())  # noqa: PLW2901
        if joined and left <= joined[-1][1] + 0.75:
            joined[-1] = joined[-1][0], max(right, joined[-1][1])
        else:
            joined.append((left, right))
    wide = [(left, right) for left, right in joined if right - left > 0.5]
    # What has no width (a joiner, a trailing blank) is still there to be seen and picked.
    return wide or [(joined[0][0], joined[0][0] + 3.0) if joined else (natural.left(), natural.left() + 3.0)]
