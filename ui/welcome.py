"""The first page: who you are, and which project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.fields import LineEdit
from ui.parts import FlowLayout, resized
from ui.rows import ListRow, RowsView
from ui.theme import LIGHT, Theme, icon, load_fonts
from ui.words import later, tr

SENTENCE = later(
    "Highlight spans in articles, label them, and export datasets that load. All of it stays on this machine."
)
WIDEST = 560
BUTTONS = (
    ("new", later("New project…"), True),
    ("open", later("Open project…"), False),
    ("sample", later("Sample project"), False),
)


class Welcome(QScrollArea):
    """Tells what a person wants to begin with; scrolls where the window is small."""

    new_asked = Signal()
    open_asked = Signal()
    sample_asked = Signal(bool)
    steps_asked = Signal()
    recent_chosen = Signal(str)
    name_changed = Signal(str)

    def __init__(self, theme: Theme = LIGHT, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._make_fields(name)
        self._make_buttons()
        self._build()
        self.set_recent([])
        self.set_theme(theme)

    def _make_fields(self, name: str) -> None:
        self.name = LineEdit(tr("Your name"))
        self.name.show_text(name)
        self.name.setMaximumWidth(260)
        self.name.committed.connect(self.name_changed)
        self.with_labels = QCheckBox(tr("with the reference labels"))
        self.with_labels.setChecked(True)
        self.with_labels.setToolTip(tr("722 labels made by hand, to look at or to measure against"))
        self.recent = RowsView(tr("Recent projects"))
        self.recent.setProperty("bare", True)
        self.recent.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recent.painter.pad = 6
        self.recent.chosen.connect(self.recent_chosen.emit)

    def _make_buttons(self) -> None:
        self.buttons: dict[str, QPushButton] = {}
        for name, text, primary in BUTTONS:
            button = QPushButton(tr(text))
            button.setProperty("primary", primary)
            button.setProperty("big", True)
            button.setIconSize(QSize(18, 18))
            self.buttons[name] = button
        self.buttons["new"].clicked.connect(self._ask_new)
        self.buttons["open"].clicked.connect(self._ask_open)
        self.buttons["sample"].clicked.connect(lambda: self.sample_asked.emit(self.with_labels.isChecked()))
        self.buttons["sample"].setToolTip(tr("Five articles on the conflict in Iraq, to try the program on"))

    def _ask_new(self) -> None:
        self.new_asked.emit()

    def _ask_open(self) -> None:
        self.open_asked.emit()

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        self.title = QLabel("Tagline")
        self.mark = QLabel()
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self.mark)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        column.addSpacing(10)
        column.addWidget(self._quiet(tr(SENTENCE)))
        column.addSpacing(26)
        column.addWidget(self._heading(tr("Your name")))
        column.addSpacing(5)
        column.addWidget(self.name)
        column.addSpacing(4)
        column.addWidget(self._quiet(tr("Your labels carry it.")))
        column.addSpacing(26)
        row = QWidget()
        flow = FlowLayout(row, gap=10)
        for name, button in self.buttons.items():
            # The choice stands under the button it belongs to.
            flow.addWidget(_stacked(button, *([self.with_labels] if name == "sample" else [])))
        column.addWidget(row)
        column.addSpacing(26)
        column.addWidget(self._make_steps())
        self.recent_title = self._heading(tr("Recent projects"))
        column.addWidget(self.recent_title)
        column.addSpacing(4)
        column.addWidget(self.recent)
        column.addSpacing(18)
        column.addWidget(self._quiet(tr("Or drop a project, articles or a folder of them here.")))
        self.setWidget(_centred(column))

    def _make_steps(self) -> QWidget:
        """For who is here for the first time."""
        self.steps = QFrame()
        self.steps.setObjectName("steps")
        self.steps_button = QPushButton(tr("Show me"))
        self.steps_button.clicked.connect(self.steps_asked)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self._heading(tr("New here?")))
        said.addWidget(self._quiet(tr("Label your first span in three short steps, in the sample articles.")))
        row = QHBoxLayout(self.steps)
        row.setContentsMargins(16, 12, 14, 12)
        row.setSpacing(14)
        row.addLayout(said, 1)
        row.addWidget(self.steps_button)
        return self.steps

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("heading", True)
        return label

    def _quiet(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setProperty("muted", True)
        return label

    def set_recent(self, paths: Sequence[str], *, steps: bool = True) -> None:
        """The projects opened last; one that is gone is shown greyed, and can be chosen to hear so."""
        rows = []
        for path in map(Path, paths):
            missing = not _exists(path)
            name = path.stem if path.suffix == ".tagline" else path.name
            rows.append(
                ListRow(
                    name,
                    str(path),
                    _folder(path),
                    right=tr("missing") if missing else "",
                    muted=missing,
                    icon="file",
                    tip=str(path),
                )
            )
        self.recent.show_rows(rows)
        self.recent.setVisible(bool(rows))
        self.steps.setVisible(steps and not rows)
        self.recent_title.setVisible(bool(rows))
        self._fit_recent()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.recent.set_theme(theme)
        for name, button in self.buttons.items():
            primary = bool(button.property("primary"))
            button.setIcon(icon(name, theme.on_accent if primary else theme.text, 18))
        self.mark.setPixmap(icon("app", "#000000", 44).pixmap(44, 44))
        self._set_title()
        self._fit_recent()

    def showEvent(self, event: QShowEvent) -> None:
        self._set_title()
        super().showEvent(event)
        if not self.recent.isHidden():  # Enter goes on where the last day ended
            self.recent.setFocus()

    def _set_title(self) -> None:
        # A label that is put into a window, or dressed anew, loses its font.
        font = resized(self.font(), 2.3)
        font.setFamily(load_fonts()[0])
        font.setBold(True)
        self.title.setFont(font)

    def _fit_recent(self) -> None:
        rows = self.recent.rows.rowCount()
        self.recent.setFixedHeight(rows * self.recent.sizeHintForRow(0) if rows else 0)


def _stacked(*widgets: QWidget) -> QWidget:
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    for widget in widgets:
        column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    return cell


def _centred(column: QVBoxLayout) -> QWidget:
    """The column in the middle, of readable width, a little above the middle of the height."""
    inner = QWidget()
    inner.setLayout(column)
    inner.setMaximumWidth(WIDEST)
    inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    across = QHBoxLayout()
    across.addStretch(1)
    across.addWidget(inner, 100)
    across.addStretch(1)
    ground = QWidget()
    ground.setObjectName("ground")
    down = QVBoxLayout(ground)
    down.setContentsMargins(28, 28, 28, 28)
    down.addStretch(2)
    down.addLayout(across)
    down.addStretch(3)
    return ground


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _folder(path: Path) -> str:
    """The folder as people write it."""
    try:
        return str(Path("~") / path.parent.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path.parent)
