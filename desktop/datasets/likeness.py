"""Which articles are copies of each other, and which may tell the same story; found from their words alone.

Copies: the share of word triples (shingles) that two articles have in common (Jaccard, Broder 1997, "On the resemblance
and containment of documents"). Stories: the cosine of word counts weighted by rarity. Both are joined exactly.

Words are told apart by case-folded form, so that the order in which articles are added makes no difference to any result.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from desktop.datasets import cosines, setjoin
from desktop.datasets.cosines import Settled
from desktop.datasets.setjoin import Pair, Sets, Tick
from desktop.model import Fragment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.datasets.setjoin import Hashes

# Half of the word triples in common: one text was made from the other. Independent reports share hardly one in a hundred.
COPIES = 0.5
# Four fifths of a text of a paragraph and more: it stands in the other, with much added. What stands in more than twenty is rather
# what sites repeat, and would tie all their pages together.
WITHIN = setjoin.Within(0.8, 40, 20)
# Where reports of one event begin to be told from others: precision .9, recall .8 on news by three outlets.
STORY = 0.25
# Scripts written without blanks: there each character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_SHINGLE = 3
# Words whose hashes are remembered.
_KNOWN = 100_000
# Knuth's and Vigna's odd multipliers, to mix the three words of a shingle.
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


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
        """Pairs of articles that have at least this share of their shingles in common, or of which one lies within the other
        (the share is then that of the shorter one), each with the share.

        Not every such pair, but enough to tie together all that are linked by a chain of them: of hundreds of copies of
        one article each is named with one other. An article shorter than a shingle is like those with the same words.
        `tick` is called now and then and may raise to stop.
        """
        yield from setjoin.joined(self._shingles, least, tick, WITHIN)

    def copied(self, one: int, other: int) -> bool:
        """Whether two articles are such a pair."""
        mine, theirs = self._shingles[one], self._shingles[other]
        return setjoin.alike(mine, theirs) >= COPIES or WITHIN.share(mine, theirs) >= WITHIN.least

    def stories(
        self, least: float = STORY, tick: Tick = silent, settled: Settled | None = None
    ) -> Iterator[Pair]:
        """Pairs of articles whose words are this like, each with the cosine; those that are `settled` are passed over."""
        yield from cosines.joined(self._words, self._counts, least, tick, settled)


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
