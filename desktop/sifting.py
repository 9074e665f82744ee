"""Which articles a list lets through, and in which order: lines and, as indices into them, those shown.

Indices, so that 100,000 articles are sifted in a few milliseconds and nothing is copied. Filters walk over the lines as
they lie in memory, and only then are those that passed put in order: the other way round takes five times as long.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Literal, get_args

from desktop.model import Model, State
from desktop.store.lines import ArticleLine

Order = Literal["imported", "title", "date", "length", "labels", "state"]
STATES: tuple[State, ...] = get_args(State)
_FEW = 1000
_SOME = 1000
_NOT_OWN = {"source", "author", "language", "date", "url", "file"}


class Sift(Model):
    """What is asked of a list; `turned` is the other way round than each order's own.

    `facts` are pairs of a detail and its value, "" for articles that do not have it: of one detail any value will do.
    """

    text: str = ""
    state: State | None = None
    flagged: bool = False
    noted: bool = False
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    order: Order = "imported"
    turned: bool = False

    @property
    def narrows(self) -> bool:
        return bool(
            self.text.strip()
            or self.state
            or self.flagged
            or self.noted
            or self.having
            or self.lacking
            or self.facts
        )

    @property
    def asked_facts(self) -> dict[str, set[str]]:
        """The values that will do, by detail."""
        asked: dict[str, set[str]] = {}
        for name, value in self.facts:
            asked.setdefault(name, set()).add(value)
        return asked

    def lets_through(self, line: ArticleLine) -> bool:
        """Whether a line passes everything but the search."""
        return (
            (self.state is None or line.state == self.state)
            and (line.flag or not self.flagged)
            and (bool(line.note) or not self.noted)
            and all(line.labels.get(label) for label in self.having)
            and not any(line.labels.get(label) for label in self.lacking)
            and all(fact(line, name) in values for name, values in self.asked_facts.items())
        )


def date(line: ArticleLine) -> str:
    """The day of an article where its metadata begins with the year; "" where not."""
    found = line.meta.get("date")
    return found[:10] if isinstance(found, str) and found[:4].isdigit() else ""


FACTS = ("source", "author", "language", "year")


def fact(line: ArticleLine, name: str) -> str:
    """What a line says of one of FACTS, or of a detail with a name of its own; "" where nothing."""
    if name == "language":
        return line.language or ""
    if name == "year":
        return date(line)[:4]
    found = line.meta.get(name)
    return "" if found is None else str(found)


def values(lines: Sequence[ArticleLine], name: str, most: int = 25) -> list[tuple[str, int]]:
    """The values of a detail with the number of articles that have them, the most frequent first."""
    return Counter(fact(line, name) for line in lines).most_common(most)


def own_details(lines: Sequence[ArticleLine], most: int = 12) -> list[str]:
    """The names of other details that are worth filtering by: those with few different values."""
    some = lines[:: max(1, len(lines) // _SOME)]
    names = dict.fromkeys(name for line in some for name in line.meta if name not in _NOT_OWN)
    few = [name for name in names if 1 < len({fact(line, name) for line in some}) <= max(2, len(some) // 4)]
    return sorted(few)[:most]


def words(line: ArticleLine) -> str:
    """What a search looks into."""
    return "\n".join([line.title, line.id, *map(str, line.meta.values())]).casefold()


# By what lines are compared, and whether the greatest comes first: the latest, longest, most labelled.
_BY: dict[Order, tuple[Callable[[ArticleLine], Any], bool]] = {
    "title": (lambda line: line.title.casefold(), False),
    "date": (date, True),
    "length": (lambda line: line.length, True),
    "labels": (lambda line: line.spans, True),
    "state": (lambda line: STATES.index(line.state), False),
}


class _Column:
    """Something about each line, dear to find out: it can be filled bit by bit, and is kept."""

    def __init__(self, find: Callable[[ArticleLine], Any]) -> None:
        self.find = find
        self.values: list[Any] = []

    def fill(self, lines: Sequence[ArticleLine], count: int) -> bool:
        """Find out the next `count`; tells whether any are left."""
        done = len(self.values)
        self.values += [self.find(line) for line in lines[done : done + count]]
        return len(self.values) < len(lines)

    def whole(self, lines: Sequence[ArticleLine]) -> list[Any]:
        self.fill(lines, len(lines))
        return self.values

    def replace(self, place: int, line: ArticleLine) -> None:
        if place < len(self.values):
            self.values[place] = self.find(line)


class Sifted:
    """The lines of a list, in the order they were imported, and the rows shown of them. `states` counts all lines."""

    def __init__(self, lines: Iterable[ArticleLine] = ()) -> None:
        self.lines = list(lines)
        self.states = Counter([line.state for line in self.lines])
        self.rows: Sequence[int] = ()
        self.sift = Sift()
        self._places = {line.key: place for place, line in enumerate(self.lines)}
        self._columns = {"words": _Column(words), "title": _Column(_BY["title"][0]), "date": _Column(date)}
        self._order: Sequence[int] = ()
        # Where each line stands in the order; None where that is where it stands anyway.
        self._ranks: list[int] | None = None
        self._moved = False
        self._sorted: dict[tuple[Order, bool], tuple[Sequence[int], list[int]]] = {}
        self._ahead: Iterator[None] | None = None  # putting titles in order, piece by piece
        self._sort()
        self.rows = self._let_through()

    def prepare(self, count: int) -> bool:
        """Find out, for `count` more lines, what searching and sorting will ask; tells whether any are left."""
        for column in self._columns.values():
            if column.fill(self.lines, count):
                return True
        if ("title", False) in self._sorted or not self.lines:
            return False
        self._ahead = self._ahead or self._order_titles(count)
        return next(self._ahead, self) is None

    def _order_titles(self, count: int) -> Iterator[None]:
        """Nothing else takes as long to put in order: `count` titles at a time, then the pieces together."""
        values = self._columns["title"].values
        places = range(len(values))
        pieces = []
        for start in places[::count]:
            pieces.append(sorted(places[start : start + count], key=values.__getitem__))
            yield
        merged = heapq.merge(*pieces, key=values.__getitem__)
        order: list[int] = []
        while piece := list(islice(merged, count)):
            order += piece
            yield
        silent = bisect_right(order, "", key=values.__getitem__)
        order = order[silent:] + order[:silent]
        ranks = [0] * len(order)
        for start in places[::count]:
            for rank, place in enumerate(order[start : start + count], start):
                ranks[place] = rank
            yield
        self._sorted["title", False] = order, ranks

    def ask(self, sift: Sift) -> bool:
        """Sift otherwise; tells whether that is anything new."""
        if sift == self.sift:
            return False
        resort = self._moved or (sift.order, sift.turned) != (self.sift.order, self.sift.turned)
        self.sift = sift
        if resort:
            self._sort()
        self.rows = self._let_through()
        return True

    def again(self) -> None:
        """Sift the lines as they are now."""
        if self._moved:
            self._sort()
        self.rows = self._let_through()

    def replace(self, line: ArticleLine) -> bool:
        """Another value for one line, which stays where it is; tells whether sifting again would move it."""
        place = self._places[line.key]
        before, self.lines[place] = self.lines[place], line
        self.states[before.state] -= 1
        self.states[line.state] += 1
        for column in self._columns.values():
            column.replace(place, line)
        moved = {order for order, (value, _) in _BY.items() if value(before) != value(line)}
        self._sorted = {asked: found for asked, found in self._sorted.items() if asked[0] not in moved}
        if "title" in moved:
            self._ahead = None
        moves = self.sift.order in moved
        self._moved = self._moved or moves
        return moves or self.sift.lets_through(before) != self.sift.lets_through(line)

    def line(self, key: int) -> ArticleLine | None:
        place = self._places.get(key)
        return None if place is None else self.lines[place]

    def row_of(self, key: int | None) -> int:
        """Its row among those shown, -1 if it is not shown."""
        place = self._place(key)
        row = self._row_from(self._rank(place))
        return row if place >= 0 and row < len(self.rows) and self.rows[row] == place else -1

    def key_at(self, row: int) -> int | None:
        return self.lines[self.rows[row]].key if 0 <= row < len(self.rows) else None

    def below(self, key: int | None) -> int | None:
        """The article shown below `key`, which need not be shown itself; the first one for None."""
        return self.key_at(self._row_from(self._rank(self._place(key)) + 1))

    def above(self, key: int | None) -> int | None:
        """The article shown above `key`; the last one for None."""
        place = self._place(key)
        return self.key_at(self._row_from(self._rank(place) if place >= 0 else len(self.lines)) - 1)

    def _place(self, key: int | None) -> int:
        return -1 if key is None else self._places.get(key, -1)

    def _rank(self, place: int) -> int:
        return place if self._ranks is None or place < 0 else self._ranks[place]

    def _row_from(self, rank: int) -> int:
        ranks = self._ranks
        if ranks is None:
            return bisect_left(self.rows, rank)
        return bisect_left(self.rows, rank, key=ranks.__getitem__)

    def _sort(self) -> None:
        self._moved = False
        if self.sift.order == "imported" and not self.sift.turned:
            self._order, self._ranks = range(len(self.lines)), None
            return
        wanted = self.sift.order, self.sift.turned
        if wanted not in self._sorted:
            self._sorted[wanted] = self._work_out(*wanted)
        self._order, self._ranks = self._sorted[wanted]

    def _work_out(self, order: Order, turned: bool) -> tuple[Sequence[int], list[int]]:
        by = _BY.get(order)
        found: Sequence[int] = range(len(self.lines))[::-1]
        if by is not None:
            column = self._columns.get(order)
            values = column.whole(self.lines) if column else [by[0](line) for line in self.lines]
            found = _arranged(values, down=by[1] != turned)
        ranks = [0] * len(self.lines)
        for rank, place in enumerate(found):
            ranks[place] = rank
        return found, ranks

    def _let_through(self) -> Sequence[int]:
        places = range(len(self.lines))
        rows = self._passing(places)
        if self._ranks is None:
            return rows
        if rows is places:
            return self._order
        passed = bytearray(len(self.lines))
        for place in rows:
            passed[place] = 1
        return [place for place in self._order if passed[place]]

    def _passing(self, rows: Sequence[int]) -> Sequence[int]:
        """Those that pass, as they lie."""
        lines, sift = self.lines, self.sift
        if sift.state is not None:
            rows = [i for i in rows if lines[i].state == sift.state]
        if sift.flagged:
            rows = [i for i in rows if lines[i].flag]
        if sift.noted:
            rows = [i for i in rows if lines[i].note]
        for label in sift.having:
            rows = [i for i in rows if lines[i].labels.get(label)]
        for label in sift.lacking:
            rows = [i for i in rows if not lines[i].labels.get(label)]
        for name, wanted in sift.asked_facts.items():
            rows = [i for i in rows if fact(lines[i], name) in wanted]
        if sift.text.strip():
            found = self._columns["words"].whole(lines)
            for word in sift.text.casefold().split():
                rows = [i for i in rows if word in found[i]]
        return rows


def _arranged(values: Sequence[Any], *, down: bool) -> list[int]:
    """The places of values in their order, equal ones as they lie; what says nothing last, whichever way round."""
    different = set(values)
    if len(different) > _FEW:
        order = sorted(range(len(values)), key=values.__getitem__, reverse=down)
        if "" not in different:
            return order
        return [i for i in order if values[i] != ""] + [i for i in order if values[i] == ""]
    # A few days, states or counts: only these are sorted, which takes half as long.
    alike: dict[Any, list[int]] = {value: [] for value in sorted(different - {""}, reverse=down)}
    silent = alike[""] = []
    for place, value in enumerate(values):
        alike[value].append(place)
    del alike[""]
    return [*chain.from_iterable(alike.values()), *silent]
