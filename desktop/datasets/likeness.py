"""Which articles are copies of each other, and which may tell the same story; found from their words alone.

Copies: the share of word triples (shingles) that two articles have in common (Jaccard, Broder 1997, "On the resemblance
and containment of documents"), joined exactly. Stories: the cosine of word counts weighted by rarity (Salton & Buckley 1988),
joined with a bound on what the common words can add.

Words are told apart by case-folded form, so that the order in which articles are added makes no difference to any result.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from desktop.datasets.setjoin import Pair, Sets, Tick, alike, joined
from desktop.model import Fragment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.datasets.setjoin import Hashes

# Half of the word triples in common: one text was made from the other. Independent reports share hardly one in a hundred.
COPIES = 0.5
# Where reports of one event begin to be told from others: precision .9, recall .8 on news by three outlets.
STORY = 0.25
# Scripts written without blanks: there each character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_SHINGLE = 3
# How much of the likeness looked for two articles may have by words that are left out of the index: more is less to add and
# more to verify.
_TAIL = 0.6
_ROUNDING = 1e-9
# Words whose hashes are remembered.
_KNOWN = 100_000
# Articles that are compared with one at a time.
_AT_ONCE = 4096
# Knuth's and Vigna's odd multipliers, to mix the three words of a shingle.
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
Settled = Callable[[int, Any, Any], Any]
"""Of an article and others, and how much they may be alike at most, a mask of those that need not be looked at."""


def silent() -> None:
    """Progress that nobody watches."""


class _HashOf(dict[str, int]):
    """The hash of each word, of its content, so that it is the same in every run; Python's own hash is not. Not all that came
    are remembered."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _KNOWN:
            self.clear()
        found = self[word] = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "little")
        return found


class Likeness:
    """Keeps of each article its shingles and words as 32-bit hashes, in temporary files; articles are known by number.

    Two different shingles of two articles of 500 words have the same hash in one of 17,000 pairs of articles, which moves
    their likeness by .001; no pair is lost by it.
    """

    def __init__(self) -> None:
        self._shingles, self._words, self._counts = Sets(), Sets(), Sets()
        self._hash_of = _HashOf()

    def __len__(self) -> int:
        return len(self._shingles)

    def add(self, text: str, outside: Sequence[Fragment] = ()) -> None:
        """Take the words of an article; `outside` is page furniture, which says nothing of what it is about."""
        import numpy as np  # 0.1 s that only splits and checks pay  # noqa: PLC0415

        words = _WORD.findall(_inside(text, outside).casefold())
        hashes = np.fromiter(map(self._hash_of.__getitem__, words), np.uint32, len(words))
        kept, counts = np.unique(hashes, return_counts=True)
        self._shingles.append(_shingles(hashes))
        self._words.append(kept)
        self._counts.append(counts.astype(np.uint32))

    def copies(self, least: float = COPIES, tick: Tick = silent) -> Iterator[Pair]:
        """Pairs of articles that have at least this share of their shingles in common, each with the share.

        Not every such pair, but enough to tie together all that are linked by a chain of them: of hundreds of copies of
        one article each is named with one other. An article shorter than a shingle is like those with the same words.
        `tick` is called now and then and may raise to stop.
        """
        yield from joined(self._shingles, least, tick)

    def copied(self, one: int, other: int) -> bool:
        """Whether two articles are such a pair."""
        return alike(self._shingles[one], self._shingles[other]) >= COPIES

    def stories(
        self, least: float = STORY, tick: Tick = silent, settled: Settled | None = None
    ) -> Iterator[Pair]:
        """Pairs of articles whose words are this like, each with the cosine; those that are `settled` are passed over."""
        yield from _stories(self._words, self._counts, least, tick, settled)


def _inside(text: str, outside: Sequence[Fragment]) -> str:
    if not outside:
        return text
    parts, last = [], 0
    for start, end in outside:
        parts.append(text[last:start])
        last = end
    return "\n".join([*parts, text[last:]])


def _shingles(hashes: Hashes) -> Hashes:
    """The sorted hashes of all runs of three words; of a shorter text the hash of all of it."""
    import numpy as np  # noqa: PLC0415

    if not len(hashes):
        return hashes
    words = hashes.astype(np.uint64)
    size = min(_SHINGLE, len(words))
    mixed: NDArray[np.uint64] = np.full(len(words) - size + 1, size, np.uint64)
    for place in range(size):
        mixed = (mixed ^ words[place : len(words) - size + 1 + place]) * np.uint64(_MIX[place])
        mixed ^= mixed >> np.uint64(29)
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32))


def _stories(held: Sets, counts: Sets, least: float, tick: Tick, settled: Settled | None) -> Iterator[Pair]:
    import numpy as np  # noqa: PLC0415

    if len(held) < 2:
        return
    words, often = np.unique(held.run(0, len(held)), return_counts=True)
    rarity = np.log(len(held) / often)
    vectors = [_vector(held[n], counts[n], words, rarity) for n in range(len(held))]
    postings = _Postings(vectors, often, least)
    mine = np.zeros(len(words))
    for number, (terms, weights) in enumerate(vectors):
        tick()
        sums = postings.sums(terms, weights, number)
        most = sums + postings.rest(terms, weights, number)
        others = np.flatnonzero(most >= least - _ROUNDING)
        if settled:
            others = others[~settled(number, others, most[others])]
        mine[terms] = weights
        for start in range(0, len(others), _AT_ONCE):
            some = others[start : start + _AT_ONCE]
            alike = sums[some] + postings.left(some, mine)
            for other in _open(number, some, alike, least, settled):
                # Summed exactly, so that no machine's order of adding decides.
                exact = math.fsum(mine[vectors[other][0]] * vectors[other][1])
                if exact >= least:
                    yield other, number, exact
        mine[terms] = 0


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


def _vector(found: Hashes, counts: Hashes, words: Hashes, rarity: Any) -> tuple[Any, Any]:
    """The numbers of an article's words, ascending, and their weights: a vector of length 1, or 0 without rare words."""
    import numpy as np  # noqa: PLC0415

    terms = np.searchsorted(words, found)
    weights = (1 + np.log(counts)) * rarity[terms]
    length = math.sqrt(math.fsum(weights * weights))
    return terms, weights / length if length else weights


class _Postings:
    """For each word the articles that have it; of each article its most frequent words are left out, as long as their length
    stays well below 1: what they can add to a cosine is at most the product of their length and that of the same words of
    the other article (Cauchy's inequality)."""

    def __init__(self, vectors: Sequence[tuple[Any, Any]], often: Any, least: float) -> None:
        import numpy as np  # noqa: PLC0415

        self._rank = np.empty(len(often), np.int64)
        self._rank[np.lexsort((np.arange(len(often)), -often))] = np.arange(len(often))
        self._length = np.zeros(len(vectors))
        self._last = np.full(len(vectors), -1)
        terms_in, numbers, weights_in = [], [], []
        left = []
        for number, (terms, weights) in enumerate(vectors):
            order = np.argsort(self._rank[terms])
            added = np.cumsum(weights[order] ** 2)
            cut = int(np.searchsorted(added, _TAIL * least))
            if cut:
                self._length[number] = math.sqrt(added[cut - 1])
                self._last[number] = self._rank[terms[order[cut - 1]]]
            left.append((terms[order[:cut]], weights[order[:cut]]))
            kept = order[cut:]
            terms_in.append(terms[kept])
            weights_in.append(weights[kept])
            numbers.append(np.full(len(kept), number))
        self._left_terms = np.concatenate([terms for terms, _ in left])
        self._left_weights = np.concatenate([weights for _, weights in left])
        self._left_starts = np.cumsum([0, *(len(terms) for terms, _ in left)])
        flat = np.concatenate(terms_in)
        # By word, then by article: those before an article are then the first of a word's postings.
        order = np.lexsort((np.concatenate(numbers), flat))
        self._numbers = np.concatenate(numbers)[order]
        self._weights = np.concatenate(weights_in)[order]
        self._starts = np.searchsorted(flat[order], np.arange(len(often) + 1))
        self._used = np.zeros(len(often), np.int64)

    def rest(self, terms: Any, weights: Any, number: int) -> Any:
        """For each article before `number` what the words left out of the index can add at most."""
        import numpy as np  # noqa: PLC0415

        ranks = self._rank[terms]
        order = np.argsort(ranks)
        lengths = np.sqrt(np.concatenate(([0.0], np.cumsum(weights[order] ** 2))))
        shared = np.searchsorted(ranks[order], self._last[:number], side="right")
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

    def sums(self, terms: Any, weights: Any, number: int) -> Any:
        """For each article before `number` what the indexed words add to its cosine with it; called in ascending order."""
        import numpy as np  # noqa: PLC0415

        counts, starts = self._used[terms], self._starts[terms]
        places = _ranges(starts, counts)
        sums = np.bincount(
            self._numbers[places], np.repeat(weights, counts) * self._weights[places], minlength=number
        )
        own = terms[(starts + counts < self._starts[terms + 1])]
        self._used[own] += self._numbers[self._starts[own] + self._used[own]] == number
        return sums


def _ranges(starts: Any, counts: Any) -> Any:
    """The numbers of all these ranges, one behind the other."""
    import numpy as np  # noqa: PLC0415

    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
