"""Exports from the window, by key and mouse: the dialog over a real project, templates, the receipt and its places."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.cli import main
from ui.driver import Driver
from ui.export_dialog import ExportDialog
from ui.receipt_page import ReceiptPage

KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def asked(driver: Driver, folder: Path) -> ExportDialog:
    exporting = driver.window.transfer.exporting
    driver.key(KEY.Key_E, CTRL | SHIFT)
    driver.wait(lambda: exporting.dialog and exporting.dialog.isVisible(), "the dialog")
    driver.settle()
    dialog = exporting.dialog
    assert dialog
    dialog.form.folder.setText(str(folder))
    return dialog


def exported(driver: Driver, folder: Path, *formats: str) -> ReceiptPage:
    dialog = asked(driver, folder)
    for name in formats:
        driver.click(dialog.form.formats.rows[name].check)
    driver.click(dialog.export)
    receipt = driver.window.care.receipt
    driver.wait(lambda: receipt.told or dialog.failure.text(), "the export ends")
    driver.settle()
    assert not dialog.failure.text()
    assert not dialog.isVisible()
    return receipt.page


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_what_would_go_out_follows_the_choices(labelled: Driver, tmp_path: Path) -> None:
    dialog = asked(labelled, tmp_path / "out")
    labelled.wait(lambda: "would" in dialog.outlook.text(), "it is counted")
    assert said(dialog.outlook.text()) == "5 articles, 722 labels of 4 kinds would go out"
    assert dialog.left_out.text() == "Nothing is left out"
    labelled.click(dialog.form.folds["picks"].head)
    labelled.click(dialog.form.picks.labels["event"])
    labelled.wait(lambda: "524" in dialog.outlook.text(), "it is counted again")
    assert said(dialog.left_out.text()) == "Left out: 198 labels (label not chosen)"
    dialog.form.picks.unit.setCurrentIndex(2)
    labelled.wait(lambda: "examples" in dialog.outlook.text(), "the texts are looked at")
    assert "524" in said(dialog.outlook.text())
    dialog.form.picks.status.setCurrentIndex(3)
    labelled.wait(lambda: dialog.outlook.text() == "No article would go out", "none is to do")
    labelled.wait(dialog.checks.text, "the checks were made")
    assert said(dialog.checks.text()) == "The checks found 0 errors, 0 warnings, 35 notes"
    labelled.click(dialog.look)
    assert not dialog.isVisible()
    assert labelled.window.pages.shows(labelled.window.care.check.page)
    assert not labelled.window.care.check.stale, "what was found is not looked for twice"


def test_the_receipt_leads_to_each_label_and_back(labelled: Driver, tmp_path: Path) -> None:
    window, folder = labelled.window, tmp_path / "out"
    page = exported(labelled, folder, "conll")
    assert window.pages.shows(page)
    headings = [row.text for row in page.list.rows.rows if row.heading]
    assert [said(text) for text in headings] == [
        "Tagline JSONL · 5 articles · 722 in · 722 out · read back and compared",
        "CoNLL columns · 5 articles · 722 in · 712 out · read back and compared",
        "CoNLL columns · Left out · nested in the same label · 10",
    ]
    rows = {row.key: row for row in page.list.rows.rows if not row.heading}
    assert rows["label", 1, "actor"].right == "276 in · 268 out · 8 left out"
    assert rows["note", 1, "relations"].right == "773 left out"
    labelled.key(KEY.Key_End)
    labelled.key(KEY.Key_Return)
    entry = json.loads((folder / "receipt.json").read_text("utf-8"))["formats"][1]["left_out"][-1]
    labelled.wait(lambda: window.labelling.picked, "the label is picked")
    picked = window.labelling.picked
    assert picked
    assert (picked.id, picked.text) == (entry["span"], entry["text"])
    assert window.messages.text == "F7 leads back to the receipt."
    labelled.key(KEY.Key_F7)
    assert window.pages.shows(page)
    assert page.list.picked == ("entry", 1, ("left_out",), 9, "nested in the same label")
    assert page.list.hasFocus()
    labelled.key(KEY.Key_Escape)
    assert window.pages.at_desk


def test_labels_without_a_flat_tag_are_told(labelled: Driver, tmp_path: Path) -> None:
    page = exported(labelled, tmp_path / "out", "huggingface")
    row = next(row for row in page.list.rows.rows if row.key == ("note", 1, "tags"))
    assert (row.text, row.right) == ("Flat tags", "10 left out")
    page.list.setCurrentIndex(page.list.rows.index(page.list.row_of(row.key)))
    labelled.key(KEY.Key_Return)
    assert page.detail.text().endswith(
        "actor: 8 nested in the same label\nlocation: 2 nested in the same label"
    )
    heading = page.list.rows.rows[-11]
    assert said(heading.text) == "Hugging Face · Not in the flat tags · nested in the same label · 10"
    labelled.key(KEY.Key_End)
    labelled.key(KEY.Key_Return)
    labelled.wait(lambda: labelled.window.labelling.picked, "the label is picked")
    labelled.key(KEY.Key_F7)
    assert page.name.text() == "Not in the flat tags"


def test_a_label_that_is_gone_since_is_said(labelled: Driver, tmp_path: Path) -> None:
    page = exported(labelled, tmp_path / "out", "conll")
    labelled.key(KEY.Key_End)
    labelled.key(KEY.Key_Return)
    labelled.wait(lambda: labelled.window.labelling.picked, "the label is picked")
    labelled.key(KEY.Key_Backspace)
    labelled.key(KEY.Key_F7)
    assert labelled.window.pages.shows(page)
    labelled.key(KEY.Key_Return)
    assert labelled.window.messages.text.startswith("That label is no longer there.")
    assert labelled.window.pages.at_desk


def test_examples_and_empty_splits_are_told(labelled: Driver, tmp_path: Path) -> None:
    dialog = asked(labelled, tmp_path / "out")
    labelled.click(dialog.form.folds["picks"].head)
    dialog.form.picks.unit.setCurrentIndex(2)
    dialog.form.splits.mode.setCurrentIndex(1)
    for name, share in {"train": 99, "validation": 1, "test": 0}.items():
        dialog.form.splits.shares[name].setValue(share)
    labelled.click(dialog.export)
    labelled.wait(lambda: labelled.window.care.receipt.told, "the export ends")
    labelled.settle()
    page = labelled.window.care.receipt.page
    said_there = [said(row.text) for row in page.list.rows.rows]
    assert said_there[0] == "Tagline JSONL · 128 examples · 722 in · 722 out · read back and compared"
    assert "Splits · train 5" in said_there
    assert "No article is in validation, which was asked for" in said_there
    assert not any("in test" in text for text in said_there)


def test_folder_and_command_line(
    labelled: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog = asked(labelled, tmp_path / "out put")
    labelled.click(dialog.form.formats.rows["conll"].check)
    dialog.form.formats.rows["conll"].options["tags"].setCurrentIndex(1)
    dialog.form.splits.mode.setCurrentIndex(1)
    labelled.click(dialog.export)
    labelled.wait(lambda: labelled.window.care.receipt.told, "the export ends")
    labelled.settle()
    page = labelled.window.care.receipt.page
    assert any(row.text.startswith("Splits · train ") for row in page.list.rows.rows)
    assert any("texts" in row.text for row in page.list.rows.rows)
    for button in page.tools:
        labelled.click(button)
    assert opened == [str(tmp_path / "out put")]
    words = shlex.split(QGuiApplication.clipboard().text())
    labelled.window.projects.close()
    labelled.settle()
    assert main(words[1:]) == 0
    capsys.readouterr()
    manifests = [
        json.loads((Path(f) / "manifest.json").read_text("utf-8")) for f in (tmp_path / "out put", words[3])
    ]
    assert manifests[0] == manifests[1]


def test_the_last_receipt_is_there_after_a_restart(labelled: Driver, tmp_path: Path) -> None:
    window = labelled.window
    labelled.key(KEY.Key_F7)
    assert "no receipt yet" in window.messages.text
    exported(labelled, tmp_path / "out")
    labelled.key(KEY.Key_Escape)
    path = tmp_path / "sample.tagline"
    window.projects.close()
    labelled.settle()
    window.projects.open(path)
    labelled.wait(lambda: window.browsing.lines, "the project is open again")
    labelled.settle()
    labelled.key(KEY.Key_F7)
    labelled.wait(lambda: window.pages.shows(window.care.receipt.page), "the receipt is shown")
    (tmp_path / "out" / "receipt.json").unlink()
    window.care.receipt.told = None
    labelled.key(KEY.Key_F7)
    labelled.wait(lambda: "cannot be read" in window.messages.text, "it is said")


def test_templates_are_saved_taken_and_removed(labelled: Driver, tmp_path: Path) -> None:
    dialog = asked(labelled, tmp_path / "out")
    row = dialog.form.templates
    labelled.click(dialog.form.formats.rows["conll"].check)
    labelled.click(row.keep)
    row.name.setText("for training")
    labelled.click(row.save)
    assert row.current == "for training"
    assert "--template" in row.said.text()
    labelled.click(dialog.form.formats.rows["conll"].check)
    row.combo.activated.emit(row.combo.currentIndex())
    labelled.settle()
    assert dialog.form.formats.names == ("jsonl", "conll")
    dialog.reject()
    labelled.settle()
    dialog = asked(labelled, tmp_path / "out")
    row = dialog.form.templates
    assert row.names == ("for training",)
    row.combo.setCurrentIndex(1)
    row.combo.activated.emit(1)
    labelled.settle()
    assert dialog.form.formats.names == ("jsonl", "conll")
    labelled.click(row.remove)
    assert row.names == ()
    dialog.reject()
    labelled.settle()
    labelled.window.actions_.by_id["undo"].trigger()
    labelled.settle()
    assert asked(labelled, tmp_path / "out").form.templates.names == ("for training",)


def test_a_folder_that_cannot_be_made_is_said_in_the_dialog(sample: Driver, tmp_path: Path) -> None:
    bugs: list[object] = []
    sample.window.work.failed.disconnect()
    sample.window.work.failed.connect(bugs.append)
    (tmp_path / "file").write_text("no folder")
    dialog = asked(sample, tmp_path / "file" / "above" / "dataset")
    sample.click(dialog.export)
    sample.wait(lambda: not dialog.running and dialog.failure.text(), "the answer")
    folder = tmp_path / "file" / "above" / "dataset"
    assert dialog.failure.text().startswith(f"{folder}: the dataset cannot be written")
    assert bugs == []
    dialog.reject()


def test_cancel_leaves_nothing_behind(labelled: Driver, tmp_path: Path) -> None:
    window = labelled.window
    dialog = asked(labelled, tmp_path / "new" / "out")
    dialog.form.splits.mode.setCurrentIndex(1)
    counts: list[str] = []
    window.work.progressed.connect(lambda done, total: counts.append(dialog.count.text()))
    window.work.progressed.connect(lambda done, total: dialog.reject() if done == 3 else None)
    labelled.click(dialog.export)
    labelled.wait(lambda: not dialog.running, "it has stopped")
    assert dialog.failure.text() == "Stopped. Nothing was written."
    assert any(text.startswith("Exporting: ") for text in counts)
    assert not (tmp_path / "new").exists()
    assert not window.transfer.busy
    assert dialog.isVisible()
    dialog.reject()
    steps: list[object] = []
    window.work.read(
        lambda store: store.query("SELECT count(*) FROM assignment").fetchone()[0], then=steps.append
    )
    labelled.settle()
    assert steps == [0]


def test_an_import_after_an_export_shows_its_progress(sample: Driver, tmp_path: Path) -> None:
    exported(sample, tmp_path / "dataset")
    transfer = sample.window.transfer
    transfer.busy = True
    transfer._show_progress(7, 0)
    assert "7" in sample.window.status.counts
    transfer.busy = False
