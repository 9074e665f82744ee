"""A disk that loses power: what SQLite asks of it is recorded, and the disk rebuilt as a cut at any moment may leave it.

The model is the pessimistic one of SQLite's own crash tests (sqlite.org/atomiccommit.html, section 5): what was synced is
there; of what was not, each write is kept, lost, or kept in any of its 512-byte sectors; directory entries (new, renamed,
deleted files) are sure only after a sync of the directory, and come to the disk in their order.

`Recorder` is a VFS of apsw's SQLite, and `Connection` lets the program's own store run on it; what is left of a cut
is opened with the SQLite of the standard library, as a person would open it.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest

SECTOR = 512
VFS_NAME = "powercut"


@dataclass(frozen=True)
class Op:
    """One thing asked of the disk. `file` counts files as they were made, `name` is where a directory has it."""

    kind: str
    file: int = -1
    name: str = ""
    data: bytes = b""
    at: int = 0
    state: str = ""


@dataclass
class Disk:
    """All that was asked of one folder, in order; `names` is the directory as the running program sees it."""

    folder: Path
    log: list[Op] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    made: int = 0

    def knows(self, path: Any) -> bool:
        return Path(os.fspath(path)).parent == self.folder

    def file(self, path: Any) -> int:
        """The file of that name, entered in the directory if it is new."""
        name = Path(os.fspath(path)).name
        if name not in self.names:
            self.names[name], self.made = self.made, self.made + 1
            self.log.append(Op("create", self.names[name], name))
        return self.names[name]

    def delete(self, path: Any) -> None:
        name = Path(os.fspath(path)).name
        if name in self.names:
            self.log.append(Op("delete", self.names.pop(name), name))

    def rename(self, old: Any, new: Any) -> None:
        file = self.file(old)
        del self.names[Path(os.fspath(old)).name]
        self.names[Path(os.fspath(new)).name] = file
        self.log.append(Op("rename", file, f"{Path(os.fspath(old)).name}\n{Path(os.fspath(new)).name}"))

    def acknowledge(self, state: str) -> None:
        """The program said that all up to here is stored; `state` stands for what a reader must find."""
        self.log.append(Op("ack", state=state))

    @property
    def states(self) -> list[tuple[int, str]]:
        """Where each state was acknowledged."""
        return [(at, op.state) for at, op in enumerate(self.log) if op.kind == "ack"]

    def cut(self, at: int, dice: random.Random, folder: Path) -> None:
        """Lay into `folder` what a power cut before operation `at` may leave."""
        names = self._directory(at, dice)
        for name, file in names.items():
            (folder / name).write_bytes(self._content(file, at, dice))

    def _directory(self, at: int, dice: random.Random) -> dict[str, int]:
        entries = [op for op in self.log[:at] if op.kind in ("create", "delete", "rename", "dirsync")]
        synced = max((i for i, op in enumerate(entries) if op.kind == "dirsync"), default=0)
        names: dict[str, int] = {}
        for op in entries[: dice.randint(synced, len(entries))]:
            if op.kind == "create":
                names[op.name] = op.file
            elif op.kind == "delete":
                names.pop(op.name, None)
            elif op.kind == "rename":
                old, new = op.name.split("\n")
                names.pop(old, None)
                names[new] = op.file
        return names

    def _content(self, file: int, at: int, dice: random.Random) -> bytes:
        ops = [op for op in self.log[:at] if op.file == file and op.kind in ("write", "truncate", "sync")]
        synced = max((i for i, op in enumerate(ops) if op.kind == "sync"), default=-1)
        content = bytearray()
        for i, op in enumerate(ops):
            if op.kind == "truncate":
                if i <= synced or dice.random() < 0.5:
                    del content[op.at :]
            elif op.kind == "write":
                for start, data in _kept(op, dice) if i > synced else ((op.at, op.data),):
                    content.extend(bytes(max(0, start - len(content))))
                    content[start : start + len(data)] = data
        return bytes(content)


def _kept(op: Op, dice: random.Random) -> Iterator[tuple[int, bytes]]:
    """What is left of a write that was not synced."""
    fate = dice.random()
    if fate < 0.4:
        yield op.at, op.data
    elif fate < 0.7:
        for start in range(0, len(op.data), SECTOR):
            if dice.random() < 0.5:
                yield op.at + start, op.data[start : start + SECTOR]


class Recorder(apsw.VFS):
    """SQLite's usual way to the disk, with everything that changes the watched folder written down."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__(VFS_NAME, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or not self.disk.knows(path):
            return apsw.VFSFile("", name, flags)
        return _RecordedFile(self.disk, path, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        super().xDelete(name, sync)
        if self.disk.knows(name):
            self.disk.delete(name)
            if sync:
                self.disk.log.append(Op("dirsync"))


class _RecordedFile(apsw.VFSFile):
    def __init__(self, disk: Disk, path: str, name: Any, flags: list[int]) -> None:
        self._disk = disk
        # SQLite's unix VFS syncs the directory with the first sync of a journal it has made.
        self._entry = bool(flags[0] & apsw.SQLITE_OPEN_MAIN_JOURNAL)
        super().__init__("", name, flags)
        self._file = disk.file(path)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._disk.log.append(Op("write", self._file, data=bytes(data), at=offset))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self._disk.log.append(Op("truncate", self._file, at=size))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._disk.log.append(Op("sync", self._file))
        if self._entry:
            self._disk.log.append(Op("dirsync"))
            self._entry = False


class _Cursor:
    """A cursor of apsw that answers as one of the standard library does."""

    def __init__(self, connection: Connection, rows: Any) -> None:
        self._connection, self._rows = connection, rows
        self.lastrowid = connection.db.last_insert_rowid()
        self.rowcount = connection.db.changes()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self

    def __next__(self) -> tuple[Any, ...]:
        with _translated():
            return tuple(next(self._rows))

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self)

    def close(self) -> None:
        self._rows.close()


class Connection:
    """What the store uses of `sqlite3.Connection`, on the recorded disk."""

    def __init__(self, database: Any, **_: Any) -> None:
        flags = apsw.SQLITE_OPEN_URI | apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        with _translated():
            self.db = apsw.Connection(os.fspath(database), flags=flags, vfs=VFS_NAME)

    @property
    def in_transaction(self) -> bool:
        return self.db.in_transaction

    def execute(self, sql: str, values: Sequence[Any] = ()) -> _Cursor:
        with _translated():
            rows = self.db.execute(sql, tuple(values))
            return _Cursor(self, rows)

    def executemany(self, sql: str, values: Any) -> _Cursor:
        with _translated():
            return _Cursor(self, self.db.executemany(sql, [tuple(row) for row in values]))

    def backup(
        self, target: Connection, *, pages: int = -1, progress: Callable[..., Any] | None = None, **_: Any
    ) -> None:
        with _translated(), target.db.backup("main", self.db, "main") as copy:
            while not copy.done:
                copy.step(pages)
                if progress:
                    progress(0, copy.remaining, copy.page_count)

    def setlimit(self, category: int, limit: int) -> int:
        return self.db.limit(category, limit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        translated = sqlite3.OperationalError(str(error))
        translated.sqlite_errorcode = getattr(error, "extendedresult", getattr(error, "result", 0))
        raise translated from error


class _Sqlite:
    """The module `sqlite3`, with connections to the recorded disk."""

    connect = staticmethod(Connection)

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


def watch(disk: Disk, monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
    """Record what `modules` do through SQLite, and what anybody renames, removes or syncs in the folder."""
    keep = Recorder(disk)
    monkeypatch.setattr(disk, "recorder", keep, raising=False)
    for module in modules:
        monkeypatch.setattr(module, "sqlite3", _Sqlite())
    _record_calls(disk, monkeypatch)


def _record_calls(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, unlink, fsync = os.replace, os.unlink, os.fsync

    def recorded_replace(old: Any, new: Any, **rest: Any) -> None:
        _take_content(disk, old)
        replace(old, new, **rest)
        if disk.knows(new):
            disk.rename(old, new)

    def recorded_unlink(path: Any, **rest: Any) -> None:
        unlink(path, **rest)
        if not isinstance(path, int) and disk.knows(path):
            disk.delete(path)

    def recorded_fsync(handle: Any) -> None:
        fsync(handle)
        number = handle if isinstance(handle, int) else handle.fileno()
        path = Path(f"/proc/self/fd/{number}").readlink()
        if path == disk.folder:
            disk.log.append(Op("dirsync"))
        elif disk.knows(path):
            _take_content(disk, path)
            disk.log.append(Op("sync", disk.file(path)))

    for name, function in (
        ("replace", recorded_replace), ("rename", recorded_replace), ("unlink", recorded_unlink),
        ("remove", recorded_unlink), ("fsync", recorded_fsync),
    ):  # fmt: skip
        monkeypatch.setattr(os, name, function)


def _take_content(disk: Disk, path: Any) -> None:
    """A file that Python wrote, not SQLite: what it holds now counts as one write."""
    if disk.knows(path) and not any(op.file == disk.file(path) and op.kind == "write" for op in disk.log):
        disk.log.append(Op("write", disk.file(path), data=Path(os.fspath(path)).read_bytes()))
