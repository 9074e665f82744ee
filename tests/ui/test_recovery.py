"""A damaged project in the window: what can be read of it, or the last good backup; the damaged file is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop import projects as core
from desktop.store.backups import Shelf
from desktop.store.carving import Carver
from ui.driver import Driver


@pytest.fixture
def path(driver: Driver, tmp_path: Path) -> Path:
    """A project whose last page but some is gone, with a backup made before a label more."""
    path = tmp_path / "p.tagline"
    session = core.create(path, "ana")
    core.add_sample(session, labels=True)
    Shelf(driver.window.care.backups.base, path, session.store.id).make(session.store, "work")
    session.store.close()
    with path.open("rb") as file:
        spans = [page for page, table in Carver(file).leaves().items() if table == "span"]
    data = bytearray(path.read_bytes())
    data[(spans[2] - 1) * 4096 : spans[2] * 4096] = b"\xff" * 4096
    path.write_bytes(data)
    return path


def offered(driver: Driver, path: Path) -> dict[str, object]:
    window = driver.window
    window.projects.open(path)
    driver.settle()
    driver.wait(lambda: len(window.messages.buttons) == 2, "the backup is looked for")
    driver.settle()
    assert "damaged" in window.messages.text
    assert "left as it is" in window.messages.text
    return {button.text(): button for button in window.messages.buttons}


def test_what_can_be_read_is_recovered_and_reported(driver: Driver, path: Path) -> None:
    window = driver.window
    ways = offered(driver, path)
    ways["Recover what can be read"].click()  # type: ignore[attr-defined]
    driver.wait(lambda: window.care.recovery.report, "the report is shown")
    report = window.care.recovery.report
    assert report
    assert "labels in 5\u00a0articles could be read" in report.text.text()
    assert " of 722 recovered" in report.text.text()
    report.reject()
    driver.wait(lambda: len(window.browsing.lines) == 5, "the new project is open")
    driver.settle()
    assert window.project
    assert window.project.path == path
    (damaged,) = [file for file in path.parent.iterdir() if " damaged 2" in file.name]
    assert b"\xff" * 4096 in damaged.read_bytes()


def test_the_last_good_backup_is_put_in_its_place(driver: Driver, path: Path) -> None:
    window = driver.window
    ways = offered(driver, path)
    (use,) = [button for text, button in ways.items() if text.startswith("Use the backup of")]
    use.click()  # type: ignore[attr-defined]
    driver.wait(lambda: "The damaged file is kept as" in window.messages.text, "the backup is in place")
    driver.settle()
    assert sum(line.spans for line in window.browsing.lines.values()) == 722
    assert [file for file in path.parent.iterdir() if " before restore 2" in file.name]


def test_a_recovery_can_be_stopped(driver: Driver, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = driver.window
    before = path.read_bytes()
    offered(driver, path)
    window.care.recovery.recover(path)
    driver.window.work.cancel()
    driver.settle()
    driver.wait(lambda: "as it was" in window.messages.text, "it has stopped")
    assert path.read_bytes() == before
    assert not window.care.recovery.busy


def test_esc_stops_it(driver: Driver, path: Path) -> None:
    window = driver.window
    stopped: list[bool] = []
    window.care.recovery.busy = True
    window.work.cancel = lambda: stopped.append(True)  # type: ignore[method-assign]
    driver.key(Qt.Key.Key_Escape)
    assert stopped
    window.care.recovery.busy = False


def test_where_nothing_can_be_read_it_is_said(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "p.tagline"
    path.write_bytes(b"nothing of it\n" * 1000)
    window = driver.window
    window.projects.open(path)
    driver.settle()
    window.messages.buttons[0].click()
    driver.wait(lambda: "nothing could be read" in window.messages.text, "it is said")
    assert path.read_bytes() == b"nothing of it\n" * 1000


def test_another_file_is_not_offered_to_be_recovered(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("notes")
    driver.window.projects.open(path)
    driver.settle()
    assert "not a Tagline project" in driver.window.messages.text
    assert driver.window.messages.buttons == []
