"""What a check finds: a place, a sentence, and where a fix makes sense the fix as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from desktop.bundle import Record
from desktop.model import Fragment, Scheme, Span
from desktop.spans import check_fragments, reading_order

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Fix:
    """One change that would mend a finding; `do` names it, the other fields are what it needs.

    `says` is what it does where that is not the usual of its kind.

    `move` a span to `fragments`, `relabel` it to `value`, `remove` a span or relation, `turn` a relation round, `add` a span
    `value` at `fragments`, `set` its attribute `name` to `value`, `group` the `articles`, hold them for stories
    that go `apart`, `place` an article in the split `value` of the deal `name`, `forget` that deal, `declare` the label `value` in the
    scheme, `unset` the attribute `name`, `reopen` the article for the
    annotator.
    """

    do: Literal[
        "move",
        "relabel",
        "remove",
        "turn",
        "add",
        "set",
        "group",
        "apart",
        "place",
        "forget",
        "declare",
        "unset",
        "reopen",
    ]
    value: str = ""
    name: str = ""
    fragments: tuple[Fragment, ...] = ()
    articles: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check yields for a record: the id of a span or relation ("" for the article) and what to do about it.

    `refuse` is what says that it is none, for what is but proposed.
    `place` is where to look if there is no span, `annotator` whose layer it is in where the span does not tell.
    """

    span: str
    message: str
    fix: Fix | None = None
    place: Fragment | None = None
    annotator: str = ""
    severity: Severity | None = None
    refuse: Fix | None = None


Found = Iterator[Finding]


@dataclass(frozen=True)
class Problem:
    """One finding; `span` is the id of a span, or of a relation for the kinds `relation.*`. 0 and 0 are no place."""

    kind: str
    severity: Severity
    article: str
    span: str
    message: str
    start: int = 0
    end: int = 0
    annotator: str = ""
    fix: Fix | None = None
    refuse: Fix | None = None


@dataclass(frozen=True)
class Check:
    """One line of the table: kind and severity of what `find` yields for a record, its name for people, and what a fix does."""

    kind: str
    severity: Severity
    title: str
    find: Callable[[Record, Scheme], Found]
    remedy: str = ""


def short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 40 else line[:39] + "…")


def in_text(record: Record) -> list[Span]:
    """The spans whose place can be looked at; the others are errors of their own."""
    length = len(record.text)
    return [
        span
        for span in record.spans
        if not check_fragments(span.fragments, length)
        and (span.fragments[0][0], span.fragments[-1][1]) == (span.start, span.end)
    ]


def layers(record: Record) -> Iterator[list[Span]]:
    """The spans of one annotator after the other, in reading order."""
    spans = sorted(in_text(record), key=lambda span: (span.annotator, *reading_order(span)))
    for _, group in groupby(spans, key=lambda span: span.annotator):
        yield list(group)


def overlapping(record: Record) -> Iterator[tuple[Span, Span]]:
    """Pairs of one layer that share a character, the one that starts first (or reaches further) first."""
    for spans in layers(record):
        open_ones: list[Span] = []
        for span in spans:
            open_ones = [other for other in open_ones if other.end > span.start]
            yield from ((other, span) for other in open_ones if _share(other.fragments, span.fragments))
            open_ones.append(span)


def _share(first: Iterable[Fragment], second: Iterable[Fragment]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in first for b in second)
