"""What there is to decide before an import, a page each: encodings, columns, details that were found, changed files, annotator.

Each page says what it is about, holds the choices, and gives the wishes as they are with them; `changed` tells of another
choice. Names of labels have a page of their own: import_names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import columns, decoding
from desktop.intake import DETAILS, Wishes
from desktop.preview import Guess, Preview
from ui.fields import Problem, QuietCombo, heading, muted
from ui.parts import leading, one_line
from ui.words import later, plural, tr

_MOST_COLUMNS = 100
_FIELDS = {
    "text": later("Text"), "title": later("Title"), "author": later("Author"), "date": later("Date"), "source": later("Source"),
    "url": later("Address"), "language": later("Language"), "id": later("Id"),
}  # fmt: skip
KEPT = "\0kept"
DETAIL_NAMES = {
    "date": later("The date"), "author": later("The author"), "outside": later("Page furniture, greyed as outside the article"),
}  # fmt: skip


class Page(QWidget):
    """One thing to decide."""

    changed = Signal()

    def __init__(self, title: str, about: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(leading(self, 18, 4, 4, 4))
        self.column.setSpacing(8)
        name = heading(title)
        name.setWordWrap(True)
        self.column.addWidget(name)
        self.about = muted(about)
        self.column.addWidget(self.about)

    def wish(self, wishes: Wishes) -> Wishes:
        """The wishes with what is chosen here."""
        raise NotImplementedError


def reading_text(name: str) -> QPlainTextEdit:
    """A text to read."""
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setTabChangesFocus(True)
    text.setAccessibleName(name)
    return text


def scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area


def encoding_name(name: str) -> str:
    return name.replace("_", "-")


class EncodingPage(Page):
    """The encoding of a file that does not tell it; the text changes with the choice."""

    def __init__(self, guess: Guess, others: Sequence[str]) -> None:
        super().__init__(
            one_line(guess.file.rpartition("/")[2]),
            tr("Nothing in the file proves its encoding. Choose the one in which the text reads right."),
        )
        self._guess, self._others = guess, others
        self._chosen: set[str] = set()
        self.combo = QuietCombo()
        self.combo.setAccessibleName(tr("Encoding"))
        for name in guess.choices:
            shown = encoding_name(name)
            self.combo.addItem(tr("{name} (guessed)", name=shown) if name == guess.encoding else shown, name)
        self.all = QCheckBox(
            plural("The same for {n} other file whose encoding is a guess", "The same for {n} other files whose encoding is a guess",
                   len(others))
        )  # fmt: skip
        self.all.setVisible(bool(others))
        self.text = reading_text(tr("The file in this encoding"))
        for widget in (self.combo, self.all):
            self.column.addWidget(widget)
        self.column.addWidget(self.text, 1)
        self.combo.currentIndexChanged.connect(self._show)
        self.combo.activated.connect(lambda _: self.changed.emit())
        self.all.toggled.connect(lambda _: self.changed.emit())
        self._show()

    def _show(self) -> None:
        self.text.setPlainText(decoding.shown_as(self._guess.data, self.combo.currentData()))

    def wish(self, wishes: Wishes) -> Wishes:
        chosen = self.combo.currentData()
        files = {self._guess.file, *(self._others if self.all.isChecked() else ())}
        # What this page once chose for the others goes with its tick.
        kept = {file: name for file, name in wishes.encodings.items() if file not in files | self._chosen}
        self._chosen = files
        if chosen != self._guess.encoding:
            kept |= dict.fromkeys(files, chosen)
        return replace(wishes, encodings=kept)


class ColumnsPage(Page):
    """Which column of a table is which field of an article, with the first rows beside them."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        name = one_line(", ".join(filter(None, (row["file"].rpartition("/")[2], row["sheet"]))))
        super().__init__(
            name,
            tr(
                "Which column is what. Tables with the same columns are read in the same way, also next time."
            ),
        )
        self.header: list[str] = row["header"]
        self.signature = columns.signature(self.header)
        self.combos: dict[str, QuietCombo] = {}
        self._order = self.header[:_MOST_COLUMNS]
        self.problem = Problem()
        grid_widget = QWidget()
        grid = QGridLayout(grid_widget)
        grid.setContentsMargins(0, 6, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        for place, column in enumerate(self.header[:_MOST_COLUMNS]):
            label = QLabel(one_line(column, 40))
            label.setToolTip(column)
            combo = self._combo(column, row["fields"].get(column))
            grid.addWidget(label, place, 0)
            grid.addWidget(combo, place, 1)
            grid.addWidget(_cells([one.get(column, "") for one in row["rows"]]), place, 2)
        grid.setRowStretch(len(self.header), 1)
        self.column.addWidget(self.problem)
        self.column.addWidget(scrolled(grid_widget), 1)
        self._check()

    def _combo(self, column: str, field: str | None) -> QuietCombo:
        combo = QuietCombo()
        combo.setAccessibleName(tr("Column {name}", name=column))
        for name, shown in _FIELDS.items():
            combo.addItem(tr(shown), name)
        combo.addItem(tr("Kept as a detail"), KEPT)
        combo.addItem(tr("Left out"), columns.LEFT_OUT)
        combo.setCurrentIndex(combo.findData(KEPT if field is None else field))
        combo.setMinimumContentsLength(14)
        combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        combo.activated.connect(lambda _: self._chosen(column))
        self.combos[column] = combo
        return combo

    def _chosen(self, column: str) -> None:
        self._order = [*(name for name in self._order if name != column), column]
        self._check()
        self.changed.emit()

    def _check(self) -> None:
        """Say what is missing, or there twice: arrow keys pass through other fields, so that nothing else is changed."""
        taken = [field for combo in self.combos.values() if (field := combo.currentData()) in _FIELDS]
        twice = next((field for field in taken if taken.count(field) > 1), None)
        said = "" if "text" in taken else tr("Say which column holds the texts.")
        if twice:
            said = tr(
                "Only one column can be this: {field}. The last choice counts.", field=tr(_FIELDS[twice])
            )
        self.problem.say(said)

    def fields(self) -> dict[str, str]:
        """The field of each column that is one; of several with the same field the last one chosen has it."""
        made: dict[str, str] = {}
        for name in self._order:
            field = self.combos[name].currentData()
            made = {other: has for other, has in made.items() if has != field or field not in _FIELDS}
            if field != KEPT:
                made[name] = field
        return made

    def wish(self, wishes: Wishes) -> Wishes:
        return replace(wishes, remembered={**wishes.remembered, self.signature: self.fields()})


def _cells(values: Sequence[str]) -> QLabel:
    """The first cells of a column in one line that gives way to what is beside it."""
    label = muted(one_line("  ·  ".join(filter(None, values)), 160))
    label.setWordWrap(False)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setToolTip("\n".join(values))
    return label


class FoundPage(Page):
    """Details that were found in the texts; each kind can be left out."""

    def __init__(self, preview: Preview, details: frozenset[str]) -> None:
        super().__init__(
            tr("Found in the texts"),
            tr("Looked for in articles that nobody has prepared. The texts themselves stay whole."),
        )
        self.boxes: dict[str, QCheckBox] = {}
        for name in sorted(DETAILS, key=list(DETAIL_NAMES).index):
            count = preview.report.found.get(name, 0)
            if count:
                self._add(name, count, name in details)
                self.column.addWidget(muted(_examples(preview, name)))
        lines = preview.report.repeated
        if lines:
            self.column.addSpacing(6)
            self.column.addWidget(heading(tr("Lines that articles of one site share")))
            said = [
                tr("“{line}” in {articles}", line=one_line(row["line"], 90), articles=plural("{n} article", "{n} articles", row["count"]))
                for row in lines[:12]
            ]  # fmt: skip
            self.column.addWidget(muted("\n".join(said)))
        self.column.addStretch(1)

    def _add(self, name: str, count: int, checked: bool) -> None:
        box = QCheckBox(f"{tr(DETAIL_NAMES[name])} · {plural('{n} article', '{n} articles', count)}")
        box.setChecked(checked)
        box.toggled.connect(lambda _: self.changed.emit())
        self.boxes[name] = box
        self.column.addWidget(box)

    def wish(self, wishes: Wishes) -> Wishes:
        refused = {name for name, box in self.boxes.items() if not box.isChecked()}
        return replace(wishes, details=DETAILS - refused)


def _examples(preview: Preview, name: str) -> str:
    """The first places where something was found."""
    glimpses = [glimpse for glimpse in preview.first if name in glimpse.record.found][:3]
    if name == "outside":
        found = [
            "“" + one_line(glimpse.text[start:end], 50) + "”"
            for glimpse in glimpses
            for start, end in glimpse.record.article.outside[:1]
        ]
    else:
        found = [
            f"{glimpse.record.article.meta[name]} · {one_line(glimpse.record.article.title, 40)}"
            for glimpse in glimpses
        ]
    return "\n".join(found)


class ChangedPage(Page):
    """Files that held another text when they were imported before."""

    def __init__(self, files: Sequence[str], changed: str) -> None:
        super().__init__(
            plural("{n} file has changed", "{n} files have changed", len(files)),
            tr("Articles came from them before, with another text. Those articles and their labels stay as they are."),
        )  # fmt: skip
        self.leave = QRadioButton(tr("Leave the files out"))
        self.add = QRadioButton(tr("Bring them in as new articles, beside the old ones"))
        (self.add if changed == "add" else self.leave).setChecked(True)
        self.column.addWidget(self.leave)
        self.column.addWidget(self.add)
        more = len(files) - 20
        said = [*files[:20], *([tr("and {n} more", n=more)] if more > 0 else [])]
        self.column.addWidget(muted("\n".join(said)))
        self.column.addStretch(1)
        self.add.toggled.connect(lambda _: self.changed.emit())

    def wish(self, wishes: Wishes) -> Wishes:
        return replace(wishes, changed="add" if self.add.isChecked() else "skip")


class AnnotatorPage(Page):
    """Whose labels they are that come without a name."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(
            tr("Whose labels"),
            plural("{n} label comes without the name of an annotator.", "{n} labels come without the name of an annotator.", count),
        )  # fmt: skip
        self._before = name
        self.name = QLineEdit(name)
        self.name.setAccessibleName(tr("Annotator"))
        self.name.setMaxLength(200)
        self.column.addWidget(self.name)
        self.column.addWidget(muted(tr("They become this annotator's layer, beside those of others.")))
        self.column.addStretch(1)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(600)
        self._late.timeout.connect(self.changed)
        self.name.textEdited.connect(lambda _: self._late.start())

    def wish(self, wishes: Wishes) -> Wishes:
        name = self.name.text().strip()
        return replace(wishes, annotator=name if name.isprintable() and name else self._before)
