"""What `tagline export` is asked and what it says."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.bundle import STATES
from desktop.datasets.options import CUTS, ExportOptions
from desktop.datasets.splits import WAYS
from desktop.errors import UsageError
from desktop.formats import writable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=Path, help="a new or empty folder")
    add("--format", action="append", required=True, metavar="NAME", dest="formats",
        help=f"one of {', '.join(f.id for f in writable())}; may be given several times")  # fmt: skip
    add("--layer", metavar="ANNOTATOR", help="whose labels; needed where there are several annotators")
    add("--status", choices=STATES, help="only articles in this state")
    add("--split", metavar="SHARES", help="for example train=80,validation=10,test=10; by date also last days, "
        "train=2021-06-30,test")  # fmt: skip
    add("--split-by", choices=WAYS, default="share", dest="by", help="by share (the usual), by date (the oldest to "
        "train), or by source (all of one source to one split)")  # fmt: skip
    add("--seed", type=int, default=0, metavar="N", help="another number deals the articles otherwise")
    add("--cut-tokens", choices=[cut.replace("_", "-") for cut in CUTS], default="widen", dest="cut",
        help="what becomes of labels that cut a token, in formats of tokens: widened and listed (the usual), left out and "
        "listed, or the export stops")  # fmt: skip
    add("--option", action="append", default=[], metavar="FORMAT.NAME=VALUE", dest="choices",
        help="; ".join(f"{f.id}.{o.name}={'|'.join(o.values)}" for f in writable() for o in f.options)
        or "of a format")  # fmt: skip


def options_of(arguments: argparse.Namespace) -> ExportOptions:
    return ExportOptions(
        formats=tuple(dict.fromkeys(arguments.formats)),
        layer=arguments.layer,
        status=arguments.status,
        split=arguments.split,
        by=arguments.by,
        seed=arguments.seed,
        cut=arguments.cut.replace("-", "_"),
        choices=_choices(arguments.choices),
    )


def _choices(given: Sequence[str]) -> dict[str, str]:
    made: dict[str, str] = {}
    for item in given:
        name, sign, value = item.partition("=")
        if not sign or name in made:
            raise UsageError(f"{item!r} chooses nothing", "write --option FORMAT.NAME=VALUE, each name once")
        made[name] = value
    return made


def lines(result: dict[str, Any]) -> list[str]:
    """What people are told of the object that `--json` prints."""
    told = [f"left out: article {row['article']}: {row['reason']}" for row in result["articles_left_out"]]
    return [*(line for row in result["formats"] for line in _of_format(row)), *told]


def _of_format(row: dict[str, Any]) -> list[str]:
    proof = "read back and compared" if row["verified"] else "not read back"
    counts = f"{_counted(row['articles'], 'article')}, {_counted(row['spans_in'], 'label')} in, {row['spans_out']} out"
    left = [f"  left out: {r['count']} {r['label']}: {r['reason']}" for r in row["left_out"]]
    changed = [f"  changed: {r['count']} {r['label']}: {r['reason']}" for r in row["changed"]]
    return [f"{row['format']}: {counts} ({proof}): {row['folder']}", *left, *changed]


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
