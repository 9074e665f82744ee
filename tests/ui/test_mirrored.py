"""The window from right to left: what it paints itself lies on the other side, and the article keeps its own direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop import projects
from ui import theme
from ui.charts import Bar, Bars, Columns, Segments
from ui.driver import Driver
from ui.parts import FlowLayout, draw_line, leading, mirror
from ui.rows import ListRow, RowsView
from ui.toolbar import LabelButton

RTL, LTR = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
SCHEME = projects.default_scheme()
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def mirrored(app: QApplication) -> Iterator[None]:
    app.setLayoutDirection(RTL)
    yield
    app.setLayoutDirection(LTR)


def sides(widget: QWidget, colour: str) -> tuple[float, float]:
    """How far from both edges of a widget its painting in a colour begins, as shares of its width."""
    picture = widget.grab().toImage()
    wanted = theme.QColor(colour).rgb()
    columns = [
        x
        for x in range(picture.width())
        if any(picture.pixel(x, y) == wanted for y in range(picture.height()))
    ]
    assert columns, "nothing is painted in that colour"
    return columns[0] / picture.width(), 1 - (columns[-1] + 1) / picture.width()


def both_ways(widget: QWidget, colour: str) -> None:
    """What lies near one edge in one direction lies as near the other edge in the other."""
    widget.setLayoutDirection(LTR)
    left, right = sides(widget, colour)
    widget.setLayoutDirection(RTL)
    there = sides(widget, colour)
    assert left < right and there == pytest.approx((right, left), abs=0.02)


def test_a_label_button(app: QApplication) -> None:
    button = LabelButton(SCHEME.labels[0], theme.LIGHT)
    button.resize(button.sizeHint())
    both_ways(button, theme.line(SCHEME.labels[0], theme.LIGHT))


def test_rows_with_badge_depth_and_word(app: QApplication) -> None:
    view = RowsView("rows")
    view.set_theme(theme.LIGHT)
    view.show_rows([ListRow("Iraqi army", 1, right="12", label=SCHEME.labels[1], indent=2)])
    view.resize(300, 60)
    view.show()
    both_ways(view, theme.line(SCHEME.labels[1], theme.LIGHT))
    view.close()


@pytest.mark.parametrize("chart", [Bars, Segments])
def test_charts(app: QApplication, chart: type[Bars] | type[Segments]) -> None:
    made = chart("shares")
    made.resize(400, 60)
    made.show_bars([Bar("much", 9, "#aa0000", "M"), Bar("little", 1, "#00aa00", "L")])
    both_ways(made, "#aa0000")


def test_columns_begin_where_lines_begin(app: QApplication) -> None:
    made = Columns("days")
    made.resize(400, 150)
    made.show_steps([("one", [Bar("a", 3, "#aa0000")])])
    both_ways(made, "#aa0000")


def test_widgets_that_flow(app: QApplication, mirrored: None) -> None:
    around = QWidget()
    flow = FlowLayout(around, gap=4)
    first, second = QPushButton("one"), QPushButton("two")
    for button in (first, second):
        flow.addWidget(button)
    around.resize(400, 40)
    around.show()
    assert (
        first.geometry().right() == around.rect().right()
        and second.geometry().right() < first.geometry().left()
    )
    around.close()


def test_boxes_and_margins(app: QApplication, mirrored: None) -> None:
    assert mirror(QRectF(2, 0, 10, 5), QRectF(0, 0, 100, 5), RTL) == QRectF(88, 0, 10, 5)
    assert mirror(QRectF(2, 0, 10, 5), QRectF(0, 0, 100, 5), LTR) == QRectF(2, 0, 10, 5)
    margins = leading(QWidget(), 8, 0, 2, 0)
    assert (margins.left(), margins.right()) == (2, 8)


def test_latin_words_are_read_from_the_left_and_stand_at_the_right(app: QApplication) -> None:
    def ends(way: Qt.LayoutDirection) -> tuple[int, bool]:
        """Where the words begin, and whether their last sign is the comma: it has ink at the bottom only."""
        picture = QImage(200, 30, QImage.Format.Format_Grayscale8)
        picture.fill(0)
        painter = QPainter(picture)
        painter.setPen(Qt.GlobalColor.white)
        painter.setLayoutDirection(way)
        draw_line(painter, picture.rect(), "Ctrl+,")
        painter.end()
        ink = [(x, y) for x in range(200) for y in range(30) if picture.pixelColor(x, y).value() > 60]
        last = max(x for x, _ in ink)
        return min(x for x, _ in ink), min(y for x, y in ink if x == last) > 15

    (left, here), (right, there) = ends(LTR), ends(RTL)
    assert left < 20 and right > 100
    assert here and there


def test_arrows_point_the_other_way(app: QApplication, mirrored: None) -> None:
    there = [theme.icon(name, "#000000").pixmap(16, 16).toImage() for name in ("next", "undo", "search")]
    app.setLayoutDirection(LTR)
    here = [theme.icon(name, "#000000").pixmap(16, 16).toImage() for name in ("next", "undo", "search")]
    assert [one == other for one, other in zip(here, there, strict=True)] == [False, False, True]


@pytest.fixture
def turned(mirrored: None, request: pytest.FixtureRequest) -> Driver:
    """The sample in a mirrored window."""
    driver: Driver = request.getfixturevalue("sample")
    return driver


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def test_the_panels_change_sides(turned: Driver) -> None:
    window = turned.window
    assert place(window.inspector, window).right() < place(window.view, window).left()
    assert place(window.view, window).right() < place(window.articles, window).left()
    assert (
        place(window.view.verticalScrollBar(), window).left() <= place(window.view.viewport(), window).left()
    )


def test_the_caret_goes_the_way_of_the_article(turned: Driver) -> None:
    view = turned.window.view
    view.setFocus()
    view.set_caret(10)
    before = view.caret_rect(10).x()
    turned.key(Qt.Key.Key_Right)
    assert view.caret == 11 and view.caret_rect(11).x() > before, "English runs to the right here too"
    turned.key(Qt.Key.Key_Left, times=2)
    assert view.caret == 9


def test_a_word_is_labelled_by_key_and_by_mouse(turned: Driver) -> None:
    window = turned.window
    text: Any = window.view.text
    start = text.index("Baghdad")
    turned.select(start, start + 7)
    turned.key(Qt.Key.Key_L)
    assert window.labelling.reading
    assert [span.text for span in window.labelling.reading.spans] == ["Baghdad"]
