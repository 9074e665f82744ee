"""Which spans lie in which block, in which lane and bracket column, and where their parts are."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from desktop.model import Span
from desktop.spans import LONG, encloses, lanes
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


class Sheet:
    """The spans of an article over its flow. Lanes are those of `desktop.spans`; parts are found when asked for."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._lanes: list[int] = []
        self._long: list[bool] = []
        self._groups: dict[tuple[tuple[int, int], ...], list[tuple[int, bool]]] = {}
        self._by_block: dict[int, list[int]] = {}
        self._leaves: dict[int, Leaf] = {}
        self._index: dict[int, int] = {}
        self.spans: tuple[Span, ...] = ()
        self.columns: dict[int, int] = {}

    def show(self, spans: Sequence[Span]) -> None:
        """Other spans over the same text."""
        self.spans = tuple(spans)
        self._index = {span.key: i for i, span in enumerate(self.spans)}
        self._set_lanes()
        self._leaves.clear()
        self._by_block = self._spread()
        self.columns = columns(
            [span for span, long in zip(self.spans, self._long, strict=True) if long], self._flow.index_of
        )
        needed = {index: 1 + max(self._lanes[i] for i in inside) for index, inside in self._by_block.items()}
        self._flow.set_lanes(needed)

    def forget(self) -> None:
        """The flow has another shape: all places are to be found again."""
        self._leaves.clear()

    def _set_lanes(self) -> None:
        """Lanes group by group: spans that do not overlap know nothing of each other, so most groups stay as they were."""
        known, self._groups = self._groups, {}
        self._lanes, self._long = [0] * len(self.spans), [False] * len(self.spans)
        for group in _groups(self.spans):
            if len(group) == 1:
                alone = self.spans[group[0]]
                self._long[group[0]] = alone.end - alone.start > LONG
                continue
            extents = tuple([(self.spans[i].start, self.spans[i].end) for i in group])
            found = known.get(extents)
            if found is None:
                found = [(lane.lane, lane.long) for lane in lanes([self.spans[i] for i in group])]
            self._groups[extents] = found
            for i, (lane, long) in zip(group, found, strict=True):
                self._lanes[i], self._long[i] = lane, long

    def _spread(self) -> dict[int, list[int]]:
        result: defaultdict[int, list[int]] = defaultdict(list)
        index_of, blocks = self._flow.index_of, self._flow.blocks
        for i, span in enumerate(self.spans):
            first = index_of(span.start)
            last = first if span.end <= blocks[first].end else index_of(span.end - 1)
            for index in range(first, last + 1):
                result[index].append(i)
        return dict(result)

    def span(self, key: int | None) -> Span | None:
        """The span with that key, None if there is none."""
        index = None if key is None else self._index.get(key)
        return None if index is None else self.spans[index]

    def is_long(self, key: int) -> bool:
        return self._long[self._index[key]]

    def lane(self, key: int) -> int:
        return self._lanes[self._index[key]]

    def in_block(self, index: int) -> Iterator[Span]:
        """The spans that touch a block."""
        return (self.spans[i] for i in self._by_block.get(index, ()))

    def leaf(self, index: int) -> Leaf:
        """What is drawn in a block."""
        leaf = self._leaves.get(index)
        if leaf is None:
            if len(self._leaves) > KEPT:
                self._leaves.clear()
            leaf = self._leaves[index] = self._make(index)
        return leaf

    def _make(self, index: int) -> Leaf:
        marks = [self._mark(index, i) for i in self._by_block.get(index, ())]
        short = [mark for mark in marks if not mark.long]
        _set_insets(short)
        # The outermost lane first: what lies nearer the text is painted over it.
        marks.sort(key=lambda mark: -mark.lane)
        return Leaf(marks, _letters(short, 8.0 * self._flow.kind.scale, self._flow.width))

    def _mark(self, index: int, i: int) -> Mark:
        span, flow = self.spans[i], self._flow
        block = flow.blocks[index]
        pieces = [piece for start, end in span.fragments for piece in self._part(index, start, end)]
        holes = zip(span.fragments, span.fragments[1:], strict=False)
        gaps = [piece for before, after in holes for piece in self._part(index, before[1], after[0])]
        mark = Mark(span, self._lanes[i], self._long[i], pieces, gaps)
        if block.start < span.end <= block.end:
            _, number, x, leftward = flow.edge(span.end, closing=True)
            mark.end = number, x, leftward
        return mark

    def _part(self, index: int, start: int, end: int) -> list[Piece]:
        block = self._flow.blocks[index]
        if end <= block.start or start >= block.end:
            return []
        return self._flow.pieces_in(index, start, end)


def _groups(spans: Sequence[Span]) -> Iterator[list[int]]:
    """The indexes of spans that overlap, directly or through others, in reading order."""
    group: list[int] = []
    end = -1
    starts = [(span.start, -span.end) for span in spans]
    for i in sorted(range(len(spans)), key=starts.__getitem__):
        if starts[i][0] >= end and group:
            yield group
            group = []
        group.append(i)
        end = max(end, -starts[i][1])
    if group:
        yield group


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


def columns(spans: Sequence[Span], block_of: Callable[[int], int]) -> dict[int, int]:
    """A bracket column for every long span by its key: 0 next to the text, outer ones further out.

    Two brackets that could meet on one line never share a column.
    """
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    starts = [span.start for span in ordered]
    levels = _levels(ordered, starts)
    taken: list[list[tuple[int, int]]] = []
    result: dict[int, int] = {}
    for span in sorted(ordered, key=lambda span: (levels[span.key], span.start)):
        inside = ordered[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        column = max((result[s.key] + 1 for s in inside if s.key in result and encloses(span, s)), default=0)
        reach = _reach(span, block_of)
        while column < len(taken) and _meets(taken[column], reach):
            column += 1
        if column == len(taken):
            taken.append([])
        insort(taken[column], reach)
        result[span.key] = column
    return result


def _levels(ordered: Sequence[Span], starts: Sequence[int]) -> dict[int, int]:
    """How many spans lie inside each other within a span; 0 where none does."""
    result: dict[int, int] = {}
    for span in sorted(ordered, key=lambda span: span.end - span.start):
        inside = ordered[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
        result[span.key] = max((result[s.key] + 1 for s in inside if encloses(span, s)), default=0)
    return result


# About one line: spans of a paragraph that are further apart than this never meet on one.
_LINE = 80


def _reach(span: Span, block_of: Callable[[int], int]) -> tuple[int, int]:
    """The stretch that no other bracket of the column may touch: a line's length beyond the end, if the block goes on."""
    last = block_of(span.end - 1)
    end = span.end + _LINE
    return span.start, end if block_of(end) == last else max(
        span.end, _start_after(last, span.end, end, block_of)
    )


def _start_after(last: int, low: int, high: int, block_of: Callable[[int], int]) -> int:
    # The first position of the next block, by halving.
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if block_of(middle) == last else (low, middle)
    return low


def _meets(taken: list[tuple[int, int]], reach: tuple[int, int]) -> bool:
    place = bisect_left(taken, (reach[1], 0))
    return bool(place) and taken[place - 1][1] > reach[0]
