"""The formats of an export: each with a line on what it holds, and, once it is chosen, what it leaves to choose.

All of it comes from the table of formats: a new format or a new option is here without a line in this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.formats import writable
from desktop.formats.base import Format
from ui.fields import Problem, QuietCombo, muted
from ui.parts import LinesLabel, words
from ui.theme import LIGHT, Theme
from ui.words import retold, tr

_INDENT = 29
_NAMES = 148


class FormatRow(QWidget):
    """One format: `check` takes it, `options` are shown while it is taken, and made when it first is."""

    changed = Signal()

    def __init__(self, format: Format, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.format = format
        self.check = QCheckBox(retold(format.name))
        self.check.setAccessibleDescription(retold(format.about))
        self.check.setToolTip(retold(format.about))
        self.about = LinesLabel(1, self)
        self.about.show_text(_for_what(retold(format.about)), self.about.font(), theme.muted)
        self.about.setToolTip(retold(format.about))
        self.name = QWidget(self)
        beside = QHBoxLayout(self.name)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.check)
        beside.addStretch(1)
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self.name)
        first.addWidget(self.about, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(first)
        self._choices = QWidget(self)
        self._options: dict[str, QuietCombo] | None = None
        self._choices.hide()
        column.addWidget(self._choices)
        self.check.toggled.connect(self._toggled)

    @property
    def options(self) -> dict[str, QuietCombo]:
        if self._options is None:
            self._options = {option.name: QuietCombo(self._choices) for option in self.format.options}
            self._fill_choices(self._options)
        return self._options

    def _fill_choices(self, options: Mapping[str, QuietCombo]) -> None:
        grid = QGridLayout(self._choices)
        grid.setContentsMargins(_INDENT, 0, 0, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for row, option in enumerate(self.format.options):
            said, combo = muted(retold(option.about)), options[option.name]
            for value in option.values:
                combo.addItem(retold(words(value.replace("-", "_"))), value)
            combo.setAccessibleName(retold(option.about))
            combo.setFixedWidth(150)
            combo.currentIndexChanged.connect(lambda _: self.changed.emit())
            said.setBuddy(combo)
            grid.addWidget(said, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(combo, row, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the line behind the name takes the format too."""
        if event.position().y() <= self.check.height() and self.rect().contains(event.position().toPoint()):
            self.check.click()

    def _toggled(self, on: bool) -> None:
        self._choices.setVisible(on and bool(self.options))
        self.changed.emit()

    def chosen(self) -> dict[str, str]:
        """The options that are not as they are unasked, spelled as an export takes them."""
        return {
            f"{self.format.id}.{option.name}": self.options[option.name].currentData()
            for option in self.format.options
            if self.options[option.name].currentIndex() > 0
        }

    def show_choices(self, choices: Mapping[str, str]) -> None:
        if self._options is None and not any(key.startswith(f"{self.format.id}.") for key in choices):
            return  # as they are made
        for option in self.format.options:
            value = choices.get(f"{self.format.id}.{option.name}", option.values[0])
            combo = self.options[option.name]
            combo.setCurrentIndex(max(0, combo.findData(value)))


class FormatsBox(QWidget):
    """All formats that can be written. `rows` by the id of the format."""

    changed = Signal()

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {format.id: FormatRow(format, theme, self) for format in writable()}
        for row in self.rows.values():
            row.check.ensurePolished()
        widest = max(row.check.sizeHint().width() for row in self.rows.values())
        for row in self.rows.values():
            row.name.setFixedWidth(max(_NAMES, widest))
        self.problem = Problem()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for row in self.rows.values():
            column.addWidget(row)
            row.changed.connect(self._check)
        column.addWidget(self.problem)
        self._check()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, row in self.rows.items() if row.check.isChecked())

    @property
    def summary(self) -> str:
        return ", ".join(retold(self.rows[name].format.name) for name in self.names) or tr("none yet")

    def choices(self) -> dict[str, str]:
        return {key: value for name in self.names for key, value in self.rows[name].chosen().items()}

    def show_formats(self, names: Iterable[str], choices: Mapping[str, str]) -> None:
        wanted = set(names)
        for name, row in self.rows.items():
            row.check.setChecked(name in wanted)
            row.show_choices(choices)

    def _check(self) -> None:
        self.problem.say("" if self.names else tr("Choose at least one format."))
        self.changed.emit()


def _for_what(about: str) -> str:
    """What a format holds; what it leaves out stands in the whole sentence, which is its tool tip."""
    return about.partition(";")[0].rstrip(".")
