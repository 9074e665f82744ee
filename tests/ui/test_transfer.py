"""Import and export from the window, where the disk or the person gets in the way."""

from __future__ import annotations

from pathlib import Path

from ui.driver import Driver
from ui.export_dialog import ASKING, ExportDialog


def export_to(driver: Driver, folder: Path) -> ExportDialog:
    window = driver.window
    window.actions_.by_id["export"].trigger()
    driver.wait(lambda: window.transfer.dialog and window.transfer.dialog.isVisible(), "the dialog")
    dialog = window.transfer.dialog
    assert dialog
    dialog.form.folder.setText(str(folder))
    driver.click(dialog.export)
    return dialog


def test_a_folder_that_cannot_be_made_is_said_in_the_dialog(sample: Driver, tmp_path: Path) -> None:
    bugs: list[object] = []
    sample.window.work.failed.disconnect()
    sample.window.work.failed.connect(bugs.append)
    (tmp_path / "file").write_text("no folder")
    dialog = export_to(sample, tmp_path / "file" / "above" / "dataset")
    sample.wait(lambda: dialog.pages.currentIndex() == ASKING and dialog.failure.text(), "the answer")
    assert dialog.failure.text().startswith("The dataset cannot be written")
    assert bugs == []
    dialog.reject()


def test_one_article_is_no_articles(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("A short article.", "utf-8")
    sample.window.transfer.import_paths([tmp_path / "one.txt"])
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is in the list")
    sample.settle()
    assert sample.window.messages.text.replace("\u00a0", " ") == "Imported 1 article and 0 labels."


def test_an_import_after_an_export_shows_its_progress(sample: Driver, tmp_path: Path) -> None:
    dialog = export_to(sample, tmp_path / "dataset")
    sample.wait(dialog.close_button.isVisible, "the export is done")
    sample.click(dialog.close_button)
    transfer = sample.window.transfer
    transfer.busy = True
    transfer._show_progress(7, 0)
    assert "7" in sample.window.status.counts
    transfer.busy = False
