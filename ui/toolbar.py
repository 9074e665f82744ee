"""The row above the article: a button for each label with its key, undo and redo, the way to the next article."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop.model import Label, Scheme
from ui import theme as themes
from ui.parts import FlowLayout, mirror
from ui.theme import Theme
from ui.words import number, plural, tr

_HEIGHT = 32
_PAD = 11
_LINES = 2
# Pixels of a label's name, and lines: the first of these is taken with which all labels have room. Where none does, the
# first labels are shown with names of middle length, and a button leads to the others.
_TIGHTER = ((190, _LINES), (90, _LINES), (40, _LINES), (0, _LINES + 1))
_AMONG_MANY = 90


class LabelButton(QAbstractButton):
    """A label: its colour, its name and its key. Checked while the picked span carries it."""

    def __init__(self, label: Label, theme: Theme) -> None:
        super().__init__()
        self.label = label
        self._theme = theme
        self.setText(label.name.replace("_", " ").capitalize())
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(tr("Label {label}, key {key}", label=label.name, key=label.key.upper()))
        self.longest = _TIGHTER[0][0]
        self.sticky = False
        keys = f" ({label.key.upper()})" if label.key else ""
        stick = tr("Shift and a click: every selection with the mouse gets this label.")
        self.setToolTip(f"<p><b>{self.text()}</b>{keys}</p><p>{label.description}</p><p>{stick}</p>")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def nextCheckState(self) -> None:
        """The window says which is checked, a click does not."""

    def sizeHint(self) -> QSize:
        key = self._key_width() + 8 if self.label.key else 0
        name = self._name()
        wide = 16 + QFontMetrics(self._name_font()).horizontalAdvance(name) if name else 10
        return QSize(_PAD * 2 + wide + key, _HEIGHT)

    def _name(self) -> str:
        longest = self.longest if self.label.key else max(self.longest, 90)
        metrics = QFontMetrics(self._name_font())
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, longest) if longest else ""

    def _name_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _key_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(9, round(self.fontInfo().pixelSize() * 0.82)))
        return font

    def _key_width(self) -> int:
        return QFontMetrics(self._key_font()).horizontalAdvance(self.label.key.upper()) + 10

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        theme, colour = self._theme, QColor(themes.line(self.label, self._theme))
        strong = self.hasFocus() or self.isChecked() or self.sticky
        painter.setPen(
            QColor(
                theme.focus
                if self.hasFocus()
                else colour
                if self.isChecked() or self.sticky
                else theme.border
            )
        )
        ground = theme.hover if self.underMouse() and self.isEnabled() else theme.panel
        painter.setBrush(QColor(themes.tint(self.label, theme) if self.sticky else ground))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 6, 6)
        if strong:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(self._there(QRectF(_PAD, (self.height() - 10) / 2, 10, 10)), 3, 3)
        painter.setPen(QColor(theme.text if self.isEnabled() else theme.muted))
        painter.setFont(self._name_font())
        name = self._there(QRectF(_PAD + 16, 0, self.width(), self.height()))
        painter.drawText(name, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, self._name())
        if self.label.key:
            self._paint_key(painter)

    def _there(self, box: QRectF) -> QRectF:
        return mirror(box, QRectF(self.rect()), self.layoutDirection())

    def _paint_key(self, painter: QPainter) -> None:
        width = self._key_width()
        cap = self._there(
            QRectF(self.width() - _PAD - width + 0.5, (self.height() - 18) / 2 + 0.5, width - 1, 17)
        )
        painter.setPen(QColor(self._theme.border_strong))
        painter.setBrush(QColor(self._theme.window))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(self._key_font())
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.label.key.upper())


class LabelRow(QWidget):
    """The label buttons, side by side; where the window ends they go on in another line."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = FlowLayout(self, gap=8)
        self.more = QToolButton(self)
        self.more.setFixedHeight(_HEIGHT)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.hide()

    def shorten(self, buttons: Sequence[LabelButton], width: int) -> None:
        """Cut the names so far that all fit; the keys always stay. Of too many, those are shown that fit beside `more`."""
        count = len(buttons)
        for longest, lines in _TIGHTER:
            if self._lines(self._cut(buttons, longest), width) <= lines:
                break
        else:
            widths, more = self._cut(buttons, _AMONG_MANY), self.more.sizeHint().width()
            count = 0
            while self._lines([*widths[: count + 1], more], width) <= _LINES:
                count += 1
        self._show(buttons, count)
        self.updateGeometry()

    def _cut(self, buttons: Sequence[LabelButton], longest: int) -> list[int]:
        """Cut the names to so many pixels; how wide each button then is."""
        for button in buttons:
            if button.longest != longest:
                button.longest = longest
                button.updateGeometry()
        return [button.sizeHint().width() for button in buttons]

    def _lines(self, widths: Sequence[int], width: int) -> int:
        """How many lines buttons of these widths take."""
        lines, x = 1, 0
        for wide in widths:
            if x and x + wide > width:
                lines, x = lines + 1, 0
            x += wide + self.flow.spacing()
        return lines

    def _show(self, buttons: Sequence[LabelButton], count: int) -> None:
        for n, button in enumerate(buttons):
            button.setVisible(n < count)
        left = len(buttons) - count
        if not left and self.more.isHidden():
            return
        self.more.setVisible(left > 0)
        self.more.setText(tr("{n} more…", n=number(left)))
        self.more.setToolTip(
            plural("Find {n} more label by its name", "Find {n} more labels by their names", left)
        )
        self.flow.removeWidget(self.more)
        self.flow.addWidget(self.more)

    def sizeHint(self) -> QSize:
        items = [
            item for i in range(self.flow.count()) if (item := self.flow.itemAt(i)) and not item.isEmpty()
        ]
        width = sum(item.sizeHint().width() + self.flow.spacing() for item in items)
        return QSize(max(0, width - self.flow.spacing()), _HEIGHT)


class ActionButton(QToolButton):
    """The button of an action. Qt's own lays the whole window out anew whenever the action's text changes: with every label."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.action = action
        self._shown = 0
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self.action
        self.setEnabled(action.isEnabled())
        self.setToolTip(action.toolTip())
        self.setText(action.iconText())
        if action.icon().cacheKey() != self._shown:
            self._shown = action.icon().cacheKey()
            self.setIcon(action.icon())


class ToolRow(QFrame):
    """All of the row. `labelled` carries the name of the label whose button was pressed, `stuck` with Shift held;
    `sought` that a label is looked for which has no button here."""

    labelled = Signal(str)
    stuck = Signal(str)
    sought = Signal()

    def __init__(
        self, theme: Theme, left: Sequence[QAction], right: Sequence[QAction], primary: QAction
    ) -> None:
        super().__init__()
        self.setObjectName("toolrow")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._labels: list[LabelButton] = []
        self._allowed = True
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(8)
        self._place = LabelRow()
        self._place.more.clicked.connect(self.sought)
        row.addWidget(self._place)
        row.addSpacing(12)
        self._tools: list[tuple[QAction, Callable[[Theme], str]]] = []
        for action in left:
            row.addWidget(self._tool(action, text=False))
        self._middle = row.count()
        row.addStretch(1)
        for action in right:
            row.addWidget(self._tool(action, text=False))
        row.addWidget(self._tool(primary, text=True))
        self.set_theme(theme)

    def _tool(self, action: QAction, *, text: bool) -> QToolButton:
        button = ActionButton(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setFixedHeight(_HEIGHT)
        button.setAccessibleName(action.text().replace("&", ""))
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(style)
        button.setProperty("primary", text)
        action.setIconVisibleInMenu(False)
        self._tools.append((action, _on_accent if text else _ink))
        return button

    def add_tool(self, widget: QWidget) -> None:
        """One more tool, behind those at the left."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(self._middle, widget)
        self._fit()

    def show_labels(self, scheme: Scheme | None) -> None:
        for button in self._labels:
            button.hide()
            button.deleteLater()
        self._labels = [LabelButton(label, self._theme) for label in scheme.labels] if scheme else []
        for button in self._labels:
            button.setEnabled(self._allowed)
            self._place.flow.addWidget(button)
            button.show()  # or it is left out until the event loop has shown it
            button.clicked.connect(lambda _=False, name=button.label.name: self._pressed(name))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the labels need: one line, or two."""
        row = self.layout()
        assert row
        others = row.minimumSize().width() - self._place.minimumSizeHint().width()
        self._place.shorten(self._labels, self.width() - others)
        row.invalidate()
        self.setFixedHeight(row.heightForWidth(self.width()))

    def _pressed(self, name: str) -> None:
        held = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        (self.stuck if held else self.labelled).emit(name)

    def allow(self, on: bool) -> None:
        """Whether labels can be given now."""
        self._allowed = on
        for button in self._labels:
            button.setEnabled(on)

    def show_sticky(self, name: str | None) -> None:
        """Show which label every selection with the mouse gets."""
        for button in self._labels:
            button.sticky = button.label.name == name
            button.update()

    def mark(self, name: str | None) -> None:
        """Show which label the picked span carries."""
        for button in self._labels:
            button.setChecked(button.label.name == name)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for label in self._labels:
            label.set_theme(theme)
        for action, colour in self._tools:
            action.setIcon(themes.icon(action.property("icon_name"), colour(theme)))


def _ink(theme: Theme) -> str:
    return theme.text


def _on_accent(theme: Theme) -> str:
    return theme.on_accent
