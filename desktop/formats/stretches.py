"""Spans as tools know them that have no gaps: each one stretch from its start to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop.bundle import Record
from desktop.formats.receipt import Receipt
from desktop.model import Span
from desktop.spans import reading_order

GAPS = "gaps filled in"


def whole(record: Record, receipt: Receipt) -> Iterator[tuple[Span, int, int]]:
    """Each span with its start and end, in reading order; the receipt names those that had gaps."""
    for span in sorted(record.spans, key=lambda span: (*reading_order(span), span.id)):
        if len(span.fragments) > 1:
            receipt.change(record.article.id, span, GAPS, ((span.start, span.end),))
        yield span, span.start, span.end


def overlapping(spans: Iterable[Span]) -> int:
    """How many spans share a character with one before them in reading order."""
    reach = count = 0
    for span in sorted(spans, key=reading_order):
        count += span.start < reach
        reach = max(reach, span.end)
    return count
