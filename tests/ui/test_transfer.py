"""Imports from the window, where the disk or the person gets in the way."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.bundle import Report
from ui.dialogs import report_rows, report_text
from ui.driver import Driver
from ui.import_names import NamesPage
from ui.import_pages import AnnotatorPage, ChangedPage, ColumnsPage, EncodingPage, FoundPage
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


def looked_again(driver: Driver, dialog: ImportPreview) -> None:
    driver.wait(dialog.save.isEnabled, "another look")
    driver.settle()


def go_to(driver: Driver, dialog: ImportPreview, *key: object) -> QWidget:
    """The page of a row of the list, gone to by a click."""
    place = next(n for n, row in enumerate(dialog._rows) if row.key and row.key[: len(key)] == key)
    driver.row(dialog.list, place)
    page = dialog.stack.currentWidget()
    assert page
    return page


def choose(driver: Driver, combo: QComboBox, data: object) -> None:
    """Choose an entry with the arrow keys, as a person without a mouse does."""
    combo.setFocus()
    step = Qt.Key.Key_Down if combo.findData(data) > combo.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(combo.findData(data) - combo.currentIndex())):
        QTest.keyClick(combo, step)
    assert combo.currentData() == data


def test_what_is_dropped_is_shown_before_it_comes_in(sample: Driver, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("date 2021-07-11 The headline 🚀\n\nShare\n\nThe army said so.", "utf-8")
    (folder / "b.txt").write_bytes("Déjà vu in the café, said the owner.".encode("cp1252"))
    (folder / "c.bin").write_bytes(b"x")
    dialog = previewed(sample, folder)
    assert dialog.summary.text().replace("\u00a0", " ") == "2 articles would come in · 1 left out"
    text = dialog.article.text
    assert text.toPlainText().startswith("date 2021-07-11 The headline 🚀")
    assert len(text.extraSelections()) == 2
    assert "2021-07-11\u2069 (found in the text)" in dialog.article.details.text()
    assert len(sample.window.browsing.lines) == 5
    dialog.save_report(tmp_path / "report.txt")
    report = (tmp_path / "report.txt").read_text("utf-8")
    assert "Would import 2 articles" in report
    assert "c.bin" in report
    sample.click(dialog.go)
    sample.wait(lambda: len(sample.window.browsing.lines) == 7, "the articles are there")
    sample.settle()


def test_an_empty_file_comes_in_as_an_empty_article(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "bare.txt").write_bytes(b"")
    dialog = previewed(sample, tmp_path / "bare.txt")
    rows = [(row.text, row.below) for row in dialog._rows]
    assert ("bare", "no text") in rows
    assert ("The article has no text", str(tmp_path / "bare.txt")) in rows
    sample.click(dialog.go)
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is there")
    sample.settle()
    report = sample.window.transfer.report
    assert report, "what is odd about it is told"
    report.close()


def test_the_encoding_of_each_file_is_chosen_with_its_text_changing(sample: Driver, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        text = f"Déjà vu {name} in the café, said the owner."
        (tmp_path / f"{name}.txt").write_bytes(text.encode("cp1252"))
    dialog = previewed(sample, *(tmp_path / f"{name}.txt" for name in "abc"))
    assert dialog.article.encoding.isVisible()
    sample.click(dialog.article.encoding)
    page = dialog.stack.currentWidget()
    assert isinstance(page, EncodingPage)
    assert page.text.toPlainText().startswith("Déjà vu a")
    choose(sample, page.combo, "cp1251")
    assert page.text.toPlainText().startswith("Dйjа vu a")
    looked_again(sample, dialog)
    assert [glimpse.text[:4] for glimpse in dialog.preview.first] == ["Dйjа", "Déjà", "Déjà"]
    assert dialog.focusWidget() is page.combo
    page.all.click()
    looked_again(sample, dialog)
    assert {glimpse.text[:4] for glimpse in dialog.preview.first} == {"Dйjа"}
    page.all.click()
    choose(sample, page.combo, "cp1252")
    looked_again(sample, dialog)
    assert {glimpse.text[:4] for glimpse in dialog.preview.first} == {"Déjà"}
    dialog.reject()
    sample.settle()
    assert len(sample.window.browsing.lines) == 5


def test_names_are_mapped_added_and_left_out_before_anything_is_written(
    sample: Driver, tmp_path: Path
) -> None:
    spans = [
        {"start": 0, "end": 3, "label": "weapon", "attributes": {"kind": "gun"}},
        {"start": 4, "end": 8, "label": "PER", "attributes": {"type": "group"}},
        {"start": 4, "end": 8, "label": "noise"},
    ]
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "The army", "spans": spans}) + "\n")
    dialog = previewed(sample, tmp_path / "a.jsonl")
    page = go_to(sample, dialog, "names")
    assert isinstance(page, NamesPage)
    by_name = {str(name): combo for name, combo in page.combos.items()}
    assert list(by_name) == ["PER", "PER.type", "noise", "weapon", "weapon.kind"]
    assert not by_name["weapon.kind"].isEnabled()
    choose(sample, by_name["PER"], "actor")
    choose(sample, by_name["weapon"], "\0add")
    assert by_name["weapon.kind"].currentData() == "\0add"
    looked_again(sample, dialog)
    assert "2 labels" in dialog.summary.text().replace("\u00a0", " ")
    assert dialog.stack.currentWidget() is page
    sample.click(dialog.go)
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is there")
    sample.settle()
    scheme = sample.window.scheme
    assert scheme.label("weapon").attributes[0].name == "kind"
    assert not scheme.label("PER")
    assert not scheme.label("noise")
    if sample.window.transfer.report:
        sample.window.transfer.report.reject()


def test_columns_are_chosen_and_remembered(sample: Driver, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(
            f"first,second\n{name} is a title,And this is what {name} says.\n"
        )
    dialog = previewed(sample, tmp_path / "one.csv")
    assert dialog.summary.text().replace("\u00a0", " ") == "0 articles would come in · 1 left out"
    page = go_to(sample, dialog, "table")
    assert isinstance(page, ColumnsPage)
    assert page.problem.isVisible()
    choose(sample, page.combos["first"], "title")
    choose(sample, page.combos["second"], "text")
    looked_again(sample, dialog)
    assert dialog.preview.first[0].record.article.title == "one is a title"
    assert not page.problem.isVisible()
    sample.click(dialog.go)
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is there")
    sample.settle()
    if sample.window.transfer.report:
        sample.window.transfer.report.reject()
    again = previewed(sample, tmp_path / "two.csv")
    assert again.preview.first[0].record.article.title == "two is a title"
    again.reject()
    sample.settle()


def test_details_changed_files_and_the_annotator(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("date 2021-07-11 The headline\nBy Ana Smith\n\nThe army said so.")
    sample.window.transfer.import_paths([tmp_path / "a.txt"])
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the article is in the list")
    sample.settle()
    (tmp_path / "a.txt").write_text("date 2021-07-12 The headline\nBy Ana Smith\n\nThe army denied it.")
    lines = {"text": "The army", "spans": [{"start": 4, "end": 8, "label": "actor"}]}
    (tmp_path / "b.jsonl").write_text(json.dumps(lines) + "\n")
    dialog = previewed(sample, tmp_path / "a.txt", tmp_path / "b.jsonl")
    changed = go_to(sample, dialog, "changed")
    assert isinstance(changed, ChangedPage)
    changed.add.click()
    looked_again(sample, dialog)
    found = go_to(sample, dialog, "found")
    assert isinstance(found, FoundPage)
    found.boxes["date"].click()
    looked_again(sample, dialog)
    whose = go_to(sample, dialog, "annotator")
    assert isinstance(whose, AnnotatorPage)
    whose.name.selectAll()
    QTest.keyClicks(whose.name, "Bo")
    sample.wait(lambda: dialog.wishes.annotator == "Bo", "the name is taken")
    looked_again(sample, dialog)
    assert dialog.preview.annotators == {"Bo": 1}
    metas = [glimpse.record.article.meta for glimpse in dialog.preview.first]
    assert [sorted(meta) for meta in metas] == [["author", "file"], []]
    sample.click(dialog.go)
    sample.wait(lambda: len(sample.window.browsing.lines) == 8, "the articles are there")
    sample.settle()
    if sample.window.transfer.report:
        sample.window.transfer.report.reject()


def test_a_row_of_the_list_leads_to_its_choices_by_key(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes("Déjà vu in the café, said the owner.".encode("cp1252"))
    dialog = previewed(sample, tmp_path / "b.txt")
    go_to(sample, dialog, "guess")
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    page = dialog.stack.currentWidget()
    assert isinstance(page, EncodingPage)
    assert page.combo.hasFocus()
    dialog.reject()
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


def test_a_list_shows_the_first_of_very_many_and_the_report_has_them_all(sample: Driver) -> None:
    rows = [{"file": f"{n}.txt", "position": "", "reason": f"reason {n}; do it"} for n in range(2000)]
    report = Report(skipped=rows)
    shown = report_rows(report)
    assert len(shown) == 502
    assert shown[-1].heading
    assert "1\u202f500" in shown[-1].text
    assert report_text(report).count("Reason") == 2000
