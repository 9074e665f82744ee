"""Backups from the window: made while nobody waits, listed with what they hold, compared, put in place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop import commands
from desktop import projects as core
from desktop.paths import backups_folder
from desktop.store import backups, queries
from desktop.store.backups import Backup
from desktop.store.store import Store
from ui.driver import Driver


@pytest.fixture
def path(sample: Driver, tmp_path: Path) -> Iterator[Path]:
    sample.window.settings.backup_folder = str(tmp_path / "kept")
    yield tmp_path / "sample.tagline"


def label(driver: Driver, start: int) -> None:
    driver.window.work.do(commands.add_span, 1, [(start, start + 3)], "event", "ana", writing=True)
    driver.settle()


def made(driver: Driver, path: Path) -> list[Backup]:
    """The backups there are, when those under way are done."""
    over: list[object] = []
    driver.settle()
    driver.window.work.beside(lambda: None, over.append)
    driver.wait(lambda: over, "what is done beside is done")
    driver.settle()
    return backups.of_project(driver.window.care.backups.base, path)


def press(driver: Driver, words: str) -> None:
    page = driver.window.care.backups.page
    buttons = (*page.deeds, *page.tools, page.question.yes)
    driver.click(next(button for button in buttons if button.isVisible() and button.text().startswith(words)))
    made(driver, Path())


def test_the_usual_place_and_another_one(sample: Driver, tmp_path: Path) -> None:
    care = sample.window.care.backups
    assert care.base == backups_folder()
    care.ask_folder = lambda: str(tmp_path / "kept")
    care.open()
    press(sample, "Change folder")
    assert care.base == tmp_path / "kept"
    assert str(tmp_path / "kept") in care.page.about.text()


def test_a_backup_is_made_soon_after_opening_and_when_closed(sample: Driver, path: Path) -> None:
    window = sample.window
    assert window.care.backups._settled.isActive()
    window.care.backups._settled.timeout.emit()
    assert [b.reason for b in made(sample, path)] == ["open"]
    window.care.backups._settled.timeout.emit()
    assert len(made(sample, path)) == 1, "nothing has changed since"
    label(sample, 3)
    window.projects.close()
    there = made(sample, path)
    assert [b.reason for b in there] == ["close", "open"]
    assert sum(backups.contents(there[0].path).labels.values()) == 1
    window.projects.open(path)
    sample.settle()
    window.care.backups._settled.timeout.emit()
    assert len(made(sample, path)) == 2


def test_the_last_backup_is_made_before_the_window_is_gone(
    sample: Driver, path: Path, tmp_path: Path
) -> None:
    label(sample, 3)
    sample.window.close()
    (there,) = backups.of_project(tmp_path / "kept", path)
    assert there.reason == "close"
    assert sum(backups.contents(there.path).labels.values()) == 1
    Store.open(path, full=True).close()


def test_work_is_backed_up_every_twenty_minutes(sample: Driver, path: Path) -> None:
    care = sample.window.care.backups
    assert care._often.interval() == 20 * 60 * 1000
    care._often.timeout.emit()
    assert made(sample, path) == []
    label(sample, 3)
    care._often.timeout.emit()
    care._often.timeout.emit()
    assert [b.reason for b in made(sample, path)] == ["work"]


def test_labels_made_meanwhile_do_not_wait_and_are_in_it(
    sample: Driver, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.store.store._PAGES_AT_ONCE", 1)
    window = sample.window
    done: list[int] = []
    for start in range(0, 60, 3):
        window.work.do(commands.add_span, 1, [(start, start + 3)], "event", "ana", writing=True,
                       then=lambda _: done.append(len(list((path.parent / "kept").rglob("*.tagline")))))  # fmt: skip
        if start == 0:
            window.care.backups._make("hand")
    (there,) = made(sample, path)
    assert len(done) == 20
    assert done[5] == 0, "the copy was not finished before these were done"
    assert sum(backups.contents(there.path).labels.values()) == 20


def test_what_must_be_done_alone_is_not_kept_waiting(sample: Driver, path: Path, tmp_path: Path) -> None:
    """A copy that is under way gives way when the project is closed, and one is made then."""
    window = sample.window
    label(sample, 3)
    window.work.do(lambda session: None)
    window.care.backups._make("work")
    window.projects.close()
    assert [b.reason for b in made(sample, path)] == ["close"]


def test_the_page_lists_compares_and_restores(sample: Driver, path: Path, tmp_path: Path) -> None:
    window = sample.window
    window.actions_.by_id["backups"].trigger()
    page = window.care.backups.page
    made(sample, path)
    assert "no backups yet" in page.empty.text()
    assert "the last 5, then one a day for 7 days and one a week for 4 weeks" in page.about.text()
    label(sample, 3)
    press(sample, "Back up now")
    assert "made and checked" in window.messages.text
    sample.wait(lambda: page.list.rows.rows and page.list.rows.rows[0].right, "its labels are counted")
    (row,) = page.list.rows.rows
    assert row.text.startswith("today, ")
    assert row.right == "1\u00a0label"
    assert "by hand" in row.below
    label(sample, 13)
    label(sample, 23)
    press(sample, "Compare")
    assert "Only in the project: event 2." in page.detail.text()
    assert "1\u00a0article differs" in page.detail.text()
    press(sample, "Put it in the place")
    sample.key(Qt.Key.Key_Escape)
    assert not page.question.asking
    assert window.pages.shows(page)
    press(sample, "Put it in the place")
    press(sample, "Put it in place")
    sample.wait(lambda: "before it is kept as" in window.messages.text, "it is in place")
    assert window.pages.at_desk
    assert window.labelling.reading
    assert len(window.labelling.reading.spans) == 1
    assert made(sample, path)[0].reason == "close", "the present state is backed up too"
    (aside,) = [p for p in tmp_path.iterdir() if "before restore" in p.name]
    window.projects.close()
    sample.settle()
    for file, spans in ((path, 1), (aside, 3)):
        session = core.open_project(file, "ana")
        assert queries.info(session.store)["spans"] == spans
        session.store.close()


def test_a_backup_that_is_damaged_leaves_the_project_open(sample: Driver, path: Path) -> None:
    window = sample.window
    label(sample, 3)
    window.care.backups.open()
    press(sample, "Back up now")
    (there,) = made(sample, path)
    there.path.write_bytes(there.path.read_bytes()[:-4096])
    press(sample, "Put it in the place")
    press(sample, "Put it in place")
    sample.wait(lambda: "damaged" in window.messages.text, "it is refused")
    label(sample, 13)
    assert window.project
    assert window.status._saved.text() == "● Saved"


def test_a_backup_becomes_a_project_of_its_own(sample: Driver, path: Path, tmp_path: Path) -> None:
    window = sample.window
    label(sample, 3)
    window.care.backups.open()
    press(sample, "Back up now")
    label(sample, 13)
    offered: list[Path] = []
    window.projects.ask_save_path = lambda title, offer: str(
        offered.append(offer) or tmp_path / "then.tagline"
    )
    press(sample, "Save as a project")
    assert offered[0].stem.startswith("sample 2")
    sample.click(window.messages.buttons[0])
    sample.wait(lambda: window.project and window.project.path.stem == "then", "it is open")
    sample.settle()
    assert window.labelling.reading
    assert len(window.labelling.reading.spans) == 1


def test_a_folder_that_takes_no_backup_is_told_of(sample: Driver, path: Path, tmp_path: Path) -> None:
    window = sample.window
    (tmp_path / "kept").write_text("a file")
    label(sample, 3)
    window.care.backups._make("work")
    made(sample, path)
    assert "No backup could be made" in window.messages.text
    assert "choose another folder" in window.messages.text
    label(sample, 13)
    assert window.status._saved.text() == "● Saved"


def test_damage_that_a_backup_finds_is_told(sample: Driver, path: Path) -> None:
    """The pages of a large project are not all checked when it is opened, but those of its backup are."""
    window = sample.window
    window.projects.close()
    sample.settle()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE article SET note = 'changed by another program' WHERE key = 1")
    connection.commit()
    connection.close()
    window.projects.open(path)
    sample.settle()
    window.care.backups._make("hand")
    assert [b.reason for b in made(sample, path)] == ["close"]
    assert "table article holds rows that were changed outside Tagline" in window.messages.text


def test_a_project_that_is_only_read_is_not_backed_up(
    sample: Driver, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = sample.window
    window.projects.close()
    sample.settle()
    before = made(sample, path)
    monkeypatch.setattr("desktop.projects.unwritable", lambda path: "its drive cannot be written to")
    window.projects.open(path)
    sample.settle()
    window.care.backups._make("open")
    window.projects.close()
    assert made(sample, path) == before
