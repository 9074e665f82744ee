"""What the next frame does not need waits for a lull, so that a key that is pressed meanwhile comes first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

_PAUSE = 15  # ms without anything new
_MOST = 200  # ms that it waits at most


class Lull(QObject):
    """Calls a function once when nothing has asked for it for a moment and `busy` says no; at the latest after 200 ms."""

    def __init__(
        self, parent: QObject, function: Callable[[], object], busy: Callable[[], object] = bool
    ) -> None:
        super().__init__(parent)
        self._function, self._busy = function, busy
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._look)

    def ask(self) -> None:
        if not self._timer.isActive():
            self._since.start()
            self._timer.start()
        elif self._since.elapsed() < _MOST:
            self._timer.start()

    def stop(self) -> None:
        """Forget that it was asked for."""
        self._timer.stop()

    def _look(self) -> None:
        if self._busy() and self._since.elapsed() < _MOST:
            self._timer.start()
        else:
            self._function()
