"""Whether two texts are nearly the same: their shingles, runs of four words, and a sketch of them that can be looked up.

The sketch is the smallest few hashes of the shingles (MinHash with one permutation; Broder, "On the resemblance and
containment of documents", 1997): texts that share half of their shingles share one of these nearly always, others
nearly never. It finds candidates; `resemblance` decides.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import pairwise
from zlib import crc32

from desktop.text import Bounds

NEARLY = 0.5
"""The share of shingles from which on two texts are nearly the same: about one word in ten was changed."""
_SKETCH = 6
_FEWEST = 12
# Scripts without blanks between words have none as long as this on average.
_LONGEST_WORD = 15


def shingles(text: str, outside: Sequence[Bounds] = ()) -> set[int]:
    """The hashes of all runs of four words, case ignored, page furniture left out; empty for a text of a few words."""
    if outside:
        edges = [0, *(edge for bounds in outside for edge in bounds), len(text)]
        text = " ".join(text[start:end] for start, end in list(pairwise(edges))[::2])
    words: Sequence[bytes] = text.casefold().encode().split()
    if len(words) * _LONGEST_WORD < len(text):
        words = [char.encode() for char in text if not char.isspace()]
    if len(words) < _FEWEST:
        return set()
    return set(map(crc32, map(b" ".join, zip(words, words[1:], words[2:], words[3:], strict=False))))


def sketch(found: Iterable[int]) -> list[int]:
    """The few hashes by which a text is looked up."""
    return heapq.nsmallest(_SKETCH, found)


def resemblance(one: set[int], other: set[int]) -> float:
    """The share of shingles that two texts have in common, 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0
