"""A walk through the whole window with real keys and clicks: every page, dialog and mode once, in an order that makes sense."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.stalls import settle, until
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop.text import words
from ui.window import MainWindow

_CTRL = Qt.KeyboardModifier.ControlModifier
_NONE = Qt.KeyboardModifier.NoModifier
Stage = tuple[str, Callable[[], None]]


class Walk:
    """The stages for a window with a project open; `folder` is for what it writes.

    A `large` project is not exported; with `repeats` the article has labels whose words stand elsewhere too.
    """

    def __init__(
        self, window: MainWindow, folder: Path, *, large: bool = False, repeats: bool = True
    ) -> None:
        self.window = window
        self._folder = folder
        self._large, self._repeats = large, repeats

    def settle(self) -> None:
        settle(lambda: self.window.work.pending)

    def act(self, name: str) -> Callable[[], None]:
        """The first key of an action; an action without one is chosen from its menu."""

        def do() -> None:
            action, keys = self.window.actions_.by_id[name], self.window.actions_.by_id[name].shortcut()
            assert action.isEnabled(), f"{name} cannot be used"
            if keys.isEmpty():
                action.trigger()
            else:
                QTest.keyClick(self._focus(), keys[0].key(), keys[0].keyboardModifiers())

        return do

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = _NONE) -> Callable[[], None]:
        return lambda: QTest.keyClick(self._focus(), key, held)

    def type(self, text: str) -> Callable[[], None]:
        def do() -> None:
            for letter in text:
                QTest.keyClicks(self._focus(), letter)
                QApplication.processEvents()

        return do

    def _focus(self) -> QWidget:
        if QApplication.activeWindow() is None:  # a dialog has closed
            self.window.activateWindow()
            until(self.window.isActiveWindow, "the window is active")
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self.window

    def run_dialog(self, name: str) -> Callable[[], None]:
        """An action whose dialog keeps the caller waiting: it is closed when it has been painted."""

        def close() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog:
                dialog.close()

        def do() -> None:
            QTimer.singleShot(400, self.window, close)
            self.act(name)()

        return do

    def close_dialogs(self) -> None:
        shown = [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]
        assert shown, "no dialog is open"
        for dialog in shown:
            dialog.reject()

    def label_all(self) -> None:
        reading = self.window.labelling.reading
        assert reading
        before = len(reading.spans)
        self.key(Qt.Key.Key_Return)()
        until(lambda: len(self.window.labelling.reading.spans) > before + 1, "all are labelled")  # type: ignore[union-attr]

    def leave_page(self) -> None:
        assert self.window.pages.leave(), "no page lies over the article"

    def caret_to_word(self) -> None:
        """Into a word without a label, where it can be seen."""
        view, reading = self.window.view, self.window.labelling.reading
        assert reading
        start = len(view.text) // 3
        taken = {(span.start, span.end) for span in reading.spans}
        found = next(
            place
            for place in words(view.text, start, start + 4000)
            if place not in taken and view.text[place[0]].isalpha() and place[1] - place[0] > 3
        )
        view.set_caret(found[0])
        view.reveal(*found)
        view.setFocus()

    def pick(self, *, repeated: bool = False) -> None:
        """A label where the caret is, or the first one behind it; `repeated`: one whose words stand elsewhere too."""
        view, reading = self.window.view, self.window.labelling.reading
        assert reading and reading.spans
        first = min(reading.spans.first_from(view.caret), len(reading.spans) - 1)
        some = reading.spans[first : first + 500] + reading.spans[:100]
        found = (span for span in some if not repeated or _often(span.text, view.text))
        self.window.labelling.go_to(next(found))
        view.setFocus()

    def stages(self) -> Iterator[Stage]:
        yield from self._reading()
        yield from self._labelling()
        yield from self._list()
        yield from self._panels()
        yield from self._searching()
        yield from self._pages()
        yield from self._dialogs()
        yield from self._import()
        yield from self._export()
        yield from self._looks()

    def _reading(self) -> Iterator[Stage]:
        window = self.window
        yield "the next article", self.act("next")
        yield "the previous article", self.act("previous")
        yield "to the end of the article", self.key(Qt.Key.Key_End, _CTRL)
        yield "a page up", self.key(Qt.Key.Key_PageUp)
        yield "back to its start", self.key(Qt.Key.Key_Home, _CTRL)
        yield "all of it selected", self.act("select_all")
        yield "all of it copied", self.act("copy")
        yield "larger text", self.act("larger")
        yield "the text as large as before", self.act("normal_size")
        yield "a smaller window", lambda: window.resize(1024, 700)
        yield "a large window", lambda: window.resize(1440, 900)

    def _labelling(self) -> Iterator[Stage]:
        yield "the caret into a word", self.caret_to_word
        yield "a label", self.key(Qt.Key.Key_E)
        yield "undo", self.act("undo")
        yield "redo", self.act("redo")
        yield "a label picked", self.pick
        yield "another label for it", self.key(Qt.Key.Key_A)
        yield "its end moved", self.act("end_right")
        yield "a note on it", self.act("span_note")
        yield "typed", self.type("a note")
        yield "and kept", self.key(Qt.Key.Key_Return, _CTRL)
        yield "its attributes", self.act("attribute")
        yield "left", self.key(Qt.Key.Key_Escape)
        yield "a label picked again", self.pick
        yield "a relation begun", self.act("relate")
        yield "and left", self.key(Qt.Key.Key_Escape)
        if self._repeats:
            yield "a label picked that stands elsewhere bare", lambda: self.pick(repeated=True)
            yield "every occurrence offered", self.act("label_all")
            yield "all of them labelled", self.label_all
            yield "all of them taken back", self.act("undo")
            yield "the offer closed", self.key(Qt.Key.Key_Escape)
        yield "picked to be removed", self.pick
        yield "the label removed", self.act("remove")
        yield "read to here", self.act("read_to_here")
        yield "flagged", self.act("flag")
        yield "done and next", self.act("done_next")
        yield "back again", self.act("previous")

    def _list(self) -> Iterator[Stage]:
        articles = self.window.articles
        yield "the list's search", self.act("find")
        yield "a word typed there", self.type("repo")
        yield "emptied", articles.search.clear
        yield "the filters", self.act("filter_articles")
        yield "closed", self.key(Qt.Key.Key_Escape)
        yield "only those done", articles._group.buttons()[-1].click
        yield (
            "by title",
            lambda: articles.ask(articles.sift.model_copy(update={"order": "title", "state": None})),
        )
        yield "as imported", lambda: articles.ask(articles.sift.model_copy(update={"order": "imported"}))

    def _panels(self) -> Iterator[Stage]:
        inspector = self.window.inspector
        yield "the notes", self.act("article_note")
        yield "the guidelines", self.act("guidelines")
        yield "the history", self.act("history")
        yield "the labels", self.act("labels_tab")
        yield "its list filtered", lambda: inspector.labels.filter.field.setText("security")
        yield "and all of it again", inspector.labels.filter.clear
        yield "nothing but the article", self.act("only_article")
        yield "the panels again", self.act("only_article")
        yield "text and lines", self.act("typeset")
        yield "left with Esc", self.key(Qt.Key.Key_Escape)
        yield "the palette", self.act("palette")
        yield "a command sought", self.type("stat")
        yield "the palette closed", self.key(Qt.Key.Key_Escape)
        yield "first steps", self.act("first_steps")
        yield "closed for good", self.window.first_steps.bar.closed.emit

    def _searching(self) -> Iterator[Stage]:
        flow = self.window.repeats.concordance
        yield "the search of all articles", self.act("concordance")
        yield "a phrase in all of them", self._search
        yield (
            "all hits ticked",
            lambda: flow.page.table.hits.tick(range(len(flow.page.table.hits.rows)), True),
        )
        yield "back to the article", self.leave_page

    def _search(self) -> None:
        flow = self.window.repeats.concordance
        flow.page.bar.field.setText("Iraq")
        flow.page.bar.changed.emit()
        until(lambda: flow.page.table.hits.rows and not flow.running, "the search is over")

    def _pages(self) -> Iterator[Stage]:
        names = ["scheme", "statistics", "splits", "backups", "bin", "repair", "purge"]
        for name in names:
            yield f"the page: {name}", self.act(name)
            yield f"back from {name}", self.leave_page
        yield "the checks, for a while", self._check
        yield "stopped and left", self.leave_page
        yield "statistics once more", self.act("statistics")
        yield "back from it", self.leave_page

    def _check(self) -> None:
        """An article of a megabyte is checked for minutes; what is shown meanwhile must not stall."""
        self.act("check")()
        end = time.monotonic() + 3
        until(lambda: time.monotonic() > end or not self.window.work.pending, "three seconds")
        self.window.work.cancel()

    def _dialogs(self) -> Iterator[Stage]:
        for name in ("keys", "details", "guide", "notes", "licences", "new"):
            yield f"the dialog: {name}", self.act(name)
            yield f"{name} closed", self.close_dialogs
        for name in ("settings", "about"):
            yield f"the dialog: {name}", self.run_dialog(name)

    def _import(self) -> Iterator[Stage]:
        window = self.window

        def paste() -> None:
            QGuiApplication.clipboard().setText(
                "Officials said on Thursday that a drone had hit the base. 🚀\n" * 40
            )
            window.view.setFocus()
            window.actions_.by_id["paste"].trigger()

        def agree() -> None:
            preview = window.transfer.preview
            assert preview
            until(lambda: not window.transfer.busy, "the look is over")
            preview.agreed.emit(preview.wishes)
            until(lambda: not window.transfer.busy, "the import is over")

        def take_in() -> None:
            path = self._folder / "in.jsonl"
            record = {"text": "A drone hit the base near Baghdad, officials said. " * 80, "spans": []}
            lines = (
                json.dumps({**record, "title": f"No {number}", "id": f"new{number}"}) for number in range(500)
            )
            path.write_text("\n".join(lines), encoding="utf-8")
            window.transfer.import_paths([path])
            until(lambda: not window.transfer.busy, "the import is over")
            if window.transfer.report:
                window.transfer.report.reject()

        yield "a paste", paste
        yield "the paste taken in", agree
        yield "and taken back", self.act("undo")
        yield "500 articles imported", take_in
        yield "and taken back, too", self.act("undo")

    def _export(self) -> Iterator[Stage]:
        window = self.window

        def export() -> None:
            dialog = window.transfer.exporting.dialog
            assert dialog
            dialog.form.folder.setText(str(self._folder / "dataset"))
            dialog.export.click()
            until(lambda: window.care.receipt.told or dialog.failure.text(), "the export ends")
            assert not dialog.failure.text(), dialog.failure.text()

        yield "the export dialog", self.act("export")
        if not self._large:
            yield "the export and its receipt", export
            yield "back from the receipt", self.leave_page
        else:
            yield "its dialog closed", self.close_dialogs

    def _looks(self) -> Iterator[Stage]:
        for colours in ("dark", "light"):
            yield f"{colours} colours", self.act(f"theme_{colours}")


def _often(form: str, text: str) -> bool:
    return " " not in form and text[:7_000].count(f" {form} ") > 5
