"""The note that says who has a project."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import projects
from desktop.errors import UserError
from desktop.store import lock
from desktop.store.store import Store

ROOT = Path(__file__).parents[3]
SOUND = {"host": platform.node(), "process": os.getpid(), "since": "2026-11-20T14:02:11Z"}
HOLDER = """
import sys
from pathlib import Path
from desktop.store.store import Store
store = Store.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
store.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "قال 🚀.tagline"
    projects.create(found, "A").store.close()
    return found


def test_the_note_is_there_as_long_as_the_project_is_open(path: Path) -> None:
    store = Store.open(path)
    holder = lock.read(path)
    assert holder
    assert (holder.host, holder.process, holder.here) == (platform.node(), os.getpid(), True)
    if os.name == "posix":
        assert lock.note_of(path).stat().st_mode & 0o777 == 0o600
    store.close()
    assert list(path.parent.iterdir()) == [path]


def test_a_reader_leaves_none(path: Path) -> None:
    store = Store.open(path, read_only=True)
    assert not lock.note_of(path).exists()
    store.close()


def test_who_has_it_is_said(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], cwd=ROOT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:  # fmt: skip
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(UserError, match=f"process {other.pid} on this machine, since 2") as raised:
            Store.open(path)
        assert raised.value.kind == "file.in_use"
        # A note that says somebody else, or nothing, does not change who has the lock.
        for text in ("", json.dumps({**SOUND, "host": "else\x07where"})):
            lock.note_of(path).write_text(text)
            with pytest.raises(UserError, match=r"in another window or program( .*else.where|)"):
                Store.open(path)
        other.stdin.close()
        assert other.wait(30) == 0
    Store.open(path).close()


def test_a_note_left_by_a_crash_keeps_nobody_out(path: Path) -> None:
    lock.note_of(path).write_text(json.dumps({**SOUND, "host": "elsewhere"}))
    store = Store.open(path)
    holder = lock.read(path)
    assert holder
    assert holder.here
    store.close()
    assert list(path.parent.iterdir()) == [path]


BAD_NOTES = (
    "", "nonsense", "[1]", '{"host": 3}', "9" * 100_000, json.dumps({**SOUND, "process": -1}),
    json.dumps({**SOUND, "process": 2**70}), json.dumps({**SOUND, "since": "yesterday"}),
    json.dumps({**SOUND, "host": "x" * 300}), json.dumps({**SOUND, "process": 2**31 - 1}),
)  # fmt: skip


@pytest.mark.parametrize("text", BAD_NOTES, ids=range(len(BAD_NOTES)))  # some hold a process number
def test_a_note_that_says_nothing(path: Path, text: str) -> None:
    lock.note_of(path).write_text(text)
    assert lock.read(path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are POSIX")
def test_a_note_that_is_no_file(path: Path) -> None:
    victim = path.with_name("precious.txt")
    victim.write_text("precious")
    lock.note_of(path).symlink_to(victim)
    store = Store.open(path)
    store.close()
    assert victim.read_text() == "precious"
    os.mkfifo(lock.note_of(path))
    assert lock.read(path) is None


def test_another_programs_note_is_not_taken_away(path: Path) -> None:
    store = Store.open(path)
    theirs = json.dumps({**SOUND, "host": "elsewhere"})
    lock.note_of(path).write_text(theirs)
    store.close()
    assert lock.note_of(path).read_text() == theirs


def test_a_name_too_long_for_the_journal(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no journal can be kept") as raised:
        projects.create(tmp_path / f"{'x' * 245}.tagline", "A")
    assert raised.value.hint == "give it a shorter name"
    assert not list(tmp_path.iterdir())


def test_where_no_note_can_be_left(path: Path) -> None:
    lock.note_of(path).mkdir()
    store = Store.open(path)
    assert lock.read(path) is None
    store.close()
    assert lock.note_of(path).is_dir()
