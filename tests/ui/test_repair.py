"""What does not hold is found while nobody waits, listed, shown, mended and removed; all of it can be undone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from ui.driver import Driver


def spoil(driver: Driver, path: Path, *statements: str) -> None:
    """What another program does to the project while it is closed."""
    window = driver.window
    window.projects.close()
    driver.settle()
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    window.projects.open(path)
    driver.settle()
    driver.wait(
        lambda: len(window.browsing.lines) == 5 and not window.care.repair.running, "the project is checked"
    )
    driver.settle()


TO_MOVE = "UPDATE span SET start = start + 3, \"end\" = \"end\" + 3, fragments = '[[' || (start+3) || ',' || (\"end\"+3) || ']]' WHERE key = 5"
LOST = "UPDATE span SET text = 'nowhere 🚀 قال' WHERE key = 300"


def rows(driver: Driver) -> list[str]:
    return [row.text for row in driver.window.care.repair.page.list.rows.rows]


def press(driver: Driver, words: str) -> None:
    page = driver.window.care.repair.page
    button = next(button for button in (*page.deeds, *page.tools) if button.text().startswith(words))
    driver.click(button)
    driver.wait(lambda: not driver.window.care.repair.running, "the articles are checked again")
    driver.settle()


def test_a_sound_project_says_nothing(labelled: Driver, tmp_path: Path) -> None:
    window = labelled.window
    labelled.wait(lambda: not window.care.repair.running, "the project is checked")
    assert window.messages.text == ""
    window.actions_.by_id["repair"].trigger()
    labelled.settle()
    assert window.care.repair.page.empty.text() == "Everything holds."
    labelled.key(Qt.Key.Key_Escape)
    assert window.pages.at_desk


def test_what_was_found_is_listed_shown_and_mended(labelled: Driver, tmp_path: Path) -> None:
    window = labelled.window
    spoil(labelled, tmp_path / "sample.tagline", TO_MOVE, LOST)
    assert "2\u00a0things do not hold" in window.messages.text
    labelled.click(window.messages.buttons[0])
    page = window.care.repair.page
    assert window.pages.shows(page)
    assert rows(labelled)[1] == "nowhere 🚀 قال"
    assert "not at its place" in page.detail.text()
    press(labelled, "Move to the nearest")
    assert rows(labelled) == ["nowhere 🚀 قال"]
    assert "moved by" in window.messages.text
    window.undoing.undo()
    labelled.settle()
    labelled.wait(lambda: len(rows(labelled)) == 2, "it is broken again")
    press(labelled, "Mend all")
    assert rows(labelled) == ["nowhere 🚀 قال"]
    assert not page.tools[0].isEnabled()
    assert "Nothing here can mend it" in page.detail.text()
    assert [button.text() for button in page.deeds] == ["Show the article", "Remove"]
    article = next(row.article for row in window.care.repair.found.values())
    press(labelled, "Remove")
    assert rows(labelled) == []
    assert page.empty.isVisible()
    window.undoing.undo()
    labelled.wait(lambda: rows(labelled) == ["nowhere 🚀 قال"], "it is back")
    labelled.settle()
    press(labelled, "Show the article")
    assert window.pages.at_desk
    assert window.browsing.article == article


def test_nothing_is_offered_where_nothing_can_be_changed(
    labelled: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = labelled.window
    monkeypatch.setattr("desktop.projects.unwritable", lambda path: "its drive cannot be written to")
    spoil(labelled, tmp_path / "sample.tagline", TO_MOVE)
    window.care.repair.open()
    labelled.settle()
    page = window.care.repair.page
    assert [button.text() for button in page.deeds] == ["Show the article"]
    assert not page.tools[0].isEnabled()


def test_another_project_begins_anew(labelled: Driver, tmp_path: Path) -> None:
    window = labelled.window
    spoil(labelled, tmp_path / "sample.tagline", TO_MOVE)
    assert window.care.repair.found
    window.projects.make_sample(tmp_path / "other.tagline", labels=True)
    labelled.wait(lambda: window.project and window.project.path.stem == "other", "the other one is open")
    labelled.wait(lambda: not window.care.repair.running, "the project is checked")
    labelled.settle()
    assert not window.care.repair.found
    assert window.messages.text == ""


def test_labelling_is_not_kept_waiting(labelled: Driver) -> None:
    """A slice is read only when nothing else is asked of the store thread."""
    window = labelled.window
    window.care.repair.start()
    window.work.do(lambda session: None)
    window.care.repair._check()
    assert window.work.pending == 1
    labelled.wait(lambda: not window.care.repair.running, "the project is checked")
