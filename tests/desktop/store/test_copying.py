"""Copies of projects: of one that another program has open, of the one that is open here."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop import commands, paths, projects
from desktop.errors import Cancelled, UserError
from desktop.session import Session
from desktop.store import copying, queries
from desktop.store.header import unwritable
from desktop.store.store import Store

ROOT = Path(__file__).parents[3]
LABELLER = """
import sys
from pathlib import Path
from desktop import commands, projects
session = projects.open_project(Path(sys.argv[1]), "A")
print("open", flush=True)
for n in range(10**6):
    sys.stdin.readline()
    commands.add_span(session, 1, [(n % 900, n % 900 + 3)], "event", "A")
    print(n, flush=True)
"""


class Elsewhere:
    """Another process that has the project open and labels in it when it is told to."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-c", LABELLER, str(path)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdin
        assert self.process.stdout
        self.said, self.told = self.process.stdout, self.process.stdin
        assert self.said.readline() == b"open\n"

    def label(self) -> None:
        self.told.write(b"\n")
        self.told.flush()
        assert self.said.readline().strip().isdigit()

    def end(self) -> None:
        self.process.kill()
        self.process.wait(30)
        self.told.close()
        self.said.close()


@pytest.fixture
def elsewhere(path: Path) -> Iterator[Elsewhere]:
    other = Elsewhere(path)
    yield other
    other.end()


def test_a_snapshot_is_read_and_leaves_nothing(path: Path, elsewhere: Elsewhere) -> None:
    elsewhere.label()
    with pytest.raises(UserError, match="open in another"):
        projects.open_anyhow(path, "B")
    found = projects.open_snapshot(path, "B")
    assert queries.info(found.store)["spans"] == 723
    assert found.store.shown == path
    assert found.store.path.parent.parent == paths.copies_folder()
    if os.name == "posix":
        assert found.store.path.parent.stat().st_mode & 0o777 == 0o700
        assert found.store.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UserError, match=r"nothing can be changed .* open elsewhere"):
        commands.set_flag(found, 1, True)
    elsewhere.label()
    found.store.close()
    assert list(paths.copies_folder().iterdir()) == []


def test_a_copy_to_work_in(path: Path, elsewhere: Elsewhere, tmp_path: Path) -> None:
    elsewhere.label()
    target = tmp_path / "mine.tagline"
    found = projects.open_copy(path, target, "B")
    commands.set_flag(found, 1, True)
    assert queries.info(found.store)["spans"] == 723
    found.store.close()
    assert target.is_file()
    assert list(paths.copies_folder().iterdir()) == []
    with pytest.raises(UserError, match="of that name already"):
        projects.open_copy(path, target, "B")


def test_a_project_that_never_rests_is_not_copied(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = []

    def write_meanwhile(source: Path, target: Path) -> None:
        shutil.copyfile(source, target)
        copied.append(source)
        os.utime(path, (1, len(copied)))

    monkeypatch.setattr(copying, "_TRIES", 3)
    monkeypatch.setattr(copying, "_copy", write_meanwhile)
    with pytest.raises(UserError, match="written to all the time"):
        projects.open_snapshot(path, "B")
    assert copied == [path, path, path]
    assert list(paths.copies_folder().iterdir()) == []


def test_a_copy_in_the_middle_of_a_write_is_rolled_back(half_written: Callable[[str], Path]) -> None:
    """Pages of an unfinished step are in the file already; the journal that is copied with it knows how they were."""
    half = half_written("UPDATE article_text SET text = text || printf('%.*c', 90000, 'x')")
    found = projects.open_snapshot(half, "B")
    assert all(len(queries.text(found.store, key)) < 90_000 for key in range(1, 6))
    assert not found.store.integrity_problems() + found.store.tally_problems()
    found.store.close()
    assert sorted(other.name for other in half.parent.iterdir()) == ["half.tagline", "half.tagline-journal"]


def test_what_is_open_here_is_not_copied_by_its_file(path: Path, session: Session, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="open in this window"):
        copying.copy_still(path, tmp_path)
    with pytest.raises(UserError, match="onto itself"):
        copying.save_copy(session.store, path)


def test_folders_of_processes_that_are_gone_are_swept(tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    gone, mine, other = copies / f"{2**31 - 1}-ab", copies / f"{os.getpid()}-ab", copies / "something else"
    for folder in (gone, mine, other):
        folder.mkdir(parents=True)
        (folder / "x.tagline").write_text("x")
    found = copying.private_folder(copies)
    assert {folder.name for folder in copies.iterdir()} == {mine.name, other.name, found.name}


def test_a_saved_copy_has_everything_and_is_closed(session: Session, tmp_path: Path) -> None:
    commands.set_flag(session, 1, True)
    target = tmp_path / "copies" / "copy.tagline"
    target.parent.mkdir()
    heard: list[tuple[int, int]] = []
    copying.save_copy(session.store, target, lambda *pages: heard.append(pages))
    assert list(target.parent.iterdir()) == [target]
    assert heard
    assert heard[-1][0] == heard[-1][1] > 0
    connection = sqlite3.connect(target)
    assert connection.execute("SELECT open FROM file").fetchone() == (0,)
    connection.close()
    found = Store.open(target, full=True)
    assert queries.article(found, 1).flag
    found.close()


def test_work_done_while_a_copy_is_made_is_in_it(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.store.store._PAGES_AT_ONCE", 5)
    dice = random.Random(3)

    def label(done: int, total: int) -> None:
        if done < total and dice.random() < 0.5:
            commands.add_span(session, 1, [(done, done + 3)], "event", "A")
        if done < total and dice.random() < 0.2:
            session.undo()

    copying.save_copy(session.store, tmp_path / "copy.tagline", label)
    found = Store.open(tmp_path / "copy.tagline", full=True)
    assert queries.info(found) == queries.info(session.store)
    assert queries.info(found)["spans"] > 722
    found.close()


def test_a_copy_that_is_stopped_leaves_nothing(session: Session, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    before = sorted(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        copying.save_copy(session.store, tmp_path / "copy.tagline", stop)
    assert sorted(tmp_path.iterdir()) == before
    commands.set_flag(session, 1, True)


def test_a_copy_that_is_damaged_takes_nobodys_place(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.tagline"
    target.write_text("an older copy")
    whole = Store.copy_into

    def torn(store: Store, path: Path, progress: copying.Progress) -> None:
        whole(store, path, progress)
        with path.open("rb+") as file:
            file.seek(-3000, os.SEEK_END)
            file.write(b"\xff" * 100)

    monkeypatch.setattr(Store, "copy_into", torn)
    with pytest.raises(UserError, match="damaged"):
        copying.save_copy(session.store, target)
    assert target.read_text() == "an older copy"
    assert not [other for other in tmp_path.iterdir() if other.name.endswith(".part")]


def test_a_copy_that_has_no_place(session: Session, tmp_path: Path) -> None:
    for target in (tmp_path / "no" / "copy.tagline", tmp_path / "sample.tagline" / "copy.tagline"):
        with pytest.raises(UserError, match="cannot be made") as raised:
            copying.save_copy(session.store, target)
        assert raised.value.hint


def test_names_that_are_free(tmp_path: Path) -> None:
    path = tmp_path / "Iraq v1.2.tagline"
    first = copying.free_name(path, "damaged")
    assert first.name.startswith("Iraq v1.2 damaged 2")
    assert first.suffix == ".tagline"
    first.touch()
    second = copying.free_name(path, "damaged")
    assert second != first
    assert not second.exists()


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A drive of its own, which only root can make."""
    folder = tmp_path / "drive"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if (
        not hasattr(os, "geteuid")
        or os.geteuid()
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("only root can mount a drive")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_project_on_a_drive_that_cannot_be_written(path: Path, drive: Path) -> None:
    there = Path(shutil.copy(path, drive / "p.tagline"))
    subprocess.run(["mount", "-o", "remount,ro", str(drive)], check=True)
    assert unwritable(there) == "its drive cannot be written to"
    found = projects.open_anyhow(there, "A")
    assert queries.info(found.store)["spans"] == 722
    with pytest.raises(UserError, match="its drive cannot be written"):
        commands.set_flag(found, 1, True)
    copying.save_copy(found.store, path.with_name("copy.tagline"))
    found.store.close()
    assert list(drive.iterdir()) == [there]


def test_a_copy_that_does_not_fit(session: Session, drive: Path) -> None:
    (drive / "fill").write_bytes(b"x" * 3_900_000)
    before = sorted(drive.iterdir())
    with pytest.raises(UserError, match="No space left") as raised:
        copying.save_copy(session.store, drive / "copy.tagline")
    assert raised.value.file == str(drive / "copy.tagline")
    assert sorted(drive.iterdir()) == before
    commands.set_flag(session, 1, True)


def test_what_may_not_be_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert unwritable(path) == ""
    assert unwritable(path.with_name("missing")) == ""
    for forbidden, words in ((path, "its file"), (path.parent, "its folder")):
        with monkeypatch.context() as patch:
            patch.setattr(os, "access", lambda asked, mode, forbidden=forbidden: Path(asked) != forbidden)
            assert words in unwritable(path)
            found = projects.open_anyhow(path, "A")
            assert words in found.store.locked
            found.store.close()
