"""What a screen reader on Linux gets: the article view asked over AT-SPI's own bus, through Qt's own bridge."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# One process is the program and, in a thread, the client; the client goes the whole way over the bus.
SCRIPT = r"""
import json, re, subprocess, threading, time
from PySide6.QtCore import QMetaObject, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from ui.textview import ArticleView

TEXT = "😀 The Iraqi army said rockets hit.\nThen more. " + "More words follow to fill the lines. " * 12
app = QApplication(["tagline-tests"])
view = ArticleView()
view.resize(600, 400)
view.show()
view.show_article(TEXT, "A title", "", ())
view.select(6, 16)
path = f"/org/a11y/atspi/accessible/{QAccessible.uniqueId(QAccessible.queryAccessibleInterface(view))}"

def call(where, name, thing, method, *values):
    line = ["gdbus", "call", *where, "--dest", name, "--object-path", thing, "--method", method, "--", *values]
    done = subprocess.run(line, capture_output=True, text=True, timeout=20)
    return done.stdout.strip()

def ask():
    try:
        text, bus, name = "org.a11y.atspi.Text.", [], ""
        # The bus is started by the first question; Qt needs a moment to find it.
        for _ in range(20):
            found = call(["--session"], "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress")
            bus = ["--address", found[2:-3]]
            names = call(bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames")
            names = re.findall(r"':[^']+'", names)
            known = [n.strip("'") for n in names if call(bus, n.strip("'"), path, text + "GetNSelections") == "(1,)"]
            if known:
                name = known[0]
                break
            time.sleep(0.5)
        asked = {
            "selection": (text + "GetSelection", "0"),
            "text": (text + "GetText", "0", "12"),
            "line": (text + "GetStringAtOffset", "60", "3"),
            "word": (text + "GetStringAtOffset", "8", "1"),
            "run": (text + "GetAttributeRun", "8", "false"),
            "set": (text + "SetSelection", "0", "7", "12"),
            "selected": (text + "GetSelection", "0"),
            "role": ("org.a11y.atspi.Accessible.GetRoleName",),
        }
        print(json.dumps({key: call(bus, name, path, *values) for key, values in asked.items()}), flush=True)
    finally:
        QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)

client = threading.Thread(target=ask)
QTimer.singleShot(1000, client.start)
QTimer.singleShot(40000, app.quit)
app.exec()
"""


@pytest.mark.outside("xvfb-run")
@pytest.mark.outside("dbus-run-session")
@pytest.mark.outside("gdbus")
def test_the_article_is_read_over_the_bus(tmp_path: Path) -> None:
    if not Path("/usr/share/dbus-1/services/org.a11y.Bus.service").exists():
        pytest.skip("the accessibility bus is not installed")
    script = tmp_path / "client.py"
    script.write_text(SCRIPT, "utf-8")
    environment = os.environ | {
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(tmp_path),
    }
    done = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", sys.executable, str(script)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    said = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert said, done.stderr
    found = json.loads(said[0])
    assert found["role"] == "('text',)"
    assert found["text"] == "('😀 The Iraqi',)", "counted in UTF-16 units"
    assert found["selection"] == "(7, 17)"
    assert found["word"] == "('Iraqi', 7, 12)"
    assert found["run"] == "(@a{ss} {}, 0, 36)"
    assert found["set"] == "(true,)"
    assert found["selected"] == "(7, 12)"
    line, start, end = ast.literal_eval(found["line"])
    assert line.startswith("Then more. More words")
    assert start == 36
    assert end - start == len(line) < 120
