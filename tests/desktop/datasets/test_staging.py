"""A folder appears whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.datasets.staging import refuse_full, staging, unwritable
from desktop.errors import Cancelled, UserError


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def fill(stage: Path) -> None:
    (stage / "a").mkdir()
    (stage / "a" / "b.txt").write_text("b")
    (stage / "manifest.json").write_text("{}")


@pytest.mark.parametrize("target", ["new", "deep/er/new", "empty"])
def test_content_arrives(target: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with staging(tmp_path / target) as stage:
        assert not (tmp_path / target / "manifest.json").exists()
        fill(stage)
    assert names(tmp_path / target) == ["a", "a/b.txt", "manifest.json"]
    assert ".partial-" not in " ".join(names(tmp_path))


@pytest.mark.parametrize("target", ["new", "deep/er/new", "empty"])
@pytest.mark.parametrize("error", [Cancelled, ValueError, KeyboardInterrupt])
def test_nothing_is_left_after_an_error(target: str, error: type[BaseException], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(error), staging(tmp_path / target) as stage:
        fill(stage)
        raise error
    assert names(tmp_path) == ["empty"]


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process runs is not asked there")
@pytest.mark.parametrize("target", ["new", "empty"])
def test_what_a_killed_export_left_goes_with_the_next(target: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    script = f"""
import os
from pathlib import Path
from desktop.datasets.staging import staging
with staging(Path({str(tmp_path / target)!r})) as stage:
    (stage / "half").write_text("x")
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    with staging(tmp_path / "another") as alive:
        fill(alive)
        left = [name for name in names(tmp_path) if name.endswith("/half")]
        assert len(left) == 1
        refuse_full(tmp_path / target)
        with staging(tmp_path / target) as stage:
            fill(stage)
        assert alive.exists()
    assert names(tmp_path / target) == ["a", "a/b.txt", "manifest.json"]
    assert ".partial-" not in " ".join(names(tmp_path))


def test_a_link_to_an_empty_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with staging(tmp_path / "link") as stage:
        fill(stage)
    assert (tmp_path / "link").is_symlink()
    assert "manifest.json" in names(tmp_path / "real")


def test_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with staging(Path()) as stage:
        fill(stage)
    assert names(tmp_path) == ["a", "a/b.txt", "manifest.json"]


def test_a_move_that_fails_halfway_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self.name == "manifest.json":
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(UserError, match="no space left on device"), staging(tmp_path) as stage:
        fill(stage)
    assert names(tmp_path) == []


def test_full_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for target, says in ((tmp_path, "not empty: it holds 'dangling'"), (tmp_path / "file", "not a folder"),
                         (tmp_path / "dangling", "not a folder")):  # fmt: skip
        with pytest.raises(UserError, match=says) as caught:
            refuse_full(target)
        assert (caught.value.file, caught.value.hint) == (str(target), "choose a new or an empty folder")


def test_what_file_managers_leave_does_not_count(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").touch()
    refuse_full(tmp_path)
    refuse_full(tmp_path / "new")


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(UserError, match="cannot be written: not a directory"),
        staging(tmp_path / "file" / "new"),
    ):
        pass


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_closed_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match="permission denied"), staging(tmp_path / "new"):
        pass


@pytest.mark.parametrize(
    ("number", "hint"),
    [(errno.EACCES, "may write to"), (errno.EROFS, "can be written to"), (errno.ENOSPC, "make room"), (errno.EIO, "another")],
)  # fmt: skip
def test_errors_name_the_remedy(number: int, hint: str) -> None:
    error = unwritable(OSError(number, os.strerror(number)), Path("there"))
    assert hint in error.hint
    assert error.file == "there"
    assert "\n" not in str(error)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="too long"), staging(tmp_path / ("x" * 300)) as stage:
        fill(stage)
    assert names(tmp_path) == []
