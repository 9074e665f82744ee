"""`tagline purge`: an article or an annotator removed for good, once the person has said yes to the count."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop import purge, settings
from desktop.errors import UsageError, UserError
from desktop.session import Session
from desktop.store import backups
from desktop.store.backups import Backup, Shelf

Result = tuple[int, dict[str, Any], list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--article", metavar="ID", help="an article with all that was ever done to it")
    what.add_argument(
        "--annotator", metavar="NAME", help="all labels, relations and states of an annotator, and the name"
    )
    what.add_argument("--bin", action="store_true", help="everything that was deleted")
    parser.add_argument(
        "--backups", action="store_true", help="remove the backups that hold any of it as well"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask; it cannot be undone")


def run(session: Session, arguments: argparse.Namespace) -> Result:
    """Say what would go, ask, and do it. Raises UsageError where nobody can be asked."""
    store = session.store
    if store.locked:
        raise UserError(f"nothing can be changed in this project: {store.locked}", file=str(store.shown))
    target = _target(session, arguments)
    found = purge.survey(store, target)
    base = settings.load().backups
    there = backups.of_project(base, store.shown, store.id)
    held = [] if arguments.bin else purge.holding(store, target, there)
    said = _count(found, held if arguments.backups else [])
    if not arguments.yes:
        _ask(said, arguments.article or arguments.annotator or "yes")
    done = purge.purge(session, target)
    removed = purge.purge_backups(store, Shelf(base, store.shown, store.id), held) if arguments.backups else 0
    result = {**asdict(done), "backups": removed, "backups_left": len(held) - removed}
    return 0, result, [f"Purged {_count(done, held if arguments.backups else [])}.", *_left(held, removed)]


def _target(session: Session, arguments: argparse.Namespace) -> purge.Target:
    if arguments.bin:
        return purge.of_bin(session.store)
    if arguments.article is not None:
        return purge.of_article(session.store, arguments.article)
    return purge.of_annotator(session.store, arguments.annotator)


def _count(found: purge.Tally, held: Sequence[Backup]) -> str:
    parts = [
        (found.articles, "article", "articles"), (found.spans, "label", "labels"), (found.relations, "relation", "relations"),
        (found.binned, "entry of the bin", "entries of the bin"), (found.steps, "step of the history", "steps of the history"),
        (len(held), "backup", "backups"),
    ]  # fmt: skip
    said = [f"{count} {one if count == 1 else many}" for count, one, many in parts if count]
    return ", ".join(said) or "nothing"


def _left(held: Sequence[Backup], removed: int) -> list[str]:
    if removed == len(held):
        return []
    return [
        f"{len(held)} of its backups still hold it, in {Path(held[0].path).parent}; --backups removes them too."
    ]


def _ask(said: str, word: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"this would remove {said} for good", "say --yes if that is meant")
    print(
        f"This removes {said} for good. It cannot be undone.\nType {word!r} to go on: ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    if sys.stdin.readline().strip() != word:
        raise UserError("nothing was removed", "what was typed is not what was asked for")
