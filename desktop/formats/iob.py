"""Flat columns of tags over tokens for one label: IOB2 (Tjong Kim Sang & Veenstra 1999, EACL, section 2) and BIOES.

What does not fit into one column, because two spans of the label share a token, can go into further ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from desktop.formats.tokens import Run, covered
from desktop.model import Fragment, Span
from desktop.text import Bounds

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
# Prefixes that go on with a span, that stand in one, and that end one; M is BMES for I, L and U are BILOU for E and S.
_ON, _IN, _LAST = frozenset("IMEL"), frozenset("BIMELSU"), frozenset("ELSU")
NESTED = "nested in the same label"
OVERLAPS = "overlaps in the same label"
FRAGMENTS = "several fragments"
NO_TOKEN = "covers no token"
WIDENED = "widened to token bounds"
BLANKS = "edge blanks dropped"
CUT = "cuts a token"


@dataclass
class Column:
    """What a column of tags holds: token ranges in order, the spans it cannot hold, and those it moves."""

    runs: list[Run] = field(default_factory=list)
    left_out: list[tuple[Span, str]] = field(default_factory=list)
    changed: list[tuple[Span, str, tuple[Fragment, ...]]] = field(default_factory=list)


def column(spans: Iterable[Span], tokens: Sequence[Bounds], *, widen: bool = True) -> Column:
    """The column of spans of one label: of two that share a token the longer is kept, of equal ones the first."""
    made = Column()
    owner: list[Span | None] = [None] * len(tokens)
    for span in sorted(spans, key=lambda span: span.start - span.end):
        run = covered(tokens, span.start, span.end)
        reason = _reason(span, run, owner)
        if reason or not run:
            made.left_out.append((span, reason or NO_TOKEN))
            continue
        start, end = tokens[run[0]][0], tokens[run[1] - 1][1]
        why = moved(span, start, end)
        if why == WIDENED and not widen:
            made.left_out.append((span, CUT))
            continue
        owner[run[0] : run[1]] = [span] * (run[1] - run[0])
        made.runs.append(run)
        if why:
            made.changed.append((span, why, ((start, end),)))
    made.runs.sort()
    return made


def moved(span: Span, start: int, end: int) -> str | None:
    """Why a span is written as `start:end`; None where that is its place."""
    if (start, end) == (span.start, span.end):
        return None
    return WIDENED if start < span.start or end > span.end else BLANKS


def layers(spans: Iterable[Span], tokens: Sequence[Bounds]) -> list[Column]:
    """As many columns as it takes to hold all spans of one label that any column can hold; the outer ones come first."""
    made = [column(spans, tokens)]
    while again := [span for span, reason in made[-1].left_out if reason in (NESTED, OVERLAPS)]:
        made[-1].left_out = [pair for pair in made[-1].left_out if pair[1] not in (NESTED, OVERLAPS)]
        made.append(column(again, tokens))
    return made


def may_share(spans: Iterable[Span], text: str) -> bool:
    """Whether two of the spans may share a token, which holds no blank: without tokens, so never wrong in saying no."""
    reach = 0
    for number, span in enumerate(sorted(spans, key=lambda span: span.start)):
        if number and not any(map(str.isspace, text[reach : span.start])):
            return True
        reach = max(reach, span.end)
    return False


def _reason(span: Span, run: Run | None, owner: Sequence[Span | None]) -> str | None:
    if len(span.fragments) > 1:
        return FRAGMENTS
    if not run:
        return NO_TOKEN
    kept = [other for other in owner[run[0] : run[1]] if other]
    if not kept:
        return None
    return NESTED if any(o.start <= span.start and span.end <= o.end for o in kept) else OVERLAPS


def tags(runs: Iterable[Run], count: int) -> list[int]:
    """One of OUTSIDE, BEGIN, INSIDE for each of `count` tokens."""
    made = [OUTSIDE] * count
    for first, last in runs:
        made[first:last] = [BEGIN] + [INSIDE] * (last - first - 1)
    return made


def runs(found: Sequence[int]) -> Iterator[Run]:
    """The token ranges that tags stand for; an INSIDE with nothing before it begins one, as in `conlleval`."""
    first: int | None = None
    for number, tag in enumerate([*found, OUTSIDE]):
        if first is not None and tag != INSIDE:
            yield first, number
            first = None
        if tag == BEGIN or (tag == INSIDE and first is None):
            first = number


def spelled(runs: Iterable[Run], count: int, label: str, *, bioes: bool) -> list[str]:
    """The tags of `label` as files have them: `B-`, `I-` and `O`, in BIOES also `E-` (end) and `S-` (single)."""
    made = ["O"] * count
    for first, last in runs:
        made[first:last] = [f"B-{label}"] + [f"I-{label}"] * (last - first - 1)
        if bioes:
            made[last - 1] = f"{'E' if last - first > 1 else 'S'}-{label}"
    return made


def decoded(found: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """The label and token range of each span in one sentence of tags: IOB1, IOB2, BIOES, BILOU or BMES.

    As `conlleval` reads them: a tag that goes on with nothing, or with another label, begins a span.
    """
    first, label = 0, None
    for number, tag in enumerate([*found, "O"]):
        if tag == "O" and label is None:
            continue  # most of them
        prefix, _, kind = tag.partition("-")
        if label is not None and (prefix not in _ON or kind != label):
            yield label, first, number
            label = None
        if label is None and prefix in _IN:
            first, label = number, kind
        if label is not None and prefix in _LAST:
            yield label, first, number + 1
            label = None
