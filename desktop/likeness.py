"""Whether two texts are nearly the same: their shingles, runs of four words, and a sketch of them that can be looked up.

The sketch is the smallest few hashes of the shingles (MinHash with one permutation; Broder, "On the resemblance and
containment of documents", 1997): texts that share half of their shingles share one of these nearly always, others
nearly never. It finds candidates; `resemblance` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from desktop.text import Bounds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Shingles = NDArray[np.uint64]

NEARLY = 0.5
"""The share of shingles from which on two texts are nearly the same: about one word in ten was changed."""
_SKETCH = 6
_FEWEST = 12
# Scripts without blanks between words have none as long as this on average.
_LONGEST_WORD = 15


# Odd numbers without a pattern in their bits, one for each place in a run: its hash is half of the sum of products.
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)


def shingles(text: str, outside: Sequence[Bounds] = ()) -> Shingles:
    """The hashes of all runs of four words, each once and in order, case ignored, page furniture left out; none for a text of a
    few words."""
    import numpy as np  # 0.1 s that only imports pay  # noqa: PLC0415

    if outside:
        edges = [0, *(edge for bounds in outside for edge in bounds), len(text)]
        text = " ".join(text[start:end] for start, end in list(pairwise(edges))[::2])
    words: Sequence[bytes] = text.casefold().encode().split()
    if len(words) * _LONGEST_WORD < len(text):
        words = [char.encode() for char in text if not char.isspace()]
    if len(words) < _FEWEST:
        return np.empty(0, np.uint64)
    hashes = np.fromiter(map(crc32, words), np.uint64, len(words))
    runs, count = np.zeros(len(words) - len(_FACTORS) + 1, np.uint64), len(_FACTORS)
    for place, factor in enumerate(_FACTORS):
        runs += hashes[place : len(hashes) - count + place + 1] * np.uint64(factor)
    found: Shingles = np.unique(runs >> np.uint64(32))
    return found


def sketch(found: Shingles) -> list[int]:
    """The few hashes by which a text is looked up."""
    return [int(value) for value in found[:_SKETCH]]


def resemblance(one: Shingles, other: Shingles) -> float:
    """The share of shingles that two texts have in common, 0 to 1."""
    import numpy as np  # noqa: PLC0415

    both = np.intersect1d(one, other, assume_unique=True).size
    return both / (one.size + other.size - both) if both else 0.0
