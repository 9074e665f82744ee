"""What is too much to hold: bytes in a nameless temporary file, which goes with the object. A little never gets there."""

from __future__ import annotations

import tempfile
import weakref

from desktop.errors import UserError

# Bytes that are held before there is a file.
_HELD = 1 << 18


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
