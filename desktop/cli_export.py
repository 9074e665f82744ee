"""What `tagline export` is asked and what it says."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from desktop.bundle import STATES
from desktop.datasets.examples import UNITS
from desktop.datasets.groups import BELONGS
from desktop.datasets.options import CUTS, ExportOptions
from desktop.datasets.splits import WAYS
from desktop.errors import UsageError
from desktop.formats import writable

# So many labels that were not taken are told one by one.
_NAMED = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No default stands here: what is not given comes from the template, or else from ExportOptions."""
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=Path, help="a new or empty folder")
    add("--format", action="append", metavar="NAME", dest="formats",
        help=f"one of {', '.join(f.id for f in writable())}; may be given several times")  # fmt: skip
    add(
        "--template",
        metavar="NAME",
        help="as saved with the project under that name; what else is given goes before it",
    )
    add(
        "--save-template", metavar="NAME", help="save these choices with the project, once the export is done"
    )
    what = parser.add_argument_group("what goes out")
    add = what.add_argument
    add("--layer", metavar="ANNOTATOR", help="whose labels; needed where there are several annotators")
    add("--status", choices=STATES, help="only articles in this state")
    add(
        "--label",
        action="append",
        metavar="NAME",
        dest="labels",
        help="only these labels; may be given several times",
    )
    add(
        "--source",
        action="append",
        metavar="NAME",
        dest="sources",
        help="only articles from there (also a host name)",
    )
    add("--since", metavar="DAY", help="only articles from that day on, as 2021-06-30")
    add("--until", metavar="DAY", help="only articles up to that day")
    add("--furniture", choices=["in", "out"], help="page furniture in the texts (the usual), or cut out")
    add("--unit", choices=UNITS, help="whole articles (the usual), or an example a paragraph or sentence")
    how = parser.add_argument_group("how")
    add = how.add_argument
    add("--split", metavar="SHARES", help="for example train=80,validation=10,test=10; by date also last days, "
        "train=2021-06-30,test")  # fmt: skip
    add("--split-by", choices=WAYS, dest="by", help="by share (the usual), by date (the oldest to train), or by source "
        "(all of one source to one split)")  # fmt: skip
    add("--seed", type=int, metavar="N", help="another number deals the articles otherwise")
    add("--cut-tokens", choices=[cut.replace("_", "-") for cut in CUTS], dest="cut",
        help="what becomes of labels that cut a token, in formats of tokens: widened and listed (the usual), left out and "
        "listed, or the export stops")  # fmt: skip
    add("--option", action="append", metavar="FORMAT.NAME=VALUE", dest="choices",
        help="; ".join(f"{f.id}.{o.name}={'|'.join(o.values)}" for f in writable() for o in f.options)
        or "of a format")  # fmt: skip


def options_of(arguments: argparse.Namespace, template: ExportOptions | None) -> ExportOptions:
    """What is given, before what the template says; its options of formats that do not go out are passed over.

    Raises UsageError for what says how to split where nothing asks for splits.
    """
    usual = template or ExportOptions(())
    given = {field.name: getattr(arguments, field.name) for field in fields(ExportOptions)}
    given = {name: value for name, value in given.items() if value is not None}
    for name in ("formats", "labels", "sources"):
        if name in given:
            given[name] = tuple(dict.fromkeys(given[name]))
    if "furniture" in given:
        given["furniture"] = given["furniture"] == "in"
    if "cut" in given:
        given["cut"] = given["cut"].replace("-", "_")
    going = given.get("formats", usual.formats)
    kept = {name: value for name, value in usual.choices.items() if name.partition(".")[0] in going}
    options = replace(usual, **given | {"choices": kept | _choices(given.get("choices", ()))})
    if options.split is None and not {"by", "seed"}.isdisjoint(given):
        raise UsageError(
            "--split-by and --seed say how to split, and no split is asked for",
            "add --split train=80,test=20",
        )
    return options


def _choices(given: Sequence[str]) -> dict[str, str]:
    made: dict[str, str] = {}
    for item in given:
        name, sign, value = item.partition("=")
        if not sign or name in made:
            raise UsageError(f"{item!r} chooses nothing", "write --option FORMAT.NAME=VALUE, each name once")
        made[name] = value
    return made


def arguments_of(options: ExportOptions) -> list[str]:
    """What would be written on the command line for these choices; the usual ones are not spelled out."""
    usual, made = ExportOptions(()), []
    many = (("--format", options.formats), ("--label", options.labels), ("--source", options.sources))
    for flag, values in many:
        made += [word for value in values for word in _given(flag, value)]
    single = {
        "--layer": options.layer, "--status": options.status, "--since": options.since, "--until": options.until,
        "--furniture": None if options.furniture else "out",
        "--unit": options.unit if options.unit != usual.unit else None,
        "--split": options.split, "--split-by": options.by if options.split and options.by != usual.by else None,
        "--seed": str(options.seed) if options.split and options.seed else None,
        "--cut-tokens": options.cut.replace("_", "-") if options.cut != usual.cut else None,
    }  # fmt: skip
    made += [word for flag, value in single.items() if value is not None for word in _given(flag, value)]
    return made + [
        word for name, value in sorted(options.choices.items()) for word in ("--option", f"{name}={value}")
    ]


def _given(flag: str, value: str) -> list[str]:
    # What begins with a dash would be taken for a flag of its own.
    return [f"{flag}={value}"] if value.startswith("-") else [flag, value]


def lines(result: dict[str, Any]) -> list[str]:
    """What people are told of the object that `--json` prints."""
    # Formats that take all layers and those that take one tell the same where there is but one.
    told = list(dict.fromkeys(line for row in result["picked"] for line in _of_picked(row)))
    told += [f"left out: article {row['article']}: {row['reason']}" for row in result["articles_left_out"]]
    if any(BELONGS in row["reason"] for row in result["articles_left_out"]):
        told.append(
            "until you decide: tagline splits --move ARTICLE… --to the split of the others, or to none to leave it out for good"
        )
    cut = any(row["examples"] != row["articles_out"] for row in result["picked"])
    one = "example" if cut else "article"
    return [*(line for row in result["formats"] for line in _of_format(row, one)), *told, *_of_splits(result)]


def _of_splits(result: dict[str, Any]) -> list[str]:
    if not result["splits"]:
        return []
    counts = ", ".join(f"{name} {count}" for name, count in result["splits"].items())
    kept = result["splits_kept"]
    stay = f" ({kept} as they were; tagline splits --forget deals anew)" if kept else ""
    return [f"splits: {counts}{stay}", *(f"splits: {line}" for line in result["splits_lack"])]


def _of_picked(row: dict[str, Any]) -> list[str]:
    told = [
        f"not taken: {_counted(count, 'article')}: {reason}"
        for reason, count in row["articles_left_out"].items()
    ]
    by_reason: dict[str, dict[str, int]] = defaultdict(dict)
    for found in row["left_out"]:
        by_reason[found["reason"]][found["label"]] = found["count"]
    for reason, counts in by_reason.items():
        each = ", ".join(f"{count} {label}" for label, count in counts.items())
        every = f"{_counted(sum(counts.values()), 'label')} of {len(counts)} kinds"
        told.append(f"not taken: {each if len(counts) <= _NAMED else every}: {reason}")
    return told


def _of_format(row: dict[str, Any], one: str) -> list[str]:
    proof = "read back and compared" if row["verified"] else "not read back"
    counts = (
        f"{_counted(row['articles'], one)}, {_counted(row['spans_in'], 'label')} in, {row['spans_out']} out"
    )
    left = [f"  left out: {r['count']} {r['label']}: {r['reason']}" for r in row["left_out"]]
    changed = [f"  changed: {r['count']} {r['label']}: {r['reason']}" for r in row["changed"]]
    bare = [f"  in no flat layer: {r['count']} {r['label']}: {r['reason']}" for r in row["not_flat"]]
    moved = [
        f"  changed in the flat layer: {r['count']} {r['label']}: {r['reason']}" for r in row["flat_changed"]
    ]
    return [f"{row['format']}: {counts} ({proof}): {row['folder']}", *left, *changed, *bare, *moved]


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
