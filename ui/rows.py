"""A list of rows, the same for spans, notes, steps, keys and recent projects: one model and one painter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.model import Label
from ui.column import ColumnView
from ui.parts import draw_line, one_line, paint_badge, resized
from ui.theme import LIGHT, Theme, icon, line

Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
# Texts of which the width is remembered: with every label made, all rows in view are painted again.
_MEASURED = 500
SIDE = 14
STEP = 10
DEEPEST = 6
PAD = 14
# Pixels; in a wider list the word at the end of a row would stand too far from what it is about.
WIDEST = 1000


class ListRow(NamedTuple):
    """What one row shows. `key` is what is told when it is chosen; a row without one is a heading.

    `right` with `boxed` is one key, or several with two blanks between them.

    `tip` may be a function, for what is dear to make and seldom asked for.
    """

    text: str
    key: Any = None
    below: str = ""
    right: str = ""
    after: str = ""
    indent: int = 0
    label: Label | None = None
    icon: str = ""
    muted: bool = False
    boxed: bool = False
    tip: str | Callable[[], str] = ""

    @property
    def heading(self) -> bool:
        return self.key is None


class Rows(Sequence[ListRow]):
    """Rows that are made as they are asked for, and know where a key stands without making them. None has a line below."""

    def row_of(self, key: Any) -> int:
        raise NotImplementedError


class RowsModel(QAbstractListModel):
    """The rows as Qt asks for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[ListRow] = ()
        self.tall = False
        self._count = 0

    def show(self, rows: Sequence[ListRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self._count = len(rows)
        self.tall = not isinstance(rows, Rows) and any(row.below for row in rows)
        self.endResetModel()

    def change(self, rows: Sequence[ListRow], gone: Iterable[int], new: Iterable[int]) -> None:
        """Other rows that differ from those shown by some that are `gone` and some that are `new`, told by place."""
        for row in sorted(gone, reverse=True):
            self.beginRemoveRows(QModelIndex(), row, row)
            self._count -= 1
            self.endRemoveRows()
        self.rows = rows
        for row in sorted(new):
            self.beginInsertRows(QModelIndex(), row, row)
            self._count += 1
            self.endInsertRows()
        assert self._count == len(rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return (row.tip() if callable(row.tip) else row.tip) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = row.label.name if row.label else ""
            return ", ".join(part for part in (name, row.text, row.below, row.after, row.right) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return _ROW


class RowsView(ColumnView):
    """Rows of one height. A click, Enter or the space bar chooses; arrows only move the cursor."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.rows = RowsModel(self)
        self.setModel(self.rows)
        self.painter = RowPainter(self)
        self.setItemDelegate(self.painter)
        self._fit()
        self.clicked.connect(lambda index: self._choose(index.row()))

    def show_rows(self, rows: Sequence[ListRow]) -> None:
        """Other rows; the cursor and the scroll stay where they can."""
        key = self._key_at(self.currentIndex().row())
        place = self.verticalScrollBar().value()
        self.rows.show(rows)
        self._fit()
        self.doItemsLayout()
        if key is not None:
            self._put_cursor(self.row_of(key))
        self.verticalScrollBar().setValue(place)

    def _fit(self) -> None:
        self.painter.take_font()
        height = self.painter.height()
        self.set_row_height(height)
        self.verticalScrollBar().setSingleStep(height)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "painter"):
            self._fit()

    def sizeHintForRow(self, row: int) -> int:
        return self.painter.height()

    def pick(self, key: Any) -> None:
        """Mark the row of that key, bring it into view and put the cursor there; None marks nothing."""
        if key == self.painter.picked and (key is None or self._key_at(self.currentIndex().row()) == key):
            return
        self.painter.picked = key
        self._put_cursor(self.row_of(key))
        self.reveal()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() < event.oldSize().height():
            # A card that opens above must not push the row it belongs to out of view.
            QTimer.singleShot(0, self, self.reveal)

    def reveal(self) -> None:
        """Bring the picked row into view."""
        row = self.row_of(self.painter.picked)
        if row >= 0:
            self.scrollTo(self.rows.index(row))

    @property
    def picked(self) -> Any:
        return self.painter.picked

    def row_of(self, key: Any) -> int:
        """The row of that key, -1 if there is none."""
        if key is None:
            return -1
        if isinstance(self.rows.rows, Rows):
            return self.rows.rows.row_of(key)
        return next((number for number, row in enumerate(self.rows.rows) if row.key == key), -1)

    def set_theme(self, theme: Theme) -> None:
        self.painter.theme = theme
        self.viewport().update()

    def _key_at(self, row: int) -> Any:
        return self.rows.rows[row].key if 0 <= row < len(self.rows.rows) else None

    def _put_cursor(self, row: int) -> None:
        if row >= 0:
            self.setCurrentIndex(self.rows.index(row))

    def _choose(self, row: int) -> None:
        key = self._key_at(row)
        if key is not None:
            self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex().row())
            event.accept()
        elif event.key() == Qt.Key.Key_Up and not self._above():
            # A heading must come back into view with the first row below it.
            self.scrollToTop()
        else:
            super().keyPressEvent(event)

    def _above(self) -> bool:
        here = self.currentIndex().row()
        return any(not row.heading for row in self.rows.rows[max(0, here - 3) : here]) if here >= 0 else True


class _Faces:
    """The fonts of a list and their measures, which would cost as much as painting if they were made for every row."""

    def __init__(self, font: QFont) -> None:
        self.font, self.small = font, resized(font, 0.9)
        self.metrics, self.small_metrics = QFontMetrics(self.font), QFontMetrics(self.small)
        self.heading = resized(font, 0.85)
        self.heading.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        # Of methods of Qt's the cache would ask for their documentation, which takes 1 ms to make.
        self.width = lru_cache(_MEASURED)(self._width)
        self.small_width = lru_cache(_MEASURED)(self._small_width)
        self.elided = lru_cache(_MEASURED)(self._elided)

    def _width(self, text: str) -> int:
        return self.metrics.horizontalAdvance(text)

    def _small_width(self, text: str) -> int:
        return self.small_metrics.horizontalAdvance(text)

    def _elided(self, text: str, room: int) -> str:
        return self.metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, room)


class RowPainter(QStyledItemDelegate):
    """Paints a row: badge or icon, text with what follows it, a word at the right, a quieter line below."""

    def __init__(self, view: RowsView) -> None:
        super().__init__(view)
        self._view = view
        self.theme: Theme = LIGHT
        self.picked: Any = None
        self.pad = PAD
        self._faces = _Faces(view.font())
        self._around, self._direction = QRect(), view.layoutDirection()

    def _there(self, box: QRect) -> QRect:
        return QStyle.visualRect(self._direction, self._around, box)

    def take_font(self) -> None:
        """The view may have another font."""
        if self._view.font() != self._faces.font:
            self._faces = _Faces(self._view.font())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, self.height())

    def height(self) -> int:
        """The height of every row."""
        height = self._faces.metrics.height() + 11
        if self._view.rows.tall:
            height += self._faces.small_metrics.height() + 3
        return height

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._view.rows.rows[index.row()]
        # Everything is measured from left to right, and mirrored in `_there` when it is painted.
        rect: QRect = option.rect
        self._around, self._direction = rect, self._view.layoutDirection()
        painter.save()
        try:
            if row.heading:
                self._heading(painter, rect, row)
            else:
                self._ground(painter, rect, option, row)
                box = rect.adjusted(self.pad, 0, -PAD, 0)
                box.setWidth(min(box.width(), WIDEST))
                self._content(painter, box, row)
        finally:
            painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, row: ListRow) -> None:
        painter.setFont(self._faces.heading)
        painter.setPen(QColor(self.theme.warning if row.icon == "warning" else self.theme.muted))
        box = rect.adjusted(self.pad, 0, -PAD, -4)
        text = painter.fontMetrics().elidedText(row.text.upper(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(self._there(box), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom, text)

    def _ground(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, row: ListRow) -> None:
        state: QStyle.StateFlag = option.state
        if row.key == self.picked:
            painter.fillRect(rect, QColor(self.theme.current_row))
            edge = QRect(rect.left(), rect.top(), 3, rect.height())
            painter.fillRect(self._there(edge), QColor(self.theme.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(self.theme.hover))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.focus), 1.6))
            painter.drawRoundedRect(QRectF(rect).adjusted(4, 1.5, -4, -1.5), 5, 5)

    def _content(self, painter: QPainter, box: QRect, row: ListRow) -> None:
        metrics, small = self._faces.metrics, self._faces.small_metrics
        top = box.top() + 5 if self._view.rows.tall else box.top() + (box.height() - metrics.height()) // 2
        first = QRect(box.left() + STEP * min(row.indent, DEEPEST), top, box.width(), metrics.height())
        first.setRight(box.right())
        first = self._sign(painter, first, row)
        second = QRect(first.left(), first.bottom() + 3, first.width(), small.height())
        self._first_line(painter, first, row)
        if row.below:
            painter.setFont(self._faces.small)
            painter.setPen(QColor(self.theme.muted))
            below = small.elidedText(one_line(row.below), Qt.TextElideMode.ElideRight, second.width())
            draw_line(painter, self._there(second), below)

    def _sign(self, painter: QPainter, first: QRect, row: ListRow) -> QRect:
        """Badge or icon at the head; returns the room that is left."""
        if row.label is None and not row.icon:
            return first
        middle = first.top() + (first.height() - SIDE) / 2
        if row.label is not None:
            place = self._there(QRect(first.left(), round(middle), SIDE, SIDE))
            paint_badge(painter, QRectF(place), line(row.label, self.theme), row.label.key, self.theme)
        else:
            colour = self.theme.warning if row.icon == "warning" else self.theme.muted
            icon(row.icon, colour).paint(
                painter, self._there(QRect(first.left() - 1, round(middle) - 1, 16, 16))
            )
        return first.adjusted(SIDE + 9, 0, 0, 0)

    def _first_line(self, painter: QPainter, first: QRect, row: ListRow) -> None:
        faces = self._faces
        painter.setFont(faces.small)
        painter.setPen(QColor(self.theme.muted))
        room = first.width()
        if row.right:
            taken = 0
            for part in reversed(row.right.split("  ") if row.boxed else [row.right]):
                wide = faces.small_width(part)
                box = self._there(QRect(first.right() - taken - wide, first.top(), wide + 1, first.height()))
                draw_line(painter, box, part)
                if row.boxed:
                    _keycap(painter, box, self.theme)
                    painter.setPen(QColor(self.theme.muted))
                taken += wide + (16 if row.boxed else 10)
            room -= taken
        tail = faces.small_width(row.after) + 6 if row.after else 0
        text = faces.elided(row.text, max(0, room - tail))
        if row.after:
            start = first.left() + faces.width(text) + 6
            after = QRect(start, first.top(), tail, first.height())
            draw_line(painter, self._there(after), row.after)
        painter.setFont(faces.font)
        painter.setPen(QColor(self.theme.muted if row.muted else self.theme.text))
        draw_line(painter, self._there(QRect(first.left(), first.top(), room, first.height())), text)


def _keycap(painter: QPainter, box: QRect, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.border_strong), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(-5.5, 0.5, 4.5, -0.5), 4, 4)
