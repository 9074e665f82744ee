"""What the window says of the disk, and that nothing is dropped when it refuses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from desktop import commands, recycling
from desktop import projects as core
from desktop.errors import UserError
from desktop.session import Session
from desktop.store import queries
from desktop.store.backups import of_project
from ui import saving
from ui.driver import Driver
from ui.report import MessageBar

ROOT = Path(__file__).parents[2]


def press(bar: MessageBar, words: str) -> None:
    """The button of a message that begins like this."""
    next(button for button in bar.buttons if button.text().startswith(words)).click()


def label(driver: Driver, start: int) -> None:
    """Label three characters, as a key would."""
    window = driver.window
    window.work.do(commands.add_span, 1, [(start, start + 3)], "event", "ana", writing=True)
    driver.settle()


def limit(driver: Driver, pages: int | None) -> None:
    """A disk with room for no page more than the project has, or for a million of them."""

    def act(session: Session) -> None:
        (now,) = session.store.query("PRAGMA page_count").fetchone()
        session.store.query(f"PRAGMA max_page_count = {now + pages if pages is not None else 10**6}")

    driver.window.work.do(act)
    driver.settle()


def fill(driver: Driver) -> None:
    """Label until the disk is full."""
    limit(driver, 0)
    for start in range(0, 900, 9):
        label(driver, start)
        if driver.window.work.held:
            return
    raise AssertionError("the disk never was full")


def stored(path: Path) -> int:
    session = core.open_project(path, "ana")
    try:
        return int(queries.info(session.store)["spans"])
    finally:
        session.store.close()


def saved(driver: Driver) -> str:
    return driver.window.status._saved.text()


@pytest.fixture
def path(sample: Driver, tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "sample.tagline"
    sample.window.work.drop_held()  # or the window would ask when it is closed
    sample.settle()


def test_a_full_disk_holds_what_comes_and_saves_it_later(sample: Driver, path: Path) -> None:
    window = sample.window
    fill(sample)
    kept = sum(line.spans for line in window.browsing.lines.values())
    for start in (1000, 1010):
        label(sample, start)
    assert window.work.held == 3
    assert saved(sample) == "▲ Not saved: the disk is full"
    assert "3\u00a0changes wait" in window.messages.text
    assert "Free some space" in window.messages.text
    # Reading goes on.
    window.browsing.open(3)
    sample.settle()
    assert window.labelling.reading
    assert window.labelling.reading.article.key == 3
    press(window.messages, "Try again")
    sample.settle()
    assert window.work.held == 3
    limit(sample, None)
    window.messages.hide()
    window.status._saved.click()
    press(window.messages, "Try again")
    sample.settle()
    sample.wait(lambda: window.work.held == 0, "all is saved")
    assert saved(sample) == "● Saved"
    assert "saved again" in window.messages.text
    assert sum(line.spans for line in window.browsing.lines.values()) == kept + 3
    sample.window.projects.close()
    sample.settle()
    assert stored(path) == kept + 3


def test_what_the_disk_refused_is_tried_again_by_itself(
    sample: Driver, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sample)
    limit(sample, None)
    sample.window.saving._again.setInterval(50)
    sample.wait(lambda: not sample.window.saving._again.isActive(), "all is saved")
    assert sample.window.work.held == 0


def test_a_change_that_is_wrong_all_the_same_says_so_in_its_turn(sample: Driver, path: Path) -> None:
    window = sample.window
    fill(sample)
    window.work.do(commands.add_span, 1, [(5, 8)], "nonsense", "ana", writing=True)
    label(sample, 1000)
    assert window.work.held == 3
    limit(sample, None)
    window.work.retry()
    sample.wait(lambda: window.work.held == 0, "all is saved")
    sample.settle()
    assert "no label 'nonsense'" in window.messages.text
    assert saved(sample) == "● Saved"


def test_work_goes_on_in_a_copy(sample: Driver, path: Path, tmp_path: Path) -> None:
    window = sample.window
    fill(sample)
    label(sample, 1000)
    kept = stored_now(sample)
    copy = tmp_path / "elsewhere" / "copy.tagline"
    copy.parent.mkdir()
    window.projects.ask_save_path = lambda title, offered: str(copy.with_suffix(""))
    press(window.messages, "Save a copy")
    sample.settle()
    sample.wait(
        lambda: window.work.held == 0 and window.project and window.project.path == copy, "the copy is open"
    )
    sample.settle()
    assert saved(sample) == "● Saved"
    assert window.windowTitle().startswith("copy.tagline")
    label(sample, 1010)
    window.projects.close()
    sample.settle()
    assert stored(copy) == kept + 3
    assert stored(path) == kept


def stored_now(driver: Driver) -> int:
    found: list[int] = []
    driver.window.work.read(lambda store: int(queries.info(store)["spans"]), then=found.append)
    driver.settle()
    return found[0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file where it is")
def test_a_file_that_vanishes_is_noticed_and_missed(sample: Driver, path: Path, tmp_path: Path) -> None:
    window = sample.window
    label(sample, 3)
    path.rename(tmp_path / "taken.tagline")
    window.saving.look()
    sample.settle()
    assert saved(sample) == "▲ Not saved: the project is no longer where it was"
    label(sample, 13)
    assert window.work.held == 1
    assert window.labelling.reading  # what was read can be read on
    window.browsing.open(2)
    sample.settle()
    assert window.labelling.reading.article.key == 2
    (tmp_path / "taken.tagline").rename(path)
    press(window.messages, "Try again")
    sample.settle()
    sample.wait(lambda: window.work.held == 0, "all is saved")
    assert saved(sample) == "● Saved"
    window.projects.close()
    sample.settle()
    assert stored(path) == 2
    assert [other.name for other in path.parent.iterdir() if "sample" in other.name] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file where it is")
def test_a_drive_that_comes_back_holds_another_file(sample: Driver, path: Path, tmp_path: Path) -> None:
    """The same bytes under another inode, as a stick that was pulled and put back: opened anew, and only if it is it."""
    window = sample.window
    label(sample, 3)
    back = Path(shutil.copy(path, tmp_path / "back"))
    path.unlink()
    label(sample, 13)
    assert window.work.held == 1
    other = core.create(path, "ana")
    other.store.close()
    window.work.retry()
    sample.settle()
    assert window.work.held == 1
    assert "another project lies where this one was" in window.messages.text
    path.unlink()
    back.rename(path)
    window.work.retry()
    sample.settle()
    sample.wait(lambda: window.work.held == 0, "all is saved")
    label(sample, 23)
    window.projects.close()
    sample.settle()
    assert stored(path) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps an open file where it is")
def test_everything_made_so_far_goes_into_a_copy_of_a_file_that_is_gone(
    sample: Driver, path: Path, tmp_path: Path
) -> None:
    window = sample.window
    label(sample, 3)
    path.unlink()
    label(sample, 13)
    copy = tmp_path / "copy.tagline"
    window.projects.ask_save_path = lambda title, offered: str(copy)
    press(window.messages, "Save a copy")
    sample.settle()
    sample.wait(
        lambda: window.work.held == 0 and window.project and window.project.path == copy, "the copy is open"
    )
    window.projects.close()
    sample.settle()
    assert stored(copy) == 2
    assert not path.exists()


def test_leaving_with_changes_that_are_not_saved_asks(
    sample: Driver, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = sample.window
    fill(sample)
    asked: list[str] = []

    def answer(yes: bool) -> Callable[..., bool]:
        return lambda parent, title, *rest: bool(asked.append(title)) or yes

    monkeypatch.setattr(saving, "ask", answer(False))
    assert not window.close()
    window.projects.close()
    window.projects.open(path.with_name("other.tagline"))
    sample.settle()
    assert window.project
    assert window.work.held == 1
    assert asked == ["1\u00a0change is not saved"] * 3
    monkeypatch.setattr(saving, "ask", answer(True))
    window.projects.close()
    sample.settle()
    assert not window.project
    assert window.work.held == 0


def test_an_import_the_disk_has_no_room_for_is_not_held(sample: Driver, path: Path, tmp_path: Path) -> None:
    window = sample.window
    limit(sample, 0)
    (tmp_path / "big.txt").write_text("قال 🚀 " * 50_000, "utf-8")
    window.transfer.import_paths([tmp_path / "big.txt"])
    sample.settle()
    sample.wait(lambda: not window.transfer.busy, "the import has ended")
    assert "the disk is full" in window.messages.text
    assert window.work.held == 0
    assert len(window.browsing.lines) == 5


def test_a_copy_is_saved_and_can_be_opened(sample: Driver, path: Path, tmp_path: Path) -> None:
    window = sample.window
    label(sample, 3)
    window.projects.ask_save_path = lambda title, offered: str(tmp_path / "mine.tagline")
    window.actions_.by_id["save_copy"].trigger()
    sample.settle()
    assert "Saved a copy" in window.messages.text
    assert window.project
    assert window.project.path == path
    press(window.messages, "Open it")
    sample.settle()
    assert window.project.path == tmp_path / "mine.tagline"
    window.projects.ask_save_path = lambda title, offered: str(tmp_path / "mine.tagline")
    window.saving.ask_copy()
    sample.settle()
    assert "onto itself" in window.messages.text


OTHER = """
import sys
from datetime import datetime, tzinfo
from pathlib import Path
from desktop import projects
session = projects.open_project(Path(sys.argv[1]), "B")
print("open", flush=True)
sys.stdin.read()
session.store.close()
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A project that another process has open."""
    path = tmp_path / "theirs.tagline"
    session = core.create(path, "B")
    core.add_sample(session, labels=True)
    session.store.close()
    command = [sys.executable, "-c", OTHER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        yield path
        other.stdin.close()
        other.wait(30)


def test_a_project_that_is_open_elsewhere_is_read_in_a_copy(driver: Driver, elsewhere: Path) -> None:
    window = driver.window
    window.projects.open(elsewhere)
    driver.settle()
    assert not window.project
    assert "open in another window or program (process" in window.messages.text
    press(window.messages, "Open a copy to read")
    driver.settle()
    driver.wait(lambda: len(window.browsing.lines) == 5, "the copy is open")
    assert window.project
    assert window.windowTitle() == "theirs.tagline – Tagline"
    assert saved(driver) == "◇ Read only"
    assert not window.actions_.by_id["flag"].isEnabled()
    assert "open elsewhere" in window.actions_.reason("flag")
    for name in ("export", "close", "find", "new", "save_copy"):
        assert window.actions_.by_id[name].isEnabled(), name
    label(driver, 3)
    assert "nothing can be changed" in window.messages.text
    assert window.settings.recent == [str(elsewhere)]
    copy = window.project.path
    window.projects.close()
    driver.settle()
    assert not copy.exists()


def test_a_project_that_is_open_elsewhere_is_worked_on_in_a_copy(
    driver: Driver, elsewhere: Path, tmp_path: Path
) -> None:
    window = driver.window
    window.projects.open(elsewhere)
    driver.settle()
    window.projects.ask_save_path = lambda title, offered: str(tmp_path / "mine")
    press(window.messages, "Work in a copy")
    driver.settle()
    driver.wait(lambda: len(window.browsing.lines) == 5, "the copy is open")
    label(driver, 3)
    assert saved(driver) == "● Saved"
    window.projects.close()
    driver.settle()
    assert stored(tmp_path / "mine.tagline") == 723


def test_what_cannot_be_written_is_opened_for_reading(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.tagline"
    session = core.create(path, "B")
    core.add_sample(session, labels=True)
    session.store.close()
    monkeypatch.setattr(os, "access", lambda asked, mode: Path(asked) != path)
    window = driver.window
    window.projects.open(path)
    driver.settle()
    assert "its file may not be written" in window.messages.text
    assert [button.text() for button in window.messages.buttons] == ["Save a copy…"]
    assert saved(driver) == "◇ Read only"


def test_a_drive_that_can_be_pulled_is_warned_of(
    sample: Driver, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.store.drives.drive_of", lambda path: "removable")
    sample.window.projects.close()
    sample.window.projects.open(path)
    sample.settle()
    assert "can be pulled out" in sample.window.messages.text


def test_errors_without_a_kind_are_no_trouble_of_the_disk(sample: Driver, path: Path) -> None:
    def refuse(session: Session) -> None:
        raise UserError("no", "yes")

    sample.window.work.do(refuse, writing=True)
    sample.settle()
    QTest.qWait(10)
    assert sample.window.work.held == 0
    assert saved(sample) == "● Saved"


def test_a_file_that_vanishes_in_the_middle_of_a_step_loses_nothing(
    sample: Driver, path: Path, tmp_path: Path
) -> None:
    """The drive is pulled after the rows are written and before they are committed: reading goes on, all of it is kept."""
    window = sample.window
    label(sample, 3)

    def pulled(session: Session) -> None:
        with session.step("Two labels"):
            commands.add_span(session, 1, [(13, 16)], "event", "ana")
            path.unlink(missing_ok=True)
            commands.add_span(session, 1, [(23, 26)], "event", "ana")

    window.work.do(pulled, writing=True)
    sample.settle()
    label(sample, 33)
    assert window.work.held == 2
    assert "no longer where it was" in window.messages.text
    assert saved(sample) != "● Saved"
    window.browsing.open(2)
    sample.settle()
    assert window.labelling.reading
    assert window.labelling.reading.article.key == 2, "reading goes on"
    copy = tmp_path / "copy.tagline"
    window.projects.ask_save_path = lambda title, offered: str(copy)
    press(window.messages, "Save a copy")
    sample.wait(
        lambda: window.work.held == 0 and window.project and window.project.path == copy, "it is saved"
    )
    sample.settle()
    assert saved(sample) == "● Saved"
    window.projects.close()
    sample.settle()
    assert stored(copy) == 4


def test_a_file_that_turns_read_only_holds_what_comes(sample: Driver, path: Path) -> None:
    window = sample.window

    def turn(session: Session, on: str) -> None:
        session.store.query(f"PRAGMA query_only = {on}")

    label(sample, 3)
    window.work.do(turn, "ON")
    label(sample, 13)
    label(sample, 23)
    assert window.work.held == 2
    assert "cannot be written" in window.messages.text
    window.work.do(turn, "OFF")
    press(window.messages, "Try again")
    sample.wait(lambda: window.work.held == 0, "they are saved")
    assert saved(sample) == "● Saved"
    window.projects.close()
    sample.settle()
    assert stored(path) == 3


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can mount a drive")
def test_a_drive_that_is_really_full(driver: Driver, tmp_path: Path) -> None:
    """Two megabytes of memory as a drive: labelled until nothing goes on it, and saved when there is room again."""
    drive, window = tmp_path / "drive", driver.window
    drive.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(drive)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no drive can be mounted here")
    try:
        window.projects.make_sample(drive / "p.tagline", labels=False)
        driver.wait(lambda: len(window.browsing.lines) == 5, "it is open")
        driver.settle()
        label(driver, 3)
        (drive / "ballast").write_bytes(bytes(shutil.disk_usage(drive).free))
        made = 1
        while not window.work.held:
            label(driver, 3 + 6 * made)
            made += 1
        assert "the disk is full" in window.messages.text
        label(driver, 3 + 6 * made)
        made += 1
        assert window.work.held == 2
        (drive / "ballast").unlink()
        press(window.messages, "Try again")
        driver.wait(lambda: window.work.held == 0, "they are saved")
        window.projects.close()
        driver.settle()
        assert stored(drive / "p.tagline") == made
    finally:
        window.work.drop_held()
        window.projects.close()
        driver.settle()
        subprocess.run(["umount", "-l", str(drive)], check=True)


def test_a_clock_set_back_turns_nothing_round(
    sample: Driver, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """History, undo, bin and backups go by what was first, not by what the clock said."""
    window = sample.window
    window.settings.backup_folder = str(tmp_path / "kept")
    label(sample, 3)
    window.care.backups._make("hand")
    sample.settle()
    sample.wait(lambda: of_project(tmp_path / "kept", path), "there is a backup")
    monkeypatch.setattr("desktop.session.now", lambda: "2001-01-01T00:00:00Z")
    monkeypatch.setattr("desktop.commands.now", lambda: "2001-01-01T00:00:00Z")

    class Back(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Back:
            return cls(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr("desktop.store.backups.datetime", Back)
    label(sample, 13)
    window.work.do(lambda session: commands.remove_span(session, 1), writing=True)
    window.work.do(lambda session: commands.remove_span(session, 2), writing=True)
    window.care.backups._make("hand")
    sample.settle()
    sample.wait(lambda: len(of_project(tmp_path / "kept", path)) == 2, "there is another")
    assert [b.number for b in of_project(tmp_path / "kept", path)] == [2, 1]
    found: list[list[str]] = []
    window.work.read(lambda store: [e.text for e in recycling.listed(store)], then=found.append)
    window.work.read(lambda store: [s.made[:4] for s in queries.history(store)], then=found.append)
    sample.settle()
    first, second = window.view.text[3:6], window.view.text[13:16]
    assert found[0] == [second, first]
    assert found[1][:3] == ["2001"] * 3
    for left in (1, 2, 1, 0):
        window.work.do(lambda session: session.undo(), writing=True)
        sample.settle()
        assert window.labelling.reading
        assert len(window.labelling.reading.spans) == left
