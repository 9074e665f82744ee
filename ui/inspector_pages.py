"""The pages of the inspector: its tabs, the picked span over all others, the notes."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QTabBar, QVBoxLayout, QWidget

from desktop.layer import EMPTY, NOTE
from desktop.model import Scheme
from desktop.store.queries import Reading
from ui.fields import NoteEdit
from ui.parts import capital, number, restyle
from ui.rows import ListRow, RowsView
from ui.span_card import SpanCard
from ui.span_filter import SpanFilter
from ui.span_list import SHOW_ALL, SpanList
from ui.words import later, tr

TABS = (later("labels"), later("notes"), later("guidelines"), later("history"))
NARROW = {"guidelines": later("Guide")}


class Tabs(QTabBar):
    """Tabs that leave out their counts and shorten where the panel is narrow, rather than scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.setUsesScrollButtons(True)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self._counts: dict[str, int] = {}
        self._narrow = False
        self._needed: list[int] = []

    def show_counts(self, **counts: int) -> None:
        self._counts = counts
        around = self.parentWidget()
        self.fit(around.width() if around else 300)

    def fit(self, width: int) -> None:
        """Choose the texts for so much room."""
        full = [self._text(name, narrow=False) for name in TABS]
        metrics = self.fontMetrics()
        if not self._narrow:
            # Measured in the wide font only: the narrow one must not argue for itself.
            self._needed = [round(metrics.horizontalAdvance(text) * 1.05) + 17 for text in full]
        self._narrow = sum(self._needed) + 10 > width
        restyle(self, narrow=self._narrow)
        for place, name in enumerate(TABS[: self.count()]):
            text = self._text(name, narrow=self._narrow)
            if self.tabText(place) != text:
                self.setTabText(place, text)
            self.setTabToolTip(place, capital(tr(name)) if self._narrow else "")

    def _text(self, name: str, *, narrow: bool) -> str:
        if narrow:
            return capital(tr(NARROW.get(name, name)))
        count = self._counts.get(name, 0)
        return f"{capital(tr(name))}\u00a0{number(count)}" if count else capital(tr(name))

    def tabSizeHint(self, index: int) -> QSize:
        # The chosen tab is bold, and must not be wider than the others leave it.
        size = super().tabSizeHint(index)
        return size + QSize(round(self.fontMetrics().horizontalAdvance(self.tabText(index)) * 0.05) + 1, 0)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)


class LabelsPage(QWidget):
    """The card, in a scroll area of at most two thirds of the height, over the list of spans and what narrows it."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.card, self.filter, self.list = SpanCard(), SpanFilter(), SpanList()
        self._reading: Reading | None = None
        self._scheme: Scheme | None = None
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.hint.setProperty("muted", True)
        self.hint.setContentsMargins(14, 12, 14, 6)
        self.frame = QScrollArea()
        self.frame.setFrameShape(QFrame.Shape.NoFrame)
        self.frame.setWidgetResizable(True)
        self.frame.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frame.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.edge = QFrame()
        self.edge.setObjectName("edge")
        self.edge.setFixedHeight(1)
        self.edge.hide()
        inner = QWidget()
        inner.setObjectName("cardGround")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 4)
        column.addWidget(self.card)
        column.addStretch(1)
        self.frame.setWidget(inner)
        inner.installEventFilter(self)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.hint)
        page.addWidget(self.frame)
        page.addWidget(self.edge)
        page.addWidget(self.filter)
        page.addWidget(self.list, 1)
        self.filter.changed.connect(self._filtered)
        self.filter.went_down.connect(self.list.setFocus)
        self.list.chosen.connect(self._choose)
        self.show_card(False)

    def show_reading(
        self, reading: Reading | None, scheme: Scheme, only: Collection[int] | None = None
    ) -> None:
        """List the spans of an article, as far as the filter lets them through."""
        self._reading, self._scheme = reading, scheme
        self.filter.show_spans(reading.spans if reading else EMPTY, scheme)
        self._sift(only)

    def _sift(self, only: Collection[int] | None = None) -> None:
        if self._scheme:
            self.list.show_reading(self._reading, self._scheme, self.filter.sift, only)

    def _filtered(self) -> None:
        self._sift()
        self.list.reveal()

    def _choose(self, key: object) -> None:
        if key == SHOW_ALL:
            self.filter.clear()
        else:
            self.chosen.emit(key)

    def show_card(self, shown: bool) -> None:
        self.frame.setVisible(shown)
        self.hint.setVisible(not shown)
        self.edge.setVisible(self.edge.isVisible() and shown)
        self.fit()

    def fit(self) -> None:
        """The card is as high as it needs to be, but leaves the list a third."""
        if not self.frame.isHidden():
            inner = self.frame.widget()
            layout = inner.layout() if inner else None
            assert layout
            needed = max(layout.totalSizeHint().height(), layout.totalMinimumSize().height())
            filter_ = (
                0 if self.filter.isHidden() else max(self.filter.height(), self.filter.sizeHint().height())
            )
            height = min(needed, max(120, round((self.height() - filter_) * 0.65)))
            self.edge.setVisible(height < needed)
            self.frame.setFixedHeight(height)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self.fit)
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()


class NotesPage(QWidget):
    """The note on the article, and the notes on its spans."""

    def __init__(self) -> None:
        super().__init__()
        self.note = NoteEdit(tr("Note on this article"), tr("A note on this article…"))
        self.note.setMinimumHeight(70)
        self.note.setMaximumHeight(140)
        self.saving = QLabel(tr("Saved when you leave the field, or with Ctrl+Enter."))
        self.saving.setWordWrap(True)
        self.saving.setProperty("muted", True)
        self.list = RowsView(tr("Notes on labels"))
        self._noted = EMPTY
        self._count = 0
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 12, 0, 0)
        page.setSpacing(4)
        inset = QVBoxLayout()
        inset.setContentsMargins(12, 0, 12, 0)
        inset.addWidget(self.note, 1)
        inset.addWidget(self.saving)
        page.addLayout(inset)
        page.addWidget(self.list, 1)

    def show_reading(
        self, reading: Reading | None, scheme: Scheme, *, other: bool, only: Collection[int] | None = None
    ) -> int:
        """Show the notes of an article; returns how many there are."""
        note = reading.article.note if reading else ""
        (self.note.reset if other else self.note.show_text)(note)
        self.note.setEnabled(reading is not None)
        if only is None or other or not reading:
            noted = reading.spans.only(lambda entry: entry[NOTE]) if reading else EMPTY
        else:
            fresh = [entry for entry in reading.spans.rows_of(only) if entry[NOTE]]
            if not fresh and not self._noted.rows_of(only):
                return self._count + bool(note)
            noted = self._noted.changed(only, fresh)
        self._noted = noted
        spans = [*noted, *(span for span in reading.broken if span.note)] if reading else []
        rows = [
            ListRow(span.note, span.key, f"{span.text[:120]} · {number(span.start)}",
                    label=scheme.label(span.label), tip=span.note)
            for span in spans
        ]  # fmt: skip
        self.list.show_rows(
            [ListRow(tr("Notes on labels · {count}", count=len(rows))), *rows] if rows else []
        )
        self._count = len(spans)
        return self._count + bool(note)

    def allow(self, on: bool) -> None:
        """Whether a note may be written now."""
        self.note.setReadOnly(not on)
        self.saving.setVisible(on)
