"""What the person sees of a bug."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.errors import UserError
from desktop.model import Span
from ui import report


class Broken(QWidget):
    painting = False

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painting = True
        try:
            raise ZeroDivisionError("in a paint event")
        finally:
            self.painting = False


@pytest.mark.usefixtures("app")
def test_a_bug_in_painting_is_reported_once_and_not_inside_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    widget, shown, loop = Broken(), [], QEventLoop()
    monkeypatch.setattr(report, "log_folder", lambda: tmp_path)
    monkeypatch.setattr(report.CrashDialog, "exec", lambda dialog: shown.append(widget.painting))
    hook = report.CrashHook(lambda: None)
    monkeypatch.setattr(sys, "excepthook", hook.handle)
    widget.show()
    again = QTimer(interval=20)
    again.timeout.connect(widget.update)
    again.start()
    QTimer.singleShot(300, loop.quit)
    loop.exec()
    widget.close()
    QApplication.processEvents()
    assert shown == [False]
    assert (tmp_path / "errors.log").read_text("utf-8").count("ZeroDivisionError") > 1
    assert "ZeroDivisionError" in capsys.readouterr().err


SECRET = "Iraqi army 🚀 قال"


def raised(act: Callable[[], object]) -> BaseException:
    try:
        act()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def quoting() -> None:
    raise ValueError(f"no label at {SECRET!r}")


def missing() -> None:
    {"a": 1}[SECRET]  # type: ignore[index]


def chained() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise UserError(f"“{SECRET}” is no number", f"not {SECRET}") from error


def during() -> None:
    try:
        quoting()
    finally:
        missing()


def invalid() -> None:
    Span.model_validate({"id": SECRET, "start": SECRET})


def decoding() -> None:
    SECRET.encode("ascii")


def noted() -> None:
    try:
        quoting()
    except ValueError as error:
        error.add_note(SECRET)
        raise


def database() -> None:
    sqlite3.connect(":memory:").execute(f"SELECT '{SECRET}' FROM nowhere_{SECRET.split(maxsplit=1)[0]}")


def filed() -> None:
    Path("/no/such/folder", SECRET).read_bytes()


@pytest.mark.parametrize(
    ("act", "words"),
    [(quoting, "ValueError"), (missing, "KeyError"), (chained, "desktop.errors.UserError"), (during, "KeyError"), (invalid, "ValidationError"),
     (decoding, "UnicodeEncodeError"), (noted, "ValueError"), (database, "sqlite3.OperationalError: SQLITE_ERROR"),
     (filed, "FileNotFoundError: No such file or directory")],
)  # fmt: skip
def test_a_report_says_where_and_never_what(
    act: Callable[[], None],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Types and places of all exceptions in a row, and not a word of an article: in the report, the log, the terminal."""
    monkeypatch.setattr(report, "log_folder", lambda: tmp_path)
    monkeypatch.setattr(report.QGuiApplication, "instance", lambda: None)
    error = raised(act)
    report.CrashHook(lambda: None).handle(type(error), error, error.__traceback__)
    for text in (
        report.describe(error),
        (tmp_path / "errors.log").read_text("utf-8"),
        capsys.readouterr().err,
    ):
        assert words in text
        assert f"in {act.__name__}" in text
        assert Path(__file__).name in text
        for word in SECRET.split():
            assert word not in text
    if act in (chained, during):
        assert report.describe(error).count("Traceback (most recent call last)") == 2


def test_what_the_program_itself_says_is_in_the_report() -> None:
    def own() -> None:
        raise AssertionError("data changes only inside a step")

    assert "AssertionError: data changes only inside a step" in report.describe(raised(own))


def test_an_error_is_said_in_sentences() -> None:
    full = UserError("the disk is full", "free some space", file="war.tagline", position="line 3")
    assert report.sentence(full) == "war.tagline, line 3: the disk is full. Free some space."
    assert report.sentence(full, "Cannot save") == "Cannot save: the disk is full. Free some space."
    assert report.sentence(UserError("the folder /d is not empty", "choose another")) == (
        "The folder /d is not empty. Choose another."
    )
    assert report.sentence(UserError("war.tagline is in use")) == "war.tagline is in use."
