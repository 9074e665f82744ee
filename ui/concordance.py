"""The page that searches all articles: one line of query, the hits under each other, and what is done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.model import Scheme
from desktop.occurrences import signature
from desktop.searching import Group, Order, Slice
from ui.fields import QuietCombo
from ui.hit_bar import HitBar
from ui.hits import ARTICLE, FORM, LABEL, LEFT, RIGHT
from ui.hits_table import HitsTable
from ui.parts import isolate, one_line, words
from ui.query_bar import READY, QueryBar
from ui.rows import ListRow, RowsView
from ui.theme import Theme
from ui.words import later, number, plural, tr

_ORDERS: dict[Order, str] = {
    "article": later("As found"),
    "before": later("By what comes before"),
    "after": later("By what comes after"),
    "form": later("By form"),
    "label": later("By label"),
}
_COLUMNS: dict[int, Order] = {
    LEFT: "before",
    FORM: "form",
    RIGHT: "after",
    LABEL: "label",
    ARTICLE: "article",
}
_EMPTY = later(
    "Type a word or phrase, or choose a label to see all that has it. Or ask for what does not fit together:"
)


class Concordance(QWidget):
    """Shows what it is given. `opened` carries a Place, `group_opened` a Group, `stopped` comes where Esc stops a run."""

    left = Signal()
    opened = Signal(object)
    group_opened = Signal(object)
    groups_asked = Signal()
    sorted = Signal()
    stopped = Signal()

    def __init__(self, theme: Theme, serif: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("concordance")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._serif = serif
        self.layer = ""
        self.groups: tuple[Group, ...] = ()
        self.group: Group | None = None
        self.busy = False
        self._waited = False  # Enter was pressed before anything was found
        self._slice = Slice([])
        self.more = 0
        self.bar = QueryBar()
        self.status, self.whose = QLabel(), QLabel()
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedSize(110, 6)
        self.stop, self.done, self.back = (
            QPushButton(tr("Stop")),
            QPushButton(tr("Done")),
            QPushButton(tr("All forms")),
        )
        self.every = QPushButton(tr("Every place"))
        self.order = QuietCombo()
        self.table, self.list = HitsTable(), RowsView(tr("Forms"))
        self.empty, self.guide = QWidget(), QLabel()
        self.ready = {kind: QPushButton(tr(text)) for kind, text in READY.items()}
        self.hits = HitBar(self.table.hits, theme)
        self.stack = QStackedWidget()
        self._place()
        self._connect()
        self.set_theme(theme)
        self.show_progress(Slice([], done=True), running=False)

    def _place(self) -> None:
        head = QFrame(self)
        head.setObjectName("pageHead")
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(head)
        page.addWidget(self.stack, 1)
        page.addWidget(self.hits)
        self.done.setProperty("primary", True)
        self.done.setToolTip(tr("Back to the article (Esc)"))
        self.bar.row.addWidget(self.done)
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(self._make_second())
        self._place_empty()
        # Ticks and words begin where the field above does.
        self._grid = QWidget()
        inner = QVBoxLayout(self._grid)
        inner.setContentsMargins(12, 0, 12, 0)
        inner.addWidget(self.table)
        for widget in (self.empty, self._grid, self.list):
            self.stack.addWidget(widget)
        self.setFocusProxy(self.bar)

    def _place_empty(self) -> None:
        """What the page says before anything is asked, and the questions that are ready."""
        self.guide.setWordWrap(True)
        self.guide.setProperty("muted", True)
        self.guide.setProperty("centred", True)
        row = QHBoxLayout()
        row.addStretch(1)
        for kind, button in self.ready.items():
            button.clicked.connect(lambda _=False, kind=kind: self.bar.ask_ready(kind))
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self.empty)
        column.setContentsMargins(80, 64, 80, 0)
        column.setSpacing(18)
        column.addWidget(self.guide)
        column.addLayout(row)
        column.addStretch(1)

    def _make_second(self) -> QHBoxLayout:
        self.order.setAccessibleName(tr("Order"))
        for order, text in _ORDERS.items():
            self.order.addItem(tr(text), order)
        self.order.setMinimumContentsLength(18)
        self.order.setFixedWidth(self.order.sizeHint().width())
        for label in (self.status, self.whose):
            label.setProperty("muted", True)
        self.back.setToolTip(tr("Back to the list of forms (Esc)"))
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 12, 8)
        row.addStrut(self.order.sizeHint().height())  # or the head would change its height
        row.setSpacing(10)
        for widget in (
            self.back,
            self.bar.error,
            self.status,
            self.progress,
            self.stop,
            self.every,
            self.whose,
            self.order,
        ):
            row.addWidget(widget, 50 if widget is self.bar.error else int(widget is self.status))
        return row

    def _connect(self) -> None:
        self.done.clicked.connect(self.left)
        self.stop.clicked.connect(self.stopped)
        self.back.clicked.connect(self.groups_asked)
        self.bar.entered.connect(self.focus_results)
        self.order.currentIndexChanged.connect(self._ordered)
        self.table.opened.connect(self.opened)
        self.table.hits.ticks_changed.connect(self.show_counts)
        self.table.all_asked.connect(self.tick_all)
        self.table.left_out.connect(self.skip)
        self.hits.all_asked.connect(self.tick_all)
        self.hits.left_out.connect(self.skip)
        self.list.chosen.connect(lambda place: self.group_opened.emit(self.groups[place]))
        self.table.horizontalHeader().sectionClicked.connect(self._head_clicked)

    def set_theme(self, theme: Theme) -> None:
        self.bar.set_theme(theme)
        self.hits.set_theme(theme)
        self.list.set_theme(theme)
        self.table.set_theme(theme, self._serif)

    def show_project(self, scheme: Scheme, layer: str, marked: str | None = None) -> None:
        self.layer = layer
        self.table.hits.scheme = scheme
        self.bar.show_scheme(scheme)
        self.hits.show_scheme(scheme, marked)
        self.whose.setText(tr("labels by {name}", name=isolate(layer)))

    # What was found

    def clear(self, skips: frozenset[tuple[str, int, int]] = frozenset()) -> None:
        self.more = 0
        self._waited = False
        self.group, self.groups = None, ()
        self.table.hits.clear(skips)
        self.hits.tell("")
        self.table.verticalScrollBar().setValue(0)

    def show_progress(self, found: Slice, *, running: bool) -> None:
        """What a slice brought; the first hits are shown at once."""
        hits = self.table.hits
        had = len(hits.rows)
        hits.add(found.places)
        self._slice, self.busy = found, running
        self.more += found.more
        if hits.rows and not had:
            self.stack.setCurrentWidget(self._grid)
            self.table.fit()
            self.table.selectRow(0)
            self._go_on()
        elif not hits.rows and not self.groups:
            self.stack.setCurrentWidget(self.empty)
        self.show_counts()

    def show_groups(self, groups: Sequence[Group], text: str, label: str) -> None:
        """The forms, of those the ones that hold a text and have a label."""
        wanted = signature(text)
        self.groups = tuple(
            group for group in groups
            if wanted in signature(group.form) and (not label or label in dict(group.labels))
        )  # fmt: skip
        self.group = None
        self.list.show_rows([self._row(place, group) for place, group in enumerate(self.groups)])
        self.stack.setCurrentWidget(self.list if self.groups else self.empty)
        self._go_on()
        self.show_counts()

    def _row(self, place: int, group: Group) -> ListRow:
        scheme = self.table.hits.scheme
        label = scheme.label(group.labels[0][0]) if scheme and group.labels else None
        counts = ", ".join(f"{words(name)} ×{number(count)}" for name, count in group.labels)
        return ListRow(
            one_line(group.form), place, after=counts, label=label,
            right=plural("{n} place", "{n} places", len(group.places)),
        )  # fmt: skip

    def show_counts(self) -> None:
        at_hits = self.stack.currentWidget() is self._grid
        self.progress.setVisible(self.busy)
        self.stop.setVisible(self.busy)
        self.progress.setRange(0, max(1, self._slice.total))
        self.progress.setValue(self._slice.seen)
        self.status.setText(self.said())
        self.back.setVisible(self.group is not None)
        self.every.setVisible(self.group is not None)
        self.order.setVisible(at_hits)
        self.whose.setVisible(self.stack.currentWidget() is not self.empty)
        self.hits.setVisible(at_hits)
        self.hits.show_counts(busy=self.busy)

    def said(self) -> str:
        places = self.table.hits.places
        if self.stack.currentWidget() is self.list:
            return plural("{n} form", "{n} forms", len(self.groups))
        if not places:
            return self._nothing()
        articles = len({place.article for place in places})
        where = plural("in {n} article", "in {n} articles", articles)
        parts = [f"{plural('{n} place', '{n} places', len(places))} {where}"]
        if self.group:
            named = ", ".join(f"{words(name)} ×{number(count)}" for name, count in self.group.labels)
            parts = [f"{isolate(one_line(self.group.form, 60))}: {named}", *parts]
        if self.busy:
            parts.append(
                tr(
                    "{seen} of {total} searched",
                    seen=number(self._slice.seen),
                    total=number(self._slice.total),
                )
            )
        else:
            bare = sum(1 for place in places if not place.labels)
            parts += [plural("{n} unlabelled", "{n} unlabelled", bare)] if bare else []
        if self.more:
            parts.append(
                plural("and one more: narrow the search", "and {n} more: narrow the search", self.more)
            )
        return " · ".join(parts)

    def _nothing(self) -> str:
        if self.busy:
            total = self._slice.total
            return tr("Searching…") if not total else tr(
                "{seen} of {total} searched", seen=number(self._slice.seen), total=number(total)
            )  # fmt: skip
        query = self.bar.query
        if self.bar.error.isVisibleTo(self) or (query.blank and not self.bar.ready):
            return ""
        return tr("Nothing was found.")

    def tell_empty(self, *, asked: bool) -> None:
        """What the page says where there is nothing to list."""
        self.guide.setText("" if asked else tr(_EMPTY))
        for button in self.ready.values():
            button.setVisible(not asked)

    def _go_on(self) -> None:
        if self._waited:
            self.focus_results()

    def focus_results(self) -> None:
        """To the hits, or the forms: as soon as there are any."""
        shown = self.stack.currentWidget()
        self._waited = shown is self.empty and self.busy
        if shown is not self.empty:
            (self.list if shown is self.list else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    # Ticks and order

    def tick_all(self) -> None:
        hits = self.table.hits
        hits.tick(range(len(hits.rows)), len(hits.ticked) < len(hits.rows) - len(hits.skipped), all_=True)

    def skip(self) -> None:
        """The selected hits are not meant, or meant again if all of them were marked so."""
        hits, rows = self.table.hits, self.table.chosen_rows()
        hits.skip(rows, not all(hits.rows[row] in hits.skipped for row in rows))

    @property
    def wanted_order(self) -> Order:
        return cast("Order", self.order.currentData())

    def show_order(self, places: int, order: Sequence[int]) -> None:
        """The hits in an order that was worked out when there were so many of them."""
        hits = self.table.hits
        if places == len(hits.places):
            hits.put_in_order(order)
            self.table.scrollTo(self.table.currentIndex())

    def _ordered(self) -> None:
        self.sorted.emit()

    def _head_clicked(self, column: int) -> None:
        if column in _COLUMNS:
            self.order.setCurrentIndex(self.order.findData(_COLUMNS[column]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops a search, then goes back to the forms, then leaves the page."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.busy:
            self.stopped.emit()
        elif self.group is not None:
            self.groups_asked.emit()
        else:
            super().keyPressEvent(event)
