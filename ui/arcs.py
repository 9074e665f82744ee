"""The relations of the span that is meant, drawn as arcs over the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from ui.theme import Theme

_HEAD = 6.0


@dataclass(frozen=True)
class Arc:
    """An arrow from one span to another, by key; `dashed` while it is only proposed."""

    head: int
    tail: int
    text: str
    dashed: bool = False


def paint(
    painter: QPainter, theme: Theme, font: QFont, shown: Sequence[tuple[Arc, QRect, QRect, bool]]
) -> None:
    """Draw each arc from the rectangle of its head to that of its tail, both in the painter's coordinates.

    Its type stands at the tail, or at the head where the last value says so: away from the span that is meant.
    """
    small = QFont(font)
    small.setPixelSize(10)
    ink = QColor(theme.accent)
    ink.setAlpha(170)
    for number, (arc, head, tail, at_head) in enumerate(shown):
        path, end, angle = _path(QRectF(head), QRectF(tail), number)
        painter.setPen(QPen(ink, 1.2, Qt.PenStyle.DashLine if arc.dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        _paint_head(painter, theme, end, angle)
        _paint_text(painter, theme, small, arc.text, head if at_head else tail)


def _path(head: QRectF, tail: QRectF, number: int) -> tuple[QPainterPath, QPointF, float]:
    """A flat curve over the text, from top edge to top edge, and where and at which angle its arrow ends."""
    start, end = QPointF(head.center().x(), head.top()), QPointF(tail.center().x(), tail.top())
    rise = 12 + min(16, abs(end.x() - start.x()) / 16) + 4 * (number % 4)
    above = min(start.y(), end.y()) - rise
    first, second = QPointF(start.x(), above), QPointF(end.x(), above)
    path = QPainterPath(start)
    path.cubicTo(first, second, end)
    return path, end, math.atan2(end.y() - second.y(), end.x() - second.x())


def _paint_head(painter: QPainter, theme: Theme, end: QPointF, angle: float) -> None:
    tip = QPainterPath(end)
    for side in (-0.45, 0.45):
        tip.lineTo(end.x() - _HEAD * math.cos(angle + side), end.y() - _HEAD * math.sin(angle + side))
    tip.closeSubpath()
    painter.fillPath(tip, QColor(theme.accent))


def _paint_text(painter: QPainter, theme: Theme, font: QFont, text: str, span: QRect) -> None:
    """The type in the gap over the line, so that it hides no word."""
    metrics = QFontMetricsF(font)
    box = QRectF(0, 0, metrics.horizontalAdvance(text) + 8, metrics.height())
    box.moveBottomLeft(QPointF(span.left(), span.top() + 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(theme.on_accent))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
