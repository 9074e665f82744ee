"""The article view: reading, caret, selection and picks. Everything it says outside is in code points."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.model import Fragment, Scheme, Span
from desktop.spans import snap
from desktop.text import sentence_at, word_at
from ui.accessible import Reader
from ui.caret import CaretView
from ui.paper import Bounds
from ui.words import tr

Edge = Literal["start", "end"]
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
# Clicks this near to each other are at the same place.
NEAR = 4


class ArticleView(CaretView):
    """A read-only article with its own caret and selection. Spans are shown and picked here, and changed elsewhere.

    Signals: `picked_changed(key or None)`, `hovered_changed(key or None)`, `selection_changed()`, `caret_moved(int)`,
    `font_size_changed(int)`, and `edge_moved(key, start, end)` when a handle of the picked span was dragged.
    """

    selected_by_mouse = Signal()

    edge_moved = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QPoint | None = None
        self._last = QPoint()
        self._dragging = False
        self._edge: Edge | None = None
        self._clicked: QPoint | None = None
        self._doubled: QPoint | None = None
        self._since_double = QElapsedTimer()
        self._pull = QTimer(self)
        self._pull.setInterval(30)
        self._pull.timeout.connect(self._pull_on)
        self.reader = Reader(self, self._flow, self._sheet)
        self.setAccessibleName(tr("Article"))
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def show_nothing(self, title: str, subtitle: str) -> None:
        """No article at all, and what to do about it: nothing has a caret then, as an empty article has."""
        self.show_article("", title, subtitle)
        self._nothing = True

    def show_article(self, text: str, title: str, subtitle: str, outside: Sequence[Fragment] = ()) -> None:
        self._stop()
        self._clicked = self._doubled = None
        self.setAccessibleName(title or tr("Article"))
        super().show_article(text, title, subtitle, outside)

    def show_details(self, title: str, subtitle: str, outside: Sequence[Fragment]) -> None:
        """Another head for the same article, other stretches of it outside; everything else stays where it is."""
        self._heading.show(title, subtitle)
        self._flow.grey(outside)
        hold = self._hold()
        self._reshape()
        hold()
        self.viewport().update()

    def show_spans(self, spans: Sequence[Span], scheme: Scheme, only: Collection[int] | None = None) -> None:
        super().show_spans(spans, scheme, only)
        self.reader.shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where a line below takes room away, the line with the caret stays in view."""
        before, now = event.oldSize(), event.size()
        last = self._flow.index_at(self._scroll() - self._heading.height + before.height())
        seen = self._visible().start <= self._flow.index_of(self.caret) <= last
        super().resizeEvent(event)
        if not seen or now.width() != before.width():
            return
        line = self.caret_rect(self.caret)
        if line.top() < before.height() and line.bottom() >= now.height():
            self.reveal(self.caret, self.caret)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        point = event.position().toPoint()
        self._stop()
        if self._is_third(point):
            self.select(*sentence_at(self.text, self.position_at(point)))
            return
        self._edge = self._handle_at(event.position())
        self._pressed = point
        if self._edge is not None:
            return
        extend = bool(event.modifiers() & SHIFT)
        self._dragging = extend
        # The pick stays until it is clear what this press becomes: the next click goes out from it.
        self._place(self.position_at(point), anchor=self._anchor if extend else None, keep_pick=not extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event.position())
            return
        far = (point - self._pressed).manhattanLength() >= QGuiApplication.styleHints().startDragDistance()
        if self._edge is None and not self._dragging and not far:
            return
        self._dragging = True
        self._last = point
        self._drag_to(point)
        inside = 0 <= point.y() < self.viewport().height()
        if inside:
            self._pull.stop()
        elif not self._pull.isActive():
            self._pull.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        edge, dragged, exact = self._edge, self._dragging, bool(event.modifiers() & CONTROL)
        moving = self._moving
        self._stop()
        if edge is not None:
            self._finish_edge(edge, moving, exact)
        elif dragged:
            self._finish_selection(exact)
        else:
            self._click(event.position().toPoint())
        self._look_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._stop()
        point = event.position().toPoint()
        self._doubled, self._clicked = point, None
        self._since_double.start()
        position = self.position_at(point)
        found = word_at(self.text, self._position(point, over=True)) or word_at(self.text, position)
        if found:
            self.select(*found)
            self.selected_by_mouse.emit()
        else:
            self.set_caret(position)

    def _is_third(self, point: QPoint) -> bool:
        doubled, self._doubled = self._doubled, None
        if doubled is None or self.selection is None:  # the word was taken at once
            return False
        interval = QGuiApplication.styleHints().mouseDoubleClickInterval()
        return self._since_double.elapsed() < interval and (point - doubled).manhattanLength() <= NEAR

    def _click(self, point: QPoint) -> None:
        """Pick the innermost span under the point; at the same place again the one around it, and so on in a ring."""
        place = point + QPoint(0, self._scroll())
        again = self._clicked is not None and (place - self._clicked).manhattanLength() <= NEAR
        self._clicked = place
        keys = [span.key for span in self.spans_at(point)]
        if not keys:
            self.pick(None)
        elif again and self._picked in keys:
            self.pick(keys[(keys.index(self._picked) + 1) % len(keys)])
        else:
            self.pick(keys[0])

    def _drag_to(self, point: QPoint) -> None:
        position = self.position_at(point)
        span = self._sheet.span(self._picked)
        if self._edge is None or span is None:
            self._place(position, anchor=self._anchor)
            return
        moved = Bounds(position, span.end) if self._edge == "start" else Bounds(span.start, position)
        if moved.start < moved.end:
            self._moving = moved
            self.viewport().update()

    def _finish_selection(self, exact: bool) -> None:
        if self.selection is None:
            return
        if exact:
            self._place(self._caret, anchor=self._anchor, exact=True)
            self.selected_by_mouse.emit()
            return
        forwards = self._anchor <= self._caret
        start, end = snap(self.text, *self.selection)
        if start == end:
            self.set_caret(self._caret)
        else:
            self._place(end if forwards else start, anchor=start if forwards else end)
            self.selected_by_mouse.emit()

    def _finish_edge(self, edge: Edge, moving: Bounds | None, exact: bool) -> None:
        span = self._sheet.span(self._picked)
        if span is None or moving is None:
            return
        start, end = moving if exact else snap(self.text, *moving)
        if start >= end:
            return
        # Only the edge that was dragged moves, whatever snapping thinks of the other.
        start, end = (start, span.end) if edge == "start" else (span.start, end)
        if start < end and (start, end) != (span.start, span.end):
            self.edge_moved.emit(span.key, start, end)

    def _drop_edge(self) -> bool:
        moving = self._edge is not None
        if moving:
            self._stop()
        return moving

    def _stop(self) -> None:
        """The mouse is in the middle of nothing."""
        self._pressed = None
        self._dragging = False
        self._edge = None
        self._pull.stop()
        if self._moving is not None:
            self._moving = None
            self.viewport().update()

    def _pull_on(self) -> None:
        """The mouse is held beyond the edge: scroll on, the faster the further out, and drag along."""
        point, height = self._last, self.viewport().height()
        beyond = point.y() if point.y() < 0 else max(0, point.y() - height + 1)
        if not beyond or self._pressed is None:
            self._pull.stop()
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + max(-60, min(60, beyond)))
        self._drag_to(QPoint(point.x(), max(0, min(point.y(), height - 1))))

    def _handle_at(self, point: QPointF) -> Edge | None:
        for name, knob in self._handles():
            if knob.adjusted(-3, -3, 3, 3).contains(point):
                return "start" if name == "start" else "end"
        return None

    def _look_at(self, point: QPointF) -> None:
        """What is under the mouse: emphasise the span, and show by the pointer what can be done."""
        spans = self.spans_at(point.toPoint())
        self._hover(spans[0].key if spans else None)
        shape = Qt.CursorShape.IBeamCursor
        if self._handle_at(point):
            shape = Qt.CursorShape.SizeHorCursor
        elif not 0 <= point.x() - self._left <= self._flow.width:
            shape = Qt.CursorShape.PointingHandCursor if spans else Qt.CursorShape.ArrowCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._look_at(event.position())
        super().enterEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & CONTROL:
            steps = event.angleDelta().y()
            self.set_font_size(self.font_size + (1 if steps > 0 else -1 if steps < 0 else 0))
            event.accept()
        else:
            super().wheelEvent(event)
