"""All spans of an article in reading order, indented by nesting, and those that need repair.

A row is made when it comes into view, and after a change only the rows of the spans changed are: an article may have
twenty thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import partial
from typing import overload

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop.layer import TEXT, Entry, Layer
from desktop.model import Label, Scheme, Span
from desktop.store.queries import Reading
from ui.parts import number, words
from ui.rows import ListRow, Rows, RowsView
from ui.span_filter import SpanSift
from ui.words import tr

# The key of the row that stands where the filter lets nothing through.
SHOW_ALL = "all"
# Forms counted in one go, between two events: about 3 ms.
_SLICE = 2000
# With more spans changed than this the list is shown anew.
_MANY = 50


def form(text: str) -> str:
    """What makes two spans mentions of the same form: the words without case and line breaks."""
    return " ".join(text.split()).casefold()


class Forms:
    """How often each form is labelled in an article; counted some at a time."""

    def __init__(self, layer: Layer) -> None:
        self.times: Counter[str] = Counter()
        self._left: list[str] = layer.values(TEXT)

    @property
    def whole(self) -> bool:
        return not self._left

    def count(self, most: int = _SLICE) -> None:
        """Count so many more."""
        self.times.update(map(form, self._left[-most:]))
        del self._left[-most:]

    def change(self, gone: Iterable[Entry], new: Iterable[Entry]) -> None:
        self.times.subtract(form(entry[TEXT]) for entry in gone)
        self.times.update(form(entry[TEXT]) for entry in new)


class SpanRows(Rows):
    """The rows of an article: what needs repair first, since it would never be seen below hundreds of others."""

    def __init__(self, reading: Reading, scheme: Scheme, sift: SpanSift, shown: Layer, forms: Forms) -> None:
        self.reading, self.scheme, self.sift, self.shown, self.forms = reading, scheme, sift, shown, forms
        self._labels = {label.name: label for label in scheme.labels}
        broken = reading.broken
        self._head: list[ListRow] = []
        self._rows: dict[int, ListRow] = {}  # those of `shown` that were made, by the keys of their spans
        if broken:
            self._head.append(
                ListRow(tr("Needs repair · {count}", count=number(len(broken))), icon="warning")
            )
            self._head += [_broken(span, self._labels) for span in broken]
        if reading.spans:
            said = [tr("In this article")]
            if sift:
                said.append(tr("{shown} of {all}", shown=number(len(shown)), all=number(len(reading.spans))))
            self._head.append(ListRow(" · ".join(said)))
            if not shown:
                self._head.append(ListRow(tr("No label fits the filter. Show all"), SHOW_ALL, icon="filter"))

    def __len__(self) -> int:
        return len(self._head) + len(self.shown)

    @overload
    def __getitem__(self, place: int) -> ListRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[ListRow]: ...
    def __getitem__(self, place: int | slice) -> ListRow | list[ListRow]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        if place < len(self._head):
            return self._head[place]
        key = self.shown.key_at(place - len(self._head))
        if key not in self._rows:
            self._rows[key] = self._row(self.shown[place - len(self._head)])
        return self._rows[key]

    def make_again(self) -> None:
        """The forms are counted now."""
        self._rows.clear()

    def row_of(self, key: object) -> int:
        place = self.shown.place_of(key) if isinstance(key, int) else -1
        if place >= 0:
            return len(self._head) + place
        return next((place for place, row in enumerate(self._head) if row.key == key), -1)

    def _row(self, span: Span) -> ListRow:
        times = self.forms.times[form(span.text)] if self.forms.whole else 1
        return ListRow(
            span.text[:300],
            span.key,
            right=number(span.start),
            after=f"×{times}" if times > 1 else "",
            indent=self._depth(span),
            label=self._labels.get(span.label),
            icon="" if span.label in self._labels else "info",
            tip=partial(_tip, span),
        )

    def _depth(self, span: Span) -> int:
        """How many spans reach around one, whether or not they are shown."""
        found = 0
        for place in self.reading.spans.places_over(span.start, span.end):
            start, end = self.reading.spans.bounds_at(place)
            found += start <= span.start and span.end <= end and (start, end) != (span.start, span.end)
        return found


def rows_of(reading: Reading, scheme: Scheme, sift: SpanSift = SpanSift()) -> SpanRows:  # noqa: B008
    """All rows of an article, ready to be asked for."""
    forms = Forms(reading.spans)
    if len(reading.spans) <= _SLICE:
        forms.count()
    return SpanRows(reading, scheme, sift, reading.spans.only(sift.takes) if sift else reading.spans, forms)


def _tip(span: Span) -> str:
    details = [f"{words(name)}: {value}" for name, value in span.attributes.items()]
    return "\n".join(
        (f"{span.label} · {number(span.start)}–{number(span.end)}", *details, *filter(None, (span.note,)))
    )


def _broken(span: Span, labels: dict[str, Label]) -> ListRow:
    return ListRow(
        span.text[:300], span.key, right=number(span.start), label=labels.get(span.label),
        icon="" if span.label in labels else "warning", muted=True,
        tip=tr("{label}: this text is not at its place in the article, so it is not drawn there", label=span.label),
    )  # fmt: skip


class SpanList(RowsView):
    """Tells `chosen` with the key of a span; `pick` marks one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Labels in this article"), parent)
        self._shown: SpanRows | None = None
        self._counting = QTimer(self)
        self._counting.setInterval(0)
        self._counting.timeout.connect(self._count)

    def show_reading(
        self, reading: Reading | None, scheme: Scheme, sift: SpanSift = SpanSift(),  # noqa: B008
        only: Collection[int] | None = None,
    ) -> None:  # fmt: skip
        """The spans of an article that pass; with `only`, none but those of these keys differ from what was shown."""
        if reading and only is not None and self._change(reading, scheme, sift, only):
            return
        self._shown = rows_of(reading, scheme, sift) if reading else None
        self.show_rows(self._shown or [])
        if self._shown and not self._shown.forms.whole:
            self._counting.start()

    def _count(self) -> None:
        if self._shown and not self._shown.forms.whole:
            self._shown.forms.count()
        if not self._shown or self._shown.forms.whole:
            self._counting.stop()
            if self._shown:
                self._shown.make_again()
            self.viewport().update()

    def _change(self, reading: Reading, scheme: Scheme, sift: SpanSift, only: Collection[int]) -> bool:
        """Change the rows of these spans alone; tells whether that was possible."""
        before = self._shown
        if not before or len(only) > _MANY or (before.scheme, before.sift) != (scheme, sift):
            return False
        old, new = before.reading.spans.rows_of(only), reading.spans.rows_of(only)
        passing = [entry for entry in new if not sift or sift.takes(entry)]
        shown = before.shown.changed(only, passing) if sift else reading.spans
        same_head = before.reading.broken == reading.broken and before.forms.whole
        if not same_head or not (shown and before.shown):
            return False
        before.forms.change(old, new)
        rows = SpanRows(reading, scheme, sift, shown, before.forms)
        gone = [row for key in only if (row := before.row_of(key)) >= 0]
        come = [row for key in only if (row := rows.row_of(key)) >= 0]
        cursor = self._key_at(self.currentIndex().row())
        self._shown = rows
        self.rows.change(rows, gone, come)
        self.executeDelayedItemsLayout()  # or it would be painted once now and once laid out
        if cursor in only:
            self._put_cursor(rows.row_of(cursor))
        self.viewport().update()
        return True
