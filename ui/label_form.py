"""One label of the scheme: name, key, colours, what it means, its attributes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.model import Attribute, Label, Scheme
from ui.attribute_form import AttributeForm
from ui.colour_field import ColourField
from ui.fields import LineEdit, NoteEdit
from ui.parts import words
from ui.rows import ListRow, RowsView
from ui.theme import LIGHT, Theme, icon
from ui.words import plural, tr


class LabelForm(QWidget):
    """Shows a label; tells what a person wants changed of it. All signals are of the label shown."""

    renamed = Signal(str)
    key_typed = Signal(str)
    described = Signal(str)
    moved = Signal(int)
    merge_asked = Signal()
    remove_asked = Signal()
    attribute_added = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self.label: Label | None = None
        self._scheme: Scheme | None = None
        self.name, self.key = LineEdit(tr("Name of the label")), LineEdit(tr("Key of the label"))
        self.key.setMaxLength(1)
        self.key.setMaximumWidth(46)
        self.description = NoteEdit(
            tr("What the label means"), tr("what it means, in a sentence or two…"), most=6
        )
        self.colours = ColourField()
        self.up, self.down = QToolButton(), QToolButton()
        self.attributes = RowsView(tr("Attributes"))
        self.attributes.setProperty("bare", True)
        self.form = AttributeForm()
        self.more = LineEdit(tr("One more attribute"))
        self.more.setPlaceholderText(tr("one more attribute, then Enter"))
        self.merge, self.remove = QPushButton(tr("Merge into another…")), QPushButton(tr("Remove…"))
        self.remove.setProperty("danger", True)
        self._place()
        self._connect()

    def _place(self) -> None:
        for button, name in ((self.up, tr("Earlier in the row")), (self.down, tr("Later in the row"))):
            button.setProperty("flat", True)
            button.setToolTip(name)
            button.setAccessibleName(name)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.name, 1)
        caption = QLabel(tr("key"))
        caption.setProperty("muted", True)
        caption.setBuddy(self.key)
        for widget in (caption, self.key, self.up, self.down):
            first.addWidget(widget)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        for text, field in (
            (tr("name"), first),
            (tr("means"), self.description),
            (tr("colours"), self.colours),
        ):
            muted = QLabel(text)
            muted.setProperty("muted", True)
            form.addRow(muted, field)
        self._heading = QLabel(tr("Attributes"))
        self._heading.setProperty("heading", True)
        foot = QHBoxLayout()
        foot.addWidget(self.merge)
        foot.addWidget(self.remove)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(form)
        column.addSpacing(6)
        for part in (self._heading, self.attributes, self.form, self.more):
            column.addWidget(part)
        column.addSpacing(10)
        column.addLayout(foot)
        column.addStretch(1)

    def _connect(self) -> None:
        self.name.committed.connect(self.renamed)
        self.key.committed.connect(self.key_typed)
        self.description.committed.connect(self.described)
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))
        self.merge.clicked.connect(self.merge_asked)
        self.remove.clicked.connect(self.remove_asked)
        self.attributes.chosen.connect(self.choose_attribute)
        self.more.committed.connect(self._add)

    def _add(self, name: str) -> None:
        if name:
            self.more.show_text("")
            self.attributes.painter.picked = name
            self.attribute_added.emit(name)

    @property
    def attribute(self) -> Attribute | None:
        """The attribute that is open."""
        found = self.label.attributes if self.label else ()
        return next((a for a in found if a.name == self.attributes.picked), None)

    def choose_attribute(self, name: str | None) -> None:
        """Open an attribute; the open one again closes it."""
        self.attributes.pick(None if name == self.attributes.picked else name)
        self._show_attribute()

    def show_label(self, label: Label, scheme: Scheme) -> None:
        other = self.label is None or self.label.name != label.name
        self.label, self._scheme = label, scheme
        self.name.show_text(label.name)
        self.key.show_text(label.key.upper())
        (self.description.reset if other else self.description.show_text)(label.description)
        self.colours.show_label(label)
        place = [each.name for each in scheme.labels].index(label.name)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < len(scheme.labels) - 1)
        self.merge.setEnabled(len(scheme.labels) > 1)
        self.remove.setEnabled(len(scheme.labels) > 1)
        self._show_attributes(label)
        self._show_attribute()

    def _show_attributes(self, label: Label) -> None:
        rows = [ListRow(words(a.name), a.name, right=_kind(a), tip=a.description) for a in label.attributes]
        self.attributes.show_rows(rows)
        if self.attributes.row_of(self.attributes.picked) < 0:
            self.attributes.pick(None)
        self.attributes.setVisible(bool(rows))
        self.attributes.setFixedHeight(len(rows) * self.attributes.sizeHintForRow(0) + 2 if rows else 0)

    def _show_attribute(self) -> None:
        attribute = self.attribute
        self.form.setVisible(attribute is not None)
        if attribute and self.label and self._scheme:
            self.form.show_attribute(attribute, self.label, self._scheme)

    def commit(self) -> None:
        """Tell what is typed and not told yet."""
        for field in self.findChildren(LineEdit):
            if field is not self.more and field is not self.form.more:
                field.commit()
        self.description.commit()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.up.setIcon(icon("previous", theme.muted))
        self.down.setIcon(icon("next", theme.muted))
        for part in (self.colours, self.attributes, self.form):
            part.set_theme(theme)


def _kind(attribute: Attribute) -> str:
    kind = (
        tr("free text")
        if attribute.type == "text"
        else plural("{n} value", "{n} values", len(attribute.values))
    )
    return kind if attribute.on_by_default else f"{kind} · {tr('hidden until filled in')}"
