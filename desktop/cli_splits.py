"""What `tagline splits` is asked and what it says: kept splits, groups, and articles that may tell one story."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from desktop import splitting
from desktop.datasets.stories import stories_of
from desktop.errors import UsageError
from desktop.formats.base import SPLITS
from desktop.session import Session
from desktop.store import queries

ANEW = "anew"
_ORDER = (*SPLITS, splitting.NONE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--deal", metavar="NAME", help="which kept split, as share:0 or date; needed where there are several")
    add("--move", nargs="+", metavar="ARTICLE", help="put these articles into the split given with --to")
    add("--to", choices=[*_ORDER, ANEW], metavar="SPLIT",
        help=f"{', '.join(SPLITS)}; {splitting.NONE}: into no split; {ANEW}: where the next export puts them")  # fmt: skip
    add("--forget", action="store_true", help="forget where the articles of a kept split went")
    add("--together", nargs="+", metavar="ARTICLE", help="these tell one story: no split parts them")
    add("--apart", nargs="+", metavar="ARTICLE", help="these do not tell one story: it is not proposed again")
    add("--ungroup", nargs="+", metavar="ARTICLE", help="take these out of their groups")
    add("--stories", action="store_true", help="compare all articles, and list those that may tell one story")


def changes(arguments: argparse.Namespace) -> bool:
    """Whether anything is to be changed. Raises UsageError where --move and --to do not come together."""
    if bool(arguments.move) != bool(arguments.to):
        raise UsageError("--move and --to belong together", "write --move ARTICLE… --to SPLIT")
    for name in ("together", "apart"):
        if getattr(arguments, name) and len(set(getattr(arguments, name))) < 2:
            raise UsageError(f"--{name} needs two articles or more", "name them by their ids")
    return any((arguments.move, arguments.forget, arguments.together, arguments.apart, arguments.ungroup))


def run(session: Session, arguments: argparse.Namespace) -> tuple[int, dict[str, Any], list[str]]:
    store = session.store
    # Before anything is changed.
    for names in (arguments.move, arguments.together, arguments.apart, arguments.ungroup):
        _known(session, names or [])
    if arguments.move:
        split = None if arguments.to == ANEW else arguments.to
        splitting.move(session, _deal(session, arguments.deal), arguments.move, split)
    if arguments.forget:
        splitting.forget(session, _deal(session, arguments.deal))
    if arguments.together:
        splitting.join(session, arguments.together)
    if arguments.apart:
        splitting.keep_apart(session, arguments.apart)
    if arguments.ungroup:
        splitting.set_group(session, arguments.ungroup, None)
    deals = {deal: queries.assignments(store, deal) for deal in queries.deals(store)}
    result: dict[str, Any] = {
        "deals": deals,
        "groups": [{"group": name, "articles": names} for name, names in splitting.groups(store).items()],
        "apart": [sorted(names) for names in splitting.apart(store)],
    }
    if arguments.stories:
        found = stories_of(queries.bundle(store), splitting.apart(store), lambda: None)
        result["stories"] = [
            {"articles": list(story.articles), "likeness": round(story.likeness, 2)} for story in found
        ]
    moved = [arguments.move, arguments.together, arguments.apart, arguments.ungroup]
    named = {name for names in moved for name in names or []}
    return 0, result, _lines(result, named if changes(arguments) else None)


def _deal(session: Session, given: str | None) -> str:
    known = queries.deals(session.store)
    if given is None and len(known) == 1:
        return known[0]
    if given in known:
        return given
    names = f"use one of {', '.join(known)}" if known else "an export with --split keeps the first"
    if given is not None:
        raise UsageError(f"no split is kept as {given!r}", names)
    raise UsageError("say which kept split is meant" if known else "no split is kept yet", names)


def _known(session: Session, names: list[str]) -> None:
    for name in names:
        if not queries.article_named(session.store, name):
            raise UsageError(f"there is no article {name!r}", "name it by its id")


def _lines(result: dict[str, Any], named: set[str] | None) -> list[str]:
    """What people are told: all of it, or after a change the counts and what there is of the articles `named`."""
    told = []
    for deal, places in result["deals"].items():
        counts = Counter(places.values())
        told.append(f"{deal}: " + ", ".join(f"{split} {counts[split]}" for split in _ORDER if counts[split]))
        shown = [item for item in places.items() if named is None or item[0] in named]
        told += [f"  {split}: {name}" for name, split in sorted(shown, key=lambda item: item[::-1])]
    together = [(f"together ({row['group']})", row["articles"]) for row in result["groups"]]
    told += [
        f"{what}: {', '.join(names)}"
        for what, names in [*together, *(("apart", names) for names in result["apart"])]
        if named is None or named.intersection(names)
    ]
    told += [
        f"maybe one story ({row['likeness']}): {', '.join(row['articles'])}"
        for row in result.get("stories", ())
    ]
    return told or ["Nothing is kept together or shared out yet."]
