"""Filters and order of the article list, by mouse and by key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from desktop.model import Scheme
from desktop.projects import default_scheme
from desktop.sifting import Sift, Sifted
from desktop.store.lines import ArticleLine
from ui.articles import CHIPS, ArticlesPanel
from ui.theme import DARK, LIGHT

SCHEME: Scheme = default_scheme()
LEFT = Qt.MouseButton.LeftButton


def article(key: int, title: str, **more: Any) -> ArticleLine:
    given = {"id": f"id{key}", "length": 1000, "flag": False, "note": "", "meta": {}, "state": "todo", **more}
    return ArticleLine(key, title=title, **given)


LINES = [
    article(1, "Delta", state="done", labels={"event": 3, "actor": 1}, meta={"date": "2021-01-05"}, length=5),
    article(
        2, "alpha", state="in_progress", flag=True, note="look", labels={"claim": 1}, length=7, read_to=3
    ),
    article(3, "Charlie", flag=True, labels={"event": 1, "claim": 2}, meta={"date": "2021-07-11"}),
    article(4, "bravo", note="x", meta={"date": "2020-12-31"}),
]


@pytest.fixture
def panel(stage: Any) -> ArticlesPanel:
    panel = ArticlesPanel()
    panel.show_lines(Sifted(LINES), SCHEME)
    return stage(panel, 290, 560)


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def tick(menu: QMenu, *texts: str) -> None:
    """Open a menu, click entries; it stays open."""
    menu.popup(QPoint(50, 50))
    for text in texts:
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry(menu, text)).center())
        assert menu.isVisible()
    menu.close()


def chips(panel: ArticlesPanel) -> list[str]:
    QTest.qWait(1)
    assert all(chip.isVisible() for chip in panel.filters.chips)
    return [chip.property("filter") for chip in panel.filters.chips]


def test_flag_and_note(panel: ArticlesPanel) -> None:
    tick(panel.buttons.filters, "Flagged")
    assert panel.keys() == [2, 3]
    tick(panel.buttons.filters, "With a note")
    assert panel.keys() == [2]
    assert chips(panel) == ["flagged", "with a note"]
    assert panel.filters.count.text() == "1 of 4 shown"
    tick(panel.buttons.filters, "Flagged")
    assert panel.keys() == [2, 4]


def test_labels_present_and_absent(panel: ArticlesPanel) -> None:
    buttons = panel.buttons
    assert [action.text() for action in buttons.having.actions()] == ["Event", "Actor", "Location", "Claim"]
    tick(buttons.having, "Event")
    assert panel.keys() == [1, 3]
    tick(buttons.lacking, "Claim")
    assert panel.keys() == [1]
    assert chips(panel) == ["with event", "without claim"]
    tick(buttons.lacking, "Event")
    assert panel.keys() == [4], "a label cannot be asked for and its absence too"
    assert not entry(buttons.having, "Event").isChecked()


def test_a_chip_is_removed_by_mouse_and_by_key(panel: ArticlesPanel) -> None:
    panel.ask(Sift(flagged=True, noted=True, having=("claim",)))
    QTest.qWait(1)
    QTest.mouseClick(panel.filters.chips[1], LEFT)
    assert chips(panel) == ["flagged", "with claim"]
    assert panel.keys() == [2, 3]
    panel.filters.chips[0].setFocus()
    QTest.keyClick(panel.filters.chips[0], Qt.Key.Key_Space)
    assert chips(panel) == ["with claim"]
    assert panel.filters.chips[0].hasFocus()
    assert panel.filters.chips[0].accessibleName()
    QTest.keyClick(panel.filters.chips[0], Qt.Key.Key_Space)
    assert panel.keys() == [1, 2, 3, 4]
    assert not panel.filters.isVisible()


def test_filters_search_and_state_go_together(panel: ArticlesPanel) -> None:
    tick(panel.buttons.filters, "Flagged")
    QTest.keyClicks(panel.search, "a")
    assert panel.keys() == [2, 3]
    panel._group.button(CHIPS.index("todo")).click()
    assert panel.keys() == [3]
    assert panel.filters.count.text() == "1 of 4 shown"
    panel.show_all()
    assert (panel.keys(), panel.search.text(), panel._group.checkedId()) == ([1, 2, 3, 4], "", 0)
    assert not chips(panel)


def test_show_all_stands_in_the_menu(panel: ArticlesPanel) -> None:
    everything = entry(panel.buttons.filters, "Show all articles")
    assert not everything.isEnabled()
    panel.ask(Sift(text="a", lacking=("claim",), order="title"))
    assert everything.isEnabled()
    panel.buttons.filters.popup(QPoint(50, 50))
    QTest.mouseClick(
        panel.buttons.filters, LEFT, pos=panel.buttons.filters.actionGeometry(everything).center()
    )
    assert not panel.buttons.filters.isVisible()
    assert panel.sift == Sift(order="title")


@pytest.mark.parametrize(
    ("entry_text", "order", "turned"),
    [
        ("As imported", [1, 2, 3, 4], [4, 3, 2, 1]),
        ("Title", [2, 4, 3, 1], [1, 3, 4, 2]),
        ("Date, latest first", [3, 1, 4, 2], [4, 1, 3, 2]),
        ("Length, longest first", [3, 4, 2, 1], [1, 2, 3, 4]),
        ("Labels, most first", [1, 3, 2, 4], [4, 2, 3, 1]),
        ("State, to do first", [3, 4, 2, 1], [1, 2, 3, 4]),
    ],
)
def test_orders(panel: ArticlesPanel, entry_text: str, order: list[int], turned: list[int]) -> None:
    tick(panel.buttons.orders, entry_text)
    assert panel.keys() == order
    assert panel.next_key(order[0]) == order[1]
    assert panel.previous_key(order[0]) is None
    ticked = [action.text() for action in panel.buttons.orders.actions() if action.isChecked()]
    assert ticked == [entry_text], "the order's own tick cannot be taken off, and only it is on"
    tick(panel.buttons.orders, "The other way round")
    assert panel.keys() == turned


def test_the_order_in_use_keeps_its_tick(panel: ArticlesPanel) -> None:
    tick(panel.buttons.orders, "Title", "Title")
    assert entry(panel.buttons.orders, "Title").isChecked()
    assert panel.filters.count.text() == "4 of 4 shown · by title"
    assert "title" in panel.buttons.sort.toolTip()


def test_the_menu_by_keys(panel: ArticlesPanel) -> None:
    panel.buttons.open_filters()
    menu = panel.buttons.filters
    QTest.keyClick(menu, Qt.Key.Key_Space)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert menu.isVisible()
    assert panel.keys() == [2]
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert panel.keys() == [2]


def test_buttons_can_be_reached_by_tab(panel: ArticlesPanel) -> None:
    panel.search.setFocus()
    seen: list[QWidget | None] = []
    for _ in range(2):
        QTest.keyClick(panel.focusWidget() or panel, Qt.Key.Key_Tab)
        seen.append(panel.focusWidget())
    assert seen == [panel.buttons.filter, panel.buttons.sort]
    assert all(widget and widget.accessibleName() and widget.toolTip() for widget in seen)


def test_a_line_that_belongs_elsewhere_stays_until_another_is_selected(panel: ArticlesPanel) -> None:
    panel.ask(Sift(order="labels"))
    panel.select(4)
    panel.update_line(replace(LINES[3], labels={"event": 9}))
    assert panel.keys() == [1, 3, 2, 4]
    panel.select(1)
    assert panel.keys() == [4, 1, 3, 2]
    panel.ask(Sift(flagged=True))
    panel.select(2)
    panel.update_line(replace(LINES[1], flag=False))
    assert panel.keys() == [2, 3]
    assert panel.next_key(2) == 3
    panel.select(3)
    assert panel.keys() == [3]


def test_a_label_that_the_scheme_has_lost_filters_no_more(panel: ArticlesPanel) -> None:
    panel.ask(Sift(having=("event",), lacking=("claim",)))
    fewer = SCHEME.model_copy(update={"labels": SCHEME.labels[1:]})
    panel.show_lines(Sifted(LINES), fewer)
    assert panel.sift == Sift(lacking=("claim",))
    assert chips(panel) == ["without claim"]
    assert [action.text() for action in panel.buttons.lacking.actions()] == ["Actor", "Location", "Claim"]
    assert entry(panel.buttons.lacking, "Claim").isChecked()


def test_an_empty_list_says_what_to_do(panel: ArticlesPanel) -> None:
    panel.ask(Sift(having=("event",), text="zzz"))
    assert "filters" in panel.hint.text()
    assert panel.filters.count.text() == "0 of 4 shown"
    panel.ask(Sift(text="zzz"))
    assert "zzz" in panel.hint.text()
    panel.ask(Sift(state="done", text=""))
    assert panel.keys() == [1]


def test_the_panel_can_be_narrow_with_filters(panel: ArticlesPanel) -> None:
    panel.ask(Sift(flagged=True, noted=True, having=("event", "claim"), lacking=("actor", "location")))
    panel.resize(200, 500)
    QTest.qWait(1)
    assert panel.width() == 200
    found = panel.filters.chips
    assert all(chip.geometry().right() <= panel.filters.width() for chip in found)
    assert all(chip.width() >= chip.sizeHint().width() for chip in found)
    assert panel.pages.y() >= panel.filters.geometry().bottom()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_what_was_read_is_seen_and_heard(panel: ArticlesPanel, theme: Any) -> None:
    unlabelled = replace(LINES[1], labels={}, read_to=4, length=8)
    panel.update_line(unlabelled)
    panel.set_theme(theme)
    rect = panel.view.visualRect(panel.model.index(1))
    image = panel.view.viewport().grab().toImage()

    def column(x: int) -> set[str]:
        return {image.pixelColor(x, y).name() for y in range(rect.top(), rect.bottom())}

    middle = (38 + rect.right() - 14) // 2
    assert QColor(theme.muted).name() in column(middle - 8)
    assert QColor(theme.border).name() in column(middle + 8)
    assert "50% read" in panel.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "read" not in panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_details(app: Any) -> None:
    panel = ArticlesPanel()
    lines = [
        article(1, "One", meta={"source": "BBC & co", "date": "2021-01-05", "desk": "world"}, language="en"),
        article(2, "Two", meta={"source": "AFP", "desk": "home"}, language="ar"),
        *(
            article(n, f"More {n}", meta={"source": "BBC & co", "date": "2020-01-01", "desk": "world"})
            for n in range(3, 9)
        ),
    ]
    panel.show_lines(Sifted(lines), SCHEME)
    panel.show()
    assert QTest.qWaitForWindowExposed(panel)
    buttons = panel.buttons
    source = buttons.facts["source"]
    source.popup(QPoint(50, 50))
    entries = [action.text().replace("\u202f", "") for action in source.actions()]
    assert entries == ["BBC && co(7)", "AFP(1)"]
    QTest.mouseClick(source, LEFT, pos=source.actionGeometry(source.actions()[1]).center())
    assert source.isVisible()
    source.close()
    assert panel.keys() == [2]
    assert chips(panel) == ["source AFP"]
    buttons.facts["language"].aboutToShow.emit()
    names = [action.text().split("\u202f")[0] for action in buttons.facts["language"].actions()]
    assert names == ["Unknown", "English", "Arabic"]
    buttons.own.aboutToShow.emit()
    (desk,) = [menu for menu in buttons.own.findChildren(QMenu) if menu.title() == "Desk"]
    desk.aboutToShow.emit()
    desk.actions()[0].trigger()
    assert panel.keys() == []
    QTest.mouseClick(panel.filters.chips[0], LEFT)
    assert panel.keys() == [1, 3, 4, 5, 6, 7, 8]
    panel.close()
