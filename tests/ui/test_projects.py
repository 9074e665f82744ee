"""Making and opening projects from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import projects as core
from desktop.store import queries
from ui.driver import Driver

CTRL = Qt.KeyboardModifier.ControlModifier


def note_of(path: Path, article: int) -> str:
    session = core.open_project(path, "ana")
    try:
        return queries.article(session.store, article).note
    finally:
        session.store.close()


def test_a_name_with_a_dot_gets_the_ending_too(driver: Driver, tmp_path: Path) -> None:
    driver.window.projects.ask_save_path = lambda title, offered: str(tmp_path / "Iraq v1.2")
    driver.window.projects.new()
    driver.settle()
    assert driver.window.project
    assert driver.window.project.path == tmp_path / "Iraq v1.2.tagline"


def type_note(driver: Driver, text: str) -> None:
    driver.window.inspector.focus_tab("notes")
    driver.settle()
    QTest.keyClicks(QApplication.focusWidget(), text)


def test_a_note_stays_with_its_article(sample: Driver, tmp_path: Path) -> None:
    window = sample.window
    first = window.browsing.article
    assert first
    type_note(sample, "read twice")
    sample.key(Qt.Key.Key_PageDown, CTRL)
    sample.settle()
    second = window.browsing.article
    assert second
    assert second != first
    assert window.labelling.reading
    assert window.labelling.reading.article.note == ""
    sample.key(Qt.Key.Key_W, CTRL)
    assert note_of(tmp_path / "sample.tagline", first) == "read twice"
    assert note_of(tmp_path / "sample.tagline", second) == ""


def test_a_note_stays_with_its_project(sample: Driver, tmp_path: Path) -> None:
    window = sample.window
    first = window.browsing.article
    assert first
    type_note(sample, "read twice")
    other = tmp_path / "other.tagline"
    core.create(other, "ana").store.close()
    window.projects.open(other)
    sample.settle()
    assert window.project
    assert window.project.path == other
    assert note_of(tmp_path / "sample.tagline", first) == "read twice"
