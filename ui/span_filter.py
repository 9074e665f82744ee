"""What narrows the list of an article's spans: words to look for, and the labels to show."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.layer import ATTRIBUTES, LABEL, NONE, NOTE, TEXT, Entry, Layer
from desktop.model import Scheme
from ui.badges import BadgeRow
from ui.fields import SearchField
from ui.parts import words
from ui.theme import LIGHT, Theme
from ui.words import later, tr

# More labels than this have a line of their own.
BESIDE = 5
# More have no button each: the most frequent have, the others are found by their names.
MOST = 24


@dataclass(frozen=True)
class SpanSift:
    """Which spans the list shows: those of `labels` (none: of all) in which every word of `text` is found."""

    text: str = ""
    labels: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.labels)

    def takes(self, entry: Entry) -> bool:
        """Words are looked for in the quote, the label, the note and the values of the attributes, whatever their case."""
        if self.labels and entry[LABEL] not in self.labels:
            return False
        wanted = self.text.casefold().split()
        if not wanted:
            return True
        values = json.loads(entry[ATTRIBUTES]).values() if entry[ATTRIBUTES] != NONE else ()
        there = " ".join((entry[TEXT], words(entry[LABEL]), entry[NOTE], *map(str, values))).casefold()
        there = " ".join(there.split())
        return all(word in there for word in wanted)


class SpanFilter(QWidget):
    """A field and a button for each label that the article has. `changed` tells the new SpanSift."""

    changed = Signal(object)
    went_down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField(tr("Filter labels…"))
        self.badges = BadgeRow(checkable=True)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(12, 8, 12, 2)
        self._row.setSpacing(6)
        self._row.addWidget(self.field, 1)
        self._row.addWidget(self.badges, 0, Qt.AlignmentFlag.AlignVCenter)
        self.field.textChanged.connect(lambda _: self._tell())
        self.field.went_down.connect(self.went_down)
        self.field.entered.connect(self.went_down)
        self.badges.chosen.connect(lambda _: self._tell())
        self.set_theme(LIGHT)

    @property
    def sift(self) -> SpanSift:
        return SpanSift(self.field.text(), self.badges.checked())

    def show_spans(self, spans: Layer, scheme: Scheme) -> None:
        """Offer the labels these spans have; a single one has nothing to be told from."""
        there = {name for name, count in spans.labels.most_common(MOST) if count}
        labels = [label for label in scheme.labels if label.name in there or label.name in self.sift.labels]
        self.badges.show_labels(labels if len(labels) > 1 else [], later("Show only {label}"))
        way = QBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if len(labels) <= BESIDE else way.TopToBottom)
        self.setVisible(bool(spans))

    def clear(self) -> None:
        """Show all again."""
        self.badges.check(())
        self.field.clear()
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.sift)

    def set_theme(self, theme: Theme) -> None:
        self.field.set_theme(theme)
        self.badges.set_theme(theme)
