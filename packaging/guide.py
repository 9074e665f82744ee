"""The guide with its pictures, taken anew from the real window, and the guide as a web page.

python guide.py FOLDER            guide.md and pictures/ in FOLDER (resources/guide to renew those of the repository)
python guide.py FOLDER --html     guide.html there too, for the release
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop import commands
from desktop.paths import shipped
from desktop.settings import Settings
from ui.app import start
from ui.driver import Driver
from ui.window import MainWindow

SIZE = (1180, 740)
SOURCE = shipped("resources", "guide", "guide.md")
_ARTICLE = "Attacks on US sites"
_CLAIM = "three rockets were fired at the US embassy in Iraq in Baghdad"
# What is imported for the picture: an article that comes in, and a file that cannot.
_FILES = {
    "Harbour talks.txt": "Harbour talks resume in Aden\n\nDelegates met on Monday, the ministry said.\n",
    "Scan of a fax.txt": "\x00\x01\x02\x03" * 64,
}


class Photographer:
    """Goes through the window and takes the pictures that the guide shows."""

    def __init__(self, window: MainWindow, scratch: Path, pictures: Path) -> None:
        self._window, self._scratch, self._pictures = window, scratch, pictures
        self._driver = Driver(window, scratch)

    def take_all(self) -> None:
        self._welcome()
        self._project()
        self._export()
        self._labels()
        self._keys()
        self._import()

    def _take(self, name: str, widget: QWidget | None = None) -> None:
        self._driver.settle()
        picture = (widget or self._window).grab().toImage()
        if not picture.save(str(self._pictures / f"{name}.png"), "PNG", 0):  # type: ignore[call-overload]
            raise OSError(f"{name}.png cannot be written")

    def _welcome(self) -> None:
        self._driver.settle()
        self._take("welcome")

    def _project(self) -> None:
        driver, window = self._driver, self._window
        window.projects.make_sample(Path("Iraq 2021.tagline"), labels=True)
        driver.wait(lambda: len(window.browsing.lines) == 5, "five articles in the list")
        self._open(_ARTICLE)
        self._take("project")

    def _open(self, beginning: str) -> None:
        driver, window = self._driver, self._window
        driver.settle()
        keys = window.articles.keys()
        row = next(i for i, key in enumerate(keys) if window.browsing.lines[key].title.startswith(beginning))
        driver.row(window.articles.view, row)
        driver.wait(lambda: window.view.text.startswith(beginning), "the article is shown")

    def _labels(self) -> None:
        driver, window = self._driver, self._window
        window.projects.make_sample(Path("Iraq 2021, second reading.tagline"), labels=False)
        driver.wait(lambda: window.project and "second" in window.project.path.name, "the other project")
        self._open(_ARTICLE)
        text = window.view.text
        start = text.index(_CLAIM)
        driver.select(start, start + len(_CLAIM))
        self._take("selection")
        driver.key(Qt.Key.Key_C)
        for words, key in (("fired", Qt.Key.Key_E), ("US embassy", Qt.Key.Key_L), ("Baghdad", Qt.Key.Key_L)):
            place = text.index(words, start)
            driver.select(place, place + len(words))
            driver.key(key)
        driver.pick(text.index("fired", start) + 1)
        self._take("nested")

    def _keys(self) -> None:
        self._window.actions_.by_id["keys"].trigger()
        self._take("keys", self._dialog())

    def _import(self) -> None:
        window, driver = self._window, self._driver
        folder = Path("Articles")
        folder.mkdir()
        for name, text in _FILES.items():
            (folder / name).write_text(text, encoding="utf-8")
        window.transfer.import_paths([folder])
        driver.wait(lambda: window.transfer.report is not None, "the report of the import")
        self._take("import", window.transfer.report)

    def _export(self) -> None:
        window, driver = self._window, self._driver
        window.actions_.by_id["export"].trigger()
        exporting, receipt = window.transfer.exporting, window.care.receipt
        driver.wait(lambda: exporting.dialog is not None, "the export dialog")
        dialog = exporting.dialog
        assert dialog
        rows = dialog.form.formats.rows
        for name in ("huggingface", "conll", "jsonl"):
            rows[name].check.setChecked(name != "jsonl")
        dialog.form.folder.setText("~/Dataset")
        driver.wait(dialog.checks.text, "the checks")
        driver.wait(dialog.left_out.text, "what would go out")
        self._take("export", dialog)
        driver.click(dialog.export)
        driver.wait(lambda: receipt.told or dialog.failure.text(), "the export ends")
        if dialog.failure.text():
            raise RuntimeError(dialog.failure.text())
        about = receipt.page.about
        about.setText(about.text().replace(str(self._scratch), "~"))
        self._take("receipt", window)
        driver.click(receipt.page.done)

    def _dialog(self) -> QDialog:
        self._driver.settle()
        found = QApplication.activeModalWidget() or QApplication.activeWindow()
        if not isinstance(found, QDialog):
            raise TypeError("no dialog is open")
        return found


def stop_the_clock() -> None:
    """No picture tells when it was taken."""
    os.environ["TZ"] = "UTC"
    if hasattr(time, "tzset"):
        time.tzset()
    commands.now = lambda: "2021-07-09T09:30:00Z"


def make(folder: Path) -> None:
    """Write guide.md and the pictures it shows; raises ValueError where the text and the pictures do not agree."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    stop_the_clock()
    with tempfile.TemporaryDirectory(prefix="tagline-guide-") as scratch:
        app, window = start(["tagline"], Settings(theme="light", annotator="Ana"), keep=lambda settings: None)
        app.setCursorFlashTime(0)
        os.chdir(scratch)  # so that no picture shows where they were taken
        os.environ["HOME"] = scratch
        window.resume.remember = lambda place: None  # type: ignore[method-assign]
        window.resize(*SIZE)
        Photographer(window, Path(scratch), pictures).take_all()
        window.close()
        os.chdir(folder)
    text = SOURCE.read_text(encoding="utf-8")
    shown, taken = pictures_in(text), {path.name for path in pictures.iterdir()}
    if shown != taken:
        raise ValueError(f"shown but not taken: {shown - taken}; taken but not shown: {taken - shown}")
    if folder.resolve() != SOURCE.parent.resolve():
        shutil.copyfile(SOURCE, folder / SOURCE.name)


def pictures_in(text: str) -> set[str]:
    """The names of the pictures that a Markdown text shows."""
    return {Path(path).name for path in re.findall(r"!\[[^\]]*\]\(pictures/([^)]+)\)", text)}


if __name__ == "__main__":
    make(Path(sys.argv[1]).absolute())
