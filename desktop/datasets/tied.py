"""What is tied together by any chain of pairs."""

from __future__ import annotations


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
