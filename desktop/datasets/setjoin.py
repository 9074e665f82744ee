"""Pairs of sets that have a given share of their members in common (Jaccard), joined exactly.

Sparse data by a prefix filter (Bayardo, Ma & Srikant 2007, "Scaling up all pairs similarity search"; Xiao et al. 2008,
"Efficient similarity joins for near duplicate detection"). Where so much is in common that nearly every set would be paired
with every other, as among reports on one story, all pairs are compared by bitmaps (Sandes, Teodoro & Melo 2020, "Bitmap filter:
speeding up exact set similarity joins with bitwise operations"): the bits in which two differ are no more than the members in
which their sets do. Time then grows with the square of their number: 50 million pairs take some seconds.

A set that lies within a much larger one has little in common with it by that measure: those are found from their rarest members.

The sets lie in a temporary file, and what is made of them is sorted there, a part at a time: of each set only its bitmap is held.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop.datasets.tied import Tied
from desktop.scratch import Scratch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

Tick = Callable[[], object]
Pair = tuple[int, int, float]
# Bits for each member of a set of the usual size: fewer let too many pairs through.
_BITS = 3
# Pairs whose bitmaps are compared at a time.
_AT_ONCE = 4096
# Members that are sorted at a time.
_PART = 1 << 19
_ROUNDING = 1e-9


class Sets:
    """Sorted sets of hashes, known by number in the order in which they were added."""

    def __init__(self) -> None:
        self._scratch = Scratch()
        self._ends = array("q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> Hashes:
        return self.run(number, number + 1)

    def append(self, members: Hashes) -> None:
        self._scratch.put(members.tobytes())
        self._ends.append(self._ends[-1] + len(members))

    def run(self, first: int, last: int) -> Hashes:
        """The members of the sets from `first` to before `last`, one set behind the other."""
        import numpy as np  # 0.1 s that only splits and checks pay  # noqa: PLC0415

        start, end = self._ends[first], self._ends[last]
        return np.frombuffer(self._scratch.get(4 * start, 4 * (end - start)), np.uint32)

    def runs(self) -> Iterator[tuple[int, int]]:
        """The numbers of all sets in turn, from first to before last, so many as have about _PART members."""
        import numpy as np  # noqa: PLC0415

        parts = self.ends()[:-1] // _PART
        firsts = np.flatnonzero(np.diff(parts, prepend=-1)).tolist()
        return pairwise([*firsts, len(self)])

    def ends(self) -> NDArray[np.int64]:
        """Where each set ends among the members of all, with a 0 before them."""
        import numpy as np  # noqa: PLC0415

        return np.array(self._ends)


class Within(NamedTuple):
    """What makes a set a part of another: it has so many members at least, and this share of them is in the other.

    A member that more sets than `most` have tells nothing: it is of what is repeated everywhere.
    """

    least: float
    fewest: int
    most: int

    def share(self, one: Hashes, other: Hashes) -> float:
        """The share of the smaller set that is in the other; 0 for one that is too small to tell."""
        import numpy as np  # noqa: PLC0415

        size = min(len(one), len(other))
        return len(np.intersect1d(one, other, assume_unique=True)) / size if size >= self.fewest else 0.0


def joined(sets: Sets, least: float, tick: Tick, within: Within | None = None) -> Iterator[Pair]:
    """Pairs of sets with at least this share in common, or of which one is `within` the other: enough to tie together all that
    are linked by chains of them."""
    join = _Join(sets, least)
    yield from _alike(join, sets, least, tick)
    if within:
        yield from join.parts_of_others(within, tick)


def _alike(join: _Join, sets: Sets, least: float, tick: Tick) -> Iterator[Pair]:
    meetings, parts = 0, _prefixes(sets, least, tick)
    for hashes, _ in _by_hash(parts):
        tick()
        counts = _counts(hashes)
        meetings += int((counts * (counts - 1)).sum())
    # Half of each is the number of pairs.
    if meetings > len(sets) * (len(sets) - 1):
        yield from join.all_pairs(tick)
    elif meetings:
        for hashes, numbers in _by_hash(parts):
            yield from join.meeting(hashes, numbers, tick)


def alike(one: Hashes, other: Hashes) -> float:
    """The share of what two sets have together that both have."""
    import numpy as np  # noqa: PLC0415

    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common) if common else 0.0


class _Join:
    """Compares candidates that are not tied together already."""

    def __init__(self, sets: Sets, least: float) -> None:
        import numpy as np  # noqa: PLC0415

        self._sets, self._sizes, self._least = sets, np.diff(sets.ends()), least
        self._tied = Tied(len(sets))
        self._bitmaps = _bitmaps(sets, self._sizes)
        # The share of all their members in which two sets may differ.
        self._apart = (1 - least) / (1 + least)

    def all_pairs(self, tick: Tick) -> Iterator[Pair]:
        import numpy as np  # noqa: PLC0415

        for one in range(len(self._sets) - 1):
            tick()
            for start in range(one + 1, len(self._sets), _AT_ONCE):
                others = np.arange(start, min(start + _AT_ONCE, len(self._sets)))
                yield from self._like(one, others)

    def meeting(self, hashes: Any, numbers: Any, tick: Tick) -> Iterator[Pair]:
        """Those that have a member of their prefixes in common."""
        import numpy as np  # noqa: PLC0415

        step = 1
        while len(hashes):
            tick()
            # Pairs that stand `step` places apart among the sets that have the same member.
            meet = np.flatnonzero(hashes[step:] == hashes[:-step])
            pairs = np.unique(numbers[meet] * len(self._sets) + numbers[meet + step])
            for start in range(0, len(pairs), _AT_ONCE):
                some = pairs[start : start + _AT_ONCE]
                yield from self._like(some // len(self._sets), some % len(self._sets))
            hashes, numbers = self._still_apart(hashes, numbers, step)
            step += 1

    def parts_of_others(self, within: Within, tick: Tick) -> Iterator[Pair]:
        """Each set that lies within another: one of its rarest members, which the prefix filter names, is anywhere in the other."""
        import numpy as np  # noqa: PLC0415

        prefixes = _prefixes(self._sets, within.least, tick)
        wanted = np.unique(np.concatenate([hashes for hashes, _, _ in prefixes]))
        holders = _Parts(len(prefixes))
        for first, last in self._sets.runs():
            tick()
            hashes = self._sets.run(first, last)
            there = np.isin(hashes, wanted)
            numbers = np.repeat(np.arange(first, last), self._sizes[first:last])[there]
            holders.add_by_hash(hashes[there], numbers, np.zeros_like(numbers))
        for (hashes, ones), (held, others) in zip(_by_hash(prefixes), _by_hash(holders), strict=True):
            starts, ends = np.searchsorted(held, hashes, "left"), np.searchsorted(held, hashes, "right")
            told = (self._sizes[ones] >= within.fewest) & (ends - starts <= within.most)
            places = (column[told].tolist() for column in (ones, starts, ends))
            for one, start, end in zip(*places, strict=True):
                tick()
                yield from self._part_of(one, others[start:end], within)

    def _part_of(self, one: int, others: Any, within: Within) -> Iterator[Pair]:
        sizes, groups = self._sizes, self._tied.of
        for other in others[(groups[others] != groups[one]) & (sizes[others] >= sizes[one])].tolist():
            if groups[other] != groups[one]:
                share = within.share(self._sets[one], self._sets[other])
                if share >= within.least:
                    self._tied.tie(one, other)
                    yield one, other, share

    def _like(self, ones: Any, others: Any) -> Iterator[Pair]:
        """Those of the pairs that are like each other and not tied already; `ones` may be one number for all of them."""
        import numpy as np  # noqa: PLC0415

        sizes, groups, maps = self._sizes, self._tied.of, self._bitmaps
        near = np.minimum(sizes[ones], sizes[others]) >= self._least * np.maximum(sizes[ones], sizes[others])
        near &= groups[ones] != groups[others]
        ones, others = ones if isinstance(ones, int) else ones[near], others[near]
        differ = np.bitwise_count(maps[ones] ^ maps[others]).sum(axis=1, dtype=np.int64)
        near = differ <= (sizes[ones] + sizes[others]) * self._apart + _ROUNDING
        pairs = np.broadcast_arrays(ones, others)
        for one, other in zip(pairs[0][near].tolist(), pairs[1][near].tolist(), strict=True):
            if groups[one] != groups[other]:
                share = alike(self._sets[one], self._sets[other])
                if share >= self._least:
                    self._tied.tie(one, other)
                    yield one, other, share

    def _still_apart(self, hashes: Any, numbers: Any, step: int) -> tuple[Any, Any]:
        """Without the members whose sets are all tied, or of which there is no pair further apart than `step`."""
        import numpy as np  # noqa: PLC0415

        counts = _counts(hashes)
        starts = np.cumsum(counts) - counts
        groups = self._tied.of[numbers]
        apart = np.minimum.reduceat(groups, starts) != np.maximum.reduceat(groups, starts)
        kept = np.repeat(apart & (counts > step + 1), counts)
        return hashes[kept], numbers[kept]


def _counts(hashes: Any) -> Any:
    """How often each of sorted hashes comes."""
    import numpy as np  # noqa: PLC0415

    starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    return np.diff(np.append(starts, len(hashes)))


def _bitmaps(sets: Sets, sizes: Any) -> Any:
    """For each set a row of bits: whether an odd number of its members falls on the bit."""
    import numpy as np  # noqa: PLC0415

    bits = 64
    while bits * max(len(sizes), 1) < _BITS * sizes.sum():
        bits *= 2
    made = np.zeros((len(sets), bits // 64), np.uint64)
    for number in range(len(sets)):
        odd = np.bincount(sets[number] & np.uint32(bits - 1), minlength=bits) & 1
        made[number] = np.packbits(odd.astype(np.uint8)).view(np.uint64)
    return made


class _Parts:
    """Rows of three 32-bit numbers (hash, set, how often the hash comes) in a temporary file, to be read a part at a time."""

    def __init__(self, count: int) -> None:
        self._scratch = Scratch()
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(count)]

    def add_by_hash(self, hashes: Any, numbers: Any, often: Any) -> None:
        """Rows for the part that their hash is in."""
        import numpy as np  # noqa: PLC0415

        parts = hashes.astype(np.uint64) * np.uint64(len(self._places)) >> np.uint64(32)
        self.add(parts.astype(np.int64), hashes, numbers, often)

    def add(self, parts: Any, *columns: Any) -> None:
        """Rows for these parts, one each; those of a part stay in their order."""
        import numpy as np  # noqa: PLC0415

        rows = np.column_stack([column.astype(np.uint32) for column in columns])
        order = np.argsort(parts, kind="stable")
        counts = np.bincount(parts, minlength=len(self._places)) * rows.itemsize * rows.shape[1]
        start = self._scratch.put(rows[order].tobytes())
        for places, size in zip(self._places, counts.tolist(), strict=True):
            if size:
                places.append((start, size))
                start += size

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Any]:
        import numpy as np  # noqa: PLC0415

        for places in self._places:
            rows = b"".join(self._scratch.get(start, size) for start, size in places)
            yield np.frombuffer(rows, np.uint32).reshape(-1, 3).T


def _by_hash(parts: _Parts) -> Iterator[tuple[Any, Any]]:
    """The hashes of each part and the sets that they are of, sorted by hash, then set."""
    import numpy as np  # noqa: PLC0415

    for hashes, numbers, _ in parts:
        # As one number: to sort these takes a tenth of the time.
        both = np.sort(hashes.astype(np.uint64) << np.uint64(32) | numbers)
        yield (both >> np.uint64(32)).astype(np.uint32), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _prefixes(sets: Sets, least: float, tick: Tick) -> _Parts:
    """The rarest members of each set that two sets this alike cannot have all for themselves, parted by hash.

    Of a set of n members the rarest n - ceil(least n) + 1 are enough (the prefix filter); of these only those that more than
    one set has.
    """
    import numpy as np  # noqa: PLC0415

    ends = sets.ends()
    sizes, count = np.diff(ends), int(ends[-1]) // _PART + 1
    part_of = ends[:-1] // _PART
    members, shared, kept = _Parts(count), _Parts(count), _Parts(count)
    for first, last in sets.runs():
        tick()
        hashes = sets.run(first, last)
        members.add_by_hash(
            hashes, np.repeat(np.arange(first, last), sizes[first:last]), np.zeros_like(hashes)
        )
    for hashes, numbers in _by_hash(members):
        tick()
        counts = _counts(hashes)
        often = np.repeat(counts, counts)
        several = often > 1
        shared.add(part_of[numbers[several]], hashes[several], numbers[several], often[several])
    for rows in shared:
        tick()
        # By set, the rarest first; those that no other set has would come before them all.
        hashes, numbers, often = rows[:, np.lexsort(rows[[0, 2, 1]])]
        shares = np.bincount(numbers, minlength=len(sets))
        rank = np.arange(len(hashes)) - np.repeat(np.cumsum(shares) - shares, shares)
        alone = sizes - shares
        good = rank < (sizes - np.ceil(least * sizes).astype(np.int64) + 1 - alone)[numbers]
        kept.add_by_hash(hashes[good], numbers[good], often[good])
    return kept
