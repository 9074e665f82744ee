"""The article view, driven through the event loop with real mouse and key events."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any
from unicodedata import bidirectional

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.model import Colour, Colours, Label, Scheme, Span
from desktop.spans import trim
from desktop.text import graphemes, words
from ui.textview import ArticleView
from ui.theme import DARK, LIGHT

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier

TEXT = (
    "😀 The Iraqi army said rockets hit e\u0301tat\u00a0major, near Baghdad. Then Syria and Iraq spoke.\n"
    "قال الجيش العراقي إن صواريخ أطلقت على السفارة US bases في بغداد.\n"
    "\n"
    "The word مرحبا 123 stands here 👩\u200d👩\u200d👧 and עולם ends it. "
    + "More words follow to fill the lines. "
    * 12
)


def colours(line: str) -> Colours:
    shades = Colour(background=line, text="#000000", line=line)
    return Colours(light=shades, dark=shades)


SCHEME = Scheme(
    scheme="test",
    labels=tuple(
        Label(name=name, key=name[0], colours=colours(colour))
        for name, colour in (
            ("event", "#a85400"),
            ("actor", "#1b5fbf"),
            ("location", "#5a7300"),
            ("claim", "#8a3fa8"),
        )
    ),
)


def span(
    key: int, start: int, end: int, label: str = "actor", text: str = TEXT, fragments: Any = None
) -> Span:
    return Span(
        key=key, id=f"s{key}", start=start, end=end, label=label, text=text[start:end],
        fragments=fragments or ((start, end),), annotator="a",
    )  # fmt: skip


def quoted(key: int, quote: str, label: str = "actor", text: str = TEXT) -> Span:
    start = text.index(quote)
    return span(key, start, start + len(quote), label, text)


@pytest.fixture
def view(app: Any) -> Iterator[ArticleView]:
    shown = make(app)
    shown.show_article(TEXT, "A title", "a subtitle", ())
    settle()
    yield shown
    shown.close()
    shown.deleteLater()
    settle()


def make(app: Any, width: int = 800, height: int = 600) -> ArticleView:
    shown = ArticleView()
    shown.resize(width, height)
    shown.show()
    shown.activateWindow()
    shown.setFocus()
    settle()
    return shown


def settle() -> None:
    QApplication.processEvents()


def at(view: ArticleView, position: int) -> QPoint:
    """The middle of the character at `position`."""
    return view.rect_of(position, position + 1)[0].center()


def click(view: ArticleView, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(view.viewport(), LEFT, modifiers, point)


def drag(view: ArticleView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    port = view.viewport()
    QTest.mousePress(port, LEFT, modifiers, start)
    for step in range(1, 6):
        QTest.mouseMove(port, start + (end - start) * step / 5)
        settle()
    QTest.mouseRelease(port, LEFT, modifiers, end)
    settle()


def edges(view: ArticleView, start: int, end: int) -> tuple[QPoint, QPoint]:
    """Points just inside the first and last character of a stretch from left to right."""
    first, last = view.rect_of(start, start + 1)[0], view.rect_of(end - 1, end)[0]
    return QPoint(first.left() + 2, first.center().y()), QPoint(last.right() - 1, last.center().y())


class Heard:
    """What a signal said."""

    def __init__(self, signal: Any) -> None:
        self.said: list[Any] = []
        signal.connect(self._hear)

    def _hear(self, *values: Any) -> None:
        self.said.append(values[0] if len(values) == 1 else values)


# Places


def test_every_letter_is_found_under_its_own_place(view: ArticleView) -> None:
    position = 0
    while position < len(TEXT):
        _, end = graphemes(TEXT, (position, position + 1))
        if not TEXT[position].isspace():
            rects = view.rect_of(position, end)
            assert len(rects) == 1
            assert view._position(rects[0].center(), over=True) == position, repr(TEXT[position:end])
        position = end


def test_caret_positions_cut_no_grapheme_cluster(view: ArticleView) -> None:
    found = {view.position_at(QPoint(x, y)) for y in range(0, 600, 9) for x in range(0, 800, 3)}
    assert len(found) > 200
    for position in found:
        assert graphemes(TEXT, (position, position)) == (position, position)


def test_mixed_directions_give_the_pieces_that_are_seen(view: ArticleView) -> None:
    low = TEXT.index("word مرحبا")
    # From inside the Latin to inside the Arabic: two pieces with the digits between them.
    rects = view.rect_of(low, low + 7)
    assert len(rects) == 2
    arabic = view.rect_of(low + 5, low + 10)[0]
    digits = view.rect_of(TEXT.index("123"), TEXT.index("123") + 3)[0]
    assert digits.left() < arabic.left()
    assert rects[1].right() <= arabic.right() + 1
    assert not rects[1].intersects(digits.adjusted(2, 0, -2, 0))


MIXED = (
    "قال John Kirby في 14 مارس 2024 إن حقل Ratawi أصيب بطراز Shahed-136.\n"
    "דובר אמר ל-Haaretz כי (ב-06:40) John Doe מה-UN אישר.\nThe مرحبا 123 was said."
)


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize(
    "quote",
    [
        "John Kirby",
        "14 مارس 2024",
        "Ratawi",
        "Shahed-136",
        "ל-Haaretz",
        "Haaretz",
        "06:40",
        "UN",
        "مرحبا 123",
    ],
)
def test_a_drag_over_what_is_seen_selects_it_in_mixed_directions(
    view: ArticleView, quote: str, step: int
) -> None:
    view.show_article(MIXED, "", "", ())
    settle()
    start = MIXED.index(quote)

    def outer(position: int, *, first: bool) -> QPoint:
        """A point on the outer half of a letter."""
        rect = view.rect_of(position, position + 1)[0]
        left = first != (bidirectional(MIXED[position]) in ("R", "AL"))
        return QPoint(rect.left() + 1 if left else rect.right() - 1, rect.center().y())

    edges = outer(start, first=True), outer(start + len(quote) - 1, first=False)
    assert tuple(map(view.position_at, edges)) == (start, start + len(quote))
    drag(view, *edges[::step])
    assert view.selection == (start, start + len(quote))


def test_a_right_to_left_line_stands_on_the_right(view: ArticleView) -> None:
    start = TEXT.index("قال")
    first, latin = view.rect_of(start, start + 3)[0], view.rect_of(0, 5)[0]
    assert first.right() > latin.right()
    assert abs(first.right() - (view._left + view._flow.width)) <= 3


def test_pieces_end_at_the_last_letter_of_a_line(view: ArticleView) -> None:
    start = TEXT.index("More")
    for rect in view.rect_of(start, len(TEXT)):
        assert rect.right() <= view._left + view._flow.width + 2


def test_a_mark_that_qt_drops_shifts_nothing(view: ArticleView) -> None:
    text = "\ufeffIraq said\n\ufeffSyria \ufeffspoke 😀 twice"
    view.show_article(text, "", "", ())
    for word in ("Iraq", "Syria", "spoke", "twice"):
        start = text.index(word)
        QTest.mouseDClick(view.viewport(), LEFT, NONE, at(view, start + 1))
        assert view.selection is not None
        assert text[slice(*view.selection)].strip("\ufeff") == word


@pytest.mark.parametrize("width", [160, 320, 420, 800, 1900])
def test_the_column_stays_inside_the_window(app: Any, width: int) -> None:
    view = make(app, width, 500)
    view.show_article(TEXT, "A rather long title that has to wrap somewhere", "subtitle", ())
    view.show_spans([quoted(1, TEXT[4:90], "claim"), quoted(2, TEXT[2:95], "claim")], SCHEME)
    for rect in view.rect_of(0, len(TEXT)):
        assert rect.left() >= 0
        assert rect.right() <= view.viewport().width()
    assert not view.grab().isNull()
    view.close()


# Mouse


def test_a_click_sets_the_caret_and_picks_the_innermost_then_goes_outwards(view: ArticleView) -> None:
    outer, middle, inner = (
        quoted(1, "The Iraqi army said", "claim"),
        quoted(2, "Iraqi army"),
        quoted(3, "Iraqi", "location"),
    )
    view.show_spans([outer, middle, inner], SCHEME)
    heard = Heard(view.picked_changed)
    point = at(view, inner.start + 2)
    for key in (3, 2, 1, 3, 2):
        click(view, point)
        assert view.picked == key
    assert abs(view.caret - inner.start - 2) <= 1
    assert heard.said == [3, 2, 1, 3, 2]
    click(view, at(view, middle.end - 1))
    assert view.picked == 2, "at another place it begins with the innermost again"
    click(view, at(view, TEXT.index("rockets")))
    assert view.picked is None
    assert heard.said[-1] is None


def test_a_click_beside_the_text_of_a_spans_line_picks_nothing(view: ArticleView) -> None:
    last = span(1, len(TEXT) - 8, len(TEXT) - 2)
    view.show_spans([last], SCHEME)
    rect = view.span_rects(1)[0]
    click(view, QPoint(view._left + view._flow.width + 12, rect.center().y()))
    assert view.picked is None


def test_a_bracket_picks_its_claim(view: ArticleView) -> None:
    claim = span(1, TEXT.index("The word"), TEXT.index("More words") + 80, "claim")
    view.show_spans([claim], SCHEME)
    settle()
    rects = view.span_rects(1)
    click(view, QPoint(view._left - 10, rects[1].center().y()))
    assert view.picked == 1


def test_a_drag_selects_whole_words_without_blanks_and_stops(view: ArticleView) -> None:
    heard = Heard(view.selection_changed)
    start, end = TEXT.index("rockets"), TEXT.index("Baghdad. ") + len("Baghdad. ")
    a, b = edges(view, start + 2, end)
    drag(view, a, b)
    assert view.selection == (start, end - 2)
    assert view.exact is False
    assert view.caret == end - 2
    assert heard.said


def test_a_drag_goes_on_when_it_drops_a_pick(view: ArticleView) -> None:
    view.show_spans([quoted(1, "Iraqi army")], SCHEME)
    view.pick(1)
    start, end = TEXT.index("rockets"), TEXT.index("Baghdad") + 7
    drag(view, *edges(view, start, end))
    assert view.selection == (start, end)
    assert view.picked is None


def test_escape_gives_up_a_handle_that_is_being_dragged(view: ArticleView) -> None:
    view.show_spans([quoted(7, "Iraqi army")], SCHEME)
    view.pick(7)
    settle()
    heard = Heard(view.edge_moved)
    port, end = view.viewport(), at(view, TEXT.index("rockets"))
    QTest.mousePress(port, LEFT, NONE, dict(view._handles())["end"].center().toPoint())
    QTest.mouseMove(port, end)
    assert view._moving is not None
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(port, LEFT, NONE, end)
    assert (heard.said, view._moving, view.picked) == ([], None, 7)


def test_a_drag_backwards_keeps_its_direction(view: ArticleView) -> None:
    start, end = TEXT.index("rockets"), TEXT.index("Baghdad") + 7
    a, b = edges(view, start + 1, end - 1)
    drag(view, b, a)
    assert (view.anchor, view.caret) == (end, start)


def test_a_drag_with_ctrl_is_exact(view: ArticleView) -> None:
    start = TEXT.index("rockets")
    a, b = edges(view, start + 2, start + 6)
    drag(view, a, b, CTRL)
    assert view.selection is not None
    assert view.exact is True
    low, high = view.selection
    assert start < low < high < start + 8
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.exact is False


def test_a_drag_over_blanks_only_selects_nothing(view: ArticleView) -> None:
    text = "one" + "\u00a0" * 30 + "two"
    view.show_article(text, "", "", ())
    a, b = view.rect_of(6, 7)[0].center(), view.rect_of(25, 26)[0].center()
    drag(view, a, b)
    assert view.selection is None


def test_double_click_takes_the_word_and_triple_the_sentence(view: ArticleView) -> None:
    view.show_spans([quoted(1, "Iraqi army")], SCHEME)
    for word in ("Iraqi", "e\u0301tat", "العراقي", "עולם"):
        start = TEXT.index(word)
        point = at(view, start + 2)
        click(view, point)
        QTest.mouseDClick(view.viewport(), LEFT, NONE, point)
        assert view.selection == (start, start + len(word))
        assert view.picked is None
    point = at(view, TEXT.index("Syria") + 2)
    QTest.mouseDClick(view.viewport(), LEFT, NONE, point)
    QTest.mousePress(view.viewport(), LEFT, NONE, point)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, point)
    assert view.selection == (TEXT.index("Then Syria"), TEXT.index(" spoke.") + 7)


def test_a_handle_moves_an_edge_and_snaps(view: ArticleView) -> None:
    picked = quoted(7, "Iraqi army")
    view.show_spans([picked], SCHEME)
    view.pick(7)
    settle()
    heard = Heard(view.edge_moved)
    knobs = dict(view._handles())
    target = TEXT.index("rockets")
    drag(view, knobs["end"].center().toPoint(), at(view, target + 4))
    assert heard.said == [(7, picked.start, target + 7)]
    assert view.picked == 7, "the pick stays: the window shows the moved span next"
    drag(view, knobs["start"].center().toPoint(), at(view, TEXT.index("The") + 1))
    assert heard.said[1:] == [(7, TEXT.index("The"), picked.end)]
    drag(view, knobs["end"].center().toPoint(), at(view, target + 3), CTRL)
    assert heard.said[2][2] in (target + 3, target + 4)


def test_a_handle_dragged_over_the_other_end_changes_nothing(view: ArticleView) -> None:
    picked = quoted(7, "Iraqi army")
    view.show_spans([picked], SCHEME)
    view.pick(7)
    settle()
    heard = Heard(view.edge_moved)
    drag(view, dict(view._handles())["end"].center().toPoint(), at(view, 0))
    assert all(start < end for _, start, end in heard.said)
    assert all(start == picked.start for _, start, _ in heard.said)


def test_the_mouse_beyond_the_edge_scrolls_on(app: Any) -> None:
    view = make(app, 500, 300)
    view.show_article("\n".join(f"line {i} of many words" for i in range(400)), "", "", ())
    settle()
    port = view.viewport()
    QTest.mousePress(port, LEFT, NONE, at(view, 3))
    QTest.mouseMove(port, QPoint(200, 150))
    QTest.mouseMove(port, QPoint(200, 340))
    before = view.caret
    assert wait_for(lambda: view.verticalScrollBar().value() > 200)
    assert view.caret > before
    QTest.mouseRelease(port, LEFT, NONE, QPoint(200, 290))
    stopped = view.verticalScrollBar().value()
    QTest.qWait(80)
    assert view.verticalScrollBar().value() == stopped
    view.close()


def wait_for(condition: Callable[[], bool], seconds: float = 3.0) -> bool:
    for _ in range(int(seconds * 100)):
        if condition():
            return True
        QTest.qWait(10)
    return False


def test_hovering_tells_the_span_and_leaving_it_none(view: ArticleView) -> None:
    view.show_spans([quoted(1, "Iraqi army")], SCHEME)
    heard = Heard(view.hovered_changed)
    QTest.mouseMove(view.viewport(), at(view, TEXT.index("army") + 1))
    settle()
    QTest.mouseMove(view.viewport(), at(view, TEXT.index("Baghdad") + 1))
    settle()
    assert heard.said == [1, None]


def test_ctrl_and_wheel_zoom(view: ArticleView) -> None:
    heard = Heard(view.font_size_changed)
    spot = QPointF(200, 200)
    for delta in (120, 120, -120):
        QApplication.sendEvent(
            view.viewport(),
            QWheelEvent(spot, view.viewport().mapToGlobal(spot), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
                        CTRL, Qt.ScrollPhase.NoScrollPhase, False),
        )  # fmt: skip
    assert heard.said == [18, 19, 18]
    assert view.font_size == 18


# Keys


def test_arrows_walk_over_whole_letters_to_the_end_and_back(view: ArticleView) -> None:
    text = "a😀b e\u0301\u00a0👩\u200d👩\u200d👧\n\nend"
    view.show_article(text, "", "", ())
    stops = [0]
    while stops[-1] < len(text):
        stops.append(graphemes(text, (stops[-1], stops[-1] + 1))[1])
    seen = [view.caret]
    for _ in stops[1:]:
        QTest.keyClick(view, Qt.Key.Key_Right)
        seen.append(view.caret)
    assert seen == stops
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.caret == len(text)
    for stop in reversed(stops[:-1]):
        QTest.keyClick(view, Qt.Key.Key_Left)
        assert view.caret == stop


def test_left_moves_left_in_a_right_to_left_line(view: ArticleView) -> None:
    text = "قال الجيش إن"
    view.show_article(text, "", "", ())
    for expected in range(1, 6):
        before = view.caret_rect(view.caret).x()
        QTest.keyClick(view, Qt.Key.Key_Left)
        assert view.caret == expected
        assert view.caret_rect(view.caret).x() < before
    QTest.keyClick(view, Qt.Key.Key_Left, CTRL)
    assert view.caret == len("قال الجيش")
    QTest.keyClick(view, Qt.Key.Key_Right, CTRL)
    assert view.caret == len("قال ")


@pytest.mark.parametrize(
    "text", ["abc مرحبا 123 def", "قال US bases في 2021 بغداد", "x עולם 😀 e\u0301 مرحبا"]
)
def test_arrows_cross_mixed_directions_without_getting_stuck(view: ArticleView, text: str) -> None:
    rtl = text[0] == "ق"
    view.show_article(f"{text}\n{'ثم' if rtl else 'then'}", "", "", ())
    clusters = [at for at in range(len(text) + 1) if graphemes(text, (at, at)) == (at, at)]
    forward, back = (Qt.Key.Key_Left, Qt.Key.Key_Right) if rtl else (Qt.Key.Key_Right, Qt.Key.Key_Left)
    for key, goal in ((forward, len(view.text)), (back, 0)):
        seen = [view.caret]
        for _ in range(len(text) + 8):
            QTest.keyClick(view, key)
            seen.append(view.caret)
        assert view.caret == goal, seen
        inside = [position for position in seen if position <= len(text)]
        assert set(inside) <= set(clusters)
        # At a change of direction two places share one position; nothing else may be left out.
        assert len(set(inside)) >= len(clusters) - 3


def test_arrows_go_on_over_lines_without_letters(view: ArticleView) -> None:
    text = "***\n\nقال الجيش.\n\n2021\n\n\nثم John Kirby أعلن.\n"
    view.show_article(text, "", "", ())
    settle()
    for key, goal in ((Qt.Key.Key_Left, len(text)), (Qt.Key.Key_Right, 0)):
        for _ in range(len(text) + 4):
            QTest.keyClick(view, key)
        assert view.caret == goal
    year, last = (
        view.rect_of(text.index("2021"), text.index("2021") + 4)[0],
        view.rect_of(len(text) - 3, len(text) - 2),
    )
    assert year.right() > last[0].right(), "a line of figures stands where its neighbours do"


def test_words_lines_and_ends(view: ArticleView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Right, CTRL)
    QTest.keyClick(view, Qt.Key.Key_Right, CTRL)
    assert view.caret == TEXT.index(" Iraqi")
    QTest.keyClick(view, Qt.Key.Key_Left, CTRL)
    assert view.caret == TEXT.index("The")
    QTest.keyClick(view, Qt.Key.Key_End)
    end = view.caret
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.caret == 0 < end <= TEXT.index("\n")
    QTest.keyClick(view, Qt.Key.Key_End, CTRL)
    assert view.caret == len(TEXT)
    QTest.keyClick(view, Qt.Key.Key_Home, CTRL)
    assert view.caret == 0


def test_every_word_is_reached_by_word_moves(view: ArticleView) -> None:
    ends = [end for _, end in words(TEXT)]
    line = TEXT.index("\n")
    seen = []
    while view.caret < line - 1:
        before = view.caret
        QTest.keyClick(view, Qt.Key.Key_Right, CTRL)
        if view.caret == before or view.caret > line:
            break
        seen.append(view.caret)
    assert seen == [end for end in ends if end < line]


def test_up_and_down_keep_the_column(view: ArticleView) -> None:
    text = "a long first line of words here\nab\n\nanother long line of words here"
    view.show_article(text, "", "", ())
    view.set_caret(20)
    x = view.caret_rect(20).x()
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert abs(view.caret_rect(view.caret).x() - x) < 8
    assert view.caret > text.index("another")
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.caret == 20


def test_down_visits_every_line_of_a_wrapped_paragraph(view: ArticleView) -> None:
    view.set_caret(TEXT.index("The word"))
    tops = []
    for _ in range(5):
        tops.append(view.caret_rect(view.caret).y())
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert tops == sorted(set(tops))


def test_home_and_end_stay_in_a_wrapped_line(view: ArticleView) -> None:
    view.set_caret(TEXT.index("More words") + 30)
    y = view.caret_rect(view.caret).y()
    for key in (Qt.Key.Key_End, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Home):
        QTest.keyClick(view, key)
        assert view.caret_rect(view.caret).y() == y


def test_shift_extends_and_plain_arrows_collapse(view: ArticleView) -> None:
    view.set_caret(4)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT | CTRL)
    assert view.selection == (4, TEXT.index("Iraqi") + 5)
    QTest.keyClick(view, Qt.Key.Key_Left, SHIFT | CTRL)
    QTest.keyClick(view, Qt.Key.Key_Left, SHIFT | CTRL)
    assert view.selection == (2, 4)
    assert view.anchor == 4
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert (view.selection, view.caret) == (None, 2)
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    assert view.selection == (0, len(TEXT))


def test_page_keys_turn_pages_and_come_back(app: Any) -> None:
    view = make(app, 500, 300)
    view.show_article("\n".join(f"line {i} of many words" for i in range(200)), "", "", ())
    settle()
    for _ in range(5):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
    there = view.caret
    assert there > 300
    assert view.viewport().rect().contains(view.caret_rect(there).center())
    for _ in range(8):
        QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.caret == 0
    for _ in range(200):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.caret == len(view.text)
    view.close()


def test_escape_drops_the_pick_then_the_selection_then_is_passed_on(view: ArticleView) -> None:
    view.show_spans([quoted(1, "Iraqi army")], SCHEME)
    view.select(4, 9)
    view.pick(1)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert (view.picked, view.selection) == (None, (4, 9))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.selection is None
    assert passed_on(view, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Return]
)
def test_letters_are_the_windows(view: ArticleView, key: Qt.Key) -> None:
    assert passed_on(view, key)


def passed_on(view: ArticleView, key: Qt.Key) -> bool:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    event = QKeyEvent(QEvent.Type.KeyPress, key, NONE)
    view.keyPressEvent(event)
    return not event.isAccepted()


def test_moving_the_caret_drops_the_pick_unless_told_to_keep_it(view: ArticleView) -> None:
    view.show_spans([quoted(1, "Iraqi army")], SCHEME)
    view.pick(1)
    view.set_caret(3, keep_pick=True)
    assert view.picked == 1
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.picked is None


def test_copy_takes_the_articles_own_characters(view: ArticleView) -> None:
    view.show_spans([quoted(1, "e\u0301tat\u00a0major")], SCHEME)
    view.pick(1)
    QTest.keyClick(view, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "e\u0301tat\u00a0major"
    view.select(0, 5)
    view.copy()
    assert QGuiApplication.clipboard().text() == TEXT[:5]


def test_selections_cut_no_cluster(view: ArticleView) -> None:
    family = TEXT.index("👩")
    view.select(family + 1, family + 3)
    assert view.selection == (family, family + 5)


# Spans read anew, scrolling, size


def test_spans_read_anew_keep_what_can_be_kept(view: ArticleView) -> None:
    view.show_spans([quoted(1, "Iraqi army"), quoted(2, "Baghdad")], SCHEME)
    view.select(10, 15)
    view.pick(2)
    heard = Heard(view.picked_changed)
    view.show_spans([quoted(2, "Baghdad"), quoted(3, "Syria")], SCHEME)
    assert (view.picked, view.selection, view.caret, heard.said) == (2, (10, 15), 15, [])
    view.show_spans([quoted(3, "Syria")], SCHEME)
    assert (view.picked, heard.said) == (None, [None])
    assert view.span_rects(2) == []


def long_text() -> str:
    chance = random.Random(5)
    return "\n".join("word " * chance.randrange(1, 300) for _ in range(300))


def test_reveal_shows_any_place_of_an_unseen_text(app: Any) -> None:
    view = make(app, 640, 400)
    text = long_text()
    view.show_article(text, "Title", "sub", ())
    for position in (len(text) - 10, 5, len(text) // 2, len(text) // 3, 0):
        view.reveal(position, position + 3)
        settle()
        assert view.viewport().rect().contains(view.rect_of(position, position + 3)[0].center())
    view.close()


def test_scrolling_up_through_unseen_text_never_jumps(app: Any) -> None:
    view = make(app, 640, 400)
    view.show_article(long_text(), "Title", "sub", ())
    view.reveal(len(view.text) // 2, len(view.text) // 2)
    bar = view.verticalScrollBar()
    for _ in range(120):
        mark = view.position_at(QPoint(300, 200))
        y = view.caret_rect(mark).y()
        before = bar.value()
        bar.setValue(before - 40)
        settle()
        assert view.caret_rect(mark).y() - y == 40
    view.close()


def test_zoom_and_resize_keep_the_place(app: Any) -> None:
    view = make(app, 640, 400)
    view.show_article(long_text(), "Title", "sub", ())
    view.reveal(len(view.text) // 2, len(view.text) // 2)
    settle()
    mark = view.position_at(QPoint(view._left + 1, 6))
    for change in (
        lambda: view.set_font_size(25),
        lambda: view.resize(420, 500),
        lambda: view.resize(900, 300),
    ):
        change()
        settle()
        assert -60 < view.caret_rect(mark).y() < 90
    view.close()


def test_a_line_of_a_megabyte_is_cut_at_blanks(app: Any) -> None:
    view = make(app, 640, 400)
    text = ("word " * 50_000) + "x" * 50_000 + "😀" * 30_000
    view.show_article(text, "", "", ())
    for block, after in zip(view._flow.blocks, view._flow.blocks[1:], strict=False):
        assert block.end == after.start
        assert block.end - block.start <= 20_000
    view.reveal(len(text), len(text))
    assert view._flow.blocks[-1].end == len(text)
    edge = view._flow.blocks[3].start
    view.set_caret(edge)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.caret == edge - 1
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.caret == edge
    view.close()


def test_before_anything_is_shown_it_paints_and_answers(app: Any) -> None:
    view = make(app)
    view.set_theme(DARK)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
        QTest.keyClick(view, key)
    click(view, QPoint(300, 200))
    QTest.mouseDClick(view.viewport(), LEFT, NONE, QPoint(300, 200))
    view.copy()
    assert view.selection is None
    assert view.grab().toImage().pixelColor(4, 4).name() == DARK.page
    view.close()


def test_stretches_outside_the_article_are_grey(view: ArticleView) -> None:
    def darkest() -> int:
        image = view.grab().toImage()
        rect = view.rect_of(TEXT.index("rockets"), TEXT.index("rockets") + 7)[0]
        return min(
            image.pixelColor(x, y).lightness()
            for x in range(rect.left(), rect.right())
            for y in range(rect.top(), rect.bottom())
        )

    black = darkest()
    view.show_article(TEXT, "A title", "a subtitle", ((TEXT.index("rockets"), TEXT.index("rockets") + 7),))
    assert darkest() > black + 30
    view.set_theme(LIGHT)


def test_an_empty_article_has_a_caret_and_no_article_has_none(view: ArticleView) -> None:
    accent = QColor(LIGHT.accent).rgb()

    def caret_is_seen() -> bool:
        view.viewport().repaint()
        picture, place = view.viewport().grab().toImage(), view.caret_rect(0)
        return picture.pixel(place.center()) == accent

    view.setFocus()
    view.show_nothing("No articles yet", "")
    settle()
    assert not caret_is_seen()
    view.show_article("", "Bare", "0 characters")
    settle()
    assert caret_is_seen()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.sampled_from("ab .,\n\u00a0e\u0301😀👩\u200dمرحבש1\ufeff\u200f"), max_size=120),
    places=st.lists(st.integers(0, 120), min_size=2, max_size=8),
)
def test_any_text_with_any_spans_can_be_walked_and_painted(
    app: Any, view: ArticleView, text: str, places: list[int]
) -> None:
    view.show_article(text, text[:20], "", ((0, len(text) // 3),) if len(text) > 3 else ())
    spans = [
        span(key, a, b, "event", text)
        for key, (a, b) in enumerate(itertools.pairwise(places), 1)
        if 0 <= a < b <= len(text)
    ]
    view.show_spans(spans, SCHEME)
    view.pick(1)
    view.grab()
    for one in spans:
        start, end = trim(text, one.start, one.end)
        assert view.span_rects(one.key) or start == end, "only a span of blanks may have no place"
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Up):
        for _ in range(4):
            QTest.keyClick(view, key, SHIFT)
            assert 0 <= view.caret <= len(text)
    view.grab()
