"""What is too much to hold, in nameless temporary files, which go with the objects: bytes, and piles of things."""

from __future__ import annotations

import heapq
import pickle
import tempfile
import weakref
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from desktop.errors import UserError

# Bytes that are held before there is a file.
_HELD = 1 << 18
# Things of a pile that are held before they are written together.
_TOGETHER = 4096
T = TypeVar("T")


class Scratch:
    """Bytes put away one behind the other, to be fetched from where they lie. Both raise UserError where there is no room
    for temporary files."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_HELD, prefix="tagline-")  # noqa: SIM115  # closed with this object
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._at_end = True

    def put(self, data: bytes) -> int:
        """Returns where they lie."""
        start = self._end
        try:
            if not self._at_end:
                self._file.seek(start)
                self._at_end = True
            self._file.write(data)
        except OSError as error:
            raise _no_room(error) from error
        self._end += len(data)
        return start

    def get(self, start: int, size: int) -> bytes:
        self._at_end = False
        try:
            self._file.seek(start)  # writes what was still on its way
            return self._file.read(size)
        except OSError as error:
            raise _no_room(error) from error


def _no_room(error: OSError) -> UserError:
    reason = (error.strerror or "unknown error").lower()
    return UserError(f"there is no room in {tempfile.gettempdir()}: {reason}", "make room there")


class Pile(Generic[T]):
    """Things in the order they came, to be gone through any number of times; all but the last few lie in a file."""

    def __init__(self, scratch: Scratch | None = None, together: int | None = None) -> None:
        self._scratch = scratch or Scratch()
        self._together = together or _TOGETHER
        self._held: list[T] = []
        self._places: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._places) * self._together + len(self._held)

    def __iter__(self) -> Iterator[T]:
        for some in self._lots():
            yield from some

    def append(self, thing: T) -> None:
        self._held.append(thing)
        if len(self._held) >= self._together:
            packed = zlib.compress(pickle.dumps(self._held, pickle.HIGHEST_PROTOCOL), 1)
            self._places.append((self._scratch.put(packed), len(packed)))
            self._held = []

    def in_order(self, key: Callable[[T], Any]) -> Iterator[T]:
        """All of them sorted: merged from sorted lots, of which a few things each are held."""
        runs = []
        for some in self._lots():
            runs.append(Pile[T](self._scratch, 64))
            for thing in sorted(some, key=key):
                runs[-1].append(thing)
        return heapq.merge(*runs, key=key)

    def _lots(self) -> Iterator[list[T]]:
        held = list(self._held)
        for start, size in list(self._places):
            # Our own file, which nobody else sees.
            yield pickle.loads(zlib.decompress(self._scratch.get(start, size)))
        yield held


def filled(things: Iterable[T]) -> Pile[T]:
    """A pile of these."""
    made = Pile[T]()
    for thing in things:
        made.append(thing)
    return made
