"""The shape of the page: which text and spans are shown, how it scrolls, and where everything is in the window."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop.model import Fragment, Scheme, Span
from ui import marks
from ui.arcs import Arc
from ui.blocks import Type, Typeset
from ui.flow import Flow
from ui.heading import Heading
from ui.sheet import Sheet
from ui.theme import LIGHT, Theme, load_fonts

# The least room beside the text.
PAD = 18
SMALLEST, LARGEST = 9, 48
# How far marks of a block may hang into its neighbours: lanes below, letters and handles above.
HANGING = 24


class Bounds(NamedTuple):
    """A stretch that is shown as being dragged to, in place of the picked span's own."""

    start: int
    end: int


class Paper(QAbstractScrollArea):
    """An article and its spans laid out in a scroll area. `page` paints it, `caret` and `textview` react."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._serif, self._sans = load_fonts()
        self._theme: Theme = LIGHT
        self._scheme: Scheme | None = None
        self._typeset = Typeset()
        self._heading = Heading(self._sans)
        self._left = PAD
        self._settling = False
        self._caret = self._anchor = 0
        self._caret_shown = self._nothing = False
        self._picked: int | None = None
        self._lit: int | None = None
        self._moving: Bounds | None = None
        self._arcs: tuple[Arc, ...] = ()
        self._dashed: frozenset[int] = frozenset()
        kind = self._type()
        self._flow = Flow(kind, 400)
        self._flow.mute(self._theme.muted)
        self._sheet = Sheet(self._flow)
        self._look = marks.Look(self._theme, None, kind, self._sans)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # What is shown

    @property
    def text(self) -> str:
        """The article's text, as given."""
        return self._flow.text

    def show_article(self, text: str, title: str, subtitle: str, outside: Sequence[Fragment] = ()) -> None:
        """Another article, from its top, without spans, caret at its start."""
        self._heading.show(title, subtitle)
        self._nothing = False
        self._caret = self._anchor = 0
        self._picked = self._lit = self._moving = None
        self._settling = True  # nothing is laid out before its spans are known, or the page is painted
        self.verticalScrollBar().setValue(0)
        self._sheet.show(())
        self._flow.show(text, outside)
        self._fit()
        self._settling = False
        self.viewport().update()

    def show_spans(self, spans: Sequence[Span], scheme: Scheme, only: Collection[int] | None = None) -> None:
        """The article's spans, read anew; caret, selection, scroll and the pick stay where they can.

        With `only`, none but the spans of these keys differ from those shown.
        """
        hold = self._hold()
        if scheme is not self._scheme:
            self._scheme = scheme
            self._look = marks.Look(self._theme, scheme, self._flow.kind, self._sans)
        shape = self._shape()
        touched = self._sheet.show(spans, only)
        self._fit()
        hold()
        if only is None or shape != self._shape():
            self.viewport().update()
        else:
            self._repaint(touched)

    def _shape(self) -> object:
        """What must be the same for the page to look the same but for the spans themselves."""
        first = self._visible().start
        return (
            self._flow.width,
            self._flow.height,
            self._scroll(),
            self._block_y(first),
            self._sheet.columns,
            self._look,
        )

    def _repaint(self, touched: Iterable[range]) -> None:
        """Paint some blocks again, as far as they are in view, with what hangs out of them."""
        seen = self._visible()
        for blocks in touched:
            first, last = max(blocks.start, seen.start), min(blocks.stop, seen.stop) - 1
            if first <= last:
                top, bottom = self._block_y(first), self._block_y(last) + self._flow.blocks[last].height
                self.viewport().update(0, top - HANGING, self.viewport().width(), bottom - top + 2 * HANGING)

    def show_dashed(self, keys: Sequence[int]) -> None:
        """The spans that are only suggested: dashed, and without a ground."""
        self._dashed = frozenset(keys)
        self.viewport().update()

    @property
    def font_size(self) -> int:
        return self._typeset.size

    def set_font_size(self, pixels: int) -> None:
        """The size of the text; what is in view stays in view."""
        self.set_typeset(self._typeset._replace(size=pixels))

    @property
    def typeset(self) -> Typeset:
        """How the text is set."""
        return self._typeset

    def set_typeset(self, typeset: Typeset) -> None:
        """Set the text in another way; what is in view stays in view."""
        self._typeset = typeset._replace(size=max(SMALLEST, min(LARGEST, typeset.size)))
        self._reshape()

    def _type(self) -> Type:
        family = self._serif if self._typeset.font == "serif" else self._sans
        return Type.of(family, self._typeset.size, self._typeset.line_spacing)

    def set_theme(self, theme: Theme) -> None:
        """Light or dark."""
        self._theme = theme
        self._flow.mute(theme.muted)
        self._look = marks.Look(theme, self._scheme, self._flow.kind, self._sans)
        self.viewport().update()

    # Shape

    def _reshape(self) -> None:
        hold = self._hold()
        kind = self._type()
        self._look = marks.Look(self._theme, self._scheme, kind, self._sans)
        self._flow.reshape(kind, self._flow.width)
        self._sheet.forget()
        self._fit()
        hold()
        self.viewport().update()

    def _fit(self) -> None:
        """Width and place of the column: centred, never wider than the window, with room for the brackets."""
        room = self.viewport().width()
        columns = max(self._sheet.columns.values(), default=-1) + 1
        side = max(PAD, self._look.margin(columns))
        # Brackets of right-to-left lines stand on the right.
        right = side if columns and self._flow.leans_right else PAD
        width = min(round(self._typeset.line_length * self._flow.kind.width), room - side - right)
        self._left = max(side, (room - max(40, width)) // 2)
        if self._left + width + right > room:
            self._left = side
        if width != self._flow.width:
            self._flow.reshape(self._flow.kind, width)
            self._sheet.forget()
        self._heading.measure(self._flow.kind, self._flow.width)
        self._settle()

    # Scrolling

    def _scroll(self) -> int:
        return self.verticalScrollBar().value()

    def _block_y(self, index: int) -> int:
        """The top of a block in the viewport."""
        return self._heading.height + self._flow.top(index) - self._scroll()

    def _visible(self) -> range:
        """The blocks in view, all laid out after `_settle`."""
        top = self._scroll() - self._heading.height
        return range(
            self._flow.index_at(max(0, top)), self._flow.index_at(top + self.viewport().height()) + 1
        )

    def _settle(self) -> None:
        """Lay out what is in view. A height guessed wrong above the view moves the scroll bar, not the text."""
        if self._settling:
            return
        self._settling = True
        try:
            for _ in range(6):
                before = self._scroll()
                shift = 0
                for index in self._visible():
                    above = self._block_y(index) < 0
                    change = self._flow.measure(index)
                    shift += change if above else 0
                self._set_range()
                self.verticalScrollBar().setValue(before + shift)
                if not shift and all(self._flow.blocks[index].layout for index in self._visible()):
                    break
        finally:
            self._settling = False

    def _set_range(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        total = self._heading.height + self._flow.height + round(60 * self._flow.kind.scale)
        bar.setRange(0, max(0, total - height))
        bar.setPageStep(max(1, height - self._flow.kind.pitch))
        bar.setSingleStep(self._flow.kind.pitch)

    def _hold(self) -> Callable[[], None]:
        """Remember what is at the top of the view; the function returned puts it there again."""
        if self._scroll() <= self._heading.height or not self._flow.text:
            return self._settle
        index = self._visible().start
        pitch = self._flow.pitch(index)
        inside = -self._block_y(index)
        position = self._flow.position(index, inside // pitch, 0.0)
        rest = inside % pitch

        def put_back() -> None:
            for _ in range(4):
                index, number = self._flow.line_of(position)
                y = self._block_y(index) + number * self._flow.pitch(index)
                if y == -rest:
                    break
                self._set_range()
                self.verticalScrollBar().setValue(self._scroll() + y + rest)
                self._settle()

        return put_back

    def reveal(self, start: int, end: int) -> None:
        """Scroll, no further than needed, until `start:end` (or its beginning) is comfortably in view."""
        for _ in range(4):
            self._settle()
            first, first_line = self._flow.line_of(start)
            last, last_line = self._flow.line_of(max(start, end - 1))
            top = self._block_y(first) + first_line * self._flow.pitch(first)
            bottom = self._block_y(last) + (last_line + 1) * self._flow.pitch(last)
            height, room = self.viewport().height(), self._flow.kind.pitch
            if first == 0 and first_line == 0:
                top -= self._heading.height
            change = 0
            if top < min(room, height // 4):
                change = top - min(room, height // 4)
            elif bottom > height - room:
                change = min(bottom - height + room, top - room)
            before = self._scroll()
            self._set_range()
            self.verticalScrollBar().setValue(before + change)
            if self._scroll() == before:
                break
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._settle()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        hold = self._hold()
        super().resizeEvent(event)
        self._fit()
        hold()

    # Where things are, in viewport coordinates

    def position_at(self, point: QPoint) -> int:
        """The caret position nearest to a point."""
        return self._position(point, over=False)

    def _position(self, point: QPoint, *, over: bool) -> int:
        y = point.y() + self._scroll() - self._heading.height
        index = self._flow.index_at(max(0, y))
        number = max(0, y - self._flow.top(index)) // self._flow.pitch(index)
        return self._flow.position(index, number, point.x() - self._left, over=over)

    def rect_of(self, start: int, end: int) -> list[QRect]:
        """The rectangles of a stretch of text, line by line."""
        result: list[QRect] = []
        for index, pieces in list(self._flow.pieces(start, end)):
            y, pitch = self._block_y(index), self._flow.pitch(index)
            for piece in pieces:
                rect = marks.box(self._flow.kind, pitch, piece, 0).translated(self._left, y)
                result.append(rect.toAlignedRect())
        return result

    def span_rects(self, key: int) -> list[QRect]:
        """The rectangles of a span, fragment by fragment and line by line; none for an unknown key."""
        span = self._sheet.span(key)
        return [rect for start, end in span.fragments for rect in self.rect_of(start, end)] if span else []

    def caret_rect(self, position: int) -> QRect:
        """Where a caret at `position` stands."""
        index, number, x = self._flow.caret(position)
        kind = self._flow.kind
        top = self._block_y(index) + number * self._flow.pitch(index) + kind.head
        if self._flow.blocks[index].start == self._flow.blocks[index].end:
            top = self._block_y(index) - kind.head // 2
        wide = max(1, round(1.6 * kind.scale))
        return QRect(self._left + round(x) - 1, top, wide, round(kind.ascent + kind.descent))

    def spans_at(self, point: QPoint) -> list[Span]:
        """The spans under a point, innermost first: those of the character there, or of a bracket in the margin."""
        in_margin = self._bracket_at(point)
        if in_margin is not None:
            return [in_margin]
        y = point.y() + self._scroll() - self._heading.height
        index = self._flow.index_at(max(0, y))
        position = self._position(point, over=True)
        if not any(
            rect.adjusted(-2, -3, 2, 6).contains(point) for rect in self.rect_of(position, position + 1)
        ):
            return []
        over = (s for s in self._sheet.in_block(index) if any(a <= position < b for a, b in s.fragments))
        return sorted(over, key=lambda span: (span.end - span.start, span.start))

    def _bracket_at(self, point: QPoint) -> Span | None:
        x = point.x() - self._left
        if 0 <= x <= self._flow.width:
            return None
        reach = self._look.column_width / 2
        for bracket in self._brackets():
            at = marks.bracket_x(self._look, bracket, self._flow.width)
            if abs(x - at) <= reach and bracket.top - 3 <= point.y() <= bracket.bottom + 3:
                return self._sheet.span(bracket.key)
        return None

    def _brackets(self) -> list[marks.Bracket]:
        """The brackets of the long spans in view; an end out of view lies beyond the edge."""
        blocks = self._visible()
        keys = {span.key for index in blocks for span in self._sheet.in_block(index)}
        return [self._bracket(key, blocks) for key in sorted(keys) if self._sheet.is_long(key)]

    def _bracket(self, key: int, blocks: range) -> marks.Bracket:
        span = self._sheet.span(key)
        assert span is not None
        kind, top, bottom = self._flow.kind, -100.0, self.viewport().height() + 100.0
        if self._flow.index_of(span.start) >= blocks.start:
            index, number = self._flow.line_of(span.start)
            top = self._block_y(index) + number * self._flow.pitch(index) + kind.head - kind.scale
        if self._flow.index_of(span.end - 1) < blocks.stop:
            index, number = self._flow.line_of(span.end - 1)
            bottom = (
                self._block_y(index) + marks.lane_y(kind, self._flow.pitch(index), number, 0) + kind.scale
            )
        right = self._flow.blocks[max(blocks.start, self._flow.index_of(span.start))].rtl
        return marks.Bracket(key, span.label, self._sheet.columns[key], top, bottom, right)

    def _handles(self) -> list[tuple[str, QRectF]]:
        """The knobs of the picked span, as far as its ends are in view."""
        span = self._sheet.span(self._picked)
        if span is None:
            return []
        result = []
        for name, position in (("start", span.start), ("end", span.end)):
            index = self._flow.index_of(position - (name == "end"))
            if index in self._visible():
                index, number, x, _ = self._flow.edge(position, closing=name == "end")
                knob = marks.handle_box(
                    self._flow.kind, self._flow.pitch(index), number, x, closing=name == "end"
                )
                result.append((name, knob.translated(self._left, self._block_y(index))))
        return result
