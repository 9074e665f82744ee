"""Which articles must not be parted by a split, and what becomes of those that belong to several splits already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from desktop.datasets.tied import Tied
from desktop.formats.base import SPLITS

# In place of a split: a person has decided that the article goes into none.
NONE = "none"
BELONGS = "belongs with articles of"
# In a larger group that has come apart only those pairs count that were needed to find it.
_MOST = 300
Web = Sequence[int]
"""Numbers of articles of which any two belong together directly, in the order of their ids."""


@dataclass(frozen=True, slots=True)
class Member:
    """An article as splits see it. Two that share one of the `ties` (a story, a text, an address) belong together."""

    id: str
    ties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """An article that is left out, since it belongs with articles of different splits; `others` are some of them by id, and
    itself where it has a split of its own."""

    article: str
    others: Mapping[str, str]

    @property
    def reason(self) -> str:
        where = ", ".join(
            f"{split} ({article})" for article, split in self.others.items() if article != self.article
        )
        if self.article in self.others:
            return f"is in {self.others[self.article]}, and {BELONGS} {where}"
        return f"{BELONGS} different splits: {where}"


@dataclass
class Groups:
    """`of` gives the group of each article, named after the smallest id in it; `kept` the splits that hold.

    `bound` are the splits of articles that have none of their own but belong with some that have; `conflicts` are left out
    until a person decides.
    """

    of: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def group(
    members: Sequence[Member],
    pairs: Iterable[tuple[int, int]],
    kept: Mapping[str, str],
    alike: Callable[[int, int], bool] | None = None,
) -> Groups:
    """Tie the members by what they share and by `pairs` of their numbers (copies); `kept` are the splits they have.

    `alike` tells of any two members whether they are a pair: `pairs` need only connect what belongs together. The result
    does not depend on the order of the members. Where all of a group with a split have the same one, the others follow
    them. Else no two that belong together may end in different splits: of two that have a split already the one in the
    earlier split is left out (train before test, since results on the others stay comparable), and of those that have
    none each that belongs with several splits.
    """
    out = {member.id for member in members if kept.get(member.id) == NONE}
    first: dict[str, int] = {}
    tied = Tied(len(members))
    for number, member in enumerate(members):
        if member.id not in out:
            for tie in member.ties:
                tied.tie(first.setdefault(tie, number), number)
    near = [(one, other) for one, other in pairs if not {members[one].id, members[other].id} & out]
    for one, other in near:
        tied.tie(one, other)
    return _sorted_out(members, tied, kept, _Webs(members, near, alike))


def _sorted_out(members: Sequence[Member], tied: Tied, kept: Mapping[str, str], webs: _Webs) -> Groups:
    found = Groups(kept={member.id: kept[member.id] for member in members if member.id in kept})
    for numbers in tied.together():
        splits = {n: kept[members[n].id] for n in numbers if kept.get(members[n].id, NONE) != NONE}
        if len(set(splits.values())) > 1:
            within = webs.within(numbers)
            against = _torn(within, splits)
            for number, others in against.items():
                found.of[members[number].id] = members[number].id
                found.conflicts.append(_conflict(members, number, others))
                found.kept.pop(members[number].id, None)
            parts = _parts(numbers, within, against)
        else:
            parts = [numbers]
        for part in parts:
            _name(found, [members[number].id for number in part], [splits[n] for n in part if n in splits])
    found.conflicts.sort(key=lambda conflict: conflict.article)
    return found


def _name(found: Groups, ids: Sequence[str], splits: Sequence[str]) -> None:
    found.of |= dict.fromkeys(ids, min(ids))
    if splits:
        found.bound |= {name: splits[0] for name in ids if name not in found.kept}


def _conflict(members: Sequence[Member], number: int, others: Mapping[int, str]) -> Conflict:
    """With one of the others for each split, the one whose id comes first."""
    by_split: dict[str, str] = {}
    for other in sorted(others, key=lambda other: members[other].id):
        by_split.setdefault(others[other], members[other].id)
    return Conflict(members[number].id, {by_split[split]: split for split in SPLITS if split in by_split})


def _torn(webs: Sequence[Web], splits: Mapping[int, str]) -> dict[int, dict[int, str]]:
    """Those of a group that must be left out so that no two neighbours are in different splits, with what tears them.

    Goes from the members that have a split to their neighbours, all at once in each round, so that no order matters. Of the
    neighbours in a web only the first of each split tell on the others: a story of ten thousand articles has fifty million pairs.
    """
    torn: dict[int, dict[int, str]] = {}
    at: dict[int, list[int]] = defaultdict(list)
    for place, web in enumerate(webs):
        for number in web:
            at[number].append(place)
        there = _first(web, splits)
        for number in web:
            later = {o: splits[o] for o in _others(number, there) if _later(splits[o], splits.get(number))}
            if later:
                torn.setdefault(number, {number: splits[number]}).update(later)
    placed: dict[int, str] = dict(splits)
    frontier: Mapping[int, str] = splits
    while frontier:
        reached: dict[int, dict[int, str]] = defaultdict(dict)
        for web in _webs_of(frontier, at, webs):
            there = _first(web, frontier)
            for number in web:
                if number not in placed:
                    reached[number] |= {other: frontier[other] for other in _others(number, there)}
        sides = {number: min(there.values()) for number, there in reached.items()}
        # Two neighbours may be reached in one round from different sides.
        for web in _webs_of(sides, at, webs):
            there = _first(web, sides)
            for number in web:
                if number in sides:
                    reached[number] |= {other: sides[other] for other in _others(number, there)}
        pulled_apart = {n: there for n, there in reached.items() if len({*there.values(), sides[n]}) > 1}
        torn |= pulled_apart
        placed |= sides
        frontier = {number: side for number, side in sides.items() if number not in pulled_apart}
    return torn


def _webs_of(numbers: Iterable[int], at: Mapping[int, Sequence[int]], webs: Sequence[Web]) -> Iterator[Web]:
    for place in {place for number in numbers for place in at.get(number, ())}:
        yield webs[place]


def _first(web: Web, splits: Mapping[int, str]) -> list[list[int]]:
    """The first two of a web that are in each of its splits."""
    found: dict[str, list[int]] = defaultdict(list)
    for number in web:
        if number in splits and len(found[splits[number]]) < 2:
            found[splits[number]].append(number)
    return list(found.values())


def _others(number: int, first: Iterable[Sequence[int]]) -> Iterator[int]:
    """One for each split that is not the number itself."""
    for numbers in first:
        yield from [other for other in numbers if other != number][:1]


def _later(one: str, other: str | None) -> bool:
    return other is not None and SPLITS.index(one) > SPLITS.index(other)


def _parts(numbers: Sequence[int], webs: Iterable[Web], gone: Container[int]) -> list[list[int]]:
    """What is still connected among these without those that are gone."""
    place = {number: place for place, number in enumerate(numbers)}
    tied = Tied(len(numbers))
    for web in webs:
        left = [place[number] for number in web if number not in gone]
        for one, other in pairwise(left):
            tied.tie(one, other)
    parts = ([numbers[place] for place in places] for places in tied.together())
    return [part for part in parts if part[0] not in gone]


@dataclass(frozen=True)
class _Webs:
    members: Sequence[Member]
    near: Sequence[tuple[int, int]]
    alike: Callable[[int, int], bool] | None

    def within(self, numbers: Sequence[int]) -> list[Web]:
        """The webs of a group: what shares a tie, and each pair that is alike."""
        inside = set(numbers)
        pairs = [pair for pair in self.near if inside.issuperset(pair)]
        if self.alike and len(numbers) <= _MOST:
            pairs += [pair for pair in combinations(numbers, 2) if self.alike(*pair)]
        sharing: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            for tie in self.members[number].ties:
                sharing[tie].append(number)
        return [
            sorted(web, key=lambda n: self.members[n].id)
            for web in (*pairs, *sharing.values())
            if len(web) > 1
        ]
