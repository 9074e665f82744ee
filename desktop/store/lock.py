"""The note beside an open project that says who has it. SQLite's own lock decides; the note only gives it a name."""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

_LONGEST = 4096


class Holder(BaseModel):
    """The process that has a project open, and since when (UTC, ISO 8601)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: str = Field(max_length=200)
    process: int = Field(gt=0, lt=2**31)
    since: AwareDatetime

    @property
    def here(self) -> bool:
        """Whether it runs on this machine."""
        return self.host == platform.node()

    def told(self) -> str:
        """Who it is, as a person reads it, in local time."""
        since = self.since.astimezone().strftime("%Y-%m-%d %H:%M")
        host = "this machine" if self.here else "".join(c if c.isprintable() else "?" for c in self.host)
        return f"process {self.process} on {host}, since {since}"


def note_of(path: Path) -> Path:
    """Where the note of a project lies: a hidden file beside it."""
    real = path.resolve()
    return real.with_name(f".{real.name}.lock")


def leave(path: Path) -> None:
    """Leave the note of this process. Where none can be left, the project is opened all the same."""
    mine = Holder(host=platform.node(), process=os.getpid(), since=datetime.now(UTC).replace(microsecond=0))
    note = note_of(path)
    with suppress(OSError):
        # Made anew: what lies there may be a link that somebody else has made.
        note.unlink(missing_ok=True)
        handle = os.open(note, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(mine.model_dump_json())


def read(path: Path) -> Holder | None:
    """Who says to have the project; None where no sound note lies, or its process is known to be gone.

    A note alone means nothing, it outlives a crash. Ask only when SQLite says that the file is locked.
    """
    note = note_of(path)
    try:
        if not note.is_file():  # reading a pipe would wait for ever
            return None
        with note.open("rb") as stream:
            holder = Holder.model_validate_json(stream.read(_LONGEST))
    except (OSError, ValidationError):
        return None
    return None if holder.here and not runs(holder.process) else holder


def remove(path: Path) -> None:
    """Take the note of this process away."""
    holder = read(path)
    if holder and holder.here and holder.process == os.getpid():
        with suppress(OSError):
            note_of(path).unlink()


def runs(process: int) -> bool:
    """Whether a process of this machine is running, as far as can be told."""
    if sys.platform == "win32":  # os.kill would end it there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
