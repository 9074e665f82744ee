"""One search at a time, asked for slice by slice, so that labels are stored in between and it can be left at any time."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from desktop.searching import Slice
from desktop.store.store import Store
from ui.work import Work


class Search(Protocol):
    """What is asked, on the store thread, until it is done."""

    def slice(self, store: Store) -> Slice: ...


class SearchRun(QObject):
    """`found` carries one Slice after the other, `failed` what went wrong; `running` until the last of them."""

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._search: Search | None = None

    @property
    def running(self) -> bool:
        return self._search is not None

    def start(self, search: Search) -> None:
        """Begin a search; the one that runs is left."""
        self._search = search
        self._next(search)

    def stop(self) -> None:
        self._search = None

    def _next(self, search: Search) -> None:
        self._work.read(
            search.slice,
            then=lambda found: self._take(search, found),
            failed=lambda error: self._fail(search, error),
        )

    def _take(self, search: Search, found: Slice) -> None:
        if search is not self._search:
            return
        if found.done:
            self._search = None
        else:
            self._next(search)  # the store thread goes on while the window shows this
        self.found.emit(found)

    def _fail(self, search: Search, error: BaseException) -> None:
        if search is self._search:
            self._search = None
            self.failed.emit(error)
