"""The page an article is read on, painted: heading, text, spans, selection and caret."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from ui import arcs, marks, readmark
from ui.arcs import Arc
from ui.blocks import Piece
from ui.paper import HANGING, Bounds, Paper


class PageView(Paper):
    """Draws an article and its spans. Knows caret, selection, pick and hover only as things to draw."""

    _read_to = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self._settle()
        painter = QPainter(self.viewport())
        try:
            painter.fillRect(event.rect(), QColor(self._theme.page))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_heading(painter)
            for index in self._visible():
                y = self._block_y(index)
                # A lane may hang into the next block, a letter stand over the one before.
                if (
                    y - HANGING <= event.rect().bottom()
                    and y + self._flow.blocks[index].height + HANGING >= event.rect().top()
                ):
                    self._paint_block(painter, index, event.rect())
            self._paint_read_to(painter)
            self._paint_brackets(painter, event.rect())
            self._paint_picked(painter)
            self._paint_arcs(painter)
            self._paint_caret(painter)
        finally:
            # An exception that leaves a painter open takes the whole process with it.
            painter.end()

    def show_arcs(self, shown: Sequence[Arc]) -> None:
        """The relations to draw over the text."""
        if tuple(shown) != self._arcs:
            self._arcs = tuple(shown)
            self.viewport().update()

    def _paint_arcs(self, painter: QPainter) -> None:
        found = []
        for arc in self._arcs:
            head, tail = self.span_rects(arc.head), self.span_rects(arc.tail)
            if head and tail:
                found.append((arc, head[0], tail[0], arc.tail == self._picked))
        arcs.paint(painter, self._theme, self._heading.small_font(self._flow.kind), found)

    @property
    def read_to(self) -> int:
        """How far the article was read; 0 where nobody has said."""
        return self._read_to

    def show_read_to(self, position: int) -> None:
        """The reading mark; 0 for none."""
        if position != self._read_to:
            self._read_to = position
            self.viewport().update()

    def _paint_read_to(self, painter: QPainter) -> None:
        place = readmark.foot(self.text, self._read_to)
        if not place or self._flow.index_of(place - 1) not in self._visible():
            return
        index, number, x, _ = self._flow.edge(place, closing=True)
        foot = self._block_y(index) + (number + 1) * self._flow.pitch(index) - 1
        width, leftward = self._flow.width, self._flow.blocks[index].rtl
        column = QRectF(self._left, 0, width, self.viewport().height())
        room = self._left if leftward else self.viewport().width() - self._left - width
        font, scale = self._heading.small_font(self._flow.kind), self._flow.kind.scale
        readmark.paint(
            painter, self._theme, font, scale, QPointF(self._left + x, foot), column, room, leftward
        )

    # Coming back

    def top(self) -> tuple[int | None, int]:
        """The character at the top of the view and the pixels of its line above it; none where the heading is."""
        if self._scroll() <= self._heading.height or not self.text:
            return None, self._scroll()
        index = self._visible().start
        number, over = divmod(-self._block_y(index), self._flow.pitch(index))
        return self._flow.position(index, number, 0.0), over

    def show_top(self, position: int | None, over: int) -> None:
        """Scroll to where `top` was, whatever the width and the size of the text are now."""
        for _ in range(4):
            self._settle()
            wanted = over
            if position is not None:
                index, number = self._flow.line_of(min(position, len(self.text)))
                wanted += self._scroll() + self._block_y(index) + number * self._flow.pitch(index)
            self.verticalScrollBar().setValue(wanted)
            if self._scroll() == wanted:
                break
        self._settle()

    def _paint_heading(self, painter: QPainter) -> None:
        y = -self._scroll()
        if y + self._heading.height >= 0:
            column = QRect(self._left, y, self._flow.width, self._heading.height)
            self._heading.paint(painter, self._theme, self._flow.kind, column)

    def _paint_block(self, painter: QPainter, index: int, dirty: QRect) -> None:
        block, y, pitch = self._flow.blocks[index], self._block_y(index), self._flow.pitch(index)
        if block.start == block.end:
            return
        first, last = (dirty.top() - y) // pitch - 1, (dirty.bottom() - y) // pitch + 1
        leaf = self._sheet.leaf(index)
        seen = [m for m in leaf.marks if m.pieces and m.pieces[0].line <= last and m.pieces[-1].line >= first]
        painter.translate(self._left, y)
        marks.paint_tints(painter, self._look, seen, pitch, self._lit, self._picked, self._dashed)
        self._paint_selection(painter, index, pitch)
        marks.paint_lines(painter, self._look, seen, pitch, self._lit, self._picked, self._dashed)
        painter.setPen(QColor(self._theme.text))
        clip = QRectF(dirty.adjusted(0, -pitch, 0, pitch).translated(-self._left, -y))
        marked = [fragment for mark in seen for fragment in mark.span.fragments]
        ink = self._flow.ink(index, (*marked, self._selected()), QColor(self._theme.text))
        self._flow.layout(index).draw(painter, QPointF(0, 0), ink, clip)
        letters = [letter for letter in leaf.letters if first <= letter.line <= last]
        marks.paint_letters(painter, self._look, letters, pitch)
        painter.translate(-self._left, -y)

    def _paint_selection(self, painter: QPainter, index: int, pitch: int) -> None:
        start, end = self._selected()
        block = self._flow.blocks[index]
        if start == end or end <= block.start or start > block.end:
            return
        colour = QColor(self._theme.selection)
        colour.setAlphaF(0.8)
        for piece in self._flow.pieces_in(index, start, end):
            painter.fillRect(marks.box(self._flow.kind, pitch, piece, 0).adjusted(0, -2, 0, 2), colour)

    def _selected(self) -> Bounds:
        return Bounds(min(self._anchor, self._caret), max(self._anchor, self._caret))

    def _paint_brackets(self, painter: QPainter, dirty: QRect) -> None:
        painter.translate(self._left, 0)
        for bracket in self._brackets():
            if bracket.bottom + HANGING < dirty.top() or bracket.top - HANGING > dirty.bottom():
                continue
            marked = bracket.key in (self._lit, self._picked)
            dashed = bracket.key in self._dashed
            marks.paint_bracket(painter, self._look, bracket, self._flow.width, marked=marked, dashed=dashed)
        painter.translate(-self._left, 0)

    def _paint_picked(self, painter: QPainter) -> None:
        span = self._sheet.span(self._picked)
        if span is None:
            return
        stretches = [self._moving] if self._moving else span.fragments
        long = self._sheet.is_long(span.key) and not self._moving
        for index in self._visible():
            y, pitch = self._block_y(index), self._flow.pitch(index)
            lane = 0 if long else self._sheet.lane(span.key, index)
            painter.translate(self._left, y)
            pieces: list[Piece] = []
            for start, end in stretches:
                pieces += self._inside(index, start, end)
            if not long:
                marks.paint_outline(painter, self._look, pieces, span.label, pitch, lane)
            self._paint_handles(
                painter, index, self._moving or Bounds(span.start, span.end), span.label, pitch
            )
            painter.translate(-self._left, -y)

    def _inside(self, index: int, start: int, end: int) -> list[Piece]:
        block = self._flow.blocks[index]
        return self._flow.pieces_in(index, start, end) if start < block.end and end > block.start else []

    def _paint_handles(self, painter: QPainter, index: int, bounds: Bounds, label: str, pitch: int) -> None:
        for position, closing in ((bounds.start, False), (bounds.end, True)):
            if self._flow.index_of(position - closing) == index:
                _, number, x, _ = self._flow.edge(position, closing=closing)
                marks.paint_handle(painter, self._look, label, pitch, number, x, closing=closing)

    def _paint_caret(self, painter: QPainter) -> None:
        if not self._caret_shown or self._nothing or self._flow.index_of(self._caret) not in self._visible():
            return
        rect = self.caret_rect(self._caret)
        colour = QColor(self._theme.accent if self.hasFocus() else self._theme.muted)
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.fillRect(rect, colour)
