"""All spans of an article in reading order, indented by nesting, and those that need repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.model import Label, Scheme, Span
from desktop.spans import depths
from desktop.store.queries import Reading
from ui.parts import number, words
from ui.rows import ListRow, RowsView
from ui.span_filter import SpanSift

# The key of the row that stands where the filter lets nothing through.
SHOW_ALL = "all"


def form(span: Span) -> str:
    """What makes two spans mentions of the same form: the words without case and line breaks."""
    return " ".join(span.text.split()).casefold()


def rows_of(reading: Reading, scheme: Scheme, sift: SpanSift = SpanSift()) -> list[ListRow]:  # noqa: B008
    """The rows of an article: what needs repair first, since it would never be seen below hundreds of others."""
    labels = {label.name: label for label in scheme.labels}
    rows: list[ListRow] = []
    if reading.broken:
        rows.append(ListRow(f"Needs repair · {number(len(reading.broken))}", icon="warning"))
        rows += [_broken(span, labels) for span in reading.broken]
    if reading.spans:
        good = _good(reading.spans, labels, sift)
        some = f" · {number(len(good))} of {number(len(reading.spans))}" if sift else ""
        rows.append(ListRow(f"In this article{some}"))
        rows += good or [ListRow("No label fits the filter. Show all", SHOW_ALL, icon="filter")]
    return rows


def _good(spans: Sequence[Span], labels: dict[str, Label], sift: SpanSift) -> list[ListRow]:
    """Indented as they nest, whether or not those around them are shown."""
    forms = [form(span) for span in spans]
    times = Counter(forms)
    return [
        ListRow(
            span.text[:300],
            span.key,
            right=number(span.start),
            after=f"×{times[words_]}" if times[words_] > 1 else "",
            indent=depth,
            label=labels.get(span.label),
            icon="" if span.label in labels else "info",
            tip=partial(_tip, span),
        )
        for span, depth, words_ in zip(spans, depths(spans), forms, strict=True)
        if not sift or sift.takes(span)
    ]


def _tip(span: Span) -> str:
    details = [f"{words(name)}: {value}" for name, value in span.attributes.items()]
    return "\n".join(
        (f"{span.label} · {number(span.start)}–{number(span.end)}", *details, *filter(None, (span.note,)))
    )


def _broken(span: Span, labels: dict[str, Label]) -> ListRow:
    return ListRow(
        span.text[:300], span.key, right=number(span.start), label=labels.get(span.label),
        icon="" if span.label in labels else "warning", muted=True,
        tip=f"{span.label}: this text is not at its place in the article, so it is not drawn there",
    )  # fmt: skip


class SpanList(RowsView):
    """Tells `chosen` with the key of a span; `pick` marks one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Labels in this article", parent)

    def show_reading(self, reading: Reading | None, scheme: Scheme, sift: SpanSift = SpanSift()) -> None:  # noqa: B008
        self.show_rows(rows_of(reading, scheme, sift) if reading else [])
