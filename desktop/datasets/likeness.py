"""Which articles are copies of each other, and which may tell the same story; found from their words alone.

Copies: the share of word triples (shingles) that two articles have in common (Jaccard, Broder 1997, "On the resemblance
and containment of documents"), joined exactly with a prefix filter (Bayardo, Ma & Srikant 2007, "Scaling up all pairs
similarity search"; Xiao et al. 2008, "Efficient similarity joins for near duplicate detection"). Stories: the cosine of
word counts weighted by rarity (Salton & Buckley 1988), joined with a bound on what the common words can add.

Words are told apart by case-folded form, so that the order in which articles are added makes no difference to any result.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.model import Fragment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

# Half of the word triples in common: one text was made from the other. Independent reports share hardly one in a hundred.
COPIES = 0.5
# Where reports of one event begin to be told from others: precision .9, recall .8 on news by three outlets.
STORY = 0.25
# Scripts written without blanks: there each character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_SHINGLE = 3
# How much of the likeness looked for the words left out of the index may make up: more is less to add and more to verify.
_TAIL = 0.75
_ROUNDING = 1e-9
# Knuth's and Vigna's odd multipliers, to mix the three words of a shingle.
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
Tick = Callable[[], object]
Pair = tuple[int, int, float]


def silent() -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class _Article:
    shingles: Hashes
    words: Hashes
    counts: Hashes


class _HashOf(dict[str, int]):
    """The hash of each word, of its content, so that it is the same in every run; Python's own hash is not."""

    def __missing__(self, word: str) -> int:
        found = self[word] = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "little")
        return found


class Likeness:
    """Holds of each article its shingles and words as 32-bit hashes, a few bytes a word; articles are known by number.

    Two different shingles of two articles of 500 words have the same hash in one of 17,000 pairs of articles, which moves
    their likeness by .001; no pair is lost by it.
    """

    def __init__(self) -> None:
        self._articles: list[_Article] = []
        self._hash_of = _HashOf()

    def __len__(self) -> int:
        return len(self._articles)

    def add(self, text: str, outside: Sequence[Fragment] = ()) -> None:
        """Take the words of an article; `outside` is page furniture, which says nothing of what it is about."""
        import numpy as np  # 0.1 s that only splits and checks pay  # noqa: PLC0415

        words = _WORD.findall(_inside(text, outside).casefold())
        hashes = np.fromiter(map(self._hash_of.__getitem__, words), np.uint32, len(words))
        kept, counts = np.unique(hashes, return_counts=True)
        self._articles.append(_Article(_shingles(hashes), kept, counts.astype(np.uint32)))

    def copies(self, least: float = COPIES, tick: Tick = silent) -> Iterator[Pair]:
        """Pairs of articles that have at least this share of their shingles in common, each with the share.

        Not every such pair, but enough to tie together all that are linked by a chain of them: of hundreds of copies of
        one article each is named with one other. An article shorter than a shingle is like those with the same words.
        `tick` is called now and then and may raise to stop.
        """
        yield from _copies([article.shingles for article in self._articles], least, tick)

    def copied(self, one: int, other: int) -> bool:
        """Whether two articles are such a pair."""
        return _alike(self._articles[one].shingles, self._articles[other].shingles) >= COPIES

    def stories(self, least: float = STORY, tick: Tick = silent) -> Iterator[Pair]:
        """Pairs of articles whose words are this like, each with the cosine."""
        yield from _stories([(a.words, a.counts) for a in self._articles], least, tick)


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


def _alike(one: Hashes, other: Hashes) -> float:
    import numpy as np  # noqa: PLC0415

    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common) if common else 0.0


def _copies(sets: Sequence[Hashes], least: float, tick: Tick) -> Iterator[Pair]:
    import numpy as np  # noqa: PLC0415

    sizes = np.array([len(found) for found in sets])
    hashes, articles = _prefixes(sets, sizes, least)
    tied = Tied(len(sets))
    step = 1
    while len(hashes):
        tick()
        # Pairs that stand `step` places apart among the articles that have the same shingle.
        meet = np.flatnonzero(hashes[step:] == hashes[:-step])
        pairs = np.unique(articles[meet] * len(sets) + articles[meet + step])
        ones, others = pairs // len(sets), pairs % len(sets)
        near = np.minimum(sizes[ones], sizes[others]) >= least * np.maximum(sizes[ones], sizes[others])
        for one, other in zip(ones[near].tolist(), others[near].tolist(), strict=True):
            if tied.top(one) != tied.top(other):
                share = _alike(sets[one], sets[other])
                if share >= least:
                    tied.tie(one, other)
                    yield one, other, share
        hashes, articles = _still_apart(hashes, articles, step, tied)
        step += 1


def _prefixes(sets: Sequence[Hashes], sizes: Any, least: float) -> tuple[Any, Any]:
    """The rarest shingles of each article that two articles this alike cannot have all for themselves.

    Of a set of n shingles the rarest n - ceil(least n) + 1 are enough (the prefix filter). Returns those that more than
    one article has, as (hash, article), sorted by hash, then article.
    """
    import numpy as np  # noqa: PLC0415

    if not len(sets):
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    hashes = np.concatenate(sets)
    articles = np.repeat(np.arange(len(sets)), sizes)
    order = np.argsort(hashes, kind="stable")
    hashes, articles = hashes[order], articles[order]
    _, counts = np.unique(hashes, return_counts=True)
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
    return hashes[kept][order], articles[kept][order]


def _still_apart(hashes: Any, articles: Any, step: int, tied: Tied) -> tuple[Any, Any]:
    """Without the shingles whose articles are all tied, or of which there is no pair further apart than `step`."""
    import numpy as np  # noqa: PLC0415

    starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
    counts = np.diff(np.append(starts, len(hashes)))
    groups = np.array(tied.groups())[articles]
    apart = np.minimum.reduceat(groups, starts) != np.maximum.reduceat(groups, starts)
    kept = np.repeat(apart & (counts > step + 1), counts)
    return hashes[kept], articles[kept]


def _stories(articles: Sequence[tuple[Hashes, Hashes]], least: float, tick: Tick) -> Iterator[Pair]:
    import numpy as np  # noqa: PLC0415

    if len(articles) < 2:
        return
    words, often = np.unique(np.concatenate([found for found, _ in articles]), return_counts=True)
    rarity = np.log(len(articles) / often)
    vectors = [_vector(found, counts, words, rarity) for found, counts in articles]
    postings = _Postings(vectors, often, least)
    mine = np.zeros(len(words))
    for number, (terms, weights) in enumerate(vectors):
        tick()
        partial = postings.sums(terms, weights, number)
        mine[terms] = weights
        # What the words left out of the index can add is at most their length.
        for other in np.flatnonzero(partial + postings.rest[:number] >= least - _ROUNDING).tolist():
            parts = mine[vectors[other][0]] * vectors[other][1]
            if parts.sum() >= least - _ROUNDING:
                # Summed exactly, so that no machine's order of adding decides.
                alike = math.fsum(parts)
                if alike >= least:
                    yield other, number, alike
        mine[terms] = 0


def _vector(found: Hashes, counts: Hashes, words: Hashes, rarity: Any) -> tuple[Any, Any]:
    """The numbers of an article's words, ascending, and their weights: a vector of length 1, or 0 without rare words."""
    import numpy as np  # noqa: PLC0415

    terms = np.searchsorted(words, found)
    weights = (1 + np.log(counts)) * rarity[terms]
    length = math.sqrt(math.fsum(weights * weights))
    return terms, weights / length if length else weights


class _Postings:
    """For each word the articles that have it; of each article its most frequent words are left out, while their length
    (`rest`) stays below the likeness looked for: no two articles are that alike by such words alone."""

    def __init__(self, vectors: Sequence[tuple[Any, Any]], often: Any, least: float) -> None:
        import numpy as np  # noqa: PLC0415

        self.rest = np.zeros(len(vectors))
        terms_in, numbers, weights_in = [], [], []
        for number, (terms, weights) in enumerate(vectors):
            order = np.lexsort((terms, -often[terms]))
            added = np.cumsum(weights[order] ** 2)
            cut = int(np.searchsorted(added, (_TAIL * least) ** 2))
            self.rest[number] = math.sqrt(added[cut - 1]) if cut else 0.0
            kept = order[cut:]
            terms_in.append(terms[kept])
            weights_in.append(weights[kept])
            numbers.append(np.full(len(kept), number))
        flat = np.concatenate(terms_in)
        # By word, then by article: those before an article are then the first of a word's postings.
        order = np.lexsort((np.concatenate(numbers), flat))
        self._numbers = np.concatenate(numbers)[order]
        self._weights = np.concatenate(weights_in)[order]
        self._starts = np.searchsorted(flat[order], np.arange(len(often) + 1))
        self._used = np.zeros(len(often), np.int64)

    def sums(self, terms: Any, weights: Any, number: int) -> Any:
        """For each article before `number` what the indexed words add to its cosine with it; called in ascending order."""
        import numpy as np  # noqa: PLC0415

        counts, starts = self._used[terms], self._starts[terms]
        ends = np.cumsum(counts)
        # The postings of all the words, one behind the other.
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
        sums = np.bincount(
            self._numbers[places], np.repeat(weights, counts) * self._weights[places], minlength=number
        )
        own = terms[(starts + counts < self._starts[terms + 1])]
        self._used[own] += self._numbers[self._starts[own] + self._used[own]] == number
        return sums


class Tied:
    """Union-find over numbers: the smallest number that each is tied to by any chain."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def top(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    def tie(self, one: int, other: int) -> None:
        low, high = sorted((self.top(one), self.top(other)))
        self._parent[high] = low

    def groups(self) -> list[int]:
        """The smallest number of the group of each."""
        return [self.top(number) for number in range(len(self._parent))]
