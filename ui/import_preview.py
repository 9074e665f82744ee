"""What an import would bring, before it is done: the first articles as they will look, what was guessed, what to decide."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.decoding import ENCODINGS
from desktop.intake import Wishes, preview_lines
from desktop.preview import Glimpse, Preview
from ui.dialogs import report_rows
from ui.fields import Problem, QuietCombo, muted
from ui.offsets import Utf16
from ui.parts import capital, language_name, number, theme_of
from ui.rows import ListRow, RowsView
from ui.words import later, plural, retold, tr

_FATES = {"new": "", "there": later("is there already"), "changed": later("changed, left as it is")}


class ImportPreview(QDialog):
    """`looked` asks for another look with other wishes, `agreed` for the import itself."""

    looked = Signal(object)
    agreed = Signal(object)

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import"))
        self.wishes = wishes
        self.preview = Preview()
        self._theme = theme_of(parent)
        self.summary = QLabel(tr("Looking at the files …"))
        self.summary.setWordWrap(True)
        self.summary.setProperty("heading", True)
        self.languages = muted("")
        self.problem = Problem()
        self.list = RowsView(tr("What would come in"))
        self.list.set_theme(self._theme)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("How it will look"))
        self.encoding, self.unknown, self.changed = QuietCombo(), QuietCombo(), QuietCombo()
        self._rows: list[ListRow] = []
        self._fill()
        self._lay_out()
        self._connect()
        self._busy(True)

    def _fill(self) -> None:
        self.encoding.addItem(tr("Encoding: found out"), None)
        for name in ENCODINGS:
            self.encoding.addItem(tr("Encoding: {name}", name=name.replace("_", "-")), name)
        self.unknown.addItem(tr("Unknown names: leave out"), "skip")
        self.unknown.addItem(tr("Unknown names: add to the scheme"), "add")
        self.changed.addItem(tr("Changed files: leave as they are"), "skip")
        self.changed.addItem(tr("Changed files: bring in as new"), "add")
        for combo in (self.encoding, self.unknown, self.changed):
            combo.setAccessibleName(combo.itemText(0).split(":")[0])
            combo.hide()

    def _lay_out(self) -> None:
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton(tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.save = self.buttons.addButton(tr("Save the report…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setAutoDefault(False)
        choices = QHBoxLayout()
        for combo in (self.encoding, self.unknown, self.changed):
            choices.addWidget(combo)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.list)
        both.addWidget(self.text)
        both.setSizes([420, 480])
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 14)
        column.setSpacing(10)
        for widget in (self.summary, self.languages, self.problem):
            column.addWidget(widget)
        column.addLayout(choices)
        column.addWidget(both, 1)
        column.addWidget(self.buttons)
        self.resize(920, 600)

    def _connect(self) -> None:
        self.buttons.accepted.connect(lambda: self.agreed.emit(self.wishes))
        self.buttons.rejected.connect(self.reject)
        self.save.clicked.connect(self._ask_where)
        self.list.selectionModel().currentChanged.connect(lambda index: self._show_row(index.row()))
        for combo in (self.encoding, self.unknown, self.changed):
            combo.activated.connect(lambda _: self._look_again())

    def _look_again(self) -> None:
        self.wishes = Wishes(
            self.wishes.paths, self.wishes.format, self.encoding.currentData(), self.wishes.columns, self.wishes.remembered,
            self.unknown.currentData(), self.wishes.names, self.changed.currentData(),
        )  # fmt: skip
        self._busy(True)
        self.looked.emit(self.wishes)

    def _busy(self, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.save.setEnabled(not busy)

    def progress(self, done: int) -> None:
        self.summary.setText(
            plural("Looking at the files: {n} article …", "Looking at the files: {n} articles …", done)
        )

    def failed(self, message: str) -> None:
        self.summary.setText(tr("The files cannot be imported."))
        self.problem.say(message)

    def show_preview(self, preview: Preview) -> None:
        """What a look has found."""
        self.preview = preview
        self._busy(False)
        self.problem.say("")
        report = preview.report
        self.summary.setText(_summary(preview))
        told = ", ".join(
            f"{language_name(code) if code else tr('unknown')} ({number(count)})"
            for code, count in preview.languages.most_common(8)
        )
        found = {"date": tr("a date"), "author": tr("an author"), "outside": tr("page furniture")}
        told = ". ".join(
            [
                tr("Languages: {languages}", languages=told),
                *(
                    plural("{what} found in {n}", "{what} found in {n}", count, what=capital(found[what]))
                    for what, count in report.found.items()
                ),
            ]
        )
        self.languages.setText(f"{told}." if preview.languages else "")
        self.encoding.setVisible(
            self.encoding.isVisible() or any("encoding" in row for row in report.guessed)
        )
        self.unknown.setVisible(bool(preview.unknown))
        self.changed.setVisible(
            self.changed.isVisible()
            or any(row["reason"].startswith("changed: this file") for row in report.skipped)
        )
        self.go.setText(
            plural("Import {n} article", "Import {n} articles", report.articles)
            if report.articles
            else tr("Import")
        )
        self.go.setEnabled(bool(preview.first))
        self._show_rows()

    def _show_rows(self) -> None:
        rows: list[ListRow] = []
        if self.preview.first:
            rows.append(ListRow(tr("The first articles")))
            rows += [
                ListRow(g.record.article.title, ("first", n), _about(g))
                for n, g in enumerate(self.preview.first)
            ]
        if self.preview.unknown:
            rows.append(ListRow(tr("Not in the scheme · {count}", count=number(len(self.preview.unknown)))))
            rows += [
                ListRow(
                    f"{retold(one.name.kind)} {one.name}",
                    ("unknown", n),
                    plural(
                        "{n} time, first “{example}”",
                        "{n} times, first “{example}”",
                        one.count,
                        example=one.example[:60],
                    ),
                )
                for n, one in enumerate(self.preview.unknown)
            ]
        rows += report_rows(self.preview.report)
        self._rows = rows
        self.list.show_rows(rows)
        if len(rows) > 1:
            self.list.setCurrentIndex(self.list.rows.index(1))

    def _show_row(self, place: int) -> None:
        if not 0 <= place < len(self._rows) or self._rows[place].heading:
            return
        row = self._rows[place]
        if row.key[0] == "first":
            self._show_text(self.preview.first[row.key[1]])
        else:
            self.text.setExtraSelections([])
            self.text.setPlainText(f"{row.below}\n\n{row.text}")

    def _show_text(self, glimpse: Glimpse) -> None:
        """The article as it will look, what is outside of it grey."""
        self.text.setPlainText(glimpse.text)
        units = Utf16(glimpse.text)
        grey = QTextCharFormat()
        grey.setForeground(QColor(self._theme.muted))
        selections = []
        for start, end in glimpse.record.article.outside:
            if start < len(glimpse.text):
                part = QTextEdit.ExtraSelection()
                part.format = grey
                part.cursor = QTextCursor(self.text.document())
                part.cursor.setPosition(units.to_utf16(start))
                part.cursor.setPosition(
                    units.to_utf16(min(end, len(glimpse.text))), QTextCursor.MoveMode.KeepAnchor
                )
                selections.append(part)
        self.text.setExtraSelections(selections)

    def _ask_where(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save the report"), tr("import report.txt"), tr("Text (*.txt)")
        )
        if path:
            self.save_report(Path(path))

    def save_report(self, path: Path) -> None:
        """Everything the preview knows, as text."""
        report = self.preview.report
        skipped = [
            tr(
                "skipped: {file} {position}: {reason}",
                file=row["file"],
                position=row["position"],
                reason=row["reason"],
            )
            for row in report.skipped
        ]
        try:
            path.write_text(
                "\n".join([*preview_lines(self.preview), *skipped]) + "\n", "utf-8", "backslashreplace"
            )
        except OSError as error:
            self.problem.say(tr("The report cannot be written: {problem}.", problem=error.strerror))


def _summary(preview: Preview) -> str:
    report = preview.report
    parts = [plural("{n} article would come in", "{n} articles would come in", report.articles)]
    if report.spans:
        parts.append(plural("{n} label", "{n} labels", report.spans))
    if report.duplicates:
        parts.append(plural("{n} there already", "{n} there already", len(report.duplicates)))
    if report.skipped:
        parts.append(plural("{n} left out", "{n} left out", len(report.skipped)))
    return " · ".join(parts)


def _about(glimpse: Glimpse) -> str:
    article = glimpse.record.article
    facts = [str(article.meta[name]) for name in ("date", "author", "source") if article.meta.get(name)]
    return " · ".join(
        filter(
            None,
            [tr(_FATES[glimpse.fate]), *facts, plural("{n} character", "{n} characters", article.length)],
        )
    )
