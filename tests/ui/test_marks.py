"""What is painted of spans: looked at in the picture, not in the calls."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.model import Colour, Colours, Label, Scheme, Span
from desktop.spans import encloses
from ui import marks, theme
from ui.sheet import Letter, columns
from ui.textview import ArticleView
from ui.theme import DARK, LIGHT

LINES = ("#a85400", "#1b5fbf", "#5a7300", "#8a3fa8", "#007070", "#900030", "#404080", "#705030")
NAMES = ("event", "actor", "location", "claim", "fifth", "sixth", "seventh", "eighth")


def label(name: str, colour: str) -> Label:
    shades = Colour(background=colour, text="#000000", line=colour)
    return Label(name=name, key=name[0], colours=Colours(light=shades, dark=shades))


SCHEME = Scheme(scheme="test", labels=tuple(label(n, c) for n, c in zip(NAMES, LINES, strict=True)))
TEXT = "one two three four five six seven eight nine ten " * 6


def span(
    key: int, start: int, end: int, name: str = "event", fragments: Any = None, text: str = TEXT
) -> Span:
    return Span(
        key=key, id=str(key), start=start, end=end, label=name, text=text[start:end],
        fragments=fragments or ((start, end),), annotator="a",
    )  # fmt: skip


@pytest.fixture
def view(stage: Any) -> ArticleView:
    view = stage(ArticleView(), 760, 400)
    view.show_article(TEXT, "", "", ())
    QApplication.processEvents()
    return view


def picture(view: ArticleView, *spans: Span) -> QImage:
    view.show_spans(spans, SCHEME)
    view._caret_shown = False
    return view.viewport().grab().toImage()


def count(image: QImage, colour: QColor | str, area: QRect | None = None) -> int:
    """Pixels of exactly that colour."""
    wanted = QColor(colour).rgb()
    box = (area or image.rect()).intersected(image.rect())
    spots = ((x, y) for x in range(box.left(), box.right() + 1) for y in range(box.top(), box.bottom() + 1))
    return sum(1 for x, y in spots if image.pixel(x, y) == wanted)


def reddish(image: QImage, colour: str, area: QRect) -> int:
    """Pixels nearer to that colour than to the page."""
    box = area.intersected(image.rect())
    spots = ((x, y) for x in range(box.left(), box.right() + 1) for y in range(box.top(), box.bottom() + 1))
    found = (image.pixelColor(x, y).name() for x, y in spots)
    return sum(1 for name in found if theme._distance(name, colour) < theme._distance(name, LIGHT.page))


def tint(name: str) -> str:
    return theme.tint(next(one for one in SCHEME.labels if one.name == name), LIGHT)


def test_a_short_span_is_a_tint_with_an_underline(view: ArticleView) -> None:
    image = picture(view, span(1, 4, 13))
    rect = view.span_rects(1)[0]
    assert count(image, tint("event"), rect) > rect.width() * rect.height() * 0.4
    assert count(image, LINES[0], rect.adjusted(0, rect.height() - 4, 0, 3)) >= rect.width() * 0.8
    assert count(image, tint("event")) == count(image, tint("event"), rect.adjusted(-2, -2, 2, 4))


def test_a_long_span_is_an_underline_and_a_bracket_but_no_tint(view: ArticleView) -> None:
    image = picture(view, span(1, 4, 200, "claim"))
    assert count(image, tint("claim")) == 0
    for rect in view.span_rects(1):
        assert (
            reddish(image, LINES[3], QRect(rect.left(), rect.bottom() - 3, rect.width(), 6))
            > rect.width() * 0.8
        )
    rects = view.span_rects(1)
    margin = QRect(0, rects[0].top(), view._left - 2, rects[-1].bottom() - rects[0].top())
    assert reddish(image, LINES[3], margin) > margin.height()


def test_the_bracket_of_a_right_to_left_line_is_on_the_right(view: ArticleView) -> None:
    text = "قال الجيش العراقي إن ثلاثة صواريخ أطلقت على السفارة الأمريكية في بغداد بعد ساعات من قصف قواعد"
    view.show_article(text, "", "", ())
    image = picture(view, span(1, 0, len(text), "claim", text=text))
    rects = view.span_rects(1)
    height = rects[-1].bottom() - rects[0].top()
    edge = view._left + view._flow.width
    assert reddish(image, LINES[3], QRect(0, rects[0].top(), view._left - 4, height)) == 0
    assert reddish(image, LINES[3], QRect(edge + 3, rects[0].top(), 40, height)) > height


def test_four_nested_spans_are_all_seen(view: ArticleView) -> None:
    names = ("event", "actor", "location", "claim")
    nested = [span(i + 1, 4 * i, 42 - i, name) for i, name in enumerate(names)]
    view.set_caret(len(view.text))
    image = picture(view, *nested)
    for name, colour in zip(names, LINES, strict=False):
        assert count(image, tint(name)) > 100, name
        assert reddish(image, colour, view.rect_of(0, 42)[0].adjusted(0, 0, 0, 20)) > 40, name
    boxes = [view._sheet.lane(one.key, 0) for one in nested]
    assert boxes == [3, 2, 1, 0]


def test_crossing_spans_are_both_seen_where_they_cross(view: ArticleView) -> None:
    a, b = span(1, 0, 18, "event"), span(2, 8, 28, "actor")
    image = picture(view, a, b)
    shared = view.rect_of(8, 18)[0].adjusted(3, 10, -3, 10)
    assert reddish(image, LINES[0], shared) > 20
    assert reddish(image, LINES[1], shared) > 20
    assert view._sheet.lane(1, 0) != view._sheet.lane(2, 0)


def test_more_than_three_lanes_widen_the_lines_of_their_block_only(view: ArticleView) -> None:
    text = "one two three four five six seven\nanother line"
    view.show_article(text, "", "", ())
    before = view._flow.pitch(0)
    view.show_spans([span(i + 1, 0, 33 - 4 * i, "event", text=text) for i in range(5)], SCHEME)
    assert view._flow.pitch(0) >= before + 2 * view._flow.kind.lane - 1
    assert view._flow.pitch(1) == before
    view.show_spans([], SCHEME)
    assert view._flow.pitch(0) == before


def test_letters_that_end_together_stand_side_by_side(view: ArticleView) -> None:
    view.show_spans([span(i + 1, start, 18, NAMES[i]) for i, start in enumerate((0, 4, 8, 14))], SCHEME)
    letters: list[Letter] = view._sheet.leaf(0).letters
    assert len(letters) == 4
    places = sorted(letter.x for letter in letters)
    assert all(b - a >= 7 for a, b in pairwise(places))
    assert [letter.label for letter in sorted(letters, key=lambda one: one.x)] == [
        "claim",
        "location",
        "actor",
        "event",
    ]


def test_a_letter_is_painted_above_the_end_and_not_over_the_text(view: ArticleView) -> None:
    bare = picture(view)
    image = picture(view, span(1, 4, 13))
    rect = view.span_rects(1)[0]
    gap = QRect(rect.right() - 8, rect.top() - 5, 16, 8)
    assert reddish(image, LINES[0], gap) > reddish(bare, LINES[0], gap) + 6


def test_suggestions_are_dashed_and_have_no_ground(view: ArticleView) -> None:
    view.show_dashed([1])
    image = picture(view, span(1, 4, 27))
    rect = view.span_rects(1)[0]
    assert count(image, tint("event")) == 0
    row = [
        reddish(image, LINES[0], QRect(x, rect.bottom() - 2, 1, 4)) > 0
        for x in range(rect.left(), rect.right())
    ]
    changes = sum(1 for a, b in pairwise(row) if a != b)
    assert changes >= 8


def test_later_labels_have_patterns_of_their_own(view: ArticleView) -> None:
    view.show_spans([], SCHEME)
    patterns = [view._look.style(name).pattern for name in NAMES]
    assert patterns[:4] == [()] * 4
    assert len(set(patterns[4:])) == 4
    assert () not in patterns[4:]


def test_fragments_are_joined_by_a_thin_dotted_line(view: ArticleView) -> None:
    image = picture(view, span(1, 0, 27, fragments=((0, 7), (19, 27))))
    middle = view.rect_of(9, 17)[0]
    assert count(image, tint("event"), middle) == 0
    thread = reddish(image, LINES[0], QRect(middle.left(), middle.bottom() - 2, middle.width(), 5))
    assert middle.width() * 0.1 < thread < middle.width() * 0.9


def test_the_picked_span_has_an_outline_and_two_handles(view: ArticleView) -> None:
    plain = picture(view, span(1, 4, 13), span(2, 19, 27))
    view.pick(1)
    image = view.viewport().grab().toImage()
    rect = view.span_rects(1)[0]
    assert (
        reddish(image, LINES[0], rect.adjusted(-8, -8, 8, 8))
        > reddish(plain, LINES[0], rect.adjusted(-8, -8, 8, 8)) + 100
    )
    knobs = dict(view._handles())
    assert knobs["start"].center().y() < rect.center().y() < knobs["end"].center().y()
    for knob in knobs.values():
        assert image.pixelColor(knob.center().toPoint()) == QColor(LINES[0])


def test_a_hovered_span_is_emphasised_over_all_its_reach(view: ArticleView) -> None:
    plain = picture(view, span(1, 4, 200, "claim"))
    view._hover(1)
    image = view.viewport().grab().toImage()
    for rect in view.span_rects(1):
        changed = sum(
            image.pixel(x, y) != plain.pixel(x, y)
            for x in range(rect.left(), rect.right(), 3) for y in range(rect.top(), rect.bottom(), 3)
        )  # fmt: skip
        assert changed > 30


def test_the_span_at_the_caret_is_emphasised_unless_the_mouse_is_over_another(view: ArticleView) -> None:
    view.show_spans([span(1, 4, 200, "claim"), span(2, 10, 20), span(3, 14, 17, "actor")], SCHEME)
    view.setFocus()
    lit = []
    for times in (9, 3, 3, 4, 2):
        for _ in range(times):
            QTest.keyClick(view, Qt.Key.Key_Right)
        lit.append((view.caret, view._lit))
    assert lit == [(9, 1), (12, 2), (15, 3), (19, 2), (21, 1)], "the innermost that holds the caret"
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view._lit is None, "a selection is what is meant"
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.mouseMove(view.viewport(), view.rect_of(15, 16)[0].center())
    assert (view.hovered, view._lit) == (3, 3)
    QTest.mouseMove(view.viewport(), QPoint(view._left + 20, 2))
    assert (view.hovered, view._lit) == (None, 1), "the caret's again"
    view.pick(2)
    assert view._lit is None


def test_a_label_the_scheme_has_lost_is_grey_and_not_an_error(view: ArticleView) -> None:
    image = picture(view, span(1, 4, 13, "gone"))
    assert view._look.style("gone").letter == "?"
    assert count(image, theme.mix(LIGHT.page, LIGHT.muted, 0.2)) > 50


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda one: one.name)
def test_both_themes_paint_their_own_page(view: ArticleView, look: theme.Theme) -> None:
    view.set_theme(look)
    image = picture(view, span(1, 4, 13))
    assert image.pixelColor(3, 3) == QColor(look.page)
    assert count(image, theme.tint(SCHEME.labels[0], look)) > 100


def test_a_fault_while_painting_leaves_the_window_alive(
    view: ArticleView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: Any) -> None:
        raise ValueError("a fault in painting")

    with monkeypatch.context() as patch:
        patch.setattr(view, "_paint_heading", break_down)
        with pytest.raises(ValueError, match="a fault in painting"):
            view.viewport().repaint()
    assert picture(view, span(1, 4, 13)).pixelColor(3, 3) == QColor(LIGHT.page)


def test_painting_only_a_part_gives_the_same_picture(view: ArticleView) -> None:
    image = picture(view, span(1, 4, 13), span(2, 60, 75, "actor"), span(3, 0, 200, "claim"))
    again = view.viewport().grab(QRect(QPoint(0, 60), QPoint(759, 120))).toImage()
    assert again == image.copy(QRect(QPoint(0, 60), QPoint(759, 120)))


STRETCHES = st.lists(st.tuples(st.integers(0, 900), st.integers(61, 400)), max_size=14, unique=True)


@given(STRETCHES, st.integers(50, 2000))
def test_brackets_that_may_meet_never_share_a_column(stretches: list[tuple[int, int]], block: int) -> None:
    text = "x" * 1400
    spans = [span(key, a, a + n, "claim", text=text) for key, (a, n) in enumerate(stretches, 1)]
    found = columns(spans, lambda position: (position // block + 1) * block - 1)
    assert set(found) == {one.key for one in spans}
    for a, b in combinations(spans, 2):
        overlap = a.start < b.end and b.start < a.end
        first, last = (a, b) if a.start <= b.start else (b, a)
        same_line = last.start - first.end < 60 and (first.end - 1) // block == last.start // block
        if overlap or same_line:
            assert found[a.key] != found[b.key]
        if encloses(a, b):
            assert found[a.key] > found[b.key]


def test_single_claims_in_a_row_stay_next_to_the_text() -> None:
    text = "x" * 2000
    spans = [span(i + 1, i * 300, i * 300 + 100, "claim", text=text) for i in range(6)]
    assert set(columns(spans, lambda position: (position // 300 + 1) * 300 - 1).values()) == {0}


def test_lanes_follow_each_other_downwards(view: ArticleView) -> None:
    kind, pitch = view._flow.kind, view._flow.pitch(0)
    ys = [marks.lane_y(kind, pitch, 0, lane) for lane in range(3)]
    assert ys == sorted(ys)
    assert ys[2] < marks.lane_y(kind, pitch, 1, 0) - kind.ascent
