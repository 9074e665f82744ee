"""One attribute of a label: its name, its values, where else it applies."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.model import Attribute, Choice, Label, Scheme
from ui.badges import BadgeRow
from ui.fields import LineEdit, QuietCombo
from ui.parts import words
from ui.theme import LIGHT, Theme, icon
from ui.words import later, tr

KINDS = ((later("one of a list"), "choice"), (later("free text"), "text"))
NO_DEFAULT = "—"


class ValueRow(QWidget):
    """A value with its description."""

    changed = Signal(object, object)
    removed = Signal(str)

    def __init__(self, choice: Choice, theme: Theme) -> None:
        super().__init__()
        self.choice = choice
        self.name, self.description = (
            LineEdit(tr("Value")),
            LineEdit(tr("What {name} means", name=words(choice.name))),
        )
        self.name.show_text(choice.name)
        self.description.show_text(choice.description)
        self.description.setPlaceholderText(tr("what it means"))
        self.description.setCursorPosition(0)  # what is too long shows its beginning
        self.away = QToolButton()
        self.away.setProperty("flat", True)
        self.away.setIcon(icon("close", theme.muted))
        self.away.setAccessibleName(tr("Remove the value {name}", name=words(choice.name)))
        self.away.setToolTip(tr("Remove this value"))
        self.name.committed.connect(lambda text: self._tell(name=text))
        self.description.committed.connect(lambda text: self._tell(description=text))
        self.away.clicked.connect(lambda: self.removed.emit(choice.name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.name, 2)
        row.addWidget(self.description, 3)
        row.addWidget(self.away)

    def _tell(self, **values: str) -> None:
        self.changed.emit(self.choice, self.choice.model_copy(update=values))


class AttributeForm(QFrame):
    """Shows an attribute; tells what it should become.

    `changed` carries the new definition and, where a value was renamed, its old and new name. `value_removed` and
    `removed` ask first; `applies` carries the name of another label and whether it should have the attribute too.
    """

    changed = Signal(object, object)
    value_removed = Signal(str)
    removed = Signal()
    applies = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("attributeForm")
        self._theme: Theme = LIGHT
        self._attribute: Attribute | None = None
        self.name, self.description = LineEdit(tr("Name of the attribute")), LineEdit(tr("What it says"))
        self.kind, self.default = QuietCombo(), QuietCombo()
        self.kind.setAccessibleName(tr("Kind of attribute"))
        self.default.setAccessibleName(tr("Usual value"))
        for shown, kind in KINDS:
            self.kind.addItem(tr(shown), kind)
        self.always = QCheckBox(tr("shown with every label, filled in or not"))
        self.labels = BadgeRow(checkable=True)
        self.values = QWidget()
        self.rows: list[ValueRow] = []
        self.more = LineEdit(tr("One more value"))
        self.more.setPlaceholderText(tr("one more value, then Enter"))
        self.away = QPushButton(tr("Remove this attribute…"))
        self.away.setProperty("flat", True)
        self._place()
        self._connect()

    def _place(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(7)
        self._values_column = QVBoxLayout(self.values)
        self._values_column.setContentsMargins(0, 0, 0, 0)
        self._values_column.setSpacing(4)
        self._list = QWidget()
        inner = QVBoxLayout(self._list)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        inner.addWidget(self.values)
        inner.addWidget(self.more)
        self._form = form
        for caption, field in (
            (tr("name"), self.name), (tr("says"), self.description), (tr("is"), self.kind), (tr("values"), self._list),
            (tr("usually"), self.default), ("", self.always), (tr("also for"), self.labels),
        ):  # fmt: skip
            label = QLabel(caption)
            label.setProperty("muted", True)
            form.addRow(label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(8)
        column.addLayout(form)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.away)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.name.committed.connect(lambda text: self._tell(name=text))
        self.description.committed.connect(lambda text: self._tell(description=text))
        self.kind.activated.connect(lambda _: self._kind_chosen())
        self.default.activated.connect(lambda _: self._tell(default=self.default.currentData()))
        self.always.clicked.connect(lambda on: self._tell(on_by_default=on))
        self.labels.chosen.connect(lambda name: self.applies.emit(name, name in self.labels.checked()))
        self.more.committed.connect(self._add_value)
        self.away.clicked.connect(self.removed)

    def _tell(self, **values: object) -> None:
        if self._attribute:
            self.changed.emit(self._attribute.model_copy(update=values), {})

    def _kind_chosen(self) -> None:
        # A list of values stays stored with free text, so that a slip costs nothing.
        self._tell(type=self.kind.currentData())

    def _add_value(self, text: str) -> None:
        if text and self._attribute:
            self.more.show_text("")
            self._tell(values=(*self._attribute.values, Choice(name=text)))

    def _value_changed(self, old: Choice, new: Choice) -> None:
        attribute = self._attribute
        if not attribute:
            return
        values = tuple(new if choice.name == old.name else choice for choice in attribute.values)
        default = new.name if attribute.default == old.name else attribute.default
        renamed = {} if old.name == new.name else {old.name: new.name}
        self.changed.emit(attribute.model_copy(update={"values": values, "default": default}), renamed)

    def show_attribute(self, attribute: Attribute, label: Label, scheme: Scheme) -> None:
        """Show an attribute of a label; the other labels of the scheme may have the same."""
        other = self._attribute is None or self._attribute.values != attribute.values
        self._attribute = attribute
        self.name.show_text(attribute.name)
        self.description.show_text(attribute.description)
        self.kind.setCurrentIndex(self.kind.findData(attribute.type))
        self.always.setChecked(attribute.on_by_default)
        if other:
            self._show_values(attribute.values)
        self._form.setRowVisible(self._list, attribute.type == "choice")
        self.default.clear()
        self.default.addItem(NO_DEFAULT, None)
        for choice in attribute.values:
            self.default.addItem(words(choice.name), choice.name)
        self.default.setCurrentIndex(max(0, self.default.findData(attribute.default)))
        self._form.setRowVisible(self.default, attribute.type == "choice")
        self._show_labels(attribute, label, scheme)

    def _show_labels(self, attribute: Attribute, label: Label, scheme: Scheme) -> None:
        others = [other for other in scheme.labels if other.name != label.name]
        self.labels.show_labels(others)
        self.labels.check(shared_by(attribute, scheme))
        for other in others:
            own = next((a for a in other.attributes if a.name == attribute.name and a != attribute), None)
            button = self.labels.buttons[other.name]
            button.setEnabled(own is None)
            name = words(other.name)
            button.setToolTip(
                tr("{name} has another attribute of that name", name=name)
                if own
                else tr("Also for {name}", name=name)
            )
        self._form.setRowVisible(self.labels, bool(others))

    def _show_values(self, values: Sequence[Choice]) -> None:
        focused = next((row.choice.name for row in self.rows if row.name.hasFocus()), None)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [ValueRow(choice, self._theme) for choice in values]
        for row in self.rows:
            row.changed.connect(self._value_changed)
            row.removed.connect(self.value_removed)
            self._values_column.addWidget(row)
            if row.choice.name == focused:
                row.name.setFocus()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.labels.set_theme(theme)
        for row in self.rows:
            row.away.setIcon(icon("close", theme.muted))


def shared_by(attribute: Attribute, scheme: Scheme) -> list[str]:
    """The labels that have exactly this attribute: a change of it is one of them all."""
    return [label.name for label in scheme.labels if attribute in label.attributes]
