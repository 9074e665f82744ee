"""The spans of one annotator over one article, as they are asked for: in reading order, by key, by place.

An article may have twenty thousand of them of which thirty are in view. So a layer holds rows as they come from the
project, knows where each begins and ends, and makes a `Span` of a row only when somebody wants it. It never changes:
`changed` gives another layer, for little more than the copy of some lists.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, overload

from desktop.model import Span
from desktop.text import Bounds

# A row begins with these; what follows is for `make` alone. The attributes are JSON, `NONE` where there are none.
Entry = tuple[Any, ...]
KEY, START, END, ID, LABEL, TEXT, NOTE, ATTRIBUTES = range(8)
NONE = "{}"
# Of so many neighbours the furthest end is known, so that most are passed over when a place is asked for.
_RUN = 64


def order(entry: Entry) -> tuple[int, int, str]:
    """Reading order: by start, the longer one first."""
    return entry[START], -entry[END], entry[ID]


class Layer(Sequence[Span]):
    """Spans in reading order. `entries` are rows (key, start, end, id, …) of which `make` makes spans."""

    __slots__ = ("_by_key", "_ends", "_entries", "_labels", "_made", "_make", "_reach", "_starts")

    def __init__(self, entries: Iterable[Entry], make: Callable[[Entry], Span]) -> None:
        self._make = make
        self._entries = sorted(entries, key=order)
        self._by_key = {entry[KEY]: entry for entry in self._entries}
        self._starts = [entry[START] for entry in self._entries]
        self._ends = [entry[END] for entry in self._entries]
        self._made: dict[int, Span] = {}
        self._labels: Counter[str] | None = None
        self._reach: list[int] = []
        self._measure(0)

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Layer:
        """A layer of spans that are made already."""
        if isinstance(spans, Layer):
            return spans
        return cls(map(_entry_of, spans), lambda entry: entry[-1])

    def _measure(self, place: int) -> None:
        """How far the runs reach from that of `place` on; those before stay."""
        ends, run = self._ends, place // _RUN
        self._reach[run:] = [max(ends[first : first + _RUN]) for first in range(run * _RUN, len(ends), _RUN)]

    def changed(self, gone: Collection[int], now: Iterable[Entry]) -> Layer:
        """This layer without the spans of the keys `gone`, and with those of `now` in place of their like."""
        now = list(now)
        other = object.__new__(Layer)
        other._make = self._make
        other._entries, other._by_key = self._entries.copy(), self._by_key.copy()
        other._starts, other._ends = self._starts.copy(), self._ends.copy()
        other._made = self._made.copy()
        other._labels = self.labels.copy()
        other._reach = self._reach.copy()
        places = [other._take_out(key) for key in {*gone, *(entry[KEY] for entry in now)}]
        places += [other._put_in(entry) for entry in now]
        other._measure(min(places, default=len(other)))
        return other

    def _take_out(self, key: int) -> int:
        """Returns where it stood."""
        entry = self._by_key.pop(key, None)
        if entry is None:
            return len(self)
        place = self._place(entry)
        del self._entries[place], self._starts[place], self._ends[place]
        self._made.pop(key, None)
        self.labels[entry[LABEL]] -= 1
        return place

    def _put_in(self, entry: Entry) -> int:
        """Returns where it stands now."""
        place = self._place(entry)
        self._entries.insert(place, entry)
        self._starts.insert(place, entry[START])
        self._ends.insert(place, entry[END])
        self._by_key[entry[KEY]] = entry
        self.labels[entry[LABEL]] += 1
        return place

    def _place(self, entry: Entry) -> int:
        return bisect_left(self._entries, order(entry), key=order)

    def _span(self, entry: Entry) -> Span:
        key = entry[KEY]
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(entry)
        return found

    # In reading order

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> Span: ...
    @overload
    def __getitem__(self, place: slice) -> list[Span]: ...
    def __getitem__(self, place: int | slice) -> Span | list[Span]:
        if isinstance(place, slice):
            return [self._span(entry) for entry in self._entries[place]]
        return self._span(self._entries[place])

    def __iter__(self) -> Iterator[Span]:
        return map(self._span, self._entries)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def place_of(self, key: int) -> int:
        """Where a span stands in reading order, -1 if it is not there."""
        entry = self._by_key.get(key)
        return -1 if entry is None else self._place(entry)

    def key_at(self, place: int) -> int:
        """The key of the span that stands there, without making it."""
        return int(self._entries[place][KEY])

    def bounds_at(self, place: int) -> Bounds:
        """Start and end of the span that stands there, without making it."""
        return self._starts[place], self._ends[place]

    def first_from(self, start: int, end: int = 0) -> int:
        """How many spans stand before one of that extent in reading order; `end` 0 is before all that begin there."""
        return bisect_left(self._entries, (start, -end if end else -(10**12), ""), key=order)

    # By key and by place

    def get(self, key: int | None) -> Span | None:
        entry = None if key is None else self._by_key.get(key)
        return None if entry is None else self._span(entry)

    def bounds(self, key: int) -> Bounds | None:
        entry = self._by_key.get(key)
        return None if entry is None else (entry[START], entry[END])

    def over(self, start: int, end: int) -> list[Span]:
        """The spans that have a character of `start:end` between their ends, in reading order."""
        return [self._span(self._entries[place]) for place in self.places_over(start, end)]

    def places_over(self, start: int, end: int) -> list[int]:
        """Where in reading order the spans stand that `over` gives."""
        starts, ends, found = self._starts, self._ends, []
        last = bisect_left(starts, end)
        for run in range(-(-last // _RUN)):
            if self._reach[run] > start:
                found += [
                    place for place in range(run * _RUN, min(last, (run + 1) * _RUN)) if ends[place] > start
                ]
        return found

    def longer_than(self, length: int) -> list[tuple[int, int, int]]:
        """Start, end and key of the spans longer than that, in reading order, without making them."""
        return [
            (start, end, entry[KEY])
            for start, end, entry in zip(self._starts, self._ends, self._entries, strict=True)
            if end - start > length
        ]

    @property
    def labels(self) -> Counter[str]:
        """How many spans have each label; some may have none left."""
        if self._labels is None:
            self._labels = Counter(entry[LABEL] for entry in self._entries)
        return self._labels

    def with_id(self, name: str) -> Span | None:
        """The span of that id."""
        return next((self._span(entry) for entry in self._entries if entry[ID] == name), None)

    # Without making them

    def only(self, takes: Callable[[Entry], object]) -> Layer:
        """The spans whose rows are taken, as a layer."""
        other = Layer(filter(takes, self._entries), self._make)
        other._made = {key: span for key, span in self._made.items() if key in other._by_key}
        return other

    def rows(self) -> Iterator[Entry]:
        """The rows, in reading order."""
        return iter(self._entries)

    def rows_of(self, keys: Iterable[int]) -> list[Entry]:
        """The rows of those of these spans that are there."""
        return [self._by_key[key] for key in keys if key in self._by_key]

    def values(self, column: int) -> list[Any]:
        """What stands in one of the columns named above, in reading order."""
        return [entry[column] for entry in self._entries]

    def extents(self) -> Iterator[Bounds]:
        """Start and end of every span, in reading order."""
        return zip(self._starts, self._ends, strict=True)


def _entry_of(span: Span) -> Entry:
    attributes = json.dumps(span.attributes, ensure_ascii=False) if span.attributes else NONE
    return span.key, span.start, span.end, span.id, span.label, span.text, span.note, attributes, span


EMPTY = Layer((), lambda entry: entry[-1])
