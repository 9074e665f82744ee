"""How many different texts there are among many, however many and long they are: of each its hash, in a temporary file."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.scratch import Scratch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Texts that wait to be sorted.
_WAITING = 65_536
# Hashes are counted in so many parts of their range, one after the other.
_PARTS = 16


class Distinct:
    """A set of texts of which only the number, and that of those in common with another, is asked.

    Told apart by Python's 64-bit hashes, which differ between any two of ten million texts with a chance of 99.9997 %.
    """

    def __init__(self) -> None:
        self._waiting = array("q")
        self._scratch = Scratch()
        # Of each sorted run where its parts begin in the file, and where the last one ends.
        self._runs: list[list[int]] = []
        self._counted = (0, 0)

    def add(self, text: str) -> None:
        self._waiting.append(hash(text))
        if len(self._waiting) >= _WAITING:
            self._put_away()

    def __len__(self) -> int:
        self._put_away()
        if self._counted[0] != len(self._runs):
            self._counted = len(self._runs), sum(map(len, self._parts()))
        return self._counted[1]

    def common(self, other: Distinct) -> int:
        """How many of these texts are among the others too."""
        import numpy as np  # 0.1 s that only exports pay  # noqa: PLC0415

        pairs = zip(self._parts(), other._parts(), strict=True)
        return sum(len(np.intersect1d(mine, theirs, assume_unique=True)) for mine, theirs in pairs)

    def __or__(self, other: Distinct) -> Distinct:
        made = Distinct()
        for held in (self, other):
            for part in held._parts():
                made._waiting.frombytes(part.tobytes())
                made._put_away()
        return made

    def _put_away(self) -> None:
        import numpy as np  # noqa: PLC0415

        if self._waiting:
            hashes = np.unique(np.frombuffer(self._waiting, np.int64))
            start = self._scratch.put(hashes.tobytes())
            ends = np.searchsorted(hashes >> 60, np.arange(-_PARTS // 2, _PARTS // 2 + 1))
            self._runs.append((start + 8 * ends).tolist())
            self._waiting = array("q")

    def _parts(self) -> Iterator[NDArray[np.int64]]:
        """The hashes of each part in order, each once."""
        import numpy as np  # noqa: PLC0415

        self._put_away()
        for part in range(_PARTS):
            found = b"".join(self._scratch.get(run[part], run[part + 1] - run[part]) for run in self._runs)
            yield np.unique(np.frombuffer(found, np.int64))
