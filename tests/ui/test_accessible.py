"""The article view as a screen reader gets it: asked through Qt, and through the C++ methods where PySide has none."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import PySide6
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleTextCursorEvent,
    QAccessibleTextSelectionEvent,
    QAccessibleTextUpdateEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

from desktop.model import Colour, Colours, Label, Scheme, Span
from desktop.text import graphemes
from ui import abi, accessible
from ui.offsets import Utf16
from ui.report import MessageBar
from ui.textview import ArticleView
from ui.theme import LIGHT

TEXT = (
    "😀 The Iraqi army said rockets hit e\u0301tat\u00a0major, near Baghdad. Then Syria and Iraq spoke.\n"
    "قال الجيش العراقي إن صواريخ أطلقت على السفارة US bases في بغداد.\n"
    "\n"
    "The word مرحبا 123 stands here 👩\u200d👩\u200d👧 and עולם ends it. "
    + "More words follow to fill the lines. " * 12
)  # fmt: skip
UNITS = Utf16(TEXT)
B = QAccessible.TextBoundaryType
ROOT = Path(__file__).parents[2]
native = pytest.mark.skipif(not abi.POSSIBLE, reason="these methods are put in by hand on Linux x86-64 only")


def u(point: int) -> int:
    return UNITS.to_utf16(point)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, start: int, end: int) -> str:
    """A stretch of a text by UTF-16 units, without the help of the program."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def colours() -> Colours:
    shades = Colour(background="#eeeeee", text="#000000", line="#333333")
    return Colours(light=shades, dark=shades)


SCHEME = Scheme(
    scheme="test",
    labels=tuple(
        Label(name=name, key=name[0], colours=colours())
        for name in ("event", "actor", "claim", "other_label")
    ),
)


def quoted(key: int, quote: str, label: str = "actor", text: str = TEXT) -> Span:
    start = text.index(quote)
    end = start + len(quote)
    return Span(
        key=key, id=f"s{key}", start=start, end=end, label=label, text=quote, fragments=((start, end),), annotator="a"
    )  # fmt: skip


CLAIM = quoted(1, "The Iraqi army said rockets hit e\u0301tat\u00a0major", "claim")
ACTOR = quoted(2, "Iraqi army")


@pytest.fixture
def view(app: Any) -> Iterator[ArticleView]:
    shown = ArticleView()
    shown.resize(640, 480)
    shown.show()
    shown.activateWindow()
    shown.setFocus()
    shown.show_article(TEXT, "Rockets hit a base", "subtitle", ())
    shown.show_spans([CLAIM, ACTOR], SCHEME)
    QApplication.processEvents()
    yield shown
    shown.close()
    shown.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def text(view: ArticleView) -> Any:
    return QAccessible.queryAccessibleInterface(view).textInterface()


class Native:
    """Asks the C++ object itself, as a screen reader's bridge does: through its table of virtual methods."""

    def __init__(self, interface: Any) -> None:
        self.address = abi.address_of(interface)

    def number(self, place: int) -> int:
        method = ctypes.CFUNCTYPE(ctypes.c_int, abi.Word)(abi.table_of(self.address)[place])
        return method(self.address)

    def selection(self, index: int = 0) -> tuple[int, int]:
        start, end = ctypes.c_int(-77), ctypes.c_int(-77)
        method = abi.SelectionMethod(abi.table_of(self.address)[abi.SELECTION])
        method(self.address, index, ctypes.pointer(start), ctypes.pointer(end))
        return start.value, end.value

    def stretch(self, place: int, offset: int, boundary: Any) -> tuple[str, int, int]:
        return self._string(abi.OffsetMethod, place, offset, boundary.value)

    def attributes(self, offset: int) -> tuple[str, int, int]:
        return self._string(abi.AttributesMethod, abi.ATTRIBUTES, offset)

    def text(self, start: int, end: int) -> str:
        string = (ctypes.c_size_t * 3)()
        abi.TextMethod(abi.table_of(self.address)[abi.TEXT])(
            ctypes.addressof(string), self.address, start, end
        )
        return _read(string)

    def _string(self, kind: Any, place: int, *values: int) -> tuple[str, int, int]:
        string = (ctypes.c_size_t * 3)()
        start, end = ctypes.c_int(-77), ctypes.c_int(-77)
        method = kind(abi.table_of(self.address)[place])
        method(ctypes.addressof(string), self.address, *values, ctypes.pointer(start), ctypes.pointer(end))
        return _read(string), start.value, end.value


def _read(string: Any) -> str:
    _, characters, length = string
    return ctypes.string_at(characters, 2 * length).decode("utf-16-le") if length else ""


# What it is


def test_role_name_state_and_no_inner_parts(view: ArticleView) -> None:
    found = QAccessible.queryAccessibleInterface(view)
    assert found.isValid()
    assert found.role() == QAccessible.Role.EditableText
    assert found.text(QAccessible.Text.Name) == "Rockets hit a base"
    assert found.text(QAccessible.Text.Value) == TEXT
    state = found.state()
    assert (state.readOnly, state.multiLine, state.selectableText, state.editable) == (1, 1, 1, 0)
    assert state.focusable
    assert found.childCount() == 0
    assert found.child(0) is None
    assert found.rect().size() == view.size()
    view.show_article("Another.", "", "", ())
    assert found.text(QAccessible.Text.Name) == "Article"


def test_the_same_interface_is_found_again(view: ArticleView) -> None:
    first = QAccessible.queryAccessibleInterface(view)
    assert QAccessible.queryAccessibleInterface(view) is first
    assert first.textInterface() is first.textInterface()
    assert first.actionInterface().actionNames() == ["SetFocus"]
    assert first.valueInterface() is None
    assert first.editableTextInterface() is None


# Text


def test_text_is_counted_in_units(view: ArticleView, text: Any) -> None:
    assert text.characterCount() == units(TEXT) == len(TEXT) + 4
    assert text.text(0, text.characterCount()) == TEXT
    start = u(TEXT.index("قال"))
    assert text.text(start, start + 3) == "قال"
    assert text.text(0, 2) == "😀"


def test_half_a_character_is_given_whole(text: Any) -> None:
    assert text.text(0, 1) == "😀"
    assert text.text(1, 2) == "😀"
    assert text.text(1, 1) in ("", "😀")
    assert text.text(-5, 10**9) == TEXT


def test_a_mark_that_qt_drops_shifts_nothing(view: ArticleView, text: Any) -> None:
    view.show_article("\ufeffIraq \ufeffSyria", "", "", ())
    assert text.characterCount() == 12
    assert len(text.text(0, 12)) == 12
    assert len(text.text(6, 12)) == 6
    assert text.text(7, 12) == "Syria"


def test_empty_and_short_texts(view: ArticleView, text: Any) -> None:
    for shown in ("", "\n", "😀", "a\n", "\n\n"):
        view.show_article(shown, "", "", ())
        count = text.characterCount()
        assert count == units(shown)
        for boundary in B:
            for offset in range(-1, count + 2):
                for step in (-1, 0, 1):
                    said, start, end = text.stretch(offset, boundary.value, step)
                    assert 0 <= start <= end <= count
                    assert said == cut(shown, start, end)
        assert not text.characterRect(0).isNull()
        assert text.labels(0)[0] == ""


@pytest.mark.parametrize(
    "boundary", [B.WordBoundary, B.SentenceBoundary, B.ParagraphBoundary, B.LineBoundary]
)
def test_stretches_tile_the_text(text: Any, boundary: Any) -> None:
    edges, offset = [0], 0
    while offset < text.characterCount():
        said, start, end = text.stretch(offset, boundary.value, 0)
        assert start == offset
        assert end > start
        assert said == cut(TEXT, start, end)
        for inside in (start, (start + end) // 2, end - 1):
            assert text.stretch(inside, boundary.value, 0)[1:] == (start, end)
        edges.append(end)
        offset = end
    assert edges[-1] == text.characterCount()
    for before, (start, end) in pairwise([None, *pairwise(edges)]):
        if before is not None:
            assert text.stretch(start, boundary.value, -1)[1:] == before
            assert text.stretch(before[0], boundary.value, 1)[1:] == (start, end)


def test_what_the_stretches_are(text: Any) -> None:
    def at(quote: str, boundary: Any, step: int = 0) -> str:
        return str(text.stretch(u(TEXT.index(quote)), boundary.value, step)[0])

    assert at("Iraqi", B.WordBoundary) == "Iraqi"
    assert at("Iraqi", B.WordBoundary, 1) == " "
    assert at("جيش", B.WordBoundary) == "الجيش"
    assert at("e\u0301tat", B.CharBoundary) == "e\u0301"
    assert at("👩", B.CharBoundary) == "👩\u200d👩\u200d👧"
    assert at("Then", B.SentenceBoundary) == "Then Syria and Iraq spoke.\n"
    assert at("Then", B.SentenceBoundary, -1).endswith("near Baghdad. ")
    assert at("Then", B.ParagraphBoundary) == TEXT[: TEXT.index("\n") + 1]
    assert at("Then", B.NoBoundary) == TEXT


def test_lines_are_those_of_the_window(view: ArticleView, text: Any) -> None:
    start = u(TEXT.index("More"))
    _, low, high = text.stretch(start, B.LineBoundary.value, 0)
    first = view.caret_rect(UNITS.to_points(low))
    assert view.caret_rect(UNITS.to_points(high) - 1).top() == first.top()
    assert view.caret_rect(UNITS.to_points(high)).top() > first.top()
    view.resize(360, 480)
    QApplication.processEvents()
    _, low, narrow = text.stretch(start, B.LineBoundary.value, 0)
    below = view.caret_rect(UNITS.to_points(narrow))
    assert below.top() > view.caret_rect(UNITS.to_points(narrow) - 1).top()
    assert (low, narrow) != (0, high)


# Caret and selection


def test_caret_is_told_and_set(view: ArticleView, text: Any) -> None:
    view.set_caret(TEXT.index("Iraqi"))
    assert text.cursorPosition() == u(TEXT.index("Iraqi")) == TEXT.index("Iraqi") + 1
    text.setCursorPosition(u(TEXT.index("US bases")))
    assert view.caret == TEXT.index("US bases")
    text.setCursorPosition(1)
    assert view.caret == 0, "half an emoji is its start"
    text.setCursorPosition(u(TEXT.index("e\u0301tat")) + 1)
    assert view.caret == TEXT.index("e\u0301tat"), "a mark stays with its letter"
    text.setCursorPosition(10**6)
    assert view.caret == len(TEXT)
    assert view.rect_of(len(TEXT) - 2, len(TEXT))[0].bottom() <= view.viewport().height(), "scrolled there"


def test_selection_set_and_removed(view: ArticleView, text: Any) -> None:
    start = TEXT.index("Iraqi army")
    text.addSelection(u(start), u(start + 10))
    assert view.selection == (start, start + 10)
    text.setSelection(0, u(start + 5), u(start))
    assert view.selection == (start, start + 5)
    text.setSelection(1, 0, 2)
    assert view.selection == (start, start + 5), "there is but one"
    text.removeSelection(1)
    assert view.selection is not None
    text.removeSelection(0)
    assert view.selection is None
    assert view.caret == start + 5
    assert text.selectionCount() == 0


@native
def test_selection_is_told(view: ArticleView, text: Any) -> None:
    start = TEXT.index("قال")
    view.select(start, start + 10)
    asked = Native(text)
    assert asked.number(3) == text.selectionCount() == 1
    assert asked.selection() == (u(start), u(start + 10))
    assert asked.selection(3) == (0, 0)
    view.set_caret(4)
    assert asked.number(3) == 0
    assert asked.selection() == (0, 0)


def test_no_selection_is_told_where_its_ends_cannot_be(
    view: ArticleView, text: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(text, "_complete", False)
    view.select(4, 9)
    assert text.selectionCount() == 0


# C++


@native
def test_the_places_in_the_table(text: Any, view: ArticleView) -> None:
    asked = Native(text)
    view.set_caret(9)
    assert asked.number(7) == text.cursorPosition() == 10
    assert asked.number(13) == text.characterCount()
    assert asked.text(0, 5) == text.text(0, 5)


@native
def test_cpp_gets_the_same_stretches(text: Any) -> None:
    asked = Native(text)
    for place, step in ((abi.BEFORE, -1), (abi.AT, 0), (abi.AFTER, 1)):
        for boundary in B:
            for offset in range(0, text.characterCount(), 7):
                assert asked.stretch(place, offset, boundary) == text.stretch(offset, boundary.value, step)


@native
def test_an_exception_leaves_cpp_with_a_string(text: Any, monkeypatch: Any) -> None:
    said: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    monkeypatch.setattr(accessible.Reader, "attributes", None)
    monkeypatch.setattr(accessible.Reader, "stretch", None)
    assert Native(text).attributes(3) == ("", -1, -1)
    assert Native(text).stretch(abi.AT, 3, B.WordBoundary) == ("", -1, -1)
    assert len(said) == 2


# Places on the screen


def test_letters_are_found_where_they_are_said_to_be(view: ArticleView, text: Any) -> None:
    position = 0
    while position < len(TEXT):
        _, end = graphemes(TEXT, (position, position + 1))
        rect = text.characterRect(u(position))
        assert rect.height() > 5
        port = view.viewport()
        if not TEXT[position].isspace() and port.rect().contains(port.mapFromGlobal(rect.center())):
            assert text.offsetAtPoint(rect.center()) == u(position), repr(TEXT[position:end])
        position = end
    assert text.offsetAtPoint(QPoint(-500, -500)) == -1


def test_a_line_end_has_a_place_too(view: ArticleView, text: Any) -> None:
    for position in (TEXT.index("\n"), TEXT.index("\n\n") + 1, len(TEXT)):
        rect = text.characterRect(u(position))
        assert rect.height() > 5
        assert rect.topLeft() == view.viewport().mapToGlobal(view.caret_rect(position).topLeft())


def test_scrolling_to_a_stretch(view: ArticleView, text: Any) -> None:
    long = TEXT + "\n" + "A line.\n" * 300 + "The end 😀."
    view.show_article(long, "", "", ())
    count = text.characterCount()
    text.scrollToSubstring(count - 3, count)
    assert view.verticalScrollBar().value() > 0
    rect = text.characterRect(count - 3)
    assert view.viewport().rect().contains(view.viewport().mapFromGlobal(rect.center()))
    assert text.offsetAtPoint(rect.center()) == count - 3


# Spans


def describe(view: ArticleView, quote: str) -> str:
    view.set_caret(TEXT.index(quote))
    return str(QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Description))


def test_the_place_of_the_caret_is_described(view: ArticleView) -> None:
    assert describe(view, "army") == "actor: Iraqi army, inside claim"
    assert describe(view, "said rockets").startswith("claim: The Iraqi army said")
    assert describe(view, "Baghdad") == ""
    view.show_spans([CLAIM, ACTOR, quoted(3, "army", "other_label")], SCHEME)
    assert describe(view, "army") == "other label: army, inside actor, claim"
    view.show_spans([quoted(4, TEXT[:300], "claim")], SCHEME)
    assert describe(view, "Syria").endswith("…")
    assert len(describe(view, "Syria")) < 140


def test_labels_over_a_stretch(view: ArticleView, text: Any) -> None:
    actor, claim = (u(ACTOR.start), u(ACTOR.end)), (u(CLAIM.start), u(CLAIM.end))
    assert text.labels(actor[0]) == ("label:actor;inside:claim", *actor)
    assert text.labels(actor[1] - 1) == ("label:actor;inside:claim", *actor)
    assert text.labels(actor[1]) == ("label:claim", actor[1], claim[1])
    assert text.labels(claim[0]) == ("label:claim", claim[0], actor[0])
    assert text.labels(0) == ("", 0, claim[0])
    assert text.labels(claim[1]) == ("", claim[1], u(TEXT.index("\n")) + 1)
    view.show_spans([quoted(3, "army", "a:b;c")], SCHEME)
    assert text.labels(u(TEXT.index("army")))[0] == "label:a b c", "a client parts it at these signs"


@native
def test_cpp_gets_the_labels(text: Any) -> None:
    asked = Native(text)
    for offset in range(-1, text.characterCount() + 1):
        assert asked.attributes(offset) == text.labels(offset)


# Events

Handler = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
INSTALL = "_ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE"
LIBRARY = Path(PySide6.__file__).parent / "Qt" / "lib" / "libQt6Gui.so.6"
CLASSES = {
    QAccessible.Event.TextCaretMoved: QAccessibleTextCursorEvent,
    QAccessible.Event.TextSelectionChanged: QAccessibleTextSelectionEvent,
    QAccessible.Event.TextUpdated: QAccessibleTextUpdateEvent,
    QAccessible.Event.Announcement: QAccessibleAnnouncementEvent,
}


class Told:
    """What a screen reader was told of a view. PySide has no `installUpdateHandler`: the library itself has."""

    def __init__(self, view: QWidget) -> None:
        self.view = view
        self.said: list[tuple[Any, ...]] = []
        self._handler = Handler(self._hear)
        self._install = getattr(ctypes.CDLL(str(LIBRARY)), INSTALL)
        self._install.argtypes, self._install.restype = [ctypes.c_void_p], ctypes.c_void_p
        self._install(ctypes.cast(self._handler, ctypes.c_void_p))

    def close(self) -> None:
        self._install(None)

    def _hear(self, address: int) -> None:
        event: Any = Shiboken.wrapInstance(address, QAccessibleEvent)
        if event.object() is not self.view:
            return
        kind = event.type()
        if kind in CLASSES:
            event = Shiboken.wrapInstance(address, CLASSES[kind])
        values = {
            QAccessible.Event.TextCaretMoved: lambda: (event.cursorPosition(),),
            QAccessible.Event.TextSelectionChanged: lambda: (
                event.selectionStart(), event.selectionEnd(), event.cursorPosition()),
            QAccessible.Event.TextUpdated: lambda: (
                event.changePosition(), event.textRemoved(), event.textInserted()),
            QAccessible.Event.Announcement: lambda: (event.message(),),
            QAccessible.Event.DescriptionChanged: lambda: (
                QAccessible.queryAccessibleInterface(self.view).text(QAccessible.Text.Description),),
        }.get(kind, tuple)()  # fmt: skip
        self.said.append((kind.name, *values))

    def take(self) -> list[tuple[Any, ...]]:
        said, self.said = self.said, []
        return said


@pytest.fixture
def listen() -> Iterator[Callable[[QWidget], Told]]:
    if not LIBRARY.exists():
        pytest.skip("Qt's own library is not where it is on Linux")
    QAccessible.setActive(True)
    hearing: list[Told] = []

    def to(widget: QWidget) -> Told:
        hearing.append(Told(widget))
        return hearing[-1]

    yield to
    hearing[-1].close()
    QAccessible.setActive(False)


@pytest.fixture
def told(view: ArticleView, listen: Callable[[QWidget], Told]) -> Told:
    return listen(view)


def test_messages_are_announced(stage: Any, listen: Callable[[QWidget], Told]) -> None:
    bar = stage(MessageBar(LIGHT), 600, 60)
    told = listen(bar)
    bar.error("The disk is gone.")
    assert ("Announcement", "The disk is gone.") in told.take()
    bar.info("")
    assert told.take() == []


def test_caret_and_description_are_told(view: ArticleView, told: Told) -> None:
    army, near = TEXT.index("army"), TEXT.index("near")
    view.set_caret(army)
    assert told.take() == [
        ("TextCaretMoved", u(army)),
        ("DescriptionChanged", "actor: Iraqi army, inside claim"),
    ]
    view.set_caret(army + 1)
    assert told.take() == [("TextCaretMoved", u(army + 1))]
    view.set_caret(near)
    assert told.take() == [("TextCaretMoved", u(near)), ("DescriptionChanged", "")]
    view.set_caret(near)
    assert told.take() == []


def test_keys_tell_the_selection(view: ArticleView, told: Told) -> None:
    from PySide6.QtCore import Qt

    start = TEXT.index("Then")
    view.set_caret(start)
    told.take()
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert told.take() == [
        ("TextCaretMoved", u(start + 1)),
        ("TextSelectionChanged", u(start), u(start + 1), u(start + 1)),
    ]
    view.set_caret(start)
    assert told.take() == [
        ("TextCaretMoved", u(start)),
        ("TextSelectionChanged", u(start), u(start), u(start)),
    ]


def test_a_picked_span_is_announced(view: ArticleView, told: Told) -> None:
    view.pick(2)
    start = ACTOR.start
    assert told.take() == [
        ("Announcement", f"Actor: Iraqi army, characters {start} to {start + 10}, inside claim")
    ]
    view.pick(1)
    assert told.take()[0][1].startswith("Claim: The Iraqi army said")
    view.pick(None)
    assert told.take() == []


def test_a_new_label_at_the_caret_is_told(view: ArticleView, told: Told) -> None:
    view.set_caret(TEXT.index("Baghdad"))
    told.take()
    view.show_spans([CLAIM, ACTOR, quoted(3, "Baghdad", "event")], SCHEME)
    assert told.take() == [("DescriptionChanged", "event: Baghdad")]
    view.show_spans([CLAIM, ACTOR, quoted(3, "Baghdad", "event")], SCHEME)
    assert told.take() == []


def test_a_label_made_of_a_selection_is_told_at_its_end(view: ArticleView, told: Told) -> None:
    end = TEXT.index("Baghdad") + len("Baghdad")
    view.set_caret(end)
    told.take()
    view.show_spans([CLAIM, ACTOR, quoted(3, "Baghdad", "event")], SCHEME)
    assert told.take() == [("DescriptionChanged", "after event: Baghdad")]
    view.set_caret(ACTOR.end)
    assert told.take()[-1] == ("DescriptionChanged", "after actor: Iraqi army, inside claim")
    view.set_caret(ACTOR.end + 1)
    assert str(told.take()[-1][-1]).startswith("claim: ")


def test_another_article_is_told_before_its_caret(view: ArticleView, told: Told) -> None:
    view.select(3, 9)
    told.take()
    view.show_article("Ein anderer 😀.", "Another title", "", ())
    said = told.take()
    assert said[0] == ("NameChanged",)
    assert said[1] == ("TextUpdated", 0, TEXT, "Ein anderer 😀.")
    assert said[2:] == [
        ("TextSelectionChanged", 0, 0, 0),
        ("TextCaretMoved", 0),
        ("DescriptionChanged", ""),
    ]
    view.show_article("Ein anderer 😀.", "Another title", "", ())
    assert [name for name, *_ in told.take()] == ["TextCaretMoved"], "the same text is no change"


def test_nothing_is_told_or_worked_out_when_nobody_listens(view: ArticleView, told: Told) -> None:
    QAccessible.setActive(False)
    view.show_article("x" * 9 + "😀", "Rockets hit a base", "", ())
    view.show_spans([quoted(3, "xxx", text="x" * 9)], SCHEME)
    view.set_caret(2)
    view.select(1, 4)
    view.pick(3)
    assert [kind for kind, *_ in told.take() if kind != "NameChanged"] == []
    assert view.reader._mapped is None
    QAccessible.setActive(True)
    view.set_caret(5)
    assert told.take()[0][0] != "TextUpdated", "who begins to listen now reads the text itself"


def test_it_costs_nothing_when_nobody_listens(view: ArticleView) -> None:
    begun = time.perf_counter()
    for _ in range(1000):
        view.reader._caret_moved(5)
    assert time.perf_counter() - begun < 0.05


# Length


def test_a_long_article_is_answered_at_once(view: ArticleView, text: Any) -> None:
    long = (TEXT + "\n") * (1_000_000 // len(TEXT))
    view.show_article(long, "", "", ())
    text.characterCount()
    begun = time.perf_counter()
    for offset in range(0, text.characterCount(), 20_000):
        for boundary in (
            B.CharBoundary,
            B.WordBoundary,
            B.LineBoundary,
            B.SentenceBoundary,
            B.ParagraphBoundary,
        ):
            text.stretch(offset, boundary.value, 0)
        text.characterRect(offset)
        text.labels(offset)
    # Some fifty places, all new to the layout.
    assert time.perf_counter() - begun < 1.0


# Lives


def make_view() -> ArticleView:
    view = ArticleView()
    view.show_article(TEXT, "title", "", ())
    view.show_spans([CLAIM, ACTOR], SCHEME)
    return view


def test_an_interface_outlives_its_view_quietly(app: Any) -> None:
    view = make_view()
    found = QAccessible.queryAccessibleInterface(view)
    text = found.textInterface()
    Shiboken.delete(view)
    gc.collect()
    assert not Shiboken.isValid(found), "Qt deletes it with the view"
    assert text.characterCount() == 0
    assert text.text(0, 5) == ""
    assert text.cursorPosition() == text.selectionCount() == 0
    assert text.offsetAtPoint(QPoint(5, 5)) == -1
    assert text.characterRect(0).isNull()
    text.setCursorPosition(3)
    text.setSelection(0, 1, 2)
    text.removeSelection(0)
    text.scrollToSubstring(0, 2)
    assert text.stretch(0, 1, 0) == ("", -1, -1)
    assert text.labels(0) == ("", 0, 0)


def test_many_views_come_and_go(app: Any) -> None:
    QAccessible.setActive(True)
    gone = []
    gc.collect()
    gc.freeze()  # what was there before is not looked through each time
    for round_ in range(16):
        view = make_view()
        text = QAccessible.queryAccessibleInterface(view).textInterface()
        view.select(3, 9)
        view.pick(2)
        gc.collect()
        assert text.characterCount() == units(TEXT)
        if abi.POSSIBLE:
            assert Native(text).selection()[1] > 0
        gone.append(weakref.ref(view))
        if round_ % 2:
            view.deleteLater()
            QApplication.processEvents()
        del view, text
    QAccessible.setActive(False)
    gc.collect()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    gc.collect()
    gc.unfreeze()
    assert [ref for ref in gone if ref() is not None] == []


@given(st.text(st.sampled_from("ab ,.\n\u00a0e\u0301😀👩\u200d🇮🇶مرحباש\ufeff…’"), max_size=40), st.data())
@settings(max_examples=60, deadline=None)
def test_any_text_any_place(app: Any, shown: str, data: Any) -> None:
    view = ArticleView()
    view.show_article(shown, "", "", ())
    text: Any = QAccessible.queryAccessibleInterface(view).textInterface()
    count = text.characterCount()
    assert count == units(shown)
    offset = data.draw(st.integers(-1, count + 1))
    for boundary in B:
        for step in (-1, 0, 1):
            said, start, end = text.stretch(offset, boundary.value, step)
            assert 0 <= start <= end <= count
            assert units(said) == end - start
            if abi.POSSIBLE:
                place = {-1: abi.BEFORE, 0: abi.AT, 1: abi.AFTER}[step]
                assert Native(text).stretch(place, offset, boundary) == (said, start, end)
    text.setCursorPosition(offset)
    text.setSelection(0, offset, offset + 3)
    assert text.characterRect(offset).isValid()
    Shiboken.delete(view)


ENDING = """
import gc, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from ui.textview import ArticleView
from ui.theme import LIGHT
app = QApplication([])
views = [ArticleView() for _ in range(3)]
kept = [QAccessible.queryAccessibleInterface(view) for view in views]
texts = [found.textInterface() for found in kept]
QAccessible.setActive(True)
views[0].show_article("Some text", "title", "", ())
views[0].select(1, 4)
print(texts[0].text(0, 4))
if "delete" in sys.argv:
    views[1].deleteLater()
    app.processEvents()
if "forget" in sys.argv:
    del kept, texts
    gc.collect()
if "app" in sys.argv:
    del app
"""


@pytest.mark.parametrize("how", ["", "delete", "forget", "app", "delete forget app"])
def test_the_program_ends_well(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", ENDING, *how.split()],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "Some\n"), done.stderr
