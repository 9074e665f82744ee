from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox, QPushButton, QSpinBox

from desktop.bundle import Report
from desktop.formats import writable
from desktop.formats.receipt import Entry, Receipt
from desktop.settings import Settings
from ui.asking import ask
from ui.dialogs import (
    ImportReportDialog,
    SettingsDialog,
    report_text,
    summary,
)
from ui.export_dialog import DONE, RUNNING, ExportDialog, sentences
from ui.export_form import OWN, USUAL


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


# Export


class Started(list[tuple[Path, Any]]):
    def __call__(self, folder: Path, options: Any) -> None:
        self.append((folder, options))


@pytest.fixture
def started() -> Started:
    return Started()


@pytest.fixture
def export(app: Any, started: Started, tmp_path: Path) -> Iterator[ExportDialog]:
    dialog = ExportDialog({"Anna": 41, "Bert": 3}, tmp_path / "new", started)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    yield dialog
    dialog.hide()
    dialog.deleteLater()


def test_every_format_that_can_be_written_is_offered(export: ExportDialog) -> None:
    assert list(export.form.formats) == [format.id for format in writable()]
    shown = texts(export)
    assert all(format.about in shown for format in writable())


def test_export_starts_with_the_choices(export: ExportDialog, started: Started, tmp_path: Path) -> None:
    form = export.form
    form.formats["brat"].click()
    form.layer.setCurrentIndex(1)
    form.only_done.click()
    form.splits.mode.setCurrentIndex(USUAL)
    form.splits.seed.setValue(7)
    QTest.mouseClick(export.export, Qt.MouseButton.LeftButton)
    folder, options = started[0]
    assert folder == tmp_path / "new"
    assert options.formats == ("jsonl", "brat")
    assert (options.layer, options.status) == ("Bert", "done")
    assert (options.split, options.seed) == ("train=80,validation=10,test=10", 7)
    assert export.pages.currentIndex() == RUNNING


def test_one_layer_is_not_asked_for(app: Any, started: Started, tmp_path: Path) -> None:
    dialog = ExportDialog({"Anna": 41}, tmp_path / "new", started)
    assert dialog.form.layer.parent() is None
    dialog._begin()
    assert started[0][1].layer is None
    assert started[0][1].split is None


def test_all_layers_only_with_jsonl(export: ExportDialog, started: Started) -> None:
    form = export.form
    form.layer.setCurrentIndex(2)
    assert export.export.isEnabled()
    form.formats["huggingface"].click()
    assert "choose whose" in form.layer_problem.text()
    assert form.layer_problem.isVisible()
    assert not export.export.isEnabled()
    QTest.keyClick(export, Qt.Key.Key_Return)
    assert started == []
    form.formats["huggingface"].click()
    assert not form.layer_problem.isVisible()
    QTest.mouseClick(export.export, Qt.MouseButton.LeftButton)
    assert started[0][1].layer is None


def test_no_format_is_said_in_place(export: ExportDialog) -> None:
    export.form.formats["jsonl"].click()
    assert "at least one format" in export.form.format_problem.text()
    assert not export.export.isEnabled()


def test_own_shares(export: ExportDialog) -> None:
    splits = export.form.splits
    assert not splits.shares["train"].isVisible()
    splits.mode.setCurrentIndex(OWN)
    assert splits.shares["train"].isVisible()
    splits.shares["train"].setValue(3)
    splits.shares["validation"].setValue(1)
    splits.shares["test"].setValue(0)
    assert "train 75 % · validation 25 % · test 0 %" in splits.said.text()
    assert splits.value() == "train=3,validation=1,test=0"
    splits.shares["train"].setValue(0)
    splits.shares["validation"].setValue(0)
    assert "above 0" in splits.problem.text()
    assert not export.export.isEnabled()
    splits.mode.setCurrentIndex(USUAL)
    assert export.export.isEnabled()


def test_numbers_can_be_typed_and_seen(export: ExportDialog) -> None:
    export.form.splits.mode.setCurrentIndex(OWN)
    QTest.qWait(1)
    spin = export.form.splits.shares["train"]
    assert spin.lineEdit().width() > 20
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "64")
    assert spin.value() == 64
    QTest.keyClick(spin, Qt.Key.Key_Up)
    assert spin.value() == 65


@pytest.mark.parametrize("what", ["empty", "relative", "full", "file", "home"])
def test_folders_that_do_not_do(export: ExportDialog, tmp_path: Path, what: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    (tmp_path / "file").touch()
    paths = {"empty": " ", "relative": "data", "home": "~nobody-of-that-name/x"}
    export.form.folder.setText(paths.get(what, str(tmp_path / what)))
    assert export.form.folder_problem.isVisible()
    assert not export.export.isEnabled()
    export.form.folder.setText(str(tmp_path / "good"))
    assert export.export.isEnabled()


def test_progress_and_cancel(export: ExportDialog) -> None:
    asked: list[bool] = []
    export.cancel_asked.connect(lambda: asked.append(True))
    export._begin()
    export.progress(3, 0)
    assert (export.bar.minimum(), export.bar.maximum()) == (0, 0)
    assert "3\u00a0articles" in export.count.text()
    export.progress(412, 1000)
    assert export.bar.value() == 412
    assert export.count.text() == "Exporting: 412 of 1\u202f000"
    QTest.keyClick(export, Qt.Key.Key_Escape)
    assert asked == [True]
    assert export.isVisible(), "the window stays until the work has stopped"
    export.failed("Stopped.", "Nothing was written.")
    assert export.failure.text() == "Stopped. Nothing was written."
    assert export.export.isVisible()
    QTest.keyClick(export, Qt.Key.Key_Escape)
    assert not export.isVisible()
    assert asked == [True]


def test_failure_is_said_in_place_and_can_be_mended(export: ExportDialog, started: Started) -> None:
    export._begin()
    export.failed("the dataset cannot be written: disk full", "free some room")
    assert export.failure.text() == "The dataset cannot be written: disk full. Free some room."
    assert export.failure.isVisible()
    QTest.mouseClick(export.export, Qt.MouseButton.LeftButton)
    assert len(started) == 2
    assert not export.failure.isVisible()


def entry(reason: str, label: str) -> Entry:
    return Entry("a", "s1", label, reason, "text")


def test_the_receipt(export: ExportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QDesktopServices

    opened: list[Any] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    flat = Receipt("conll", 5, 722, [entry("nested", "actor"), entry("nested", "actor"), entry("nested", "claim")],
                   [entry("cut a token", "event")], verified=True)  # fmt: skip
    bad = Receipt("brat", 5, 722)
    export._begin()
    export.finished([flat, bad], tmp_path)
    assert export.pages.currentIndex() == DONE
    QTest.qWait(1)
    shown = texts(export)
    assert "722\u00a0labels in · 719 out" in shown
    assert "Left out: 3 nested (actor 2, claim 1)" in shown
    assert "Changed: 1 cut a token (event 1)" in shown
    assert "read back and compared" in shown
    assert "not read back" in shown
    assert str(tmp_path) in shown
    QTest.mouseClick(export.open_folder, Qt.MouseButton.LeftButton)
    assert opened[0].toLocalFile() == str(tmp_path)
    QTest.mouseClick(export.close_button, Qt.MouseButton.LeftButton)
    assert not export.isVisible()


def test_reasons_are_counted() -> None:
    entries = [entry("b", "x")] * 1200 + [entry("a", "y")]
    assert sentences(entries) == ["1 a (y 1)", "1\u202f200 b (x 1\u202f200)"]
    assert sentences([]) == []


# Import report


def report() -> Report:
    result = Report(5, 722, 600)
    result.skip("a.jsonl", "line 3", "span 4–9 is said to read 'x'")
    result.duplicate("b.txt", "", "89dc")
    result.guess("c.txt", "windows-1252")
    result.clean("d.txt", "line ends", 1204)
    return result


def test_import_report(app: Any) -> None:
    dialog = ImportReportDialog(report())
    dialog.show()
    rows = dialog.list.rows.rows
    assert [row.text for row in rows if row.heading] == [
        "Skipped · 1", "Same text under another id · 1", "Guessed · 1", "Text cleaned · 1",
    ]  # fmt: skip
    assert (rows[1].text, rows[1].below) == ("Span 4–9 is said to read 'x'", "a.jsonl, line 3")
    assert dialog.detail.text() == "a.jsonl, line 3: Span 4–9 is said to read 'x'"
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert "89dc" in dialog.detail.text()
    copy = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy the report")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == report_text(report())
    assert "- d.txt: Line ends: 1 204" in copied
    assert copy.text() == "Copied"
    dialog.close()


def test_a_clean_import_is_one_sentence(app: Any) -> None:
    clean = Report(1, 0, 0)
    assert summary(clean) == "1\u00a0article and 0\u00a0labels came in. Nothing was skipped."
    dialog = ImportReportDialog(clean)
    dialog.show()
    assert not dialog.list.isVisible()
    dialog.close()


def test_a_long_report_opens_at_once(app: Any) -> None:
    import time

    long = Report(1, 1, 0)
    for number in range(20_000):
        long.skip("a.jsonl", f"line {number}", "no text")
    start = time.perf_counter()
    dialog = ImportReportDialog(long)
    dialog.show()
    assert time.perf_counter() - start < 1
    dialog.close()


# Settings, keys, about, questions


def test_settings_form_follows_the_table(app: Any) -> None:
    dialog = SettingsDialog(Settings(annotator="Anna"))
    dialog.show()
    typeset = {"font", "line_length", "line_spacing"}  # these have a panel of their own
    remembered = {"keys", "columns", "recent", "window", "panel_widths", "hidden_panels"}
    assert set(dialog.fields) == set(Settings.model_fields) - remembered - typeset
    shown = texts(dialog)
    for name, info in Settings.model_fields.items():
        assert (info.description in shown) == (name in dialog.fields)
        if name in dialog.fields:
            assert dialog.fields[name].accessibleName()
    assert dialog.values() == {}
    dialog.close()


def test_settings_give_back_what_was_changed(app: Any) -> None:
    settings = Settings()
    dialog = SettingsDialog(settings)
    dialog.show()
    name, theme, size = (dialog.fields[field] for field in ("annotator", "theme", "font_size"))
    assert isinstance(name, QLineEdit)
    assert isinstance(theme, QComboBox)
    assert isinstance(size, QSpinBox)
    assert [theme.itemText(i) for i in range(theme.count())] == ["System", "Light", "Dark"]
    assert (size.minimum(), size.maximum()) == (10, 40)
    QTest.keyClicks(name, "Anna ")
    theme.setFocus()
    QTest.keyClick(theme, Qt.Key.Key_D)
    size.setValue(99)
    assert dialog.values() == {"annotator": "Anna", "theme": "dark", "font_size": 40}
    assert settings == Settings(), "the dialog changes nothing itself"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == 1


@pytest.mark.parametrize(
    ("key", "answer"),
    [(Qt.Key.Key_Escape, False), (Qt.Key.Key_Return, False), ("Undo it", True), ("Keep", False)],
)
def test_ask(app: Any, key: Any, answer: bool) -> None:
    seen: list[str] = []

    def press() -> None:
        box = app.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.informativeText())
        if isinstance(key, str):
            QTest.mouseClick(next(b for b in box.buttons() if b.text() == key), Qt.MouseButton.LeftButton)
        else:
            QTest.keyClick(box, key)

    QTimer.singleShot(50, press)
    assert ask(None, "Undo?", "“<b>x</b>” is Anna's", "Undo it", "Keep") is answer
    assert "&lt;b>" in seen[0], "what a person wrote is shown as it is"
