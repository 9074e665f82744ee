"""What is looked for: one line to type in, and quiet switches beside it."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop.errors import UserError
from desktop.form_search import Kind
from desktop.model import Attribute, Scheme
from desktop.query import PatternError, Query, Way
from ui.fields import QuietCombo, SearchField
from ui.parts import capital, words
from ui.report import sentence
from ui.theme import Theme
from ui.words import later, number, tr

# What the first list offers: kinds of text, then questions that are ready to be asked.
WAYS: dict[str, str] = {
    "phrase": later("Phrase"),
    "words": later("All words"),
    "pattern": later("Regular expression"),
}
READY: dict[str, str] = {
    "missed": later("Labelled here, missed there"),
    "two_ways": later("Labelled two ways"),
}
_TIPS = {
    "phrase": later("The words in this order; any blanks between them"),
    "words": later("Every place of each word, in articles that have all of them"),
    "pattern": later("For example: rockets? | mortars?"),
    "missed": later("Forms that are labelled in one place and bare in another article you have begun"),
    "two_ways": later("Forms that have one label here and another one there"),
}
_ALL, _BARE = "", "\0"
_PAUSE = 250
_WIDEST, _NARROWEST = 320, 180


class QueryBar(QWidget):
    """`changed` comes a moment after the last change, at once with Enter (`entered` too)."""

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = SearchField(tr("Find in all articles…"))
        self.way, self.label, self.attribute = QuietCombo(), QuietCombo(), QuietCombo()
        self.case, self.whole = (
            _switch("Aa", tr("Match case")),
            _switch(tr("Whole words"), tr("Whole words only")),
        )
        self.error = QLabel(wordWrap=True)
        self.error.setProperty("problem", True)
        self.error.hide()
        self._at: int | None = None
        self.row = QHBoxLayout()
        self._scheme: Scheme | None = None
        self._typed = QTimer(self, singleShot=True, interval=_PAUSE)
        self._place()
        self._typed.timeout.connect(self.changed)
        self.field.textChanged.connect(self._typed.start)
        self.field.entered.connect(self._entered)
        self.field.went_down.connect(self.entered)
        for switch in (self.case, self.whole):
            switch.toggled.connect(self._typed.start)
        self.way.currentIndexChanged.connect(self._way_changed)
        self.label.currentIndexChanged.connect(self._label_changed)
        self.attribute.currentIndexChanged.connect(self._typed.start)

    def _place(self) -> None:
        for group in (WAYS, READY):
            if self.way.count():
                self.way.insertSeparator(self.way.count())
            for key, text in group.items():
                self.way.addItem(tr(text), key)
        for combo, name in (
            (self.way, tr("Look for")),
            (self.label, tr("Places")),
            (self.attribute, tr("Attribute")),
        ):
            combo.setAccessibleName(name)
            combo.setSizeAdjustPolicy(QuietCombo.SizeAdjustPolicy.AdjustToContents)
            combo.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            combo.setMaximumWidth(_WIDEST)
        self.way.setToolTip(tr(_TIPS["phrase"]))
        self.whole.setChecked(True)
        self.attribute.hide()
        self.field.setMinimumWidth(_NARROWEST)
        self.row.setSpacing(8)
        self.row.addWidget(self.field, 1)
        for widget in (self.way, self.case, self.whole, self.label, self.attribute):
            self.row.addWidget(widget)
        self.row.setContentsMargins(16, 10, 12, 8)
        self.setLayout(self.row)
        self.setFocusProxy(self.field)

    @property
    def waiting(self) -> bool:
        """Whether something was changed that nobody was told of yet."""
        return self._typed.isActive()

    @property
    def ready(self) -> Kind | None:
        """The ready question that is asked, None where a text is looked for."""
        key = self.way.currentData()
        return cast("Kind", key) if key in READY else None

    @property
    def query(self) -> Query:
        label = self.label.currentData() or ""
        attribute, value = self.attribute.currentData() or ("", None)
        return Query(
            self.field.text(), cast("Way", self.way.currentData()) if not self.ready else "phrase",
            self.case.isChecked(), self.whole.isChecked(), "" if label == _BARE else label,
            attribute if self.attribute.isVisibleTo(self) else "", value, label == _BARE,
        )  # fmt: skip

    def show_query(self, query: Query, scheme: Scheme) -> None:
        """Ask this; nobody is told."""
        self.show_scheme(scheme)
        self.field.setText(query.text)
        self.way.setCurrentIndex(self.way.findData(query.way))
        self.case.setChecked(query.case)
        self.whole.setChecked(query.whole)
        self.label.setCurrentIndex(max(0, self.label.findData(_BARE if query.bare else query.label)))
        self.tell(None)
        self._typed.stop()

    def ask_ready(self, kind: str) -> None:
        """Ask a ready question, with nothing to narrow it."""
        self.field.clear()
        self.way.setCurrentIndex(self.way.findData(kind))
        self._typed.stop()
        self.changed.emit()

    def show_scheme(self, scheme: Scheme) -> None:
        if scheme == self._scheme:
            return
        self._scheme = scheme
        self.label.blockSignals(True)
        kept = self.label.currentData()
        self.label.clear()
        self.label.addItem(tr("All places"), _ALL)
        self.label.addItem(tr("Unlabelled"), _BARE)
        self.label.insertSeparator(self.label.count())
        for label in scheme.labels:
            self.label.addItem(capital(words(label.name)), label.name)
        self.label.setCurrentIndex(max(0, self.label.findData(kept)))
        self.label.blockSignals(False)
        self._show_attributes()

    def tell(self, error: UserError | None) -> None:
        """What is wrong with the pattern, in `error`; Enter leads to its place."""
        self._at = error.at if isinstance(error, PatternError) else None
        place = ""
        if self._at is not None and self._at >= len(self.field.text()):
            place = tr("At the end")
        elif self._at is not None:
            place = tr("At character {place}", place=number(self._at + 1))
        self.error.setText(sentence(error, place) if error else "")
        self.error.setVisible(error is not None)

    def set_theme(self, theme: Theme) -> None:
        self.field.set_theme(theme)

    def _entered(self) -> None:
        if self._typed.isActive():
            self._typed.stop()
            self.changed.emit()
        if self._at is not None:
            self.field.setCursorPosition(min(self._at, len(self.field.text())))
        self.entered.emit()

    def _way_changed(self) -> None:
        way = self.way.currentData()
        self.way.setToolTip(tr(_TIPS.get(way, "")) if way else "")
        for switch in (self.case, self.whole):
            switch.setHidden(bool(self.ready))
        hint = tr("Narrow the list…") if self.ready else tr("Find in all articles…")
        self.field.setPlaceholderText(hint)
        self._show_attributes()
        self._typed.start()

    def _label_changed(self) -> None:
        self._show_attributes()
        self._typed.start()

    def _show_attributes(self) -> None:
        """The attributes of the chosen label, each with its values."""
        name = self.label.currentData() or ""
        label = self._scheme.label(name) if self._scheme else None
        self.attribute.blockSignals(True)
        self.attribute.clear()
        self.attribute.addItem(tr("Any attributes"), ("", None))
        for attribute in label.attributes if label else ():
            self._add_attribute(attribute)
        self.attribute.setVisible(self.attribute.count() > 1 and not self.ready)
        self.attribute.blockSignals(False)

    def _add_attribute(self, attribute: Attribute) -> None:
        called = words(attribute.name)
        self.attribute.insertSeparator(self.attribute.count())
        for choice in attribute.values if attribute.type == "choice" else ():
            told = tr("{attribute}: {value}", attribute=called, value=words(choice.name))
            self.attribute.addItem(told, (attribute.name, choice.name))
        self.attribute.addItem(tr("{attribute}: any", attribute=called), (attribute.name, None))
        self.attribute.addItem(tr("{attribute}: none", attribute=called), (attribute.name, ""))


def _switch(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
