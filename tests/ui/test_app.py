"""The program as it starts: what the Finder of macOS asks it to open, before there is a window and after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A process of its own: there can be one application only. It says which project its window shows in the end.
PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtTest import QTest
from desktop.settings import Settings
from ui import app as program

when, path = sys.argv[1:]
made = program.MainWindow.__init__
def early(self, *given):
    if when == "early":
        QCoreApplication.sendEvent(QCoreApplication.instance(), QFileOpenEvent(QUrl.fromLocalFile(path)))
    made(self, *given)
program.MainWindow.__init__ = early
app, window = program.start(["tagline"], Settings(annotator="ana"), keep=lambda settings: None)
if when == "late":
    QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(path)))
for _ in range(400):
    QTest.qWait(10)
    if window.project:
        break
print(window.project and window.project.path.name)
window.close()
"""


@pytest.mark.parametrize("when", ["early", "late"])
def test_a_file_the_finder_asks_for_is_opened(when: str, tmp_path: Path) -> None:
    from desktop.cli import main

    path = tmp_path / "Zeitung – 新聞.tagline"
    assert main(["new", str(path)]) == 0
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, when, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert result.stdout.strip() == path.name, result.stderr
