"""Progress of an export: articles written and read back, of all that will be."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


class Steps:
    """Counts articles through writing and verifying; the total is 0 while it is not known."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = self._limit = self._total = 0

    def expect(self, total: int) -> None:
        self._total = total

    def phase(self, count: int) -> None:
        """Begin with the next `count` articles; a writer that goes through them twice does not run ahead."""
        self._done = self._limit
        self._limit += count

    def forget(self, count: int) -> None:
        """The last `count` articles have to be gone through again."""
        self._limit -= count

    def tick(self) -> None:
        self._done = min(self._done + 1, self._limit)
        self._progress(self._done, self._total)
