"""Which article goes to which split: decided by ids and a seed alone, never by a random generator or by order."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from desktop.errors import UsageError
from desktop.formats.base import SPLITS

_EXAMPLE = "write it as train=80,validation=10,test=10"
# Digits are limited so that no text makes Python refuse or stall over a number.
_SHARE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


def parse(given: str) -> dict[str, Fraction]:
    """The shares in `train=80,validation=10,test=10`, in the order of SPLITS; they need not add up to 100.

    Raises UsageError for anything else.
    """
    shares: dict[str, Fraction] = {}
    for part in given.split(","):
        name, equals, number = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise UsageError(f"the split {given!r} has a part without a share: {part!r}", _EXAMPLE)
        if name not in SPLITS:
            raise UsageError(f"no split is called {name!r}", f"use {', '.join(SPLITS)}")
        if name in shares:
            raise UsageError(f"the split {name!r} is named twice", _EXAMPLE)
        if not _SHARE.fullmatch(number):
            raise UsageError(f"the share of {name!r} is no number from 0 up: {number!r}", _EXAMPLE)
        shares[name] = Fraction(number)
    if not any(shares.values()):
        raise UsageError("every split has the share 0", _EXAMPLE)
    return {name: shares[name] for name in SPLITS if name in shares}


def assign(groups: Mapping[str, str], shares: Mapping[str, Fraction], seed: int = 0) -> dict[str, str]:
    """The split of each article id; `groups` gives the group of each, and a group never straddles two splits.

    Each split is due a number of articles by largest remainder. Groups come in the order of size (the big ones are the
    hardest to place), then of sha256("seed:group"), and each goes where most articles are still due.
    """
    due = _due(len(groups), shares)
    sizes = Counter(groups.values())
    place: dict[str, str] = {}
    for group in sorted(sizes, key=lambda group: (-sizes[group], _hash(seed, group), group)):
        # max keeps the first of equals, so ties go in the order of SPLITS.
        split = max((name for name in due if shares[name]), key=lambda name: due[name])
        due[split] -= sizes[group]
        place[group] = split
    return {article: place[group] for article, group in groups.items()}


def _hash(seed: int, group: str) -> str:
    return hashlib.sha256(f"{seed}:{group}".encode()).hexdigest()


def _due(count: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole numbers of articles by largest remainder (Hamilton's method); ties go to the earlier split."""
    whole = sum(shares.values())
    exact = {name: count * share / whole for name, share in shares.items()}
    due = {name: int(share) for name, share in exact.items()}
    short = count - sum(due.values())
    for name in sorted(due, key=lambda name: due[name] - exact[name])[:short]:
        due[name] += 1
    return due
