"""Help: the guide with its pictures, the release notes, the licences, About and its diagnostics."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop import __version__, paths
from desktop.paths import shipped
from desktop.settings import Settings
from ui import about
from ui.about import AboutDialog, diagnostics, versions
from ui.reading import Chapter, ReadingDialog, chapters_of
from ui.theme import DARK

GUIDE = shipped("resources", "guide", "guide.md")
TOPICS = ("Install", "First project", "Label", "Keys", "Articles in", "Datasets out", "Keep it safe")


def test_the_guide_opens_with_all_its_chapters_and_stays_one_window(driver: Any) -> None:
    help_ = driver.window.help
    driver.window.actions_.by_id["guide"].trigger()
    driver.window.actions_.by_id["guide"].trigger()
    dialogs = [dialog for dialog in driver.window.findChildren(ReadingDialog) if dialog.isVisible()]
    assert [dialog.windowTitle() for dialog in dialogs] == ["Guide"]
    assert {chapter.title for chapter in dialogs[0].chapters} >= set(TOPICS)
    help_.prefer("dark")
    QTest.keyClick(dialogs[0], Qt.Key.Key_Escape)
    assert not dialogs[0].isVisible()


def test_every_picture_of_the_guide_is_there_and_shown_no_wider_than_the_text(app: Any) -> None:
    dialog = ReadingDialog("Guide", chapters_of(GUIDE))
    dialog.show()
    names = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE.read_text(encoding="utf-8"))
    assert len(names) >= 6
    for name in names:
        assert (GUIDE.parent / name).is_file(), name
    dialog.show_chapter([chapter.title for chapter in dialog.chapters].index("Label"))
    QTest.qWait(80)
    page = dialog.page
    picture: Any = page.loadResource(2, QUrl("pictures/project.png"))
    assert 300 < picture.width() / picture.devicePixelRatio() <= page.viewport().width() - 40
    assert page.horizontalScrollBar().maximum() == 0
    dialog.close()


@pytest.mark.parametrize("place", ["http://example.org/x.png", "file:///etc/hostname", "//host/x.png"])
def test_nothing_is_fetched_from_elsewhere(app: Any, place: str) -> None:
    dialog = ReadingDialog("Guide", chapters_of(GUIDE))
    assert dialog.page.loadResource(2, QUrl(place)) is None


def test_links_lead_to_chapters_and_every_one_of_the_guide_to_one_that_is_there(app: Any) -> None:
    chapters = chapters_of(GUIDE)
    anchors = {chapter.anchor for chapter in chapters}
    links = set(re.findall(r"\]\(#([^)]+)\)", GUIDE.read_text(encoding="utf-8")))
    assert links
    assert links <= anchors
    dialog = ReadingDialog("Guide", chapters)
    dialog.show()
    dialog.page.anchorClicked.emit(QUrl("#articles-in"))
    assert dialog.list.picked == [chapter.title for chapter in chapters].index("Articles in")
    assert "Import articles" in dialog.page.toPlainText()
    dialog.page.anchorClicked.emit(QUrl("https://example.org"))
    assert "Import articles" in dialog.page.toPlainText()
    dialog.close()


def test_the_guide_names_the_keys_that_are_in_force(driver: Any) -> None:
    """A key that is changed in the table must be changed in the guide."""
    keymap = driver.window.actions_.keymap
    text = GUIDE.read_text(encoding="utf-8")
    for name, said in (
        ("undo", "Ctrl+Z"), ("done_next", "Ctrl+Enter"), ("keys", "F1"), ("palette", "Ctrl+K"), ("relate", "R"),
        ("remove", "Backspace"), ("next_label", "."), ("previous_label", ","), ("find", "Ctrl+F"),
        ("concordance", "Ctrl+G"), ("next_panel", "F6"), ("close", "Ctrl+W"), ("label_around", "Alt+Up"),
        ("next", "Ctrl+PgDown"),
    ):  # fmt: skip
        assert said in keymap.keys(name), name
        assert f"`{said.replace('Up', '↑')}`" in text, name


def test_the_release_notes_are_inside(driver: Any) -> None:
    driver.window.actions_.by_id["notes"].trigger()
    (dialog,) = (dialog for dialog in driver.window.findChildren(ReadingDialog) if dialog.isVisible())
    assert dialog.chapters[0].title.startswith(__version__)
    assert "SQLite" in dialog.page.toPlainText()
    dialog.close()


def test_release_notes_that_were_not_brought_along(driver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.help.release_notes", lambda: None)
    driver.window.help.notes()
    dialog = driver.window.help._open["Release notes"]
    assert dialog.chapters == ()
    assert dialog.isVisible()
    dialog.close()


def test_the_licences_are_inside(driver: Any) -> None:
    driver.window.actions_.by_id["licences"].trigger()
    dialog = driver.window.help._open["Licences"]
    assert [chapter.title for chapter in dialog.chapters[:3]] == ["Tagline", "Inter", "Source Serif 4"]
    assert "Apache License" in dialog.page.toPlainText()
    dialog.set_theme(DARK)
    assert "Apache License" in dialog.page.toPlainText(), "other colours keep the text"
    dialog.close()


def test_licences_of_a_built_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "licences" / "spacy").mkdir(parents=True)
    (tmp_path / "licences" / "parts.txt").write_text("spacy 3: MIT\n", encoding="utf-8")
    (tmp_path / "licences" / "spacy" / "LICENSE.txt").write_text("Permission is granted", encoding="utf-8")
    monkeypatch.setattr(about, "shipped", tmp_path.joinpath)
    assert [chapter.title for chapter in about.licence_texts()] == ["What is inside", "spacy: LICENSE"]


def test_about_names_the_libraries_and_the_log(app: Any) -> None:
    dialog = AboutDialog(Settings(), {})
    dialog.show()
    assert {"Tagline", "Python", "Qt", "PySide6", "pydantic", "SQLite", "spacy"} <= set(dialog.versions)
    assert all(dialog.versions.values())
    said = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Apache License 2.0" in said
    assert str(paths.log_folder()) in said
    copy = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy diagnostics")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert f"SQLite {dialog.versions['SQLite']}" in QGuiApplication.clipboard().text()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_diagnostics_tell_nothing_of_articles_or_people(sample: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    log = paths.log_folder()
    log.mkdir(parents=True, exist_ok=True)
    (log / "errors.log").write_text("ValueError: 'Attacks on US sites'\n", encoding="utf-8")
    window = sample.window
    window.settings.annotator = "Anna Secret"
    window.settings.font_size = 20
    text = diagnostics(window.settings, {"articles": len(window.browsing.lines)})
    assert "5 articles" in text
    assert "'font_size': 20" in text
    assert "last written" in text
    for private in ("Attacks", "Secret", str(sample.window.project.path.parent), str(log)):
        assert private not in text
    (log / "errors.log").unlink()
    assert "Log empty" in diagnostics(window.settings, {})
    assert "Project none open" in diagnostics(window.settings, {})


def test_a_library_that_is_not_there_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about, "LIBRARIES", ("pydantic", "no-such-library"))
    assert "pydantic" in versions()
    assert "no-such-library" not in versions()


def test_about_leads_to_what_there_is_to_read(driver: Any) -> None:
    asked: list[str] = []
    dialog = AboutDialog(Settings(), {}, driver.window)
    dialog.asked.connect(asked.append)
    dialog.show()
    for text in ("Licences…", "Release notes…"):
        button = next(button for button in dialog.findChildren(QPushButton) if button.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["licences", "notes"]
    dialog.close()


def test_a_chapter_of_plain_text_is_shown_as_it_is(app: Any) -> None:
    dialog = ReadingDialog("Licence", [Chapter("One", "# not a heading\n*stars*", plain=True)])
    assert dialog.page.toPlainText() == "# not a heading\n*stars*"
    assert dialog.list.isHidden()
