"""The dialog of an export by itself: its sections, what fits together, what it starts, and what it says while it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.datasets.options import ExportOptions
from desktop.formats import writable
from desktop.outlook import Inventory, Known, Outlook
from ui.export_dialog import ExportDialog
from ui.export_form import Asked, ExportForm

LEFT = Qt.MouseButton.LeftButton
FULL = ExportOptions(
    ("jsonl", "conll"), "Bert", "done", ("event",), ("Wire",), "2021-01-01", "2021-12-31", "sentence", False,
    "train=70,test=30", "source", 3, "leave_out", {"conll.tags": "bioes", "conll.files": "columns"},
)  # fmt: skip


class Started(list[tuple[Path, ExportOptions]]):
    def __call__(self, folder: Path, options: ExportOptions) -> None:
        self.append((folder, options))


@pytest.fixture
def started() -> Started:
    return Started()


@pytest.fixture
def export(app: Any, started: Started, tmp_path: Path) -> Iterator[ExportDialog]:
    asked = Asked({"Anna": 41, "Bert": 3}, ("event", "actor"), "Anna", ("for training",))
    dialog = ExportDialog(asked, tmp_path / "new", started)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    yield dialog
    dialog.hide()
    dialog.deleteLater()


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT, pos=widget.rect().center())


def unfold(export: ExportDialog, name: str) -> None:
    head = export.form.folds[name].head
    head.setFocus()
    QTest.keyClick(head, Qt.Key.Key_Space)
    assert export.form.folds[name].body.isVisible()


def test_enter_exports_with_what_is_usual(export: ExportDialog, started: Started, tmp_path: Path) -> None:
    QTest.keyClick(export.focusWidget(), Qt.Key.Key_Return)
    assert started == [(tmp_path / "new", ExportOptions(("jsonl",), layer="Anna"))]
    assert export.running


def test_it_is_left_once(export: ExportDialog) -> None:
    left: list[int] = []
    export.finished.connect(left.append)
    for _ in range(2):
        QTest.keyClick(export, Qt.Key.Key_Escape)
    assert left == [0]


def test_every_format_and_option_of_the_table_is_offered(export: ExportDialog) -> None:
    rows = export.form.formats.rows
    assert list(rows) == [format.id for format in writable()]
    for format in writable():
        row = rows[format.id]
        assert row.about.accessibleName() in format.about
        assert {
            name: [combo.itemData(i) for i in range(combo.count())] for name, combo in row.options.items()
        } == {option.name: list(option.values) for option in format.options}
        if not row.check.isChecked():
            assert not any(combo.isVisible() for combo in row.options.values())
            QTest.mouseClick(row, LEFT, pos=row.about.geometry().center())
            assert row.check.isChecked()
        assert all(combo.isVisible() for combo in row.options.values())
        if row.options:
            name, combo = next(iter(row.options.items()))
            combo.setCurrentIndex(1)
            assert export.form.options().choices[f"{format.id}.{name}"] == combo.itemData(1)


def test_sections_are_folded_and_say_what_is_chosen(export: ExportDialog) -> None:
    folds = export.form.folds
    assert [name for name, fold in folds.items() if fold.body.isVisible()] == ["formats"]
    assert folds["formats"].head.summary == "Tagline JSONL"
    assert folds["picks"].head.summary == "All articles · labels by Anna · whole"
    assert folds["splits"].head.summary == "None: all articles are train"
    click(folds["picks"].head)
    click(export.form.picks.labels["event"])
    export.form.picks.unit.setCurrentIndex(2)
    assert folds["picks"].head.summary == "All articles · labels by Anna · actor · a sentence each"
    QTest.keyClick(folds["picks"].head, Qt.Key.Key_Return)
    assert not folds["picks"].body.isVisible()


def test_all_choices_there_and_back(export: ExportDialog) -> None:
    inventory = Inventory([Known("2021-01-01", "Wire", {}, {}), Known(None, "Post", {}, {})])
    export.form.show_inventory(inventory)
    export.form.show_options(FULL)
    assert export.form.options() == FULL
    days = ExportOptions(("jsonl",), layer="Anna", split="train=2021-06-30,test", by="date")
    export.form.show_options(days)
    assert export.form.options() == days
    export.form.show_options(ExportOptions(("jsonl",), layer="Anna", split="train=33.4,test=66.6", seed=2))
    assert export.form.options().split == "train=167,test=333"
    assert export.form.folds["splits"].head.summary == "train 33.4\u00a0% · test 66.6\u00a0% · seed 2"


def test_every_choice_is_in_the_test_above() -> None:
    usual = ExportOptions(())
    assert all(getattr(FULL, name) != value for name, value in vars(usual).items())


def test_one_layer_is_not_asked_for(app: Any, started: Started, tmp_path: Path) -> None:
    form = ExportForm(Asked({"Anna": 41}), tmp_path / "new")
    assert form.picks.layer.parent() is None
    assert form.options().layer is None


def test_all_layers_only_with_jsonl(export: ExportDialog, started: Started) -> None:
    form = export.form
    unfold(export, "picks")
    form.picks.layer.setCurrentIndex(2)
    assert export.export.isEnabled()
    click(form.folds["picks"].head)
    click(form.formats.rows["huggingface"].check)
    assert "choose whose" in form.picks.layer_problem.text()
    assert form.picks.layer_problem.isVisible(), "the section with the problem unfolds"
    assert not export.export.isEnabled()
    QTest.keyClick(export, Qt.Key.Key_Return)
    assert started == []
    click(form.formats.rows["huggingface"].check)
    assert not form.picks.layer_problem.isVisible()
    click(export.export)
    assert started[0][1].layer is None


def test_no_format_is_said_in_place(export: ExportDialog) -> None:
    click(export.form.formats.rows["jsonl"].check)
    assert "at least one format" in export.form.formats.problem.text()
    assert not export.export.isEnabled()


def test_shares_seed_and_days(export: ExportDialog) -> None:
    splits = export.form.splits
    unfold(export, "splits")
    splits.mode.setCurrentIndex(splits.mode.findData("share"))
    assert splits.shares["train"].isVisible()
    assert splits.seed.isVisible()
    for name in splits.shares:
        splits.shares[name].setValue(0)
    assert "above 0" in splits.problem.text()
    assert not export.export.isEnabled()
    splits.mode.setCurrentIndex(splits.mode.findData("days"))
    assert not splits.shares["train"].isVisible()
    assert "up to which day" in splits.problem.text()
    for text, wrong in (("2021-02-30", "no day"), ("yesterday", "no day"), ("2021-06-30", "")):
        splits.days["train"].setText(text)
        assert wrong in splits.problem.text()
    splits.days["validation"].setText("2021-06-30")
    assert "later" in splits.problem.text()
    splits.days["validation"].setText("2021-09-30")
    assert splits.values() == {"split": "train=2021-06-30,validation=2021-09-30,test", "by": "date"}
    assert export.export.isEnabled()


def test_kept_splits_are_told_of_the_deal_that_is_chosen(export: ExportDialog) -> None:
    asked: list[bool] = []
    export.form.splits.kept_asked.connect(lambda: asked.append(True))
    unfold(export, "splits")
    splits = export.form.splits
    export.form.show_inventory(Inventory([], {"share:0": 4, "date": 1}))
    assert not splits.look.isVisible()
    splits.mode.setCurrentIndex(1)
    assert splits.kept.text() == "4\u00a0articles have their split from an earlier export and keep it."
    splits.seed.setValue(7)
    assert not splits.look.isVisible()
    splits.mode.setCurrentIndex(2)
    assert splits.kept.text().startswith("1\u00a0article has")
    click(splits.look)
    assert asked == [True]


def test_numbers_can_be_typed_and_seen(export: ExportDialog) -> None:
    unfold(export, "splits")
    export.form.splits.mode.setCurrentIndex(1)
    QTest.qWait(1)
    spin = export.form.splits.shares["train"]
    assert spin.lineEdit().width() > 20
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, "64")
    assert spin.value() == 64


@pytest.mark.parametrize("given", ["2021-13-01", "x"])
def test_a_day_that_is_none(export: ExportDialog, given: str) -> None:
    export.form.picks.since.setText(given)
    assert export.form.picks.day_problem.isVisible()
    assert not export.export.isEnabled()


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


def test_what_would_go_out_is_asked_for_and_said(export: ExportDialog) -> None:
    asked: list[ExportOptions] = []
    export.considered.connect(asked.append)
    unfold(export, "picks")
    click(export.form.picks.labels["event"])
    click(export.form.picks.labels["event"])
    click(export.form.picks.labels["actor"])
    assert asked == [], "not at every click"
    QTest.qWait(250)
    assert [options.labels for options in asked] == [("event",)]
    gone = Counter({"another status": 7, "no date": 5})
    export.show_outlook(Outlook(17, 5, 5, Counter(event=700, actor=22), gone, Counter({"another status": 3})))
    assert export.outlook.text().replace("\u00a0", " ") == "5 articles, 722 labels of 2 kinds would go out"
    assert export.left_out.text().replace("\u00a0", " ") == (
        "Left out: 12 articles (7 another status, 5 no date), 3 labels (another status)"
    )
    export.show_outlook(Outlook(5, 5, 312, Counter(event=1)))
    assert (
        export.outlook.text()
        .replace("\u00a0", " ")
        .startswith("5 articles as 312 examples, 1 label of 1 kind")
    )


def test_progress_and_cancel(export: ExportDialog) -> None:
    asked: list[bool] = []
    export.cancel_asked.connect(lambda: asked.append(True))
    click(export.export)
    export.progress(3, 0)
    assert (export.bar.minimum(), export.bar.maximum()) == (0, 0)
    assert "3\u00a0articles" in export.count.text()
    export.progress(412, 1000)
    assert export.bar.value() == 412
    assert export.count.text() == "Exporting: 412 of 1\u202f000"
    QTest.keyClick(export, Qt.Key.Key_Escape)
    assert asked == [True]
    assert export.isVisible(), "the window stays until the work has stopped"
    export.progress(413, 1000)
    assert export.count.text() == "Stopping…"
    export.failed("Stopped. Nothing was written.")
    assert export.failure.text() == "Stopped. Nothing was written."
    assert export.export.isVisible()
    QTest.keyClick(export, Qt.Key.Key_Escape)
    assert not export.isVisible()
    assert asked == [True]


def test_failure_is_said_in_place_and_can_be_mended(export: ExportDialog, started: Started) -> None:
    click(export.export)
    export.failed("The dataset cannot be written: disk full. Free some room.")
    assert export.failure.text() == "The dataset cannot be written: disk full. Free some room."
    assert export.failure.isVisible()
    click(export.export)
    assert len(started) == 2
    assert not export.failure.isVisible()


def test_a_template_is_named_by_key(export: ExportDialog, started: Started) -> None:
    row, told = export.form.templates, list[str]()
    row.saved.connect(told.append)
    row.keep.setFocus()
    QTest.keyClick(row.keep, Qt.Key.Key_Space)
    assert row.name.hasFocus()
    QTest.keyClicks(row.name, " for  training")
    assert row.save.text() == "Replace"
    QTest.keyClicks(row.name, " too")
    assert row.save.text() == "Save"
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    assert told == ["for training too"]
    assert started == [], "Enter was for the name"
    row.keep.click()
    QTest.keyClick(row.name, Qt.Key.Key_Escape)
    assert export.isVisible()
    assert not row.name.isVisible()


def test_many_labels_are_a_list(app: Any, tmp_path: Path) -> None:
    names = [f"label_{number}" for number in range(300)]
    form = ExportForm(Asked({"Anna": 41}, names), tmp_path / "new")
    assert form.picks.chosen_labels == ()
    assert form.good
    form.show_options(ExportOptions(("jsonl",), labels=("label_7", "label_8", "gone")))
    assert form.options().labels == ("label_7", "label_8")
    assert form.folds["picks"].head.summary == "All articles · label 7, label 8 · whole"
    form.show_options(ExportOptions(("jsonl",), labels=tuple(names[:9])))
    assert "9\u00a0labels" in form.folds["picks"].head.summary
