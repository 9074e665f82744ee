"""A walk through every page and dialog of the window, as a person comes to them, for those who look at all of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from desktop import projects as core
from desktop import splitting
from ui.driver import Driver
from ui.fold import Fold

Sight = tuple[str, QWidget]
ESC = Qt.Key.Key_Escape
# What another program does to a project: a label moved off its words, another one whose words are nowhere.
SPOILED = (
    'UPDATE span SET start = start + 3, "end" = "end" + 3, '
    "fragments = '[[' || (start+3) || ',' || (\"end\"+3) || ']]' WHERE key = 5",
    "UPDATE span SET text = 'nowhere' WHERE key = 300",
)
# What the articles on the way say, beside those of the sample.
PASTED = "Copied elsewhere\n\nThe army said so."
HEADLINE = "date 2021-07-11 The headline\n\nShare\n\nThe army said so."
CAFE = "Déjà vu in the café, said the owner."
TABLE = "Headline;Body;Day\nRockets;Three rockets hit;2021-07-11\n"
STORY = (
    "The governor Salim resigned over floods in Basra on Tuesday",
    "Basra floods: Salim, governor, resigned as waters rose",
)
TEXTS = (PASTED, HEADLINE, CAFE, TABLE, *STORY)


class Walk:
    """Yields the name of what is in view and the widget that shows it; `folder` is where files may be made."""

    def __init__(self, driver: Driver, folder: Path) -> None:
        self.driver, self.folder = driver, folder
        self.window = driver.window

    def all(self) -> Iterator[Sight]:
        yield "welcome", self.window
        yield from self.new_project()
        self.sample()
        for part in (
            self.desk,
            self.bars,
            self.search,
            self.scheme,
            self.lists,
            self.imports,
            self.exports,
            self.dialogs,
        ):
            yield from part()
        yield from self.damaged()
        yield from self.read_only()
        yield from self.empty()

    def act(self, action: str) -> None:
        self.window.actions_.by_id[action].trigger()
        self.driver.settle()
        self.driver.wait(lambda: not self.window.long.busy, f"{action} is done")
        QTest.qWait(60)
        self.driver.settle()

    def sample(self) -> None:
        self.window.projects.make_sample(self.folder / "sample.tagline", labels=True)
        self.driver.wait(lambda: len(self.window.browsing.lines) == 5, "the sample is open")
        self.driver.settle()

    @contextmanager
    def shown(self, dialog: QDialog) -> Iterator[QDialog]:
        dialog.show()
        self.driver.settle()
        yield dialog
        dialog.close()
        self.driver.settle()

    def new_project(self) -> Iterator[Sight]:
        self.window.projects.new()
        dialog = self.window.projects.dialog
        assert dialog
        with self.shown(dialog):
            yield "new project", dialog

    # The article and what lies beside and over it

    def desk(self) -> Iterator[Sight]:
        window = self.window
        yield "desk", window
        for _ in range(3):
            self.act("next")
        army = window.view.text.index("Iraqi army")
        self.driver.pick(army + 2)
        yield "picked", window
        for tab in ("labels", "notes", "guidelines", "history"):
            window.inspector.focus_tab(tab)
            self.driver.settle()
            yield f"tab {tab}", window
        window.view.setFocus()
        self.act("relate")
        yield "relate", window
        self.driver.key(ESC)
        self.act("typeset")
        popup = self.popup()
        yield "text and lines", popup
        popup.close()
        self.driver.settle()

    def popup(self) -> QWidget:
        from PySide6.QtWidgets import QApplication

        popup = QApplication.activePopupWidget()
        assert popup
        return popup

    def bars(self) -> Iterator[Sight]:
        window = self.window
        self.act("label_all")
        yield "label all", window
        window.repeats.leave()
        self.act("first_steps")
        yield "first steps", window
        window.first_steps.bar.closed.emit()
        self.act("palette")
        yield "palette", window
        window.command_palette.leave()
        self.driver.settle()

    # Pages over the article

    def search(self) -> Iterator[Sight]:
        window = self.window
        window.repeats.open_concordance()
        self.driver.settle()
        page = window.repeats.concordance.page
        page.bar.field.clear()
        self.driver.wait(lambda: not window.repeats.concordance.running, "nothing is searched")
        self.driver.settle()
        yield "search", window
        for name, way, text in (("hits", "phrase", "army"), ("expression", "pattern", "rock(et")):
            page.bar.way.setCurrentIndex(page.bar.way.findData(way))
            page.bar.field.setText(text)
            self.driver.wait(lambda: not window.repeats.concordance.running, "it is searched")
            self.driver.settle()
            yield name, window
        page.bar.ask_ready("missed")
        self.driver.wait(lambda: page.groups, "the forms are found")
        self.driver.settle()
        yield "forms", window
        window.pages.leave()

    def scheme(self) -> Iterator[Sight]:
        window = self.window
        self.act("scheme")
        page = window.scheming.page
        for row in range(page.list.model().rowCount()):
            kind = page.list.rows.rows[row].key
            if kind in (("label", "event"), ("label", "claim")) or (kind and kind[0] == "relation"):
                self.driver.row(page.list, row)
                yield " ".join(kind), window
                if kind[0] == "relation":
                    break
        window.pages.leave()

    def lists(self) -> Iterator[Sight]:
        window = self.window
        self.remove_something()
        self.split_something()
        for page in ("statistics", "check", "backups", "bin", "purge", "splits"):
            self.act(page)
            if page == "splits":
                self.driver.wait(lambda: not window.care.splits.stale, "the articles are compared")
            if page == "check":
                self.driver.wait(lambda: window.care.check.page.list.rows.rows, "it is checked")
            self.driver.settle()
            yield page, window
            window.pages.leave()
        self.driver.settle()

    def remove_something(self) -> None:
        window = self.window
        assert window.labelling.reading
        window.labelling.go_to(next(iter(window.labelling.reading.spans)))
        self.driver.settle()
        self.act("remove")

    def split_something(self) -> None:
        window = self.window
        names = [line.id for line in window.browsing.lines.values()]
        places = dict(zip(names, ["train", "train", "train", "validation", "test"], strict=True))
        window.work.do(splitting.keep, "share:0", places, writing=True)
        for number, text in enumerate(STORY):
            (self.folder / f"story{number}.txt").write_text(text, "utf-8")
        window.transfer.import_paths([self.folder / f"story{number}.txt" for number in range(len(STORY))])
        self.driver.wait(lambda: len(window.browsing.lines) == 7, "they are there")
        self.driver.settle()

    # Articles in and out

    def imports(self) -> Iterator[Sight]:
        window = self.window
        window.transfer.dropped([self.odd_files()])
        dialog = window.transfer.preview
        assert dialog
        self.driver.wait(dialog.save.isEnabled, "the files are looked at")
        self.driver.settle()
        yield "import", dialog
        for kind in ("names", "table", "guess", "annotator", "found"):
            place = next(n for n, row in enumerate(dialog._rows) if row.key and row.key[0] == kind)
            self.driver.row(dialog.list, place)
            yield f"import {kind}", dialog
        self.driver.wait(dialog.go.isEnabled, "the files are looked at again")
        self.driver.click(dialog.go)
        self.driver.wait(lambda: window.transfer.report, "the report is shown")
        self.driver.settle()
        report = window.transfer.report
        assert report
        yield "import report", report
        report.close()
        mime = QMimeData()
        mime.setText(PASTED)
        window.transfer.take(mime)
        dialog = window.transfer.preview
        assert dialog
        self.driver.wait(dialog.save.isEnabled, "the text is looked at")
        self.driver.settle()
        yield "paste", dialog
        dialog.reject()
        self.driver.settle()

    def odd_files(self) -> Path:
        """A folder with something to decide of every kind."""
        folder = self.folder / "news"
        folder.mkdir()
        (folder / "a.txt").write_text(HEADLINE, "utf-8")
        (folder / "b.txt").write_bytes(CAFE.encode("cp1252"))
        (folder / "c.bin").write_bytes(b"x")
        (folder / "t.csv").write_text(TABLE, "utf-8")
        spans = [
            {"start": 0, "end": 3, "label": "weapon", "attributes": {"kind": "gun"}},
            {"start": 4, "end": 8, "label": "PER", "attributes": {"type": "group"}},
        ]
        (folder / "l.jsonl").write_text(json.dumps({"text": "The army", "spans": spans}) + "\n", "utf-8")
        return folder

    def exports(self) -> Iterator[Sight]:
        window = self.window
        self.act("export")
        dialog = window.transfer.exporting.dialog
        assert dialog
        form = dialog.form
        self.driver.wait(lambda: window.transfer.exporting._inventory, "what there is is counted")
        QTest.qWait(250)
        self.driver.settle()
        yield "export", dialog
        for row in form.formats.rows.values():
            row.check.setChecked(True)
        QTest.qWait(150)
        self.driver.settle()
        yield "export formats", dialog
        self.fold(form.folds["formats"])
        for fold in ("picks", "splits", "cut"):
            form.folds[fold].unfold()
            QTest.qWait(150)
            self.driver.settle()
            yield f"export {fold}", dialog
            self.fold(form.folds[fold])
        for name, row in form.formats.rows.items():
            row.check.setChecked(name in ("jsonl", "conll"))
        form.folder.setText(str(self.folder / "dataset"))
        self.driver.settle()
        self.driver.click(dialog.export)
        self.driver.wait(lambda: window.care.receipt.told, "it is exported")
        self.driver.settle()
        yield "receipt", window
        window.pages.leave()

    def fold(self, section: Fold) -> None:
        section.head.setChecked(False)
        self.driver.settle()

    # What stands by itself

    def dialogs(self) -> Iterator[Sight]:
        from ui.about import AboutDialog
        from ui.dialogs import SettingsDialog
        from ui.keys_dialog import KeysDialog

        window = self.window
        makers: dict[str, Callable[[], QDialog]] = {
            "settings": lambda: SettingsDialog(window.settings, window),
            "keys": lambda: KeysDialog(window.actions_.keymap, window),
            "about": lambda: AboutDialog(window.settings, {"articles": 5}, window),
        }
        for name, make in makers.items():
            with self.shown(make()) as dialog:
                yield name, dialog
        window.article_flow.show_details()
        details = window.article_flow.dialog
        assert details
        with self.shown(details):
            yield "details", details

    # Projects that are not as they should be

    def reopen(self, path: Path) -> None:
        window = self.window
        window.projects.open(path)
        self.driver.settle()
        self.driver.wait(lambda: window.project and window.project.path == path, "the project is open")
        self.driver.wait(lambda: not window.care.repair.running, "the project is checked")
        self.driver.settle()

    def damaged(self) -> Iterator[Sight]:
        window, path = self.window, self.folder / "sample.tagline"
        window.projects.close()
        self.driver.settle()
        connection = sqlite3.connect(path)
        for statement in SPOILED:
            connection.execute(statement)
        connection.commit()
        connection.close()
        self.reopen(path)
        yield "damaged", window
        self.act("repair")
        yield "repair", window
        window.pages.leave()

    def read_only(self) -> Iterator[Sight]:
        window = self.window
        path = self.folder / "read.tagline"
        session = core.create(path, "ana")
        core.add_sample(session, labels=True)
        session.store.close()
        path.chmod(0o444)
        window.projects.switch(lambda: core.open_snapshot(path, "ana"))
        self.driver.wait(lambda: window.project and window.project.locked, "it is open for reading")
        self.driver.settle()
        yield "read only", window

    def empty(self) -> Iterator[Sight]:
        path = self.folder / "empty.tagline"
        core.create(path, "ana").store.close()
        self.reopen(path)
        yield "empty", self.window
