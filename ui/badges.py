"""A row of small buttons, one for each label: to choose some of them, or to go where one leads."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.model import Label
from ui.parts import FlowLayout, paint_badge, words
from ui.theme import LIGHT, Theme, line, mix
from ui.words import tr

_SIDE = 24
_SQUARE = 14


class BadgeButton(QAbstractButton):
    """A label's square with its letter. Checked, it stands in a frame."""

    def __init__(self, label: Label, theme: Theme) -> None:
        super().__init__()
        self.label = label
        self._theme = theme
        self.setText(words(label.name))
        self.setAccessibleName(words(label.name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        theme, colour = self._theme, line(self.label, self._theme)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus if self.hasFocus() else colour), 2))
            painter.setBrush(QColor(theme.current_row) if self.isChecked() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 6, 6)
        elif self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(frame, 6, 6)
        inset = (_SIDE - _SQUARE) / 2
        square = QRectF(inset, inset, _SQUARE, _SQUARE)
        shown = colour if self.isEnabled() else mix(theme.panel, colour, 0.35)
        paint_badge(painter, square, shown, self.label.key or self.label.name, theme)


class BadgeRow(QWidget):
    """The buttons of some labels. `chosen` carries the name of the one that was pressed, checked or not."""

    chosen = Signal(str)

    def __init__(self, *, checkable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checkable = checkable
        self._theme = LIGHT
        self._flow = FlowLayout(self, gap=2)
        self.buttons: dict[str, BadgeButton] = {}
        # Never higher than its lines; how many there are, the width says: the least height is that of one.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_labels(self, labels: Sequence[Label], tip: str = "") -> None:
        """Other labels; those checked stay so. `tip` is what a button says, with {label} for its name."""
        if [button.label for button in self.buttons.values()] == list(labels):
            return
        checked = self.checked()
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {label.name: self._make(label, tip) for label in labels}
        for name, button in self.buttons.items():
            button.setChecked(name in checked)
        self.updateGeometry()

    def _make(self, label: Label, tip: str) -> BadgeButton:
        button = BadgeButton(label, self._theme)
        button.setCheckable(self._checkable)
        button.setToolTip(tr(tip, label=words(label.name)) if tip else words(label.name))
        button.clicked.connect(lambda: self.chosen.emit(label.name))
        self._flow.addWidget(button)
        button.show()
        return button

    def checked(self) -> frozenset[str]:
        return frozenset(name for name, button in self.buttons.items() if button.isChecked())

    def check(self, names: Collection[str]) -> None:
        for name, button in self.buttons.items():
            button.setChecked(name in names)

    def sizeHint(self) -> QSize:
        return QSize(len(self.buttons) * (_SIDE + 2), self._flow.heightForWidth(max(_SIDE, self.width())))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for button in self.buttons.values():
            button.set_theme(theme)
