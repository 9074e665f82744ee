"""The small dialogs: settings, and what an import did."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.bundle import Report
from desktop.paths import projects_folder
from desktop.settings import Settings
from ui.fields import QuietCombo, QuietSpin
from ui.parts import capital, number, theme_of, words
from ui.rows import ListRow, RowsView
from ui.words import plural, retold, tr

# What has no field here: how the text is set has a place of its own, the rest is remembered by the way.
# Rows of a section that a list shows: more would only keep the window waiting, and the report that is copied has them all.
MOST_ROWS = 500
LEFT_OUT = (
    "font",
    "line_length",
    "line_spacing",
    "keys",
    "columns",
    "recent",
    "window",
    "panel_widths",
    "hidden_panels",
    "first_steps",
)


class SettingsDialog(QDialog):
    """A form made of the table of settings: a field for each, its description as the hint under it."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setMinimumWidth(320)
        self._settings = settings
        self.fields: dict[str, QWidget] = {}
        form = QVBoxLayout()
        form.setSpacing(18)
        for name, info in Settings.model_fields.items():
            if name not in LEFT_OUT:
                self._add(form, name, info)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(20)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(buttons)
        self.resize(460, self.sizeHint().height())

    def _add(self, form: QVBoxLayout, name: str, info: FieldInfo) -> None:
        field = _setting_field(info, getattr(self._settings, name))
        said, told = capital(retold(words(name))), retold(info.description or "")
        field.setAccessibleName(said)
        field.setAccessibleDescription(told)
        self.fields[name] = field
        cell = QVBoxLayout()
        cell.setSpacing(4)
        if isinstance(field, QCheckBox):
            field.setText(said)
        else:
            caption = QLabel(said)
            caption.setProperty("heading", True)
            caption.setBuddy(field)
            cell.addWidget(caption)
        cell.addWidget(field)
        cell.addWidget(_muted(told))
        form.addLayout(cell)

    def values(self) -> dict[str, Any]:
        """The settings that differ from those given."""
        now = {name: _setting_value(field) for name, field in self.fields.items()}
        return {name: value for name, value in now.items() if value != getattr(self._settings, name)}


def _setting_field(info: FieldInfo, value: Any) -> QWidget:
    kind = info.annotation
    if get_origin(kind) is Literal:
        combo = QuietCombo()
        for choice in get_args(kind):
            combo.addItem(capital(retold(words(str(choice)))), choice)
        combo.setCurrentIndex(combo.findData(value))
        return combo
    if kind is bool:
        check = QCheckBox()
        check.setChecked(bool(value))
        return check
    if kind is int:
        bounds = {
            name: getattr(item, name)
            for item in info.metadata
            for name in ("ge", "le")
            if hasattr(item, name)
        }
        return QuietSpin(bounds.get("ge", 0), bounds.get("le", 1_000_000), int(value))
    return QLineEdit(str(value))


def _setting_value(field: QWidget) -> Any:
    if isinstance(field, QComboBox):
        return field.currentData()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, QSpinBox):
        return field.value()
    return field.text().strip() if isinstance(field, QLineEdit) else None


class ImportReportDialog(QDialog):
    """What an import left out, changed or guessed, by file and position."""

    def __init__(self, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import"))
        self.summary = QLabel(summary(report))
        self.summary.setWordWrap(True)
        self.list = RowsView(tr("What the import left out, changed or guessed"))
        self.list.set_theme(theme_of(parent))
        rows = report_rows(report)
        self.list.show_rows(rows)
        self.list.setVisible(bool(rows))
        self.detail = _muted("")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.list.selectionModel().currentChanged.connect(lambda index: self._show_whole(rows[index.row()]))
        buttons = _close_and_copy(self, tr("Copy the report"), lambda: report_text(report))
        self.save = buttons.addButton(tr("Save the report…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setAutoDefault(False)
        self.save.clicked.connect(lambda: self._save(report))
        self.ask_path = self._ask_path  # tests give the answer
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 18, 0, 14)
        column.setSpacing(12)
        for widget, stretch in ((self.summary, 0), (self.list, 1), (self.detail, 0), (buttons, 0)):
            inset = QVBoxLayout()
            side = 0 if widget is self.list else 16
            inset.setContentsMargins(side, 0, side, 0)
            inset.addWidget(widget)
            column.addLayout(inset, stretch)
        self.resize(620, 480 if rows else self.sizeHint().height())
        self.detail.setVisible(bool(rows))
        if rows:
            self.list.setCurrentIndex(self.list.rows.index(1))

    def _show_whole(self, row: ListRow) -> None:
        """The whole of a line that the list may have cut."""
        self.detail.setText(f"{row.below}: {row.text}")

    def _ask_path(self) -> str:
        offered = projects_folder() / tr("Import report.txt")
        return QFileDialog.getSaveFileName(self, tr("Save the report"), str(offered), tr("Text (*.txt)"))[0]

    def _save(self, report: Report) -> None:
        path = self.ask_path()
        if not path:
            return
        try:
            Path(path).write_text(report_text(report) + "\n", encoding="utf-8")
            said = tr("The report is in {file}.", file=path)
        except OSError as error:
            said = tr(
                "{file} cannot be written ({why}); choose another place.", file=path, why=error.strerror or ""
            )
        self.detail.setText(said)
        self.detail.show()


def summary(report: Report) -> str:
    """The counts in a sentence."""
    came = tr(
        "{articles} and {labels} came in",
        articles=plural("{n} article", "{n} articles", report.articles),
        labels=plural("{n} label", "{n} labels", report.spans),
    )
    if report.relations:
        came = tr(
            "{articles}, {labels} and {relations} came in",
            articles=plural("{n} article", "{n} articles", report.articles),
            labels=plural("{n} label", "{n} labels", report.spans),
            relations=plural("{n} relation", "{n} relations", report.relations),
        )
    if report.skipped:
        return plural(
            "{came}. {n} thing was skipped; each is named below.",
            "{came}. {n} things were skipped; each is named below.",
            len(report.skipped),
            came=came,
        )
    return tr("{came}. Nothing was skipped.", came=came)


def report_rows(report: Report, most: int | None = MOST_ROWS) -> list[ListRow]:
    """The sections of a report, at most so many rows of each; what costs data comes first."""
    sections: tuple[tuple[str, Sequence[dict[str, Any]], Callable[[dict[str, Any]], tuple[str, str]]], ...] = (
        (tr("Skipped"), report.skipped, lambda row: (_SWITCH.sub("", retold(row["reason"])), _place(row))),
        (tr("Without text"), report.empty, lambda row: (tr("the article has no text"), _place(row))),
        (tr("Same text under another id"), report.duplicates,
         lambda row: (tr("same text as {article}", article=row["of"]), _place(row))),
        (tr("Nearly the same text"), report.similar,
         lambda row: (tr("{share} in common with {article}", share=f"{row['share']:.0%}", article=row["of"]), _place(row))),
        (tr("Columns of tables"), report.columns, lambda row: (_columns(row), row["file"])),
        (tr("Guessed"), report.guessed, lambda row: (_guess(row), row["file"])),
        (tr("Text cleaned"), report.cleaned, lambda row: (f"{retold(row['what'])}: {number(row['count'])}", row["file"])),
    )  # fmt: skip
    rows: list[ListRow] = []
    for title, items, words_of in sections:
        if items:
            rows.append(
                ListRow(f"{title} · {number(len(items))}", icon="warning" if items is report.skipped else "")
            )
            for place, (first, below) in enumerate(map(words_of, items[:most])):
                rows.append(ListRow(capital(first), (title, place), below, tip=f"{capital(first)}\n{below}"))
            if most and len(items) > most:
                rows.append(ListRow(plural("and {n} more", "and {n} more", len(items) - most)))
    return rows


# What helps on the command line only.
_SWITCH = re.compile(r" \([^()]*--[^()]*\)")


def _guess(row: Mapping[str, Any]) -> str:
    """What was guessed, and a little of what it gives."""
    what, value = next((name, row[name]) for name in row if name not in ("file", "sample"))
    sample = row.get("sample")
    said = (
        tr("read as {encoding}", encoding=value)
        if what == "encoding"
        else f"{retold(what)}: {retold(str(value))}"
    )
    return f"{said}: “{sample}”" if sample else said


def _columns(row: Mapping[str, Any]) -> str:
    said = ", ".join(
        tr("{column} as {field}", column=column, field=retold(field) if field else tr("nothing"))
        for column, field in row["fields"].items()
    )
    return tr("{columns} (guessed)", columns=said) if row["guessed"] else said


def _place(row: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, [str(row.get("file", "")), retold(str(row.get("position", "")))]))


def report_text(report: Report) -> str:
    """The report as plain text, for a mail or an issue."""
    lines = [summary(report)]
    for row in report_rows(report, None):
        lines.append(f"\n{row.text}" if row.heading else f"- {row.below}: {row.text}")
    return "\n".join(lines).replace("\u00a0", " ").replace("\u202f", " ")


def _close_and_copy(dialog: QDialog, text: str, give: Callable[[], str]) -> QDialogButtonBox:
    """The buttons under a text to read: Close, which Enter presses, and Copy."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    copy = buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
    copy.setAutoDefault(False)
    copying(copy, give)
    buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
    return buttons


def copying(button: QPushButton, text: Callable[[], str]) -> None:
    """Make a button copy what `text()` gives, and say so for a moment."""
    name = button.text()

    def copy() -> None:
        QGuiApplication.clipboard().setText(text())
        button.setText(tr("Copied"))
        QTimer.singleShot(1500, button, lambda: button.setText(name))

    button.clicked.connect(copy)


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label
