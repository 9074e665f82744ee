"""The page that edits the scheme: labels and relation types at the left, the chosen one at the right.

Holds nothing but what it was last given to show; what is asked of it goes out as signals of its forms.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.model import Scheme
from ui.fields import LineEdit
from ui.label_form import LabelForm
from ui.laid_page import AskingPage
from ui.parts import number, words
from ui.relation_form import RelationForm
from ui.rows import ListRow, RowsView
from ui.theme import LIGHT, Theme
from ui.words import tr

Chosen = tuple[str, str]  # "label" or "relation", and its name
WIDEST = 720


class SchemePage(AskingPage):
    """All of the signals are answered by the flow behind it."""

    load_asked = Signal()
    save_asked = Signal()
    scheme_named = Signal(str)
    label_added = Signal(str)
    relation_added = Signal(str)

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        self.list = RowsView(tr("Labels and relations"))
        super().__init__("schemePage", tr("Scheme"), self.list, parent)
        self.chosen: Chosen | None = None
        self._scheme: Scheme | None = None
        self._uses: Mapping[str, int] = {}
        self._refused = False
        self._ties: Mapping[str, int] = {}
        self.list.setProperty("bare", True)
        self.label, self.relation = LabelForm(), RelationForm()
        self.name = LineEdit(tr("Name of the scheme"))
        self.add_label, self.add_relation = LineEdit(tr("One more label")), LineEdit(tr("One more relation"))
        self.load, self.save = QPushButton(tr("Load…")), QPushButton(tr("Save as…"))
        self._place()
        self._connect()
        self.set_theme(theme)

    def _place(self) -> None:
        """From the outside in: what is put in its place before it is filled is dressed and laid out once."""
        self._fill_head()
        across = QHBoxLayout()
        across.setSpacing(0)
        self.body.addLayout(across, 1)
        across.addWidget(self._make_side())
        across.addWidget(self.area, 1)
        self._place_forms()

    def _fill_head(self) -> None:
        self.name.setMaximumWidth(320)
        self.load.setToolTip(tr("Put the labels of a scheme file in the place of these; labels in use stay"))
        self.save.setToolTip(
            tr("Write this scheme to a file, for other projects and for tagline new --scheme")
        )
        self.add_to_head(self.name, 1)
        self.stretch_head()
        for button in (self.load, self.save):
            self.add_to_head(button)

    def _make_side(self) -> QWidget:
        side = QFrame()
        side.setObjectName("schemeSide")
        side.setFixedWidth(290)
        self.add_label.setPlaceholderText(tr("new label, then Enter"))
        self.add_relation.setPlaceholderText(tr("new relation, then Enter"))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 6, 0, 12)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        inset = QVBoxLayout()
        inset.setContentsMargins(12, 0, 12, 0)
        inset.addWidget(self.add_label)
        inset.addWidget(self.add_relation)
        column.addLayout(inset)
        return side

    def _place_forms(self) -> None:
        self.relation.hide()
        ground = QWidget()
        ground.setObjectName("schemeGround")
        self.area.setWidget(ground)
        inner = QWidget()
        inner.setMaximumWidth(WIDEST)
        across = QHBoxLayout(ground)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(inner, 100)
        across.addStretch(1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(14)
        column.addWidget(self.question)
        column.addWidget(self.label, 1)
        column.addWidget(self.relation, 1)

    def _connect(self) -> None:
        self.list.chosen.connect(self.choose)
        self.load.clicked.connect(self.load_asked)
        self.save.clicked.connect(self.save_asked)
        self.name.committed.connect(self.scheme_named)
        for field, told in ((self.add_label, self.label_added), (self.add_relation, self.relation_added)):
            field.committed.connect(lambda text, field=field, told=told: self._add(field, told, text))

    def _add(self, field: LineEdit, told: object, text: str) -> None:
        if text:
            field.show_text("")
            told.emit(text)  # type: ignore[attr-defined]

    def choose(self, chosen: Chosen) -> None:
        """Show a label or a type of relation."""
        self.commit()
        self.question.close_()
        self.chosen = chosen
        self.area.verticalScrollBar().setValue(0)
        self._show_chosen()

    def show_scheme(self, scheme: Scheme) -> None:
        """Show the scheme as it is now; what is chosen stays, if it is still there."""
        before = self._scheme
        self._scheme = scheme
        if scheme != before and self.question.telling:
            self.question.close_()  # what was refused before is over
        self.name.show_text(scheme.scheme)
        there = [("label", label.name) for label in scheme.labels]
        there += [("relation", relation.name) for relation in scheme.relations]
        if self.chosen not in there:
            self.chosen = _follow(self.chosen, before, scheme) or there[0]
        self._show_rows()
        self._show_chosen()

    def allow(self, why_not: str) -> None:
        """Whether the scheme may be changed now: "" if it may, else why not, which is said here."""
        fields = (self.name, self.add_label, self.add_relation, self.load, self.label, self.relation)
        for field in fields:
            field.setEnabled(not why_not)
        if why_not:
            self.question.tell(why_not)
        elif self._refused:
            self.question.close_()
        self._refused = bool(why_not)

    def show_uses(self, uses: Mapping[str, int], ties: Mapping[str, int]) -> None:
        """How many spans each label has, and relations each type."""
        self._uses, self._ties = uses, ties
        self._show_rows()

    def _show_rows(self) -> None:
        if self._scheme is None:
            return
        rows = [ListRow(tr("Labels"))]
        for label in self._scheme.labels:
            count = number(self._uses.get(label.name, 0))
            rows.append(ListRow(words(label.name), ("label", label.name), label=label, right=count))
        rows.append(ListRow(tr("Relations")))
        for relation in self._scheme.relations:
            count = number(self._ties.get(relation.name, 0))
            rows.append(ListRow(words(relation.name), ("relation", relation.name), right=count))
        self.list.show_rows(rows)

    def _show_chosen(self) -> None:
        if self._scheme is None or self.chosen is None:
            return
        kind, name = self.chosen
        self.list.pick(self.chosen)
        label, relation = self._scheme.label(name), self._scheme.relation(name)
        if kind == "label" and label:
            self.label.show_label(label, self._scheme)
        elif relation:
            self.relation.show_relation(relation, self._scheme)
        self.label.setVisible(kind == "label")
        self.relation.setVisible(kind != "label")

    def commit(self) -> None:
        """Tell what is typed and not told yet."""
        if self.chosen:
            (self.label if self.chosen[0] == "label" else self.relation).commit()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.list, self.label, self.relation):
            part.set_theme(theme)


def _follow(chosen: Chosen | None, before: Scheme | None, now: Scheme) -> Chosen | None:
    """What was chosen under its new name: the one name that came where one went; None if it is gone."""
    if chosen is None or before is None:
        return None
    kind = chosen[0]
    old = [x.name for x in (before.labels if kind == "label" else before.relations)]
    new = [x.name for x in (now.labels if kind == "label" else now.relations)]
    if len(old) == len(new) and chosen[1] in old:
        return kind, new[old.index(chosen[1])]
    place = old.index(chosen[1]) if chosen[1] in old else 0
    return (kind, new[min(place, len(new) - 1)]) if new else None
