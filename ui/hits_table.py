"""The table of the concordance: hits under each other by their form, ticked, marked and opened by key or mouse."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui.hits import ARTICLE, FORM, LABEL, LEFT, RIGHT, TICK, HitsModel
from ui.parts import is_rtl
from ui.theme import Theme
from ui.words import tr

Index = QModelIndex | QPersistentModelIndex
# The forms of so many hits say how wide their column is.
_MEASURED = 200


class _Cells(QStyledItemDelegate):
    """Cuts the context at the side that is away from the form."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        rtl = index.column() in (LEFT, FORM, RIGHT) and is_rtl(option.text)
        cut_left = (index.column() == LEFT) != rtl
        option.textElideMode = Qt.TextElideMode.ElideLeft if cut_left else Qt.TextElideMode.ElideRight
        option.direction = Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.WrapText


class HitsTable(QTableView):
    """Enter or a double click opens a hit, the space bar ticks the rows that are selected. Letters are labels' keys.

    `removed` is about the rows that are ticked, `left_out` about those selected.
    """

    opened = Signal(object)
    letter = Signal(str)
    removed = Signal()
    left_out = Signal()
    all_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Hits"))
        self.hits = HitsModel()
        self.setModel(self.hits)
        # Before and after are of the text, whatever direction the window runs in.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._last = -1
        self._wide = 120
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        head, side = self.horizontalHeader(), self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(self.fontMetrics().height() + 14)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(28)
        head.setSectionsClickable(True)
        for column in (LEFT, RIGHT):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for column, width in ((TICK, 34), (FORM, 150), (ARTICLE, 190), (LABEL, 120)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(column, width)
        self.doubleClicked.connect(self._double)

    def fit(self) -> None:
        """As much room as the forms need; a wide window has more for the article."""
        bold = QFont(
            self.hits.data(self.hits.index(0, FORM), Qt.ItemDataRole.FontRole)
            if self.hits.rows
            else self.font()
        )
        metrics = QFontMetrics(bold)
        forms = [self.hits.index(row, FORM).data() for row in range(min(_MEASURED, len(self.hits.rows)))]
        self._wide = max((metrics.horizontalAdvance(form) for form in forms), default=100) + 22
        self._share()

    def _share(self) -> None:
        head, width = self.horizontalHeader(), self.viewport().width()
        head.resizeSection(FORM, max(70, min(self._wide, round(width * 0.34))))
        head.resizeSection(ARTICLE, max(130, round(width * 0.18)))
        head.resizeSection(LABEL, 130 if width > 900 else 100)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def set_theme(self, theme: Theme, serif: str = "") -> None:
        self.hits.serif = serif or self.hits.serif
        self.hits.show_theme(theme, self.font())
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Shift and a click on a tick: all rows from the last one that was ticked so."""
        index = self.indexAt(event.position().toPoint())
        held = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if index.column() == TICK and event.button() == Qt.MouseButton.LeftButton:
            if held and 0 <= self._last < len(self.hits.rows):
                on = self.hits.rows[self._last] in self.hits.ticked
                low, high = sorted((self._last, index.row()))
                self.hits.tick(range(low, high + 1), on)
                self.setCurrentIndex(index)
                return
            self._last = index.row()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.currentIndex().row(), event.key()
        shift, keypad = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier
        held = event.modifiers() & ~(keypad | shift)
        deeds: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Space: self._toggle, Qt.Key.Key_Return: self._open, Qt.Key.Key_Enter: self._open,
            Qt.Key.Key_Minus: self.left_out.emit, Qt.Key.Key_Backspace: self.removed.emit,
            Qt.Key.Key_Delete: self.removed.emit,
        }  # fmt: skip
        if key in deeds and row >= 0 and not held:
            deeds[key]()
        elif key == Qt.Key.Key_A and held == Qt.KeyboardModifier.ControlModifier:
            self.all_asked.emit()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        elif event.text().isalnum() and not held:
            self.letter.emit(event.text().lower())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of labels."""

    def chosen_rows(self) -> set[int]:
        """The rows that are selected, or the one with the cursor."""
        here = self.currentIndex().row()
        return {index.row() for index in self.selectionModel().selectedRows()} or (
            {here} if here >= 0 else set()
        )

    def _double(self, index: QModelIndex) -> None:
        if index.column() != TICK:
            self.opened.emit(self.hits.place(index.row()))

    def _open(self) -> None:
        self.opened.emit(self.hits.place(self.currentIndex().row()))

    def _toggle(self) -> None:
        """All that is selected gets what the row with the cursor has not."""
        here = self.currentIndex().row()
        self._last = here
        self.hits.tick(self.chosen_rows(), self.hits.rows[here] not in self.hits.ticked)
