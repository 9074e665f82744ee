"""The panel at the right: the picked span and all others, notes, guidelines, history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QTabBar, QTabWidget, QVBoxLayout, QWidget

from desktop.model import Scheme, Span
from desktop.store.queries import Reading, Step
from ui.fields import NoteEdit
from ui.guidelines import GuidelinesPage
from ui.parts import number, one_line
from ui.rows import ListRow, RowsView
from ui.span_card import SpanCard, ties
from ui.span_list import SpanList
from ui.theme import LIGHT, Theme

TABS = ("labels", "notes", "guidelines", "history")
NARROW = {"guidelines": "Guide"}


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
        if self.property("narrow") != self._narrow:
            self.setProperty("narrow", self._narrow)
            self.style().unpolish(self)
            self.style().polish(self)
        for place, name in enumerate(TABS[: self.count()]):
            text = self._text(name, narrow=self._narrow)
            if self.tabText(place) != text:
                self.setTabText(place, text)
            self.setTabToolTip(place, name.capitalize() if self._narrow else "")

    def _text(self, name: str, *, narrow: bool) -> str:
        if narrow:
            return NARROW.get(name, name.capitalize())
        count = self._counts.get(name, 0)
        return f"{name.capitalize()}\u00a0{number(count)}" if count else name.capitalize()

    def tabSizeHint(self, index: int) -> QSize:
        # The chosen tab is bold, and must not be wider than the others leave it.
        size = super().tabSizeHint(index)
        return size + QSize(round(self.fontMetrics().horizontalAdvance(self.tabText(index)) * 0.05) + 1, 0)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)


class LabelsPage(QWidget):
    """The card, in a scroll area of at most half the height, over the list of spans."""

    def __init__(self) -> None:
        super().__init__()
        self.card, self.list = SpanCard(), SpanList()
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
        page.addWidget(self.list, 1)
        self.show_card(False)

    def show_card(self, shown: bool) -> None:
        self.frame.setVisible(shown)
        self.hint.setVisible(not shown)
        self.edge.setVisible(self.edge.isVisible() and shown)
        self.fit()

    def fit(self) -> None:
        """The card is as high as it needs to be, but leaves the list its half."""
        if not self.frame.isHidden():
            inner = self.frame.widget()
            layout = inner.layout() if inner else None
            assert layout
            needed = max(layout.totalSizeHint().height(), layout.totalMinimumSize().height())
            height = min(needed, max(120, round(self.height() * 0.6)))
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
        self.note = NoteEdit("Note on this article", "A note on this article…")
        self.note.setMinimumHeight(70)
        self.note.setMaximumHeight(140)
        self.saving = QLabel("Saved when you leave the field, or with Ctrl+Enter.")
        self.saving.setWordWrap(True)
        self.saving.setProperty("muted", True)
        self.list = RowsView("Notes on labels")
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 12, 0, 0)
        page.setSpacing(4)
        inset = QVBoxLayout()
        inset.setContentsMargins(12, 0, 12, 0)
        inset.addWidget(self.note, 1)
        inset.addWidget(self.saving)
        page.addLayout(inset)
        page.addWidget(self.list, 1)

    def show_reading(self, reading: Reading | None, scheme: Scheme, *, other: bool) -> int:
        """Show the notes of an article; returns how many there are."""
        note = reading.article.note if reading else ""
        (self.note.reset if other else self.note.show_text)(note)
        self.note.setEnabled(reading is not None)
        spans = [span for span in (*reading.spans, *reading.broken) if span.note] if reading else []
        rows = [
            ListRow(span.note, span.key, f"{span.text[:120]} · {number(span.start)}",
                    label=scheme.label(span.label), tip=span.note)
            for span in spans
        ]  # fmt: skip
        self.list.show_rows([ListRow(f"Notes on labels · {len(rows)}"), *rows] if rows else [])
        return len(spans) + bool(note)


class Inspector(QWidget):
    """Tabs around four pages; holds nothing but what it was last given to show."""

    span_chosen = Signal(int)
    span_remove = Signal(int)
    attribute_set = Signal(int, str, object)
    span_note_set = Signal(int, str)
    relation_chosen = Signal(int)
    relation_removed = Signal(object)
    article_note_set = Signal(int, str)
    history_needed = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._reading: Reading | None = None
        self._scheme: Scheme | None = None
        self._picked: int | None = None
        self._history_stale = True
        self.labels, self.notes, self.guidelines = LabelsPage(), NotesPage(), GuidelinesPage()
        self.history = RowsView("History")
        self.bar, self.tabs = Tabs(), QTabWidget()
        self.tabs.setTabBar(self.bar)
        self.tabs.setDocumentMode(True)
        for name, page in zip(TABS, (self.labels, self.notes, self.guidelines, self.history), strict=True):
            self.tabs.addTab(page, name.capitalize())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self._connect()
        self.set_theme(theme)
        self.show_reading(None, None)

    def _connect(self) -> None:
        card = self.labels.card
        self.labels.list.chosen.connect(self.span_chosen.emit)
        self.notes.list.chosen.connect(self.span_chosen.emit)
        self.notes.note.committed.connect(self._tell_article_note)
        card.remove.connect(self.span_remove)
        card.attribute_set.connect(self.attribute_set)
        card.note_set.connect(self.span_note_set)
        card.reshaped.connect(self._order_stops)
        card.relation_chosen.connect(self.relation_chosen)
        card.relation_removed.connect(self.relation_removed)
        self.tabs.currentChanged.connect(lambda _: self._ask_for_history())

    def _tell_article_note(self, note: str) -> None:
        # The article the note was typed for: by now another may be on the page.
        if self._reading:
            self.article_note_set.emit(self._reading.article.key, note)

    def show_reading(self, reading: Reading | None, scheme: Scheme | None) -> None:
        """Show an article, or none; the pick stays if its span is still there."""
        before = self._reading.article.key if self._reading else None
        other = before != (reading.article.key if reading else None)
        if other:
            self.commit()
        self._reading, self._scheme = reading, scheme
        notes = 0
        if scheme is not None:
            self.labels.list.show_reading(reading, scheme)
            notes = self.notes.show_reading(reading, scheme, other=other)
        self.bar.show_counts(labels=len(reading.spans) + len(reading.broken) if reading else 0, notes=notes)
        if other:
            self.labels.list.scrollToTop()
        self.show_picked(self._picked)

    def show_picked(self, key: int | None) -> None:
        """Show the card of a span, or the hint where none is picked."""
        span = self._span(key)
        if span is None or (self._picked is not None and self._picked != key):
            self.labels.card.commit()
        self._picked = span.key if span else None
        self.labels.list.pick(self._picked)
        if span and self._reading and self._scheme:
            spans = {other.id: other for other in (*self._reading.broken, *self._reading.spans)}
            found = ties(span, spans, self._reading.relations, self._scheme)
            broken = any(other.key == key for other in self._reading.broken)
            self.labels.card.show_span(span, self._scheme.label(span.label), found, broken=broken)
        else:
            self.labels.hint.setText(self._hint())
        self.labels.show_card(span is not None)
        self._order_stops()

    def show_history(self, steps: Sequence[Step]) -> None:
        """The steps, newest first, as the journal gives them."""
        self._history_stale = False
        now = datetime.now().astimezone()
        rows = [_step_row(step, now) for step in steps if step.mode != "undo"]
        self.history.show_rows(rows or [ListRow("Nothing done yet")])

    def history_changed(self) -> None:
        """The history shown is old now; it is asked for again when it is looked at."""
        self._history_stale = True
        self._ask_for_history()

    def show_guidelines(self, markdown: str) -> None:
        self.guidelines.show_markdown(markdown)

    def focus_tab(self, name: str) -> None:
        """Open a tab ("labels", "notes", "guidelines", "history") and give its page the focus."""
        self.tabs.setCurrentIndex(TABS.index(name))
        pages = (self.labels.list, self.notes.note, self.guidelines, self.history)
        pages[TABS.index(name)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def commit(self) -> None:
        """Tell what is typed and not told yet; also to be called before the window closes."""
        self.labels.card.commit()
        self.notes.note.commit()

    def set_theme(self, theme: Theme) -> None:
        self.setStyleSheet(_sheet(theme))
        for page in (self.labels.card, self.labels.list, self.notes.list, self.guidelines, self.history):
            page.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.fit(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_for_history()

    def _ask_for_history(self) -> None:
        if self._history_stale and self.tabs.currentWidget() is self.history and self.isVisible():
            self._history_stale = False
            self.history_needed.emit()

    def _order_stops(self) -> None:
        """The Tab key: from the tabs through the card to the list."""
        for before, after in pairwise([self.bar, *self.labels.card.stops(), self.labels.list]):
            QWidget.setTabOrder(before, after)

    def _span(self, key: int | None) -> Span | None:
        if key is None or not self._reading:
            return None
        return next((span for span in (*self._reading.spans, *self._reading.broken) if span.key == key), None)

    def _hint(self) -> str:
        if not self._reading:
            return "Open an article to see its labels."
        if self._reading.spans or self._reading.broken:
            return "Click a label in the text, or choose one here."
        keys = (
            ", ".join(f"{label.key.upper()} {label.name}" for label in self._scheme.labels)
            if self._scheme
            else ""
        )
        return f"No labels yet. Select words in the text and press a key: {keys}."


def _step_row(step: Step, now: datetime) -> ListRow:
    try:
        made = datetime.fromisoformat(step.made).astimezone()
    except ValueError:
        time = whole = step.made
    else:
        whole = f"{made:%Y-%m-%d %H:%M:%S}"
        time = f"{made:%H:%M}" if made.date() == now.date() else f"{made:%Y-%m-%d %H:%M}"
    undone = step.state == "reverted"
    words = [
        one_line(step.annotator, 60),
        time,
        *(["undone"] if undone else []),
        *(["redone"] if step.mode == "redo" else []),
    ]
    return ListRow(
        step.title, step.key, " · ".join(words), muted=undone, tip=f"{step.title}\n{step.annotator}, {whole}",
        icon="undo" if undone else "",
    )  # fmt: skip


def _sheet(theme: Theme) -> str:
    return f"""
    #inspector, #cardGround {{ background: {theme.panel}; }}
    #edge {{ background: {theme.border}; }}
    QTabBar::tab {{ min-width: 0; }}
    QTabBar::tab {{ padding: 9px 2px 7px 2px; margin: 0 6px; }}
    QTabBar[narrow="true"] {{ font-size: 12px; }}
    QTabBar[narrow="true"]::tab {{ padding: 9px 1px 7px 1px; margin: 0 2px; }}
    QTabBar QToolButton {{ padding: 0; }}
    """
