"""A section that folds away under its heading, where one quiet line tells what is chosen in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QVBoxLayout, QWidget

from ui.parts import resized
from ui.theme import LIGHT, Theme, icon

_SIGN, _GAP, _INDENT = 16, 8, 24


class FoldHead(QAbstractButton):
    """The heading: Space, Enter or a click unfolds what is below it and folds it away again."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._summary, self._theme = "", LIGHT

    @property
    def summary(self) -> str:
        return self._summary

    def say(self, summary: str) -> None:
        if summary != self._summary:
            self._summary = summary
            self.setAccessibleDescription(summary)
            self.setToolTip(summary)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 16)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        theme, whole = self._theme, self.rect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.hover) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(whole.adjusted(1, 1, -1, -1), 6, 6)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        sign = self._visual(QRect(4, (whole.height() - _SIGN) // 2, _SIGN, _SIGN))
        picture = icon("chevron-down" if self.isChecked() else "chevron-right", theme.muted)
        painter.save()
        if rtl and not self.isChecked():
            painter.translate(2 * sign.center().x() + 1, 0)
            painter.scale(-1, 1)
        picture.paint(painter, sign)
        painter.restore()
        font = resized(self.font(), 1.0, self.font().Weight.DemiBold)
        wide = QFontMetrics(font).horizontalAdvance(self.text())
        title = QRect(_INDENT, 0, min(wide, whole.width() - _INDENT), whole.height())
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        painter.drawText(self._visual(title), self._side(), self.text())
        room = QRect(title.right() + 2 * _GAP, 0, 0, whole.height())
        room.setRight(whole.width() - _GAP)
        if room.width() > 20:
            painter.setFont(self.font())
            painter.setPen(QColor(theme.muted))
            said = self.fontMetrics().elidedText(self._summary, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(self._visual(room), self._side(), said)

    def _visual(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def _side(self) -> int:
        side = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class Fold(QWidget):
    """A heading, and what it folds away: `fill` it with a widget made with `inner` as its parent.

    To put a widget into another after it is made costs Qt a look at the style of all that is in it, each time anew.
    """

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.head, self.inner = FoldHead(title, self), QWidget(self)
        self.body = self.inner
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(self.inner)
        self._within = QVBoxLayout(self.inner)
        self._within.setContentsMargins(_INDENT, 0, 4, 8)
        self.head.toggled.connect(self.inner.setVisible)
        self.inner.setVisible(False)

    def fill(self, body: QWidget) -> None:
        self.body = body
        self._within.addWidget(body)

    def say(self, summary: str) -> None:
        """What is chosen in it, in few words."""
        self.head.say(summary)

    def unfold(self) -> None:
        self.head.setChecked(True)
