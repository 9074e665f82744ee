"""The reading mark: how far the article was read, painted as a quiet line from there to the margin."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ui.theme import Theme
from ui.words import later, tr

SAID = later("read to here")


def foot(text: str, position: int) -> int:
    """Where the mark is drawn: behind the last letter that was read, not at the head of the next paragraph."""
    position = min(position, len(text))
    while position > 0 and text[position - 1].isspace():
        position -= 1
    return position


def paint(
    painter: QPainter,
    theme: Theme,
    font: QFont,
    scale: float,
    at: QPointF,
    column: QRectF,
    room: float,
    leftward: bool,
) -> None:
    """A tick at `at`, the foot of the line that holds the mark, and a line from it past the edge of `column`.

    `room` is the width of the margin there: the words stand in it after the line, or upright where it is narrow.
    """
    words = QFont(font)
    words.setPixelSize(max(8, round(9.5 * scale)))
    metrics = QFontMetricsF(words)
    width, way = metrics.horizontalAdvance(tr(SAID)), -1 if leftward else 1
    edge = column.left() if leftward else column.right()
    beside = room >= width + 16 * scale
    at = QPointF(
        round(at.x()) + 0.5, round(at.y()) - 0.5
    )  # in the middle of pixels, so that the lines are sharp
    end = edge + way * (6 * scale if beside else min(room, metrics.ascent() + 6))
    painter.save()
    try:
        painter.setPen(QPen(QColor(theme.border_strong), 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(at, QPointF(end, at.y())))
        painter.drawLine(QLineF(at, at - QPointF(0, 4 * scale)))
        painter.setPen(QColor(theme.muted))
        painter.setFont(words)
        if beside:
            left = end + 4 * scale if way > 0 else end - 4 * scale - width
            painter.drawText(QPointF(left, at.y() + metrics.ascent() - metrics.height() / 2), tr(SAID))
        else:
            # Beside the lines that were read, as a note in the margin.
            painter.translate(edge - 4 if leftward else end - 2, at.y() - 4)
            painter.rotate(-90)
            painter.drawText(QPointF(0, 0), tr(SAID))
    finally:
        painter.restore()
