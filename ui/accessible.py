"""The article as a screen reader has it: its text, caret, selection and lines, and what the spans at a place say.

`Reader` answers in code points, and turns what clients count (UTF-16 units, as all of Qt) only through
`offsets`. `ArticleInterface` and its `TextInterface` are what Qt asks; what PySide leaves out of them is in `abi`.
"""

from __future__ import annotations

from typing import Any
from weakref import ref

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextInterface,
    QAccessibleTextSelectionEvent,
    QAccessibleTextUpdateEvent,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import Shiboken

from desktop.model import Span
from desktop.spans import at
from desktop.text import Bounds, graphemes, sentences, word_at, words
from ui import spoken
from ui.caret import CaretView
from ui.flow import Flow
from ui.offsets import Utf16, drawable
from ui.sheet import Sheet

Boundary = QAccessible.TextBoundaryType
# These part the table that attributes are given in; they cannot be quoted.
_PARTING = str.maketrans(":;", "  ")
# No word is looked for further away than this.
NEAR = 400


class Reader:
    """What there is to read in one article view, and what has to be told when it changes."""

    def __init__(self, view: CaretView, flow: Flow, sheet: Sheet) -> None:
        self._view, self._flow, self._sheet = view, flow, sheet
        self._told = ""
        self._said = ""
        self._mapped: tuple[str, Utf16] | None = None
        view.caret_moved.connect(self._caret_moved)
        view.selection_changed.connect(self._selection_changed)
        view.picked_changed.connect(self._picked)

    # Places: clients' units to code points and back

    def _units(self) -> Utf16:
        """The map of the article shown; made when it is first asked for."""
        text = self._view.text
        if self._mapped is None or self._mapped[0] is not text:
            self._mapped = text, Utf16(text)
        return self._mapped[1]

    def unit(self, point: int) -> int:
        return self._units().to_utf16(point)

    def point(self, unit: int, *, up: bool = False) -> int:
        """The code point at a unit; with `up`, of half a character its end."""
        units = self._units()
        point = units.to_points(max(0, min(unit, self.count())))
        return point + 1 if up and units.to_utf16(point) < min(unit, self.count()) else point

    def count(self) -> int:
        return self.unit(len(self._view.text))

    # Text

    def text(self, start: int, end: int) -> str:
        # Qt takes a string's leading mark away, so the piece itself has to be drawable, not the whole.
        return drawable(self._view.text[self.point(start) : self.point(end, up=True)])

    def stretch(self, unit: int, boundary: Boundary, step: int = 0) -> tuple[int, int]:
        """The character, word, sentence, line or paragraph at a unit, or with `step` the one before or after it."""
        text = self._view.text
        start, end = self._around(self.point(unit) if unit >= 0 else len(text), boundary)
        if step > 0:
            start, end = self._around(end, boundary) if end < len(text) else (end, end)
        elif step < 0:
            start, end = self._around(start - 1, boundary) if start > 0 else (0, 0)
        return self.unit(start), self.unit(end)

    def _around(self, position: int, boundary: Boundary) -> Bounds:
        text = self._view.text
        if boundary in (Boundary.NoBoundary, Boundary.LineBoundary):
            return self._line(position) if boundary == Boundary.LineBoundary else (0, len(text))
        low, high = _paragraph(text, position)
        if boundary == Boundary.SentenceBoundary:
            starts = [low + start for start, _ in sentences(text[low:high])][1:]
            edges = [low, *starts, high]
            return max(e for e in edges if e <= position), next((e for e in edges if e > position), high)
        if boundary == Boundary.ParagraphBoundary or position >= len(text):
            return (low, high) if boundary == Boundary.ParagraphBoundary else (position, position)
        if boundary == Boundary.WordBoundary:
            return _word(text, position, (max(low, position - NEAR), min(high, position + NEAR)))
        return graphemes(text, (position, position + 1))

    def _line(self, position: int) -> Bounds:
        """The line as it is wrapped in the window; a line end belongs to the line it ends."""
        index, number = self._flow.line_of(position)
        block, layout = self._flow.blocks[index], self._flow.layout(index)
        start, end = block.start, block.end
        if number < layout.lineCount() - 1:
            line = layout.lineAt(number)
            end = self._flow.point(block, line.textStart() + line.textLength())
        elif self._view.text[end : end + 1] == "\n":
            end += 1
        if number > 0:
            start = self._flow.point(block, layout.lineAt(number).textStart())
        return start, end

    # Caret and selection

    def caret(self) -> int:
        return self.unit(self._view.caret)

    def put_caret(self, unit: int) -> None:
        position = self.point(unit)
        position = graphemes(self._view.text, (position, position))[0]
        self._view.set_caret(position)
        self._view.reveal(position, position)

    def selection(self) -> tuple[int, int] | None:
        selected = self._view.selection
        return (self.unit(selected[0]), self.unit(selected[1])) if selected else None

    def select(self, start: int, end: int) -> None:
        low, high = sorted((start, end))
        self._view.select(self.point(low), self.point(high, up=True))

    # Places on the screen

    def rect(self, unit: int) -> QRect:
        view, position = self._view, self.point(unit)
        start, end = graphemes(view.text, (position, min(position + 1, len(view.text))))
        found = view.rect_of(start, end) if start < end else []
        # A line end and the end of the text have no letter, but the caret can stand there.
        rect = found[0] if found else view.caret_rect(position)
        return QRect(view.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def offset_at(self, point: QPoint) -> int:
        view = self._view
        place = view.viewport().mapFromGlobal(point)
        if not view.viewport().rect().contains(place):
            return -1
        # The caret goes to the nearer side of a letter; asked for is the letter.
        position = view.position_at(place)
        before = graphemes(view.text, (max(0, position - 1),) * 2)[0]
        if before < position and any(rect.contains(place) for rect in view.rect_of(before, position)):
            position = before
        return self.unit(position)

    def reveal(self, start: int, end: int) -> None:
        self._view.reveal(self.point(start), self.point(end, up=True))

    # Spans

    def _spans_in(self, position: int) -> list[Span]:
        return list(self._sheet.in_block(self._flow.index_of(position)))

    def place(self) -> str:
        """What stands at the caret, as a sentence."""
        return spoken.place(self._spans_in(self._view.caret), self._view.caret)

    def attributes(self, unit: int) -> tuple[str, int, int]:
        """The labels of the spans over a unit, and the stretch of its paragraph over which they are the same.

        The innermost is `label`, those around it are `inside`: clients make a table of it that has each name once.
        """
        position = self.point(unit if unit >= 0 else self.caret())
        spans = self._spans_in(position)
        start, end = _paragraph(self._view.text, position)
        edges = {edge for span in spans for fragment in span.fragments for edge in fragment}
        start = max((edge for edge in edges if start < edge <= position), default=start)
        end = min((edge for edge in edges if position < edge < end), default=end)
        names = [span.label.translate(_PARTING) for span in at(spans, position)]
        said = [f"label:{names[0]}"] if names else []
        said += [f"inside:{' '.join(dict.fromkeys(names[1:]))}"] if names[1:] else []
        return ";".join(said), self.unit(start), self.unit(end)

    # Telling

    def shown(self) -> None:
        """The spans are shown anew."""
        if self._listened_to():
            self._tell_place()

    def _listened_to(self) -> bool:
        """Whether anyone listens; if so they know of the article that is shown."""
        view, before = self._view, self._told
        self._told = view.text
        if not QAccessible.isActive():
            return False
        if view.text != before:
            event = QAccessibleTextUpdateEvent(view, 0, drawable(before), drawable(view.text))
            event.setCursorPosition(self.caret())
            QAccessible.updateAccessibility(event)
        return True

    def _caret_moved(self, position: int) -> None:
        if self._listened_to():
            QAccessible.updateAccessibility(QAccessibleTextCursorEvent(self._view, self.unit(position)))
            self._tell_place()

    def _selection_changed(self) -> None:
        if self._listened_to():
            # Nothing selected is told as an empty stretch at the caret, as Qt's own editors do.
            start, end = self.selection() or (self.caret(), self.caret())
            event = QAccessibleTextSelectionEvent(self._view, start, end)
            event.setCursorPosition(self.caret())
            QAccessible.updateAccessibility(event)

    def _tell_place(self) -> None:
        said, self._said = self._said, self.place()
        if self._said != said:
            QAccessible.updateAccessibility(
                QAccessibleEvent(self._view, QAccessible.Event.DescriptionChanged)
            )

    def _picked(self, key: int | None) -> None:
        span = self._sheet.span(key)
        if span is not None and self._listened_to():
            said = spoken.picked(span, self._spans_in(span.start))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._view, said))


def _paragraph(text: str, position: int) -> Bounds:
    """The paragraph of a position, with the line end that closes it."""
    found = text.find("\n", position)
    return text.rfind("\n", 0, position) + 1, found + 1 if found >= 0 else len(text)


def _word(text: str, position: int, limits: Bounds) -> Bounds:
    """The word at a position, or all that stands between two words."""
    found = word_at(text, position)
    if found and found[0] <= position < found[1]:
        return found
    before = [end for _, end in words(text, limits[0], position)]
    after = next((start for start, _ in words(text, position, limits[1])), limits[1])
    return max(before, default=limits[0]), after


class TextInterface(QAccessibleTextInterface):
    """The text of a view for Qt. Holds the view weakly: PySide keeps what a factory made until the program ends."""

    def __init__(self, view: CaretView) -> None:
        from ui import abi  # ctypes, for those who listen  # noqa: PLC0415

        super().__init__()
        self._view = ref(view)
        self._complete = abi.complete(self)

    def reader(self) -> Reader | None:
        """The view's reader, None when the view is gone or not yet complete."""
        view = self._view()
        found = getattr(view, "reader", None) if view is not None and Shiboken.isValid(view) else None
        return found if isinstance(found, Reader) else None

    def characterCount(self) -> int:
        reader = self.reader()
        return reader.count() if reader else 0

    def text(self, start: int, end: int) -> str:
        reader = self.reader()
        return reader.text(start, end) if reader else ""

    def cursorPosition(self) -> int:
        reader = self.reader()
        return reader.caret() if reader else 0

    def setCursorPosition(self, position: int) -> None:
        if reader := self.reader():
            reader.put_caret(position)

    def selectionCount(self) -> int:
        # Incomplete, it may not speak of a selection: Qt would take its ends from memory that nobody has set.
        reader = self.reader()
        return int(self._complete and reader is not None and reader.selection() is not None)

    def setSelection(self, index: int, start: int, end: int) -> None:
        reader = self.reader()
        if reader and index == 0:
            reader.select(start, end)

    def addSelection(self, start: int, end: int) -> None:
        self.setSelection(0, start, end)

    def removeSelection(self, index: int) -> None:
        reader = self.reader()
        if reader and index == 0:
            reader.select(reader.caret(), reader.caret())

    def characterRect(self, offset: int) -> QRect:
        reader = self.reader()
        return reader.rect(offset) if reader else QRect()

    def offsetAtPoint(self, point: QPoint) -> int:
        reader = self.reader()
        return reader.offset_at(point) if reader else -1

    def scrollToSubstring(self, start: int, end: int) -> None:
        if reader := self.reader():
            reader.reveal(start, end)

    # What PySide has no method for; `abi` leads Qt here

    def selected(self, index: int) -> tuple[int, int]:
        reader = self.reader()
        return (reader.selection() if reader and index == 0 else None) or (0, 0)

    def stretch(self, offset: int, boundary: int, step: int) -> tuple[str, int, int]:
        reader = self.reader()
        if reader is None:
            return "", -1, -1
        start, end = reader.stretch(offset, Boundary(boundary), step)
        return reader.text(start, end), start, end

    def labels(self, offset: int) -> tuple[str, int, int]:
        reader = self.reader()
        return reader.attributes(offset) if reader else ("", 0, 0)


class ArticleInterface(QAccessibleWidget):
    """An article view for Qt: a text of many lines that is read and not written."""

    def __init__(self, view: CaretView) -> None:
        super().__init__(view, QAccessible.Role.EditableText)
        self._text = TextInterface(view)

    def interface_cast(self, t: QAccessible.InterfaceType) -> Any:
        if t == QAccessible.InterfaceType.TextInterface:
            # The object stands for its address.
            return self._text
        found: Any = super().interface_cast(t)
        # PySide says None for nothing, and takes None for an address.
        return Shiboken.VoidPtr(0) if found is None else found

    def text(self, t: QAccessible.Text) -> str:
        reader = self._text.reader()
        if t == QAccessible.Text.Description and reader:
            return drawable(reader.place())
        if t == QAccessible.Text.Value and reader:
            return reader.text(0, reader.count())
        return super().text(t) if self.isValid() else ""

    def state(self) -> QAccessible.State:
        state = super().state() if self.isValid() else QAccessible.State()
        state.readOnly = state.multiLine = state.selectableText = 1
        return state

    # The viewport and the scroll bars are no places to read in, and would hide the text from a pointer.

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> Any:
        return None

    def childAt(self, x: int, y: int) -> Any:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1


def _factory(key: str, thing: QObject) -> QAccessibleInterface | None:
    return ArticleInterface(thing) if isinstance(thing, CaretView) else None


# On import, before any widget: Qt keeps the first interface it finds, and PySide must let go of its own only after Qt has.
QAccessible.installFactory(_factory)
