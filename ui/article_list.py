"""The articles as Qt asks for them, and the view that shows them as cards."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.sifting import Sift, Sifted
from desktop.store.lines import ArticleLine
from ui.article_card import LINE_ROLE, tip
from ui.column import ColumnView
from ui.words import tr

Index = QModelIndex | QPersistentModelIndex
# Lines looked through in one go, between two events: about 3 ms.
_SLICE = 2000


class ArticlesModel(QAbstractListModel):
    """The lines that `sifted` lets through, in its order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sifted = Sifted()
        # Before the first letter of a search or the first sorting needs it all at once.
        self._ahead = QTimer(self)
        self._ahead.setInterval(0)
        self._ahead.timeout.connect(self._prepare)

    def show(self, sifted: Sifted) -> None:
        """Other lines, sifted as those before."""
        self.beginResetModel()
        sifted.ask(self.sifted.sift)
        self.sifted = sifted
        self.endResetModel()
        self._ahead.start()

    def _prepare(self) -> None:
        if not self.sifted.prepare(_SLICE):
            self._ahead.stop()

    def replace(self, line: ArticleLine) -> bool:
        """Another value for one line, which stays in view; tells whether sifting again would move it."""
        moves = self.sifted.replace(line)
        row = self.sifted.row_of(line.key)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))
        return moves

    def ask(self, sift: Sift) -> bool:
        """Sift otherwise; tells whether that is anything new."""
        if sift == self.sifted.sift:
            return False
        self.beginResetModel()
        self.sifted.ask(sift)
        self.endResetModel()
        return True

    def sift_again(self) -> None:
        self.beginResetModel()
        self.sifted.again()
        self.endResetModel()

    def row_of(self, key: int | None) -> int:
        return self.sifted.row_of(key)

    def key_at(self, row: int) -> int | None:
        return self.sifted.key_at(row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.sifted.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.sifted.lines[self.sifted.rows[index.row()]]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(line)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return tip(line).replace("\n", ", ")
        return None


class ArticlesView(ColumnView):
    """The cards. Arrows move a cursor; a click or Enter chooses."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Articles"), parent)
        self.clicked.connect(self._choose)

    def set_card_height(self, height: int) -> None:
        self.set_row_height(height)
        self.verticalScrollBar().setSingleStep(height // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
            event.accept()
        else:
            super().keyPressEvent(event)

    def _choose(self, index: Index) -> None:
        if index.isValid():
            self.chosen.emit(index.data(LINE_ROLE).key)
