"""Where a person was in each project, so that it opens there again.

These are the person's, not the project's: one file in their state folder holds the last projects, and losing it
costs nothing but the way back. A project file is never touched for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from desktop.model import Model
from desktop.paths import places_file
from desktop.sifting import Sift

KEPT = 50


class Mark(Model):
    """Which project: where it lies, which file that is, when it was made, and who works in it.

    The path alone would give a new project the place of one that was there before; the file alone, since systems use
    its number again, the place of any that was deleted.
    """

    path: str
    file: str
    born: str
    annotator: str

    def means(self, other: Mark) -> bool:
        """The same project: moved, or put back under its name, but made at the same time by the same person."""
        same_file = bool(self.file) and self.file == other.file
        return (self.path == other.path or same_file) and (self.born, self.annotator) == (
            other.born,
            other.annotator,
        )


class Place(Model):
    """`article` is its id; `dataset` the folder of the last export; `top` is the character at the top of the page, `over` the pixels of its line above it."""

    project: Mark
    layer: str = ""
    article: str = ""
    caret: int = 0
    top: int | None = None
    over: int = 0
    list_scroll: int = 0
    sift: Sift = Sift()
    dataset: str = ""


def mark(path: Path, born: str, annotator: str) -> Mark:
    try:
        stat = path.stat()
        file = f"{stat.st_dev}:{stat.st_ino}" if stat.st_ino else ""
    except OSError:
        file = ""
    return Mark(path=str(path.absolute()), file=file, born=born, annotator=annotator)


def load() -> list[Place]:
    """The places as stored, the latest first; what is damaged is left out."""
    found = []
    for entry in read(places_file):
        try:
            found.append(Place.model_validate(entry))
        except ValidationError:
            continue
    return found


def recall(project: Mark) -> Place | None:
    """Where that person was in that project; the place under its path before one of the same file."""
    same = [place for place in load() if place.project.means(project)]
    return next((p for p in same if p.project.path == project.path), same[0] if same else None)


def remember(place: Place) -> None:
    """Put a place on top of the others, read anew: another window may have written meanwhile."""
    _keep([place, *_others(place.project)])


def forget(project: Mark) -> None:
    """Keep no place of a project any more."""
    others = _others(project)
    if len(others) < len(load()):
        _keep(others)


def _others(project: Mark) -> list[Place]:
    return [p for p in load() if p.project.path != project.path and not p.project.means(project)]


def _keep(found: list[Place]) -> None:
    keep(places_file, [entry.model_dump(mode="json", exclude_defaults=True) for entry in found[:KEPT]])


def read(file: Callable[[], Path]) -> list[Any]:
    """The list that a file of the state folder holds, empty where it cannot be read."""
    try:
        given = json.loads(file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: nested too deeply, or a person without a home
        return []
    return given if isinstance(given, list) else []


def keep(file: Callable[[], Path], rows: list[Any]) -> None:
    """Write a file of the state folder, or leave it as it is where that cannot be done."""
    try:
        path = file()
        beside = path.with_name(f"{path.name}.{os.getpid()}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
        beside.replace(path)
    except (OSError, RuntimeError, ValueError):  # ValueError: a path with half a letter of another encoding
        return
