from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtTest import QTest

from desktop.model import Scheme
from desktop.projects import default_scheme
from desktop.sifting import Sifted
from desktop.store.lines import ArticleLine
from ui import theme as themes
from ui.articles import ArticlesPanel
from ui.parts import Wrapper, number
from ui.theme import DARK, LIGHT

SCHEME: Scheme = default_scheme()
ARABIC = "هجمات بطائرات مسيرة في العراق تستهدف قواعد أمريكية"


def article(key: int, title: str = "", **more: Any) -> ArticleLine:
    given = {"id": f"id{key}", "length": 2111, "flag": False, "note": "", "meta": {}, "state": "todo", **more}
    return ArticleLine(key, title=title or f"Article number {key}", **given)


LINES = [
    article(1, "Attacks on the Große Straße", state="done", labels={"event": 3, "actor": 1}),
    article(2, ARABIC, state="in_progress", flag=True, note="look again", labels={"claim": 1}),
    article(
        3, "A title that goes on and on " * 20, meta={"author": "Elijah J. Magnier", "date": "2021-07-11"}
    ),
    article(4, "Short"),
]


@pytest.fixture
def panel(stage: Any) -> ArticlesPanel:
    panel = ArticlesPanel()
    panel.show_lines(Sifted(LINES), SCHEME)
    return stage(panel, 290, 560)


@pytest.fixture
def heard(panel: ArticlesPanel) -> list[int]:
    found: list[int] = []
    panel.chosen.connect(found.append)
    return found


def middle(panel: ArticlesPanel, row: int) -> QPoint:
    return panel.view.visualRect(panel.model.index(row)).center()


def chip(panel: ArticlesPanel, start: str) -> Any:
    return next(button for button in panel._group.buttons() if button.text().startswith(start))


def test_chips_count_all_articles(panel: ArticlesPanel) -> None:
    assert [button.text() for button in panel._group.buttons()] == [
        "All 4",
        "To do 2",
        "In progress 1",
        "Done 1",
    ]


def test_a_click_chooses(panel: ArticlesPanel, heard: list[int]) -> None:
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=middle(panel, 2))
    assert heard == [3]
    assert panel.cards.shown is None, "the panel must not decide what is on the page"


def test_arrows_move_and_enter_chooses(panel: ArticlesPanel, heard: list[int]) -> None:
    panel.select(1)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert heard == []
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert heard == [2]


def test_letters_do_not_jump_about_in_the_list(panel: ArticlesPanel) -> None:
    panel.select(1)
    QTest.keyClick(panel.view, Qt.Key.Key_S)
    assert panel.view.currentIndex().row() == 0


def test_select_tells_nobody(panel: ArticlesPanel, heard: list[int]) -> None:
    panel.select(4)
    assert panel.cards.shown == 4
    assert panel.view.currentIndex().row() == 3
    panel.select(None)
    assert panel.cards.shown is None
    assert heard == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("STRASSE", [1]),
        ("magnier", [3]),
        ("id4", [4]),
        ("العراق", [2]),
        ("attacks große", [1]),
        ("2021-07", [3]),
        ("zz", []),
    ],
)
def test_search(panel: ArticlesPanel, typed: str, found: list[int]) -> None:
    panel.focus_search()
    panel.search.setText(typed)
    assert panel.keys() == found


def test_search_by_keyboard(panel: ArticlesPanel, heard: list[int]) -> None:
    panel.focus_search()
    QTest.keyClicks(panel.search, "short")
    assert panel.keys() == [4]
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    assert heard == [4]
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.keys() == [1, 2, 3, 4]
    QTest.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.view.hasFocus()


def test_the_button_in_the_field_empties_it(panel: ArticlesPanel) -> None:
    panel.search.setText("short")
    panel.search._wipe.trigger()
    assert panel.keys() == [1, 2, 3, 4]


def test_filter_by_chip_and_by_keyboard(panel: ArticlesPanel) -> None:
    QTest.mouseClick(chip(panel, "Done"), Qt.MouseButton.LeftButton)
    assert panel.keys() == [1]
    QTest.keyClick(chip(panel, "Done"), Qt.Key.Key_Left)
    assert panel.keys() == [2]
    chip(panel, "To do").click()
    assert panel.keys() == [3, 4]
    assert chip(panel, "To do").isChecked()
    chip(panel, "All").click()
    assert panel.keys() == [1, 2, 3, 4]


def test_next_and_previous_in_the_order_shown(panel: ArticlesPanel) -> None:
    assert [panel.next_key(key) for key in (None, 1, 4, 99)] == [1, 2, None, 1]
    assert [panel.previous_key(key) for key in (None, 1, 4)] == [4, None, 3]
    chip(panel, "To do").click()
    # 2 is not shown, but its place among all is known.
    assert panel.next_key(2) == 3
    assert panel.previous_key(4) == 3
    assert panel.previous_key(2) is None


def test_an_article_leaves_the_filter_only_with_the_next_selection(panel: ArticlesPanel) -> None:
    chip(panel, "To do").click()
    panel.select(3)
    panel.update_line(replace(LINES[2], state="done"))
    assert panel.keys() == [3, 4]
    assert [chip(panel, name).text() for name in ("To do", "Done")] == ["To do 1", "Done 2"]
    assert panel.next_key(3) == 4
    panel.select(4)
    assert panel.keys() == [4]
    panel.update_line(article(77))


def test_search_knows_an_updated_line(panel: ArticlesPanel) -> None:
    panel.search.setText("short")
    panel.update_line(replace(LINES[0], title="Short as well"))
    panel.search.setText("short as")
    assert panel.keys() == [1]


def test_empty_lists_say_why(panel: ArticlesPanel) -> None:
    panel.search.setText("zzz")
    assert panel.pages.currentIndex() == 1
    assert "zzz" in panel.hint.text()
    panel.search.clear()
    assert panel.pages.currentIndex() == 0
    panel.show_lines(Sifted(), SCHEME)
    assert "No articles yet" in panel.hint.text()
    assert panel.next_key(None) is None
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    QTest.keyClick(panel.search, Qt.Key.Key_Down)


def test_cursor_and_scroll_survive_new_lines(panel: ArticlesPanel) -> None:
    many = [article(key) for key in range(1, 300)]
    panel.show_lines(Sifted(many), SCHEME)
    panel.select(200)
    place = panel.view.verticalScrollBar().value()
    assert place > 0
    panel.show_lines(Sifted(many), SCHEME)
    assert panel.view.verticalScrollBar().value() == place
    assert panel.view.currentIndex().row() == 199
    assert panel.cards.shown == 200


def test_each_article_can_be_heard(panel: ArticlesPanel) -> None:
    said = panel.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    for part in (ARABIC, "In progress", "flagged", "1\u00a0note", "claim 1"):
        assert part in said
    assert panel.view.accessibleName()
    assert panel.search.accessibleName() == "Search articles"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_painting(panel: ArticlesPanel, theme: themes.Theme) -> None:
    panel.set_theme(theme)
    panel.select(1)
    image = panel.view.viewport().grab().toImage()
    rect = panel.view.visualRect(panel.model.index(0))
    colours = {
        image.pixelColor(x, y).name()
        for y in range(rect.top(), rect.bottom())
        for x in (45, rect.right() - 20)
    }
    event, actor = (themes.line(label, theme) for label in SCHEME.labels[:2])
    assert QColor(event).name() in colours, "three quarters of the stripe, from the left"
    assert QColor(actor).name() in colours
    assert image.pixelColor(3, rect.center().y()) == QColor(theme.page)
    assert image.pixelColor(3, rect.top()) == QColor(theme.border)
    below = panel.view.visualRect(panel.model.index(3))
    assert image.pixelColor(3, below.center().y()) != QColor(theme.page)


@pytest.mark.parametrize("width", [120, 200, 290, 500])
@pytest.mark.parametrize(
    "title", ["Short", "Word " * 60, "W" * 400, ARABIC * 4, "😀" * 200, "a\nb\u2028c", ""]
)
def test_titles_take_two_lines_that_fit(app: Any, width: int, title: str) -> None:
    font = QFont()
    font.setPixelSize(13)
    wrapper = Wrapper(font, 2)
    lines = wrapper.lines(title, width)
    assert len(lines) <= 2
    from PySide6.QtGui import QFontMetricsF

    assert all(QFontMetricsF(font).horizontalAdvance(line) <= width + 1 for line in lines)
    if len(title) > 100:
        assert lines[-1].endswith("…")
    else:
        assert "".join("".join(lines).split()) == "".join(title.split())


def test_the_panel_can_be_narrow(panel: ArticlesPanel) -> None:
    panel.resize(200, 400)
    QTest.qWait(1)
    assert panel.width() == 200
    chips = panel._group.buttons()
    assert all(button.geometry().right() <= panel.chips.width() for button in chips)
    assert len({button.y() for button in chips}) > 1
    assert panel.chips.height() >= chips[-1].geometry().bottom()


def test_numbers_are_grouped_without_a_break() -> None:
    assert number(2111) == "2\u202f111"
    assert number(0) == "0"
    assert number(1234567) == "1\u202f234\u202f567"
