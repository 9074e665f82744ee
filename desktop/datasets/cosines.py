"""Pairs of articles whose words are alike: the cosine of word counts weighted by rarity (Salton & Buckley 1988, "Term-weighting
approaches in automatic text retrieval"), joined exactly with a bound on what the common words can add.

Held are eight bytes for each different word of each article; the words themselves lie in temporary files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from desktop.datasets.setjoin import Pair, Sets, Tick

if TYPE_CHECKING:
    from desktop.datasets.setjoin import Hashes

# How much of the likeness looked for two articles may have by words that are left out of the index: more is less to add and
# more to verify.
_TAIL = 0.6
# More than sums of 32-bit weights can be wrong by.
_ROUNDING = 1e-6
# Articles that are compared with one at a time.
_AT_ONCE = 4096
# Articles of which the weights are not computed anew when they are verified.
_RECENT = 2048
Settled = Callable[[int, Any, Any], Any]
"""Of an article and others, and how much they may be alike at most, a mask of those that need not be looked at."""


def joined(words: Sets, counts: Sets, least: float, tick: Tick, settled: Settled | None) -> Iterator[Pair]:
    """Pairs of articles with at least this cosine; of each article its different words, and how often it has each."""
    import numpy as np  # 0.1 s that only splits and checks pay  # noqa: PLC0415

    if len(words) < 2:
        return
    vectors = _Vectors(words, counts)
    recent = lru_cache(_RECENT)(vectors.of)
    postings = _Postings(vectors, least, tick)
    mine = np.zeros(vectors.words)
    for number in range(len(words)):
        tick()
        terms, weights = vectors.of(number)
        sums = postings.sums(terms, weights, number)
        most = sums + postings.rest(terms, weights, number) + _ROUNDING
        others = np.flatnonzero(most >= least)
        if settled:
            others = others[~settled(number, others, most[others])]
        mine[terms] = weights
        for start in range(0, len(others), _AT_ONCE):
            some = others[start : start + _AT_ONCE]
            alike = sums[some] + postings.left(some, mine)
            for other in _open(number, some, alike, least, settled):
                # Summed exactly, so that no machine's order of adding decides.
                exact = math.fsum(mine[recent(other)[0]] * recent(other)[1])
                if exact >= least:
                    yield other, number, exact
        mine[terms] = 0
        postings.add(terms, weights, number)


def _open(number: int, others: Any, alike: Any, least: float, settled: Settled | None) -> Iterator[int]:
    """Those of the others that are like enough, the most alike first; before each it is asked which are settled by now."""
    import numpy as np  # noqa: PLC0415

    order = np.argsort(-alike, kind="stable")
    order = order[alike[order] >= least - _ROUNDING]
    others, most = others[order], alike[order] + _ROUNDING
    while True:
        if settled:
            left = ~settled(number, others, most)
            others, most = others[left], most[left]
        if not len(others):
            return
        yield int(others[0])
        others, most = others[1:], most[1:]


class _Vectors:
    """The words of each article by number, the most frequent of all first, and their weights: a vector of length 1, or 0
    without rare words."""

    def __init__(self, words: Sets, counts: Sets) -> None:
        import numpy as np  # noqa: PLC0415

        self._held, self._counts = words, counts
        self._words, often = _vocabulary(words)
        order = np.lexsort((np.arange(len(often)), -often))
        self._number_of = np.empty(len(often), np.int64)
        self._number_of[order] = np.arange(len(often))
        self._rarity = np.log(len(words) / often[order])

    def __len__(self) -> int:
        return len(self._held)

    @property
    def words(self) -> int:
        """How many different ones there are."""
        return len(self._words)

    def of(self, number: int) -> tuple[Any, Any]:
        import numpy as np  # noqa: PLC0415

        terms = self._number_of[np.searchsorted(self._words, self._held[number])]
        order = np.argsort(terms)
        terms = terms[order]
        weights = (1 + np.log(self._counts[number][order])) * self._rarity[terms]
        length = math.sqrt(math.fsum(weights * weights))
        return terms, weights / length if length else weights


def _vocabulary(sets: Sets) -> tuple[Any, Any]:
    """All different words, and in how many articles each is."""
    import numpy as np  # noqa: PLC0415

    words: Hashes = np.zeros(0, np.uint32)
    often = np.zeros(0, np.int64)
    for first, last in sets.runs():
        found, counts = np.unique(sets.run(first, last), return_counts=True)
        both = np.union1d(words, found)
        total = np.zeros(len(both), np.int64)
        total[np.searchsorted(both, words)] = often
        total[np.searchsorted(both, found)] += counts
        words, often = both, total
    return words, often


class _Postings:
    """For each word the articles added so far that have it; of each article its most frequent words are left out, as long as
    their length stays well below 1: what they can add to a cosine is at most the product of their length and that of the same
    words of the other article (Cauchy's inequality)."""

    def __init__(self, vectors: _Vectors, least: float, tick: Tick) -> None:
        import numpy as np  # noqa: PLC0415

        self._most = _TAIL * least
        counts = np.zeros(vectors.words, np.int64)
        self._left_starts = np.zeros(len(vectors) + 1, np.int64)
        for number in range(len(vectors)):
            tick()
            terms, weights = vectors.of(number)
            cut = self._cut(weights)
            counts[terms[cut:]] += 1
            self._left_starts[number + 1] = self._left_starts[number] + cut
        self._ends = np.cumsum(counts) - counts
        self._starts = self._ends.copy()
        self._numbers = np.empty(counts.sum(), np.uint32)
        self._weights = np.empty(counts.sum(), np.float32)
        self._left_terms = np.empty(self._left_starts[-1], np.uint32)
        self._left_weights = np.empty(self._left_starts[-1], np.float32)
        self._length = np.zeros(len(vectors))
        self._last = np.full(len(vectors), -1)

    def _cut(self, weights: Any) -> int:
        """How many of the most frequent words are left out."""
        import numpy as np  # noqa: PLC0415

        return int(np.searchsorted(np.cumsum(weights**2), self._most))

    def add(self, terms: Any, weights: Any, number: int) -> None:
        cut = self._cut(weights)
        if cut:
            self._length[number] = math.sqrt((weights[:cut] ** 2).sum())
            self._last[number] = terms[cut - 1]
        left = slice(self._left_starts[number], self._left_starts[number + 1])
        self._left_terms[left], self._left_weights[left] = terms[:cut], weights[:cut]
        places = self._ends[terms[cut:]]
        self._numbers[places], self._weights[places] = number, weights[cut:]
        self._ends[terms[cut:]] += 1

    def sums(self, terms: Any, weights: Any, number: int) -> Any:
        """For each article before `number` what the indexed words add to its cosine with it."""
        import numpy as np  # noqa: PLC0415

        starts = self._starts[terms]
        counts = self._ends[terms] - starts
        places = _ranges(starts, counts)
        return np.bincount(
            self._numbers[places], np.repeat(weights, counts) * self._weights[places], minlength=number
        )

    def rest(self, terms: Any, weights: Any, number: int) -> Any:
        """For each article before `number` what the words left out of the index can add at most."""
        import numpy as np  # noqa: PLC0415

        lengths = np.sqrt(np.concatenate(([0.0], np.cumsum(weights**2))))
        shared = np.searchsorted(terms, self._last[:number], side="right")
        return self._length[:number] * lengths[shared]

    def left(self, others: Any, mine: Any) -> Any:
        """What the words left out of the index do add for these; `mine` are the weights of all words in the article."""
        import numpy as np  # noqa: PLC0415

        first, last = others[0], others[-1] + 1
        if 4 * len(others) > last - first:
            # Nearly all in a row: what lies between is added up as well, which is faster than to pick.
            places: Any = slice(self._left_starts[first], self._left_starts[last])
            ends = self._left_starts[others + 1] - self._left_starts[first]
            starts = self._left_starts[others] - self._left_starts[first]
        else:
            counts = self._left_starts[others + 1] - self._left_starts[others]
            ends = np.cumsum(counts)
            starts = ends - counts
            places = _ranges(self._left_starts[others], counts)
        sums = np.cumsum(mine[self._left_terms[places]] * self._left_weights[places])
        sums = np.concatenate(([0.0], sums))
        return sums[ends] - sums[starts]


def _ranges(starts: Any, counts: Any) -> Any:
    """The numbers of all these ranges, one behind the other."""
    import numpy as np  # noqa: PLC0415

    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
