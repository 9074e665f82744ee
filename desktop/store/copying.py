"""Copies of a project: of one that is open elsewhere, of the one that is open here; checked, then put in their place."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from desktop import openfiles
from desktop.errors import UserError
from desktop.store import lock
from desktop.store.header import journal_of
from desktop.store.store import Store

Progress = Callable[[int, int], None]
_TRIES = 20
_PAUSE = 0.1  # seconds; longer than the ticks in which file systems count time


def silent(done: int, total: int) -> None:
    """Nobody listens."""


def private_folder(copies: Path) -> Path:
    """A new folder inside `copies` that only this person can read, for a copy that is not to stay.

    What crashed processes have left there is removed.
    """
    copies.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in copies.iterdir():
        process = left.name.partition("-")[0]
        if process.isdigit() and not lock.runs(int(process)):
            shutil.rmtree(left, ignore_errors=True)
    folder = copies / f"{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    return folder


def copy_still(source: Path, folder: Path) -> Path:
    """A whole copy, in `folder`, of a project that another program has open: with its journal, and checked row by row.

    Taken while nothing was written to the file. Raises UserError where the program does not rest, or the copy is
    damaged. The file must not be open in this process.
    """
    if openfiles.is_open(source):
        raise UserError("this project is open in this window", "save a copy from there", file=str(source),
                        kind="file.open_here")  # fmt: skip
    target = folder / source.name
    try:
        for _ in range(_TRIES):
            started, before = time.time_ns(), _signs(source)
            _copy(source, target)
            journal = journal_of(source)
            with suppress(FileNotFoundError):
                _copy(journal, journal_of(target))
            if _signs(source) == before and _settled(before, started):
                break
            journal_of(target).unlink(missing_ok=True)
            time.sleep(_PAUSE)
        else:
            raise UserError(
                "this project is being written to all the time", "try again in a moment", file=str(source)
            )
    except OSError as error:
        raise unwritable(error, target) from error
    verify(target)
    return target


def _copy(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    shutil.copyfile(source, target)


def _signs(path: Path) -> tuple[tuple[int, int], ...]:
    """What changes when SQLite writes: time and size of the file and of its journal."""
    found = []
    for file in (path, journal_of(path)):
        try:
            stat = file.stat()
            found.append((stat.st_mtime_ns, stat.st_size))
        except FileNotFoundError:
            found.append((0, -1))
    return tuple(found)


def _settled(signs: tuple[tuple[int, int], ...], now: int) -> bool:
    """Whether the last write was longer ago than a tick of the clock: within one, two writes look like one."""
    return abs(now - max(when for when, _ in signs)) > _PAUSE * 1e9


def verify(path: Path) -> None:
    """Open a copy, check every page and row of it, and close it. Raises UserError where it is not whole."""
    Store.open(path, full=True, as_is=True).close()


def save_copy(store: Store, target: Path, progress: Progress = silent) -> None:
    """A checked copy of the open project, with everything stored so far, under a name that is free or a copy's.

    `progress` hears pages copied of all and may do other work with the store meanwhile, or raise Cancelled.
    """
    if openfiles.is_open(target):
        raise UserError("a project cannot be copied onto itself", "choose another name", file=str(target))
    part = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        store.copy_into(part, progress)
        verify(part)
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise unwritable(error, target) from error
    finally:
        with suppress(OSError):
            for left in (part, journal_of(part), lock.note_of(part)):
                left.unlink(missing_ok=True)


def rewrite(store: Store) -> None:
    """Write the file of an open project anew, so that nothing is left of what was removed from it, and go on with that.

    SQLite overwrites what it deletes, but not the copies that it leaves when it moves rows about within a page.
    Raises UserError where there is no room for it; the project is as it was then.
    """
    part = store.path.with_name(f".{store.path.name[:80]}.{secrets.token_hex(4)}.anew")
    before = part.with_suffix(".before")
    try:
        store.write_anew(part)
        verify(part)
        with suppress(OSError):  # a drive that knows no links: the old file is removed as it is
            before.hardlink_to(store.path)
        store.give_way(part)
        sync_folder(store.path.parent)
    except OSError as error:
        raise unwritable(error, store.path) from error
    finally:
        with suppress(OSError):
            for left in (part, journal_of(part), lock.note_of(part)):
                left.unlink(missing_ok=True)
            _remove_former(before, store.path)


def finish_rewrite(path: Path) -> None:
    """Remove what stands beside an open project where a rewrite of it was cut off: the former file holds what was purged."""
    beside = f".{glob.escape(path.name[:80])}.????????"
    with suppress(OSError):
        for before in path.parent.glob(f"{beside}.before"):
            _remove_former(before, path)
        for part in path.parent.glob(f"{beside}.anew*"):
            shred(part)


def _remove_former(before: Path, path: Path) -> None:
    if before.samefile(path):  # nothing has taken its place
        before.unlink()
    else:
        shred(before)


def shred(path: Path) -> None:
    """Overwrite a file, if it is there, and remove it. What a drive keeps of what was overwritten is out of reach."""
    with suppress(FileNotFoundError):
        with path.open("rb+") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            for at in range(0, size, 1 << 20):
                file.write(bytes(min(1 << 20, size - at)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def sync_file(path: Path) -> None:
    """Make sure that what a file holds survives a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make sure that names in a folder survive a power cut; Windows does that by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def free_name(path: Path, word: str) -> Path:
    """A name beside `path` that nothing has yet: `Articles damaged 2026-11-20 14.02.tagline`."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d %H.%M")
    stem = f"{path.stem[:80]} {word} {stamp}"
    found, number = path.with_name(f"{stem}{path.suffix}"), 2
    while os.path.lexists(found):
        found, number = path.with_name(f"{stem} {number}{path.suffix}"), number + 1
    return found


def unwritable(error: OSError, path: Path) -> UserError:
    """Why a copy could not be written, and what to do."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    hint = "free some space, or choose another drive" if full else "choose a folder of your own"
    return UserError(f"the copy cannot be made: {error.strerror or error}", hint, file=str(path))
