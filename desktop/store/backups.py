"""Backups of a project: checked copies in a folder that is only this person's, and how long each is kept.

A copy is written to a temporary name, opened, checked page by page and row by row, and only then given its name; and only
when that has worked an older one goes. Each project has a folder of its own, told by its path and its random id.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.errors import UserError
from desktop.store import copying, lock, tally
from desktop.store.copying import Progress, silent
from desktop.store.store import Store

REASONS = {
    "open": "when it was opened",
    "work": "during the work",
    "close": "when it was closed",
    "upgrade": "before an upgrade",
    "hand": "by hand",
    "repair": "before a repair",
    "purge": "after a purge",
}
LAST, DAYS, WEEKS = 5, 7, 4
_NAME = re.compile(r"(\d{6}) (\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ) ([a-z]+)\.tagline")
_TIME = "%Y-%m-%dT%H-%M-%SZ"
_NOTE = "project.json"
_PART = ".part"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Backup:
    """One backup. `number` counts those of a project, so that a clock set back does not turn their order."""

    path: Path
    number: int
    made: datetime
    reason: str
    size: int = 0


@dataclass(frozen=True)
class Contents:
    """What a backup holds: live articles, their labels by name, and the name of its state."""

    articles: int
    labels: dict[str, int] = field(default_factory=dict)
    state: str = ""


class Shelf:
    """The backups of one project."""

    def __init__(self, base: Path, project: Path, id: str) -> None:
        self.project, self.id = Path(os.path.abspath(project)), id  # noqa: PTH100  # a link is another project to a person
        name = hashlib.blake2b(
            f"{self.project}\n{id}".encode("utf-8", "surrogateescape"), digest_size=4
        ).hexdigest()
        self.folder = base / f"{project.stem[:60]}-{name}"

    def listed(self) -> list[Backup]:
        """All of them, the latest first."""
        return list_folder(self.folder)

    def is_new(self, state: str) -> bool:
        """Whether the latest backup holds anything else than this."""
        latest = next(iter(self.listed()), None)
        if latest is None:
            return True
        try:
            return contents(latest.path).state != state
        except UserError:
            return True

    def copy(self, store: Store, progress: Progress = silent) -> Path:
        """The first half of a backup: a copy under a temporary name. The store is free when this returns."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for left in self.folder.glob(f"*{_PART}*"):
                left.unlink(missing_ok=True)
            note = json.dumps({"project": str(self.project), "id": self.id}, ensure_ascii=True)
            (self.folder / _NOTE).write_text(note, encoding="ascii")
            part = self.folder / f"{secrets.token_hex(4)}{_PART}"
            try:
                store.copy_into(part, progress)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _unwritable(error, self.folder) from error
        return part

    def finish(self, part: Path, reason: str) -> Backup:
        """The second half, in any thread: check the copy, give it its name, and let go of those no longer kept."""
        try:
            copying.verify(part)
            there = self.listed()
            number = max((backup.number for backup in there), default=0) + 1
            name = f"{number:06} {datetime.now(UTC).strftime(_TIME)} {reason}.tagline"
            path = self.folder / name
            part.replace(path)
            copying.sync_folder(self.folder)
        except OSError as error:
            raise _unwritable(error, self.folder) from error
        finally:
            for left in (part, lock.note_of(part)):
                with suppress(OSError):
                    left.unlink(missing_ok=True)
        self.rotate()
        made = _parsed(path)
        assert made
        return made

    def make(self, store: Store, reason: str) -> Backup:
        """Both halves at once."""
        return self.finish(self.copy(store), reason)

    def rotate(self) -> None:
        """Remove the backups that are no longer kept."""
        there = self.listed()
        wanted = {backup.path for backup in kept(there)}
        for backup in there:
            if backup.path not in wanted:
                with suppress(OSError):
                    backup.path.unlink()

    def clear(self, *, but: Path | None = None) -> int:
        """Remove all backups, after a purge; returns how many."""
        gone = [backup for backup in self.listed() if backup.path != but]
        for backup in gone:
            backup.path.unlink(missing_ok=True)
        copying.sync_folder(self.folder)
        return len(gone)


def kept(backups: Iterable[Backup]) -> list[Backup]:
    """Which of some backups stay: the last 5, the last of each of 7 days, and the last of each of 4 weeks (UTC)."""
    latest = sorted(backups, key=lambda backup: backup.number, reverse=True)
    wanted = set(latest[:LAST])
    for most, period in ((DAYS, "%Y-%m-%d"), (WEEKS, "%G-%V")):
        last_of: dict[str, Backup] = {}
        for backup in latest:
            last_of.setdefault(backup.made.strftime(period), backup)
        wanted.update(last_of[name] for name in sorted(last_of, reverse=True)[:most])
    return [backup for backup in latest if backup in wanted]


def list_folder(folder: Path) -> list[Backup]:
    """The backups in a folder, the latest first; what else lies there is left alone."""
    try:
        found = [_parsed(path) for path in folder.iterdir()]
    except OSError:
        return []
    return sorted(filter(None, found), key=lambda backup: backup.number, reverse=True)


def _parsed(path: Path) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if not match:
        return None
    try:
        made = datetime.strptime(match[2], _TIME).replace(tzinfo=UTC)
        return Backup(path, int(match[1]), made, match[3], path.stat().st_size)
    except (ValueError, OSError):
        return None


def of_project(base: Path, project: Path, id: str = "") -> list[Backup]:
    """All backups of a project: those made where it lies, and those with its id made elsewhere; the latest first.

    In each folder their numbers tell, since a clock may have been set back.
    """
    wanted = str(Path(os.path.abspath(project)))  # noqa: PTH100
    found = []
    for folder, note in _notes(base):
        if note.get("project") == wanted or (id and note.get("id") == id):
            found.append(list_folder(folder))
    found.sort(key=lambda there: max((backup.made for backup in there), default=_NEVER), reverse=True)
    return [backup for there in found for backup in there]


def _notes(base: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    with suppress(OSError):
        for folder in base.iterdir():
            with suppress(OSError, ValueError):
                note = json.loads((folder / _NOTE).read_text("ascii"))
                if isinstance(note, dict):
                    yield folder, note


def contents(path: Path) -> Contents:
    """What a backup holds, read without touching it. Raises UserError where it cannot be read."""
    live = "article IN (SELECT key FROM article WHERE deleted = 0)"
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            (articles,) = connection.execute("SELECT count(*) FROM article WHERE deleted = 0").fetchone()
            by_label = f"SELECT label, count(*) FROM span WHERE {live} GROUP BY label ORDER BY label"
            labels = dict(connection.execute(by_label).fetchall())
            return Contents(articles, labels, tally.state(connection))
    except (sqlite3.Error, OSError) as error:
        raise UserError("this backup cannot be read", "use another one", file=str(path)) from error


def first_sound(backups: Sequence[Backup]) -> Backup | None:
    """The latest backup that passes a full check."""
    for backup in backups:
        with suppress(UserError):
            copying.verify(backup.path)
            return backup
    return None


def _unwritable(error: OSError, folder: Path) -> UserError:
    found = copying.unwritable(error, folder)
    return UserError(found.message.replace("the copy", "the backup"), "free some space, or choose another folder for backups",
                     file=str(folder), kind="backup")  # fmt: skip
