"""The store thread as the window sees it: calls go out in order, answers come back on the window's thread.

One thread owns the project's connection and nothing in the window waits for it. Calls are counted, those that write
apart, so that the status line can tell the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from desktop.errors import Cancelled
from desktop.session import Session

Done = Callable[[Any], None]


class Work(QObject):
    """Runs functions on the store thread.

    `step_done` carries the Changed of each step, `progressed` (done, total) of long work, `failed` an exception that
    no caller asked for.
    """

    step_done = Signal(object)
    progressed = Signal(int, int)
    failed = Signal(object)
    pending_changed = Signal()
    _answered = Signal(object, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.pending = 0
        self.writing = 0
        self._session: Session | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._asked = 0  # calls given to the store thread so far
        self._running = 0  # the one it is at
        self._stopped = 0  # up to this one they are to stop
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def open(self, make: Callable[[], Session], then: Done, failed: Done | None = None) -> None:
        """Open or make a project, and close the one that was open only when that has worked."""

        def switch() -> None:
            session = make()
            self._close_project()
            session.listeners.append(self.step_done.emit)
            self._session = session

        self._call(switch, then, failed, writing=False)

    def do(
        self, function: Callable[..., Any], *args: Any, then: Done | None = None, failed: Done | None = None,
        writing: bool = False, **named: Any,
    ) -> None:  # fmt: skip
        """Call `function(session, …)` on the store thread; `writing` where it changes data."""
        self._call(lambda: function(self._open_session(), *args, **named), then, failed, writing=writing)

    def read(self, function: Callable[..., Any], *args: Any, then: Done, failed: Done | None = None) -> None:
        """Call `function(store, …)` on the store thread."""
        self._call(lambda: function(self._open_session().store, *args), then, failed, writing=False)

    def close_project(self, then: Done) -> None:
        self._call(self._close_project, then, None, writing=False)

    def cancel(self) -> None:
        """Ask the long work that runs, or waits to run, to stop; it ends with Cancelled."""
        self._stopped = self._asked

    def report_progress(self, done: int, total: int = 0) -> None:
        """For long work to call between two pieces of it: tells the window, and stops if the person wants to."""
        self.progressed.emit(done, total)
        if self._running <= self._stopped:
            raise Cancelled

    def close(self) -> None:
        """Finish what is queued, close the project, end the thread."""
        self._pool.submit(self._close_project)
        self._pool.shutdown(wait=True)

    def _call(
        self, function: Callable[[], Any], then: Done | None, failed: Done | None, *, writing: bool
    ) -> None:
        self._count(1, writing=writing)
        self._asked += 1
        self._pool.submit(self._run, self._asked, function, then, failed or self.failed.emit, writing)

    def _count(self, step: int, *, writing: bool) -> None:
        self.pending += step
        self.writing += step if writing else 0
        self.pending_changed.emit()

    def _close_project(self) -> None:
        if self._session:
            self._session.store.close()
            self._session = None

    def _open_session(self) -> Session:
        assert self._session, "no project is open"
        return self._session

    def _run(
        self, call: int, function: Callable[[], Any], then: Done | None, failed: Done, writing: bool
    ) -> None:
        self._running = call
        try:
            result = function()
        except BaseException as error:  # whatever it is, the window's thread must hear of it
            self._answered.emit(failed, error, writing)
        else:
            self._answered.emit(then, result, writing)

    def _deliver(self, callback: Done | None, result: Any, writing: bool) -> None:
        self._count(-1, writing=writing)
        if callback:
            callback(result)
