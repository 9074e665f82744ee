"""The head of an article on its page: the title, and a line below it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption

from ui.blocks import Type
from ui.offsets import drawable
from ui.parts import is_rtl
from ui.theme import Theme


class Heading:
    """Title and subtitle over a column of text. `height` is that of both, with the room around them."""

    def __init__(self, sans: str) -> None:
        self.title = self.subtitle = ""
        self.height = 0
        self._sans = sans
        self._title_height = 0
        self._measured: object = None

    def show(self, title: str, subtitle: str) -> None:
        self.title, self.subtitle = title, subtitle

    def measure(self, kind: Type, width: int) -> None:
        """Find the height over a column of that width."""
        asked = (self.title, self.subtitle, width, kind)
        if asked == self._measured:
            return
        self._measured = asked
        title = _high(self.title_font(kind), width, self.title)
        self._title_height = title if self.title else 0
        subtitle = _high(self.small_font(kind), width, self.subtitle)
        below = subtitle + round(22 * kind.scale) if self.subtitle else round(14 * kind.scale)
        self.height = round(28 * kind.scale) + self._title_height + round(6 * kind.scale) + below

    def title_font(self, kind: Type) -> QFont:
        font = QFont(kind.font.family())
        font.setPixelSize(round(kind.font.pixelSize() * 1.34))
        font.setBold(True)
        return font

    def small_font(self, kind: Type) -> QFont:
        """The font of what is said beside the text."""
        font = QFont(self._sans)
        font.setPixelSize(max(9, round(kind.font.pixelSize() * 0.74)))
        return font

    def paint(self, painter: QPainter, theme: Theme, kind: Type, column: QRect) -> None:
        """Paint it into a column whose top is that of the page."""
        box = QRect(column.left(), column.top() + round(28 * kind.scale), column.width(), self._title_height)
        painter.setFont(self.title_font(kind))
        painter.setPen(QColor(theme.text))
        _draw(painter, box, self.title)
        below = QRect(box.left(), box.bottom() + 1 + round(6 * kind.scale), box.width(), self.height)
        painter.setFont(self.small_font(kind))
        painter.setPen(QColor(theme.muted))
        _draw(painter, below, self.subtitle, like=self.title)


def _high(font: QFont, width: int, text: str) -> int:
    return round(_laid(font, width, text, rtl=False).boundingRect().height())


def _draw(painter: QPainter, box: QRect, text: str, *, like: str = "") -> None:
    """On the side where the article begins, whichever way the window runs."""
    _laid(painter.font(), box.width(), text, rtl=is_rtl(like or text)).draw(painter, QPointF(box.topLeft()))


def _laid(font: QFont, width: int, text: str, *, rtl: bool) -> QTextLayout:
    """A text in lines. What QPainter does by itself leaves room at the right for the blank that ends an Arabic line."""
    layout, option = QTextLayout(drawable(text).replace("\n", "\u2028"), font), QTextOption()
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return layout
