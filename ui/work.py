"""The store thread as the window sees it: calls go out in order, answers come back on the window's thread.

One thread owns the project's connection and nothing in the window waits for it. Calls are counted, those that write
apart, so that the status line can tell the truth. A change that the disk refuses is not dropped: it and those behind it
are held until they can be saved, here or in a copy elsewhere.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from desktop.errors import Cancelled, UserError
from desktop.session import Session
from desktop.store import copying
from desktop.store.header import FAULTS
from desktop.store.store import Store

Done = Callable[[Any], None]
# Seconds that one thread of Python works before another one that waits has its turn. Painting asks for turns again and
# again: with Python's own 5 ms a page that takes 20 ms to paint took 150 while the store thread searched. Windows waits
# for whole milliseconds only.
_TURN = 0.001 if sys.platform == "win32" else 0.000_1
_Answer = tuple[Done | None, Any, bool]


@dataclass(frozen=True)
class _Call:
    """What the store thread is to do; `alone` is what must not run in the middle of another call.

    `others` are done right after it, and all is answered at once. `held` is a change that waits when the disk refuses it; whoever hears of failures decides for itself.
    """

    number: int
    function: Callable[[], Any]
    then: Done | None
    failed: Done
    writing: bool
    alone: bool
    held: bool
    others: tuple[_Call, ...] = ()


class Work(QObject):
    """Runs functions on the store thread.

    `step_done` carries the Changed of each step, `progressed` (done, total) of long work, `failed` an exception that
    no caller asked for, `moved` comes when the project was opened anew under it, `held_changed` tells how many changes wait for the disk and the UserError that says why (or None).
    """

    step_done = Signal(object)
    moved = Signal()
    progressed = Signal(int, int)
    failed = Signal(object)
    pending_changed = Signal()
    held_changed = Signal(int, object)
    _answered = Signal(object)
    _late = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        sys.setswitchinterval(_TURN)
        self.pending = 0
        self.writing = 0
        self.held = 0
        self._session: Session | None = None
        self._asked = 0  # calls given to the store thread so far
        self._running = 0  # the one it is at
        self._stopped = 0  # up to this one they are to stop
        self._held: list[_Call] = []
        self._gathered: list[_Call] | None = None
        self._why: UserError | None = None
        self._queue: deque[_Call | None] = deque()
        self._arrived = threading.Condition()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._late.connect(lambda then, result: then(result), Qt.ConnectionType.QueuedConnection)
        self.held_changed.connect(self._count_held, Qt.ConnectionType.QueuedConnection)
        # Called on the store thread before a project is closed; what it returns is done beside, when it is closed.
        self.before_closing: Callable[[Session], Callable[[], object] | None] = lambda session: None
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._thread = threading.Thread(target=self._serve, name="store", daemon=True)
        self._thread.start()

    def open(self, make: Callable[[], Session], then: Done, failed: Done | None = None) -> None:
        """Open or make a project, and close the one that was open only when that has worked."""

        def switch() -> None:
            session = make()
            self._close_project()
            self._take(session)

        self._call(switch, then, failed, alone=True)

    def do(
        self, function: Callable[..., Any], *args: Any, then: Done | None = None, failed: Done | None = None,
        writing: bool = False, alone: bool = False, **named: Any,
    ) -> None:  # fmt: skip
        """Call `function(session, …)` on the store thread; `writing` where it changes data.

        What is to be done `alone` never runs between two pieces of other work.
        """
        self._call(
            lambda: function(self._open_session(), *args, **named), then, failed, writing=writing, alone=alone
        )

    def call(self, function: Callable[[], Any], then: Done, failed: Done | None = None) -> None:
        """Call a function on the store thread that has to do with another file than the project's."""
        self._call(function, then, failed, alone=True)

    def read(self, function: Callable[..., Any], *args: Any, then: Done, failed: Done | None = None) -> None:
        """Call `function(store, …)` on the store thread."""
        self._call(lambda: function(self._open_session().store, *args), then, failed)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is read inside is read in one go and answered at once: the window is painted once for all of it."""
        self._gathered = []
        try:
            yield
        finally:
            calls, self._gathered = self._gathered, None
            if calls:
                self._put(replace(calls[0], others=tuple(calls[1:])))

    def beside(
        self, function: Callable[[], Any], then: Done | None = None, failed: Done | None = None
    ) -> None:
        """Call a function that needs no project on a thread of its own, after those asked for before."""
        self._beside.submit(self._run_beside, function, then or _nobody, failed or self.failed.emit)

    def replace(self, make: Callable[[], Session], then: Done, failed: Done | None = None) -> None:
        """Close the project, and open what `make` puts in its place; if that fails, open it again as it was."""

        def swap() -> None:
            before = self._open_session()
            self._close_project()
            try:
                session = make()
            except BaseException:
                self._take(Session(Store.open(before.store.path), before.annotator))
                raise
            self._take(session)

        self._call(swap, then, failed, alone=True)

    def close_project(self, then: Done) -> None:
        self._call(self._close_project, then, None, alone=True)

    def retry(self) -> None:
        """Try again to save what is held."""
        self._call(self._retry, None, None, alone=True)

    def drop_held(self) -> None:
        """Give up what could not be saved."""
        self._call(self._drop_held, None, None, alone=True)

    def save_copy(self, target: Path, then: Done, failed: Done | None = None) -> None:
        """Save everything made so far in a copy. Where changes are held, work goes on in the copy, with them.

        `then` hears whether it does.
        """
        self._call(lambda: self._save_copy(target), then, failed, alone=True)

    def cancel(self) -> None:
        """Ask the long work that runs, or waits to run, to stop; it ends with Cancelled."""
        self._stopped = self._asked

    def report_progress(self, done: int, total: int = 0) -> None:
        """For long work to call between two pieces of it: tells the window, and stops if the person wants to."""
        self.progressed.emit(done, total)
        if self._running <= self._stopped:
            raise Cancelled

    def between(self, done: int, total: int) -> None:
        """For long work that leaves the project alone between two pieces of it: the calls that wait are done now."""
        running = self._running
        while True:
            with self._arrived:
                if not self._queue or self._queue[0] is None or self._queue[0].alone:
                    break
                call = self._queue.popleft()
            assert call
            self._run(call)
        self._running = running

    def yielding(self, done: int, total: int) -> None:
        """As `between`, for work that can be done another time: it gives way to what must be done alone."""
        self.between(done, total)
        with self._arrived:
            if self._queue:
                raise Cancelled

    def close(self) -> None:
        """Finish what is queued, close the project, end the thread."""
        self._put(
            _Call(self._asked, self._close_project, None, _nobody, writing=False, alone=True, held=False)
        )
        self._put(None)
        self._thread.join()
        self._beside.shutdown(wait=True)

    # On the window's thread

    def _call(
        self, function: Callable[[], Any], then: Done | None, failed: Done | None, *, writing: bool = False,
        alone: bool = False,
    ) -> None:  # fmt: skip
        self._count(1, writing=writing)
        self._asked += 1
        held = writing and failed is None
        call = _Call(self._asked, function, then, failed or self.failed.emit, writing, alone, held)
        if self._gathered is None or writing or alone:
            self._put(call)
        else:
            self._gathered.append(call)

    def _put(self, call: _Call | None) -> None:
        with self._arrived:
            self._queue.append(call)
            self._arrived.notify()

    def _count(self, step: int, *, writing: bool) -> None:
        self.pending += step
        self.writing += step if writing else 0
        self.pending_changed.emit()

    def _deliver(self, answers: list[_Answer]) -> None:
        for callback, result, writing in answers:
            self._count(-1, writing=writing)
            if callback:
                callback(result)

    def _count_held(self, count: int, error: UserError | None) -> None:
        self.held = count

    # On the store thread

    def _serve(self) -> None:
        while True:
            with self._arrived:
                self._arrived.wait_for(lambda: self._queue)
                call = self._queue.popleft()
            if call is None:
                return
            self._run(call)

    def _run(self, call: _Call) -> None:
        self._answered.emit([self._answer(one) for one in (call, *call.others)])

    def _answer(self, call: _Call) -> _Answer:
        self._running = call.number
        try:
            if call.writing and self._why:  # in its turn, after those that wait
                raise self._why
            result = call.function()
        except UserError as error:
            if call.held and error.kind in FAULTS:
                self._hold(call, error)
                return None, None, call.writing
            return call.failed, error, call.writing
        except Cancelled as error:
            # What the work held goes with its frames, here and not in the window.
            return call.failed, error.with_traceback(None), call.writing
        except BaseException as error:  # whatever it is, the window's thread must hear of it
            return call.failed, error, call.writing
        return call.then, result, call.writing

    def _hold(self, call: _Call, error: UserError) -> None:
        self._held.append(call)
        self._why = error
        self.held_changed.emit(len(self._held), self._why)

    def _retry(self) -> None:
        try:
            if self._open_session().store.revive():
                self._held.pop(0)  # the disk had taken it after all
                self.moved.emit()
            while self._held:
                self._do_held(self._held[0])
                self._held.pop(0)
            self._why = None
        except UserError as error:
            self._why = error if self._held else None
        self.held_changed.emit(len(self._held), self._why)

    def _do_held(self, call: _Call) -> None:
        """Raises UserError where the disk still refuses it; any other answer is the call's."""
        try:
            self._late.emit(call.then or _nobody, call.function())
        except Exception as error:
            if isinstance(error, UserError) and error.kind in FAULTS:
                raise
            self._late.emit(call.failed, error)

    def _drop_held(self) -> None:
        self._held.clear()
        self._why = None
        self.held_changed.emit(0, None)

    def _save_copy(self, target: Path) -> bool:
        session = self._open_session()
        copying.save_copy(session.store, target, self.between)
        if not self._held and session.store.is_there():
            return False
        store = Store.open(target)
        session.store.close()
        session.store = store
        self.moved.emit()
        self._retry()
        return True

    def _take(self, session: Session) -> None:
        session.listeners.append(self.step_done.emit)
        self._session = session

    def _close_project(self) -> None:
        session, self._session = self._session, None
        if session:
            try:
                then = self.before_closing(session)
            finally:
                session.store.close()
            if then:
                self.beside(then)

    def _run_beside(self, function: Callable[[], Any], then: Done, failed: Done) -> None:
        try:
            answer, result = then, function()
        except BaseException as error:  # whatever it is, the window's thread must hear of it
            answer, result = failed, error
        self._late.emit(answer, result)

    def _open_session(self) -> Session:
        assert self._session, "no project is open"
        return self._session


def _nobody(result: Any) -> None:
    """Where no caller waits for the answer."""
