"""What is done to a project while nobody waits: its history is kept small, a slice at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop import compaction
from desktop.errors import UserError
from desktop.session import Session

if TYPE_CHECKING:
    from ui.window import MainWindow

_REST = 5_000  # ms without a step until it begins
_PAUSE = 100  # ms between two slices


class Upkeep:
    """Begins when the person has come to rest, and gives way to whatever else is to be done."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._timer = QTimer(window, singleShot=True, interval=_REST)
        self._timer.timeout.connect(self._slice)
        window.work.step_done.connect(self.start)

    def start(self) -> None:
        """A project was opened, or changed."""
        self._timer.start(_REST)

    @property
    def waiting(self) -> bool:
        """Whether it will look whether there is something to do."""
        return self._timer.isActive()

    def _slice(self) -> None:
        window = self._window
        if not window.project or window.project.locked or window.work.held:
            return
        if window.work.pending:
            self._timer.start(_PAUSE)
        else:
            window.work.do(_compact, then=self._done, failed=self._failed)

    def _done(self, more: bool) -> None:
        if more:
            self._timer.start(_PAUSE)

    def _failed(self, error: BaseException) -> None:
        """What the disk refuses is said when a label is refused: this can wait for another day."""
        if not isinstance(error, UserError):
            self._window.work.failed.emit(error)


def _compact(session: Session) -> bool:
    """One slice of it, if it is time; whether there is more to do."""
    if not compaction.due(session.store):
        return False
    compaction.compact(session)
    return compaction.due(session.store)
