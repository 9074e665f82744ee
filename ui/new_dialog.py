"""A new project: where its file is kept, and which labels it begins with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.model import Scheme
from desktop.paths import projects_folder
from desktop.projects import STARTS, Start, with_ending
from ui.badges import BadgeRow
from ui.parts import leading, size_to_texts, theme_of, words
from ui.report import sentence
from ui.words import retold, tr


class NewDialog(QDialog):
    """`made` carries the path of the project and its scheme: one of STARTS, or a scheme file.

    What cannot be is said in the dialog, before anything is made. `ask_path` asks for another place.
    """

    made = Signal(object, object)

    def __init__(
        self, path: Path, ask_path: Callable[[str, Path], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New project"))
        self.setMinimumWidth(460)
        self._ask_path = ask_path
        self.ask_scheme: Callable[[], str] = self._ask_scheme
        self.scheme_file: Path | None = None
        self.path = QLineEdit(str(path))
        self.path.setAccessibleName(tr("Where the project is kept"))
        self.elsewhere = QPushButton(tr("Elsewhere…"))
        self.elsewhere.setAutoDefault(False)
        self.starts = {start.id: QRadioButton(retold(start.title)) for start in STARTS}
        self.file = QRadioButton(tr("A scheme file…"))
        self.private = QCheckBox(tr("Private: keep it out of the lists of recent projects"))
        self.labels = BadgeRow(checkable=False)
        self.labels.set_theme(theme_of(parent))
        self.names, self.problem = _muted(""), QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("problem", True)
        self.problem.hide()
        self._place()
        self._connect()
        next(iter(self.starts.values())).setChecked(True)
        self._show_labels()

    def _place(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.path, 1)
        where.addWidget(self.elsewhere)
        choice = QVBoxLayout()
        choice.setSpacing(4)
        for start in STARTS:
            choice.addWidget(self.starts[start.id])
            choice.addWidget(_inset(_muted(retold(start.summary))))
        choice.addWidget(self.file)
        choice.addWidget(_inset(_muted(tr("Saved by the scheme editor of another project."))))
        shown = QHBoxLayout()
        shown.setSpacing(10)
        shown.addWidget(self.labels)
        shown.addWidget(self.names, 1)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.make = self.buttons.addButton(tr("Make project"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.make.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(10)
        column.addWidget(_heading(tr("Where")))
        column.addLayout(where)
        column.addWidget(self.private)
        column.addWidget(_heading(tr("Labels to begin with")))
        column.addLayout(choice)
        column.addLayout(shown)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def showEvent(self, event: QShowEvent) -> None:
        size_to_texts(self, 560)
        super().showEvent(event)

    def _connect(self) -> None:
        self.elsewhere.clicked.connect(self._choose_path)
        self.buttons.accepted.connect(self._make)
        self.buttons.rejected.connect(self.reject)
        for button in self.starts.values():
            button.toggled.connect(lambda on: self._show_labels() if on else None)
        self.file.clicked.connect(self._choose_file)

    def _choose_path(self) -> None:
        path = self._ask_path(tr("New project"), Path(self.path.text()))
        if path:
            self.path.setText(str(with_ending(Path(path))))

    def _choose_file(self) -> None:
        path = self.ask_scheme()
        if path:
            self.scheme_file = Path(path)
        if self.scheme_file is None:
            next(iter(self.starts.values())).setChecked(True)
        self._show_labels()

    def _start(self) -> Start | None:
        return next((start for start in STARTS if self.starts[start.id].isChecked()), None)

    def _scheme(self) -> Scheme:
        start = self._start()
        if start:
            return start.scheme()
        assert self.scheme_file
        return schemes.read(self.scheme_file)

    def _show_labels(self) -> None:
        """What the choice means; of a file that is none, what is wrong with it."""
        try:
            scheme = self._scheme()
        except UserError as error:
            self._say(error)
            self.labels.show_labels([])
            self.names.clear()
            return
        self.problem.hide()
        self.make.setEnabled(True)
        self.labels.show_labels(scheme.labels[:12])
        more = len(scheme.labels) - 12
        names = ", ".join(words(label.name) for label in scheme.labels[:12])
        self.names.setText(tr("{labels} and {count} more", labels=names, count=more) if more > 0 else names)

    def _say(self, error: UserError) -> None:
        self.problem.setText(sentence(error))
        self.problem.show()
        self.make.setEnabled(False)

    def _make(self) -> None:
        typed = Path(self.path.text().strip()).expanduser()
        path = with_ending(typed) if typed.name else typed
        if not typed.name or path.exists():
            self.problem.setText(
                tr("There is a file {name} already; choose another one.", name=path.name)
                if typed.name
                else tr("A project needs a name; choose another one.")
            )
            self.problem.show()
            self.path.setFocus()
            return
        self.accept()
        self.made.emit(path, self._start() or self.scheme_file)

    def _ask_scheme(self) -> str:
        return QFileDialog.getOpenFileName(
            self, tr("Scheme file"), str(projects_folder()), tr("Schemes (*.json)")
        )[0]


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label


def _inset(widget: QWidget) -> QWidget:
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(leading(cell, 26, 0, 0, 4))
    column.addWidget(widget)
    return cell
