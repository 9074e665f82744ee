"""Making and opening projects from the window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import places
from desktop import projects as core
from desktop import scheme_edits as edits
from desktop.formats import scheme as schemes
from desktop.store import migrate, queries
from ui.driver import Driver
from ui.new_dialog import NewDialog

CTRL = Qt.KeyboardModifier.ControlModifier


def note_of(path: Path, article: int) -> str:
    session = core.open_project(path, "ana")
    try:
        return queries.article(session.store, article).note
    finally:
        session.store.close()


def test_a_name_with_a_dot_gets_the_ending_too(driver: Driver, tmp_path: Path) -> None:
    dialog = new(driver, tmp_path / "Iraq v1.2")
    driver.click(dialog.make)
    assert driver.window.project
    assert driver.window.project.path == tmp_path / "Iraq v1.2.tagline"


def new(driver: Driver, path: Path) -> NewDialog:
    """Ask for a new project, and say where it is to be."""
    driver.window.projects.ask_save_path = lambda title, offered: str(path)
    driver.key(Qt.Key.Key_N, CTRL)
    dialog = driver.window.projects.dialog
    assert dialog
    driver.click(dialog.elsewhere)
    return dialog


@pytest.mark.parametrize("start", core.STARTS, ids=lambda start: start.id)
def test_a_project_begins_with_the_scheme_chosen(driver: Driver, tmp_path: Path, start: core.Start) -> None:
    dialog = new(driver, tmp_path / "p.tagline")
    QTest.mouseClick(dialog.starts[start.id], Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert list(dialog.labels.buttons) == ["event", "actor", "location", "claim"]
    QTest.keyClick(dialog.path, Qt.Key.Key_Return)
    driver.settle()
    project = driver.window.project
    assert project
    assert project.scheme == start.scheme()
    assert "Tagging guide" in project.guidelines
    assert not driver.window.actions_.by_id["undo"].isEnabled(), "there is nothing before the scheme"


def test_a_project_begins_with_a_saved_scheme(driver: Driver, tmp_path: Path) -> None:
    mine, bad = tmp_path / "mine.json", tmp_path / "bad.json"
    scheme = edits.with_label(core.default_scheme(), "سلاح")
    schemes.write(mine, scheme)
    bad.write_text('{"scheme": "x", "labels": []}', encoding="utf-8")
    dialog = new(driver, tmp_path / "p.tagline")
    dialog.ask_scheme = lambda: str(bad)
    QTest.mouseClick(dialog.file, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert "no label" in dialog.problem.text()
    assert not dialog.make.isEnabled()
    dialog.ask_scheme = lambda: str(mine)
    QTest.mouseClick(dialog.file, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert "سلاح" in dialog.names.text()
    driver.click(dialog.make)
    assert driver.window.project
    assert driver.window.project.scheme == scheme


def test_a_file_that_is_there_is_never_made_anew(driver: Driver, tmp_path: Path) -> None:
    there = tmp_path / "p.tagline"
    there.write_text("mine", encoding="utf-8")
    dialog = new(driver, there)
    driver.click(dialog.make)
    assert "There is a file p.tagline already" in dialog.problem.text()
    assert there.read_text(encoding="utf-8") == "mine"
    assert dialog.isVisible()
    dialog.path.setText(" ")
    driver.click(dialog.make)
    assert "needs a name" in dialog.problem.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    driver.settle()
    assert driver.window.project is None


def test_where_no_file_is_chosen_the_four_labels_stay(driver: Driver, tmp_path: Path) -> None:
    dialog = new(driver, tmp_path / "p.tagline")
    dialog.ask_scheme = lambda: ""
    QTest.mouseClick(dialog.file, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert dialog.starts["labels"].isChecked()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    driver.settle()


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


def test_an_old_project_is_upgraded_and_says_so(
    sample: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = sample.window
    window.projects.close()
    sample.settle()
    shutil.copytree(migrate.FOLDER, tmp_path / "schema")
    (tmp_path / "schema" / "999_more.sql").write_text("UPDATE article SET note = 'upgraded' WHERE key = 1;")
    monkeypatch.setattr(migrate, "CURRENT", migrate.Schema(tmp_path / "schema"))
    window.projects.open(tmp_path / "sample.tagline")
    sample.wait(lambda: "was upgraded" in window.messages.text, "it is said")
    sample.settle()
    assert window.browsing.lines[1].note == "upgraded"
    sample.click(window.messages.buttons[0])
    page = window.care.backups.page
    sample.wait(lambda: page.list.rows.rows, "the backup is listed")
    assert "before an upgrade" in page.list.rows.rows[0].below


def test_a_private_project_is_in_no_list(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = driver.window
    monkeypatch.setattr(window.resume, "remember", places.remember)
    window.projects.new()
    dialog = window.projects.dialog
    assert dialog
    dialog.path.setText(str(tmp_path / "Secret.tagline"))
    dialog.private.setChecked(True)
    dialog.make.click()
    driver.wait(lambda: window.project, "it is made")
    driver.settle()
    assert window.settings.recent == []
    assert window._file_name.text() == "Secret.tagline · private"
    assert window.windowTitle() == "Secret.tagline – Tagline"
    window.projects.close()
    driver.settle()
    assert not window.welcome.recent.rows.rows
    window.projects.open(tmp_path / "Secret.tagline")
    driver.wait(lambda: window.project, "it is open")
    driver.settle()
    assert window.settings.recent == []
    window.actions_.by_id["private"].trigger()
    driver.settle()
    assert "no longer private" in window.messages.text
    assert window.settings.recent == [str(tmp_path / "Secret.tagline")]
    assert window._file_name.text() == "Secret.tagline"
    driver.key(Qt.Key.Key_Z, CTRL)
    assert window.settings.recent == []
    window.actions_.by_id["redo"].trigger()
    driver.settle()
    window.actions_.by_id["private"].trigger()
    driver.settle()
    assert "is private now" in window.messages.text
    assert window.settings.recent == []


def test_no_place_is_kept_of_a_private_project(
    sample: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "places_file", lambda: tmp_path / "places.json")
    window = sample.window
    window.browsing.open(3)
    sample.settle()
    window.resume.keep()
    assert len(places.load()) == 1
    window.actions_.by_id["private"].trigger()
    sample.settle()
    window.projects.close()
    sample.settle()
    window.projects.open(tmp_path / "sample.tagline")
    sample.wait(lambda: window.project, "it is open")
    sample.settle()
    window.browsing.open(2)
    sample.settle()
    window.projects.close()
    sample.settle()
    assert places.load() == []
