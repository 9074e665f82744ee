"""What the person sees of a bug."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

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
