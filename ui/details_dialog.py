"""The details of an article: title, author, day, source, address, language, and whatever else its file gave it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.details import FIELDS
from desktop.model import Article
from ui.fields import Problem, heading, muted
from ui.parts import words
from ui.words import later, tr

_CAPTIONS = {
    "date": later("Date"),
    "author": later("Author"),
    "source": later("Source"),
    "url": later("Address"),
}
_HINTS = {"date": later("YYYY-MM-DD"), "language": later("en, ar, ckb …"), "url": "https://"}


class DetailsDialog(QDialog):
    """A form of lines. `wanted` carries title, language and metadata when they are to be kept."""

    wanted = Signal(str, str, dict)

    def __init__(self, article: Article, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Article details"))
        self._article = article
        self.title = _line(article.title, tr("Title"))
        self.language = _line(article.language or "", tr("Language"), tr(_HINTS["language"]))
        self.fields: dict[str, QLineEdit] = {}
        self.own: list[tuple[QLineEdit, QLineEdit]] = []
        self._form = QGridLayout()
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(8)
        self._form.setColumnStretch(1, 1)
        self._fill()
        self.problem = Problem()
        self._lay_out()
        self.title.setFocus()

    def _fill(self) -> None:
        self._add(tr("Title"), self.title)
        for name in FIELDS:
            caption = tr(_CAPTIONS.get(name, name))
            hint = tr(_HINTS.get(name, ""))
            self.fields[name] = _line(_shown(self._article.meta.get(name)), caption, hint)
            self._add(caption, self.fields[name])
        self._add(tr("Language"), self.language)
        others = [name for name in self._article.meta if name not in FIELDS]
        self._form.addWidget(heading(tr("Other details")), self._form.rowCount(), 0, 1, 2)
        for name in others:
            self.add_own(name, _shown(self._article.meta[name]))

    def _add(self, name: str, field: QLineEdit) -> None:
        row = self._form.rowCount()
        label = QLabel(name)
        label.setBuddy(field)
        self._form.addWidget(label, row, 0)
        self._form.addWidget(field, row, 1)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 18, 20, 8)
        column.setSpacing(10)
        column.addLayout(self._form)
        more = QPushButton(tr("Add a detail"))
        more.setAutoDefault(False)
        more.clicked.connect(self._add_empty)
        row = QHBoxLayout()
        row.addWidget(more)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(body)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self._tell)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Save).setDefault(True)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 16)
        for widget in (
            muted(tr("The text itself never changes. What is emptied here is taken out.")),
            self.problem,
            buttons,
        ):
            foot.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        self.resize(560, 450)

    def add_own(self, name: str, value: str) -> tuple[QLineEdit, QLineEdit]:
        """A line for a detail with a name of its own."""
        row = self._form.rowCount()
        number = len(self.own) + 1
        pair = (
            _line(name, tr("Name of detail {number}", number=number), tr("name")),
            _line(value, tr("Detail {name}", name=name or number), tr("value")),
        )
        self._form.addWidget(pair[0], row, 0)
        self._form.addWidget(pair[1], row, 1)
        self.own.append(pair)
        return pair

    def _add_empty(self) -> None:
        self.add_own("", "")[0].setFocus()

    def values(self) -> tuple[str, str, dict[str, Any]]:
        """Title, language, metadata. A value that nobody touched stays what it was, a number or a list too."""
        before = self._article.meta
        given = {name: field.text().strip() for name, field in self.fields.items()}
        given |= {
            name.text().strip(): value.text().strip() for name, value in self.own if value.text().strip()
        }
        kept = {
            name: before[name] if name in before and _shown(before[name]) == value else value
            for name, value in given.items()
        }
        # The order of the file, so that saving without a change changes nothing.
        order = [*before, *(name for name in kept if name not in before)]
        return (
            self.title.text(),
            self.language.text(),
            {name: kept[name] for name in order if kept.get(name) not in (None, "")},
        )

    def failed(self, message: str) -> None:
        self.problem.say(message)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Not with all of it selected: a long title would be shown from its end.
        QTimer.singleShot(0, self.title, lambda: self.title.home(False))

    def _tell(self) -> None:
        names = [name.text().strip() for name, value in self.own if value.text().strip()]
        if any(not name for name in names):
            self.problem.say(tr("A detail has no name: give it one, or empty it."))
        elif len({*names, *FIELDS}) < len(names) + len(FIELDS):
            self.problem.say(tr("Two details have the same name: keep one of them."))
        else:
            self.problem.say("")
            self.wanted.emit(*self.values())


def _line(text: str, name: str, hint: str = "") -> QLineEdit:
    field = QLineEdit(text)
    field.setCursorPosition(0)
    field.setAccessibleName(words(name))
    field.setPlaceholderText(hint)
    field.setMinimumWidth(120)
    if any("\u0590" <= char <= "\u08ff" for char in text[:20]):
        field.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return field


def _shown(value: object) -> str:
    """A value in one line. What is no text is written as Python writes it, and kept as it is unless it is changed."""
    return "" if value is None else value if isinstance(value, str) else str(value)
