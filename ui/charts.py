"""Pictures of counts, painted natively in the colours of the theme; each can also be read as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.model import Label
from ui.parts import mirror, number, paint_badge, resized, words
from ui.theme import LIGHT, Theme, line, mix

_ROW = 28
_BADGE = 16
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeading | _MIDDLE, Qt.AlignmentFlag.AlignTrailing | _MIDDLE


@dataclass(frozen=True)
class Bar:
    """One piece of a picture: what it is called, how much it is, its colour, and the letter that goes with the colour."""

    name: str
    value: int
    colour: str
    letter: str = ""


def bar_of(label: Label | None, name: str, value: int, theme: Theme) -> Bar:
    """A label's count in the label's colour; grey for one that the scheme has lost."""
    if label is None:
        return Bar(words(name), value, theme.muted, "?")
    return Bar(words(name), value, line(label, theme), label.key or label.name)


class Chart(QWidget):
    """What all pictures have in common. `said` is the picture in words, for a screen reader."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tips: list[tuple[QRectF, str]] = []

    def say(self, text: str) -> None:
        self.setAccessibleDescription(text)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._tips = []
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint(painter)
        finally:
            painter.end()

    def paint(self, painter: QPainter) -> None:
        raise NotImplementedError

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            there = [text for rect, text in self._tips if rect.contains(event.pos())]
            QToolTip.showText(event.globalPos(), there[0] if there else "", self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def _there(self, box: QRectF) -> QRectF:
        """Pictures are measured from left to right, and mirrored when they are painted."""
        return mirror(box, QRectF(self.rect()), self.layoutDirection())

    def _text(self, painter: QPainter, rect: QRectF, text: str, colour: str, side: Qt.AlignmentFlag) -> None:
        painter.setPen(QColor(colour))
        painter.drawText(self._there(rect), int(side) | int(Qt.TextFlag.TextSingleLine), text)


class Shares(Chart):
    """What is divided, and a screen reader is told: names with their counts."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._bars: Sequence[Bar] = ()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = bars
        self.say(", ".join(f"{bar.name} {bar.value}" for bar in bars))


class Bars(Shares):
    """A row for each: badge, name, a bar as long as its share of the largest, count and percentage."""

    def sizeHint(self) -> QSize:
        return QSize(280, max(1, len(self._bars)) * _ROW)

    def paint(self, painter: QPainter) -> None:
        total, most = sum(bar.value for bar in self._bars), max((bar.value for bar in self._bars), default=0)
        metrics = QFontMetricsF(self.font())
        names = min(160.0, max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0.0))
        counts = max((metrics.horizontalAdvance(_share(bar.value, total)) for bar in self._bars), default=0.0)
        left = _BADGE + 10 + names + 12
        room = max(20.0, self.width() - left - counts - 12)
        for row, bar in enumerate(self._bars):
            top = row * _ROW
            box = self._there(QRectF(0, top + (_ROW - _BADGE) / 2, _BADGE, _BADGE))
            paint_badge(painter, box, bar.colour, bar.letter, self.theme)
            shown = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, names)
            self._text(painter, QRectF(_BADGE + 10, top, names + 2, _ROW), shown, self.theme.text, _LEFT)
            wide = room * bar.value / most if most else 0
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.theme.hover))
            painter.drawRoundedRect(self._there(QRectF(left, top + 8, room, _ROW - 16)), 4, 4)
            painter.setBrush(QColor(bar.colour))
            part = QRectF(left, top + 8, max(wide, 2.0 if bar.value else 0.0), _ROW - 16)
            painter.drawRoundedRect(self._there(part), 4, 4)
            place = QRectF(self.width() - counts - 2, top, counts + 2, _ROW)
            self._text(painter, place, _share(bar.value, total), self.theme.muted, _RIGHT)


class Segments(Shares):
    """One bar in parts, with a legend under it."""

    def sizeHint(self) -> QSize:
        return QSize(280, 38)

    def paint(self, painter: QPainter) -> None:
        total, x = max(1, sum(bar.value for bar in self._bars)), 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        for bar in self._bars:
            wide = self.width() * bar.value / total
            painter.setBrush(QColor(bar.colour))
            if wide:
                painter.drawRect(self._there(QRectF(x, 0, max(1.0, wide - 1), 10)))
            x += wide
        x = 0.0
        metrics = QFontMetricsF(self.font())
        for bar in self._bars:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(bar.colour))
            painter.drawRoundedRect(self._there(QRectF(x, 21, 9, 9)), 2, 2)
            text = f"{bar.name} {number(bar.value)}"
            wide = metrics.horizontalAdvance(text)
            self._text(painter, QRectF(x + 14, 16, wide + 2, 20), text, self.theme.muted, _LEFT)
            x += wide + 32


class Columns(Chart):
    """A column for each step along the way, of parts one over the other; the first and last steps are named."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._steps: Sequence[tuple[str, Sequence[Bar]]] = ()

    def show_steps(self, steps: Sequence[tuple[str, Sequence[Bar]]]) -> None:
        """Each step with its name and its parts."""
        self._steps = steps
        self.say(", ".join(f"{name}: {sum(bar.value for bar in bars)}" for name, bars in steps))

    def sizeHint(self) -> QSize:
        return QSize(280, 150)

    def paint(self, painter: QPainter) -> None:
        if not self._steps:
            return
        small = resized(self.font(), 0.9)
        painter.setFont(small)
        metrics = QFontMetricsF(small)
        most = max(sum(bar.value for bar in bars) for _, bars in self._steps)
        head, foot = metrics.height() + 4, metrics.height() + 6
        ground = QRectF(0, head, self.width(), self.height() - head - foot)
        self._text(painter, QRectF(0, 0, self.width(), head), number(most), self.theme.muted, _LEFT)
        painter.fillRect(QRectF(0, head - 1, self.width(), 1), QColor(self.theme.border))
        painter.fillRect(QRectF(0, ground.bottom(), self.width(), 1), QColor(self.theme.border_strong))
        pitch = min(64.0, ground.width() / len(self._steps))
        for at, (name, bars) in enumerate(self._steps):
            self._column(painter, QRectF(at * pitch, ground.top(), pitch, ground.height()), name, bars, most)
        self._names(painter, metrics, pitch, QRectF(0, ground.bottom() + 2, self.width(), foot))

    def _column(self, painter: QPainter, rect: QRectF, name: str, bars: Sequence[Bar], most: int) -> None:
        gap = min(4.0, rect.width() * 0.2)
        y = rect.bottom()
        painter.setPen(Qt.PenStyle.NoPen)
        for bar in bars:
            high = rect.height() * bar.value / most if most else 0
            part = QRectF(rect.left() + gap / 2, y - high, rect.width() - gap, max(0.0, high - 0.5))
            painter.fillRect(self._there(part), QColor(bar.colour))
            y -= high
        parts = "\n".join(f"{bar.name}: {number(bar.value)}" for bar in bars if bar.value)
        self._tips.append((self._there(rect), f"{name}\n{parts}" if parts else f"{name}\n0"))

    def _names(self, painter: QPainter, metrics: QFontMetricsF, pitch: float, rect: QRectF) -> None:
        """As many names as have room, the first one always."""
        free = -1.0
        for at, (name, _) in enumerate(self._steps):
            wide, x = metrics.horizontalAdvance(name), at * pitch
            x = min(x, max(0.0, rect.width() - wide))
            if x > free:
                self._text(
                    painter, QRectF(x, rect.top(), wide + 2, rect.height()), name, self.theme.muted, _LEFT
                )
                free = x + wide + 14


def _share(value: int, total: int) -> str:
    """198 · 27 %"""
    return f"{number(value)} · {round(100 * value / total) if total else 0}\u00a0%"


def faint(theme: Theme) -> str:
    """For what is not done yet."""
    return mix(theme.panel, theme.muted, 0.28)


def figure_font(font: QFont) -> QFont:
    """For the few large numbers of a page."""
    return resized(font, 1.7, QFont.Weight.DemiBold)
