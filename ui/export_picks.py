"""What goes out: whose labels, which articles, which labels, in which pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from desktop.datasets.origin import as_day
from ui.fields import Problem, QuietCombo, muted
from ui.parts import FlowLayout, words
from ui.words import later, number, plural, tr

if TYPE_CHECKING:
    from desktop.outlook import Inventory

_STATES = (
    (None, later("All articles")),
    ("done", later("Articles marked done")),
    ("in_progress", later("Articles in progress")),
    ("todo", later("Articles to do")),
)
_UNITS = (
    ("article", later("Whole articles")),
    ("paragraph", later("A paragraph each")),
    ("sentence", later("A sentence each")),
)
_DAY = len("2021-06-30")
# So many sources are shown at once; the others are scrolled to. Labels are boxes to tick up to this number, beyond it a list.
_SOURCES = 5
_FEW = 16


def is_day(text: str) -> bool:
    return len(text) == _DAY and as_day(text) is not None


class Ticks(QListWidget):
    """Names to tick, with their counts; none ticked means all of them."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("boxed", True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(lambda _: self.changed.emit())

    def fill(self, counts: Mapping[str, int], *, counted: bool = True) -> None:
        held = set(self.ticked())
        self.clear()
        for name in sorted(counts, key=lambda name: (-counts[name], name)):
            item = QListWidgetItem(f"{name}  ·  {number(counts[name])}" if counted else words(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setCheckState(Qt.CheckState.Checked if name in held else Qt.CheckState.Unchecked)
            self.addItem(item)
        height = self.sizeHintForRow(0) if counts else 0
        self.setFixedHeight(min(len(counts), _SOURCES) * height + 8)

    def ticked(self) -> tuple[str, ...]:
        items = (self.item(row) for row in range(self.count()))
        return tuple(
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )

    def tick(self, names: Sequence[str]) -> None:
        wanted = {name.casefold() for name in names}
        known = set()
        for row in range(self.count()):
            item = self.item(row)
            name = item.data(Qt.ItemDataRole.UserRole).casefold()
            known.add(name)
            item.setCheckState(Qt.CheckState.Checked if name in wanted else Qt.CheckState.Unchecked)
        # What a template names stays named, though no article is from there now.
        for name in names:
            if name.casefold() not in known:
                item = QListWidgetItem(f"{name}  ·  0")
                item.setData(Qt.ItemDataRole.UserRole, name)
                item.setCheckState(Qt.CheckState.Checked)
                self.addItem(item)


class PicksBox(QWidget):
    """The choices of what goes out. `layer_problem` is said by who knows the formats."""

    changed = Signal()

    def __init__(
        self, layers: Mapping[str, int], labels: Sequence[str], layer: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._layers = layers
        self._make_fields(labels, layer)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(14)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(1, 1)
        if len(layers) > 1:
            self._row(tr("Labels by"), self.layer)
            self._row("", self.layer_problem)
        self._row(tr("Articles"), self.status)
        self._row(tr("Labels"), self._label_row())
        self._source_caption = self._row(tr("From"), self.sources)
        self._row(tr("Days"), self._day_row())
        self._row("", self.day_problem)
        self._row(tr("Examples"), self.unit)
        self._row(tr("Texts"), self.furniture)
        self.show_inventory(None)

    def _make_fields(self, labels: Sequence[str], layer: str) -> None:
        self.layer = _combo(tr("Labels by"))
        for name, count in self._layers.items():
            self.layer.addItem(f"{name} · {plural('{n} label', '{n} labels', count)}", name)
        if len(self._layers) > 1:
            self.layer.addItem(tr("All annotators (Tagline JSONL only)"), None)
        self.layer.setCurrentIndex(max(0, self.layer.findData(layer)))
        self.status, self.unit = _combo(tr("Articles")), _combo(tr("Examples"))
        for combo, entries in ((self.status, _STATES), (self.unit, _UNITS)):
            for value, text in entries:
                combo.addItem(tr(text), value)
        self.all_labels = tuple(labels)
        self.labels = {name: QCheckBox(words(name)) for name in labels if len(labels) <= _FEW}
        self.many = Ticks(tr("Labels"))
        self.sources = Ticks(tr("From"))
        self.since, self.until = QLineEdit(), QLineEdit()
        self.since.setAccessibleName(tr("From the day"))
        self.until.setAccessibleName(tr("Up to the day"))
        self.furniture = QCheckBox(tr("With page furniture (menus, dates, notices)"))
        self.layer_problem, self.day_problem = Problem(), Problem()
        for check in self.labels.values():
            check.setChecked(True)
            check.toggled.connect(self._tell)
        self.furniture.setChecked(True)
        self.furniture.toggled.connect(self._tell)
        for combo in (self.layer, self.status, self.unit):
            combo.currentIndexChanged.connect(self._tell)
        for field in (self.since, self.until):
            field.textChanged.connect(self._check_days)
        for ticks in (self.sources, self.many):
            ticks.changed.connect(self._tell)

    def _row(self, caption: str, field: QWidget) -> QWidget:
        row = self.grid.rowCount()
        said = muted(caption)
        said.setWordWrap(False)
        said.setBuddy(field)
        said.setContentsMargins(0, 5, 0, 0)
        if caption:
            self.grid.addWidget(said, row, 0, Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(field, row, 1)
        return said

    def _label_row(self) -> QWidget:
        if len(self.all_labels) > _FEW:
            self.many.fill(dict.fromkeys(self.all_labels, 0), counted=False)
            self.many.setToolTip(tr("None ticked: all of them"))
            return self.many
        box = QWidget()
        flow = FlowLayout(box, gap=10)
        for check in self.labels.values():
            flow.addWidget(check)
        return box

    def _day_row(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        dash = muted("–")
        for field in (self.since, self.until):
            field.setFixedWidth(130)
        for widget in (self.since, dash, self.until):
            row.addWidget(widget)
        row.addStretch(1)
        return box

    def show_inventory(self, inventory: Inventory | None) -> None:
        """What there is to choose from: the sources, and the days between which articles came out."""
        sources = inventory.sources if inventory else {}
        # Where all are from one place there is nothing to choose.
        if len(sources) > 1 or self.sources.count():
            self.sources.fill(sources)
        for widget in (self.sources, self._source_caption):
            widget.setVisible(self.sources.count() > 0)
        first, last = (inventory.days if inventory else None) or ("2021-01-31", "2021-12-31")
        self.since.setPlaceholderText(first)
        self.until.setPlaceholderText(last)

    def _check_days(self) -> None:
        since, until = self.since.text().strip(), self.until.text().strip()
        wrong = next((day for day in (since, until) if day and not is_day(day)), "")
        if wrong:
            self.day_problem.say(tr("“{day}” is no day: write it as 2021-06-30.", day=wrong))
        elif since and until and since > until:
            self.day_problem.say(tr("The first day comes after the last."))
        else:
            self.day_problem.say("")
        self._tell()

    def _tell(self, *_: object) -> None:
        self.changed.emit()

    @property
    def chosen_labels(self) -> tuple[str, ...]:
        """The labels that go out, () where all do."""
        if not self.labels:
            return self.many.ticked()
        on = tuple(name for name, check in self.labels.items() if check.isChecked())
        return () if len(on) == len(self.labels) else on

    @property
    def good(self) -> bool:
        some = not self.labels or any(check.isChecked() for check in self.labels.values())
        return some and not (self.layer_problem.text() or self.day_problem.text())

    def values(self) -> dict[str, Any]:
        """As ExportOptions takes them."""
        return {
            "layer": self.layer.currentData() if len(self._layers) > 1 else None,
            "status": self.status.currentData(),
            "labels": self.chosen_labels,
            "sources": self.sources.ticked(),
            "since": self.since.text().strip() or None,
            "until": self.until.text().strip() or None,
            "unit": self.unit.currentData(),
            "furniture": self.furniture.isChecked(),
        }

    def show_values(self, given: Any) -> None:
        """The choices of a template. A label or an annotator that is no longer there is passed over."""
        if given.layer is not None or len(self._layers) > 1:
            self.layer.setCurrentIndex(max(0, self.layer.findData(given.layer)))
        self.status.setCurrentIndex(max(0, self.status.findData(given.status)))
        self.unit.setCurrentIndex(max(0, self.unit.findData(given.unit)))
        for name, check in self.labels.items():
            check.setChecked(not given.labels or name in given.labels)
        if not self.labels:
            self.many.tick([name for name in given.labels if name in self.all_labels])
        self.sources.tick(given.sources)
        self.sources.setVisible(self.sources.count() > 0)
        self._source_caption.setVisible(self.sources.count() > 0)
        self.since.setText(given.since or "")
        self.until.setText(given.until or "")
        self.furniture.setChecked(given.furniture)

    @property
    def summary(self) -> str:
        """The choices that are not the usual ones, and in any case which articles."""
        said = [self.status.currentText()]
        if len(self._layers) > 1:
            said.append(tr("labels by {name}", name=self.layer.currentData() or tr("all annotators")))
        if chosen := self.chosen_labels:
            few = len(chosen) <= _SOURCES
            said.append(
                ", ".join(map(words, chosen)) if few else plural("{n} label", "{n} labels", len(chosen))
            )
        if ticked := self.sources.ticked():
            said.append(ticked[0] if len(ticked) == 1 else plural("{n} source", "{n} sources", len(ticked)))
        days = self.since.text().strip(), self.until.text().strip()
        if any(days):
            said.append(f"{days[0]}–{days[1]}")
        said.append(self.unit.currentText().lower() if self.unit.currentIndex() else tr("whole"))
        if not self.furniture.isChecked():
            said.append(tr("without page furniture"))
        return " · ".join(said)


def _combo(name: str) -> QuietCombo:
    combo = QuietCombo()
    combo.setAccessibleName(name)
    return combo
