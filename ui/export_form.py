"""What is asked before an export, in sections that fold away and say in a line what is chosen; templates and the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.datasets.options import CUTS, ExportOptions
from desktop.errors import UserError
from ui.export_formats import FormatsBox
from ui.export_picks import PicksBox
from ui.export_splits import SplitsBox, captioned
from ui.export_templates import TemplateRow
from ui.fields import Problem, QuietCombo, muted
from ui.fold import Fold
from ui.parts import capital
from ui.theme import LIGHT, Theme
from ui.words import later, retold, tr

if TYPE_CHECKING:
    from desktop.outlook import Inventory

# The one format that can hold the layers of several annotators.
LAYERED = "jsonl"
_CUTS = {
    "widen": later("Widened to the token, and listed"),
    "leave_out": later("Left out, and listed"),
    "stop": later("The export stops and names one"),
}


@dataclass(frozen=True)
class Asked:
    """What the form is made of: the layers with their labels counted, the labels of the scheme, the layer in view."""

    layers: Mapping[str, int]
    labels: Sequence[str] = ()
    layer: str = ""
    templates: Sequence[str] = ()
    locked: bool = False
    last: ExportOptions | None = field(default=None)


class ExportForm(QWidget):
    """All choices of an export. `good` while an export can begin with them."""

    changed = Signal()

    def __init__(
        self, asked: Asked, folder: Path, theme: Theme = LIGHT, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._layers, self._ready = asked.layers, False
        self.folder, self.folder_problem = QLineEdit(str(folder)), Problem()
        self._place(asked, theme)
        for part in (self.formats, self.picks, self.splits):
            part.changed.connect(self._check)
        self.cut.currentIndexChanged.connect(self._check)
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.textChanged.connect(self._check)
        self._ready = True
        self.show_options(asked.last or ExportOptions((LAYERED,), layer=asked.layer or None))

    def _place(self, asked: Asked, theme: Theme) -> None:
        self.templates = TemplateRow(asked.templates, locked=asked.locked, parent=self)
        self.folds = {
            "formats": Fold(tr("Formats"), self),
            "picks": Fold(tr("What goes out"), self),
            "splits": Fold(tr("Splits"), self),
            "cut": Fold(tr("Labels that cut a token"), self),
        }
        within = {name: fold.inner for name, fold in self.folds.items()}
        self.formats = FormatsBox(theme, within["formats"])
        self.picks = PicksBox(asked.layers, asked.labels, asked.layer, within["picks"])
        self.splits = SplitsBox(within["splits"])
        bodies = (self.formats, self.picks, self.splits, self._cut_box(within["cut"]))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 12, 22, 8)
        column.setSpacing(4)
        column.addWidget(self.templates)
        for fold, body in zip(self.folds.values(), bodies, strict=True):
            fold.fill(body)
            fold.head.set_theme(theme)
            column.addWidget(fold)
        column.addStretch(1)
        self.folds["formats"].unfold()

    def _cut_box(self, parent: QWidget) -> QWidget:
        box = QWidget(parent)
        self.cut = QuietCombo(box)
        self.cut.setAccessibleName(tr("Labels that cut a token"))
        for value in CUTS:
            self.cut.addItem(tr(_CUTS[value]), value)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.cut)
        column.addWidget(
            muted(
                tr(
                    "Formats of tokens cannot hold a label that begins or ends within a word. The others do not mind."
                )
            )
        )
        return box

    def folder_row(self, parent: QWidget) -> QWidget:
        """The folder, which stays in view below what scrolls."""
        choose = QPushButton(tr("Choose…"))
        choose.setAccessibleName(tr("Choose the folder"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        box = QWidget(parent)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.addWidget(captioned(tr("Folder"), self.folder), 1)
        row.addWidget(choose)
        column.addLayout(row)
        column.addWidget(self.folder_problem)
        return box

    def _choose(self) -> None:
        start = Path(self.folder.text()).parent if self.folder.text() else Path.home()
        chosen = QFileDialog.getExistingDirectory(self, tr("Choose an empty folder"), str(start))
        if chosen:
            self.folder.setText(chosen)

    def show_inventory(self, inventory: Inventory) -> None:
        self.picks.show_inventory(inventory)
        self.splits.show_kept(inventory.kept)

    @property
    def good(self) -> bool:
        return self.chosen_well and not self.folder_problem.text()

    @property
    def chosen_well(self) -> bool:
        """Whether the choices themselves fit together, wherever they go."""
        return bool(self.formats.names) and self.picks.good and self.splits.good

    def place(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    def options(self) -> ExportOptions:
        return ExportOptions(
            formats=self.formats.names,
            cut=self.cut.currentData(),
            choices=self.formats.choices(),
            **self.picks.values(),
            **self.splits.values(),
        )

    def show_options(self, given: ExportOptions) -> None:
        """The choices of a template, or those of the last export."""
        self._ready = False
        self.formats.show_formats(given.formats, given.choices)
        self.picks.show_values(given)
        self.splits.show_values(given)
        self.cut.setCurrentIndex(max(0, self.cut.findData(given.cut)))
        self._ready = True
        self._check()

    def _check(self, *_: object) -> None:
        if not self._ready:
            return
        names = self.formats.names
        everyone = len(self._layers) > 1 and self.picks.layer.currentData() is None
        flat = [self.formats.rows[name].check.text() for name in names if name != LAYERED]
        said = tr("Only Tagline JSONL holds the labels of several annotators: choose whose.")
        self.picks.layer_problem.say(said if everyone and flat else "")
        self.folder_problem.say(self._folder_trouble())
        self.folds["formats"].say(self.formats.summary)
        self.folds["picks"].say(self.picks.layer_problem.text() or self.picks.summary)
        self.folds["splits"].say(self.splits.problem.text() or self.splits.summary)
        self.folds["cut"].say(self.cut.currentText())
        if not self.picks.good:
            self.folds["picks"].unfold()
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
            problem = capital(retold(error.message))
            return tr("{problem}. Choose a folder that is new or empty.", problem=problem)
        except (ValueError, RuntimeError):
            # A character no path can hold; the home of a person who is not known here.
            return tr("This cannot be the name of a folder.")
        return ""
