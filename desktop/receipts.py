"""The receipt of an export, read from the folder that was written: the same whether it was made now or last year."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from desktop.cli_export import arguments_of
from desktop.datasets.export import Outcome
from desktop.datasets.manifest import MANIFEST, receipt_of
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.formats.base import SPLITS

RECEIPT = "receipt.json"


Reasons = dict[str, list[int]]
"""The places of entries by their reason."""


@dataclass(frozen=True)
class Told:
    """What receipt.json says (see `manifest.receipt_of`), and the choices that manifest.json has.

    `reasons` sorts the entries of each format, `left_out` and `changed`: there may be more than a window should look through.
    """

    folder: Path
    receipt: Mapping[str, Any]
    options: ExportOptions
    reasons: Sequence[Mapping[str, Reasons]] = ()


def _told(folder: Path, receipt: Mapping[str, Any], options: ExportOptions) -> Told:
    reasons = [
        {what: _by_reason(each[what]) for what in ("left_out", "changed")} for each in receipt["formats"]
    ]
    return Told(folder, receipt, options, reasons)


def _by_reason(entries: Sequence[Mapping[str, Any]]) -> Reasons:
    found: Reasons = {}
    for place, entry in enumerate(entries):
        found.setdefault(entry["reason"], []).append(place)
    return dict(sorted(found.items()))


def of(outcome: Outcome, options: ExportOptions) -> Told:
    """What an export that has just been made says."""
    told = receipt_of(outcome.receipts, outcome.allotment, outcome.picked, outcome.overlap)
    return _told(outcome.folder, told, options)


def read(folder: Path) -> Told:
    """Raises UserError for a folder without the papers of a dataset, or with papers of an earlier version."""
    try:
        told = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in (RECEIPT, MANIFEST)}
        options = TypeAdapter(ExportOptions).validate_python(_options(told[MANIFEST]["options"]))
        if not {"formats", "picked", "overlap", "splits", "articles_left_out"} <= told[RECEIPT].keys():
            raise KeyError
        return _told(folder, told[RECEIPT], options)
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


def _options(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The choices as ExportOptions takes them: the shares, or last days, in their spelling."""
    known = {field.name for field in fields(ExportOptions)}
    split = plain["split"] or {}
    parts = [(name, split[name]) for name in SPLITS if name in split]
    shares = ",".join(name if share is None else f"{name}={share}" for name, share in parts)
    return {name: value for name, value in plain.items() if name in known} | {"split": shares or None}


def command(project: Path, told: Told) -> str:
    """The command line that does the same, into a folder that is not there yet."""
    folder = told.folder.with_name(f"{told.folder.name} again")
    words = ["tagline", "export", str(project), str(folder), *arguments_of(told.options)]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
