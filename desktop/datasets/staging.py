"""A folder that appears whole or not at all: written beside its place, moved there when all is done.

What a process that was killed left half written is taken away by the next export to the same place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop.errors import UserError
from desktop.store import lock

# Code points of the folder's name that go into the temporary one, well under 255 bytes in any script.
_NAME = 40
# What file managers leave in a folder that its owner takes for empty.
_LITTER = {".DS_Store", "desktop.ini", "Thumbs.db"}
_EMPTY = "choose a new or an empty folder"
_HINTS = {
    errno.ENOSPC: "make room on that disk, or choose a folder on another",
    errno.EDQUOT: "make room on that disk, or choose a folder on another",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder on a disk that can be written to",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def refuse_full(folder: Path) -> None:
    """Raises UserError where `folder` is a file, holds anything, or cannot be looked into."""
    try:
        if not os.path.lexists(folder):
            return
        if not folder.is_dir():
            raise UserError("this is not a folder", _EMPTY, file=str(folder))
        dead = _orphans(folder, folder)
        held = sorted(path.name for path in folder.iterdir() if path.name not in _LITTER and path not in dead)
    except OSError as error:
        raise unwritable(error, folder) from None
    if held:
        raise UserError(f"the folder is not empty: it holds {held[0]!r}", _EMPTY, file=str(folder))


def unwritable(error: OSError, folder: Path) -> UserError:
    """The error as its reader can act on it."""
    reason = (error.strerror or "unknown error").lower()
    hint = _HINTS.get(error.errno or 0, "choose another folder")
    return UserError(f"the dataset cannot be written: {reason}", hint, file=str(folder))


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A new empty folder on the disk of `folder`, whose content stands in `folder` once the block has ended well.

    After an exception everything is as before. Raises UserError where the disk refuses. For a folder that exists the
    content is gathered inside it, since what is around it may be another disk, or closed to its owner.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100  # resolve() would follow a link that is to stay
    made: list[Path] = []
    stage: Path | None = None
    try:
        inside = folder.is_dir()
        parent = folder if inside else folder.parent
        _make(parent, made)
        for orphan in _orphans(parent, folder):
            shutil.rmtree(orphan, ignore_errors=True)
        stage = parent / f"{_before(folder)}{os.getpid()}-{secrets.token_hex(4)}"
        stage.mkdir()
        yield stage
        if inside:
            _move_into(stage, folder)
        else:
            stage.rename(folder)
    except BaseException as error:
        _undo(stage, made)
        if isinstance(error, OSError):
            raise unwritable(error, folder) from error
        raise


def _before(folder: Path) -> str:
    """How the temporary folders of `folder` begin on this machine; the number of the process that writes comes next."""
    machine = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
    return f".{folder.name[:_NAME]}.partial-{machine}-"


def _orphans(parent: Path, folder: Path) -> list[Path]:
    """The temporary folders of `folder` whose process, one of this machine, runs no longer."""
    before = _before(Path(os.path.abspath(folder)))  # noqa: PTH100  # as in `staging`
    found = [path for path in parent.iterdir() if path.name.startswith(before)]
    numbers = [path.name.removeprefix(before).partition("-")[0] for path in found]
    return [
        path
        for path, number in zip(found, numbers, strict=True)
        if number.isdecimal() and not lock.runs(int(number))
    ]


def _make(folder: Path, made: list[Path]) -> None:
    """Create `folder` and what is missing above it, noting in `made` what was created."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _move_into(stage: Path, folder: Path) -> None:
    moved: list[Path] = []
    try:
        # The manifest goes last: where it is, everything is.
        for path in sorted(stage.iterdir(), key=lambda path: (path.name == "manifest.json", path.name)):
            moved.append(path.rename(folder / path.name))
        stage.rmdir()
    except BaseException:
        for path in moved:
            path.rename(stage / path.name)
        raise


def _undo(stage: Path | None, made: list[Path]) -> None:
    if stage:
        shutil.rmtree(stage, ignore_errors=True)
    for path in reversed(made):
        with suppress(OSError):
            path.rmdir()
