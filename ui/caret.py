"""Caret, selection and pick of the article view, and the keys that move them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.model import Fragment, Scheme, Span
from desktop.text import Bounds, graphemes
from ui import moves
from ui.blocks import Typeset
from ui.page import PageView

Key = QKeySequence.StandardKey


class CaretView(PageView):
    """A page with a caret. Moves it by keys; the mouse is the article view's."""

    picked_changed = Signal(object)
    hovered_changed = Signal(object)
    selection_changed = Signal()
    caret_moved = Signal(int)
    font_size_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exact = False
        self._hovered: int | None = None
        self._goal: float | None = None
        self._blink = QTimer(self)
        self._blink.timeout.connect(self._flash)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # State

    @property
    def picked(self) -> int | None:
        """The key of the picked span."""
        return self._picked

    @property
    def hovered(self) -> int | None:
        """The key of the span under the mouse."""
        return self._hovered

    @property
    def caret(self) -> int:
        return self._caret

    @property
    def anchor(self) -> int:
        """The other end of the selection; the caret where nothing is selected."""
        return self._anchor

    @property
    def selection(self) -> tuple[int, int] | None:
        """The selected stretch, None when it is empty."""
        start, end = sorted((self._anchor, self._caret))
        return (start, end) if start < end else None

    @property
    def exact(self) -> bool:
        """Whether the selection is meant to the letter (made with Ctrl held) and must not be snapped."""
        return self._exact and self.selection is not None

    def show_article(self, text: str, title: str, subtitle: str, outside: Sequence[Fragment] = ()) -> None:
        had_pick, had_selection = self._picked is not None, self.selection is not None
        self._drop_edge()
        self._goal = None
        self._exact = False
        super().show_article(text, title, subtitle, outside)
        self._hover(None)
        if had_pick:
            self.picked_changed.emit(None)
        if had_selection:
            self.selection_changed.emit()
        self.caret_moved.emit(0)

    def show_spans(self, spans: Sequence[Span], scheme: Scheme, only: Collection[int] | None = None) -> None:
        super().show_spans(spans, scheme, only)
        if self._sheet.span(self._picked) is None:
            self.pick(None)
        if self._sheet.span(self._hovered) is None:
            self._hover(None)
        self._light()

    def set_typeset(self, typeset: Typeset) -> None:
        before = self.font_size
        super().set_typeset(typeset)
        if self.font_size != before:
            self.font_size_changed.emit(self.font_size)

    def pick(self, key: int | None) -> None:
        """Show the handles of a span; an unknown key picks nothing."""
        if self._sheet.span(key) is None:
            key = None
        if key != self._picked:
            self._drop_edge()
            self._picked = key
            self._light()
            self.viewport().update()
            self.picked_changed.emit(key)

    def select(self, start: int, end: int, *, exact: bool = False) -> None:
        """Select a stretch, caret at its end, and drop the pick. No letter is cut from its marks."""
        length = len(self.text)
        start, end = graphemes(self.text, (max(0, min(start, length)), max(0, min(end, length))))
        self._place(end, anchor=start, exact=exact)

    def set_caret(self, position: int, keep_pick: bool = False) -> None:
        """Put the caret somewhere, with nothing selected."""
        self._place(position, keep_pick=keep_pick)

    def _place(
        self, position: int, *, anchor: int | None = None, exact: bool = False, keep_pick: bool = False
    ) -> None:
        position = max(0, min(position, len(self.text)))
        anchor = position if anchor is None else anchor
        before = self._caret, self.selection, self.exact
        self._repaint_caret()
        self._caret, self._anchor, self._exact = position, anchor, exact
        self._goal = None
        if not keep_pick:
            self.pick(None)
        self._light()
        self._show_caret()
        self._repaint(self._blocks_of(stretch) for stretch in (before[1], self.selection) if stretch)
        self._repaint_caret()
        if self._caret != before[0]:
            self.caret_moved.emit(self._caret)
        if (self.selection, self.exact) != before[1:]:
            self.selection_changed.emit()

    def _repaint_caret(self) -> None:
        """Paint where the caret stands again, and nothing around it."""
        if self._flow.index_of(self._caret) in self._visible():
            self.viewport().update(self.caret_rect(self._caret).adjusted(-2, -2, 2, 2))

    def _blocks_of(self, stretch: Bounds) -> range:
        return range(self._flow.index_of(stretch[0]), self._flow.index_of(stretch[1]) + 1)

    def copy(self) -> None:
        """Put the selection, else the picked span's quote, on the clipboard, letter by letter as in the article."""
        span = self._sheet.span(self._picked)
        if self.selection:
            start, end = self.selection
            QGuiApplication.clipboard().setText(self.text[start:end])
        elif span is not None:
            QGuiApplication.clipboard().setText(self.text[span.start : span.end])

    # Keys

    _MOVES: ClassVar[tuple[tuple[Key, Key, Callable[[CaretView], int]], ...]] = (
        (Key.MoveToNextChar, Key.UnknownKey, lambda v: v._sideways(right=True)),
        (Key.MoveToPreviousChar, Key.UnknownKey, lambda v: v._sideways(right=False)),
        (Key.UnknownKey, Key.SelectNextChar, lambda v: moves.sideways(v._flow, v._caret, right=True)),
        (Key.UnknownKey, Key.SelectPreviousChar, lambda v: moves.sideways(v._flow, v._caret, right=False)),
        (Key.MoveToNextWord, Key.SelectNextWord, lambda v: moves.by_word(v._flow, v._caret, right=True)),
        (
            Key.MoveToPreviousWord,
            Key.SelectPreviousWord,
            lambda v: moves.by_word(v._flow, v._caret, right=False),
        ),
        (
            Key.MoveToStartOfLine,
            Key.SelectStartOfLine,
            lambda v: moves.to_line_edge(v._flow, v._caret, end=False),
        ),
        (Key.MoveToEndOfLine, Key.SelectEndOfLine, lambda v: moves.to_line_edge(v._flow, v._caret, end=True)),
        (Key.MoveToStartOfDocument, Key.SelectStartOfDocument, lambda v: 0),
        (Key.MoveToEndOfDocument, Key.SelectEndOfDocument, lambda v: len(v.text)),
    )
    # These keep the column that the caret came from.
    _CLIMBS: ClassVar[tuple[tuple[Key, Key, Callable[[CaretView, float], int]], ...]] = (
        (Key.MoveToNextLine, Key.SelectNextLine, lambda v, x: moves.by_line(v._flow, v._caret, x, down=True)),
        (
            Key.MoveToPreviousLine,
            Key.SelectPreviousLine,
            lambda v, x: moves.by_line(v._flow, v._caret, x, down=False),
        ),
        (Key.MoveToNextPage, Key.SelectNextPage, lambda v, x: v._by_page(x, down=True)),
        (Key.MoveToPreviousPage, Key.SelectPreviousPage, lambda v, x: v._by_page(x, down=False)),
    )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._moved_by(event):
            event.accept()
        elif event.matches(Key.SelectAll):
            self.select(0, len(self.text))
        elif event.matches(Key.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Escape and self._escape():
            event.accept()
        else:
            # Letters are the window's shortcuts.
            event.ignore()

    def _moved_by(self, event: QKeyEvent) -> bool:
        for move, extend, target in self._MOVES:
            if event.matches(move) or event.matches(extend):
                self._go(target(self), extend=event.matches(extend))
                return True
        for move, extend, climb in self._CLIMBS:
            if event.matches(move) or event.matches(extend):
                goal = self._flow.caret(self._caret)[2] if self._goal is None else self._goal
                self._go(climb(self, goal), extend=event.matches(extend))
                self._goal = goal
                return True
        return False

    def _go(self, position: int, *, extend: bool) -> None:
        self._place(position, anchor=self._anchor if extend else None)
        self.reveal(position, position)

    def _sideways(self, *, right: bool) -> int:
        selected = self.selection
        if selected:
            rtl = self._flow.blocks[self._flow.index_of(self._caret)].rtl
            return selected[1] if right != rtl else selected[0]
        return moves.sideways(self._flow, self._caret, right=right)

    def _by_page(self, x: float, *, down: bool) -> int:
        bar, y = self.verticalScrollBar(), self.caret_rect(self._caret).center().y()
        before = bar.value()
        bar.setValue(before + (bar.pageStep() if down else -bar.pageStep()))
        y = max(0, min(y, self.viewport().height() - 1))
        found = self.position_at(QPoint(self._left + round(x), y))
        # Near the ends less than a page is left, and the caret must come all the way.
        if bar.value() == before or (found <= self._caret if down else found >= self._caret):
            return len(self.text) if down else 0
        return found

    def _escape(self) -> bool:
        if self._drop_edge():
            pass
        elif self._picked is not None:
            self.pick(None)
        elif self.selection:
            self.set_caret(self._caret)
        else:
            return False
        self.viewport().update()
        return True

    def _drop_edge(self) -> bool:
        """Give up moving an edge of the picked span, if the mouse is at that; whether it was."""
        return False

    def _hover(self, key: int | None) -> None:
        if key != self._hovered:
            self._hovered = key
            self._light()
            self.hovered_changed.emit(key)

    def _light(self) -> None:
        """Emphasise the span under the mouse; where none is, the one the caret is at."""
        key = self._hovered if self._hovered is not None else self._at_caret()
        if key != self._lit:
            before, self._lit = self._lit, key
            reach = (self._sheet.layer.bounds(lit) for lit in (before, key) if lit is not None)
            self._repaint(self._blocks_of(stretch) for stretch in reach if stretch)

    def _at_caret(self) -> int | None:
        """The innermost span that holds the caret, or begins or ends there."""
        if self.selection or self._picked is not None:
            return None
        near = self._sheet.layer.over(self._caret - 1, self._caret + 1)
        found = [s for s in near if any(start <= self._caret <= end for start, end in s.fragments)]
        return min(found, key=lambda span: span.end - span.start).key if found else None

    # The caret's blinking

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_caret()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._blink.stop()
        self._caret_shown = True
        self.viewport().update()

    def _show_caret(self) -> None:
        self._caret_shown = True
        period = QGuiApplication.styleHints().cursorFlashTime()
        if self.hasFocus() and period > 0:
            self._blink.start(period // 2)

    def _flash(self) -> None:
        self._caret_shown = not self._caret_shown
        self._repaint_caret()
