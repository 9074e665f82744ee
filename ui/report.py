"""Saying what went wrong: a line in the window for what the person can mend, a copyable report for a bug of ours."""

from __future__ import annotations

import platform
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import Qt, QThread, QTimer, qVersion
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import __version__
from desktop.errors import UserError
from desktop.paths import log_folder
from desktop.store.store import SQLITE_VERSION
from ui import theme as themes
from ui.parts import capital, restyle
from ui.theme import Theme
from ui.words import retold, tr

_SECONDS = 12
_QUIET = 3.0  # seconds in which the same bug once more is written to the log only


# What a button of a message says, and what it does.
Way = tuple[str, Callable[[], object]]


class MessageBar(QFrame):
    """One line below the page: what happened and what to do. Goes by itself, by its button, or by the next message."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("message")
        self._theme = theme
        self._kind = "info"
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons: list[QPushButton] = []
        self._close = QToolButton(autoRaise=True)
        self._close.setAccessibleName(tr("Close message"))
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self._row = row
        self._timer = QTimer(self, singleShot=True, interval=_SECONDS * 1000)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text() if self.isVisible() else ""

    def info(self, text: str, *ways: Way) -> None:
        """What goes by itself; "" takes away such a line, and leaves others."""
        if text:
            self._show(text, "info", ways)
            self._timer.start()
        elif self._timer.isActive():
            self.hide()

    def ask(self, text: str, *ways: Way) -> None:
        """What the person is to do next; stays until it is done ("")."""
        self._show(text, "info", ways)
        self._timer.stop()
        self.setVisible(bool(text))

    def error(self, text: str, *ways: Way) -> None:
        """Stays until it is closed or replaced; `ways` are buttons that help."""
        self._show(text, "error", ways)
        self._timer.stop()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._paint()

    def _show(self, text: str, kind: str, ways: Sequence[Way]) -> None:
        self._kind = kind
        self._text.setText(text)
        for old in self.buttons:
            old.deleteLater()
        self.buttons = [self._button(*way) for way in ways]
        self._paint()
        self.show()
        if text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(self.hide)
        button.clicked.connect(lambda _=False: act())
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def _paint(self) -> None:
        side = "left" if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else "right"
        theme, colour = self._theme, self._theme.danger if self._kind == "error" else self._theme.accent
        self._icon.setPixmap(themes.icon("error" if self._kind == "error" else "info", colour).pixmap(16, 16))
        self._close.setIcon(themes.icon("close", theme.muted))
        restyle(self, kind=self._kind, side=side)


def sentence(error: UserError, place: str = "") -> str:
    """A UserError as the window says it: where and what, and what to do as a sentence of its own."""
    place = place or ", ".join(part for part in (error.file, retold(error.position)) if part)
    message, hint = retold(error.message), _opened(retold(error.hint))
    said = f"{place}: {message}" if place else _opened(message)
    return " ".join(part if part.endswith((".", "?")) else f"{part}." for part in (said, hint) if part)


def _opened(said: str) -> str:
    """With a capital, unless it begins with the name of a file."""
    return capital(said) if said.split(" ", 1)[0].isalpha() else said


class CrashHook:
    """Takes exceptions nobody caught: writes them to the log folder and shows a copyable report, once at a time."""

    def __init__(self, parent: Callable[[], QWidget | None]) -> None:
        self._parent = parent
        self._showing = False
        self._last = ("", 0.0)

    def install(self) -> None:
        sys.excepthook = self.handle

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        text = describe(error)
        sys.stderr.write(text)
        path = write_log(text)
        again = self._again(told(error)) or self._showing
        if issubclass(kind, KeyboardInterrupt) or again or QGuiApplication.instance() is None:
            return
        self._showing = True
        if QThread.currentThread().loopLevel():
            # Not here: inside a paint event a dialog would have the window painted once more, and end the process.
            QTimer.singleShot(0, lambda: self._show(text, path))
        else:
            self._show(text, path)

    def _again(self, what: str) -> bool:
        """Whether it is the bug of a moment ago: one in painting comes back with every frame."""
        (before, then), now = self._last, time.monotonic()
        self._last = what, now
        return what == before and now - then < _QUIET

    def _show(self, text: str, path: Path | None) -> None:
        try:
            CrashDialog(text, path, self._parent()).exec()
        finally:
            self._showing = False


def describe(error: BaseException) -> str:
    """The report of a bug: versions, and types and places of the exceptions; never what a message quotes of an article."""
    return (
        f"Tagline {__version__}, Python {platform.python_version()}, Qt {qVersion()}, PySide6 {PySide6.__version__},"
        f" SQLite {SQLITE_VERSION}, {platform.platform()}\n"
        f"{datetime.now().astimezone().isoformat(timespec='seconds')}\n\n"
        f"{told(error)}"
    )


def told(error: BaseException) -> str:
    """An exception as Python prints it, with those behind it, but of their messages only what is a text of the program."""
    parts: list[str] = []
    seen: set[int] = set()
    follows, found = "", error
    while id(found) not in seen:
        seen.add(id(found))
        trace = "".join(traceback.format_list(traceback.extract_tb(found.__traceback__)))
        parts.append(f"Traceback (most recent call last):\n{trace}{_named(found)}\n{follows}")
        way = (
            "The above exception was the direct cause of"
            if found.__cause__
            else "During handling of the above exception, there was"
        )
        follows = f"\n{way} the following exception:\n\n"
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__) or found
    return "".join(reversed(parts))


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    known = _known(error)
    return f"{name}: {known}" if known else name


def _known(error: BaseException) -> str:
    """The message, where it stands in the code that raised it; of the system's and SQLite's errors, their names."""
    if isinstance(error, OSError):
        return error.strerror or ""
    frame, said = error.__traceback__, str(error)
    while frame and frame.tb_next:
        frame = frame.tb_next
    mine = frame is not None and said in frame.tb_frame.f_code.co_consts
    return said if mine else str(getattr(error, "sqlite_errorname", ""))


def write_log(text: str) -> Path | None:
    """Append a report to the log; None where no log can be written."""
    path = log_folder() / "errors.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(text + "\n")
    except OSError:
        return None
    return path


class CrashDialog(QDialog):
    """What the person sees of a bug: that their labels are safe, and a report to copy."""

    def __init__(self, text: str, path: Path | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong in Tagline"))
        self.resize(640, 420)
        said = QLabel(
            tr(
                "This is a fault of the program, not yours. Every label shown as saved is in the project file."
            ),
            wordWrap=True,
        )
        where = QLabel(
            tr("The report is in {file}.", file=path)
            if path
            else tr("The report could not be written to a file."),
            wordWrap=True,
        )
        self.report = QPlainTextEdit(text, readOnly=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy report"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (said, where, self.report, buttons):
            column.addWidget(widget)
