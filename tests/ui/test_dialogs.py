from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox, QPushButton, QSpinBox

from desktop.bundle import Report
from desktop.settings import Settings
from ui.asking import ask
from ui.dialogs import (
    ImportReportDialog,
    SettingsDialog,
    report_text,
    summary,
)


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


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


def test_the_report_is_saved(app: Any, tmp_path: Path) -> None:
    dialog = ImportReportDialog(report())
    dialog.show()
    for answer in ("", str(tmp_path / "missing" / "a.txt"), str(tmp_path / "a.txt")):
        dialog.ask_path = lambda answer=answer: answer  # type: ignore[method-assign, misc]
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        if "missing" in answer:
            assert "missing" in dialog.detail.text() and "choose another place" in dialog.detail.text()
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == report_text(report()) + "\n"
    assert dialog.detail.text().endswith("a.txt.")
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
    start = time.process_time()
    dialog = ImportReportDialog(long)
    dialog.show()
    assert time.process_time() - start < 1
    dialog.close()


# Settings, keys, about, questions


def test_settings_form_follows_the_table(app: Any) -> None:
    dialog = SettingsDialog(Settings(annotator="Anna"))
    dialog.show()
    typeset = {"font", "line_length", "line_spacing"}  # these have a panel of their own
    remembered = {"keys", "columns", "recent", "window", "panel_widths", "hidden_panels", "first_steps"}
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
