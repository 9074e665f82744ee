"""What can be said of a file before SQLite opens it, and what SQLite's errors mean to a person."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.errors import UserError
from desktop.store import lock, migrate

MAGIC = b"SQLite format 3\x00"
_HEADER = 100


def check_header(path: Path) -> None:
    """Refuse what is not a project of this version or an older one; reads the first 100 bytes.

    Must not be called for a file this process has open: closing it here would drop SQLite's POSIX locks.
    """
    header, size = _read(path)
    if not header.startswith(MAGIC) or len(header) < _HEADER:
        raise _not_ours(
            path, "this is not a Tagline project", "open a .tagline file, or import this one into a project"
        )
    if int.from_bytes(header[68:72], "big") != migrate.APPLICATION_ID:
        raise _not_ours(
            path, "this is a database of another program, not a Tagline project", "open a .tagline file"
        )
    version, known = int.from_bytes(header[60:64], "big"), migrate.CURRENT.version
    if version > known:
        raise UserError(
            f"this project was made with a newer Tagline (schema {version}, this one knows {known})",
            "install the newer Tagline to open it", file=str(path), kind="file.newer",
        )  # fmt: skip
    if version < 1:
        raise damaged(path, "it has no schema version")
    page = int.from_bytes(header[16:18], "big")
    # A journal left by a crash puts the length right when SQLite opens the file.
    if not left_journal(path) and size % (65536 if page == 1 else max(page, 512)):
        raise damaged(path, "it ends in the middle of a page")
    # SQLite writes both with every change, and would quietly put one that differs right.
    if not left_journal(path) and header[24:28] != header[92:96]:
        raise damaged(path, "its header was changed by something else")


def is_older(path: Path) -> bool:
    """Whether a project that is not open in this process has an older schema, and is upgraded when it is opened."""
    check_header(path)
    return int.from_bytes(_read(path)[0][60:64], "big") < migrate.CURRENT.version


def older(path: Path) -> UserError:
    """A file that cannot be used as it is."""
    return UserError("this was made with an older Tagline, and is upgraded only when it is opened as a project",
                     "save it as a project of its own, and open that", file=str(path), kind="file.older")  # fmt: skip


def journal_of(path: Path) -> Path:
    """Where SQLite keeps what it needs to roll back."""
    real = path.resolve()
    return real.with_name(f"{real.name}-journal")


def left_journal(path: Path) -> bool:
    """Whether a crash has left SQLite's journal beside the file."""
    try:
        return journal_of(path).exists()
    except OSError as error:  # the name is too long for the journal's, most likely
        raise UserError(f"no journal can be kept beside this file: {error.strerror}", "give it a shorter name",
                        file=str(path), kind="file.unreadable") from None  # fmt: skip


def unwritable(path: Path) -> str:
    """Why a project can only be read: its file, its folder (where the journal goes) or its drive; "" if it can be written."""
    if not path.exists():
        return ""
    if hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY:
        return "its drive cannot be written to"
    if not os.access(path, os.W_OK):
        return "its file may not be written"
    return "" if os.access(path.resolve().parent, os.W_OK) else "its folder may not be written to"


def _read(path: Path) -> tuple[bytes, int]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            with path.open("rb") as stream:
                return stream.read(_HEADER), stream.seek(0, os.SEEK_END)
    except FileNotFoundError:
        message, hint = "there is no such project", "check the path, or make one with: tagline new"
    except OSError as error:
        message, hint = f"the project cannot be read: {error.strerror}", "check the path and its permissions"
    else:  # a pipe is not even tried: reading it would wait for ever
        what = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise _not_ours(path, f"this is {what}, not a project", "name a .tagline file")
    raise UserError(message, hint, file=str(path), kind="file.unreadable")


def _not_ours(path: Path, message: str, hint: str) -> UserError:
    return UserError(message, hint, file=str(path), kind="file.not_ours")


def damaged(path: Path, why: str) -> UserError:
    hint = "open a copy or a backup of it; this file was left as it is"
    return UserError(f"this project is damaged: {why}", hint, file=str(path), kind="integrity.damaged")


# Largest text or blob that is read from a project or written to it; a row of a stranger's file may not fill the memory.
LARGEST = 256 * 1024 * 1024

# SQLite's result code: kind, what to say, what to do. The rest are bugs of ours.
_KNOWN = {
    sqlite3.SQLITE_READONLY: (
        "file.read_only",
        "this project cannot be written",
        "make it writable again, or save a copy elsewhere",
    ),
    sqlite3.SQLITE_FULL: (
        "file.full",
        "the disk is full",
        "free some space; nothing that was saved is lost",
    ),
    sqlite3.SQLITE_IOERR: (
        "file.io",
        "the disk did not answer",
        "check the drive; nothing that was saved is lost",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "file.unreadable",
        "this project cannot be opened",
        "check its permissions and those of its folder",
    ),
    sqlite3.SQLITE_PERM: ("file.unreadable", "this project may not be opened", "check its permissions"),
    sqlite3.SQLITE_AUTH: ("file.unreadable", "this project may not be opened", "check its permissions"),
    sqlite3.SQLITE_TOOBIG: (
        "file.too_big",
        f"a text is larger than {LARGEST // 2**20} MB",
        "split it into several articles",
    ),
}
# What keeps a change from being saved though nothing is wrong with the change: it can be tried again.
FAULTS = frozenset(
    {"file.in_use", "file.read_only", "file.full", "file.io", "file.unreadable", "file.vanished"}
)


def explain(error: sqlite3.Error, path: Path) -> Exception:
    """The UserError a person can act on, or the error itself where it is a bug of ours."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return in_use(path)
    if code in _KNOWN:
        kind, message, hint = _KNOWN[code]
        return UserError(message, hint, file=str(path), kind=kind)
    # Python's own errors on the way out of the file, as for bytes that are no UTF-8, carry no code.
    undecoded = type(error) is sqlite3.OperationalError and not code
    if undecoded or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(path, str(error))
    return error


def in_use(path: Path) -> UserError:
    """Somebody has the project open: who, as far as the note beside it tells."""
    holder = lock.read(path)
    who = f" ({holder.told()})" if holder else ""
    return UserError(f"this project is open in another window or program{who}", "close it there first, or open a copy",
                     file=str(path), kind="file.in_use")  # fmt: skip


def vanished(path: Path) -> UserError:
    """The file is not where it was opened: removed, replaced, or on a drive that is gone."""
    return UserError("the project is no longer where it was", "put it or its drive back, or save a copy elsewhere",
                     file=str(path), kind="file.vanished")  # fmt: skip


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite inside come out as ones a person can act on, as far as they are."""
    try:
        yield
    except sqlite3.Error as error:
        found = explain(error, path)
        if found is error:
            raise
        raise found from error
