"""Paints spans over the visible text: tints, underlines in lanes, brackets, letters, the picked one. Decides nothing.

All functions get a painter whose origin is the column's left edge at the top of the block (or, for brackets, of the
page), so that they know nothing of scrolling.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen

from desktop.colours import Vision, distance
from desktop.model import Label, Scheme
from ui.blocks import Piece, Type
from ui.sheet import Letter, Mark
from ui.theme import Theme, line, mix, tint

# Underlines nearer to each other than this (CIEDE2000), to anybody's eyes, must differ in more than their colour.
APART = 12
# The first labels of a scheme have plain underlines as far as their colours allow, all others a pattern by their place.
PLAIN_LABELS = 4
PATTERNS: tuple[tuple[float, ...], ...] = ((9, 2), (5, 1.5, 1, 1.5), (2.5, 1.5), (8, 1.5, 1, 1.5, 1, 1.5))
DASHED: tuple[float, ...] = (3, 2)
RADIUS = 3.0
HANDLE = 4.0


@dataclass(frozen=True)
class Style:
    """The colours of one label in one theme; `pattern` is empty for an unbroken underline, which may be `double`."""

    line: QColor
    tint: QColor
    strong: QColor
    faint: QColor
    letter: str
    pattern: tuple[float, ...] = ()
    double: bool = False


class Look:
    """All that painting needs to know of theme, scheme and size."""

    def __init__(self, theme: Theme, scheme: Scheme | None, kind: Type, sans: str) -> None:
        self.theme = theme
        self.kind = kind
        self.letter_font = QFont(sans)
        self.letter_font.setPixelSize(max(7, round(9 * kind.scale)))
        self.letter_font.setBold(True)
        labels = scheme.labels if scheme else ()
        kinds = _underlines(tuple(line(label, theme) for label in labels))
        self.styles = {
            label.name: _style(label, theme, *found) for label, found in zip(labels, kinds, strict=True)
        }
        self.seam = QColor(theme.page)
        grey = QColor(theme.muted)
        plain = QColor(mix(theme.page, theme.muted, 0.2))
        self._unknown = Style(grey, plain, plain, plain, "?")

    def style(self, label: str) -> Style:
        """The style of a label; grey with a question mark for one the scheme has lost."""
        return self.styles.get(label, self._unknown)

    @property
    def column_width(self) -> float:
        """How far apart brackets stand."""
        return 15 * self.kind.scale

    def margin(self, columns: int) -> int:
        """The room that so many columns of brackets need beside the text."""
        return round(columns * self.column_width + 10 * self.kind.scale) if columns else 0


@lru_cache(maxsize=16)
def _underlines(lines: Sequence[str]) -> tuple[tuple[tuple[float, ...], bool], ...]:
    """For the underlines of a scheme in these colours: pattern, and whether it is double.

    Of the first few, one whose colour somebody may take for that of an earlier one is double, or has a pattern.
    """
    kinds = [((), False), ((), True), *((pattern, False) for pattern in PATTERNS)]
    found: list[tuple[tuple[float, ...], bool]] = []
    for number, colour in enumerate(lines):
        free = [
            kind
            for kind in kinds
            if not any(
                other == kind and alike(colour, before) for before, other in zip(lines, found, strict=False)
            )
        ]
        later = (PATTERNS[(number - PLAIN_LABELS) % len(PATTERNS)], False)
        found.append(later if number >= PLAIN_LABELS or not free else free[0])
    return tuple(found)


def alike(one: str, other: str) -> bool:
    """Whether anybody, dichromats too, may take one colour of an underline for the other."""
    return any(distance(one, other, vision) < APART for vision in get_args(Vision))


def _style(label: Label, theme: Theme, pattern: tuple[float, ...], double: bool) -> Style:
    colour, ground = line(label, theme), tint(label, theme)
    return Style(
        QColor(colour), QColor(ground), QColor(mix(ground, colour, 0.16)), QColor(mix(theme.page, ground, 0.55)),
        (label.key or label.name)[:1].upper(), pattern, double,
    )  # fmt: skip


def box(kind: Type, pitch: int, piece: Piece, lane: int, inset: int = 0) -> QRectF:
    """The box of a piece: from above its capitals down to its lane."""
    top = piece.line * pitch + kind.head - kind.scale + inset * 1.6 * kind.scale
    bottom = lane_y(kind, pitch, piece.line, lane)
    return QRectF(piece.left, top, piece.right - piece.left, bottom - top)


def lane_y(kind: Type, pitch: int, number: int, lane: int) -> float:
    """The middle of a lane under a line."""
    return number * pitch + kind.head + kind.ascent + kind.descent + lane * kind.lane


def paint_tints(painter: QPainter, look: Look, marks: Iterable[Mark], pitch: int, lit: int | None, picked: int | None,
                dashed: Collection[int] = ()) -> None:  # fmt: skip
    """The grounds of short spans, and of a long one that is hovered or picked."""
    painter.setPen(Qt.PenStyle.NoPen)
    for mark in marks:
        key = mark.span.key
        marked = key in (lit, picked)
        if (mark.long and not marked) or (key in dashed and not marked):
            continue
        style = look.style(mark.span.label)
        lane = 0 if mark.long else mark.lane
        painter.setBrush(style.faint if mark.long else style.strong if marked else style.tint)
        for piece in mark.pieces:
            rect = box(look.kind, pitch, piece, lane, mark.inset)
            if mark.inset:
                # A seam, so that a span inside one of its own label is seen.
                painter.fillRect(rect.adjusted(-1, -1, 1, 0), look.seam)
            _ground(painter, rect, piece)


def _ground(painter: QPainter, rect: QRectF, piece: Piece) -> None:
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    # Square where the span goes on in another line.
    half = rect.width() / 2
    if not piece.first:
        painter.drawRect(QRectF(rect.left(), rect.top(), half, rect.height()))
    if not piece.last:
        painter.drawRect(QRectF(rect.left() + half, rect.top(), half, rect.height()))


def paint_lines(painter: QPainter, look: Look, marks: Iterable[Mark], pitch: int, lit: int | None, picked: int | None,
                dashed: Collection[int] = ()) -> None:  # fmt: skip
    """The underlines, each in its lane, and the dotted threads between the fragments of one span."""
    kind = look.kind
    for mark in marks:
        style, key = look.style(mark.span.label), mark.span.key
        marked = key in (lit, picked)
        pattern = DASHED if key in dashed else style.pattern
        thick = (2.8 if marked else 2.0) * kind.scale
        painter.setPen(_pen(style.line, thick, pattern))
        end = thick * 0.35
        for piece in mark.pieces:
            y = lane_y(kind, pitch, piece.line, mark.lane)
            if style.double and not pattern:
                _double(painter, style.line, piece.left + end, piece.right - end, y, thick)
            else:
                painter.drawLine(QLineF(piece.left + end, y, piece.right - end, y))
        if mark.gaps:
            painter.setPen(_pen(style.line, max(1.0, kind.scale), (1, 2.5)))
            for piece in mark.gaps:
                y = lane_y(kind, pitch, piece.line, mark.lane)
                painter.drawLine(QLineF(piece.left, y, piece.right, y))


def _double(painter: QPainter, colour: QColor, left: float, right: float, y: float, thick: float) -> None:
    """Two strokes with a gap between them, on whole pixels: they would run together."""
    stroke = max(1, round(thick / 2))
    top = round(y) - stroke - stroke // 2
    for place in (top, top + 2 * stroke):
        painter.fillRect(QRectF(left, place, right - left, stroke), colour)


def _pen(colour: QColor, width: float, pattern: tuple[float, ...] = ()) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if pattern:
        pen.setDashPattern(pattern)
    return pen


def paint_letters(painter: QPainter, look: Look, letters: Iterable[Letter], pitch: int) -> None:
    """The letter of each short span at its end, in the gap above the line."""
    painter.setFont(look.letter_font)
    drop = look.kind.head + 2 * look.kind.scale
    for letter in letters:
        style = look.style(letter.label)
        painter.setPen(style.line)
        painter.drawText(QPointF(letter.x, letter.line * pitch + drop), style.letter)


@dataclass(frozen=True)
class Bracket:
    """The reach of a long span in the margin: its column, and its top and bottom; `right` on the right-hand side."""

    key: int
    label: str
    column: int
    top: float
    bottom: float
    right: bool


def bracket_x(look: Look, bracket: Bracket, width: float) -> float:
    """Where the upright of a bracket stands, measured from the column's left edge."""
    out = 10 * look.kind.scale + bracket.column * look.column_width
    return width + out if bracket.right else -out


def paint_bracket(
    painter: QPainter, look: Look, bracket: Bracket, width: float, *, marked: bool, dashed: bool
) -> None:
    """An upright with two hooks towards the text, and the label's letter at its top."""
    scale, style = look.kind.scale, look.style(bracket.label)
    x = bracket_x(look, bracket, width)
    towards = -1 if bracket.right else 1
    hook = x + towards * 5.5 * scale
    colour = QColor(style.line)
    colour.setAlphaF(1.0 if marked else 0.78)
    pen = _pen(colour, (3.0 if marked else 2.0) * scale, DASHED if dashed else ())
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    curve = min(3 * scale, (bracket.bottom - bracket.top) / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for end, inwards in ((bracket.top, curve), (bracket.bottom, -curve)):
        path = QPainterPath(QPointF(hook, end))
        path.lineTo(x + towards * curve, end)
        path.quadTo(x, end, x, end + inwards)
        painter.strokePath(path, pen)
    # The upright apart: as a part of the path it would cost by its length, 3 ms over a page.
    painter.setPen(pen)
    painter.drawLine(QLineF(x, bracket.top + curve, x, bracket.bottom - curve))
    painter.setFont(look.letter_font)
    painter.setPen(style.line)
    left = x - towards * 2.5 * scale - (0 if bracket.right else 7 * scale)
    painter.drawText(QPointF(left, bracket.top + 7 * scale), style.letter)


def paint_outline(
    painter: QPainter, look: Look, pieces: Iterable[Piece], label: str, pitch: int, lane: int
) -> None:
    """The outline of the picked span, line by line."""
    colour = look.style(label).line
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.8 * look.kind.scale))
    for piece in pieces:
        rect = box(look.kind, pitch, piece, lane).adjusted(-2.5, -2.0, 2.5, 2.5)
        painter.drawRoundedRect(rect, RADIUS + 2, RADIUS + 2)


def handle_box(kind: Type, pitch: int, number: int, x: float, *, closing: bool) -> QRectF:
    """The knob at an end of the picked span: at the top of its start, at the bottom of its end."""
    y = number * pitch + kind.head - 3 * kind.scale
    if closing:
        y = lane_y(kind, pitch, number, 0) + 3 * kind.scale
    reach = HANDLE * kind.scale
    return QRectF(x - reach, y - reach, 2 * reach, 2 * reach)


def paint_handle(
    painter: QPainter, look: Look, label: str, pitch: int, number: int, x: float, *, closing: bool
) -> None:
    """A knob with a stem over the height of the line."""
    colour, kind = look.style(label).line, look.kind
    knob = handle_box(kind, pitch, number, x, closing=closing)
    painter.setPen(QPen(colour, 2.4 * kind.scale))
    top = number * pitch + kind.head - 2 * kind.scale
    painter.drawLine(QLineF(x, top, x, lane_y(kind, pitch, number, 0) + 2 * kind.scale))
    painter.setPen(QPen(QColor(look.theme.page), 1.2 * kind.scale))
    painter.setBrush(QBrush(colour))
    painter.drawEllipse(knob)
