"""Which articles must not be parted by a split, and what becomes of those that belong to several splits already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from desktop.datasets.tied import Tied
from desktop.formats.base import SPLITS

# In place of a split: a person has decided that the article goes into none.
NONE = "none"
# In a larger group that has come apart only those pairs count that were needed to find it.
_MOST = 300


@dataclass(frozen=True, slots=True)
class Member:
    """An article as splits see it. Two that share one of the `ties` (a story, a text, an address) belong together."""

    id: str
    ties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """An article that is left out, since it belongs with articles of different splits; `others` are some of them by id."""

    article: str
    others: Mapping[str, str]

    @property
    def reason(self) -> str:
        where = ", ".join(f"{split} ({article})" for article, split in self.others.items())
        return f"belongs with articles of different splits: {where}"


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
    ties: dict[str, list[int]] = defaultdict(list)
    for number, member in enumerate(members):
        if member.id not in out:
            for tie in member.ties:
                ties[tie].append(number)
    tied = Tied(len(members))
    for numbers in ties.values():
        for number in numbers[1:]:
            tied.tie(numbers[0], number)
    near = [(one, other) for one, other in pairs if not {members[one].id, members[other].id} & out]
    for one, other in near:
        tied.tie(one, other)
    return _sorted_out(members, tied, kept, _Neighbours(members, ties, near, alike))


def _sorted_out(
    members: Sequence[Member], tied: Tied, kept: Mapping[str, str], neighbours: _Neighbours
) -> Groups:
    found = Groups(kept={member.id: kept[member.id] for member in members if member.id in kept})
    together: dict[int, list[int]] = defaultdict(list)
    for number, top in enumerate(tied.groups()):
        together[top].append(number)
    for numbers in together.values():
        splits = {n: kept[members[n].id] for n in numbers if kept.get(members[n].id, NONE) != NONE}
        if len(set(splits.values())) > 1:
            beside = neighbours.within(numbers)
            against = _torn(beside, splits)
            for number, others in against.items():
                found.of[members[number].id] = members[number].id
                found.conflicts.append(_conflict(members, number, others))
                found.kept.pop(members[number].id, None)
            parts = _parts([number for number in numbers if number not in against], beside)
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


def _torn(beside: Mapping[int, set[int]], splits: Mapping[int, str]) -> dict[int, dict[int, str]]:
    """Those of a group that must be left out so that no two neighbours are in different splits, with what tears them.

    Goes from the members that have a split to their neighbours, all at once in each round, so that no order matters.
    """
    torn: dict[int, dict[int, str]] = {}
    for number, split in splits.items():
        later = {o: splits[o] for o in beside[number] if o in splits and _later(splits[o], split)}
        if later:
            torn[number] = {number: split, **later}
    placed: dict[int, str] = dict(splits)
    frontier = set(splits)
    while frontier:
        reached: dict[int, dict[int, str]] = defaultdict(dict)
        for number in frontier:
            for other in beside[number] - placed.keys():
                reached[other][number] = placed[number]
        sides = {number: min(there.values()) for number, there in reached.items()}
        frontier = set()
        for number, there in reached.items():
            # Two neighbours may be reached in one round from different sides.
            across = {other: sides[other] for other in beside[number] if other in sides}
            pulled = {**there, **across}
            if len(set(pulled.values()) | {sides[number]}) > 1:
                torn[number] = pulled
            else:
                frontier.add(number)
        placed |= sides
    return torn


def _later(one: str, other: str) -> bool:
    return SPLITS.index(one) > SPLITS.index(other)


def _parts(numbers: Sequence[int], beside: Mapping[int, set[int]]) -> list[list[int]]:
    """What is still connected among these."""
    left, parts = set(numbers), []
    while left:
        part, waiting = [], [left.pop()]
        while waiting:
            number = waiting.pop()
            part.append(number)
            next_ones = beside[number] & left
            left -= next_ones
            waiting += next_ones
        parts.append(part)
    return parts


@dataclass(frozen=True)
class _Neighbours:
    members: Sequence[Member]
    ties: Mapping[str, Sequence[int]]
    near: Sequence[tuple[int, int]]
    alike: Callable[[int, int], bool] | None

    def within(self, numbers: Sequence[int]) -> dict[int, set[int]]:
        """Which of these belong together directly."""
        inside = set(numbers)
        beside: dict[int, set[int]] = {number: set() for number in numbers}
        pairs = [pair for pair in self.near if inside.issuperset(pair)]
        if self.alike and len(numbers) <= _MOST:
            pairs += [pair for pair in combinations(numbers, 2) if self.alike(*pair)]
        for tie in {tie for number in numbers for tie in self.members[number].ties}:
            pairs += combinations([number for number in self.ties[tie] if number in inside], 2)
        for one, other in pairs:
            beside[one].add(other)
            beside[other].add(one)
        return beside
