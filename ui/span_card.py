"""The card of the picked span: its words, attributes, note and relations. Tells what a person wants changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.model import Attribute, Label, Span
from ui.fields import LineEdit, NoteEdit, QuietCombo
from ui.parts import Badge, LinesLabel, capital, moment, number, one_line, resized, words
from ui.theme import LIGHT, Theme, icon, line, load_fonts
from ui.ties import Tie, TieButton
from ui.words import plural, tr

MOST_RELATIONS = 40
NONE = "—"
# Below this width the captions stand above their fields; above, they are as high as these.
NARROW, FIELD = 230, 26


class SpanCard(QFrame):
    """Shows one span; `commit` is to be called before another. The fields stay the same widgets while the span does, so that the focus stays too."""

    attribute_set = Signal(int, str, object)
    note_set = Signal(int, str)
    remove = Signal(int)
    relation_chosen = Signal(int)
    relation_removed = Signal(object)
    reshaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(tr("Picked label"))
        self._theme: Theme = LIGHT
        self._span: Span | None = None
        self._label: Label | None = None
        self._all = False
        self._allowed = True
        self._shape: object = None
        self._rows: list[QWidget] = []
        self._shown_ties: list[Tie] = []
        self.fields: dict[str, QuietCombo | LineEdit] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 8)
        self._column.setSpacing(6)
        self._make_head()
        self._make_form()
        self._make_foot()
        self.set_theme(LIGHT)

    def _make_head(self) -> None:
        self.badge, self.name, self.place = Badge(), QLabel(), QLabel()
        self.name.setProperty("heading", True)
        self.place.setProperty("muted", True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.badge)
        head.addWidget(self.name)
        head.addStretch(1)
        head.addWidget(self.place)
        self.quote = LinesLabel(3)
        self.warning = QLabel(
            tr("This text is not at its place in the article, so the label is not drawn there.")
        )
        self.warning.setWordWrap(True)
        self.warning.setProperty("warning", True)
        self._column.addLayout(head)
        self._column.addWidget(self.quote)
        self._column.addWidget(self.warning)

    def _make_form(self) -> None:
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(5)
        self.note = NoteEdit(tr("Note on this label"), tr("add a note…"), most=5)
        self.note.committed.connect(self._tell_note)
        self._form.addRow(self._caption(tr("note")), self.note)
        self.kept = QLabel()
        self.kept.setWordWrap(True)
        self.kept.setProperty("muted", True)
        self._column.addLayout(self._form)
        self._column.addWidget(self.kept)

    def _make_foot(self) -> None:
        self._ties = QWidget()
        self._ties.hide()
        self._ties_column = QVBoxLayout(self._ties)
        self._ties_column.setContentsMargins(0, 2, 0, 0)
        self._ties_column.setSpacing(0)
        self.more, self.removing = QPushButton(), QPushButton(tr("Remove"))
        for button in (self.more, self.removing):
            button.setProperty("flat", True)
            button.setProperty("small", True)
        self.removing.setToolTip(tr("Remove this label and its relations"))
        self.removing.setAccessibleName(tr("Remove this label"))
        self.more.setObjectName("more")
        self.more.clicked.connect(self._toggle)
        self.removing.clicked.connect(self._ask_remove)
        self.made = QLabel()
        self.made.setProperty("muted", True)
        self.made.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.more)
        foot.addStretch(1)
        foot.addWidget(self.removing)
        self._column.addWidget(self._ties)
        self._column.addWidget(self.made)
        self._column.addLayout(foot)

    def show_span(self, span: Span, label: Label | None, ties: list[Tie], *, broken: bool) -> None:
        """Show a span; `label` is None where the scheme has no such label."""
        other = self._span is None or self._span.key != span.key
        self._span, self._label = span, label
        self.name.setText(capital(words(span.label)))
        self.place.setText(f"{number(span.start)}–{number(span.end)}")
        self.warning.setVisible(broken)
        self._show_fields()
        (self.note.reset if other else self.note.show_text)(span.note)
        self._show_ties(ties)
        self._show_made(span)
        self._dress()

    def _show_made(self, span: Span) -> None:
        """By whom and when; an import may not have said when."""
        made, changed = moment(span.created), moment(span.changed)
        parts = [
            tr("by {name}", name=one_line(span.annotator, 60)),
            *([made[0]] if span.created else []),
            *(
                [tr("changed {time}", time=changed[0])]
                if span.changed and span.changed != span.created
                else []
            ),
        ]
        self.made.setText(" · ".join(parts))
        self.made.setToolTip(
            tr("made {made}\nchanged {changed}", made=made[1], changed=changed[1]) if span.created else ""
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        policy = QFormLayout.RowWrapPolicy
        wanted = policy.WrapAllRows if self.width() < NARROW else policy.DontWrapRows
        if self._form.rowWrapPolicy() != wanted:
            self._form.setRowWrapPolicy(wanted)
            self._form.setVerticalSpacing(2 if wanted == policy.WrapAllRows else 5)
            for caption in self.findChildren(QLabel, "caption"):
                caption.setMinimumHeight(0 if wanted == policy.WrapAllRows else FIELD)

    def allow(self, on: bool) -> None:
        """Whether the span may be changed now; what is written in its fields can still be copied."""
        self._allowed = on
        self.note.setReadOnly(not on)
        self.removing.setEnabled(on)
        for field in self.fields.values():
            _allow_field(field, on=on)
        for button in self._ties.findChildren(QToolButton):
            button.setEnabled(on)

    def commit(self) -> None:
        """Tell what is typed and not told yet."""
        self.note.commit()
        for field in self.fields.values():
            if isinstance(field, LineEdit):
                field.commit()

    def edit_attribute(self, name: str) -> None:
        """Put the cursor into the field of an attribute, shown or not."""
        if name not in self.fields and not self._all:
            self._toggle()
        if name in self.fields:
            self.fields[name].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tell_note(self, text: str) -> None:
        if self._span:
            self.note_set.emit(self._span.key, text)

    def _ask_remove(self) -> None:
        if self._span:
            self.remove.emit(self._span.key)

    def stops(self) -> list[QWidget]:
        """What the Tab key goes through, in the order seen; fields are made late and would come last."""
        buttons = [button for row in self._rows for button in row.findChildren(QAbstractButton)]
        return [*self.fields.values(), self.note, *buttons, self.more, self.removing]

    def _toggle(self) -> None:
        self._all = not self._all
        self._show_fields()
        self._dress()
        self.reshaped.emit()

    def _shown_attributes(self) -> list[Attribute]:
        if not self._span or not self._label:
            return []
        has = self._span.attributes
        return [a for a in self._label.attributes if self._all or a.on_by_default or a.name in has]

    def _show_fields(self) -> None:
        if not self._span:
            return
        attributes = self._shown_attributes()
        shape = (self._span.key, tuple(attributes))
        if shape != self._shape:
            self._shape = shape
            self._make_fields(attributes)
        for name, field in self.fields.items():
            value = self._span.attributes.get(name)
            _show_value(field, "" if value is None else str(value))
        hidden = len(self._label.attributes) - len(attributes) if self._label else 0
        self.more.setText(tr("less") if self._all and not hidden else tr("more…"))
        self.more.setVisible(hidden > 0 or (self._all and bool(attributes)))
        known = {a.name for a in self._label.attributes} if self._label else set()
        kept = [
            f"{words(name)}: {value}" for name, value in self._span.attributes.items() if name not in known
        ]
        self.kept.setText(tr("Kept, but not of this label: {values}", values=", ".join(kept)))
        self.kept.setVisible(bool(kept))

    def _make_fields(self, attributes: list[Attribute]) -> None:
        focused = next((name for name, field in self.fields.items() if field.hasFocus()), None)
        while self._form.rowCount() > 1:
            for widget in self._row_widgets(0):
                widget.hide()
            self._form.removeRow(0)
        self.fields = {}
        for place, attribute in enumerate(attributes):
            field = self._field(attribute)
            self.fields[attribute.name] = field
            caption = self._caption(words(attribute.name))
            caption.setToolTip(attribute.description)
            caption.setBuddy(field)
            self._form.insertRow(place, caption, field)
            _allow_field(field, on=self._allowed)
        if focused in self.fields:
            self.fields[focused].setFocus()

    def _row_widgets(self, row: int) -> list[QWidget]:
        roles = (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
        items = [self._form.itemAt(row, role) for role in roles]
        return [widget for item in items if item and (widget := item.widget())]

    def _field(self, attribute: Attribute) -> QuietCombo | LineEdit:
        if attribute.type == "text":
            return self._text_field(attribute)
        combo = QuietCombo()
        none = (
            tr("{none} (usually {value})", none=NONE, value=words(attribute.default))
            if attribute.default
            else NONE
        )
        combo.addItem(none, None)
        for choice in attribute.values:
            combo.addItem(words(choice.name), choice.name)
            combo.setItemData(combo.count() - 1, choice.description, Qt.ItemDataRole.ToolTipRole)
        combo.setAccessibleName(words(attribute.name))
        combo.setToolTip(attribute.description)
        tell = self._teller(attribute.name)
        combo.activated.connect(lambda place: tell(combo.itemData(place)))
        return combo

    def _text_field(self, attribute: Attribute) -> LineEdit:
        field = LineEdit(words(attribute.name))
        field.setPlaceholderText(attribute.default or "")
        field.setToolTip(attribute.description)
        tell = self._teller(attribute.name)
        field.committed.connect(lambda text: tell(text or None))
        return field

    def _teller(self, name: str) -> Callable[[object], None]:
        # Bound to the span the field was made for: what is told late must not reach the next one.
        span = self._span
        assert span

        def tell(value: object) -> None:
            now = (
                self._span.attributes.get(name)
                if self._span and self._span.key == span.key
                else span.attributes.get(name)
            )
            if value != now:
                self.attribute_set.emit(span.key, name, value)

        return tell

    def _caption(self, text: str) -> QLabel:
        caption = QLabel(text)
        caption.setProperty("muted", True)
        caption.setObjectName("caption")
        caption.setMinimumHeight(0 if self.width() < NARROW else FIELD)
        return caption

    def _show_ties(self, ties: list[Tie]) -> None:
        if ties == self._shown_ties:
            return
        while item := self._ties_column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._shown_ties = ties
        self._rows = [self._tie_row(tie) for tie in ties[:MOST_RELATIONS]]
        for row in self._rows:
            self._ties_column.addWidget(row)
        if len(ties) > MOST_RELATIONS:
            self._ties_column.addWidget(
                self._caption(plural("and {n} more", "and {n} more", len(ties) - MOST_RELATIONS))
            )
        self._ties.setVisible(bool(ties))

    def _tie_row(self, tie: Tie) -> QWidget:
        row = QWidget()
        line_ = QHBoxLayout(row)
        line_.setContentsMargins(0, 0, 0, 0)
        line_.setSpacing(2)
        go = TieButton(tie.text)
        go.clicked.connect(lambda: self.relation_chosen.emit(tie.other.key))
        away = QToolButton()
        away.setProperty("flat", True)
        away.setProperty("small", True)
        away.setIcon(icon("close", self._theme.muted))
        away.setAccessibleName(tr("Remove the relation {relation}", relation=tie.text))
        away.setToolTip(tr("Remove this relation"))
        away.clicked.connect(lambda: self.relation_removed.emit(tie.relation))
        away.setEnabled(self._allowed)
        line_.addWidget(go, 1)
        line_.addWidget(away)
        return row

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._dress()
        for button in self._ties.findChildren(QToolButton):
            button.setIcon(icon("close", theme.muted))

    def _dress(self) -> None:
        self.removing.setIcon(icon("remove", self._theme.muted))
        colour = line(self._label, self._theme) if self._label else self._theme.muted
        self.badge.show_label(colour, self._label.key if self._label else "?", self._theme)
        serif = resized(self.font(), 1.16)
        serif.setFamily(load_fonts()[0])
        self.quote.show_text(self._span.text if self._span else "", serif, self._theme.text)


def _allow_field(field: QuietCombo | LineEdit, *, on: bool) -> None:
    if isinstance(field, LineEdit):
        field.setReadOnly(not on)
    else:
        field.setEnabled(on)


def _show_value(field: QuietCombo | LineEdit, value: str) -> None:
    if isinstance(field, LineEdit):
        field.show_text(value)
        return
    place = field.findData(value) if value else 0
    if place < 0:
        # A value the scheme does not know (any more) is shown as it is.
        field.addItem(words(value), value)
        place = field.count() - 1
    field.setCurrentIndex(place)
