"""The window, driven with mouse and keys through the event loop."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from desktop import projects as core
from desktop.model import Span
from desktop.store import queries
from ui import report
from ui.actions import ACTIONS, MENUS, key_table, plain
from ui.driver import Driver
from ui.keymap import KeyMap
from ui.window import MainWindow

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
# CRLF, an emoji with a modifier and one of several parts, combining marks, a no-break space, U+2028, Arabic.
TRICKY = "👍🏽 Zoe\u0308\u00a0Kowalski met 👩‍👩‍👧 in Rome.\r\nقال الجيش العراقي إن صاروخا سقط\u2028Cafe\u0301 Aleppo reopened."
CLEAN = TRICKY.replace("\r\n", "\n").replace("\u2028", "\n")


@pytest.fixture
def tricky(driver: Driver, tmp_path: Path) -> Driver:
    """A window with one article that has everything offsets trip over."""
    path = tmp_path / "tricky.tagline"
    core.create(path, "ana").store.close()
    article = tmp_path / "tricky.txt"
    article.write_bytes(TRICKY.encode())
    driver.window.projects.open(path)
    driver.settle()
    driver.window.transfer.dropped([article])
    bring_in(driver)
    driver.wait(lambda: driver.window.view.text == CLEAN, "the article is imported and shown")
    driver.settle()
    said = driver.window.transfer.report
    assert said, "the import says what it cleaned"
    said.close()
    driver.settle()
    return driver


def spans(driver: Driver) -> list[Span]:
    reading = driver.window.labelling.reading
    return list(reading.spans) if reading else []


def placed(driver: Driver) -> set[tuple[str, str]]:
    return {(span.label, span.text) for span in spans(driver)}


def label(driver: Driver, quote: str, key: Qt.Key) -> None:
    start = driver.window.view.text.index(quote)
    driver.select(start, start + len(quote))
    driver.key(key)


def test_labels_after_an_emoji_lie_where_they_are_drawn(tricky: Driver) -> None:
    for quote, key in (("Kowalski", Qt.Key.Key_A), ("Rome", Qt.Key.Key_L), ("Aleppo", Qt.Key.Key_L)):
        label(tricky, quote, key)
    label(tricky, "Zoe\u0308\u00a0Kowalski met 👩‍👩‍👧 in Rome", Qt.Key.Key_C)
    found = {(s.label, s.start, s.end, s.text) for s in spans(tricky)}
    wanted = {
        (name, CLEAN.index(quote), CLEAN.index(quote) + len(quote), quote)
        for name, quote in (("actor", "Kowalski"), ("location", "Rome"), ("location", "Aleppo"))
    }
    assert wanted < found
    assert len(found) == 4
    view = tricky.window.view
    for span in spans(tricky):
        for rect in view.span_rects(span.key):
            assert span.start <= view.position_at(rect.center()) <= span.end


def test_arabic_is_labelled_where_it_is_clicked(tricky: Driver) -> None:
    start = CLEAN.index("العراقي")
    rect = tricky.window.view.rect_of(start, start + 7)[0]
    tricky.click(tricky.window.view.viewport(), rect.center())
    tricky.key(Qt.Key.Key_A)
    assert placed(tricky) == {("actor", "العراقي")}


def test_every_export_has_the_offsets_of_the_clean_text(tricky: Driver, tmp_path: Path) -> None:
    label(tricky, "Aleppo", Qt.Key.Key_L)
    window, folder = tricky.window, tmp_path / "out"
    tricky.key(Qt.Key.Key_E, CTRL | SHIFT)
    exporting, receipt = window.transfer.exporting, window.care.receipt
    tricky.wait(lambda: exporting.dialog, "the dialog")
    dialog = exporting.dialog
    assert dialog
    for row in dialog.form.formats.rows.values():
        if not row.check.isChecked():
            tricky.click(row.check)
    dialog.form.folder.setText(str(folder))
    tricky.click(dialog.export)
    tricky.wait(lambda: receipt.told, "the export is done")
    tricky.click(receipt.page.done)
    record = json.loads((folder / "jsonl" / "articles.jsonl").read_text("utf-8").split("\n")[0])
    start = CLEAN.index("Aleppo")
    assert record["text"] == CLEAN
    assert [(s["start"], s["end"]) for s in record["spans"]] == [(start, start + 6)]
    row = json.loads((folder / "huggingface" / "data" / "train.jsonl").read_text("utf-8").split("\n")[0])
    assert [(s["start"], s["end"], s["text"]) for s in row["spans"]] == [(start, start + 6, "Aleppo")]
    annotation = next((folder / "brat").rglob("*.ann")).read_text("utf-8")
    assert f"T1\tlocation {start} {start + 6}\tAleppo\n" in annotation


def test_a_label_key_takes_selection_then_pick_then_word(sample: Driver) -> None:
    view = sample.window.view
    start = view.text.index("special forces")
    sample.click(view.viewport(), sample.point(start + 3))
    sample.key(Qt.Key.Key_E)
    assert placed(sample) == {("event", "special")}
    assert view.picked is None, "a span just made is not picked"
    sample.pick(start + 3)
    sample.key(Qt.Key.Key_A)
    assert placed(sample) == {("actor", "special")}
    sample.select(start, start + len("special forces"))
    sample.key(Qt.Key.Key_A)
    assert placed(sample) == {("actor", "special"), ("actor", "special forces")}


def test_equal_extent_relabels_and_shift_adds_a_second(sample: Driver) -> None:
    label(sample, "Washington", Qt.Key.Key_L)
    label(sample, "Washington", Qt.Key.Key_A)
    assert placed(sample) == {("actor", "Washington")}
    start = sample.window.view.text.index("Washington")
    sample.select(start, start + len("Washington"))
    sample.key(Qt.Key.Key_L, SHIFT)
    assert placed(sample) == {("actor", "Washington"), ("location", "Washington")}


def test_selection_snaps_and_ctrl_keeps_it_exact(sample: Driver) -> None:
    view = sample.window.view
    start = view.text.index("embassy")
    sample.click(view.viewport(), sample.point(start))
    sample.key(Qt.Key.Key_Right, SHIFT, times=3)
    sample.key(Qt.Key.Key_L, CTRL)
    assert placed(sample) == {("location", "emb")}
    sample.key(Qt.Key.Key_Z, CTRL)
    sample.click(view.viewport(), sample.point(start))
    sample.key(Qt.Key.Key_Right, SHIFT, times=3)
    sample.key(Qt.Key.Key_L)
    assert placed(sample) == {("location", "embassy")}


def test_copy_and_select_all_keep_their_keys(sample: Driver) -> None:
    view = sample.window.view
    sample.key(Qt.Key.Key_A, CTRL)
    assert view.selection == (0, len(view.text))
    sample.key(Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == view.text
    assert not placed(sample)


def test_a_day_without_the_mouse(sample: Driver) -> None:
    """Label, pick, move both edges, step out and in, remove, undo: by keys alone."""
    window = sample.window
    window.view.setFocus()
    sample.key(Qt.Key.Key_Home, CTRL)
    sample.key(Qt.Key.Key_L)
    assert placed(sample) == {("location", "Iraq")}
    sample.key(Qt.Key.Key_Home, CTRL)
    sample.key(Qt.Key.Key_End, SHIFT)
    sample.key(Qt.Key.Key_C)
    assert len(placed(sample)) == 2
    sample.key(Qt.Key.Key_Home, CTRL)
    sample.key(Qt.Key.Key_Period)
    sample.key(Qt.Key.Key_Period)
    inner = window.labelling.picked
    assert inner
    assert inner.label == "location"
    sample.key(Qt.Key.Key_Up, ALT)
    assert window.labelling.picked
    assert window.labelling.picked.label == "claim"
    sample.key(Qt.Key.Key_Down, ALT)
    assert window.labelling.picked == inner
    sample.key(Qt.Key.Key_Right, ALT)
    assert ("location", "Iraq, new") in placed(sample)
    sample.key(Qt.Key.Key_Right, ALT | SHIFT)
    assert ("location", "new") in placed(sample)
    sample.key(Qt.Key.Key_Backspace)
    assert {name for name, _ in placed(sample)} == {"claim"}
    sample.key(Qt.Key.Key_Z, CTRL)
    assert ("location", "new") in placed(sample)


def test_typing_in_a_field_labels_nothing(sample: Driver) -> None:
    sample.key(Qt.Key.Key_F, CTRL)
    for key in (Qt.Key.Key_E, Qt.Key.Key_S, Qt.Key.Key_P, Qt.Key.Key_Period, Qt.Key.Key_Backspace):
        sample.key(key)
    assert not placed(sample)
    assert sample.window.articles.search.text() == "esp"


def test_done_and_next_counts(sample: Driver) -> None:
    window, first = sample.window, sample.window.browsing.article
    assert first
    sample.key(Qt.Key.Key_Return, CTRL)
    assert window.browsing.lines[first].state == "done"
    assert window.browsing.article != first
    assert "1 of 5 done" in window.status._done.text()


def test_undo_goes_to_the_article_it_changes(sample: Driver) -> None:
    window, first = sample.window, sample.window.browsing.article
    label(sample, "Washington", Qt.Key.Key_L)
    sample.key(Qt.Key.Key_PageDown, CTRL)
    assert window.browsing.article != first
    sample.key(Qt.Key.Key_Z, CTRL)
    assert window.browsing.article == first
    assert not placed(sample)


def test_what_is_shown_as_saved_is_in_the_file(sample: Driver, tmp_path: Path) -> None:
    label(sample, "Washington", Qt.Key.Key_L)
    assert sample.window.status.saved == "saved"
    copy = tmp_path / "copy.tagline"
    copy.write_bytes(
        (tmp_path / "sample.tagline").read_bytes()
    )  # as after a kill: nothing is closed or flushed
    session = core.open_project(copy, "ana")
    assert queries.info(session.store)["spans"] == 1
    session.store.close()


def bring_in(driver: Driver) -> None:
    """Agree to what the preview of an import shows."""
    driver.settle()
    preview = driver.window.transfer.preview
    assert preview
    driver.wait(preview.go.isEnabled, "the preview shows what would come in")
    driver.click(preview.go)


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(
        QDropEvent(QPointF(QPoint(400, 400)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    )


def test_projects_open_by_drop_and_bad_ones_say_why(sample: Driver, tmp_path: Path) -> None:
    window = sample.window
    sample.key(Qt.Key.Key_W, CTRL)
    assert window.project is None
    bad = tmp_path / "bad.tagline"
    bad.write_text("no project")
    drop(window, bad)
    sample.settle()
    assert str(bad) in window.messages.text
    assert "not a Tagline project" in window.messages.text
    drop(window, tmp_path / "sample.tagline")
    sample.settle()
    assert window.project
    assert not window.messages.text
    drop(window, bad)
    sample.settle()
    assert window.project, "a project that cannot be opened costs the one that is open"
    label(sample, "Washington", Qt.Key.Key_L)
    assert placed(sample) == {("location", "Washington")}


def test_bad_files_are_named_and_the_good_come_in(sample: Driver, tmp_path: Path) -> None:
    (tmp_path / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / "good.txt").write_text("A good article.", "utf-8")
    drop(sample.window, tmp_path / "image.txt", tmp_path / "good.txt")
    bring_in(sample)
    sample.wait(lambda: len(sample.window.browsing.lines) == 6, "the good article is in the list")
    sample.settle()
    said = sample.window.transfer.report
    assert said
    rows = said.list.model()
    shown = "\n".join(str(rows.index(row, 0).data()) for row in range(rows.rowCount()))
    assert "not a text file" in shown
    said.close()


def test_a_bug_is_reported_logged_and_leaves_the_project(
    sample: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    log = tmp_path / "log"
    monkeypatch.setattr(report, "log_folder", lambda: log)
    monkeypatch.setattr(report.CrashDialog, "exec", lambda dialog: shown.append(dialog.report.toPlainText()))
    monkeypatch.setattr(sys, "excepthook", report.CrashHook(lambda: sample.window).handle)

    def broken(session: Any) -> None:
        with session.step("Half done"):
            session.put(
                Span(
                    article=1,
                    id="x",
                    start=0,
                    end=1,
                    label="event",
                    text="I",
                    fragments=((0, 1),),
                    annotator="a",
                )
            )
            raise ZeroDivisionError("a bug")

    sample.window.work.do(broken, writing=True)
    sample.wait(lambda: shown, "the report")
    assert "ZeroDivisionError: a bug" in shown[0]
    assert "ZeroDivisionError: a bug" in (log / "errors.log").read_text("utf-8")
    sample.window.browsing.open(1)
    sample.settle()
    assert not placed(sample)
    label(sample, "Washington", Qt.Key.Key_L)
    assert placed(sample) == {("location", "Washington")}
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_another_layer_can_be_shown_and_labelled(driver: Driver, tmp_path: Path) -> None:
    window = driver.window
    window.projects.make_sample(tmp_path / "sample.tagline", labels=True)
    driver.wait(lambda: len(spans(driver)) > 0, "the reference labels")
    assert window.browsing.layer == "reference"
    window.set_layer("ana")
    driver.settle()
    assert not spans(driver)
    label(driver, "Washington", Qt.Key.Key_L)
    assert {span.annotator for span in spans(driver)} == {"ana"}


def test_no_key_means_two_things() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))
    scheme = core.default_scheme()
    assert not {label.key.upper() for label in scheme.labels} & KeyMap(key_table(), {}).used()


def test_every_action_is_in_a_menu() -> None:
    entries = [
        entry for _, entries in MENUS for entry in entries if entry not in "-" and not entry.startswith("@")
    ]
    assert sorted(entries) == sorted(action.id for action in ACTIONS)


def test_actions_wait_while_something_long_runs(sample: Driver) -> None:
    window = sample.window
    window.transfer.set_busy(True)
    on = {name for name, action in window.actions_.by_id.items() if action.isEnabled()}
    assert "done_next" not in on
    assert {"next", "find", "larger"} <= on
    label(sample, "Washington", Qt.Key.Key_L)
    assert not placed(sample)
    window.transfer.set_busy(False)
    label(sample, "Washington", Qt.Key.Key_L)
    assert placed(sample)


def entries(menu: Any) -> dict[str, Any]:
    """All entries of a menu and its submenus, by their texts, the submenu's before."""
    found = {}
    for action in menu.actions():
        if action.menu():
            found |= {
                f"{plain(action.text())}: {name}": entry for name, entry in entries(action.menu()).items()
            }
        elif not action.isSeparator():
            found[plain(action.text())] = action
    return found


def test_every_way_to_label_stands_in_the_menu_with_its_keys(sample: Driver) -> None:
    found = entries(sample.window.actions_.menus["labels"])
    keys = {name: [key.toString() for key in action.shortcuts()] for name, action in found.items()}
    assert list(keys)[:4] == ["Event", "Actor", "Location", "Claim"]
    assert keys["Event"] == ["E"]
    assert keys["Exactly as selected: Event"] == ["Ctrl+E", "Ctrl+Alt+E"]
    # Ctrl+C copies and Ctrl+A selects all.
    assert keys["Exactly as selected: Claim"] == ["Ctrl+Alt+C"]
    assert keys["Exactly as selected: Actor"] == ["Ctrl+Alt+A"]
    assert keys["As a second label: Location"] == ["Shift+L"]


def test_the_menu_labels_as_the_keys_do(sample: Driver) -> None:
    window, view = sample.window, sample.window.view
    found = entries(window.actions_.menus["labels"])
    quoted = view.text.index(" Washington")
    view.select(quoted, quoted + len(" Washington"), exact=True)
    view._exact = False  # selected by key: only the entry says that the blank is meant
    found["Exactly as selected: Actor"].trigger()
    sample.settle()
    view.select(quoted + 1, quoted + len(" Washington"))
    found["Location"].trigger()
    sample.settle()
    view.select(quoted + 1, quoted + len(" Washington"))
    found["As a second label: Event"].trigger()
    sample.settle()
    assert placed(sample) == {("actor", " Washington"), ("location", "Washington"), ("event", "Washington")}


def test_the_ways_to_label_are_gone_where_nothing_can_be_labelled(driver: Driver, sample: Driver) -> None:
    found = entries(sample.window.actions_.menus["labels"])
    ways = [found["Event"], found["Exactly as selected: Event"], found["As a second label: Event"]]
    assert all(action.isEnabled() for action in ways)
    sample.window.scheming.open()
    sample.settle()
    assert not any(action.isEnabled() for action in ways)
