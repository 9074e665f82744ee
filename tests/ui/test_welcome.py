from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.driver import Driver
from ui.theme import DARK, LIGHT
from ui.welcome import Welcome


@pytest.fixture
def welcome(app: Any) -> Iterator[Welcome]:
    welcome = Welcome(LIGHT, "Anna")
    welcome.resize(760, 640)
    welcome.show()
    welcome.activateWindow()
    assert QTest.qWaitForWindowActive(welcome)
    yield welcome
    welcome.close()


def test_buttons_ask(welcome: Welcome) -> None:
    heard: list[Any] = []
    welcome.new_asked.connect(lambda: heard.append("new"))
    welcome.open_asked.connect(lambda: heard.append("open"))
    welcome.sample_asked.connect(heard.append)
    for name in ("new", "open", "sample"):
        QTest.mouseClick(welcome.buttons[name], Qt.MouseButton.LeftButton)
    welcome.with_labels.setFocus()
    QTest.keyClick(welcome.with_labels, Qt.Key.Key_Space)
    QTest.keyClick(welcome.buttons["sample"], Qt.Key.Key_Space)
    assert heard == ["new", "open", True, False]


def test_the_name_is_told_once_it_is_changed(welcome: Welcome) -> None:
    heard: list[str] = []
    welcome.name_changed.connect(heard.append)
    assert welcome.name.text() == "Anna"
    welcome.name.setFocus()
    QTest.keyClick(welcome.name, Qt.Key.Key_Return)
    assert heard == []
    QTest.keyClicks(welcome.name, " W")
    welcome.buttons["new"].setFocus()
    assert heard == ["Anna W"]
    welcome.name.show_text("Bert")
    assert welcome.name.text() == "Bert"
    assert len(heard) == 1


def test_recent_projects(welcome: Welcome, tmp_path: Path) -> None:
    there, gone = tmp_path / "war.tagline", tmp_path / "no" / ("long " * 60 + ".tagline")
    there.touch()
    heard: list[str] = []
    welcome.recent_chosen.connect(heard.append)
    welcome.set_recent([str(there), str(gone), "/x/مشروع.tagline"])
    rows = welcome.recent.rows.rows
    assert [(row.text, row.muted, row.right) for row in rows[:2]] == [
        ("war", False, ""),
        ("long " * 60, True, "missing"),
    ]
    QTest.qWait(1)
    assert welcome.recent.height() >= 3 * welcome.recent.visualRect(welcome.recent.rows.index(0)).height()
    QTest.mouseClick(
        welcome.recent.viewport(), Qt.MouseButton.LeftButton,
        pos=welcome.recent.visualRect(welcome.recent.rows.index(1)).center(),
    )  # fmt: skip
    QTest.keyClick(welcome.recent, Qt.Key.Key_Up)
    QTest.keyClick(welcome.recent, Qt.Key.Key_Return)
    assert heard == [str(gone), str(there)]


def test_enter_opens_the_latest_project(stage: Any, tmp_path: Path) -> None:
    (tmp_path / "war.tagline").touch()
    page, heard = Welcome(LIGHT, "Anna"), list[str]()
    page.recent_chosen.connect(heard.append)
    page.set_recent([str(tmp_path / "war.tagline"), "/x.tagline"])
    stage(page, 760, 640)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert heard == [str(tmp_path / "war.tagline")]


def test_enter_presses_the_button_with_the_focus(driver: Driver) -> None:
    driver.window.welcome.buttons["new"].setFocus()
    driver.key(Qt.Key.Key_Return)
    dialog = driver.window.projects.dialog
    assert dialog
    assert dialog.isVisible()
    dialog.close()


def test_without_recent_projects_their_title_is_gone(welcome: Welcome) -> None:
    assert not welcome.recent_title.isVisible()
    assert not welcome.recent.isVisible()
    welcome.set_recent(["/x.tagline"])
    assert welcome.recent_title.isVisible()
    welcome.set_recent([])
    assert not welcome.recent.isVisible()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("size", [(300, 260), (1400, 900)])
def test_any_size(welcome: Welcome, theme: Any, size: tuple[int, int]) -> None:
    welcome.set_recent(["/" + "very long folder/" * 30 + "x.tagline"] * 8)
    welcome.set_theme(theme)
    welcome.resize(*size)
    QTest.qWait(1)
    assert not welcome.grab().isNull()
    page = welcome.widget()
    assert page is not None
    assert page.width() <= size[0], "nothing may be cut at the right"
    for button in welcome.buttons.values():
        assert button.mapTo(page, button.rect().topRight()).x() <= size[0]
    assert (welcome.verticalScrollBar().maximum() > 0) == (size[1] < 800)
