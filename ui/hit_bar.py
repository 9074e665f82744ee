"""What is done with the hits that are ticked: labels, removal, "not this one"; what was done, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.model import Scheme
from ui.hits import HitsModel
from ui.parts import FlowLayout, words
from ui.theme import Theme
from ui.toolbar import LabelButton
from ui.words import plural, tr

# Pixels that the labels have in a line, beside other buttons and alone, and that a name has.
_LABELS, _LINE, _NAME = 520, 960, 120


class HitBar(QFrame):
    """`labelled` carries the name of a label."""

    labelled = Signal(str)
    removed = Signal()
    left_out = Signal()
    all_asked = Signal()
    undone = Signal()

    def __init__(self, hits: HitsModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("hitBar")
        self._hits, self._theme = hits, theme
        self._done = self._locked = ""
        self.all, self.remove, self.skip = (
            QPushButton(),
            QPushButton(tr("Remove  ⌫")),
            QPushButton(tr("Not this  −")),
        )
        self.undo = QPushButton(tr("Undo"))
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.help = QLabel(
            tr(
                "Space ticks · a label's key labels what is ticked · ↵ opens the place, Esc there comes back · Ctrl A ticks all"
            )
        )
        self.help.setProperty("muted", True)
        self.help.setWordWrap(True)
        self.buttons: list[LabelButton] = []
        self._labels = QWidget()
        self._flow = FlowLayout(self._labels, gap=6)
        self._scheme: Scheme | None = None
        self._place()
        self.all.clicked.connect(self.all_asked)
        self.remove.clicked.connect(self.removed)
        self.skip.clicked.connect(self.left_out)
        self.undo.clicked.connect(self.undone)
        self.set_theme(theme)

    def _place(self) -> None:
        self.remove.setToolTip(tr("Remove the labels of the ticked hits"))
        self.skip.setToolTip(
            tr("The selected hits are not meant: they are left out, now and in this search later on")
        )
        self._row = row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.all, self.said, self.undo, self._labels, self.remove, self.skip):
            row.addWidget(widget, 1 if widget is self.said else 0)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.help)
        self.undo.hide()

    def show_scheme(self, scheme: Scheme, marked: str | None = None) -> None:
        """The labels of a scheme; `marked` is the one that the hits are likely to get."""
        if scheme != self._scheme:
            self._scheme = scheme
            for old in self.buttons:
                old.hide()
                old.deleteLater()
            self.buttons = [LabelButton(label, self._theme) for label in scheme.labels]
            for button in self.buttons:
                name = button.label.name
                button.setToolTip(self._locked or tr("Label all ticked hits {label}", label=words(name)))
                button.clicked.connect(lambda _=False, name=name: self.labelled.emit(name))
                self._flow.addWidget(button)
                button.show()
            self._room_for_labels()
        for button in self.buttons:
            button.setChecked(button.label.name == marked)

    def _room_for_labels(self) -> None:
        """Two lines among the other buttons; more labels have lines of their own, and if need be only their keys."""
        widths = [_width(button, _NAME) for button in self.buttons]
        many = sum(widths) > 2 * _LABELS
        if sum(widths) > 2 * _LINE:
            widths = [_width(button, 0) for button in self.buttons]
        for layout in (self._row, self._column):
            layout.removeWidget(self._labels)
        (self._column if many else self._row).insertWidget(1 if many else 3, self._labels)
        wide = _LINE if many else min(_LABELS, sum(widths))
        self._labels.setFixedSize(wide, self._flow.heightForWidth(wide))

    def lock(self, why: str) -> None:
        """Nothing can be changed, and why; "" where it can."""
        if why != self._locked:
            self._locked = self._done = why
            self.said.setText(why)
            for button in self.buttons:
                button.setToolTip(why or tr("Label all ticked hits {label}", label=words(button.label.name)))
            self.remove.setToolTip(why or tr("Remove the labels of the ticked hits"))

    def tell(self, text: str, *, undo: bool = False) -> None:
        """What was done; stays until other hits are ticked."""
        self._done = text or self._locked
        self.said.setText(self._done)
        self.undo.setVisible(undo)

    def forget(self) -> None:
        """What was done is no longer the last thing that was."""
        self.undo.hide()

    def show_counts(self, *, busy: bool) -> None:
        hits, ticked = self._hits, self._hits.chosen()
        there = len(hits.rows) - len(hits.skipped)
        every = bool(ticked) and len(ticked) >= there
        self.all.setText(tr("Tick none") if every else plural("Tick {n}", "Tick all {n}", there))
        self.all.setEnabled(there > 0 and not busy)
        for button in (*self.buttons, self.remove):
            button.setEnabled(bool(ticked) and not busy and not self._locked)
        self.skip.setEnabled(bool(hits.rows) and not busy)
        if ticked:
            self._done = self._locked
            self.undo.hide()
        if not busy and not self._done:
            self.said.setText(self._counts() if ticked else "")

    def _counts(self) -> str:
        ticked = self._hits.chosen()
        labelled = sum(1 for place in ticked if place.labels)
        articles = len({place.article for place in ticked})
        said = plural("{n} hit ticked", "{n} hits ticked", len(ticked))
        where = plural("in {n} article", "in {n} articles", articles)
        has = plural("{n} is labelled", "{n} are labelled", labelled) if labelled else tr("none is labelled")
        return f"{said} {where} · {has}"

    def label_of(self, key: str) -> str | None:
        """The label that has this key."""
        return next((b.label.name for b in self.buttons if b.label.key and b.label.key.lower() == key), None)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for button in self.buttons:
            button.set_theme(theme)


def _width(button: LabelButton, longest: int) -> int:
    """How wide a button is, with what is between it and the next, once its name is cut to so many pixels."""
    button.longest = longest
    button.updateGeometry()
    return button.sizeHint().width() + 6
