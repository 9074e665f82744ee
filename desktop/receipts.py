"""The receipt of an export, read from the folder that was written: the same whether it was made now or last year."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from desktop.cli_export import arguments_of
from desktop.datasets.manifest import MANIFEST
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.formats.base import SPLITS

RECEIPT = "receipt.json"
# Entries of one reason that are held to be shown; the file names all of them.
MOST = 200
# The arrays that may be long, as they begin in files of ours: there each item has a line.
_LISTS = re.compile(r' *"(left_out|changed|spans|articles|files)": \[\n')
_KEPT = {"left_out", "changed", "spans"}
_PLACE = "listing"


@dataclass
class Listing:
    """An array of entries (see `manifest.receipt_of`) or of sums of them: counted by (reason, label), the first of each reason
    at hand."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.counts.total()

    def by_reason(self) -> dict[str, int]:
        """How many there are of each reason, in the order of the alphabet."""
        found: Counter[str] = Counter()
        for (reason, _), count in self.counts.items():
            found[reason] += count
        return dict(sorted(found.items()))

    def add(self, entry: dict[str, Any]) -> None:
        self.counts[entry["reason"], entry["label"]] += entry.get("count", 1)
        shown = self.first.setdefault(entry["reason"], [])
        if len(shown) < MOST:
            shown.append(entry)


@dataclass(frozen=True)
class Told:
    """What receipt.json says, with a Listing in place of each array of entries, and the choices that manifest.json has.

    There may be millions of entries, of which a window can show some hundreds.
    """

    folder: Path
    receipt: Mapping[str, Any]
    options: ExportOptions


def read(folder: Path) -> Told:
    """Takes a second for half a million entries, and little memory for any number of them.

    Raises UserError for a folder without the papers of a dataset, or with papers of an earlier version.
    """
    try:
        receipt, manifest = (_load(folder / name) for name in (RECEIPT, MANIFEST))
        options = TypeAdapter(ExportOptions).validate_python(_options(manifest["options"]))
        if not {"formats", "picked", "overlap", "splits", "articles_left_out"} <= receipt.keys():
            raise KeyError
        for each in receipt["formats"]:
            each |= {"left_out": _listing(each["left_out"]), "changed": _listing(each["changed"])}
            for note in each["notes"].values():
                if isinstance(note, dict) and isinstance(note.get("left_out"), list):
                    # Receipts of earlier versions do not tell what was changed there.
                    note |= {what: _listing(note.get(what, ())) for what in ("left_out", "changed")}
        for each in receipt["picked"]:
            each |= {"left_out": _listing(each["left_out"]), "spans": _listing(each["spans"])}
        return Told(folder, receipt, options)
    except OSError as error:
        raise UserError(
            f"the receipt cannot be read: {error.strerror}",
            "was the dataset moved or removed?",
            file=str(folder),
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise UserError(
            "the receipt is not one that this version can show", "export again", file=str(folder)
        ) from None


def _load(path: Path) -> Any:
    """The JSON of a file as `write_json` lays it out, long arrays as Listings; of a file laid out otherwise, all of it."""
    try:
        with path.open(encoding="utf-8") as lines:
            return _load_lines(lines)
    except ValueError:
        return json.loads(path.read_text(encoding="utf-8"))


def _load_lines(lines: Iterable[str]) -> Any:
    frame: list[str] = []
    found: list[Listing] = []
    into: str | None = None
    for line in lines:
        if into is None:
            frame.append(line)
            begins = _LISTS.fullmatch(line)
            if begins:
                into = begins[1]
                # A place for it, which is told from all else by its one key.
                frame.append(json.dumps({_PLACE: len(found)}))
                found.append(Listing())
        elif line.lstrip().startswith("]"):
            frame.append(line)
            into = None
        elif into in _KEPT:
            found[-1].add(json.loads(line.rstrip().removesuffix(",")))
    return json.loads(
        "".join(frame), object_hook=lambda each: found[each[_PLACE]] if _PLACE in each else each
    )


def _listing(given: Sequence[Any]) -> Listing:
    if len(given) == 1 and isinstance(given[0], Listing):
        return given[0]
    made = Listing()
    for entry in given:
        made.add(entry)
    return made


def _options(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The choices as ExportOptions takes them: the shares, or last days, in their spelling."""
    known = {each.name for each in fields(ExportOptions)}
    split = plain["split"] or {}
    parts = [(name, split[name]) for name in SPLITS if name in split]
    shares = ",".join(name if share is None else f"{name}={share}" for name, share in parts)
    return {name: value for name, value in plain.items() if name in known} | {"split": shares or None}


def command(project: Path, told: Told) -> str:
    """The command line that does the same, into a folder that is not there yet."""
    folder = told.folder.with_name(f"{told.folder.name} again")
    words = ["tagline", "export", str(project), str(folder), *arguments_of(told.options)]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
