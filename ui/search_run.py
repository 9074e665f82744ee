"""One search at a time, asked for slice by slice, so that labels are stored in between and it can be left at any time."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.searching import Slice
from desktop.store.store import Store
from ui.work import Work


class Search(Protocol):
    """What is asked, on the store thread, until it is done."""

    def slice(self, store: Store) -> Slice: ...


# After the first hits are shown, so many milliseconds pass until more of them are: each time the table is painted anew.
_REST = 150


class SearchRun(QObject):
    """`found` carries what was found since the last time, `failed` what went wrong; `running` until all is told."""

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._search: Search | None = None
        self._kept: Slice | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._tell)

    @property
    def running(self) -> bool:
        return self._search is not None

    def start(self, search: Search) -> None:
        """Begin a search; the one that runs is left."""
        self.stop()
        self._search = search
        self._next(search)

    def stop(self) -> None:
        self._search = self._kept = None
        self._rest.stop()

    def _next(self, search: Search) -> None:
        self._work.read(
            search.slice,
            then=lambda found: self._take(search, found),
            failed=lambda error: self._fail(search, error),
        )

    def _take(self, search: Search, found: Slice) -> None:
        if search is not self._search:
            return
        self._kept = found if self._kept is None else _joined(self._kept, found)
        if found.done:
            self._search = None
            self._tell()
            return
        if self._rest.isActive():
            self._next(search)
        else:
            self._tell()
            self._rest.start()
            # Painted first: both at once would take turns, and the window stand still for longer.
            QTimer.singleShot(0, self, lambda: self._next(search) if search is self._search else None)

    def _tell(self) -> None:
        found, self._kept = self._kept, None
        if found:
            self.found.emit(found)

    def _fail(self, search: Search, error: BaseException) -> None:
        if search is self._search:
            self._tell()
            self.stop()
            self.failed.emit(error)


def _joined(one: Slice, other: Slice) -> Slice:
    """What two slices, one after the other, have found."""
    return replace(other, places=[*one.places, *other.places], more=one.more + other.more)
