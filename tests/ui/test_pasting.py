"""Articles by the clipboard and by drag and drop: text, pages, files and folders, wherever in the window, with a project or without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.driver import Driver
from ui.import_preview import ImportPreview

STORY = "The headline 🚀\r\n\r\nThe army said\u00a0so on Monday. قال الجيش."


@pytest.fixture(autouse=True)
def clipboard(app: object) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


def mime(text: str = "", html: str = "", files: tuple[Path, ...] = ()) -> QMimeData:
    made = QMimeData()
    if text:
        made.setText(text)
    if html:
        made.setHtml(html)
    if files:
        made.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    return made


def preview_of(driver: Driver) -> ImportPreview:
    driver.wait(
        lambda: driver.window.transfer.preview and driver.window.transfer.preview.isVisible(), "the preview"
    )
    driver.settle()
    dialog = driver.window.transfer.preview
    assert dialog
    return dialog


def paste(driver: Driver, what: QMimeData) -> None:
    QGuiApplication.clipboard().setMimeData(what)
    driver.window.view.setFocus()
    driver.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def drop(driver: Driver, widget: QWidget, what: QMimeData) -> None:
    """What the system does when something is dropped on a widget: the window under it hears of it first."""
    place = widget.mapTo(driver.window, widget.rect().center())
    handle = driver.window.windowHandle()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(place, copy, what, left, none),
        QDragMoveEvent(place, copy, what, left, none),
        QDropEvent(place.toPointF(), copy, what, left, none),
    ):
        if type(event) is QDragMoveEvent:
            event.accept()  # the system goes on from the answer to the event before
        QApplication.sendEvent(handle, event)
        assert event.isAccepted(), f"{type(event).__name__} at {QPoint(place)}"
    driver.settle()


def test_text_is_pasted_and_undone(sample: Driver) -> None:
    paste(sample, mime(STORY))
    dialog = preview_of(sample)
    assert dialog.preview.first[0].text == STORY.replace("\r\n", "\n")
    assert dialog.preview.first[0].record.article.title == "The headline 🚀"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is there")
    sample.settle()
    report = sample.window.transfer.report
    assert report  # it tells of the line ends
    report.reject()
    sample.settle()
    sample.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(sample.window.browsing.lines) == 5


def test_two_pastes_are_two_articles(sample: Driver) -> None:
    for number in (6, 7):
        paste(sample, mime(f"Story {number} of the day, told in one line."))
        dialog = preview_of(sample)
        assert dialog.preview.report.skipped == []
        sample.click(dialog.go)
        sample.wait(lambda number=number: len(sample.window.browsing.lines) == number, "it is there")
        sample.settle()


def test_a_page_alone_is_read_as_a_page(sample: Driver) -> None:
    body = "".join(
        f"<p>The army said so for the {n}th time on Monday, and nobody was asked again.</p>" for n in range(5)
    )
    paste(sample, mime(html=f"<meta charset='utf-8'><h1>Army</h1>{body}<script>no()</script>"))
    dialog = preview_of(sample)
    text = dialog.preview.first[0].text
    assert text.count("The army said so") == 5
    assert "no()" not in text
    dialog.reject()
    sample.settle()


def test_files_are_pasted(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The army said so.")
    paste(sample, mime(files=(tmp_path / "a.txt",)))
    assert preview_of(sample).preview.report.articles == 1
    sample.window.transfer.preview.reject()
    sample.settle()


def test_nothing_to_paste_is_said(sample: Driver) -> None:
    paste(sample, mime())
    assert "no text" in sample.window.messages.text
    assert sample.window.transfer.preview is None


def test_a_clipboard_that_gives_nothing_at_all(sample: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        @staticmethod
        def mimeData() -> None:
            return None

    monkeypatch.setattr("ui.transfer.QGuiApplication.clipboard", Nothing)
    sample.window.actions_.by_id["paste"].trigger()
    sample.settle()
    assert "no text" in sample.window.messages.text


def test_in_a_field_the_key_pastes_into_the_field(sample: Driver) -> None:
    QGuiApplication.clipboard().setText("army")
    search = sample.window.articles.search
    search.setFocus()
    QTest.keyClick(search, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    sample.settle()
    assert search.text() == "army"
    assert sample.window.transfer.preview is None


WHERE: dict[str, Callable[[Driver], QWidget]] = {
    "list": lambda driver: driver.window.articles.view.viewport(),
    "page": lambda driver: driver.window.view.viewport(),
    "inspector": lambda driver: driver.window.inspector,
}


@pytest.mark.parametrize("where", WHERE)
def test_files_and_folders_are_dropped_anywhere(sample: Driver, tmp_path: Path, where: str) -> None:
    (tmp_path / "news").mkdir()
    for name in ("news/a.txt", "news/b.txt", "c.txt"):
        (tmp_path / name).write_text(f"The army said so in {name}.")
    drop(sample, WHERE[where](sample), mime(files=(tmp_path / "news", tmp_path / "c.txt")))
    dialog = preview_of(sample)
    assert dialog.preview.report.articles == 3
    dialog.reject()
    sample.settle()


def test_text_is_dropped(sample: Driver) -> None:
    drop(sample, sample.window.view.viewport(), mime(STORY))
    dialog = preview_of(sample)
    assert dialog.preview.report.articles == 1
    dialog.reject()
    sample.settle()


def test_on_the_welcome_page_a_project_is_made_first(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The army said so.")
    drop(driver, driver.window.welcome, mime(files=(tmp_path / "a.txt",)))
    new = driver.window.projects.dialog
    assert new
    new.path.setText(str(tmp_path / "new.tagline"))
    QTest.keyClick(new, Qt.Key.Key_Return)
    dialog = preview_of(driver)
    driver.click(dialog.go)
    driver.wait(lambda: len(driver.window.browsing.lines) == 1, "the article is there")
    driver.settle()
