"""What is asked before an export: formats, whose labels, splits, folder. Says in place what does not fit together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.errors import UserError
from desktop.formats import writable
from desktop.formats.base import SPLITS
from ui.fields import QuietCombo, QuietSpin
from ui.parts import FlowLayout
from ui.words import plural, tr

if TYPE_CHECKING:
    from desktop.datasets.options import ExportOptions

# The one format that can hold the layers of several annotators.
LAYERED = "jsonl"
DEFAULT_SHARES = (80, 10, 10)
OFF, USUAL, OWN = range(3)
INDENT = 29


def muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setProperty("muted", True)
    return label


def heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("heading", True)
    return label


class Problem(QLabel):
    """One sentence on what is wrong, right where it is; hidden while nothing is."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setProperty("problem", True)
        self.say("")

    def say(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))


class SplitsBox(QWidget):
    """How the articles are shared out."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = QuietCombo()
        self.mode.setAccessibleName(tr("Splits"))
        self.mode.addItems([tr("None: all articles are train"), "80 – 10 – 10", tr("Own shares")])
        self.mode.currentIndexChanged.connect(self._mode_changed)
        self.shares = {
            name: self._spin(name, share) for name, share in zip(SPLITS, DEFAULT_SHARES, strict=True)
        }
        self.seed = QuietSpin(0, 2**31 - 1, 0)
        self.seed.setAccessibleName(tr("Seed"))
        self.seed.setToolTip(
            tr("Another number deals the articles differently; the same one always the same way")
        )
        self.said, self.problem = muted(""), Problem()
        self._own, self._seed_row = QWidget(), QWidget()
        row = FlowLayout(self._own, gap=12)
        for name, spin in self.shares.items():
            row.addWidget(_captioned(name, spin))
        seed = FlowLayout(self._seed_row)
        seed.addWidget(_captioned("seed", self.seed))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (heading(tr("Splits")), self.mode, self._own, self._seed_row, self.said, self.problem):
            column.addWidget(widget)
        self._mode_changed(OFF)

    def _spin(self, name: str, share: int) -> QuietSpin:
        spin = QuietSpin(0, 1000, share)
        spin.setAccessibleName(tr("Share of {name}", name=name))
        spin.valueChanged.connect(self._check)
        return spin

    def _mode_changed(self, mode: int) -> None:
        self._own.setVisible(mode == OWN)
        self._seed_row.setVisible(mode != OFF)
        self._check()

    def _check(self) -> None:
        numbers = [spin.value() for spin in self.shares.values()]
        whole, own = sum(numbers), self.mode.currentIndex() == OWN
        self.problem.say(tr("Give at least one split a share above 0.") if own and not whole else "")
        shares = (
            " · ".join(f"{name} {100 * n / whole:.3g} %" for name, n in zip(SPLITS, numbers, strict=True))
            if whole
            else ""
        )
        self.said.setText(tr("{shares}. Articles of one group stay together.", shares=shares))
        self.said.setVisible(own and bool(whole))
        self.changed.emit()

    @property
    def good(self) -> bool:
        return not self.problem.text()

    def value(self) -> str | None:
        """The shares as an export takes them, None for no splits."""
        mode = self.mode.currentIndex()
        if mode == OFF:
            return None
        numbers = DEFAULT_SHARES if mode == USUAL else [spin.value() for spin in self.shares.values()]
        return ",".join(f"{name}={share}" for name, share in zip(SPLITS, numbers, strict=True))


class ExportForm(QWidget):
    """All choices of an export."""

    changed = Signal()

    def __init__(self, layers: Mapping[str, int], folder: Path) -> None:
        super().__init__()
        self._layers = layers
        self._make_fields(folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 8)
        column.setSpacing(6)
        column.addWidget(heading(tr("Formats")))
        for format in writable():
            about = muted(format.about)
            about.setContentsMargins(INDENT, 0, 0, 5)
            both = QVBoxLayout()
            both.setSpacing(0)
            both.addWidget(self.formats[format.id], 0, Qt.AlignmentFlag.AlignLeft)
            both.addWidget(about)
            column.addLayout(both)
        column.addWidget(self.format_problem)
        column.addSpacing(8)
        if len(layers) > 1:
            column.addWidget(heading(tr("Whose labels")))
            column.addWidget(self.layer)
            column.addWidget(self.layer_problem)
            column.addSpacing(8)
        column.addWidget(self.only_done, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addWidget(self.splits)
        column.addSpacing(8)
        column.addWidget(heading(tr("Folder")))
        column.addLayout(self._folder_row())
        column.addWidget(self.folder_problem)
        column.addStretch(1)
        self._check()

    def _make_fields(self, folder: Path) -> None:
        self.formats: dict[str, QCheckBox] = {}
        for format in writable():
            check = QCheckBox(format.name)
            check.setAccessibleDescription(format.about)
            check.setChecked(format.id == LAYERED)
            check.toggled.connect(self._check)
            self.formats[format.id] = check
        self.layer = QuietCombo()
        self.layer.setAccessibleName(tr("Whose labels"))
        for name, count in self._layers.items():
            self.layer.addItem(plural("{name} · {n} label", "{name} · {n} labels", count, name=name), name)
        if len(self._layers) > 1:
            self.layer.addItem(tr("All annotators (Tagline JSONL only)"), None)
        self.layer.currentIndexChanged.connect(self._check)
        self.only_done = QCheckBox(tr("Only articles marked done"))
        self.only_done.toggled.connect(self._check)
        self.splits = SplitsBox()
        self.splits.changed.connect(self._check)
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.textChanged.connect(self._check)
        self.format_problem, self.layer_problem, self.folder_problem = Problem(), Problem(), Problem()

    def _folder_row(self) -> QHBoxLayout:
        choose = QPushButton(tr("Choose…"))
        choose.setAccessibleName(tr("Choose the folder"))
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        return row

    def _choose(self) -> None:
        start = Path(self.folder.text()).parent if self.folder.text() else Path.home()
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose an empty folder"), str(start))
        if chosen:
            self.folder.setText(chosen)

    @property
    def good(self) -> bool:
        """Whether an export can begin with these choices."""
        said = (self.format_problem, self.layer_problem, self.folder_problem)
        return self.splits.good and not any(problem.text() for problem in said)

    def place(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    def options(self) -> ExportOptions:
        # Loaded here, since what writes datasets is not needed to show the window.
        from desktop.datasets.options import ExportOptions  # noqa: PLC0415

        return ExportOptions(
            formats=tuple(name for name, check in self.formats.items() if check.isChecked()),
            layer=self.layer.currentData() if len(self._layers) > 1 else None,
            status="done" if self.only_done.isChecked() else None,
            split=self.splits.value(),
            seed=self.splits.seed.value(),
        )

    def _check(self) -> None:
        chosen = [name for name, check in self.formats.items() if check.isChecked()]
        self.format_problem.say("" if chosen else tr("Choose at least one format."))
        everyone = len(self._layers) > 1 and self.layer.currentData() is None
        flat = [self.formats[name].text() for name in chosen if name != LAYERED]
        holds = "hold" if len(flat) > 1 else "holds"
        self.layer_problem.say(
            tr("{flat} {holds} one annotator's labels: choose whose.", flat=", ".join(flat), holds=holds)
            if everyone and flat
            else ""
        )
        self.folder_problem.say(self._folder_trouble())
        self.changed.emit()

    def _folder_trouble(self) -> str:
        from desktop.datasets.staging import refuse_full  # noqa: PLC0415

        text = self.folder.text().strip()
        if not text:
            return tr("Choose a folder that is new or empty.")
        try:
            if not self.place().is_absolute():
                return tr("Write the whole path, from the root of the disk on.")
            refuse_full(self.place())
        except UserError as error:
            return tr(
                "{message}{message2}. Choose a folder that is new or empty.",
                message=error.message[:1].upper(),
                message2=error.message[1:],
            )
        except (ValueError, RuntimeError):
            # A character no path can hold; the home of a person who is not known here.
            return tr("This cannot be the name of a folder.")
        return ""


def _captioned(name: str, field: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    caption = muted(name)
    caption.setWordWrap(False)
    caption.setBuddy(field)
    row.addWidget(caption, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(field)
    return both
