"""Which spans lie in which block, in which lane and bracket column, and where their parts are."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from desktop.layer import EMPTY, Layer
from desktop.model import Span
from desktop.spans import LONG, lanes
from desktop.text import Bounds
from ui.blocks import Piece
from ui.flow import Flow

# Insets of tints inside tints; deeper ones share the last.
DEEPEST = 4
# Blocks whose parts are remembered.
KEPT = 600


@dataclass(slots=True)
class Mark:
    """One span in one block. `inset` counts the short spans of this block that lie around or across it."""

    span: Span
    lane: int
    long: bool
    pieces: list[Piece]
    gaps: list[Piece]
    end: tuple[int, float, bool] | None = None
    inset: int = 0


@dataclass(slots=True)
class Letter:
    """Where the letter of a span stands: the line, and its left edge in letter widths' own grid."""

    line: int
    x: float
    label: str
    key: int


@dataclass(slots=True)
class Leaf:
    """All that is drawn of the spans in one block; tints are in the order of painting."""

    marks: list[Mark] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    """The spans that touch one block, in reading order, and their lanes there; `leaf` once it was painted."""

    spans: list[Span]
    lanes: dict[int, int]
    leaf: Leaf | None = None


class Stretch(NamedTuple):
    """Where a long span lies."""

    start: int
    end: int
    key: int


class Sheet:
    """The spans of an article over its flow. Everything about a block is found out when the block is looked at.

    Lanes are those of `desktop.spans` among the spans of one block: lines of different blocks share nothing.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._cells: dict[int, Cell] = {}
        self.layer = EMPTY
        self.columns: dict[int, int] = {}
        flow.lanes_of = self._lanes_needed

    def show(self, spans: Iterable[Span], only: Collection[int] | None = None) -> list[range]:
        """Other spans over the same text; with `only`, none but those of these keys differ from what was shown.

        Returns the blocks whose spans are others now, none where all may be.
        """
        before, self.layer = self.layer, Layer.of(spans)
        if only is None:
            self._cells.clear()
            self._flow.relane()
            self._set_columns()
            return []
        touched: list[range] = []
        changed = [found for key in only for at in (before, self.layer) if (found := at.bounds(key))]
        for start, end in changed:
            first, last = self._flow.index_of(start), self._flow.index_of(end - 1)
            touched.append(range(first, last + 1))
            for index in [index for index in self._cells if first <= index <= last]:
                del self._cells[index]
            self._flow.relane(first, last)
        if any(end - start > LONG for start, end in changed):
            self._set_columns()
        return touched

    def forget(self) -> None:
        """The flow has another shape: all places are to be found again."""
        for cell in self._cells.values():
            cell.leaf = None

    def _set_columns(self) -> None:
        long = [Stretch(*found) for found in self.layer.longer_than(LONG)]
        self.columns = columns(long, self._flow.end_of)

    def _cell(self, index: int) -> Cell:
        cell = self._cells.get(index)
        if cell is None:
            if len(self._cells) > KEPT:
                self._cells.clear()
            block = self._flow.blocks[index]
            spans = self.layer.over(block.start, max(block.end, block.start + 1))
            found = {span.key: lane.lane for span, lane in zip(spans, lanes(spans), strict=True)}
            cell = self._cells[index] = Cell(spans, found)
        return cell

    def _lanes_needed(self, index: int) -> int:
        return 1 + max(self._cell(index).lanes.values(), default=-1)

    def span(self, key: int | None) -> Span | None:
        """The span with that key, None if there is none."""
        return self.layer.get(key)

    def is_long(self, key: int) -> bool:
        start, end = self.layer.bounds(key) or (0, 0)
        return end - start > LONG

    def lane(self, key: int, index: int) -> int:
        """The lane of a span in a block that it touches."""
        return self._cell(index).lanes.get(key, 0)

    def in_block(self, index: int) -> Iterator[Span]:
        """The spans that touch a block."""
        return iter(self._cell(index).spans)

    def leaf(self, index: int) -> Leaf:
        """What is drawn in a block."""
        cell = self._cell(index)
        if cell.leaf is None:
            cell.leaf = self._make(index, cell)
        return cell.leaf

    def _make(self, index: int, cell: Cell) -> Leaf:
        marks = [self._mark(index, span, cell.lanes[span.key]) for span in cell.spans]
        short = [mark for mark in marks if not mark.long]
        _set_insets(short)
        # The outermost lane first: what lies nearer the text is painted over it.
        marks.sort(key=lambda mark: -mark.lane)
        return Leaf(marks, _letters(short, 8.0 * self._flow.kind.scale, self._flow.width))

    def _mark(self, index: int, span: Span, lane: int) -> Mark:
        flow = self._flow
        block = flow.blocks[index]
        pieces = [piece for start, end in span.fragments for piece in self._part(index, start, end)]
        holes = zip(span.fragments, span.fragments[1:], strict=False)
        gaps = [piece for before, after in holes for piece in self._part(index, before[1], after[0])]
        mark = Mark(span, lane, span.end - span.start > LONG, pieces, gaps)
        if block.start < span.end <= block.end:
            _, number, x, leftward = flow.edge(span.end, closing=True)
            mark.end = number, x, leftward
        return mark

    def _part(self, index: int, start: int, end: int) -> list[Piece]:
        block = self._flow.blocks[index]
        if end <= block.start or start >= block.end:
            return []
        return self._flow.pieces_in(index, start, end)


def _set_insets(marks: Sequence[Mark]) -> None:
    open_marks: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.span.start):
        open_marks = [other for other in open_marks if other.span.end > mark.span.start]
        for other in open_marks:
            inner = mark if mark.lane < other.lane else other
            inner.inset = min(DEEPEST, inner.inset + 1)
        open_marks.append(mark)


def _letters(marks: Sequence[Mark], width: float, limit: int) -> list[Letter]:
    """The letters at the ends of short spans; those that end together stand side by side, the innermost first."""
    result: list[Letter] = []
    ends = [(mark.end, mark) for mark in marks if mark.end is not None]
    ends.sort(key=lambda pair: (pair[0][0], round(pair[0][1]), pair[1].lane))
    line, free = -1, 0.0
    for (number, x, leftward), mark in ends:
        wanted = x - width * 0.25 if leftward else x - width * 0.6
        if number == line:
            wanted = max(wanted, free)
        line, free = number, wanted + width
        result.append(Letter(number, min(wanted, limit - width * 0.5), mark.span.label, mark.span.key))
    return result


class Placed(Protocol):
    """Whatever has a key and a place."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def key(self) -> int: ...


def columns(spans: Iterable[Placed], end_of: Callable[[int], int]) -> dict[int, int]:
    """A bracket column for every long span by its key: 0 next to the text, outer ones further out.

    `end_of` tells where the block of a character ends. Two brackets that could meet on one line never share a column.
    """
    result: dict[int, int] = {}
    chain: list[tuple[Placed, Bounds]] = []
    reached = -1
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        reach = _reach(span, end_of)
        if reach[0] >= reached:
            _set_columns(chain, result)
            chain = []
        chain.append((span, reach))
        reached = max(reached, reach[1])
    _set_columns(chain, result)
    return result


def _set_columns(chain: Sequence[tuple[Placed, Bounds]], result: dict[int, int]) -> None:
    """The columns of spans that meet, directly or through others, in the order of their starts."""
    if len(chain) == 1:
        result[chain[0][0].key] = 0
        return
    ordered = [span for span, _ in chain]
    reaches = {span.key: reach for span, reach in chain}
    starts = [span.start for span in ordered]
    levels = _levels(ordered, starts)
    taken: list[list[Bounds]] = []
    for span in sorted(ordered, key=lambda span: (levels[span.key], span.start)):
        inside = ordered[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        column = max((result[s.key] + 1 for s in inside if s.key in result and _encloses(span, s)), default=0)
        reach = reaches[span.key]
        while column < len(taken) and _meets(taken[column], reach):
            column += 1
        if column == len(taken):
            taken.append([])
        insort(taken[column], reach)
        result[span.key] = column


def _encloses(outer: Placed, inner: Placed) -> bool:
    wider = (outer.start, outer.end) != (inner.start, inner.end)
    return wider and outer.start <= inner.start and inner.end <= outer.end


def _levels(ordered: Sequence[Placed], starts: Sequence[int]) -> dict[int, int]:
    """How many spans lie inside each other within a span; 0 where none does."""
    result: dict[int, int] = {}
    for span in sorted(ordered, key=lambda span: span.end - span.start):
        inside = ordered[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        result[span.key] = max((result[s.key] + 1 for s in inside if _encloses(span, s)), default=0)
    return result


# About one line: spans of a paragraph that are further apart than this never meet on one.
_LINE = 80


def _reach(span: Placed, end_of: Callable[[int], int]) -> Bounds:
    """The stretch that no other bracket of the column may touch: a line's length beyond the end, if the block goes on."""
    return span.start, max(span.end, min(span.end + _LINE, end_of(span.end - 1) + 1))


def _meets(taken: list[Bounds], reach: Bounds) -> bool:
    place = bisect_left(taken, (reach[1], 0))
    return bool(place) and taken[place - 1][1] > reach[0]
