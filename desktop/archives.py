"""Zip archives unpacked into a folder that goes with its owner: nothing leads out of it, nothing grows without bound.

What cannot be unpacked is told by its name inside the archive; the rest is there. Archives inside archives become
folders of their name.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from desktop.bundle import Report
from desktop.errors import UserError
from desktop.text import storable

# Text shrinks to a tenth or, where it repeats itself, a hundredth; what is above both of these was made to do harm.
_MOST_RATIO, _SMALL = 200, 50_000_000
_DEEPEST = 3
_CHUNK = 1 << 20
# What is wrong with the archives people have, as zipfile says it.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError)
_ENCRYPTED = 0x1

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Unpacked:
    """The folder with the files of an archive; it is removed when nothing holds this any more."""

    folder: Path


def is_archive(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def unpack(path: Path, report: Report, tick: Tick = lambda done: None) -> Unpacked:
    """The files of an archive. `tick` hears how many are unpacked and may raise to stop.

    Files named in reports from then on are called `a.zip/inner.txt`. Raises UserError for what is no archive.
    """
    folder = Path(tempfile.mkdtemp(prefix="tagline-"))
    made = Unpacked(folder)
    weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
    report.call(str(folder), str(path))
    budget = max(_SMALL, _MOST_RATIO * path.stat().st_size)
    _Unpacking(report, tick, budget).archive(path, folder, str(path), 1)
    return made


class _Unpacking:
    """One archive and those inside it, with one budget of bytes for all of them."""

    def __init__(self, report: Report, tick: Tick, budget: int) -> None:
        self._report = report
        self._tick = tick
        self._done = 0
        self._budget = budget

    def archive(self, path: Path, folder: Path, shown: str, depth: int) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                if not members:
                    raise UserError("the archive is empty", "leave it out", file=shown)
                sound = [member for member in members if not _swells(member.file_size, member)]
                self._room_for(sum(member.file_size for member in sound), folder, shown)
                for member in members:
                    self._member(archive, member, folder, shown, depth)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
            raise UserError(
                f"the archive is damaged: {_plain(error)}", "fetch it again", file=shown
            ) from error

    def _room_for(self, size: int, folder: Path, shown: str) -> None:
        if size > self._budget:
            raise _bomb(shown)
        if size > shutil.disk_usage(folder).free - _SMALL:
            raise UserError(
                f"it unpacks to {size // 1_000_000} MB, and there is no room for them in {tempfile.gettempdir()}",
                "make room, or unpack it elsewhere and import the folder",
                file=shown,
            )

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, shown: str, depth: int
    ) -> None:
        name = storable(member.filename)
        place = f"{shown}/{name}"
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts):
            return  # hidden, as in a folder
        problem = _problem(member, parts)
        if problem:
            self._report.skip(place, "", problem)
            return
        target = _free(folder.joinpath(*parts))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as file:
                self._copy(source, file, member, place)
        except UserError as error:
            target.unlink(missing_ok=True)
            if self._budget < 0:
                raise
            self._report.skip(place, "", f"{error.message}; {error.hint}")
            return
        except _BROKEN as error:
            target.unlink(missing_ok=True)
            self._report.skip(place, "", f"it cannot be unpacked: {_plain(error)}; fetch the archive again")
            return
        self._done += 1
        self._tick(self._done)
        if is_archive(target):
            self._inner(target, place, depth)

    def _copy(self, source: IO[bytes], file: IO[bytes], member: zipfile.ZipInfo, place: str) -> None:
        """Write a member chunk by chunk: what it says of its own size may be a lie."""
        written = 0
        for chunk in iter(lambda: source.read(_CHUNK), b""):
            written += len(chunk)
            self._budget -= len(chunk)
            if self._budget < 0 or _swells(written, member):
                raise _bomb(place)
            file.write(chunk)
            self._tick(self._done)

    def _inner(self, path: Path, shown: str, depth: int) -> None:
        if depth == _DEEPEST:
            self._report.skip(shown, "", f"archives lie {_DEEPEST} deep in each other here; unpack this one")
            path.unlink()
            return
        inner = path.with_name(f"{path.name}~")
        inner.mkdir()
        try:
            self.archive(path, inner, shown, depth + 1)
        except UserError as error:
            if self._budget < 0:
                raise
            self._report.skip(error.file, "", f"{error.message}; {error.hint}")
        path.unlink()
        inner.rename(path)


def _swells(size: int, member: zipfile.ZipInfo) -> bool:
    return size > _SMALL and size > _MOST_RATIO * max(1, member.compress_size)


def _bomb(place: str) -> UserError:
    return UserError(
        f"it unpacks to more than {_MOST_RATIO} times its size, as archives do that are made to do harm",
        "unpack it yourself if you trust it, and import the folder",
        file=place,
    )


def _problem(member: zipfile.ZipInfo, parts: tuple[str, ...]) -> str | None:
    if ".." in parts or not parts or parts[0] == "/" or ":" in parts[0]:
        return "its path leads out of the archive; leave it out, or make the archive again"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "this is a link, no file; put the file itself into the archive"
    if _swells(member.file_size, member):
        return f"{_bomb('').message}; {_bomb('').hint}"
    if member.flag_bits & _ENCRYPTED:
        return "it is protected by a password; unpack the archive and import the folder"
    return None


def _free(path: Path) -> Path:
    """`path`, or the next free name where an archive holds two files of one name."""
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _plain(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).split("\n")[0][:120] or "it ends too early"
