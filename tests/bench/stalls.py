"""How long the window's thread is kept from the next event, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

QUIET = 0.12  # seconds without an answer of the store thread until a stage counts as over


@dataclass(frozen=True)
class Stretch:
    """The longest time without a look at the event queue, in milliseconds of the thread's processor time."""

    stage: str
    busy: float


class Monitor:
    """Hears when a turn of the event loop begins: what the thread has worked since the last one is a stretch.

    It is the processor's time, which does not grow while the loop waits, or other programs run.
    """

    def __init__(self) -> None:
        self.stages: list[Stretch] = []
        self._begun = self._longest = 0.0
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher
        dispatcher.awake.connect(self._turn)

    def _turn(self) -> None:
        now = time.thread_time()
        self._longest = max(self._longest, now - self._begun)
        self._begun = now

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._begun, self._longest = time.thread_time(), 0.0
        yield
        self._turn()
        self.stages.append(Stretch(name, self._longest * 1000))

    def table(self) -> str:
        """The stages, the longest first."""
        rows = sorted(self.stages, key=lambda stretch: -stretch.busy)
        return "\n".join([f"{'stage':42}{'ms':>7}", *(f"{row.stage:42}{row.busy:7.1f}" for row in rows)])


def until(met: Callable[[], object], what: str, seconds: float = 40.0) -> None:
    """Let events be handled until `met`."""
    end = time.monotonic() + seconds
    pulse = QTimer()  # so that waiting for an event comes to an end
    pulse.start(20)
    while not met():
        assert time.monotonic() < end, f"never happened: {what}"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def settle(pending: Callable[[], object], quiet: float = QUIET, most: float = 6.0) -> None:
    """Let events be handled until nothing has been `pending` for a while; long work may go on."""
    since = [time.monotonic()]
    end = since[0] + most

    def calm() -> bool:
        if pending():
            since[0] = time.monotonic()
        return time.monotonic() - since[0] > quiet or time.monotonic() > end

    until(calm, "the store thread is done")
