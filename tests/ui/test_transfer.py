"""Imports from the window, where the disk or the person gets in the way."""

from __future__ import annotations

from pathlib import Path

from desktop.bundle import Report
from ui.dialogs import report_text
from ui.driver import Driver
from ui.import_preview import ImportPreview


def test_one_article_is_no_articles(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("A short article.", "utf-8")
    sample.window.transfer.import_paths([tmp_path / "one.txt"])
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is in the list")
    sample.settle()
    assert sample.window.messages.text.replace("\u00a0", " ") == "Imported 1 article and 0 labels."


def previewed(driver: Driver, *paths: Path) -> ImportPreview:
    """Drop files and wait until the preview shows what they would bring."""
    driver.window.transfer.dropped(paths)
    driver.settle()
    dialog = driver.window.transfer.preview
    assert dialog
    assert dialog.isVisible()
    return dialog


def test_what_is_dropped_is_shown_before_it_comes_in(sample: Driver, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("date 2021-07-11 The headline 🚀\n\nShare\n\nThe army said so.", "utf-8")
    (folder / "b.txt").write_bytes("Déjà vu in the café, said the owner.".encode("cp1252"))
    (folder / "c.bin").write_bytes(b"x")
    dialog = previewed(sample, folder)
    assert dialog.summary.text().replace("\u00a0", " ") == "2 articles would come in · 1 left out"
    assert dialog.text.toPlainText().startswith("date 2021-07-11 The headline 🚀")
    assert len(dialog.text.extraSelections()) == 2
    assert len(sample.window.browsing.lines) == 5
    dialog.save_report(tmp_path / "report.txt")
    report = (tmp_path / "report.txt").read_text("utf-8")
    assert "Would import 2 articles" in report
    assert "c.bin" in report
    sample.click(dialog.go)
    sample.wait(lambda: len(sample.window.browsing.lines) == 7, "the articles are there")
    sample.settle()


def test_another_encoding_is_tried_at_once(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes("Déjà vu in the café, said the owner.".encode("cp1252"))
    dialog = previewed(sample, tmp_path / "b.txt")
    assert dialog.text.toPlainText().startswith("Déjà")
    assert dialog.encoding.isVisible()
    dialog.encoding.setCurrentIndex(dialog.encoding.findData("cp1251"))
    dialog.encoding.activated.emit(dialog.encoding.currentIndex())
    sample.settle()
    assert dialog.text.toPlainText().startswith("Dйjа")
    dialog.reject()
    sample.settle()
    assert len(sample.window.browsing.lines) == 5


def test_unknown_names_are_decided_about(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"text": "The army", "spans": [{"start": 0, "end": 3, "label": "weapon"}]}\n'
    )
    dialog = previewed(sample, tmp_path / "a.jsonl")
    assert dialog.unknown.isVisible()
    dialog.unknown.setCurrentIndex(1)
    dialog.unknown.activated.emit(1)
    sample.settle()
    assert "1 label" in dialog.summary.text().replace("\u00a0", " ")
    sample.click(dialog.go)
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is there")
    sample.settle()


def test_nothing_that_can_be_imported(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "c.bin").write_bytes(b"x")
    dialog = previewed(sample, tmp_path / "c.bin")
    assert not dialog.go.isEnabled()
    dialog.reject()
    sample.settle()


def test_the_report_of_an_import_tells_every_kind_of_guess(sample: Driver) -> None:
    report = Report(
        guessed=[{"file": "a", "tags": "IOB1"}, {"file": "b", "encoding": "cp1252", "sample": "café"}],
        similar=[{"file": "a", "position": "", "of": "x", "share": 0.9}],
        columns=[{"file": "t", "sheet": "", "header": ["a"], "fields": {"a": "text"}, "guessed": True}],
    )
    text = report_text(report)
    for words in ("Tags: IOB1", "Read as cp1252: “café”", "90% in common with x", "A as text (guessed)"):
        assert words in text
