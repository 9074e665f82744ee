"""Names in the files that the scheme does not have: each is taken over as a name of the scheme, added to it, or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import mapping
from desktop.formats import scheme as schemes
from desktop.intake import Wishes
from desktop.mapping import LEFT_OUT, Name, NameMap, Unknown
from desktop.model import Scheme
from ui.fields import QuietCombo, muted
from ui.import_pages import Page, scrolled
from ui.parts import one_line
from ui.words import later, plural, tr

MOST = 200
_KINDS = {
    "label": later("Label {name}"),
    "attribute": later("Attribute {name}"),
    "relation": later("Relation {name}"),
}
_ADD = "\0add"


class NamesPage(Page):
    """One row a name, with how often it is used and an example; what is left alone is left out."""

    def __init__(self, unknown: Sequence[Unknown], scheme: Scheme, names: NameMap) -> None:
        super().__init__(
            tr("Not in the scheme"),
            tr(
                "These names stand in the files and not in the scheme of the project. Nothing is added unasked."
            ),
        )
        self.unknown, self._scheme = _in_order(unknown)[:MOST], scheme
        self.combos: dict[Name, QuietCombo] = {}
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 6, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(0, 1)
        for place, one in enumerate(self.unknown):
            grid.addWidget(_told(one), place, 0)
            grid.addWidget(self._combo(one, names), place, 1)
        grid.setRowStretch(len(self.unknown), 1)
        self.column.addLayout(self._buttons())
        self.column.addWidget(scrolled(inner), 1)
        if len(unknown) > MOST:
            self.column.addWidget(
                muted(tr("The other {n} names are left out.", n=len(unknown) - MOST)),
            )
        for name in self.combos:
            self._fit(name)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.add_all, self.leave_all = QPushButton(tr("Add all")), QPushButton(tr("Leave all out"))
        for button, data in ((self.add_all, _ADD), (self.leave_all, LEFT_OUT)):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, data=data: self._set_all(data))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _combo(self, one: Unknown, names: NameMap) -> QuietCombo:
        combo = QuietCombo()
        combo.setAccessibleName(f"{_shown(one.name)}, {one.count}")
        combo.setMinimumContentsLength(18)
        combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.combos[one.name] = combo
        self._fill(one.name, mapping.choices(one.name, self._scheme))
        given = names.names.get(one.name, one.proposal or LEFT_OUT)
        self._choose(combo, _ADD if given == one.name.name and not one.proposal else given)
        combo.activated.connect(lambda _: self._chosen(one.name))
        return combo

    def _fill(self, name: Name, known: Sequence[str]) -> None:
        combo = self.combos[name]
        combo.clear()
        combo.addItem(tr("Leave out"), LEFT_OUT)
        if schemes.good_name(name.name) or name.kind == "attribute":
            combo.addItem(tr("Add to the scheme"), _ADD)
        for other in known:
            combo.addItem(tr("Take as {name}", name=other), other)

    def _choose(self, combo: QuietCombo, data: str) -> None:
        combo.setCurrentIndex(max(0, combo.findData(data)))

    def _chosen(self, name: Name) -> None:
        self._fit(name)
        self.changed.emit()

    def _fit(self, name: Name) -> None:
        """The attributes of a label go where it goes: out with it, added with it, or to those of the other label."""
        if name.kind != "label":
            return
        data = self.combos[name].currentData()
        there = self._scheme.label(data) if data not in (_ADD, LEFT_OUT) else None
        known = [attribute.name for attribute in there.attributes] if there else []
        for other, combo in self.combos.items():
            if other.kind == "attribute" and other.label == name.name:
                before = combo.currentData()
                self._fill(other, known)
                wanted = before if before not in (LEFT_OUT, None) else _ADD if data == _ADD else LEFT_OUT
                self._choose(combo, other.name if other.name in known else wanted)
                combo.setEnabled(data != LEFT_OUT)

    def _set_all(self, data: str) -> None:
        for name, combo in self.combos.items():
            self._choose(combo, data)
            self._fit(name)
        self.changed.emit()

    def wish(self, wishes: Wishes) -> Wishes:
        chosen = {}
        for name, combo in self.combos.items():
            data = combo.currentData()
            chosen[name] = name.name if data == _ADD else LEFT_OUT if not combo.isEnabled() else data
        return replace(wishes, names=NameMap(chosen))


def _shown(name: Name) -> str:
    return tr(_KINDS[name.kind], name=one_line(str(name), 60))


def _told(one: Unknown) -> QWidget:
    """The name, and below it how often it stands there and what for."""
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(18 if one.name.kind == "attribute" else 0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(QLabel(_shown(one.name)))
    column.addWidget(
        muted(
            plural("{n} time, first “{example}”", "{n} times, first “{example}”", one.count, example=one_line(one.example, 60))
        )
    )  # fmt: skip
    cell.setMinimumWidth(120)
    return cell


def _in_order(unknown: Sequence[Unknown]) -> list[Unknown]:
    """Each label with its attributes behind it, then what is left."""
    labels = [one.name.name for one in unknown if one.name.kind == "label"]

    def place(one: Unknown) -> tuple[int, int]:
        own = one.name.name if one.name.kind == "label" else one.name.label
        where = labels.index(own) if own in labels else len(labels) + (one.name.kind == "relation")
        return where, one.name.kind != "label"

    return sorted(unknown, key=place)
