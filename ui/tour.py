"""`tagline tour`: the whole job through the real window, step by step, with a picture of each stage. Also the self-test."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import Qt

from desktop.bundle import Bundle, Record
from desktop.formats import writable
from desktop.formats.base import Plan
from desktop.model import Scheme, Span
from desktop.settings import Settings
from desktop.store import queries
from desktop.store.store import Store
from ui.app import start
from ui.driver import Driver

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_ARTICLE = "Attacks on US sites"
_CLAIM = "three rockets were fired at the US embassy in Iraq in Baghdad, hours after other US bases in western Iraq and Syria were also bombed"


class Tour:
    """The steps, in order; each asserts what it did. They share one window and one project."""

    def __init__(self, driver: Driver, folder: Path) -> None:
        self._driver = driver
        self._window = driver.window
        self._project = folder / "Iraq attacks 2021.tagline"
        self._dataset = folder / "dataset"
        self._spans_before: list[tuple[int, int, str]] = []

    @property
    def steps(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        return (
            ("make a project from the five sample articles", self.make_project),
            ("open the article that begins with “Attacks on US sites”", self.open_article),
            ("select with the mouse, label an actor", self.label_by_mouse),
            ("put the caret into a word, label an event", self.label_word),
            ("select with the keyboard, label a location", self.label_by_keyboard),
            ("label a claim around them", self.label_claim),
            ("pick the claim by clicking twice, the label inside it by clicking once more", self.pick_nested),
            ("relabel the picked label", self.relabel),
            ("move its end by key and its start with the mouse", self.move_edges),
            ("remove a label", self.remove),
            ("undo and redo", self.undo_redo),
            ("close and reopen the project, undo again", self.reopen),
            ("mark the article done and go to the next", self.mark_done),
            ("export in every format", self.export),
            ("read the export back and compare", self.compare),
            ("dark colours and a small window", self.other_looks),
        )

    @property
    def _text(self) -> str:
        return self._window.view.text

    def _placed(self) -> list[tuple[int, int, str]]:
        reading = self._window.labelling.reading
        return sorted((span.start, span.end, span.label) for span in (reading.spans if reading else []))

    def _expect(self, quote: str, label: str) -> None:
        start = self._text.index(quote)
        assert (start, start + len(quote), label) in self._placed(), (
            f"no {label} {quote!r} in {self._placed()}"
        )
        assert self._window.status.saved == "saved", "the window does not say that it is saved"

    def _span(self, quote: str) -> Span:
        reading = self._window.labelling.reading
        assert reading
        return next(span for span in reading.spans if span.text == quote)

    def make_project(self) -> None:
        driver, window = self._driver, self._window
        driver.picture("welcome")
        window.projects.ask_save_path = lambda title, offered: str(self._project)
        driver.click(window.welcome.with_labels)
        driver.click(window.welcome.buttons["sample"])
        driver.wait(lambda: len(window.browsing.lines) == 5, "five articles in the list")
        driver.settle()
        assert self._project.is_file(), "there is no project file"
        driver.picture("project")

    def open_article(self) -> None:
        panel = self._window.articles
        keys = panel.keys()
        row = next(
            i for i, key in enumerate(keys) if self._window.browsing.lines[key].title.startswith(_ARTICLE)
        )
        self._driver.row(panel.view, row)
        assert self._text.startswith(_ARTICLE), "another article is shown"
        self._driver.picture("article")

    def label_by_mouse(self) -> None:
        start = self._text.index("Iraqi army")
        self._driver.select(start + 1, start + 8)
        self._driver.picture("selection")
        self._driver.key(Qt.Key.Key_A)
        self._expect("Iraqi army", "actor")

    def label_word(self) -> None:
        fired = self._text.index("fired")
        self._driver.click(self._window.view.viewport(), self._driver.point(fired + 2))
        self._driver.key(Qt.Key.Key_E)
        self._expect("fired", "event")

    def label_by_keyboard(self) -> None:
        at = self._text.index("the US embassy")
        self._driver.click(self._window.view.viewport(), self._driver.point(at))
        self._driver.key(Qt.Key.Key_Right, _CTRL)
        self._driver.key(Qt.Key.Key_Right, _CTRL | _SHIFT, times=2)
        self._driver.key(Qt.Key.Key_L)
        self._expect("US embassy", "location")

    def label_claim(self) -> None:
        start = self._text.index(_CLAIM)
        self._driver.select(start, start + len(_CLAIM) + 1)  # with the full stop, which snapping drops
        self._driver.key(Qt.Key.Key_C)
        self._expect(_CLAIM, "claim")
        assert len(self._placed()) == 4, f"four labels expected: {self._placed()}"
        self._driver.picture("nested")

    def pick_nested(self) -> None:
        window, fired = self._window, self._text.index("fired")
        self._driver.pick(fired + 1)
        assert window.view.picked == self._span("fired").key, (
            "the first click does not pick the innermost label"
        )
        self._driver.pick(fired + 1)
        assert window.view.picked == self._span(_CLAIM).key, (
            "the next click does not pick the label around it"
        )
        self._driver.picture("claim-picked")
        self._driver.pick(fired + 1)
        assert window.view.picked == self._span("fired").key, "the click after that does not begin again"

    def relabel(self) -> None:
        self._driver.pick(self._text.index("Iraqi army") + 2)
        self._driver.key(Qt.Key.Key_L)
        self._expect("Iraqi army", "location")

    def move_edges(self) -> None:
        driver, view = self._driver, self._window.view
        self._spans_before = self._placed()
        driver.key(Qt.Key.Key_Right, _ALT)
        self._expect("Iraqi army announced", "location")
        span = self._span("Iraqi army announced")
        first = view.rect_of(span.start, span.start + 1)[0]
        driver.picture("edges")
        driver.drag(
            first.topLeft(),
            driver.point(self._text.index("the Iraqi army")) + first.center() - first.center(),
        )
        self._expect("the Iraqi army announced", "location")

    def remove(self) -> None:
        before = self._placed()
        self._driver.pick(self._text.index("fired") + 1)
        self._driver.key(Qt.Key.Key_Backspace)
        assert len(self._placed()) == len(before) - 1, "the label is still there"

    def undo_redo(self) -> None:
        changed = self._placed()
        self._driver.key(Qt.Key.Key_Z, _CTRL, times=1)
        self._driver.key(Qt.Key.Key_Z, _CTRL)
        self._driver.key(Qt.Key.Key_Z, _CTRL)
        assert self._placed() == self._spans_before, f"undo gives {self._placed()}"
        for _ in range(3):
            self._driver.key(Qt.Key.Key_Z, _CTRL | _SHIFT)
        assert self._placed() == changed, f"redo gives {self._placed()}"

    def reopen(self) -> None:
        driver, window = self._driver, self._window
        driver.key(Qt.Key.Key_W, _CTRL)
        assert window.project is None, "the project is still open"
        beside = [
            path.name for path in self._project.parent.iterdir() if path.name.startswith(self._project.name)
        ]
        assert beside == [self._project.name], f"a closed project is one file, not {beside}"
        driver.row(window.welcome.recent, 0)
        driver.wait(lambda: len(window.browsing.lines) == 5, "the project opens again")
        driver.settle()
        for _ in range(3):
            driver.key(Qt.Key.Key_Z, _CTRL)
        assert self._placed() == self._spans_before, f"undo after reopening gives {self._placed()}"
        driver.picture("reopened")

    def mark_done(self) -> None:
        window, before = self._window, self._window.browsing.article
        assert before is not None
        self._driver.key(Qt.Key.Key_Return, _CTRL)
        self._driver.wait(lambda: window.browsing.article != before, "the next article")
        self._driver.settle()
        assert window.browsing.lines[before].state == "done", "the article is not done"
        self._driver.picture("done")

    def export(self) -> None:
        driver, window = self._driver, self._window
        driver.key(Qt.Key.Key_E, _CTRL | _SHIFT)
        exporting = window.transfer.exporting
        driver.wait(lambda: exporting.dialog is not None, "the export dialog")
        dialog = exporting.dialog
        assert dialog
        for row in dialog.form.formats.rows.values():
            if not row.check.isChecked():
                driver.click(row.check)
        dialog.form.folder.setText(str(self._dataset))
        driver.picture("export", dialog)
        driver.click(dialog.export)
        driver.wait(lambda: window.care.receipt.told or dialog.failure.text(), "the export ends")
        driver.settle()
        assert not dialog.failure.text(), dialog.failure.text()
        driver.picture("receipt")
        driver.click(window.care.receipt.page.done)

    def compare(self) -> None:
        """Read every format anew and compare with the project, label by label."""
        found: list[tuple[list[Record], Scheme]] = []
        self._window.work.read(_records, then=found.append)
        self._driver.wait(lambda: found, "the project is read")
        records, scheme = found[0]
        wanted = {r.article.id: Counter((s.label, s.fragments) for s in r.spans) for r in records}
        for format in writable():
            assert format.read_back
            bundle = Bundle(lambda: iter(records), scheme)
            again = dict(format.read_back(self._dataset / format.id, bundle, Plan(scheme)))
            assert again == wanted, f"{format.id} does not hold what the project holds"

    def other_looks(self) -> None:
        driver, window = self._driver, self._window
        driver.row(window.articles.view, 3)
        window.help.prefer("dark")
        driver.settle()
        driver.picture("dark")
        window.resize(820, 600)
        driver.settle()
        driver.picture("small")


def _records(store: Store) -> tuple[list[Record], Scheme]:
    return list(queries.bundle(store)), queries.scheme(store)


def tour(folder: Path, *, as_json: bool = False) -> int:
    """Run all steps, a line for each; returns 0 only if every one held. The person's settings stay untouched."""
    lines = sys.stderr if as_json else sys.stdout
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".tagline-tour").touch()
        (folder / ".tagline-tour").unlink()
    except OSError as error:
        print(
            f"tagline: {folder}: pictures cannot be written here: {error.strerror}; name another folder",
            file=sys.stderr,
        )
        return 1
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tagline-tour-") as private:
        _, window = start(["tagline"], Settings(theme="light", annotator="tour"), keep=lambda settings: None)
        window.resume.remember = lambda place: None
        window.resize(1440, 900)
        driver = Driver(window, folder)
        driver.settle()
        taken = list(_take_all(Tour(driver, Path(private)), lines))
        window.close()
    held = all(step["ok"] for step in taken)
    seconds = round(time.monotonic() - begun, 1)
    print(
        f"{'Every step held' if held else 'The tour stopped'} after {seconds} s; pictures in {folder}",
        file=lines,
    )
    if as_json:
        print(json.dumps({"ok": held, "seconds": seconds, "steps": taken}, ensure_ascii=False))
    return 0 if held else 1


def _take_all(tour: Tour, lines: TextIO) -> Iterator[dict[str, object]]:
    """The steps up to the first that fails."""
    for number, (title, step) in enumerate(tour.steps, 1):
        problem = ""
        try:
            step()
        except Exception as error:
            problem = str(error) or type(error).__name__
            if not isinstance(error, AssertionError):
                traceback.print_exc()
        print(
            f"{number:2} {'FAILED' if problem else 'ok    '}  {title}{': ' if problem else ''}{problem}",
            file=lines,
            flush=True,
        )
        yield {"step": title, "ok": not problem, "problem": problem}
        if problem:
            return
