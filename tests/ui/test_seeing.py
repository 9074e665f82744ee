"""What can be told apart and read on the page as it is painted, by everybody, in both themes."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise, permutations
from typing import Any, get_args

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.colours import CONTRAST, Vision, contrast, distance
from desktop.model import Span
from desktop.projects import default_scheme
from ui import marks
from ui.blocks import Type
from ui.marks import APART, Look
from ui.textview import ArticleView
from ui.theme import DARK, LIGHT, Theme

SCHEME = default_scheme()
NAMES = [label.name for label in SCHEME.labels]
TEXT = "nnnn nnnn nnnn nnnn nnnn nnnn nnnn nnnn. " * 8
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@pytest.fixture
def view(stage: Any) -> ArticleView:
    view = stage(ArticleView(), 760, 400)
    view.show_article(TEXT, "", "", ())
    QApplication.processEvents()
    return view


def span(key: int, start: int, end: int, name: str) -> Span:
    return Span(
        key=key, id=str(key), start=start, end=end, label=name, text=TEXT[start:end],
        fragments=((start, end),), annotator="a",
    )  # fmt: skip


def picture(view: ArticleView, theme: Theme, *spans: Span) -> QImage:
    view.set_theme(theme)
    view.show_spans(spans, SCHEME)
    view._caret_shown = False
    return view.viewport().grab().toImage()


def column(image: QImage, x: int, top: int, bottom: int) -> list[str]:
    return [image.pixelColor(x, y).name() for y in range(top, bottom)]


def strokes(image: QImage, x: int, top: int, bottom: int, colour: str) -> int:
    """How many strokes in that colour cross the column of pixels."""
    hit = [distance(found, colour) < 6 for found in column(image, x, top, bottom)]
    return sum(1 for before, here in pairwise([False, *hit]) if here and not before)


def ground(image: QImage, area: QRect) -> str:
    """The colour that most of an area has: letters cover the lesser part."""
    spots = ((x, y) for x in range(area.left(), area.right()) for y in range(area.top(), area.bottom()))
    return Counter(image.pixelColor(x, y).name() for x, y in spots).most_common(1)[0][0]


@THEMES
def test_labels_that_anybody_may_take_for_each_other_have_other_underlines(app: Any, theme: Theme) -> None:
    look = Look(theme, SCHEME, Type.of("sans", 17), "sans")
    alike = []
    for one, other in combinations([look.style(name) for name in NAMES], 2):
        nearest = min(distance(one.line.name(), other.line.name(), vision) for vision in get_args(Vision))
        if nearest < APART:
            alike.append((one.letter, other.letter))
            assert (one.pattern, one.double) != (other.pattern, other.double)
        assert one.letter != other.letter
    # To a dichromat these are the same colours, so the underline must tell.
    assert alike == [("E", "L"), ("A", "C")]


@THEMES
def test_a_double_underline_is_two_strokes_on_the_screen(view: ArticleView, theme: Theme) -> None:
    image = picture(view, theme, *(span(i + 1, 10 * i, 10 * i + 9, name) for i, name in enumerate(NAMES)))
    found = {}
    for key, name in enumerate(NAMES, 1):
        rect = view.span_rects(key)[0]
        bare = rect.left() + rect.width() // 2 - 1
        line = view._look.style(name).line.name()
        found[name] = strokes(image, bare, rect.bottom() - 4, rect.bottom() + 5, line)
    assert found == {"event": 1, "actor": 1, "location": 2, "claim": 2}


@THEMES
@pytest.mark.parametrize("vision", get_args(Vision))
def test_every_tint_stands_off_the_page_for_everybody(
    view: ArticleView, theme: Theme, vision: Vision
) -> None:
    for name in NAMES:
        image = picture(view, theme, span(1, 0, 9, name))
        tint = ground(image, view.span_rects(1)[0])
        assert distance(tint, theme.page, vision) > 2 * 2.3, name  # twice what is just noticeable


@THEMES
@pytest.mark.parametrize("order", list(permutations(NAMES))[::5])
def test_text_is_read_on_every_ground_nested_four_deep(
    view: ArticleView, theme: Theme, order: tuple[str, ...]
) -> None:
    nested = [span(i + 1, 0, 39 - 10 * i, name) for i, name in enumerate(order)]
    image = picture(view, theme, *nested)
    for picked in (None, 1, 4):
        view._hover(picked)
        image = view.viewport().grab().toImage()
        for place in range(4):
            at = ground(image, view.rect_of(10 * place, 10 * place + 4)[0])
            assert at != theme.page
            assert contrast(theme.text, at) >= CONTRAST, (order, place, at)
    view._hover(None)
    view.select(0, 39)
    image = view.viewport().grab().toImage()
    for place in range(4):
        assert contrast(theme.text, ground(image, view.rect_of(10 * place, 10 * place + 4)[0])) >= CONTRAST


@THEMES
def test_letters_and_lines_can_be_seen(app: Any, theme: Theme) -> None:
    look = Look(theme, SCHEME, Type.of("sans", 17), "sans")
    for name in NAMES:
        style = look.style(name)
        assert contrast(style.line.name(), theme.page) >= CONTRAST  # the letters are text
        assert contrast(style.line.name(), style.tint.name()) >= 3


def inked(image: QImage, area: QRect, theme: Theme) -> float:
    """The best contrast of a pixel with the ground: that of the letters' strokes."""
    at = ground(image, area)
    spots = ((x, y) for x in range(area.left(), area.right()) for y in range(area.top(), area.bottom()))
    return max(contrast(image.pixelColor(x, y).name(), at) for x, y in spots)


@THEMES
def test_muted_text_is_not_muted_where_it_is_marked_or_selected(view: ArticleView, theme: Theme) -> None:
    view.show_article(TEXT, "", "", [(0, len(TEXT))])
    image = picture(view, theme, span(1, 5, 14, "claim"))
    muted, marked = view.rect_of(20, 29)[0], view.rect_of(5, 14)[0].adjusted(1, 1, -1, -6)
    assert inked(image, muted, theme) <= contrast(theme.muted, theme.page) + 0.2
    assert inked(image, marked, theme) >= 7
    view.select(20, 29)
    assert inked(view.viewport().grab().toImage(), muted, theme) >= CONTRAST


@THEMES
def test_suggestions_are_dashed_in_text_and_margin(view: ArticleView, theme: Theme) -> None:
    """Made up: nothing proposes labels yet, but what it will propose can be drawn."""
    short, long = span(1, 5, 24, "location"), span(2, 41, 200, "claim")
    made = picture(view, theme, short, long)
    view.show_dashed([1, 2])
    image = view.viewport().grab().toImage()
    rect = view.span_rects(1)[0]
    assert ground(made, rect) != theme.page
    assert ground(image, rect) == theme.page

    def gaps(shown: QImage, spots: list[tuple[int, int]], colour: str) -> int:
        hit = [distance(shown.pixelColor(x, y).name(), colour) < distance(shown.pixelColor(x, y).name(), theme.page)
               for x, y in spots]  # fmt: skip
        return sum(1 for before, here in pairwise(hit) if before and not here)

    for key, name in ((1, "location"), (2, "claim")):
        box = view.span_rects(key)[0]
        colour = view._look.style(name).line.name()
        row = max(
            range(box.bottom() - 4, box.bottom() + 4),
            key=lambda y: sum(
                distance(image.pixelColor(x, y).name(), colour) < 20 for x in range(box.left(), box.right())
            ),
        )
        spots = [(x, row) for x in range(box.left(), box.right())]
        assert gaps(image, spots, colour) >= 8, name
        assert gaps(made, spots, colour) <= 2, name
    bracket = view._brackets()[0]
    x = round(view._left + marks.bracket_x(view._look, bracket, view._flow.width))
    upright = [(x, y) for y in range(round(bracket.top) + 6, round(bracket.bottom) - 6)]
    colour = view._look.style("claim").line.name()
    assert gaps(made, upright, colour) == 0
    assert gaps(image, upright, colour) >= 3
    # What is proposed still says which label it would be.
    assert [letter.label for letter in view._sheet.leaf(0).letters] == ["location"]
