"""Articles cut into the examples a model learns from: whole ones, paragraphs or sentences, with or without page furniture.

An example is a record like an article. Its `meta` says where it stands: `example_of` is the article's id, `example_at` the
stretches it was made of, each as [offset in the example, offset in the article, length], so that every offset in one is one
in the other. No span is cut: sentences (or paragraphs) that a span runs through stay one example.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from desktop import text as texts
from desktop.bundle import Record
from desktop.model import Fragment, Span
from desktop.text import Bounds

Unit = Literal["article", "paragraph", "sentence"]
UNITS: tuple[Unit, ...] = get_args(Unit)
FURNITURE = "lies in page furniture"
ACROSS = "reaches into page furniture"
BLANK = "covers nothing but blanks"
OF, AT = "example_of", "example_at"
# What stands between two stretches that page furniture parted.
_BETWEEN = "\n"


@dataclass(frozen=True)
class Cut:
    """The examples of an article, and the spans that are in none of them, each with the reason; relations are counted."""

    examples: list[Record]
    left_out: list[tuple[Span, str]]
    relations: int = 0


def cut(record: Record, unit: Unit, *, furniture: bool) -> Cut:
    """The examples of an article; where nothing is to be cut, the record itself."""
    outside = () if furniture else record.article.outside
    if unit == "article" and not outside:
        return Cut([record], [])
    spans, left_out = [], []
    for span in record.spans:
        reason = _in_furniture(span, outside)
        if reason:
            left_out.append((span, reason))
        else:
            spans.append(span)
    stretches = list(_without(len(record.text), outside))
    units = [b for start, end in stretches for b in _units(record.text, start, end, unit)]
    whole = [(units[0][0], units[-1][1])] if units and unit == "article" else units
    parts = [_inside(bounds, stretches) for bounds in _joined(whole, spans)]
    if not parts:
        left_out += [(span, BLANK) for span in spans]
    examples = [
        _example(record, number if unit != "article" else 0, found, spans, unit)
        for number, found in enumerate(parts, 1)
    ]
    there = sum(len(example.relations) for example in examples)
    return Cut(examples, left_out, len(record.relations) - there)


def _in_furniture(span: Span, outside: Sequence[Fragment]) -> str:
    touched = [any(s < end and start < e for s, e in outside) for start, end in span.fragments]
    if not any(touched):
        return ""
    inside = all(any(s <= start and end <= e for s, e in outside) for start, end in span.fragments)
    return FURNITURE if inside else ACROSS


def _without(length: int, outside: Sequence[Fragment]) -> Iterator[Bounds]:
    last = 0
    for start, end in outside:
        if start > last:
            yield last, start
        last = max(last, end)
    if last < length:
        yield last, length


def _units(text: str, start: int, end: int, unit: Unit) -> Iterator[Bounds]:
    """The sentences or lines of a stretch, or all of it, without the blanks around them."""
    piece = text[start:end]
    if unit == "sentence":
        yield from ((start + s, start + e) for s, e in texts.sentences(piece))
        return
    for line in piece.split("\n") if unit == "paragraph" else [piece]:
        inner = line.strip()
        if inner:
            low = start + line.index(inner)
            yield low, low + len(inner)
        start += len(line) + 1


def _joined(units: Sequence[Bounds], spans: Sequence[Span]) -> list[Bounds]:
    """The units, those that a span runs through as one; a span that begins in the blanks before a unit widens it.

    A span over nothing but blanks goes with the unit before it.
    """
    made: list[tuple[int, int, bool]] = []
    reaches = [*((s, e, True) for s, e in units), *((span.start, span.end, False) for span in spans)]
    for start, end, is_unit in sorted(reaches):
        if made and start < made[-1][1]:
            low, high, had = made[-1]
            made[-1] = (low, max(high, end), had or is_unit)
        else:
            made.append((start, end, is_unit))
    found: list[Bounds] = []
    waiting: int | None = None
    for start, end, has_unit in made:
        if has_unit:
            found.append((start if waiting is None else waiting, end))
            waiting = None
        elif found:
            found[-1] = (found[-1][0], end)
        elif waiting is None:
            waiting = start
    return found


def _inside(bounds: Bounds, stretches: Sequence[Bounds]) -> list[Bounds]:
    """What of `bounds` is no furniture."""
    cut_to = ((max(bounds[0], start), min(bounds[1], end)) for start, end in stretches)
    return [(start, end) for start, end in cut_to if start < end]


def _example(
    record: Record, number: int, parts: Sequence[Bounds], spans: Sequence[Span], unit: Unit
) -> Record:
    article = record.article
    places: list[tuple[int, int, int]] = []
    length = 0
    for start, end in parts:
        length += len(_BETWEEN) if places else 0
        places.append((length, start, end - start))
        length += end - start
    text = _BETWEEN.join(record.text[start:end] for start, end in parts)
    first, last = parts[0][0], parts[-1][1]
    mine = [_moved(span, places, text) for span in spans if first <= span.start and span.end <= last]
    ids = {span.id for span in mine}
    made = article.model_copy(
        update={
            "id": f"{article.id}:{unit[0]}{number}" if number else article.id,
            "text_sha256": texts.sha256(text),
            "length": len(text),
            "meta": {**article.meta, OF: article.id, AT: [list(place) for place in places]},
            "group": article.group or article.id,
            "outside": tuple(_furniture(article.outside, places)),
        }
    )
    ties = tuple(relation for relation in record.relations if {relation.head, relation.tail} <= ids)
    return replace(record, article=made, text=text, spans=tuple(mine), relations=ties)


def _moved(span: Span, places: Sequence[tuple[int, int, int]], text: str) -> Span:
    fragments = []
    for start, end in span.fragments:
        here, there, _ = places[bisect_right(places, start, key=lambda place: place[1]) - 1]
        fragments.append((start - there + here, end - there + here))
    low, high = fragments[0][0], fragments[-1][1]
    update = {"start": low, "end": high, "fragments": tuple(fragments), "text": text[low:high]}
    return span.model_copy(update=update)


def _furniture(outside: Sequence[Fragment], places: Sequence[tuple[int, int, int]]) -> Iterator[Fragment]:
    for here, there, length in places:
        for start, end in outside:
            low, high = max(start, there), min(end, there + length)
            if low < high:
                yield low - there + here, high - there + here
