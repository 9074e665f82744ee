"""The project files that this process has open. Nothing else in it may open one, not even to read a header:
on POSIX systems closing any handle of a file drops all locks that the process has on it, SQLite's too."""

from __future__ import annotations

from pathlib import Path

Identity = tuple[int, int]
"""Device and inode: the file itself, whichever of its names is used."""

_open: set[Identity] = set()


def identity(path: Path) -> Identity:
    """Raises OSError where there is no file."""
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def hold(path: Path) -> Identity:
    """Note that a file is open from now on."""
    found = identity(path)
    _open.add(found)
    return found


def release(file: Identity) -> None:
    _open.discard(file)


def is_open(path: Path) -> bool:
    """Whether this process has that file open, under this name or another."""
    try:
        return identity(path) in _open
    except OSError:
        return False
