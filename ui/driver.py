"""A pair of hands and eyes for the tour: real mouse and key events into the window, through the event loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from ui.window import MainWindow

_PATIENCE = 60.0  # seconds until something that should happen counts as not happening
_NONE = Qt.KeyboardModifier.NoModifier


def _pass_time() -> None:
    """A moment for the event loop, and one for the other threads: while Qt waits it holds on to the interpreter."""
    QTest.qWait(2)
    time.sleep(0.01)


class Driver:
    """Offsets are code points of the article in view."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self._folder = folder
        self._pictures = 0

    def wait(self, met: Callable[[], object], what: str) -> None:
        """Let the event loop run until `met`; raises AssertionError naming `what` if it never is."""
        end = time.monotonic() + _PATIENCE
        while not met():
            assert time.monotonic() < end, f"never happened: {what}"
            _pass_time()

    def settle(self) -> None:
        """Let everything that was asked for be done and drawn, and the window be the active one, as it is for a person."""
        if QApplication.activeModalWidget() is None and not self.window.isActiveWindow():
            self.window.activateWindow()
        quiet = 0
        end = time.monotonic() + _PATIENCE
        while quiet < 3:  # an answer of the store thread may be what asks it the next question
            assert time.monotonic() < end, "never happened: the store thread is done"
            _pass_time()
            quiet = 0 if self.window.work.pending else quiet + 1

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        self._pictures += 1
        path = self._folder / f"{self._pictures:02}-{name}.png"
        assert (widget or self.window).grab().save(str(path)), f"{path} cannot be written"

    def click(self, widget: QWidget, at: QPoint | None = None, keys: Qt.KeyboardModifier = _NONE) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, keys, at or widget.rect().center())
        self.settle()

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = _NONE, times: int = 1) -> None:
        """Press a key where the focus is."""
        for _ in range(times):
            QTest.keyClick(self.window.focusWidget() or self.window, key, keys)
        self.settle()

    def row(self, view: QAbstractItemView, row: int) -> None:
        """Click a row of a list."""
        index = view.model().index(row, 0)
        view.scrollTo(index)
        self.click(view.viewport(), view.visualRect(index).center())

    def point(self, position: int) -> QPoint:
        """Where the caret stands before the character at `position`."""
        view = self.window.view
        view.reveal(position, position + 1)
        QTest.qWait(10)
        return view.caret_rect(position).center()

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Press, move in a few steps, let go, in the article."""
        area = self.window.view.viewport()
        QTest.mousePress(area, Qt.MouseButton.LeftButton, _NONE, start)
        for step in range(1, 9):
            QTest.mouseMove(area, start + (end - start) * step / 8)
            QTest.qWait(5)
        QTest.mouseRelease(area, Qt.MouseButton.LeftButton, _NONE, end)
        self.settle()

    def select(self, start: int, end: int) -> None:
        """Drag over the text from `start` to `end`."""
        self.drag(self.point(start), self.point(end))

    def pick(self, position: int, times: int = 1) -> None:
        """Click the text at `position`, again for the span around, and so on."""
        rect = self.window.view.rect_of(position, position + 1)[0]
        for _ in range(times):
            self.click(self.window.view.viewport(), rect.center())
            QTest.qWait(QApplication.doubleClickInterval() + 50)
