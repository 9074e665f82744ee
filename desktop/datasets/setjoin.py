"""Pairs of sets that have a given share of their members in common (Jaccard), joined exactly.

Sparse data by a prefix filter (Bayardo, Ma & Srikant 2007, "Scaling up all pairs similarity search"; Xiao et al. 2008,
"Efficient similarity joins for near duplicate detection"). Where so much is in common that nearly every set would be paired
with every other, as among reports on one story, all pairs are compared by bitmaps (Sandes, Teodoro & Melo 2020, "Bitmap filter:
speeding up exact set similarity joins with bitwise operations"): the bits in which two differ are no more than the members in
which their sets do. Time then grows with the square of their number: 50 million pairs take some seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

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
_ROUNDING = 1e-9


def joined(sets: Sequence[Hashes], least: float, tick: Tick) -> Iterator[Pair]:
    """Pairs of sorted sets with at least this share in common: enough to tie together all that are linked by chains of them."""
    import numpy as np  # 0.1 s that only splits and checks pay  # noqa: PLC0415

    sizes = np.array([len(found) for found in sets], np.int64)
    hashes, numbers = _prefixes(sets, sizes, least)
    if not len(hashes):
        return
    counts = _counts(hashes)
    join = _Join(sets, sizes, least)
    # Half of each is the number of pairs.
    if int((counts * (counts - 1)).sum()) > len(sets) * (len(sets) - 1):
        yield from join.all_pairs(tick)
    else:
        yield from join.meeting(hashes, numbers, tick)


def alike(one: Hashes, other: Hashes) -> float:
    """The share of what two sets have together that both have."""
    import numpy as np  # noqa: PLC0415

    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common) if common else 0.0


class _Join:
    """Compares candidates; `_groups` holds the smallest number of what each set is tied together with so far."""

    def __init__(self, sets: Sequence[Hashes], sizes: Any, least: float) -> None:
        import numpy as np  # noqa: PLC0415

        self._sets, self._sizes, self._least = sets, sizes, least
        self._groups = np.arange(len(sets))
        self._bitmaps = _bitmaps(sets, sizes)
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

    def _like(self, ones: Any, others: Any) -> Iterator[Pair]:
        """Those of the pairs that are like each other and not tied already; `ones` may be one number for all of them."""
        import numpy as np  # noqa: PLC0415

        sizes, groups, maps = self._sizes, self._groups, self._bitmaps
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
                    low, high = sorted((groups[one], groups[other]))
                    groups[groups == high] = low
                    yield one, other, share

    def _still_apart(self, hashes: Any, numbers: Any, step: int) -> tuple[Any, Any]:
        """Without the members whose sets are all tied, or of which there is no pair further apart than `step`."""
        import numpy as np  # noqa: PLC0415

        counts = _counts(hashes)
        starts = np.cumsum(counts) - counts
        groups = self._groups[numbers]
        apart = np.minimum.reduceat(groups, starts) != np.maximum.reduceat(groups, starts)
        kept = np.repeat(apart & (counts > step + 1), counts)
        return hashes[kept], numbers[kept]


def _counts(hashes: Any) -> Any:
    """How often each of sorted hashes comes."""
    import numpy as np  # noqa: PLC0415

    starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    return np.diff(np.append(starts, len(hashes)))


def _bitmaps(sets: Sequence[Hashes], sizes: Any) -> Any:
    """For each set a row of bits: whether an odd number of its members falls on the bit."""
    import numpy as np  # noqa: PLC0415

    bits = 64
    while bits < _BITS * sizes.mean():
        bits *= 2
    made = np.zeros((len(sets), bits // 64), np.uint64)
    for number, members in enumerate(sets):
        odd = np.bincount(members & np.uint32(bits - 1), minlength=bits) & 1
        made[number] = np.packbits(odd.astype(np.uint8)).view(np.uint64)
    return made


def _prefixes(sets: Sequence[Hashes], sizes: Any, least: float) -> tuple[Any, Any]:
    """The rarest shingles of each article that two articles this alike cannot have all for themselves.

    Of a set of n shingles the rarest n - ceil(least n) + 1 are enough (the prefix filter). Returns those that more than
    one article has, as (hash, article), sorted by hash, then article.
    """
    import numpy as np  # noqa: PLC0415

    if not len(sets):
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    hashes = np.concatenate(sets)
    # Four bytes a number: there may be tens of millions.
    articles = np.repeat(np.arange(len(sets), dtype=np.uint32), sizes)
    order = np.argsort(hashes, kind="stable")
    hashes, articles = hashes[order], articles[order]
    del order
    counts = _counts(hashes).astype(np.uint32)
    often = np.repeat(counts, counts)
    shared = often > 1
    hashes, articles, often = hashes[shared], articles[shared], often[shared]
    # By article, the rarest first; those that no other article has would come before them all.
    order = np.lexsort((hashes, often, articles))
    hashes, articles = hashes[order], articles[order]
    shares = np.bincount(articles, minlength=len(sets))
    rank = np.arange(len(hashes)) - np.repeat(np.cumsum(shares) - shares, shares)
    alone = sizes - shares
    kept = rank < (sizes - np.ceil(least * sizes).astype(np.int64) + 1 - alone)[articles]
    order = np.lexsort((articles[kept], hashes[kept]))
    return hashes[kept][order], articles[kept][order].astype(np.int64)
