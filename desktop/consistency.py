"""Forms that are labelled in one place and bare in another, or labelled in two ways: for the checks and the search. Pure.

A mention is a span of one fragment that is no longer than a form that people expect again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from desktop.model import Fragment
from desktop.occurrences import LONGEST_FORM, Labelled, Memory, Repeat

# A form labelled but once may well be labelled by mistake.
_OFTEN = 2


class Quoted(Labelled, Protocol):
    """A span with its label and the words it marks; whose it is tells one annotator's from another's."""

    @property
    def text(self) -> str: ...
    @property
    def annotator(self) -> str: ...


S = TypeVar("S", bound=Quoted)


@dataclass(frozen=True)
class Ways:
    """How often a form has which label, and the label that it has most often (of several, the one that was asked about)."""

    labels: Counter[str]
    usual: str


def mentions(spans: Iterable[S]) -> list[S]:
    """The mentions among the spans of one article; what is marked twice with the same label is one."""
    found = {(span.annotator, span.label, span.fragments): span for span in spans}
    return [s for s in found.values() if len(s.fragments) == 1 and s.end - s.start <= LONGEST_FORM]


def missed(
    memory: Memory, text: str, spans: Sequence[Labelled], outside: Sequence[Fragment] = ()
) -> Iterator[Repeat]:
    """Where a form stands bare in an article that has that label elsewhere, more than once; `count` says how often."""
    for hit in memory.repeats(text, spans, outside, least=_OFTEN):
        count = memory.labels(text[hit.start : hit.end])[hit.label]
        yield Repeat(hit.start, hit.end, hit.label, count)


def two_ways(spans: Sequence[S], memory_of: Callable[[S], Memory]) -> Iterator[tuple[S, Ways]]:
    """The mentions of an article that have another label than their form has elsewhere, unless theirs is the usual one.

    Where two labels are as usual, both are meant. Two labels on one stretch are another matter, and left out.
    """
    extents = Counter(
        (s.annotator, s.fragments) for s in {(s.annotator, s.fragments, s.label): s for s in spans}.values()
    )
    for span in mentions(spans):
        if extents[span.annotator, span.fragments] > 1:
            continue
        labels = memory_of(span).labels(span.text)
        usual, most = min(labels.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if len(labels) > 1 and labels[span.label] < most:
            yield span, Ways(labels, usual)
        elif len(labels) > 1 and list(labels.values()).count(most) > 1:
            yield span, Ways(labels, span.label)
