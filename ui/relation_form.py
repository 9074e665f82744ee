"""One type of relation: its name, what it says, which labels it may tie."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.model import RelationType, Scheme
from ui.fields import LineEdit, NoteEdit
from ui.parts import Badge, capital, words
from ui.theme import LIGHT, Theme, line
from ui.words import tr


class RelationForm(QWidget):
    """Shows a type of relation; `changed` carries what it should become."""

    changed = Signal(object)
    remove_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self.relation: RelationType | None = None
        self._scheme: Scheme | None = None
        self.name = LineEdit(tr("Name of the relation"))
        self.description = NoteEdit(tr("What the relation says"), tr("what it says…"), most=6)
        self.symmetric = QCheckBox(tr("both ways: which end comes first says nothing"))
        self.transitive = QCheckBox(tr("goes on: what is tied to one is tied to all"))
        self.ends = QWidget()
        self.ticks: dict[tuple[str, str], QCheckBox] = {}
        self._badges: list[tuple[Badge, int]] = []
        self.any = QLabel(tr("No pair is ticked, so it may tie any two labels."))
        self.any.setProperty("muted", True)
        self.any.setWordWrap(True)
        self.remove = QPushButton(tr("Remove…"))
        self.remove.setProperty("danger", True)
        self._grid = QGridLayout(self.ends)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        for text, field in (
            (tr("name"), self.name), (tr("says"), self.description), ("", self.symmetric), ("", self.transitive),
            (tr("may tie"), self.ends), ("", self.any),
        ):  # fmt: skip
            caption = QLabel(text)
            caption.setProperty("muted", True)
            form.addRow(caption, field)
        self._form = form
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(form)
        column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        self.name.committed.connect(lambda text: self._tell(name=text))
        self.description.committed.connect(lambda text: self._tell(description=text))
        self.symmetric.clicked.connect(lambda on: self._tell(symmetric=on))
        self.transitive.clicked.connect(lambda on: self._tell(transitive=on))
        self.remove.clicked.connect(self.remove_asked)

    def _tell(self, **values: object) -> None:
        if self.relation:
            self.changed.emit(self.relation.model_copy(update=values))

    def _tell_ends(self) -> None:
        self._tell(endpoints=tuple(pair for pair, tick in self.ticks.items() if tick.isChecked()))

    def show_relation(self, relation: RelationType, scheme: Scheme) -> None:
        other = self.relation is None or self.relation.name != relation.name
        if self._scheme is None or self._scheme.labels != scheme.labels:
            self._make_ends(scheme)
        self.relation, self._scheme = relation, scheme
        self.name.show_text(relation.name)
        (self.description.reset if other else self.description.show_text)(relation.description)
        self.symmetric.setChecked(relation.symmetric)
        self.transitive.setChecked(relation.transitive)
        for pair, tick in self.ticks.items():
            tick.setChecked(pair in relation.endpoints)
        self._form.setRowVisible(self.any, not relation.endpoints)

    def _make_ends(self, scheme: Scheme) -> None:
        """A row for each label it may start at, a column for each it may end at."""
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.ticks, self._badges = {}, []
        labels = scheme.labels
        corner = QLabel(tr("from ↓  to →"))
        corner.setProperty("muted", True)
        self._grid.addWidget(corner, 0, 0)
        for place, label in enumerate(labels):
            name = QLabel(words(label.name))
            head = Badge()
            head.setToolTip(tr("to {name}", name=words(label.name)))
            head.show_label(line(label, self._theme), label.key or label.name, self._theme)
            self._badges.append((head, place))
            self._grid.addWidget(head, 0, place + 1, Qt.AlignmentFlag.AlignHCenter)
            self._grid.addWidget(name, place + 1, 0)
            for column, tail in enumerate(labels):
                tick = QCheckBox()
                tick.setAccessibleName(
                    tr("from {head} to {tail}", head=words(label.name), tail=words(tail.name))
                )
                tick.setToolTip(
                    capital(tr("from {head} to {tail}", head=words(label.name), tail=words(tail.name)))
                )
                tick.clicked.connect(self._tell_ends)
                self.ticks[label.name, tail.name] = tick
                self._grid.addWidget(tick, place + 1, column + 1, Qt.AlignmentFlag.AlignHCenter)
        self._grid.setColumnStretch(len(labels) + 1, 1)

    def commit(self) -> None:
        """Tell what is typed and not told yet."""
        self.name.commit()
        self.description.commit()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for badge, place in self._badges:
            label = self._scheme.labels[place] if self._scheme else None
            if label:
                badge.show_label(line(label, theme), label.key or label.name, theme)
