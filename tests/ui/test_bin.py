"""The bin and the purge through the window: deleted, restored, emptied, gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop import commands
from desktop.store import queries
from desktop.store.backups import of_project
from ui.driver import Driver
from ui.list_page import ListPage

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def press(driver: Driver, page: ListPage, words: str) -> None:
    driver.settle()  # a button that was just made is shown by the event loop
    buttons = [page.question.yes, *page.tools, *page.deeds]
    driver.click(next(b for b in buttons if b.isVisible() and b.text().startswith(words)))
    driver.settle()


def titles(page: ListPage) -> list[str]:
    return [row.text for row in page.list.rows.rows]


def spans(driver: Driver) -> list[str]:
    reading = driver.window.labelling.reading
    assert reading
    return [span.text for span in reading.spans]


@pytest.fixture
def page(sample: Driver, tmp_path: Path) -> ListPage:
    """The bin, with a label and an article in it."""
    window = sample.window
    window.settings.backup_folder = str(tmp_path / "kept")
    for start in (3, 20):
        window.work.do(commands.add_span, 1, [(start, start + 6)], "event", "ana", writing=True)
        window.work.do(commands.add_span, 3, [(start, start + 6)], "actor", "bob", writing=True)
    sample.settle()
    window.view.set_caret(4)
    sample.key(Qt.Key.Key_Period)
    sample.key(Qt.Key.Key_Backspace)
    window.browsing.open(3)
    sample.settle()
    sample.key(Qt.Key.Key_Delete, CTRL_SHIFT)
    assert "In the bin: " in window.messages.text
    assert len(window.browsing.lines) == 4
    window.actions_.by_id["bin"].trigger()
    sample.settle()
    found: ListPage = window.care.bin.page
    return found


def test_what_was_deleted_is_listed_and_restored(sample: Driver, page: ListPage) -> None:
    window = sample.window
    assert len(titles(page)) == 2
    article, label = page.list.rows.rows
    assert article.right == "2\u00a0labels"
    assert "ana" in article.below
    assert label.label
    assert label.label.name == "event"
    assert "An article with 2\u00a0labels." in page.detail.text()
    assert "Delete article: " in page.detail.text()
    press(sample, page, "Restore")
    sample.wait(lambda: len(titles(page)) == 1, "it has left the bin")
    assert len(window.browsing.lines) == 5
    press(sample, page, "Restore")
    sample.wait(lambda: not titles(page), "the bin is empty")
    assert page.empty.text() == "The bin is empty."
    assert not page.tools[0].isEnabled()
    sample.click(window.messages.buttons[0])
    assert window.pages.at_desk
    assert window.browsing.article == 1
    assert len(spans(sample)) == 2
    sample.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(spans(sample)) == 1
    window.care.bin.open()
    sample.settle()
    assert len(titles(page)) == 1


def test_an_article_is_purged_out_of_the_bin(sample: Driver, page: ListPage, tmp_path: Path) -> None:
    window = sample.window
    window.care.backups._make("hand")
    sample.wait(lambda: of_project(tmp_path / "kept", tmp_path / "sample.tagline"), "there is a backup")
    press(sample, page, "Purge for good")
    said = page.question.said.text()
    assert "1\u00a0article, 2\u00a0labels" in said
    assert "cannot be undone" in said
    assert "1\u00a0backup holds some of it." in said
    sample.key(Qt.Key.Key_Escape)
    assert not page.question.asking
    assert len(titles(page)) == 2
    press(sample, page, "Purge for good")
    press(sample, page, "Purge for good")
    sample.wait(lambda: "Purged: 1\u00a0article" in window.messages.text, "it is purged")
    assert "1\u00a0backup was removed, and a new one made." in window.messages.text
    sample.wait(lambda: len(titles(page)) == 1, "it has left the bin")
    assert window.pages.shows(page)
    assert [b.reason for b in of_project(tmp_path / "kept", tmp_path / "sample.tagline")] == ["purge"]
    found: list[object] = []
    window.work.read(queries.history, then=found.append)
    window.work.do(lambda session: session.undo(), writing=True)
    sample.settle()
    assert found[0][0].title == "Purge 1 article: 2 labels, 0 relations"  # type: ignore[index]
    assert len(window.browsing.lines) == 4, "undo does not bring it back"
    assert window.status._saved.text() == "● Saved"


def test_the_bin_is_emptied(sample: Driver, page: ListPage) -> None:
    press(sample, page, "Empty the bin")
    assert "1\u00a0article, 2\u00a0labels, 2\u00a0deletions" in page.question.said.text()
    press(sample, page, "Purge for good")
    sample.wait(lambda: not titles(page), "it is empty")
    assert sample.window.pages.shows(page)


def test_an_annotator_is_purged(sample: Driver, page: ListPage) -> None:
    window = sample.window
    sample.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.actions_.by_id["purge"].trigger()
    sample.settle()
    purge = window.care.purge.page
    sample.row(purge.list, titles(purge).index("bob"))
    press(sample, purge, "Purge for good")
    assert "2\u00a0labels" in purge.question.said.text()
    press(sample, purge, "Purge for good")
    sample.wait(lambda: "bob" not in titles(purge), "bob is gone")
    assert "ana" in titles(purge)
    found: list[dict[str, int]] = []
    window.work.read(queries.layers, then=found.append)
    sample.settle()
    assert found == [{"ana": 1}]
