"""Which article goes to which split: decided by ids, texts and a seed alone, never by a random generator or by order."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from desktop.datasets.origin import as_day
from desktop.errors import UsageError
from desktop.formats.base import SPLITS

By = Literal["share", "date", "source"]
WAYS: tuple[By, ...] = get_args(By)
_EXAMPLE = "write it as train=80,validation=10,test=10"
_DAYS = "write it as train=2021-06-30,validation=2021-09-30,test"
# Digits are limited so that no text makes Python refuse or stall over a number.
_SHARE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True)
class Sharing:
    """How articles are shared out: `shares` of them, or up to which day (`until`, the last split open).

    By date the oldest go to the first split; by source all of one source go to one split.
    """

    shares: Mapping[str, Fraction]
    by: By = "share"
    seed: int = 0
    until: Mapping[str, str] | None = None

    @property
    def deal(self) -> str:
        """The name under which a project keeps where articles went: another seed or way deals them anew."""
        return "date" if self.by == "date" else f"{self.by}:{self.seed}"

    def plain(self) -> dict[str, Any]:
        """The shares, or last days, as JSON has them."""
        if self.until is not None:
            return {name: self.until.get(name) for name in self.shares}
        return {name: int(s) if s.denominator == 1 else float(s) for name, s in self.shares.items()}


def sharing(given: str, by: By = "share", seed: int = 0) -> Sharing:
    """Raises UsageError for a text that is no list of shares, or, by date, of last days."""
    if by not in WAYS:
        raise UsageError(f"there is no split by {by!r}", f"use one of {', '.join(WAYS)}")
    if by == "date" and not re.search("=[^-]*(,|$)", given.replace(" ", "")):
        return _days(given)
    return Sharing(parse(given), by, seed)


def _days(given: str) -> Sharing:
    until: dict[str, str] = {}
    pieces = [tuple(piece.strip() for piece in part.partition("=")) for part in given.split(",")]
    for place, (name, equals, day) in enumerate(pieces):
        if name not in SPLITS:
            raise UsageError(f"no split is called {name!r}", f"use {', '.join(SPLITS)}")
        if place and SPLITS.index(name) <= SPLITS.index(pieces[place - 1][0]):
            raise UsageError(f"the split {name!r} does not come after {pieces[place - 1][0]!r}", _DAYS)
        if place < len(pieces) - 1:
            found = as_day(day) if len(day) == len("2021-06-30") else None
            if not found:
                raise UsageError(f"{day!r} is no day for {name!r} to end with", _DAYS)
            if until and found <= max(until.values()):
                raise UsageError(f"{name!r} ends on {found}, not after the split before it", _DAYS)
            until[name] = found
        elif equals:
            raise UsageError(f"the last split, {name!r}, has no end", _DAYS)
    return Sharing({name: Fraction(1) for name, _, _ in pieces}, "date", 0, until)


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


@dataclass(frozen=True, slots=True)
class Dealt:
    """What is shared out as one: a group of articles with no split yet, their number, labels and latest day."""

    name: str
    articles: int
    labels: Mapping[str, int]
    day: str | None = None


def assign(groups: Mapping[str, str], shares: Mapping[str, Fraction], seed: int = 0) -> dict[str, str]:
    """The split of each article id; `groups` gives the group of each, and a group never straddles two splits."""
    dealt = [Dealt(name, count, {}) for name, count in Counter(groups.values()).items()]
    place = deal(dealt, Sharing(shares, seed=seed), {})
    return {article: place[group] for article, group in groups.items()}


def deal(groups: Sequence[Dealt], sharing: Sharing, there: Mapping[str, Sequence[Dealt]]) -> dict[str, str]:
    """The split of each group by name, in any order of the groups; `there` are those that the splits hold already.

    By date a group goes where its latest day belongs, and one without a day nowhere. Otherwise each split is due a number
    of articles by largest remainder. Groups come in the order of size (the big ones are the hardest to place), then of the
    share they have of the rarest labels, then of sha256("seed:name"). Each goes, of the splits where so many articles are
    still due, to the one that lacks its labels most.
    """
    if sharing.by == "date":
        return _by_date(groups, sharing, there)
    everything = [*groups, *(group for held in there.values() for group in held)]
    labels: Counter[str] = Counter()
    for group in everything:
        labels.update(group.labels)
    lack = _Lack(sharing, sum(group.articles for group in everything), labels)
    for split, held in sorted(there.items()):
        for group in held:
            lack.give(split, group)
    place: dict[str, str] = {}
    for group in sorted(
        groups, key=lambda g: (-g.articles, -_rarity(g, labels), _hash(sharing.seed, g.name), g.name)
    ):
        place[group.name] = split = lack.choose(group)
        lack.give(split, group)
    return place


def _rarity(group: Dealt, labels: Mapping[str, int]) -> float:
    return math.fsum(count / labels[name] for name, count in group.labels.items() if count)


class _Lack:
    """What each split still lacks: articles, and spans of each label (in proportion to the articles it is due)."""

    def __init__(self, sharing: Sharing, articles: int, labels: Mapping[str, int]) -> None:
        self._due = _due(articles, sharing.shares)
        whole = sum(sharing.shares.values())
        self._wanted = {
            split: {name: float(count * share / whole) for name, count in labels.items()}
            for split, share in sharing.shares.items()
            if share
        }
        self._missing = {split: dict(wanted) for split, wanted in self._wanted.items()}

    def give(self, split: str, group: Dealt) -> None:
        if split in self._due:
            self._due[split] -= group.articles
        for name, count in group.labels.items():
            if split in self._missing:
                self._missing[split][name] -= count

    def choose(self, group: Dealt) -> str:
        open_ones = [split for split in self._wanted if self._due[split] >= group.articles]
        # max keeps the first of equals, so ties go in the order of SPLITS.
        return max(
            open_ones or self._wanted,
            key=lambda split: (self._gain(split, group) if open_ones else 0, self._due[split]),
        )

    def _gain(self, split: str, group: Dealt) -> float:
        """By how much the group brings the split nearer to its share of the labels (Pearson's chi-squared)."""
        missing, wanted = self._missing[split], self._wanted[split]
        return math.fsum(
            count * (2 * missing[name] - count) / wanted[name]
            for name, count in group.labels.items()
            if count
        )


def _by_date(
    groups: Sequence[Dealt], sharing: Sharing, there: Mapping[str, Sequence[Dealt]]
) -> dict[str, str]:
    names = [name for name in SPLITS if sharing.shares.get(name)]
    until = dict(sharing.until or {}) or _held_days(there, names) or _shared_days(groups, sharing, names)
    place: dict[str, str] = {}
    for group in groups:
        if group.day:
            place[group.name] = next(
                (name for name in names if group.day <= until.get(name, "9999-99-99")), names[-1]
            )
    return place


def _held_days(there: Mapping[str, Sequence[Dealt]], names: Sequence[str]) -> dict[str, str]:
    """The last day of each split but the last, where they hold articles already; "" where it holds none yet."""
    until: dict[str, str] = {}
    last = ""
    for name in names[:-1]:
        until[name] = last = max([last, *(group.day for group in there.get(name, ()) if group.day)])
    return until if any(there.get(name) for name in names) else {}


def _shared_days(groups: Sequence[Dealt], sharing: Sharing, names: Sequence[str]) -> dict[str, str]:
    """The last day of each split but the last by shares, whole days together."""
    on: dict[str, int] = defaultdict(int)
    for group in groups:
        if group.day:
            on[group.day] += group.articles
    whole, total = sum(sharing.shares[name] for name in names), sum(on.values())
    until: dict[str, str] = {}
    days = sorted(on, reverse=True)
    done, due, last = 0, Fraction(0), ""
    for name in names[:-1]:
        due += total * sharing.shares[name] / whole
        while days and done + on[days[-1]] // 2 < due:
            last = days.pop()
            done += on[last]
        until[name] = last
    return until


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
