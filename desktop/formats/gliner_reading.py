"""GLiNER JSON in: one article an example, its words put together with one blank between two, for that is all it has.

Spans are [first word, last word, label], the last one included; several labels may stand in a list. Relations count the
spans of their example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from desktop.bundle import RawArticle, RawRelation, RawSpan, Record, Report
from desktop.errors import UserError
from desktop.formats import own
from desktop.formats.base import ReadOptions
from desktop.formats.objects import first_object, records
from desktop.text import Bounds

_WORDS, _SPANS = "tokenized_text", "ner"
_MEND = "correct it, or leave it out"


def sniff(path: Path, head: bytes) -> bool:
    given = first_object(path, head)
    return isinstance(given.get(_WORDS), list) and isinstance(given.get(_SPANS, []), list)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Record]:
    """The examples of a file. Spans and relations that make no sense are reported, the rest comes in."""
    report.guess(str(path), "words with one blank between two", "text")
    return records(path, options, report, _reader(str(path)))


def _reader(file: str) -> Callable[[dict[str, Any], str, Report], RawArticle]:
    def make(given: dict[str, Any], place: str, report: Report) -> RawArticle:
        words = given.pop(_WORDS, None)
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            raise UserError(f"there are no words in {_WORDS!r}", "give them as a list of strings")
        text, bounds = _joined(words)
        spans, names = _spans(given.pop(_SPANS, None), bounds, file, place, report)
        relations = _relations(given.pop("relations", None), names, file, place, report)
        for name in ("ner_labels", "ner_negatives", "start"):
            given.pop(name, None)
        source = given.pop("article_id", None)  # several examples may come from one article
        if source is not None:
            given["article"] = source
        return own.take_article({"meta": given}, text, file, place, report, spans=spans, relations=relations)

    return make


def _joined(words: list[str]) -> tuple[str, list[Bounds]]:
    bounds = []
    start = 0
    for word in words:
        bounds.append((start, start + len(word)))
        start += len(word) + 1
    return " ".join(words), bounds


def _spans(
    given: Any, bounds: list[Bounds], file: str, place: str, report: Report
) -> tuple[list[RawSpan], dict[int, str]]:
    """The spans, and the id of each that is good by its number in the example."""
    made: list[RawSpan] = []
    names: dict[int, str] = {}
    for number, item in enumerate(given if isinstance(given, list) else []):
        position = f"{place}, span {number + 1}"
        labels = _labels(item, len(bounds))
        if not labels:
            report.skip(
                file, position, f"this is no [first word, last word, label] of {len(bounds)} words; {_MEND}"
            )
            continue
        extent = (bounds[item[0]][0], bounds[item[1]][1])
        for which, label in enumerate(labels):
            name = f"n{number}" if not which else f"n{number}-{which + 1}"
            names.setdefault(number, name)
            made.append(RawSpan(label, (extent,), position, name))
    return made, names


def _labels(item: Any, count: int) -> list[str]:
    """The labels of a span as GLiNER writes it; none where it is no span of so many words."""
    if not isinstance(item, list) or len(item) != 3:
        return []
    first, last, label = item
    labels = label if isinstance(label, list) else [label]
    sound = all(_is_number(n) for n in (first, last)) and all(isinstance(name, str) for name in labels)
    return labels if sound and 0 <= first <= last < count else []


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _relations(given: Any, names: dict[int, str], file: str, place: str, report: Report) -> list[RawRelation]:
    made = []
    for number, item in enumerate(given if isinstance(given, list) else [], 1):
        position = f"{place}, relation {number}"
        if (
            isinstance(item, list)
            and len(item) == 3
            and all(_is_number(n) for n in item[:2])
            and isinstance(item[2], str)
        ):
            head, tail = (names.get(end, f"number {end}") for end in item[:2])
            made.append(RawRelation(item[2], head, tail, position))
        else:
            report.skip(file, position, f"this is no [span, span, type]; {_MEND}")
    return made
