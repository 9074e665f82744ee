"""The panel at the right: the picked span and all others, notes, guidelines, history."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.model import Scheme, Span
from desktop.store.queries import Reading
from ui.guidelines import GuidelinesTab
from ui.history_page import HistoryPage
from ui.inspector_pages import TABS, LabelsPage, NotesPage, Tabs
from ui.parts import capital, leading
from ui.theme import LIGHT, Theme
from ui.ties import ties
from ui.words import tr


class Inspector(QWidget):
    """Tabs around four pages; holds nothing but what it was last given to show."""

    span_chosen = Signal(int)
    span_remove = Signal(int)
    attribute_set = Signal(int, str, object)
    span_note_set = Signal(int, str)
    relation_chosen = Signal(int)
    relation_removed = Signal(object)
    article_note_set = Signal(int, str)
    guidelines_set = Signal(str, str)
    left = Signal()
    wanted = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._reading: Reading | None = None
        self._scheme: Scheme | None = None
        self._picked: int | None = None
        self._stops: list[QWidget] = []
        self._history_stale = True
        self.labels, self.notes, self.guide = LabelsPage(), NotesPage(), GuidelinesTab()
        self.guidelines = self.guide.page
        self.past = HistoryPage()
        self.history = self.past.list
        # Not a QTabWidget, which lays out and paints all of its page whenever the count in a tab changes.
        self.bar, self.tabs = Tabs(), QStackedWidget()
        for name, page in zip(TABS, (self.labels, self.notes, self.guide, self.past), strict=True):
            self.bar.addTab(capital(tr(name)))
            self.tabs.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(leading(self, 8, 0, 0, 0))
        top.addWidget(self.bar)
        under = QFrame()
        under.setObjectName("under")
        under.setFixedHeight(1)
        column.addLayout(top)
        column.addWidget(under)
        column.addWidget(self.tabs, 1)
        self._connect()
        self.set_theme(theme)
        self.show_reading(None, None)

    def _connect(self) -> None:
        card = self.labels.card
        self.labels.chosen.connect(self.span_chosen)
        self.notes.list.chosen.connect(self.span_chosen.emit)
        self.notes.note.committed.connect(self._tell_article_note)
        card.remove.connect(self.span_remove)
        card.attribute_set.connect(self.attribute_set)
        card.note_set.connect(self.span_note_set)
        card.reshaped.connect(self._order_stops)
        for note in (card.note, self.notes.note, self.guide):
            note.left.connect(self.left)
        self.guide.set_asked.connect(self.guidelines_set)
        card.relation_chosen.connect(self.relation_chosen)
        card.relation_removed.connect(self.relation_removed)
        self.bar.currentChanged.connect(self.tabs.setCurrentIndex)
        self.tabs.currentChanged.connect(lambda _: self._tab_changed())

    def _tell_article_note(self, note: str) -> None:
        # The article the note was typed for: by now another may be on the page.
        if self._reading:
            self.article_note_set.emit(self._reading.article.key, note)

    def show_reading(
        self, reading: Reading | None, scheme: Scheme | None, only: Collection[int] | None = None
    ) -> None:
        """Show an article, or none; the pick stays if its span is still there.

        With `only`, none but the spans of these keys differ from those shown.
        """
        before = self._reading.article.key if self._reading else None
        other = before != (reading.article.key if reading else None)
        if other:
            self.commit()
        self._reading, self._scheme = reading, scheme
        notes = 0
        if scheme is not None:
            self.labels.show_reading(reading, scheme, only)
            notes = self.notes.show_reading(reading, scheme, other=other, only=only)
        self.bar.show_counts(labels=len(reading.spans) + len(reading.broken) if reading else 0, notes=notes)
        if other:
            self.labels.list.scrollToTop()
            self.past.leave()
            self.history_changed()
        self.show_picked(self._picked)

    def show_picked(self, key: int | None) -> None:
        """Show the card of a span, or the hint where none is picked."""
        span = self._span(key)
        if span is None or (self._picked is not None and self._picked != key):
            self.labels.card.commit()
        self._picked = span.key if span else None
        self.labels.list.pick(self._picked)
        if span and self._reading and self._scheme:
            found = ties(span, self._named, self._reading.relations, self._scheme)
            broken = any(other.key == key for other in self._reading.broken)
            self.labels.card.show_span(span, self._scheme.label(span.label), found, broken=broken)
        else:
            self.labels.hint.setText(self._hint())
        self.labels.show_card(span is not None)
        self._order_stops()
        self._lead_to_guidelines()

    def history_changed(self) -> None:
        """The history shown is old now; it is asked for again when it is looked at."""
        self._history_stale = True
        self._ask_for_history()

    def show_guidelines(self, markdown: str, scheme: Scheme | None = None) -> None:
        """In a turn of its own: long ones take as long as all else that is shown when a project is opened."""
        QTimer.singleShot(0, self, lambda: self.guide.show_markdown(markdown, scheme))

    def _lead_to_guidelines(self) -> None:
        """Beside the text the guidelines show what they say of the label picked."""
        span = self._span(self._picked)
        if self.tabs.currentWidget() is self.guide:
            self.guide.show_label(span.label if span else None)

    def _tab_changed(self) -> None:
        self._lead_to_guidelines()
        self._ask_for_history()

    def edit_note(self) -> None:
        """Put the cursor into the note on the picked span."""
        self.wanted.emit()
        self.bar.setCurrentIndex(TABS.index("labels"))
        self.labels.card.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def edit_attribute(self, name: str) -> None:
        """Put the cursor into the field of an attribute of the picked span."""
        self.wanted.emit()
        self.bar.setCurrentIndex(TABS.index("labels"))
        self.labels.card.edit_attribute(name)

    def focus_tab(self, name: str) -> None:
        """Open a tab ("labels", "notes", "guidelines", "history") and give its page the focus."""
        self.wanted.emit()
        self.bar.setCurrentIndex(TABS.index(name))
        self.focus_page()

    def focus_page(self) -> None:
        """Give the page that is open the focus, or its tab where there is no label yet."""
        pages = (self.labels.list, self.notes.note, self.guidelines, self.history)
        page = pages[self.bar.currentIndex()]
        empty = page is self.labels.list and not self.labels.list.model().rowCount()
        (self.bar if empty else page).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def edit_guidelines(self) -> None:
        """Put the cursor into the guidelines."""
        self.focus_tab("guidelines")
        self.guide.edit()

    def load_guidelines(self) -> None:
        """Put a file in the place of the guidelines; they are shown, and so is what is wrong with the file."""
        self.focus_tab("guidelines")
        self.guide.load()

    def allow(self, on: bool) -> None:
        """Whether anything may be changed now: what cannot be changed can still be read and copied."""
        for page in (self.labels.card, self.notes, self.guide, self.past):
            page.allow(on)

    def commit(self) -> None:
        """Tell what is typed and not told yet; also to be called before the window closes."""
        self.labels.card.commit()
        self.notes.note.commit()
        self.guide.editor.commit()

    def set_theme(self, theme: Theme) -> None:
        for page in (
            self.labels.card,
            self.labels.filter,
            self.labels.list,
            self.notes.list,
            self.guide,
            self.past,
        ):
            page.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.fit(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_for_history()

    def _ask_for_history(self) -> None:
        if self._history_stale and self.tabs.currentWidget() is self.past and self.isVisible():
            self._history_stale = False
            self.past.needed.emit(self.past.reach)

    def _order_stops(self) -> None:
        """The Tab key: from the tabs through the card and the filter to the list."""
        badges = self.labels.filter.badges.buttons.values()
        stops = [self.bar, *self.labels.card.stops(), self.labels.filter.field, *badges, self.labels.list]
        if stops != self._stops:
            self._stops = stops
            for before, after in pairwise(stops):
                QWidget.setTabOrder(before, after)

    def _span(self, key: int | None) -> Span | None:
        if key is None or not self._reading:
            return None
        broken = next((span for span in self._reading.broken if span.key == key), None)
        return broken or self._reading.spans.get(key)

    def _named(self, name: str) -> Span | None:
        if not self._reading:
            return None
        broken = next((span for span in self._reading.broken if span.id == name), None)
        return self._reading.spans.with_id(name) or broken

    def _hint(self) -> str:
        if not self._reading:
            return tr("Open an article to see its labels.")
        if self._reading.spans or self._reading.broken:
            return tr("Click a label in the text, or choose one here.")
        keys = (
            ", ".join(f"{label.key.upper()} {label.name}" for label in self._scheme.labels)
            if self._scheme
            else ""
        )
        return tr("No labels yet. Select words in the text and press a key: {keys}.", keys=keys)
