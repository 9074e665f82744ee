"""What is tied together by any chain of pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Tied:
    """Groups of numbers: `of` holds for each the group it is in, which is one of the numbers in it."""

    of: NDArray[np.int64]

    def __init__(self, count: int) -> None:
        import numpy as np  # 0.1 s that only splits and checks pay  # noqa: PLC0415

        self.of = np.arange(count)
        self._members: dict[int, list[int]] = {}

    def tie(self, one: int, other: int) -> int:
        """Make the groups of the two one group, and return it. Any n ties take n log n steps: the smaller one is relabelled."""
        kept, gone = int(self.of[one]), int(self.of[other])
        if kept != gone:
            mine, theirs = (self._members.pop(top, [top]) for top in (kept, gone))
            if len(mine) < len(theirs):
                kept, mine, theirs = gone, theirs, mine
            self.of[theirs] = kept
            mine += theirs
            self._members[kept] = mine
        return kept

    def together(self) -> Collection[list[int]]:
        """The groups, in the order of their smallest numbers."""
        found: dict[int, list[int]] = defaultdict(list)
        for number, top in enumerate(self.of.tolist()):
            found[top].append(number)
        return found.values()
